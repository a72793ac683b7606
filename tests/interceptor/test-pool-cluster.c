/* SPDX-License-Identifier: Apache-2.0 */
#include "cluster-fixture.h"
#include "pool-fixture.h"

/* A pool before three graphds, which come and go. At the end no write may be in another space than
 * the one in which its lease was wanted. */

typedef struct
{
  ClusterFixture road;
  NebulaPool *pool;
} ClusterPool;

static void
set_up (ClusterPool *self, gconstpointer data)
{
  cluster_set_up (&self->road, data);
  nebula_cluster_set_credentials (self->road.cluster, "root", "nebula");
  self->pool = g_object_new (NEBULA_TYPE_POOL, "cluster", self->road.cluster, "stub-type",
                             NEBULA_THRIFT_TYPE_GRAPH_SERVICE_CLIENT, "max-size", 3u, "space",
                             "red", NULL);
}

static void
tear_down (ClusterPool *self, gconstpointer data)
{
  g_assert_finalize_object (self->pool);
  cluster_tear_down (&self->road, data);
}

static void
write_red (ClusterPool *self)
{
  g_autofree char *statement = cluster_make_write (&self->road, "red");
  g_autoptr (GError) error = NULL;
  g_autoptr (NebulaPoolLease) lease = nebula_pool_acquire (self->pool, -1, NULL, &error);

  g_assert_no_error (error);
  g_assert_cmpint (pool_fixture_execute (lease, statement, &error), ==, 0);
}

static void
test_moves (ClusterPool *self, gconstpointer data)
{
  NebulaPoolLease *leases[3];
  guint before;

  g_test_summary ("leases whose graphd has gone go on at another one, with session and space");
  for (guint i = 0; i < G_N_ELEMENTS (leases); i++)
    leases[i] = nebula_pool_acquire (self->pool, -1, NULL, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (leases); i++)
    nebula_pool_lease_free (leases[i]);
  before = cluster_get_calls (&self->road, "authenticate");
  for (guint i = 0; i < CLUSTER_SERVERS; i++)
    {
      cluster_leave_only (&self->road, i);
      nebula_manual_clock_advance (self->road.clock, G_TIME_SPAN_HOUR);
      write_red (self);
      write_red (self);
    }
  g_assert_cmpuint (cluster_get_writes (&self->road, "red"), ==, 2 * CLUSTER_SERVERS);
  g_assert_cmpuint (cluster_get_calls (&self->road, "authenticate"), ==, before);
}

#define N_THREADS 4
#define N_WRITES 30
#define N_STOPS 20

typedef struct
{
  ClusterPool *fixture;
  guint number;
  gint *n_done; /* atomic, of all threads */
  guint n_good;
  GThread *thread;
} Writer;

static gboolean
write_in (Writer *self, const char *space, guint serial)
{
  g_autofree char *statement = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (NebulaPoolLease) lease = NULL;
  gboolean good = FALSE;

  statement = g_strdup_printf ("INSERT VERTEX t(n) VALUES \"v\":(%u%03u) /* %s */",
                               self->number + 1, serial, space);
  lease = nebula_pool_acquire_in_space (self->fixture->pool, space, -1, NULL, &error);
  if (lease != NULL)
    good = pool_fixture_execute (lease, statement, &error) == 0;
  if (error != NULL)
    g_assert_true (error->domain == NEBULA_ERROR);
  return good;
}

static gpointer
write_often (gpointer data)
{
  static const char *const spaces[] = { "red", "blue", "green" };
  Writer *self = data;

  for (guint i = 0; i < N_WRITES; i++)
    {
      self->n_good += write_in (self, spaces[(self->number + i) % G_N_ELEMENTS (spaces)], i);
      g_atomic_int_inc (self->n_done);
    }
  return NULL;
}

/* Lets the threads get on: a few writes, or all that are left. */
static void
await_progress (gint *n_done)
{
  gint enough = MIN (g_atomic_int_get (n_done) + N_THREADS, N_THREADS * N_WRITES);

  while (g_atomic_int_get (n_done) < enough)
    g_thread_yield ();
}

static void
test_threads (ClusterPool *self, gconstpointer data)
{
  Writer writers[N_THREADS];
  guint n_good = 0;
  gint n_done = 0;

  g_test_summary (
    "four threads write to three spaces with three sessions, while graphds come and go");
  for (guint i = 0; i < N_THREADS; i++)
    {
      writers[i] = (Writer){ self, i, &n_done, 0, NULL };
      writers[i].thread = g_thread_new ("writer", write_often, &writers[i]);
    }
  for (guint i = 0; i < N_STOPS; i++)
    {
      cluster_perform (&self->road, NEBULA_MOCK_ACTION_STOP, i % CLUSTER_SERVERS);
      await_progress (&n_done);
      cluster_perform (&self->road, NEBULA_MOCK_ACTION_START, i % CLUSTER_SERVERS);
    }
  for (guint i = 0; i < N_THREADS; i++)
    {
      g_thread_join (writers[i].thread);
      n_good += writers[i].n_good;
    }
  g_assert_cmpuint (n_good, >, N_THREADS * N_WRITES / 2);
  g_assert_cmpuint (cluster_get_writes (&self->road, NULL), >=, n_good);
}

#define add(path, func)                                                                            \
  g_test_add ("/pool-cluster/" path, ClusterPool, NULL, set_up, func, tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  add ("moves", test_moves);
  add ("threads", test_threads);
  return g_test_run ();
}
