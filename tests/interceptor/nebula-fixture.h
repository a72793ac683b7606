/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <nebula-interceptor/nebula-interceptor.h>
#include <nebula-mock/nebula-mock.h>
#include <nebula_thrift_graph_service.h>
#include <thrift/c_glib/protocol/thrift_protocol.h>

G_BEGIN_DECLS

G_DEFINE_AUTOPTR_CLEANUP_FUNC (NebulaThriftAuthResponse, g_object_unref)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (NebulaThriftExecutionResponse, g_object_unref)

/**
 * Fixture:
 * @server: (nullable): a graphd on loopback, with the user root (nebula) and the spaces "test" and
 *   "other"; %NULL after fixture_set_up_client ()
 * @clock: turns waits between attempts into nothing; the time stands still otherwise
 * @session: the id that authenticate answered; 0 before fixture_log_in ()
 *
 * The whole road: a stub, a protocol, the interceptor, a socket, a server.
 */
typedef struct
{
  NebulaMockServer *server;
  NebulaManualClock *clock;
  NebulaCluster *cluster;
  NebulaInterceptor *interceptor;
  ThriftProtocol *protocol;
  NebulaThriftGraphServiceIf *client;
  gint64 session;
} Fixture;

void fixture_set_up (Fixture *self, gconstpointer data);
void fixture_tear_down (Fixture *self, gconstpointer data);
void fixture_set_up_client (Fixture *self, const char *endpoints);
void fixture_tear_down_client (Fixture *self);

/* @n graphds on loopback, with the user root and the space test, and a client of all of them. */
NebulaMockCluster *fixture_set_up_graphds (Fixture *self, guint n);
void fixture_tear_down_graphds (Fixture *self, NebulaMockCluster *graphds);

void fixture_mend_exceptions (void);

/* Replaces cluster and interceptor, for tests with settings of their own. */
void fixture_disconnect (Fixture *self);
void fixture_connect (Fixture *self, NebulaInterceptor *interceptor);
void fixture_disconnect (Fixture *self);

/* The default policy but for these properties, which end with NULL; and endpoints are taken in the
 * order of the list, so that it is for the test to say which is the first. */
#define fixture_set_policy(self, ...) \
  fixture_set_policy_properties (self, "shuffle-endpoints", FALSE, __VA_ARGS__)
void fixture_set_policy_properties (Fixture *self,
                                    const char *first_property,
                                    ...) G_GNUC_NULL_TERMINATED;
void fixture_use_real_time (Fixture *self);

void fixture_fault (Fixture *self,
                    NebulaMockFaultKind kind,
                    const char *contains,
                    guint first,
                    guint last);
void fixture_fault_code (Fixture *self,
                         const char *contains,
                         guint last,
                         gint32 code,
                         const char *message);

void fixture_open (Fixture *self);
gint32 fixture_authenticate (Fixture *self, const char *password, GError **error);
void fixture_log_in (Fixture *self);
void fixture_use_space (Fixture *self);

/* The code of the reply; 1 when there was none and @error is set. */
gint32 fixture_execute (Fixture *self, const char *statement, GError **error);
NebulaThriftExecutionResponse *fixture_query (Fixture *self, const char *statement, GError **error);
char *fixture_execute_json (Fixture *self, const char *statement, GError **error);

guint fixture_get_attempts (Fixture *self);
NebulaDecision fixture_get_last_decision (Fixture *self);
NebulaCause fixture_get_last_cause (Fixture *self);
void fixture_make_vertex (Fixture *self);
void fixture_assert_read_survives (Fixture *self, const char *read);
gint64 fixture_get_number (Fixture *self, const char *vertex, const char *property);

#define FIXTURE_NO_REPLY 1

#define fixture_add(path, func) \
  g_test_add (path, Fixture, NULL, fixture_set_up, func, fixture_tear_down)

G_END_DECLS
