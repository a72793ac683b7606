/* SPDX-License-Identifier: Apache-2.0 */
#include "nebula-code-argument-private.h"
#include "nebula-command-private.h"
#include "nebula-json-output-private.h"
#include "nebula-wording-private.h"

#include <stdio.h>

/*
 * nebula-interceptor explain: what one failure means, and what would be done about it.
 */

static const NebulaCommandUsage usage = {
  "explain",
  "CODE|NAME [MESSAGE]",
  "Explains a failure: the code that graphd answered, and the message, which often says more.",
  "With --statement, it also says what the default policy would do after the first failure\n"
  "of that statement. Waits are random: the one shown is the middle.\n"
  "\n"
  "Example:\n"
  "  nebula-interceptor explain -1005 'Storage Error: Not the leader of 3.' \\\n"
  "    --statement 'FETCH PROP ON player \"a\" YIELD vertex AS v'",
};

/* One failure, explained. */
typedef struct
{
  NebulaPhase phase;
  const char *statement;        /* (nullable) */
  NebulaStatementSafety safety; /* of @statement */
  NebulaOutcome *outcome;       /* (owned) */
  NebulaDecision decision;      /* when there is a @statement */
} Explanation;

/* In the middle of what jitter may make of a wait. */
#define MEAN_RANDOM 0.5

static NebulaDecision
decide (const Explanation *self)
{
  g_autoptr (NebulaRetryPolicy) policy = nebula_retry_policy_new ();
  g_autoptr (NebulaRetryState) state = nebula_retry_state_new (policy, self->phase, 0);

  nebula_retry_state_set_endpoints (state, 1);
  nebula_retry_state_set_can_renew (state, TRUE);
  return nebula_retry_state_decide (state, self->outcome, self->safety, 0, MEAN_RANDOM);
}

static void
explain (Explanation *self, gint32 code, const char *message)
{
  NebulaCallTraits traits = NEBULA_CALL_TRAITS_NONE;

  if (self->statement != NULL)
    self->safety = nebula_statement_get_safety (self->statement, -1, &traits);
  self->outcome = nebula_outcome_new_from_reply (self->phase, code, message, -1, traits);
  if (self->statement != NULL)
    self->decision = decide (self);
}

static const char *
name_of_code (gint32 code)
{
  return nebula_error_info_get_name (nebula_error_info_for_code (code));
}

static void
print_json (const Explanation *self)
{
  NebulaOutcome *outcome = self->outcome;
  gint32 wire = nebula_outcome_get_wire_code (outcome);
  gint32 real = nebula_outcome_get_real_code (outcome);
  g_autoptr (JsonBuilder) builder = json_builder_new ();
  const char *const facts[][2] = {
    { "category", nebula_error_category_to_string (nebula_outcome_get_category (outcome)) },
    { "cause", nebula_cause_to_string (nebula_outcome_get_cause (outcome)) },
    { "effect", nebula_effect_to_string (nebula_outcome_get_effect (outcome)) },
    { "pace", nebula_pace_to_string (nebula_outcome_get_pace (outcome)) },
    { "grpc_status", nebula_grpc_status_to_string (nebula_outcome_get_grpc_status (outcome)) },
    { "rule", nebula_outcome_get_rule (outcome) },
  };

  json_builder_begin_object (builder);
  nebula_json_add_int (builder, "wire_code", wire);
  nebula_json_add_string (builder, "wire_name", name_of_code (wire));
  nebula_json_add_int (builder, "real_code", real);
  nebula_json_add_string (builder, "real_name", name_of_code (real));
  for (guint i = 0; i < G_N_ELEMENTS (facts); i++)
    nebula_json_add_string (builder, facts[i][0], facts[i][1]);
  if (self->statement != NULL)
    {
      nebula_json_add_string (builder, "safety", nebula_statement_safety_to_string (self->safety));
      json_builder_set_member_name (builder, "decision");
      json_builder_begin_object (builder);
      nebula_json_add_string (builder, "action", nebula_action_to_string (self->decision.action));
      nebula_json_add_string (builder, "reason", nebula_reason_to_string (self->decision.reason));
      json_builder_end_object (builder);
    }
  json_builder_end_object (builder);
  nebula_json_print (builder);
}

static void
print_fact (const char *heading, const char *word, const char *meaning)
{
  if (meaning != NULL)
    printf ("  %-10s %-15s %s\n", heading, word, meaning);
  else
    printf ("  %-10s %s\n", heading, word);
}

static void
print_codes (const NebulaOutcome *outcome)
{
  gint32 wire = nebula_outcome_get_wire_code (outcome);
  gint32 real = nebula_outcome_get_real_code (outcome);
  const NebulaErrorInfo *info = nebula_error_info_for_code (real);

  printf ("%d %s", wire, name_of_code (wire));
  if (real != wire)
    printf (" stands for %d %s here", real, nebula_error_info_get_name (info));
  printf (": %s\n", nebula_error_info_get_meaning (info));
}

static void
print_text (const Explanation *self)
{
  NebulaOutcome *outcome = self->outcome;
  NebulaErrorCategory category = nebula_outcome_get_category (outcome);
  NebulaEffect effect = nebula_outcome_get_effect (outcome);
  NebulaPace pace = nebula_outcome_get_pace (outcome);
  g_autofree char *decision = NULL;

  print_codes (outcome);
  print_fact ("category", nebula_error_category_to_string (category),
              nebula_wording_of_category (category));
  print_fact ("cause", nebula_cause_to_string (nebula_outcome_get_cause (outcome)), NULL);
  print_fact ("effect", nebula_effect_to_string (effect), nebula_wording_of_effect (effect));
  print_fact ("pace", nebula_pace_to_string (pace), nebula_wording_of_pace (pace));
  print_fact ("gRPC", nebula_grpc_status_to_string (nebula_outcome_get_grpc_status (outcome)),
              NULL);
  print_fact ("known by", nebula_outcome_get_rule (outcome), NULL);
  if (self->statement == NULL)
    return;

  decision = nebula_wording_of_decision (&self->decision);
  print_fact ("statement", nebula_statement_safety_to_string (self->safety),
              nebula_wording_of_safety (self->safety));
  print_fact ("decision", nebula_action_to_string (self->decision.action), decision);
}

/* The phase's names are those of its _to_string (). */
static gboolean
choose_phase (const char *word, NebulaPhase *phase)
{
  const NebulaPhase phases[] = {
    NEBULA_PHASE_EXECUTE,
    NEBULA_PHASE_AUTHENTICATE,
    NEBULA_PHASE_VERIFY,
  };

  *phase = NEBULA_PHASE_EXECUTE;
  for (guint i = 0; word != NULL && i < G_N_ELEMENTS (phases); i++)
    if (strcmp (word, nebula_phase_to_string (phases[i])) == 0)
      {
        *phase = phases[i];
        return TRUE;
      }
  return word == NULL;
}

static gboolean
check_words (GStrv words, gint32 *code, int *status)
{
  g_autoptr (GError) error = NULL;

  if (words[0] == NULL)
    *status = nebula_command_misused (usage.name, "CODE is missing, expected a number such as "
                                                  "-1005 or a name such as E_EXECUTION_ERROR");
  else if (words[1] != NULL && words[2] != NULL)
    *status = nebula_command_misused (usage.name,
                                      "'%s' is one argument too many, expected one "
                                      "MESSAGE (quote it)",
                                      words[2]);
  else if (!nebula_code_argument_parse (words[0], code, &error))
    *status = nebula_command_misused (usage.name, "%s", error->message);
  else
    return TRUE;
  return FALSE;
}

int
nebula_command_explain (int argc, char **argv)
{
  static const char *const formats[] = { "text", "json", NULL };
  g_autofree char *format = NULL;
  g_autofree char *phase = NULL;
  g_autofree char *statement = NULL;
  g_auto (GStrv) words = NULL;
  Explanation explanation = { 0 };
  gint32 code;
  int status = NEBULA_EXIT_OK;
  const GOptionEntry entries[] = {
    { "phase", 0, 0, G_OPTION_ARG_FILENAME, &phase,
      "Which call failed: execute (default), authenticate or verify", "PHASE" },
    { "statement", 0, 0, G_OPTION_ARG_FILENAME, &statement, "The statement that failed", "TEXT" },
    { "format", 0, 0, G_OPTION_ARG_FILENAME, &format, "How to print: text (default) or json",
      "FORMAT" },
    { 0 },
  };

  if (!nebula_command_parse (&usage, entries, argv, &words, &status))
    return status;
  if (nebula_command_choose (formats, format) < 0)
    return nebula_command_misused (usage.name, "--format is '%s', expected text or json", format);
  if (!choose_phase (phase, &explanation.phase))
    return nebula_command_misused (usage.name,
                                   "--phase is '%s', expected execute, authenticate "
                                   "or verify",
                                   phase);
  if (!check_words (words, &code, &status))
    return status;

  explanation.statement = statement;
  explain (&explanation, code, words[1]);
  if (nebula_command_choose (formats, format) == 1)
    print_json (&explanation);
  else
    print_text (&explanation);
  nebula_outcome_unref (explanation.outcome);
  return NEBULA_EXIT_OK;
}
