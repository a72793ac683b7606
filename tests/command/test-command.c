/* SPDX-License-Identifier: Apache-2.0 */
#include "command-run.h"

#include <sys/wait.h>

/* The command itself, codes and explain: what needs no server. */

/* How the command is called, and what it must say; NULL for nothing at all. */
typedef struct
{
  const char *arguments[8];
  int status;
  const char *out;
  const char *err;
} Call;

static const Call calls[] = {
  { { "--help" }, 0, "explain    Explain one failure", NULL },
  { { "-h" }, 0, "Exit status: 0 done, 1 failed, 2 called wrongly.", NULL },
  { { "--version" }, 0, "nebula-interceptor 0.1.0\n", NULL },
  { { NULL }, 2, NULL,
    "a sub-command is missing, expected one of codes, explain, safety, policy, query, demo, mock" },
  { { "code" }, 2, NULL, "'code' is unknown, expected one of codes," },
  { { "--bogus" }, 2, NULL, "Try 'nebula-interceptor --help'." },

  { { "codes", "--help" }, 0, "nebula-interceptor codes [OPTION…] [CODE|NAME…]", NULL },
  { { "codes", "--bogus" }, 2, NULL, "codes: Unknown option --bogus\n"
                                     "Try 'nebula-interceptor codes --help'.\n" },
  { { "codes", "--format" }, 2, NULL, "Missing argument for --format" },
  { { "codes", "--format", "xml" }, 2, NULL, "--format is 'xml', expected text, json or markdown" },
  { { "codes", "-4", "--messages" }, 2, NULL, "'-4' is not expected with --messages" },
  { { "codes", "--messages" }, 0, "Storage Error: Not the leader of ", NULL },
  { { "codes", "-4", "--format=markdown" }, 0, "\n## Code of no server in particular: -4\n", NULL },
  { { "codes", "-4" }, 0, "-4    E_LEADER_CHANGED  RETRYABLE  leader  MAYBE   FAST", NULL },
  { { "codes", "E_LEADER_CHANGED" }, 0, "Raft leader has been changed", NULL },
  { { "codes", "--", "-4" }, 0, "E_LEADER_CHANGED", NULL },
  { { "codes", "-4", "0" }, 0, "0     SUCCEEDED", NULL },
  { { "codes", "-999" }, 1, NULL, "no error code has the number -999" },
  { { "codes", "E_NOBODY" }, 1, NULL, "'E_NOBODY' is no known error code" },

  { { "explain", "--help" }, 0, "nebula-interceptor explain [OPTION…] CODE|NAME [MESSAGE]", NULL },
  { { "explain" }, 2, NULL, "CODE is missing" },
  { { "explain", "--bogus", "-4" }, 2, NULL, "Try 'nebula-interceptor explain --help'." },
  { { "explain", "E_NOBODY" }, 2, NULL, "'E_NOBODY' is no known error code" },
  { { "explain", "E_LEADER_CHANGD" }, 2, NULL, "did you mean E_LEADER_CHANGED?" },
  { { "codes", "e_leader_changed" }, 1, NULL, "did you mean E_LEADER_CHANGED?" },
  { { "explain", "-2147483649" }, 2, NULL, "expected a number of 32 bits" },
  { { "explain", "-2147483648" }, 0, "-2147483648 E_UNKNOWN", NULL },
  { { "explain", "12x" }, 2, NULL, "'12x' is no known error code" },
  { { "explain", "--exception", "11" }, 0, "exception 11: load shedding\n  category   RETRYABLE", NULL },
  { { "explain", "--exception=6", "server shutting down" }, 0, "stopping, or has not started", NULL },
  { { "explain", "--exception=99" }, 0, "exception 99: a type that nobody knows", NULL },
  { { "explain", "--exception", "11", "a", "b" }, 2, NULL, "'b' is one argument too many" },
  { { "explain", "--exception", "-1" }, 2, NULL, "--exception is '-1', expected a number such" },
  { { "explain", "--exception", "shed" }, 2, NULL, "--exception is 'shed', expected a number" },
  { { "explain", "-1005", "a", "b" }, 2, NULL, "'b' is one argument too many" },
  { { "explain", "-1005", "--phase", "meta" }, 2, NULL, "--phase is 'meta', expected execute" },
  { { "explain", "-1005", "--format", "csv" }, 2, NULL, "expected text or json" },
  { { "explain", "-4" }, 0, "-4 E_LEADER_CHANGED: Raft leader has been changed\n", NULL },
  { { "explain", "E_LEADER_CHANGED" }, 0, "-4 E_LEADER_CHANGED: Raft", NULL },
  { { "explain", "-1005", "Storage Error: Not the leader of 3. Please retry later." }, 0,
    "-1005 E_EXECUTION_ERROR stands for -4 E_LEADER_CHANGED here", NULL },
  { { "explain", "-1005 Storage Error: Not the leader of 3." }, 0, "-1005 E_EXECUTION_ERROR stands",
    NULL },
  { { "explain", "-1005: Storage Error: Not the leader of 3." }, 0, "stands for -4", NULL },
  { { "explain", "-0x3ed" }, 2, NULL, "'-0x3ed' is no known error code" },
  { { "explain", "-1004", "-5" }, 0, "-1004 E_SYNTAX_ERROR: ", NULL },
  { { "explain", "-4", "--statement", "-5" }, 0, "NOT_IDEMPOTENT", NULL },
  { { "explain", "--statement=YIELD 1", "-4" }, 0, "READ_ONLY       it changes nothing", NULL },
};

static void
test_calls (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (calls); i++)
    {
      g_auto (CommandRun) run = { 0 };

      g_test_message ("%u: %s %s", i, calls[i].arguments[0],
                      calls[i].arguments[0] != NULL ? calls[i].arguments[1] : "");
      command_run (&run, NULL, calls[i].arguments);
      assert_contains (command_run_out (&run), calls[i].out);
      assert_contains (command_run_err (&run), calls[i].err);
      g_assert_cmpint (run.status, ==, calls[i].status);
    }
}

/* A full disk is not a success. */
static void
test_full_disk (void)
{
  g_autofree char *line = g_strdup_printf ("'%s' codes > /dev/full", NEBULA_COMMAND);
  const char *const argv[] = { "sh", "-c", line, NULL };
  g_autoptr (GError) error = NULL;
  g_autofree char *err = NULL;
  int status;

  if (!g_file_test ("/dev/full", G_FILE_TEST_EXISTS))
    {
      g_test_skip ("there is no /dev/full");
      return;
    }
  g_spawn_sync (NULL, (char **) argv, NULL, G_SPAWN_SEARCH_PATH, NULL, NULL, NULL, &err, &status,
                &error);
  g_assert_no_error (error);
  g_assert_cmpint (WEXITSTATUS (status), ==, 1);
  assert_contains (err, "cannot write the output");
}

static const char *const columns[] = {
  "name", "category", "cause", "effect", "pace", "grpc_status", "documented", "meaning",
};

static void
test_codes_json (void)
{
  const char *const arguments[] = { "codes", "--format", "json", NULL };
  g_auto (CommandRun) run = { 0 };
  g_autoptr (JsonNode) root = NULL;
  JsonArray *rows;

  command_run (&run, NULL, arguments);
  g_assert_cmpint (run.status, ==, 0);
  root = command_run_json (&run);
  rows = json_node_get_array (root);
  g_assert_cmpuint (json_array_get_length (rows), ==, 196);
  for (guint i = 0; i < json_array_get_length (rows); i++)
    {
      JsonObject *row = json_array_get_object_element (rows, i);

      g_assert_cmpuint (json_object_get_size (row), ==, G_N_ELEMENTS (columns) + 1);
      g_assert_true (json_object_get_member (row, "code") != NULL
                     && json_node_get_value_type (json_object_get_member (row, "code"))
                          == G_TYPE_INT64);
      for (guint column = 0; column < G_N_ELEMENTS (columns); column++)
        g_assert_cmpstr (json_object_get_string_member_with_default (row, columns[column], ""),
                         !=, "");
    }
}

/* Rows as NebulaGraph's documents have them. */
static const struct
{
  gint64 code;
  const char *values[G_N_ELEMENTS (columns)];
} known_rows[] = {
  { 0, { "SUCCEEDED", "OK", "none", "APPLIED", "NONE", "OK", "yes",
         "The operation is successful" } },
  { -2, { "E_FAIL_TO_CONNECT", "RETRYABLE", "connection", "NONE", "FAST", "UNAVAILABLE", "yes",
          "Unable to establish connection" } },
  { -3039, { "E_NO_TRANSFORMED", "FATAL", "internal", "MAYBE", "NONE", "INTERNAL", "no",
             "no transformed" } },
};

static void
test_codes_rows (void)
{
  const char *const arguments[] = { "codes", "--format=json", "SUCCEEDED", "-2", "-3039", NULL };
  g_auto (CommandRun) run = { 0 };
  g_autoptr (JsonNode) root = NULL;
  JsonArray *rows;

  command_run (&run, NULL, arguments);
  root = command_run_json (&run);
  rows = json_node_get_array (root);
  g_assert_cmpuint (json_array_get_length (rows), ==, G_N_ELEMENTS (known_rows));
  for (guint i = 0; i < G_N_ELEMENTS (known_rows); i++)
    {
      JsonObject *row = json_array_get_object_element (rows, i);

      g_assert_cmpint (json_object_get_int_member (row, "code"), ==, known_rows[i].code);
      for (guint column = 0; column < G_N_ELEMENTS (columns); column++)
        g_assert_cmpstr (json_object_get_string_member (row, columns[column]), ==,
                         known_rows[i].values[column]);
    }
}

#define NOT_LEADER "Storage Error: Not the leader of 3. Please retry later."
#define NO_SESSION "Get sessionId[7] failed: Session `7' not found: Session not existed!"
#define READ "FETCH PROP ON t \"a\" YIELD vertex AS v"
#define COUNT_UP "UPDATE EDGE ON e \"a\" -> \"b\" SET n = n + 1"

/* A failure, and what is to be made of it. */
static const struct
{
  const char *code;
  const char *message;
  const char *phase;
  const char *statement;
  gint64 real_code;
  const char *real_name;
  const char *category;
  const char *cause;
  const char *safety;
  const char *action;
  const char *reason;
} explained[] = {
  { "-1005", NOT_LEADER, "execute", READ, -4, "E_LEADER_CHANGED", "RETRYABLE", "leader",
    "READ_ONLY", "retry", "backoff" },
  { "E_EXECUTION_ERROR", NOT_LEADER, "execute", COUNT_UP, -4, "E_LEADER_CHANGED", "RETRYABLE",
    "leader", "NOT_IDEMPOTENT", "return", "effect-unknown" },
  { "-1004", "SyntaxError: syntax error near `x'", "execute", READ, -1004, "E_SYNTAX_ERROR",
    "FATAL", "statement", "READ_ONLY", "return", "not-retryable" },
  { "-1002", NO_SESSION, "execute", COUNT_UP, -2069, "E_SESSION_NOT_FOUND", "SESSION", "session",
    "NOT_IDEMPOTENT", "renew-session", "session-gone" },
  { "-1001", "Invalid password", "authenticate", READ, -29, "E_INVALID_PASSWORD", "AUTH",
    "credentials", "READ_ONLY", "return", "refused-credential" },
};

static void
test_explain_json (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (explained); i++)
    {
      const char *const arguments[] = {
        "explain", explained[i].code, explained[i].message, "--phase", explained[i].phase,
        "--statement", explained[i].statement, "--format", "json", NULL,
      };
      g_auto (CommandRun) run = { 0 };
      g_autoptr (JsonNode) root = NULL;
      JsonObject *object;
      JsonObject *decision;

      command_run (&run, NULL, arguments);
      g_assert_cmpint (run.status, ==, 0);
      root = command_run_json (&run);
      object = json_node_get_object (root);
      decision = json_object_get_object_member (object, "decision");
      /* The facts, the statement's own, and what the limits and the reasons are. */
      g_assert_cmpuint (json_object_get_size (object), ==, 17);
      g_assert_cmpint (json_object_get_int_member (object, "real_code"), ==,
                       explained[i].real_code);
      g_assert_cmpstr (json_object_get_string_member (object, "real_name"), ==,
                       explained[i].real_name);
      g_assert_cmpstr (json_object_get_string_member (object, "category"), ==,
                       explained[i].category);
      g_assert_cmpstr (json_object_get_string_member (object, "cause"), ==, explained[i].cause);
      g_assert_cmpstr (json_object_get_string_member (object, "safety"), ==, explained[i].safety);
      g_assert_cmpstr (json_object_get_string_member (decision, "action"), ==,
                       explained[i].action);
      g_assert_cmpstr (json_object_get_string_member (decision, "reason"), ==,
                       explained[i].reason);
    }
}

/* Without a statement there is nothing to decide. */
static void
test_explain_json_keys (void)
{
  static const char *const keys[] = {
    "wire_name", "real_name", "category", "cause", "effect", "pace", "grpc_status", "rule",
  };
  const char *const arguments[] = { "explain", "-1005", NOT_LEADER, "--format=json", NULL };
  g_auto (CommandRun) run = { 0 };
  g_autoptr (JsonNode) root = NULL;
  JsonObject *object;

  command_run (&run, NULL, arguments);
  root = command_run_json (&run);
  object = json_node_get_object (root);
  g_assert_cmpuint (json_object_get_size (object), ==, G_N_ELEMENTS (keys) + 6);
  g_assert_cmpstr (json_object_get_string_member (object, "rule_source"), ==, "3.0+");
  g_assert_true (json_object_has_member (object, "reasoning"));
  g_assert_cmpint (json_object_get_int_member (object, "wire_code"), ==, -1005);
  g_assert_cmpint (json_object_get_int_member (object, "real_code"), ==, -4);
  for (guint i = 0; i < G_N_ELEMENTS (keys); i++)
    g_assert_cmpstr (json_object_get_string_member (object, keys[i]), !=, "");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_summary ("The command's exit statuses and texts, the table of codes, and explanations.");
  g_test_add_func ("/command/calls", test_calls);
  g_test_add_func ("/command/full-disk", test_full_disk);
  g_test_add_func ("/command/codes/json", test_codes_json);
  g_test_add_func ("/command/codes/rows", test_codes_rows);
  g_test_add_func ("/command/explain/json", test_explain_json);
  g_test_add_func ("/command/explain/json-keys", test_explain_json_keys);
  return g_test_run ();
}
