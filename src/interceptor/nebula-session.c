/* SPDX-License-Identifier: Apache-2.0 */
#include "nebula-session-private.h"

#include <string.h>

struct _NebulaSession
{
  gatomicrefcount refs;
  gint64 caller_id;               /* the key of the table, constant */
  GBytes *user;                   /* (owned) (nullable): whose it is, constant */
  NebulaCredentialSource *source; /* (owned): where other credentials come from, constant */
  guint version;                  /* atomic; written under the lock */
  gint replaced;                  /* atomic: its id means another session now, or none */
  gint n_kept;                    /* atomic: how many references are no use of it */
  NebulaClaim renewing;

  GMutex lock;

  /* guarded by the lock */
  gint64 current_id;
  NebulaCredential *credential; /* (owned) (nullable): what it was got with, where that is kept */
  char *space;                  /* (owned) (nullable): never empty */
  gboolean lost;
  gboolean is_gone;             /* lost because graphd does not know it: nothing to sign out */
  gboolean ended;               /* signed out: never used again */
  NebulaSessionState state;     /* of current_id */
};

void
nebula_session_view_clear (NebulaSessionView *view)
{
  g_clear_pointer (&view->space, g_free);
}

/**
 * nebula_session_new:
 * @id: as the caller knows it
 * @source: where credentials come from beside @credential
 * @credential: (nullable): what it was got with; %NULL when that is not kept
 * @user: (nullable): whose it is; %NULL when nobody knows
 */
NebulaSession *
nebula_session_new (gint64 id,
                    NebulaCredentialSource *source,
                    NebulaCredential *credential,
                    GBytes *user)
{
  NebulaSession *self = g_new0 (NebulaSession, 1);

  g_atomic_ref_count_init (&self->refs);
  g_mutex_init (&self->lock);
  nebula_claim_init (&self->renewing);
  self->caller_id = id;
  self->current_id = id;
  self->source = nebula_credential_source_ref (source);
  self->credential = credential != NULL ? nebula_credential_ref (credential) : NULL;
  self->user = user != NULL ? g_bytes_ref (user) : NULL;
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
  g_clear_pointer (&self->source, nebula_credential_source_unref);
  g_clear_pointer (&self->user, g_bytes_unref);
  nebula_claim_clear (&self->renewing);
  g_free (self->space);
  g_mutex_clear (&self->lock);
  g_free (self);
}

gint64
nebula_session_get_caller_id (NebulaSession *self)
{
  return self->caller_id;
}

/**
 * nebula_session_set_kept:
 * @kept: whether the caller's reference is from now on only there to sign the session out in the
 *   end
 *
 * Such a reference does not count as a use of the session.
 */
void
nebula_session_set_kept (NebulaSession *self, gboolean kept)
{
  g_atomic_int_add (&self->n_kept, kept ? 1 : -1);
}

/* Whether anybody beside the table has it for more than its end. */
gboolean
nebula_session_is_used (NebulaSession *self)
{
  return !g_atomic_ref_count_compare (&self->refs, 1 + g_atomic_int_get (&self->n_kept));
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
  return !self->ended
         && nebula_credential_source_may_have (self->source, self->credential, self->user);
}

/* Called under the lock. */
static void
fill_view (NebulaSession *self, NebulaSessionView *view)
{
  nebula_session_view_clear (view);
  view->version = self->version;
  view->id = self->ended ? 0 : self->current_id;
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

/* What it was got with: (transfer full) (nullable) */
NebulaCredential *
nebula_session_get_credential (NebulaSession *self)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);

  return self->credential != NULL ? nebula_credential_ref (self->credential) : NULL;
}

gboolean
nebula_session_has_ended (NebulaSession *self)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);

  return self->ended;
}

/* Whether a lost session can be had again: nobody signed it out, and there is a credential that was
 * not refused, or somebody to ask. */
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

  self->space = length > 0 && !self->ended ? g_strndup (space, length) : NULL;
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

  if (self->current_id != id || self->ended || (self->lost && self->is_gone))
    return;
  self->lost = TRUE;
  self->is_gone = TRUE;
  changed (self);
}

/* The space of @view is gone: only a new session without a space keeps statements out of another
 * one. Nothing happens when the caller has chosen another one meanwhile. */
void
nebula_session_lose_space (NebulaSession *self, const NebulaSessionView *view)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);

  if (self->ended || g_strcmp0 (self->space, view->space) != 0)
    return;
  g_clear_pointer (&self->space, g_free);
  self->is_gone = self->lost && self->is_gone;
  self->lost = TRUE;
  changed (self);
}

static gboolean
needs_renewal (NebulaSession *self)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);

  return (self->lost || self->state != NEBULA_SESSION_SOUND) && !self->ended;
}

/**
 * nebula_session_begin_renewal:
 * @limit: how long to wait
 * @error: return location of a %G_IO_ERROR_TIMED_OUT or %G_IO_ERROR_CANCELLED
 *
 * Asks for the right to renew the session, to be given back by nebula_session_end_renewal(). While
 * somebody else renews it, waits until that is done.
 *
 * Returns: %FALSE with @error set when the limit came first, and without when the session is not
 *   lost any more, or was signed out, or when this thread is being asked for credentials itself
 */
gboolean
nebula_session_begin_renewal (NebulaSession *self, const NebulaLimit *limit, GError **error)
{
  if (nebula_credential_source_is_asking (self->source)
      || !nebula_claim_take (&self->renewing, limit, error))
    return FALSE;
  if (needs_renewal (self))
    return TRUE;
  nebula_claim_release (&self->renewing);
  return FALSE;
}

/**
 * nebula_session_claim_credential:
 *
 * As nebula_credential_source_claim(), for this session. To be settled by
 * nebula_session_settle_credential().
 */
NebulaCredential *
nebula_session_claim_credential (NebulaSession *self, const NebulaLimit *limit, GError **error)
{
  g_autoptr (NebulaCredential) own = nebula_session_get_credential (self);

  return nebula_credential_source_claim (self->source, own, self->user, limit, error);
}

/* @credential: (transfer full) */
void
nebula_session_settle_credential (NebulaSession *self, NebulaCredential *credential)
{
  nebula_credential_source_settle (self->source, credential);
}

/* Called under the lock. */
static void
adopt (NebulaSession *self, NebulaCredential *credential, gint64 id)
{
  self->current_id = id;
  self->lost = FALSE;
  self->is_gone = FALSE;
  self->state = NEBULA_SESSION_SOUND;
  if (credential != self->credential && nebula_credential_source_get_keep (self->source))
    {
      g_clear_pointer (&self->credential, nebula_credential_unref);
      self->credential = nebula_credential_ref (credential);
    }
  changed (self);
}

/**
 * nebula_session_end_renewal:
 * @credential: (nullable): what @id was got with
 * @id: the new id, or 0 when there is none
 *
 * Returns: an id that graphd knows and nobody needs any more: @id, when the session was signed out
 *   meanwhile, or the one that was replaced; 0 when there is none
 */
gint64
nebula_session_end_renewal (NebulaSession *self, NebulaCredential *credential, gint64 id)
{
  gint64 needless = 0;

  g_mutex_lock (&self->lock);
  if (id != 0 && self->ended)
    {
      needless = id;
    }
  else if (id != 0)
    {
      needless = self->is_gone ? 0 : self->current_id;
      adopt (self, credential, id);
    }
  g_mutex_unlock (&self->lock);
  nebula_claim_release (&self->renewing);
  return needless;
}

/* Its id was given anew, or is forgotten: whoever has this one has to look for the other. */
void
nebula_session_replace (NebulaSession *self)
{
  g_atomic_int_set (&self->replaced, TRUE);
}

gboolean
nebula_session_is_replaced (NebulaSession *self)
{
  return g_atomic_int_get (&self->replaced);
}

/**
 * nebula_session_end:
 *
 * It was signed out: its id is dead from now on, and what it was got with is forgotten.
 *
 * Returns: %FALSE when it was dead before
 */
gboolean
nebula_session_end (NebulaSession *self)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);

  if (self->ended)
    return FALSE;
  self->ended = TRUE;
  self->lost = FALSE;
  g_clear_pointer (&self->credential, nebula_credential_unref);
  g_clear_pointer (&self->space, g_free);
  changed (self);
  return TRUE;
}
