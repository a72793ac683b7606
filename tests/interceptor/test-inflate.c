/* SPDX-License-Identifier: Apache-2.0 */
#include "nebula-header-private.h"
#include "nebula-inflate-private.h"

#include <string.h>

/* Payloads that a server compressed, the bytes made with other programs: zlib of Python's, zstd's
 * own. */

#define ZLIB 1
#define ZSTD 5

#define TEXT "abcabcabcabcabcabc"

#define ZLIB_BYTES "\x78\x9c\x4b\x4c\x4a\x4e\x44\x45\x00\x41\x7c\x06\xe5"
#define ZSTD_BYTES \
  "\x28\xb5\x2f\xfd\x00\x58\x4d\x00\x00\x18\x61\x62\x63\x01\x00\x76\x6e\x08"
/* zstd of the bytes of zlib */
#define BOTH_BYTES \
  "\x28\xb5\x2f\xfd\x00\x58\x69\x00\x00\x78\x9c\x4b\x4c\x4a\x4e\x44\x45\x00\x41\x7c\x06\xe5"

#define MIB (1024 * 1024)

static gboolean
inflate (guint32 transform,
         gconstpointer bytes,
         gsize length,
         gsize max_size,
         NebulaBuffer *out,
         GError **error)
{
  g_autofree guint8 *exact = g_memdup2 (bytes, length);

  return nebula_inflate (transform, exact, length, max_size, out, error);
}

static void
test_known (void)
{
  g_test_summary ("only what can be undone is known");
  for (guint32 i = 0; i < 10; i++)
    g_assert_cmpint (nebula_inflate_knows (i), ==, i == ZLIB || i == ZSTD);
  g_assert_false (nebula_inflate_knows (256 + ZLIB));
}

static void
check_text (guint32 transform, const char *bytes, gsize length)
{
  g_auto (NebulaBuffer) out = { 0 };
  g_autoptr (GError) error = NULL;

  inflate (transform, bytes, length, strlen (TEXT), &out, &error);
  g_assert_no_error (error);
  g_assert_cmpmem (out.data, out.length, TEXT, strlen (TEXT));

  g_assert_false (inflate (transform, bytes, length, strlen (TEXT) - 1, &out, &error));
  g_assert_error (error, NEBULA_ERROR, NEBULA_ERROR_FATAL);
  g_assert_cmpstr (error->message, ==,
                   "a compressed frame that grows beyond max-frame-size (17 bytes)");
}

static void
test_text (void)
{
  g_test_summary ("what was compressed comes out, up to the limit and no further");
  check_text (ZLIB, ZLIB_BYTES, sizeof ZLIB_BYTES - 1);
  check_text (ZSTD, ZSTD_BYTES, sizeof ZSTD_BYTES - 1);
}

static void
check_damage (guint32 transform, const char *bytes, gsize length)
{
  g_auto (NebulaBuffer) out = { 0 };
  g_autofree char *longer = g_malloc0 (length + 1);
  g_autoptr (GError) error = NULL;

  for (gsize cut = 0; cut < length; cut++)
    {
      g_assert_false (inflate (transform, bytes, cut, MIB, &out, &error));
      g_assert_error (error, NEBULA_ERROR, NEBULA_ERROR_FATAL);
      g_assert_true (g_str_has_prefix (error->message, "a damaged payload: "));
      g_clear_error (&error);
    }
  memcpy (longer, bytes, length);
  g_assert_false (inflate (transform, longer, length + 1, MIB, &out, &error));
  g_assert_error (error, NEBULA_ERROR, NEBULA_ERROR_FATAL);
  g_assert_nonnull (strstr (error->message, "bytes behind the end"));
  g_clear_error (&error);

  longer[0] ^= 0xff;
  g_assert_false (inflate (transform, longer, length, MIB, &out, &error));
  g_assert_error (error, NEBULA_ERROR, NEBULA_ERROR_FATAL);
}

static void
test_damage (void)
{
  g_test_summary ("what is cut, what has more behind it and what is something else is refused");
  check_damage (ZLIB, ZLIB_BYTES, sizeof ZLIB_BYTES - 1);
  check_damage (ZSTD, ZSTD_BYTES, sizeof ZSTD_BYTES - 1);
}

/* @size zeros, as GIO compresses them. */
static GByteArray *
make_zlib_bomb (gsize size)
{
  g_autoptr (GConverter) zlib = NULL;
  GByteArray *bomb = g_byte_array_new ();
  g_autofree guint8 *zeros = g_malloc0 (size);
  gsize read = 0, written = 0;

  zlib = G_CONVERTER (g_zlib_compressor_new (G_ZLIB_COMPRESSOR_FORMAT_ZLIB, 9));
  g_byte_array_set_size (bomb, size / 100);
  g_assert_cmpint (g_converter_convert (zlib, zeros, size, bomb->data, bomb->len,
                                        G_CONVERTER_INPUT_AT_END, &read, &written, NULL), ==,
                   G_CONVERTER_FINISHED);
  g_byte_array_set_size (bomb, written);
  return bomb;
}

/* As many blocks of 128 KiB of the same byte as @size has; each takes four bytes. */
static GByteArray *
make_zstd_bomb (gsize size)
{
  static const guint8 head[] = { 0x28, 0xb5, 0x2f, 0xfd, 0x00, 0x38 };
  GByteArray *bomb = g_byte_array_new ();

  g_byte_array_append (bomb, head, sizeof head);
  for (gsize left = size / (MIB / 8); left > 0; left--)
    {
      guint32 block = (guint32) (MIB / 8) << 3 | 1 << 1 | (left == 1);
      guint8 bytes[] = { block & 0xff, block >> 8 & 0xff, block >> 16, 0 };

      g_byte_array_append (bomb, bytes, sizeof bytes);
    }
  return bomb;
}

static void
check_bomb (guint32 transform, GByteArray *bomb, gsize size)
{
  g_auto (NebulaBuffer) out = { 0 };
  g_autoptr (GError) error = NULL;

  g_assert_true (nebula_inflate (transform, bomb->data, bomb->len, size, &out, &error));
  g_assert_no_error (error);
  g_assert_cmpuint (out.length, ==, size);
  nebula_buffer_trim (&out);

  g_assert_false (nebula_inflate (transform, bomb->data, bomb->len, MIB, &out, &error));
  g_assert_error (error, NEBULA_ERROR, NEBULA_ERROR_FATAL);
  g_assert_cmpstr (error->message, ==,
                   "a compressed frame that grows beyond max-frame-size (1048576 bytes)");
  g_assert_cmpuint (out.capacity, <=, 2 * MIB + 8192);
}

static void
test_bombs (void)
{
  g_autoptr (GByteArray) zlib = make_zlib_bomb (8 * MIB);
  g_autoptr (GByteArray) zstd = make_zstd_bomb (8 * MIB);

  g_test_summary ("few bytes that become many are refused before memory is taken for them");
  check_bomb (ZLIB, zlib, 8 * MIB);
  check_bomb (ZSTD, zstd, 8 * MIB);
}

static void
test_window (void)
{
  /* A window of 2 GiB, then one empty block. */
  static const char bytes[] = "\x28\xb5\x2f\xfd\x00\xa8\x01\x00\x00";
  g_auto (NebulaBuffer) out = { 0 };
  g_autoptr (GError) error = NULL;

  g_test_summary ("memory that a sender asks for beside the output is bounded too");
  g_assert_false (inflate (ZSTD, bytes, sizeof bytes - 1, MIB, &out, &error));
  g_assert_error (error, NEBULA_ERROR, NEBULA_ERROR_FATAL);
  g_assert_true (g_str_has_prefix (error->message, "a damaged payload: "));
  g_assert_nonnull (strstr (error->message, "memory"));
}

/* The frame that a header with the transforms @ids makes of @payload. */
static GByteArray *
make_frame (const char *ids, const char *payload, gsize length)
{
  GByteArray *frame = g_byte_array_new ();
  guint8 head[] = { 0, 0, 0, 0, 0x0f, 0xff, 0, 0, 0, 0, 0, 9, 0, 2, 0, 0, 0, 0, 0, 0, 0, 0 };

  nebula_write_be32 (head, sizeof head - 4 + length);
  head[15] = strlen (ids);
  memcpy (head + 16, ids, strlen (ids));
  g_byte_array_append (frame, head, sizeof head);
  g_byte_array_append (frame, (const guint8 *) payload, length);
  return frame;
}

static void
test_order (void)
{
  g_autoptr (GByteArray) frame = make_frame ("\1\5", BOTH_BYTES, sizeof BOTH_BYTES - 1);
  g_autoptr (GByteArray) turned = make_frame ("\5\1", BOTH_BYTES, sizeof BOTH_BYTES - 1);
  NebulaFramer framer = { .max_frame_size = MIB };
  g_autoptr (GError) error = NULL;
  NebulaFrame result = { 0 };

  g_test_summary ("of several transforms the last one is undone first");
  nebula_framer_set_framing (&framer, NEBULA_FRAMING_HEADER);
  for (guint i = 0; i < 2; i++)
    {
      g_assert_true (framer.klass->unwrap (&framer, frame->data, frame->len, 9, &result, &error));
      g_assert_no_error (error);
      g_assert_cmpmem (result.message, result.length, TEXT, strlen (TEXT));
    }
  g_assert_false (framer.klass->unwrap (&framer, turned->data, turned->len, 9, &result, &error));
  g_assert_error (error, NEBULA_ERROR, NEBULA_ERROR_FATAL);
  nebula_framer_clear (&framer);
}

static void
test_given_back (void)
{
  g_autoptr (GByteArray) zlib = make_zlib_bomb (MIB);
  g_autoptr (GByteArray) frame = make_frame ("\1", (const char *) zlib->data, zlib->len);
  NebulaFramer framer = { .max_frame_size = MIB };
  g_autoptr (GError) error = NULL;
  NebulaFrame result = { 0 };

  g_test_summary ("the memory of a large message is given back when it was read");
  nebula_framer_set_framing (&framer, NEBULA_FRAMING_HEADER);
  g_assert_true (framer.klass->unwrap (&framer, frame->data, frame->len, 9, &result, &error));
  g_assert_no_error (error);
  g_assert_cmpuint (result.length, ==, MIB);
  nebula_framer_drop_message (&framer);
  g_assert_cmpuint (framer.inflated[0].capacity, ==, 0);
  g_assert_cmpuint (framer.inflated[1].capacity, ==, 0);
  nebula_framer_clear (&framer);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  if (!nebula_inflate_knows (ZSTD))
    {
      g_print ("1..0 # SKIP this build has no zstd\n");
      return 0;
    }
  g_test_add_func ("/inflate/known", test_known);
  g_test_add_func ("/inflate/text", test_text);
  g_test_add_func ("/inflate/damage", test_damage);
  g_test_add_func ("/inflate/bombs", test_bombs);
  g_test_add_func ("/inflate/window", test_window);
  g_test_add_func ("/inflate/order", test_order);
  g_test_add_func ("/inflate/given-back", test_given_back);
  return g_test_run ();
}
