/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <nebula-retry/nebula-outcome.h>
#include <nebula-retry/nebula-retry-budget.h>
#include <nebula-retry/nebula-retry-policy.h>

G_BEGIN_DECLS

/**
 * NebulaDecision:
 * @action: what to do
 * @reason: why
 * @delay: how long to wait before doing it, in microseconds; 0 for at once
 *
 * The answer of nebula_retry_state_decide().
 *
 * Since: 0.1
 */
typedef struct
{
  NebulaAction action;
  NebulaReason reason;
  gint64 delay;
} NebulaDecision;

#define NEBULA_TYPE_RETRY_STATE (nebula_retry_state_get_type ())

typedef struct _NebulaRetryState NebulaRetryState;

NEBULA_RETRY_API GType nebula_retry_state_get_type (void);
NEBULA_RETRY_API NebulaRetryState *nebula_retry_state_new (NebulaRetryPolicy *policy,
                                                           NebulaPhase phase,
                                                           gint64 start);
NEBULA_RETRY_API NebulaRetryState *nebula_retry_state_ref (NebulaRetryState *self);
NEBULA_RETRY_API void nebula_retry_state_free (NebulaRetryState *self);

NEBULA_RETRY_API void nebula_retry_state_set_endpoints (NebulaRetryState *self, guint n_endpoints);
NEBULA_RETRY_API void nebula_retry_state_set_finds_leader (NebulaRetryState *self,
                                                           gboolean finds_leader);
NEBULA_RETRY_API void nebula_retry_state_set_deadline (NebulaRetryState *self, gint64 deadline);
NEBULA_RETRY_API void nebula_retry_state_set_circuit (NebulaRetryState *self,
                                                      gint64 closes,
                                                      gboolean refused);
NEBULA_RETRY_API void nebula_retry_state_set_can_renew (NebulaRetryState *self, gboolean can_renew);
NEBULA_RETRY_API void nebula_retry_state_set_budget (NebulaRetryState *self,
                                                     NebulaRetryBudget *budget);

NEBULA_RETRY_API NebulaDecision nebula_retry_state_decide (const NebulaRetryState *self,
                                                           const NebulaOutcome *outcome,
                                                           NebulaStatementSafety safety,
                                                           gint64 now,
                                                           double random);
NEBULA_RETRY_API NebulaDecision nebula_retry_state_pay (NebulaRetryState *self,
                                                        const NebulaOutcome *outcome,
                                                        NebulaDecision decision);
NEBULA_RETRY_API void nebula_retry_state_record (NebulaRetryState *self,
                                                 const NebulaOutcome *outcome,
                                                 NebulaDecision decision);
NEBULA_RETRY_API void nebula_retry_state_refill (NebulaRetryState *self, NebulaRetryBudget *budget);
NEBULA_RETRY_API guint nebula_retry_state_get_attempts (const NebulaRetryState *self);
NEBULA_RETRY_API gint64 nebula_retry_state_get_deadline (const NebulaRetryState *self);

/* For other languages, under the names without `_by_pointer`. */
NEBULA_RETRY_API void nebula_retry_state_decide_by_pointer (const NebulaRetryState *self,
                                                            const NebulaOutcome *outcome,
                                                            NebulaStatementSafety safety,
                                                            gint64 now,
                                                            double random,
                                                            NebulaDecision *decision);
NEBULA_RETRY_API void nebula_retry_state_pay_by_pointer (NebulaRetryState *self,
                                                         const NebulaOutcome *outcome,
                                                         const NebulaDecision *decision,
                                                         NebulaDecision *paid);
NEBULA_RETRY_API void nebula_retry_state_record_by_pointer (NebulaRetryState *self,
                                                            const NebulaOutcome *outcome,
                                                            const NebulaDecision *decision);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (NebulaRetryState, nebula_retry_state_free)

G_END_DECLS
