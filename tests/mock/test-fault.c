/* SPDX-License-Identifier: Apache-2.0 */
#include "nebula-mock-plan-private.h"

/* ---- a fault */

static void
test_kinds_are_registered (void)
{
  g_autoptr (GEnumClass) kinds = g_type_class_ref (NEBULA_TYPE_MOCK_FAULT_KIND);
  int i;

  g_autoptr (GEnumClass) actions = g_type_class_ref (NEBULA_TYPE_MOCK_ACTION);

  g_assert_cmpuint (actions->n_values, ==, NEBULA_MOCK_ACTION_DRAIN + 1);
  g_assert_cmpuint (kinds->n_values, ==, NEBULA_MOCK_FAULT_GOAWAY + 1);
  for (i = 0; i <= NEBULA_MOCK_FAULT_EXPIRE_SESSION; i++)
    g_assert_nonnull (g_enum_get_value (kinds, i));
  g_assert_cmpstr (g_enum_get_value (kinds, NEBULA_MOCK_FAULT_CLOSE_IN_REPLY)->value_nick, ==,
                   "close-in-reply");
}

typedef struct
{
  const char *method;
  const char *contains;
  const char *call;
  const char *text;
  gboolean    matches;
} MatchCase;

static const MatchCase match_cases[] = {
  { NULL, NULL, "execute", "YIELD 1", TRUE },
  { NULL, NULL, "signout", NULL, TRUE },
  { "execute", NULL, "execute", "YIELD 1", TRUE },
  { "execute", NULL, "executeJson", "YIELD 1", FALSE },
  { NULL, "YIELD", "execute", "YIELD 1", TRUE },
  { NULL, "yield", "execute", "YIELD 1", FALSE },
  { NULL, "1", "execute", "YIELD 1", TRUE },
  { NULL, "root", "authenticate", "root", TRUE },
  { NULL, "root", "signout", NULL, FALSE },
  { "authenticate", "root", "execute", "root", FALSE },
};

static void
test_matches (void)
{
  gsize i;

  for (i = 0; i < G_N_ELEMENTS (match_cases); i++)
    {
      const MatchCase *test = &match_cases[i];
      g_autoptr (NebulaMockFault) fault =
        nebula_mock_fault_new (NEBULA_MOCK_FAULT_SILENCE, test->method, test->contains, 1, 0);

      g_test_message ("case %" G_GSIZE_FORMAT, i);
      g_assert_cmpint (nebula_mock_fault_matches (fault, test->call, test->text), ==,
                       test->matches);
    }
}

typedef struct
{
  guint    first;
  guint    last;
  guint    n;
  gboolean covers;
} CoverCase;

static const CoverCase cover_cases[] = {
  { 1, 1, 1, TRUE },  { 1, 1, 2, FALSE }, { 2, 3, 1, FALSE },
  { 2, 3, 2, TRUE },  { 2, 3, 3, TRUE },  { 2, 3, 4, FALSE },
  { 2, 0, 1, FALSE }, { 2, 0, 2, TRUE },  { 2, 0, G_MAXUINT, TRUE },
};

static void
test_covers (void)
{
  gsize i;

  for (i = 0; i < G_N_ELEMENTS (cover_cases); i++)
    {
      const CoverCase *test = &cover_cases[i];
      g_autoptr (NebulaMockFault) fault =
        nebula_mock_fault_new (NEBULA_MOCK_FAULT_SILENCE, NULL, NULL, test->first, test->last);

      g_test_message ("case %" G_GSIZE_FORMAT, i);
      g_assert_cmpint (nebula_mock_fault_covers (fault, test->n), ==, test->covers);
    }
}

/* What the short constructors set; a copy with another code keeps the rest. */
static void
test_constructors (void)
{
  g_autoptr (NebulaMockFault) code = nebula_mock_fault_new_code ("x", 2, 3, -1001, "no");
  g_autoptr (NebulaMockFault) copy = nebula_mock_fault_with_code (code, -1008, NULL);
  g_autoptr (NebulaMockFault) exception = nebula_mock_fault_new_exception ("m", 1, 1, 12, "late");
  g_autoptr (NebulaMockFault) delay = nebula_mock_fault_new_delay (NULL, NULL, 1, 0, 77);

  g_assert_cmpint (nebula_mock_fault_get_kind (code), ==, NEBULA_MOCK_FAULT_CODE);
  g_assert_cmpint (code->code, ==, -1001);
  g_assert_cmpstr (code->message, ==, "no");
  g_assert_cmpint (copy->code, ==, -1008);
  g_assert_null (copy->message);
  g_assert_cmpstr (copy->contains, ==, "x");
  g_assert_cmpuint (copy->first, ==, 2);
  g_assert_cmpuint (copy->last, ==, 3);
  /* A code is for statements: a handshake that contains nothing is left alone. */
  g_assert_true (nebula_mock_fault_matches (copy, "executeJson", "x"));
  g_assert_false (nebula_mock_fault_matches (copy, "authenticate", "x"));
  g_assert_cmpint (nebula_mock_fault_get_kind (exception), ==, NEBULA_MOCK_FAULT_EXCEPTION);
  g_assert_cmpint (exception->code, ==, 12);
  g_assert_cmpstr (exception->message, ==, "late");
  g_assert_cmpuint (delay->milliseconds, ==, 77);
}

/* Connections have neither a method nor a statement. */
static void
test_connection_faults_refuse_targets (void)
{
  g_test_expect_message ("nebula-mock", G_LOG_LEVEL_CRITICAL, "*assertion*failed*");
  g_assert_null (
    nebula_mock_fault_new (NEBULA_MOCK_FAULT_CLOSE_BEFORE_READ, "execute", NULL, 1, 1));
  g_test_assert_expected_messages ();
  g_test_expect_message ("nebula-mock", G_LOG_LEVEL_CRITICAL, "*assertion*failed*");
  g_assert_null (nebula_mock_fault_new (NEBULA_MOCK_FAULT_REFUSE, NULL, "INSERT", 1, 1));
  g_test_assert_expected_messages ();
}

/* ---- a plan of faults */

static void
add (NebulaMockPlan     *plan,
     NebulaMockFaultKind kind,
     const char         *contains,
     guint               first,
     guint               last)
{
  g_autoptr (NebulaMockFault) fault = nebula_mock_fault_new (kind, NULL, contains, first, last);

  nebula_mock_plan_add (plan, fault);
}

/* @expected: the kinds' nick names, with a space after each */
static void
assert_consult (NebulaMockPlan  *plan,
                NebulaMockMoment moment,
                const char      *text,
                const char      *expected)
{
  g_autoptr (GEnumClass) kinds = g_type_class_ref (NEBULA_TYPE_MOCK_FAULT_KIND);
  g_autoptr (GPtrArray) faults = nebula_mock_plan_consult (plan, moment, "execute", text);
  g_autoptr (GString) nicks = g_string_new (NULL);
  guint i;

  for (i = 0; i < faults->len; i++)
    {
      const NebulaMockFault *fault = g_ptr_array_index (faults, i);

      g_string_append_printf (nicks, "%s ", g_enum_get_value (kinds, fault->kind)->value_nick);
    }
  g_assert_cmpstr (nicks->str, ==, expected);
}

static void
test_first_match_wins (void)
{
  g_autoptr (NebulaMockPlan) plan = nebula_mock_plan_new ();

  add (plan, NEBULA_MOCK_FAULT_CODE, "INSERT", 1, 1);
  add (plan, NEBULA_MOCK_FAULT_SILENCE, NULL, 1, 0);
  assert_consult (plan, NEBULA_MOCK_MOMENT_CALL, "INSERT", "code ");
  assert_consult (plan, NEBULA_MOCK_MOMENT_CALL, "INSERT", "silence ");
  assert_consult (plan, NEBULA_MOCK_MOMENT_CALL, "YIELD 1", "silence ");
  nebula_mock_plan_clear (plan);
  assert_consult (plan, NEBULA_MOCK_MOMENT_CALL, "INSERT", "");
}

static void
test_some_go_on (void)
{
  g_autoptr (NebulaMockPlan) plan = nebula_mock_plan_new ();

  add (plan, NEBULA_MOCK_FAULT_DELAY, NULL, 1, 1);
  add (plan, NEBULA_MOCK_FAULT_EXPIRE_SESSION, NULL, 1, 2);
  add (plan, NEBULA_MOCK_FAULT_GARBAGE, NULL, 1, 2);
  add (plan, NEBULA_MOCK_FAULT_DELAY, NULL, 1, 3);
  assert_consult (plan, NEBULA_MOCK_MOMENT_CALL, "x", "delay expire-session garbage ");
  assert_consult (plan, NEBULA_MOCK_MOMENT_CALL, "x", "expire-session garbage ");
  assert_consult (plan, NEBULA_MOCK_MOMENT_CALL, "x", "delay ");
}

/* "The second call" is the second one that matches, whatever other faults did to the first. */
static void
test_each_counts_alone (void)
{
  g_autoptr (NebulaMockPlan) plan = nebula_mock_plan_new ();

  add (plan, NEBULA_MOCK_FAULT_CODE, NULL, 1, 1);
  add (plan, NEBULA_MOCK_FAULT_GARBAGE, NULL, 2, 2);
  add (plan, NEBULA_MOCK_FAULT_SILENCE, "b", 1, 1);
  assert_consult (plan, NEBULA_MOCK_MOMENT_CALL, "a", "code ");
  assert_consult (plan, NEBULA_MOCK_MOMENT_CALL, "a", "garbage ");
  assert_consult (plan, NEBULA_MOCK_MOMENT_CALL, "b", "silence ");
  assert_consult (plan, NEBULA_MOCK_MOMENT_CALL, "b", "");
}

static void
test_moments_are_apart (void)
{
  g_autoptr (NebulaMockPlan) plan = nebula_mock_plan_new ();

  add (plan, NEBULA_MOCK_FAULT_REFUSE, NULL, 1, 1);
  add (plan, NEBULA_MOCK_FAULT_CLOSE_BEFORE_READ, NULL, 2, 2);
  assert_consult (plan, NEBULA_MOCK_MOMENT_CALL, "x", "");
  assert_consult (plan, NEBULA_MOCK_MOMENT_READABLE, NULL, "");
  assert_consult (plan, NEBULA_MOCK_MOMENT_READABLE, NULL, "close-before-read ");
  assert_consult (plan, NEBULA_MOCK_MOMENT_ACCEPT, NULL, "refuse ");
  assert_consult (plan, NEBULA_MOCK_MOMENT_ACCEPT, NULL, "");
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_summary ("A fault happens to the calls that it names, in the order of the script.");
  g_test_add_func ("/fault/kinds", test_kinds_are_registered);
  g_test_add_func ("/fault/matches", test_matches);
  g_test_add_func ("/fault/covers", test_covers);
  g_test_add_func ("/fault/constructors", test_constructors);
  g_test_add_func ("/fault/connection-faults", test_connection_faults_refuse_targets);
  g_test_add_func ("/plan/first-match-wins", test_first_match_wins);
  g_test_add_func ("/plan/some-go-on", test_some_go_on);
  g_test_add_func ("/plan/each-counts-alone", test_each_counts_alone);
  g_test_add_func ("/plan/moments", test_moments_are_apart);
  return g_test_run ();
}
