/* SPDX-License-Identifier: Apache-2.0 */
#include "nebula-message-text-private.h"

#include <string.h>

/* What a server says arrives as bytes: perhaps no UTF-8, perhaps with NUL bytes, of any length. */

#define REPLACEMENT "\357\277\275" /* U+FFFD, for a byte that is no character */
#define CUT_MARK "\342\200\246"    /* U+2026, an ellipsis */

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

/* The bytes of a word. */
#define EACH(byte) (G_GUINT64_CONSTANT (0x0101010101010101) * (byte))

/* Skips ASCII without NUL: eight bytes at a time, while there are no others. */
static const guint8 *
skip_ascii (const guint8 *at, const guint8 *end)
{
  for (; end - at >= 8; at += 8)
    {
      guint64 word;

      memcpy (&word, at, sizeof word);
      /* A byte of 0 borrows from its own high bit; bytes above 0x7f have it. */
      if (((word | (word - EACH (1))) & EACH (0x80)) != 0)
        break;
    }
  while (at < end && *at != 0 && *at < 0x80)
    at++;

  return at;
}

static inline gboolean
is_continuation (guint8 byte)
{
  return (byte & 0xc0) == 0x80;
}

/* How many bytes the character at @at has, one of several bytes; 0 if it is none. The second byte
 * tells those that are written too long, surrogates, and what is past U+10FFFF. */
static inline gsize
length_of_character (const guint8 *at, gsize room)
{
  guint8 first = at[0], second = room > 1 ? at[1] : 0;

  if (first < 0xc2 || first > 0xf4 || !is_continuation (second))
    return 0;
  if (first < 0xe0)
    return 2;
  if (room < 3 || !is_continuation (at[2]))
    return 0;
  if (first < 0xf0)
    return (first == 0xe0 && second < 0xa0) || (first == 0xed && second >= 0xa0) ? 0 : 3;
  if (room < 4 || !is_continuation (at[3]))
    return 0;
  return (first == 0xf0 && second < 0x90) || (first == 0xf4 && second >= 0x90) ? 0 : 4;
}

/* The letters of most scripts that are not Latin have three bytes each. */
static inline gboolean
is_common (const guint8 *at)
{
  guint32 word;

  memcpy (&word, at, sizeof word);
  word = GUINT32_FROM_LE (word);
  return (word & 0xc0c0f0) == 0x8080e0 && at[0] != 0xe0 && at[0] != 0xed;
}

/* How many bytes from the first one on are characters, without NUL: a text that has no others may
 * be kept as it is. As g_utf8_validate_len(), but that takes one byte after the other, and servers
 * speak ASCII but for what they quote. */
gsize
nebula_message_text_count_valid (const char *text, gsize length)
{
  const guint8 *at = (const guint8 *) text, *end = at + length;

  while ((at = skip_ascii (at, end)) < end)
    {
      gsize size;

      if (*at == 0)
        break;
      while (end - at >= 4 && is_common (at))
        at += 3;
      if (at == end || *at < 0x80)
        continue;
      size = length_of_character (at, (gsize) (end - at));
      if (size == 0)
        break;
      at += size;
    }

  return (gsize) (at - (const guint8 *) text);
}

/* Makes UTF-8 of a bounded length of a text that may hold anything, and of which @valid bytes are
 * known to be characters. Answers how many bytes that is; no NUL is behind them. */
gsize
nebula_message_text_make_keepable (const char *text,
                                   gsize length,
                                   gsize valid,
                                   char made[NEBULA_MAX_MESSAGE])
{
  const gsize piece = strlen (REPLACEMENT);
  gsize rest = cut (text, length, NEBULA_MAX_MESSAGE), size = 0;
  gboolean fits = rest == length;

  while (rest > 0)
    {
      gsize kept = cut (text, valid, NEBULA_MAX_MESSAGE - size);

      /* A replaced byte becomes three, so all may be too long even if the text was not. */
      gboolean is_full = kept < valid || (valid < rest && size + kept + piece > NEBULA_MAX_MESSAGE);

      memcpy (made + size, text, kept);
      size += kept;
      fits = fits && !is_full;
      if (is_full || valid == rest)
        break;
      memcpy (made + size, REPLACEMENT, piece);
      size += piece;
      text += valid + 1;
      rest -= valid + 1;
      valid = nebula_message_text_count_valid (text, rest);
    }
  if (fits)
    return size;

  size = cut (made, size, NEBULA_MAX_MESSAGE - strlen (CUT_MARK));
  memcpy (made + size, CUT_MARK, strlen (CUT_MARK));
  return size + strlen (CUT_MARK);
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
