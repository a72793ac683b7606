/* SPDX-License-Identifier: Apache-2.0 */
#include "nebula-event-queue-private.h"
#include "nebula-simulation-private.h"

/*
 * Optimistic concurrency: all clients want to change one row, once. Each reads the row's version
 * and writes with it; the server takes the first write of a version and refuses the others, who
 * wait and read again. It is the model of the AWS article "Exponential Backoff And Jitter".
 */

typedef enum
{
  READ_ARRIVES,   /* at the server */
  READ_ANSWERED,  /* at the client; the payload is the version */
  WRITE_ARRIVES,  /* at the server; the payload is the version */
  WRITE_ANSWERED, /* at the client; the payload is whether the row was written */
} Kind;

/* What a client remembers between its attempts. */
typedef struct
{
  guint retries;
  double last; /* the last wait, in ms */
} Client;

typedef struct
{
  const NebulaSimulation *simulation; /* (unowned) */
  GRand *rand;                        /* (unowned) */
  NebulaEventQueue *queue;            /* (unowned) */
  Client *clients;                    /* (unowned) */
  gint64 version;
  double end;
  guint calls;
} Model;

/* A message leaves at @time. */
static void
send (Model *self, double time, Kind kind, guint client, gint64 payload)
{
  NebulaEvent event = { time + nebula_simulation_way (self->rand), 0, kind, client, payload };

  nebula_event_queue_push (self->queue, &event);
}

static void
try_write (Model *self, const NebulaEvent *event)
{
  gboolean written = event->payload == self->version;

  self->calls++;
  self->version += written;
  send (self, event->time, WRITE_ANSWERED, event->client, written);
}

static void
finish_write (Model *self, const NebulaEvent *event)
{
  Client *client = &self->clients[event->client];
  double wait;

  if (event->payload)
    {
      self->end = event->time;
      return;
    }
  wait = nebula_simulation_wait (self->simulation, self->rand, client->retries++, &client->last);
  send (self, event->time + wait, READ_ARRIVES, event->client, 0);
}

static void
happen (Model *self, const NebulaEvent *event)
{
  switch ((Kind) event->kind)
    {
    case READ_ARRIVES:
      send (self, event->time, READ_ANSWERED, event->client, self->version);
      break;
    case READ_ANSWERED:
      send (self, event->time, WRITE_ARRIVES, event->client, event->payload);
      break;
    case WRITE_ARRIVES:
      try_write (self, event);
      break;
    case WRITE_ANSWERED:
    default:
      finish_write (self, event);
      break;
    }
}

static void
run (const NebulaSimulation *simulation, GRand *rand, double *values)
{
  g_autofree Client *clients = g_new0 (Client, simulation->clients);
  g_auto (NebulaEventQueue) queue = { 0 };
  Model self = { .simulation = simulation, .rand = rand, .queue = &queue, .clients = clients };
  NebulaEvent event;

  nebula_event_queue_init (&queue);
  for (guint i = 0; i < simulation->clients; i++)
    send (&self, 0, READ_ARRIVES, i, 0);
  while (nebula_event_queue_pop (&queue, &event))
    happen (&self, &event);

  values[0] = self.end;
  values[1] = self.calls;
}

const NebulaSimulationModel nebula_simulation_occ = {
  "occ",
  "Clients that change one row at the same time",
  {
    { "completion_ms", "last client done, ms", 0 },
    { "calls", "write calls", 0 },
  },
  run,
};
