/* SPDX-License-Identifier: Apache-2.0 */
#include "call-fixture.h"

#include <string.h>

void
call_fixture_prepare (NebulaCall *call,
                      NebulaManualClock *clock,
                      NebulaChannelFactory factory,
                      gpointer factory_data)
{
  g_autoptr (NebulaCluster) cluster = nebula_cluster_new_without_endpoints ();

  nebula_cluster_set_clock (cluster, NEBULA_CLOCK (clock));
  nebula_cluster_set_seed (cluster, 1);
  nebula_call_init (call);
  nebula_call_set_cluster (call, cluster);
  call->factory = factory;
  call->factory_data = factory_data;
  call->validate = TRUE;
  call->max_depth = 64;
  call->connection.idle_timeout = 5 * 60 * G_TIME_SPAN_SECOND;
  call->connection.framer.max_frame_size = 256 * 1024 * 1024;
}

static NebulaChannel *
get_channel (gpointer user_data)
{
  CallFixture *self = user_data;

  return g_object_ref (NEBULA_CHANNEL (self->channel));
}

void
call_fixture_set_up (CallFixture *self, gconstpointer data)
{
  self->clock = nebula_manual_clock_new (CALL_FIXTURE_START);
  self->channel = data != NULL ? nebula_fake_channel_new_opaque (self->clock)
                               : nebula_fake_channel_new (self->clock);
  call_fixture_prepare (&self->call, self->clock, get_channel, self);
}

void
call_fixture_tear_down (CallFixture *self, gconstpointer data)
{
  g_assert_true (nebula_fake_channel_is_done (self->channel));
  nebula_call_clear (&self->call);
  g_assert_finalize_object (self->channel);
  g_assert_finalize_object (self->clock);
}

static void
append_be32 (GByteArray *bytes, guint32 value)
{
  value = GUINT32_TO_BE (value);
  g_byte_array_append (bytes, (const guint8 *) &value, sizeof value);
}

GByteArray *
call_fixture_make_reply (const char *method, gint32 sequence, const guint8 *body, gsize length)
{
  GByteArray *frame = g_byte_array_new ();

  append_be32 (frame, 12 + strlen (method) + length);
  append_be32 (frame, 0x80010002);
  append_be32 (frame, strlen (method));
  g_byte_array_append (frame, (const guint8 *) method, strlen (method));
  append_be32 (frame, sequence);
  g_byte_array_append (frame, body, length);
  return frame;
}

void
call_fixture_expect (CallFixture *self,
                     const char *method,
                     gint32 sequence,
                     const guint8 *body,
                     gsize length)
{
  g_autoptr (GByteArray) frame = call_fixture_make_reply (method, sequence, body, length);

  nebula_fake_channel_expect_send (self->channel, 0);
  nebula_fake_channel_expect_receive (self->channel, 0, frame->data, frame->len, G_MAXSIZE);
}

void
call_fixture_expect_code (CallFixture *self, const char *method, gint32 sequence, gint32 code)
{
  guint8 body[] = { 12, 0, 0, 8, 0, 1, 0, 0, 0, 0, 0, 0 };

  nebula_write_be32 (body + 6, code);
  call_fixture_expect (self, method, sequence, body, sizeof body);
}

gboolean
call_fixture_call (CallFixture *self, GByteArray *frame, GError **error)
{
  gboolean answered;

  nebula_call_start_request (&self->call);
  nebula_buffer_append (&self->call.request, frame->data + 4, frame->len - 4);
  answered = nebula_call_begin (&self->call, error)
             && nebula_call_run (&self->call, NEBULA_CALL_GOAL_SENT, error)
             && nebula_call_run (&self->call, NEBULA_CALL_GOAL_ANSWERED, error);
  nebula_call_end (&self->call);
  return answered;
}

GByteArray *
call_fixture_make_statement (const char *method, gint64 session, const char *statement)
{
  g_auto (NebulaBuffer) execute = { 0 };
  GByteArray *frame = g_byte_array_new ();
  const gsize head = 8 + 7;

  nebula_message_append_execute (&execute, 0, session, statement);
  append_be32 (frame, execute.length - 7 + strlen (method));
  append_be32 (frame, 0x80010001);
  append_be32 (frame, strlen (method));
  g_byte_array_append (frame, (const guint8 *) method, strlen (method));
  g_byte_array_append (frame, execute.data + head, execute.length - head);
  return frame;
}

char *
call_fixture_describe_sent (CallFixture *self, guint index)
{
  GBytes *sent = nebula_fake_channel_get_sent (self->channel, index);
  const guint8 *message = (const guint8 *) g_bytes_get_data (sent, NULL) + 4;
  gsize length = g_bytes_get_size (sent) - 4;
  NebulaMessageHead head;
  NebulaRequest request;

  g_assert_true (nebula_message_parse_head (message, length, &head, NULL));
  nebula_request_parse (message, length, &head, &request);
  return g_strdup_printf ("%.*s (%" G_GINT64_FORMAT ", %.*s)", (int) head.name_length, head.name,
                          request.session, (int) request.statement_length,
                          request.statement != NULL ? (const char *) request.statement : "");
}
