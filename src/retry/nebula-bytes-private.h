/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <glib.h>
#include <string.h>

G_BEGIN_DECLS

/* Sixteen bytes at a time: every machine of today compares as many at once, and elsewhere the
 * compiler makes what it can of it. */
#define NEBULA_N_BYTES 16

typedef guint8 NebulaBytes __attribute__ ((vector_size (NEBULA_N_BYTES)));

static inline NebulaBytes
nebula_bytes_load (const char *at)
{
  NebulaBytes bytes;

  memcpy (&bytes, at, NEBULA_N_BYTES);
  return bytes;
}

/* Whether one of them is not 0. */
static inline gboolean
nebula_bytes_is_any (NebulaBytes bytes)
{
  guint64 halves[2];

  memcpy (halves, &bytes, NEBULA_N_BYTES);
  return (halves[0] | halves[1]) != 0;
}

G_END_DECLS
