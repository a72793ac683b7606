/* SPDX-License-Identifier: Apache-2.0 */
#include "nebula-json-reply-private.h"

#include <string.h>

/* The text in memory of just its size, so that a memory checker sees a read past its end. */
static gboolean
read_exactly (const char *text, gsize length, char **copy, NebulaJsonReply *reply)
{
  *copy = g_malloc (MAX (length, 1));
  memcpy (*copy, text, length);
  memset (reply, 0xaa, sizeof *reply);
  return nebula_json_reply_read (*copy, length, reply);
}

static void
assert_text (const char *found, gsize length, const char *expected)
{
  if (expected == NULL)
    {
      g_assert_null (found);
      g_assert_cmpuint (length, ==, 0);
      return;
    }
  g_assert_nonnull (found);
  g_assert_cmpmem (found, length, expected, strlen (expected));
}

typedef struct
{
  const char *what;
  const char *text;
  gboolean has_code;
  gint32 code;
  const char *message;
  const char *space;
} Reply;

static const Reply replies[] = {
  { "success",
    "{\"errors\":[{\"code\":0}],\"results\":[{\"spaceName\":\"nba\",\"latencyInUs\":12,"
    "\"data\":[{\"meta\":[null],\"row\":[1]}],\"columns\":[\"a\"],\"errors\":{\"code\":0}}]}",
    TRUE, 0, NULL, "nba" },
  { "failure, results first",
    "{\"results\":[{\"errors\":{\"code\":-1,\"message\":\"inner\"},\"spaceName\":\"\"}],"
    "\"errors\":[{\"message\":\"Storage Error: x\",\"code\":-1005}]}",
    TRUE, -1005, "Storage Error: x", "" },
  { "white space everywhere",
    " \t\r\n{ \"errors\" : [ { \"code\" : -1 , \"message\" : \"m\" } ] } \n", TRUE, -1, "m", NULL },
  { "no results", "{\"errors\":[{\"code\":-1002}]}", TRUE, -1002, NULL, NULL },
  { "message stays escaped", "{\"errors\":[{\"message\":\"a\\\"b\\\\\"}]}", FALSE, 0,
    "a\\\"b\\\\", NULL },
  { "an empty object", "{}", FALSE, 0, NULL, NULL },
  { "no errors", "{\"results\":[{\"spaceName\":\"s\"}]}", FALSE, 0, NULL, "s" },
  { "empty arrays", "{\"errors\":[],\"results\":[]}", FALSE, 0, NULL, NULL },
  { "empty elements", "{\"errors\":[{}],\"results\":[{}]}", FALSE, 0, NULL, NULL },
};

/* What looks like the answer, and is not. */
static const Reply decoys[] = {
  { "the code of a result", "{\"results\":[{\"errors\":[{\"code\":-1005}]}]}", FALSE, 0, NULL,
    NULL },
  { "a row that quotes an error",
    "{\"results\":[{\"data\":[{\"row\":[\"\\\"errors\\\":[{\\\"code\\\":-1005}]\"]}]}],"
    "\"errors\":[{\"code\":0}]}",
    TRUE, 0, NULL, NULL },
  { "a row that is an error",
    "{\"results\":[{\"data\":[{\"errors\":[{\"code\":-1005,\"message\":\"no\"}]}]}],"
    "\"errors\":[{\"code\":0}]}",
    TRUE, 0, NULL, NULL },
  { "brackets in a text", "{\"a\":\"]}{[\\\"]\",\"errors\":[{\"code\":5}]}", TRUE, 5, NULL, NULL },
  { "a result called errors in the second place",
    "{\"results\":[{},{\"spaceName\":\"no\"}],\"errors\":[{},{\"code\":-1005}]}", FALSE, 0, NULL,
    NULL },
  { "a first element that is no object", "{\"errors\":[1,{\"code\":-1005}]}",
    FALSE, 0, NULL, NULL },
  { "a first element that is an array",
    "{\"errors\":[[{\"code\":-1005}],{\"code\":-1005}]}", FALSE, 0, NULL, NULL },
  { "errors is an object", "{\"errors\":{\"code\":-1005,\"a\":{\"code\":-1}}}",
    FALSE, 0, NULL, NULL },
  { "an object in errors", "{\"errors\":[{\"a\":{\"code\":-1005},\"b\":[{\"code\":-1}]}]}",
    FALSE, 0, NULL, NULL },
  { "behind a nested value", "{\"errors\":[{\"a\":{\"code\":-1},\"code\":-2}]}",
    TRUE, -2, NULL, NULL },
  { "spaceName in errors, message in results",
    "{\"errors\":[{\"spaceName\":\"no\"}],\"results\":[{\"message\":\"no\",\"code\":1}]}", FALSE, 0,
    NULL, NULL },
  { "a longer key", "{\"errorsX\":[{\"code\":1}],\"error\":[{\"code\":2}]}", FALSE, 0, NULL, NULL },
  { "a key in the wrong case", "{\"Errors\":[{\"code\":1}]}", FALSE, 0, NULL, NULL },
  { "keys with escapes",
    "{\"err\\u006frs\":[{\"c\\u006Fde\":-7}],\"results\":[{\"space\\u004eame\":\"s\"}]}", TRUE, -7,
    NULL, "s" },
  { "keys with escapes of something else",
    "{\"err\\u016frs\":[{\"code\":-7}],\"errors\\n\":[{\"code\":-7}],\"\\u0000\":1}",
    FALSE, 0, NULL, NULL },
  { "the first errors counts", "{\"errors\":[{\"code\":1}],\"errors\":[{\"code\":2}]}",
    TRUE, 1, NULL, NULL },
  { "the first errors counts, also when it is nothing",
    "{\"errors\":null,\"errors\":[{\"code\":2}]}", FALSE, 0, NULL, NULL },
  { "the first code counts",
    "{\"errors\":[{\"code\":1,\"code\":2,\"message\":\"a\",\"message\":\"b\"}]}", TRUE, 1, "a",
    NULL },
  { "the first code counts, also when it is none", "{\"errors\":[{\"code\":\"1\",\"code\":2}]}",
    FALSE, 0, NULL, NULL },
  { "texts that are none",
    "{\"errors\":[{\"code\":1,\"message\":null}],\"results\":[{\"spaceName\":{}}]}", TRUE, 1, NULL,
    NULL },
};

static void
check_replies (const Reply *rows, gsize count)
{
  for (gsize i = 0; i < count; i++)
    {
      g_autofree char *copy = NULL;
      NebulaJsonReply reply;

      g_test_message ("%s", rows[i].what);
      g_assert_true (read_exactly (rows[i].text, strlen (rows[i].text), &copy, &reply));
      g_assert_cmpint (reply.has_code, ==, rows[i].has_code);
      g_assert_cmpint (reply.code, ==, rows[i].code);
      assert_text (reply.message, reply.message_length, rows[i].message);
      assert_text (reply.space, reply.space_length, rows[i].space);
    }
}

static void
test_found (void)
{
  check_replies (replies, G_N_ELEMENTS (replies));
}

static void
test_decoys (void)
{
  check_replies (decoys, G_N_ELEMENTS (decoys));
}

static const struct
{
  const char *number;
  gboolean has_code;
  gint32 code;
} numbers[] = {
  { "0", TRUE, 0 },
  { "-0", TRUE, 0 },
  { "-1005", TRUE, -1005 },
  { "2147483647", TRUE, 2147483647 },
  { "-2147483648", TRUE, G_MININT32 },
  { "2147483648", FALSE, 0 },
  { "-2147483649", FALSE, 0 },
  { "4294966291", FALSE, 0 },
  { "18446744073709550611", FALSE, 0 },
  { "99999999999999999999999999999999999999999999", FALSE, 0 },
  { "1.0", FALSE, 0 },
  { "0.5", FALSE, 0 },
  { "-1e3", FALSE, 0 },
  { "1E+3", FALSE, 0 },
  { "1e-3", FALSE, 0 },
  { "1.25e10", FALSE, 0 },
  { "\"-1005\"", FALSE, 0 },
  { "true", FALSE, 0 },
  { "false", FALSE, 0 },
  { "null", FALSE, 0 },
  { "[-1005]", FALSE, 0 },
  { "{\"code\":-1005}", FALSE, 0 },
};

static void
test_numbers (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (numbers); i++)
    {
      g_autofree char *text = g_strdup_printf ("{\"errors\":[{\"code\":%s}]}", numbers[i].number);
      g_autofree char *copy = NULL;
      NebulaJsonReply reply;

      g_test_message ("%s", numbers[i].number);
      g_assert_true (read_exactly (text, strlen (text), &copy, &reply));
      g_assert_cmpint (reply.has_code, ==, numbers[i].has_code);
      g_assert_cmpint (reply.code, ==, numbers[i].code);
    }
}

/* The good beginning of most shows that what was found before the fault is not kept. */
#define GOOD "{\"errors\":[{\"code\":1,\"message\":\"m\"}],\"results\":[{\"spaceName\":\"s\"}]"

static const char *const invalid[] = {
  "",
  " ",
  "null",
  "0",
  "[]",
  "\"errors\"",
  "{",
  "}",
  "{\"",
  GOOD,
  GOOD "]",
  GOOD "}}",
  GOOD "}x",
  GOOD "} {}",
  GOOD ",}",
  GOOD ",,\"a\":1}",
  GOOD ",\"a\"}",
  GOOD ",\"a\":}",
  GOOD ",\"a\" 1}",
  GOOD ",\"a\":1 \"b\":2}",
  GOOD ",a:1}",
  GOOD ",1:1}",
  GOOD ",\"a\":[1,]}",
  GOOD ",\"a\":[,1]}",
  GOOD ",\"a\":[1 2]}",
  GOOD ",\"a\":[1}}",
  GOOD ",\"a\":{\"b\":1]}",
  GOOD ",\"a\":tru}",
  GOOD ",\"a\":nul",
  GOOD ",\"a\":NaN}",
  GOOD ",\"a\":True}",
  GOOD ",\"a\":01}",
  GOOD ",\"a\":-}",
  GOOD ",\"a\":-01}",
  GOOD ",\"a\":+1}",
  GOOD ",\"a\":.5}",
  GOOD ",\"a\":1.}",
  GOOD ",\"a\":1e}",
  GOOD ",\"a\":1e+}",
  GOOD ",\"a\":0x1}",
  GOOD ",\"a\":\"b}",
  GOOD ",\"a\":\"\n\"}",
  GOOD ",\"a\":\"\\x\"}",
  GOOD ",\"a\":\"\\u12g4\"}",
  GOOD ",\"a\":\"\\u12\"}",
  GOOD ",\"a\":\"\\",
  GOOD ",\"a\":\"\\u123",
};

static void
assert_invalid (const char *text, gsize length)
{
  static const NebulaJsonReply zero;
  g_autofree char *copy = NULL;
  NebulaJsonReply reply;

  g_assert_false (read_exactly (text, length, &copy, &reply));
  g_assert_cmpmem (&reply, sizeof reply, &zero, sizeof zero);
}

static void
test_invalid (void)
{
  static const char with_nul[] = GOOD "\0}", behind_nul[] = GOOD "}\0";

  for (gsize i = 0; i < G_N_ELEMENTS (invalid); i++)
    {
      g_test_message ("%s", invalid[i]);
      assert_invalid (invalid[i], strlen (invalid[i]));
    }
  assert_invalid (with_nul, sizeof with_nul - 1);
  assert_invalid (behind_nul, sizeof behind_nul - 1);
  assert_invalid ("{\"a\\\0\":1}", 9);
}

/* Cut anywhere, a reply is no JSON object; with any byte replaced it is read without a crash. */
static void
test_damaged (void)
{
  static const char text[] = "{\"results\":[{\"d\":[1.5e3,\"\\u00e9\\n\",null,{\"x\":true}],"
                             "\"spaceName\":\"s\"}],\"errors\":[{\"code\":-1,\"message\":\"m\"}]}";
  guint accepted = 0;

  for (gsize length = 0; length < sizeof text - 1; length++)
    assert_invalid (text, length);
  for (gsize at = 0; at < sizeof text - 1; at++)
    for (guint byte = 0; byte < 256; byte++)
      {
        char mutated[sizeof text];
        g_autofree char *copy = NULL;
        NebulaJsonReply reply;

        memcpy (mutated, text, sizeof text);
        mutated[at] = (char) byte;
        accepted += read_exactly (mutated, sizeof text - 1, &copy, &reply);
      }
  /* The text itself comes out of each position once. */
  g_assert_cmpuint (accepted, >=, sizeof text - 1);
}

/* An object, @depth - 1 arrays inside it, and what closes them again. */
static char *
nested (guint depth, gsize *length)
{
  GString *text = g_string_new ("{\"a\":");

  for (guint i = 1; i < depth; i++)
    g_string_append_c (text, '[');
  for (guint i = 1; i < depth; i++)
    g_string_append_c (text, ']');
  g_string_append (text, ",\"errors\":[{\"code\":3}]}");
  *length = text->len;
  return g_string_free (text, FALSE);
}

static void
test_depth (void)
{
  g_autofree char *deepest = NULL, *too_deep = NULL, *much_too_deep = NULL, *copy = NULL;
  NebulaJsonReply reply;
  gsize length;

  deepest = nested (1024, &length);
  g_assert_true (read_exactly (deepest, length, &copy, &reply));
  g_assert_true (reply.has_code);
  g_assert_cmpint (reply.code, ==, 3);
  too_deep = nested (1025, &length);
  assert_invalid (too_deep, length);
  much_too_deep = nested (1000000, &length);
  assert_invalid (much_too_deep, length);
}

#define FFFD "\xef\xbf\xbd"

static const struct
{
  const char *escaped;
  const char *plain;
} escapes[] = {
  { "", "" },
  { "plain", "plain" },
  { "\\\"\\\\\\/", "\"\\/" },
  { "\\b\\f\\n\\r\\t", "\b\f\n\r\t" },
  { "\\u0041\\u00e9\\u20AC", "A\xc3\xa9\xe2\x82\xac" },
  { "\\ud83d\\ude00", "\xf0\x9f\x98\x80" },
  { "\\uD800\\uDC00\\uDBFF\\uDFFF", "\xf0\x90\x80\x80\xf4\x8f\xbf\xbf" },
  { "\\ud83d", FFFD },
  { "\\ud83dx", FFFD "x" },
  { "\\ude00", FFFD },
  { "\\ude00\\ud83d", FFFD FFFD },
  { "\\ud83d\\ud83d\\ude00", FFFD "\xf0\x9f\x98\x80" },
  { "\\ud83d\\u0041", FFFD "A" },
  { "\\ud83d\\n", FFFD "\n" },
  { "\\ud83d\\u12", FFFD "u12" },
  { "a\\u0000b", "a" FFFD "b" },
  { "\xe4\xb8\xad", "\xe4\xb8\xad" },
  { "\xff\xc3", FFFD FFFD },
  { "\\x\\u12g4\\u", "xu12g4u" },
  { "end\\", "end" },
  { "\\\xc3\xa9", "\xc3\xa9" },
};

static void
test_unescape (void)
{
  g_autofree char *with_nul = nebula_json_unescape ("a\0b\\\0", 5);

  for (gsize i = 0; i < G_N_ELEMENTS (escapes); i++)
    {
      gsize length = strlen (escapes[i].escaped);
      g_autofree char *exact = g_malloc (MAX (length, 1));
      g_autofree char *plain = NULL;

      memcpy (exact, escapes[i].escaped, length);
      plain = nebula_json_unescape (exact, length);
      g_assert_cmpstr (plain, ==, escapes[i].plain);
    }
  g_assert_cmpstr (with_nul, ==, "a" FFFD "b" FFFD);
  g_assert_null (nebula_json_unescape (NULL, 0));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_summary ("Code, message and space are found in executeJson's reply where graphd puts them "
                  "and nowhere else, and no text can make the reading crash or run away.");

  g_test_add_func ("/json-reply/found", test_found);
  g_test_add_func ("/json-reply/decoys", test_decoys);
  g_test_add_func ("/json-reply/numbers", test_numbers);
  g_test_add_func ("/json-reply/invalid", test_invalid);
  g_test_add_func ("/json-reply/damaged", test_damaged);
  g_test_add_func ("/json-reply/depth", test_depth);
  g_test_add_func ("/json-reply/unescape", test_unescape);

  return g_test_run ();
}
