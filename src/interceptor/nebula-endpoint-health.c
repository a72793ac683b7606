/* SPDX-License-Identifier: Apache-2.0 */
#include "nebula-endpoint-health-private.h"

#include "nebula-time-private.h"

/* A pause loses up to a quarter by chance, so that the clients of a graphd that is back do not all
 * come in one moment. Never more than the pause: its maximum is a promise. */
#define JITTER 0.25

/* While an endpoint is down the first connects follow each other in a quarter of the pause, half of
 * it, all of it: with the default of 1 s a dead graphd costs a few connects in the first second,
 * then one each second, however many calls want one. */
#define CONNECT_STEPS 2

void
nebula_endpoint_health_clear (NebulaEndpointHealth *self)
{
  g_clear_pointer (&self->last_error, g_free);
}

/* Whether there is something better than this endpoint, if there is anything else. */
gboolean
nebula_endpoint_health_is_set_aside (const NebulaEndpointHealth *self, gint64 now)
{
  return self->is_down && now < self->returns_at;
}

/* Whether its pause is over, and nobody has found out yet if it is back, or is about to. */
gboolean
nebula_endpoint_health_needs_probe (const NebulaEndpointHealth *self, gint64 now)
{
  return self->is_down && now >= self->returns_at && now >= self->probed_until;
}

gboolean
nebula_endpoint_health_may_connect (const NebulaEndpointHealth *self, gint64 now)
{
  return !self->is_down || now >= self->next_connect;
}

/* Somebody connects: as long as the endpoint is down, the next one waits. */
void
nebula_endpoint_health_note_connect (NebulaEndpointHealth *self,
                                     const NebulaEndpointPauses *pauses,
                                     gint64 now)
{
  guint step = MIN (self->n_connects, CONNECT_STEPS);
  gint64 longest = MIN (pauses->initial, pauses->maximum);

  if (!self->is_down)
    return;
  self->n_connects++;
  self->next_connect = nebula_time_after (now, longest >> (CONNECT_STEPS - step));
}

static gint64
get_pause (const NebulaEndpointHealth *self, const NebulaEndpointPauses *pauses)
{
  gint64 pause = pauses->initial;

  for (guint i = 1; i < self->failures && pause < pauses->maximum; i++)
    pause = pause < G_MAXINT64 / 2 ? pause * 2 : G_MAXINT64;
  return MIN (pause, pauses->maximum);
}

/**
 * nebula_endpoint_health_set_aside:
 * @random: a random number in [0, 1)
 * @error: what happened
 *
 * It failed, or says that it will.
 */
void
nebula_endpoint_health_set_aside (NebulaEndpointHealth *self,
                                  const NebulaEndpointPauses *pauses,
                                  gint64 now,
                                  double random,
                                  const char *error)
{
  gint64 pause;

  if (self->failures == 0)
    self->down_since = now;
  if (!self->is_down)
    {
      self->n_connects = 0;
      self->next_connect = now;
    }
  self->failures += self->failures < G_MAXUINT;
  self->is_down = TRUE;
  self->failed_at = now;
  pause = get_pause (self, pauses);
  pause -= (gint64) (pause * JITTER * random);
  self->returns_at = nebula_time_after (now, pause);
  self->probed_until = 0;
  g_free (self->last_error);
  self->last_error = g_strdup (error);
}

/**
 * nebula_endpoint_health_note_memory:
 * @statement: a number that stands for the statement
 *
 * A statement ran out of memory.
 *
 * Returns: whether enough of them have for the endpoint to be set aside; they are forgotten then
 */
gboolean
nebula_endpoint_health_note_memory (NebulaEndpointHealth *self, gint64 now, guint statement)
{
  guint n = 0;

  for (guint i = 0; i < self->n_out_of_memory; i++)
    if (self->out_of_memory[i].statement != statement
        && now - self->out_of_memory[i].at < NEBULA_ENDPOINT_MEMORY_TIME)
      self->out_of_memory[n++] = self->out_of_memory[i];

  if (n == G_N_ELEMENTS (self->out_of_memory))
    {
      self->n_out_of_memory = 0;
      return TRUE;
    }
  self->out_of_memory[n].statement = statement;
  self->out_of_memory[n].at = now;
  self->n_out_of_memory = n + 1;
  return FALSE;
}

/* It has answered on a new connection: everybody may connect again. But what has failed so often
 * is believed only after a success. */
void
nebula_endpoint_health_note_answer (NebulaEndpointHealth *self)
{
  self->is_down = FALSE;
}

void
nebula_endpoint_health_note_success (NebulaEndpointHealth *self)
{
  nebula_endpoint_health_note_answer (self);
  self->failures = 0;
}
