/* SPDX-License-Identifier: Apache-2.0 */
#include "nebula-mock-sessions-private.h"

struct _NebulaMockSessions
{
  GMutex      lock;
  GHashTable *by_id; /* (owned) (element-type gint64 NebulaMockSession): under the lock */
};

static NebulaMockSession *
session_new (gint64      id,
             const char *user,
             const char *space)
{
  NebulaMockSession *session = g_new0 (NebulaMockSession, 1);

  session->id = id;
  session->user = g_strdup (user);
  session->space = g_strdup (space);
  return session;
}

void
nebula_mock_session_free (NebulaMockSession *session)
{
  g_free (session->user);
  g_free (session->space);
  g_free (session);
}

NebulaMockSessions *
nebula_mock_sessions_new (void)
{
  NebulaMockSessions *self = g_new0 (NebulaMockSessions, 1);

  g_mutex_init (&self->lock);
  self->by_id = g_hash_table_new_full (g_int64_hash, g_int64_equal, NULL,
                                       (GDestroyNotify) nebula_mock_session_free);
  return self;
}

void
nebula_mock_sessions_free (NebulaMockSessions *self)
{
  g_hash_table_unref (self->by_id);
  g_mutex_clear (&self->lock);
  g_free (self);
}

/* Random, so that no test can take an id of one run for that of another. Never 0: that is the
 * ping's. Called under the lock. */
static gint64
unused_id (NebulaMockSessions *self)
{
  gint64 id;

  do
    id = (gint64) (((guint64) (g_random_int () & G_MAXINT32) << 32) | g_random_int ());
  while (id == 0 || g_hash_table_contains (self->by_id, &id));
  return id;
}

gint64
nebula_mock_sessions_open (NebulaMockSessions *self,
                           const char         *user)
{
  NebulaMockSession *session;
  gint64 id;

  g_mutex_lock (&self->lock);
  id = unused_id (self);
  session = session_new (id, user, "");
  g_hash_table_insert (self->by_id, &session->id, session);
  g_mutex_unlock (&self->lock);
  return id;
}

/* Returns: (transfer full) (nullable): a copy, NULL when there is no such session */
NebulaMockSession *
nebula_mock_sessions_lookup (NebulaMockSessions *self,
                             gint64              id)
{
  NebulaMockSession *found, *copy = NULL;

  g_mutex_lock (&self->lock);
  found = g_hash_table_lookup (self->by_id, &id);
  if (found != NULL)
    copy = session_new (found->id, found->user, found->space);
  g_mutex_unlock (&self->lock);
  return copy;
}

/* A session that has gone meanwhile stays gone. */
void
nebula_mock_sessions_set_space (NebulaMockSessions *self,
                                gint64              id,
                                const char         *space)
{
  NebulaMockSession *session;

  g_mutex_lock (&self->lock);
  session = g_hash_table_lookup (self->by_id, &id);
  if (session != NULL)
    {
      g_free (session->space);
      session->space = g_strdup (space);
    }
  g_mutex_unlock (&self->lock);
}

/* Returns: FALSE when there was no such session */
gboolean
nebula_mock_sessions_close (NebulaMockSessions *self,
                            gint64              id)
{
  gboolean was_there;

  g_mutex_lock (&self->lock);
  was_there = g_hash_table_remove (self->by_id, &id);
  g_mutex_unlock (&self->lock);
  return was_there;
}

void
nebula_mock_sessions_close_all (NebulaMockSessions *self)
{
  g_mutex_lock (&self->lock);
  g_hash_table_remove_all (self->by_id);
  g_mutex_unlock (&self->lock);
}

static int
compare_ids (gconstpointer a,
             gconstpointer b)
{
  const NebulaMockSession *x = *(NebulaMockSession *const *) a;
  const NebulaMockSession *y = *(NebulaMockSession *const *) b;

  return (x->id > y->id) - (x->id < y->id);
}

/* Returns: (transfer full) (element-type NebulaMockSession): copies, by their ids */
GPtrArray *
nebula_mock_sessions_list (NebulaMockSessions *self)
{
  GPtrArray *list = g_ptr_array_new_with_free_func ((GDestroyNotify) nebula_mock_session_free);
  GHashTableIter iter;
  gpointer value;

  g_mutex_lock (&self->lock);
  g_hash_table_iter_init (&iter, self->by_id);
  while (g_hash_table_iter_next (&iter, NULL, &value))
    {
      NebulaMockSession *session = value;

      g_ptr_array_add (list, session_new (session->id, session->user, session->space));
    }
  g_mutex_unlock (&self->lock);
  g_ptr_array_sort (list, compare_ids);
  return list;
}

guint
nebula_mock_sessions_count (NebulaMockSessions *self)
{
  guint count;

  g_mutex_lock (&self->lock);
  count = g_hash_table_size (self->by_id);
  g_mutex_unlock (&self->lock);
  return count;
}
