/* SPDX-License-Identifier: Apache-2.0 */
#include <nebula-retry/nebula-outcome.h>

#include <string.h>

/* What is kept of what graphd says. */

static void
assert_message (const char *text,
                gssize      length,
                const char *expected)
{
  g_autoptr (NebulaOutcome) outcome =
      nebula_outcome_new_from_reply (NEBULA_PHASE_EXECUTE, -1005, text, length, 0);

  g_assert_cmpstr (nebula_outcome_get_message (outcome), ==, expected);
  g_assert_true (g_utf8_validate (nebula_outcome_get_message (outcome), -1, NULL));
}

/* The text may hold anything. */
static void
test_message (void)
{
  assert_message (NULL, -1, "");
  assert_message (NULL, 5, "");
  assert_message ("", -1, "");
  assert_message ("abc", 0, "");
  assert_message ("abc", 2, "ab");
  assert_message ("gr\303\274n", -1, "gr\303\274n");
  assert_message ("a\0b", 3, "a\357\277\275b");
  assert_message ("\0", 1, "\357\277\275");
  assert_message ("a\377b", -1, "a\357\277\275b");
  assert_message ("a\303", -1, "a\357\277\275");
}

static void
assert_bounded (const char *piece,
                gsize       times,
                gsize       expected_length,
                gboolean    expected_cut)
{
  g_autoptr (GString) text = g_string_new (NULL);
  g_autoptr (NebulaOutcome) outcome = NULL;
  const char *kept;

  for (gsize i = 0; i < times; i++)
    g_string_append (text, piece);

  outcome = nebula_outcome_new_from_reply (NEBULA_PHASE_EXECUTE, -1005, text->str,
                                           (gssize) text->len, 0);
  kept = nebula_outcome_get_message (outcome);
  g_assert_cmpuint (strlen (kept), ==, expected_length);
  g_assert_true (g_utf8_validate (kept, -1, NULL));
  g_assert_cmpint (g_str_has_suffix (kept, "\342\200\246"), ==, expected_cut);
}

/* At most 4096 bytes are kept, in whole characters, with an ellipsis where something was cut. */
static void
test_message_bound (void)
{
  assert_bounded ("a", 4095, 4095, FALSE);
  assert_bounded ("a", 4096, 4096, FALSE);
  assert_bounded ("a", 4097, 4096, TRUE);
  assert_bounded ("a", 65536, 4096, TRUE);
  assert_bounded ("\303\251", 2048, 4096, FALSE);
  assert_bounded ("\303\251", 2049, 4095, TRUE);
  assert_bounded ("\360\237\230\200", 2000, 4095, TRUE);
  assert_bounded ("\377", 1365, 4095, FALSE);
  assert_bounded ("\377", 1366, 4095, TRUE);
  assert_bounded ("\200", 65536, 4095, TRUE);
}

/* Where a text is cut is not a matter of what lies behind it, nor of bytes that go on with no
 * character. */
static void
test_message_bound_of_bytes (void)
{
  g_autoptr (GString) text = g_string_new (NULL);
  g_autoptr (NebulaOutcome) whole = NULL;
  g_autoptr (NebulaOutcome) cut = NULL;

  while (text->len < 4096)
    g_string_append_c (text, 'a');
  g_string_append (text, "\200");
  whole = nebula_outcome_new_from_reply (NEBULA_PHASE_EXECUTE, -1005, text->str, 4096, 0);
  g_assert_cmpmem (nebula_outcome_get_message (whole),
                   strlen (nebula_outcome_get_message (whole)), text->str, 4096);

  g_string_assign (text, "aa");
  while (text->len < 5000)
    g_string_append (text, "\200");
  cut = nebula_outcome_new_from_reply (NEBULA_PHASE_EXECUTE, -1005, text->str, -1, 0);
  g_assert_true (g_str_has_prefix (nebula_outcome_get_message (cut), "aa\357\277\275"));
  /* 1363 signs of replacement, and the mark */
  g_assert_cmpuint (strlen (nebula_outcome_get_message (cut)), ==, 4094);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_summary ("An outcome keeps its message as UTF-8, whatever came, and not too much of it.");

  g_test_add_func ("/outcome-message/bytes", test_message);
  g_test_add_func ("/outcome-message/bound", test_message_bound);
  g_test_add_func ("/outcome-message/bound-of-bytes", test_message_bound_of_bytes);

  return g_test_run ();
}
