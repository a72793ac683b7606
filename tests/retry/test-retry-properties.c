/* SPDX-License-Identifier: Apache-2.0 */
#include "failures.h"

/* What must hold whatever the policy, the failures and the clock: random calls are played to
 * their end and each decision is held against tallies that this file keeps for itself. */

#define N_CALLS 3000

/* More than any policy of these tests can allow, so that an endless call is seen. */
#define MAX_STEPS 500

/* What the test knows of a call. */
typedef struct
{
  NebulaRetryPolicy *policy; /* (owned) */
  NebulaRetryState *state;   /* (owned) */
  NebulaPhase phase;
  NebulaReplay replay;
  gboolean replay_after_timeout;
  guint n_endpoints;
  gint64 total_timeout;
  gint64 now;
  guint sent;
  guint unsent;
  guint largest_limit;
  guint failed[NEBULA_N_CAUSES];
  guint repaired[3]; /* sessions renewed, spaces replayed, handshakes */
  guint logins_repeated;
} Call;

/* The seeds are fixed: a failure that was found once is found again. */
static GRand *
new_random (void)
{
  return g_rand_new_with_seed (20240229);
}

static NebulaRetryPolicy *
new_policy (GRand *rand)
{
  /* Each list has the edges of what can be set and something usual. */
  static const gint64 times[] = { 0, 1, 10 * MS, 1 * S, 10 * S, G_MAXINT64 };
  static const gint64 totals[] = { 0, 1, 2 * S, 120 * S, G_MAXINT64 };
  static const double multipliers[] = { 1e-6, 0.5, 1.0, 2.0, 1e6 };
#define PICK(array) (array[g_rand_int_range (rand, 0, G_N_ELEMENTS (array))])

  return g_object_new (NEBULA_TYPE_RETRY_POLICY,
                       "enabled", g_rand_int_range (rand, 0, 10) > 0,
                       "max-attempts", g_rand_int_range (rand, 1, 7),
                       "leader-attempts", g_rand_int_range (rand, 1, 15),
                       "memory-attempts", g_rand_int_range (rand, 1, 4),
                       "fast-initial", PICK (times),
                       "fast-maximum", PICK (times),
                       "slow-initial", PICK (times),
                       "slow-maximum", PICK (times),
                       "multiplier", PICK (multipliers),
                       "jitter", g_rand_int_range (rand, 0, 5),
                       "total-timeout", PICK (totals),
                       "replay", g_rand_int_range (rand, 0, 5),
                       "replay-after-timeout", g_rand_boolean (rand),
                       NULL);
#undef PICK
}

static void
call_init (Call *call,
           GRand *rand)
{
  *call = (Call){ .now = START };
  call->policy = new_policy (rand);
  call->phase = g_rand_int_range (rand, 0, 3);
  call->n_endpoints = g_rand_int_range (rand, 1, 5);
  call->replay = nebula_retry_policy_get_replay (call->policy);
  call->replay_after_timeout = nebula_retry_policy_get_replay_after_timeout (call->policy);
  call->total_timeout = nebula_retry_policy_get_total_timeout (call->policy);
  call->state = nebula_retry_state_new (call->policy, call->phase, START);
  nebula_retry_state_set_endpoints (call->state, call->n_endpoints);
  nebula_retry_state_set_can_renew (call->state, g_rand_boolean (rand));
}

static void
call_clear (Call *call)
{
  nebula_retry_state_free (call->state);
  g_object_unref (call->policy);
}

/* Failures that end a call are common in the table and would leave few long calls. */
static Failure
next_failure (GRand *rand)
{
  static const Failure retryable[] = {
    RPC, LEADER, LEASE, CONFLICT, STARTING, OVERLOAD, MEMORY, CONNECT,
    LOST, LOST_UNSENT, TIMEOUT, TIMEOUT_UNSENT, SESSION, SPACE_LOST, HANDSHAKE,
    DAMAGED_UNSENT,
  };

  if (g_rand_int_range (rand, 0, 20) == 0)
    return g_rand_int_range (rand, 0, N_FAILURES);

  return retryable[g_rand_int_range (rand, 0, G_N_ELEMENTS (retryable))];
}

static gboolean
is_unsent (Failure failure)
{
  return failure == CONNECT || failure == LOST_UNSENT || failure == TIMEOUT_UNSENT
         || failure == DAMAGED_UNSENT;
}

/* Counts the attempt that just ended, before its decision is looked at. */
static void
tally (Call *call,
       Failure failure)
{
  NebulaCause cause = failures[failure].cause;
  guint limit = nebula_retry_policy_get_max_attempts (call->policy, cause);

  if (is_unsent (failure))
    {
      call->unsent++;
      return;
    }

  call->sent++;
  if (failure == SUCCESS)
    return;
  call->failed[cause]++;
  call->largest_limit = MAX (call->largest_limit, limit);
}

static void
check_limits (const Call *call,
              Failure failure,
              NebulaDecision decision)
{
  NebulaCause cause = failures[failure].cause;

  if (decision.action != RETRY && decision.action != MOVE)
    return;

  if (is_unsent (failure))
    {
      g_assert_cmpuint (call->unsent, <, 2 * call->n_endpoints + 2);
      return;
    }

  g_assert_cmpuint (call->failed[cause], <,
                    nebula_retry_policy_get_max_attempts (call->policy, cause));
  g_assert_cmpuint (call->sent, <, call->largest_limit);
}

static void
check_delay (const Call *call,
             Failure failure,
             NebulaDecision decision)
{
  NebulaPace pace = is_unsent (failure) ? NEBULA_PACE_FAST : failures[failure].pace;
  gint64 maximum = 0;

  nebula_retry_policy_get_backoff (call->policy, pace, NULL, &maximum, NULL);
  /* As gRPC's back-off: the cap comes before its jitter. */
  if (nebula_retry_policy_get_jitter (call->policy) == NEBULA_JITTER_PROPORTIONAL)
    maximum = maximum < G_MAXINT64 / 2 ? maximum + maximum / 5 + 1 : G_MAXINT64;
  g_assert_cmpint (decision.delay, >=, 0);
  if (decision.action == RETRY || decision.action == MOVE)
    g_assert_cmpint (decision.delay, <=, maximum);
  else
    g_assert_cmpint (decision.delay, ==, 0);

  if (decision.action != RETURN && call->total_timeout > 0
      && call->total_timeout < G_MAXINT64 - START)
    g_assert_cmpint (decision.delay, <, START + call->total_timeout - call->now);
}

/* The safety of what is sent again when it may have been applied already. */
static void
check_effect (const Call *call,
              Failure failure,
              NebulaStatementSafety safety,
              NebulaDecision decision)
{
  NebulaCause cause = failures[failure].cause;

  if (decision.action == RETURN || failures[failure].effect == NEBULA_EFFECT_NONE)
    return;

  g_assert_cmpint (call->replay, !=, NEBULA_REPLAY_NEVER);
  if (call->phase == AUTHENTICATE)
    g_assert_cmpuint (call->logins_repeated, ==, 0);
  if (call->phase != EXECUTE)
    return;

  if (safety == UNSAFE)
    g_assert_cmpint (call->replay, ==, NEBULA_REPLAY_ALWAYS);
  if (safety == CONVERGENT)
    g_assert_cmpint (call->replay, >=, NEBULA_REPLAY_CONVERGENT);
  if (safety == IDEMPOTENT)
    g_assert_cmpint (call->replay, >=, NEBULA_REPLAY_IDEMPOTENT);
  if (cause == NEBULA_CAUSE_TIMEOUT && !call->replay_after_timeout)
    g_assert_cmpint (safety, ==, READ_ONLY);
  if (cause == NEBULA_CAUSE_MEMORY)
    g_assert_cmpint (safety, ==, READ_ONLY);
}

static void
check_action (const Call *call,
              Failure failure,
              NebulaDecision decision)
{
  switch ((guint) failures[failure].category)
    {
    case NEBULA_ERROR_CATEGORY_RETRYABLE:
      g_assert_true (decision.action == RETURN || decision.action == RETRY
                     || decision.action == MOVE);
      break;
    case NEBULA_ERROR_CATEGORY_SESSION:
      g_assert_true (decision.action != RETRY && decision.action != MOVE);
      break;
    case NEBULA_ERROR_CATEGORY_FATAL:
      g_assert_true (decision.action == RETURN
                     || ((failure == QUOTA || failure == DAMAGED_UNSENT)
                         && decision.action == MOVE));
      break;
    default: /* among them refused credentials */
      g_assert_cmpint (decision.action, ==, RETURN);
      break;
    }

  if (decision.action == MOVE)
    g_assert_cmpuint (call->n_endpoints, >, 1);
  if (!nebula_retry_policy_get_enabled (call->policy))
    g_assert_cmpint (decision.action, ==, RETURN);
}

static void
note_action (Call *call,
             Failure failure,
             NebulaDecision decision)
{
  static const NebulaAction repairs[] = {
    NEBULA_ACTION_RENEW_SESSION,
    NEBULA_ACTION_REPLAY_SPACE,
    NEBULA_ACTION_HANDSHAKE,
  };

  for (gsize i = 0; i < G_N_ELEMENTS (repairs); i++)
    if (decision.action == repairs[i])
      g_assert_cmpuint (++call->repaired[i], ==, 1);

  if ((decision.action == RETRY || decision.action == MOVE) && call->phase == AUTHENTICATE
      && failures[failure].effect != NEBULA_EFFECT_NONE)
    call->logins_repeated++;
}

/* Answers FALSE when the call is over. */
static gboolean
play_one (Call *call,
          GRand *rand)
{
  Failure failure = next_failure (rand);
  NebulaStatementSafety safety = g_rand_int_range (rand, 0, 4);
  double random = g_rand_double_range (rand, -0.1, 1.1);
  g_autoptr (NebulaOutcome) outcome = make_outcome (failure);
  NebulaDecision decision
      = nebula_retry_state_decide (call->state, outcome, safety, call->now, random);

  tally (call, failure);
  check_limits (call, failure, decision);
  check_delay (call, failure, decision);
  check_effect (call, failure, safety, decision);
  check_action (call, failure, decision);
  note_action (call, failure, decision);

  nebula_retry_state_record (call->state, outcome, decision);
  g_assert_cmpuint (nebula_retry_state_get_attempts (call->state), ==, call->sent);
  call->now += MIN (decision.delay, 1000 * S) + g_rand_int_range (rand, 0, 100 * MS);

  return decision.action != RETURN;
}

static void
test_limits (void)
{
  g_test_summary ("No random call breaks a limit, a cap, a deadline or the rules of safety");

  g_autoptr (GRand) rand = new_random ();
  guint n_retried = 0;

  for (guint i = 0; i < N_CALLS; i++)
    {
      Call call;
      guint n_steps = 1;

      call_init (&call, rand);
      while (play_one (&call, rand))
        g_assert_cmpuint (++n_steps, <, MAX_STEPS);
      n_retried += n_steps > 1;
      call_clear (&call);
    }

  /* Otherwise nothing was tested. */
  g_assert_cmpuint (n_retried, >, N_CALLS / 4);
}

/* Asks about anything, at any time, and throws the answers away. */
static void
ask_around (const NebulaRetryState *state,
            GRand *rand)
{
  for (guint i = 0; i < 5; i++)
    ask (state, g_rand_int_range (rand, 0, N_FAILURES), g_rand_int_range (rand, 0, 4),
         START + g_rand_int_range (rand, 0, 200) * S, g_rand_double (rand));
}

static void
test_pure (void)
{
  g_test_summary ("The same question has the same answer, however often others are asked between");

  g_autoptr (GRand) rand = new_random ();

  for (guint i = 0; i < N_CALLS / 10; i++)
    {
      g_autoptr (NebulaRetryPolicy) policy = new_policy (rand);
      g_autoptr (NebulaRetryState) quiet = nebula_retry_state_new (policy, EXECUTE, START);
      g_autoptr (NebulaRetryState) asked = nebula_retry_state_new (policy, EXECUTE, START);

      for (guint j = 0; j < 12; j++)
        {
          Failure failure = next_failure (rand);
          NebulaStatementSafety safety = g_rand_int_range (rand, 0, 4);
          double random = g_rand_double (rand);
          g_autoptr (NebulaOutcome) outcome = make_outcome (failure);
          NebulaDecision decision = ask (quiet, failure, safety, START, random);

          ask_around (asked, rand);
          assert_decision (ask (asked, failure, safety, START, random), decision.action,
                           decision.reason, decision.delay);
          nebula_retry_state_record (quiet, outcome, decision);
          nebula_retry_state_record (asked, outcome, decision);
        }
    }
}

static void
test_monotonic (void)
{
  g_test_summary ("More randomness never means a shorter wait, and less time never a retry more");

  g_autoptr (GRand) rand = new_random ();

  for (guint i = 0; i < N_CALLS; i++)
    {
      g_autoptr (NebulaRetryPolicy) policy = new_policy (rand);
      g_autoptr (NebulaRetryState) state = nebula_retry_state_new (policy, EXECUTE, START);
      Failure failure = next_failure (rand);
      double random = g_rand_double (rand);
      gint64 now = START + g_rand_int_range (rand, 0, 130) * S;
      NebulaDecision less = ask (state, failure, READ_ONLY, now, random * 0.5);
      NebulaDecision more = ask (state, failure, READ_ONLY, now, random);
      NebulaDecision later = ask (state, failure, READ_ONLY, now + S, random);

      if (more.action != RETURN)
        g_assert_cmpint (less.delay, <=, more.delay);
      if (less.action == RETURN)
        g_assert_cmpint (more.action, ==, RETURN);
      if (more.action == RETURN)
        g_assert_cmpint (later.action, ==, RETURN);
    }
}

/* What the budgets of the calls below are: small enough to run empty often. */
static NebulaRetryBudget *
new_budget (GRand *rand)
{
  NebulaBudgetSettings settings = {
    .kind = g_rand_int_range (rand, NEBULA_BUDGET_LEASE, NEBULA_BUDGET_THROTTLE + 1),
    .capacity = g_rand_int_range (rand, 1, 60),
    .cost = g_rand_int_range (rand, 1, 30),
    .refill = g_rand_int_range (rand, 1, 2000),
  };

  return nebula_retry_budget_new (&settings);
}

/* A call that pays, next to a copy that need not. Answers whether the budget refused a retry. */
static gboolean
play_paid (NebulaRetryBudget *budget,
           GRand *rand)
{
  g_autoptr (NebulaRetryState) state = new_state (EXECUTE);
  g_autoptr (NebulaRetryState) rich = new_state (EXECUTE);
  NebulaBudgetSettings settings;
  NebulaDecision free_decision;
  NebulaDecision decision;

  nebula_retry_budget_get_settings (budget, &settings);
  do
    {
      Failure failure = next_failure (rand);
      double random = g_rand_double (rand);
      g_autoptr (NebulaOutcome) outcome = make_outcome (failure);

      nebula_retry_state_set_budget (state, budget);
      decision = nebula_retry_state_decide (state, outcome, READ_ONLY, START, random);
      free_decision = nebula_retry_state_decide (rich, outcome, READ_ONLY, START, random);
      /* Nobody else pays here, so that the charge finds what the decision saw. */
      g_assert_cmpint (nebula_retry_state_pay (state, outcome, decision).reason, ==,
                       decision.reason);
      nebula_retry_state_record (state, outcome, decision);
      nebula_retry_state_record (rich, outcome, decision);
      if (failure == SUCCESS)
        nebula_retry_state_refill (state, budget);
      g_assert_cmpfloat (nebula_retry_budget_get_level (budget), >=, 0);
      g_assert_cmpfloat (nebula_retry_budget_get_level (budget), <=, settings.capacity);
      if (decision.reason == free_decision.reason)
        assert_decision (decision, free_decision.action, free_decision.reason,
                         free_decision.delay);
    }
  while (decision.action != RETURN);

  if (decision.reason == free_decision.reason)
    return FALSE;
  g_assert_cmpint (decision.reason, ==, settings.kind == NEBULA_BUDGET_LEASE
                                          ? NEBULA_REASON_BUDGET : NEBULA_REASON_THROTTLED);
  g_assert_true (free_decision.action == RETRY || free_decision.action == MOVE);

  return TRUE;
}

static void
test_budget (void)
{
  g_test_summary ("A budget never leaves its range, and changes decisions only by refusing retries");

  g_autoptr (GRand) rand = new_random ();
  guint n_refused = 0;

  for (guint i = 0; i < N_CALLS / 30; i++)
    {
      g_autoptr (NebulaRetryBudget) budget = new_budget (rand);

      for (guint j = 0; j < 30; j++)
        n_refused += play_paid (budget, rand);
    }

  g_assert_cmpuint (n_refused, >, N_CALLS / 10);
  g_assert_cmpuint (n_refused, <, N_CALLS);
}

int
main (int argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/retry-properties/limits", test_limits);
  g_test_add_func ("/retry-properties/pure", test_pure);
  g_test_add_func ("/retry-properties/budget", test_budget);
  g_test_add_func ("/retry-properties/monotonic", test_monotonic);

  return g_test_run ();
}
