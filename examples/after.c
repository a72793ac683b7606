/* SPDX-License-Identifier: Apache-2.0 */

/* The same program twice: before.c and after.c differ in one line. */

#include <nebula-interceptor/nebula-interceptor.h>
#include <nebula_thrift_graph_service.h>
#include <thrift/c_glib/protocol/thrift_binary_protocol.h>
#include <thrift/c_glib/transport/thrift_framed_transport.h>
#include <thrift/c_glib/transport/thrift_socket.h>

static GByteArray *
bytes_new (const char *text)
{
  return g_byte_array_append (g_byte_array_new (), (const guint8 *) text, strlen (text));
}

static gboolean
greet (NebulaThriftGraphServiceIf *client, GError **error)
{
  g_autoptr (GByteArray) version = bytes_new ("3.0.0");
  gpointer request = g_object_new (NEBULA_THRIFT_TYPE_VERIFY_CLIENT_VERSION_REQ, "version", version,
                                   NULL);
  NebulaThriftVerifyClientVersionResp *reply;
  gboolean answered;

  reply = g_object_new (NEBULA_THRIFT_TYPE_VERIFY_CLIENT_VERSION_RESP, NULL);
  answered = nebula_thrift_graph_service_if_verify_client_version (client, &reply, request, error);
  g_object_unref (request);
  g_object_unref (reply);
  return answered;
}

static gboolean
authenticate (NebulaThriftGraphServiceIf *client, gint64 *session, GError **error)
{
  g_autoptr (GByteArray) user = bytes_new ("root");
  g_autoptr (GByteArray) password = bytes_new ("nebula");
  NebulaThriftAuthResponse *reply = g_object_new (NEBULA_THRIFT_TYPE_AUTH_RESPONSE, NULL);
  gboolean answered;

  answered = nebula_thrift_graph_service_if_authenticate (client, &reply, user, password, error);
  if (answered)
    g_print ("authenticate: code %d\n", reply->error_code);
  *session = reply->session_id;
  g_object_unref (reply);
  return answered;
}

/* Prints the code that graphd answered; FALSE when no answer came. */
static gboolean
execute (NebulaThriftGraphServiceIf *client, gint64 session, const char *text, GError **error)
{
  g_autoptr (GByteArray) statement = bytes_new (text);
  NebulaThriftExecutionResponse *reply = g_object_new (NEBULA_THRIFT_TYPE_EXECUTION_RESPONSE, NULL);
  gboolean answered;

  answered = nebula_thrift_graph_service_if_execute (client, &reply, session, statement, error);
  if (answered)
    g_print ("%s: code %d\n", text, reply->error_code);
  g_object_unref (reply);
  return answered;
}

static gboolean
run (NebulaThriftGraphServiceIf *client, GError **error)
{
  gint64 session;

  return greet (client, error) && authenticate (client, &session, error)
         && execute (client, session, "USE test", error)
         && execute (client, session, "INSERT VERTEX n(v) VALUES \"a\":(1)", error)
         && execute (client, session, "FETCH PROP ON n \"a\" YIELD properties(vertex).v", error)
         && nebula_thrift_graph_service_if_signout (client, session, error);
}

int
main (int argc, char **argv)
{
  const char *host = argc > 2 ? argv[1] : "127.0.0.1";
  guint port = argc > 2 ? atoi (argv[2]) : 9669;
  g_autoptr (GError) error = NULL;
  gpointer socket, transport, protocol, client;
  gboolean succeeded;

  /* connect */
  socket = g_object_new (THRIFT_TYPE_SOCKET, "hostname", host, "port", port, NULL);
  transport = g_object_new (NEBULA_TYPE_INTERCEPTOR, "transport", socket, NULL);
  protocol = g_object_new (THRIFT_TYPE_BINARY_PROTOCOL, "transport", transport, NULL);
  client = g_object_new (NEBULA_THRIFT_TYPE_GRAPH_SERVICE_CLIENT, "input_protocol", protocol,
                         "output_protocol", protocol, NULL);
  /* connected */

  succeeded = thrift_transport_open (transport, &error) && run (client, &error);
  if (!succeeded)
    g_printerr ("%s\n", error != NULL ? error->message : "no answer, and no error");

  g_object_unref (client);
  g_object_unref (protocol);
  g_object_unref (transport);
  g_object_unref (socket);
  return succeeded ? 0 : 1;
}
