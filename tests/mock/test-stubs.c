/* SPDX-License-Identifier: Apache-2.0 */
#include <nebula-mock/nebula-mock.h>

#include <string.h>
#include <thrift/c_glib/protocol/thrift_binary_protocol.h>
#include <thrift/c_glib/transport/thrift_framed_transport.h>
#include <thrift/c_glib/transport/thrift_socket.h>

#include "nebula_thrift_graph_service.h"
#include "wire-client.h"

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
  NebulaMockServer *server = wire_start_server ();
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
  wire_stop_server (server);
}

/* Every kind of value survives the way through the stub. */
static void
test_stub_everything (void)
{
  NebulaMockServer *server = wire_start_server ();
  NebulaThriftExecutionResponse *reply;
  NebulaThriftVertex *vertex;
  StubClient client;
  gint64 session;

  stub_connect (&client, server);
  session = stub_authenticate (&client, "root", "nebula");
  reply = stub_execute (&client, session, "YIELD everything()");
  g_assert_cmpint (reply->error_code, ==, 0);
  g_assert_cmpuint (reply->data->column_names->len, ==, 20);
  g_assert_cmpint (value_at (reply, 0, 1)->nVal, ==, 6);
  g_assert_true (value_at (reply, 0, 2)->bVal);
  g_assert_cmpint (value_at (reply, 0, 3)->iVal, ==, G_MININT64);
  g_assert_cmpfloat (value_at (reply, 0, 4)->fVal, ==, 0.25);
  g_assert_cmpmem (value_at (reply, 0, 5)->sVal->data, value_at (reply, 0, 5)->sVal->len,
                   "a\0\xff", 3);
  g_assert_cmpint (value_at (reply, 0, 6)->dVal->day, ==, 29);
  g_assert_cmpint (value_at (reply, 0, 7)->tVal->microsec, ==, 999999);
  g_assert_cmpint (value_at (reply, 0, 8)->dtVal->year, ==, -4712);
  vertex = value_at (reply, 0, 9)->vVal;
  assert_bytes (vertex->vid->sVal, "v");
  assert_bytes (NEBULA_THRIFT_TAG (vertex->tags->pdata[0])->name, "t");
  g_assert_cmpint (value_at (reply, 0, 10)->eVal->ranking, ==, 4);
  g_assert_cmpuint (value_at (reply, 0, 11)->pVal->steps->len, ==, 1);
  g_assert_cmpuint (value_at (reply, 0, 12)->lVal->values->len, ==, 2);
  g_assert_cmpuint (g_hash_table_size (value_at (reply, 0, 13)->mVal->kvs), ==, 1);
  g_assert_cmpuint (g_hash_table_size (value_at (reply, 0, 14)->uVal->values), ==, 1);
  g_assert_cmpuint (value_at (reply, 0, 15)->gVal->rows->len, ==, 1);
  g_assert_cmpfloat (value_at (reply, 0, 16)->ggVal->ptVal->coord->y, ==, 2);
  g_assert_cmpuint (value_at (reply, 0, 17)->ggVal->lsVal->coordList->len, ==, 2);
  g_assert_cmpuint (value_at (reply, 0, 18)->ggVal->pgVal->coordListList->len, ==, 1);
  g_assert_cmpint (value_at (reply, 0, 19)->duVal->months, ==, 13);
  g_object_unref (reply);
  stub_close (&client);
  wire_stop_server (server);
}

static void
test_stub_rows (void)
{
  NebulaMockServer *server = wire_start_server ();
  NebulaThriftExecutionResponse *reply;
  StubClient client;
  gint64 session;

  stub_connect (&client, server);
  session = stub_authenticate (&client, "root", "nebula");
  reply = stub_execute (&client, session, "YIELD rows(500)");
  g_assert_cmpuint (reply->data->rows->len, ==, 500);
  g_assert_cmpint (value_at (reply, 499, 0)->iVal, ==, 499);
  assert_bytes (value_at (reply, 499, 1)->sVal, "row 499");
  g_assert_cmpfloat (value_at (reply, 499, 2)->fVal, ==, 249.5);
  g_object_unref (reply);
  stub_close (&client);
  wire_stop_server (server);
}

/* Returns: (transfer full): the JSON of a statement */
static char *
stub_execute_json (StubClient *client,
                   gint64      session,
                   const char *statement)
{
  g_autoptr (GByteArray) bytes = bytes_of (statement);
  g_autoptr (GByteArray) json = NULL;
  g_autoptr (GError) error = NULL;

  g_assert_true (nebula_thrift_graph_service_client_execute_json (client->service, &json, session,
                                                                  bytes, &error));
  g_assert_no_error (error);
  return g_strndup ((char *) json->data, json->len);
}

static void
assert_json (const char *json,
             const char *start,
             const char *end)
{
  g_test_message ("%s", json);
  g_assert_true (g_str_has_prefix (json, start));
  g_assert_true (g_str_has_suffix (json, end));
}

static void
test_stub_json (void)
{
  NebulaMockServer *server = wire_start_server ();
  g_autofree char *good = NULL;
  g_autofree char *bad = NULL;
  StubClient client;
  gint64 session;

  stub_connect (&client, server);
  session = stub_authenticate (&client, "root", "nebula");
  good = stub_execute_json (&client, session, "USE test; YIELD 1 AS a, \"x\" AS b, NULL AS c, \"\" AS d");
  assert_json (good,
               "{\"errors\":[{\"code\":0}],\"results\":[{\"columns\":[\"a\",\"b\",\"c\",\"d\"],"
               "\"data\":[{\"row\":[1,\"x\",null,\"\"],\"meta\":[null,null,null,null]}],"
               "\"errors\":{\"code\":0},\"latencyInUs\":",
               ",\"spaceName\":\"test\"}]}");
  bad = stub_execute_json (&client, session, "HELLO");
  assert_json (bad,
               "{\"errors\":[{\"code\":-1004,"
               "\"message\":\"SyntaxError: syntax error near `HELLO'\"}],"
               "\"results\":[{\"errors\":{\"code\":-1004,",
               ",\"spaceName\":\"test\"}]}");
  stub_close (&client);
  wire_stop_server (server);
}

/* Parameters are taken, of whatever kind, and change nothing. */
static void
test_stub_parameters (void)
{
  NebulaMockServer *server = wire_start_server ();
  g_autoptr (GHashTable) parameters =
    g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_object_unref);
  NebulaThriftValue *value = g_object_new (NEBULA_THRIFT_TYPE_VALUE, "iVal", (gint64) 5, NULL);
  NebulaThriftExecutionResponse *reply =
    g_object_new (NEBULA_THRIFT_TYPE_EXECUTION_RESPONSE, NULL);
  g_autoptr (GByteArray) statement = bytes_of ("YIELD 1");
  g_autoptr (GError) error = NULL;
  StubClient client;
  gint64 session;

  g_hash_table_insert (parameters, g_strdup ("p"), value);
  stub_connect (&client, server);
  session = stub_authenticate (&client, "root", "nebula");
  g_assert_true (nebula_thrift_graph_service_client_execute_with_parameter (
    client.service, &reply, session, statement, parameters, &error));
  g_assert_no_error (error);
  g_assert_cmpint (reply->error_code, ==, 0);
  g_object_unref (reply);
  stub_close (&client);
  wire_stop_server (server);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_summary ("Stubs can talk to the mock, whose own ones are in the same process.");
  mend_thrift ();
  g_test_add_func ("/stubs/life", test_stub_life);
  g_test_add_func ("/stubs/everything", test_stub_everything);
  g_test_add_func ("/stubs/rows", test_stub_rows);
  g_test_add_func ("/stubs/json", test_stub_json);
  g_test_add_func ("/stubs/parameters", test_stub_parameters);
  return g_test_run ();
}
