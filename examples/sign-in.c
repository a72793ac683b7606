/* SPDX-License-Identifier: Apache-2.0 */

/* A session without authenticate in the program; its password comes from elsewhere, and changes. */

#include "example-client.h"

#include <nebula-interceptor/nebula-interceptor.h>

/* Asked when a session has to be got or renewed and no good password is known: here a program would
 * look into the place where it keeps its secrets. */
static gboolean
look_up (NebulaCluster *cluster,
         const char *session_user,
         char **user,
         char **password,
         gpointer user_data)
{
  guint *n_asked = user_data;

  g_print ("asked for a password %s\n", session_user != NULL ? "to renew a session" : "to sign in");
  ++*n_asked;
  *user = g_strdup ("root");
  *password = g_strdup ("nebula");
  return TRUE;
}

static void
run (NebulaThriftGraphServiceIf *client, gint64 session, const char *statement)
{
  g_autoptr (GError) error = NULL;
  NebulaThriftExecutionResponse *reply = example_execute (client, session, statement, &error);

  g_print ("%s: %s\n", statement, reply != NULL ? "done" : error->message);
  g_clear_object (&reply);
}

int
main (int argc, char **argv)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (NebulaCluster) cluster = NULL;
  g_autoptr (NebulaInterceptor) interceptor = NULL;
  NebulaThriftGraphServiceIf *client;
  guint n_asked = 0;
  gint64 session;

  cluster = nebula_cluster_new (example_endpoints (argc, argv), &error);
  if (cluster == NULL)
    g_error ("%s", error->message);
  /* Nothing stays in memory: each renewal asks again. */
  nebula_cluster_set_keep_credentials (cluster, FALSE);
  nebula_cluster_set_credentials_func (cluster, look_up, &n_asked, NULL);

  interceptor = nebula_interceptor_new (cluster);
  g_object_set (interceptor, "surface-errors", NEBULA_SURFACE_ERRORS, NULL);
  if (!nebula_interceptor_sign_in (interceptor, "test", &session, &error))
    g_error ("%s", error->message);

  client = example_client_new (interceptor);
  run (client, session, "INSERT VERTEX n(v) VALUES \"a\":(1)");
  run (client, session, "UPDATE VERTEX ON n \"a\" SET v = v + 1");
  g_object_unref (client);
  return n_asked == 2 ? 0 : 1;
}
