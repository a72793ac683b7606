/* SPDX-License-Identifier: Apache-2.0 */
#include <nebula-retry/nebula-statement.h>

#include "nebula-chunk-private.h"
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
 * what is meant literally; graphd's other escapes are not in anybody's names. */
static gboolean
is_name (const NebulaScanner *scanner,
         int                  token,
         const char          *space)
{
  const gboolean is_quoted = token == NEBULA_TOKEN_QUOTED;
  const char *at = scanner->start + is_quoted, *end = scanner->at - is_quoted;

  if (!is_quoted && token != NEBULA_TOKEN_WORD)
    return FALSE;
  for (; at < end; at++, space++)
    {
      at += is_quoted && *at == '\\' && at + 1 < end;
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
nebula_statement_chooses_space (const char *statement,
                                gsize       length,
                                const char *space)
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

/* Answers where @word, in capitals, is next, whatever the case of its letters; NULL if it is not.
 * Few places have its first two letters: only there all of it is compared. */
static const char *
find_word (const char *at, const char *end, const char *word)
{
  gssize length = (gssize) strlen (word);

  for (; end - at >= 2; at += MIN (CHUNK, end - at))
    {
      guint64 here = load_chunk (at, end) | EACH (0x20);
      guint64 next = load_chunk (at + 1, end) | EACH (0x20);
      guint64 marks = mark_byte (here, word[0] | 0x20) & mark_byte (next, word[1] | 0x20);

      for (; marks != 0; marks &= marks - 1)
        {
          const char *found = at + count_to_mark (marks);

          if (end - found >= length && g_ascii_strncasecmp (found, word, (gsize) length) == 0)
            return found;
        }
    }

  return NULL;
}

/* USE as a word of its own. A digit before it does not count as part of it: it might be the end of
 * a number. */
static gboolean
is_use_at (const char *statement, const char *at, const char *end)
{
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
  const char *end, *at;

  if (statement == NULL)
    return FALSE;

  end = statement + length;
  for (at = find_word (statement, end, "USE"); at != NULL; at = find_word (at + 1, end, "USE"))
    if (is_use_at (statement, at, end))
      return TRUE;

  return find_word (statement, end, "DROP") != NULL && find_word (statement, end, "SPACE") != NULL;
}
