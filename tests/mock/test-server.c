/* SPDX-License-Identifier: Apache-2.0 */
#include <nebula-mock/nebula-mock.h>

#include <string.h>
#include <thrift/c_glib/protocol/thrift_binary_protocol.h>
#include <thrift/c_glib/transport/thrift_framed_transport.h>
#include <thrift/c_glib/transport/thrift_socket.h>

#include "nebula_thrift_graph_service.h"
#include "wire-client.h"

static NebulaMockServer *
start_server (void)
{
  NebulaMockServer *server = nebula_mock_server_new ();
  g_autoptr (GError) error = NULL;

  nebula_mock_server_add_space (server, "test");
  nebula_mock_server_start (server, NULL, 0, &error);
  g_assert_no_error (error);
  return server;
}

static void
stop_server (NebulaMockServer *server)
{
  nebula_mock_server_stop (server);
  g_assert_true (nebula_mock_server_wait_for_connections_closed (server));
  g_assert_finalize_object (server);
}

/* ---- bytes */

/* Written by hand, byte for byte; a session of 0 is the ping of every client. */
static const guint8 framed_ping[] =
  "\0\0\0\x2d\x80\1\0\1\0\0\0\7execute\0\0\0\5\x0a\0\1\0\0\0\0\0\0\0\0\x0b\0\2\0\0\0\7YIELD 1";

/* error_code, latency_in_us, error_msg */
static void
check_ping_reply (const GByteArray *payload)
{
  static const guint8 head[] =
    "\x80\1\0\2\0\0\0\7execute\0\0\0\5\x0c\0\0\x08\0\1\xff\xff\xfc\x16\x0a\0\2";
  static const guint8 tail[] = "\x0b\0\5\0\0\0\x12Invalid session id\0";

  g_assert_cmpmem (payload->data, sizeof head - 1, head, sizeof head - 1);
  g_assert_cmpmem (payload->data + sizeof head - 1 + 8, payload->len - (sizeof head - 1) - 8, tail,
                   sizeof tail);
}

static void
test_framed_bytes (void)
{
  NebulaMockServer *server = start_server ();
  g_autoptr (GByteArray) payload = NULL;
  WireClient client;

  wire_connect (&client, server, TRUE);
  wire_send (&client, framed_ping, sizeof framed_ping);
  payload = wire_receive_frame (&client);
  check_ping_reply (payload);
  g_assert_cmpuint (nebula_mock_server_get_received (server, "YIELD 1"), ==, 1);
  g_assert_cmpuint (nebula_mock_server_get_applied (server, "YIELD 1"), ==, 0);
  wire_close (&client);
  stop_server (server);
}

/* The same without the length, a byte at a time: the server knows where a message ends. */
static void
test_unframed_bytes (void)
{
  NebulaMockServer *server = start_server ();
  g_autoptr (GByteArray) payload = NULL;
  WireClient client;
  gsize i;

  wire_connect (&client, server, FALSE);
  for (i = 4; i < sizeof framed_ping; i++)
    wire_send (&client, framed_ping + i, 1);
  payload = wire_receive (&client, 67);
  check_ping_reply (payload);
  wire_close (&client);
  stop_server (server);
}

/* ---- stubs */

/* The finalizers of Thrift's own transports do not chain up, which leaks what GObject keeps for
 * each object: mended here, so that a leak of the mock is not lost among those. */
static void (*socket_finalize) (GObject *object);
static void (*framed_finalize) (GObject *object);

static void
finish (GObject *object,
        void   (*finalize) (GObject *object))
{
  GObjectClass *klass = g_type_class_peek (G_TYPE_OBJECT);

  finalize (object);
  klass->finalize (object);
}

static void
finish_socket (GObject *object)
{
  finish (object, socket_finalize);
}

static void
finish_framed (GObject *object)
{
  finish (object, framed_finalize);
}

static void
mend_thrift (void)
{
  GObjectClass *socket_class = g_type_class_ref (THRIFT_TYPE_SOCKET);
  GObjectClass *framed_class = g_type_class_ref (THRIFT_TYPE_FRAMED_TRANSPORT);

  socket_finalize = socket_class->finalize;
  socket_class->finalize = finish_socket;
  framed_finalize = framed_class->finalize;
  framed_class->finalize = finish_framed;
}

typedef struct
{
  ThriftTransport *socket;
  ThriftTransport *framed;
  ThriftProtocol  *protocol;
  NebulaThriftGraphServiceIf *service;
} StubClient;

static void
stub_connect (StubClient       *client,
              NebulaMockServer *server)
{
  g_autoptr (GError) error = NULL;

  client->socket = g_object_new (THRIFT_TYPE_SOCKET, "hostname", "127.0.0.1", "port",
                                 nebula_mock_server_get_port (server), NULL);
  client->framed =
    g_object_new (THRIFT_TYPE_FRAMED_TRANSPORT, "transport", client->socket, NULL);
  client->protocol =
    g_object_new (THRIFT_TYPE_BINARY_PROTOCOL, "transport", client->framed, NULL);
  client->service =
    g_object_new (NEBULA_THRIFT_TYPE_GRAPH_SERVICE_CLIENT, "input_protocol", client->protocol,
                  "output_protocol", client->protocol, NULL);
  g_assert_true (thrift_transport_open (client->framed, &error));
  g_assert_no_error (error);
}

static void
stub_close (StubClient *client)
{
  thrift_transport_close (client->framed, NULL);
  g_object_unref (client->service);
  g_object_unref (client->protocol);
  g_object_unref (client->framed);
  g_object_unref (client->socket);
}

static GByteArray *
bytes_of (const char *text)
{
  return g_byte_array_append (g_byte_array_new (), (const guint8 *) text, strlen (text));
}

static void
assert_bytes (const GByteArray *bytes,
              const char       *text)
{
  g_assert_nonnull (bytes);
  g_assert_cmpmem (bytes->data, bytes->len, text, strlen (text));
}

static gint64
stub_authenticate (StubClient *client,
                   const char *user,
                   const char *password)
{
  g_autoptr (GByteArray) user_bytes = bytes_of (user);
  g_autoptr (GByteArray) password_bytes = bytes_of (password);
  NebulaThriftAuthResponse *reply = g_object_new (NEBULA_THRIFT_TYPE_AUTH_RESPONSE, NULL);
  g_autoptr (GError) error = NULL;
  gint64 session;

  g_assert_true (nebula_thrift_graph_service_client_authenticate (
    client->service, &reply, user_bytes, password_bytes, &error));
  g_assert_no_error (error);
  g_assert_cmpint (reply->error_code, ==, 0);
  g_assert_true (reply->__isset_session_id);
  session = reply->session_id;
  g_object_unref (reply);
  return session;
}

/* Returns: (transfer full) */
static NebulaThriftExecutionResponse *
stub_execute (StubClient *client,
              gint64      session,
              const char *statement)
{
  g_autoptr (GByteArray) bytes = bytes_of (statement);
  NebulaThriftExecutionResponse *reply =
    g_object_new (NEBULA_THRIFT_TYPE_EXECUTION_RESPONSE, NULL);
  g_autoptr (GError) error = NULL;

  g_assert_true (nebula_thrift_graph_service_client_execute (client->service, &reply, session,
                                                             bytes, &error));
  g_assert_no_error (error);
  return reply;
}

static NebulaThriftValue *
value_at (NebulaThriftExecutionResponse *reply,
          guint                          row,
          guint                          column)
{
  g_assert_nonnull (reply->data);
  g_assert_cmpuint (reply->data->rows->len, >, row);
  return g_ptr_array_index (
    NEBULA_THRIFT_ROW (g_ptr_array_index (reply->data->rows, row))->values, column);
}

/* Two prefixes of the same stubs live in one process, with fatal warnings. */
static void
test_stub_life (void)
{
  NebulaMockServer *server = start_server ();
  NebulaThriftExecutionResponse *reply;
  StubClient client;
  gint64 session, number = 0;

  stub_connect (&client, server);
  session = stub_authenticate (&client, "root", "nebula");
  g_assert_cmpint (session, >, 0);
  g_assert_cmpuint (nebula_mock_server_get_sessions (server), ==, 1);
  reply = stub_execute (&client, session,
                        "USE test; INSERT VERTEX t(n) VALUES \"v\":(41); "
                        "UPDATE VERTEX ON t \"v\" SET n = n + 1");
  g_assert_cmpint (reply->error_code, ==, 0);
  assert_bytes (reply->space_name, "test");
  g_assert_false (reply->__isset_data);
  g_object_unref (reply);
  g_assert_true (nebula_mock_server_get_number (server, "test", "v", "n", &number));
  g_assert_cmpint (number, ==, 42);
  reply = stub_execute (&client, session, "FETCH PROP ON t \"v\" YIELD properties(vertex).n");
  assert_bytes (g_ptr_array_index (reply->data->column_names, 0), "properties(vertex).n");
  g_assert_cmpint (value_at (reply, 0, 0)->iVal, ==, 42);
  g_object_unref (reply);
  g_assert_true (nebula_thrift_graph_service_client_signout (client.service, session, NULL));
  reply = stub_execute (&client, session, "YIELD 1");
  g_assert_cmpint (reply->error_code, ==, -1002);
  g_assert_cmpuint (nebula_mock_server_get_sessions (server), ==, 0);
  g_object_unref (reply);
  stub_close (&client);
  stop_server (server);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_summary ("The mock speaks as graphd does, to bytes written by hand and to the stubs.");
  mend_thrift ();
  g_test_add_func ("/server/bytes/framed", test_framed_bytes);
  g_test_add_func ("/server/bytes/unframed", test_unframed_bytes);
  g_test_add_func ("/server/stub/life", test_stub_life);
  return g_test_run ();
}
