/* SPDX-License-Identifier: Apache-2.0 */
#include "nebula-json-syntax-private.h"

#include <string.h>

static void
test_right (void)
{
  g_test_summary ("What RFC 8259 allows is taken");

  static const char *const cases[] = {
    "{}", "[]", "0", "-1.5e+3", "\"\"", " null ", "[true, false, null]",
    "{\"a\": {\"a\": 1}, \"b\": [{\"a\": 1}]}", "\"\\ud83d\\ude00\"",
    "\"\\\"\\\\\\/\\b\\f\\n\\r\\t\\u00e9\"", "999999999999999999",
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GError) error = NULL;

      nebula_json_check_syntax (cases[i], strlen (cases[i]), &error);
      g_assert_no_error (error);
    }
}

static void
test_wrong (void)
{
  g_test_summary ("What is wrong is named with its line and column");

  static const struct
  {
    const char *json;
    const char *message;
  } cases[] = {
    { "", "line 1, column 1: the file ends, expected a value" },
    { "{", "line 1, column 2: expected a key in double quotes" },
    { "{\"a\": 1,\n}", "line 2, column 1: expected a key in double quotes" },
    { "{\"a\" 1}", "line 1, column 6: expected :" },
    { "[1 2]", "line 1, column 4: expected , or ]" },
    { "{\"a\": 1 \"b\": 2}", "line 1, column 9: expected , or }" },
    { "// no\n{}", "line 1, column 1: expected a value" },
    { "'a'", "line 1, column 1: expected a value" },
    { "{} {}", "line 1, column 4: expected the end of the file" },
    { "[01]", "line 1, column 2: wrong number" },
    { "[1.]", "line 1, column 2: wrong number" },
    { "1000000000000000000", "line 1, column 1: the number is too large" },
    { "\"a", "line 1, column 3: the string has no end" },
    { "\"a\nb\"", "line 1, column 3: control character in a string, expected an escape" },
    { "\"\\x\"", "line 1, column 3: wrong escape in a string" },
    { "\"\\u12\"", "line 1, column 3: wrong escape in a string" },
    { "\"\\u0000\"", "line 1, column 2: a NUL in a string" },
    { "\"\\udc00\"", "line 1, column 2: half a pair of surrogates in a string" },
    { "\"\\ud800\"", "line 1, column 2: half a pair of surrogates in a string" },
    { "\"\\ud800\\u0041\"", "line 1, column 2: half a pair of surrogates in a string" },
    { "\"\xff\"", "line 1, column 2: not UTF-8" },
    { "{\"a\": 1,\n \"a\": 2}", "line 2, column 2: the key \"a\" is there already" },
    { "{\"a\": 1, \"\\u0061\": 2}",
      "line 1, column 10: the key \"\\u0061\" is there already" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GError) error = NULL;
      gboolean taken
          = nebula_json_check_syntax (cases[i].json, strlen (cases[i].json), &error);

      g_test_message ("case %" G_GSIZE_FORMAT, i);
      g_assert_false (taken);
      g_assert_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA);
      g_assert_cmpstr (error->message, ==, cases[i].message);
    }
}

static void
test_depth (void)
{
  g_test_summary ("Nesting has an end, so that no file overflows the stack");

  g_autofree char *deep = g_strnfill (100000, '[');
  g_autoptr (GError) error = NULL;

  g_assert_false (nebula_json_check_syntax (deep, strlen (deep), &error));
  g_assert_cmpstr (error->message, ==, "line 1, column 33: too deep");
}

int
main (int argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/json-syntax/right", test_right);
  g_test_add_func ("/json-syntax/wrong", test_wrong);
  g_test_add_func ("/json-syntax/depth", test_depth);

  return g_test_run ();
}
