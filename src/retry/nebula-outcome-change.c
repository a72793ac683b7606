/* SPDX-License-Identifier: Apache-2.0 */
#include "nebula-outcome-private.h"

#include "nebula-outcome-table-private.h"

#include <string.h>

/**
 * nebula_outcome_reclassify:
 * @outcome: what was found
 * @category: who must act
 * @cause: why it failed
 * @effect: what the attempt may have done
 * @pace: how long to wait
 * @rule: (nullable): the name of what decides now; %NULL keeps the one that there is. Names are
 *   kept for ever: not to be made for each failure
 *
 * A failure for which somebody knows better. Codes, message and push-back stay; the gRPC status
 * follows the cause when the category changes.
 *
 * Returns: (transfer full): another outcome. Safe in any thread.
 *
 * Since: 0.1
 */
NebulaOutcome *
nebula_outcome_reclassify (const NebulaOutcome *outcome,
                           NebulaErrorCategory category,
                           NebulaCause cause,
                           NebulaEffect effect,
                           NebulaPace pace,
                           const char *rule)
{
  NebulaOutcome *self;

  g_return_val_if_fail (outcome != NULL, NULL);

  self = nebula_outcome_dup (outcome);
  if (category != outcome->category)
    self->grpc_status = nebula_status_of_cause[MIN ((guint) cause, NEBULA_CAUSE_UNKNOWN)];
  self->category = category;
  self->cause = cause;
  self->effect = effect;
  self->pace = pace;
  if (rule != NULL)
    self->rule = g_intern_string (rule);
  return self;
}

/**
 * nebula_outcome_copy_as_own_success:
 * @outcome: a failure that says that something exists already
 *
 * An earlier attempt of the same statement may have been applied, and now the server says that
 * what it makes exists: probably that attempt made it.
 *
 * Returns: (transfer full): @outcome, for which nebula_outcome_is_own_success() is %TRUE. Safe in
 *   any thread.
 *
 * Since: 0.1
 */
NebulaOutcome *
nebula_outcome_copy_as_own_success (const NebulaOutcome *outcome)
{
  NebulaOutcome *self;

  g_return_val_if_fail (outcome != NULL, NULL);

  self = nebula_outcome_reclassify (outcome, outcome->category, outcome->cause, outcome->effect,
                                    outcome->pace, NULL);
  self->own_success = TRUE;
  return self;
}

/**
 * nebula_outcome_copy_with_message:
 * @outcome: what was found
 * @message: the text to be shown instead of the server's, for example what
 *   nebula_statement_redact_message() makes of that
 *
 * What was read from the server's text stays.
 *
 * Returns: (transfer full): @outcome with another message. Safe in any thread.
 *
 * Since: 0.1
 */
NebulaOutcome *
nebula_outcome_copy_with_message (const NebulaOutcome *outcome,
                                  const char          *message)
{
  NebulaOutcome *self;

  g_return_val_if_fail (outcome != NULL, NULL);
  g_return_val_if_fail (message != NULL, NULL);

  self = nebula_outcome_alloc (outcome->wire_code, message, strlen (message));
  self->real_code = outcome->real_code;
  self->category = outcome->category;
  self->cause = outcome->cause;
  self->effect = outcome->effect;
  self->pace = outcome->pace;
  self->grpc_status = outcome->grpc_status;
  self->never_sent = outcome->never_sent;
  self->own_success = outcome->own_success;
  self->pushback = outcome->pushback;
  self->rule = outcome->rule;
  return self;
}

/**
 * nebula_outcome_is_own_success:
 * @outcome: an outcome
 *
 * Returns: whether this failure is probably the trace of an earlier attempt that was applied
 *   although its answer was lost. Safe in any thread.
 *
 * Since: 0.1
 */
gboolean
nebula_outcome_is_own_success (const NebulaOutcome *outcome)
{
  g_return_val_if_fail (outcome != NULL, FALSE);

  return outcome->own_success;
}
