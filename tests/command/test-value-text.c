/* SPDX-License-Identifier: Apache-2.0 */
#include "nebula-value-text-private.h"

#include <math.h>

/* Values as text; those that the mock's "YIELD everything()" does not have. */

static NebulaThriftValue *
value_new (void)
{
  return g_object_new (NEBULA_THRIFT_TYPE_VALUE, NULL);
}

/* Consumes @value. */
static void
assert_text (NebulaThriftValue *value, const char *expected)
{
  g_autofree char *text = nebula_value_text (value);

  g_assert_cmpstr (text, ==, expected);
  g_object_unref (value);
}

static void
test_null (void)
{
  static const char *const names[] = {
    "__NULL__", "NaN", "BAD_DATA", "BAD_TYPE", "ERR_OVERFLOW", "UNKNOWN_PROP", "DIV_BY_ZERO",
    "OUT_OF_RANGE",
    "__NULL__", /* a reason that only a newer graphd knows */
  };

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      NebulaThriftValue *value = value_new ();

      value->nVal = i;
      value->__isset_nVal = TRUE;
      assert_text (value, names[i]);
    }
  g_assert_cmpstr (nebula_value_text_of_null (-1), ==, "__NULL__");
}

static void
test_nothing (void)
{
  g_autofree char *text = nebula_value_text (NULL);

  g_assert_cmpstr (text, ==, "__EMPTY__");
  assert_text (value_new (), "__EMPTY__");
}

static const struct
{
  double number;
  const char *text;
} numbers[] = {
  { 0.0, "0.0" },
  { -0.0, "-0.0" },
  { 1.0, "1.0" },
  { 0.1, "0.1" },
  { 0.1 + 0.2, "0.30000000000000004" },
  { 1e300, "1e+300" },
  { 123456789012.0, "123456789012.0" },
  { G_MAXDOUBLE, "1.7976931348623157e+308" },
  { 5e-324, "4.94065645841247e-324" },
};

static void
test_numbers (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (numbers); i++)
    {
      NebulaThriftValue *value = value_new ();
      g_autoptr (GString) text = g_string_new (NULL);

      nebula_value_text_append_number (text, numbers[i].number);
      g_assert_cmpfloat (g_ascii_strtod (text->str, NULL), ==, numbers[i].number);
      value->fVal = numbers[i].number;
      value->__isset_fVal = TRUE;
      assert_text (value, numbers[i].text);
    }
}

static void
test_not_finite (void)
{
  static const double values[] = { INFINITY, -INFINITY, NAN };
  static const char *const texts[] = { "inf", "-inf", "nan" };

  for (guint i = 0; i < G_N_ELEMENTS (values); i++)
    {
      g_autoptr (GString) text = g_string_new (NULL);

      nebula_value_text_append_number (text, values[i]);
      g_assert_cmpstr (text->str, ==, texts[i]);
    }
}

/* What must not reach a terminal, or would end the text. */
static const struct
{
  const char *bytes;
  gssize length;
  const char *text;
} escapes[] = {
  { "plain", 5, "plain" },
  { "", 0, "" },
  { "say \"hi\"", 8, "say \\\"hi\\\"" },
  { "a\\b", 3, "a\\\\b" },
  { "\n\r\t", 3, "\\n\\r\\t" },
  { "\033[31m", 5, "\\u001b[31m" },
  { "\302\233", 2, "\\u009b" },
  { "\0", 1, "\\u0000" },
  { "\377", 1, "\\xff" },
  { "\303", 1, "\\xc3" },
  { "\303\251\303", 3, "é\\xc3" },
  { "花园", 6, "花园" },
};

static void
test_escapes (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (escapes); i++)
    {
      g_autoptr (GString) text = g_string_new (NULL);

      nebula_value_text_append_escaped (text, escapes[i].bytes, escapes[i].length);
      g_assert_cmpstr (text->str, ==, escapes[i].text);
    }
}

static const struct
{
  gint64 seconds;
  gint32 microseconds;
  gint32 months;
  const char *text;
} durations[] = {
  { 0, 0, 0, "P0MT0.000000S" },
  { 86400, 5, 13, "P13MT86400.000005S" },
  { -1, 0, -1, "P-1MT-1.000000S" },
  { 0, -5, 0, "P0MT-0.000005S" },
  { 1, -1, 0, "P0MT0.999999S" },
  { -1, 1, 0, "P0MT-0.999999S" },
  { -1, -1, 0, "P0MT-1.000001S" },
  { 0, 1500000, 0, "P0MT1.500000S" },
  { 0, -1500000, 0, "P0MT-1.500000S" },
  { G_MAXINT64, G_MAXINT32, 0, "P0MT9223372036854775807.483647S" },
  { G_MININT64, G_MININT32, 0, "P0MT-9223372036854775808.483648S" },
};

static void
test_durations (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (durations); i++)
    {
      NebulaThriftValue *value = value_new ();

      value->duVal = g_object_new (NEBULA_THRIFT_TYPE_DURATION, NULL);
      value->__isset_duVal = TRUE;
      value->duVal->seconds = durations[i].seconds;
      value->duVal->microseconds = durations[i].microseconds;
      value->duVal->months = durations[i].months;
      assert_text (value, durations[i].text);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_summary ("Values as text: every NULL, numbers that read back, escapes, durations.");
  g_test_add_func ("/value-text/null", test_null);
  g_test_add_func ("/value-text/nothing", test_nothing);
  g_test_add_func ("/value-text/numbers", test_numbers);
  g_test_add_func ("/value-text/not-finite", test_not_finite);
  g_test_add_func ("/value-text/escapes", test_escapes);
  g_test_add_func ("/value-text/durations", test_durations);
  return g_test_run ();
}
