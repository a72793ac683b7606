/* SPDX-License-Identifier: Apache-2.0 */
#include "nebula-statement-display-private.h"

/* Statements as they may be shown. */

static const struct
{
  const char *statement;
  const char *shown;
} statements[] = {
  { "YIELD 1", "YIELD 1" },
  { "", "" },
  { "  YIELD\n\t 1 ;\r\n", "YIELD 1 ;" },
  { "YIELD \"text\", 'text'", "YIELD \"text\", 'text'" },
  { "YIELD \"\033[31m\"", "YIELD \" [31m\"" },
  { "YIELD \"\377\"", "YIELD \"\357\277\275\"" },
  { "CREATE USER a WITH PASSWORD \"secret\"", "CREATE USER a WITH PASSWORD \"***\"" },
  { "create user a with password 'secret'", "create user a with password '***'" },
  { "CHANGE PASSWORD a FROM \"secret\" TO \"secret\"",
    "CHANGE PASSWORD a FROM \"***\" TO \"***\"" },
  { "ALTER USER a WITH PASSWORD \"secr\\\"et\"; YIELD 1",
    "ALTER USER a WITH PASSWORD \"***\"; YIELD 1" },
  { "ALTER USER a WITH PASSWORD \"it's secret\"", "ALTER USER a WITH PASSWORD \"***\"" },
  { "ALTER USER a WITH PASSWORD \"secret", "ALTER USER a WITH PASSWORD ***" },
  { "ALTER USER a WITH PASSWORD \"secret\\", "ALTER USER a WITH PASSWORD ***" },
  { "ALTER USER a WITH PASSWORD \"\"", "ALTER USER a WITH PASSWORD \"***\"" },
  { "SIGN IN TEXT SERVICE (127.0.0.1:9200, HTTP, \"u\", \"secret\")",
    "SIGN IN TEXT SERVICE (127.0.0.1:9200, HTTP, \"***\", \"***\")" },
  { "MATCH (v:service{name:\"a\"}) RETURN v", "MATCH (v:service{name:\"a\"}) RETURN v" },
  /* A quote in a comment or a name begins no string. */
  { "ALTER USER a /* it's */ WITH PASSWORD \"sec'ret\"",
    "ALTER USER a WITH PASSWORD \"***\"" },
  { "ALTER USER `it's` WITH PASSWORD \"sec'ret\"",
    "ALTER USER `it's` WITH PASSWORD \"***\"" },
  { "ALTER USER a # secret's\n WITH // secret \"\n PASSWORD 'secret'",
    "ALTER USER a WITH PASSWORD '***'" },
  { "ALTER USER a WITH PASSWORD \"x\" /* secret", "ALTER USER a WITH PASSWORD \"***\"" },
  /* graphd would refuse these: which part is a string is not known. */
  { "YIELD \"a; ALTER USER a WITH PASSWORD \"secret\"", "YIELD ***" },
  { "ALTER USER a WITH PASSWORD \"a\" \"\nsecret\"", "ALTER USER a WITH PASSWORD ***" },
  { "ALTER USER `a WITH PASSWORD \"secret\"", "ALTER USER ***" },
};

static void
test_display (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (statements); i++)
    {
      g_autofree char *shown = nebula_statement_display (statements[i].statement);

      g_assert_cmpstr (shown, ==, statements[i].shown);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_summary ("Statements are shown on one line and without passwords.");
  g_test_add_func ("/statement-display/table", test_display);
  return g_test_run ();
}
