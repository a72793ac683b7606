/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <nebula-interceptor/nebula-interceptor.h>
#include <nebula_thrift_graph_service.h>

G_BEGIN_DECLS

/* What every program has around its statements: the examples share it. */

/* The first argument of the program, or the usual address of a graphd. */
const char *example_endpoints (int argc, char **argv);

/* (transfer full): a stub over @interceptor, of which it keeps a reference */
NebulaThriftGraphServiceIf *example_client_new (NebulaInterceptor *interceptor);

/* 0 with @error set when there is no session */
gint64 example_authenticate (NebulaThriftGraphServiceIf *client, GError **error);

/* (transfer full) (nullable): the answer, whatever its code is */
NebulaThriftExecutionResponse *example_execute (NebulaThriftGraphServiceIf *client,
                                                gint64 session,
                                                const char *statement,
                                                GError **error);

G_END_DECLS
