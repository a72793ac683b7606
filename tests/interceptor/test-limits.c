/* SPDX-License-Identifier: Apache-2.0 */
#include "nebula-fixture.h"

#include <glib/gstdio.h>
#include <unistd.h>

/* How a call ends when nobody answers, and the kinds of addresses it can go to. */

#define COUNT_UP "UPDATE VERTEX ON t \"v\" SET n = n + 1"
#define FETCH "FETCH PROP ON t \"v\" YIELD properties(vertex).n"

/* Long enough for a loaded machine to answer what is answered, short enough to wait for. */
#define SHORT (100 * G_TIME_SPAN_MILLISECOND)

static void
silence (Fixture *self, const char *statement)
{
  fixture_fault (self, NEBULA_MOCK_FAULT_SILENCE, statement, 1, 0);
}

static void
test_total (Fixture *self, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  g_test_summary ("the total time-out ends a call that is not answered");
  fixture_use_real_time (self);
  fixture_use_space (self);
  fixture_set_policy (self, "total-timeout", (gint64) SHORT, NULL);
  silence (self, COUNT_UP);
  g_assert_cmpint (fixture_execute (self, COUNT_UP, &error), ==, FIXTURE_NO_REPLY);
  g_assert_error (error, NEBULA_ERROR, NEBULA_ERROR_RETRYABLE);
  g_assert_cmpint (nebula_error_get_code (error), ==, -3);
  g_assert_cmpint (nebula_outcome_get_cause (nebula_error_get_outcome (error)), ==,
                   NEBULA_CAUSE_TIMEOUT);
  g_assert_true (nebula_error_may_have_been_applied (error));
}

static void
test_deadline (Fixture *self, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  g_test_summary ("the program's own deadline ends a call, though the policy allows more");
  fixture_use_real_time (self);
  fixture_use_space (self);
  fixture_set_policy (self, "total-timeout", (gint64) 0, NULL);
  silence (self, COUNT_UP);
  nebula_interceptor_set_deadline (self->interceptor, g_get_monotonic_time () + SHORT);
  g_assert_cmpint (fixture_execute (self, COUNT_UP, &error), ==, FIXTURE_NO_REPLY);
  g_assert_cmpint (nebula_error_get_code (error), ==, -3);
  g_assert_true (nebula_error_may_have_been_applied (error));
}

static void
test_deadline_over (Fixture *self, gconstpointer data)
{
  gint64 now;
  g_autoptr (GError) error = NULL;

  g_test_summary ("after the deadline nothing is sent, until another one is set");
  fixture_use_space (self);
  now = nebula_clock_get_now (NEBULA_CLOCK (self->clock));
  nebula_interceptor_set_deadline (self->interceptor, now);
  g_assert_cmpint (fixture_execute (self, COUNT_UP, &error), ==, FIXTURE_NO_REPLY);
  g_assert_error (error, NEBULA_ERROR, NEBULA_ERROR_RETRYABLE);
  g_assert_false (nebula_error_may_have_been_applied (error));
  g_assert_cmpuint (nebula_mock_server_get_received (self->server, COUNT_UP), ==, 0);
  nebula_interceptor_set_deadline (self->interceptor, now + G_TIME_SPAN_MINUTE);
  g_assert_cmpint (fixture_execute (self, "YIELD 1", NULL), ==, 0);
  nebula_interceptor_set_deadline (self->interceptor, G_MAXINT64);
  g_assert_cmpint (fixture_execute (self, "YIELD 1", NULL), ==, 0);
}

static void
test_no_wait_past_own_deadline (Fixture *self, gconstpointer data)
{
  gint64 now;

  g_test_summary ("a retry that could not start before the program's own deadline is not made");
  fixture_use_space (self);
  fixture_set_policy (self, "total-timeout", (gint64) 0, "slow-initial", (gint64) G_TIME_SPAN_DAY,
                      "slow-maximum", (gint64) G_TIME_SPAN_DAY, NULL);
  fixture_fault_code (self, FETCH, 0, -1005, "Not ready!");
  now = nebula_clock_get_now (NEBULA_CLOCK (self->clock));
  nebula_interceptor_set_deadline (self->interceptor, now + 20 * G_TIME_SPAN_SECOND);
  g_assert_cmpint (fixture_execute (self, FETCH, NULL), ==, -1005);
  g_assert_cmpint (fixture_get_last_decision (self).reason, ==, NEBULA_REASON_DEADLINE);
}

static void
test_attempt (Fixture *self, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  g_test_summary ("the time-out of an attempt ends the attempt; each further one has its own");
  fixture_use_real_time (self);
  fixture_use_space (self);
  fixture_set_policy (self, "attempt-timeout", (gint64) (5 * SHORT), "max-attempts", 3u, NULL);
  silence (self, FETCH);
  g_assert_cmpint (fixture_execute (self, FETCH, &error), ==, FIXTURE_NO_REPLY);
  g_assert_cmpuint (nebula_error_get_attempts (error)->len, ==, 3);
  g_assert_cmpint (fixture_get_last_decision (self).reason, ==, NEBULA_REASON_ATTEMPTS);
  g_assert_cmpuint (nebula_mock_server_get_received (self->server, FETCH), ==, 3);
}

static void
test_no_wait_past_deadline (Fixture *self, gconstpointer data)
{
  g_test_summary ("a retry that could not start before the deadline is not waited for");
  fixture_use_space (self);
  fixture_set_policy (self, "total-timeout", (gint64) (20 * G_TIME_SPAN_SECOND), "slow-initial",
                      (gint64) G_TIME_SPAN_DAY, "slow-maximum", (gint64) G_TIME_SPAN_DAY, NULL);
  fixture_fault_code (self, FETCH, 0, -1005, "Not ready!");
  g_assert_cmpint (fixture_execute (self, FETCH, NULL), ==, -1005);
  g_assert_cmpint (fixture_get_last_decision (self).reason, ==, NEBULA_REASON_DEADLINE);
  g_assert_cmpint (nebula_manual_clock_get_waited (self->clock), ==, 0);
}

static void
test_silent_connect (Fixture *self, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (NebulaMockFault) fault = NULL;

  g_test_summary ("a handshake that is not answered ends with the time of the attempt");
  fixture_use_real_time (self);
  fixture_set_policy (self, "attempt-timeout", (gint64) SHORT, NULL);
  fault = nebula_mock_fault_new (NEBULA_MOCK_FAULT_SILENCE, "verifyClientVersion", NULL, 1, 0);
  nebula_mock_server_add_fault (self->server, fault);
  fixture_open (self);
  g_assert_cmpint (fixture_authenticate (self, "nebula", &error), ==, FIXTURE_NO_REPLY);
  g_assert_false (nebula_error_may_have_been_applied (error));
  g_assert_cmpuint (nebula_mock_server_get_calls (self->server, "authenticate"), ==, 0);
}

static void
test_policy_of_method (Fixture *self, gconstpointer data)
{
  static const char json[] =
    "{\"methodConfig\": [{\"name\": [{\"service\": \"GraphService\", \"method\": \"execute\"}],"
    " \"retryPolicy\": {\"maxAttempts\": 2, \"initialBackoff\": \"0.01s\", \"maxBackoff\": \"1s\","
    " \"backoffMultiplier\": 2, \"retryableStatusCodes\": [\"UNAVAILABLE\"]}}]}";
  g_autoptr (NebulaRetryPolicy) policy = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *reply = NULL;

  g_test_summary ("what a policy file says of one method holds for that method only");
  fixture_use_space (self);
  policy = nebula_retry_policy_new_from_json (json, -1, &error);
  g_assert_no_error (error);
  nebula_cluster_set_policy (self->cluster, policy);
  fixture_fault_code (self, FETCH, 0, -1005, "Not ready!");
  g_assert_cmpint (fixture_execute (self, FETCH, NULL), ==, -1005);
  g_assert_cmpuint (fixture_get_attempts (self), ==, 2);
  reply = fixture_execute_json (self, FETCH, NULL);
  g_assert_cmpuint (fixture_get_attempts (self), ==, 4);
  g_assert_cmpint (fixture_execute (self, FETCH, NULL), ==, -1005);
  g_assert_cmpuint (fixture_get_attempts (self), ==, 2);
}

typedef struct
{
  NebulaMockServer *server;
  GCancellable *cancellable;
  const char *method;
  guint calls;
} Canceller;

static gpointer
cancel_when_called (gpointer data)
{
  Canceller *canceller = data;

  g_assert_true (nebula_mock_server_wait_for_calls (canceller->server, canceller->method,
                                                    canceller->calls));
  g_cancellable_cancel (canceller->cancellable);
  return NULL;
}

static void
test_cancelled_in_flight (Fixture *self, gconstpointer data)
{
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GError) error = NULL;
  Canceller canceller = { self->server, cancellable, "execute", 2 };
  GThread *thread;

  g_test_summary ("a cancellable ends a call that waits; it may have been applied; the next one works");
  fixture_use_real_time (self);
  fixture_use_space (self);
  nebula_interceptor_set_cancellable (self->interceptor, cancellable);
  silence (self, COUNT_UP);
  thread = g_thread_new ("cancel", cancel_when_called, &canceller);
  g_assert_cmpint (fixture_execute (self, COUNT_UP, &error), ==, FIXTURE_NO_REPLY);
  g_thread_join (thread);
  g_assert_error (error, NEBULA_ERROR, NEBULA_ERROR_CANCELLED);
  g_assert_true (nebula_error_may_have_been_applied (error));

  g_cancellable_reset (cancellable);
  g_assert_cmpint (fixture_execute (self, "YIELD 1", NULL), ==, 0);
}

static void
let_time_pass (NebulaInterceptor *interceptor, NebulaAttempt *attempt, gpointer clock)
{
  nebula_manual_clock_advance (clock, 130 * G_TIME_SPAN_SECOND);
}

static void
test_stopped (Fixture *self, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  g_test_summary ("a process that stood still between two attempts sends nothing after the deadline");
  fixture_make_vertex (self);
  fixture_fault_code (self, COUNT_UP, 1, -1010, "overloaded");
  nebula_interceptor_set_attempt_func (self->interceptor, let_time_pass, self->clock, NULL);
  g_assert_cmpint (fixture_execute (self, COUNT_UP, &error), ==, FIXTURE_NO_REPLY);
  g_assert_error (error, NEBULA_ERROR, NEBULA_ERROR_RETRYABLE);
  g_assert_cmpint (nebula_error_get_code (error), ==, -1010);
  g_assert_false (nebula_error_may_have_been_applied (error));
  g_assert_cmpint (fixture_get_last_decision (self).reason, ==, NEBULA_REASON_DEADLINE);
  nebula_interceptor_set_attempt_func (self->interceptor, NULL, NULL, NULL);
  g_assert_cmpint (fixture_get_number (self, "v", "n"), ==, 1);
}

static void
test_cancelled_before (Fixture *self, gconstpointer data)
{
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GError) error = NULL;

  g_test_summary ("a call that is cancelled before it begins sends nothing");
  fixture_use_space (self);
  nebula_interceptor_set_cancellable (self->interceptor, cancellable);
  g_cancellable_cancel (cancellable);
  g_assert_cmpint (fixture_execute (self, COUNT_UP, &error), ==, FIXTURE_NO_REPLY);
  g_assert_error (error, NEBULA_ERROR, NEBULA_ERROR_CANCELLED);
  g_assert_false (nebula_error_may_have_been_applied (error));
  g_assert_cmpuint (nebula_mock_server_get_received (self->server, COUNT_UP), ==, 0);

  /* The connection is as good as before. */
  g_cancellable_reset (cancellable);
  g_assert_cmpint (fixture_execute (self, "YIELD 1", NULL), ==, 0);
  g_assert_cmpuint (nebula_mock_server_get_connections (self->server), ==, 1);
}

static void
cancel_at_attempt (NebulaInterceptor *interceptor, NebulaAttempt *attempt, gpointer user_data)
{
  g_cancellable_cancel (user_data);
}

static void
test_cancelled_waiting (Fixture *self, gconstpointer data)
{
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GError) error = NULL;

  g_test_summary ("a cancellable ends the wait between two attempts");
  fixture_use_real_time (self);
  fixture_use_space (self);
  fixture_set_policy (self, "slow-initial", (gint64) G_TIME_SPAN_HOUR, "slow-maximum",
                      (gint64) G_TIME_SPAN_HOUR, "total-timeout", (gint64) 0, NULL);
  fixture_fault_code (self, FETCH, 0, -1005, "Not ready!");
  nebula_interceptor_set_cancellable (self->interceptor, cancellable);
  nebula_interceptor_set_attempt_func (self->interceptor, cancel_at_attempt, cancellable, NULL);
  g_assert_cmpint (fixture_execute (self, FETCH, &error), ==, FIXTURE_NO_REPLY);
  g_assert_error (error, NEBULA_ERROR, NEBULA_ERROR_CANCELLED);
  g_assert_false (nebula_error_may_have_been_applied (error));
  g_assert_cmpuint (nebula_error_get_attempts (error)->len, ==, 2);
}

/* Talks to a server of its own at @host, through the endpoint @format (with the port). */
static void
check_endpoint (Fixture *self, const char *host, const char *format)
{
  g_autoptr (NebulaMockServer) server = nebula_mock_server_new ();
  g_autoptr (NebulaCluster) cluster = NULL;
  g_autofree char *endpoint = NULL;
  g_autoptr (GError) error = NULL;

  if (!nebula_mock_server_start (server, host, 0, &error))
    {
      g_test_skip (error->message);
      return;
    }
  endpoint = g_strdup_printf ("%s:%u", format, nebula_mock_server_get_port (server));
  cluster = nebula_cluster_new (endpoint, &error);
  g_assert_no_error (error);
  fixture_connect (self, nebula_interceptor_new (cluster));
  fixture_log_in (self);
  g_assert_cmpint (fixture_execute (self, "YIELD 1", NULL), ==, 0);
  fixture_connect (self, nebula_interceptor_new (self->cluster));
  nebula_mock_server_stop (server);
}

static void
test_ipv6 (Fixture *self, gconstpointer data)
{
  g_test_summary ("an endpoint may be an IPv6 address");
  check_endpoint (self, "::1", "[::1]");
}

static void
test_name (Fixture *self, gconstpointer data)
{
  g_test_summary ("an endpoint may be a name; the first of its addresses that answers is used");
  check_endpoint (self, "127.0.0.1", "localhost");
}

static void
test_unix (Fixture *self, gconstpointer data)
{
  g_autoptr (NebulaMockServer) server = nebula_mock_server_new ();
  g_autoptr (NebulaCluster) cluster = NULL;
  g_autofree char *folder = g_dir_make_tmp ("nebula-XXXXXX", NULL);
  g_autofree char *path = g_build_filename (folder, "graphd", NULL);
  g_autofree char *endpoint = g_strconcat ("unix:", path, NULL);
  g_autoptr (GError) error = NULL;

  g_test_summary ("an endpoint may be a Unix socket");
  nebula_mock_server_start_unix (server, path, &error);
  g_assert_no_error (error);
  cluster = nebula_cluster_new (endpoint, &error);
  g_assert_no_error (error);
  fixture_connect (self, nebula_interceptor_new (cluster));
  fixture_log_in (self);
  g_assert_cmpint (fixture_execute (self, "YIELD 1", NULL), ==, 0);
  fixture_connect (self, nebula_interceptor_new (self->cluster));
  nebula_mock_server_stop (server);
  g_unlink (path);
  g_rmdir (folder);
}

static void
test_second_endpoint (Fixture *self, gconstpointer data)
{
  g_autoptr (NebulaRetryPolicy) in_order
    = g_object_new (NEBULA_TYPE_RETRY_POLICY, "shuffle-endpoints", FALSE, NULL);
  g_autoptr (NebulaMockServer) dead = nebula_mock_server_new ();
  g_autoptr (NebulaCluster) cluster = NULL;
  g_autofree char *endpoints = NULL;
  g_autoptr (GError) error = NULL;

  g_test_summary ("when the first endpoint refuses, the second one is taken");
  nebula_mock_server_start (dead, NULL, 0, &error);
  g_assert_no_error (error);
  nebula_mock_server_set_listening (dead, FALSE);
  endpoints = g_strdup_printf ("%s,%s", nebula_mock_server_get_address (dead),
                               nebula_mock_server_get_address (self->server));
  cluster = nebula_cluster_new (endpoints, &error);
  nebula_cluster_set_policy (cluster, in_order);
  fixture_connect (self, nebula_interceptor_new (cluster));
  fixture_use_space (self);
  g_assert_cmpint (fixture_execute (self, "YIELD 1", NULL), ==, 0);
  fixture_connect (self, nebula_interceptor_new (self->cluster));
  nebula_mock_server_stop (dead);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  fixture_add ("/limits/total", test_total);
  fixture_add ("/limits/deadline", test_deadline);
  fixture_add ("/limits/deadline-over", test_deadline_over);
  fixture_add ("/limits/no-wait-past-own-deadline", test_no_wait_past_own_deadline);
  fixture_add ("/limits/attempt", test_attempt);
  fixture_add ("/limits/no-wait-past-deadline", test_no_wait_past_deadline);
  fixture_add ("/limits/policy-of-method", test_policy_of_method);
  fixture_add ("/limits/silent-handshake", test_silent_connect);
  fixture_add ("/limits/cancelled-in-flight", test_cancelled_in_flight);
  fixture_add ("/limits/stopped", test_stopped);
  fixture_add ("/limits/cancelled-before", test_cancelled_before);
  fixture_add ("/limits/cancelled-waiting", test_cancelled_waiting);
  fixture_add ("/limits/ipv6", test_ipv6);
  fixture_add ("/limits/name", test_name);
  fixture_add ("/limits/unix", test_unix);
  fixture_add ("/limits/second-endpoint", test_second_endpoint);
  return g_test_run ();
}
