/* SPDX-License-Identifier: Apache-2.0 */
#include "nebula-retry-policy-private.h"

/* What a policy answers. */

/* Of a pace that allows no retry. */
static const NebulaBackoff no_backoff = { 0, 0, 1.0 };

G_DEFINE_ENUM_TYPE (NebulaJitter,
                    nebula_jitter,
                    G_DEFINE_ENUM_VALUE (NEBULA_JITTER_NONE, "none"),
                    G_DEFINE_ENUM_VALUE (NEBULA_JITTER_FULL, "full"),
                    G_DEFINE_ENUM_VALUE (NEBULA_JITTER_EQUAL, "equal"),
                    G_DEFINE_ENUM_VALUE (NEBULA_JITTER_PROPORTIONAL, "proportional"),
                    G_DEFINE_ENUM_VALUE (NEBULA_JITTER_DECORRELATED, "decorrelated"))

G_DEFINE_ENUM_TYPE (NebulaReplay,
                    nebula_replay,
                    G_DEFINE_ENUM_VALUE (NEBULA_REPLAY_NEVER, "never"),
                    G_DEFINE_ENUM_VALUE (NEBULA_REPLAY_READ_ONLY, "read-only"),
                    G_DEFINE_ENUM_VALUE (NEBULA_REPLAY_IDEMPOTENT, "idempotent"),
                    G_DEFINE_ENUM_VALUE (NEBULA_REPLAY_CONVERGENT, "convergent"),
                    G_DEFINE_ENUM_VALUE (NEBULA_REPLAY_ALWAYS, "always"))

/**
 * nebula_retry_policy_get_enabled:
 * @self: a policy
 *
 * Gets #NebulaRetryPolicy:enabled. Safe in any thread, like all getters of this type.
 *
 * Returns: %TRUE unless failures are just handed over
 *
 * Since: 0.1
 */
gboolean
nebula_retry_policy_get_enabled (NebulaRetryPolicy *self)
{
  g_return_val_if_fail (NEBULA_IS_RETRY_POLICY (self), FALSE);

  return self->enabled;
}

/**
 * nebula_retry_policy_get_max_attempts:
 * @self: a policy
 * @cause: why the attempts fail
 *
 * Gets how many attempts a call may make that fail for @cause, the first one included. For a
 * value outside #NebulaCause it is what %NEBULA_CAUSE_UNKNOWN has.
 *
 * Returns: the number of attempts, at least 1
 *
 * Since: 0.1
 */
guint
nebula_retry_policy_get_max_attempts (NebulaRetryPolicy *self, NebulaCause cause)
{
  g_return_val_if_fail (NEBULA_IS_RETRY_POLICY (self), 1);

  return self->causes[MIN ((guint) cause, NEBULA_CAUSE_UNKNOWN)].attempts;
}

/* Private: how the waits of @cause grow at @pace; never NULL, lives as long as @self. INSTANT,
 * after its free try, is FAST. */
const NebulaBackoff *
nebula_retry_policy_get_cause_backoff (NebulaRetryPolicy *self, NebulaCause cause, NebulaPace pace)
{
  guint row = MIN ((guint) cause, NEBULA_CAUSE_UNKNOWN);

  switch (pace)
    {
    case NEBULA_PACE_INSTANT:
    case NEBULA_PACE_FAST:
      return &self->causes[row].fast;
    case NEBULA_PACE_SLOW:
      return &self->causes[row].slow;
    default:
      return &no_backoff;
    }
}

/**
 * nebula_retry_policy_get_backoff:
 * @self: a policy
 * @pace: how fast
 * @initial: (out) (optional): the longest first wait, in microseconds
 * @maximum: (out) (optional): the longest wait, in microseconds
 * @multiplier: (out) (optional): by how much the longest wait grows with each retry
 *
 * Gets how the waits at @pace grow where a cause has nothing of its own: before retry n, counted
 * from 0, the wait is min (@maximum, @initial * @multiplier ^ n) as #NebulaRetryPolicy:jitter has
 * it. For %NEBULA_PACE_INSTANT it is what holds after the first retry, which does not wait; for
 * %NEBULA_PACE_NONE and %NEBULA_PACE_PUSHBACK nothing: 0, 0 and 1.
 *
 * Since: 0.1
 */
void
nebula_retry_policy_get_backoff (NebulaRetryPolicy *self,
                                 NebulaPace pace,
                                 gint64 *initial,
                                 gint64 *maximum,
                                 double *multiplier)
{
  nebula_retry_policy_get_backoff_for_cause (self, NEBULA_CAUSE_NONE, pace, initial, maximum,
                                             multiplier);
}

/**
 * nebula_retry_policy_get_backoff_for_cause:
 * @self: a policy
 * @cause: why the attempts fail
 * @pace: how fast
 * @initial: (out) (optional): the longest first wait, in microseconds
 * @maximum: (out) (optional): the longest wait, in microseconds
 * @multiplier: (out) (optional): by how much the longest wait grows with each retry
 *
 * Gets how the waits for failures of @cause grow at @pace, as nebula_retry_policy_get_backoff()
 * does for those that have nothing of their own. For a value outside #NebulaCause it is what
 * %NEBULA_CAUSE_UNKNOWN has.
 *
 * Since: 0.1
 */
void
nebula_retry_policy_get_backoff_for_cause (NebulaRetryPolicy *self,
                                           NebulaCause cause,
                                           NebulaPace pace,
                                           gint64 *initial,
                                           gint64 *maximum,
                                           double *multiplier)
{
  const NebulaBackoff *backoff;

  g_return_if_fail (NEBULA_IS_RETRY_POLICY (self));
  backoff = nebula_retry_policy_get_cause_backoff (self, cause, pace);
  if (initial != NULL)
    *initial = backoff->initial;
  if (maximum != NULL)
    *maximum = backoff->maximum;
  if (multiplier != NULL)
    *multiplier = backoff->multiplier;
}

/**
 * nebula_retry_policy_get_jitter:
 * @self: a policy
 *
 * Gets #NebulaRetryPolicy:jitter.
 *
 * Returns: how chance changes a wait
 *
 * Since: 0.1
 */
NebulaJitter
nebula_retry_policy_get_jitter (NebulaRetryPolicy *self)
{
  g_return_val_if_fail (NEBULA_IS_RETRY_POLICY (self), NEBULA_JITTER_FULL);

  return self->jitter;
}

/**
 * nebula_retry_policy_get_connect_timeout:
 * @self: a policy
 *
 * Gets #NebulaRetryPolicy:connect-timeout.
 *
 * Returns: microseconds; 0 for as long as the attempt may take
 *
 * Since: 0.1
 */
gint64
nebula_retry_policy_get_connect_timeout (NebulaRetryPolicy *self)
{
  g_return_val_if_fail (NEBULA_IS_RETRY_POLICY (self), 0);

  return self->connect_timeout;
}

/**
 * nebula_retry_policy_get_attempt_timeout:
 * @self: a policy
 *
 * Gets #NebulaRetryPolicy:attempt-timeout.
 *
 * Returns: microseconds; 0 for as long as the call may still take
 *
 * Since: 0.1
 */
gint64
nebula_retry_policy_get_attempt_timeout (NebulaRetryPolicy *self)
{
  g_return_val_if_fail (NEBULA_IS_RETRY_POLICY (self), 0);

  return self->attempt_timeout;
}

/**
 * nebula_retry_policy_get_total_timeout:
 * @self: a policy
 *
 * Gets #NebulaRetryPolicy:total-timeout.
 *
 * Returns: microseconds; 0 for ever
 *
 * Since: 0.1
 */
gint64
nebula_retry_policy_get_total_timeout (NebulaRetryPolicy *self)
{
  g_return_val_if_fail (NEBULA_IS_RETRY_POLICY (self), 0);

  return self->total_timeout;
}

/**
 * nebula_retry_policy_get_endpoint_pause:
 * @self: a policy
 *
 * Gets #NebulaRetryPolicy:endpoint-pause.
 *
 * Returns: microseconds; 0 for none
 *
 * Since: 0.1
 */
gint64
nebula_retry_policy_get_endpoint_pause (NebulaRetryPolicy *self)
{
  g_return_val_if_fail (NEBULA_IS_RETRY_POLICY (self), 0);

  return self->endpoint_pause;
}

/**
 * nebula_retry_policy_get_endpoint_maximum_pause:
 * @self: a policy
 *
 * Gets #NebulaRetryPolicy:endpoint-maximum-pause.
 *
 * Returns: microseconds
 *
 * Since: 0.1
 */
gint64
nebula_retry_policy_get_endpoint_maximum_pause (NebulaRetryPolicy *self)
{
  g_return_val_if_fail (NEBULA_IS_RETRY_POLICY (self), 0);

  return self->endpoint_maximum_pause;
}

/**
 * nebula_retry_policy_get_shuffle_endpoints:
 * @self: a policy
 *
 * Gets #NebulaRetryPolicy:shuffle-endpoints.
 *
 * Returns: whether chance says with which endpoint a cluster begins
 *
 * Since: 0.1
 */
gboolean
nebula_retry_policy_get_shuffle_endpoints (NebulaRetryPolicy *self)
{
  g_return_val_if_fail (NEBULA_IS_RETRY_POLICY (self), FALSE);

  return self->shuffle_endpoints;
}

/**
 * nebula_retry_policy_get_replay:
 * @self: a policy
 *
 * Gets #NebulaRetryPolicy:replay.
 *
 * Returns: which statements may run again
 *
 * Since: 0.1
 */
NebulaReplay
nebula_retry_policy_get_replay (NebulaRetryPolicy *self)
{
  g_return_val_if_fail (NEBULA_IS_RETRY_POLICY (self), NEBULA_REPLAY_NEVER);

  return self->replay;
}

/**
 * nebula_retry_policy_get_replay_after_timeout:
 * @self: a policy
 *
 * Gets #NebulaRetryPolicy:replay-after-timeout.
 *
 * Returns: %TRUE when #NebulaRetryPolicy:replay also holds after the client's own time limit
 *
 * Since: 0.1
 */
gboolean
nebula_retry_policy_get_replay_after_timeout (NebulaRetryPolicy *self)
{
  g_return_val_if_fail (NEBULA_IS_RETRY_POLICY (self), FALSE);

  return self->replay_after_timeout;
}

/**
 * nebula_retry_policy_get_budget:
 * @self: a policy
 * @settings: (out caller-allocates): what a budget is made of
 *
 * Gets #NebulaRetryPolicy:budget and what belongs to it, for nebula_retry_budget_new(). The policy
 * itself holds no budget: it counts for many endpoints, and can be replaced while they run.
 *
 * Since: 0.1
 */
void
nebula_retry_policy_get_budget (NebulaRetryPolicy *self, NebulaBudgetSettings *settings)
{
  g_return_if_fail (NEBULA_IS_RETRY_POLICY (self));
  g_return_if_fail (settings != NULL);

  *settings = self->budget;
}

/**
 * nebula_retry_policy_get_server_version:
 * @self: a policy
 *
 * Gets #NebulaRetryPolicy:server-version.
 *
 * Returns: the version, for #NebulaReplyFacts
 *
 * Since: 0.1
 */
NebulaServerVersion
nebula_retry_policy_get_server_version (NebulaRetryPolicy *self)
{
  g_return_val_if_fail (NEBULA_IS_RETRY_POLICY (self), NEBULA_SERVER_VERSION_DEFAULT);

  return self->server_version;
}

static gboolean
is_unknown_code (NebulaOutcome *outcome)
{
  return nebula_outcome_get_cause (outcome) == NEBULA_CAUSE_UNKNOWN
         && nebula_outcome_get_category (outcome) == NEBULA_ERROR_CATEGORY_FATAL;
}

/**
 * nebula_retry_policy_interpret:
 * @self: a policy
 * @outcome: what an attempt came to
 *
 * Gets what @outcome means under this policy: what the first of #NebulaRetryPolicy:overrides that
 * matches makes of it; what a file with `unknownCode` makes of a failure that nobody knows; else
 * @outcome itself.
 *
 * Returns: (transfer full): an outcome
 *
 * Since: 0.1
 */
NebulaOutcome *
nebula_retry_policy_interpret (NebulaRetryPolicy *self, NebulaOutcome *outcome)
{
  g_return_val_if_fail (NEBULA_IS_RETRY_POLICY (self), NULL);
  g_return_val_if_fail (outcome != NULL, NULL);

  for (guint i = 0; self->overrides != NULL && i < self->overrides->len; i++)
    if (nebula_override_matches (self->overrides->pdata[i], outcome))
      return nebula_override_apply (self->overrides->pdata[i], outcome);

  if (self->retry_unknown_codes && is_unknown_code (outcome))
    return nebula_outcome_reclassify (outcome, NEBULA_ERROR_CATEGORY_RETRYABLE,
                                      NEBULA_CAUSE_UNKNOWN, nebula_outcome_get_effect (outcome),
                                      NEBULA_PACE_SLOW, "policy: unknown code");

  return nebula_outcome_ref (outcome);
}

/**
 * nebula_retry_policy_get_warnings:
 * @self: a policy
 *
 * Gets what a file said that deserves a look: what gRPC's implementations read differently, what
 * is not executed yet. A policy that was made otherwise has none.
 *
 * Returns: (transfer none) (element-type utf8): sentences, each with its path; empty rather than
 *   %NULL; owned by @self
 *
 * Since: 0.1
 */
GPtrArray *
nebula_retry_policy_get_warnings (NebulaRetryPolicy *self)
{
  g_return_val_if_fail (NEBULA_IS_RETRY_POLICY (self), NULL);

  return self->warnings;
}
