/* SPDX-License-Identifier: Apache-2.0 */
#include "fuzz.h"

#include <stdio.h>
#include <string.h>

/* Replays inputs without a fuzzing engine: every argument is a file, or a folder whose files are
 * replayed in the order of their names. Options, which an engine would take, are passed over. */

static void
replay_file (const char *path)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *contents = NULL;
  g_autofree guint8 *exact = NULL;
  gsize length;

  if (!g_file_get_contents (path, &contents, &length, &error))
    g_error ("%s", error->message);
  /* The contents have a NUL behind them, which would hide a read past their end. */
  exact = g_malloc (MAX (length, 1));
  memcpy (exact, contents, length);
  g_printerr ("%s\n", path);
  LLVMFuzzerTestOneInput (exact, length);
}

static int
compare_names (gconstpointer a, gconstpointer b)
{
  return strcmp (*(const char *const *) a, *(const char *const *) b);
}

static guint
replay_folder (const char *path)
{
  g_autoptr (GPtrArray) names = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GError) error = NULL;
  g_autoptr (GDir) folder = g_dir_open (path, 0, &error);
  const char *name;

  if (folder == NULL)
    g_error ("%s", error->message);
  while ((name = g_dir_read_name (folder)) != NULL)
    g_ptr_array_add (names, g_build_filename (path, name, NULL));
  g_ptr_array_sort (names, compare_names);
  for (guint i = 0; i < names->len; i++)
    replay_file (g_ptr_array_index (names, i));
  return names->len;
}

int
main (int argc, char **argv)
{
  guint count = 0;

  for (int i = 1; i < argc; i++)
    {
      if (argv[i][0] == '-')
        continue;
      if (g_file_test (argv[i], G_FILE_TEST_IS_DIR))
        count += replay_folder (argv[i]);
      else
        {
          replay_file (argv[i]);
          count++;
        }
    }
  g_printerr ("%u inputs\n", count);
  /* Nothing replayed is nothing proved. */
  return count > 0 ? 0 : 1;
}
