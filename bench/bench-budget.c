/* SPDX-License-Identifier: Apache-2.0 */
#include <nebula-retry/nebula-retry-budget.h>
#include <stdio.h>

/* What a success and a retry cost, alone and beside another thread that does the same. Prints a
 * table in nanoseconds of real time: the best of some rounds, because whatever disturbs a round
 * makes it longer. */

#define N_ROUNDS 20

/* Some milliseconds: long beside the start of a thread. What two threads add does not fill a bucket
 * of NEBULA_BUDGET_MAX_TOKENS, so that the exchange is always made. */
#define N_TURNS 400000

/* Enough for a retry of each thread at the same time. */
#define LEFT 100

typedef void (*Work) (NebulaRetryBudget *budget);

static void
succeed (NebulaRetryBudget *budget)
{
  for (guint i = 0; i < N_TURNS; i++)
    nebula_retry_budget_refill (budget, 0);
}

/* Two exchanges: what was taken is given back. */
static void
charge_and_give_back (NebulaRetryBudget *budget)
{
  guint paid = 0;

  for (guint i = 0; i < N_TURNS; i++)
    if (nebula_retry_budget_charge (budget, NEBULA_CAUSE_RPC, &paid))
      nebula_retry_budget_refill (budget, paid);
}

typedef struct
{
  Work work;
  NebulaRetryBudget *budget; /* (unowned) */
} Job;

static gpointer
run (gpointer data)
{
  Job *job = data;

  job->work (job->budget);
  return NULL;
}

static NebulaRetryBudget *
new_budget (gboolean is_full)
{
  NebulaBudgetSettings settings = { NEBULA_BUDGET_LEASE, NEBULA_BUDGET_MAX_TOKENS,
                                    NEBULA_BUDGET_MAX_TOKENS - LEFT, 1 };
  NebulaRetryBudget *budget;
  NebulaRetryBudget *cheap;
  guint paid;

  budget = nebula_retry_budget_new (&settings);
  if (!is_full)
    nebula_retry_budget_charge (budget, NEBULA_CAUSE_RPC, &paid);
  settings.cost = 14;
  cheap = nebula_retry_budget_new_replacing (budget, &settings);
  nebula_retry_budget_unref (budget);
  return cheap;
}

static double
measure_round (Work work, gboolean is_full, guint n_threads)
{
  g_autoptr (NebulaRetryBudget) budget = new_budget (is_full);
  Job job = { work, budget };
  GThread *threads[2];
  gint64 start = g_get_monotonic_time ();

  for (guint i = 0; i < n_threads; i++)
    threads[i] = g_thread_new ("bench", run, &job);
  for (guint i = 0; i < n_threads; i++)
    g_thread_join (threads[i]);
  return (g_get_monotonic_time () - start) * 1000.0 / N_TURNS;
}

static void
measure (const char *name, Work work, gboolean is_full)
{
  double best[2] = { G_MAXDOUBLE, G_MAXDOUBLE };

  for (guint i = 0; i < N_ROUNDS; i++)
    for (guint n_threads = 1; n_threads <= 2; n_threads++)
      best[n_threads - 1] = MIN (best[n_threads - 1], measure_round (work, is_full, n_threads));
  printf ("%-44s %12.1f %12.1f\n", name, best[0], best[1]);
}

int
main (void)
{
  printf ("%-44s %12s %12s\n", "ns", "one thread", "two threads");
  measure ("success, bucket full", succeed, TRUE);
  measure ("success, bucket not full", succeed, FALSE);
  measure ("retry, and its price given back", charge_and_give_back, FALSE);
  return 0;
}
