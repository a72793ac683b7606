/* SPDX-License-Identifier: Apache-2.0 */
#include "nebula-command-private.h"

#include <stdio.h>

/*
 * What all sub-commands share: options, --help, and how they complain. Texts go out as they are,
 * in UTF-8, whatever the locale: g_print () would turn half of them into question marks under "C".
 */

/* Stands before what begins with a negative number, a line of a log perhaps, while GOption works,
 * which would take it for an option: none of ours begins with a digit. No shell lets one type it by
 * accident. */
#define NUMBER_MARK '\001'

static gboolean
begins_with_negative_number (const char *word)
{
  return word[0] == '-' && g_ascii_isdigit (word[1]);
}

/* The word after an option may be the option's value, which GOption takes as it is. */
static gboolean
may_take_value (const char *word)
{
  return g_str_has_prefix (word, "--") && strchr (word, '=') == NULL;
}

static GStrv
mark_numbers (char **argv)
{
  GStrv marked = g_strdupv (argv);

  for (guint i = 1; marked[i] != NULL && strcmp (marked[i], "--") != 0; i++)
    if (begins_with_negative_number (marked[i]) && !may_take_value (argv[i - 1]))
      {
        g_autofree char *number = marked[i];

        marked[i] = g_strdup_printf ("%c%s", NUMBER_MARK, number);
      }
  return marked;
}

static void
unmark_numbers (GStrv words)
{
  for (guint i = 0; words[i] != NULL; i++)
    if (words[i][0] == NUMBER_MARK)
      memmove (words[i], words[i] + 1, strlen (words[i]));
}

static GOptionContext *
make_context (const NebulaCommandUsage *usage, const GOptionEntry *entries)
{
  GOptionContext *context = g_option_context_new (usage->parameters);

  g_option_context_set_summary (context, usage->summary);
  g_option_context_set_description (context, usage->description);
  /* GOption's own --help ends the process and prints through the locale. */
  g_option_context_set_help_enabled (context, FALSE);
  g_option_context_add_main_entries (context, entries, NULL);
  return context;
}

static void
print_help (const NebulaCommandUsage *usage, GOptionContext *context)
{
  g_autofree char *program = g_strdup_printf ("nebula-interceptor %s", usage->name);
  g_autofree char *help = NULL;

  g_set_prgname (program);
  help = g_option_context_get_help (context, TRUE, NULL);
  fputs (help, stdout);
}

/**
 * nebula_command_parse:
 * @usage: how the sub-command is called
 * @entries: its options; texts as %G_OPTION_ARG_FILENAME, so that no locale touches them
 * @argv: the arguments from the sub-command's name on
 * @words: (out) (transfer full): what is no option, %NULL-terminated; negative numbers too
 * @status: (out): the exit status, when the sub-command is over
 *
 * Returns: %TRUE to go on; %FALSE when help was printed or the arguments were wrong
 */
gboolean
nebula_command_parse (const NebulaCommandUsage *usage,
                      const GOptionEntry *entries,
                      char **argv,
                      GStrv *words,
                      int *status)
{
  g_autoptr (GOptionContext) context = make_context (usage, entries);
  g_auto (GStrv) marked = mark_numbers (argv);
  g_auto (GStrv) rest = NULL;
  g_autoptr (GError) error = NULL;
  gboolean help = FALSE;
  const GOptionEntry common[] = {
    { "help", 'h', 0, G_OPTION_ARG_NONE, &help, "Show this help", NULL },
    { G_OPTION_REMAINING, 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &rest, NULL, NULL },
    { 0 },
  };

  g_option_context_add_main_entries (context, common, NULL);
  if (!g_option_context_parse_strv (context, &marked, &error))
    {
      *status = nebula_command_misused (usage->name, "%s", error->message);
      return FALSE;
    }
  if (help)
    {
      print_help (usage, context);
      *status = NEBULA_EXIT_OK;
      return FALSE;
    }
  if (rest == NULL)
    rest = g_new0 (char *, 1);
  unmark_numbers (rest);
  *words = g_steal_pointer (&rest);
  return TRUE;
}

/**
 * nebula_command_choose:
 * @choices: %NULL-terminated
 * @value: (nullable): what the user said; %NULL for the first choice
 *
 * Returns: the index of @value in @choices, -1 when it is none of them
 */
int
nebula_command_choose (const char *const *choices, const char *value)
{
  if (value == NULL)
    return 0;
  for (int i = 0; choices[i] != NULL; i++)
    if (strcmp (choices[i], value) == 0)
      return i;
  return -1;
}

static void
complain (const char *name, const char *format, va_list arguments)
{
  g_autofree char *text = g_strdup_vprintf (format, arguments);

  fflush (stdout);
  fprintf (stderr, "nebula-interceptor%s%s: %s\n", *name != '\0' ? " " : "", name, text);
}

/**
 * nebula_command_misused:
 * @name: the sub-command, "" for none
 *
 * Says on stderr what was wrong with the arguments, and where to read how they should be.
 *
 * Returns: the exit status of a command that was called wrongly
 */
int
nebula_command_misused (const char *name, const char *format, ...)
{
  va_list arguments;

  va_start (arguments, format);
  complain (name, format, arguments);
  va_end (arguments);
  fprintf (stderr, "Try 'nebula-interceptor%s%s --help'.\n", *name != '\0' ? " " : "", name);
  return NEBULA_EXIT_USAGE;
}

/**
 * nebula_command_failed:
 * @name: the sub-command, "" for none
 *
 * Says on stderr what failed.
 *
 * Returns: the exit status of a command that failed
 */
int
nebula_command_failed (const char *name, const char *format, ...)
{
  va_list arguments;

  va_start (arguments, format);
  complain (name, format, arguments);
  va_end (arguments);
  return NEBULA_EXIT_FAILED;
}
