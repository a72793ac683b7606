/* SPDX-License-Identifier: Apache-2.0 */
#include "nebula-fixture.h"

#include <nebula-interceptor/nebula-pool.h>

/* A pool before a server: sessions are made, handed out, put right and signed out. */

#define INSERT "INSERT VERTEX t(n) VALUES \"v\":(1)"
#define COUNT_UP "UPDATE VERTEX ON t \"v\" SET n = n + 1"
#define FETCH "FETCH PROP ON t \"v\" YIELD properties(vertex).n"
#define USE_TEST "USE `test`"
#define USE_OTHER "USE `other`"

typedef struct
{
  Fixture road;
  NebulaPool *pool;
} PoolFixture;

/* More properties than the tests need are not worth a function with variable arguments. */
static void
open_pool (PoolFixture *self, guint min_size, guint max_size)
{
  g_clear_object (&self->pool);
  self->pool = g_object_new (NEBULA_TYPE_POOL, "cluster", self->road.cluster, "stub-type",
                             NEBULA_THRIFT_TYPE_GRAPH_SERVICE_CLIENT, "min-size", min_size,
                             "max-size", max_size, "space", "test", NULL);
}

static void
set_up (PoolFixture *self, gconstpointer data)
{
  fixture_set_up (&self->road, data);
  nebula_cluster_set_credentials (self->road.cluster, "root", "nebula");
  open_pool (self, 0, 2);
}

static void
tear_down (PoolFixture *self, gconstpointer data)
{
  if (self->pool != NULL)
    g_assert_finalize_object (self->pool);
  fixture_tear_down (&self->road, data);
}

static guint
calls (PoolFixture *self, const char *method)
{
  return nebula_mock_server_get_calls (self->road.server, method);
}

static guint
received (PoolFixture *self, const char *statement)
{
  return nebula_mock_server_get_received (self->road.server, statement);
}

/* A sign-out has no answer: it is done some time after it was received. */
static void
assert_signed_out (PoolFixture *self, guint n_signed_out, guint n_left)
{
  g_assert_true (nebula_mock_server_wait_for_calls (self->road.server, "signout", n_signed_out));
  g_assert_cmpuint (calls (self, "signout"), ==, n_signed_out);
  while (nebula_mock_server_get_sessions (self->road.server) > n_left)
    g_thread_yield ();
  g_assert_cmpuint (nebula_mock_server_get_sessions (self->road.server), ==, n_left);
}

static NebulaPoolLease *
acquire (PoolFixture *self)
{
  g_autoptr (GError) error = NULL;
  NebulaPoolLease *lease = nebula_pool_acquire (self->pool, -1, NULL, &error);

  g_assert_no_error (error);
  g_assert_nonnull (lease);
  return lease;
}

static NebulaPoolLease *
acquire_in (PoolFixture *self, const char *space)
{
  g_autoptr (GError) error = NULL;
  NebulaPoolLease *lease = nebula_pool_acquire_in_space (self->pool, space, -1, NULL, &error);

  g_assert_no_error (error);
  return lease;
}

/* What the statement came to with the stub and the session of the lease. */
static gint32
execute (NebulaPoolLease *lease, const char *statement)
{
  Fixture road = {
    .client = nebula_pool_lease_get_stub (lease),
    .session = nebula_pool_lease_get_session_id (lease),
  };

  return fixture_execute (&road, statement, NULL);
}

static void
assert_counts (PoolFixture *self, guint n_idle, guint n_in_use)
{
  g_assert_cmpuint (nebula_pool_get_n_idle (self->pool), ==, n_idle);
  g_assert_cmpuint (nebula_pool_get_n_in_use (self->pool), ==, n_in_use);
}

static void
test_properties (PoolFixture *self, gconstpointer data)
{
  g_autoptr (NebulaPool) plain = nebula_pool_new (self->road.cluster);
  g_autofree char *space = NULL;
  guint min_size;
  guint max_size;
  gint64 idle_timeout;
  GType stub_type;

  g_test_summary ("a pool is what its properties say; by default it has ten and keeps none");
  g_object_get (self->pool, "min-size", &min_size, "max-size", &max_size, "space", &space,
                "stub-type", &stub_type, NULL);
  g_assert_cmpuint (min_size, ==, 0);
  g_assert_cmpuint (max_size, ==, 2);
  g_assert_cmpstr (space, ==, "test");
  g_assert_cmpuint (stub_type, ==, NEBULA_THRIFT_TYPE_GRAPH_SERVICE_CLIENT);
  g_object_get (plain, "min-size", &min_size, "max-size", &max_size, "idle-timeout", &idle_timeout,
                "stub-type", &stub_type, NULL);
  g_assert_cmpuint (min_size, ==, 0);
  g_assert_cmpuint (max_size, ==, 10);
  g_assert_cmpint (idle_timeout, ==, 5 * 60 * G_TIME_SPAN_SECOND);
  g_assert_cmpuint (stub_type, ==, G_TYPE_NONE);
  g_assert_true (nebula_pool_get_cluster (plain) == self->road.cluster);
  g_assert_cmpuint (nebula_mock_server_get_connections (self->road.server), ==, 0);
}

static void
test_reuse (PoolFixture *self, gconstpointer data)
{
  gint64 session;

  g_test_summary (
    "a lease is signed in, in the pool's space; the next one costs the server nothing");
  for (guint i = 0; i < 3; i++)
    {
      g_autoptr (NebulaPoolLease) lease = acquire (self);

      g_assert_cmpint (nebula_pool_lease_get_session_id (lease), !=, 0);
      if (i == 0)
        session = nebula_pool_lease_get_session_id (lease);
      g_assert_cmpint (nebula_pool_lease_get_session_id (lease), ==, session);
      assert_counts (self, 0, 1);
      g_assert_cmpint (execute (lease, i == 0 ? INSERT : COUNT_UP), ==, 0);
    }
  assert_counts (self, 1, 0);
  g_assert_cmpint (fixture_get_number (&self->road, "v", "n"), ==, 3);
  g_assert_cmpuint (calls (self, "authenticate"), ==, 1);
  g_assert_cmpuint (received (self, USE_TEST), ==, 1);
  g_assert_cmpuint (nebula_mock_server_get_connections (self->road.server), ==, 1);
}

static void
test_full (PoolFixture *self, gconstpointer data)
{
  g_autoptr (NebulaPoolLease) first = acquire (self);
  g_autoptr (NebulaPoolLease) second = acquire (self);
  g_autoptr (GError) error = NULL;

  g_test_summary ("two leases have two sessions; there is no third, and the error says why");
  g_assert_cmpint (nebula_pool_lease_get_session_id (first), !=,
                   nebula_pool_lease_get_session_id (second));
  g_assert_null (nebula_pool_acquire (self->pool, 0, NULL, &error));
  g_assert_error (error, NEBULA_ERROR, NEBULA_ERROR_RETRYABLE);
  g_assert_nonnull (strstr (error->message, "2 of at most 2 in use"));
  g_assert_false (nebula_error_may_have_been_applied (error));
  g_assert_cmpuint (calls (self, "authenticate"), ==, 2);
}

static void
test_spaces (PoolFixture *self, gconstpointer data)
{
  NebulaPoolLease *lease = acquire_in (self, "other");

  g_test_summary (
    "USE is said when a lease is wanted in another space than it is in, and only then");
  nebula_pool_lease_free (lease);
  nebula_pool_lease_free (acquire_in (self, "other"));
  g_assert_cmpuint (received (self, USE_OTHER), ==, 1);
  nebula_pool_lease_free (acquire (self));
  nebula_pool_lease_free (acquire (self));
  g_assert_cmpuint (received (self, USE_TEST), ==, 1);
  nebula_pool_lease_free (acquire_in (self, "other"));
  g_assert_cmpuint (received (self, USE_OTHER), ==, 2);
  g_assert_cmpuint (calls (self, "authenticate"), ==, 1);
}

static void
test_space_of_user (PoolFixture *self, gconstpointer data)
{
  NebulaPoolLease *lease = acquire (self);

  g_test_summary ("a space that the user of a lease chose is not met by the next one");
  g_assert_cmpint (execute (lease, "USE other"), ==, 0);
  nebula_pool_lease_free (lease);
  lease = acquire (self);
  g_assert_cmpint (execute (lease, INSERT), ==, 0);
  nebula_pool_lease_free (lease);
  g_assert_cmpint (fixture_get_number (&self->road, "v", "n"), ==, 1);
}

static void
test_no_space (PoolFixture *self, gconstpointer data)
{
  g_autoptr (NebulaPoolLease) lease = NULL;

  g_test_summary ("where no space is wanted there is none: a session that has one is replaced");
  nebula_pool_lease_free (acquire (self));
  lease = acquire_in (self, NULL);
  g_assert_cmpint (execute (lease, INSERT), !=, 0);
  g_clear_pointer (&lease, nebula_pool_lease_free);
  assert_signed_out (self, 1, 1);
  g_assert_cmpuint (calls (self, "authenticate"), ==, 2);
  lease = acquire_in (self, "");
  g_assert_cmpuint (calls (self, "authenticate"), ==, 2);
}

static void
test_unknown_space (PoolFixture *self, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  g_test_summary ("a space that does not exist is the error of who wants it, and of nobody else");
  g_assert_null (nebula_pool_acquire_in_space (self->pool, "nowhere", -1, NULL, &error));
  g_assert_error (error, NEBULA_ERROR, NEBULA_ERROR_FATAL);
  g_assert_nonnull (strstr (error->message, "SpaceNotFound"));
  assert_signed_out (self, 1, 0);
  assert_counts (self, 0, 0);
  g_clear_error (&error);

  nebula_pool_lease_free (acquire (self));
  g_assert_null (nebula_pool_acquire_in_space (self->pool, "nowhere", -1, NULL, &error));
  g_assert_error (error, NEBULA_ERROR, NEBULA_ERROR_FATAL);
  nebula_pool_lease_free (acquire (self));
}

static void
test_signed_out (PoolFixture *self, gconstpointer data)
{
  NebulaPoolLease *lease = acquire (self);
  gint64 session = nebula_pool_lease_get_session_id (lease);

  g_test_summary ("a session that its user signed out is replaced");
  g_assert_true (
    nebula_thrift_graph_service_client_signout (nebula_pool_lease_get_stub (lease), session, NULL));
  nebula_pool_lease_free (lease);
  assert_counts (self, 0, 0);
  lease = acquire (self);
  g_assert_cmpint (nebula_pool_lease_get_session_id (lease), !=, session);
  g_assert_cmpint (execute (lease, INSERT), ==, 0);
  nebula_pool_lease_free (lease);
  assert_signed_out (self, 1, 1);
}

static void
test_expired (PoolFixture *self, gconstpointer data)
{
  NebulaPoolLease *lease = acquire (self);
  gint64 session = nebula_pool_lease_get_session_id (lease);

  g_test_summary ("a session that graphd lost while it was idle is renewed behind the same id");
  nebula_pool_lease_free (lease);
  nebula_mock_server_expire_sessions (self->road.server);
  lease = acquire (self);
  g_assert_cmpint (nebula_pool_lease_get_session_id (lease), ==, session);
  g_assert_cmpint (execute (lease, INSERT), ==, 0);
  g_assert_cmpuint (calls (self, "authenticate"), ==, 2);
  nebula_pool_lease_free (lease);
}

static void
test_cut (PoolFixture *self, gconstpointer data)
{
  NebulaPoolLease *lease;

  g_test_summary ("a connection that broke while it was idle is made again, with the old session");
  nebula_pool_lease_free (acquire (self));
  nebula_mock_server_close_connections (self->road.server);
  g_assert_true (nebula_mock_server_wait_for_connections_closed (self->road.server));
  lease = acquire (self);
  g_assert_cmpint (execute (lease, INSERT), ==, 0);
  nebula_pool_lease_free (lease);
  g_assert_cmpuint (calls (self, "authenticate"), ==, 1);
}

static void
test_transport_closed (PoolFixture *self, gconstpointer data)
{
  NebulaPoolLease *lease = acquire (self);

  g_test_summary ("a transport that its user closed is opened again for the next one");
  thrift_transport_close (THRIFT_TRANSPORT (nebula_pool_lease_get_interceptor (lease)), NULL);
  nebula_pool_lease_free (lease);
  lease = acquire (self);
  g_assert_cmpint (execute (lease, INSERT), ==, 0);
  nebula_pool_lease_free (lease);
}

/* A request of a stub that nobody reads the answer of. */
static void
send_only (NebulaPoolLease *lease, const char *statement)
{
  g_autoptr (GByteArray) text = g_byte_array_new ();

  g_byte_array_append (text, (const guint8 *) statement, strlen (statement));
  g_assert_true (nebula_thrift_graph_service_client_send_execute (
    nebula_pool_lease_get_stub (lease), nebula_pool_lease_get_session_id (lease), text, NULL));
}

static void
test_unread (PoolFixture *self, gconstpointer data)
{
  NebulaPoolLease *lease = acquire (self);

  g_test_summary ("a reply that nobody read is not met by the next user");
  send_only (lease, INSERT);
  nebula_pool_lease_free (lease);
  lease = acquire (self);
  g_assert_cmpint (execute (lease, "FETCH nonsense"), !=, 0);
  g_assert_cmpint (execute (lease, INSERT), ==, 0);
  nebula_pool_lease_free (lease);
  g_assert_cmpuint (calls (self, "authenticate"), ==, 1);
}

static void
test_cancellable_undone (PoolFixture *self, gconstpointer data)
{
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  NebulaPoolLease *lease = acquire (self);

  g_test_summary ("a cancellable that was set is not met by the next user");
  nebula_interceptor_set_cancellable (nebula_pool_lease_get_interceptor (lease), cancellable);
  g_cancellable_cancel (cancellable);
  nebula_pool_lease_free (lease);
  lease = acquire (self);
  g_assert_cmpint (execute (lease, INSERT), ==, 0);
  nebula_pool_lease_free (lease);
}

static void
test_discard (PoolFixture *self, gconstpointer data)
{
  g_test_summary ("a lease that is discarded is signed out and not handed out again");
  nebula_pool_lease_discard (acquire (self));
  assert_counts (self, 0, 0);
  assert_signed_out (self, 1, 0);
  nebula_pool_lease_free (acquire (self));
  g_assert_cmpuint (calls (self, "authenticate"), ==, 2);
}

static void
test_retired (PoolFixture *self, gconstpointer data)
{
  NebulaPoolLease *first;
  NebulaPoolLease *second;

  g_test_summary ("what was idle for five minutes is signed out, down to min-size");
  open_pool (self, 1, 2);
  first = acquire (self);
  second = acquire (self);
  nebula_pool_lease_free (first);
  nebula_pool_lease_free (second);
  nebula_manual_clock_advance (self->road.clock, 5 * 60 * G_TIME_SPAN_SECOND - 1);
  nebula_pool_retire_idle (self->pool);
  assert_counts (self, 2, 0);
  nebula_manual_clock_advance (self->road.clock, 1);
  nebula_pool_retire_idle (self->pool);
  assert_counts (self, 1, 0);
  assert_signed_out (self, 1, 1);
}

static void
test_closed (PoolFixture *self, gconstpointer data)
{
  NebulaPoolLease *lease = acquire (self);
  g_autoptr (GError) error = NULL;

  g_test_summary (
    "a closed pool signs out what is idle, and hands out nothing; a lease stays good");
  nebula_pool_lease_free (acquire (self));
  nebula_pool_close (self->pool);
  assert_signed_out (self, 1, 1);
  g_assert_null (nebula_pool_acquire (self->pool, -1, NULL, &error));
  g_assert_error (error, NEBULA_ERROR, NEBULA_ERROR_WRONG_STATE);
  g_assert_cmpint (execute (lease, INSERT), ==, 0);
  nebula_pool_lease_free (lease);
  assert_signed_out (self, 2, 0);
}

static void
test_outlives (PoolFixture *self, gconstpointer data)
{
  NebulaPoolLease *lease = acquire (self);

  g_test_summary ("a lease outlives its pool, and is signed out when it is freed");
  nebula_pool_lease_free (acquire (self));
  g_assert_finalize_object (g_steal_pointer (&self->pool));
  assert_signed_out (self, 1, 1);
  g_assert_cmpint (execute (lease, INSERT), ==, 0);
  nebula_pool_lease_free (lease);
  assert_signed_out (self, 2, 0);
}

static void
test_closed_without_server (PoolFixture *self, gconstpointer data)
{
  g_test_summary ("closing a pool whose server is gone ends: what cannot be signed out is dropped");
  nebula_pool_lease_free (acquire (self));
  nebula_mock_server_set_listening (self->road.server, FALSE);
  nebula_mock_server_close_connections (self->road.server);
  g_assert_true (nebula_mock_server_wait_for_connections_closed (self->road.server));
  nebula_pool_close (self->pool);
  assert_counts (self, 0, 0);
  g_assert_cmpint (nebula_manual_clock_get_waited (self->road.clock), <=, 3 * G_TIME_SPAN_SECOND);
}

static void
test_no_time (PoolFixture *self, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  g_test_summary ("without time to wait there is only what is ready: connecting is a wait too");
  g_assert_null (nebula_pool_acquire (self->pool, 0, NULL, &error));
  g_assert_error (error, NEBULA_ERROR, NEBULA_ERROR_RETRYABLE);
  g_assert_false (nebula_error_may_have_been_applied (error));
  g_assert_cmpuint (calls (self, "authenticate"), ==, 0);
  assert_counts (self, 0, 0);
  g_clear_error (&error);

  nebula_pool_lease_free (acquire (self));
  nebula_pool_lease_free (nebula_pool_acquire (self->pool, 0, NULL, &error));
  g_assert_no_error (error);
}

static void
test_time_for_all (PoolFixture *self, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  g_test_summary ("the time-out of acquiring bounds signing in too, whatever the policy allows");
  fixture_set_policy (&self->road, "max-attempts", 100u, "budget", NEBULA_BUDGET_NONE, NULL);
  nebula_mock_server_set_listening (self->road.server, FALSE);
  g_assert_null (nebula_pool_acquire (self->pool, 1, NULL, &error));
  g_assert_error (error, NEBULA_ERROR, NEBULA_ERROR_RETRYABLE);
  g_assert_cmpint (nebula_manual_clock_get_waited (self->road.clock), <=, 1);
}

static void
test_no_server (PoolFixture *self, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  g_test_summary ("a server that is not there is told as it is, and no place is lost by it");
  nebula_mock_server_set_listening (self->road.server, FALSE);
  g_assert_null (nebula_pool_acquire (self->pool, -1, NULL, &error));
  g_assert_error (error, NEBULA_ERROR, NEBULA_ERROR_RETRYABLE);
  g_assert_cmpuint (nebula_error_get_attempts (error)->len, >, 0);
  assert_counts (self, 0, 0);
  nebula_mock_server_set_listening (self->road.server, TRUE);
  /* Whatever keeps a client from a server that was not there. */
  nebula_manual_clock_advance (self->road.clock, G_TIME_SPAN_HOUR);
  nebula_pool_lease_free (acquire (self));
}

static void
test_no_credentials (PoolFixture *self, gconstpointer data)
{
  g_autoptr (NebulaCluster) bare = NULL;
  g_autoptr (NebulaPool) pool = NULL;
  g_autoptr (GError) error = NULL;

  g_test_summary ("a cluster without credentials cannot sign in, and says what is missing");
  bare = nebula_cluster_new (nebula_mock_server_get_address (self->road.server), NULL);
  pool = nebula_pool_new (bare);
  g_assert_null (nebula_pool_acquire (pool, -1, NULL, &error));
  g_assert_error (error, NEBULA_ERROR, NEBULA_ERROR_AUTH);
  g_assert_nonnull (strstr (error->message, "nebula_cluster_set_credentials"));
}

static void
test_no_cluster (PoolFixture *self, gconstpointer data)
{
  g_autoptr (NebulaPool) pool = g_object_new (NEBULA_TYPE_POOL, NULL);
  g_autoptr (GError) error = NULL;

  g_test_summary ("a pool without a cluster has nothing to connect to");
  g_assert_null (nebula_pool_acquire (pool, -1, NULL, &error));
  g_assert_error (error, NEBULA_ERROR, NEBULA_ERROR_WRONG_STATE);
}

/* A stub of the user's own type. */
static gpointer
make_stub (NebulaInterceptor *interceptor, ThriftProtocol *protocol, gpointer user_data)
{
  guint *n_made = user_data;
  GObject *stub = g_object_new (G_TYPE_OBJECT, NULL);

  ++*n_made;
  g_object_set (interceptor, "max-depth", 7u, NULL);
  g_object_set_data_full (stub, "protocol", g_object_ref (protocol), g_object_unref);
  return stub;
}

static void
count (gpointer user_data)
{
  *(guint *) user_data += 100;
}

static void
test_stub_func (PoolFixture *self, gconstpointer data)
{
  NebulaPoolLease *lease;
  GObject *protocol;
  guint n_made = 0;
  guint max_depth;

  g_test_summary ("a function makes stubs of any type, one for each interceptor");
  nebula_pool_set_stub_func (self->pool, make_stub, &n_made, count);
  nebula_pool_lease_free (acquire (self));
  lease = acquire (self);
  g_assert_cmpuint (n_made, ==, 1);
  g_object_get (nebula_pool_lease_get_interceptor (lease), "max-depth", &max_depth, NULL);
  g_assert_cmpuint (max_depth, ==, 7);
  protocol = g_object_get_data (nebula_pool_lease_get_stub (lease), "protocol");
  g_assert_true (THRIFT_IS_PROTOCOL (protocol));
  nebula_pool_set_stub_func (self->pool, NULL, NULL, NULL);
  g_assert_cmpuint (n_made, ==, 101);
  nebula_pool_lease_discard (lease);
  lease = acquire (self);
  g_assert_cmpint (execute (lease, INSERT), ==, 0);
  nebula_pool_lease_free (lease);
}

static void
test_no_stub (PoolFixture *self, gconstpointer data)
{
  g_autoptr (NebulaPool) pool = nebula_pool_new (self->road.cluster);
  g_autoptr (NebulaPoolLease) lease = nebula_pool_acquire (pool, -1, NULL, NULL);

  g_test_summary ("a pool that knows no stubs hands out interceptors that are signed in");
  g_assert_null (nebula_pool_lease_get_stub (lease));
  g_assert_cmpint (nebula_pool_lease_get_session_id (lease), !=, 0);
  g_assert_true (NEBULA_IS_INTERCEPTOR (nebula_pool_lease_get_interceptor (lease)));
}

static void
test_stub_type (PoolFixture *self, gconstpointer data)
{
  g_autoptr (NebulaPool) pool = NULL;

  g_test_summary ("a type is a stub's when it has the two properties; any other is a critical");
  pool = nebula_pool_new_for_stub_type (self->road.cluster,
                                        NEBULA_THRIFT_TYPE_GRAPH_SERVICE_CLIENT);
  g_assert_nonnull (pool);
  for (guint i = 0; i < 2; i++)
    {
      g_test_expect_message ("nebula-interceptor", G_LOG_LEVEL_CRITICAL, "*takes_protocols*");
      g_assert_null (nebula_pool_new_for_stub_type (self->road.cluster,
                                                    i == 0 ? G_TYPE_INT : G_TYPE_CANCELLABLE));
      g_test_assert_expected_messages ();
    }
}

/* Threads that all want a lease. */
typedef struct
{
  PoolFixture *fixture;
  GThread *thread;
  GError *error; /* (owned) (nullable) */
} Visitor;

#define N_VISITORS 8

static gpointer
want_one (gpointer data)
{
  Visitor *self = data;
  NebulaPoolLease *lease = nebula_pool_acquire (self->fixture->pool, -1, NULL, &self->error);

  g_clear_pointer (&lease, nebula_pool_lease_free);
  return NULL;
}

static void
test_refused (PoolFixture *self, gconstpointer data)
{
  Visitor visitors[N_VISITORS];

  g_test_summary ("a stale password costs one attempt, however many threads want a session");
  nebula_mock_server_add_user (self->road.server, "root", "changed");
  for (guint i = 0; i < N_VISITORS; i++)
    {
      visitors[i] = (Visitor){ self, NULL, NULL };
      visitors[i].thread = g_thread_new ("visitor", want_one, &visitors[i]);
    }
  for (guint i = 0; i < N_VISITORS; i++)
    {
      g_thread_join (visitors[i].thread);
      g_assert_error (visitors[i].error, NEBULA_ERROR, NEBULA_ERROR_AUTH);
      g_assert_cmpint (nebula_error_get_code (visitors[i].error), ==, -1001);
      g_assert_null (strstr (visitors[i].error->message, "nebula"));
      g_clear_error (&visitors[i].error);
    }
  g_assert_cmpuint (calls (self, "authenticate"), ==, 1);
  assert_counts (self, 0, 0);
}

#define N_VISITS 25

static gpointer
count_up (gpointer data)
{
  Visitor *self = data;

  for (guint i = 0; i < N_VISITS; i++)
    {
      g_autoptr (NebulaPoolLease) lease = acquire (self->fixture);

      g_assert_cmpint (execute (lease, COUNT_UP), ==, 0);
    }
  return NULL;
}

static void
test_threads (PoolFixture *self, gconstpointer data)
{
  Visitor visitors[N_VISITORS];
  NebulaPoolLease *lease = acquire (self);

  g_test_summary ("eight threads share two sessions");
  g_assert_cmpint (execute (lease, INSERT), ==, 0);
  nebula_pool_lease_free (lease);
  for (guint i = 0; i < N_VISITORS; i++)
    {
      visitors[i] = (Visitor){ self, NULL, NULL };
      visitors[i].thread = g_thread_new ("visitor", count_up, &visitors[i]);
    }
  for (guint i = 0; i < N_VISITORS; i++)
    g_thread_join (visitors[i].thread);
  g_assert_cmpint (fixture_get_number (&self->road, "v", "n"), ==, N_VISITORS * N_VISITS + 1);
  g_assert_cmpuint (calls (self, "authenticate"), <=, 2);
  g_assert_cmpuint (nebula_mock_server_get_connections (self->road.server), <=, 2);
}

static gpointer
cancel_when_asked (gpointer data)
{
  Visitor *self = data;
  GCancellable *cancellable = g_object_get_data (G_OBJECT (self->fixture->pool), "cancellable");

  g_assert_true (nebula_mock_server_wait_for_calls (self->fixture->road.server, "authenticate", 1));
  g_cancellable_cancel (cancellable);
  return NULL;
}

static void
test_cancelled_signing_in (PoolFixture *self, gconstpointer data)
{
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (NebulaMockFault) fault = NULL;
  g_autoptr (GError) error = NULL;
  Visitor canceller = { self, NULL, NULL };

  g_test_summary ("cancelling ends a wait for the server too, and the place is free again");
  fault = nebula_mock_fault_new (NEBULA_MOCK_FAULT_SILENCE_BEFORE_APPLY, "authenticate", NULL, 1,
                                 1);
  nebula_mock_server_add_fault (self->road.server, fault);
  g_object_set_data (G_OBJECT (self->pool), "cancellable", cancellable);
  canceller.thread = g_thread_new ("cancel", cancel_when_asked, &canceller);
  g_assert_null (nebula_pool_acquire (self->pool, -1, cancellable, &error));
  g_assert_error (error, NEBULA_ERROR, NEBULA_ERROR_CANCELLED);
  g_thread_join (canceller.thread);
  assert_counts (self, 0, 0);
  nebula_pool_lease_free (acquire (self));
}

#define add(path, func) g_test_add ("/pool/" path, PoolFixture, NULL, set_up, func, tear_down)

static void
add_tests_of_leases (void)
{
  add ("reuse", test_reuse);
  add ("full", test_full);
  add ("spaces", test_spaces);
  add ("spaces/of-user", test_space_of_user);
  add ("spaces/none", test_no_space);
  add ("spaces/unknown", test_unknown_space);
  add ("signed-out", test_signed_out);
  add ("expired", test_expired);
  add ("cut", test_cut);
  add ("transport-closed", test_transport_closed);
  add ("unread", test_unread);
  add ("cancellable-undone", test_cancellable_undone);
  add ("discard", test_discard);
  add ("retired", test_retired);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  add ("properties", test_properties);
  add_tests_of_leases ();
  add ("closed", test_closed);
  add ("closed/without-server", test_closed_without_server);
  add ("outlives", test_outlives);
  add ("no-time", test_no_time);
  add ("time-for-all", test_time_for_all);
  add ("no-server", test_no_server);
  add ("no-credentials", test_no_credentials);
  add ("no-cluster", test_no_cluster);
  add ("stub/func", test_stub_func);
  add ("stub/none", test_no_stub);
  add ("stub/type", test_stub_type);
  add ("refused", test_refused);
  add ("threads", test_threads);
  add ("cancelled", test_cancelled_signing_in);
  return g_test_run ();
}
