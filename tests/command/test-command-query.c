/* SPDX-License-Identifier: Apache-2.0 */
#include "command-run.h"

#include <glib/gstdio.h>
#include <string.h>

/* nebula-interceptor query, against a graphd for tests in this process. */

#define NOT_LEADER "Storage Error: Not the leader of 3. Please retry later."

typedef struct
{
  NebulaMockServer *server;
  const char *password_file;
} Fixture;

static void
set_up (Fixture *fixture, gconstpointer unused)
{
  g_autoptr (GError) error = NULL;

  fixture->server = nebula_mock_server_new ();
  nebula_mock_server_add_user (fixture->server, "root", CANARY);
  nebula_mock_server_add_space (fixture->server, "garden");
  nebula_mock_server_start (fixture->server, NULL, 0, &error);
  g_assert_no_error (error);
  fixture->password_file = command_file ("password", CANARY "\nnot this line\n");
}

static void
tear_down (Fixture *fixture, gconstpointer unused)
{
  nebula_mock_server_stop (fixture->server);
  g_assert_finalize_object (fixture->server);
  command_files_remove ();
}

/* The arguments are what comes behind those that say where and who. */
static void
query (Fixture *fixture, CommandRun *run, const char *const *arguments)
{
  g_autoptr (GPtrArray) all = g_ptr_array_new ();
  const char *const first[] = {
    "query", "--endpoint", nebula_mock_server_get_address (fixture->server), "--user", "root",
    "--password-file", fixture->password_file,
  };

  for (guint i = 0; i < G_N_ELEMENTS (first); i++)
    g_ptr_array_add (all, (gpointer) first[i]);
  for (guint i = 0; arguments[i] != NULL; i++)
    g_ptr_array_add (all, (gpointer) arguments[i]);
  g_ptr_array_add (all, NULL);
  command_run (run, NULL, (const char *const *) all->pdata);
}

#define QUERY(fixture, run, ...) \
  query (fixture, run, (const char *const[]) { __VA_ARGS__, NULL })

/* What is printed for some statements, to the letter. */
static const struct
{
  const char *format;
  const char *statement;
  const char *out;
} printed[] = {
  { "table", "YIELD 1 AS a, \"x\" AS b",
    "+---+-----+\n"
    "| a | b   |\n"
    "+---+-----+\n"
    "| 1 | \"x\" |\n"
    "+---+-----+\n"
    "1 row, 1 attempt\n\n" },
  /* Two columns each for the Chinese signs, one for a letter with an accent. */
  { "table", "YIELD \"花园\" AS a, \"é\" AS b",
    "+--------+-----+\n"
    "| a      | b   |\n"
    "+--------+-----+\n"
    "| \"花园\" | \"é\" |\n"
    "+--------+-----+\n"
    "1 row, 1 attempt\n\n" },
  { "table", "USE garden", "Done, 1 attempt\n\n" },
  { "csv", "YIELD 1 AS a, \"x\" AS b", "a,b\r\n1,x\r\n" },
  { "csv", "YIELD \"a,b\" AS `x`, \"say \\\"hi\\\"\" AS y, \"\" AS z, \"l\\nm\" AS w",
    "x,y,z,w\r\n\"a,b\",\"say \"\"hi\"\"\",\"\",\"l\nm\"\r\n" },
  { "csv", "USE garden", "" },
};

static void
test_printed (Fixture *fixture, gconstpointer unused)
{
  for (guint i = 0; i < G_N_ELEMENTS (printed); i++)
    {
      g_auto (CommandRun) run = { 0 };

      QUERY (fixture, &run, "--format", printed[i].format, printed[i].statement);
      g_assert_cmpstr (command_run_err (&run), ==, "");
      g_assert_cmpstr (command_run_out (&run), ==, printed[i].out);
      g_assert_cmpint (run.status, ==, 0);
    }
}

/* The columns of "YIELD everything()" as JSON; "" where the value is no text. */
static const char *const everything[] = {
  "null", "null", "true", "-9223372036854775808", "0.25", "\"a\357\277\275\357\277\275\"",
  "\"2024-02-29\"", "\"23:59:58.999999\"", "\"-4712-01-01T12:00:00.000001\"",
  "{\"id\":\"v\",\"tags\":[{\"name\":\"t\",\"props\":{\"n\":7}}]}",
  "{\"name\":\"e\",\"src\":\"w\",\"dst\":\"v\",\"ranking\":4,\"props\":{\"since\":1999}}",
  "{\"src\":{\"id\":\"v\",\"tags\":[]},\"steps\":[{\"name\":\"e\",\"ranking\":0,"
  "\"reverse\":false,\"props\":{},\"dst\":{\"id\":\"w\",\"tags\":[]}}]}",
  "[1,\"two\"]", "{\"key\":1}", "[1]",
  "{\"columns\":[\"i\",\"s\",\"d\"],\"rows\":[[0,\"row 0\",0.0]]}",
  "\"POINT(1 2)\"", "\"LINESTRING(0 0, 1 1)\"", "\"POLYGON((0 0, 1 0, 0 1, 0 0))\"",
  "\"P13MT86400.000005S\"",
};

static void
test_everything_json (Fixture *fixture, gconstpointer unused)
{
  g_auto (CommandRun) run = { 0 };
  g_autoptr (JsonNode) root = NULL;
  JsonArray *row;

  QUERY (fixture, &run, "--format", "json", "YIELD everything()");
  g_assert_cmpint (run.status, ==, 0);
  root = command_run_json (&run);
  row = json_array_get_array_element (
    json_object_get_array_member (json_node_get_object (root), "rows"), 0);
  g_assert_cmpuint (json_array_get_length (row), ==, G_N_ELEMENTS (everything));
  for (guint i = 0; i < G_N_ELEMENTS (everything); i++)
    {
      g_autofree char *text = json_to_string (json_array_get_element (row, i), FALSE);

      g_assert_cmpstr (text, ==, everything[i]);
    }
}

static void
test_everything_csv (Fixture *fixture, gconstpointer unused)
{
  /* The text in the middle holds a zero and a byte that is no UTF-8: as they are, in quotes. */
  static const char middle[] = "0.25,\"a\0\xff\",2024-02-29,";
  g_auto (CommandRun) run = { 0 };
  gsize length;
  const char *out;
  const char *rest;

  QUERY (fixture, &run, "--format", "csv", "YIELD everything()");
  g_assert_cmpint (run.status, ==, 0);
  out = g_bytes_get_data (run.out, &length);
  g_assert_true (g_str_has_prefix (out, "empty,null,bool,"));
  rest = memmem (out, length, middle, sizeof middle - 1);
  g_assert_nonnull (rest);
  rest += sizeof middle - 1;
  assert_contains (rest, ",\"(\"\"v\"\" :t{n: 7})\",");
  assert_contains (rest, ",\"[:e \"\"w\"\"->\"\"v\"\" @4 {since: 1999}]\",");
  assert_contains (rest, ",{key: 1},{1},");
  g_assert_true (g_str_has_suffix (rest, ",P13MT86400.000005S\r\n"));
}

static void
test_everything_table (Fixture *fixture, gconstpointer unused)
{
  static const char *const cells[] = {
    "| __EMPTY__ | DIV_BY_ZERO | true | -9223372036854775808 | 0.25  |",
    "| 0.25  | \"a\\u0000\\xff\" | 2024-02-29 |",
    "| (\"v\" :t{n: 7}) | [:e \"w\"->\"v\" @4 {since: 1999}] | <(\"v\")-[:e@0 {}]->(\"w\")> |",
    "| [1, \"two\"] | {key: 1} | {1} | (i, s, d): [[0, \"row 0\", 0.0]] | POINT(1 2) |",
  };
  g_auto (CommandRun) run = { 0 };

  QUERY (fixture, &run, "YIELD everything()");
  g_assert_cmpint (run.status, ==, 0);
  for (guint i = 0; i < G_N_ELEMENTS (cells); i++)
    assert_contains (command_run_out (&run), cells[i]);
}

/* One statement gives an object with all keys. */
static void
test_json_one (Fixture *fixture, gconstpointer unused)
{
  g_auto (CommandRun) run = { 0 };
  g_autoptr (JsonNode) root = NULL;
  g_autofree char *text = NULL;

  QUERY (fixture, &run, "--space", "garden", "--format", "json", "YIELD 1 AS a");
  g_assert_cmpint (run.status, ==, 0);
  root = command_run_json (&run);
  text = json_to_string (root, FALSE);
  g_assert_cmpstr (text, ==,
                   "{\"code\":0,\"error\":null,\"space\":\"garden\",\"columns\":[\"a\"],"
                   "\"rows\":[[1]],\"attempts\":1}");
}

/* Several give an array, which ends with the one that failed: the rest is not run. */
static void
test_json_many (Fixture *fixture, gconstpointer unused)
{
  g_auto (CommandRun) run = { 0 };
  g_autoptr (JsonNode) root = NULL;
  JsonArray *results;
  JsonObject *failed;

  QUERY (fixture, &run, "--format", "json", "YIELD 1", "FETCH PROP ON t \"a\" YIELD vertex AS v",
         "YIELD 2");
  g_assert_cmpint (run.status, ==, 1);
  assert_contains (command_run_err (&run), "Space was not chosen.");
  root = command_run_json (&run);
  results = json_node_get_array (root);
  g_assert_cmpuint (json_array_get_length (results), ==, 2);
  failed = json_array_get_object_element (results, 1);
  g_assert_cmpint (json_object_get_int_member (failed, "code"), ==, -1009);
  assert_contains (json_object_get_string_member (failed, "error"), "Space was not chosen.");
  g_assert_cmpuint (json_array_get_length (json_object_get_array_member (failed, "rows")), ==, 0);
  g_assert_cmpuint (nebula_mock_server_get_received (fixture->server, "YIELD 2"), ==, 0);
}

/* Results in CSV have an empty line between them. */
static void
test_csv_many (Fixture *fixture, gconstpointer unused)
{
  g_auto (CommandRun) run = { 0 };

  QUERY (fixture, &run, "--format", "csv", "YIELD 1 AS a", "YIELD 2 AS b");
  g_assert_cmpstr (command_run_out (&run), ==, "a\r\n1\r\n\r\nb\r\n2\r\n");
}

/* A part of the data is no success. (The mock gives none of it.) */
static void
test_partial (Fixture *fixture, gconstpointer unused)
{
  g_autoptr (GError) error = NULL;
  g_auto (CommandRun) run = { 0 };

  nebula_mock_server_load_scenario (fixture->server,
                                    "{ \"faults\": [ { \"kind\": \"code-after-apply\", "
                                    "\"contains\": \"YIELD\", \"code\": -1011 } ] }", -1, &error);
  g_assert_no_error (error);
  QUERY (fixture, &run, "--format", "csv", "YIELD 1 AS a");
  g_assert_cmpint (run.status, ==, 1);
  assert_contains (command_run_err (&run), "E_PARTIAL_SUCCEEDED");
  g_assert_cmpuint (nebula_mock_server_get_received (fixture->server, "YIELD 1 AS a"), ==, 1);
}

static void
test_failed (Fixture *fixture, gconstpointer unused)
{
  g_auto (CommandRun) run = { 0 };

  QUERY (fixture, &run, "YIELD 1", "BLOOM", "YIELD 2");
  g_assert_cmpint (run.status, ==, 1);
  assert_contains (command_run_out (&run), "| 1 |");
  assert_contains (command_run_err (&run), "query: BLOOM: execute: SyntaxError: ");
  assert_contains (command_run_err (&run), "(code -1004 E_SYNTAX_ERROR");
  g_assert_cmpuint (nebula_mock_server_get_received (fixture->server, "YIELD 2"), ==, 0);
}

/* A stub keeps no more of an exception than its text. */
static void
test_exception (Fixture *fixture, gconstpointer unused)
{
  static const char scenario[]
    = "{ \"faults\": [ { \"kind\": \"exception\", \"contains\": \"KILL\", \"code\": 6 } ] }";
  g_auto (CommandRun) run = { 0 };

  g_assert_true (nebula_mock_server_load_scenario (fixture->server, scenario, -1, NULL));
  QUERY (fixture, &run, "--format", "json", "KILL QUERY (session=1, plan=1)");
  g_assert_cmpint (run.status, ==, 1);
  assert_contains (command_run_err (&run), "(code -3 E_RPC_FAILURE, starting); not applied; 4 att");
  assert_contains (command_run_out (&run), "\"code\" : -3,");
}

static void
test_retried (Fixture *fixture, gconstpointer unused)
{
  g_autoptr (NebulaMockFault) fault = nebula_mock_fault_new_code ("YIELD", 1, 2, -1005, NOT_LEADER);
  g_auto (CommandRun) run = { 0 };
  g_auto (GStrv) lines = NULL;

  nebula_mock_server_add_fault (fixture->server, fault);
  QUERY (fixture, &run, "--trace", "YIELD 1 AS a");
  g_assert_cmpint (run.status, ==, 0);
  assert_contains (command_run_out (&run), "1 row, 3 attempts\n");
  lines = g_strsplit (command_run_err (&run), "\n", -1);
  g_assert_cmpuint (g_strv_length (lines), ==, 5);
  assert_contains (lines[0], "authenticate root");
  assert_contains (lines[1], "YIELD 1 AS a ");
  assert_contains (lines[1], "E_LEADER_CHANGED (leader)");
  assert_contains (lines[1], "→ send again");
  assert_contains (lines[2], "→ send again");
  assert_contains (lines[3], " ok ");
  assert_contains (lines[3], "→ done");
  g_assert_cmpuint (nebula_mock_server_get_received (fixture->server, "YIELD 1 AS a"), ==, 3);
}

/* A name with what ends a quoted name is still one name. */
static void
test_space (Fixture *fixture, gconstpointer unused)
{
  g_auto (CommandRun) run = { 0 };
  g_auto (CommandRun) missing = { 0 };

  QUERY (fixture, &run, "--space", "garden", "--format=csv",
         "INSERT VERTEX t(n) VALUES \"a\":(5)",
         "FETCH PROP ON t \"a\" YIELD properties(vertex).n");
  g_assert_cmpstr (command_run_err (&run), ==, "");
  assert_contains (command_run_out (&run), "\r\n5\r\n");
  g_assert_cmpint (run.status, ==, 0);

  QUERY (fixture, &missing, "--space", "x`; DROP SPACE garden; `", "YIELD 1");
  g_assert_cmpint (missing.status, ==, 1);
  assert_contains (command_run_err (&missing), "cannot use the space 'x`; DROP");
  g_assert_cmpuint (nebula_mock_server_get_received (fixture->server,
                                                     "USE `x\\`; DROP SPACE garden; \\``"), ==, 1);
  g_assert_cmpuint (nebula_mock_server_get_received (fixture->server, "YIELD 1"), ==, 0);
}

/* The session does not stay behind for the 8 hours that graphd would keep it. */
static void
test_signs_out (Fixture *fixture, gconstpointer unused)
{
  g_auto (CommandRun) run = { 0 };

  QUERY (fixture, &run, "YIELD 1");
  g_assert_true (nebula_mock_server_wait_for_calls (fixture->server, "signout", 1));
  g_assert_true (nebula_mock_server_wait_for_connections_closed (fixture->server));
  g_assert_cmpuint (nebula_mock_server_get_sessions (fixture->server), ==, 0);
}

static void
test_wrong_password (Fixture *fixture, gconstpointer unused)
{
  const char *wrong = command_file ("wrong", "wrong-" CANARY);
  const char *const arguments[] = {
    "query", "--endpoint", nebula_mock_server_get_address (fixture->server), "--user", "root",
    "--trace", "--password-file", wrong, "YIELD 1", NULL,
  };
  g_auto (CommandRun) run = { 0 };

  command_run (&run, NULL, arguments);
  g_assert_cmpint (run.status, ==, 1);
  g_assert_cmpstr (command_run_out (&run), ==, "");
  assert_contains (command_run_err (&run), "E_INVALID_PASSWORD");
  g_assert_cmpuint (nebula_mock_server_get_calls (fixture->server, "authenticate"), ==, 1);
}

static void
test_password_from_stdin (Fixture *fixture, gconstpointer unused)
{
  const char *const arguments[] = {
    "query", "--endpoint", nebula_mock_server_get_address (fixture->server), "--user", "root",
    "--password-file", "-", "--format", "csv", "YIELD 1 AS a", NULL,
  };
  static const char *const inputs[] = { CANARY, CANARY "\n", CANARY "\r\nsecond\n" };

  for (guint i = 0; i < G_N_ELEMENTS (inputs); i++)
    {
      g_auto (CommandRun) run = { 0 };

      command_run (&run, inputs[i], arguments);
      g_assert_cmpstr (command_run_out (&run), ==, "a\r\n1\r\n");
      g_assert_cmpint (run.status, ==, 0);
    }
}

/* Statements that hold a password are shown without, and so is what graphd says of them. */
static void
test_statement_with_password (Fixture *fixture, gconstpointer unused)
{
  static const char *const statements[] = {
    "CREATE USER rose WITH PASSWORD \"" CANARY "\"",
    "alter user rose with password '" CANARY "'",
    "CHANGE PASSWORD rose FROM \"\\\"" CANARY "\" TO \"" CANARY,
  };

  for (guint i = 0; i < G_N_ELEMENTS (statements); i++)
    {
      g_auto (CommandRun) run = { 0 };
      g_auto (CommandRun) json = { 0 };

      QUERY (fixture, &run, "--trace", statements[i]);
      g_assert_cmpint (run.status, ==, 1);
      assert_contains (command_run_err (&run), "***");
      assert_contains (command_run_err (&run), "-1004 E_SYNTAX_ERROR (the text is withheld");
      QUERY (fixture, &json, "--format", "json", statements[i]);
      assert_contains (command_run_out (&json), "the text is withheld");
    }
}

static void
test_unreachable (Fixture *fixture, gconstpointer unused)
{
  g_auto (CommandRun) run = { 0 };

  nebula_mock_server_set_listening (fixture->server, FALSE);
  QUERY (fixture, &run, "YIELD 1");
  g_assert_cmpint (run.status, ==, 1);
  g_assert_cmpstr (command_run_out (&run), ==, "");
  assert_contains (command_run_err (&run), "E_FAIL_TO_CONNECT");
}

/* The answer never comes: only the time limit ends the call. */
static void
test_timeout (Fixture *fixture, gconstpointer unused)
{
  g_autoptr (NebulaMockFault) fault = NULL;
  g_auto (CommandRun) run = { 0 };

  fault = nebula_mock_fault_new (NEBULA_MOCK_FAULT_SILENCE, "execute", "YIELD 1", 1, 0);
  nebula_mock_server_add_fault (fixture->server, fault);
  QUERY (fixture, &run, "--timeout", "0.3", "YIELD 1");
  g_assert_cmpint (run.status, ==, 1);
  assert_contains (command_run_err (&run), "E_RPC_FAILURE");
  assert_contains (command_run_err (&run), "timeout");
}

/* A policy file decides how often is tried; the environment may name it. */
static void
test_policy (Fixture *fixture, gconstpointer unused)
{
  static const char never[] = "{\"nebula\": {\"enabled\": false}}";
  g_autofree char *path = g_strconcat (fixture->password_file, ".json", NULL);
  g_autoptr (NebulaMockFault) fault = nebula_mock_fault_new_code ("YIELD 1", 1, 1, -1005,
                                                                  "Not ready!");

  g_assert_true (g_file_set_contents (path, never, -1, NULL));
  nebula_mock_server_add_fault (fixture->server, fault);
  {
    g_auto (CommandRun) run = { 0 };

    QUERY (fixture, &run, "--policy", path, "YIELD 1");
    g_assert_cmpint (run.status, ==, 1);
  }
  g_assert_cmpuint (nebula_mock_server_get_received (fixture->server, "YIELD 1"), ==, 1);

  g_assert_true (g_file_set_contents (path, "{\"nebula\": {\"enable\": false}}", -1, NULL));
  g_setenv ("NEBULA_RETRY_POLICY", path, TRUE);
  {
    g_auto (CommandRun) run = { 0 };

    QUERY (fixture, &run, "YIELD 1");
    g_assert_cmpint (run.status, ==, 2);
    assert_contains (command_run_err (&run), "enabled");
  }
  g_setenv ("NEBULA_RETRY_POLICY", "", TRUE); /* names none, to the tests that follow */
  g_assert_cmpuint (nebula_mock_server_get_received (fixture->server, "YIELD 1"), ==, 1);
  g_assert_cmpint (g_remove (path), ==, 0);
}

/* Several graphd: the first does not answer, the second does. A policy says which is the first. */
static void
test_endpoints (Fixture *fixture, gconstpointer unused)
{
  g_autoptr (NebulaMockServer) dead = nebula_mock_server_new ();
  g_autofree char *endpoints = NULL;
  const char *policy = command_file ("in-order.json",
                                     "{\"nebula\": {\"endpoints\": {\"shuffle\": false}}}");
  g_auto (CommandRun) run = { 0 };

  g_assert_true (nebula_mock_server_start (dead, NULL, 0, NULL));
  nebula_mock_server_set_listening (dead, FALSE);
  endpoints = g_strdup_printf ("%s,%s", nebula_mock_server_get_address (dead),
                               nebula_mock_server_get_address (fixture->server));
  QUERY (fixture, &run, "--endpoint", endpoints, "--policy", policy, "--trace", "--format", "csv",
         "YIELD 1 AS a");
  g_assert_cmpstr (command_run_out (&run), ==, "a\r\n1\r\n");
  assert_contains (command_run_err (&run), nebula_mock_server_get_address (dead));
  nebula_mock_server_stop (dead);
}

static void
test_framing (Fixture *fixture, gconstpointer unused)
{
  /* What each makes of an answer that is none: so it is seen which one it was. */
  static const struct
  {
    const char *framing;
    const char *complaint;
  } rows[] = {
    { "framed", "a frame of 1213486160 bytes, more than max-frame-size" },
    { "header", "a frame that begins with 0x48545450, expected a length" },
    { "unframed", "expected version 0x8001, found 0x4854" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (NebulaMockFault) fault = NULL;
      g_auto (CommandRun) run = { 0 };
      g_auto (CommandRun) damaged = { 0 };

      QUERY (fixture, &run, "--framing", rows[i].framing, "--format", "csv", "YIELD 1 AS a");
      g_assert_cmpstr (command_run_err (&run), ==, "");
      g_assert_cmpstr (command_run_out (&run), ==, "a\r\n1\r\n");

      fault = nebula_mock_fault_new (NEBULA_MOCK_FAULT_GARBAGE, "execute", "YIELD 2", 1, 1);
      nebula_mock_server_add_fault (fixture->server, fault);
      QUERY (fixture, &damaged, "--framing", rows[i].framing, "YIELD 2");
      assert_contains (command_run_err (&damaged), rows[i].complaint);
      g_assert_cmpint (damaged.status, ==, 1);
    }
}

/* Wrong calls; %s is the password file. */
static const struct
{
  const char *arguments[12];
  const char *err;
} misuses[] = {
  { { "--user", "u", "--password-file", "%s", "YIELD 1" }, "--endpoint HOST:PORT is missing" },
  { { "--endpoint", "h", "--password-file", "%s", "YIELD 1" }, "--user USER is missing" },
  { { "--endpoint", "h", "--user", "u", "YIELD 1" }, "--password-file FILE is missing" },
  { { "--endpoint", "h", "--user", "u", "--password-file", "%s" }, "a STATEMENT is missing" },
  { { "--endpoint", "h", "--user", "u", "--password-file", "%s", "--format", "xml", "Y" },
    "--format is 'xml', expected table, json or csv" },
  { { "--endpoint", "h", "--user", "u", "--password-file", "%s", "--framing", "http", "Y" },
    "--framing is 'http', expected framed, header or unframed" },
  { { "--endpoint", "h", "--user", "u", "--password-file", "%s", "--timeout", "-1", "Y" },
    "--timeout is -1, expected seconds" },
  { { "--endpoint", "h", "--user", "u", "--password-file", "%s", "--timeout", "nan", "Y" },
    "--timeout is nan, expected seconds" },
  { { "--endpoint", "h", "--user", "u", "--password-file", "%s", "--timeout", "soon", "Y" },
    "Cannot parse double value" },
  { { "--endpoint", "h", "--user", "u", "--password-file", "%s", "--policy", "/nowhere", "Y" },
    "the policy file: " },
  { { "--endpoint", "h", "--user", "u", "--password-file", "%s", "--policy", "f", "--timeout", "1",
      "Y" },
    "--timeout beside the policy file 'f'" },
  { { "--endpoint", "h:0:0", "--user", "u", "--password-file", "%s", "Y" }, "--endpoint: " },
  { { "--endpoint", "h", "--user", "u", "--password-file", "/nowhere/at all", "Y" },
    "cannot read the password file '/nowhere/at all': No such file or directory" },
  { { "--endpoint", "h", "--user", "u", "--password-file", "/", "Y" },
    "cannot read the password file '/': " },
  { { "--endpoint", "h", "--user", "u", "--password-file", "/dev/null", "Y" },
    "the password file '/dev/null' is empty" },
  { { "--endpoint", "h", "--user", "u", "--password-file", "-", "Y" },
    "the password file '-' is empty" },
  { { "--bogus" }, "Unknown option --bogus" },
};

static void
test_misuses (Fixture *fixture, gconstpointer unused)
{
  for (guint i = 0; i < G_N_ELEMENTS (misuses); i++)
    {
      const char *arguments[G_N_ELEMENTS (misuses[i].arguments) + 2] = { "query" };
      g_auto (CommandRun) run = { 0 };

      for (guint k = 0; k < G_N_ELEMENTS (misuses[i].arguments); k++)
        arguments[k + 1] = g_strcmp0 (misuses[i].arguments[k], "%s") == 0
                             ? fixture->password_file
                             : misuses[i].arguments[k];
      command_run (&run, NULL, arguments);
      assert_contains (command_run_err (&run), misuses[i].err);
      assert_contains (command_run_err (&run), "Try 'nebula-interceptor query --help'.\n");
      g_assert_cmpstr (command_run_out (&run), ==, "");
      g_assert_cmpint (run.status, ==, 2);
    }
}

int
main (int argc, char **argv)
{
  static const struct
  {
    const char *path;
    void (*test) (Fixture *fixture, gconstpointer unused);
  } tests[] = {
    { "/query/printed", test_printed },
    { "/query/everything/json", test_everything_json },
    { "/query/everything/csv", test_everything_csv },
    { "/query/everything/table", test_everything_table },
    { "/query/json/one", test_json_one },
    { "/query/json/many", test_json_many },
    { "/query/csv/many", test_csv_many },
    { "/query/partial", test_partial },
    { "/query/failed", test_failed },
    { "/query/exception", test_exception },
    { "/query/retried", test_retried },
    { "/query/space", test_space },
    { "/query/signs-out", test_signs_out },
    { "/query/password/wrong", test_wrong_password },
    { "/query/password/stdin", test_password_from_stdin },
    { "/query/password/statement", test_statement_with_password },
    { "/query/unreachable", test_unreachable },
    { "/query/timeout", test_timeout },
    { "/query/policy", test_policy },
    { "/query/endpoints", test_endpoints },
    { "/query/framing", test_framing },
    { "/query/misuses", test_misuses },
  };

  g_test_init (&argc, &argv, NULL);
  g_test_summary ("Statements run by the command: all formats and kinds of values, failures, "
                  "retries, and that no password is ever printed.");
  for (guint i = 0; i < G_N_ELEMENTS (tests); i++)
    g_test_add (tests[i].path, Fixture, NULL, set_up, tests[i].test, tear_down);
  return g_test_run ();
}
