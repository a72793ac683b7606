/* SPDX-License-Identifier: Apache-2.0 */
#include <glib.h>
#include <string.h>

#include "nebula-message-text-private.h"

/* What is a character, and where a text is cut. GLib says what is right. */

#define LETTER "\345\233\276" /* of three bytes */

static void
assert_as_glib (const char *text, gsize length)
{
  const char *end;
  gsize valid = nebula_message_text_count_valid (text, length);
  g_autofree char *expected = g_utf8_make_valid (text, (gssize) length);
  char made[NEBULA_MAX_MESSAGE];
  gsize size;

  g_utf8_validate_len (text, length, &end);
  g_assert_cmpuint (valid, ==, (gsize) (end - text));

  size = nebula_message_text_make_keepable (text, length, valid, made);
  g_assert_cmpmem (made, size, expected, strlen (expected));
}

/* Where in a word of eight bytes a character begins, and what is before it and behind it, is all
 * the same. */
static void
assert_everywhere (const guint8 *bytes, gsize n_bytes)
{
  static const char *const heads[] = { "", "a", "1234567", "12345678", LETTER, "a" LETTER LETTER };
  static const char *const tails[] = { "", "z", "123456789", LETTER };

  for (gsize i = 0; i < G_N_ELEMENTS (heads); i++)
    for (gsize j = 0; j < G_N_ELEMENTS (tails); j++)
      {
        char text[64];
        gsize head = strlen (heads[i]), tail = strlen (tails[j]);

        memcpy (text, heads[i], head);
        memcpy (text + head, bytes, n_bytes);
        memcpy (text + head + n_bytes, tails[j], tail);
        assert_as_glib (text, head + n_bytes + tail);
      }
}

/* A third and a fourth byte that go on with a character, and such that do not. */
static void
assert_longer (guint8 first, guint8 second)
{
  static const guint8 thirds[] = { 0x41, 0x7f, 0x80, 0xbf, 0xc0 };
  static const guint8 fourths[] = { 0x80, 0xc2 };
  guint8 bytes[4] = { first, second };

  assert_everywhere (bytes, 2);
  for (gsize i = 0; i < G_N_ELEMENTS (thirds); i++)
    {
      bytes[2] = thirds[i];
      assert_everywhere (bytes, 3);
      for (gsize j = 0; j < G_N_ELEMENTS (fourths); j++)
        {
          bytes[3] = fourths[j];
          assert_everywhere (bytes, 4);
        }
    }
}

static void
test_every_character (void)
{
  /* About the bounds of what may come second. */
  static const guint8 seconds[] = { 0,    0x41, 0x7f, 0x80, 0x8f, 0x90,
                                    0x9f, 0xa0, 0xbf, 0xc0, 0xff };

  for (guint first = 0; first < 256; first++)
    {
      guint8 byte = (guint8) first;

      assert_everywhere (&byte, 1);
      for (gsize i = 0; i < G_N_ELEMENTS (seconds) && first >= 0xc0; i++)
        assert_longer (byte, seconds[i]);
    }
}

/* Texts of several scripts with some bytes changed, and cut anywhere. */
static void
test_random (void)
{
  static const char *const pieces[] = { "a",    "Storage Error: ", "\303\251",         "\n",
                                        LETTER, "\340\244\205",    "\360\237\230\200", "\355\237\277" };

  for (guint round = 0; round < 2000; round++)
    {
      g_autoptr (GString) text = g_string_new (NULL);
      gint32 n_changes = g_test_rand_int_range (0, 3);

      while (g_test_rand_int_range (0, 24) > 0 && text->len < 1000)
        g_string_append (text, pieces[g_test_rand_int_range (0, G_N_ELEMENTS (pieces))]);
      for (; n_changes > 0 && text->len > 0; n_changes--)
        text->str[g_test_rand_int_range (0, (gint32) text->len)]
          = (char) g_test_rand_int_range (0, 256);
      assert_as_glib (text->str, (gsize) g_test_rand_int_range (0, (gint32) text->len + 1));
    }
}

static const struct
{
  const char *piece; /* the text is made of these, as many as fit */
  gsize length;      /* of the text */
  const char *odd;   /* what stands at its end */
  gsize expected;    /* how many bytes are kept of it */
  gboolean is_cut;
} bounds[] = {
  { "a", 4096, "", 4096, FALSE },
  { "a", 4097, "", 4096, TRUE },
  { "a", 4095, "\377", 4096, TRUE },  /* U+FFFD takes three bytes */
  { "a", 4093, "\377", 4096, FALSE },
  { "a", 4092, "\377", 4095, FALSE },
  { "a", 4094, "\377", 4096, TRUE },
  { "a", 65536, "\377", 4096, TRUE },
  { LETTER, 4095, "", 4095, FALSE },
  { LETTER, 4095, "ab", 4095, TRUE }, /* 1364 letters, and the mark */
  { "\377", 1365, "", 4095, FALSE },
  { "\377", 1366, "", 4095, TRUE },
  { "\377", 65536, "", 4095, TRUE },
};

static void
test_bounds (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (bounds); i++)
    {
      g_autoptr (GString) text = g_string_new (NULL);
      char made[NEBULA_MAX_MESSAGE];
      gsize size;

      g_test_message ("%zu: %zu bytes", i, bounds[i].length);
      while (text->len + strlen (bounds[i].piece) <= bounds[i].length)
        g_string_append (text, bounds[i].piece);
      g_string_append (text, bounds[i].odd);
      size = nebula_message_text_make_keepable (
        text->str, text->len,
        nebula_message_text_count_valid (text->str, MIN (text->len, NEBULA_MAX_MESSAGE)), made);
      g_assert_cmpuint (size, ==, bounds[i].expected);
      g_assert_true (g_utf8_validate_len (made, size, NULL));
      g_assert_cmpint (memcmp (made + size - 3, "\342\200\246", 3) == 0, ==, bounds[i].is_cut);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/message-text/every-character", test_every_character);
  g_test_add_func ("/message-text/random", test_random);
  g_test_add_func ("/message-text/bounds", test_bounds);

  return g_test_run ();
}
