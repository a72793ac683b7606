/* SPDX-License-Identifier: Apache-2.0 */
#include "nebula-mock-scenario-private.h"

#include <nebula-mock/nebula-mock.h>
#include <string.h>

static void
test_good (void)
{
  static const char json[] =
    "{\"users\": {\"root\": \"nebula\", \"ann\": \"secret\"}, \"spaces\": [\"test\"],\n"
    " \"faults\": [\n"
    "  {\"kind\": \"code\", \"method\": \"execute\", \"contains\": \"INSERT\", \"calls\": [1, 2],\n"
    "   \"code\": -1009, \"message\": \"Not ready!\"},\n"
    "  {\"kind\": \"delay\", \"ms\": 50}, {\"kind\": \"silence\", \"calls\": 3},\n"
    "  {\"kind\": \"code\", \"code\": -1005}, {\"kind\": \"refuse\"},\n"
    "  {\"kind\": \"exception\", \"code\": 11} ]}";
  g_autoptr (GError) error = NULL;
  g_autoptr (NebulaMockScenario) scenario =
    nebula_mock_scenario_new_from_json (json, -1, NEBULA_MOCK_SCENARIO_ALONE, &error);
  const NebulaMockFault *fault;

  g_assert_no_error (error);
  g_assert_cmpuint (scenario->users->len, ==, 2);
  g_assert_cmpstr (((NebulaMockScenarioUser *) scenario->users->pdata[1])->name, ==, "ann");
  g_assert_cmpstr (((NebulaMockScenarioUser *) scenario->users->pdata[1])->password, ==, "secret");
  g_assert_cmpuint (scenario->spaces->len, ==, 1);
  g_assert_cmpuint (scenario->faults->len, ==, 6);
  fault = scenario->faults->pdata[0];
  g_assert_cmpint (fault->kind, ==, NEBULA_MOCK_FAULT_CODE);
  g_assert_cmpstr (fault->method, ==, "execute");
  g_assert_cmpstr (fault->contains, ==, "INSERT");
  g_assert_cmpuint (fault->first, ==, 1);
  g_assert_cmpuint (fault->last, ==, 2);
  g_assert_cmpint (fault->code, ==, -1009);
  g_assert_cmpstr (fault->message, ==, "Not ready!");
  fault = scenario->faults->pdata[1];
  g_assert_cmpuint (fault->milliseconds, ==, 50);
  g_assert_cmpuint (fault->first, ==, 1);
  g_assert_cmpuint (fault->last, ==, 0);
  fault = scenario->faults->pdata[2];
  g_assert_cmpuint (fault->first, ==, 3);
  g_assert_cmpuint (fault->last, ==, 3);
  g_assert_true (((NebulaMockFault *) scenario->faults->pdata[3])->statements_only);
  g_assert_cmpint (((NebulaMockFault *) scenario->faults->pdata[5])->code, ==, 11);
}

static void
test_empty_is_good (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (NebulaMockScenario) scenario =
    nebula_mock_scenario_new_from_json ("{}x", 2, NEBULA_MOCK_SCENARIO_ALONE, &error);

  g_assert_no_error (error);
  g_assert_cmpuint (scenario->faults->len, ==, 0);
}

typedef struct
{
  const char *name;
  const char *json;
  const char *message;
} WrongCase;

static const WrongCase wrong_cases[] = {
  { "unknown-kind", "{\"faults\": [{\"kind\": \"clode\"}]}",
    "faults[0].kind: \"clode\" is unknown, did you mean \"code\"?" },
  { "unknown-long-kind", "{\"faults\": [{\"kind\": \"close-after-aply\"}]}",
    "faults[0].kind: \"close-after-aply\" is unknown, did you mean \"close-after-apply\"?" },
  { "no-kind", "{\"faults\": [{\"code\": 1}]}",
    "faults[0].kind: is missing, expected what goes wrong" },
  { "kind-type", "{\"faults\": [{\"kind\": 1}]}",
    "faults[0].kind: is a number, expected a string" },
  { "unknown-method", "{\"faults\": [{\"kind\": \"code\", \"method\": \"exeucte\"}]}",
    "faults[0].method: \"exeucte\" is unknown, did you mean \"execute\"?" },
  { "strange-method", "{\"faults\": [{\"kind\": \"code\", \"method\": \"shutdown!\"}]}",
    "faults[0].method: \"shutdown!\" is unknown, expected one of authenticate, signout, execute, "
    "executeWithParameter, executeJson, executeJsonWithParameter, verifyClientVersion" },
  { "unknown-key", "{\"user\": {}}", "user: unknown key, did you mean \"users\"?" },
  { "strange-key", "{\"port\": 1}", "port: unknown key, expected one of users, spaces, faults, servers" },
  { "unknown-fault-key", "{\"faults\": [{\"kind\": \"delay\", \"mss\": 1}]}",
    "faults[0].mss: unknown key, did you mean \"ms\"?" },
  { "root", "[]", "the file is an array, expected an object" },
  { "users", "{\"users\": [\"root\"]}",
    "users: is an array, expected an object of names and passwords" },
  { "password", "{\"users\": {\"root\": null}}", "users.root: is null, expected a string" },
  { "spaces", "{\"spaces\": \"test\"}", "spaces: is a string, expected an array" },
  { "space", "{\"spaces\": [\"a\", true]}", "spaces[1]: is a boolean, expected a string" },
  { "empty-space", "{\"spaces\": [\"\"]}", "spaces[0]: is empty, expected some text" },
  { "fault", "{\"faults\": [\"code\"]}", "faults[0]: is a string, expected an object" },
  { "code-fraction", "{\"faults\": [{\"kind\": \"code\", \"code\": 1.5}]}",
    "faults[0].code: is a number with a fraction, expected an integer" },
  { "code-range", "{\"faults\": [{\"kind\": \"code\", \"code\": 2147483648}]}",
    "faults[0].code: is 2147483648, expected -2147483648 to 2147483647" },
  { "calls-zero", "{\"faults\": [{\"kind\": \"code\", \"calls\": 0}]}",
    "faults[0].calls: is 0, expected 1 to 4294967295" },
  { "calls-order", "{\"faults\": [{\"kind\": \"code\", \"calls\": [3, 2]}]}",
    "faults[0].calls[1]: is 2, expected 3 to 4294967295" },
  { "calls-count", "{\"faults\": [{\"kind\": \"code\", \"calls\": [1]}]}",
    "faults[0].calls: has 1 elements, expected the first and the last call" },
  { "calls-type", "{\"faults\": [{\"kind\": \"code\", \"calls\": \"all\"}]}",
    "faults[0].calls: is a string, expected an integer" },
  { "ms-elsewhere", "{\"faults\": [{\"kind\": \"silence\", \"ms\": 5}]}",
    "faults[0].ms: cannot be used with \"silence\", expected it only with \"delay\"" },
  { "ms-range", "{\"faults\": [{\"kind\": \"delay\", \"ms\": -1}]}",
    "faults[0].ms: is -1, expected 0 to 3600000" },
  { "code-elsewhere", "{\"faults\": [{\"kind\": \"garbage\", \"code\": 5}]}",
    "faults[0].code: cannot be used with \"garbage\", expected it only with \"code\", "
    "\"code-after-apply\", \"exception\"" },
  { "method-of-connection",
    "{\"faults\": [{\"kind\": \"close-before-read\", \"method\": \"execute\"}]}",
    "faults[0].method: cannot be used with \"close-before-read\", expected it only where a call "
    "has been read" },
  { "contains-of-connection", "{\"faults\": [{\"kind\": \"refuse\", \"contains\": \"x\"}]}",
    "faults[0].contains: cannot be used with \"refuse\", expected it only where a call has been "
    "read" },
  { "all-at-once",
    "{\"spaces\": [1], \"faults\": [{\"kind\": \"code\", \"calls\": 0}, {\"kind\": \"x\", "
    "\"ms\": \"y\"}]}",
    "spaces[0]: is a number, expected a string\n"
    "faults[0].calls: is 0, expected 1 to 4294967295\n"
    "faults[1].kind: \"x\" is unknown, expected one of code, code-after-apply, exception, delay, "
    "refuse, close-before-read, close-before-apply, close-after-apply, close-in-reply, silence, "
    "silence-before-apply, garbage, wrong-sequence, wrong-method, oversize, negative-size, "
    "empty-frame, bad-string, deep, no-result, expire-session, hold, act, goaway\n"
    "faults[1].ms: is a string, expected an integer" },
  { "goaway", "{\"faults\": [{\"kind\": \"goaway\", \"ms\": 5, \"code\": 1}]}",
    "faults[0].code: cannot be used with \"goaway\", expected it only with \"code\", "
    "\"code-after-apply\", \"exception\"\n"
    "faults[0].ms: cannot be used with \"goaway\", expected it only with \"delay\"" },
  { "servers", "{\"servers\": 2}", "servers: is given, expected it only for a cluster" },
  { "act", "{\"faults\": [{\"kind\": \"act\", \"action\": \"stop\"}]}",
    "faults[0].kind: is \"act\", expected it only in a cluster" },
  { "syntax/empty", "", "line 1, column 1: the file ends, expected a value" },
  { "syntax/end", "{\n  \"users\": {", "line 2, column 13: expected a key in double quotes" },
  { "syntax/comma", "{\"spaces\": [\"a\",]}", "line 1, column 17: expected a value" },
  { "syntax/comment", "{ /* users */ }", "line 1, column 3: expected a key in double quotes" },
  { "syntax/quotes", "{'users': {}}", "line 1, column 2: expected a key in double quotes" },
  { "syntax/after", "{}\n{}", "line 2, column 1: expected the end of the file" },
  { "syntax/colon", "{\"users\" {}}", "line 1, column 10: expected :" },
  { "syntax/bracket", "{\"spaces\": [\"a\" \"b\"]}", "line 1, column 17: expected , or ]" },
  { "syntax/brace", "{\"spaces\": [] \"b\"}", "line 1, column 15: expected , or }" },
  { "syntax/twice", "{\"spaces\": [],\n \"spaces\": []}",
    "line 2, column 2: the key \"spaces\" is there already" },
  { "syntax/number", "{\"a\": 01}", "line 1, column 7: wrong number" },
  { "syntax/fraction", "{\"a\": 1.}", "line 1, column 7: wrong number" },
  { "syntax/large", "{\"a\": 9223372036854775808}", "line 1, column 7: the number is too large" },
  { "syntax/escape", "{\"a\": \"\\x\"}", "line 1, column 9: wrong escape in a string" },
  { "syntax/newline", "{\"a\": \"\n\"}",
    "line 1, column 8: control character in a string, expected an escape" },
  { "syntax/string", "{\"a\": \"b", "line 1, column 9: the string has no end" },
  { "syntax/utf8", "{\"a\": \"\xff\"}", "line 1, column 8: not UTF-8" },
  { "syntax/word", "{\"a\": nul}", "line 1, column 7: expected a value" },
};

static void
test_wrong (gconstpointer data)
{
  const WrongCase *test = data;
  g_autoptr (GError) error = NULL;
  g_autoptr (NebulaMockScenario) scenario =
    nebula_mock_scenario_new_from_json (test->json, -1, NEBULA_MOCK_SCENARIO_ALONE, &error);

  g_assert_null (scenario);
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA);
  g_assert_cmpstr (error->message, ==, test->message);
}

/* ---- of a cluster */

static const char cluster_json[] =
  "{\"servers\": [{\"max_sessions_per_ip_per_user\": 3, \"max_allowed_connections\": 4},\n"
  "  {\"faults\": [{\"kind\": \"act\", \"contains\": \"x\", \"calls\": 2,\n"
  "    \"method\": \"execute\", \"action\": \"drop-space\", \"space\": \"s\", \"server\": 1},\n"
  "   {\"kind\": \"act\", \"action\": \"restart\"}]}],\n"
  " \"faults\": [{\"kind\": \"goaway\", \"calls\": 3, \"method\": \"execute\"},\n"
  "   {\"kind\": \"act\", \"action\": \"drain\"}]}";

static void
test_cluster (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (NebulaMockScenario) scenario = nebula_mock_scenario_new_from_json (
    cluster_json, -1, NEBULA_MOCK_SCENARIO_AS_IT_SAYS, &error);
  const NebulaMockScenarioServer *first, *second;
  const NebulaMockFault *fault;

  g_assert_no_error (error);
  g_assert_cmpuint (scenario->servers->len, ==, 2);
  g_assert_cmpuint (scenario->faults->len, ==, 2);
  fault = scenario->faults->pdata[0];
  g_assert_cmpint (fault->kind, ==, NEBULA_MOCK_FAULT_GOAWAY);
  g_assert_cmpuint (fault->first, ==, 3);
  g_assert_cmpstr (fault->method, ==, "execute");
  fault = scenario->faults->pdata[1];
  g_assert_cmpint (fault->action, ==, NEBULA_MOCK_ACTION_DRAIN);
  first = scenario->servers->pdata[0];
  g_assert_cmpint (first->for_user, ==, 3);
  g_assert_cmpint (first->for_all, ==, 4);
  g_assert_cmpuint (first->faults->len, ==, 0);
  second = scenario->servers->pdata[1];
  g_assert_cmpint (second->for_user, ==, 0);
  g_assert_cmpuint (second->faults->len, ==, 2);
  fault = second->faults->pdata[0];
  g_assert_cmpint (fault->kind, ==, NEBULA_MOCK_FAULT_ACT);
  g_assert_cmpint (fault->action, ==, NEBULA_MOCK_ACTION_DROP_SPACE);
  g_assert_cmpstr (fault->space, ==, "s");
  g_assert_cmpstr (fault->method, ==, "execute");
  g_assert_cmpint (fault->server, ==, 1);
  g_assert_cmpuint (fault->last, ==, 2);
  fault = second->faults->pdata[1];
  g_assert_cmpint (fault->action, ==, NEBULA_MOCK_ACTION_RESTART);
  g_assert_cmpint (fault->server, ==, -1);
}

/* How many servers there are: as it says, one when it says nothing, or as they are. */
static void
test_cluster_count (void)
{
  static const struct
  {
    const char *json;
    guint       wanted;
    guint       count;
  } cases[] = {
    { "{}", NEBULA_MOCK_SCENARIO_AS_IT_SAYS, 1 }, { "{}", 3, 3 }, { "{\"servers\": 3}", 3, 3 },
    { "{\"servers\": 3}", NEBULA_MOCK_SCENARIO_AS_IT_SAYS, 3 },
    { "{\"servers\": [{}, {}]}", NEBULA_MOCK_SCENARIO_AS_IT_SAYS, 2 },
  };
  gsize i;

  for (i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (NebulaMockScenario) scenario =
        nebula_mock_scenario_new_from_json (cases[i].json, -1, cases[i].wanted, &error);

      g_assert_no_error (error);
      g_assert_cmpuint (scenario->servers->len, ==, cases[i].count);
    }
}

#define FAULT_OF(members) "{\"servers\": 2, \"faults\": [{\"kind\": \"act\", " members "}]}"

static const WrongCase wrong_cluster_cases[] = {
  { "no-action", FAULT_OF ("\"server\": 0"), "faults[0].action: is missing, expected what happens" },
  { "unknown-action", FAULT_OF ("\"action\": \"restrat\""),
    "faults[0].action: \"restrat\" is unknown, did you mean \"restart\"?" },
  { "server", FAULT_OF ("\"action\": \"stop\", \"server\": 2"),
    "faults[0].server: is 2, expected 0 to 1" },
  { "no-space", FAULT_OF ("\"action\": \"drop-space\""),
    "faults[0].space: is missing, expected which one is dropped" },
  { "space", FAULT_OF ("\"action\": \"stop\", \"space\": \"s\""),
    "faults[0].space: is given, expected it only with \"drop-space\"" },
  { "action-elsewhere", "{\"faults\": [{\"kind\": \"silence\", \"action\": \"stop\"}]}",
    "faults[0].action: cannot be used with \"silence\", expected it only with \"act\"" },
  { "count", "{\"servers\": 0}", "servers: is 0, expected 1 to 100" },
  { "no-servers", "{\"servers\": []}", "servers: has 0 elements, expected 1 to 100" },
  { "servers", "{\"servers\": {}}", "servers: is an object, expected an integer" },
  { "other-count", "{\"servers\": 5}", "servers: are 5, expected 2 as there are" },
  { "element", "{\"servers\": [1, {}]}", "servers[0]: is a number, expected an object" },
  { "key", "{\"servers\": [{}, {\"fault\": []}]}",
    "servers[1].fault: unknown key, did you mean \"faults\"?" },
  { "limit", "{\"servers\": [{}, {\"max_allowed_connections\": -1}]}",
    "servers[1].max_allowed_connections: is -1, expected 0 to 4294967295" },
  { "fault-of-server", "{\"servers\": [{\"faults\": [{}]}, {}]}",
    "servers[0].faults[0].kind: is missing, expected what goes wrong" },
};

/* For two servers. */
static void
test_wrong_cluster (gconstpointer data)
{
  const WrongCase *test = data;
  g_autoptr (GError) error = NULL;

  g_assert_null (nebula_mock_scenario_new_from_json (test->json, -1, 2, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA);
  g_assert_cmpstr (error->message, ==, test->message);
}

static void
test_too_deep (void)
{
  g_autofree char *json = g_strnfill (100000, '[');
  g_autoptr (GError) error = NULL;

  g_assert_null (nebula_mock_scenario_new_from_json (json, -1, NEBULA_MOCK_SCENARIO_ALONE, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA);
  g_assert_cmpstr (error->message, ==, "line 1, column 33: too deep");
}

/* Whatever is cut off or changed in a good file, it is read or refused, and never more. */
static void
test_mangled (void)
{
  static const char json[] =
    "{\"users\": {\"r\": \"n\"}, \"faults\": [{\"kind\": \"delay\", \"calls\": [1, 2]}]}";
  static const char replacements[] = "\"{}[],:\\x\0\xff" "0";
  gsize i, j;

  for (i = 0; i < sizeof json; i++)
    for (j = 0; j < sizeof replacements; j++)
      {
        g_autofree char *copy = g_memdup2 (json, sizeof json);
        g_autoptr (GError) error = NULL;
        g_autoptr (NebulaMockScenario) cut = NULL;
        g_autoptr (NebulaMockScenario) changed = NULL;

        cut = nebula_mock_scenario_new_from_json (copy, i, NEBULA_MOCK_SCENARIO_ALONE, &error);
        g_assert_true ((cut == NULL) == (error != NULL));
        g_clear_error (&error);
        copy[i] = replacements[j];
        changed = nebula_mock_scenario_new_from_json (copy, sizeof json - 1,
                                                      NEBULA_MOCK_SCENARIO_ALONE, &error);
        g_assert_true ((changed == NULL) == (error != NULL));
      }
}

/* Nothing of a wrong file is taken. */
static void
test_load (void)
{
  g_autoptr (NebulaMockServer) server = nebula_mock_server_new ();
  g_autoptr (GError) error = NULL;

  g_assert_false (nebula_mock_server_load_scenario (
    server, "{\"spaces\": [\"good\"], \"faults\": 1}", -1, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA);
  g_clear_error (&error);
  g_assert_true (nebula_mock_server_load_scenario (
    server, "{\"users\": {\"ann\": \"x\"}, \"spaces\": [\"good\"]}", -1, &error));
  g_assert_no_error (error);
}

int
main (int   argc,
      char *argv[])
{
  gsize i;

  g_test_init (&argc, &argv, NULL);
  g_test_summary ("A scenario is read whole, and each mistake in it is named where it is.");
  g_test_add_func ("/scenario/good", test_good);
  g_test_add_func ("/scenario/empty", test_empty_is_good);
  for (i = 0; i < G_N_ELEMENTS (wrong_cases); i++)
    {
      g_autofree char *path = g_strconcat ("/scenario/wrong/", wrong_cases[i].name, NULL);

      g_test_add_data_func (path, &wrong_cases[i], test_wrong);
    }
  for (i = 0; i < G_N_ELEMENTS (wrong_cluster_cases); i++)
    {
      g_autofree char *path =
        g_strconcat ("/scenario/wrong/cluster/", wrong_cluster_cases[i].name, NULL);

      g_test_add_data_func (path, &wrong_cluster_cases[i], test_wrong_cluster);
    }
  g_test_add_func ("/scenario/cluster", test_cluster);
  g_test_add_func ("/scenario/cluster/count", test_cluster_count);
  g_test_add_func ("/scenario/wrong/syntax/deep", test_too_deep);
  g_test_add_func ("/scenario/mangled", test_mangled);
  g_test_add_func ("/scenario/load", test_load);
  return g_test_run ();
}
