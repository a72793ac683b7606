/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "nebula-mock-state-private.h"

G_BEGIN_DECLS

/* One accepted connection and the thread that serves it. */
typedef struct _NebulaMockConnection NebulaMockConnection;

/* Called once, from the connection's thread, when the socket has been closed. */
typedef void (*NebulaMockConnectionClosed) (gpointer data);

NebulaMockConnection *nebula_mock_connection_new (int fd,
                                                  NebulaMockState *state,
                                                  NebulaMockConnectionClosed closed,
                                                  gpointer data);
gboolean nebula_mock_connection_is_closed (NebulaMockConnection *self);
void nebula_mock_connection_wake (NebulaMockConnection *self);
void nebula_mock_connection_free (NebulaMockConnection *self);

G_END_DECLS
