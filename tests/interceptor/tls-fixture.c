/* SPDX-License-Identifier: Apache-2.0 */
#include "tls-fixture.h"

#include <signal.h>
#include <sys/socket.h>

static volatile sig_atomic_t n_signals;

static void
count_signal (int number)
{
  n_signals++;
}

const TlsPeerSettings plain_settings = { "server", NULL, 0 };
const TlsPeerSettings old_settings = { "server", NULL, TLS1_2_VERSION };

void
tls_fixture_set_up (TlsFixture *self, gconstpointer data)
{
  set_up (&self->socket, NULL);
  self->signals = n_signals;
  g_assert_true (listen_any (&self->socket, AF_INET, 4));
}

/* The thread in which GIO shook hands lets go of what it had open a moment later, perhaps only in
 * the next test: so there may be fewer than before, but soon not more. */
static void
wait_for_descriptors (TlsFixture *self)
{
  gint64 end = g_get_monotonic_time () + LONG_WAIT;

  while (count_descriptors () > self->socket.descriptors && g_get_monotonic_time () < end)
    g_thread_yield ();
  g_assert_cmpuint (count_descriptors (), <=, self->socket.descriptors);
}

/* No test raises a signal, or changes what becomes of one. */
void
tls_fixture_tear_down (TlsFixture *self, gconstpointer data)
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

NebulaTls *
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

void
use_tls (TlsFixture *self, NebulaTls *tls)
{
  GSocketConnectable *address = G_SOCKET_CONNECTABLE (self->socket.address);

  self->socket.channel = nebula_tls_channel_new (address, tls);
}

void
start_peer (TlsFixture *self, const TlsPeerSettings *settings)
{
  self->peer = tls_peer_new (self->socket.listener, settings);
}

/* Both ends are there, and know each other. */
void
connect_both (TlsFixture *self, const TlsPeerSettings *settings)
{
  g_autoptr (NebulaTls) tls = make_tls ("ca.pem", NULL, NULL);
  g_autoptr (GError) error = NULL;

  use_tls (self, tls);
  start_peer (self, settings);
  g_assert_true (nebula_channel_open (self->socket.channel, &self->socket.limit, &error));
  g_assert_no_error (error);
  g_assert_nonnull (tls_peer_get (self->peer));
}

gboolean
is_alive (TlsFixture *self)
{
  return nebula_channel_is_alive (self->socket.channel);
}

/* Opens, before the first test counts, what stays open. */
void
tls_fixture_init (void)
{
  const struct sigaction action = { .sa_handler = count_signal };
  g_autoptr (NebulaTls) warm_up = NULL;

  g_assert_no_errno (sigaction (SIGPIPE, &action, NULL));
  warm_up = make_tls ("ca.pem", "client", NULL);
}

/* Cancels when the other end has got what makes the client wait. */
gpointer
cancel_when_readable (gpointer data)
{
  TlsFixture *self = data;

  if (self->socket.peer < 0)
    accept_peer (&self->socket);
  wait_until_readable (self->socket.peer);
  g_cancellable_cancel (self->socket.limit.cancellable);
  return NULL;
}
