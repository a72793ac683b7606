/* SPDX-License-Identifier: Apache-2.0 */
#include "nebula-call-private.h"

/* How an attempt ends without an answer: when its time is over, what an error from below means, and
 * what it leaves behind. */

/* How long the attempt under way may still take. */
void
nebula_call_get_limit (NebulaCall *self, NebulaLimit *limit)
{
  gint64 attempt = nebula_retry_policy_get_attempt_timeout (self->policy);

  limit->clock = self->clock;
  limit->deadline = MIN (self->deadline, nebula_time_add (self->attempt_start, attempt));
  limit->cancellable = self->cancellable;
  if (self->is_connecting)
    limit->deadline = MIN (limit->deadline, nebula_call_get_connect_deadline (self));
}

/* Whether the kind of @error says that there was no connection, while bytes have been written to
 * one. Of the kinds of TLS that is true: the server refused before it read them. */
static gboolean
is_contradicted (const GError *error, const NebulaOutcome *outcome, NebulaSendState sent)
{
  return sent == NEBULA_SEND_STATE_MAYBE && nebula_outcome_is_never_sent (outcome)
         && error->domain != G_TLS_ERROR && error->domain != NEBULA_ERROR;
}

/**
 * nebula_call_fail:
 * @error: what came from below
 * @connecting: whether there was no connection yet
 * @sent: what is known about the sending of the request
 *
 * What nebula_outcome_new_from_error() says, with two exceptions. Whatever may heal while a
 * connection is made is a connection that could not be made, a time-out of that too. And an error
 * that nobody knows is a network that failed, since all below does nothing but network.
 *
 * Returns: (transfer full): what @error means for the call
 */
NebulaOutcome *
nebula_call_fail (NebulaCall *self, const GError *error, gboolean connecting, NebulaSendState sent)
{
  g_autoptr (NebulaOutcome) outcome = nebula_outcome_new_from_error (error, sent);
  gboolean is_unknown = nebula_outcome_get_cause (outcome) == NEBULA_CAUSE_UNKNOWN;
  gboolean may_heal = nebula_outcome_get_category (outcome) == NEBULA_ERROR_CATEGORY_RETRYABLE;

  if (connecting && (is_unknown || may_heal))
    return nebula_outcome_new_from_transport (NEBULA_TRANSPORT_FAILURE_CONNECT, sent,
                                              error->message);
  if (is_unknown || is_contradicted (error, outcome, sent))
    return nebula_outcome_new_from_transport (NEBULA_TRANSPORT_FAILURE_LOST, sent, error->message);
  return g_steal_pointer (&outcome);
}

/* The server's own words, where the exception has none. */
static char *
text_of_headers (const NebulaFrame *frame)
{
  return g_strdup_printf ("%.*s: %.*s", (int) frame->exception_name.length,
                          frame->exception_name.bytes, (int) frame->exception_text.length,
                          frame->exception_text.bytes);
}

/**
 * nebula_call_read_exception:
 * @reply: what the exception says; the frame around it may say more
 *
 * Returns: (transfer full): what it means
 */
NebulaOutcome *
nebula_call_read_exception (NebulaCall *self, const NebulaReply *reply)
{
  const NebulaFrame *frame = &self->connection.frame;
  g_autofree char *code = g_strndup (frame->exception_code.bytes, frame->exception_code.length);
  g_autofree char *text = NULL;
  const char *message = reply->message;
  gssize length = reply->message_length;

  if (length == 0 && frame->exception_name.bytes != NULL && frame->exception_text.bytes != NULL)
    {
      message = text = text_of_headers (frame);
      length = -1;
    }
  return nebula_outcome_new_from_server_exception (reply->code, code, message, length);
}

/* The request may be at the server, but nobody will say what became of it. */
void
nebula_call_leave_unanswered (NebulaCall *self)
{
  self->is_sent = FALSE;
  nebula_connection_close (&self->connection);
  nebula_connection_drop_message (&self->connection);
  if (self->session == NULL || !self->method->has_statement)
    return;
  nebula_call_read_statement (self);
  if (self->may_change_space || self->safety != NEBULA_STATEMENT_READ_ONLY)
    nebula_session_leave_statement (self->session, &self->view, self->may_change_space);
}
