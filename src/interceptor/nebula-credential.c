/* SPDX-License-Identifier: Apache-2.0 */
#include "nebula-credential-private.h"

#include <string.h>

/* What a server says of the time is not trusted further than this. */
#define LONGEST_LOCK (24 * 60 * 60 * G_TIME_SPAN_SECOND)

struct _NebulaCredential
{
  gatomicrefcount refs;
  GBytes *user;     /* (owned), constant */
  GBytes *password; /* (owned), constant */
  guint serial;     /* atomic: what was learnt later is newer */
  gint refused;     /* atomic */
  NebulaClaim claim;

  GMutex lock;
  NebulaClock *clock; /* (owned) (nullable): of until, guarded by the lock */
  gint64 until;       /* when what was refused may be tried again, guarded by the lock */
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

static guint
next_serial (void)
{
  static guint last; /* atomic */

  return (guint) g_atomic_int_add (&last, 1);
}

NebulaCredential *
nebula_credential_new (gconstpointer user,
                       gsize user_length,
                       gconstpointer password,
                       gsize password_length)
{
  NebulaCredential *self = g_new0 (NebulaCredential, 1);

  g_atomic_ref_count_init (&self->refs);
  nebula_claim_init (&self->claim);
  g_mutex_init (&self->lock);
  self->serial = next_serial ();
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
  nebula_claim_clear (&self->claim);
  g_mutex_clear (&self->lock);
  g_clear_object (&self->clock);
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

/**
 * nebula_password_hide:
 * @text: what a server says
 * @password: (array length=length): what must not be in it
 * @length: its length, which may be 0
 *
 * Returns: (transfer full): @text with three stars for each @password in it
 */
char *
nebula_password_hide (const char *text, gconstpointer password, gsize length)
{
  const char *end = text + strlen (text);
  const char *found;
  GString *shown;

  if (length == 0)
    return g_strdup (text);
  shown = g_string_new (NULL);
  while ((found = memmem (text, end - text, password, length)) != NULL)
    {
      g_string_append_len (shown, text, found - text);
      g_string_append (shown, "***");
      text = found + length;
    }
  g_string_append (shown, text);
  return g_string_free (shown, FALSE);
}

/* Whether the time of a lock-out is not over. */
static gboolean
is_locked (NebulaCredential *self)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);

  return self->clock == NULL || nebula_clock_get_now (self->clock) < self->until;
}

/* Whether trying it would not help: it was refused, or the account is locked for a time that is not
 * over. */
gboolean
nebula_credential_is_refused (NebulaCredential *self)
{
  return g_atomic_int_get (&self->refused) && is_locked (self);
}

/**
 * nebula_credential_refuse:
 * @clock: what @duration is measured by
 * @duration: after how many microseconds it may be tried again; 0 for never
 */
void
nebula_credential_refuse (NebulaCredential *self, NebulaClock *clock, gint64 duration)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);

  g_set_object (&self->clock, (duration > 0 ? clock : NULL));
  if (duration > 0)
    self->until = nebula_clock_get_now (clock) + MIN (duration, LONGEST_LOCK);
  g_atomic_int_set (&self->refused, TRUE);
}

/* authenticate has accepted it. */
void
nebula_credential_accept (NebulaCredential *self)
{
  g_atomic_int_set (&self->refused, FALSE);
}

/* The user says that it is good, or a stub's authenticate has shown it: it is what is known last,
 * though it may have been known before. */
void
nebula_credential_learn (NebulaCredential *self)
{
  g_atomic_int_set (&self->serial, next_serial ());
  nebula_credential_accept (self);
}

/* Whether it was learnt after @other. The serial may wrap, the difference does not mind. */
gboolean
nebula_credential_is_newer (NebulaCredential *self, NebulaCredential *other)
{
  guint serial = g_atomic_int_get (&self->serial);

  return (gint) (serial - (guint) g_atomic_int_get (&other->serial)) > 0;
}

/**
 * nebula_credential_claim:
 * @limit: how long to wait for whoever has it
 *
 * Asks for the right to authenticate with it, to be given back by nebula_credential_release().
 *
 * Returns: %FALSE as nebula_claim_take()
 */
gboolean
nebula_credential_claim (NebulaCredential *self, const NebulaLimit *limit, GError **error)
{
  return nebula_claim_take (&self->claim, limit, error);
}

void
nebula_credential_release (NebulaCredential *self)
{
  nebula_claim_release (&self->claim);
}
