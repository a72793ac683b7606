/* SPDX-License-Identifier: Apache-2.0 */
#include <gio/gio.h>
#include <nebula-retry/nebula-error-info.h>

#include "failures.h"

/* What a policy file says of a method, and what it decides. */

/* Of the package too, as gRPC's files have it. */
#define SERVICE "nebula.graph.GraphService"

static NebulaRetryPolicy *
parse (const char *json)
{
  g_autoptr (GError) error = NULL;
  NebulaRetryPolicy *policy = nebula_retry_policy_new_from_json (json, -1, &error);

  g_assert_no_error (error);

  return policy;
}

/* A file with a `retryPolicy` for everything that lists @codes, and @nebula. */
static NebulaRetryPolicy *
parse_rule (const char *codes,
            const char *nebula)
{
  g_autofree char *json = g_strdup_printf (
      "{\"methodConfig\": [{\"name\": [{}], \"retryPolicy\": {\"maxAttempts\": 3,"
      " \"initialBackoff\": \"0.1s\", \"maxBackoff\": \"0.3s\", \"backoffMultiplier\": 2,"
      " \"retryableStatusCodes\": %s}}], \"nebula\": {%s}}",
      codes, nebula);

  return parse (json);
}

/* A call of execute under @policy that has not failed yet. */
static NebulaRetryState *
new_call (NebulaRetryPolicy *policy)
{
  NebulaRetryPolicy *own = nebula_retry_policy_get_for_method (policy, "GraphService", "execute");
  NebulaRetryState *state = nebula_retry_state_new (own, EXECUTE, START);

  nebula_retry_state_set_can_renew (state, TRUE);

  return state;
}

static NebulaDecision
ask_code (NebulaRetryPolicy *policy,
          gint32 code,
          const char *message,
          NebulaStatementSafety safety)
{
  g_autoptr (NebulaRetryState) state = new_call (policy);
  g_autoptr (NebulaOutcome) outcome
      = nebula_outcome_new_from_reply (EXECUTE, code, message, -1, NEBULA_CALL_TRAITS_NONE);

  return nebula_retry_state_decide (state, outcome, safety, START, 0.5);
}

static void
test_names (void)
{
  g_test_summary ("The entry with the method wins, then the service, then the one for all; the "
                  "package may be left out on either side");

  static const struct
  {
    const char *service;
    const char *method;
    gint64 timeout;
  } cases[] = {
    { SERVICE, "execute", 1 * S },
    { "GraphService", "execute", 1 * S },
    { SERVICE, "authenticate", 2 * S },
    { "GraphService", "Execute", 2 * S },
    { "MetaService", "execute", 3 * S },
    { "nebula.meta.MetaService", "execute", 3 * S },
    { "other.GraphService", "execute", 4 * S },
    { "StorageService", "execute", 4 * S },
    { "", "", 4 * S },
  };
  g_autoptr (NebulaRetryPolicy) policy = parse (
      "{\"methodConfig\": ["
      "{\"name\": [{}], \"timeout\": \"4s\"},"
      "{\"name\": [{\"service\": \"" SERVICE "\", \"method\": \"execute\"}], \"timeout\": \"1s\"},"
      "{\"name\": [{\"service\": \"" SERVICE "\", \"method\": \"\"},"
      " {\"service\": \"MetaService\", \"method\": null}], \"timeout\": \"2s\"},"
      "{\"name\": [{\"service\": \"MetaService\", \"method\": \"execute\"}],"
      " \"timeout\": \"3s\"}]}");

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      NebulaRetryPolicy *own
          = nebula_retry_policy_get_for_method (policy, cases[i].service, cases[i].method);

      g_test_message ("%s/%s", cases[i].service, cases[i].method);
      g_assert_cmpint (nebula_retry_policy_get_total_timeout (own), ==, cases[i].timeout);
    }
  g_assert_cmpint (nebula_retry_policy_get_total_timeout (policy), ==, 120 * S);
}

static void
test_without_names (void)
{
  g_test_summary ("Where a file says nothing of a method the policy answers for itself");

  g_autoptr (NebulaRetryPolicy) made = nebula_retry_policy_new ();
  g_autoptr (NebulaRetryPolicy) other
      = parse ("{\"methodConfig\": [{\"name\": [{\"service\": \"a\"}]}]}");

  g_assert_true (nebula_retry_policy_get_for_method (made, SERVICE, "execute") == made);
  g_assert_true (nebula_retry_policy_get_for_method (other, SERVICE, "execute") == other);
  g_assert_false (nebula_retry_policy_get_for_method (other, "a", "execute") == other);
}

static void
test_narrows (void)
{
  g_test_summary ("A RETRYABLE outcome whose status is not listed is not retried");

  static const struct
  {
    const char *codes;
    Failure failure;
    gboolean retried;
  } cases[] = {
    { "[\"UNAVAILABLE\"]", LEADER, TRUE },
    { "[\"ABORTED\"]", LEADER, FALSE },
    { "[\"ABORTED\"]", CONFLICT, TRUE },
    { "[\"UNAVAILABLE\"]", CONFLICT, FALSE },
    { "[\"RESOURCE_EXHAUSTED\"]", OVERLOAD, TRUE },
    { "[\"UNAVAILABLE\", \"ABORTED\"]", OVERLOAD, FALSE },
    { "[\"ABORTED\"]", LOST, FALSE },
    { "[\"UNAVAILABLE\"]", LOST, TRUE },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (NebulaRetryPolicy) policy = parse_rule (cases[i].codes, "");
      g_autoptr (NebulaRetryState) state = new_call (policy);
      NebulaDecision decision = ask (state, cases[i].failure, READ_ONLY, START, 0);

      g_test_message ("case %" G_GSIZE_FORMAT, i);
      if (cases[i].retried)
        g_assert_cmpint (decision.action, ==, RETRY);
      else
        assert_decision (decision, RETURN, NEBULA_REASON_NOT_RETRYABLE, 0);
    }
}

/* Calls of gRPC that never left are tried again transparently, whatever its list says. */
#define NOT_ITS_STATUS "[\"ABORTED\"]"

static void
test_transparent (void)
{
  g_test_summary ("A request that never left is tried again although its status is not listed");

  static const struct
  {
    Failure never_sent;
    Failure sent;
  } cases[] = {
    { CONNECT, LOST },
    { LOST_UNSENT, LOST },
    { TIMEOUT_UNSENT, TIMEOUT },
  };
  g_autoptr (NebulaRetryPolicy) policy = parse_rule (NOT_ITS_STATUS, "");

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (NebulaRetryState) state = new_call (policy);

      g_test_message ("case %" G_GSIZE_FORMAT, i);
      assert_decision (ask (state, cases[i].never_sent, UNSAFE, START, 0), RETRY,
                       NEBULA_REASON_NEVER_SENT, 0);
      assert_decision (ask (state, cases[i].sent, READ_ONLY, START, 0), RETURN,
                       NEBULA_REASON_NOT_RETRYABLE, 0);
    }
}

static void
test_transparent_is_no_attempt (void)
{
  g_test_summary ("Such a retry is no attempt: maxAttempts counts those that were sent");

  g_autoptr (NebulaRetryPolicy) policy = parse_rule ("[\"UNAVAILABLE\"]", "");
  g_autoptr (NebulaRetryState) state = new_call (policy);

  for (guint i = 0; i < 3; i++)
    g_assert_cmpint (step (state, CONNECT, READ_ONLY).action, ==, RETRY);
  for (guint i = 0; i < 2; i++)
    g_assert_cmpint (step (state, LOST, READ_ONLY).action, ==, RETRY);
  assert_decision (step (state, LOST, READ_ONLY), RETURN, NEBULA_REASON_ATTEMPTS, 0);
}

static void
test_transparent_is_free (void)
{
  g_test_summary ("Such a retry costs no token of the throttle, and needs none");

  static const NebulaBudgetSettings settings = { NEBULA_BUDGET_THROTTLE, 2, 1, 100 };
  g_autoptr (NebulaRetryPolicy) policy = parse_rule (NOT_ITS_STATUS, "");
  g_autoptr (NebulaRetryState) state = new_call (policy);
  g_autoptr (NebulaRetryBudget) budget = nebula_retry_budget_new (&settings);
  g_autoptr (NebulaOutcome) outcome = make_outcome (CONNECT);
  NebulaDecision decision;
  guint paid;

  nebula_retry_budget_charge (budget, NEBULA_CAUSE_RPC, &paid);
  nebula_retry_state_set_budget (state, budget);
  decision = nebula_retry_state_decide (state, outcome, UNSAFE, START, 0);
  assert_decision (nebula_retry_state_pay (state, outcome, decision), RETRY,
                   NEBULA_REASON_NEVER_SENT, 0);
  g_assert_cmpfloat (nebula_retry_budget_get_level (budget), ==, 1);
  /* The throttle does hold: what was sent is refused. */
  assert_decision (ask (state, CONFLICT, READ_ONLY, START, 0), RETURN, NEBULA_REASON_THROTTLED, 0);
}

static void
test_transparent_ends (void)
{
  g_test_summary ("Such retries end with the endpoints, the deadline, a cancellation, and when "
                  "retries are off");

  g_autoptr (NebulaRetryPolicy) policy = parse_rule (NOT_ITS_STATUS, "");
  g_autoptr (NebulaRetryPolicy) off = parse_rule (NOT_ITS_STATUS, "\"enabled\": false");
  g_autoptr (NebulaRetryState) state = new_call (policy);
  g_autoptr (NebulaRetryState) state_off = new_call (off);

  assert_decision (ask (state_off, CONNECT, READ_ONLY, START, 0), RETURN, NEBULA_REASON_OFF, 0);
  assert_decision (ask (state, CANCELLED, READ_ONLY, START, 0), RETURN, NEBULA_REASON_CANCELLED, 0);
  assert_decision (ask (state, CONNECT, READ_ONLY, START + 120 * S, 0), RETURN,
                   NEBULA_REASON_DEADLINE, 0);
  for (guint i = 0; i < 3; i++)
    g_assert_cmpint (step (state, CONNECT, READ_ONLY).action, ==, RETRY);
  assert_decision (step (state, CONNECT, READ_ONLY), RETURN, NEBULA_REASON_ATTEMPTS, 0);
}

static void
test_transparent_heals_nothing (void)
{
  g_test_summary ("What another connection does not heal is not tried again, sent or not");

  g_autoptr (NebulaRetryPolicy) policy = parse_rule (NOT_ITS_STATUS, "");
  g_autoptr (NebulaRetryState) state = new_call (policy);
  g_autoptr (GError) refused
      = g_error_new_literal (G_TLS_ERROR, G_TLS_ERROR_BAD_CERTIFICATE, "not to be trusted");
  g_autoptr (NebulaOutcome) outcome
      = nebula_outcome_new_from_error (refused, NEBULA_SEND_STATE_NEVER);

  g_assert_true (nebula_outcome_is_never_sent (outcome));
  assert_decision (nebula_retry_state_decide (state, outcome, READ_ONLY, START, 0), RETURN,
                   NEBULA_REASON_NOT_RETRYABLE, 0);
}

/* Every status, so that nothing is left out for not being listed. */
#define ALL_CODES \
  "[\"CANCELLED\", \"UNKNOWN\", \"INVALID_ARGUMENT\", \"DEADLINE_EXCEEDED\", \"NOT_FOUND\"," \
  " \"ALREADY_EXISTS\", \"PERMISSION_DENIED\", \"RESOURCE_EXHAUSTED\"," \
  " \"FAILED_PRECONDITION\", \"ABORTED\", \"OUT_OF_RANGE\", \"UNIMPLEMENTED\"," \
  " \"INTERNAL\", \"UNAVAILABLE\", \"DATA_LOSS\", \"UNAUTHENTICATED\"]"

static void
test_widens (void)
{
  g_test_summary ("It widens FATAL for the causes busy, not-found and unknown, and for no other");

  g_autoptr (NebulaRetryPolicy) policy = parse_rule (ALL_CODES, "");
  g_autoptr (NebulaRetryPolicy) without = nebula_retry_policy_new ();
  guint n_widened = 0;

  for (guint i = 0; i < nebula_error_info_get_count (); i++)
    {
      const NebulaErrorInfo *info = nebula_error_info_at (i);
      gint32 code = nebula_error_info_get_code (info);
      NebulaCause cause = nebula_error_info_get_cause (info);
      gboolean widened = cause == NEBULA_CAUSE_BUSY || cause == NEBULA_CAUSE_NOT_FOUND
                         || cause == NEBULA_CAUSE_UNKNOWN;

      if (nebula_error_info_get_category (info) != NEBULA_ERROR_CATEGORY_FATAL)
        continue;
      g_test_message ("code %d", code);
      g_assert_cmpint (ask_code (without, code, NULL, READ_ONLY).action, ==, RETURN);
      g_assert_cmpint (ask_code (policy, code, NULL, READ_ONLY).action, ==,
                       widened ? RETRY : RETURN);
      n_widened += widened;
    }
  g_assert_cmpuint (n_widened, >, 10);
}

static void
test_widens_only_what_is_listed (void)
{
  g_test_summary ("What is widened has to be listed, too");

  g_autoptr (NebulaRetryPolicy) listed = parse_rule ("[\"NOT_FOUND\"]", "");
  g_autoptr (NebulaRetryPolicy) not_listed = parse_rule ("[\"UNAVAILABLE\"]", "");

  /* E_SPACE_NOT_FOUND */
  g_assert_cmpint (ask_code (listed, -5, NULL, READ_ONLY).action, ==, RETRY);
  g_assert_cmpint (ask_code (not_listed, -5, NULL, READ_ONLY).action, ==, RETURN);
}

static void
test_never_widens (void)
{
  g_test_summary ("It never widens AUTH or what somebody killed");

  static const Failure cases[] = { PERMISSION, CREDENTIALS, LOCKED, KILLED };
  g_autoptr (NebulaRetryPolicy) policy = parse_rule (ALL_CODES, "");

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (NebulaRetryState) state = new_call (policy);

      g_assert_cmpint (ask (state, cases[i], READ_ONLY, START, 0).action, ==, RETURN);
    }
}

static void
test_keeps_the_gate (void)
{
  g_test_summary ("It never lifts the gate of effect and safety");

  g_autoptr (NebulaRetryPolicy) policy = parse_rule (ALL_CODES, "");
  g_autoptr (NebulaRetryState) state = new_call (policy);

  assert_decision (ask (state, LEADER, UNSAFE, START, 0), RETURN, NEBULA_REASON_EFFECT_UNKNOWN, 0);
  assert_decision (ask (state, TIMEOUT, IDEMPOTENT, START, 0), RETURN,
                   NEBULA_REASON_EFFECT_UNKNOWN, 0);
  /* Nobody knows what it did, so that a widened failure is kept behind the gate, too. */
  assert_decision (ask (state, UNKNOWN, UNSAFE, START, 0), RETURN, NEBULA_REASON_EFFECT_UNKNOWN,
                   0);
  g_assert_cmpint (ask (state, UNKNOWN, READ_ONLY, START, 0).action, ==, RETRY);
}

static void
test_session (void)
{
  g_test_summary ("SESSION is ruled by nebula.session alone");

  static const struct
  {
    const char *codes;
    const char *nebula;
    Failure failure;
    NebulaAction action;
  } cases[] = {
    { "[\"ABORTED\"]", "", SESSION, NEBULA_ACTION_RENEW_SESSION },
    { "[\"ABORTED\"]", "", SPACE_LOST, NEBULA_ACTION_REPLAY_SPACE },
    { "[\"ABORTED\"]", "", HANDSHAKE, NEBULA_ACTION_HANDSHAKE },
    { ALL_CODES, "\"session\": {\"renew\": false}", SESSION, RETURN },
    { ALL_CODES, "\"session\": {\"renew\": false}", SPACE_LOST, NEBULA_ACTION_REPLAY_SPACE },
    { ALL_CODES, "\"session\": {\"replaySpace\": false}", SPACE_LOST, RETURN },
    { ALL_CODES, "\"session\": {\"replaySpace\": false}", SESSION, NEBULA_ACTION_RENEW_SESSION },
    { ALL_CODES, "\"session\": {\"handshake\": false}", HANDSHAKE, RETURN },
    { ALL_CODES, "\"session\": {\"handshake\": false}", SESSION, NEBULA_ACTION_RENEW_SESSION },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (NebulaRetryPolicy) policy = parse_rule (cases[i].codes, cases[i].nebula);
      g_autoptr (NebulaRetryState) state = new_call (policy);

      g_test_message ("case %" G_GSIZE_FORMAT, i);
      g_assert_cmpint (ask (state, cases[i].failure, READ_ONLY, START, 0).action, ==,
                       cases[i].action);
    }
}

static gint64
wait_for (NebulaRetryPolicy *policy,
          Failure failure,
          double random)
{
  g_autoptr (NebulaRetryState) state = new_call (policy);
  NebulaDecision decision = ask (state, failure, READ_ONLY, START, random);

  g_assert_cmpint (decision.action, ==, RETRY);

  return decision.delay;
}

static void
test_backoff (void)
{
  g_test_summary ("Its back-off replaces FAST and SLOW unless nebula.backoff has the cause");

  g_autoptr (NebulaRetryPolicy) plain = parse_rule (ALL_CODES, "\"jitter\": \"none\"");
  g_autoptr (NebulaRetryPolicy) own
      = parse_rule (ALL_CODES, "\"jitter\": \"none\", \"backoff\": {\"fast\": {\"initial\": "
                               "\"9s\"}, \"leader\": {\"initial\": \"0.7s\"}}");

  g_assert_cmpint (wait_for (plain, LEADER, 0), ==, 100 * MS);
  g_assert_cmpint (wait_for (plain, STARTING, 0), ==, 100 * MS);
  g_assert_cmpint (wait_for (own, LEADER, 0), ==, 700 * MS);
  g_assert_cmpint (wait_for (own, CONFLICT, 0), ==, 100 * MS);
}

static void
test_jitter (void)
{
  g_test_summary ("Its jitter is gRPC's +-20 % unless nebula.jitter is given");

  g_autoptr (NebulaRetryPolicy) plain = parse_rule (ALL_CODES, "");
  g_autoptr (NebulaRetryPolicy) own = parse_rule (ALL_CODES, "\"jitter\": \"full\"");

  g_assert_cmpint (wait_for (plain, LEADER, 0.0), ==, 80 * MS);
  g_assert_cmpint (wait_for (plain, LEADER, 0.5), ==, 100 * MS);
  g_assert_cmpint (wait_for (plain, LEADER, 1.0), ==, 120 * MS);
  g_assert_cmpint (wait_for (own, LEADER, 0.5), ==, 50 * MS);
  g_assert_cmpint (nebula_retry_policy_get_jitter (plain), ==, NEBULA_JITTER_FULL);
}

static void
test_attempts (void)
{
  g_test_summary ("Its attempts hold for every cause but memory, unless nebula.attempts has it");

  static const struct
  {
    const char *nebula;
    NebulaCause cause;
    guint attempts;
  } cases[] = {
    { "", NEBULA_CAUSE_RPC, 3 },
    { "", NEBULA_CAUSE_LEADER, 3 },
    { "", NEBULA_CAUSE_MEMORY, 2 },
    { "", NEBULA_CAUSE_PARTIAL, 1 },
    { "\"partial\": \"retry\"", NEBULA_CAUSE_PARTIAL, 3 },
    { "\"attempts\": {\"default\": 9}", NEBULA_CAUSE_RPC, 3 },
    { "\"attempts\": {\"leader\": 9}", NEBULA_CAUSE_LEADER, 9 },
    { "\"attempts\": {\"memory\": 1}", NEBULA_CAUSE_MEMORY, 1 },
    { "\"attempts\": {\"rpc\": 7}", NEBULA_CAUSE_RPC, 7 },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (NebulaRetryPolicy) policy = parse_rule (ALL_CODES, cases[i].nebula);
      NebulaRetryPolicy *own
          = nebula_retry_policy_get_for_method (policy, "GraphService", "execute");

      g_test_message ("case %" G_GSIZE_FORMAT, i);
      g_assert_cmpuint (nebula_retry_policy_get_max_attempts (own, cases[i].cause), ==,
                        cases[i].attempts);
    }
}

static void
test_partial (void)
{
  g_test_summary ("A partial result is tried again when the file asks for it");

  g_autoptr (NebulaRetryPolicy) policy = parse ("{\"nebula\": {\"partial\": \"retry\"}}");
  g_autoptr (NebulaRetryState) state = nebula_retry_state_new (policy, EXECUTE, START);

  for (guint i = 0; i < 3; i++)
    g_assert_cmpint (step (state, PARTIAL, READ_ONLY).action, ==, RETRY);
  assert_decision (step (state, PARTIAL, READ_ONLY), RETURN, NEBULA_REASON_PARTIAL, 0);
}

static void
test_overrides (void)
{
  g_test_summary ("Messages, codes and codes that nobody knows mean what the file says");

  static const struct
  {
    gint32 code;
    const char *message;
    NebulaErrorCategory category;
    NebulaCause cause;
    const char *rule;
  } cases[] = {
    { -1005, "fell asleep", NEBULA_ERROR_CATEGORY_RETRYABLE, NEBULA_CAUSE_BUSY,
      "override: message asleep" },
    { -1004, "SyntaxError", NEBULA_ERROR_CATEGORY_AUTH, NEBULA_CAUSE_STATEMENT,
      "override: code -1004" },
    { -4, NULL, NEBULA_ERROR_CATEGORY_FATAL, NEBULA_CAUSE_LEADER, "override: code -4" },
    { -8000, NULL, NEBULA_ERROR_CATEGORY_RETRYABLE, NEBULA_CAUSE_UNKNOWN, "policy: unknown code" },
  };
  g_autoptr (NebulaRetryPolicy) policy = parse (
      "{\"nebula\": {\"unknownCode\": \"RETRYABLE\","
      " \"codes\": {\"-4\": {\"category\": \"FATAL\"}, \"E_SYNTAX_ERROR\": {\"category\":"
      " \"AUTH\"}, \"-1005\": {\"cause\": \"disk\"}},"
      " \"messages\": [{\"contains\": \"asleep\", \"category\": \"RETRYABLE\","
      " \"cause\": \"busy\"}]}}");

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (NebulaOutcome) outcome = nebula_outcome_new_from_reply (
          EXECUTE, cases[i].code, cases[i].message, -1, NEBULA_CALL_TRAITS_NONE);
      g_autoptr (NebulaOutcome) meaning = nebula_retry_policy_interpret (policy, outcome);

      g_assert_cmpint (nebula_outcome_get_category (meaning), ==, cases[i].category);
      g_assert_cmpint (nebula_outcome_get_cause (meaning), ==, cases[i].cause);
      g_assert_cmpstr (nebula_outcome_get_rule (meaning), ==, cases[i].rule);
    }
}

int
main (int argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/policy-methods/names", test_names);
  g_test_add_func ("/policy-methods/without-names", test_without_names);
  g_test_add_func ("/policy-methods/narrows", test_narrows);
  g_test_add_func ("/policy-methods/transparent", test_transparent);
  g_test_add_func ("/policy-methods/transparent/no-attempt", test_transparent_is_no_attempt);
  g_test_add_func ("/policy-methods/transparent/free", test_transparent_is_free);
  g_test_add_func ("/policy-methods/transparent/ends", test_transparent_ends);
  g_test_add_func ("/policy-methods/transparent/heals-nothing", test_transparent_heals_nothing);
  g_test_add_func ("/policy-methods/widens", test_widens);
  g_test_add_func ("/policy-methods/widens-only-what-is-listed", test_widens_only_what_is_listed);
  g_test_add_func ("/policy-methods/never-widens", test_never_widens);
  g_test_add_func ("/policy-methods/keeps-the-gate", test_keeps_the_gate);
  g_test_add_func ("/policy-methods/session", test_session);
  g_test_add_func ("/policy-methods/backoff", test_backoff);
  g_test_add_func ("/policy-methods/jitter", test_jitter);
  g_test_add_func ("/policy-methods/attempts", test_attempts);
  g_test_add_func ("/policy-methods/partial", test_partial);
  g_test_add_func ("/policy-methods/overrides", test_overrides);

  return g_test_run ();
}
