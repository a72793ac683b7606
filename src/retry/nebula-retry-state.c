/* SPDX-License-Identifier: Apache-2.0 */
#include "nebula-retry-state-private.h"

/**
 * NebulaRetryState:
 *
 * The history of one logical call: what was tried, how often, and why it failed. It answers
 * what to do next: nebula_retry_state_decide() only looks, nebula_retry_state_record() notes what
 * was then done.
 *
 * Each cause counts its own failures and has its own sequence of waits. When causes alternate,
 * each goes on where it was: an overloaded server is not asked sooner because a leader moved in
 * between. A call ends when a cause reaches its own limit of attempts, or when all attempts
 * together reach the largest limit among the causes that the call has met.
 *
 * Requests that never left the client are counted apart from attempts.
 *
 * Used by one thread at a time.
 *
 * Since: 0.1
 */

G_DEFINE_BOXED_TYPE (NebulaRetryState,
                     nebula_retry_state,
                     nebula_retry_state_ref,
                     nebula_retry_state_free)

static gint64
saturating_add (gint64 a, gint64 b)
{
  gint64 sum;

  if (__builtin_add_overflow (a, b, &sum))
    return b > 0 ? G_MAXINT64 : G_MININT64;

  return sum;
}

/* Also turns what is not a number into 0. */
static double
clamp_random (double random)
{
  if (!(random > 0.0))
    return 0.0;

  return MIN (random, 1.0);
}

static NebulaCause
known_cause (const NebulaOutcome *outcome)
{
  return MIN ((guint) nebula_outcome_get_cause (outcome), NEBULA_CAUSE_UNKNOWN);
}

/**
 * nebula_retry_state_new:
 * @policy: what is allowed
 * @phase: which kind of call it is
 * @start: when the call began, in microseconds of the caller's clock
 *
 * Begins the history of a call. Until it is told otherwise there is one endpoint, and sessions
 * cannot be renewed.
 *
 * Returns: (transfer full): a new state, to be freed with nebula_retry_state_free()
 *
 * Since: 0.1
 */
NebulaRetryState *
nebula_retry_state_new (NebulaRetryPolicy *policy, NebulaPhase phase, gint64 start)
{
  NebulaRetryState *self;
  gint64 total;

  g_return_val_if_fail (NEBULA_IS_RETRY_POLICY (policy), NULL);

  total = nebula_retry_policy_get_total_timeout (policy);
  self = g_atomic_rc_box_new0 (NebulaRetryState);
  self->policy = g_object_ref (policy);
  self->phase = phase;
  self->deadline = total > 0 ? saturating_add (start, total) : G_MAXINT64;
  self->n_endpoints = 1;
  self->finds_leader = TRUE;
  self->circuit_closes = G_MININT64;

  return self;
}

/**
 * nebula_retry_state_ref:
 * @self: a state
 *
 * Takes another reference to the same history: one call has one. Safe in any thread; the state is
 * used by one at a time.
 *
 * Returns: (transfer full): @self
 *
 * Since: 0.1
 */
NebulaRetryState *
nebula_retry_state_ref (NebulaRetryState *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return g_atomic_rc_box_acquire (self);
}

static void
nebula_retry_state_clear (gpointer data)
{
  NebulaRetryState *self = data;

  g_clear_pointer (&self->budget, nebula_retry_budget_unref);
  g_clear_pointer (&self->paid_by, nebula_retry_budget_unref);
  g_object_unref (self->policy);
}

/**
 * nebula_retry_state_free:
 * @self: (nullable) (transfer full): a state
 *
 * Drops a reference; with the last one @self is freed. %NULL is allowed.
 *
 * Since: 0.1
 */
void
nebula_retry_state_free (NebulaRetryState *self)
{
  if (self != NULL)
    g_atomic_rc_box_release_full (self, nebula_retry_state_clear);
}

/**
 * nebula_retry_state_set_deadline:
 * @self: a state
 * @deadline: in microseconds of the clock that the start came from; %G_MAXINT64 for never
 *
 * Says when the caller wants the call to end. The policy's total time-out goes on to count: the
 * earlier of the two is the deadline.
 *
 * Since: 0.1
 */
void
nebula_retry_state_set_deadline (NebulaRetryState *self,
                                 gint64 deadline)
{
  g_return_if_fail (self != NULL);

  self->deadline = MIN (self->deadline, deadline);
}

/**
 * nebula_retry_state_set_endpoints:
 * @self: a state
 * @n_endpoints: how many there are; 0 counts as 1
 *
 * Says how many endpoints the call may go to. With more than one, failures that another endpoint
 * may not have are answered with %NEBULA_ACTION_MOVE.
 *
 * Since: 0.1
 */
void
nebula_retry_state_set_endpoints (NebulaRetryState *self, guint n_endpoints)
{
  g_return_if_fail (self != NULL);

  self->n_endpoints = MAX (n_endpoints, 1);
}

/**
 * nebula_retry_state_set_finds_leader:
 * @self: a state
 * @finds_leader: whether a server that is told of another leader asks that one by itself
 *
 * Says what helps after %NEBULA_CAUSE_LEADER. graphd finds the leader of a partition by itself, so
 * it is asked again; that is the default. Of other services, as metad, the one that was asked is
 * not the leader, and another endpoint may be.
 *
 * Since: 0.1
 */
void
nebula_retry_state_set_finds_leader (NebulaRetryState *self, gboolean finds_leader)
{
  g_return_if_fail (self != NULL);

  self->finds_leader = finds_leader;
}

/**
 * nebula_retry_state_set_can_renew:
 * @self: a state
 * @can_renew: whether credentials are known
 *
 * Says whether a lost session can be renewed.
 *
 * Since: 0.1
 */
void
nebula_retry_state_set_can_renew (NebulaRetryState *self, gboolean can_renew)
{
  g_return_if_fail (self != NULL);

  self->can_renew = can_renew;
}

/**
 * nebula_retry_state_set_circuit:
 * @self: a state
 * @closes: when the next attempt can have a connection, in microseconds of the caller's clock; any
 *   time that has passed for at once
 * @refused: whether the attempt that just ended was not made, because no endpoint might be
 *   connected to
 *
 * Says that reconnects are limited: the attempt that follows waits until @closes, and then as long
 * as it would have waited without; its reason is %NEBULA_REASON_CIRCUIT_OPEN. A call that ends with
 * an attempt that was refused, or that could not wait so long, has that reason too. To be called
 * after each attempt that failed, before nebula_retry_state_decide().
 *
 * Since: 0.1
 */
void
nebula_retry_state_set_circuit (NebulaRetryState *self,
                                gint64 closes,
                                gboolean refused)
{
  g_return_if_fail (self != NULL);

  self->circuit_closes = closes;
  self->circuit_refused = refused;
}

/**
 * nebula_retry_state_set_budget:
 * @self: a state
 * @budget: (nullable) (transfer none): what pays retries after the failure of an attempt: the
 *   budget of the endpoint that failed; %NULL when retries cost nothing
 *
 * Notes @budget and how full it is now, for the decisions that follow: they go by that level even
 * if others pay from @budget meanwhile. To be called after each attempt that failed, before
 * nebula_retry_state_decide().
 *
 * Since: 0.1
 */
void
nebula_retry_state_set_budget (NebulaRetryState *self, NebulaRetryBudget *budget)
{
  g_return_if_fail (self != NULL);

  if (budget != NULL)
    {
      nebula_retry_budget_ref (budget);
      nebula_retry_budget_view (budget, &self->view);
    }
  else
    {
      self->view = (NebulaBudgetView){ .settings.kind = NEBULA_BUDGET_NONE };
    }
  g_clear_pointer (&self->budget, nebula_retry_budget_unref);
  self->budget = budget;
}

/* Nobody is asked again before a connection may be made. */
static NebulaDecision
wait_for_circuit (const NebulaRetryState *self,
                  NebulaDecision decision,
                  gint64 now)
{
  gboolean returns = decision.action == NEBULA_ACTION_RETURN;

  if (returns ? !self->circuit_refused || decision.reason == NEBULA_REASON_CANCELLED
              : self->circuit_closes <= now)
    return decision;
  if (!returns)
    decision.delay = saturating_add (decision.delay,
                                     saturating_add (self->circuit_closes,
                                                     -MAX (now, -G_MAXINT64)));
  decision.reason = NEBULA_REASON_CIRCUIT_OPEN;

  return decision;
}

/* Who is to blame when a retry would come too late. */
static NebulaReason
refuse_late_retry (const NebulaRetryQuestion *question,
                   NebulaDecision decision)
{
  if (decision.reason == NEBULA_REASON_CIRCUIT_OPEN)
    return decision.reason;

  return question->pace == NEBULA_PACE_PUSHBACK ? NEBULA_REASON_PUSHBACK : NEBULA_REASON_DEADLINE;
}

/**
 * nebula_retry_state_decide: (skip)
 * @self: a state
 * @outcome: what the attempt that just ended came to
 * @safety: of the statement; only what may have been applied is decided by it
 * @now: the time in microseconds, of the clock that the start came from
 * @random: a random number in [0, 1); others count as the nearest of these limits
 *
 * Decides what to do about @outcome. This is a pure function: it changes nothing, reads no clock
 * and draws no random number, so that the same question always has the same answer. Hand it to
 * nebula_retry_state_pay() when there is a budget, and tell nebula_retry_state_record() what was
 * done in the end.
 *
 * The delay is min (maximum, initial * multiplier ^ n) of the policy, n being the retries that
 * this cause had in this call, changed by @random as #NebulaRetryPolicy:jitter says: with full
 * jitter it is multiplied with it. A retry that could not start before the deadline is refused
 * rather than waited for.
 *
 * A server that names a time (%NEBULA_PACE_PUSHBACK and a push-back of 0 or more) is waited for
 * exactly that long, without jitter, and the waits after that grow from the start again. When that
 * is past the deadline, or the server asks not to come back, the reason is
 * %NEBULA_REASON_PUSHBACK.
 *
 * Where reconnects are limited, see nebula_retry_state_set_circuit().
 *
 * What never left the client costs no attempt: as many retries as there are endpoints are made at
 * once, further ones after a wait, until twice the endpoints plus 2 have failed. So is what no time
 * heals at one endpoint, but another one may not have: a refused certificate, no TLS that fits, a
 * server that speaks something else. When nothing else was wrong with any endpoint, each is asked
 * once.
 *
 * Returns: the decision; its delay is 0 for %NEBULA_ACTION_RETURN
 *
 * Since: 0.1
 */
NebulaDecision
nebula_retry_state_decide (const NebulaRetryState *self,
                           const NebulaOutcome *outcome,
                           NebulaStatementSafety safety,
                           gint64 now,
                           double random)
{
  NebulaDecision decision = { NEBULA_ACTION_RETURN, NEBULA_REASON_NOT_RETRYABLE, 0 };
  NebulaRetryQuestion question;

  g_return_val_if_fail (self != NULL, decision);
  g_return_val_if_fail (outcome != NULL, decision);

  question.state = self;
  question.category = nebula_outcome_get_category (outcome);
  question.cause = known_cause (outcome);
  question.effect = nebula_outcome_get_effect (outcome);
  question.pace = nebula_outcome_get_pace (outcome);
  question.status = nebula_outcome_get_grpc_status (outcome);
  question.safety = safety;
  question.never_sent = nebula_outcome_is_never_sent (outcome);
  question.unfit = nebula_retry_rules_is_unfit (outcome);
  question.pushback = nebula_outcome_get_pushback (outcome);
  question.random = clamp_random (random);

  decision = wait_for_circuit (self, nebula_retry_rules_decide (&question), now);
  if (decision.action != NEBULA_ACTION_RETURN && self->deadline != G_MAXINT64
      && saturating_add (now, decision.delay) >= self->deadline)
    decision = (NebulaDecision){ NEBULA_ACTION_RETURN, refuse_late_retry (&question, decision), 0 };

  return decision;
}

/* Whether @decision is a retry that has its price. */
static gboolean
is_paid_retry (const NebulaOutcome *outcome, NebulaDecision decision)
{
  return (decision.action == NEBULA_ACTION_RETRY || decision.action == NEBULA_ACTION_MOVE)
         && !nebula_outcome_is_never_sent (outcome);
}

/* Whether gRPC's throttling counts the failure: one that could be retried, retried or not. */
static gboolean
is_throttled_failure (const NebulaOutcome *outcome, NebulaDecision decision)
{
  return nebula_outcome_get_category (outcome) == NEBULA_ERROR_CATEGORY_RETRYABLE
         && nebula_outcome_get_pace (outcome) != NEBULA_PACE_NONE
         && !nebula_outcome_is_never_sent (outcome) && decision.reason != NEBULA_REASON_OFF;
}

/**
 * nebula_retry_state_pay: (skip)
 * @self: a state
 * @outcome: what the attempt that just ended came to
 * @decision: the answer of nebula_retry_state_decide()
 *
 * Pays for @decision from the budget of nebula_retry_state_set_budget(). Only sending again what
 * was sent has a price. Requests that never left, new sessions, spaces set again and handshakes are
 * free: no server worked for the attempt, or each is done once in a call at most.
 *
 * When others have emptied the bucket since the decision was made, the retry is refused. To be
 * called once for each decision, whatever it is, because a throttle counts failures.
 *
 * Returns: @decision, or %NEBULA_ACTION_RETURN with %NEBULA_REASON_BUDGET or
 *   %NEBULA_REASON_THROTTLED
 *
 * Since: 0.1
 */
NebulaDecision
nebula_retry_state_pay (NebulaRetryState *self,
                        const NebulaOutcome *outcome,
                        NebulaDecision decision)
{
  const NebulaDecision unchanged = decision;
  gboolean is_retry;
  guint paid = 0;

  g_return_val_if_fail (self != NULL, unchanged);
  g_return_val_if_fail (outcome != NULL, unchanged);

  is_retry = is_paid_retry (outcome, decision);
  if (self->budget == NULL)
    return decision;
  if (!is_retry
      && !(self->view.settings.kind == NEBULA_BUDGET_THROTTLE
           && is_throttled_failure (outcome, decision)))
    return decision;

  if (!nebula_retry_budget_charge (self->budget, known_cause (outcome), &paid))
    return is_retry ? (NebulaDecision){ NEBULA_ACTION_RETURN,
                                        nebula_budget_view_get_reason (&self->view), 0 }
                    : decision;
  if (is_retry)
    {
      g_clear_pointer (&self->paid_by, nebula_retry_budget_unref);
      self->paid_by = nebula_retry_budget_ref (self->budget);
      self->paid = paid;
    }

  return decision;
}

static void
record_unsent (NebulaRetryState *self, const NebulaOutcome *outcome)
{
  self->never_sent++;
  if (nebula_retry_rules_is_unfit (outcome))
    self->unfit++;
  else if (!self->circuit_refused)
    self->unreachable++;
}

static void
record_failure (NebulaRetryState *self, NebulaCause cause)
{
  guint limit = nebula_retry_policy_get_max_attempts (self->policy, cause);

  self->failures[cause]++;
  self->largest_limit = MAX (self->largest_limit, limit);
}

static void
record_retry (NebulaRetryState *self, const NebulaOutcome *outcome, gint64 delay)
{
  if (nebula_outcome_is_never_sent (outcome))
    {
      self->last_unsent_delay = delay;
      return;
    }

  /* After a wait that the server chose, ours begin anew, as in gRPC. */
  if (nebula_outcome_get_pace (outcome) == NEBULA_PACE_PUSHBACK)
    {
      self->retries[known_cause (outcome)] = 0;
      self->last_delay[known_cause (outcome)] = 0;
      return;
    }

  self->retries[known_cause (outcome)]++;
  self->last_delay[known_cause (outcome)] = delay;
  if (self->phase == NEBULA_PHASE_AUTHENTICATE
      && nebula_outcome_get_effect (outcome) != NEBULA_EFFECT_NONE)
    self->login_repeats++;
}

/**
 * nebula_retry_state_record:
 * @self: a state
 * @outcome: what the attempt that just ended came to
 * @decision: what is done about it: the answer of nebula_retry_state_decide(), or what it became,
 *   for example %NEBULA_ACTION_RETURN when nebula_retry_state_pay() refused
 *
 * Notes an attempt and what follows it. Called once for each attempt.
 *
 * Since: 0.1
 */
void
nebula_retry_state_record (NebulaRetryState *self,
                           const NebulaOutcome *outcome,
                           NebulaDecision decision)
{
  g_return_if_fail (self != NULL);
  g_return_if_fail (outcome != NULL);

  if (nebula_outcome_is_never_sent (outcome))
    record_unsent (self, outcome);
  else
    self->attempts++;

  if (!nebula_outcome_is_never_sent (outcome)
      && nebula_outcome_get_category (outcome) != NEBULA_ERROR_CATEGORY_OK)
    record_failure (self, known_cause (outcome));

  switch (decision.action)
    {
    case NEBULA_ACTION_RETRY:
    case NEBULA_ACTION_MOVE:
      record_retry (self, outcome, decision.delay);
      break;
    case NEBULA_ACTION_RENEW_SESSION:
      self->renewals++;
      break;
    case NEBULA_ACTION_REPLAY_SPACE:
      self->space_replays++;
      break;
    case NEBULA_ACTION_HANDSHAKE:
      self->handshakes++;
      break;
    case NEBULA_ACTION_RETURN:
    default:
      break;
    }
}

/**
 * nebula_retry_state_refill:
 * @self: a state
 * @budget: (nullable): of the endpoint that answered
 *
 * To be called when the call has succeeded in the end. What the last retry paid goes back to where
 * it came from, which may be another endpoint's budget; when none was paid, @budget gets what a
 * success adds.
 *
 * Since: 0.1
 */
void
nebula_retry_state_refill (NebulaRetryState *self, NebulaRetryBudget *budget)
{
  g_return_if_fail (self != NULL);

  if (self->paid > 0)
    nebula_retry_budget_refill (self->paid_by, self->paid);
  else if (budget != NULL)
    nebula_retry_budget_refill (budget, 0);
  self->paid = 0;
}

/**
 * nebula_retry_state_get_attempts:
 * @self: a state
 *
 * Gets how many attempts were recorded, successful or not. Those that never left the client do
 * not count.
 *
 * Returns: the number of attempts
 *
 * Since: 0.1
 */
guint
nebula_retry_state_get_attempts (const NebulaRetryState *self)
{
  g_return_val_if_fail (self != NULL, 0);

  return self->attempts;
}

/**
 * nebula_retry_state_get_deadline:
 * @self: a state
 *
 * Gets when the call has to end: its start plus the policy's total time-out, or earlier, see
 * nebula_retry_state_set_deadline().
 *
 * Returns: microseconds of the clock that the start came from; %G_MAXINT64 for never
 *
 * Since: 0.1
 */
gint64
nebula_retry_state_get_deadline (const NebulaRetryState *self)
{
  g_return_val_if_fail (self != NULL, G_MAXINT64);

  return self->deadline;
}
