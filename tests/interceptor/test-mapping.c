/* SPDX-License-Identifier: Apache-2.0 */
#include "nebula-mapping-private.h"
#include "peak-memory.h"

#include <errno.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

/* It is built twice: as the kernel moves pages, and as bytes are moved where it cannot. */

#define KIB ((gsize) 1024)
#define MIB (1024 * KIB)

static void
fill (guint8 *bytes, gsize begin, gsize end)
{
  for (gsize i = begin; i < end; i++)
    bytes[i] = (guint8) (i * 7 + i / 251);
}

static void
assert_filled (const guint8 *bytes, gsize length)
{
  for (gsize i = 0; i < length; i++)
    if (bytes[i] != (guint8) (i * 7 + i / 251))
      g_error ("byte %" G_GSIZE_FORMAT " was lost", i);
}

static void
assert_zeros (const guint8 *bytes, gsize begin, gsize end)
{
  for (gsize i = begin; i < end; i++)
    if (bytes[i] != 0)
      g_error ("byte %" G_GSIZE_FORMAT " is of somebody else", i);
}

static void
test_new (void)
{
  guint8 *bytes = nebula_mapping_new (MIB + 1);

  g_test_summary ("a new one is all zeros, to its last byte");
  assert_zeros (bytes, 0, MIB + 1);
  fill (bytes, 0, MIB + 1);
  assert_filled (bytes, MIB + 1);
  nebula_mapping_free (bytes, MIB + 1);
}

/* Sizes that end on a page, on a piece that is moved at once, and on neither. */
static void
test_grow (void)
{
  static const struct
  {
    gsize length, size, grown;
  } rows[] = {
    { 0, 512 * KIB, MIB },
    { 1, 512 * KIB, MIB },
    { 256 * KIB, 512 * KIB, MIB },
    { 256 * KIB + 1, 512 * KIB, MIB + 1 },
    { 512 * KIB - 1, 512 * KIB, 512 * KIB + 1 },
    { 512 * KIB, 512 * KIB, 5 * MIB },
    { 512 * KIB + 1, 512 * KIB + 1, 2 * MIB },
    { 700 * KIB + 4097, 700 * KIB + 4097, 1400 * KIB + 8194 },
    { 4 * MIB + 3, 5 * MIB + 3, 9 * MIB },
  };

  g_test_summary ("what is in use is there after it has grown, and so is the room");
  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      guint8 *bytes = nebula_mapping_new (rows[i].size);

      fill (bytes, 0, rows[i].length);
      bytes = nebula_mapping_grow (bytes, rows[i].length, rows[i].size, rows[i].grown);
      assert_filled (bytes, rows[i].length);
      assert_zeros (bytes, rows[i].size, rows[i].grown);
      fill (bytes, rows[i].length, rows[i].grown);
      assert_filled (bytes, rows[i].grown);
      nebula_mapping_free (bytes, rows[i].grown);
    }
}

static gboolean
is_mapped (guint8 *page)
{
  return msync (page, sysconf (_SC_PAGESIZE), MS_ASYNC) == 0 || errno != ENOMEM;
}

static void
test_gone (void)
{
  const gsize page = sysconf (_SC_PAGESIZE);
  guint8 *bytes = nebula_mapping_new (MIB);
  guint8 *moved;
  guint8 *wall;

  g_test_summary ("where it was nothing is left, nor after it was freed");
  /* Something right behind it, so that it has to move. */
  wall = mmap (bytes + MIB, page, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  moved = nebula_mapping_grow (bytes, MIB, MIB, 2 * MIB);
  if (moved != bytes)
    for (gsize at = 0; at < MIB; at += page)
      g_assert_false (is_mapped (bytes + at));
  nebula_mapping_free (moved, 2 * MIB);
  for (gsize at = 0; at < 2 * MIB; at += page)
    g_assert_false (is_mapped (moved + at));
  munmap (wall, page);
}

static void
test_peak (void)
{
  gsize size = 512 * KIB;
  gsize length = 0;
  guint8 *bytes;
  gsize peak;

  g_test_summary ("96 MiB come, piece by piece, and are never there twice");
  if (!peak_memory_start ())
    return;
  bytes = nebula_mapping_new (size);
  for (; length < 96 * MIB; length += 64 * KIB)
    {
      if (length == size)
        {
          bytes = nebula_mapping_grow (bytes, length, size, 2 * size);
          size *= 2;
        }
      memset (bytes + length, 'x', 64 * KIB);
    }
  peak = peak_memory_stop ();
  g_assert_cmpuint (peak, >=, 95 * MIB);
  g_assert_cmpuint (peak, <=, 97 * MIB);
  nebula_mapping_free (bytes, size);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  peak_memory_init ();
  g_test_add_func ("/mapping/new", test_new);
  g_test_add_func ("/mapping/grow", test_grow);
  g_test_add_func ("/mapping/gone", test_gone);
  g_test_add_func ("/mapping/peak", test_peak);
  return g_test_run ();
}
