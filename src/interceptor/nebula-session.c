/* SPDX-License-Identifier: Apache-2.0 */
#include "nebula-session-private.h"

#include <string.h>

struct _NebulaSession
{
  gatomicrefcount refs;
  gint64 caller_id; /* the key of the table, constant */
  guint version;    /* atomic; written under the lock */

  GMutex lock;
  GCond renewed; /* a renewal ended */

  /* guarded by the lock */
  gint64 current_id;
  GBytes *user;     /* (owned) (nullable) */
  GBytes *password; /* (owned) (nullable): wiped when freed */
  char *space;      /* (owned) (nullable): never empty */
  gboolean in_doubt;
  gboolean lost;
  gboolean ended;
  gboolean renewing;
};

struct _NebulaSessionTable
{
  GMutex lock;
  GHashTable *sessions; /* (owned): the caller's id to NebulaSession, guarded by the lock */
};

static void
secret_free (gpointer data)
{
  GByteArray *secret = data;

  explicit_bzero (secret->data, secret->len);
  g_byte_array_unref (secret);
}

/**
 * nebula_secret_new:
 * @bytes: (nullable): what to keep
 * @length: its length
 *
 * A copy that is overwritten when its last reference goes.
 *
 * Returns: (transfer full)
 */
GBytes *
nebula_secret_new (gconstpointer bytes, gsize length)
{
  GByteArray *secret = g_byte_array_sized_new (length + 1);

  g_byte_array_append (secret, bytes, length);
  return g_bytes_new_with_free_func (secret->data, secret->len, secret_free, secret);
}

void
nebula_session_view_clear (NebulaSessionView *view)
{
  g_clear_pointer (&view->space, g_free);
}

static NebulaSession *
session_new (gint64 id)
{
  NebulaSession *self = g_new0 (NebulaSession, 1);

  g_atomic_ref_count_init (&self->refs);
  g_mutex_init (&self->lock);
  g_cond_init (&self->renewed);
  self->caller_id = id;
  self->current_id = id;
  return self;
}

NebulaSession *
nebula_session_ref (NebulaSession *self)
{
  g_atomic_ref_count_inc (&self->refs);
  return self;
}

void
nebula_session_unref (NebulaSession *self)
{
  if (!g_atomic_ref_count_dec (&self->refs))
    return;

  g_clear_pointer (&self->user, g_bytes_unref);
  g_clear_pointer (&self->password, g_bytes_unref);
  g_free (self->space);
  g_mutex_clear (&self->lock);
  g_cond_clear (&self->renewed);
  g_free (self);
}

/* Every change ends here: whoever has a view sees by the version that it is old. */
static void
changed (NebulaSession *self)
{
  g_atomic_int_inc (&self->version);
}

guint
nebula_session_get_version (NebulaSession *self)
{
  return g_atomic_int_get (&self->version);
}

/**
 * nebula_session_view:
 * @view: (inout): cleared, then filled
 *
 * Copies what a call needs to know. Not needed again while the version stays the same.
 */
void
nebula_session_view (NebulaSession *self, NebulaSessionView *view)
{
  nebula_session_view_clear (view);

  g_mutex_lock (&self->lock);
  view->version = self->version;
  view->id = self->current_id;
  view->space = g_strdup (self->space);
  view->in_doubt = self->in_doubt;
  view->lost = self->lost;
  g_mutex_unlock (&self->lock);
}

/* Whether a lost session can be had again: its credentials are known and nobody signed it out. */
gboolean
nebula_session_can_renew (NebulaSession *self)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);

  return self->password != NULL && !self->ended;
}

/**
 * nebula_session_set_space:
 * @space: (nullable): as graphd said it; %NULL or empty for none
 * @length: its length
 *
 * graphd confirmed the space of the session.
 */
void
nebula_session_set_space (NebulaSession *self, const char *space, gsize length)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);

  g_free (self->space);
  self->space = length > 0 ? g_strndup (space, length) : NULL;
  self->in_doubt = FALSE;
  changed (self);
}

/* A statement that may have changed the space got no answer. */
void
nebula_session_doubt_space (NebulaSession *self)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);

  self->in_doubt = TRUE;
  changed (self);
}

/* graphd does not know @id any more. Nothing happens when it has been replaced meanwhile. */
void
nebula_session_lose (NebulaSession *self, gint64 id)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);

  if (self->current_id != id || self->lost)
    return;
  self->lost = TRUE;
  changed (self);
}

/* The space is gone: only a new session without a space keeps statements out of another one. */
void
nebula_session_lose_space (NebulaSession *self)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);

  g_clear_pointer (&self->space, g_free);
  self->in_doubt = FALSE;
  self->lost = TRUE;
  changed (self);
}

/**
 * nebula_session_begin_renewal:
 * @user: (out) (transfer full): whom to authenticate
 * @password: (out) (transfer full): how
 *
 * Asks for the right to renew the session; while somebody else has it, waits until he is done.
 *
 * Returns: whether the caller has to authenticate and then to call nebula_session_end_renewal();
 *   %FALSE when the session is not lost any more, or cannot be renewed
 */
gboolean
nebula_session_begin_renewal (NebulaSession *self, GBytes **user, GBytes **password)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);

  while (self->renewing)
    g_cond_wait (&self->renewed, &self->lock);
  if (!self->lost || self->ended || self->password == NULL)
    return FALSE;

  self->renewing = TRUE;
  *user = g_bytes_ref (self->user);
  *password = g_bytes_ref (self->password);
  return TRUE;
}

/**
 * nebula_session_end_renewal:
 * @id: the new id, or 0 when there is none
 */
void
nebula_session_end_renewal (NebulaSession *self, gint64 id)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);

  self->renewing = FALSE;
  if (id != 0)
    {
      self->current_id = id;
      self->lost = FALSE;
      changed (self);
    }
  g_cond_broadcast (&self->renewed);
}

static void
session_set_credentials (NebulaSession *self, GBytes *user, GBytes *password)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);

  self->user = user != NULL ? g_bytes_ref (user) : NULL;
  self->password = password != NULL ? g_bytes_ref (password) : NULL;
}

static void
session_end (NebulaSession *self)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);

  self->ended = TRUE;
  changed (self);
}

NebulaSessionTable *
nebula_session_table_new (void)
{
  NebulaSessionTable *self = g_new0 (NebulaSessionTable, 1);

  g_mutex_init (&self->lock);
  self->sessions = g_hash_table_new_full (g_int64_hash, g_int64_equal, NULL,
                                          (GDestroyNotify) nebula_session_unref);
  return self;
}

void
nebula_session_table_free (NebulaSessionTable *self)
{
  g_hash_table_unref (self->sessions);
  g_mutex_clear (&self->lock);
  g_free (self);
}

/**
 * nebula_session_table_learn:
 * @id: the id in an answer to authenticate
 * @user: (nullable): whose session it is
 * @password: (nullable): how it was authenticated; %NULL when it must not be kept
 *
 * From now on @id is a session of the caller. An older session of the same id is forgotten.
 */
void
nebula_session_table_learn (NebulaSessionTable *self, gint64 id, GBytes *user, GBytes *password)
{
  NebulaSession *session = session_new (id);

  session_set_credentials (session, user, password);
  g_mutex_lock (&self->lock);
  g_hash_table_replace (self->sessions, &session->caller_id, session);
  g_mutex_unlock (&self->lock);
}

/**
 * nebula_session_table_find:
 * @id: an id as the caller knows it
 *
 * Returns: (transfer full) (nullable): %NULL for an id that no authenticate answered
 */
NebulaSession *
nebula_session_table_find (NebulaSessionTable *self, gint64 id)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);
  NebulaSession *session = g_hash_table_lookup (self->sessions, &id);

  return session != NULL ? nebula_session_ref (session) : NULL;
}

/* The caller signed the session out: it is never renewed again. */
void
nebula_session_table_end (NebulaSessionTable *self, gint64 id)
{
  g_autoptr (NebulaSession) session = nebula_session_table_find (self, id);

  if (session == NULL)
    return;
  session_end (session);
  g_mutex_lock (&self->lock);
  if (g_hash_table_lookup (self->sessions, &id) == session)
    g_hash_table_remove (self->sessions, &id);
  g_mutex_unlock (&self->lock);
}
