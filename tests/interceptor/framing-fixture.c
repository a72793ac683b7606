/* SPDX-License-Identifier: Apache-2.0 */
#include "framing-fixture.h"

#include <string.h>

#include "call-fixture.h"

#define COUNT_UP "UPDATE VERTEX ON t \"v\" SET n = n + 1"
#define SESSION 5

static NebulaChannel *
get_channel (gpointer user_data)
{
  FramingFixture *self = user_data;

  self->n_channels++;
  return g_object_ref (NEBULA_CHANNEL (self->channel));
}

/* @data: a NebulaFraming */
void
framing_set_up (FramingFixture *self, gconstpointer data)
{
  self->clock = nebula_manual_clock_new (CALL_FIXTURE_START);
  self->channel = nebula_fake_channel_new (self->clock);
  call_fixture_prepare (&self->call, self->clock, get_channel, self);
  nebula_framer_set_framing (&self->call.connection.framer, GPOINTER_TO_INT (data));
  self->call.connection.framer.max_frame_size = 1024 * 1024;
}

void
framing_tear_down (FramingFixture *self, gconstpointer data)
{
  g_assert_true (nebula_fake_channel_is_done (self->channel));
  nebula_call_clear (&self->call);
  g_assert_finalize_object (self->channel);
  g_assert_finalize_object (self->clock);
}

/* ---- what the server sends */

void
framing_append (GByteArray *bytes, gconstpointer data, gsize length)
{
  g_byte_array_append (bytes, data, length);
}

void
framing_append_be32 (GByteArray *bytes, guint32 value)
{
  value = GUINT32_TO_BE (value);
  framing_append (bytes, &value, sizeof value);
}

static GByteArray *
make_message (guint type, const char *method, gint32 sequence)
{
  GByteArray *message = g_byte_array_new ();

  framing_append_be32 (message, 0x80010000 | type);
  framing_append_be32 (message, strlen (method));
  framing_append (message, method, strlen (method));
  framing_append_be32 (message, sequence);
  return message;
}

/* A reply with code 0. */
GByteArray *
framing_make_reply (const char *method, gint32 sequence)
{
  GByteArray *message = make_message (NEBULA_MESSAGE_REPLY, method, sequence);

  framing_append (message, "\x0c\0\0\x08\0\1\0\0\0\0\0\0", 12);
  return message;
}

/* @text: (nullable) */
GByteArray *
framing_make_exception (gint32 sequence, gint32 type, const char *text)
{
  GByteArray *message = make_message (NEBULA_MESSAGE_EXCEPTION, "execute", sequence);

  if (text != NULL)
    {
      framing_append (message, "\x0b\0\1", 3);
      framing_append_be32 (message, strlen (text));
      framing_append (message, text, strlen (text));
    }
  framing_append (message, "\x08\0\2", 3);
  framing_append_be32 (message, type);
  framing_append (message, "\0", 1);
  return message;
}

/* @info: info headers with their padding */
GByteArray *
framing_make_frame (GByteArray *message, gint32 sequence, const char *info, gsize info_length)
{
  GByteArray *frame = g_byte_array_new ();

  g_assert_cmpuint ((2 + info_length) % 4, ==, 0);
  framing_append_be32 (frame, 10 + 2 + info_length + message->len);
  framing_append_be32 (frame, 0x0fff0000);
  framing_append_be32 (frame, sequence);
  framing_append (frame, "\0", 1);
  framing_append (frame, &(guint8){ (2 + info_length) / 4 }, 1);
  framing_append (frame, "\0\0", 2);
  framing_append (frame, info, info_length);
  framing_append (frame, message->data, message->len);
  return frame;
}

/* Takes @message. */
void
framing_expect_frame_of (FramingFixture *self,
                         GByteArray *message,
                         gint32 sequence,
                         const char *info,
                         gsize info_length)
{
  g_autoptr (GByteArray) frame = framing_make_frame (message, sequence, info, info_length);

  nebula_fake_channel_expect_send (self->channel, 0);
  nebula_fake_channel_expect_receive (self->channel, 0, frame->data, frame->len, FRAMING_WHOLE);
  g_byte_array_unref (message);
}

/* A connection, and the handshake on it. */
void
framing_expect_connection (FramingFixture *self, gint32 sequence)
{
  nebula_fake_channel_expect_open (self->channel, 0);
  framing_expect_frame (self, framing_make_reply ("verifyClientVersion", sequence), sequence,
                        FRAMING_NO_INFO);
}

void
framing_expect_execute (FramingFixture *self, gint32 sequence)
{
  framing_expect_frame (self, framing_make_reply ("execute", sequence), sequence, FRAMING_NO_INFO);
}

gboolean
framing_execute (FramingFixture *self, GError **error)
{
  g_auto (NebulaBuffer) message = { 0 };
  gboolean answered;

  nebula_message_append_execute (&message, FRAMING_STUB_SEQUENCE, SESSION, COUNT_UP);
  nebula_call_start_request (&self->call);
  nebula_buffer_append (&self->call.request, message.data, message.length);
  answered = nebula_call_begin (&self->call, error)
             && nebula_call_run (&self->call, NEBULA_CALL_GOAL_SENT, error)
             && nebula_call_run (&self->call, NEBULA_CALL_GOAL_ANSWERED, error);
  nebula_call_end (&self->call);
  return answered;
}

void
framing_execute_well (FramingFixture *self)
{
  g_autoptr (GError) error = NULL;
  gboolean done = framing_execute (self, &error);

  g_assert_no_error (error);
  g_assert_true (done);
  g_assert_true (self->call.succeeded);
}

NebulaOutcome *
framing_first_outcome (FramingFixture *self)
{
  g_assert_nonnull (self->call.failures);
  return nebula_attempt_get_outcome (self->call.failures->pdata[0]);
}

static void
append_text (GByteArray *bytes, const char *text)
{
  framing_append (bytes, &(guint8){ (guint8) strlen (text) }, 1);
  framing_append (bytes, text, strlen (text));
}

/* What goes in front of the first request on a connection: who asks is said there, and only there.
 * @timeout: (nullable): in digits */
GByteArray *
framing_make_first_head (gsize message_length, gint32 sequence, const char *timeout)
{
  g_autoptr (GByteArray) block = g_byte_array_new ();
  GByteArray *head = g_byte_array_new ();

  framing_append (block, timeout != NULL ? "\0\0\1\2" : "\0\0\1\1", 4);
  if (timeout != NULL)
    {
      append_text (block, "client_timeout");
      append_text (block, timeout);
    }
  append_text (block, "client_metadata");
  append_text (block, "{\"agent\":\"nebula-interceptor/" NEBULA_VERSION "\"}");
  while (block->len % 4 != 0)
    framing_append (block, "", 1);
  framing_append_be32 (head, 10 + block->len + message_length);
  framing_append_be32 (head, 0x0fff0000);
  framing_append_be32 (head, sequence);
  framing_append (head, "\0", 1);
  framing_append (head, &(guint8){ block->len / 4 }, 1);
  framing_append (head, block->data, block->len);
  return head;
}

void
framing_assert_sent (FramingFixture *self,
                     guint index,
                     const char *head,
                     gsize head_length,
                     const char *method)
{
  gsize length;
  const char *bytes = g_bytes_get_data (nebula_fake_channel_get_sent (self->channel, index),
                                        &length);

  g_assert_cmpuint (length, >, head_length + 8 + strlen (method));
  g_assert_cmpmem (bytes, head_length, head, head_length);
  g_assert_cmpmem (bytes + head_length + 8, strlen (method), method, strlen (method));
}

void
framing_assert_refused (FramingFixture *self, const char *text)
{
  g_autoptr (GError) error = NULL;

  g_assert_false (framing_execute (self, &error));
  g_assert_error (error, NEBULA_ERROR, NEBULA_ERROR_FATAL);
  g_assert_nonnull (strstr (error->message, text));
  g_assert_true (nebula_error_may_have_been_applied (error));
  g_assert_false (nebula_fake_channel_is_open (self->channel));
}

void
framing_expect_message (FramingFixture *self, const char *method, gint32 sequence, gsize chunk)
{
  g_autoptr (GByteArray) message = framing_make_reply (method, sequence);

  nebula_fake_channel_expect_send (self->channel, 0);
  nebula_fake_channel_expect_receive (self->channel, 0, message->data, message->len, chunk);
}
