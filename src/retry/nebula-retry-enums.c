/* SPDX-License-Identifier: Apache-2.0 */
#include <nebula-retry/nebula-retry-enums.h>

/* The types are registered by hand: the headers live apart from the sources, and an enumerator
 * that is forgotten here would vanish silently from the introspection data. The test of this
 * file counts them. */

G_DEFINE_ENUM_TYPE (NebulaErrorCategory, nebula_error_category,
                    G_DEFINE_ENUM_VALUE (NEBULA_ERROR_CATEGORY_OK, "ok"),
                    G_DEFINE_ENUM_VALUE (NEBULA_ERROR_CATEGORY_RETRYABLE, "retryable"),
                    G_DEFINE_ENUM_VALUE (NEBULA_ERROR_CATEGORY_FATAL, "fatal"),
                    G_DEFINE_ENUM_VALUE (NEBULA_ERROR_CATEGORY_AUTH, "auth"),
                    G_DEFINE_ENUM_VALUE (NEBULA_ERROR_CATEGORY_SESSION, "session"))

G_DEFINE_ENUM_TYPE (NebulaCause, nebula_cause,
                    G_DEFINE_ENUM_VALUE (NEBULA_CAUSE_NONE, "none"),
                    G_DEFINE_ENUM_VALUE (NEBULA_CAUSE_CONNECTION, "connection"),
                    G_DEFINE_ENUM_VALUE (NEBULA_CAUSE_RPC, "rpc"),
                    G_DEFINE_ENUM_VALUE (NEBULA_CAUSE_TIMEOUT, "timeout"),
                    G_DEFINE_ENUM_VALUE (NEBULA_CAUSE_PROTOCOL, "protocol"),
                    G_DEFINE_ENUM_VALUE (NEBULA_CAUSE_CANCELLED, "cancelled"),
                    G_DEFINE_ENUM_VALUE (NEBULA_CAUSE_LEADER, "leader"),
                    G_DEFINE_ENUM_VALUE (NEBULA_CAUSE_PARTITION, "partition"),
                    G_DEFINE_ENUM_VALUE (NEBULA_CAUSE_PARTIAL, "partial"),
                    G_DEFINE_ENUM_VALUE (NEBULA_CAUSE_CONFLICT, "conflict"),
                    G_DEFINE_ENUM_VALUE (NEBULA_CAUSE_BLOCKED, "blocked"),
                    G_DEFINE_ENUM_VALUE (NEBULA_CAUSE_OVERLOAD, "overload"),
                    G_DEFINE_ENUM_VALUE (NEBULA_CAUSE_MEMORY, "memory"),
                    G_DEFINE_ENUM_VALUE (NEBULA_CAUSE_STARTING, "starting"),
                    G_DEFINE_ENUM_VALUE (NEBULA_CAUSE_CREDENTIALS, "credentials"),
                    G_DEFINE_ENUM_VALUE (NEBULA_CAUSE_LOCKED, "locked"),
                    G_DEFINE_ENUM_VALUE (NEBULA_CAUSE_PERMISSION, "permission"),
                    G_DEFINE_ENUM_VALUE (NEBULA_CAUSE_SESSION, "session"),
                    G_DEFINE_ENUM_VALUE (NEBULA_CAUSE_SESSION_QUOTA, "session-quota"),
                    G_DEFINE_ENUM_VALUE (NEBULA_CAUSE_SPACE_LOST, "space-lost"),
                    G_DEFINE_ENUM_VALUE (NEBULA_CAUSE_HANDSHAKE, "handshake"),
                    G_DEFINE_ENUM_VALUE (NEBULA_CAUSE_STATEMENT, "statement"),
                    G_DEFINE_ENUM_VALUE (NEBULA_CAUSE_EXECUTION, "execution"),
                    G_DEFINE_ENUM_VALUE (NEBULA_CAUSE_NOT_FOUND, "not-found"),
                    G_DEFINE_ENUM_VALUE (NEBULA_CAUSE_EXISTS, "exists"),
                    G_DEFINE_ENUM_VALUE (NEBULA_CAUSE_ARGUMENT, "argument"),
                    G_DEFINE_ENUM_VALUE (NEBULA_CAUSE_DATA, "data"),
                    G_DEFINE_ENUM_VALUE (NEBULA_CAUSE_STATE, "state"),
                    G_DEFINE_ENUM_VALUE (NEBULA_CAUSE_BUSY, "busy"),
                    G_DEFINE_ENUM_VALUE (NEBULA_CAUSE_UNSUPPORTED, "unsupported"),
                    G_DEFINE_ENUM_VALUE (NEBULA_CAUSE_INCOMPATIBLE, "incompatible"),
                    G_DEFINE_ENUM_VALUE (NEBULA_CAUSE_JOB, "job"),
                    G_DEFINE_ENUM_VALUE (NEBULA_CAUSE_BACKUP, "backup"),
                    G_DEFINE_ENUM_VALUE (NEBULA_CAUSE_KILLED, "killed"),
                    G_DEFINE_ENUM_VALUE (NEBULA_CAUSE_EXHAUSTED, "exhausted"),
                    G_DEFINE_ENUM_VALUE (NEBULA_CAUSE_DISK, "disk"),
                    G_DEFINE_ENUM_VALUE (NEBULA_CAUSE_CLUSTER, "cluster"),
                    G_DEFINE_ENUM_VALUE (NEBULA_CAUSE_LICENSE, "license"),
                    G_DEFINE_ENUM_VALUE (NEBULA_CAUSE_INTERNAL, "internal"),
                    G_DEFINE_ENUM_VALUE (NEBULA_CAUSE_UNKNOWN, "unknown"))

G_DEFINE_ENUM_TYPE (NebulaEffect, nebula_effect,
                    G_DEFINE_ENUM_VALUE (NEBULA_EFFECT_NONE, "none"),
                    G_DEFINE_ENUM_VALUE (NEBULA_EFFECT_PART, "part"),
                    G_DEFINE_ENUM_VALUE (NEBULA_EFFECT_MAYBE, "maybe"),
                    G_DEFINE_ENUM_VALUE (NEBULA_EFFECT_APPLIED, "applied"))

G_DEFINE_ENUM_TYPE (NebulaPace, nebula_pace,
                    G_DEFINE_ENUM_VALUE (NEBULA_PACE_NONE, "none"),
                    G_DEFINE_ENUM_VALUE (NEBULA_PACE_INSTANT, "instant"),
                    G_DEFINE_ENUM_VALUE (NEBULA_PACE_FAST, "fast"),
                    G_DEFINE_ENUM_VALUE (NEBULA_PACE_SLOW, "slow"),
                    G_DEFINE_ENUM_VALUE (NEBULA_PACE_PUSHBACK, "pushback"))

G_DEFINE_ENUM_TYPE (NebulaGrpcStatus, nebula_grpc_status,
                    G_DEFINE_ENUM_VALUE (NEBULA_GRPC_OK, "ok"),
                    G_DEFINE_ENUM_VALUE (NEBULA_GRPC_CANCELLED, "cancelled"),
                    G_DEFINE_ENUM_VALUE (NEBULA_GRPC_UNKNOWN, "unknown"),
                    G_DEFINE_ENUM_VALUE (NEBULA_GRPC_INVALID_ARGUMENT, "invalid-argument"),
                    G_DEFINE_ENUM_VALUE (NEBULA_GRPC_DEADLINE_EXCEEDED, "deadline-exceeded"),
                    G_DEFINE_ENUM_VALUE (NEBULA_GRPC_NOT_FOUND, "not-found"),
                    G_DEFINE_ENUM_VALUE (NEBULA_GRPC_ALREADY_EXISTS, "already-exists"),
                    G_DEFINE_ENUM_VALUE (NEBULA_GRPC_PERMISSION_DENIED, "permission-denied"),
                    G_DEFINE_ENUM_VALUE (NEBULA_GRPC_RESOURCE_EXHAUSTED, "resource-exhausted"),
                    G_DEFINE_ENUM_VALUE (NEBULA_GRPC_FAILED_PRECONDITION, "failed-precondition"),
                    G_DEFINE_ENUM_VALUE (NEBULA_GRPC_ABORTED, "aborted"),
                    G_DEFINE_ENUM_VALUE (NEBULA_GRPC_OUT_OF_RANGE, "out-of-range"),
                    G_DEFINE_ENUM_VALUE (NEBULA_GRPC_UNIMPLEMENTED, "unimplemented"),
                    G_DEFINE_ENUM_VALUE (NEBULA_GRPC_INTERNAL, "internal"),
                    G_DEFINE_ENUM_VALUE (NEBULA_GRPC_UNAVAILABLE, "unavailable"),
                    G_DEFINE_ENUM_VALUE (NEBULA_GRPC_DATA_LOSS, "data-loss"),
                    G_DEFINE_ENUM_VALUE (NEBULA_GRPC_UNAUTHENTICATED, "unauthenticated"))

G_DEFINE_ENUM_TYPE (NebulaPhase, nebula_phase,
                    G_DEFINE_ENUM_VALUE (NEBULA_PHASE_EXECUTE, "execute"),
                    G_DEFINE_ENUM_VALUE (NEBULA_PHASE_AUTHENTICATE, "authenticate"),
                    G_DEFINE_ENUM_VALUE (NEBULA_PHASE_VERIFY, "verify"))

G_DEFINE_ENUM_TYPE (NebulaTransportFailure, nebula_transport_failure,
                    G_DEFINE_ENUM_VALUE (NEBULA_TRANSPORT_FAILURE_CONNECT, "connect"),
                    G_DEFINE_ENUM_VALUE (NEBULA_TRANSPORT_FAILURE_LOST, "lost"),
                    G_DEFINE_ENUM_VALUE (NEBULA_TRANSPORT_FAILURE_TIMEOUT, "timeout"),
                    G_DEFINE_ENUM_VALUE (NEBULA_TRANSPORT_FAILURE_PROTOCOL, "protocol"),
                    G_DEFINE_ENUM_VALUE (NEBULA_TRANSPORT_FAILURE_CANCELLED, "cancelled"))

G_DEFINE_ENUM_TYPE (NebulaSendState, nebula_send_state,
                    G_DEFINE_ENUM_VALUE (NEBULA_SEND_STATE_NEVER, "never"),
                    G_DEFINE_ENUM_VALUE (NEBULA_SEND_STATE_MAYBE, "maybe"))

G_DEFINE_ENUM_TYPE (NebulaStatementSafety, nebula_statement_safety,
                    G_DEFINE_ENUM_VALUE (NEBULA_STATEMENT_READ_ONLY, "read-only"),
                    G_DEFINE_ENUM_VALUE (NEBULA_STATEMENT_IDEMPOTENT, "idempotent"),
                    G_DEFINE_ENUM_VALUE (NEBULA_STATEMENT_CONVERGENT, "convergent"),
                    G_DEFINE_ENUM_VALUE (NEBULA_STATEMENT_NOT_IDEMPOTENT, "not-idempotent"))

G_DEFINE_FLAGS_TYPE (NebulaCallTraits, nebula_call_traits,
                     G_DEFINE_ENUM_VALUE (NEBULA_CALL_TRAITS_NONE, "none"),
                     G_DEFINE_ENUM_VALUE (NEBULA_CALL_COMPOUND, "compound"),
                     G_DEFINE_ENUM_VALUE (NEBULA_CALL_VERTEX_UPDATE, "vertex-update"),
                     G_DEFINE_ENUM_VALUE (NEBULA_CALL_SPACE_KNOWN, "space-known"))

G_DEFINE_ENUM_TYPE (NebulaAction, nebula_action,
                    G_DEFINE_ENUM_VALUE (NEBULA_ACTION_RETURN, "return"),
                    G_DEFINE_ENUM_VALUE (NEBULA_ACTION_RETRY, "retry"),
                    G_DEFINE_ENUM_VALUE (NEBULA_ACTION_RENEW_SESSION, "renew-session"),
                    G_DEFINE_ENUM_VALUE (NEBULA_ACTION_REPLAY_SPACE, "replay-space"),
                    G_DEFINE_ENUM_VALUE (NEBULA_ACTION_HANDSHAKE, "handshake"),
                    G_DEFINE_ENUM_VALUE (NEBULA_ACTION_MOVE, "move"))

G_DEFINE_ENUM_TYPE (NebulaReason, nebula_reason,
                    G_DEFINE_ENUM_VALUE (NEBULA_REASON_SUCCESS, "success"),
                    G_DEFINE_ENUM_VALUE (NEBULA_REASON_BACKOFF, "backoff"),
                    G_DEFINE_ENUM_VALUE (NEBULA_REASON_INSTANT, "instant"),
                    G_DEFINE_ENUM_VALUE (NEBULA_REASON_NEVER_SENT, "never-sent"),
                    G_DEFINE_ENUM_VALUE (NEBULA_REASON_SESSION_GONE, "session-gone"),
                    G_DEFINE_ENUM_VALUE (NEBULA_REASON_SPACE_LOST, "space-lost"),
                    G_DEFINE_ENUM_VALUE (NEBULA_REASON_HANDSHAKE, "handshake"),
                    G_DEFINE_ENUM_VALUE (NEBULA_REASON_NOT_RETRYABLE, "not-retryable"),
                    G_DEFINE_ENUM_VALUE (NEBULA_REASON_REFUSED_CREDENTIAL, "refused-credential"),
                    G_DEFINE_ENUM_VALUE (NEBULA_REASON_KILLED, "killed"),
                    G_DEFINE_ENUM_VALUE (NEBULA_REASON_PARTIAL, "partial"),
                    G_DEFINE_ENUM_VALUE (NEBULA_REASON_EFFECT_UNKNOWN, "effect-unknown"),
                    G_DEFINE_ENUM_VALUE (NEBULA_REASON_ATTEMPTS, "attempts"),
                    G_DEFINE_ENUM_VALUE (NEBULA_REASON_DEADLINE, "deadline"),
                    G_DEFINE_ENUM_VALUE (NEBULA_REASON_BUDGET, "budget"),
                    G_DEFINE_ENUM_VALUE (NEBULA_REASON_THROTTLED, "throttled"),
                    G_DEFINE_ENUM_VALUE (NEBULA_REASON_PUSHBACK, "pushback"),
                    G_DEFINE_ENUM_VALUE (NEBULA_REASON_CANCELLED, "cancelled"),
                    G_DEFINE_ENUM_VALUE (NEBULA_REASON_CIRCUIT_OPEN, "circuit-open"),
                    G_DEFINE_ENUM_VALUE (NEBULA_REASON_NO_CREDENTIALS, "no-credentials"),
                    G_DEFINE_ENUM_VALUE (NEBULA_REASON_RENEWED_ALREADY, "renewed-already"),
                    G_DEFINE_ENUM_VALUE (NEBULA_REASON_OFF, "off"))

/* Designated, so that no order is assumed; the assertion after each fails to compile when an
 * enumerator is added at the end, the test finds a hole in the middle. */
static const char *const error_category_words[] = {
  [NEBULA_ERROR_CATEGORY_OK] = "OK",
  [NEBULA_ERROR_CATEGORY_RETRYABLE] = "RETRYABLE",
  [NEBULA_ERROR_CATEGORY_FATAL] = "FATAL",
  [NEBULA_ERROR_CATEGORY_AUTH] = "AUTH",
  [NEBULA_ERROR_CATEGORY_SESSION] = "SESSION",
};

G_STATIC_ASSERT (G_N_ELEMENTS (error_category_words) == NEBULA_ERROR_CATEGORY_SESSION + 1);

static const char *const cause_words[] = {
  [NEBULA_CAUSE_NONE] = "none",
  [NEBULA_CAUSE_CONNECTION] = "connection",
  [NEBULA_CAUSE_RPC] = "rpc",
  [NEBULA_CAUSE_TIMEOUT] = "timeout",
  [NEBULA_CAUSE_PROTOCOL] = "protocol",
  [NEBULA_CAUSE_CANCELLED] = "cancelled",
  [NEBULA_CAUSE_LEADER] = "leader",
  [NEBULA_CAUSE_PARTITION] = "partition",
  [NEBULA_CAUSE_PARTIAL] = "partial",
  [NEBULA_CAUSE_CONFLICT] = "conflict",
  [NEBULA_CAUSE_BLOCKED] = "blocked",
  [NEBULA_CAUSE_OVERLOAD] = "overload",
  [NEBULA_CAUSE_MEMORY] = "memory",
  [NEBULA_CAUSE_STARTING] = "starting",
  [NEBULA_CAUSE_CREDENTIALS] = "credentials",
  [NEBULA_CAUSE_LOCKED] = "locked",
  [NEBULA_CAUSE_PERMISSION] = "permission",
  [NEBULA_CAUSE_SESSION] = "session",
  [NEBULA_CAUSE_SESSION_QUOTA] = "session-quota",
  [NEBULA_CAUSE_SPACE_LOST] = "space-lost",
  [NEBULA_CAUSE_HANDSHAKE] = "handshake",
  [NEBULA_CAUSE_STATEMENT] = "statement",
  [NEBULA_CAUSE_EXECUTION] = "execution",
  [NEBULA_CAUSE_NOT_FOUND] = "not-found",
  [NEBULA_CAUSE_EXISTS] = "exists",
  [NEBULA_CAUSE_ARGUMENT] = "argument",
  [NEBULA_CAUSE_DATA] = "data",
  [NEBULA_CAUSE_STATE] = "state",
  [NEBULA_CAUSE_BUSY] = "busy",
  [NEBULA_CAUSE_UNSUPPORTED] = "unsupported",
  [NEBULA_CAUSE_INCOMPATIBLE] = "incompatible",
  [NEBULA_CAUSE_JOB] = "job",
  [NEBULA_CAUSE_BACKUP] = "backup",
  [NEBULA_CAUSE_KILLED] = "killed",
  [NEBULA_CAUSE_EXHAUSTED] = "exhausted",
  [NEBULA_CAUSE_DISK] = "disk",
  [NEBULA_CAUSE_CLUSTER] = "cluster",
  [NEBULA_CAUSE_LICENSE] = "license",
  [NEBULA_CAUSE_INTERNAL] = "internal",
  [NEBULA_CAUSE_UNKNOWN] = "unknown",
};

G_STATIC_ASSERT (G_N_ELEMENTS (cause_words) == NEBULA_CAUSE_UNKNOWN + 1);

static const char *const effect_words[] = {
  [NEBULA_EFFECT_NONE] = "NONE",
  [NEBULA_EFFECT_PART] = "PART",
  [NEBULA_EFFECT_MAYBE] = "MAYBE",
  [NEBULA_EFFECT_APPLIED] = "APPLIED",
};

G_STATIC_ASSERT (G_N_ELEMENTS (effect_words) == NEBULA_EFFECT_APPLIED + 1);

static const char *const pace_words[] = {
  [NEBULA_PACE_NONE] = "NONE",
  [NEBULA_PACE_INSTANT] = "INSTANT",
  [NEBULA_PACE_FAST] = "FAST",
  [NEBULA_PACE_SLOW] = "SLOW",
  [NEBULA_PACE_PUSHBACK] = "PUSHBACK",
};

G_STATIC_ASSERT (G_N_ELEMENTS (pace_words) == NEBULA_PACE_PUSHBACK + 1);

static const char *const grpc_status_words[] = {
  [NEBULA_GRPC_OK] = "OK",
  [NEBULA_GRPC_CANCELLED] = "CANCELLED",
  [NEBULA_GRPC_UNKNOWN] = "UNKNOWN",
  [NEBULA_GRPC_INVALID_ARGUMENT] = "INVALID_ARGUMENT",
  [NEBULA_GRPC_DEADLINE_EXCEEDED] = "DEADLINE_EXCEEDED",
  [NEBULA_GRPC_NOT_FOUND] = "NOT_FOUND",
  [NEBULA_GRPC_ALREADY_EXISTS] = "ALREADY_EXISTS",
  [NEBULA_GRPC_PERMISSION_DENIED] = "PERMISSION_DENIED",
  [NEBULA_GRPC_RESOURCE_EXHAUSTED] = "RESOURCE_EXHAUSTED",
  [NEBULA_GRPC_FAILED_PRECONDITION] = "FAILED_PRECONDITION",
  [NEBULA_GRPC_ABORTED] = "ABORTED",
  [NEBULA_GRPC_OUT_OF_RANGE] = "OUT_OF_RANGE",
  [NEBULA_GRPC_UNIMPLEMENTED] = "UNIMPLEMENTED",
  [NEBULA_GRPC_INTERNAL] = "INTERNAL",
  [NEBULA_GRPC_UNAVAILABLE] = "UNAVAILABLE",
  [NEBULA_GRPC_DATA_LOSS] = "DATA_LOSS",
  [NEBULA_GRPC_UNAUTHENTICATED] = "UNAUTHENTICATED",
};

G_STATIC_ASSERT (G_N_ELEMENTS (grpc_status_words) == NEBULA_GRPC_UNAUTHENTICATED + 1);

static const char *const phase_words[] = {
  [NEBULA_PHASE_EXECUTE] = "execute",
  [NEBULA_PHASE_AUTHENTICATE] = "authenticate",
  [NEBULA_PHASE_VERIFY] = "verify",
};

G_STATIC_ASSERT (G_N_ELEMENTS (phase_words) == NEBULA_PHASE_VERIFY + 1);

static const char *const statement_safety_words[] = {
  [NEBULA_STATEMENT_READ_ONLY] = "READ_ONLY",
  [NEBULA_STATEMENT_IDEMPOTENT] = "IDEMPOTENT",
  [NEBULA_STATEMENT_CONVERGENT] = "CONVERGENT",
  [NEBULA_STATEMENT_NOT_IDEMPOTENT] = "NOT_IDEMPOTENT",
};

G_STATIC_ASSERT (G_N_ELEMENTS (statement_safety_words) == NEBULA_STATEMENT_NOT_IDEMPOTENT + 1);

static const char *const action_words[] = {
  [NEBULA_ACTION_RETURN] = "return",
  [NEBULA_ACTION_RETRY] = "retry",
  [NEBULA_ACTION_RENEW_SESSION] = "renew-session",
  [NEBULA_ACTION_REPLAY_SPACE] = "replay-space",
  [NEBULA_ACTION_HANDSHAKE] = "handshake",
  [NEBULA_ACTION_MOVE] = "move",
};

G_STATIC_ASSERT (G_N_ELEMENTS (action_words) == NEBULA_ACTION_MOVE + 1);

static const char *const reason_words[] = {
  [NEBULA_REASON_SUCCESS] = "success",
  [NEBULA_REASON_BACKOFF] = "backoff",
  [NEBULA_REASON_INSTANT] = "instant",
  [NEBULA_REASON_NEVER_SENT] = "never-sent",
  [NEBULA_REASON_SESSION_GONE] = "session-gone",
  [NEBULA_REASON_SPACE_LOST] = "space-lost",
  [NEBULA_REASON_HANDSHAKE] = "handshake",
  [NEBULA_REASON_NOT_RETRYABLE] = "not-retryable",
  [NEBULA_REASON_REFUSED_CREDENTIAL] = "refused-credential",
  [NEBULA_REASON_KILLED] = "killed",
  [NEBULA_REASON_PARTIAL] = "partial",
  [NEBULA_REASON_EFFECT_UNKNOWN] = "effect-unknown",
  [NEBULA_REASON_ATTEMPTS] = "attempts",
  [NEBULA_REASON_DEADLINE] = "deadline",
  [NEBULA_REASON_BUDGET] = "budget",
  [NEBULA_REASON_THROTTLED] = "throttled",
  [NEBULA_REASON_PUSHBACK] = "pushback",
  [NEBULA_REASON_CANCELLED] = "cancelled",
  [NEBULA_REASON_CIRCUIT_OPEN] = "circuit-open",
  [NEBULA_REASON_NO_CREDENTIALS] = "no-credentials",
  [NEBULA_REASON_RENEWED_ALREADY] = "renewed-already",
  [NEBULA_REASON_OFF] = "off",
};

G_STATIC_ASSERT (G_N_ELEMENTS (reason_words) == NEBULA_REASON_OFF + 1);

/* The value arrives as the unsigned type, so that a negative one is outside as well. */
static const char *
word (const char *const *words,
      gsize              n_words,
      guint              value)
{
  return value < n_words ? words[value] : "?";
}

/**
 * nebula_error_category_to_string:
 * @category: a #NebulaErrorCategory
 *
 * Gives the word that reports, logs and JSON use for an error category ("RETRYABLE").
 *
 * Returns: (transfer none): a static string; "?" for a value outside the enumeration.
 *   Safe in any thread.
 *
 * Since: 0.1
 */
const char *
nebula_error_category_to_string (NebulaErrorCategory category)
{
  return word (error_category_words, G_N_ELEMENTS (error_category_words), category);
}

/**
 * nebula_cause_to_string:
 * @cause: a #NebulaCause
 *
 * Gives the word that reports, logs and JSON use for a cause ("not-found").
 *
 * Returns: (transfer none): a static string; "?" for a value outside the enumeration.
 *   Safe in any thread.
 *
 * Since: 0.1
 */
const char *
nebula_cause_to_string (NebulaCause cause)
{
  return word (cause_words, G_N_ELEMENTS (cause_words), cause);
}

/**
 * nebula_effect_to_string:
 * @effect: a #NebulaEffect
 *
 * Gives the word that reports, logs and JSON use for an effect ("MAYBE").
 *
 * Returns: (transfer none): a static string; "?" for a value outside the enumeration.
 *   Safe in any thread.
 *
 * Since: 0.1
 */
const char *
nebula_effect_to_string (NebulaEffect effect)
{
  return word (effect_words, G_N_ELEMENTS (effect_words), effect);
}

/**
 * nebula_pace_to_string:
 * @pace: a #NebulaPace
 *
 * Gives the word that reports, logs and JSON use for a pace ("FAST").
 *
 * Returns: (transfer none): a static string; "?" for a value outside the enumeration.
 *   Safe in any thread.
 *
 * Since: 0.1
 */
const char *
nebula_pace_to_string (NebulaPace pace)
{
  return word (pace_words, G_N_ELEMENTS (pace_words), pace);
}

/**
 * nebula_grpc_status_to_string:
 * @status: a #NebulaGrpcStatus
 *
 * Gives the word that reports, logs and JSON use for a gRPC status code ("UNAVAILABLE").
 *
 * Returns: (transfer none): a static string; "?" for a value outside the enumeration.
 *   Safe in any thread.
 *
 * Since: 0.1
 */
const char *
nebula_grpc_status_to_string (NebulaGrpcStatus status)
{
  return word (grpc_status_words, G_N_ELEMENTS (grpc_status_words), status);
}

/**
 * nebula_phase_to_string:
 * @phase: a #NebulaPhase
 *
 * Gives the word that reports, logs and JSON use for a phase ("execute").
 *
 * Returns: (transfer none): a static string; "?" for a value outside the enumeration.
 *   Safe in any thread.
 *
 * Since: 0.1
 */
const char *
nebula_phase_to_string (NebulaPhase phase)
{
  return word (phase_words, G_N_ELEMENTS (phase_words), phase);
}

/**
 * nebula_statement_safety_to_string:
 * @safety: a #NebulaStatementSafety
 *
 * Gives the word that reports, logs and JSON use for a statement safety ("READ_ONLY").
 *
 * Returns: (transfer none): a static string; "?" for a value outside the enumeration.
 *   Safe in any thread.
 *
 * Since: 0.1
 */
const char *
nebula_statement_safety_to_string (NebulaStatementSafety safety)
{
  return word (statement_safety_words, G_N_ELEMENTS (statement_safety_words), safety);
}

/**
 * nebula_action_to_string:
 * @action: a #NebulaAction
 *
 * Gives the word that reports, logs and JSON use for an action ("renew-session").
 *
 * Returns: (transfer none): a static string; "?" for a value outside the enumeration.
 *   Safe in any thread.
 *
 * Since: 0.1
 */
const char *
nebula_action_to_string (NebulaAction action)
{
  return word (action_words, G_N_ELEMENTS (action_words), action);
}

/**
 * nebula_reason_to_string:
 * @reason: a #NebulaReason
 *
 * Gives the word that reports, logs and JSON use for a reason ("effect-unknown").
 *
 * Returns: (transfer none): a static string; "?" for a value outside the enumeration.
 *   Safe in any thread.
 *
 * Since: 0.1
 */
const char *
nebula_reason_to_string (NebulaReason reason)
{
  return word (reason_words, G_N_ELEMENTS (reason_words), reason);
}
