/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <glib.h>
#include <string.h>

G_BEGIN_DECLS

/* What the command answers the shell with. */
#define NEBULA_EXIT_OK 0
#define NEBULA_EXIT_FAILED 1 /* the operation failed */
#define NEBULA_EXIT_USAGE 2  /* the command was called wrongly */

/* How a sub-command is called; all strings are static. */
typedef struct
{
  const char *name;
  const char *parameters;  /* what follows the options, such as "CODE [MESSAGE]" */
  const char *summary;     /* one line */
  const char *description; /* (nullable) what else --help should say */
} NebulaCommandUsage;

/* Each takes its own name as @argv[0] and returns an exit status. */
int nebula_command_codes (int argc, char **argv);
int nebula_command_explain (int argc, char **argv);
int nebula_command_safety (int argc, char **argv);
int nebula_command_policy (int argc, char **argv);
int nebula_command_simulate (int argc, char **argv);
int nebula_command_query (int argc, char **argv);
int nebula_command_demo (int argc, char **argv);
int nebula_command_mock (int argc, char **argv);

gboolean nebula_command_parse (const NebulaCommandUsage *usage,
                               const GOptionEntry *entries,
                               char **argv,
                               GStrv *words,
                               int *status);
int nebula_command_choose (const char *const *choices, const char *value);
int nebula_command_misused (const char *name, const char *format, ...) G_GNUC_PRINTF (2, 3);
int nebula_command_failed (const char *name, const char *format, ...) G_GNUC_PRINTF (2, 3);

G_END_DECLS
