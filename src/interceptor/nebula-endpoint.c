/* SPDX-License-Identifier: Apache-2.0 */
#include "nebula-endpoint-private.h"

#include <gio/gunixsocketaddress.h>
#include <string.h>

#include <nebula-retry/nebula-error.h>

/*
 * The text form of endpoints: "host", "host:port", "a.b.c.d:port", "[v6]:port", "unix:/path",
 * separated by commas. White space around an entry is dropped.
 */

/* sun_path of Linux holds 108 bytes, the closing NUL included. */
#define UNIX_PATH_MAX_BYTES 107

static gboolean
fail (GError **error, const char *text, const char *what)
{
  g_set_error (error, NEBULA_ERROR, NEBULA_ERROR_INVALID_ARGUMENT,
               "endpoint \"%s\": %s; expected host:port, [IPv6]:port or unix:/path", text, what);
  return FALSE;
}

static gboolean
parse_port (const char *text, const char *digits, guint16 *port, GError **error)
{
  g_autoptr (GError) wrong = NULL;
  guint64 value;

  if (!g_ascii_string_to_unsigned (digits, 10, 1, G_MAXUINT16, &value, &wrong))
    return fail (error, text,
                 g_error_matches (wrong, G_NUMBER_PARSER_ERROR, G_NUMBER_PARSER_ERROR_OUT_OF_BOUNDS)
                   ? "the port is out of range, it has to be from 1 to 65535"
                   : "the port is no number from 1 to 65535");
  *port = value;
  return TRUE;
}

static gboolean
parse_port_suffix (const char *text, const char *rest, guint16 *port, GError **error)
{
  if (*rest == '\0')
    return TRUE;
  if (*rest != ':')
    return fail (error, text, "only \":port\" may follow the bracket");
  return parse_port (text, rest + 1, port, error);
}

static gboolean
split_host (const char *text, char **host, guint16 *port, GError **error)
{
  const char *end;

  if (text[0] == '[')
    {
      end = strchr (text, ']');
      if (end == NULL)
        return fail (error, text, "the bracket is not closed");
      *host = g_strndup (text + 1, end - text - 1);
      if (!parse_port_suffix (text, end + 1, port, error))
        return FALSE;
      return g_hostname_is_ip_address (*host) ? TRUE
                                              : fail (error, text, "no IPv6 address in the brackets");
    }

  end = strchr (text, ':');
  if (end != NULL && strchr (end + 1, ':') != NULL)
    return fail (error, text, "more than one colon (an IPv6 address needs brackets)");
  *host = end != NULL ? g_strndup (text, end - text) : g_strdup (text);
  return end == NULL || parse_port (text, end + 1, port, error);
}

static gboolean
is_host (const char *host)
{
  if (*host == '\0')
    return FALSE;
  for (const char *c = host; *c != '\0'; c++)
    if (g_ascii_isspace (*c) || g_ascii_iscntrl (*c) || strchr ("/@?#\\", *c) != NULL)
      return FALSE;
  return TRUE;
}

static GSocketConnectable *
address_of_host (const char *host, guint16 port)
{
  if (g_hostname_is_ip_address (host))
    return G_SOCKET_CONNECTABLE (g_inet_socket_address_new_from_string (host, port));
  return g_network_address_new (host, port);
}

static NebulaEndpoint *
parse_inet (const char *text, GError **error)
{
  g_autofree char *host = NULL;
  guint16 port = NEBULA_ENDPOINT_DEFAULT_PORT;
  NebulaEndpoint *self;

  if (!split_host (text, &host, &port, error))
    return NULL;
  if (!is_host (host))
    {
      fail (error, text, *host == '\0' ? "the host is missing" : "the host has a character it cannot have");
      return NULL;
    }

  if (strcmp (host, "unix") == 0)
    {
      fail (error, text, "\"unix\" is no host here, and the path of the socket is missing");
      return NULL;
    }

  self = g_new0 (NebulaEndpoint, 1);
  self->address = address_of_host (host, port);
  self->name = g_strdup_printf (strchr (host, ':') != NULL ? "[%s]:%u" : "%s:%u", host, port);
  return self;
}

static NebulaEndpoint *
parse_unix (const char *text, const char *path, GError **error)
{
  NebulaEndpoint *self;

  if (*path != '/')
    {
      fail (error, text, "the path after unix: does not begin with /");
      return NULL;
    }
  if (strlen (path) > UNIX_PATH_MAX_BYTES)
    {
      fail (error, text, "the path is longer than 107 bytes");
      return NULL;
    }

  self = g_new0 (NebulaEndpoint, 1);
  self->address = G_SOCKET_CONNECTABLE (g_unix_socket_address_new (path));
  self->name = g_strdup (text);
  return self;
}

void
nebula_endpoint_free (NebulaEndpoint *self)
{
  g_free (self->name);
  g_object_unref (self->address);
  g_free (self);
}

static gboolean
has_name (GPtrArray *list, const char *name)
{
  for (guint i = 0; i < list->len; i++)
    if (g_strcmp0 (((NebulaEndpoint *) list->pdata[i])->name, name) == 0)
      return TRUE;
  return FALSE;
}

/**
 * nebula_endpoint_parse_list:
 * @endpoints: a list separated by commas
 * @error: return location of a %NEBULA_ERROR_INVALID_ARGUMENT that names the wrong entry
 *
 * Returns: (transfer full) (nullable) (element-type NebulaEndpoint): at least one endpoint
 */
GPtrArray *
nebula_endpoint_parse_list (const char *endpoints, GError **error)
{
  GDestroyNotify free_func = (GDestroyNotify) nebula_endpoint_free;
  g_autoptr (GPtrArray) list = g_ptr_array_new_with_free_func (free_func);
  g_auto (GStrv) entries = g_strsplit (endpoints, ",", -1);

  for (char **entry = entries; *entry != NULL; entry++)
    {
      const char *text = g_strstrip (*entry);
      NebulaEndpoint *endpoint = g_str_has_prefix (text, "unix:") ? parse_unix (text, text + 5, error)
                                                                   : parse_inet (text, error);
      if (endpoint == NULL)
        return NULL;
      if (has_name (list, endpoint->name))
        {
          fail (error, endpoint->name, "it is named twice");
          nebula_endpoint_free (endpoint);
          return NULL;
        }
      g_ptr_array_add (list, endpoint);
    }

  if (list->len == 0)
    {
      fail (error, endpoints, "the list is empty");
      return NULL;
    }
  return g_steal_pointer (&list);
}
