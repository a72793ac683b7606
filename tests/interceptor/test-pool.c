/* SPDX-License-Identifier: Apache-2.0 */
#include "pool-fixture.h"

/* Leases of a pool: sessions are made, handed out and put right. */

#define INSERT "INSERT VERTEX t(n) VALUES \"v\":(1)"
#define COUNT_UP "UPDATE VERTEX ON t \"v\" SET n = n + 1"
#define FETCH "FETCH PROP ON t \"v\" YIELD properties(vertex).n"
#define USE_TEST "USE `test`"
#define USE_OTHER "USE `other`"

static void
test_properties (PoolFixture *self, gconstpointer data)
{
  g_autoptr (NebulaPool) plain = nebula_pool_new (self->road.cluster);
  g_autofree char *space = NULL;
  guint min_size;
  guint max_size;
  gint64 idle_timeout;
  gint64 age;
  GType stub_type;

  g_test_summary ("a pool is what its properties say; by default it has ten and keeps none");
  g_object_get (self->pool, "min-size", &min_size, "max-size", &max_size, "space", &space,
                "stub-type", &stub_type, NULL);
  g_assert_cmpuint (min_size, ==, 0);
  g_assert_cmpuint (max_size, ==, 2);
  g_assert_cmpstr (space, ==, "test");
  g_assert_cmpuint (stub_type, ==, NEBULA_THRIFT_TYPE_GRAPH_SERVICE_CLIENT);
  g_object_get (plain, "min-size", &min_size, "max-size", &max_size, "idle-timeout", &idle_timeout,
                "max-connection-age", &age, "stub-type", &stub_type, NULL);
  g_assert_cmpuint (min_size, ==, 0);
  g_assert_cmpuint (max_size, ==, 10);
  g_assert_cmpint (idle_timeout, ==, 5 * 60 * G_TIME_SPAN_SECOND);
  g_assert_cmpint (age, ==, 0);
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
      g_autoptr (NebulaPoolLease) lease = pool_fixture_acquire (self);

      g_assert_cmpint (nebula_pool_lease_get_session_id (lease), !=, 0);
      if (i == 0)
        session = nebula_pool_lease_get_session_id (lease);
      g_assert_cmpint (nebula_pool_lease_get_session_id (lease), ==, session);
      pool_fixture_assert_counts (self, 0, 1);
      g_assert_cmpint (pool_fixture_execute (lease, i == 0 ? INSERT : COUNT_UP, NULL), ==, 0);
    }
  pool_fixture_assert_counts (self, 1, 0);
  g_assert_cmpint (fixture_get_number (&self->road, "v", "n"), ==, 3);
  g_assert_cmpuint (pool_fixture_calls (self, "authenticate"), ==, 1);
  g_assert_cmpuint (pool_fixture_received (self, USE_TEST), ==, 1);
  g_assert_cmpuint (nebula_mock_server_get_connections (self->road.server), ==, 1);
}

static void
test_framing (PoolFixture *self, gconstpointer data)
{
  g_autoptr (NebulaPool) pool = NULL;
  g_autoptr (NebulaPoolLease) lease = NULL;
  g_autoptr (GError) error = NULL;
  NebulaFraming framing;

  g_test_summary ("the interceptors of a pool have its framing");
  pool = g_object_new (NEBULA_TYPE_POOL, "cluster", self->road.cluster, "framing",
                       NEBULA_FRAMING_HEADER, "stub-type", NEBULA_THRIFT_TYPE_GRAPH_SERVICE_CLIENT,
                       "space", "test", NULL);
  lease = nebula_pool_acquire (pool, 10 * G_TIME_SPAN_SECOND, NULL, &error);
  g_assert_no_error (error);
  g_object_get (nebula_pool_lease_get_interceptor (lease), "framing", &framing, NULL);
  g_assert_cmpint (framing, ==, NEBULA_FRAMING_HEADER);
  g_assert_cmpint (pool_fixture_execute (lease, INSERT, NULL), ==, 0);
  g_clear_pointer (&lease, nebula_pool_lease_free);
  nebula_pool_close (pool);

  g_object_get (self->pool, "framing", &framing, NULL);
  g_assert_cmpint (framing, ==, NEBULA_FRAMING_FRAMED);
}

static void
test_connection_age (PoolFixture *self, gconstpointer data)
{
  g_autoptr (NebulaPoolLease) lease = NULL;
  gint64 session;

  g_test_summary ("a connection that has come of age is replaced while it is lent: the session stays");
  g_clear_object (&self->pool);
  self->pool = g_object_new (NEBULA_TYPE_POOL, "cluster", self->road.cluster, "stub-type",
                             NEBULA_THRIFT_TYPE_GRAPH_SERVICE_CLIENT, "space", "test",
                             "max-connection-age", 10 * G_TIME_SPAN_SECOND, NULL);
  lease = pool_fixture_acquire (self);
  session = nebula_pool_lease_get_session_id (lease);
  nebula_manual_clock_advance (self->road.clock, 11 * G_TIME_SPAN_SECOND);
  g_assert_cmpint (pool_fixture_execute (lease, INSERT, NULL), ==, 0);
  g_assert_cmpuint (nebula_mock_server_get_connections (self->road.server), ==, 2);
  g_assert_cmpint (nebula_pool_lease_get_session_id (lease), ==, session);
  g_assert_cmpuint (pool_fixture_calls (self, "authenticate"), ==, 1);

  g_clear_pointer (&lease, nebula_pool_lease_free);
  nebula_manual_clock_advance (self->road.clock, 11 * G_TIME_SPAN_SECOND);
  lease = nebula_pool_acquire (self->pool, 0, NULL, NULL);
  g_assert_nonnull (lease);
  g_assert_cmpint (pool_fixture_execute (lease, INSERT, NULL), ==, 0);
  g_assert_cmpuint (nebula_mock_server_get_connections (self->road.server), ==, 3);
  g_assert_cmpuint (pool_fixture_calls (self, "authenticate"), ==, 1);
}

static void
test_full (PoolFixture *self, gconstpointer data)
{
  g_autoptr (NebulaPoolLease) first = pool_fixture_acquire (self);
  g_autoptr (NebulaPoolLease) second = pool_fixture_acquire (self);
  g_autoptr (GError) error = NULL;

  g_test_summary ("two leases have two sessions; there is no third, and the error says why");
  g_assert_cmpint (nebula_pool_lease_get_session_id (first), !=,
                   nebula_pool_lease_get_session_id (second));
  g_assert_null (nebula_pool_acquire (self->pool, 0, NULL, &error));
  g_assert_error (error, NEBULA_ERROR, NEBULA_ERROR_RETRYABLE);
  g_assert_nonnull (strstr (error->message, "2 of at most 2 in use"));
  g_assert_false (nebula_error_may_have_been_applied (error));
  g_assert_cmpuint (pool_fixture_calls (self, "authenticate"), ==, 2);
}

static void
test_spaces (PoolFixture *self, gconstpointer data)
{
  NebulaPoolLease *lease = pool_fixture_acquire_in (self, "other");

  g_test_summary (
    "USE is said when a lease is wanted in another space than it is in, and only then");
  nebula_pool_lease_free (lease);
  nebula_pool_lease_free (pool_fixture_acquire_in (self, "other"));
  g_assert_cmpuint (pool_fixture_received (self, USE_OTHER), ==, 1);
  nebula_pool_lease_free (pool_fixture_acquire (self));
  nebula_pool_lease_free (pool_fixture_acquire (self));
  g_assert_cmpuint (pool_fixture_received (self, USE_TEST), ==, 1);
  nebula_pool_lease_free (pool_fixture_acquire_in (self, "other"));
  g_assert_cmpuint (pool_fixture_received (self, USE_OTHER), ==, 2);
  g_assert_cmpuint (pool_fixture_calls (self, "authenticate"), ==, 1);
}

static void
test_own_space (PoolFixture *self, gconstpointer data)
{
  NebulaPoolLease *lease = pool_fixture_acquire (self);

  g_test_summary ("of two that are idle the one goes first that is in the space that is wanted");
  nebula_pool_lease_free (pool_fixture_acquire_in (self, "other"));
  nebula_pool_lease_free (lease);
  for (guint i = 0; i < 3; i++)
    {
      nebula_pool_lease_free (pool_fixture_acquire (self));
      nebula_pool_lease_free (pool_fixture_acquire_in (self, "other"));
    }
  g_assert_cmpuint (pool_fixture_received (self, USE_TEST), ==, 1);
  g_assert_cmpuint (pool_fixture_received (self, USE_OTHER), ==, 1);
  g_assert_cmpuint (pool_fixture_calls (self, "authenticate"), ==, 2);
}

static void
test_no_time (PoolFixture *self, gconstpointer data)
{
  static const char *const spaces[] = { "other", NULL };
  NebulaPoolLease *lease = pool_fixture_acquire (self);

  g_test_summary ("without any time only what is ready is had, and what is not is left as it is");
  nebula_pool_lease_free (lease);
  for (gsize i = 0; i < G_N_ELEMENTS (spaces); i++)
    {
      g_autoptr (GError) error = NULL;

      g_assert_null (nebula_pool_acquire_in_space (self->pool, spaces[i], 0, NULL, &error));
      g_assert_error (error, NEBULA_ERROR, NEBULA_ERROR_RETRYABLE);
      g_assert_false (nebula_error_may_have_been_applied (error));
    }
  lease = nebula_pool_acquire (self->pool, 0, NULL, NULL);
  g_assert_nonnull (lease);
  g_assert_cmpint (pool_fixture_execute (lease, INSERT, NULL), ==, 0);
  nebula_pool_lease_free (lease);
  g_assert_cmpuint (pool_fixture_received (self, "USE `other`"), ==, 0);
  g_assert_cmpuint (pool_fixture_calls (self, "authenticate"), ==, 1);
  g_assert_cmpuint (pool_fixture_calls (self, "signout"), ==, 0);
  g_assert_cmpuint (nebula_mock_server_get_connections (self->road.server), ==, 1);
}

static void
test_space_of_user (PoolFixture *self, gconstpointer data)
{
  NebulaPoolLease *lease = pool_fixture_acquire (self);

  g_test_summary ("a space that the user of a lease chose is not met by the next one");
  g_assert_cmpint (pool_fixture_execute (lease, "USE other", NULL), ==, 0);
  nebula_pool_lease_free (lease);
  lease = pool_fixture_acquire (self);
  g_assert_cmpint (pool_fixture_execute (lease, INSERT, NULL), ==, 0);
  nebula_pool_lease_free (lease);
  g_assert_cmpint (fixture_get_number (&self->road, "v", "n"), ==, 1);
}

static void
test_no_space (PoolFixture *self, gconstpointer data)
{
  g_autoptr (NebulaPoolLease) lease = NULL;

  g_test_summary ("where no space is wanted there is none: a session that has one is replaced");
  nebula_pool_lease_free (pool_fixture_acquire (self));
  lease = pool_fixture_acquire_in (self, NULL);
  g_assert_cmpint (pool_fixture_execute (lease, INSERT, NULL), !=, 0);
  g_clear_pointer (&lease, nebula_pool_lease_free);
  pool_fixture_assert_signed_out (self, 1, 1);
  g_assert_cmpuint (pool_fixture_calls (self, "authenticate"), ==, 2);
  lease = pool_fixture_acquire_in (self, "");
  g_assert_cmpuint (pool_fixture_calls (self, "authenticate"), ==, 2);
}

static void
test_unknown_space (PoolFixture *self, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  g_test_summary ("a space that does not exist is the error of who wants it, and of nobody else");
  g_assert_null (nebula_pool_acquire_in_space (self->pool, "nowhere", -1, NULL, &error));
  g_assert_error (error, NEBULA_ERROR, NEBULA_ERROR_FATAL);
  g_assert_nonnull (strstr (error->message, "SpaceNotFound"));
  pool_fixture_assert_signed_out (self, 1, 0);
  pool_fixture_assert_counts (self, 0, 0);
  g_clear_error (&error);

  nebula_pool_lease_free (pool_fixture_acquire (self));
  g_assert_null (nebula_pool_acquire_in_space (self->pool, "nowhere", -1, NULL, &error));
  g_assert_error (error, NEBULA_ERROR, NEBULA_ERROR_FATAL);
  nebula_pool_lease_free (pool_fixture_acquire (self));
}

static void
test_signed_out (PoolFixture *self, gconstpointer data)
{
  NebulaPoolLease *lease = pool_fixture_acquire (self);
  gint64 session = nebula_pool_lease_get_session_id (lease);

  g_test_summary ("a session that its user signed out is replaced");
  g_assert_true (
    nebula_thrift_graph_service_client_signout (nebula_pool_lease_get_stub (lease), session, NULL));
  nebula_pool_lease_free (lease);
  pool_fixture_assert_counts (self, 0, 0);
  lease = pool_fixture_acquire (self);
  g_assert_cmpint (nebula_pool_lease_get_session_id (lease), !=, session);
  g_assert_cmpint (pool_fixture_execute (lease, INSERT, NULL), ==, 0);
  nebula_pool_lease_free (lease);
  pool_fixture_assert_signed_out (self, 1, 1);
}

static void
test_expired (PoolFixture *self, gconstpointer data)
{
  NebulaPoolLease *lease = pool_fixture_acquire (self);
  gint64 session = nebula_pool_lease_get_session_id (lease);

  g_test_summary ("a session that graphd lost while it was idle is renewed behind the same id");
  nebula_pool_lease_free (lease);
  nebula_mock_server_expire_sessions (self->road.server);
  lease = pool_fixture_acquire (self);
  g_assert_cmpint (nebula_pool_lease_get_session_id (lease), ==, session);
  g_assert_cmpint (pool_fixture_execute (lease, INSERT, NULL), ==, 0);
  g_assert_cmpuint (pool_fixture_calls (self, "authenticate"), ==, 2);
  nebula_pool_lease_free (lease);
}

static void
test_cut (PoolFixture *self, gconstpointer data)
{
  NebulaPoolLease *lease;

  g_test_summary ("a connection that broke while it was idle is made again, with the old session");
  nebula_pool_lease_free (pool_fixture_acquire (self));
  nebula_mock_server_close_connections (self->road.server);
  g_assert_true (nebula_mock_server_wait_for_connections_closed (self->road.server));
  lease = pool_fixture_acquire (self);
  g_assert_cmpint (pool_fixture_execute (lease, INSERT, NULL), ==, 0);
  nebula_pool_lease_free (lease);
  g_assert_cmpuint (pool_fixture_calls (self, "authenticate"), ==, 1);
}

static void
test_transport_closed (PoolFixture *self, gconstpointer data)
{
  NebulaPoolLease *lease = pool_fixture_acquire (self);

  g_test_summary ("a transport that its user closed is opened again for the next one");
  thrift_transport_close (THRIFT_TRANSPORT (nebula_pool_lease_get_interceptor (lease)), NULL);
  nebula_pool_lease_free (lease);
  lease = pool_fixture_acquire (self);
  g_assert_cmpint (pool_fixture_execute (lease, INSERT, NULL), ==, 0);
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
  NebulaPoolLease *lease = pool_fixture_acquire (self);

  g_test_summary ("a reply that nobody read is not met by the next user");
  send_only (lease, INSERT);
  nebula_pool_lease_free (lease);
  lease = pool_fixture_acquire (self);
  g_assert_cmpint (pool_fixture_execute (lease, "FETCH nonsense", NULL), !=, 0);
  g_assert_cmpint (pool_fixture_execute (lease, INSERT, NULL), ==, 0);
  nebula_pool_lease_free (lease);
  g_assert_cmpuint (pool_fixture_calls (self, "authenticate"), ==, 1);
}

static void
test_deadline_undone (PoolFixture *self, gconstpointer data)
{
  NebulaPoolLease *lease = pool_fixture_acquire (self);

  g_test_summary ("a deadline that was set is not met by the next user");
  nebula_interceptor_set_deadline (nebula_pool_lease_get_interceptor (lease), 0);
  nebula_pool_lease_free (lease);
  lease = pool_fixture_acquire (self);
  g_assert_cmpint (pool_fixture_execute (lease, INSERT, NULL), ==, 0);
  nebula_pool_lease_free (lease);
}

static void
test_cancellable_undone (PoolFixture *self, gconstpointer data)
{
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  NebulaPoolLease *lease = pool_fixture_acquire (self);

  g_test_summary ("a cancellable that was set is not met by the next user");
  nebula_interceptor_set_cancellable (nebula_pool_lease_get_interceptor (lease), cancellable);
  g_cancellable_cancel (cancellable);
  nebula_pool_lease_free (lease);
  g_assert_finalize_object (g_steal_pointer (&cancellable));
  lease = pool_fixture_acquire (self);
  g_assert_cmpint (pool_fixture_execute (lease, INSERT, NULL), ==, 0);
  nebula_pool_lease_free (lease);
}

static void
test_discard (PoolFixture *self, gconstpointer data)
{
  g_test_summary ("a lease that is discarded is signed out and not handed out again");
  nebula_pool_lease_discard (pool_fixture_acquire (self));
  pool_fixture_assert_counts (self, 0, 0);
  pool_fixture_assert_signed_out (self, 1, 0);
  nebula_pool_lease_free (pool_fixture_acquire (self));
  g_assert_cmpuint (pool_fixture_calls (self, "authenticate"), ==, 2);
}

static void
test_retired (PoolFixture *self, gconstpointer data)
{
  NebulaPoolLease *first;
  NebulaPoolLease *second;

  g_test_summary ("what was idle for five minutes is signed out, down to min-size");
  pool_fixture_open (self, 1, 2);
  first = pool_fixture_acquire (self);
  second = pool_fixture_acquire (self);
  nebula_pool_lease_free (first);
  nebula_pool_lease_free (second);
  nebula_manual_clock_advance (self->road.clock, 5 * 60 * G_TIME_SPAN_SECOND - 1);
  nebula_pool_retire_idle (self->pool);
  pool_fixture_assert_counts (self, 2, 0);
  nebula_manual_clock_advance (self->road.clock, 1);
  nebula_pool_retire_idle (self->pool);
  pool_fixture_assert_counts (self, 1, 0);
  pool_fixture_assert_signed_out (self, 1, 1);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  pool_fixture_add ("/pool/reuse", test_reuse);
  pool_fixture_add ("/pool/full", test_full);
  pool_fixture_add ("/pool/spaces", test_spaces);
  pool_fixture_add ("/pool/own-space", test_own_space);
  pool_fixture_add ("/pool/no-time", test_no_time);
  pool_fixture_add ("/pool/spaces/of-user", test_space_of_user);
  pool_fixture_add ("/pool/spaces/none", test_no_space);
  pool_fixture_add ("/pool/spaces/unknown", test_unknown_space);
  pool_fixture_add ("/pool/signed-out", test_signed_out);
  pool_fixture_add ("/pool/expired", test_expired);
  pool_fixture_add ("/pool/cut", test_cut);
  pool_fixture_add ("/pool/transport-closed", test_transport_closed);
  pool_fixture_add ("/pool/unread", test_unread);
  pool_fixture_add ("/pool/cancellable-undone", test_cancellable_undone);
  pool_fixture_add ("/pool/deadline-undone", test_deadline_undone);
  pool_fixture_add ("/pool/discard", test_discard);
  pool_fixture_add ("/pool/retired", test_retired);
  pool_fixture_add ("/pool/properties", test_properties);
  pool_fixture_add ("/pool/framing", test_framing);
  pool_fixture_add ("/pool/connection-age", test_connection_age);
  return g_test_run ();
}
