/* SPDX-License-Identifier: Apache-2.0 */
#include <nebula-mock/nebula-mock.h>

#include <string.h>

#include "wire-client.h"

#define INSERT "INSERT VERTEX t(n) VALUES \"v\":(1)"
#define NOT_CHOSEN "SemanticError: Space was not chosen."

/* Three graphds with the spaces red and blue; a client at each, one session. */
typedef struct
{
  NebulaMockCluster *cluster;
  WireClient         clients[3];
  gint64             session;
} Fixture;

static NebulaMockServer *
server_of (Fixture *self,
           guint    number)
{
  return nebula_mock_cluster_get_server (self->cluster, number);
}

static void
reconnect (Fixture *self,
           guint    number)
{
  wire_close (&self->clients[number]);
  wire_connect (&self->clients[number], server_of (self, number), TRUE);
}

static void
connect_all (Fixture *self)
{
  g_autoptr (GError) error = NULL;
  guint i;

  g_assert_true (nebula_mock_cluster_start (self->cluster, NULL, 0, &error));
  g_assert_no_error (error);
  for (i = 0; i < nebula_mock_cluster_get_n_servers (self->cluster); i++)
    wire_connect (&self->clients[i], server_of (self, i), TRUE);
  self->session = wire_authenticate (&self->clients[0], "root", "nebula");
  g_assert_cmpint (self->session, !=, 0);
}

static void
set_up (Fixture      *self,
        gconstpointer data)
{
  self->cluster = nebula_mock_cluster_new (3);
  nebula_mock_cluster_add_space (self->cluster, "red");
  nebula_mock_cluster_add_space (self->cluster, "blue");
  connect_all (self);
}

/* With a scenario in place of the three. */
static void
set_up_scenario (Fixture      *self,
                 gconstpointer json)
{
  g_autoptr (GError) error = NULL;

  self->cluster = nebula_mock_cluster_new_from_scenario (json, -1, 0, &error);
  g_assert_no_error (error);
  connect_all (self);
}

static void
tear_down (Fixture      *self,
           gconstpointer data)
{
  guint i;

  for (i = 0; i < nebula_mock_cluster_get_n_servers (self->cluster); i++)
    wire_close (&self->clients[i]);
  nebula_mock_cluster_stop (self->cluster);
  g_assert_finalize_object (self->cluster);
}

/* @space: "" too for a reply that has data, which comes before it */
static void
assert_reply (Fixture    *self,
              guint       number,
              const char *statement,
              gint32      code,
              const char *message,
              const char *space)
{
  WireReply reply;

  wire_execute (&self->clients[number], self->session, statement, &reply);
  g_assert_cmpstr (reply.message, ==, message);
  g_assert_cmpint (reply.code, ==, code);
  g_assert_cmpstr (reply.space, ==, space);
}

#define assert_good(fixture, number, statement, space) \
  assert_reply (fixture, number, statement, 0, "", space)

static void
perform (Fixture         *self,
         NebulaMockAction action,
         guint            number)
{
  nebula_mock_cluster_perform (self->cluster, action, number);
}

/* ---- what is shared, and when */

static void
test_shared (Fixture      *self,
             gconstpointer data)
{
  gint64 number = 0;
  WireReply reply;

  assert_good (self, 0, "USE red", "red");
  assert_good (self, 1, "USE red", "red");
  assert_good (self, 1, INSERT, "red");
  g_assert_true (nebula_mock_server_get_number (server_of (self, 2), "red", "v", "n", &number));
  g_assert_cmpint (number, ==, 1);
  assert_good (self, 2, "CREATE SPACE green", "");
  assert_good (self, 0, "USE green", "green");
  nebula_mock_cluster_add_user (self->cluster, "ann", "secret");
  g_assert_cmpint (wire_authenticate (&self->clients[2], "ann", "secret"), !=, 0);
  g_assert_cmpuint (nebula_mock_cluster_get_sessions (self->cluster), ==, 2);
  g_assert_cmpuint (nebula_mock_server_get_sessions (server_of (self, 1)), ==, 1);
  wire_execute (&self->clients[1], 12345, "YIELD 1", &reply);
  g_assert_cmpstr (reply.message, ==,
                   "Get sessionId[12345] failed: Session `12345' not found: Session not existed!");
}

/* The trap: B has the space of its first look at the session, for ever. */
static void
test_stale_space (Fixture      *self,
                  gconstpointer data)
{
  assert_good (self, 0, "USE red", "red");
  assert_reply (self, 1, INSERT, -1009, NOT_CHOSEN, "");
  perform (self, NEBULA_MOCK_ACTION_PUSH_SESSIONS, 0);
  assert_reply (self, 1, INSERT, -1009, NOT_CHOSEN, "");
  assert_good (self, 2, INSERT, "red");
  assert_good (self, 0, "USE blue", "blue");
  perform (self, NEBULA_MOCK_ACTION_PUSH_SESSIONS, 0);
  assert_good (self, 2, INSERT, "red");
  assert_good (self, 0, INSERT, "blue");
}

static void
test_restart (Fixture      *self,
              gconstpointer data)
{
  const guint16 port = nebula_mock_server_get_port (server_of (self, 0));

  assert_good (self, 0, "USE red", "red");
  perform (self, NEBULA_MOCK_ACTION_PUSH_SESSIONS, 0);
  assert_good (self, 0, "USE blue", "blue");
  perform (self, NEBULA_MOCK_ACTION_RESTART, 0);
  g_assert_true (wire_has_ended (&self->clients[0]));
  g_assert_cmpuint (nebula_mock_server_get_port (server_of (self, 0)), ==, port);
  reconnect (self, 0);
  assert_good (self, 0, INSERT, "red");
}

static void
sign_out (Fixture *self,
          guint    number)
{
  g_autoptr (GByteArray) message = g_byte_array_new ();
  WireReply reply;

  wire_put (message, 4, 0x80010004);
  wire_put_string (message, "signout");
  wire_put (message, 4, 1);
  wire_put (message, 3, 0x0a0001);
  wire_put (message, 8, self->session);
  wire_put (message, 1, 0);
  wire_send_message (&self->clients[number], message);
  /* Its answer comes after the sign-out was served. */
  wire_execute (&self->clients[number], 0, "YIELD 1", &reply);
}

static void
test_sign_out (Fixture      *self,
               gconstpointer data)
{
  WireReply reply;

  assert_good (self, 1, "YIELD 1 AS a; USE red", "red");
  sign_out (self, 0);
  wire_execute (&self->clients[0], self->session, "USE red", &reply);
  g_assert_cmpint (reply.code, ==, -1002);
  assert_good (self, 1, INSERT, "red");
  perform (self, NEBULA_MOCK_ACTION_PUSH_SESSIONS, 1);
  wire_execute (&self->clients[1], self->session, INSERT, &reply);
  g_assert_cmpint (reply.code, ==, -1002);
}

static void
test_drop_space (Fixture      *self,
                 gconstpointer data)
{
  assert_good (self, 0, "USE red", "red");
  perform (self, NEBULA_MOCK_ACTION_PUSH_SESSIONS, 0);
  nebula_mock_cluster_drop_space (self->cluster, "red");
  assert_reply (self, 0, INSERT, -1005, "SpaceNotFound: SpaceName `red`", "red");
  assert_reply (self, 0, "USE red", -1005, "SpaceNotFound: SpaceName `red`", "red");
}

#define UNREACHABLE \
  "RPC failure in MetaClient: apache::thrift::transport::TTransportException: " \
  "AsyncSocketException: connect failed, type = Socket not open, errno = 111 (Connection refused)"

static void
test_metad_unreachable (Fixture      *self,
                        gconstpointer data)
{
  g_autofree char *text = g_strdup_printf (
    "Get sessionId[%" G_GINT64_FORMAT "] failed: Session `%" G_GINT64_FORMAT "' not found: "
    UNREACHABLE, self->session, self->session);

  assert_good (self, 0, "USE red", "red");
  perform (self, NEBULA_MOCK_ACTION_LOSE_METAD, 0);
  assert_good (self, 0, INSERT, "red");
  assert_reply (self, 0, "USE blue", -1005, UNREACHABLE, "red");
  assert_reply (self, 0, "SHOW SPACES", -1005, UNREACHABLE, "red");
  assert_reply (self, 1, "YIELD 1", -1002, text, "");
  g_assert_cmpint (wire_authenticate (&self->clients[1], "root", "nebula"), ==, 0);
  perform (self, NEBULA_MOCK_ACTION_FIND_METAD, 0);
  assert_good (self, 1, "USE blue", "blue");
}

static void
test_limits (Fixture      *self,
             gconstpointer data)
{
  nebula_mock_server_set_session_limits (server_of (self, 0), 1, 0);
  g_assert_cmpint (wire_authenticate (&self->clients[0], "root", "nebula"), ==, 0);
  g_assert_cmpint (wire_authenticate (&self->clients[1], "root", "nebula"), !=, 0);
}

/* ---- what happens to the network and the processes */

static void
test_stop_and_start (Fixture      *self,
                     gconstpointer data)
{
  const guint16 port = nebula_mock_server_get_port (server_of (self, 1));

  perform (self, NEBULA_MOCK_ACTION_STOP, 1);
  g_assert_true (wire_has_ended (&self->clients[1]));
  assert_good (self, 0, "USE red", "red");
  perform (self, NEBULA_MOCK_ACTION_START, 1);
  g_assert_cmpuint (nebula_mock_server_get_port (server_of (self, 1)), ==, port);
  reconnect (self, 1);
  assert_good (self, 1, "USE red", "red");
}

/* The statement lands after the partition, though nobody waits for its answer any more. */
static void
test_partition (Fixture      *self,
                gconstpointer data)
{
  assert_good (self, 1, "USE red", "red");
  perform (self, NEBULA_MOCK_ACTION_PARTITION, 1);
  wire_send_execute (&self->clients[1], 7, self->session, INSERT);
  /* The kernel takes a connection; nobody answers there, either. */
  reconnect (self, 1);
  wire_send_execute (&self->clients[1], 8, self->session, "YIELD 1");
  assert_good (self, 0, "USE red", "red");
  g_assert_cmpuint (nebula_mock_server_get_received (server_of (self, 1), NULL), ==, 1);
  g_assert_cmpuint (nebula_mock_cluster_get_writes (self->cluster, -1, NULL, NULL), ==, 0);
  perform (self, NEBULA_MOCK_ACTION_HEAL, 1);
  g_assert_true (nebula_mock_cluster_wait_for_writes (self->cluster, 1, "red", "INSERT", 1));
  g_byte_array_unref (wire_receive_frame (&self->clients[1]));
}

static void
test_slow (Fixture      *self,
           gconstpointer data)
{
  assert_good (self, 1, "USE red", "red");
  perform (self, NEBULA_MOCK_ACTION_SLOW, 1);
  wire_send_execute (&self->clients[1], 7, self->session, INSERT);
  g_assert_true (nebula_mock_server_wait_for_calls (server_of (self, 1), "execute", 2));
  g_assert_cmpuint (nebula_mock_cluster_get_writes (self->cluster, 1, NULL, NULL), ==, 0);
  nebula_mock_server_let_through (server_of (self, 1), 1);
  g_byte_array_unref (wire_receive_frame (&self->clients[1]));
  g_assert_cmpuint (nebula_mock_cluster_get_writes (self->cluster, 1, NULL, NULL), ==, 1);
  wire_send_execute (&self->clients[1], 8, self->session, INSERT);
  g_assert_true (nebula_mock_server_wait_for_calls (server_of (self, 1), "execute", 3));
  /* The client goes away; the statement does not. */
  reconnect (self, 1);
  perform (self, NEBULA_MOCK_ACTION_RELEASE, 1);
  g_assert_true (nebula_mock_cluster_wait_for_writes (self->cluster, 1, NULL, NULL, 2));
}

/* One call is held; those that come after it are not. */
static void
test_hold (Fixture      *self,
           gconstpointer data)
{
  g_autoptr (NebulaMockFault) fault =
    nebula_mock_fault_new (NEBULA_MOCK_FAULT_HOLD, "execute", "INSERT", 1, 1);

  nebula_mock_server_add_fault (server_of (self, 0), fault);
  assert_good (self, 0, "USE red", "red");
  wire_send_execute (&self->clients[0], 7, self->session, INSERT);
  g_assert_true (nebula_mock_server_wait_for_held (server_of (self, 0), 1));
  reconnect (self, 0);
  assert_good (self, 0, "USE blue", "blue");
  assert_good (self, 0, INSERT, "blue");
  /* The trap: its space is that of the session when it goes on. */
  perform (self, NEBULA_MOCK_ACTION_RELEASE, 0);
  g_assert_true (nebula_mock_server_wait_for_applied (server_of (self, 0), INSERT, 2));
  g_assert_cmpuint (nebula_mock_cluster_get_writes (self->cluster, 0, "blue", NULL), ==, 2);
}

/* A server that holds a call, or all bytes, can be stopped. */
static void
test_stop_while_held (Fixture      *self,
                      gconstpointer data)
{
  perform (self, NEBULA_MOCK_ACTION_SLOW, 1);
  perform (self, NEBULA_MOCK_ACTION_PARTITION, 2);
  wire_send_execute (&self->clients[1], 7, self->session, "USE red");
  wire_send_execute (&self->clients[2], 7, self->session, "USE red");
  g_assert_true (nebula_mock_server_wait_for_calls (server_of (self, 1), "execute", 1));
  nebula_mock_cluster_stop (self->cluster);
  g_assert_cmpuint (nebula_mock_cluster_get_applied (self->cluster, NULL), ==, 0);
}

/* ---- the ledger */

static void
test_ledger (Fixture      *self,
             gconstpointer data)
{
  g_autofree char *misplaced = NULL;

  nebula_mock_cluster_expect_space (self->cluster, "(1)", "red");
  assert_good (self, 0, "USE red; " INSERT, "red");
  assert_good (self, 1, "USE red; " INSERT "; UPSERT VERTEX ON t \"v\" SET n = 2", "red");
  assert_good (self, 1, "USE blue; DELETE VERTEX \"v\"", "blue");
  g_assert_cmpuint (nebula_mock_cluster_get_writes (self->cluster, -1, NULL, NULL), ==, 4);
  g_assert_cmpuint (nebula_mock_cluster_get_writes (self->cluster, 1, "red", NULL), ==, 2);
  g_assert_cmpuint (nebula_mock_cluster_get_writes (self->cluster, -1, "blue", "DELETE"), ==, 1);
  g_assert_cmpuint (nebula_mock_cluster_get_applied (self->cluster, NULL), ==, 3);
  g_assert_cmpuint (nebula_mock_cluster_get_received (self->cluster, "USE red; " INSERT), ==, 1);
  g_assert_null (nebula_mock_cluster_find_misplaced_write (self->cluster));
  assert_good (self, 1, INSERT, "blue");
  misplaced = nebula_mock_cluster_find_misplaced_write (self->cluster);
  g_assert_cmpstr (misplaced, ==, "write 5, by server 1: in space blue, expected red: " INSERT);
}

static void
test_endpoints (Fixture      *self,
                gconstpointer data)
{
  g_autofree char *endpoints = nebula_mock_cluster_get_endpoints (self->cluster);
  g_auto (GStrv) parts = g_strsplit (endpoints, ",", -1);
  guint i;

  g_assert_cmpuint (g_strv_length (parts), ==, 3);
  for (i = 0; i < 3; i++)
    g_assert_cmpstr (parts[i], ==, nebula_mock_server_get_address (server_of (self, i)));
  g_assert_cmpstr (parts[0], !=, parts[1]);
}

/* All or none; the ports follow each other. */
static void
test_start_errors (void)
{
  NebulaMockServer *other = wire_start_server ();
  const guint16 port = nebula_mock_server_get_port (other);
  g_autoptr (NebulaMockCluster) cluster = nebula_mock_cluster_new (2);
  g_autoptr (GError) error = NULL;

  g_assert_false (nebula_mock_cluster_start (cluster, NULL, port - 1, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_ADDRESS_IN_USE);
  g_clear_error (&error);
  g_assert_cmpuint (nebula_mock_server_get_port (nebula_mock_cluster_get_server (cluster, 0)), ==,
                    0);
  g_assert_false (nebula_mock_cluster_start (cluster, NULL, 65535, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT);
  wire_stop_server (other);
}

/* A server may be kept longer than its cluster, and then does as one that is alone. */
static void
test_server_outlives (void)
{
  NebulaMockCluster *cluster = nebula_mock_cluster_new (2);
  g_autoptr (NebulaMockServer) server = g_object_ref (nebula_mock_cluster_get_server (cluster, 1));
  g_autoptr (NebulaMockFault) fault =
    nebula_mock_fault_new_action (NULL, 1, 0, NEBULA_MOCK_ACTION_STOP, 0, NULL);
  WireClient client;
  WireReply reply;

  nebula_mock_server_add_fault (server, fault);
  g_assert_finalize_object (cluster);
  g_assert_true (nebula_mock_server_start (server, NULL, 0, NULL));
  wire_connect (&client, server, TRUE);
  wire_execute (&client, 0, "YIELD 1", &reply);
  g_assert_cmpint (reply.code, ==, -1002);
  wire_close (&client);
}

/* ---- by itself */

static const char acting[] =
  "{\"spaces\": [\"red\", \"blue\"], \"servers\": [\n"
  "  {\"faults\": [\n"
  "    {\"kind\": \"act\", \"contains\": \"SHOW\", \"calls\": 2, \"action\": \"restart\"},\n"
  "    {\"kind\": \"act\", \"contains\": \"GO\", \"action\": \"push-sessions\"},\n"
  "    {\"kind\": \"act\", \"contains\": \"MATCH\", \"action\": \"drop-space\",\n"
  "     \"space\": \"blue\"},\n"
  "    {\"kind\": \"act\", \"contains\": \"FETCH\", \"action\": \"stop\", \"server\": 1}]},\n"
  "  {\"max_sessions_per_ip_per_user\": 1}],\n"
  " \"faults\": [{\"kind\": \"code\", \"contains\": \"YIELD 7\", \"calls\": 1, \"code\": -1005,\n"
  "   \"message\": \"once for each\"}]}";

#define FETCH "FETCH PROP ON t \"v\" YIELD vertex"

static void
test_scenario (Fixture      *self,
               gconstpointer data)
{
  g_assert_cmpuint (nebula_mock_cluster_get_n_servers (self->cluster), ==, 2);
  assert_good (self, 0, "USE red", "red");
  assert_good (self, 0, "GO FROM \"v\" OVER e", "");
  assert_good (self, 1, INSERT, "red");
  assert_reply (self, 0, "YIELD 7", -1005, "once for each", "red");
  assert_reply (self, 1, "YIELD 7", -1005, "once for each", "red");
  assert_good (self, 0, "USE blue", "blue");
  /* The second one takes the server away from under itself. */
  assert_good (self, 0, "SHOW SPACES", "");
  wire_send_execute (&self->clients[0], 9, self->session, "SHOW SPACES");
  g_assert_true (wire_has_ended (&self->clients[0]));
  reconnect (self, 0);
  assert_good (self, 0, INSERT, "red");
  assert_good (self, 0, FETCH, "");
  g_assert_true (wire_has_ended (&self->clients[1]));
  assert_good (self, 0, "MATCH (v) RETURN v", "");
  assert_reply (self, 0, "USE blue", -1005, "SpaceNotFound: SpaceName `blue`", "red");
  g_assert_cmpuint (nebula_mock_server_get_applied (server_of (self, 0), "SHOW SPACES"), ==, 1);
}

/* The one that the docs show. */
static void
test_example (void)
{
  g_autofree char *path =
    g_test_build_filename (G_TEST_DIST, "..", "examples", "restless-cluster.json", NULL);
  g_autoptr (NebulaMockCluster) cluster = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *json = NULL;

  g_assert_true (g_file_get_contents (path, &json, NULL, &error));
  cluster = nebula_mock_cluster_new_from_scenario (json, -1, 3, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (nebula_mock_cluster_get_n_servers (cluster), ==, 3);
}

/* Several things are told to happen at once, from several servers, while the cluster ends. */
static const char busy[] =
  "{\"servers\": 3, \"spaces\": [\"red\"],\n"
  " \"faults\": [\n"
  "   {\"kind\": \"act\", \"contains\": \"USE\", \"action\": \"restart\", \"server\": 0},\n"
  "   {\"kind\": \"act\", \"contains\": \"USE\", \"action\": \"restart\", \"server\": 1},\n"
  "   {\"kind\": \"act\", \"contains\": \"USE\", \"action\": \"restart\", \"server\": 2}]}";

static void
test_busy (Fixture      *self,
           gconstpointer data)
{
  guint i;

  for (i = 0; i < 3; i++)
    wire_send_execute (&self->clients[i], 9, self->session, "USE red");
  for (i = 0; i < 3; i++)
    g_assert_true (wire_has_ended (&self->clients[i]));
}

#define add(path, func) g_test_add (path, Fixture, NULL, set_up, func, tear_down)
#define add_scenario(path, json, func) \
  g_test_add (path, Fixture, json, set_up_scenario, func, tear_down)

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_summary ("Several graphds share what metad has, and know of it as late as in life.");
  add ("/cluster/shared", test_shared);
  add ("/cluster/stale-space", test_stale_space);
  add ("/cluster/restart", test_restart);
  add ("/cluster/sign-out", test_sign_out);
  add ("/cluster/drop-space", test_drop_space);
  add ("/cluster/metad-unreachable", test_metad_unreachable);
  add ("/cluster/limits", test_limits);
  add ("/cluster/stop-and-start", test_stop_and_start);
  add ("/cluster/partition", test_partition);
  add ("/cluster/slow", test_slow);
  add ("/cluster/hold", test_hold);
  add ("/cluster/stop-while-held", test_stop_while_held);
  add ("/cluster/ledger", test_ledger);
  add ("/cluster/endpoints", test_endpoints);
  g_test_add_func ("/cluster/start-errors", test_start_errors);
  g_test_add_func ("/cluster/server-outlives", test_server_outlives);
  add_scenario ("/cluster/scenario", acting, test_scenario);
  g_test_add_func ("/cluster/example", test_example);
  add_scenario ("/cluster/busy", busy, test_busy);
  return g_test_run ();
}
