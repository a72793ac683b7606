/* SPDX-License-Identifier: Apache-2.0 */
#include "nebula-mock-server-private.h"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include "nebula-mock-connection-private.h"
#include "nebula-mock-scenario-private.h"

G_DEFINE_FINAL_TYPE (NebulaMockServer, nebula_mock_server, G_TYPE_OBJECT)

/* ---- connections */

static void
connection_closed (gpointer data)
{
  NebulaMockServer *self = data;

  g_mutex_lock (&self->lock);
  self->open--;
  g_cond_broadcast (&self->closed);
  g_mutex_unlock (&self->lock);
}

/* Called under the lock. Returns: (transfer full): the connections whose threads have ended, to be
 * freed without the lock */
static GPtrArray *
take_closed (NebulaMockServer *self)
{
  GPtrArray *closed =
    g_ptr_array_new_with_free_func ((GDestroyNotify) nebula_mock_connection_free);
  guint i = 0;

  while (i < self->connections->len)
    if (nebula_mock_connection_is_closed (g_ptr_array_index (self->connections, i)))
      g_ptr_array_add (closed, g_ptr_array_steal_index_fast (self->connections, i));
    else
      i++;
  return closed;
}

static void
reset_connection (int fd)
{
  const struct linger at_once = { 1, 0 };

  setsockopt (fd, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
  close (fd);
}

static void
accepted (int      fd,
          gpointer data)
{
  NebulaMockServer *self = data;
  g_autoptr (GPtrArray) refusals =
    nebula_mock_plan_consult (self->state.plan, NEBULA_MOCK_MOMENT_ACCEPT, NULL, NULL);
  g_autoptr (GPtrArray) closed = NULL;
  const int on = 1;

  setsockopt (fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  g_mutex_lock (&self->lock);
  closed = take_closed (self);
  self->accepted++;
  if (refusals->len > 0)
    reset_connection (fd);
  else
    {
      self->open++;
      g_ptr_array_add (self->connections, nebula_mock_connection_new (fd, &self->state,
                                                                      connection_closed, self));
    }
  g_mutex_unlock (&self->lock);
}

/* ---- the object */

static void
nebula_mock_server_finalize (GObject *object)
{
  NebulaMockServer *self = NEBULA_MOCK_SERVER (object);

  nebula_mock_server_stop (self);
  g_ptr_array_unref (self->connections);
  nebula_mock_ledger_free (self->state.ledger);
  nebula_mock_plan_free (self->state.plan);
  nebula_mock_sessions_free (self->state.sessions);
  nebula_mock_gate_unref (self->state.network);
  nebula_mock_gate_unref (self->state.worker);
  nebula_mock_gate_unref (self->state.hold);
  g_clear_pointer (&self->state.operator, nebula_mock_operator_unref);
  nebula_mock_metad_unref (self->state.metad);
  g_clear_pointer (&self->state.tls, nebula_mock_tls_free);
  g_free (self->address);
  g_cond_clear (&self->closed);
  g_mutex_clear (&self->lock);
  g_mutex_clear (&self->control);

  G_OBJECT_CLASS (nebula_mock_server_parent_class)->finalize (object);
}

static void
nebula_mock_server_class_init (NebulaMockServerClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = nebula_mock_server_finalize;
}

static void
nebula_mock_server_init (NebulaMockServer *self)
{
  g_mutex_init (&self->control);
  g_mutex_init (&self->lock);
  g_cond_init (&self->closed);
  self->connections =
    g_ptr_array_new_with_free_func ((GDestroyNotify) nebula_mock_connection_free);
  self->state.ledger = nebula_mock_ledger_new ();
  self->state.plan = nebula_mock_plan_new ();
  self->state.network = nebula_mock_gate_new (TRUE);
  self->state.worker = nebula_mock_gate_new (TRUE);
  self->state.hold = nebula_mock_gate_new (FALSE);
}

/* One of several servers with the same metad.
 * @operator: (transfer none) (nullable): NULL for a server that is alone */
NebulaMockServer *
nebula_mock_server_new_with_metad (NebulaMockMetad *metad,
                                   NebulaMockOperator *
                                   operator,
                                   guint number)
{
  NebulaMockServer *self = g_object_new (NEBULA_TYPE_MOCK_SERVER, NULL);

  self->state.number = number;
  self->state.metad = nebula_mock_metad_ref (metad);
  self->state.operator= operator!= NULL ? nebula_mock_operator_ref (operator) : NULL;
  self->state.sessions = nebula_mock_sessions_new (metad);
  return self;
}

/**
 * nebula_mock_server_new:
 *
 * A server that knows the user `root` with the password `nebula`, has no space and no fault, and
 * does not listen yet.
 *
 * Returns: (transfer full): a new server
 * Since: 0.1
 */
NebulaMockServer *
nebula_mock_server_new (void)
{
  g_autoptr (NebulaMockMetad) metad = nebula_mock_metad_new ();

  return nebula_mock_server_new_with_metad (metad, NULL, 0);
}

/* ---- the script */

/**
 * nebula_mock_server_add_user:
 * @self: a server
 * @user: a name
 * @password: the password
 *
 * Lets a user in, on all servers of its cluster. The first one takes the place of `root`. For a
 * user that is there already the password changes and the lock after five wrong ones is lifted.
 *
 * Since: 0.1
 */
void
nebula_mock_server_add_user (NebulaMockServer *self,
                             const char       *user,
                             const char       *password)
{
  g_return_if_fail (NEBULA_IS_MOCK_SERVER (self));
  g_return_if_fail (user != NULL);
  g_return_if_fail (password != NULL);

  nebula_mock_users_add (nebula_mock_metad_get_users (self->state.metad), user, password);
}

/**
 * nebula_mock_server_add_space:
 * @self: a server
 * @space: a name
 *
 * Creates a space, if it is not there, for all servers of its cluster.
 *
 * Since: 0.1
 */
void
nebula_mock_server_add_space (NebulaMockServer *self,
                              const char       *space)
{
  g_return_if_fail (NEBULA_IS_MOCK_SERVER (self));
  g_return_if_fail (space != NULL);

  nebula_mock_store_add_space (nebula_mock_metad_get_store (self->state.metad), space);
}

/**
 * nebula_mock_server_add_fault:
 * @self: a server
 * @fault: (transfer none): what shall go wrong
 *
 * Adds a fault after those that are there. The first one that covers a call decides; delays and
 * expired sessions happen on the way to it. Calls count from now on.
 *
 * Since: 0.1
 */
void
nebula_mock_server_add_fault (NebulaMockServer *self,
                              NebulaMockFault  *fault)
{
  g_return_if_fail (NEBULA_IS_MOCK_SERVER (self));
  g_return_if_fail (fault != NULL);

  nebula_mock_plan_add (self->state.plan, fault);
}

/**
 * nebula_mock_server_clear_faults:
 * @self: a server
 *
 * From now on all goes well. Calls that are delayed or silent already stay so.
 *
 * Since: 0.1
 */
void
nebula_mock_server_clear_faults (NebulaMockServer *self)
{
  g_return_if_fail (NEBULA_IS_MOCK_SERVER (self));

  nebula_mock_plan_clear (self->state.plan);
}

/**
 * nebula_mock_server_load_scenario:
 * @self: a server
 * @json: a scenario
 * @length: its length in bytes, or -1 when it ends with a zero
 * @error: (nullable): where to put an error
 *
 * Adds the users, spaces and faults of a scenario:
 *
 * |[
 * {
 *   "users": { "root": "nebula" },
 *   "spaces": [ "test" ],
 *   "faults": [
 *     { "kind": "code", "contains": "INSERT", "calls": [1, 2], "code": -1005, "message": "..." },
 *     { "kind": "delay", "method": "execute", "ms": 50 }
 *   ]
 * }
 * ]|
 *
 * Kinds are the nick names of #NebulaMockFaultKind. `calls` is a number, or the first and the last
 * one; without it a fault happens always. `code` and `message` belong to `code`, `code-after-apply`
 * and `exception` (where the code is the exception's type), `ms` to `delay`. A `code` without a
 * `method` is for statements only, as with nebula_mock_fault_new_code(). `servers` and `act` are
 * for a #NebulaMockCluster.
 *
 * The error is in %G_IO_ERROR: %G_IO_ERROR_INVALID_DATA, with one line for each problem of the
 * file. Nothing of a wrong scenario is added.
 *
 * Returns: whether the scenario is in place
 * Since: 0.1
 */
gboolean
nebula_mock_server_load_scenario (NebulaMockServer *self,
                                  const char       *json,
                                  gssize            length,
                                  GError          **error)
{
  g_autoptr (NebulaMockScenario) scenario = NULL;
  g_autoptr (GPtrArray) servers = g_ptr_array_new ();

  g_return_val_if_fail (NEBULA_IS_MOCK_SERVER (self), FALSE);
  g_return_val_if_fail (json != NULL, FALSE);
  g_return_val_if_fail (error == NULL || *error == NULL, FALSE);

  scenario = nebula_mock_scenario_new_from_json (json, length, NEBULA_MOCK_SCENARIO_ALONE, error);
  if (scenario == NULL)
    return FALSE;
  g_ptr_array_add (servers, self);
  nebula_mock_scenario_apply (scenario, servers);
  return TRUE;
}

/* ---- start and stop */

/* Called with control held; takes over @listener. */
static gboolean
start_with (NebulaMockServer   *self,
            NebulaMockListener *listener,
            GError            **error)
{
  if (listener == NULL)
    return FALSE;
  g_atomic_int_set (&self->state.draining, FALSE);
  if (!nebula_mock_listener_start (listener, accepted, self, error))
    {
      nebula_mock_listener_free (listener);
      return FALSE;
    }
  self->listener = listener;
  g_free (self->address);
  self->address = g_strdup (nebula_mock_listener_get_address (listener));
  return TRUE;
}

static gboolean
check_stopped (NebulaMockServer *self,
               GError          **error)
{
  if (self->listener == NULL)
    return TRUE;
  g_set_error (error, G_IO_ERROR, G_IO_ERROR_FAILED, "the server runs already, on %s",
               self->address);
  return FALSE;
}

/**
 * nebula_mock_server_set_tls:
 * @self: a server that does not run
 * @certificate_file: PEM: what the server shows to its clients
 * @key_file: PEM: the private key of that certificate; may be the same file
 * @client_ca_file: (nullable): PEM: the authorities whose clients are let in, which have to show a
 *   certificate; %NULL lets all in
 * @error: (nullable): where to put an error
 *
 * From the next start on the server speaks TLS, and only that. The connections that it closes are
 * closed without a farewell, as plain ones are. The error says what is wrong with a file; it is in
 * %G_FILE_ERROR or %G_TLS_ERROR, or %G_IO_ERROR_FAILED when the server runs.
 *
 * Returns: whether it will
 * Since: 0.1
 */
gboolean
nebula_mock_server_set_tls (NebulaMockServer *self,
                            const char       *certificate_file,
                            const char       *key_file,
                            const char       *client_ca_file,
                            GError          **error)
{
  NebulaMockTls *tls;
  gboolean is_stopped;

  g_return_val_if_fail (NEBULA_IS_MOCK_SERVER (self), FALSE);
  g_return_val_if_fail (certificate_file != NULL && key_file != NULL, FALSE);
  g_return_val_if_fail (error == NULL || *error == NULL, FALSE);

  tls = nebula_mock_tls_new (certificate_file, key_file, client_ca_file, error);
  if (tls == NULL)
    return FALSE;
  g_mutex_lock (&self->control);
  is_stopped = check_stopped (self, error);
  if (is_stopped)
    {
      g_clear_pointer (&self->state.tls, nebula_mock_tls_free);
      self->state.tls = g_steal_pointer (&tls);
    }
  g_mutex_unlock (&self->control);
  g_clear_pointer (&tls, nebula_mock_tls_free);
  return is_stopped;
}

/**
 * nebula_mock_server_start:
 * @self: a server
 * @host: (nullable): a loopback address or `localhost`; %NULL for 127.0.0.1
 * @port: a TCP port; 0 picks one, see nebula_mock_server_get_port()
 * @error: (nullable): where to put an error
 *
 * Listens. The error is in %G_IO_ERROR: %G_IO_ERROR_INVALID_ARGUMENT for a host that is not this
 * machine, %G_IO_ERROR_ADDRESS_IN_USE, %G_IO_ERROR_FAILED when the server runs already.
 *
 * Returns: whether the server can be connected to
 * Since: 0.1
 */
gboolean
nebula_mock_server_start (NebulaMockServer *self,
                          const char       *host,
                          guint16           port,
                          GError          **error)
{
  gboolean started;

  g_return_val_if_fail (NEBULA_IS_MOCK_SERVER (self), FALSE);
  g_return_val_if_fail (error == NULL || *error == NULL, FALSE);

  g_mutex_lock (&self->control);
  started = check_stopped (self, error) &&
            start_with (self, nebula_mock_listener_new (host, port, error), error);
  g_mutex_unlock (&self->control);
  return started;
}

/**
 * nebula_mock_server_start_unix:
 * @self: a server
 * @path: a path where nothing is yet
 * @error: (nullable): where to put an error
 *
 * Listens on a Unix socket, which is removed when the server stops. Errors are those of
 * nebula_mock_server_start().
 *
 * Returns: whether the server can be connected to
 * Since: 0.1
 */
gboolean
nebula_mock_server_start_unix (NebulaMockServer *self,
                               const char       *path,
                               GError          **error)
{
  gboolean started;

  g_return_val_if_fail (NEBULA_IS_MOCK_SERVER (self), FALSE);
  g_return_val_if_fail (path != NULL, FALSE);
  g_return_val_if_fail (error == NULL || *error == NULL, FALSE);

  g_mutex_lock (&self->control);
  started = check_stopped (self, error) &&
            start_with (self, nebula_mock_listener_new_unix (path, error), error);
  g_mutex_unlock (&self->control);
  return started;
}

/**
 * nebula_mock_server_stop:
 * @self: a server
 *
 * Stops listening, closes all connections, also those that are delayed or silent, and waits for
 * all threads. A call that is being executed is answered before, as with
 * nebula_mock_server_drain(), which is for whoever wants to see what happens meanwhile. Data,
 * sessions, faults and counts stay; the server may be started again. Does nothing when it does not
 * run.
 *
 * Since: 0.1
 */
void
nebula_mock_server_stop (NebulaMockServer *self)
{
  g_return_if_fail (NEBULA_IS_MOCK_SERVER (self));

  g_mutex_lock (&self->control);
  g_atomic_int_set (&self->state.draining, TRUE);
  g_clear_pointer (&self->listener, nebula_mock_listener_free);
  g_mutex_unlock (&self->control);
  nebula_mock_server_close_connections (self);
}

/**
 * nebula_mock_server_get_port:
 * @self: a server
 *
 * Returns: the port that is listened on; 0 when the server does not run, or runs on a Unix socket
 * Since: 0.1
 */
guint16
nebula_mock_server_get_port (NebulaMockServer *self)
{
  guint16 port;

  g_return_val_if_fail (NEBULA_IS_MOCK_SERVER (self), 0);

  g_mutex_lock (&self->control);
  port = self->listener != NULL ? nebula_mock_listener_get_port (self->listener) : 0;
  g_mutex_unlock (&self->control);
  return port;
}

/**
 * nebula_mock_server_get_address:
 * @self: a server
 *
 * Returns: (transfer none) (nullable): `127.0.0.1:9669`, `[::1]:9669` or `unix:/path`, of the last
 *   start; valid until the next one; %NULL before the first
 * Since: 0.1
 */
const char *
nebula_mock_server_get_address (NebulaMockServer *self)
{
  const char *address;

  g_return_val_if_fail (NEBULA_IS_MOCK_SERVER (self), NULL);

  g_mutex_lock (&self->control);
  address = self->address;
  g_mutex_unlock (&self->control);
  return address;
}

/**
 * nebula_mock_server_set_listening:
 * @self: a server that was started
 * @listening: whether connections are taken
 *
 * Without a listener, connections are refused by the kernel; the port stays reserved, and
 * connections that are there live on. Listening again ends nebula_mock_server_drain(). Does nothing
 * when the server does not run.
 *
 * Since: 0.1
 */
void
nebula_mock_server_set_listening (NebulaMockServer *self,
                                  gboolean          listening)
{
  g_autoptr (GError) error = NULL;

  g_return_if_fail (NEBULA_IS_MOCK_SERVER (self));

  g_mutex_lock (&self->control);
  if (listening)
    g_atomic_int_set (&self->state.draining, FALSE);
  if (self->listener != NULL && !listening)
    nebula_mock_listener_stop (self->listener);
  else if (self->listener != NULL &&
           !nebula_mock_listener_start (self->listener, accepted, self, &error))
    g_warning ("%s", error->message);
  g_mutex_unlock (&self->control);
}
