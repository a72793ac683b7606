/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <nebula-retry/nebula-retry.h>

G_BEGIN_DECLS

/* How clients wait between attempts, in the order in which the modes are compared. */
typedef enum
{
  NEBULA_WAITING_OFF, /* not at all */
  NEBULA_WAITING_NONE,
  NEBULA_WAITING_EQUAL,
  NEBULA_WAITING_FULL,
  NEBULA_WAITING_DECORRELATED,
  NEBULA_WAITING_PROPORTIONAL,
} NebulaWaiting;

#define NEBULA_N_WAITINGS 6

/* How waits grow: before retry n, counted from 0, at most min (@maximum, @initial * @multiplier^n).
 * In ms. */
typedef struct
{
  double initial;
  double maximum;
  double multiplier;
  double start; /* the first wait that decorrelated jitter takes for the last one, and its least */
} NebulaGrowth;

/* One case of a comparison: all that a model is a function of, but chance. */
typedef struct
{
  NebulaWaiting waiting;
  NebulaGrowth growth;
  NebulaBudgetSettings budget;
  guint max_attempts; /* of a request */
  guint failing;      /* how many attempts in a hundred fail by themselves; for budget */
  guint clients;
} NebulaSimulation;

#define NEBULA_MAX_FIGURES 4

/* What one figure came to over all repetitions. */
typedef struct
{
  double mean;
  double sd; /* of a sample; 0 for a single repetition */
} NebulaFigure;

typedef struct
{
  const char *key;     /* in JSON */
  const char *heading; /* for people, with the unit */
  guint decimals;      /* that are worth printing */
} NebulaFigureInfo;

/* A model: its strings are static, the last figure has no key. @run plays it once, without any time
 * but its own, and fills in one value for each figure. */
typedef struct
{
  const char *name;
  const char *title;
  NebulaFigureInfo figures[NEBULA_MAX_FIGURES + 1];
  void (*run) (const NebulaSimulation *self, GRand *rand, double *values);
} NebulaSimulationModel;

extern const NebulaSimulationModel nebula_simulation_occ;
extern const NebulaSimulationModel nebula_simulation_outage;
extern const NebulaSimulationModel nebula_simulation_budget;

void nebula_simulation_run (const NebulaSimulation *self,
                            const NebulaSimulationModel *model,
                            guint repetitions,
                            guint32 seed,
                            NebulaFigure *figures);
double nebula_simulation_wait (const NebulaSimulation *self, GRand *rand, guint n, double *last);
double nebula_simulation_way (GRand *rand);
gboolean nebula_simulation_may_retry (const NebulaSimulation *self,
                                      NebulaRetryBudget *budget,
                                      guint attempts,
                                      guint *paid);
const char *nebula_waiting_get_name (NebulaWaiting waiting);

G_END_DECLS
