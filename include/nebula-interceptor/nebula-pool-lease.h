/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <nebula-interceptor/nebula-interceptor.h>

G_BEGIN_DECLS

/**
 * NebulaPoolLease:
 *
 * An interceptor of a #NebulaPool, signed in, for as long as the lease lives. Used by one thread at
 * a time; it may outlive the pool.
 *
 * Since: 0.1
 */
typedef struct _NebulaPoolLease NebulaPoolLease;

NEBULA_INTERCEPTOR_API void nebula_pool_lease_free (NebulaPoolLease *self);
NEBULA_INTERCEPTOR_API void nebula_pool_lease_discard (NebulaPoolLease *self);

NEBULA_INTERCEPTOR_API NebulaInterceptor *nebula_pool_lease_get_interceptor (NebulaPoolLease *self);
NEBULA_INTERCEPTOR_API gpointer nebula_pool_lease_get_stub (NebulaPoolLease *self);
NEBULA_INTERCEPTOR_API gint64 nebula_pool_lease_get_session_id (NebulaPoolLease *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (NebulaPoolLease, nebula_pool_lease_free)

G_END_DECLS
