/* SPDX-License-Identifier: Apache-2.0 */
#include "nebula-tls-channel-private.h"

#include "socket-fixture.h"
#include "tls-peer.h"

#include <glib-unix.h>
#include <signal.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

/* More than the buffers of two sockets can hold. */
#define MUCH (32 * 1024 * 1024)

typedef struct
{
  SocketFixture socket;
  TlsPeer *peer; /* (owned) (nullable) */
  gint signals;  /* how many SIGPIPE there had been before */
} Fixture;

static volatile sig_atomic_t n_signals;

static void
count_signal (int number)
{
  n_signals++;
}

static const TlsPeerSettings plain_settings = { "server", NULL, 0 };
static const TlsPeerSettings old_settings = { "server", NULL, TLS1_2_VERSION };

static void
fixture_set_up (Fixture *self, gconstpointer data)
{
  set_up (&self->socket, NULL);
  self->signals = n_signals;
  g_assert_true (listen_any (&self->socket, AF_INET, 4));
}

/* The thread in which GIO shook hands lets go of what it had open a moment later, perhaps only in
 * the next test: so there may be fewer than before, but soon not more. */
static void
wait_for_descriptors (Fixture *self)
{
  gint64 end = g_get_monotonic_time () + LONG_WAIT;

  while (count_descriptors () > self->socket.descriptors && g_get_monotonic_time () < end)
    g_thread_yield ();
  g_assert_cmpuint (count_descriptors (), <=, self->socket.descriptors);
}

/* No test raises a signal, or changes what becomes of one. */
static void
fixture_tear_down (Fixture *self, gconstpointer data)
{
  struct sigaction action;

  if (self->socket.channel != NULL)
    g_assert_finalize_object (g_steal_pointer (&self->socket.channel));
  g_clear_pointer (&self->peer, tls_peer_free);
  close_all (&self->socket);
  wait_for_descriptors (self);
  g_assert_cmpint (n_signals, ==, self->signals);
  g_assert_no_errno (sigaction (SIGPIPE, NULL, &action));
  g_assert_true (action.sa_handler == count_signal);
}

static NebulaTls *
make_tls (const char *authority, const char *client, const char *name)
{
  g_autofree char *pem = client != NULL ? g_strconcat (client, ".pem", NULL) : NULL;
  g_autofree char *key = client != NULL ? g_strconcat (client, ".key", NULL) : NULL;
  g_autofree char *ca_file = tls_peer_find_file (authority);
  g_autofree char *certificate_file = tls_peer_find_file (pem);
  g_autofree char *key_file = tls_peer_find_file (key);
  g_autoptr (GError) error = NULL;
  NebulaTls *tls = nebula_tls_new (ca_file, certificate_file, key_file, name, &error);

  g_assert_no_error (error);
  return tls;
}

static void
use_tls (Fixture *self, NebulaTls *tls)
{
  GSocketConnectable *address = G_SOCKET_CONNECTABLE (self->socket.address);

  self->socket.channel = nebula_tls_channel_new (address, tls);
}

static void
start_peer (Fixture *self, const TlsPeerSettings *settings)
{
  self->peer = tls_peer_new (self->socket.listener, settings);
}

/* Both ends are there, and know each other. */
static void
connect_both (Fixture *self, const TlsPeerSettings *settings)
{
  g_autoptr (NebulaTls) tls = make_tls ("ca.pem", NULL, NULL);
  g_autoptr (GError) error = NULL;

  use_tls (self, tls);
  start_peer (self, settings);
  g_assert_true (nebula_channel_open (self->socket.channel, &self->socket.limit, &error));
  g_assert_no_error (error);
  g_assert_nonnull (tls_peer_get (self->peer));
}

static gboolean
is_alive (Fixture *self)
{
  return nebula_channel_is_alive (self->socket.channel);
}

/* The error of an open that fails; @domain and @code are checked, and that it tells @text. */
static void
check_not_opened (Fixture *self, GQuark domain, int code, const char *text)
{
  g_autoptr (GError) error = NULL;

  g_assert_false (nebula_channel_open (self->socket.channel, &self->socket.limit, &error));
  g_assert_error (error, domain, code);
  g_test_message ("%s", error->message);
  g_assert_nonnull (strstr (error->message, text));
  g_assert_true (g_str_has_prefix (error->message, "127.0.0.1:"));
  g_assert_false (is_alive (self));
}

static void
test_there_and_back (Fixture *self, gconstpointer settings)
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

typedef struct
{
  const char *path;
  const char *certificate;
  const char *authority;
  const char *name;
  const char *text; /* (nullable): NULL when the server is accepted */
} TrustCase;

static const TrustCase trust_cases[] = {
  { "address", "server", "ca.pem", NULL, NULL },
  { "name", "server", "ca.pem", "graphd.test", NULL },
  { "other-address", "server", "ca.pem", "::1", NULL },
  { "wrong-name", "server", "ca.pem", "graphd.example",
    "expected for graphd.example, is refused: it is for another name (the server name" },
  { "wrong-address", "other-name", "ca.pem", NULL, "it is for another name" },
  { "expired", "expired", "ca.pem", NULL, "is refused: it has expired" },
  { "unknown", "server", "other-ca.pem", NULL,
    "is refused: it is not signed by a known authority (the CA file" },
  { "system", "server", NULL, NULL, "it is not signed by a known authority" },
};

static void
test_trust (Fixture *self, gconstpointer data)
{
  const TrustCase *a_case = data;
  const TlsPeerSettings settings = { a_case->certificate, NULL, 0 };
  g_autoptr (NebulaTls) tls = make_tls (a_case->authority, NULL, a_case->name);
  g_autoptr (GError) error = NULL;

  g_test_summary ("a server that is not the one that is meant is told nothing, and the error why");
  use_tls (self, tls);
  start_peer (self, &settings);
  if (a_case->text != NULL)
    {
      check_not_opened (self, G_TLS_ERROR, G_TLS_ERROR_BAD_CERTIFICATE, a_case->text);
      return;
    }
  g_assert_true (nebula_channel_open (self->socket.channel, &self->socket.limit, &error));
  g_assert_no_error (error);
  if (a_case->name != NULL && !g_hostname_is_ip_address (a_case->name))
    g_assert_cmpstr (SSL_get_servername (tls_peer_get (self->peer), TLSEXT_NAMETYPE_host_name), ==,
                     a_case->name);
}

static void
test_insecure (Fixture *self, gconstpointer data)
{
  static const TlsPeerSettings settings = { "expired", NULL, 0 };
  g_autoptr (GError) error = NULL;
  g_autoptr (NebulaTls) tls = nebula_tls_new_insecure (NULL, NULL, NULL, &error);

  g_test_summary ("without verification any certificate will do");
  g_assert_no_error (error);
  use_tls (self, tls);
  start_peer (self, &settings);
  g_assert_true (nebula_channel_open (self->socket.channel, &self->socket.limit, &error));
  g_assert_no_error (error);
  send_text (&self->socket, "hello");
  tls_peer_read (self->peer, "hello");
}

typedef struct
{
  const char *path;
  const char *client; /* (nullable): the certificate that the client has */
  int version;
  int code;           /* of G_TLS_ERROR; -1 when the client is let in */
} ClientCase;

static const ClientCase client_cases[] = {
  { "given", "client", 0, -1 },
  { "given-1.2", "client", TLS1_2_VERSION, -1 },
  { "missing", NULL, 0, G_TLS_ERROR_CERTIFICATE_REQUIRED },
  { "missing-1.2", NULL, TLS1_2_VERSION, G_TLS_ERROR_CERTIFICATE_REQUIRED },
  { "stranger", "stranger", 0, G_TLS_ERROR_HANDSHAKE },
  { "stranger-1.2", "stranger", TLS1_2_VERSION, G_TLS_ERROR_HANDSHAKE },
};

/* In TLS 1.3 the client learns only afterwards that it was refused. */
static void
test_client (Fixture *self, gconstpointer data)
{
  const ClientCase *a_case = data;
  const TlsPeerSettings settings = { "server", "ca", a_case->version };
  g_autoptr (NebulaTls) tls = make_tls ("ca.pem", a_case->client, NULL);
  g_autoptr (GError) error = NULL;
  gboolean is_open;
  guint8 byte;

  g_test_summary ("a server that wants to know its clients lets in those that it knows");
  use_tls (self, tls);
  start_peer (self, &settings);
  is_open = nebula_channel_open (self->socket.channel, &self->socket.limit, &error);
  if (a_case->code == -1)
    {
      g_assert_no_error (error);
      g_assert_nonnull (tls_peer_get (self->peer));
      return;
    }
  g_assert_null (tls_peer_get (self->peer));
  if (is_open)
    g_assert_cmpint (nebula_channel_receive (self->socket.channel, &byte, 1, &self->socket.limit,
                                             &error), ==, -1);
  g_test_message ("%s", error->message);
  g_assert_error (error, G_TLS_ERROR, a_case->code);
}

/* The refusal waits to be read, while the client has only begun to write. */
static void
test_refused_under_write (Fixture *self, gconstpointer data)
{
  static const TlsPeerSettings settings = { "server", "ca", TLS1_3_VERSION };
  g_autoptr (NebulaTls) tls = make_tls ("ca.pem", "stranger", NULL);
  g_autofree guint8 *bytes = g_malloc0 (MUCH);
  g_autoptr (GError) error = NULL;
  gsize taken;

  g_test_summary ("a server that refuses the client has said why when the write fails");
  use_tls (self, tls);
  start_peer (self, &settings);
  g_assert_true (nebula_channel_open (self->socket.channel, &self->socket.limit, &error));
  g_assert_null (tls_peer_get (self->peer));
  g_assert_false (nebula_channel_send (self->socket.channel, bytes, MUCH, &taken,
                                       &self->socket.limit, &error));
  g_assert_error (error, G_TLS_ERROR, G_TLS_ERROR_HANDSHAKE);
  g_assert_nonnull (strstr (error->message, "refused the client certificate"));
}

static void
test_much (Fixture *self, gconstpointer settings)
{
  g_autofree guint8 *buffer = g_malloc (1024 * 1024);
  gsize received = 0;

  g_test_summary ("many megabytes come through, whole and right");
  connect_both (self, settings);
  tls_peer_write_much (self->peer, 0x5a, MUCH);
  while (received < MUCH)
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
  g_assert_cmpuint (received, ==, MUCH);
  g_assert_true (is_alive (self));
}

static void
test_peer_stops_reading (Fixture *self, gconstpointer settings)
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
test_peer_is_silent (Fixture *self, gconstpointer settings)
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
test_silent_handshake (Fixture *self, gconstpointer data)
{
  g_autoptr (NebulaTls) tls = make_tls ("ca.pem", NULL, NULL);

  g_test_summary ("a server that accepts and says nothing ends with the time to connect");
  use_tls (self, tls);
  expire_soon (&self->socket);
  check_not_opened (self, G_IO_ERROR, G_IO_ERROR_TIMED_OUT, "timed out in the TLS handshake");
}

/* Cancels when the other end has got what makes the client wait. */
static gpointer
cancel_when_readable (gpointer data)
{
  Fixture *self = data;

  if (self->socket.peer < 0)
    accept_peer (&self->socket);
  wait_until_readable (self->socket.peer);
  g_cancellable_cancel (self->socket.limit.cancellable);
  return NULL;
}

static void
test_cancel_handshake (Fixture *self, gconstpointer data)
{
  g_autoptr (NebulaTls) tls = make_tls ("ca.pem", NULL, NULL);
  GThread *thread;

  g_test_summary ("a handshake can be cancelled");
  use_tls (self, tls);
  self->socket.limit.cancellable = g_cancellable_new ();
  thread = g_thread_new ("cancel", cancel_when_readable, self);
  check_not_opened (self, G_IO_ERROR, G_IO_ERROR_CANCELLED, "cancelled in the TLS handshake");
  g_thread_join (thread);
}

static void
test_cancel_read (Fixture *self, gconstpointer settings)
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
close_plain (Fixture *self)
{
  tls_peer_close (self->peer);
}

static void
close_with_farewell (Fixture *self)
{
  SSL_shutdown (tls_peer_get (self->peer));
  tls_peer_close (self->peer);
}

static void
only_farewell (Fixture *self)
{
  SSL_shutdown (tls_peer_get (self->peer));
}

static void
reset (Fixture *self)
{
  const struct linger at_once = { .l_onoff = 1, .l_linger = 0 };

  g_assert_no_errno (setsockopt (SSL_get_fd (tls_peer_get (self->peer)), SOL_SOCKET, SO_LINGER,
                                 &at_once, sizeof at_once));
  tls_peer_close (self->peer);
}

static void
damage (Fixture *self)
{
  static const char bytes[] = "these are no TLS records";

  g_assert_cmpint (send (SSL_get_fd (tls_peer_get (self->peer)), bytes, sizeof bytes, 0), >, 0);
}

static void
say_something (Fixture *self)
{
  tls_peer_write (self->peer, "nobody asked");
}

static void
send_ticket (Fixture *self)
{
  SSL *tls = tls_peer_get (self->peer);

  g_assert_cmpint (SSL_new_session_ticket (tls), ==, 1);
  g_assert_cmpint (SSL_do_handshake (tls), ==, 1);
}

/* Changes its own keys only: an answer would be a write that nobody waits for. */
static void
update_keys (Fixture *self)
{
  SSL *tls = tls_peer_get (self->peer);

  g_assert_cmpint (SSL_key_update (tls, SSL_KEY_UPDATE_NOT_REQUESTED), ==, 1);
  g_assert_cmpint (SSL_do_handshake (tls), ==, 1);
}

typedef struct
{
  const char *path;
  void (*act) (Fixture *self);
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
test_idle (Fixture *self, gconstpointer data)
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
  void (*act) (Fixture *self);
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
test_end (Fixture *self, gconstpointer data)
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
test_write_to_nobody (Fixture *self, gconstpointer settings)
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
test_no_farewell (Fixture *self, gconstpointer settings)
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
test_reopen (Fixture *self, gconstpointer data)
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
test_not_connected (Fixture *self, gconstpointer data)
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

static void
test_refused (Fixture *self, gconstpointer data)
{
  g_autoptr (NebulaTls) tls = make_tls ("ca.pem", NULL, NULL);

  g_test_summary ("where nobody listens the error is that of the socket");
  use_tls (self, tls);
  close_if_open (&self->socket.listener);
  check_not_opened (self, G_IO_ERROR, G_IO_ERROR_CONNECTION_REFUSED, "refused");
}

/* ---- servers that speak something else */

static gpointer
answer_plain (gpointer data)
{
  static const char answer[] = "HTTP/1.1 400 Bad Request\r\n\r\n";
  Fixture *self = data;

  accept_peer (&self->socket);
  wait_until_readable (self->socket.peer);
  g_assert_cmpint (send (self->socket.peer, answer, sizeof answer - 1, MSG_NOSIGNAL), >, 0);
  return NULL;
}

static gpointer
close_at_once (gpointer data)
{
  Fixture *self = data;
  char hello[1024];

  accept_peer (&self->socket);
  wait_until_readable (self->socket.peer);
  while (recv (self->socket.peer, hello, sizeof hello, MSG_DONTWAIT) > 0)
    ;
  close_if_open (&self->socket.peer);
  return NULL;
}

static void
test_plain_answer (Fixture *self, gconstpointer data)
{
  g_autoptr (NebulaTls) tls = make_tls ("ca.pem", NULL, NULL);
  GThread *thread = g_thread_new ("plain", answer_plain, self);

  g_test_summary ("a server that answers in plain text speaks no TLS");
  use_tls (self, tls);
  check_not_opened (self, G_TLS_ERROR, G_TLS_ERROR_HANDSHAKE, "unexpected TLS packet");
  g_thread_join (thread);
}

/* As a server does that goes down just now. */
static void
test_closes_in_handshake (Fixture *self, gconstpointer data)
{
  g_autoptr (NebulaTls) tls = make_tls ("ca.pem", NULL, NULL);
  GThread *thread = g_thread_new ("plain", close_at_once, self);

  g_test_summary ("a server that closes in the handshake may speak TLS or not: it is a lost one");
  use_tls (self, tls);
  check_not_opened (self, G_IO_ERROR, G_IO_ERROR_CONNECTION_CLOSED, "does this port speak TLS");
  g_thread_join (thread);
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
test_renegotiation (Fixture *self, gconstpointer data)
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

#define ADD(path, data, func) \
  g_test_add (path, Fixture, data, fixture_set_up, func, fixture_tear_down)

/* One test for each entry of a table, whose first member is a path. */
#define ADD_TABLE(prefix, table, func) \
  for (gsize i = 0; i < G_N_ELEMENTS (table); i++) \
    { \
      g_autofree char *path = g_strconcat ("/tls-channel/" prefix "/", table[i].path, NULL); \
      \
      ADD (path, &table[i], func); \
    }

/* What TLS does is asked of both versions. */
static const struct
{
  const char *path;
  void (*run) (Fixture *self, gconstpointer settings);
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
  const struct sigaction action = { .sa_handler = count_signal };
  g_autoptr (NebulaTls) warm_up = NULL;

  g_test_init (&argc, &argv, NULL);
  g_assert_no_errno (sigaction (SIGPIPE, &action, NULL));
  /* Opens what stays open. */
  warm_up = make_tls ("ca.pem", "client", NULL);
  add_version_tests ();
  ADD_TABLE ("trust", trust_cases, test_trust)
  ADD_TABLE ("client", client_cases, test_client)
  ADD_TABLE ("idle", idle_cases, test_idle)
  ADD_TABLE ("end", end_cases, test_end)
  ADD ("/tls-channel/client/refused-under-write", NULL, test_refused_under_write);
  ADD ("/tls-channel/insecure", NULL, test_insecure);
  ADD ("/tls-channel/silent-handshake", NULL, test_silent_handshake);
  ADD ("/tls-channel/cancel-handshake", NULL, test_cancel_handshake);
  ADD ("/tls-channel/reopen", NULL, test_reopen);
  ADD ("/tls-channel/not-connected", NULL, test_not_connected);
  ADD ("/tls-channel/refused", NULL, test_refused);
  ADD ("/tls-channel/plain-answer", NULL, test_plain_answer);
  ADD ("/tls-channel/closes-in-handshake", NULL, test_closes_in_handshake);
  ADD ("/tls-channel/renegotiation", NULL, test_renegotiation);
  return g_test_run ();
}
