/* SPDX-License-Identifier: Apache-2.0 */
#include "nebula-simulation-private.h"

#include <math.h>

/* The models of policy simulate: waits, what others got from the same models, and repeatability. */

#define REPETITIONS 100
#define SEED 1

static const NebulaBudgetSettings no_budget = { NEBULA_BUDGET_NONE, 1, 1, 1 };
static const NebulaBudgetSettings lease = { NEBULA_BUDGET_LEASE, 500, 14, 1 };
static const NebulaBudgetSettings throttle = { NEBULA_BUDGET_THROTTLE, 10, 1, 100 };

/* min (2000, 5 * 2^n) ms, n from 1. */
static const NebulaGrowth article = { 10, 2000, 2, 5 };

/* The least and the most that the waits before retry n, counted from 0, may be; chance comes close
 * to both, within a fiftieth of the span. */
static const struct
{
  NebulaWaiting waiting;
  guint n;
  double last;
  double least;
  double most;
} waits[] = {
  { NEBULA_WAITING_OFF, 0, 0, 0, 0 },
  { NEBULA_WAITING_OFF, 9, 0, 0, 0 },
  { NEBULA_WAITING_NONE, 0, 0, 10, 10 },
  { NEBULA_WAITING_NONE, 3, 0, 80, 80 },
  { NEBULA_WAITING_NONE, 7, 0, 1280, 1280 },
  { NEBULA_WAITING_NONE, 8, 0, 2000, 2000 },
  { NEBULA_WAITING_NONE, G_MAXUINT, 0, 2000, 2000 },
  { NEBULA_WAITING_EQUAL, 3, 0, 40, 80 },
  { NEBULA_WAITING_EQUAL, 8, 0, 1000, 2000 },
  { NEBULA_WAITING_FULL, 3, 0, 0, 80 },
  { NEBULA_WAITING_FULL, 8, 0, 0, 2000 },
  { NEBULA_WAITING_DECORRELATED, 0, 0, 5, 15 },
  { NEBULA_WAITING_DECORRELATED, 3, 100, 5, 300 },
  { NEBULA_WAITING_PROPORTIONAL, 3, 0, 64, 96 },
  { NEBULA_WAITING_PROPORTIONAL, 8, 0, 1600, 2400 },
};

static void
test_waits (void)
{
  g_autoptr (GRand) rand = g_rand_new_with_seed (SEED);

  g_test_summary ("Each mode waits as its formula has it, and uses all of its span");

  for (guint i = 0; i < G_N_ELEMENTS (waits); i++)
    {
      NebulaSimulation simulation = { .waiting = waits[i].waiting, .growth = article };
      double margin = (waits[i].most - waits[i].least) / 50;
      double least = INFINITY;
      double most = -INFINITY;

      for (guint k = 0; k < 1000; k++)
        {
          double last = waits[i].last;
          double wait = nebula_simulation_wait (&simulation, rand, waits[i].n, &last);

          least = fmin (least, wait);
          most = fmax (most, wait);
        }
      g_test_message ("%u: %g to %g", i, least, most);
      g_assert_cmpfloat (least, >=, waits[i].least);
      g_assert_cmpfloat (least, <=, waits[i].least + margin);
      g_assert_cmpfloat (most, <=, waits[i].most);
      g_assert_cmpfloat (most, >=, waits[i].most - margin);
    }
}

static void
test_decorrelated (void)
{
  g_autoptr (GRand) rand = g_rand_new_with_seed (SEED);
  NebulaSimulation simulation = { .waiting = NEBULA_WAITING_DECORRELATED, .growth = article };
  double last = 1900;
  guint n_capped = 0;

  g_test_summary ("A decorrelated wait is remembered for the next one, and capped");

  for (guint i = 0; i < 100; i++)
    {
      double before = last;
      double wait = nebula_simulation_wait (&simulation, rand, i, &last);

      g_assert_cmpfloat (wait, ==, last);
      g_assert_cmpfloat (wait, <=, fmin (2000, 3 * before));
      n_capped += wait >= 2000;
    }
  g_assert_cmpuint (n_capped, >, 0);
}

/* For 100 clients, 100 repetitions, from another implementation of the same model: means, and
 * three standard errors of them; where it gave no deviation, a fiftieth of the mean. */
static const struct
{
  NebulaWaiting waiting;
  double completion;
  double completion_band;
  double calls;
  double calls_band;
} known[] = {
  { NEBULA_WAITING_OFF, 2028, 40, 2424, 48 },
  { NEBULA_WAITING_NONE, 63779, 1146, 1858, 18 },
  { NEBULA_WAITING_EQUAL, 6608, 204, 811, 3 },
  { NEBULA_WAITING_FULL, 4935, 144, 796, 2 },
  { NEBULA_WAITING_DECORRELATED, 4696, 237, 998, 10 },
  { NEBULA_WAITING_PROPORTIONAL, 9287, 276, 838, 3 },
};

static void
test_occ (void)
{
  g_test_summary ("100 clients come to what others found for the same model");

  for (guint i = 0; i < G_N_ELEMENTS (known); i++)
    {
      NebulaSimulation simulation = { .waiting = known[i].waiting, .growth = article,
                                      .clients = 100 };
      NebulaFigure figures[NEBULA_MAX_FIGURES];

      nebula_simulation_run (&simulation, &nebula_simulation_occ, REPETITIONS, SEED, figures);
      g_test_message ("%s: %.0f ms, %.1f calls", nebula_waiting_get_name (known[i].waiting),
                      figures[0].mean, figures[1].mean);
      g_assert_cmpfloat (fabs (figures[0].mean - known[i].completion), <=,
                         known[i].completion_band);
      g_assert_cmpfloat (fabs (figures[1].mean - known[i].calls), <=, known[i].calls_band);
    }
}

static void
test_single (void)
{
  NebulaSimulation simulation = { .waiting = NEBULA_WAITING_FULL, .growth = article, .clients = 1 };
  NebulaFigure figures[NEBULA_MAX_FIGURES];

  g_test_summary ("A client alone writes once, after four ways of 10 ms; one run has no deviation");

  nebula_simulation_run (&simulation, &nebula_simulation_occ, 1000, SEED, figures);
  g_assert_cmpfloat (fabs (figures[0].mean - 40), <, 0.4);
  /* Four times a deviation of 2 ms. */
  g_assert_cmpfloat (fabs (figures[0].sd - 4), <, 0.4);
  g_assert_cmpfloat (figures[1].mean, ==, 1);
  g_assert_cmpfloat (figures[1].sd, ==, 0);
  nebula_simulation_run (&simulation, &nebula_simulation_occ, 1, SEED, figures);
  g_assert_cmpfloat (figures[0].sd, ==, 0);
}

/* A thousand requests a second, 3 attempts: attempts per request and successes per cent, from
 * another implementation; just above its limit of 1 / 11 the throttle swings for long. */
static const struct
{
  guint failing;
  const NebulaBudgetSettings *budget;
  double attempts;
  double success;
  double band; /* of the attempts; of the successes a hundred times as much */
} shares[] = {
  { 10, &no_budget, 1.109, 99.89, 0.003 }, { 10, &lease, 1.109, 99.89, 0.003 },
  { 10, &throttle, 1.025, 92.31, 0.01 },   { 20, &no_budget, 1.238, 99.21, 0.003 },
  { 20, &lease, 1.238, 99.21, 0.003 },     { 20, &throttle, 1.000, 80.19, 0.004 },
  { 50, &no_budget, 1.752, 87.51, 0.005 }, { 50, &lease, 1.072, 53.74, 0.005 },
  { 50, &throttle, 1.000, 50.03, 0.004 },  { 100, &no_budget, 3, 0, 0 },
  { 100, &lease, 1, 0, 0 },                { 100, &throttle, 1, 0, 0 },
};

static void
test_budget (void)
{
  g_test_summary ("A lease saves what can be saved, and adds nothing to an outage");

  for (guint i = 0; i < G_N_ELEMENTS (shares); i++)
    {
      NebulaSimulation simulation = { .budget = *shares[i].budget, .max_attempts = 3,
                                      .failing = shares[i].failing, .clients = 1000 };
      NebulaFigure figures[NEBULA_MAX_FIGURES];

      nebula_simulation_run (&simulation, &nebula_simulation_budget, 4, SEED, figures);
      g_test_message ("%u: %.3f %.2f", i, figures[0].mean, figures[1].mean);
      g_assert_cmpfloat (fabs (figures[0].mean - shares[i].attempts), <=, shares[i].band);
      g_assert_cmpfloat (fabs (figures[1].mean - shares[i].success), <=, 100 * shares[i].band);
    }
}

static void
play_outage (NebulaWaiting waiting,
             const NebulaBudgetSettings *budget,
             guint max_attempts,
             NebulaFigure *figures)
{
  NebulaSimulation simulation = { .waiting = waiting, .growth = { 1000, 10000, 2, 1000 },
                                  .budget = *budget, .max_attempts = max_attempts,
                                  .clients = 100 };

  nebula_simulation_run (&simulation, &nebula_simulation_outage, 10, SEED, figures);
}

static void
test_outage (void)
{
  NebulaFigure single[NEBULA_MAX_FIGURES];
  NebulaFigure herd[NEBULA_MAX_FIGURES];
  NebulaFigure spread[NEBULA_MAX_FIGURES];
  NebulaFigure paid[NEBULA_MAX_FIGURES];
  NebulaFigure off[NEBULA_MAX_FIGURES];

  g_test_summary ("Retries multiply an outage, jitter spreads them, a budget ends them");

  /* 100 clients, one request a second, 35 s in all and 6 s of them lost. */
  play_outage (NEBULA_WAITING_NONE, &no_budget, 1, single);
  g_assert_cmpfloat (single[0].mean, ==, 0);
  g_assert_cmpfloat (fabs (single[1].mean - 600), <=, 2);
  g_assert_cmpfloat (fabs (single[2].mean - 15), <=, 0.1);

  /* Without waits four times as many, but for what breaks with the connections: all that is
   * lost is lost as before. */
  play_outage (NEBULA_WAITING_OFF, &no_budget, 4, off);
  g_assert_cmpfloat (fabs (off[1].mean - 2400), <=, 30);
  g_assert_cmpfloat (fabs (off[2].mean - 15), <=, 0.5);

  play_outage (NEBULA_WAITING_NONE, &no_budget, 4, herd);
  play_outage (NEBULA_WAITING_FULL, &no_budget, 4, spread);
  g_assert_cmpfloat (herd[2].mean, <, 10);
  g_assert_cmpfloat (spread[0].mean, <, herd[0].mean);

  /* 500 / 14 = 35 retries, and what successes pay for before the outage is a full bucket. */
  play_outage (NEBULA_WAITING_NONE, &lease, 4, paid);
  g_assert_cmpfloat (fabs (paid[1].mean - 635), <=, 2);
  g_assert_cmpfloat (paid[0].mean, ==, 0);
}

static const NebulaSimulationModel *const models[] = {
  &nebula_simulation_occ,
  &nebula_simulation_outage,
  &nebula_simulation_budget,
};

static void
test_seed (void)
{
  /* Waits that reach from the outage beyond it, so that chance decides what is lost. */
  NebulaSimulation simulation = { .waiting = NEBULA_WAITING_FULL,
                                  .growth = { 1000, 10000, 2, 1000 }, .budget = no_budget,
                                  .max_attempts = 4, .failing = 20, .clients = 20 };

  g_test_summary ("The same seed gives the same figures, and another one others");

  for (guint i = 0; i < G_N_ELEMENTS (models); i++)
    {
      NebulaFigure figures[3][NEBULA_MAX_FIGURES];
      gboolean differs = FALSE;

      nebula_simulation_run (&simulation, models[i], 5, 1, figures[0]);
      nebula_simulation_run (&simulation, models[i], 5, 1, figures[1]);
      nebula_simulation_run (&simulation, models[i], 5, 2, figures[2]);
      for (guint k = 0; models[i]->figures[k].key != NULL; k++)
        {
          g_assert_cmpfloat (figures[0][k].mean, ==, figures[1][k].mean);
          g_assert_cmpfloat (figures[0][k].sd, ==, figures[1][k].sd);
          differs |= fabs (figures[0][k].mean - figures[2][k].mean) > 0;
        }
      g_assert_true (differs);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/simulation/waits", test_waits);
  g_test_add_func ("/simulation/decorrelated", test_decorrelated);
  g_test_add_func ("/simulation/occ", test_occ);
  g_test_add_func ("/simulation/single", test_single);
  g_test_add_func ("/simulation/budget", test_budget);
  g_test_add_func ("/simulation/outage", test_outage);
  g_test_add_func ("/simulation/seed", test_seed);
  return g_test_run ();
}
