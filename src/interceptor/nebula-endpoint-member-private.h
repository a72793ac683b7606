/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "nebula-endpoint-health-private.h"
#include "nebula-endpoint-private.h"
#include <nebula-retry/nebula-retry.h>

G_BEGIN_DECLS

/**
 * NebulaEndpointMember:
 * @refs: its references
 * @endpoint: (owned), constant
 * @is_removed: atomic: whether it has left the set for good
 * @health: guarded by the set's lock
 * @trouble: 0 while nothing is wrong; else a number that no earlier trouble had. Guarded by the
 *   set's
 *   lock
 * @last_trouble: the last such number; guarded by the set's lock
 * @budget: (owned): what pays for retries after its failures; guarded by the set's lock
 *
 * One endpoint of a set, shared with the calls that use it. Reference counted.
 */
typedef struct
{
  gatomicrefcount refs;
  NebulaEndpoint *endpoint;
  gint is_removed;
  NebulaEndpointHealth health;
  guint trouble;
  guint last_trouble;
  NebulaRetryBudget *budget;
} NebulaEndpointMember;

NebulaEndpointMember *nebula_endpoint_member_new (NebulaEndpoint *endpoint,
                                                  const NebulaBudgetSettings *settings);
NebulaEndpointMember *nebula_endpoint_member_ref (NebulaEndpointMember *self);
void nebula_endpoint_member_unref (NebulaEndpointMember *self);

static inline gboolean
nebula_endpoint_member_is_removed (NebulaEndpointMember *self)
{
  return g_atomic_int_get (&self->is_removed);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (NebulaEndpointMember, nebula_endpoint_member_unref)

G_END_DECLS
