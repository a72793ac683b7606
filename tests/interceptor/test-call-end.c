/* SPDX-License-Identifier: Apache-2.0 */
#include "call-fixture.h"

#include <string.h>

/* How a call ends: what an error from below means, when nobody answers, and what is kept. */

/* What nebula_call_fail () makes of an error. */
typedef struct
{
  GQuark (*domain) (void);
  int code;
  gboolean connecting;
  NebulaSendState sent;
  NebulaCause cause;
  gint32 number;
  NebulaEffect effect;
} Failure;

static const Failure failures[] = {
  /* a kind that nobody knows */
  { g_file_error_quark, G_FILE_ERROR_IO, FALSE, NEBULA_SEND_STATE_MAYBE, NEBULA_CAUSE_CONNECTION,
    -1, NEBULA_EFFECT_MAYBE },
  { g_file_error_quark, G_FILE_ERROR_IO, FALSE, NEBULA_SEND_STATE_NEVER, NEBULA_CAUSE_CONNECTION,
    -1, NEBULA_EFFECT_NONE },
  { g_file_error_quark, G_FILE_ERROR_IO, TRUE, NEBULA_SEND_STATE_NEVER, NEBULA_CAUSE_CONNECTION,
    -2, NEBULA_EFFECT_NONE },
  /* one that comes only before there is a connection, and bytes that were written to one */
  { g_io_error_quark, G_IO_ERROR_CONNECTION_REFUSED, FALSE, NEBULA_SEND_STATE_MAYBE,
    NEBULA_CAUSE_CONNECTION, -1, NEBULA_EFFECT_MAYBE },
  { g_io_error_quark, G_IO_ERROR_CONNECTION_REFUSED, FALSE, NEBULA_SEND_STATE_NEVER,
    NEBULA_CAUSE_CONNECTION, -2, NEBULA_EFFECT_NONE },
  { g_tls_error_quark, G_TLS_ERROR_CERTIFICATE_REQUIRED, FALSE, NEBULA_SEND_STATE_MAYBE,
    NEBULA_CAUSE_CREDENTIALS, -2, NEBULA_EFFECT_NONE },
  { nebula_error_quark, NEBULA_ERROR_INVALID_ARGUMENT, FALSE, NEBULA_SEND_STATE_MAYBE,
    NEBULA_CAUSE_ARGUMENT, -8000, NEBULA_EFFECT_NONE },
  /* others stay what they are, unless they heal while a connection is made */
  { nebula_error_quark, NEBULA_ERROR_FATAL, FALSE, NEBULA_SEND_STATE_MAYBE, NEBULA_CAUSE_PROTOCOL,
    -3, NEBULA_EFFECT_MAYBE },
  { g_io_error_quark, G_IO_ERROR_TIMED_OUT, FALSE, NEBULA_SEND_STATE_NEVER, NEBULA_CAUSE_TIMEOUT,
    -3, NEBULA_EFFECT_NONE },
  { g_io_error_quark, G_IO_ERROR_TIMED_OUT, TRUE, NEBULA_SEND_STATE_NEVER, NEBULA_CAUSE_CONNECTION,
    -2, NEBULA_EFFECT_NONE },
};

static void
test_failures (CallFixture *self, gconstpointer data)
{
  g_test_summary ("what an error from below means depends on what was sent, and on what for");
  for (gsize i = 0; i < G_N_ELEMENTS (failures); i++)
    {
      const Failure *row = &failures[i];
      g_autoptr (GError) error = g_error_new_literal (row->domain (), row->code, "it failed");
      g_autoptr (NebulaOutcome) outcome = nebula_call_fail (&self->call, error, row->connecting,
                                                            row->sent);

      g_test_message ("%s %d", g_quark_to_string (error->domain), error->code);
      g_assert_cmpint (nebula_outcome_get_cause (outcome), ==, row->cause);
      g_assert_cmpint (nebula_outcome_get_wire_code (outcome), ==, row->number);
      g_assert_cmpint (nebula_outcome_get_effect (outcome), ==, row->effect);
      g_assert_cmpstr (nebula_outcome_get_message (outcome), ==, "it failed");
    }
}

static gboolean
send_message (CallFixture *self, const NebulaBuffer *message, GError **error)
{
  nebula_call_start_request (&self->call);
  nebula_buffer_append (&self->call.request, message->data, message->length);
  return nebula_call_begin (&self->call, error)
         && nebula_call_run (&self->call, NEBULA_CALL_GOAL_SENT, error);
}

/* Sends a message of @type to @method, whose name has 7 letters. */
static void
send_oneway (CallFixture *self, const char *method, NebulaMessageType type)
{
  g_auto (NebulaBuffer) message = { 0 };
  g_autoptr (GError) error = NULL;

  nebula_message_append_signout (&message, 1, 5);
  message.data[3] = type;
  memcpy (message.data + 8, method, 7);
  g_assert_true (send_message (self, &message, &error));
  g_assert_no_error (error);
  nebula_call_end (&self->call);
}

static void
test_oneway (CallFixture *self, gconstpointer data)
{
  g_test_summary ("what is never answered is over when it is sent: by its type, or by its method");
  nebula_fake_channel_expect_open (self->channel, 0);
  call_fixture_expect_code (self, "verifyClientVersion", 1, 0);
  nebula_fake_channel_expect_send (self->channel, 0);
  send_oneway (self, "signout", NEBULA_MESSAGE_CALL);
  g_assert_true (self->call.succeeded);
  g_assert_false (self->call.is_sent);

  nebula_fake_channel_expect_send (self->channel, 0);
  send_oneway (self, "signoff", NEBULA_MESSAGE_ONEWAY);
  g_assert_true (self->call.succeeded);
  g_assert_false (self->call.is_sent);
  nebula_call_close (&self->call);
}

static void
test_long_name (CallFixture *self, gconstpointer data)
{
  static const char name[] = "aNameThatIsLongerThanWhatIsKeptOfAMethodThatNobodyKnowsSoItIsCut";
  g_autoptr (GByteArray) frame = call_fixture_make_statement (name, 5, "YIELD 1");

  g_test_summary ("of the name of a method that nobody knows the first 63 bytes are kept");
  nebula_fake_channel_expect_open (self->channel, 0);
  call_fixture_expect_code (self, name, 1, 0);
  g_assert_true (call_fixture_call (self, frame, NULL));
  g_assert_cmpmem (nebula_call_get_method_name (&self->call),
                   strlen (nebula_call_get_method_name (&self->call)), name, 63);
}

static void
test_late (CallFixture *self, gconstpointer data)
{
  g_autoptr (GByteArray) frame = call_fixture_make_statement ("execute", 5, "YIELD 1");
  g_autoptr (GError) error = NULL;
  NebulaAttempt *attempt;

  g_test_summary ("a call without time was not refused a connection, even if the one before was");
  self->call.is_refused = TRUE;
  self->call.latest = CALL_FIXTURE_START;
  g_assert_false (call_fixture_call (self, frame, &error));
  g_assert_cmpuint (self->call.failures->len, ==, 1);
  attempt = self->call.failures->pdata[0];
  g_assert_cmpint (nebula_attempt_get_decision (attempt).reason, ==, NEBULA_REASON_DEADLINE);
  g_assert_cmpint (nebula_outcome_get_cause (nebula_attempt_get_outcome (attempt)), ==,
                   NEBULA_CAUSE_TIMEOUT);
}

/* Signs in; the answer is the session @id. */
static void
sign_in (CallFixture *self, gint32 sequence, guint8 id)
{
  const guint8 body[] = { 12, 0, 0, 8, 0, 1, 0, 0, 0, 0, 10, 0, 3,
                          0,  0, 0, 0, 0, 0, 0, id, 0, 0 };
  g_autoptr (GBytes) user = g_bytes_new_static ("root", 4);
  g_auto (NebulaBuffer) message = { 0 };
  g_autoptr (GError) error = NULL;

  call_fixture_expect (self, "authenticate", sequence, body, sizeof body);
  nebula_message_append_authenticate (&message, 1, user, user);
  g_assert_true (send_message (self, &message, &error));
  g_assert_no_error (error);
  g_assert_true (nebula_call_run (&self->call, NEBULA_CALL_GOAL_ANSWERED, &error));
  g_assert_no_error (error);
  nebula_call_end (&self->call);
}

/* The sessions that are kept to be signed out at the end, with a blank behind each. */
static void
assert_made (CallFixture *self, const char *expected)
{
  g_autoptr (GString) ids = g_string_new (NULL);

  for (guint i = 0; i < self->call.made->len; i++)
    g_string_append_printf (ids, "%" G_GINT64_FORMAT " ",
                            nebula_session_get_caller_id (self->call.made->pdata[i]));
  g_assert_cmpstr (ids->str, ==, expected);
}

static void
test_made (CallFixture *self, gconstpointer data)
{
  NebulaSessionTable *sessions = nebula_cluster_get_sessions (self->call.cluster);

  g_test_summary ("of the sessions that were got, those that are over are forgotten");
  nebula_fake_channel_expect_open (self->channel, 0);
  call_fixture_expect_code (self, "verifyClientVersion", 1, 0);
  sign_in (self, 2, 9);
  assert_made (self, "9 ");
  nebula_session_table_end (sessions, 9);
  sign_in (self, 3, 10);
  assert_made (self, "10 ");
  sign_in (self, 4, 10);
  assert_made (self, "10 ");
  sign_in (self, 5, 11);
  assert_made (self, "10 11 ");
}

#define add(path, func) \
  g_test_add (path, CallFixture, NULL, call_fixture_set_up, func, call_fixture_tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  add ("/call-end/failures", test_failures);
  add ("/call-end/oneway", test_oneway);
  add ("/call-end/long-name", test_long_name);
  add ("/call-end/late", test_late);
  add ("/call-end/made", test_made);
  return g_test_run ();
}
