/* SPDX-License-Identifier: Apache-2.0 */
#include "nebula-fixture.h"

/* Sessions that outlive their id, and the space that goes with them. */

#define COUNT_UP "UPDATE VERTEX ON t \"v\" SET n = n + 1"
#define INSERT "INSERT VERTEX t(n) VALUES \"v\":(1)"
#define FETCH "FETCH PROP ON t \"v\" YIELD properties(vertex).n"
#define USE_TEST "USE `test`"

static guint
calls (Fixture *self, const char *method)
{
  return nebula_mock_server_get_calls (self->server, method);
}

static void
test_renewed (Fixture *self, gconstpointer data)
{
  gint64 before;

  g_test_summary ("an expired session is renewed, its space set again, even n + 1 sent once more");
  fixture_use_space (self);
  g_assert_cmpint (fixture_execute (self, INSERT, NULL), ==, 0);
  before = self->session;
  nebula_mock_server_expire_sessions (self->server);

  g_assert_cmpint (fixture_execute (self, COUNT_UP, NULL), ==, 0);
  g_assert_cmpint (self->session, ==, before);
  g_assert_cmpint (fixture_get_number (self, "v", "n"), ==, 2);
  g_assert_cmpuint (calls (self, "authenticate"), ==, 2);
  g_assert_cmpuint (nebula_mock_server_get_received (self->server, USE_TEST), ==, 1);

  /* The caller's id goes on working, and costs nothing more. */
  g_assert_cmpint (fixture_execute (self, COUNT_UP, NULL), ==, 0);
  g_assert_cmpuint (calls (self, "authenticate"), ==, 2);
  g_assert_cmpuint (nebula_mock_server_get_received (self->server, USE_TEST), ==, 1);
}

static void
test_renewed_twice (Fixture *self, gconstpointer data)
{
  g_autoptr (NebulaMockFault) fault = NULL;

  g_test_summary ("a session is renewed once in a call: the second loss is handed over");
  fixture_use_space (self);
  fault = nebula_mock_fault_new (NEBULA_MOCK_FAULT_EXPIRE_SESSION, "execute", FETCH, 1, 0);
  nebula_mock_server_add_fault (self->server, fault);
  g_assert_cmpint (fixture_execute (self, FETCH, NULL), ==, -1002);
  g_assert_cmpuint (calls (self, "authenticate"), ==, 2);
  g_assert_cmpint (fixture_get_last_decision (self).reason, ==, NEBULA_REASON_RENEWED_ALREADY);
}

static void
test_json (Fixture *self, gconstpointer data)
{
  g_autofree char *json = NULL;

  g_test_summary ("a JSON call renews the session too");
  fixture_use_space (self);
  nebula_mock_server_expire_sessions (self->server);
  json = fixture_execute_json (self, FETCH, NULL);
  g_assert_nonnull (strstr (json, "\"code\":0"));
  g_assert_cmpuint (calls (self, "authenticate"), ==, 2);
}

/* Runs @statement by each of the methods that take one. */
static void
execute_by_all (Fixture *self, const char *statement)
{
  g_autoptr (NebulaThriftExecutionResponse) response = NULL;
  g_autoptr (GHashTable) parameters = g_hash_table_new (NULL, NULL);
  g_autoptr (GByteArray) text = g_byte_array_new ();
  g_autoptr (GByteArray) json = NULL;
  g_autofree char *plain = NULL;

  g_byte_array_append (text, (const guint8 *) statement, strlen (statement));
  g_assert_cmpint (fixture_execute (self, statement, NULL), ==, 0);
  plain = fixture_execute_json (self, statement, NULL);
  g_assert_nonnull (strstr (plain, "\"code\":0"));
  response = g_object_new (NEBULA_THRIFT_TYPE_EXECUTION_RESPONSE, NULL);
  g_assert_true (nebula_thrift_graph_service_client_execute_with_parameter (
    self->client, &response, self->session, text, parameters, NULL));
  g_assert_cmpint (response->error_code, ==, 0);
  g_assert_true (nebula_thrift_graph_service_client_execute_json_with_parameter (
    self->client, &json, self->session, text, parameters, NULL));
  g_assert_nonnull (memmem (json->data, json->len, "\"code\":0", 8));
}

static void
test_methods (Fixture *self, gconstpointer data)
{
  g_autoptr (NebulaMockFault) fault = NULL;

  g_test_summary ("each method that takes a statement has its session renewed and its space set");
  fixture_use_space (self);
  g_assert_cmpint (fixture_execute (self, INSERT, NULL), ==, 0);
  for (guint i = 0; i < 4; i++)
    {
      /* The first attempt of each of the four. */
      fault = nebula_mock_fault_new (NEBULA_MOCK_FAULT_EXPIRE_SESSION, NULL, FETCH, 2 * i + 1,
                                     2 * i + 1);
      nebula_mock_server_add_fault (self->server, fault);
      g_clear_pointer (&fault, nebula_mock_fault_unref);
    }
  execute_by_all (self, FETCH);
  g_assert_cmpuint (calls (self, "authenticate"), ==, 5);
  g_assert_cmpuint (nebula_mock_server_get_received (self->server, USE_TEST), ==, 4);
  g_assert_cmpuint (nebula_mock_server_get_received (self->server, FETCH), ==, 8);
}

static void
test_switched_off (Fixture *self, gconstpointer data)
{
  g_test_summary ("where credentials are not kept, the loss of a session is handed over");
  nebula_cluster_set_keep_credentials (self->cluster, FALSE);
  fixture_use_space (self);
  nebula_mock_server_expire_sessions (self->server);
  g_assert_cmpint (fixture_execute (self, FETCH, NULL), ==, -1002);
  g_assert_cmpint (fixture_get_last_decision (self).reason, ==, NEBULA_REASON_NO_CREDENTIALS);
  g_assert_cmpuint (calls (self, "authenticate"), ==, 1);
}

static void
test_unknown_id (Fixture *self, gconstpointer data)
{
  g_test_summary ("an id that authenticate did not answer passes untouched and is not renewed");
  fixture_use_space (self);
  self->session = 4711;
  g_assert_cmpint (fixture_execute (self, FETCH, NULL), ==, -1002);
  self->session = 0;
  g_assert_cmpint (fixture_execute (self, "YIELD 1", NULL), ==, -1002);
  g_assert_cmpuint (calls (self, "authenticate"), ==, 1);
}

static void
test_wrong_password (Fixture *self, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  g_test_summary ("a refused password is told at once and never sent a second time");
  fixture_open (self);
  g_assert_cmpint (fixture_authenticate (self, "guess", &error), ==, -1001);
  g_assert_no_error (error);
  g_assert_cmpuint (calls (self, "authenticate"), ==, 1);
  g_assert_cmpint (fixture_get_last_decision (self).reason, ==, NEBULA_REASON_REFUSED_CREDENTIAL);
}

static void
test_renewal_refused (Fixture *self, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  g_test_summary ("a renewal that is refused is an error of its own, without a second try");
  fixture_use_space (self);
  nebula_mock_server_add_user (self->server, "root", "changed");
  nebula_mock_server_expire_sessions (self->server);
  g_assert_cmpint (fixture_execute (self, COUNT_UP, &error), ==, FIXTURE_NO_REPLY);
  g_assert_error (error, NEBULA_ERROR, NEBULA_ERROR_AUTH);
  g_assert_cmpint (nebula_error_get_code (error), ==, -1001);
  g_assert_false (nebula_error_may_have_been_applied (error));
  g_assert_cmpuint (calls (self, "authenticate"), ==, 2);
}

static void
test_refused_once (Fixture *self, gconstpointer data)
{
  gint64 first;

  g_test_summary ("a password that was refused is not tried again, by no session that has it");
  fixture_use_space (self);
  first = self->session;
  fixture_connect (self, nebula_interceptor_new (self->cluster));
  fixture_use_space (self);
  nebula_mock_server_add_user (self->server, "root", "changed");
  nebula_mock_server_expire_sessions (self->server);
  g_assert_cmpint (fixture_execute (self, FETCH, NULL), ==, FIXTURE_NO_REPLY);
  g_assert_cmpuint (calls (self, "authenticate"), ==, 3);

  fixture_execute (self, FETCH, NULL);
  self->session = first;
  fixture_execute (self, FETCH, NULL);
  g_assert_cmpint (fixture_get_last_decision (self).reason, ==, NEBULA_REASON_NO_CREDENTIALS);
  g_assert_cmpuint (calls (self, "authenticate"), ==, 3);
}

static void
test_renewal_lost (Fixture *self, gconstpointer data)
{
  g_autoptr (NebulaMockFault) fault = NULL;

  g_test_summary ("an authenticate without an answer is repeated once in a call, not more");
  fixture_use_space (self);
  nebula_mock_server_expire_sessions (self->server);
  fault = nebula_mock_fault_new (NEBULA_MOCK_FAULT_CLOSE_AFTER_APPLY, "authenticate", NULL, 1, 0);
  nebula_mock_server_add_fault (self->server, fault);
  g_assert_cmpint (fixture_execute (self, FETCH, NULL), ==, FIXTURE_NO_REPLY);
  g_assert_cmpuint (calls (self, "authenticate"), ==, 3);

  /* Nor in the next call, which knows from the start that the session is gone. */
  g_assert_cmpint (fixture_execute (self, FETCH, NULL), ==, FIXTURE_NO_REPLY);
  g_assert_cmpuint (calls (self, "authenticate"), ==, 5);

  nebula_mock_server_clear_faults (self->server);
  g_assert_cmpint (fixture_execute (self, FETCH, NULL), ==, 0);
}

static void
test_own_authenticate_lost (Fixture *self, gconstpointer data)
{
  g_autoptr (NebulaMockFault) fault = NULL;

  g_test_summary ("so is the caller's own");
  fault = nebula_mock_fault_new (NEBULA_MOCK_FAULT_CLOSE_AFTER_APPLY, "authenticate", NULL, 1, 0);
  nebula_mock_server_add_fault (self->server, fault);
  fixture_open (self);
  g_assert_cmpint (fixture_authenticate (self, "nebula", NULL), ==, FIXTURE_NO_REPLY);
  g_assert_cmpuint (calls (self, "authenticate"), ==, 2);
}

static void
test_new_connection (Fixture *self, gconstpointer data)
{
  g_test_summary ("on a new connection: the handshake, then the space, then the statement");
  fixture_use_space (self);
  g_assert_cmpuint (calls (self, "verifyClientVersion"), ==, 1);
  nebula_mock_server_close_connections (self->server);
  g_assert_true (nebula_mock_server_wait_for_connections_closed (self->server));

  g_assert_cmpint (fixture_execute (self, INSERT, NULL), ==, 0);
  g_assert_cmpuint (calls (self, "verifyClientVersion"), ==, 2);
  g_assert_cmpuint (calls (self, "authenticate"), ==, 1);
  g_assert_cmpuint (nebula_mock_server_get_received (self->server, USE_TEST), ==, 1);
  g_assert_cmpint (fixture_get_number (self, "v", "n"), ==, 1);
}

static void
test_begins_with_use (Fixture *self, gconstpointer data)
{
  g_test_summary ("a statement that begins with USE needs no space to be set before it");
  fixture_use_space (self);
  nebula_mock_server_close_connections (self->server);
  g_assert_true (nebula_mock_server_wait_for_connections_closed (self->server));
  g_assert_cmpint (fixture_execute (self, "USE test; " INSERT, NULL), ==, 0);
  g_assert_cmpuint (nebula_mock_server_get_received (self->server, USE_TEST), ==, 0);
}

static void
test_space_in_doubt (Fixture *self, gconstpointer data)
{
  gint64 value;

  g_test_summary ("a USE without an answer leaves the space in doubt: the last confirmed one is set");
  fixture_use_space (self);
  fixture_set_policy (self, "enabled", FALSE, NULL);
  fixture_fault (self, NEBULA_MOCK_FAULT_CLOSE_AFTER_APPLY, "USE other", 1, 1);
  g_assert_cmpint (fixture_execute (self, "USE other", NULL), ==, FIXTURE_NO_REPLY);
  g_assert_cmpint (fixture_execute (self, INSERT, NULL), ==, 0);
  g_assert_cmpint (fixture_get_number (self, "v", "n"), ==, 1);
  g_assert_false (nebula_mock_server_get_number (self->server, "other", "v", "n", &value));
}

static void
test_space_lost (Fixture *self, gconstpointer data)
{
  g_test_summary ("a space that graphd forgot is set again once; without a space that is a failure");
  fixture_log_in (self);
  g_assert_cmpint (fixture_execute (self, INSERT, NULL), ==, -1009);
  g_assert_cmpint (fixture_get_last_decision (self).reason, ==, NEBULA_REASON_NOT_RETRYABLE);

  g_assert_cmpint (fixture_execute (self, "USE test", NULL), ==, 0);
  fixture_fault_code (self, INSERT, 1, -1009, "SemanticError: Space was not chosen.");
  g_assert_cmpint (fixture_execute (self, INSERT, NULL), ==, 0);
  g_assert_cmpuint (nebula_mock_server_get_received (self->server, USE_TEST), ==, 1);
}

static void
test_use_fails_for_a_while (Fixture *self, gconstpointer data)
{
  g_test_summary ("a USE that fails for a while is repeated: n + 1 behind it has not been sent");
  fixture_use_space (self);
  g_assert_cmpint (fixture_execute (self, INSERT, NULL), ==, 0);
  nebula_mock_server_close_connections (self->server);
  g_assert_true (nebula_mock_server_wait_for_connections_closed (self->server));
  fixture_fault_code (self, USE_TEST, 2, -1005, "LeaderChanged: Leader changed!");
  g_assert_cmpint (fixture_execute (self, COUNT_UP, NULL), ==, 0);
  g_assert_cmpuint (nebula_mock_server_get_received (self->server, USE_TEST), ==, 3);
  g_assert_cmpuint (nebula_mock_server_get_received (self->server, COUNT_UP), ==, 1);
  g_assert_cmpint (fixture_get_number (self, "v", "n"), ==, 2);
}

/* Does to the session what a graphd does that knows it from before: another space is in force. */
static void
move_space_aside (Fixture *self)
{
  g_autoptr (NebulaInterceptor) mine = g_steal_pointer (&self->interceptor);
  g_autoptr (NebulaCluster) foreign = NULL;

  foreign = nebula_cluster_new (nebula_mock_server_get_address (self->server), NULL);
  g_clear_object (&self->client);
  g_clear_object (&self->protocol);
  fixture_connect (self, nebula_interceptor_new (foreign));
  fixture_open (self);
  g_assert_cmpint (fixture_execute (self, "USE other", NULL), ==, 0);
  fixture_connect (self, g_steal_pointer (&mine));
  nebula_mock_server_close_connections (self->server);
  g_assert_true (nebula_mock_server_wait_for_connections_closed (self->server));
}

static void
assert_only_in_test (Fixture *self)
{
  gint64 value;

  g_assert_cmpint (fixture_get_number (self, "v", "n"), ==, 1);
  g_assert_false (nebula_mock_server_get_number (self->server, "other", "v", "n", &value));
}

static void
test_use_fails_on_new_connection (Fixture *self, gconstpointer data)
{
  g_test_summary ("graphd's old space does not become the caller's because a USE failed");
  fixture_use_space (self);
  move_space_aside (self);
  g_assert_cmpint (fixture_execute (self, "USE nowhere", NULL), !=, 0);
  g_assert_cmpint (fixture_execute (self, INSERT, NULL), ==, 0);
  assert_only_in_test (self);
}

static void
test_space_dropped_without_credentials (Fixture *self, gconstpointer data)
{
  gint64 value;

  g_test_summary ("where the space is gone and no new session can be had, only USE is let through");
  nebula_cluster_set_keep_credentials (self->cluster, FALSE);
  fixture_use_space (self);
  move_space_aside (self);
  fixture_fault_code (self, USE_TEST, 1, -1005, "SpaceNotFound: SpaceName `test`");
  g_assert_cmpint (fixture_execute (self, INSERT, NULL), ==, FIXTURE_NO_REPLY);
  g_assert_cmpint (fixture_execute (self, INSERT, NULL), ==, FIXTURE_NO_REPLY);
  g_assert_false (nebula_mock_server_get_number (self->server, "other", "v", "n", &value));
  g_assert_cmpint (fixture_execute (self, "USE test", NULL), ==, 0);
  g_assert_cmpint (fixture_execute (self, INSERT, NULL), ==, 0);
  assert_only_in_test (self);
}

static void
test_space_dropped (Fixture *self, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  gint64 value;

  g_test_summary ("a space that is gone is reported once, and no write lands anywhere else");
  fixture_use_space (self);
  nebula_mock_server_close_connections (self->server);
  g_assert_true (nebula_mock_server_wait_for_connections_closed (self->server));
  fixture_fault_code (self, USE_TEST, 1, -1005, "SpaceNotFound: SpaceName `test`");
  g_assert_cmpint (fixture_execute (self, INSERT, &error), ==, FIXTURE_NO_REPLY);
  g_assert_error (error, NEBULA_ERROR, NEBULA_ERROR_FATAL);
  g_assert_cmpint (nebula_error_get_real_code (error), ==, -5);
  g_assert_cmpint (fixture_execute (self, INSERT, NULL), ==, -1009);
  g_assert_false (nebula_mock_server_get_number (self->server, "test", "v", "n", &value));
  g_assert_cmpuint (calls (self, "authenticate"), ==, 2);
}

static void
test_two_sessions (Fixture *self, gconstpointer data)
{
  gint64 first;
  gint64 second;
  gint64 value;

  g_test_summary ("a stub with two sessions ends one: the other goes on under its own id");
  fixture_use_space (self);
  first = self->session;
  g_assert_cmpint (fixture_authenticate (self, "nebula", NULL), ==, 0);
  second = self->session;
  g_assert_cmpint (second, !=, first);
  g_assert_cmpint (fixture_execute (self, "USE other", NULL), ==, 0);

  self->session = first;
  g_assert_cmpint (fixture_execute (self, INSERT, NULL), ==, 0);
  g_assert_true (nebula_thrift_graph_service_client_signout (self->client, second, NULL));
  g_assert_cmpint (fixture_execute (self, COUNT_UP, NULL), ==, 0);
  g_assert_cmpint (fixture_get_number (self, "v", "n"), ==, 2);
  g_assert_false (nebula_mock_server_get_number (self->server, "other", "v", "n", &value));
  g_assert_cmpuint (calls (self, "authenticate"), ==, 2);
}

static void
test_old_server (Fixture *self, gconstpointer data)
{
  g_autoptr (NebulaMockFault) fault = NULL;

  g_test_summary ("a server that does not know the handshake needs none");
  fault = nebula_mock_fault_new_exception ("verifyClientVersion", 1, 0, 1,
                                           "Method name verifyClientVersion not found");
  nebula_mock_server_add_fault (self->server, fault);
  fixture_use_space (self);
  g_assert_cmpint (fixture_execute (self, INSERT, NULL), ==, 0);
  g_assert_cmpuint (calls (self, "verifyClientVersion"), ==, 1);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  fixture_add ("/renewal/renewed", test_renewed);
  fixture_add ("/renewal/renewed-twice", test_renewed_twice);
  fixture_add ("/renewal/json", test_json);
  fixture_add ("/renewal/methods", test_methods);
  fixture_add ("/renewal/switched-off", test_switched_off);
  fixture_add ("/renewal/unknown-id", test_unknown_id);
  fixture_add ("/renewal/wrong-password", test_wrong_password);
  fixture_add ("/renewal/refused", test_renewal_refused);
  fixture_add ("/renewal/refused-once", test_refused_once);
  fixture_add ("/renewal/lost", test_renewal_lost);
  fixture_add ("/renewal/own-authenticate-lost", test_own_authenticate_lost);
  fixture_add ("/renewal/new-connection", test_new_connection);
  fixture_add ("/renewal/begins-with-use", test_begins_with_use);
  fixture_add ("/renewal/space-in-doubt", test_space_in_doubt);
  fixture_add ("/renewal/space-lost", test_space_lost);
  fixture_add ("/renewal/use-fails-for-a-while", test_use_fails_for_a_while);
  fixture_add ("/renewal/use-fails-on-new-connection", test_use_fails_on_new_connection);
  fixture_add ("/renewal/space-dropped-without-credentials",
               test_space_dropped_without_credentials);
  fixture_add ("/renewal/space-dropped", test_space_dropped);
  fixture_add ("/renewal/two-sessions", test_two_sessions);
  fixture_add ("/renewal/old-server", test_old_server);
  return g_test_run ();
}
