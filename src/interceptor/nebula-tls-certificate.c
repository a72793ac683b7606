/* SPDX-License-Identifier: Apache-2.0 */
#include "nebula-tls-certificate-private.h"

#include <errno.h>
#include <nebula-retry/nebula-retry.h>
#include <sys/socket.h>
#include <unistd.h>

#include "nebula-wire-stream-private.h"

/*
 * Certificates and keys from files, with everything found out at once that would otherwise be a
 * riddle at the first handshake. What GIO says about a file is handed on; it never quotes one.
 */

/* A descriptor as a wire, one end of a socketpair. */
static gssize
fd_receive (gpointer wire, guint8 *buffer, gsize size, gboolean may_wait, GError **error)
{
  gssize count;

  do
    count = recv (GPOINTER_TO_INT (wire), buffer, size, may_wait ? 0 : MSG_DONTWAIT);
  while (count < 0 && errno == EINTR);
  if (count < 0)
    g_set_error_literal (error, G_IO_ERROR, g_io_error_from_errno (errno), g_strerror (errno));
  return count;
}

static gssize
fd_send (gpointer wire, const guint8 *bytes, gsize length, gboolean may_wait, GError **error)
{
  const int flags = MSG_NOSIGNAL | (may_wait ? 0 : MSG_DONTWAIT);
  gssize count;

  do
    count = send (GPOINTER_TO_INT (wire), bytes, length, flags);
  while (count < 0 && errno == EINTR);
  if (count < 0)
    g_set_error_literal (error, G_IO_ERROR, g_io_error_from_errno (errno), g_strerror (errno));
  return count;
}

static const NebulaWireFuncs fd_funcs = { fd_receive, fd_send };

typedef struct
{
  GTlsCertificate *certificate; /* (unowned) */
  int fd;                       /* (unowned) */
} Server;

/* Whatever comes of it, the other side is not kept waiting. */
static gboolean
shake_hands (GIOStream *connection, int fd, GError **error)
{
  gboolean done = connection != NULL
                  && g_tls_connection_handshake (G_TLS_CONNECTION (connection), NULL, error);

  if (!done)
    shutdown (fd, SHUT_RDWR);
  if (connection != NULL)
    g_io_stream_close (connection, NULL, NULL);
  return done;
}

/* Without authorities, which would be read from the system's files each time. */
static GIOStream *
make_connection (GType (*get_type) (GTlsBackend *backend),
                 GIOStream *wire,
                 GTlsCertificate *certificate,
                 GError **error)
{
  return g_initable_new (get_type (g_tls_backend_get_default ()), NULL, error, "base-io-stream",
                         wire, "certificate", certificate, "database", NULL, NULL);
}

static gpointer
serve (gpointer data)
{
  Server *server = data;
  g_autoptr (GIOStream) wire = nebula_wire_stream_new (&fd_funcs, GINT_TO_POINTER (server->fd));
  g_autoptr (GIOStream) connection = NULL;

  connection = make_connection (g_tls_backend_get_server_connection_type, wire,
                                server->certificate, NULL);
  shake_hands (connection, server->fd, NULL);
  return NULL;
}

/* A signature is the question here, not who signed the certificate. */
static gboolean
accept_any (GTlsConnection *connection,
            GTlsCertificate *certificate,
            GTlsCertificateFlags flaws,
            gpointer unused)
{
  return TRUE;
}

static gboolean
connect_to_server (int fd, GError **error)
{
  g_autoptr (GIOStream) wire = nebula_wire_stream_new (&fd_funcs, GINT_TO_POINTER (fd));
  g_autoptr (GIOStream) connection = NULL;

  connection = make_connection (g_tls_backend_get_client_connection_type, wire, NULL, error);
  if (connection != NULL)
    g_signal_connect (connection, "accept-certificate", G_CALLBACK (accept_any), NULL);
  return shake_hands (connection, fd, error);
}

/* Whether the certificate's private key is the one that belongs to it. GIO does not say, and the
 * forms of keys are many: so the key signs, and the certificate is asked, in a handshake with
 * ourselves. */
static gboolean
check_key (GTlsCertificate *certificate, GError **error)
{
  Server server = { .certificate = certificate };
  GThread *thread;
  gboolean fits;
  int fds[2];

  if (socketpair (AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, fds) != 0)
    {
      g_set_error_literal (error, G_IO_ERROR, g_io_error_from_errno (errno), g_strerror (errno));
      return FALSE;
    }
  server.fd = fds[1];
  thread = g_thread_new ("nebula-tls-key", serve, &server);
  fits = connect_to_server (fds[0], error);
  g_thread_join (thread);
  close (fds[0]);
  close (fds[1]);
  return fits;
}

static gboolean
fail (GError **error, const char *what, const char *file, const char *why)
{
  g_set_error (error, NEBULA_ERROR, NEBULA_ERROR_INVALID_ARGUMENT, "%s '%s': %s", what, file, why);
  return FALSE;
}

/**
 * nebula_tls_certificate_check_file:
 * @what: what the file is for, as an error should name it
 * @file: a path
 * @error: return location of a %NEBULA_ERROR_INVALID_ARGUMENT
 *
 * Returns: whether @file can be read and holds certificates, in PEM
 */
gboolean
nebula_tls_certificate_check_file (const char *what, const char *file, GError **error)
{
  g_autoptr (GError) cause = NULL;
  GList *certificates = g_tls_certificate_list_new_from_file (file, &cause);

  if (cause != NULL)
    return fail (error, what, file, cause->message);
  if (certificates == NULL)
    return fail (error, what, file,
                 "no certificate in it, expected PEM: -----BEGIN CERTIFICATE-----");
  g_list_free_full (certificates, g_object_unref);
  return TRUE;
}

static gboolean
has_key (GTlsCertificate *certificate)
{
  g_autoptr (GByteArray) key = NULL;

  g_object_get (certificate, "private-key", &key, NULL);
  if (key != NULL)
    explicit_bzero (key->data, key->len);
  return key != NULL;
}

/**
 * nebula_tls_certificate_load:
 * @certificate_file: PEM: a certificate, and those between it and its authority
 * @key_file: PEM: its private key, not encrypted; may be @certificate_file
 * @error: return location of a %NEBULA_ERROR_INVALID_ARGUMENT that names the file
 *
 * Returns: (transfer full) (nullable): a certificate with the private key that belongs to it
 */
GTlsCertificate *
nebula_tls_certificate_load (const char *certificate_file, const char *key_file, GError **error)
{
  g_autoptr (GTlsCertificate) certificate = NULL;
  g_autoptr (GError) cause = NULL;

  if (!nebula_tls_certificate_check_file ("the certificate file", certificate_file, error))
    return NULL;
  certificate = g_tls_certificate_new_from_files (certificate_file, key_file, &cause);
  if (certificate == NULL || !has_key (certificate))
    {
      g_set_error (error, NEBULA_ERROR, NEBULA_ERROR_INVALID_ARGUMENT,
                   "the key file '%s': %s; expected PEM, not encrypted: "
                   "-----BEGIN PRIVATE KEY-----",
                   key_file, cause != NULL ? cause->message : "no private key in it");
      return NULL;
    }
  if (!check_key (certificate, &cause))
    {
      g_set_error (error, NEBULA_ERROR, NEBULA_ERROR_INVALID_ARGUMENT,
                   "the key file '%s': not the private key of the certificate in '%s' (%s)",
                   key_file, certificate_file, cause->message);
      return NULL;
    }
  return g_steal_pointer (&certificate);
}
