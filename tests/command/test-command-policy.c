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
  { { "policy", "--help" }, NULL, 0, "nebula-interceptor policy [OPTION…] check|show [FILE]", NULL },
  { { "policy" }, NULL, 2, NULL, "expected check or show" },
  { { "policy", "chek" }, NULL, 2, NULL, "'chek' is unknown, expected check or show" },
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
  { { "policy", "show", "--method=execute", "--format=json" }, NULL, 2, NULL,
    "--method is for the format table" },
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

int
main (int argc, char **argv)
{
  int status;

  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/command-policy/calls", test_calls);
  g_test_add_func ("/command-policy/show", test_show);
  status = g_test_run ();
  command_files_remove ();
  return status;
}
