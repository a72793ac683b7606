/* SPDX-License-Identifier: Apache-2.0 */
#include <nebula-retry/nebula-attempt.h>
#include <nebula-retry/nebula-error-info.h>
#include <nebula-retry/nebula-error.h>

#include "nebula-outcome-error-private.h"

/* What is known of an error that carries no outcome: NebulaGraph's own number for that. */
#define CODE_UNKNOWN (-8000)

/* Texts of the server are quoted up to here, in bytes: graphd cuts most of its own at 255, and a
 * line of a log should stay one. The outcome has the whole text. */
#define MAX_QUOTED 256

/**
 * SECTION:nebula-error
 * @title: NebulaError
 * @short_description: what a call that failed leaves behind
 *
 * An error of %NEBULA_ERROR that comes from a call carries the outcome that stands for the call
 * and every attempt. Its message is one line:
 *
 * |[
 * execute: Storage Error: Not the leader of 5 (code -1005, really -4 E_LEADER_CHANGED,
 * leader); may have been applied; 10 attempts
 * ]|
 *
 * All functions that take an error accept %NULL and errors of any domain. An error of GIO or of
 * Apache Thrift's c_glib is judged as nebula_outcome_new_from_error() does when nobody knows
 * whether the request was sent. Of other domains nothing is known: no predicate holds for them.
 */

typedef struct
{
  NebulaOutcome *outcome; /* (owned) (nullable) */
  GPtrArray *attempts;    /* (owned) (nullable): of NebulaAttempt; never changed once it is here */
} NebulaErrorPrivate;

static void
nebula_error_private_init (NebulaErrorPrivate *priv)
{
}

static void
nebula_error_private_copy (const NebulaErrorPrivate *source,
                           NebulaErrorPrivate *copy)
{
  if (source->outcome != NULL)
    copy->outcome = nebula_outcome_ref (source->outcome);
  if (source->attempts != NULL)
    copy->attempts = g_ptr_array_ref (source->attempts);
}

static void
nebula_error_private_clear (NebulaErrorPrivate *priv)
{
  g_clear_pointer (&priv->outcome, nebula_outcome_unref);
  g_clear_pointer (&priv->attempts, g_ptr_array_unref);
}

G_DEFINE_EXTENDED_ERROR (NebulaError, nebula_error)

G_DEFINE_ENUM_TYPE (NebulaError, nebula_error,
                    G_DEFINE_ENUM_VALUE (NEBULA_ERROR_FAILED, "failed"),
                    G_DEFINE_ENUM_VALUE (NEBULA_ERROR_RETRYABLE, "retryable"),
                    G_DEFINE_ENUM_VALUE (NEBULA_ERROR_FATAL, "fatal"),
                    G_DEFINE_ENUM_VALUE (NEBULA_ERROR_AUTH, "auth"),
                    G_DEFINE_ENUM_VALUE (NEBULA_ERROR_SESSION, "session"),
                    G_DEFINE_ENUM_VALUE (NEBULA_ERROR_CANCELLED, "cancelled"),
                    G_DEFINE_ENUM_VALUE (NEBULA_ERROR_INVALID_ARGUMENT, "invalid-argument"),
                    G_DEFINE_ENUM_VALUE (NEBULA_ERROR_WRONG_STATE, "wrong-state"))

static NebulaError
code_for_outcome (const NebulaOutcome *outcome)
{
  if (outcome == NULL)
    return NEBULA_ERROR_FAILED;
  if (nebula_outcome_get_cause (outcome) == NEBULA_CAUSE_CANCELLED)
    return NEBULA_ERROR_CANCELLED;

  switch (nebula_outcome_get_category (outcome))
    {
    case NEBULA_ERROR_CATEGORY_RETRYABLE:
      return NEBULA_ERROR_RETRYABLE;
    case NEBULA_ERROR_CATEGORY_FATAL:
      return NEBULA_ERROR_FATAL;
    case NEBULA_ERROR_CATEGORY_AUTH:
      return NEBULA_ERROR_AUTH;
    case NEBULA_ERROR_CATEGORY_SESSION:
      return NEBULA_ERROR_SESSION;
    case NEBULA_ERROR_CATEGORY_OK:
    default:
      return NEBULA_ERROR_FAILED;
    }
}

static NebulaOutcome *
get_attempt_outcome (GPtrArray *attempts,
                     guint index)
{
  return nebula_attempt_get_outcome (g_ptr_array_index (attempts, index));
}

/* The most that the call can have done: effects rise in their enumeration. */
static NebulaEffect
get_largest_effect (const NebulaOutcome *outcome,
                    GPtrArray *attempts)
{
  NebulaEffect largest = NEBULA_EFFECT_NONE;

  if (outcome != NULL)
    largest = nebula_outcome_get_effect (outcome);
  for (guint i = 0; attempts != NULL && i < attempts->len; i++)
    largest = MAX (largest, nebula_outcome_get_effect (get_attempt_outcome (attempts, i)));

  return largest;
}

/* What would end a line in a terminal or a log. */
static gboolean
breaks_line (gunichar c)
{
  return g_unichar_iscntrl (c) || g_unichar_type (c) == G_UNICODE_LINE_SEPARATOR
         || g_unichar_type (c) == G_UNICODE_PARAGRAPH_SEPARATOR;
}

/* One line of valid UTF-8, empty when there is nothing to say. */
static char *
quote (const char *text)
{
  g_autofree char *valid = g_utf8_make_valid (text, -1);
  g_autoptr (GString) quoted = g_string_new (NULL);

  for (const char *p = g_strstrip (valid); *p != '\0'; p = g_utf8_next_char (p))
    {
      gunichar c = g_utf8_get_char (p);

      if (quoted->len >= MAX_QUOTED)
        {
          g_string_append (quoted, "…");
          break;
        }
      g_string_append_unichar (quoted, breaks_line (c) ? ' ' : c);
    }

  return g_string_free (g_steal_pointer (&quoted), FALSE);
}

/* The text that came with the failure, else what its code means; but a number that stands for
 * several failures of the transport does not mean the one that it was. */
static char *
get_text (const NebulaOutcome *outcome,
          const NebulaErrorInfo *info)
{
  const char *message = nebula_outcome_get_message (outcome);
  g_autofree char *quoted = quote (message != NULL ? message : "");

  if (*quoted != '\0')
    return g_steal_pointer (&quoted);
  if (nebula_error_info_get_cause (info) == nebula_outcome_get_cause (outcome))
    return g_strdup (nebula_error_info_get_meaning (info));

  return NULL;
}

static void
append_outcome (GString *message,
                const NebulaOutcome *outcome)
{
  gint32 wire_code = nebula_outcome_get_wire_code (outcome);
  gint32 real_code = nebula_outcome_get_real_code (outcome);
  const NebulaErrorInfo *info = nebula_error_info_for_code (real_code);
  g_autofree char *text = get_text (outcome, info);

  if (text != NULL)
    g_string_append_printf (message, ": %s", text);
  g_string_append_printf (message, " (code %d", wire_code);
  if (real_code != wire_code)
    g_string_append_printf (message, ", really %d", real_code);
  g_string_append_printf (message, " %s, %s)", nebula_error_info_get_name (info),
                          nebula_cause_to_string (nebula_outcome_get_cause (outcome)));
}

static const char *
describe_effect (NebulaEffect effect)
{
  switch (effect)
    {
    case NEBULA_EFFECT_NONE:
      return "not applied";
    case NEBULA_EFFECT_PART:
      return "may have been applied in part";
    case NEBULA_EFFECT_APPLIED:
      return "applied";
    case NEBULA_EFFECT_MAYBE:
    default:
      return "may have been applied";
    }
}

static char *
build_message (const NebulaOutcome *outcome,
               GPtrArray *attempts,
               const char *text)
{
  g_autoptr (GString) message = g_string_new (text != NULL ? text : "the call failed");

  if (outcome != NULL)
    append_outcome (message, outcome);
  if (outcome != NULL || attempts != NULL)
    g_string_append_printf (message, "; %s",
                            describe_effect (get_largest_effect (outcome, attempts)));
  if (attempts != NULL)
    g_string_append_printf (message, attempts->len == 1 ? "; %u attempt" : "; %u attempts",
                            attempts->len);

  return g_string_free (g_steal_pointer (&message), FALSE);
}

/* The caller keeps its array and may go on adding to it, so the error has one of its own. */
static GPtrArray *
copy_attempts (GPtrArray *attempts)
{
  GPtrArray *copy
      = g_ptr_array_new_full (attempts->len, (GDestroyNotify) nebula_attempt_unref);

  for (guint i = 0; i < attempts->len; i++)
    g_ptr_array_add (copy, nebula_attempt_ref (g_ptr_array_index (attempts, i)));

  return copy;
}

/**
 * nebula_error_new_for_outcome:
 * @outcome: (nullable): what stands for the call, for example the choice of
 *   nebula_error_choose_outcome()
 * @attempts: (nullable) (element-type NebulaAttempt): all attempts of the call, oldest first;
 *   copied; %NULL or empty when there were none
 * @text: (nullable): what failed, such as `execute failed`, the beginning of the message
 *
 * Makes an error in the domain %NEBULA_ERROR. Its code is %NEBULA_ERROR_CANCELLED when the caller
 * cancelled, else what the category of @outcome says, else %NEBULA_ERROR_FAILED.
 *
 * Returns: (transfer full): a new error
 *
 * Since: 0.1
 */
GError *
nebula_error_new_for_outcome (NebulaOutcome *outcome,
                              GPtrArray *attempts,
                              const char *text)
{
  g_autofree char *message = NULL;
  NebulaErrorPrivate *priv;
  GError *error;

  if (attempts != NULL && attempts->len == 0)
    attempts = NULL;

  message = build_message (outcome, attempts, text);
  error = g_error_new_literal (NEBULA_ERROR, code_for_outcome (outcome), message);
  priv = nebula_error_get_private (error);
  if (outcome != NULL)
    priv->outcome = nebula_outcome_ref (outcome);
  if (attempts != NULL)
    priv->attempts = copy_attempts (attempts);

  return error;
}

/* NULL for errors that are not ours. */
static const NebulaErrorPrivate *
peek_private (const GError *error)
{
  if (error == NULL || error->domain != NEBULA_ERROR)
    return NULL;

  return nebula_error_get_private (error);
}

/* What @error means: its own outcome, or what is known of its kind; NULL for what comes from no
 * call. One of ours without an outcome comes from none: an argument was wrong, or a file. */
static NebulaOutcome *
judge (const GError *error)
{
  NebulaOutcome *own = nebula_error_get_outcome (error);

  if (own != NULL)
    return nebula_outcome_ref (own);
  if (error == NULL || error->domain == NEBULA_ERROR || !nebula_outcome_knows_domain (error))
    return NULL;

  return nebula_outcome_new_from_error (error, NEBULA_SEND_STATE_MAYBE);
}

/* An error of ours says itself what it is. */
static gboolean
is_of_kind (const GError *error,
            NebulaError kind)
{
  g_autoptr (NebulaOutcome) outcome = NULL;

  if (error != NULL && error->domain == NEBULA_ERROR)
    return error->code == (int) kind;

  outcome = judge (error);
  return outcome != NULL && code_for_outcome (outcome) == kind;
}

/**
 * nebula_error_get_outcome:
 * @error: (nullable): an error of any domain
 *
 * Gets the outcome that stands for the call.
 *
 * Returns: (nullable) (transfer none): the outcome, valid as long as @error; %NULL when it has
 *   none
 *
 * Since: 0.1
 */
NebulaOutcome *
nebula_error_get_outcome (const GError *error)
{
  const NebulaErrorPrivate *priv = peek_private (error);

  return priv != NULL ? priv->outcome : NULL;
}

/**
 * nebula_error_get_attempts:
 * @error: (nullable): an error of any domain
 *
 * Gets all attempts of the call, oldest first. The array must not be changed.
 *
 * Returns: (nullable) (transfer none) (element-type NebulaAttempt): the attempts, valid as long
 *   as @error; %NULL when it has none
 *
 * Since: 0.1
 */
GPtrArray *
nebula_error_get_attempts (const GError *error)
{
  const NebulaErrorPrivate *priv = peek_private (error);

  return priv != NULL ? priv->attempts : NULL;
}

/**
 * nebula_error_choose_outcome:
 * @attempts: (nullable) (element-type NebulaAttempt): the attempts of a call, oldest first
 *
 * Chooses the outcome that stands for a call whose attempts failed in different ways. What a
 * caller must know before anything else is that the statement may have been applied: so it is the
 * latest outcome that says so. When none does, the first one is what went wrong, and the others
 * are what came of trying again. Attempts that succeeded are passed over.
 *
 * Returns: (nullable) (transfer none): the outcome, valid as long as its attempt; %NULL when no
 *   attempt failed
 *
 * Since: 0.1
 */
NebulaOutcome *
nebula_error_choose_outcome (GPtrArray *attempts)
{
  NebulaOutcome *first = NULL;

  for (guint i = attempts != NULL ? attempts->len : 0; i > 0; i--)
    {
      NebulaOutcome *outcome = get_attempt_outcome (attempts, i - 1);

      if (nebula_outcome_get_category (outcome) == NEBULA_ERROR_CATEGORY_OK)
        continue;
      if (nebula_outcome_get_effect (outcome) != NEBULA_EFFECT_NONE)
        return outcome;
      first = outcome;
    }

  return first;
}

/**
 * nebula_error_is_retryable:
 * @error: (nullable): an error of any domain
 *
 * Checks for %NEBULA_ERROR_RETRYABLE: a later call may succeed. Whether it is safe to make it is
 * another question: see nebula_error_may_have_been_applied().
 *
 * Returns: %TRUE when it is so, %FALSE for any other error and %NULL
 *
 * Since: 0.1
 */
gboolean
nebula_error_is_retryable (const GError *error)
{
  return is_of_kind (error, NEBULA_ERROR_RETRYABLE);
}

/**
 * nebula_error_is_fatal:
 * @error: (nullable): an error of any domain
 *
 * Checks for %NEBULA_ERROR_FATAL: the same call cannot succeed.
 *
 * Returns: %TRUE when it is so, %FALSE for any other error and %NULL
 *
 * Since: 0.1
 */
gboolean
nebula_error_is_fatal (const GError *error)
{
  return is_of_kind (error, NEBULA_ERROR_FATAL);
}

/**
 * nebula_error_is_auth:
 * @error: (nullable): an error of any domain
 *
 * Checks for %NEBULA_ERROR_AUTH: credentials or rights are missing.
 *
 * Returns: %TRUE when it is so, %FALSE for any other error and %NULL
 *
 * Since: 0.1
 */
gboolean
nebula_error_is_auth (const GError *error)
{
  return is_of_kind (error, NEBULA_ERROR_AUTH);
}

/**
 * nebula_error_is_session:
 * @error: (nullable): an error of any domain
 *
 * Checks for %NEBULA_ERROR_SESSION: the session is gone.
 *
 * Returns: %TRUE when it is so, %FALSE for any other error and %NULL
 *
 * Since: 0.1
 */
gboolean
nebula_error_is_session (const GError *error)
{
  return is_of_kind (error, NEBULA_ERROR_SESSION);
}

/**
 * nebula_error_may_have_been_applied:
 * @error: (nullable): an error of any domain
 *
 * Checks whether the statement may have been executed, wholly or in part, although the call
 * failed: by the outcome that stands for the call or by any of its attempts. An error from below is
 * taken for one that came after the request may have been sent, unless its kind says otherwise.
 *
 * Returns: %TRUE when it may have been applied; %FALSE when it was not, and for errors that do
 *   not come from a call
 *
 * Since: 0.1
 */
gboolean
nebula_error_may_have_been_applied (const GError *error)
{
  const NebulaErrorPrivate *priv = peek_private (error);
  g_autoptr (NebulaOutcome) outcome = NULL;

  if (priv != NULL)
    return get_largest_effect (priv->outcome, priv->attempts) != NEBULA_EFFECT_NONE;

  outcome = judge (error);
  return outcome != NULL && nebula_outcome_get_effect (outcome) != NEBULA_EFFECT_NONE;
}

/**
 * nebula_error_get_code:
 * @error: (nullable): an error of any domain
 *
 * Gets the number that the server sent, or that stands for a failure of the transport.
 *
 * Returns: NebulaGraph's error code; 0 for %NULL, and -8000, which is NebulaGraph's own for what
 *   nobody knows, for an error that does not come from a call
 *
 * Since: 0.1
 */
gint32
nebula_error_get_code (const GError *error)
{
  g_autoptr (NebulaOutcome) outcome = judge (error);

  if (error == NULL)
    return 0;

  return outcome != NULL ? nebula_outcome_get_wire_code (outcome) : CODE_UNKNOWN;
}

/**
 * nebula_error_get_real_code:
 * @error: (nullable): an error of any domain
 *
 * Gets the number of what really happened, where the text of the server told more than its code.
 *
 * Returns: like nebula_error_get_code()
 *
 * Since: 0.1
 */
gint32
nebula_error_get_real_code (const GError *error)
{
  g_autoptr (NebulaOutcome) outcome = judge (error);

  if (error == NULL)
    return 0;

  return outcome != NULL ? nebula_outcome_get_real_code (outcome) : CODE_UNKNOWN;
}

/**
 * nebula_error_get_grpc_status:
 * @error: (nullable): an error of any domain
 *
 * Gets the status that gRPC would have.
 *
 * Returns: the status; %NEBULA_GRPC_OK for %NULL, and %NEBULA_GRPC_UNKNOWN for an error that does
 *   not come from a call
 *
 * Since: 0.1
 */
NebulaGrpcStatus
nebula_error_get_grpc_status (const GError *error)
{
  g_autoptr (NebulaOutcome) outcome = judge (error);

  if (error == NULL)
    return NEBULA_GRPC_OK;

  return outcome != NULL ? nebula_outcome_get_grpc_status (outcome) : NEBULA_GRPC_UNKNOWN;
}
