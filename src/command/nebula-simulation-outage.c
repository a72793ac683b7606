/* SPDX-License-Identifier: Apache-2.0 */
#include "nebula-event-queue-private.h"
#include "nebula-simulation-private.h"

/*
 * Clients make one request a second each, evenly spread. The server hangs, then breaks all that
 * waits for it at once, then refuses, and returns with little more capacity than the requests alone
 * need. What it cannot serve soon it refuses.
 */

/* In ms. Retries at the default pace come 1, 3 and 7 s after the break: the last of them meet the
 * server just after its return, which is where a herd hurts. */
#define OUTAGE_BEGINS 5000
#define CONNECTIONS_BREAK 6000
#define OUTAGE_ENDS 11000

/* No new requests from then on: by far enough for the server to work off what has piled up. */
#define REQUESTS_END 40000

/* Requests a second that the server can serve, for each client. */
#define CAPACITY 1.5

/* In ms: how long what it accepts may have to wait for its turn. */
#define LONGEST_QUEUE 200

typedef enum
{
  REQUEST_BEGINS,
  ATTEMPT_ARRIVES, /* at the server; the payload is the request's index, as everywhere below */
  ATTEMPT_FAILED,  /* at the client */
  ATTEMPT_SERVED,  /* at the client */
} Kind;

typedef struct
{
  guint attempts;
  guint paid;  /* to the budget, for the last retry */
  double last; /* the last wait, in ms */
} Request;

typedef struct
{
  const NebulaSimulation *simulation; /* (unowned) */
  GRand *rand;                        /* (unowned) */
  NebulaEventQueue *queue;            /* (unowned) */
  NebulaRetryBudget *budget;          /* (unowned) */
  GArray *requests;                   /* (unowned) (element-type Request) */
  double idle;                        /* from when on the server has nothing to do */
  double last_failure;
  guint calls; /* attempts during the outage */
  guint given_up;
} Model;

static void
push (Model *self, double time, Kind kind, const NebulaEvent *cause, gint64 request)
{
  NebulaEvent event = { time, 0, kind, cause->client, request };

  nebula_event_queue_push (self->queue, &event);
}

static void
begin_request (Model *self, const NebulaEvent *event)
{
  Request request = { 0, 0, 0 };
  double way = nebula_simulation_way (self->rand);

  push (self, event->time + way, ATTEMPT_ARRIVES, event, self->requests->len);
  g_array_append_val (self->requests, request);
  if (event->time + 1000 < REQUESTS_END)
    push (self, event->time + 1000, REQUEST_BEGINS, event, 0);
}

/* Answers when the server has an answer to what arrives at @time, and whether it serves it. */
static double
serve (Model *self, double time, gboolean *served)
{
  *served = FALSE;
  if (time >= OUTAGE_BEGINS && time < OUTAGE_ENDS)
    {
      self->calls++;
      return MAX (time, CONNECTIONS_BREAK);
    }
  if (self->idle > time + LONGEST_QUEUE)
    return time;
  *served = TRUE;
  self->idle = MAX (self->idle, time) + 1000 / (CAPACITY * self->simulation->clients);
  return self->idle;
}

static void
answer (Model *self, const NebulaEvent *event)
{
  gboolean served;
  double time = serve (self, event->time, &served);

  if (!served)
    self->last_failure = MAX (self->last_failure, time);
  push (self, time + nebula_simulation_way (self->rand), served ? ATTEMPT_SERVED : ATTEMPT_FAILED,
        event, event->payload);
}

static void
retry (Model *self, const NebulaEvent *event)
{
  Request *request = &g_array_index (self->requests, Request, event->payload);
  double wait;

  request->attempts++;
  if (!nebula_simulation_may_retry (self->simulation, self->budget, request->attempts,
                                    &request->paid))
    {
      self->given_up++;
      return;
    }
  wait = nebula_simulation_wait (self->simulation, self->rand, request->attempts - 1,
                                 &request->last);
  push (self, event->time + wait + nebula_simulation_way (self->rand), ATTEMPT_ARRIVES, event,
        event->payload);
}

static void
happen (Model *self, const NebulaEvent *event)
{
  switch ((Kind) event->kind)
    {
    case REQUEST_BEGINS:
      begin_request (self, event);
      break;
    case ATTEMPT_ARRIVES:
      answer (self, event);
      break;
    case ATTEMPT_FAILED:
      retry (self, event);
      break;
    case ATTEMPT_SERVED:
    default:
      nebula_retry_budget_refill (self->budget,
                                  g_array_index (self->requests, Request, event->payload).paid);
      break;
    }
}

static void
run (const NebulaSimulation *simulation, GRand *rand, double *values)
{
  g_autoptr (NebulaRetryBudget) budget = nebula_retry_budget_new (&simulation->budget);
  g_autoptr (GArray) requests = g_array_new (FALSE, FALSE, sizeof (Request));
  g_auto (NebulaEventQueue) queue = { 0 };
  Model self = { .simulation = simulation, .rand = rand, .queue = &queue, .budget = budget,
                 .requests = requests };
  NebulaEvent event;

  nebula_event_queue_init (&queue);
  for (guint i = 0; i < simulation->clients; i++)
    {
      NebulaEvent first = { 1000.0 * i / simulation->clients, 0, REQUEST_BEGINS, i, 0 };

      nebula_event_queue_push (&queue, &first);
    }
  while (nebula_event_queue_pop (&queue, &event))
    happen (&self, &event);

  values[0] = MAX (0, self.last_failure - OUTAGE_ENDS);
  values[1] = self.calls;
  values[2] = 100.0 * self.given_up / requests->len;
}

const NebulaSimulationModel nebula_simulation_outage = {
  "outage",
  "A server that is down for 6 s, and clients that go on calling",
  {
    { "completion_ms", "all well after, ms", 0 },
    { "calls", "calls while down", 0 },
    { "given_up_percent", "requests lost, %", 2 },
  },
  run,
};
