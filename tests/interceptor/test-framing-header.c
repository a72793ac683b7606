/* SPDX-License-Identifier: Apache-2.0 */
#include "framing-fixture.h"

#include <string.h>

/* Calls with headers: what is said in them, and what is made of what the server says. */

/* Info headers as a block of whole words has them, behind protocol and transforms. */
#define GOAWAY "\1\1\x0a" "connection\6goaway\0\0"
#define EX_1 "\1\1\2ex\1" "1\0\0\0"
#define EX_2 "\1\1\2ex\1" "2\0\0\0"
#define EX_15 "\1\1\2ex\2" "15\0\0"
#define EX_GOAWAY "\1\2\2ex\1" "5\x0a" "connection\6goaway\0"
#define UEX "\1\2\3uex\5" "Error\4uexw\4" "what"

/* The message of the handshake. */
#define HELLO_LENGTH 48

static void
test_request (FramingFixture *self, gconstpointer data)
{
  g_autoptr (GByteArray) message = framing_make_reply ("verifyClientVersion", 1);
  g_autoptr (GByteArray) frame = framing_make_frame (message, 1, FRAMING_NO_INFO, 2);
  g_autoptr (GByteArray) hello = framing_make_first_head (HELLO_LENGTH, 1, "2750");
  static const char call[] = "\0\0\0\x70\x0f\xff\0\0\0\0\0\2\0\7\0\0\1\1\x0e" "client_timeout\6"
                             "119500\0\0";

  g_test_summary ("every request says its number and how long it will be waited for; ours as long as a connect");
  nebula_fake_channel_expect_open (self->channel, G_TIME_SPAN_SECOND / 4);
  nebula_fake_channel_expect_send (self->channel, G_TIME_SPAN_SECOND / 4);
  nebula_fake_channel_expect_receive (self->channel, 0, frame->data, frame->len, 1);
  framing_expect_execute (self, 2);
  framing_execute_well (self);
  framing_assert_sent (self, 0, (const char *) hello->data, hello->len, "verifyClientVersion");
  framing_assert_sent (self, 1, call, sizeof call - 1, "execute");
  g_assert_null (self->call.failures);
}

static void
test_first (FramingFixture *self, gconstpointer data)
{
  g_autoptr (GByteArray) hello = framing_make_first_head (HELLO_LENGTH, 3, "3000");
  static const char call[] = "\0\0\0\x70\x0f\xff\0\0\0\0\0\4\0\7\0\0\1\1\x0e" "client_timeout\6"
                             "120000\0\0";

  g_test_summary ("who asks is said with the first request on each connection, and no other");
  framing_expect_connection (self, 1);
  framing_expect_frame (self, framing_make_reply ("execute", 2), 2, GOAWAY);
  framing_execute_well (self);
  framing_expect_connection (self, 3);
  framing_expect_execute (self, 4);
  framing_execute_well (self);
  framing_assert_sent (self, 2, (const char *) hello->data, hello->len, "verifyClientVersion");
  framing_assert_sent (self, 3, call, sizeof call - 1, "execute");
}

static void
test_attempt_time (FramingFixture *self, gconstpointer data)
{
  g_autoptr (NebulaRetryPolicy) policy = NULL;
  g_autoptr (NebulaRetryPolicy) endless = NULL;
  static const char limited[] = "\0\0\0\x6c\x0f\xff\0\0\0\0\0\2\0\6\0\0\1\1\x0e" "client_timeout\4"
                                "2000";
  static const char unlimited[] = "\0\0\0\x58\x0f\xff\0\0\0\0\0\3\0\1\0\0\0\0";

  g_test_summary ("the time of an attempt is said where it is shorter, and none where there is no limit");
  policy = g_object_new (NEBULA_TYPE_RETRY_POLICY, "attempt-timeout", 2 * G_TIME_SPAN_SECOND, NULL);
  nebula_cluster_set_policy (self->call.cluster, policy);
  framing_expect_connection (self, 1);
  framing_expect_execute (self, 2);
  framing_execute_well (self);
  framing_assert_sent (self, 1, limited, sizeof limited - 1, "execute");

  endless = g_object_new (NEBULA_TYPE_RETRY_POLICY, "total-timeout", (gint64) 0, NULL);
  nebula_cluster_set_policy (self->call.cluster, endless);
  framing_expect_execute (self, 3);
  framing_execute_well (self);
  framing_assert_sent (self, 2, unlimited, sizeof unlimited - 1, "execute");
}

static void
test_sequence (FramingFixture *self, gconstpointer data)
{
  g_test_summary ("the number has to be the request's in both places");
  framing_expect_connection (self, 1);
  framing_expect_frame (self, framing_make_reply ("execute", 2), 1, FRAMING_NO_INFO);
  framing_assert_refused (self, "transport sent a header of another call: byte 4: sequence number "
                                "1, expected 2");
  framing_expect_connection (self, 3);
  framing_expect_frame (self, framing_make_reply ("execute", 3), 4, FRAMING_NO_INFO);
  framing_assert_refused (self, "the answer of transport has the sequence number of another call");
}

static void
test_damaged (FramingFixture *self, gconstpointer data)
{
  g_autoptr (GByteArray) message = framing_make_reply ("execute", 2);
  g_autoptr (GByteArray) frame = framing_make_frame (message, 2, FRAMING_NO_INFO, 2);

  g_test_summary ("a damaged header ends the connection and the call");
  frame->data[14] = 2;
  framing_expect_connection (self, 1);
  nebula_fake_channel_expect_send (self->channel, 0);
  nebula_fake_channel_expect_receive (self->channel, 0, frame->data, frame->len, FRAMING_WHOLE);
  framing_assert_refused (self, "transport sent a damaged header: byte 10: payload protocol 2, "
                                "expected 0 (binary)");
}

static void
test_plain_reply (FramingFixture *self, gconstpointer data)
{
  g_autoptr (GByteArray) message = framing_make_reply ("execute", 2);
  g_autoptr (GByteArray) frame = g_byte_array_new ();

  g_test_summary ("a server may answer with a plain frame");
  framing_append_be32 (frame, message->len);
  framing_append (frame, message->data, message->len);
  framing_expect_connection (self, 1);
  nebula_fake_channel_expect_send (self->channel, 0);
  nebula_fake_channel_expect_receive (self->channel, 0, frame->data, frame->len, FRAMING_WHOLE);
  framing_execute_well (self);
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
test_compressed_reply (FramingFixture *self, gconstpointer data)
{
  g_autoptr (GByteArray) message = framing_make_reply ("execute", 2);
  g_autoptr (GByteArray) bytes = compress (message);
  g_autoptr (GByteArray) frame = framing_make_frame (bytes, 2, "\1\0", 2);

  g_test_summary ("a compressed reply is handed over as it was before");
  frame->data[15] = 1;
  framing_expect_connection (self, 1);
  nebula_fake_channel_expect_send (self->channel, 0);
  nebula_fake_channel_expect_receive (self->channel, 0, frame->data, frame->len, 3);
  framing_execute_well (self);
  nebula_write_be32 (message->data + 15, FRAMING_STUB_SEQUENCE);
  g_assert_cmpmem (nebula_connection_get_message (&self->call.connection),
                   nebula_connection_get_message_length (&self->call.connection), message->data,
                   message->len);
}

static void
test_goaway (FramingFixture *self, gconstpointer data)
{
  g_test_summary ("after a good-bye the call ends well, and the next one goes elsewhere");
  self->call.n_endpoints = 2;
  framing_expect_connection (self, 1);
  framing_expect_frame (self, framing_make_reply ("execute", 2), 2, GOAWAY);
  framing_execute_well (self);
  g_assert_null (self->call.failures);
  g_assert_cmpuint (self->n_channels, ==, 1);

  framing_expect_connection (self, 3);
  framing_expect_execute (self, 4);
  framing_execute_well (self);
  g_assert_null (self->call.failures);
  g_assert_cmpuint (self->n_channels, ==, 2);

  g_test_message ("and the new connection stays");
  framing_expect_execute (self, 5);
  framing_execute_well (self);
  g_assert_cmpuint (nebula_fake_channel_get_n_opens (self->channel), ==, 2);
}

static void
test_goaway_early (FramingFixture *self, gconstpointer data)
{
  g_test_summary ("a good-bye in answer to the handshake: the request is not sent there");
  nebula_fake_channel_expect_open (self->channel, 0);
  framing_expect_frame (self, framing_make_reply ("verifyClientVersion", 1), 1, GOAWAY);
  framing_expect_connection (self, 3);
  framing_expect_execute (self, 4);
  framing_execute_well (self);
  g_assert_cmpint (nebula_outcome_get_effect (framing_first_outcome (self)), ==,
                   NEBULA_EFFECT_NONE);
  g_assert_cmpint (nebula_outcome_get_cause (framing_first_outcome (self)), ==,
                   NEBULA_CAUSE_CONNECTION);
  g_assert_cmpuint (self->call.failures->len, ==, 1);
}

/* n + 1 goes again, because the server says that it was not begun. */
static void
check_again (FramingFixture *self, const char *rule)
{
  framing_expect_execute (self, 3);
  framing_execute_well (self);
  g_assert_cmpstr (nebula_outcome_get_rule (framing_first_outcome (self)), ==, rule);
  g_assert_cmpint (nebula_outcome_get_effect (framing_first_outcome (self)), ==,
                   NEBULA_EFFECT_NONE);
}

static void
test_overloaded (FramingFixture *self, gconstpointer data)
{
  g_test_summary ("refused because of overload: not begun");
  framing_expect_connection (self, 1);
  framing_expect_frame (self, framing_make_exception (2, 11, "loadshedding request"), 2, EX_1);
  check_again (self, "ex 1");
}

static void
test_queue_timeout (FramingFixture *self, gconstpointer data)
{
  g_test_summary ("out of time in the queue: not begun, which the type alone would leave open");
  framing_expect_connection (self, 1);
  framing_expect_frame (self, framing_make_exception (2, 12, "Queue Timeout"), 2, EX_15);
  check_again (self, "ex 15");
}

static void
check_not_again (FramingFixture *self, const char *rule, const char *message)
{
  framing_execute (self, NULL);
  g_assert_false (self->call.succeeded);
  g_assert_cmpuint (self->call.failures->len, ==, 1);
  g_assert_cmpstr (nebula_outcome_get_rule (framing_first_outcome (self)), ==, rule);
  g_assert_cmpstr (nebula_outcome_get_message (framing_first_outcome (self)), ==, message);
  g_assert_cmpint (nebula_outcome_get_effect (framing_first_outcome (self)), ==,
                   NEBULA_EFFECT_MAYBE);
}

static void
test_task_expired (FramingFixture *self, gconstpointer data)
{
  g_test_summary ("out of time while it ran: n + 1 may have been applied");
  framing_expect_connection (self, 1);
  framing_expect_frame (self, framing_make_exception (2, 12, "Task expired"), 2, EX_2);
  check_not_again (self, "ex 2", "Task expired");

  g_test_message ("and what an earlier frame said is forgotten");
  framing_expect_frame (self, framing_make_exception (3, 12, "Queue Timeout"), 3, FRAMING_NO_INFO);
  check_not_again (self, "exception 12", "Queue Timeout");
}

static void
test_forgotten (FramingFixture *self, gconstpointer data)
{
  g_autoptr (GByteArray) message = framing_make_exception (3, 12, "Task expired");
  g_autoptr (GByteArray) frame = g_byte_array_new ();

  g_test_summary ("what one header said does not hold for a plain frame behind it");
  framing_append_be32 (frame, message->len);
  framing_append (frame, message->data, message->len);
  framing_expect_connection (self, 1);
  framing_expect_frame (self, framing_make_exception (2, 12, "Queue Timeout"), 2, EX_15);
  nebula_fake_channel_expect_send (self->channel, 0);
  nebula_fake_channel_expect_receive (self->channel, 0, frame->data, frame->len, FRAMING_WHOLE);
  framing_execute (self, NULL);
  g_assert_false (self->call.succeeded);
  g_assert_cmpuint (self->call.failures->len, ==, 2);
  g_assert_cmpstr (nebula_outcome_get_rule (framing_first_outcome (self)), ==, "ex 15");
  g_assert_cmpstr (nebula_outcome_get_rule (
                     nebula_attempt_get_outcome (self->call.failures->pdata[1])),
                   ==, "exception 12");
}

static void
test_own_words (FramingFixture *self, gconstpointer data)
{
  g_test_summary ("what the server's code threw is told where the exception itself says nothing");
  framing_expect_connection (self, 1);
  framing_expect_frame (self, framing_make_exception (2, 0, NULL), 2, UEX);
  check_not_again (self, "exception 0", "Error: what");
  framing_expect_frame (self, framing_make_exception (3, 0, "itself"), 3, UEX);
  check_not_again (self, "exception 0", "itself");
}

static void
test_stopping (FramingFixture *self, gconstpointer data)
{
  g_test_summary ("a server that stops: the request goes to the next one, on another connection");
  self->call.n_endpoints = 2;
  framing_expect_connection (self, 1);
  framing_expect_frame (self, framing_make_exception (2, 6, "server shutting down"), 2, EX_GOAWAY);
  framing_expect_connection (self, 3);
  framing_expect_execute (self, 4);
  framing_execute_well (self);
  g_assert_cmpint (nebula_outcome_get_cause (framing_first_outcome (self)), ==,
                   NEBULA_CAUSE_STARTING);
  g_assert_cmpuint (self->n_channels, ==, 2);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  framing_add ("/framing/header/request", HEADER, test_request);
  framing_add ("/framing/header/first", HEADER, test_first);
  framing_add ("/framing/header/attempt-time", HEADER, test_attempt_time);
  framing_add ("/framing/header/sequence", HEADER, test_sequence);
  framing_add ("/framing/header/damaged", HEADER, test_damaged);
  framing_add ("/framing/header/plain-reply", HEADER, test_plain_reply);
  framing_add ("/framing/header/compressed-reply", HEADER, test_compressed_reply);
  framing_add ("/framing/header/goaway", HEADER, test_goaway);
  framing_add ("/framing/header/goaway-early", HEADER, test_goaway_early);
  framing_add ("/framing/header/overloaded", HEADER, test_overloaded);
  framing_add ("/framing/header/queue-timeout", HEADER, test_queue_timeout);
  framing_add ("/framing/header/task-expired", HEADER, test_task_expired);
  framing_add ("/framing/header/forgotten", HEADER, test_forgotten);
  framing_add ("/framing/header/own-words", HEADER, test_own_words);
  framing_add ("/framing/header/stopping", HEADER, test_stopping);
  return g_test_run ();
}
