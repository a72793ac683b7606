/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <gio/gio.h>
#include <nebula-interceptor/nebula-interceptor-visibility.h>
#include <nebula-interceptor/nebula-tls.h>
#include <nebula-retry/nebula-retry.h>

G_BEGIN_DECLS

#define NEBULA_TYPE_CLUSTER (nebula_cluster_get_type ())

/**
 * NebulaCluster:
 *
 * What the interceptors of one database share: its endpoints, the retry policy and the sessions.
 * Safe in any thread.
 *
 * Since: 0.1
 */
NEBULA_INTERCEPTOR_API
G_DECLARE_FINAL_TYPE (NebulaCluster, nebula_cluster, NEBULA, CLUSTER, GObject)

NEBULA_INTERCEPTOR_API NebulaCluster *nebula_cluster_new (const char *endpoints, GError **error);

NEBULA_INTERCEPTOR_API NebulaRetryPolicy *nebula_cluster_get_policy (NebulaCluster *self);
NEBULA_INTERCEPTOR_API void nebula_cluster_set_policy (NebulaCluster *self,
                                                       NebulaRetryPolicy *policy);
NEBULA_INTERCEPTOR_API NebulaClock *nebula_cluster_get_clock (NebulaCluster *self);
NEBULA_INTERCEPTOR_API void nebula_cluster_set_clock (NebulaCluster *self, NebulaClock *clock);
NEBULA_INTERCEPTOR_API void nebula_cluster_set_seed (NebulaCluster *self, guint64 seed);
NEBULA_INTERCEPTOR_API void nebula_cluster_set_keep_credentials (NebulaCluster *self,
                                                                 gboolean keep);
NEBULA_INTERCEPTOR_API gboolean nebula_cluster_set_tls (NebulaCluster *self,
                                                        NebulaTls *tls,
                                                        GError **error);

G_END_DECLS
