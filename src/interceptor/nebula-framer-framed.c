/* SPDX-License-Identifier: Apache-2.0 */
#include "nebula-framer-private.h"

/* Four bytes of length, then the message: what ThriftFramedTransport speaks. */

#define LENGTH_SIZE 4

static gsize
framed_wrap (NebulaFramer *self,
             guint8 *message,
             gsize length,
             gint32 sequence,
             const NebulaLimit *limit)
{
  nebula_write_be32 (message - LENGTH_SIZE, length);
  return LENGTH_SIZE;
}

static gboolean
framed_measure (NebulaFramer *self,
                const guint8 *bytes,
                gsize length,
                gsize *needed,
                GError **error)
{
  guint32 size;

  *needed = LENGTH_SIZE;
  if (length < LENGTH_SIZE)
    return TRUE;
  size = nebula_read_be32 (bytes);
  *needed += size;
  if ((gint32) size >= 0)
    return nebula_framer_check_size (self, size, error);
  g_set_error (error, NEBULA_ERROR, NEBULA_ERROR_FATAL,
               "a frame of %d bytes, expected at least 1: these bytes are no framed reply",
               (gint32) size);
  return FALSE;
}

static gboolean
framed_unwrap (NebulaFramer *self,
               guint8 *bytes,
               gsize length,
               gint32 sequence,
               NebulaFrame *frame,
               GError **error)
{
  frame->message = bytes + LENGTH_SIZE;
  frame->length = length - LENGTH_SIZE;
  return TRUE;
}

const NebulaFramerClass nebula_framer_framed = {
  .wrap = framed_wrap,
  .measure = framed_measure,
  .unwrap = framed_unwrap,
};
