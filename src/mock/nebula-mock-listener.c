/* SPDX-License-Identifier: Apache-2.0 */
#include "nebula-mock-listener-private.h"

#include <errno.h>
#include <gio/gunixsocketaddress.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

/* More than any test connects at once. */
#define BACKLOG 128

struct _NebulaMockListener
{
  GSocketAddress    *address;    /* (owned): with the port that was picked */
  char              *text;       /* (owned): for people and for endpoints */
  char              *path;       /* (owned) (nullable): of a Unix socket */
  guint16            port;       /* 0 for a Unix socket */
  int                reserve_fd; /* keeps the port when nobody listens; -1 for a Unix socket */
  int                fd;         /* -1 while nobody listens */
  int                wake_fd;    /* readable once the thread shall end */
  GThread           *thread;     /* (owned) (nullable) */
  NebulaMockAccepted accepted;
  gpointer           data;       /* (unowned): of accepted */
};

static gboolean
fail (GError    **error,
      const char *what,
      const char *where)
{
  const int saved = errno;

  g_set_error (error, G_IO_ERROR, g_io_error_from_errno (saved), "%s %s: %s", what, where,
               g_strerror (saved));
  return FALSE;
}

/* Returns: a bound socket, or -1 */
static int
bind_to (GSocketAddress *address,
         const char     *text,
         GError        **error)
{
  const int on = 1;
  struct sockaddr_storage native;
  const gssize size = g_socket_address_get_native_size (address);
  int fd;

  if (!g_socket_address_to_native (address, &native, sizeof native, error))
    return -1;
  fd = socket (native.ss_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (fd < 0)
    {
      fail (error, "cannot create a socket for", text);
      return -1;
    }
  /* For the reserving socket and the listening one to share the port; of no effect on Unix. */
  setsockopt (fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  if (bind (fd, (struct sockaddr *) &native, size) == 0)
    return fd;
  fail (error, "cannot bind to", text);
  close (fd);
  return -1;
}

static guint16
port_of (int fd)
{
  struct sockaddr_storage native;
  socklen_t size = sizeof native;

  if (getsockname (fd, (struct sockaddr *) &native, &size) != 0)
    return 0;
  return ntohs (native.ss_family == AF_INET6 ? ((struct sockaddr_in6 *) &native)->sin6_port
                                             : ((struct sockaddr_in *) &native)->sin_port);
}

static NebulaMockListener *
listener_alloc (void)
{
  NebulaMockListener *self = g_new0 (NebulaMockListener, 1);

  self->reserve_fd = -1;
  self->fd = -1;
  self->wake_fd = eventfd (0, EFD_CLOEXEC | EFD_NONBLOCK);
  return self;
}

static char *
endpoint_text (GInetAddress *inet,
               guint16       port)
{
  g_autofree char *host = g_inet_address_to_string (inet);
  const gboolean is_v6 = g_inet_address_get_family (inet) == G_SOCKET_FAMILY_IPV6;

  return g_strdup_printf (is_v6 ? "[%s]:%u" : "%s:%u", host, port);
}

/* @host: (nullable): a loopback address, "localhost" or NULL for 127.0.0.1 */
NebulaMockListener *
nebula_mock_listener_new (const char *host,
                          guint16     port,
                          GError    **error)
{
  g_autoptr (NebulaMockListener) self = listener_alloc ();
  g_autoptr (GInetAddress) inet = NULL;
  g_autoptr (GSocketAddress) wanted = NULL;

  if (host == NULL || g_str_equal (host, "localhost"))
    host = "127.0.0.1";
  inet = g_inet_address_new_from_string (host);
  if (inet == NULL || !g_inet_address_get_is_loopback (inet))
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT,
                   "%s is no loopback address: a mock is for this machine only", host);
      return NULL;
    }
  wanted = g_inet_socket_address_new (inet, port);
  self->text = endpoint_text (inet, port);
  self->reserve_fd = bind_to (wanted, self->text, error);
  if (self->reserve_fd < 0)
    return NULL;
  self->port = port_of (self->reserve_fd);
  self->address = g_inet_socket_address_new (inet, self->port);
  g_free (self->text);
  self->text = endpoint_text (inet, self->port);
  return g_steal_pointer (&self);
}

NebulaMockListener *
nebula_mock_listener_new_unix (const char *path,
                               GError    **error)
{
  NebulaMockListener *self = listener_alloc ();

  self->address = g_unix_socket_address_new (path);
  self->path = g_strdup (path);
  self->text = g_strconcat ("unix:", path, NULL);
  return self;
}

static gpointer
accept_all (gpointer data)
{
  NebulaMockListener *self = data;
  struct pollfd fds[2] = { { self->wake_fd, POLLIN, 0 }, { self->fd, POLLIN, 0 } };

  for (;;)
    {
      const int ready = poll (fds, G_N_ELEMENTS (fds), -1);
      int fd;

      if (ready < 0)
        continue;
      if (fds[0].revents != 0)
        return NULL;
      fd = accept4 (self->fd, NULL, NULL, SOCK_CLOEXEC);
      if (fd >= 0)
        self->accepted (fd, self->data);
    }
}

/* Returns: FALSE with an error when the address cannot be had */
static gboolean
open_socket (NebulaMockListener *self,
             GError            **error)
{
  const int fd = bind_to (self->address, self->text, error);

  if (fd < 0)
    return FALSE;
  if (listen (fd, BACKLOG) != 0)
    {
      fail (error, "cannot listen on", self->text);
      close (fd);
      return FALSE;
    }
  self->fd = fd;
  return TRUE;
}

/* Listens from now on. Returns: FALSE with an error when the address cannot be had */
gboolean
nebula_mock_listener_start (NebulaMockListener *self,
                            NebulaMockAccepted  accepted,
                            gpointer            data,
                            GError            **error)
{
  if (self->thread != NULL)
    return TRUE;
  if (self->fd < 0 && !open_socket (self, error))
    return FALSE;
  self->accepted = accepted;
  self->data = data;
  self->thread = g_thread_new ("nebula-mock-listen", accept_all, self);
  return TRUE;
}

/* Whoever connects from now on waits in the kernel until the next start. */
void
nebula_mock_listener_pause (NebulaMockListener *self)
{
  guint64 count = 1;

  if (self->thread == NULL)
    return;
  (void) !write (self->wake_fd, &count, sizeof count);
  g_clear_pointer (&self->thread, g_thread_join);
  (void) !read (self->wake_fd, &count, sizeof count);
}

/* Whoever connects from now on is refused by the kernel; the port stays ours. */
void
nebula_mock_listener_stop (NebulaMockListener *self)
{
  nebula_mock_listener_pause (self);
  if (self->fd < 0)
    return;
  close (self->fd);
  self->fd = -1;
  if (self->path != NULL)
    unlink (self->path);
}

guint16
nebula_mock_listener_get_port (NebulaMockListener *self)
{
  return self->port;
}

/* `127.0.0.1:9669`, `[::1]:9669`, `unix:/path` */
const char *
nebula_mock_listener_get_address (NebulaMockListener *self)
{
  return self->text;
}

void
nebula_mock_listener_free (NebulaMockListener *self)
{
  nebula_mock_listener_stop (self);
  if (self->reserve_fd >= 0)
    close (self->reserve_fd);
  close (self->wake_fd);
  g_clear_object (&self->address);
  g_free (self->text);
  g_free (self->path);
  g_free (self);
}
