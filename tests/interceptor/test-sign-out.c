/* SPDX-License-Identifier: Apache-2.0 */
#include "nebula-fixture.h"

/* What ends a session, and what does not. */

#define INSERT "INSERT VERTEX t(n) VALUES \"v\":(1)"
#define COUNT_UP "UPDATE VERTEX ON t \"v\" SET n = n + 1"
#define FETCH "FETCH PROP ON t \"v\" YIELD properties(vertex).n"
#define USE_TEST "USE `test`"

static guint
calls (Fixture *self, const char *method)
{
  return nebula_mock_server_get_calls (self->server, method);
}

static gboolean
sign_out (Fixture *self)
{
  return nebula_thrift_graph_service_client_signout (self->client, self->session, NULL);
}

static void
reconnect (Fixture *self)
{
  fixture_connect (self, nebula_interceptor_new (self->cluster));
  fixture_open (self);
}

static void
test_renewed (Fixture *self, gconstpointer data)
{
  g_test_summary ("signing a renewed session out ends the one that is behind its id");
  fixture_use_space (self);
  nebula_mock_server_expire_sessions (self->server);
  g_assert_cmpint (fixture_execute (self, INSERT, NULL), ==, 0);
  g_assert_true (nebula_mock_server_wait_for_sessions (self->server, 1));
  g_assert_true (sign_out (self));
  g_assert_true (nebula_mock_server_wait_for_calls (self->server, "signout", 1));
  g_assert_cmpint (fixture_execute (self, INSERT, NULL), ==, -1002);
  g_assert_true (nebula_mock_server_wait_for_sessions (self->server, 0));
}

static void
test_dead (Fixture *self, gconstpointer data)
{
  g_autofree char *json = NULL;

  g_test_summary ("a session that one stub signed out is dead for all, under every method");
  fixture_use_space (self);
  g_assert_cmpint (fixture_execute (self, INSERT, NULL), ==, 0);
  reconnect (self);
  g_assert_cmpint (fixture_execute (self, COUNT_UP, NULL), ==, 0);
  g_assert_true (sign_out (self));
  reconnect (self);
  g_assert_cmpint (fixture_execute (self, COUNT_UP, NULL), ==, -1002);
  g_assert_cmpint (fixture_get_last_decision (self).reason, ==, NEBULA_REASON_NO_CREDENTIALS);
  json = fixture_execute_json (self, COUNT_UP, NULL);
  g_assert_nonnull (strstr (json, "\"code\":-1002"));
  g_assert_cmpint (fixture_execute (self, "USE other", NULL), ==, -1002);
  g_assert_cmpint (fixture_get_number (self, "v", "n"), ==, 2);
  g_assert_cmpuint (calls (self, "authenticate"), ==, 1);
}

static void
test_dead_though_alive (Fixture *self, gconstpointer data)
{
  g_autoptr (NebulaMockFault) fault = NULL;

  g_test_summary ("it is dead too where graphd never heard of it");
  fixture_use_space (self);
  fault = nebula_mock_fault_new (NEBULA_MOCK_FAULT_CLOSE_BEFORE_APPLY, "signout", NULL, 1, 0);
  nebula_mock_server_add_fault (self->server, fault);
  g_assert_true (sign_out (self));
  g_assert_true (nebula_mock_server_wait_for_connections_closed (self->server));
  g_assert_true (nebula_mock_server_wait_for_sessions (self->server, 1));
  g_assert_cmpint (fixture_execute (self, INSERT, NULL), ==, -1002);
  g_assert_cmpuint (nebula_mock_server_get_received (self->server, USE_TEST), ==, 0);
  g_assert_cmpuint (calls (self, "authenticate"), ==, 1);
}

static void
test_not_sent (Fixture *self, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  g_test_summary ("a sign-out that could not be sent is an error, and the session alive");
  fixture_use_space (self);
  nebula_mock_server_set_listening (self->server, FALSE);
  nebula_mock_server_close_connections (self->server);
  g_assert_true (nebula_mock_server_wait_for_connections_closed (self->server));
  g_assert_false (nebula_interceptor_sign_out (self->interceptor, self->session, &error));
  g_assert_error (error, NEBULA_ERROR, NEBULA_ERROR_RETRYABLE);
  nebula_mock_server_set_listening (self->server, TRUE);
  g_assert_cmpint (fixture_execute (self, INSERT, NULL), ==, 0);
}

static void
test_replaced (Fixture *self, gconstpointer data)
{
  g_test_summary ("a session that is given up with its space is not left behind at graphd");
  fixture_use_space (self);
  nebula_mock_server_close_connections (self->server);
  g_assert_true (nebula_mock_server_wait_for_connections_closed (self->server));
  fixture_fault_code (self, USE_TEST, 1, -1005, "SpaceNotFound: SpaceName `test`");
  g_assert_cmpint (fixture_execute (self, INSERT, NULL), ==, FIXTURE_NO_REPLY);
  g_assert_cmpint (fixture_execute (self, "YIELD 1", NULL), ==, 0);
  g_assert_cmpuint (calls (self, "authenticate"), ==, 2);
  g_assert_true (nebula_mock_server_wait_for_calls (self->server, "signout", 1));
  g_assert_cmpint (fixture_execute (self, "YIELD 1", NULL), ==, 0);
  g_assert_true (nebula_mock_server_wait_for_sessions (self->server, 1));
}

typedef struct
{
  gint32 code;
  const char *message;
  guint times;
} Failure;

static const Failure no_losses[] = {
  { -1002, "Get session `%ld' failed: LeaderChanged: ", 1 },
  { -1005, "Session not existed!", 0 },
  { -1005, "SessionNotFound: 5", 0 },
  { -1005, "Storage Error: part: 1, error: E_SESSION_INVALID(-1002).", 0 },
  { -1005, "Storage Error: part: 1, error: E_SESSION_NOT_FOUND(-2069).", 0 },
  { -1005, "Unknown error -2069!", 0 },
};

static void
test_not_lost (Fixture *self, gconstpointer data)
{
  g_test_summary ("a failure that is not the session's loss does not renew it");
  fixture_use_space (self);
  for (gsize i = 0; i < G_N_ELEMENTS (no_losses); i++)
    {
      const Failure *row = &no_losses[i];

      g_test_message ("%d %s", row->code, row->message);
      fixture_fault_code (self, FETCH, row->times, row->code, row->message);
      g_assert_cmpint (fixture_execute (self, FETCH, NULL), ==, row->times > 0 ? 0 : row->code);
      g_assert_cmpuint (calls (self, "authenticate"), ==, 1);
      nebula_mock_server_clear_faults (self->server);
    }
  g_assert_cmpuint (nebula_mock_server_get_received (self->server, USE_TEST), ==, 0);
}

static void
test_other_service (Fixture *self, gconstpointer data)
{
  g_test_summary ("where the service is not graphd's, no id is replaced and no session renewed");
  fixture_use_space (self);
  nebula_mock_server_expire_sessions (self->server);
  g_assert_cmpint (fixture_execute (self, FETCH, NULL), ==, 0);
  g_assert_cmpuint (calls (self, "authenticate"), ==, 2);
  reconnect (self);
  g_object_set (self->interceptor, "service", NEBULA_SERVICE_OTHER, NULL);
  g_assert_cmpint (fixture_execute (self, FETCH, NULL), ==, -1002);
  g_assert_cmpuint (calls (self, "authenticate"), ==, 2);
  g_assert_cmpuint (calls (self, "verifyClientVersion"), ==, 1);
}

static void
test_text_untouched (Fixture *self, gconstpointer data)
{
  g_autofree char *kill = NULL;

  g_test_summary ("an id in the text of a statement is not replaced");
  fixture_use_space (self);
  nebula_mock_server_expire_sessions (self->server);
  g_assert_cmpint (fixture_execute (self, INSERT, NULL), ==, 0);
  kill = g_strdup_printf ("KILL SESSION %" G_GINT64_FORMAT, self->session);
  fixture_execute (self, kill, NULL);
  g_assert_cmpuint (nebula_mock_server_get_received (self->server, kill), ==, 1);
}

static void
test_id_again (Fixture *self, gconstpointer data)
{
  g_test_summary ("an id that authenticate answers is a new session, whatever it was before");
  fixture_use_space (self);
  g_assert_true (sign_out (self));
  g_assert_true (nebula_mock_server_wait_for_calls (self->server, "signout", 1));
  g_assert_cmpint (fixture_execute (self, "YIELD 1", NULL), ==, -1002);
  nebula_cluster_add_session (self->cluster, self->session, "root", "nebula", "test");
  g_assert_cmpint (fixture_execute (self, INSERT, NULL), ==, 0);
  g_assert_cmpint (fixture_get_number (self, "v", "n"), ==, 1);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  fixture_add ("/sign-out/renewed", test_renewed);
  fixture_add ("/sign-out/dead", test_dead);
  fixture_add ("/sign-out/dead-though-alive", test_dead_though_alive);
  fixture_add ("/sign-out/not-sent", test_not_sent);
  fixture_add ("/sign-out/replaced", test_replaced);
  fixture_add ("/sign-out/not-lost", test_not_lost);
  fixture_add ("/sign-out/other-service", test_other_service);
  fixture_add ("/sign-out/text-untouched", test_text_untouched);
  fixture_add ("/sign-out/id-again", test_id_again);
  return g_test_run ();
}
