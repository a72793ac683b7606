/* SPDX-License-Identifier: Apache-2.0 */
#include <nebula-retry/nebula-message-rule.h>

#include "nebula-message-rules-private.h"

#include <string.h>

/**
 * SECTION:nebula-message-rule
 * @title: NebulaMessageRule
 * @short_description: the table of graphd's texts
 *
 * graphd answers nearly every failure with the code -1005 and says in a text what it was. The rules
 * that find the cause again can be looked at here; nebula_outcome_new_from_reply() applies them.
 * The first that fits counts.
 */

/**
 * nebula_message_rule_at:
 * @index: a position in the table, from 0
 *
 * Gets a rule by its position, which is the order in which rules are tried.
 *
 * Returns: (transfer none) (nullable): the rule, %NULL behind the last. Safe in any thread.
 *
 * Since: 0.1
 */
const NebulaMessageRule *
nebula_message_rule_at (guint index)
{
  return nebula_message_rules_at (index);
}

/**
 * nebula_message_rule_get_count:
 *
 * Gets how many rules there are.
 *
 * Returns: the number of rules. Safe in any thread.
 *
 * Since: 0.1
 */
guint
nebula_message_rule_get_count (void)
{
  return nebula_n_message_rules;
}

/**
 * nebula_message_rule_lookup:
 * @phase: which kind of call was answered: a few texts mean different things in two of them
 * @name: what nebula_outcome_get_rule() said
 *
 * Finds the rule that decided. Linear in the number of rules.
 *
 * Returns: (transfer none) (nullable): the rule, %NULL when no text decided. Safe in any thread.
 *
 * Since: 0.1
 */
const NebulaMessageRule *
nebula_message_rule_lookup (NebulaPhase phase, const char *name)
{
  g_return_val_if_fail (name != NULL, NULL);

  for (guint i = 0; i < nebula_n_message_rules; i++)
    {
      if (nebula_message_rules[i].phase == phase
          && strcmp (nebula_message_rules[i].name, name) == 0)
        return &nebula_message_rules[i];
    }

  return NULL;
}

/**
 * nebula_message_rule_get_name:
 * @rule: a rule
 *
 * Gets its name, as nebula_outcome_get_rule() has it: "message -1005: Not ready!".
 *
 * Returns: (transfer none): a static string. Safe in any thread.
 *
 * Since: 0.1
 */
const char *
nebula_message_rule_get_name (const NebulaMessageRule *rule)
{
  g_return_val_if_fail (rule != NULL, "");

  return rule->name;
}

/**
 * nebula_message_rule_get_phase:
 * @rule: a rule
 *
 * Gets which kind of call is answered so.
 *
 * Returns: the phase. Safe in any thread.
 *
 * Since: 0.1
 */
NebulaPhase
nebula_message_rule_get_phase (const NebulaMessageRule *rule)
{
  g_return_val_if_fail (rule != NULL, NEBULA_PHASE_EXECUTE);

  return (NebulaPhase) rule->phase;
}

/**
 * nebula_message_rule_get_wire_code:
 * @rule: a rule
 *
 * Gets the code that the text comes with.
 *
 * Returns: the code. Safe in any thread.
 *
 * Since: 0.1
 */
gint32
nebula_message_rule_get_wire_code (const NebulaMessageRule *rule)
{
  g_return_val_if_fail (rule != NULL, 0);

  return rule->wire_code;
}

/**
 * nebula_message_rule_is_prefix:
 * @rule: a rule
 *
 * Tells whether the text has to begin with nebula_message_rule_get_text(), or may contain it
 * anywhere.
 *
 * Returns: %TRUE if it has to begin with it. Safe in any thread.
 *
 * Since: 0.1
 */
gboolean
nebula_message_rule_is_prefix (const NebulaMessageRule *rule)
{
  g_return_val_if_fail (rule != NULL, FALSE);

  return rule->kind == NEBULA_STEM_PREFIX;
}

/**
 * nebula_message_rule_get_text:
 * @rule: a rule
 *
 * Gets the constant part of the text.
 *
 * Returns: (transfer none): a static string. Safe in any thread.
 *
 * Since: 0.1
 */
const char *
nebula_message_rule_get_text (const NebulaMessageRule *rule)
{
  g_return_val_if_fail (rule != NULL, "");

  return rule->stem;
}

/**
 * nebula_message_rule_get_tail:
 * @rule: a rule
 *
 * Gets what has to follow the constant part, with capitals for what varies: "NUMBER not found".
 *
 * Returns: (transfer none) (nullable): a static string, %NULL when anything may follow. Safe in any
 *   thread.
 *
 * Since: 0.1
 */
const char *
nebula_message_rule_get_tail (const NebulaMessageRule *rule)
{
  static const char *const tails[] = {
    [NEBULA_TAIL_NUMBER_NOT_FOUND] = "NUMBER not found",
    [NEBULA_TAIL_NAME_AND_CODE] = "NAME(CODE)",
    [NEBULA_TAIL_CODE_AND_PARENTHESIS] = "CODE)",
    [NEBULA_TAIL_CODE_AND_MARK] = "CODE!",
    [NEBULA_TAIL_NUMBER_DOES_NOT_EXIST] = "NUMBER] does not exist",
    [NEBULA_TAIL_SECONDS] = "NUMBER seconds",
  };

  g_return_val_if_fail (rule != NULL, NULL);

  return rule->tail < G_N_ELEMENTS (tails) ? tails[rule->tail] : NULL;
}

/**
 * nebula_message_rule_get_real_code:
 * @rule: a rule
 *
 * Gets the code that the text stands for.
 *
 * Returns: the code, 0 when the text itself names it. Safe in any thread.
 *
 * Since: 0.1
 */
gint32
nebula_message_rule_get_real_code (const NebulaMessageRule *rule)
{
  g_return_val_if_fail (rule != NULL, 0);

  return rule->real_code != NEBULA_CODE_IN_TEXT ? rule->real_code : 0;
}

/**
 * nebula_message_rule_get_category:
 * @rule: a rule
 *
 * Gets who must act. Where the text names the code, and the cause is %NEBULA_CAUSE_UNKNOWN, this
 * and the other facts are those of that code instead.
 *
 * Returns: the category. Safe in any thread.
 *
 * Since: 0.1
 */
NebulaErrorCategory
nebula_message_rule_get_category (const NebulaMessageRule *rule)
{
  g_return_val_if_fail (rule != NULL, NEBULA_ERROR_CATEGORY_FATAL);

  return (NebulaErrorCategory) rule->category;
}

/**
 * nebula_message_rule_get_cause:
 * @rule: a rule
 *
 * Gets why it failed.
 *
 * Returns: the cause. Safe in any thread.
 *
 * Since: 0.1
 */
NebulaCause
nebula_message_rule_get_cause (const NebulaMessageRule *rule)
{
  g_return_val_if_fail (rule != NULL, NEBULA_CAUSE_UNKNOWN);

  return (NebulaCause) rule->cause;
}

/**
 * nebula_message_rule_get_effect:
 * @rule: a rule
 *
 * Gets what the attempt may have done, by the text alone: the statement may change it.
 *
 * Returns: the effect. Safe in any thread.
 *
 * Since: 0.1
 */
NebulaEffect
nebula_message_rule_get_effect (const NebulaMessageRule *rule)
{
  g_return_val_if_fail (rule != NULL, NEBULA_EFFECT_MAYBE);

  return (NebulaEffect) rule->effect;
}

/**
 * nebula_message_rule_get_pace:
 * @rule: a rule
 *
 * Gets how long to wait before another attempt.
 *
 * Returns: the pace. Safe in any thread.
 *
 * Since: 0.1
 */
NebulaPace
nebula_message_rule_get_pace (const NebulaMessageRule *rule)
{
  g_return_val_if_fail (rule != NULL, NEBULA_PACE_NONE);

  return (NebulaPace) rule->pace;
}

/**
 * nebula_message_rule_get_source:
 * @rule: a rule
 *
 * Gets which server says so, and in which releases, as far as it is not all: "metad, 3.4+".
 *
 * Returns: (transfer none) (nullable): a static string, %NULL when there is nothing to say. Safe in
 *   any thread.
 *
 * Since: 0.1
 */
const char *
nebula_message_rule_get_source (const NebulaMessageRule *rule)
{
  g_return_val_if_fail (rule != NULL, NULL);

  return *rule->source != '\0' ? rule->source : NULL;
}
