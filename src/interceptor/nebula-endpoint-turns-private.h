/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "nebula-endpoint-member-private.h"

G_BEGIN_DECLS

/**
 * NebulaEndpointTurns:
 * @order: (owned) (element-type NebulaEndpointMember): the members, as they come in this round;
 *   they are the set's
 * @next: the number of the one that comes first among equals
 * @n_left: how many are left in this round; 0 before the next one
 * @is_shuffled: whether chance orders each round
 * @random: state of the generator that does
 *
 * In which order equal endpoints are taken. A round is as many choices as there are endpoints, so
 * that the connections of one process are spread evenly. Many processes with one connection each
 * are spread by chance: at first, and when they flee from an endpoint, which they do not all to the same
 * other one.
 *
 * Guarded by the lock of the set.
 */
typedef struct
{
  GPtrArray *order;
  guint next;
  guint n_left;
  gboolean is_shuffled;
  guint64 random;
} NebulaEndpointTurns;

void nebula_endpoint_turns_init (NebulaEndpointTurns *self);
void nebula_endpoint_turns_clear (NebulaEndpointTurns *self);
void nebula_endpoint_turns_set_members (NebulaEndpointTurns *self, GPtrArray *members);
void nebula_endpoint_turns_set_shuffled (NebulaEndpointTurns *self,
                                         gboolean is_shuffled,
                                         GPtrArray *members);
void nebula_endpoint_turns_begin (NebulaEndpointTurns *self);
void nebula_endpoint_turns_pass (NebulaEndpointTurns *self, NebulaEndpointMember *member);

/* The one that comes @i after the first. */
static inline NebulaEndpointMember *
nebula_endpoint_turns_get (const NebulaEndpointTurns *self, guint i)
{
  return self->order->pdata[(self->next + i) % self->order->len];
}

G_END_DECLS
