/* SPDX-License-Identifier: Apache-2.0 */
#include "nebula-call-private.h"

#include <string.h>

#include "nebula-fake-channel.h"

/* Calls with headers and without frames, over a channel that follows a script. */

#define COUNT_UP "UPDATE VERTEX ON t \"v\" SET n = n + 1"
#define CLOCK_START (1000 * G_TIME_SPAN_SECOND)
#define STUB_SEQUENCE 77
#define SESSION 5
#define WHOLE G_MAXSIZE

/* Info headers as a block of whole words has them, behind protocol and transforms. */
#define NO_INFO "\0\0"
#define GOAWAY "\1\1\x0a" "connection\6goaway\0\0"
#define EX_1 "\1\1\2ex\1" "1\0\0\0"
#define EX_2 "\1\1\2ex\1" "2\0\0\0"
#define EX_15 "\1\1\2ex\2" "15\0\0"
#define EX_GOAWAY "\1\2\2ex\1" "5\x0a" "connection\6goaway\0"
#define UEX "\1\2\3uex\5" "Error\4uexw\4" "what"

typedef struct
{
  NebulaCall call;
  NebulaManualClock *clock;   /* (owned) */
  NebulaFakeChannel *channel; /* (owned) */
} Fixture;

static NebulaChannel *
get_channel (guint index, gpointer user_data)
{
  Fixture *self = user_data;

  return g_object_ref (NEBULA_CHANNEL (self->channel));
}

/* @data: a NebulaFraming */
static void
set_up (Fixture *self, gconstpointer data)
{
  g_autoptr (NebulaCluster) cluster = nebula_cluster_new_without_endpoints ();

  self->clock = nebula_manual_clock_new (CLOCK_START);
  self->channel = nebula_fake_channel_new (self->clock);
  nebula_cluster_set_clock (cluster, NEBULA_CLOCK (self->clock));
  nebula_cluster_set_seed (cluster, 1);
  nebula_call_init (&self->call);
  nebula_call_set_cluster (&self->call, cluster);
  self->call.factory = get_channel;
  self->call.factory_data = self;
  self->call.validate = TRUE;
  self->call.max_depth = 64;
  self->call.connection.idle_timeout = 5 * 60 * G_TIME_SPAN_SECOND;
  nebula_framer_set_framing (&self->call.connection.framer, GPOINTER_TO_INT (data));
  self->call.connection.framer.max_frame_size = 1024 * 1024;
}

static void
tear_down (Fixture *self, gconstpointer data)
{
  g_assert_true (nebula_fake_channel_is_done (self->channel));
  nebula_call_clear (&self->call);
  g_assert_finalize_object (self->channel);
  g_assert_finalize_object (self->clock);
}

/* ---- what the server sends */

static void
append (GByteArray *bytes, gconstpointer data, gsize length)
{
  g_byte_array_append (bytes, data, length);
}

static void
append_be32 (GByteArray *bytes, guint32 value)
{
  value = GUINT32_TO_BE (value);
  append (bytes, &value, sizeof value);
}

static GByteArray *
make_message (guint type, const char *method, gint32 sequence)
{
  GByteArray *message = g_byte_array_new ();

  append_be32 (message, 0x80010000 | type);
  append_be32 (message, strlen (method));
  append (message, method, strlen (method));
  append_be32 (message, sequence);
  return message;
}

/* A reply with code 0. */
static GByteArray *
make_reply (const char *method, gint32 sequence)
{
  GByteArray *message = make_message (NEBULA_MESSAGE_REPLY, method, sequence);

  append (message, "\x0c\0\0\x08\0\1\0\0\0\0\0\0", 12);
  return message;
}

/* @text: (nullable) */
static GByteArray *
make_exception (gint32 sequence, gint32 type, const char *text)
{
  GByteArray *message = make_message (NEBULA_MESSAGE_EXCEPTION, "execute", sequence);

  if (text != NULL)
    {
      append (message, "\x0b\0\1", 3);
      append_be32 (message, strlen (text));
      append (message, text, strlen (text));
    }
  append (message, "\x08\0\2", 3);
  append_be32 (message, type);
  append (message, "\0", 1);
  return message;
}

/* @info: info headers with their padding */
static GByteArray *
make_frame (GByteArray *message, gint32 sequence, const char *info, gsize info_length)
{
  GByteArray *frame = g_byte_array_new ();

  g_assert_cmpuint ((2 + info_length) % 4, ==, 0);
  append_be32 (frame, 10 + 2 + info_length + message->len);
  append_be32 (frame, 0x0fff0000);
  append_be32 (frame, sequence);
  append (frame, "\0", 1);
  append (frame, &(guint8){ (2 + info_length) / 4 }, 1);
  append (frame, "\0\0", 2);
  append (frame, info, info_length);
  append (frame, message->data, message->len);
  return frame;
}

#define expect_frame(self, message, sequence, info) \
  expect_frame_of (self, message, sequence, info, sizeof info - 1)

/* Takes @message. */
static void
expect_frame_of (Fixture *self,
                 GByteArray *message,
                 gint32 sequence,
                 const char *info,
                 gsize info_length)
{
  g_autoptr (GByteArray) frame = make_frame (message, sequence, info, info_length);

  nebula_fake_channel_expect_send (self->channel, 0);
  nebula_fake_channel_expect_receive (self->channel, 0, frame->data, frame->len, WHOLE);
  g_byte_array_unref (message);
}

/* A connection, and the handshake on it. */
static void
expect_connection (Fixture *self, gint32 sequence)
{
  nebula_fake_channel_expect_open (self->channel, 0);
  expect_frame (self, make_reply ("verifyClientVersion", sequence), sequence, NO_INFO);
}

static void
expect_execute (Fixture *self, gint32 sequence)
{
  expect_frame (self, make_reply ("execute", sequence), sequence, NO_INFO);
}

/* ---- what the stub does */

static gboolean
execute (Fixture *self, GError **error)
{
  g_auto (NebulaBuffer) message = { 0 };
  gboolean answered;

  nebula_message_append_execute (&message, STUB_SEQUENCE, SESSION, COUNT_UP);
  nebula_call_start_request (&self->call);
  nebula_buffer_append (&self->call.request, message.data, message.length);
  answered = nebula_call_begin (&self->call, error)
             && nebula_call_run (&self->call, NEBULA_CALL_GOAL_SENT, error)
             && nebula_call_run (&self->call, NEBULA_CALL_GOAL_ANSWERED, error);
  nebula_call_end (&self->call);
  return answered;
}

static void
execute_well (Fixture *self)
{
  g_autoptr (GError) error = NULL;
  gboolean done = execute (self, &error);

  g_assert_no_error (error);
  g_assert_true (done);
  g_assert_true (self->call.succeeded);
}

static NebulaOutcome *
first_outcome (Fixture *self)
{
  g_assert_nonnull (self->call.failures);
  return nebula_attempt_get_outcome (self->call.failures->pdata[0]);
}

static void
assert_sent (Fixture *self, guint index, const char *head, gsize head_length, const char *method)
{
  gsize length;
  const char *bytes = g_bytes_get_data (nebula_fake_channel_get_sent (self->channel, index),
                                        &length);

  g_assert_cmpuint (length, >, head_length + 8 + strlen (method));
  g_assert_cmpmem (bytes, head_length, head, head_length);
  g_assert_cmpmem (bytes + head_length + 8, strlen (method), method, strlen (method));
}

/* ---- headers */

static void
test_request (Fixture *self, gconstpointer data)
{
  g_autoptr (GByteArray) message = make_reply ("verifyClientVersion", 1);
  g_autoptr (GByteArray) frame = make_frame (message, 1, NO_INFO, 2);
  static const char hello[] = "\0\0\0\x56\x0f\xff\0\0\0\0\0\1\0\7\0\0\1\1\x0e" "client_timeout\6"
                              "119750\0\0";
  static const char call[] = "\0\0\0\x70\x0f\xff\0\0\0\0\0\2\0\7\0\0\1\1\x0e" "client_timeout\6"
                             "119500\0\0";

  g_test_summary ("every request says its number and how long it will be waited for, ours too");
  nebula_fake_channel_expect_open (self->channel, G_TIME_SPAN_SECOND / 4);
  nebula_fake_channel_expect_send (self->channel, G_TIME_SPAN_SECOND / 4);
  nebula_fake_channel_expect_receive (self->channel, 0, frame->data, frame->len, 1);
  expect_execute (self, 2);
  execute_well (self);
  assert_sent (self, 0, hello, sizeof hello - 1, "verifyClientVersion");
  assert_sent (self, 1, call, sizeof call - 1, "execute");
  g_assert_null (self->call.failures);
}

static void
test_attempt_time (Fixture *self, gconstpointer data)
{
  g_autoptr (NebulaRetryPolicy) policy = NULL;
  g_autoptr (NebulaRetryPolicy) endless = NULL;
  static const char limited[] = "\0\0\0\x6c\x0f\xff\0\0\0\0\0\2\0\6\0\0\1\1\x0e" "client_timeout\4"
                                "2000";
  static const char unlimited[] = "\0\0\0\x58\x0f\xff\0\0\0\0\0\3\0\1\0\0\0\0";

  g_test_summary ("the time of an attempt is said when it is the shorter one, and none without a limit");
  policy = g_object_new (NEBULA_TYPE_RETRY_POLICY, "attempt-timeout", 2 * G_TIME_SPAN_SECOND, NULL);
  nebula_cluster_set_policy (self->call.cluster, policy);
  expect_connection (self, 1);
  expect_execute (self, 2);
  execute_well (self);
  assert_sent (self, 1, limited, sizeof limited - 1, "execute");

  endless = g_object_new (NEBULA_TYPE_RETRY_POLICY, "total-timeout", (gint64) 0, NULL);
  nebula_cluster_set_policy (self->call.cluster, endless);
  expect_execute (self, 3);
  execute_well (self);
  assert_sent (self, 2, unlimited, sizeof unlimited - 1, "execute");
}

static void
check_refused (Fixture *self, const char *text)
{
  g_autoptr (GError) error = NULL;

  g_assert_false (execute (self, &error));
  g_assert_error (error, NEBULA_ERROR, NEBULA_ERROR_FATAL);
  g_assert_nonnull (strstr (error->message, text));
  g_assert_true (nebula_error_may_have_been_applied (error));
  g_assert_false (nebula_fake_channel_is_open (self->channel));
}

static void
test_sequence (Fixture *self, gconstpointer data)
{
  g_test_summary ("the number has to be the request's in both places");
  expect_connection (self, 1);
  expect_frame (self, make_reply ("execute", 2), 1, NO_INFO);
  check_refused (self, "transport sent a header of another call: byte 4: sequence number 1, "
                       "expected 2");
  expect_connection (self, 3);
  expect_frame (self, make_reply ("execute", 3), 4, NO_INFO);
  check_refused (self, "the answer of transport has the sequence number of another call");
}

static void
test_damaged (Fixture *self, gconstpointer data)
{
  g_autoptr (GByteArray) message = make_reply ("execute", 2);
  g_autoptr (GByteArray) frame = make_frame (message, 2, NO_INFO, 2);

  g_test_summary ("a damaged header ends the connection and the call");
  frame->data[14] = 2;
  expect_connection (self, 1);
  nebula_fake_channel_expect_send (self->channel, 0);
  nebula_fake_channel_expect_receive (self->channel, 0, frame->data, frame->len, WHOLE);
  check_refused (self, "transport sent a damaged header: byte 10: payload protocol 2, expected 0 "
                       "(binary)");
}

static void
test_plain_reply (Fixture *self, gconstpointer data)
{
  g_autoptr (GByteArray) message = make_reply ("execute", 2);
  g_autoptr (GByteArray) frame = g_byte_array_new ();

  g_test_summary ("a server may answer with a plain frame");
  append_be32 (frame, message->len);
  append (frame, message->data, message->len);
  expect_connection (self, 1);
  nebula_fake_channel_expect_send (self->channel, 0);
  nebula_fake_channel_expect_receive (self->channel, 0, frame->data, frame->len, WHOLE);
  execute_well (self);
  g_assert_null (self->call.failures);
}

static GByteArray *
compress (GByteArray *message)
{
  g_autoptr (GConverter) zlib = NULL;
  GByteArray *bytes = g_byte_array_new ();
  gsize read, written;

  zlib = G_CONVERTER (g_zlib_compressor_new (G_ZLIB_COMPRESSOR_FORMAT_ZLIB, -1));
  g_byte_array_set_size (bytes, 1000);
  g_assert_cmpint (g_converter_convert (zlib, message->data, message->len, bytes->data, 1000,
                                        G_CONVERTER_INPUT_AT_END, &read, &written, NULL), ==,
                   G_CONVERTER_FINISHED);
  g_byte_array_set_size (bytes, written);
  return bytes;
}

static void
test_compressed_reply (Fixture *self, gconstpointer data)
{
  g_autoptr (GByteArray) message = make_reply ("execute", 2);
  g_autoptr (GByteArray) bytes = compress (message);
  g_autoptr (GByteArray) frame = make_frame (bytes, 2, "\1\0", 2);

  g_test_summary ("a compressed reply is handed over as it was before");
  frame->data[15] = 1;
  expect_connection (self, 1);
  nebula_fake_channel_expect_send (self->channel, 0);
  nebula_fake_channel_expect_receive (self->channel, 0, frame->data, frame->len, 3);
  execute_well (self);
  nebula_write_be32 (message->data + 15, STUB_SEQUENCE);
  g_assert_cmpmem (nebula_connection_get_message (&self->call.connection),
                   nebula_connection_get_message_length (&self->call.connection), message->data,
                   message->len);
}

static void
test_goaway (Fixture *self, gconstpointer data)
{
  g_test_summary ("after a good-bye the call ends well, and the next one goes elsewhere");
  self->call.n_endpoints = 2;
  expect_connection (self, 1);
  expect_frame (self, make_reply ("execute", 2), 2, GOAWAY);
  execute_well (self);
  g_assert_null (self->call.failures);
  g_assert_cmpuint (self->call.endpoint, ==, 0);

  expect_connection (self, 3);
  expect_execute (self, 4);
  execute_well (self);
  g_assert_null (self->call.failures);
  g_assert_cmpuint (self->call.endpoint, ==, 1);

  g_test_message ("and the new connection stays");
  expect_execute (self, 5);
  execute_well (self);
  g_assert_cmpuint (nebula_fake_channel_get_n_opens (self->channel), ==, 2);
}

static void
test_goaway_early (Fixture *self, gconstpointer data)
{
  g_test_summary ("a good-bye in answer to the handshake: the request is not sent there");
  nebula_fake_channel_expect_open (self->channel, 0);
  expect_frame (self, make_reply ("verifyClientVersion", 1), 1, GOAWAY);
  expect_connection (self, 3);
  expect_execute (self, 4);
  execute_well (self);
  g_assert_cmpint (nebula_outcome_get_effect (first_outcome (self)), ==, NEBULA_EFFECT_NONE);
  g_assert_cmpint (nebula_outcome_get_cause (first_outcome (self)), ==, NEBULA_CAUSE_CONNECTION);
  g_assert_cmpuint (self->call.failures->len, ==, 1);
}

/* n + 1 goes again, because the server says that it was not begun. */
static void
check_again (Fixture *self, const char *rule)
{
  expect_execute (self, 3);
  execute_well (self);
  g_assert_cmpstr (nebula_outcome_get_rule (first_outcome (self)), ==, rule);
  g_assert_cmpint (nebula_outcome_get_effect (first_outcome (self)), ==, NEBULA_EFFECT_NONE);
}

static void
test_overloaded (Fixture *self, gconstpointer data)
{
  g_test_summary ("refused because of overload: not begun");
  expect_connection (self, 1);
  expect_frame (self, make_exception (2, 11, "loadshedding request"), 2, EX_1);
  check_again (self, "ex 1");
}

static void
test_queue_timeout (Fixture *self, gconstpointer data)
{
  g_test_summary ("out of time in the queue: not begun, which the type alone would leave open");
  expect_connection (self, 1);
  expect_frame (self, make_exception (2, 12, "Queue Timeout"), 2, EX_15);
  check_again (self, "ex 15");
}

static void
check_not_again (Fixture *self, const char *rule, const char *message)
{
  execute (self, NULL);
  g_assert_false (self->call.succeeded);
  g_assert_cmpuint (self->call.failures->len, ==, 1);
  g_assert_cmpstr (nebula_outcome_get_rule (first_outcome (self)), ==, rule);
  g_assert_cmpstr (nebula_outcome_get_message (first_outcome (self)), ==, message);
  g_assert_cmpint (nebula_outcome_get_effect (first_outcome (self)), ==, NEBULA_EFFECT_MAYBE);
}

static void
test_task_expired (Fixture *self, gconstpointer data)
{
  g_test_summary ("out of time while it ran: n + 1 may have been applied");
  expect_connection (self, 1);
  expect_frame (self, make_exception (2, 12, "Task expired"), 2, EX_2);
  check_not_again (self, "ex 2", "Task expired");

  g_test_message ("and what an earlier frame said is forgotten");
  expect_frame (self, make_exception (3, 12, "Queue Timeout"), 3, NO_INFO);
  check_not_again (self, "exception 12", "Queue Timeout");
}

static void
test_own_words (Fixture *self, gconstpointer data)
{
  g_test_summary ("what the server's code threw is told where the exception itself says nothing");
  expect_connection (self, 1);
  expect_frame (self, make_exception (2, 0, NULL), 2, UEX);
  check_not_again (self, "exception 0", "Error: what");
  expect_frame (self, make_exception (3, 0, "itself"), 3, UEX);
  check_not_again (self, "exception 0", "itself");
}

static void
test_stopping (Fixture *self, gconstpointer data)
{
  g_test_summary ("a server that stops: the request goes to the next one, on another connection");
  self->call.n_endpoints = 2;
  expect_connection (self, 1);
  expect_frame (self, make_exception (2, 6, "server shutting down"), 2, EX_GOAWAY);
  expect_connection (self, 3);
  expect_execute (self, 4);
  execute_well (self);
  g_assert_cmpint (nebula_outcome_get_cause (first_outcome (self)), ==, NEBULA_CAUSE_STARTING);
  g_assert_cmpuint (self->call.endpoint, ==, 1);
}

/* ---- no frames */

static void
expect_message (Fixture *self, const char *method, gint32 sequence, gsize chunk)
{
  g_autoptr (GByteArray) message = make_reply (method, sequence);

  nebula_fake_channel_expect_send (self->channel, 0);
  nebula_fake_channel_expect_receive (self->channel, 0, message->data, message->len, chunk);
}

static void
test_unframed (Fixture *self, gconstpointer data)
{
  static const gsize chunks[] = { 1, 2, 3, 5, 7, 11, WHOLE };
  gint32 sequence = 1;

  g_test_summary ("without frames a reply ends where it ends, however its bytes come");
  nebula_fake_channel_expect_open (self->channel, 0);
  expect_message (self, "verifyClientVersion", sequence, 1);
  for (gsize i = 0; i < G_N_ELEMENTS (chunks); i++)
    {
      expect_message (self, "execute", ++sequence, chunks[i]);
      execute_well (self);
      g_assert_null (self->call.failures);
      g_assert_cmpuint (nebula_connection_get_message_length (&self->call.connection), ==, 31);
    }
  assert_sent (self, 0, "", 0, "verifyClientVersion");
  assert_sent (self, 1, "", 0, "execute");
}

static void
test_unframed_surplus (Fixture *self, gconstpointer data)
{
  g_autoptr (GByteArray) message = make_reply ("execute", 2);

  g_test_summary ("bytes behind a message belong to nobody: the connection is replaced");
  nebula_fake_channel_expect_open (self->channel, 0);
  expect_message (self, "verifyClientVersion", 1, WHOLE);
  append (message, "!", 1);
  nebula_fake_channel_expect_send (self->channel, 0);
  nebula_fake_channel_expect_receive (self->channel, 0, message->data, message->len, WHOLE);
  execute_well (self);

  nebula_fake_channel_expect_open (self->channel, 0);
  expect_message (self, "verifyClientVersion", 3, WHOLE);
  expect_message (self, "execute", 4, WHOLE);
  execute_well (self);
  g_assert_null (self->call.failures);
}

static void
check_unframed_refused (Fixture *self,
                        gint32 sequence,
                        const char *bytes,
                        gsize length,
                        const char *text)
{
  nebula_fake_channel_expect_open (self->channel, 0);
  expect_message (self, "verifyClientVersion", sequence, WHOLE);
  nebula_fake_channel_expect_send (self->channel, 0);
  nebula_fake_channel_expect_receive (self->channel, 0, bytes, length, WHOLE);
  check_refused (self, text);
}

static void
test_unframed_refused (Fixture *self, gconstpointer data)
{
  static const char framed[] = "\0\0\0\x1f";
  static const char large[] = "\x80\1\0\2\0\0\0\7execute\0\0\0\2\x0f\0\1\x0b\x7f\xff\xff\xff";

  g_test_summary ("what is no message, or is too large, is refused with the first bytes of it");
  check_unframed_refused (self, 1, framed, sizeof framed - 1,
                          "transport sent a damaged message: Message at byte 0: not strict binary "
                          "protocol, expected version 0x8001, found 0x0000");
  check_unframed_refused (self, 3, large, sizeof large - 1,
                          "transport sent a message of at least 8589934616 bytes, more than "
                          "max-frame-size (1048576 bytes)");
}

/* ---- what was sent */

/* A connection, and on it a send of which the kernel takes @taken bytes. */
static void
expect_cut (Fixture *self, gint32 sequence, gsize taken)
{
  if (self->call.connection.framer.framing == NEBULA_FRAMING_HEADER)
    {
      expect_connection (self, sequence);
    }
  else
    {
      nebula_fake_channel_expect_open (self->channel, 0);
      expect_message (self, "verifyClientVersion", sequence, WHOLE);
    }
  nebula_fake_channel_expect_send_error (self->channel, 0, taken, G_IO_ERROR_CONNECTION_CLOSED);
}

static void
test_cut (Fixture *self, gconstpointer data)
{
  /* The message has 74 bytes, the header with the time that is left 42. */
  gsize whole = GPOINTER_TO_INT (data) == NEBULA_FRAMING_HEADER ? 42 + 74 : 74;
  g_autoptr (GError) error = NULL;

  g_test_summary ("a request that the kernel did not take whole was never sent; one that it did may be "
                  "applied");
  expect_cut (self, 1, 0);
  expect_cut (self, 3, whole - 1);
  expect_cut (self, 5, whole);
  g_assert_false (execute (self, &error));
  g_assert_true (nebula_error_may_have_been_applied (error));
  g_assert_cmpuint (self->call.failures->len, ==, 3);
  for (guint i = 0; i < 3; i++)
    g_assert_cmpint (
      nebula_outcome_get_effect (nebula_attempt_get_outcome (self->call.failures->pdata[i])), ==,
      i < 2 ? NEBULA_EFFECT_NONE : NEBULA_EFFECT_MAYBE);
}

#define add(path, framing, func) \
  g_test_add (path, Fixture, GINT_TO_POINTER (NEBULA_FRAMING_##framing), set_up, func, tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  add ("/framing/header/request", HEADER, test_request);
  add ("/framing/header/attempt-time", HEADER, test_attempt_time);
  add ("/framing/header/sequence", HEADER, test_sequence);
  add ("/framing/header/damaged", HEADER, test_damaged);
  add ("/framing/header/plain-reply", HEADER, test_plain_reply);
  add ("/framing/header/compressed-reply", HEADER, test_compressed_reply);
  add ("/framing/header/goaway", HEADER, test_goaway);
  add ("/framing/header/goaway-early", HEADER, test_goaway_early);
  add ("/framing/header/overloaded", HEADER, test_overloaded);
  add ("/framing/header/queue-timeout", HEADER, test_queue_timeout);
  add ("/framing/header/task-expired", HEADER, test_task_expired);
  add ("/framing/header/own-words", HEADER, test_own_words);
  add ("/framing/header/stopping", HEADER, test_stopping);
  add ("/framing/header/cut", HEADER, test_cut);
  add ("/framing/unframed/cut", UNFRAMED, test_cut);
  add ("/framing/unframed/pieces", UNFRAMED, test_unframed);
  add ("/framing/unframed/surplus", UNFRAMED, test_unframed_surplus);
  add ("/framing/unframed/refused", UNFRAMED, test_unframed_refused);
  return g_test_run ();
}
