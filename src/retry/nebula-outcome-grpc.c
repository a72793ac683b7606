/* SPDX-License-Identifier: Apache-2.0 */
#include "nebula-outcome-private.h"

#include "nebula-outcome-table-private.h"

#include <string.h>

/* What the statuses of gRPC mean, for programs that speak gRPC and decide with this library. */

typedef struct
{
  guint8 category;  /* NebulaErrorCategory */
  guint8 cause;     /* NebulaCause */
  guint8 pace;      /* NebulaPace */
  const char *rule; /* (not nullable) static */
} StatusRow;

#define STATUS(status, who, why, when)                                                             \
  [NEBULA_GRPC_##status] = { NEBULA_ERROR_CATEGORY_##who, NEBULA_CAUSE_##why, NEBULA_PACE_##when,  \
                             "grpc " #status }

/* As gRPC's own guide to its codes has it: UNAVAILABLE may be tried again as it is, ABORTED and
 * RESOURCE_EXHAUSTED later. What is FATAL here is retried by no list but for the causes that a
 * policy may widen. */
static const StatusRow rows[] = {
  STATUS (OK, OK, NONE, NONE),
  STATUS (CANCELLED, FATAL, CANCELLED, NONE),
  STATUS (UNKNOWN, FATAL, UNKNOWN, NONE),
  STATUS (INVALID_ARGUMENT, FATAL, ARGUMENT, NONE),
  STATUS (DEADLINE_EXCEEDED, RETRYABLE, TIMEOUT, FAST),
  STATUS (NOT_FOUND, FATAL, NOT_FOUND, NONE),
  STATUS (ALREADY_EXISTS, FATAL, EXISTS, NONE),
  STATUS (PERMISSION_DENIED, AUTH, PERMISSION, NONE),
  STATUS (RESOURCE_EXHAUSTED, RETRYABLE, OVERLOAD, SLOW),
  STATUS (FAILED_PRECONDITION, FATAL, STATE, NONE),
  STATUS (ABORTED, RETRYABLE, CONFLICT, FAST),
  STATUS (OUT_OF_RANGE, FATAL, ARGUMENT, NONE),
  STATUS (UNIMPLEMENTED, FATAL, UNSUPPORTED, NONE),
  STATUS (INTERNAL, FATAL, INTERNAL, NONE),
  STATUS (UNAVAILABLE, RETRYABLE, CONNECTION, FAST),
  STATUS (DATA_LOSS, FATAL, DATA, NONE),
  STATUS (UNAUTHENTICATED, AUTH, CREDENTIALS, NONE),
};

G_STATIC_ASSERT (G_N_ELEMENTS (rows) == NEBULA_GRPC_UNAUTHENTICATED + 1);

static void
apply_pushback (NebulaOutcome *self, gint64 pushback)
{
  if (pushback == NEBULA_PUSHBACK_NONE)
    return;

  self->pace = NEBULA_PACE_PUSHBACK;
  self->pushback = MAX (pushback, -1);
}

/**
 * nebula_outcome_new_from_grpc_status:
 * @status: the status that the call ended with; what gRPC does not know counts as UNKNOWN
 * @sent: what is known about the sending of the request
 * @message: (nullable): the text of the status
 * @pushback: how long the server asks to wait, in microseconds; below 0 when it asks not to come
 *   back; %NEBULA_PUSHBACK_NONE when it did not say
 *
 * Classifies what a call of gRPC ended with, whatever the service: the same decider serves it.
 * UNAVAILABLE, ABORTED, RESOURCE_EXHAUSTED and DEADLINE_EXCEEDED are
 * %NEBULA_ERROR_CATEGORY_RETRYABLE, UNAUTHENTICATED and PERMISSION_DENIED
 * %NEBULA_ERROR_CATEGORY_AUTH, other failures %NEBULA_ERROR_CATEGORY_FATAL.
 *
 * A status does not say whether the server had begun to work: the effect is %NEBULA_EFFECT_MAYBE,
 * unless the request never left. With @pushback the pace is %NEBULA_PACE_PUSHBACK. The code is -3,
 * the documented one of a call that failed.
 *
 * Returns: (transfer full): an outcome. Safe in any thread.
 *
 * Since: 0.1
 */
NebulaOutcome *
nebula_outcome_new_from_grpc_status (NebulaGrpcStatus status,
                                     NebulaSendState sent,
                                     const char *message,
                                     gint64 pushback)
{
  NebulaOutcome *self;

  if ((guint) status >= G_N_ELEMENTS (rows))
    status = NEBULA_GRPC_UNKNOWN;
  if (status == NEBULA_GRPC_OK)
    return nebula_outcome_ref ((NebulaOutcome *) &nebula_outcome_success);

  self = nebula_outcome_alloc (NEBULA_EXCEPTION_CODE, message,
                               message != NULL ? strlen (message) : 0);
  self->category = rows[status].category;
  self->cause = rows[status].cause;
  self->pace = rows[status].pace;
  self->rule = rows[status].rule;
  self->grpc_status = status;
  self->never_sent = sent == NEBULA_SEND_STATE_NEVER;
  self->effect = self->never_sent ? NEBULA_EFFECT_NONE : NEBULA_EFFECT_MAYBE;
  apply_pushback (self, pushback);
  return self;
}

/* An int32 in ASCII has no more: a sign and ten digits. */
#define LONGEST_PUSHBACK 11

/**
 * nebula_grpc_parse_pushback:
 * @value: (nullable) (array length=length) (element-type guint8): the value of the trailing
 *   metadata `grpc-retry-pushback-ms`; any bytes; %NULL when there is none
 * @length: the length of @value in bytes, or -1 if a NUL ends it
 *
 * Reads how long a server of gRPC asks to wait: decimal milliseconds, a signed 32-bit number
 * without leading zeros. As gRPC wants it, what cannot be read is as good as a negative number.
 *
 * Returns: microseconds, -1 when the server asks not to come back, %NEBULA_PUSHBACK_NONE for %NULL.
 *   Safe in any thread.
 *
 * Since: 0.1
 */
gint64
nebula_grpc_parse_pushback (const char *value, gssize length)
{
  gsize n;
  gint64 milliseconds = 0;

  if (value == NULL)
    return NEBULA_PUSHBACK_NONE;

  n = length < 0 ? strlen (value) : (gsize) length;
  if (n == 0 || n > LONGEST_PUSHBACK || (n > 1 && value[0] == '0'))
    return -1;
  for (gsize i = 0; i < n; i++)
    {
      if (!g_ascii_isdigit (value[i]))
        return -1;
      milliseconds = milliseconds * 10 + (value[i] - '0');
    }

  return milliseconds <= G_MAXINT32 ? milliseconds * 1000 : -1;
}
