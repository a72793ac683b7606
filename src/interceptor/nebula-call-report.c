/* SPDX-License-Identifier: Apache-2.0 */
#include "nebula-call-report-private.h"

struct _NebulaCallReport
{
  char *method;        /* (owned) */
  GPtrArray *failures; /* (owned): NebulaAttempt, oldest first */
  NebulaStatementSafety safety;
  gboolean succeeded;
};

G_DEFINE_BOXED_TYPE (NebulaCallReport,
                     nebula_call_report,
                     nebula_call_report_ref,
                     nebula_call_report_unref)

/**
 * nebula_call_report_new:
 * @method: the method that was called
 * @succeeded: whether the last attempt did
 * @failures: (nullable): the attempts that failed
 * @safety: of the statement; known only when something failed
 *
 * Returns: (transfer full)
 */
NebulaCallReport *
nebula_call_report_new (const char *method,
                        gboolean succeeded,
                        GPtrArray *failures,
                        NebulaStatementSafety safety)
{
  NebulaCallReport *self = g_atomic_rc_box_new0 (NebulaCallReport);

  self->method = g_strdup (method);
  self->succeeded = succeeded;
  self->failures = g_ptr_array_new_with_free_func ((GDestroyNotify) nebula_attempt_unref);
  for (guint i = 0; failures != NULL && i < failures->len; i++)
    g_ptr_array_add (self->failures, nebula_attempt_ref (failures->pdata[i]));
  self->safety = safety;
  return self;
}

/**
 * nebula_call_report_ref:
 *
 * Returns: (transfer full): the same report
 *
 * Since: 0.1
 */
NebulaCallReport *
nebula_call_report_ref (NebulaCallReport *self)
{
  return g_atomic_rc_box_acquire (self);
}

static void
report_clear (gpointer data)
{
  NebulaCallReport *self = data;

  g_free (self->method);
  g_ptr_array_unref (self->failures);
}

/**
 * nebula_call_report_unref:
 * @self: (transfer full): a report
 *
 * Since: 0.1
 */
void
nebula_call_report_unref (NebulaCallReport *self)
{
  g_atomic_rc_box_release_full (self, report_clear);
}

/**
 * nebula_call_report_get_method:
 *
 * Returns: (transfer none): the method that was called, such as "execute"
 *
 * Since: 0.1
 */
const char *
nebula_call_report_get_method (NebulaCallReport *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->method;
}

/**
 * nebula_call_report_get_succeeded:
 *
 * Returns: whether the call ended with a reply of code 0
 *
 * Since: 0.1
 */
gboolean
nebula_call_report_get_succeeded (NebulaCallReport *self)
{
  g_return_val_if_fail (self != NULL, FALSE);

  return self->succeeded;
}

/**
 * nebula_call_report_get_n_attempts:
 *
 * Returns: how many attempts were made, the successful one counted
 *
 * Since: 0.1
 */
guint
nebula_call_report_get_n_attempts (NebulaCallReport *self)
{
  g_return_val_if_fail (self != NULL, 0);

  return self->failures->len + (self->succeeded ? 1 : 0);
}

/**
 * nebula_call_report_get_failures:
 *
 * Returns: (transfer none) (element-type NebulaAttempt): the attempts that failed, oldest first,
 *   each with what was decided after it; valid as long as the report
 *
 * Since: 0.1
 */
GPtrArray *
nebula_call_report_get_failures (NebulaCallReport *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->failures;
}

/**
 * nebula_call_report_get_safety:
 *
 * Returns: whether the statement could have been run twice, as its text says; read only after a
 *   failure, %NEBULA_STATEMENT_NOT_IDEMPOTENT for a call without one
 *
 * Since: 0.1
 */
NebulaStatementSafety
nebula_call_report_get_safety (NebulaCallReport *self)
{
  g_return_val_if_fail (self != NULL, NEBULA_STATEMENT_NOT_IDEMPOTENT);

  return self->safety;
}

/**
 * nebula_call_report_get_may_have_been_applied:
 *
 * Returns: whether the call succeeded or one of its failed attempts may have changed data
 *
 * Since: 0.1
 */
gboolean
nebula_call_report_get_may_have_been_applied (NebulaCallReport *self)
{
  g_return_val_if_fail (self != NULL, TRUE);

  for (guint i = 0; i < self->failures->len; i++)
    {
      NebulaOutcome *outcome = nebula_attempt_get_outcome (self->failures->pdata[i]);

      if (nebula_outcome_get_effect (outcome) != NEBULA_EFFECT_NONE)
        return TRUE;
    }
  return self->succeeded;
}

/**
 * nebula_call_report_get_own_success:
 *
 * Returns: whether the call failed because something exists that an earlier attempt of the same
 *   call has probably made: the reply says "Existed!", and an attempt before it got no answer
 *
 * Since: 0.1
 */
gboolean
nebula_call_report_get_own_success (NebulaCallReport *self)
{
  NebulaAttempt *last;

  g_return_val_if_fail (self != NULL, FALSE);

  if (self->succeeded || self->failures->len == 0)
    return FALSE;
  last = self->failures->pdata[self->failures->len - 1];
  return nebula_outcome_is_own_success (nebula_attempt_get_outcome (last));
}
