/* SPDX-License-Identifier: Apache-2.0 */
#include "nebula-call-private.h"
#include "nebula-random-private.h"

/* What follows a failure, and how it is paid; what a success gives back. */

double
nebula_call_draw (NebulaCall *self)
{
  return nebula_random_draw (&self->random);
}

/**
 * nebula_call_decide:
 * @failure: what the attempt came to
 * @now: the time
 *
 * Decides about the next attempt, pays for it and notes it.
 */
NebulaDecision
nebula_call_decide (NebulaCall *self, NebulaOutcome *failure, gint64 now)
{
  NebulaDecision decision;

  if (self->state == NULL)
    {
      self->state = nebula_retry_state_new (self->policy, self->method->phase, self->start);
      nebula_retry_state_set_deadline (self->state, self->deadline);
    }
  nebula_retry_state_set_endpoints (self->state, self->n_endpoints);
  nebula_retry_state_set_finds_leader (self->state, self->service != NEBULA_SERVICE_OTHER);
  nebula_retry_state_set_circuit (self->state, nebula_call_get_next_connect (self),
                                  self->is_refused);
  nebula_retry_state_set_can_renew (self->state, self->session != NULL
                                                   && nebula_session_can_renew (self->session));
  nebula_retry_state_set_budget (self->state, nebula_call_get_budget (self));
  decision = nebula_retry_state_decide (self->state, failure, self->safety, now,
                                        nebula_call_draw (self));
  decision = nebula_retry_state_pay (self->state, failure, decision);
  nebula_retry_state_record (self->state, failure, decision);
  /* A failure that the caller's judge calls a success, or the trace of an attempt that was one. */
  if (decision.reason == NEBULA_REASON_SUCCESS || nebula_outcome_is_own_success (failure))
    nebula_call_refill (self);
  return decision;
}

/**
 * nebula_call_refill:
 *
 * Tells the budget of a success. After one without a failure this is one load while the bucket is
 * full.
 */
void
nebula_call_refill (NebulaCall *self)
{
  NebulaRetryBudget *budget = nebula_call_get_budget (self);

  if (self->state == NULL)
    nebula_retry_budget_refill (budget, 0);
  else
    nebula_retry_state_refill (self->state, budget);
}
