/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Something that happens in a simulation. */
typedef struct
{
  double time;    /* ms since the simulation began */
  guint64 order;  /* set by the queue: what was pushed first happens first at the same time */
  guint kind;     /* the model's own */
  guint client;   /* whom it concerns */
  gint64 payload; /* the model's own */
} NebulaEvent;

/* What is still to happen, as a binary heap: the earliest is taken first. For one thread. */
typedef struct
{
  GArray *heap;  /* (owned) (element-type NebulaEvent) */
  guint64 order; /* of the next event */
} NebulaEventQueue;

void nebula_event_queue_init (NebulaEventQueue *self);
void nebula_event_queue_clear (NebulaEventQueue *self);
void nebula_event_queue_push (NebulaEventQueue *self, const NebulaEvent *event);
gboolean nebula_event_queue_pop (NebulaEventQueue *self, NebulaEvent *event);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (NebulaEventQueue, nebula_event_queue_clear)

G_END_DECLS
