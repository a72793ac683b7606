/* SPDX-License-Identifier: Apache-2.0 */
#include "command-run.h"

/* The whole reasoning of explain: every reason that there is, and the limits that follow. */

#define LEADER "Storage Error: Not the leader of 3. Please retry later."
#define BLOCKED "Storage Error: Write is blocked when creating snapshot"
#define CONSOLE "[ERROR (-1005)]: " LEADER
#define OURS \
  "execute failed: " LEADER " (code -1005, really -4 E_LEADER_CHANGED, leader); not applied"
#define LOGIN \
  "authenticate failed: Invalid password (code -1001, really -29 E_INVALID_PASSWORD, credentials)"

#define UPDATE "UPDATE VERTEX ON t \"a\" SET n = 1"

#define N_REASONS 3

/* A question, and what has to be among the reasons of the answer. */
typedef struct
{
  const char *arguments[6];
  gint64 real_code;
  const char *effect;
  const char *source; /* (nullable) */
  gint64 max_attempts;
  gint64 first_wait; /* milliseconds, 0 for none */
  const char *reasons[N_REASONS];
} Question;

static const Question questions[] = {
  /* The code alone. */
  { { "-4" }, -4, "MAYBE", NULL, 10, 10,
    { "Code -4 is E_LEADER_CHANGED: Raft leader has been changed.",
      "There is no text, so the code decides.",
      "At most 10 attempts for the cause leader, within 120.0 s; the wait before each is random: "
      "first up to 10 ms, 2 times as much each time, never more than 1.0 s." } },
  { { "-777" }, -777, "MAYBE", NULL, 1, 0,
    { "Code -777 is not in the table; of its range nothing is known, and what nobody knows is not "
      "tried again.",
      "By default, after the first failure: give up: another attempt cannot help." } },
  { { "-1005", "something new" }, -1005, "MAYBE", NULL, 1, 0,
    { "No rule knows the text, so the code decides." } },
  /* An error of ours: its code alone would mean something else. */
  { { "execute: h:1: Operation was cancelled (code -3 E_RPC_FAILURE, cancelled); may have been "
      "applied; 1 attempt" }, -3, "MAYBE", NULL, 1, 0,
    { "No server said that: the line is an error of the client, which names the cause.",
      "Category FATAL: the caller has to change the request. Cause: cancelled.",
      "By default, after the first failure: give up: cancelled." } },
  { { "executeJson (code -3 E_RPC_FAILURE, timeout); may have been applied; 1 attempt" }, -3,
    "MAYBE", NULL, 4, 10, { "Category RETRYABLE: time heals it. Cause: timeout." } },
  { { "open: h:1: refused (code -2 E_FAIL_TO_CONNECT, connection); not applied; 4 attempts" }, -2,
    "NONE", NULL, 4, 10,
    { "Category RETRYABLE: time heals it. Cause: connection.", "Effect NONE: nothing was executed." } },
  { { "open: h:1: the server's certificate is refused (code -2 E_FAIL_TO_CONNECT, incompatible); "
      "not applied; 3 attempts" }, -2, "NONE", NULL, 1, 0,
    { "Category FATAL: the caller has to change the request. Cause: incompatible." } },
  /* A text, and where such texts come from. */
  { { "-1005", LEADER }, -4, "MAYBE", "3.0+", 10, 10,
    { "The text has \"Storage Error: Not the leader of \" (3.0+), which stands for -4 "
      "E_LEADER_CHANGED: Raft leader has been changed.",
      "By default, after the first failure of a READ_ONLY statement: send again in 5.0 ms: another "
      "attempt may help.",
      "And of a NOT_IDEMPOTENT one: give up: may have been applied, must not run twice." } },
  { { "-1005", "Host not exist!" }, -2012, "NONE", "metad, 3.4+", 1, 0,
    { "The text begins with \"Host not exist!\" (metad, 3.4+), which stands for -2012 "
      "E_ZONE_IS_EMPTY: Host does not exist." } },
  { { "-1005", "Unknown error -3510!" }, -3510, "MAYBE", "metad, 3.6+", 1, 0,
    { "The text begins with \"Unknown error \" (metad, 3.6+), which names -3510 " } },
  /* Why the effect is another than the table has. */
  { { "-1005", BLOCKED }, -3528, "PART", NULL, 4, 1000,
    { "Effect PART: the part that answered did nothing, others may have.",
      "At most 4 attempts for the cause blocked" } },
  { { "-1005", BLOCKED, "--statement", UPDATE }, -3528, "NONE", NULL, 4, 1000,
    { "It is lifted to NONE: one UPDATE or UPSERT VERTEX writes one key of one part, and with this "
      "code that part refused it.",
      "Sentence 1, UPDATE VERTEX, is IDEMPOTENT: a second run leaves the same state." } },
  { { "-1005", "Existed!", "--statement", "CREATE TAG t(); USE s" }, -2002, "PART", NULL, 1, 0,
    { "It is raised to PART: the statement is more than one step, and an earlier one may have been "
      "executed.",
      "Sentence 2, USE, is IDEMPOTENT: a second run leaves the same state.",
      "The statement is CONVERGENT, as its worst sentence." } },
  { { "-1005", "Not ready! Storage Error: x" }, -3040, "PART", "graphd", 4, 1000,
    { "It is raised to PART: this comes from storage, where other parts may have been written." } },
  /* What the statement does to the limits. */
  { { "-1005", LEADER, "--statement", "UPDATE EDGE ON e 1->2 SET n = n + 1" }, -4, "MAYBE", "3.0+",
    1, 0, { "By default, after the first failure: give up: may have been applied, must not run "
            "twice." } },
  { { "-1002", "Session not existed!" }, -2069, "NONE", NULL, 2, 0,
    { "That is done once in a call." } },
  /* What Thrift answers. */
  { { "--exception=12", "Task expired" }, -3, "MAYBE", NULL, 4, 1000,
    { "The server's Thrift answered instead of graphd, with an exception of type 12: time-out of the "
      "server.", "Category RETRYABLE: time heals it. Cause: rpc." } },
  { { "--exception=6", "server not ready", "--statement", "UPDATE VERTEX ON t 1 SET a = a + 1" }, -3,
    "NONE", NULL, 4, 1000,
    { "By its text the server is stopping, or has not started.", "Effect NONE: nothing was" } },
  /* Lines of logs. */
  { { CONSOLE }, -4, "MAYBE", "3.0+", 10, 10, { "Code -1005 is E_EXECUTION_ERROR" } },
  { { OURS }, -4, "MAYBE", "3.0+", 10, 10, { "Code -1005 is E_EXECUTION_ERROR" } },
  { { LOGIN }, -29, "NONE", NULL, 1, 0, { "The text has \"Invalid password\"" } },
  { { LEADER }, -4, "MAYBE", "3.0+", 10, 10,
    { "No code is given; graphd sends this text with -1005." } },
  { { "it was -5 degrees" }, -5, "NONE", NULL, 1, 0,
    { "Nothing in the line says what the code is: the first that can be one is taken.",
      "Code -5 is E_SPACE_NOT_FOUND" } },
  { { "error_code: -1005, error_msg: " LEADER }, -4, "MAYBE", "3.0+", 10, 10, { "Code -1005" } },
  { { "-1005", "[ERROR (-1005)]: Host not exist!" }, -2012, "NONE", "metad, 3.4+", 1, 0,
    { "The text begins with \"Host not exist!\"" } },
  /* Of another code: it is the text that it is. */
  { { "-1005", "[ERROR (-1004)]: Host not exist!" }, -1005, "MAYBE", NULL, 1, 0,
    { "No rule knows the text" } },
};

static void
assert_reasons (JsonObject *object, const char *const *reasons)
{
  JsonArray *array = json_object_get_array_member (object, "reasoning");
  g_autoptr (GString) all = g_string_new ("\n");

  for (guint i = 0; i < json_array_get_length (array); i++)
    g_string_append_printf (all, "%s\n", json_array_get_string_element (array, i));
  for (guint i = 0; i < N_REASONS && reasons[i] != NULL; i++)
    {
      g_autofree char *line = g_strconcat ("\n", reasons[i], NULL);

      assert_contains (all->str, line);
    }
}

static void
ask (const Question *question)
{
  const char *arguments[] = { "explain", "--format=json", NULL, NULL, NULL, NULL, NULL, NULL };
  g_auto (CommandRun) run = { 0 };
  g_autoptr (JsonNode) root = NULL;
  JsonObject *object;
  JsonObject *backoff = NULL;

  for (guint i = 0; question->arguments[i] != NULL; i++)
    arguments[2 + i] = question->arguments[i];
  command_run (&run, NULL, arguments);
  g_assert_cmpint (run.status, ==, 0);
  root = command_run_json (&run);
  object = json_node_get_object (root);
  g_assert_cmpint (json_object_get_int_member (object, "real_code"), ==, question->real_code);
  g_assert_cmpstr (json_object_get_string_member (object, "effect"), ==, question->effect);
  g_assert_cmpstr (json_object_get_string_member_with_default (object, "rule_source", NULL), ==,
                   question->source);
  g_assert_cmpint (json_object_get_int_member (object, "max_attempts"), ==,
                   question->max_attempts);
  g_assert_cmpint (json_object_get_null_member (object, "backoff"), ==, question->first_wait == 0);
  if (question->first_wait != 0)
    backoff = json_object_get_object_member (object, "backoff");
  if (backoff != NULL)
    g_assert_cmpint (json_object_get_int_member (backoff, "initial_ms"), ==,
                     question->first_wait);
  assert_reasons (object, question->reasons);
}

static void
test_questions (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (questions); i++)
    {
      g_test_message ("%" G_GSIZE_FORMAT ": %s %s", i, questions[i].arguments[0],
                      questions[i].arguments[1] != NULL ? questions[i].arguments[1] : "");
      ask (&questions[i]);
    }
}

static void
test_text (void)
{
  const char *const arguments[] = { "explain", CONSOLE, NULL };
  g_auto (CommandRun) run = { 0 };

  command_run (&run, NULL, arguments);
  g_assert_cmpint (run.status, ==, 0);
  assert_contains (command_run_out (&run),
                   "why\n"
                   "  1. Code -1005 is E_EXECUTION_ERROR: Execution error.\n"
                   "  2. The text has \"Storage Error: Not the leader of \" (3.0+), which stands ");
}

/* A line without a code is not repeated, and no password of a statement is. */
static void
test_secrets (void)
{
  const char *const line[] = { "explain", "ALTER USER u WITH PASSWORD \"" CANARY "\"", NULL };
  const char *const statement[] = { "explain", "-4", "--statement",
                                    "ALTER USER u WITH PASSWORD \"" CANARY "\"", "--format=json",
                                    NULL };
  g_auto (CommandRun) refused = { 0 };
  g_auto (CommandRun) explained = { 0 };

  command_run (&refused, NULL, line);
  g_assert_cmpint (refused.status, ==, 2);
  assert_contains (command_run_err (&refused), "the line has no error code");
  command_run (&explained, NULL, statement);
  g_assert_cmpint (explained.status, ==, 0);
  assert_contains (command_run_out (&explained), "ALTER USER u WITH PASSWORD \\\"***\\\"");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_summary ("explain gives its reasons: row, rule, effect, sentences, decision and limits.");
  g_test_add_func ("/command-explain/questions", test_questions);
  g_test_add_func ("/command-explain/text", test_text);
  g_test_add_func ("/command-explain/secrets", test_secrets);
  return g_test_run ();
}
