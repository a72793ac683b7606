/* SPDX-License-Identifier: Apache-2.0 */
#include "nebula-header-private.h"

#include "nebula-inflate-private.h"

#include <stdio.h>

/*
 * A frame with a header, all integers big-endian:
 *
 *   u32     how many bytes follow; for more than 1 GiB "BIGF" and a u64 instead
 *   u16     magic 0x0fff
 *   u16     flags
 *   u32     sequence number
 *   u16     how many words of four bytes the block has
 *   block   varints: payload protocol; number of transforms, their ids; then info headers, each a
 *           kind, and for the kinds 1 and 2 a number of pairs of strings; filled up with zeros
 *   bytes   the payload: the message, transformed
 */

#define INFO_PADDING 0
#define INFO_PAIRS 1
#define INFO_PERSISTENT_PAIRS 2

#define PROTOCOL_BINARY 0

/* A request from the server to the client: a mode that nothing here serves. */
#define FLAG_DUPLEX_REVERSE 0x08

/* How long the peer will wait, in milliseconds: fbthrift drops what nobody waits for any more. */
#define TIMEOUT_KEY "client_timeout"

/* Who asks, as JSON: fbthrift keeps it with the connection, for the server's own code to see. */
#define CLIENT_KEY "client_metadata"
#define CLIENT "{\"agent\":\"nebula-interceptor/" NEBULA_VERSION "\"}"
#define CLIENT_LENGTH (sizeof CLIENT - 1)

typedef struct
{
  const guint8 *bytes;
  const guint8 *at;
  const guint8 *end;
  GError **error;
} Cursor;

static gboolean fail (Cursor *cursor, const char *format, ...) G_GNUC_PRINTF (2, 3);

static gboolean
fail (Cursor *cursor, const char *format, ...)
{
  g_autofree char *text = NULL;
  va_list arguments;

  va_start (arguments, format);
  text = g_strdup_vprintf (format, arguments);
  va_end (arguments);
  g_set_error (cursor->error, NEBULA_ERROR, NEBULA_ERROR_FATAL,
               "a damaged header: byte %" G_GSIZE_FORMAT ": %s",
               (gsize) (cursor->at - cursor->bytes), text);
  return FALSE;
}

/* Seven bits a byte, the lowest first; the highest bit says that another byte follows. */
static gboolean
read_varint (Cursor *cursor, const char *what, guint32 *value)
{
  const guint8 *at = cursor->at;
  guint64 sum = 0;

  for (guint shift = 0; shift < 35; shift += 7)
    {
      if (at == cursor->end)
        return fail (cursor, "the header ends inside the %s", what);
      sum |= (guint64) (*at & 0x7f) << shift;
      if ((*at++ & 0x80) == 0)
        {
          if (sum > G_MAXUINT32)
            break;
          cursor->at = at;
          *value = (guint32) sum;
          return TRUE;
        }
    }
  return fail (cursor, "the %s has more than 32 bits", what);
}

static gboolean
read_string (Cursor *cursor, const char *what, NebulaSlice *slice)
{
  const guint8 *begin = cursor->at;
  gsize left;
  guint32 length = 0;

  if (!read_varint (cursor, what, &length))
    return FALSE;
  left = cursor->end - cursor->at;
  if (length > left)
    {
      cursor->at = begin;
      return fail (cursor, "%s of %u bytes, expected at most %" G_GSIZE_FORMAT, what, length, left);
    }
  slice->bytes = (const char *) cursor->at;
  slice->length = length;
  cursor->at += length;
  return TRUE;
}

static gboolean
equals (const NebulaSlice *slice, const char *text)
{
  return slice->length == strlen (text) && memcmp (slice->bytes, text, slice->length) == 0;
}

static void
note_pair (NebulaFrame *frame, const NebulaSlice *key, const NebulaSlice *value)
{
  if (equals (key, "connection"))
    frame->is_goaway = frame->is_goaway || equals (value, "goaway");
  else if (equals (key, "ex"))
    frame->exception_code = *value;
  else if (equals (key, "uex"))
    frame->exception_name = *value;
  else if (equals (key, "uexw"))
    frame->exception_text = *value;
}

static gboolean
read_pairs (Cursor *cursor, NebulaFrame *frame)
{
  NebulaSlice key = { 0 }, value = { 0 };
  guint32 count = 0;

  if (!read_varint (cursor, "number of info headers", &count))
    return FALSE;
  /* Each takes two bytes at least, so the end of the block bounds the loop. */
  for (; count > 0; count--)
    {
      if (!read_string (cursor, "key of an info header", &key)
          || !read_string (cursor, "value of an info header", &value))
        return FALSE;
      note_pair (frame, &key, &value);
    }
  return TRUE;
}

/* Kinds that nobody knows end the reading: only a newer reader knows how long they are. What is
 * persistent holds for later frames too, but nothing that counts here is taken back by them. */
static gboolean
read_infos (Cursor *cursor, NebulaFrame *frame)
{
  guint32 kind;

  while (cursor->at < cursor->end)
    {
      if (!read_varint (cursor, "kind of info headers", &kind))
        return FALSE;
      if (kind == INFO_PADDING || kind > INFO_PERSISTENT_PAIRS)
        return TRUE;
      if (!read_pairs (cursor, frame))
        return FALSE;
    }
  return TRUE;
}

static gboolean
read_transforms (Cursor *cursor, NebulaHeader *header)
{
  const guint8 *begin = cursor->at;
  guint32 count = 0, id = 0;

  if (!read_varint (cursor, "number of transforms", &count))
    return FALSE;
  if (count > NEBULA_HEADER_MAX_TRANSFORMS)
    {
      cursor->at = begin;
      return fail (cursor, "%u transforms, expected at most %d", count,
                   NEBULA_HEADER_MAX_TRANSFORMS);
    }
  for (; count > 0; count--)
    {
      begin = cursor->at;
      if (!read_varint (cursor, "id of a transform", &id))
        return FALSE;
      if (!nebula_inflate_knows (id))
        {
          cursor->at = begin;
          return fail (cursor, "transform %u, expected %s", id, nebula_inflate_known);
        }
      header->transforms[header->n_transforms++] = (guint8) id;
    }
  return TRUE;
}

static gboolean
read_block (Cursor *cursor, NebulaHeader *header)
{
  const guint8 *begin = cursor->at;
  guint32 protocol = 0;

  if (!read_varint (cursor, "payload protocol", &protocol))
    return FALSE;
  if (protocol != PROTOCOL_BINARY)
    {
      cursor->at = begin;
      return fail (cursor, "payload protocol %u, expected 0 (binary)", protocol);
    }
  return read_transforms (cursor, header) && read_infos (cursor, &header->frame);
}

static gboolean
read_fixed (Cursor *cursor, NebulaHeader *header, gsize *block)
{
  gsize length = cursor->end - cursor->bytes;
  guint32 first;

  if (length < NEBULA_HEADER_FIXED_SIZE)
    return fail (cursor, "a frame of %" G_GSIZE_FORMAT " bytes, expected at least %d", length,
                 NEBULA_HEADER_FIXED_SIZE);
  first = nebula_read_be32 (cursor->at);
  if (first >> 16 != NEBULA_HEADER_MAGIC)
    return fail (cursor, "magic 0x%04x, expected 0x0fff, or a message of version 0x8001",
                 first >> 16);
  header->flags = first & 0xffff;
  header->sequence = nebula_read_be32 (cursor->at + 4);
  *block = 4 * (gsize) (cursor->at[8] << 8 | cursor->at[9]);
  cursor->at += 2;
  if ((header->flags & FLAG_DUPLEX_REVERSE) != 0)
    return fail (cursor, "flags 0x%04x: a request of the server's, expected a reply",
                 header->flags);
  cursor->at += 6;
  if (*block > length - NEBULA_HEADER_FIXED_SIZE)
    return fail (cursor, "a block of %" G_GSIZE_FORMAT " bytes, expected at most %" G_GSIZE_FORMAT,
                 *block, length - NEBULA_HEADER_FIXED_SIZE);
  cursor->at += 2;
  return TRUE;
}

/**
 * nebula_header_parse:
 * @bytes: a frame from its magic number on
 * @length: its length
 * @header: (out): what was found; its slices lie inside @bytes
 * @error: return location of a NEBULA_ERROR_FATAL that says what is wrong at which byte
 *
 * Reads the header of a reply. Nothing is inflated.
 */
gboolean
nebula_header_parse (const guint8 *bytes, gsize length, NebulaHeader *header, GError **error)
{
  Cursor cursor = { bytes, bytes, bytes + length, error };
  gsize block = 0;

  memset (header, 0, sizeof *header);
  if (!read_fixed (&cursor, header, &block))
    return FALSE;
  header->payload = NEBULA_HEADER_FIXED_SIZE + block;
  cursor.end = bytes + header->payload;
  return read_block (&cursor, header);
}

/* Ten digits hold what G_MAXINT32 is. */
#define DIGITS_MAX 10

/* Protocol, number of transforms, kind of info headers, their number, and two of them, in whole
 * words. */
#define BLOCK_MAX 96

/* A length before each of the texts, of one byte; sizeof counts a byte more as well. */
#define PAIR_SIZE(key, value_length) (sizeof (key) + 1 + (value_length))

G_STATIC_ASSERT (4 + PAIR_SIZE (TIMEOUT_KEY, DIGITS_MAX) + PAIR_SIZE (CLIENT_KEY, CLIENT_LENGTH)
                 <= BLOCK_MAX);
G_STATIC_ASSERT (CLIENT_LENGTH < 0x80);
G_STATIC_ASSERT (12 + NEBULA_HEADER_FIXED_SIZE + BLOCK_MAX <= NEBULA_FRAME_ROOM);

static guint8 *
write_text (guint8 *at, const char *text, gsize length)
{
  *at++ = (guint8) length;
  memcpy (at, text, length);
  return at + length;
}

static guint8 *
write_timeout (guint8 *at, gint64 timeout)
{
  char digits[24];
  int length = snprintf (digits, sizeof digits, "%" G_GINT64_FORMAT,
                         MIN (timeout, (gint64) G_MAXINT32));

  at = write_text (at, TIMEOUT_KEY, sizeof TIMEOUT_KEY - 1);
  return write_text (at, digits, (gsize) length);
}

/* The block of a request: binary, no transform, when it is no longer waited for, and once on a
 * connection who asks. Returns how many bytes it has, a multiple of four. */
static gsize
write_block (guint8 *block, gint64 timeout, gboolean is_first)
{
  guint8 *at = block + 2;

  memset (block, 0, BLOCK_MAX);
  if (timeout > 0 || is_first)
    {
      *at++ = INFO_PAIRS;
      *at++ = (guint8) ((timeout > 0) + (is_first != FALSE));
    }
  if (timeout > 0)
    at = write_timeout (at, timeout);
  if (is_first)
    {
      at = write_text (at, CLIENT_KEY, sizeof CLIENT_KEY - 1);
      at = write_text (at, CLIENT, CLIENT_LENGTH);
    }
  return (gsize) (at - block + 3) / 4 * 4;
}

/**
 * nebula_header_write:
 * @message: a request, with %NEBULA_FRAME_ROOM bytes of room before it
 * @length: its length
 * @sequence: its number
 * @timeout: how long its answer is waited for, in milliseconds; 0 for ever
 * @is_first: whether nothing was sent on the connection before
 *
 * Writes all that goes in front of the message.
 *
 * Returns: how many bytes that are
 */
gsize
nebula_header_write (guint8 *message,
                     gsize length,
                     gint32 sequence,
                     gint64 timeout,
                     gboolean is_first)
{
  guint8 block[BLOCK_MAX];
  gsize block_size = write_block (block, timeout, is_first);
  guint64 size = NEBULA_HEADER_FIXED_SIZE + block_size + length;
  guint8 *head = message - block_size - NEBULA_HEADER_FIXED_SIZE;

  memcpy (message - block_size, block, block_size);
  nebula_write_be32 (head, (guint32) NEBULA_HEADER_MAGIC << 16);
  nebula_write_be32 (head + 4, sequence);
  head[8] = 0;
  head[9] = (guint8) (block_size / 4);
  if (size <= NEBULA_HEADER_SHORT_MAX)
    {
      head -= 4;
      nebula_write_be32 (head, size);
    }
  else
    {
      head -= 12;
      nebula_write_be32 (head, NEBULA_HEADER_BIG);
      nebula_write_be64 (head + 4, size);
    }
  return message - head;
}
