/* SPDX-License-Identifier: Apache-2.0 */
#include "nebula-session-table-private.h"

/* How many ids that were signed out are remembered, so that no statement of theirs is sent under
 * their name: more than a program has stubs that could still hold one. graphd never gives an id
 * twice, so that a dead one beyond is only unknown, and refused there. */
#define N_DEAD 1024

/* When graphd forgets a session that nobody uses (its session_idle_timeout_secs), so do we. */
#define ABANDONED_AFTER (28800 * G_TIME_SPAN_SECOND)

/* So often, at most, all sessions are looked through for that: a program may sign in many times a
 * second, and leave them all to graphd. */
#define LOOK_EVERY (60 * G_TIME_SPAN_SECOND)

typedef struct
{
  NebulaSession *session; /* (owned) */
  gint64 unused_since;    /* 0 while it is used */
} Entry;

struct _NebulaSessionTable
{
  NebulaCredentialSource *source; /* (owned), constant */

  GMutex lock;
  GHashTable *entries; /* (owned): the caller's id to Entry, guarded by the lock */
  GQueue dead;         /* the ids that were signed out, oldest first, guarded by the lock */
  gint64 next_look;    /* for abandoned ones, guarded by the lock */
};

static Entry *
entry_new (NebulaSession *session)
{
  Entry *entry = g_new0 (Entry, 1);

  entry->session = nebula_session_ref (session);
  return entry;
}

static void
entry_free (gpointer data)
{
  Entry *entry = data;

  nebula_session_unref (entry->session);
  g_free (entry);
}

NebulaSessionTable *
nebula_session_table_new (NebulaCredentialSource *source)
{
  NebulaSessionTable *self = g_new0 (NebulaSessionTable, 1);

  g_mutex_init (&self->lock);
  g_queue_init (&self->dead);
  self->source = nebula_credential_source_ref (source);
  self->entries = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, entry_free);
  return self;
}

void
nebula_session_table_free (NebulaSessionTable *self)
{
  g_queue_clear_full (&self->dead, g_free);
  g_hash_table_unref (self->entries);
  nebula_credential_source_unref (self->source);
  g_mutex_clear (&self->lock);
  g_free (self);
}

static gint64 *
copy_id (gint64 id)
{
  gint64 *copy = g_new (gint64, 1);

  *copy = id;
  return copy;
}

/* Called under the lock. */
static NebulaCredential *
share (NebulaSessionTable *self, NebulaCredential *credential)
{
  g_autoptr (NebulaCredential) current = nebula_credential_source_get (self->source);
  GHashTableIter iter;
  gpointer value;

  if (current != NULL && nebula_credential_equal (current, credential))
    return g_steal_pointer (&current);
  g_hash_table_iter_init (&iter, self->entries);
  while (g_hash_table_iter_next (&iter, NULL, &value))
    {
      Entry *entry = value;
      g_autoptr (NebulaCredential) other = nebula_session_get_credential (entry->session);

      if (other != NULL && nebula_credential_equal (other, credential))
        return g_steal_pointer (&other);
    }
  return nebula_credential_ref (credential);
}

/**
 * nebula_session_table_share:
 *
 * Returns: (transfer full): the credential of another session that is the same as @credential; else
 *   @credential
 */
NebulaCredential *
nebula_session_table_share (NebulaSessionTable *self, NebulaCredential *credential)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);

  return share (self, credential);
}

static gboolean
is_abandoned (Entry *entry, gint64 now)
{
  if (nebula_session_is_used (entry->session) || nebula_session_has_ended (entry->session))
    entry->unused_since = 0;
  else if (entry->unused_since == 0)
    entry->unused_since = now;
  else
    return now - entry->unused_since >= ABANDONED_AFTER;
  return FALSE;
}

/* Called under the lock. */
static void
forget_abandoned (NebulaSessionTable *self, gint64 now)
{
  GHashTableIter iter;
  gpointer value;

  if (now < self->next_look)
    return;
  self->next_look = now + LOOK_EVERY;
  g_hash_table_iter_init (&iter, self->entries);
  while (g_hash_table_iter_next (&iter, NULL, &value))
    if (is_abandoned (value, now))
      {
        nebula_session_replace (((Entry *) value)->session);
        g_hash_table_iter_remove (&iter);
      }
}

/**
 * nebula_session_table_learn:
 * @id: the id in an answer to authenticate, or one that the user names
 * @credential: (nullable): what it was got with; %NULL when nobody knows
 * @now: the time
 *
 * From now on @id is a session of the caller. An older session of the same id is forgotten, and so
 * are those that nobody has used for so long that graphd has forgotten them: the password of a user
 * who is gone does not stay for ever.
 *
 * Returns: (transfer full): the session
 */
NebulaSession *
nebula_session_table_learn (NebulaSessionTable *self,
                            gint64 id,
                            NebulaCredential *credential,
                            gint64 now)
{
  gboolean keep = nebula_credential_source_get_keep (self->source);
  g_autoptr (NebulaCredential) shared = NULL;
  NebulaSession *session;
  Entry *old;

  g_mutex_lock (&self->lock);
  forget_abandoned (self, now);
  old = g_hash_table_lookup (self->entries, &id);
  if (old != NULL)
    nebula_session_replace (old->session);
  if (credential != NULL)
    {
      shared = share (self, credential);
      nebula_credential_accept (shared);
    }
  session = nebula_session_new (id, self->source, keep ? shared : NULL,
                                shared != NULL ? nebula_credential_get_user (shared) : NULL);
  g_hash_table_replace (self->entries, copy_id (id), entry_new (session));
  g_mutex_unlock (&self->lock);
  return session;
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
  Entry *entry = g_hash_table_lookup (self->entries, &id);

  if (entry == NULL)
    return NULL;
  entry->unused_since = 0;
  return nebula_session_ref (entry->session);
}

/* Called under the lock. The id may have been given anew meanwhile. */
static void
forget_oldest_dead (NebulaSessionTable *self)
{
  g_autofree gint64 *id = g_queue_pop_head (&self->dead);
  Entry *entry = g_hash_table_lookup (self->entries, id);

  if (entry != NULL && nebula_session_has_ended (entry->session))
    g_hash_table_remove (self->entries, id);
}

/* The caller signed the session out: its id is dead. */
void
nebula_session_table_end (NebulaSessionTable *self, gint64 id)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);
  Entry *entry = g_hash_table_lookup (self->entries, &id);

  if (entry == NULL || !nebula_session_end (entry->session))
    return;
  g_queue_push_tail (&self->dead, copy_id (id));
  if (self->dead.length > N_DEAD)
    forget_oldest_dead (self);
}
