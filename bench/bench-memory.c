/* SPDX-License-Identifier: Apache-2.0 */
#include "bench-allocator.h"
#include "bench-measure.h"

#include <thrift/c_glib/transport/thrift_framed_transport.h>
#include <thrift/c_glib/transport/thrift_socket.h>

/* What stays allocated, as malloc's blocks: of an interceptor that has not done anything, and of a
 * whole stack that has made a call. Run with G_SLICE=always-malloc, or objects are not seen. */

#define N_OBJECTS 100

static gpointer
new_interceptor (const BenchSetting *setting, NebulaCluster *cluster)
{
  return nebula_interceptor_new (cluster);
}

static gpointer
new_stock (const BenchSetting *setting, NebulaCluster *cluster)
{
  g_autoptr (GObject) socket = g_object_new (THRIFT_TYPE_SOCKET, "hostname", "127.0.0.1", "port",
                                             setting->port, NULL);

  return g_object_new (THRIFT_TYPE_FRAMED_TRANSPORT, "transport", socket, NULL);
}

static void
add_idle (JsonBuilder *builder,
          const char *key,
          gpointer (*make) (const BenchSetting *setting, NebulaCluster *cluster),
          const BenchSetting *setting,
          NebulaCluster *cluster)
{
  gpointer objects[N_OBJECTS];
  gint64 before;

  /* The first one also makes what all share. */
  g_object_unref (make (setting, cluster));
  before = bench_bytes_in_use ();
  for (guint i = 0; i < N_OBJECTS; i++)
    objects[i] = make (setting, cluster);
  bench_add (builder, key, (double) (bench_bytes_in_use () - before) / N_OBJECTS);
  for (guint i = 0; i < N_OBJECTS; i++)
    g_object_unref (objects[i]);
}

static void
add_used (JsonBuilder *builder, BenchKind kind, const BenchSetting *setting, NebulaCluster *cluster)
{
  BenchStack *stacks[N_OBJECTS];
  gint64 before;

  bench_stack_free (bench_stack_new (kind, setting->port, cluster));
  before = bench_bytes_in_use ();
  for (guint i = 0; i < N_OBJECTS; i++)
    {
      stacks[i] = bench_stack_new (kind, setting->port, cluster);
      bench_stack_call (stacks[i]);
    }
  bench_add (builder, bench_kind_to_string (kind),
             (double) (bench_bytes_in_use () - before) / N_OBJECTS);
  for (guint i = 0; i < N_OBJECTS; i++)
    bench_stack_free (stacks[i]);
}

void
bench_measure_memory (const BenchSetting *setting, JsonBuilder *builder)
{
  g_autoptr (NebulaCluster) cluster = bench_cluster_new (setting->port);

  json_builder_set_member_name (builder, "idle");
  json_builder_begin_object (builder);
  add_idle (builder, "interceptor", new_interceptor, setting, cluster);
  add_idle (builder, "stock", new_stock, setting, cluster);
  json_builder_end_object (builder);
  json_builder_set_member_name (builder, "after_a_call");
  json_builder_begin_object (builder);
  add_used (builder, BENCH_INTERCEPTOR, setting, cluster);
  add_used (builder, BENCH_STOCK, setting, cluster);
  add_used (builder, BENCH_STUB, setting, cluster);
  json_builder_end_object (builder);
}
