/* SPDX-License-Identifier: Apache-2.0 */
#include "nebula-mapping-private.h"

#include <errno.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

/* As malloc () does in GLib: without memory there is nothing that could still be done. */
static guint8 *
check (void *bytes, gsize size)
{
  if (bytes == MAP_FAILED)
    g_error ("cannot map %" G_GSIZE_FORMAT " bytes: %s", size, g_strerror (errno));
  return bytes;
}

/**
 * nebula_mapping_new:
 * @size: in bytes
 *
 * Returns: (transfer full): zeros
 */
guint8 *
nebula_mapping_new (gsize size)
{
  guint8 *bytes = check (
    mmap (NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0), size);

#ifdef MADV_NOHUGEPAGE
  /* Where huge pages are used for everything, one byte would take 2 MiB. */
  madvise (bytes, size, MADV_NOHUGEPAGE);
#endif
  return bytes;
}

/**
 * nebula_mapping_grow:
 * @bytes: (transfer full): a mapping
 * @length: how many bytes of it are in use
 * @size: how large it is
 * @grown: how large it is to be
 *
 * Bytes in use are never there twice, but for a piece that does not depend on how many they are.
 * Where the kernel can move pages, nothing is copied.
 *
 * Returns: (transfer full): the mapping, here or elsewhere
 */
#if defined MREMAP_MAYMOVE && !defined NEBULA_WITHOUT_MREMAP

guint8 *
nebula_mapping_grow (guint8 *bytes, gsize length, gsize size, gsize grown)
{
  return check (mremap (bytes, size, grown, MREMAP_MAYMOVE), grown);
}

#else

/* What is there twice while it is moved; a multiple of every page size. */
#define PIECE (256 * 1024)

guint8 *
nebula_mapping_grow (guint8 *bytes, gsize length, gsize size, gsize grown)
{
  guint8 *moved = nebula_mapping_new (grown);

  for (gsize at = 0; at < size; at += PIECE)
    {
      if (at < length)
        memcpy (moved + at, bytes + at, MIN (PIECE, length - at));
      munmap (bytes + at, MIN (PIECE, size - at));
    }
  return moved;
}

#endif

/**
 * nebula_mapping_prepare:
 * @bytes: the bytes that are written next, in a mapping
 * @length: how many
 *
 * Takes their pages at once, where the kernel can: one by one, each when it is touched, they cost
 * several times as much.
 */
void
nebula_mapping_prepare (guint8 *bytes, gsize length)
{
#ifdef MADV_POPULATE_WRITE
  gsize before = GPOINTER_TO_SIZE (bytes) % (gsize) sysconf (_SC_PAGESIZE);

  madvise (bytes - before, length + before, MADV_POPULATE_WRITE);
#endif
}

void
nebula_mapping_free (guint8 *bytes, gsize size)
{
  munmap (bytes, size);
}
