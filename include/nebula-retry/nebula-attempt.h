/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <nebula-retry/nebula-outcome.h>
#include <nebula-retry/nebula-retry-state.h>

G_BEGIN_DECLS

#define NEBULA_TYPE_ATTEMPT (nebula_attempt_get_type ())

typedef struct _NebulaAttempt NebulaAttempt;

NEBULA_RETRY_API GType nebula_attempt_get_type (void);

NEBULA_RETRY_API NebulaAttempt *nebula_attempt_new (const char *endpoint,
                                                    gint64 start,
                                                    gint64 end,
                                                    NebulaOutcome *outcome,
                                                    NebulaDecision decision);
NEBULA_RETRY_API NebulaAttempt *nebula_attempt_ref (NebulaAttempt *self);
NEBULA_RETRY_API void nebula_attempt_unref (NebulaAttempt *self);

NEBULA_RETRY_API const char *nebula_attempt_get_endpoint (const NebulaAttempt *self);
NEBULA_RETRY_API gint64 nebula_attempt_get_start (const NebulaAttempt *self);
NEBULA_RETRY_API gint64 nebula_attempt_get_end (const NebulaAttempt *self);
NEBULA_RETRY_API NebulaOutcome *nebula_attempt_get_outcome (const NebulaAttempt *self);
NEBULA_RETRY_API NebulaDecision nebula_attempt_get_decision (const NebulaAttempt *self);

/* For other languages, under the names without `_by_pointer`. */
NEBULA_RETRY_API NebulaAttempt *nebula_attempt_new_by_pointer (const char *endpoint,
                                                               gint64 start,
                                                               gint64 end,
                                                               NebulaOutcome *outcome,
                                                               const NebulaDecision *decision);
NEBULA_RETRY_API void nebula_attempt_get_decision_by_pointer (const NebulaAttempt *self,
                                                              NebulaDecision *decision);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (NebulaAttempt, nebula_attempt_unref)

G_END_DECLS
