/* SPDX-License-Identifier: Apache-2.0 */
#include "tls-fixture.h"

#include <string.h>
#include <sys/socket.h>

/* Who is let in, who is not, and what is said of it. */

/* The error of an open that fails; @domain and @code are checked, and that it tells @text. */
static void
check_not_opened (TlsFixture *self, GQuark domain, int code, const char *text)
{
  g_autoptr (GError) error = NULL;

  g_assert_false (nebula_channel_open (self->socket.channel, &self->socket.limit, &error));
  g_assert_error (error, domain, code);
  g_test_message ("%s", error->message);
  g_assert_nonnull (strstr (error->message, text));
  g_assert_true (g_str_has_prefix (error->message, "127.0.0.1:"));
  g_assert_false (is_alive (self));
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
test_trust (TlsFixture *self, gconstpointer data)
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
test_insecure (TlsFixture *self, gconstpointer data)
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
test_client (TlsFixture *self, gconstpointer data)
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
test_refused_under_write (TlsFixture *self, gconstpointer data)
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
test_silent_handshake (TlsFixture *self, gconstpointer data)
{
  g_autoptr (NebulaTls) tls = make_tls ("ca.pem", NULL, NULL);

  g_test_summary ("a server that accepts and says nothing ends with the time to connect");
  use_tls (self, tls);
  expire_soon (&self->socket);
  check_not_opened (self, G_IO_ERROR, G_IO_ERROR_TIMED_OUT, "timed out in the TLS handshake");
}

static void
test_cancel_handshake (TlsFixture *self, gconstpointer data)
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
test_refused (TlsFixture *self, gconstpointer data)
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
  TlsFixture *self = data;

  accept_peer (&self->socket);
  wait_until_readable (self->socket.peer);
  g_assert_cmpint (send (self->socket.peer, answer, sizeof answer - 1, MSG_NOSIGNAL), >, 0);
  return NULL;
}

static gpointer
close_at_once (gpointer data)
{
  TlsFixture *self = data;
  char hello[1024];

  accept_peer (&self->socket);
  wait_until_readable (self->socket.peer);
  while (recv (self->socket.peer, hello, sizeof hello, MSG_DONTWAIT) > 0)
    ;
  close_if_open (&self->socket.peer);
  return NULL;
}

static void
test_plain_answer (TlsFixture *self, gconstpointer data)
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
test_closes_in_handshake (TlsFixture *self, gconstpointer data)
{
  g_autoptr (NebulaTls) tls = make_tls ("ca.pem", NULL, NULL);
  GThread *thread = g_thread_new ("plain", close_at_once, self);

  g_test_summary ("a server that closes in the handshake may speak TLS or not: it is a lost one");
  use_tls (self, tls);
  check_not_opened (self, G_IO_ERROR, G_IO_ERROR_CONNECTION_CLOSED, "does this port speak TLS");
  g_thread_join (thread);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  tls_fixture_init ();
  ADD_TABLE ("/tls-handshake/trust/", trust_cases, test_trust)
  ADD_TABLE ("/tls-handshake/client/", client_cases, test_client)
  ADD ("/tls-handshake/client/refused-under-write", NULL, test_refused_under_write);
  ADD ("/tls-handshake/insecure", NULL, test_insecure);
  ADD ("/tls-handshake/silent", NULL, test_silent_handshake);
  ADD ("/tls-handshake/cancel", NULL, test_cancel_handshake);
  ADD ("/tls-handshake/refused", NULL, test_refused);
  ADD ("/tls-handshake/plain-answer", NULL, test_plain_answer);
  ADD ("/tls-handshake/closed", NULL, test_closes_in_handshake);
  return g_test_run ();
}
