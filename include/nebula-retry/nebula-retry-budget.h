/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <nebula-retry/nebula-retry-enums.h>

G_BEGIN_DECLS

/**
 * NebulaBudgetKind:
 * @NEBULA_BUDGET_NONE: every retry is paid
 * @NEBULA_BUDGET_LEASE: a retry is paid from a bucket, and its price comes back when it helped
 * @NEBULA_BUDGET_THROTTLE: gRPC's retry throttling: no retries while the bucket is half empty
 *
 * How retries are kept from multiplying an outage.
 *
 * Since: 0.1
 */
typedef enum
{
  NEBULA_BUDGET_NONE,
  NEBULA_BUDGET_LEASE,
  NEBULA_BUDGET_THROTTLE,
} NebulaBudgetKind;

#define NEBULA_TYPE_BUDGET_KIND (nebula_budget_kind_get_type ())
NEBULA_RETRY_API GType nebula_budget_kind_get_type (void);

/* The largest capacity, cost and, in thousandths, refill: in thousandths it fits in 32 bits. */
#define NEBULA_BUDGET_MAX_TOKENS 1000000

/**
 * NebulaBudgetSettings:
 * @kind: how the budget works
 * @capacity: how many tokens the bucket holds, from 1 to %NEBULA_BUDGET_MAX_TOKENS
 * @cost: what a retry costs, in tokens, from 1; only for %NEBULA_BUDGET_LEASE
 * @refill: what a success adds, in thousandths of a token, from 1; only for %NEBULA_BUDGET_THROTTLE
 *
 * What a #NebulaRetryBudget is made of. A number outside its range counts as the nearest inside.
 *
 * Since: 0.1
 */
typedef struct
{
  NebulaBudgetKind kind;
  guint capacity;
  guint cost;
  guint refill;
} NebulaBudgetSettings;

#define NEBULA_TYPE_RETRY_BUDGET (nebula_retry_budget_get_type ())

typedef struct _NebulaRetryBudget NebulaRetryBudget;

NEBULA_RETRY_API GType nebula_retry_budget_get_type (void);

NEBULA_RETRY_API NebulaRetryBudget *nebula_retry_budget_new (const NebulaBudgetSettings *settings);
NEBULA_RETRY_API NebulaRetryBudget *nebula_retry_budget_new_replacing (
  NebulaRetryBudget *old, const NebulaBudgetSettings *settings);
NEBULA_RETRY_API NebulaRetryBudget *nebula_retry_budget_new_as_full_as (
  NebulaRetryBudget *other, const NebulaBudgetSettings *settings);
NEBULA_RETRY_API NebulaRetryBudget *nebula_retry_budget_ref (NebulaRetryBudget *self);
NEBULA_RETRY_API void nebula_retry_budget_unref (NebulaRetryBudget *self);

NEBULA_RETRY_API gboolean nebula_retry_budget_charge (NebulaRetryBudget *self,
                                                      NebulaCause cause,
                                                      guint *paid);
NEBULA_RETRY_API void nebula_retry_budget_refill (NebulaRetryBudget *self, guint paid);

NEBULA_RETRY_API double nebula_retry_budget_get_level (NebulaRetryBudget *self);
NEBULA_RETRY_API void nebula_retry_budget_get_settings (NebulaRetryBudget *self,
                                                        NebulaBudgetSettings *settings);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (NebulaRetryBudget, nebula_retry_budget_unref)

G_END_DECLS
