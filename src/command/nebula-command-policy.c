/* SPDX-License-Identifier: Apache-2.0 */
#include "nebula-command-private.h"
#include "nebula-json-output-private.h"

#include <nebula-retry/nebula-retry.h>
#include <stdio.h>

/*
 * nebula-interceptor policy: checks a policy file, or shows all that it comes to.
 */

static const NebulaCommandUsage usage = {
  "policy",
  "check|show|simulate FILE",
  "check says all that is wrong with a policy file, and what deserves a look.\n"
  "show prints the policy with all its defaults, as a file.\n"
  "simulate plays what many clients come to that retry; it has options of its own.",
  "show needs no FILE: without one it prints the defaults.\n"
  "For simulate see 'nebula-interceptor policy simulate --help'.",
};

static void
add_lines (JsonBuilder *builder, const char *key, const char *const *lines, guint n_lines)
{
  json_builder_set_member_name (builder, key);
  json_builder_begin_array (builder);
  for (guint i = 0; i < n_lines; i++)
    json_builder_add_string_value (builder, lines[i]);
  json_builder_end_array (builder);
}

/* {"valid": BOOLEAN, "errors": [TEXT, ...], "warnings": [TEXT, ...]} */
static void
print_findings (const char *const *errors, const char *const *warnings, guint n_warnings)
{
  g_autoptr (JsonBuilder) builder = json_builder_new ();
  guint n_errors = g_strv_length ((char **) errors);

  json_builder_begin_object (builder);
  json_builder_set_member_name (builder, "valid");
  json_builder_add_boolean_value (builder, n_errors == 0);
  add_lines (builder, "errors", errors, n_errors);
  add_lines (builder, "warnings", warnings, n_warnings);
  json_builder_end_object (builder);
  nebula_json_print (builder);
}

static int
report_wrong (const GError *error, gboolean json)
{
  g_auto (GStrv) lines = g_strsplit (error->message, "\n", -1);

  if (json)
    print_findings ((const char *const *) lines, NULL, 0);
  else
    for (guint i = 0; lines[i] != NULL; i++)
      nebula_command_failed (usage.name, "%s", lines[i]);
  return NEBULA_EXIT_FAILED;
}

static int
check (const char *path, gboolean json)
{
  static const char *const nothing[] = { NULL };
  g_autoptr (GError) error = NULL;
  g_autoptr (NebulaRetryPolicy) policy = nebula_retry_policy_new_from_file (path, &error);
  GPtrArray *warnings;

  if (policy == NULL)
    return report_wrong (error, json);
  warnings = nebula_retry_policy_get_warnings (policy);
  if (json)
    {
      print_findings (nothing, (const char *const *) warnings->pdata, warnings->len);
      return NEBULA_EXIT_OK;
    }
  for (guint i = 0; i < warnings->len; i++)
    printf ("warning: %s\n", (const char *) warnings->pdata[i]);
  puts (warnings->len > 0 ? "The file is right, but see above." : "The file is right.");
  return NEBULA_EXIT_OK;
}

static int
show (const char *path)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (NebulaRetryPolicy) policy = NULL;
  g_autofree char *json = NULL;

  policy = path != NULL ? nebula_retry_policy_new_from_file (path, &error)
                        : nebula_retry_policy_new ();
  if (policy == NULL)
    return report_wrong (error, FALSE);
  json = nebula_retry_policy_to_json (policy);
  fputs (json, stdout);
  return NEBULA_EXIT_OK;
}

int
nebula_command_policy (int argc, char **argv)
{
  static const char *const formats[] = { "text", "json", NULL };
  static const char *const verbs[] = { "check", "show", NULL };
  g_autofree char *format = NULL;
  g_auto (GStrv) words = NULL;
  int status = NEBULA_EXIT_OK;
  int form;
  const GOptionEntry entries[] = {
    { "format", 0, 0, G_OPTION_ARG_FILENAME, &format,
      "How check prints: text (default) or json", "FORMAT" },
    { 0 },
  };

  /* Its options are its own: they stand behind the word, and nothing before it. */
  if (argc > 1 && strcmp (argv[1], "simulate") == 0)
    return nebula_command_simulate (argc - 1, argv + 1);
  if (!nebula_command_parse (&usage, entries, argv, &words, &status))
    return status;
  form = nebula_command_choose (formats, format);
  if (form < 0)
    return nebula_command_misused (usage.name, "--format is '%s', expected text or json", format);
  if (words[0] == NULL || nebula_command_choose (verbs, words[0]) < 0)
    return nebula_command_misused (usage.name,
                                   "'%s' is unknown, expected check, show or, before its options,"
                                   " simulate",
                                   words[0] != NULL ? words[0] : "");
  if (words[1] != NULL && words[2] != NULL)
    return nebula_command_misused (usage.name, "'%s' is one argument too many", words[2]);
  if (strcmp (words[0], "show") == 0)
    return show (words[1]);
  if (words[1] == NULL)
    return nebula_command_misused (usage.name, "FILE is missing");
  return check (words[1], form == 1);
}
