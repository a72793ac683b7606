/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* An address that is listened on, now and then. Not thread-safe, but for its own thread. */
typedef struct _NebulaMockListener NebulaMockListener;

/* Called from the listener's thread; takes over @fd. */
typedef void (*NebulaMockAccepted) (int fd, gpointer data);

NebulaMockListener *nebula_mock_listener_new (const char *host, guint16 port, GError **error);
NebulaMockListener *nebula_mock_listener_new_unix (const char *path, GError **error);
gboolean nebula_mock_listener_start (NebulaMockListener *self,
                                     NebulaMockAccepted accepted,
                                     gpointer data,
                                     GError **error);
void nebula_mock_listener_pause (NebulaMockListener *self);
void nebula_mock_listener_stop (NebulaMockListener *self);
guint16 nebula_mock_listener_get_port (NebulaMockListener *self);
const char *nebula_mock_listener_get_address (NebulaMockListener *self);
void nebula_mock_listener_free (NebulaMockListener *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (NebulaMockListener, nebula_mock_listener_free)

G_END_DECLS
