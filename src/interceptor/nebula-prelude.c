/* SPDX-License-Identifier: Apache-2.0 */
#include "nebula-call-private.h"

/*
 * What has to be said on a connection before the caller's request: the handshake, a new
 * authenticate for a session that graphd lost, and USE. When one of them fails the request has not
 * been sent: effect NONE.
 */

/* The version that every client since 3.0 names, whatever its own is. */
#define CLIENT_VERSION "3.0.0"

/* Each authenticate without an answer leaves a session behind for hours, and a user has 300 of
 * them: once more in a call, then no further. */
#define MAX_LOST_RENEWALS 2

/* What is known, and what is answered when that was refused. */
#define MAX_CREDENTIALS 2

/* Whether an answer has come to the question with the sequence number @sequence. */
static gboolean
read_answer (NebulaCall *self,
             const NebulaMethod *method,
             gint32 sequence,
             NebulaMessageHead *head,
             NebulaReply *reply,
             GError **error)
{
  NebulaConnection *connection = &self->connection;
  const guint8 *message = nebula_connection_get_message (connection);
  gsize length = nebula_connection_get_message_length (connection);

  if (!nebula_message_parse_head (message, length, head, error))
    return FALSE;
  if (head->sequence != sequence || nebula_method_find (head->name, head->name_length) != method)
    {
      g_set_error (error, NEBULA_ERROR, NEBULA_ERROR_FATAL,
                   "%s answered another call than %s number %d",
                   connection->endpoint, method->name, sequence);
      return FALSE;
    }
  return nebula_reply_read (message, length, head, method->layout, self->max_depth, TRUE, reply,
                            error);
}

/* Whatever the server did about a question of ours, it has done nothing about the request. */
static NebulaOutcome *
before_request (NebulaOutcome *outcome)
{
  NebulaOutcome *changed;

  changed = nebula_outcome_reclassify (outcome, nebula_outcome_get_category (outcome),
                                       nebula_outcome_get_cause (outcome), NEBULA_EFFECT_NONE,
                                       nebula_outcome_get_pace (outcome), NULL);
  nebula_outcome_unref (outcome);
  return changed;
}

/* What the answer says; %NULL for success. */
static NebulaOutcome *
outcome_of_answer (NebulaCall *self,
                   const NebulaMethod *method,
                   const NebulaMessageHead *head,
                   const NebulaReply *reply)
{
  NebulaReplyFacts facts = {
    .phase = method->phase,
    .code = reply->code,
    .message = reply->message,
    .message_length = reply->message_length,
    .server_version = nebula_retry_policy_get_server_version (self->policy),
  };

  if (head->type == NEBULA_MESSAGE_EXCEPTION)
    return nebula_call_read_exception (self, reply);
  if (!reply->has_code)
    {
      /* As after any other answer that is none. */
      nebula_connection_close (&self->connection);
      return nebula_outcome_new_from_transport (NEBULA_TRANSPORT_FAILURE_PROTOCOL,
                                                NEBULA_SEND_STATE_NEVER,
                                                "an answer without a code");
    }
  if (reply->code == 0)
    return NULL;
  return nebula_outcome_new_from_facts (&facts);
}

/**
 * ask:
 * @method: whose request lies in the connection's own buffer
 * @reply: (out): the answer; its pointers live until the next frame
 * @is_lost: (out): on failure whether the question may have reached graphd without an answer
 *
 * Returns: (transfer full) (nullable): %NULL when the answer has code 0
 */
static NebulaOutcome *
ask (NebulaCall *self, const NebulaMethod *method, NebulaReply *reply, gboolean *is_lost)
{
  NebulaConnection *connection = &self->connection;
  NebulaMessageHead head = { 0 };
  g_autoptr (GError) error = NULL;
  gboolean never_sent = TRUE;
  NebulaOutcome *failure;
  gboolean answered;
  NebulaLimit limit;

  /* The function that is asked for credentials may have taken all of the time: the session that an
   * authenticate gets then would be left behind. */
  nebula_call_get_limit (self, &limit);
  answered = nebula_limit_check (&limit, &error)
             && nebula_connection_send (connection, &connection->own, &never_sent, &limit, &error)
             && nebula_connection_receive (connection, &limit, &error)
             && read_answer (self, method, connection->sequence, &head, reply, &error);
  /* Wiped, for there may be a password in it, and not kept: the next one is far. */
  nebula_buffer_clear (&connection->own);
  if (!answered)
    {
      *is_lost = !never_sent;
      nebula_connection_close (connection);
      return nebula_call_fail (self, error, FALSE, NEBULA_SEND_STATE_NEVER);
    }
  failure = outcome_of_answer (self, method, &head, reply);
  return failure != NULL ? before_request (failure) : NULL;
}

/* The first question on a connection has to be answered as soon as the connection has to stand:
 * whoever takes connections and answers nothing is as good as not there. */
static NebulaOutcome *
ask_first (NebulaCall *self, const NebulaMethod *method, NebulaReply *reply)
{
  NebulaOutcome *failure;
  gboolean is_lost;

  self->is_connecting = TRUE;
  failure = ask (self, method, reply, &is_lost);
  if (self->connection.is_open)
    self->is_connecting = FALSE;
  return failure;
}

/* The handshake. A server that does not know it (before 2.6) needs none. */
static NebulaOutcome *
greet (NebulaCall *self)
{
  NebulaConnection *connection = &self->connection;
  g_autoptr (NebulaOutcome) failure = NULL;
  NebulaReply reply = { 0 };

  nebula_framer_start_message (&connection->own);
  nebula_message_append_verify (&connection->own, nebula_connection_next_sequence (connection),
                                CLIENT_VERSION);
  failure = ask_first (self, nebula_method_find ("verifyClientVersion", 19), &reply);
  if (failure != NULL && nebula_outcome_get_cause (failure) != NEBULA_CAUSE_UNSUPPORTED)
    return g_steal_pointer (&failure);

  connection->is_greeted = TRUE;
  return NULL;
}

/* An endpoint that was set aside has to show that it is back: a live graphd answers that there is
 * no session 0, at once. What it answers does not matter, but that it is about to stop. */
static NebulaOutcome *
probe (NebulaCall *self)
{
  NebulaConnection *connection = &self->connection;
  g_autoptr (NebulaOutcome) failure = NULL;
  NebulaReply reply = { 0 };

  nebula_framer_start_message (&connection->own);
  nebula_message_append_execute (&connection->own, nebula_connection_next_sequence (connection), 0,
                                 "YIELD 1");
  failure = ask_first (self, nebula_method_find ("execute", 7), &reply);
  if (failure != NULL && (!connection->is_open
                          || nebula_outcome_get_cause (failure) == NEBULA_CAUSE_STARTING))
    return g_steal_pointer (&failure);
  nebula_call_note_answer (self);
  return NULL;
}

/* graphd lost the session, and somebody else's try to get a new one failed, or nobody may try. */
static NebulaOutcome *
session_is_gone (void)
{
  return nebula_outcome_new_from_reply (NEBULA_PHASE_EXECUTE, -1002,
                                        "Session not existed! It could not be renewed.", -1,
                                        NEBULA_CALL_TRAITS_NONE);
}

/* Takes @outcome, whose text may be one about the password. */
static NebulaOutcome *
hide_password (NebulaOutcome *outcome, GBytes *password)
{
  g_autofree char *shown = NULL;
  NebulaOutcome *changed;

  shown = nebula_password_hide (nebula_outcome_get_message (outcome),
                                g_bytes_get_data (password, NULL), g_bytes_get_size (password));
  changed = nebula_outcome_copy_with_message (outcome, shown);
  nebula_outcome_unref (outcome);
  return changed;
}

static NebulaOutcome *
authenticate (NebulaCall *self, NebulaCredential *credential, gint64 *id)
{
  NebulaBuffer *own = &self->connection.own;
  gint32 sequence = nebula_connection_next_sequence (&self->connection);
  GBytes *user = nebula_credential_get_user (credential);
  GBytes *password = nebula_credential_get_password (credential);
  NebulaReply reply = { 0 };
  gboolean is_lost = FALSE;
  NebulaOutcome *failure;

  nebula_framer_start_message (own);
  nebula_message_append_authenticate (own, sequence, user, password);
  failure = ask (self, nebula_method_find ("authenticate", 12), &reply, &is_lost);

  if (failure == NULL && reply.has_session && reply.session != 0)
    {
      *id = reply.session;
      return NULL;
    }
  if (failure == NULL)
    return nebula_outcome_new_from_transport (NEBULA_TRANSPORT_FAILURE_PROTOCOL,
                                              NEBULA_SEND_STATE_NEVER,
                                              "an answer to authenticate without a session");
  if (is_lost)
    self->lost_renewals++;
  return hide_password (failure, password);
}

/**
 * nebula_call_note_refusal:
 * @credential: what authenticate was tried with
 * @outcome: (nullable): what came of it; %NULL for success
 *
 * Learns from it whether the credential may be tried again. What was never sent was not refused:
 * that is about the client's certificate.
 *
 * Returns: whether another one may do better: it was refused, and not because the account is locked
 */
gboolean
nebula_call_note_refusal (NebulaCall *self, NebulaCredential *credential, NebulaOutcome *outcome)
{
  NebulaCause cause = outcome != NULL ? nebula_outcome_get_cause (outcome) : NEBULA_CAUSE_NONE;

  if (outcome != NULL && nebula_outcome_is_never_sent (outcome))
    return FALSE;
  if (outcome == NULL)
    nebula_credential_accept (credential);
  else if (cause == NEBULA_CAUSE_CREDENTIALS)
    nebula_credential_refuse (credential, self->clock, 0);
  else if (cause == NEBULA_CAUSE_LOCKED)
    nebula_credential_refuse (credential, self->clock,
                              MAX (nebula_outcome_get_pushback (outcome), 0));
  return cause == NEBULA_CAUSE_CREDENTIALS;
}

/**
 * try_credentials:
 * @accepted: (out) (transfer full): what @id was got with
 * @id: (out): the new session
 *
 * Authenticates with what is known; when that is refused, once more with something else. No lock is
 * held meanwhile.
 */
static NebulaOutcome *
try_credentials (NebulaCall *self, NebulaCredential **accepted, gint64 *id)
{
  NebulaOutcome *failure = NULL;
  NebulaCredential *credential;
  gboolean again = TRUE;
  NebulaLimit limit;

  nebula_call_get_limit (self, &limit);
  for (guint tries = 0; tries < MAX_CREDENTIALS && again; tries++)
    {
      g_autoptr (GError) error = NULL;

      credential = nebula_session_claim_credential (self->session, &limit, &error);
      if (error != NULL && failure == NULL)
        return nebula_call_fail (self, error, FALSE, NEBULA_SEND_STATE_NEVER);
      if (credential == NULL)
        break;
      g_clear_pointer (&failure, nebula_outcome_unref);
      failure = authenticate (self, credential, id);
      again = nebula_call_note_refusal (self, credential, failure);
      if (failure == NULL)
        *accepted = nebula_credential_ref (credential);
      nebula_session_settle_credential (self->session, credential);
    }
  return failure;
}

/* Says good-bye to a session of ours that nobody needs: a user has 300 of them. Nobody answers, and
 * when it does not arrive graphd forgets the session by itself, hours later. */
static void
sign_out (NebulaCall *self, gint64 id)
{
  NebulaConnection *connection = &self->connection;
  gboolean never_sent;
  NebulaLimit limit;
  gint32 sequence;

  if (id == 0 || !connection->is_open)
    return;
  sequence = nebula_connection_next_sequence (connection);
  nebula_call_get_limit (self, &limit);
  nebula_framer_start_message (&connection->own);
  nebula_message_append_signout (&connection->own, sequence, id);
  if (!nebula_connection_send (connection, &connection->own, &never_sent, &limit, NULL))
    nebula_connection_close (connection);
}

static NebulaOutcome *
renew_session (NebulaCall *self)
{
  g_autoptr (NebulaCredential) accepted = NULL;
  g_autoptr (GError) error = NULL;
  NebulaOutcome *failure = NULL;
  NebulaLimit limit;
  gint64 id = 0;

  if (self->lost_renewals >= MAX_LOST_RENEWALS)
    return session_is_gone ();
  nebula_call_get_limit (self, &limit);
  if (nebula_session_begin_renewal (self->session, &limit, &error))
    {
      failure = try_credentials (self, &accepted, &id);
      sign_out (self, nebula_session_end_renewal (self->session, accepted, id));
    }
  if (error != NULL)
    return nebula_call_fail (self, error, FALSE, NEBULA_SEND_STATE_NEVER);
  nebula_session_view (self->session, &self->view);
  return failure == NULL && self->view.lost ? session_is_gone () : failure;
}

/* USE with the name in back-quotes; a back-quote or backslash inside it is escaped. */
char *
nebula_call_make_use (const char *space)
{
  GString *statement = g_string_new ("USE `");

  for (const char *c = space; *c != '\0'; c++)
    {
      if (*c == '`' || *c == '\\')
        g_string_append_c (statement, '\\');
      g_string_append_c (statement, *c);
    }
  g_string_append_c (statement, '`');
  return g_string_free (statement, FALSE);
}

static NebulaOutcome *
use_space (NebulaCall *self)
{
  NebulaConnection *connection = &self->connection;
  g_autofree char *statement = nebula_call_make_use (self->view.space);
  NebulaReply reply = { 0 };
  NebulaOutcome *failure;
  gboolean is_lost = FALSE;

  nebula_framer_start_message (&connection->own);
  nebula_message_append_execute (&connection->own, nebula_connection_next_sequence (connection),
                                 self->view.id, statement);
  failure = ask (self, nebula_method_find ("execute", 7), &reply, &is_lost);
  if (failure != NULL && is_lost)
    nebula_session_leave_statement (self->session, &self->view, FALSE);
  if (failure != NULL && nebula_outcome_get_cause (failure) == NEBULA_CAUSE_NOT_FOUND)
    nebula_session_lose_space (self->session, &self->view);
  return failure;
}

/* Whether the statement must not go to the session as it is. */
static gboolean
needs_new_session (NebulaCall *self)
{
  return self->view.lost || self->view.state == NEBULA_SESSION_SPENT
         || (self->view.state == NEBULA_SESSION_TAINTED && self->may_change_space);
}

/* A session that is of no use is renewed; where that cannot be, the statement must not go to the
 * old one, whose space nobody knows. A USE of the caller's may: it chooses a space. */
static NebulaOutcome *
ensure_session (NebulaCall *self, gboolean begins_with_use)
{
  if (!needs_new_session (self))
    return NULL;
  if (nebula_session_can_renew (self->session))
    return renew_session (self);
  return begins_with_use || !self->view.lost ? NULL : session_is_gone ();
}

/* The session of the statement as graphd has to know it on this connection. */
static NebulaOutcome *
prepare_session (NebulaCall *self)
{
  gboolean begins_with_use;
  NebulaOutcome *failure;

  if (nebula_connection_knows (&self->connection, self->session)
      && self->view.version == self->connection.session_version && !needs_new_session (self))
    return NULL;

  begins_with_use = self->may_change_space
                    && nebula_statement_starts_with_use ((const char *) self->arguments.statement,
                                                         self->arguments.statement_length);
  nebula_session_view (self->session, &self->view);
  do
    if ((failure = ensure_session (self, begins_with_use)) != NULL
        || (self->view.space != NULL && !begins_with_use && (failure = use_space (self)) != NULL))
      return failure;
  while (!nebula_session_confirm_space (self->session, &self->view));

  /* Without a USE of ours graphd knows the space when the caller's has succeeded. */
  if (self->view.space == NULL || !begins_with_use)
    nebula_connection_confirm (&self->connection, self->session, self->view.version);
  return NULL;
}

/**
 * nebula_call_prepare:
 *
 * Says what has to be said before the request on an open connection.
 *
 * Returns: (transfer full) (nullable): %NULL when the request may be sent
 */
NebulaOutcome *
nebula_call_prepare (NebulaCall *self)
{
  NebulaOutcome *failure;

  if (self->service != NEBULA_SERVICE_GRAPH)
    return NULL;
  if (G_UNLIKELY (self->use.is_probe) && (failure = probe (self)) != NULL)
    return failure;
  if (self->method->phase == NEBULA_PHASE_VERIFY)
    {
      /* The caller's own handshake is that first question. */
      self->is_connecting = !self->connection.is_greeted;
      return NULL;
    }
  if (!self->connection.is_greeted && (failure = greet (self)) != NULL)
    return failure;
  if (self->session == NULL)
    return NULL;
  if (self->method->has_statement)
    return prepare_session (self);

  nebula_session_view (self->session, &self->view);
  return NULL;
}
