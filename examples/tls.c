/* SPDX-License-Identifier: Apache-2.0 */

/* graphd over TLS: `tls HOST:PORT CA_FILE`. First with another name than the server's certificate
 * has: it is refused, before anything was said. */

#include "example-client.h"

/* @server_name: (nullable): the name in the certificate; NULL for the host of the endpoint */
static NebulaCluster *
new_cluster (const char *endpoints, const char *ca_file, const char *server_name, GError **error)
{
  g_autoptr (NebulaCluster) cluster = nebula_cluster_new (endpoints, error);
  g_autoptr (NebulaTls) tls = NULL;

  if (cluster == NULL)
    return NULL;
  tls = nebula_tls_new (ca_file, NULL, NULL, server_name, error);
  if (tls == NULL || !nebula_cluster_set_tls (cluster, tls, error))
    return NULL;
  return g_steal_pointer (&cluster);
}

static gboolean
run (NebulaThriftGraphServiceIf *client, const char *statement, GError **error)
{
  NebulaThriftExecutionResponse *reply;
  gint64 session = example_authenticate (client, error);

  if (session == 0)
    return FALSE;
  reply = example_execute (client, session, statement, error);
  if (reply == NULL)
    return FALSE;
  g_print ("%s: code %d\n", statement, reply->error_code);
  g_object_unref (reply);
  return TRUE;
}

/* From here on TLS is of no concern. */
static gboolean
connect_and_run (NebulaCluster *cluster, const char *statement, GError **error)
{
  g_autoptr (NebulaInterceptor) interceptor = nebula_interceptor_new (cluster);
  NebulaThriftGraphServiceIf *client = example_client_new (interceptor);
  gboolean done = thrift_transport_open (THRIFT_TRANSPORT (interceptor), error)
                  && run (client, statement, error);

  g_object_unref (client);
  return done;
}

/* The message begins with the endpoint, which is another one each time. */
static void
explain (const GError *error)
{
  const char *reason = strstr (error->message, "the server's certificate");

  g_print ("%s\n", reason != NULL ? reason : error->message);
}

int
main (int argc, char **argv)
{
  static const char *const server_names[] = { "graph9.example", NULL };
  const char *endpoints = example_endpoints (argc, argv);
  const char *ca_file = argc > 2 ? argv[2] : NULL;
  gboolean done = FALSE;

  for (guint i = 0; i < G_N_ELEMENTS (server_names); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (NebulaCluster) cluster = new_cluster (endpoints, ca_file, server_names[i], &error);

      done = cluster != NULL && connect_and_run (cluster, "YIELD 1", &error);
      if (!done)
        explain (error);
    }
  return done ? 0 : 1;
}
