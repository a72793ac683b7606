/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <nebula-interceptor/nebula-pool.h>

G_BEGIN_DECLS

/**
 * NebulaPoolFactory:
 *
 * Makes the interceptors of a pool, and what stands on each. Safe in any thread.
 */
typedef struct _NebulaPoolFactory NebulaPoolFactory;

NebulaPoolFactory *nebula_pool_factory_new (NebulaCluster *cluster,
                                            NebulaFraming framing,
                                            gint64 max_connection_age,
                                            GType stub_type);
void nebula_pool_factory_free (NebulaPoolFactory *self);
void nebula_pool_factory_set_stub_func (NebulaPoolFactory *self,
                                        NebulaPoolStubFunc func,
                                        gpointer user_data,
                                        GDestroyNotify destroy);

NebulaInterceptor *nebula_pool_factory_make_interceptor (NebulaPoolFactory *self);
gpointer nebula_pool_factory_make_stub (NebulaPoolFactory *self,
                                        NebulaInterceptor *interceptor,
                                        ThriftProtocol *protocol);

G_END_DECLS
