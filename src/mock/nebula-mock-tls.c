/* SPDX-License-Identifier: Apache-2.0 */
#include "nebula-mock-tls-private.h"

struct _NebulaMockTls
{
  GTlsCertificate *certificate; /* (owned) */
  GTlsDatabase    *clients;     /* (owned) (nullable): NULL asks clients for nothing */
};

/* @client_ca_file: (nullable): whose clients are let in; NULL for all. Returns: NULL with an error
 * of the file: of GIO's TLS or of GLib's files */
NebulaMockTls *
nebula_mock_tls_new (const char *certificate_file,
                     const char *key_file,
                     const char *client_ca_file,
                     GError    **error)
{
  g_autoptr (NebulaMockTls) self = g_new0 (NebulaMockTls, 1);

  self->certificate = g_tls_certificate_new_from_files (certificate_file, key_file, error);
  if (self->certificate == NULL)
    return NULL;
  if (client_ca_file != NULL)
    {
      /* GIO wants an absolute path, and warns of others. */
      g_autofree char *path = g_canonicalize_filename (client_ca_file, NULL);

      self->clients = g_tls_file_database_new (path, error);
      if (self->clients == NULL)
        return NULL;
    }
  return g_steal_pointer (&self);
}

void
nebula_mock_tls_free (NebulaMockTls *self)
{
  g_clear_object (&self->certificate);
  g_clear_object (&self->clients);
  g_free (self);
}

/* GIO leaves it to its servers to accept a client, flawless ones too. */
static gboolean
accept_flawless (GTlsConnection      *connection,
                 GTlsCertificate     *certificate,
                 GTlsCertificateFlags flaws,
                 gpointer             unused)
{
  return flaws == 0;
}

/* Shakes hands, and waits for it as @funcs do. Returns: (transfer full) (nullable): a stream of
 * what is inside, to be closed before @wire ends */
GIOStream *
nebula_mock_tls_accept (NebulaMockTls         *self,
                        const NebulaWireFuncs *funcs,
                        gpointer               wire,
                        GError               **error)
{
  g_autoptr (GIOStream) outer = nebula_wire_stream_new (funcs, wire);
  GType type = g_tls_backend_get_server_connection_type (g_tls_backend_get_default ());
  g_autoptr (GIOStream) inner = NULL;

  /* g_tls_server_connection_new () would read the system's authorities each time. */
  inner = g_initable_new (type, NULL, error, "base-io-stream", outer, "certificate",
                          self->certificate, "database", self->clients, NULL);
  if (inner == NULL)
    return NULL;
  if (self->clients != NULL)
    {
      g_signal_connect (inner, "accept-certificate", G_CALLBACK (accept_flawless), NULL);
      g_object_set (inner, "authentication-mode", G_TLS_AUTHENTICATION_REQUIRED, NULL);
    }
  if (g_tls_connection_handshake (G_TLS_CONNECTION (inner), NULL, error))
    return g_steal_pointer (&inner);
  g_io_stream_close (inner, NULL, NULL);
  return NULL;
}
