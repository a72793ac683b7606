/* SPDX-License-Identifier: Apache-2.0 */
#include "nebula-buffer-private.h"

static void
test_append (void)
{
  NebulaBuffer buffer = { 0 };

  g_test_summary ("bytes are kept in order while the buffer grows");
  for (guint32 i = 0; i < 100000; i++)
    nebula_buffer_append (&buffer, &i, sizeof i);
  g_assert_cmpuint (buffer.length, ==, 400000);
  for (guint32 i = 0; i < 100000; i++)
    {
      guint32 found;

      memcpy (&found, buffer.data + i * sizeof i, sizeof found);
      g_assert_cmpuint (found, ==, i);
    }
  g_assert_cmpuint (buffer.capacity, <, 2 * 400000 + 8192);
  nebula_buffer_clear (&buffer);
  g_assert_null (buffer.data);
}

static void
test_wipe (void)
{
  NebulaBuffer buffer = { 0 };

  g_test_summary ("what is wiped cannot be read again");
  nebula_buffer_append (&buffer, "secret", 6);
  nebula_buffer_wipe (&buffer);
  g_assert_cmpuint (buffer.length, ==, 0);
  for (guint i = 0; i < 6; i++)
    g_assert_cmpuint (buffer.data[i], ==, 0);
  nebula_buffer_clear (&buffer);
}

static void
test_trim (void)
{
  static const guint8 bytes[1024 * 1024];
  NebulaBuffer buffer = { 0 };

  g_test_summary ("a small buffer stays for the next call, a large one is given back");
  nebula_buffer_append (&buffer, bytes, 100);
  nebula_buffer_trim (&buffer);
  g_assert_cmpuint (buffer.length, ==, 0);
  g_assert_cmpuint (buffer.capacity, >=, 100);

  nebula_buffer_append (&buffer, bytes, sizeof bytes);
  nebula_buffer_trim (&buffer);
  g_assert_cmpuint (buffer.capacity, ==, 0);
  g_assert_null (buffer.data);
  nebula_buffer_clear (&buffer);
}

static void
test_forget (void)
{
  static const guint8 bytes[1024 * 1024];
  NebulaBuffer buffer = { 0 };

  g_test_summary ("what is forgotten is wiped, or is memory that is there no more");
  nebula_buffer_append (&buffer, "secret", 6);
  nebula_buffer_forget (&buffer);
  g_assert_cmpuint (buffer.length, ==, 0);
  for (guint i = 0; i < 6; i++)
    g_assert_cmpuint (buffer.data[i], ==, 0);

  nebula_buffer_append (&buffer, bytes, sizeof bytes);
  nebula_buffer_append (&buffer, "secret", 6);
  nebula_buffer_forget (&buffer);
  g_assert_cmpuint (buffer.length, ==, 0);
  g_assert_null (buffer.data);
}

static void
test_small_behind_large (void)
{
  static const guint8 bytes[1024 * 1024];
  NebulaBuffer buffer = { 0 };
  gsize capacity;

  g_test_summary ("the end of a large request does not make its buffer grow");
  nebula_buffer_append (&buffer, "head", 4);
  nebula_buffer_append (&buffer, bytes, sizeof bytes);
  capacity = buffer.capacity;
  nebula_buffer_append (&buffer, "end", 4);
  g_assert_cmpuint (buffer.capacity, ==, capacity);
  g_assert_cmpstr ((const char *) buffer.data + 4 + sizeof bytes, ==, "end");
  nebula_buffer_clear (&buffer);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/buffer/append", test_append);
  g_test_add_func ("/buffer/wipe", test_wipe);
  g_test_add_func ("/buffer/trim", test_trim);
  g_test_add_func ("/buffer/forget", test_forget);
  g_test_add_func ("/buffer/small-behind-large", test_small_behind_large);
  return g_test_run ();
}
