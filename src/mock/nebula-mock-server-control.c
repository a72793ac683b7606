/* SPDX-License-Identifier: Apache-2.0 */
#include "nebula-mock-server-private.h"

#include "nebula-mock-connection-private.h"

/* What may happen to a server while it runs. */

/**
 * nebula_mock_server_close_connections:
 * @self: a server
 *
 * Closes all connections that are there and waits until it is done. Clients may connect again.
 *
 * Since: 0.1
 */
void
nebula_mock_server_close_connections (NebulaMockServer *self)
{
  GPtrArray *connections;

  g_return_if_fail (NEBULA_IS_MOCK_SERVER (self));

  g_mutex_lock (&self->lock);
  connections = self->connections;
  self->connections = g_ptr_array_new_with_free_func ((GDestroyNotify) nebula_mock_connection_free);
  g_mutex_unlock (&self->lock);

  /* All are told before the first is waited for. */
  g_ptr_array_foreach (connections, (GFunc) (void (*) (void)) nebula_mock_connection_wake, NULL);
  g_ptr_array_unref (connections);
}

/**
 * nebula_mock_server_expire_sessions:
 * @self: a server
 *
 * Forgets all sessions that it has in its cache, as graphd does after eight hours without a
 * statement, in metad too. Other servers of its cluster go on with those that they have in theirs.
 *
 * Since: 0.1
 */
void
nebula_mock_server_expire_sessions (NebulaMockServer *self)
{
  g_return_if_fail (NEBULA_IS_MOCK_SERVER (self));

  nebula_mock_sessions_expire_all (self->state.sessions);
}

/**
 * nebula_mock_server_push_sessions:
 * @self: a server
 *
 * Tells metad the spaces of all sessions that it has in its cache, and forgets those that are gone
 * from metad: graphd does so once in a minute. Until then another server of the cluster that loads
 * a session finds the space that it had before, or none. Does nothing while metad is unreachable.
 *
 * Since: 0.1
 */
void
nebula_mock_server_push_sessions (NebulaMockServer *self)
{
  g_return_if_fail (NEBULA_IS_MOCK_SERVER (self));

  nebula_mock_sessions_push (self->state.sessions);
}

/**
 * nebula_mock_server_set_session_limits:
 * @self: a server
 * @for_user: how many sessions one user may have here (`max_sessions_per_ip_per_user`); 0 for no
 *   limit
 * @for_all: how many sessions all may have here (`max_allowed_connections`); 0 for no limit
 *
 * Beyond the first limit authenticate answers -1002, beyond the second -1010. Sessions that are
 * there stay.
 *
 * Since: 0.1
 */
void
nebula_mock_server_set_session_limits (NebulaMockServer *self, guint for_user, guint for_all)
{
  g_return_if_fail (NEBULA_IS_MOCK_SERVER (self));

  nebula_mock_sessions_set_limits (self->state.sessions, for_user, for_all);
}

/**
 * nebula_mock_server_set_partitioned:
 * @self: a server
 * @partitioned: whether bytes are held up
 *
 * Connections stay, and new ones are taken by the kernel, but no byte gets through in either
 * direction. Afterwards all that waited gets through: calls that a client has given up, too.
 *
 * Since: 0.1
 */
void
nebula_mock_server_set_partitioned (NebulaMockServer *self, gboolean partitioned)
{
  g_return_if_fail (NEBULA_IS_MOCK_SERVER (self));

  nebula_mock_gate_set_open (self->state.network, !partitioned);
}

/**
 * nebula_mock_server_set_slow:
 * @self: a server
 * @slow: whether calls wait
 *
 * Calls are read and counted, and wait before they are executed: see
 * nebula_mock_server_wait_for_calls(). Afterwards all that wait are executed, those of clients that
 * have gone, too: graphd does not stop a statement because its client went away.
 *
 * Since: 0.1
 */
void
nebula_mock_server_set_slow (NebulaMockServer *self, gboolean slow)
{
  g_return_if_fail (NEBULA_IS_MOCK_SERVER (self));

  nebula_mock_gate_set_open (self->state.worker, !slow);
}

/**
 * nebula_mock_server_let_through:
 * @self: a server that is slow
 * @count: how many calls
 *
 * Lets some calls of a slow server be executed: those that wait, or the next ones.
 *
 * Since: 0.1
 */
void
nebula_mock_server_let_through (NebulaMockServer *self, guint count)
{
  g_return_if_fail (NEBULA_IS_MOCK_SERVER (self));

  nebula_mock_gate_let_through (self->state.worker, count);
}

/**
 * nebula_mock_server_release:
 * @self: a server
 *
 * Lets all calls go on that %NEBULA_MOCK_FAULT_HOLD holds now, those of clients that have gone,
 * too. See nebula_mock_server_wait_for_held().
 *
 * Since: 0.1
 */
void
nebula_mock_server_release (NebulaMockServer *self)
{
  g_return_if_fail (NEBULA_IS_MOCK_SERVER (self));

  nebula_mock_gate_let_waiting_through (self->state.hold);
}

/**
 * nebula_mock_server_drain:
 * @self: a server that was started
 *
 * Begins to stop, as graphd does when it is told to: who connects is refused, connections that are
 * there stay. The calls that it has, those on hold or slow, too, are executed and answered. Calls
 * that come now are not: they are answered with exception 6 "server shutting down". To calls with
 * fbthrift's header both kinds of answers say `connection: goaway`, and the refusals `ex: 5`; to
 * others nothing but the exception tells.
 *
 * nebula_mock_server_stop(), nebula_mock_server_halt() or nebula_mock_server_restart() end the
 * connections then.
 *
 * Since: 0.1
 */
void
nebula_mock_server_drain (NebulaMockServer *self)
{
  g_return_if_fail (NEBULA_IS_MOCK_SERVER (self));

  g_atomic_int_set (&self->state.draining, TRUE);
  nebula_mock_server_set_listening (self, FALSE);
}

/**
 * nebula_mock_server_halt:
 * @self: a server that was started
 *
 * Stops listening and closes all connections, but keeps the port, so that nobody else can get it:
 * who connects is refused, until nebula_mock_server_set_listening() or
 * nebula_mock_server_restart().
 *
 * Since: 0.1
 */
void
nebula_mock_server_halt (NebulaMockServer *self)
{
  g_return_if_fail (NEBULA_IS_MOCK_SERVER (self));

  nebula_mock_server_set_listening (self, FALSE);
  nebula_mock_server_close_connections (self);
}

/**
 * nebula_mock_server_restart:
 * @self: a server that was started
 *
 * Another process behind the same address: all connections are closed, the cache of sessions is
 * empty, and sessions are loaded from metad again, with the spaces that it was told last. Faults
 * and counts stay. Nobody is refused meanwhile: who connects waits in the kernel.
 *
 * Since: 0.1
 */
void
nebula_mock_server_restart (NebulaMockServer *self)
{
  g_return_if_fail (NEBULA_IS_MOCK_SERVER (self));

  g_mutex_lock (&self->control);
  if (self->listener != NULL)
    nebula_mock_listener_pause (self->listener);
  g_mutex_unlock (&self->control);
  nebula_mock_server_close_connections (self);
  nebula_mock_sessions_forget_all (self->state.sessions);
  nebula_mock_server_set_listening (self, TRUE);
}
