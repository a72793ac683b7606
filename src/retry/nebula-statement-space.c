/* SPDX-License-Identifier: Apache-2.0 */
#include <nebula-retry/nebula-statement.h>

#include "nebula-bytes-private.h"
#include "nebula-statement-scanner-private.h"

#include <string.h>

/* What a statement may do to the space of its session. Asked of every statement before it is sent,
 * so apart from the reading of nebula-statement.c, which only a failure is worth. */

/**
 * nebula_statement_starts_with_use:
 * @statement: (nullable) (array length=length) (element-type guint8): an nGQL text; any bytes
 * @length: the length of @statement in bytes
 *
 * Tells whether the first sentence of a statement is USE, so that it needs no space before it.
 *
 * Returns: %TRUE if it is. Safe in any thread.
 *
 * Since: 0.1
 */
gboolean
nebula_statement_starts_with_use (const char *statement, gsize length)
{
  NebulaScanner scanner;
  int token;

  if (statement == NULL)
    return FALSE;

  nebula_scanner_init (&scanner, statement, length);
  do
    token = nebula_scanner_next (&scanner, &nebula_all_tokens);
  while (token == ';');

  return token == NEBULA_TOKEN_WORD && scanner.word == NEBULA_WORD_USE;
}

/* Whether the token is the name @space, bare or in back-quotes. In these a backslash stands before
 * what is meant literally, and so is never the last; graphd's other escapes are not in anybody's
 * names. */
static gboolean
is_name (const NebulaScanner *scanner, int token, const char *space)
{
  const gboolean is_quoted = token == NEBULA_TOKEN_QUOTED;
  const char *at = scanner->start + is_quoted, *end = scanner->at - is_quoted;

  if (!is_quoted && token != NEBULA_TOKEN_WORD)
    return FALSE;
  for (; at < end; at++, space++)
    {
      at += is_quoted && *at == '\\';
      if (*space == '\0' || *at != *space)
        return FALSE;
    }
  return *space == '\0';
}

/**
 * nebula_statement_chooses_space:
 * @statement: (nullable) (array length=length) (element-type guint8): an nGQL text; any bytes
 * @length: the length of @statement in bytes
 * @space: the name of a space, without back-quotes
 *
 * Tells whether one of the sentences of a statement is a USE of a space. When a statement has
 * failed half-way, that is what tells its space from the one that was there before.
 *
 * Returns: %TRUE if there is one. Safe in any thread.
 *
 * Since: 0.1
 */
gboolean
nebula_statement_chooses_space (const char *statement, gsize length, const char *space)
{
  gboolean is_start = TRUE;
  NebulaScanner scanner;
  int token;

  g_return_val_if_fail (space != NULL, FALSE);

  if (statement == NULL)
    return FALSE;

  nebula_scanner_init (&scanner, statement, length);
  while ((token = nebula_scanner_next (&scanner, &nebula_all_tokens)) != NEBULA_TOKEN_END
         && token != NEBULA_TOKEN_ERROR)
    {
      if (is_start && token == NEBULA_TOKEN_WORD && scanner.word == NEBULA_WORD_USE
          && is_name (&scanner, nebula_scanner_next (&scanner, &nebula_all_tokens), space))
        return TRUE;
      is_start = token == ';';
    }
  return FALSE;
}

static inline NebulaBytes
load_small_letters (const char *at)
{
  return nebula_bytes_load (at) | 0x20;
}

/* Whether USE or DROP may begin here. */
static inline gboolean
is_worth_a_look (const char *at)
{
  const char first = at[0] | 0x20, second = at[1] | 0x20;

  return (first == 'u' && second == 's') || (first == 'd' && second == 'r');
}

/* Answers the next place that is worth a look, or one where not even two bytes are left. */
static const char *
skip_others (const char *at, const char *end)
{
  for (; end - at > NEBULA_N_BYTES; at += NEBULA_N_BYTES)
    {
      NebulaBytes first = load_small_letters (at);
      NebulaBytes second = load_small_letters (at + 1);

      if (nebula_bytes_is_any (((first == 'u') & (second == 's'))
                               | ((first == 'd') & (second == 'r'))))
        break;
    }
  while (end - at >= 2 && !is_worth_a_look (at))
    at++;

  return at;
}

static gboolean
is_word_at (const char *at, const char *end, const char *word)
{
  gsize length = strlen (word);

  return (gsize) (end - at) >= length && g_ascii_strncasecmp (at, word, length) == 0;
}

static gboolean
has_word (const char *at, const char *end, const char *word)
{
  while (at < end && !is_word_at (at, end, word))
    at++;

  return at < end;
}

/* USE as a word of its own. A digit before it does not count as part of it: it might be the end of
 * a number. */
static gboolean
is_use_at (const char *statement, const char *at, const char *end)
{
  if (!is_word_at (at, end, "USE"))
    return FALSE;
  if (at > statement && (g_ascii_isalpha (at[-1]) || at[-1] == '_'))
    return FALSE;

  return end - at == 3 || !(g_ascii_isalnum (at[3]) || at[3] == '_');
}

/**
 * nebula_statement_may_change_space:
 * @statement: (nullable) (array length=length) (element-type guint8): an nGQL text; any bytes
 * @length: the length of @statement in bytes
 *
 * Tells whether a statement may change the space of its session: USE does, and DROP SPACE. Fast,
 * for every statement that is sent. May say %TRUE wrongly (the word may stand in a string), never
 * %FALSE.
 *
 * Returns: %FALSE if it certainly does not. Safe in any thread.
 *
 * Since: 0.1
 */
gboolean
nebula_statement_may_change_space (const char *statement, gsize length)
{
  gboolean drop = FALSE;
  const char *end, *at;

  if (statement == NULL)
    return FALSE;

  end = statement + length;
  for (at = skip_others (statement, end); end - at >= 2; at = skip_others (at + 1, end))
    {
      if (is_use_at (statement, at, end))
        return TRUE;
      drop = drop || is_word_at (at, end, "DROP");
    }

  return drop && has_word (statement, end, "SPACE");
}
