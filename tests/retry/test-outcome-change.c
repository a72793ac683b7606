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
  g_test_add_func ("/outcome-change/unknown-cause", test_unknown_cause);
  g_test_add_func ("/outcome-change/success", test_success);
  return g_test_run ();
}
