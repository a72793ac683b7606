/* SPDX-License-Identifier: Apache-2.0 */
#include "nebula-stream-private.h"

static gboolean
wrong_state (GError **error, const char *what)
{
  g_set_error_literal (error, NEBULA_ERROR, NEBULA_ERROR_WRONG_STATE, what);
  return FALSE;
}

/* The callbacks that a call makes may ask for reports and set functions, but the request, the reply
 * and the connection are the call's. */
static gboolean
check_idle (NebulaStream *self, GError **error)
{
  if (G_LIKELY (!self->is_busy))
    return TRUE;
  return wrong_state (error, "used by a callback of a call that is still under way");
}

static gboolean
run (NebulaStream *self, NebulaCallGoal goal, GError **error)
{
  gboolean done;

  self->is_busy = TRUE;
  done = goal == NEBULA_CALL_GOAL_OPEN ? nebula_call_open (&self->call, error)
                                       : nebula_call_run (&self->call, goal, error);
  self->is_busy = FALSE;
  return done;
}

static void
forget_reply (NebulaStream *self)
{
  self->rest = 0;
  self->call.has_reply = FALSE;
}

static void
forget_call (NebulaStream *self)
{
  self->is_writing = FALSE;
  self->is_owed = FALSE;
  forget_reply (self);
}

/**
 * nebula_stream_open:
 *
 * Connects. Opening what is open is no error.
 */
gboolean
nebula_stream_open (NebulaStream *self, GError **error)
{
  if (!check_idle (self, error))
    return FALSE;
  if (self->is_open)
    return TRUE;
  if (self->call.factory == NULL
      && nebula_endpoint_set_get_length (nebula_cluster_get_endpoints (self->call.cluster)) == 0)
    return wrong_state (error, "the interceptor was given neither a cluster nor a transport");
  forget_call (self);
  self->is_open = run (self, NEBULA_CALL_GOAL_OPEN, error);
  return self->is_open;
}

gboolean
nebula_stream_close (NebulaStream *self, GError **error)
{
  if (!check_idle (self, error))
    return FALSE;
  nebula_call_close (&self->call);
  nebula_call_end (&self->call);
  forget_call (self);
  self->is_open = FALSE;
  return TRUE;
}

/* Whether a request may be written now. */
static gboolean
check_writable (NebulaStream *self, GError **error)
{
  if (!check_idle (self, error))
    return FALSE;
  if (!self->is_open)
    return wrong_state (error, "the transport is not open");
  if (self->is_owed)
    return wrong_state (error, "a new request, but the reply to the last one has not been read");
  return TRUE;
}

/* A reply that the stub left half-read belongs to a dead call: the next request ends it. */
static void
start_request (NebulaStream *self)
{
  forget_call (self);
  nebula_call_start_request (&self->call);
  self->is_writing = TRUE;
}

/* Not inline: a stub writes field by field, and comes here with the first one. */
static gboolean G_GNUC_NO_INLINE
start_if_writable (NebulaStream *self, GError **error)
{
  if (!check_writable (self, error))
    return FALSE;
  start_request (self);
  return TRUE;
}

/**
 * nebula_stream_write:
 *
 * Adds to the request. Nothing is sent before nebula_stream_flush().
 */
gboolean
nebula_stream_write (NebulaStream *self, gconstpointer bytes, gsize length, GError **error)
{
  if (G_UNLIKELY (!self->is_writing) && !start_if_writable (self, error))
    return FALSE;
  nebula_buffer_append (&self->call.request, bytes, length);
  return TRUE;
}

/**
 * nebula_stream_flush:
 *
 * Sends the request. Without one there is nothing to do.
 */
gboolean
nebula_stream_flush (NebulaStream *self, GError **error)
{
  if (!check_writable (self, error))
    return FALSE;
  if (!self->is_writing)
    return TRUE;

  self->is_writing = FALSE;
  if (!nebula_call_begin (&self->call, error) || !run (self, NEBULA_CALL_GOAL_SENT, error))
    {
      nebula_call_end (&self->call);
      return FALSE;
    }
  self->is_owed = !nebula_call_is_oneway (&self->call);
  return TRUE;
}

/* Waits for the reply, and for every further attempt that it takes. */
static gboolean
await_reply (NebulaStream *self, GError **error)
{
  gboolean answered;

  if (!self->is_owed)
    return wrong_state (error, "nothing is left to read: no reply is due");
  self->is_owed = FALSE;
  answered = run (self, NEBULA_CALL_GOAL_ANSWERED, error);
  nebula_call_end (&self->call);
  if (answered)
    {
      self->next = nebula_connection_get_message (&self->call.connection);
      self->rest = nebula_connection_get_message_length (&self->call.connection);
    }
  return answered;
}

static void
drop_when_read (NebulaStream *self)
{
  if (self->rest == 0)
    nebula_connection_drop_message (&self->call.connection);
}

/**
 * nebula_stream_read:
 *
 * Waits for the reply when it has not come yet.
 *
 * Returns: how many bytes were read, never more than @length and, where @length is more than 0,
 *   never 0; -1 on error
 */
gssize
nebula_stream_read (NebulaStream *self, gpointer bytes, gsize length, GError **error)
{
  gsize count;

  if (!check_idle (self, error) || (!self->call.has_reply && !await_reply (self, error)))
    return -1;
  count = MIN (length, self->rest);
  if (count == 0 && length > 0)
    {
      wrong_state (error, "nothing is left to read: the reply ends here");
      return -1;
    }
  nebula_stream_take (self, bytes, count);
  drop_when_read (self);
  return count;
}

/**
 * nebula_stream_read_edge:
 *
 * nebula_stream_read_all() where that is not in the middle of a reply: its first bytes, its last
 * ones, or more than it has.
 */
gboolean
nebula_stream_read_edge (NebulaStream *self, gpointer bytes, gsize length, GError **error)
{
  if (!check_idle (self, error) || (!self->call.has_reply && !await_reply (self, error)))
    return FALSE;
  if (length > self->rest)
    return wrong_state (error, "the reply ends before what is to be read");
  nebula_stream_take (self, bytes, length);
  drop_when_read (self);
  return TRUE;
}

/* Whether @count bytes of the reply are left. libthrift asks with a negative count when it has
 * found an element type that it does not know, and has set @error itself then. */
gboolean
nebula_stream_check_rest (NebulaStream *self, glong count, GError **error)
{
  if (count >= 0 && (gulong) count <= self->rest)
    return TRUE;
  if (error != NULL && *error != NULL)
    return FALSE;
  return wrong_state (error, "the reply ends before what is to be read");
}

/**
 * nebula_stream_ask:
 * @message: a request of the interceptor's own, without the length in front
 * @length: its length
 *
 * Makes a call as a stub does, by the same policy. A failure that graphd answered is an error,
 * whatever the stub gets.
 */
gboolean
nebula_stream_ask (NebulaStream *self, gconstpointer message, gsize length, GError **error)
{
  NebulaSurfaceErrors surface = self->call.surface;
  gboolean done;

  /* What is under way is left as it is. */
  if (!check_idle (self, error))
    return FALSE;
  self->call.surface = NEBULA_SURFACE_ERRORS;
  done = nebula_stream_write (self, message, length, error) && nebula_stream_flush (self, error)
         && (!self->is_owed || await_reply (self, error));
  self->call.surface = surface;
  forget_reply (self);
  return done;
}

static void
sign_out_by (NebulaStream *self, gint64 id, gint64 deadline)
{
  start_request (self);
  nebula_message_append_signout (&self->call.request, 0, id);
  self->is_writing = FALSE;
  if (nebula_call_begin (&self->call, NULL))
    {
      self->call.deadline = MIN (self->call.deadline, deadline);
      run (self, NEBULA_CALL_GOAL_SENT, NULL);
    }
  nebula_call_end (&self->call);
}

/**
 * nebula_stream_sign_out_all:
 * @sessions: (nullable): NebulaSession
 * @deadline: when to stop trying, for all of them together
 *
 * Signs out those that nobody has signed out yet, as far as that can be done by @deadline.
 */
void
nebula_stream_sign_out_all (NebulaStream *self, GPtrArray *sessions, gint64 deadline)
{
  if (sessions == NULL || self->is_busy)
    return;
  /* The reply that is due belongs to a dead call. */
  if (self->call.is_sent)
    nebula_call_leave_unanswered (&self->call);
  for (guint i = 0; i < sessions->len; i++)
    if (!nebula_session_has_ended (sessions->pdata[i])
        && !nebula_session_is_replaced (sessions->pdata[i]))
      sign_out_by (self, nebula_session_get_caller_id (sessions->pdata[i]), deadline);
  g_ptr_array_set_size (sessions, 0);
}
