/* SPDX-License-Identifier: Apache-2.0 */
#include "nebula-fixture.h"

/*
 * The rules that keep data safe, counted where it matters: in the server's ledger.
 */

#define COUNT_UP "UPDATE VERTEX ON t \"v\" SET n = n + 1"
#define COUNT_UP_EDGE "UPDATE EDGE ON e \"a\" -> \"b\" SET n = n + 1"
#define INSERT "INSERT VERTEX t(n) VALUES \"v\":(1)"
#define FETCH "FETCH PROP ON t \"v\" YIELD properties(vertex).n"
#define BUFFER_FULL "Storage Error: Part 3 raft buffer is full. Please retry later."
#define RPC_FAILURE "Storage Error: RPC failure, probably timeout."

static void
start_with_vertex (Fixture *self)
{
  fixture_use_space (self);
  g_assert_cmpint (fixture_execute (self, INSERT, NULL), ==, 0);
}

/* Runs a statement that is answered so once, and tells how often the server got it. */
static guint
received_after (Fixture *self, const char *statement, gint32 code, const char *message)
{
  guint before = nebula_mock_server_get_received (self->server, statement);

  nebula_mock_server_clear_faults (self->server);
  fixture_fault_code (self, statement, 1, code, message);
  fixture_execute (self, statement, NULL);
  return nebula_mock_server_get_received (self->server, statement) - before;
}

static void
test_rule_1 (Fixture *self, gconstpointer data)
{
  g_test_summary ("a storage error is PART at least; exactly one UPDATE VERTEX lifts it to NONE");
  start_with_vertex (self);

  g_assert_cmpuint (received_after (self, COUNT_UP, -1005, BUFFER_FULL), ==, 2);
  g_assert_cmpint (fixture_get_number (self, "v", "n"), ==, 2);

  g_assert_cmpuint (received_after (self, COUNT_UP ";" COUNT_UP, -1005, BUFFER_FULL), ==, 1);
  g_assert_cmpint (fixture_get_last_decision (self).reason, ==, NEBULA_REASON_EFFECT_UNKNOWN);
  g_assert_cmpint (fixture_get_number (self, "v", "n"), ==, 2);

  g_assert_cmpuint (received_after (self, COUNT_UP_EDGE, -1005, BUFFER_FULL), ==, 1);
  g_assert_cmpuint (received_after (self, COUNT_UP, -1005, RPC_FAILURE), ==, 1);
  g_assert_cmpint (fixture_get_number (self, "v", "n"), ==, 2);
}

static void
test_rule_2 (Fixture *self, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  g_test_summary (
    "a request that the server has not read whole, but the kernel took, may be applied");
  start_with_vertex (self);
  fixture_fault (self, NEBULA_MOCK_FAULT_CLOSE_BEFORE_APPLY, COUNT_UP, 1, 1);
  g_assert_cmpint (fixture_execute (self, COUNT_UP, &error), ==, FIXTURE_NO_REPLY);
  g_assert_error (error, NEBULA_ERROR, NEBULA_ERROR_RETRYABLE);
  g_assert_true (nebula_error_may_have_been_applied (error));
  g_assert_cmpint (nebula_error_get_code (error), ==, -1);
  g_assert_cmpuint (nebula_mock_server_get_received (self->server, COUNT_UP), ==, 1);
}

static void
test_rule_3 (Fixture *self, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  g_test_summary (
    "a connection that the server closed while idle costs nothing: even n + 1 is sent");
  start_with_vertex (self);
  nebula_mock_server_close_connections (self->server);
  g_assert_true (nebula_mock_server_wait_for_connections_closed (self->server));

  g_assert_cmpint (fixture_execute (self, COUNT_UP, &error), ==, 0);
  g_assert_no_error (error);
  g_assert_cmpuint (nebula_mock_server_get_applied (self->server, COUNT_UP), ==, 1);
  g_assert_cmpint (fixture_get_number (self, "v", "n"), ==, 2);
  g_assert_cmpuint (fixture_get_attempts (self), ==, 1);
}

static void
test_rule_3_idle (Fixture *self, gconstpointer data)
{
  guint connections;

  g_test_summary ("a connection that was idle for five minutes is replaced before it is used");
  start_with_vertex (self);
  connections = nebula_mock_server_get_connections (self->server);
  nebula_manual_clock_advance (self->clock, 5 * 60 * G_TIME_SPAN_SECOND - 1);
  g_assert_cmpint (fixture_execute (self, FETCH, NULL), ==, 0);
  g_assert_cmpuint (nebula_mock_server_get_connections (self->server), ==, connections);
  nebula_manual_clock_advance (self->clock, 5 * 60 * G_TIME_SPAN_SECOND);
  g_assert_cmpint (fixture_execute (self, FETCH, NULL), ==, 0);
  g_assert_cmpuint (nebula_mock_server_get_connections (self->server), ==, connections + 1);
}

static void
test_rule_4 (Fixture *self, gconstpointer data)
{
  static const struct
  {
    const char *statement;
    guint received;
  } cases[] = {
    { FETCH, 2 },
    { INSERT, 1 },
    { COUNT_UP, 1 },
  };

  g_test_summary ("after our own time-out only what reads is sent again");
  fixture_use_real_time (self);
  start_with_vertex (self);
  fixture_set_policy (self, "attempt-timeout", (gint64) (500 * G_TIME_SPAN_MILLISECOND), NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GError) error = NULL;
      guint before = nebula_mock_server_get_received (self->server, cases[i].statement);
      gint32 code;

      fixture_fault (self, NEBULA_MOCK_FAULT_SILENCE, cases[i].statement, 1, 1);
      code = fixture_execute (self, cases[i].statement, &error);
      g_assert_cmpuint (nebula_mock_server_get_received (self->server, cases[i].statement) - before,
                        ==, cases[i].received);
      g_assert_cmpint (code, ==, cases[i].received == 2 ? 0 : FIXTURE_NO_REPLY);
      g_assert_cmpint (fixture_get_last_cause (self), ==, NEBULA_CAUSE_TIMEOUT);
    }
}

static void
test_rule_4_broken (Fixture *self, gconstpointer data)
{
  g_test_summary ("after a broken connection what is idempotent is sent again too");
  start_with_vertex (self);
  fixture_fault (self, NEBULA_MOCK_FAULT_CLOSE_AFTER_APPLY, INSERT, 1, 1);
  g_assert_cmpint (fixture_execute (self, INSERT, NULL), ==, 0);
  g_assert_cmpuint (nebula_mock_server_get_applied (self->server, INSERT), ==, 3);
  g_assert_cmpint (fixture_get_number (self, "v", "n"), ==, 1);

  fixture_fault (self, NEBULA_MOCK_FAULT_CLOSE_AFTER_APPLY, COUNT_UP, 1, 1);
  g_assert_cmpint (fixture_execute (self, COUNT_UP, NULL), ==, FIXTURE_NO_REPLY);
  g_assert_cmpuint (nebula_mock_server_get_applied (self->server, COUNT_UP), ==, 1);
  g_assert_cmpint (fixture_get_number (self, "v", "n"), ==, 2);
}

static void
test_rule_5 (Fixture *self, gconstpointer data)
{
  static const char create[] = "CREATE SPACE third";

  g_test_summary (
    "what fails harmlessly the second time is sent again only when the policy says so");
  fixture_log_in (self);
  fixture_fault (self, NEBULA_MOCK_FAULT_CLOSE_AFTER_APPLY, create, 1, 2);
  g_assert_cmpint (fixture_execute (self, create, NULL), ==, FIXTURE_NO_REPLY);
  g_assert_cmpuint (nebula_mock_server_get_received (self->server, create), ==, 1);

  fixture_set_policy (self, "replay", NEBULA_REPLAY_CONVERGENT, NULL);
  g_assert_cmpint (fixture_execute (self, create, NULL), ==, -1005);
  g_assert_cmpuint (nebula_mock_server_get_received (self->server, create), ==, 3);
}

static void
test_rule_6 (Fixture *self, gconstpointer data)
{
  static const char exceeded[] = "GraphMemoryExceeded: (-2600)";

  g_test_summary ("a query that exhausts memory gets two attempts, and only when it reads");
  start_with_vertex (self);
  fixture_fault_code (self, FETCH, 0, -1005, exceeded);
  fixture_fault_code (self, INSERT, 0, -1005, exceeded);
  g_assert_cmpint (fixture_execute (self, FETCH, NULL), ==, -1005);
  g_assert_cmpuint (nebula_mock_server_get_received (self->server, FETCH), ==, 2);
  g_assert_cmpint (fixture_get_last_decision (self).reason, ==, NEBULA_REASON_ATTEMPTS);
  g_assert_cmpint (fixture_execute (self, INSERT, NULL), ==, -1005);
  g_assert_cmpuint (nebula_mock_server_get_received (self->server, INSERT), ==, 2);
}

static void
test_rule_7 (Fixture *self, gconstpointer data)
{
  g_test_summary ("a partial result is handed over at once");
  start_with_vertex (self);
  fixture_fault_code (self, FETCH, 0, -1011, "");
  g_assert_cmpint (fixture_execute (self, FETCH, NULL), ==, -1011);
  g_assert_cmpuint (nebula_mock_server_get_received (self->server, FETCH), ==, 1);
  g_assert_cmpint (fixture_get_last_decision (self).reason, ==, NEBULA_REASON_PARTIAL);
}

static void
test_rule_8 (Fixture *self, gconstpointer data)
{
  static const NebulaMockFaultKind kinds[] = {
    NEBULA_MOCK_FAULT_WRONG_SEQUENCE,
    NEBULA_MOCK_FAULT_CLOSE_IN_REPLY,
    NEBULA_MOCK_FAULT_BAD_STRING,
    NEBULA_MOCK_FAULT_GARBAGE,
  };

  g_test_summary (
    "after an answer that is none the connection is closed, and the next call is right");
  start_with_vertex (self);
  for (gsize i = 0; i < G_N_ELEMENTS (kinds); i++)
    {
      guint connections = nebula_mock_server_get_connections (self->server);
      g_autofree char *insert = g_strdup_printf (
        "INSERT VERTEX t(n) VALUES \"w%" G_GSIZE_FORMAT "\":(%" G_GSIZE_FORMAT ")", i, i);
      g_autofree char *vertex = g_strdup_printf ("w%" G_GSIZE_FORMAT, i);

      nebula_mock_server_clear_faults (self->server);
      fixture_fault (self, kinds[i], COUNT_UP, 1, 1);
      g_assert_cmpint (fixture_execute (self, COUNT_UP, NULL), ==, FIXTURE_NO_REPLY);
      g_assert_cmpint (fixture_execute (self, insert, NULL), ==, 0);
      g_assert_cmpuint (nebula_mock_server_get_connections (self->server), ==, connections + 1);
      g_assert_cmpint (fixture_get_number (self, vertex, "n"), ==, i);
    }
  g_assert_cmpuint (nebula_mock_server_get_applied (self->server, COUNT_UP), ==,
                    G_N_ELEMENTS (kinds));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  fixture_add ("/rules/1-storage-errors", test_rule_1);
  fixture_add ("/rules/2-taken-is-maybe", test_rule_2);
  fixture_add ("/rules/3-closed-while-idle", test_rule_3);
  fixture_add ("/rules/3-idle-time", test_rule_3_idle);
  fixture_add ("/rules/4-time-out", test_rule_4);
  fixture_add ("/rules/4-broken-connection", test_rule_4_broken);
  fixture_add ("/rules/5-convergent", test_rule_5);
  fixture_add ("/rules/6-memory", test_rule_6);
  fixture_add ("/rules/7-partial", test_rule_7);
  fixture_add ("/rules/8-connection-closed", test_rule_8);
  return g_test_run ();
}
