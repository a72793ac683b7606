/* SPDX-License-Identifier: Apache-2.0 */
#include "nebula-fixture.h"

/* graphds that are stopped orderly say so with their last answers, and nothing is lost by it. */

#define N_SERVERS 2

#define WRITE "UPDATE VERTEX ON t \"v\" SET n = n + 1"

/* More calls than the budget has retries. */
#define MANY 100

static void
set_up (Fixture *self, gconstpointer data)
{
  fixture_set_up (self, data);
  fixture_connect (self, g_object_new (NEBULA_TYPE_INTERCEPTOR, "cluster", self->cluster, "framing",
                                       GPOINTER_TO_INT (data), NULL));
  fixture_use_space (self);
  fixture_make_vertex (self);
}

static void
execute_once (Fixture *self, const char *statement)
{
  g_autoptr (GError) error = NULL;

  g_assert_cmpint (fixture_execute (self, statement, &error), ==, 0);
  g_assert_no_error (error);
  g_assert_cmpuint (fixture_get_attempts (self), ==, 1);
}

static void
test_one_server (Fixture *self, gconstpointer data)
{
  const guint connections = nebula_mock_server_get_connections (self->server);
  const gint64 before = fixture_get_number (self, "v", "n");

  g_test_summary ("the call that learns it ends well, the next one has a new connection");
  fixture_fault (self, NEBULA_MOCK_FAULT_GOAWAY, WRITE, 1, 1);
  execute_once (self, WRITE);
  g_assert_cmpuint (nebula_mock_server_get_connections (self->server), ==, connections);
  execute_once (self, WRITE);
  g_assert_cmpuint (nebula_mock_server_get_connections (self->server), ==, connections + 1);
  execute_once (self, WRITE);
  g_assert_cmpuint (nebula_mock_server_get_connections (self->server), ==, connections + 1);
  g_assert_cmpint (fixture_get_number (self, "v", "n"), ==, before + 3);
  g_assert_cmpuint (nebula_mock_server_get_received (self->server, WRITE), ==, 3);
}

static void
test_not_charged (Fixture *self, gconstpointer data)
{
  const guint connections = nebula_mock_server_get_connections (self->server);

  g_test_summary ("a new connection each time is no retry: the budget is not asked");
  fixture_fault (self, NEBULA_MOCK_FAULT_GOAWAY, WRITE, 1, 0);
  for (guint i = 0; i < MANY; i++)
    execute_once (self, WRITE);
  g_assert_cmpuint (nebula_mock_server_get_connections (self->server), ==, connections + MANY - 1);
  g_assert_cmpuint (nebula_mock_server_get_applied (self->server, WRITE), ==, MANY);
}

static void
test_other_framing (Fixture *self, gconstpointer data)
{
  const guint connections = nebula_mock_server_get_connections (self->server);

  g_test_summary ("where there is no header nobody hears of it, and the connection stays");
  g_test_expect_message ("nebula-mock", G_LOG_LEVEL_MESSAGE, "*goaway does nothing*");
  fixture_fault (self, NEBULA_MOCK_FAULT_GOAWAY, WRITE, 1, 1);
  execute_once (self, WRITE);
  execute_once (self, WRITE);
  g_test_assert_expected_messages ();
  g_assert_cmpuint (nebula_mock_server_get_connections (self->server), ==, connections);
}

/* ---- several servers */

typedef struct
{
  Fixture road;
  NebulaMockCluster *cluster;
} Servers;

static void
set_up_servers (Servers *self, gconstpointer data)
{
  self->cluster = fixture_set_up_graphds (&self->road, N_SERVERS);
  fixture_connect (&self->road,
                   g_object_new (NEBULA_TYPE_INTERCEPTOR, "cluster", self->road.cluster, "framing",
                                 NEBULA_FRAMING_HEADER, NULL));
  fixture_use_space (&self->road);
  execute_once (&self->road, "INSERT VERTEX t(n) VALUES \"v\":(0)");
}

static void
tear_down_servers (Servers *self, gconstpointer data)
{
  fixture_tear_down_graphds (&self->road, self->cluster);
}

static guint
get_writes (Servers *self, int server)
{
  return nebula_mock_cluster_get_writes (self->cluster, server, "test", WRITE);
}

/* Which server the calls go to. */
static guint
find_server (Servers *self)
{
  return nebula_mock_cluster_get_writes (self->cluster, 0, "test", NULL) > 0 ? 0 : 1;
}

/* Whether other clients of the cluster go there. */
static gboolean
is_set_aside (Servers *self, guint server)
{
  g_autoptr (GPtrArray) states = nebula_cluster_get_endpoint_states (self->road.cluster);

  return nebula_endpoint_state_is_set_aside (states->pdata[server]);
}

static void
test_drained (Servers *self, gconstpointer data)
{
  const guint server = find_server (self);
  g_autoptr (NebulaMockFault) drain
    = nebula_mock_fault_new_action (WRITE, 2, 2, NEBULA_MOCK_ACTION_DRAIN, -1, NULL);

  g_test_summary ("a graphd is stopped under a call: it is answered, and the next go elsewhere");
  nebula_mock_server_add_fault (nebula_mock_cluster_get_server (self->cluster, server), drain);
  for (guint i = 0; i < 5; i++)
    execute_once (&self->road, WRITE);
  g_assert_cmpuint (get_writes (self, server), ==, 2);
  g_assert_cmpuint (get_writes (self, 1 - server), ==, 3);
  g_assert_true (is_set_aside (self, server));
  g_assert_false (is_set_aside (self, 1 - server));

  g_test_message ("and so it goes on when the other one is stopped, and the first is there again");
  nebula_mock_cluster_perform (self->cluster, NEBULA_MOCK_ACTION_RESTART, server);
  nebula_mock_cluster_perform (self->cluster, NEBULA_MOCK_ACTION_DRAIN, 1 - server);
  g_assert_cmpint (fixture_execute (&self->road, WRITE, NULL), ==, 0);
  g_assert_cmpuint (fixture_get_attempts (&self->road), ==, 2);
  g_assert_cmpuint (get_writes (self, server), ==, 3);
  g_assert_cmpuint (get_writes (self, 1 - server), ==, 3);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
#define add(path, framing, func) \
  g_test_add ("/goaway/" path, Fixture, GINT_TO_POINTER (NEBULA_FRAMING_##framing), set_up, \
              func, fixture_tear_down)
  add ("one-server", HEADER, test_one_server);
  add ("not-charged", HEADER, test_not_charged);
  add ("framed", FRAMED, test_other_framing);
  add ("unframed", UNFRAMED, test_other_framing);
  g_test_add ("/goaway/drained", Servers, NULL, set_up_servers, test_drained, tear_down_servers);
  return g_test_run ();
}
