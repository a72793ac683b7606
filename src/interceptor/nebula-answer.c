/* SPDX-License-Identifier: Apache-2.0 */
#include "nebula-call-private.h"

#include "nebula-json-reply-private.h"

/* The answer to the caller's request: whether it is one, what it says, what is learnt from it, and
 * what a failure means. */

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
      || !nebula_reply_read (message, length, head, self->method->layout, self->max_depth,
                             self->validate, reply, error))
    return FALSE;
  if (head->type == NEBULA_MESSAGE_EXCEPTION || reply->has_code
      || self->method->layout->trust != NEBULA_CODE_REQUIRED)
    return TRUE;

  g_set_error (error, NEBULA_ERROR, NEBULA_ERROR_FATAL, "the answer of %s to %s has no %s",
               self->connection.endpoint, self->method->name,
               reply->has_result ? "error code" : "result");
  return FALSE;
}

/* The space in the reply: (transfer full) (nullable) */
static char *
get_space (const NebulaReply *reply)
{
  if (reply->space == NULL)
    return NULL;
  if (reply->is_json)
    return nebula_json_unescape (reply->space, reply->space_length);
  return g_strndup (reply->space, reply->space_length);
}

/* Whether graphd found the statement wrong before any of it was executed. */
static gboolean
is_refused_whole (const NebulaReply *reply)
{
  return reply->code == -1004 || reply->code == -1006 || reply->code == -1009;
}

/* Whether @space, of the reply, is the session's. A sentence that failed alone has not changed it.
 * Of several some may have been done, but on a connection that was never told the space it may be
 * the one that this graphd remembers, from whatever time: unless the statement chose it. */
static gboolean
is_of_session (NebulaCall *self, const NebulaReply *reply, gboolean failed, const char *space)
{
  gboolean is_known = nebula_connection_knows (&self->connection, self->session);

  if (!failed || (is_known && g_strcmp0 (space, self->view.space) == 0))
    return TRUE;
  nebula_call_read_statement (self);
  if ((self->traits & NEBULA_CALL_COMPOUND) == 0 || is_refused_whole (reply))
    return FALSE;
  return is_known
         || nebula_statement_chooses_space ((const char *) self->arguments.statement,
                                            self->arguments.statement_length, space);
}

static void
learn_space (NebulaCall *self, const NebulaReply *reply, gboolean failed)
{
  g_autofree char *space = NULL;

  if (!self->may_change_space || self->session == NULL)
    return;
  space = get_space (reply);
  if (space != NULL && is_of_session (self, reply, failed, space))
    {
      nebula_session_set_space (self->session, space, strlen (space), &self->view);
    }
  else if (failed)
    {
      nebula_session_doubt_space (self->session, space);
      return;
    }
  /* A success that does not tell is left as it is: to say an older space would undo it. */
  nebula_connection_confirm (&self->connection, self->session, self->view.version);
}

/* What authenticate was called with: (transfer full) (nullable) */
static NebulaCredential *
get_credential (NebulaCall *self)
{
  NebulaRequest *arguments = &self->arguments;

  if (arguments->user == NULL)
    return NULL;
  return nebula_credential_new (arguments->user, arguments->user_length, arguments->password,
                                arguments->password_length);
}

static void
drop_made (gpointer session)
{
  nebula_session_set_kept (session, FALSE);
  nebula_session_unref (session);
}

/* Those that are over need not be signed out at the end. Whoever signs in without end pays for this
 * look the less often the more there are. */
static void
forget_ended (GPtrArray *made)
{
  if ((made->len & (made->len - 1)) != 0)
    return;
  for (guint i = made->len; i > 0; i--)
    if (nebula_session_has_ended (made->pdata[i - 1])
        || nebula_session_is_replaced (made->pdata[i - 1]))
      g_ptr_array_remove_index (made, i - 1);
}

/* Takes @session. */
static void
keep_made (NebulaCall *self, NebulaSession *session)
{
  if (self->made == NULL)
    self->made = g_ptr_array_new_with_free_func (drop_made);
  forget_ended (self->made);
  nebula_session_set_kept (session, TRUE);
  g_ptr_array_add (self->made, session);
}

static void
learn_session (NebulaCall *self, const NebulaReply *reply)
{
  g_autoptr (NebulaCredential) credential = NULL;
  NebulaSession *session;

  if (self->method->phase == NEBULA_PHASE_VERIFY)
    self->connection.is_greeted = TRUE;
  if (self->method->phase != NEBULA_PHASE_AUTHENTICATE || !reply->has_session
      || reply->session == 0)
    return;

  credential = get_credential (self);
  session = nebula_session_table_learn (nebula_cluster_get_sessions (self->cluster), reply->session,
                                        credential, nebula_clock_get_now (self->clock));
  keep_made (self, session);
  self->made_id = reply->session;
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

/* In an answer that nobody knows the first number may be anything: it is taken for a code only when
 * NebulaGraph has that one. graphd's own may be newer than the table. */
static gboolean
is_guess_good (NebulaCall *self, gint32 code)
{
  return code < 0
         && (nebula_method_is_graphd (self->method) || nebula_error_info_lookup (code) != NULL);
}

static gboolean
is_failure (NebulaCall *self, const NebulaMessageHead *head, const NebulaReply *reply)
{
  if (head->type != NEBULA_MESSAGE_REPLY)
    return TRUE;
  if (!reply->has_code)
    return FALSE;
  if (self->method->layout->trust == NEBULA_CODE_GUESSED)
    return is_guess_good (self, reply->code);
  return reply->code != 0;
}

/* What a code of another service proves nobody knows: least of all that nothing was done. Takes
 * @outcome. */
static NebulaOutcome *
doubt_effect (NebulaOutcome *outcome)
{
  NebulaOutcome *changed;

  changed = nebula_outcome_reclassify (outcome, nebula_outcome_get_category (outcome),
                                       nebula_outcome_get_cause (outcome), NEBULA_EFFECT_MAYBE,
                                       nebula_outcome_get_pace (outcome), NULL);
  nebula_outcome_unref (outcome);
  return changed;
}

/* What graphd quotes of a statement with a password, or says of a password, is in no report. Takes
 * @outcome; the reply itself stays as it came. */
static NebulaOutcome *
hide_secrets (NebulaCall *self, NebulaOutcome *outcome, const char *text, gssize length)
{
  const NebulaRequest *arguments = &self->arguments;
  const char *statement = (const char *) arguments->statement;
  g_autofree char *message = NULL;
  g_autofree char *shown = NULL;
  NebulaOutcome *changed;

  if (text == NULL || (arguments->user == NULL
                       && !nebula_statement_holds_secret (statement, arguments->statement_length)))
    return outcome;
  message = length < 0 ? g_strdup (text) : g_strndup (text, length);
  if (arguments->user != NULL)
    shown = nebula_password_hide (message, arguments->password, arguments->password_length);
  else
    shown = nebula_statement_redact_message (statement, arguments->statement_length, message);
  changed = nebula_outcome_copy_with_message (outcome, shown);
  nebula_outcome_unref (outcome);
  return changed;
}

static NebulaOutcome *
outcome_of_reply (NebulaCall *self, const NebulaMessageHead *head, const NebulaReply *reply)
{
  g_autofree char *unescaped = NULL;
  NebulaOutcome *outcome;
  NebulaReplyFacts facts = {
    .phase = self->method->phase,
    .code = reply->code,
    .message = reply->message,
    .message_length = reply->message_length,
    .server_version = nebula_retry_policy_get_server_version (self->policy),
  };

  nebula_call_read_statement (self);
  if (head->type == NEBULA_MESSAGE_EXCEPTION)
    {
      outcome = nebula_call_read_exception (self, reply);
      return hide_secrets (self, outcome, nebula_outcome_get_message (outcome), -1);
    }

  facts.traits = self->traits;
  if (reply->message != NULL && reply->is_json)
    {
      unescaped = nebula_json_unescape (reply->message, reply->message_length);
      facts.message = unescaped;
      facts.message_length = -1;
    }
  outcome = hide_secrets (self, nebula_outcome_new_from_facts (&facts), facts.message,
                          facts.message_length);
  return nebula_method_is_graphd (self->method) ? outcome : doubt_effect (outcome);
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
  gboolean failed;

  nebula_call_get_limit (self, &limit);
  if (!nebula_connection_receive (&self->connection, &limit, &error)
      || !read_reply (self, &head, &reply, &error))
    {
      nebula_call_leave_unanswered (self);
      return nebula_call_fail (self, error, FALSE, NEBULA_SEND_STATE_MAYBE);
    }

  self->is_sent = FALSE;
  self->has_reply = TRUE;
  self->has_exception = head.type == NEBULA_MESSAGE_EXCEPTION;
  nebula_write_be32 (nebula_connection_get_message (&self->connection) + head.sequence_offset,
                     self->head.sequence);
  failed = is_failure (self, &head, &reply);
  learn_space (self, &reply, failed);
  if (!failed)
    {
      learn_session (self, &reply);
      return NULL;
    }
  return outcome_of_reply (self, &head, &reply);
}

/* Whether what exists may be what an earlier attempt made. Of several sentences that attempt may
 * have made the first ones only, and the rest is not run any more: that is no success. */
static gboolean
may_be_own_work (NebulaCall *self)
{
  if ((self->traits & NEBULA_CALL_COMPOUND) != 0)
    return FALSE;
  for (guint i = 0; self->failures != NULL && i < self->failures->len; i++)
    {
      NebulaOutcome *outcome = nebula_attempt_get_outcome (self->failures->pdata[i]);

      if (nebula_outcome_get_effect (outcome) != NEBULA_EFFECT_NONE)
        return TRUE;
    }
  return FALSE;
}

/* Takes @changed for @outcome (both transfer full); but without a reply there is no success that
 * could be handed to the stub, whatever anybody calls it. */
static NebulaOutcome *
replace (NebulaCall *self, NebulaOutcome *outcome, NebulaOutcome *changed)
{
  gboolean success = nebula_outcome_get_category (changed) == NEBULA_ERROR_CATEGORY_OK;

  if (success && !self->has_reply)
    {
      nebula_outcome_unref (changed);
      return outcome;
    }
  nebula_outcome_unref (outcome);
  return changed;
}

/**
 * nebula_call_interpret:
 * @outcome: (transfer full): what the attempt came to
 *
 * Returns: (transfer full): what it means: to the policy, to the caller's own judge, and after what
 *   happened before in this call
 */
NebulaOutcome *
nebula_call_interpret (NebulaCall *self, NebulaOutcome *outcome)
{
  NebulaOutcome *changed = nebula_retry_policy_interpret (self->policy, outcome);

  outcome = replace (self, outcome, changed);
  if (self->judge != NULL && (changed = self->judge (self, outcome, self->judge_data)) != NULL)
    outcome = replace (self, outcome, changed);
  if (nebula_outcome_get_cause (outcome) == NEBULA_CAUSE_EXISTS && may_be_own_work (self))
    {
      changed = nebula_outcome_copy_as_own_success (outcome);
      nebula_outcome_unref (outcome);
      outcome = changed;
    }
  return outcome;
}
