/* SPDX-License-Identifier: Apache-2.0 */

/* Four threads count up, with the two sessions of a pool. */

#include "example-client.h"

#include <nebula-interceptor/nebula-pool.h>

#define N_THREADS 4
#define N_UPDATES 10

static gboolean
execute (NebulaPool *pool, const char *statement, GError **error)
{
  g_autoptr (NebulaPoolLease) lease = NULL;
  NebulaThriftExecutionResponse *reply;

  lease = nebula_pool_acquire (pool, 10 * G_TIME_SPAN_SECOND, NULL, error);
  if (lease == NULL)
    return FALSE;
  reply = example_execute (nebula_pool_lease_get_stub (lease),
                           nebula_pool_lease_get_session_id (lease), statement, error);
  if (reply != NULL && reply->error_code != 0)
    g_set_error (error, NEBULA_ERROR, NEBULA_ERROR_FAILED, "answered %d", reply->error_code);
  g_clear_object (&reply);
  return *error == NULL;
}

static gpointer
count_up (gpointer pool)
{
  guint n_done = 0;

  for (guint i = 0; i < N_UPDATES; i++)
    {
      g_autoptr (GError) error = NULL;

      if (execute (pool, "UPDATE VERTEX ON t \"v\" SET n = n + 1", &error))
        n_done++;
      else
        g_print ("%s\n", error->message);
    }
  return GUINT_TO_POINTER (n_done);
}

static guint
count_up_in_threads (NebulaPool *pool)
{
  GThread *threads[N_THREADS];
  guint n_done = 0;

  for (guint i = 0; i < N_THREADS; i++)
    threads[i] = g_thread_new ("count", count_up, pool);
  for (guint i = 0; i < N_THREADS; i++)
    n_done += GPOINTER_TO_UINT (g_thread_join (threads[i]));
  return n_done;
}

int
main (int argc, char **argv)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (NebulaCluster) cluster = NULL;
  g_autoptr (NebulaPool) pool = NULL;

  cluster = nebula_cluster_new (example_endpoints (argc, argv), &error);
  if (cluster == NULL)
    g_error ("%s", error->message);

  nebula_cluster_set_credentials (cluster, "root", "nebula");
  pool = g_object_new (NEBULA_TYPE_POOL, "cluster", cluster, "stub-type",
                       NEBULA_THRIFT_TYPE_GRAPH_SERVICE_CLIENT, "space", "test", "max-size", 2,
                       NULL);
  if (execute (pool, "INSERT VERTEX t(n) VALUES \"v\":(0)", &error))
    g_print ("%u updates by %d threads\n", count_up_in_threads (pool), N_THREADS);
  else
    g_print ("%s\n", error->message);
  g_clear_error (&error);

  nebula_pool_close (pool);
  if (!execute (pool, "YIELD 1", &error))
    g_print ("%s\n", error->message);
  return 0;
}
