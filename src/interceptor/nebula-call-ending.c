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

static NebulaTransportFailure
failure_of_error (const GError *error, gboolean connecting)
{
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return NEBULA_TRANSPORT_FAILURE_CANCELLED;
  if (connecting)
    return NEBULA_TRANSPORT_FAILURE_CONNECT;
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_TIMED_OUT))
    return NEBULA_TRANSPORT_FAILURE_TIMEOUT;
  return error->domain == NEBULA_ERROR ? NEBULA_TRANSPORT_FAILURE_PROTOCOL
                                       : NEBULA_TRANSPORT_FAILURE_LOST;
}

/* What @error, from below, means for the call. */
NebulaOutcome *
nebula_call_fail (NebulaCall *self, const GError *error, gboolean connecting, NebulaSendState sent)
{
  return nebula_outcome_new_from_transport (failure_of_error (error, connecting), sent,
                                            error->message);
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
  if (self->session == NULL || !self->method->has_statement)
    return;
  nebula_call_read_statement (self);
  if (self->may_change_space || self->safety != NEBULA_STATEMENT_READ_ONLY)
    nebula_session_leave_statement (self->session, &self->view, self->may_change_space);
}
