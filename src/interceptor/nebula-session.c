/* SPDX-License-Identifier: Apache-2.0 */
#include "nebula-session-private.h"

#include <string.h>

struct _NebulaSession
{
  gatomicrefcount refs;
  gint64 caller_id; /* the key of the table, constant */
  guint version;    /* atomic; written under the lock */

  GMutex lock;

  /* guarded by the lock */
  gint64 current_id;
  NebulaCredential *credential; /* (owned) (nullable): %NULL too when it was signed out */
  char *space;                  /* (owned) (nullable): never empty */
  gboolean lost;
  NebulaSessionState state;     /* of current_id */
};

struct _NebulaSessionTable
{
  GMutex lock;
  GHashTable *sessions; /* (owned): the caller's id to NebulaSession, guarded by the lock */
};

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

  g_clear_pointer (&self->credential, nebula_credential_unref);
  g_free (self->space);
  g_mutex_clear (&self->lock);
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

/* Called under the lock. */
static gboolean
can_renew (NebulaSession *self)
{
  return self->credential != NULL && !nebula_credential_is_refused (self->credential);
}

/* Called under the lock. */
static void
fill_view (NebulaSession *self, NebulaSessionView *view)
{
  nebula_session_view_clear (view);
  view->version = self->version;
  view->id = self->current_id;
  view->space = g_strdup (self->space);
  view->lost = self->lost;
  view->state = can_renew (self) ? self->state : NEBULA_SESSION_SOUND;
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
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);

  fill_view (self, view);
}

/* Whether a lost session can be had again: its credential is known and was not refused, and nobody
 * signed it out. */
gboolean
nebula_session_can_renew (NebulaSession *self)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);

  return can_renew (self);
}

/**
 * nebula_session_set_space:
 * @space: (nullable): as graphd said it; %NULL or empty for none
 * @length: its length
 * @view: (inout): becomes what the session is by this, whatever others do to it next
 *
 * graphd confirmed the space of the session after a statement of the caller's. That is the way back
 * for a session that was given up with its space and cannot be renewed. One that has no space any
 * more is spent: it cannot be taken from the other graphds that remember one.
 */
void
nebula_session_set_space (NebulaSession *self,
                          const char *space,
                          gsize length,
                          NebulaSessionView *view)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);
  g_autofree char *old = g_steal_pointer (&self->space);

  self->space = length > 0 ? g_strndup (space, length) : NULL;
  if (old != NULL && g_strcmp0 (self->space, old) != 0
      && (self->space == NULL || self->state == NEBULA_SESSION_TAINTED))
    self->state = NEBULA_SESSION_SPENT;
  self->lost = self->lost && can_renew (self);
  changed (self);
  fill_view (self, view);
}

/**
 * nebula_session_confirm_space:
 * @view: (inout): what was known when graphd was told its space; becomes what is known now
 *
 * graphd took the USE that was sent before a statement. If somebody else's USE has been answered
 * meanwhile, nobody knows which of the two came last: the space has to be said again by all.
 *
 * Returns: whether the space of @view was still the right one
 */
gboolean
nebula_session_confirm_space (NebulaSession *self, NebulaSessionView *view)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);
  gboolean same = g_strcmp0 (self->space, view->space) == 0;

  if (!same)
    changed (self);
  if (self->version != view->version)
    fill_view (self, view);
  return same;
}

/**
 * nebula_session_doubt_space:
 * @space: (nullable): what graphd says
 *
 * A statement that may have changed the space failed, and nobody knows how far it came: the one
 * last confirmed has to be said again. Where that is none, one that graphd has cannot be undone.
 */
void
nebula_session_doubt_space (NebulaSession *self, const char *space)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);

  if (self->space == NULL && space != NULL && *space != '\0')
    self->state = NEBULA_SESSION_SPENT;
  changed (self);
}

/**
 * nebula_session_leave_statement:
 * @view: what was known when the statement was sent
 * @may_change_space: whether the statement may change the space
 *
 * A statement of the session that does more than read was sent and got no answer. graphd may
 * execute it yet, after those that come next.
 */
void
nebula_session_leave_statement (NebulaSession *self,
                                const NebulaSessionView *view,
                                gboolean may_change_space)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);

  if (self->current_id == view->id)
    {
      if (may_change_space || g_strcmp0 (self->space, view->space) != 0)
        self->state = NEBULA_SESSION_SPENT;
      else
        self->state = MAX (self->state, NEBULA_SESSION_TAINTED);
    }
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

/* The space of @view is gone: only a new session without a space keeps statements out of another
 * one. Nothing happens when the caller has chosen another one meanwhile. */
void
nebula_session_lose_space (NebulaSession *self, const NebulaSessionView *view)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);

  if (g_strcmp0 (self->space, view->space) != 0)
    return;
  g_clear_pointer (&self->space, g_free);
  self->lost = TRUE;
  changed (self);
}

/* (transfer full) (nullable) */
static NebulaCredential *
get_credential (NebulaSession *self)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);

  return self->credential != NULL ? nebula_credential_ref (self->credential) : NULL;
}

static gboolean
needs_renewal (NebulaSession *self)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);

  return (self->lost || self->state != NEBULA_SESSION_SOUND) && can_renew (self);
}

/**
 * nebula_session_begin_renewal:
 * @limit: how long to wait
 * @error: return location of a %G_IO_ERROR_TIMED_OUT or %G_IO_ERROR_CANCELLED
 *
 * Asks for the right to renew the session. While a session of the same user and password is being
 * renewed, waits until that is done: if the password is refused, it is so once for all of them.
 *
 * Returns: (transfer full) (nullable): what to authenticate with, then to be handed to
 *   nebula_session_end_renewal(); %NULL with @error set when the limit came first, and without when
 *   the session is not lost any more, or cannot be renewed
 */
NebulaCredential *
nebula_session_begin_renewal (NebulaSession *self, const NebulaLimit *limit, GError **error)
{
  g_autoptr (NebulaCredential) credential = get_credential (self);

  if (credential == NULL || !nebula_credential_claim (credential, limit, error))
    return NULL;
  if (needs_renewal (self))
    return g_steal_pointer (&credential);
  nebula_credential_release (credential);
  return NULL;
}

/**
 * nebula_session_end_renewal:
 * @credential: (transfer full): from nebula_session_begin_renewal()
 * @id: the new id, or 0 when there is none
 */
void
nebula_session_end_renewal (NebulaSession *self, NebulaCredential *credential, gint64 id)
{
  g_mutex_lock (&self->lock);
  if (id != 0)
    {
      self->current_id = id;
      self->lost = FALSE;
      self->state = NEBULA_SESSION_SOUND;
      changed (self);
    }
  g_mutex_unlock (&self->lock);
  nebula_credential_release (credential);
  nebula_credential_unref (credential);
}

static void
session_end (NebulaSession *self)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);

  g_clear_pointer (&self->credential, nebula_credential_unref);
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

/* The credential of another session that is the same as @credential; else @credential. Called under
 * the lock of the table. */
static NebulaCredential *
share_credential (NebulaSessionTable *self, NebulaCredential *credential)
{
  GHashTableIter iter;
  gpointer session;

  g_hash_table_iter_init (&iter, self->sessions);
  while (g_hash_table_iter_next (&iter, NULL, &session))
    {
      g_autoptr (NebulaCredential) other = get_credential (session);

      if (other != NULL && nebula_credential_equal (other, credential))
        return g_steal_pointer (&other);
    }
  return nebula_credential_ref (credential);
}

/**
 * nebula_session_table_learn:
 * @id: the id in an answer to authenticate
 * @credential: (nullable): what was authenticated with; %NULL when it must not be kept
 *
 * From now on @id is a session of the caller. An older session of the same id is forgotten.
 */
void
nebula_session_table_learn (NebulaSessionTable *self, gint64 id, NebulaCredential *credential)
{
  NebulaSession *session = session_new (id);

  g_mutex_lock (&self->lock);
  if (credential != NULL)
    {
      session->credential = share_credential (self, credential);
      nebula_credential_set_refused (session->credential, FALSE);
    }
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
