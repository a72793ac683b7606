/* SPDX-License-Identifier: Apache-2.0 */
#include "nebula-json-syntax-private.h"

#include <json-glib/json-glib.h>
#include <string.h>

/* json-glib takes more than JSON (comments, single quotes, numbers too large for it), keeps the
 * last of two equal keys without a word, ends the process at half a pair of surrogates and a string
 * at an escaped NUL. This reads the grammar of RFC 8259 and nothing else, so that a slip in a file
 * is found where it is. */

/* The files of this project are five levels deep. */
#define DEPTH_MAX 32

/* An escape of UTF-16: \uXXXX. */
#define UNIT_LENGTH 6

typedef struct
{
  const char *text;   /* (unowned) */
  gsize       length;
  gsize       position;
  char       *problem; /* (owned) (nullable): the first one */
} Scanner;

static gboolean
complain_at (Scanner    *scanner,
             gsize       position,
             const char *what)
{
  guint line = 1, column = 1;
  gsize i;

  for (i = 0; i < position; i++)
    if (scanner->text[i] == '\n')
      {
        line++;
        column = 1;
      }
    else
      column++;
  if (scanner->problem == NULL)
    scanner->problem = g_strdup_printf ("line %u, column %u: %s", line, column, what);
  return FALSE;
}

static gboolean
complain (Scanner    *scanner,
          const char *what)
{
  return complain_at (scanner, scanner->position, what);
}

/* The next character that is no space, 0 at the end. */
static char
peek (Scanner *scanner)
{
  while (scanner->position < scanner->length &&
         memchr (" \t\r\n", scanner->text[scanner->position], 4) != NULL)
    scanner->position++;
  return scanner->position < scanner->length ? scanner->text[scanner->position] : '\0';
}

static gboolean
accept (Scanner *scanner,
        char     wanted)
{
  if (peek (scanner) != wanted || scanner->position >= scanner->length)
    return FALSE;
  scanner->position++;
  return TRUE;
}

/* The UTF-16 unit that is escaped at @position, -1 when none is. */
static gint32
read_unit (const Scanner *scanner,
           gsize          position)
{
  gint32 unit = 0;
  gsize i;

  if (scanner->length - position < UNIT_LENGTH || scanner->text[position] != '\\' ||
      scanner->text[position + 1] != 'u')
    return -1;
  for (i = position + 2; i < position + UNIT_LENGTH; i++)
    {
      if (!g_ascii_isxdigit (scanner->text[i]))
        return -1;
      unit = unit * 16 + g_ascii_xdigit_value (scanner->text[i]);
    }
  return unit;
}

/* The position is at the backslash of an escape that begins with u. */
static gboolean
check_units (Scanner *scanner)
{
  const gsize start = scanner->position;
  const gint32 unit = read_unit (scanner, start);

  if (unit < 0)
    return complain_at (scanner, scanner->position + 1, "wrong escape in a string");
  if (unit == 0)
    return complain (scanner, "a NUL in a string");
  scanner->position += UNIT_LENGTH;
  if (unit < 0xd800 || unit > 0xdfff)
    return TRUE;
  if (unit < 0xdc00)
    {
      const gint32 second = read_unit (scanner, scanner->position);

      scanner->position += UNIT_LENGTH;
      if (second >= 0xdc00 && second <= 0xdfff)
        return TRUE;
    }
  return complain_at (scanner, start, "half a pair of surrogates in a string");
}

/* The position is at a backslash. */
static gboolean
check_escape (Scanner *scanner)
{
  const gsize left = scanner->length - scanner->position;
  const char *escape = scanner->text + scanner->position;

  if (left >= 2 && escape[1] == 'u')
    return check_units (scanner);
  if (left < 2 || memchr ("\"\\/bfnrt", escape[1], 8) == NULL)
    return complain_at (scanner, scanner->position + 1, "wrong escape in a string");
  scanner->position += 2;
  return TRUE;
}

/* The position is behind the opening quote. */
static gboolean
check_string (Scanner *scanner)
{
  while (scanner->position < scanner->length)
    {
      const guchar c = scanner->text[scanner->position];

      if (c < 0x20)
        return complain (scanner, "control character in a string, expected an escape");
      if (c == '\\')
        {
          if (!check_escape (scanner))
            return FALSE;
          continue;
        }
      scanner->position++;
      if (c == '"')
        return TRUE;
    }
  return complain (scanner, "the string has no end");
}

static gsize
skip_digits (Scanner *scanner)
{
  const gsize start = scanner->position;

  while (scanner->position < scanner->length &&
         g_ascii_isdigit (scanner->text[scanner->position]))
    scanner->position++;
  return scanner->position - start;
}

static gboolean
at_any (const Scanner *scanner,
        const char    *set)
{
  return scanner->position < scanner->length &&
         memchr (set, scanner->text[scanner->position], strlen (set)) != NULL;
}

static gboolean
check_number (Scanner *scanner)
{
  const gsize start = scanner->position;
  gboolean is_integer = TRUE;
  gsize digits, first;

  if (at_any (scanner, "-"))
    scanner->position++;
  first = scanner->position;
  digits = skip_digits (scanner);
  if (digits == 0 || (digits > 1 && scanner->text[first] == '0'))
    return complain_at (scanner, start, "wrong number");
  if (at_any (scanner, "."))
    {
      is_integer = FALSE;
      scanner->position++;
      if (skip_digits (scanner) == 0)
        return complain_at (scanner, start, "wrong number");
    }
  if (at_any (scanner, "eE"))
    {
      is_integer = FALSE;
      scanner->position++;
      if (at_any (scanner, "+-"))
        scanner->position++;
      if (skip_digits (scanner) == 0)
        return complain_at (scanner, start, "wrong number");
    }
  /* 18 digits always fit 64 bits; json-glib would wrap without a word. */
  if (is_integer && digits > 18)
    return complain_at (scanner, start, "the number is too large");
  return TRUE;
}

static gboolean
check_word (Scanner *scanner)
{
  static const char *const words[] = { "true", "false", "null" };
  gsize i;

  for (i = 0; i < G_N_ELEMENTS (words); i++)
    {
      const gsize length = strlen (words[i]);

      if (scanner->length - scanner->position >= length &&
          memcmp (scanner->text + scanner->position, words[i], length) == 0)
        {
          scanner->position += length;
          return TRUE;
        }
    }
  if (scanner->position >= scanner->length)
    return complain (scanner, "the file ends, expected a value");
  return complain (scanner, "expected a value");
}

static gboolean check_value (Scanner *scanner, guint depth);

static gboolean
check_array (Scanner *scanner,
             guint    depth)
{
  if (accept (scanner, ']'))
    return TRUE;
  do
    if (!check_value (scanner, depth))
      return FALSE;
  while (accept (scanner, ','));
  return accept (scanner, ']') || complain (scanner, "expected , or ]");
}

/* Two spellings of one key are one key. The text is a checked string without its quotes.
 * Returns: (transfer full) */
static char *
unescape_key (const char *text,
              gsize       length)
{
  g_autofree char *quoted = NULL;
  g_autoptr (JsonNode) node = NULL;

  if (memchr (text, '\\', length) == NULL)
    return g_strndup (text, length);
  quoted = g_strdup_printf ("\"%.*s\"", (int) length, text);
  node = json_from_string (quoted, NULL);
  return node != NULL ? json_node_dup_string (node) : g_strndup (text, length);
}

static gboolean
check_member (Scanner    *scanner,
              GHashTable *keys,
              guint       depth)
{
  gsize start;
  char *key;

  if (!accept (scanner, '"'))
    return complain (scanner, "expected a key in double quotes");
  start = scanner->position;
  if (!check_string (scanner))
    return FALSE;
  key = unescape_key (scanner->text + start, scanner->position - start - 1);
  if (!g_hash_table_add (keys, key))
    {
      g_autofree char *what =
        g_strdup_printf ("the key \"%.*s\" is there already",
                         (int) MIN (scanner->position - start - 1, 100), scanner->text + start);

      return complain_at (scanner, start - 1, what);
    }
  if (!accept (scanner, ':'))
    return complain (scanner, "expected :");
  return check_value (scanner, depth);
}

static gboolean
check_object (Scanner *scanner,
              guint    depth)
{
  g_autoptr (GHashTable) keys = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);

  if (accept (scanner, '}'))
    return TRUE;
  do
    if (!check_member (scanner, keys, depth))
      return FALSE;
  while (accept (scanner, ','));
  return accept (scanner, '}') || complain (scanner, "expected , or }");
}

static gboolean
check_value (Scanner *scanner,
             guint    depth)
{
  const char c = peek (scanner);

  if (depth >= DEPTH_MAX)
    return complain (scanner, "too deep");
  if (accept (scanner, '{'))
    return check_object (scanner, depth + 1);
  if (accept (scanner, '['))
    return check_array (scanner, depth + 1);
  if (accept (scanner, '"'))
    return check_string (scanner);
  if (c == '-' || g_ascii_isdigit (c))
    return check_number (scanner);
  return check_word (scanner);
}

/* Returns: FALSE with G_IO_ERROR_INVALID_DATA, which names line and column, counted from 1, in
 * bytes */
gboolean
nebula_json_check_syntax (const char *json,
                          gsize       length,
                          GError    **error)
{
  Scanner scanner = { json, length, 0, NULL };
  g_autofree char *problem = NULL;
  const char *end;

  if (!g_utf8_validate_len (json, length, &end))
    complain_at (&scanner, end - json, "not UTF-8");
  else if (check_value (&scanner, 0))
    {
      peek (&scanner);
      if (scanner.position < scanner.length)
        complain (&scanner, "expected the end of the file");
    }
  problem = scanner.problem;
  if (problem == NULL)
    return TRUE;
  g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA, problem);
  return FALSE;
}
