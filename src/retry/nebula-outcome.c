/* SPDX-License-Identifier: Apache-2.0 */
#include <nebula-retry/nebula-outcome.h>

#include "nebula-error-table-private.h"
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
 * - `error tls bad-certificate`, an error from below by its domain and its code
 * - `ex 15`: the reason that fbthrift gave for an exception, in framing `header`;
 * - `exception 11`: a Thrift application exception of that type; `exception` for a type that
 *   nobody knows
 * - `grpc UNAVAILABLE`: a status of gRPC
 */

G_DEFINE_BOXED_TYPE (NebulaOutcome, nebula_outcome, nebula_outcome_ref, nebula_outcome_unref)

/* All successes are one, outside the counting of references: a call that goes well allocates
 * nothing, and threads do not share a counter. */
const NebulaOutcome nebula_outcome_success = {
  .category = NEBULA_ERROR_CATEGORY_OK,
  .cause = NEBULA_CAUSE_NONE,
  .effect = NEBULA_EFFECT_APPLIED,
  .pace = NEBULA_PACE_NONE,
  .grpc_status = NEBULA_GRPC_OK,
  .pushback = -1,
  .rule = "code 0",
  .message = "",
};

NebulaOutcome *const nebula_outcome_shared_success = (NebulaOutcome *) &nebula_outcome_success;

/* An outcome and its message are one block, whose size follows the message. */
static gsize
size_of_block (gsize message_length)
{
  gsize size = G_STRUCT_OFFSET (NebulaOutcome, message) + message_length + 1;

  return MAX (size, sizeof (NebulaOutcome));
}

/* An outcome with nothing decided yet. A text that is not as it may be kept is made so first. */
NebulaOutcome *
nebula_outcome_alloc (gint32 wire_code, const char *message, gsize length)
{
  char made[NEBULA_MAX_MESSAGE];
  NebulaOutcome *self;
  gsize valid = 0;

  if (length > 0)
    valid = nebula_message_text_count_valid (message, MIN (length, NEBULA_MAX_MESSAGE));
  if (valid < length)
    {
      length = nebula_message_text_make_keepable (message, length, valid, made);
      message = made;
    }

  self = g_atomic_rc_box_alloc (size_of_block (length));
  *self = (NebulaOutcome){
    .wire_code = wire_code,
    .real_code = wire_code,
    .pushback = -1,
    .message_length = (guint16) length,
  };
  if (length > 0)
    memcpy (self->message, message, length);
  self->message[length] = '\0';
  return self;
}

NebulaOutcome *
nebula_outcome_dup (const NebulaOutcome *outcome)
{
  return g_atomic_rc_box_dup (size_of_block (outcome->message_length), (gpointer) outcome);
}

/* The status that gRPC would give follows the row of the real code, unless the category is another
 * than that code usually has. */
void
nebula_outcome_apply_status (NebulaOutcome *self, const NebulaErrorInfo *info)
{
  self->grpc_status = info->category == self->category ? info->grpc_status
                                                       : nebula_status_of_cause[self->cause];
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

  return outcome == &nebula_outcome_success ? outcome : g_atomic_rc_box_acquire (outcome);
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

  if (outcome != &nebula_outcome_success)
    g_atomic_rc_box_release (outcome);
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
 * Returns: microseconds, or -1 if it does not ask, or with %NEBULA_PACE_PUSHBACK asks not to come
 *   back. Safe in any thread.
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

  return outcome->message;
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
