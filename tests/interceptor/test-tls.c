/* SPDX-License-Identifier: Apache-2.0 */
#include "nebula-fixture.h"

#include <glib/gstdio.h>
#include <signal.h>

/* The whole road over TLS: what a program sees of it. */

#define COUNT_UP "UPDATE VERTEX ON t \"v\" SET n = n + 1"
#define FETCH "FETCH PROP ON t \"v\" YIELD properties(vertex).n"

/* Far more than a record of TLS has. graphd takes statements of 4 MiB at most. */
#define MUCH (3 * 1024 * 1024)

/* Far more than the buffers of two sockets can hold. */
#define TOO_MUCH (64 * 1024 * 1024)

#define SHORT (100 * G_TIME_SPAN_MILLISECOND)

static char *
find (const char *name, const char *suffix)
{
  g_autofree char *file = g_strconcat (name, suffix, NULL);

  return name != NULL ? g_build_filename (g_getenv ("G_TEST_SRCDIR"), "data", "tls", file, NULL)
                      : NULL;
}

static NebulaTls *
make_tls (const char *authority, const char *client, const char *server_name)
{
  g_autofree char *ca = find (authority, ".pem");
  g_autofree char *certificate = find (client, ".pem");
  g_autofree char *key = find (client, ".key");
  g_autoptr (GError) error = NULL;
  NebulaTls *tls = nebula_tls_new (ca, certificate, key, server_name, &error);

  g_assert_no_error (error);
  return tls;
}

/* The server is stopped, and speaks TLS when it is started again. */
static void
prepare_server (Fixture *self, const char *certificate, const char *client_ca)
{
  g_autofree char *pem = find (certificate, ".pem");
  g_autofree char *key = find (certificate, ".key");
  g_autofree char *ca = find (client_ca, ".pem");
  g_autoptr (GError) error = NULL;

  nebula_mock_server_stop (self->server);
  g_assert_true (nebula_mock_server_set_tls (self->server, pem, key, ca, &error));
  g_assert_no_error (error);
}

/* A cluster and an interceptor for where the server is now. */
static void
connect_to_server (Fixture *self, NebulaTls *tls)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (NebulaCluster) cluster =
    nebula_cluster_new (nebula_mock_server_get_address (self->server), &error);

  g_assert_no_error (error);
  nebula_cluster_set_clock (cluster, NEBULA_CLOCK (self->clock));
  nebula_cluster_set_seed (cluster, 1);
  g_assert_true (nebula_cluster_set_tls (cluster, tls, &error));
  g_assert_no_error (error);
  fixture_connect (self, nebula_interceptor_new (cluster));
  g_set_object (&self->cluster, cluster);
}

static void
start_tls (Fixture *self, const char *certificate, const char *client_ca, NebulaTls *tls)
{
  g_autoptr (GError) error = NULL;

  prepare_server (self, certificate, client_ca);
  nebula_mock_server_start (self->server, NULL, 0, &error);
  g_assert_no_error (error);
  connect_to_server (self, tls);
}

static void
set_up (Fixture *self, gconstpointer data)
{
  g_autoptr (NebulaTls) tls = make_tls ("ca", NULL, NULL);

  fixture_set_up (self, data);
  start_tls (self, "server", NULL, tls);
}

/* Whatever was done, SIGPIPE does what it did. */
static void
tear_down (Fixture *self, gconstpointer data)
{
  struct sigaction action;

  fixture_tear_down (self, data);
  g_assert_no_errno (sigaction (SIGPIPE, NULL, &action));
  g_assert_true (action.sa_handler == SIG_DFL);
}

static void
test_all_well (Fixture *self, gconstpointer data)
{
  g_test_summary ("statements run over TLS as over a plain socket, on one connection");
  fixture_make_vertex (self);
  for (guint i = 0; i < 5; i++)
    g_assert_cmpint (fixture_execute (self, COUNT_UP, NULL), ==, 0);
  g_assert_cmpint (fixture_get_number (self, "v", "n"), ==, 6);
  g_assert_cmpuint (nebula_mock_server_get_connections (self->server), ==, 1);
}

static void
test_much (Fixture *self, gconstpointer data)
{
  g_autofree char *text = g_strnfill (MUCH, 'x');
  g_autofree char *statement = g_strconcat ("YIELD \"", text, "\" AS a", NULL);
  g_autoptr (NebulaThriftExecutionResponse) response = NULL;
  g_autoptr (GError) error = NULL;
  NebulaThriftRow *row;
  NebulaThriftValue *value;

  g_test_summary ("a request and a reply of many megabytes come through whole");
  fixture_use_space (self);
  response = fixture_query (self, statement, &error);
  g_assert_no_error (error);
  g_assert_cmpint (response->error_code, ==, 0);
  row = response->data->rows->pdata[0];
  value = row->values->pdata[0];
  g_assert_cmpmem (value->sVal->data, value->sVal->len, text, MUCH);
}

static void
test_framings (Fixture *self, gconstpointer data)
{
  static const NebulaFraming framings[] = {
    NEBULA_FRAMING_FRAMED, NEBULA_FRAMING_UNFRAMED, NEBULA_FRAMING_HEADER,
  };

  g_test_summary ("every framing goes over TLS, whatever records it comes in");
  for (gsize i = 0; i < G_N_ELEMENTS (framings); i++)
    {
      fixture_connect (self, g_object_new (NEBULA_TYPE_INTERCEPTOR, "cluster", self->cluster,
                                           "framing", framings[i], NULL));
      fixture_make_vertex (self);
      g_assert_cmpint (fixture_execute (self, COUNT_UP, NULL), ==, 0);
      g_assert_cmpint (fixture_get_number (self, "v", "n"), ==, 2);
    }
}

static void
test_broken (Fixture *self, gconstpointer data)
{
  g_test_summary ("a connection that breaks under a read is made again, and the read repeated");
  fixture_make_vertex (self);
  fixture_assert_read_survives (self, FETCH);
}

static void
test_broken_write (Fixture *self, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  g_test_summary ("over TLS nobody knows what became of a write: it is not repeated");
  fixture_make_vertex (self);
  fixture_fault (self, NEBULA_MOCK_FAULT_CLOSE_BEFORE_APPLY, COUNT_UP, 1, 1);
  g_assert_cmpint (fixture_execute (self, COUNT_UP, &error), ==, FIXTURE_NO_REPLY);
  g_assert_error (error, NEBULA_ERROR, NEBULA_ERROR_RETRYABLE);
  g_assert_cmpint (nebula_error_get_code (error), ==, -1);
  g_assert_true (nebula_error_may_have_been_applied (error));
  g_assert_cmpuint (fixture_get_attempts (self), ==, 1);
}

static void
test_idle_close (Fixture *self, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  g_test_summary ("a connection that was closed meanwhile is made again before a write is sent");
  fixture_make_vertex (self);
  nebula_mock_server_close_connections (self->server);
  g_assert_cmpint (fixture_execute (self, COUNT_UP, &error), ==, 0);
  g_assert_no_error (error);
  g_assert_cmpuint (fixture_get_attempts (self), ==, 1);
  g_assert_cmpint (fixture_get_number (self, "v", "n"), ==, 2);
}

static void
test_silence (Fixture *self, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  g_test_summary ("an answer that does not come ends the attempt with its time, and is not awaited");
  fixture_use_real_time (self);
  fixture_make_vertex (self);
  fixture_set_policy (self, "attempt-timeout", (gint64) SHORT, NULL);
  fixture_fault (self, NEBULA_MOCK_FAULT_SILENCE, COUNT_UP, 1, 1);
  g_assert_cmpint (fixture_execute (self, COUNT_UP, &error), ==, FIXTURE_NO_REPLY);
  g_assert_cmpint (nebula_error_get_code (error), ==, -3);
  g_assert_true (nebula_error_may_have_been_applied (error));
}

static void
test_stops_reading (Fixture *self, gconstpointer data)
{
  g_autofree char *padding = g_strnfill (TOO_MUCH, ' ');
  g_autofree char *statement = g_strconcat (COUNT_UP, padding, NULL);
  g_autoptr (GError) error = NULL;

  g_test_summary ("a server that stops reading in the middle of a write: it may have it all");
  fixture_use_real_time (self);
  fixture_make_vertex (self);
  fixture_set_policy (self, "attempt-timeout", (gint64) SHORT, NULL);
  nebula_mock_server_set_partitioned (self->server, TRUE);
  g_assert_cmpint (fixture_execute (self, statement, &error), ==, FIXTURE_NO_REPLY);
  nebula_mock_server_set_partitioned (self->server, FALSE);
  g_assert_cmpint (nebula_error_get_code (error), ==, -3);
  g_assert_true (nebula_error_may_have_been_applied (error));
  g_assert_cmpuint (fixture_get_attempts (self), ==, 1);
  g_assert_true (nebula_mock_server_wait_for_connections_closed (self->server));
  g_assert_cmpint (fixture_get_number (self, "v", "n"), ==, 1);
}

/* Opening fails, and the server has seen nothing of it. */
static void
check_not_opened (Fixture *self, NebulaError kind, const char *text)
{
  g_autoptr (GError) error = NULL;

  g_assert_false (thrift_transport_open (THRIFT_TRANSPORT (self->interceptor), &error));
  g_test_message ("%s", error->message);
  g_assert_error (error, NEBULA_ERROR, (int) kind);
  g_assert_cmpint (nebula_error_get_code (error), ==, -2);
  g_assert_nonnull (strstr (error->message, text));
  g_assert_nonnull (strstr (error->message, nebula_mock_server_get_address (self->server)));
  g_assert_false (nebula_error_may_have_been_applied (error));
  g_assert_cmpuint (nebula_mock_server_get_calls (self->server, NULL), ==, 0);
}

typedef struct
{
  const char *path;
  const char *certificate;
  const char *authority;
  const char *server_name;
  const char *text;
} RefusalCase;

static const RefusalCase refusal_cases[] = {
  { "expired", "expired", "ca", NULL, "it has expired" },
  { "wrong-name", "server", "ca", "graphd.example", "expected for graphd.example" },
  { "unknown", "server", "other-ca", NULL, "it is not signed by a known authority" },
};

static void
test_refused (Fixture *self, gconstpointer data)
{
  const RefusalCase *a_case = data;
  g_autoptr (NebulaTls) tls = make_tls (a_case->authority, NULL, a_case->server_name);

  g_test_summary ("a server that proves to be another is not asked again");
  start_tls (self, a_case->certificate, NULL, tls);
  check_not_opened (self, NEBULA_ERROR_FATAL, a_case->text);
  g_assert_cmpuint (fixture_get_attempts (self), ==, 1);
}

/* A server whose certificate has expired; beside the one of the fixture, which has @certificate. */
static NebulaMockServer *
start_two (Fixture *self, const char *certificate)
{
  NebulaMockServer *expired = self->server;
  g_autoptr (NebulaTls) tls = make_tls ("ca", NULL, NULL);
  g_autofree char *endpoints = NULL;
  g_autoptr (GError) error = NULL;

  prepare_server (self, "expired", NULL);
  g_assert_true (nebula_mock_server_start (expired, NULL, 0, NULL));
  self->server = nebula_mock_server_new ();
  start_tls (self, certificate, NULL, tls);
  endpoints = g_strjoin (",", nebula_mock_server_get_address (expired),
                         nebula_mock_server_get_address (self->server), NULL);
  fixture_set_policy (self, NULL);
  g_assert_true (nebula_cluster_set_endpoints (self->cluster, endpoints, &error));
  g_assert_no_error (error);
  fixture_connect (self, nebula_interceptor_new (self->cluster));
  return expired;
}

static void
test_other_endpoint (Fixture *self, gconstpointer data)
{
  g_autoptr (NebulaMockServer) expired = NULL;
  g_autoptr (NebulaCallReport) report = NULL;
  NebulaAttempt *failure;

  g_test_summary ("an endpoint that was refused is left within the call, and set aside");
  expired = start_two (self, "server");
  fixture_open (self);
  g_assert_cmpuint (fixture_get_attempts (self), ==, 2);
  report = nebula_interceptor_get_last_report (self->interceptor);
  failure = nebula_call_report_get_failures (report)->pdata[0];
  g_assert_cmpstr (nebula_attempt_get_endpoint (failure), ==,
                   nebula_mock_server_get_address (expired));
  g_assert_cmpint (nebula_outcome_get_category (nebula_attempt_get_outcome (failure)), ==,
                   NEBULA_ERROR_CATEGORY_FATAL);
  thrift_transport_close (THRIFT_TRANSPORT (self->interceptor), NULL);
  fixture_open (self);
  g_assert_cmpuint (fixture_get_attempts (self), ==, 1);
  g_assert_cmpint (nebula_manual_clock_get_waited (self->clock), ==, 0);
  nebula_mock_server_stop (expired);
}

static void
test_no_endpoint (Fixture *self, gconstpointer data)
{
  g_autoptr (NebulaMockServer) expired = NULL;
  g_autoptr (GError) error = NULL;

  g_test_summary ("when all of them are refused each is asked once, without a wait");
  expired = start_two (self, "expired");
  g_assert_false (thrift_transport_open (THRIFT_TRANSPORT (self->interceptor), &error));
  g_assert_error (error, NEBULA_ERROR, NEBULA_ERROR_FATAL);
  g_assert_cmpuint (fixture_get_attempts (self), ==, 2);
  g_assert_cmpint (nebula_manual_clock_get_waited (self->clock), ==, 0);
  nebula_mock_server_stop (expired);
}

static void
test_plain_server (Fixture *self, gconstpointer data)
{
  g_autoptr (NebulaTls) tls = make_tls ("ca", NULL, NULL);

  g_test_summary ("a server that closes at the first bytes of TLS is asked again, and then named");
  connect_to_server (self, tls);
  check_not_opened (self, NEBULA_ERROR_RETRYABLE, "does this port speak TLS");
  g_assert_cmpuint (fixture_get_attempts (self), >, 1);
}

static void
test_plain_client (Fixture *self, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  g_test_summary ("a client without TLS gets no answer from a server with TLS, and no harm");
  connect_to_server (self, NULL);
  fixture_open (self);
  g_assert_cmpint (fixture_authenticate (self, "nebula", &error), ==, FIXTURE_NO_REPLY);
  g_assert_nonnull (error);
  g_assert_null (strstr (error->message, "nebula\""));
  g_assert_cmpuint (nebula_mock_server_get_calls (self->server, NULL), ==, 0);
}

static void
test_client_known (Fixture *self, gconstpointer data)
{
  g_autoptr (NebulaTls) tls = make_tls ("ca", "client", NULL);

  g_test_summary ("a server that wants to know its clients lets in one that it knows");
  start_tls (self, "server", "ca", tls);
  fixture_make_vertex (self);
}

typedef struct
{
  const char *path;
  const char *client; /* (nullable) */
  const char *text;
} ClientCase;

static const ClientCase client_cases[] = {
  { "missing", NULL, "the server wants a client certificate, and none is set" },
  { "stranger", "stranger", "does the server accept the client certificate?" },
};

/* The server refuses after the client's handshake is done: the first call learns of it. GIO's
 * server sends no alert, so this one is no different from a server that breaks down. */
static void
test_client_refused (Fixture *self, gconstpointer data)
{
  const ClientCase *a_case = data;
  g_autoptr (NebulaTls) tls = make_tls ("ca", a_case->client, NULL);
  g_autoptr (GError) error = NULL;

  g_test_summary ("a client that the server does not want is told what the reason may be");
  start_tls (self, "server", "ca", tls);
  fixture_open (self);
  g_assert_cmpint (fixture_authenticate (self, "nebula", &error), ==, FIXTURE_NO_REPLY);
  g_test_message ("%s", error->message);
  g_assert_error (error, NEBULA_ERROR, NEBULA_ERROR_RETRYABLE);
  g_assert_nonnull (strstr (error->message, a_case->text));
  g_assert_cmpuint (nebula_mock_server_get_calls (self->server, NULL), ==, 0);
}

static void
test_insecure (Fixture *self, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (NebulaTls) tls = nebula_tls_new_insecure (NULL, NULL, NULL, &error);

  g_test_summary ("without verification any server will do, and the log says so once");
  g_assert_no_error (error);
  g_test_expect_message ("nebula-interceptor", G_LOG_LEVEL_MESSAGE, "TLS without verification*");
  start_tls (self, "expired", NULL, tls);
  g_test_assert_expected_messages ();
  g_test_expect_message ("nebula-interceptor", G_LOG_LEVEL_MESSAGE, "no message, this is");
  g_assert_true (nebula_cluster_set_tls (self->cluster, tls, &error));
  fixture_make_vertex (self);
  g_test_expect_message ("nebula-interceptor", G_LOG_LEVEL_MESSAGE, "no message, this is");
  g_log ("nebula-interceptor", G_LOG_LEVEL_MESSAGE, "no message, this is");
  g_log ("nebula-interceptor", G_LOG_LEVEL_MESSAGE, "no message, this is");
  g_test_assert_expected_messages ();
}

static void
test_unix (Fixture *self, gconstpointer data)
{
  g_autoptr (NebulaTls) nameless = make_tls ("ca", NULL, NULL);
  g_autoptr (NebulaTls) named = make_tls ("ca", NULL, "graphd.test");
  g_autofree char *folder = g_dir_make_tmp ("nebula-XXXXXX", NULL);
  g_autofree char *path = g_build_filename (folder, "graphd", NULL);
  g_autoptr (GError) error = NULL;

  g_test_summary ("a Unix socket has no name to verify: one has to be said");
  prepare_server (self, "server", NULL);
  g_assert_true (nebula_mock_server_start_unix (self->server, path, &error));
  connect_to_server (self, named);
  fixture_make_vertex (self);
  g_assert_false (nebula_cluster_set_tls (self->cluster, nameless, &error));
  g_assert_error (error, NEBULA_ERROR, NEBULA_ERROR_INVALID_ARGUMENT);
  g_assert_nonnull (strstr (error->message, path));
  g_assert_cmpint (fixture_execute (self, COUNT_UP, NULL), ==, 0);
  nebula_mock_server_stop (self->server);
  g_assert_no_errno (g_rmdir (folder));
}

/* A server gets a new certificate, by an authority that was not known before. */
static void
test_change (Fixture *self, gconstpointer data)
{
  g_autoptr (NebulaTls) wrong = make_tls ("other-ca", NULL, NULL);
  g_autoptr (NebulaTls) right = make_tls ("ca", NULL, NULL);
  g_autoptr (GError) error = NULL;

  g_test_summary ("new settings are for new connections; those that are there go on");
  fixture_make_vertex (self);
  g_assert_true (nebula_cluster_set_tls (self->cluster, wrong, &error));
  g_assert_cmpint (fixture_execute (self, COUNT_UP, NULL), ==, 0);
  g_assert_cmpuint (nebula_mock_server_get_connections (self->server), ==, 1);
  nebula_mock_server_close_connections (self->server);
  g_assert_cmpint (fixture_execute (self, COUNT_UP, &error), ==, FIXTURE_NO_REPLY);
  g_assert_error (error, NEBULA_ERROR, NEBULA_ERROR_FATAL);
  g_clear_error (&error);
  g_assert_true (nebula_cluster_set_tls (self->cluster, right, &error));
  g_assert_cmpint (fixture_execute (self, COUNT_UP, NULL), ==, 0);
  g_assert_cmpint (fixture_get_number (self, "v", "n"), ==, 3);
}

static void
test_renewal (Fixture *self, gconstpointer data)
{
  g_test_summary ("a session that is gone is renewed over TLS too");
  fixture_make_vertex (self);
  nebula_mock_server_expire_sessions (self->server);
  nebula_mock_server_close_connections (self->server);
  g_assert_cmpint (fixture_execute (self, COUNT_UP, NULL), ==, 0);
  g_assert_cmpint (fixture_get_number (self, "v", "n"), ==, 2);
}

#define ADD(path, func) g_test_add ("/tls/" path, Fixture, NULL, set_up, func, tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (refusal_cases); i++)
    {
      g_autofree char *path = g_strconcat ("/tls/refused/", refusal_cases[i].path, NULL);

      g_test_add (path, Fixture, &refusal_cases[i], fixture_set_up, test_refused, tear_down);
    }
  for (gsize i = 0; i < G_N_ELEMENTS (client_cases); i++)
    {
      g_autofree char *path = g_strconcat ("/tls/client/", client_cases[i].path, NULL);

      g_test_add (path, Fixture, &client_cases[i], fixture_set_up, test_client_refused, tear_down);
    }
  g_test_add ("/tls/plain-server", Fixture, NULL, fixture_set_up, test_plain_server, tear_down);
  g_test_add ("/tls/other-endpoint", Fixture, NULL, fixture_set_up, test_other_endpoint, tear_down);
  g_test_add ("/tls/no-endpoint", Fixture, NULL, fixture_set_up, test_no_endpoint, tear_down);
  ADD ("client/known", test_client_known);
  ADD ("all-well", test_all_well);
  ADD ("much", test_much);
  ADD ("framings", test_framings);
  ADD ("broken", test_broken);
  ADD ("broken-write", test_broken_write);
  ADD ("idle-close", test_idle_close);
  ADD ("silence", test_silence);
  ADD ("stops-reading", test_stops_reading);
  ADD ("plain-client", test_plain_client);
  ADD ("insecure", test_insecure);
  ADD ("unix", test_unix);
  ADD ("change", test_change);
  ADD ("renewal", test_renewal);
  return g_test_run ();
}
