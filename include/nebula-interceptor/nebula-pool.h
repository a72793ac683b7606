/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <nebula-interceptor/nebula-interceptor.h>
#include <nebula-interceptor/nebula-pool-lease.h>
#include <thrift/c_glib/protocol/thrift_protocol.h>

G_BEGIN_DECLS

#define NEBULA_TYPE_POOL (nebula_pool_get_type ())

/**
 * NebulaPool:
 *
 * Interceptors that are signed in, for programs with many threads. Safe in any thread.
 *
 * Since: 0.1
 */
NEBULA_INTERCEPTOR_API
G_DECLARE_FINAL_TYPE (NebulaPool, nebula_pool, NEBULA, POOL, GObject)

/**
 * NebulaPoolStubFunc:
 * @interceptor: a new interceptor of the pool, not yet connected
 * @protocol: a strict ThriftBinaryProtocol over it
 * @user_data: as given
 *
 * Makes the stub that goes with an interceptor, and may set properties of the interceptor. Called
 * in the thread that acquires, with no lock held; threads may call it at the same time.
 *
 * Returns: (transfer full): a #GObject; @interceptor and @protocol outlive it
 *
 * Since: 0.1
 */
typedef gpointer (*NebulaPoolStubFunc) (NebulaInterceptor *interceptor,
                                        ThriftProtocol *protocol,
                                        gpointer user_data);

/**
 * NebulaPoolRunFunc:
 * @lease: what was acquired; belongs to the pool again after the function
 * @cancellable: (nullable): as given; calls under @lease obey it by themselves
 * @user_data: as given
 * @destroy_result: (out): what frees the result; %NULL, as it is before, when nothing has to
 * @error: return location of what nebula_pool_run_finish() fails with
 *
 * What nebula_pool_run_async() runs, in a thread of the pool.
 *
 * Returns: (transfer full) (nullable): the result; of no meaning when @error is set
 *
 * Since: 0.1
 */
typedef gpointer (*NebulaPoolRunFunc) (NebulaPoolLease *lease,
                                       GCancellable *cancellable,
                                       gpointer user_data,
                                       GDestroyNotify *destroy_result,
                                       GError **error);

NEBULA_INTERCEPTOR_API NebulaPool *nebula_pool_new (NebulaCluster *cluster);
NEBULA_INTERCEPTOR_API NebulaPool *nebula_pool_new_for_stub_type (NebulaCluster *cluster,
                                                                  GType stub_type);

NEBULA_INTERCEPTOR_API NebulaCluster *nebula_pool_get_cluster (NebulaPool *self);
NEBULA_INTERCEPTOR_API void nebula_pool_set_stub_func (NebulaPool *self,
                                                       NebulaPoolStubFunc func,
                                                       gpointer user_data,
                                                       GDestroyNotify destroy);

NEBULA_INTERCEPTOR_API NebulaPoolLease *nebula_pool_acquire (NebulaPool *self,
                                                             gint64 timeout,
                                                             GCancellable *cancellable,
                                                             GError **error);
NEBULA_INTERCEPTOR_API NebulaPoolLease *nebula_pool_acquire_in_space (NebulaPool *self,
                                                                      const char *space,
                                                                      gint64 timeout,
                                                                      GCancellable *cancellable,
                                                                      GError **error);

NEBULA_INTERCEPTOR_API void nebula_pool_run_async (NebulaPool *self,
                                                   NebulaPoolRunFunc func,
                                                   gpointer user_data,
                                                   GDestroyNotify destroy,
                                                   GCancellable *cancellable,
                                                   GAsyncReadyCallback callback,
                                                   gpointer callback_data);
NEBULA_INTERCEPTOR_API gpointer nebula_pool_run_finish (NebulaPool *self,
                                                        GAsyncResult *result,
                                                        GError **error);

NEBULA_INTERCEPTOR_API gboolean nebula_pool_fill (NebulaPool *self,
                                                  gint64 timeout,
                                                  GCancellable *cancellable,
                                                  GError **error);
NEBULA_INTERCEPTOR_API void nebula_pool_retire_idle (NebulaPool *self);
NEBULA_INTERCEPTOR_API void nebula_pool_close (NebulaPool *self);

NEBULA_INTERCEPTOR_API guint nebula_pool_get_n_idle (NebulaPool *self);
NEBULA_INTERCEPTOR_API guint nebula_pool_get_n_in_use (NebulaPool *self);
NEBULA_INTERCEPTOR_API guint nebula_pool_get_n_waiting (NebulaPool *self);

G_END_DECLS
