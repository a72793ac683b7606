/* SPDX-License-Identifier: Apache-2.0 */
#include "nebula-statement-display-private.h"

#include <string.h>

/*
 * Statements as they may be shown: on one line, and without passwords. CREATE USER, ALTER USER and
 * CHANGE PASSWORD have theirs in quotes, and all say PASSWORD; better too much is hidden than one.
 */

/* What stands for a hidden text. */
#define HIDDEN "***"

gboolean
nebula_statement_holds_password (const char *statement)
{
  g_autofree char *folded = g_ascii_strup (statement, -1);

  return strstr (folded, "PASSWORD") != NULL;
}

/* Behind the quote that ends the string that begins at @start, or the end of the text. */
static const char *
skip_quoted (const char *start)
{
  const char *at = start + 1;

  while (*at != '\0' && *at != *start)
    at += at[0] == '\\' && at[1] != '\0' ? 2 : 1;
  return *at != '\0' ? at + 1 : at;
}

/**
 * nebula_statement_display:
 * @statement: (not nullable): nGQL, any bytes
 *
 * Returns: (transfer full): a text for a log or a terminal: valid UTF-8 on one line, the strings
 *   of a statement that has to do with passwords replaced
 */
char *
nebula_statement_display (const char *statement)
{
  g_autofree char *valid = g_utf8_make_valid (statement, -1);
  gboolean hide = nebula_statement_holds_password (valid);
  GString *shown = g_string_new (NULL);

  for (const char *at = valid; *at != '\0';)
    {
      gunichar c = g_utf8_get_char (at);

      if (hide && (c == '"' || c == '\''))
        {
          g_string_append_printf (shown, "%c" HIDDEN "%c", (char) c, (char) c);
          at = skip_quoted (at);
          continue;
        }
      if (!g_unichar_isspace (c) && !g_unichar_iscntrl (c))
        g_string_append_unichar (shown, c);
      else if (shown->len > 0 && shown->str[shown->len - 1] != ' ')
        g_string_append_c (shown, ' ');
      at = g_utf8_next_char (at);
    }
  return g_strchomp (g_string_free (shown, FALSE));
}
