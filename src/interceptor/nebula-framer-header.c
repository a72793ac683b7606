/* SPDX-License-Identifier: Apache-2.0 */
#include "nebula-framer-private.h"

#include "nebula-header-private.h"
#include "nebula-inflate-private.h"

/* Frames with the header of fbthrift. A server may answer with a plain frame: that is taken too. */

#define SHORT_LENGTH 4
#define BIG_LENGTH 12

/* In milliseconds, at least 1: 0 would be for ever, which is what no limit is. */
static gint64
get_timeout (const NebulaLimit *limit)
{
  gint64 remaining = nebula_limit_get_remaining (limit);

  if (remaining == G_MAXINT64)
    return 0;
  return MAX (remaining / 1000 + (remaining % 1000 != 0), 1);
}

static gsize
header_wrap (NebulaFramer *self,
             guint8 *message,
             gsize length,
             gint32 sequence,
             const NebulaLimit *limit)
{
  gboolean is_first = self->is_first;

  self->is_first = FALSE;
  return nebula_header_write (message, length, sequence, get_timeout (limit), is_first);
}

static gboolean
is_big (const guint8 *bytes)
{
  return nebula_read_be32 (bytes) == NEBULA_HEADER_BIG;
}

static gboolean
header_measure (NebulaFramer *self,
                const guint8 *bytes,
                gsize length,
                gsize *needed,
                GError **error)
{
  guint64 size;

  *needed = SHORT_LENGTH;
  if (length < SHORT_LENGTH)
    return TRUE;
  if (is_big (bytes))
    {
      *needed = BIG_LENGTH;
      if (length < BIG_LENGTH)
        return TRUE;
      size = nebula_read_be64 (bytes + SHORT_LENGTH);
    }
  else
    {
      size = nebula_read_be32 (bytes);
      if (size > NEBULA_HEADER_SHORT_MAX)
        {
          g_set_error (error, NEBULA_ERROR, NEBULA_ERROR_FATAL,
                       "a frame that begins with 0x%08x, expected a length up to 0x3fffffff or "
                       "BIGF: these bytes are no framed reply",
                       (guint) size);
          return FALSE;
        }
    }
  *needed += size;
  return nebula_framer_check_size (self, size, error);
}

/* The last one that was applied is undone first. */
static gboolean
inflate (NebulaFramer *self, const NebulaHeader *header, NebulaFrame *frame, GError **error)
{
  for (guint i = header->n_transforms; i-- > 0;)
    {
      NebulaBuffer *out = &self->inflated[i % 2];

      if (!nebula_inflate (header->transforms[i], frame->message, frame->length,
                           self->max_frame_size, out, error))
        return FALSE;
      frame->message = out->data;
      frame->length = out->length;
    }
  return TRUE;
}

static gboolean
check_sequence (const NebulaHeader *header, gint32 sequence, GError **error)
{
  if (header->sequence == (guint32) sequence)
    return TRUE;
  g_set_error (error, NEBULA_ERROR, NEBULA_ERROR_FATAL,
               "a header of another call: byte 4: sequence number %u, expected %u",
               header->sequence, (guint32) sequence);
  return FALSE;
}

static gboolean
header_unwrap (NebulaFramer *self,
               guint8 *bytes,
               gsize length,
               gint32 sequence,
               NebulaFrame *frame,
               GError **error)
{
  gsize skipped = is_big (bytes) ? BIG_LENGTH : SHORT_LENGTH;
  guint8 *begin = bytes + skipped;
  NebulaHeader header;

  length -= skipped;
  if (length >= 4 && nebula_message_check_version (nebula_read_be32 (begin), NULL))
    {
      frame->message = begin;
      frame->length = length;
      return TRUE;
    }
  if (!nebula_header_parse (begin, length, &header, error)
      || !check_sequence (&header, sequence, error))
    return FALSE;
  *frame = header.frame;
  frame->message = begin + header.payload;
  frame->length = length - header.payload;
  return inflate (self, &header, frame, error);
}

const NebulaFramerClass nebula_framer_header = {
  .wrap = header_wrap,
  .measure = header_measure,
  .unwrap = header_unwrap,
};
