/* SPDX-License-Identifier: Apache-2.0 */
#include "nebula-inflate-private.h"

#include <gio/gio.h>
#include <nebula-retry/nebula-error.h>

#ifdef HAVE_ZSTD
#include <zstd.h>
#endif

/* The numbers that headers use. Others (hmac, snappy, quicklz) went out of use long ago. */
#define TRANSFORM_ZLIB 1
#define TRANSFORM_ZSTD 5

#ifdef HAVE_ZSTD
const char nebula_inflate_known[] = "1 (zlib) or 5 (zstd)";
#else
const char nebula_inflate_known[] = "1 (zlib): this build has no zstd";
#endif

gboolean
nebula_inflate_knows (guint32 transform)
{
#ifdef HAVE_ZSTD
  if (transform == TRANSFORM_ZSTD)
    return TRUE;
#endif
  return transform == TRANSFORM_ZLIB;
}

/* What is read, and where it goes. The output may grow one byte beyond the limit: that byte is how
 * it is seen that there are too many. */
typedef struct
{
  const guint8 *bytes;
  gsize length;
  gsize max_size;
  NebulaBuffer *out;
} Inflation;

static gboolean
fail (GError **error, const char *what)
{
  g_set_error (error, NEBULA_ERROR, NEBULA_ERROR_FATAL, "a damaged payload: %s", what);
  return FALSE;
}

/* For how many bytes of the output there is room now; never 0. */
static gsize
make_room (Inflation *self)
{
  NebulaBuffer *out = self->out;

  if (out->length == out->capacity)
    nebula_buffer_reserve (out, out->length + 1);
  return MIN (out->capacity, self->max_size + 1) - out->length;
}

/* Takes @count more bytes into the output, if it may have them. */
static gboolean
grow (Inflation *self, gsize count, GError **error)
{
  self->out->length += count;
  if (self->out->length <= self->max_size)
    return TRUE;
  g_set_error (error, NEBULA_ERROR, NEBULA_ERROR_FATAL,
               "a compressed frame that grows beyond max-frame-size (%" G_GSIZE_FORMAT " bytes)",
               self->max_size);
  return FALSE;
}

static gboolean
inflate_zlib (Inflation *self, GError **error)
{
  g_autoptr (GZlibDecompressor) zlib = g_zlib_decompressor_new (G_ZLIB_COMPRESSOR_FORMAT_ZLIB);
  GConverterResult result = G_CONVERTER_CONVERTED;
  gsize at = 0;

  while (result != G_CONVERTER_FINISHED)
    {
      g_autoptr (GError) cause = NULL;
      gsize room = make_room (self);
      gsize read = 0, written = 0;

      result = g_converter_convert (G_CONVERTER (zlib), self->bytes + at, self->length - at,
                                    self->out->data + self->out->length, room,
                                    G_CONVERTER_INPUT_AT_END, &read, &written, &cause);
      if (result == G_CONVERTER_ERROR)
        return fail (error, cause->message);
      at += read;
      if (!grow (self, written, error))
        return FALSE;
    }
  return at == self->length || fail (error, "bytes behind the end of the zlib stream");
}

#ifdef HAVE_ZSTD
/* The window is memory that the sender chooses, often before it knows how much there is to send:
 * 8 MiB every decoder has to offer (RFC 8878), more is of use only where so much is taken. */
#define WINDOW_LOG_MIN 23
#define WINDOW_LOG_MAX 27

static int
get_window_log (gsize max_size)
{
  return CLAMP ((int) g_bit_storage (max_size), WINDOW_LOG_MIN, WINDOW_LOG_MAX);
}

static gboolean
run_zstd (ZSTD_DCtx *zstd, Inflation *self, GError **error)
{
  ZSTD_inBuffer in = { self->bytes, self->length, 0 };
  gsize hint = 1;

  while (hint != 0)
    {
      gsize room = make_room (self);
      ZSTD_outBuffer out = { self->out->data + self->out->length, room, 0 };
      gsize before = in.pos;

      hint = ZSTD_decompressStream (zstd, &out, &in);
      if (ZSTD_isError (hint))
        return fail (error, ZSTD_getErrorName (hint));
      if (hint != 0 && in.pos == before && out.pos == 0)
        return fail (error, "the zstd frame is cut");
      if (!grow (self, out.pos, error))
        return FALSE;
    }
  return in.pos == in.size || fail (error, "bytes behind the end of the zstd frame");
}

/* With room for all that the frame says it has, zstd works in the output, and takes no window. */
static void
make_room_for_all (Inflation *self)
{
  unsigned long long size = ZSTD_getFrameContentSize (self->bytes, self->length);

  if (size != ZSTD_CONTENTSIZE_UNKNOWN && size != ZSTD_CONTENTSIZE_ERROR && size <= self->max_size)
    nebula_buffer_reserve (self->out, size);
}

static gboolean
inflate_zstd (Inflation *self, GError **error)
{
  ZSTD_DCtx *zstd = ZSTD_createDCtx ();
  gboolean done;

  make_room_for_all (self);
  ZSTD_DCtx_setParameter (zstd, ZSTD_d_windowLogMax, get_window_log (self->max_size));
  done = run_zstd (zstd, self, error);
  ZSTD_freeDCtx (zstd);
  return done;
}
#endif

/**
 * nebula_inflate:
 * @transform: one that nebula_inflate_knows()
 * @bytes: what came
 * @length: how many bytes
 * @max_size: how many bytes it may become
 * @out: what is in it is replaced
 * @error: return location of a NEBULA_ERROR_FATAL
 *
 * Undoes a transform. Memory grows with what comes out, and never far beyond @max_size.
 */
gboolean
nebula_inflate (guint32 transform,
                const guint8 *bytes,
                gsize length,
                gsize max_size,
                NebulaBuffer *out,
                GError **error)
{
  Inflation self = { bytes, length, max_size, out };

  nebula_buffer_trim (out);
#ifdef HAVE_ZSTD
  if (transform == TRANSFORM_ZSTD)
    return inflate_zstd (&self, error);
#endif
  g_assert (transform == TRANSFORM_ZLIB);
  return inflate_zlib (&self, error);
}
