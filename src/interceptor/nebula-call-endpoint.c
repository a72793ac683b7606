/* SPDX-License-Identifier: Apache-2.0 */
#include "nebula-call-private.h"

/* Where a call goes: it asks the set of endpoints for one whenever it needs a new connection, and
 * tells it what the connection came to. A transport of the user's is neither chosen nor judged. */

static NebulaEndpointSet *
get_set (NebulaCall *self)
{
  return nebula_cluster_get_endpoints (self->cluster);
}

/* The endpoints or the budgets of the cluster may be others than they were. */
static void
follow_set (NebulaCall *self)
{
  self->set_version = nebula_endpoint_set_get_version (get_set (self));
  g_clear_pointer (&self->budget, nebula_retry_budget_unref);
  if (self->factory != NULL)
    return;
  self->n_endpoints = MAX (nebula_endpoint_set_get_length (get_set (self)), 1);
  if (self->use.member == NULL || !nebula_endpoint_member_is_removed (self->use.member))
    return;
  nebula_connection_set_channel (&self->connection, NULL, NULL);
  nebula_endpoint_use_clear (&self->use);
}

static gboolean
has_set_changed (NebulaCall *self)
{
  return self->set_version != nebula_endpoint_set_get_version (get_set (self));
}

/* The endpoint in use pays for its failures. The budget is kept: the set is asked again only when
 * something has changed. */
NebulaRetryBudget *
nebula_call_get_budget (NebulaCall *self)
{
  if (G_UNLIKELY (self->budget == NULL || has_set_changed (self)))
    {
      /* Where the call goes is not changed before its next attempt. */
      g_clear_pointer (&self->budget, nebula_retry_budget_unref);
      self->budget = nebula_endpoint_set_get_budget (get_set (self), self->use.member);
    }
  return self->budget;
}

static void
use_socket (NebulaCall *self)
{
  NebulaEndpoint *endpoint = self->use.member->endpoint;

  self->tls_version = nebula_cluster_get_tls_version (self->cluster);
  nebula_connection_set_channel (&self->connection,
                                 nebula_cluster_make_channel (self->cluster, endpoint),
                                 endpoint->name);
}

/* How long the endpoint is used that was just chosen: 10 % more or less by chance, so that
 * connections that were made together are not replaced together. */
static void
limit_use (NebulaCall *self)
{
  gint64 tenth = self->max_connection_age / 10;
  gint64 age = self->max_connection_age - tenth;

  if (self->max_connection_age == 0)
    return;
  age = nebula_time_after (age, (gint64) (2 * tenth * nebula_call_draw (self)));
  self->use.until = nebula_time_after (self->attempt_start, age);
}

/* The channel for the next connection; %FALSE when none may be made now. */
static gboolean
choose_channel (NebulaCall *self, gint64 connect_timeout)
{
  NebulaEndpointMember *before = self->use.member;

  if (self->factory != NULL)
    {
      if (self->connection.channel == NULL)
        nebula_connection_set_channel (&self->connection, self->factory (self->factory_data),
                                       "transport");
      return TRUE;
    }
  if (self->method->ends_session)
    self->use.until = G_MAXINT64;
  if (!nebula_endpoint_set_choose (get_set (self), &self->use, self->tried, self->attempt_start,
                                   connect_timeout))
    return FALSE;
  if (self->use.until == G_MAXINT64)
    limit_use (self);
  if (self->use.member != before)
    g_clear_pointer (&self->budget, nebula_retry_budget_unref);
  if (self->use.member != before || self->connection.channel == NULL
      || self->tls_version != nebula_cluster_get_tls_version (self->cluster))
    use_socket (self);
  return TRUE;
}

static NebulaOutcome *
refuse (NebulaCall *self)
{
  g_autofree char *why = nebula_endpoint_set_describe (get_set (self), self->attempt_start);

  self->is_refused = TRUE;
  return nebula_outcome_new_from_transport (NEBULA_TRANSPORT_FAILURE_CONNECT,
                                            NEBULA_SEND_STATE_NEVER, why);
}

/* Until when a connection has to stand, and the first question on it to be answered. */
gint64
nebula_call_get_connect_deadline (NebulaCall *self)
{
  return nebula_time_add (self->attempt_start,
                          nebula_retry_policy_get_connect_timeout (self->policy));
}

/* The next attempt goes to another endpoint, the one that this call has been to least recently. */
void
nebula_call_leave_endpoint (NebulaCall *self)
{
  NebulaEndpointMember *member = self->use.member;

  if (self->n_endpoints == 1)
    return;
  g_clear_pointer (&self->budget, nebula_retry_budget_unref);
  nebula_connection_set_channel (&self->connection, NULL, NULL);
  if (member == NULL)
    return;
  if (self->tried == NULL)
    self->tried
      = g_ptr_array_new_with_free_func ((GDestroyNotify) nebula_endpoint_member_unref);
  g_ptr_array_remove (self->tried, member);
  g_ptr_array_add (self->tried, nebula_endpoint_member_ref (member));
  nebula_endpoint_use_clear (&self->use);
}

static guint
hash_statement (NebulaCall *self)
{
  const guint8 *statement = self->arguments.statement;
  guint hash = 5381; /* as g_str_hash () does it */

  if (!self->method->has_statement || statement == NULL)
    return 0;
  for (gsize i = 0; i < self->arguments.statement_length; i++)
    hash = hash * 33 + statement[i];
  return hash;
}

/* Tells the others of @text, which is about this endpoint. */
static void
report (NebulaCall *self, NebulaEndpointTrouble trouble, const char *text)
{
  NebulaEndpointReport report = {
    .kind = trouble,
    .now = nebula_clock_get_now (self->clock),
    .random = nebula_call_draw (self),
    .text = text,
    .statement = trouble == NEBULA_ENDPOINT_TROUBLE_MEMORY ? hash_statement (self) : 0,
  };

  nebula_endpoint_set_report (get_set (self), &self->use, &report);
}

/* The server has answered, and wants no more requests on this connection. */
static void
follow_goodbye (NebulaCall *self)
{
  if (self->use.member != NULL)
    report (self, NEBULA_ENDPOINT_TROUBLE_LOST, "it said that it is going away");
  nebula_call_leave_endpoint (self);
}

/* Whether the connection had come of age when the call began, and the call has the time that an
 * endpoint may take that is not there. Who signs out stays: old releases of graphd end no session
 * that they have not met. */
static gboolean
is_due (NebulaCall *self)
{
  return G_UNLIKELY (self->start >= self->use.until) && !self->method->ends_session
         && self->deadline >= nebula_call_get_connect_deadline (self);
}

/* Every endpoint is set aside, and the connection that has come of age works: it is kept until
 * there is a choice. */
static NebulaOutcome *
put_off (NebulaCall *self)
{
  self->use.until = nebula_endpoint_set_get_next_connect (get_set (self));
  return NULL;
}

/**
 * nebula_call_connect:
 *
 * Makes a connection, where the one there is cannot be used, or has come of age when the call
 * begins.
 *
 * Returns: (transfer full) (nullable): %NULL when one stands
 */
NebulaOutcome *
nebula_call_connect (NebulaCall *self)
{
  NebulaConnection *connection = &self->connection;
  g_autoptr (GError) error = NULL;
  NebulaLimit limit;
  gboolean is_usable;

  self->is_refused = FALSE;
  self->is_connecting = FALSE;
  if (G_UNLIKELY (has_set_changed (self)))
    follow_set (self);
  is_usable = nebula_connection_is_usable (connection, self->attempt_start);
  if (is_usable && !is_due (self))
    return NULL;
  if (connection->is_leaving)
    follow_goodbye (self);
  if (!choose_channel (self, nebula_retry_policy_get_connect_timeout (self->policy)))
    return is_usable ? put_off (self) : refuse (self);

  self->is_connecting = TRUE;
  nebula_call_get_limit (self, &limit);
  if (nebula_connection_open (connection, &limit, &error))
    {
      self->is_connecting = FALSE;
      connection->last_used = self->attempt_start;
      return NULL;
    }
  return nebula_call_fail (self, error, TRUE, NEBULA_SEND_STATE_NEVER);
}

/* When the next attempt can have a connection; any time that has passed for at once. */
gint64
nebula_call_get_next_connect (NebulaCall *self)
{
  if (self->factory != NULL || self->connection.is_open)
    return G_MININT64;
  return nebula_endpoint_set_get_next_connect (get_set (self));
}

/* Whether the attempt ended because the call's own time was over, before an endpoint that is well
 * would have had to be there. */
static gboolean
was_hurried (NebulaCall *self, gint64 now)
{
  NebulaLimit limit;

  nebula_call_get_limit (self, &limit);
  return now >= limit.deadline && limit.deadline < nebula_call_get_connect_deadline (self);
}

/* What a failure says against the endpoint. A graphd that says that it stops, or has not started,
 * is as good as one that is not there; so is one that answers a handshake in another language. */
static gboolean
find_trouble (NebulaCall *self, NebulaOutcome *failure, gint64 now, NebulaEndpointTrouble *trouble)
{
  gint32 code = nebula_outcome_get_wire_code (failure);

  *trouble = NEBULA_ENDPOINT_TROUBLE_LOST;
  switch ((guint) nebula_outcome_get_cause (failure))
    {
    case NEBULA_CAUSE_CANCELLED:
      return FALSE;
    case NEBULA_CAUSE_STARTING:
      return TRUE;
    case NEBULA_CAUSE_MEMORY:
      *trouble = NEBULA_ENDPOINT_TROUBLE_MEMORY;
      return TRUE;
    case NEBULA_CAUSE_PROTOCOL:
      return self->is_connecting;
    case NEBULA_CAUSE_TIMEOUT:
      return self->is_connecting && !was_hurried (self, now);
    default:
      break;
    }
  /* A reply that has these numbers behind another one is about metad or a storaged. */
  return code == -1 || (code == -2 && !was_hurried (self, now));
}

/**
 * nebula_call_note_failure:
 * @failure: what the attempt came to, as the tables of the library see it
 */
void
nebula_call_note_failure (NebulaCall *self, NebulaOutcome *failure)
{
  const char *text = nebula_outcome_get_message (failure);
  NebulaEndpointTrouble trouble;

  if (self->use.member == NULL)
    return;
  if (*text == '\0')
    text = nebula_cause_to_string (nebula_outcome_get_cause (failure));
  if (find_trouble (self, failure, nebula_clock_get_now (self->clock), &trouble))
    report (self, trouble, text);
  else if (self->use.is_probe)
    nebula_endpoint_set_give_up_probe (get_set (self), &self->use);
}

/* The endpoint has answered over this connection, or has taken it and nobody knows what to ask. */
void
nebula_call_note_answer (NebulaCall *self)
{
  if (G_LIKELY (self->use.trouble == 0))
    return;
  self->use.is_probe = FALSE;
  nebula_endpoint_set_note_answer (get_set (self), &self->use);
}

void
nebula_call_note_success (NebulaCall *self)
{
  if (G_UNLIKELY (self->use.trouble != 0))
    nebula_endpoint_set_note_success (get_set (self), &self->use);
}
