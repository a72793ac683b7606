/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <glib.h>
#include <string.h>

G_BEGIN_DECLS

/**
 * NebulaBuffer:
 * @data: (owned) (nullable)
 * @length: how many bytes are in use
 * @capacity: how many there is room for
 *
 * Bytes that are collected and reused. What it leaves behind when it moves is wiped: requests
 * carry passwords.
 */
typedef struct
{
  guint8 *data;
  gsize length;
  gsize capacity;
} NebulaBuffer;

void nebula_buffer_clear (NebulaBuffer *self);
void nebula_buffer_reserve (NebulaBuffer *self, gsize capacity);
void nebula_buffer_reserve_for (NebulaBuffer *self, gsize length);
void nebula_buffer_wipe (NebulaBuffer *self);
void nebula_buffer_trim (NebulaBuffer *self);
void nebula_buffer_forget (NebulaBuffer *self);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (NebulaBuffer, nebula_buffer_clear)

static inline void
nebula_buffer_append (NebulaBuffer *self, gconstpointer bytes, gsize length)
{
  if (G_UNLIKELY (length > self->capacity - self->length))
    nebula_buffer_reserve_for (self, length);
  memcpy (self->data + self->length, bytes, length);
  self->length += length;
}

G_END_DECLS
