/* SPDX-License-Identifier: Apache-2.0 */

#include <locale.h>

#include "nebula_thrift_graph_service.h"
#include "values.h"
#include "wire.h"

/* ---- A server that answers from memory. It never fails: each application exception that
 * Thrift's own library makes leaks, whatever the stubs do. ---- */

#define TEST_TYPE_SERVER (test_server_get_type ())
typedef struct
{
  NebulaThriftGraphServiceHandler parent_instance;

  guint n_signouts;
} TestServer;
typedef NebulaThriftGraphServiceHandlerClass TestServerClass;

static GType test_server_get_type (void);
G_DEFINE_TYPE (TestServer, test_server, NEBULA_THRIFT_TYPE_GRAPH_SERVICE_HANDLER)

static gboolean
test_server_authenticate (NebulaThriftGraphServiceIf *iface,
                          NebulaThriftAuthResponse  **reply,
                          const GByteArray           *username,
                          const GByteArray           *password,
                          GError                    **error)
{
  g_assert_cmpmem (username->data, username->len, "root", 4);
  g_assert_cmpmem (password->data, password->len, "nebula", 6);
  g_object_set (*reply, "session_id", G_GINT64_CONSTANT (7), NULL);
  return TRUE;
}

static gboolean
test_server_signout (NebulaThriftGraphServiceIf *iface,
                     const gint64                session_id,
                     GError                    **error)
{
  g_assert_cmpint (session_id, ==, 7);
  ((TestServer *) iface)->n_signouts++;
  return TRUE;
}

static gboolean
test_server_execute (NebulaThriftGraphServiceIf     *iface,
                     NebulaThriftExecutionResponse **reply,
                     const gint64                    session_id,
                     const GByteArray               *stmt,
                     GError                        **error)
{
  (*reply)->data = g_object_new (NEBULA_THRIFT_TYPE_DATA_SET, NULL);
  (*reply)->__isset_data = TRUE;
  data_set_column ((*reply)->data, "1");
  data_set_row ((*reply)->data, value_int (session_id), NULL);
  return TRUE;
}

static gboolean
test_server_execute_with_parameter (NebulaThriftGraphServiceIf     *iface,
                                    NebulaThriftExecutionResponse **reply,
                                    const gint64                    session_id,
                                    const GByteArray               *stmt,
                                    const GHashTable               *parameters,
                                    GError                        **error)
{
  NebulaThriftValue *parameter = g_hash_table_lookup ((GHashTable *) parameters, "p1");

  (*reply)->latency_in_us = parameter->iVal;
  return TRUE;
}

static gboolean
test_server_execute_json (NebulaThriftGraphServiceIf *iface,
                          GByteArray                **reply,
                          const gint64                session_id,
                          const GByteArray           *stmt,
                          GError                    **error)
{
  *reply = bytes_new ("{}");
  return TRUE;
}

static gboolean
test_server_verify_client_version (NebulaThriftGraphServiceIf           *iface,
                                   NebulaThriftVerifyClientVersionResp **reply,
                                   const NebulaThriftVerifyClientVersionReq *request,
                                   GError                              **error)
{
  g_assert_cmpmem (request->version->data, request->version->len, "3.0.0", 5);
  (*reply)->error_code = NEBULA_THRIFT_ERROR_CODE_SUCCEEDED;
  return TRUE;
}

static void
test_server_class_init (TestServerClass *klass)
{
  klass->authenticate = test_server_authenticate;
  klass->signout = test_server_signout;
  klass->execute = test_server_execute;
  klass->execute_with_parameter = test_server_execute_with_parameter;
  klass->execute_json = test_server_execute_json;
  klass->verify_client_version = test_server_verify_client_version;
}

static void
test_server_init (TestServer *self)
{
}

/* ---- One call: the client sends, the processor answers, the client receives. ---- */

typedef struct
{
  TestServer                 *server;
  NebulaThriftGraphServiceIf *client;
  ThriftProcessor            *processor;
  GByteArray                 *request;
  GByteArray                 *reply;
  ThriftProtocol             *output; /* (owned): the client does not hold it */
  ThriftProtocol             *input;  /* (owned) (nullable): the client does not hold it */
} Fixture;

static void
set_up (Fixture      *fixture,
        gconstpointer data)
{
  fixture->server = g_object_new (TEST_TYPE_SERVER, NULL);
  fixture->processor = g_object_new (NEBULA_THRIFT_TYPE_GRAPH_SERVICE_PROCESSOR, "handler",
                                     fixture->server, NULL);
  fixture->request = g_byte_array_new ();
  fixture->reply = g_byte_array_new ();
  fixture->output = wire_protocol_new (NULL, 0, fixture->request);
  fixture->client = g_object_new (NEBULA_THRIFT_TYPE_GRAPH_SERVICE_CLIENT, "output_protocol",
                                  fixture->output, NULL);
}

static void
tear_down (Fixture      *fixture,
           gconstpointer data)
{
  g_clear_object (&fixture->client);
  g_clear_object (&fixture->output);
  g_clear_object (&fixture->input);
  g_clear_object (&fixture->processor);
  g_assert_finalize_object (g_steal_pointer (&fixture->server));
  g_clear_pointer (&fixture->request, g_byte_array_unref);
  g_clear_pointer (&fixture->reply, g_byte_array_unref);
}

static void
let_server_answer (Fixture *fixture)
{
  g_autoptr (GObject) in = NULL;
  g_autoptr (GObject) out = NULL;
  g_autoptr (GError) error = NULL;

  in = G_OBJECT (wire_protocol_new (fixture->request->data, fixture->request->len, NULL));
  out = G_OBJECT (wire_protocol_new (NULL, 0, fixture->reply));
  g_assert_true (thrift_processor_process (fixture->processor, THRIFT_PROTOCOL (in),
                                           THRIFT_PROTOCOL (out), &error));
  g_assert_no_error (error);

  g_set_object (&fixture->input, NULL);
  fixture->input = wire_protocol_new (fixture->reply->data, fixture->reply->len, NULL);
  g_object_set (fixture->client, "input_protocol", fixture->input, NULL);
}

static void
test_authenticate (Fixture      *fixture,
                   gconstpointer data)
{
  g_autoptr (GByteArray) user = bytes_new ("root");
  g_autoptr (GByteArray) password = bytes_new ("nebula");
  g_autoptr (GObject) response = g_object_new (NEBULA_THRIFT_TYPE_AUTH_RESPONSE, NULL);
  NebulaThriftAuthResponse *reply = NEBULA_THRIFT_AUTH_RESPONSE (response);
  g_autoptr (GError) error = NULL;

  g_assert_true (nebula_thrift_graph_service_client_send_authenticate (fixture->client, user,
                                                                       password, &error));
  let_server_answer (fixture);
  g_assert_true (nebula_thrift_graph_service_client_recv_authenticate (fixture->client, &reply,
                                                                       &error));
  g_assert_no_error (error);
  g_assert_cmpint (reply->session_id, ==, 7);
  g_assert_false (reply->__isset_error_msg);
}

/* The bytes that Go clients send to graphd, and with them, graphd answers. */
static void
test_execute (Fixture      *fixture,
              gconstpointer data)
{
  g_autoptr (GByteArray) stmt = bytes_new ("YIELD 1");
  g_autoptr (GByteArray) bytes = wire_from_hex (
    "80010001 00000007 65786563757465 00000000 0a0001 0000000000000000"
    " 0b0002 00000007 5949454c442031 00");
  g_autoptr (GObject) response = g_object_new (NEBULA_THRIFT_TYPE_EXECUTION_RESPONSE, NULL);
  NebulaThriftExecutionResponse *reply = NEBULA_THRIFT_EXECUTION_RESPONSE (response);
  g_autoptr (GError) error = NULL;
  NebulaThriftRow *row;

  g_assert_true (nebula_thrift_graph_service_client_send_execute (fixture->client, 0, stmt,
                                                                  &error));
  g_assert_cmpmem (fixture->request->data, fixture->request->len, bytes->data, bytes->len);

  let_server_answer (fixture);
  g_assert_true (nebula_thrift_graph_service_client_recv_execute (fixture->client, &reply,
                                                                  &error));
  g_assert_no_error (error);
  row = reply->data->rows->pdata[0];
  g_assert_cmpint (NEBULA_THRIFT_VALUE (row->values->pdata[0])->iVal, ==, 0);
  g_assert_null (reply->plan_desc);
}

static void
test_parameters (Fixture      *fixture,
                 gconstpointer data)
{
  g_autoptr (GByteArray) stmt = bytes_new ("YIELD $p1");
  g_autoptr (GHashTable) parameters = g_hash_table_new_full (g_str_hash, g_str_equal, g_free,
                                                             g_object_unref);
  g_autoptr (GObject) response = g_object_new (NEBULA_THRIFT_TYPE_EXECUTION_RESPONSE, NULL);
  NebulaThriftExecutionResponse *reply = NEBULA_THRIFT_EXECUTION_RESPONSE (response);
  g_autoptr (GError) error = NULL;

  g_hash_table_insert (parameters, g_strdup ("p1"), value_int (99));
  g_hash_table_insert (parameters, g_strdup ("p2"), value_list (value_string ("x"), NULL));
  g_assert_true (nebula_thrift_graph_service_client_send_execute_with_parameter (
    fixture->client, 7, stmt, parameters, &error));
  let_server_answer (fixture);
  g_assert_true (nebula_thrift_graph_service_client_recv_execute_with_parameter (
    fixture->client, &reply, &error));
  g_assert_no_error (error);
  g_assert_cmpint (reply->latency_in_us, ==, 99);
}

static void
test_execute_json (Fixture      *fixture,
                   gconstpointer data)
{
  g_autoptr (GByteArray) stmt = bytes_new ("YIELD 1");
  g_autoptr (GByteArray) reply = bytes_new ("what was there before");
  g_autoptr (GError) error = NULL;

  g_assert_true (nebula_thrift_graph_service_client_send_execute_json (fixture->client, 7, stmt,
                                                                       &error));
  let_server_answer (fixture);
  g_assert_true (nebula_thrift_graph_service_client_recv_execute_json (fixture->client, &reply,
                                                                       &error));
  g_assert_no_error (error);
  g_assert_cmpmem (reply->data, reply->len, "{}", 2);
}

static void
test_signout (Fixture      *fixture,
              gconstpointer data)
{
  g_autoptr (GByteArray) bytes = wire_from_hex (
    "80010004 00000007 7369676e6f7574 00000000 0a0001 0000000000000007 00");
  g_autoptr (GError) error = NULL;

  g_assert_true (nebula_thrift_graph_service_client_signout (fixture->client, 7, &error));
  g_assert_no_error (error);
  g_assert_cmpmem (fixture->request->data, fixture->request->len, bytes->data, bytes->len);

  let_server_answer (fixture);
  g_assert_cmpuint (fixture->server->n_signouts, ==, 1);
  g_assert_cmpuint (fixture->reply->len, ==, 0);
}

static void
test_verify_client_version (Fixture      *fixture,
                            gconstpointer data)
{
  g_autofree char *version = NEBULA_THRIFT_VERSION;
  g_autoptr (GObject) request = g_object_new (NEBULA_THRIFT_TYPE_VERIFY_CLIENT_VERSION_REQ, NULL);
  g_autoptr (GObject) response = g_object_new (NEBULA_THRIFT_TYPE_VERIFY_CLIENT_VERSION_RESP,
                                               "error_code", -1, NULL);
  NebulaThriftVerifyClientVersionResp *reply = NEBULA_THRIFT_VERIFY_CLIENT_VERSION_RESP (response);
  g_autoptr (GError) error = NULL;

  NEBULA_THRIFT_VERIFY_CLIENT_VERSION_REQ (request)->version = bytes_new (version);
  g_assert_true (nebula_thrift_graph_service_client_send_verify_client_version (
    fixture->client, NEBULA_THRIFT_VERIFY_CLIENT_VERSION_REQ (request), &error));
  let_server_answer (fixture);
  g_assert_true (nebula_thrift_graph_service_client_recv_verify_client_version (
    fixture->client, &reply, &error));
  g_assert_no_error (error);
  g_assert_cmpint (reply->error_code, ==, NEBULA_THRIFT_ERROR_CODE_SUCCEEDED);
}

static const struct
{
  const char *path;
  void (*run) (Fixture *, gconstpointer);
} tests[] = {
  { "/graph-service/authenticate", test_authenticate },
  { "/graph-service/execute", test_execute },
  { "/graph-service/parameters", test_parameters },
  { "/graph-service/execute-json", test_execute_json },
  { "/graph-service/signout", test_signout },
  { "/graph-service/verify-client-version", test_verify_client_version },
};

int
main (int   argc,
      char *argv[])
{
  setlocale (LC_ALL, "");
  g_test_init (&argc, &argv, NULL);
  g_test_summary ("Client and server stubs speak graphd's own bytes and release all they make.");

  for (gsize i = 0; i < G_N_ELEMENTS (tests); i++)
    g_test_add (tests[i].path, Fixture, NULL, set_up, tests[i].run, tear_down);

  return g_test_run ();
}
