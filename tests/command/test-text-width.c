/* SPDX-License-Identifier: Apache-2.0 */
#include "nebula-text-width-private.h"

/* Texts in columns of a terminal. */

static const struct
{
  const char *text;
  guint width;
  const char *filled; /* up to 4 columns */
  const char *cut;    /* to 4 columns */
} texts[] = {
  { "", 0, "    ", "" },
  { "abc", 3, "abc ", "abc" },
  { "abcd", 4, "abcd", "abcd" },
  { "abcde", 5, "abcde", "abc…" },
  { "é", 1, "é   ", "é" },
  { "e\314\201", 1, "e\314\201   ", "e\314\201" },
  { "花园", 4, "花园", "花园" },
  { "花园里", 6, "花园里", "花…" },
  { "a花园", 5, "a花园", "a花…" },
};

static void
test_widths (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      g_autoptr (GString) filled = g_string_new (NULL);
      g_autofree char *cut = nebula_text_width_cut (texts[i].text, 4);

      nebula_text_width_append (filled, texts[i].text, 4);
      g_assert_cmpuint (nebula_text_width (texts[i].text), ==, texts[i].width);
      g_assert_cmpstr (filled->str, ==, texts[i].filled);
      g_assert_cmpstr (cut, ==, texts[i].cut);
      g_assert_cmpuint (nebula_text_width (cut), <=, 4);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_summary ("Wide signs take two columns, accents none; a cut text never takes too many.");
  g_test_add_func ("/text-width/table", test_widths);
  return g_test_run ();
}
