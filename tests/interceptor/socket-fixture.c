/* SPDX-License-Identifier: Apache-2.0 */
#include "socket-fixture.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <netinet/in.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

guint
count_descriptors (void)
{
  g_autoptr (GDir) folder = g_dir_open ("/proc/self/fd", 0, NULL);
  guint count = 0;

  while (g_dir_read_name (folder) != NULL)
    count++;

  return count;
}

void
set_up (SocketFixture *fixture, gconstpointer data)
{
  fixture->listener = -1;
  fixture->peer = -1;
  fixture->descriptors = count_descriptors ();
  fixture->limit.clock = nebula_clock_get_system ();
  fixture->limit.deadline = nebula_clock_get_now (fixture->limit.clock) + LONG_WAIT;
}

void
close_if_open (int *fd)
{
  if (*fd >= 0)
    close (*fd);
  *fd = -1;
}

void
close_all (SocketFixture *fixture)
{
  if (fixture->channel != NULL)
    g_assert_finalize_object (fixture->channel);
  close_if_open (&fixture->peer);
  close_if_open (&fixture->listener);
  if (fixture->path != NULL)
    g_unlink (fixture->path);
  if (fixture->folder != NULL)
    g_rmdir (fixture->folder);
  g_clear_object (&fixture->address);
  g_free (fixture->path);
  g_free (fixture->folder);
  g_clear_object (&fixture->limit.cancellable);
}

void
tear_down (SocketFixture *fixture, gconstpointer data)
{
  close_all (fixture);
  g_assert_cmpuint (count_descriptors (), ==, fixture->descriptors);
}

/* Returns an unconnected socket bound to @native, and where it is bound; -1 if it cannot be. */
static int
bind_socket (struct sockaddr *native, socklen_t size, GSocketAddress **address)
{
  struct sockaddr_storage bound = { 0 };
  socklen_t bound_size = sizeof bound;
  int fd = socket (native->sa_family, SOCK_STREAM | SOCK_CLOEXEC, 0);

  if (fd < 0)
    return -1;
  if (bind (fd, native, size) != 0)
    {
      close (fd);
      return -1;
    }
  g_assert_no_errno (getsockname (fd, (struct sockaddr *) &bound, &bound_size));
  *address = g_socket_address_new_from_native (&bound, bound_size);

  return fd;
}

int
bind_any (SocketFixture *fixture, int family, GSocketAddress **address)
{
  struct sockaddr_in in = { .sin_family = AF_INET, .sin_addr.s_addr = htonl (INADDR_LOOPBACK) };
  struct sockaddr_in6 in6 = { .sin6_family = AF_INET6, .sin6_addr = IN6ADDR_LOOPBACK_INIT };
  struct sockaddr_un un = { .sun_family = AF_UNIX };

  if (family == AF_INET)
    return bind_socket ((struct sockaddr *) &in, sizeof in, address);
  if (family == AF_INET6)
    return bind_socket ((struct sockaddr *) &in6, sizeof in6, address);

  fixture->folder = g_dir_make_tmp ("nebula-XXXXXX", NULL);
  fixture->path = g_build_filename (fixture->folder, "socket", NULL);
  g_strlcpy (un.sun_path, fixture->path, sizeof un.sun_path);
  return bind_socket ((struct sockaddr *) &un, sizeof un, address);
}

gboolean
listen_any (SocketFixture *fixture, int family, int backlog)
{
  fixture->listener = bind_any (fixture, family, &fixture->address);
  if (fixture->listener < 0)
    return FALSE;
  g_assert_no_errno (listen (fixture->listener, backlog));
  return TRUE;
}

void
make_channel (SocketFixture *fixture)
{
  fixture->channel = nebula_socket_channel_new (G_SOCKET_CONNECTABLE (fixture->address));
}

void
accept_peer (SocketFixture *fixture)
{
  close_if_open (&fixture->peer);
  fixture->peer = accept4 (fixture->listener, NULL, NULL, SOCK_CLOEXEC);
  g_assert_cmpint (fixture->peer, >=, 0);
}

void
open_channel (SocketFixture *fixture)
{
  g_autoptr (GError) error = NULL;

  g_assert_true (nebula_channel_open (fixture->channel, &fixture->limit, &error));
  g_assert_no_error (error);
  accept_peer (fixture);
}

void
connect_channel (SocketFixture *fixture)
{
  g_assert_true (listen_any (fixture, AF_INET, 4));
  make_channel (fixture);
  open_channel (fixture);
}

int
fd_of (SocketFixture *fixture)
{
  return nebula_socket_channel_get_fd (NEBULA_SOCKET_CHANNEL (fixture->channel));
}

void
expire_soon (SocketFixture *fixture)
{
  fixture->limit.deadline = nebula_clock_get_now (fixture->limit.clock) + SHORT_WAIT;
}

/* The peer is gone at once and with a reset. */
void
reset_peer (SocketFixture *fixture)
{
  struct linger linger = { .l_onoff = 1, .l_linger = 0 };

  g_assert_no_errno (setsockopt (fixture->peer, SOL_SOCKET, SO_LINGER, &linger, sizeof linger));
  close_if_open (&fixture->peer);
}

void
wait_until_readable (int fd)
{
  struct pollfd waiting = { .fd = fd, .events = POLLIN };

  g_assert_cmpint (poll (&waiting, 1, (int) (LONG_WAIT / 1000)), ==, 1);
}

void
send_text (SocketFixture *fixture, const gchar *text)
{
  g_autoptr (GError) error = NULL;
  gsize taken = 999;

  g_assert_true (nebula_channel_send (fixture->channel, (const guint8 *) text, strlen (text),
                                      &taken, &fixture->limit, &error));
  g_assert_no_error (error);
  g_assert_cmpuint (taken, ==, strlen (text));
}

void
receive_text (SocketFixture *fixture, const gchar *expected)
{
  g_autoptr (GError) error = NULL;
  guint8 buffer[64] = { 0 };
  gssize count = nebula_channel_receive (fixture->channel, buffer, sizeof buffer, &fixture->limit,
                                         &error);

  g_assert_no_error (error);
  g_assert_cmpmem (buffer, count, expected, strlen (expected));
}

void
receive_error (SocketFixture *fixture, GIOErrorEnum code, const gchar *text)
{
  g_autoptr (GError) error = NULL;
  g_autofree gchar *peer = g_socket_connectable_to_string (G_SOCKET_CONNECTABLE (fixture->address));
  g_autofree gchar *expected = g_strdup_printf ("%s: %s", peer, text);
  guint8 byte;

  g_assert_cmpint (nebula_channel_receive (fixture->channel, &byte, 1, &fixture->limit, &error), ==,
                   -1);
  g_assert_error (error, G_IO_ERROR, (gint) code);
  g_assert_cmpstr (error->message, ==, expected);
}

void
peer_reads (SocketFixture *fixture, const gchar *expected)
{
  gchar buffer[64] = { 0 };

  g_assert_cmpint (recv (fixture->peer, buffer, strlen (expected), MSG_WAITALL), ==,
                   (gssize) strlen (expected));
  g_assert_cmpstr (buffer, ==, expected);
}
