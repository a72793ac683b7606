/* SPDX-License-Identifier: Apache-2.0 */
#include "nebula-mock-metad-private.h"

/* What graphd says when it cannot reach metad. */
#define UNREACHABLE                                                                                \
  "RPC failure in MetaClient: apache::thrift::transport::TTransportException: "                    \
  "AsyncSocketException: connect failed, type = Socket not open, errno = 111 (Connection refused)"

struct _NebulaMockMetad
{
  gatomicrefcount refs;
  NebulaMockUsers *users;     /* (owned): set for life, as the two below */
  NebulaMockStore *store;     /* (owned) */
  NebulaMockJournal *journal; /* (owned) */
  GMutex lock;                /* for all below */
  GHashTable *sessions;       /* (owned) (element-type gint64 NebulaMockSession) */
  gboolean reachable;
};

static NebulaMockSession *
session_new (gint64 id, const char *user, const char *space)
{
  NebulaMockSession *session = g_new0 (NebulaMockSession, 1);

  session->id = id;
  session->user = g_strdup (user);
  session->space = g_strdup (space);
  return session;
}

/* Returns: (transfer full) */
NebulaMockSession *
nebula_mock_session_copy (const NebulaMockSession *session)
{
  return session_new (session->id, session->user, session->space);
}

void
nebula_mock_session_free (NebulaMockSession *session)
{
  g_free (session->user);
  g_free (session->space);
  g_free (session);
}

NebulaMockMetad *
nebula_mock_metad_new (void)
{
  NebulaMockMetad *self = g_new0 (NebulaMockMetad, 1);

  g_atomic_ref_count_init (&self->refs);
  g_mutex_init (&self->lock);
  self->users = nebula_mock_users_new ();
  self->store = nebula_mock_store_new ();
  self->journal = nebula_mock_journal_new ();
  self->sessions = g_hash_table_new_full (g_int64_hash, g_int64_equal, NULL,
                                          (GDestroyNotify) nebula_mock_session_free);
  self->reachable = TRUE;
  return self;
}

NebulaMockMetad *
nebula_mock_metad_ref (NebulaMockMetad *self)
{
  g_atomic_ref_count_inc (&self->refs);
  return self;
}

void
nebula_mock_metad_unref (NebulaMockMetad *self)
{
  if (!g_atomic_ref_count_dec (&self->refs))
    return;
  nebula_mock_users_free (self->users);
  nebula_mock_store_free (self->store);
  nebula_mock_journal_free (self->journal);
  g_hash_table_unref (self->sessions);
  g_mutex_clear (&self->lock);
  g_free (self);
}

/* Who may log in: each graphd has them in its own cache, so it needs no metad for it. */
NebulaMockUsers *
nebula_mock_metad_get_users (NebulaMockMetad *self)
{
  return self->users;
}

NebulaMockStore *
nebula_mock_metad_get_store (NebulaMockMetad *self)
{
  return self->store;
}

NebulaMockJournal *
nebula_mock_metad_get_journal (NebulaMockMetad *self)
{
  return self->journal;
}

void
nebula_mock_metad_set_reachable (NebulaMockMetad *self, gboolean reachable)
{
  g_mutex_lock (&self->lock);
  self->reachable = reachable;
  g_mutex_unlock (&self->lock);
}

/* What a graphd gets when it asks for anything: the functions below do as if it had been asked.
 * Returns: (transfer full) (nullable): NULL when it answers, else graphd's text */
char *
nebula_mock_metad_call (NebulaMockMetad *self)
{
  gboolean reachable;

  g_mutex_lock (&self->lock);
  reachable = self->reachable;
  g_mutex_unlock (&self->lock);
  return reachable ? NULL : g_strdup (UNREACHABLE);
}

/* ---- sessions */

/* Random, so that no test can take an id of one run for that of another. Never 0: that is the
 * ping's. Called under the lock. */
static gint64
unused_id (NebulaMockMetad *self)
{
  gint64 id;

  do
    id = (gint64) (((guint64) (g_random_int () & G_MAXINT32) << 32) | g_random_int ());
  while (id == 0 || g_hash_table_contains (self->sessions, &id));
  return id;
}

/* Returns: (transfer full): a copy */
NebulaMockSession *
nebula_mock_metad_open_session (NebulaMockMetad *self, const char *user)
{
  NebulaMockSession *session, *copy;

  g_mutex_lock (&self->lock);
  session = session_new (unused_id (self), user, "");
  g_hash_table_insert (self->sessions, &session->id, session);
  copy = nebula_mock_session_copy (session);
  g_mutex_unlock (&self->lock);
  return copy;
}

/* Returns: (transfer full) (nullable): a copy, NULL when there is no such session */
NebulaMockSession *
nebula_mock_metad_get_session (NebulaMockMetad *self, gint64 id)
{
  NebulaMockSession *found, *copy;

  g_mutex_lock (&self->lock);
  found = g_hash_table_lookup (self->sessions, &id);
  copy = found != NULL ? nebula_mock_session_copy (found) : NULL;
  g_mutex_unlock (&self->lock);
  return copy;
}

/* Takes over the space, whatever another graphd has said before.
 * Returns: FALSE when the session is gone; it stays gone */
gboolean
nebula_mock_metad_update_session (NebulaMockMetad *self, const NebulaMockSession *session)
{
  NebulaMockSession *found;

  g_mutex_lock (&self->lock);
  found = g_hash_table_lookup (self->sessions, &session->id);
  if (found != NULL)
    {
      g_free (found->space);
      found->space = g_strdup (session->space);
    }
  g_mutex_unlock (&self->lock);
  return found != NULL;
}

/* Returns: FALSE when there was no such session */
gboolean
nebula_mock_metad_close_session (NebulaMockMetad *self, gint64 id)
{
  gboolean was_there;

  g_mutex_lock (&self->lock);
  was_there = g_hash_table_remove (self->sessions, &id);
  g_mutex_unlock (&self->lock);
  return was_there;
}

static int
compare_ids (gconstpointer a, gconstpointer b)
{
  const NebulaMockSession *x = *(NebulaMockSession *const *) a;
  const NebulaMockSession *y = *(NebulaMockSession *const *) b;

  return (x->id > y->id) - (x->id < y->id);
}

/* Returns: (transfer full) (element-type NebulaMockSession): copies, by their ids */
GPtrArray *
nebula_mock_metad_list_sessions (NebulaMockMetad *self)
{
  GPtrArray *list = g_ptr_array_new_with_free_func ((GDestroyNotify) nebula_mock_session_free);
  GHashTableIter iter;
  gpointer session;

  g_mutex_lock (&self->lock);
  g_hash_table_iter_init (&iter, self->sessions);
  while (g_hash_table_iter_next (&iter, NULL, &session))
    g_ptr_array_add (list, nebula_mock_session_copy (session));
  g_mutex_unlock (&self->lock);
  g_ptr_array_sort (list, compare_ids);
  return list;
}

guint
nebula_mock_metad_count_sessions (NebulaMockMetad *self)
{
  guint count;

  g_mutex_lock (&self->lock);
  count = g_hash_table_size (self->sessions);
  g_mutex_unlock (&self->lock);
  return count;
}
