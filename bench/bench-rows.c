/* SPDX-License-Identifier: Apache-2.0 */
#include "bench-allocator.h"
#include "bench-measure.h"

#include <string.h>

/* Replies of many rows, decoded by the stub: the best of some calls. */

static const guint sizes[] = { 1000, 2000, 5000, 10000, 20000, 50000, 100000 };

/* The stock transport moves what it has not read yet with each field: above this it takes minutes. */
#define STOCK_MAX 20000

static double
measure_call (BenchStack *stack, guint n_calls)
{
  double best = G_MAXDOUBLE;

  for (guint i = 0; i < n_calls; i++)
    {
      gint64 start = bench_now ();

      bench_stack_call (stack);
      best = MIN (best, (double) (bench_now () - start));
    }
  return best;
}

/* What the stub and its caller allocate for each row. */
static void
add_allocations (JsonBuilder *builder, BenchStack *stub, guint size)
{
  guint64 before = bench_allocations_get ().n_allocations;

  bench_stack_call (stub);
  bench_add (builder, "allocations_per_row",
             (double) (bench_allocations_get ().n_allocations - before) / size);
}

static void
add_size (JsonBuilder *builder, BenchStack **stacks, guint size, gboolean quick)
{
  g_autofree char *statement = g_strdup_printf ("YIELD rows(%u)", size);

  json_builder_begin_object (builder);
  bench_add (builder, "rows", size);
  for (guint kind = 0; kind < BENCH_BARE; kind++)
    {
      gboolean slow = kind == BENCH_STOCK && size > 2000;

      if (kind == BENCH_STOCK && size > STOCK_MAX)
        continue;
      bench_stack_set_statement (stacks[kind], statement, strlen (statement));
      bench_add (builder, bench_kind_to_string ((BenchKind) kind),
                 measure_call (stacks[kind], quick || slow ? 1 : 5));
    }
  add_allocations (builder, stacks[BENCH_STUB], size);
  json_builder_end_object (builder);
}

void
bench_measure_rows (const BenchSetting *setting, JsonBuilder *builder)
{
  g_autoptr (NebulaCluster) cluster = bench_cluster_new (setting->port);
  guint n_sizes = setting->quick ? 1 : G_N_ELEMENTS (sizes);
  BenchStack *stacks[BENCH_BARE];

  for (guint i = 0; i < BENCH_BARE; i++)
    stacks[i] = bench_stack_new ((BenchKind) i, setting->port, cluster);
  json_builder_set_member_name (builder, "nanoseconds");
  json_builder_begin_array (builder);
  for (guint i = 0; i < n_sizes; i++)
    add_size (builder, stacks, sizes[i], setting->quick);
  json_builder_end_array (builder);
  for (guint i = 0; i < BENCH_BARE; i++)
    bench_stack_free (stacks[i]);
}
