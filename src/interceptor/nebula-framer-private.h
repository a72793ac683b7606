/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "nebula-channel-private.h"
#include "nebula-message-private.h"
#include "nebula-wire-walk-private.h"

#include <nebula-interceptor/nebula-framing.h>
#include <nebula-retry/nebula-error.h>

G_BEGIN_DECLS

/* The room in front of every message that is to be sent: the longest head of any framing fits, so
 * that a message is never moved to be wrapped. */
#define NEBULA_FRAME_ROOM 128

/**
 * NebulaSlice:
 * @bytes: (nullable): %NULL when there is none; not NUL-terminated
 * @length: how many
 *
 * Bytes inside a frame.
 */
typedef struct
{
  const char *bytes;
  gsize length;
} NebulaSlice;

/**
 * NebulaFrame:
 * @message: (not nullable): the message inside the frame, or inflated beside it
 * @length: its length
 * @is_goaway: whether the peer wants no more requests on this connection
 * @exception_code: why fbthrift answered with an exception, as a number in digits
 * @exception_name: the type of what the server's own code threw
 * @exception_text: what it said
 *
 * What one frame brought. Its pointers live until the next one.
 */
typedef struct
{
  guint8 *message;
  gsize length;
  gboolean is_goaway;
  NebulaSlice exception_code;
  NebulaSlice exception_name;
  NebulaSlice exception_text;
} NebulaFrame;

typedef struct _NebulaFramer NebulaFramer;

/**
 * NebulaFramerClass:
 * @wrap: writes what goes in front of @message, right before it, and answers how many bytes that
 *   are, at most %NEBULA_FRAME_ROOM. @limit says how long the answer will be waited for
 * @measure: answers in @needed how many bytes the frame has, as far as the @length bytes that have
 *   come tell; more than @length when it is not whole, and never more than it has in the end. Asked
 *   first with no byte, then each time that more have come
 * @unwrap: takes the whole frame apart; @sequence is the number of the request it answers
 *
 * How messages are told apart in a stream of bytes. Errors are NEBULA_ERROR_FATAL, and their texts
 * follow the words "… sent ".
 */
typedef struct
{
  gsize (*wrap) (NebulaFramer *self,
                 guint8 *message,
                 gsize length,
                 gint32 sequence,
                 const NebulaLimit *limit);
  gboolean (*measure) (NebulaFramer *self,
                       const guint8 *bytes,
                       gsize length,
                       gsize *needed,
                       GError **error);
  gboolean (*unwrap) (NebulaFramer *self,
                      guint8 *bytes,
                      gsize length,
                      gint32 sequence,
                      NebulaFrame *frame,
                      GError **error);
} NebulaFramerClass;

/**
 * NebulaFramer:
 * @klass: what to do
 * @framing: its name to the user
 * @max_frame_size: in bytes, also of what is inflated
 * @is_first: whether nothing has been sent on the connection yet
 * @inflated: where transforms are undone to, in turns: what one wrote the next one reads
 * @walk: (owned) (nullable): how far a message without a frame has been understood
 *
 * The framing of one connection.
 */
struct _NebulaFramer
{
  const NebulaFramerClass *klass;
  NebulaFraming framing;
  guint max_frame_size;
  gboolean is_first;
  NebulaBuffer inflated[2];
  NebulaWireWalk *walk;
};

extern const NebulaFramerClass nebula_framer_framed;
extern const NebulaFramerClass nebula_framer_header;
extern const NebulaFramerClass nebula_framer_unframed;

void nebula_framer_set_framing (NebulaFramer *self, NebulaFraming framing);
void nebula_framer_clear (NebulaFramer *self);
void nebula_framer_drop_message (NebulaFramer *self);

/* What the framings share. */
gboolean nebula_framer_check_size (NebulaFramer *self, guint64 size, GError **error);

/* Empties @buffer, so that a message can be appended to it. */
static inline void
nebula_framer_start_message (NebulaBuffer *buffer)
{
  static const guint8 room[NEBULA_FRAME_ROOM];

  nebula_buffer_trim (buffer);
  nebula_buffer_append (buffer, room, sizeof room);
}

static inline guint8 *
nebula_framer_get_message (const NebulaBuffer *buffer)
{
  return buffer->data + NEBULA_FRAME_ROOM;
}

static inline gsize
nebula_framer_get_message_length (const NebulaBuffer *buffer)
{
  return buffer->length - NEBULA_FRAME_ROOM;
}

G_END_DECLS
