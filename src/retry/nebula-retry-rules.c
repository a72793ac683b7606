/* SPDX-License-Identifier: Apache-2.0 */
#include "nebula-retry-policy-private.h"
#include "nebula-retry-state-private.h"

#include <math.h>

/* The rules by which nebula_retry_state_decide() answers, one small function each, asked in the
 * order of the table at the end. They see a question and nothing else. */

/* What a call may do once: a second time would show that it does not help, and would loop. */
#define MAX_RENEWALS 1
#define MAX_SPACE_REPLAYS 1
#define MAX_HANDSHAKES 1

/* A login whose answer was lost leaves a session behind for hours, and a user has 300 of them. */
#define MAX_LOGIN_REPEATS 1

/* What INSTANT may do for each cause without waiting, before it becomes FAST. */
#define FREE_INSTANT_RETRIES 1

/* A rule answers TRUE when it has decided; otherwise the next one is asked. */
typedef gboolean (*Rule) (const NebulaRetryQuestion *question, NebulaDecision *decision);

static gboolean
decide (NebulaDecision *decision, NebulaAction action, NebulaReason reason, gint64 delay)
{
  decision->action = action;
  decision->reason = reason;
  decision->delay = delay;

  return TRUE;
}

static gboolean
give_up (NebulaDecision *decision, NebulaReason reason)
{
  return decide (decision, NEBULA_ACTION_RETURN, reason, 0);
}

/* gRPC's +-20 %. */
#define PROPORTION 0.2

/* The wait before it is capped and rounded. In double, where growth ends at infinity instead of
 * wrapping. @last is the wait before this one, 0 for none. */
static double
jitter (NebulaJitter mode, const NebulaBackoff *backoff, guint n, gint64 last, double random)
{
  double initial = (double) backoff->initial;
  double maximum = (double) backoff->maximum;
  double longest = fmin (initial * pow (backoff->multiplier, n), maximum);

  switch (mode)
    {
    case NEBULA_JITTER_NONE:
      return longest;
    case NEBULA_JITTER_EQUAL:
      return longest / 2 + random * (longest / 2);
    case NEBULA_JITTER_PROPORTIONAL:
      return longest * (1 - PROPORTION + 2 * PROPORTION * random);
    case NEBULA_JITTER_DECORRELATED:
      return fmin (maximum, initial + random * (3 * fmax (initial, (double) last) - initial));
    case NEBULA_JITTER_FULL:
    default:
      return longest * random;
    }
}

static gint64
jittered_delay (NebulaJitter mode,
                const NebulaBackoff *backoff,
                guint n,
                gint64 last,
                double random)
{
  gint64 limit = mode == NEBULA_JITTER_PROPORTIONAL ? G_MAXINT64 : backoff->maximum;
  double delay;

  if (backoff->initial <= 0)
    return 0;

  delay = jitter (mode, backoff, n, last, random);

  /* The limit as a double may be too many for an integer, or more than the limit. */
  return delay < (double) limit ? (gint64) delay : limit;
}

/* What was retried @used times may do so @free times at once; then waits grow from the start. */
static gint64
delay_after_free_retries (const NebulaRetryQuestion *question,
                          NebulaPace pace,
                          guint used,
                          guint n_free,
                          gint64 last)
{
  NebulaRetryPolicy *policy = question->state->policy;
  const NebulaBackoff *backoff;

  if (used < n_free)
    return 0;

  backoff = nebula_retry_policy_get_cause_backoff (policy, question->cause, pace);

  return jittered_delay (nebula_retry_policy_get_jitter (policy), backoff, used - n_free, last,
                         question->random);
}

static gboolean
rule_success (const NebulaRetryQuestion *question, NebulaDecision *decision)
{
  return question->category == NEBULA_ERROR_CATEGORY_OK
         && give_up (decision, NEBULA_REASON_SUCCESS);
}

static gboolean
rule_cancelled (const NebulaRetryQuestion *question, NebulaDecision *decision)
{
  return question->cause == NEBULA_CAUSE_CANCELLED && give_up (decision, NEBULA_REASON_CANCELLED);
}

static gboolean
rule_off (const NebulaRetryQuestion *question, NebulaDecision *decision)
{
  return !nebula_retry_policy_get_enabled (question->state->policy)
         && give_up (decision, NEBULA_REASON_OFF);
}

/* What another try would defy, or what would lock the account. */
static gboolean
rule_final (const NebulaRetryQuestion *question, NebulaDecision *decision)
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
get_limit (const NebulaRetryQuestion *question)
{
  return nebula_retry_policy_get_max_attempts (question->state->policy, question->cause);
}

static gboolean
is_last_of_cause (const NebulaRetryQuestion *question)
{
  return question->state->failures[question->cause] + 1 >= get_limit (question);
}

/* The last partial result that the policy allows is handed over; by default that is the first. */
static gboolean
rule_partial (const NebulaRetryQuestion *question, NebulaDecision *decision)
{
  return question->cause == NEBULA_CAUSE_PARTIAL && is_last_of_cause (question)
         && give_up (decision, NEBULA_REASON_PARTIAL);
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
statement_may_run_again (const NebulaRetryQuestion *question)
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

/* Whether what may have been applied already may be applied once more. */
static gboolean
may_run_again (const NebulaRetryQuestion *question)
{
  if (question->effect == NEBULA_EFFECT_NONE)
    return TRUE;
  if (question->state->phase == NEBULA_PHASE_AUTHENTICATE)
    return login_may_run_again (question->state);

  return statement_may_run_again (question);
}

static gboolean
renew_session (const NebulaRetryState *state, NebulaDecision *decision)
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
choose_repair (const NebulaRetryQuestion *question, NebulaDecision *decision)
{
  const NebulaRetryState *state = question->state;
  const NebulaRetryPolicy *policy = state->policy;
  gboolean in_session = state->phase == NEBULA_PHASE_EXECUTE;

  if (question->category != NEBULA_ERROR_CATEGORY_SESSION)
    return FALSE;
  if (question->cause == NEBULA_CAUSE_SESSION && in_session && policy->renew_session)
    return renew_session (state, decision);
  if (question->cause == NEBULA_CAUSE_SPACE_LOST && in_session && policy->replay_space
      && state->space_replays < MAX_SPACE_REPLAYS)
    return decide (decision, NEBULA_ACTION_REPLAY_SPACE, NEBULA_REASON_SPACE_LOST, 0);
  if (question->cause == NEBULA_CAUSE_HANDSHAKE && state->phase != NEBULA_PHASE_VERIFY
      && policy->repeat_handshake && state->handshakes < MAX_HANDSHAKES)
    return decide (decision, NEBULA_ACTION_HANDSHAKE, NEBULA_REASON_HANDSHAKE, 0);

  return FALSE;
}

/* A repair ends in sending again too. graphd says that a session or space is gone before it
 * executes anything; where an override or the caller's judge says so, the effect need not be
 * NONE. */
static gboolean
rule_session (const NebulaRetryQuestion *question, NebulaDecision *decision)
{
  if (!choose_repair (question, decision))
    return FALSE;
  if (decision->action == NEBULA_ACTION_RETURN || may_run_again (question))
    return TRUE;

  return give_up (decision, NEBULA_REASON_EFFECT_UNKNOWN);
}

/* The quota of sessions is each graphd's own: another one may have room. Each is asked once, since
 * a loop would only make it worse. */
static gboolean
rule_session_quota (const NebulaRetryQuestion *question,
                    NebulaDecision *decision)
{
  const NebulaRetryState *state = question->state;

  if (question->cause != NEBULA_CAUSE_SESSION_QUOTA || question->effect != NEBULA_EFFECT_NONE
      || get_limit (question) < 2
      || state->failures[NEBULA_CAUSE_SESSION_QUOTA] + 1 >= state->n_endpoints)
    return FALSE;

  return decide (decision, NEBULA_ACTION_MOVE, NEBULA_REASON_INSTANT, 0);
}

/* The causes for which a status that is listed makes a FATAL failure worth another attempt: time
 * may heal them after all, and nothing is made worse. */
static gboolean
may_be_widened (NebulaCause cause)
{
  return cause == NEBULA_CAUSE_BUSY || cause == NEBULA_CAUSE_NOT_FOUND
         || cause == NEBULA_CAUSE_UNKNOWN;
}

/* Whether the list of statuses of a `retryPolicy` lets the failure pass. */
static gboolean
list_allows (const NebulaGrpcPolicy *grpc, const NebulaRetryQuestion *question, gboolean retryable)
{
  gboolean listed = (guint) question->status < 32 && (grpc->statuses >> question->status & 1) != 0;

  /* As gRPC's transparent retries: what never left is no attempt of the method, and its list is
   * not asked. */
  if (retryable)
    return listed || question->never_sent;

  return listed && question->category == NEBULA_ERROR_CATEGORY_FATAL
         && may_be_widened (question->cause);
}

/* What time does not heal, or the method's list of statuses leaves out; also what nobody knows, and
 * what the session rule has left. */
static gboolean
rule_not_retryable (const NebulaRetryQuestion *question, NebulaDecision *decision)
{
  const NebulaGrpcPolicy *grpc = &question->state->policy->grpc;
  gboolean retryable = question->category == NEBULA_ERROR_CATEGORY_RETRYABLE
                       && question->pace != NEBULA_PACE_NONE;

  if (grpc->kind == NEBULA_GRPC_POLICY_RETRY)
    retryable = list_allows (grpc, question, retryable);

  return !retryable && give_up (decision, NEBULA_REASON_NOT_RETRYABLE);
}

static gboolean
rule_effect (const NebulaRetryQuestion *question, NebulaDecision *decision)
{
  return !may_run_again (question) && give_up (decision, NEBULA_REASON_EFFECT_UNKNOWN);
}

/* The server asks not to come back. */
static gboolean
rule_pushback (const NebulaRetryQuestion *question, NebulaDecision *decision)
{
  return question->pace == NEBULA_PACE_PUSHBACK && question->pushback < 0
         && give_up (decision, NEBULA_REASON_PUSHBACK);
}

static gboolean
rule_never_sent (const NebulaRetryQuestion *question, NebulaDecision *decision)
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
                                    state->n_endpoints, state->last_unsent_delay);

  return decide (decision, action, NEBULA_REASON_NEVER_SENT, delay);
}

/* The number of NebulaGraph for a connection that could not be made. */
#define NO_CONNECTION (-2)

/* Whether nothing was sent because the endpoint is not what it should be: one of the two refused
 * the other's certificate or TLS, or it speaks something else. What is wrong with the client's own
 * settings has other causes, and so would be wrong everywhere. */
gboolean
nebula_retry_rules_is_unfit (const NebulaOutcome *outcome)
{
  if (!nebula_outcome_is_never_sent (outcome)
      || nebula_outcome_get_category (outcome) == NEBULA_ERROR_CATEGORY_RETRYABLE)
    return FALSE;
  switch ((guint) nebula_outcome_get_cause (outcome))
    {
    case NEBULA_CAUSE_PROTOCOL:
      return TRUE;
    case NEBULA_CAUSE_INCOMPATIBLE:
    case NEBULA_CAUSE_CREDENTIALS: /* a client certificate; that of a user is never known unsent */
      return nebula_outcome_get_wire_code (outcome) == NO_CONNECTION;
    default:
      return FALSE;
    }
}

/* As in gRPC, where it is this one endpoint that is UNAVAILABLE. When nothing else is wrong another
 * round could not help; an endpoint that is down meanwhile may come back. */
static gboolean
rule_unfit (const NebulaRetryQuestion *question, NebulaDecision *decision)
{
  const NebulaRetryState *state = question->state;
  gboolean all_unfit = state->unreachable == 0 && state->unfit + 1 >= state->n_endpoints;

  return question->unfit && !all_unfit && state->n_endpoints > 1
         && rule_never_sent (question, decision);
}

static gboolean
rule_attempts (const NebulaRetryQuestion *question, NebulaDecision *decision)
{
  const NebulaRetryState *state = question->state;
  guint largest = MAX (state->largest_limit, get_limit (question));

  return (is_last_of_cause (question) || state->attempts + 1 >= largest)
         && give_up (decision, NEBULA_REASON_ATTEMPTS);
}

/* What gets here is a retry of a request that was sent: those that never left, and the repair of
 * sessions, spaces and handshakes, add no load to what is overloaded, and cost nothing. */
static gboolean
rule_budget (const NebulaRetryQuestion *question, NebulaDecision *decision)
{
  const NebulaBudgetView *view = &question->state->view;

  return !nebula_budget_view_allows (view, question->cause)
         && give_up (decision, nebula_budget_view_get_reason (view));
}

/* Another server may have room where this one has none, serve while this one stops or starts, or be
 * the leader. */
static gboolean
should_move (const NebulaRetryQuestion *question)
{
  return question->state->n_endpoints > 1
         && (question->cause == NEBULA_CAUSE_OVERLOAD || question->cause == NEBULA_CAUSE_MEMORY
             || question->cause == NEBULA_CAUSE_STARTING
             || (question->cause == NEBULA_CAUSE_LEADER && !question->state->finds_leader));
}

/* How many retries are not waited for. That one graphd stops says nothing about the others. */
static guint
count_free_retries (const NebulaRetryQuestion *question)
{
  if (question->cause == NEBULA_CAUSE_STARTING && should_move (question))
    return question->state->n_endpoints - 1;

  return question->pace == NEBULA_PACE_INSTANT ? FREE_INSTANT_RETRIES : 0;
}

/* A failure that only the policy holds to be worth another attempt has no pace: it is not known to
 * heal soon. */
static gboolean
rule_back_off (const NebulaRetryQuestion *question, NebulaDecision *decision)
{
  guint used = question->state->retries[question->cause];
  guint n_free = count_free_retries (question);
  NebulaPace pace = question->pace == NEBULA_PACE_NONE ? NEBULA_PACE_SLOW : question->pace;
  gint64 last = question->state->last_delay[question->cause];
  gint64 delay = delay_after_free_retries (question, pace, used, n_free, last);

  /* The server knows better than any back-off. */
  if (question->pace == NEBULA_PACE_PUSHBACK)
    delay = question->pushback;

  return decide (decision, should_move (question) ? NEBULA_ACTION_MOVE : NEBULA_ACTION_RETRY,
                 used < n_free ? NEBULA_REASON_INSTANT : NEBULA_REASON_BACKOFF, delay);
}

/* In the order in which they are asked; the last one always decides. What must never be tried
 * again comes before what might be, and what is free before what is counted. */
static const Rule rules[] = {
  rule_success,
  rule_cancelled,
  rule_off,
  rule_unfit,
  rule_final,
  rule_partial,
  rule_session,
  rule_session_quota,
  rule_not_retryable,
  rule_effect,
  rule_pushback,
  rule_never_sent,
  rule_attempts,
  rule_budget,
  rule_back_off,
};

/* Private: asks the rules in turn. The deadline is the caller's business. */
NebulaDecision
nebula_retry_rules_decide (const NebulaRetryQuestion *question)
{
  NebulaDecision decision = { NEBULA_ACTION_RETURN, NEBULA_REASON_NOT_RETRYABLE, 0 };

  for (gsize i = 0; i < G_N_ELEMENTS (rules); i++)
    if (rules[i](question, &decision))
      break;

  return decision;
}
