/* SPDX-License-Identifier: Apache-2.0 */
#include "pool-fixture.h"

/* The life of a pool: its end, its stubs, servers that do not do as they should, many threads. */

#define INSERT "INSERT VERTEX t(n) VALUES \"v\":(1)"
#define COUNT_UP "UPDATE VERTEX ON t \"v\" SET n = n + 1"

static void
test_closed (PoolFixture *self, gconstpointer data)
{
  NebulaPoolLease *lease = pool_fixture_acquire (self);
  g_autoptr (GError) error = NULL;

  g_test_summary (
    "a closed pool signs out what is idle, and hands out nothing; a lease stays good");
  nebula_pool_lease_free (pool_fixture_acquire (self));
  nebula_pool_close (self->pool);
  pool_fixture_assert_signed_out (self, 1, 1);
  g_assert_null (nebula_pool_acquire (self->pool, -1, NULL, &error));
  g_assert_error (error, NEBULA_ERROR, NEBULA_ERROR_WRONG_STATE);
  g_assert_cmpint (pool_fixture_execute (lease, INSERT, NULL), ==, 0);
  nebula_pool_lease_free (lease);
  pool_fixture_assert_signed_out (self, 2, 0);
}

static void
test_outlives (PoolFixture *self, gconstpointer data)
{
  NebulaPoolLease *lease = pool_fixture_acquire (self);

  g_test_summary ("a lease outlives its pool, and is signed out when it is freed");
  nebula_pool_lease_free (pool_fixture_acquire (self));
  g_assert_finalize_object (g_steal_pointer (&self->pool));
  pool_fixture_assert_signed_out (self, 1, 1);
  g_assert_cmpint (pool_fixture_execute (lease, INSERT, NULL), ==, 0);
  nebula_pool_lease_free (lease);
  pool_fixture_assert_signed_out (self, 2, 0);
}

static void
test_closed_without_server (PoolFixture *self, gconstpointer data)
{
  g_test_summary ("closing a pool whose server is gone ends: what cannot be signed out is dropped");
  nebula_pool_lease_free (pool_fixture_acquire (self));
  nebula_mock_server_set_listening (self->road.server, FALSE);
  nebula_mock_server_close_connections (self->road.server);
  g_assert_true (nebula_mock_server_wait_for_connections_closed (self->road.server));
  nebula_pool_close (self->pool);
  pool_fixture_assert_counts (self, 0, 0);
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
  g_assert_cmpuint (pool_fixture_calls (self, "authenticate"), ==, 0);
  pool_fixture_assert_counts (self, 0, 0);
  g_clear_error (&error);

  nebula_pool_lease_free (pool_fixture_acquire (self));
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
  pool_fixture_assert_counts (self, 0, 0);
  nebula_mock_server_set_listening (self->road.server, TRUE);
  /* Whatever keeps a client from a server that was not there. */
  nebula_manual_clock_advance (self->road.clock, G_TIME_SPAN_HOUR);
  nebula_pool_lease_free (pool_fixture_acquire (self));
}

static void
test_fill (PoolFixture *self, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  g_test_summary ("a pool that was filled has its sessions in their space before anybody asks");
  pool_fixture_open (self, 2, 3);
  g_assert_true (nebula_pool_fill (self->pool, -1, NULL, &error));
  g_assert_no_error (error);
  pool_fixture_assert_counts (self, 2, 0);
  g_assert_cmpuint (pool_fixture_calls (self, "authenticate"), ==, 2);
  nebula_pool_lease_free (nebula_pool_acquire (self->pool, 0, NULL, &error));
  g_assert_no_error (error);

  nebula_pool_close (self->pool);
  g_assert_false (nebula_pool_fill (self->pool, -1, NULL, &error));
  g_assert_error (error, NEBULA_ERROR, NEBULA_ERROR_WRONG_STATE);
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
  nebula_pool_lease_free (pool_fixture_acquire (self));
  lease = pool_fixture_acquire (self);
  g_assert_cmpuint (n_made, ==, 1);
  g_object_get (nebula_pool_lease_get_interceptor (lease), "max-depth", &max_depth, NULL);
  g_assert_cmpuint (max_depth, ==, 7);
  protocol = g_object_get_data (nebula_pool_lease_get_stub (lease), "protocol");
  g_assert_true (THRIFT_IS_PROTOCOL (protocol));
  nebula_pool_set_stub_func (self->pool, NULL, NULL, NULL);
  g_assert_cmpuint (n_made, ==, 101);
  nebula_pool_lease_discard (lease);
  lease = pool_fixture_acquire (self);
  g_assert_cmpint (pool_fixture_execute (lease, INSERT, NULL), ==, 0);
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
get_nothing (GObject *object, guint id, GValue *value, GParamSpec *spec)
{
}

/* Half of what makes a stub. */
static void
init_half_stub (gpointer klass, gpointer data)
{
  G_OBJECT_CLASS (klass)->get_property = get_nothing;
  g_object_class_install_property (
    klass, 1, g_param_spec_object ("input_protocol", NULL, NULL, G_TYPE_OBJECT, G_PARAM_READABLE));
}

static GType
make_half_stub_type (void)
{
  return g_type_register_static_simple (G_TYPE_OBJECT, "HalfStub", sizeof (GObjectClass),
                                        init_half_stub, sizeof (GObject), NULL, 0);
}

static void
test_stub_type (PoolFixture *self, gconstpointer data)
{
  const GType no_stubs[] = { G_TYPE_INT, G_TYPE_CANCELLABLE, make_half_stub_type () };
  g_autoptr (NebulaPool) pool = NULL;

  g_test_summary ("a type is a stub's when it has the two properties; any other is a critical");
  pool = nebula_pool_new_for_stub_type (self->road.cluster,
                                        NEBULA_THRIFT_TYPE_GRAPH_SERVICE_CLIENT);
  g_assert_nonnull (pool);
  for (gsize i = 0; i < G_N_ELEMENTS (no_stubs); i++)
    {
      g_test_expect_message ("nebula-interceptor", G_LOG_LEVEL_CRITICAL, "*takes_protocols*");
      g_assert_null (nebula_pool_new_for_stub_type (self->road.cluster, no_stubs[i]));
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
  pool_fixture_open (self, 0, GPOINTER_TO_UINT (data));
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
  g_assert_cmpuint (pool_fixture_calls (self, "authenticate"), ==, 1);
  pool_fixture_assert_counts (self, 0, 0);
}

#define N_VISITS 25

static gpointer
count_up (gpointer data)
{
  Visitor *self = data;

  for (guint i = 0; i < N_VISITS; i++)
    {
      g_autoptr (NebulaPoolLease) lease = pool_fixture_acquire (self->fixture);

      g_assert_cmpint (pool_fixture_execute (lease, COUNT_UP, NULL), ==, 0);
    }
  return NULL;
}

static void
test_threads (PoolFixture *self, gconstpointer data)
{
  Visitor visitors[N_VISITORS];
  NebulaPoolLease *lease = pool_fixture_acquire (self);

  g_test_summary ("eight threads share two sessions");
  g_assert_cmpint (pool_fixture_execute (lease, INSERT, NULL), ==, 0);
  nebula_pool_lease_free (lease);
  for (guint i = 0; i < N_VISITORS; i++)
    {
      visitors[i] = (Visitor){ self, NULL, NULL };
      visitors[i].thread = g_thread_new ("visitor", count_up, &visitors[i]);
    }
  for (guint i = 0; i < N_VISITORS; i++)
    g_thread_join (visitors[i].thread);
  g_assert_cmpint (fixture_get_number (&self->road, "v", "n"), ==, N_VISITORS * N_VISITS + 1);
  g_assert_cmpuint (pool_fixture_calls (self, "authenticate"), <=, 2);
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
  pool_fixture_assert_counts (self, 0, 0);
  nebula_pool_lease_free (pool_fixture_acquire (self));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  pool_fixture_add ("/pool-life/closed", test_closed);
  pool_fixture_add ("/pool-life/closed/without-server", test_closed_without_server);
  pool_fixture_add ("/pool-life/outlives", test_outlives);
  pool_fixture_add ("/pool-life/no-time", test_no_time);
  pool_fixture_add ("/pool-life/time-for-all", test_time_for_all);
  pool_fixture_add ("/pool-life/no-server", test_no_server);
  pool_fixture_add ("/pool-life/no-credentials", test_no_credentials);
  pool_fixture_add ("/pool-life/no-cluster", test_no_cluster);
  pool_fixture_add ("/pool-life/stub/func", test_stub_func);
  pool_fixture_add ("/pool-life/stub/none", test_no_stub);
  pool_fixture_add ("/pool-life/stub/type", test_stub_type);
  g_test_add ("/pool-life/refused/in-turn", PoolFixture, GUINT_TO_POINTER (2), pool_fixture_set_up,
              test_refused, pool_fixture_tear_down);
  g_test_add ("/pool-life/refused/at-once", PoolFixture, GUINT_TO_POINTER (N_VISITORS),
              pool_fixture_set_up, test_refused, pool_fixture_tear_down);
  pool_fixture_add ("/pool-life/fill", test_fill);
  pool_fixture_add ("/pool-life/threads", test_threads);
  pool_fixture_add ("/pool-life/cancelled", test_cancelled_signing_in);
  return g_test_run ();
}
