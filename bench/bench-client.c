/* SPDX-License-Identifier: Apache-2.0 */
#include "bench-measure.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/*
 * nebula-bench-client PORT MEASURE [--quick]
 * nebula-bench-client PORT calls STACK COUNT STATEMENT
 *
 * Prints the figures of a measure as JSON; or makes calls and prints nothing, for programs that
 * count what it does. PORT is that of nebula-bench-peer.
 */

static const struct
{
  const char *name;
  void (*run) (const BenchSetting *setting, JsonBuilder *builder);
} measures[] = {
  { "small", bench_measure_small },     { "rows", bench_measure_rows },
  { "threads", bench_measure_threads }, { "retry", bench_measure_retry },
  { "memory", bench_measure_memory },
};

static void
print (JsonBuilder *builder)
{
  g_autoptr (JsonNode) root = json_builder_get_root (builder);
  g_autofree char *text = json_to_string (root, TRUE);

  puts (text);
}

static gboolean
measure (const char *name, const BenchSetting *setting)
{
  for (guint i = 0; i < G_N_ELEMENTS (measures); i++)
    if (strcmp (measures[i].name, name) == 0)
      {
        g_autoptr (JsonBuilder) builder = json_builder_new ();

        json_builder_begin_object (builder);
        measures[i].run (setting, builder);
        json_builder_end_object (builder);
        print (builder);
        return TRUE;
      }
  return FALSE;
}

static gboolean
make_calls (guint16 port, const char *name, guint count, const char *statement)
{
  g_autoptr (NebulaCluster) cluster = bench_cluster_new (port);
  g_autoptr (BenchStack) stack = NULL;
  BenchKind kind;

  if (!bench_kind_parse (name, &kind))
    return FALSE;
  stack = bench_stack_new (kind, port, cluster);
  bench_stack_set_statement (stack, statement, strlen (statement));
  for (guint i = 0; i < count; i++)
    bench_stack_call (stack);
  return TRUE;
}

int
main (int argc, char **argv)
{
  BenchSetting setting = { 0 };

  if (argc < 3)
    {
      fputs ("usage: nebula-bench-client PORT MEASURE [--quick]\n", stderr);
      return 2;
    }
  setting.port = (guint16) atoi (argv[1]);
  setting.quick = argc == 4 && strcmp (argv[3], "--quick") == 0;
  if (strcmp (argv[2], "calls") != 0)
    return measure (argv[2], &setting) ? 0 : 2;
  return argc == 6 && make_calls (setting.port, argv[3], (guint) atoi (argv[4]), argv[5]) ? 0 : 2;
}
