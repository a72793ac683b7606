/* SPDX-License-Identifier: Apache-2.0 */

/* A program with a main loop, which must not block: statements run in threads of a pool, their
 * answers come to the loop. */

#include "example-client.h"

#include <nebula-interceptor/nebula-pool.h>

static GMainLoop *loop;

/* In a thread of the pool. */
static gpointer
execute (NebulaPoolLease *lease,
         GCancellable *cancellable,
         gpointer statement,
         GDestroyNotify *destroy_result,
         GError **error)
{
  *destroy_result = g_object_unref;
  return example_execute (nebula_pool_lease_get_stub (lease),
                          nebula_pool_lease_get_session_id (lease), statement, error);
}

static void
on_cancelled (GObject *pool, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GError) error = NULL;
  NebulaThriftExecutionResponse *reply;

  reply = nebula_pool_run_finish (NEBULA_POOL (pool), result, &error);
  if (g_error_matches (error, NEBULA_ERROR, NEBULA_ERROR_CANCELLED))
    g_print ("cancelled\n");
  g_clear_object (&reply);
  g_main_loop_quit (loop);
}

/* The server of this example does not answer: without the cancellable this would take its time. */
static void
ask_in_vain (NebulaPool *pool)
{
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();

  nebula_pool_run_async (pool, execute, g_strdup ("YIELD 1"), g_free, cancellable, on_cancelled,
                         NULL);
  g_cancellable_cancel (cancellable);
}

static void
on_answered (GObject *pool, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GError) error = NULL;
  NebulaThriftExecutionResponse *reply;

  reply = nebula_pool_run_finish (NEBULA_POOL (pool), result, &error);
  if (reply != NULL)
    g_print ("answered with code %d\n", reply->error_code);
  else
    g_print ("%s\n", error->message);
  g_clear_object (&reply);
  ask_in_vain (NEBULA_POOL (pool));
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
  pool = nebula_pool_new_for_stub_type (cluster, NEBULA_THRIFT_TYPE_GRAPH_SERVICE_CLIENT);
  loop = g_main_loop_new (NULL, FALSE);
  nebula_pool_run_async (pool, execute, g_strdup ("SHOW SPACES"), g_free, NULL, on_answered, NULL);
  g_print ("asked\n");
  g_main_loop_run (loop);
  g_main_loop_unref (loop);
  return 0;
}
