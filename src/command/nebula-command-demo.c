/* SPDX-License-Identifier: Apache-2.0 */
#include "nebula-command-private.h"
#include "nebula-demo-private.h"

#include <unistd.h>

/*
 * nebula-interceptor demo: failures of graphd, and what the interceptor makes of them.
 */

static const NebulaCommandUsage usage = {
  "demo",
  "",
  "Shows six failures of graphd, and what the interceptor makes of them.",
  "Everything happens in this process and on this machine: the graphd is one for tests, the\n"
  "client is what a program would use. The end is a proof from what the graphd wrote down;\n"
  "the exit status is 1 when a check fails.",
};

static gboolean
play_all (NebulaDemo *demo)
{
  guint n_scenes;
  const NebulaDemoScene *scenes = nebula_demo_get_scenes (&n_scenes);

  puts ("Each line is one attempt: time, graphd, call, outcome (cause) → what is done, and why.");
  for (guint i = 0; i < n_scenes; i++)
    {
      g_autoptr (GError) error = NULL;

      if (!nebula_demo_play (demo, &scenes[i], &error))
        {
          nebula_command_failed (usage.name, "%s", error->message);
          return FALSE;
        }
    }
  nebula_demo_print_proof (demo);
  return demo->n_wrong == 0;
}

int
nebula_command_demo (int argc, char **argv)
{
  g_auto (GStrv) words = NULL;
  gboolean no_color = FALSE;
  gboolean succeeded;
  int status = NEBULA_EXIT_OK;
  NebulaDemo demo;
  const GOptionEntry entries[] = {
    { "no-color", 0, 0, G_OPTION_ARG_NONE, &no_color,
      "Print no colors (as when the output is no terminal, or NO_COLOR is set)", NULL },
    { 0 },
  };

  if (!nebula_command_parse (&usage, entries, argv, &words, &status))
    return status;
  if (words[0] != NULL)
    return nebula_command_misused (usage.name, "'%s' is not expected: there are only options",
                                   words[0]);

  nebula_demo_init (&demo, !no_color && g_getenv ("NO_COLOR") == NULL && isatty (STDOUT_FILENO));
  succeeded = play_all (&demo);
  nebula_demo_clear (&demo);
  return succeeded ? NEBULA_EXIT_OK : NEBULA_EXIT_FAILED;
}
