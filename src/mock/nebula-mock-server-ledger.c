/* SPDX-License-Identifier: Apache-2.0 */
#include "nebula-mock-server-private.h"

/* What a test asks a server about. */

/* How long the wait functions wait: far longer than anything takes on a busy machine, short enough
 * for a test to fail with its own message and not with that of the test runner. */
#define WAIT_US (10 * G_TIME_SPAN_SECOND)

/**
 * nebula_mock_server_get_received:
 * @self: a server
 * @statement: (nullable): a statement, compared whole; %NULL for all
 *
 * Returns: how often it has been received, whatever became of it
 * Since: 0.1
 */
guint
nebula_mock_server_get_received (NebulaMockServer *self,
                                 const char       *statement)
{
  g_return_val_if_fail (NEBULA_IS_MOCK_SERVER (self), 0);

  return nebula_mock_ledger_get_received (self->state.ledger, statement);
}

/**
 * nebula_mock_server_get_applied:
 * @self: a server
 * @statement: (nullable): a statement, compared whole; %NULL for all
 *
 * Returns: how often all of it has been executed with success, whatever was answered
 * Since: 0.1
 */
guint
nebula_mock_server_get_applied (NebulaMockServer *self,
                                const char       *statement)
{
  g_return_val_if_fail (NEBULA_IS_MOCK_SERVER (self), 0);

  return nebula_mock_ledger_get_applied (self->state.ledger, statement);
}

/**
 * nebula_mock_server_get_calls:
 * @self: a server
 * @method: (nullable): a method of graphd, such as `execute`; %NULL for all
 *
 * Returns: how many calls have been received
 * Since: 0.1
 */
guint
nebula_mock_server_get_calls (NebulaMockServer *self,
                              const char       *method)
{
  g_return_val_if_fail (NEBULA_IS_MOCK_SERVER (self), 0);

  return nebula_mock_ledger_get_calls (self->state.ledger, method);
}

/**
 * nebula_mock_server_get_connections:
 * @self: a server
 *
 * Returns: how many connections have come since the server was made, those that were closed or
 *   refused by a fault too
 * Since: 0.1
 */
guint
nebula_mock_server_get_connections (NebulaMockServer *self)
{
  guint count;

  g_return_val_if_fail (NEBULA_IS_MOCK_SERVER (self), 0);

  g_mutex_lock (&self->lock);
  count = self->accepted;
  g_mutex_unlock (&self->lock);
  return count;
}

/**
 * nebula_mock_server_get_sessions:
 * @self: a server
 *
 * Returns: how many sessions it has in its cache now
 * Since: 0.1
 */
guint
nebula_mock_server_get_sessions (NebulaMockServer *self)
{
  g_return_val_if_fail (NEBULA_IS_MOCK_SERVER (self), 0);

  return nebula_mock_sessions_count (self->state.sessions);
}

/**
 * nebula_mock_server_get_logins:
 * @self: a server
 * @user: a name, known or not
 *
 * Returns: how often the user has tried to authenticate, with success or without; calls that a
 *   fault answered before they were executed do not count
 * Since: 0.1
 */
guint
nebula_mock_server_get_logins (NebulaMockServer *self,
                               const char       *user)
{
  g_return_val_if_fail (NEBULA_IS_MOCK_SERVER (self), 0);
  g_return_val_if_fail (user != NULL, 0);

  return nebula_mock_users_get_logins (nebula_mock_metad_get_users (self->state.metad), user);
}

/**
 * nebula_mock_server_get_number:
 * @self: a server
 * @space: a space
 * @vertex: the id of a vertex; an integer in decimal
 * @property: a property of any of its tags, or `tag.property`
 * @value: (out) (optional): where to put the number; untouched when there is none
 *
 * Looks at the data past all faults and sessions.
 *
 * Returns: whether there is such a property, and it is an integer
 * Since: 0.1
 */
gboolean
nebula_mock_server_get_number (NebulaMockServer *self,
                               const char       *space,
                               const char       *vertex,
                               const char       *property,
                               gint64           *value)
{
  g_return_val_if_fail (NEBULA_IS_MOCK_SERVER (self), FALSE);
  g_return_val_if_fail (space != NULL && vertex != NULL && property != NULL, FALSE);

  return nebula_mock_store_get_number (nebula_mock_metad_get_store (self->state.metad), space,
                                       vertex, property, value);
}

/**
 * nebula_mock_server_wait_for_calls:
 * @self: a server
 * @method: (nullable): a method; %NULL for any
 * @count: how many calls
 *
 * Waits until so many calls have been received since the server was made. They need not have been
 * executed yet.
 *
 * Returns: %FALSE when it takes longer than ten seconds
 * Since: 0.1
 */
gboolean
nebula_mock_server_wait_for_calls (NebulaMockServer *self,
                                   const char       *method,
                                   guint             count)
{
  g_return_val_if_fail (NEBULA_IS_MOCK_SERVER (self), FALSE);

  return nebula_mock_ledger_wait_for_calls (self->state.ledger, method, count, WAIT_US);
}

/**
 * nebula_mock_server_wait_for_sessions:
 * @self: a server
 * @count: how many sessions
 *
 * Waits until it has exactly so many sessions in its cache: nobody answers a sign-out.
 *
 * Returns: %FALSE when it takes longer than ten seconds
 * Since: 0.1
 */
gboolean
nebula_mock_server_wait_for_sessions (NebulaMockServer *self, guint count)
{
  g_return_val_if_fail (NEBULA_IS_MOCK_SERVER (self), FALSE);

  return nebula_mock_sessions_wait (self->state.sessions, count, WAIT_US);
}

/**
 * nebula_mock_server_wait_for_applied:
 * @self: a server
 * @statement: (nullable): a statement, compared whole; %NULL for any
 * @count: how often
 *
 * Waits until all of it has been executed with success so often since the server was made: for
 * statements that nobody waits for the answer of any more.
 *
 * Returns: %FALSE when it takes longer than ten seconds
 * Since: 0.1
 */
gboolean
nebula_mock_server_wait_for_applied (NebulaMockServer *self,
                                     const char       *statement,
                                     guint             count)
{
  g_return_val_if_fail (NEBULA_IS_MOCK_SERVER (self), FALSE);

  return nebula_mock_ledger_wait_for_applied (self->state.ledger, statement, count, WAIT_US);
}

/**
 * nebula_mock_server_wait_for_held:
 * @self: a server
 * @count: how many calls
 *
 * Waits until %NEBULA_MOCK_FAULT_HOLD holds so many calls: nebula_mock_server_release() lets those
 * go on, and none that comes later.
 *
 * Returns: %FALSE when it takes longer than ten seconds
 * Since: 0.1
 */
gboolean
nebula_mock_server_wait_for_held (NebulaMockServer *self,
                                  guint             count)
{
  g_return_val_if_fail (NEBULA_IS_MOCK_SERVER (self), FALSE);

  return nebula_mock_gate_wait_for_waiting (self->state.hold, count, WAIT_US);
}

/**
 * nebula_mock_server_wait_for_connections_closed:
 * @self: a server
 *
 * Waits until the server has closed every connection that it has taken, be it that the clients
 * went away or that a fault asked for it.
 *
 * Returns: %FALSE when it takes longer than ten seconds
 * Since: 0.1
 */
gboolean
nebula_mock_server_wait_for_connections_closed (NebulaMockServer *self)
{
  const gint64 deadline = g_get_monotonic_time () + WAIT_US;
  gboolean in_time = TRUE;

  g_return_val_if_fail (NEBULA_IS_MOCK_SERVER (self), FALSE);

  g_mutex_lock (&self->lock);
  while (self->open > 0 && in_time)
    in_time = g_cond_wait_until (&self->closed, &self->lock, deadline);
  in_time = self->open == 0;
  g_mutex_unlock (&self->lock);
  return in_time;
}
