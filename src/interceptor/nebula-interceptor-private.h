/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "nebula-stream-private.h"

G_BEGIN_DECLS

struct _NebulaInterceptor
{
  ThriftTransport parent_instance;

  NebulaStream stream;
  ThriftTransport *transport;         /* (owned) (nullable): the user's, constant */
  ThriftConfiguration *configuration; /* (owned) (nullable): the user's, constant */
  gboolean sign_out_on_close;

  NebulaAttemptFunc attempt_func;     /* (nullable) */
  gpointer attempt_data;
  GDestroyNotify attempt_destroy;     /* (nullable) */
  NebulaOutcomeFunc outcome_func;     /* (nullable) */
  gpointer outcome_data;
  GDestroyNotify outcome_destroy;     /* (nullable) */
};

gboolean nebula_interceptor_use_space (NebulaInterceptor *self,
                                       gint64 session_id,
                                       const char *space,
                                       GError **error);
void nebula_interceptor_leave (NebulaInterceptor *self);
void nebula_interceptor_install_transport (ThriftTransportClass *klass);

G_END_DECLS
