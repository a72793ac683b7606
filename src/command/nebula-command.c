/* SPDX-License-Identifier: Apache-2.0 */
#include "nebula-command-private.h"

#include <errno.h>
#include <stdio.h>

/*
 * The command nebula-interceptor: finds the sub-command and hands the rest of the arguments to it.
 */

typedef struct
{
  const char *name;
  const char *summary;
  int (*run) (int argc, char **argv);
} SubCommand;

static const SubCommand sub_commands[] = {
  { "codes", "List the error codes of NebulaGraph and what each means", nebula_command_codes },
  { "explain", "Explain one failure and what would be done about it", nebula_command_explain },
  { "safety", "Say whether a statement may be run twice", nebula_command_safety },
  { "policy", "Check a policy file, or show all that it comes to", nebula_command_policy },
  { "query", "Run statements, trying again what may be tried again", nebula_command_query },
  { "demo", "Show six failures, and what the interceptor makes of them", nebula_command_demo },
  { "mock", "Run a graphd for tests, with scripted faults", nebula_command_mock },
};

static void
print_help (void)
{
  fputs ("Usage:\n"
         "  nebula-interceptor SUB-COMMAND [OPTION…] [ARGUMENT…]\n"
         "\n"
         "Talks to NebulaGraph, says what its failures mean, and tries again what may be tried "
         "again.\n"
         "\n"
         "Sub-commands:\n",
         stdout);
  for (guint i = 0; i < G_N_ELEMENTS (sub_commands); i++)
    printf ("  %-10s %s\n", sub_commands[i].name, sub_commands[i].summary);
  fputs ("\n"
         "Options:\n"
         "  -h, --help    Show this help\n"
         "  --version     Show the version\n"
         "\n"
         "'nebula-interceptor SUB-COMMAND --help' tells more about one of them.\n"
         "Exit status: 0 done, 1 failed, 2 called wrongly.\n",
         stdout);
}

static char *
list_names (void)
{
  GString *names = g_string_new (NULL);

  for (guint i = 0; i < G_N_ELEMENTS (sub_commands); i++)
    g_string_append_printf (names, "%s%s", i > 0 ? ", " : "", sub_commands[i].name);
  return g_string_free (names, FALSE);
}

static int
run (int argc, char **argv)
{
  g_autofree char *names = list_names ();

  if (argc < 2)
    return nebula_command_misused ("", "a sub-command is missing, expected one of %s", names);
  if (strcmp (argv[1], "--help") == 0 || strcmp (argv[1], "-h") == 0)
    {
      print_help ();
      return NEBULA_EXIT_OK;
    }
  if (strcmp (argv[1], "--version") == 0)
    {
      puts ("nebula-interceptor " NEBULA_VERSION);
      return NEBULA_EXIT_OK;
    }
  for (guint i = 0; i < G_N_ELEMENTS (sub_commands); i++)
    if (strcmp (argv[1], sub_commands[i].name) == 0)
      return sub_commands[i].run (argc - 1, argv + 1);
  return nebula_command_misused ("", "'%s' is unknown, expected one of %s", argv[1], names);
}

int
main (int argc, char **argv)
{
  int status = run (argc, argv);

  /* A full disk shows only now. */
  if ((fflush (stdout) != 0 || ferror (stdout) != 0) && status == NEBULA_EXIT_OK)
    status = nebula_command_failed ("", "cannot write the output: %s", g_strerror (errno));
  return status;
}
