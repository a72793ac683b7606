/* SPDX-License-Identifier: Apache-2.0 */
#include "nebula-mock-lexer-private.h"

#include <string.h>

static gboolean
starts (const NebulaMockLexer *self,
        const char            *what)
{
  const gsize length = strlen (what);

  return self->length - self->position >= length &&
         memcmp (self->text + self->position, what, length) == 0;
}

static void
skip_line (NebulaMockLexer *self)
{
  while (self->position < self->length && self->text[self->position] != '\n')
    self->position++;
}

/* Returns: FALSE when the comment has no end */
static gboolean
skip_block_comment (NebulaMockLexer *self)
{
  self->position += 2;
  while (self->position < self->length && !starts (self, "*/"))
    self->position++;
  if (self->position >= self->length)
    return FALSE;
  self->position += 2;
  return TRUE;
}

/* Spaces and comments as graphd has them: `--` is none. Returns: FALSE at a comment without an end,
 * where the position is the start of the comment. */
static gboolean
skip_blanks (NebulaMockLexer *self)
{
  while (self->position < self->length)
    {
      const gsize start = self->position;

      if (strchr (" \t\r\n", self->text[start]) != NULL && self->text[start] != '\0')
        self->position++;
      else if (starts (self, "\xc2\xa0"))
        self->position += 2;
      else if (starts (self, "#") || starts (self, "//"))
        skip_line (self);
      else if (!starts (self, "/*"))
        return TRUE;
      else if (!skip_block_comment (self))
        {
          self->position = start;
          return FALSE;
        }
    }
  return TRUE;
}

/* A string ends at its quote, never at the end of a line. */
static NebulaMockTokenKind
scan_quoted (NebulaMockLexer *self)
{
  const char quote = self->text[self->position++];

  while (self->position < self->length)
    {
      const char c = self->text[self->position];

      if (c == '\n')
        break;
      self->position++;
      if (c == quote)
        return quote == '`' ? NEBULA_MOCK_TOKEN_NAME : NEBULA_MOCK_TOKEN_STRING;
      if (c == '\\' && self->position < self->length)
        self->position++;
    }
  return NEBULA_MOCK_TOKEN_BROKEN;
}

static gboolean
is_word_character (char c)
{
  return g_ascii_isalnum (c) || c == '_' || (c & 0x80) != 0;
}

static void
skip_digits (NebulaMockLexer *self)
{
  while (self->position < self->length && g_ascii_isdigit (self->text[self->position]))
    self->position++;
}

static NebulaMockTokenKind
scan_number (NebulaMockLexer *self)
{
  skip_digits (self);
  if (self->position + 1 < self->length && self->text[self->position] == '.' &&
      g_ascii_isdigit (self->text[self->position + 1]))
    {
      self->position++;
      skip_digits (self);
    }
  if (self->position < self->length && (self->text[self->position] | 0x20) == 'e')
    {
      self->position++;
      if (self->position < self->length && strchr ("+-", self->text[self->position]) != NULL)
        self->position++;
      skip_digits (self);
    }
  return NEBULA_MOCK_TOKEN_NUMBER;
}

static NebulaMockTokenKind
scan (NebulaMockLexer *self)
{
  const char c = self->text[self->position];

  if (c == '"' || c == '\'' || c == '`')
    return scan_quoted (self);
  if (g_ascii_isdigit (c))
    return scan_number (self);
  if (!is_word_character (c))
    {
      self->position++;
      return NEBULA_MOCK_TOKEN_SYMBOL;
    }
  while (self->position < self->length && is_word_character (self->text[self->position]))
    self->position++;
  return NEBULA_MOCK_TOKEN_WORD;
}

NebulaMockToken
nebula_mock_lexer_next (NebulaMockLexer *self)
{
  NebulaMockToken token;
  const gboolean sound = skip_blanks (self);

  token.start = self->position;
  if (!sound)
    {
      token.kind = NEBULA_MOCK_TOKEN_BROKEN;
      self->position = self->length;
    }
  else if (self->position >= self->length)
    token.kind = NEBULA_MOCK_TOKEN_END;
  else
    token.kind = scan (self);
  token.end = self->position;
  return token;
}

static char
unescape (char c)
{
  static const char from[] = "ntrbf";
  static const char to[] = "\n\t\r\b\f";
  const char *found = strchr (from, c);

  return found != NULL && c != '\0' ? to[found - from] : c;
}

/* What is between the quotes, without its escapes; any other token as it is. Octal and \u escapes
 * are left out: no test needs them.
 * Returns: (transfer full) */
char *
nebula_mock_lexer_unquote (const NebulaMockLexer *self,
                           const NebulaMockToken *token)
{
  GString *text;
  gsize i;

  if (token->kind != NEBULA_MOCK_TOKEN_STRING && token->kind != NEBULA_MOCK_TOKEN_NAME)
    return g_strndup (self->text + token->start, token->end - token->start);

  text = g_string_new (NULL);
  for (i = token->start + 1; i < token->end - 1; i++)
    {
      const char c = self->text[i];

      g_string_append_c (text, c == '\\' ? unescape (self->text[++i]) : c);
    }
  return g_string_free (text, FALSE);
}
