/* SPDX-License-Identifier: Apache-2.0 */
#include "nebula-code-argument-private.h"

#include "nebula-nearest-private.h"

/* Longer than the longest name, 35 characters: nobody meant one. */
#define MAX_WORD 64

/* Returns: (nullable): the name that was meant, whatever the case */
static const char *
find_meant (const char *word)
{
  g_autofree char *upper = g_ascii_strup (word, -1);
  g_autoptr (GPtrArray) names = g_ptr_array_new ();

  if (strlen (word) > MAX_WORD)
    return NULL;
  for (guint i = 0; i < nebula_error_info_get_count (); i++)
    g_ptr_array_add (names,
                     (gpointer) nebula_error_info_get_name (nebula_error_info_at (i)));
  g_ptr_array_add (names, NULL);
  return nebula_nearest_word (upper, (const char *const *) names->pdata);
}

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
  const char *meant;
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
  meant = find_meant (word);
  if (meant != NULL)
    g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
                 "'%s' is no known error code; did you mean %s?", word, meant);
  else
    g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
                 "'%s' is no known error code, expected a number of 32 bits such as -1005 or a "
                 "name such as E_EXECUTION_ERROR",
                 word);
  return FALSE;
}
