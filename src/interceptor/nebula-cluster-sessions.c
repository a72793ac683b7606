/* SPDX-License-Identifier: Apache-2.0 */
#include "nebula-cluster-private.h"

#include <string.h>

/* What the user tells a cluster of sessions, and of the credentials they are got with. */

/**
 * nebula_cluster_set_keep_credentials:
 * @keep: whether user and password of an authenticate that succeeded are kept in memory
 *
 * On by default: a session that graphd lost can be renewed only with them, with what
 * nebula_cluster_set_credentials() was given, or with what the function of
 * nebula_cluster_set_credentials_func() answers. They are never written anywhere, and wiped from
 * memory when the session ends. Switched off, an answer of that function is wiped too as soon as
 * graphd has accepted it. Sessions that exist already keep what they have. Any thread.
 *
 * Since: 0.1
 */
void
nebula_cluster_set_keep_credentials (NebulaCluster *self, gboolean keep)
{
  g_return_if_fail (NEBULA_IS_CLUSTER (self));

  nebula_credential_source_set_keep (nebula_cluster_get_credentials (self), keep);
}

/* The same credential may be known: what is learnt of it then holds for all who have it. */
static NebulaCredential *
new_credential (NebulaCluster *self, const char *user, const char *password)
{
  g_autoptr (NebulaCredential) credential = NULL;

  credential = nebula_credential_new (user, strlen (user), password, strlen (password));
  return nebula_session_table_share (nebula_cluster_get_sessions (self), credential);
}

/**
 * nebula_cluster_set_credentials:
 * @user: (nullable): who signs in; %NULL forgets what was set
 * @password: (nullable): the password of @user; %NULL only with @user
 *
 * For nebula_interceptor_sign_in(), and to renew sessions of @user: those that were registered by
 * hand, and those whose own password was refused or is not kept. A session of somebody else is
 * never renewed with them. After a change of the password: what was set last is tried first.
 *
 * The strings are copied, never written anywhere, and wiped from memory when they are replaced or
 * the cluster goes. What was refused is not tried again before it is set again. Any thread.
 *
 * Since: 0.1
 */
void
nebula_cluster_set_credentials (NebulaCluster *self, const char *user, const char *password)
{
  g_autoptr (NebulaCredential) credential = NULL;

  g_return_if_fail (NEBULA_IS_CLUSTER (self));
  g_return_if_fail ((user == NULL) == (password == NULL));

  if (user != NULL)
    {
      credential = new_credential (self, user, password);
      nebula_credential_learn (credential);
    }
  nebula_credential_source_set (nebula_cluster_get_credentials (self), credential);
}

/**
 * nebula_cluster_set_credentials_func:
 * @func: (nullable) (scope notified): answers with credentials; %NULL for nobody to ask
 * @user_data: for @func
 * @destroy: (nullable): frees @user_data, when no call of @func is left that uses it
 *
 * For passwords that must not lie in memory, or that change: @func is asked when a session has to
 * be got or renewed and no credential is known, or the one that is known was refused. What it
 * answers is tried once; what was refused before is not tried, however often it is answered.
 *
 * Any thread, also while calls are under way.
 *
 * Since: 0.1
 */
void
nebula_cluster_set_credentials_func (NebulaCluster *self,
                                     NebulaCredentialsFunc func,
                                     gpointer user_data,
                                     GDestroyNotify destroy)
{
  g_return_if_fail (NEBULA_IS_CLUSTER (self));

  nebula_credential_source_set_func (nebula_cluster_get_credentials (self), func, user_data,
                                     destroy);
}

/**
 * nebula_cluster_add_session:
 * @session_id: an id that graphd gave, not 0
 * @user: (nullable): whose session it is; %NULL when it is renewed with the cluster's credentials
 * @password: (nullable): the password of @user; %NULL only with @user
 * @space: (nullable): the space it is in; %NULL for none, or for one that nobody knows
 *
 * Registers a session that no interceptor of this cluster saw an authenticate for: from another
 * process, or from before. From now on it is renewed, and its space set again, as any other. An
 * older session of the same id is forgotten. Any thread.
 *
 * Since: 0.1
 */
void
nebula_cluster_add_session (NebulaCluster *self,
                            gint64 session_id,
                            const char *user,
                            const char *password,
                            const char *space)
{
  g_autoptr (NebulaCredential) credential = NULL;
  g_autoptr (NebulaSession) session = NULL;
  g_autoptr (NebulaClock) clock = NULL;
  g_auto (NebulaSessionView) view = { 0 };

  g_return_if_fail (NEBULA_IS_CLUSTER (self));
  g_return_if_fail (session_id != 0);
  g_return_if_fail ((user == NULL) == (password == NULL));

  clock = nebula_cluster_get_clock (self);
  if (user != NULL)
    credential = new_credential (self, user, password);
  session = nebula_session_table_learn (nebula_cluster_get_sessions (self), session_id, credential,
                                        nebula_clock_get_now (clock));
  if (space != NULL)
    nebula_session_set_space (session, space, strlen (space), &view);
}
