/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <glib.h>
#include <string.h>

G_BEGIN_DECLS

/* Texts are read eight bytes at a time, as one number. */

#define CHUNK 8

/* In every byte of a chunk. */
#define EACH(byte) (G_GUINT64_CONSTANT (0x0101010101010101) * (byte))

/* Of the bytes of a chunk: a mark is the highest bit of a byte. */
#define MARKS EACH (0x80)

/* The bytes from @at, the first one lowest, and 0 for what lies past @end. */
static inline guint64
load_chunk (const char *at, const char *end)
{
  guint64 chunk = 0;

  if (G_LIKELY (end - at >= CHUNK))
    memcpy (&chunk, at, CHUNK);
  else
    memcpy (&chunk, at, (gsize) (end - at));

  return GUINT64_FROM_LE (chunk);
}

/* How many bytes are before the first mark; @marks is not 0. */
static inline guint
count_to_mark (guint64 marks)
{
  return (guint) __builtin_ctzll (marks) / 8;
}

/* Marks the bytes that are @byte. Marks behind the first one may be wrong. */
static inline guint64
mark_byte (guint64 chunk, char byte)
{
  guint64 difference = chunk ^ EACH ((guint8) byte);

  return (difference - EACH (1)) & ~difference & MARKS;
}

G_END_DECLS
