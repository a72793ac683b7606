/* SPDX-License-Identifier: Apache-2.0 */
#include "failures.h"

#include "nebula-retry-state-private.h"

static void
test_failures (void)
{
  g_test_summary ("The failures of these tests are classified as these tests suppose");

  for (guint i = 0; i < N_FAILURES; i++)
    {
      g_autoptr (NebulaOutcome) outcome = make_outcome (i);

      g_test_message ("failure %u", i);
      g_assert_cmpint (nebula_outcome_get_category (outcome), ==, failures[i].category);
      g_assert_cmpint (nebula_outcome_get_cause (outcome), ==, failures[i].cause);
      g_assert_cmpint (nebula_outcome_get_effect (outcome), ==, failures[i].effect);
      g_assert_cmpint (nebula_outcome_get_pace (outcome), ==, failures[i].pace);
      g_assert_true (nebula_outcome_is_never_sent (outcome)
                     == (i == CONNECT || i == LOST_UNSENT || i == TIMEOUT_UNSENT
                         || i == DAMAGED_UNSENT));
    }
}

static void
test_first_decision (void)
{
  g_test_summary ("What is done about the first failure of a read-only statement");

  static const struct
  {
    Failure failure;
    NebulaAction action;
    NebulaReason reason;
    gint64 delay;
  } cases[] = {
    { SUCCESS, RETURN, NEBULA_REASON_SUCCESS, 0 },
    { RPC, RETRY, NEBULA_REASON_BACKOFF, 1 * S },
    { LEADER, RETRY, NEBULA_REASON_BACKOFF, 10 * MS },
    { LEASE, RETRY, NEBULA_REASON_BACKOFF, 10 * MS },
    { CONFLICT, RETRY, NEBULA_REASON_BACKOFF, 10 * MS },
    { STARTING, RETRY, NEBULA_REASON_BACKOFF, 1 * S },
    { OVERLOAD, RETRY, NEBULA_REASON_BACKOFF, 1 * S },
    { MEMORY, RETRY, NEBULA_REASON_BACKOFF, 1 * S },
    { PARTIAL, RETURN, NEBULA_REASON_PARTIAL, 0 },
    { SESSION, RETURN, NEBULA_REASON_NO_CREDENTIALS, 0 },
    { SPACE_LOST, NEBULA_ACTION_REPLAY_SPACE, NEBULA_REASON_SPACE_LOST, 0 },
    { HANDSHAKE, NEBULA_ACTION_HANDSHAKE, NEBULA_REASON_HANDSHAKE, 0 },
    { CREDENTIALS, RETURN, NEBULA_REASON_REFUSED_CREDENTIAL, 0 },
    { LOCKED, RETURN, NEBULA_REASON_REFUSED_CREDENTIAL, 0 },
    { PERMISSION, RETURN, NEBULA_REASON_NOT_RETRYABLE, 0 },
    { QUOTA, RETURN, NEBULA_REASON_NOT_RETRYABLE, 0 },
    { SYNTAX, RETURN, NEBULA_REASON_NOT_RETRYABLE, 0 },
    { KILLED, RETURN, NEBULA_REASON_KILLED, 0 },
    { UNKNOWN, RETURN, NEBULA_REASON_NOT_RETRYABLE, 0 },
    { CONNECT, RETRY, NEBULA_REASON_NEVER_SENT, 0 },
    { LOST, RETRY, NEBULA_REASON_BACKOFF, 10 * MS },
    { LOST_UNSENT, RETRY, NEBULA_REASON_NEVER_SENT, 0 },
    { TIMEOUT, RETRY, NEBULA_REASON_BACKOFF, 10 * MS },
    { TIMEOUT_UNSENT, RETRY, NEBULA_REASON_NEVER_SENT, 0 },
    { DAMAGED, RETURN, NEBULA_REASON_NOT_RETRYABLE, 0 },
    { DAMAGED_UNSENT, RETURN, NEBULA_REASON_NOT_RETRYABLE, 0 },
    { CANCELLED, RETURN, NEBULA_REASON_CANCELLED, 0 },
  };

  G_STATIC_ASSERT (G_N_ELEMENTS (cases) == N_FAILURES);
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (NebulaRetryState) state = new_state (EXECUTE);

      g_test_message ("failure %d", cases[i].failure);
      assert_decision (step (state, cases[i].failure, READ_ONLY), cases[i].action,
                       cases[i].reason, cases[i].delay);
    }
}

static void
test_off (void)
{
  g_test_summary ("A policy that is off hands everything over, also a lost session");

  for (Failure i = 0; i < N_FAILURES; i++)
    {
      g_autoptr (NebulaRetryState) state = new_state_with ("enabled", FALSE);
      NebulaReason reason = NEBULA_REASON_OFF;

      if (i == SUCCESS)
        reason = NEBULA_REASON_SUCCESS;
      else if (i == CANCELLED)
        reason = NEBULA_REASON_CANCELLED;
      nebula_retry_state_set_can_renew (state, TRUE);
      assert_decision (step (state, i, READ_ONLY), RETURN, reason, 0);
    }
}

/* Whether a failure whose effect is not NONE is tried again, for each safety, by replay level. */
static void
test_effect_gate (void)
{
  g_test_summary ("What may have been applied runs again only as the policy and safety allow");

  /* A digit for each safety: READ_ONLY, IDEMPOTENT, CONVERGENT, NOT_IDEMPOTENT. */
  static const struct
  {
    Failure failure;
    const char *by_level[5]; /* never, read-only, idempotent, convergent, always */
  } cases[] = {
    { LEADER, { "0000", "1000", "1100", "1110", "1111" } },
    { RPC, { "0000", "1000", "1100", "1110", "1111" } },
    { CONFLICT, { "0000", "1000", "1100", "1110", "1111" } },
    { LOST, { "0000", "1000", "1100", "1110", "1111" } },
    { TIMEOUT, { "0000", "1000", "1000", "1000", "1000" } },
    { MEMORY, { "0000", "1000", "1000", "1000", "1000" } },
    { LEASE, { "1111", "1111", "1111", "1111", "1111" } },
    { OVERLOAD, { "1111", "1111", "1111", "1111", "1111" } },
    { CONNECT, { "1111", "1111", "1111", "1111", "1111" } },
    { LOST_UNSENT, { "1111", "1111", "1111", "1111", "1111" } },
    { TIMEOUT_UNSENT, { "1111", "1111", "1111", "1111", "1111" } },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    for (guint level = 0; level < 5; level++)
      for (guint safety = 0; safety < 4; safety++)
        {
          g_autoptr (NebulaRetryState) state = new_state_with ("replay", level);
          NebulaDecision decision = step (state, cases[i].failure, safety);

          g_test_message ("failure %d, level %u, safety %u", cases[i].failure, level, safety);
          if (cases[i].by_level[level][safety] == '1')
            g_assert_cmpint (decision.action, ==, RETRY);
          else
            assert_decision (decision, RETURN, NEBULA_REASON_EFFECT_UNKNOWN, 0);
        }
}

static void
test_replay_after_timeout (void)
{
  g_test_summary ("After a client-side time-out writes run again only when the policy says so");

  static const struct
  {
    NebulaReplay replay;
    const char *allowed; /* a digit for each safety */
  } cases[] = {
    { NEBULA_REPLAY_NEVER, "0000" },
    { NEBULA_REPLAY_READ_ONLY, "1000" },
    { NEBULA_REPLAY_IDEMPOTENT, "1100" },
    { NEBULA_REPLAY_CONVERGENT, "1110" },
    { NEBULA_REPLAY_ALWAYS, "1111" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (NebulaRetryPolicy) policy
          = g_object_new (NEBULA_TYPE_RETRY_POLICY, "replay", cases[i].replay,
                          "replay-after-timeout", TRUE, NULL);
      g_autoptr (NebulaRetryState) state = nebula_retry_state_new (policy, EXECUTE, START);

      for (guint safety = 0; safety < 4; safety++)
        g_assert_cmpint (ask (state, TIMEOUT, safety, START, 0).action, ==,
                         cases[i].allowed[safety] == '1' ? RETRY : RETURN);
    }
}

static void
test_unknown_safety (void)
{
  g_test_summary ("A safety that nobody knows is no safety");

  static const int safeties[] = { 4, 99, -1, G_MININT };
  g_autoptr (NebulaRetryState) state = new_state (EXECUTE);
  g_autoptr (NebulaRetryState) always = new_state_with ("replay", NEBULA_REPLAY_ALWAYS);

  for (gsize i = 0; i < G_N_ELEMENTS (safeties); i++)
    {
      NebulaStatementSafety safety = (NebulaStatementSafety) safeties[i];

      assert_decision (ask (state, LEADER, safety, START, 0), RETURN,
                       NEBULA_REASON_EFFECT_UNKNOWN, 0);
      /* "Every statement" asks for none. */
      g_assert_cmpint (ask (always, LEADER, safety, START, 0).action, ==, RETRY);
    }
}

static void
test_login (void)
{
  g_test_summary ("A login that may have been done is repeated once in a call, whatever is safe");

  static const NebulaReplay levels[] = {
    NEBULA_REPLAY_READ_ONLY,
    NEBULA_REPLAY_IDEMPOTENT,
    NEBULA_REPLAY_ALWAYS,
  };

  for (gsize i = 0; i < G_N_ELEMENTS (levels); i++)
    {
      g_autoptr (NebulaRetryPolicy) policy
          = g_object_new (NEBULA_TYPE_RETRY_POLICY, "replay", levels[i], NULL);
      g_autoptr (NebulaRetryState) state = nebula_retry_state_new (policy, AUTHENTICATE, START);

      assert_decision (step (state, LOST, UNSAFE), RETRY, NEBULA_REASON_BACKOFF, 10 * MS);
      assert_decision (step (state, STARTING, UNSAFE), RETRY, NEBULA_REASON_BACKOFF, 1 * S);
      assert_decision (step (state, CONNECT, UNSAFE), RETRY, NEBULA_REASON_NEVER_SENT, 0);
      assert_decision (ask (state, LOST, READ_ONLY, START, 1), RETURN,
                       NEBULA_REASON_EFFECT_UNKNOWN, 0);
      assert_decision (step (state, TIMEOUT, READ_ONLY), RETURN, NEBULA_REASON_EFFECT_UNKNOWN, 0);
    }
}

static void
test_login_undone (void)
{
  g_test_summary ("A login that was certainly not done takes nothing from the one repetition");

  g_autoptr (NebulaRetryState) state = new_state (AUTHENTICATE);

  assert_decision (step (state, STARTING, UNSAFE), RETRY, NEBULA_REASON_BACKOFF, 1 * S);
  assert_decision (step (state, LOST, UNSAFE), RETRY, NEBULA_REASON_BACKOFF, 10 * MS);
  assert_decision (step (state, LOST, UNSAFE), RETURN, NEBULA_REASON_EFFECT_UNKNOWN, 0);
}

static void
test_login_never (void)
{
  g_test_summary ("Replay level never holds for a login too, but not for one never done");

  g_autoptr (NebulaRetryPolicy) policy
      = g_object_new (NEBULA_TYPE_RETRY_POLICY, "replay", NEBULA_REPLAY_NEVER, NULL);
  g_autoptr (NebulaRetryState) state = nebula_retry_state_new (policy, AUTHENTICATE, START);

  g_assert_cmpint (step (state, STARTING, READ_ONLY).action, ==, RETRY);
  assert_decision (step (state, LOST, READ_ONLY), RETURN, NEBULA_REASON_EFFECT_UNKNOWN, 0);
}

static void
test_verify (void)
{
  g_test_summary ("The handshake itself changes nothing: it runs again like what is read-only");

  g_autoptr (NebulaRetryState) state = new_state (VERIFY);

  g_assert_cmpint (step (state, LOST, UNSAFE).action, ==, RETRY);
  g_assert_cmpint (step (state, TIMEOUT, UNSAFE).action, ==, RETRY);
  assert_decision (step (state, HANDSHAKE, UNSAFE), RETURN, NEBULA_REASON_NOT_RETRYABLE, 0);
}

static void
test_session (void)
{
  g_test_summary ("A lost session is renewed once in a call, when credentials are known");

  g_autoptr (NebulaRetryState) state = new_state (EXECUTE);

  assert_decision (ask (state, SESSION, UNSAFE, START, 1), RETURN, NEBULA_REASON_NO_CREDENTIALS,
                   0);
  nebula_retry_state_set_can_renew (state, TRUE);
  assert_decision (step (state, SESSION, UNSAFE), NEBULA_ACTION_RENEW_SESSION,
                   NEBULA_REASON_SESSION_GONE, 0);
  assert_decision (step (state, SPACE_LOST, UNSAFE), NEBULA_ACTION_REPLAY_SPACE,
                   NEBULA_REASON_SPACE_LOST, 0);
  assert_decision (step (state, HANDSHAKE, UNSAFE), NEBULA_ACTION_HANDSHAKE,
                   NEBULA_REASON_HANDSHAKE, 0);
  assert_decision (ask (state, SPACE_LOST, UNSAFE, START, 1), RETURN,
                   NEBULA_REASON_NOT_RETRYABLE, 0);
  assert_decision (ask (state, HANDSHAKE, UNSAFE, START, 1), RETURN, NEBULA_REASON_NOT_RETRYABLE,
                   0);
  assert_decision (step (state, SESSION, UNSAFE), RETURN, NEBULA_REASON_RENEWED_ALREADY, 0);
}

/* What an override or the caller's judge may make of a failure. */
static NebulaDecision
ask_doubtful (const NebulaRetryState *state, Failure failure, NebulaStatementSafety safety)
{
  g_autoptr (NebulaOutcome) sure = make_outcome (failure);
  g_autoptr (NebulaOutcome) doubtful = NULL;

  doubtful = nebula_outcome_reclassify (sure, NEBULA_ERROR_CATEGORY_SESSION,
                                        nebula_outcome_get_cause (sure), NEBULA_EFFECT_MAYBE,
                                        NEBULA_PACE_INSTANT, NULL);

  return nebula_retry_state_decide (state, doubtful, safety, START, 1);
}

static void
test_session_effect (void)
{
  static const Failure repaired[] = { SESSION, SPACE_LOST, HANDSHAKE };

  g_test_summary ("A repair makes nothing run twice that may have been applied and is not safe");

  for (gsize i = 0; i < G_N_ELEMENTS (repaired); i++)
    for (guint level = 0; level < 5; level++)
      for (guint safety = 0; safety < 4; safety++)
        {
          g_autoptr (NebulaRetryState) state = new_state_with ("replay", level);
          NebulaDecision decision;

          nebula_retry_state_set_can_renew (state, TRUE);
          decision = ask_doubtful (state, repaired[i], safety);
          g_test_message ("failure %d, level %u, safety %u", repaired[i], level, safety);
          if (safety < level)
            g_assert_cmpint (decision.action, !=, RETURN);
          else
            assert_decision (decision, RETURN, NEBULA_REASON_EFFECT_UNKNOWN, 0);
        }
}

static void
test_session_effect_unrepaired (void)
{
  g_autoptr (NebulaRetryState) state = new_state (EXECUTE);

  g_test_summary ("Where nothing can be repaired, the reason is that, whatever may be applied");
  assert_decision (ask_doubtful (state, SESSION, UNSAFE), RETURN, NEBULA_REASON_NO_CREDENTIALS, 0);
}

static void
test_session_phases (void)
{
  g_test_summary ("Logins and handshakes run in no session, so none is renewed for them");

  static const NebulaPhase phases[] = { AUTHENTICATE, VERIFY };

  for (gsize i = 0; i < G_N_ELEMENTS (phases); i++)
    {
      g_autoptr (NebulaRetryState) state = new_state (phases[i]);

      nebula_retry_state_set_can_renew (state, TRUE);
      assert_decision (step (state, SESSION, READ_ONLY), RETURN, NEBULA_REASON_NOT_RETRYABLE, 0);
      assert_decision (step (state, SPACE_LOST, READ_ONLY), RETURN, NEBULA_REASON_NOT_RETRYABLE,
                       0);
    }
}

static void
test_move (void)
{
  g_test_summary ("What another graphd may not suffer from is taken to another graphd");

  static const struct
  {
    Failure failure;
    NebulaAction alone;
    NebulaAction among_many;
  } cases[] = {
    { OVERLOAD, RETRY, MOVE }, { MEMORY, RETRY, MOVE },  { CONNECT, RETRY, MOVE },
    { STARTING, RETRY, MOVE }, { QUOTA, RETURN, MOVE },  { LOCKED, RETURN, RETURN },
    { RPC, RETRY, RETRY },     { LEADER, RETRY, RETRY }, { LOST, RETRY, RETRY },
    { DAMAGED_UNSENT, RETURN, MOVE }, { DAMAGED, RETURN, RETURN },
  };
  g_autoptr (NebulaRetryState) state = new_state (EXECUTE);

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      nebula_retry_state_set_endpoints (state, 1);
      g_assert_cmpint (ask (state, cases[i].failure, READ_ONLY, START, 1).action, ==,
                       cases[i].alone);
      nebula_retry_state_set_endpoints (state, 2);
      g_assert_cmpint (ask (state, cases[i].failure, READ_ONLY, START, 1).action, ==,
                       cases[i].among_many);
    }
}

static void
test_move_to_leader (void)
{
  g_autoptr (NebulaRetryState) state = new_state (EXECUTE);

  g_test_summary ("A server that does not look for the leader is left, when there is another one");
  nebula_retry_state_set_finds_leader (state, FALSE);
  g_assert_cmpint (ask (state, LEADER, READ_ONLY, START, 1).action, ==, RETRY);
  nebula_retry_state_set_endpoints (state, 2);
  g_assert_cmpint (ask (state, LEADER, READ_ONLY, START, 1).action, ==, MOVE);
  nebula_retry_state_set_finds_leader (state, TRUE);
  g_assert_cmpint (ask (state, LEADER, READ_ONLY, START, 1).action, ==, RETRY);
}

static void
test_move_of_stopping (void)
{
  g_autoptr (NebulaRetryState) state = new_state (EXECUTE);

  g_test_summary ("A graphd that stops is left at once, and waited for when all of them stop");
  nebula_retry_state_set_endpoints (state, 3);
  assert_decision (step (state, STARTING, UNSAFE), MOVE, NEBULA_REASON_INSTANT, 0);
  assert_decision (step (state, STARTING, UNSAFE), MOVE, NEBULA_REASON_INSTANT, 0);
  assert_decision (step (state, STARTING, UNSAFE), MOVE, NEBULA_REASON_BACKOFF, 1 * S);
}

static void
test_quota (void)
{
  g_autoptr (NebulaRetryPolicy) policy = g_object_new (NEBULA_TYPE_RETRY_POLICY, NULL);

  g_test_summary ("Too many sessions: each graphd is asked once, at once; more attempts do not matter");

  for (guint n = 1; n <= 4; n++)
    {
      g_autoptr (NebulaRetryState) state = nebula_retry_state_new (policy, AUTHENTICATE, START);

      nebula_retry_state_set_endpoints (state, n);
      for (guint i = 1; i < n; i++)
        assert_decision (step (state, QUOTA, UNSAFE), MOVE, NEBULA_REASON_INSTANT, 0);
      assert_decision (step (state, QUOTA, UNSAFE), RETURN, NEBULA_REASON_NOT_RETRYABLE, 0);
    }
}

static void
test_circuit (void)
{
  g_test_summary ("While no endpoint may be connected to, a retry waits, and says why");

  static const struct
  {
    Failure failure;
    gint64 closes; /* from the start */
    gboolean refused;
    NebulaAction action;
    NebulaReason reason;
    gint64 delay;
  } cases[] = {
    { CONNECT, 250 * MS, TRUE, RETRY, NEBULA_REASON_CIRCUIT_OPEN, 250 * MS },
    { CONNECT, 250 * MS, FALSE, RETRY, NEBULA_REASON_CIRCUIT_OPEN, 250 * MS },
    { LOST, 250 * MS, FALSE, RETRY, NEBULA_REASON_CIRCUIT_OPEN, 260 * MS },
    { CONNECT, 0, FALSE, RETRY, NEBULA_REASON_NEVER_SENT, 0 },
    { CONNECT, -1, TRUE, RETRY, NEBULA_REASON_NEVER_SENT, 0 },
    { CONNECT, 120 * S, TRUE, RETURN, NEBULA_REASON_CIRCUIT_OPEN, 0 },
    { CONNECT, G_MAXINT64 - START, FALSE, RETURN, NEBULA_REASON_CIRCUIT_OPEN, 0 },
    { SYNTAX, 250 * MS, FALSE, RETURN, NEBULA_REASON_NOT_RETRYABLE, 0 },
    { CANCELLED, 250 * MS, TRUE, RETURN, NEBULA_REASON_CANCELLED, 0 },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (NebulaRetryState) state = new_state (EXECUTE);

      g_test_message ("case %" G_GSIZE_FORMAT, i);
      nebula_retry_state_set_circuit (state, START + cases[i].closes, cases[i].refused);
      assert_decision (ask (state, cases[i].failure, READ_ONLY, START, 1), cases[i].action,
                       cases[i].reason, cases[i].delay);
    }
}

static void
test_circuit_ends_call (void)
{
  g_autoptr (NebulaRetryState) state = new_state (EXECUTE);

  g_test_summary ("An attempt that was refused is one that was never sent: there are as many of them");
  nebula_retry_state_set_circuit (state, START, TRUE);
  for (guint i = 0; i < 3; i++)
    g_assert_cmpint (step (state, CONNECT, UNSAFE).action, ==, RETRY);
  assert_decision (step (state, CONNECT, UNSAFE), RETURN, NEBULA_REASON_CIRCUIT_OPEN, 0);
}

/* Asks the rules about a failure of a kind that no server of today has. */
static NebulaDecision
ask_rules (NebulaRetryState *state,
           NebulaErrorCategory category,
           NebulaPace pace)
{
  NebulaRetryQuestion question = {
    .state = state,
    .category = category,
    .cause = NEBULA_CAUSE_RPC,
    .effect = NEBULA_EFFECT_NONE,
    .pace = pace,
    .safety = UNSAFE,
    .pushback = -1,
    .random = 1.0,
  };

  return nebula_retry_rules_decide (&question);
}

static void
test_paces (void)
{
  g_test_summary ("Every pace is followed, also where no code of today has it");

  static const struct
  {
    NebulaPace pace;
    guint retries; /* that the cause had before */
    NebulaAction action;
    NebulaReason reason;
    gint64 delay;
  } cases[] = {
    { NEBULA_PACE_INSTANT, 0, RETRY, NEBULA_REASON_INSTANT, 0 },
    { NEBULA_PACE_INSTANT, 1, RETRY, NEBULA_REASON_BACKOFF, 10 * MS },
    { NEBULA_PACE_INSTANT, 2, RETRY, NEBULA_REASON_BACKOFF, 20 * MS },
    { NEBULA_PACE_FAST, 0, RETRY, NEBULA_REASON_BACKOFF, 10 * MS },
    { NEBULA_PACE_FAST, 2, RETRY, NEBULA_REASON_BACKOFF, 40 * MS },
    { NEBULA_PACE_SLOW, 0, RETRY, NEBULA_REASON_BACKOFF, 1 * S },
    { NEBULA_PACE_SLOW, 2, RETRY, NEBULA_REASON_BACKOFF, 4 * S },
    { NEBULA_PACE_PUSHBACK, 0, RETURN, NEBULA_REASON_PUSHBACK, 0 },
    { NEBULA_PACE_NONE, 0, RETURN, NEBULA_REASON_NOT_RETRYABLE, 0 },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (NebulaRetryState) state = new_state (EXECUTE);

      state->retries[NEBULA_CAUSE_RPC] = cases[i].retries;
      assert_decision (ask_rules (state, NEBULA_ERROR_CATEGORY_RETRYABLE, cases[i].pace),
                       cases[i].action, cases[i].reason, cases[i].delay);
    }
}

static void
test_categories (void)
{
  g_test_summary ("Only what time heals is tried again, whatever its pace");

  static const NebulaErrorCategory categories[] = {
    NEBULA_ERROR_CATEGORY_FATAL,
    NEBULA_ERROR_CATEGORY_AUTH,
    NEBULA_ERROR_CATEGORY_SESSION,
    (NebulaErrorCategory) 99,
  };
  g_autoptr (NebulaRetryState) state = new_state (EXECUTE);

  for (gsize i = 0; i < G_N_ELEMENTS (categories); i++)
    for (guint pace = NEBULA_PACE_NONE; pace <= NEBULA_PACE_PUSHBACK; pace++)
      assert_decision (ask_rules (state, categories[i], pace), RETURN,
                       NEBULA_REASON_NOT_RETRYABLE, 0);
}

int
main (int argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/retry-rules/failures", test_failures);
  g_test_add_func ("/retry-rules/first-decision", test_first_decision);
  g_test_add_func ("/retry-rules/off", test_off);
  g_test_add_func ("/retry-rules/effect-gate", test_effect_gate);
  g_test_add_func ("/retry-rules/replay-after-timeout", test_replay_after_timeout);
  g_test_add_func ("/retry-rules/unknown-safety", test_unknown_safety);
  g_test_add_func ("/retry-rules/login", test_login);
  g_test_add_func ("/retry-rules/login-undone", test_login_undone);
  g_test_add_func ("/retry-rules/login-never", test_login_never);
  g_test_add_func ("/retry-rules/verify", test_verify);
  g_test_add_func ("/retry-rules/session", test_session);
  g_test_add_func ("/retry-rules/session-effect", test_session_effect);
  g_test_add_func ("/retry-rules/session-effect-unrepaired", test_session_effect_unrepaired);
  g_test_add_func ("/retry-rules/session-phases", test_session_phases);
  g_test_add_func ("/retry-rules/move", test_move);
  g_test_add_func ("/retry-rules/move-to-leader", test_move_to_leader);
  g_test_add_func ("/retry-rules/move-of-stopping", test_move_of_stopping);
  g_test_add_func ("/retry-rules/quota", test_quota);
  g_test_add_func ("/retry-rules/circuit", test_circuit);
  g_test_add_func ("/retry-rules/circuit-ends-call", test_circuit_ends_call);
  g_test_add_func ("/retry-rules/paces", test_paces);
  g_test_add_func ("/retry-rules/categories", test_categories);

  return g_test_run ();
}
