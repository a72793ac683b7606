/* SPDX-License-Identifier: Apache-2.0 */
#include "command-run.h"

/* The sub-command safety: what it says of statements, and what it never shows. */

/* How it is called, and what it must say; NULL for nothing at all. */
static const struct
{
  const char *arguments[5];
  const char *input; /* (nullable) */
  int status;
  const char *out;
  const char *err;
} calls[] = {
  { { "safety", "--help" }, NULL, 0, "nebula-interceptor safety [OPTION…] STATEMENT", NULL },
  { { "safety" }, NULL, 2, NULL, "STATEMENT is missing" },
  { { "safety", "YIELD", "1" }, NULL, 2, NULL, "'1' is one argument too many" },
  { { "safety", "--bogus", "YIELD 1" }, NULL, 2, NULL, "Try 'nebula-interceptor safety --help'." },
  { { "safety", "--format", "xml", "YIELD 1" }, NULL, 2, NULL, "expected text or json" },
  { { "safety", "YIELD 1" }, NULL, 0,
    "READ_ONLY: it changes nothing\n"
    "  1. READ_ONLY       YIELD  YIELD 1\n", NULL },
  { { "safety", "-" }, "USE s;\nDELETE  VERTEX $v.id;\n", 0,
    "NOT_IDEMPOTENT: a second run may change more\n"
    "  1. IDEMPOTENT      USE            USE s\n"
    "  2. NOT_IDEMPOTENT  DELETE VERTEX  DELETE VERTEX $v.id\n", NULL },
  { { "safety", "-" }, "", 0, "NOT_IDEMPOTENT: a second run may change more\n"
                              "  There is no sentence in it.\n", NULL },
  { { "safety", "YIELD 1; YIELD \"" }, NULL, 0,
    "  2. NOT_IDEMPOTENT  unknown  YIELD \"\n"
    "  The last cannot be read: graphd would refuse all of it.\n", NULL },
  { { "safety", "-5" }, NULL, 0, "NOT_IDEMPOTENT  unknown  -5\n", NULL },
};

static void
test_calls (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (calls); i++)
    {
      g_auto (CommandRun) run = { 0 };

      g_test_message ("%u: %s", i, calls[i].arguments[1]);
      command_run (&run, calls[i].input, calls[i].arguments);
      assert_contains (command_run_out (&run), calls[i].out);
      assert_contains (command_run_err (&run), calls[i].err);
      g_assert_cmpint (run.status, ==, calls[i].status);
    }
}

static void
test_json (void)
{
  static const char *const expected[][3] = {
    { "GO | DELETE EDGE", "NOT_IDEMPOTENT", "GO FROM 1 OVER e | DELETE EDGE e $-.s -> $-.d" },
    { "YIELD", "READ_ONLY", "YIELD \"a\\n\"" },
  };
  const char *const arguments[]
    = { "safety", "--format=json",
        "GO FROM 1 OVER e |\n\tDELETE EDGE e $-.s -> $-.d;YIELD \"a\\n\"", NULL };
  g_auto (CommandRun) run = { 0 };
  g_autoptr (JsonNode) root = NULL;
  JsonObject *object;
  JsonArray *sentences;

  command_run (&run, NULL, arguments);
  g_assert_cmpint (run.status, ==, 0);
  root = command_run_json (&run);
  object = json_node_get_object (root);
  g_assert_cmpuint (json_object_get_size (object), ==, 3);
  g_assert_cmpstr (json_object_get_string_member (object, "safety"), ==, "NOT_IDEMPOTENT");
  g_assert_true (json_object_get_boolean_member (object, "readable"));
  sentences = json_object_get_array_member (object, "sentences");
  g_assert_cmpuint (json_array_get_length (sentences), ==, G_N_ELEMENTS (expected));
  for (guint i = 0; i < G_N_ELEMENTS (expected); i++)
    {
      JsonObject *sentence = json_array_get_object_element (sentences, i);

      g_assert_cmpuint (json_object_get_size (sentence), ==, 3);
      g_assert_cmpstr (json_object_get_string_member (sentence, "kind"), ==, expected[i][0]);
      g_assert_cmpstr (json_object_get_string_member (sentence, "safety"), ==, expected[i][1]);
      g_assert_cmpstr (json_object_get_string_member (sentence, "text"), ==, expected[i][2]);
    }
}

/* The run itself fails when the password is anywhere in its output. */
static void
test_passwords (void)
{
  static const char *const statements[] = {
    "CREATE USER u WITH PASSWORD \"" CANARY "\"",
    "CREATE USER IF NOT EXISTS u WITH PASSWORD '" CANARY "'; YIELD \"seen\"",
    "ALTER USER u WITH PASSWORD \"" CANARY "\" /* was: " CANARY " */",
    "change password u from \"" CANARY "\" to '" CANARY "'",
    "SIGN IN TEXT SERVICE (127.0.0.1:9200, HTTP, \"u\", \"" CANARY "\")",
    "ALTER USER u /* it's */ WITH PASSWORD \"a'" CANARY "\"",
    "YIELD \"; ALTER USER u WITH PASSWORD \"" CANARY "\"",
    "ALTER USER u WITH PASSWORD \"" CANARY,
    "ALTER USER u WITH PASSWORD \"x\n" CANARY "\"",
    "ALTER USER u WITH PASSWORD \"\\\"" CANARY "\"; ;",
  };
  static const char *const formats[] = { "text", "json" };

  for (guint i = 0; i < G_N_ELEMENTS (statements) * G_N_ELEMENTS (formats); i++)
    {
      const char *const arguments[] = { "safety", "-", "--format", formats[i % 2], NULL };
      g_auto (CommandRun) run = { 0 };

      command_run (&run, statements[i / 2], arguments);
      g_assert_cmpint (run.status, ==, 0);
      assert_contains (command_run_out (&run), "***");
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_summary ("What safety says of statements, sentence by sentence; no password is shown.");
  g_test_add_func ("/command-safety/calls", test_calls);
  g_test_add_func ("/command-safety/json", test_json);
  g_test_add_func ("/command-safety/passwords", test_passwords);
  return g_test_run ();
}
