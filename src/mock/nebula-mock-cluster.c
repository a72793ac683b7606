/* SPDX-License-Identifier: Apache-2.0 */
#include <nebula-mock/nebula-mock-cluster.h>

#include "nebula-mock-scenario-private.h"
#include "nebula-mock-server-private.h"

/* As with the server's own: far longer than anything takes on a busy machine. */
#define WAIT_US (10 * G_TIME_SPAN_SECOND)

struct _NebulaMockCluster
{
  GObject parent_instance;

  /* All are set for life, and have locks of their own. */
  NebulaMockMetad *metad;       /* (owned) */
  NebulaMockOperator *operator; /* (owned) */
  GPtrArray *servers;           /* (owned) (element-type NebulaMockServer) */
};

G_DEFINE_FINAL_TYPE (NebulaMockCluster, nebula_mock_cluster, G_TYPE_OBJECT)

static void
perform (NebulaMockAction action, guint number, const char *space, gpointer data)
{
  NebulaMockCluster *self = data;

  if (action == NEBULA_MOCK_ACTION_DROP_SPACE)
    nebula_mock_cluster_drop_space (self, space);
  else
    nebula_mock_cluster_perform (self, action, number);
}

/* The operator first: it might start a server again. A server may outlive the cluster; then nobody
 * does anything to it. */
static void
nebula_mock_cluster_finalize (GObject *object)
{
  NebulaMockCluster *self = NEBULA_MOCK_CLUSTER (object);

  nebula_mock_operator_close (self->operator);
  nebula_mock_cluster_stop (self);
  g_ptr_array_unref (self->servers);
  nebula_mock_operator_unref (self->operator);
  nebula_mock_metad_unref (self->metad);

  G_OBJECT_CLASS (nebula_mock_cluster_parent_class)->finalize (object);
}

static void
nebula_mock_cluster_class_init (NebulaMockClusterClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = nebula_mock_cluster_finalize;
}

static void
nebula_mock_cluster_init (NebulaMockCluster *self)
{
  self->metad = nebula_mock_metad_new ();
  self->operator= nebula_mock_operator_new (perform, self);
  self->servers = g_ptr_array_new_with_free_func (g_object_unref);
}

/**
 * nebula_mock_cluster_new:
 * @n_servers: how many, 1 to 100
 *
 * Servers that know the user `root` with the password `nebula`, have no space and no fault, and do
 * not listen yet.
 *
 * Returns: (transfer full): a new cluster
 * Since: 0.1
 */
NebulaMockCluster *
nebula_mock_cluster_new (guint n_servers)
{
  NebulaMockCluster *self;
  guint i;

  g_return_val_if_fail (n_servers >= 1 && n_servers <= NEBULA_MOCK_SERVERS_MAX, NULL);

  self = g_object_new (NEBULA_TYPE_MOCK_CLUSTER, NULL);
  for (i = 0; i < n_servers; i++)
    g_ptr_array_add (self->servers,
                     nebula_mock_server_new_with_metad (self->metad, self->operator, i));
  return self;
}

/**
 * nebula_mock_cluster_new_from_scenario:
 * @json: a scenario
 * @length: its length in bytes, or -1 when it ends with a zero
 * @n_servers: how many servers, 1 to 100; 0 for as many as the scenario says, or one
 * @error: (nullable): where to put an error
 *
 * A scenario of nebula_mock_server_load_scenario() with what a cluster knows beside:
 *
 * |[
 * {
 *   "spaces": [ "test" ],
 *   "servers": [
 *     { "faults": [ { "kind": "act", "contains": "INSERT", "calls": 2, "action": "restart" } ] },
 *     { "max_sessions_per_ip_per_user": 1 },
 *     { "faults": [ { "kind": "act", "calls": 5, "action": "partition", "server": 0 } ] }
 *   ]
 * }
 * ]|
 *
 * `servers` is a number, or one object for each. The faults outside of it are those of every
 * server, each of which counts its own calls. `act` takes the nick name of a #NebulaMockAction, and
 * a `server` when it does not happen to the one that the call came to.
 *
 * The error is in %G_IO_ERROR: %G_IO_ERROR_INVALID_DATA, with one line for each problem of the
 * file, of which one may be that it is for another number of servers.
 *
 * Returns: (transfer full) (nullable): a new cluster, %NULL with an error
 * Since: 0.1
 */
NebulaMockCluster *
nebula_mock_cluster_new_from_scenario (const char *json,
                                       gssize length,
                                       guint n_servers,
                                       GError **error)
{
  g_autoptr (NebulaMockScenario) scenario = NULL;
  NebulaMockCluster *self;

  g_return_val_if_fail (json != NULL, NULL);
  g_return_val_if_fail (n_servers <= NEBULA_MOCK_SERVERS_MAX, NULL);
  g_return_val_if_fail (error == NULL || *error == NULL, NULL);

  scenario = nebula_mock_scenario_new_from_json (json, length, n_servers, error);
  if (scenario == NULL)
    return NULL;
  self = nebula_mock_cluster_new (scenario->servers->len);
  nebula_mock_scenario_apply (scenario, self->servers);
  return self;
}

/**
 * nebula_mock_cluster_get_n_servers:
 * @self: a cluster
 *
 * Returns: how many servers there are, running or not
 * Since: 0.1
 */
guint
nebula_mock_cluster_get_n_servers (NebulaMockCluster *self)
{
  g_return_val_if_fail (NEBULA_IS_MOCK_CLUSTER (self), 0);

  return self->servers->len;
}

/**
 * nebula_mock_cluster_get_server:
 * @self: a cluster
 * @number: which server, from 0
 *
 * Returns: (transfer none): the server, as long as the cluster lives
 * Since: 0.1
 */
NebulaMockServer *
nebula_mock_cluster_get_server (NebulaMockCluster *self, guint number)
{
  g_return_val_if_fail (NEBULA_IS_MOCK_CLUSTER (self), NULL);
  g_return_val_if_fail (number < self->servers->len, NULL);

  return g_ptr_array_index (self->servers, number);
}

/* ---- start and stop */

/**
 * nebula_mock_cluster_start:
 * @self: a cluster
 * @host: (nullable): a loopback address or `localhost`; %NULL for 127.0.0.1
 * @port: the TCP port of the first server, the others take those that follow; 0 picks one for each
 * @error: (nullable): where to put an error
 *
 * Starts all servers, or none. The error is that of nebula_mock_server_start(); a port beyond 65535
 * is %G_IO_ERROR_INVALID_ARGUMENT.
 *
 * Returns: whether the servers can be connected to
 * Since: 0.1
 */
gboolean
nebula_mock_cluster_start (NebulaMockCluster *self, const char *host, guint16 port, GError **error)
{
  guint i;

  g_return_val_if_fail (NEBULA_IS_MOCK_CLUSTER (self), FALSE);
  g_return_val_if_fail (error == NULL || *error == NULL, FALSE);

  if (port + self->servers->len - 1 > G_MAXUINT16)
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT,
                   "%u servers from port %u on are too many, expected ports up to 65535",
                   self->servers->len, port);
      return FALSE;
    }
  for (i = 0; i < self->servers->len; i++)
    if (!nebula_mock_server_start (g_ptr_array_index (self->servers, i), host,
                                   port > 0 ? port + i : 0, error))
      {
        while (i-- > 0)
          nebula_mock_server_stop (g_ptr_array_index (self->servers, i));
        return FALSE;
      }
  return TRUE;
}

/**
 * nebula_mock_cluster_stop:
 * @self: a cluster
 *
 * Stops all servers, as nebula_mock_server_stop().
 *
 * Since: 0.1
 */
void
nebula_mock_cluster_stop (NebulaMockCluster *self)
{
  g_return_if_fail (NEBULA_IS_MOCK_CLUSTER (self));

  g_ptr_array_foreach (self->servers, (GFunc) (void (*) (void)) nebula_mock_server_stop, NULL);
}

/**
 * nebula_mock_cluster_get_endpoints:
 * @self: a cluster that was started
 *
 * Returns: (transfer full): the addresses of all servers, with commas between them:
 *   `127.0.0.1:9669,127.0.0.1:9670`
 * Since: 0.1
 */
char *
nebula_mock_cluster_get_endpoints (NebulaMockCluster *self)
{
  g_autoptr (GPtrArray) addresses = g_ptr_array_new ();
  guint i;

  g_return_val_if_fail (NEBULA_IS_MOCK_CLUSTER (self), NULL);

  for (i = 0; i < self->servers->len; i++)
    g_ptr_array_add (
      addresses, (char *) nebula_mock_server_get_address (g_ptr_array_index (self->servers, i)));
  g_ptr_array_add (addresses, NULL);
  return g_strjoinv (",", (char **) addresses->pdata);
}

/* ---- what happens to them */

/**
 * nebula_mock_cluster_add_user:
 * @self: a cluster
 * @user: a name
 * @password: the password
 *
 * nebula_mock_server_add_user(), for all servers.
 *
 * Since: 0.1
 */
void
nebula_mock_cluster_add_user (NebulaMockCluster *self, const char *user, const char *password)
{
  g_return_if_fail (NEBULA_IS_MOCK_CLUSTER (self));
  g_return_if_fail (user != NULL && password != NULL);

  nebula_mock_users_add (nebula_mock_metad_get_users (self->metad), user, password);
}

/**
 * nebula_mock_cluster_add_space:
 * @self: a cluster
 * @space: a name
 *
 * Creates a space, if it is not there.
 *
 * Since: 0.1
 */
void
nebula_mock_cluster_add_space (NebulaMockCluster *self, const char *space)
{
  g_return_if_fail (NEBULA_IS_MOCK_CLUSTER (self));
  g_return_if_fail (space != NULL);

  nebula_mock_store_add_space (nebula_mock_metad_get_store (self->metad), space);
}

/**
 * nebula_mock_cluster_drop_space:
 * @self: a cluster
 * @space: a name
 *
 * Drops a space with all that is in it, as somebody else would: sessions stay in it. Does nothing
 * when it is not there.
 *
 * Since: 0.1
 */
void
nebula_mock_cluster_drop_space (NebulaMockCluster *self, const char *space)
{
  g_return_if_fail (NEBULA_IS_MOCK_CLUSTER (self));
  g_return_if_fail (space != NULL);

  nebula_mock_store_drop_space (nebula_mock_metad_get_store (self->metad), space);
}

/**
 * nebula_mock_cluster_set_metad_reachable:
 * @self: a cluster
 * @reachable: whether graphds reach metad
 *
 * While it is unreachable, a graphd opens no session and finds none that it does not have in its
 * cache: -1002 with metad's text, which says nothing about the session. Statements about spaces
 * fail with -1005. Sessions in a cache and data are as usual.
 *
 * Since: 0.1
 */
void
nebula_mock_cluster_set_metad_reachable (NebulaMockCluster *self, gboolean reachable)
{
  g_return_if_fail (NEBULA_IS_MOCK_CLUSTER (self));

  nebula_mock_metad_set_reachable (self->metad, reachable);
}

/**
 * nebula_mock_cluster_perform:
 * @self: a cluster that was started
 * @action: what happens; not %NEBULA_MOCK_ACTION_DROP_SPACE, which has a function of its own
 * @number: to which server, from 0; of no meaning for what happens to metad
 *
 * Does what a scenario does by itself with `act`, and returns when it is done.
 *
 * Since: 0.1
 */
void
nebula_mock_cluster_perform (NebulaMockCluster *self, NebulaMockAction action, guint number)
{
  NebulaMockServer *server;

  g_return_if_fail (NEBULA_IS_MOCK_CLUSTER (self));
  g_return_if_fail (number < self->servers->len);
  g_return_if_fail (action != NEBULA_MOCK_ACTION_DROP_SPACE);

  server = g_ptr_array_index (self->servers, number);
  switch (action)
    {
    case NEBULA_MOCK_ACTION_DRAIN:
      nebula_mock_server_drain (server);
      break;
    case NEBULA_MOCK_ACTION_STOP:
      nebula_mock_server_halt (server);
      break;
    case NEBULA_MOCK_ACTION_START:
      nebula_mock_server_set_listening (server, TRUE);
      break;
    case NEBULA_MOCK_ACTION_RESTART:
      nebula_mock_server_restart (server);
      break;
    case NEBULA_MOCK_ACTION_PARTITION:
    case NEBULA_MOCK_ACTION_HEAL:
      nebula_mock_server_set_partitioned (server, action == NEBULA_MOCK_ACTION_PARTITION);
      break;
    case NEBULA_MOCK_ACTION_SLOW:
    case NEBULA_MOCK_ACTION_RELEASE:
      nebula_mock_server_set_slow (server, action == NEBULA_MOCK_ACTION_SLOW);
      if (action == NEBULA_MOCK_ACTION_RELEASE)
        nebula_mock_server_release (server);
      break;
    case NEBULA_MOCK_ACTION_EXPIRE_SESSIONS:
      nebula_mock_server_expire_sessions (server);
      break;
    case NEBULA_MOCK_ACTION_PUSH_SESSIONS:
      nebula_mock_server_push_sessions (server);
      break;
    case NEBULA_MOCK_ACTION_LOSE_METAD:
    case NEBULA_MOCK_ACTION_FIND_METAD:
      nebula_mock_cluster_set_metad_reachable (self, action == NEBULA_MOCK_ACTION_FIND_METAD);
      break;
    case NEBULA_MOCK_ACTION_DROP_SPACE:
    default:
      g_return_if_reached ();
    }
}

/* ---- the ledger */

static guint
sum (NebulaMockCluster *self,
     guint (*get) (NebulaMockServer *, const char *),
     const char *statement)
{
  guint i, all = 0;

  for (i = 0; i < self->servers->len; i++)
    all += get (g_ptr_array_index (self->servers, i), statement);
  return all;
}

/**
 * nebula_mock_cluster_get_received:
 * @self: a cluster
 * @statement: (nullable): a statement, compared whole; %NULL for all
 *
 * Returns: how often it has been received by all servers together, whatever became of it
 * Since: 0.1
 */
guint
nebula_mock_cluster_get_received (NebulaMockCluster *self, const char *statement)
{
  g_return_val_if_fail (NEBULA_IS_MOCK_CLUSTER (self), 0);

  return sum (self, nebula_mock_server_get_received, statement);
}

/**
 * nebula_mock_cluster_get_applied:
 * @self: a cluster
 * @statement: (nullable): a statement, compared whole; %NULL for all
 *
 * Returns: how often all of it has been executed with success by all servers together, whatever was
 *   answered
 * Since: 0.1
 */
guint
nebula_mock_cluster_get_applied (NebulaMockCluster *self, const char *statement)
{
  g_return_val_if_fail (NEBULA_IS_MOCK_CLUSTER (self), 0);

  return sum (self, nebula_mock_server_get_applied, statement);
}

/**
 * nebula_mock_cluster_get_sessions:
 * @self: a cluster
 *
 * Returns: how many sessions metad has; see nebula_mock_server_get_sessions() for a graphd's
 * Since: 0.1
 */
guint
nebula_mock_cluster_get_sessions (NebulaMockCluster *self)
{
  g_return_val_if_fail (NEBULA_IS_MOCK_CLUSTER (self), 0);

  return nebula_mock_metad_count_sessions (self->metad);
}

/**
 * nebula_mock_cluster_get_writes:
 * @self: a cluster
 * @number: by which server, from 0; -1 for all
 * @space: (nullable): in which space; %NULL for any
 * @contains: (nullable): of statements that contain this text; %NULL for any
 *
 * A write is a vertex that was inserted, updated or deleted, or several by one DELETE, whatever was
 * answered. Those in a space that was dropped later count, too.
 *
 * Returns: how many writes have landed
 * Since: 0.1
 */
guint
nebula_mock_cluster_get_writes (NebulaMockCluster *self,
                                int number,
                                const char *space,
                                const char *contains)
{
  const NebulaMockWriteFilter filter = { number, space, contains };

  g_return_val_if_fail (NEBULA_IS_MOCK_CLUSTER (self), 0);

  return nebula_mock_journal_count (nebula_mock_metad_get_journal (self->metad), &filter);
}

/**
 * nebula_mock_cluster_wait_for_writes:
 * @self: a cluster
 * @number: by which server, from 0; -1 for all
 * @space: (nullable): in which space; %NULL for any
 * @contains: (nullable): of statements that contain this text; %NULL for any
 * @count: how many
 *
 * Waits until nebula_mock_cluster_get_writes() says so many.
 *
 * Returns: %FALSE when it takes longer than ten seconds
 * Since: 0.1
 */
gboolean
nebula_mock_cluster_wait_for_writes (NebulaMockCluster *self,
                                     int number,
                                     const char *space,
                                     const char *contains,
                                     guint count)
{
  const NebulaMockWriteFilter filter = { number, space, contains };

  g_return_val_if_fail (NEBULA_IS_MOCK_CLUSTER (self), FALSE);

  return nebula_mock_journal_wait (nebula_mock_metad_get_journal (self->metad), &filter, count,
                                   WAIT_US);
}

/**
 * nebula_mock_cluster_expect_space:
 * @self: a cluster
 * @contains: part of a statement
 * @space: the space that such statements are for
 *
 * For nebula_mock_cluster_find_misplaced_write(): writes of statements that contain @contains,
 * those before and those to come, belong into @space.
 *
 * Since: 0.1
 */
void
nebula_mock_cluster_expect_space (NebulaMockCluster *self, const char *contains, const char *space)
{
  g_return_if_fail (NEBULA_IS_MOCK_CLUSTER (self));
  g_return_if_fail (contains != NULL && space != NULL);

  nebula_mock_journal_expect (nebula_mock_metad_get_journal (self->metad), contains, space);
}

/**
 * nebula_mock_cluster_find_misplaced_write:
 * @self: a cluster
 *
 * Proves that no write landed in another space than that of its caller: %NULL is what a test wants.
 *
 * Returns: (transfer full) (nullable): %NULL when all writes are where
 *   nebula_mock_cluster_expect_space() wants them; else which one is not, for a message
 * Since: 0.1
 */
char *
nebula_mock_cluster_find_misplaced_write (NebulaMockCluster *self)
{
  g_return_val_if_fail (NEBULA_IS_MOCK_CLUSTER (self), NULL);

  return nebula_mock_journal_find_misplaced (nebula_mock_metad_get_journal (self->metad));
}
