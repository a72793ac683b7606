/* SPDX-License-Identifier: Apache-2.0 */
#include "nebula-socket-channel-private.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

/* Short enough for a test, long enough to be a wait. Nothing here depends on how long it was. */
#define SHORT_WAIT (30 * 1000)
/* Far more than a test needs; it ends a test that would hang. */
#define LONG_WAIT (20 * G_USEC_PER_SEC)
/* More than the buffers of two sockets can hold. */
#define MUCH (32 * 1024 * 1024)

/* A clock that must not be read, for calls that need not block. */

#define TEST_TYPE_FORBIDDEN_CLOCK (test_forbidden_clock_get_type ())
G_DECLARE_FINAL_TYPE (TestForbiddenClock, test_forbidden_clock, TEST, FORBIDDEN_CLOCK, GObject)

struct _TestForbiddenClock
{
  GObject parent_instance;
};

static gint64
test_forbidden_clock_get_now (NebulaClock *clock)
{
  g_error ("the clock was read");
  return 0;
}

static gboolean
test_forbidden_clock_wait (NebulaClock *clock,
                           gint64 duration,
                           GCancellable *cancellable,
                           GError **error)
{
  g_error ("the clock was waited for");
  return FALSE;
}

static void
test_forbidden_clock_iface_init (NebulaClockInterface *iface)
{
  iface->get_now = test_forbidden_clock_get_now;
  iface->wait = test_forbidden_clock_wait;
}

G_DEFINE_FINAL_TYPE_WITH_CODE (TestForbiddenClock, test_forbidden_clock, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (NEBULA_TYPE_CLOCK,
                                                      test_forbidden_clock_iface_init))

static void
test_forbidden_clock_class_init (TestForbiddenClockClass *klass)
{
}

static void
test_forbidden_clock_init (TestForbiddenClock *self)
{
}

/* A name with the addresses that the test gives it. */

#define TEST_TYPE_ADDRESSES (test_addresses_get_type ())
G_DECLARE_FINAL_TYPE (TestAddresses, test_addresses, TEST, ADDRESSES, GSocketAddressEnumerator)

struct _TestAddresses
{
  GSocketAddressEnumerator parent_instance;

  GPtrArray *addresses; /* (owned) */
  guint next;
};

static GSocketAddressEnumerator *
test_addresses_enumerate (GSocketConnectable *connectable)
{
  TEST_ADDRESSES (connectable)->next = 0;
  return g_object_ref (G_SOCKET_ADDRESS_ENUMERATOR (connectable));
}

static gchar *
test_addresses_to_string (GSocketConnectable *connectable)
{
  return g_strdup ("many");
}

static void
test_addresses_iface_init (GSocketConnectableIface *iface)
{
  iface->enumerate = test_addresses_enumerate;
  iface->to_string = test_addresses_to_string;
}

G_DEFINE_FINAL_TYPE_WITH_CODE (TestAddresses, test_addresses, G_TYPE_SOCKET_ADDRESS_ENUMERATOR,
                               G_IMPLEMENT_INTERFACE (G_TYPE_SOCKET_CONNECTABLE,
                                                      test_addresses_iface_init))

static GSocketAddress *
test_addresses_next (GSocketAddressEnumerator *enumerator,
                     GCancellable *cancellable,
                     GError **error)
{
  TestAddresses *self = TEST_ADDRESSES (enumerator);

  if (self->next == self->addresses->len)
    return NULL;
  return g_object_ref (self->addresses->pdata[self->next++]);
}

static void
test_addresses_finalize (GObject *object)
{
  g_ptr_array_unref (TEST_ADDRESSES (object)->addresses);
  G_OBJECT_CLASS (test_addresses_parent_class)->finalize (object);
}

static void
test_addresses_class_init (TestAddressesClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = test_addresses_finalize;
  G_SOCKET_ADDRESS_ENUMERATOR_CLASS (klass)->next = test_addresses_next;
}

static void
test_addresses_init (TestAddresses *self)
{
  self->addresses = g_ptr_array_new_with_free_func (g_object_unref);
}

/* A resolver that finds nothing, or never answers. */

#define TEST_TYPE_RESOLVER (test_resolver_get_type ())
G_DECLARE_FINAL_TYPE (TestResolver, test_resolver, TEST, RESOLVER, GResolver)

struct _TestResolver
{
  GResolver parent_instance;

  gboolean hangs;
};

G_DEFINE_FINAL_TYPE (TestResolver, test_resolver, G_TYPE_RESOLVER)

static GList *
test_resolver_lookup (GResolver *resolver,
                      const gchar *name,
                      GCancellable *cancellable,
                      GError **error)
{
  GPollFD fd;

  if (!TEST_RESOLVER (resolver)->hangs)
    {
      g_set_error_literal (error, G_RESOLVER_ERROR, G_RESOLVER_ERROR_NOT_FOUND, "no such name");
      return NULL;
    }

  g_assert_true (g_cancellable_make_pollfd (cancellable, &fd));
  while (!g_cancellable_is_cancelled (cancellable))
    g_poll (&fd, 1, -1);
  g_cancellable_release_fd (cancellable);
  g_cancellable_set_error_if_cancelled (cancellable, error);
  return NULL;
}

static GList *
test_resolver_lookup_with_flags (GResolver *resolver,
                                 const gchar *name,
                                 GResolverNameLookupFlags flags,
                                 GCancellable *cancellable,
                                 GError **error)
{
  return test_resolver_lookup (resolver, name, cancellable, error);
}

static void
test_resolver_class_init (TestResolverClass *klass)
{
  G_RESOLVER_CLASS (klass)->lookup_by_name = test_resolver_lookup;
  G_RESOLVER_CLASS (klass)->lookup_by_name_with_flags = test_resolver_lookup_with_flags;
}

static void
test_resolver_init (TestResolver *self)
{
}

/* The peer: a listening socket, and the connection that it accepted. */

typedef struct
{
  NebulaLimit limit;
  gchar *folder;           /* (owned) (nullable): where the Unix socket is */
  gchar *path;             /* (owned) (nullable): the Unix socket */
  int listener;            /* (owned): -1 when there is none */
  int peer;                /* (owned): -1 when nothing was accepted */
  GSocketAddress *address; /* (owned) (nullable): of the listener */
  NebulaChannel *channel;  /* (owned) (nullable) */
  guint descriptors;       /* how many were open before */
} Fixture;

static guint
count_descriptors (void)
{
  g_autoptr (GDir) folder = g_dir_open ("/proc/self/fd", 0, NULL);
  guint count = 0;

  while (g_dir_read_name (folder) != NULL)
    count++;

  return count;
}

static void
set_up (Fixture *fixture, gconstpointer data)
{
  fixture->listener = -1;
  fixture->peer = -1;
  fixture->descriptors = count_descriptors ();
  fixture->limit.clock = nebula_clock_get_system ();
  fixture->limit.deadline = nebula_clock_get_now (fixture->limit.clock) + LONG_WAIT;
}

static void
close_if_open (int *fd)
{
  if (*fd >= 0)
    close (*fd);
  *fd = -1;
}

static void
tear_down (Fixture *fixture, gconstpointer data)
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

static int
bind_any (Fixture *fixture, int family, GSocketAddress **address)
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

static gboolean
listen_any (Fixture *fixture, int family, int backlog)
{
  fixture->listener = bind_any (fixture, family, &fixture->address);
  if (fixture->listener < 0)
    return FALSE;
  g_assert_no_errno (listen (fixture->listener, backlog));
  return TRUE;
}

static void
make_channel (Fixture *fixture)
{
  fixture->channel = nebula_socket_channel_new (G_SOCKET_CONNECTABLE (fixture->address));
}

static void
accept_peer (Fixture *fixture)
{
  close_if_open (&fixture->peer);
  fixture->peer = accept4 (fixture->listener, NULL, NULL, SOCK_CLOEXEC);
  g_assert_cmpint (fixture->peer, >=, 0);
}

static void
open_channel (Fixture *fixture)
{
  g_autoptr (GError) error = NULL;

  g_assert_true (nebula_channel_open (fixture->channel, &fixture->limit, &error));
  g_assert_no_error (error);
  accept_peer (fixture);
}

static void
connect_channel (Fixture *fixture)
{
  g_assert_true (listen_any (fixture, AF_INET, 4));
  make_channel (fixture);
  open_channel (fixture);
}

static int
fd_of (Fixture *fixture)
{
  return nebula_socket_channel_get_fd (NEBULA_SOCKET_CHANNEL (fixture->channel));
}

static void
expire_soon (Fixture *fixture)
{
  fixture->limit.deadline = nebula_clock_get_now (fixture->limit.clock) + SHORT_WAIT;
}

/* The peer is gone at once and with a reset. */
static void
reset_peer (Fixture *fixture)
{
  struct linger linger = { .l_onoff = 1, .l_linger = 0 };

  g_assert_no_errno (setsockopt (fixture->peer, SOL_SOCKET, SO_LINGER, &linger, sizeof linger));
  close_if_open (&fixture->peer);
}

static void
wait_until_readable (int fd)
{
  struct pollfd waiting = { .fd = fd, .events = POLLIN };

  g_assert_cmpint (poll (&waiting, 1, (int) (LONG_WAIT / 1000)), ==, 1);
}

static void
send_text (Fixture *fixture, const gchar *text)
{
  g_autoptr (GError) error = NULL;
  gsize taken = 999;

  g_assert_true (nebula_channel_send (fixture->channel, (const guint8 *) text, strlen (text),
                                      &taken, &fixture->limit, &error));
  g_assert_no_error (error);
  g_assert_cmpuint (taken, ==, strlen (text));
}

static void
receive_text (Fixture *fixture, const gchar *expected)
{
  g_autoptr (GError) error = NULL;
  guint8 buffer[64] = { 0 };
  gssize count = nebula_channel_receive (fixture->channel, buffer, sizeof buffer, &fixture->limit,
                                         &error);

  g_assert_no_error (error);
  g_assert_cmpmem (buffer, count, expected, strlen (expected));
}

static void
receive_error (Fixture *fixture, GIOErrorEnum code, const gchar *text)
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

static void
peer_reads (Fixture *fixture, const gchar *expected)
{
  gchar buffer[64] = { 0 };

  g_assert_cmpint (recv (fixture->peer, buffer, strlen (expected), MSG_WAITALL), ==,
                   (gssize) strlen (expected));
  g_assert_cmpstr (buffer, ==, expected);
}

/* Tests */

static void
test_closed (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  guint8 byte = 1;
  gsize taken = 999;

  g_assert_true (listen_any (fixture, AF_INET, 4));
  make_channel (fixture);

  g_assert_cmpint (fd_of (fixture), ==, -1);
  g_assert_true (nebula_channel_proves_unsent (fixture->channel));
  g_assert_false (nebula_channel_is_alive (fixture->channel));
  g_assert_false (nebula_channel_send (fixture->channel, &byte, 1, &taken, &fixture->limit,
                                       &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_NOT_CONNECTED);
  g_assert_cmpuint (taken, ==, 0);
  g_clear_error (&error);
  g_assert_cmpint (nebula_channel_receive (fixture->channel, &byte, 1, &fixture->limit, &error), ==,
                   -1);
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_NOT_CONNECTED);

  nebula_channel_close (fixture->channel);
  open_channel (fixture);
  nebula_channel_close (fixture->channel);
  nebula_channel_close (fixture->channel);
  g_assert_false (nebula_channel_is_alive (fixture->channel));
}

static void
test_families (Fixture *fixture, gconstpointer data)
{
  if (!listen_any (fixture, GPOINTER_TO_INT (data), 4))
    {
      g_test_skip ("this machine lacks the address family");
      return;
    }
  make_channel (fixture);
  open_channel (fixture);

  send_text (fixture, "ping");
  peer_reads (fixture, "ping");
  g_assert_cmpint (send (fixture->peer, "pong", 4, 0), ==, 4);
  receive_text (fixture, "pong");
}

static void
test_name (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GSocketConnectable) name = NULL;
  guint16 port;

  g_assert_true (listen_any (fixture, AF_INET, 4));
  port = g_inet_socket_address_get_port (G_INET_SOCKET_ADDRESS (fixture->address));
  name = g_network_address_new (data, port);
  fixture->channel = nebula_socket_channel_new (name);
  open_channel (fixture);

  send_text (fixture, "x");
  peer_reads (fixture, "x");
  close_if_open (&fixture->peer);
  receive_error (fixture, G_IO_ERROR_CONNECTION_CLOSED, "the peer closed the connection");
}

static void
test_options (Fixture *fixture, gconstpointer data)
{
  static const struct
  {
    int level;
    int name;
    int expected;
  } rows[] = {
    { IPPROTO_TCP, TCP_NODELAY, 1 },   { SOL_SOCKET, SO_KEEPALIVE, 1 },
    { IPPROTO_TCP, TCP_KEEPIDLE, 10 }, { IPPROTO_TCP, TCP_KEEPINTVL, 5 },
    { IPPROTO_TCP, TCP_KEEPCNT, 3 },   { IPPROTO_TCP, TCP_USER_TIMEOUT, 20000 },
  };
  gsize i;

  connect_channel (fixture);
  for (i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      int value = -1;
      socklen_t size = sizeof value;

      g_assert_no_errno (getsockopt (fd_of (fixture), rows[i].level, rows[i].name, &value, &size));
      g_assert_cmpint (value, ==, rows[i].expected);
    }
  g_assert_cmpint (fcntl (fd_of (fixture), F_GETFD) & FD_CLOEXEC, ==, FD_CLOEXEC);
}

static void
test_refused (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autofree gchar *peer = NULL;
  g_autofree gchar *expected = NULL;

  /* Bound, so that nobody else gets the port, but not listening. */
  fixture->listener = bind_any (fixture, AF_INET, &fixture->address);
  make_channel (fixture);
  peer = g_socket_connectable_to_string (G_SOCKET_CONNECTABLE (fixture->address));
  expected = g_strdup_printf ("%s: Connection refused", peer);

  g_assert_false (nebula_channel_open (fixture->channel, &fixture->limit, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CONNECTION_REFUSED);
  g_assert_cmpstr (error->message, ==, expected);
  g_assert_cmpint (fd_of (fixture), ==, -1);
}

static void
test_many_refused (Fixture *fixture, gconstpointer data)
{
  g_autoptr (TestAddresses) many = g_object_new (TEST_TYPE_ADDRESSES, NULL);
  g_autoptr (GError) error = NULL;
  g_autofree gchar *peer = NULL;
  g_autofree gchar *expected = NULL;

  fixture->listener = bind_any (fixture, AF_INET, &fixture->address);
  g_ptr_array_add (many->addresses, g_object_ref (fixture->address));
  g_ptr_array_add (many->addresses, g_unix_socket_address_new ("/nowhere/socket"));
  fixture->channel = nebula_socket_channel_new (G_SOCKET_CONNECTABLE (many));
  peer = g_socket_connectable_to_string (G_SOCKET_CONNECTABLE (fixture->address));
  expected = g_strdup_printf ("many: tried %s: Connection refused; "
                              "/nowhere/socket: No such file or directory",
                              peer);

  g_assert_false (nebula_channel_open (fixture->channel, &fixture->limit, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND);
  g_assert_cmpstr (error->message, ==, expected);
}

static void
test_next_address (Fixture *fixture, gconstpointer data)
{
  g_autoptr (TestAddresses) many = g_object_new (TEST_TYPE_ADDRESSES, NULL);
  g_autoptr (GSocketAddress) refused = NULL;
  int bound = bind_any (fixture, AF_INET, &refused);

  g_assert_true (listen_any (fixture, AF_INET, 4));
  g_ptr_array_add (many->addresses, g_object_ref (refused));
  g_ptr_array_add (many->addresses, g_object_ref (fixture->address));
  fixture->channel = nebula_socket_channel_new (G_SOCKET_CONNECTABLE (many));
  open_channel (fixture);

  send_text (fixture, "second");
  peer_reads (fixture, "second");
  close (bound);
}

static void
test_no_address (Fixture *fixture, gconstpointer data)
{
  g_autoptr (TestAddresses) many = g_object_new (TEST_TYPE_ADDRESSES, NULL);
  g_autoptr (GError) error = NULL;

  fixture->channel = nebula_socket_channel_new (G_SOCKET_CONNECTABLE (many));
  g_assert_false (nebula_channel_open (fixture->channel, &fixture->limit, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_HOST_NOT_FOUND);
  g_assert_cmpstr (error->message, ==, "many: no address");
}

/* Fills the queue of a listener, so that the next connection hangs. */
static GArray *
fill_queue (Fixture *fixture)
{
  g_autoptr (GArray) fds = g_array_new (FALSE, FALSE, sizeof (int));
  struct sockaddr_storage native = { 0 };
  gssize size = g_socket_address_get_native_size (fixture->address);
  guint i;

  g_assert_true (g_socket_address_to_native (fixture->address, &native, sizeof native, NULL));
  for (i = 0; i < 4; i++)
    {
      int fd = socket (native.ss_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);

      (void) connect (fd, (struct sockaddr *) &native, (socklen_t) size);
      g_array_append_val (fds, fd);
    }

  return g_steal_pointer (&fds);
}

static void
empty_queue (GArray *fds)
{
  guint i;

  for (i = 0; i < fds->len; i++)
    close (g_array_index (fds, int, i));
  g_array_unref (fds);
}

static void
test_open_times_out (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  GArray *fds;

  g_assert_true (listen_any (fixture, GPOINTER_TO_INT (data), 0));
  fds = fill_queue (fixture);
  make_channel (fixture);
  expire_soon (fixture);

  g_assert_false (nebula_channel_open (fixture->channel, &fixture->limit, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_TIMED_OUT);
  g_assert_true (g_str_has_suffix (error->message, ": timed out"));
  g_assert_cmpint (fd_of (fixture), ==, -1);
  empty_queue (fds);
}

/* An address that hangs leaves time for the next one. */
static void
test_open_shares_time (Fixture *fixture, gconstpointer data)
{
  g_autoptr (TestAddresses) many = g_object_new (TEST_TYPE_ADDRESSES, NULL);
  g_autoptr (GSocketAddress) hanging = NULL;
  GArray *fds;
  int hanging_listener;

  g_assert_true (listen_any (fixture, AF_INET, 0));
  fds = fill_queue (fixture);
  hanging_listener = fixture->listener;
  hanging = g_steal_pointer (&fixture->address);
  g_assert_true (listen_any (fixture, AF_INET, 4));
  g_ptr_array_add (many->addresses, g_object_ref (hanging));
  g_ptr_array_add (many->addresses, g_object_ref (fixture->address));
  fixture->channel = nebula_socket_channel_new (G_SOCKET_CONNECTABLE (many));
  fixture->limit.deadline = nebula_clock_get_now (fixture->limit.clock) + 10 * SHORT_WAIT;
  open_channel (fixture);

  fixture->limit.deadline = G_MAXINT64;
  send_text (fixture, "second");
  peer_reads (fixture, "second");
  close (hanging_listener);
  empty_queue (fds);
}

/* A time-out of a clock that is moved by hand comes too, instead of never. */
static void
test_manual_clock (Fixture *fixture, gconstpointer data)
{
  g_autoptr (NebulaManualClock) clock = nebula_manual_clock_new (0);

  connect_channel (fixture);
  fixture->limit.clock = NEBULA_CLOCK (clock);
  fixture->limit.deadline = SHORT_WAIT;
  receive_error (fixture, G_IO_ERROR_TIMED_OUT, "timed out");
  g_assert_cmpint (nebula_clock_get_now (NEBULA_CLOCK (clock)), ==, 0);
}

static gpointer
cancel_it (gpointer cancellable)
{
  g_cancellable_cancel (cancellable);
  return NULL;
}

static void
with_resolver (TestResolver *resolver, Fixture *fixture, GError **error)
{
  g_autoptr (GResolver) before = g_resolver_get_default ();
  g_autoptr (GSocketConnectable) name = g_network_address_new ("graphd.example", 9669);

  g_resolver_set_default (G_RESOLVER (resolver));
  fixture->channel = nebula_socket_channel_new (name);
  g_assert_false (nebula_channel_open (fixture->channel, &fixture->limit, error));
  g_resolver_set_default (before);
}

static void
test_look_up_fails (Fixture *fixture, gconstpointer data)
{
  g_autoptr (TestResolver) resolver = g_object_new (TEST_TYPE_RESOLVER, NULL);
  g_autoptr (GError) error = NULL;

  if (data != NULL)
    fixture->limit.deadline = G_MAXINT64;
  with_resolver (resolver, fixture, &error);
  g_assert_error (error, G_RESOLVER_ERROR, G_RESOLVER_ERROR_NOT_FOUND);
  g_assert_cmpstr (error->message, ==, "graphd.example:9669: no such name");
}

static void
test_look_up_times_out (Fixture *fixture, gconstpointer data)
{
  g_autoptr (TestResolver) resolver = g_object_new (TEST_TYPE_RESOLVER, NULL);
  g_autoptr (GError) error = NULL;

  resolver->hangs = TRUE;
  expire_soon (fixture);
  with_resolver (resolver, fixture, &error);
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_TIMED_OUT);
  g_assert_cmpstr (error->message, ==, "graphd.example:9669: the name look-up timed out");
}

static void
test_look_up_cancelled (Fixture *fixture, gconstpointer data)
{
  g_autoptr (TestResolver) resolver = g_object_new (TEST_TYPE_RESOLVER, NULL);
  g_autoptr (GError) error = NULL;
  GThread *thread;

  resolver->hangs = TRUE;
  fixture->limit.cancellable = g_cancellable_new ();
  thread = g_thread_new ("cancel", cancel_it, fixture->limit.cancellable);
  with_resolver (resolver, fixture, &error);
  g_thread_join (thread);
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

static void
test_open_cancelled (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  GThread *thread;
  GArray *fds;

  g_assert_true (listen_any (fixture, GPOINTER_TO_INT (data), 0));
  fds = fill_queue (fixture);
  make_channel (fixture);
  fixture->limit.cancellable = g_cancellable_new ();
  thread = g_thread_new ("cancel", cancel_it, fixture->limit.cancellable);
  g_assert_false (nebula_channel_open (fixture->channel, &fixture->limit, &error));
  g_thread_join (thread);
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  empty_queue (fds);
}

static void
test_reopen (Fixture *fixture, gconstpointer data)
{
  int first;
  guint8 byte;

  connect_channel (fixture);
  first = fixture->peer;
  fixture->peer = -1;
  open_channel (fixture);

  g_assert_cmpint (recv (first, &byte, 1, 0), ==, 0);
  send_text (fixture, "again");
  peer_reads (fixture, "again");
  close (first);
}

static gpointer
write_slowly (gpointer data)
{
  Fixture *fixture = data;
  const gchar *text;

  for (text = "one at a time"; *text != '\0'; text++)
    {
      g_assert_cmpint (send (fixture->peer, text, 1, MSG_NOSIGNAL), ==, 1);
      g_thread_yield ();
    }

  return NULL;
}

static void
test_slow_peer (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GString) got = g_string_new (NULL);
  GThread *thread;

  connect_channel (fixture);
  thread = g_thread_new ("peer", write_slowly, fixture);
  while (got->len < strlen ("one at a time"))
    {
      g_autoptr (GError) error = NULL;
      guint8 buffer[64];
      gssize count = nebula_channel_receive (fixture->channel, buffer, sizeof buffer,
                                             &fixture->limit, &error);

      g_assert_no_error (error);
      g_assert_cmpint (count, >, 0);
      g_string_append_len (got, (const gchar *) buffer, count);
    }
  g_thread_join (thread);
  g_assert_cmpstr (got->str, ==, "one at a time");
}

static void
test_end_of_stream (Fixture *fixture, gconstpointer data)
{
  connect_channel (fixture);
  g_assert_cmpint (send (fixture->peer, "last", 4, 0), ==, 4);
  close_if_open (&fixture->peer);

  receive_text (fixture, "last");
  receive_error (fixture, G_IO_ERROR_CONNECTION_CLOSED, "the peer closed the connection");
  receive_error (fixture, G_IO_ERROR_CONNECTION_CLOSED, "the peer closed the connection");
}

static void
test_reset (Fixture *fixture, gconstpointer data)
{
  connect_channel (fixture);
  reset_peer (fixture);
  receive_error (fixture, G_IO_ERROR_CONNECTION_CLOSED, "Connection reset by peer");
}

static void
test_receive_times_out (Fixture *fixture, gconstpointer data)
{
  connect_channel (fixture);
  expire_soon (fixture);
  receive_error (fixture, G_IO_ERROR_TIMED_OUT, "timed out");
  fixture->limit.deadline = G_MININT64;
  receive_error (fixture, G_IO_ERROR_TIMED_OUT, "timed out");
  g_assert_true (nebula_channel_is_alive (fixture->channel));
}

static void
test_receive_cancelled (Fixture *fixture, gconstpointer data)
{
  GThread *thread;

  connect_channel (fixture);
  fixture->limit.cancellable = g_cancellable_new ();
  thread = g_thread_new ("cancel", cancel_it, fixture->limit.cancellable);
  receive_error (fixture, G_IO_ERROR_CANCELLED, "Operation was cancelled");
  g_thread_join (thread);
}

static void
test_cancelled_before (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  gsize taken = 999;

  connect_channel (fixture);
  g_assert_cmpint (send (fixture->peer, "x", 1, 0), ==, 1);
  wait_until_readable (fd_of (fixture));
  fixture->limit.cancellable = g_cancellable_new ();
  g_cancellable_cancel (fixture->limit.cancellable);

  receive_error (fixture, G_IO_ERROR_CANCELLED, "Operation was cancelled");
  g_assert_false (nebula_channel_send (fixture->channel, (const guint8 *) "x", 1, &taken,
                                       &fixture->limit, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_cmpuint (taken, ==, 0);
  g_clear_error (&error);
  g_assert_false (nebula_channel_open (fixture->channel, &fixture->limit, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

static void
test_clock_unread (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GObject) clock = g_object_new (TEST_TYPE_FORBIDDEN_CLOCK, NULL);

  connect_channel (fixture);
  fixture->limit.clock = NEBULA_CLOCK (clock);
  send_text (fixture, "request");
  peer_reads (fixture, "request");
  g_assert_cmpint (send (fixture->peer, "reply", 5, 0), ==, 5);
  wait_until_readable (fd_of (fixture));
  receive_text (fixture, "reply");
}

static void
send_much (Fixture *fixture, GIOErrorEnum code)
{
  g_autoptr (GError) error = NULL;
  g_autofree guint8 *bytes = g_malloc0 (MUCH);
  gsize taken = 0;

  g_assert_false (nebula_channel_send (fixture->channel, bytes, MUCH, &taken, &fixture->limit,
                                       &error));
  g_assert_error (error, G_IO_ERROR, (gint) code);
  g_assert_cmpuint (taken, >, 0);
  g_assert_cmpuint (taken, <, MUCH);
}

static void
test_send_times_out (Fixture *fixture, gconstpointer data)
{
  connect_channel (fixture);
  expire_soon (fixture);
  send_much (fixture, G_IO_ERROR_TIMED_OUT);
}

static gpointer
cancel_after_first_byte (gpointer data)
{
  Fixture *fixture = data;

  wait_until_readable (fixture->peer);
  g_cancellable_cancel (fixture->limit.cancellable);
  return NULL;
}

static void
test_send_cancelled (Fixture *fixture, gconstpointer data)
{
  GThread *thread;

  connect_channel (fixture);
  fixture->limit.cancellable = g_cancellable_new ();
  thread = g_thread_new ("cancel", cancel_after_first_byte, fixture);
  send_much (fixture, G_IO_ERROR_CANCELLED);
  g_thread_join (thread);
}

static gpointer
close_after_first_byte (gpointer data)
{
  Fixture *fixture = data;

  wait_until_readable (fixture->peer);
  close_if_open (&fixture->peer);
  return NULL;
}

static gpointer
shut_after_first_byte (gpointer data)
{
  Fixture *fixture = data;

  wait_until_readable (fixture->peer);
  shutdown (fixture->peer, SHUT_WR);
  return NULL;
}

static void
test_peer_leaves_while_sending (Fixture *fixture, gconstpointer data)
{
  GThread *thread;

  connect_channel (fixture);
  thread = g_thread_new ("peer", data != NULL ? shut_after_first_byte : close_after_first_byte,
                         fixture);
  send_much (fixture, G_IO_ERROR_CONNECTION_CLOSED);
  g_thread_join (thread);
}

static gpointer
read_much (gpointer data)
{
  Fixture *fixture = data;
  g_autofree guint8 *bytes = g_malloc (MUCH);
  gsize i;

  g_assert_cmpint (recv (fixture->peer, bytes, MUCH, MSG_WAITALL), ==, MUCH);
  for (i = 0; i < MUCH; i++)
    {
      if (bytes[i] != (guint8) (i % 251))
        g_error ("byte %" G_GSIZE_FORMAT " is wrong", i);
    }

  return NULL;
}

static void
test_send_much (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autofree guint8 *bytes = g_malloc (MUCH);
  gsize taken = 0;
  gsize i;
  GThread *thread;

  for (i = 0; i < MUCH; i++)
    bytes[i] = (guint8) (i % 251);
  connect_channel (fixture);
  thread = g_thread_new ("peer", read_much, fixture);
  g_assert_true (nebula_channel_send (fixture->channel, bytes, MUCH, &taken, &fixture->limit,
                                      &error));
  g_assert_no_error (error);
  g_assert_cmpuint (taken, ==, MUCH);
  g_thread_join (thread);
}

/* SIGPIPE is at its default here: one that is raised kills this program. */
static void
test_send_to_dead_peer (Fixture *fixture, gconstpointer data)
{
  struct sigaction action;
  g_autoptr (GError) error = NULL;
  gsize taken = 999;
  guint i;

  connect_channel (fixture);
  reset_peer (fixture);
  wait_until_readable (fd_of (fixture));
  for (i = 0; i < 2; i++)
    {
      g_clear_error (&error);
      g_assert_false (nebula_channel_send (fixture->channel, (const guint8 *) "x", 1, &taken,
                                           &fixture->limit, &error));
      g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CONNECTION_CLOSED);
      g_assert_cmpuint (taken, ==, 0);
    }
  g_assert_no_errno (sigaction (SIGPIPE, NULL, &action));
  g_assert_true (action.sa_handler == SIG_DFL);
}

typedef enum
{
  PEER_IS_SILENT,
  PEER_SPOKE,
  PEER_CLOSED,
  PEER_SPOKE_AND_CLOSED,
  PEER_RESET,
} PeerState;

static void
test_is_alive (Fixture *fixture, gconstpointer data)
{
  PeerState state = GPOINTER_TO_INT (data);

  connect_channel (fixture);
  if (state == PEER_SPOKE || state == PEER_SPOKE_AND_CLOSED)
    g_assert_cmpint (send (fixture->peer, "x", 1, 0), ==, 1);
  if (state == PEER_CLOSED || state == PEER_SPOKE_AND_CLOSED)
    close_if_open (&fixture->peer);
  if (state == PEER_RESET)
    reset_peer (fixture);
  if (state != PEER_IS_SILENT)
    wait_until_readable (fd_of (fixture));

  g_assert_true (nebula_channel_is_alive (fixture->channel) == (state == PEER_IS_SILENT));
}

static void
do_nothing (int number)
{
}

static gpointer
interrupt (gpointer data)
{
  Fixture *fixture = ((gpointer *) data)[0];
  pthread_t *victim = ((gpointer *) data)[1];
  guint i;

  for (i = 0; i < 20; i++)
    {
      g_assert_cmpint (pthread_kill (*victim, SIGUSR1), ==, 0);
      g_thread_yield ();
    }
  g_assert_cmpint (send (fixture->peer, "x", 1, 0), ==, 1);
  return NULL;
}

static void
test_signals (Fixture *fixture, gconstpointer data)
{
  struct sigaction action = { .sa_handler = do_nothing };
  struct sigaction before;
  pthread_t self = pthread_self ();
  gpointer arguments[2] = { fixture, &self };
  GThread *thread;

  connect_channel (fixture);
  g_assert_no_errno (sigaction (SIGUSR1, &action, &before));
  thread = g_thread_new ("interrupt", interrupt, arguments);
  receive_text (fixture, "x");
  g_thread_join (thread);
  g_assert_no_errno (sigaction (SIGUSR1, &before, NULL));
}

#define ADD(path, data, function)                                                                  \
  g_test_add ("/socket-channel/" path, Fixture, data, set_up, function, tear_down)

static void
add_open_tests (void)
{
  ADD ("closed", NULL, test_closed);
  ADD ("open/ipv4", GINT_TO_POINTER (AF_INET), test_families);
  ADD ("open/ipv6", GINT_TO_POINTER (AF_INET6), test_families);
  ADD ("open/unix", GINT_TO_POINTER (AF_UNIX), test_families);
  ADD ("open/name", "localhost", test_name);
  ADD ("open/literal", "127.0.0.1", test_name);
  ADD ("open/options", NULL, test_options);
  ADD ("open/refused", NULL, test_refused);
  ADD ("open/many-refused", NULL, test_many_refused);
  ADD ("open/next-address", NULL, test_next_address);
  ADD ("open/no-address", NULL, test_no_address);
  ADD ("open/times-out/tcp", GINT_TO_POINTER (AF_INET), test_open_times_out);
  ADD ("open/times-out/unix", GINT_TO_POINTER (AF_UNIX), test_open_times_out);
  ADD ("open/shares-time", NULL, test_open_shares_time);
  ADD ("open/cancelled/tcp", GINT_TO_POINTER (AF_INET), test_open_cancelled);
  ADD ("open/cancelled/unix", GINT_TO_POINTER (AF_UNIX), test_open_cancelled);
  ADD ("open/again", NULL, test_reopen);
  ADD ("look-up/fails", NULL, test_look_up_fails);
  ADD ("look-up/fails-without-deadline", "", test_look_up_fails);
  ADD ("look-up/times-out", NULL, test_look_up_times_out);
  ADD ("look-up/cancelled", NULL, test_look_up_cancelled);
}

static void
add_stream_tests (void)
{
  ADD ("receive/slow-peer", NULL, test_slow_peer);
  ADD ("receive/end", NULL, test_end_of_stream);
  ADD ("receive/reset", NULL, test_reset);
  ADD ("receive/times-out", NULL, test_receive_times_out);
  ADD ("receive/manual-clock", NULL, test_manual_clock);
  ADD ("receive/cancelled", NULL, test_receive_cancelled);
  ADD ("receive/signals", NULL, test_signals);
  ADD ("send/much", NULL, test_send_much);
  ADD ("send/times-out", NULL, test_send_times_out);
  ADD ("send/cancelled", NULL, test_send_cancelled);
  ADD ("send/peer-closes", NULL, test_peer_leaves_while_sending);
  ADD ("send/peer-shuts", "", test_peer_leaves_while_sending);
  ADD ("send/dead-peer", NULL, test_send_to_dead_peer);
  ADD ("cancelled-before", NULL, test_cancelled_before);
  ADD ("clock-unread", NULL, test_clock_unread);
  ADD ("alive/silent", GINT_TO_POINTER (PEER_IS_SILENT), test_is_alive);
  ADD ("alive/spoke", GINT_TO_POINTER (PEER_SPOKE), test_is_alive);
  ADD ("alive/closed", GINT_TO_POINTER (PEER_CLOSED), test_is_alive);
  ADD ("alive/spoke-and-closed", GINT_TO_POINTER (PEER_SPOKE_AND_CLOSED), test_is_alive);
  ADD ("alive/reset", GINT_TO_POINTER (PEER_RESET), test_is_alive);
}

/* GLib keeps a descriptor for its worker from the first name on: not to be taken for a leak. */
static void
warm_up (void)
{
  g_autoptr (GSocketConnectable) name = g_network_address_new ("localhost", 1);
  g_autoptr (GSocketAddressEnumerator) enumerator = g_socket_connectable_enumerate (name);
  g_autoptr (GSocketAddress) address = g_socket_address_enumerator_next (enumerator, NULL, NULL);

  g_assert_nonnull (address);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_summary ("The socket channel connects, sends, receives and looks, each within its limit");

  signal (SIGPIPE, SIG_DFL);
  warm_up ();

  add_open_tests ();
  add_stream_tests ();
  return g_test_run ();
}
