/* SPDX-License-Identifier: Apache-2.0 */
#include <nebula-retry/nebula-retry.h>

#define MS G_GINT64_CONSTANT (1000)
#define S (1000 * MS)

static void
test_statuses (void)
{
  static const struct
  {
    NebulaGrpcStatus status;
    const char *expected;
  } cases[] = {
    { NEBULA_GRPC_CANCELLED, "FATAL cancelled NONE CANCELLED: grpc CANCELLED" },
    { NEBULA_GRPC_UNKNOWN, "FATAL unknown NONE UNKNOWN: grpc UNKNOWN" },
    { NEBULA_GRPC_INVALID_ARGUMENT,
      "FATAL argument NONE INVALID_ARGUMENT: grpc INVALID_ARGUMENT" },
    { NEBULA_GRPC_DEADLINE_EXCEEDED,
      "RETRYABLE timeout FAST DEADLINE_EXCEEDED: grpc DEADLINE_EXCEEDED" },
    { NEBULA_GRPC_NOT_FOUND, "FATAL not-found NONE NOT_FOUND: grpc NOT_FOUND" },
    { NEBULA_GRPC_ALREADY_EXISTS, "FATAL exists NONE ALREADY_EXISTS: grpc ALREADY_EXISTS" },
    { NEBULA_GRPC_PERMISSION_DENIED,
      "AUTH permission NONE PERMISSION_DENIED: grpc PERMISSION_DENIED" },
    { NEBULA_GRPC_RESOURCE_EXHAUSTED,
      "RETRYABLE overload SLOW RESOURCE_EXHAUSTED: grpc RESOURCE_EXHAUSTED" },
    { NEBULA_GRPC_FAILED_PRECONDITION,
      "FATAL state NONE FAILED_PRECONDITION: grpc FAILED_PRECONDITION" },
    { NEBULA_GRPC_ABORTED, "RETRYABLE conflict FAST ABORTED: grpc ABORTED" },
    { NEBULA_GRPC_OUT_OF_RANGE, "FATAL argument NONE OUT_OF_RANGE: grpc OUT_OF_RANGE" },
    { NEBULA_GRPC_UNIMPLEMENTED, "FATAL unsupported NONE UNIMPLEMENTED: grpc UNIMPLEMENTED" },
    { NEBULA_GRPC_INTERNAL, "FATAL internal NONE INTERNAL: grpc INTERNAL" },
    { NEBULA_GRPC_UNAVAILABLE, "RETRYABLE connection FAST UNAVAILABLE: grpc UNAVAILABLE" },
    { NEBULA_GRPC_DATA_LOSS, "FATAL data NONE DATA_LOSS: grpc DATA_LOSS" },
    { NEBULA_GRPC_UNAUTHENTICATED,
      "AUTH credentials NONE UNAUTHENTICATED: grpc UNAUTHENTICATED" },
    { (NebulaGrpcStatus) 17, "FATAL unknown NONE UNKNOWN: grpc UNKNOWN" },
    { (NebulaGrpcStatus) -1, "FATAL unknown NONE UNKNOWN: grpc UNKNOWN" },
  };

  g_test_summary ("Every status has its meaning; one that gRPC does not know is UNKNOWN");
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (NebulaOutcome) outcome = nebula_outcome_new_from_grpc_status (
          cases[i].status, NEBULA_SEND_STATE_MAYBE, "why", NEBULA_PUSHBACK_NONE);
      g_autofree char *found = g_strdup_printf (
          "%s %s %s %s: %s",
          nebula_error_category_to_string (nebula_outcome_get_category (outcome)),
          nebula_cause_to_string (nebula_outcome_get_cause (outcome)),
          nebula_pace_to_string (nebula_outcome_get_pace (outcome)),
          nebula_grpc_status_to_string (nebula_outcome_get_grpc_status (outcome)),
          nebula_outcome_get_rule (outcome));

      g_assert_cmpstr (found, ==, cases[i].expected);
      g_assert_cmpint (nebula_outcome_get_wire_code (outcome), ==, -3);
      g_assert_cmpint (nebula_outcome_get_effect (outcome), ==, NEBULA_EFFECT_MAYBE);
      g_assert_cmpint (nebula_outcome_get_pushback (outcome), ==, -1);
      g_assert_cmpstr (nebula_outcome_get_message (outcome), ==, "why");
      g_assert_false (nebula_outcome_is_never_sent (outcome));
    }
}

static void
test_success (void)
{
  g_autoptr (NebulaOutcome) outcome = nebula_outcome_new_from_grpc_status (
      NEBULA_GRPC_OK, NEBULA_SEND_STATE_MAYBE, "ignored", 5 * MS);

  g_test_summary ("OK is the success that all share, whatever came with it");
  g_assert_cmpint (nebula_outcome_get_category (outcome), ==, NEBULA_ERROR_CATEGORY_OK);
  g_assert_cmpint (nebula_outcome_get_pace (outcome), ==, NEBULA_PACE_NONE);
  g_assert_cmpint (nebula_outcome_get_wire_code (outcome), ==, 0);
}

static void
test_never_sent (void)
{
  g_autoptr (NebulaOutcome) outcome = nebula_outcome_new_from_grpc_status (
      NEBULA_GRPC_UNAVAILABLE, NEBULA_SEND_STATE_NEVER, NULL, NEBULA_PUSHBACK_NONE);

  g_test_summary ("What never left has done nothing; no text is the empty text");
  g_assert_true (nebula_outcome_is_never_sent (outcome));
  g_assert_cmpint (nebula_outcome_get_effect (outcome), ==, NEBULA_EFFECT_NONE);
  g_assert_cmpstr (nebula_outcome_get_message (outcome), ==, "");
}

static void
test_parse (void)
{
  static const struct
  {
    const char *value;
    gssize length;
    gint64 expected;
  } cases[] = {
    { NULL, -1, NEBULA_PUSHBACK_NONE }, { "0", -1, 0 }, { "1", -1, 1 * MS },
    { "1500", -1, 1500 * MS }, { "1500", 2, 15 * MS }, { "2147483647", -1, 2147483647 * MS },
    { "2147483648", -1, -1 }, { "99999999999", -1, -1 }, { "99999999999999999999", -1, -1 },
    { "-1", -1, -1 }, { "-2147483648", -1, -1 }, { "", -1, -1 }, { "1", 0, -1 },
    { "01", -1, -1 }, { "+1", -1, -1 }, { " 1", -1, -1 }, { "1ms", -1, -1 }, { "1.5", -1, -1 },
    { "1\0", 2, -1 },
  };

  g_test_summary ("What cannot be read asks not to come back, as in gRPC");
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    g_assert_cmpint (nebula_grpc_parse_pushback (cases[i].value, cases[i].length), ==,
                     cases[i].expected);
}

static NebulaDecision
decide (NebulaRetryState *state,
        NebulaGrpcStatus status,
        gint64 pushback)
{
  g_autoptr (NebulaOutcome) outcome = nebula_outcome_new_from_grpc_status (
      status, NEBULA_SEND_STATE_MAYBE, NULL, pushback);
  NebulaDecision decision
      = nebula_retry_state_decide (state, outcome, NEBULA_STATEMENT_READ_ONLY, 0, 0.5);

  nebula_retry_state_record (state, outcome, decision);
  return decision;
}

static void
assert_decision (NebulaDecision decision,
                 NebulaAction action,
                 NebulaReason reason,
                 gint64 delay)
{
  g_assert_cmpint (decision.action, ==, action);
  g_assert_cmpint (decision.reason, ==, reason);
  g_assert_cmpint (decision.delay, ==, delay);
}

static void
test_pushback (void)
{
  static const struct
  {
    NebulaGrpcStatus status;
    gint64 pushback;
    NebulaAction action;
    NebulaReason reason;
    gint64 delay;
  } cases[] = {
    { NEBULA_GRPC_UNAVAILABLE, 0, NEBULA_ACTION_RETRY, NEBULA_REASON_BACKOFF, 0 },
    { NEBULA_GRPC_UNAVAILABLE, 7 * MS, NEBULA_ACTION_RETRY, NEBULA_REASON_BACKOFF, 7 * MS },
    { NEBULA_GRPC_ABORTED, 120 * S - 1, NEBULA_ACTION_RETRY, NEBULA_REASON_BACKOFF, 120 * S - 1 },
    { NEBULA_GRPC_UNAVAILABLE, 120 * S, NEBULA_ACTION_RETURN, NEBULA_REASON_PUSHBACK, 0 },
    { NEBULA_GRPC_UNAVAILABLE, G_MAXINT64, NEBULA_ACTION_RETURN, NEBULA_REASON_PUSHBACK, 0 },
    { NEBULA_GRPC_UNAVAILABLE, -1, NEBULA_ACTION_RETURN, NEBULA_REASON_PUSHBACK, 0 },
    { NEBULA_GRPC_UNAVAILABLE, -5 * S, NEBULA_ACTION_RETURN, NEBULA_REASON_PUSHBACK, 0 },
    { NEBULA_GRPC_INTERNAL, 7 * MS, NEBULA_ACTION_RETURN, NEBULA_REASON_NOT_RETRYABLE, 0 },
    { NEBULA_GRPC_UNAUTHENTICATED, 7 * MS, NEBULA_ACTION_RETURN,
      NEBULA_REASON_REFUSED_CREDENTIAL, 0 },
  };

  g_test_summary ("A push-back is waited for exactly, within the deadline; negative, it ends");
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (NebulaRetryPolicy) policy = nebula_retry_policy_new ();
      g_autoptr (NebulaRetryState) state
          = nebula_retry_state_new (policy, NEBULA_PHASE_EXECUTE, 0);

      assert_decision (decide (state, cases[i].status, cases[i].pushback), cases[i].action,
                       cases[i].reason, cases[i].delay);
    }
}

static void
test_restart (void)
{
  g_autoptr (NebulaRetryPolicy) policy
      = g_object_new (NEBULA_TYPE_RETRY_POLICY, "max-attempts", 5u, NULL);
  g_autoptr (NebulaRetryState) state = nebula_retry_state_new (policy, NEBULA_PHASE_EXECUTE, 0);
  const NebulaGrpcStatus unavailable = NEBULA_GRPC_UNAVAILABLE;

  g_test_summary ("After a push-back waits grow from the start, but attempts go on counting");
  assert_decision (decide (state, unavailable, NEBULA_PUSHBACK_NONE), NEBULA_ACTION_RETRY,
                   NEBULA_REASON_BACKOFF, 5 * MS);
  assert_decision (decide (state, unavailable, NEBULA_PUSHBACK_NONE), NEBULA_ACTION_RETRY,
                   NEBULA_REASON_BACKOFF, 10 * MS);
  assert_decision (decide (state, unavailable, 1 * MS), NEBULA_ACTION_RETRY,
                   NEBULA_REASON_BACKOFF, 1 * MS);
  assert_decision (decide (state, unavailable, NEBULA_PUSHBACK_NONE), NEBULA_ACTION_RETRY,
                   NEBULA_REASON_BACKOFF, 5 * MS);
  assert_decision (decide (state, unavailable, 1 * MS), NEBULA_ACTION_RETURN,
                   NEBULA_REASON_ATTEMPTS, 0);
}

int
main (int argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/outcome-grpc/statuses", test_statuses);
  g_test_add_func ("/outcome-grpc/success", test_success);
  g_test_add_func ("/outcome-grpc/never-sent", test_never_sent);
  g_test_add_func ("/outcome-grpc/parse-pushback", test_parse);
  g_test_add_func ("/outcome-grpc/pushback", test_pushback);
  g_test_add_func ("/outcome-grpc/restart", test_restart);

  return g_test_run ();
}
