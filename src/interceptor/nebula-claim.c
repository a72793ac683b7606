/* SPDX-License-Identifier: Apache-2.0 */
#include "nebula-claim-private.h"

void
nebula_claim_init (NebulaClaim *self)
{
  g_mutex_init (&self->lock);
  g_cond_init (&self->changed);
  self->owner = NULL;
}

void
nebula_claim_clear (NebulaClaim *self)
{
  g_mutex_clear (&self->lock);
  g_cond_clear (&self->changed);
}

static void
wake (GCancellable *cancellable, gpointer data)
{
  NebulaClaim *self = data;

  g_mutex_lock (&self->lock);
  g_cond_broadcast (&self->changed);
  g_mutex_unlock (&self->lock);
}

/**
 * nebula_claim_take:
 * @limit: how long to wait for whoever has it
 *
 * Asks for the right, to be given back by nebula_claim_release() in the same thread.
 *
 * Returns: %FALSE with %G_IO_ERROR_TIMED_OUT or %G_IO_ERROR_CANCELLED; without @error set when this
 *   thread has it already, in a callback that came back here: to wait would be for ever
 */
gboolean
nebula_claim_take (NebulaClaim *self, const NebulaLimit *limit, GError **error)
{
  gint64 end = nebula_limit_get_end (limit);
  GThread *me = g_thread_self ();
  gboolean in_time = TRUE;
  gulong handler = 0;
  GThread *owner;

  if (limit->cancellable != NULL)
    handler = g_cancellable_connect (limit->cancellable, G_CALLBACK (wake), self, NULL);
  g_mutex_lock (&self->lock);
  while (self->owner != NULL && self->owner != me && in_time
         && !g_cancellable_is_cancelled (limit->cancellable))
    in_time = g_cond_wait_until (&self->changed, &self->lock, end);
  owner = self->owner;
  if (owner == NULL)
    self->owner = me;
  g_mutex_unlock (&self->lock);
  g_cancellable_disconnect (limit->cancellable, handler);

  if (owner != NULL && owner != me
      && !g_cancellable_set_error_if_cancelled (limit->cancellable, error))
    g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_TIMED_OUT,
                         "timed out while another session was being renewed");
  return owner == NULL;
}

/* Whether this thread has it. */
gboolean
nebula_claim_is_mine (NebulaClaim *self)
{
  gboolean is_mine;

  g_mutex_lock (&self->lock);
  is_mine = self->owner == g_thread_self ();
  g_mutex_unlock (&self->lock);
  return is_mine;
}

void
nebula_claim_release (NebulaClaim *self)
{
  g_mutex_lock (&self->lock);
  self->owner = NULL;
  g_cond_broadcast (&self->changed);
  g_mutex_unlock (&self->lock);
}
