/* SPDX-License-Identifier: Apache-2.0 */
#include "command-run.h"

#include <nebula-retry/nebula-retry.h>

/* The sub-command policy: what it says of files, and that what it shows is a file. */

#define WRONG "{\"nebula\": {\"jiter\": 1, \"replay\": 2}}"
#define HARSH "{\"nebula\": {\"jitter\": \"none\", \"budget\": {\"kind\": \"none\"}}}"
#define ODD "{\"methodConfig\": [{\"timeout\": \"1s\"}]}"

static const struct
{
  const char *arguments[4];
  const char *contents; /* (nullable): of a file, whose name then is the last argument */
  int status;
  const char *out;
  const char *err;
} calls[] = {
  { { "policy", "--help" }, NULL, 0,
    "nebula-interceptor policy [OPTION…] check|show|simulate [FILE]", NULL },
  { { "policy" }, NULL, 2, NULL, "check, show or simulate is missing" },
  { { "policy", "chek" }, NULL, 2, NULL, "'chek' is unknown, expected check, show or" },
  { { "policy", "--format=json", "simulate" }, NULL, 2, NULL, "before its options, simulate" },
  { { "policy", "simulate" }, NULL, 2, NULL, "policy simulate: --model is missing" },
  { { "policy", "check" }, NULL, 2, NULL, "FILE is missing" },
  { { "policy", "show", "a", "b" }, NULL, 2, NULL, "'b' is one argument too many" },
  { { "policy", "check", "/nowhere/at-all" }, NULL, 2, NULL, "/nowhere/at-all" },
  { { "policy", "--format=xml", "check" }, NULL, 2, NULL, "expected text or json" },
  { { "policy", "check" }, "{}", 0, "The file is right.\n", NULL },
  { { "policy", "check" }, ODD, 0,
    "warning: methodConfig[0]: has no name, so that it is for no method\n", NULL },
  { { "policy", "check" }, WRONG, 1, NULL,
    "nebula.jiter: nobody knows this key, did you mean \"jitter\"?\n" },
  { { "policy", "check" }, WRONG, 1, NULL, "nebula.replay: 2 is wrong, expected never" },
  { { "policy", "--format=json", "check" }, WRONG, 1, "\"valid\" : false", NULL },
  { { "policy", "--format=json", "check" }, ODD, 0, "has no name", NULL },
  { { "policy", "check", "--strict" }, "{}", 0, "The file is right.\n", NULL },
  { { "policy", "check", "--strict" }, ODD, 1, "The file is right, but see above.\n", NULL },
  { { "policy", "check" }, HARSH, 0, "lint: nebula.jitter: without jitter ", NULL },
  { { "policy", "check", "--strict" }, HARSH, 1, "lint: nebula.budget.kind: ", NULL },
  { { "policy", "check", "--format=json" }, HARSH, 0, "nebula.jitter: without jitter ", NULL },
  { { "policy", "check", "--format=json" }, HARSH, 0, "\"valid\" : true", NULL },
  { { "policy", "check", "--method=execute" }, "{}", 2, NULL, "--method is for show" },
  { { "policy", "check", "--format=table" }, "{}", 2, NULL, "expected text or json" },
  { { "policy", "show", "--strict" }, NULL, 2, NULL, "--strict is for check" },
  { { "policy", "show", "--format=text" }, NULL, 2, NULL, "expected table or json" },
  { { "policy", "show", "/nowhere/at-all" }, NULL, 2, NULL, "/nowhere/at-all" },
  { { "policy", "show", "--format=json" }, NULL, 0, "\"total\" : \"120s\"", NULL },
  { { "policy", "show", "--format=json" }, "{\"nebula\": {\"timeouts\": {\"total\": \"7s\"}}}", 0,
    "\"total\" : \"7s\"", NULL },
  { { "policy", "show" }, WRONG, 1, NULL, "nebula.jiter: nobody knows this key" },
};

static void
run_call (guint i)
{
  const char *arguments[6] = { NULL };
  g_auto (CommandRun) run = { 0 };
  guint n = 0;

  while (n < G_N_ELEMENTS (calls[i].arguments) && calls[i].arguments[n] != NULL)
    {
      arguments[n] = calls[i].arguments[n];
      n++;
    }
  if (calls[i].contents != NULL)
    arguments[n] = command_file ("policy.json", calls[i].contents);

  g_test_message ("%u", i);
  command_run (&run, NULL, arguments);
  assert_contains (command_run_out (&run), calls[i].out);
  assert_contains (command_run_err (&run), calls[i].err);
  g_assert_cmpint (run.status, ==, calls[i].status);
}

static void
test_calls (void)
{
  g_test_summary ("What policy says, on which stream and with which status");

  for (guint i = 0; i < G_N_ELEMENTS (calls); i++)
    run_call (i);
}

static void
test_show (void)
{
  g_test_summary ("What show prints is a file that makes the same policy");

  const char *const arguments[] = { "policy", "show", "--format=json", NULL };
  g_auto (CommandRun) run = { 0 };
  g_autoptr (NebulaRetryPolicy) policy = nebula_retry_policy_new ();
  g_autoptr (NebulaRetryPolicy) shown = NULL;

  command_run (&run, NULL, arguments);
  shown = nebula_retry_policy_new_from_json (command_run_out (&run), -1, NULL);
  g_assert_true (nebula_retry_policy_equal (policy, shown));
}

#define DEFAULT_TABLE \
  "cause       pace  attempts  first_wait  longest_wait  multiplier  jitter\n" \
  "connection  FAST  4         0.01s       1s            2           full\n" \
  "connection  SLOW  4         1s          10s           2           full\n" \
  "rpc         SLOW  4         1s          10s           2           full\n" \
  "timeout     FAST  4         0.01s       1s            2           full\n" \
  "leader      FAST  10        0.01s       1s            2           full\n" \
  "leader      SLOW  10        1s          10s           2           full\n" \
  "partition   FAST  4         0.01s       1s            2           full\n" \
  "partition   SLOW  4         1s          10s           2           full\n" \
  "partial     FAST  1         0.01s       1s            2           full\n" \
  "conflict    FAST  4         0.01s       1s            2           full\n" \
  "blocked     SLOW  4         1s          10s           2           full\n" \
  "overload    SLOW  4         1s          10s           2           full\n" \
  "memory      SLOW  2         1s          10s           2           full\n" \
  "starting    SLOW  4         1s          10s           2           full\n" \
  "others      FAST  4         0.01s       1s            2           full\n" \
  "others      SLOW  4         1s          10s           2           full\n" \
  "\n" \
  "setting                       value\n" \
  "time-out: connect             3s\n" \
  "time-out: attempt             as long as the call may still take\n" \
  "time-out: total               120s\n" \
  "replay                        idempotent\n" \
  "replay after a time-out       no\n" \
  "endpoint: pause               1s\n" \
  "endpoint: longest pause       30s\n" \
  "endpoint: shuffle             yes\n" \
  "budget                        lease, capacity 500, a retry costs 14\n" \
  "session: renew                yes\n" \
  "session: set the space again  yes\n" \
  "session: make the handshake   yes\n"

static void
test_table (void)
{
  g_test_summary ("Without a file show prints the defaults, cause by cause");

  const char *const arguments[] = { "policy", "show", NULL };
  g_auto (CommandRun) run = { 0 };

  command_run (&run, NULL, arguments);
  g_assert_cmpstr (command_run_out (&run), ==, DEFAULT_TABLE);
  g_assert_cmpint (run.status, ==, 0);
}

#define METHODS \
  "{\"methodConfig\": [{\"name\": [{\"service\": \"GraphService\", \"method\": \"execute\"}], " \
  "\"timeout\": \"60s\", \"retryPolicy\": {\"maxAttempts\": 3, \"initialBackoff\": \"0.25s\", " \
  "\"maxBackoff\": \"2s\", \"backoffMultiplier\": 1.5, " \
  "\"retryableStatusCodes\": [\"UNAVAILABLE\"]}}], " \
  "\"retryThrottling\": {\"maxTokens\": 10, \"tokenRatio\": 0.5}, " \
  "\"nebula\": {\"session\": {\"renew\": false}, \"attempts\": {\"busy\": 7}, " \
  "\"replay\": \"read-only\"}}"

static const struct
{
  const char *method; /* (nullable) */
  const char *line;
} lines[] = {
  { NULL, "\noverload    SLOW  4         1s          10s           2           full\n" },
  { NULL, "\nbusy        SLOW  7         1s          10s           2           full\n" },
  { NULL, "\ntime-out: total               120s\n" },
  { NULL, "\nreplay                        read-only\n" },
  { NULL, "\nbudget                        throttle, capacity 10, a success adds 0.5\n" },
  { NULL, "\nsession: renew                no\n" },
  { "--method=execute",
    "\noverload    SLOW  3         0.25s       2s            1.5         proportional\n" },
  { "--method=execute",
    "\nbusy        SLOW  7         0.25s       2s            1.5         proportional\n" },
  { "--method=execute", "\ntime-out: total               60s\n" },
  { "--method=execute", "\nsession: renew                no\n" },
  { "--method=nebula.graph.GraphService/execute", "\ntime-out: total               60s\n" },
  { "--method=executeJson", "\ntime-out: total               120s\n" },
  { "--method=MetaService/execute", "\ntime-out: total               120s\n" },
};

static void
test_method (void)
{
  g_test_summary ("show prints what a file says, and with --method what holds for that");

  for (guint i = 0; i < G_N_ELEMENTS (lines); i++)
    {
      const char *path = command_file ("policy.json", METHODS);
      const char *const arguments[] = { "policy", "show", path, lines[i].method, NULL };
      g_auto (CommandRun) run = { 0 };

      g_test_message ("%u", i);
      command_run (&run, NULL, arguments);
      assert_contains (command_run_out (&run), lines[i].line);
      g_assert_cmpint (run.status, ==, 0);
    }
}

static void
test_method_file (void)
{
  g_test_summary ("As a file it says of every method what holds for that one");

  const char *path = command_file ("policy.json", METHODS);
  const char *const arguments[]
      = { "policy", "show", path, "--method=GraphService/execute", "--format=json", NULL };
  g_auto (CommandRun) run = { 0 };
  g_autoptr (GError) error = NULL;
  g_autoptr (NebulaRetryPolicy) file = nebula_retry_policy_new_from_file (path, &error);
  g_autoptr (NebulaRetryPolicy) shown = NULL;

  g_assert_no_error (error);
  command_run (&run, NULL, arguments);
  g_assert_cmpint (run.status, ==, 0);
  shown = nebula_retry_policy_new_from_json (command_run_out (&run), -1, &error);
  g_assert_no_error (error);
  g_assert_true (nebula_retry_policy_equal (
      shown, nebula_retry_policy_get_for_method (file, "GraphService", "execute")));
  g_assert_false (nebula_retry_policy_equal (shown, file));
  assert_contains (command_run_out (&run), "\"total\" : \"60s\"");
}

static void
test_not_enabled (void)
{
  g_test_summary ("A policy that is not enabled says so first");

  const char *path = command_file ("policy.json", "{\"nebula\": {\"enabled\": false}}");
  const char *const arguments[] = { "policy", "show", path, NULL };
  g_auto (CommandRun) run = { 0 };

  command_run (&run, NULL, arguments);
  g_assert_true (g_str_has_prefix (command_run_out (&run), "Not enabled: nothing is tried again."));
}

int
main (int argc, char **argv)
{
  int status;

  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/command-policy/calls", test_calls);
  g_test_add_func ("/command-policy/show", test_show);
  g_test_add_func ("/command-policy/table", test_table);
  g_test_add_func ("/command-policy/method", test_method);
  g_test_add_func ("/command-policy/method/file", test_method_file);
  g_test_add_func ("/command-policy/not-enabled", test_not_enabled);
  status = g_test_run ();
  command_files_remove ();
  return status;
}
