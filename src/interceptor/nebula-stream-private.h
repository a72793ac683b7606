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
 * @next: where in the reply the stub reads on
 * @rest: how much of the reply is left to be read; 0 also when there is none
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
  const guint8 *next;
  gsize rest;
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
gboolean nebula_stream_read_edge (NebulaStream *self,
                                  gpointer bytes,
                                  gsize length,
                                  GError **error);
gboolean nebula_stream_check_rest (NebulaStream *self, glong count, GError **error);

/* Hands over the next @length bytes of the reply, which it has. */
static inline void
nebula_stream_take (NebulaStream *self, gpointer bytes, gsize length)
{
  const guint8 *from = self->next;

  self->next += length;
  self->rest -= length;
  memcpy (bytes, from, length);
}

/**
 * nebula_stream_read_all:
 *
 * As nebula_stream_read(), but all of @length or none. A stub comes here once a field, so what lies
 * in the middle of a reply is inline.
 */
static inline gboolean
nebula_stream_read_all (NebulaStream *self, gpointer bytes, gsize length, GError **error)
{
  if (G_UNLIKELY (length >= self->rest))
    return nebula_stream_read_edge (self, bytes, length, error);
  nebula_stream_take (self, bytes, length);
  return TRUE;
}

G_END_DECLS
