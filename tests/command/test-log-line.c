/* SPDX-License-Identifier: Apache-2.0 */
#include "nebula-log-line-private.h"

#include <string.h>

/* Failures in lines that were pasted from logs. */

#define LEADER "Storage Error: Not the leader of 3. Please retry later."
#define FRAMED NEBULA_LOG_LINE_FRAMED
#define TEXT NEBULA_LOG_LINE_TEXT
#define MENTION NEBULA_LOG_LINE_MENTION

static const struct
{
  const char *line;
  NebulaLogLineForm form;
  gint32 code;
  const char *message; /* (nullable) */
  const char *phase;   /* (nullable) */
} lines[] = {
  /* NebulaGraph's console. */
  { "[ERROR (-1005)]: " LEADER, FRAMED, -1005, LEADER, NULL },
  { "2024-02-29 12:00:00 [ERROR (-1004)]: SyntaxError: syntax error near `x'\n", FRAMED, -1004,
    "SyntaxError: syntax error near `x'", NULL },
  { "[ERROR (-1001)]", FRAMED, -1001, NULL, NULL },
  /* The fields of a reply, as programs print them. */
  { "error_code: -1005, error_msg: " LEADER, FRAMED, -1005, LEADER, NULL },
  { "ErrorCode=E_EXECUTION_ERROR ErrorMsg=\"" LEADER "\" SpaceName=\"s\"", FRAMED, -1005, LEADER,
    NULL },
  { "ExecutionResponse(error_code=-1005, latency_in_us=7, error_msg=b'" LEADER "', data=None)",
    FRAMED, -1005, LEADER, NULL },
  { "{\"errors\":[{\"code\":-1005,\"message\":\"near \\\"x\\\" it \\\\ broke\"}]}", FRAMED, -1005,
    "near \"x\" it \\ broke", NULL },
  { "query failed, code = -1009, message = 'SemanticError: it''s wrong'", FRAMED, -1009,
    "SemanticError: it", NULL },
  { "error_msg: " LEADER ", error_code: -1005", FRAMED, -1005, LEADER ", error_code: -1005", NULL },
  { "{\"status_code\":200,\"error_code\":-1005,\"error_msg\":\"" LEADER "\"}", FRAMED, -1005, LEADER,
    NULL },
  { "exit code = 0, stmt = 'SET code = 7', code = -1005, msg = '" LEADER "'", FRAMED, -1005, LEADER,
    NULL },
  { "code: 200, code: x, code: 404", FRAMED, 200, NULL, NULL },
  { "code: -7", FRAMED, -7, NULL, NULL },
  /* Errors of this library. */
  { "execute failed: " LEADER " (code -1005, really -4 E_LEADER_CHANGED, leader); may have been "
    "applied; 10 attempts", FRAMED, -1005, LEADER, "execute" },
  { "app[7]: authenticate failed: Invalid password (code -1001, really -29 E_INVALID_PASSWORD, "
    "credentials); not applied; 1 attempt", FRAMED, -1001, "Invalid password", "authenticate" },
  { "execute failed (code -1, E_DISCONNECTED, connection); may have been applied", FRAMED, -1,
    NULL, "execute" },
  { "nebula-interceptor query: YIELD 1 AS a: execute: " LEADER " (code -1005, really -4 "
    "E_LEADER_CHANGED, leader); not applied; 1 attempt", FRAMED, -1005, LEADER, "execute" },
  { "authenticate: Invalid password (code -1001, really -29 E_INVALID_PASSWORD, credentials); not "
    "applied; 1 attempt", FRAMED, -1001, "Invalid password", "authenticate" },
  { "open: [::1]:9669: Connection refused (code -2 E_FAIL_TO_CONNECT, connection); not applied",
    FRAMED, -2, "[::1]:9669: Connection refused", "verify" },
  { "executeJson (code -3 E_RPC_FAILURE, timeout); may have been applied; 1 attempt", FRAMED, -3,
    NULL, "execute" },
  { "execute: open: it re-execute: (code -7 E_TAG_NOT_FOUND, not-found)", FRAMED, -7,
    "open: it re-execute:", "execute" },
  { "listHosts: no storaged has signed on (code -2001 E_NO_HOSTS, not-found); not applied", FRAMED,
    -2001, "listHosts: no storaged has signed on", NULL },
  { "execute failed: it (code -5) said (code -1005 E_EXECUTION_ERROR, execution); not applied",
    FRAMED, -1005, "it (code -5) said", "execute" },
  /* What graphd said, and nothing else. */
  { LEADER, TEXT, -1005, LEADER, NULL },
  { "Session not existed!", TEXT, -1002, "Session not existed!", NULL },
  { "SemanticError: Space was not chosen.", TEXT, -1009, "SemanticError: Space was not chosen.", NULL },
  { "LeaderChanged: Leader changed", TEXT, -1002, "LeaderChanged: Leader changed", NULL },
  { "Invalid password", TEXT, -1001, "Invalid password", "authenticate" },
  { "Create session failed: User not existed!", TEXT, -1002,
    "Create session failed: User not existed!", "authenticate" },
  { "Too many connections in the cluster", TEXT, -1010, "Too many connections in the cluster",
    "authenticate" },
  { "Storage Error: part: 3, error: E_RAFT_LOG_GAP(-3501).", TEXT, -1005,
    "Storage Error: part: 3, error: E_RAFT_LOG_GAP(-3501).", NULL },
  /* A code somewhere. */
  { "-1004: SyntaxError: near `x'", MENTION, -1004, "SyntaxError: near `x'", NULL },
  { "got E_SEMANTIC_ERROR from graphd", MENTION, -1009, "from graphd", NULL },
  { "it was wrong (-1009)", MENTION, -1009, "it was wrong", NULL },
  { "on 10-4-2024 E_LEADER_CHANGED", MENTION, -4, "on 10-4-2024", NULL },
};

static void
test_table (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (lines); i++)
    {
      g_auto (NebulaLogLine) found = { 0 };

      g_test_message ("%s", lines[i].line);
      g_assert_true (nebula_log_line_parse (&found, lines[i].line));
      g_assert_cmpint (found.form, ==, lines[i].form);
      g_assert_cmpint (found.code, ==, lines[i].code);
      g_assert_cmpstr (found.message, ==, lines[i].message);
      g_assert_cmpint (found.has_phase, ==, lines[i].phase != NULL);
      if (lines[i].phase != NULL)
        g_assert_cmpstr (nebula_phase_to_string (found.phase), ==, lines[i].phase);
    }
}

/* No code is in them. */
static void
test_nothing (void)
{
  static const char *const others[] = {
    "", " ", "-", "E_", "E_NOBODY", "12x", "-99999999999999999999", "[ERROR (", "[ERROR (-",
    "[ERROR (x)]: y", "a-4", "--4", "-4x", "code", "code:", "code: ten", "error_msg: text",
    " (code ", "execute failed", "\377\376", "version 1-5-3", "E_LEADER_CHANGED_TWICE",
  };

  for (gsize i = 0; i < G_N_ELEMENTS (others); i++)
    {
      g_auto (NebulaLogLine) found = { 0 };
      g_autofree char *shown = g_strescape (others[i], NULL);

      g_test_message ("%s", shown);
      g_assert_false (nebula_log_line_parse (&found, others[i]));
      g_assert_null (found.message);
    }
}

/* Whatever comes: nothing is read beyond it, no text is longer than its line. */
static void
assert_sound (const char *bytes, gsize length)
{
  /* In memory of its own, where a byte too many is seen. */
  g_autofree char *line = g_strndup (bytes, length);
  g_auto (NebulaLogLine) found = { 0 };

  if (!nebula_log_line_parse (&found, line))
    g_assert_null (found.message);
  if (found.message != NULL)
    {
      g_assert_cmpuint (strlen (found.message), >, 0);
      g_assert_cmpuint (strlen (found.message), <=, strlen (line));
    }
}

static void
test_broken (void)
{
  static const char marks[] = "\"'\\():=-[]{}, b\377E_0";
  g_autoptr (GRand) rand = g_rand_new_with_seed (1005);

  for (gsize i = 0; i < G_N_ELEMENTS (lines); i++)
    {
      gsize length = strlen (lines[i].line);

      for (gsize cut = 0; cut <= length; cut++)
        {
          assert_sound (lines[i].line, cut);
          assert_sound (lines[i].line + cut, length - cut);
        }
      for (guint round = 0; round < 300; round++)
        {
          g_autofree char *changed = g_strdup (lines[i].line);

          for (guint n = 0; n < 1 + round % 4; n++)
            changed[g_rand_int_range (rand, 0, (gint32) length)]
              = marks[g_rand_int_range (rand, 0, sizeof marks)];
          assert_sound (changed, length);
        }
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_summary ("Code, text and call are found in lines of logs; broken lines do no harm.");
  g_test_add_func ("/log-line/table", test_table);
  g_test_add_func ("/log-line/nothing", test_nothing);
  g_test_add_func ("/log-line/broken", test_broken);
  return g_test_run ();
}
