/* SPDX-License-Identifier: Apache-2.0 */
#include <nebula-retry/nebula-outcome.h>

#include "nebula-error-table-private.h"
#include "nebula-message-rules-private.h"
#include "nebula-message-text-private.h"
#include "nebula-outcome-private.h"
#include "nebula-outcome-table-private.h"

#include <string.h>

/**
 * SECTION:nebula-outcome
 * @title: NebulaOutcome
 * @short_description: what one attempt came to
 *
 * A failure, understood: the code that came over the wire, the code it stands for, who must act,
 * why it failed, what it may have done, and how long to wait.
 *
 * What decided is kept as a word, the rule, for logs and tests. It is one of
 *
 * - `code -1002`: the row of that code, because the text said nothing (or nothing known)
 * - `unknown code of storaged`: the row for numbers of that range that nobody knows
 * - `message -1005: Not ready!`: the constant part of a text, behind the code it came with
 * - `transport lost`, and likewise connect, timeout, protocol and cancelled
 * - `exception 11`: a Thrift application exception of that type; `exception` for a type that
 *   nobody knows
 */

G_DEFINE_BOXED_TYPE (NebulaOutcome, nebula_outcome, nebula_outcome_ref, nebula_outcome_unref)

/* All successes are one, outside the counting of references: a call that goes well allocates
 * nothing, and threads do not share a counter. */
static const NebulaOutcome success = {
  .category = NEBULA_ERROR_CATEGORY_OK,
  .cause = NEBULA_CAUSE_NONE,
  .effect = NEBULA_EFFECT_APPLIED,
  .pace = NEBULA_PACE_NONE,
  .grpc_status = NEBULA_GRPC_OK,
  .pushback = -1,
  .rule = "code 0",
};

static gsize
length_of (const char *text,
           gssize      length)
{
  if (text == NULL)
    return 0;
  return length < 0 ? strlen (text) : (gsize) length;
}

static NebulaOutcome *
outcome_new (gint32      wire_code,
             const char *message,
             gsize       message_length)
{
  NebulaOutcome *self = g_atomic_rc_box_new0 (NebulaOutcome);

  self->wire_code = wire_code;
  self->real_code = wire_code;
  self->pushback = -1;
  self->message = nebula_message_text_keep (message, message_length);
  return self;
}

/* Takes over what a row of the code table says. */
static void
apply_info (NebulaOutcome         *self,
            const NebulaErrorInfo *info)
{
  self->category = info->category;
  self->cause = info->cause;
  self->effect = info->effect;
  self->pace = info->pace;
}

/* A session may be renewed only when graphd refused the caller's own session. A session code that
 * a text names belongs to another session or another server; and one that answers authenticate or
 * verifyClientVersion says that no session could be made, so to renew it would be a loop. */
static void
never_session (NebulaOutcome *self)
{
  if (self->category != NEBULA_ERROR_CATEGORY_SESSION)
    return;

  self->category = NEBULA_ERROR_CATEGORY_FATAL;
  self->pace = NEBULA_PACE_NONE;
}

/* The number wins over the name: the numbers of some names changed between releases, but both come
 * from one server here. The name helps only when nobody knows the number. A number that is no
 * failure cannot be what a failure means. */
static void
apply_code_in_text (NebulaOutcome            *self,
                    const NebulaMessageMatch *match)
{
  gint32 code = (gint32) CLAMP (match->number, G_MININT32, G_MAXINT32);
  const NebulaErrorInfo *info = code < 0 ? nebula_error_info_lookup (code) : NULL;

  if (info == NULL && match->word != NULL)
    info = nebula_error_info_lookup_by_name_len (match->word, match->word_length);
  if (info != NULL || code == 0)
    code = info != NULL ? info->code : -8000;

  info = nebula_error_info_for_code (code);
  self->real_code = code;

  /* The rules of memory name a code, but know its facts better. */
  if (match->rule->cause != NEBULA_CAUSE_UNKNOWN)
    return;

  apply_info (self, info);
  self->effect = MAX (self->effect, match->rule->effect);
  never_session (self);
}

static void
apply_match (NebulaOutcome            *self,
             const NebulaMessageMatch *match,
             NebulaCallTraits          traits)
{
  const NebulaMessageRule *rule = match->rule;

  self->category = rule->category;
  self->cause = rule->cause;
  self->effect = rule->effect;
  self->pace = rule->pace;
  self->rule = rule->name;

  if (rule->real_code == NEBULA_CODE_IN_TEXT)
    apply_code_in_text (self, match);
  else
    self->real_code = rule->real_code;

  if (rule->tail == NEBULA_TAIL_SECONDS)
    self->pushback = match->number > G_MAXINT64 / G_USEC_PER_SEC ? G_MAXINT64
                                                                 : match->number * G_USEC_PER_SEC;

  /* Where no space is known there is none to replay: the caller forgot USE. */
  if (rule->cause == NEBULA_CAUSE_SPACE_LOST && (traits & NEBULA_CALL_SPACE_KNOWN) == 0)
    apply_info (self, nebula_error_info_for_code (self->real_code));
}

static gboolean
is_storage_error (const char *text,
                  gsize       length)
{
  static const char *const words[] = {
    "Storage Error:", "RPC failure in StorageClient", "StorageMemoryExceeded", "PartNotFound", NULL,
  };

  return nebula_message_text_contains (text, length, words);
}

/* The codes with which a partition refuses a write before it is in the log. */
static gboolean
is_refused_before_log (gint32 code)
{
  switch (code)
    {
    case -16:   /* E_PART_NOT_FOUND */
    case -3010: /* E_DATA_CONFLICT_ERROR */
    case -3528: /* E_RAFT_WRITE_BLOCKED */
    case -3529: /* E_RAFT_BUFFER_OVERFLOW */
    case -3530: /* E_RAFT_ATOMIC_OP_FAILED */
    case -3531: /* E_LEADER_LEASE_FAILED */
      return TRUE;
    default:
      return FALSE;
    }
}

/* What one place of a statement reports as undone says nothing of the others: there is no roll-back
 * in NebulaGraph. So with storage, or with more than one sentence, "nothing was executed" is at
 * most "this part was not". UPDATE and UPSERT VERTEX write one key of one partition, which lifts
 * it again; UPDATE EDGE writes two. */
static void
apply_effect_rules (NebulaOutcome   *self,
                    const char      *text,
                    gsize            length,
                    NebulaCallTraits traits)
{
  gboolean compound = (traits & NEBULA_CALL_COMPOUND) != 0;

  /* -1005 E_EXECUTION_ERROR, -1008 E_BAD_PERMISSION: the only ones that come after a start. */
  if (self->wire_code != -1005 && self->wire_code != -1008)
    return;

  if (self->effect == NEBULA_EFFECT_NONE && (compound || is_storage_error (text, length)))
    self->effect = NEBULA_EFFECT_PART;

  if (self->effect == NEBULA_EFFECT_PART && !compound &&
      (traits & NEBULA_CALL_VERTEX_UPDATE) != 0 && is_refused_before_log (self->real_code))
    self->effect = NEBULA_EFFECT_NONE;
}

/* The status that gRPC would give follows the real code, unless the rule says otherwise. */
static void
apply_status (NebulaOutcome *self)
{
  const NebulaErrorInfo *info = nebula_error_info_for_code (self->real_code);

  self->grpc_status = info->category == self->category ? info->grpc_status
                                                       : nebula_status_of_cause[self->cause];
}

/**
 * nebula_outcome_new_from_reply:
 * @phase: which kind of call was answered
 * @code: the `error_code` of the reply
 * @message: (nullable) (array length=message_length) (element-type guint8): the `error_msg` of the
 *   reply; any bytes
 * @message_length: the length of @message in bytes, or -1 if a NUL ends it
 * @traits: what is known about the call
 *
 * Classifies a reply that carries a code: by its text where graphd hides the cause in one, else by
 * the code. Linear in the length of @message.
 *
 * A code that a text names (-1005, "error: E_RAFT_LOG_GAP(-3501)") never leads to
 * %NEBULA_ERROR_CATEGORY_SESSION: a session code there becomes %NEBULA_ERROR_CATEGORY_FATAL, with
 * the same cause. So does a session code that answers authenticate or verifyClientVersion, because
 * a renewal cannot heal the renewal itself.
 *
 * For a reply without a result, or without an `error_code`, use
 * nebula_outcome_new_from_transport() with %NEBULA_TRANSPORT_FAILURE_PROTOCOL.
 *
 * Returns: (transfer full): an outcome; for @code 0 a shared one. Safe in any thread.
 *
 * Since: 0.1
 */
NebulaOutcome *
nebula_outcome_new_from_reply (NebulaPhase      phase,
                               gint32           code,
                               const char      *message,
                               gssize           message_length,
                               NebulaCallTraits traits)
{
  gsize length = length_of (message, message_length);
  NebulaMessageMatch match;
  NebulaOutcome *self;

  if (code == 0)
    return (NebulaOutcome *) &success;

  self = outcome_new (code, message, length);
  if (nebula_message_rules_match (phase, code, message, length, &match))
    {
      apply_match (self, &match, traits);
    }
  else
    {
      const NebulaErrorInfo *info = nebula_error_info_for_code (code);

      apply_info (self, info);
      self->rule = info->rule;
      if (phase != NEBULA_PHASE_EXECUTE)
        never_session (self);
    }

  apply_effect_rules (self, message, length, traits);
  apply_status (self);
  return self;
}

/**
 * nebula_outcome_new_from_transport:
 * @failure: how the transport failed
 * @sent: what is known about the sending of the request
 * @message: (nullable): what the transport said about it
 *
 * Classifies a failure that no reply came with. The codes are the documented ones: -2 when a
 * connection could not be made, -1 when one broke, -3 else.
 *
 * A request that never left (always so when no connection could be made) has
 * %NEBULA_EFFECT_NONE, any other %NEBULA_EFFECT_MAYBE. Damaged answers and a caller that cancelled
 * are %NEBULA_ERROR_CATEGORY_FATAL, the others %NEBULA_ERROR_CATEGORY_RETRYABLE.
 *
 * Returns: (transfer full): an outcome. Safe in any thread.
 *
 * Since: 0.1
 */
NebulaOutcome *
nebula_outcome_new_from_transport (NebulaTransportFailure failure,
                                   NebulaSendState        sent,
                                   const char            *message)
{
  const NebulaTransportRow *row;
  NebulaOutcome *self;

  g_return_val_if_fail ((guint) failure < NEBULA_N_TRANSPORT_FAILURES, NULL);

  row = &nebula_transport_rows[failure];
  self = outcome_new (row->code, message, length_of (message, -1));
  self->category = row->category;
  self->cause = row->cause;
  self->pace = row->pace;
  self->rule = row->rule;
  self->never_sent = sent == NEBULA_SEND_STATE_NEVER ||
                     failure == NEBULA_TRANSPORT_FAILURE_CONNECT;
  self->effect = self->never_sent ? NEBULA_EFFECT_NONE : NEBULA_EFFECT_MAYBE;
  apply_status (self);
  return self;
}

/**
 * nebula_outcome_new_from_exception:
 * @type: the type of the Thrift application exception; c_glib passes it as the code of the #GError
 * @message: (nullable) (array length=message_length) (element-type guint8): its message; any bytes
 * @message_length: the length of @message in bytes, or -1 if a NUL ends it
 *
 * Classifies a Thrift application exception: what the server's Thrift layer answers instead of the
 * method. The code is -3, the documented one of a call that failed.
 *
 * Returns: (transfer full): an outcome. Safe in any thread.
 *
 * Since: 0.1
 */
NebulaOutcome *
nebula_outcome_new_from_exception (gint32      type,
                                   const char *message,
                                   gssize      message_length)
{
  gsize length = length_of (message, message_length);
  const NebulaExceptionRow *row = nebula_exception_row_find (type, message, length);
  NebulaOutcome *self = outcome_new (NEBULA_EXCEPTION_CODE, message, length);

  self->category = row->category;
  self->cause = row->cause;
  self->effect = row->effect;
  self->pace = row->pace;
  self->rule = row->rule;
  self->grpc_status = nebula_status_of_cause[row->cause];
  return self;
}

/**
 * nebula_outcome_ref:
 * @outcome: an outcome
 *
 * Takes a reference.
 *
 * Returns: (transfer full): @outcome. Safe in any thread.
 *
 * Since: 0.1
 */
NebulaOutcome *
nebula_outcome_ref (NebulaOutcome *outcome)
{
  g_return_val_if_fail (outcome != NULL, NULL);

  return outcome == &success ? outcome : g_atomic_rc_box_acquire (outcome);
}

static void
outcome_clear (gpointer data)
{
  NebulaOutcome *self = data;

  g_free (self->message);
}

/**
 * nebula_outcome_unref:
 * @outcome: (transfer full): an outcome
 *
 * Releases a reference; the last one frees. Safe in any thread.
 *
 * Since: 0.1
 */
void
nebula_outcome_unref (NebulaOutcome *outcome)
{
  g_return_if_fail (outcome != NULL);

  if (outcome != &success)
    g_atomic_rc_box_release_full (outcome, outcome_clear);
}

/**
 * nebula_outcome_get_wire_code:
 * @outcome: an outcome
 *
 * Gets the code that came over the wire; for a failure of the transport the documented number
 * (-1, -2 or -3).
 *
 * Returns: the code. Safe in any thread.
 *
 * Since: 0.1
 */
gint32
nebula_outcome_get_wire_code (const NebulaOutcome *outcome)
{
  g_return_val_if_fail (outcome != NULL, -8000);

  return outcome->wire_code;
}

/**
 * nebula_outcome_get_real_code:
 * @outcome: an outcome
 *
 * Gets the code that the failure stands for: graphd hides most behind -1005. Without a known text
 * the same as the wire code.
 *
 * Returns: the code. Safe in any thread.
 *
 * Since: 0.1
 */
gint32
nebula_outcome_get_real_code (const NebulaOutcome *outcome)
{
  g_return_val_if_fail (outcome != NULL, -8000);

  return outcome->real_code;
}

/**
 * nebula_outcome_get_category:
 * @outcome: an outcome
 *
 * Gets who must act.
 *
 * Returns: the category. Safe in any thread.
 *
 * Since: 0.1
 */
NebulaErrorCategory
nebula_outcome_get_category (const NebulaOutcome *outcome)
{
  g_return_val_if_fail (outcome != NULL, NEBULA_ERROR_CATEGORY_FATAL);

  return (NebulaErrorCategory) outcome->category;
}

/**
 * nebula_outcome_get_cause:
 * @outcome: an outcome
 *
 * Gets why it failed.
 *
 * Returns: the cause. Safe in any thread.
 *
 * Since: 0.1
 */
NebulaCause
nebula_outcome_get_cause (const NebulaOutcome *outcome)
{
  g_return_val_if_fail (outcome != NULL, NEBULA_CAUSE_UNKNOWN);

  return (NebulaCause) outcome->cause;
}

/**
 * nebula_outcome_get_effect:
 * @outcome: an outcome
 *
 * Gets what the attempt may have done, by what is known of the whole call.
 *
 * Returns: the effect. Safe in any thread.
 *
 * Since: 0.1
 */
NebulaEffect
nebula_outcome_get_effect (const NebulaOutcome *outcome)
{
  g_return_val_if_fail (outcome != NULL, NEBULA_EFFECT_MAYBE);

  return (NebulaEffect) outcome->effect;
}

/**
 * nebula_outcome_get_pace:
 * @outcome: an outcome
 *
 * Gets how long to wait before another attempt.
 *
 * Returns: the pace. Safe in any thread.
 *
 * Since: 0.1
 */
NebulaPace
nebula_outcome_get_pace (const NebulaOutcome *outcome)
{
  g_return_val_if_fail (outcome != NULL, NEBULA_PACE_NONE);

  return (NebulaPace) outcome->pace;
}

/**
 * nebula_outcome_get_grpc_status:
 * @outcome: an outcome
 *
 * Gets the status code that gRPC would use, as the retry policies of gRPC list them: the one of the
 * real code, or where the category is another than that code usually has, the one of the cause.
 *
 * Returns: the status. Safe in any thread.
 *
 * Since: 0.1
 */
NebulaGrpcStatus
nebula_outcome_get_grpc_status (const NebulaOutcome *outcome)
{
  g_return_val_if_fail (outcome != NULL, NEBULA_GRPC_UNKNOWN);

  return (NebulaGrpcStatus) outcome->grpc_status;
}

/**
 * nebula_outcome_get_pushback:
 * @outcome: an outcome
 *
 * Gets how long the server asks to wait, saturated.
 *
 * Returns: microseconds, or -1 if it does not ask. Safe in any thread.
 *
 * Since: 0.1
 */
gint64
nebula_outcome_get_pushback (const NebulaOutcome *outcome)
{
  g_return_val_if_fail (outcome != NULL, -1);

  return outcome->pushback;
}

/**
 * nebula_outcome_is_never_sent:
 * @outcome: an outcome
 *
 * Tells whether the request cannot have reached the server as a whole, so that another attempt
 * costs nothing.
 *
 * Returns: %TRUE if it never left. Safe in any thread.
 *
 * Since: 0.1
 */
gboolean
nebula_outcome_is_never_sent (const NebulaOutcome *outcome)
{
  g_return_val_if_fail (outcome != NULL, FALSE);

  return outcome->never_sent;
}

/**
 * nebula_outcome_get_message:
 * @outcome: an outcome
 *
 * Gets what the server or the transport said: valid UTF-8 (anything else replaced by U+FFFD), at
 * most 4096 bytes, ending in an ellipsis if it was cut.
 *
 * Returns: (transfer none): the text, "" if there was none; lives as long as @outcome. Safe in any
 *   thread.
 *
 * Since: 0.1
 */
const char *
nebula_outcome_get_message (const NebulaOutcome *outcome)
{
  g_return_val_if_fail (outcome != NULL, "");

  return outcome->message != NULL ? outcome->message : "";
}

/**
 * nebula_outcome_get_rule:
 * @outcome: an outcome
 *
 * Gets what decided, as a stable word: "code -1002", "message -1005: Not ready!", "exception 11",
 * "transport lost". The prefix before the first blank says what kind it is.
 *
 * Returns: (transfer none): a static string. Safe in any thread.
 *
 * Since: 0.1
 */
const char *
nebula_outcome_get_rule (const NebulaOutcome *outcome)
{
  g_return_val_if_fail (outcome != NULL, "");

  return outcome->rule;
}
