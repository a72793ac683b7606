/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <nebula-mock/nebula-mock-action.h>

G_BEGIN_DECLS

/* Does to servers what a script asks for, in a thread of its own: a connection cannot restart the
 * server that it belongs to. Reference counted; any thread. */
typedef struct _NebulaMockOperator NebulaMockOperator;

/* @space: (nullable): of NEBULA_MOCK_ACTION_DROP_SPACE */
typedef void (*NebulaMockPerform) (NebulaMockAction action,
                                   guint server,
                                   const char *space,
                                   gpointer data);

NebulaMockOperator *nebula_mock_operator_new (NebulaMockPerform perform, gpointer data);
NebulaMockOperator *nebula_mock_operator_ref (NebulaMockOperator *self);
void nebula_mock_operator_unref (NebulaMockOperator *self);
void nebula_mock_operator_close (NebulaMockOperator *self);
gboolean nebula_mock_operator_ask (NebulaMockOperator *self,
                                   NebulaMockAction action,
                                   guint server,
                                   const char *space,
                                   int wake_fd);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (NebulaMockOperator, nebula_mock_operator_unref)

G_END_DECLS
