/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "nebula-framer-private.h"

G_BEGIN_DECLS

/* Magic, flags, sequence number, words: what is before the block of varints. */
#define NEBULA_HEADER_FIXED_SIZE 10

/* The first two bytes of a header. */
#define NEBULA_HEADER_MAGIC 0x0fff

/* The largest length that four bytes may announce; for more there are eight behind the magic
 * number "BIGF". */
#define NEBULA_HEADER_SHORT_MAX 0x3fffffff
#define NEBULA_HEADER_BIG 0x42494746

/* More than any server applies; each costs a pass over the payload. */
#define NEBULA_HEADER_MAX_TRANSFORMS 4

/**
 * NebulaHeader:
 * @flags: as sent; none of them means anything to a client that sends one request at a time
 * @sequence: the number of the request that is answered
 * @transforms: what was done to the payload, in this order
 * @payload: where the payload begins, counted from the magic number
 * @frame: what the info headers said; the message is not set
 *
 * The header of fbthrift, which THeaderTransport speaks too.
 */
typedef struct
{
  guint16 flags;
  guint32 sequence;
  guint n_transforms;
  guint8 transforms[NEBULA_HEADER_MAX_TRANSFORMS];
  gsize payload;
  NebulaFrame frame;
} NebulaHeader;

gboolean nebula_header_parse (const guint8 *bytes,
                              gsize length,
                              NebulaHeader *header,
                              GError **error);
gsize nebula_header_write (guint8 *message,
                           gsize length,
                           gint32 sequence,
                           gint64 timeout,
                           gboolean is_first);

G_END_DECLS
