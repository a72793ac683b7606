/* SPDX-License-Identifier: Apache-2.0 */
#include <nebula-retry/nebula-attempt.h>
#include <nebula-retry/nebula-retry-state.h>

/* The same functions for languages that reach C by introspection, where a structure cannot be
 * handed over by value. They have there the names without `_by_pointer`. */

/**
 * nebula_retry_state_decide_by_pointer: (rename-to nebula_retry_state_decide)
 * @self: the call so far
 * @outcome: what the last attempt came to, as nebula_retry_policy_interpret() says
 * @safety: what a second run of the statement would do
 * @now: the time, in microseconds of the caller's clock
 * @random: a random number from 0 to 1, for the jitter
 * @decision: (out caller-allocates): what to do
 *
 * nebula_retry_state_decide() for other languages.
 *
 * Since: 0.1
 */
void
nebula_retry_state_decide_by_pointer (const NebulaRetryState *self,
                                      const NebulaOutcome *outcome,
                                      NebulaStatementSafety safety,
                                      gint64 now,
                                      double random,
                                      NebulaDecision *decision)
{
  g_return_if_fail (decision != NULL);

  *decision = nebula_retry_state_decide (self, outcome, safety, now, random);
}

/**
 * nebula_retry_state_pay_by_pointer: (rename-to nebula_retry_state_pay)
 * @self: the call so far
 * @outcome: what the last attempt came to
 * @decision: what nebula_retry_state_decide() said of it
 * @paid: (out caller-allocates): @decision, or what became of it
 *
 * nebula_retry_state_pay() for other languages.
 *
 * Since: 0.1
 */
void
nebula_retry_state_pay_by_pointer (NebulaRetryState *self,
                                   const NebulaOutcome *outcome,
                                   const NebulaDecision *decision,
                                   NebulaDecision *paid)
{
  g_return_if_fail (decision != NULL);
  g_return_if_fail (paid != NULL);

  *paid = nebula_retry_state_pay (self, outcome, *decision);
}

/**
 * nebula_retry_state_record_by_pointer: (rename-to nebula_retry_state_record)
 * @self: the call so far
 * @outcome: what the attempt came to
 * @decision: what is done about it
 *
 * nebula_retry_state_record() for other languages.
 *
 * Since: 0.1
 */
void
nebula_retry_state_record_by_pointer (NebulaRetryState *self,
                                      const NebulaOutcome *outcome,
                                      const NebulaDecision *decision)
{
  g_return_if_fail (decision != NULL);

  nebula_retry_state_record (self, outcome, *decision);
}

/**
 * nebula_attempt_new_by_pointer: (rename-to nebula_attempt_new) (constructor)
 * @endpoint: (nullable): where it went
 * @start: when it began, in microseconds of the clock of the call
 * @end: when it ended, in microseconds of the same clock
 * @outcome: what it came to
 * @decision: what was decided about it
 *
 * nebula_attempt_new() for other languages.
 *
 * Returns: (transfer full): a new attempt
 *
 * Since: 0.1
 */
NebulaAttempt *
nebula_attempt_new_by_pointer (const char *endpoint,
                               gint64 start,
                               gint64 end,
                               NebulaOutcome *outcome,
                               const NebulaDecision *decision)
{
  g_return_val_if_fail (decision != NULL, NULL);

  return nebula_attempt_new (endpoint, start, end, outcome, *decision);
}

/**
 * nebula_attempt_get_decision_by_pointer: (rename-to nebula_attempt_get_decision)
 * @self: an attempt
 * @decision: (out caller-allocates): what was decided about it
 *
 * nebula_attempt_get_decision() for other languages.
 *
 * Since: 0.1
 */
void
nebula_attempt_get_decision_by_pointer (const NebulaAttempt *self, NebulaDecision *decision)
{
  g_return_if_fail (decision != NULL);

  *decision = nebula_attempt_get_decision (self);
}
