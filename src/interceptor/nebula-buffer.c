/* SPDX-License-Identifier: Apache-2.0 */
#include "nebula-buffer-private.h"

/* Most statements and small replies fit; whose do not has what they grew to from then on. An
 * interceptor has two, and a program may have many: less than a page, with malloc's own words. */
#define FIRST_CAPACITY 2032

/* What an idle interceptor may keep of a large call. */
#define KEPT_CAPACITY (64 * 1024)

void
nebula_buffer_clear (NebulaBuffer *self)
{
  nebula_buffer_wipe (self);
  g_clear_pointer (&self->data, g_free);
  self->capacity = 0;
}

/**
 * nebula_buffer_reserve:
 * @capacity: how many bytes there has to be room for
 *
 * Grows by doubling, so that collecting costs a constant for each byte.
 */
void
nebula_buffer_reserve (NebulaBuffer *self, gsize capacity)
{
  gsize grown = MAX (MAX (self->capacity * 2, capacity), FIRST_CAPACITY);
  guint8 *data;

  if (capacity <= self->capacity)
    return;

  data = g_malloc (grown);
  if (self->data != NULL)
    {
      memcpy (data, self->data, self->length);
      explicit_bzero (self->data, self->length);
      g_free (self->data);
    }
  self->data = data;
  self->capacity = grown;
}

/* Forgets what is in it, beyond recovery. */
void
nebula_buffer_wipe (NebulaBuffer *self)
{
  if (self->data != NULL)
    explicit_bzero (self->data, self->length);
  self->length = 0;
}

/* Gives the memory of a large call back. What is in it is lost when it is large. */
void
nebula_buffer_trim (NebulaBuffer *self)
{
  self->length = 0;
  if (self->capacity <= KEPT_CAPACITY)
    return;
  g_clear_pointer (&self->data, g_free);
  self->capacity = 0;
}
