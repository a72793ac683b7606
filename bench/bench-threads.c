/* SPDX-License-Identifier: Apache-2.0 */
#include "bench-measure.h"

/* Threads with a stub each; the interceptors share one cluster. */

static const guint counts[] = { 1, 2, 8, 32 };

/* Long beside the start of a thread, short beside what else a machine does for a while. */
#define ROUND_NANOSECONDS 200000000
#define N_ROUNDS 9

typedef struct
{
  BenchStack *stack; /* (owned) */
  gint64 length;     /* nanoseconds */
  guint64 n_calls;
} Worker;

static gpointer
work (gpointer data)
{
  Worker *self = data;
  gint64 end = bench_now () + self->length;

  for (self->n_calls = 0; bench_now () < end; self->n_calls++)
    bench_stack_call (self->stack);
  return NULL;
}

/* Calls of all threads in a second. */
static double
measure_round (Worker *workers, guint n)
{
  g_autofree GThread **threads = g_new (GThread *, n);
  gint64 start = bench_now ();
  guint64 sum = 0;

  for (guint i = 0; i < n; i++)
    threads[i] = g_thread_new ("bench", work, &workers[i]);
  for (guint i = 0; i < n; i++)
    {
      g_thread_join (threads[i]);
      sum += workers[i].n_calls;
    }
  return (double) sum * 1e9 / (double) (bench_now () - start);
}

static Worker *
new_workers (BenchKind kind, const BenchSetting *setting, NebulaCluster *cluster, guint n)
{
  Worker *workers = g_new0 (Worker, n);

  for (guint i = 0; i < n; i++)
    {
      workers[i].stack = bench_stack_new (kind, setting->port, cluster);
      workers[i].length = setting->quick ? 1000000 : ROUND_NANOSECONDS;
    }
  return workers;
}

static void
free_workers (Worker *workers, guint n)
{
  for (guint i = 0; i < n; i++)
    bench_stack_free (workers[i].stack);
  g_free (workers);
}

static void
add_count (JsonBuilder *builder, const BenchSetting *setting, NebulaCluster *cluster, guint n)
{
  static const BenchKind kinds[] = { BENCH_RAW, BENCH_STOCK, BENCH_INTERCEPTOR };
  guint n_rounds = setting->quick ? 1 : N_ROUNDS;
  double calls[G_N_ELEMENTS (kinds)][N_ROUNDS];
  double ratios[N_ROUNDS];

  for (guint round = 0; round < n_rounds; round++)
    {
      for (guint i = 0; i < G_N_ELEMENTS (kinds); i++)
        {
          Worker *workers = new_workers (kinds[i], setting, cluster, n);

          calls[i][round] = measure_round (workers, n);
          free_workers (workers, n);
        }
      ratios[round] = calls[2][round] / calls[1][round];
    }
  json_builder_begin_object (builder);
  bench_add (builder, "threads", n);
  for (guint i = 0; i < G_N_ELEMENTS (kinds); i++)
    bench_add (builder, bench_kind_to_string (kinds[i]), bench_median (calls[i], n_rounds));
  bench_add (builder, "to_stock", bench_median (ratios, n_rounds));
  json_builder_end_object (builder);
}

void
bench_measure_threads (const BenchSetting *setting, JsonBuilder *builder)
{
  g_autoptr (NebulaCluster) cluster = bench_cluster_new (setting->port);

  json_builder_set_member_name (builder, "calls_per_second");
  json_builder_begin_array (builder);
  for (guint i = 0; i < G_N_ELEMENTS (counts); i++)
    add_count (builder, setting, cluster, counts[i]);
  json_builder_end_array (builder);
}
