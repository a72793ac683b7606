/* SPDX-License-Identifier: Apache-2.0 */
#include "nebula-pool-lease-private.h"

/**
 * NebulaPoolLease:
 *
 * Freeing it gives the interceptor back to its pool: hold it in a `g_autoptr (NebulaPoolLease)`.
 * Interceptor and stub must not be used after that; keep no reference of them.
 *
 * The session belongs to the lease. Its space may be changed by `USE`, for whoever comes next is
 * put back where he wants to be; a session that was signed out is replaced.
 */
struct _NebulaPoolLease
{
  NebulaPoolQueue *queue; /* (owned): lives on when the pool does not */
  NebulaPoolEntry *entry; /* (owned) */
};

/* @entry: (transfer full): taken from @queue */
NebulaPoolLease *
nebula_pool_lease_new (NebulaPoolQueue *queue, NebulaPoolEntry *entry)
{
  NebulaPoolLease *self = g_new0 (NebulaPoolLease, 1);

  self->queue = nebula_pool_queue_ref (queue);
  self->entry = entry;
  return self;
}

static void
give_back (NebulaPoolLease *self, gboolean keep)
{
  nebula_pool_queue_release (self->queue, self->entry, keep);
  nebula_pool_queue_unref (self->queue);
  g_free (self);
}

/**
 * nebula_pool_lease_free:
 * @self: (transfer full): a lease
 *
 * Gives the interceptor back. Whoever waits for one is woken. A reply that was not read, a
 * cancellable that was set are undone; functions and properties set on the interceptor stay.
 *
 * Where interceptors have been idle for too long, or the pool is closed, this signs them out,
 * which takes up to 3 seconds when a server does not answer.
 *
 * Any thread, also after the pool was disposed.
 *
 * Since: 0.1
 */
void
nebula_pool_lease_free (NebulaPoolLease *self)
{
  g_return_if_fail (self != NULL);

  give_back (self, TRUE);
}

/**
 * nebula_pool_lease_discard:
 * @self: (transfer full): a lease
 *
 * As nebula_pool_lease_free(), but the interceptor is not used again: its session is signed out and
 * its connection closed. For whoever has changed what cannot be changed back.
 *
 * Since: 0.1
 */
void
nebula_pool_lease_discard (NebulaPoolLease *self)
{
  g_return_if_fail (self != NULL);

  give_back (self, FALSE);
}

/**
 * nebula_pool_lease_get_interceptor:
 *
 * Returns: (transfer none): the interceptor, connected, valid as long as the lease
 *
 * Since: 0.1
 */
NebulaInterceptor *
nebula_pool_lease_get_interceptor (NebulaPoolLease *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->entry->interceptor;
}

/**
 * nebula_pool_lease_get_stub:
 *
 * Returns: (transfer none) (nullable): the stub, valid as long as the lease; %NULL when the pool
 *   has neither a type nor a function for stubs
 *
 * Since: 0.1
 */
gpointer
nebula_pool_lease_get_stub (NebulaPoolLease *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->entry->stub;
}

/**
 * nebula_pool_lease_get_session_id:
 *
 * Returns: what the stub's functions take as the id of the session; it stays the same when the
 *   session behind it is renewed
 *
 * Since: 0.1
 */
gint64
nebula_pool_lease_get_session_id (NebulaPoolLease *self)
{
  g_return_val_if_fail (self != NULL, 0);

  return self->entry->session;
}
