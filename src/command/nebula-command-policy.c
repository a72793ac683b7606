/* SPDX-License-Identifier: Apache-2.0 */
#include "nebula-command-private.h"
#include "nebula-json-output-private.h"
#include "nebula-policy-listing-private.h"

#include <nebula-retry/nebula-retry.h>
#include <stdio.h>

/*
 * nebula-interceptor policy: checks a policy file, or shows all that it comes to.
 */

static const NebulaCommandUsage usage = {
  "policy",
  "check|show|simulate [FILE]",
  "check says all that is wrong with a policy file, and what deserves a look.\n"
  "show prints what the policy comes to, cause by cause, or as a file.\n"
  "simulate plays what many clients come to that retry; it has options of its own.",
  "show needs no FILE: without one it prints the defaults.\n"
  "check answers 0 when the file is right, 1 when it is wrong (with --strict also when it\n"
  "deserves a look), 2 when it cannot be read.\n"
  "For simulate see 'nebula-interceptor policy simulate --help'.",
};

/* What the options say; each but @strict (nullable). */
typedef struct
{
  char *format; /* (owned) */
  char *method; /* (owned) */
  gboolean strict;
} Options;

static void
options_clear (Options *self)
{
  g_free (self->format);
  g_free (self->method);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Options, options_clear)

static void
add_lines (JsonBuilder *builder, const char *key, const char *const *lines, guint n_lines)
{
  json_builder_set_member_name (builder, key);
  json_builder_begin_array (builder);
  for (guint i = 0; i < n_lines; i++)
    json_builder_add_string_value (builder, lines[i]);
  json_builder_end_array (builder);
}

/* {"valid": BOOLEAN, "errors": [TEXT, ...], "warnings": [TEXT, ...], "lints": [TEXT, ...]} */
static void
print_findings (const char *const *errors, const GPtrArray *warnings, const GPtrArray *lints)
{
  g_autoptr (JsonBuilder) builder = json_builder_new ();
  guint n_errors = g_strv_length ((char **) errors);

  json_builder_begin_object (builder);
  json_builder_set_member_name (builder, "valid");
  json_builder_add_boolean_value (builder, n_errors == 0);
  add_lines (builder, "errors", errors, n_errors);
  add_lines (builder, "warnings", (const char *const *) warnings->pdata, warnings->len);
  add_lines (builder, "lints", (const char *const *) lints->pdata, lints->len);
  json_builder_end_object (builder);
  nebula_json_print (builder);
}

static int
report_wrong (const GError *error, gboolean json)
{
  g_autoptr (GPtrArray) nothing = g_ptr_array_new ();
  g_auto (GStrv) lines = g_strsplit (error->message, "\n", -1);

  if (json)
    print_findings ((const char *const *) lines, nothing, nothing);
  else
    for (guint i = 0; lines[i] != NULL; i++)
      nebula_command_failed (usage.name, "%s", lines[i]);
  /* A name that leads nowhere is an argument that is wrong, and no verdict on a file. */
  return error->domain == G_FILE_ERROR ? NEBULA_EXIT_USAGE : NEBULA_EXIT_FAILED;
}

static void
print_lines (const char *kind, const GPtrArray *lines)
{
  for (guint i = 0; i < lines->len; i++)
    printf ("%s: %s\n", kind, (const char *) lines->pdata[i]);
}

static int
check (const char *path, gboolean json, gboolean strict)
{
  static const char *const nothing[] = { NULL };
  g_autoptr (GError) error = NULL;
  g_autoptr (NebulaRetryPolicy) policy = nebula_retry_policy_new_from_file (path, &error);
  g_autoptr (GPtrArray) lints = NULL;
  GPtrArray *warnings;
  gboolean calm;

  if (policy == NULL)
    return report_wrong (error, json);
  warnings = nebula_retry_policy_get_warnings (policy);
  lints = nebula_retry_policy_lint (policy);
  calm = warnings->len == 0 && lints->len == 0;
  if (json)
    print_findings (nothing, warnings, lints);
  else
    {
      print_lines ("warning", warnings);
      print_lines ("lint", lints);
      puts (calm ? "The file is right." : "The file is right, but see above.");
    }
  return calm || !strict ? NEBULA_EXIT_OK : NEBULA_EXIT_FAILED;
}

/* @name: METHOD of GraphService, or SERVICE/METHOD as gRPC writes it */
static NebulaRetryPolicy *
find_method (NebulaRetryPolicy *policy, const char *name)
{
  const char *slash = strrchr (name, '/');
  g_autofree char *service = NULL;

  if (slash == NULL)
    return nebula_retry_policy_get_for_method (policy, "GraphService", name);
  service = g_strndup (name, slash - name);
  return nebula_retry_policy_get_for_method (policy, service, slash + 1);
}

static int
show (const char *path, gboolean json, const char *method)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (NebulaRetryPolicy) policy = NULL;
  g_autofree char *text = NULL;
  NebulaRetryPolicy *shown;

  policy = path != NULL ? nebula_retry_policy_new_from_file (path, &error)
                        : nebula_retry_policy_new ();
  if (policy == NULL)
    return report_wrong (error, FALSE);
  shown = method != NULL ? find_method (policy, method) : policy;
  if (json)
    {
      text = nebula_retry_policy_to_json (shown);
      fputs (text, stdout);
    }
  else
    nebula_policy_listing_print (policy, shown);
  return NEBULA_EXIT_OK;
}

static int
run_check (const char *path, const Options *options)
{
  static const char *const formats[] = { "text", "json", NULL };
  int form = nebula_command_choose (formats, options->format);

  if (form < 0)
    return nebula_command_misused (usage.name, "--format is '%s', expected text or json",
                                   options->format);
  if (options->method != NULL)
    return nebula_command_misused (usage.name, "--method is for show");
  if (path == NULL)
    return nebula_command_misused (usage.name, "FILE is missing");
  return check (path, form == 1, options->strict);
}

static int
run_show (const char *path, const Options *options)
{
  static const char *const formats[] = { "table", "json", NULL };
  int form = nebula_command_choose (formats, options->format);

  if (form < 0)
    return nebula_command_misused (usage.name, "--format is '%s', expected table or json",
                                   options->format);
  if (options->strict)
    return nebula_command_misused (usage.name, "--strict is for check");
  return show (path, form == 1, options->method);
}

int
nebula_command_policy (int argc, char **argv)
{
  static const char *const verbs[] = { "check", "show", NULL };
  g_auto (Options) options = { 0 };
  g_auto (GStrv) words = NULL;
  int status = NEBULA_EXIT_OK;
  const GOptionEntry entries[] = {
    { "format", 0, 0, G_OPTION_ARG_FILENAME, &options.format,
      "How to print: check as text (default) or json, show as table (default) or json", "FORMAT" },
    { "method", 0, 0, G_OPTION_ARG_FILENAME, &options.method,
      "Show what holds for this method: execute, or SERVICE/METHOD", "NAME" },
    { "strict", 0, 0, G_OPTION_ARG_NONE, &options.strict,
      "Check answers 1 also for what deserves a look", NULL },
    { 0 },
  };

  /* Its options are its own: they stand behind the word, and nothing before it. */
  if (argc > 1 && strcmp (argv[1], "simulate") == 0)
    return nebula_command_simulate (argc - 1, argv + 1);
  if (!nebula_command_parse (&usage, entries, argv, &words, &status))
    return status;
  if (words[0] == NULL)
    return nebula_command_misused (usage.name, "check, show or simulate is missing");
  if (nebula_command_choose (verbs, words[0]) < 0)
    return nebula_command_misused (usage.name,
                                   "'%s' is unknown, expected check, show or, before its options,"
                                   " simulate",
                                   words[0]);
  if (words[1] != NULL && words[2] != NULL)
    return nebula_command_misused (usage.name, "'%s' is one argument too many", words[2]);
  if (strcmp (words[0], "show") == 0)
    return run_show (words[1], &options);
  return run_check (words[1], &options);
}
