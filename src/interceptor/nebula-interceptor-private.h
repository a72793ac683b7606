/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "nebula-stream-private.h"

G_BEGIN_DECLS

/* As the connection pools of others have it (HikariCP's maxLifetime): within half an hour after an
 * endpoint has come back it has its share of the load again, and what that costs, a connect and one
 * or two short messages, is nothing to what a connection does in that time. */
#define NEBULA_INTERCEPTOR_MAX_CONNECTION_AGE (30 * 60 * G_TIME_SPAN_SECOND)

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
