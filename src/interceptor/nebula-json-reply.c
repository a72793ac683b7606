/* SPDX-License-Identifier: Apache-2.0 */
#include "nebula-json-reply-private.h"

#include <string.h>

/* How deep brackets may nest: far deeper than any value graphd writes, and 128 bytes of bits. */
#define JSON_MAX_DEPTH 1024

/* What stands for a character that cannot be had. */
#define REPLACEMENT_CHARACTER 0xfffd

/* Where the facts lie: in the first object of an array under one of two keys of the top object. */
typedef enum
{
  SECTION_NONE,
  SECTION_ERRORS,
  SECTION_RESULTS,
} JsonSection;

typedef enum
{
  FACT_NONE,
  FACT_CODE,
  FACT_MESSAGE,
  FACT_SPACE,
} JsonFact;

typedef struct
{
  const char *at;
  const char *end;
  guint depth;
  guint64 objects[JSON_MAX_DEPTH / 64]; /* a bit for each level: whether it is an object */
  gboolean opened;                      /* a bracket was just opened, so it may close at once */
  JsonSection section;                  /* whose value is open at depth 2 and deeper */
  gboolean first;                       /* still in the first element of the section's array */
  JsonFact fact;                        /* what the next value is, at depth 3 */
  guint sections_seen;                  /* a bit for each section: the first one counts */
  guint facts_seen;                     /* likewise */
  NebulaJsonReply *reply;
} JsonWalk;

static gboolean
level_is_object (const JsonWalk *walk)
{
  guint level = walk->depth - 1;

  return (walk->objects[level / 64] >> (level % 64)) & 1;
}

static void
skip_space (JsonWalk *walk)
{
  while (walk->at < walk->end && (*walk->at == ' ' || *walk->at == '\t' || *walk->at == '\n' ||
                                  *walk->at == '\r'))
    walk->at++;
}

/* The next character behind white space; NUL at the end. */
static char
peek (JsonWalk *walk)
{
  skip_space (walk);
  return walk->at < walk->end ? *walk->at : '\0';
}

/* Four hexadecimal digits, or -1. */
static int
read_hex4 (const char *at, const char *end)
{
  int value = 0;

  if (end - at < 4)
    return -1;
  for (int i = 0; i < 4; i++)
    {
      int digit = g_ascii_xdigit_value (at[i]);

      if (digit < 0)
        return -1;
      value = value * 16 + digit;
    }
  return value;
}

/* The character that the escape at @at (behind the backslash, before @end) stands for, and in
 * @next where it ends. Two halves of a surrogate pair are one character. */
static gunichar
read_escape (const char *at, const char *end, const char **next)
{
  static const char letters[] = "bfnrt", controls[] = "\b\f\n\r\t";
  const char *letter = *at == '\0' ? NULL : strchr (letters, *at);
  int unit, low;

  *next = at + 1;
  if (letter != NULL)
    return controls[letter - letters];
  if (*at != 'u' || (unit = read_hex4 (at + 1, end)) < 0)
    return (guchar) *at;
  *next = at + 5;
  if (unit < 0xd800 || unit > 0xdfff)
    return unit;
  if (unit <= 0xdbff && end - *next >= 6 && (*next)[0] == '\\' && (*next)[1] == 'u')
    {
      low = read_hex4 (*next + 2, end);
      if (low >= 0xdc00 && low <= 0xdfff)
        {
          *next += 6;
          return 0x10000 + ((unit - 0xd800) << 10) + (low - 0xdc00);
        }
    }
  return REPLACEMENT_CHARACTER;
}

/* Whether a string is @name when its escapes are undone. */
static gboolean
text_is (const char *text, gsize length, const char *name)
{
  const char *end = text + length;

  for (; text < end && *name != '\0'; name++)
    {
      gunichar character = (guchar) *text;

      if (*text == '\\')
        character = read_escape (text + 1, end, &text);
      else
        text++;
      if (character != (gunichar) *name)
        return FALSE;
    }
  return text == end && *name == '\0';
}

/* A string: the cursor stands at its first quote and goes behind its last. */
static gboolean
read_string (JsonWalk *walk, const char **text, gsize *length)
{
  const char *at = walk->at + 1;

  *text = at;
  for (; at < walk->end && *at != '"'; at++)
    {
      if ((guchar) *at < 0x20)
        return FALSE;
      if (*at != '\\')
        continue;
      at++;
      if (at == walk->end || *at == '\0' || strchr ("\"\\/bfnrtu", *at) == NULL)
        return FALSE;
      if (*at == 'u' && read_hex4 (at + 1, walk->end) < 0)
        return FALSE;
    }
  if (at == walk->end)
    return FALSE;
  *length = at - *text;
  walk->at = at + 1;
  return TRUE;
}

static gboolean
skip_digits (JsonWalk *walk)
{
  const char *begin = walk->at;

  while (walk->at < walk->end && g_ascii_isdigit (*walk->at))
    walk->at++;
  return walk->at > begin;
}

/* Skips @mark when it is one of @marks. */
static gboolean
skip_any (JsonWalk *walk, const char *marks)
{
  if (walk->at == walk->end || *walk->at == '\0' || strchr (marks, *walk->at) == NULL)
    return FALSE;
  walk->at++;
  return TRUE;
}

/* Fraction and exponent; @found says whether there is either. */
static gboolean
skip_fraction (JsonWalk *walk, gboolean *found)
{
  *found = FALSE;
  if (skip_any (walk, "."))
    {
      *found = TRUE;
      if (!skip_digits (walk))
        return FALSE;
    }
  if (skip_any (walk, "eE"))
    {
      *found = TRUE;
      skip_any (walk, "+-");
      return skip_digits (walk);
    }
  return TRUE;
}

/* The value of digits, which may be signed; FALSE beyond 32 bits. */
static gboolean
digits_to_int32 (const char *at, const char *end, gint32 *value)
{
  gboolean negative = *at == '-';
  gint64 sum = 0;

  for (at += negative; at < end; at++)
    {
      sum = sum * 10 + (*at - '0');
      if (sum > (gint64) G_MAXINT32 + negative)
        return FALSE;
    }
  *value = (gint32) (negative ? -sum : sum);
  return TRUE;
}

static gboolean
read_number (JsonWalk *walk)
{
  const char *begin = walk->at, *end;
  gboolean fraction;

  skip_any (walk, "-");
  /* Nothing but a fraction or an exponent may follow a leading zero. */
  if (!skip_any (walk, "0") && !skip_digits (walk))
    return FALSE;
  end = walk->at;
  if (!skip_fraction (walk, &fraction))
    return FALSE;
  if (walk->fact == FACT_CODE && !fraction)
    walk->reply->has_code = digits_to_int32 (begin, end, &walk->reply->code);
  return TRUE;
}

static gboolean
read_literal (JsonWalk *walk, const char *literal)
{
  gsize length = strlen (literal);

  if ((gsize) (walk->end - walk->at) < length || memcmp (walk->at, literal, length) != 0)
    return FALSE;
  walk->at += length;
  return TRUE;
}

static gboolean
open_bracket (JsonWalk *walk, gboolean object)
{
  guint level = walk->depth;
  guint64 bit = G_GUINT64_CONSTANT (1) << (level % 64);

  if (level == JSON_MAX_DEPTH)
    return FALSE;
  if (object)
    walk->objects[level / 64] |= bit;
  else
    walk->objects[level / 64] &= ~bit;
  walk->depth++;
  walk->at++;
  walk->opened = TRUE;
  walk->fact = FACT_NONE;
  if (walk->depth == 2)
    walk->first = !object && walk->section != SECTION_NONE;
  return TRUE;
}

static gboolean
read_text_value (JsonWalk *walk)
{
  const char *text;
  gsize length;

  if (!read_string (walk, &text, &length))
    return FALSE;
  if (walk->fact == FACT_MESSAGE)
    {
      walk->reply->message = text;
      walk->reply->message_length = length;
    }
  else if (walk->fact == FACT_SPACE)
    {
      walk->reply->space = text;
      walk->reply->space_length = length;
    }
  return TRUE;
}

static gboolean
read_value (JsonWalk *walk)
{
  switch (peek (walk))
    {
    case '{':
      return open_bracket (walk, TRUE);
    case '[':
      return open_bracket (walk, FALSE);
    case '"':
      return read_text_value (walk);
    case 't':
      return read_literal (walk, "true");
    case 'f':
      return read_literal (walk, "false");
    case 'n':
      return read_literal (walk, "null");
    default:
      return read_number (walk);
    }
}

/* A key of the top object. */
static void
note_section (JsonWalk *walk, const char *key, gsize length)
{
  walk->section = SECTION_NONE;
  if (text_is (key, length, "errors"))
    walk->section = SECTION_ERRORS;
  else if (text_is (key, length, "results"))
    walk->section = SECTION_RESULTS;
  if (walk->sections_seen & (1u << walk->section))
    walk->section = SECTION_NONE;
  walk->sections_seen |= 1u << walk->section;
}

/* A key of an object inside an array (or an object) of the top object. */
static void
note_fact (JsonWalk *walk, const char *key, gsize length)
{
  if (!walk->first)
    return;
  if (walk->section == SECTION_ERRORS && text_is (key, length, "code"))
    walk->fact = FACT_CODE;
  else if (walk->section == SECTION_ERRORS && text_is (key, length, "message"))
    walk->fact = FACT_MESSAGE;
  else if (walk->section == SECTION_RESULTS && text_is (key, length, "spaceName"))
    walk->fact = FACT_SPACE;
  if (walk->facts_seen & (1u << walk->fact))
    walk->fact = FACT_NONE;
  walk->facts_seen |= 1u << walk->fact;
}

static gboolean
read_key (JsonWalk *walk)
{
  const char *key;
  gsize length;

  if (peek (walk) != '"' || !read_string (walk, &key, &length) || peek (walk) != ':')
    return FALSE;
  walk->at++;
  if (walk->depth == 1)
    note_section (walk, key, length);
  else if (walk->depth == 3)
    note_fact (walk, key, length);
  return TRUE;
}

/* Behind a value: closes what ends here, up to the comma that says a next one follows. */
static gboolean
read_after_value (JsonWalk *walk)
{
  while (walk->depth > 0)
    {
      char next = peek (walk);

      if (next == ',')
        {
          walk->at++;
          if (walk->depth == 2)
            walk->first = FALSE;
          return TRUE;
        }
      if (next != (level_is_object (walk) ? '}' : ']'))
        return FALSE;
      walk->at++;
      walk->depth--;
    }
  return TRUE;
}

static gboolean
read_object (JsonWalk *walk)
{
  if (peek (walk) != '{' || !open_bracket (walk, TRUE))
    return FALSE;
  while (walk->depth > 0)
    {
      gboolean object = level_is_object (walk);
      gboolean empty = walk->opened && peek (walk) == (object ? '}' : ']');

      walk->opened = FALSE;
      walk->fact = FACT_NONE;
      if (!empty && ((object && !read_key (walk)) || !read_value (walk)))
        return FALSE;
      if (!walk->opened && !read_after_value (walk))
        return FALSE;
    }
  return peek (walk) == '\0' && walk->at == walk->end;
}

gboolean
nebula_json_reply_read (const char *text, gsize length, NebulaJsonReply *reply)
{
  JsonWalk walk = { 0 };

  memset (reply, 0, sizeof *reply);
  if (length == 0)
    return FALSE;
  walk.at = text;
  walk.end = text + length;
  walk.reply = reply;
  if (read_object (&walk))
    return TRUE;
  memset (reply, 0, sizeof *reply);
  return FALSE;
}

char *
nebula_json_unescape (const char *text, gsize length)
{
  g_autoptr (GString) raw = NULL;
  const char *at = text, *end;

  if (text == NULL)
    return NULL;
  end = text + length;
  raw = g_string_sized_new (length);
  while (at < end)
    {
      gunichar character = (guchar) *at;

      if (*at != '\\' && *at != '\0')
        {
          g_string_append_c (raw, *at++);
          continue;
        }
      if (*at == '\\' && at + 1 < end && (guchar) at[1] < 0x80)
        character = read_escape (at + 1, end, &at);
      else
        {
          /* A backslash with nothing known behind it goes. */
          at++;
          if (character == '\\')
            continue;
        }
      g_string_append_unichar (raw, character == 0 ? REPLACEMENT_CHARACTER : character);
    }
  return g_utf8_make_valid (raw->str, raw->len);
}
