/* SPDX-License-Identifier: Apache-2.0 */
#include "endpoints-fixture.h"

/* The endpoints of a cluster are replaced while it is used. */

#define N_THREADS 8
#define N_CALLS 100

static void
set_endpoints (EndpointsFixture *self, const char *digits)
{
  g_autofree char *list = endpoints_fixture_list (self, digits);
  g_autoptr (GError) error = NULL;

  nebula_cluster_set_endpoints (self->road.cluster, list, &error);
  g_assert_no_error (error);
}

static void
test_kept (EndpointsFixture *self, gconstpointer data)
{
  g_test_summary ("who is connected to an endpoint that stays keeps its connection");
  fixture_log_in (&self->road);
  set_endpoints (self, "20");
  endpoints_fixture_execute (self, "YIELD 7");
  endpoints_fixture_assert_calls (self, "verifyClientVersion", "1 0 0");
  endpoints_fixture_assert_calls (self, "execute", "1 0 0");
}

static void
test_health_kept (EndpointsFixture *self, gconstpointer data)
{
  g_test_summary ("an endpoint that was set aside stays so");
  endpoints_fixture_stop_listening (self, 0);
  fixture_log_in (&self->road);
  set_endpoints (self, "20");
  endpoints_fixture_assert_states (self, "well aside:1");
}

static void
test_removed (EndpointsFixture *self, gconstpointer data)
{
  g_test_summary ("who is connected to one that is removed goes to another before its next call");
  fixture_log_in (&self->road);
  set_endpoints (self, "1");
  endpoints_fixture_execute (self, "YIELD 7");
  g_assert_cmpuint (nebula_mock_server_get_received (self->servers[0], "YIELD 7"), ==, 0);
  g_assert_cmpuint (nebula_mock_server_get_applied (self->servers[1], "YIELD 7"), ==, 1);
  g_assert_true (nebula_mock_server_wait_for_connections_closed (self->servers[0]));
}

static void
test_wrong (EndpointsFixture *self, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  g_test_summary ("a wrong list changes nothing");
  fixture_log_in (&self->road);
  g_assert_false (nebula_cluster_set_endpoints (self->road.cluster, "a:1,a:1", &error));
  g_assert_error (error, NEBULA_ERROR, NEBULA_ERROR_INVALID_ARGUMENT);
  endpoints_fixture_execute (self, "YIELD 7");
  endpoints_fixture_assert_calls (self, "execute", "1 0 0");
  endpoints_fixture_assert_states (self, "well well well");
}

static gpointer
execute_slow (gpointer data)
{
  endpoints_fixture_execute (data, "YIELD 8");
  return NULL;
}

static void
test_running (EndpointsFixture *self, gconstpointer data)
{
  GThread *thread;

  g_test_summary ("a call that is under way at a removed endpoint is finished there");
  fixture_log_in (&self->road);
  endpoints_fixture_fault (self, 0,
                           nebula_mock_fault_new_delay ("execute", "YIELD 8", 1, 1, 100));
  thread = g_thread_new ("caller", execute_slow, self);
  g_assert_true (nebula_mock_server_wait_for_calls (self->servers[0], "execute", 1));
  set_endpoints (self, "2");
  g_thread_join (thread);
  g_assert_cmpuint (nebula_mock_server_get_applied (self->servers[0], "YIELD 8"), ==, 1);
  endpoints_fixture_execute (self, "YIELD 7");
  g_assert_cmpuint (nebula_mock_server_get_applied (self->servers[2], "YIELD 7"), ==, 1);
}

static void
test_all_others (EndpointsFixture *self, gconstpointer data)
{
  g_test_summary ("a cluster whose endpoints are all down is moved to others");
  endpoints_fixture_limit (self, 1);
  fixture_log_in (&self->road);
  endpoints_fixture_stop_listening (self, 0);
  g_assert_cmpint (fixture_execute (&self->road, "YIELD 7", NULL), ==, FIXTURE_NO_REPLY);
  set_endpoints (self, "12");
  endpoints_fixture_execute (self, "YIELD 7");
  endpoints_fixture_assert_states (self, "well well");
}

typedef struct
{
  NebulaCluster *cluster;
  gint *n_running; /* atomic */
} Caller;

/* A client of its own, of a cluster that others use and change. */
static gpointer
call_often (gpointer data)
{
  const Caller *caller = data;
  Fixture client = { 0 };

  fixture_connect (&client, nebula_interceptor_new (caller->cluster));
  fixture_log_in (&client);
  for (guint i = 0; i < N_CALLS; i++)
    {
      g_autoptr (GError) error = NULL;

      gint32 code = fixture_execute (&client, "YIELD 7", &error);

      g_assert_no_error (error);
      g_assert_cmpint (code, ==, 0);
    }
  fixture_disconnect (&client);
  g_atomic_int_add (caller->n_running, -1);
  return NULL;
}

/* Graphds that share their sessions: those of others would give the same id to two threads. */
static NebulaMockCluster *
start_graphds (void)
{
  NebulaMockCluster *graphds = nebula_mock_cluster_new (ENDPOINTS_N_SERVERS);
  g_autoptr (GError) error = NULL;

  nebula_mock_cluster_add_user (graphds, "root", "nebula");
  nebula_mock_cluster_start (graphds, NULL, 0, &error);
  g_assert_no_error (error);
  return graphds;
}

static char *
list_graphds (NebulaMockCluster *graphds, const char *digits)
{
  GString *list = g_string_new (NULL);

  for (const char *c = digits; *c != '\0'; c++)
    g_string_append_printf (list, "%s%s", list->len > 0 ? "," : "",
                            nebula_mock_server_get_address (
                              nebula_mock_cluster_get_server (graphds, *c - '0')));
  return g_string_free (list, FALSE);
}

/* Until all threads have made their calls; one graphd stops on the way. It is in no list that comes
 * later: a call could meet it again and again, each time as one that nobody knows yet. */
static void
change_lists (NebulaMockCluster *graphds, const Caller *caller)
{
  static const char *const lists[] = { "01", "12", "20", "012", "1" };
  static const char *const later[] = { "12", "21", "1" };
  gboolean has_stopped = FALSE;

  for (guint i = 0; g_atomic_int_get (caller->n_running) > 0; i++)
    {
      const char *digits = has_stopped ? later[i % G_N_ELEMENTS (later)]
                                       : lists[i % G_N_ELEMENTS (lists)];
      g_autofree char *list = list_graphds (graphds, digits);
      g_autoptr (GPtrArray) states = NULL;

      g_assert_true (nebula_cluster_set_endpoints (caller->cluster, list, NULL));
      states = nebula_cluster_get_endpoint_states (caller->cluster);
      g_assert_cmpuint (states->len, ==, strlen (digits));
      if (!has_stopped && nebula_mock_cluster_get_applied (graphds, "YIELD 7") > N_CALLS)
        {
          nebula_mock_server_set_listening (nebula_mock_cluster_get_server (graphds, 0), FALSE);
          has_stopped = TRUE;
        }
      g_thread_yield ();
    }
}

static void
test_threads (EndpointsFixture *self, gconstpointer data)
{
  NebulaMockCluster *graphds = start_graphds ();
  g_autofree char *list = list_graphds (graphds, "012");
  g_autoptr (NebulaCluster) cluster = nebula_cluster_new (list, NULL);
  gint n_running = N_THREADS;
  Caller caller = { cluster, &n_running };
  GThread *threads[N_THREADS];

  g_test_summary ("8 threads call while endpoints come and go, and one dies: no call fails");
  for (guint i = 0; i < N_THREADS; i++)
    threads[i] = g_thread_new ("caller", call_often, &caller);
  change_lists (graphds, &caller);
  for (guint i = 0; i < N_THREADS; i++)
    g_thread_join (threads[i]);
  g_assert_cmpuint (nebula_mock_cluster_get_applied (graphds, "YIELD 7"), >=,
                    N_THREADS * N_CALLS);
  nebula_mock_cluster_stop (graphds);
  g_assert_finalize_object (graphds);
}

#define add(path, func) endpoints_fixture_add ("/endpoints-replaced/" path, func)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  add ("kept", test_kept);
  add ("health-kept", test_health_kept);
  add ("removed", test_removed);
  add ("wrong", test_wrong);
  add ("running", test_running);
  add ("all-others", test_all_others);
  add ("threads", test_threads);
  return g_test_run ();
}
