/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/**
 * Peer:
 *
 * A program that somebody else's library is in, in a process of its own. Its first line says where
 * it listens; it ends with its standard input.
 */
typedef struct _Peer Peer;

Peer *peer_start (const char *variable, const char *argument);
const char *peer_get_first_line (Peer *self);
void peer_stop (Peer *self);

gboolean peer_is_missing (const char *variable, const char *what);

G_END_DECLS
