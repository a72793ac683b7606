/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <glib-object.h>
#include <nebula-interceptor/nebula-interceptor-visibility.h>

G_BEGIN_DECLS

#define NEBULA_TYPE_ENDPOINT_STATE (nebula_endpoint_state_get_type ())

/**
 * NebulaEndpointState:
 *
 * What a #NebulaCluster knew of one endpoint at one moment: immutable, reference counted, safe in
 * any thread.
 *
 * Since: 0.1
 */
typedef struct _NebulaEndpointState NebulaEndpointState;

NEBULA_INTERCEPTOR_API GType nebula_endpoint_state_get_type (void);

NEBULA_INTERCEPTOR_API NebulaEndpointState *nebula_endpoint_state_ref (NebulaEndpointState *self);
NEBULA_INTERCEPTOR_API void nebula_endpoint_state_unref (NebulaEndpointState *self);

NEBULA_INTERCEPTOR_API const char *nebula_endpoint_state_get_name (NebulaEndpointState *self);
NEBULA_INTERCEPTOR_API gboolean nebula_endpoint_state_is_set_aside (NebulaEndpointState *self);
NEBULA_INTERCEPTOR_API gint64 nebula_endpoint_state_get_pause (NebulaEndpointState *self);
NEBULA_INTERCEPTOR_API guint nebula_endpoint_state_get_failures (NebulaEndpointState *self);
NEBULA_INTERCEPTOR_API gint64 nebula_endpoint_state_get_failed_since (NebulaEndpointState *self);
NEBULA_INTERCEPTOR_API const char *nebula_endpoint_state_get_last_error (NebulaEndpointState *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (NebulaEndpointState, nebula_endpoint_state_unref)

G_END_DECLS
