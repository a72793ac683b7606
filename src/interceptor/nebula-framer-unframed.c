/* SPDX-License-Identifier: Apache-2.0 */
#include "nebula-framer-private.h"

/* Messages one behind the other, with nothing between them: where one ends its own bytes tell. */

static gsize
unframed_wrap (NebulaFramer *self,
               guint8 *message,
               gsize length,
               gint32 sequence,
               const NebulaLimit *limit)
{
  return 0;
}

static gboolean
unframed_measure (NebulaFramer *self,
                  const guint8 *bytes,
                  gsize length,
                  gsize *needed,
                  GError **error)
{
  guint64 size;

  if (self->walk == NULL)
    self->walk = g_new (NebulaWireWalk, 1);
  if (length == 0)
    nebula_wire_walk_start (self->walk);
  if (!nebula_wire_walk_go (self->walk, bytes, length, &size, error))
    return FALSE;
  *needed = (gsize) MIN (size, G_MAXSIZE);
  if (size <= self->max_frame_size)
    return TRUE;
  g_set_error (error, NEBULA_ERROR, NEBULA_ERROR_FATAL,
               "a message of at least %" G_GUINT64_FORMAT " bytes, more than max-frame-size (%u "
               "bytes)",
               size, self->max_frame_size);
  return FALSE;
}

static gboolean
unframed_unwrap (NebulaFramer *self,
                 guint8 *bytes,
                 gsize length,
                 gint32 sequence,
                 NebulaFrame *frame,
                 GError **error)
{
  frame->message = bytes;
  frame->length = length;
  return TRUE;
}

const NebulaFramerClass nebula_framer_unframed = {
  .wrap = unframed_wrap,
  .measure = unframed_measure,
  .unwrap = unframed_unwrap,
};
