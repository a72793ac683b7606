/* SPDX-License-Identifier: Apache-2.0 */
#include "nebula-fixture.h"

/* Graphds that share their sessions stop, start and fall silent: calls go on elsewhere. */

#define N_SERVERS 3
#define N_THREADS 6
#define N_CALLS 200

/* What a thread has to get done before the next graphd stops. */
#define CALLS_A_STOP 60

#define READ "YIELD 7"
#define WRITE "INSERT VERTEX t(n) VALUES \"v\":(1)"

typedef struct
{
  Fixture road;
  NebulaMockCluster *cluster;
} Failover;

static void
set_up (Failover *self, gconstpointer data)
{
  self->cluster = fixture_set_up_graphds (&self->road, N_SERVERS);
}

static void
tear_down (Failover *self, gconstpointer data)
{
  fixture_tear_down_graphds (&self->road, self->cluster);
}

static guint
count_logins (Failover *self)
{
  guint n = 0;

  for (guint i = 0; i < N_SERVERS; i++)
    n += nebula_mock_server_get_calls (nebula_mock_cluster_get_server (self->cluster, i),
                                       "authenticate");
  return n;
}

static void
execute_well (Failover *self, const char *statement)
{
  g_autoptr (GError) error = NULL;

  g_assert_cmpint (fixture_execute (&self->road, statement, &error), ==, 0);
  g_assert_no_error (error);
}

static void
test_session_goes_along (Failover *self, gconstpointer data)
{
  g_test_summary ("the session and its space go along from graphd to graphd, without a new login");
  fixture_use_space (&self->road);
  for (guint i = 0; i < N_SERVERS - 1; i++)
    {
      nebula_mock_cluster_perform (self->cluster, NEBULA_MOCK_ACTION_STOP, i);
      execute_well (self, WRITE);
    }
  g_assert_cmpuint (nebula_mock_cluster_get_writes (self->cluster, 1, "test", NULL), ==, 1);
  g_assert_cmpuint (nebula_mock_cluster_get_writes (self->cluster, 2, "test", NULL), ==, 1);
  g_assert_cmpuint (count_logins (self), ==, 1);
}

static void
test_partition (Failover *self, gconstpointer data)
{
  g_test_summary ("a graphd from which no byte comes is left when a connection had to stand");
  fixture_use_real_time (&self->road);
  fixture_set_policy (&self->road, "connect-timeout", 500 * G_TIME_SPAN_MILLISECOND, NULL);
  nebula_mock_cluster_perform (self->cluster, NEBULA_MOCK_ACTION_PARTITION, 0);
  fixture_log_in (&self->road);
  execute_well (self, READ);
  nebula_mock_cluster_perform (self->cluster, NEBULA_MOCK_ACTION_HEAL, 0);
  g_assert_cmpuint (nebula_mock_server_get_calls (nebula_mock_cluster_get_server (self->cluster, 1),
                                                  "execute"), ==, 1);
}

static void
test_come_back (Failover *self, gconstpointer data)
{
  NebulaMockServer *first = nebula_mock_cluster_get_server (self->cluster, 0);

  g_test_summary ("a graphd that was started again gets connections after its pause");
  fixture_log_in (&self->road);
  nebula_mock_cluster_perform (self->cluster, NEBULA_MOCK_ACTION_STOP, 0);
  execute_well (self, READ);
  nebula_mock_cluster_perform (self->cluster, NEBULA_MOCK_ACTION_START, 0);
  fixture_connect (&self->road, nebula_interceptor_new (self->road.cluster));
  fixture_open (&self->road);
  execute_well (self, READ);
  g_assert_cmpuint (nebula_mock_server_get_calls (first, "execute"), ==, 0);

  nebula_manual_clock_advance (self->road.clock, G_TIME_SPAN_SECOND);
  fixture_connect (&self->road, nebula_interceptor_new (self->road.cluster));
  fixture_open (&self->road);
  execute_well (self, READ);
  g_assert_cmpuint (nebula_mock_server_get_received (first, "YIELD 1"), ==, 1);
  g_assert_cmpuint (nebula_mock_server_get_received (first, READ), ==, 1);
}

typedef struct
{
  NebulaCluster *cluster;
  gint n_ready; /* atomic: threads that are logged in: a login is not repeated as a read is */
  gint n_done;  /* atomic: calls of all threads */
} Callers;

static gpointer
call_often (gpointer data)
{
  Callers *callers = data;
  Fixture client = { 0 };

  fixture_connect (&client, nebula_interceptor_new (callers->cluster));
  fixture_log_in (&client);
  g_atomic_int_inc (&callers->n_ready);
  for (guint i = 0; i < N_CALLS; i++)
    {
      g_autoptr (GError) error = NULL;

      g_assert_cmpint (fixture_execute (&client, READ, &error), ==, 0);
      g_assert_no_error (error);
      g_atomic_int_inc (&callers->n_done);
    }
  fixture_disconnect (&client);
  return NULL;
}

/* Until so many calls more are done, or all. */
static void
await_calls (Callers *callers, gint n)
{
  gint target = MIN (g_atomic_int_get (&callers->n_done) + n, N_THREADS * N_CALLS);

  while (g_atomic_int_get (&callers->n_done) < target)
    g_thread_yield ();
}

static void
test_threads (Failover *self, gconstpointer data)
{
  Callers callers = { self->road.cluster, 0, 0 };
  GThread *threads[N_THREADS];

  g_test_summary ("while one graphd after the other stops and starts, no read of 6 threads fails");
  nebula_cluster_set_clock (self->road.cluster, nebula_clock_get_system ());
  fixture_set_policy (&self->road, "endpoint-pause", G_TIME_SPAN_MILLISECOND, NULL);
  for (guint i = 0; i < N_THREADS; i++)
    threads[i] = g_thread_new ("caller", call_often, &callers);
  while (g_atomic_int_get (&callers.n_ready) < N_THREADS)
    g_thread_yield ();
  for (guint i = 0; g_atomic_int_get (&callers.n_done) < N_THREADS * N_CALLS; i++)
    {
      nebula_mock_cluster_perform (self->cluster, NEBULA_MOCK_ACTION_STOP, i % N_SERVERS);
      await_calls (&callers, CALLS_A_STOP);
      nebula_mock_cluster_perform (self->cluster, NEBULA_MOCK_ACTION_START, i % N_SERVERS);
      await_calls (&callers, CALLS_A_STOP);
    }
  for (guint i = 0; i < N_THREADS; i++)
    g_thread_join (threads[i]);
  g_assert_cmpuint (nebula_mock_cluster_get_applied (self->cluster, READ), >=,
                    N_THREADS * N_CALLS);
}

#define add(path, func) \
  g_test_add ("/failover/" path, Failover, NULL, set_up, func, tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  add ("session-goes-along", test_session_goes_along);
  add ("partition", test_partition);
  add ("come-back", test_come_back);
  add ("threads", test_threads);
  return g_test_run ();
}
