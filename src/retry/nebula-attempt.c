/* SPDX-License-Identifier: Apache-2.0 */
#include <nebula-retry/nebula-attempt.h>

/**
 * NebulaAttempt:
 *
 * One attempt of a call as it is reported: where it went, when, what came of it and what was then
 * decided. Immutable and reference counted: safe in any thread.
 *
 * Since: 0.1
 */
struct _NebulaAttempt
{
  char *endpoint;         /* (owned) (nullable) */
  gint64 start;           /* microseconds */
  gint64 end;             /* microseconds */
  NebulaOutcome *outcome; /* (owned) (not nullable) */
  NebulaDecision decision;
};

G_DEFINE_BOXED_TYPE (NebulaAttempt, nebula_attempt, nebula_attempt_ref, nebula_attempt_unref)

static void
nebula_attempt_clear (gpointer data)
{
  NebulaAttempt *self = data;

  g_free (self->endpoint);
  nebula_outcome_unref (self->outcome);
}

/**
 * nebula_attempt_new:
 * @endpoint: (nullable): where it went, such as `127.0.0.1:9669`; %NULL when it had not come to
 *   that
 * @start: when it began, in microseconds of the clock of the call
 * @end: when it ended, in microseconds of the same clock
 * @outcome: what it came to
 * @decision: what was decided about it
 *
 * Makes the report of an attempt.
 *
 * Returns: (transfer full): a new attempt
 *
 * Since: 0.1
 */
NebulaAttempt *
nebula_attempt_new (const char *endpoint,
                    gint64 start,
                    gint64 end,
                    NebulaOutcome *outcome,
                    NebulaDecision decision)
{
  NebulaAttempt *self;

  g_return_val_if_fail (outcome != NULL, NULL);

  self = g_atomic_rc_box_new0 (NebulaAttempt);
  self->endpoint = g_strdup (endpoint);
  self->start = start;
  self->end = end;
  self->outcome = nebula_outcome_ref (outcome);
  self->decision = decision;

  return self;
}

/**
 * nebula_attempt_ref:
 * @self: an attempt
 *
 * Takes another reference. Safe in any thread.
 *
 * Returns: (transfer full): @self
 *
 * Since: 0.1
 */
NebulaAttempt *
nebula_attempt_ref (NebulaAttempt *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return g_atomic_rc_box_acquire (self);
}

/**
 * nebula_attempt_unref:
 * @self: (transfer full): an attempt
 *
 * Drops a reference; the last one frees @self. Safe in any thread.
 *
 * Since: 0.1
 */
void
nebula_attempt_unref (NebulaAttempt *self)
{
  g_return_if_fail (self != NULL);

  g_atomic_rc_box_release_full (self, nebula_attempt_clear);
}

/**
 * nebula_attempt_get_endpoint:
 * @self: an attempt
 *
 * Gets where the attempt went.
 *
 * Returns: (nullable) (transfer none): the endpoint, valid as long as @self; %NULL when none was
 *   reached for
 *
 * Since: 0.1
 */
const char *
nebula_attempt_get_endpoint (const NebulaAttempt *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->endpoint;
}

/**
 * nebula_attempt_get_start:
 * @self: an attempt
 *
 * Gets when the attempt began.
 *
 * Returns: microseconds of the clock of the call
 *
 * Since: 0.1
 */
gint64
nebula_attempt_get_start (const NebulaAttempt *self)
{
  g_return_val_if_fail (self != NULL, 0);

  return self->start;
}

/**
 * nebula_attempt_get_end:
 * @self: an attempt
 *
 * Gets when the attempt ended.
 *
 * Returns: microseconds of the clock of the call
 *
 * Since: 0.1
 */
gint64
nebula_attempt_get_end (const NebulaAttempt *self)
{
  g_return_val_if_fail (self != NULL, 0);

  return self->end;
}

/**
 * nebula_attempt_get_outcome:
 * @self: an attempt
 *
 * Gets what the attempt came to.
 *
 * Returns: (transfer none): the outcome, valid as long as @self
 *
 * Since: 0.1
 */
NebulaOutcome *
nebula_attempt_get_outcome (const NebulaAttempt *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->outcome;
}

/**
 * nebula_attempt_get_decision: (skip)
 * @self: an attempt
 *
 * Gets what was decided about the attempt.
 *
 * Returns: the decision
 *
 * Since: 0.1
 */
NebulaDecision
nebula_attempt_get_decision (const NebulaAttempt *self)
{
  static const NebulaDecision none = { NEBULA_ACTION_RETURN, NEBULA_REASON_NOT_RETRYABLE, 0 };

  g_return_val_if_fail (self != NULL, none);

  return self->decision;
}
