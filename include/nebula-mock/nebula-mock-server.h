/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <gio/gio.h>
#include <nebula-mock/nebula-mock-fault.h>

G_BEGIN_DECLS

#define NEBULA_TYPE_MOCK_SERVER (nebula_mock_server_get_type ())

/**
 * NebulaMockServer:
 *
 * A graphd for tests on loopback. It runs in threads of its own; every function may be called from
 * any thread.
 *
 * Since: 0.1
 */
NEBULA_MOCK_API G_DECLARE_FINAL_TYPE (NebulaMockServer, nebula_mock_server,
                                      NEBULA, MOCK_SERVER, GObject)

NEBULA_MOCK_API NebulaMockServer *nebula_mock_server_new (void);

NEBULA_MOCK_API void nebula_mock_server_add_user (NebulaMockServer *self,
                                                  const char *user,
                                                  const char *password);
NEBULA_MOCK_API void nebula_mock_server_add_space (NebulaMockServer *self, const char *space);
NEBULA_MOCK_API void nebula_mock_server_add_fault (NebulaMockServer *self, NebulaMockFault *fault);
NEBULA_MOCK_API void nebula_mock_server_clear_faults (NebulaMockServer *self);
NEBULA_MOCK_API gboolean nebula_mock_server_load_scenario (NebulaMockServer *self,
                                                           const char *json,
                                                           gssize length,
                                                           GError **error);

/* Before the start. @client_ca_file: (nullable): whose clients are let in, NULL for all */
NEBULA_MOCK_API gboolean nebula_mock_server_set_tls (NebulaMockServer *self,
                                                     const char *certificate_file,
                                                     const char *key_file,
                                                     const char *client_ca_file,
                                                     GError **error);
/* @host: (nullable): a loopback address, %NULL for 127.0.0.1; @port: 0 picks one */
NEBULA_MOCK_API gboolean nebula_mock_server_start (NebulaMockServer *self,
                                                   const char *host,
                                                   guint16 port,
                                                   GError **error);
NEBULA_MOCK_API gboolean nebula_mock_server_start_unix (NebulaMockServer *self,
                                                        const char *path,
                                                        GError **error);
NEBULA_MOCK_API void nebula_mock_server_stop (NebulaMockServer *self);
NEBULA_MOCK_API guint16 nebula_mock_server_get_port (NebulaMockServer *self);
NEBULA_MOCK_API const char *nebula_mock_server_get_address (NebulaMockServer *self);

/* Stop and start listening on the same port: connections are refused by the kernel meanwhile. */
NEBULA_MOCK_API void nebula_mock_server_set_listening (NebulaMockServer *self, gboolean listening);
NEBULA_MOCK_API void nebula_mock_server_close_connections (NebulaMockServer *self);
NEBULA_MOCK_API void nebula_mock_server_expire_sessions (NebulaMockServer *self);
NEBULA_MOCK_API void nebula_mock_server_push_sessions (NebulaMockServer *self);
/* 0 for no limit */
NEBULA_MOCK_API void nebula_mock_server_set_session_limits (NebulaMockServer *self,
                                                            guint for_user,
                                                            guint for_all);
NEBULA_MOCK_API void nebula_mock_server_set_partitioned (NebulaMockServer *self,
                                                         gboolean partitioned);
NEBULA_MOCK_API void nebula_mock_server_set_slow (NebulaMockServer *self, gboolean slow);
NEBULA_MOCK_API void nebula_mock_server_let_through (NebulaMockServer *self, guint count);
NEBULA_MOCK_API void nebula_mock_server_release (NebulaMockServer *self);
NEBULA_MOCK_API void nebula_mock_server_drain (NebulaMockServer *self);
NEBULA_MOCK_API void nebula_mock_server_halt (NebulaMockServer *self);
NEBULA_MOCK_API void nebula_mock_server_restart (NebulaMockServer *self);

/* The ledger. @statement is compared whole; %NULL counts all. */
NEBULA_MOCK_API guint nebula_mock_server_get_received (NebulaMockServer *self,
                                                       const char *statement);
NEBULA_MOCK_API guint nebula_mock_server_get_applied (NebulaMockServer *self,
                                                      const char *statement);
NEBULA_MOCK_API guint nebula_mock_server_get_calls (NebulaMockServer *self, const char *method);
NEBULA_MOCK_API guint nebula_mock_server_get_connections (NebulaMockServer *self);
NEBULA_MOCK_API guint nebula_mock_server_get_sessions (NebulaMockServer *self);
NEBULA_MOCK_API guint nebula_mock_server_get_logins (NebulaMockServer *self, const char *user);
/* FALSE when there is no such vertex or property in @space */
NEBULA_MOCK_API gboolean nebula_mock_server_get_number (NebulaMockServer *self,
                                                        const char *space,
                                                        const char *vertex,
                                                        const char *property,
                                                        gint64 *value);
/* Waits until @count calls of @method (NULL: any) have been received; FALSE when it takes longer
 * than ten seconds: for tests that must not sleep. */
NEBULA_MOCK_API gboolean nebula_mock_server_wait_for_calls (NebulaMockServer *self,
                                                            const char *method,
                                                            guint count);
NEBULA_MOCK_API gboolean nebula_mock_server_wait_for_sessions (NebulaMockServer *self,
                                                               guint count);
/* As above, until @statement has been applied @count times */
NEBULA_MOCK_API gboolean nebula_mock_server_wait_for_applied (NebulaMockServer *self,
                                                              const char *statement,
                                                              guint count);
/* As above, until @count calls are on hold */
NEBULA_MOCK_API gboolean nebula_mock_server_wait_for_held (NebulaMockServer *self, guint count);
NEBULA_MOCK_API gboolean nebula_mock_server_wait_for_connections_closed (NebulaMockServer *self);

G_END_DECLS
