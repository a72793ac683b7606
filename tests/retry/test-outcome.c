/* SPDX-License-Identifier: Apache-2.0 */
#include <nebula-retry/nebula-outcome.h>

#include "outcome-messages.h"

#include <string.h>

static char *
describe (const NebulaOutcome *outcome)
{
  return g_strdup_printf ("%d %s %s %s %s", nebula_outcome_get_real_code (outcome),
                          nebula_error_category_to_string (nebula_outcome_get_category (outcome)),
                          nebula_cause_to_string (nebula_outcome_get_cause (outcome)),
                          nebula_effect_to_string (nebula_outcome_get_effect (outcome)),
                          nebula_pace_to_string (nebula_outcome_get_pace (outcome)));
}

static void
assert_outcome (const NebulaOutcome *outcome,
                const char          *expected)
{
  g_autofree char *found = describe (outcome);

  g_assert_cmpstr (found, ==, expected);
}

static void
assert_reply (NebulaPhase      phase,
              gint32           code,
              const char      *text,
              NebulaCallTraits traits,
              const char      *expected)
{
  g_autoptr (NebulaOutcome) outcome = nebula_outcome_new_from_reply (phase, code, text, -1, traits);

  assert_outcome (outcome, expected);
}

static void
assert_decided_by_code (NebulaPhase phase,
                        gint32      code,
                        const char *text)
{
  g_autofree char *rule = g_strdup_printf ("code %d", code);
  g_autoptr (NebulaOutcome) outcome = nebula_outcome_new_from_reply (phase, code, text, -1, 0);

  g_assert_cmpstr (nebula_outcome_get_rule (outcome), ==, rule);
  g_assert_cmpint (nebula_outcome_get_real_code (outcome), ==, code);
}

/* Each text means what it should, alone, cut to its exact length, and before more text; it was
 * decided by a piece of it; and nothing like it in another phase means anything. */
static void
test_messages (gconstpointer data)
{
  const Group *group = data;

  for (gsize i = 0; i < group->n_messages; i++)
    {
      const Message *m = &group->messages[i];
      g_autofree char *longer = g_strconcat (m->text, " (and more, \303\251)", NULL);
      g_autofree char *prefix = g_strdup_printf ("message %d: ", group->code);
      g_autoptr (NebulaOutcome) outcome =
          nebula_outcome_new_from_reply (group->phase, group->code, longer, strlen (m->text), 0);
      const char *rule = nebula_outcome_get_rule (outcome);

      assert_outcome (outcome, m->expected);
      assert_reply (group->phase, group->code, m->text, 0, m->expected);
      assert_reply (group->phase, group->code, longer, 0, m->expected);

      g_assert_cmpint (nebula_outcome_get_wire_code (outcome), ==, group->code);
      g_assert_cmpstr (nebula_outcome_get_message (outcome), ==, m->text);
      g_assert_true (g_str_has_prefix (rule, prefix));
      g_assert_nonnull (strstr (m->text, rule + strlen (prefix)));

      if (m->near_miss != NULL)
        assert_decided_by_code (group->phase, group->code, m->near_miss);
      assert_decided_by_code (NEBULA_PHASE_EXECUTE, -1004, m->text);
    }
}

static void
test_session_near_misses (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (session_messages); i++)
    assert_reply (NEBULA_PHASE_EXECUTE, -1002, session_messages[i].near_miss, 0,
                  "-1002 SESSION session NONE INSTANT");
}

/* The first rule wins, wherever its words stand. */
static void
test_order (void)
{
  static const Message cases[] = {
    { "Storage Error: part: 2, error: E_RAFT_LOG_GAP(-3501). Storage Error: Not the leader of 1.",
      "-4 RETRYABLE leader MAYBE FAST", NULL },
    { "Not ready! Execution had been killed", "-3060 FATAL killed MAYBE NONE", NULL },
    { "Existed! Rpc failure, probably timeout!", "-3 RETRYABLE rpc MAYBE SLOW", NULL },
    { "error: E_RAFT_LOG_GAP(-3501) error: E_PLAN_IS_KILLED(-3060)",
      "-3501 RETRYABLE leader MAYBE FAST", NULL },
    { "error: E_LOST( error: E_PLAN_IS_KILLED(-3060)", "-3060 FATAL killed MAYBE NONE", NULL },
    { "PartNotFound: Storage Error: Part 3 not found", "-16 RETRYABLE partition PART FAST", NULL },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    assert_reply (NEBULA_PHASE_EXECUTE, -1005, cases[i].text, 0, cases[i].expected);
}

/* A code in a text: the number, then the name, then the range; never a session, never success. */
static void
test_code_in_text (void)
{
  static const Message cases[] = {
    { "error: E_LOG_GAP(-3501)", "-3501 RETRYABLE leader MAYBE FAST", NULL },
    { "error: E_2ND_LOG_GAP(-3501)", "-3501 RETRYABLE leader MAYBE FAST", NULL },
    { "error: E_RAFT_LOG_GAP(-3599)", "-3501 RETRYABLE leader MAYBE FAST", NULL },
    { "error: E_RAFT_LOG_GAP(3501)", "-3501 RETRYABLE leader MAYBE FAST", NULL },
    { "error: E_NOBODY_KNOWS(-3599)", "-3599 FATAL unknown MAYBE NONE", NULL },
    { "error: E_NOBODY_KNOWS(0)", "-8000 FATAL unknown MAYBE NONE", NULL },
    { "error: E_NOBODY_KNOWS(7)", "7 FATAL unknown MAYBE NONE", NULL },
    { "error: E_NOBODY_KNOWS(-99999999999999999999999999)", "-2147483648 FATAL unknown MAYBE NONE",
      NULL },
    { "error: E_SESSION_INVALID(-1002)", "-1002 FATAL session PART NONE", NULL },
    { "error: E_SESSION_NOT_FOUND(-1)", "-1 RETRYABLE connection MAYBE FAST", NULL },
    { "error: E_SESSION_NOT_FOUND(-1111)", "-2069 FATAL session PART NONE", NULL },
    { "error: E_SPACE_NOT_FOUND(-5)", "-5 FATAL not-found PART NONE", NULL },
    { "Unknown error -1003!", "-1003 FATAL session NONE NONE", NULL },
    { "Unknown error 0!", "-8000 FATAL unknown MAYBE NONE", NULL },
    { "Unknown error -5!", "-5 FATAL not-found NONE NONE", NULL },
    { "Unknown error -2999!", "-2999 FATAL unknown MAYBE NONE", NULL },
    { "GraphMemoryExceeded: (-1002)", "-1002 RETRYABLE memory MAYBE SLOW", NULL },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    assert_reply (NEBULA_PHASE_EXECUTE, -1005, cases[i].text, 0, cases[i].expected);
}

/* "error: E_AAAA…(-4)" with a name longer than any. */
static void
test_long_name (void)
{
  g_autoptr (GString) text = g_string_new ("error: E_");

  for (guint i = 0; i < 1000; i++)
    g_string_append_c (text, 'A');
  g_string_append (text, "(-3599)");

  assert_reply (NEBULA_PHASE_EXECUTE, -1005, text->str, 0, "-3599 FATAL unknown MAYBE NONE");
}

/* What one place says of itself, and what that says of the whole call. */
static void
test_effect (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (effect_cases); i++)
    {
      const EffectCase *c = &effect_cases[i];
      g_autoptr (NebulaOutcome) outcome =
          nebula_outcome_new_from_reply (NEBULA_PHASE_EXECUTE, c->code, c->text, -1, c->traits);

      if (nebula_outcome_get_effect (outcome) != c->expected)
        g_test_message ("%d %s", c->code, c->text);
      g_assert_cmpint (nebula_outcome_get_effect (outcome), ==, c->expected);
    }
}

static void
test_space_lost (void)
{
  const char *text = "SemanticError: Space was not chosen.";

  assert_reply (NEBULA_PHASE_EXECUTE, -1009, text, NEBULA_CALL_SPACE_KNOWN,
                "-1009 SESSION space-lost NONE INSTANT");
  assert_reply (NEBULA_PHASE_EXECUTE, -1009, text, 0, "-1009 FATAL statement NONE NONE");
  assert_reply (NEBULA_PHASE_EXECUTE, -1009, text, NEBULA_CALL_COMPOUND,
                "-1009 FATAL statement NONE NONE");
  assert_reply (NEBULA_PHASE_EXECUTE, -1009, "SemanticError: Space was chosen.",
                NEBULA_CALL_SPACE_KNOWN, "-1009 FATAL statement NONE NONE");
}

/* The same code means something else in another phase. */
static void
test_phase (void)
{
  assert_reply (NEBULA_PHASE_EXECUTE, -1001, "Meta Service not ready", 0,
                "-1001 AUTH credentials NONE NONE");
  assert_reply (NEBULA_PHASE_AUTHENTICATE, -1005, "Not ready!", 0,
                "-1005 FATAL execution MAYBE NONE");
  /* Nothing to renew: this was the renewal. */
  assert_reply (NEBULA_PHASE_AUTHENTICATE, -1002, "Invalid session id", 0,
                "-1002 FATAL session NONE NONE");
  assert_reply (NEBULA_PHASE_AUTHENTICATE, -1003, NULL, 0, "-1003 FATAL session NONE NONE");
  assert_reply (NEBULA_PHASE_VERIFY, -2069, NULL, 0, "-2069 FATAL session NONE NONE");
  assert_reply (NEBULA_PHASE_EXECUTE, -2069, NULL, 0, "-2069 SESSION session NONE INSTANT");
}

static void
test_codes (void)
{
  static const struct
  {
    gint32      code;
    const char *expected;
    const char *rule;
  } cases[] = {
    { -1003, "-1003 SESSION session NONE INSTANT", "code -1003" },
    { -1004, "-1004 FATAL statement NONE NONE", "code -1004" },
    { -1005, "-1005 FATAL execution MAYBE NONE", "code -1005" },
    { -1011, "-1011 RETRYABLE partial NONE FAST", "code -1011" },
    { -3501, "-3501 RETRYABLE leader MAYBE FAST", "code -3501" },
    { -8000, "-8000 FATAL unknown MAYBE NONE", "code -8000" },
    { -37, "-37 FATAL unknown MAYBE NONE", "unknown code of no server in particular" },
    { -1007, "-1007 FATAL unknown MAYBE NONE", "unknown code of graphd" },
    { -3555, "-3555 FATAL unknown MAYBE NONE", "unknown code of raft" },
    { -7009, "-7009 FATAL license MAYBE NONE", "unknown code of a licence" },
    { 5, "5 FATAL unknown MAYBE NONE", "unknown code outside all ranges" },
    { G_MININT32, "-2147483648 FATAL unknown MAYBE NONE", "unknown code outside all ranges" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (NebulaOutcome) outcome =
          nebula_outcome_new_from_reply (NEBULA_PHASE_EXECUTE, cases[i].code, "x", -1, 0);

      assert_outcome (outcome, cases[i].expected);
      g_assert_cmpstr (nebula_outcome_get_rule (outcome), ==, cases[i].rule);
      g_assert_cmpint (nebula_outcome_get_wire_code (outcome), ==, cases[i].code);
      g_assert_false (nebula_outcome_is_never_sent (outcome));
    }
}

static void
test_success (void)
{
  g_autoptr (NebulaOutcome) one =
      nebula_outcome_new_from_reply (NEBULA_PHASE_EXECUTE, 0, NULL, -1, 0);
  g_autoptr (NebulaOutcome) two =
      nebula_outcome_new_from_reply (NEBULA_PHASE_AUTHENTICATE, 0, "Not ready!", -1, 7);

  g_assert_true (one == two);
  assert_outcome (one, "0 OK none APPLIED NONE");
  g_assert_cmpint (nebula_outcome_get_grpc_status (one), ==, NEBULA_GRPC_OK);
  g_assert_cmpint (nebula_outcome_get_pushback (one), ==, -1);
  g_assert_cmpstr (nebula_outcome_get_message (one), ==, "");
  g_assert_cmpstr (nebula_outcome_get_rule (one), ==, "code 0");
  g_assert_false (nebula_outcome_is_never_sent (one));
}

static void
test_grpc_status (void)
{
  static const struct
  {
    NebulaPhase      phase;
    gint32           code;
    const char      *text;
    NebulaGrpcStatus expected;
  } cases[] = {
    { NEBULA_PHASE_EXECUTE, -1005, "x", NEBULA_GRPC_UNKNOWN },
    { NEBULA_PHASE_EXECUTE, -1005, "Storage Error: Not the leader of 1", NEBULA_GRPC_UNAVAILABLE },
    { NEBULA_PHASE_EXECUTE, -1005, "Rpc failure!", NEBULA_GRPC_DEADLINE_EXCEEDED },
    { NEBULA_PHASE_EXECUTE, -1005, "Existed!", NEBULA_GRPC_ALREADY_EXISTS },
    { NEBULA_PHASE_EXECUTE, -1005, "GraphMemoryExceeded: (-2600)",
      NEBULA_GRPC_RESOURCE_EXHAUSTED },
    { NEBULA_PHASE_EXECUTE, -1005, "error: E_OUT_OF_RANGE(-3008)", NEBULA_GRPC_OUT_OF_RANGE },
    { NEBULA_PHASE_EXECUTE, -1002, "Invalid session id", NEBULA_GRPC_UNAUTHENTICATED },
    /* A category that the code does not usually have. */
    { NEBULA_PHASE_EXECUTE, -1005, "Session not existed!", NEBULA_GRPC_NOT_FOUND },
    { NEBULA_PHASE_AUTHENTICATE, -1002, "Too many sessions created from x",
      NEBULA_GRPC_RESOURCE_EXHAUSTED },
    { NEBULA_PHASE_AUTHENTICATE, -1001, "x is lower than v2.6.0, please update the client.",
      NEBULA_GRPC_FAILED_PRECONDITION },
    { NEBULA_PHASE_AUTHENTICATE, -1001, "Meta Service not ready", NEBULA_GRPC_UNAVAILABLE },
    { NEBULA_PHASE_EXECUTE, -1009, "Space was not chosen", NEBULA_GRPC_FAILED_PRECONDITION },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (NebulaOutcome) outcome = nebula_outcome_new_from_reply (
          cases[i].phase, cases[i].code, cases[i].text, -1, NEBULA_CALL_SPACE_KNOWN);

      g_assert_cmpint (nebula_outcome_get_grpc_status (outcome), ==, cases[i].expected);
    }
}

static void
test_pushback (void)
{
  static const struct
  {
    const char *text;
    gint64      expected;
  } cases[] = {
    { "u has been locked, try again in 30 seconds", 30000000 },
    { "u has been locked, try again in 0 seconds", 0 },
    { "u has been locked, try again in 9223372036854 seconds", 9223372036854000000 },
    { "u has been locked, try again in 9223372036855 seconds", G_MAXINT64 },
    { "u has been locked, try again in 99999999999999999999999999 seconds", G_MAXINT64 },
    { "u has been locked, try again in some seconds", -1 },
    { "u has been locked, try again in 30 minutes", -1 },
    { "Invalid password, remaining attempts: 3", -1 },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (NebulaOutcome) outcome =
          nebula_outcome_new_from_reply (NEBULA_PHASE_AUTHENTICATE, -1001, cases[i].text, -1, 0);

      g_assert_cmpint (nebula_outcome_get_pushback (outcome), ==, cases[i].expected);
    }
}

/* A rule finds its words behind a NUL too. */
static void
test_nul (void)
{
  const char text[] = "a\0Storage Error: Not the leader of 3";
  g_autoptr (NebulaOutcome) outcome =
      nebula_outcome_new_from_reply (NEBULA_PHASE_EXECUTE, -1005, text, sizeof (text) - 1, 0);

  assert_outcome (outcome, "-4 RETRYABLE leader MAYBE FAST");
}

/* A text is not read past its ends, where the words would go on. */
static void
test_ends (void)
{
  const char *text = "Storage Error: Part 7 raft buffer is full. Please retry later";

  for (const char *begin = text; *begin != '\0'; begin++)
    {
      gboolean whole = begin <= strstr (text, "raft");
      g_autoptr (NebulaOutcome) cut_before =
          nebula_outcome_new_from_reply (NEBULA_PHASE_EXECUTE, -1005, begin, -1, 0);
      g_autoptr (NebulaOutcome) cut_after =
          nebula_outcome_new_from_reply (NEBULA_PHASE_EXECUTE, -1005, text, begin - text, 0);

      g_assert_cmpint (nebula_outcome_get_real_code (cut_before), ==, whole ? -3529 : -1005);
      g_assert_cmpint (nebula_outcome_get_real_code (cut_after), ==, -1005);
    }
}

/* The same for the words that tell where an error comes from. */
static void
test_end_of_origin (void)
{
  const char *text = "KeyNotFound: PartNotFound";
  g_autoptr (NebulaOutcome) whole
      = nebula_outcome_new_from_reply (NEBULA_PHASE_EXECUTE, -1005, text, -1, 0);
  g_autoptr (NebulaOutcome) cut
      = nebula_outcome_new_from_reply (NEBULA_PHASE_EXECUTE, -1005, text, strlen (text) - 1, 0);

  g_assert_cmpint (nebula_outcome_get_effect (whole), ==, NEBULA_EFFECT_PART);
  g_assert_cmpint (nebula_outcome_get_effect (cut), ==, NEBULA_EFFECT_NONE);
}

/* 64 KiB of beginnings: a rule at the very end is found. */
static void
test_long_message (void)
{
  g_autoptr (GString) text = g_string_new (NULL);

  while (text->len < 65536)
    g_string_append (text, "Storage Error: Part 1 error: E_A(");
  g_string_append (text, "Storage Error: Part 3 not found");

  assert_reply (NEBULA_PHASE_EXECUTE, -1005, text->str, 0, "-16 RETRYABLE partition PART FAST");
}

static void
test_transport (void)
{
  static const struct
  {
    NebulaTransportFailure failure;
    NebulaSendState        sent;
    const char            *expected;
    NebulaGrpcStatus       status;
    const char            *rule;
  } cases[] = {
    { NEBULA_TRANSPORT_FAILURE_CONNECT, NEBULA_SEND_STATE_NEVER,
      "-2 RETRYABLE connection NONE FAST", NEBULA_GRPC_UNAVAILABLE, "transport connect" },
    { NEBULA_TRANSPORT_FAILURE_CONNECT, NEBULA_SEND_STATE_MAYBE,
      "-2 RETRYABLE connection NONE FAST", NEBULA_GRPC_UNAVAILABLE, "transport connect" },
    { NEBULA_TRANSPORT_FAILURE_LOST, NEBULA_SEND_STATE_NEVER, "-1 RETRYABLE connection NONE FAST",
      NEBULA_GRPC_UNAVAILABLE, "transport lost" },
    { NEBULA_TRANSPORT_FAILURE_LOST, NEBULA_SEND_STATE_MAYBE, "-1 RETRYABLE connection MAYBE FAST",
      NEBULA_GRPC_UNAVAILABLE, "transport lost" },
    { NEBULA_TRANSPORT_FAILURE_TIMEOUT, NEBULA_SEND_STATE_NEVER, "-3 RETRYABLE timeout NONE FAST",
      NEBULA_GRPC_DEADLINE_EXCEEDED, "transport timeout" },
    { NEBULA_TRANSPORT_FAILURE_TIMEOUT, NEBULA_SEND_STATE_MAYBE,
      "-3 RETRYABLE timeout MAYBE FAST", NEBULA_GRPC_DEADLINE_EXCEEDED, "transport timeout" },
    { NEBULA_TRANSPORT_FAILURE_PROTOCOL, NEBULA_SEND_STATE_MAYBE, "-3 FATAL protocol MAYBE NONE",
      NEBULA_GRPC_INTERNAL, "transport protocol" },
    { NEBULA_TRANSPORT_FAILURE_CANCELLED, NEBULA_SEND_STATE_NEVER, "-3 FATAL cancelled NONE NONE",
      NEBULA_GRPC_CANCELLED, "transport cancelled" },
    { NEBULA_TRANSPORT_FAILURE_CANCELLED, NEBULA_SEND_STATE_MAYBE, "-3 FATAL cancelled MAYBE NONE",
      NEBULA_GRPC_CANCELLED, "transport cancelled" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (NebulaOutcome) outcome =
          nebula_outcome_new_from_transport (cases[i].failure, cases[i].sent, "Not ready!");

      assert_outcome (outcome, cases[i].expected);
      g_assert_cmpint (nebula_outcome_get_grpc_status (outcome), ==, cases[i].status);
      g_assert_cmpstr (nebula_outcome_get_rule (outcome), ==, cases[i].rule);
      g_assert_cmpstr (nebula_outcome_get_message (outcome), ==, "Not ready!");
      g_assert_cmpint (nebula_outcome_is_never_sent (outcome), ==,
                       nebula_outcome_get_effect (outcome) == NEBULA_EFFECT_NONE);
      g_assert_cmpint (nebula_outcome_get_wire_code (outcome), ==,
                       nebula_outcome_get_real_code (outcome));
    }
}

/* What is none of them is said to be wrong, and never looked up. */
static void
test_transport_unknown (void)
{
  static const int failures[] = { NEBULA_TRANSPORT_FAILURE_CANCELLED + 1, 99, -1 };

  for (gsize i = 0; i < G_N_ELEMENTS (failures); i++)
    {
      g_test_expect_message ("nebula-retry", G_LOG_LEVEL_CRITICAL, "*failure*");
      g_assert_null (nebula_outcome_new_from_transport ((NebulaTransportFailure) failures[i],
                                                        NEBULA_SEND_STATE_MAYBE, NULL));
      g_test_assert_expected_messages ();
    }
}

static void
test_exception (void)
{
  static const struct
  {
    gint32           type;
    const char      *text;
    const char      *expected;
    NebulaGrpcStatus status;
    const char      *rule;
  } cases[] = {
    { 0, "invalid message from client", "-3 FATAL unknown MAYBE NONE", NEBULA_GRPC_UNKNOWN,
      "exception 0" },
    { 1, "Method name verifyClientVersion not found", "-3 FATAL unsupported NONE NONE",
      NEBULA_GRPC_UNIMPLEMENTED, "exception 1" },
    { 2, "invalid message arguments", "-3 FATAL protocol NONE NONE", NEBULA_GRPC_INTERNAL,
      "exception 2" },
    { 3, NULL, "-3 FATAL protocol MAYBE NONE", NEBULA_GRPC_INTERNAL, "exception 3" },
    { 4, NULL, "-3 FATAL protocol MAYBE NONE", NEBULA_GRPC_INTERNAL, "exception 4" },
    { 5, NULL, "-3 FATAL protocol MAYBE NONE", NEBULA_GRPC_INTERNAL, "exception 5" },
    { 6, "server shutting down", "-3 RETRYABLE starting NONE SLOW", NEBULA_GRPC_UNAVAILABLE,
      "exception 6" },
    { 6, "application error: server not ready", "-3 RETRYABLE starting NONE SLOW",
      NEBULA_GRPC_UNAVAILABLE, "exception 6" },
    { 6, "server is shutting down", "-3 FATAL internal MAYBE NONE", NEBULA_GRPC_INTERNAL,
      "exception 6" },
    { 6, NULL, "-3 FATAL internal MAYBE NONE", NEBULA_GRPC_INTERNAL, "exception 6" },
    { 7, "server not ready", "-3 FATAL protocol MAYBE NONE", NEBULA_GRPC_INTERNAL, "exception 7" },
    { 8, NULL, "-3 FATAL protocol MAYBE NONE", NEBULA_GRPC_INTERNAL, "exception 8" },
    { 9, NULL, "-3 FATAL protocol MAYBE NONE", NEBULA_GRPC_INTERNAL, "exception 9" },
    { 10, NULL, "-3 FATAL protocol MAYBE NONE", NEBULA_GRPC_INTERNAL, "exception 10" },
    { 11, "loadshedding request", "-3 RETRYABLE overload NONE SLOW",
      NEBULA_GRPC_RESOURCE_EXHAUSTED, "exception 11" },
    { 12, "Task expired", "-3 RETRYABLE rpc MAYBE SLOW", NEBULA_GRPC_DEADLINE_EXCEEDED,
      "exception 12" },
    { 13, NULL, "-3 FATAL unknown MAYBE NONE", NEBULA_GRPC_UNKNOWN, "exception 13" },
    { 14, NULL, "-3 FATAL protocol MAYBE NONE", NEBULA_GRPC_INTERNAL, "exception 14" },
    { 15, NULL, "-3 FATAL unknown MAYBE NONE", NEBULA_GRPC_UNKNOWN, "exception 15" },
    { 16, NULL, "-3 FATAL unknown MAYBE NONE", NEBULA_GRPC_UNKNOWN, "exception" },
    { -1, NULL, "-3 FATAL unknown MAYBE NONE", NEBULA_GRPC_UNKNOWN, "exception" },
    { G_MININT32, NULL, "-3 FATAL unknown MAYBE NONE", NEBULA_GRPC_UNKNOWN, "exception" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (NebulaOutcome) outcome =
          nebula_outcome_new_from_exception (cases[i].type, cases[i].text, -1);

      assert_outcome (outcome, cases[i].expected);
      g_assert_cmpint (nebula_outcome_get_wire_code (outcome), ==, -3);
      g_assert_cmpint (nebula_outcome_get_grpc_status (outcome), ==, cases[i].status);
      g_assert_cmpstr (nebula_outcome_get_rule (outcome), ==, cases[i].rule);
      g_assert_false (nebula_outcome_is_never_sent (outcome));
    }
}

static void
test_exception_without_text (void)
{
  g_autoptr (NebulaOutcome) outcome
      = nebula_outcome_new_from_exception (6, "server shutting down", 0);

  assert_outcome (outcome, "-3 FATAL internal MAYBE NONE");
  g_assert_cmpstr (nebula_outcome_get_message (outcome), ==, "");
}

static void
test_boxed (void)
{
  g_auto (GValue) value = G_VALUE_INIT;
  NebulaOutcome *outcome = nebula_outcome_new_from_reply (NEBULA_PHASE_EXECUTE, -1005, "x", -1, 0);

  g_value_init (&value, NEBULA_TYPE_OUTCOME);
  g_value_take_boxed (&value, nebula_outcome_ref (outcome));
  nebula_outcome_unref (outcome);

  g_assert_true (g_value_get_boxed (&value) == outcome);
  g_assert_cmpstr (nebula_outcome_get_message (g_value_get_boxed (&value)), ==, "x");
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_summary ("A failure is understood: from its text where graphd hides the cause in one, "
                  "from its code, from the transport, from an exception of Thrift.");

  for (gsize i = 0; i < G_N_ELEMENTS (groups); i++)
    {
      g_autofree char *path = g_strdup_printf ("/outcome/message/%s", groups[i].name);

      g_test_add_data_func (path, &groups[i], test_messages);
    }
  g_test_add_func ("/outcome/message/near-misses", test_session_near_misses);
  g_test_add_func ("/outcome/message/order", test_order);
  g_test_add_func ("/outcome/message/code-in-text", test_code_in_text);
  g_test_add_func ("/outcome/message/long-name", test_long_name);
  g_test_add_func ("/outcome/message/ends", test_ends);
  g_test_add_func ("/outcome/message/ends-of-origin", test_end_of_origin);
  g_test_add_func ("/outcome/message/long", test_long_message);
  g_test_add_func ("/outcome/effect", test_effect);
  g_test_add_func ("/outcome/space-lost", test_space_lost);
  g_test_add_func ("/outcome/phase", test_phase);
  g_test_add_func ("/outcome/codes", test_codes);
  g_test_add_func ("/outcome/success", test_success);
  g_test_add_func ("/outcome/grpc-status", test_grpc_status);
  g_test_add_func ("/outcome/pushback", test_pushback);
  g_test_add_func ("/outcome/nul", test_nul);
  g_test_add_func ("/outcome/transport", test_transport);
  g_test_add_func ("/outcome/transport-unknown", test_transport_unknown);
  g_test_add_func ("/outcome/exception", test_exception);
  g_test_add_func ("/outcome/exception-without-text", test_exception_without_text);
  g_test_add_func ("/outcome/boxed", test_boxed);

  return g_test_run ();
}
