/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "bench-stack.h"

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

/* What a measure is told. */
typedef struct
{
  guint16 port;
  gboolean quick; /* only to see that it works: the figures say nothing */
} BenchSetting;

gint64 bench_now (void);
double bench_median (double *values, guint n);
void bench_add (JsonBuilder *builder, const char *key, double value);
NebulaCluster *bench_cluster_new (guint16 port);

/* Each adds members to the object that is open in @builder. */
void bench_measure_small (const BenchSetting *setting, JsonBuilder *builder);
void bench_measure_rows (const BenchSetting *setting, JsonBuilder *builder);
void bench_measure_threads (const BenchSetting *setting, JsonBuilder *builder);
void bench_measure_retry (const BenchSetting *setting, JsonBuilder *builder);
void bench_measure_memory (const BenchSetting *setting, JsonBuilder *builder);

G_END_DECLS
