/* SPDX-License-Identifier: Apache-2.0 */
#include "failures.h"

/* How a call pays for its retries, and what a success gives back. */

/* A lease of 20 tokens where a retry costs 14, or a throttle of 4. */
static NebulaRetryBudget *
new_budget (NebulaBudgetKind kind)
{
  NebulaBudgetSettings settings = { kind, kind == NEBULA_BUDGET_LEASE ? 20 : 4, 14, 1000 };

  return nebula_retry_budget_new (&settings);
}

/* What an interceptor does about a failure. */
static NebulaDecision
step_paid (NebulaRetryState *state,
           NebulaRetryBudget *budget,
           Failure failure,
           NebulaStatementSafety safety)
{
  g_autoptr (NebulaOutcome) outcome = make_outcome (failure);
  NebulaDecision decision;

  nebula_retry_state_set_budget (state, budget);
  decision = nebula_retry_state_decide (state, outcome, safety, START, 1.0);
  decision = nebula_retry_state_pay (state, outcome, decision);
  nebula_retry_state_record (state, outcome, decision);

  return decision;
}

static void
test_budget_prices (void)
{
  g_test_summary ("Only what was sent and is sent again has a price; a throttle counts failures");

  static const struct
  {
    Failure failure;
    NebulaStatementSafety safety;
    NebulaAction action;
    double lease;    /* what is left of 20 */
    double throttle; /* what is left of 4 */
  } cases[] = {
    { SUCCESS, READ_ONLY, RETURN, 20, 4 },
    { RPC, READ_ONLY, RETRY, 6, 3 },
    { RPC, UNSAFE, RETURN, 20, 3 },
    { LEADER, READ_ONLY, RETRY, 19, 3 },
    { LEASE, UNSAFE, RETRY, 19, 3 },
    { LOST, READ_ONLY, RETRY, 6, 3 },
    { TIMEOUT, READ_ONLY, RETRY, 6, 3 },
    { CONNECT, UNSAFE, RETRY, 20, 4 },
    { LOST_UNSENT, UNSAFE, RETRY, 20, 4 },
    { TIMEOUT_UNSENT, UNSAFE, RETRY, 20, 4 },
    { SESSION, READ_ONLY, NEBULA_ACTION_RENEW_SESSION, 20, 4 },
    { SPACE_LOST, READ_ONLY, NEBULA_ACTION_REPLAY_SPACE, 20, 4 },
    { HANDSHAKE, READ_ONLY, NEBULA_ACTION_HANDSHAKE, 20, 4 },
    { SYNTAX, READ_ONLY, RETURN, 20, 4 },
    { CREDENTIALS, READ_ONLY, RETURN, 20, 4 },
    { LOCKED, READ_ONLY, RETURN, 20, 4 },
    { DAMAGED, READ_ONLY, RETURN, 20, 4 },
    { CANCELLED, READ_ONLY, RETURN, 20, 4 },
    { KILLED, READ_ONLY, RETURN, 20, 4 },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    for (NebulaBudgetKind kind = NEBULA_BUDGET_LEASE; kind <= NEBULA_BUDGET_THROTTLE; kind++)
      {
        g_autoptr (NebulaRetryState) state = new_state (EXECUTE);
        g_autoptr (NebulaRetryBudget) budget = new_budget (kind);

        g_test_message ("failure %d", cases[i].failure);
        nebula_retry_state_set_can_renew (state, TRUE);
        g_assert_cmpint (step_paid (state, budget, cases[i].failure, cases[i].safety).action, ==,
                         cases[i].action);
        g_assert_cmpfloat (nebula_retry_budget_get_level (budget), ==,
                           kind == NEBULA_BUDGET_LEASE ? cases[i].lease : cases[i].throttle);
      }
}

static void
test_budget_refused (void)
{
  g_test_summary ("What the bucket cannot pay is refused, and nothing is taken; the rest goes on");

  g_autoptr (NebulaRetryState) state = new_state (EXECUTE);
  g_autoptr (NebulaRetryState) other = new_state (EXECUTE);
  g_autoptr (NebulaRetryBudget) lease = new_budget (NEBULA_BUDGET_LEASE);
  g_autoptr (NebulaRetryBudget) throttle = new_budget (NEBULA_BUDGET_THROTTLE);

  assert_decision (step_paid (state, lease, RPC, READ_ONLY), RETRY, NEBULA_REASON_BACKOFF, 1 * S);
  assert_decision (step_paid (state, lease, RPC, READ_ONLY), RETURN, NEBULA_REASON_BUDGET, 0);
  g_assert_cmpfloat (nebula_retry_budget_get_level (lease), ==, 6);
  assert_decision (step_paid (state, lease, CONNECT, UNSAFE), RETRY, NEBULA_REASON_NEVER_SENT, 0);
  assert_decision (step_paid (state, lease, LEADER, READ_ONLY), RETRY, NEBULA_REASON_BACKOFF,
                   10 * MS);

  assert_decision (step_paid (other, throttle, RPC, READ_ONLY), RETRY, NEBULA_REASON_BACKOFF,
                   1 * S);
  assert_decision (step_paid (other, throttle, RPC, READ_ONLY), RETURN, NEBULA_REASON_THROTTLED,
                   0);
  g_assert_cmpfloat (nebula_retry_budget_get_level (throttle), ==, 2);
}

static void
test_budget_is_last (void)
{
  g_test_summary ("An empty bucket is the reason only where nothing else forbids the retry");

  g_autoptr (NebulaRetryBudget) budget = new_budget (NEBULA_BUDGET_LEASE);
  g_autoptr (NebulaRetryState) state = new_state (EXECUTE);
  g_autoptr (NebulaRetryState) tired = new_state_with ("max-attempts", 1);
  g_autoptr (NebulaRetryState) off = new_state_with ("enabled", FALSE);

  step_paid (state, budget, RPC, READ_ONLY);
  assert_decision (step_paid (state, budget, RPC, UNSAFE), RETURN, NEBULA_REASON_EFFECT_UNKNOWN,
                   0);
  assert_decision (step_paid (tired, budget, RPC, READ_ONLY), RETURN, NEBULA_REASON_ATTEMPTS, 0);
  assert_decision (step_paid (off, budget, RPC, READ_ONLY), RETURN, NEBULA_REASON_OFF, 0);
  assert_decision (step_paid (state, NULL, RPC, READ_ONLY), RETRY, NEBULA_REASON_BACKOFF, 2 * S);
  assert_decision (step_paid (state, budget, SYNTAX, READ_ONLY), RETURN,
                   NEBULA_REASON_NOT_RETRYABLE, 0);
}

static void
test_budget_off (void)
{
  g_test_summary ("A policy that is off counts no failures for the throttle");

  g_autoptr (NebulaRetryBudget) throttle = new_budget (NEBULA_BUDGET_THROTTLE);
  g_autoptr (NebulaRetryState) off = new_state_with ("enabled", FALSE);

  assert_decision (step_paid (off, throttle, RPC, READ_ONLY), RETURN, NEBULA_REASON_OFF, 0);
  g_assert_cmpfloat (nebula_retry_budget_get_level (throttle), ==, 4);
}

static void
test_budget_no_pace (void)
{
  g_test_summary ("What somebody declared not worth a retry is no failure for the throttle");

  g_autoptr (NebulaRetryState) state = new_state (EXECUTE);
  g_autoptr (NebulaRetryBudget) throttle = new_budget (NEBULA_BUDGET_THROTTLE);
  g_autoptr (NebulaOverride) override = nebula_override_new_for_code (-3);
  g_autoptr (NebulaOutcome) outcome = make_outcome (RPC);
  g_autoptr (NebulaOutcome) meaning = NULL;
  NebulaDecision decision;

  nebula_override_set_pace (override, NEBULA_PACE_NONE);
  meaning = nebula_override_apply (override, outcome);
  nebula_retry_state_set_budget (state, throttle);
  decision = nebula_retry_state_decide (state, meaning, READ_ONLY, START, 1.0);
  assert_decision (nebula_retry_state_pay (state, meaning, decision), RETURN,
                   NEBULA_REASON_NOT_RETRYABLE, 0);
  g_assert_cmpfloat (nebula_retry_budget_get_level (throttle), ==, 4);
}

static void
test_budget_race (void)
{
  g_test_summary ("A decision goes by the level that was noted; the charge finds out what was lost");

  static const struct
  {
    NebulaBudgetKind kind;
    NebulaReason reason;
    double level;
  } cases[] = {
    { NEBULA_BUDGET_LEASE, NEBULA_REASON_BUDGET, 6 },
    { NEBULA_BUDGET_THROTTLE, NEBULA_REASON_THROTTLED, 2 },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (NebulaRetryState) state = new_state (EXECUTE);
      g_autoptr (NebulaRetryBudget) budget = new_budget (cases[i].kind);
      g_autoptr (NebulaOutcome) outcome = make_outcome (RPC);
      NebulaDecision decision;
      guint paid;

      nebula_retry_state_set_budget (state, budget);
      g_assert_true (nebula_retry_budget_charge (budget, NEBULA_CAUSE_RPC, &paid));
      decision = nebula_retry_state_decide (state, outcome, READ_ONLY, START, 1.0);
      assert_decision (decision, RETRY, NEBULA_REASON_BACKOFF, 1 * S);
      decision = nebula_retry_state_pay (state, outcome, decision);
      assert_decision (decision, RETURN, cases[i].reason, 0);
      g_assert_cmpfloat (nebula_retry_budget_get_level (budget), ==, cases[i].level);
    }
}

static void
test_refill (void)
{
  g_test_summary ("A success gives back what the last retry paid, to where it was paid");

  NebulaBudgetSettings settings = { NEBULA_BUDGET_LEASE, 100, 14, 1 };
  g_autoptr (NebulaRetryBudget) first = nebula_retry_budget_new (&settings);
  g_autoptr (NebulaRetryBudget) second = nebula_retry_budget_new (&settings);
  g_autoptr (NebulaRetryState) state = new_state (EXECUTE);
  g_autoptr (NebulaRetryState) plain = new_state (EXECUTE);

  guint paid;

  g_assert_true (nebula_retry_budget_charge (second, NEBULA_CAUSE_RPC, &paid));
  step_paid (state, first, RPC, READ_ONLY);
  step_paid (state, first, LEADER, READ_ONLY);
  step_paid (state, second, RPC, READ_ONLY);
  step_paid (state, second, CONNECT, READ_ONLY);
  g_assert_cmpfloat (nebula_retry_budget_get_level (first), ==, 85);
  g_assert_cmpfloat (nebula_retry_budget_get_level (second), ==, 72);

  nebula_retry_state_refill (state, first);
  g_assert_cmpfloat (nebula_retry_budget_get_level (first), ==, 85);
  g_assert_cmpfloat (nebula_retry_budget_get_level (second), ==, 86);

  step_paid (plain, first, CONNECT, READ_ONLY);
  nebula_retry_state_refill (plain, first);
  g_assert_cmpfloat (nebula_retry_budget_get_level (first), ==, 86);
  nebula_retry_state_refill (plain, NULL);

  /* What was given back is not given back again. */
  nebula_retry_state_refill (state, first);
  g_assert_cmpfloat (nebula_retry_budget_get_level (first), ==, 87);
  g_assert_cmpfloat (nebula_retry_budget_get_level (second), ==, 86);
}

static void
test_refill_throttle (void)
{
  g_test_summary ("Under a throttle the endpoint that answered gets what a success adds");

  g_autoptr (NebulaRetryBudget) first = new_budget (NEBULA_BUDGET_THROTTLE);
  g_autoptr (NebulaRetryBudget) second = new_budget (NEBULA_BUDGET_THROTTLE);
  g_autoptr (NebulaRetryState) state = new_state (EXECUTE);
  guint paid;

  g_assert_true (nebula_retry_budget_charge (second, NEBULA_CAUSE_RPC, &paid));
  assert_decision (step_paid (state, first, RPC, READ_ONLY), RETRY, NEBULA_REASON_BACKOFF, 1 * S);
  nebula_retry_state_refill (state, second);
  g_assert_cmpfloat (nebula_retry_budget_get_level (first), ==, 3);
  g_assert_cmpfloat (nebula_retry_budget_get_level (second), ==, 4);
}

int
main (int argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/retry-state-budget/prices", test_budget_prices);
  g_test_add_func ("/retry-state-budget/refused", test_budget_refused);
  g_test_add_func ("/retry-state-budget/is-last", test_budget_is_last);
  g_test_add_func ("/retry-state-budget/off", test_budget_off);
  g_test_add_func ("/retry-state-budget/no-pace", test_budget_no_pace);
  g_test_add_func ("/retry-state-budget/race", test_budget_race);
  g_test_add_func ("/retry-state-budget/refill", test_refill);
  g_test_add_func ("/retry-state-budget/refill-throttle", test_refill_throttle);

  return g_test_run ();
}
