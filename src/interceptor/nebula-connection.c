/* SPDX-License-Identifier: Apache-2.0 */
#include "nebula-connection-private.h"

#include "nebula-message-private.h"

/* Who has sent this much is believed to send the rest of what was announced: from here on the
 * memory for a frame is taken whole. So never more than this is there twice when it grows. */
#define PROVEN (256 * 1024)

/* Whoever wants connections to be younger than this replaces them at each call anyway. */
#define SHORTEST_PART G_TIME_SPAN_SECOND

void
nebula_connection_init (NebulaConnection *self)
{
  memset (self, 0, sizeof *self);
  nebula_framer_set_framing (&self->framer, NEBULA_FRAMING_FRAMED);
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
  nebula_buffer_clear (&self->own);
  nebula_framer_clear (&self->framer);
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
  self->framer.is_first = TRUE;
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
  self->is_leaving = FALSE;
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
  return self->is_open && !self->is_surplus && !self->is_leaving
         && now - self->last_used < self->idle_timeout
         && nebula_channel_is_alive (self->channel);
}

gint32
nebula_connection_next_sequence (NebulaConnection *self)
{
  self->sequence = self->sequence == G_MAXINT32 ? 1 : self->sequence + 1;
  return self->sequence;
}

/* Why nothing may be sent any more; NULL when it may. */
static const char *
get_objection (NebulaConnection *self)
{
  if (self->is_surplus)
    return "sent bytes that nobody asked for";
  if (self->is_leaving)
    return "is going away, and asked for no more requests on this connection";
  return NULL;
}

/* Whether nothing speaks against the first byte. A plain socket looks at the limit itself when it
 * has to, and knows what was sent; of others this is the last that is known for sure. */
static gboolean
check_sendable (NebulaConnection *self, const NebulaLimit *limit, GError **error)
{
  const char *objection = get_objection (self);

  if (objection == NULL)
    return nebula_channel_proves_unsent (self->channel) || nebula_limit_check (limit, error);
  g_set_error (error, G_IO_ERROR, G_IO_ERROR_CONNECTION_CLOSED, "%s %s", self->endpoint, objection);
  return FALSE;
}

/**
 * nebula_connection_send:
 * @request: begun by nebula_framer_start_message(), then a message with the last sequence number
 * @never_sent: (out): on failure whether the peer cannot have the whole frame
 */
gboolean
nebula_connection_send (NebulaConnection *self,
                        NebulaBuffer *request,
                        gboolean *never_sent,
                        const NebulaLimit *limit,
                        GError **error)
{
  guint8 *message = nebula_framer_get_message (request);
  gsize length = nebula_framer_get_message_length (request);
  gsize taken = 0;
  gsize head;

  *never_sent = !check_sendable (self, limit, error);
  if (*never_sent)
    return FALSE;
  head = self->framer.klass->wrap (&self->framer, message, length, self->sequence, limit);
  length += head;
  if (nebula_channel_send (self->channel, message - head, length, &taken, limit, error))
    return TRUE;
  *never_sent = taken < length && nebula_channel_proves_unsent (self->channel);
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

/* Takes what has come of the @wanted bytes, at least one. A channel of our own is read ahead as far
 * as there is room: head and body of a small frame come in one go. */
static gboolean
receive_some (NebulaConnection *self, gsize wanted, const NebulaLimit *limit, GError **error)
{
  gboolean ahead = nebula_channel_proves_unsent (self->channel);
  NebulaBuffer *in = &self->in;
  gssize count;

  if (in->length == in->capacity)
    nebula_buffer_reserve (in, in->capacity < PROVEN ? MIN (wanted, PROVEN) : wanted);
  count = receive_awaited (self, in->data + in->length,
                           (ahead ? in->capacity : MIN (in->capacity, wanted)) - in->length, limit,
                           error);
  if (count < 0)
    return FALSE;
  in->length += count;
  return TRUE;
}

/* Whom the first bytes give away: (nullable): what is no graphd, or none without TLS. */
static const char *
recognize_stranger (const NebulaBuffer *in)
{
  static const guint8 tls_alert[] = { 0x15, 3 };

  if (in->length >= 4 && memcmp (in->data, "HTTP", 4) == 0)
    return "speaks HTTP (is this the port of its web interface?)";
  if (in->length >= sizeof tls_alert && memcmp (in->data, tls_alert, sizeof tls_alert) == 0)
    return "speaks TLS (is the cluster set to?)";
  return NULL;
}

/* Errors of the framing say what was sent; who did is known here. */
static gboolean
say_who (NebulaConnection *self, GError **error)
{
  const char *stranger = recognize_stranger (&self->in);

  if (stranger != NULL)
    g_prefix_error (error, "%s %s: it sent ", self->endpoint, stranger);
  else
    g_prefix_error (error, "%s sent ", self->endpoint);
  return FALSE;
}

/**
 * nebula_connection_receive:
 *
 * Waits for one whole frame, the answer to the request with the last sequence number. Memory is
 * taken as the bytes come, whatever length was announced.
 */
gboolean
nebula_connection_receive (NebulaConnection *self, const NebulaLimit *limit, GError **error)
{
  NebulaFramer *framer = &self->framer;
  NebulaBuffer *in = &self->in;
  gsize size;

  nebula_buffer_trim (in);
  memset (&self->frame, 0, sizeof self->frame);
  while (TRUE)
    {
      if (!framer->klass->measure (framer, in->data, in->length, &size, error))
        return say_who (self, error);
      if (in->length >= size)
        break;
      if (!receive_some (self, size, limit, error))
        return FALSE;
    }
  self->is_surplus = in->length > size;
  in->length = size;
  if (!framer->klass->unwrap (framer, in->data, size, self->sequence, &self->frame, error))
    return say_who (self, error);
  self->is_leaving = self->is_leaving || self->frame.is_goaway;
  return TRUE;
}

/* All of the message was read: the memory of a large one is given back at once, since nobody knows
 * when the next one comes. */
void
nebula_connection_drop_message (NebulaConnection *self)
{
  static guint8 nothing;

  nebula_buffer_trim (&self->in);
  nebula_framer_drop_message (&self->framer);
  self->frame.message = &nothing;
  self->frame.length = 0;
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
