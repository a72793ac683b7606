/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <nebula-interceptor/nebula-call-report.h>
#include <nebula-interceptor/nebula-cluster.h>
#include <nebula-interceptor/nebula-endpoint-state.h>
#include <nebula-interceptor/nebula-framing.h>
#include <nebula-interceptor/nebula-interceptor-visibility.h>
#include <thrift/c_glib/transport/thrift_transport.h>

G_BEGIN_DECLS

/**
 * NebulaSurfaceErrors:
 * @NEBULA_SURFACE_REPLIES: a reply with an error code reaches the stub as it came
 * @NEBULA_SURFACE_ERRORS: it becomes a #GError in %NEBULA_ERROR
 *
 * How a failure that graphd answered is handed over when the interceptor gives up.
 *
 * Since: 0.1
 */
typedef enum
{
  NEBULA_SURFACE_REPLIES,
  NEBULA_SURFACE_ERRORS,
} NebulaSurfaceErrors;

/**
 * NebulaService:
 * @NEBULA_SERVICE_AUTO: seen by the first method called, or by its session
 * @NEBULA_SERVICE_GRAPH: graphd's GraphService
 * @NEBULA_SERVICE_OTHER: another one: no handshake, no sessions, no USE
 *
 * Which service is at the other end.
 *
 * Since: 0.1
 */
typedef enum
{
  NEBULA_SERVICE_AUTO,
  NEBULA_SERVICE_GRAPH,
  NEBULA_SERVICE_OTHER,
} NebulaService;

#define NEBULA_TYPE_SURFACE_ERRORS (nebula_surface_errors_get_type ())
#define NEBULA_TYPE_SERVICE (nebula_service_get_type ())
NEBULA_INTERCEPTOR_API GType nebula_surface_errors_get_type (void);
NEBULA_INTERCEPTOR_API GType nebula_service_get_type (void);

/* Written out because ThriftTransport declares no automatic clean-up that G_DECLARE_FINAL_TYPE
 * could chain to. */
#define NEBULA_TYPE_INTERCEPTOR (nebula_interceptor_get_type ())
#define NEBULA_INTERCEPTOR(obj) \
  (G_TYPE_CHECK_INSTANCE_CAST ((obj), NEBULA_TYPE_INTERCEPTOR, NebulaInterceptor))
#define NEBULA_IS_INTERCEPTOR(obj) (G_TYPE_CHECK_INSTANCE_TYPE ((obj), NEBULA_TYPE_INTERCEPTOR))

/**
 * NebulaInterceptor:
 *
 * The transport under a stub. Used by one thread at a time.
 *
 * Since: 0.1
 */
typedef struct _NebulaInterceptor NebulaInterceptor;
typedef struct
{
  ThriftTransportClass parent_class;
} NebulaInterceptorClass;

NEBULA_INTERCEPTOR_API GType nebula_interceptor_get_type (void);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (NebulaInterceptor, g_object_unref)

/**
 * NebulaAttemptFunc:
 * @self: the interceptor
 * @attempt: the attempt that has just ended, and what was decided
 * @user_data: as given
 *
 * Called in the calling thread after each attempt, the successful one too, before the wait.
 *
 * Since: 0.1
 */
typedef void (*NebulaAttemptFunc) (NebulaInterceptor *self,
                                   NebulaAttempt *attempt,
                                   gpointer user_data);

/**
 * NebulaOutcomeFunc:
 * @self: the interceptor
 * @outcome: what an attempt came to, as the tables and the policy have it
 * @user_data: as given
 *
 * Called in the calling thread after each attempt that failed, before anything is decided.
 *
 * Returns: (transfer full) (nullable): what it means instead, see nebula_outcome_reclassify();
 *   %NULL leaves it
 *
 * Since: 0.1
 */
typedef NebulaOutcome *(*NebulaOutcomeFunc) (NebulaInterceptor *self,
                                             NebulaOutcome *outcome,
                                             gpointer user_data);

NEBULA_INTERCEPTOR_API NebulaInterceptor *nebula_interceptor_new (NebulaCluster *cluster);
NEBULA_INTERCEPTOR_API NebulaInterceptor *
nebula_interceptor_new_for_endpoints (const char *endpoints, GError **error);
NEBULA_INTERCEPTOR_API NebulaInterceptor *
nebula_interceptor_new_for_transport (ThriftTransport *transport);

NEBULA_INTERCEPTOR_API NebulaCluster *nebula_interceptor_get_cluster (NebulaInterceptor *self);
NEBULA_INTERCEPTOR_API void nebula_interceptor_set_cancellable (NebulaInterceptor *self,
                                                                GCancellable *cancellable);
NEBULA_INTERCEPTOR_API void nebula_interceptor_set_deadline (NebulaInterceptor *self,
                                                             gint64 deadline);
NEBULA_INTERCEPTOR_API void nebula_interceptor_set_attempt_func (NebulaInterceptor *self,
                                                                 NebulaAttemptFunc func,
                                                                 gpointer user_data,
                                                                 GDestroyNotify destroy);
NEBULA_INTERCEPTOR_API void nebula_interceptor_set_outcome_func (NebulaInterceptor *self,
                                                                 NebulaOutcomeFunc func,
                                                                 gpointer user_data,
                                                                 GDestroyNotify destroy);
NEBULA_INTERCEPTOR_API gboolean nebula_interceptor_sign_in (NebulaInterceptor *self,
                                                            const char *space,
                                                            gint64 *session_id,
                                                            GError **error);
NEBULA_INTERCEPTOR_API gboolean nebula_interceptor_sign_out (NebulaInterceptor *self,
                                                             gint64 session_id,
                                                             GError **error);
NEBULA_INTERCEPTOR_API NebulaCallReport *
nebula_interceptor_get_last_report (NebulaInterceptor *self);

G_END_DECLS
