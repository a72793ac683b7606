/* SPDX-License-Identifier: Apache-2.0 */
#include "command-run.h"

#include <glib/gstdio.h>
#include <string.h>

static char *folder;         /* (owned) (nullable) */
static GPtrArray *file_paths; /* (owned) (nullable) */

GSubprocess *
command_spawn (const char *const *arguments)
{
  g_autoptr (GPtrArray) argv = g_ptr_array_new ();
  g_autoptr (GError) error = NULL;
  GSubprocess *process;

  g_ptr_array_add (argv, (gpointer) NEBULA_COMMAND);
  for (guint i = 0; arguments[i] != NULL; i++)
    g_ptr_array_add (argv, (gpointer) arguments[i]);
  g_ptr_array_add (argv, NULL);
  process = g_subprocess_newv ((const char *const *) argv->pdata,
                               G_SUBPROCESS_FLAGS_STDIN_PIPE | G_SUBPROCESS_FLAGS_STDOUT_PIPE
                                 | G_SUBPROCESS_FLAGS_STDERR_PIPE,
                               &error);
  g_assert_no_error (error);
  return process;
}

static GBytes *
end_with_zero (GBytes *bytes)
{
  gsize length;
  const char *data = g_bytes_get_data (bytes, &length);
  g_autofree char *text = g_malloc (length + 1);

  if (length > 0)
    memcpy (text, data, length);
  text[length] = '\0';
  return g_bytes_new (text, length + 1);
}

static void
assert_no_canary (GBytes *bytes)
{
  gsize length;
  const char *data = g_bytes_get_data (bytes, &length);

  g_assert_null (memmem (data, length, CANARY, strlen (CANARY)));
}

/* @input: (nullable): what comes from stdin */
void
command_run (CommandRun *run, const char *input, const char *const *arguments)
{
  g_autoptr (GSubprocess) process = command_spawn (arguments);
  g_autoptr (GBytes) in = g_bytes_new (input, input != NULL ? strlen (input) : 0);
  g_autoptr (GBytes) out = NULL;
  g_autoptr (GBytes) err = NULL;
  g_autoptr (GError) error = NULL;

  g_subprocess_communicate (process, in, NULL, &out, &err, &error);
  g_assert_no_error (error);
  run->status = g_subprocess_get_if_exited (process) ? g_subprocess_get_exit_status (process) : -1;
  run->out = end_with_zero (out);
  run->err = end_with_zero (err);
  assert_no_canary (run->out);
  assert_no_canary (run->err);
}

void
command_run_clear (CommandRun *run)
{
  g_clear_pointer (&run->out, g_bytes_unref);
  g_clear_pointer (&run->err, g_bytes_unref);
}

const char *
command_run_out (const CommandRun *run)
{
  return g_bytes_get_data (run->out, NULL);
}

const char *
command_run_err (const CommandRun *run)
{
  return g_bytes_get_data (run->err, NULL);
}

/* Returns: (transfer full): what was printed, which must be JSON and nothing else */
JsonNode *
command_run_json (const CommandRun *run)
{
  g_autoptr (JsonParser) parser = json_parser_new ();
  g_autoptr (GError) error = NULL;

  json_parser_load_from_data (parser, command_run_out (run), -1, &error);
  g_assert_no_error (error);
  return json_parser_steal_root (parser);
}

void
assert_contains (const char *whole, const char *text)
{
  if (text == NULL)
    g_assert_cmpstr (whole, ==, "");
  else if (strstr (whole, text) == NULL)
    g_error ("expected «%s» in:\n%s", text, whole);
}

void
assert_lacks (const char *whole, const char *text)
{
  if (strstr (whole, text) != NULL)
    g_error ("did not expect «%s» in:\n%s", text, whole);
}

const char *
command_file (const char *name, const char *contents)
{
  g_autoptr (GError) error = NULL;
  char *path;

  if (folder == NULL)
    {
      folder = g_dir_make_tmp ("nebula-command-XXXXXX", &error);
      g_assert_no_error (error);
      file_paths = g_ptr_array_new_with_free_func (g_free);
    }
  path = g_build_filename (folder, name, NULL);
  g_file_set_contents (path, contents, -1, &error);
  g_assert_no_error (error);
  g_ptr_array_add (file_paths, path);
  return path;
}

void
command_files_remove (void)
{
  if (folder == NULL)
    return;
  for (guint i = 0; i < file_paths->len; i++)
    g_remove (file_paths->pdata[i]);
  g_rmdir (folder);
  g_clear_pointer (&file_paths, g_ptr_array_unref);
  g_clear_pointer (&folder, g_free);
}
