/* SPDX-License-Identifier: Apache-2.0 */
#include "nebula-fixture.h"

/* Sessions that the interceptor gets by itself, with credentials that were set or are asked for. */

#define COUNT_UP "UPDATE VERTEX ON t \"v\" SET n = n + 1"
#define INSERT "INSERT VERTEX t(n) VALUES \"v\":(1)"
#define USE_TEST "USE `test`"

static guint
calls (Fixture *self, const char *method)
{
  return nebula_mock_server_get_calls (self->server, method);
}

static void
sign_in (Fixture *self, const char *space)
{
  g_autoptr (GError) error = NULL;

  g_assert_true (
    nebula_interceptor_sign_in (self->interceptor, space, &self->session, &error));
  g_assert_no_error (error);
  g_assert_cmpint (self->session, !=, 0);
}

static void
assert_refused (Fixture *self, const char *text)
{
  g_autoptr (GError) error = NULL;
  gint64 id = 7;

  g_assert_false (nebula_interceptor_sign_in (self->interceptor, "test", &id, &error));
  g_assert_cmpint (id, ==, 0);
  g_assert_error (error, NEBULA_ERROR, NEBULA_ERROR_AUTH);
  g_assert_nonnull (strstr (error->message, text));
}

static void
test_sign_in (Fixture *self, gconstpointer data)
{
  g_test_summary ("a session in a space, with the credentials that were set, and signed out again");
  nebula_cluster_set_credentials (self->cluster, "root", "nebula");
  sign_in (self, "test");
  g_assert_cmpuint (nebula_mock_server_get_received (self->server, USE_TEST), ==, 1);
  g_assert_cmpint (fixture_execute (self, INSERT, NULL), ==, 0);
  g_assert_cmpint (fixture_get_number (self, "v", "n"), ==, 1);
  g_assert_cmpuint (nebula_mock_server_get_received (self->server, USE_TEST), ==, 1);
  g_assert_cmpuint (nebula_mock_server_get_sessions (self->server), ==, 1);

  g_assert_true (nebula_interceptor_sign_out (self->interceptor, self->session, NULL));
  g_assert_cmpint (fixture_execute (self, INSERT, NULL), ==, -1002);
  g_assert_true (nebula_mock_server_wait_for_sessions (self->server, 0));
  g_assert_cmpuint (calls (self, "authenticate"), ==, 1);
}

static void
test_renewed (Fixture *self, gconstpointer data)
{
  g_test_summary ("it is renewed as any other, also where no password is kept");
  nebula_cluster_set_keep_credentials (self->cluster, FALSE);
  nebula_cluster_set_credentials (self->cluster, "root", "nebula");
  sign_in (self, "test");
  g_assert_cmpint (fixture_execute (self, INSERT, NULL), ==, 0);
  nebula_mock_server_expire_sessions (self->server);
  g_assert_cmpint (fixture_execute (self, COUNT_UP, NULL), ==, 0);
  g_assert_cmpint (fixture_get_number (self, "v", "n"), ==, 2);
  g_assert_cmpuint (calls (self, "authenticate"), ==, 2);
}

static void
test_no_credentials (Fixture *self, gconstpointer data)
{
  g_test_summary ("without credentials nothing is sent, and the error says what was expected");
  assert_refused (self, "nebula_cluster_set_credentials");
  g_assert_cmpuint (calls (self, "authenticate"), ==, 0);

  nebula_cluster_set_credentials (self->cluster, "root", "nebula");
  nebula_cluster_set_credentials (self->cluster, NULL, NULL);
  assert_refused (self, "nebula_cluster_set_credentials");
  g_assert_cmpuint (calls (self, "authenticate"), ==, 0);
}

static void
test_refused (Fixture *self, gconstpointer data)
{
  g_test_summary ("what was refused is not tried again before it is set again");
  nebula_cluster_set_credentials (self->cluster, "root", "guess");
  assert_refused (self, "Invalid password");
  assert_refused (self, "refused before");
  g_assert_cmpuint (calls (self, "authenticate"), ==, 1);

  nebula_cluster_set_credentials (self->cluster, "root", "guess");
  assert_refused (self, "Invalid password");
  nebula_cluster_set_credentials (self->cluster, "root", "nebula");
  sign_in (self, NULL);
  g_assert_cmpuint (calls (self, "authenticate"), ==, 3);
}

static void
test_locked (Fixture *self, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  gint64 id;

  g_test_summary ("a locked account tells how long, and is tried again only after that time");
  fixture_open (self);
  for (guint i = 0; i < 5; i++)
    g_assert_cmpint (fixture_authenticate (self, "guess", NULL), ==, -1001);
  nebula_cluster_set_credentials (self->cluster, "root", "nebula");
  g_assert_false (nebula_interceptor_sign_in (self->interceptor, NULL, &id, &error));
  g_assert_error (error, NEBULA_ERROR, NEBULA_ERROR_AUTH);
  g_assert_cmpint (nebula_outcome_get_cause (nebula_error_get_outcome (error)), ==,
                   NEBULA_CAUSE_LOCKED);
  g_assert_cmpint (nebula_outcome_get_pushback (nebula_error_get_outcome (error)), ==,
                   300 * G_TIME_SPAN_SECOND);
  g_assert_cmpuint (calls (self, "authenticate"), ==, 6);

  nebula_mock_server_add_user (self->server, "root", "nebula");
  nebula_manual_clock_advance (self->clock, 300 * G_TIME_SPAN_SECOND - 1);
  assert_refused (self, "refused before");
  g_assert_cmpuint (calls (self, "authenticate"), ==, 6);
  nebula_manual_clock_advance (self->clock, 1);
  sign_in (self, NULL);
}

static void
test_no_space (Fixture *self, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  gint64 id;

  g_test_summary ("where the space cannot be had no session is left behind");
  nebula_cluster_set_credentials (self->cluster, "root", "nebula");
  g_assert_false (nebula_interceptor_sign_in (self->interceptor, "nowhere", &id, &error));
  g_assert_error (error, NEBULA_ERROR, NEBULA_ERROR_FATAL);
  g_assert_true (nebula_mock_server_wait_for_sessions (self->server, 0));
}

static void
test_policy (Fixture *self, gconstpointer data)
{
  g_autoptr (NebulaMockFault) fault = NULL;

  g_test_summary ("signing in follows the policy: an answer that was lost is asked for once more");
  nebula_cluster_set_credentials (self->cluster, "root", "nebula");
  fault = nebula_mock_fault_new (NEBULA_MOCK_FAULT_CLOSE_AFTER_APPLY, "authenticate", NULL, 1, 1);
  nebula_mock_server_add_fault (self->server, fault);
  fixture_fault_code (self, "USE", 1, -1005, "LeaderChanged: Leader changed!");
  sign_in (self, "test");
  g_assert_cmpuint (calls (self, "authenticate"), ==, 2);
  g_assert_cmpuint (nebula_mock_server_get_received (self->server, USE_TEST), ==, 2);
}

static void
test_closed (Fixture *self, gconstpointer data)
{
  g_test_summary ("closing signs out what the interceptor got, and leaves what the stub got");
  fixture_log_in (self);
  nebula_cluster_set_credentials (self->cluster, "root", "nebula");
  sign_in (self, "test");
  sign_in (self, "test");
  g_assert_cmpuint (nebula_mock_server_get_sessions (self->server), ==, 3);
  g_assert_true (thrift_transport_close (THRIFT_TRANSPORT (self->interceptor), NULL));
  g_assert_true (nebula_mock_server_wait_for_sessions (self->server, 1));
}

static void
test_sign_out_on_close (Fixture *self, gconstpointer data)
{
  g_test_summary ("with sign-out-on-close so is what the stub got and did not sign out itself");
  fixture_log_in (self);
  g_object_set (self->interceptor, "sign-out-on-close", TRUE, NULL);
  g_assert_true (
    nebula_thrift_graph_service_client_signout (self->client, self->session, NULL));
  g_assert_cmpint (fixture_authenticate (self, "nebula", NULL), ==, 0);
  nebula_mock_server_expire_sessions (self->server);
  g_assert_cmpint (fixture_execute (self, "YIELD 1", NULL), ==, 0);

  /* To drop it is to close it. */
  fixture_connect (self, nebula_interceptor_new (self->cluster));
  g_assert_true (nebula_mock_server_wait_for_sessions (self->server, 0));
  g_assert_cmpuint (calls (self, "signout"), ==, 2);
}

static void
test_long_unused (Fixture *self, gconstpointer data)
{
  gint64 first;

  g_test_summary ("a stub's session keeps its space, however long it is not used and who signs in");
  fixture_use_space (self);
  first = self->session;
  for (guint i = 0; i < 3; i++)
    {
      nebula_manual_clock_advance (self->clock, 8 * G_TIME_SPAN_HOUR);
      g_assert_cmpint (fixture_authenticate (self, "nebula", NULL), ==, 0);
    }
  self->session = first;
  g_assert_cmpint (fixture_execute (self, INSERT, NULL), ==, 0);
  g_assert_cmpuint (nebula_mock_server_get_received (self->server, USE_TEST), ==, 1);
}

static void
test_close_without_server (Fixture *self, gconstpointer data)
{
  gint64 before;

  g_test_summary ("closing does not wait for a server that is gone longer than a connect may take");
  nebula_cluster_set_credentials (self->cluster, "root", "nebula");
  for (guint i = 0; i < 5; i++)
    sign_in (self, NULL);
  nebula_mock_server_set_listening (self->server, FALSE);
  nebula_mock_server_close_connections (self->server);
  g_assert_true (nebula_mock_server_wait_for_connections_closed (self->server));
  before = nebula_clock_get_now (NEBULA_CLOCK (self->clock));
  g_assert_true (thrift_transport_close (THRIFT_TRANSPORT (self->interceptor), NULL));
  g_assert_cmpint (nebula_clock_get_now (NEBULA_CLOCK (self->clock)) - before, <=,
                   3 * G_TIME_SPAN_SECOND);
  nebula_mock_server_set_listening (self->server, TRUE);
}

static void
test_close_cancelled (Fixture *self, gconstpointer data)
{
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GError) error = NULL;

  g_test_summary ("closing signs out, though the calls were cancelled before");
  fixture_open (self);
  nebula_cluster_set_credentials (self->cluster, "root", "nebula");
  g_assert_true (nebula_interceptor_sign_in (self->interceptor, NULL, &self->session, NULL));
  nebula_interceptor_set_cancellable (self->interceptor, cancellable);
  g_cancellable_cancel (cancellable);
  g_assert_cmpint (fixture_execute (self, "YIELD 1", &error), ==, FIXTURE_NO_REPLY);
  g_assert_error (error, NEBULA_ERROR, NEBULA_ERROR_CANCELLED);
  thrift_transport_close (THRIFT_TRANSPORT (self->interceptor), NULL);
  g_assert_true (nebula_mock_server_wait_for_sessions (self->server, 0));

  /* It is set still. */
  g_clear_error (&error);
  g_assert_false (thrift_transport_open (THRIFT_TRANSPORT (self->interceptor), &error));
  g_assert_error (error, NEBULA_ERROR, NEBULA_ERROR_CANCELLED);
}

static void
test_close_late (Fixture *self, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  g_test_summary ("closing signs out, though the deadline of the calls is over");
  fixture_open (self);
  nebula_cluster_set_credentials (self->cluster, "root", "nebula");
  g_assert_true (nebula_interceptor_sign_in (self->interceptor, NULL, &self->session, NULL));
  nebula_interceptor_set_deadline (self->interceptor, 0);
  g_assert_false (nebula_interceptor_sign_in (self->interceptor, NULL, &self->session, &error));
  g_assert_error (error, NEBULA_ERROR, NEBULA_ERROR_RETRYABLE);
  /* What has to be connected for takes time. */
  nebula_mock_server_close_connections (self->server);
  g_assert_true (nebula_mock_server_wait_for_connections_closed (self->server));
  thrift_transport_close (THRIFT_TRANSPORT (self->interceptor), NULL);
  g_assert_true (nebula_mock_server_wait_for_sessions (self->server, 0));
  g_assert_cmpuint (nebula_mock_server_get_logins (self->server, "root"), ==, 1);
}

static void
test_cancelled (Fixture *self, gconstpointer data)
{
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GError) error = NULL;
  gint64 id;

  g_test_summary ("signing in ends when it is cancelled");
  nebula_cluster_set_credentials (self->cluster, "root", "nebula");
  fixture_open (self);
  nebula_interceptor_set_cancellable (self->interceptor, cancellable);
  g_cancellable_cancel (cancellable);
  g_assert_false (nebula_interceptor_sign_in (self->interceptor, NULL, &id, &error));
  g_assert_error (error, NEBULA_ERROR, NEBULA_ERROR_CANCELLED);
}

typedef struct
{
  NebulaInterceptor *interceptor;
  gint is_asked;    /* atomic */
  gint is_released; /* atomic */
} SlowAnswer;

static gboolean
answer_slowly (NebulaCluster *cluster,
               const char *session_user,
               char **user,
               char **password,
               gpointer user_data)
{
  SlowAnswer *self = user_data;

  g_atomic_int_set (&self->is_asked, TRUE);
  while (!g_atomic_int_get (&self->is_released))
    g_thread_yield ();
  return FALSE;
}

static gpointer
sign_in_slowly (gpointer data)
{
  SlowAnswer *self = data;
  gint64 id;

  g_assert_false (nebula_interceptor_sign_in (self->interceptor, NULL, &id, NULL));
  return NULL;
}

static void
test_wait (Fixture *self, gconstpointer data)
{
  g_autoptr (NebulaInterceptor) other = nebula_interceptor_new (self->cluster);
  g_autoptr (GError) error = NULL;
  SlowAnswer slow = { .interceptor = other };
  GThread *thread;
  gint64 id;

  g_test_summary ("who waits for another's answer does so as long as the call may take");
  nebula_cluster_set_credentials_func (self->cluster, answer_slowly, &slow, NULL);
  thread = g_thread_new ("sign-in", sign_in_slowly, &slow);
  while (!g_atomic_int_get (&slow.is_asked))
    g_thread_yield ();
  fixture_set_policy (self, "total-timeout", (gint64) 1000, NULL);
  g_assert_false (nebula_interceptor_sign_in (self->interceptor, NULL, &id, &error));
  g_assert_error (error, NEBULA_ERROR, NEBULA_ERROR_RETRYABLE);
  g_assert_cmpint (nebula_error_get_code (error), ==, -3);
  g_assert_false (nebula_error_may_have_been_applied (error));
  g_atomic_int_set (&slow.is_released, TRUE);
  g_thread_join (thread);
  g_assert_cmpuint (calls (self, "authenticate"), ==, 0);
}

/* A stub that has sent its request and not read the reply. */
static void
send_only (Fixture *self)
{
  g_autoptr (GByteArray) text = g_byte_array_new ();

  g_byte_array_append (text, (const guint8 *) "YIELD 1", 7);
  g_assert_true (nebula_thrift_graph_service_client_send_execute (self->client, self->session, text,
                                                                  NULL));
}

static void
test_reply_due (Fixture *self, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  gint64 id;

  g_test_summary ("in the middle of a stub's call nobody signs in, and no password is to blame");
  nebula_cluster_set_credentials (self->cluster, "root", "nebula");
  fixture_log_in (self);
  send_only (self);
  g_assert_false (nebula_interceptor_sign_in (self->interceptor, NULL, &id, &error));
  g_assert_error (error, NEBULA_ERROR, NEBULA_ERROR_WRONG_STATE);
  fixture_connect (self, nebula_interceptor_new (self->cluster));
  sign_in (self, NULL);
}

static void
test_other_service (Fixture *self, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  gint64 id;

  g_test_summary ("another service has no sessions: nothing is sent there");
  nebula_cluster_set_credentials (self->cluster, "root", "nebula");
  g_object_set (self->interceptor, "service", NEBULA_SERVICE_OTHER, NULL);
  g_assert_false (nebula_interceptor_sign_in (self->interceptor, NULL, &id, &error));
  g_assert_error (error, NEBULA_ERROR, NEBULA_ERROR_WRONG_STATE);
  g_assert_cmpuint (calls (self, "authenticate"), ==, 0);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  fixture_add ("/sign-in/sign-in", test_sign_in);
  fixture_add ("/sign-in/renewed", test_renewed);
  fixture_add ("/sign-in/no-credentials", test_no_credentials);
  fixture_add ("/sign-in/refused", test_refused);
  fixture_add ("/sign-in/locked", test_locked);
  fixture_add ("/sign-in/no-space", test_no_space);
  fixture_add ("/sign-in/policy", test_policy);
  fixture_add ("/sign-in/closed", test_closed);
  fixture_add ("/sign-in/sign-out-on-close", test_sign_out_on_close);
  fixture_add ("/sign-in/close-without-server", test_close_without_server);
  fixture_add ("/sign-in/long-unused", test_long_unused);
  fixture_add ("/sign-in/close-cancelled", test_close_cancelled);
  fixture_add ("/sign-in/close-late", test_close_late);
  fixture_add ("/sign-in/cancelled", test_cancelled);
  fixture_add ("/sign-in/wait", test_wait);
  fixture_add ("/sign-in/reply-due", test_reply_due);
  fixture_add ("/sign-in/other-service", test_other_service);
  return g_test_run ();
}
