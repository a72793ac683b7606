/* SPDX-License-Identifier: Apache-2.0 */
#include "foreign-fixture.h"

#include <gio/gio.h>
#include <thrift/c_glib/transport/thrift_ssl_socket.h>

/* What only a TLS layer can do to a call: it has a handshake, and a farewell. */

#define COUNT_UP "UPDATE VERTEX ON t \"v\" SET n = n + 1"
#define FETCH "FETCH PROP ON t \"v\" YIELD properties(vertex).n"

#define SHORT (100 * G_TIME_SPAN_MILLISECOND)

/* Replaces the transport by a ThriftSSLSocket that trusts nobody, to @port. */
static void
use_other_socket (Foreign *self, guint port)
{
  fixture_connect (&self->road, nebula_interceptor_new (self->road.cluster));
  g_object_unref (self->transport);
  self->transport = g_object_new (THRIFT_TYPE_SSL_SOCKET, "hostname", "127.0.0.1", "port", port,
                                  NULL);
  fixture_connect (&self->road, foreign_make_interceptor (self));
}

static void
test_farewell (Foreign *self, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  g_test_summary ("a server that says good-bye before it closes is seen to be gone all the same");
  tls_front_set_farewell (self->front, TRUE);
  fixture_make_vertex (&self->road);
  nebula_mock_server_close_connections (self->road.server);
  tls_front_wait_until_idle (self->front);
  g_assert_cmpint (fixture_execute (&self->road, COUNT_UP, &error), ==, 0);
  g_assert_no_error (error);
  g_assert_cmpuint (fixture_get_attempts (&self->road), ==, 1);
  g_assert_cmpint (fixture_get_number (&self->road, "v", "n"), ==, 2);
}

static void
test_farewell_under_read (Foreign *self, gconstpointer data)
{
  g_test_summary ("a farewell instead of a reply is a broken connection: the read is repeated");
  tls_front_set_farewell (self->front, TRUE);
  fixture_make_vertex (&self->road);
  fixture_fault (&self->road, NEBULA_MOCK_FAULT_CLOSE_BEFORE_APPLY, FETCH, 1, 1);
  g_assert_cmpint (fixture_execute (&self->road, FETCH, NULL), ==, 0);
  g_assert_cmpuint (fixture_get_attempts (&self->road), ==, 2);
}

/* Opening fails for a reason that names @text, and the server has seen nothing of it. */
static void
check_not_opened (Foreign *self, NebulaError kind, const char *text)
{
  g_autoptr (GError) error = NULL;

  g_assert_false (thrift_transport_open (THRIFT_TRANSPORT (self->road.interceptor), &error));
  g_assert_error (error, NEBULA_ERROR, (int) kind);
  g_assert_cmpint (nebula_error_get_code (error), ==, -2);
  g_assert_nonnull (strstr (error->message, text));
  g_assert_false (nebula_error_may_have_been_applied (error));
  g_assert_false (thrift_transport_is_open (self->transport));
  g_assert_cmpuint (nebula_mock_server_get_calls (self->road.server, NULL), ==, 0);
}

static void
test_untrusted (Foreign *self, gconstpointer data)
{
  g_test_summary ("a server whose certificate is not trusted is told nothing, and not asked again");
  use_other_socket (self, tls_front_get_port (self->front));
  check_not_opened (self, NEBULA_ERROR_FATAL, "self-signed certificate");
  g_assert_cmpuint (fixture_get_attempts (&self->road), ==, 1);
}

static void
test_no_tls (Foreign *self, gconstpointer data)
{
  g_test_summary ("a server that speaks no TLS is told nothing");
  use_other_socket (self, nebula_mock_server_get_port (self->road.server));
  check_not_opened (self, NEBULA_ERROR_RETRYABLE, "ThriftSSLSocket");
}

static void
test_silent_handshake (Foreign *self, gconstpointer data)
{
  g_autoptr (GSocketListener) silent = g_socket_listener_new ();
  guint16 port = g_socket_listener_add_any_inet_port (silent, NULL, NULL);

  g_test_summary ("a handshake that is not answered ends with the time to connect");
  nebula_cluster_set_clock (self->road.cluster, nebula_clock_get_system ());
  fixture_set_policy (&self->road, "connect-timeout", (gint64) SHORT, NULL);
  use_other_socket (self, port);
  check_not_opened (self, NEBULA_ERROR_RETRYABLE, "timed out");
}

static const struct
{
  const char *name;
  void (*run) (Foreign *self, gconstpointer data);
} tests[] = {
  { "farewell", test_farewell },
  { "farewell-under-read", test_farewell_under_read },
  { "untrusted", test_untrusted },
  { "no-tls", test_no_tls },
  { "silent-handshake", test_silent_handshake },
};

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  foreign_init ();
  for (guint i = 0; i < foreign_n_kinds; i++)
    for (gsize j = 0; foreign_kinds[i].is_tls && j < G_N_ELEMENTS (tests); j++)
      {
        g_autofree char *path = g_strdup_printf ("/foreign-%s/%s", foreign_kinds[i].name,
                                                 tests[j].name);

        g_test_add (path, Foreign, &foreign_kinds[i], foreign_set_up, tests[j].run,
                    foreign_tear_down);
      }
  return g_test_run ();
}
