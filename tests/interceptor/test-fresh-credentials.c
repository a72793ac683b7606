/* SPDX-License-Identifier: Apache-2.0 */
#include "nebula-fixture.h"

#include <thrift/c_glib/protocol/thrift_binary_protocol.h>

/* Renewals with credentials that no authenticate has shown: set by hand, or asked for. */

#define COUNT_UP "UPDATE VERTEX ON t \"v\" SET n = n + 1"
#define INSERT "INSERT VERTEX t(n) VALUES \"v\":(1)"
#define FETCH "FETCH PROP ON t \"v\" YIELD properties(vertex).n"

typedef struct
{
  const char *user;
  const char *password;
  guint n_asked;
  NebulaInterceptor *used;   /* (nullable): what the function uses */
  gint64 session;            /* what it signs out, or 0 */
} Answer;

static gboolean
answer (NebulaCluster *cluster,
        const char *session_user,
        char **user,
        char **password,
        gpointer user_data)
{
  Answer *self = user_data;

  self->n_asked++;
  g_assert_cmpstr (session_user, ==, "root");
  if (self->used != NULL && self->session != 0)
    g_assert_true (nebula_interceptor_sign_out (self->used, self->session, NULL));
  *user = g_strdup (self->user);
  *password = g_strdup (self->password);
  return TRUE;
}

static guint
logins (Fixture *self)
{
  return nebula_mock_server_get_calls (self->server, "authenticate");
}

/* In the space, with v at 1; then the password is another one and the session gone. */
static void
change_password (Fixture *self)
{
  fixture_use_space (self);
  g_assert_cmpint (fixture_execute (self, INSERT, NULL), ==, 0);
  nebula_mock_server_add_user (self->server, "root", "changed");
  nebula_mock_server_expire_sessions (self->server);
}

static void
test_asked (Fixture *self, gconstpointer data)
{
  Answer fresh = { .user = "root", .password = "changed" };

  g_test_summary ("when the known password is refused a fresh one is tried, in the same call");
  nebula_cluster_set_credentials_func (self->cluster, answer, &fresh, NULL);
  change_password (self);
  g_assert_cmpuint (fresh.n_asked, ==, 0);
  g_assert_cmpint (fixture_execute (self, COUNT_UP, NULL), ==, 0);
  g_assert_cmpint (fixture_get_number (self, "v", "n"), ==, 2);
  g_assert_cmpuint (logins (self), ==, 3);
  g_assert_cmpuint (fresh.n_asked, ==, 1);

  /* From now on that is the known one. */
  nebula_mock_server_expire_sessions (self->server);
  g_assert_cmpint (fixture_execute (self, COUNT_UP, NULL), ==, 0);
  g_assert_cmpuint (logins (self), ==, 4);
  g_assert_cmpuint (fresh.n_asked, ==, 1);
}

static void
test_asked_in_vain (Fixture *self, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  Answer wrong = { .user = "root", .password = "wrong" };

  g_test_summary ("exactly one more try: a fresh one that is refused too is the end");
  nebula_cluster_set_credentials_func (self->cluster, answer, &wrong, NULL);
  change_password (self);
  g_assert_cmpint (fixture_execute (self, COUNT_UP, &error), ==, FIXTURE_NO_REPLY);
  g_assert_error (error, NEBULA_ERROR, NEBULA_ERROR_AUTH);
  g_assert_cmpuint (logins (self), ==, 3);
  g_assert_cmpuint (wrong.n_asked, ==, 1);

  /* The same answer again costs no attempt: the account is not locked by it. */
  g_assert_cmpint (fixture_execute (self, COUNT_UP, NULL), ==, FIXTURE_NO_REPLY);
  g_assert_cmpuint (logins (self), ==, 3);
  g_assert_cmpint (fixture_get_number (self, "v", "n"), ==, 1);
}

static void
test_nothing_kept (Fixture *self, gconstpointer data)
{
  Answer fresh = { .user = "root", .password = "nebula" };

  g_test_summary ("where no password is kept each renewal asks");
  nebula_cluster_set_keep_credentials (self->cluster, FALSE);
  nebula_cluster_set_credentials_func (self->cluster, answer, &fresh, NULL);
  fixture_use_space (self);
  g_assert_cmpint (fixture_execute (self, INSERT, NULL), ==, 0);
  for (guint i = 1; i <= 2; i++)
    {
      nebula_mock_server_expire_sessions (self->server);
      g_assert_cmpint (fixture_execute (self, COUNT_UP, NULL), ==, 0);
      g_assert_cmpuint (fresh.n_asked, ==, i);
    }
  g_assert_cmpuint (logins (self), ==, 3);
}

static void
test_other_user (Fixture *self, gconstpointer data)
{
  Answer other = { .user = "admin", .password = "admin" };

  g_test_summary ("a session is not renewed as another user, asked or set");
  nebula_mock_server_add_user (self->server, "admin", "admin");
  nebula_cluster_set_credentials_func (self->cluster, answer, &other, NULL);
  nebula_cluster_set_credentials (self->cluster, "admin", "admin");
  change_password (self);
  g_assert_cmpint (fixture_execute (self, COUNT_UP, NULL), ==, FIXTURE_NO_REPLY);
  g_assert_cmpuint (logins (self), ==, 2);
  g_assert_cmpuint (nebula_mock_server_get_logins (self->server, "admin"), ==, 0);
}

static void
test_set (Fixture *self, gconstpointer data)
{
  g_test_summary ("a password that was set after the change is tried first: none is refused");
  change_password (self);
  nebula_cluster_set_credentials (self->cluster, "root", "changed");
  g_assert_cmpint (fixture_execute (self, COUNT_UP, NULL), ==, 0);
  g_assert_cmpuint (logins (self), ==, 2);
}

static void
test_set_again (Fixture *self, gconstpointer data)
{
  g_test_summary ("a password that was refused is tried again when it is set again");
  change_password (self);
  g_assert_cmpint (fixture_execute (self, COUNT_UP, NULL), ==, FIXTURE_NO_REPLY);
  nebula_mock_server_add_user (self->server, "root", "nebula");
  g_assert_cmpint (fixture_execute (self, COUNT_UP, NULL), ==, FIXTURE_NO_REPLY);
  g_assert_cmpuint (logins (self), ==, 2);
  nebula_cluster_set_credentials (self->cluster, "root", "nebula");
  g_assert_cmpint (fixture_execute (self, COUNT_UP, NULL), ==, 0);
  g_assert_cmpuint (logins (self), ==, 3);
}

static void
test_comes_back (Fixture *self, gconstpointer data)
{
  g_autoptr (NebulaInterceptor) other = nebula_interceptor_new (self->cluster);
  Answer fresh = { .user = "root", .password = "changed" };

  g_test_summary ("the function may use another interceptor, also to end what is being renewed");
  nebula_cluster_set_credentials_func (self->cluster, answer, &fresh, NULL);
  change_password (self);
  g_assert_true (thrift_transport_open (THRIFT_TRANSPORT (other), NULL));
  fresh.used = other;
  fresh.session = self->session;
  g_assert_cmpint (fixture_execute (self, COUNT_UP, NULL), ==, -1002);
  g_assert_cmpint (fixture_get_number (self, "v", "n"), ==, 1);

  /* The session that came too late is not left behind. */
  g_assert_cmpuint (logins (self), ==, 3);
  g_assert_true (nebula_mock_server_wait_for_calls (self->server, "signout", 2));
  g_assert_true (nebula_mock_server_wait_for_sessions (self->server, 0));
}

static gboolean
answer_with_statement (NebulaCluster *cluster,
                       const char *session_user,
                       char **user,
                       char **password,
                       gpointer user_data)
{
  Answer *self = user_data;
  g_autoptr (GError) error = NULL;
  gint64 id;

  self->n_asked++;
  g_assert_false (nebula_interceptor_sign_in (self->used, NULL, &id, &error));
  g_assert_error (error, NEBULA_ERROR, NEBULA_ERROR_AUTH);
  *user = g_strdup (self->user);
  *password = g_strdup (self->password);
  return TRUE;
}

static void
test_needs_itself (Fixture *self, gconstpointer data)
{
  g_autoptr (NebulaInterceptor) other = nebula_interceptor_new (self->cluster);
  Answer fresh = { .user = "root", .password = "changed", .used = other };

  g_test_summary ("a function that needs credentials itself gets none, and does not wait for itself");
  nebula_cluster_set_credentials_func (self->cluster, answer_with_statement, &fresh, NULL);
  change_password (self);
  g_assert_cmpint (fixture_execute (self, COUNT_UP, NULL), ==, 0);
  g_assert_cmpuint (fresh.n_asked, ==, 1);
}

/* Sets what is good by hand, and answers what @user_data has, if anything. */
static gboolean
set_by_hand (NebulaCluster *cluster,
             const char *session_user,
             char **user,
             char **password,
             gpointer user_data)
{
  Answer *self = user_data;

  self->n_asked++;
  nebula_cluster_set_credentials (cluster, "root", "changed");
  *user = g_strdup (self->user);
  *password = g_strdup (self->password);
  return self->user != NULL;
}

static void
test_set_when_asked (Fixture *self, gconstpointer data)
{
  Answer none = { 0 };

  g_test_summary ("what is set while the function is asked counts, when it answers nothing itself");
  nebula_cluster_set_credentials_func (self->cluster, set_by_hand, &none, NULL);
  change_password (self);
  g_assert_cmpint (fixture_execute (self, COUNT_UP, NULL), ==, 0);
  g_assert_cmpuint (logins (self), ==, 3);
  g_assert_cmpuint (none.n_asked, ==, 1);
}

static void
test_set_over_answer (Fixture *self, gconstpointer data)
{
  Answer stale = { .user = "root", .password = "stale" };

  g_test_summary ("what was set while the function was asked is not lost to a stale answer");
  nebula_cluster_set_credentials_func (self->cluster, set_by_hand, &stale, NULL);
  change_password (self);
  g_assert_cmpint (fixture_execute (self, COUNT_UP, NULL), ==, 0);
  g_assert_cmpuint (logins (self), ==, 3);
  g_assert_cmpuint (stale.n_asked, ==, 1);
}

static gboolean
answer_late (NebulaCluster *cluster,
             const char *session_user,
             char **user,
             char **password,
             gpointer user_data)
{
  nebula_manual_clock_advance (user_data, 1 * G_TIME_SPAN_HOUR);
  *user = g_strdup ("root");
  *password = g_strdup ("changed");
  return TRUE;
}

static void
test_late (Fixture *self, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  g_test_summary ("an answer that comes too late for the call leaves no session behind");
  nebula_cluster_set_credentials_func (self->cluster, answer_late, self->clock, NULL);
  change_password (self);
  g_assert_cmpint (fixture_execute (self, COUNT_UP, &error), ==, FIXTURE_NO_REPLY);
  g_assert_cmpint (nebula_error_get_code (error), ==, -3);
  g_assert_false (nebula_error_may_have_been_applied (error));
  g_assert_cmpuint (logins (self), ==, 2);

  /* It was not refused: the next call tries it. */
  g_assert_cmpint (fixture_execute (self, COUNT_UP, NULL), ==, 0);
  g_assert_cmpint (fixture_get_number (self, "v", "n"), ==, 2);
}

static void
test_locked (Fixture *self, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  Answer fresh = { .user = "root", .password = "changed" };

  g_test_summary ("a locked account tells how long, and no other password is tried");
  change_password (self);
  for (guint i = 0; i < 5; i++)
    g_assert_cmpint (fixture_authenticate (self, "guess", NULL), ==, -1001);
  nebula_cluster_set_credentials_func (self->cluster, answer, &fresh, NULL);
  g_assert_cmpint (fixture_execute (self, COUNT_UP, &error), ==, FIXTURE_NO_REPLY);
  g_assert_error (error, NEBULA_ERROR, NEBULA_ERROR_AUTH);
  g_assert_nonnull (strstr (error->message, "try again in 300 seconds"));
  g_assert_cmpint (nebula_outcome_get_pushback (nebula_error_get_outcome (error)), ==,
                   300 * G_TIME_SPAN_SECOND);
  g_assert_cmpuint (logins (self), ==, 7);
  g_assert_cmpuint (fresh.n_asked, ==, 0);
}

static void
test_too_many (Fixture *self, gconstpointer data)
{
  g_autoptr (NebulaMockFault) plain = NULL;
  g_autoptr (NebulaMockFault) fault = NULL;
  g_autoptr (GError) error = NULL;

  g_test_summary ("too many sessions: told at once, not tried again");
  fixture_use_space (self);
  nebula_mock_server_expire_sessions (self->server);
  plain = nebula_mock_fault_new (NEBULA_MOCK_FAULT_CODE, "authenticate", NULL, 1, 0);
  fault = nebula_mock_fault_with_code (plain, -1002,
                                       "Create session failed: Too many sessions created from "
                                       "127.0.0.1 by user root. the threshold is 300.");
  nebula_mock_server_add_fault (self->server, fault);
  g_assert_cmpint (fixture_execute (self, FETCH, &error), ==, FIXTURE_NO_REPLY);
  g_assert_cmpint (nebula_outcome_get_cause (nebula_error_get_outcome (error)), ==,
                   NEBULA_CAUSE_SESSION_QUOTA);
  g_assert_cmpuint (logins (self), ==, 2);

  /* It is no fault of the password's: with room the session is renewed. */
  nebula_mock_server_clear_faults (self->server);
  g_assert_cmpint (fixture_execute (self, "YIELD 1", NULL), ==, 0);
}

static void
test_registered (Fixture *self, gconstpointer data)
{
  g_autoptr (NebulaCluster) foreign = NULL;
  g_autoptr (NebulaInterceptor) mine = g_object_ref (self->interceptor);

  g_test_summary ("a session that was registered by hand has its space set, and is renewed");
  foreign = nebula_cluster_new (nebula_mock_server_get_address (self->server), NULL);
  g_clear_object (&self->client);
  g_clear_object (&self->protocol);
  g_clear_object (&self->interceptor);
  fixture_connect (self, nebula_interceptor_new (foreign));
  fixture_log_in (self);
  fixture_connect (self, g_steal_pointer (&mine));
  fixture_open (self);

  nebula_cluster_add_session (self->cluster, self->session, "root", "nebula", "test");
  g_assert_cmpint (fixture_execute (self, INSERT, NULL), ==, 0);
  g_assert_cmpint (fixture_get_number (self, "v", "n"), ==, 1);
  nebula_mock_server_expire_sessions (self->server);
  g_assert_cmpint (fixture_execute (self, COUNT_UP, NULL), ==, 0);
  g_assert_cmpint (fixture_get_number (self, "v", "n"), ==, 2);
}

static void
test_registered_without_user (Fixture *self, gconstpointer data)
{
  g_test_summary ("one that was registered without a user is renewed with what is set");
  fixture_open (self);
  nebula_cluster_add_session (self->cluster, 4711, NULL, NULL, "test");
  self->session = 4711;
  g_assert_cmpint (fixture_execute (self, INSERT, NULL), ==, FIXTURE_NO_REPLY);
  g_assert_cmpuint (logins (self), ==, 0);
  nebula_cluster_set_credentials (self->cluster, "root", "nebula");
  g_assert_cmpint (fixture_execute (self, INSERT, NULL), ==, 0);
  g_assert_cmpint (fixture_get_number (self, "v", "n"), ==, 1);
  g_assert_cmpuint (logins (self), ==, 1);
}

#define N_STUBS 32

typedef struct
{
  NebulaInterceptor *interceptor;
  ThriftProtocol *protocol; /* the client has no reference */
  NebulaThriftGraphServiceIf *client;
  gint64 session;
} Stub;

static gpointer
execute_once (gpointer data)
{
  Stub *stub = data;
  g_autoptr (NebulaThriftExecutionResponse) response = NULL;
  g_autoptr (GByteArray) text = g_byte_array_new ();

  g_byte_array_append (text, (const guint8 *) "YIELD 1", 7);
  response = g_object_new (NEBULA_THRIFT_TYPE_EXECUTION_RESPONSE, NULL);
  if (nebula_thrift_graph_service_client_execute (stub->client, &response, stub->session, text,
                                                  NULL))
    g_assert_cmpint (response->error_code, ==, -1002);
  return NULL;
}

static void
stub_set_up (Fixture *self, Stub *stub)
{
  stub->interceptor = nebula_interceptor_new (self->cluster);
  stub->protocol = g_object_new (THRIFT_TYPE_BINARY_PROTOCOL, "transport", stub->interceptor,
                                 NULL);
  stub->client = g_object_new (NEBULA_THRIFT_TYPE_GRAPH_SERVICE_CLIENT, "input_protocol",
                               stub->protocol, "output_protocol", stub->protocol, NULL);
  nebula_cluster_set_credentials (self->cluster, "root", "nebula");
  g_assert_true (nebula_interceptor_sign_in (stub->interceptor, NULL, &stub->session, NULL));
}

static void
test_many_stubs (Fixture *self, gconstpointer data)
{
  Stub stubs[N_STUBS];
  GThread *threads[N_STUBS];

  g_test_summary ("32 stubs with a stale password cost one attempt");
  for (guint i = 0; i < N_STUBS; i++)
    stub_set_up (self, &stubs[i]);
  nebula_mock_server_add_user (self->server, "root", "changed");
  nebula_mock_server_expire_sessions (self->server);
  for (guint i = 0; i < N_STUBS; i++)
    threads[i] = g_thread_new ("stub", execute_once, &stubs[i]);
  for (guint i = 0; i < N_STUBS; i++)
    g_thread_join (threads[i]);
  g_assert_cmpuint (logins (self), ==, N_STUBS + 1);
  for (guint i = 0; i < N_STUBS; i++)
    {
      g_object_unref (stubs[i].client);
      g_object_unref (stubs[i].protocol);
      g_object_unref (stubs[i].interceptor);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  fixture_add ("/fresh-credentials/asked", test_asked);
  fixture_add ("/fresh-credentials/asked-in-vain", test_asked_in_vain);
  fixture_add ("/fresh-credentials/nothing-kept", test_nothing_kept);
  fixture_add ("/fresh-credentials/other-user", test_other_user);
  fixture_add ("/fresh-credentials/set", test_set);
  fixture_add ("/fresh-credentials/set-again", test_set_again);
  fixture_add ("/fresh-credentials/comes-back", test_comes_back);
  fixture_add ("/fresh-credentials/needs-itself", test_needs_itself);
  fixture_add ("/fresh-credentials/set-when-asked", test_set_when_asked);
  fixture_add ("/fresh-credentials/set-over-answer", test_set_over_answer);
  fixture_add ("/fresh-credentials/late", test_late);
  fixture_add ("/fresh-credentials/locked", test_locked);
  fixture_add ("/fresh-credentials/too-many", test_too_many);
  fixture_add ("/fresh-credentials/registered", test_registered);
  fixture_add ("/fresh-credentials/registered-without-user", test_registered_without_user);
  fixture_add ("/fresh-credentials/many-stubs", test_many_stubs);
  return g_test_run ();
}
