/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "nebula-channel-private.h"
#include "nebula-endpoint-set-private.h"
#include "nebula-method-table-private.h"
#include "nebula-session-table-private.h"
#include <nebula-interceptor/nebula-cluster.h>

G_BEGIN_DECLS

/* A cluster without endpoints, for a transport that the user brings. */
NebulaCluster *nebula_cluster_new_without_endpoints (void);

NebulaEndpointSet *nebula_cluster_get_endpoints (NebulaCluster *self);
NebulaSessionTable *nebula_cluster_get_sessions (NebulaCluster *self);
NebulaCredentialSource *nebula_cluster_get_credentials (NebulaCluster *self);
NebulaMethodTable *nebula_cluster_get_methods (NebulaCluster *self);
guint nebula_cluster_get_policy_version (NebulaCluster *self);
guint nebula_cluster_get_tls_version (NebulaCluster *self);
NebulaChannel *nebula_cluster_make_channel (NebulaCluster *self, NebulaEndpoint *endpoint);
guint64 nebula_cluster_draw_seed (NebulaCluster *self);

G_END_DECLS
