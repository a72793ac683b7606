/* SPDX-License-Identifier: Apache-2.0 */
#include "nebula-message-text-private.h"

#include <string.h>

/* What a server says arrives as bytes: perhaps no UTF-8, perhaps with NUL bytes, of any length. */

/* Long enough for every text of graphd (it cuts most at 255 bytes), short enough to keep a few of
 * them for each call, whatever a server sends. In bytes, with the mark that says it was cut. */
#define MAX_MESSAGE 4096
#define CUT_MARK "\342\200\246" /* U+2026, an ellipsis */

/* Cuts @length to at most @limit bytes, not inside a character. */
static gsize
cut (const char *text, gsize length, gsize limit)
{
  if (length <= limit)
    return length;

  /* No character has more than three bytes of continuation; more of them are no UTF-8 at all. */
  for (gsize back = 0; back < 4 && back < limit; back++)
    {
      if (((guint8) text[limit - back] & 0xc0) != 0x80)
        return limit - back;
    }

  return limit;
}

/* Bytes that ASCII does not have, and NUL: eight at a time. */
static gboolean
is_ascii (const char *text, gsize length)
{
  const guint64 ones = G_GUINT64_CONSTANT (0x0101010101010101);
  const guint64 highs = ones << 7;
  guint64 odd = 0;
  gsize i = 0;

  for (; length - i >= sizeof (guint64); i += sizeof (guint64))
    {
      guint64 word;

      memcpy (&word, text + i, sizeof word);
      /* A byte of 0 borrows from its own high bit; bytes above 0x7f have it. */
      odd |= (word | (word - ones)) & highs;
    }
  for (; i < length; i++)
    odd |= (guint64) ((gint8) text[i] <= 0);

  return odd == 0;
}

/* Whether a text may be kept as it is. */
gboolean
nebula_message_text_can_be_kept (const char *text, gsize length)
{
  return length <= MAX_MESSAGE
         && (is_ascii (text, length) || g_utf8_validate_len (text, length, NULL));
}

/* Copies a text that may hold anything, NUL bytes too, as UTF-8 of a bounded length. */
char *
nebula_message_text_make_keepable (const char *text, gsize length)
{
  const gsize room = MAX_MESSAGE - strlen (CUT_MARK);
  gsize kept = cut (text, length, MAX_MESSAGE);
  gboolean was_cut = kept < length;
  g_autofree char *valid = NULL;
  gsize valid_length;

  /* A replaced byte becomes three, so the result may be too long even if the text was not. */
  valid = g_utf8_make_valid (text, (gssize) kept);
  valid_length = strlen (valid);
  if (!was_cut && valid_length <= MAX_MESSAGE)
    return g_steal_pointer (&valid);

  valid[cut (valid, valid_length, room)] = '\0';
  return g_strconcat (valid, CUT_MARK, NULL);
}

/* By first letters, because the texts are short and a search that prepares itself takes longer than
 * they do. */
static gboolean
contains (const char *text, const char *end, const char *word)
{
  gsize length = strlen (word);
  const char *at = text;

  while ((gsize) (end - at) >= length
         && (at = memchr (at, *word, (gsize) (end - at) - length + 1)) != NULL)
    {
      if (memcmp (at, word, length) == 0)
        return TRUE;
      at++;
    }

  return FALSE;
}

/* Whether a text that may hold anything contains one of the words, which a NULL ends. */
gboolean
nebula_message_text_contains (const char *text, gsize length, const char *const *words)
{
  for (gsize i = 0; length > 0 && words[i] != NULL; i++)
    {
      if (contains (text, text + length, words[i]))
        return TRUE;
    }

  return FALSE;
}
