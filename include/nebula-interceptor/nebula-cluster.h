/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <gio/gio.h>
#include <nebula-interceptor/nebula-interceptor-visibility.h>
#include <nebula-interceptor/nebula-method-info.h>
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

/**
 * NebulaCredentialsFunc:
 * @self: the cluster
 * @session_user: (nullable): whose session has to be renewed: the answer has to name the same user,
 *   another one is not taken; %NULL when anybody may sign in
 * @user: (out) (transfer full): the user; freed by the library
 * @password: (out) (transfer full): the password; wiped and freed by the library
 * @user_data: as given
 *
 * Called in the thread of the call that needs it, without a lock held, by one thread at a time; the
 * others wait for it as long as their calls may. It may use the cluster and other interceptors; a
 * call inside it whose session is lost gets no new one. What nebula_cluster_set_credentials() sets
 * meanwhile, also in the function itself, goes before the answer.
 *
 * Returns: %FALSE when there are none
 *
 * Since: 0.1
 */
typedef gboolean (*NebulaCredentialsFunc) (NebulaCluster *self,
                                           const char *session_user,
                                           char **user,
                                           char **password,
                                           gpointer user_data);

NEBULA_INTERCEPTOR_API NebulaCluster *nebula_cluster_new (const char *endpoints, GError **error);

NEBULA_INTERCEPTOR_API gboolean nebula_cluster_set_endpoints (NebulaCluster *self,
                                                              const char *endpoints,
                                                              GError **error);
NEBULA_INTERCEPTOR_API GPtrArray *nebula_cluster_get_endpoint_states (NebulaCluster *self);

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
NEBULA_INTERCEPTOR_API void nebula_cluster_set_credentials (NebulaCluster *self,
                                                            const char *user,
                                                            const char *password);
NEBULA_INTERCEPTOR_API void nebula_cluster_set_credentials_func (NebulaCluster *self,
                                                                 NebulaCredentialsFunc func,
                                                                 gpointer user_data,
                                                                 GDestroyNotify destroy);
NEBULA_INTERCEPTOR_API void nebula_cluster_add_session (NebulaCluster *self,
                                                        gint64 session_id,
                                                        const char *user,
                                                        const char *password,
                                                        const char *space);
NEBULA_INTERCEPTOR_API gboolean nebula_cluster_add_methods (NebulaCluster *self,
                                                            const NebulaMethodInfo *methods,
                                                            gsize n_methods,
                                                            GError **error);

G_END_DECLS
