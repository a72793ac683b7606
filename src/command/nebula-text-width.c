/* SPDX-License-Identifier: Apache-2.0 */
#include "nebula-text-width-private.h"

/*
 * Texts in columns of a terminal: Chinese takes two, an accent of its own none.
 */

static guint
width_of (gunichar c)
{
  if (g_unichar_iszerowidth (c))
    return 0;
  return g_unichar_iswide (c) ? 2 : 1;
}

/* @text: valid UTF-8 */
guint
nebula_text_width (const char *text)
{
  guint width = 0;

  for (const char *at = text; *at != '\0'; at = g_utf8_next_char (at))
    width += width_of (g_utf8_get_char (at));
  return width;
}

/* Appends @text, filled up to @width columns; a wider one stays whole. */
void
nebula_text_width_append (GString *line, const char *text, guint width)
{
  g_string_append (line, text);
  for (guint used = nebula_text_width (text); used < width; used++)
    g_string_append_c (line, ' ');
}

/* Returns: (transfer full): @text, ended by "…" when it is wider than @width columns */
char *
nebula_text_width_cut (const char *text, guint width)
{
  const char *end = text;
  guint used = 0;

  if (nebula_text_width (text) <= width)
    return g_strdup (text);
  while (used + width_of (g_utf8_get_char (end)) < width)
    {
      used += width_of (g_utf8_get_char (end));
      end = g_utf8_next_char (end);
    }
  return g_strdup_printf ("%.*s…", (int) (end - text), text);
}
