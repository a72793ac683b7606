/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <glib-object.h>
#include <nebula-retry/nebula-retry-visibility.h>

G_BEGIN_DECLS

/**
 * NebulaErrorCategory:
 * @NEBULA_ERROR_CATEGORY_OK: nobody has to act
 * @NEBULA_ERROR_CATEGORY_RETRYABLE: time heals it
 * @NEBULA_ERROR_CATEGORY_FATAL: the caller has to change the request
 * @NEBULA_ERROR_CATEGORY_AUTH: the owner of the credentials or of the rights has to act
 * @NEBULA_ERROR_CATEGORY_SESSION: a new session heals it
 *
 * Who must act after a failure.
 *
 * Since: 0.1
 */
typedef enum
{
  NEBULA_ERROR_CATEGORY_OK,
  NEBULA_ERROR_CATEGORY_RETRYABLE,
  NEBULA_ERROR_CATEGORY_FATAL,
  NEBULA_ERROR_CATEGORY_AUTH,
  NEBULA_ERROR_CATEGORY_SESSION,
} NebulaErrorCategory;

/**
 * NebulaCause:
 * @NEBULA_CAUSE_NONE: no failure
 * @NEBULA_CAUSE_CONNECTION: a connection could not be made, or broke
 * @NEBULA_CAUSE_RPC: a remote call between servers failed or timed out
 * @NEBULA_CAUSE_TIMEOUT: the client's own time limit ended the attempt
 * @NEBULA_CAUSE_PROTOCOL: the answer was damaged, or not an answer to this call
 * @NEBULA_CAUSE_CANCELLED: the caller cancelled
 * @NEBULA_CAUSE_LEADER: a raft leader moved or is being elected
 * @NEBULA_CAUSE_PARTITION: a partition is moving
 * @NEBULA_CAUSE_PARTIAL: a read gave a part of its data
 * @NEBULA_CAUSE_CONFLICT: a concurrent write was in the way
 * @NEBULA_CAUSE_BLOCKED: writes are blocked for a while
 * @NEBULA_CAUSE_OVERLOAD: a server has too much to do
 * @NEBULA_CAUSE_MEMORY: a server is out of memory
 * @NEBULA_CAUSE_STARTING: a server is not ready yet
 * @NEBULA_CAUSE_CREDENTIALS: user or password was refused
 * @NEBULA_CAUSE_LOCKED: the account is locked for a time
 * @NEBULA_CAUSE_PERMISSION: the user may not do this
 * @NEBULA_CAUSE_SESSION: the session is gone
 * @NEBULA_CAUSE_SESSION_QUOTA: the user has too many sessions on this graphd
 * @NEBULA_CAUSE_SPACE_LOST: graphd does not know the session's space
 * @NEBULA_CAUSE_HANDSHAKE: graphd wants verifyClientVersion first
 * @NEBULA_CAUSE_STATEMENT: the statement is wrong
 * @NEBULA_CAUSE_EXECUTION: execution failed, the text does not say why
 * @NEBULA_CAUSE_NOT_FOUND: something named does not exist
 * @NEBULA_CAUSE_EXISTS: something named exists already
 * @NEBULA_CAUSE_ARGUMENT: an argument is wrong
 * @NEBULA_CAUSE_DATA: a value does not fit
 * @NEBULA_CAUSE_STATE: the cluster's state forbids it
 * @NEBULA_CAUSE_BUSY: another administrative job is running
 * @NEBULA_CAUSE_UNSUPPORTED: the server cannot do this
 * @NEBULA_CAUSE_INCOMPATIBLE: client and server do not fit
 * @NEBULA_CAUSE_JOB: an administrative job failed
 * @NEBULA_CAUSE_BACKUP: a backup or restore failed
 * @NEBULA_CAUSE_KILLED: somebody killed it on purpose
 * @NEBULA_CAUSE_EXHAUSTED: the server has given up retrying
 * @NEBULA_CAUSE_DISK: a disk is full
 * @NEBULA_CAUSE_CLUSTER: cluster information could not be had
 * @NEBULA_CAUSE_LICENSE: a licence forbids it
 * @NEBULA_CAUSE_INTERNAL: an error inside the server
 * @NEBULA_CAUSE_UNKNOWN: nobody knows
 *
 * Why it failed.
 *
 * Since: 0.1
 */
typedef enum
{
  NEBULA_CAUSE_NONE,
  NEBULA_CAUSE_CONNECTION,
  NEBULA_CAUSE_RPC,
  NEBULA_CAUSE_TIMEOUT,
  NEBULA_CAUSE_PROTOCOL,
  NEBULA_CAUSE_CANCELLED,
  NEBULA_CAUSE_LEADER,
  NEBULA_CAUSE_PARTITION,
  NEBULA_CAUSE_PARTIAL,
  NEBULA_CAUSE_CONFLICT,
  NEBULA_CAUSE_BLOCKED,
  NEBULA_CAUSE_OVERLOAD,
  NEBULA_CAUSE_MEMORY,
  NEBULA_CAUSE_STARTING,
  NEBULA_CAUSE_CREDENTIALS,
  NEBULA_CAUSE_LOCKED,
  NEBULA_CAUSE_PERMISSION,
  NEBULA_CAUSE_SESSION,
  NEBULA_CAUSE_SESSION_QUOTA,
  NEBULA_CAUSE_SPACE_LOST,
  NEBULA_CAUSE_HANDSHAKE,
  NEBULA_CAUSE_STATEMENT,
  NEBULA_CAUSE_EXECUTION,
  NEBULA_CAUSE_NOT_FOUND,
  NEBULA_CAUSE_EXISTS,
  NEBULA_CAUSE_ARGUMENT,
  NEBULA_CAUSE_DATA,
  NEBULA_CAUSE_STATE,
  NEBULA_CAUSE_BUSY,
  NEBULA_CAUSE_UNSUPPORTED,
  NEBULA_CAUSE_INCOMPATIBLE,
  NEBULA_CAUSE_JOB,
  NEBULA_CAUSE_BACKUP,
  NEBULA_CAUSE_KILLED,
  NEBULA_CAUSE_EXHAUSTED,
  NEBULA_CAUSE_DISK,
  NEBULA_CAUSE_CLUSTER,
  NEBULA_CAUSE_LICENSE,
  NEBULA_CAUSE_INTERNAL,
  NEBULA_CAUSE_UNKNOWN, /* keep last */
} NebulaCause;

#define NEBULA_N_CAUSES (NEBULA_CAUSE_UNKNOWN + 1)

/**
 * NebulaEffect:
 * @NEBULA_EFFECT_NONE: nothing was executed
 * @NEBULA_EFFECT_PART: the part that answered did nothing, others may have
 * @NEBULA_EFFECT_MAYBE: nobody can know
 * @NEBULA_EFFECT_APPLIED: it was executed
 *
 * What the attempt may have done, in rising order.
 *
 * Since: 0.1
 */
typedef enum
{
  NEBULA_EFFECT_NONE,
  NEBULA_EFFECT_PART,
  NEBULA_EFFECT_MAYBE,
  NEBULA_EFFECT_APPLIED,
} NebulaEffect;

/**
 * NebulaPace:
 * @NEBULA_PACE_NONE: waiting does not help
 * @NEBULA_PACE_INSTANT: again at once, the first time; then as FAST
 * @NEBULA_PACE_FAST: again after milliseconds
 * @NEBULA_PACE_SLOW: again after seconds
 * @NEBULA_PACE_PUSHBACK: the server said how long to wait
 *
 * How long to wait before the next attempt.
 *
 * Since: 0.1
 */
typedef enum
{
  NEBULA_PACE_NONE,
  NEBULA_PACE_INSTANT,
  NEBULA_PACE_FAST,
  NEBULA_PACE_SLOW,
  NEBULA_PACE_PUSHBACK,
} NebulaPace;

/**
 * NebulaGrpcStatus:
 *
 * gRPC's status codes, with gRPC's numbers.
 *
 * Since: 0.1
 */
typedef enum
{
  NEBULA_GRPC_OK = 0,
  NEBULA_GRPC_CANCELLED = 1,
  NEBULA_GRPC_UNKNOWN = 2,
  NEBULA_GRPC_INVALID_ARGUMENT = 3,
  NEBULA_GRPC_DEADLINE_EXCEEDED = 4,
  NEBULA_GRPC_NOT_FOUND = 5,
  NEBULA_GRPC_ALREADY_EXISTS = 6,
  NEBULA_GRPC_PERMISSION_DENIED = 7,
  NEBULA_GRPC_RESOURCE_EXHAUSTED = 8,
  NEBULA_GRPC_FAILED_PRECONDITION = 9,
  NEBULA_GRPC_ABORTED = 10,
  NEBULA_GRPC_OUT_OF_RANGE = 11,
  NEBULA_GRPC_UNIMPLEMENTED = 12,
  NEBULA_GRPC_INTERNAL = 13,
  NEBULA_GRPC_UNAVAILABLE = 14,
  NEBULA_GRPC_DATA_LOSS = 15,
  NEBULA_GRPC_UNAUTHENTICATED = 16,
} NebulaGrpcStatus;

/**
 * NebulaPhase:
 * @NEBULA_PHASE_EXECUTE: a statement (execute, executeJson, …WithParameter), or any other call
 * @NEBULA_PHASE_AUTHENTICATE: authenticate
 * @NEBULA_PHASE_VERIFY: verifyClientVersion
 *
 * Which kind of call failed: the same code means different things in each.
 *
 * Since: 0.1
 */
typedef enum
{
  NEBULA_PHASE_EXECUTE,
  NEBULA_PHASE_AUTHENTICATE,
  NEBULA_PHASE_VERIFY,
} NebulaPhase;

/**
 * NebulaTransportFailure:
 * @NEBULA_TRANSPORT_FAILURE_CONNECT: a connection could not be made
 * @NEBULA_TRANSPORT_FAILURE_LOST: an established connection broke
 * @NEBULA_TRANSPORT_FAILURE_TIMEOUT: the client's time limit ran out
 * @NEBULA_TRANSPORT_FAILURE_PROTOCOL: the answer was damaged or did not belong to the call
 * @NEBULA_TRANSPORT_FAILURE_CANCELLED: the caller cancelled
 *
 * How the transport failed.
 *
 * Since: 0.1
 */
typedef enum
{
  NEBULA_TRANSPORT_FAILURE_CONNECT,
  NEBULA_TRANSPORT_FAILURE_LOST,
  NEBULA_TRANSPORT_FAILURE_TIMEOUT,
  NEBULA_TRANSPORT_FAILURE_PROTOCOL,
  NEBULA_TRANSPORT_FAILURE_CANCELLED,
} NebulaTransportFailure;

/**
 * NebulaSendState:
 * @NEBULA_SEND_STATE_NEVER: the whole request cannot have reached the server
 * @NEBULA_SEND_STATE_MAYBE: it may have
 *
 * What is known about the sending of a request when its transport failed.
 *
 * Since: 0.1
 */
typedef enum
{
  NEBULA_SEND_STATE_NEVER,
  NEBULA_SEND_STATE_MAYBE,
} NebulaSendState;

/**
 * NebulaStatementSafety:
 * @NEBULA_STATEMENT_READ_ONLY: changes nothing
 * @NEBULA_STATEMENT_IDEMPOTENT: a second run leaves the same state
 * @NEBULA_STATEMENT_CONVERGENT: a second run fails harmlessly
 * @NEBULA_STATEMENT_NOT_IDEMPOTENT: a second run may change more
 *
 * Whether a statement may be run twice, in falling order of safety.
 *
 * Since: 0.1
 */
typedef enum
{
  NEBULA_STATEMENT_READ_ONLY,
  NEBULA_STATEMENT_IDEMPOTENT,
  NEBULA_STATEMENT_CONVERGENT,
  NEBULA_STATEMENT_NOT_IDEMPOTENT,
} NebulaStatementSafety;

/**
 * NebulaCallTraits:
 * @NEBULA_CALL_TRAITS_NONE: nothing is known
 * @NEBULA_CALL_COMPOUND: the statement has more than one sentence, a pipe or an assignment
 * @NEBULA_CALL_VERTEX_UPDATE: the statement is exactly one UPDATE or UPSERT VERTEX sentence
 * @NEBULA_CALL_SPACE_KNOWN: the session's space is known to the caller
 *
 * What about a call changes the meaning of its failure.
 *
 * Since: 0.1
 */
typedef enum /*< flags >*/
{
  NEBULA_CALL_TRAITS_NONE = 0,
  NEBULA_CALL_COMPOUND = 1 << 0,
  NEBULA_CALL_VERTEX_UPDATE = 1 << 1,
  NEBULA_CALL_SPACE_KNOWN = 1 << 2,
} NebulaCallTraits;

/**
 * NebulaAction:
 * @NEBULA_ACTION_RETURN: hand over what there is
 * @NEBULA_ACTION_RETRY: send the same request again
 * @NEBULA_ACTION_RENEW_SESSION: get a new session, then send again
 * @NEBULA_ACTION_REPLAY_SPACE: USE the session's space again, then send again
 * @NEBULA_ACTION_HANDSHAKE: verifyClientVersion, then send again
 * @NEBULA_ACTION_MOVE: go to another endpoint, then send again
 *
 * What to do after an attempt.
 *
 * Since: 0.1
 */
typedef enum
{
  NEBULA_ACTION_RETURN,
  NEBULA_ACTION_RETRY,
  NEBULA_ACTION_RENEW_SESSION,
  NEBULA_ACTION_REPLAY_SPACE,
  NEBULA_ACTION_HANDSHAKE,
  NEBULA_ACTION_MOVE,
} NebulaAction;

/**
 * NebulaReason:
 * @NEBULA_REASON_SUCCESS: it succeeded
 * @NEBULA_REASON_BACKOFF: worth another attempt after a wait
 * @NEBULA_REASON_INSTANT: worth another attempt at once
 * @NEBULA_REASON_NEVER_SENT: the request never left, so another attempt is free
 * @NEBULA_REASON_SESSION_GONE: a new session is needed first
 * @NEBULA_REASON_SPACE_LOST: the space has to be set again first
 * @NEBULA_REASON_HANDSHAKE: the handshake has to be made first
 * @NEBULA_REASON_NOT_RETRYABLE: another attempt cannot help
 * @NEBULA_REASON_REFUSED_CREDENTIAL: the credential was refused, another try may lock the account
 * @NEBULA_REASON_KILLED: somebody ended it on purpose
 * @NEBULA_REASON_PARTIAL: a partial result is handed over
 * @NEBULA_REASON_EFFECT_UNKNOWN: it may have been applied and must not run twice
 * @NEBULA_REASON_ATTEMPTS: all attempts are used up
 * @NEBULA_REASON_DEADLINE: another attempt could not start before the deadline
 * @NEBULA_REASON_BUDGET: the retry budget is used up
 * @NEBULA_REASON_THROTTLED: retries are throttled
 * @NEBULA_REASON_PUSHBACK: the server asks not to come back, or not soon enough
 * @NEBULA_REASON_CANCELLED: the caller cancelled
 * @NEBULA_REASON_CIRCUIT_OPEN: no endpoint may be tried now
 * @NEBULA_REASON_NO_CREDENTIALS: a new session is needed, but no credentials are known
 * @NEBULA_REASON_RENEWED_ALREADY: the session was renewed once in this call already
 * @NEBULA_REASON_OFF: retries are switched off
 *
 * Why an action was chosen.
 *
 * Since: 0.1
 */
typedef enum
{
  NEBULA_REASON_SUCCESS,
  NEBULA_REASON_BACKOFF,
  NEBULA_REASON_INSTANT,
  NEBULA_REASON_NEVER_SENT,
  NEBULA_REASON_SESSION_GONE,
  NEBULA_REASON_SPACE_LOST,
  NEBULA_REASON_HANDSHAKE,
  NEBULA_REASON_NOT_RETRYABLE,
  NEBULA_REASON_REFUSED_CREDENTIAL,
  NEBULA_REASON_KILLED,
  NEBULA_REASON_PARTIAL,
  NEBULA_REASON_EFFECT_UNKNOWN,
  NEBULA_REASON_ATTEMPTS,
  NEBULA_REASON_DEADLINE,
  NEBULA_REASON_BUDGET,
  NEBULA_REASON_THROTTLED,
  NEBULA_REASON_PUSHBACK,
  NEBULA_REASON_CANCELLED,
  NEBULA_REASON_CIRCUIT_OPEN,
  NEBULA_REASON_NO_CREDENTIALS,
  NEBULA_REASON_RENEWED_ALREADY,
  NEBULA_REASON_OFF,
} NebulaReason;

#define NEBULA_TYPE_ERROR_CATEGORY (nebula_error_category_get_type ())
#define NEBULA_TYPE_CAUSE (nebula_cause_get_type ())
#define NEBULA_TYPE_EFFECT (nebula_effect_get_type ())
#define NEBULA_TYPE_PACE (nebula_pace_get_type ())
#define NEBULA_TYPE_GRPC_STATUS (nebula_grpc_status_get_type ())
#define NEBULA_TYPE_PHASE (nebula_phase_get_type ())
#define NEBULA_TYPE_TRANSPORT_FAILURE (nebula_transport_failure_get_type ())
#define NEBULA_TYPE_SEND_STATE (nebula_send_state_get_type ())
#define NEBULA_TYPE_STATEMENT_SAFETY (nebula_statement_safety_get_type ())
#define NEBULA_TYPE_CALL_TRAITS (nebula_call_traits_get_type ())
#define NEBULA_TYPE_ACTION (nebula_action_get_type ())
#define NEBULA_TYPE_REASON (nebula_reason_get_type ())

NEBULA_RETRY_API GType nebula_error_category_get_type (void);
NEBULA_RETRY_API GType nebula_cause_get_type (void);
NEBULA_RETRY_API GType nebula_effect_get_type (void);
NEBULA_RETRY_API GType nebula_pace_get_type (void);
NEBULA_RETRY_API GType nebula_grpc_status_get_type (void);
NEBULA_RETRY_API GType nebula_phase_get_type (void);
NEBULA_RETRY_API GType nebula_transport_failure_get_type (void);
NEBULA_RETRY_API GType nebula_send_state_get_type (void);
NEBULA_RETRY_API GType nebula_statement_safety_get_type (void);
NEBULA_RETRY_API GType nebula_call_traits_get_type (void);
NEBULA_RETRY_API GType nebula_action_get_type (void);
NEBULA_RETRY_API GType nebula_reason_get_type (void);

/* Each answers the word that reports and JSON use ("RETRYABLE", "not-found", "MAYBE", "FAST",
 * "UNAVAILABLE", "execute", "READ_ONLY", "renew-session", "effect-unknown"), a static string;
 * for a value outside the enum "?". Safe in any thread. */
NEBULA_RETRY_API const char *nebula_error_category_to_string (NebulaErrorCategory category);
NEBULA_RETRY_API const char *nebula_cause_to_string (NebulaCause cause);
NEBULA_RETRY_API const char *nebula_effect_to_string (NebulaEffect effect);
NEBULA_RETRY_API const char *nebula_pace_to_string (NebulaPace pace);
NEBULA_RETRY_API const char *nebula_grpc_status_to_string (NebulaGrpcStatus status);
NEBULA_RETRY_API const char *nebula_phase_to_string (NebulaPhase phase);
NEBULA_RETRY_API const char *nebula_statement_safety_to_string (NebulaStatementSafety safety);
NEBULA_RETRY_API const char *nebula_action_to_string (NebulaAction action);
NEBULA_RETRY_API const char *nebula_reason_to_string (NebulaReason reason);

G_END_DECLS
