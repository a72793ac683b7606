/* SPDX-License-Identifier: Apache-2.0 */
#include <nebula-retry/nebula-retry-policy.h>

#define MS G_GINT64_CONSTANT (1000)
#define S G_GINT64_CONSTANT (1000000)

static void
assert_backoff (NebulaRetryPolicy *policy,
                NebulaPace pace,
                gint64 initial,
                gint64 maximum,
                double multiplier)
{
  gint64 got_initial = -1;
  gint64 got_maximum = -1;
  double got_multiplier = -1;

  nebula_retry_policy_get_backoff (policy, pace, &got_initial, &got_maximum, &got_multiplier);
  g_assert_cmpint (got_initial, ==, initial);
  g_assert_cmpint (got_maximum, ==, maximum);
  g_assert_cmpfloat (got_multiplier, ==, multiplier);
}

static void
test_defaults (void)
{
  g_test_summary ("The defaults are the documented ones");

  g_autoptr (NebulaRetryPolicy) policy = nebula_retry_policy_new ();

  g_assert_true (nebula_retry_policy_get_enabled (policy));
  g_assert_cmpint (nebula_retry_policy_get_jitter (policy), ==, NEBULA_JITTER_FULL);
  g_assert_cmpuint (nebula_retry_policy_get_warnings (policy)->len, ==, 0);
  g_assert_cmpint (nebula_retry_policy_get_connect_timeout (policy), ==, 3 * S);
  g_assert_cmpint (nebula_retry_policy_get_attempt_timeout (policy), ==, 0);
  g_assert_cmpint (nebula_retry_policy_get_total_timeout (policy), ==, 120 * S);
  g_assert_cmpint (nebula_retry_policy_get_replay (policy), ==, NEBULA_REPLAY_IDEMPOTENT);
  g_assert_false (nebula_retry_policy_get_replay_after_timeout (policy));
}

static void
test_default_attempts (void)
{
  g_test_summary ("Each cause has its limit of attempts: 10 for leader, 2 for memory, else 4");

  g_autoptr (NebulaRetryPolicy) policy = nebula_retry_policy_new ();

  for (guint cause = 0; cause < NEBULA_N_CAUSES; cause++)
    {
      guint want = 4;

      if (cause == NEBULA_CAUSE_LEADER)
        want = 10;
      else if (cause == NEBULA_CAUSE_MEMORY)
        want = 2;
      else if (cause == NEBULA_CAUSE_PARTIAL)
        want = 1;
      g_assert_cmpuint (nebula_retry_policy_get_max_attempts (policy, cause), ==, want);
    }

  g_assert_cmpuint (nebula_retry_policy_get_max_attempts (policy, NEBULA_N_CAUSES), ==, 4);
  g_assert_cmpuint (nebula_retry_policy_get_max_attempts (policy, (NebulaCause) -1), ==, 4);
}

static void
test_default_backoff (void)
{
  g_test_summary ("Each pace has its back-off; those without one answer 0, 0 and 1");

  g_autoptr (NebulaRetryPolicy) policy = nebula_retry_policy_new ();

  assert_backoff (policy, NEBULA_PACE_FAST, 10 * MS, 1 * S, 2.0);
  assert_backoff (policy, NEBULA_PACE_INSTANT, 10 * MS, 1 * S, 2.0);
  assert_backoff (policy, NEBULA_PACE_SLOW, 1 * S, 10 * S, 2.0);
  assert_backoff (policy, NEBULA_PACE_NONE, 0, 0, 1.0);
  assert_backoff (policy, NEBULA_PACE_PUSHBACK, 0, 0, 1.0);
  assert_backoff (policy, (NebulaPace) 99, 0, 0, 1.0);
  nebula_retry_policy_get_backoff (policy, NEBULA_PACE_FAST, NULL, NULL, NULL);
}

static NebulaRetryPolicy *
new_unusual (void)
{
  return g_object_new (NEBULA_TYPE_RETRY_POLICY,
                       "enabled", FALSE,
                       "max-attempts", 7u,
                       "leader-attempts", 21u,
                       "memory-attempts", 1u,
                       "fast-initial", 11 * MS,
                       "fast-maximum", 12 * MS,
                       "slow-initial", 13 * MS,
                       "slow-maximum", 14 * MS,
                       "multiplier", 1.5,
                       "jitter", NEBULA_JITTER_EQUAL,
                       "connect-timeout", 15 * MS,
                       "attempt-timeout", 16 * MS,
                       "total-timeout", 17 * MS,
                       "replay", NEBULA_REPLAY_ALWAYS,
                       "replay-after-timeout", TRUE,
                       "budget", NEBULA_BUDGET_THROTTLE,
                       "budget-capacity", 18u,
                       "budget-cost", 19u,
                       "budget-refill", 20u,
                       "server-version", "2.6",
                       "endpoint-pause", 21 * MS,
                       "endpoint-maximum-pause", 22 * MS,
                       "shuffle-endpoints", FALSE,
                       NULL);
}

static void
test_getters (void)
{
  g_test_summary ("What is set at construction is what the getters answer");

  g_autoptr (NebulaRetryPolicy) policy = new_unusual ();

  g_assert_false (nebula_retry_policy_get_enabled (policy));
  g_assert_cmpuint (nebula_retry_policy_get_max_attempts (policy, NEBULA_CAUSE_RPC), ==, 7);
  g_assert_cmpuint (nebula_retry_policy_get_max_attempts (policy, NEBULA_CAUSE_LEADER), ==, 21);
  g_assert_cmpuint (nebula_retry_policy_get_max_attempts (policy, NEBULA_CAUSE_MEMORY), ==, 1);
  assert_backoff (policy, NEBULA_PACE_FAST, 11 * MS, 12 * MS, 1.5);
  assert_backoff (policy, NEBULA_PACE_SLOW, 13 * MS, 14 * MS, 1.5);
  g_assert_cmpint (nebula_retry_policy_get_connect_timeout (policy), ==, 15 * MS);
  g_assert_cmpint (nebula_retry_policy_get_attempt_timeout (policy), ==, 16 * MS);
  g_assert_cmpint (nebula_retry_policy_get_total_timeout (policy), ==, 17 * MS);
  g_assert_cmpint (nebula_retry_policy_get_endpoint_pause (policy), ==, 21 * MS);
  g_assert_cmpint (nebula_retry_policy_get_endpoint_maximum_pause (policy), ==, 22 * MS);
  g_assert_false (nebula_retry_policy_get_shuffle_endpoints (policy));
  g_assert_cmpint (nebula_retry_policy_get_replay (policy), ==, NEBULA_REPLAY_ALWAYS);
  g_assert_true (nebula_retry_policy_get_replay_after_timeout (policy));
}

static void
test_budget (void)
{
  g_test_summary ("The settings of a budget are the documented ones, or what was set");

  g_autoptr (NebulaRetryPolicy) policy = nebula_retry_policy_new ();
  g_autoptr (NebulaRetryPolicy) unusual = new_unusual ();
  NebulaBudgetSettings got;

  nebula_retry_policy_get_budget (policy, &got);
  g_assert_cmpint (got.kind, ==, NEBULA_BUDGET_LEASE);
  g_assert_cmpuint (got.capacity, ==, 500);
  g_assert_cmpuint (got.cost, ==, 14);
  g_assert_cmpuint (got.refill, ==, 100);

  nebula_retry_policy_get_budget (unusual, &got);
  g_assert_cmpint (got.kind, ==, NEBULA_BUDGET_THROTTLE);
  g_assert_cmpuint (got.capacity, ==, 18);
  g_assert_cmpuint (got.cost, ==, 19);
  g_assert_cmpuint (got.refill, ==, 20);
}

/* The value of a property as text, which compares any type. */
static char *
get_text (NebulaRetryPolicy *policy,
          const char *name)
{
  g_auto (GValue) value = G_VALUE_INIT;

  g_object_get_property (G_OBJECT (policy), name, &value);

  return g_strdup_value_contents (&value);
}

static void
test_properties (void)
{
  g_test_summary ("Each property can be read, keeps its own value and has the documented default");

  static const struct
  {
    const char *name;
    const char *by_default;
    const char *unusual;
  } cases[] = {
    { "enabled", "TRUE", "FALSE" },
    { "max-attempts", "4", "7" },
    { "leader-attempts", "10", "21" },
    { "memory-attempts", "2", "1" },
    { "fast-initial", "10000", "11000" },
    { "fast-maximum", "1000000", "12000" },
    { "slow-initial", "1000000", "13000" },
    { "slow-maximum", "10000000", "14000" },
    { "multiplier", "2.000000", "1.500000" },
    { "jitter", "((NebulaJitter) NEBULA_JITTER_FULL)", "((NebulaJitter) NEBULA_JITTER_EQUAL)" },
    { "connect-timeout", "3000000", "15000" },
    { "attempt-timeout", "0", "16000" },
    { "total-timeout", "120000000", "17000" },
    { "replay", "((NebulaReplay) NEBULA_REPLAY_IDEMPOTENT)",
      "((NebulaReplay) NEBULA_REPLAY_ALWAYS)" },
    { "replay-after-timeout", "FALSE", "TRUE" },
    { "budget", "((NebulaBudgetKind) NEBULA_BUDGET_LEASE)",
      "((NebulaBudgetKind) NEBULA_BUDGET_THROTTLE)" },
    { "budget-capacity", "500", "18" },
    { "budget-cost", "14", "19" },
    { "budget-refill", "100", "20" },
    { "server-version", "\"3.4+\"", "\"2.6.0\"" },
    { "endpoint-pause", "1000000", "21000" },
    { "endpoint-maximum-pause", "30000000", "22000" },
    { "shuffle-endpoints", "TRUE", "FALSE" },
  };
  g_autoptr (NebulaRetryPolicy) policy = nebula_retry_policy_new ();
  g_autoptr (NebulaRetryPolicy) unusual = new_unusual ();
  g_autofree GParamSpec **specs = NULL;
  guint n_specs = 0;

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *by_default = get_text (policy, cases[i].name);
      g_autofree char *set = get_text (unusual, cases[i].name);

      g_assert_cmpstr (by_default, ==, cases[i].by_default);
      g_assert_cmpstr (set, ==, cases[i].unusual);
    }

  specs = g_object_class_list_properties (G_OBJECT_GET_CLASS (policy), &n_specs);
  /* "overrides", a list, is tested with its elements. */
  g_assert_cmpuint (n_specs, ==, G_N_ELEMENTS (cases) + 1);
  for (guint i = 0; i < n_specs; i++)
    g_assert_cmpuint (specs[i]->flags & (G_PARAM_CONSTRUCT_ONLY | G_PARAM_WRITABLE), ==,
                      G_PARAM_CONSTRUCT_ONLY | G_PARAM_WRITABLE);
}

/* Not g_param_value_is_valid(): in GLib 2.74 it takes the limits of a double for floats. */
static gboolean
is_valid (const char *name,
          const GValue *value)
{
  g_auto (GValue) copy = G_VALUE_INIT;
  g_autoptr (NebulaRetryPolicy) policy = nebula_retry_policy_new ();
  GParamSpec *spec = g_object_class_find_property (G_OBJECT_GET_CLASS (policy), name);

  g_value_init (&copy, G_VALUE_TYPE (value));
  g_value_copy (value, &copy);

  return !g_param_value_validate (spec, &copy);
}

static void
test_time_ranges (void)
{
  g_test_summary ("Times go from 0 to the largest number, never below 0");

  static const char *const names[] = {
    "fast-initial", "fast-maximum", "slow-initial", "slow-maximum",
    "connect-timeout", "attempt-timeout", "total-timeout",
    "endpoint-pause", "endpoint-maximum-pause",
  };
  static const struct
  {
    gint64 time;
    gboolean valid;
  } cases[] = {
    { G_MININT64, FALSE }, { -1, FALSE }, { 0, TRUE }, { 1, TRUE }, { G_MAXINT64, TRUE },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (names); i++)
    for (gsize j = 0; j < G_N_ELEMENTS (cases); j++)
      {
        g_auto (GValue) value = G_VALUE_INIT;

        g_value_init (&value, G_TYPE_INT64);
        g_value_set_int64 (&value, cases[j].time);
        g_assert_true (is_valid (names[i], &value) == cases[j].valid);
      }
}

static void
test_other_ranges (void)
{
  g_test_summary ("There is at least one attempt, and a multiplier is above 0, at most a million");

  static const char *const counts[] = { "max-attempts", "leader-attempts", "memory-attempts" };
  static const struct
  {
    double multiplier;
    gboolean valid;
  } cases[] = {
    { -2.0, FALSE }, { 0.0, FALSE }, { 1e-6, TRUE }, { 1.0, TRUE }, { 1e6, TRUE }, { 1.1e6, FALSE },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (counts); i++)
    {
      g_auto (GValue) value = G_VALUE_INIT;

      g_value_init (&value, G_TYPE_UINT);
      g_assert_false (is_valid (counts[i], &value));
      g_value_set_uint (&value, 1);
      g_assert_true (is_valid (counts[i], &value));
      g_value_set_uint (&value, G_MAXUINT);
      g_assert_true (is_valid (counts[i], &value));
    }

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_auto (GValue) value = G_VALUE_INIT;

      g_value_init (&value, G_TYPE_DOUBLE);
      g_value_set_double (&value, cases[i].multiplier);
      g_assert_true (is_valid ("multiplier", &value) == cases[i].valid);
    }
}

static void
test_token_ranges (void)
{
  g_test_summary ("Tokens go from 1 to a million");

  static const char *const names[] = { "budget-capacity", "budget-cost", "budget-refill" };
  static const struct
  {
    guint tokens;
    gboolean valid;
  } cases[] = {
    { 0, FALSE }, { 1, TRUE }, { 1000000, TRUE }, { 1000001, FALSE }, { G_MAXUINT, FALSE },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (names); i++)
    for (gsize j = 0; j < G_N_ELEMENTS (cases); j++)
      {
        g_auto (GValue) value = G_VALUE_INIT;

        g_value_init (&value, G_TYPE_UINT);
        g_value_set_uint (&value, cases[j].tokens);
        g_assert_true (is_valid (names[i], &value) == cases[j].valid);
      }
}

static void
assert_nicks (GType type,
              const char *const *nicks)
{
  GEnumClass *klass = g_type_class_ref (type);

  g_assert_cmpuint (klass->n_values, ==, g_strv_length ((char **) nicks));
  for (guint i = 0; i < klass->n_values; i++)
    {
      g_assert_cmpint (klass->values[i].value, ==, (int) i);
      g_assert_cmpstr (klass->values[i].value_nick, ==, nicks[i]);
    }
  g_type_class_unref (klass);
}

static void
test_enums (void)
{
  g_test_summary ("Every replay level and jitter is registered under the word that files use");

  static const char *const levels[] = {
    "never", "read-only", "idempotent", "convergent", "always", NULL,
  };
  static const char *const jitters[] = {
    "none", "full", "equal", "proportional", "decorrelated", NULL,
  };

  assert_nicks (NEBULA_TYPE_REPLAY, levels);
  assert_nicks (NEBULA_TYPE_JITTER, jitters);
}

static void
test_server_version (void)
{
  g_test_summary ("A policy says how old the servers are; what is no version is refused aloud");

  g_autoptr (NebulaRetryPolicy) old = new_unusual ();
  g_autoptr (NebulaRetryPolicy) any = nebula_retry_policy_new ();
  g_autoptr (NebulaRetryPolicy) wrong = NULL;

  g_assert_cmpuint (nebula_retry_policy_get_server_version (old), ==,
                    NEBULA_SERVER_VERSION (2, 6, 0));
  g_assert_cmpuint (nebula_retry_policy_get_server_version (any), ==,
                    NEBULA_SERVER_VERSION_DEFAULT);

  g_test_expect_message ("nebula-retry", G_LOG_LEVEL_CRITICAL, "*server-version*latest*");
  wrong = g_object_new (NEBULA_TYPE_RETRY_POLICY, "server-version", "latest", NULL);
  g_test_assert_expected_messages ();
  g_assert_cmpuint (nebula_retry_policy_get_server_version (wrong), ==,
                    NEBULA_SERVER_VERSION_DEFAULT);
}

int
main (int argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/retry-policy/defaults", test_defaults);
  g_test_add_func ("/retry-policy/default-attempts", test_default_attempts);
  g_test_add_func ("/retry-policy/default-backoff", test_default_backoff);
  g_test_add_func ("/retry-policy/getters", test_getters);
  g_test_add_func ("/retry-policy/budget", test_budget);
  g_test_add_func ("/retry-policy/properties", test_properties);
  g_test_add_func ("/retry-policy/time-ranges", test_time_ranges);
  g_test_add_func ("/retry-policy/other-ranges", test_other_ranges);
  g_test_add_func ("/retry-policy/token-ranges", test_token_ranges);
  g_test_add_func ("/retry-policy/enums", test_enums);

  g_test_add_func ("/retry-policy/server-version", test_server_version);

  return g_test_run ();
}
