/* SPDX-License-Identifier: Apache-2.0 */
#include "nebula-connection-private.h"

#include "nebula-message-private.h"

/* Memory for a frame grows with the bytes that come, in steps of at least this. */
#define RECEIVE_STEP 4064

/* Whoever wants connections to be younger than this replaces them at each call anyway. */
#define SHORTEST_PART G_TIME_SPAN_SECOND

void
nebula_connection_init (NebulaConnection *self)
{
  memset (self, 0, sizeof *self);
  self->own = g_byte_array_new ();
}

/* The space has to be said again before the next statement. */
void
nebula_connection_forget_session (NebulaConnection *self)
{
  g_clear_pointer (&self->session, nebula_session_unref);
}

void
nebula_connection_clear (NebulaConnection *self)
{
  nebula_connection_set_channel (self, NULL, NULL);
  nebula_buffer_clear (&self->in);
  g_clear_pointer (&self->own, g_byte_array_unref);
}

/**
 * nebula_connection_set_channel:
 * @channel: (nullable) (transfer full): the new one; the old one is closed
 * @endpoint: (nullable): its name
 */
void
nebula_connection_set_channel (NebulaConnection *self, NebulaChannel *channel, const char *endpoint)
{
  if (self->channel != NULL)
    nebula_connection_close (self);
  g_clear_object (&self->channel);
  g_free (self->endpoint);
  self->channel = channel;
  self->endpoint = g_strdup (endpoint);
}

gboolean
nebula_connection_open (NebulaConnection *self, const NebulaLimit *limit, GError **error)
{
  nebula_connection_close (self);
  self->is_open = nebula_channel_open (self->channel, limit, error);
  return self->is_open;
}

/* Whatever was known of the peer is forgotten with the connection. */
void
nebula_connection_close (NebulaConnection *self)
{
  nebula_channel_close (self->channel);
  self->is_open = FALSE;
  self->is_surplus = FALSE;
  self->is_greeted = FALSE;
  nebula_connection_forget_session (self);
}

/**
 * nebula_connection_is_usable:
 * @now: the time
 *
 * A look before the first byte of a call: a connection on which the peer has said good-bye, or that
 * was idle for too long, costs nothing but a reconnect when that is seen now.
 */
gboolean
nebula_connection_is_usable (NebulaConnection *self, gint64 now)
{
  return self->is_open && !self->is_surplus && now - self->last_used < self->idle_timeout
         && nebula_channel_is_alive (self->channel);
}

gint32
nebula_connection_next_sequence (NebulaConnection *self)
{
  self->sequence = self->sequence == G_MAXINT32 ? 1 : self->sequence + 1;
  return self->sequence;
}

/**
 * nebula_connection_send:
 * @frame: a whole frame, its four bytes of length included
 * @length: its length
 * @never_sent: (out): on failure whether the peer cannot have the whole frame
 */
gboolean
nebula_connection_send (NebulaConnection *self,
                        const guint8 *frame,
                        gsize length,
                        gboolean *never_sent,
                        const NebulaLimit *limit,
                        GError **error)
{
  gsize taken = 0;

  if (self->is_surplus)
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_CONNECTION_CLOSED,
                   "%s sent bytes that nobody asked for", self->endpoint);
      *never_sent = TRUE;
      return FALSE;
    }
  if (nebula_channel_send (self->channel, frame, length, &taken, limit, error))
    return TRUE;
  *never_sent = taken < length && nebula_channel_proves_unsent (self->channel);
  return FALSE;
}

static gboolean
check_size (NebulaConnection *self, guint32 size, GError **error)
{
  if ((gint32) size < 0)
    g_set_error (error, NEBULA_ERROR, NEBULA_ERROR_FATAL,
                 "%s sent a frame of %d bytes, expected at least 1: these bytes are no framed reply",
                 self->endpoint, (gint32) size);
  else if (size == 0)
    g_set_error (error, NEBULA_ERROR, NEBULA_ERROR_FATAL, "%s sent an empty frame", self->endpoint);
  else if (size > self->max_frame_size)
    g_set_error (error, NEBULA_ERROR, NEBULA_ERROR_FATAL,
                 "%s sent a frame of %u bytes, more than max-frame-size (%u bytes)",
                 self->endpoint, size, self->max_frame_size);
  else
    return TRUE;
  return FALSE;
}

/* As nebula_channel_receive(). A connection on which an answer is awaited is not idle, so a long
 * wait is made in parts, and the clock is read only between two of them. A channel that cannot go
 * on after a part has ended costs a look at the clock each time. */
static gssize
receive_awaited (NebulaConnection *self,
                 guint8 *buffer,
                 gsize size,
                 const NebulaLimit *limit,
                 GError **error)
{
  gboolean in_parts = nebula_channel_proves_unsent (self->channel);
  gint64 part = MAX (self->idle_timeout / 2, SHORTEST_PART);
  NebulaLimit until = *limit;
  gssize count;

  do
    {
      g_autoptr (GError) failure = NULL;

      if (in_parts && self->last_used < limit->deadline - part)
        until.deadline = self->last_used + part;
      else
        until.deadline = limit->deadline;
      count = nebula_channel_receive (self->channel, buffer, size, &until, &failure);
      if (count < 0 && (until.deadline == limit->deadline
                        || !g_error_matches (failure, G_IO_ERROR, G_IO_ERROR_TIMED_OUT)))
        {
          g_propagate_error (error, g_steal_pointer (&failure));
          return -1;
        }
      if (count < 0 || !in_parts)
        self->last_used = nebula_clock_get_now (limit->clock);
    }
  while (count < 0);
  return count;
}

/* Fills the buffer up to @wanted bytes. A channel of our own is read ahead as far as there is room:
 * head and body of a small frame come in one go. */
static gboolean
fill (NebulaConnection *self, gsize wanted, const NebulaLimit *limit, GError **error)
{
  gboolean ahead = nebula_channel_proves_unsent (self->channel);
  NebulaBuffer *in = &self->in;

  while (in->length < wanted)
    {
      gssize count;

      if (in->length == in->capacity)
        nebula_buffer_reserve (in, in->length + MIN (wanted - in->length, RECEIVE_STEP));
      count = receive_awaited (self, in->data + in->length,
                               ahead ? in->capacity - in->length
                                     : MIN (in->capacity, wanted) - in->length,
                               limit, error);
      if (count < 0)
        return FALSE;
      in->length += count;
    }
  return TRUE;
}

/**
 * nebula_connection_receive:
 *
 * Waits for one whole frame. Memory is taken as the bytes come, whatever length was announced.
 */
gboolean
nebula_connection_receive (NebulaConnection *self, const NebulaLimit *limit, GError **error)
{
  guint32 size;

  nebula_buffer_trim (&self->in);
  if (!fill (self, 4, limit, error))
    return FALSE;
  size = nebula_read_be32 (self->in.data);
  if (!check_size (self, size, error) || !fill (self, 4 + (gsize) size, limit, error))
    return FALSE;

  self->is_surplus = self->in.length > 4 + (gsize) size;
  self->in.length = 4 + (gsize) size;
  return TRUE;
}

/**
 * nebula_connection_confirm:
 * @session: whose space graphd knows on this connection now
 * @version: the version of the session for which that holds
 */
void
nebula_connection_confirm (NebulaConnection *self, NebulaSession *session, guint version)
{
  if (self->session != session)
    {
      nebula_connection_forget_session (self);
      self->session = nebula_session_ref (session);
    }
  self->session_version = version;
}

/* Whether nothing has to be said on this connection before the next statement of @session. */
gboolean
nebula_connection_knows (NebulaConnection *self, NebulaSession *session)
{
  return self->session == session && self->session_version == nebula_session_get_version (session);
}
