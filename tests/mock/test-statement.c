/* SPDX-License-Identifier: Apache-2.0 */
#include "nebula-mock-statement-private.h"

#include <string.h>

static const char *const kind_names[] = {
  "use", "create", "drop", "show-spaces", "show-sessions", "insert", "update",
  "delete", "fetch", "yield", "rows", "everything", "traverse"
};

static void
append_list (GString    *text,
             const char *label,
             GPtrArray  *list)
{
  guint i;

  if (list->len == 0)
    return;
  g_string_append_printf (text, " %s", label);
  for (i = 0; i < list->len; i++)
    g_string_append_printf (text, "%c%s", i == 0 ? '=' : ',',
                            (const char *) g_ptr_array_index (list, i));
}

static void
append_value (GString  *text,
              GVariant *value)
{
  g_autofree char *printed = NULL;
  const char *bytes;
  gsize length;

  if (g_variant_is_of_type (value, G_VARIANT_TYPE_BYTESTRING))
    {
      bytes = g_variant_get_fixed_array (value, &length, 1);
      g_string_append_printf (text, "'%.*s'", (int) length, bytes);
      return;
    }
  printed = g_variant_print (value, FALSE);
  g_string_append (text, printed);
}

/* One line that says all of a sentence. */
static void
append_sentence (GString                  *text,
                 const NebulaMockSentence *sentence)
{
  guint i;

  g_string_append (text, kind_names[sentence->kind]);
  if (sentence->name != NULL)
    g_string_append_printf (text, " %s", sentence->name);
  if (sentence->is_explained)
    g_string_append (text, " explained");
  if (sentence->lenient)
    g_string_append (text, " lenient");
  append_list (text, "vertices", sentence->vertices);
  append_list (text, "names", sentence->names);
  append_list (text, "properties", sentence->properties);
  for (i = 0; i < sentence->values->len; i++)
    {
      g_string_append (text, i == 0 ? " values=" : ",");
      append_value (text, g_ptr_array_index (sentence->values, i));
    }
  for (i = 0; i < sentence->assignments->len; i++)
    {
      const NebulaMockAssignment *assignment = g_ptr_array_index (sentence->assignments, i);

      g_string_append_printf (text, " %s:=%s%s", assignment->property,
                              assignment->base != NULL ? assignment->base : "",
                              assignment->base != NULL ? "+" : "");
      append_value (text, assignment->value);
    }
  if (sentence->kind == NEBULA_MOCK_SENTENCE_ROWS)
    g_string_append_printf (text, " %" G_GINT64_FORMAT, sentence->count);
}

typedef struct
{
  const char *text;
  const char *expected;
} GoodCase;

static const GoodCase good_cases[] = {
  { "", "" },
  { " ; ;; # nothing\n // more\n /* and ; more */ \xc2\xa0\t", "" },
  { "USE s", "use s" },
  { "use `a b;c`;", "use a b;c" },
  { "USE `a\\`b`", "use a`b" },
  { "CREATE SPACE s", "create s" },
  { "create space if not exists s (vid_type=FIXED_STRING(30), replica_factor=1)",
    "create s lenient" },
  { "DROP SPACE s", "drop s" },
  { "DROP SPACE IF EXISTS s", "drop s lenient" },
  { "SHOW SPACES; SHOW SESSIONS", "show-spaces | show-sessions" },
  { "INSERT VERTEX t(a, b) VALUES \"v\":(1, \"x\")",
    "insert t vertices=v names=a,b values=1,'x'" },
  { "INSERT VERTEX t(a) VALUES \"v\":(1), 'w':(-2.5), 7:(true), -8:(NULL);",
    "insert t vertices=v,w,7,-8 names=a values=1,-2.5,true,()" },
  { "INSERT VERTEX IF NOT EXISTS t() VALUES \"v\":()", "insert t lenient vertices=v" },
  { "UPDATE VERTEX ON t \"v\" SET n = n + 1", "update t vertices=v n:=n+1" },
  { "UPDATE VERTEX ON t \"v\" SET n = n - 2, m = 5, s = \"x\" YIELD n AS a, m",
    "update t vertices=v n:=n+-2 m:=5 s:='x'" },
  { "UPSERT VERTEX ON `t` \"v\" SET n = m + 1", "update t lenient vertices=v n:=m+1" },
  { "DELETE VERTEX \"v\", \"w\" WITH EDGE", "delete vertices=v,w" },
  { "FETCH PROP ON t \"v\" YIELD properties(vertex).n",
    "fetch t vertices=v names=properties(vertex).n properties=n" },
  { "FETCH PROP ON t \"v\", \"w\" YIELD vertex AS v, properties(vertex).`n` AS n",
    "fetch t vertices=v,w names=v,n properties=,n" },
  { "YIELD 1", "yield names=1 values=1" },
  { "YIELD 1 AS a, \"x\" AS b", "yield names=a,b values=1,'x'" },
  { "YIELD - 1, 1.5e3, 'a\\'b\\n', false", "yield names=- 1,1.5e3,'a\\'b\\n',false "
                                         "values=-1,1500.0,'a'b\n',false" },
  { "YIELD 9223372036854775807, -9223372036854775808",
    "yield names=9223372036854775807,-9223372036854775808 "
    "values=9223372036854775807,-9223372036854775808" },
  { "RETURN \"NEBULA GO PING\"", "yield names=\"NEBULA GO PING\" values='NEBULA GO PING'" },
  { "YIELD rows(20000)", "rows 20000" },
  { "YIELD everything()", "everything" },
  { "GO FROM \"v;\" OVER e YIELD dst(edge) | LIMIT 3; MATCH (v) RETURN v # end",
    "traverse | traverse" },
  { "USE s; YIELD 1;", "use s | yield names=1 values=1" },
  { "PROFILE YIELD 1", "yield names=1 values=1" },
  { "profile format=\"row\" DELETE VERTEX \"v\"", "delete vertices=v" },
  { "EXPLAIN FORMAT = 'dot' DELETE VERTEX \"v\"", "delete explained vertices=v" },
};

static void
test_good (void)
{
  gsize i;
  guint j;

  for (i = 0; i < G_N_ELEMENTS (good_cases); i++)
    {
      g_autofree char *error = NULL;
      g_autoptr (GString) told = g_string_new (NULL);
      g_autoptr (GPtrArray) sentences =
        nebula_mock_statement_read (good_cases[i].text, strlen (good_cases[i].text), &error);

      g_test_message ("%s", good_cases[i].text);
      g_assert_cmpstr (error, ==, NULL);
      for (j = 0; j < sentences->len; j++)
        {
          g_string_append (told, j == 0 ? "" : " | ");
          append_sentence (told, g_ptr_array_index (sentences, j));
        }
      g_assert_cmpstr (told->str, ==, good_cases[i].expected);
    }
}

typedef struct
{
  const char *text;
  const char *near; /* where the error is said to be */
} WrongCase;

static const WrongCase wrong_cases[] = {
  { "HELLO", "HELLO" },
  { "USE s; PROFILE YIELD 1", "PROFILE YIELD 1" },
  { "EXPLAIN", "" },
  { "PROFILE FORMAT YIELD 1", "YIELD 1" },
  { "EXPLAIN YIELD 1; YIELD 2", "; YIELD 2" },
  { "USE", "" },
  { "USE s t", "t" },
  { "USE \"s\"", "\"s\"" },
  { "YIELD 1; YIELD", "" },
  { "YIELD 1 | YIELD 2", "| YIELD 2" },
  { "YIELD a", "a" },
  { "YIELD 9223372036854775808", "9223372036854775808" },
  { "YIELD \"x", "\"x" },
  { "YIELD \"x\n\"", "\"x\n\"" },
  { "YIELD 1 /* 2", "/* 2" },
  { "YIELD 1 -- 2", "-- 2" },
  { "YIELD `x`", "`x`" },
  { "YIELD rows(\"1\")", "\"1\")" },
  { "CREATE TAG t(a int)", "TAG t(a int)" },
  { "INSERT VERTEX t(a) VALUES \"v\":(1, 2)", ", 2)" },
  { "INSERT VERTEX t(a, b) VALUES \"v\":(1)", ")" },
  { "INSERT VERTEX t(a) VALUES v:(1)", "v:(1)" },
  { "INSERT EDGE e() VALUES \"v\"->\"w\":()", "EDGE e() VALUES \"v\"->\"w\":()" },
  { "UPDATE VERTEX ON t \"v\" SET n = n * 2", "* 2" },
  { "UPDATE VERTEX ON t \"v\" SET n", "" },
  { "FETCH PROP ON t \"v\"", "" },
  { "FETCH PROP ON t \"v\" YIELD edge", "edge" },
  { "GO FROM 'v", "'v" },
  { "KILL SESSION 5", "KILL SESSION 5" },
};

static void
test_wrong (void)
{
  gsize i;

  for (i = 0; i < G_N_ELEMENTS (wrong_cases); i++)
    {
      g_autofree char *error = NULL;
      g_autofree char *expected =
        g_strdup_printf ("SyntaxError: syntax error near `%s'", wrong_cases[i].near);

      g_test_message ("%s", wrong_cases[i].text);
      g_assert_null (
        nebula_mock_statement_read (wrong_cases[i].text, strlen (wrong_cases[i].text), &error));
      g_assert_cmpstr (error, ==, expected);
    }
}

/* As graphd's texts, that are made in a buffer of that size. */
static void
test_error_is_cut (void)
{
  g_autofree char *text = g_strnfill (1000, 'x');
  g_autofree char *error = NULL;

  g_assert_null (nebula_mock_statement_read (text, 1000, &error));
  g_assert_cmpuint (strlen (error), ==, 255);
  g_assert_true (g_str_has_prefix (error, "SyntaxError: syntax error near `xxx"));
}

/* Every statement above, cut off anywhere: it is read or refused, and never more of it. */
static void
test_cut_off (void)
{
  gsize i, length;

  for (i = 0; i < G_N_ELEMENTS (good_cases); i++)
    for (length = 0; length < strlen (good_cases[i].text); length++)
      {
        g_autofree char *copy = g_memdup2 (good_cases[i].text, MAX (length, 1));
        g_autofree char *error = NULL;
        g_autoptr (GPtrArray) sentences = nebula_mock_statement_read (copy, length, &error);

        g_assert_true ((sentences == NULL) == (error != NULL));
      }
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_summary ("The statements that the mock knows are read as graphd reads them.");
  g_test_add_func ("/statement/good", test_good);
  g_test_add_func ("/statement/wrong", test_wrong);
  g_test_add_func ("/statement/error-is-cut", test_error_is_cut);
  g_test_add_func ("/statement/cut-off", test_cut_off);
  return g_test_run ();
}
