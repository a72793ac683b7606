/* SPDX-License-Identifier: Apache-2.0 */
#include "bench-allocator.h"
#include "bench-measure.h"

#include <string.h>

/* A small call over each stack. They take turns, round by round, and what is compared is what was
 * measured in the same round: whatever else the machine does meets all of them. */

#define N_ROUNDS 101
#define N_CALLS 200

typedef double Rounds[N_ROUNDS];

static double
measure_round (BenchStack *stack, guint n_calls)
{
  gint64 start = bench_now ();

  for (guint i = 0; i < n_calls; i++)
    bench_stack_call (stack);
  return (double) (bench_now () - start) / n_calls;
}

static double
count_allocations (BenchStack *stack)
{
  guint64 before = bench_allocations_get ().n_allocations;

  for (guint i = 0; i < 100; i++)
    bench_stack_call (stack);
  return (double) (bench_allocations_get ().n_allocations - before) / 100;
}

/* The median of what @kind took in a round, as a part of what the stock stack took in it. */
static double
compare_to_stock (Rounds *nanoseconds, BenchKind kind, guint n_rounds)
{
  Rounds ratios;

  for (guint i = 0; i < n_rounds; i++)
    ratios[i] = nanoseconds[kind][i] / nanoseconds[BENCH_STOCK][i];
  return bench_median (ratios, n_rounds);
}

static void
add_stack (JsonBuilder *builder, Rounds *nanoseconds, BenchStack *stack, BenchKind kind, guint n)
{
  double ratio = compare_to_stock (nanoseconds, kind, n);
  Rounds sorted;

  memcpy (sorted, nanoseconds[kind], sizeof sorted);
  json_builder_set_member_name (builder, bench_kind_to_string (kind));
  json_builder_begin_object (builder);
  bench_add (builder, "nanoseconds", bench_median (sorted, n));
  bench_add (builder, "best", sorted[0]);
  bench_add (builder, "to_stock", ratio);
  bench_add (builder, "allocations", count_allocations (stack));
  json_builder_end_object (builder);
}

void
bench_measure_small (const BenchSetting *setting, JsonBuilder *builder)
{
  g_autoptr (NebulaCluster) cluster = bench_cluster_new (setting->port);
  guint n_rounds = setting->quick ? 3 : N_ROUNDS;
  BenchStack *stacks[BENCH_N_STACKS];
  Rounds nanoseconds[BENCH_N_STACKS];

  for (guint i = 0; i < BENCH_N_STACKS; i++)
    {
      stacks[i] = bench_stack_new ((BenchKind) i, setting->port, cluster);
      measure_round (stacks[i], 10);
    }
  for (guint round = 0; round < n_rounds; round++)
    for (guint i = 0; i < BENCH_N_STACKS; i++)
      {
        guint turn = (i + round) % BENCH_N_STACKS;

        nanoseconds[turn][round] = measure_round (stacks[turn], N_CALLS);
      }
  for (guint i = 0; i < BENCH_N_STACKS; i++)
    {
      add_stack (builder, nanoseconds, stacks[i], (BenchKind) i, n_rounds);
      bench_stack_free (stacks[i]);
    }
}
