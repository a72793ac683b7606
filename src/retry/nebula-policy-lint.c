/* SPDX-License-Identifier: Apache-2.0 */
#include "nebula-retry-policy-private.h"

#include "nebula-override-private.h"

#include <nebula-retry/nebula-error-info.h>
#include <nebula-retry/nebula-message-rule.h>

#include <string.h>

/* What a policy may say and should not: one small rule for each. */

/* What the defaults have: graphd's own tries multiply them already, more is what a lint is for. */
#define METAD_ATTEMPTS 4
#define METAD_LEADER_ATTEMPTS 10

/* graphd calls metad once and tries three times more (meta_client_retry_times). */
#define METAD_CALLS 4

/* Waits that are summed one by one: by then they have reached the cap, or never grow to matter. */
#define MAX_WAITS 1000

/* What is looked at: a policy, and the element of `methodConfig` that it comes from. */
typedef struct
{
  NebulaRetryPolicy *policy;
  const NebulaMethodRow *row; /* (nullable): %NULL for what holds where no method says more */
  guint index;                /* of @row */
  GPtrArray *lints;           /* (unowned): strings */
} Lint;

typedef void (*LintRule) (const Lint *self);

static void add (const Lint *self, const char *path, const char *format, ...) G_GNUC_PRINTF (3, 4);

/* Several causes share a back-off, and would say the same. */
static void
add (const Lint *self, const char *path, const char *format, ...)
{
  g_autofree char *why = NULL;
  g_autofree char *lint = NULL;
  va_list arguments;

  va_start (arguments, format);
  why = g_strdup_vprintf (format, arguments);
  va_end (arguments);
  lint = g_strdup_printf ("%s: %s", path, why);
  if (!g_ptr_array_find_with_equal_func (self->lints, lint, g_str_equal, NULL))
    g_ptr_array_add (self->lints, g_steal_pointer (&lint));
}

/* As in a file, with a point in every locale. */
static char *
seconds (double microseconds)
{
  char number[G_ASCII_DTOSTR_BUF_SIZE];

  g_ascii_formatd (number, sizeof number, "%.6g", microseconds / G_TIME_SPAN_SECOND);
  return g_strconcat (number, "s", NULL);
}

static gboolean
rules (const Lint *self)
{
  return self->policy->grpc.kind == NEBULA_GRPC_POLICY_RETRY;
}

/* What @key of a `retryPolicy` is called; %NULL for the whole. */
static char *
grpc_path (const Lint *self, const char *key)
{
  g_autofree char *row = self->row != NULL ? g_strdup_printf ("methodConfig[%u].", self->index)
                                           : g_strdup ("");

  return g_strconcat (row, "retryPolicy", key != NULL ? "." : "", key, NULL);
}

static char *
total_path (const Lint *self)
{
  if (self->row != NULL && self->row->timeout >= 0)
    return g_strdup_printf ("methodConfig[%u].timeout", self->index);
  return g_strdup ("nebula.timeouts.total");
}

/* Under decorrelated jitter no wait is shorter than the first may be. */
static double
smallest_part (NebulaJitter jitter)
{
  switch (jitter)
    {
    case NEBULA_JITTER_NONE:
    case NEBULA_JITTER_DECORRELATED:
      return 1.0;
    case NEBULA_JITTER_EQUAL:
      return 0.5;
    case NEBULA_JITTER_PROPORTIONAL:
      return 0.8;
    case NEBULA_JITTER_FULL:
    default:
      return 0.0;
    }
}

static double
sum_waits (const NebulaRetryPolicy *policy, const NebulaBackoff *backoff, guint attempts)
{
  gboolean grows = policy->jitter != NEBULA_JITTER_DECORRELATED;
  double wait = MIN (backoff->initial, backoff->maximum);
  double sum = 0;

  for (guint i = 1; i < MIN (attempts, MAX_WAITS); i++)
    {
      sum += wait;
      if (grows)
        wait = MIN (wait * backoff->multiplier, (double) backoff->maximum);
    }

  return sum * smallest_part (policy->jitter);
}

static void
check_fit (const Lint *self, const NebulaBackoff *backoff, guint attempts, const char *path)
{
  const NebulaRetryPolicy *policy = self->policy;
  gint64 first = MIN (backoff->initial, backoff->maximum);
  double sum = sum_waits (policy, backoff, attempts);
  g_autofree char *total = seconds (policy->total_timeout);
  g_autofree char *first_text = seconds (first);
  g_autofree char *sum_text = seconds (sum);

  if (attempts < 2 || policy->total_timeout == 0)
    return;
  if (first >= policy->total_timeout)
    add (self, path, "the first wait, %s, is as long as the whole call may take, %s: no retry fits",
         first_text, total);
  else if (sum > 0 && sum + policy->connect_timeout > policy->total_timeout)
    add (self, path,
         "%u attempts wait %s or more, which with a connect time-out does not fit "
         "into a call of %s: the last retries never happen",
         attempts, sum_text, total);
}

static guint
most_attempts (const NebulaRetryPolicy *policy, gboolean slow)
{
  guint most = 1;

  for (guint cause = 1; cause < NEBULA_N_CAUSES; cause++)
    if (!policy->causes[cause].said_backoff && !(slow && cause == NEBULA_CAUSE_LEADER))
      most = MAX (most, policy->causes[cause].attempts);

  return most;
}

static void
lint_waits (const Lint *self)
{
  NebulaRetryPolicy *policy = self->policy;

  if (rules (self))
    {
      g_autofree char *path = grpc_path (self, NULL);

      check_fit (self, &policy->grpc.backoff, most_attempts (policy, FALSE), path);
    }
  else
    {
      check_fit (self, &policy->fast, most_attempts (policy, FALSE), "nebula.backoff.fast");
      /* A leader has many attempts for the sake of graphd's cache, which heals at the fast pace. */
      check_fit (self, &policy->slow, most_attempts (policy, TRUE), "nebula.backoff.slow");
    }
  for (guint cause = 1; cause < NEBULA_N_CAUSES; cause++)
    if (policy->causes[cause].said_backoff)
      {
        const char *word = nebula_cause_to_string (cause);
        g_autofree char *path = g_strconcat ("nebula.backoff.", word, NULL);

        check_fit (self, &policy->causes[cause].fast, policy->causes[cause].attempts, path);
      }
}

static void
lint_connect (const Lint *self)
{
  g_autofree char *path = total_path (self);
  g_autofree char *total = seconds (self->policy->total_timeout);
  g_autofree char *connect = seconds (self->policy->connect_timeout);

  if (self->policy->total_timeout > 0
      && self->policy->connect_timeout > self->policy->total_timeout)
    add (self, path,
         "%s is shorter than the connect time-out, %s: a host that does not answer "
         "leaves no time to try another",
         total, connect);
}

static void
check_cap (const Lint *self, const NebulaBackoff *backoff, const char *path)
{
  g_autofree char *initial = seconds (backoff->initial);
  g_autofree char *maximum = seconds (backoff->maximum);

  if (backoff->maximum < backoff->initial)
    add (self, path, "%s is less than the first wait, %s, which it cuts: waits do not grow",
         maximum, initial);
}

static void
lint_cap (const Lint *self)
{
  const NebulaRetryPolicy *policy = self->policy;

  if (rules (self))
    {
      g_autofree char *path = grpc_path (self, "maxBackoff");

      check_cap (self, &policy->grpc.backoff, path);
    }
  check_cap (self, &policy->fast, "nebula.backoff.fast.maximum");
  check_cap (self, &policy->slow, "nebula.backoff.slow.maximum");
  for (guint cause = 1; cause < NEBULA_N_CAUSES; cause++)
    if (policy->causes[cause].said_backoff)
      {
        const char *word = nebula_cause_to_string (cause);
        g_autofree char *path = g_strconcat ("nebula.backoff.", word, ".maximum", NULL);

        check_cap (self, &policy->causes[cause].fast, path);
      }
}

static void
lint_jitter (const Lint *self)
{
  if (self->policy->jitter == NEBULA_JITTER_NONE)
    add (self, "nebula.jitter", "without jitter clients that failed together come back together");
}

static void
lint_replay (const Lint *self)
{
  if (self->policy->replay == NEBULA_REPLAY_ALWAYS)
    add (self, "nebula.replay",
         "\"always\" lets every statement run twice, also one that adds or deletes each time");
}

static void
lint_budget (const Lint *self)
{
  if (self->policy->budget.kind == NEBULA_BUDGET_NONE)
    add (self, "nebula.budget.kind", "without a budget retries multiply the load of an outage");
}

static void
check_metad (const Lint *self, NebulaCause cause, guint limit, const char *general)
{
  guint attempts = self->policy->causes[cause].attempts;
  gboolean said = self->policy->causes[cause].said_attempts > 0;
  g_autofree char *own = g_strconcat ("nebula.attempts.", nebula_cause_to_string (cause), NULL);

  if (attempts > limit)
    add (self, said ? own : general,
         "graphd tries a call of metad %d times by itself: %u attempts for cause %s are up to "
         "%" G_GUINT64_FORMAT " calls",
         METAD_CALLS, attempts, nebula_cause_to_string (cause), (guint64) attempts * METAD_CALLS);
}

static void
lint_metad (const Lint *self)
{
  g_autofree char *path = rules (self) ? grpc_path (self, "maxAttempts") : NULL;

  check_metad (self, NEBULA_CAUSE_RPC, METAD_ATTEMPTS,
               path != NULL ? path : "nebula.attempts.default");
  check_metad (self, NEBULA_CAUSE_LEADER, METAD_LEADER_ATTEMPTS,
               path != NULL ? path : "nebula.attempts.leader");
}

static gboolean
is_of_credentials (int cause)
{
  return cause == NEBULA_CAUSE_CREDENTIALS || cause == NEBULA_CAUSE_LOCKED;
}

static gboolean
is_text_of_credentials (const char *text)
{
  for (guint i = 0; i < nebula_message_rule_get_count (); i++)
    {
      const NebulaMessageRule *rule = nebula_message_rule_at (i);
      const char *known = nebula_message_rule_get_text (rule);

      if (is_of_credentials (nebula_message_rule_get_cause (rule))
          && (strstr (known, text) != NULL || strstr (text, known) != NULL))
        return TRUE;
    }

  return FALSE;
}

static gboolean
is_meant_for_credentials (const NebulaOverride *override)
{
  if (override->text != NULL)
    return is_text_of_credentials (override->text);
  return is_of_credentials (
    nebula_error_info_get_cause (nebula_error_info_for_code (override->code)));
}

/* What keeps the cause is never tried again, whatever its category: that is no more than a wrong
 * expectation. What changes the cause takes that protection away. */
static void
check_credentials (const Lint *self, const NebulaOverride *override, const char *path)
{
  gboolean meant = is_meant_for_credentials (override);
  gboolean kept = override->cause == NEBULA_UNSAID ? meant : is_of_credentials (override->cause);

  if (override->category != NEBULA_ERROR_CATEGORY_RETRYABLE)
    return;
  if (kept)
    add (self, path,
         "RETRYABLE changes nothing: a refused credential is never tried again, for "
         "graphd would lock the account");
  else if (meant)
    add (self, path,
         "a refused credential is tried again: graphd counts the refusals, and locks "
         "the account");
}

/* The cause after the override; NEBULA_UNSAID where only the failure itself will show it. */
static int
cause_after (const NebulaOverride *override)
{
  if (override->cause != NEBULA_UNSAID || override->text != NULL)
    return override->cause;
  return nebula_error_info_get_cause (nebula_error_info_for_code (override->code));
}

static gboolean
can_be_renewed (int cause)
{
  return cause == NEBULA_CAUSE_SESSION || cause == NEBULA_CAUSE_SPACE_LOST
         || cause == NEBULA_CAUSE_HANDSHAKE;
}

/* What an override says and the rest of it takes back. */
static void
check_contradiction (const Lint *self, const NebulaOverride *override, const char *path)
{
  int cause = cause_after (override);

  if (override->category == NEBULA_ERROR_CATEGORY_RETRYABLE && override->pace == NEBULA_PACE_NONE)
    add (self, path, "RETRYABLE changes nothing: with the pace NONE it is never tried again");
  if (override->category == NEBULA_ERROR_CATEGORY_RETRYABLE && cause == NEBULA_CAUSE_KILLED)
    add (self, path,
         "RETRYABLE changes nothing: what somebody killed on purpose is never tried again");
  if (override->category == NEBULA_ERROR_CATEGORY_SESSION && cause != NEBULA_UNSAID
      && !can_be_renewed (cause))
    add (self, path,
         "SESSION renews nothing with the cause %s, expected session, space-lost or handshake",
         nebula_cause_to_string (cause));
}

/* The first one that matches counts: an earlier and shorter text leaves nothing to a longer one. */
static void
check_reached (const Lint *self, guint n_before, const NebulaOverride *override, const char *path)
{
  const GPtrArray *overrides = self->policy->overrides;
  guint n_messages = 0;

  for (guint i = 0; override->text != NULL && i < n_before; i++)
    {
      const NebulaOverride *earlier = overrides->pdata[i];

      if (earlier->text == NULL)
        continue;
      if (strstr (override->text, earlier->text) != NULL)
        {
          add (self, path, "never counts: nebula.messages[%u] matches whatever it matches",
               n_messages);
          return;
        }
      n_messages++;
    }
}

static void
lint_overrides (const Lint *self)
{
  const GPtrArray *overrides = self->policy->overrides;
  guint n_messages = 0;

  for (guint i = 0; overrides != NULL && i < overrides->len; i++)
    {
      const NebulaOverride *override = overrides->pdata[i];
      g_autofree char *path = override->text != NULL
                                ? g_strdup_printf ("nebula.messages[%u]", n_messages++)
                                : g_strdup_printf ("nebula.codes.%d", override->code);

      check_credentials (self, override, path);
      check_contradiction (self, override, path);
      check_reached (self, i, override, path);
    }
}

/* In the order of reporting. Those with FALSE look at what no method can change. */
static const struct
{
  LintRule rule;
  gboolean of_method;
} lint_rules[] = {
  { lint_waits, TRUE },   { lint_connect, TRUE },      { lint_cap, TRUE },
  { lint_metad, TRUE },   { lint_jitter, FALSE },      { lint_replay, FALSE },
  { lint_budget, FALSE }, { lint_overrides, FALSE },
};

static void
run_rules (const Lint *lint)
{
  for (guint i = 0; i < G_N_ELEMENTS (lint_rules); i++)
    if (lint->row == NULL || lint_rules[i].of_method)
      lint_rules[i].rule (lint);
}

/**
 * nebula_retry_policy_lint:
 * @self: a policy
 *
 * Looks for what is allowed and most likely not meant, or harms the cluster: waits that do not fit
 * into the time limit, a cap below the first wait, attempts that multiply graphd's own, no jitter,
 * no budget, statements that always run twice, refused credentials that are tried again, overrides
 * that change nothing. The `methodConfig` of a file is looked at too. The defaults have none of it;
 * nor has a policy that is not #NebulaRetryPolicy:enabled, for it retries nothing.
 *
 * What the reader of the file found is not repeated: see nebula_retry_policy_get_warnings().
 * Safe in any thread.
 *
 * Returns: (transfer full) (element-type utf8): sentences, "path: why", the path being that of a
 *   policy file; empty rather than %NULL
 *
 * Since: 0.1
 */
GPtrArray *
nebula_retry_policy_lint (NebulaRetryPolicy *self)
{
  g_autoptr (GPtrArray) lints = g_ptr_array_new_with_free_func (g_free);
  Lint lint = { self, NULL, 0, lints };

  g_return_val_if_fail (NEBULA_IS_RETRY_POLICY (self), NULL);

  if (!self->enabled)
    return g_steal_pointer (&lints);

  run_rules (&lint);
  for (guint i = 0; self->methods != NULL && i < self->methods->len; i++)
    {
      const NebulaMethodRow *row = self->methods->pdata[i];

      lint.policy = row->policy;
      lint.row = row;
      lint.index = i;
      if (row->names->len > 0)
        run_rules (&lint);
    }

  return g_steal_pointer (&lints);
}
