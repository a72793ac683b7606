/* SPDX-License-Identifier: Apache-2.0 */
#include "nebula-mock-sessions-private.h"

#define E_SESSION_INVALID (-1002)
#define E_TOO_MANY_CONNECTIONS (-1010)

struct _NebulaMockSessions
{
  NebulaMockMetad *metad; /* (owned): its lock is taken after ours */
  GMutex lock;            /* for all below */
  GCond changed;          /* the number of sessions has */
  GHashTable *by_id;      /* (owned) (element-type gint64 NebulaMockSession) */
  guint for_user;         /* max_sessions_per_ip_per_user; 0 for no limit */
  guint for_all;          /* max_allowed_connections; 0 for no limit */
};

void
nebula_mock_refusal_clear (NebulaMockRefusal *refusal)
{
  g_clear_pointer (&refusal->message, g_free);
}

/* @message: (transfer full) */
static void
refuse (NebulaMockRefusal *refusal, gint32 code, char *message)
{
  refusal->code = code;
  refusal->message = message;
}

NebulaMockSessions *
nebula_mock_sessions_new (NebulaMockMetad *metad)
{
  NebulaMockSessions *self = g_new0 (NebulaMockSessions, 1);

  self->metad = nebula_mock_metad_ref (metad);
  g_mutex_init (&self->lock);
  g_cond_init (&self->changed);
  self->by_id = g_hash_table_new_full (g_int64_hash, g_int64_equal, NULL,
                                       (GDestroyNotify) nebula_mock_session_free);
  return self;
}

void
nebula_mock_sessions_free (NebulaMockSessions *self)
{
  g_hash_table_unref (self->by_id);
  nebula_mock_metad_unref (self->metad);
  g_cond_clear (&self->changed);
  g_mutex_clear (&self->lock);
  g_free (self);
}

/* 0 is no limit. Sessions that are there stay. */
void
nebula_mock_sessions_set_limits (NebulaMockSessions *self, guint for_user, guint for_all)
{
  g_mutex_lock (&self->lock);
  self->for_user = for_user;
  self->for_all = for_all;
  g_mutex_unlock (&self->lock);
}

/* ---- opening */

/* Called under the lock. */
static guint
count_of_user (NebulaMockSessions *self, const char *user)
{
  GHashTableIter iter;
  gpointer session;
  guint count = 0;

  g_hash_table_iter_init (&iter, self->by_id);
  while (g_hash_table_iter_next (&iter, NULL, &session))
    count += g_str_equal (((NebulaMockSession *) session)->user, user);
  return count;
}

/* Called under the lock. */
static gboolean
is_full (NebulaMockSessions *self, const char *user, NebulaMockRefusal *refusal)
{
  if (self->for_all > 0 && g_hash_table_size (self->by_id) >= self->for_all)
    refuse (refusal, E_TOO_MANY_CONNECTIONS, g_strdup ("Too many connections in the cluster"));
  else if (self->for_user > 0 && count_of_user (self, user) >= self->for_user)
    refuse (refusal, E_SESSION_INVALID,
            g_strdup_printf ("Create Session failed: Too many sessions created from 127.0.0.1 by "
                             "user %s. the threshold is %u. You can change it by modifying "
                             "'max_sessions_per_ip_per_user' in nebula-graphd.conf",
                             user, self->for_user));
  else
    return FALSE;
  return TRUE;
}

/* Called under the lock. Takes over @session. Returns: it */
static NebulaMockSession *
cache (NebulaMockSessions *self, NebulaMockSession *session)
{
  g_hash_table_replace (self->by_id, &session->id, session);
  g_cond_broadcast (&self->changed);
  return session;
}

/* Returns: 0 when there is no room, or metad does not answer */
gint64
nebula_mock_sessions_open (NebulaMockSessions *self, const char *user, NebulaMockRefusal *refusal)
{
  g_autofree char *unreachable = nebula_mock_metad_call (self->metad);
  gint64 id = 0;

  g_mutex_lock (&self->lock);
  if (is_full (self, user, refusal))
    ;
  else if (unreachable != NULL)
    refuse (refusal, E_SESSION_INVALID, g_strconcat ("Create session failed: ", unreachable, NULL));
  else
    id = cache (self, nebula_mock_metad_open_session (self->metad, user))->id;
  g_mutex_unlock (&self->lock);
  return id;
}

/* ---- finding */

/* Called under the lock. Returns: (transfer full) (nullable): what metad has */
static NebulaMockSession *
load (NebulaMockSessions *self, gint64 id, char **why)
{
  g_autofree char *unreachable = nebula_mock_metad_call (self->metad);
  g_autoptr (NebulaMockSession) session = NULL;

  if (unreachable == NULL)
    session = nebula_mock_metad_get_session (self->metad, id);
  if (session == NULL)
    *why = g_strdup_printf ("Session `%" G_GINT64_FORMAT "' not found: %s", id,
                            unreachable != NULL ? unreachable : "Session not existed!");
  else if (*session->space != '\0'
           && !nebula_mock_store_has_space (nebula_mock_metad_get_store (self->metad),
                                            session->space))
    *why = g_strconcat ("Get session with unknown space: ", session->space, NULL);
  else
    return g_steal_pointer (&session);
  return NULL;
}

/* Returns: (transfer full) (nullable): a copy, NULL when it cannot be had */
NebulaMockSession *
nebula_mock_sessions_lookup (NebulaMockSessions *self, gint64 id, NebulaMockRefusal *refusal)
{
  g_autofree char *why = NULL;
  NebulaMockSession *session, *copy;

  g_mutex_lock (&self->lock);
  session = g_hash_table_lookup (self->by_id, &id);
  if (session == NULL && (session = load (self, id, &why)) != NULL)
    cache (self, session);
  copy = session != NULL ? nebula_mock_session_copy (session) : NULL;
  g_mutex_unlock (&self->lock);
  if (copy == NULL)
    refuse (refusal, E_SESSION_INVALID,
            g_strdup_printf ("Get sessionId[%" G_GINT64_FORMAT "] failed: %s", id, why));
  return copy;
}

/* Known to this graphd only, until nebula_mock_sessions_push (). A session that has gone meanwhile
 * stays gone. */
void
nebula_mock_sessions_set_space (NebulaMockSessions *self, gint64 id, const char *space)
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

/* ---- ending */

/* Called under the lock. When metad does not answer, the session stays there, as with graphd. */
static void
remove_from_metad (NebulaMockSessions *self, gint64 id)
{
  g_autofree char *unreachable = nebula_mock_metad_call (self->metad);

  if (unreachable == NULL)
    nebula_mock_metad_close_session (self->metad, id);
}

/* A sign-out. Of a session that is not in its cache a graphd knows nothing, and does nothing; those
 * that have it in theirs serve it on. */
void
nebula_mock_sessions_close (NebulaMockSessions *self, gint64 id)
{
  g_mutex_lock (&self->lock);
  if (g_hash_table_contains (self->by_id, &id))
    {
      remove_from_metad (self, id);
      g_hash_table_remove (self->by_id, &id);
      g_cond_broadcast (&self->changed);
    }
  g_mutex_unlock (&self->lock);
}

/* Here and in metad, whether it is in the cache or not; not in the caches of others. */
void
nebula_mock_sessions_expire (NebulaMockSessions *self, gint64 id)
{
  g_mutex_lock (&self->lock);
  remove_from_metad (self, id);
  g_hash_table_remove (self->by_id, &id);
  g_cond_broadcast (&self->changed);
  g_mutex_unlock (&self->lock);
}

/* All that are in the cache. */
void
nebula_mock_sessions_expire_all (NebulaMockSessions *self)
{
  GHashTableIter iter;
  gpointer session;

  g_mutex_lock (&self->lock);
  g_hash_table_iter_init (&iter, self->by_id);
  while (g_hash_table_iter_next (&iter, NULL, &session))
    {
      remove_from_metad (self, ((NebulaMockSession *) session)->id);
      g_hash_table_iter_remove (&iter);
    }
  g_cond_broadcast (&self->changed);
  g_mutex_unlock (&self->lock);
}

/* A restart: they will be loaded from metad again. */
void
nebula_mock_sessions_forget_all (NebulaMockSessions *self)
{
  g_mutex_lock (&self->lock);
  g_hash_table_remove_all (self->by_id);
  g_cond_broadcast (&self->changed);
  g_mutex_unlock (&self->lock);
}

/* What graphd does once in a minute: tells metad the spaces, and learns which sessions are gone. */
void
nebula_mock_sessions_push (NebulaMockSessions *self)
{
  g_autofree char *unreachable = nebula_mock_metad_call (self->metad);
  GHashTableIter iter;
  gpointer session;

  if (unreachable != NULL)
    return;
  g_mutex_lock (&self->lock);
  g_hash_table_iter_init (&iter, self->by_id);
  while (g_hash_table_iter_next (&iter, NULL, &session))
    if (!nebula_mock_metad_update_session (self->metad, session))
      g_hash_table_iter_remove (&iter);
  g_cond_broadcast (&self->changed);
  g_mutex_unlock (&self->lock);
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

/* Waits until there are @count. Returns: FALSE when it took longer */
gboolean
nebula_mock_sessions_wait (NebulaMockSessions *self, guint count, gint64 timeout_us)
{
  const gint64 deadline = g_get_monotonic_time () + timeout_us;
  gboolean reached;

  g_mutex_lock (&self->lock);
  while (g_hash_table_size (self->by_id) != count
         && g_cond_wait_until (&self->changed, &self->lock, deadline))
    ;
  reached = g_hash_table_size (self->by_id) == count;
  g_mutex_unlock (&self->lock);
  return reached;
}
