/* SPDX-License-Identifier: Apache-2.0 */
#include "nebula-wire-walk-private.h"

#include "nebula-wire-private.h"

#include <nebula-retry/nebula-error.h>

/* It only looks for the end: what lies within is for nebula_reply_read () to judge. Without
 * recursion, and without memory but its own. */

void
nebula_wire_walk_start (NebulaWireWalk *self)
{
  self->at = 0;
  self->depth = 0;
  self->is_in_body = FALSE;
  /* The shortest message has no name, and an empty struct. */
  self->owed = NEBULA_MESSAGE_HEAD_SIZE + 1;
}

static gboolean
fail (gsize at, GError **error, const char *what, gint64 found)
{
  g_set_error (error, NEBULA_ERROR, NEBULA_ERROR_FATAL,
               "a damaged message: byte %" G_GSIZE_FORMAT ": %s, found %" G_GINT64_FORMAT, at, what,
               found);
  return FALSE;
}

static gboolean
fail_type (gsize at, GError **error, guint8 type)
{
  return fail (at, error, "expected type 2, 3, 4, 6, 8 or 10 to 15", type);
}

/* The version is looked at as soon as it is there: what is not this protocol at all may never
 * bring as many bytes as a message has. */
static gboolean
walk_head (NebulaWireWalk *self, const guint8 *bytes, gsize length, GError **error)
{
  gint32 name_length;

  if (length >= 4 && !nebula_message_check_version (nebula_read_be32 (bytes), error))
    {
      g_prefix_error (error, "a damaged message: ");
      return FALSE;
    }
  if (length < 8)
    return TRUE;
  name_length = (gint32) nebula_read_be32 (bytes + 4);
  if (name_length < 0)
    return fail (4, error, "expected a name of at least 0 bytes", name_length);
  self->at = NEBULA_MESSAGE_HEAD_SIZE + (gsize) name_length;
  self->owed = 1;
  self->depth = 1;
  self->frames[0] = (NebulaWireFrame) { 0 };
  self->is_in_body = TRUE;
  return TRUE;
}

static gboolean
push (NebulaWireWalk *self, gsize at, guint64 left, guint8 even, guint8 odd, GError **error)
{
  if (self->depth == G_N_ELEMENTS (self->frames))
    return fail (at, error, "expected no more levels than 1024", self->depth + 1);
  self->frames[self->depth++] = (NebulaWireFrame) { left, { even, odd } };
  return TRUE;
}

/* A map has two types before its count, a set or a list one. */
static gboolean
walk_container (NebulaWireWalk *self, const guint8 *bytes, gboolean is_map, GError **error)
{
  const guint8 *head = bytes + self->at;
  gsize size = is_map ? 6 : 5;
  gint32 count = (gint32) nebula_read_be32 (head + size - 4);
  guint8 key = head[0];
  guint8 value = head[size - 5];
  guint64 values;

  if (count < 0)
    return fail (self->at + size - 4, error, "expected a container of at least 0 elements", count);
  /* An empty one may name any type. */
  if (count > 0 && wire_least_sizes[key] == 0)
    return fail_type (self->at, error, key);
  if (count > 0 && wire_least_sizes[value] == 0)
    return fail_type (self->at + size - 5, error, value);
  self->at += size;
  values = is_map ? 2 * (guint64) count : (guint64) count;
  if (count == 0 || (wire_is_fixed_size (key) && wire_is_fixed_size (value)))
    {
      self->at += (gsize) count * (wire_least_sizes[value] + (is_map ? wire_least_sizes[key] : 0));
      return TRUE;
    }
  self->owed += (guint64) count * (wire_least_sizes[value] + (is_map ? wire_least_sizes[key] : 0));
  return push (self, self->at, values, key, value, error);
}

/* Goes behind a value, or into it. Its least size has come. */
static gboolean
walk_value (NebulaWireWalk *self, const guint8 *bytes, guint8 type, GError **error)
{
  gint32 size;

  if (wire_is_fixed_size (type))
    {
      self->at += wire_least_sizes[type];
      return TRUE;
    }
  if (type == WIRE_STRUCT)
    {
      self->owed++;
      return push (self, self->at, 0, WIRE_STOP, WIRE_STOP, error);
    }
  if (type != WIRE_STRING)
    return walk_container (self, bytes, type == WIRE_MAP, error);

  size = (gint32) nebula_read_be32 (bytes + self->at);
  if (size < 0)
    return fail (self->at, error, "expected a string of at least 0 bytes", size);
  self->at += 4 + (gsize) size;
  return TRUE;
}

static gboolean
is_struct (const NebulaWireFrame *frame)
{
  return frame->types[0] == WIRE_STOP;
}

/* One field, or the stop. */
static gboolean
walk_field (NebulaWireWalk *self, const guint8 *bytes, GError **error)
{
  guint8 type = bytes[self->at];

  if (type == WIRE_STOP)
    {
      self->at++;
      self->owed--;
      self->depth--;
      return TRUE;
    }
  if (wire_least_sizes[type] == 0)
    return fail_type (self->at, error, type);
  self->at += WIRE_FIELD_SIZE;
  return walk_value (self, bytes, type, error);
}

static gboolean
walk_element (NebulaWireWalk *self, const guint8 *bytes, GError **error)
{
  NebulaWireFrame *frame = &self->frames[self->depth - 1];
  guint8 type = frame->types[frame->left & 1];

  frame->left--;
  self->owed -= wire_least_sizes[type];
  /* A container ends with its last element, before what is inside that one. */
  if (frame->left == 0)
    self->depth--;
  return walk_value (self, bytes, type, error);
}

/* How many bytes the next step looks at. One that will fail may do so at once. */
static gsize
get_step_size (const NebulaWireWalk *self, const guint8 *bytes)
{
  const NebulaWireFrame *frame = &self->frames[self->depth - 1];
  guint8 type = is_struct (frame) ? bytes[self->at] : frame->types[frame->left & 1];
  gsize size = wire_least_sizes[type];

  return is_struct (frame) && size > 0 ? WIRE_FIELD_SIZE + size : MAX (size, 1);
}

/**
 * nebula_wire_walk_go:
 * @bytes: the message from its first byte on; the same bytes as last time, and more
 * @length: how many there are now
 * @needed: (out): how many bytes the message has at least; it is whole when that is not more than
 *   @length, and has just so many then
 * @error: return location of a NEBULA_ERROR_FATAL that says what is wrong at which byte
 *
 * Goes on where it had to stop.
 */
gboolean
nebula_wire_walk_go (NebulaWireWalk *self,
                     const guint8 *bytes,
                     gsize length,
                     guint64 *needed,
                     GError **error)
{
  gsize begun = 0;

  if (!self->is_in_body && !walk_head (self, bytes, length, error))
    return FALSE;
  while (self->depth > 0 && self->at < length)
    {
      gboolean in_struct = is_struct (&self->frames[self->depth - 1]);
      gsize size = get_step_size (self, bytes);

      if (length - self->at < size)
        {
          /* Elements are owed already, fields are not before they begin. */
          begun = in_struct ? size : 0;
          break;
        }
      if (!(in_struct ? walk_field (self, bytes, error) : walk_element (self, bytes, error)))
        return FALSE;
    }
  *needed = self->at + self->owed + begun;
  return TRUE;
}
