/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "nebula-retry-budget-private.h"
#include <nebula-retry/nebula-retry-state.h>

G_BEGIN_DECLS

struct _NebulaRetryState
{
  NebulaRetryPolicy *policy; /* (owned) (not nullable) */
  NebulaPhase phase;
  gint64 deadline; /* microseconds of the caller's clock; G_MAXINT64 for none */
  guint n_endpoints;
  gboolean finds_leader; /* whether the server looks for a leader itself */
  gboolean can_renew;
  gint64 circuit_closes;    /* when a connection may be made again; not after now for at once */
  gboolean circuit_refused; /* the attempt that just ended was not made for that */

  NebulaRetryBudget *budget;  /* (owned) (nullable): of the endpoint that failed last */
  NebulaBudgetView view;      /* of it, when it was set; without a budget one that allows all */
  NebulaRetryBudget *paid_by; /* (owned) (nullable): what paid the last retry */
  guint paid;                 /* as nebula_retry_budget_charge() counts */

  guint attempts;      /* all that were sent */
  guint largest_limit; /* of attempts, among the causes met */
  guint never_sent;
  guint unfit;       /* of those never sent: the endpoint was of no use, see NebulaRetryQuestion */
  guint unreachable; /* of those never sent: the endpoint was tried, and may come back */
  guint renewals;
  guint space_replays;
  guint handshakes;
  guint login_repeats; /* of a login that may have been done */
  gint64 last_unsent_delay; /* microseconds; 0 for none */

  guint failures[NEBULA_N_CAUSES]; /* attempts that failed for this cause */
  guint retries[NEBULA_N_CAUSES];  /* of those, how many were followed by a retry */
  gint64 last_delay[NEBULA_N_CAUSES]; /* microseconds, before the last retry; 0 for none */
};

/* A failure and all that the decision about it goes by. */
typedef struct
{
  const NebulaRetryState *state; /* (unowned) */
  NebulaErrorCategory category;
  NebulaCause cause;
  NebulaEffect effect;
  NebulaPace pace;
  NebulaGrpcStatus status;
  NebulaStatementSafety safety;
  gboolean never_sent;
  gboolean unfit; /* never sent, for what no time heals at this endpoint; another may be right */
  gint64 pushback; /* microseconds; only looked at when the pace is PUSHBACK; below 0: stop */
  double random; /* [0, 1] */
} NebulaRetryQuestion;

NebulaDecision nebula_retry_rules_decide (const NebulaRetryQuestion *question);
gboolean nebula_retry_rules_is_unfit (const NebulaOutcome *outcome);

G_END_DECLS
