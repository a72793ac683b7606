/* SPDX-License-Identifier: Apache-2.0 */
#include <nebula-retry/nebula-retry-budget.h>

/* Neither of the causes that are cheap. */
#define OTHER NEBULA_CAUSE_RPC

static NebulaRetryBudget *
new_lease (guint capacity, guint cost)
{
  NebulaBudgetSettings settings = { NEBULA_BUDGET_LEASE, capacity, cost, 1 };

  return nebula_retry_budget_new (&settings);
}

static NebulaRetryBudget *
new_throttle (guint capacity, guint refill)
{
  NebulaBudgetSettings settings = { NEBULA_BUDGET_THROTTLE, capacity, 1, refill };

  return nebula_retry_budget_new (&settings);
}

static void
assert_charge (NebulaRetryBudget *budget, NebulaCause cause, gboolean allowed, guint paid)
{
  guint got = 77;

  g_assert_cmpint (nebula_retry_budget_charge (budget, cause, &got), ==, allowed);
  g_assert_cmpuint (got, ==, paid);
}

static void
assert_level (NebulaRetryBudget *budget, double level)
{
  g_assert_cmpfloat (nebula_retry_budget_get_level (budget), ==, level);
}

static void
test_lease (void)
{
  g_autoptr (NebulaRetryBudget) budget = new_lease (500, 14);

  g_test_summary ("a lease: 35 retries from a full bucket, then none until enough came back");
  assert_level (budget, 500);
  for (guint i = 0; i < 35; i++)
    assert_charge (budget, OTHER, TRUE, 14000);
  assert_level (budget, 10);
  assert_charge (budget, OTHER, FALSE, 0);
  assert_level (budget, 10);

  for (guint i = 0; i < 3; i++)
    nebula_retry_budget_refill (budget, 0);
  assert_charge (budget, OTHER, FALSE, 0);
  nebula_retry_budget_refill (budget, 0);
  assert_level (budget, 14);
  assert_charge (budget, OTHER, TRUE, 14000);
  assert_level (budget, 0);
  nebula_retry_budget_refill (budget, 14000);
  assert_level (budget, 14);
}

static void
test_lease_costs (void)
{
  static const struct
  {
    NebulaCause cause;
    guint paid;
  } cases[] = {
    { NEBULA_CAUSE_LEADER, 1000 },
    { NEBULA_CAUSE_PARTITION, 1000 },
    { NEBULA_CAUSE_RPC, 14000 },
    { NEBULA_CAUSE_OVERLOAD, 14000 },
    { NEBULA_CAUSE_TIMEOUT, 14000 },
    { NEBULA_CAUSE_UNKNOWN, 14000 },
  };
  g_autoptr (NebulaRetryBudget) budget = new_lease (15, 14);

  g_test_summary ("what mends one entry of a cache costs 1, anything else the full price");
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      assert_charge (budget, cases[i].cause, TRUE, cases[i].paid);
      assert_level (budget, 15 - cases[i].paid / 1000.0);
      nebula_retry_budget_refill (budget, cases[i].paid);
      assert_level (budget, 15);
    }

  assert_charge (budget, OTHER, TRUE, 14000);
  assert_charge (budget, NEBULA_CAUSE_LEADER, TRUE, 1000);
  assert_charge (budget, NEBULA_CAUSE_LEADER, FALSE, 0);
}

static void
test_capacity (void)
{
  g_autoptr (NebulaRetryBudget) lease = new_lease (20, 14);
  g_autoptr (NebulaRetryBudget) throttle = new_throttle (10, 3000);

  g_test_summary ("nothing lifts the level above the capacity");
  nebula_retry_budget_refill (lease, 0);
  nebula_retry_budget_refill (lease, G_MAXUINT);
  assert_level (lease, 20);
  assert_charge (lease, NEBULA_CAUSE_LEADER, TRUE, 1000);
  nebula_retry_budget_refill (lease, G_MAXUINT);
  assert_level (lease, 20);

  assert_charge (throttle, OTHER, TRUE, 0);
  nebula_retry_budget_refill (throttle, 0);
  assert_level (throttle, 10);
}

static void
test_throttle (void)
{
  g_autoptr (NebulaRetryBudget) budget = new_throttle (10, 100);

  g_test_summary ("gRPC's throttle: retries while more than half is left after the failure");
  for (guint i = 0; i < 4; i++)
    assert_charge (budget, OTHER, TRUE, 0);
  assert_level (budget, 6);
  assert_charge (budget, NEBULA_CAUSE_LEADER, FALSE, 0);
  assert_level (budget, 5);
  nebula_retry_budget_refill (budget, 0);
  assert_level (budget, 5.1);
  for (guint i = 0; i < 9; i++)
    nebula_retry_budget_refill (budget, 0);
  assert_level (budget, 6);
  assert_charge (budget, OTHER, FALSE, 0);
  for (guint i = 0; i < 11; i++)
    nebula_retry_budget_refill (budget, 0);
  assert_level (budget, 6.1);
  assert_charge (budget, OTHER, TRUE, 0);
  assert_level (budget, 5.1);

  for (guint i = 0; i < 20; i++)
    assert_charge (budget, OTHER, FALSE, 0);
  assert_level (budget, 0);
}

static void
test_none (void)
{
  NebulaBudgetSettings settings = { NEBULA_BUDGET_NONE, 1, 1, 1 };
  g_autoptr (NebulaRetryBudget) budget = nebula_retry_budget_new (&settings);

  g_test_summary ("without a budget every retry is paid");
  for (guint i = 0; i < 100; i++)
    assert_charge (budget, OTHER, TRUE, 0);
  nebula_retry_budget_refill (budget, 0);
  assert_level (budget, 1);
}

static void
test_edges (void)
{
  NebulaBudgetSettings nothing = { NEBULA_BUDGET_LEASE, 0, 0, 0 };
  NebulaBudgetSettings all = { NEBULA_BUDGET_LEASE, G_MAXUINT, G_MAXUINT, G_MAXUINT };
  g_autoptr (NebulaRetryBudget) least = nebula_retry_budget_new (&nothing);
  g_autoptr (NebulaRetryBudget) most = nebula_retry_budget_new (&all);
  g_autoptr (NebulaRetryBudget) dear = new_lease (10, 11);
  g_autoptr (NebulaRetryBudget) single = new_throttle (1, 1);
  NebulaBudgetSettings got;

  g_test_summary ("settings out of range count as the nearest in it; a price above all is never paid");
  assert_charge (least, OTHER, TRUE, 1000);
  assert_charge (least, OTHER, FALSE, 0);
  assert_charge (most, OTHER, TRUE, 1000000000);
  assert_level (most, 0);
  nebula_retry_budget_get_settings (most, &got);
  g_assert_cmpuint (got.capacity, ==, 1000000);
  g_assert_cmpuint (got.cost, ==, 1000000);
  g_assert_cmpuint (got.refill, ==, 1000000);
  assert_charge (dear, OTHER, FALSE, 0);
  assert_level (dear, 10);
  assert_charge (single, OTHER, FALSE, 0);
  nebula_retry_budget_refill (single, 0);
  assert_level (single, 0.001);
}

static void
test_replacing (void)
{
  static const struct
  {
    NebulaBudgetSettings settings;
    double level; /* of a bucket that was filled by 300 of 500 */
  } cases[] = {
    { { NEBULA_BUDGET_LEASE, 1000, 14, 1 }, 600 },
    { { NEBULA_BUDGET_LEASE, 1, 14, 1 }, 0.6 },
    { { NEBULA_BUDGET_LEASE, 500, 20, 1 }, 300 },
    { { NEBULA_BUDGET_THROTTLE, 10, 14, 100 }, 6 },
    { { NEBULA_BUDGET_NONE, 500, 14, 1 }, 300 },
    { { NEBULA_BUDGET_LEASE, 1000000, 14, 1 }, 600000 },
  };

  g_test_summary ("what replaces a budget is as full as it, and gets what the old one is asked");
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (NebulaRetryBudget) old = new_lease (500, 100);
      g_autoptr (NebulaRetryBudget) budget = NULL;
      NebulaBudgetSettings got;

      assert_charge (old, OTHER, TRUE, 100000);
      assert_charge (old, OTHER, TRUE, 100000);
      budget = nebula_retry_budget_new_replacing (old, &cases[i].settings);
      g_assert_true (budget != old);
      assert_level (budget, cases[i].level);
      assert_level (old, cases[i].level);
      nebula_retry_budget_get_settings (old, &got);
      g_assert_cmpint (got.kind, ==, cases[i].settings.kind);
      g_assert_cmpuint (got.capacity, ==, cases[i].settings.capacity);
    }
}

static void
test_replaced (void)
{
  NebulaBudgetSettings larger = { NEBULA_BUDGET_LEASE, 100, 10, 1 };
  NebulaBudgetSettings smaller = { NEBULA_BUDGET_LEASE, 50, 10, 1 };
  g_autoptr (NebulaRetryBudget) first = new_lease (20, 10);
  g_autoptr (NebulaRetryBudget) second = nebula_retry_budget_new_replacing (first, &larger);
  g_autoptr (NebulaRetryBudget) third = nebula_retry_budget_new_replacing (first, &smaller);
  g_autoptr (NebulaRetryBudget) same = nebula_retry_budget_new_replacing (first, &smaller);

  g_test_summary ("replaced twice, everybody pays from the newest; the same settings change nothing");
  g_assert_true (same == third);
  assert_charge (first, OTHER, TRUE, 10000);
  assert_level (third, 40);
  assert_charge (second, OTHER, TRUE, 10000);
  assert_level (third, 30);
  nebula_retry_budget_refill (first, 10000);
  nebula_retry_budget_refill (second, 0);
  assert_level (third, 41);
}

static void
test_any_setting (void)
{
  static const NebulaBudgetSettings settings = { NEBULA_BUDGET_LEASE, 100, 10, 500 };
  static const NebulaBudgetSettings others[] = {
    { NEBULA_BUDGET_THROTTLE, 100, 10, 500 },
    { NEBULA_BUDGET_LEASE, 101, 10, 500 },
    { NEBULA_BUDGET_LEASE, 100, 11, 500 },
    { NEBULA_BUDGET_LEASE, 100, 10, 501 },
  };

  g_test_summary ("each of the settings makes another budget");
  for (gsize i = 0; i < G_N_ELEMENTS (others); i++)
    {
      g_autoptr (NebulaRetryBudget) old = nebula_retry_budget_new (&settings);
      g_autoptr (NebulaRetryBudget) budget
          = nebula_retry_budget_new_replacing (old, &others[i]);
      NebulaBudgetSettings found;

      g_assert_true (budget != old);
      nebula_retry_budget_get_settings (old, &found);
      g_assert_cmpmem (&found, sizeof found, &others[i], sizeof others[i]);
    }
}

static void
test_as_full_as (void)
{
  NebulaBudgetSettings throttle = { NEBULA_BUDGET_THROTTLE, 10, 1, 100 };
  g_autoptr (NebulaRetryBudget) other = new_lease (200, 50);
  g_autoptr (NebulaRetryBudget) budget = NULL;

  g_test_summary ("as full as another one, in proportion; then each goes its own way");
  assert_charge (other, OTHER, TRUE, 50000);
  budget = nebula_retry_budget_new_as_full_as (other, &throttle);
  assert_level (budget, 7.5);
  assert_charge (other, OTHER, TRUE, 50000);
  assert_level (budget, 7.5);
  assert_level (other, 100);
}

static void
test_long_chain (void)
{
  g_autoptr (NebulaRetryBudget) first = new_lease (1, 1);
  g_autoptr (NebulaRetryBudget) last = nebula_retry_budget_ref (first);

  g_test_summary ("whoever slept through 300,000 replacements wakes up, and frees them all");
  for (guint i = 0; i < 300000; i++)
    {
      NebulaBudgetSettings settings = { NEBULA_BUDGET_LEASE, 10 + i % 2, 1, 1 };
      g_autoptr (NebulaRetryBudget) next = nebula_retry_budget_new_replacing (last, &settings);

      nebula_retry_budget_unref (g_steal_pointer (&last));
      last = g_steal_pointer (&next);
    }
  assert_charge (first, OTHER, TRUE, 1000);
  assert_level (last, 10);
}

static void
test_kinds (void)
{
  static const char *const nicks[] = { "none", "lease", "throttle" };
  GEnumClass *klass = g_type_class_ref (NEBULA_TYPE_BUDGET_KIND);

  g_test_summary ("every kind is registered under the word that files use");
  g_assert_cmpuint (klass->n_values, ==, G_N_ELEMENTS (nicks));
  for (guint i = 0; i < klass->n_values; i++)
    {
      g_assert_cmpint (klass->values[i].value, ==, (int) i);
      g_assert_cmpstr (klass->values[i].value_nick, ==, nicks[i]);
    }
  g_type_class_unref (klass);
}

/* Uniform in [0, 1), 53 bits: the sequence that the figures below were first got with. */
static double
draw (GRand *rand)
{
  guint32 high = g_rand_int (rand) >> 5;
  guint32 low = g_rand_int (rand) >> 6;

  return (high * 67108864.0 + low) / 9007199254740992.0;
}

/* A request of at most 3 attempts, each of which fails with the probability @p. */
static gboolean
play_request (NebulaRetryBudget *budget, GRand *rand, double p, guint *attempts)
{
  gboolean is_throttle;
  NebulaBudgetSettings settings;
  guint paid = 0;

  nebula_retry_budget_get_settings (budget, &settings);
  is_throttle = settings.kind == NEBULA_BUDGET_THROTTLE;
  for (guint n = 1; n <= 3; n++)
    {
      ++*attempts;
      if (draw (rand) >= p)
        {
          nebula_retry_budget_refill (budget, paid);
          return TRUE;
        }
      /* Only the throttle is told of failures that nothing follows. */
      if ((n < 3 || is_throttle) && !nebula_retry_budget_charge (budget, OTHER, &paid))
        return FALSE;
    }
  return FALSE;
}

static void
test_amplification (void)
{
  /* Requests that warm up, a thousand a second for 20 s, and that are counted, for 40 s. */
  enum { WARM_UP = 20000, COUNTED = 40000 };
  static const NebulaBudgetSettings budgets[] = {
    { NEBULA_BUDGET_NONE, 1, 1, 1 },
    { NEBULA_BUDGET_LEASE, 500, 14, 1 },
    { NEBULA_BUDGET_THROTTLE, 10, 1, 100 },
    { NEBULA_BUDGET_THROTTLE, 1000, 1, 100 },
  };
  static const struct
  {
    double p;
    const char *figures[G_N_ELEMENTS (budgets)]; /* attempts per request, successes per cent */
  } cases[] = {
    /* Just above the throttle's limit of 1 / 11, each thousandth counts: a bucket of 1000 that
     * adds 0.1 in floating point ends at 1.043/93.88. */
    { 0.1, { "1.109/99.89", "1.109/99.89", "1.025/92.31", "1.042/93.87" } },
    { 0.2, { "1.238/99.21", "1.238/99.21", "1.000/80.19", "1.000/80.17" } },
    { 0.5, { "1.752/87.51", "1.072/53.74", "1.000/50.03", "1.000/50.04" } },
    { 1.0, { "3.000/0.00", "1.000/0.00", "1.000/0.00", "1.000/0.00" } },
  };

  g_test_summary ("a lease keeps 99 % of the requests at 20 % failures, and adds nothing to an outage");
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    for (gsize j = 0; j < G_N_ELEMENTS (budgets); j++)
      {
        const guint32 seed = 1;
        g_autoptr (GRand) rand = g_rand_new_with_seed_array (&seed, 1);
        g_autoptr (NebulaRetryBudget) budget = nebula_retry_budget_new (&budgets[j]);
        g_autofree char *figures = NULL;
        guint attempts = 0;
        guint succeeded = 0;

        for (guint n = 0; n < WARM_UP; n++)
          play_request (budget, rand, cases[i].p, &attempts);
        attempts = 0;
        for (guint n = 0; n < COUNTED; n++)
          succeeded += play_request (budget, rand, cases[i].p, &attempts);
        figures = g_strdup_printf ("%.3f/%.2f", attempts / (double) COUNTED,
                                   100.0 * succeeded / COUNTED);
        g_assert_cmpstr (figures, ==, cases[i].figures[j]);
      }
}

#define N_THREADS 4

/* Many time slices, so that the threads really meet. */
#define N_TURNS 300000

typedef struct
{
  NebulaRetryBudget *budget; /* (unowned) */
  gint *n_ready;             /* (unowned): atomic */
  guint seed;
  guint granted;
} Hammer;

/* Nobody is done before the last one begins. */
static void
wait_for_others (Hammer *hammer)
{
  g_atomic_int_inc (hammer->n_ready);
  while (g_atomic_int_get (hammer->n_ready) < N_THREADS)
    g_thread_yield ();
}

static void
assert_in_range (NebulaRetryBudget *budget, double capacity)
{
  double level = nebula_retry_budget_get_level (budget);

  g_assert_cmpfloat (level, >=, 0);
  g_assert_cmpfloat (level, <=, capacity);
}

static void
run_threads (Hammer *hammers, GThreadFunc func, NebulaRetryBudget *budget)
{
  GThread *threads[N_THREADS];
  gint n_ready = 0;

  for (guint i = 0; i < N_THREADS; i++)
    {
      hammers[i] = (Hammer){ budget, &n_ready, i + 1, 0 };
      threads[i] = g_thread_new ("hammer", func, &hammers[i]);
    }
  for (guint i = 0; i < N_THREADS; i++)
    g_thread_join (threads[i]);
}

static gpointer
spend_all (gpointer data)
{
  Hammer *hammer = data;
  guint paid;

  wait_for_others (hammer);
  while (nebula_retry_budget_charge (hammer->budget, OTHER, &paid))
    hammer->granted++;
  return NULL;
}

static void
test_threads_spend (void)
{
  g_autoptr (NebulaRetryBudget) budget = new_lease (1000000, 1);
  Hammer hammers[N_THREADS];
  guint granted = 0;

  g_test_summary ("four threads together get as many retries as the bucket pays, not one more");
  run_threads (hammers, spend_all, budget);
  for (guint i = 0; i < N_THREADS; i++)
    granted += hammers[i].granted;
  g_assert_cmpuint (granted, ==, 1000000);
  assert_level (budget, 0);
}

/* Gives back what it took, now and later. */
static gpointer
borrow (gpointer data)
{
  Hammer *hammer = data;
  g_autoptr (GRand) rand = g_rand_new_with_seed (hammer->seed);
  guint owed[8];
  guint n_owed = 0;

  wait_for_others (hammer);
  for (guint i = 0; i < N_TURNS; i++)
    {
      NebulaCause cause = g_rand_boolean (rand) ? OTHER : NEBULA_CAUSE_LEADER;

      if (n_owed < G_N_ELEMENTS (owed)
          && nebula_retry_budget_charge (hammer->budget, cause, &owed[n_owed]))
        n_owed++;
      else if (n_owed > 0)
        nebula_retry_budget_refill (hammer->budget, owed[--n_owed]);
      assert_in_range (hammer->budget, 100);
    }
  while (n_owed > 0)
    nebula_retry_budget_refill (hammer->budget, owed[--n_owed]);
  return NULL;
}

/* A few successes less than fill the bucket. */
static gpointer
succeed (gpointer data)
{
  Hammer *hammer = data;

  wait_for_others (hammer);
  for (guint i = 0; i < 1000000 / N_THREADS - 1; i++)
    nebula_retry_budget_refill (hammer->budget, 0);
  return NULL;
}

static void
test_threads_succeed (void)
{
  g_autoptr (NebulaRetryBudget) budget = new_lease (1000000, 1000000);
  Hammer hammers[N_THREADS];

  g_test_summary ("no success of four threads is lost");
  assert_charge (budget, OTHER, TRUE, 1000000000);
  run_threads (hammers, succeed, budget);
  assert_level (budget, 1000000 - N_THREADS);
}

static void
test_threads_borrow (void)
{
  g_autoptr (NebulaRetryBudget) budget = new_lease (100, 14);
  Hammer hammers[N_THREADS];

  g_test_summary ("what four threads took and gave back is all there, and was never out of range");
  run_threads (hammers, borrow, budget);
  assert_level (budget, 100);
}

static gpointer
change_and_use (gpointer data)
{
  Hammer *hammer = data;
  g_autoptr (GRand) rand = g_rand_new_with_seed (hammer->seed);

  wait_for_others (hammer);
  for (guint i = 0; i < N_TURNS / 10; i++)
    {
      NebulaBudgetSettings settings = { g_rand_int_range (rand, 0, 3),
                                        g_rand_int_range (rand, 1, 101), 14, 100 };
      guint paid = 0;

      if (i % 100 == 0)
        {
          g_autoptr (NebulaRetryBudget) next = NULL;

          next = nebula_retry_budget_new_replacing (hammer->budget, &settings);
          assert_in_range (next, 100);
        }
      nebula_retry_budget_charge (hammer->budget, OTHER, &paid);
      if (g_rand_boolean (rand))
        nebula_retry_budget_refill (hammer->budget, paid);
      assert_in_range (hammer->budget, 100);
    }
  return NULL;
}

static void
test_threads_replace (void)
{
  g_autoptr (NebulaRetryBudget) budget = new_lease (100, 14);
  Hammer hammers[N_THREADS];

  g_test_summary ("a budget is replaced under the hands of four threads, and stays in range");
  run_threads (hammers, change_and_use, budget);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/retry-budget/lease", test_lease);
  g_test_add_func ("/retry-budget/lease-costs", test_lease_costs);
  g_test_add_func ("/retry-budget/capacity", test_capacity);
  g_test_add_func ("/retry-budget/throttle", test_throttle);
  g_test_add_func ("/retry-budget/none", test_none);
  g_test_add_func ("/retry-budget/edges", test_edges);
  g_test_add_func ("/retry-budget/replacing", test_replacing);
  g_test_add_func ("/retry-budget/any-setting", test_any_setting);
  g_test_add_func ("/retry-budget/replaced", test_replaced);
  g_test_add_func ("/retry-budget/as-full-as", test_as_full_as);
  g_test_add_func ("/retry-budget/long-chain", test_long_chain);
  g_test_add_func ("/retry-budget/kinds", test_kinds);
  g_test_add_func ("/retry-budget/amplification", test_amplification);
  g_test_add_func ("/retry-budget/threads/spend", test_threads_spend);
  g_test_add_func ("/retry-budget/threads/succeed", test_threads_succeed);
  g_test_add_func ("/retry-budget/threads/borrow", test_threads_borrow);
  g_test_add_func ("/retry-budget/threads/replace", test_threads_replace);
  return g_test_run ();
}
