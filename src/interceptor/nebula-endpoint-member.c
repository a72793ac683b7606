/* SPDX-License-Identifier: Apache-2.0 */
#include "nebula-endpoint-member-private.h"

/**
 * nebula_endpoint_member_new:
 * @endpoint: (transfer full): where it is
 * @settings: what its budget is made of
 *
 * Returns: (transfer full): a member that is healthy, with a full budget
 */
NebulaEndpointMember *
nebula_endpoint_member_new (NebulaEndpoint *endpoint, const NebulaBudgetSettings *settings)
{
  NebulaEndpointMember *self = g_new0 (NebulaEndpointMember, 1);

  g_atomic_ref_count_init (&self->refs);
  self->endpoint = endpoint;
  self->budget = nebula_retry_budget_new (settings);
  return self;
}

NebulaEndpointMember *
nebula_endpoint_member_ref (NebulaEndpointMember *self)
{
  g_atomic_ref_count_inc (&self->refs);
  return self;
}

void
nebula_endpoint_member_unref (NebulaEndpointMember *self)
{
  if (!g_atomic_ref_count_dec (&self->refs))
    return;

  nebula_endpoint_free (self->endpoint);
  nebula_endpoint_health_clear (&self->health);
  nebula_retry_budget_unref (self->budget);
  g_free (self);
}
