/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "nebula-call-private.h"

G_BEGIN_DECLS

/**
 * NebulaStream:
 * @call: the engine
 * @is_open: from open to close, whatever the connection does meanwhile
 * @is_writing: a request is being collected
 * @is_owed: a reply is due
 * @is_busy: a call is under way, and this is one of the caller's callbacks
 * @position: of the next byte of the reply to be read
 *
 * The call as a stub sees it: bytes written, flushed, read.
 */
typedef struct
{
  NebulaCall call;
  gboolean is_open;
  gboolean is_writing;
  gboolean is_owed;
  gboolean is_busy;
  gsize position;
} NebulaStream;

gboolean nebula_stream_open (NebulaStream *self, GError **error);
gboolean nebula_stream_close (NebulaStream *self, GError **error);
gboolean nebula_stream_ask (NebulaStream *self,
                            gconstpointer message,
                            gsize length,
                            GError **error);
void nebula_stream_sign_out_all (NebulaStream *self, GPtrArray *sessions, gint64 deadline);
gboolean nebula_stream_write (NebulaStream *self,
                              gconstpointer bytes,
                              gsize length,
                              GError **error);
gboolean nebula_stream_flush (NebulaStream *self, GError **error);
gssize nebula_stream_read (NebulaStream *self, gpointer bytes, gsize length, GError **error);
gboolean nebula_stream_read_all (NebulaStream *self, gpointer bytes, gsize length, GError **error);
gboolean nebula_stream_check_rest (NebulaStream *self, glong count, GError **error);

G_END_DECLS
