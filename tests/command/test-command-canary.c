/* SPDX-License-Identifier: Apache-2.0 */
#include "command-run.h"

/* Passwords in statements, in what graphd says of them and in files, and every way to print. */

/* Enough of it to know it by. */
#define PART "c4nar"

typedef struct
{
  const char *statement;
  const char *message;
} Row;

#define NEAR(text) "SyntaxError: syntax error near `" text "'"

static const Row rows[] = {
  { "CREATE USER u WITH PASSWORD \"" CANARY "\" x", NEAR ("x") },
  { "CREATE USER u WITH PASSWORD " CANARY, NEAR (CANARY) },
  { "CREATE USER u WITH PASSWROD \"" CANARY "\"", NEAR ("PASSWROD \"" CANARY "\"") },
  { "ALTER USER u PASSWORD \"" CANARY "\"", NEAR ("PASSWORD \"" PART) },
  { "ALTER USER u WITH PASSWORD \"" CANARY, NEAR ("\"" CANARY) },
  { "change password u from '" CANARY "' to '" CANARY "' now", NEAR ("now") },
  { "CHANGE PASSWORD u FROM \"" CANARY "\" \"" CANARY "\"", NEAR ("\"" CANARY "\"") },
  { "SIGN IN TEXT SERVICE (1.1.1.1:1, HTTP, \"u\", \"" CANARY "\"))", NEAR (")") },
  { "SIGN IN TEXT (\"u\", \"" CANARY "\")", NEAR ("(\"u\", \"" CANARY "\")") },
  { "YIELD 1; /* " CANARY " */ CREATE USER u WITH PASSWORD '" CANARY "'",
    "SemanticError: " CANARY " is too simple" },
};

/* Runs the command; its output has no part of the password. */
static void
run_clean (const char *const *arguments)
{
  g_auto (CommandRun) run = { 0 };

  command_run (&run, NULL, arguments);
  assert_lacks (command_run_out (&run), PART);
  assert_lacks (command_run_err (&run), PART);
  g_assert_true (*command_run_out (&run) != '\0' || *command_run_err (&run) != '\0');
}

#define RUN_CLEAN(...) run_clean ((const char *const[]) { __VA_ARGS__, NULL })

static void
query (NebulaMockServer *server, const Row *row)
{
  static const char *const formats[] = { "table", "json", "csv" };
  const char *password = command_file ("password", CANARY);
  g_autoptr (NebulaMockFault) fault = NULL;

  fault = nebula_mock_fault_new_code (NULL, 1, 0, -1004, row->message);
  nebula_mock_server_add_fault (server, fault);
  for (gsize i = 0; i < G_N_ELEMENTS (formats); i++)
    RUN_CLEAN ("query", "--endpoint", nebula_mock_server_get_address (server), "--user", "root",
               "--password-file", password, "--trace", "--format", formats[i], row->statement);
  nebula_mock_server_clear_faults (server);
}

static void
test_query (void)
{
  g_autoptr (NebulaMockServer) server = nebula_mock_server_new ();
  g_autoptr (GError) error = NULL;

  g_test_summary ("query shows neither the password of a statement nor what graphd quotes of it");
  nebula_mock_server_add_user (server, "root", CANARY);
  nebula_mock_server_start (server, NULL, 0, &error);
  g_assert_no_error (error);
  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    query (server, &rows[i]);
  nebula_mock_server_stop (server);
  command_files_remove ();
}

static void
test_explain (void)
{
  static const char *const formats[] = { "text", "json" };

  g_test_summary ("nor does explain, of a message, a statement or a line of a log");
  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    for (gsize j = 0; j < G_N_ELEMENTS (formats); j++)
      {
        g_autofree char *line = g_strdup_printf ("E1128 ExecutionPlan.cpp] %s: "
                                                 "[ERROR (-1004)]: %s",
                                                 rows[i].statement, rows[i].message);

        RUN_CLEAN ("explain", "--format", formats[j], "--statement", rows[i].statement, "--",
                   "-1004", rows[i].message);
        RUN_CLEAN ("explain", "--format", formats[j], "--", "-1004", rows[i].message);
        RUN_CLEAN ("explain", "--format", formats[j], line);
      }
}

static void
test_safety (void)
{
  static const char *const formats[] = { "text", "json" };

  g_test_summary ("nor does safety");
  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    for (gsize j = 0; j < G_N_ELEMENTS (formats); j++)
      RUN_CLEAN ("safety", "--format", formats[j], rows[i].statement);
}

/* Scenarios that are wrong somewhere near a password. */
static const char *const scenarios[] = {
  "{ \"users\": { \"root\": \"" CANARY "\" }, \"spaces\": [ 1 ] }",
  "{ \"users\": { \"root\": [ \"" CANARY "\" ] } }",
  "{ \"users\": [ \"" CANARY "\" ] }",
  "{ \"users\": { \"root\": \"" CANARY "\" x } }",
  "{ \"users\": { \"root\": \"" CANARY " } }",
  "{ \"users\": { \"root\": " CANARY " } }",
};

static void
test_mock (void)
{
  g_test_summary ("nor does mock, when a scenario is wrong");
  for (gsize i = 0; i < G_N_ELEMENTS (scenarios); i++)
    {
      const char *file = command_file ("scenario", scenarios[i]);

      RUN_CLEAN ("mock", "--scenario", file);
      command_files_remove ();
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/command-canary/query", test_query);
  g_test_add_func ("/command-canary/explain", test_explain);
  g_test_add_func ("/command-canary/safety", test_safety);
  g_test_add_func ("/command-canary/mock", test_mock);
  return g_test_run ();
}
