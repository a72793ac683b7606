/* SPDX-License-Identifier: Apache-2.0 */
#include "nebula-wording-private.h"

/* Each enumerator of the library has its words. */

static void
assert_complete (GType type, const char *(*word) (int value))
{
  g_autoptr (GEnumClass) klass = g_type_class_ref (type);

  g_assert_cmpuint (klass->n_values, >, 0);
  for (guint i = 0; i < klass->n_values; i++)
    g_assert_cmpstr (word (klass->values[i].value), !=, "?");
  g_assert_cmpstr (word (-1), ==, "?");
  g_assert_cmpstr (word (klass->maximum + 1), ==, "?");
}

#define ASSERT_COMPLETE(type, function) \
  assert_complete (type, (const char *(*) (int)) (void (*) (void)) function)

static void
test_complete (void)
{
  ASSERT_COMPLETE (NEBULA_TYPE_ERROR_CATEGORY, nebula_wording_of_category);
  ASSERT_COMPLETE (NEBULA_TYPE_EFFECT, nebula_wording_of_effect);
  ASSERT_COMPLETE (NEBULA_TYPE_PACE, nebula_wording_of_pace);
  ASSERT_COMPLETE (NEBULA_TYPE_STATEMENT_SAFETY, nebula_wording_of_safety);
  ASSERT_COMPLETE (NEBULA_TYPE_ACTION, nebula_wording_of_action);
  ASSERT_COMPLETE (NEBULA_TYPE_REASON, nebula_wording_of_reason);
}

static const struct
{
  gint64 duration;
  const char *text;
} durations[] = {
  { 0, "0.0 ms" },          { 420, "0.4 ms" },         { 9949, "9.9 ms" },
  { 9999, "10.0 ms" },      { 10000, "10 ms" },        { 999999, "999 ms" },
  { 1000000, "1.0 s" },     { 61500000, "61.5 s" },
};

static void
test_durations (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (durations); i++)
    {
      g_autofree char *text = nebula_wording_of_duration (durations[i].duration);

      g_assert_cmpstr (text, ==, durations[i].text);
    }
}

static const struct
{
  NebulaDecision decision;
  const char *text;
} decisions[] = {
  { { NEBULA_ACTION_RETURN, NEBULA_REASON_SUCCESS, 0 }, "done" },
  { { NEBULA_ACTION_RETURN, NEBULA_REASON_PARTIAL, 0 },
    "hand it over: a part of the data is there" },
  { { NEBULA_ACTION_RETURN, NEBULA_REASON_DEADLINE, 0 }, "give up: no time is left" },
  { { NEBULA_ACTION_RETRY, NEBULA_REASON_BACKOFF, 4200 },
    "send again in 4.2 ms: another attempt may help" },
  { { NEBULA_ACTION_MOVE, NEBULA_REASON_NEVER_SENT, 0 },
    "send again elsewhere: the request never left" },
};

static void
test_decisions (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (decisions); i++)
    {
      g_autofree char *text = nebula_wording_of_decision (&decisions[i].decision);

      g_assert_cmpstr (text, ==, decisions[i].text);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_summary ("Every enumerator has words for people; durations and decisions read well.");
  g_test_add_func ("/wording/complete", test_complete);
  g_test_add_func ("/wording/durations", test_durations);
  g_test_add_func ("/wording/decisions", test_decisions);
  return g_test_run ();
}
