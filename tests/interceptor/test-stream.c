/* SPDX-License-Identifier: Apache-2.0 */
#include "call-fixture.h"
#include "nebula-stream-private.h"

#include <string.h>

/* What a stub writes and reads, and what is left of it when a call ends in another way. */

#define LARGE (1024 * 1024)

typedef struct
{
  NebulaStream stream;
  NebulaManualClock *clock;
  NebulaFakeChannel *channel;
} Fixture;

static NebulaChannel *
get_channel (gpointer user_data)
{
  Fixture *self = user_data;

  return g_object_ref (NEBULA_CHANNEL (self->channel));
}

static void
set_up (Fixture *self, gconstpointer data)
{
  self->clock = nebula_manual_clock_new (CALL_FIXTURE_START);
  self->channel = nebula_fake_channel_new (self->clock);
  call_fixture_prepare (&self->stream.call, self->clock, get_channel, self);
  self->stream.call.service = NEBULA_SERVICE_OTHER;
  nebula_fake_channel_expect_open (self->channel, 0);
  g_assert_true (nebula_stream_open (&self->stream, NULL));
}

static void
tear_down (Fixture *self, gconstpointer data)
{
  g_assert_true (nebula_fake_channel_is_done (self->channel));
  nebula_call_clear (&self->stream.call);
  g_assert_finalize_object (self->channel);
  g_assert_finalize_object (self->clock);
}

static void
write_request (Fixture *self, const char *statement)
{
  g_auto (NebulaBuffer) message = { 0 };

  nebula_message_append_execute (&message, 1, 5, statement);
  g_assert_true (nebula_stream_write (&self->stream, message.data, message.length, NULL));
}

static void
test_closed (Fixture *self, gconstpointer data)
{
  g_test_summary ("a request that was begun before the stream was closed is not sent");
  write_request (self, "YIELD 1");
  g_assert_true (nebula_stream_close (&self->stream, NULL));
  g_assert_false (self->stream.is_writing);
  nebula_fake_channel_expect_open (self->channel, 0);
  g_assert_true (nebula_stream_open (&self->stream, NULL));
  g_assert_true (nebula_stream_flush (&self->stream, NULL));
  g_assert_cmpuint (nebula_fake_channel_get_n_sends (self->channel), ==, 0);
}

static void
test_refused (Fixture *self, gconstpointer data)
{
  static const char statement[] = "ALTER USER u WITH PASSWORD \"swordfish\"";
  NebulaBuffer *request = &self->stream.call.request;
  g_autoptr (GError) error = NULL;

  g_test_summary ("a request that cannot be sent is wiped too");
  self->stream.call.connection.framer.max_frame_size = strlen (statement);
  write_request (self, statement);
  g_assert_false (nebula_stream_flush (&self->stream, &error));
  g_assert_error (error, NEBULA_ERROR, NEBULA_ERROR_FATAL);
  g_assert_cmpuint (request->length, ==, 0);
  g_assert_cmpuint (request->capacity, >, strlen (statement));
  for (gsize i = 0; i < strlen (statement); i++)
    g_assert_cmpuint (request->data[i], ==, 0);
}

static void
test_large_reply (Fixture *self, gconstpointer data)
{
  g_autofree guint8 *body = g_malloc0 (LARGE);
  g_autoptr (GByteArray) reply = NULL;
  g_autofree guint8 *read = NULL;
  NebulaBuffer *in = &self->stream.call.connection.in;
  g_autoptr (GError) error = NULL;
  gsize length;

  g_test_summary ("the memory of a large reply is given back when its last byte was read");
  body[0] = 11; /* a string in the field 0, and the stop behind it */
  nebula_write_be32 (body + 3, LARGE - 8);
  reply = call_fixture_make_reply ("execute", 1, body, LARGE);
  length = reply->len - 4;
  read = g_malloc (length);
  write_request (self, "YIELD 1");
  nebula_fake_channel_expect_send (self->channel, 0);
  nebula_fake_channel_expect_receive (self->channel, 0, reply->data, reply->len, G_MAXSIZE);
  g_assert_true (nebula_stream_flush (&self->stream, &error));

  g_assert_cmpint (nebula_stream_read (&self->stream, read, length - 1, &error), ==, length - 1);
  g_assert_no_error (error);
  g_assert_cmpuint (in->capacity, >=, LARGE);
  if (data != NULL)
    g_assert_true (nebula_stream_read_edge (&self->stream, read + length - 1, 1, &error));
  else
    g_assert_cmpint (nebula_stream_read (&self->stream, read + length - 1, 1, &error), ==, 1);
  g_assert_cmpuint (in->capacity, ==, 0);
  g_assert_cmpuint (nebula_connection_get_message_length (&self->stream.call.connection), ==, 0);
  g_assert_cmpmem (read, length, reply->data + 4, length);
}

#define ADD(path, data, func) g_test_add (path, Fixture, data, set_up, func, tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("/stream/closed", NULL, test_closed);
  ADD ("/stream/refused", NULL, test_refused);
  ADD ("/stream/large-reply", NULL, test_large_reply);
  ADD ("/stream/large-reply-edge", "edge", test_large_reply);
  return g_test_run ();
}
