/* SPDX-License-Identifier: Apache-2.0 */
#include "nebula-code-argument-private.h"
#include "nebula-code-listing-private.h"
#include "nebula-command-private.h"

/*
 * nebula-interceptor codes: the table of error codes.
 */

static const NebulaCommandUsage usage = {
  "codes",
  "[CODE|NAME…]",
  "Lists the error codes of NebulaGraph: who must act, why it failed, what the failed\n"
  "statement may have done, and how fast another attempt makes sense.",
  "A code says little when graphd hides the cause in a text: see 'nebula-interceptor explain'.\n"
  "With --messages these texts are listed instead.",
};

/* The rows that @words ask for, all without any. */
static gboolean
choose_rows (GStrv words, GPtrArray *rows, int *status)
{
  for (guint i = 0; words[0] == NULL && i < nebula_error_info_get_count (); i++)
    g_ptr_array_add (rows, (gpointer) nebula_error_info_at (i));

  for (guint i = 0; words[i] != NULL; i++)
    {
      g_autoptr (GError) error = NULL;
      const NebulaErrorInfo *info;
      gint32 code;

      if (!nebula_code_argument_parse (words[i], &code, &error))
        {
          *status = nebula_command_failed (usage.name, "%s", error->message);
          return FALSE;
        }
      if ((info = nebula_error_info_lookup (code)) == NULL)
        {
          *status = nebula_command_failed (usage.name, "no error code has the number %d", code);
          return FALSE;
        }
      g_ptr_array_add (rows, (gpointer) info);
    }
  return TRUE;
}

int
nebula_command_codes (int argc, char **argv)
{
  static const char *const formats[] = { "text", "json", "markdown", NULL };
  g_autoptr (GPtrArray) rows = g_ptr_array_new ();
  g_autofree char *format = NULL;
  g_auto (GStrv) words = NULL;
  gboolean messages = FALSE;
  int status = NEBULA_EXIT_OK;
  int form;
  const GOptionEntry entries[] = {
    { "messages", 0, 0, G_OPTION_ARG_NONE, &messages,
      "List the texts behind which graphd hides a cause", NULL },
    { "format", 0, 0, G_OPTION_ARG_FILENAME, &format,
      "How to print: text (default), json or markdown", "FORMAT" },
    { 0 },
  };

  if (!nebula_command_parse (&usage, entries, argv, &words, &status))
    return status;
  form = nebula_command_choose (formats, format);
  if (form < 0)
    return nebula_command_misused (usage.name, "--format is '%s', expected text, json or markdown",
                                   format);
  if (messages && words[0] != NULL)
    return nebula_command_misused (usage.name, "'%s' is not expected with --messages", words[0]);
  if (messages)
    {
      nebula_message_listing_print ((NebulaListingForm) form);
      return NEBULA_EXIT_OK;
    }
  if (!choose_rows (words, rows, &status))
    return status;
  nebula_code_listing_print (rows, (NebulaListingForm) form);
  return NEBULA_EXIT_OK;
}
