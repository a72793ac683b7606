/* SPDX-License-Identifier: Apache-2.0 */
#include "nebula-wire-walk-private.h"

#include <nebula-retry/nebula-error.h>
#include <string.h>

/* Where a message ends, found while its bytes come, however they are cut. */

typedef struct
{
  const char *what;
  const char *bytes;
  gsize length;
} Message;

#define MESSAGE(what, body) { what, HEAD body, sizeof HEAD body - 1 }
#define HEAD "\x80\x01\x00\x02" "\0\0\0\1" "x" "\0\0\0\5"

static const Message good[] = {
  MESSAGE ("an empty struct", "\0"),
  MESSAGE ("a bool", "\2\0\1" "\1" "\0"),
  MESSAGE ("every fixed size", "\3\0\1" "a" "\4\0\2" "12345678" "\6\0\3" "12" "\x08\0\4" "1234"
           "\x0a\0\5" "12345678" "\0"),
  MESSAGE ("strings", "\x0b\0\1" "\0\0\0\0" "\x0b\0\2" "\0\0\0\3" "abc" "\0"),
  MESSAGE ("structs", "\x0c\0\1" "\x0c\0\1" "\0" "\0" "\x0c\0\2" "\0" "\0"),
  MESSAGE ("empty containers", "\x0f\0\1" "\0" "\0\0\0\0" "\x0d\0\2" "\0\0" "\0\0\0\0"
           "\x0e\0\3" "\x63" "\0\0\0\0" "\0"),
  MESSAGE ("fixed elements", "\x0f\0\1" "\x08" "\0\0\0\2" "12345678" "\x0d\0\2" "\2\6" "\0\0\0\2"
           "a12b34" "\0"),
  MESSAGE ("a list of strings", "\x0f\0\1" "\x0b" "\0\0\0\2" "\0\0\0\1" "a" "\0\0\0\2" "bc" "\0"),
  MESSAGE ("a map of strings and structs", "\x0d\0\1" "\x0b\x0c" "\0\0\0\2" "\0\0\0\1" "a"
           "\2\0\1\1\0" "\0\0\0\0" "\0" "\0"),
  MESSAGE ("a list of lists of sets", "\x0f\0\1" "\x0f" "\0\0\0\2" "\x0e" "\0\0\0\1"
           "\3" "\0\0\0\2" "ab" "\x0e" "\0\0\0\0" "\0"),
  MESSAGE ("a map of maps", "\x0d\0\1" "\3\x0d" "\0\0\0\1" "a" "\2\3" "\0\0\0\1" "\1b" "\0"),
  { "no name", "\x80\x01\x00\x03" "\0\0\0\0" "\0\0\0\5" "\0", 13 },
};

typedef struct
{
  const char *error;
  const char *bytes;
  gsize length;
} Damage;

#define DAMAGE(error, body) { error, HEAD body, sizeof HEAD body - 1 }
#define RAW(error, text) { error, text, sizeof text - 1 }

static const Damage bad[] = {
  RAW ("a damaged message: Message at byte 0: not strict binary protocol, expected version 0x8001, "
       "found 0x0000", "\0\0\0\x20"),
  RAW ("a damaged message: Message at byte 0: unknown version, expected 0x8001, found 0x8221",
       "\x82\x21\0\1"),
  RAW ("a damaged message: Message at byte 2: unknown type, expected 1 to 4, found 5",
       "\x80\1\0\5"),
  RAW ("a damaged message: byte 4: expected a name of at least 0 bytes, found -1",
       "\x80\1\0\2\xff\xff\xff\xff"),
  DAMAGE ("a damaged message: byte 13: expected type 2, 3, 4, 6, 8 or 10 to 15, found 1", "\1"),
  DAMAGE ("a damaged message: byte 13: expected type 2, 3, 4, 6, 8 or 10 to 15, found 255", "\xff"),
  DAMAGE ("a damaged message: byte 16: expected a string of at least 0 bytes, found -2",
          "\x0b\0\1\xff\xff\xff\xfe"),
  DAMAGE ("a damaged message: byte 17: expected a container of at least 0 elements, found -1",
          "\x0f\0\1\x08\xff\xff\xff\xff"),
  DAMAGE ("a damaged message: byte 18: expected a container of at least 0 elements, found -1",
          "\x0d\0\1\x08\x08\xff\xff\xff\xff"),
  DAMAGE ("a damaged message: byte 16: expected type 2, 3, 4, 6, 8 or 10 to 15, found 9",
          "\x0f\0\1\x09\0\0\0\1"),
  DAMAGE ("a damaged message: byte 17: expected type 2, 3, 4, 6, 8 or 10 to 15, found 0",
          "\x0d\0\1\x08\0\0\0\0\1"),
};

/* Gives the bytes in pieces of @step. What the walk has passed is overwritten: it must not be read
 * again, which would make single bytes cost their square. */
static void
check_pieces (const Message *message, gsize step)
{
  g_autofree NebulaWireWalk *walk = g_new (NebulaWireWalk, 1);
  g_autofree guint8 *bytes = g_memdup2 (message->bytes, message->length);
  guint64 needed = 0, before = 0;

  nebula_wire_walk_start (walk);
  for (gsize length = 0; length < message->length; length = MIN (length + step, message->length))
    {
      g_autofree guint8 *exact = g_memdup2 (bytes, length);

      g_assert_true (nebula_wire_walk_go (walk, exact, length, &needed, NULL));
      g_assert_cmpuint (needed, >, length);
      g_assert_cmpuint (needed, >=, before);
      g_assert_cmpuint (needed, <=, message->length);
      before = needed;
      memset (bytes, 0xff, MIN (walk->at, length));
    }
  g_assert_true (nebula_wire_walk_go (walk, bytes, message->length, &needed, NULL));
  g_assert_cmpuint (needed, ==, message->length);
}

static void
test_good (void)
{
  g_test_summary ("the end is found where it is, for every size of pieces, and each byte is read once");
  for (gsize i = 0; i < G_N_ELEMENTS (good); i++)
    for (gsize step = 1; step <= good[i].length; step++)
      {
        g_test_message ("%s by %" G_GSIZE_FORMAT, good[i].what, step);
        check_pieces (&good[i], step);
      }
}

static void
test_behind (void)
{
  g_test_summary ("what lies behind the end is not looked at");
  for (gsize i = 0; i < G_N_ELEMENTS (good); i++)
    {
      g_autofree NebulaWireWalk *walk = g_new (NebulaWireWalk, 1);
      g_autofree guint8 *bytes = g_malloc (good[i].length + 3);
      guint64 needed;

      memcpy (bytes, good[i].bytes, good[i].length);
      memset (bytes + good[i].length, 0xff, 3);
      nebula_wire_walk_start (walk);
      g_assert_true (nebula_wire_walk_go (walk, bytes, good[i].length + 3, &needed, NULL));
      g_assert_cmpuint (needed, ==, good[i].length);
    }
}

static void
check_damage (const Damage *row, gsize step)
{
  g_autofree NebulaWireWalk *walk = g_new (NebulaWireWalk, 1);
  g_autoptr (GError) error = NULL;
  gsize length = 0;
  guint64 needed;

  nebula_wire_walk_start (walk);
  do
    {
      g_autofree guint8 *exact = NULL;

      length = MIN (length + step, row->length);
      exact = g_memdup2 (row->bytes, length);
      if (!nebula_wire_walk_go (walk, exact, length, &needed, &error))
        break;
    }
  while (length < row->length);
  g_assert_error (error, NEBULA_ERROR, NEBULA_ERROR_FATAL);
  g_assert_cmpstr (error->message, ==, row->error);
}

static void
test_bad (void)
{
  g_test_summary ("damage is found as soon as it has come, and the error says where and what");
  for (gsize i = 0; i < G_N_ELEMENTS (bad); i++)
    for (gsize step = 1; step <= bad[i].length; step++)
      check_damage (&bad[i], step);
}

/* A struct in a struct, @levels deep, with all their stops. */
static GByteArray *
make_nest (guint levels)
{
  GByteArray *bytes = g_byte_array_new ();

  g_byte_array_append (bytes, (const guint8 *) HEAD, sizeof HEAD - 1);
  for (guint i = 1; i < levels; i++)
    g_byte_array_append (bytes, (const guint8 *) "\x0c\0\1", 3);
  for (guint i = 0; i < levels; i++)
    g_byte_array_append (bytes, (const guint8 *) "\0", 1);
  return bytes;
}

static void
test_depth (void)
{
  g_autofree NebulaWireWalk *walk = g_new (NebulaWireWalk, 1);
  g_autoptr (GByteArray) fits = make_nest (NEBULA_REPLY_MAX_DEPTH);
  g_autoptr (GByteArray) deeper = make_nest (NEBULA_REPLY_MAX_DEPTH + 1);
  g_autoptr (GError) error = NULL;
  guint64 needed;

  g_test_summary ("1024 levels are followed, one more is refused");
  nebula_wire_walk_start (walk);
  g_assert_true (nebula_wire_walk_go (walk, fits->data, fits->len, &needed, &error));
  g_assert_no_error (error);
  g_assert_cmpuint (needed, ==, fits->len);

  nebula_wire_walk_start (walk);
  g_assert_false (nebula_wire_walk_go (walk, deeper->data, deeper->len, &needed, &error));
  g_assert_error (error, NEBULA_ERROR, NEBULA_ERROR_FATAL);
  g_assert_cmpstr (error->message, ==,
                   "a damaged message: byte 3085: expected no more levels than 1024, found 1025");
}

static void
test_counts (void)
{
  static const char map[] = HEAD "\x0d\0\1" "\x0d\x0d" "\x7f\xff\xff\xff";
  g_autofree NebulaWireWalk *walk = g_new (NebulaWireWalk, 1);
  guint64 needed;

  g_test_summary ("a count says at once how many bytes there must be at least");
  nebula_wire_walk_start (walk);
  g_assert_true (nebula_wire_walk_go (walk, (const guint8 *) map, sizeof map - 1, &needed, NULL));
  g_assert_cmpuint (needed, ==, sizeof map - 1 + 12 * G_GUINT64_CONSTANT (0x7fffffff) + 1);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/wire-walk/good", test_good);
  g_test_add_func ("/wire-walk/behind", test_behind);
  g_test_add_func ("/wire-walk/bad", test_bad);
  g_test_add_func ("/wire-walk/depth", test_depth);
  g_test_add_func ("/wire-walk/counts", test_counts);
  return g_test_run ();
}
