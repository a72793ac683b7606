/* SPDX-License-Identifier: Apache-2.0 */
#include "nebula-outcome-private.h"

#include "nebula-message-rules-private.h"
#include "nebula-message-text-private.h"

#include <string.h>

/* From the code and the text of a reply to what they mean. Codes are in today's numbering here,
 * whatever the server counts by: nebula_outcome_new_from_facts() translates. */

/* Takes over what a row of the code table says. */
static void
apply_info (NebulaOutcome *self, const NebulaErrorInfo *info)
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
apply_code_in_text (NebulaOutcome *self,
                    const NebulaMessageMatch *match,
                    NebulaServerVersion version)
{
  gint32 code = (gint32) CLAMP (match->number, G_MININT32, G_MAXINT32);
  const NebulaErrorInfo *info = NULL;

  if (code < 0)
    info = nebula_error_info_lookup_in_version (code, version);
  if (info == NULL && match->word != NULL)
    info = nebula_error_info_lookup_by_name_len (match->word, match->word_length);
  if (info != NULL || code == 0)
    code = info != NULL ? info->code : -8000;

  if (info == NULL)
    info = nebula_error_info_for_code_in_version (code, version);
  self->real_code = code;

  /* The rules of memory name a code, but know its facts better. */
  if (match->rule->cause != NEBULA_CAUSE_UNKNOWN)
    return;

  apply_info (self, info);
  self->effect = MAX (self->effect, match->rule->effect);
  never_session (self);
}

static void
apply_match (NebulaOutcome *self, const NebulaMessageMatch *match, const NebulaReplyFacts *facts)
{
  const NebulaMessageRule *rule = match->rule;

  self->category = rule->category;
  self->cause = rule->cause;
  self->effect = rule->effect;
  self->pace = rule->pace;
  self->rule = rule->name;

  if (rule->real_code == NEBULA_CODE_IN_TEXT)
    apply_code_in_text (self, match, facts->server_version);
  else
    self->real_code = rule->real_code;

  if (rule->tail == NEBULA_TAIL_SECONDS)
    self->pushback = match->number > G_MAXINT64 / G_USEC_PER_SEC ? G_MAXINT64
                                                                 : match->number * G_USEC_PER_SEC;

  /* Where no space is known there is none to replay: the caller forgot USE. */
  if (rule->cause == NEBULA_CAUSE_SPACE_LOST && (facts->traits & NEBULA_CALL_SPACE_KNOWN) == 0)
    apply_info (self, nebula_error_info_for_code (self->real_code));
}

static gboolean
is_storage_error (const char *text, gsize length)
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
apply_effect_rules (NebulaOutcome *self,
                    gint32 code,
                    const char *text,
                    gsize length,
                    NebulaCallTraits traits)
{
  gboolean compound = (traits & NEBULA_CALL_COMPOUND) != 0;

  /* -1005 E_EXECUTION_ERROR, -1008 E_BAD_PERMISSION: the only ones that come after a start. */
  if (code != -1005 && code != -1008)
    return;

  if (self->effect == NEBULA_EFFECT_NONE && (compound || is_storage_error (text, length)))
    self->effect = NEBULA_EFFECT_PART;

  if (self->effect == NEBULA_EFFECT_PART && !compound && (traits & NEBULA_CALL_VERTEX_UPDATE) != 0
      && is_refused_before_log (self->real_code))
    self->effect = NEBULA_EFFECT_NONE;
}

static void
apply_code (NebulaOutcome *self, const NebulaErrorInfo *info, NebulaPhase phase)
{
  apply_info (self, info);
  self->rule = info->rule;
  if (phase != NEBULA_PHASE_EXECUTE)
    never_session (self);
}

static gsize
length_of_message (const NebulaReplyFacts *facts)
{
  if (facts->message == NULL)
    return 0;
  return facts->message_length < 0 ? strlen (facts->message) : (gsize) facts->message_length;
}

static NebulaOutcome *
classify_failure (const NebulaReplyFacts *facts)
{
  gsize length = length_of_message (facts);
  NebulaOutcome *self = nebula_outcome_alloc (facts->code, facts->message, length);
  const NebulaErrorInfo *info;
  NebulaMessageMatch match;
  gint32 code;

  info = nebula_error_info_for_code_in_version (facts->code, facts->server_version);
  /* Rows of unknown numbers have another number than the one that came. */
  code = nebula_error_info_is_unknown (info) ? facts->code : info->code;
  self->real_code = code;

  if (nebula_message_rules_match (facts->phase, code, facts->message, length, &match))
    apply_match (self, &match, facts);
  else
    apply_code (self, info, facts->phase);

  apply_effect_rules (self, code, facts->message, length, facts->traits);
  if (self->real_code != code)
    info = nebula_error_info_for_code (self->real_code);
  nebula_outcome_apply_status (self, info);
  return self;
}

/**
 * nebula_outcome_new_from_facts:
 * @facts: what is known about the reply
 *
 * Classifies a reply that carries a code: by its text where graphd hides the cause in one, else by
 * the code. Linear in the length of the message.
 *
 * A code that a text names (-1005, "error: E_RAFT_LOG_GAP(-3501)") never leads to
 * %NEBULA_ERROR_CATEGORY_SESSION: a session code there becomes %NEBULA_ERROR_CATEGORY_FATAL, with
 * the same cause. So does a session code that answers authenticate or verifyClientVersion, because
 * a renewal cannot heal the renewal itself.
 *
 * Codes of servers that count otherwise are translated: nebula_outcome_get_wire_code() answers with
 * the number that came, nebula_outcome_get_real_code() with the one that it has today.
 *
 * For a reply without a result, or without an `error_code`, use
 * nebula_outcome_new_from_transport() with %NEBULA_TRANSPORT_FAILURE_PROTOCOL.
 *
 * In C a macro of this name answers code 0 without a call.
 *
 * Returns: (transfer full): an outcome; for code 0 a shared one. Safe in any thread.
 *
 * Since: 0.1
 */
NebulaOutcome *(nebula_outcome_new_from_facts) (const NebulaReplyFacts *facts)
{
  g_return_val_if_fail (facts != NULL, NULL);

  return facts->code == 0 ? nebula_outcome_shared_success : classify_failure (facts);
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
 * Short for nebula_outcome_new_from_facts() with a server of %NEBULA_SERVER_VERSION_DEFAULT.
 *
 * Returns: (transfer full): an outcome; for @code 0 a shared one. Safe in any thread.
 *
 * Since: 0.1
 */
NebulaOutcome *
nebula_outcome_new_from_reply (NebulaPhase phase,
                               gint32 code,
                               const char *message,
                               gssize message_length,
                               NebulaCallTraits traits)
{
  NebulaReplyFacts facts = {
    .phase = phase,
    .code = code,
    .message = message,
    .message_length = message_length,
    .traits = traits,
  };

  return nebula_outcome_new_from_facts (&facts);
}
