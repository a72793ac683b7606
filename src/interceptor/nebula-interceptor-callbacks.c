/* SPDX-License-Identifier: Apache-2.0 */
#include "nebula-interceptor-private.h"

/* The functions that a program hands in. One that is replaced may, when its data is freed, set
 * another one. */

static void
watch_attempt (NebulaCall *call, NebulaAttempt *attempt, gpointer user_data)
{
  NebulaInterceptor *self = user_data;

  self->attempt_func (self, attempt, self->attempt_data);
}

static NebulaOutcome *
judge_outcome (NebulaCall *call, NebulaOutcome *outcome, gpointer user_data)
{
  NebulaInterceptor *self = user_data;

  return self->outcome_func (self, outcome, self->outcome_data);
}

/**
 * nebula_interceptor_set_attempt_func:
 * @func: (nullable): called after each attempt
 * @user_data: for @func
 * @destroy: (nullable): frees @user_data
 *
 * Watches the attempts: for a log, a trace, figures. Without it, none of this costs anything.
 *
 * Since: 0.1
 */
void
nebula_interceptor_set_attempt_func (NebulaInterceptor *self,
                                     NebulaAttemptFunc func,
                                     gpointer user_data,
                                     GDestroyNotify destroy)
{
  GDestroyNotify old_destroy;
  gpointer old_data;

  g_return_if_fail (NEBULA_IS_INTERCEPTOR (self));

  old_destroy = self->attempt_destroy;
  old_data = self->attempt_data;
  self->attempt_func = func;
  self->attempt_data = user_data;
  self->attempt_destroy = destroy;
  self->stream.call.watch = func != NULL ? watch_attempt : NULL;
  self->stream.call.watch_data = self;
  if (old_destroy != NULL)
    old_destroy (old_data);
}

/**
 * nebula_interceptor_set_outcome_func:
 * @func: (nullable): may change what a failure means
 * @user_data: for @func
 * @destroy: (nullable): frees @user_data
 *
 * For failures that the tables of the library and the overrides of the policy do not get right.
 * What it says of the effect decides whether a statement may run twice.
 *
 * Since: 0.1
 */
void
nebula_interceptor_set_outcome_func (NebulaInterceptor *self,
                                     NebulaOutcomeFunc func,
                                     gpointer user_data,
                                     GDestroyNotify destroy)
{
  GDestroyNotify old_destroy;
  gpointer old_data;

  g_return_if_fail (NEBULA_IS_INTERCEPTOR (self));

  old_destroy = self->outcome_destroy;
  old_data = self->outcome_data;
  self->outcome_func = func;
  self->outcome_data = user_data;
  self->outcome_destroy = destroy;
  self->stream.call.judge = func != NULL ? judge_outcome : NULL;
  self->stream.call.judge_data = self;
  if (old_destroy != NULL)
    old_destroy (old_data);
}
