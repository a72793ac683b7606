/* SPDX-License-Identifier: Apache-2.0 */
#include <nebula-retry/nebula-retry-policy.h>

/* What the lints of a policy say, and about what they are silent. */

#define NEBULA(text) "{\"nebula\": {" text "}}"
#define EXECUTE "\"name\": [{\"service\": \"GraphService\", \"method\": \"execute\"}]"
#define SLOW_IS_FAST \
  "\"backoff\": {\"slow\": {\"initial\": \"0.01s\", \"maximum\": \"0.01s\"}}"
#define RETRY_POLICY(attempts, initial, maximum) \
  "{\"methodConfig\": [{" EXECUTE ", \"timeout\": \"10s\", \"retryPolicy\": {\"maxAttempts\": " \
  attempts ", \"initialBackoff\": \"" initial "\", \"maxBackoff\": \"" maximum "\", " \
  "\"backoffMultiplier\": 2, \"retryableStatusCodes\": [\"UNAVAILABLE\"]}}]}"

static const struct
{
  const char *json;
  const char *lints[3]; /* how each begins, in order */
} files[] = {
  { "{}", { NULL } },

  /* Waits that do not fit */
  { NEBULA ("\"timeouts\": {\"total\": \"3s\"}"), { NULL } },
  { NEBULA ("\"timeouts\": {\"total\": \"2.9s\"}"),
    { "nebula.timeouts.total: 2.9s is shorter than the connect time-out, 3s: " } },
  { NEBULA ("\"timeouts\": {\"total\": \"0s\"}"), { NULL } },
  { NEBULA ("\"timeouts\": {\"connect\": \"0.1s\", \"total\": \"1.1s\"}"), { NULL } },
  { NEBULA ("\"timeouts\": {\"connect\": \"0.1s\", \"total\": \"1s\"}"),
    { "nebula.backoff.slow: the first wait, 1s, is as long as the whole call may take, 1s: " } },
  /* 0.5 + 1 + 2 = 3.5, and 3 to connect: 6.5 */
  { NEBULA ("\"jitter\": \"equal\", \"timeouts\": {\"total\": \"6.5s\"}"), { NULL } },
  { NEBULA ("\"jitter\": \"equal\", \"timeouts\": {\"total\": \"6.4s\"}"),
    { "nebula.backoff.slow: 4 attempts wait 3.5s or more, which " } },
  /* 0.8 * (1 + 2 + 4) = 5.6 */
  { NEBULA ("\"jitter\": \"proportional\", \"timeouts\": {\"total\": \"8.5s\"}"),
    { "nebula.backoff.slow: 4 attempts wait 5.6s or more, which " } },
  /* A leader has ten attempts, which wait 0.01 + 0.02 + … + 0.64 + 1 + 1 = 3.27, or half of it */
  { NEBULA ("\"jitter\": \"equal\", " SLOW_IS_FAST
            ", \"timeouts\": {\"connect\": \"1s\", \"total\": \"2.64s\"}"), { NULL } },
  { NEBULA ("\"jitter\": \"equal\", " SLOW_IS_FAST
            ", \"timeouts\": {\"connect\": \"1s\", \"total\": \"2.63s\"}"),
    { "nebula.backoff.fast: 10 attempts wait 1.635s or more, which " } },
  /* Three times the first wait */
  { NEBULA ("\"jitter\": \"decorrelated\", \"timeouts\": {\"total\": \"6s\"}"), { NULL } },
  { NEBULA ("\"jitter\": \"decorrelated\", \"timeouts\": {\"total\": \"5.9s\"}"),
    { "nebula.backoff.slow: 4 attempts wait 3s or more, which " } },
  { NEBULA ("\"attempts\": {\"overload\": 1}, \"backoff\": {\"overload\": "
            "{\"initial\": \"200s\", \"maximum\": \"200s\"}}"), { NULL } },
  { NEBULA ("\"backoff\": {\"overload\": {\"initial\": \"200s\", \"maximum\": \"200s\"}}"),
    { "nebula.backoff.overload: the first wait, 200s, is as long as the whole call may take, "
      "120s: " } },
  { RETRY_POLICY ("4", "1s", "5s"), { NULL } },
  { RETRY_POLICY ("4", "3s", "5s"), /* 0.8 * (3 + 5 + 5) = 10.4 */
    { "methodConfig[0].retryPolicy: 4 attempts wait 10.4s or more, which " } },
  { RETRY_POLICY ("4", "10s", "20s"),
    { "methodConfig[0].retryPolicy: the first wait, 10s, is as long as the whole call may take, "
      "10s: " } },
  { "{\"methodConfig\": [{\"timeout\": \"2s\"}]}", { NULL } }, /* for no method */
  { "{\"methodConfig\": [{" EXECUTE ", \"timeout\": \"2s\"}]}",
    { "methodConfig[0].timeout: 2s is shorter than the connect time-out, 3s: " } },

  /* A cap below the first wait */
  { NEBULA ("\"backoff\": {\"fast\": {\"initial\": \"1s\"}}"), { NULL } },
  { NEBULA ("\"backoff\": {\"fast\": {\"initial\": \"1.5s\"}}"),
    { "nebula.backoff.fast.maximum: 1s is less than the first wait, 1.5s, " } },
  { NEBULA ("\"backoff\": {\"slow\": {\"maximum\": \"0.5s\"}}"),
    { "nebula.backoff.slow.maximum: 0.5s is less than the first wait, 1s, " } },
  { NEBULA ("\"backoff\": {\"overload\": {\"initial\": \"2s\", \"maximum\": \"1s\"}}"),
    { "nebula.backoff.overload.maximum: 1s is less than the first wait, 2s, " } },
  { RETRY_POLICY ("2", "2s", "1s"),
    { "methodConfig[0].retryPolicy.maxBackoff: 1s is less than the first wait, 2s, " } },

  /* graphd's own tries */
  { NEBULA ("\"attempts\": {\"default\": 5, \"rpc\": 4}"), { NULL } },
  { NEBULA ("\"attempts\": {\"default\": 5}"),
    { "nebula.attempts.default: graphd tries a call of metad 4 times by itself: 5 attempts for "
      "cause rpc are up to 20 calls" } },
  { NEBULA ("\"attempts\": {\"rpc\": 6}"),
    { "nebula.attempts.rpc: graphd tries a call of metad 4 times by itself: 6 attempts for cause "
      "rpc are up to 24 calls" } },
  { NEBULA ("\"attempts\": {\"leader\": 11}"),
    { "nebula.attempts.leader: graphd tries a call of metad 4 times by itself: 11 attempts for "
      "cause leader are up to 44 calls" } },
  { RETRY_POLICY ("5", "0.1s", "1s"),
    { "methodConfig[0].retryPolicy.maxAttempts: graphd tries a call of metad 4 times" } },

  /* Jitter, replay, budget */
  { NEBULA ("\"jitter\": \"none\""), { "nebula.jitter: without jitter " } },
  { NEBULA ("\"replay\": \"convergent\""), { NULL } },
  { NEBULA ("\"replay\": \"always\""), { "nebula.replay: \"always\" lets every statement " } },
  { NEBULA ("\"budget\": {\"kind\": \"throttle\"}"), { NULL } },
  { NEBULA ("\"budget\": {\"kind\": \"none\"}"), { "nebula.budget.kind: without a budget " } },
  { NEBULA ("\"jitter\": \"none\", \"budget\": {\"kind\": \"none\"}"),
    { "nebula.jitter: ", "nebula.budget.kind: " } },
  { NEBULA ("\"jitter\": \"none\", \"enabled\": false"), { NULL } },

  /* Credentials: those whose cause stays are never tried again */
  { NEBULA ("\"codes\": {\"-1001\": {\"category\": \"RETRYABLE\", \"pace\": \"SLOW\"}}"),
    { "nebula.codes.-1001: RETRYABLE changes nothing: " } },
  { NEBULA ("\"codes\": {\"-1001\": {\"category\": \"RETRYABLE\", \"cause\": \"busy\"}}"),
    { "nebula.codes.-1001: a refused credential is tried again: " } },
  { NEBULA ("\"codes\": {\"E_INVALID_PASSWORD\": {\"category\": \"RETRYABLE\"}}"),
    { "nebula.codes.-29: RETRYABLE changes nothing: " } },
  { NEBULA ("\"codes\": {\"-1001\": {\"category\": \"FATAL\"}}"), { NULL } },
  { NEBULA ("\"codes\": {\"-1001\": {\"cause\": \"busy\"}}"), { NULL } },
  { NEBULA ("\"codes\": {\"-5\": {\"category\": \"RETRYABLE\"}}"), { NULL } },
  { NEBULA ("\"codes\": {\"-5\": {\"category\": \"RETRYABLE\", \"cause\": \"locked\"}}"),
    { "nebula.codes.-5: RETRYABLE changes nothing: " } },
  { NEBULA ("\"messages\": ["
            "{\"contains\": \"Job is running\", \"category\": \"RETRYABLE\"}, "
            "{\"contains\": \"Invalid password\", \"category\": \"RETRYABLE\", "
            "\"cause\": \"overload\"}]"),
    { "nebula.messages[1]: a refused credential is tried again: " } },

  /* Overrides that say nothing in the end */
  { NEBULA ("\"codes\": {\"-5\": {\"category\": \"RETRYABLE\", \"pace\": \"NONE\"}}"),
    { "nebula.codes.-5: RETRYABLE changes nothing: with the pace NONE " } },
  { NEBULA ("\"codes\": {\"-5\": {\"category\": \"FATAL\", \"pace\": \"NONE\"}}"), { NULL } },
  { NEBULA ("\"codes\": {\"-3060\": {\"category\": \"RETRYABLE\"}}"),
    { "nebula.codes.-3060: RETRYABLE changes nothing: what somebody killed " } },
  { NEBULA ("\"codes\": {\"-3060\": {\"category\": \"RETRYABLE\", \"cause\": \"busy\"}}"),
    { NULL } },
  { NEBULA ("\"messages\": [{\"contains\": \"zebra\", \"category\": \"RETRYABLE\", "
            "\"cause\": \"killed\"}]"),
    { "nebula.messages[0]: RETRYABLE changes nothing: what somebody killed " } },
  { NEBULA ("\"codes\": {\"-4\": {\"category\": \"SESSION\"}}"),
    { "nebula.codes.-4: SESSION renews nothing with the cause leader, expected session" } },
  { NEBULA ("\"codes\": {\"-4\": {\"category\": \"SESSION\", \"cause\": \"session\"}}"),
    { NULL } },
  { NEBULA ("\"codes\": {\"-4\": {\"category\": \"SESSION\", \"cause\": \"space-lost\"}}"),
    { NULL } },
  { NEBULA ("\"codes\": {\"-4\": {\"category\": \"SESSION\", \"cause\": \"handshake\"}}"),
    { NULL } },
  { NEBULA ("\"codes\": {\"-1002\": {\"category\": \"SESSION\"}}"), { NULL } },
  { NEBULA ("\"messages\": [{\"contains\": \"zebra\", \"category\": \"SESSION\"}]"), { NULL } },
  { NEBULA ("\"messages\": [{\"contains\": \"Job\", \"pace\": \"SLOW\"}, "
            "{\"contains\": \"is running\", \"pace\": \"SLOW\"}, "
            "{\"contains\": \"It is running\", \"pace\": \"FAST\"}]"),
    { "nebula.messages[2]: never counts: nebula.messages[1] matches whatever it matches" } },
  { NEBULA ("\"messages\": [{\"contains\": \"It is running\", \"pace\": \"SLOW\"}, "
            "{\"contains\": \"is running\", \"pace\": \"SLOW\"}]"), { NULL } },
  { NEBULA ("\"messages\": [{\"contains\": \"Job\", \"pace\": \"SLOW\"}, "
            "{\"contains\": \"Job\", \"pace\": \"FAST\"}]"),
    { "nebula.messages[1]: never counts: nebula.messages[0] " } },
};

static void
test_files (void)
{
  g_test_summary ("Each lint names its path and its reason; what is just allowed has none");

  for (guint i = 0; i < G_N_ELEMENTS (files); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (NebulaRetryPolicy) policy
          = nebula_retry_policy_new_from_json (files[i].json, -1, &error);
      g_autoptr (GPtrArray) lints = NULL;
      guint n = 0;

      g_test_message ("%u: %s", i, files[i].json);
      g_assert_no_error (error);
      lints = nebula_retry_policy_lint (policy);
      for (guint j = 0; j < lints->len; j++)
        g_test_message ("%s", (const char *) lints->pdata[j]);
      while (files[i].lints[n] != NULL)
        n++;
      g_assert_cmpuint (lints->len, ==, n);
      for (guint j = 0; j < n; j++)
        g_assert_true (g_str_has_prefix (lints->pdata[j], files[i].lints[j]));
    }
}

/* One of each, to its end: this is what people read. */
static const struct
{
  const char *json;
  const char *lint; /* the first one */
} sentences[] = {
  { NEBULA ("\"timeouts\": {\"connect\": \"0.1s\", \"total\": \"1s\"}"),
    "nebula.backoff.slow: the first wait, 1s, is as long as the whole call may take, 1s: no retry "
    "fits" },
  { NEBULA ("\"jitter\": \"equal\", \"timeouts\": {\"total\": \"6.4s\"}"),
    "nebula.backoff.slow: 4 attempts wait 3.5s or more, which with a connect time-out does not fit "
    "into a call of 6.4s: the last retries never happen" },
  { NEBULA ("\"timeouts\": {\"total\": \"2.9s\"}"),
    "nebula.timeouts.total: 2.9s is shorter than the connect time-out, 3s: a host that does not "
    "answer leaves no time to try another" },
  { NEBULA ("\"backoff\": {\"fast\": {\"initial\": \"1.5s\"}}"),
    "nebula.backoff.fast.maximum: 1s is less than the first wait, 1.5s, which it cuts: waits do "
    "not grow" },
  { NEBULA ("\"jitter\": \"none\""),
    "nebula.jitter: without jitter clients that failed together come back together" },
  { NEBULA ("\"replay\": \"always\""),
    "nebula.replay: \"always\" lets every statement run twice, also one that adds or deletes each "
    "time" },
  { NEBULA ("\"budget\": {\"kind\": \"none\"}"),
    "nebula.budget.kind: without a budget retries multiply the load of an outage" },
  { NEBULA ("\"codes\": {\"-1001\": {\"category\": \"RETRYABLE\", \"pace\": \"SLOW\"}}"),
    "nebula.codes.-1001: RETRYABLE changes nothing: a refused credential is never tried again, "
    "for graphd would lock the account" },
  { NEBULA ("\"codes\": {\"-1001\": {\"category\": \"RETRYABLE\", \"cause\": \"busy\"}}"),
    "nebula.codes.-1001: a refused credential is tried again: graphd counts the refusals, and "
    "locks the account" },
  { NEBULA ("\"codes\": {\"-5\": {\"category\": \"RETRYABLE\", \"pace\": \"NONE\"}}"),
    "nebula.codes.-5: RETRYABLE changes nothing: with the pace NONE it is never tried again" },
  { NEBULA ("\"codes\": {\"-3060\": {\"category\": \"RETRYABLE\"}}"),
    "nebula.codes.-3060: RETRYABLE changes nothing: what somebody killed on purpose is never tried "
    "again" },
  { NEBULA ("\"codes\": {\"-4\": {\"category\": \"SESSION\"}}"),
    "nebula.codes.-4: SESSION renews nothing with the cause leader, expected session, space-lost "
    "or handshake" },
};

static void
test_sentences (void)
{
  g_test_summary ("A lint says the whole of it");

  for (guint i = 0; i < G_N_ELEMENTS (sentences); i++)
    {
      g_autoptr (NebulaRetryPolicy) policy
          = nebula_retry_policy_new_from_json (sentences[i].json, -1, NULL);
      g_autoptr (GPtrArray) lints = nebula_retry_policy_lint (policy);

      g_assert_cmpuint (lints->len, >, 0);
      g_assert_cmpstr (lints->pdata[0], ==, sentences[i].lint);
    }
}

static void
test_defaults (void)
{
  g_test_summary ("The defaults have no lint");

  g_autoptr (NebulaRetryPolicy) policy = nebula_retry_policy_new ();
  g_autoptr (GPtrArray) lints = nebula_retry_policy_lint (policy);

  g_assert_cmpuint (lints->len, ==, 0);
}

static void
test_properties (void)
{
  g_test_summary ("A policy that no file made is looked at too");

  g_autoptr (NebulaRetryPolicy) policy
      = g_object_new (NEBULA_TYPE_RETRY_POLICY, "budget", NEBULA_BUDGET_NONE, NULL);
  g_autoptr (GPtrArray) lints = nebula_retry_policy_lint (policy);

  g_assert_cmpuint (lints->len, ==, 1);
  g_assert_true (g_str_has_prefix (lints->pdata[0], "nebula.budget.kind: "));
}

static void
test_backoff_for_cause (void)
{
  g_test_summary ("A cause has its own back-off, any other has that of its pace");

  g_autoptr (NebulaRetryPolicy) policy = nebula_retry_policy_new_from_json (
      NEBULA ("\"backoff\": {\"overload\": {\"initial\": \"2s\", \"maximum\": \"30s\", "
              "\"multiplier\": 3}}"), -1, NULL);
  gint64 initial = -1;
  gint64 maximum = -1;
  double multiplier = -1;

  nebula_retry_policy_get_backoff_for_cause (policy, NEBULA_CAUSE_OVERLOAD, NEBULA_PACE_SLOW,
                                             &initial, &maximum, &multiplier);
  g_assert_cmpint (initial, ==, 2000000);
  g_assert_cmpint (maximum, ==, 30000000);
  g_assert_cmpfloat (multiplier, ==, 3.0);
  nebula_retry_policy_get_backoff_for_cause (policy, NEBULA_CAUSE_LEADER, NEBULA_PACE_FAST,
                                             &initial, &maximum, &multiplier);
  g_assert_cmpint (initial, ==, 10000);
  g_assert_cmpint (maximum, ==, 1000000);
  g_assert_cmpfloat (multiplier, ==, 2.0);
}

int
main (int argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/policy-lint/files", test_files);
  g_test_add_func ("/policy-lint/sentences", test_sentences);
  g_test_add_func ("/policy-lint/defaults", test_defaults);
  g_test_add_func ("/policy-lint/properties", test_properties);
  g_test_add_func ("/policy-lint/backoff-for-cause", test_backoff_for_cause);
  return g_test_run ();
}
