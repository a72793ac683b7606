/* SPDX-License-Identifier: Apache-2.0 */
#include "call-fixture.h"

#include <string.h>

/* A call over a channel that follows a script: what was sent, what may have been, when it ends. */

#define COUNT_UP "UPDATE VERTEX ON t \"v\" SET n = n + 1"
/* The frame of execute with it: 42 bytes around a statement of 36. */
#define FRAME 78
#define FETCH "FETCH PROP ON t \"v\" YIELD properties(vertex).n"

/* What a stub might write; c_glib's write 0. */
#define STUB_SEQUENCE 77

/* No channel gave this id, so it passes untouched. */
#define SESSION 5

#define WHOLE G_MAXSIZE

typedef CallFixture Fixture;

static void
set_policy (Fixture *self, const char *property, gint64 value)
{
  g_autoptr (NebulaRetryPolicy) policy = g_object_new (NEBULA_TYPE_RETRY_POLICY, property, value,
                                                       NULL);

  nebula_cluster_set_policy (self->call.cluster, policy);
}

/* The frame of a reply whose result has the code 0 (and, when it is one, the session 9). */
static GByteArray *
make_reply (const char *method, gint32 sequence)
{
  static const guint8 result[] = { 12, 0, 0, 8, 0, 1, 0, 0, 0, 0, 0, 0 };
  static const guint8 session[]
    = { 12, 0, 0, 8, 0, 1, 0, 0, 0, 0, 10, 0, 3, 0, 0, 0, 0, 0, 0, 0, 9, 0, 0 };

  if (strcmp (method, "authenticate") == 0)
    return call_fixture_make_reply (method, sequence, session, sizeof session);
  return call_fixture_make_reply (method, sequence, result, sizeof result);
}

static void
expect_reply (Fixture *self, const char *method, gint32 sequence, gsize chunk)
{
  g_autoptr (GByteArray) frame = make_reply (method, sequence);

  nebula_fake_channel_expect_receive (self->channel, 0, frame->data, frame->len, chunk);
}

static void
expect_exchange (Fixture *self, const char *method, gint32 sequence)
{
  nebula_fake_channel_expect_send (self->channel, 0);
  expect_reply (self, method, sequence, WHOLE);
}

/* A connection, and the handshake on it. */
static void
expect_connection (Fixture *self, gint32 sequence)
{
  nebula_fake_channel_expect_open (self->channel, 0);
  expect_exchange (self, "verifyClientVersion", sequence);
}

/* The stub's side of a call. */
static gboolean
call (Fixture *self, const NebulaBuffer *message, GError **error)
{
  gboolean answered;

  nebula_call_start_request (&self->call);
  nebula_buffer_append (&self->call.request, message->data, message->length);
  answered = nebula_call_begin (&self->call, error)
             && nebula_call_run (&self->call, NEBULA_CALL_GOAL_SENT, error)
             && nebula_call_run (&self->call, NEBULA_CALL_GOAL_ANSWERED, error);
  nebula_call_end (&self->call);
  return answered;
}

static gboolean
execute (Fixture *self, const char *statement, GError **error)
{
  g_auto (NebulaBuffer) message = { 0 };

  nebula_message_append_execute (&message, STUB_SEQUENCE, SESSION, statement);
  return call (self, &message, error);
}

static void
execute_well (Fixture *self, const char *statement)
{
  g_autoptr (GError) error = NULL;
  gboolean done = execute (self, statement, &error);

  g_assert_no_error (error);
  g_assert_true (done);
}

static NebulaEffect
first_effect (Fixture *self)
{
  g_assert_nonnull (self->call.failures);
  return nebula_outcome_get_effect (
    nebula_attempt_get_outcome (self->call.failures->pdata[0]));
}

static GBytes *
last_sent (Fixture *self)
{
  guint count = nebula_fake_channel_get_n_sends (self->channel);

  return nebula_fake_channel_get_sent (self->channel, count - 1);
}

static void
test_cut_frame (Fixture *self, gconstpointer data)
{
  static const gsize taken[] = { 0, 1, 4, FRAME - 1 };
  gint32 sequence = 0;

  g_test_summary ("a frame that the kernel did not take whole was never sent: n + 1 goes again");
  for (gsize i = 0; i < G_N_ELEMENTS (taken); i++)
    {
      if (i == 0)
        expect_connection (self, ++sequence);
      nebula_fake_channel_expect_send_error (self->channel, 0, taken[i],
                                             G_IO_ERROR_CONNECTION_CLOSED);
      sequence++;
      expect_connection (self, ++sequence);
      expect_exchange (self, "execute", ++sequence);
      execute_well (self, COUNT_UP);
      g_assert_cmpuint (g_bytes_get_size (last_sent (self)), ==, FRAME);
      g_assert_cmpuint (self->call.failures->len, ==, 1);
      g_assert_cmpint (first_effect (self), ==, NEBULA_EFFECT_NONE);
    }
}

static void
check_maybe (Fixture *self, GError *error)
{
  g_assert_error (error, NEBULA_ERROR, NEBULA_ERROR_RETRYABLE);
  g_assert_true (nebula_error_may_have_been_applied (error));
  g_assert_cmpint (first_effect (self), ==, NEBULA_EFFECT_MAYBE);
  g_assert_cmpuint (self->call.failures->len, ==, 1);
  g_assert_false (nebula_fake_channel_is_open (self->channel));
}

static void
test_whole_frame (Fixture *self, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  g_test_summary ("a frame that was taken whole may have been applied, whatever the error says");
  expect_connection (self, 1);
  nebula_fake_channel_expect_send_error (self->channel, 0, WHOLE, G_IO_ERROR_CONNECTION_CLOSED);
  g_assert_false (execute (self, COUNT_UP, &error));
  check_maybe (self, error);
}

static void
test_lost_reply (Fixture *self, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  g_test_summary ("a reply that does not come: n + 1 is not repeated, a read is");
  expect_connection (self, 1);
  nebula_fake_channel_expect_send (self->channel, 0);
  nebula_fake_channel_expect_receive_error (self->channel, 0, G_IO_ERROR_CONNECTION_CLOSED);
  g_assert_false (execute (self, COUNT_UP, &error));
  check_maybe (self, error);

  expect_connection (self, 3);
  nebula_fake_channel_expect_send (self->channel, 0);
  nebula_fake_channel_expect_receive_error (self->channel, 0, G_IO_ERROR_CONNECTION_CLOSED);
  expect_connection (self, 5);
  expect_exchange (self, "execute", 6);
  execute_well (self, FETCH);
  g_assert_cmpint (first_effect (self), ==, NEBULA_EFFECT_MAYBE);
}

static void
test_nothing_proved (Fixture *self, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  g_test_summary ("where nothing is proved, a failed send of 0 bytes may have been applied");
  expect_connection (self, 1);
  nebula_fake_channel_expect_send_error (self->channel, 0, 0, G_IO_ERROR_CONNECTION_CLOSED);
  g_assert_false (execute (self, COUNT_UP, &error));
  check_maybe (self, error);
}

static void
test_single_bytes (Fixture *self, gconstpointer data)
{
  g_test_summary ("a reply may come byte by byte");
  expect_connection (self, 1);
  nebula_fake_channel_expect_send (self->channel, 0);
  expect_reply (self, "execute", 2, 1);
  execute_well (self, COUNT_UP);
  g_assert_null (self->call.failures);
}

static void
test_surplus (Fixture *self, gconstpointer data)
{
  g_autoptr (GByteArray) frame = make_reply ("execute", 2);

  g_test_summary ("bytes behind a reply belong to nobody: the connection is replaced");
  expect_connection (self, 1);
  nebula_fake_channel_expect_send (self->channel, 0);
  g_byte_array_append (frame, (const guint8 *) "!", 1);
  nebula_fake_channel_expect_receive (self->channel, 0, frame->data, frame->len, WHOLE);
  execute_well (self, COUNT_UP);
  g_assert_cmpuint (nebula_connection_get_message_length (&self->call.connection), ==,
                    frame->len - 5);

  expect_connection (self, 3);
  expect_exchange (self, "execute", 4);
  execute_well (self, COUNT_UP);
  g_assert_null (self->call.failures);
  g_assert_cmpuint (nebula_fake_channel_get_n_opens (self->channel), ==, 2);
}

static void
test_surplus_before (Fixture *self, gconstpointer data)
{
  g_autoptr (GByteArray) frame = make_reply ("verifyClientVersion", 1);

  g_test_summary ("such bytes behind the answer to the handshake: the request is not sent there");
  nebula_fake_channel_expect_open (self->channel, 0);
  nebula_fake_channel_expect_send (self->channel, 0);
  g_byte_array_append (frame, (const guint8 *) "!", 1);
  nebula_fake_channel_expect_receive (self->channel, 0, frame->data, frame->len, WHOLE);

  expect_connection (self, 3);
  expect_exchange (self, "execute", 4);
  execute_well (self, COUNT_UP);
  g_assert_cmpint (first_effect (self), ==, NEBULA_EFFECT_NONE);
}

static void
test_announced_size (Fixture *self, gconstpointer data)
{
  static const guint8 size[] = { 0x0c, 0x80, 0, 0 }; /* 200 MiB */
  g_autofree guint8 *bytes = g_malloc0 (100000);
  g_autoptr (GError) error = NULL;

  g_test_summary ("a frame that breaks off leaves no memory behind; test-memory.c has the most there was");
  expect_connection (self, 1);
  nebula_fake_channel_expect_send (self->channel, 0);
  nebula_fake_channel_expect_receive (self->channel, 0, size, sizeof size, WHOLE);
  nebula_fake_channel_expect_receive (self->channel, 0, bytes, 100000, WHOLE);
  nebula_fake_channel_expect_receive_error (self->channel, 0, G_IO_ERROR_CONNECTION_CLOSED);
  g_assert_false (execute (self, COUNT_UP, &error));
  check_maybe (self, error);
  g_assert_cmpuint (self->call.connection.in.capacity, ==, 0);
}

static void
check_timed_out (Fixture *self, GError *error, gint64 after, gint32 code)
{
  g_assert_error (error, NEBULA_ERROR, NEBULA_ERROR_RETRYABLE);
  g_assert_cmpint (nebula_error_get_code (error), ==, code);
  g_assert_cmpint (nebula_clock_get_now (NEBULA_CLOCK (self->clock)), ==,
                   CALL_FIXTURE_START + after);
}

/* Calls "deplete" of a service that nobody knows, once; what it answers begins with @code. */
static gboolean
deplete (Fixture *self, gint32 sequence, gint32 code, GError **error)
{
  g_autoptr (GByteArray) reply = make_reply ("deplete", sequence);
  g_auto (NebulaBuffer) message = { 0 };

  nebula_write_be32 (reply->data + 29, code);
  nebula_fake_channel_expect_send (self->channel, 0);
  nebula_fake_channel_expect_receive (self->channel, 0, reply->data, reply->len, WHOLE);
  nebula_message_append_execute (&message, STUB_SEQUENCE, SESSION, COUNT_UP);
  memcpy (message.data + 8, "deplete", 7);
  return call (self, &message, error);
}

static void
test_other_service (Fixture *self, gconstpointer data)
{
  static const gint32 refusals[] = { -2, -1010, -3531 };
  g_autoptr (GError) error = NULL;
  gint32 sequence = 0;

  g_test_summary ("a number of another service is no reason to call it again; nor, above 0, a failure");
  self->call.surface = NEBULA_SURFACE_ERRORS;
  nebula_fake_channel_expect_open (self->channel, 0);
  g_assert_true (deplete (self, ++sequence, 5, &error));
  g_assert_no_error (error);
  g_assert_true (self->call.succeeded);

  for (gsize i = 0; i < G_N_ELEMENTS (refusals); i++)
    {
      g_assert_false (deplete (self, ++sequence, refusals[i], &error));
      g_assert_true (nebula_error_may_have_been_applied (error));
      g_clear_error (&error);
    }
}

static void
test_total_time (Fixture *self, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  g_test_summary ("a call that is not answered ends after two minutes, to the microsecond");
  expect_connection (self, 1);
  nebula_fake_channel_expect_send (self->channel, 0);
  nebula_fake_channel_expect_receive_error (self->channel, NEBULA_FAKE_FOREVER,
                                            G_IO_ERROR_CONNECTION_CLOSED);
  g_assert_false (execute (self, FETCH, &error));
  check_timed_out (self, error, 120 * G_TIME_SPAN_SECOND, -3);
  g_assert_true (nebula_error_may_have_been_applied (error));
  g_assert_cmpuint (self->call.failures->len, ==, 1);
}

static void
test_attempt_time (Fixture *self, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  g_test_summary ("the time of an attempt is that of all that it does: to greet, to send, to wait");
  set_policy (self, "attempt-timeout", G_TIME_SPAN_SECOND);
  nebula_fake_channel_expect_open (self->channel, G_TIME_SPAN_SECOND / 4);
  nebula_fake_channel_expect_send (self->channel, G_TIME_SPAN_SECOND / 4);
  expect_reply (self, "verifyClientVersion", 1, WHOLE);
  nebula_fake_channel_expect_send (self->channel, G_TIME_SPAN_SECOND / 4);
  nebula_fake_channel_expect_receive_error (self->channel, NEBULA_FAKE_FOREVER,
                                            G_IO_ERROR_CONNECTION_CLOSED);
  g_assert_false (execute (self, COUNT_UP, &error));
  check_timed_out (self, error, G_TIME_SPAN_SECOND, -3);
  check_maybe (self, error);
}

static void
test_connect_time (Fixture *self, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  g_test_summary ("a connection that does not come is given up after three seconds");
  set_policy (self, "total-timeout", 3 * G_TIME_SPAN_SECOND + 1);
  nebula_fake_channel_expect_open (self->channel, NEBULA_FAKE_FOREVER);
  nebula_fake_channel_expect_open (self->channel, NEBULA_FAKE_FOREVER);
  g_assert_false (execute (self, COUNT_UP, &error));
  check_timed_out (self, error, 3 * G_TIME_SPAN_SECOND + 1, -2);
  g_assert_false (nebula_error_may_have_been_applied (error));
}

static void
test_never_sent_tries (Fixture *self, gconstpointer data)
{
  g_test_summary ("what was never sent is tried twice per endpoint and twice more, no further");
  for (guint endpoints = 1; endpoints <= 3; endpoints++)
    {
      guint before = nebula_fake_channel_get_n_opens (self->channel);
      g_autoptr (GError) error = NULL;

      self->call.n_endpoints = endpoints;
      for (guint i = 0; i < 2 * endpoints + 2; i++)
        nebula_fake_channel_expect_open_error (self->channel, 0, G_IO_ERROR,
                                               G_IO_ERROR_CONNECTION_REFUSED);
      g_assert_false (execute (self, COUNT_UP, &error));
      g_assert_cmpint (nebula_error_get_code (error), ==, -2);
      g_assert_false (nebula_error_may_have_been_applied (error));
      g_assert_cmpuint (nebula_fake_channel_get_n_opens (self->channel) - before, ==,
                        2 * endpoints + 2);
      g_assert_true (nebula_fake_channel_is_done (self->channel));
    }
}

/* One truth about failures of connecting: what may heal is a connection that could not be made. */
static const struct
{
  GQuark (*domain) (void);
  int code;
  NebulaError kind;
  gint32 number;
  guint n_opens;
} open_failures[] = {
  { g_tls_error_quark, G_TLS_ERROR_BAD_CERTIFICATE, NEBULA_ERROR_FATAL, -2, 1 },
  { g_tls_error_quark, G_TLS_ERROR_HANDSHAKE, NEBULA_ERROR_FATAL, -2, 1 },
  { g_tls_error_quark, G_TLS_ERROR_NOT_TLS, NEBULA_ERROR_FATAL, -2, 1 },
  { g_tls_error_quark, G_TLS_ERROR_CERTIFICATE_REQUIRED, NEBULA_ERROR_AUTH, -2, 1 },
  { g_tls_error_quark, G_TLS_ERROR_EOF, NEBULA_ERROR_RETRYABLE, -2, 4 },
  { g_tls_error_quark, G_TLS_ERROR_MISC, NEBULA_ERROR_RETRYABLE, -2, 4 },
  { g_io_error_quark, G_IO_ERROR_TIMED_OUT, NEBULA_ERROR_RETRYABLE, -2, 4 },
  { g_io_error_quark, G_IO_ERROR_CONNECTION_CLOSED, NEBULA_ERROR_RETRYABLE, -2, 4 },
  { g_io_error_quark, G_IO_ERROR_FAILED, NEBULA_ERROR_RETRYABLE, -2, 4 },
  { g_io_error_quark, G_IO_ERROR_PROXY_NEED_AUTH, NEBULA_ERROR_FATAL, -2, 1 },
  { g_io_error_quark, G_IO_ERROR_CANCELLED, NEBULA_ERROR_CANCELLED, -3, 1 },
};

static void
test_open_failures (Fixture *self, gconstpointer data)
{
  g_test_summary ("a refused certificate is asked for once; a network that fails is tried again");
  for (gsize i = 0; i < G_N_ELEMENTS (open_failures); i++)
    {
      guint before = nebula_fake_channel_get_n_opens (self->channel);
      g_autoptr (GError) error = NULL;

      for (guint j = 0; j < open_failures[i].n_opens; j++)
        nebula_fake_channel_expect_open_error (self->channel, 0, open_failures[i].domain (),
                                               open_failures[i].code);
      g_assert_false (execute (self, COUNT_UP, &error));
      g_assert_error (error, NEBULA_ERROR, (int) open_failures[i].kind);
      g_assert_cmpint (nebula_error_get_code (error), ==, open_failures[i].number);
      g_assert_false (nebula_error_may_have_been_applied (error));
      g_assert_cmpuint (nebula_fake_channel_get_n_opens (self->channel) - before, ==,
                        open_failures[i].n_opens);
      g_assert_true (nebula_fake_channel_is_done (self->channel));
    }
}

/* The sequence number in a message whose method has a name of @length bytes. */
static gint32
sequence_of (const guint8 *message, gsize length)
{
  return (gint32) nebula_read_be32 (message + 8 + length);
}

static void
test_sequence (Fixture *self, gconstpointer data)
{
  g_test_summary ("the wire has our sequence numbers, the stub gets its own back");
  expect_connection (self, 1);
  for (gint32 i = 2; i <= 4; i++)
    {
      const guint8 *frame;

      expect_exchange (self, "execute", i);
      execute_well (self, COUNT_UP);
      frame = g_bytes_get_data (last_sent (self), NULL);
      g_assert_cmpint (sequence_of (frame + 4, 7), ==, i);
      g_assert_cmpint (sequence_of (nebula_connection_get_message (&self->call.connection), 7), ==,
                       STUB_SEQUENCE);
    }
}

static void
test_sequence_wraps (Fixture *self, gconstpointer data)
{
  g_test_summary ("behind the largest sequence number comes 1");
  self->call.connection.sequence = G_MAXINT32 - 1;
  expect_connection (self, G_MAXINT32);
  expect_exchange (self, "execute", 1);
  execute_well (self, COUNT_UP);
}

static void
assert_wiped (Fixture *self, gsize length)
{
  g_assert_cmpuint (self->call.request.length, ==, 0);
  g_assert_cmpuint (self->call.request.capacity, >=, length);
  for (gsize i = 0; i < length; i++)
    g_assert_cmpuint (self->call.request.data[i], ==, 0);
}

static void
test_password (Fixture *self, gconstpointer data)
{
  g_autoptr (GBytes) user = g_bytes_new_static ("root", 4);
  g_autoptr (GBytes) password = g_bytes_new_static ("swordfish", 9);
  g_auto (NebulaBuffer) message = { 0 };
  GBytes *sent;
  g_autoptr (GError) error = NULL;
  gsize length;

  g_test_summary ("after authenticate the password is wiped from the buffer of requests");
  expect_connection (self, 1);
  expect_exchange (self, "authenticate", 2);
  nebula_message_append_authenticate (&message, STUB_SEQUENCE, user, password);
  g_assert_true (call (self, &message, &error));
  g_assert_no_error (error);

  sent = last_sent (self);
  length = g_bytes_get_size (sent);
  g_assert_nonnull (memmem (g_bytes_get_data (sent, NULL), length, "swordfish", 9));
  assert_wiped (self, length);
}

static void
test_password_in_statement (Fixture *self, gconstpointer data)
{
  static const char statement[] = "ALTER USER u WITH PASSWORD \"swordfish\"";

  g_test_summary ("a statement leaves no password behind either, nor does what was never sent");
  expect_connection (self, 1);
  expect_exchange (self, "execute", 2);
  execute_well (self, statement);
  assert_wiped (self, strlen (statement));

  nebula_call_start_request (&self->call);
  nebula_buffer_append (&self->call.request, statement, strlen (statement));
  nebula_call_end (&self->call);
  assert_wiped (self, strlen (statement));
}

#define add(path, data, func) \
  g_test_add (path, Fixture, data, call_fixture_set_up, func, call_fixture_tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  add ("/call/sent/cut-frame", NULL, test_cut_frame);
  add ("/call/sent/whole-frame", NULL, test_whole_frame);
  add ("/call/sent/lost-reply", NULL, test_lost_reply);
  add ("/call/sent/lost-reply-opaque", "opaque", test_lost_reply);
  add ("/call/sent/nothing-proved", "opaque", test_nothing_proved);
  add ("/call/sent/never-sent-tries", NULL, test_never_sent_tries);
  add ("/call/open-failures", NULL, test_open_failures);
  add ("/call/reply/single-bytes", NULL, test_single_bytes);
  add ("/call/reply/single-bytes-opaque", "opaque", test_single_bytes);
  add ("/call/reply/surplus", NULL, test_surplus);
  add ("/call/reply/surplus-before", NULL, test_surplus_before);
  add ("/call/reply/announced-size", NULL, test_announced_size);
  add ("/call/reply/announced-size-opaque", "opaque", test_announced_size);
  add ("/call/reply/other-service", NULL, test_other_service);
  add ("/call/time/total", NULL, test_total_time);
  add ("/call/time/attempt", NULL, test_attempt_time);
  add ("/call/time/connect", NULL, test_connect_time);
  add ("/call/sequence", NULL, test_sequence);
  add ("/call/sequence-wraps", NULL, test_sequence_wraps);
  add ("/call/password", NULL, test_password);
  add ("/call/password-in-statement", NULL, test_password_in_statement);
  return g_test_run ();
}
