/* SPDX-License-Identifier: Apache-2.0 */
#include "nebula-buffer-private.h"

#include "nebula-mapping-private.h"

/* Most statements and small replies fit; whose do not has what they grew to from then on. An
 * interceptor has two, and a program may have many: less than a page, with malloc's own words. */
#define FIRST_CAPACITY 2032

/* What an idle interceptor may keep of a large call. */
#define KEPT_CAPACITY (64 * 1024)

/* What is larger has a mapping of its own, which grows without a copy: never more than this is
 * there twice. And it is really given back, where malloc keeps what may be needed again. */
#define MALLOC_MAX (256 * 1024)

static gboolean
is_mapped (const NebulaBuffer *self)
{
  return self->capacity > MALLOC_MAX;
}

static void
release (NebulaBuffer *self)
{
  if (is_mapped (self))
    nebula_mapping_free (self->data, self->capacity);
  else
    g_free (self->data);
  self->data = NULL;
  self->capacity = 0;
}

void
nebula_buffer_clear (NebulaBuffer *self)
{
  nebula_buffer_wipe (self);
  release (self);
}

/* Copies what is in it, and leaves nothing behind. */
static void
move_to (NebulaBuffer *self, guint8 *data, gsize capacity)
{
  gsize length = self->length;

  if (length > 0)
    memcpy (data, self->data, length);
  nebula_buffer_clear (self);
  *self = (NebulaBuffer) { data, length, capacity };
}

/**
 * nebula_buffer_reserve:
 * @capacity: how many bytes there has to be room for
 *
 * Grows by doubling, so that collecting costs a constant for each byte. Room costs nothing before
 * it is used: beside what is in the buffer never more than %MALLOC_MAX is taken.
 */
void
nebula_buffer_reserve (NebulaBuffer *self, gsize capacity)
{
  gsize grown = MAX (MAX (self->capacity * 2, capacity), FIRST_CAPACITY);

  if (capacity <= self->capacity)
    return;
  if (!is_mapped (self))
    {
      move_to (self, grown > MALLOC_MAX ? nebula_mapping_new (grown) : g_malloc (grown), grown);
      return;
    }
  self->data = nebula_mapping_grow (self->data, self->length, self->capacity, grown);
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
  if (self->capacity > KEPT_CAPACITY)
    release (self);
}
