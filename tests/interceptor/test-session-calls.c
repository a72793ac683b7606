/* SPDX-License-Identifier: Apache-2.0 */
#include "call-fixture.h"

#include <string.h>

/* Statements under names that nobody knows here, and connections that are busy, not idle. */

#define METHOD "executeWithTimeout"
#define GO "GO FROM 1 OVER e"
#define MINUTE (60 * G_TIME_SPAN_SECOND)

static void
set_up (CallFixture *self, gconstpointer data)
{
  call_fixture_set_up (self, data);
  self->call.service = NEBULA_SERVICE_GRAPH;
}

static void
add_session (CallFixture *self, gint64 id, const char *space)
{
  nebula_cluster_add_session (self->call.cluster, id, "root", "nebula", space);
}

static gboolean
run (CallFixture *self, const char *method, gint64 session, const char *statement, GError **error)
{
  g_autoptr (GByteArray) frame = call_fixture_make_statement (method, session, statement);

  return call_fixture_call (self, frame, error);
}

static void
assert_sent (CallFixture *self, guint index, const char *expected)
{
  g_autofree char *sent = call_fixture_describe_sent (self, index);

  g_assert_cmpstr (sent, ==, expected);
}

static void
test_space (CallFixture *self, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  g_test_summary ("a statement under any name finds its space set on a new connection");
  add_session (self, 5, "test");
  nebula_fake_channel_expect_open (self->channel, 0);
  call_fixture_expect_code (self, "verifyClientVersion", 1, 0);
  call_fixture_expect_code (self, "execute", 2, 0);
  call_fixture_expect_code (self, METHOD, 3, 0);
  g_assert_true (run (self, METHOD, 5, GO, &error));
  g_assert_no_error (error);
  assert_sent (self, 1, "execute (5, USE `test`)");
  assert_sent (self, 2, METHOD " (5, " GO ")");
  g_assert_true (self->call.succeeded);
}

static void
test_service (CallFixture *self, gconstpointer data)
{
  g_test_summary ("a stub that has no other method is graphd's when the session is one of graphd's");
  self->call.service = NEBULA_SERVICE_AUTO;
  add_session (self, 5, "test");
  nebula_fake_channel_expect_open (self->channel, 0);
  call_fixture_expect_code (self, "verifyClientVersion", 1, 0);
  call_fixture_expect_code (self, "execute", 2, 0);
  call_fixture_expect_code (self, METHOD, 3, 0);
  g_assert_true (run (self, METHOD, 5, GO, NULL));
  assert_sent (self, 1, "execute (5, USE `test`)");
}

static void
test_other_service (CallFixture *self, gconstpointer data)
{
  g_test_summary ("any other number, before a text, makes no session");
  self->call.service = NEBULA_SERVICE_AUTO;
  add_session (self, 5, "test");
  nebula_fake_channel_expect_open (self->channel, 0);
  call_fixture_expect_code (self, METHOD, 1, 0);
  g_assert_true (run (self, METHOD, 6, GO, NULL));
  g_assert_cmpint (self->call.service, ==, NEBULA_SERVICE_OTHER);
}

/* authenticate's answer: the session @id. */
static void
expect_renewal (CallFixture *self, gint32 sequence, guint8 id)
{
  const guint8 body[] = { 12, 0, 0, 8, 0, 1, 0, 0, 0, 0, 10, 0, 3,
                          0,  0, 0, 0, 0, 0, 0, id, 0, 0 };

  call_fixture_expect (self, "authenticate", sequence, body, sizeof body);
}

static void
test_renewed (CallFixture *self, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  g_test_summary ("its session is renewed, and the new id put where the stub wrote the old one");
  add_session (self, 5, NULL);
  nebula_fake_channel_expect_open (self->channel, 0);
  call_fixture_expect_code (self, "verifyClientVersion", 1, 0);
  call_fixture_expect_code (self, METHOD, 2, -1002);
  expect_renewal (self, 3, 9);
  call_fixture_expect_code (self, METHOD, 4, 0);
  g_assert_true (run (self, METHOD, 5, GO, &error));
  g_assert_no_error (error);
  assert_sent (self, 1, METHOD " (5, " GO ")");
  assert_sent (self, 3, METHOD " (9, " GO ")");
}

static void
test_renewed_to_none (CallFixture *self, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  g_test_summary ("an answer to authenticate with the session 0 renews nothing");
  add_session (self, 5, NULL);
  nebula_fake_channel_expect_open (self->channel, 0);
  call_fixture_expect_code (self, "verifyClientVersion", 1, 0);
  call_fixture_expect_code (self, METHOD, 2, -1002);
  expect_renewal (self, 3, 0);
  g_assert_false (run (self, METHOD, 5, GO, &error));
  g_assert_nonnull (strstr (error->message, "an answer to authenticate without a session"));
  g_assert_false (nebula_error_may_have_been_applied (error));
}

static void
set_policy (CallFixture *self, const char *json)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (NebulaRetryPolicy) policy = nebula_retry_policy_new_from_json (json, -1, &error);

  g_assert_no_error (error);
  nebula_cluster_set_policy (self->call.cluster, policy);
}

/* Has a credential until the call that waits for it has given up. */
typedef struct
{
  NebulaCredential *credential;
  NebulaLimit limit;
  gint state; /* atomic: 1 when it has it, 2 when it is not needed any more */
} Owner;

static gpointer
own (gpointer data)
{
  Owner *owner = data;

  g_assert_true (nebula_credential_claim (owner->credential, &owner->limit, NULL));
  g_atomic_int_set (&owner->state, 1);
  while (g_atomic_int_get (&owner->state) == 1)
    g_thread_yield ();
  nebula_credential_release (owner->credential);
  return NULL;
}

static void
test_renewed_elsewhere (CallFixture *self, gconstpointer data)
{
  g_autoptr (NebulaSession) session = NULL;
  g_autoptr (NebulaCredential) credential = NULL;
  g_autoptr (GError) error = NULL;
  GThread *thread;
  Owner owner = { 0 };

  g_test_summary ("who waits for another's authenticate with the same password gives up in time");
  add_session (self, 5, NULL);
  session = nebula_session_table_find (nebula_cluster_get_sessions (self->call.cluster), 5);
  credential = nebula_session_get_credential (session);
  owner.credential = credential;
  owner.limit.clock = NEBULA_CLOCK (self->clock);
  owner.limit.deadline = G_MAXINT64;
  thread = g_thread_new ("owner", own, &owner);
  while (g_atomic_int_get (&owner.state) == 0)
    g_thread_yield ();

  set_policy (self, "{ \"methodConfig\": [{ \"name\": [{}], \"timeout\": \"0.001s\" }] }");
  nebula_fake_channel_expect_open (self->channel, 0);
  call_fixture_expect_code (self, "verifyClientVersion", 1, 0);
  call_fixture_expect_code (self, METHOD, 2, -1002);
  g_assert_false (run (self, METHOD, 5, GO, &error));
  g_assert_cmpint (nebula_outcome_get_cause (nebula_error_get_outcome (error)), ==,
                   NEBULA_CAUSE_TIMEOUT);
  g_assert_cmpint (nebula_error_get_code (error), ==, -3);
  g_assert_false (nebula_error_may_have_been_applied (error));
  g_atomic_int_set (&owner.state, 2);
  g_thread_join (thread);
}

static void
test_gone (CallFixture *self, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  g_test_summary ("a lost session whose password was refused is gone: nothing is sent in it");
  add_session (self, 5, NULL);
  nebula_fake_channel_expect_open (self->channel, 0);
  call_fixture_expect_code (self, "verifyClientVersion", 1, 0);
  call_fixture_expect_code (self, METHOD, 2, -1002);
  call_fixture_expect_code (self, "authenticate", 3, -1001);
  g_assert_false (run (self, METHOD, 5, GO, NULL));
  g_assert_false (run (self, METHOD, 5, GO, &error));
  g_assert_error (error, NEBULA_ERROR, NEBULA_ERROR_SESSION);
  g_assert_cmpint (nebula_error_get_code (error), ==, -1002);
  g_assert_false (nebula_error_may_have_been_applied (error));
}

static void
test_space_refused (CallFixture *self, gconstpointer data)
{
  g_test_summary ("a USE that was answered leaves no doubt, whatever the answer: no new session");
  add_session (self, 5, "test");
  nebula_fake_channel_expect_open (self->channel, 0);
  call_fixture_expect_code (self, "verifyClientVersion", 1, 0);
  call_fixture_expect_code (self, "execute", 2, -1008);
  g_assert_false (run (self, "execute", 5, GO, NULL));
  call_fixture_expect_code (self, "execute", 3, 0);
  g_assert_true (run (self, "execute", 5, "USE other", NULL));
  assert_sent (self, 2, "execute (5, USE other)");
}

/* graphd's answer to a statement that failed, with a @message of at most 255 bytes. */
static void
expect_failure (CallFixture *self, gint32 sequence, gint32 code, const char *message)
{
  guint8 head[] = { 12, 0, 0, 8, 0, 1, 0, 0, 0, 0, 11, 0, 5, 0, 0, 0, strlen (message) };
  g_autoptr (GByteArray) body = g_byte_array_new ();

  nebula_write_be32 (head + 6, code);
  g_byte_array_append (body, head, sizeof head);
  g_byte_array_append (body, (const guint8 *) message, strlen (message));
  g_byte_array_append (body, (const guint8 *) "\0", 2);
  call_fixture_expect (self, "execute", sequence, body->data, body->len);
}

static void
expect_no_space (CallFixture *self, gint32 sequence)
{
  expect_failure (self, sequence, -1009, "Space was not chosen");
}

static void
test_not_own_work (CallFixture *self, gconstpointer data)
{
  NebulaOutcome *last;

  g_test_summary ("what exists is not the work of an attempt that did nothing");
  nebula_fake_channel_expect_open (self->channel, 0);
  call_fixture_expect_code (self, "verifyClientVersion", 1, 0);
  expect_failure (self, 2, -1002, "Get session `5' failed: LeaderChanged: ");
  expect_failure (self, 3, -1005, "Existed!");
  g_assert_true (run (self, "execute", 5, "CREATE TAG t(n int)", NULL));
  g_assert_false (self->call.succeeded);
  g_assert_cmpuint (self->call.failures->len, ==, 2);
  last = nebula_attempt_get_outcome (self->call.failures->pdata[1]);
  g_assert_cmpint (nebula_outcome_get_cause (last), ==, NEBULA_CAUSE_EXISTS);
  g_assert_false (nebula_outcome_is_own_success (last));
}

static void
test_backslash (CallFixture *self, gconstpointer data)
{
  static const char text[] = "SyntaxError: syntax error near `\\n\\u0041'";
  NebulaOutcome *outcome;

  g_test_summary ("a text that is not JSON is taken as it is");
  nebula_fake_channel_expect_open (self->channel, 0);
  call_fixture_expect_code (self, "verifyClientVersion", 1, 0);
  expect_failure (self, 2, -1004, text);
  g_assert_true (run (self, "execute", 5, "\\n", NULL));
  outcome = nebula_attempt_get_outcome (self->call.failures->pdata[0]);
  g_assert_cmpstr (nebula_outcome_get_message (outcome), ==, text);
}

static void
test_leader (CallFixture *self, gconstpointer data)
{
  g_test_summary ("a graphd finds the new leader itself: the connection stays");
  self->call.n_endpoints = 2;
  nebula_fake_channel_expect_open (self->channel, 0);
  call_fixture_expect_code (self, "verifyClientVersion", 1, 0);
  expect_failure (self, 2, -1002, "Get session `5' failed: LeaderChanged: ");
  call_fixture_expect_code (self, "execute", 3, 0);
  g_assert_true (run (self, "execute", 5, GO, NULL));
  g_assert_cmpuint (nebula_fake_channel_get_n_opens (self->channel), ==, 1);
}

static void
test_other_space (CallFixture *self, gconstpointer data)
{
  g_test_summary ("the space of one session is not replayed for another one that nobody knows");
  add_session (self, 5, "test");
  nebula_fake_channel_expect_open (self->channel, 0);
  call_fixture_expect_code (self, "verifyClientVersion", 1, 0);
  call_fixture_expect_code (self, "execute", 2, 0);
  call_fixture_expect_code (self, "execute", 3, 0);
  g_assert_true (run (self, "execute", 5, GO, NULL));
  expect_no_space (self, 4);
  g_assert_true (run (self, "execute", 6, GO, NULL));
  g_assert_cmpuint (self->call.failures->len, ==, 1);

  expect_no_space (self, 5);
  call_fixture_expect_code (self, "execute", 6, 0);
  call_fixture_expect_code (self, "execute", 7, 0);
  g_assert_true (run (self, "execute", 5, GO, NULL));
  assert_sent (self, 5, "execute (5, USE `test`)");
}

static void
test_json (CallFixture *self, gconstpointer data)
{
  static const char json[] = "{\"results\":[{\"spaceName\":\"te\\u0073t\"}],"
                             "\"errors\":[{\"code\":0}]}";
  g_autoptr (GByteArray) body = g_byte_array_new ();
  const guint8 head[] = { 11, 0, 0, 0, 0, 0, sizeof json - 1 };

  g_test_summary ("an answer that is JSON is read as such: the space is known from it");
  add_session (self, 5, NULL);
  g_byte_array_append (body, head, sizeof head);
  g_byte_array_append (body, (const guint8 *) json, sizeof json);
  nebula_fake_channel_expect_open (self->channel, 0);
  call_fixture_expect_code (self, "verifyClientVersion", 1, 0);
  call_fixture_expect (self, "executeJsonWithTimeout", 2, body->data, body->len);
  g_assert_true (run (self, "executeJsonWithTimeout", 5, "USE test", NULL));
  g_assert_cmpstr (self->call.view.space, ==, "test");
}

static void
test_struct (CallFixture *self, gconstpointer data)
{
  static const guint8 body[] = { 12, 0, 0, 8, 0, 1, 0, 0, 0, 0, 11, 0, 4, 0, 0, 0, 4,
                                 't', 'e', 's', 't', 0, 0 };

  g_test_summary ("an answer that is a struct is read as that of execute: its space is known");
  add_session (self, 5, NULL);
  nebula_fake_channel_expect_open (self->channel, 0);
  call_fixture_expect_code (self, "verifyClientVersion", 1, 0);
  call_fixture_expect (self, METHOD, 2, body, sizeof body);
  g_assert_true (run (self, METHOD, 5, "USE test", NULL));
  g_assert_cmpstr (self->call.view.space, ==, "test");
}

typedef struct
{
  const char *name;
  guint8 body[16];
  gsize length;
} Odd;

static const Odd odds[] = {
  { "void", { 0 }, 1 },
  { "number", { 8, 0, 0, 0xff, 0xff, 0xff, 0xff, 0 }, 8 },
  { "text", { 11, 0, 0, 0, 0, 0, 1, 'x', 0 }, 9 },
  { "positive", { 12, 0, 0, 8, 0, 1, 0, 0, 0, 7, 0, 0 }, 12 },
};

static void
test_odd (CallFixture *self, gconstpointer data)
{
  gint32 sequence = 1;

  g_test_summary ("an answer that looks like none of a statement is handed over as it came");
  add_session (self, 5, NULL);
  nebula_fake_channel_expect_open (self->channel, 0);
  call_fixture_expect_code (self, "verifyClientVersion", sequence, 0);
  for (gsize i = 0; i < G_N_ELEMENTS (odds); i++)
    {
      g_autoptr (GError) error = NULL;

      g_test_message ("%s", odds[i].name);
      call_fixture_expect (self, METHOD, ++sequence, odds[i].body, odds[i].length);
      g_assert_true (run (self, METHOD, 5, GO, &error));
      g_assert_no_error (error);
      g_assert_true (self->call.succeeded);
    }
}

static void
test_effect (CallFixture *self, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  g_test_summary ("what may run twice is read from its text, as that of execute");
  self->call.surface = NEBULA_SURFACE_ERRORS;
  nebula_fake_channel_expect_open (self->channel, 0);
  call_fixture_expect_code (self, "verifyClientVersion", 1, 0);
  call_fixture_expect_code (self, METHOD, 2, -3);
  call_fixture_expect_code (self, METHOD, 3, 0);
  g_assert_true (run (self, METHOD, 5, GO, &error));
  g_assert_no_error (error);

  call_fixture_expect_code (self, METHOD, 4, -3);
  g_assert_false (run (self, METHOD, 5, "UPDATE VERTEX ON t 1 SET n = n + 1", &error));
  g_assert_true (nebula_error_may_have_been_applied (error));
}

static gint64
get_time_limit (CallFixture *self)
{
  return nebula_retry_policy_get_total_timeout (self->call.policy) / G_TIME_SPAN_SECOND;
}

#define CONFIG(name, timeout) "{ \"name\": [" name "], \"timeout\": \"" timeout "\" }"

static void
test_policy (CallFixture *self, gconstpointer data)
{
  g_test_summary ("a policy may name methods that nobody knows here; each follows its own");
  set_policy (self, "{ \"methodConfig\": [" CONFIG ("{}", "5s") ","
                    CONFIG ("{ \"service\": \"GraphService\" }", "7s") ","
                    CONFIG ("{ \"service\": \"GraphService\", \"method\": \"" METHOD "\" }", "9s")
                    "] }");
  nebula_fake_channel_expect_open (self->channel, 0);
  call_fixture_expect_code (self, "verifyClientVersion", 1, 0);
  call_fixture_expect_code (self, METHOD, 2, 0);
  g_assert_true (run (self, METHOD, 5, GO, NULL));
  g_assert_cmpint (get_time_limit (self), ==, 9);
  call_fixture_expect_code (self, "executeLater", 3, 0);
  g_assert_true (run (self, "executeLater", 5, GO, NULL));
  g_assert_cmpint (get_time_limit (self), ==, 7);
}

static void
test_policy_of_all (CallFixture *self, gconstpointer data)
{
  g_test_summary ("what a policy says of all methods holds for a service that nobody knows, too");
  self->call.service = NEBULA_SERVICE_OTHER;
  set_policy (self, "{ \"methodConfig\": [" CONFIG ("{}", "5s") "] }");
  nebula_fake_channel_expect_open (self->channel, 0);
  call_fixture_expect_code (self, METHOD, 1, 0);
  g_assert_true (run (self, METHOD, 5, GO, NULL));
  g_assert_cmpint (get_time_limit (self), ==, 5);
}

static void
expect_slow_answer (CallFixture *self, gint32 sequence, gint64 takes)
{
  static const guint8 body[] = { 12, 0, 0, 8, 0, 1, 0, 0, 0, 0, 0, 0 };
  g_autoptr (GByteArray) frame = NULL;

  frame = call_fixture_make_reply ("execute", sequence, body, sizeof body);
  nebula_fake_channel_expect_receive (self->channel, takes, frame->data, frame->len, G_MAXSIZE);
}

static void
set_no_time_limit (CallFixture *self)
{
  g_autoptr (NebulaRetryPolicy) policy = g_object_new (NEBULA_TYPE_RETRY_POLICY, "total-timeout",
                                                       (gint64) 0, NULL);

  nebula_cluster_set_policy (self->call.cluster, policy);
}

/* A statement that takes 11 minutes on a new connection. */
static void
run_long (CallFixture *self)
{
  set_no_time_limit (self);
  nebula_fake_channel_expect_open (self->channel, 0);
  call_fixture_expect_code (self, "verifyClientVersion", 1, 0);
  nebula_fake_channel_expect_send (self->channel, 0);
  if (nebula_channel_proves_unsent (NEBULA_CHANNEL (self->channel)))
    {
      /* Four parts of two and a half minutes, of which nothing is lost. */
      for (guint i = 0; i < 4; i++)
        nebula_fake_channel_expect_receive_error (self->channel, NEBULA_FAKE_FOREVER,
                                                  G_IO_ERROR_FAILED);
      expect_slow_answer (self, 2, MINUTE);
    }
  else
    {
      expect_slow_answer (self, 2, 11 * MINUTE);
    }
  g_assert_true (run (self, "execute", 5, GO, NULL));
}

static void
test_long (CallFixture *self, gconstpointer data)
{
  g_test_summary ("a statement that takes longer than idle-timeout leaves no idle connection");
  run_long (self);
  nebula_manual_clock_advance (self->clock, MINUTE);
  call_fixture_expect_code (self, "execute", 3, 0);
  g_assert_true (run (self, "execute", 5, GO, NULL));
  g_assert_cmpuint (nebula_fake_channel_get_n_opens (self->channel), ==, 1);
}

static void
test_idle (CallFixture *self, gconstpointer data)
{
  g_test_summary ("after it the idle time is counted all the same");
  run_long (self);
  nebula_manual_clock_advance (self->clock, 5 * MINUTE);
  nebula_fake_channel_expect_open (self->channel, 0);
  call_fixture_expect_code (self, "verifyClientVersion", 3, 0);
  call_fixture_expect_code (self, "execute", 4, 0);
  g_assert_true (run (self, "execute", 5, GO, NULL));
}

static void
test_old (CallFixture *self, gconstpointer data)
{
  g_test_summary ("what is no endpoint of the cluster's is not connected to anew because of its age");
  self->call.max_connection_age = MINUTE;
  nebula_fake_channel_expect_open (self->channel, 0);
  call_fixture_expect_code (self, "verifyClientVersion", 1, 0);
  call_fixture_expect_code (self, "execute", 2, 0);
  g_assert_true (run (self, "execute", 5, GO, NULL));
  nebula_manual_clock_advance (self->clock, 2 * MINUTE);
  call_fixture_expect_code (self, "execute", 3, 0);
  g_assert_true (run (self, "execute", 5, GO, NULL));
  g_assert_cmpuint (nebula_fake_channel_get_n_opens (self->channel), ==, 1);
}

static void
test_time_limit (CallFixture *self, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  g_test_summary ("a wait in parts ends when the call has to");
  set_no_time_limit (self);
  nebula_fake_channel_expect_open (self->channel, 0);
  call_fixture_expect_code (self, "verifyClientVersion", 1, 0);
  nebula_fake_channel_expect_send (self->channel, 0);
  nebula_fake_channel_expect_receive_error (self->channel, NEBULA_FAKE_FOREVER, G_IO_ERROR_FAILED);
  nebula_fake_channel_expect_receive_error (self->channel, 0, G_IO_ERROR_CONNECTION_CLOSED);
  g_assert_false (run (self, "execute", 5, "UPDATE VERTEX ON t 1 SET n = n + 1", &error));
  g_assert_cmpint (nebula_error_get_code (error), ==, -1);
  g_assert_cmpint (nebula_clock_get_now (NEBULA_CLOCK (self->clock)), ==,
                   1000 * G_TIME_SPAN_SECOND + 150 * G_TIME_SPAN_SECOND);
}

#define add(path, data, func) \
  g_test_add (path, CallFixture, data, set_up, func, call_fixture_tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  add ("/session-calls/statement/space", NULL, test_space);
  add ("/session-calls/statement/service", NULL, test_service);
  add ("/session-calls/statement/other-service", NULL, test_other_service);
  add ("/session-calls/statement/renewed", NULL, test_renewed);
  add ("/session-calls/statement/renewed-to-none", NULL, test_renewed_to_none);
  add ("/session-calls/statement/renewed-elsewhere", NULL, test_renewed_elsewhere);
  add ("/session-calls/statement/not-own-work", NULL, test_not_own_work);
  add ("/session-calls/statement/backslash", NULL, test_backslash);
  add ("/session-calls/statement/leader", NULL, test_leader);
  add ("/session-calls/statement/gone", NULL, test_gone);
  add ("/session-calls/statement/space-refused", NULL, test_space_refused);
  add ("/session-calls/statement/other-space", NULL, test_other_space);
  add ("/session-calls/statement/json", NULL, test_json);
  add ("/session-calls/statement/struct", NULL, test_struct);
  add ("/session-calls/statement/odd", NULL, test_odd);
  add ("/session-calls/statement/effect", NULL, test_effect);
  add ("/session-calls/policy", NULL, test_policy);
  add ("/session-calls/policy-of-all", NULL, test_policy_of_all);
  add ("/session-calls/long", NULL, test_long);
  add ("/session-calls/long-opaque", "opaque", test_long);
  add ("/session-calls/idle", NULL, test_idle);
  add ("/session-calls/idle-opaque", "opaque", test_idle);
  add ("/session-calls/old", NULL, test_old);
  add ("/session-calls/time-limit", NULL, test_time_limit);
  return g_test_run ();
}
