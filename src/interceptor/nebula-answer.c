/* SPDX-License-Identifier: Apache-2.0 */
#include "nebula-call-private.h"

#include "nebula-json-reply-private.h"

/* The answer to the caller's request: whether it is one, what it says, what is learnt from it. */

/* Whether the message that came is the answer to the request. */
static gboolean
check_answer (NebulaCall *self, const NebulaMessageHead *head, GError **error)
{
  const char *what = NULL;

  if (head->type != NEBULA_MESSAGE_REPLY && head->type != NEBULA_MESSAGE_EXCEPTION)
    what = "is no reply";
  else if (head->sequence != self->sequence)
    what = "has the sequence number of another call";
  else if (head->name_length != self->head.name_length
           || memcmp (head->name, self->head.name, head->name_length) != 0)
    what = "has the name of another method";
  if (what != NULL)
    g_set_error (error, NEBULA_ERROR, NEBULA_ERROR_FATAL, "the answer of %s %s",
                 self->connection.endpoint, what);
  return what == NULL;
}

static gboolean
read_reply (NebulaCall *self, NebulaMessageHead *head, NebulaReply *reply, GError **error)
{
  guint8 *message = nebula_connection_get_message (&self->connection);
  gsize length = nebula_connection_get_message_length (&self->connection);

  if (!nebula_message_parse_head (message, length, head, error)
      || !check_answer (self, head, error)
      || !nebula_reply_read (message, length, head, self->method->response, self->max_depth,
                             self->validate, reply, error))
    return FALSE;
  if (head->type == NEBULA_MESSAGE_EXCEPTION || reply->has_code
      || self->method == &nebula_method_other)
    return TRUE;

  g_set_error (error, NEBULA_ERROR, NEBULA_ERROR_FATAL, "the answer of %s to %s has no %s",
               self->connection.endpoint, self->method->name,
               reply->has_result ? "error code" : "result");
  return FALSE;
}

static void
learn_space (NebulaCall *self, const NebulaReply *reply)
{
  g_autofree char *unescaped = NULL;

  if (!self->may_change_space || self->session == NULL)
    return;
  if (reply->space != NULL && self->method->response == NEBULA_RESPONSE_JSON)
    unescaped = nebula_json_unescape (reply->space, reply->space_length);
  if (unescaped != NULL)
    nebula_session_set_space (self->session, unescaped, strlen (unescaped));
  else if (reply->space != NULL)
    nebula_session_set_space (self->session, reply->space, reply->space_length);
  else
    return;

  nebula_session_view (self->session, &self->view);
  nebula_connection_confirm (&self->connection, self->session, self->view.version);
}

static void
learn_session (NebulaCall *self, const NebulaReply *reply)
{
  NebulaRequest *arguments = &self->arguments;
  g_autoptr (GBytes) user = NULL;
  g_autoptr (GBytes) password = NULL;

  if (self->method->phase == NEBULA_PHASE_VERIFY)
    self->connection.is_greeted = TRUE;
  if (self->method->phase != NEBULA_PHASE_AUTHENTICATE || !reply->has_session || reply->session == 0)
    return;

  if (nebula_cluster_get_keep_credentials (self->cluster) && arguments->user != NULL)
    {
      user = nebula_secret_new (arguments->user, arguments->user_length);
      password = nebula_secret_new (arguments->password, arguments->password_length);
    }
  nebula_session_table_learn (nebula_cluster_get_sessions (self->cluster), reply->session, user,
                              password);
  /* An id that was known before means another session from now on. */
  g_clear_pointer (&self->session, nebula_session_unref);
  self->session_id = 0;
}

/* What the statement is, read only now that something failed. */
void
nebula_call_read_statement (NebulaCall *self)
{
  if (self->is_statement_read)
    return;
  self->is_statement_read = TRUE;
  self->safety = self->method->safety;
  if (self->method->has_statement && self->arguments.statement != NULL)
    self->safety = nebula_statement_get_safety ((const char *) self->arguments.statement,
                                                self->arguments.statement_length, &self->traits);
  if (self->view.space != NULL && self->session != NULL)
    self->traits |= NEBULA_CALL_SPACE_KNOWN;
}

static NebulaOutcome *
outcome_of_reply (NebulaCall *self, const NebulaMessageHead *head, const NebulaReply *reply)
{
  g_autofree char *unescaped = NULL;
  NebulaReplyFacts facts = {
    .phase = self->method->phase,
    .code = reply->code,
    .message = reply->message,
    .message_length = reply->message_length,
    .server_version = nebula_retry_policy_get_server_version (self->policy),
  };

  nebula_call_read_statement (self);
  if (head->type == NEBULA_MESSAGE_EXCEPTION)
    return nebula_outcome_new_from_exception (reply->code, reply->message, reply->message_length);

  facts.traits = self->traits;
  if (reply->message != NULL && reply->message_is_json)
    {
      unescaped = nebula_json_unescape (reply->message, reply->message_length);
      facts.message = unescaped;
      facts.message_length = -1;
    }
  return nebula_outcome_new_from_facts (&facts);
}

/**
 * nebula_call_receive:
 *
 * Waits for the reply to the request that was sent.
 *
 * Returns: (transfer full) (nullable): %NULL when it has come with code 0
 */
NebulaOutcome *
nebula_call_receive (NebulaCall *self)
{
  g_autoptr (GError) error = NULL;
  NebulaMessageHead head;
  NebulaReply reply = { 0 };
  NebulaLimit limit;

  nebula_call_get_limit (self, &limit);
  if (!nebula_connection_receive (&self->connection, &limit, &error)
      || !read_reply (self, &head, &reply, &error))
    {
      nebula_call_leave_unanswered (self);
      return nebula_call_fail (self, error, FALSE, NEBULA_SEND_STATE_MAYBE);
    }

  self->is_sent = FALSE;
  self->has_reply = TRUE;
  nebula_write_be32 (nebula_connection_get_message (&self->connection) + head.sequence_offset,
                     self->head.sequence);
  learn_space (self, &reply);
  if (head.type == NEBULA_MESSAGE_REPLY && (!reply.has_code || reply.code == 0))
    {
      learn_session (self, &reply);
      return NULL;
    }
  return outcome_of_reply (self, &head, &reply);
}
