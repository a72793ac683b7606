/* SPDX-License-Identifier: Apache-2.0 */
#include "nebula-command-private.h"
#include "nebula-json-output-private.h"
#include "nebula-sentence-list-private.h"
#include "nebula-wording-private.h"

#include <errno.h>
#include <stdio.h>

/*
 * nebula-interceptor safety: whether a statement may be run twice.
 */

static const NebulaCommandUsage usage = {
  "safety",
  "STATEMENT",
  "Says whether a statement may be run again when nobody knows what its first run did.",
  "A statement is as safe as the worst of its sentences; each is shown with its kind. Passwords\n"
  "are shown as ***. With - instead of STATEMENT it is read from the standard input.\n"
  "\n"
  "  READ_ONLY       it changes nothing\n"
  "  IDEMPOTENT      a second run leaves the same state\n"
  "  CONVERGENT      a second run fails harmlessly\n"
  "  NOT_IDEMPOTENT  a second run may change more, or nobody knows\n"
  "\n"
  "Example:\n"
  "  nebula-interceptor safety 'USE s; UPDATE VERTEX ON t \"a\" SET n = n + 1'",
};

/* All of the standard input. */
static GString *
read_input (int *status)
{
  GString *text = g_string_new (NULL);
  char block[4096];
  gsize n;

  while ((n = fread (block, 1, sizeof block, stdin)) > 0)
    g_string_append_len (text, block, (gssize) n);
  if (ferror (stdin) == 0)
    return text;

  *status = nebula_command_failed (usage.name, "cannot read the statement: %s", g_strerror (errno));
  g_string_free (text, TRUE);
  return NULL;
}

static GString *
get_statement (GStrv words, int *status)
{
  if (words[0] == NULL)
    *status = nebula_command_misused (usage.name, "STATEMENT is missing, expected nGQL such as "
                                                  "'YIELD 1', or - for the standard input");
  else if (words[1] != NULL)
    *status = nebula_command_misused (usage.name,
                                      "'%s' is one argument too many, expected one STATEMENT "
                                      "(quote it)",
                                      words[1]);
  else if (strcmp (words[0], "-") == 0)
    return read_input (status);
  else
    return g_string_new (words[0]);
  return NULL;
}

static void
print_json (NebulaStatementSafety safety, gboolean readable, GPtrArray *sentences)
{
  g_autoptr (JsonBuilder) builder = json_builder_new ();

  json_builder_begin_object (builder);
  nebula_json_add_string (builder, "safety", nebula_statement_safety_to_string (safety));
  json_builder_set_member_name (builder, "readable");
  json_builder_add_boolean_value (builder, readable);
  nebula_sentence_list_add_json (builder, sentences);
  json_builder_end_object (builder);
  nebula_json_print (builder);
}

static void
print_text (NebulaStatementSafety safety, gboolean readable, GPtrArray *sentences)
{
  printf ("%s: %s\n", nebula_statement_safety_to_string (safety),
          nebula_wording_of_safety (safety));
  nebula_sentence_list_print (sentences);
  if (!readable)
    puts ("  The last cannot be read: graphd would refuse all of it.");
  else if (sentences->len == 0)
    puts ("  There is no sentence in it.");
}

int
nebula_command_safety (int argc, char **argv)
{
  static const char *const formats[] = { "text", "json", NULL };
  g_autofree char *format = NULL;
  g_auto (GStrv) words = NULL;
  g_autoptr (GString) statement = NULL;
  g_autoptr (GPtrArray) sentences = NULL;
  NebulaStatementSafety safety;
  gboolean readable;
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
  statement = get_statement (words, &status);
  if (statement == NULL)
    return status;

  safety = nebula_statement_get_safety (statement->str, (gssize) statement->len, NULL);
  sentences = nebula_sentence_list_new (statement->str, statement->len, &readable);
  if (nebula_command_choose (formats, format) == 1)
    print_json (safety, readable, sentences);
  else
    print_text (safety, readable, sentences);
  return NEBULA_EXIT_OK;
}
