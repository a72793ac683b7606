/* SPDX-License-Identifier: Apache-2.0 */
#include "nebula-wording-private.h"

/*
 * What the words of the enumerations mean, for people: half a sentence each, static. An enumerator
 * that is new in the library answers "?", like its _to_string () does.
 */

#define WORDING(table, index)                                                                      \
  ((guint) (index) < G_N_ELEMENTS (table) && (table)[index] != NULL ? (table)[index] : "?")

const char *
nebula_wording_of_category (NebulaErrorCategory category)
{
  static const char *const table[] = {
    [NEBULA_ERROR_CATEGORY_OK] = "nobody has to act",
    [NEBULA_ERROR_CATEGORY_RETRYABLE] = "time heals it",
    [NEBULA_ERROR_CATEGORY_FATAL] = "the caller has to change the request",
    [NEBULA_ERROR_CATEGORY_AUTH] = "the owner of the credentials or of the rights has to act",
    [NEBULA_ERROR_CATEGORY_SESSION] = "a new session, or setting it up again, heals it",
  };

  return WORDING (table, category);
}

const char *
nebula_wording_of_effect (NebulaEffect effect)
{
  static const char *const table[] = {
    [NEBULA_EFFECT_NONE] = "nothing was executed",
    [NEBULA_EFFECT_PART] = "the part that answered did nothing, others may have",
    [NEBULA_EFFECT_MAYBE] = "it may have been applied: nobody can know",
    [NEBULA_EFFECT_APPLIED] = "it was executed",
  };

  return WORDING (table, effect);
}

const char *
nebula_wording_of_pace (NebulaPace pace)
{
  static const char *const table[] = {
    [NEBULA_PACE_NONE] = "waiting does not help",
    [NEBULA_PACE_INSTANT] = "again at once, then after milliseconds",
    [NEBULA_PACE_FAST] = "again after milliseconds",
    [NEBULA_PACE_SLOW] = "again after seconds",
    [NEBULA_PACE_PUSHBACK] = "the server said how long to wait",
  };

  return WORDING (table, pace);
}

const char *
nebula_wording_of_safety (NebulaStatementSafety safety)
{
  static const char *const table[] = {
    [NEBULA_STATEMENT_READ_ONLY] = "it changes nothing",
    [NEBULA_STATEMENT_IDEMPOTENT] = "a second run leaves the same state",
    [NEBULA_STATEMENT_CONVERGENT] = "a second run fails harmlessly",
    [NEBULA_STATEMENT_NOT_IDEMPOTENT] = "a second run may change more",
  };

  return WORDING (table, safety);
}

const char *
nebula_wording_of_action (NebulaAction action)
{
  static const char *const table[] = {
    [NEBULA_ACTION_RETURN] = "give up",
    [NEBULA_ACTION_RETRY] = "send again",
    [NEBULA_ACTION_RENEW_SESSION] = "get a new session, send again",
    [NEBULA_ACTION_REPLAY_SPACE] = "USE the space, send again",
    [NEBULA_ACTION_HANDSHAKE] = "shake hands, send again",
    [NEBULA_ACTION_MOVE] = "send again elsewhere",
  };

  return WORDING (table, action);
}

const char *
nebula_wording_of_reason (NebulaReason reason)
{
  static const char *const table[] = {
    [NEBULA_REASON_SUCCESS] = "it succeeded",
    [NEBULA_REASON_BACKOFF] = "another attempt may help",
    [NEBULA_REASON_INSTANT] = "another attempt may help at once",
    [NEBULA_REASON_NEVER_SENT] = "the request never left",
    [NEBULA_REASON_SESSION_GONE] = "the session is gone",
    [NEBULA_REASON_SPACE_LOST] = "the space was lost",
    [NEBULA_REASON_HANDSHAKE] = "the handshake is missing",
    [NEBULA_REASON_NOT_RETRYABLE] = "another attempt cannot help",
    [NEBULA_REASON_REFUSED_CREDENTIAL] = "refused, and another try may lock the account",
    [NEBULA_REASON_KILLED] = "somebody ended it on purpose",
    [NEBULA_REASON_PARTIAL] = "a part of the data is there",
    [NEBULA_REASON_EFFECT_UNKNOWN] = "may have been applied, must not run twice",
    [NEBULA_REASON_ATTEMPTS] = "all attempts are used up",
    [NEBULA_REASON_DEADLINE] = "no time is left",
    [NEBULA_REASON_BUDGET] = "the retry budget is used up",
    [NEBULA_REASON_THROTTLED] = "retries are throttled",
    [NEBULA_REASON_PUSHBACK] = "the server asks to stay away",
    [NEBULA_REASON_CANCELLED] = "cancelled",
    [NEBULA_REASON_CIRCUIT_OPEN] = "no endpoint may be tried now",
    [NEBULA_REASON_NO_CREDENTIALS] = "the session is gone and no credentials are known",
    [NEBULA_REASON_RENEWED_ALREADY] = "the session was renewed once already",
    [NEBULA_REASON_OFF] = "retries are switched off",
  };

  return WORDING (table, reason);
}

/* What the types of Thrift's application exceptions stand for: Apache's up to 10, then
 * fbthrift's. */
const char *
nebula_wording_of_exception (gint32 type)
{
  static const char *const table[] = {
    "unknown, or a message that is none",
    "unknown method",
    "invalid arguments",
    "wrong method name",
    "bad sequence number",
    "missing result",
    "internal error",
    "protocol error",
    "invalid transform",
    "invalid protocol",
    "unsupported client type",
    "load shedding",
    "time-out of the server",
    "injected failure",
    "checksum mismatch",
    "interruption",
  };

  if (type < 0 || (gsize) type >= G_N_ELEMENTS (table))
    return "a type that nobody knows";
  return table[type];
}


/**
 * nebula_wording_of_duration:
 * @duration: in microseconds
 *
 * Returns: (transfer full): as short as it stays true, such as "0.4 ms", "12 ms", "1.5 s"
 */
char *
nebula_wording_of_duration (gint64 duration)
{
  if (duration < 10 * G_TIME_SPAN_MILLISECOND)
    return g_strdup_printf ("%.1f ms", duration / 1000.0);
  if (duration < G_TIME_SPAN_SECOND)
    return g_strdup_printf ("%" G_GINT64_FORMAT " ms", duration / G_TIME_SPAN_MILLISECOND);
  return g_strdup_printf ("%.1f s", duration / (double) G_TIME_SPAN_SECOND);
}

/**
 * nebula_wording_of_decision:
 *
 * Returns: (transfer full): what is done, when and why: "send again in 4.2 ms: another attempt may
 *   help"
 */
char *
nebula_wording_of_decision (const NebulaDecision *decision)
{
  const char *action = nebula_wording_of_action (decision->action);
  const char *reason = nebula_wording_of_reason (decision->reason);
  g_autofree char *delay = NULL;

  /* Not every end is a failure. */
  if (decision->reason == NEBULA_REASON_SUCCESS)
    return g_strdup ("done");
  if (decision->reason == NEBULA_REASON_PARTIAL)
    action = "hand it over";
  if (decision->delay <= 0)
    return g_strdup_printf ("%s: %s", action, reason);
  delay = nebula_wording_of_duration (decision->delay);
  return g_strdup_printf ("%s in %s: %s", action, delay, reason);
}
