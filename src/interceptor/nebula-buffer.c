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

/* What was in a mapping nobody ever sees: it needs no wiping. */
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
  if (!is_mapped (self))
    nebula_buffer_wipe (self);
  self->length = 0;
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
  *self = (NebulaBuffer){ data, length, capacity };
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

/* Makes room for @length bytes more that are written at once; and for the few that come behind what
 * is large, so that it does not grow again for them. */
void
nebula_buffer_reserve_for (NebulaBuffer *self, gsize length)
{
  gsize room = length > FIRST_CAPACITY ? length + FIRST_CAPACITY : length;

  nebula_buffer_reserve (self, self->length + room);
  if (is_mapped (self))
    nebula_mapping_prepare (self->data + self->length, length);
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

/* Forgets what is in it, beyond recovery, and gives the memory of a large call back. */
void
nebula_buffer_forget (NebulaBuffer *self)
{
  if (!is_mapped (self))
    nebula_buffer_wipe (self);
  nebula_buffer_trim (self);
}
