/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <glib-object.h>
#include <nebula-retry/nebula-retry-visibility.h>

G_BEGIN_DECLS

/* What is done after an attempt, and why. */

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

#define NEBULA_TYPE_ACTION (nebula_action_get_type ())
#define NEBULA_TYPE_REASON (nebula_reason_get_type ())

NEBULA_RETRY_API GType nebula_action_get_type (void);
NEBULA_RETRY_API GType nebula_reason_get_type (void);

/* Each answers the word that reports and JSON use ("renew-session", "effect-unknown"), a static
 * string; for a value outside the enum "?". Safe in any thread. */
NEBULA_RETRY_API const char *nebula_action_to_string (NebulaAction action);
NEBULA_RETRY_API const char *nebula_reason_to_string (NebulaReason reason);

G_END_DECLS
