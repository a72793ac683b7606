/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <nebula-mock/nebula-mock-server.h>

G_BEGIN_DECLS

#define NEBULA_TYPE_MOCK_CLUSTER (nebula_mock_cluster_get_type ())

/**
 * NebulaMockCluster:
 *
 * Several graphds for tests with one metad: users, spaces, data and sessions are shared, and what a
 * graphd knows of a session is as late and as stale as in life. Every function may be called from
 * any thread.
 *
 * Since: 0.1
 */
NEBULA_MOCK_API G_DECLARE_FINAL_TYPE (NebulaMockCluster, nebula_mock_cluster,
                                      NEBULA, MOCK_CLUSTER, GObject)

NEBULA_MOCK_API NebulaMockCluster *nebula_mock_cluster_new (guint n_servers);
/* @n_servers: 0 for as many as the scenario says */
NEBULA_MOCK_API NebulaMockCluster *nebula_mock_cluster_new_from_scenario (const char *json,
                                                                          gssize length,
                                                                          guint n_servers,
                                                                          GError **error);
NEBULA_MOCK_API guint nebula_mock_cluster_get_n_servers (NebulaMockCluster *self);
NEBULA_MOCK_API NebulaMockServer *nebula_mock_cluster_get_server (NebulaMockCluster *self,
                                                                  guint number);

/* @host: (nullable): a loopback address, %NULL for 127.0.0.1; @port: of the first, 0 picks all */
NEBULA_MOCK_API gboolean nebula_mock_cluster_start (NebulaMockCluster *self,
                                                    const char *host,
                                                    guint16 port,
                                                    GError **error);
NEBULA_MOCK_API void nebula_mock_cluster_stop (NebulaMockCluster *self);
/* "127.0.0.1:9669,127.0.0.1:9670" */
NEBULA_MOCK_API char *nebula_mock_cluster_get_endpoints (NebulaMockCluster *self);

/* What one server has, all have. */
NEBULA_MOCK_API void nebula_mock_cluster_add_user (NebulaMockCluster *self,
                                                   const char *user,
                                                   const char *password);
NEBULA_MOCK_API void nebula_mock_cluster_add_space (NebulaMockCluster *self, const char *space);
NEBULA_MOCK_API void nebula_mock_cluster_drop_space (NebulaMockCluster *self, const char *space);
NEBULA_MOCK_API void nebula_mock_cluster_set_metad_reachable (NebulaMockCluster *self,
                                                              gboolean reachable);
NEBULA_MOCK_API void nebula_mock_cluster_perform (NebulaMockCluster *self,
                                                  NebulaMockAction action,
                                                  guint number);

/* The ledger. @statement is compared whole; %NULL counts all. */
NEBULA_MOCK_API guint nebula_mock_cluster_get_received (NebulaMockCluster *self,
                                                        const char *statement);
NEBULA_MOCK_API guint nebula_mock_cluster_get_applied (NebulaMockCluster *self,
                                                       const char *statement);
NEBULA_MOCK_API guint nebula_mock_cluster_get_sessions (NebulaMockCluster *self);
/* @number: -1 for all servers; @space, @contains: (nullable): %NULL for any */
NEBULA_MOCK_API guint nebula_mock_cluster_get_writes (NebulaMockCluster *self,
                                                      int number,
                                                      const char *space,
                                                      const char *contains);
NEBULA_MOCK_API gboolean nebula_mock_cluster_wait_for_writes (NebulaMockCluster *self,
                                                              int number,
                                                              const char *space,
                                                              const char *contains,
                                                              guint count);
NEBULA_MOCK_API void nebula_mock_cluster_expect_space (NebulaMockCluster *self,
                                                       const char *contains,
                                                       const char *space);
NEBULA_MOCK_API char *nebula_mock_cluster_find_misplaced_write (NebulaMockCluster *self);

G_END_DECLS
