/* SPDX-License-Identifier: Apache-2.0 */
#include "nebula-simulation-private.h"

/*
 * Requests whose attempts fail independently of each other, paid from one budget: how much load
 * retries add, and how much they save. Waits play no part. Each client makes one request a second.
 */

/* In seconds: until the bucket is as full as it stays, and long enough for the third digit. */
#define WARM_UP 20
#define COUNTED 40

static gboolean
play_request (const NebulaSimulation *self, NebulaRetryBudget *budget, GRand *rand, guint *attempts)
{
  guint paid = 0;
  guint n = 0;

  do
    {
      n++;
      ++*attempts;
      if (100 * g_rand_double (rand) >= self->failing)
        {
          nebula_retry_budget_refill (budget, paid);
          return TRUE;
        }
    }
  while (nebula_simulation_may_retry (self, budget, n, &paid));
  return FALSE;
}

static void
run (const NebulaSimulation *self, GRand *rand, double *values)
{
  g_autoptr (NebulaRetryBudget) budget = nebula_retry_budget_new (&self->budget);
  guint counted = COUNTED * self->clients;
  guint attempts = 0;
  guint succeeded = 0;

  for (guint i = 0; i < WARM_UP * self->clients; i++)
    play_request (self, budget, rand, &attempts);
  attempts = 0;
  for (guint i = 0; i < counted; i++)
    succeeded += play_request (self, budget, rand, &attempts);

  values[0] = (double) attempts / counted;
  values[1] = 100.0 * succeeded / counted;
}

const NebulaSimulationModel nebula_simulation_budget = {
  "budget",
  "Attempts that fail, and a budget for retries",
  {
    { "attempts_per_request", "attempts per request", 3 },
    { "success_percent", "requests that succeed, %", 2 },
  },
  run,
};
