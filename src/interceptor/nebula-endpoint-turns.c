/* SPDX-License-Identifier: Apache-2.0 */
#include "nebula-endpoint-turns-private.h"

#include "nebula-random-private.h"

void
nebula_endpoint_turns_init (NebulaEndpointTurns *self)
{
  *self = (NebulaEndpointTurns){ .order = g_ptr_array_new () };
}

void
nebula_endpoint_turns_clear (NebulaEndpointTurns *self)
{
  g_clear_pointer (&self->order, g_ptr_array_unref);
}

/* @members come in their order, and a new round begins. */
void
nebula_endpoint_turns_set_members (NebulaEndpointTurns *self, GPtrArray *members)
{
  g_ptr_array_set_size (self->order, 0);
  for (guint i = 0; i < members->len; i++)
    g_ptr_array_add (self->order, members->pdata[i]);
  self->n_left = 0;
}

/* @members: whose order it is from now on, if it is not chance's */
void
nebula_endpoint_turns_set_shuffled (NebulaEndpointTurns *self,
                                    gboolean is_shuffled,
                                    GPtrArray *members)
{
  if (is_shuffled == self->is_shuffled)
    return;
  self->is_shuffled = is_shuffled;
  self->next = 0;
  nebula_endpoint_turns_set_members (self, members);
}

/* Before a choice. Each order is as likely as any other. */
void
nebula_endpoint_turns_begin (NebulaEndpointTurns *self)
{
  gpointer *order = self->order->pdata;

  if (self->n_left > 0)
    return;
  self->n_left = self->order->len;
  if (!self->is_shuffled)
    return;
  for (guint i = self->order->len; i > 1; i--)
    {
      guint other = (guint) (nebula_random_draw (&self->random) * i);
      gpointer moved = order[i - 1];

      order[i - 1] = order[other];
      order[other] = moved;
    }
}

/* After a choice: whoever comes behind @member is next. */
void
nebula_endpoint_turns_pass (NebulaEndpointTurns *self, NebulaEndpointMember *member)
{
  self->n_left--;
  if (g_ptr_array_find (self->order, member, &self->next))
    self->next++;
}
