/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <glib-object.h>
#include <nebula-retry/nebula-retry-visibility.h>

G_BEGIN_DECLS

/* What a failure means. */

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

#define NEBULA_TYPE_ERROR_CATEGORY (nebula_error_category_get_type ())
#define NEBULA_TYPE_CAUSE (nebula_cause_get_type ())
#define NEBULA_TYPE_EFFECT (nebula_effect_get_type ())
#define NEBULA_TYPE_PACE (nebula_pace_get_type ())
#define NEBULA_TYPE_GRPC_STATUS (nebula_grpc_status_get_type ())

NEBULA_RETRY_API GType nebula_error_category_get_type (void);
NEBULA_RETRY_API GType nebula_cause_get_type (void);
NEBULA_RETRY_API GType nebula_effect_get_type (void);
NEBULA_RETRY_API GType nebula_pace_get_type (void);
NEBULA_RETRY_API GType nebula_grpc_status_get_type (void);

/* Each answers the word that reports and JSON use ("RETRYABLE", "not-found", "MAYBE", "FAST",
 * "UNAVAILABLE"), a static string; for a value outside the enum "?". Safe in any thread. */
NEBULA_RETRY_API const char *nebula_error_category_to_string (NebulaErrorCategory category);
NEBULA_RETRY_API const char *nebula_cause_to_string (NebulaCause cause);
NEBULA_RETRY_API const char *nebula_effect_to_string (NebulaEffect effect);
NEBULA_RETRY_API const char *nebula_pace_to_string (NebulaPace pace);
NEBULA_RETRY_API const char *nebula_grpc_status_to_string (NebulaGrpcStatus status);

G_END_DECLS
