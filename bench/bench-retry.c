/* SPDX-License-Identifier: Apache-2.0 */
#include "bench-allocator.h"
#include "bench-measure.h"

#include <string.h>

/* What a retry costs beyond the network and the wait: a call that fails once and then succeeds,
 * without a wait, beside two calls that succeed; over an interceptor without a stub. The same with
 * a request of a mebibyte, which is not copied again. */

#define N_ROUNDS 101
#define N_CALLS 50
#define MEBIBYTE (1024 * 1024)

/* Without a wait between attempts, and without a budget that could refuse them. */
static const char policy_json[]
  = "{\"nebula\": {\"budget\": {\"kind\": \"none\"},"
    " \"backoff\": {\"leader\": {\"initial\": \"0s\", \"maximum\": \"0s\"}}}}";

typedef struct
{
  BenchStack *raw;   /* (owned): makes two calls for each of the others */
  BenchStack *plain; /* (owned): succeeds */
  BenchStack *again; /* (owned): fails first */
} Stacks;

static double
measure_round (BenchStack *stack, guint n_calls)
{
  gint64 start = bench_now ();

  for (guint i = 0; i < n_calls; i++)
    bench_stack_call (stack);
  return (double) (bench_now () - start) / n_calls;
}

static void
set_statement (BenchStack *stack, const char *head, gsize size)
{
  GString *statement = g_string_new (head);

  g_string_append (statement, "INSERT VERTEX t(a) VALUES \"1\":(\"");
  while (statement->len + 3 < size)
    g_string_append_c (statement, 'x');
  g_string_append (statement, "\")");
  bench_stack_set_statement (stack, statement->str, statement->len);
  g_string_free (statement, TRUE);
}

static void
add_allocations (JsonBuilder *builder, BenchStack *stack)
{
  BenchAllocations before = bench_allocations_get (), after;

  bench_stack_call (stack);
  after = bench_allocations_get ();
  bench_add (builder, "allocations", (double) (after.n_allocations - before.n_allocations));
  bench_add (builder, "allocated_bytes", (double) (after.n_bytes - before.n_bytes));
}

static void
add_size (JsonBuilder *builder, Stacks *stacks, gsize size, guint n_calls, gboolean quick)
{
  guint n_rounds = quick ? 1 : N_ROUNDS;
  double raw[N_ROUNDS], plain[N_ROUNDS], again[N_ROUNDS], costs[N_ROUNDS];

  set_statement (stacks->raw, "", size);
  set_statement (stacks->plain, "", size);
  set_statement (stacks->again, "/*again*/", size);
  for (guint i = 0; i < n_rounds; i++)
    {
      raw[i] = measure_round (stacks->raw, n_calls);
      plain[i] = measure_round (stacks->plain, n_calls);
      again[i] = measure_round (stacks->again, n_calls);
      costs[i] = again[i] - plain[i] - raw[i];
    }
  bench_add (builder, "bytes", (double) size);
  bench_add (builder, "raw", bench_median (raw, n_rounds));
  bench_add (builder, "once", bench_median (plain, n_rounds));
  bench_add (builder, "twice", bench_median (again, n_rounds));
  bench_add (builder, "cost", bench_median (costs, n_rounds));
  add_allocations (builder, stacks->again);
}

void
bench_measure_retry (const BenchSetting *setting, JsonBuilder *builder)
{
  g_autoptr (NebulaCluster) cluster = bench_cluster_new (setting->port);
  g_autoptr (NebulaRetryPolicy) policy = nebula_retry_policy_new_from_json (policy_json, -1, NULL);
  Stacks stacks;

  nebula_cluster_set_policy (cluster, policy);
  stacks.raw = bench_stack_new (BENCH_RAW, setting->port, NULL);
  stacks.plain = bench_stack_new (BENCH_BARE, setting->port, cluster);
  stacks.again = bench_stack_new (BENCH_BARE, setting->port, cluster);

  json_builder_set_member_name (builder, "small");
  json_builder_begin_object (builder);
  add_size (builder, &stacks, 100, N_CALLS, setting->quick);
  json_builder_end_object (builder);
  json_builder_set_member_name (builder, "large");
  json_builder_begin_object (builder);
  add_size (builder, &stacks, MEBIBYTE, 1, setting->quick);
  json_builder_end_object (builder);

  bench_stack_free (stacks.raw);
  bench_stack_free (stacks.plain);
  bench_stack_free (stacks.again);
}
