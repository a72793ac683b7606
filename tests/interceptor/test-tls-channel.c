/* SPDX-License-Identifier: Apache-2.0 */
#include "tls-fixture.h"

#include <glib-unix.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

/* What goes over a TLS channel once it stands, and how it ends. */

/* In bytes; a record has 16 KiB at most. */
#define MANY_RECORDS (4 * 1024 * 1024)

static void
test_there_and_back (TlsFixture *self, gconstpointer settings)
{
  g_test_summary ("bytes arrive as they were sent, in both directions, at a peer by OpenSSL");
  connect_both (self, settings);
  g_assert_false (nebula_channel_proves_unsent (self->socket.channel));
  for (guint i = 0; i < 3; i++)
    {
      send_text (&self->socket, "what is it?");
      tls_peer_read (self->peer, "what is it?");
      tls_peer_write (self->peer, "it is this");
      receive_text (&self->socket, "it is this");
      g_assert_true (is_alive (self));
    }
}

static void
test_much (TlsFixture *self, gconstpointer settings)
{
  g_autofree guint8 *buffer = g_malloc (1024 * 1024);
  gsize received = 0;

  g_test_summary ("many megabytes come through, whole and right");
  connect_both (self, settings);
  tls_peer_write_much (self->peer, 0x5a, MANY_RECORDS);
  while (received < MANY_RECORDS)
    {
      g_autoptr (GError) error = NULL;
      gssize count = nebula_channel_receive (self->socket.channel, buffer, 1024 * 1024,
                                             &self->socket.limit, &error);

      g_assert_no_error (error);
      for (gssize i = 0; i < count; i++)
        if (buffer[i] != 0x5a)
          g_error ("byte %" G_GSIZE_FORMAT " is wrong", received + (gsize) i);
      received += (gsize) count;
    }
  g_assert_cmpuint (received, ==, MANY_RECORDS);
  g_assert_true (is_alive (self));
}

static void
test_peer_stops_reading (TlsFixture *self, gconstpointer settings)
{
  g_autofree guint8 *bytes = g_malloc0 (MUCH);
  g_autoptr (GError) error = NULL;
  gsize taken;

  g_test_summary ("a peer that reads no more cannot hold a request for longer than its time");
  connect_both (self, settings);
  expire_soon (&self->socket);
  g_assert_false (nebula_channel_send (self->socket.channel, bytes, MUCH, &taken,
                                       &self->socket.limit, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_TIMED_OUT);
  g_assert_cmpuint (taken, <, MUCH);
}

static void
test_peer_is_silent (TlsFixture *self, gconstpointer settings)
{
  g_autoptr (GError) error = NULL;
  guint8 byte;

  g_test_summary ("a reply that does not come ends with the time for it");
  connect_both (self, settings);
  expire_soon (&self->socket);
  g_assert_cmpint (nebula_channel_receive (self->socket.channel, &byte, 1, &self->socket.limit,
                                           &error), ==, -1);
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_TIMED_OUT);
}

static void
test_cancel_read (TlsFixture *self, gconstpointer settings)
{
  g_autoptr (GError) error = NULL;
  GThread *thread;
  guint8 byte;

  g_test_summary ("a read can be cancelled, and nothing more is done then");
  connect_both (self, settings);
  self->socket.limit.cancellable = g_cancellable_new ();
  self->socket.peer = dup (SSL_get_fd (tls_peer_get (self->peer)));
  send_text (&self->socket, "what is it?");
  thread = g_thread_new ("cancel", cancel_when_readable, self);
  g_assert_cmpint (nebula_channel_receive (self->socket.channel, &byte, 1, &self->socket.limit,
                                           &error), ==, -1);
  g_thread_join (thread);
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_clear_error (&error);
  tls_peer_write (self->peer, "too late");
  g_assert_cmpint (nebula_channel_receive (self->socket.channel, &byte, 1, &self->socket.limit,
                                           &error), ==, -1);
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

/* ---- how a connection ends, or does not */

static void
close_plain (TlsFixture *self)
{
  tls_peer_close (self->peer);
}

static void
close_with_farewell (TlsFixture *self)
{
  SSL_shutdown (tls_peer_get (self->peer));
  tls_peer_close (self->peer);
}

static void
only_farewell (TlsFixture *self)
{
  SSL_shutdown (tls_peer_get (self->peer));
}

static void
reset (TlsFixture *self)
{
  const struct linger at_once = { .l_onoff = 1, .l_linger = 0 };

  g_assert_no_errno (setsockopt (SSL_get_fd (tls_peer_get (self->peer)), SOL_SOCKET, SO_LINGER,
                                 &at_once, sizeof at_once));
  tls_peer_close (self->peer);
}

static void
damage (TlsFixture *self)
{
  static const char bytes[] = "these are no TLS records";

  g_assert_cmpint (send (SSL_get_fd (tls_peer_get (self->peer)), bytes, sizeof bytes, 0), >, 0);
}

static void
say_something (TlsFixture *self)
{
  tls_peer_write (self->peer, "nobody asked");
}

static void
send_ticket (TlsFixture *self)
{
  SSL *tls = tls_peer_get (self->peer);

  g_assert_cmpint (SSL_new_session_ticket (tls), ==, 1);
  g_assert_cmpint (SSL_do_handshake (tls), ==, 1);
}

/* Changes its own keys only: an answer would be a write that nobody waits for. */
static void
update_keys (TlsFixture *self)
{
  SSL *tls = tls_peer_get (self->peer);

  g_assert_cmpint (SSL_key_update (tls, SSL_KEY_UPDATE_NOT_REQUESTED), ==, 1);
  g_assert_cmpint (SSL_do_handshake (tls), ==, 1);
}

typedef struct
{
  const char *path;
  void (*act) (TlsFixture *self);
  const TlsPeerSettings *settings;
  gboolean lives;
} IdleCase;

static const IdleCase idle_cases[] = {
  { "close", close_plain, &plain_settings, FALSE },
  { "close-1.2", close_plain, &old_settings, FALSE },
  { "close-with-farewell", close_with_farewell, &plain_settings, FALSE },
  { "farewell", only_farewell, &plain_settings, FALSE },
  { "farewell-1.2", only_farewell, &old_settings, FALSE },
  { "reset", reset, &plain_settings, FALSE },
  { "damage", damage, &plain_settings, FALSE },
  { "unasked", say_something, &plain_settings, FALSE },
  { "ticket", send_ticket, &plain_settings, TRUE },
  { "key-update", update_keys, &plain_settings, TRUE },
};

static void
test_idle (TlsFixture *self, gconstpointer data)
{
  const IdleCase *a_case = data;

  g_test_summary ("what a server does to an idle connection is seen before the next request");
  connect_both (self, a_case->settings);
  send_text (&self->socket, "hello");
  tls_peer_read (self->peer, "hello");
  tls_peer_write (self->peer, "hello");
  receive_text (&self->socket, "hello");
  g_assert_true (is_alive (self));
  a_case->act (self);
  wait_until_readable (nebula_tls_channel_get_fd (NEBULA_TLS_CHANNEL (self->socket.channel)));
  g_assert_cmpint (is_alive (self), ==, a_case->lives);
  if (!a_case->lives)
    return;
  send_text (&self->socket, "still there?");
  tls_peer_read (self->peer, "still there?");
  tls_peer_write (self->peer, "yes");
  receive_text (&self->socket, "yes");
}

typedef struct
{
  const char *path;
  void (*act) (TlsFixture *self);
  const TlsPeerSettings *settings;
} EndCase;

static const EndCase end_cases[] = {
  { "close", close_plain, &plain_settings },
  { "close-1.2", close_plain, &old_settings },
  { "farewell", only_farewell, &plain_settings },
  { "farewell-1.2", only_farewell, &old_settings },
  { "reset", reset, &plain_settings },
};

static void
test_end (TlsFixture *self, gconstpointer data)
{
  const EndCase *a_case = data;
  g_autoptr (GError) error = NULL;
  guint8 byte;

  g_test_summary ("instead of a reply the end, with or without a farewell: the connection is lost");
  connect_both (self, a_case->settings);
  send_text (&self->socket, "hello");
  tls_peer_read (self->peer, "hello");
  a_case->act (self);
  g_assert_cmpint (nebula_channel_receive (self->socket.channel, &byte, 1, &self->socket.limit,
                                           &error), ==, -1);
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CONNECTION_CLOSED);
  g_assert_true (g_str_has_prefix (error->message, "127.0.0.1:"));
}

static void
test_write_to_nobody (TlsFixture *self, gconstpointer settings)
{
  g_autofree guint8 *bytes = g_malloc0 (MUCH);
  g_autoptr (GError) error = NULL;
  gsize taken;

  g_test_summary ("writing to a peer that is gone is an error, and raises no signal");
  connect_both (self, settings);
  reset (self);
  g_assert_false (nebula_channel_send (self->socket.channel, bytes, MUCH, &taken,
                                       &self->socket.limit, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CONNECTION_CLOSED);
}

static void
test_no_farewell (TlsFixture *self, gconstpointer settings)
{
  SSL *tls;
  char byte;

  g_test_summary ("a connection that is given up is torn down below TLS: no farewell, no more byte");
  connect_both (self, settings);
  tls = tls_peer_get (self->peer);
  nebula_channel_close (self->socket.channel);
  g_assert_cmpint (SSL_read (tls, &byte, 1), <=, 0);
  g_assert_cmpint (SSL_get_shutdown (tls) & SSL_RECEIVED_SHUTDOWN, ==, 0);
  g_assert_false (is_alive (self));
}

static void
test_reopen (TlsFixture *self, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  g_test_summary ("a channel can be opened again, open or closed, by other versions of TLS too");
  connect_both (self, &plain_settings);
  for (guint i = 0; i < 3; i++)
    {
      if (i == 1)
        nebula_channel_close (self->socket.channel);
      g_clear_pointer (&self->peer, tls_peer_free);
      start_peer (self, i == 2 ? &old_settings : &plain_settings);
      g_assert_true (nebula_channel_open (self->socket.channel, &self->socket.limit, &error));
      g_assert_no_error (error);
      send_text (&self->socket, "again");
      tls_peer_read (self->peer, "again");
    }
}

static void
test_not_connected (TlsFixture *self, gconstpointer data)
{
  g_autoptr (NebulaTls) tls = make_tls ("ca.pem", NULL, NULL);
  g_autoptr (GError) error = NULL;
  gsize taken;

  g_test_summary ("nothing goes over a channel that is closed");
  use_tls (self, tls);
  g_assert_false (is_alive (self));
  g_assert_false (nebula_channel_send (self->socket.channel, (const guint8 *) "a", 1, &taken,
                                       &self->socket.limit, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_NOT_CONNECTED);
  nebula_channel_close (self->socket.channel);
}

/* A server of TLS 1.2 that wants a second handshake before it answers. */
static gpointer
renegotiate (gpointer data)
{
  SSL *tls = data;
  int fd = SSL_get_fd (tls);
  char byte;

  g_assert_cmpint (SSL_renegotiate (tls), ==, 1);
  g_assert_cmpint (SSL_do_handshake (tls), ==, 1);
  g_unix_set_fd_nonblocking (fd, TRUE, NULL);
  while (SSL_renegotiate_pending (tls))
    {
      wait_until_readable (fd);
      g_assert_cmpint (SSL_read (tls, &byte, 1), <, 0);
      g_assert_cmpint (SSL_get_error (tls, -1), ==, SSL_ERROR_WANT_READ);
    }
  g_unix_set_fd_nonblocking (fd, FALSE, NULL);
  g_assert_cmpint (SSL_write (tls, "yes", 3), ==, 3);
  return NULL;
}

static void
test_renegotiation (TlsFixture *self, gconstpointer data)
{
  GThread *thread;

  g_test_summary ("a server that wants to shake hands again does not stop the call");
  connect_both (self, &old_settings);
  send_text (&self->socket, "hello?");
  tls_peer_read (self->peer, "hello?");
  thread = g_thread_new ("renegotiate", renegotiate, tls_peer_get (self->peer));
  receive_text (&self->socket, "yes");
  g_thread_join (thread);
  g_assert_true (is_alive (self));
}

/* What TLS does is asked of both versions. */
static const struct
{
  const char *path;
  void (*run) (TlsFixture *self, gconstpointer settings);
} version_tests[] = {
  { "there-and-back", test_there_and_back },
  { "much", test_much },
  { "peer-stops-reading", test_peer_stops_reading },
  { "peer-is-silent", test_peer_is_silent },
  { "cancel-read", test_cancel_read },
  { "write-to-nobody", test_write_to_nobody },
  { "no-farewell", test_no_farewell },
};

static void
add_version_tests (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (version_tests); i++)
    {
      g_autofree char *new_path = g_strconcat ("/tls-channel/1.3/", version_tests[i].path, NULL);
      g_autofree char *old_path = g_strconcat ("/tls-channel/1.2/", version_tests[i].path, NULL);

      ADD (new_path, &plain_settings, version_tests[i].run);
      ADD (old_path, &old_settings, version_tests[i].run);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  tls_fixture_init ();
  add_version_tests ();
  ADD_TABLE ("/tls-channel/idle/", idle_cases, test_idle)
  ADD_TABLE ("/tls-channel/end/", end_cases, test_end)
  ADD ("/tls-channel/reopen", NULL, test_reopen);
  ADD ("/tls-channel/not-connected", NULL, test_not_connected);
  ADD ("/tls-channel/renegotiation", NULL, test_renegotiation);
  return g_test_run ();
}
