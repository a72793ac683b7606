/* SPDX-License-Identifier: Apache-2.0 */
#include "example-client.h"

#include <thrift/c_glib/protocol/thrift_binary_protocol.h>

const char *
example_endpoints (int argc, char **argv)
{
  return argc > 1 ? argv[1] : "127.0.0.1:9669";
}

NebulaThriftGraphServiceIf *
example_client_new (NebulaInterceptor *interceptor)
{
  gpointer protocol = g_object_new (THRIFT_TYPE_BINARY_PROTOCOL, "transport", interceptor, NULL);
  gpointer client = g_object_new (NEBULA_THRIFT_TYPE_GRAPH_SERVICE_CLIENT, "input_protocol",
                                  protocol, "output_protocol", protocol, NULL);

  /* The generated client takes no reference: the protocol has to live as long as it does. */
  g_object_set_data_full (client, "protocol", protocol, g_object_unref);
  return client;
}

static GByteArray *
bytes_new (const char *text)
{
  return g_byte_array_append (g_byte_array_new (), (const guint8 *) text, strlen (text));
}

gint64
example_authenticate (NebulaThriftGraphServiceIf *client, GError **error)
{
  g_autoptr (GByteArray) user = bytes_new ("root");
  g_autoptr (GByteArray) password = bytes_new ("nebula");
  NebulaThriftAuthResponse *reply = g_object_new (NEBULA_THRIFT_TYPE_AUTH_RESPONSE, NULL);
  gint64 session = 0;

  if (nebula_thrift_graph_service_if_authenticate (client, &reply, user, password, error))
    session = reply->session_id;
  if (session == 0 && error != NULL && *error == NULL)
    g_set_error (error, NEBULA_ERROR, NEBULA_ERROR_AUTH, "authenticate answered %d",
                 reply->error_code);
  g_object_unref (reply);
  return session;
}

NebulaThriftExecutionResponse *
example_execute (NebulaThriftGraphServiceIf *client,
                 gint64 session,
                 const char *statement,
                 GError **error)
{
  g_autoptr (GByteArray) bytes = bytes_new (statement);
  NebulaThriftExecutionResponse *reply = g_object_new (NEBULA_THRIFT_TYPE_EXECUTION_RESPONSE, NULL);

  if (!nebula_thrift_graph_service_if_execute (client, &reply, session, bytes, error))
    g_clear_object (&reply);
  return reply;
}
