/* SPDX-License-Identifier: Apache-2.0 */
#include <nebula-retry/nebula-retry.h>

#include <string.h>

static NebulaRetryPolicy *
parse (const char *json)
{
  g_autoptr (GError) error = NULL;
  NebulaRetryPolicy *policy = nebula_retry_policy_new_from_json (json, -1, &error);

  g_assert_no_error (error);

  return policy;
}

static const char defaults[]
    = "{\n"
      "  \"methodConfig\" : [],\n"
      "  \"nebula\" : {\n"
      "    \"enabled\" : true,\n"
      "    \"serverVersion\" : \"3.4+\",\n"
      "    \"replay\" : \"idempotent\",\n"
      "    \"replayAfterTimeout\" : false,\n"
      "    \"partial\" : \"return\",\n"
      "    \"unknownCode\" : \"FATAL\",\n"
      "    \"timeouts\" : {\n"
      "      \"connect\" : \"3s\",\n"
      "      \"attempt\" : \"0s\",\n"
      "      \"total\" : \"120s\"\n"
      "    },\n"
      "    \"attempts\" : {\n"
      "      \"default\" : 4,\n"
      "      \"leader\" : 10,\n"
      "      \"memory\" : 2\n"
      "    },\n"
      "    \"backoff\" : {\n"
      "      \"fast\" : {\n"
      "        \"initial\" : \"0.01s\",\n"
      "        \"maximum\" : \"1s\",\n"
      "        \"multiplier\" : 2.0\n"
      "      },\n"
      "      \"slow\" : {\n"
      "        \"initial\" : \"1s\",\n"
      "        \"maximum\" : \"10s\",\n"
      "        \"multiplier\" : 2.0\n"
      "      }\n"
      "    },\n"
      "    \"jitter\" : \"full\",\n"
      "    \"session\" : {\n"
      "      \"renew\" : true,\n"
      "      \"replaySpace\" : true,\n"
      "      \"handshake\" : true\n"
      "    },\n"
      "    \"budget\" : {\n"
      "      \"kind\" : \"lease\",\n"
      "      \"capacity\" : 500,\n"
      "      \"cost\" : 14,\n"
      "      \"refill\" : 100\n"
      "    },\n"
      "    \"endpoints\" : {\n"
      "      \"pause\" : \"1s\",\n"
      "      \"maximumPause\" : \"30s\",\n"
      "      \"shuffle\" : true\n"
      "    },\n"
      "    \"messages\" : [],\n"
      "    \"codes\" : {    }\n"
      "  }\n"
      "}\n";

static void
test_defaults (void)
{
  g_test_summary ("A policy with the defaults prints all of them, an empty file has the same");

  g_autoptr (NebulaRetryPolicy) policy = nebula_retry_policy_new ();
  g_autoptr (NebulaRetryPolicy) empty = parse ("{}");
  g_autofree char *json = nebula_retry_policy_to_json (policy);

  g_assert_cmpstr (json, ==, defaults);
  g_assert_true (nebula_retry_policy_equal (policy, empty));
}

#define RULE(attempts, initial, maximum, multiplier, codes) \
  "\"retryPolicy\": {\"maxAttempts\": " attempts ", \"initialBackoff\": \"" initial \
  "\", \"maxBackoff\": \"" maximum "\", \"backoffMultiplier\": " multiplier \
  ", \"retryableStatusCodes\": [" codes "]}"
#define METHOD(members) "{\"methodConfig\": [{\"name\": [{\"service\": \"s\"}], " members "}]}"
#define USUAL RULE ("3", "1s", "2s", "2", "\"ABORTED\"")

/* No two of them do the same. */
static const char *const different[] = {
  "{}",
  "{\"nebula\": {\"enabled\": false}}",
  "{\"nebula\": {\"serverVersion\": \"2.6\"}}",
  "{\"nebula\": {\"replay\": \"never\"}}",
  "{\"nebula\": {\"replay\": \"always\"}}",
  "{\"nebula\": {\"replayAfterTimeout\": true}}",
  "{\"nebula\": {\"partial\": \"retry\"}}",
  "{\"nebula\": {\"unknownCode\": \"RETRYABLE\"}}",
  "{\"nebula\": {\"timeouts\": {\"connect\": \"4s\"}}}",
  "{\"nebula\": {\"timeouts\": {\"attempt\": \"4s\"}}}",
  "{\"nebula\": {\"timeouts\": {\"total\": \"4s\"}}}",
  "{\"nebula\": {\"attempts\": {\"default\": 5}}}",
  "{\"nebula\": {\"attempts\": {\"leader\": 5}}}",
  "{\"nebula\": {\"attempts\": {\"memory\": 5}}}",
  "{\"nebula\": {\"attempts\": {\"partial\": 5}}}",
  "{\"nebula\": {\"attempts\": {\"conflict\": 5}}}",
  "{\"nebula\": {\"backoff\": {\"fast\": {\"initial\": \"0.3s\"}}}}",
  "{\"nebula\": {\"backoff\": {\"fast\": {\"maximum\": \"0.3s\"}}}}",
  "{\"nebula\": {\"backoff\": {\"fast\": {\"multiplier\": 1.6}}}}",
  "{\"nebula\": {\"backoff\": {\"slow\": {\"initial\": \"0.3s\"}}}}",
  "{\"nebula\": {\"backoff\": {\"slow\": {\"maximum\": \"0.3s\"}}}}",
  "{\"nebula\": {\"backoff\": {\"slow\": {\"multiplier\": 1.6}}}}",
  "{\"nebula\": {\"backoff\": {\"overload\": {\"initial\": \"0.3s\"}}}}",
  "{\"nebula\": {\"jitter\": \"none\"}}",
  "{\"nebula\": {\"jitter\": \"equal\"}}",
  "{\"nebula\": {\"session\": {\"renew\": false}}}",
  "{\"nebula\": {\"session\": {\"replaySpace\": false}}}",
  "{\"nebula\": {\"session\": {\"handshake\": false}}}",
  "{\"nebula\": {\"budget\": {\"kind\": \"none\"}}}",
  "{\"nebula\": {\"budget\": {\"kind\": \"throttle\"}}}",
  "{\"nebula\": {\"budget\": {\"capacity\": 7}}}",
  "{\"nebula\": {\"budget\": {\"cost\": 7}}}",
  "{\"nebula\": {\"budget\": {\"refill\": 7}}}",
  "{\"retryThrottling\": {\"maxTokens\": 10, \"tokenRatio\": 0.546}}",
  "{\"nebula\": {\"endpoints\": {\"pause\": \"7s\"}}}",
  "{\"nebula\": {\"endpoints\": {\"maximumPause\": \"7s\"}}}",
  "{\"nebula\": {\"endpoints\": {\"shuffle\": false}}}",
  "{\"nebula\": {\"messages\": [{\"contains\": \"a\\\"\\n\\u00e9\", \"category\": \"AUTH\"}]}}",
  "{\"nebula\": {\"messages\": [{\"contains\": \"b\", \"category\": \"AUTH\"}]}}",
  "{\"nebula\": {\"messages\": [{\"contains\": \"b\", \"cause\": \"disk\"}]}}",
  "{\"nebula\": {\"codes\": {\"-4\": {\"effect\": \"NONE\"}}}}",
  "{\"nebula\": {\"codes\": {\"-4\": {\"effect\": \"PART\"}}}}",
  "{\"nebula\": {\"codes\": {\"-4\": {\"pace\": \"SLOW\"}}}}",
  "{\"nebula\": {\"codes\": {\"-5\": {\"pace\": \"SLOW\"}, \"-4\": {\"pace\": \"SLOW\"}}}}",
  "{\"nebula\": {\"codes\": {\"-4\": {\"pace\": \"SLOW\"}, \"-5\": {\"pace\": \"SLOW\"}}}}",
  METHOD ("\"timeout\": \"3s\""),
  METHOD ("\"timeout\": \"3.000001s\""),
  METHOD (USUAL),
  METHOD ("\"timeout\": \"3s\", " USUAL),
  METHOD (RULE ("4", "1s", "2s", "2", "\"ABORTED\"")),
  METHOD (RULE ("3", "1.5s", "2s", "2", "\"ABORTED\"")),
  METHOD (RULE ("3", "1s", "2.5s", "2", "\"ABORTED\"")),
  METHOD (RULE ("3", "1s", "2s", "0.1", "\"ABORTED\"")),
  METHOD (RULE ("3", "1s", "2s", "2", "\"ABORTED\", \"UNKNOWN\"")),
  METHOD ("\"hedgingPolicy\": {\"maxAttempts\": 3}"),
  METHOD ("\"hedgingPolicy\": {\"maxAttempts\": 3, \"hedgingDelay\": \"1s\"}"),
  METHOD ("\"hedgingPolicy\": {\"maxAttempts\": 3, \"nonFatalStatusCodes\": [\"ABORTED\"]}"),
  "{\"methodConfig\": [{\"name\": [{}], " USUAL "}]}",
  "{\"methodConfig\": [{\"name\": [{\"service\": \"s\", \"method\": \"m\"}], " USUAL "}]}",
  "{\"methodConfig\": [{\"name\": [{}], " USUAL "}], \"nebula\": {\"jitter\": \"full\"}}",
  "{\"methodConfig\": [{\"name\": [{}], " USUAL "}], \"nebula\": {\"attempts\":"
  " {\"leader\": 10}}}",
  "{\"methodConfig\": [{\"name\": [{}], " USUAL "}, {\"name\": [{\"service\": \"s\"}],"
  " \"timeout\": \"1s\"}]}",
};

static void
test_round_trip (void)
{
  g_test_summary ("What was printed reads as an equal policy, and prints the same");

  for (gsize i = 0; i < G_N_ELEMENTS (different); i++)
    {
      g_autoptr (NebulaRetryPolicy) policy = parse (different[i]);
      g_autofree char *json = nebula_retry_policy_to_json (policy);
      g_autoptr (NebulaRetryPolicy) again = parse (json);
      g_autofree char *json_again = nebula_retry_policy_to_json (again);

      g_test_message ("%s", different[i]);
      g_assert_true (nebula_retry_policy_equal (policy, again));
      g_assert_true (nebula_retry_policy_equal (again, policy));
      g_assert_cmpstr (json, ==, json_again);
    }
}

static void
test_method (void)
{
  g_test_summary ("The policy of a method prints itself as a file that says it of every method");

  for (gsize i = 0; i < G_N_ELEMENTS (different); i++)
    {
      g_autoptr (NebulaRetryPolicy) file = parse (different[i]);
      NebulaRetryPolicy *policy = nebula_retry_policy_get_for_method (file, "s", "m");
      g_autofree char *json = nebula_retry_policy_to_json (policy);
      g_autoptr (NebulaRetryPolicy) again = parse (json);
      g_autofree char *json_again = nebula_retry_policy_to_json (again);
      NebulaRetryPolicy *other = nebula_retry_policy_get_for_method (again, "other", "other");
      g_autofree char *json_other = nebula_retry_policy_to_json (other);

      g_test_message ("%s", different[i]);
      g_assert_true (nebula_retry_policy_equal (policy, again));
      g_assert_true (nebula_retry_policy_equal (again, policy));
      g_assert_true (nebula_retry_policy_equal (policy, other));
      g_assert_cmpstr (json, ==, json_again);
      g_assert_cmpstr (json, ==, json_other);
    }
}

static void
test_method_text (void)
{
  g_test_summary ("What a method says is printed with it, and what it does not say is not");

  g_autoptr (NebulaRetryPolicy) file = parse (METHOD ("\"timeout\": \"7s\", " USUAL));
  NebulaRetryPolicy *policy = nebula_retry_policy_get_for_method (file, "s", "m");
  g_autofree char *json = nebula_retry_policy_to_json (policy);
  static const char head[]
      = "{\n"
        "  \"methodConfig\" : [\n"
        "    {\n"
        "      \"name\" : [\n"
        "        {        }\n"
        "      ],\n"
        "      \"retryPolicy\" : {\n"
        "        \"maxAttempts\" : 3,\n"
        "        \"initialBackoff\" : \"1s\",\n"
        "        \"maxBackoff\" : \"2s\",\n"
        "        \"backoffMultiplier\" : 2.0,\n"
        "        \"retryableStatusCodes\" : [\n"
        "          \"ABORTED\"\n"
        "        ]\n"
        "      }\n"
        "    }\n"
        "  ],\n";

  g_assert_true (g_str_has_prefix (json, head));
  g_assert_nonnull (strstr (json, "\"total\" : \"7s\""));
  g_assert_null (strstr (json, "\"leader\""));
  g_assert_null (strstr (json, "\"jitter\""));
}

static void
test_different (void)
{
  g_test_summary ("No two policies that do something else are equal, or print the same");

  for (gsize i = 0; i < G_N_ELEMENTS (different); i++)
    {
      g_autoptr (NebulaRetryPolicy) policy = parse (different[i]);
      g_autofree char *json = nebula_retry_policy_to_json (policy);

      for (gsize j = 0; j < i; j++)
        {
          g_autoptr (NebulaRetryPolicy) other = parse (different[j]);
          g_autofree char *other_json = nebula_retry_policy_to_json (other);

          if (nebula_retry_policy_equal (policy, other) || strcmp (json, other_json) == 0)
            g_error ("%s\n%s", different[i], different[j]);
        }
    }
}

static void
test_same (void)
{
  g_test_summary ("What is written in other words is equal");

  static const char *const pairs[][2] = {
    { "{\"nebula\": {\"attempts\": {\"rpc\": 4}}}", "{}" },
    { "{\"nebula\": {\"jitter\": \"full\"}}", "{}" },
    { "{\"methodConfig\": [{\"name\": [{}], \"timeout\": \"4s\"}]}",
      "{\"nebula\": {\"timeouts\": {\"total\": \"4s\"}}}" },
    { "{\"nebula\": {\"codes\": {\"E_LEADER_LEASE_FAILED\": {\"cause\": \"rpc\"}}}}",
      "{\"nebula\": {\"codes\": {\"-3531\": {\"cause\": \"rpc\"}}}}" },
    { METHOD (RULE ("9", "1s", "2s", "2", "\"ABORTED\"")),
      METHOD (RULE ("\"5\"", "1.0s", "2s", "2.0", "10, \"aborted\"")) },
    { "{\"retryThrottling\": {\"maxTokens\": 10, \"tokenRatio\": 0.5466}}",
      "{\"nebula\": {\"budget\": {\"kind\": \"throttle\", \"capacity\": 10, \"refill\": 546}}}" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (pairs); i++)
    {
      g_autoptr (NebulaRetryPolicy) one = parse (pairs[i][0]);
      g_autoptr (NebulaRetryPolicy) other = parse (pairs[i][1]);

      g_test_message ("%s", pairs[i][0]);
      g_assert_true (nebula_retry_policy_equal (one, other));
    }
}

#define PICK(array) (array[g_rand_int_range (rand, 0, G_N_ELEMENTS (array))])

static NebulaRetryPolicy *
new_random_policy (GRand *rand)
{
  static const gint64 times[] = { 0, 1, 999999, 10000, 120000000, 315576000000000000, G_MAXINT64 };
  static const double multipliers[] = { 1e-6, 0.1, 1.0, 1.6, 2.0, 1.0 / 3, 1e6 };
  static const guint counts[] = { 1, 2, 5, 1000, G_MAXUINT };
  static const char *const versions[] = { "3.4+", "2.0", "2.6.1", "3.8.0" };

  return g_object_new (NEBULA_TYPE_RETRY_POLICY,
                       "enabled", g_rand_boolean (rand),
                       "max-attempts", PICK (counts),
                       "leader-attempts", PICK (counts),
                       "memory-attempts", PICK (counts),
                       "fast-initial", PICK (times),
                       "fast-maximum", PICK (times),
                       "slow-initial", PICK (times),
                       "slow-maximum", PICK (times),
                       "multiplier", PICK (multipliers),
                       "jitter", g_rand_int_range (rand, 0, 5),
                       "connect-timeout", PICK (times),
                       "attempt-timeout", PICK (times),
                       "total-timeout", PICK (times),
                       "replay", g_rand_int_range (rand, 0, 5),
                       "replay-after-timeout", g_rand_boolean (rand),
                       "budget", g_rand_int_range (rand, 0, 3),
                       "budget-capacity", g_rand_int_range (rand, 1, 1000001),
                       "budget-cost", g_rand_int_range (rand, 1, 1000001),
                       "budget-refill", g_rand_int_range (rand, 1, 1000001),
                       "server-version", PICK (versions),
                       NULL);
}

static void
assert_same_properties (NebulaRetryPolicy *a,
                        NebulaRetryPolicy *b)
{
  g_autofree GParamSpec **specs = NULL;
  guint n_specs = 0;

  specs = g_object_class_list_properties (G_OBJECT_GET_CLASS (a), &n_specs);
  for (guint i = 0; i < n_specs; i++)
    {
      g_auto (GValue) one = G_VALUE_INIT;
      g_auto (GValue) other = G_VALUE_INIT;

      /* A list of objects, which have their own comparison. */
      if (g_str_equal (specs[i]->name, "overrides"))
        continue;
      g_object_get_property (G_OBJECT (a), specs[i]->name, &one);
      g_object_get_property (G_OBJECT (b), specs[i]->name, &other);
      g_test_message ("%s", specs[i]->name);
      g_assert_cmpint (g_param_values_cmp (specs[i], &one, &other), ==, 0);
    }
}

static void
test_properties (void)
{
  g_test_summary ("A policy that was made of properties is printed and read as well as any");

  g_autoptr (GRand) rand = g_rand_new_with_seed (20240302);

  for (guint i = 0; i < 500; i++)
    {
      g_autoptr (NebulaRetryPolicy) policy = new_random_policy (rand);
      g_autofree char *json = nebula_retry_policy_to_json (policy);
      g_autoptr (NebulaRetryPolicy) again = parse (json);
      g_autofree char *json_again = nebula_retry_policy_to_json (again);

      g_assert_cmpstr (json, ==, json_again);
      g_assert_true (nebula_retry_policy_equal (policy, again));
      assert_same_properties (policy, again);
    }
}

int
main (int argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/policy-print/defaults", test_defaults);
  g_test_add_func ("/policy-print/round-trip", test_round_trip);
  g_test_add_func ("/policy-print/method", test_method);
  g_test_add_func ("/policy-print/method/text", test_method_text);
  g_test_add_func ("/policy-print/different", test_different);
  g_test_add_func ("/policy-print/same", test_same);
  g_test_add_func ("/policy-print/properties", test_properties);

  return g_test_run ();
}
