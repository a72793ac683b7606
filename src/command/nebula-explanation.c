/* SPDX-License-Identifier: Apache-2.0 */
#include "nebula-explanation-private.h"

#include "nebula-sentence-list-private.h"
#include "nebula-wording-private.h"

#include <gio/gio.h>
#include <string.h>

/*
 * Why a failure means what it means: from the code over the text and the statement to what the
 * default policy would do. Everything is asked of the library, nothing is known here.
 */

/* In the middle of what jitter may make of a wait. */
#define MEAN_RANDOM 0.5

static void say (NebulaExplanation *self, const char *format, ...) G_GNUC_PRINTF (2, 3);

static void
say (NebulaExplanation *self, const char *format, ...)
{
  va_list arguments;

  va_start (arguments, format);
  g_ptr_array_add (self->reasoning, g_strdup_vprintf (format, arguments));
  va_end (arguments);
}

static void
say_code (NebulaExplanation *self)
{
  const NebulaErrorInfo *info = nebula_error_info_lookup (self->code);

  if (self->guessed)
    say (self, "No code is given; graphd sends this text with %d.", self->code);
  if (self->mentioned)
    say (self, "Nothing in the line says what the code is: the first that can be one is taken.");
  if (info != NULL)
    say (self, "Code %d is %s: %s.", self->code, nebula_error_info_get_name (info),
         nebula_error_info_get_meaning (info));
  else
    say (self,
         "Code %d is not in the table; of its range nothing is known, and what nobody knows "
         "is not tried again.",
         self->code);
}

static void
say_category (NebulaExplanation *self)
{
  say (self, "Category %s: %s. Cause: %s.",
       nebula_error_category_to_string (nebula_outcome_get_category (self->outcome)),
       nebula_wording_of_category (nebula_outcome_get_category (self->outcome)),
       nebula_cause_to_string (nebula_outcome_get_cause (self->outcome)));
}

static void
say_exception (NebulaExplanation *self)
{
  NebulaEffect effect = nebula_outcome_get_effect (self->outcome);

  say (self, "The server's Thrift answered instead of graphd, with an exception of type %d: %s.",
       self->exception, nebula_wording_of_exception (self->exception));
  if (nebula_outcome_get_cause (self->outcome) == NEBULA_CAUSE_STARTING)
    say (self, "By its text the server is stopping, or has not started.");
  say_category (self);
  say (self, "Effect %s: %s.", nebula_effect_to_string (effect), nebula_wording_of_effect (effect));
}

static void
say_rule (NebulaExplanation *self)
{
  const NebulaMessageRule *rule = self->rule;
  const char *source = rule != NULL ? nebula_message_rule_get_source (rule) : NULL;
  gint32 real = nebula_outcome_get_real_code (self->outcome);
  const NebulaErrorInfo *info = nebula_error_info_for_code (real);

  if (rule == NULL && (self->message == NULL || *self->message == '\0'))
    say (self, "There is no text, so the code decides.");
  else if (rule == NULL)
    say (self, "No rule knows the text, so the code decides.");
  else
    say (self, "The text %s \"%s\"%s%s%s, which %s %d %s: %s.",
         nebula_message_rule_is_prefix (rule) ? "begins with" : "has",
         nebula_message_rule_get_text (rule), source != NULL ? " (" : "",
         source != NULL ? source : "", source != NULL ? ")" : "",
         nebula_message_rule_get_real_code (rule) == 0 ? "names" : "stands for", real,
         nebula_error_info_get_name (info), nebula_error_info_get_meaning (info));
  say_category (self);
}

/* What the row that decided says of the effect, before anything else is looked at. */
static NebulaEffect
effect_of_row (const NebulaExplanation *self)
{
  gint32 real = nebula_outcome_get_real_code (self->outcome);
  const NebulaErrorInfo *info = nebula_error_info_for_code (self->rule != NULL ? real : self->code);
  NebulaEffect effect = nebula_error_info_get_effect (info);

  if (self->rule == NULL)
    return effect;
  if (nebula_message_rule_get_real_code (self->rule) == 0
      && nebula_message_rule_get_cause (self->rule) == NEBULA_CAUSE_UNKNOWN)
    return MAX (effect, nebula_message_rule_get_effect (self->rule));
  return nebula_message_rule_get_effect (self->rule);
}

static void
say_effect (NebulaExplanation *self)
{
  NebulaEffect said = effect_of_row (self);
  NebulaEffect found = nebula_outcome_get_effect (self->outcome);
  g_autoptr (NebulaOutcome) alone = nebula_outcome_new_from_reply (self->phase, self->code,
                                                                   self->message, -1, 0);
  NebulaEffect plain = nebula_outcome_get_effect (alone);

  say (self, "Effect %s: %s.", nebula_effect_to_string (said), nebula_wording_of_effect (said));
  if (plain > said)
    say (self,
         "It is raised to %s: this comes from storage, where other parts may have been "
         "written.",
         nebula_effect_to_string (plain));
  if (found > plain)
    say (self,
         "It is raised to %s: the statement is more than one step, and an earlier one may "
         "have been executed.",
         nebula_effect_to_string (found));
  if (found < plain)
    say (self,
         "It is lifted to %s: one UPDATE or UPSERT VERTEX writes one key of one part, and "
         "with this code that part refused it.",
         nebula_effect_to_string (found));
}

static void
say_statement (NebulaExplanation *self)
{
  if (self->statement == NULL)
    return;
  for (guint i = 0; i < self->sentences->len; i++)
    {
      const NebulaShownSentence *sentence = self->sentences->pdata[i];

      say (self, "Sentence %u, %s, is %s: %s.", i + 1, sentence->kind,
           nebula_statement_safety_to_string (sentence->safety),
           nebula_wording_of_safety (sentence->safety));
    }
  if (self->sentences->len != 1)
    say (self, "The statement is %s, as its worst sentence.",
         nebula_statement_safety_to_string (self->safety));
}

static NebulaDecision
decide (const NebulaExplanation *self, NebulaRetryPolicy *policy, NebulaStatementSafety safety)
{
  g_autoptr (NebulaRetryState) state = nebula_retry_state_new (policy, self->phase, 0);

  nebula_retry_state_set_endpoints (state, 1);
  nebula_retry_state_set_can_renew (state, TRUE);
  return nebula_retry_state_decide (state, self->outcome, safety, 0, MEAN_RANDOM);
}

static void
say_decision (NebulaExplanation *self, NebulaRetryPolicy *policy)
{
  NebulaDecision best = decide (self, policy, NEBULA_STATEMENT_READ_ONLY);
  NebulaDecision worst = decide (self, policy, NEBULA_STATEMENT_NOT_IDEMPOTENT);
  g_autofree char *best_words = nebula_wording_of_decision (&best);
  g_autofree char *worst_words = nebula_wording_of_decision (&worst);
  g_autofree char *words = NULL;

  if (self->statement != NULL)
    {
      self->decision = decide (self, policy, self->safety);
      words = nebula_wording_of_decision (&self->decision);
      say (self, "By default, after the first failure: %s.", words);
    }
  else if (best.action == worst.action)
    {
      say (self, "By default, after the first failure: %s.", best_words);
    }
  else
    {
      say (self, "By default, after the first failure of a READ_ONLY statement: %s.", best_words);
      say (self, "And of a NOT_IDEMPOTENT one: %s.", worst_words);
    }
}

/* Whether another attempt may follow, for the statement or for the safest one. */
static gboolean
goes_on (const NebulaExplanation *self, NebulaRetryPolicy *policy)
{
  NebulaStatementSafety safety = self->statement != NULL ? self->safety
                                                         : NEBULA_STATEMENT_READ_ONLY;

  return decide (self, policy, safety).action != NEBULA_ACTION_RETURN;
}

static void
say_waits (NebulaExplanation *self, NebulaRetryPolicy *policy)
{
  NebulaPace pace = nebula_outcome_get_pace (self->outcome);
  g_autofree char *total = nebula_wording_of_duration (
    nebula_retry_policy_get_total_timeout (policy));
  g_autofree char *first = NULL;
  g_autofree char *last = NULL;

  nebula_retry_policy_get_backoff (policy, pace == NEBULA_PACE_INSTANT ? NEBULA_PACE_FAST : pace,
                                   &self->first_wait, &self->last_wait, &self->multiplier);
  first = nebula_wording_of_duration (self->first_wait);
  last = nebula_wording_of_duration (self->last_wait);
  say (self,
       "At most %u attempts for the cause %s, within %s; the wait before each is random: "
       "first up to %s, %g times as much each time, never more than %s%s.",
       self->max_attempts, nebula_cause_to_string (nebula_outcome_get_cause (self->outcome)), total,
       first, self->multiplier, last,
       pace == NEBULA_PACE_INSTANT ? "; the first retry is at once" : "");
}

/* How often and how long at most. */
static void
say_limits (NebulaExplanation *self, NebulaRetryPolicy *policy)
{
  NebulaCause cause = nebula_outcome_get_cause (self->outcome);

  self->max_attempts = 1;
  if (!goes_on (self, policy))
    return;
  if (nebula_outcome_get_category (self->outcome) == NEBULA_ERROR_CATEGORY_SESSION)
    {
      /* What is mended once and fails again is not mended by more of it. */
      self->max_attempts = 2;
      say (self, "That is done once in a call.");
      return;
    }
  self->max_attempts = nebula_retry_policy_get_max_attempts (policy, cause);
  say_waits (self, policy);
}

/* What the library has codes of graphd for, though no graphd was heard. */
static const struct
{
  NebulaCause cause;
  gint32 code;
  NebulaTransportFailure failure;
} transport_failures[] = {
  { NEBULA_CAUSE_CONNECTION, -1, NEBULA_TRANSPORT_FAILURE_LOST },
  { NEBULA_CAUSE_CONNECTION, -2, NEBULA_TRANSPORT_FAILURE_CONNECT },
  { NEBULA_CAUSE_TIMEOUT, -3, NEBULA_TRANSPORT_FAILURE_TIMEOUT },
  { NEBULA_CAUSE_PROTOCOL, -3, NEBULA_TRANSPORT_FAILURE_PROTOCOL },
  { NEBULA_CAUSE_CANCELLED, -3, NEBULA_TRANSPORT_FAILURE_CANCELLED },
};

static const struct
{
  NebulaCause cause;
  GTlsError error;
} tls_failures[] = {
  { NEBULA_CAUSE_INCOMPATIBLE, G_TLS_ERROR_BAD_CERTIFICATE },
  { NEBULA_CAUSE_CREDENTIALS, G_TLS_ERROR_CERTIFICATE_REQUIRED },
};

/* Returns: (transfer full) (nullable): NULL when it was no failure of the transport */
static NebulaOutcome *
new_transport_outcome (const NebulaExplanation *self)
{
  NebulaSendState sent = self->not_applied ? NEBULA_SEND_STATE_NEVER : NEBULA_SEND_STATE_MAYBE;

  for (gsize i = 0; i < G_N_ELEMENTS (transport_failures); i++)
    if (self->cause == transport_failures[i].cause && self->code == transport_failures[i].code)
      return nebula_outcome_new_from_transport (transport_failures[i].failure, sent, self->message);
  for (gsize i = 0; i < G_N_ELEMENTS (tls_failures); i++)
    if (self->cause == tls_failures[i].cause && self->code == -2)
      {
        g_autoptr (GError) error = g_error_new_literal (G_TLS_ERROR, (int) tls_failures[i].error,
                                                        "TLS");

        return nebula_outcome_new_from_error (error, sent);
      }

  return NULL;
}

/* An error of the library says more than the code that it has. */
static gboolean
find_transport (NebulaExplanation *self)
{
  NebulaEffect effect;

  self->outcome = new_transport_outcome (self);
  if (self->outcome == NULL)
    return FALSE;
  effect = nebula_outcome_get_effect (self->outcome);
  say_code (self);
  say (self, "No server said that: the line is an error of the client, which names the cause.");
  say_category (self);
  say (self, "Effect %s: %s.", nebula_effect_to_string (effect), nebula_wording_of_effect (effect));
  return TRUE;
}

static void
find_reply (NebulaExplanation *self)
{
  if (find_transport (self))
    return;
  self->outcome = nebula_outcome_new_from_reply (self->phase, self->code, self->message, -1,
                                                 self->traits);
  self->rule = nebula_message_rule_lookup (self->phase, nebula_outcome_get_rule (self->outcome));
  say_code (self);
  say_rule (self);
  say_effect (self);
}

static void
find_exception (NebulaExplanation *self)
{
  self->outcome = nebula_outcome_new_from_exception (self->exception, self->message, -1);
  say_exception (self);
}

/**
 * nebula_explanation_find:
 * @self: a question; the rest of it is 0
 *
 * Finds the answer.
 */
void
nebula_explanation_find (NebulaExplanation *self)
{
  g_autoptr (NebulaRetryPolicy) policy = nebula_retry_policy_new ();
  gboolean readable;

  self->reasoning = g_ptr_array_new_with_free_func (g_free);
  if (self->statement != NULL)
    {
      self->safety = nebula_statement_get_safety (self->statement, -1, &self->traits);
      self->sentences = nebula_sentence_list_new (self->statement, strlen (self->statement),
                                                  &readable);
    }
  if (self->exception >= 0)
    find_exception (self);
  else
    find_reply (self);
  say_statement (self);
  say_decision (self, policy);
  say_limits (self, policy);
}

void
nebula_explanation_clear (NebulaExplanation *self)
{
  g_clear_pointer (&self->outcome, nebula_outcome_unref);
  g_clear_pointer (&self->sentences, g_ptr_array_unref);
  g_clear_pointer (&self->reasoning, g_ptr_array_unref);
}
