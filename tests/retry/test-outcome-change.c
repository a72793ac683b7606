/* SPDX-License-Identifier: Apache-2.0 */
#include <nebula-retry/nebula-retry.h>

static void
test_changed (void)
{
  g_autoptr (NebulaOutcome) outcome = NULL;
  g_autoptr (NebulaOutcome) changed = NULL;

  g_test_summary ("who knows better changes the meaning, not what came over the wire");
  outcome = nebula_outcome_new_from_reply (NEBULA_PHASE_EXECUTE, -1005, "Vertex is sleeping", -1,
                                           NEBULA_CALL_TRAITS_NONE);
  changed = nebula_outcome_reclassify (outcome, NEBULA_ERROR_CATEGORY_RETRYABLE,
                                       NEBULA_CAUSE_OVERLOAD, NEBULA_EFFECT_NONE, NEBULA_PACE_SLOW,
                                       "policy: sleeping");
  g_assert_cmpint (nebula_outcome_get_category (changed), ==, NEBULA_ERROR_CATEGORY_RETRYABLE);
  g_assert_cmpint (nebula_outcome_get_cause (changed), ==, NEBULA_CAUSE_OVERLOAD);
  g_assert_cmpint (nebula_outcome_get_effect (changed), ==, NEBULA_EFFECT_NONE);
  g_assert_cmpint (nebula_outcome_get_pace (changed), ==, NEBULA_PACE_SLOW);
  g_assert_cmpint (nebula_outcome_get_grpc_status (changed), ==, NEBULA_GRPC_RESOURCE_EXHAUSTED);
  g_assert_cmpstr (nebula_outcome_get_rule (changed), ==, "policy: sleeping");
  g_assert_cmpint (nebula_outcome_get_wire_code (changed), ==, -1005);
  g_assert_cmpstr (nebula_outcome_get_message (changed), ==, "Vertex is sleeping");

  g_assert_cmpint (nebula_outcome_get_category (outcome), ==, NEBULA_ERROR_CATEGORY_FATAL);
  g_assert_cmpint (nebula_outcome_get_effect (outcome), ==, NEBULA_EFFECT_MAYBE);
}

static void
test_kept (void)
{
  g_autoptr (NebulaOutcome) outcome = NULL;
  g_autoptr (NebulaOutcome) changed = NULL;

  g_test_summary ("what is not changed stays: the rule without another name, the gRPC status");
  outcome = nebula_outcome_new_from_reply (NEBULA_PHASE_EXECUTE, -1005, "Not ready!", -1,
                                           NEBULA_CALL_TRAITS_NONE);
  changed = nebula_outcome_reclassify (outcome, NEBULA_ERROR_CATEGORY_RETRYABLE,
                                       NEBULA_CAUSE_OVERLOAD, NEBULA_EFFECT_MAYBE, NEBULA_PACE_FAST,
                                       NULL);
  g_assert_cmpstr (nebula_outcome_get_rule (changed), ==, nebula_outcome_get_rule (outcome));
  g_assert_cmpint (nebula_outcome_get_grpc_status (changed), ==, NEBULA_GRPC_UNAVAILABLE);
  g_assert_cmpint (nebula_outcome_get_real_code (changed), ==, -3040);
}

static void
test_success (void)
{
  g_autoptr (NebulaOutcome) outcome = NULL;
  g_autoptr (NebulaOutcome) changed = NULL;

  g_test_summary ("the success that all share can be changed too, into one of its own");
  outcome = nebula_outcome_new_from_reply (NEBULA_PHASE_EXECUTE, 0, NULL, 0,
                                           NEBULA_CALL_TRAITS_NONE);
  changed = nebula_outcome_reclassify (outcome, NEBULA_ERROR_CATEGORY_FATAL, NEBULA_CAUSE_DATA,
                                       NEBULA_EFFECT_APPLIED, NEBULA_PACE_NONE, "mine");
  g_assert_cmpint (nebula_outcome_get_category (changed), ==, NEBULA_ERROR_CATEGORY_FATAL);
  g_assert_cmpint (nebula_outcome_get_category (outcome), ==, NEBULA_ERROR_CATEGORY_OK);
}

static void
test_status (void)
{
  static const struct
  {
    NebulaCause cause;
    NebulaGrpcStatus expected;
  } cases[] = {
    { NEBULA_CAUSE_NONE, NEBULA_GRPC_OK },
    { NEBULA_CAUSE_CONNECTION, NEBULA_GRPC_UNAVAILABLE },
    { NEBULA_CAUSE_RPC, NEBULA_GRPC_DEADLINE_EXCEEDED },
    { NEBULA_CAUSE_TIMEOUT, NEBULA_GRPC_DEADLINE_EXCEEDED },
    { NEBULA_CAUSE_PROTOCOL, NEBULA_GRPC_INTERNAL },
    { NEBULA_CAUSE_CANCELLED, NEBULA_GRPC_CANCELLED },
    { NEBULA_CAUSE_LEADER, NEBULA_GRPC_UNAVAILABLE },
    { NEBULA_CAUSE_PARTITION, NEBULA_GRPC_UNAVAILABLE },
    { NEBULA_CAUSE_PARTIAL, NEBULA_GRPC_UNAVAILABLE },
    { NEBULA_CAUSE_CONFLICT, NEBULA_GRPC_ABORTED },
    { NEBULA_CAUSE_BLOCKED, NEBULA_GRPC_UNAVAILABLE },
    { NEBULA_CAUSE_OVERLOAD, NEBULA_GRPC_RESOURCE_EXHAUSTED },
    { NEBULA_CAUSE_MEMORY, NEBULA_GRPC_RESOURCE_EXHAUSTED },
    { NEBULA_CAUSE_STARTING, NEBULA_GRPC_UNAVAILABLE },
    { NEBULA_CAUSE_CREDENTIALS, NEBULA_GRPC_UNAUTHENTICATED },
    { NEBULA_CAUSE_LOCKED, NEBULA_GRPC_UNAUTHENTICATED },
    { NEBULA_CAUSE_PERMISSION, NEBULA_GRPC_PERMISSION_DENIED },
    { NEBULA_CAUSE_SESSION, NEBULA_GRPC_UNAUTHENTICATED },
    { NEBULA_CAUSE_SESSION_QUOTA, NEBULA_GRPC_RESOURCE_EXHAUSTED },
    { NEBULA_CAUSE_SPACE_LOST, NEBULA_GRPC_FAILED_PRECONDITION },
    { NEBULA_CAUSE_HANDSHAKE, NEBULA_GRPC_FAILED_PRECONDITION },
    { NEBULA_CAUSE_STATEMENT, NEBULA_GRPC_INVALID_ARGUMENT },
    { NEBULA_CAUSE_EXECUTION, NEBULA_GRPC_UNKNOWN },
    { NEBULA_CAUSE_NOT_FOUND, NEBULA_GRPC_NOT_FOUND },
    { NEBULA_CAUSE_EXISTS, NEBULA_GRPC_ALREADY_EXISTS },
    { NEBULA_CAUSE_ARGUMENT, NEBULA_GRPC_INVALID_ARGUMENT },
    { NEBULA_CAUSE_DATA, NEBULA_GRPC_INVALID_ARGUMENT },
    { NEBULA_CAUSE_STATE, NEBULA_GRPC_FAILED_PRECONDITION },
    { NEBULA_CAUSE_BUSY, NEBULA_GRPC_FAILED_PRECONDITION },
    { NEBULA_CAUSE_UNSUPPORTED, NEBULA_GRPC_UNIMPLEMENTED },
    { NEBULA_CAUSE_INCOMPATIBLE, NEBULA_GRPC_FAILED_PRECONDITION },
    { NEBULA_CAUSE_JOB, NEBULA_GRPC_INTERNAL },
    { NEBULA_CAUSE_BACKUP, NEBULA_GRPC_INTERNAL },
    { NEBULA_CAUSE_KILLED, NEBULA_GRPC_CANCELLED },
    { NEBULA_CAUSE_EXHAUSTED, NEBULA_GRPC_UNAVAILABLE },
    { NEBULA_CAUSE_DISK, NEBULA_GRPC_RESOURCE_EXHAUSTED },
    { NEBULA_CAUSE_CLUSTER, NEBULA_GRPC_UNAVAILABLE },
    { NEBULA_CAUSE_LICENSE, NEBULA_GRPC_FAILED_PRECONDITION },
    { NEBULA_CAUSE_INTERNAL, NEBULA_GRPC_INTERNAL },
    { NEBULA_CAUSE_UNKNOWN, NEBULA_GRPC_UNKNOWN },
  };
  g_autoptr (NebulaOutcome) outcome = NULL;

  g_test_summary ("the status of another category is that of the cause");
  g_assert_cmpuint (G_N_ELEMENTS (cases), ==, NEBULA_CAUSE_UNKNOWN + 1);
  outcome = nebula_outcome_new_from_reply (NEBULA_PHASE_EXECUTE, -1005, "Vertex is sleeping", -1,
                                           NEBULA_CALL_TRAITS_NONE);
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (NebulaOutcome) changed = NULL;

      changed = nebula_outcome_reclassify (outcome, NEBULA_ERROR_CATEGORY_RETRYABLE,
                                           cases[i].cause, NEBULA_EFFECT_NONE, NEBULA_PACE_SLOW,
                                           NULL);
      g_test_message ("%s", nebula_cause_to_string (cases[i].cause));
      g_assert_cmpstr (nebula_grpc_status_to_string (nebula_outcome_get_grpc_status (changed)),
                       ==, nebula_grpc_status_to_string (cases[i].expected));
    }
}

static void
test_unknown_cause (void)
{
  static const int causes[] = { NEBULA_CAUSE_UNKNOWN + 1, 99999, -1, G_MININT };
  g_autoptr (NebulaOutcome) outcome = NULL;

  g_test_summary ("a cause that nobody knows counts as unknown");
  outcome = nebula_outcome_new_from_reply (NEBULA_PHASE_EXECUTE, -1005, "Vertex is sleeping", -1,
                                           NEBULA_CALL_TRAITS_NONE);
  for (gsize i = 0; i < G_N_ELEMENTS (causes); i++)
    {
      g_autoptr (NebulaOutcome) changed = NULL;

      changed = nebula_outcome_reclassify (outcome, NEBULA_ERROR_CATEGORY_RETRYABLE,
                                           (NebulaCause) causes[i], NEBULA_EFFECT_NONE,
                                           NEBULA_PACE_SLOW, NULL);
      g_assert_cmpint (nebula_outcome_get_grpc_status (changed), ==, NEBULA_GRPC_UNKNOWN);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/outcome-change/changed", test_changed);
  g_test_add_func ("/outcome-change/kept", test_kept);
  g_test_add_func ("/outcome-change/status", test_status);
  g_test_add_func ("/outcome-change/unknown-cause", test_unknown_cause);
  g_test_add_func ("/outcome-change/success", test_success);
  return g_test_run ();
}
