/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "nebula-pool-lease-private.h"
#include <nebula-interceptor/nebula-pool.h>

G_BEGIN_DECLS

NebulaPoolQueue *nebula_pool_get_queue (NebulaPool *self);
const char *nebula_pool_get_space (NebulaPool *self);

/* Has a thread of the pool call nebula_pool_run_work () with @run. */
void nebula_pool_push_run (NebulaPool *self, gpointer run);
void nebula_pool_run_work (gpointer run, gpointer pool);

G_END_DECLS
