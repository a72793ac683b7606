/* SPDX-License-Identifier: Apache-2.0 */
#include "nebula-tls-private.h"

#include <nebula-retry/nebula-retry.h>

#include "nebula-tls-certificate-private.h"

/**
 * NebulaTls:
 *
 * Made once, from files, and given to the cluster. A new one takes the place of an old one when
 * certificates change.
 */
struct _NebulaTls
{
  GTlsDatabase *authorities;    /* (owned) (nullable): NULL when nobody is verified */
  GTlsCertificate *certificate; /* (owned) (nullable): ours, with its key */
  char *server_name;            /* (owned) (nullable): NULL for the host of the endpoint */
  gboolean is_insecure;
};

G_DEFINE_BOXED_TYPE (NebulaTls, nebula_tls, nebula_tls_ref, nebula_tls_unref)

/**
 * nebula_tls_ref:
 *
 * Returns: (transfer full): the same settings
 *
 * Since: 0.1
 */
NebulaTls *
nebula_tls_ref (NebulaTls *self)
{
  return g_atomic_rc_box_acquire (self);
}

static void
tls_clear (gpointer data)
{
  NebulaTls *self = data;

  g_clear_object (&self->authorities);
  g_clear_object (&self->certificate);
  g_free (self->server_name);
}

/**
 * nebula_tls_unref:
 * @self: (transfer full): settings
 *
 * Since: 0.1
 */
void
nebula_tls_unref (NebulaTls *self)
{
  g_atomic_rc_box_release_full (self, tls_clear);
}

static gboolean
check_backend (GError **error)
{
  if (g_tls_backend_supports_tls (g_tls_backend_get_default ()))
    return TRUE;
  g_set_error_literal (error, G_TLS_ERROR, G_TLS_ERROR_UNAVAILABLE,
                       "GIO has no TLS here: install glib-networking, or let GIO_EXTRA_MODULES "
                       "say where it is");
  return FALSE;
}

static gboolean
load_authorities (NebulaTls *self, const char *ca_file, GError **error)
{
  g_autofree char *path = NULL;

  if (ca_file == NULL)
    {
      self->authorities = g_tls_backend_get_default_database (g_tls_backend_get_default ());
      return TRUE;
    }
  if (!nebula_tls_certificate_check_file ("the CA file", ca_file, error))
    return FALSE;
  /* GIO wants an absolute path, and warns of others. */
  path = g_canonicalize_filename (ca_file, NULL);
  self->authorities = g_tls_file_database_new (path, error);
  return self->authorities != NULL;
}

static gboolean
load_certificate (NebulaTls *self,
                  const char *certificate_file,
                  const char *key_file,
                  GError **error)
{
  if (certificate_file == NULL && key_file == NULL)
    return TRUE;
  if (certificate_file == NULL)
    {
      g_set_error (error, NEBULA_ERROR, NEBULA_ERROR_INVALID_ARGUMENT,
                   "the key file '%s': no certificate file beside it, expected both or none",
                   key_file);
      return FALSE;
    }
  self->certificate = nebula_tls_certificate_load (
    certificate_file, key_file != NULL ? key_file : certificate_file, error);
  return self->certificate != NULL;
}

static gboolean
set_server_name (NebulaTls *self, const char *server_name, GError **error)
{
  if (server_name != NULL && (*server_name == '\0' || strpbrk (server_name, ":/ \t") != NULL)
      && !g_hostname_is_ip_address (server_name))
    {
      g_set_error (error, NEBULA_ERROR, NEBULA_ERROR_INVALID_ARGUMENT,
                   "the server name '%s': expected the name of a host or an IP address, without a "
                   "port",
                   server_name);
      return FALSE;
    }
  self->server_name = g_strdup (server_name);
  return TRUE;
}

static NebulaTls *
new_from_files (const char *ca_file,
                const char *certificate_file,
                const char *key_file,
                const char *server_name,
                gboolean is_insecure,
                GError **error)
{
  g_autoptr (NebulaTls) self = g_atomic_rc_box_new0 (NebulaTls);

  self->is_insecure = is_insecure;
  if (!check_backend (error) || (!is_insecure && !load_authorities (self, ca_file, error))
      || !load_certificate (self, certificate_file, key_file, error)
      || !set_server_name (self, server_name, error))
    return NULL;
  return g_steal_pointer (&self);
}

/**
 * nebula_tls_new:
 * @ca_file: (nullable): PEM: the authorities whose certificates are trusted; %NULL for those that
 *   the system trusts
 * @certificate_file: (nullable): PEM: the certificate that a server may ask for, and those between
 *   it and its authority
 * @key_file: (nullable): PEM: its private key, not encrypted; %NULL when it is in
 *   @certificate_file
 * @server_name: (nullable): the name that the server's certificate has to have, which is also sent
 *   to the server (SNI); %NULL for the host of the endpoint
 * @error: return location of a %NEBULA_ERROR_INVALID_ARGUMENT that names the file and what was
 *   expected in it, or of %G_TLS_ERROR_UNAVAILABLE when GIO has no TLS
 *
 * The files are read and checked now, and not again. Servers have to prove who they are.
 *
 * Returns: (transfer full) (nullable): how connections are encrypted. Safe in any thread.
 *
 * Since: 0.1
 */
NebulaTls *
nebula_tls_new (const char *ca_file,
                const char *certificate_file,
                const char *key_file,
                const char *server_name,
                GError **error)
{
  g_return_val_if_fail (error == NULL || *error == NULL, NULL);

  return new_from_files (ca_file, certificate_file, key_file, server_name, FALSE, error);
}

/**
 * nebula_tls_new_insecure:
 * @certificate_file: (nullable): as nebula_tls_new() takes it, as all that follow
 * @key_file: (nullable): the key of @certificate_file
 * @server_name: (nullable): what is sent to the server as the name that is meant (SNI)
 * @error: return location of the errors of nebula_tls_new()
 *
 * As nebula_tls_new(), but whatever certificate a server shows is accepted: nobody can listen, and
 * anybody can be the server, and be told user and password. For tests. A cluster that it is set on
 * says so once, as a message of GLib's log.
 *
 * Returns: (transfer full) (nullable): how connections are encrypted. Safe in any thread.
 *
 * Since: 0.1
 */
NebulaTls *
nebula_tls_new_insecure (const char *certificate_file,
                         const char *key_file,
                         const char *server_name,
                         GError **error)
{
  g_return_val_if_fail (error == NULL || *error == NULL, NULL);

  return new_from_files (NULL, certificate_file, key_file, server_name, TRUE, error);
}

/**
 * nebula_tls_get_server_name:
 *
 * Returns: (transfer none) (nullable): the name that servers have to have; %NULL for the host of
 *   the endpoint
 *
 * Since: 0.1
 */
const char *
nebula_tls_get_server_name (NebulaTls *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->server_name;
}

/**
 * nebula_tls_get_insecure:
 *
 * Returns: whether any certificate of a server is accepted
 *
 * Since: 0.1
 */
gboolean
nebula_tls_get_insecure (NebulaTls *self)
{
  g_return_val_if_fail (self != NULL, FALSE);

  return self->is_insecure;
}

/* (transfer none) (nullable): whose certificates are trusted; NULL when nobody is verified */
GTlsDatabase *
nebula_tls_get_authorities (NebulaTls *self)
{
  return self->authorities;
}

/* (transfer none) (nullable): what a server that asks for it is shown */
GTlsCertificate *
nebula_tls_get_certificate (NebulaTls *self)
{
  return self->certificate;
}
