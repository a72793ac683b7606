/* SPDX-License-Identifier: Apache-2.0 */
#include "failures.h"

#include <gio/gio.h>
#include <math.h>
#include <nebula-retry/nebula-attempt.h>

static void
test_session_ignores_limits (void)
{
  g_test_summary ("Renewing a session is not a matter of attempts or replay levels");

  g_autoptr (NebulaRetryPolicy) policy
      = g_object_new (NEBULA_TYPE_RETRY_POLICY, "max-attempts", 1u, "leader-attempts", 1u,
                      "replay", NEBULA_REPLAY_NEVER, NULL);
  g_autoptr (NebulaRetryState) state = nebula_retry_state_new (policy, EXECUTE, START);

  nebula_retry_state_set_can_renew (state, TRUE);
  g_assert_cmpint (step (state, SESSION, UNSAFE).action, ==, NEBULA_ACTION_RENEW_SESSION);
  g_assert_cmpint (step (state, SPACE_LOST, UNSAFE).action, ==, NEBULA_ACTION_REPLAY_SPACE);
  assert_decision (step (state, LEASE, UNSAFE), RETURN, NEBULA_REASON_ATTEMPTS, 0);
}

static void
test_never_sent (void)
{
  g_test_summary ("What never left is tried once for each endpoint at once, then after waits");

  static const struct
  {
    guint n_endpoints;
    NebulaAction action;
    gint64 delays[9]; /* of the failures that are retried, then -1 */
  } cases[] = {
    { 0, RETRY, { 0, 10 * MS, 20 * MS, -1 } },
    { 1, RETRY, { 0, 10 * MS, 20 * MS, -1 } },
    { 2, MOVE, { 0, 0, 10 * MS, 20 * MS, 40 * MS, -1 } },
    { 3, MOVE, { 0, 0, 0, 10 * MS, 20 * MS, 40 * MS, 80 * MS, -1 } },
  };
  static const Failure kinds[] = { CONNECT, LOST_UNSENT, TIMEOUT_UNSENT };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (NebulaRetryState) state = new_state (EXECUTE);
      guint n;

      nebula_retry_state_set_endpoints (state, cases[i].n_endpoints);
      for (n = 0; cases[i].delays[n] >= 0; n++)
        assert_decision (step (state, kinds[n % G_N_ELEMENTS (kinds)], UNSAFE), cases[i].action,
                         NEBULA_REASON_NEVER_SENT, cases[i].delays[n]);
      g_assert_cmpuint (n + 1, ==, 2 * MAX (cases[i].n_endpoints, 1) + 2);
      assert_decision (step (state, CONNECT, UNSAFE), RETURN, NEBULA_REASON_ATTEMPTS, 0);
      g_assert_cmpuint (nebula_retry_state_get_attempts (state), ==, 0);
    }
}

static void
test_never_sent_is_free (void)
{
  g_test_summary ("What never left takes no attempt from what was sent, nor the other way round");

  g_autoptr (NebulaRetryPolicy) policy
      = g_object_new (NEBULA_TYPE_RETRY_POLICY, "max-attempts", 1u, NULL);
  g_autoptr (NebulaRetryState) one = nebula_retry_state_new (policy, EXECUTE, START);
  g_autoptr (NebulaRetryState) state = new_state (EXECUTE);

  nebula_retry_state_set_endpoints (state, G_MAXUINT);
  for (guint i = 0; i < 3; i++)
    {
      assert_decision (step (state, CONNECT, UNSAFE), MOVE, NEBULA_REASON_NEVER_SENT, 0);
      assert_decision (step (state, LOST, READ_ONLY), RETRY, NEBULA_REASON_BACKOFF,
                       (10 * MS) << i);
    }
  assert_decision (step (state, LOST, READ_ONLY), RETURN, NEBULA_REASON_ATTEMPTS, 0);
  g_assert_cmpuint (nebula_retry_state_get_attempts (state), ==, 4);

  assert_decision (step (one, CONNECT, UNSAFE), RETRY, NEBULA_REASON_NEVER_SENT, 0);
  assert_decision (step (one, LOST, READ_ONLY), RETURN, NEBULA_REASON_ATTEMPTS, 0);
}

/* What TLS may say before anything was sent, and whether another endpoint may do better. */
static const struct
{
  int code;
  gboolean moves;
} tls_cases[] = {
  { G_TLS_ERROR_BAD_CERTIFICATE, TRUE },
  { G_TLS_ERROR_NOT_TLS, TRUE },
  { G_TLS_ERROR_HANDSHAKE, TRUE },
  { G_TLS_ERROR_INAPPROPRIATE_FALLBACK, TRUE },
  { G_TLS_ERROR_CERTIFICATE_REQUIRED, TRUE },
  { G_TLS_ERROR_UNAVAILABLE, FALSE },              /* on this machine */
  { G_TLS_ERROR_BAD_CERTIFICATE_PASSWORD, FALSE }, /* of the client's own key */
};

static NebulaDecision
step_tls (NebulaRetryState *state, int code)
{
  g_autoptr (GError) error = g_error_new_literal (G_TLS_ERROR, code, "no");
  g_autoptr (NebulaOutcome) outcome = NULL;
  NebulaDecision decision;

  outcome = nebula_outcome_new_from_error (error, NEBULA_SEND_STATE_NEVER);
  decision = nebula_retry_state_decide (state, outcome, UNSAFE, START, 1.0);
  nebula_retry_state_record (state, outcome, decision);
  return decision;
}

static void
test_unfit (void)
{
  g_test_summary ("An endpoint that is not what it should be is left; each is asked once");

  for (gsize i = 0; i < G_N_ELEMENTS (tls_cases); i++)
    for (guint n = 1; n <= 3; n++)
      {
        g_autoptr (NebulaRetryState) state = new_state (EXECUTE);

        nebula_retry_state_set_endpoints (state, n);
        for (guint j = 1; tls_cases[i].moves && j < n; j++)
          assert_decision (step_tls (state, tls_cases[i].code), MOVE, NEBULA_REASON_NEVER_SENT, 0);
        g_assert_cmpint (step_tls (state, tls_cases[i].code).action, ==, RETURN);
        g_assert_cmpuint (nebula_retry_state_get_attempts (state), ==, 0);
      }
}

static void
test_unfit_and_down (void)
{
  const int refused = G_TLS_ERROR_BAD_CERTIFICATE;
  g_autoptr (NebulaRetryState) state = new_state (EXECUTE);

  g_test_summary ("While another endpoint is down, which may heal, an unfit one does not end a call");
  nebula_retry_state_set_endpoints (state, 2);
  assert_decision (step_tls (state, refused), MOVE, NEBULA_REASON_NEVER_SENT, 0);
  assert_decision (step (state, CONNECT, UNSAFE), MOVE, NEBULA_REASON_NEVER_SENT, 0);
  assert_decision (step_tls (state, refused), MOVE, NEBULA_REASON_NEVER_SENT, 10 * MS);
  assert_decision (step (state, CONNECT, UNSAFE), MOVE, NEBULA_REASON_NEVER_SENT, 20 * MS);
  assert_decision (step_tls (state, refused), MOVE, NEBULA_REASON_NEVER_SENT, 40 * MS);
  assert_decision (step_tls (state, refused), RETURN, NEBULA_REASON_ATTEMPTS, 0);
}

static void
test_unfit_and_set_aside (void)
{
  g_autoptr (NebulaRetryState) state = new_state (EXECUTE);
  const int refused = G_TLS_ERROR_BAD_CERTIFICATE;

  g_test_summary ("That no connection might be made for a while does not say that one may heal");
  nebula_retry_state_set_endpoints (state, 2);
  nebula_retry_state_set_circuit (state, START + 5 * MS, TRUE);
  assert_decision (step (state, CONNECT, UNSAFE), MOVE, NEBULA_REASON_CIRCUIT_OPEN, 5 * MS);
  nebula_retry_state_set_circuit (state, START, FALSE);
  assert_decision (step_tls (state, refused), MOVE, NEBULA_REASON_NEVER_SENT, 0);
  assert_decision (step_tls (state, refused), RETURN, NEBULA_REASON_NOT_RETRYABLE, 0);
}

static void
test_attempts (void)
{
  g_test_summary ("Each cause has its own limit and its own sequence of waits");

  static const struct
  {
    Failure failure;
    gint64 delays[10]; /* in milliseconds, ended by -1 */
  } cases[] = {
    { RPC, { 1000, 2000, 4000, -1 } },
    { STARTING, { 1000, 2000, 4000, -1 } },
    { CONFLICT, { 10, 20, 40, -1 } },
    { LOST, { 10, 20, 40, -1 } },
    { TIMEOUT, { 10, 20, 40, -1 } },
    { MEMORY, { 1000, -1 } },
    { LEADER, { 10, 20, 40, 80, 160, 320, 640, 1000, 1000, -1 } },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (NebulaRetryState) state = new_state (EXECUTE);
      guint n;

      for (n = 0; cases[i].delays[n] >= 0; n++)
        assert_decision (step (state, cases[i].failure, READ_ONLY), RETRY, NEBULA_REASON_BACKOFF,
                         cases[i].delays[n] * MS);
      assert_decision (step (state, cases[i].failure, READ_ONLY), RETURN, NEBULA_REASON_ATTEMPTS,
                       0);
      g_assert_cmpuint (nebula_retry_state_get_attempts (state), ==, n + 1);
    }
}

typedef struct
{
  Failure failure;
  NebulaAction action;
  NebulaReason reason;
  gint64 delay; /* milliseconds */
} Step;

static void
play (NebulaRetryState *state,
      const Step *steps,
      gsize n_steps)
{
  for (gsize i = 0; i < n_steps; i++)
    {
      g_test_message ("step %" G_GSIZE_FORMAT, i);
      assert_decision (step (state, steps[i].failure, READ_ONLY), steps[i].action,
                       steps[i].reason, steps[i].delay * MS);
    }
}

static void
test_alternating_causes (void)
{
  g_test_summary ("When causes alternate each goes on counting and waiting where it was");

  static const Step steps[] = {
    { RPC, RETRY, NEBULA_REASON_BACKOFF, 1000 },
    { LEADER, RETRY, NEBULA_REASON_BACKOFF, 10 },
    { RPC, RETRY, NEBULA_REASON_BACKOFF, 2000 },
    { LEASE, RETRY, NEBULA_REASON_BACKOFF, 20 },
    { LEADER, RETRY, NEBULA_REASON_BACKOFF, 40 },
    { RPC, RETRY, NEBULA_REASON_BACKOFF, 4000 },
    { LEADER, RETRY, NEBULA_REASON_BACKOFF, 80 },
    { RPC, RETURN, NEBULA_REASON_ATTEMPTS, 0 },
  };
  g_autoptr (NebulaRetryState) state = new_state (EXECUTE);

  play (state, steps, G_N_ELEMENTS (steps));
  g_assert_cmpuint (nebula_retry_state_get_attempts (state), ==, 8);
}

static void
test_largest_limit (void)
{
  g_test_summary ("All attempts together end at the largest limit among the causes met");

  static const Step four[] = {
    { RPC, RETRY, NEBULA_REASON_BACKOFF, 1000 },
    { CONFLICT, RETRY, NEBULA_REASON_BACKOFF, 10 },
    { STARTING, RETRY, NEBULA_REASON_BACKOFF, 1000 },
    { LOST, RETURN, NEBULA_REASON_ATTEMPTS, 0 },
  };
  static const Step ten[] = {
    { LEADER, RETRY, NEBULA_REASON_BACKOFF, 10 },
    { RPC, RETRY, NEBULA_REASON_BACKOFF, 1000 },
    { RPC, RETRY, NEBULA_REASON_BACKOFF, 2000 },
    { RPC, RETRY, NEBULA_REASON_BACKOFF, 4000 },
    { LOST, RETRY, NEBULA_REASON_BACKOFF, 10 },
    { LOST, RETRY, NEBULA_REASON_BACKOFF, 20 },
    { LOST, RETRY, NEBULA_REASON_BACKOFF, 40 },
    { CONFLICT, RETRY, NEBULA_REASON_BACKOFF, 10 },
    { CONFLICT, RETRY, NEBULA_REASON_BACKOFF, 20 },
    { CONFLICT, RETURN, NEBULA_REASON_ATTEMPTS, 0 },
  };
  g_autoptr (NebulaRetryState) state = new_state (EXECUTE);
  g_autoptr (NebulaRetryState) with_leader = new_state (EXECUTE);

  play (state, four, G_N_ELEMENTS (four));
  play (with_leader, ten, G_N_ELEMENTS (ten));
}

static void
test_session_counts (void)
{
  g_test_summary ("An attempt that found its session gone is an attempt");

  static const Step steps[] = {
    { SESSION, NEBULA_ACTION_RENEW_SESSION, NEBULA_REASON_SESSION_GONE, 0 },
    { RPC, RETRY, NEBULA_REASON_BACKOFF, 1000 },
    { RPC, RETRY, NEBULA_REASON_BACKOFF, 2000 },
    { RPC, RETURN, NEBULA_REASON_ATTEMPTS, 0 },
  };
  g_autoptr (NebulaRetryState) state = new_state (EXECUTE);

  nebula_retry_state_set_can_renew (state, TRUE);
  play (state, steps, G_N_ELEMENTS (steps));
  g_assert_cmpuint (nebula_retry_state_get_attempts (state), ==, 4);
}

static void
test_jitter (void)
{
  g_test_summary ("A wait is the random part of the longest; what is not in [0, 1] is clamped");

  static const struct
  {
    double random;
    gint64 delay;
  } cases[] = {
    { 0.0, 0 },           { 0.25, 250 * MS },  { 0.5, 500 * MS },  { 1.0, 1000 * MS },
    { -0.1, 0 },          { -INFINITY, 0 },    { NAN, 0 },         { 1.5, 1000 * MS },
    { INFINITY, 1000 * MS },
  };
  g_autoptr (NebulaRetryState) state = new_state (EXECUTE);

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    assert_decision (ask (state, RPC, READ_ONLY, START, cases[i].random), RETRY,
                     NEBULA_REASON_BACKOFF, cases[i].delay);
}

static void
test_delay_edges (void)
{
  g_test_summary ("Waits are computed without overflow at the edges of what can be set");

  static const struct
  {
    gint64 initial;
    gint64 maximum;
    double multiplier;
    gint64 delays[4];
  } cases[] = {
    { 0, 10, 2.0, { 0, 0, 0, 0 } },
    { 10, 0, 2.0, { 0, 0, 0, 0 } },
    { 1, 1, 1e6, { 1, 1, 1, 1 } },
    { 50, 20, 2.0, { 20, 20, 20, 20 } },
    { 100, G_MAXINT64, 1.0, { 100, 100, 100, 100 } },
    { 80, 1000, 0.5, { 80, 40, 20, 10 } },
    { 1, G_MAXINT64, 1e6, { 1, 1000000, 1000000000000, 1000000000000000000 } },
    { 10, G_MAXINT64, 1e6, { 10, 10000000, 10000000000000, G_MAXINT64 } },
    { G_MAXINT64, G_MAXINT64, 2.0, { G_MAXINT64, G_MAXINT64, G_MAXINT64, G_MAXINT64 } },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (NebulaRetryPolicy) policy
          = g_object_new (NEBULA_TYPE_RETRY_POLICY, "max-attempts", G_MAXUINT, "slow-initial",
                          cases[i].initial, "slow-maximum", cases[i].maximum, "multiplier",
                          cases[i].multiplier, "total-timeout", G_GINT64_CONSTANT (0), NULL);
      g_autoptr (NebulaRetryState) state = nebula_retry_state_new (policy, EXECUTE, START);

      g_test_message ("case %" G_GSIZE_FORMAT, i);
      for (gsize j = 0; j < G_N_ELEMENTS (cases[i].delays); j++)
        assert_decision (step (state, RPC, READ_ONLY), RETRY, NEBULA_REASON_BACKOFF,
                         cases[i].delays[j]);
    }
}

static void
test_long_sequence (void)
{
  g_test_summary ("A sequence of thousands of waits stays at its cap, and nothing stays nothing");

  g_autoptr (NebulaRetryPolicy) policy
      = g_object_new (NEBULA_TYPE_RETRY_POLICY, "max-attempts", G_MAXUINT, "fast-initial",
                      G_GINT64_CONSTANT (0), NULL);
  g_autoptr (NebulaRetryState) state = nebula_retry_state_new (policy, EXECUTE, START);

  for (guint i = 0; i < 5000; i++)
    {
      NebulaDecision decision = step (state, RPC, READ_ONLY);

      if (i >= 4)
        assert_decision (decision, RETRY, NEBULA_REASON_BACKOFF, 10 * S);
      assert_decision (step (state, LOST, READ_ONLY), RETRY, NEBULA_REASON_BACKOFF, 0);
    }
}

static void
test_deadline (void)
{
  g_test_summary ("A retry that could not start before the deadline is refused");

  static const struct
  {
    Failure failure;
    gint64 elapsed;
    double random;
    NebulaReason reason;
  } cases[] = {
    { RPC, 0, 1.0, NEBULA_REASON_BACKOFF },
    { RPC, 119 * S - 1, 1.0, NEBULA_REASON_BACKOFF },
    { RPC, 119 * S, 1.0, NEBULA_REASON_DEADLINE },
    { RPC, 119 * S + 500 * MS - 1, 0.5, NEBULA_REASON_BACKOFF },
    { RPC, 119 * S + 500 * MS, 0.5, NEBULA_REASON_DEADLINE },
    { RPC, 120 * S - 1, 0.0, NEBULA_REASON_BACKOFF },
    { RPC, 120 * S, 0.0, NEBULA_REASON_DEADLINE },
    { CONNECT, 120 * S - 1, 0.0, NEBULA_REASON_NEVER_SENT },
    { CONNECT, 120 * S, 0.0, NEBULA_REASON_DEADLINE },
    { SESSION, 120 * S - 1, 0.0, NEBULA_REASON_SESSION_GONE },
    { SESSION, 120 * S, 0.0, NEBULA_REASON_DEADLINE },
    { SPACE_LOST, 120 * S, 0.0, NEBULA_REASON_DEADLINE },
    { SYNTAX, 120 * S, 0.0, NEBULA_REASON_NOT_RETRYABLE },
    { SUCCESS, 500 * S, 0.0, NEBULA_REASON_SUCCESS },
  };
  g_autoptr (NebulaRetryState) state = new_state (EXECUTE);

  nebula_retry_state_set_can_renew (state, TRUE);
  g_assert_cmpint (nebula_retry_state_get_deadline (state), ==, START + 120 * S);
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      NebulaDecision decision
          = ask (state, cases[i].failure, READ_ONLY, START + cases[i].elapsed, cases[i].random);

      g_assert_cmpstr (nebula_reason_to_string (decision.reason), ==,
                       nebula_reason_to_string (cases[i].reason));
      if (decision.reason == NEBULA_REASON_DEADLINE)
        assert_decision (decision, RETURN, NEBULA_REASON_DEADLINE, 0);
    }
}

static void
test_deadline_edges (void)
{
  g_test_summary ("No total time-out means no deadline, and deadlines do not overflow");

  static const struct
  {
    gint64 start;
    gint64 total;
    gint64 deadline;
  } cases[] = {
    { 0, 0, G_MAXINT64 },
    { 5, 0, G_MAXINT64 },
    { 5, 7, 12 },
    { -9, 7, -2 },
    { 5, G_MAXINT64, G_MAXINT64 },
    { G_MAXINT64, 1, G_MAXINT64 },
    { G_MININT64, 1, G_MININT64 + 1 },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (NebulaRetryPolicy) policy
          = g_object_new (NEBULA_TYPE_RETRY_POLICY, "total-timeout", cases[i].total, NULL);
      g_autoptr (NebulaRetryState) state
          = nebula_retry_state_new (policy, EXECUTE, cases[i].start);

      g_assert_cmpint (nebula_retry_state_get_deadline (state), ==, cases[i].deadline);
      if (cases[i].deadline == G_MAXINT64)
        g_assert_cmpint (ask (state, RPC, READ_ONLY, G_MAXINT64, 1).action, ==, RETRY);
      else
        assert_decision (ask (state, RPC, READ_ONLY, cases[i].deadline, 1), RETURN,
                         NEBULA_REASON_DEADLINE, 0);
    }
}

static void
test_earlier_deadline (void)
{
  g_autoptr (NebulaRetryState) state = new_state (EXECUTE);

  g_test_summary ("A caller may want an end before that of the policy, but not after it");
  nebula_retry_state_set_deadline (state, START + 500 * S);
  g_assert_cmpint (nebula_retry_state_get_deadline (state), ==, START + 120 * S);
  nebula_retry_state_set_deadline (state, START + S);
  g_assert_cmpint (nebula_retry_state_get_deadline (state), ==, START + S);
  g_assert_cmpint (ask (state, RPC, READ_ONLY, START + S - 1, 0).action, ==, RETRY);
  assert_decision (ask (state, RPC, READ_ONLY, START + S, 0), RETURN, NEBULA_REASON_DEADLINE, 0);
}

static void
test_refused_by_others (void)
{
  g_test_summary ("A retry that was decided but not made does not move the sequence of waits");

  g_autoptr (NebulaRetryState) state = new_state (EXECUTE);
  g_autoptr (NebulaOutcome) outcome = make_outcome (RPC);

  nebula_retry_state_record (state, outcome,
                             (NebulaDecision){ RETURN, NEBULA_REASON_BUDGET, 0 });
  assert_decision (step (state, RPC, READ_ONLY), RETRY, NEBULA_REASON_BACKOFF, 1 * S);
  g_assert_cmpuint (nebula_retry_state_get_attempts (state), ==, 2);
}

static void
test_success_counts (void)
{
  g_test_summary ("A success is an attempt too");

  g_autoptr (NebulaRetryState) state = new_state (EXECUTE);

  g_assert_cmpuint (nebula_retry_state_get_attempts (state), ==, 0);
  step (state, RPC, READ_ONLY);
  step (state, SUCCESS, READ_ONLY);
  g_assert_cmpuint (nebula_retry_state_get_attempts (state), ==, 2);
  nebula_retry_state_free (NULL);
}

static void
test_by_pointer (void)
{
  g_autoptr (NebulaRetryPolicy) policy = nebula_retry_policy_new ();
  g_autoptr (NebulaOutcome) outcome = nebula_outcome_new_from_reply (NEBULA_PHASE_EXECUTE, -4, NULL,
                                                                     0, NEBULA_CALL_TRAITS_NONE);
  NebulaRetryState *state = nebula_retry_state_new (policy, NEBULA_PHASE_EXECUTE, 0);
  NebulaRetryState *copy = g_boxed_copy (NEBULA_TYPE_RETRY_STATE, state);
  g_autoptr (NebulaAttempt) attempt = NULL;
  NebulaDecision decision, paid, kept;

  g_test_summary ("What other languages call is the same, and a copy is the same history");
  nebula_retry_state_decide_by_pointer (state, outcome, NEBULA_STATEMENT_READ_ONLY, 0, 1.0,
                                        &decision);
  g_assert_cmpint (decision.action, ==, NEBULA_ACTION_RETRY);
  g_assert_cmpint (decision.delay, ==, 10 * G_TIME_SPAN_MILLISECOND);
  nebula_retry_state_pay_by_pointer (state, outcome, &decision, &paid);
  g_assert_cmpint (paid.reason, ==, NEBULA_REASON_BACKOFF);
  nebula_retry_state_record_by_pointer (state, outcome, &paid);
  nebula_retry_state_free (state);
  g_assert_cmpuint (nebula_retry_state_get_attempts (copy), ==, 1);
  g_boxed_free (NEBULA_TYPE_RETRY_STATE, copy);

  attempt = nebula_attempt_new_by_pointer ("h:1", 3, 5, outcome, &paid);
  nebula_attempt_get_decision_by_pointer (attempt, &kept);
  g_assert_cmpint (kept.action, ==, NEBULA_ACTION_RETRY);
  g_assert_cmpint (kept.delay, ==, 10 * G_TIME_SPAN_MILLISECOND);
}

int
main (int argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/retry-state/session-ignores-limits", test_session_ignores_limits);
  g_test_add_func ("/retry-state/never-sent", test_never_sent);
  g_test_add_func ("/retry-state/never-sent-is-free", test_never_sent_is_free);
  g_test_add_func ("/retry-state/unfit", test_unfit);
  g_test_add_func ("/retry-state/unfit-and-down", test_unfit_and_down);
  g_test_add_func ("/retry-state/unfit-and-set-aside", test_unfit_and_set_aside);
  g_test_add_func ("/retry-state/attempts", test_attempts);
  g_test_add_func ("/retry-state/alternating-causes", test_alternating_causes);
  g_test_add_func ("/retry-state/largest-limit", test_largest_limit);
  g_test_add_func ("/retry-state/session-counts", test_session_counts);
  g_test_add_func ("/retry-state/jitter", test_jitter);
  g_test_add_func ("/retry-state/delay-edges", test_delay_edges);
  g_test_add_func ("/retry-state/long-sequence", test_long_sequence);
  g_test_add_func ("/retry-state/deadline", test_deadline);
  g_test_add_func ("/retry-state/deadline-edges", test_deadline_edges);
  g_test_add_func ("/retry-state/earlier-deadline", test_earlier_deadline);
  g_test_add_func ("/retry-state/refused-by-others", test_refused_by_others);
  g_test_add_func ("/retry-state/success-counts", test_success_counts);
  g_test_add_func ("/retry-state/by-pointer", test_by_pointer);

  return g_test_run ();
}
