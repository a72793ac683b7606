/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "nebula-mock-message-private.h"
#include "nebula-mock-state-private.h"

#include "nebula_mock_thrift_graph_service.h"

G_BEGIN_DECLS

#define NEBULA_TYPE_MOCK_HANDLER (nebula_mock_handler_get_type ())

/* The macro below asks for it, and generated code has none. */
G_DEFINE_AUTOPTR_CLEANUP_FUNC (NebulaMockThriftGraphServiceHandler, g_object_unref)

/* The methods of GraphService for one connection, used by its thread only. */
G_DECLARE_FINAL_TYPE (NebulaMockHandler, nebula_mock_handler, NEBULA, MOCK_HANDLER,
                      NebulaMockThriftGraphServiceHandler)

NebulaMockHandler *nebula_mock_handler_new (NebulaMockState *state);
void nebula_mock_handler_set_fault (NebulaMockHandler *self, NebulaMockFault *fault);
GByteArray *nebula_mock_handler_run (NebulaMockHandler *self,
                                     const NebulaMockMessage *call,
                                     GError **error);

G_END_DECLS
