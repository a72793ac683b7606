/* SPDX-License-Identifier: Apache-2.0 */
#include "nebula-pool-private.h"

#include "nebula-time-private.h"

/* Leases: how long somebody waits for one, and in which space it is. */

/* A negative time-out is none. */
static void
set_limit (NebulaPool *self, NebulaLimit *limit, gint64 timeout, GCancellable *cancellable)
{
  NebulaClock *clock = nebula_pool_queue_get_clock (nebula_pool_get_queue (self));
  gint64 now = timeout >= 0 ? nebula_clock_get_now (clock) : 0;

  limit->clock = clock;
  limit->deadline = timeout >= 0 ? nebula_time_after (now, timeout) : G_MAXINT64;
  limit->cancellable = cancellable;
}

static NebulaPoolLease *
acquire (NebulaPool *self,
         const char *space,
         gint64 timeout,
         GCancellable *cancellable,
         GError **error)
{
  NebulaPoolQueue *queue = nebula_pool_get_queue (self);
  NebulaLimit limit;
  NebulaPoolEntry *entry;

  set_limit (self, &limit, timeout, cancellable);
  entry = nebula_pool_queue_acquire (queue, space, &limit, error);
  return entry != NULL ? nebula_pool_lease_new (queue, entry) : NULL;
}

/**
 * nebula_pool_acquire:
 * @timeout: how long all of it may take, in microseconds; -1 for as long as it takes, 0 for nothing
 *   that needs a wait
 * @cancellable: (nullable): ends the wait; has no effect on the lease afterwards
 * @error: return location of a #GError
 *
 * Waits for an interceptor, and makes it ready: connected, signed in, in #NebulaPool:space.
 *
 * All errors are of %NEBULA_ERROR, and none of them has applied anything: %NEBULA_ERROR_RETRYABLE
 * when @timeout came first (the text says how many are in use), %NEBULA_ERROR_CANCELLED,
 * %NEBULA_ERROR_WRONG_STATE when the pool is closed; else what signing in or `USE` failed with. A
 * refused password is told to everybody who waits at that time, and is not tried again for them.
 *
 * Any thread. A thread that waits for a second lease while it has one can wait for ever.
 *
 * Returns: (transfer full) (nullable): a lease
 *
 * Since: 0.1
 */
NebulaPoolLease *
nebula_pool_acquire (NebulaPool *self, gint64 timeout, GCancellable *cancellable, GError **error)
{
  g_return_val_if_fail (NEBULA_IS_POOL (self), NULL);
  g_return_val_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable), NULL);
  g_return_val_if_fail (error == NULL || *error == NULL, NULL);

  return acquire (self, nebula_pool_get_space (self), timeout, cancellable, error);
}

/**
 * nebula_pool_acquire_in_space:
 * @space: (nullable): the name of a space, without quotes; %NULL or empty for a session that has
 *   not chosen one
 * @timeout: as in nebula_pool_acquire()
 * @cancellable: (nullable): as in nebula_pool_acquire()
 * @error: return location of a #GError
 *
 * As nebula_pool_acquire(), but in another space than the pool's.
 *
 * Returns: (transfer full) (nullable): a lease
 *
 * Since: 0.1
 */
NebulaPoolLease *
nebula_pool_acquire_in_space (NebulaPool *self,
                              const char *space,
                              gint64 timeout,
                              GCancellable *cancellable,
                              GError **error)
{
  g_return_val_if_fail (NEBULA_IS_POOL (self), NULL);
  g_return_val_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable), NULL);
  g_return_val_if_fail (error == NULL || *error == NULL, NULL);

  if (space != NULL && *space == '\0')
    space = NULL;
  return acquire (self, space, timeout, cancellable, error);
}

/**
 * nebula_pool_fill:
 * @timeout: as in nebula_pool_acquire()
 * @cancellable: (nullable): ends it
 * @error: return location of a #GError, as in nebula_pool_acquire()
 *
 * Makes interceptors, in #NebulaPool:space, until there are #NebulaPool:min-size, so that the first
 * callers need not wait for that, and a program knows when it starts that it can sign in.
 *
 * Returns: %FALSE with @error set when one could not be made
 *
 * Since: 0.1
 */
gboolean
nebula_pool_fill (NebulaPool *self, gint64 timeout, GCancellable *cancellable, GError **error)
{
  NebulaLimit limit;

  g_return_val_if_fail (NEBULA_IS_POOL (self), FALSE);
  g_return_val_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable), FALSE);
  g_return_val_if_fail (error == NULL || *error == NULL, FALSE);

  set_limit (self, &limit, timeout, cancellable);
  return nebula_pool_queue_fill (nebula_pool_get_queue (self), nebula_pool_get_space (self), &limit,
                                 error);
}
