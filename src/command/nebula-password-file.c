/* SPDX-License-Identifier: Apache-2.0 */
#include "nebula-password-file-private.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/*
 * Passwords come from files: an argument would be seen by every user of the machine.
 */

static FILE *
open_file (const char *path, GError **error)
{
  FILE *stream = strcmp (path, "-") == 0 ? stdin : fopen (path, "re");

  if (stream == NULL)
    g_set_error (error, G_FILE_ERROR, g_file_error_from_errno (errno),
                 "cannot read the password file '%s': %s", path, g_strerror (errno));
  return stream;
}

static void
set_error (const char *path, FILE *stream, int number, GError **error)
{
  if (ferror (stream) != 0)
    g_set_error (error, G_FILE_ERROR, g_file_error_from_errno (number),
                 "cannot read the password file '%s': %s", path, g_strerror (number));
  else
    g_set_error (error, G_FILE_ERROR, G_FILE_ERROR_INVAL,
                 "the password file '%s' is empty, expected the password on its first line", path);
}

/**
 * nebula_password_file_read:
 * @path: (not nullable): a file whose first line is the password; "-" for stdin
 * @error: return location of a %G_FILE_ERROR
 *
 * Returns: (transfer full) (nullable): the password, never empty, for nebula_password_free()
 */
char *
nebula_password_file_read (const char *path, GError **error)
{
  FILE *stream = open_file (path, error);
  char *password = NULL;
  char *line = NULL;
  size_t size = 0;
  ssize_t length;
  int number;

  if (stream == NULL)
    return NULL;
  length = getline (&line, &size, stream);
  number = errno;
  while (length > 0 && strchr ("\r\n", line[length - 1]) != NULL)
    line[--length] = '\0';
  if (length > 0)
    password = g_strdup (line);
  else
    set_error (path, stream, number, error);

  if (line != NULL)
    explicit_bzero (line, size);
  free (line);
  if (stream != stdin)
    fclose (stream);
  return password;
}

/* @password: (nullable) (transfer full): wiped before it is freed */
void
nebula_password_free (char *password)
{
  if (password == NULL)
    return;
  explicit_bzero (password, strlen (password));
  g_free (password);
}
