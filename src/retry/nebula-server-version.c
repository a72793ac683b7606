/* SPDX-License-Identifier: Apache-2.0 */
#include <nebula-retry/nebula-error.h>
#include <nebula-retry/nebula-server-version.h>

/**
 * SECTION:nebula-server-version
 * @title: NebulaServerVersion
 * @short_description: how old a server is
 *
 * The numbers of some errors have changed their meaning, so what they mean depends on the release
 * that sends them. Nothing in the protocol tells a client which one that is: it has to be said.
 */

/* The last release that renumbered. */
#define LAST_CHANGE NEBULA_SERVER_VERSION (3, 4, 0)
#define LAST_CHANGE_TEXT "3.4"

/* Reads a number from 0 to 255, in its shortest form, and moves @at behind it. */
static gboolean
read_part (const char **at, guint *part)
{
  const char *digits = *at;
  guint value = 0;

  while (g_ascii_isdigit (**at) && value <= G_MAXUINT8)
    value = value * 10 + (guint) (*(*at)++ - '0');

  *part = value;
  return *at > digits && value <= G_MAXUINT8 && (*digits != '0' || *at == digits + 1);
}

static gboolean
read_dot (const char **at)
{
  return **at == '.' ? (*at)++, TRUE : FALSE;
}

static gboolean
read_version (const char **at, NebulaServerVersion *version)
{
  guint major, minor, patch = 0;

  if (!read_part (at, &major) || major == 0 || !read_dot (at) || !read_part (at, &minor))
    return FALSE;
  if (read_dot (at) && !read_part (at, &patch))
    return FALSE;

  *version = NEBULA_SERVER_VERSION (major, minor, patch);
  return TRUE;
}

/**
 * nebula_server_version_parse:
 * @text: (nullable): "3.8" or "3.8.0"; with a plus sign behind it, "3.4+", that version or a later
 *   one
 * @version: (out) (optional): the version; %NEBULA_SERVER_VERSION_DEFAULT for "3.4+"
 * @error: return location
 *
 * Reads a version. The plus sign is allowed from 3.4 on: before, the numbers of errors changed from
 * one release to the next, so that "or later" would not say what they mean.
 *
 * Returns: %TRUE; %FALSE with %NEBULA_ERROR_INVALID_ARGUMENT, and @version as it was. Safe in any
 *   thread.
 *
 * Since: 0.1
 */
gboolean
nebula_server_version_parse (const char *text, NebulaServerVersion *version, GError **error)
{
  const char *at = text != NULL ? text : "";
  NebulaServerVersion found = NEBULA_SERVER_VERSION_DEFAULT;
  gboolean is_open;

  if (!read_version (&at, &found) || (*at != '\0' && !g_str_equal (at, "+")))
    {
      g_autofree char *shown = g_utf8_make_valid (text != NULL ? text : "", -1);

      g_set_error (error, NEBULA_ERROR, NEBULA_ERROR_INVALID_ARGUMENT,
                   "“%s” is not a version of NebulaGraph: expected are MAJOR.MINOR or "
                   "MAJOR.MINOR.PATCH, such as “3.8”",
                   shown);
      return FALSE;
    }

  is_open = *at == '+';
  if (is_open && found < LAST_CHANGE)
    {
      g_set_error (error, NEBULA_ERROR, NEBULA_ERROR_INVALID_ARGUMENT,
                   "“%s” does not say what the numbers of errors mean: they were changed up "
                   "to " LAST_CHANGE_TEXT "; give the version without the plus sign",
                   text);
      return FALSE;
    }

  if (version != NULL)
    *version = is_open && found == LAST_CHANGE ? NEBULA_SERVER_VERSION_DEFAULT : found;
  return TRUE;
}

/**
 * nebula_server_version_to_string:
 * @version: a version
 *
 * Writes a version so that nebula_server_version_parse() reads it: "3.8.0".
 *
 * Returns: (transfer full): a new string; "3.4+" for %NEBULA_SERVER_VERSION_DEFAULT. Safe in any
 *   thread.
 *
 * Since: 0.1
 */
char *
nebula_server_version_to_string (NebulaServerVersion version)
{
  if (version == NEBULA_SERVER_VERSION_DEFAULT)
    return g_strdup (LAST_CHANGE_TEXT "+");

  return g_strdup_printf ("%u.%u.%u", version >> 16, version >> 8 & 0xff, version & 0xff);
}
