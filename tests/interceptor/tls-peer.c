/* SPDX-License-Identifier: Apache-2.0 */
#include "tls-peer.h"

#include <signal.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

struct _TlsPeer
{
  SSL_CTX *context; /* (owned) */
  SSL *tls;         /* (owned): of the thread while there is one */
  GThread *thread;  /* (owned) (nullable) */
  int listener;     /* (unowned) */
  int fd;           /* (owned): -1 when closed */
  gboolean is_open; /* the handshake succeeded */
  guint8 byte;      /* of tls_peer_write_much () */
  gsize size;
};

char *
tls_peer_find_file (const char *name)
{
  if (name == NULL)
    return NULL;
  return g_build_filename (g_getenv ("G_TEST_SRCDIR"), "data", "tls", name, NULL);
}

static char *
find (const char *name, const char *suffix)
{
  g_autofree char *file = g_strconcat (name, suffix, NULL);

  return tls_peer_find_file (file);
}

static SSL_CTX *
make_context (const TlsPeerSettings *settings)
{
  SSL_CTX *context = SSL_CTX_new (TLS_server_method ());
  g_autofree char *certificate = find (settings->certificate, ".pem");
  g_autofree char *key = find (settings->certificate, ".key");

  g_assert_cmpint (SSL_CTX_use_certificate_file (context, certificate, SSL_FILETYPE_PEM), ==, 1);
  g_assert_cmpint (SSL_CTX_use_PrivateKey_file (context, key, SSL_FILETYPE_PEM), ==, 1);
  if (settings->version != 0)
    {
      SSL_CTX_set_min_proto_version (context, settings->version);
      SSL_CTX_set_max_proto_version (context, settings->version);
    }
  if (settings->client_ca != NULL)
    {
      g_autofree char *authority = find (settings->client_ca, ".pem");

      g_assert_cmpint (SSL_CTX_load_verify_locations (context, authority, NULL), ==, 1);
      SSL_CTX_set_verify (context, SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT, NULL);
    }
  return context;
}

/* OpenSSL writes without MSG_NOSIGNAL; a signal that is the peer's must not pass for ours. */
static void
block_sigpipe (void)
{
  sigset_t pipe;

  sigemptyset (&pipe);
  sigaddset (&pipe, SIGPIPE);
  pthread_sigmask (SIG_BLOCK, &pipe, NULL);
}

static gpointer
accept_one (gpointer data)
{
  TlsPeer *self = data;

  block_sigpipe ();
  self->fd = accept4 (self->listener, NULL, NULL, SOCK_CLOEXEC);
  SSL_set_fd (self->tls, self->fd);
  self->is_open = SSL_accept (self->tls) == 1;
  if (!self->is_open)
    {
      close (self->fd);
      self->fd = -1;
    }
  return NULL;
}

TlsPeer *
tls_peer_new (int listener, const TlsPeerSettings *settings)
{
  TlsPeer *self = g_new0 (TlsPeer, 1);

  self->context = make_context (settings);
  self->tls = SSL_new (self->context);
  self->listener = listener;
  self->fd = -1;
  self->thread = g_thread_new ("tls-peer", accept_one, self);
  return self;
}

static void
join (TlsPeer *self)
{
  if (self->thread != NULL)
    g_thread_join (g_steal_pointer (&self->thread));
}

void
tls_peer_free (TlsPeer *self)
{
  join (self);
  tls_peer_close (self);
  SSL_free (self->tls);
  SSL_CTX_free (self->context);
  g_free (self);
}

SSL *
tls_peer_get (TlsPeer *self)
{
  join (self);
  return self->is_open ? self->tls : NULL;
}

void
tls_peer_write (TlsPeer *self, const char *text)
{
  g_assert_cmpint (SSL_write (tls_peer_get (self), text, (int) strlen (text)), >, 0);
}

void
tls_peer_read (TlsPeer *self, const char *expected)
{
  char buffer[64] = { 0 };
  gsize length = 0;

  while (length < strlen (expected))
    {
      int rest = (int) (strlen (expected) - length);
      int count = SSL_read (tls_peer_get (self), buffer + length, rest);

      g_assert_cmpint (count, >, 0);
      length += (gsize) count;
    }
  g_assert_cmpstr (buffer, ==, expected);
}

void
tls_peer_close (TlsPeer *self)
{
  join (self);
  if (self->fd >= 0)
    close (self->fd);
  self->fd = -1;
}

static gpointer
write_all (gpointer data)
{
  TlsPeer *self = data;
  guint8 bytes[16384];
  int count = 1;

  block_sigpipe ();
  memset (bytes, self->byte, sizeof bytes);
  for (gsize rest = self->size; rest > 0 && count > 0; rest -= (gsize) MAX (count, 0))
    count = SSL_write (self->tls, bytes, (int) MIN (rest, sizeof bytes));
  return NULL;
}

void
tls_peer_write_much (TlsPeer *self, guint8 byte, gsize size)
{
  g_assert_nonnull (tls_peer_get (self));
  self->byte = byte;
  self->size = size;
  self->thread = g_thread_new ("tls-peer", write_all, self);
}
