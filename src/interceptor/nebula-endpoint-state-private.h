/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "nebula-endpoint-health-private.h"
#include <nebula-interceptor/nebula-endpoint-state.h>

G_BEGIN_DECLS

NebulaEndpointState *nebula_endpoint_state_new (const char *name,
                                                const NebulaEndpointHealth *health,
                                                gint64 now);

G_END_DECLS
