/* SPDX-License-Identifier: Apache-2.0 */
#include <nebula-retry/nebula-retry.h>

#include <string.h>

/* Rules as graphd's texts have them, one of each kind. */
static const struct
{
  const char *name;
  NebulaPhase phase;
  gint32 wire_code;
  gboolean is_prefix;
  const char *text;
  const char *tail; /* (nullable) */
  gint32 real_code;
  const char *facts;
  const char *source; /* (nullable) */
} known[] = {
  { "message -1005: Storage Error: Not the leader of ", NEBULA_PHASE_EXECUTE, -1005, FALSE,
    "Storage Error: Not the leader of ", NULL, -4, "RETRYABLE leader MAYBE FAST", "3.0+" },
  { "message -1005: Storage Error: Part ", NEBULA_PHASE_EXECUTE, -1005, FALSE,
    "Storage Error: Part ", "NUMBER not found", -16, "RETRYABLE partition PART FAST", NULL },
  { "message -1005: error: E_", NEBULA_PHASE_EXECUTE, -1005, FALSE, "error: E_", "NAME(CODE)", 0,
    "FATAL unknown PART NONE", NULL },
  { "message -1005: GraphMemoryExceeded: (", NEBULA_PHASE_EXECUTE, -1005, TRUE,
    "GraphMemoryExceeded: (", "CODE)", 0, "RETRYABLE memory MAYBE SLOW", "3.4+" },
  { "message -1005: Unknown error ", NEBULA_PHASE_EXECUTE, -1005, TRUE, "Unknown error ", "CODE!",
    0, "FATAL unknown NONE NONE", "metad, 3.6+" },
  { "message -1005: Rpc failure!", NEBULA_PHASE_EXECUTE, -1005, TRUE, "Rpc failure!", NULL, -3,
    "RETRYABLE rpc MAYBE SLOW", "metad, up to 3.3" },
  { "message -1005: Host not exist!", NEBULA_PHASE_EXECUTE, -1005, TRUE, "Host not exist!", NULL,
    -2012, "FATAL state NONE NONE", "metad, 3.4+" },
  { "message -1002: SessionId[", NEBULA_PHASE_EXECUTE, -1002, TRUE, "SessionId[",
    "NUMBER] does not exist", -1002, "SESSION session NONE INSTANT", NULL },
  { "message -1001: has been locked, try again in ", NEBULA_PHASE_AUTHENTICATE, -1001, FALSE,
    "has been locked, try again in ", "NUMBER seconds", -1001, "AUTH locked NONE PUSHBACK", NULL },
  { "message -3061: is not accepted", NEBULA_PHASE_VERIFY, -3061, FALSE, "is not accepted", NULL,
    -3061, "FATAL incompatible NONE NONE", NULL },
};

static char *
join_facts (const NebulaMessageRule *rule)
{
  return g_strjoin (" ", nebula_error_category_to_string (nebula_message_rule_get_category (rule)),
                    nebula_cause_to_string (nebula_message_rule_get_cause (rule)),
                    nebula_effect_to_string (nebula_message_rule_get_effect (rule)),
                    nebula_pace_to_string (nebula_message_rule_get_pace (rule)), NULL);
}

static void
test_known (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (known); i++)
    {
      const NebulaMessageRule *rule = nebula_message_rule_lookup (known[i].phase, known[i].name);
      g_autofree char *facts = NULL;

      g_test_message ("%s", known[i].name);
      g_assert_nonnull (rule);
      facts = join_facts (rule);
      g_assert_cmpstr (nebula_message_rule_get_name (rule), ==, known[i].name);
      g_assert_cmpint (nebula_message_rule_get_phase (rule), ==, known[i].phase);
      g_assert_cmpint (nebula_message_rule_get_wire_code (rule), ==, known[i].wire_code);
      g_assert_cmpint (nebula_message_rule_is_prefix (rule), ==, known[i].is_prefix);
      g_assert_cmpstr (nebula_message_rule_get_text (rule), ==, known[i].text);
      g_assert_cmpstr (nebula_message_rule_get_tail (rule), ==, known[i].tail);
      g_assert_cmpint (nebula_message_rule_get_real_code (rule), ==, known[i].real_code);
      g_assert_cmpstr (facts, ==, known[i].facts);
      g_assert_cmpstr (nebula_message_rule_get_source (rule), ==, known[i].source);
    }
}

/* Names find their rules, and only them. A text with its constant part is explained by a rule of
 * that part, or by an earlier one that fits too. */
static void
test_all (void)
{
  guint n = nebula_message_rule_get_count ();

  for (guint i = 0; i < n; i++)
    {
      const NebulaMessageRule *rule = nebula_message_rule_at (i);
      g_autoptr (NebulaOutcome) outcome = NULL;
      NebulaPhase phase = nebula_message_rule_get_phase (rule);
      const char *name = nebula_message_rule_get_name (rule);

      g_assert_true (nebula_message_rule_lookup (phase, name) == rule);
      g_assert_cmpint (nebula_message_rule_get_wire_code (rule), <, 0);
      g_assert_cmpint (nebula_message_rule_get_real_code (rule), <=, 0);
      if (nebula_message_rule_get_tail (rule) != NULL)
        continue;
      outcome = nebula_outcome_new_from_reply (phase, nebula_message_rule_get_wire_code (rule),
                                               nebula_message_rule_get_text (rule), -1, 0);
      g_assert_cmpint (nebula_outcome_get_real_code (outcome), ==,
                       nebula_message_rule_get_real_code (rule));
      g_assert_nonnull (nebula_message_rule_lookup (phase, nebula_outcome_get_rule (outcome)));
    }
  g_assert_null (nebula_message_rule_at (n));
  g_assert_null (nebula_message_rule_at (G_MAXUINT));
}

static void
test_lookup (void)
{
  static const char *const others[] = {
    "",
    "code -1005",
    "transport lost",
    "exception 11",
    "message -1005: ",
    "message -1005: Not",
    "Not ready!",
    "message -3061: is not accepted",
  };

  for (gsize i = 0; i < G_N_ELEMENTS (others); i++)
    g_assert_null (nebula_message_rule_lookup (NEBULA_PHASE_EXECUTE, others[i]));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_summary ("The table of graphd's texts can be read, and an outcome leads to its rule.");

  g_test_add_func ("/message-rule/known", test_known);
  g_test_add_func ("/message-rule/all", test_all);
  g_test_add_func ("/message-rule/lookup", test_lookup);

  return g_test_run ();
}
