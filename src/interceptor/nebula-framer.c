/* SPDX-License-Identifier: Apache-2.0 */
#include "nebula-framer-private.h"

static const NebulaFramerClass *const classes[] = {
  [NEBULA_FRAMING_FRAMED] = &nebula_framer_framed,
  [NEBULA_FRAMING_HEADER] = &nebula_framer_header,
  [NEBULA_FRAMING_UNFRAMED] = &nebula_framer_unframed,
};

void
nebula_framer_clear (NebulaFramer *self)
{
  nebula_buffer_clear (&self->inflated[0]);
  nebula_buffer_clear (&self->inflated[1]);
  g_clear_pointer (&self->walk, g_free);
}

/* Gives the memory of a large message back. */
void
nebula_framer_drop_message (NebulaFramer *self)
{
  nebula_buffer_trim (&self->inflated[0]);
  nebula_buffer_trim (&self->inflated[1]);
}

/**
 * nebula_framer_set_framing:
 *
 * Not to be called while a reply is owed: its frame would be taken for another kind.
 */
void
nebula_framer_set_framing (NebulaFramer *self, NebulaFraming framing)
{
  g_assert ((guint) framing < G_N_ELEMENTS (classes));

  nebula_framer_clear (self);
  self->framing = framing;
  self->klass = classes[framing];
}

/**
 * nebula_framer_check_size:
 * @size: what the peer announced
 *
 * Returns: %FALSE with @error set when nothing of that size is taken
 */
gboolean
nebula_framer_check_size (NebulaFramer *self, guint64 size, GError **error)
{
  if (size > 0 && size <= self->max_frame_size)
    return TRUE;
  if (size == 0)
    g_set_error_literal (error, NEBULA_ERROR, NEBULA_ERROR_FATAL, "an empty frame");
  else
    g_set_error (error, NEBULA_ERROR, NEBULA_ERROR_FATAL,
                 "a frame of %" G_GUINT64_FORMAT " bytes, more than max-frame-size (%u bytes)",
                 size, self->max_frame_size);
  return FALSE;
}
