/* SPDX-License-Identifier: Apache-2.0 */
#include "nebula-fixture.h"

/* Connections that are older than max-connection-age make place for new ones, between two calls:
 * graphds that share their sessions. */

#define N_SERVERS 3
#define N_CLIENTS 6
#define N_TOGETHER 20

#define S G_GINT64_CONSTANT (1000000)

/* With the part that is left to chance a connection is replaced after 90 to 110 seconds. */
#define AGE (100 * S)
#define SURELY_YOUNG (90 * S - 1)
#define SURELY_OLD (110 * S)

#define READ "YIELD 7"
#define WRITE "INSERT VERTEX t(n) VALUES \"v\":(1)"

typedef struct
{
  Fixture road;
  NebulaMockCluster *cluster;
} Graphds;

static NebulaMockServer *
get_server (Graphds *self, guint server)
{
  return nebula_mock_cluster_get_server (self->cluster, server);
}

/* A new client, not open. */
static void
reconnect (Graphds *self, gint64 idle_timeout)
{
  fixture_connect (&self->road,
                   g_object_new (NEBULA_TYPE_INTERCEPTOR, "cluster", self->road.cluster,
                                 "max-connection-age", AGE, "idle-timeout", idle_timeout, NULL));
}

/* @data: how many graphds; NULL for all of them */
static void
set_up (Graphds *self, gconstpointer data)
{
  self->cluster = fixture_set_up_graphds (&self->road,
                                          data != NULL ? GPOINTER_TO_UINT (data) : N_SERVERS);
  reconnect (self, 300 * S);
}

static void
tear_down (Graphds *self, gconstpointer data)
{
  fixture_tear_down_graphds (&self->road, self->cluster);
}

/* Whether the servers have got so many requests with @statement, with a blank between two. */
static void
assert_received (Graphds *self, const char *statement, const char *expected)
{
  g_autoptr (GString) got = g_string_new (NULL);

  for (guint i = 0; i < nebula_mock_cluster_get_n_servers (self->cluster); i++)
    g_string_append_printf (got, "%s%u", i > 0 ? " " : "",
                            nebula_mock_server_get_received (get_server (self, i), statement));
  g_assert_cmpstr (got->str, ==, expected);
}

static void
execute (Graphds *self, const char *statement)
{
  g_autoptr (GError) error = NULL;

  g_assert_cmpint (fixture_execute (&self->road, statement, &error), ==, 0);
  g_assert_no_error (error);
}

static void
pass (Graphds *self, gint64 time)
{
  nebula_manual_clock_advance (self->road.clock, time);
}

static guint
count_logins (Graphds *self)
{
  guint n = 0;

  for (guint i = 0; i < nebula_mock_cluster_get_n_servers (self->cluster); i++)
    n += nebula_mock_server_get_calls (get_server (self, i), "authenticate");
  return n;
}

static void
test_replaced (Graphds *self, gconstpointer data)
{
  g_test_summary ("a connection that has come of age makes place for one to the next endpoint: "
                  "no retry, no login, and the space is set again");
  fixture_use_space (&self->road);
  pass (self, SURELY_YOUNG);
  execute (self, WRITE);
  assert_received (self, WRITE, "1 0 0");

  for (guint i = 1; i <= N_SERVERS; i++)
    {
      pass (self, SURELY_OLD);
      execute (self, WRITE);
      g_assert_cmpuint (fixture_get_attempts (&self->road), ==, 1);
      g_assert_true (
        nebula_mock_server_wait_for_connections_closed (get_server (self, (i - 1) % N_SERVERS)));
    }
  assert_received (self, WRITE, "2 1 1");
  for (guint i = 1; i < N_SERVERS; i++)
    g_assert_cmpuint (nebula_mock_cluster_get_writes (self->cluster, i, "test", NULL), ==, 1);
  g_assert_cmpuint (count_logins (self), ==, 1);
  g_assert_cmpint (nebula_manual_clock_get_waited (self->road.clock), ==, 0);
}

static void
test_never (Graphds *self, gconstpointer data)
{
  g_test_summary ("with 0 a connection has no age");
  g_object_set (self->road.interceptor, "max-connection-age", G_GINT64_CONSTANT (0), "idle-timeout",
                G_MAXINT64, NULL);
  fixture_log_in (&self->road);
  for (guint i = 0; i < 10; i++)
    {
      pass (self, 365 * 24 * 3600 * S);
      execute (self, READ);
    }
  assert_received (self, READ, "10 0 0");
  g_assert_cmpuint (nebula_mock_server_get_connections (get_server (self, 0)), ==, 1);
}

static void
test_longest (Graphds *self, gconstpointer data)
{
  g_test_summary ("the longest age of all does not overflow");
  g_object_set (self->road.interceptor, "max-connection-age", G_MAXINT64, NULL);
  fixture_log_in (&self->road);
  pass (self, 200 * S);
  execute (self, READ);
  assert_received (self, READ, "1 0 0");
}

static void
test_shortest (Graphds *self, gconstpointer data)
{
  g_test_summary ("with the shortest age of all each call is elsewhere when any time has passed");
  g_object_set (self->road.interceptor, "max-connection-age", G_GINT64_CONSTANT (1), NULL);
  fixture_log_in (&self->road);
  for (guint i = 0; i < 3; i++)
    {
      pass (self, 1);
      execute (self, READ);
    }
  assert_received (self, READ, "1 1 1");
}

static void
test_only_endpoint (Graphds *self, gconstpointer data)
{
  g_test_summary ("also the only endpoint, which may stand for many, is connected to anew");
  fixture_use_space (&self->road);
  pass (self, SURELY_OLD);
  execute (self, WRITE);
  g_assert_cmpuint (nebula_mock_server_get_connections (get_server (self, 0)), ==, 2);
  g_assert_cmpuint (nebula_mock_cluster_get_writes (self->cluster, 0, "test", NULL), ==, 1);
}

static void
test_not_in_a_call (Graphds *self, gconstpointer data)
{
  g_autoptr (NebulaMockFault) busy
    = nebula_mock_fault_new_code (READ, 1, 2, -1010, "Too many connections in the cluster");

  g_test_summary ("a connection that comes of age between two attempts is kept to the end of the "
                  "call");
  nebula_mock_server_add_fault (get_server (self, 0), busy);
  fixture_set_policy (&self->road, "slow-initial", 60 * S, "slow-maximum", 60 * S, "jitter",
                      NEBULA_JITTER_NONE, "total-timeout", 300 * S, NULL);
  fixture_log_in (&self->road);
  pass (self, SURELY_YOUNG);
  execute (self, READ);
  g_assert_cmpint (nebula_manual_clock_get_waited (self->road.clock), >=, 60 * S);
  assert_received (self, READ, "3");
  g_assert_cmpuint (nebula_mock_server_get_connections (get_server (self, 0)), ==, 1);
  execute (self, READ);
  g_assert_cmpuint (nebula_mock_server_get_connections (get_server (self, 0)), ==, 2);
}

static void
test_next_is_dead (Graphds *self, gconstpointer data)
{
  g_test_summary ("where the next endpoint is not there the call goes on, and is made once");
  fixture_use_space (&self->road);
  nebula_mock_cluster_perform (self->cluster, NEBULA_MOCK_ACTION_STOP, 1);
  nebula_mock_cluster_perform (self->cluster, NEBULA_MOCK_ACTION_STOP, 2);
  pass (self, SURELY_OLD);
  execute (self, WRITE);
  assert_received (self, WRITE, "1 0 0");
  g_assert_cmpuint (nebula_mock_server_get_connections (get_server (self, 0)), ==, 2);
  g_assert_cmpint (nebula_manual_clock_get_waited (self->road.clock), ==, 0);
}

static void
test_hurried (Graphds *self, gconstpointer data)
{
  g_test_summary ("a call that could not wait for an endpoint that is not there keeps its connection");
  fixture_set_policy (&self->road, "connect-timeout", 3 * S, "total-timeout", 3 * S - 1, NULL);
  fixture_log_in (&self->road);
  pass (self, SURELY_OLD);
  execute (self, READ);
  assert_received (self, READ, "1 0 0");
  fixture_set_policy (&self->road, "connect-timeout", 3 * S, "total-timeout", 3 * S, NULL);
  execute (self, READ);
  assert_received (self, READ, "1 1 0");
}

/* A graphd that is overloaded, and connected to nobody else, is set aside, and nobody may connect
 * to it now. */
static void
set_aside (Graphds *self)
{
  static const char *const reads[] = { "YIELD 11", "YIELD 12", "YIELD 13" };
  g_autoptr (NebulaInterceptor) other = nebula_interceptor_new (self->road.cluster);
  NebulaMockServer *server = get_server (self, 0);

  for (guint i = 0; i < G_N_ELEMENTS (reads); i++)
    {
      g_autoptr (NebulaMockFault) fault = nebula_mock_fault_new_code (
        reads[i], 1, 0, -1005, "GraphMemoryExceeded: (-2600) memory is tight");

      nebula_mock_server_add_fault (server, fault);
      g_assert_cmpint (fixture_execute (&self->road, reads[i], NULL), ==, -1005);
    }
  nebula_mock_server_set_listening (server, FALSE);
  pass (self, SURELY_OLD);
  g_assert_false (thrift_transport_open (THRIFT_TRANSPORT (other), NULL));
  nebula_mock_server_set_listening (server, TRUE);
}

static void
test_no_choice (Graphds *self, gconstpointer data)
{
  NebulaMockServer *server = get_server (self, 0);

  g_test_summary ("a connection that works is kept while none may be made, however old it is");
  fixture_set_policy (&self->road, "enabled", FALSE, NULL);
  fixture_log_in (&self->road);
  set_aside (self);
  execute (self, READ);
  execute (self, READ);
  g_assert_cmpuint (nebula_mock_server_get_connections (server), ==, 1);
  pass (self, 10 * S);
  execute (self, READ);
  g_assert_cmpuint (nebula_mock_server_get_connections (server), ==, 2);
}

static void
test_idle (Graphds *self, gconstpointer data)
{
  g_test_summary ("who is often idle moves too: a connection that is made again has the age of the "
                  "one before");
  reconnect (self, 10 * S);
  fixture_log_in (&self->road);
  for (guint i = 0; i < 2; i++)
    {
      pass (self, 40 * S);
      execute (self, READ);
    }
  assert_received (self, READ, "2 0 0");
  g_assert_cmpuint (nebula_mock_server_get_connections (get_server (self, 0)), ==, 3);
  pass (self, 40 * S);
  execute (self, READ);
  assert_received (self, READ, "2 1 0");
}

static void
sign_out (Graphds *self)
{
  g_autoptr (GError) error = NULL;

  g_assert_true (nebula_thrift_graph_service_client_signout (self->road.client, self->road.session,
                                                             &error));
  g_assert_no_error (error);
}

/* @idle_timeout: whether the connection is made again is for it to say */
static void
check_sign_out (Graphds *self, gint64 idle_timeout)
{
  reconnect (self, idle_timeout);
  fixture_log_in (&self->road);
  pass (self, SURELY_OLD);
  sign_out (self);
  g_assert_true (nebula_mock_server_wait_for_calls (get_server (self, 0), "signout", 1));
}

static void
test_sign_out (Graphds *self, gconstpointer data)
{
  g_test_summary ("a session is signed out where it is known, over the connection that is there");
  check_sign_out (self, 300 * S);
  g_assert_cmpuint (nebula_mock_server_get_connections (get_server (self, 0)), ==, 1);
  fixture_log_in (&self->road);
  execute (self, READ);
  assert_received (self, READ, "0 1 0");
}

static void
test_sign_out_idle (Graphds *self, gconstpointer data)
{
  g_test_summary ("also when the connection has to be made again");
  check_sign_out (self, 10 * S);
  g_assert_cmpuint (nebula_mock_server_get_connections (get_server (self, 0)), ==, 2);
}

static void
test_come_back (Graphds *self, gconstpointer data)
{
  g_test_summary ("after its pause a graphd that was started again is the first to be gone to");
  fixture_log_in (&self->road);
  nebula_mock_cluster_perform (self->cluster, NEBULA_MOCK_ACTION_STOP, 0);
  execute (self, READ);
  nebula_mock_cluster_perform (self->cluster, NEBULA_MOCK_ACTION_START, 0);
  pass (self, SURELY_YOUNG);
  execute (self, READ);
  assert_received (self, READ, "0 2 0");
  pass (self, SURELY_OLD);
  execute (self, READ);
  assert_received (self, READ, "1 2 0");
}

/* Clients of one cluster, each with a connection of its own. */
static void
make_clients (Graphds *self, Fixture *clients, guint n)
{
  for (guint i = 0; i < n; i++)
    {
      clients[i] = (Fixture) { 0 };
      fixture_connect (&clients[i], g_object_new (NEBULA_TYPE_INTERCEPTOR, "cluster",
                                                  self->road.cluster, "max-connection-age", AGE,
                                                  NULL));
      fixture_log_in (&clients[i]);
    }
}

static void
execute_all (Fixture *clients, guint n, const char *statement)
{
  for (guint i = 0; i < n; i++)
    {
      g_autoptr (GError) error = NULL;

      g_assert_cmpint (fixture_execute (&clients[i], statement, &error), ==, 0);
      g_assert_no_error (error);
    }
}

static void
drop_clients (Fixture *clients, guint n)
{
  for (guint i = 0; i < n; i++)
    fixture_disconnect (&clients[i]);
}

static void
test_chance (Graphds *self, gconstpointer data)
{
  NebulaMockServer *server = get_server (self, 0);
  Fixture clients[N_TOGETHER];
  guint n_replaced;

  g_test_summary ("connections that were made together are replaced at different times, 10 % before "
                  "their age to 10 % after");
  make_clients (self, clients, N_TOGETHER);
  pass (self, SURELY_YOUNG);
  execute_all (clients, N_TOGETHER, READ);
  g_assert_cmpuint (nebula_mock_server_get_connections (server), ==, N_TOGETHER);

  pass (self, AGE - SURELY_YOUNG);
  execute_all (clients, N_TOGETHER, READ);
  n_replaced = nebula_mock_server_get_connections (server) - N_TOGETHER;
  g_assert_cmpuint (n_replaced, >=, N_TOGETHER / 4);
  g_assert_cmpuint (n_replaced, <=, N_TOGETHER * 3 / 4);

  pass (self, SURELY_OLD - AGE);
  execute_all (clients, N_TOGETHER, READ);
  g_assert_cmpuint (nebula_mock_server_get_connections (server), ==, 2 * N_TOGETHER);
  drop_clients (clients, N_TOGETHER);
}

static void
test_even_again (Graphds *self, gconstpointer data)
{
  Fixture clients[N_CLIENTS];

  g_test_summary ("after the restart of one graphd the connections of a process are spread evenly "
                  "again");
  make_clients (self, clients, N_CLIENTS);
  execute_all (clients, N_CLIENTS, "YIELD 21");
  assert_received (self, "YIELD 21", "2 2 2");

  nebula_mock_cluster_perform (self->cluster, NEBULA_MOCK_ACTION_STOP, 0);
  execute_all (clients, N_CLIENTS, "YIELD 22");
  nebula_mock_cluster_perform (self->cluster, NEBULA_MOCK_ACTION_START, 0);
  pass (self, 60 * S);
  execute_all (clients, N_CLIENTS, "YIELD 23");
  assert_received (self, "YIELD 23", "0 3 3");

  pass (self, SURELY_OLD);
  execute_all (clients, N_CLIENTS, "YIELD 24");
  assert_received (self, "YIELD 24", "2 2 2");
  drop_clients (clients, N_CLIENTS);
}

static void
test_default (Graphds *self, gconstpointer data)
{
  g_autoptr (NebulaInterceptor) interceptor = nebula_interceptor_new (self->road.cluster);
  gint64 age;

  g_test_summary ("by default a connection that works is kept however old it is");
  g_object_get (interceptor, "max-connection-age", &age, NULL);
  g_assert_cmpint (age, ==, 0);
}

#define add_for(path, n_servers, func) \
  g_test_add ("/connection-age/" path, Graphds, n_servers, set_up, func, tear_down)
#define add(path, func) add_for (path, NULL, func)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  add ("replaced", test_replaced);
  add ("never", test_never);
  add ("longest", test_longest);
  add ("shortest", test_shortest);
  add_for ("only-endpoint", GUINT_TO_POINTER (1), test_only_endpoint);
  add_for ("chance", GUINT_TO_POINTER (1), test_chance);
  add_for ("not-in-a-call", GUINT_TO_POINTER (1), test_not_in_a_call);
  add ("next-is-dead", test_next_is_dead);
  add ("hurried", test_hurried);
  add_for ("no-choice", GUINT_TO_POINTER (1), test_no_choice);
  add ("idle", test_idle);
  add ("sign-out", test_sign_out);
  add ("sign-out-idle", test_sign_out_idle);
  add ("come-back", test_come_back);
  add ("even-again", test_even_again);
  add ("default", test_default);
  return g_test_run ();
}
