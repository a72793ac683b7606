/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "nebula-reply-private.h"

G_BEGIN_DECLS

/* A struct or a container that is open. */
typedef struct
{
  guint64 left;    /* of a container: how many values, a pair counted as two */
  guint8 types[2]; /* of a container: what comes when an even and an odd number is left; else 0 */
} NebulaWireFrame;

/**
 * NebulaWireWalk:
 * @at: how many bytes of the message have been understood; may lie beyond those that have come
 * @owed: the fewest bytes that must follow behind @at
 * @depth: how many of @frames are in use
 * @is_in_body: whether the head of the message has been read
 *
 * Finds the end of a message whose bytes come little by little. Each byte is read once, however they
 * are cut.
 */
typedef struct
{
  gsize at;
  guint64 owed;
  guint depth;
  gboolean is_in_body;
  NebulaWireFrame frames[NEBULA_REPLY_MAX_DEPTH];
} NebulaWireWalk;

void nebula_wire_walk_start (NebulaWireWalk *self);
gboolean nebula_wire_walk_go (NebulaWireWalk *self,
                              const guint8 *bytes,
                              gsize length,
                              guint64 *needed,
                              GError **error);

G_END_DECLS
