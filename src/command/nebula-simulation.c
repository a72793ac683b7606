/* SPDX-License-Identifier: Apache-2.0 */
#include "nebula-simulation-private.h"

#include <math.h>

/* gRPC's +-20 %, as NEBULA_JITTER_PROPORTIONAL has it. */
#define PROPORTION 0.2

/* The way of a message, in ms: the numbers of the AWS article that occ is compared with. */
#define NET_MEAN 10
#define NET_SD 2

/* The same formulas as in the decider, in ms and not rounded: the model that these are compared
 * with has neither. @n: how many retries came before; @last: (inout): the last wait, 0 at first */
double
nebula_simulation_wait (const NebulaSimulation *self, GRand *rand, guint n, double *last)
{
  const NebulaGrowth *growth = &self->growth;
  double longest = fmin (growth->maximum, growth->initial * pow (growth->multiplier, n));

  if (self->waiting == NEBULA_WAITING_OFF)
    return 0;
  if (self->waiting == NEBULA_WAITING_NONE)
    return longest;

  double random = g_rand_double (rand);

  switch (self->waiting)
    {
    case NEBULA_WAITING_EQUAL:
      return longest / 2 + random * longest / 2;
    case NEBULA_WAITING_DECORRELATED:
      *last = fmax (*last, growth->start);
      *last = fmin (growth->maximum, growth->start + random * (3 * *last - growth->start));
      return *last;
    case NEBULA_WAITING_PROPORTIONAL:
      return longest * (1 - PROPORTION + 2 * PROPORTION * random);
    case NEBULA_WAITING_OFF:
    case NEBULA_WAITING_NONE:
    case NEBULA_WAITING_FULL:
    default:
      return longest * random;
    }
}

/* How long a message is on its way, one way, in ms: a normal number by Box and Muller, of whose two
 * one is thrown away so that no state is kept. */
double
nebula_simulation_way (GRand *rand)
{
  /* Of a number in (0, 1], for the logarithm. */
  double radius = sqrt (-2 * log (1 - g_rand_double (rand)));
  double normal = radius * cos (2 * G_PI * g_rand_double (rand));

  /* A message does not arrive before it was sent. */
  return fabs (NET_MEAN + NET_SD * normal);
}

/* Whether an attempt that failed is followed by another, paid from @budget. @attempts: so far;
 * @paid: (inout): what the request last paid */
gboolean
nebula_simulation_may_retry (const NebulaSimulation *self,
                             NebulaRetryBudget *budget,
                             guint attempts,
                             guint *paid)
{
  gboolean is_last = attempts >= self->max_attempts;

  /* Only the throttle is told of failures that nothing follows. */
  if (is_last && self->budget.kind != NEBULA_BUDGET_THROTTLE)
    return FALSE;
  return nebula_retry_budget_charge (budget, NEBULA_CAUSE_OVERLOAD, paid) && !is_last;
}

const char *
nebula_waiting_get_name (NebulaWaiting waiting)
{
  static const char *const names[] = {
    "off", "none", "equal", "full", "decorrelated", "proportional",
  };

  G_STATIC_ASSERT (G_N_ELEMENTS (names) == NEBULA_N_WAITINGS);
  return names[waiting];
}

/* By Welford: sums of squares lose the digits that a small deviation is made of. */
static void
add_value (NebulaFigure *figure, double value, guint n)
{
  double difference = value - figure->mean;

  figure->mean += difference / n;
  figure->sd += difference * (value - figure->mean);
}

/* @figures: (out): one for each figure of @model. The same arguments give the same figures: each
 * case has a generator of its own, so that it does not matter which others are compared. */
void
nebula_simulation_run (const NebulaSimulation *self,
                       const NebulaSimulationModel *model,
                       guint repetitions,
                       guint32 seed,
                       NebulaFigure *figures)
{
  g_autoptr (GRand) rand = g_rand_new_with_seed_array (&seed, 1);
  double values[NEBULA_MAX_FIGURES] = { 0 };

  for (guint i = 0; i < NEBULA_MAX_FIGURES; i++)
    figures[i] = (NebulaFigure){ 0, 0 };
  for (guint n = 1; n <= repetitions; n++)
    {
      model->run (self, rand, values);
      for (guint i = 0; model->figures[i].key != NULL; i++)
        add_value (&figures[i], values[i], n);
    }
  for (guint i = 0; i < NEBULA_MAX_FIGURES; i++)
    figures[i].sd = repetitions > 1 ? sqrt (figures[i].sd / (repetitions - 1)) : 0;
}
