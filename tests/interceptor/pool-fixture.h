/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "nebula-fixture.h"
#include <nebula-interceptor/nebula-pool.h>

G_BEGIN_DECLS

/**
 * PoolFixture:
 * @road: the server, and a cluster with credentials for it
 * @pool: of graphd's stubs, in the space "test", for two at a time
 *
 * A pool before a server.
 */
typedef struct
{
  Fixture road;
  NebulaPool *pool;
} PoolFixture;

void pool_fixture_set_up (PoolFixture *self, gconstpointer data);
void pool_fixture_tear_down (PoolFixture *self, gconstpointer data);

/* Replaces the pool. */
void pool_fixture_open (PoolFixture *self, guint min_size, guint max_size);

/* They must not fail. */
NebulaPoolLease *pool_fixture_acquire (PoolFixture *self);
NebulaPoolLease *pool_fixture_acquire_in (PoolFixture *self, const char *space);

/* The code of the reply, with stub and session of the lease. */
gint32 pool_fixture_execute (NebulaPoolLease *lease, const char *statement, GError **error);

guint pool_fixture_calls (PoolFixture *self, const char *method);
guint pool_fixture_received (PoolFixture *self, const char *statement);

/* Waits until so many have been signed out in all, and so many sessions are left at the server. */
void pool_fixture_assert_signed_out (PoolFixture *self, guint n_signed_out, guint n_left);
void pool_fixture_assert_counts (PoolFixture *self, guint n_idle, guint n_in_use);

#define pool_fixture_add(path, func)                                                            \
  g_test_add (path, PoolFixture, NULL, pool_fixture_set_up, func, pool_fixture_tear_down)

G_END_DECLS
