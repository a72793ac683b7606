/* SPDX-License-Identifier: Apache-2.0 */
#include "nebula-outcome-table-private.h"

#include "nebula-message-text-private.h"

/* What failures mean that come without a code of NebulaGraph. Data, and how to find it. */

/* The status of a failure whose category is not the one of its code's row. */
const guint8 nebula_status_of_cause[] = {
  [NEBULA_CAUSE_NONE] = NEBULA_GRPC_OK,
  [NEBULA_CAUSE_CONNECTION] = NEBULA_GRPC_UNAVAILABLE,
  [NEBULA_CAUSE_RPC] = NEBULA_GRPC_DEADLINE_EXCEEDED,
  [NEBULA_CAUSE_TIMEOUT] = NEBULA_GRPC_DEADLINE_EXCEEDED,
  [NEBULA_CAUSE_PROTOCOL] = NEBULA_GRPC_INTERNAL,
  [NEBULA_CAUSE_CANCELLED] = NEBULA_GRPC_CANCELLED,
  [NEBULA_CAUSE_LEADER] = NEBULA_GRPC_UNAVAILABLE,
  [NEBULA_CAUSE_PARTITION] = NEBULA_GRPC_UNAVAILABLE,
  [NEBULA_CAUSE_PARTIAL] = NEBULA_GRPC_UNAVAILABLE,
  [NEBULA_CAUSE_CONFLICT] = NEBULA_GRPC_ABORTED,
  [NEBULA_CAUSE_BLOCKED] = NEBULA_GRPC_UNAVAILABLE,
  [NEBULA_CAUSE_OVERLOAD] = NEBULA_GRPC_RESOURCE_EXHAUSTED,
  [NEBULA_CAUSE_MEMORY] = NEBULA_GRPC_RESOURCE_EXHAUSTED,
  [NEBULA_CAUSE_STARTING] = NEBULA_GRPC_UNAVAILABLE,
  [NEBULA_CAUSE_CREDENTIALS] = NEBULA_GRPC_UNAUTHENTICATED,
  [NEBULA_CAUSE_LOCKED] = NEBULA_GRPC_UNAUTHENTICATED,
  [NEBULA_CAUSE_PERMISSION] = NEBULA_GRPC_PERMISSION_DENIED,
  [NEBULA_CAUSE_SESSION] = NEBULA_GRPC_UNAUTHENTICATED,
  [NEBULA_CAUSE_SESSION_QUOTA] = NEBULA_GRPC_RESOURCE_EXHAUSTED,
  [NEBULA_CAUSE_SPACE_LOST] = NEBULA_GRPC_FAILED_PRECONDITION,
  [NEBULA_CAUSE_HANDSHAKE] = NEBULA_GRPC_FAILED_PRECONDITION,
  [NEBULA_CAUSE_STATEMENT] = NEBULA_GRPC_INVALID_ARGUMENT,
  [NEBULA_CAUSE_EXECUTION] = NEBULA_GRPC_UNKNOWN,
  [NEBULA_CAUSE_NOT_FOUND] = NEBULA_GRPC_NOT_FOUND,
  [NEBULA_CAUSE_EXISTS] = NEBULA_GRPC_ALREADY_EXISTS,
  [NEBULA_CAUSE_ARGUMENT] = NEBULA_GRPC_INVALID_ARGUMENT,
  [NEBULA_CAUSE_DATA] = NEBULA_GRPC_INVALID_ARGUMENT,
  [NEBULA_CAUSE_STATE] = NEBULA_GRPC_FAILED_PRECONDITION,
  [NEBULA_CAUSE_BUSY] = NEBULA_GRPC_FAILED_PRECONDITION,
  [NEBULA_CAUSE_UNSUPPORTED] = NEBULA_GRPC_UNIMPLEMENTED,
  [NEBULA_CAUSE_INCOMPATIBLE] = NEBULA_GRPC_FAILED_PRECONDITION,
  [NEBULA_CAUSE_JOB] = NEBULA_GRPC_INTERNAL,
  [NEBULA_CAUSE_BACKUP] = NEBULA_GRPC_INTERNAL,
  [NEBULA_CAUSE_KILLED] = NEBULA_GRPC_CANCELLED,
  [NEBULA_CAUSE_EXHAUSTED] = NEBULA_GRPC_UNAVAILABLE,
  [NEBULA_CAUSE_DISK] = NEBULA_GRPC_RESOURCE_EXHAUSTED,
  [NEBULA_CAUSE_CLUSTER] = NEBULA_GRPC_UNAVAILABLE,
  [NEBULA_CAUSE_LICENSE] = NEBULA_GRPC_FAILED_PRECONDITION,
  [NEBULA_CAUSE_INTERNAL] = NEBULA_GRPC_INTERNAL,
  [NEBULA_CAUSE_UNKNOWN] = NEBULA_GRPC_UNKNOWN,
};

G_STATIC_ASSERT (G_N_ELEMENTS (nebula_status_of_cause) == NEBULA_N_CAUSES);

/* What the client itself found out. */
#define TRANSPORT(failure, code, who, why, when, word) \
  [NEBULA_TRANSPORT_FAILURE_##failure] = { (code), NEBULA_ERROR_CATEGORY_##who, \
                                           NEBULA_CAUSE_##why, NEBULA_PACE_##when, \
                                           "transport " word }

const NebulaTransportRow nebula_transport_rows[] = {
  TRANSPORT (CONNECT, -2, RETRYABLE, CONNECTION, FAST, "connect"),
  TRANSPORT (LOST, -1, RETRYABLE, CONNECTION, FAST, "lost"),
  TRANSPORT (TIMEOUT, -3, RETRYABLE, TIMEOUT, FAST, "timeout"),
  TRANSPORT (PROTOCOL, -3, FATAL, PROTOCOL, NONE, "protocol"),
  TRANSPORT (CANCELLED, -3, FATAL, CANCELLED, NONE, "cancelled"),
};

G_STATIC_ASSERT (G_N_ELEMENTS (nebula_transport_rows) == NEBULA_N_TRANSPORT_FAILURES);

/* By type, from 0 without a hole. 0 to 10 are Apache's, 11 to 15 fbthrift's own. */
#define EXCEPTION(type, who, why, what, when) \
  { (type), NEBULA_ERROR_CATEGORY_##who, NEBULA_CAUSE_##why, NEBULA_EFFECT_##what, \
    NEBULA_PACE_##when, "exception " #type }

static const NebulaExceptionRow rows[] = {
  EXCEPTION (0, FATAL, UNKNOWN, MAYBE, NONE),     /* also "invalid message from client" */
  EXCEPTION (1, FATAL, UNSUPPORTED, NONE, NONE),  /* unknown method: nothing to run */
  EXCEPTION (2, FATAL, PROTOCOL, NONE, NONE),     /* "invalid message arguments": nothing to run */
  EXCEPTION (3, FATAL, PROTOCOL, MAYBE, NONE),    /* wrong method name */
  EXCEPTION (4, FATAL, PROTOCOL, MAYBE, NONE),    /* bad sequence number */
  EXCEPTION (5, FATAL, PROTOCOL, MAYBE, NONE),    /* missing result */
  EXCEPTION (6, FATAL, INTERNAL, MAYBE, NONE),    /* internal error, but see below */
  EXCEPTION (7, FATAL, PROTOCOL, MAYBE, NONE),    /* protocol error */
  EXCEPTION (8, FATAL, PROTOCOL, MAYBE, NONE),    /* invalid transform */
  EXCEPTION (9, FATAL, PROTOCOL, MAYBE, NONE),    /* invalid protocol */
  EXCEPTION (10, FATAL, PROTOCOL, MAYBE, NONE),   /* unsupported client type */
  EXCEPTION (11, RETRYABLE, OVERLOAD, NONE, SLOW), /* load shedding, before execution */
  EXCEPTION (12, RETRYABLE, RPC, MAYBE, SLOW),    /* "Task expired" */
  EXCEPTION (13, FATAL, UNKNOWN, MAYBE, NONE),    /* injected failure */
  EXCEPTION (14, FATAL, PROTOCOL, MAYBE, NONE),   /* checksum mismatch */
  EXCEPTION (15, FATAL, UNKNOWN, MAYBE, NONE),    /* interruption */
};

/* Type 6 with "server shutting down" or "server not ready": refused before execution. */
static const NebulaExceptionRow stopping_row = EXCEPTION (6, RETRYABLE, STARTING, NONE, SLOW);

static const NebulaExceptionRow unknown_row = {
  -1, NEBULA_ERROR_CATEGORY_FATAL, NEBULA_CAUSE_UNKNOWN, NEBULA_EFFECT_MAYBE, NEBULA_PACE_NONE,
  "exception",
};

/* fbthrift answers so before it looks at the request. */
static gboolean
is_stopping (const char *text,
             gsize       length)
{
  static const char *const words[] = { "server shutting down", "server not ready", NULL };

  return nebula_message_text_contains (text, length, words);
}

/* By the number that fbthrift gives in the info header "ex", which tells apart what has one type: a
 * request that waited too long in the queue was never begun, one that ran too long
 * was, and both are of type 12. */
#define REASON(number, who, why, what, when) \
  { (number), NEBULA_ERROR_CATEGORY_##who, NEBULA_CAUSE_##why, NEBULA_EFFECT_##what, \
    NEBULA_PACE_##when, "ex " #number }

static const NebulaExceptionRow reason_rows[] = {
  REASON (1, RETRYABLE, OVERLOAD, NONE, SLOW),  /* overloaded: refused on arrival */
  REASON (2, RETRYABLE, RPC, MAYBE, SLOW),      /* task expired: it may still run */
  REASON (5, RETRYABLE, OVERLOAD, NONE, SLOW),  /* queue full; or stopping, see below */
  REASON (15, RETRYABLE, OVERLOAD, NONE, SLOW), /* expired in the queue */
  REASON (21, FATAL, PROTOCOL, NONE, NONE),     /* a one-way call of what is none, or so */
  REASON (25, FATAL, UNSUPPORTED, NONE, NONE),  /* unknown method */
  REASON (28, FATAL, PROTOCOL, NONE, NONE),     /* arguments that could not be read */
};

#define REASON_QUEUE 5

/**
 * nebula_exception_reason_find:
 * @reason: (nullable): the value of the info header; as a text, which is what it is there
 *
 * Returns: (nullable): %NULL for a reason that says no more than the type
 */
const NebulaExceptionRow *
nebula_exception_reason_find (const char *reason,
                              const char *message,
                              gsize       length)
{
  guint64 number;

  if (reason == NULL || !g_ascii_string_to_unsigned (reason, 10, 0, G_MAXINT32, &number, NULL))
    return NULL;
  if (number == REASON_QUEUE && is_stopping (message, length))
    return &stopping_row;
  for (gsize i = 0; i < G_N_ELEMENTS (reason_rows); i++)
    if (reason_rows[i].type == (gint32) number)
      return &reason_rows[i];
  return NULL;
}

/* Never answers NULL. */
const NebulaExceptionRow *
nebula_exception_row_find (gint32      type,
                           const char *message,
                           gsize       length)
{
  if (type < 0 || (gsize) type >= G_N_ELEMENTS (rows))
    return &unknown_row;
  if (type == stopping_row.type && is_stopping (message, length))
    return &stopping_row;

  g_assert (rows[type].type == type);
  return &rows[type];
}
