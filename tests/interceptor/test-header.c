/* SPDX-License-Identifier: Apache-2.0 */
#include "framing-fixture.h"
#include "nebula-header-private.h"

#include <string.h>

/* Frames with a header, byte for byte: what is written, what is read, and what is refused. */

#define LIMIT 1000
#define SEQUENCE 0x01020304

/* Without the NUL behind it. */
#define BYTES(text) text, sizeof text - 1

/* What follows the length of a frame: magic, flags 0, the sequence number, the words. */
#define FIXED(words) "\x0f\xff\0\0\1\2\3\4\0" words

typedef struct
{
  const char *what;
  const char *bytes;
  gsize length;
  const char *payload;
  gboolean is_goaway;
  const char *code;
  const char *name;
  const char *text;
} Good;

#define NOTHING FALSE, NULL, NULL, NULL

static const Good good[] = {
  { "no info headers", BYTES ("\0\0\0\x11" FIXED ("\1") "\0\0\0\0" "abc"), "abc", NOTHING },
  { "no padding", BYTES ("\0\0\0\x11" FIXED ("\1") "\0\0\1\0" "abc"), "abc", NOTHING },
  { "four bytes of padding", BYTES ("\0\0\0\x15" FIXED ("\2") "\0\0\1\0\0\0\0\0" "abc"), "abc", NOTHING },
  { "no payload", BYTES ("\0\0\0\x0e" FIXED ("\1") "\0\0\0\0"), "", NOTHING },
  { "flags of the request's", BYTES ("\0\0\0\x11\x0f\xff\0\1\1\2\3\4\0\1\0\0\0\0" "abc"), "abc", NOTHING },
  { "an unknown info header",
    BYTES ("\0\0\0\x19" FIXED ("\3") "\0\0\1\1\4load\0015\0" "abc"), "abc", NOTHING },
  { "going away",
    BYTES ("\0\0\0\x25" FIXED ("\6") "\0\0\1\1\x0a" "connection\6goaway\0\0" "abc"), "abc",
    .is_goaway = TRUE },
  { "going away, among others",
    BYTES ("\0\0\0\x29" FIXED ("\7") "\0\0\1\2\1k\1v\x0a" "connection\6goaway\0\0" "abc"), "abc",
    .is_goaway = TRUE },
  { "going away, for ever",
    BYTES ("\0\0\0\x25" FIXED ("\6") "\0\0\2\1\x0a" "connection\6goaway\0\0" "abc"), "abc",
    .is_goaway = TRUE },
  { "staying", BYTES ("\0\0\0\x21" FIXED ("\5") "\0\0\1\1\x0a" "connection\3yes\0" "abc"), "abc", NOTHING },
  { "an exception", BYTES ("\0\0\0\x19" FIXED ("\3") "\0\0\1\1\2ex\00215\0\0" "abc"), "abc",
    .code = "15" },
  { "an exception of the server's own",
    BYTES ("\0\0\0\x2d" FIXED ("\x08") "\0\0\1\3\2ex\0014\3uex\5Error\4uexw\4what\0\0\0" "abc"),
    "abc", .code = "4", .name = "Error", .text = "what" },
  { "both kinds of info headers",
    BYTES ("\0\0\0\x1d" FIXED ("\4") "\0\0\2\1\1p\1q\1\1\2ex\0011\0" "abc"), "abc", .code = "1" },
  { "a kind that nobody knows ends them",
    BYTES ("\0\0\0\x19" FIXED ("\3") "\0\0\3\xff\xff\xff\xff\xff\xff\xff\xff\xff" "abc"), "abc", NOTHING },
  { "padding ends them", BYTES ("\0\0\0\x15" FIXED ("\2") "\0\0\0\xff\xff\xff\xff\xff" "abc"),
    "abc", NOTHING },
  { "a number longer than it need be",
    BYTES ("\0\0\0\x19" FIXED ("\3") "\0\0\1\1\x82\x80\0ex\0011\0" "abc"), "abc", .code = "1" },
  { "zlib", BYTES ("\0\0\0\x1b" FIXED ("\1") "\0\1\1\0"
                   "\x78\x9c\x4b\x4c\x4a\x4e\x44\x45\x00\x41\x7c\x06\xe5"), "abcabcabcabcabcabc",
    NOTHING },
  { "eight bytes of length",
    BYTES ("BIGF\0\0\0\0\0\0\0\x11" FIXED ("\1") "\0\0\0\0" "abc"), "abc", NOTHING },
  { "a plain frame", BYTES ("\0\0\0\x0e\x80\1\0\2\0\0\0\1x\0\0\0\0\0"),
    "\x80\1" /* and more */, NOTHING },
};

typedef struct
{
  const char *bytes;
  gsize length;
  const char *error;
} Bad;

static const Bad bad[] = {
  { BYTES ("\0\0\0\0"), "an empty frame" },
  { BYTES ("\0\0\3\xe9"), "a frame of 1001 bytes, more than max-frame-size (1000 bytes)" },
  { BYTES ("HTTP"), "a frame that begins with 0x48545450, expected a length up to 0x3fffffff or "
                    "BIGF: these bytes are no framed reply" },
  { BYTES ("\x80\1\0\2"), "a frame that begins with 0x80010002, expected a length up to 0x3fffffff "
                          "or BIGF: these bytes are no framed reply" },
  { BYTES ("BIGF\0\0\0\0\0\0\0\0"), "an empty frame" },
  { BYTES ("BIGF\xff\xff\xff\xff\xff\xff\xff\xff"),
    "a frame of 18446744073709551615 bytes, more than max-frame-size (1000 bytes)" },
  { BYTES ("\0\0\0\3\x0f\xff\0"),
    "a damaged header: byte 0: a frame of 3 bytes, expected at least 10" },
  { BYTES ("\0\0\0\x09\x0f\xff\0\0\0\0\0\0\0"),
    "a damaged header: byte 0: a frame of 9 bytes, expected at least 10" },
  { BYTES ("\0\0\0\x0a\x82\x21\0\0\0\0\0\0\0\0"),
    "a damaged header: byte 0: magic 0x8221, expected 0x0fff, or a message of version 0x8001" },
  { BYTES ("\0\0\0\x0e\x0f\xff\0\x08\1\2\3\4\0\1\0\0\0\0"),
    "a damaged header: byte 2: flags 0x0008: a request of the server's, expected a reply" },
  { BYTES ("\0\0\0\x0e\x0f\xff\0\0\1\2\3\5\0\1\0\0\0\0"),
    "a header of another call: byte 4: sequence number 16909061, expected 16909060" },
  { BYTES ("\0\0\0\x0e" FIXED ("\2") "\0\0\0\0"),
    "a damaged header: byte 8: a block of 8 bytes, expected at most 4" },
  { BYTES ("\0\0\0\x0a" FIXED ("\0")),
    "a damaged header: byte 10: the header ends inside the payload protocol" },
  { BYTES ("\0\0\0\x0e" FIXED ("\1") "\2\0\0\0"),
    "a damaged header: byte 10: payload protocol 2, expected 0 (binary)" },
  { BYTES ("\0\0\0\x0e" FIXED ("\1") "\x80\x80\x80\x80"),
    "a damaged header: byte 10: the header ends inside the payload protocol" },
  { BYTES ("\0\0\0\x12" FIXED ("\2") "\x80\x80\x80\x80\x80\0\0\0"),
    "a damaged header: byte 10: the payload protocol has more than 32 bits" },
  { BYTES ("\0\0\0\x12" FIXED ("\2") "\x80\x80\x80\x80\x10\0\0\0"),
    "a damaged header: byte 10: the payload protocol has more than 32 bits" },
  { BYTES ("\0\0\0\x0e" FIXED ("\1") "\0\5\1\1"),
    "a damaged header: byte 11: 5 transforms, expected at most 4" },
  { BYTES ("\0\0\0\x0e" FIXED ("\1") "\0\3\1\1"),
    "a damaged header: byte 14: the header ends inside the id of a transform" },
  { BYTES ("\0\0\0\x0e" FIXED ("\1") "\0\1\3\0"),
    "a damaged header: byte 12: transform 3, expected 1 (zlib)" /* and what more there is */ },
  { BYTES ("\0\0\0\x0e" FIXED ("\1") "\0\0\1\x80"),
    "a damaged header: byte 13: the header ends inside the number of info headers" },
  { BYTES ("\0\0\0\x0e" FIXED ("\1") "\0\0\1\1"),
    "a damaged header: byte 14: the header ends inside the key of an info header" },
  { BYTES ("\0\0\0\x12" FIXED ("\2") "\0\0\1\1\7key"),
    "a damaged header: byte 14: key of an info header of 7 bytes, expected at most 3" },
  { BYTES ("\0\0\0\x12" FIXED ("\2") "\0\0\1\1\1k\2v"),
    "a damaged header: byte 16: value of an info header of 2 bytes, expected at most 1" },
  { BYTES ("\0\0\0\x12" FIXED ("\2") "\0\0\1\1\1k\1v"), NULL },
  { BYTES ("\0\0\0\x12" FIXED ("\2") "\0\0\1\2\1k\1v"),
    "a damaged header: byte 18: the header ends inside the key of an info header" },
  { BYTES ("\0\0\0\x16" FIXED ("\3") "\0\0\1\1\xff\xff\xff\xff\x0f" "abc"),
    "a damaged header: byte 14: key of an info header of 4294967295 bytes, expected at most 3" },
  { BYTES ("\0\0\0\x16" FIXED ("\3") "\0\0\1\xff\xff\xff\xff\x0f\0\0\0\0"),
    "a damaged header: byte 22: the header ends inside the key of an info header" },
};

static NebulaFramer
make_framer (void)
{
  NebulaFramer framer = { .max_frame_size = LIMIT };

  nebula_framer_set_framing (&framer, NEBULA_FRAMING_HEADER);
  return framer;
}

/* Byte by byte, each time from memory of just that size. @copy: (out): what @frame lies in */
static gboolean
read_frame (NebulaFramer *framer,
            const char *bytes,
            gsize length,
            guint8 **copy,
            NebulaFrame *frame,
            GError **error)
{
  gsize needed = 0;

  memset (frame, 0, sizeof *frame);
  for (gsize have = 0; have <= length; have++)
    {
      g_autofree guint8 *exact = g_memdup2 (bytes, have);

      if (!framer->klass->measure (framer, exact, have, &needed, error))
        return FALSE;
      g_assert_cmpuint (needed, <=, length);
    }
  g_assert_cmpuint (needed, ==, length);
  *copy = g_memdup2 (bytes, length);
  return framer->klass->unwrap (framer, *copy, length, SEQUENCE, frame, error);
}

static void
assert_slice (const NebulaSlice *slice, const char *expected)
{
  g_autofree char *text = slice->bytes != NULL ? g_strndup (slice->bytes, slice->length) : NULL;

  g_assert_cmpstr (text, ==, expected);
}

static void
check_good (const Good *row)
{
  NebulaFramer framer = make_framer ();
  g_autofree guint8 *copy = NULL;
  g_autoptr (GError) error = NULL;
  NebulaFrame frame;

  g_test_message ("%s", row->what);
  g_assert_true (read_frame (&framer, row->bytes, row->length, &copy, &frame, &error));
  g_assert_no_error (error);
  g_assert_cmpuint (frame.length, >=, strlen (row->payload));
  g_assert_cmpmem (frame.message, strlen (row->payload), row->payload, strlen (row->payload));
  g_assert_cmpint (frame.is_goaway, ==, row->is_goaway);
  assert_slice (&frame.exception_code, row->code);
  assert_slice (&frame.exception_name, row->name);
  assert_slice (&frame.exception_text, row->text);
  nebula_framer_clear (&framer);
}

static void
test_good (void)
{
  g_test_summary ("what servers write is understood, and what is new to us passed over");
  for (gsize i = 0; i < G_N_ELEMENTS (good); i++)
    check_good (&good[i]);
}

static void
test_bad (void)
{
  g_test_summary ("what is wrong is refused, with where, what and what was expected");
  for (gsize i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      NebulaFramer framer = make_framer ();
      g_autofree guint8 *copy = NULL;
      g_autoptr (GError) error = NULL;
      NebulaFrame frame;
      gboolean read = read_frame (&framer, bad[i].bytes, bad[i].length, &copy, &frame, &error);

      g_assert_cmpint (read, ==, bad[i].error == NULL);
      if (!read)
        {
          g_assert_error (error, NEBULA_ERROR, NEBULA_ERROR_FATAL);
          g_assert_true (g_str_has_prefix (error->message, bad[i].error));
        }
      nebula_framer_clear (&framer);
    }
}

static void
check_written (gsize length, gint64 timeout, const char *expected, gsize expected_length)
{
  g_autofree guint8 *bytes = g_malloc0 (NEBULA_FRAME_ROOM + 1);
  guint8 *message = bytes + NEBULA_FRAME_ROOM;
  gsize head = nebula_header_write (message, length, SEQUENCE, timeout, FALSE);

  g_assert_cmpmem (message - head, head, expected, expected_length);
  for (guint8 *before = bytes; before < message - head; before++)
    g_assert_cmpuint (*before, ==, 0);
}

static void
test_written (void)
{
  g_test_summary ("before a request there is what NebulaGraph's own clients write, and the time left");
  check_written (45, 0, BYTES ("\0\0\0\x3b" FIXED ("\1") "\0\0\0\0"));
  check_written (45, 1, BYTES ("\0\0\0\x4f" FIXED ("\6") "\0\0\1\1\x0e" "client_timeout\0011\0\0\0"));
  check_written (45, 120000,
                 BYTES ("\0\0\0\x53" FIXED ("\7") "\0\0\1\1\x0e" "client_timeout\6" "120000\0\0"));
  check_written (45, G_MAXINT64,
                 BYTES ("\0\0\0\x57" FIXED ("\x08") "\0\0\1\1\x0e" "client_timeout\x0a" "2147483647"
                        "\0\0"));
  check_written (0x3fffffff - 14, 0, BYTES ("\x3f\xff\xff\xff" FIXED ("\1") "\0\0\0\0"));
  check_written (0x40000000 - 14, 0,
                 BYTES ("BIGF\0\0\0\0\x40\0\0\0" FIXED ("\1") "\0\0\0\0"));
}

static void
check_first (gsize length, gint64 timeout, const char *digits)
{
  g_autoptr (GByteArray) expected = framing_make_first_head (length, SEQUENCE, digits);
  g_autofree guint8 *bytes = g_malloc0 (NEBULA_FRAME_ROOM + 1);
  guint8 *message = bytes + NEBULA_FRAME_ROOM;
  gsize head = nebula_header_write (message, length, SEQUENCE, timeout, TRUE);

  g_assert_cmpmem (message - head, head, expected->data, expected->len);
}

static void
test_first (void)
{
  g_autofree guint8 *bytes = g_malloc0 (NEBULA_FRAME_ROOM + 1);
  guint8 *message = bytes + NEBULA_FRAME_ROOM;

  g_test_summary ("the first request on a connection says who asks");
  check_first (45, 0, NULL);
  check_first (45, 1, "1");
  check_first (4500000, G_MAXINT64, "2147483647");
  g_assert_cmpuint (nebula_header_write (message, 0x40000000, 1, G_MAXINT64, TRUE), <=,
                    NEBULA_FRAME_ROOM);
}

static void
check_timeout (gint64 remaining, const char *digits)
{
  g_autoptr (NebulaManualClock) clock = nebula_manual_clock_new (1000);
  NebulaLimit limit = { NEBULA_CLOCK (clock), 1000 + remaining, NULL };
  NebulaFramer framer = make_framer ();
  guint8 bytes[NEBULA_FRAME_ROOM];
  gsize head;

  if (digits == NULL)
    limit.deadline = G_MAXINT64;
  head = framer.klass->wrap (&framer, bytes + sizeof bytes, 0, SEQUENCE, &limit);
  if (digits == NULL)
    g_assert_cmpuint (head, ==, 18);
  else
    g_assert_cmpmem (bytes + sizeof bytes - head + 34, strlen (digits), digits, strlen (digits));
  nebula_framer_clear (&framer);
}

static void
test_timeout (void)
{
  g_test_summary ("the time that is left is said in whole milliseconds, never as 0");
  check_timeout (2500 * 1000, "2500");
  check_timeout (2500 * 1000 + 1, "2501");
  check_timeout (1, "1");
  check_timeout (0, "1");
  check_timeout (-5, "1");
  check_timeout (0, NULL);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/header/good", test_good);
  g_test_add_func ("/header/bad", test_bad);
  g_test_add_func ("/header/written", test_written);
  g_test_add_func ("/header/first", test_first);
  g_test_add_func ("/header/timeout", test_timeout);
  return g_test_run ();
}
