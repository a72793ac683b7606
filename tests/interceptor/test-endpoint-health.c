/* SPDX-License-Identifier: Apache-2.0 */
#include "nebula-endpoint-health-private.h"

#define MS G_GINT64_CONSTANT (1000)
#define S G_GINT64_CONSTANT (1000000)

/* Any start does. */
#define START (1000 * S)

static const NebulaEndpointPauses by_default = { 1 * S, 30 * S };

static void
test_healthy (void)
{
  NebulaEndpointHealth health = { 0 };

  g_test_summary ("what has not failed is not set aside, needs no probe and may be connected to");
  g_assert_false (nebula_endpoint_health_is_set_aside (&health, START));
  g_assert_false (nebula_endpoint_health_needs_probe (&health, START));
  for (guint i = 0; i < 100; i++)
    {
      g_assert_true (nebula_endpoint_health_may_connect (&health, START));
      nebula_endpoint_health_note_connect (&health, &by_default, START);
    }
}

static void
test_pauses (void)
{
  static const struct
  {
    NebulaEndpointPauses pauses;
    double random;
    gint64 expected[8]; /* after the first failure, the second … */
  } cases[] = {
    { { 1 * S, 30 * S }, 0, { 1 * S, 2 * S, 4 * S, 8 * S, 16 * S, 30 * S, 30 * S, 30 * S } },
    { { 1 * S, 30 * S }, 0.5,
      { 875 * MS, 1750 * MS, 3500 * MS, 7 * S, 14 * S, 26250 * MS, 26250 * MS, 26250 * MS } },
    { { 2 * S, 3 * S }, 0, { 2 * S, 3 * S, 3 * S, 3 * S, 3 * S, 3 * S, 3 * S, 3 * S } },
    { { 5 * S, 3 * S }, 0, { 3 * S, 3 * S, 3 * S, 3 * S, 3 * S, 3 * S, 3 * S, 3 * S } },
    { { 0, 30 * S }, 0, { 0, 0, 0, 0, 0, 0, 0, 0 } },
    { { G_MAXINT64 / 2, G_MAXINT64 }, 0,
      { G_MAXINT64 / 2, G_MAXINT64 - START, G_MAXINT64 - START, G_MAXINT64 - START,
        G_MAXINT64 - START, G_MAXINT64 - START, G_MAXINT64 - START, G_MAXINT64 - START } },
  };

  g_test_summary ("a pause doubles with each failure up to its maximum, less up to a quarter");
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_auto (NebulaEndpointHealth) health = { 0 };

      for (gsize j = 0; j < G_N_ELEMENTS (cases[i].expected); j++)
        {
          g_test_message ("case %" G_GSIZE_FORMAT ", failure %" G_GSIZE_FORMAT, i, j + 1);
          nebula_endpoint_health_set_aside (&health, &cases[i].pauses, START, cases[i].random,
                                            "it failed");
          g_assert_cmpint (health.returns_at - START, ==, cases[i].expected[j]);
        }
      g_assert_cmpuint (health.failures, ==, 8);
    }
}

static void
test_aside (void)
{
  g_auto (NebulaEndpointHealth) health = { 0 };

  g_test_summary ("it is set aside until the pause is over; then one probes it");
  nebula_endpoint_health_set_aside (&health, &by_default, START, 0, "refused");
  g_assert_true (nebula_endpoint_health_is_set_aside (&health, START));
  g_assert_false (nebula_endpoint_health_needs_probe (&health, START + 1 * S - 1));
  g_assert_true (nebula_endpoint_health_is_set_aside (&health, START + 1 * S - 1));
  g_assert_false (nebula_endpoint_health_is_set_aside (&health, START + 1 * S));
  g_assert_true (nebula_endpoint_health_needs_probe (&health, START + 1 * S));

  health.probed_until = START + 4 * S;
  g_assert_false (nebula_endpoint_health_needs_probe (&health, START + 4 * S - 1));
  g_assert_true (nebula_endpoint_health_needs_probe (&health, START + 4 * S));
  g_assert_cmpstr (health.last_error, ==, "refused");
}

static void
test_answer (void)
{
  g_auto (NebulaEndpointHealth) health = { 0 };

  g_test_summary ("an answer ends the pause, but only a success the row of failures");
  nebula_endpoint_health_set_aside (&health, &by_default, START, 0, "first");
  nebula_endpoint_health_note_answer (&health);
  g_assert_false (nebula_endpoint_health_is_set_aside (&health, START));
  g_assert_true (nebula_endpoint_health_may_connect (&health, START));
  nebula_endpoint_health_set_aside (&health, &by_default, START + 1, 0, "second");
  g_assert_cmpint (health.returns_at, ==, START + 1 + 2 * S);
  g_assert_cmpint (health.down_since, ==, START);

  nebula_endpoint_health_note_success (&health);
  g_assert_false (nebula_endpoint_health_is_set_aside (&health, START + 1));
  g_assert_cmpuint (health.failures, ==, 0);
  g_assert_cmpstr (health.last_error, ==, "second");
  nebula_endpoint_health_set_aside (&health, &by_default, START + 5, 0, "third");
  g_assert_cmpint (health.returns_at, ==, START + 5 + 1 * S);
  g_assert_cmpint (health.down_since, ==, START + 5);
}

static void
test_many_failures (void)
{
  g_auto (NebulaEndpointHealth) health = { .failures = G_MAXUINT };

  g_test_summary ("failures are counted up to the largest number, and no further");
  nebula_endpoint_health_set_aside (&health, &by_default, START, 0, "one more");
  g_assert_cmpuint (health.failures, ==, G_MAXUINT);
}

/* How many connects somebody gets done who tries every 10 ms. */
static guint
count_connects (NebulaEndpointHealth *health,
                const NebulaEndpointPauses *pauses,
                gint64 begin,
                gint64 end)
{
  guint n = 0;

  for (gint64 now = begin; now < end; now += 10 * MS)
    {
      if (!nebula_endpoint_health_may_connect (health, now))
        continue;
      n++;
      nebula_endpoint_health_note_connect (health, pauses, now);
      nebula_endpoint_health_set_aside (health, pauses, now, 0, "refused");
    }
  return n;
}

static void
test_connects (void)
{
  g_auto (NebulaEndpointHealth) health = { 0 };
  const NebulaEndpointPauses none = { 0, 0 };

  g_test_summary ("a dead endpoint costs a few connects in the first second, then one a second");
  nebula_endpoint_health_set_aside (&health, &by_default, START, 0, "refused");
  g_assert_cmpuint (count_connects (&health, &by_default, START, START + 1 * S), ==, 3);
  g_assert_cmpuint (count_connects (&health, &by_default, START + 1 * S, START + 11 * S), ==, 10);

  nebula_endpoint_health_note_answer (&health);
  g_assert_true (nebula_endpoint_health_may_connect (&health, START + 11 * S));
  nebula_endpoint_health_set_aside (&health, &by_default, START + 11 * S, 0, "again");
  g_assert_cmpuint (count_connects (&health, &by_default, START + 11 * S, START + 12 * S), ==, 3);

  nebula_endpoint_health_set_aside (&health, &none, START + 20 * S, 0, "again");
  g_assert_cmpuint (count_connects (&health, &none, START + 20 * S, START + 21 * S), ==, 100);
}

static void
test_memory (void)
{
  static const struct
  {
    gint64 at[5]; /* -1 for no more */
    guint statements[5];
    const char *expected; /* which of them makes three */
  } cases[] = {
    { { 0, 1 * S, 2 * S, -1 }, { 1, 2, 3 }, "001" },
    { { 0, 0, 0, 0, 0 }, { 1, 1, 1, 1, 1 }, "00000" },
    { { 0, 1, 2, 3, 4 }, { 1, 2, 1, 2, 3 }, "00001" },
    { { 0, 5 * S, 10 * S - 1, -1 }, { 1, 2, 3 }, "001" },
    { { 0, 5 * S, 10 * S, 10 * S, -1 }, { 1, 2, 3, 4 }, "0001" },
    { { 0, 20 * S, 40 * S, 60 * S, 80 * S }, { 1, 2, 3, 4, 5 }, "00000" },
    /* The same statement again counts from its last time. */
    { { 0, 9 * S, 11 * S, 12 * S, -1 }, { 1, 1, 2, 3 }, "0001" },
  };

  g_test_summary ("three statements, each another one, that run out of memory within 10 s");
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      NebulaEndpointHealth health = { 0 };
      GString *got = g_string_new (NULL);

      for (gsize j = 0; j < 5 && cases[i].at[j] >= 0; j++)
        g_string_append_c (got, nebula_endpoint_health_note_memory (&health,
                                                                    START + cases[i].at[j],
                                                                    cases[i].statements[j])
                                  ? '1'
                                  : '0');
      g_test_message ("case %" G_GSIZE_FORMAT, i);
      g_assert_cmpstr (got->str, ==, cases[i].expected);
      g_string_free (got, TRUE);
    }
}

static void
test_memory_forgets (void)
{
  NebulaEndpointHealth health = { 0 };

  g_test_summary ("what has set the endpoint aside once does not count a second time");
  for (guint i = 0; i < 3; i++)
    g_assert_true (nebula_endpoint_health_note_memory (&health, START, i) == (i == 2));
  for (guint i = 3; i < 6; i++)
    g_assert_true (nebula_endpoint_health_note_memory (&health, START, i) == (i == 5));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/endpoint-health/healthy", test_healthy);
  g_test_add_func ("/endpoint-health/pauses", test_pauses);
  g_test_add_func ("/endpoint-health/aside", test_aside);
  g_test_add_func ("/endpoint-health/answer", test_answer);
  g_test_add_func ("/endpoint-health/many-failures", test_many_failures);
  g_test_add_func ("/endpoint-health/connects", test_connects);
  g_test_add_func ("/endpoint-health/memory", test_memory);
  g_test_add_func ("/endpoint-health/memory-forgets", test_memory_forgets);
  return g_test_run ();
}
