/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "nebula_thrift_graph_service.h"

#include <nebula-interceptor/nebula-interceptor.h>

G_BEGIN_DECLS

/* The stubs of graphd on top of an interceptor, with the session they use. */
typedef struct _NebulaGraphClient NebulaGraphClient;

NebulaGraphClient *nebula_graph_client_new (NebulaCluster *cluster, NebulaFraming framing);
void nebula_graph_client_free (NebulaGraphClient *self);

NebulaInterceptor *nebula_graph_client_get_interceptor (NebulaGraphClient *self);
gboolean nebula_graph_client_authenticate (NebulaGraphClient *self,
                                           const char *user,
                                           const char *password,
                                           GError **error);
gboolean nebula_graph_client_execute (NebulaGraphClient *self,
                                      const char *statement,
                                      NebulaThriftExecutionResponse **response,
                                      GError **error);
gboolean nebula_graph_client_use (NebulaGraphClient *self, const char *space, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (NebulaGraphClient, nebula_graph_client_free)

G_END_DECLS
