/* SPDX-License-Identifier: Apache-2.0 */
#include "foreign-fixture.h"

/* The interceptor over a transport that the user brings: each test, over each kind of transport. */

#define COUNT_UP "UPDATE VERTEX ON t \"v\" SET n = n + 1"
#define INSERT "INSERT VERTEX t(n) VALUES \"v\":(1)"
#define FETCH "FETCH PROP ON t \"v\" YIELD properties(vertex).n"

/* Long enough for a loaded machine to answer what is answered, short enough to wait for. */
#define SHORT (100 * G_TIME_SPAN_MILLISECOND)

/* More than the buffers of two sockets hold. */
#define MUCH (16 * 1024 * 1024)

static void
start_with_vertex (Fixture *road)
{
  fixture_use_space (road);
  g_assert_cmpint (fixture_execute (road, INSERT, NULL), ==, 0);
}

static void
test_road (Foreign *self, gconstpointer data)
{
  g_autoptr (NebulaThriftExecutionResponse) response = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *json = NULL;

  g_test_summary ("a session, statements and 20,000 rows go through, on one connection");
  start_with_vertex (&self->road);
  g_assert_cmpint (fixture_execute (&self->road, COUNT_UP, NULL), ==, 0);
  g_assert_cmpint (fixture_get_number (&self->road, "v", "n"), ==, 2);
  json = fixture_execute_json (&self->road, FETCH, NULL);
  g_assert_nonnull (strstr (json, "\"code\":0"));
  response = fixture_query (&self->road, "YIELD rows(20000)", &error);
  g_assert_no_error (error);
  g_assert_cmpuint (response->data->rows->len, ==, 20000);
  g_assert_cmpuint (nebula_mock_server_get_connections (self->road.server), ==, 1);
}

static void
test_read (Foreign *self, gconstpointer data)
{
  static const NebulaMockFaultKind kinds[] = {
    NEBULA_MOCK_FAULT_CLOSE_BEFORE_APPLY,
    NEBULA_MOCK_FAULT_CLOSE_AFTER_APPLY,
    NEBULA_MOCK_FAULT_CLOSE_IN_REPLY,
  };

  g_test_summary ("a connection that breaks under a read is opened again, and the read repeated");
  start_with_vertex (&self->road);
  for (gsize i = 0; i < G_N_ELEMENTS (kinds); i++)
    {
      guint connections = nebula_mock_server_get_connections (self->road.server);
      g_autoptr (GError) error = NULL;

      nebula_mock_server_clear_faults (self->road.server);
      fixture_fault (&self->road, kinds[i], FETCH, 1, 2);
      g_assert_cmpint (fixture_execute (&self->road, FETCH, &error), ==, 0);
      g_assert_no_error (error);
      g_assert_cmpuint (fixture_get_attempts (&self->road), ==, 3);
      g_assert_cmpuint (nebula_mock_server_get_connections (self->road.server), ==,
                        connections + 2);
    }
}

static void
test_write (Foreign *self, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  g_test_summary ("a connection that breaks under n + 1: not repeated, and the caller is told");
  start_with_vertex (&self->road);
  fixture_fault (&self->road, NEBULA_MOCK_FAULT_CLOSE_AFTER_APPLY, COUNT_UP, 1, 1);
  g_assert_cmpint (fixture_execute (&self->road, COUNT_UP, &error), ==, FIXTURE_NO_REPLY);
  g_assert_error (error, NEBULA_ERROR, NEBULA_ERROR_RETRYABLE);
  g_assert_cmpint (nebula_error_get_code (error), ==, -1);
  g_assert_true (nebula_error_may_have_been_applied (error));
  g_assert_cmpuint (nebula_mock_server_get_applied (self->road.server, COUNT_UP), ==, 1);

  g_assert_cmpint (fixture_execute (&self->road, COUNT_UP, NULL), ==, 0);
  g_assert_cmpint (fixture_get_number (&self->road, "v", "n"), ==, 3);
}

/* n + 1 with so many spaces behind it that no buffer takes it whole. */
static char *
make_large_count_up (void)
{
  g_autofree char *spaces = g_strnfill (MUCH, ' ');

  return g_strconcat (COUNT_UP, spaces, NULL);
}

static void
test_unwritten (Foreign *self, gconstpointer data)
{
  g_autofree char *statement = make_large_count_up ();
  g_autoptr (GError) error = NULL;

  g_test_summary ("a request that could not be written may have been, over a foreign transport");
  start_with_vertex (&self->road);
  fixture_fault (&self->road, NEBULA_MOCK_FAULT_CLOSE_BEFORE_READ, NULL, 1, 1);
  g_assert_cmpint (fixture_execute (&self->road, statement, &error), ==, FIXTURE_NO_REPLY);
  g_assert_error (error, NEBULA_ERROR, NEBULA_ERROR_RETRYABLE);
  g_assert_true (nebula_error_may_have_been_applied (error));
  g_assert_cmpuint (nebula_error_get_attempts (error)->len, ==, 1);
  g_assert_cmpint (fixture_get_last_decision (&self->road).reason, ==,
                   NEBULA_REASON_EFFECT_UNKNOWN);
  g_assert_cmpint (fixture_get_number (&self->road, "v", "n"), ==, 1);
}

static void
test_unwritten_own (Fixture *road, gconstpointer data)
{
  g_autofree char *statement = make_large_count_up ();

  g_test_summary ("the same over a socket of ours is known not to have been sent, and sent again");
  start_with_vertex (road);
  fixture_fault (road, NEBULA_MOCK_FAULT_CLOSE_BEFORE_READ, NULL, 1, 1);
  /* It has arrived: graphd takes no statement of more than 4 MiB. */
  g_assert_cmpint (fixture_execute (road, statement, NULL), ==, -1004);
  g_assert_cmpuint (nebula_mock_server_get_connections (road->server), ==, 2);
}

static void
test_idle (Foreign *self, gconstpointer data)
{
  const ForeignKind *kind = data;
  g_autoptr (GError) error = NULL;
  gint32 code;

  g_test_summary ("closed while idle: where that can be seen it costs nothing, else n + 1 is lost");
  start_with_vertex (&self->road);
  nebula_mock_server_close_connections (self->road.server);
  g_assert_true (nebula_mock_server_wait_for_connections_closed (self->road.server));
  if (self->front != NULL)
    tls_front_wait_until_idle (self->front);
  code = fixture_execute (&self->road, COUNT_UP, &error);
  if (kind->sees_end)
    {
      g_assert_no_error (error);
      g_assert_cmpint (code, ==, 0);
      g_assert_cmpuint (fixture_get_attempts (&self->road), ==, 1);
      g_assert_cmpint (fixture_get_number (&self->road, "v", "n"), ==, 2);
      return;
    }
  g_assert_error (error, NEBULA_ERROR, NEBULA_ERROR_RETRYABLE);
  g_assert_true (nebula_error_may_have_been_applied (error));
  g_assert_cmpint (fixture_get_number (&self->road, "v", "n"), ==, 1);
}

static void
test_renewal (Foreign *self, gconstpointer data)
{
  g_test_summary ("a session that graphd lost is renewed, its space set, the statement repeated");
  start_with_vertex (&self->road);
  nebula_mock_server_expire_sessions (self->road.server);
  g_assert_cmpint (fixture_execute (&self->road, COUNT_UP, NULL), ==, 0);
  g_assert_cmpint (fixture_get_number (&self->road, "v", "n"), ==, 2);
  g_assert_cmpuint (nebula_mock_server_get_calls (self->road.server, "authenticate"), ==, 2);
  g_assert_cmpuint (nebula_mock_server_get_received (self->road.server, "USE `test`"), ==, 1);
}

static void
test_damaged (Foreign *self, gconstpointer data)
{
  static const NebulaMockFaultKind kinds[] = {
    NEBULA_MOCK_FAULT_GARBAGE,       NEBULA_MOCK_FAULT_WRONG_SEQUENCE,
    NEBULA_MOCK_FAULT_WRONG_METHOD,  NEBULA_MOCK_FAULT_OVERSIZE,
    NEBULA_MOCK_FAULT_NEGATIVE_SIZE, NEBULA_MOCK_FAULT_EMPTY_FRAME,
    NEBULA_MOCK_FAULT_BAD_STRING,    NEBULA_MOCK_FAULT_DEEP,
    NEBULA_MOCK_FAULT_NO_RESULT,
  };

  g_test_summary ("a damaged reply is an error that is not repeated, and the next call works");
  start_with_vertex (&self->road);
  for (gsize i = 0; i < G_N_ELEMENTS (kinds); i++)
    {
      g_autoptr (GError) error = NULL;
      guint received = nebula_mock_server_get_received (self->road.server, FETCH);

      nebula_mock_server_clear_faults (self->road.server);
      fixture_fault (&self->road, kinds[i], FETCH, 1, 1);
      g_assert_cmpint (fixture_execute (&self->road, FETCH, &error), ==, FIXTURE_NO_REPLY);
      g_assert_error (error, NEBULA_ERROR, NEBULA_ERROR_FATAL);
      g_assert_true (nebula_error_may_have_been_applied (error));
      g_assert_cmpuint (nebula_mock_server_get_received (self->road.server, FETCH), ==,
                        received + 1);
      g_assert_cmpint (fixture_execute (&self->road, FETCH, NULL), ==, 0);
    }
}

static void
test_total (Foreign *self, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  g_test_summary ("the total time-out ends a call that is not answered");
  foreign_use_real_time (self);
  start_with_vertex (&self->road);
  fixture_set_policy (&self->road, "total-timeout", (gint64) SHORT, NULL);
  fixture_fault (&self->road, NEBULA_MOCK_FAULT_SILENCE, COUNT_UP, 1, 0);
  g_assert_cmpint (fixture_execute (&self->road, COUNT_UP, &error), ==, FIXTURE_NO_REPLY);
  g_assert_error (error, NEBULA_ERROR, NEBULA_ERROR_RETRYABLE);
  g_assert_cmpint (nebula_error_get_code (error), ==, -3);
  g_assert_cmpint (fixture_get_last_cause (&self->road), ==, NEBULA_CAUSE_TIMEOUT);
  g_assert_true (nebula_error_may_have_been_applied (error));
}

static void
test_attempt (Foreign *self, gconstpointer data)
{
  g_autoptr (NebulaCallReport) report = NULL;
  g_autoptr (GError) error = NULL;
  NebulaAttempt *first;

  g_test_summary ("the time-out of an attempt ends the attempt; a read is repeated");
  /* The clock stands still, so each wait of a further attempt has all of the time. */
  start_with_vertex (&self->road);
  fixture_set_policy (&self->road, "attempt-timeout", (gint64) (5 * SHORT), NULL);
  fixture_fault (&self->road, NEBULA_MOCK_FAULT_SILENCE, FETCH, 1, 1);
  g_assert_cmpint (fixture_execute (&self->road, FETCH, &error), ==, 0);
  g_assert_no_error (error);
  g_assert_cmpuint (nebula_mock_server_get_received (self->road.server, FETCH), ==, 2);
  report = nebula_interceptor_get_last_report (self->road.interceptor);
  first = nebula_call_report_get_failures (report)->pdata[0];
  g_assert_cmpint (nebula_outcome_get_cause (nebula_attempt_get_outcome (first)), ==,
                   NEBULA_CAUSE_TIMEOUT);
}

typedef struct
{
  NebulaMockServer *server;
  GCancellable *cancellable;
} Canceller;

static gpointer
cancel_when_called (gpointer data)
{
  Canceller *canceller = data;

  /* USE, INSERT, and the one that is not answered. */
  g_assert_true (nebula_mock_server_wait_for_calls (canceller->server, "execute", 3));
  g_cancellable_cancel (canceller->cancellable);
  return NULL;
}

static void
test_cancelled (Foreign *self, gconstpointer data)
{
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  Canceller canceller = { self->road.server, cancellable };
  g_autoptr (GError) error = NULL;
  GThread *thread;

  g_test_summary ("a cancellable ends a call that waits; the next one works");
  foreign_use_real_time (self);
  start_with_vertex (&self->road);
  nebula_interceptor_set_cancellable (self->road.interceptor, cancellable);
  fixture_fault (&self->road, NEBULA_MOCK_FAULT_SILENCE, COUNT_UP, 1, 0);
  thread = g_thread_new ("cancel", cancel_when_called, &canceller);
  g_assert_cmpint (fixture_execute (&self->road, COUNT_UP, &error), ==, FIXTURE_NO_REPLY);
  g_thread_join (thread);
  g_assert_error (error, NEBULA_ERROR, NEBULA_ERROR_CANCELLED);
  g_assert_true (nebula_error_may_have_been_applied (error));

  g_cancellable_reset (cancellable);
  g_assert_cmpint (fixture_execute (&self->road, "YIELD 1", NULL), ==, 0);
}

static void
test_cancelled_before (Foreign *self, gconstpointer data)
{
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GError) error = NULL;

  g_test_summary ("what was cancelled before the first byte was written has done nothing");
  start_with_vertex (&self->road);
  nebula_interceptor_set_cancellable (self->road.interceptor, cancellable);
  g_cancellable_cancel (cancellable);
  g_assert_cmpint (fixture_execute (&self->road, COUNT_UP, &error), ==, FIXTURE_NO_REPLY);
  g_assert_error (error, NEBULA_ERROR, NEBULA_ERROR_CANCELLED);
  g_assert_false (nebula_error_may_have_been_applied (error));
  g_cancellable_reset (cancellable);
  g_assert_cmpint (fixture_get_number (&self->road, "v", "n"), ==, 1);
}

static void
test_open_before (Foreign *self, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  g_test_summary ("a transport that is open already is used as it is; close closes it");
  g_assert_true (thrift_transport_open (self->transport, &error));
  g_assert_no_error (error);
  start_with_vertex (&self->road);
  g_assert_cmpuint (nebula_mock_server_get_connections (self->road.server), ==, 1);
  g_assert_true (thrift_transport_close (THRIFT_TRANSPORT (self->road.interceptor), &error));
  g_assert_no_error (error);
  g_assert_false (thrift_transport_is_open (self->transport));
  g_assert_true (nebula_mock_server_wait_for_connections_closed (self->road.server));

  fixture_open (&self->road);
  g_assert_true (thrift_transport_is_open (self->transport));
  g_assert_cmpint (fixture_execute (&self->road, FETCH, NULL), ==, 0);
}

static void
test_lives_on (Foreign *self, gconstpointer data)
{
  g_test_summary ("the transport outlives its interceptor, closed, and serves a second one");
  start_with_vertex (&self->road);
  fixture_connect (&self->road, nebula_interceptor_new (self->road.cluster));
  g_assert_cmpuint (G_OBJECT (self->transport)->ref_count, ==, 1);
  g_assert_false (thrift_transport_is_open (self->transport));
  g_assert_true (nebula_mock_server_wait_for_connections_closed (self->road.server));

  fixture_connect (&self->road, foreign_make_interceptor (self));
  fixture_open (&self->road);
  g_assert_cmpint (fixture_execute (&self->road, COUNT_UP, NULL), ==, 0);
  g_assert_cmpint (fixture_get_number (&self->road, "v", "n"), ==, 2);
}

static const struct
{
  const char *name;
  void (*run) (Foreign *self, gconstpointer data);
  gboolean needs_time;
} tests[] = {
  { "road", test_road, FALSE },
  { "broken-read", test_read, FALSE },
  { "broken-write", test_write, FALSE },
  { "unwritten", test_unwritten, FALSE },
  { "closed-while-idle", test_idle, FALSE },
  { "renewal", test_renewal, FALSE },
  { "damaged", test_damaged, FALSE },
  { "total-time", test_total, TRUE },
  { "attempt-time", test_attempt, TRUE },
  { "cancelled", test_cancelled, TRUE },
  { "cancelled-before", test_cancelled_before, FALSE },
  { "open-before", test_open_before, FALSE },
  { "lives-on", test_lives_on, FALSE },
};

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  foreign_init ();
  for (guint i = 0; i < foreign_n_kinds; i++)
    for (gsize j = 0; j < G_N_ELEMENTS (tests); j++)
      {
        g_autofree char *path = g_strdup_printf ("/foreign/%s/%s", foreign_kinds[i].name,
                                                 tests[j].name);

        if (!tests[j].needs_time || foreign_kinds[i].keeps_time)
          g_test_add (path, Foreign, &foreign_kinds[i], foreign_set_up, tests[j].run,
                      foreign_tear_down);
      }
  fixture_add ("/foreign/own/unwritten", test_unwritten_own);
  return g_test_run ();
}
