/* SPDX-License-Identifier: Apache-2.0 */
#include <nebula-retry/nebula-retry.h>
#include <string.h>

/* Statements and messages as they may be shown: canary is what must not be seen. */

typedef struct
{
  const char *statement;
  const char *shown;
} Statement;

/* Written by people who know what they do: nothing but the secret goes. */
static const Statement right[] = {
  { "CREATE USER a WITH PASSWORD \"canary\"", "CREATE USER a WITH PASSWORD \"***\"" },
  { "create user if not exists a with password 'canary'",
    "create user if not exists a with password '***'" },
  { "ALTER USER a WITH PASSWORD \"canary\"; YIELD 1",
    "ALTER USER a WITH PASSWORD \"***\"; YIELD 1" },
  { "ALTER USER a WITH PASSWORD \"can\\\"ary\"", "ALTER USER a WITH PASSWORD \"***\"" },
  { "ALTER USER a WITH PASSWORD \"it's canary\"", "ALTER USER a WITH PASSWORD \"***\"" },
  { "ALTER USER a WITH PASSWORD \"\"", "ALTER USER a WITH PASSWORD \"***\"" },
  { "CHANGE PASSWORD a FROM \"canary\" TO \"canary\"", "CHANGE PASSWORD a FROM \"***\" TO \"***\"" },
  { "cHaNgE pAsSwOrD a fRoM 'canary' tO 'canary'", "cHaNgE pAsSwOrD a fRoM '***' tO '***'" },
  { "SIGN IN TEXT SERVICE (127.0.0.1:9200, HTTP, \"canary\", \"canary\")",
    "SIGN IN TEXT SERVICE (127.0.0.1:9200, HTTP, \"***\", \"***\")" },
  { "sign in text service(es:9200,https,\"canary\",\"canary\")",
    "sign in text service(es:9200,https,\"***\",\"***\")" },
  { "INSERT VERTEX a(user_password) VALUES \"v\":(\"canary\")",
    "INSERT VERTEX a(user_password) VALUES \"***\":(\"***\")" },
  { "YIELD 1 /* the password is canary */", "YIELD 1" },
  { "ALTER USER a /* it's canary */ WITH PASSWORD \"can'ary\"",
    "ALTER USER a WITH PASSWORD \"***\"" },
  { "ALTER USER `it's` WITH PASSWORD \"can'ary\"", "ALTER USER `it's` WITH PASSWORD \"***\"" },
  { "ALTER USER a # canary's\n WITH // canary \"\n PASSWORD 'canary'",
    "ALTER USER a WITH PASSWORD '***'" },
  { "CREATE USER a WITH PASSWORD \"canary\" # canary",
    "CREATE USER a WITH PASSWORD \"***\"" },
};

/* Written wrong: the one who reads knows less, and the secret is hidden all the same. */
static const Statement wrong[] = {
  { "CREATE USER a WITH PASSWORD canary", "CREATE USER a WITH PASSWORD ***" },
  { "CREATE USER a WITH PASSWORD canary canary2; YIELD 1",
    "CREATE USER a WITH PASSWORD ***; YIELD 1" },
  { "CREATE USER a WITH PASSWORD `canary`", "CREATE USER a WITH PASSWORD ***" },
  { "CREATE USER a WITH PASSWORD $canary", "CREATE USER a WITH PASSWORD ***" },
  { "CREATE USER a WITH PASSWROD \"canary\"", "CREATE USER a WITH PASSWROD \"***\"" },
  { "CREATE USER a WITH PASWORD canary", "CREATE USER a WITH PASWORD ***" },
  { "CREATE USER a WITH PIN \"canary\"", "CREATE USER a WITH PIN \"***\"" },
  { "CRAETE USER a WITH PASSWD \"canary\"", "CRAETE USER a WITH PASSWD \"***\"" },
  { "ALTER USER a \"canary\"", "ALTER USER a \"***\"" },
  { "ALTER /* a */ USER a \"canary\"", "ALTER USER a \"***\"" },
  { "CHANGE USER a FROM \"canary\"", "CHANGE USER a FROM \"***\"" },
  { "CHANGE PASSWORD a FROM canary TO canary", "CHANGE PASSWORD a FROM ***" },
  { "SIGN IN TEXT SERVICE (es:9200, HTTP, canary, 4711)",
    "SIGN IN TEXT SERVICE (es:9200, HTTP, ***" },
  { "; SIGN ON (\"canary\")", "; SIGN ON (\"***\")" },
  { "CRAETE USR a WITH PWD \"canary\"", "CRAETE USR a WITH PWD \"***\"" },
  { "YIELD 1; MAKE USR a 'canary'; YIELD 2", "YIELD 1; MAKE USR a '***'; YIELD 2" },
  { "$v = (CRAETE USR a \"canary\")", "$v = (CRAETE USR a \"***\")" },
};

/* Cut, or with a quote too few or too many: all from the first quote on is hidden. */
static const Statement unreadable[] = {
  { "ALTER USER a WITH PASSWORD \"canary", "ALTER USER a WITH PASSWORD ***" },
  { "ALTER USER a WITH PASSWORD \"canary\\", "ALTER USER a WITH PASSWORD ***" },
  { "ALTER USER a WITH PASSWORD \"a\" \"\ncanary\"", "ALTER USER a WITH PASSWORD ***" },
  { "ALTER USER a WITH PASSWORD canary \"", "ALTER USER a WITH PASSWORD ***" },
  { "ALTER USER `a WITH PASSWORD \"canary\"", "ALTER USER ***" },
  { "YIELD \"a; ALTER USER a WITH PASSWORD \"canary\"", "YIELD ***" },
  { "ALTER USER a WITH PASSWORD \\canary", "ALTER USER a WITH PASSWORD ***" },
  { "ALTER USER a WITH PASSWORD \"x\" /* canary", "ALTER USER a WITH PASSWORD \"***\"" },
  { "CHANGE PASSWORD a FROM \"canary\" TO \"cana", "CHANGE PASSWORD ***" },
  { "\"ALTER USER a WITH PASSWORD \"canary\"\"", "***" },
  { "ALTER USER a WITH PASSWORD ;canary\"", "ALTER USER a WITH PASSWORD ***" },
};

static const char *const plain[] = {
  "", "YIELD 1", "  YIELD\n\t \"text\", 'text' # why\n", "YIELD \"\377\"", "YIELD \"cut",
  "MATCH (v:service{name:\"a\"}) RETURN v", "RETURN sign(-1)", "MATCH (v:passenger) RETURN v",
  "CREATE TAG user(name string)", "DROP USER a", "GRANT ROLE ADMIN ON s TO a",
  "(GO FROM \"a\" OVER e) UNION (GO FROM \"b\" OVER e)", "$v = GO FROM \"a\" OVER e; YIELD \"b\"",
  "EXPLAIN FORMAT = \"dot\" GO FROM \"a\" OVER e", "PROFILE { YIELD \"a\"; YIELD \"b\" }",
  "MAKE USR a", "GO FROM \"a\" OVER e | DELETE VERTEX $-.id",
};

static void
check (const Statement *rows, gsize n_rows)
{
  for (gsize i = 0; i < n_rows; i++)
    {
      g_autofree char *shown = nebula_statement_redact (rows[i].statement, -1);

      g_assert_cmpstr (g_strchomp (shown), ==, rows[i].shown);
    }
}

static void
test_right (void)
{
  g_test_summary ("of a statement with a password all is shown but what is in quotes, and comments");
  check (right, G_N_ELEMENTS (right));
  for (gsize i = 0; i < G_N_ELEMENTS (right); i++)
    g_assert_true (nebula_statement_holds_secret (right[i].statement, -1));
}

static void
test_wrong (void)
{
  g_test_summary ("a password is hidden too where the statement has it in a wrong way");
  check (wrong, G_N_ELEMENTS (wrong));
}

static void
test_unreadable (void)
{
  g_test_summary ("where a string does not end nothing is trusted from the first quote on");
  check (unreadable, G_N_ELEMENTS (unreadable));
}

static void
test_plain (void)
{
  g_test_summary ("a statement that has nothing to do with passwords stays as it is");
  for (gsize i = 0; i < G_N_ELEMENTS (plain); i++)
    {
      g_autofree char *shown = nebula_statement_redact (plain[i], -1);
      g_autofree char *escaped = g_strescape (plain[i], NULL);

      g_test_message ("%s", escaped);
      g_assert_false (nebula_statement_holds_secret (plain[i], -1));
      g_assert_cmpstr (shown, ==, plain[i]);
    }
  g_assert_false (nebula_statement_holds_secret (NULL, 0));
}

#define SECRET "qjzv0xk7"

/* Whether any four bytes in a row of the secret are in @text. */
static gboolean
shows_part (const char *text, const char *secret)
{
  for (gsize i = 0; i + 4 <= strlen (secret); i++)
    {
      g_autofree char *part = g_strndup (secret + i, 4);

      if (strstr (text, part) != NULL)
        return TRUE;
    }
  return FALSE;
}

static void
test_cut (void)
{
  static const char *const whole[] = {
    "CREATE USER a WITH PASSWORD \"qjzv0xk7\"",
    "CHANGE PASSWORD a FROM 'qjzv0xk7' TO \"qjzv0xk7\"",
    "YIELD \"a\"; SIGN IN TEXT SERVICE (1.1.1.1:1, HTTP, \"qjzv0xk7\", \"qjzv0xk7\"); YIELD 1",
    "ALTER USER a /* qjzv0xk7 */ WITH PASSWORD 'qjzv0xk7' # qjzv0xk7",
  };

  g_test_summary ("wherever a statement is cut off no part of the secret is shown");
  for (gsize i = 0; i < G_N_ELEMENTS (whole); i++)
    for (gsize length = 0; length <= strlen (whole[i]); length++)
      {
        g_autofree char *shown = nebula_statement_redact (whole[i], (gssize) length);

        g_assert_false (shows_part (shown, SECRET));
      }
}

static const char *const forms[] = {
  "CREATE USER IF NOT EXISTS a WITH PASSWORD \"qjzv0xk7\"",
  "ALTER USER a WITH PASSWORD 'qjzv0xk7'",
  "CHANGE PASSWORD a FROM \"qjzv0xk7\" TO \"qjzv0xk7\"",
  "SIGN IN TEXT SERVICE (es:9200, HTTPS, \"qjzv0xk7\", \"qjzv0xk7\")",
  "YIELD 'a', \"b\" # c\n; ALTER USER a WITH PASSWORD \"qjzv0xk7\"; YIELD /* d */ 1",
};

/* Nothing of the secret in @statement is shown, nor in a text that quotes it from @offset on. */
static void
assert_hidden (const char *statement, gsize offset)
{
  g_autofree char *message = g_strdup_printf ("SyntaxError: syntax error near `%.30s'",
                                              statement + MIN (offset, strlen (statement)));
  g_autofree char *shown = nebula_statement_redact (statement, -1);
  g_autofree char *said = nebula_statement_redact_message (statement, -1, message);

  if (shows_part (shown, SECRET) || shows_part (said, SECRET))
    g_error ("%s\n%s\n%s", statement, shown, said);
}

static void
test_slips (void)
{
  static const char others[] = "x \"'`\\;#/(\n";

  g_test_summary ("one slip of the finger, wherever and whichever, does not show the secret");
  for (gsize i = 0; i < G_N_ELEMENTS (forms); i++)
    for (gsize at = 0; at < strlen (forms[i]); at++)
      {
        g_autoptr (GString) text = g_string_new (forms[i]);
        char c = text->str[at];

        g_string_erase (text, (gssize) at, 1);
        assert_hidden (text->str, at);
        for (const char *other = others; *other != '\0'; other++)
          {
            g_string_insert_c (text, (gssize) at, *other);
            assert_hidden (text->str, at); /* another letter */
            g_string_insert_c (text, (gssize) at, c);
            assert_hidden (text->str, at); /* one too many */
            g_string_erase (text, (gssize) at, 2);
          }
        g_string_insert_c (text, (gssize) MIN (at + 1, text->len), c);
        assert_hidden (text->str, at); /* two in the wrong order */
      }
}

static void
test_bytes (void)
{
  static const char bytes[] = "CREATE USER a WITH PASSWORD \"canary\" \0 canary";
  g_autofree char *shown = nebula_statement_redact (bytes, sizeof bytes - 1);

  g_test_summary ("behind a NUL nothing is readable");
  g_assert_cmpstr (shown, ==, "CREATE USER a WITH PASSWORD ***");
}

typedef struct
{
  const char *statement;
  const char *message;
  const char *shown;
} Message;

#define CREATE "CREATE USER a WITH PASSWORD \"canary\""

static const Message messages[] = {
  { CREATE " x", "SyntaxError: syntax error near `x'", "SyntaxError: syntax error near `***'" },
  { "CREATE USER a WITH PASSWORD canary", "SyntaxError: syntax error near `canary'",
    "SyntaxError: syntax error near `***'" },
  { "CREATE USER a WITH PASWROD \"canary\"", "SyntaxError: syntax error near `PASWROD \"cana",
    "SyntaxError: syntax error near `***'" },
  { "CREATE USER a PASSWORD \"canary", "SyntaxError: Unterminated string: near `\"canary'",
    "SyntaxError: ***" },
  { CREATE, "Existed!", "Existed!" },
  { CREATE, "PermissionError: No permission to write user.",
    "PermissionError: No permission to write user." },
  { CREATE, "SemanticError: the password canary is too short", "SemanticError: ***" },
  { CREATE, "canary is no password", "***" },
  { CREATE, "a1 Error: canary is no password", "***" },
  { "CREATE USER a WITH PASSWORD \"ca\\\"nary\"", "SemanticError: bad ca\"nary", "SemanticError: ***" },
  { "CREATE USER a WITH PASSWORD \"ca\\\"nary\"", "SemanticError: bad ca\\\"nary",
    "SemanticError: ***" },
  { "CHANGE PASSWORD a FROM \"x1\" TO \"canary\"", "Storage Error: x1", "Storage Error: ***" },
  { "CREATE USER a WITH PASSWORD \"\"", "SemanticError: empty", "SemanticError: empty" },
  { "CREATE USER a WITH PASSWORD \"canaryError: \"", "canaryError: bad", "***" },
  { "YIELD \"canary\" x", "SyntaxError: syntax error near `x'", "SyntaxError: syntax error near `x'" },
  { NULL, "SyntaxError: syntax error near `x'", "SyntaxError: syntax error near `x'" },
  { CREATE, "", "" },
};

static void
test_messages (void)
{
  g_test_summary ("what graphd quotes of such a statement is hidden, and so is the secret elsewhere");
  for (gsize i = 0; i < G_N_ELEMENTS (messages); i++)
    {
      const Message *row = &messages[i];
      g_autofree char *shown = NULL;

      g_test_message ("%s", row->message);
      shown = nebula_statement_redact_message (row->statement, -1, row->message);
      g_assert_cmpstr (shown, ==, row->shown);
    }
}

static void
test_outcome (void)
{
  g_autoptr (NebulaOutcome) outcome = NULL;
  g_autoptr (NebulaOutcome) shown = NULL;

  g_test_summary ("an outcome with another text means the same");
  outcome = nebula_outcome_new_from_reply (NEBULA_PHASE_AUTHENTICATE, -1001,
                                           "a has been locked, try again in 7 seconds", -1,
                                           NEBULA_CALL_TRAITS_NONE);
  shown = nebula_outcome_copy_with_message (outcome, "***");
  g_assert_cmpstr (nebula_outcome_get_message (shown), ==, "***");
  g_assert_cmpint (nebula_outcome_get_wire_code (shown), ==, -1001);
  g_assert_cmpint (nebula_outcome_get_real_code (shown), ==,
                   nebula_outcome_get_real_code (outcome));
  g_assert_cmpint (nebula_outcome_get_category (shown), ==, NEBULA_ERROR_CATEGORY_AUTH);
  g_assert_cmpint (nebula_outcome_get_cause (shown), ==, NEBULA_CAUSE_LOCKED);
  g_assert_cmpint (nebula_outcome_get_effect (shown), ==, NEBULA_EFFECT_NONE);
  g_assert_cmpint (nebula_outcome_get_pace (shown), ==, NEBULA_PACE_PUSHBACK);
  g_assert_cmpint (nebula_outcome_get_pushback (shown), ==, 7 * G_TIME_SPAN_SECOND);
  g_assert_cmpstr (nebula_outcome_get_rule (shown), ==, nebula_outcome_get_rule (outcome));
  g_assert_cmpint (nebula_outcome_get_grpc_status (shown), ==,
                   nebula_outcome_get_grpc_status (outcome));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/statement-redact/right", test_right);
  g_test_add_func ("/statement-redact/wrong", test_wrong);
  g_test_add_func ("/statement-redact/unreadable", test_unreadable);
  g_test_add_func ("/statement-redact/plain", test_plain);
  g_test_add_func ("/statement-redact/cut", test_cut);
  g_test_add_func ("/statement-redact/slips", test_slips);
  g_test_add_func ("/statement-redact/bytes", test_bytes);
  g_test_add_func ("/statement-redact/messages", test_messages);
  g_test_add_func ("/statement-redact/outcome", test_outcome);
  return g_test_run ();
}
