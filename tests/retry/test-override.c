/* SPDX-License-Identifier: Apache-2.0 */
#include <nebula-retry/nebula-retry.h>

static NebulaOutcome *
reply (gint32 code, const char *message)
{
  return nebula_outcome_new_from_reply (NEBULA_PHASE_EXECUTE, code, message, -1,
                                        NEBULA_CALL_TRAITS_NONE);
}

static void
test_matches (void)
{
  static const struct
  {
    gint32 code;       /* of the override, 0 when the text decides */
    const char *text;
    gint32 reply_code;
    const char *message;
    gboolean matches;
  } cases[] = {
    { -1005, NULL, -1005, "nobody knows this", TRUE },
    { -1005, NULL, -1005, "Not ready!", FALSE },
    { -3040, NULL, -1005, "Not ready!", TRUE },
    { -1005, NULL, -1004, "nobody knows this", FALSE },
    { 0, "knows", -1005, "nobody knows this", TRUE },
    { 0, "Knows", -1005, "nobody knows this", FALSE },
    { 0, "knows", -1005, "", FALSE },
    { 0, "knows", -1004, "nobody knows this", TRUE },
    { 0, "knows", 0, "nobody knows this", FALSE },
    { 0, NULL, 0, "", FALSE },
  };

  g_test_summary ("an override is meant for its real code or for its text, never for a success");
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (NebulaOutcome) outcome = reply (cases[i].reply_code, cases[i].message);
      g_autoptr (NebulaOverride) override = NULL;

      override = cases[i].text != NULL ? nebula_override_new_for_message (cases[i].text)
                                       : nebula_override_new_for_code (cases[i].code);
      g_assert_cmpint (nebula_override_matches (override, outcome), ==, cases[i].matches);
    }
}

static void
test_no_text (void)
{
  static const char *const texts[] = { NULL, "" };

  g_test_summary ("an override for no text would be meant for every failure: there is none");
  for (gsize i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      g_test_expect_message ("nebula-retry", G_LOG_LEVEL_CRITICAL, "*text*");
      g_assert_null (nebula_override_new_for_message (texts[i]));
      g_test_assert_expected_messages ();
    }
}

static void
test_apply (void)
{
  g_autoptr (NebulaOverride) override = nebula_override_new_for_message ("asleep");
  g_autoptr (NebulaOutcome) outcome = reply (-1005, "the vertex is asleep");
  g_autoptr (NebulaOutcome) unchanged = nebula_override_apply (override, outcome);
  g_autoptr (NebulaOutcome) changed = NULL;

  g_test_summary ("what an override does not say stays; its name is the rule");
  g_assert_cmpint (nebula_outcome_get_category (unchanged), ==, NEBULA_ERROR_CATEGORY_FATAL);
  g_assert_cmpint (nebula_outcome_get_effect (unchanged), ==, NEBULA_EFFECT_MAYBE);
  g_assert_cmpstr (nebula_outcome_get_rule (unchanged), ==, "override: message asleep");

  nebula_override_set_category (override, NEBULA_ERROR_CATEGORY_RETRYABLE);
  nebula_override_set_cause (override, NEBULA_CAUSE_BLOCKED);
  nebula_override_set_effect (override, NEBULA_EFFECT_NONE);
  nebula_override_set_pace (override, NEBULA_PACE_SLOW);
  changed = nebula_override_apply (override, outcome);
  g_assert_cmpint (nebula_outcome_get_category (changed), ==, NEBULA_ERROR_CATEGORY_RETRYABLE);
  g_assert_cmpint (nebula_outcome_get_cause (changed), ==, NEBULA_CAUSE_BLOCKED);
  g_assert_cmpint (nebula_outcome_get_effect (changed), ==, NEBULA_EFFECT_NONE);
  g_assert_cmpint (nebula_outcome_get_pace (changed), ==, NEBULA_PACE_SLOW);
}

static void
test_pace (void)
{
  g_autoptr (NebulaOverride) override = nebula_override_new_for_code (-1009);
  g_autoptr (NebulaOverride) other = nebula_override_new_for_code (-3531);
  g_autoptr (NebulaOutcome) fatal = reply (-1009, "SemanticError");
  g_autoptr (NebulaOutcome) fast = reply (-3531, "");
  g_autoptr (NebulaOutcome) slow = NULL;
  g_autoptr (NebulaOutcome) as_before = NULL;
  g_autoptr (NebulaOutcome) none = NULL;

  g_test_summary ("what becomes RETRYABLE and had no pace is tried again slowly");
  nebula_override_set_category (override, NEBULA_ERROR_CATEGORY_RETRYABLE);
  slow = nebula_override_apply (override, fatal);
  g_assert_cmpint (nebula_outcome_get_pace (fatal), ==, NEBULA_PACE_NONE);
  g_assert_cmpint (nebula_outcome_get_pace (slow), ==, NEBULA_PACE_SLOW);

  nebula_override_set_category (other, NEBULA_ERROR_CATEGORY_RETRYABLE);
  as_before = nebula_override_apply (other, fast);
  g_assert_cmpint (nebula_outcome_get_pace (as_before), ==, NEBULA_PACE_FAST);

  nebula_override_set_pace (override, NEBULA_PACE_NONE);
  none = nebula_override_apply (override, fatal);
  g_assert_cmpint (nebula_outcome_get_pace (none), ==, NEBULA_PACE_NONE);
}

static void
test_policy (void)
{
  g_autoptr (GPtrArray) overrides = NULL;
  g_autoptr (NebulaRetryPolicy) policy = NULL;
  g_autoptr (NebulaOutcome) outcome = reply (-1005, "the vertex is asleep");
  g_autoptr (NebulaOutcome) other = reply (-1004, "SyntaxError");
  g_autoptr (NebulaOutcome) meaning = NULL;
  g_autoptr (NebulaOutcome) other_meaning = NULL;
  NebulaOverride *first = nebula_override_new_for_message ("asleep");
  NebulaOverride *second = nebula_override_new_for_code (-1005);

  g_test_summary ("a policy asks its overrides in order, and keeps them to itself");
  overrides = g_ptr_array_new_with_free_func ((GDestroyNotify) nebula_override_unref);
  g_ptr_array_add (overrides, first);
  g_ptr_array_add (overrides, second);
  policy = g_object_new (NEBULA_TYPE_RETRY_POLICY, "overrides", overrides, NULL);
  g_ptr_array_set_size (overrides, 0);

  meaning = nebula_retry_policy_interpret (policy, outcome);
  g_assert_cmpstr (nebula_outcome_get_rule (meaning), ==, "override: message asleep");
  other_meaning = nebula_retry_policy_interpret (policy, other);
  g_assert_true (other_meaning == other);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/override/matches", test_matches);
  g_test_add_func ("/override/no-text", test_no_text);
  g_test_add_func ("/override/apply", test_apply);
  g_test_add_func ("/override/pace", test_pace);
  g_test_add_func ("/override/policy", test_policy);
  return g_test_run ();
}
