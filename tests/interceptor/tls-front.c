/* SPDX-License-Identifier: Apache-2.0 */
#include "tls-front.h"

#include <netinet/in.h>
#include <openssl/ssl.h>
#include <poll.h>
#include <signal.h>
#include <sys/socket.h>
#include <unistd.h>

struct _TlsFront
{
  SSL_CTX *context;   /* (owned) */
  GThread *thread;    /* (owned): accepts */
  GPtrArray *threads; /* (owned) (element-type GThread): one a connection; of @thread */
  int listener;       /* (owned) */
  guint16 port;
  guint16 target;
  gint farewell;      /* atomic */
  GMutex lock;
  GCond changed;
  guint n_open;       /* (lock): connections that are served */
};

typedef struct
{
  TlsFront *front; /* (unowned) */
  int fd;          /* (owned) */
} Connection;

static struct sockaddr_in
loopback (guint16 port)
{
  return (struct sockaddr_in){ .sin_family = AF_INET,
                               .sin_port = g_htons (port),
                               .sin_addr.s_addr = g_htonl (INADDR_LOOPBACK) };
}

static gboolean
send_all (int fd, const guint8 *bytes, gssize length)
{
  while (length > 0)
    {
      gssize count = send (fd, bytes, length, MSG_NOSIGNAL);

      if (count < 0)
        return FALSE;
      bytes += count;
      length -= count;
    }
  return TRUE;
}

/* Moves what is there in one direction. FALSE at the end of the stream. */
static gboolean
inwards (SSL *tls, int target)
{
  guint8 bytes[16384];
  int count = SSL_read (tls, bytes, sizeof bytes);

  return count > 0 && send_all (target, bytes, count);
}

static gboolean
outwards (SSL *tls, int target)
{
  guint8 bytes[16384];
  gssize count = recv (target, bytes, sizeof bytes, 0);

  return count > 0 && SSL_write (tls, bytes, (int) count) > 0;
}

static void
pump (SSL *tls, int client, int target)
{
  while (TRUE)
    {
      struct pollfd fds[] = { { client, POLLIN, 0 }, { target, POLLIN, 0 } };

      if (SSL_pending (tls) == 0 && poll (fds, 2, -1) < 0)
        return;
      if ((SSL_pending (tls) > 0 || fds[0].revents != 0) && !inwards (tls, target))
        return;
      if (fds[1].revents != 0 && !outwards (tls, target))
        return;
    }
}

static void
count (TlsFront *self, int difference)
{
  g_mutex_lock (&self->lock);
  self->n_open += difference;
  g_cond_broadcast (&self->changed);
  g_mutex_unlock (&self->lock);
}

static gpointer
serve (gpointer data)
{
  g_autofree Connection *connection = data;
  struct sockaddr_in address = loopback (connection->front->target);
  int target = socket (AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  SSL *tls = SSL_new (connection->front->context);
  sigset_t pipe;

  /* OpenSSL writes without MSG_NOSIGNAL, and clients go away. */
  sigemptyset (&pipe);
  sigaddset (&pipe, SIGPIPE);
  pthread_sigmask (SIG_BLOCK, &pipe, NULL);
  SSL_set_fd (tls, connection->fd);
  if (SSL_accept (tls) == 1
      && connect (target, (struct sockaddr *) &address, sizeof address) == 0)
    {
      pump (tls, connection->fd, target);
      if (g_atomic_int_get (&connection->front->farewell))
        SSL_shutdown (tls);
    }
  SSL_free (tls);
  close (connection->fd);
  close (target);
  count (connection->front, -1);
  return NULL;
}

static void
join (gpointer thread)
{
  g_thread_join (thread);
}

static gpointer
accept_all (gpointer data)
{
  TlsFront *self = data;
  int fd;

  while ((fd = accept4 (self->listener, NULL, NULL, SOCK_CLOEXEC)) >= 0)
    {
      Connection *connection = g_new (Connection, 1);

      *connection = (Connection){ self, fd };
      count (self, 1);
      g_ptr_array_add (self->threads, g_thread_new ("tls-connection", serve, connection));
    }
  return NULL;
}

static void
listen_anywhere (TlsFront *self)
{
  struct sockaddr_in address = loopback (0);
  socklen_t size = sizeof address;

  self->listener = socket (AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  g_assert_no_errno (bind (self->listener, (struct sockaddr *) &address, sizeof address));
  g_assert_no_errno (listen (self->listener, 16));
  g_assert_no_errno (getsockname (self->listener, (struct sockaddr *) &address, &size));
  self->port = g_ntohs (address.sin_port);
}

char *
tls_front_find_file (const char *name)
{
  return g_build_filename (g_getenv ("G_TEST_SRCDIR"), "data", name, NULL);
}

TlsFront *
tls_front_new (guint16 target)
{
  TlsFront *self = g_new0 (TlsFront, 1);
  g_autofree char *file = tls_front_find_file ("test-only-key-and-certificate.pem");

  self->target = target;
  g_mutex_init (&self->lock);
  g_cond_init (&self->changed);
  self->context = SSL_CTX_new (TLS_server_method ());
  g_assert_cmpint (SSL_CTX_use_certificate_file (self->context, file, SSL_FILETYPE_PEM), ==, 1);
  g_assert_cmpint (SSL_CTX_use_PrivateKey_file (self->context, file, SSL_FILETYPE_PEM), ==, 1);
  self->threads = g_ptr_array_new_with_free_func (join);
  listen_anywhere (self);
  self->thread = g_thread_new ("tls-front", accept_all, self);
  return self;
}

/* Connections must have ended, or the target must be closing them. */
void
tls_front_free (TlsFront *self)
{
  shutdown (self->listener, SHUT_RDWR);
  g_thread_join (self->thread);
  g_ptr_array_unref (self->threads);
  close (self->listener);
  SSL_CTX_free (self->context);
  g_mutex_clear (&self->lock);
  g_cond_clear (&self->changed);
  g_free (self);
}

guint16
tls_front_get_port (TlsFront *self)
{
  return self->port;
}

void
tls_front_set_farewell (TlsFront *self, gboolean farewell)
{
  g_atomic_int_set (&self->farewell, farewell);
}

void
tls_front_wait_until_idle (TlsFront *self)
{
  g_mutex_lock (&self->lock);
  while (self->n_open > 0)
    g_cond_wait (&self->changed, &self->lock);
  g_mutex_unlock (&self->lock);
}
