/* SPDX-License-Identifier: Apache-2.0 */
#include "nebula-code-argument-private.h"

/**
 * nebula_code_argument_parse:
 * @word: what the user typed: a number, or a name such as E_LEADER_CHANGED
 * @code: (out): its number
 * @error: return location of a %G_OPTION_ERROR_BAD_VALUE, for what is neither
 */
gboolean
nebula_code_argument_parse (const char *word, gint32 *code, GError **error)
{
  const NebulaErrorInfo *info = nebula_error_info_lookup_by_name (word);
  gint64 number;

  if (info != NULL)
    {
      *code = nebula_error_info_get_code (info);
      return TRUE;
    }
  if (g_ascii_string_to_signed (word, 10, G_MININT32, G_MAXINT32, &number, NULL))
    {
      *code = number;
      return TRUE;
    }
  g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
               "'%s' is no known error code, expected a number of 32 bits such as -1005 or a name "
               "such as E_EXECUTION_ERROR",
               word);
  return FALSE;
}
