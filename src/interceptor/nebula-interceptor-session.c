/* SPDX-License-Identifier: Apache-2.0 */
#include "nebula-interceptor-private.h"

/* Sessions that the interceptor gets by itself, and what becomes of all of them at the end. */

/* The credentials of the cluster, and another answer when those are refused. */
#define MAX_CREDENTIALS 2

static void
get_sign_in_limit (NebulaInterceptor *self, NebulaLimit *limit)
{
  NebulaCall *call = &self->stream.call;
  g_autoptr (NebulaRetryPolicy) all = nebula_cluster_get_policy (call->cluster);
  NebulaRetryPolicy *policy = nebula_retry_policy_get_for_method (all, nebula_graph_service,
                                                                  "authenticate");

  limit->clock = call->clock;
  limit->cancellable = call->cancellable;
  limit->deadline = nebula_time_add (nebula_clock_get_now (call->clock),
                                     nebula_retry_policy_get_total_timeout (policy));
  limit->deadline = MIN (limit->deadline, MIN (call->latest, call->caller_deadline));
}

/* Nothing was tried: why not. */
static void
set_no_credentials (NebulaInterceptor *self, GError **error)
{
  NebulaCredentialSource *source = nebula_cluster_get_credentials (self->stream.call.cluster);
  g_autoptr (NebulaCredential) known = nebula_credential_source_get (source);
  g_autoptr (NebulaOutcome) outcome = NULL;

  if (known == NULL)
    {
      g_set_error_literal (error, NEBULA_ERROR, NEBULA_ERROR_AUTH,
                           "authenticate failed: the cluster has no credentials to sign in with, "
                           "expected nebula_cluster_set_credentials () before");
      return;
    }
  outcome = nebula_outcome_new_from_reply (NEBULA_PHASE_AUTHENTICATE, -1001,
                                           "Bad username/password: refused before, not tried again",
                                           -1, NEBULA_CALL_TRAITS_NONE);
  g_propagate_error (error, nebula_error_new_for_outcome (outcome, NULL, "authenticate"));
}

static gboolean
authenticate (NebulaInterceptor *self, NebulaCredential *credential, GError **error)
{
  g_auto (NebulaBuffer) request = { 0 };
  GBytes *user = nebula_credential_get_user (credential);
  GBytes *password = nebula_credential_get_password (credential);
  gboolean done;

  nebula_message_append_authenticate (&request, 0, user, password);
  self->stream.call.made_id = 0;
  done = nebula_stream_ask (&self->stream, request.data, request.length, error);
  if (!done || self->stream.call.made_id != 0)
    return done;
  g_set_error_literal (error, NEBULA_ERROR, NEBULA_ERROR_FATAL,
                       "authenticate failed: an answer without a session");
  return FALSE;
}

/* Somebody else is trying the same, or is being asked. */
static GError *
new_wait_error (NebulaCall *call, const GError *waited)
{
  g_autoptr (NebulaOutcome) outcome = NULL;

  outcome = nebula_call_fail (call, waited, FALSE, NEBULA_SEND_STATE_NEVER);
  return nebula_error_new_for_outcome (outcome, NULL, "authenticate");
}

static gboolean
try_credentials (NebulaInterceptor *self, GError **error)
{
  NebulaCall *call = &self->stream.call;
  NebulaCredentialSource *source = nebula_cluster_get_credentials (call->cluster);
  g_autoptr (GError) failure = NULL;
  NebulaLimit limit;
  gboolean done = FALSE;
  gboolean again = TRUE;

  get_sign_in_limit (self, &limit);
  for (guint tries = 0; tries < MAX_CREDENTIALS && again; tries++)
    {
      g_autoptr (GError) waited = NULL;
      NebulaCredential *credential;
      NebulaOutcome *outcome;

      credential = nebula_credential_source_claim (source, NULL, NULL, &limit, &waited);
      if (waited != NULL && failure == NULL)
        failure = new_wait_error (call, waited);
      if (credential == NULL)
        break;
      g_clear_error (&failure);
      done = authenticate (self, credential, &failure);
      outcome = nebula_error_get_outcome (failure);
      /* An error without an outcome comes from before the call, and says nothing of it. */
      again = (done || outcome != NULL) && nebula_call_note_refusal (call, credential, outcome);
      nebula_credential_source_settle (source, credential);
    }
  if (failure != NULL)
    g_propagate_error (error, g_steal_pointer (&failure));
  else if (!done)
    set_no_credentials (self, error);
  return done;
}

/**
 * nebula_interceptor_use_space:
 * @session_id: a session, whoever got it
 * @space: (not nullable): the name of a space, without quotes
 *
 * Chooses a space, as the stub would with USE.
 */
gboolean
nebula_interceptor_use_space (NebulaInterceptor *self,
                              gint64 session_id,
                              const char *space,
                              GError **error)
{
  g_auto (NebulaBuffer) request = { 0 };
  g_autofree char *statement = nebula_call_make_use (space);

  nebula_message_append_execute (&request, 0, session_id, statement);
  return nebula_stream_ask (&self->stream, request.data, request.length, error);
}

static gboolean
check_service (NebulaInterceptor *self, GError **error)
{
  if (self->stream.call.service != NEBULA_SERVICE_OTHER)
    return TRUE;
  g_set_error_literal (error, NEBULA_ERROR, NEBULA_ERROR_WRONG_STATE,
                       "the service at the other end has no sessions, expected GraphService");
  return FALSE;
}

/* The session that has just been made is the interceptor's own: it signs it out itself. */
static gint64
take_made_session (NebulaCall *call)
{
  if (call->own == NULL)
    call->own = g_ptr_array_new_with_free_func ((GDestroyNotify) nebula_session_unref);
  /* Those that were signed out are not needed any more; there is seldom more than one. */
  for (guint i = call->own->len; i > 0; i--)
    if (nebula_session_has_ended (call->own->pdata[i - 1]))
      g_ptr_array_remove_index_fast (call->own, i - 1);
  g_ptr_array_add (call->own, g_ptr_array_steal_index (call->made, call->made->len - 1));
  return call->made_id;
}

/**
 * nebula_interceptor_sign_in:
 * @space: (nullable): the space to be in; %NULL for none
 * @session_id: (out): the session, for the calls of a stub on this or another interceptor of the
 *   cluster
 * @error: return location of a #GError in %NEBULA_ERROR
 *
 * Gets a session with the credentials of the cluster, see nebula_cluster_set_credentials():
 * connects when the transport is not open, authenticates, and chooses @space. It is an ordinary
 * call: it follows the policy, can be cancelled, and is in the report. Credentials that were
 * refused are not tried again: %NEBULA_ERROR_AUTH. When the space cannot be had the session is
 * signed out again.
 *
 * The session is the interceptor's: it is signed out when the transport is closed, if
 * nebula_interceptor_sign_out() has not done so before. To be called between two calls of the stub,
 * in the interceptor's thread.
 *
 * Returns: %FALSE with @error set when there is no session
 *
 * Since: 0.1
 */
gboolean
nebula_interceptor_sign_in (NebulaInterceptor *self,
                            const char *space,
                            gint64 *session_id,
                            GError **error)
{
  gint64 id;

  g_return_val_if_fail (NEBULA_IS_INTERCEPTOR (self), FALSE);
  g_return_val_if_fail (session_id != NULL, FALSE);
  g_return_val_if_fail (error == NULL || *error == NULL, FALSE);

  *session_id = 0;
  if (!check_service (self, error) || !nebula_stream_open (&self->stream, error)
      || !try_credentials (self, error))
    return FALSE;
  id = take_made_session (&self->stream.call);
  if (space != NULL && !nebula_interceptor_use_space (self, id, space, error))
    {
      nebula_interceptor_sign_out (self, id, NULL);
      return FALSE;
    }
  *session_id = id;
  return TRUE;
}

/**
 * nebula_interceptor_sign_out:
 * @session_id: a session, whoever got it
 * @error: return location of a #GError in %NEBULA_ERROR
 *
 * Ends a session: its id is dead for every interceptor of the cluster, and what it was got with is
 * forgotten. graphd does not answer: only that it could not be told is an error. To be called
 * between two calls of the stub, in the interceptor's thread.
 *
 * Returns: %FALSE with @error set when graphd could not be told; the session is alive then
 *
 * Since: 0.1
 */
gboolean
nebula_interceptor_sign_out (NebulaInterceptor *self, gint64 session_id, GError **error)
{
  g_auto (NebulaBuffer) request = { 0 };

  g_return_val_if_fail (NEBULA_IS_INTERCEPTOR (self), FALSE);
  g_return_val_if_fail (error == NULL || *error == NULL, FALSE);

  nebula_message_append_signout (&request, 0, session_id);
  return nebula_stream_ask (&self->stream, request.data, request.length, error);
}

/**
 * nebula_interceptor_leave:
 *
 * The transport is about to be closed: the sessions that are its own are signed out, and those that
 * the stub got through it when the user wants that. Never takes longer than a connect may. Whoever
 * has cancelled the calls, or given them no more time, has not meant that: a session that is left
 * behind stays for hours.
 */
void
nebula_interceptor_leave (NebulaInterceptor *self)
{
  NebulaCall *call = &self->stream.call;
  gint64 timeout = nebula_retry_policy_get_connect_timeout (call->cluster_policy);
  gint64 deadline = nebula_time_add (nebula_clock_get_now (call->clock), timeout);
  gint64 caller_deadline = call->caller_deadline;
  GCancellable *cancellable;

  /* In a callback of a call nothing can be sent, and the call can still be cancelled. */
  if (self->stream.is_busy)
    return;
  cancellable = g_steal_pointer (&call->cancellable);
  call->caller_deadline = G_MAXINT64;
  nebula_stream_sign_out_all (&self->stream, call->own, deadline);
  if (self->sign_out_on_close)
    nebula_stream_sign_out_all (&self->stream, call->made, deadline);
  call->cancellable = cancellable;
  call->caller_deadline = caller_deadline;
}
