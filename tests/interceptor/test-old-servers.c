/* SPDX-License-Identifier: Apache-2.0 */
#include "nebula-fixture.h"

/* Servers whose numbers mean something else than today: the policy says how old they are. */

#define FETCH "FETCH PROP ON t \"v\" YIELD properties(vertex).n"

static void
test_session (Fixture *self, gconstpointer data)
{
  g_test_summary ("-5 of graphd 2.0 is a session that is gone: it is renewed");
  fixture_set_policy (self, "server-version", "2.0", NULL);
  fixture_use_space (self);
  fixture_fault_code (self, FETCH, 1, -5, "Invalid session id");
  g_assert_cmpint (fixture_execute (self, FETCH, NULL), ==, 0);
  g_assert_cmpuint (nebula_mock_server_get_calls (self->server, "authenticate"), ==, 2);
}

static void
test_session_today (Fixture *self, gconstpointer data)
{
  g_test_summary ("-5 of today is a space that does not exist: it is handed over");
  fixture_use_space (self);
  fixture_fault_code (self, FETCH, 1, -5, "Invalid session id");
  g_assert_cmpint (fixture_execute (self, FETCH, NULL), ==, -5);
  g_assert_cmpint (fixture_get_last_cause (self), ==, NEBULA_CAUSE_NOT_FOUND);
  g_assert_cmpuint (nebula_mock_server_get_calls (self->server, "authenticate"), ==, 1);
}

static void
test_login (Fixture *self, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (NebulaMockFault) plain = NULL;
  g_autoptr (NebulaMockFault) fault = NULL;

  g_test_summary ("the renewal itself is read by the version too: -13 of 2.0 is worth a retry");
  fixture_set_policy (self, "server-version", "2.0", NULL);
  fixture_use_space (self);
  nebula_mock_server_expire_sessions (self->server);
  plain = nebula_mock_fault_new (NEBULA_MOCK_FAULT_CODE, "authenticate", NULL, 1, 1);
  fault = nebula_mock_fault_with_code (plain, -13, "Too many connections in the cluster");
  nebula_mock_server_add_fault (self->server, fault);
  g_assert_cmpint (fixture_execute (self, FETCH, &error), ==, 0);
  g_assert_no_error (error);
  g_assert_cmpuint (nebula_mock_server_get_calls (self->server, "authenticate"), ==, 3);
}

static void
test_text (Fixture *self, gconstpointer data)
{
  static const char text[] = "Storage Error: part: 1, error: E_ATOMIC_OP_FAILED(-3009).";

  g_test_summary ("numbers in a text are read by the version: -3009 of 2.6 is a conflict");
  fixture_use_space (self);
  fixture_fault_code (self, FETCH, 1, -1005, text);
  g_assert_cmpint (fixture_execute (self, FETCH, NULL), ==, -1005);
  g_assert_cmpint (fixture_get_last_cause (self), ==, NEBULA_CAUSE_UNKNOWN);

  fixture_set_policy (self, "server-version", "2.6", NULL);
  fixture_fault_code (self, FETCH, 1, -1005, text);
  g_assert_cmpint (fixture_execute (self, FETCH, NULL), ==, 0);
  g_assert_cmpuint (fixture_get_attempts (self), ==, 2);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  fixture_add ("/old-servers/session", test_session);
  fixture_add ("/old-servers/session-today", test_session_today);
  fixture_add ("/old-servers/login", test_login);
  fixture_add ("/old-servers/text", test_text);
  return g_test_run ();
}
