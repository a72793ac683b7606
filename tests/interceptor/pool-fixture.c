/* SPDX-License-Identifier: Apache-2.0 */
#include "pool-fixture.h"

/* More properties than the tests need are not worth a function with variable arguments. */
void
pool_fixture_open (PoolFixture *self, guint min_size, guint max_size)
{
  g_clear_object (&self->pool);
  self->pool = g_object_new (NEBULA_TYPE_POOL, "cluster", self->road.cluster, "stub-type",
                             NEBULA_THRIFT_TYPE_GRAPH_SERVICE_CLIENT, "min-size", min_size,
                             "max-size", max_size, "space", "test", NULL);
}

void
pool_fixture_set_up (PoolFixture *self, gconstpointer data)
{
  fixture_set_up (&self->road, data);
  nebula_cluster_set_credentials (self->road.cluster, "root", "nebula");
  pool_fixture_open (self, 0, 2);
}

void
pool_fixture_tear_down (PoolFixture *self, gconstpointer data)
{
  if (self->pool != NULL)
    g_assert_finalize_object (self->pool);
  fixture_tear_down (&self->road, data);
}

guint
pool_fixture_calls (PoolFixture *self, const char *method)
{
  return nebula_mock_server_get_calls (self->road.server, method);
}

guint
pool_fixture_received (PoolFixture *self, const char *statement)
{
  return nebula_mock_server_get_received (self->road.server, statement);
}

void
pool_fixture_assert_signed_out (PoolFixture *self, guint n_signed_out, guint n_left)
{
  g_assert_true (nebula_mock_server_wait_for_calls (self->road.server, "signout", n_signed_out));
  g_assert_cmpuint (pool_fixture_calls (self, "signout"), ==, n_signed_out);
  g_assert_true (nebula_mock_server_wait_for_sessions (self->road.server, n_left));
}

NebulaPoolLease *
pool_fixture_acquire (PoolFixture *self)
{
  g_autoptr (GError) error = NULL;
  NebulaPoolLease *lease = nebula_pool_acquire (self->pool, -1, NULL, &error);

  g_assert_no_error (error);
  g_assert_nonnull (lease);
  return lease;
}

NebulaPoolLease *
pool_fixture_acquire_in (PoolFixture *self, const char *space)
{
  g_autoptr (GError) error = NULL;
  NebulaPoolLease *lease = nebula_pool_acquire_in_space (self->pool, space, -1, NULL, &error);

  g_assert_no_error (error);
  return lease;
}

/* What the statement came to with the stub and the session of the lease. */
gint32
pool_fixture_execute (NebulaPoolLease *lease, const char *statement, GError **error)
{
  Fixture road = {
    .client = nebula_pool_lease_get_stub (lease),
    .session = nebula_pool_lease_get_session_id (lease),
  };

  return fixture_execute (&road, statement, error);
}

void
pool_fixture_assert_counts (PoolFixture *self, guint n_idle, guint n_in_use)
{
  g_assert_cmpuint (nebula_pool_get_n_idle (self->pool), ==, n_idle);
  g_assert_cmpuint (nebula_pool_get_n_in_use (self->pool), ==, n_in_use);
}
