/* SPDX-License-Identifier: Apache-2.0 */
#include "socket-fixture.h"

#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

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

/* Tests */

static void
test_families (SocketFixture *fixture, gconstpointer data)
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
test_name (SocketFixture *fixture, gconstpointer data)
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
test_options (SocketFixture *fixture, gconstpointer data)
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
test_refused (SocketFixture *fixture, gconstpointer data)
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
test_many_refused (SocketFixture *fixture, gconstpointer data)
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
test_next_address (SocketFixture *fixture, gconstpointer data)
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
test_no_address (SocketFixture *fixture, gconstpointer data)
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
fill_queue (SocketFixture *fixture)
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
test_open_times_out (SocketFixture *fixture, gconstpointer data)
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
test_open_shares_time (SocketFixture *fixture, gconstpointer data)
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

static gpointer
cancel_it (gpointer cancellable)
{
  g_cancellable_cancel (cancellable);
  return NULL;
}

static void
with_resolver (TestResolver *resolver, SocketFixture *fixture, GError **error)
{
  g_autoptr (GResolver) before = g_resolver_get_default ();
  g_autoptr (GSocketConnectable) name = g_network_address_new ("graphd.example", 9669);

  g_resolver_set_default (G_RESOLVER (resolver));
  fixture->channel = nebula_socket_channel_new (name);
  g_assert_false (nebula_channel_open (fixture->channel, &fixture->limit, error));
  g_resolver_set_default (before);
}

static void
test_look_up_fails (SocketFixture *fixture, gconstpointer data)
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
test_look_up_times_out (SocketFixture *fixture, gconstpointer data)
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
test_look_up_cancelled (SocketFixture *fixture, gconstpointer data)
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
test_open_cancelled (SocketFixture *fixture, gconstpointer data)
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
test_reopen (SocketFixture *fixture, gconstpointer data)
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

#define ADD(path, data, function)                                                                  \
  g_test_add ("/socket-channel-open/" path, SocketFixture, data, set_up, function, tear_down)

static void
add_open_tests (void)
{
  ADD ("ipv4", GINT_TO_POINTER (AF_INET), test_families);
  ADD ("ipv6", GINT_TO_POINTER (AF_INET6), test_families);
  ADD ("unix", GINT_TO_POINTER (AF_UNIX), test_families);
  ADD ("name", "localhost", test_name);
  ADD ("literal", "127.0.0.1", test_name);
  ADD ("options", NULL, test_options);
  ADD ("refused", NULL, test_refused);
  ADD ("many-refused", NULL, test_many_refused);
  ADD ("next-address", NULL, test_next_address);
  ADD ("no-address", NULL, test_no_address);
  ADD ("times-out/tcp", GINT_TO_POINTER (AF_INET), test_open_times_out);
  ADD ("times-out/unix", GINT_TO_POINTER (AF_UNIX), test_open_times_out);
  ADD ("shares-time", NULL, test_open_shares_time);
  ADD ("cancelled/tcp", GINT_TO_POINTER (AF_INET), test_open_cancelled);
  ADD ("cancelled/unix", GINT_TO_POINTER (AF_UNIX), test_open_cancelled);
  ADD ("again", NULL, test_reopen);
  ADD ("look-up/fails", NULL, test_look_up_fails);
  ADD ("look-up/fails-without-deadline", "", test_look_up_fails);
  ADD ("look-up/times-out", NULL, test_look_up_times_out);
  ADD ("look-up/cancelled", NULL, test_look_up_cancelled);
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
  g_test_summary ("A socket channel looks up and connects within its limit, "
                  "whatever the address is");

  warm_up ();

  add_open_tests ();
  return g_test_run ();
}
