/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "nebula-buffer-private.h"
#include "nebula-channel-private.h"
#include "nebula-framer-private.h"
#include "nebula-session-private.h"

G_BEGIN_DECLS

/**
 * NebulaConnection:
 * @channel: (owned) (nullable): where the bytes go
 * @endpoint: (owned) (nullable): its name in reports
 * @is_open: whether the channel is connected
 * @is_surplus: whether more bytes came than the reply had: the next ones belong to nobody
 * @is_leaving: whether the peer wants no more requests here
 * @is_greeted: whether the handshake is done
 * @sequence: the last sequence number used
 * @last_used: on the cluster's clock, not before the last frame was sent, and at most half of
 *   @idle_timeout before the last one came
 * @idle_timeout: how long the connection may be idle, in microseconds
 * @framer: how messages are told apart
 * @in: the frame that came last
 * @frame: what was in it
 * @own: requests of our own, made as nebula_framer_start_message() begins them
 * @session: (owned) (nullable): whose space was set last on this connection
 * @session_version: the version of the session at that time
 *
 * Frames over a channel, and what graphd was told on it.
 */
typedef struct
{
  NebulaChannel *channel;
  char *endpoint;
  gboolean is_open;
  gboolean is_surplus;
  gboolean is_leaving;
  gboolean is_greeted;
  gint32 sequence;
  gint64 last_used;
  gint64 idle_timeout;
  NebulaFramer framer;
  NebulaBuffer in;
  NebulaFrame frame;
  NebulaBuffer own;
  NebulaSession *session;
  guint session_version;
} NebulaConnection;

void nebula_connection_init (NebulaConnection *self);
void nebula_connection_clear (NebulaConnection *self);
void nebula_connection_set_channel (NebulaConnection *self,
                                    NebulaChannel *channel,
                                    const char *endpoint);
gboolean nebula_connection_open (NebulaConnection *self, const NebulaLimit *limit, GError **error);
void nebula_connection_close (NebulaConnection *self);
gboolean nebula_connection_is_usable (NebulaConnection *self, gint64 now);
gint32 nebula_connection_next_sequence (NebulaConnection *self);
gboolean nebula_connection_send (NebulaConnection *self,
                                 NebulaBuffer *request,
                                 gboolean *never_sent,
                                 const NebulaLimit *limit,
                                 GError **error);
gboolean nebula_connection_receive (NebulaConnection *self,
                                    const NebulaLimit *limit,
                                    GError **error);
void nebula_connection_drop_message (NebulaConnection *self);
void nebula_connection_confirm (NebulaConnection *self, NebulaSession *session, guint version);
void nebula_connection_forget_session (NebulaConnection *self);
gboolean nebula_connection_knows (NebulaConnection *self, NebulaSession *session);

/* The message inside the frame that came last. */
static inline guint8 *
nebula_connection_get_message (NebulaConnection *self)
{
  return self->frame.message;
}

static inline gsize
nebula_connection_get_message_length (NebulaConnection *self)
{
  return self->frame.length;
}

G_END_DECLS
