/* SPDX-License-Identifier: Apache-2.0 */
#include "nebula-statement-display-private.h"

#include <nebula-retry/nebula-retry.h>

/* Statements as they may be shown: on one line, and without passwords. */

static void
append_bare (GString *shown, gunichar c)
{
  if (!g_unichar_isspace (c) && !g_unichar_iscntrl (c))
    g_string_append_unichar (shown, c);
  else if (shown->len > 0 && shown->str[shown->len - 1] != ' ')
    g_string_append_c (shown, ' ');
}

/**
 * nebula_statement_display:
 * @statement: (not nullable): nGQL, any bytes
 *
 * Returns: (transfer full): a text for a log or a terminal: valid UTF-8 on one line, with what
 *   nebula_statement_redact() hides left out
 */
char *
nebula_statement_display (const char *statement)
{
  g_autofree char *redacted = nebula_statement_redact (statement, -1);
  g_autofree char *valid = g_utf8_make_valid (redacted, -1);
  GString *shown = g_string_new (NULL);

  for (const char *at = valid; *at != '\0'; at = g_utf8_next_char (at))
    append_bare (shown, g_utf8_get_char (at));
  return g_strchomp (g_string_free (shown, FALSE));
}
