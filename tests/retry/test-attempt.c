/* SPDX-License-Identifier: Apache-2.0 */
#include <nebula-retry/nebula-attempt.h>

#define N_THREADS 4

static NebulaAttempt *
new_attempt (const char *endpoint)
{
  g_autoptr (NebulaOutcome) outcome
      = nebula_outcome_new_from_reply (NEBULA_PHASE_EXECUTE, -1002, "Invalid session id", -1,
                                       NEBULA_CALL_TRAITS_NONE);
  NebulaDecision decision
      = { NEBULA_ACTION_RENEW_SESSION, NEBULA_REASON_SESSION_GONE, 1234567890123 };

  return nebula_attempt_new (endpoint, -5, G_MAXINT64, outcome, decision);
}

static void
test_getters (void)
{
  g_test_summary ("An attempt answers what it was made with");

  g_autoptr (NebulaAttempt) attempt = new_attempt ("127.0.0.1:9669");
  NebulaDecision decision = nebula_attempt_get_decision (attempt);

  g_assert_cmpstr (nebula_attempt_get_endpoint (attempt), ==, "127.0.0.1:9669");
  g_assert_cmpint (nebula_attempt_get_start (attempt), ==, -5);
  g_assert_cmpint (nebula_attempt_get_end (attempt), ==, G_MAXINT64);
  g_assert_cmpint (decision.action, ==, NEBULA_ACTION_RENEW_SESSION);
  g_assert_cmpint (decision.reason, ==, NEBULA_REASON_SESSION_GONE);
  g_assert_cmpint (decision.delay, ==, 1234567890123);
}

static void
test_outcome (void)
{
  g_test_summary ("An attempt keeps its outcome, the same object");

  g_autoptr (NebulaOutcome) outcome
      = nebula_outcome_new_from_transport (NEBULA_TRANSPORT_FAILURE_LOST,
                                           NEBULA_SEND_STATE_MAYBE, "reset by peer");
  NebulaOutcome *same = outcome;
  g_autoptr (NebulaAttempt) attempt
      = nebula_attempt_new ("graphd", 0, 1, outcome, (NebulaDecision){ 0 });

  g_clear_pointer (&outcome, nebula_outcome_unref);
  g_assert_true (nebula_attempt_get_outcome (attempt) == same);
  g_assert_cmpint (nebula_outcome_get_wire_code (nebula_attempt_get_outcome (attempt)), ==, -1);
}

static void
test_no_endpoint (void)
{
  g_test_summary ("An attempt that came to no endpoint has none");

  g_autoptr (NebulaAttempt) attempt = new_attempt (NULL);

  g_assert_null (nebula_attempt_get_endpoint (attempt));
}

static void
test_endpoint_is_copied (void)
{
  g_test_summary ("The caller's text may change afterwards");

  char endpoint[] = "a:1";
  g_autoptr (NebulaAttempt) attempt = new_attempt (endpoint);

  endpoint[0] = 'b';
  g_assert_cmpstr (nebula_attempt_get_endpoint (attempt), ==, "a:1");
}

static void
test_boxed (void)
{
  g_test_summary ("A GValue holds an attempt by reference");

  g_auto (GValue) value = G_VALUE_INIT;
  g_autoptr (NebulaAttempt) attempt = new_attempt ("a:1");
  NebulaAttempt *same = attempt;

  g_value_init (&value, NEBULA_TYPE_ATTEMPT);
  g_value_set_boxed (&value, attempt);
  g_clear_pointer (&attempt, nebula_attempt_unref);

  g_assert_cmpstr (G_VALUE_TYPE_NAME (&value), ==, "NebulaAttempt");
  g_assert_true (g_value_get_boxed (&value) == same);
  g_assert_cmpstr (nebula_attempt_get_endpoint (same), ==, "a:1");
}

static gpointer
use (gpointer data)
{
  NebulaAttempt *attempt = data;

  for (guint i = 0; i < 1000; i++)
    {
      g_autoptr (NebulaAttempt) another = nebula_attempt_ref (attempt);

      g_assert_cmpint (nebula_attempt_get_start (another), ==, -5);
    }
  nebula_attempt_unref (attempt);

  return NULL;
}

static void
test_threads (void)
{
  g_test_summary ("Threads share an attempt; whoever is last frees it");

  g_autoptr (NebulaAttempt) attempt = new_attempt ("a:1");
  GThread *threads[N_THREADS];

  for (guint i = 0; i < N_THREADS; i++)
    threads[i] = g_thread_new ("attempt", use, nebula_attempt_ref (attempt));
  g_clear_pointer (&attempt, nebula_attempt_unref);
  for (guint i = 0; i < N_THREADS; i++)
    g_thread_join (threads[i]);
}

int
main (int argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/attempt/getters", test_getters);
  g_test_add_func ("/attempt/outcome", test_outcome);
  g_test_add_func ("/attempt/no-endpoint", test_no_endpoint);
  g_test_add_func ("/attempt/endpoint-is-copied", test_endpoint_is_copied);
  g_test_add_func ("/attempt/boxed", test_boxed);
  g_test_add_func ("/attempt/threads", test_threads);

  return g_test_run ();
}
