/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * RawPeerFunc:
 * @fd: the connection, for raw_peer_send ()
 * @method: what is called
 * @sequence: the number of the call
 * @data: as given
 *
 * Answers one call with whatever bytes, in the peer's thread.
 *
 * Returns: whether the connection goes on; otherwise it is closed
 */
typedef gboolean (*RawPeerFunc) (int fd, const char *method, gint32 sequence, gpointer data);

/**
 * RawPeer:
 *
 * A server on loopback that answers byte by byte as a test wants it, one connection at a time.
 * It shakes hands by itself. Requests may be framed, have a header, or be bare.
 */
typedef struct _RawPeer RawPeer;

RawPeer *raw_peer_new (RawPeerFunc func, gpointer data);
const char *raw_peer_get_address (RawPeer *self);
guint raw_peer_free (RawPeer *self);

gboolean raw_peer_send (int fd, gconstpointer bytes, gsize length);
GByteArray *raw_peer_start_reply (const char *method, gint32 sequence);
void raw_peer_end_reply (GByteArray *frame);
gboolean raw_peer_finish_reply (int fd, GByteArray *frame);

G_END_DECLS
