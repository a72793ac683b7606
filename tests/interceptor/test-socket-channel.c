/* SPDX-License-Identifier: Apache-2.0 */
#include "socket-fixture.h"

#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <pthread.h>
#include <signal.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

/* More than the buffers of two sockets can hold. */
#define MUCH (32 * 1024 * 1024)

/* A clock that must not be read, for calls without a deadline. */

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

/* Tests */

static void
test_closed (SocketFixture *fixture, gconstpointer data)
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

/* A time-out of a clock that is moved by hand comes too, instead of never. */
static void
test_manual_clock (SocketFixture *fixture, gconstpointer data)
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

static gpointer
write_slowly (gpointer data)
{
  SocketFixture *fixture = data;
  const gchar *text;

  for (text = "one at a time"; *text != '\0'; text++)
    {
      g_assert_cmpint (send (fixture->peer, text, 1, MSG_NOSIGNAL), ==, 1);
      g_thread_yield ();
    }

  return NULL;
}

static void
test_slow_peer (SocketFixture *fixture, gconstpointer data)
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
test_end_of_stream (SocketFixture *fixture, gconstpointer data)
{
  connect_channel (fixture);
  g_assert_cmpint (send (fixture->peer, "last", 4, 0), ==, 4);
  close_if_open (&fixture->peer);

  receive_text (fixture, "last");
  receive_error (fixture, G_IO_ERROR_CONNECTION_CLOSED, "the peer closed the connection");
  receive_error (fixture, G_IO_ERROR_CONNECTION_CLOSED, "the peer closed the connection");
}

static void
test_reset (SocketFixture *fixture, gconstpointer data)
{
  connect_channel (fixture);
  reset_peer (fixture);
  receive_error (fixture, G_IO_ERROR_CONNECTION_CLOSED, "Connection reset by peer");
}

static void
test_receive_times_out (SocketFixture *fixture, gconstpointer data)
{
  connect_channel (fixture);
  expire_soon (fixture);
  receive_error (fixture, G_IO_ERROR_TIMED_OUT, "timed out");
  fixture->limit.deadline = G_MININT64;
  receive_error (fixture, G_IO_ERROR_TIMED_OUT, "timed out");
  g_assert_true (nebula_channel_is_alive (fixture->channel));
}

static void
test_receive_cancelled (SocketFixture *fixture, gconstpointer data)
{
  GThread *thread;

  connect_channel (fixture);
  fixture->limit.cancellable = g_cancellable_new ();
  thread = g_thread_new ("cancel", cancel_it, fixture->limit.cancellable);
  receive_error (fixture, G_IO_ERROR_CANCELLED, "Operation was cancelled");
  g_thread_join (thread);
}

static void
test_cancelled_before (SocketFixture *fixture, gconstpointer data)
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
test_clock_unread (SocketFixture *fixture, gconstpointer data)
{
  g_autoptr (GObject) clock = g_object_new (TEST_TYPE_FORBIDDEN_CLOCK, NULL);

  connect_channel (fixture);
  fixture->limit.clock = NEBULA_CLOCK (clock);
  fixture->limit.deadline = G_MAXINT64;
  send_text (fixture, "request");
  peer_reads (fixture, "request");
  g_assert_cmpint (send (fixture->peer, "reply", 5, 0), ==, 5);
  receive_text (fixture, "reply");
}

static void
send_much (SocketFixture *fixture, GIOErrorEnum code)
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
test_send_times_out (SocketFixture *fixture, gconstpointer data)
{
  connect_channel (fixture);
  expire_soon (fixture);
  send_much (fixture, G_IO_ERROR_TIMED_OUT);
}

/* The kernel's verdict on a dead host says ETIMEDOUT, and is not the time-out of a call. */
static void
test_host_dies (SocketFixture *fixture, gconstpointer data)
{
  int milliseconds = 1;

  connect_channel (fixture);
  g_assert_no_errno (setsockopt (fd_of (fixture), IPPROTO_TCP, TCP_USER_TIMEOUT, &milliseconds,
                                 sizeof milliseconds));
  send_much (fixture, G_IO_ERROR_CONNECTION_CLOSED);
}

static gpointer
cancel_after_first_byte (gpointer data)
{
  SocketFixture *fixture = data;

  wait_until_readable (fixture->peer);
  g_cancellable_cancel (fixture->limit.cancellable);
  return NULL;
}

static void
test_send_cancelled (SocketFixture *fixture, gconstpointer data)
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
  SocketFixture *fixture = data;

  wait_until_readable (fixture->peer);
  close_if_open (&fixture->peer);
  return NULL;
}

static gpointer
shut_after_first_byte (gpointer data)
{
  SocketFixture *fixture = data;

  wait_until_readable (fixture->peer);
  shutdown (fixture->peer, SHUT_WR);
  return NULL;
}

static void
test_peer_leaves_while_sending (SocketFixture *fixture, gconstpointer data)
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
  SocketFixture *fixture = data;
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
test_send_much (SocketFixture *fixture, gconstpointer data)
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
test_send_to_dead_peer (SocketFixture *fixture, gconstpointer data)
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
test_is_alive (SocketFixture *fixture, gconstpointer data)
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
  SocketFixture *fixture = ((gpointer *) data)[0];
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
test_signals (SocketFixture *fixture, gconstpointer data)
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
  g_test_add ("/socket-channel/" path, SocketFixture, data, set_up, function, tear_down)

static void
add_stream_tests (void)
{
  ADD ("closed", NULL, test_closed);
  ADD ("receive/slow-peer", NULL, test_slow_peer);
  ADD ("receive/end", NULL, test_end_of_stream);
  ADD ("receive/reset", NULL, test_reset);
  ADD ("receive/times-out", NULL, test_receive_times_out);
  ADD ("receive/manual-clock", NULL, test_manual_clock);
  ADD ("receive/cancelled", NULL, test_receive_cancelled);
  ADD ("receive/signals", NULL, test_signals);
  ADD ("send/much", NULL, test_send_much);
  ADD ("send/times-out", NULL, test_send_times_out);
  ADD ("send/host-dies", NULL, test_host_dies);
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

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_summary ("A socket channel sends, receives and looks, each within its limit");

  signal (SIGPIPE, SIG_DFL);

  add_stream_tests ();
  return g_test_run ();
}
