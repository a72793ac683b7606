/* SPDX-License-Identifier: Apache-2.0 */
#include "command-run.h"

#include "nebula-demo-private.h"

/* nebula-interceptor demo: that it proves what it shows. */

static guint
count (const char *whole, const char *text)
{
  g_auto (GStrv) parts = g_strsplit (whole, text, -1);

  return g_strv_length (parts) - 1;
}

/* Lines that must be there, times and port numbers as stripped. */
static const char *const lines[] = {
  "T  127.0.0.1:P  FETCH         E_LEADER_CHANGED (leader)      → send again in T: another",
  "T  127.0.0.1:P  FETCH         E_DISCONNECTED (connection)    → send again in T: another",
  "T  127.0.0.1:P  FETCH         E_SESSION_NOT_FOUND (session)  → get a new session, send again",
  "T  127.0.0.1:P  authenticate  E_INVALID_PASSWORD (credentials)  → give up: refused, and",
  "T  127.0.0.1:P  UPDATE        E_DISCONNECTED (connection)    → give up: may have been applied",
  "T  127.0.0.1:P  INSERT        E_DISCONNECTED (connection)    → send again in T: another",
  "   ✓ graphd received FETCH PROP ON t \"a\" YIELD vertex AS v: 3\n",
  "   ✓ connections made: 2\n",
  "   ✓ graphd received USE `garden`: 2\n",
  "   ✓ graphd received authenticate: 1\n",
  "   ✓ the program is told \"may have been applied\": yes\n",
  "   ✓ graphd received UPDATE VERTEX ON t \"a\" SET n = n + 1: 1\n"
  "   ✓ graphd applied UPDATE VERTEX ON t \"a\" SET n = n + 1: 1\n"
  "   ✓ n was 1 and is stored as: 2\n",
  "   ✓ graphd received INSERT VERTEX t(n) VALUES \"a\":(30): 2\n"
  "   ✓ graphd applied INSERT VERTEX t(n) VALUES \"a\":(30): 2\n"
  "   ✓ n was 1 and is stored as: 30\n",
  "\nAll 20 checks hold.\n",
};

/* Returns: (transfer full): @text with T for each time and P for each port */
static char *
strip (const char *text)
{
  g_autoptr (GRegex) times = g_regex_new (" *[0-9]+(\\.[0-9])? m?s\\b", 0, 0, NULL);
  g_autoptr (GRegex) ports = g_regex_new ("127\\.0\\.0\\.1:[0-9]+ *", 0, 0, NULL);
  g_autofree char *timeless = g_regex_replace (times, text, -1, 0, " T", 0, NULL);

  return g_regex_replace (ports, timeless, -1, 0, "127.0.0.1:P  ", 0, NULL);
}

static void
test_proof (void)
{
  const char *const arguments[] = { "demo", NULL };
  g_auto (CommandRun) run = { 0 };
  g_autofree char *text = NULL;

  command_run (&run, NULL, arguments);
  g_assert_cmpstr (command_run_err (&run), ==, "");
  text = strip (command_run_out (&run));
  for (guint i = 0; i < G_N_ELEMENTS (lines); i++)
    assert_contains (text, lines[i]);
  g_assert_cmpuint (count (text, "✓"), ==, 20);
  assert_lacks (text, "✗");
  assert_lacks (text, "\033");
  g_assert_cmpint (run.status, ==, 0);
}

/* Two runs differ in times and ports only. */
static void
test_same_again (void)
{
  const char *const arguments[] = { "demo", "--no-color", NULL };
  g_auto (CommandRun) first = { 0 };
  g_auto (CommandRun) second = { 0 };
  g_autofree char *first_text = NULL;
  g_autofree char *second_text = NULL;

  command_run (&first, NULL, arguments);
  command_run (&second, NULL, arguments);
  first_text = strip (command_run_out (&first));
  second_text = strip (command_run_out (&second));
  g_assert_cmpstr (first_text, ==, second_text);
}

/* A check that does not hold is counted, and shown with what was expected. */
static void
test_wrong (void)
{
  NebulaDemo demo;

  nebula_demo_init (&demo, FALSE);
  nebula_demo_expect (&demo, "legs", 4, 4);
  nebula_demo_expect (&demo, "heads", 1, 2);
  nebula_demo_expect_text (&demo, "sound", "moo", "moo");
  nebula_demo_expect_text (&demo, "color", "white", "green");
  nebula_demo_expect_text (&demo, "name", "Rose", NULL);
  g_assert_cmpuint (demo.n_checks, ==, 5);
  g_assert_cmpuint (demo.n_wrong, ==, 3);
  g_assert_cmpstr (demo.proof->str, ==,
                   "   ✓ legs: 4\n"
                   "   ✗ heads: 2, expected 1\n"
                   "   ✓ sound: moo\n"
                   "   ✗ color: green, expected white\n"
                   "   ✗ name: nothing, expected Rose\n");
  nebula_demo_clear (&demo);
}

static void
test_misused (void)
{
  const char *const arguments[] = { "demo", "loudly", NULL };
  g_auto (CommandRun) run = { 0 };

  command_run (&run, NULL, arguments);
  assert_contains (command_run_err (&run), "'loudly' is not expected");
  g_assert_cmpint (run.status, ==, 2);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_summary ("The demonstration: its lines, its proof, and that it is the same each time.");
  g_test_add_func ("/demo/proof", test_proof);
  g_test_add_func ("/demo/same-again", test_same_again);
  g_test_add_func ("/demo/wrong", test_wrong);
  g_test_add_func ("/demo/misused", test_misused);
  return g_test_run ();
}
