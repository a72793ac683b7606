/* SPDX-License-Identifier: Apache-2.0 */
#include "nebula-credential-private.h"

#include <string.h>

struct _NebulaCredential
{
  gatomicrefcount refs;
  GBytes *user;     /* (owned), constant */
  GBytes *password; /* (owned), constant */
  gint refused;     /* atomic */

  GMutex lock;
  GCond changed;    /* it was released, or somebody who waits was cancelled */
  gboolean claimed; /* guarded by the lock */
};

static void
secret_free (gpointer data)
{
  GByteArray *secret = data;

  explicit_bzero (secret->data, secret->len);
  g_byte_array_unref (secret);
}

/* A copy that is overwritten when its last reference goes. */
static GBytes *
secret_new (gconstpointer bytes, gsize length)
{
  GByteArray *secret = g_byte_array_sized_new (length + 1);

  g_byte_array_append (secret, bytes, length);
  return g_bytes_new_with_free_func (secret->data, secret->len, secret_free, secret);
}

NebulaCredential *
nebula_credential_new (gconstpointer user,
                       gsize user_length,
                       gconstpointer password,
                       gsize password_length)
{
  NebulaCredential *self = g_new0 (NebulaCredential, 1);

  g_atomic_ref_count_init (&self->refs);
  g_mutex_init (&self->lock);
  g_cond_init (&self->changed);
  self->user = secret_new (user, user_length);
  self->password = secret_new (password, password_length);
  return self;
}

NebulaCredential *
nebula_credential_ref (NebulaCredential *self)
{
  g_atomic_ref_count_inc (&self->refs);
  return self;
}

void
nebula_credential_unref (NebulaCredential *self)
{
  if (!g_atomic_ref_count_dec (&self->refs))
    return;

  g_bytes_unref (self->user);
  g_bytes_unref (self->password);
  g_mutex_clear (&self->lock);
  g_cond_clear (&self->changed);
  g_free (self);
}

GBytes *
nebula_credential_get_user (NebulaCredential *self)
{
  return self->user;
}

GBytes *
nebula_credential_get_password (NebulaCredential *self)
{
  return self->password;
}

gboolean
nebula_credential_equal (NebulaCredential *self, NebulaCredential *other)
{
  return g_bytes_equal (self->user, other->user) && g_bytes_equal (self->password, other->password);
}

gboolean
nebula_credential_is_refused (NebulaCredential *self)
{
  return g_atomic_int_get (&self->refused);
}

/* %FALSE when authenticate has accepted it again. */
void
nebula_credential_set_refused (NebulaCredential *self, gboolean refused)
{
  g_atomic_int_set (&self->refused, refused);
}

static void
wake (GCancellable *cancellable, gpointer data)
{
  NebulaCredential *self = data;

  g_mutex_lock (&self->lock);
  g_cond_broadcast (&self->changed);
  g_mutex_unlock (&self->lock);
}

/**
 * nebula_credential_claim:
 * @limit: how long to wait for whoever has it
 *
 * Asks for the right to authenticate with it, to be given back by nebula_credential_release().
 *
 * Returns: %FALSE with %G_IO_ERROR_TIMED_OUT or %G_IO_ERROR_CANCELLED
 */
gboolean
nebula_credential_claim (NebulaCredential *self, const NebulaLimit *limit, GError **error)
{
  gint64 now = g_get_monotonic_time ();
  gint64 end = now + MIN (nebula_limit_get_remaining (limit), G_MAXINT64 - now);
  gboolean in_time = TRUE;
  gboolean claimed;
  gulong handler = 0;

  if (limit->cancellable != NULL)
    handler = g_cancellable_connect (limit->cancellable, G_CALLBACK (wake), self, NULL);
  g_mutex_lock (&self->lock);
  while (self->claimed && in_time && !g_cancellable_is_cancelled (limit->cancellable))
    in_time = g_cond_wait_until (&self->changed, &self->lock, end);
  claimed = !self->claimed;
  self->claimed = TRUE;
  g_mutex_unlock (&self->lock);
  g_cancellable_disconnect (limit->cancellable, handler);

  if (!claimed && !g_cancellable_set_error_if_cancelled (limit->cancellable, error))
    g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_TIMED_OUT,
                         "timed out while another session was being renewed");
  return claimed;
}

void
nebula_credential_release (NebulaCredential *self)
{
  g_mutex_lock (&self->lock);
  self->claimed = FALSE;
  g_cond_broadcast (&self->changed);
  g_mutex_unlock (&self->lock);
}
