/* SPDX-License-Identifier: Apache-2.0 */
#include <nebula-retry/nebula-retry-state.h>

#include "nebula-retry-policy-private.h"

#include <math.h>

/* What a call may do once: a second time would show that it does not help, and would loop. */
#define MAX_RENEWALS 1
#define MAX_SPACE_REPLAYS 1
#define MAX_HANDSHAKES 1

/* A login whose answer was lost leaves a session behind for hours, and a user has 300 of them. */
#define MAX_LOGIN_REPEATS 1

/* What INSTANT may do for each cause without waiting, before it becomes FAST. */
#define FREE_INSTANT_RETRIES 1

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
struct _NebulaRetryState
{
  NebulaRetryPolicy *policy; /* (owned) (not nullable) */
  NebulaPhase phase;
  gint64 deadline; /* microseconds of the caller's clock; G_MAXINT64 for none */
  guint n_endpoints;
  gboolean can_renew;

  guint attempts;      /* all that were sent */
  guint largest_limit; /* of attempts, among the causes met */
  guint never_sent;
  guint renewals;
  guint space_replays;
  guint handshakes;
  guint login_repeats; /* of a login that may have been done */

  guint failures[NEBULA_N_CAUSES]; /* attempts that failed for this cause */
  guint retries[NEBULA_N_CAUSES];  /* of those, how many were followed by a retry */
};

/* A failure and all that the decision about it goes by. */
typedef struct
{
  const NebulaRetryState *state; /* (unowned) */
  NebulaErrorCategory category;
  NebulaCause cause;
  NebulaEffect effect;
  NebulaPace pace;
  NebulaStatementSafety safety;
  gboolean never_sent;
  double random; /* [0, 1] */
} Question;

/* A rule answers TRUE when it has decided; otherwise the next one is asked. */
typedef gboolean (*Rule) (const Question *question, NebulaDecision *decision);

static gint64
saturating_add (gint64 a,
                gint64 b)
{
  gint64 sum;

  if (__builtin_add_overflow (a, b, &sum))
    return b > 0 ? G_MAXINT64 : G_MININT64;

  return sum;
}

static gboolean
decide (NebulaDecision *decision,
        NebulaAction action,
        NebulaReason reason,
        gint64 delay)
{
  decision->action = action;
  decision->reason = reason;
  decision->delay = delay;

  return TRUE;
}

static gboolean
give_up (NebulaDecision *decision,
         NebulaReason reason)
{
  return decide (decision, NEBULA_ACTION_RETURN, reason, 0);
}

/* Full jitter: a random part of what exponential back-off allows. In double, where growth ends
 * at infinity instead of wrapping; the cap is compared before the way back to an integer. */
static gint64
jittered_delay (const NebulaBackoff *backoff,
                guint n,
                double random)
{
  double longest;
  double delay;

  if (backoff->initial <= 0)
    return 0;

  longest = (double) backoff->initial * pow (backoff->multiplier, n);
  delay = random * fmin (longest, (double) backoff->maximum);

  /* G_MAXINT64 as a double is one too many for an integer. */
  return delay < (double) backoff->maximum ? (gint64) delay : backoff->maximum;
}

/* What was retried @used times may do so @free times at once; then waits grow from the start. */
static gint64
delay_after_free_retries (const Question *question,
                          NebulaPace pace,
                          guint used,
                          guint n_free)
{
  const NebulaBackoff *backoff;

  if (used < n_free)
    return 0;

  backoff = nebula_retry_policy_get_cause_backoff (question->state->policy, question->cause, pace);

  return jittered_delay (backoff, used - n_free, question->random);
}

static gboolean
rule_success (const Question *question,
              NebulaDecision *decision)
{
  return question->category == NEBULA_ERROR_CATEGORY_OK
         && give_up (decision, NEBULA_REASON_SUCCESS);
}

static gboolean
rule_cancelled (const Question *question,
                NebulaDecision *decision)
{
  return question->cause == NEBULA_CAUSE_CANCELLED && give_up (decision, NEBULA_REASON_CANCELLED);
}

static gboolean
rule_off (const Question *question,
          NebulaDecision *decision)
{
  return !nebula_retry_policy_get_enabled (question->state->policy)
         && give_up (decision, NEBULA_REASON_OFF);
}

/* What another try would defy, or what would lock the account. */
static gboolean
rule_final (const Question *question,
            NebulaDecision *decision)
{
  switch ((guint) question->cause)
    {
    case NEBULA_CAUSE_KILLED:
      return give_up (decision, NEBULA_REASON_KILLED);
    case NEBULA_CAUSE_CREDENTIALS:
    case NEBULA_CAUSE_LOCKED:
      return give_up (decision, NEBULA_REASON_REFUSED_CREDENTIAL);
    default:
      return FALSE;
    }
}

static guint
get_limit (const Question *question)
{
  return nebula_retry_policy_get_max_attempts (question->state->policy, question->cause);
}

static gboolean
is_last_of_cause (const Question *question)
{
  return question->state->failures[question->cause] + 1 >= get_limit (question);
}

/* The last partial result that the policy allows is handed over; by default that is the first. */
static gboolean
rule_partial (const Question *question,
              NebulaDecision *decision)
{
  return question->cause == NEBULA_CAUSE_PARTIAL && is_last_of_cause (question)
         && give_up (decision, NEBULA_REASON_PARTIAL);
}

static gboolean
renew_session (const NebulaRetryState *state,
               NebulaDecision *decision)
{
  if (state->renewals >= MAX_RENEWALS)
    return give_up (decision, NEBULA_REASON_RENEWED_ALREADY);
  if (!state->can_renew)
    return give_up (decision, NEBULA_REASON_NO_CREDENTIALS);

  return decide (decision, NEBULA_ACTION_RENEW_SESSION, NEBULA_REASON_SESSION_GONE, 0);
}

/* What is mended rather than waited for. Only statements run in a session: a login or handshake
 * is not helped by a new one. */
static gboolean
rule_session (const Question *question,
              NebulaDecision *decision)
{
  const NebulaRetryState *state = question->state;
  gboolean in_session = state->phase == NEBULA_PHASE_EXECUTE;

  if (question->category != NEBULA_ERROR_CATEGORY_SESSION)
    return FALSE;
  if (question->cause == NEBULA_CAUSE_SESSION && in_session)
    return renew_session (state, decision);
  if (question->cause == NEBULA_CAUSE_SPACE_LOST && in_session
      && state->space_replays < MAX_SPACE_REPLAYS)
    return decide (decision, NEBULA_ACTION_REPLAY_SPACE, NEBULA_REASON_SPACE_LOST, 0);
  if (question->cause == NEBULA_CAUSE_HANDSHAKE && state->phase != NEBULA_PHASE_VERIFY
      && state->handshakes < MAX_HANDSHAKES)
    return decide (decision, NEBULA_ACTION_HANDSHAKE, NEBULA_REASON_HANDSHAKE, 0);

  return FALSE;
}

/* What time does not heal; also what nobody knows, and what the session rule has left. */
static gboolean
rule_not_retryable (const Question *question,
                    NebulaDecision *decision)
{
  return (question->category != NEBULA_ERROR_CATEGORY_RETRYABLE
          || question->pace == NEBULA_PACE_NONE)
         && give_up (decision, NEBULA_REASON_NOT_RETRYABLE);
}

static gboolean
login_may_run_again (const NebulaRetryState *state)
{
  return nebula_retry_policy_get_replay (state->policy) != NEBULA_REPLAY_NEVER
         && state->login_repeats < MAX_LOGIN_REPEATS;
}

/* The levels of both enumerations rise together: READ_ONLY is the first safety, and the first
 * level that allows anything is one above NEVER. */
static gboolean
statement_may_run_again (const Question *question)
{
  NebulaRetryPolicy *policy = question->state->policy;
  NebulaReplay replay = nebula_retry_policy_get_replay (policy);
  guint safety = question->safety;

  if (question->state->phase == NEBULA_PHASE_VERIFY)
    safety = NEBULA_STATEMENT_READ_ONLY;

  /* The attempt may still be running, and land after the caller's next write. */
  if (question->cause == NEBULA_CAUSE_TIMEOUT && safety != NEBULA_STATEMENT_READ_ONLY
      && !nebula_retry_policy_get_replay_after_timeout (policy))
    return FALSE;

  /* Not a matter of running twice: a heavy statement is not carried from host to host. */
  if (question->cause == NEBULA_CAUSE_MEMORY && safety != NEBULA_STATEMENT_READ_ONLY)
    return FALSE;

  return replay == NEBULA_REPLAY_ALWAYS || safety < (guint) replay;
}

static gboolean
rule_effect (const Question *question,
             NebulaDecision *decision)
{
  gboolean allowed;

  if (question->effect == NEBULA_EFFECT_NONE)
    return FALSE;

  if (question->state->phase == NEBULA_PHASE_AUTHENTICATE)
    allowed = login_may_run_again (question->state);
  else
    allowed = statement_may_run_again (question);

  return !allowed && give_up (decision, NEBULA_REASON_EFFECT_UNKNOWN);
}

/* The server named a time: whether to wait for it is not decided by back-off. */
static gboolean
rule_pushback (const Question *question,
               NebulaDecision *decision)
{
  return question->pace == NEBULA_PACE_PUSHBACK && give_up (decision, NEBULA_REASON_PUSHBACK);
}

static gboolean
rule_never_sent (const Question *question,
                 NebulaDecision *decision)
{
  const NebulaRetryState *state = question->state;
  NebulaAction action = state->n_endpoints > 1 ? NEBULA_ACTION_MOVE : NEBULA_ACTION_RETRY;
  gint64 delay;

  if (!question->never_sent)
    return FALSE;

  /* Each endpoint twice, and two more for a cluster of one: enough to outlive a restart of a
   * process, not of a host, which the health of the endpoints is for. */
  if ((guint64) state->never_sent + 1 >= 2 * (guint64) state->n_endpoints + 2)
    return give_up (decision, NEBULA_REASON_ATTEMPTS);

  delay = delay_after_free_retries (question, NEBULA_PACE_FAST, state->never_sent,
                                    state->n_endpoints);

  return decide (decision, action, NEBULA_REASON_NEVER_SENT, delay);
}

static gboolean
rule_attempts (const Question *question,
               NebulaDecision *decision)
{
  const NebulaRetryState *state = question->state;
  guint largest = MAX (state->largest_limit, get_limit (question));

  return (is_last_of_cause (question) || state->attempts + 1 >= largest)
         && give_up (decision, NEBULA_REASON_ATTEMPTS);
}

/* Another graphd may have room where this one has none. */
static gboolean
should_move (const Question *question)
{
  return question->state->n_endpoints > 1
         && (question->cause == NEBULA_CAUSE_OVERLOAD || question->cause == NEBULA_CAUSE_MEMORY);
}

static gboolean
rule_back_off (const Question *question,
               NebulaDecision *decision)
{
  guint used = question->state->retries[question->cause];
  guint n_free = question->pace == NEBULA_PACE_INSTANT ? FREE_INSTANT_RETRIES : 0;
  gint64 delay = delay_after_free_retries (question, question->pace, used, n_free);

  return decide (decision,
                 should_move (question) ? NEBULA_ACTION_MOVE : NEBULA_ACTION_RETRY,
                 used < n_free ? NEBULA_REASON_INSTANT : NEBULA_REASON_BACKOFF,
                 delay);
}

/* In the order in which they are asked; the last one always decides. What must never be tried
 * again comes before what might be, and what is free before what is counted. */
static const Rule rules[] = {
  rule_success,
  rule_cancelled,
  rule_off,
  rule_final,
  rule_partial,
  rule_session,
  rule_not_retryable,
  rule_effect,
  rule_pushback,
  rule_never_sent,
  rule_attempts,
  rule_back_off,
};

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
nebula_retry_state_new (NebulaRetryPolicy *policy,
                        NebulaPhase phase,
                        gint64 start)
{
  NebulaRetryState *self;
  gint64 total;

  g_return_val_if_fail (NEBULA_IS_RETRY_POLICY (policy), NULL);

  total = nebula_retry_policy_get_total_timeout (policy);
  self = g_new0 (NebulaRetryState, 1);
  self->policy = g_object_ref (policy);
  self->phase = phase;
  self->deadline = total > 0 ? saturating_add (start, total) : G_MAXINT64;
  self->n_endpoints = 1;

  return self;
}

/**
 * nebula_retry_state_free:
 * @self: (nullable) (transfer full): a state
 *
 * Frees @self. %NULL is allowed.
 *
 * Since: 0.1
 */
void
nebula_retry_state_free (NebulaRetryState *self)
{
  if (self == NULL)
    return;

  g_object_unref (self->policy);
  g_free (self);
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
nebula_retry_state_set_endpoints (NebulaRetryState *self,
                                  guint n_endpoints)
{
  g_return_if_fail (self != NULL);

  self->n_endpoints = MAX (n_endpoints, 1);
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
nebula_retry_state_set_can_renew (NebulaRetryState *self,
                                  gboolean can_renew)
{
  g_return_if_fail (self != NULL);

  self->can_renew = can_renew;
}

/**
 * nebula_retry_state_decide:
 * @self: a state
 * @outcome: what the attempt that just ended came to
 * @safety: of the statement; only what may have been applied is decided by it
 * @now: the time in microseconds, of the clock that the start came from
 * @random: a random number in [0, 1); others count as the nearest of these limits
 *
 * Decides what to do about @outcome. This is a pure function: it changes nothing, reads no clock
 * and draws no random number, so that the same question always has the same answer. Tell
 * nebula_retry_state_record() what was done in the end.
 *
 * The delay is full jitter: @random times min (maximum, initial * multiplier ^ n) of the policy,
 * n being the retries that this cause had in this call. A retry that could not start before the
 * deadline is refused rather than waited for.
 *
 * What never left the client costs no attempt: as many retries as there are endpoints are made at
 * once, further ones after a wait, until twice the endpoints plus 2 have failed.
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
  Question question;

  g_return_val_if_fail (self != NULL, decision);
  g_return_val_if_fail (outcome != NULL, decision);

  question.state = self;
  question.category = nebula_outcome_get_category (outcome);
  question.cause = known_cause (outcome);
  question.effect = nebula_outcome_get_effect (outcome);
  question.pace = nebula_outcome_get_pace (outcome);
  question.safety = safety;
  question.never_sent = nebula_outcome_is_never_sent (outcome);
  question.random = clamp_random (random);

  for (gsize i = 0; i < G_N_ELEMENTS (rules); i++)
    if (rules[i](&question, &decision))
      break;

  if (decision.action != NEBULA_ACTION_RETURN && self->deadline != G_MAXINT64
      && saturating_add (now, decision.delay) >= self->deadline)
    give_up (&decision, NEBULA_REASON_DEADLINE);

  return decision;
}

static void
record_failure (NebulaRetryState *self,
                NebulaCause cause)
{
  guint limit = nebula_retry_policy_get_max_attempts (self->policy, cause);

  self->failures[cause]++;
  self->largest_limit = MAX (self->largest_limit, limit);
}

static void
record_retry (NebulaRetryState *self,
              const NebulaOutcome *outcome)
{
  if (nebula_outcome_is_never_sent (outcome))
    return;

  self->retries[known_cause (outcome)]++;
  if (self->phase == NEBULA_PHASE_AUTHENTICATE
      && nebula_outcome_get_effect (outcome) != NEBULA_EFFECT_NONE)
    self->login_repeats++;
}

/**
 * nebula_retry_state_record:
 * @self: a state
 * @outcome: what the attempt that just ended came to
 * @decision: what is done about it: the answer of nebula_retry_state_decide(), or what it became,
 *   for example %NEBULA_ACTION_RETURN when a budget had no retry left
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
    self->never_sent++;
  else
    self->attempts++;

  if (!nebula_outcome_is_never_sent (outcome)
      && nebula_outcome_get_category (outcome) != NEBULA_ERROR_CATEGORY_OK)
    record_failure (self, known_cause (outcome));

  switch (decision.action)
    {
    case NEBULA_ACTION_RETRY:
    case NEBULA_ACTION_MOVE:
      record_retry (self, outcome);
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
 * Gets when the call has to end: its start plus the policy's total time-out.
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
