/* SPDX-License-Identifier: Apache-2.0 */
#include "nebula-error-history-private.h"

#include <nebula-retry/nebula-outcome.h>

#define V(major, minor) NEBULA_SERVER_VERSION (major, minor, 0)

typedef struct
{
  gint32              code;
  NebulaServerVersion version;
  const char         *name;
  const char         *expected; /* as an outcome without a text */
} Meaning;

static const Meaning meanings[] = {
  /* graphd's own numbers, up to 2.0 */
  { -4, V (1, 0), "E_BAD_USERNAME_PASSWORD", "-1001 AUTH credentials NONE NONE" },
  { -4, V (2, 0), "E_BAD_USERNAME_PASSWORD", "-1001 AUTH credentials NONE NONE" },
  { -4, V (2, 1), "E_LEADER_CHANGED", "-4 RETRYABLE leader MAYBE FAST" },
  { -5, V (2, 0), "E_SESSION_INVALID", "-1002 SESSION session NONE INSTANT" },
  { -5, V (2, 1), "E_SPACE_NOT_FOUND", "-5 FATAL not-found NONE NONE" },
  { -6, V (2, 0), "E_SESSION_TIMEOUT", "-1003 SESSION session NONE INSTANT" },
  { -6, V (2, 1), "E_TAG_NOT_FOUND", "-6 FATAL not-found NONE NONE" },
  { -7, V (2, 0), "E_SYNTAX_ERROR", "-1004 FATAL statement NONE NONE" },
  { -7, V (2, 1), "E_EDGE_NOT_FOUND", "-7 FATAL not-found NONE NONE" },
  { -8, V (2, 0), "E_EXECUTION_ERROR", "-1005 FATAL execution MAYBE NONE" },
  { -8, V (2, 1), "E_INDEX_NOT_FOUND", "-8 FATAL not-found NONE NONE" },
  { -9, V (2, 0), "E_STATEMENT_EMPTY", "-1006 FATAL statement NONE NONE" },
  { -9, V (2, 1), "E_EDGE_PROP_NOT_FOUND", "-9 FATAL not-found NONE NONE" },
  { -10, V (2, 0), "E_USER_NOT_FOUND", "-18 FATAL not-found NONE NONE" },
  { -10, V (2, 1), "E_TAG_PROP_NOT_FOUND", "-10 FATAL not-found NONE NONE" },
  { -11, V (2, 0), "E_BAD_PERMISSION", "-1008 AUTH permission NONE NONE" },
  { -11, V (2, 1), "E_ROLE_NOT_FOUND", "-11 FATAL not-found NONE NONE" },
  { -12, V (1, 2), "E_UNKNOWN_GENERAL", "-12 FATAL unknown MAYBE NONE" },
  { -12, V (2, 0), "E_SEMANTIC_ERROR", "-1009 FATAL statement NONE NONE" },
  { -12, V (2, 1), "E_CONFIG_NOT_FOUND", "-12 FATAL not-found NONE NONE" },
  { -13, V (1, 2), "E_UNKNOWN_GENERAL", "-13 FATAL unknown MAYBE NONE" },
  { -13, V (2, 0), "E_TOO_MANY_CONNECTIONS", "-1010 RETRYABLE overload NONE SLOW" },
  { -13, V (2, 1), "E_GROUP_NOT_FOUND", "-13 FATAL not-found NONE NONE" },
  { -13, V (2, 6), "E_GROUP_NOT_FOUND", "-13 FATAL not-found NONE NONE" },
  { -13, V (3, 0), "E_MACHINE_NOT_FOUND", "-13 FATAL not-found NONE NONE" },
  { -14, V (1, 2), "E_UNKNOWN_GENERAL", "-14 FATAL unknown MAYBE NONE" },
  { -14, V (2, 0), "E_PARTIAL_SUCCEEDED", "-1011 RETRYABLE partial NONE FAST" },
  { -14, V (2, 1), "E_ZONE_NOT_FOUND", "-14 FATAL not-found NONE NONE" },
  /* 2.x */
  { -2072, V (2, 1), "E_GET_META_DIR_FAILURE", "-2072 FATAL cluster NONE NONE" },
  { -2072, V (2, 6), "E_GET_META_DIR_FAILURE", "-2072 FATAL cluster NONE NONE" },
  { -2072, V (3, 0), "E_LIST_CLUSTER_NO_AGENT_FAILURE", "-2072 FATAL cluster NONE NONE" },
  { -3009, V (2, 0), "E_UNKNOWN_STORAGED", "-3009 FATAL unknown MAYBE NONE" },
  { -3009, V (2, 1), "E_RAFT_ATOMIC_OP_FAILED", "-3530 RETRYABLE conflict PART FAST" },
  { -3009, V (2, 6), "E_RAFT_ATOMIC_OP_FAILED", "-3530 RETRYABLE conflict PART FAST" },
  { -3009, V (3, 0), "E_UNKNOWN_STORAGED", "-3009 FATAL unknown MAYBE NONE" },
  { -3062, V (3, 0), "E_WORKER_ID_FAILED", "-3062 RETRYABLE rpc NONE SLOW" },
  { -3062, V (3, 1), "E_ID_FAILED", "-3062 RETRYABLE rpc NONE SLOW" },
  /* 3.3 */
  { -2013, V (3, 2), "E_UNKNOWN_METAD", "-2013 FATAL unknown MAYBE NONE" },
  { -2013, V (3, 3), "E_SCHEMA_NAME_EXISTS", "-2014 FATAL exists NONE NONE" },
  { -2013, V (3, 4), "E_LISTENER_CONFLICT", "-2013 FATAL state NONE NONE" },
  { -2014, V (3, 2), "E_UNKNOWN_METAD", "-2014 FATAL unknown MAYBE NONE" },
  { -2014, V (3, 3), "E_RELATED_INDEX_EXISTS", "-2015 FATAL state NONE NONE" },
  { -2014, V (3, 4), "E_SCHEMA_NAME_EXISTS", "-2014 FATAL exists NONE NONE" },
  { -2015, V (3, 2), "E_UNKNOWN_METAD", "-2015 FATAL unknown MAYBE NONE" },
  { -2015, V (3, 3), "E_RELATED_SPACE_EXISTS", "-2016 FATAL state NONE NONE" },
  { -2015, V (3, 4), "E_RELATED_INDEX_EXISTS", "-2015 FATAL state NONE NONE" },
  { -2016, V (3, 3), "E_UNKNOWN_METAD", "-2016 FATAL unknown MAYBE NONE" },
  { -2016, V (3, 4), "E_RELATED_SPACE_EXISTS", "-2016 FATAL state NONE NONE" },
  { -2066, V (2, 1), "E_BACKUP_BUILDING_INDEX", "-2066 FATAL busy NONE NONE" },
  { -2066, V (2, 6), "E_BACKUP_BUILDING_INDEX", "-2066 FATAL busy NONE NONE" },
  { -2066, V (3, 3), "E_BACKUP_BUILDING_INDEX", "-2066 FATAL busy NONE NONE" },
  { -2066, V (3, 4), "E_BACKUP_RUNNING_JOBS", "-2066 FATAL busy NONE NONE" },
  /* never changed */
  { 0, V (1, 0), "SUCCEEDED", "0 OK none APPLIED NONE" },
  { -1, V (1, 0), "E_DISCONNECTED", "-1 RETRYABLE connection MAYBE FAST" },
  { -3, V (2, 0), "E_RPC_FAILURE", "-3 RETRYABLE rpc MAYBE SLOW" },
  { -1005, V (2, 1), "E_EXECUTION_ERROR", "-1005 FATAL execution MAYBE NONE" },
  { -1002, V (3, 8), "E_SESSION_INVALID", "-1002 SESSION session NONE INSTANT" },
};

static NebulaOutcome *
classify (gint32              code,
          const char         *text,
          NebulaCallTraits    traits,
          NebulaServerVersion version)
{
  NebulaReplyFacts facts = {
    .phase = NEBULA_PHASE_EXECUTE,
    .code = code,
    .message = text,
    .message_length = -1,
    .traits = traits,
    .server_version = version,
  };

  return nebula_outcome_new_from_facts (&facts);
}

static void
assert_outcome (const NebulaOutcome *outcome,
                const char          *expected)
{
  g_autofree char *found = g_strdup_printf (
      "%d %s %s %s %s", nebula_outcome_get_real_code (outcome),
      nebula_error_category_to_string (nebula_outcome_get_category (outcome)),
      nebula_cause_to_string (nebula_outcome_get_cause (outcome)),
      nebula_effect_to_string (nebula_outcome_get_effect (outcome)),
      nebula_pace_to_string (nebula_outcome_get_pace (outcome)));

  g_assert_cmpstr (found, ==, expected);
}

static void
test_meanings (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (meanings); i++)
    {
      const Meaning *m = &meanings[i];
      const NebulaErrorInfo *info = nebula_error_info_for_code_in_version (m->code, m->version);
      g_autoptr (NebulaOutcome) outcome = classify (m->code, NULL, 0, m->version);

      g_assert_cmpstr (nebula_error_info_get_name (info), ==, m->name);
      assert_outcome (outcome, m->expected);
      g_assert_cmpint (nebula_outcome_get_wire_code (outcome), ==, m->code);
      g_assert_cmpint (nebula_outcome_get_category (outcome), ==,
                       nebula_error_info_get_category (info));
      g_assert_cmpint (nebula_outcome_get_grpc_status (outcome), ==,
                       nebula_error_info_get_grpc_status (info));
    }
}

static void
test_rules (void)
{
  static const struct
  {
    gint32              code;
    NebulaServerVersion version;
    const char         *rule;
  } cases[] = {
    { -13, V (2, 6), "old code -13" },
    { -2066, V (3, 3), "old code -2066" },
    { -2072, V (2, 6), "old code -2072" },
    { -3062, V (3, 0), "old code -3062" },
    { -8, V (2, 0), "code -1005" },
    { -3062, V (3, 1), "code -3062" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (NebulaOutcome) outcome = classify (cases[i].code, NULL, 0, cases[i].version);

      g_assert_cmpstr (nebula_outcome_get_rule (outcome), ==, cases[i].rule);
    }
}

/* Who does not say gets the numbers of 3.4; so does who says 3.4 or more. */
static void
test_default (void)
{
  static const NebulaServerVersion versions[] = {
    NEBULA_SERVER_VERSION_DEFAULT, V (3, 4), V (3, 8), V (4, 0), V (255, 255),
  };

  for (gint32 code = 1; code >= -8001; code--)
    {
      for (gsize i = 0; i < G_N_ELEMENTS (versions); i++)
        g_assert_true (nebula_error_info_for_code_in_version (code, versions[i]) ==
                       nebula_error_info_for_code (code));
    }
}

/* Every change is in the table above, within its time and right after it. */
static void
test_complete (void)
{
  for (guint i = 0; i < nebula_error_history_length; i++)
    {
      const NebulaCodeChange *change = &nebula_error_history[i];
      gboolean within = FALSE, after = FALSE;

      for (gsize j = 0; j < G_N_ELEMENTS (meanings); j++)
        {
          NebulaServerVersion version = meanings[j].version;

          if (meanings[j].code != change->code)
            continue;
          within |= version >= change->since && version < change->before;
          after |= version == change->before;
        }

      g_test_message ("%d before %#x", change->code, change->before);
      g_assert_true (within && after);
      g_assert_cmpuint (change->since, <, change->before);
      g_assert_true (change->today == 0 || nebula_error_info_lookup (change->today) != NULL);
    }
}

/* Texts of 2.0 come with its own numbers. */
static void
test_texts (void)
{
  static const struct
  {
    gint32              code;
    NebulaServerVersion version;
    const char         *text;
    NebulaCallTraits    traits;
    const char         *expected;
  } cases[] = {
    { -8, V (2, 0), "Storage Error: The leader has changed. Try again later", 0,
      "-4 RETRYABLE leader MAYBE FAST" },
    { -8, V (2, 0), "Existed!", NEBULA_CALL_COMPOUND, "-2002 FATAL exists PART NONE" },
    { -5, V (2, 0), "Invalid session id", 0, "-1002 SESSION session NONE INSTANT" },
    { -12, V (2, 0), "SemanticError: Space was not chosen.", NEBULA_CALL_SPACE_KNOWN,
      "-1009 SESSION space-lost NONE INSTANT" },
    { -8, V (2, 1), "Existed!", NEBULA_CALL_COMPOUND, "-8 FATAL not-found NONE NONE" },
    { -1005, V (2, 6), "Storage Error: part: 1, error: E_ATOMIC_OP_FAILED(-3009).", 0,
      "-3530 RETRYABLE conflict PART FAST" },
    { -1005, V (2, 6), "Storage Error: part: 1, error: E_ATOMIC_OP_FAILED(-3009).",
      NEBULA_CALL_VERTEX_UPDATE, "-3530 RETRYABLE conflict NONE FAST" },
    { -1005, V (3, 8), "Storage Error: part: 1, error: E_ATOMIC_OP_FAILED(-3009).", 0,
      "-3009 FATAL unknown MAYBE NONE" },
    { -1005, V (3, 3), "Unknown error -2013!", 0, "-2014 FATAL exists NONE NONE" },
    { -1005, V (3, 4), "Unknown error -2013!", 0, "-2013 FATAL state NONE NONE" },
    { -1005, V (3, 2), "Unknown error -2013!", 0, "-2013 FATAL unknown MAYBE NONE" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (NebulaOutcome) outcome =
          classify (cases[i].code, cases[i].text, cases[i].traits, cases[i].version);

      g_test_message ("%s", cases[i].text);
      assert_outcome (outcome, cases[i].expected);
      g_assert_cmpint (nebula_outcome_get_wire_code (outcome), ==, cases[i].code);
    }
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_summary ("A number means what it meant to the release that sent it.");

  g_test_add_func ("/error-history/meanings", test_meanings);
  g_test_add_func ("/error-history/rules", test_rules);
  g_test_add_func ("/error-history/default", test_default);
  g_test_add_func ("/error-history/complete", test_complete);
  g_test_add_func ("/error-history/texts", test_texts);

  return g_test_run ();
}
