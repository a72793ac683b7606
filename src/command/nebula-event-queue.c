/* SPDX-License-Identifier: Apache-2.0 */
#include "nebula-event-queue-private.h"

void
nebula_event_queue_init (NebulaEventQueue *self)
{
  self->heap = g_array_new (FALSE, FALSE, sizeof (NebulaEvent));
  self->order = 0;
}

void
nebula_event_queue_clear (NebulaEventQueue *self)
{
  g_clear_pointer (&self->heap, g_array_unref);
}

static NebulaEvent *
at (const NebulaEventQueue *self, guint i)
{
  return &g_array_index (self->heap, NebulaEvent, i);
}

/* The order makes runs repeatable: a heap alone does not say which of two equals comes first. */
static gboolean
is_before (const NebulaEvent *a, const NebulaEvent *b)
{
  if (a->time != b->time)
    return a->time < b->time;
  return a->order < b->order;
}

/* @event: copied; its order is ignored */
void
nebula_event_queue_push (NebulaEventQueue *self, const NebulaEvent *event)
{
  NebulaEvent added = *event;
  guint i = self->heap->len;

  added.order = self->order++;
  g_array_append_val (self->heap, added);
  while (i > 0 && is_before (&added, at (self, (i - 1) / 2)))
    {
      *at (self, i) = *at (self, (i - 1) / 2);
      i = (i - 1) / 2;
    }
  *at (self, i) = added;
}

/* The hole at the top sinks to where @last may stand. */
static void
sink (NebulaEventQueue *self, const NebulaEvent *last)
{
  guint n = self->heap->len;
  guint i = 0;

  for (guint child = 1; child < n; child = 2 * i + 1)
    {
      if (child + 1 < n && is_before (at (self, child + 1), at (self, child)))
        child++;
      if (!is_before (at (self, child), last))
        break;
      *at (self, i) = *at (self, child);
      i = child;
    }
  *at (self, i) = *last;
}

/* Returns: %FALSE when nothing is left to happen; @event then is as it was */
gboolean
nebula_event_queue_pop (NebulaEventQueue *self, NebulaEvent *event)
{
  NebulaEvent last;

  if (self->heap->len == 0)
    return FALSE;
  *event = *at (self, 0);
  last = *at (self, self->heap->len - 1);
  g_array_set_size (self->heap, self->heap->len - 1);
  if (self->heap->len > 0)
    sink (self, &last);
  return TRUE;
}
