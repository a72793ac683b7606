/* SPDX-License-Identifier: Apache-2.0 */
#include "nebula-statement-display-private.h"

#include <string.h>

/*
 * Statements as they may be shown: on one line, and without passwords. CREATE USER, ALTER USER and
 * CHANGE PASSWORD have theirs in quotes, and all say PASSWORD; SIGN IN TEXT SERVICE has one too.
 * Better too much is hidden than one.
 */

/* What stands for a hidden text. */
#define HIDDEN "***"

gboolean
nebula_statement_holds_password (const char *statement)
{
  g_autofree char *folded = g_ascii_strup (statement, -1);

  return strstr (folded, "PASSWORD") != NULL
         || (strstr (folded, "SIGN") != NULL && strstr (folded, "SERVICE") != NULL);
}

/* Behind the quote that ends what begins at @start with one; NULL if none does. */
static const char *
end_of_quoted (const char *start)
{
  const char *at = start + 1;

  while (*at != '\0' && *at != *start && *at != '\n')
    at += at[0] == '\\' && at[1] != '\0' ? 2 : 1;
  return *at == *start ? at + 1 : NULL;
}

/* Behind the comment that begins at @at; NULL if none does, the end of the text if it does not
 * end. */
static const char *
end_of_comment (const char *at)
{
  const char *end;

  if (g_str_has_prefix (at, "/*"))
    {
      end = strstr (at + 2, "*/");
      return end != NULL ? end + 2 : at + strlen (at);
    }
  if (*at != '#' && !g_str_has_prefix (at, "//"))
    return NULL;
  return at + strcspn (at, "\n");
}

/* Where the strings cannot be told from what is between them: the first quote of a text in which
 * one is not closed. NULL if all are. */
static const char *
find_doubtful (const char *text)
{
  const char *first = NULL;

  for (const char *at = text; *at != '\0';)
    {
      const char *end = end_of_comment (at);

      if (end == NULL && strchr ("\"'`", *at) != NULL)
        {
          if (first == NULL)
            first = at;
          end = end_of_quoted (at);
          if (end == NULL)
            return first;
        }
      at = end != NULL ? end : at + 1;
    }
  return NULL;
}

static void
append_bare (GString *shown, gunichar c)
{
  if (!g_unichar_isspace (c) && !g_unichar_iscntrl (c))
    g_string_append_unichar (shown, c);
  else if (shown->len > 0 && shown->str[shown->len - 1] != ' ')
    g_string_append_c (shown, ' ');
}

static void
append_plain (GString *shown, const char *begin, const char *end)
{
  for (const char *at = begin; at < end; at = g_utf8_next_char (at))
    append_bare (shown, g_utf8_get_char (at));
}

/* Comments go too: who comments a password out has still written it. */
static void
append_hidden (GString *shown, const char *text)
{
  const char *doubtful = find_doubtful (text);

  for (const char *at = text; *at != '\0';)
    {
      const char *end = end_of_comment (at);

      if (at == doubtful)
        {
          g_string_append (shown, HIDDEN);
          return;
        }
      if (end != NULL)
        append_bare (shown, ' ');
      else if (*at == '"' || *at == '\'')
        {
          g_string_append_printf (shown, "%c" HIDDEN "%c", *at, *at);
          end = end_of_quoted (at);
        }
      else
        {
          end = *at == '`' ? end_of_quoted (at) : g_utf8_next_char (at);
          append_plain (shown, at, end);
        }
      at = end;
    }
}

/**
 * nebula_statement_display:
 * @statement: (not nullable): nGQL, any bytes
 *
 * Returns: (transfer full): a text for a log or a terminal: valid UTF-8 on one line, the strings
 *   of a statement that has to do with passwords replaced, and its comments left out
 */
char *
nebula_statement_display (const char *statement)
{
  g_autofree char *valid = g_utf8_make_valid (statement, -1);
  GString *shown = g_string_new (NULL);

  if (nebula_statement_holds_password (valid))
    append_hidden (shown, valid);
  else
    append_plain (shown, valid, valid + strlen (valid));
  return g_strchomp (g_string_free (shown, FALSE));
}
