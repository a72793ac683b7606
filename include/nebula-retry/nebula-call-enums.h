/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <glib-object.h>
#include <nebula-retry/nebula-retry-visibility.h>

G_BEGIN_DECLS

/* What is known about a call. */

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

#define NEBULA_TYPE_PHASE (nebula_phase_get_type ())
#define NEBULA_TYPE_TRANSPORT_FAILURE (nebula_transport_failure_get_type ())
#define NEBULA_TYPE_SEND_STATE (nebula_send_state_get_type ())
#define NEBULA_TYPE_STATEMENT_SAFETY (nebula_statement_safety_get_type ())
#define NEBULA_TYPE_CALL_TRAITS (nebula_call_traits_get_type ())

NEBULA_RETRY_API GType nebula_phase_get_type (void);
NEBULA_RETRY_API GType nebula_transport_failure_get_type (void);
NEBULA_RETRY_API GType nebula_send_state_get_type (void);
NEBULA_RETRY_API GType nebula_statement_safety_get_type (void);
NEBULA_RETRY_API GType nebula_call_traits_get_type (void);

/* Each answers the word that reports and JSON use ("execute", "READ_ONLY"), a static string; for a
 * value outside the enum "?". Safe in any thread. */
NEBULA_RETRY_API const char *nebula_phase_to_string (NebulaPhase phase);
NEBULA_RETRY_API const char *nebula_statement_safety_to_string (NebulaStatementSafety safety);

G_END_DECLS
