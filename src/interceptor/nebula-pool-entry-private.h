/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "nebula-pool-factory-private.h"
#include "nebula-pool-queue-private.h"

G_BEGIN_DECLS

/**
 * NebulaPoolEntry:
 * @interceptor: (owned)
 * @protocol: (owned): over @interceptor
 * @stub: (owned) (nullable): over @protocol
 * @session: its id as the user knows it; 0 while there is none
 * @space: (owned) (nullable): where the session was when the entry became idle
 *
 * What a pool hands out. Used by one thread at a time.
 */
typedef struct
{
  NebulaInterceptor *interceptor;
  ThriftProtocol *protocol;
  gpointer stub;
  gint64 session;
  char *space;
} NebulaPoolEntry;

/* Its user_data is a NebulaPoolFactory, its items are NebulaPoolEntry. */
extern const NebulaPoolDriver nebula_pool_entry_driver;

G_END_DECLS
