/* SPDX-License-Identifier: Apache-2.0 */
#include "endpoints-fixture.h"

/* Calls to graphds that are all down: how often they are connected to, and what a call says. */

#define MS G_GINT64_CONSTANT (1000)
#define S G_GINT64_CONSTANT (1000000)

#define N_THREADS 8

/* Logged in at the only endpoint, which then goes away. */
static void
lose_only_endpoint (EndpointsFixture *self)
{
  endpoints_fixture_limit (self, 1);
  fixture_log_in (&self->road);
  endpoints_fixture_stop_listening (self, 0);
}

/* The reasons of all decisions of the last call, with a blank between two. */
static char *
get_reasons (EndpointsFixture *self)
{
  g_autoptr (NebulaCallReport) report = NULL;
  GString *reasons = g_string_new (NULL);
  GPtrArray *failures;

  report = nebula_interceptor_get_last_report (self->road.interceptor);
  failures = nebula_call_report_get_failures (report);
  for (guint i = 0; i < failures->len; i++)
    {
      NebulaDecision decision = nebula_attempt_get_decision (failures->pdata[i]);

      g_string_append_printf (reasons, "%s%s", i > 0 ? " " : "",
                              nebula_reason_to_string (decision.reason));
    }
  return g_string_free (reasons, FALSE);
}

static void
assert_reasons (EndpointsFixture *self, const char *expected)
{
  g_autofree char *reasons = get_reasons (self);

  g_assert_cmpstr (reasons, ==, expected);
}

static void
fail (EndpointsFixture *self, GError **error)
{
  g_assert_cmpint (fixture_execute (&self->road, "YIELD 7", error), ==, FIXTURE_NO_REPLY);
}

static void
test_waits (EndpointsFixture *self, gconstpointer data)
{
  gint64 waited;

  g_test_summary ("with time left a call waits for the next connect, as often as never sent allows");
  lose_only_endpoint (self);
  fail (self, NULL);
  assert_reasons (self, "never-sent circuit-open circuit-open attempts");
  waited = nebula_manual_clock_get_waited (self->road.clock);
  g_assert_cmpint (waited, >=, 750 * MS);
  g_assert_cmpint (waited, <, 800 * MS);

  fail (self, NULL);
  assert_reasons (self, "circuit-open circuit-open circuit-open attempts");
}

static void
test_fails_at_once (EndpointsFixture *self, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  NebulaOutcome *outcome;
  gint64 waited;

  g_test_summary ("without time left a call fails at once: it says since when, why, and until when");
  lose_only_endpoint (self);
  fixture_set_policy (&self->road, "total-timeout", 100 * MS, NULL);
  fail (self, NULL);
  assert_reasons (self, "never-sent circuit-open");
  waited = nebula_manual_clock_get_waited (self->road.clock);
  g_assert_cmpint (waited, ==, 0);

  nebula_manual_clock_advance (self->road.clock, 50 * MS);
  fail (self, &error);
  assert_reasons (self, "circuit-open");
  g_assert_cmpint (nebula_manual_clock_get_waited (self->road.clock), ==, waited);
  g_assert_cmpint (nebula_error_get_code (error), ==, -2);
  g_assert_false (nebula_error_may_have_been_applied (error));
  outcome = nebula_error_get_outcome (error);
  g_assert_cmpint (nebula_outcome_get_category (outcome), ==, NEBULA_ERROR_CATEGORY_RETRYABLE);
  g_assert_cmpint (nebula_outcome_get_effect (outcome), ==, NEBULA_EFFECT_NONE);
  g_assert_nonnull (strstr (error->message, nebula_mock_server_get_address (self->servers[0])));
  g_assert_nonnull (strstr (error->message, "has been down for 0.050 s (2 failures, the last one: "));
  g_assert_nonnull (strstr (error->message, "refused"));
  g_assert_nonnull (strstr (error->message, "is tried again in 0.200 s"));
}

static void
test_policy_off (EndpointsFixture *self, gconstpointer data)
{
  g_test_summary ("a policy that is off waits for nothing, but does not connect more often either");
  lose_only_endpoint (self);
  fixture_set_policy (&self->road, "enabled", FALSE, NULL);
  fail (self, NULL);
  assert_reasons (self, "off");
  fail (self, NULL);
  assert_reasons (self, "off");
  for (guint i = 0; i < 10; i++)
    {
      fail (self, NULL);
      assert_reasons (self, "circuit-open");
    }
  g_assert_cmpint (nebula_manual_clock_get_waited (self->road.clock), ==, 0);
}

static void
come_back (NebulaInterceptor *interceptor, NebulaAttempt *attempt, gpointer user_data)
{
  EndpointsFixture *self = user_data;

  if (nebula_attempt_get_decision (attempt).reason == NEBULA_REASON_CIRCUIT_OPEN)
    nebula_mock_server_set_listening (self->servers[0], TRUE);
}

static void
test_comes_back (EndpointsFixture *self, gconstpointer data)
{
  g_test_summary ("a graphd that is back while a call waits for it is found by that call");
  lose_only_endpoint (self);
  nebula_interceptor_set_attempt_func (self->road.interceptor, come_back, self, NULL);
  g_assert_cmpint (fixture_execute (&self->road, "YIELD 7", NULL), ==, 0);
  assert_reasons (self, "never-sent circuit-open");
  endpoints_fixture_assert_states (self, "well");
}

static void
test_connects (EndpointsFixture *self, gconstpointer data)
{
  guint before;
  guint connects;
  gint64 start;
  gint64 seconds;

  g_test_summary ("a dead graphd costs one connect a second in the end, however many calls are made");
  endpoints_fixture_limit (self, 1);
  fixture_log_in (&self->road);
  endpoints_fixture_stop_listening (self, 0);
  endpoints_fixture_fault (self, 0, nebula_mock_fault_new (NEBULA_MOCK_FAULT_REFUSE, NULL, NULL, 1,
                                                           0));
  nebula_mock_server_set_listening (self->servers[0], TRUE);
  before = nebula_mock_server_get_connections (self->servers[0]);
  start = nebula_clock_get_now (NEBULA_CLOCK (self->road.clock));
  for (guint i = 0; i < 50; i++)
    {
      endpoints_fixture_reconnect (self);
      thrift_transport_open (THRIFT_TRANSPORT (self->road.interceptor), NULL);
      fail (self, NULL);
    }
  connects = nebula_mock_server_get_connections (self->servers[0]) - before;
  seconds = (nebula_clock_get_now (NEBULA_CLOCK (self->road.clock)) - start) / S;
  g_assert_cmpuint (connects, >=, 10);
  g_assert_cmpuint (connects, <=, seconds + 4);
}

/* A client of its own that opens its connection again and again. */
static gpointer
open_often (gpointer data)
{
  NebulaCluster *cluster = data;

  for (guint i = 0; i < 20; i++)
    {
      Fixture client = { 0 };

      fixture_connect (&client, nebula_interceptor_new (cluster));
      if (thrift_transport_open (THRIFT_TRANSPORT (client.interceptor), NULL))
        g_assert_cmpint (fixture_authenticate (&client, "nebula", NULL), ==, FIXTURE_NO_REPLY);
      fixture_disconnect (&client);
    }
  return NULL;
}

static void
test_threads (EndpointsFixture *self, gconstpointer data)
{
  gint64 start = nebula_clock_get_now (NEBULA_CLOCK (self->road.clock));
  GThread *threads[N_THREADS];
  gint64 seconds;

  g_test_summary ("threads do not multiply that: the connects of all of them are counted together");
  endpoints_fixture_limit (self, 1);
  endpoints_fixture_fault (self, 0, nebula_mock_fault_new (NEBULA_MOCK_FAULT_REFUSE, NULL, NULL, 1,
                                                           0));
  for (guint i = 0; i < N_THREADS; i++)
    threads[i] = g_thread_new ("caller", open_often, self->road.cluster);
  for (guint i = 0; i < N_THREADS; i++)
    g_thread_join (threads[i]);
  seconds = (nebula_clock_get_now (NEBULA_CLOCK (self->road.clock)) - start) / S;
  /* All of them may have begun before the first one had failed. */
  g_assert_cmpuint (nebula_mock_server_get_connections (self->servers[0]), <=,
                    seconds + 4 + N_THREADS);
}

static void
test_all_down (EndpointsFixture *self, gconstpointer data)
{
  g_autofree char *states = NULL;

  g_test_summary ("with all of three down each is tried twice at once, then as often as each of them may be");
  fixture_log_in (&self->road);
  for (guint i = 0; i < ENDPOINTS_N_SERVERS; i++)
    endpoints_fixture_stop_listening (self, i);
  fail (self, NULL);
  assert_reasons (self, "never-sent never-sent never-sent never-sent never-sent circuit-open "
                        "never-sent attempts");
  states = endpoints_fixture_describe_states (self);
  /* Whose pause is shorter by chance has the last two attempts. */
  g_assert_true (g_regex_match_simple ("^aside:[23] aside:[23] aside:[23]$", states, 0, 0));
}

#define add(path, func) endpoints_fixture_add ("/circuit/" path, func)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  add ("waits", test_waits);
  add ("fails-at-once", test_fails_at_once);
  add ("policy-off", test_policy_off);
  add ("comes-back", test_comes_back);
  add ("connects", test_connects);
  add ("threads", test_threads);
  add ("all-down", test_all_down);
  return g_test_run ();
}
