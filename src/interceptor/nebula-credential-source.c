/* SPDX-License-Identifier: Apache-2.0 */
#include "nebula-credential-source-private.h"

#include <string.h>

/* What the user gave to ask; lives until the last call of it has returned. */
typedef struct
{
  NebulaCredentialsFunc func;
  gpointer user_data;
  GDestroyNotify destroy; /* (nullable) */
} Question;

struct _NebulaCredentialSource
{
  gatomicrefcount refs;
  NebulaCluster *owner; /* (unowned): lives while calls are made */
  gint keep;            /* atomic: whether what was accepted is kept */
  NebulaClaim asking;

  GMutex lock;

  /* guarded by the lock */
  NebulaCredential *current; /* (owned) (nullable) */
  gboolean is_answer;        /* current was not set by hand */
  Question *question;        /* (owned) (nullable): a g_atomic_rc_box */
};

static void
clear_question (gpointer data)
{
  Question *question = data;

  if (question->destroy != NULL)
    question->destroy (question->user_data);
}

static void
question_unref (Question *question)
{
  g_atomic_rc_box_release_full (question, clear_question);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Question, question_unref)

NebulaCredentialSource *
nebula_credential_source_new (NebulaCluster *owner)
{
  NebulaCredentialSource *self = g_new0 (NebulaCredentialSource, 1);

  g_atomic_ref_count_init (&self->refs);
  g_mutex_init (&self->lock);
  nebula_claim_init (&self->asking);
  self->owner = owner;
  self->keep = TRUE;
  return self;
}

NebulaCredentialSource *
nebula_credential_source_ref (NebulaCredentialSource *self)
{
  g_atomic_ref_count_inc (&self->refs);
  return self;
}

void
nebula_credential_source_unref (NebulaCredentialSource *self)
{
  if (!g_atomic_ref_count_dec (&self->refs))
    return;

  g_clear_pointer (&self->current, nebula_credential_unref);
  g_clear_pointer (&self->question, question_unref);
  nebula_claim_clear (&self->asking);
  g_mutex_clear (&self->lock);
  g_free (self);
}

void
nebula_credential_source_set_keep (NebulaCredentialSource *self, gboolean keep)
{
  g_atomic_int_set (&self->keep, keep);
}

gboolean
nebula_credential_source_get_keep (NebulaCredentialSource *self)
{
  return g_atomic_int_get (&self->keep);
}

static void
replace_current (NebulaCredentialSource *self, NebulaCredential *credential, gboolean is_answer)
{
  NebulaCredential *old;

  g_mutex_lock (&self->lock);
  old = self->current;
  self->current = credential != NULL ? nebula_credential_ref (credential) : NULL;
  self->is_answer = is_answer;
  g_mutex_unlock (&self->lock);
  if (old != NULL)
    nebula_credential_unref (old);
}

/**
 * nebula_credential_source_set:
 * @credential: (nullable): set by hand; %NULL for none
 */
void
nebula_credential_source_set (NebulaCredentialSource *self, NebulaCredential *credential)
{
  replace_current (self, credential, FALSE);
}

/* The old function may still be running in another thread; its data lives until it is done. */
void
nebula_credential_source_set_func (NebulaCredentialSource *self,
                                   NebulaCredentialsFunc func,
                                   gpointer user_data,
                                   GDestroyNotify destroy)
{
  g_autoptr (Question) old = NULL;
  Question *question = NULL;

  if (func != NULL)
    {
      question = g_atomic_rc_box_new0 (Question);
      question->func = func;
      question->user_data = user_data;
      question->destroy = destroy;
    }
  g_mutex_lock (&self->lock);
  old = self->question;
  self->question = question;
  g_mutex_unlock (&self->lock);
}

/* What is there without asking: (transfer full) (nullable) */
NebulaCredential *
nebula_credential_source_get (NebulaCredentialSource *self)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);

  return self->current != NULL ? nebula_credential_ref (self->current) : NULL;
}

/* (transfer full) (nullable) */
static Question *
get_question (NebulaCredentialSource *self)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);

  return self->question != NULL ? g_atomic_rc_box_acquire (self->question) : NULL;
}

/* A session of one user is never renewed as another: its statements would have rights that nobody
 * gave them. */
static gboolean
is_for (NebulaCredential *credential, GBytes *user)
{
  return user == NULL || g_bytes_equal (nebula_credential_get_user (credential), user);
}

static gboolean
is_good (NebulaCredential *credential, GBytes *user)
{
  return credential != NULL && is_for (credential, user)
         && !nebula_credential_is_refused (credential);
}

/* The newer one of @own and what is there that was not refused: (transfer full) (nullable) */
static NebulaCredential *
choose_known (NebulaCredentialSource *self, NebulaCredential *own, GBytes *user)
{
  g_autoptr (NebulaCredential) current = nebula_credential_source_get (self);

  /* The same, made twice: what was learnt of the one holds for the other. */
  if (own != NULL && current != NULL && nebula_credential_equal (own, current)
      && (nebula_credential_is_refused (own) || nebula_credential_is_refused (current)))
    return NULL;
  if (!is_good (current, user))
    return is_good (own, user) ? nebula_credential_ref (own) : NULL;
  if (is_good (own, user) && nebula_credential_is_newer (own, current))
    return nebula_credential_ref (own);
  return g_steal_pointer (&current);
}

/* Whether this thread is in the function: it must not wait for those who wait for its answer. */
gboolean
nebula_credential_source_is_asking (NebulaCredentialSource *self)
{
  return nebula_claim_is_mine (&self->asking);
}

/**
 * nebula_credential_source_may_have:
 * @own: (nullable): what the session was got with
 * @user: (nullable): whose session it is
 *
 * Returns: whether it is worth while to claim something. Nobody is asked.
 */
gboolean
nebula_credential_source_may_have (NebulaCredentialSource *self,
                                   NebulaCredential *own,
                                   GBytes *user)
{
  g_autoptr (NebulaCredential) known = choose_known (self, own, user);
  gboolean may_ask;

  g_mutex_lock (&self->lock);
  may_ask = self->question != NULL;
  g_mutex_unlock (&self->lock);
  return known != NULL || may_ask;
}

static void
wipe (char *secret)
{
  if (secret != NULL)
    explicit_bzero (secret, strlen (secret));
  g_free (secret);
}

/* (transfer full) (nullable) */
static NebulaCredential *
call_func (NebulaCredentialSource *self, GBytes *session_user)
{
  g_autoptr (Question) question = get_question (self);
  g_autofree char *name = NULL;
  NebulaCredential *answer = NULL;
  char *user = NULL;
  char *password = NULL;

  if (question == NULL)
    return NULL;
  if (session_user != NULL)
    name = g_strndup (g_bytes_get_data (session_user, NULL), g_bytes_get_size (session_user));
  if (question->func (self->owner, name, &user, &password, question->user_data) && user != NULL
      && password != NULL)
    answer = nebula_credential_new (user, strlen (user), password, strlen (password));
  g_free (user);
  wipe (password);
  return answer;
}

/* What was refused once is not tried again only because it was answered again. */
static gboolean
is_refused_before (NebulaCredentialSource *self,
                   NebulaCredential *answer,
                   NebulaCredential *own)
{
  g_autoptr (NebulaCredential) current = nebula_credential_source_get (self);

  return (own != NULL && nebula_credential_equal (own, answer)
          && nebula_credential_is_refused (own))
         || (current != NULL && nebula_credential_equal (current, answer)
             && nebula_credential_is_refused (current));
}

/* Asks, unless somebody else has got an answer meanwhile. What is set by hand while the function is
 * asked goes before its answer, which may be of an earlier time: (transfer full) (nullable) */
static NebulaCredential *
ask (NebulaCredentialSource *self,
     NebulaCredential *own,
     GBytes *user,
     const NebulaLimit *limit,
     GError **error)
{
  NebulaCredential *known;
  g_autoptr (NebulaCredential) answer = NULL;

  if (!nebula_claim_take (&self->asking, limit, error))
    return NULL;
  known = choose_known (self, own, user);
  if (known == NULL)
    {
      answer = call_func (self, user);
      known = choose_known (self, own, user);
    }
  if (known == NULL && answer != NULL && is_for (answer, user)
      && !is_refused_before (self, answer, own))
    {
      replace_current (self, answer, TRUE);
      known = g_steal_pointer (&answer);
    }
  nebula_claim_release (&self->asking);
  return known;
}

/**
 * nebula_credential_source_claim:
 * @own: (nullable): what the session was got with
 * @user: (nullable): whose session it is; %NULL for anybody's
 * @limit: how long to wait for others
 * @error: return location of a %G_IO_ERROR_TIMED_OUT or %G_IO_ERROR_CANCELLED
 *
 * Finds what to authenticate with next: the newest that is known and was not refused; else what the
 * function answers. While somebody tries the same, waits: if it is refused, it is so once for all.
 *
 * Returns: (transfer full) (nullable): to be handed to nebula_credential_source_settle(); %NULL
 *   without @error when there is none
 */
NebulaCredential *
nebula_credential_source_claim (NebulaCredentialSource *self,
                                NebulaCredential *own,
                                GBytes *user,
                                const NebulaLimit *limit,
                                GError **error)
{
  NebulaCredential *chosen;

  for (;;)
    {
      chosen = choose_known (self, own, user);
      if (chosen == NULL)
        chosen = ask (self, own, user, limit, error);
      if (chosen == NULL)
        return NULL;
      if (!nebula_credential_claim (chosen, limit, error))
        break;
      if (!nebula_credential_is_refused (chosen))
        return chosen;
      nebula_credential_release (chosen);
      nebula_credential_unref (chosen);
    }
  nebula_credential_unref (chosen);
  return NULL;
}

/**
 * nebula_credential_source_settle:
 * @credential: (transfer full): from nebula_credential_source_claim(), with what authenticate said
 *   of it noted
 *
 * An answer that did its work is forgotten where none is to be kept. One that was refused opens
 * nothing, and has to be known again.
 */
void
nebula_credential_source_settle (NebulaCredentialSource *self, NebulaCredential *credential)
{
  gboolean forget = !nebula_credential_source_get_keep (self)
                    && !nebula_credential_is_refused (credential);

  g_mutex_lock (&self->lock);
  if (forget && self->is_answer && self->current == credential)
    g_clear_pointer (&self->current, nebula_credential_unref);
  g_mutex_unlock (&self->lock);
  nebula_credential_release (credential);
  nebula_credential_unref (credential);
}
