/* SPDX-License-Identifier: Apache-2.0 */
#include "nebula-pool-entry-private.h"

#include "nebula-interceptor-private.h"
#include "nebula-session-table-private.h"
#include <thrift/c_glib/protocol/thrift_binary_protocol.h>

/* An interceptor, what stands on it, and the session that it is signed in with. */

static gpointer
entry_make (gpointer factory)
{
  NebulaPoolEntry *self = g_new0 (NebulaPoolEntry, 1);

  self->interceptor = nebula_pool_factory_make_interceptor (factory);
  self->protocol = g_object_new (THRIFT_TYPE_BINARY_PROTOCOL, "transport", self->interceptor, NULL);
  self->stub = nebula_pool_factory_make_stub (factory, self->interceptor, self->protocol);
  return self;
}

/* The order matters: generated stubs take no reference of their protocol. */
static void
entry_free (NebulaPoolEntry *self)
{
  g_clear_object (&self->stub);
  g_clear_object (&self->protocol);
  g_clear_object (&self->interceptor);
  g_free (self->space);
  g_free (self);
}

/* No call of the entry goes on after @deadline, whatever the policy allows. */
static void
set_limits (NebulaPoolEntry *self, gint64 deadline, GCancellable *cancellable)
{
  self->interceptor->stream.call.latest = deadline;
  nebula_interceptor_set_cancellable (self->interceptor, cancellable);
}

/**
 * look_at_session:
 * @view: (out): what is known of the session
 *
 * Returns: whether it can be used: nobody signed it out, and if graphd lost it, it can be renewed
 */
static gboolean
look_at_session (NebulaPoolEntry *self, NebulaSessionView *view)
{
  NebulaCluster *cluster = nebula_interceptor_get_cluster (self->interceptor);
  g_autoptr (NebulaSession) session = NULL;

  if (self->session != 0)
    session = nebula_session_table_find (nebula_cluster_get_sessions (cluster), self->session);
  if (session == NULL || nebula_session_has_ended (session))
    return FALSE;
  nebula_session_view (session, view);
  return !view->lost || nebula_session_can_renew (session);
}

/* Whoever has no time to make a session ready leaves it as it is, to others. */
static gboolean
check_time (const NebulaLimit *limit, GError **error)
{
  if (nebula_limit_get_remaining (limit) > 0)
    return TRUE;
  g_set_error_literal (error, NEBULA_ERROR, NEBULA_ERROR_RETRYABLE,
                       "timed out before an interceptor of the pool was ready: it was not signed "
                       "in, or in another space");
  return FALSE;
}

static gboolean
ensure_session (NebulaPoolEntry *self, const char *space, const NebulaLimit *limit, GError **error)
{
  g_auto (NebulaSessionView) view = { 0 };
  gboolean is_usable = look_at_session (self, &view);

  if (is_usable && g_strcmp0 (view.space, space) == 0)
    return TRUE;
  if (!check_time (limit, error))
    return FALSE;
  if (is_usable)
    {
      if (space != NULL)
        return nebula_interceptor_use_space (self->interceptor, self->session, space, error);
      /* Nothing leaves a space but a new session. An old one that cannot be signed out stays at
       * graphd until its idle time is over: nothing more can be done about it. */
      nebula_interceptor_sign_out (self->interceptor, self->session, NULL);
    }
  return nebula_interceptor_sign_in (self->interceptor, space, &self->session, error);
}

static gboolean
entry_prepare (gpointer item, const char *space, const NebulaLimit *limit, GError **error)
{
  NebulaPoolEntry *self = item;
  gboolean ready;

  set_limits (self, limit->deadline, limit->cancellable);
  ready = thrift_transport_open (THRIFT_TRANSPORT (self->interceptor), error)
          && ensure_session (self, space, limit, error);
  set_limits (self, G_MAXINT64, NULL);
  return ready;
}

static gboolean
entry_suits (gpointer item, const char *space)
{
  return g_strcmp0 (((NebulaPoolEntry *) item)->space, space) == 0;
}

/* What a user left behind must not be met by the next one: a call that was given up half-way, a
 * cancellable that may be cancelled, a deadline. */
static gboolean
entry_reset (gpointer item)
{
  NebulaPoolEntry *self = item;
  NebulaStream *stream = &self->interceptor->stream;
  g_auto (NebulaSessionView) view = { 0 };
  gboolean usable = look_at_session (self, &view);

  if (stream->is_writing || stream->is_owed)
    nebula_stream_close (stream, NULL);
  set_limits (self, G_MAXINT64, NULL);
  nebula_interceptor_set_deadline (self->interceptor, G_MAXINT64);
  g_free (self->space);
  self->space = g_steal_pointer (&view.space);
  return usable;
}

static void
entry_retire (gpointer item, gint64 deadline)
{
  /* An interceptor that is dropped signs out what it was signed in with. */
  set_limits (item, deadline, NULL);
  entry_free (item);
}

const NebulaPoolDriver nebula_pool_entry_driver = {
  .make = entry_make,
  .prepare = entry_prepare,
  .suits = entry_suits,
  .reset = entry_reset,
  .retire = entry_retire,
};
