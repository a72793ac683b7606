/* SPDX-License-Identifier: Apache-2.0 */
#include "nebula-fixture.h"
#include "peak-memory.h"
#include "raw-peer.h"

#include <string.h>

#ifdef HAVE_ZSTD
#include <zstd.h>
#endif

/* What memory a large reply takes in each framing, as the kernel counts it. It is of rows, so that
 * a bare one says how long it is only when all of it has come. */

#define MIB ((gsize) 1024 * 1024)

#define ROWS_IN_PIECE 3000

/* A row with one number. */
#define ROW "\017\0\1\014\0\0\0\1\012\0\3\0\0\0\0\0\0\0\1\0\0"
#define ROW_SIZE (sizeof ROW - 1)

/* Up to the number of the rows. */
#define START_OF_DATA "\014\0\3\017\0\1\013\0\0\0\1\0\0\0\1n\017\0\2\014"

/* The ends of the data set, the response and the result. */
#define BACK "\0\0\0"
#define BACK_SIZE 3

/* The handshake and a small call come before the large one. */
#define LARGE_SEQUENCE 3

typedef enum
{
  WRAP_NOT,
  WRAP_LENGTH,
  WRAP_HEADER,
} Wrap;

typedef struct
{
  Wrap wrap;
  gsize n_pieces;     /* of rows */
  guint8 transform;   /* 0: none */
  GByteArray *packed; /* (owned) (nullable): the whole message, transformed */
} Reply;

static guint8 piece[ROWS_IN_PIECE * ROW_SIZE];

static void
append_be32 (GByteArray *bytes, guint32 number)
{
  number = GUINT32_TO_BE (number);
  g_byte_array_append (bytes, (const guint8 *) &number, sizeof number);
}

/* Returns: (transfer full): a message up to its first row */
static GByteArray *
make_front (gsize n_pieces, gint32 sequence)
{
  GByteArray *front = raw_peer_start_reply ("execute", sequence);

  g_byte_array_remove_range (front, 0, 4);
  g_byte_array_append (front, (const guint8 *) START_OF_DATA, sizeof START_OF_DATA - 1);
  append_be32 (front, n_pieces * ROWS_IN_PIECE);
  return front;
}

/* What is before a message of @length bytes. */
static GByteArray *
make_wrap (const Reply *reply, gint32 sequence, gsize length)
{
  GByteArray *bytes = g_byte_array_new ();
  /* One word: binary, and at most one transform. */
  const guint8 block[] = { 0, 1, 0, reply->transform != 0, reply->transform, 0 };

  if (reply->wrap == WRAP_LENGTH)
    append_be32 (bytes, length);
  if (reply->wrap != WRAP_HEADER)
    return bytes;
  append_be32 (bytes, 8 + sizeof block + length);
  append_be32 (bytes, 0x0fff0000);
  append_be32 (bytes, sequence);
  g_byte_array_append (bytes, block, sizeof block);
  return bytes;
}

static gboolean
answer_large (int fd, gint32 sequence, const Reply *reply)
{
  g_autoptr (GByteArray) front = make_front (reply->n_pieces, sequence);
  gsize length = front->len + reply->n_pieces * sizeof piece + BACK_SIZE;
  g_autoptr (GByteArray) wrap = make_wrap (reply, sequence, length);
  gboolean sent = raw_peer_send (fd, wrap->data, wrap->len)
                  && raw_peer_send (fd, front->data, front->len);

  for (gsize i = 0; i < reply->n_pieces && sent; i++)
    sent = raw_peer_send (fd, piece, sizeof piece);
  return sent && raw_peer_send (fd, BACK, BACK_SIZE);
}

static gboolean
answer (int fd, const char *method, gint32 sequence, gpointer data)
{
  const Reply *reply = data;
  const Reply small = { .wrap = reply->wrap, .n_pieces = 1 };
  g_autoptr (GByteArray) wrap = NULL;

  if (sequence != LARGE_SEQUENCE)
    return answer_large (fd, sequence, &small);
  if (reply->packed == NULL)
    return answer_large (fd, sequence, reply);
  wrap = make_wrap (reply, sequence, reply->packed->len);
  return raw_peer_send (fd, wrap->data, wrap->len)
         && raw_peer_send (fd, reply->packed->data, reply->packed->len);
}

/* One call without a stub, which would build a tree of what it reads.
 * Returns: how many bytes came */
static gsize
call (Fixture *self)
{
  static const char request[] = "\x80\1\0\1\0\0\0\7execute\0\0\0\0\012\0\1\0\0\0\0\0\0\0\1"
                                "\013\0\2\0\0\0\7YIELD 1";
  ThriftTransport *transport = THRIFT_TRANSPORT (self->interceptor);
  static guint8 bytes[64 * 1024];
  g_autoptr (GError) error = NULL;
  gsize total = 0;
  gint32 count;

  thrift_transport_write (transport, (gpointer) request, sizeof request, &error);
  g_assert_no_error (error);
  thrift_transport_flush (transport, &error);
  g_assert_no_error (error);
  count = thrift_transport_read (transport, bytes, sizeof bytes, &error);
  g_assert_no_error (error);
  for (; count > 0; count = thrift_transport_read (transport, bytes, sizeof bytes, NULL))
    total += count;
  return total;
}

/* @reply: what the peer answers to the second call
 * @extra: what it may take beside the message and 1 MiB */
static void
check (NebulaFraming framing, Reply *reply, gsize extra)
{
  const gsize length = reply->n_pieces * sizeof piece;
  RawPeer *peer = raw_peer_new (answer, reply);
  Fixture fixture = { 0 };

  fixture_set_up_client (&fixture, raw_peer_get_address (peer));
  fixture_connect (&fixture, g_object_new (NEBULA_TYPE_INTERCEPTOR, "cluster", fixture.cluster,
                                           "framing", framing, NULL));
  fixture_open (&fixture);
  g_assert_cmpuint (call (&fixture), >, sizeof piece);
  if (peak_memory_start ())
    {
      gsize total = call (&fixture);
      gsize peak = peak_memory_stop ();

      g_test_message ("%" G_GSIZE_FORMAT " bytes came out, %" G_GSIZE_FORMAT " were touched", total,
                      peak);
      g_assert_cmpuint (total, >, length);
      g_assert_cmpuint (peak, >, length - MIB);
      g_assert_cmpuint (peak, <, total + extra + MIB);
    }
  fixture_tear_down_client (&fixture);
  raw_peer_free (peer);
}

/* As many pieces as have @size bytes, or a few more. */
static gsize
count_pieces (gsize size)
{
  return size / sizeof piece + 1;
}

static const gsize sizes[] = { MIB, 3 * MIB, 64 * MIB, 70 * MIB };

static void
check_sizes (NebulaFraming framing, Wrap wrap)
{
  for (gsize i = 0; i < G_N_ELEMENTS (sizes); i++)
    {
      Reply reply = { .wrap = wrap, .n_pieces = count_pieces (sizes[i]) };

      check (framing, &reply, 0);
    }
}

static void
test_framed (void)
{
  g_test_summary ("a framed reply takes its frame and at most 1 MiB");
  check_sizes (NEBULA_FRAMING_FRAMED, WRAP_LENGTH);
}

static void
test_header (void)
{
  g_test_summary ("so does one with a header");
  check_sizes (NEBULA_FRAMING_HEADER, WRAP_HEADER);
}

static void
test_unframed (void)
{
  g_test_summary ("so does a bare one, whose size nobody knows before its last row");
  check_sizes (NEBULA_FRAMING_UNFRAMED, WRAP_NOT);
}

/* ---- compressed */

#define ZLIB 1
#define ZSTD 5

#define COMPRESSED (64 * MIB)

static GByteArray *
make_message (gsize n_pieces)
{
  GByteArray *message = make_front (n_pieces, LARGE_SEQUENCE);

  for (gsize i = 0; i < n_pieces; i++)
    g_byte_array_append (message, piece, sizeof piece);
  return g_byte_array_append (message, (const guint8 *) BACK, BACK_SIZE);
}

static GByteArray *
pack_zlib (const GByteArray *message)
{
  g_autoptr (GConverter) zlib
    = G_CONVERTER (g_zlib_compressor_new (G_ZLIB_COMPRESSOR_FORMAT_ZLIB, 1));
  GByteArray *packed = g_byte_array_new ();
  gsize taken, length;

  g_byte_array_set_size (packed, 4 * MIB);
  g_assert_cmpint (g_converter_convert (zlib, message->data, message->len, packed->data,
                                        packed->len, G_CONVERTER_INPUT_AT_END, &taken, &length,
                                        NULL),
                   ==, G_CONVERTER_FINISHED);
  return g_byte_array_set_size (packed, length);
}

static void
check_packed (guint8 transform, GByteArray *(*pack) (const GByteArray *), gsize window)
{
  Reply reply = { WRAP_HEADER, count_pieces (COMPRESSED), transform, NULL };
  g_autoptr (GByteArray) message = make_message (reply.n_pieces);
  g_autoptr (GByteArray) packed = pack (message);

  g_clear_pointer (&message, g_byte_array_unref);
  g_assert_cmpuint (packed->len, <, COMPRESSED / 20);
  reply.packed = packed;
  check (NEBULA_FRAMING_HEADER, &reply, packed->len + window);
}

static void
test_zlib (void)
{
  g_test_summary ("a reply of zlib takes what came, what it became, and at most 1 MiB");
  check_packed (ZLIB, pack_zlib, 0);
}

#ifdef HAVE_ZSTD

/* Says how much it will become. */
static GByteArray *
pack_zstd (const GByteArray *message)
{
  GByteArray *packed = g_byte_array_new ();
  gsize length;

  g_byte_array_set_size (packed, 4 * MIB);
  length = ZSTD_compress (packed->data, packed->len, message->data, message->len, 1);
  g_assert_false (ZSTD_isError (length));
  return g_byte_array_set_size (packed, length);
}

#define WINDOW_LOG 21
#define BLOCK (128 * 1024)

/* Says so not, as who compresses what is still being made. */
static GByteArray *
pack_zstd_stream (const GByteArray *message)
{
  ZSTD_CCtx *zstd = ZSTD_createCCtx ();
  GByteArray *packed = g_byte_array_new ();
  ZSTD_inBuffer in = { message->data, message->len, 0 };
  ZSTD_outBuffer out;

  g_byte_array_set_size (packed, 4 * MIB);
  out = (ZSTD_outBuffer) { packed->data, packed->len, 0 };
  ZSTD_CCtx_setParameter (zstd, ZSTD_c_windowLog, WINDOW_LOG);
  g_assert_false (ZSTD_isError (ZSTD_compressStream2 (zstd, &out, &in, ZSTD_e_continue)));
  while (ZSTD_compressStream2 (zstd, &out, &in, ZSTD_e_end) != 0)
    ;
  ZSTD_freeCCtx (zstd);
  return g_byte_array_set_size (packed, out.pos);
}

static void
test_zstd (void)
{
  g_test_summary ("so does one of zstd that says how large it becomes");
  check_packed (ZSTD, pack_zstd, 0);
}

static void
test_zstd_stream (void)
{
  g_test_summary ("one of zstd that does not takes its window, too, and a block to either side");
  check_packed (ZSTD, pack_zstd_stream, (1 << WINDOW_LOG) + 2 * BLOCK);
}

#endif

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  peak_memory_init ();
  for (gsize i = 0; i < ROWS_IN_PIECE; i++)
    memcpy (piece + i * ROW_SIZE, ROW, ROW_SIZE);
  g_test_add_func ("/memory-touched/framed", test_framed);
  g_test_add_func ("/memory-touched/header", test_header);
  g_test_add_func ("/memory-touched/unframed", test_unframed);
  g_test_add_func ("/memory-touched/zlib", test_zlib);
#ifdef HAVE_ZSTD
  g_test_add_func ("/memory-touched/zstd", test_zstd);
  g_test_add_func ("/memory-touched/zstd-stream", test_zstd_stream);
#endif
  return g_test_run ();
}
