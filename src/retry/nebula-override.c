/* SPDX-License-Identifier: Apache-2.0 */
#include "nebula-override-private.h"

#include <string.h>

G_DEFINE_BOXED_TYPE (NebulaOverride, nebula_override, nebula_override_ref, nebula_override_unref)

static NebulaOverride *
override_new (void)
{
  NebulaOverride *self = g_atomic_rc_box_new0 (NebulaOverride);

  self->category = NEBULA_UNSAID;
  self->cause = NEBULA_UNSAID;
  self->effect = NEBULA_UNSAID;
  self->pace = NEBULA_UNSAID;
  return self;
}

/**
 * nebula_override_new_for_code:
 * @code: the real code of the failures that are meant: the one that the text names, where it does
 *
 * Returns: (transfer full): an override that says nothing yet
 *
 * Since: 0.1
 */
NebulaOverride *
nebula_override_new_for_code (gint32 code)
{
  NebulaOverride *self = override_new ();

  self->code = code;
  self->rule = g_strdup_printf ("override: code %d", code);
  return self;
}

/**
 * nebula_override_new_for_message:
 * @text: (not nullable): what the message of the failures that are meant contains; not empty
 *
 * Returns: (transfer full): an override that says nothing yet
 *
 * Since: 0.1
 */
NebulaOverride *
nebula_override_new_for_message (const char *text)
{
  NebulaOverride *self;

  g_return_val_if_fail (text != NULL && *text != '\0', NULL);

  self = override_new ();
  self->text = g_strdup (text);
  self->rule = g_strdup_printf ("override: message %s", text);
  return self;
}

/**
 * nebula_override_ref:
 *
 * Returns: (transfer full): the same override
 *
 * Since: 0.1
 */
NebulaOverride *
nebula_override_ref (NebulaOverride *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return g_atomic_rc_box_acquire (self);
}

static void
override_clear (gpointer data)
{
  NebulaOverride *self = data;

  g_free (self->text);
  g_free (self->rule);
}

/**
 * nebula_override_unref:
 * @self: (transfer full): an override
 *
 * Since: 0.1
 */
void
nebula_override_unref (NebulaOverride *self)
{
  g_return_if_fail (self != NULL);

  g_atomic_rc_box_release_full (self, override_clear);
}

/**
 * nebula_override_set_category:
 * @category: who must act after such a failure
 *
 * Since: 0.1
 */
void
nebula_override_set_category (NebulaOverride *self, NebulaErrorCategory category)
{
  g_return_if_fail (self != NULL);

  self->category = category;
}

/**
 * nebula_override_set_cause:
 * @cause: why such a failure happens: its attempts and back-off apply
 *
 * Since: 0.1
 */
void
nebula_override_set_cause (NebulaOverride *self, NebulaCause cause)
{
  g_return_if_fail (self != NULL);

  self->cause = cause;
}

/**
 * nebula_override_set_effect:
 * @effect: what an attempt that fails so may have done. To say %NEBULA_EFFECT_NONE of a failure
 *   after which something may have been executed lets statements run twice
 *
 * Since: 0.1
 */
void
nebula_override_set_effect (NebulaOverride *self, NebulaEffect effect)
{
  g_return_if_fail (self != NULL);

  self->effect = effect;
}

/**
 * nebula_override_set_pace:
 * @pace: how long to wait after such a failure
 *
 * Since: 0.1
 */
void
nebula_override_set_pace (NebulaOverride *self, NebulaPace pace)
{
  g_return_if_fail (self != NULL);

  self->pace = pace;
}

/**
 * nebula_override_matches:
 * @outcome: a failure
 *
 * Returns: whether @self is meant for it. A success never is.
 *
 * Since: 0.1
 */
gboolean
nebula_override_matches (const NebulaOverride *self, const NebulaOutcome *outcome)
{
  g_return_val_if_fail (self != NULL, FALSE);
  g_return_val_if_fail (outcome != NULL, FALSE);

  if (nebula_outcome_get_category (outcome) == NEBULA_ERROR_CATEGORY_OK)
    return FALSE;
  if (self->text != NULL)
    return strstr (nebula_outcome_get_message (outcome), self->text) != NULL;
  return nebula_outcome_get_real_code (outcome) == self->code;
}

static int
said (int value, int otherwise)
{
  return value != NEBULA_UNSAID ? value : otherwise;
}

/* What is worth another attempt only in the eyes of the user has no pace of its own: without one it
 * would not get any. */
static int
pace_of (const NebulaOverride *self, const NebulaOutcome *outcome)
{
  NebulaPace pace = nebula_outcome_get_pace (outcome);

  if (self->category == NEBULA_ERROR_CATEGORY_RETRYABLE && pace == NEBULA_PACE_NONE)
    pace = NEBULA_PACE_SLOW;
  return said (self->pace, pace);
}

/**
 * nebula_override_apply:
 * @outcome: a failure
 *
 * What @self does not say stays. Only a failure that becomes %NEBULA_ERROR_CATEGORY_RETRYABLE and
 * had no pace gets %NEBULA_PACE_SLOW, unless @self says that it has none.
 *
 * Returns: (transfer full): @outcome with what @self says of it; its rule names the override
 *
 * Since: 0.1
 */
NebulaOutcome *
nebula_override_apply (const NebulaOverride *self, const NebulaOutcome *outcome)
{
  g_return_val_if_fail (self != NULL, NULL);
  g_return_val_if_fail (outcome != NULL, NULL);

  return nebula_outcome_reclassify (outcome,
                                    said (self->category, nebula_outcome_get_category (outcome)),
                                    said (self->cause, nebula_outcome_get_cause (outcome)),
                                    said (self->effect, nebula_outcome_get_effect (outcome)),
                                    pace_of (self, outcome),
                                    self->rule);
}
