/* SPDX-License-Identifier: Apache-2.0 */
#include "nebula-code-argument-private.h"
#include "nebula-command-private.h"
#include "nebula-json-output-private.h"

#include <stdio.h>

/*
 * nebula-interceptor codes: the table of error codes.
 */

static const NebulaCommandUsage usage = {
  "codes",
  "[CODE|NAME…]",
  "Lists the error codes of NebulaGraph: who must act, why it failed, what the failed\n"
  "statement may have done, and how fast another attempt makes sense.",
  "A code says little when graphd hides the cause in a text: see 'nebula-interceptor explain'.",
};

/* The columns, in order; the last is not padded. */
static const char *const headings[] = {
  "code", "name", "category", "cause", "effect", "pace", "grpc_status", "documented", "meaning",
};

#define N_COLUMNS G_N_ELEMENTS (headings)

static void
fill_row (const NebulaErrorInfo *info, char *number, gsize size, const char *cells[N_COLUMNS])
{
  g_snprintf (number, size, "%d", nebula_error_info_get_code (info));
  cells[0] = number;
  cells[1] = nebula_error_info_get_name (info);
  cells[2] = nebula_error_category_to_string (nebula_error_info_get_category (info));
  cells[3] = nebula_cause_to_string (nebula_error_info_get_cause (info));
  cells[4] = nebula_effect_to_string (nebula_error_info_get_effect (info));
  cells[5] = nebula_pace_to_string (nebula_error_info_get_pace (info));
  cells[6] = nebula_grpc_status_to_string (nebula_error_info_get_grpc_status (info));
  cells[7] = nebula_error_info_is_documented (info) ? "yes" : "no";
  cells[8] = nebula_error_info_get_meaning (info);
}

static void
print_cells (const char *const cells[N_COLUMNS], const int widths[N_COLUMNS])
{
  for (guint i = 0; i + 1 < N_COLUMNS; i++)
    printf ("%-*s  ", widths[i], cells[i]);
  puts (cells[N_COLUMNS - 1]);
}

static void
print_text (GPtrArray *rows)
{
  int widths[N_COLUMNS];
  const char *cells[N_COLUMNS];
  char number[16];

  for (guint i = 0; i < N_COLUMNS; i++)
    widths[i] = strlen (headings[i]);
  for (guint row = 0; row < rows->len; row++)
    {
      fill_row (rows->pdata[row], number, sizeof number, cells);
      for (guint i = 0; i < N_COLUMNS; i++)
        widths[i] = MAX (widths[i], (int) strlen (cells[i]));
    }

  print_cells (headings, widths);
  for (guint row = 0; row < rows->len; row++)
    {
      fill_row (rows->pdata[row], number, sizeof number, cells);
      print_cells (cells, widths);
    }
}

static void
print_json (GPtrArray *rows)
{
  g_autoptr (JsonBuilder) builder = json_builder_new ();
  const char *cells[N_COLUMNS];
  char number[16];

  json_builder_begin_array (builder);
  for (guint row = 0; row < rows->len; row++)
    {
      fill_row (rows->pdata[row], number, sizeof number, cells);
      json_builder_begin_object (builder);
      nebula_json_add_int (builder, headings[0], nebula_error_info_get_code (rows->pdata[row]));
      for (guint i = 1; i < N_COLUMNS; i++)
        nebula_json_add_string (builder, headings[i], cells[i]);
      json_builder_end_object (builder);
    }
  json_builder_end_array (builder);
  nebula_json_print (builder);
}

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
  static const char *const formats[] = { "text", "json", NULL };
  g_autoptr (GPtrArray) rows = g_ptr_array_new ();
  g_autofree char *format = NULL;
  g_auto (GStrv) words = NULL;
  int status = NEBULA_EXIT_OK;
  const GOptionEntry entries[] = {
    { "format", 0, 0, G_OPTION_ARG_FILENAME, &format, "How to print: text (default) or json",
      "FORMAT" },
    { 0 },
  };

  if (!nebula_command_parse (&usage, entries, argv, &words, &status))
    return status;
  if (nebula_command_choose (formats, format) < 0)
    return nebula_command_misused (usage.name, "--format is '%s', expected text or json", format);
  if (!choose_rows (words, rows, &status))
    return status;
  if (nebula_command_choose (formats, format) == 1)
    print_json (rows);
  else
    print_text (rows);
  return NEBULA_EXIT_OK;
}
