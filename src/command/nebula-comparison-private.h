/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "nebula-simulation-private.h"

G_BEGIN_DECLS

/* For nebula_comparison_run (): all ways of waiting. */
#define NEBULA_ALL_WAITINGS (-1)

typedef struct
{
  NebulaSimulation simulation;
  NebulaFigure figures[NEBULA_MAX_FIGURES];
} NebulaComparisonRow;

/* One model, played for several cases. */
typedef struct
{
  const NebulaSimulationModel *model; /* (unowned) static */
  guint clients;
  guint repetitions;
  guint32 seed;
  GArray *rows; /* (owned) (nullable) (element-type NebulaComparisonRow): NULL before the run */
} NebulaComparison;

void nebula_comparison_run (NebulaComparison *self, int waiting, NebulaRetryPolicy *policy);
void nebula_comparison_clear (NebulaComparison *self);
void nebula_comparison_print_table (const NebulaComparison *self);
void nebula_comparison_print_json (const NebulaComparison *self);
char *nebula_comparison_draw (const NebulaComparison *self);
char *nebula_comparison_label (const NebulaComparison *self, const NebulaSimulation *simulation);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (NebulaComparison, nebula_comparison_clear)

G_END_DECLS
