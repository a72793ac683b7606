/* SPDX-License-Identifier: Apache-2.0 */
#include "nebula-outcome-private.h"

#include "nebula-outcome-table-private.h"

#include <string.h>

/* What failed without a code of NebulaGraph: the transport, or the server's Thrift layer. */

static gsize
length_of (const char *text, gssize length)
{
  if (text == NULL)
    return 0;
  return length < 0 ? strlen (text) : (gsize) length;
}

/**
 * nebula_outcome_new_from_transport:
 * @failure: how the transport failed
 * @sent: what is known about the sending of the request
 * @message: (nullable): what the transport said about it
 *
 * Classifies a failure that no reply came with. The codes are the documented ones: -2 when a
 * connection could not be made, -1 when one broke, -3 else.
 *
 * A request that never left (always so when no connection could be made) has
 * %NEBULA_EFFECT_NONE, any other %NEBULA_EFFECT_MAYBE. Damaged answers and a caller that cancelled
 * are %NEBULA_ERROR_CATEGORY_FATAL, the others %NEBULA_ERROR_CATEGORY_RETRYABLE.
 *
 * Returns: (transfer full): an outcome. Safe in any thread.
 *
 * Since: 0.1
 */
NebulaOutcome *
nebula_outcome_new_from_transport (NebulaTransportFailure failure,
                                   NebulaSendState sent,
                                   const char *message)
{
  const NebulaTransportRow *row;
  NebulaOutcome *self;

  g_return_val_if_fail ((guint) failure < NEBULA_N_TRANSPORT_FAILURES, NULL);

  row = &nebula_transport_rows[failure];
  self = nebula_outcome_alloc (row->code, message, length_of (message, -1));
  self->category = row->category;
  self->cause = row->cause;
  self->pace = row->pace;
  self->rule = row->rule;
  self->never_sent = sent == NEBULA_SEND_STATE_NEVER || failure == NEBULA_TRANSPORT_FAILURE_CONNECT;
  self->effect = self->never_sent ? NEBULA_EFFECT_NONE : NEBULA_EFFECT_MAYBE;
  nebula_outcome_apply_status (self, nebula_error_info_for_code (row->code));
  return self;
}

/**
 * nebula_outcome_new_from_exception:
 * @type: the type of the Thrift application exception; c_glib passes it as the code of the #GError
 * @message: (nullable) (array length=message_length) (element-type guint8): its message; any bytes
 * @message_length: the length of @message in bytes, or -1 if a NUL ends it
 *
 * Classifies a Thrift application exception: what the server's Thrift layer answers instead of the
 * method. The code is -3, the documented one of a call that failed.
 *
 * Returns: (transfer full): an outcome. Safe in any thread.
 *
 * Since: 0.1
 */
NebulaOutcome *
nebula_outcome_new_from_exception (gint32 type, const char *message, gssize message_length)
{
  return nebula_outcome_new_from_server_exception (type, NULL, message, message_length);
}

/**
 * nebula_outcome_new_from_server_exception:
 * @type: as for nebula_outcome_new_from_exception()
 * @reason: (nullable): the value of the info header `ex`, with which fbthrift says in framing
 *   `header` why it answers so; one that nobody knows says nothing
 * @message: (nullable) (array length=message_length) (element-type guint8): its message; any bytes
 * @message_length: the length of @message in bytes, or -1 if a NUL ends it
 *
 * As nebula_outcome_new_from_exception(), but the reason counts first: "15" means that the request
 * ran out of time in the queue, so that nothing was executed, where the type alone (12) leaves that
 * open.
 *
 * Returns: (transfer full): an outcome. Safe in any thread.
 *
 * Since: 0.1
 */
NebulaOutcome *
nebula_outcome_new_from_server_exception (gint32      type,
                                          const char *reason,
                                          const char *message,
                                          gssize      message_length)
{
  gsize length = length_of (message, message_length);
  const NebulaExceptionRow *row = nebula_exception_reason_find (reason, message, length);
  NebulaOutcome *self = nebula_outcome_alloc (NEBULA_EXCEPTION_CODE, message, length);

  if (row == NULL)
    row = nebula_exception_row_find (type, message, length);
  self->category = row->category;
  self->cause = row->cause;
  self->effect = row->effect;
  self->pace = row->pace;
  self->rule = row->rule;
  self->grpc_status = nebula_status_of_cause[row->cause];
  return self;
}
