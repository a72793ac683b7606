/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <nebula-retry/nebula-retry-state.h>

/* The failures that the tests of decisions play, and how they ask about them. */

#define MS G_GINT64_CONSTANT (1000)
#define S G_GINT64_CONSTANT (1000000)

/* When the calls of these tests begin: not 0, so that a deadline is not mistaken for a time-out. */
#define START (1000 * S)

#define RETURN NEBULA_ACTION_RETURN
#define RETRY NEBULA_ACTION_RETRY
#define MOVE NEBULA_ACTION_MOVE
#define READ_ONLY NEBULA_STATEMENT_READ_ONLY
#define IDEMPOTENT NEBULA_STATEMENT_IDEMPOTENT
#define CONVERGENT NEBULA_STATEMENT_CONVERGENT
#define UNSAFE NEBULA_STATEMENT_NOT_IDEMPOTENT
#define EXECUTE NEBULA_PHASE_EXECUTE
#define AUTHENTICATE NEBULA_PHASE_AUTHENTICATE
#define VERIFY NEBULA_PHASE_VERIFY

/* The failures of these tests. What each one is classified as is asserted below, so that a change
 * of the classification is seen for what it is. */
typedef enum
{
  SUCCESS,
  RPC,
  LEADER,
  LEASE,
  CONFLICT,
  STARTING,
  OVERLOAD,
  MEMORY,
  PARTIAL,
  SESSION,
  SPACE_LOST,
  HANDSHAKE,
  CREDENTIALS,
  LOCKED,
  PERMISSION,
  QUOTA,
  SYNTAX,
  KILLED,
  UNKNOWN,
  CONNECT,
  LOST,
  LOST_UNSENT,
  TIMEOUT,
  TIMEOUT_UNSENT,
  DAMAGED,
  DAMAGED_UNSENT,
  CANCELLED,
  N_FAILURES
} Failure;

static const struct
{
  gint32 code; /* of a reply, or 1 for a failure of the transport */
  const char *message;
  NebulaPhase phase;
  NebulaTransportFailure transport;
  NebulaSendState sent;
  NebulaErrorCategory category;
  NebulaCause cause;
  NebulaEffect effect;
  NebulaPace pace;
} failures[N_FAILURES] = {
#define REPLY(code, message, phase, category, cause, effect, pace) \
  { code, message, phase, 0, 0, NEBULA_ERROR_CATEGORY_##category, NEBULA_CAUSE_##cause, \
    NEBULA_EFFECT_##effect, NEBULA_PACE_##pace }
#define TRANSPORT(failure, sent, category, cause, effect, pace) \
  { 1, NULL, EXECUTE, NEBULA_TRANSPORT_FAILURE_##failure, NEBULA_SEND_STATE_##sent, \
    NEBULA_ERROR_CATEGORY_##category, NEBULA_CAUSE_##cause, NEBULA_EFFECT_##effect, \
    NEBULA_PACE_##pace }
  [SUCCESS] = REPLY (0, NULL, EXECUTE, OK, NONE, APPLIED, NONE),
  [RPC] = REPLY (-3, NULL, EXECUTE, RETRYABLE, RPC, MAYBE, SLOW),
  [LEADER] = REPLY (-4, NULL, EXECUTE, RETRYABLE, LEADER, MAYBE, FAST),
  [LEASE] = REPLY (-3531, NULL, EXECUTE, RETRYABLE, LEADER, NONE, FAST),
  [CONFLICT] = REPLY (-3010, NULL, EXECUTE, RETRYABLE, CONFLICT, PART, FAST),
  [STARTING] = REPLY (-3040, NULL, EXECUTE, RETRYABLE, STARTING, NONE, SLOW),
  [OVERLOAD] = REPLY (-1010, NULL, EXECUTE, RETRYABLE, OVERLOAD, NONE, SLOW),
  [MEMORY] = REPLY (-2600, NULL, EXECUTE, RETRYABLE, MEMORY, MAYBE, SLOW),
  [PARTIAL] = REPLY (-1011, NULL, EXECUTE, RETRYABLE, PARTIAL, NONE, FAST),
  [SESSION] = REPLY (-1002, NULL, EXECUTE, SESSION, SESSION, NONE, INSTANT),
  [SPACE_LOST] = REPLY (-1009, "SemanticError: Space was not chosen.", EXECUTE, SESSION,
                        SPACE_LOST, NONE, INSTANT),
  [HANDSHAKE] = REPLY (-1001,
                       "Graph client version(2.0.0) is lower than v2.6.0, please update the "
                       "client.",
                       AUTHENTICATE, SESSION, HANDSHAKE, NONE, INSTANT),
  [CREDENTIALS] = REPLY (-1001, "Invalid password", AUTHENTICATE, AUTH, CREDENTIALS, NONE, NONE),
  [LOCKED] = REPLY (-1001,
                    "5 times consecutive incorrect passwords has been input, user name: root has "
                    "been locked, try again in 60 seconds",
                    AUTHENTICATE, AUTH, LOCKED, NONE, PUSHBACK),
  [PERMISSION] = REPLY (-1008, NULL, EXECUTE, AUTH, PERMISSION, NONE, NONE),
  [QUOTA] = REPLY (-1002,
                   "Create Session failed: Too many sessions created from 10.0.0.1 by user root. "
                   "the threshold is 300. You can change it by modifying "
                   "'max_sessions_per_ip_per_user' in nebula-graphd.conf",
                   AUTHENTICATE, FATAL, SESSION_QUOTA, NONE, NONE),
  [SYNTAX] = REPLY (-1004, NULL, EXECUTE, FATAL, STATEMENT, NONE, NONE),
  [KILLED] = REPLY (-3060, NULL, EXECUTE, FATAL, KILLED, MAYBE, NONE),
  [UNKNOWN] = REPLY (-8000, NULL, EXECUTE, FATAL, UNKNOWN, MAYBE, NONE),
  [CONNECT] = TRANSPORT (CONNECT, NEVER, RETRYABLE, CONNECTION, NONE, FAST),
  [LOST] = TRANSPORT (LOST, MAYBE, RETRYABLE, CONNECTION, MAYBE, FAST),
  [LOST_UNSENT] = TRANSPORT (LOST, NEVER, RETRYABLE, CONNECTION, NONE, FAST),
  [TIMEOUT] = TRANSPORT (TIMEOUT, MAYBE, RETRYABLE, TIMEOUT, MAYBE, FAST),
  [TIMEOUT_UNSENT] = TRANSPORT (TIMEOUT, NEVER, RETRYABLE, TIMEOUT, NONE, FAST),
  [DAMAGED] = TRANSPORT (PROTOCOL, MAYBE, FATAL, PROTOCOL, MAYBE, NONE),
  [DAMAGED_UNSENT] = TRANSPORT (PROTOCOL, NEVER, FATAL, PROTOCOL, NONE, NONE),
  [CANCELLED] = TRANSPORT (CANCELLED, MAYBE, FATAL, CANCELLED, MAYBE, NONE),
#undef REPLY
#undef TRANSPORT
};

static inline NebulaOutcome *
make_outcome (Failure failure)
{
  if (failures[failure].code > 0)
    return nebula_outcome_new_from_transport (failures[failure].transport,
                                              failures[failure].sent, NULL);

  return nebula_outcome_new_from_reply (failures[failure].phase, failures[failure].code,
                                        failures[failure].message, -1,
                                        NEBULA_CALL_SPACE_KNOWN);
}

static inline NebulaDecision
ask (const NebulaRetryState *state,
     Failure failure,
     NebulaStatementSafety safety,
     gint64 now,
     double random)
{
  g_autoptr (NebulaOutcome) outcome = make_outcome (failure);

  return nebula_retry_state_decide (state, outcome, safety, now, random);
}

/* Asks at the start with the largest jitter, and does what the answer says. */
static inline NebulaDecision
step (NebulaRetryState *state,
      Failure failure,
      NebulaStatementSafety safety)
{
  g_autoptr (NebulaOutcome) outcome = make_outcome (failure);
  NebulaDecision decision = nebula_retry_state_decide (state, outcome, safety, START, 1.0);

  nebula_retry_state_record (state, outcome, decision);

  return decision;
}

static inline void
assert_decision (NebulaDecision decision,
                 NebulaAction action,
                 NebulaReason reason,
                 gint64 delay)
{
  g_assert_cmpstr (nebula_action_to_string (decision.action), ==,
                   nebula_action_to_string (action));
  g_assert_cmpstr (nebula_reason_to_string (decision.reason), ==,
                   nebula_reason_to_string (reason));
  g_assert_cmpint (decision.delay, ==, delay);
}

static inline NebulaRetryState *
new_state (NebulaPhase phase)
{
  g_autoptr (NebulaRetryPolicy) policy = nebula_retry_policy_new ();

  return nebula_retry_state_new (policy, phase, START);
}

static inline NebulaRetryState *
new_state_with (const char *property,
                int value)
{
  g_autoptr (NebulaRetryPolicy) policy
      = g_object_new (NEBULA_TYPE_RETRY_POLICY, property, value, NULL);

  return nebula_retry_state_new (policy, EXECUTE, START);
}
