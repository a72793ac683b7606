/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "nebula-endpoint-member-private.h"

G_BEGIN_DECLS

/**
 * NebulaEndpointSet:
 *
 * The endpoints of a cluster: which one to connect to, what is known of their health, and the
 * budgets. Safe in any thread; nothing of it is needed while all is well but
 * nebula_endpoint_set_get_version().
 */
typedef struct _NebulaEndpointSet NebulaEndpointSet;

/**
 * NebulaEndpointTrouble:
 * @NEBULA_ENDPOINT_TROUBLE_LOST: it could not be connected to, or the connection broke, or it said
 *   that it stops
 * @NEBULA_ENDPOINT_TROUBLE_MEMORY: a statement ran out of memory
 *
 * What speaks against an endpoint.
 */
typedef enum
{
  NEBULA_ENDPOINT_TROUBLE_LOST,
  NEBULA_ENDPOINT_TROUBLE_MEMORY,
} NebulaEndpointTrouble;

/**
 * NebulaEndpointUse:
 * @member: (owned) (nullable): the endpoint
 * @trouble: what was known to be wrong with it when the connection was begun
 * @is_probe: it has to show that it is back before it gets a request
 * @until: from then on a new connection goes to the endpoint whose turn it is, not to this one
 *
 * The use of an endpoint by one interceptor, over one connection. What the connection comes to is
 * news only for whoever knows no later trouble: see @trouble.
 */
typedef struct
{
  NebulaEndpointMember *member;
  guint trouble;
  gboolean is_probe;
  gint64 until;
} NebulaEndpointUse;

/**
 * NebulaEndpointReport:
 * @kind: what happened
 * @now: the time
 * @random: a random number in [0, 1)
 * @text: what was said
 * @statement: for memory, a number that stands for the statement
 *
 * What somebody has to say against an endpoint.
 */
typedef struct
{
  NebulaEndpointTrouble kind;
  gint64 now;
  double random;
  const char *text;
  guint statement;
} NebulaEndpointReport;

NebulaEndpointSet *nebula_endpoint_set_new (NebulaRetryPolicy *policy);
void nebula_endpoint_set_free (NebulaEndpointSet *self);

gboolean nebula_endpoint_set_replace (NebulaEndpointSet *self,
                                      const char *endpoints,
                                      GError **error);
void nebula_endpoint_set_set_policy (NebulaEndpointSet *self, NebulaRetryPolicy *policy);
void nebula_endpoint_set_set_seed (NebulaEndpointSet *self, guint64 seed);

guint nebula_endpoint_set_get_version (NebulaEndpointSet *self);
guint nebula_endpoint_set_get_length (NebulaEndpointSet *self);
GPtrArray *nebula_endpoint_set_get_states (NebulaEndpointSet *self, gint64 now);
NebulaRetryBudget *nebula_endpoint_set_get_budget (NebulaEndpointSet *self,
                                                   NebulaEndpointMember *member);

gboolean nebula_endpoint_set_choose (NebulaEndpointSet *self,
                                     NebulaEndpointUse *use,
                                     GPtrArray *tried,
                                     gint64 now,
                                     gint64 probe_time);
gint64 nebula_endpoint_set_get_next_connect (NebulaEndpointSet *self);
char *nebula_endpoint_set_describe (NebulaEndpointSet *self, gint64 now);

void nebula_endpoint_set_report (NebulaEndpointSet *self,
                                 const NebulaEndpointUse *use,
                                 const NebulaEndpointReport *report);
void nebula_endpoint_set_note_answer (NebulaEndpointSet *self, const NebulaEndpointUse *use);
void nebula_endpoint_set_note_success (NebulaEndpointSet *self, NebulaEndpointUse *use);
void nebula_endpoint_set_give_up_probe (NebulaEndpointSet *self, const NebulaEndpointUse *use);

void nebula_endpoint_use_clear (NebulaEndpointUse *use);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (NebulaEndpointUse, nebula_endpoint_use_clear)

G_END_DECLS
