/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <nebula-retry/nebula-retry-budget.h>

G_BEGIN_DECLS

/* A budget as it was at one moment: what a decision goes by that must not change under it. */
typedef struct
{
  NebulaBudgetSettings settings;
  guint level; /* thousandths of a token */
} NebulaBudgetView;

void nebula_retry_budget_view (NebulaRetryBudget *self, NebulaBudgetView *view);
gboolean nebula_budget_view_allows (const NebulaBudgetView *view, NebulaCause cause);
NebulaReason nebula_budget_view_get_reason (const NebulaBudgetView *view);

G_END_DECLS
