/* SPDX-License-Identifier: Apache-2.0 */
#include <nebula-retry/nebula-statement.h>

#include <string.h>

#include "statements.h"

static void
assert_statement (const char           *text,
                  gssize                length,
                  NebulaStatementSafety safety,
                  NebulaCallTraits      traits)
{
  NebulaCallTraits found = 0xff;
  NebulaStatementSafety got = nebula_statement_get_safety (text, length, &found);

  if (got != safety || found != traits)
    g_test_message ("%s", text);
  g_assert_cmpstr (nebula_statement_safety_to_string (got), ==,
                   nebula_statement_safety_to_string (safety));
  g_assert_cmpuint (found, ==, traits);
  g_assert_cmpint (nebula_statement_get_safety (text, length, NULL), ==, safety);
}

static void
test_table (gconstpointer data)
{
  const StatementGroup *group = data;

  for (gsize i = 0; i < group->n_statements; i++)
    assert_statement (group->statements[i].text, -1, group->safety, group->statements[i].traits);
}

static void
test_bytes (void)
{
  static const char nul[] = "YIELD 1\0; DELETE VERTEX 1";
  const gsize begin = (gsize) (strstr (odd_statement, "GO") - odd_statement) + 1;
  const gsize write = (gsize) (strstr (odd_statement, "DELETE") - odd_statement) + 5;
  const gsize use = (gsize) (strstr (odd_statement, "USE s") - odd_statement) + 3;

  assert_statement (NULL, -1, NEBULA_STATEMENT_NOT_IDEMPOTENT, 0);
  assert_statement (NULL, 7, NEBULA_STATEMENT_NOT_IDEMPOTENT, 0);
  assert_statement ("YIELD 1", 0, NEBULA_STATEMENT_NOT_IDEMPOTENT, 0);
  assert_statement ("YIELD 1; DROP SPACE s", 7, NEBULA_STATEMENT_READ_ONLY, 0);
  assert_statement ("YIELD 1 /* x", 9, NEBULA_STATEMENT_READ_ONLY, 0);
  assert_statement ("YIELD $-", 7, NEBULA_STATEMENT_NOT_IDEMPOTENT, NEBULA_CALL_COMPOUND);
  assert_statement (nul, sizeof nul - 1, NEBULA_STATEMENT_NOT_IDEMPOTENT, NEBULA_CALL_COMPOUND);
  assert_statement ("YIELD 1\x01", -1, NEBULA_STATEMENT_NOT_IDEMPOTENT, NEBULA_CALL_COMPOUND);
  assert_statement ("YIELD \xff\xfe", -1, NEBULA_STATEMENT_READ_ONLY, 0);

  /* Every cut of a statement is read without reading past it. */
  for (gsize i = 0; i <= strlen (odd_statement); i++)
    {
      g_autofree char *exact = g_memdup2 (odd_statement, i);

      /* Short of "(GO" it is nothing yet, behind "DELETE" it is a write. */
      if (i <= begin || i > write)
        g_assert_cmpint (nebula_statement_get_safety (exact, (gssize) i, NULL), ==,
                         NEBULA_STATEMENT_NOT_IDEMPOTENT);
      else
        nebula_statement_get_safety (exact, (gssize) i, NULL);
      g_assert_cmpint (nebula_statement_may_change_space (exact, i), ==,
                       i >= use);
      g_assert_false (nebula_statement_starts_with_use (exact, i));
    }
}

/* A value may be made by each function of graphd that gives the same for the same arguments, by
 * the others never, nor by what looks like one of the former. */
static void
test_functions (void)
{
  static const char *const pure[] = {
    "abs",       "acos",       "asin",     "atan",      "cbrt",    "ceil",      "coalesce",
    "concat",    "concat_ws",  "cos",      "duration",  "exp",     "exp2",      "floor",
    "hash",      "hypot",      "length",   "log",       "log10",   "log2",      "lower",
    "lpad",      "ltrim",      "pow",      "radians",   "replace", "reverse",   "round",
    "rpad",      "rtrim",      "sign",     "sin",       "size",    "split",     "sqrt",
    "ST_GeogFromText",         "ST_Point", "strcasecmp", "substr", "substring", "tan",
    "toBoolean", "toFloat",    "toInteger", "toLower",  "toString", "toUpper",  "trim",
    "upper",     "date",       "datetime", "time",      "timestamp",
  };
  static const char *const impure[] = { "now", "rand", "rand32", "rand64", "uuid" };

  for (gsize i = 0; i < G_N_ELEMENTS (pure); i++)
    {
      g_autofree char *same = g_strdup_printf ("INSERT VERTEX t(a) VALUES 1:(%s(1))", pure[i]);
      g_autofree char *longer = g_strdup_printf ("INSERT VERTEX t(a) VALUES 1:(%sx(1))", pure[i]);

      assert_statement (same, -1, NEBULA_STATEMENT_IDEMPOTENT, 0);
      assert_statement (longer, -1, NEBULA_STATEMENT_NOT_IDEMPOTENT, 0);
    }
  for (gsize i = 0; i < G_N_ELEMENTS (impure); i++)
    {
      g_autofree char *text = g_strdup_printf ("INSERT VERTEX t(a) VALUES 1:(%s(1))", impure[i]);

      assert_statement (text, -1, NEBULA_STATEMENT_NOT_IDEMPOTENT, 0);
    }
}

/* A no-break space and bytes of other scripts. */
static void
test_white_space (void)
{
  assert_statement ("\302\240GO\302\240FROM\302\2401\302\240OVER\302\240e", -1,
                    NEBULA_STATEMENT_READ_ONLY, 0);
  assert_statement ("GO FROM 1 OVER e |\302\240DELETE\302\240VERTEX\302\240$-.id", -1,
                    NEBULA_STATEMENT_NOT_IDEMPOTENT, NEBULA_CALL_COMPOUND);
  assert_statement ("MATCH (v:\347\220\203\345\221\230) RETURN v", -1, NEBULA_STATEMENT_READ_ONLY,
                    0);
  assert_statement ("\r\n\tyield\t1\r\n", -1, NEBULA_STATEMENT_READ_ONLY, 0);
  assert_statement ("YIELD\v1", -1, NEBULA_STATEMENT_NOT_IDEMPOTENT, NEBULA_CALL_COMPOUND);
}

/* Words are read in pieces: they are found wherever they lie, and only whole; so is the end of what
 * is quoted. */
static void
test_positions (void)
{
  static const struct
  {
    const char *tail;
    NebulaStatementSafety safety;
  } cases[] = {
    { " | DELETE VERTEX $-.id", NEBULA_STATEMENT_NOT_IDEMPOTENT },
    { "|delete\302\240vertex $-.id", NEBULA_STATEMENT_NOT_IDEMPOTENT },
    { " | DELETE", NEBULA_STATEMENT_NOT_IDEMPOTENT },
    { " | DELETED", NEBULA_STATEMENT_NOT_IDEMPOTENT },
    { " | XDELETE v", NEBULA_STATEMENT_NOT_IDEMPOTENT },
    { " | YIELD DELETED", NEBULA_STATEMENT_READ_ONLY },
    { " | YIELD XDELETE v", NEBULA_STATEMENT_READ_ONLY },
    { " | YIELD DELETE_ v", NEBULA_STATEMENT_READ_ONLY },
    { " | YIELD DELETE1 v", NEBULA_STATEMENT_READ_ONLY },
    { " | YIELD DELETE\303\244 v", NEBULA_STATEMENT_READ_ONLY },
    { " | YIELD DELETE\303\244\302\240v", NEBULA_STATEMENT_READ_ONLY },
    { " | YIELD \303\244DELETE v", NEBULA_STATEMENT_READ_ONLY },
    { " | YIELD DELETE\302\265 v", NEBULA_STATEMENT_READ_ONLY }, /* as U+00A0 begins */
    { " | YIELD \302\265DELETE v", NEBULA_STATEMENT_READ_ONLY },
    { " | YIELD DELETEDELETEDELETE v", NEBULA_STATEMENT_READ_ONLY },
    { " | YIELD DELETEDELETEDELETE", NEBULA_STATEMENT_READ_ONLY },
    { " | YIELD DELETE\303\244", NEBULA_STATEMENT_READ_ONLY },
    { " | \"DELETE VERTEX\"", NEBULA_STATEMENT_READ_ONLY },
    { " | \"\\\" DELETE VERTEX\"", NEBULA_STATEMENT_READ_ONLY },
    { " | \"\\\nDELETE\"", NEBULA_STATEMENT_READ_ONLY },
    { " | \"\\\\\" DELETE VERTEX $-.id", NEBULA_STATEMENT_NOT_IDEMPOTENT },
    { " | \"DELETE\n\"", NEBULA_STATEMENT_NOT_IDEMPOTENT },
    { " | \"a", NEBULA_STATEMENT_NOT_IDEMPOTENT },
    { " | \"a\\", NEBULA_STATEMENT_NOT_IDEMPOTENT },
  };
  static const char *const heads[] = { "YIELD ", "GO FROM 1 OVER e YIELD 1 AS ", "YIELD \"" };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    for (gsize h = 0; h < G_N_ELEMENTS (heads); h++)
      for (gsize n = 1; n < 40; n++)
        {
          g_autofree char *name = g_strnfill (n, 'x');
          g_autofree char *text
              = g_strconcat (heads[h], name, h == 2 ? "\"" : "", cases[i].tail, NULL);
          gsize length = strlen (text);
          g_autofree char *exact = g_memdup2 (text, length); /* so that reading on is seen */

          assert_statement (exact, (gssize) length, cases[i].safety, NEBULA_CALL_COMPOUND);
        }
}

/* Appends @text with what changes nothing put where a blank is, and letters in any case outside
 * quotes. */
static void
append_disguised (GString    *to,
                  const char *text,
                  GRand      *rand)
{
  static const char *const blanks[] = {
    " ", "\t", "\n", "\r\n", "\302\240", "/* DELETE ; */", " // x ; | \n", " # \" ' ` \n", "/**/",
  };
  char quote = '\0';

  for (const char *at = text; *at != '\0'; at++)
    {
      if (quote != '\0' || strchr ("\"'`", *at) != NULL)
        {
          g_string_append_c (to, *at);
          if (*at == '\\')
            g_string_append_c (to, *++at);
          else if (quote == '\0')
            quote = *at;
          else if (*at == quote)
            quote = '\0';
        }
      else if (*at == ' ')
        {
          for (int n = g_rand_int_range (rand, 1, 4); n > 0; n--)
            g_string_append (
                to, blanks[g_rand_int_range (rand, 0, (gint32) G_N_ELEMENTS (blanks))]);
        }
      else
        {
          g_string_append_c (to, g_rand_boolean (rand) ? g_ascii_toupper (*at)
                                                       : g_ascii_tolower (*at));
        }
    }
}

/* Comments, case and white space never change what a statement is, so they never make it safer. */
static void
test_disguise (void)
{
  g_autoptr (GRand) rand = g_rand_new_with_seed (20240229);

  for (gsize g = 0; g < G_N_ELEMENTS (statement_groups); g++)
    {
      const StatementGroup *group = &statement_groups[g];

      for (gsize i = 0; i < group->n_statements; i++)
        {
          const Statement *statement = &group->statements[i];

          /* Comments do not nest, so none may be put into another. */
          if (group->unreadable || strchr (statement->text, '#') != NULL ||
              strstr (statement->text, "//") != NULL || strstr (statement->text, "/*") != NULL)
            continue;

          for (guint round = 0; round < 20; round++)
            {
              g_autoptr (GString) text = g_string_new (NULL);

              append_disguised (text, statement->text, rand);
              assert_statement (text->str, (gssize) text->len, group->safety, statement->traits);
            }
        }
    }
}

/* Appends @text with parentheses put where a blank is, outside quotes: pairs of them or not. */
static void
append_parenthesized (GString    *to,
                      const char *text,
                      GRand      *rand)
{
  static const char *const marks[] = { " ", " ", " ", "(", ")", "((", "))", " ( ) ", "()(" };
  char quote = '\0';

  for (const char *at = text; *at != '\0'; at++)
    {
      if (quote == '\0' && *at == ' ')
        {
          g_string_append_printf (
              to, " %s ", marks[g_rand_int_range (rand, 0, (gint32) G_N_ELEMENTS (marks))]);
          continue;
        }
      g_string_append_c (to, *at);
      if (quote != '\0' && *at == '\\')
        g_string_append_c (to, *++at);
      else if (quote == '\0' && strchr ("\"'`", *at) != NULL)
        quote = *at;
      else if (*at == quote)
        quote = '\0';
    }
}

/* However a statement is wrapped in parentheses, and wherever they are put, be it nonsense: it
 * does not become safer, and is no single UPDATE VERTEX if it was none. */
static void
test_parentheses (void)
{
  g_autoptr (GRand) rand = g_rand_new_with_seed (19991231);

  for (gsize g = 0; g < G_N_ELEMENTS (statement_groups); g++)
    for (gsize i = 0; i < statement_groups[g].n_statements * 40; i++)
      {
        const Statement *statement
            = &statement_groups[g].statements[i % statement_groups[g].n_statements];
        g_autoptr (GString) text = g_string_new (g_rand_boolean (rand) ? "(" : "");
        NebulaCallTraits traits;
        NebulaStatementSafety safety;

        append_parenthesized (text, statement->text, rand);
        if (text->str[0] == '(')
          g_string_append (text, "\n)");
        safety = nebula_statement_get_safety (text->str, (gssize) text->len, &traits);
        if (safety < statement_groups[g].safety)
          g_test_message ("%s", text->str);
        g_assert_cmpint (safety, >=, statement_groups[g].safety);
        g_assert_cmpint (traits & NEBULA_CALL_VERTEX_UPDATE & ~statement->traits, ==, 0);
      }
}

/* One pair around the whole is what nGQL allows, and changes nothing. */
static void
test_wrapped (void)
{
  for (gsize g = 0; g < G_N_ELEMENTS (statement_groups); g++)
    for (gsize i = 0; i < statement_groups[g].n_statements; i++)
      {
        const Statement *statement = &statement_groups[g].statements[i];
        g_autofree char *text = g_strdup_printf ("( %s\n)", statement->text);

        if (strpbrk (statement->text, "(;{#/$") == NULL &&
            !g_str_has_prefix (statement->text, "EXPLAIN") &&
            !g_str_has_prefix (statement->text, "PROFILE"))
          assert_statement (text, -1, statement_groups[g].safety, statement->traits);
      }
}

/* A sequence is as safe as its worst sentence. */
static void
test_sequence (void)
{
  for (gsize a = 0; a < G_N_ELEMENTS (statement_groups); a++)
    {
      for (gsize b = 0; b < G_N_ELEMENTS (statement_groups); b++)
        {
          const StatementGroup *first = &statement_groups[a];
          const StatementGroup *second = &statement_groups[b];
          g_autofree char *text = NULL;

          if (first->unreadable || second->unreadable)
            continue;

          text = g_strdup_printf ("%s ; %s", first->statements[0].text,
                                  second->statements[0].text);
          assert_statement (text, -1, MAX (first->safety, second->safety), NEBULA_CALL_COMPOUND);
        }
    }
}

/* No sequence of tokens hides a write behind it, be it well formed or not. */
static void
test_random (void)
{
  static const char *const tokens[] = {
    "GO", "FROM", "1",     "|",   "(",   ")",       "$v",  "=",      "$-",      ".", "x",  "UNION",
    "{",  "}",    "YIELD", "`x`", "\"(\"", "'{'",  "[",   "]",      ",",       ":", "\n", "/* ' */",
    "@",  "-",    "USE",   "SET", "SHOW", "PROFILE", "KILL", "VALUES", "FORMAT", ";", "<", "# (\n",
  };
  static const char *const writes[] = {
    "; CREATE SNAPSHOT",      "| DELETE VERTEX $-.id",   "UNION (DELETE VERTEX $v)",
    "; KILL QUERY (plan=1)", "; $v = DELETE VERTEX $v",
  };
  g_autoptr (GRand) rand = g_rand_new_with_seed (42);

  for (guint round = 0; round < 20000; round++)
    {
      g_autoptr (GString) text = g_string_new (NULL);
      NebulaStatementSafety safety;

      for (int n = g_rand_int_range (rand, 0, 12); n > 0; n--)
        g_string_append_printf (
            text, "%s ", tokens[g_rand_int_range (rand, 0, (gint32) G_N_ELEMENTS (tokens))]);
      g_string_append (text, writes[round % G_N_ELEMENTS (writes)]);

      safety = nebula_statement_get_safety (text->str, (gssize) text->len, NULL);
      if (safety != NEBULA_STATEMENT_NOT_IDEMPOTENT)
        g_test_message ("%s", text->str);
      g_assert_cmpint (safety, ==, NEBULA_STATEMENT_NOT_IDEMPOTENT);
    }
}

static void
test_change_space (void)
{
  static const struct
  {
    const char *text;
    gboolean    expected;
  } cases[] = {
    { "USE s", TRUE },
    { "use s", TRUE },
    { "uSe`s`", TRUE },
    { "YIELD 1;USE s", TRUE },
    { "/*x*/USE/*y*/s", TRUE },
    { "1USE s", TRUE },
    { "\302\240USE\302\240s", TRUE },
    { "USE", TRUE },
    { "DROP SPACE s", TRUE },
    { "drop space IF EXISTS s", TRUE },
    { "DROP/* not a */SPACE s", TRUE },
    { "DROP\n#\nSPACE s", TRUE },
    { "SHOW TAGS; DROP SPACE s", TRUE },
    { "YIELD \"please USE me\"", TRUE }, /* wrongly, and harmlessly */
    { "", FALSE },
    { "U", FALSE },
    { "US", FALSE },
    { "SE", FALSE },
    { "USER", FALSE },
    { "BECAUSE", FALSE },
    { "_USE x", FALSE },
    { "CREATE USER u", FALSE },
    { "use_it", FALSE },
    { "CREATE SPACE s (vid_type = INT64)", FALSE },
    { "DROP TAG t", FALSE },
    { "CLEAR SPACE s", FALSE },
    { "GO FROM \"player100\" OVER follow YIELD dst(edge)", FALSE },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      gsize length = strlen (cases[i].text);
      g_autofree char *longer = g_strconcat ("SHOW HOSTS ;", cases[i].text, "; YIELD 1", NULL);

      g_assert_cmpint (nebula_statement_may_change_space (cases[i].text, length), ==,
                       cases[i].expected);
      g_assert_cmpint (nebula_statement_may_change_space (longer, strlen (longer)), ==,
                       cases[i].expected);
    }

  g_assert_false (nebula_statement_may_change_space (NULL, 0));
  g_assert_false (nebula_statement_may_change_space (NULL, 5));
  g_assert_false (nebula_statement_may_change_space ("xx USE", 5));
  g_assert_true (nebula_statement_may_change_space (&"xUSE s"[1], 5));
}

/* At every offset: the scan takes steps of sixteen bytes. */
static void
test_change_space_offsets (void)
{
  for (guint before = 0; before < 36; before++)
    {
      for (guint after = 0; after < 36; after++)
        {
          g_autofree char *blank = g_strnfill (before, ' ');
          g_autofree char *rest = g_strnfill (after, ' ');
          g_autofree char *use = g_strconcat (blank, "Use", rest, NULL);
          g_autofree char *drop = g_strconcat (blank, "drop", rest, "spacE", NULL);
          g_autofree char *back = g_strconcat (blank, "sPACE", rest, "Drop", NULL);

          g_assert_true (nebula_statement_may_change_space (use, strlen (use)));
          g_assert_true (nebula_statement_may_change_space (drop, strlen (drop)));
          g_assert_true (nebula_statement_may_change_space (back, strlen (back)));
        }
    }
}

static void
test_starts_with_use (void)
{
  static const struct
  {
    const char *text;
    gboolean    expected;
  } cases[] = {
    { "USE s", TRUE },
    { "use s; GO FROM 1 OVER e", TRUE },
    { "  /* c */ # c\n // c\n\302\240Use s", TRUE },
    { ";; USE s", TRUE },
    { "USE`s`", TRUE },
    { "USER s", FALSE },
    { "`USE` s", FALSE },
    { "\"USE\" s", FALSE },
    { "YIELD 1; USE s", FALSE },
    { "(USE s)", FALSE },
    { "PROFILE USE s", FALSE },
    { "/* USE s", FALSE },
    { "# USE s", FALSE },
    { "", FALSE },
    { ";", FALSE },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      gboolean found = nebula_statement_starts_with_use (cases[i].text, strlen (cases[i].text));

      g_assert_cmpint (found, ==, cases[i].expected);
      /* Never one without the other. */
      if (found)
        g_assert_true (nebula_statement_may_change_space (cases[i].text, strlen (cases[i].text)));
    }

  g_assert_false (nebula_statement_starts_with_use (NULL, 0));
  g_assert_false (nebula_statement_starts_with_use (NULL, 5));
  g_assert_false (nebula_statement_starts_with_use ("USE s", 2));
}

/* Any of the sentences, under the name that it has without back-quotes. */
static void
test_chooses_space (void)
{
  static const struct
  {
    const char *text;
    const char *space;
    gboolean    expected;
  } cases[] = {
    { "USE s", "s", TRUE },
    { "USE s", "S", FALSE },
    { "USE s", "", FALSE },
    { "USE sp", "s", FALSE },
    { "USE s", "sp", FALSE },
    { "YIELD 1; /* c */ use `s`; YIELD 2", "s", TRUE },
    { "USE r; USE s", "s", TRUE },
    { "USE `a;b`", "a;b", TRUE },
    { "USE `a;USE s`", "s", FALSE },
    { "USE `a\\`b\\\\`", "a`b\\", TRUE },
    { "USE `USE`", "USE", TRUE },
    { "YIELD \"USE s\"", "s", FALSE },
    { "YIELD 1 AS USE s", "s", FALSE },
    { "# USE s", "s", FALSE },
    { "USE \"s\"", "s", FALSE },
    { "USE", "", FALSE },
    { "USE ;s", "s", FALSE },
    { "DESCRIBE s", "s", FALSE },
    { "USE `s", "s", FALSE },
    { "", "", FALSE },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_test_message ("%s", cases[i].text);
      g_assert_cmpint (nebula_statement_chooses_space (cases[i].text, strlen (cases[i].text),
                                                       cases[i].space), ==, cases[i].expected);
    }
  g_assert_false (nebula_statement_chooses_space (NULL, 0, "s"));
  g_assert_false (nebula_statement_chooses_space (NULL, 5, "s"));
  g_assert_false (nebula_statement_chooses_space ("USE st", 4, "s"));
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_summary ("A statement is called safe to repeat only when it is: by its kind, its values, "
                  "its pipes, whatever it looks like.");

  for (gsize i = 0; i < G_N_ELEMENTS (statement_groups); i++)
    {
      g_autofree char *path = g_strdup_printf ("/statement/%s", statement_groups[i].name);

      g_test_add_data_func (path, &statement_groups[i], test_table);
    }
  g_test_add_func ("/statement/bytes", test_bytes);
  g_test_add_func ("/statement/functions", test_functions);
  g_test_add_func ("/statement/white-space", test_white_space);
  g_test_add_func ("/statement/positions", test_positions);
  g_test_add_func ("/statement/disguise", test_disguise);
  g_test_add_func ("/statement/parentheses", test_parentheses);
  g_test_add_func ("/statement/wrapped", test_wrapped);
  g_test_add_func ("/statement/sequence", test_sequence);
  g_test_add_func ("/statement/random", test_random);
  g_test_add_func ("/statement/change-space", test_change_space);
  g_test_add_func ("/statement/change-space/offsets", test_change_space_offsets);
  g_test_add_func ("/statement/starts-with-use", test_starts_with_use);
  g_test_add_func ("/statement/chooses-space", test_chooses_space);

  return g_test_run ();
}
