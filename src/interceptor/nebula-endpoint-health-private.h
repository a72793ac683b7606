/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* So many statements that run out of memory, each another one, within so long, are no longer the
 * fault of the statements. */
#define NEBULA_ENDPOINT_MEMORY_LIMIT 3
#define NEBULA_ENDPOINT_MEMORY_TIME (10 * G_TIME_SPAN_SECOND)

/**
 * NebulaEndpointPauses:
 * @initial: how long an endpoint is set aside the first time, in microseconds
 * @maximum: at most
 *
 * As a policy says.
 */
typedef struct
{
  gint64 initial;
  gint64 maximum;
} NebulaEndpointPauses;

/**
 * NebulaEndpointHealth:
 * @failures: how often in a row it was set aside, since the last success
 * @is_down: whether it has answered nothing since it was set aside
 * @down_since: when the row began
 * @failed_at: when it was set aside last
 * @returns_at: when that ends
 * @probed_until: somebody is probing it, and has until then; 0 for nobody
 * @next_connect: before this time nobody connects to it again while it is down
 * @n_connects: how often somebody has connected to it since it is down
 * @last_error: (owned) (nullable): why it was set aside last; kept after a success
 * @n_out_of_memory: how many of @out_of_memory count
 * @out_of_memory: different statements that ran out of memory lately, oldest first
 *
 * What is known of the health of one endpoint. Times are of the cluster's clock, and handed in: no
 * function here reads a clock, draws a number or locks anything.
 */
typedef struct
{
  guint failures;
  gboolean is_down;
  gint64 down_since;
  gint64 failed_at;
  gint64 returns_at;
  gint64 probed_until;
  gint64 next_connect;
  guint n_connects;
  char *last_error;
  guint n_out_of_memory;
  struct
  {
    guint statement;
    gint64 at;
  } out_of_memory[NEBULA_ENDPOINT_MEMORY_LIMIT - 1];
} NebulaEndpointHealth;

void nebula_endpoint_health_clear (NebulaEndpointHealth *self);

gboolean nebula_endpoint_health_is_set_aside (const NebulaEndpointHealth *self, gint64 now);
gboolean nebula_endpoint_health_needs_probe (const NebulaEndpointHealth *self, gint64 now);
gboolean nebula_endpoint_health_may_connect (const NebulaEndpointHealth *self, gint64 now);

void nebula_endpoint_health_note_connect (NebulaEndpointHealth *self,
                                          const NebulaEndpointPauses *pauses,
                                          gint64 now);
void nebula_endpoint_health_set_aside (NebulaEndpointHealth *self,
                                       const NebulaEndpointPauses *pauses,
                                       gint64 now,
                                       double random,
                                       const char *error);
gboolean nebula_endpoint_health_note_memory (NebulaEndpointHealth *self,
                                             gint64 now,
                                             guint statement);
void nebula_endpoint_health_note_answer (NebulaEndpointHealth *self);
void nebula_endpoint_health_note_success (NebulaEndpointHealth *self);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (NebulaEndpointHealth, nebula_endpoint_health_clear)

G_END_DECLS
