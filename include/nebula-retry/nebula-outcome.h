/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <nebula-retry/nebula-retry-enums.h>
#include <nebula-retry/nebula-server-version.h>

G_BEGIN_DECLS

#define NEBULA_TYPE_OUTCOME (nebula_outcome_get_type ())

/**
 * NebulaOutcome:
 *
 * What one attempt came to: immutable, reference counted, safe in any thread.
 *
 * Since: 0.1
 */
typedef struct _NebulaOutcome NebulaOutcome;

/**
 * NebulaReplyFacts:
 * @phase: which kind of call was answered
 * @code: the `error_code` of the reply
 * @message: (nullable): the `error_msg` of the reply; any bytes
 * @message_length: the length of @message in bytes, or -1 if a NUL ends it
 * @traits: what is known about the call
 * @server_version: how old the server is, %NEBULA_SERVER_VERSION_DEFAULT when nobody knows
 *
 * What a failure is recognized by. Fields that are not set are 0: set what is known and leave the
 * rest to an initializer.
 *
 * Since: 0.1
 */
typedef struct
{
  NebulaPhase phase;
  gint32 code;
  const char *message;
  gssize message_length;
  NebulaCallTraits traits;
  NebulaServerVersion server_version;
} NebulaReplyFacts;

/**
 * NEBULA_PUSHBACK_NONE:
 *
 * For nebula_outcome_new_from_grpc_status(): the server did not say how long to wait.
 *
 * Since: 0.1
 */
#define NEBULA_PUSHBACK_NONE G_MININT64

NEBULA_RETRY_API GType nebula_outcome_get_type (void);

NEBULA_RETRY_API NebulaOutcome *nebula_outcome_new_from_facts (const NebulaReplyFacts *facts);

#ifndef __GI_SCANNER__

/* The success that all replies with code 0 share. */
NEBULA_RETRY_API extern NebulaOutcome *const nebula_outcome_shared_success;

/* Nearly every reply has code 0, and to be told so costs a call less than to ask. */
static inline NebulaOutcome *
nebula_outcome_new_from_facts_inline (const NebulaReplyFacts *facts)
{
  if (G_LIKELY (facts != NULL && facts->code == 0))
    return nebula_outcome_shared_success;

  return nebula_outcome_new_from_facts (facts);
}

#define nebula_outcome_new_from_facts(facts) (nebula_outcome_new_from_facts_inline (facts))

#endif

NEBULA_RETRY_API NebulaOutcome *nebula_outcome_new_from_reply (NebulaPhase phase,
                                                               gint32 code,
                                                               const char *message,
                                                               gssize message_length,
                                                               NebulaCallTraits traits);
NEBULA_RETRY_API NebulaOutcome *nebula_outcome_new_from_transport (NebulaTransportFailure failure,
                                                                   NebulaSendState sent,
                                                                   const char *message);
NEBULA_RETRY_API NebulaOutcome *nebula_outcome_new_from_exception (gint32 type,
                                                                   const char *message,
                                                                   gssize message_length);
NEBULA_RETRY_API NebulaOutcome *nebula_outcome_new_from_server_exception (gint32 type,
                                                                          const char *reason,
                                                                          const char *message,
                                                                          gssize message_length);
NEBULA_RETRY_API NebulaOutcome *nebula_outcome_new_from_error (const GError *error,
                                                               NebulaSendState sent);

NEBULA_RETRY_API NebulaOutcome *nebula_outcome_new_from_grpc_status (NebulaGrpcStatus status,
                                                                     NebulaSendState sent,
                                                                     const char *message,
                                                                     gint64 pushback);
NEBULA_RETRY_API gint64 nebula_grpc_parse_pushback (const char *value, gssize length);

NEBULA_RETRY_API NebulaOutcome *nebula_outcome_reclassify (const NebulaOutcome *outcome,
                                                           NebulaErrorCategory category,
                                                           NebulaCause cause,
                                                           NebulaEffect effect,
                                                           NebulaPace pace,
                                                           const char *rule);
NEBULA_RETRY_API NebulaOutcome *nebula_outcome_copy_as_own_success (const NebulaOutcome *outcome);

NEBULA_RETRY_API NebulaOutcome *nebula_outcome_ref (NebulaOutcome *outcome);
NEBULA_RETRY_API void nebula_outcome_unref (NebulaOutcome *outcome);

NEBULA_RETRY_API gint32 nebula_outcome_get_wire_code (const NebulaOutcome *outcome);
NEBULA_RETRY_API gint32 nebula_outcome_get_real_code (const NebulaOutcome *outcome);
NEBULA_RETRY_API NebulaErrorCategory nebula_outcome_get_category (const NebulaOutcome *outcome);
NEBULA_RETRY_API NebulaCause nebula_outcome_get_cause (const NebulaOutcome *outcome);
NEBULA_RETRY_API NebulaEffect nebula_outcome_get_effect (const NebulaOutcome *outcome);
NEBULA_RETRY_API NebulaPace nebula_outcome_get_pace (const NebulaOutcome *outcome);
NEBULA_RETRY_API NebulaGrpcStatus nebula_outcome_get_grpc_status (const NebulaOutcome *outcome);
NEBULA_RETRY_API gint64 nebula_outcome_get_pushback (const NebulaOutcome *outcome);
NEBULA_RETRY_API gboolean nebula_outcome_is_never_sent (const NebulaOutcome *outcome);
NEBULA_RETRY_API NebulaOutcome *nebula_outcome_copy_with_message (const NebulaOutcome *outcome,
                                                                 const char *message);
NEBULA_RETRY_API gboolean nebula_outcome_is_own_success (const NebulaOutcome *outcome);
NEBULA_RETRY_API const char *nebula_outcome_get_message (const NebulaOutcome *outcome);
NEBULA_RETRY_API const char *nebula_outcome_get_rule (const NebulaOutcome *outcome);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (NebulaOutcome, nebula_outcome_unref)

G_END_DECLS
