/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <nebula-retry/nebula-outcome.h>

G_BEGIN_DECLS

/**
 * NEBULA_ERROR:
 *
 * The error domain of these libraries.
 *
 * Since: 0.1
 */
#define NEBULA_ERROR (nebula_error_quark ())

/**
 * NebulaError:
 * @NEBULA_ERROR_FAILED: any other failure
 * @NEBULA_ERROR_RETRYABLE: a later call may succeed (category RETRYABLE)
 * @NEBULA_ERROR_FATAL: the same call cannot succeed (category FATAL)
 * @NEBULA_ERROR_AUTH: credentials or rights are missing (category AUTH)
 * @NEBULA_ERROR_SESSION: the session is gone (category SESSION)
 * @NEBULA_ERROR_CANCELLED: the caller cancelled
 * @NEBULA_ERROR_INVALID_ARGUMENT: an endpoint, a file or a setting is wrong
 * @NEBULA_ERROR_WRONG_STATE: not allowed now, for example a second request while a reply is owed
 *
 * Since: 0.1
 */
typedef enum
{
  NEBULA_ERROR_FAILED,
  NEBULA_ERROR_RETRYABLE,
  NEBULA_ERROR_FATAL,
  NEBULA_ERROR_AUTH,
  NEBULA_ERROR_SESSION,
  NEBULA_ERROR_CANCELLED,
  NEBULA_ERROR_INVALID_ARGUMENT,
  NEBULA_ERROR_WRONG_STATE,
} NebulaError;

#define NEBULA_TYPE_ERROR (nebula_error_get_type ())

NEBULA_RETRY_API GType nebula_error_get_type (void);
NEBULA_RETRY_API GQuark nebula_error_quark (void);

NEBULA_RETRY_API GError *nebula_error_new_for_outcome (NebulaOutcome *outcome,
                                                       GPtrArray *attempts,
                                                       const char *text);

NEBULA_RETRY_API NebulaOutcome *nebula_error_get_outcome (const GError *error);
NEBULA_RETRY_API GPtrArray *nebula_error_get_attempts (const GError *error);
NEBULA_RETRY_API NebulaOutcome *nebula_error_choose_outcome (GPtrArray *attempts);

NEBULA_RETRY_API gboolean nebula_error_is_retryable (const GError *error);
NEBULA_RETRY_API gboolean nebula_error_is_fatal (const GError *error);
NEBULA_RETRY_API gboolean nebula_error_is_auth (const GError *error);
NEBULA_RETRY_API gboolean nebula_error_is_session (const GError *error);
NEBULA_RETRY_API gboolean nebula_error_may_have_been_applied (const GError *error);

NEBULA_RETRY_API gint32 nebula_error_get_code (const GError *error);
NEBULA_RETRY_API gint32 nebula_error_get_real_code (const GError *error);
NEBULA_RETRY_API NebulaGrpcStatus nebula_error_get_grpc_status (const GError *error);

G_END_DECLS
