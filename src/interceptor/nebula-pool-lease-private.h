/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "nebula-pool-entry-private.h"
#include <nebula-interceptor/nebula-pool-lease.h>

G_BEGIN_DECLS

NebulaPoolLease *nebula_pool_lease_new (NebulaPoolQueue *queue, NebulaPoolEntry *entry);

G_END_DECLS
