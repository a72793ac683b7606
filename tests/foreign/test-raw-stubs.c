/* SPDX-License-Identifier: Apache-2.0 */
#include "graph.h"
#include "nebula-fixture.h"

/* Stubs as the compiler makes them, of somebody's own IDL for graphd: without a namespace, without
 * repairs, with other names for everything that is not on the wire. */

#define FETCH "FETCH PROP ON t \"v\" YIELD properties(vertex).n"

G_DEFINE_AUTOPTR_CLEANUP_FUNC (LoginReply, g_object_unref)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (QueryReply, g_object_unref)

typedef struct
{
  Fixture road;
  GraphIf *graph; /* (owned) */
  gint64 session;
} Raw;

/* (element-type GType function) */
static GHashTable *halves;

/* What the generator leaves out. */
static void
finalize_whole (GObject *object)
{
  gpointer type = GSIZE_TO_POINTER (G_OBJECT_TYPE (object));
  void (*half) (GObject *) = g_hash_table_lookup (halves, type);

  half (object);
  G_OBJECT_CLASS (g_type_class_peek (G_TYPE_OBJECT))->finalize (object);
}

/* The leaks of such stubs are not what is tested here. */
static void
mend (GType type)
{
  GObjectClass *klass = g_type_class_ref (type);

  g_hash_table_insert (halves, GSIZE_TO_POINTER (type), klass->finalize);
  klass->finalize = finalize_whole;
}

static void
connect_stub (Raw *self)
{
  g_clear_object (&self->graph);
  self->graph = g_object_new (TYPE_GRAPH_CLIENT, "input_protocol", self->road.protocol,
                              "output_protocol", self->road.protocol, NULL);
}

static void
set_up (Raw *self, gconstpointer data)
{
  fixture_set_up (&self->road, data);
  connect_stub (self);
}

static void
tear_down (Raw *self, gconstpointer data)
{
  g_clear_object (&self->graph);
  fixture_tear_down (&self->road, data);
}

static void
log_in (Raw *self)
{
  g_autoptr (LoginReply) reply = g_object_new (TYPE_LOGIN_REPLY, NULL);
  g_autoptr (GError) error = NULL;

  fixture_open (&self->road);
  graph_client_authenticate (self->graph, &reply, "root", "nebula", &error);
  g_assert_no_error (error);
  g_assert_cmpint (reply->code, ==, 0);
  g_assert_cmpint (reply->session, !=, 0);
  self->session = reply->session;
}

static QueryReply *
query (Raw *self, const char *statement)
{
  QueryReply *reply = g_object_new (TYPE_QUERY_REPLY, NULL);
  g_autoptr (GError) error = NULL;

  graph_client_execute (self->graph, &reply, self->session, statement, &error);
  g_assert_no_error (error);
  return reply;
}

static void
expect (Raw *self, const char *statement, gint32 code, const char *space)
{
  g_autoptr (QueryReply) reply = query (self, statement);

  g_assert_cmpint (reply->code, ==, code);
  if (space != NULL)
    g_assert_cmpstr (reply->space, ==, space);
}

static void
test_road (Raw *self, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  g_test_summary ("a session, statements and a sign-out go through");
  log_in (self);
  expect (self, "USE test", 0, "test");
  expect (self, "YIELD rows(10)", 0, "test");
  expect (self, "nonsense", -1004, NULL);
  graph_client_signout (self->graph, self->session, &error);
  g_assert_no_error (error);
  expect (self, "YIELD 1", -1002, NULL);
}

static void
test_retried (Raw *self, gconstpointer data)
{
  g_test_summary ("a failure that passes is tried again, by the number and the text");
  log_in (self);
  fixture_fault_code (&self->road, FETCH, 2, -1005,
                      "Storage Error: Not the leader of 3. Please retry later.");
  expect (self, "USE test", 0, "test");
  expect (self, FETCH, 0, "test");
  g_assert_cmpuint (fixture_get_attempts (&self->road), ==, 3);
}

static void
test_renewed (Raw *self, gconstpointer data)
{
  gint64 before;

  g_test_summary ("a session that graphd forgot is renewed, and its space set again");
  log_in (self);
  before = self->session;
  expect (self, "USE test", 0, "test");
  nebula_mock_server_expire_sessions (self->road.server);
  expect (self, FETCH, 0, "test");
  g_assert_cmpint (self->session, ==, before);
  g_assert_cmpuint (nebula_mock_server_get_calls (self->road.server, "authenticate"), ==, 2);
}

static void
test_beside (Raw *self, gconstpointer data)
{
  g_test_summary ("two kinds of stubs share a cluster in one process, and what it knows of a session");
  log_in (self);
  expect (self, "USE test", 0, "test");
  self->road.session = self->session;
  g_assert_cmpint (fixture_execute (&self->road, FETCH, NULL), ==, 0);
  nebula_mock_server_expire_sessions (self->road.server);
  g_assert_cmpint (fixture_execute (&self->road, FETCH, NULL), ==, 0);
  expect (self, FETCH, 0, "test");
  g_assert_cmpuint (nebula_mock_server_get_calls (self->road.server, "authenticate"), ==, 2);
}

static void
test_as_errors (Raw *self, gconstpointer data)
{
  g_autoptr (QueryReply) reply = g_object_new (TYPE_QUERY_REPLY, NULL);
  g_autoptr (GError) error = NULL;

  g_test_summary ("a failure can be had as an error");
  g_object_set (self->road.interceptor, "surface-errors", NEBULA_SURFACE_ERRORS, NULL);
  log_in (self);
  g_assert_false (graph_client_execute (self->graph, &reply, self->session, "nonsense", &error));
  g_assert_error (error, NEBULA_ERROR, NEBULA_ERROR_FATAL);
  g_assert_cmpint (nebula_error_get_code (error), ==, -1004);
}

#define add(path, func) g_test_add (path, Raw, NULL, set_up, func, tear_down)

int
main (int argc, char **argv)
{
  int status;

  g_test_init (&argc, &argv, NULL);
  halves = g_hash_table_new (NULL, NULL);
  mend (TYPE_LOGIN_REPLY);
  mend (TYPE_QUERY_REPLY);
  add ("/raw-stubs/road", test_road);
  add ("/raw-stubs/retried", test_retried);
  add ("/raw-stubs/renewed", test_renewed);
  add ("/raw-stubs/beside", test_beside);
  add ("/raw-stubs/as-errors", test_as_errors);
  status = g_test_run ();
  g_hash_table_unref (halves);
  return status;
}
