/* SPDX-License-Identifier: Apache-2.0 */
#include "nebula-command-private.h"
#include "nebula-comparison-private.h"

/*
 * nebula-interceptor policy simulate: what a way of waiting does when many clients retry at once.
 */

static const NebulaCommandUsage usage = {
  "policy simulate",
  "[FILE]",
  "Plays what many clients come to that retry, without waiting for anything itself.",
  "Models: occ (clients that change one row), outage (a server that is down for a while),\n"
  "budget (attempts that fail, and what retries are paid from).\n"
  "FILE is a policy: its back-off, jitter, budget and attempts replace the model's own.",
};

/* More would take a machine hours: without back-off the calls of occ grow with the square. */
#define MAX_CLIENTS 1000
#define MAX_REPETITIONS 1000

/* As in the article that the model occ is from; with these numbers its table is reproduced. */
#define DEFAULT_CLIENTS "100"
#define DEFAULT_REPETITIONS "100"
#define DEFAULT_SEED "1"

/* The options as they were given: (owned) (nullable). */
typedef struct
{
  char *model;
  char *jitter;
  char *clients;
  char *repetitions;
  char *seed;
  char *format;
  char *svg;
} Options;

static void
options_clear (Options *self)
{
  g_free (self->model);
  g_free (self->jitter);
  g_free (self->clients);
  g_free (self->repetitions);
  g_free (self->seed);
  g_free (self->format);
  g_free (self->svg);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Options, options_clear)

static gboolean
parse_number (const char *option, const char *text, guint64 least, guint64 most, guint *number)
{
  g_autoptr (GError) error = NULL;
  guint64 value = 0;

  if (!g_ascii_string_to_unsigned (text, 10, least, most, &value, &error))
    {
      nebula_command_misused (usage.name,
                              "--%s is '%s', expected a number from %" G_GUINT64_FORMAT
                              " to %" G_GUINT64_FORMAT,
                              option, text, least, most);
      return FALSE;
    }
  *number = (guint) value;
  return TRUE;
}

static gboolean
parse_numbers (const Options *options, NebulaComparison *comparison)
{
  const char *clients = options->clients != NULL ? options->clients : DEFAULT_CLIENTS;
  const char *repetitions = options->repetitions != NULL ? options->repetitions
                                                         : DEFAULT_REPETITIONS;
  const char *seed = options->seed != NULL ? options->seed : DEFAULT_SEED;

  return parse_number ("clients", clients, 1, MAX_CLIENTS, &comparison->clients)
         && parse_number ("repetitions", repetitions, 1, MAX_REPETITIONS, &comparison->repetitions)
         && parse_number ("seed", seed, 0, G_MAXUINT32, &comparison->seed);
}

static gboolean
parse_model (const Options *options, NebulaComparison *comparison)
{
  static const NebulaSimulationModel *const models[] = {
    &nebula_simulation_occ,
    &nebula_simulation_outage,
    &nebula_simulation_budget,
  };

  if (options->model == NULL)
    {
      nebula_command_misused (usage.name, "--model is missing, expected occ, outage or budget");
      return FALSE;
    }
  for (guint i = 0; i < G_N_ELEMENTS (models); i++)
    if (strcmp (models[i]->name, options->model) == 0)
      comparison->model = models[i];
  if (comparison->model == NULL)
    nebula_command_misused (usage.name, "--model is '%s', expected occ, outage or budget",
                            options->model);
  return comparison->model != NULL;
}

static gboolean
parse_jitter (const Options *options, const NebulaComparison *comparison, int *waiting)
{
  *waiting = NEBULA_ALL_WAITINGS;
  if (options->jitter == NULL)
    return TRUE;
  if (comparison->model == &nebula_simulation_budget)
    {
      nebula_command_misused (usage.name, "--jitter is of no use: nobody waits in model budget");
      return FALSE;
    }
  for (int i = 0; i < NEBULA_N_WAITINGS; i++)
    if (strcmp (nebula_waiting_get_name ((NebulaWaiting) i), options->jitter) == 0)
      *waiting = i;
  if (*waiting == NEBULA_ALL_WAITINGS)
    nebula_command_misused (usage.name,
                            "--jitter is '%s', expected off, none, equal, full, decorrelated or"
                            " proportional",
                            options->jitter);
  return *waiting != NEBULA_ALL_WAITINGS;
}

/* The policy that holds for statements, of which the simulated ones are. */
static gboolean
load_policy (const char *path, NebulaRetryPolicy **policy)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (NebulaRetryPolicy) whole = NULL;

  if (path == NULL)
    return TRUE;
  whole = nebula_retry_policy_new_from_file (path, &error);
  if (whole == NULL)
    {
      g_auto (GStrv) lines = g_strsplit (error->message, "\n", -1);

      for (guint i = 0; lines[i] != NULL; i++)
        nebula_command_failed (usage.name, "%s", lines[i]);
      return FALSE;
    }
  *policy = g_object_ref (nebula_retry_policy_get_for_method (whole, "GraphService", "execute"));
  return TRUE;
}

/* The picture comes first: who reads a table believes that all went well. */
static int
show (const NebulaComparison *comparison, const char *svg, gboolean json)
{
  g_autoptr (GError) error = NULL;

  if (svg != NULL)
    {
      g_autofree char *picture = nebula_comparison_draw (comparison);

      if (!g_file_set_contents (svg, picture, -1, &error))
        return nebula_command_failed (usage.name, "%s", error->message);
    }
  if (json)
    nebula_comparison_print_json (comparison);
  else
    nebula_comparison_print_table (comparison);
  return NEBULA_EXIT_OK;
}

static int
simulate (const Options *options, GStrv words)
{
  static const char *const formats[] = { "table", "json", NULL };
  g_auto (NebulaComparison) comparison = { 0 };
  g_autoptr (NebulaRetryPolicy) policy = NULL;
  int form = nebula_command_choose (formats, options->format);
  int waiting;

  if (form < 0)
    return nebula_command_misused (usage.name, "--format is '%s', expected table or json",
                                   options->format);
  if (!parse_model (options, &comparison) || !parse_jitter (options, &comparison, &waiting)
      || !parse_numbers (options, &comparison))
    return NEBULA_EXIT_USAGE;
  if (words[0] != NULL && words[1] != NULL)
    return nebula_command_misused (usage.name, "'%s' is one argument too many", words[1]);
  if (!load_policy (words[0], &policy))
    return NEBULA_EXIT_FAILED;
  nebula_comparison_run (&comparison, waiting, policy);
  return show (&comparison, options->svg, form == 1);
}

int
nebula_command_simulate (int argc, char **argv)
{
  g_auto (Options) options = { 0 };
  g_auto (GStrv) words = NULL;
  int status = NEBULA_EXIT_OK;
  const GOptionEntry entries[] = {
    { "model", 0, 0, G_OPTION_ARG_FILENAME, &options.model, "occ, outage or budget", "MODEL" },
    { "jitter", 0, 0, G_OPTION_ARG_FILENAME, &options.jitter,
      "off, none, equal, full, decorrelated or proportional (default: compare all)", "MODE" },
    { "clients", 0, 0, G_OPTION_ARG_FILENAME, &options.clients,
      "How many clients (default " DEFAULT_CLIENTS ")", "N" },
    { "repetitions", 0, 0, G_OPTION_ARG_FILENAME, &options.repetitions,
      "How often each case is played (default " DEFAULT_REPETITIONS ")", "R" },
    { "seed", 0, 0, G_OPTION_ARG_FILENAME, &options.seed,
      "What chance starts from (default " DEFAULT_SEED ")", "S" },
    { "format", 0, 0, G_OPTION_ARG_FILENAME, &options.format, "table (default) or json", "FORMAT" },
    { "svg", 0, 0, G_OPTION_ARG_FILENAME, &options.svg, "Also draw a picture", "FILE" },
    { 0 },
  };

  if (!nebula_command_parse (&usage, entries, argv, &words, &status))
    return status;
  return simulate (&options, words);
}
