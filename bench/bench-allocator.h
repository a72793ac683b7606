/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* What this thread has asked the allocator for; @in_use is of all threads. */
typedef struct
{
  guint64 n_allocations;
  guint64 n_bytes;
} BenchAllocations;

BenchAllocations bench_allocations_get (void);
gint64 bench_bytes_in_use (void);

G_END_DECLS
