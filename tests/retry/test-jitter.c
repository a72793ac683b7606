/* SPDX-License-Identifier: Apache-2.0 */
#include "failures.h"

/* The waits of each jitter, worked out by hand. */

static NebulaRetryState *
new_call (NebulaJitter jitter,
          double multiplier)
{
  g_autoptr (NebulaRetryPolicy) policy
      = g_object_new (NEBULA_TYPE_RETRY_POLICY,
                      "jitter", jitter,
                      "leader-attempts", 100u,
                      "fast-initial", 100 * MS,
                      "fast-maximum", 1 * S,
                      "multiplier", multiplier,
                      "total-timeout", G_GINT64_CONSTANT (0),
                      NULL);

  return nebula_retry_state_new (policy, EXECUTE, START);
}

/* Fails, asks with @random and does what the answer says. */
static gint64
wait_after (NebulaRetryState *state,
            Failure failure,
            double random)
{
  g_autoptr (NebulaOutcome) outcome = make_outcome (failure);
  NebulaDecision decision = nebula_retry_state_decide (state, outcome, READ_ONLY, START, random);

  g_assert_cmpint (decision.action, ==, RETRY);
  nebula_retry_state_record (state, outcome, decision);

  return decision.delay;
}

static void
test_formulas (void)
{
  g_test_summary ("Each jitter makes of 100 ms doubling to 1 s what its formula says");

  static const struct
  {
    NebulaJitter jitter;
    double random;
    gint64 waits[6]; /* milliseconds */
  } cases[] = {
    { NEBULA_JITTER_NONE, 0.0, { 100, 200, 400, 800, 1000, 1000 } },
    { NEBULA_JITTER_NONE, 1.0, { 100, 200, 400, 800, 1000, 1000 } },
    { NEBULA_JITTER_FULL, 0.0, { 0, 0, 0, 0, 0, 0 } },
    { NEBULA_JITTER_FULL, 0.5, { 50, 100, 200, 400, 500, 500 } },
    { NEBULA_JITTER_FULL, 1.0, { 100, 200, 400, 800, 1000, 1000 } },
    { NEBULA_JITTER_EQUAL, 0.0, { 50, 100, 200, 400, 500, 500 } },
    { NEBULA_JITTER_EQUAL, 0.5, { 75, 150, 300, 600, 750, 750 } },
    { NEBULA_JITTER_EQUAL, 1.0, { 100, 200, 400, 800, 1000, 1000 } },
    { NEBULA_JITTER_PROPORTIONAL, 0.0, { 80, 160, 320, 640, 800, 800 } },
    { NEBULA_JITTER_PROPORTIONAL, 0.5, { 100, 200, 400, 800, 1000, 1000 } },
    { NEBULA_JITTER_PROPORTIONAL, 1.0, { 120, 240, 480, 960, 1200, 1200 } },
    { NEBULA_JITTER_DECORRELATED, 0.0, { 100, 100, 100, 100, 100, 100 } },
    { NEBULA_JITTER_DECORRELATED, 0.5, { 200, 350, 575, 912, 1000, 1000 } },
    { NEBULA_JITTER_DECORRELATED, 1.0, { 300, 900, 1000, 1000, 1000, 1000 } },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (NebulaRetryState) state = new_call (cases[i].jitter, 2.0);

      for (gsize j = 0; j < G_N_ELEMENTS (cases[i].waits); j++)
        {
          gint64 wait = wait_after (state, LEADER, cases[i].random);

          g_test_message ("case %" G_GSIZE_FORMAT ", wait %" G_GSIZE_FORMAT, i, j);
          /* A microsecond may be lost on the way through fractions. */
          g_assert_cmpint (wait, >=, cases[i].waits[j] * MS - 1);
          g_assert_cmpint (wait, <, cases[i].waits[j] * MS + MS);
        }
    }
}

static void
test_decorrelated_by_cause (void)
{
  g_test_summary ("Decorrelated jitter remembers the last wait of each cause for itself");

  g_autoptr (NebulaRetryState) state = new_call (NEBULA_JITTER_DECORRELATED, 2.0);

  g_assert_cmpint (wait_after (state, LEADER, 1.0), ==, 300 * MS);
  g_assert_cmpint (wait_after (state, CONFLICT, 1.0), ==, 300 * MS);
  g_assert_cmpint (wait_after (state, LEADER, 1.0), ==, 900 * MS);
  /* One free retry, then the sequence of what was never sent. */
  g_assert_cmpint (wait_after (state, CONNECT, 1.0), ==, 0);
  g_assert_cmpint (wait_after (state, CONNECT, 1.0), ==, 300 * MS);
  g_assert_cmpint (wait_after (state, CONNECT, 1.0), ==, 900 * MS);
  g_assert_cmpint (wait_after (state, CONFLICT, 1.0), ==, 900 * MS);
}

static void
test_bounds (void)
{
  g_test_summary ("No random wait leaves the bounds of its jitter, whatever the multiplier");

  static const double multipliers[] = { 1e-6, 0.5, 1.0, 1.5, 2.0, 1e6 };
  g_autoptr (GRand) rand = g_rand_new_with_seed (20240301);

  for (guint i = 0; i < 2000; i++)
    {
      NebulaJitter jitter = g_rand_int_range (rand, 0, 5);
      double multiplier = multipliers[g_rand_int_range (rand, 0, G_N_ELEMENTS (multipliers))];
      g_autoptr (NebulaRetryState) state = new_call (jitter, multiplier);

      for (guint j = 0; j < 20; j++)
        {
          gint64 wait = wait_after (state, LEADER, g_rand_double (rand));

          g_assert_cmpint (wait, >=, 0);
          g_assert_cmpint (wait, <=, jitter == NEBULA_JITTER_PROPORTIONAL ? 1200 * MS : 1 * S);
          if (jitter == NEBULA_JITTER_DECORRELATED)
            g_assert_cmpint (wait, >=, 100 * MS);
          if (jitter == NEBULA_JITTER_EQUAL && multiplier >= 1)
            g_assert_cmpint (wait, >=, 50 * MS);
          if (jitter == NEBULA_JITTER_PROPORTIONAL && multiplier >= 1)
            g_assert_cmpint (wait, >=, 80 * MS);
        }
    }
}

int
main (int argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/jitter/formulas", test_formulas);
  g_test_add_func ("/jitter/decorrelated-by-cause", test_decorrelated_by_cause);
  g_test_add_func ("/jitter/bounds", test_bounds);

  return g_test_run ();
}
