/* SPDX-License-Identifier: Apache-2.0 */
#include "nebula-code-argument-private.h"
#include "nebula-command-private.h"
#include "nebula-explanation-private.h"
#include "nebula-json-output-private.h"
#include "nebula-log-line-private.h"
#include "nebula-sentence-list-private.h"
#include "nebula-wording-private.h"

#include <stdio.h>

/*
 * nebula-interceptor explain: what one failure means, and what would be done about it.
 */

static const NebulaCommandUsage usage = {
  "explain",
  "CODE|NAME [MESSAGE] | LINE | --exception=TYPE [MESSAGE]",
  "Explains a failure: the code that graphd answered, and the message, which often says more.",
  "Instead of code and message, a LINE of a log that has both will do, or graphd's text alone.\n"
  "What Thrift itself answers has a type instead of a code: the code of a stub's GError.\n"
  "With --statement, it also says what the default policy would do after the first failure\n"
  "of that statement. Waits are random: the one shown is the middle.\n"
  "\n"
  "Example:\n"
  "  nebula-interceptor explain -1005 'Storage Error: Not the leader of 3.' \\\n"
  "    --statement 'FETCH PROP ON player \"a\" YIELD vertex AS v'\n"
  "  nebula-interceptor explain '[ERROR (-1005)]: Storage Error: Not the leader of 3.'",
};

static const char *
name_of_code (gint32 code)
{
  return nebula_error_info_get_name (nebula_error_info_for_code (code));
}

static void
add_outcome (JsonBuilder *builder, const NebulaOutcome *outcome, gint32 exception)
{
  gint32 wire = nebula_outcome_get_wire_code (outcome);
  gint32 real = nebula_outcome_get_real_code (outcome);
  const char *const facts[][2] = {
    { "category", nebula_error_category_to_string (nebula_outcome_get_category (outcome)) },
    { "cause", nebula_cause_to_string (nebula_outcome_get_cause (outcome)) },
    { "effect", nebula_effect_to_string (nebula_outcome_get_effect (outcome)) },
    { "pace", nebula_pace_to_string (nebula_outcome_get_pace (outcome)) },
    { "grpc_status", nebula_grpc_status_to_string (nebula_outcome_get_grpc_status (outcome)) },
    { "rule", nebula_outcome_get_rule (outcome) },
  };

  if (exception >= 0)
    nebula_json_add_int (builder, "exception", exception);
  nebula_json_add_int (builder, "wire_code", wire);
  nebula_json_add_string (builder, "wire_name", name_of_code (wire));
  nebula_json_add_int (builder, "real_code", real);
  nebula_json_add_string (builder, "real_name", name_of_code (real));
  for (guint i = 0; i < G_N_ELEMENTS (facts); i++)
    nebula_json_add_string (builder, facts[i][0], facts[i][1]);
}

/* How often, and how long: null where nothing is waited for. */
static void
add_limits (JsonBuilder *builder, const NebulaExplanation *self)
{
  nebula_json_add_int (builder, "max_attempts", self->max_attempts);
  json_builder_set_member_name (builder, "backoff");
  if (self->last_wait == 0)
    {
      json_builder_add_null_value (builder);
      return;
    }
  json_builder_begin_object (builder);
  nebula_json_add_int (builder, "initial_ms", self->first_wait / G_TIME_SPAN_MILLISECOND);
  nebula_json_add_int (builder, "maximum_ms", self->last_wait / G_TIME_SPAN_MILLISECOND);
  json_builder_set_member_name (builder, "multiplier");
  json_builder_add_double_value (builder, self->multiplier);
  json_builder_end_object (builder);
}

static void
add_statement (JsonBuilder *builder, const NebulaExplanation *self)
{
  nebula_json_add_string (builder, "safety", nebula_statement_safety_to_string (self->safety));
  nebula_sentence_list_add_json (builder, self->sentences);
  json_builder_set_member_name (builder, "decision");
  json_builder_begin_object (builder);
  nebula_json_add_string (builder, "action", nebula_action_to_string (self->decision.action));
  nebula_json_add_string (builder, "reason", nebula_reason_to_string (self->decision.reason));
  json_builder_end_object (builder);
}

static void
print_json (const NebulaExplanation *self)
{
  g_autoptr (JsonBuilder) builder = json_builder_new ();

  json_builder_begin_object (builder);
  add_outcome (builder, self->outcome, self->exception);
  nebula_json_add_string (builder, "rule_source",
                          self->rule != NULL ? nebula_message_rule_get_source (self->rule) : NULL);
  add_limits (builder, self);
  if (self->statement != NULL)
    add_statement (builder, self);
  json_builder_set_member_name (builder, "reasoning");
  json_builder_begin_array (builder);
  for (guint i = 0; i < self->reasoning->len; i++)
    nebula_json_add_text (builder, self->reasoning->pdata[i], strlen (self->reasoning->pdata[i]));
  json_builder_end_array (builder);
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
print_statement (const NebulaExplanation *self)
{
  g_autofree char *decision = nebula_wording_of_decision (&self->decision);

  print_fact ("statement", nebula_statement_safety_to_string (self->safety),
              nebula_wording_of_safety (self->safety));
  print_fact ("decision", nebula_action_to_string (self->decision.action), decision);
}

static void
print_text (const NebulaExplanation *self)
{
  const NebulaOutcome *outcome = self->outcome;
  NebulaErrorCategory category = nebula_outcome_get_category (outcome);
  NebulaEffect effect = nebula_outcome_get_effect (outcome);
  NebulaPace pace = nebula_outcome_get_pace (outcome);

  if (self->exception >= 0)
    printf ("exception %d: %s\n", self->exception, nebula_wording_of_exception (self->exception));
  else
    print_codes (outcome);
  print_fact ("category", nebula_error_category_to_string (category),
              nebula_wording_of_category (category));
  print_fact ("cause", nebula_cause_to_string (nebula_outcome_get_cause (outcome)), NULL);
  print_fact ("effect", nebula_effect_to_string (effect), nebula_wording_of_effect (effect));
  print_fact ("pace", nebula_pace_to_string (pace), nebula_wording_of_pace (pace));
  print_fact ("gRPC", nebula_grpc_status_to_string (nebula_outcome_get_grpc_status (outcome)),
              NULL);
  print_fact ("known by", nebula_outcome_get_rule (outcome), NULL);
  if (self->statement != NULL)
    print_statement (self);

  puts ("why");
  for (guint i = 0; i < self->reasoning->len; i++)
    printf ("  %u. %s\n", i + 1, (const char *) self->reasoning->pdata[i]);
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

/* CODE MESSAGE; the message may be the whole line that it was logged in. */
static gboolean
take_code (NebulaExplanation *question, GStrv words, NebulaLogLine *line, int *status)
{
  g_autoptr (GError) error = NULL;

  if (!nebula_code_argument_parse (words[0], &question->code, &error))
    {
      *status = nebula_command_misused (usage.name, "%s", error->message);
      return FALSE;
    }
  question->message = words[1];
  if (words[1] != NULL && nebula_log_line_parse (line, words[1])
      && line->form == NEBULA_LOG_LINE_FRAMED && line->code == question->code)
    {
      question->message = line->message;
      question->cause = line->cause;
      question->not_applied = line->not_applied;
    }
  return TRUE;
}

/* LINE. */
static gboolean
take_line (NebulaExplanation *question,
           const char *text,
           gboolean phase_given,
           NebulaLogLine *line,
           int *status)
{
  if (!nebula_log_line_parse (line, text))
    {
      /* Not shown: it may hold a statement, and that a password. */
      *status = nebula_command_misused (usage.name, "the line has no error code, expected one such "
                                                    "as '[ERROR (-1005)]: Storage Error: …'");
      return FALSE;
    }
  question->code = line->code;
  question->message = line->message;
  question->cause = line->cause;
  question->not_applied = line->not_applied;
  question->guessed = line->form == NEBULA_LOG_LINE_TEXT;
  question->mentioned = line->form == NEBULA_LOG_LINE_MENTION;
  if (line->has_phase && !phase_given)
    question->phase = line->phase;
  return TRUE;
}

/* --exception=TYPE [MESSAGE]. */
static gboolean
take_exception (NebulaExplanation *question, const char *type, GStrv words, int *status)
{
  gint64 number;

  if (!g_ascii_string_to_signed (type, 10, 0, G_MAXINT32, &number, NULL))
    *status = nebula_command_misused (
      usage.name, "--exception is '%s', expected a number such as 11 (load shedding)", type);
  else if (words[0] != NULL && words[1] != NULL)
    *status = nebula_command_misused (usage.name,
                                      "'%s' is one argument too many, expected one "
                                      "MESSAGE (quote it)",
                                      words[1]);
  else
    {
      question->exception = (gint32) number;
      question->message = words[0];
      return TRUE;
    }
  return FALSE;
}

static gboolean
check_words (GStrv words, int *status)
{
  if (words[0] == NULL)
    *status = nebula_command_misused (usage.name, "CODE is missing, expected a number such as "
                                                  "-1005 or a name such as E_EXECUTION_ERROR");
  else if (words[1] != NULL && words[2] != NULL)
    *status = nebula_command_misused (usage.name,
                                      "'%s' is one argument too many, expected one "
                                      "MESSAGE (quote it)",
                                      words[2]);
  else
    return TRUE;
  return FALSE;
}

static gboolean
take_question (NebulaExplanation *question,
               GStrv words,
               const char *exception,
               gboolean phase_given,
               NebulaLogLine *line,
               int *status)
{
  question->exception = -1;
  if (exception != NULL)
    return take_exception (question, exception, words, status);
  if (!check_words (words, status))
    return FALSE;
  if (words[1] == NULL && strpbrk (words[0], " \t\n:=(") != NULL)
    return take_line (question, words[0], phase_given, line, status);
  return take_code (question, words, line, status);
}

int
nebula_command_explain (int argc, char **argv)
{
  static const char *const formats[] = { "text", "json", NULL };
  g_autofree char *format = NULL;
  g_autofree char *phase = NULL;
  g_autofree char *statement = NULL;
  g_autofree char *exception = NULL;
  g_auto (GStrv) words = NULL;
  g_auto (NebulaLogLine) line = { 0 };
  g_auto (NebulaExplanation) explanation = { 0 };
  int status = NEBULA_EXIT_OK;
  const GOptionEntry entries[] = {
    { "phase", 0, 0, G_OPTION_ARG_FILENAME, &phase,
      "Which call failed: execute (default), authenticate or verify", "PHASE" },
    { "statement", 0, 0, G_OPTION_ARG_FILENAME, &statement, "The statement that failed", "TEXT" },
    { "exception", 0, 0, G_OPTION_ARG_FILENAME, &exception,
      "Thrift answered, with an exception of this type", "TYPE" },
    { "format", 0, 0, G_OPTION_ARG_FILENAME, &format, "How to print: text (default) or json",
      "FORMAT" },
    { 0 },
  };

  if (!nebula_command_parse (&usage, entries, argv, &words, &status))
    return status;
  if (nebula_command_choose (formats, format) < 0)
    return nebula_command_misused (usage.name, "--format is '%s', expected text or json", format);
  if (!choose_phase (phase, &explanation.phase))
    return nebula_command_misused (
      usage.name, "--phase is '%s', expected execute, authenticate or verify", phase);
  if (!take_question (&explanation, words, exception, phase != NULL, &line, &status))
    return status;

  explanation.statement = statement;
  nebula_explanation_find (&explanation);
  if (nebula_command_choose (formats, format) == 1)
    print_json (&explanation);
  else
    print_text (&explanation);
  return NEBULA_EXIT_OK;
}
