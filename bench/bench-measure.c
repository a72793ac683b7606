/* SPDX-License-Identifier: Apache-2.0 */
#include "bench-measure.h"

#include <stdlib.h>
#include <time.h>

/* What all measures need. */

/* Real time, in nanoseconds. */
gint64
bench_now (void)
{
  struct timespec now;

  clock_gettime (CLOCK_MONOTONIC, &now);
  return (gint64) now.tv_sec * 1000000000 + now.tv_nsec;
}

static int
compare (gconstpointer a, gconstpointer b)
{
  double left = *(const double *) a, right = *(const double *) b;

  return (left > right) - (left < right);
}

/* @values: are sorted */
double
bench_median (double *values, guint n)
{
  qsort (values, n, sizeof *values, compare);
  return n % 2 == 1 ? values[n / 2] : (values[n / 2 - 1] + values[n / 2]) / 2;
}

/* Adds a number to the object that is open. */
void
bench_add (JsonBuilder *builder, const char *key, double value)
{
  json_builder_set_member_name (builder, key);
  json_builder_add_double_value (builder, value);
}

NebulaCluster *
bench_cluster_new (guint16 port)
{
  g_autofree char *endpoint = g_strdup_printf ("127.0.0.1:%u", port);
  g_autoptr (GError) error = NULL;
  NebulaCluster *cluster = nebula_cluster_new (endpoint, &error);

  g_assert_no_error (error);
  return cluster;
}
