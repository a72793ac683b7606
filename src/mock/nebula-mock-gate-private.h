/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Something that threads wait for, until it is opened. Reference counted; any thread. */
typedef struct _NebulaMockGate NebulaMockGate;

NebulaMockGate *nebula_mock_gate_new (gboolean is_open);
NebulaMockGate *nebula_mock_gate_ref (NebulaMockGate *self);
void nebula_mock_gate_unref (NebulaMockGate *self);
void nebula_mock_gate_set_open (NebulaMockGate *self, gboolean is_open);
void nebula_mock_gate_let_through (NebulaMockGate *self, guint count);
void nebula_mock_gate_let_waiting_through (NebulaMockGate *self);
gboolean nebula_mock_gate_wait_for_waiting (NebulaMockGate *self, guint count, gint64 timeout_us);
gboolean nebula_mock_gate_pass (NebulaMockGate *self, int wake_fd);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (NebulaMockGate, nebula_mock_gate_unref)

G_END_DECLS
