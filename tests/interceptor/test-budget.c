/* SPDX-License-Identifier: Apache-2.0 */
#include "nebula-fixture.h"

/* What an outage costs the server, and what a program sees of it. */

#define FETCH "FETCH PROP ON t \"v\" YIELD properties(vertex).n"
#define RPC_FAILURE "Storage Error: RPC failure, probably timeout."
#define NOT_LEADER "Storage Error: Not the leader of 3. Please retry later."

/* More than any test needs: the outage lasts until it is ended. */
#define FOR_EVER 1000000

static void
begin_outage (Fixture *self)
{
  fixture_fault_code (self, FETCH, FOR_EVER, -1005, RPC_FAILURE);
}

static void
end_outage (Fixture *self)
{
  nebula_mock_server_clear_faults (self->server);
}

/* Runs a read, and answers how often the server got it. */
static guint
attempts_of (Fixture *self, NebulaReason *reason)
{
  guint before = nebula_mock_server_get_received (self->server, FETCH);
  gint32 code = fixture_execute (self, FETCH, NULL);

  *reason = code != 0 ? fixture_get_last_decision (self).reason : NEBULA_REASON_SUCCESS;
  return nebula_mock_server_get_received (self->server, FETCH) - before;
}

static void
assert_calls (Fixture *self, guint n_calls, guint attempts, NebulaReason reason)
{
  for (guint i = 0; i < n_calls; i++)
    {
      NebulaReason got;

      g_assert_cmpuint (attempts_of (self, &got), ==, attempts);
      g_assert_cmpstr (nebula_reason_to_string (got), ==, nebula_reason_to_string (reason));
    }
}

static void
test_outage (Fixture *self, gconstpointer data)
{
  g_test_summary ("an outage gets 35 retries, then one attempt a call; successes earn retries again");
  fixture_use_space (self);
  begin_outage (self);
  assert_calls (self, 11, 4, NEBULA_REASON_ATTEMPTS); /* 33 retries: 38 of 500 are left */
  assert_calls (self, 1, 3, NEBULA_REASON_BUDGET);    /* 2 more: 10 are left */
  assert_calls (self, 20, 1, NEBULA_REASON_BUDGET);

  end_outage (self);
  assert_calls (self, 3, 1, NEBULA_REASON_SUCCESS);
  begin_outage (self);
  assert_calls (self, 1, 1, NEBULA_REASON_BUDGET); /* 13: not enough */

  end_outage (self);
  assert_calls (self, 1, 1, NEBULA_REASON_SUCCESS);
  begin_outage (self);
  assert_calls (self, 1, 2, NEBULA_REASON_BUDGET);
  assert_calls (self, 5, 1, NEBULA_REASON_BUDGET);
}

static void
test_reply_is_handed_over (Fixture *self, gconstpointer data)
{
  g_test_summary ("without a retry left the caller gets graphd's own answer, and is not kept waiting");
  fixture_use_space (self);
  fixture_set_policy (self, "budget-capacity", 1u, NULL);
  begin_outage (self);
  g_assert_cmpint (fixture_execute (self, FETCH, NULL), ==, -1005);
  g_assert_cmpint (nebula_manual_clock_get_waited (self->clock), ==, 0);
}

static void
test_flaky (Fixture *self, gconstpointer data)
{
  g_test_summary ("where the retry helps it costs nothing in the end: a fault at every call is hidden");
  fixture_use_space (self);
  fixture_set_policy (self, "budget-capacity", 14u, NULL);
  for (guint i = 0; i < 50; i++)
    {
      fixture_fault_code (self, FETCH, 1, -1005, RPC_FAILURE);
      assert_calls (self, 1, 2, NEBULA_REASON_SUCCESS);
      nebula_mock_server_clear_faults (self->server);
    }
}

static void
test_own_success (Fixture *self, gconstpointer data)
{
  static const char *const creates[] = { "CREATE SPACE third", "CREATE SPACE fourth" };

  g_test_summary ("\"Existed!\" after a lost answer gives back what the retry has paid");
  fixture_use_space (self);
  fixture_set_policy (self, "budget-capacity", 14u, "replay", NEBULA_REPLAY_CONVERGENT, NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (creates); i++)
    {
      fixture_fault (self, NEBULA_MOCK_FAULT_CLOSE_AFTER_APPLY, creates[i], 1, 1);
      g_assert_cmpint (fixture_execute (self, creates[i], NULL), ==, -1005);
      g_assert_cmpuint (nebula_mock_server_get_received (self->server, creates[i]), ==, 2);
    }
}

static NebulaOutcome *
call_it_success (NebulaInterceptor *interceptor, NebulaOutcome *outcome, gpointer user_data)
{
  g_autoptr (NebulaOverride) override = nebula_override_new_for_message ("never mind");

  nebula_override_set_category (override, NEBULA_ERROR_CATEGORY_OK);
  return nebula_override_matches (override, outcome) ? nebula_override_apply (override, outcome)
                                                     : NULL;
}

static void
test_judged_success (Fixture *self, gconstpointer data)
{
  g_test_summary ("a reply that the program calls a success gives back what the retry has paid");
  fixture_use_space (self);
  fixture_set_policy (self, "budget-capacity", 14u, NULL);
  nebula_interceptor_set_outcome_func (self->interceptor, call_it_success, NULL, NULL);
  for (guint i = 0; i < 2; i++)
    {
      g_autoptr (NebulaMockFault) second = NULL;
      guint before = nebula_mock_server_get_received (self->server, FETCH);

      fixture_fault_code (self, FETCH, 1, -1005, RPC_FAILURE);
      second = nebula_mock_fault_new_code (FETCH, 2, 2, -1005, "never mind");
      nebula_mock_server_add_fault (self->server, second);
      g_assert_cmpint (fixture_execute (self, FETCH, NULL), ==, -1005);
      g_assert_cmpuint (nebula_mock_server_get_received (self->server, FETCH), ==, before + 2);
      nebula_mock_server_clear_faults (self->server);
    }
}

static void
test_leader (Fixture *self, gconstpointer data)
{
  g_test_summary ("a moved leader costs 1 a retry: a bucket of 20 pays for two calls, not for three");
  fixture_use_space (self);
  fixture_set_policy (self, "budget-capacity", 20u, NULL);
  fixture_fault_code (self, FETCH, FOR_EVER, -1005, NOT_LEADER);
  assert_calls (self, 2, 10, NEBULA_REASON_ATTEMPTS);
  assert_calls (self, 1, 3, NEBULA_REASON_BUDGET);
  assert_calls (self, 3, 1, NEBULA_REASON_BUDGET);
}

static void
test_throttle (Fixture *self, gconstpointer data)
{
  g_test_summary ("gRPC's throttle: retries until half of the bucket is gone, also by last attempts");
  fixture_use_space (self);
  fixture_set_policy (self, "budget", NEBULA_BUDGET_THROTTLE, "budget-capacity", 10u, NULL);
  begin_outage (self);
  assert_calls (self, 1, 4, NEBULA_REASON_ATTEMPTS); /* 6 are left */
  assert_calls (self, 10, 1, NEBULA_REASON_THROTTLED);

  end_outage (self);
  assert_calls (self, 60, 1, NEBULA_REASON_SUCCESS); /* 6 again */
  begin_outage (self);
  assert_calls (self, 1, 1, NEBULA_REASON_THROTTLED); /* 5: not more than half */
  end_outage (self);
  assert_calls (self, 11, 1, NEBULA_REASON_SUCCESS);
  begin_outage (self);
  assert_calls (self, 1, 2, NEBULA_REASON_THROTTLED);
}

static void
test_off (Fixture *self, gconstpointer data)
{
  g_test_summary ("switched off, each call of an outage has its attempts; on again, what was is kept");
  fixture_use_space (self);
  begin_outage (self);
  assert_calls (self, 11, 4, NEBULA_REASON_ATTEMPTS);
  fixture_set_policy (self, "budget", NEBULA_BUDGET_NONE, NULL);
  assert_calls (self, 30, 4, NEBULA_REASON_ATTEMPTS);
  fixture_set_policy (self, "budget", NEBULA_BUDGET_LEASE, NULL);
  assert_calls (self, 1, 3, NEBULA_REASON_BUDGET);
}

static void
test_free (Fixture *self, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  g_test_summary ("with an empty bucket sessions are renewed, and what was never sent is sent");
  fixture_use_space (self);
  fixture_set_policy (self, "budget-capacity", 1u, NULL);
  begin_outage (self);
  assert_calls (self, 1, 1, NEBULA_REASON_BUDGET);
  end_outage (self);

  nebula_mock_server_expire_sessions (self->server);
  assert_calls (self, 1, 2, NEBULA_REASON_SUCCESS);

  nebula_mock_server_set_listening (self->server, FALSE);
  nebula_mock_server_close_connections (self->server);
  g_assert_true (nebula_mock_server_wait_for_connections_closed (self->server));
  for (guint i = 0; i < 20; i++)
    {
      g_assert_cmpint (fixture_execute (self, FETCH, &error), ==, FIXTURE_NO_REPLY);
      g_assert_cmpuint (nebula_error_get_attempts (error)->len, ==, 4);
      g_clear_error (&error);
    }
}

static void
cancel (NebulaInterceptor *interceptor, NebulaAttempt *attempt, gpointer cancellable)
{
  if (nebula_attempt_get_decision (attempt).action == NEBULA_ACTION_RETRY)
    g_cancellable_cancel (cancellable);
}

static void
test_cancelled (Fixture *self, gconstpointer data)
{
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();

  g_test_summary ("a retry that is cancelled before it is made costs nothing");
  fixture_use_space (self);
  begin_outage (self);
  nebula_interceptor_set_cancellable (self->interceptor, cancellable);
  nebula_interceptor_set_attempt_func (self->interceptor, cancel, cancellable, NULL);
  for (guint i = 0; i < 50; i++)
    {
      g_cancellable_reset (cancellable);
      assert_calls (self, 1, 1, NEBULA_REASON_CANCELLED);
    }
  nebula_interceptor_set_cancellable (self->interceptor, NULL);
  assert_calls (self, 11, 4, NEBULA_REASON_ATTEMPTS);
}

static void
test_shared (Fixture *self, gconstpointer data)
{
  gint64 session;
  g_autoptr (NebulaCluster) other = NULL;

  g_test_summary ("all interceptors of a cluster pay from the same buckets, those of another do not");
  fixture_use_space (self);
  session = self->session;
  begin_outage (self);
  assert_calls (self, 11, 4, NEBULA_REASON_ATTEMPTS);

  other = nebula_cluster_new (nebula_mock_server_get_address (self->server), NULL);
  nebula_cluster_set_clock (other, NEBULA_CLOCK (self->clock));
  fixture_connect (self, nebula_interceptor_new (other));
  fixture_use_space (self);
  assert_calls (self, 1, 4, NEBULA_REASON_ATTEMPTS);

  fixture_connect (self, nebula_interceptor_new (self->cluster));
  fixture_open (self);
  self->session = session;
  assert_calls (self, 1, 3, NEBULA_REASON_BUDGET);
}

static NebulaMockServer *
start_second (const char *space)
{
  NebulaMockServer *server = nebula_mock_server_new ();
  g_autoptr (GError) error = NULL;

  nebula_mock_server_add_user (server, "root", "nebula");
  nebula_mock_server_add_space (server, space);
  nebula_mock_server_start (server, NULL, 0, &error);
  g_assert_no_error (error);
  return server;
}

static void
add_overload (NebulaMockServer *server)
{
  g_autoptr (NebulaMockFault) fault = NULL;

  fault = nebula_mock_fault_new_code (FETCH, 1, FOR_EVER, -1010, "overloaded");
  nebula_mock_server_add_fault (server, fault);
}

static void
test_endpoints (Fixture *self, gconstpointer data)
{
  NebulaMockServer *second = start_second ("test");
  g_autofree char *endpoints = NULL;
  NebulaReason reason;

  g_test_summary ("the endpoint that failed pays: each of two pays one retry from a bucket for one");
  endpoints = g_strdup_printf ("%s,%s", nebula_mock_server_get_address (self->server),
                               nebula_mock_server_get_address (second));
  g_object_unref (self->cluster);
  self->cluster = nebula_cluster_new (endpoints, NULL);
  nebula_cluster_set_clock (self->cluster, NEBULA_CLOCK (self->clock));
  fixture_set_policy (self, "budget-capacity", 14u, NULL);
  fixture_connect (self, nebula_interceptor_new (self->cluster));
  fixture_log_in (self); /* no space: its USE would need a session of the second server */

  add_overload (self->server);
  add_overload (second);
  g_assert_cmpuint (attempts_of (self, &reason), ==, 2);
  g_assert_cmpint (reason, ==, NEBULA_REASON_BUDGET);
  g_assert_cmpuint (nebula_mock_server_get_received (second, FETCH), ==, 1);

  nebula_mock_server_stop (second);
  g_assert_finalize_object (second);
}

#define add(path, func) \
  g_test_add ("/budget/" path, Fixture, NULL, fixture_set_up, func, fixture_tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  add ("outage", test_outage);
  add ("reply-is-handed-over", test_reply_is_handed_over);
  add ("flaky", test_flaky);
  add ("own-success", test_own_success);
  add ("judged-success", test_judged_success);
  add ("leader", test_leader);
  add ("throttle", test_throttle);
  add ("off", test_off);
  add ("free", test_free);
  add ("cancelled", test_cancelled);
  add ("shared", test_shared);
  add ("endpoints", test_endpoints);
  return g_test_run ();
}
