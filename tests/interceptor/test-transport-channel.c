/* SPDX-License-Identifier: Apache-2.0 */
#include "nebula-transport-channel-private.h"

#include <errno.h>
#include <netinet/in.h>
#include <poll.h>
#include <signal.h>
#include <sys/socket.h>
#include <thrift/c_glib/transport/thrift_socket.h>
#include <unistd.h>

/* Short enough for a test, long enough to be a wait. Nothing here depends on how long it was. */
#define SHORT_WAIT (30 * 1000)
/* Far more than a test needs; it ends a test that would hang. */
#define LONG_WAIT (20 * G_USEC_PER_SEC)
/* More than the buffers of two sockets can hold. */
#define MUCH (32 * 1024 * 1024)

/* Thrift's finalizers do not chain up, which leaks what GObject holds. */
static void
finalize_for_thrift (GObject *object)
{
  G_OBJECT_CLASS (g_type_class_peek (THRIFT_TYPE_SOCKET))->finalize (object);
  G_OBJECT_CLASS (g_type_class_peek (G_TYPE_OBJECT))->finalize (object);
}

/* A ThriftSocket as it is, but for the leak. */

typedef ThriftSocket TestSocket;
typedef ThriftSocketClass TestSocketClass;

GType test_socket_get_type (void);
G_DEFINE_TYPE (TestSocket, test_socket, THRIFT_TYPE_SOCKET)

static void
test_socket_class_init (TestSocketClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = finalize_for_thrift;
}

static void
test_socket_init (TestSocket *self)
{
}

/* A layer over a ThriftSocket with the ways of ThriftSSLSocket: it reads what there is, fails
 * without an error, answers 0 at the end, and says farewell. */

typedef struct
{
  ThriftSocket parent_instance;

  guint writes;
  guint flushes;
} TestLayer;

typedef ThriftSocketClass TestLayerClass;

GType test_layer_get_type (void);
G_DEFINE_TYPE (TestLayer, test_layer, THRIFT_TYPE_SOCKET)

static gint32
test_layer_read (ThriftTransport *transport, gpointer buffer, guint32 size, GError **error)
{
  return (gint32) recv (THRIFT_SOCKET (transport)->sd, buffer, size, 0);
}

static gboolean
test_layer_write (ThriftTransport *transport,
                  const gpointer bytes,
                  const guint32 length,
                  GError **error)
{
  ((TestLayer *) transport)->writes++;
  return THRIFT_TRANSPORT_CLASS (test_layer_parent_class)->write (transport, bytes, length, error);
}

static gboolean
test_layer_flush (ThriftTransport *transport, GError **error)
{
  ((TestLayer *) transport)->flushes++;
  return TRUE;
}

static gboolean
test_layer_close (ThriftTransport *transport, GError **error)
{
  (void) !write (THRIFT_SOCKET (transport)->sd, "bye", 3);
  return THRIFT_TRANSPORT_CLASS (test_layer_parent_class)->close (transport, error);
}

static void
test_layer_class_init (TestLayerClass *klass)
{
  ThriftTransportClass *transport_class = THRIFT_TRANSPORT_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = finalize_for_thrift;
  transport_class->read = test_layer_read;
  transport_class->write = test_layer_write;
  transport_class->flush = test_layer_flush;
  transport_class->close = test_layer_close;
}

static void
test_layer_init (TestLayer *self)
{
}

/* The fixture: a channel over a transport whose socket is one end of a pair. */

typedef struct
{
  NebulaLimit limit;
  ThriftTransport *transport; /* (owned) */
  NebulaChannel *channel;     /* (owned) (nullable) */
  int peer;                   /* (owned): the other end */
} Fixture;

static void
set_up (Fixture *fixture, gconstpointer type_name)
{
  int fds[2];

  g_assert_no_errno (socketpair (AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, fds));
  fixture->peer = fds[1];
  fixture->transport = g_object_new (g_type_from_name (type_name), NULL);
  THRIFT_SOCKET (fixture->transport)->sd = fds[0];
  fixture->channel = nebula_transport_channel_new (fixture->transport);
  fixture->limit.clock = nebula_clock_get_system ();
  fixture->limit.deadline = nebula_clock_get_now (fixture->limit.clock) + LONG_WAIT;
  g_assert_true (nebula_channel_open (fixture->channel, &fixture->limit, NULL));
}

static void
close_peer (Fixture *fixture)
{
  if (fixture->peer >= 0)
    close (fixture->peer);
  fixture->peer = -1;
}

static void
tear_down (Fixture *fixture, gconstpointer type_name)
{
  if (fixture->channel != NULL)
    g_assert_finalize_object (fixture->channel);
  g_assert_finalize_object (fixture->transport);
  close_peer (fixture);
  g_clear_object (&fixture->limit.cancellable);
}

static void
expire_soon (Fixture *fixture)
{
  fixture->limit.deadline = nebula_clock_get_now (fixture->limit.clock) + SHORT_WAIT;
}

static void
receive_text (Fixture *fixture, const gchar *expected)
{
  g_autoptr (GError) error = NULL;
  guint8 buffer[64];
  gssize count = nebula_channel_receive (fixture->channel, buffer, sizeof buffer, &fixture->limit,
                                         &error);

  g_assert_no_error (error);
  g_assert_cmpmem (buffer, count, expected, strlen (expected));
}

static void
receive_error (Fixture *fixture, GIOErrorEnum code, const gchar *expected)
{
  g_autoptr (GError) error = NULL;
  g_autofree gchar *message = NULL;
  guint8 byte;

  message = g_strdup_printf ("%s: %s", G_OBJECT_TYPE_NAME (fixture->transport), expected);
  g_assert_cmpint (nebula_channel_receive (fixture->channel, &byte, 1, &fixture->limit, &error), ==,
                   -1);
  g_assert_error (error, G_IO_ERROR, (gint) code);
  g_assert_cmpstr (error->message, ==, message);
}

/* Tests of what all sockets have in common */

static void
test_exchange (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  gchar got[8] = { 0 };
  gsize taken = 0;

  g_assert_false (nebula_channel_proves_unsent (fixture->channel));
  g_assert_true (nebula_channel_send (fixture->channel, (const guint8 *) "ping", 4, &taken,
                                      &fixture->limit, &error));
  g_assert_no_error (error);
  g_assert_cmpuint (taken, ==, 4);
  g_assert_cmpint (recv (fixture->peer, got, 4, MSG_WAITALL), ==, 4);
  g_assert_cmpstr (got, ==, "ping");

  /* Fewer bytes than were asked for are an answer. */
  g_assert_cmpint (send (fixture->peer, "po", 2, 0), ==, 2);
  receive_text (fixture, "po");
  g_assert_cmpint (send (fixture->peer, "ng", 2, 0), ==, 2);
  receive_text (fixture, "ng");

  close_peer (fixture);
  receive_error (fixture, G_IO_ERROR_CONNECTION_CLOSED, "the peer closed the connection");
}

static void
test_receive_times_out (Fixture *fixture, gconstpointer data)
{
  struct timeval time = { .tv_sec = 999 };
  socklen_t size = sizeof time;

  expire_soon (fixture);
  receive_error (fixture, G_IO_ERROR_TIMED_OUT, "timed out");
  receive_error (fixture, G_IO_ERROR_TIMED_OUT, "timed out");

  /* Without a deadline there is no time-out left over from the call before. */
  fixture->limit.deadline = G_MAXINT64;
  g_assert_cmpint (send (fixture->peer, "x", 1, 0), ==, 1);
  receive_text (fixture, "x");
  g_assert_no_errno (getsockopt (THRIFT_SOCKET (fixture->transport)->sd, SOL_SOCKET, SO_RCVTIMEO,
                                 &time, &size));
  g_assert_cmpint (time.tv_sec, ==, 0);
  g_assert_cmpint (time.tv_usec, ==, 0);
}

static gpointer
cancel_it (gpointer cancellable)
{
  g_cancellable_cancel (cancellable);
  return NULL;
}

static void
test_receive_cancelled (Fixture *fixture, gconstpointer data)
{
  GThread *thread;

  fixture->limit.deadline = G_MAXINT64;
  fixture->limit.cancellable = g_cancellable_new ();
  thread = g_thread_new ("cancel", cancel_it, fixture->limit.cancellable);
  receive_error (fixture, G_IO_ERROR_CANCELLED, "Operation was cancelled");
  g_thread_join (thread);
  receive_error (fixture, G_IO_ERROR_CANCELLED, "Operation was cancelled");
}

static gsize
send_much (Fixture *fixture, GIOErrorEnum code)
{
  g_autoptr (GError) error = NULL;
  g_autofree guint8 *bytes = g_malloc0 (MUCH);
  gsize taken = 999;

  g_assert_false (nebula_channel_send (fixture->channel, bytes, MUCH, &taken, &fixture->limit,
                                       &error));
  g_assert_error (error, G_IO_ERROR, (gint) code);
  g_assert_cmpuint (taken, <, MUCH);
  return taken;
}

static void
test_send_times_out (Fixture *fixture, gconstpointer data)
{
  expire_soon (fixture);
  send_much (fixture, G_IO_ERROR_TIMED_OUT);
}

static gpointer
cancel_after_first_byte (gpointer data)
{
  Fixture *fixture = data;
  struct pollfd waiting = { .fd = fixture->peer, .events = POLLIN };

  g_assert_cmpint (poll (&waiting, 1, (int) (LONG_WAIT / 1000)), ==, 1);
  g_cancellable_cancel (fixture->limit.cancellable);
  return NULL;
}

static void
test_send_cancelled (Fixture *fixture, gconstpointer data)
{
  GThread *thread;

  fixture->limit.deadline = G_MAXINT64;
  fixture->limit.cancellable = g_cancellable_new ();
  thread = g_thread_new ("cancel", cancel_after_first_byte, fixture);
  send_much (fixture, G_IO_ERROR_CANCELLED);
  g_thread_join (thread);
}

/* SIGPIPE is at its default here: one that is raised kills this program. */
static void
test_dead_peer (Fixture *fixture, gconstpointer data)
{
  struct sigaction action;

  close_peer (fixture);
  g_assert_cmpuint (send_much (fixture, G_IO_ERROR_CONNECTION_CLOSED), ==, 0);
  g_assert_no_errno (sigaction (SIGPIPE, NULL, &action));
  g_assert_true (action.sa_handler == SIG_DFL);
}

static void
test_close (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  guint8 byte;
  gsize taken = 999;

  nebula_channel_close (fixture->channel);
  nebula_channel_close (fixture->channel);

  g_assert_cmpint (recv (fixture->peer, &byte, 1, 0), ==, 0);
  g_assert_false (thrift_transport_is_open (fixture->transport));
  g_assert_false (nebula_channel_is_alive (fixture->channel));
  receive_error (fixture, G_IO_ERROR_NOT_CONNECTED, "not connected");
  g_assert_false (nebula_channel_send (fixture->channel, &byte, 1, &taken, &fixture->limit,
                                       &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_NOT_CONNECTED);
  g_assert_cmpuint (taken, ==, 0);
}

static void
test_adopted (Fixture *fixture, gconstpointer data)
{
  /* It was open before, so it stays open when the channel goes. */
  g_assert_finalize_object (g_steal_pointer (&fixture->channel));
  g_assert_true (thrift_transport_is_open (fixture->transport));
  g_assert_cmpint (send (fixture->peer, "x", 1, MSG_NOSIGNAL), ==, 1);
}

static void
test_is_alive (Fixture *fixture, gconstpointer type_name)
{
  gboolean is_direct = g_strcmp0 (type_name, "TestSocket") == 0;

  g_assert_true (nebula_channel_is_alive (fixture->channel));
  g_assert_cmpint (send (fixture->peer, "x", 1, 0), ==, 1);
  g_assert_true (nebula_channel_is_alive (fixture->channel) == !is_direct);
  receive_text (fixture, "x");
  g_assert_true (nebula_channel_is_alive (fixture->channel));
  close_peer (fixture);
  g_assert_false (nebula_channel_is_alive (fixture->channel));
}

/* Tests of one kind of socket */

static void
test_taken (Fixture *fixture, gconstpointer data)
{
  expire_soon (fixture);
  g_assert_cmpuint (send_much (fixture, G_IO_ERROR_TIMED_OUT), >, 0);
}

static gpointer
read_all (gpointer data)
{
  Fixture *fixture = data;
  g_autofree guint8 *bytes = g_malloc (600 * 1024);

  g_assert_cmpint (recv (fixture->peer, bytes, 600 * 1024, MSG_WAITALL), ==, 600 * 1024);
  g_assert_cmpint (bytes[0], ==, 'a');
  g_assert_cmpint (bytes[600 * 1024 - 1], ==, 'z');
  return NULL;
}

static void
test_chunks (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autofree guint8 *bytes = g_malloc0 (600 * 1024);
  GThread *thread = g_thread_new ("peer", read_all, fixture);
  gsize taken = 0;

  bytes[0] = 'a';
  bytes[600 * 1024 - 1] = 'z';
  g_assert_true (nebula_channel_send (fixture->channel, bytes, 600 * 1024, &taken, &fixture->limit,
                                      &error));
  g_assert_no_error (error);
  g_assert_cmpuint (taken, ==, 600 * 1024);
  g_thread_join (thread);

  /* 256 + 256 + 88 KiB. */
  g_assert_cmpuint (((TestLayer *) fixture->transport)->writes, ==, 3);
  g_assert_cmpuint (((TestLayer *) fixture->transport)->flushes, ==, 1);
}

/* Tests of opening */

static int
listen_on_loopback (guint16 *port)
{
  struct sockaddr_in native = { .sin_family = AF_INET,
                                .sin_addr.s_addr = htonl (INADDR_LOOPBACK) };
  socklen_t size = sizeof native;
  int fd = socket (AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

  g_assert_no_errno (bind (fd, (struct sockaddr *) &native, size));
  g_assert_no_errno (getsockname (fd, (struct sockaddr *) &native, &size));
  *port = ntohs (native.sin_port);
  return fd;
}

static void
test_open_and_dispose (void)
{
  NebulaLimit limit = { nebula_clock_get_system (), G_MAXINT64, NULL };
  g_autoptr (GError) error = NULL;
  ThriftTransport *transport;
  NebulaChannel *channel;
  guint16 port;
  int listener = listen_on_loopback (&port);
  int peer;
  guint8 byte;

  g_assert_no_errno (listen (listener, 4));
  transport = g_object_new (test_socket_get_type (), "hostname", "127.0.0.1", "port", port, NULL);
  channel = nebula_transport_channel_new (transport);
  g_assert_false (nebula_channel_is_alive (channel));

  /* Opening again means a new connection. */
  g_assert_true (nebula_channel_open (channel, &limit, &error));
  peer = accept (listener, NULL, NULL);
  g_assert_true (nebula_channel_open (channel, &limit, &error));
  g_assert_no_error (error);
  g_assert_cmpint (recv (peer, &byte, 1, 0), ==, 0);
  close (peer);

  /* What the channel opened it closes. */
  peer = accept (listener, NULL, NULL);
  g_assert_finalize_object (channel);
  g_assert_false (thrift_transport_is_open (transport));
  g_assert_cmpint (recv (peer, &byte, 1, 0), ==, 0);

  g_assert_finalize_object (transport);
  close (peer);
  close (listener);
}

static void
test_refused (void)
{
  NebulaLimit limit = { nebula_clock_get_system (), G_MAXINT64, NULL };
  g_autoptr (GError) error = NULL;
  g_autoptr (NebulaChannel) channel = NULL;
  ThriftTransport *transport;
  guint16 port;
  int bound = listen_on_loopback (&port);

  transport = g_object_new (test_socket_get_type (), "hostname", "127.0.0.1", "port", port, NULL);
  channel = nebula_transport_channel_new (transport);
  g_assert_false (nebula_channel_open (channel, &limit, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CONNECTION_REFUSED);
  g_assert_true (g_str_has_prefix (error->message, "TestSocket: "));
  g_assert_true (g_str_has_suffix (error->message, "Connection refused"));

  g_object_unref (transport);
  close (bound);
}

#define ADD(path, type_name, function)                                                             \
  g_test_add ("/transport-channel/" path, Fixture, type_name, set_up, function, tear_down)
#define ADD_BOTH(path, function)                                                                   \
  G_STMT_START                                                                                     \
  {                                                                                                \
    ADD ("socket/" path, "TestSocket", function);                                                  \
    ADD ("layer/" path, "TestLayer", function);                                                    \
  }                                                                                                \
  G_STMT_END

static void
add_socket_tests (void)
{
  ADD_BOTH ("exchange", test_exchange);
  ADD_BOTH ("receive-times-out", test_receive_times_out);
  ADD_BOTH ("receive-cancelled", test_receive_cancelled);
  ADD_BOTH ("send-times-out", test_send_times_out);
  ADD_BOTH ("send-cancelled", test_send_cancelled);
  ADD_BOTH ("dead-peer", test_dead_peer);
  ADD_BOTH ("close", test_close);
  ADD_BOTH ("adopted", test_adopted);
  ADD_BOTH ("alive", test_is_alive);
  ADD ("socket/taken", "TestSocket", test_taken);
  ADD ("layer/chunks", "TestLayer", test_chunks);
  g_test_add_func ("/transport-channel/socket/open-and-dispose", test_open_and_dispose);
  g_test_add_func ("/transport-channel/socket/refused", test_refused);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_summary ("A channel over a ThriftSocket or a layer above one keeps limits "
                  "and leaves without a farewell");
  signal (SIGPIPE, SIG_DFL);
  g_type_class_unref (g_type_class_ref (test_socket_get_type ()));
  g_type_class_unref (g_type_class_ref (test_layer_get_type ()));

  add_socket_tests ();
  return g_test_run ();
}
