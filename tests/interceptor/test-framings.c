/* SPDX-License-Identifier: Apache-2.0 */
#include "foreign-fixture.h"

#include <string.h>
#include <thrift/c_glib/transport/thrift_socket.h>

/* The whole road in every framing: what the caller sends, and what the interceptor adds. */

static void
set_up (Fixture *self, gconstpointer data)
{
  fixture_set_up (self, data);
  fixture_connect (self, g_object_new (NEBULA_TYPE_INTERCEPTOR, "cluster", self->cluster, "framing",
                                       GPOINTER_TO_INT (data), NULL));
}

static void
execute_well (Fixture *self, const char *statement)
{
  g_autoptr (GError) error = NULL;

  g_assert_cmpint (fixture_execute (self, statement, &error), ==, 0);
  g_assert_no_error (error);
}

static void
test_property (Fixture *self, gconstpointer data)
{
  NebulaFraming framing;

  g_test_summary ("the framing is what was asked for, and length and message where nothing was");
  g_object_get (self->interceptor, "framing", &framing, NULL);
  g_assert_cmpint (framing, ==, GPOINTER_TO_INT (data));
  fixture_connect (self, nebula_interceptor_new (self->cluster));
  g_object_get (self->interceptor, "framing", &framing, NULL);
  g_assert_cmpint (framing, ==, NEBULA_FRAMING_FRAMED);
}

static void
test_calls (Fixture *self, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *json = NULL;
  g_autoptr (NebulaThriftExecutionResponse) response = NULL;

  g_test_summary ("handshake, log-in, USE, small and large replies, JSON, a refusal, sign-out");
  fixture_use_space (self);
  execute_well (self, "YIELD 1");
  response = fixture_query (self, "YIELD rows(3000)", &error);
  g_assert_no_error (error);
  g_assert_cmpuint (response->data->rows->len, ==, 3000);
  json = fixture_execute_json (self, "YIELD 1", &error);
  g_assert_no_error (error);
  g_assert_nonnull (json);
  g_assert_cmpint (fixture_execute (self, "nonsense", &error), ==, -1004);
  g_assert_no_error (error);
  g_assert_true (nebula_thrift_graph_service_client_signout (self->client, self->session, &error));
  g_assert_no_error (error);
  g_assert_cmpint (fixture_execute (self, "YIELD 1", &error), ==, -1002);
}

/* A server that is no graphd: it answers whatever comes with the same bytes. */
typedef struct
{
  GSocketListener *listener;
  const char *bytes;
  gsize length;
} Stranger;

static gpointer
serve_one (gpointer data)
{
  Stranger *self = data;
  g_autoptr (GSocketConnection) connection = NULL;
  char asked[1024];

  connection = g_socket_listener_accept (self->listener, NULL, NULL, NULL);
  g_assert_nonnull (connection);
  g_input_stream_read (g_io_stream_get_input_stream (G_IO_STREAM (connection)), asked, sizeof asked,
                       NULL, NULL);
  g_output_stream_write_all (g_io_stream_get_output_stream (G_IO_STREAM (connection)), self->bytes,
                             self->length, NULL, NULL, NULL);
  /* Until the client has had enough. */
  g_input_stream_read (g_io_stream_get_input_stream (G_IO_STREAM (connection)), asked, sizeof asked,
                       NULL, NULL);
  return NULL;
}

static void
check_stranger (Fixture *self, NebulaFraming framing, const char *bytes, gsize length,
                const char *text)
{
  g_autoptr (GSocketListener) listener = g_socket_listener_new ();
  g_autofree char *endpoint = NULL;
  g_autoptr (NebulaCluster) cluster = NULL;
  g_autoptr (GError) error = NULL;
  Stranger stranger = { listener, bytes, length };
  GThread *thread = NULL;

  endpoint = g_strdup_printf ("127.0.0.1:%u",
                              g_socket_listener_add_any_inet_port (listener, NULL, NULL));
  cluster = nebula_cluster_new (endpoint, NULL);
  fixture_connect (self, g_object_new (NEBULA_TYPE_INTERCEPTOR, "cluster", cluster, "framing",
                                       framing, NULL));
  thread = g_thread_new ("stranger", serve_one, &stranger);
  fixture_open (self);
  g_assert_cmpint (fixture_authenticate (self, "nebula", &error), ==, FIXTURE_NO_REPLY);
  g_assert_error (error, NEBULA_ERROR, NEBULA_ERROR_FATAL);
  g_assert_nonnull (strstr (error->message, text));
  fixture_disconnect (self);
  g_thread_join (thread);
}

static void
test_strangers (Fixture *self, gconstpointer data)
{
  static const char http[] = "HTTP/1.1 400 Bad Request\r\n\r\n";
  static const char alert[] = "\x15\3\3\0\2\2\x46";
  NebulaFraming framing = GPOINTER_TO_INT (data);

  g_test_summary ("a web server and a port with TLS are told by what they answer");
  check_stranger (self, framing, http, sizeof http - 1, " speaks HTTP (");
  check_stranger (self, framing, alert, sizeof alert - 1, " speaks TLS (");
}

static void
test_over_transport (Fixture *self, gconstpointer data)
{
  const char *address = nebula_mock_server_get_address (self->server);
  guint port = (guint) g_ascii_strtoull (strrchr (address, ':') + 1, NULL, 10);
  g_autoptr (GObject) socket = g_object_new (THRIFT_TYPE_SOCKET, "hostname", "127.0.0.1", "port",
                                             port, NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (NebulaThriftExecutionResponse) response = NULL;

  g_test_summary ("the same over a transport of the user's, which frames nothing itself");
  fixture_connect (self, g_object_new (NEBULA_TYPE_INTERCEPTOR, "transport", socket, "framing",
                                       GPOINTER_TO_INT (data), NULL));
  fixture_use_space (self);
  response = fixture_query (self, "YIELD rows(3000)", &error);
  g_assert_no_error (error);
  g_assert_cmpuint (response->data->rows->len, ==, 3000);
  execute_well (self, "YIELD 1");
}

static void
test_large_request (Fixture *self, gconstpointer data)
{
  g_autoptr (GString) statement = g_string_new ("YIELD \"");

  g_test_summary ("a request of a mebibyte goes as a small one does");
  fixture_use_space (self);
  g_string_append (statement, "x");
  for (gsize i = 0; i < 20; i++)
    g_string_append_len (statement, statement->str + 7, statement->len - 7);
  g_string_append (statement, "\"");
  execute_well (self, statement->str);
}

static void
test_renewed (Fixture *self, gconstpointer data)
{
  g_test_summary ("authenticate and USE of the interceptor's own go the same way");
  fixture_use_space (self);
  fixture_fault (self, NEBULA_MOCK_FAULT_EXPIRE_SESSION, "INSERT", 1, 1);
  execute_well (self, "INSERT VERTEX t(n) VALUES \"v\":(1)");
  g_assert_cmpint (fixture_get_number (self, "v", "n"), ==, 1);
  g_assert_cmpuint (fixture_get_attempts (self), ==, 2);
  g_assert_cmpint (fixture_get_last_cause (self), ==, NEBULA_CAUSE_SESSION);
}

static void
test_reconnected (Fixture *self, gconstpointer data)
{
  static const NebulaMockFaultKind kinds[] = {
    NEBULA_MOCK_FAULT_CLOSE_BEFORE_APPLY, NEBULA_MOCK_FAULT_CLOSE_AFTER_APPLY,
    NEBULA_MOCK_FAULT_CLOSE_IN_REPLY,
  };

  g_test_summary ("a connection that breaks is replaced, and what may be repeated is");
  fixture_use_space (self);
  for (guint i = 0; i < G_N_ELEMENTS (kinds); i++)
    {
      g_autofree char *statement = g_strdup_printf ("YIELD %u", 100 + i);

      fixture_fault (self, kinds[i], statement, 1, 1);
      execute_well (self, statement);
      g_assert_cmpuint (fixture_get_attempts (self), ==, 2);
      g_assert_cmpint (fixture_get_last_cause (self), ==, NEBULA_CAUSE_CONNECTION);
    }
}

static void
test_damage (Fixture *self, gconstpointer data)
{
  static const NebulaMockFaultKind kinds[] = {
    NEBULA_MOCK_FAULT_GARBAGE, NEBULA_MOCK_FAULT_WRONG_SEQUENCE, NEBULA_MOCK_FAULT_WRONG_METHOD,
    NEBULA_MOCK_FAULT_OVERSIZE, NEBULA_MOCK_FAULT_NEGATIVE_SIZE, NEBULA_MOCK_FAULT_BAD_STRING,
    NEBULA_MOCK_FAULT_DEEP,
    /* Without frames this one is a reply that never ends, which is for the time limit to find. */
    NEBULA_MOCK_FAULT_EMPTY_FRAME,
  };
  guint count = G_N_ELEMENTS (kinds) - (GPOINTER_TO_INT (data) == NEBULA_FRAMING_UNFRAMED ? 1 : 0);

  g_test_summary ("damaged replies are errors, and the next call is not touched by them");
  fixture_use_space (self);
  for (guint i = 0; i < count; i++)
    {
      g_autofree char *statement = g_strdup_printf ("YIELD %u", 200 + i);
      g_autoptr (GError) error = NULL;

      g_test_message ("fault %u", kinds[i]);
      fixture_fault (self, kinds[i], statement, 1, 1);
      g_assert_cmpint (fixture_execute (self, statement, &error), ==, FIXTURE_NO_REPLY);
      g_assert_cmpint (error->domain, ==, NEBULA_ERROR);
      execute_well (self, "YIELD 1");
    }
}

static void
add (const char *path, void (*func) (Fixture *, gconstpointer))
{
  static const char *const names[] = { "framed", "header", "unframed" };

  for (gint i = NEBULA_FRAMING_FRAMED; i <= NEBULA_FRAMING_UNFRAMED; i++)
    {
      g_autofree char *full = g_strdup_printf ("/framings/%s/%s", names[i], path);

      g_test_add (full, Fixture, GINT_TO_POINTER (i), set_up, func, fixture_tear_down);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  foreign_init ();
  add ("property", test_property);
  add ("calls", test_calls);
  add ("strangers", test_strangers);
  add ("over-transport", test_over_transport);
  add ("large-request", test_large_request);
  add ("renewed", test_renewed);
  add ("reconnected", test_reconnected);
  add ("damage", test_damage);
  return g_test_run ();
}
