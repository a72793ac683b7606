/* SPDX-License-Identifier: Apache-2.0 */
#include "nebula-call-private.h"

#include "nebula-call-report-private.h"

/*
 * The road of a call: nebula_call_begin () reads the request, nebula_call_run () goes
 * connect - prepare - send - receive - read, and back to the start as long as a failure is worth
 * it.
 * While all goes well nothing is allocated and the clock is read once, for the deadline.
 */

void
nebula_call_init (NebulaCall *self)
{
  nebula_connection_init (&self->connection);
  self->use.until = G_MAXINT64;
  self->latest = G_MAXINT64;
  self->caller_deadline = G_MAXINT64;
}

/* Once, before the first call. */
void
nebula_call_set_cluster (NebulaCall *self, NebulaCluster *cluster)
{
  self->cluster = g_object_ref (cluster);
  self->clock = nebula_cluster_get_clock (cluster);
  self->policy_version = nebula_cluster_get_policy_version (cluster);
  self->cluster_policy = nebula_cluster_get_policy (cluster);
  self->policy = self->cluster_policy;
  self->set_version = nebula_endpoint_set_get_version (nebula_cluster_get_endpoints (cluster));
  self->n_endpoints
    = MAX (nebula_endpoint_set_get_length (nebula_cluster_get_endpoints (cluster)), 1);
  self->random = nebula_cluster_draw_seed (cluster);
}

static void
forget_attempts (NebulaCall *self)
{
  g_clear_pointer (&self->state, nebula_retry_state_free);
  g_clear_pointer (&self->failures, g_ptr_array_unref);
  g_clear_pointer (&self->tried, g_ptr_array_unref);
  self->is_statement_read = FALSE;
  self->safety = NEBULA_STATEMENT_NOT_IDEMPOTENT;
  self->traits = NEBULA_CALL_TRAITS_NONE;
  self->lost_renewals = 0;
}

void
nebula_call_clear (NebulaCall *self)
{
  forget_attempts (self);
  nebula_connection_clear (&self->connection);
  nebula_endpoint_use_clear (&self->use);
  nebula_buffer_clear (&self->request);
  nebula_session_view_clear (&self->view);
  g_clear_pointer (&self->session, nebula_session_unref);
  g_clear_pointer (&self->made, g_ptr_array_unref);
  g_clear_pointer (&self->own, g_ptr_array_unref);
  g_clear_pointer (&self->budget, nebula_retry_budget_unref);
  g_clear_object (&self->cancellable);
  g_clear_object (&self->cluster_policy);
  g_clear_object (&self->clock);
  g_clear_object (&self->cluster);
}

static NebulaOutcome *
send_request (NebulaCall *self)
{
  NebulaConnection *connection = &self->connection;
  guint8 *message = nebula_framer_get_message (&self->request);
  g_autoptr (GError) error = NULL;
  gboolean never_sent = FALSE;
  NebulaLimit limit;

  self->sequence = nebula_connection_next_sequence (connection);
  nebula_write_be32 (message + self->head.sequence_offset, self->sequence);
  if (self->session != NULL)
    nebula_write_be64 (message + self->arguments.session_offset, self->view.id);

  nebula_call_get_limit (self, &limit);
  connection->last_used = self->attempt_start;
  if (nebula_connection_send (connection, &self->request, &never_sent, &limit, &error))
    {
      self->is_sent = TRUE;
      return NULL;
    }

  if (never_sent)
    nebula_connection_close (connection);
  else
    nebula_call_leave_unanswered (self);
  return nebula_call_fail (self, error, FALSE,
                           never_sent ? NEBULA_SEND_STATE_NEVER : NEBULA_SEND_STATE_MAYBE);
}

/* Whether the attempt comes too late: it was cancelled, a wait took longer than it was meant to, or
 * the caller has no time at all. What nobody answers takes none. */
static NebulaOutcome *
check_limit (NebulaCall *self)
{
  g_autoptr (GError) error = NULL;
  gboolean is_late = self->attempt_start >= self->deadline && !nebula_call_is_oneway (self);

  if (G_LIKELY (!is_late && !g_cancellable_is_cancelled (self->cancellable)))
    return NULL;
  self->is_connecting = FALSE;
  self->is_refused = FALSE;
  if (g_cancellable_set_error_if_cancelled (self->cancellable, &error))
    return nebula_call_fail (self, error, FALSE, NEBULA_SEND_STATE_NEVER);
  return nebula_outcome_new_from_transport (NEBULA_TRANSPORT_FAILURE_TIMEOUT,
                                            NEBULA_SEND_STATE_NEVER, "timed out");
}

/* One attempt, or what is left of it. */
static NebulaOutcome *
attempt (NebulaCall *self, NebulaCallGoal goal)
{
  NebulaOutcome *failure = NULL;

  self->is_prelude = FALSE;
  if (!self->is_sent)
    {
      /* That of an earlier attempt is not the answer to this one. */
      self->has_reply = FALSE;
      if ((failure = check_limit (self)) != NULL
          || (failure = nebula_call_connect (self)) != NULL || goal == NEBULA_CALL_GOAL_OPEN)
        return failure;
      if ((failure = nebula_call_prepare (self)) != NULL)
        {
          self->is_prelude = TRUE;
          return failure;
        }
      if (self->connection.is_greeted || self->service == NEBULA_SERVICE_OTHER)
        nebula_call_note_answer (self);
      if ((failure = send_request (self)) != NULL)
        return failure;
    }
  return goal == NEBULA_CALL_GOAL_ANSWERED ? nebula_call_receive (self) : NULL;
}

static void
report_attempt (NebulaCall *self, NebulaOutcome *outcome, NebulaDecision decision, gint64 now)
{
  g_autoptr (NebulaAttempt) attempt = NULL;

  attempt = nebula_attempt_new (self->connection.endpoint, self->attempt_start - self->start,
                                now - self->start, outcome, decision);
  if (nebula_outcome_get_category (outcome) != NEBULA_ERROR_CATEGORY_OK)
    {
      if (self->failures == NULL)
        self->failures = g_ptr_array_new_with_free_func ((GDestroyNotify) nebula_attempt_unref);
      g_ptr_array_add (self->failures, nebula_attempt_ref (attempt));
    }
  if (self->watch != NULL)
    self->watch (self, attempt, self->watch_data);
}

static void
report_success (NebulaCall *self)
{
  NebulaDecision decision = { NEBULA_ACTION_RETURN, NEBULA_REASON_SUCCESS, 0 };
  g_autoptr (NebulaOutcome) outcome = NULL;

  self->succeeded = TRUE;
  nebula_call_note_success (self);
  nebula_call_refill (self);
  if (self->watch == NULL)
    return;
  outcome = nebula_outcome_new_from_reply (self->method->phase, 0, NULL, 0, self->traits);
  report_attempt (self, outcome, decision, nebula_clock_get_now (self->clock));
}

/* What has to be done between two attempts, but for the wait. */
static void
carry_out (NebulaCall *self, NebulaAction action)
{
  switch (action)
    {
    case NEBULA_ACTION_RENEW_SESSION:
      nebula_session_lose (self->session, self->view.id);
      break;
    case NEBULA_ACTION_REPLAY_SPACE:
      nebula_connection_forget_session (&self->connection);
      break;
    case NEBULA_ACTION_HANDSHAKE:
      self->connection.is_greeted = FALSE;
      break;
    case NEBULA_ACTION_MOVE:
      nebula_call_leave_endpoint (self);
      break;
    case NEBULA_ACTION_RETRY:
    case NEBULA_ACTION_RETURN:
    default:
      break;
    }
}

/* Which failure the caller is told: the last one when it says why no further attempt could be
 * made; else the one that nebula_error_choose_outcome () finds to tell most. */
static NebulaOutcome *
representative (NebulaCall *self)
{
  NebulaAttempt *last = self->failures->pdata[self->failures->len - 1];
  NebulaOutcome *outcome = nebula_attempt_get_outcome (last);
  NebulaOutcome *chosen = nebula_error_choose_outcome (self->failures);

  if (nebula_outcome_get_cause (outcome) == NEBULA_CAUSE_CANCELLED)
    return outcome;
  return self->is_prelude && nebula_outcome_get_effect (chosen) == NEBULA_EFFECT_NONE ? outcome
                                                                                      : chosen;
}

/* The call ends without a reply. */
static void
give_up (NebulaCall *self, GError **error)
{
  GError *made = nebula_error_new_for_outcome (representative (self), self->failures,
                                               nebula_call_get_method_name (self));

  self->has_reply = FALSE;
  g_propagate_error (error, made);
}

/* Of an exception the stub makes an error, and that is all that a program gets: that the last
 * attempt did nothing would be taken for the whole call, while an earlier one may have been
 * applied. */
static gboolean
would_mislead (NebulaCall *self, NebulaOutcome *failure)
{
  return self->has_exception && nebula_outcome_get_effect (failure) == NEBULA_EFFECT_NONE
         && nebula_outcome_get_effect (representative (self)) != NEBULA_EFFECT_NONE;
}

/* Cancelled between two attempts. @failure is what was to be tried again: where that had its price,
 * it is not made, and costs nothing. */
static void
give_up_waiting (NebulaCall *self, NebulaOutcome *failure, GError **error)
{
  NebulaDecision decision = { NEBULA_ACTION_RETURN, NEBULA_REASON_CANCELLED, 0 };
  g_autoptr (NebulaOutcome) outcome = NULL;

  if (!nebula_outcome_is_never_sent (failure))
    nebula_retry_state_refill (self->state, NULL);
  outcome = nebula_outcome_new_from_transport (NEBULA_TRANSPORT_FAILURE_CANCELLED,
                                               NEBULA_SEND_STATE_NEVER,
                                               "cancelled while waiting for the next attempt");
  self->attempt_start = nebula_clock_get_now (self->clock);
  report_attempt (self, outcome, decision, self->attempt_start);
  give_up (self, error);
}

/**
 * handle:
 * @failure: what the attempt came to
 * @error: set when the call is over without a reply for the stub
 *
 * Returns: whether another attempt follows
 */
static gboolean
handle (NebulaCall *self, NebulaOutcome *failure, GError **error)
{
  gint64 now = nebula_clock_get_now (self->clock);
  NebulaDecision decision;

  nebula_call_read_statement (self);
  decision = nebula_call_decide (self, failure, now);
  report_attempt (self, failure, decision, now);
  if (decision.action != NEBULA_ACTION_RETURN)
    {
      carry_out (self, decision.action);
      if (decision.delay == 0
          || nebula_clock_wait (self->clock, decision.delay, self->cancellable, NULL))
        return TRUE;
      give_up_waiting (self, failure, error);
    }
  else if (decision.reason == NEBULA_REASON_SUCCESS)
    {
      self->succeeded = TRUE;
    }
  else if (!self->has_reply || self->surface == NEBULA_SURFACE_ERRORS
           || would_mislead (self, failure))
    {
      give_up (self, error);
    }
  return FALSE;
}

/* A request that is never answered is over with its sending. */
static void
finish_oneway (NebulaCall *self)
{
  self->is_sent = FALSE;
  self->succeeded = TRUE;
  if (self->method->ends_session && self->session_id != 0)
    {
      nebula_session_table_end (nebula_cluster_get_sessions (self->cluster), self->session_id);
      g_clear_pointer (&self->session, nebula_session_unref);
      self->session_id = 0;
    }
}

/**
 * nebula_call_run:
 * @goal: how far to go
 * @error: set when the call failed and there is no reply to hand over
 *
 * Goes on with the call until it is as far as @goal, trying again what the policy allows.
 *
 * Returns: %FALSE with @error set when the call is over
 */
gboolean
nebula_call_run (NebulaCall *self, NebulaCallGoal goal, GError **error)
{
  NebulaOutcome *failure;

  while ((failure = attempt (self, goal)) != NULL)
    {
      g_autoptr (NebulaOutcome) meaning = NULL;

      nebula_call_note_failure (self, failure);
      meaning = nebula_call_interpret (self, failure);
      if (!handle (self, meaning, error))
        return self->has_reply;
      self->attempt_start = nebula_clock_get_now (self->clock);
    }
  if (goal == NEBULA_CALL_GOAL_ANSWERED)
    report_success (self);
  else if (goal == NEBULA_CALL_GOAL_OPEN)
    self->succeeded = TRUE;
  else if (goal == NEBULA_CALL_GOAL_SENT && nebula_call_is_oneway (self))
    finish_oneway (self);
  return TRUE;
}

static gboolean
is_unknown (const NebulaMethod *method)
{
  return method == &nebula_method_other || method == &nebula_method_statement;
}

/* As the stub called it, also after the request was forgotten. */
const char *
nebula_call_get_method_name (NebulaCall *self)
{
  return is_unknown (self->method) ? self->unknown_name : self->method->name;
}

static void
note_unknown_name (NebulaCall *self)
{
  gsize length = MIN (self->head.name_length, sizeof self->unknown_name - 1);

  memcpy (self->unknown_name, self->head.name, length);
  self->unknown_name[length] = '\0';
}

/* Whether nobody answers the request. */
gboolean
nebula_call_is_oneway (NebulaCall *self)
{
  return self->head.type == NEBULA_MESSAGE_ONEWAY || self->method->is_oneway;
}

/* The request is not needed any more. What it carried is wiped, sent or not: passwords are in
 * statements too. */
void
nebula_call_end (NebulaCall *self)
{
  nebula_buffer_forget (&self->request);
}

/* A file names no service that nobody knows, but may say something of all of them. */
static const char *
get_service_name (NebulaCall *self)
{
  if (self->method->service != NULL)
    return self->method->service;
  return self->service == NEBULA_SERVICE_GRAPH ? nebula_graph_service : "";
}

/* The policy in force, as it is for the method that is called. It is looked up again only when the
 * one or the other has changed; behind a method that nobody knows may be any. */
static void
choose_policy (NebulaCall *self)
{
  if (self->policy_version != nebula_cluster_get_policy_version (self->cluster))
    {
      self->policy_version = nebula_cluster_get_policy_version (self->cluster);
      g_clear_object (&self->cluster_policy);
      self->cluster_policy = nebula_cluster_get_policy (self->cluster);
      self->policy_method = NULL;
    }
  if (self->policy_method == self->method && !is_unknown (self->method))
    return;
  self->policy_method = self->method;
  self->policy = nebula_retry_policy_get_for_method (self->cluster_policy, get_service_name (self),
                                                     nebula_call_get_method_name (self));
}

static void
start_clock (NebulaCall *self)
{
  choose_policy (self);
  self->start = nebula_clock_get_now (self->clock);
  self->attempt_start = self->start;
  self->deadline = nebula_time_add (self->start,
                                  nebula_retry_policy_get_total_timeout (self->policy));
  self->deadline = MIN (self->deadline, MIN (self->latest, self->caller_deadline));
  forget_attempts (self);
  self->is_sent = FALSE;
  self->has_reply = FALSE;
  self->succeeded = FALSE;
}

/**
 * nebula_call_open:
 *
 * Connects, so that an endpoint that cannot be reached is known before the first call.
 */
gboolean
nebula_call_open (NebulaCall *self, GError **error)
{
  static const NebulaMethod open_method = {
    .name = "open",
    .phase = NEBULA_PHASE_VERIFY,
    .safety = NEBULA_STATEMENT_READ_ONLY,
  };

  self->method = &open_method;
  start_clock (self);
  return nebula_call_run (self, NEBULA_CALL_GOAL_OPEN, error);
}

void
nebula_call_close (NebulaCall *self)
{
  if (self->is_sent)
    nebula_call_leave_unanswered (self);
  self->has_reply = FALSE;
  nebula_connection_set_channel (&self->connection, NULL, NULL);
}

/* The session that the request names, when authenticate gave it to a caller of this cluster. What
 * is known of it goes with it: a view of another one would send the statement there. */
static void
find_session (NebulaCall *self)
{
  gint64 id = self->arguments.session_offset != 0 ? self->arguments.session : 0;

  if (self->service != NEBULA_SERVICE_GRAPH)
    id = 0;
  if (self->session != NULL && id == self->session_id && id != 0
      && !nebula_session_is_replaced (self->session))
    return;
  g_clear_pointer (&self->session, nebula_session_unref);
  self->session_id = id;
  if (id != 0)
    self->session = nebula_session_table_find (nebula_cluster_get_sessions (self->cluster), id);
  if (self->session != NULL)
    nebula_session_view (self->session, &self->view);
}

static gboolean
check_request (NebulaCall *self, GError **error)
{
  gsize length = nebula_framer_get_message_length (&self->request);

  if (length > self->connection.framer.max_frame_size)
    {
      g_set_error (error, NEBULA_ERROR, NEBULA_ERROR_FATAL,
                   "the request has %" G_GSIZE_FORMAT " bytes, more than max-frame-size (%u bytes)",
                   length, self->connection.framer.max_frame_size);
      return FALSE;
    }
  if (nebula_message_parse_head (nebula_framer_get_message (&self->request), length, &self->head,
                                 error))
    return TRUE;
  g_prefix_error (error, "the request is not as a ThriftBinaryProtocol writes it to the "
                         "interceptor, without a frame: ");
  return FALSE;
}

/* Makes room for the stub's message. */
void
nebula_call_start_request (NebulaCall *self)
{
  nebula_framer_start_message (&self->request);
}

/* Whether the request has a statement in a session that authenticate gave to somebody here. */
static gboolean
names_known_session (NebulaCall *self)
{
  g_autoptr (NebulaSession) session = NULL;

  if (self->arguments.statement != NULL)
    session = nebula_session_table_find (nebula_cluster_get_sessions (self->cluster),
                                         self->arguments.session);
  return session != NULL;
}

/* What the user has told of. */
static const NebulaMethod *
find_told (NebulaCall *self)
{
  if (G_UNLIKELY (self->methods == NULL))
    {
      NebulaMethodTable *methods = nebula_cluster_get_methods (self->cluster);

      nebula_method_table_close (methods);
      self->methods = methods;
    }
  return nebula_method_table_find (self->methods, self->head.name, self->head.name_length);
}

/* By its name; a method of GraphService that has none that is known, by its arguments: whatever the
 * user told of it, a statement needs its session and its space. */
static const NebulaMethod *
find_method (NebulaCall *self)
{
  const NebulaMethod *method = NULL;

  if (self->service != NEBULA_SERVICE_OTHER)
    method = nebula_method_find (self->head.name, self->head.name_length);
  if (self->service == NEBULA_SERVICE_AUTO)
    self->service = method != NULL || names_known_session (self) ? NEBULA_SERVICE_GRAPH
                                                                 : NEBULA_SERVICE_OTHER;
  if (method != NULL)
    return method;
  if (self->service == NEBULA_SERVICE_GRAPH && self->arguments.statement != NULL)
    return &nebula_method_statement;
  method = find_told (self);
  return method != NULL ? method : &nebula_method_other;
}

/**
 * nebula_call_begin:
 *
 * Reads the request that the stub has written. Nothing is sent yet.
 */
gboolean
nebula_call_begin (NebulaCall *self, GError **error)
{
  const guint8 *message = nebula_framer_get_message (&self->request);
  gsize length = nebula_framer_get_message_length (&self->request);

  self->method = NULL;
  if (!check_request (self, error))
    return FALSE;

  nebula_request_parse (message, length, &self->head, &self->arguments);
  self->method = find_method (self);
  if (is_unknown (self->method))
    note_unknown_name (self);
  find_session (self);
  self->may_change_space = self->method->has_statement && self->arguments.statement != NULL
                           && nebula_statement_may_change_space (
                             (const char *) self->arguments.statement,
                             self->arguments.statement_length);
  start_clock (self);
  return TRUE;
}

/**
 * nebula_call_get_report:
 *
 * Returns: (transfer full) (nullable): what became of the last call; %NULL before the first
 */
NebulaCallReport *
nebula_call_get_report (NebulaCall *self)
{
  if (self->method == NULL)
    return NULL;
  return nebula_call_report_new (nebula_call_get_method_name (self), self->succeeded,
                                 self->failures, self->safety);
}
