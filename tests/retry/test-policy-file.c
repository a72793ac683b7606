/* SPDX-License-Identifier: Apache-2.0 */
#include <nebula-retry/nebula-retry.h>

#include <glib/gstdio.h>
#include <string.h>

#include "wrong-policies.h"

static void
test_wrong (gconstpointer data)
{
  gsize i = GPOINTER_TO_SIZE (data);
  g_autoptr (GError) error = NULL;
  g_autoptr (NebulaRetryPolicy) policy
      = nebula_retry_policy_new_from_json (wrong_policies[i].json, -1, &error);

  g_test_summary ("A wrong file is refused, with all that is wrong and where");
  g_assert_null (policy);
  g_assert_error (error, NEBULA_ERROR, NEBULA_ERROR_INVALID_ARGUMENT);
  g_assert_cmpstr (error->message, ==, wrong_policies[i].message);
  g_assert_null (nebula_retry_policy_new_from_json (wrong_policies[i].json, -1, NULL));
}

static void
assert_taken (const char *json,
              const char *warnings)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (NebulaRetryPolicy) policy = nebula_retry_policy_new_from_json (json, -1, &error);
  g_autoptr (GString) got = g_string_new (NULL);
  GPtrArray *list;

  g_assert_no_error (error);
  list = nebula_retry_policy_get_warnings (policy);
  for (guint i = 0; i < list->len; i++)
    g_string_append_printf (got, "%s%s", i > 0 ? "\n" : "", (char *) list->pdata[i]);
  g_assert_cmpstr (got->str, ==, warnings);
}

#define PLAIN_RULE RULE "\"backoffMultiplier\": 2"

static void
test_warnings (void)
{
  g_test_summary ("What C-core or Go takes is taken; a warning says where the two differ");

  static const struct
  {
    const char *json;
    const char *warnings;
  } cases[] = {
    { "{}", "" },
    { "{\"loadBalancingPolicy\": \"x\", \"healthCheckConfig\": {\"a\": [1]}}", "" },
    { "{\"methodConfig\": null, \"retryThrottling\": null}", "" },
    { RETRY_POLICY (PLAIN_RULE CODES ", \"whatever\": 3"), "" },
    { "{\"methodConfig\": [{\"name\": [{}], \"waitForReady\": true}]}", "" },
    { "{\"methodConfig\": [{\"timeout\": \"1s\"}, {\"name\": []}]}",
      "methodConfig[0]: has no name, so that it is for no method\n"
      "methodConfig[1]: has no name, so that it is for no method" },
    { "{\"methodConfig\": [{\"name\": [{}], \"timeout\": \"0s\"}]}",
      "methodConfig[0]: with this timeout every call ends at once" },
    { RETRY_POLICY ("\"MaxAttempts\": \"3\", \"initialBackoff\": \".05s\","
                    " \"maxBackoff\": \"1.s\", \"backoffMultiplier\": \"1.6\"" CODES),
      "methodConfig[0].retryPolicy.MaxAttempts: only gRPC's Go reads this as maxAttempts\n"
      "methodConfig[0].retryPolicy.maxAttempts: gRPC's Go takes no number in quotes\n"
      "methodConfig[0].retryPolicy.initialBackoff: gRPC's C-core wants a digit before the point\n"
      "methodConfig[0].retryPolicy.maxBackoff: gRPC's C-core wants a digit behind the point\n"
      "methodConfig[0].retryPolicy.backoffMultiplier: gRPC's Go takes no number in quotes" },
    { RETRY_POLICY (PLAIN_RULE ", \"retryableStatusCodes\": [\"unavailable\", 10]"),
      "methodConfig[0].retryPolicy.retryableStatusCodes[0]: gRPC's C-core and Go take only "
      "UNAVAILABLE\n"
      "methodConfig[0].retryPolicy.retryableStatusCodes[1]: gRPC's C-core takes no numbers here" },
    { RETRY_POLICY ("\"maxAttempts\": 6, \"initialBackoff\": \"2 s\", \"maxBackoff\": \"1s\","
                    " \"backoffMultiplier\": 2, \"perAttemptRecvTimeout\": \"1s\"" CODES),
      "methodConfig[0].retryPolicy.initialBackoff: gRPC's Go takes no space before the s\n"
      "methodConfig[0].retryPolicy.maxAttempts: gRPC counts 6 as 5, and so does this; "
      "nebula.attempts may be more\n"
      "methodConfig[0].retryPolicy: maxBackoff is below initialBackoff: old versions of gRPC's "
      "C-core wait longer the first time\n"
      "methodConfig[0].retryPolicy: only gRPC's C-core knows perAttemptRecvTimeout, as an "
      "experiment" },
    { "{\"methodConfig\": [{\"name\": [{}], \"hedgingPolicy\": {\"maxAttempts\": 2}}]}",
      "methodConfig[0].hedgingPolicy: is read and checked, but not executed yet" },
    { "{\"retryThrottling\": {\"maxTokens\": 1000.5, \"tokenRatio\": 1}}",
      "retryThrottling.maxTokens: gRPC's Go takes at most 1000\n"
      "retryThrottling.maxTokens: gRPC's C-core takes only integers; this counts as 1001\n"
      "retryThrottling.tokenRatio: gRPC's C-core reads a ratio without a point as thousandths" },
    { NEBULA ("\"endpoints\": {\"pause\": \"2s\"}"), "" },
    { "{\"Nebula\": {\"enabled\": false}, \"method_config\": [], \"METHODCONFIG\": []}",
      "Nebula: nobody knows this key, did you mean \"nebula\"?\n"
      "method_config: nobody knows this key, did you mean \"methodConfig\"?\n"
      "METHODCONFIG: only gRPC's Go reads this as methodConfig" },
    { "{\"methodConfig\": [{\"name\": [{\"service\": \"s\", \"methods\": \"m\"}]}]}",
      "methodConfig[0].name[0].methods: nobody knows this key, did you mean \"method\"?" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_test_message ("case %" G_GSIZE_FORMAT, i);
      assert_taken (cases[i].json, cases[i].warnings);
    }
}

static void
test_durations (void)
{
  g_test_summary ("Durations are decimal seconds; what is below a microsecond counts as one");

  static const struct
  {
    const char *text;
    gint64 microseconds;
  } cases[] = {
    { "0s", 0 },
    { "0.25s", 250000 },
    { "1.000000001s", 1000001 },
    { "0.000001s", 1 },
    { "120s", 120000000 },
    { "007s", 7000000 },
    { "9223372036854.775807s", G_MAXINT64 },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *json
          = g_strdup_printf (NEBULA ("\"timeouts\": {\"total\": \"%s\"}"), cases[i].text);
      g_autoptr (GError) error = NULL;
      g_autoptr (NebulaRetryPolicy) policy = nebula_retry_policy_new_from_json (json, -1, &error);

      g_assert_no_error (error);
      g_assert_cmpint (nebula_retry_policy_get_total_timeout (policy), ==,
                       cases[i].microseconds);
    }
}

static void
test_endpoints (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (NebulaRetryPolicy) policy = nebula_retry_policy_new_from_json (
    NEBULA ("\"endpoints\": {\"pause\": \"2s\", \"maximumPause\": \"0.5s\", \"shuffle\": false}"), -1,
    &error);

  g_test_summary ("nebula.endpoints says how long endpoints are set aside, and who is first");
  g_assert_no_error (error);
  g_assert_cmpint (nebula_retry_policy_get_endpoint_pause (policy), ==, 2000000);
  g_assert_cmpint (nebula_retry_policy_get_endpoint_maximum_pause (policy), ==, 500000);
  g_assert_false (nebula_retry_policy_get_shuffle_endpoints (policy));
}

static void
test_throttling (void)
{
  g_test_summary ("retryThrottling becomes the budget; nebula.budget wins over it");

  static const struct
  {
    const char *nebula;
    NebulaBudgetSettings settings;
  } cases[] = {
    { "", { NEBULA_BUDGET_THROTTLE, 10, 14, 546 } },
    { "\"budget\": {\"refill\": 7}", { NEBULA_BUDGET_THROTTLE, 10, 14, 7 } },
    { "\"budget\": {\"kind\": \"none\"}", { NEBULA_BUDGET_NONE, 10, 14, 546 } },
    { "\"budget\": {\"kind\": \"lease\", \"capacity\": 99, \"cost\": 3}",
      { NEBULA_BUDGET_LEASE, 99, 3, 546 } },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *json = g_strdup_printf (
          "{\"nebula\": {%s}, \"retryThrottling\": {\"maxTokens\": 10, \"tokenRatio\": 0.5466}}",
          cases[i].nebula);
      g_autoptr (NebulaRetryPolicy) policy = nebula_retry_policy_new_from_json (json, -1, NULL);
      NebulaBudgetSettings got;

      nebula_retry_policy_get_budget (policy, &got);
      g_assert_cmpint (got.kind, ==, cases[i].settings.kind);
      g_assert_cmpuint (got.capacity, ==, cases[i].settings.capacity);
      g_assert_cmpuint (got.cost, ==, cases[i].settings.cost);
      g_assert_cmpuint (got.refill, ==, cases[i].settings.refill);
    }
}

static void
test_length (void)
{
  g_test_summary ("With a length nothing behind it is looked at, and a NUL within is refused");

  g_autoptr (GError) error = NULL;
  g_autoptr (NebulaRetryPolicy) policy = nebula_retry_policy_new_from_json ("{}x", 2, NULL);

  g_assert_nonnull (policy);
  g_assert_null (nebula_retry_policy_new_from_json ("{}\0{}", 5, &error));
  g_assert_cmpstr (error->message, ==, "line 1, column 3: not UTF-8");
}

static void
test_many_errors (void)
{
  g_test_summary ("There is an end to what is said about one file");

  g_autoptr (GString) json = g_string_new ("{\"methodConfig\": [0");
  g_autoptr (GError) error = NULL;
  g_auto (GStrv) lines = NULL;

  for (guint i = 1; i < 1000; i++)
    g_string_append (json, ",0");
  g_string_append (json, "]}");
  g_assert_null (nebula_retry_policy_new_from_json (json->str, -1, &error));
  lines = g_strsplit (error->message, "\n", -1);
  g_assert_cmpuint (g_strv_length (lines), ==, 100);
}

static char *
write_file (const char *json)
{
  g_autoptr (GError) error = NULL;
  char *path = NULL;
  int fd = g_file_open_tmp ("policy-XXXXXX.json", &path, &error);

  g_assert_no_error (error);
  g_assert_true (g_close (fd, NULL));
  g_assert_true (g_file_set_contents (path, json, -1, NULL));

  return path;
}

static void
test_file (void)
{
  g_test_summary ("A file is read, its name stands before each error, and a missing one is said");

  g_autofree char *right = write_file (NEBULA ("\"attempts\": {\"default\": 7}"));
  g_autofree char *wrong = write_file ("{\"methodConfig\": 1, \"nebula\": 3}");
  g_autofree char *expected = g_strdup_printf (
      "%s: methodConfig: 1 is wrong, expected an array of objects\n"
      "%s: nebula: 3 is wrong, expected an object",
      wrong, wrong);
  g_autoptr (GError) error = NULL;
  g_autoptr (GError) missing = NULL;
  g_autoptr (NebulaRetryPolicy) policy = nebula_retry_policy_new_from_file (right, NULL);

  g_assert_cmpuint (nebula_retry_policy_get_max_attempts (policy, NEBULA_CAUSE_RPC), ==, 7);
  g_assert_null (nebula_retry_policy_new_from_file (wrong, &error));
  g_assert_error (error, NEBULA_ERROR, NEBULA_ERROR_INVALID_ARGUMENT);
  g_assert_cmpstr (error->message, ==, expected);
  g_unlink (right);
  g_unlink (wrong);
  g_assert_null (nebula_retry_policy_new_from_file (right, &missing));
  g_assert_error (missing, G_FILE_ERROR, G_FILE_ERROR_NOENT);
}

static void
test_example (void)
{
  g_test_summary ("The example of the documentation is right, and means what it shows");

  g_autofree char *path
      = g_test_build_filename (G_TEST_DIST, "..", "examples", "policy.json", NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (NebulaRetryPolicy) policy = nebula_retry_policy_new_from_file (path, &error);
  g_autoptr (NebulaOutcome) outcome
      = nebula_outcome_new_from_reply (NEBULA_PHASE_EXECUTE, -1005, "Job is running", -1, 0);
  g_autoptr (NebulaOutcome) meaning = NULL;
  NebulaRetryPolicy *execute;

  g_assert_no_error (error);
  g_assert_cmpuint (nebula_retry_policy_get_warnings (policy)->len, ==, 0);
  execute = nebula_retry_policy_get_for_method (policy, "GraphService", "execute");
  g_assert_cmpint (nebula_retry_policy_get_total_timeout (execute), ==, 60000000);
  g_assert_cmpint (nebula_retry_policy_get_total_timeout (policy), ==, 120000000);
  g_assert_cmpuint (nebula_retry_policy_get_server_version (policy), ==,
                    NEBULA_SERVER_VERSION (3, 8, 0));
  meaning = nebula_retry_policy_interpret (execute, outcome);
  g_assert_cmpint (nebula_outcome_get_cause (meaning), ==, NEBULA_CAUSE_BUSY);
}

int
main (int argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  for (gsize i = 0; i < G_N_ELEMENTS (wrong_policies); i++)
    {
      g_autofree char *name = g_strconcat ("/policy-file/wrong/", wrong_policies[i].name, NULL);

      g_test_add_data_func (name, GSIZE_TO_POINTER (i), test_wrong);
    }
  g_test_add_func ("/policy-file/warnings", test_warnings);
  g_test_add_func ("/policy-file/durations", test_durations);
  g_test_add_func ("/policy-file/endpoints", test_endpoints);
  g_test_add_func ("/policy-file/throttling", test_throttling);
  g_test_add_func ("/policy-file/length", test_length);
  g_test_add_func ("/policy-file/many-errors", test_many_errors);
  g_test_add_func ("/policy-file/file", test_file);
  g_test_add_func ("/policy-file/example", test_example);

  return g_test_run ();
}
