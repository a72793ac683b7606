/* SPDX-License-Identifier: Apache-2.0 */
#include "nebula-fixture.h"

#include <thrift/c_glib/transport/thrift_framed_transport.h>

/*
 * What c_glib's base class and its stubs would do to a transport that is not careful: each trap has
 * a test that falls into it where the interceptor does not step aside.
 */

#define FETCH "FETCH PROP ON t \"v\" YIELD properties(vertex).n"

static ThriftTransport *
transport_of (Fixture *self)
{
  return THRIFT_TRANSPORT (self->interceptor);
}

static void
test_every_function (Fixture *self, gconstpointer data)
{
  ThriftTransportClass *klass = THRIFT_TRANSPORT_GET_CLASS (self->interceptor);
  g_autoptr (GTypeClass) reference = g_type_class_ref (THRIFT_TYPE_TRANSPORT);
  ThriftTransportClass *base = (ThriftTransportClass *) reference;

  g_test_summary ("the functions of the base class call themselves for ever: none is inherited");
  g_assert_true (klass->is_open != base->is_open);
  g_assert_true (klass->peek != base->peek);
  g_assert_true (klass->open != base->open);
  g_assert_true (klass->close != base->close);
  g_assert_true (klass->read != base->read);
  g_assert_true (klass->read_end != base->read_end);
  g_assert_true (klass->write != base->write);
  g_assert_true (klass->write_end != base->write_end);
  g_assert_true (klass->flush != base->flush);
  g_assert_true (klass->read_all != base->read_all);
  g_assert_true (klass->updateKnownMessageSize != base->updateKnownMessageSize);
  g_assert_true (klass->checkReadBytesAvailable != base->checkReadBytesAvailable);
  g_assert_true (klass->resetConsumedMessageSize != base->resetConsumedMessageSize);
  g_assert_true (klass->countConsumedMessageBytes != base->countConsumedMessageBytes);
}

static void
test_read_never_zero (Fixture *self, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  char byte;

  g_test_summary ("read never answers 0, which would make read_all loop for ever");
  fixture_use_space (self);
  g_assert_cmpint (thrift_transport_read (transport_of (self), &byte, 1, &error), ==, -1);
  g_assert_error (error, NEBULA_ERROR, NEBULA_ERROR_WRONG_STATE);
  g_clear_error (&error);
  g_assert_cmpint (thrift_transport_read_all (transport_of (self), &byte, 1, &error), ==, -1);
  g_assert_error (error, NEBULA_ERROR, NEBULA_ERROR_WRONG_STATE);
  g_assert_cmpint (thrift_transport_read (transport_of (self), &byte, 1, NULL), ==, -1);
}

static GByteArray *
statement_bytes (const char *text)
{
  return g_byte_array_append (g_byte_array_new (), (const guint8 *) text, strlen (text));
}

static void
send_only (Fixture *self, const char *statement)
{
  g_autoptr (GByteArray) text = statement_bytes (statement);
  g_autoptr (GError) error = NULL;

  nebula_thrift_graph_service_client_send_execute (self->client, self->session, text, &error);
  g_assert_no_error (error);
}

static void
test_read_end_of_reply (Fixture *self, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  char bytes[4096];
  gint32 count;

  g_test_summary ("read gives what there is, then says that the reply ends");
  fixture_use_space (self);
  send_only (self, "YIELD 1");
  count = thrift_transport_read (transport_of (self), bytes, sizeof bytes, &error);
  g_assert_no_error (error);
  g_assert_cmpint (count, >, 20);
  g_assert_cmpint (thrift_transport_read (transport_of (self), bytes, 1, &error), ==, -1);
  g_assert_error (error, NEBULA_ERROR, NEBULA_ERROR_WRONG_STATE);
  g_clear_error (&error);
  g_assert_cmpint (thrift_transport_read_all (transport_of (self), bytes, 1, &error), ==, -1);
  g_assert_error (error, NEBULA_ERROR, NEBULA_ERROR_WRONG_STATE);
}

static void
test_left_over (Fixture *self, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  char bytes[7];

  g_test_summary ("what a failed decode left behind is dropped at the next call");
  fixture_use_space (self);
  send_only (self, "YIELD rows(10)");
  g_assert_cmpint (thrift_transport_read_all (transport_of (self), bytes, 7, &error), ==, 7);
  g_assert_no_error (error);
  g_assert_cmpint (fixture_execute (self, "YIELD 1", &error), ==, 0);
  g_assert_no_error (error);
}

static void
test_second_flush (Fixture *self, gconstpointer data)
{
  g_autoptr (NebulaThriftExecutionResponse) response = NULL;
  g_autoptr (GByteArray) text = statement_bytes ("YIELD 2");
  g_autoptr (GError) error = NULL;

  g_test_summary ("a second request while a reply is owed is refused; the first is answered");
  fixture_use_space (self);
  send_only (self, "YIELD rows(3)");
  g_assert_false (
    nebula_thrift_graph_service_client_send_execute (self->client, self->session, text, &error));
  g_assert_error (error, NEBULA_ERROR, NEBULA_ERROR_WRONG_STATE);
  g_clear_error (&error);
  g_assert_false (thrift_transport_flush (transport_of (self), &error));
  g_assert_error (error, NEBULA_ERROR, NEBULA_ERROR_WRONG_STATE);
  g_clear_error (&error);

  response = g_object_new (NEBULA_THRIFT_TYPE_EXECUTION_RESPONSE, NULL);
  g_assert_true (nebula_thrift_graph_service_client_recv_execute (self->client, &response, &error));
  g_assert_no_error (error);
  g_assert_cmpuint (response->data->rows->len, ==, 3);
  g_assert_cmpuint (nebula_mock_server_get_received (self->server, "YIELD 2"), ==, 0);
}

static void
test_is_open (Fixture *self, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  g_test_summary ("open is open until close, whatever the connection does; closed is an error");
  g_assert_false (thrift_transport_is_open (transport_of (self)));
  g_assert_cmpint (fixture_authenticate (self, "nebula", &error), ==, FIXTURE_NO_REPLY);
  g_assert_error (error, NEBULA_ERROR, NEBULA_ERROR_WRONG_STATE);
  g_clear_error (&error);
  g_assert_false (thrift_transport_flush (transport_of (self), &error));
  g_assert_error (error, NEBULA_ERROR, NEBULA_ERROR_WRONG_STATE);

  fixture_use_space (self);
  g_assert_true (thrift_transport_open (transport_of (self), NULL));
  nebula_mock_server_close_connections (self->server);
  g_assert_true (nebula_mock_server_wait_for_connections_closed (self->server));
  g_assert_true (thrift_transport_is_open (transport_of (self)));
  g_assert_true (thrift_transport_peek (transport_of (self), NULL));
  g_assert_true (thrift_transport_close (transport_of (self), NULL));
  g_assert_true (thrift_transport_close (transport_of (self), NULL));
  g_assert_false (thrift_transport_is_open (transport_of (self)));
  fixture_open (self);
  g_assert_cmpint (fixture_execute (self, "YIELD 1", NULL), ==, 0);
}

static void
test_configuration (Fixture *self, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  ThriftConfiguration *limits = g_object_new (THRIFT_TYPE_CONFIGURATION, "max_frame_size", 100000,
                                              NULL);

  g_test_summary ("a ThriftConfiguration is held by a reference, and its limits bind");
  fixture_connect (self, g_object_new (NEBULA_TYPE_INTERCEPTOR, "cluster", self->cluster,
                                       "configuration", limits, NULL));
  g_assert_cmpuint (G_OBJECT (limits)->ref_count, ==, 2);
  fixture_use_space (self);
  g_assert_cmpint (fixture_execute (self, "YIELD rows(20000)", &error), ==, FIXTURE_NO_REPLY);
  g_assert_nonnull (strstr (error->message, "100000 bytes"));
  g_clear_error (&error);
  g_object_set (self->interceptor, "max-frame-size", 200000, NULL);
  g_assert_cmpint (fixture_execute (self, "YIELD rows(20000)", &error), ==, FIXTURE_NO_REPLY);
  g_assert_nonnull (strstr (error->message, "100000 bytes"));

  fixture_connect (self, nebula_interceptor_new (self->cluster));
  g_assert_finalize_object (limits);
}

static void
test_sizes (Fixture *self, gconstpointer data)
{
  ThriftTransportClass *klass = THRIFT_TRANSPORT_GET_CLASS (self->interceptor);
  g_autoptr (GError) error = NULL;
  char bytes[4096];
  gint32 count;

  g_test_summary ("the bytes that are left are counted frame by frame, to the last one");
  fixture_use_space (self);
  for (guint rows = 1; rows <= 40; rows *= 2)
    {
      g_autofree char *statement = g_strdup_printf ("YIELD rows(%u)", rows);

      g_assert_cmpint (fixture_execute (self, statement, &error), ==, 0);
    }
  send_only (self, "YIELD 1");
  g_assert_cmpint (thrift_transport_read_all (transport_of (self), bytes, 1, &error), ==, 1);
  g_assert_true (klass->updateKnownMessageSize (transport_of (self), G_MAXLONG, &error));
  g_assert_true (klass->resetConsumedMessageSize (transport_of (self), 0, &error));
  g_assert_true (klass->countConsumedMessageBytes (transport_of (self), 1000, &error));
  g_assert_false (klass->checkReadBytesAvailable (transport_of (self), -1, NULL));
  g_assert_false (klass->checkReadBytesAvailable (transport_of (self), sizeof bytes, NULL));
  count = thrift_transport_read (transport_of (self), bytes, 10, &error);
  g_assert_cmpint (count, ==, 10);
  g_assert_true (klass->checkReadBytesAvailable (transport_of (self), 1, &error));
  g_assert_no_error (error);
}

static void
test_exception_without_error (Fixture *self, gconstpointer data)
{
  g_autoptr (NebulaMockFault) fault = NULL;
  g_autoptr (GError) error = NULL;

  g_test_summary ("stubs read an exception without a place for errors, and get it whole");
  fixture_use_space (self);
  fault = nebula_mock_fault_new_exception ("execute", 1, 1, 13, "injected");
  nebula_mock_server_add_fault (self->server, fault);
  g_assert_cmpint (fixture_execute (self, FETCH, &error), ==, FIXTURE_NO_REPLY);
  g_assert_cmpint (error->code, ==, 13);
  g_assert_nonnull (strstr (error->message, "injected"));
}

static void
test_flush_without_request (Fixture *self, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  g_test_summary ("a flush without a request sends nothing and owes nothing");
  fixture_use_space (self);
  g_assert_true (thrift_transport_flush (transport_of (self), &error));
  g_assert_no_error (error);
  g_assert_cmpint (fixture_execute (self, "YIELD 1", NULL), ==, 0);
}

static void
test_bad_request (Fixture *self, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  g_test_summary ("bytes that are no message are refused, and nothing is sent");
  fixture_use_space (self);
  g_assert_true (thrift_transport_write (transport_of (self), (gpointer) "hello", 5, &error));
  g_assert_false (thrift_transport_flush (transport_of (self), &error));
  g_assert_error (error, NEBULA_ERROR, NEBULA_ERROR_FATAL);
  g_assert_nonnull (strstr (error->message, "as a ThriftBinaryProtocol writes it"));
  g_assert_cmpint (fixture_execute (self, "YIELD 1", NULL), ==, 0);
}

static void
test_nothing_under_it (Fixture *self, gconstpointer data)
{
  g_autoptr (NebulaInterceptor) interceptor = g_object_new (NEBULA_TYPE_INTERCEPTOR, NULL);
  g_autoptr (GError) error = NULL;

  g_test_summary ("an interceptor that was given nothing to talk to says so");
  g_assert_false (thrift_transport_open (THRIFT_TRANSPORT (interceptor), &error));
  g_assert_error (error, NEBULA_ERROR, NEBULA_ERROR_WRONG_STATE);
}

/* Where the interceptor was put between two transports, not in the place of one. */
static void
test_framed_under_it (Fixture *self, gconstpointer data)
{
  static gpointer volatile kept; /* until the end: it leaks when it is finalized */
  const gpointer below[] = {
    kept = g_object_new (THRIFT_TYPE_FRAMED_TRANSPORT, NULL),
    self->interceptor,
  };

  g_test_summary ("what makes frames under the interceptor, which makes them too, is refused");
  for (gsize i = 0; i < G_N_ELEMENTS (below); i++)
    {
      g_autoptr (NebulaInterceptor) interceptor = NULL;
      g_autoptr (GError) error = NULL;

      interceptor = g_object_new (NEBULA_TYPE_INTERCEPTOR, "transport", below[i], NULL);
      g_assert_false (thrift_transport_open (THRIFT_TRANSPORT (interceptor), &error));
      g_assert_error (error, NEBULA_ERROR, NEBULA_ERROR_INVALID_ARGUMENT);
      g_assert_nonnull (strstr (error->message, G_OBJECT_TYPE_NAME (below[i])));
    }
}

typedef struct
{
  Fixture *fixture;
  guint tried;
} Meddler;

static void
meddle (NebulaInterceptor *interceptor, NebulaAttempt *attempt, gpointer user_data)
{
  Meddler *meddler = user_data;
  ThriftTransport *transport = THRIFT_TRANSPORT (interceptor);
  g_autoptr (NebulaCallReport) report = nebula_interceptor_get_last_report (interceptor);
  g_autoptr (GError) error = NULL;
  gint64 session;
  char byte;

  meddler->tried++;
  g_assert_cmpint (fixture_execute (meddler->fixture, "YIELD 2", &error), ==, FIXTURE_NO_REPLY);
  g_assert_error (error, NEBULA_ERROR, NEBULA_ERROR_WRONG_STATE);
  g_clear_error (&error);
  g_assert_false (thrift_transport_close (transport, &error));
  g_assert_error (error, NEBULA_ERROR, NEBULA_ERROR_WRONG_STATE);
  g_clear_error (&error);
  g_assert_cmpint (thrift_transport_read (transport, &byte, 0, &error), ==, -1);
  g_assert_error (error, NEBULA_ERROR, NEBULA_ERROR_WRONG_STATE);
  g_clear_error (&error);
  g_assert_cmpint (thrift_transport_read_all (transport, &byte, 1, &error), ==, -1);
  g_assert_error (error, NEBULA_ERROR, NEBULA_ERROR_WRONG_STATE);
  g_clear_error (&error);
  g_assert_false (nebula_interceptor_sign_in (interceptor, NULL, &session, &error));
  g_assert_error (error, NEBULA_ERROR, NEBULA_ERROR_WRONG_STATE);
  g_clear_error (&error);
  g_assert_false (nebula_interceptor_sign_out (interceptor, meddler->fixture->session, &error));
  g_assert_error (error, NEBULA_ERROR, NEBULA_ERROR_WRONG_STATE);
}

static void
test_callback (Fixture *self, gconstpointer data)
{
  Meddler meddler = { self, 0 };
  g_autoptr (NebulaMockFault) overload = NULL;
  g_autoptr (GError) error = NULL;

  g_test_summary ("a callback that uses its own interceptor is told not to, and the call goes on");
  fixture_use_space (self);
  overload = nebula_mock_fault_new_exception ("execute", 1, 2, 11, "loadshedding request");
  nebula_mock_server_add_fault (self->server, overload);
  fixture_fault (self, NEBULA_MOCK_FAULT_CLOSE_BEFORE_APPLY, "YIELD 1", 3, 3);
  nebula_interceptor_set_attempt_func (self->interceptor, meddle, &meddler, NULL);
  g_assert_cmpint (fixture_execute (self, "YIELD 1", &error), ==, 0);
  g_assert_no_error (error);
  g_assert_cmpuint (meddler.tried, >=, 3);
  g_assert_cmpuint (nebula_mock_server_get_received (self->server, "YIELD 2"), ==, 0);
  nebula_interceptor_set_attempt_func (self->interceptor, NULL, NULL, NULL);
}

/* What somebody set, who sets it anew when it goes. */
typedef struct
{
  NebulaInterceptor *interceptor;
  guint n_destroyed;
} Setting;

static void
watch_nothing (NebulaInterceptor *interceptor, NebulaAttempt *attempt, gpointer user_data)
{
}

static NebulaOutcome *
judge_nothing (NebulaInterceptor *interceptor, NebulaOutcome *outcome, gpointer user_data)
{
  return NULL;
}

static void
set_attempt_func_again (gpointer data)
{
  Setting *setting = data;

  if (setting->n_destroyed++ == 0)
    nebula_interceptor_set_attempt_func (setting->interceptor, watch_nothing, NULL, NULL);
}

static void
set_outcome_func_again (gpointer data)
{
  Setting *setting = data;

  if (setting->n_destroyed++ == 0)
    nebula_interceptor_set_outcome_func (setting->interceptor, judge_nothing, NULL, NULL);
}

static void
test_set_again (Fixture *self, gconstpointer data)
{
  Setting watched = { self->interceptor, 0 };
  Setting judged = { self->interceptor, 0 };

  g_test_summary ("the data of a function is freed once, whoever sets another one meanwhile");
  nebula_interceptor_set_attempt_func (self->interceptor, watch_nothing, &watched,
                                       set_attempt_func_again);
  nebula_interceptor_set_attempt_func (self->interceptor, NULL, NULL, NULL);
  g_assert_cmpuint (watched.n_destroyed, ==, 1);
  nebula_interceptor_set_outcome_func (self->interceptor, judge_nothing, &judged,
                                       set_outcome_func_again);
  nebula_interceptor_set_outcome_func (self->interceptor, NULL, NULL, NULL);
  g_assert_cmpuint (judged.n_destroyed, ==, 1);
}

static void
test_bare_cluster (Fixture *self, gconstpointer data)
{
  g_autoptr (NebulaCluster) cluster = g_object_new (NEBULA_TYPE_CLUSTER, NULL);
  g_autoptr (NebulaInterceptor) interceptor = nebula_interceptor_new (cluster);
  g_autoptr (GError) error = NULL;

  g_test_summary ("a cluster that was made without its constructor has no endpoints, and says so");
  g_assert_false (thrift_transport_open (THRIFT_TRANSPORT (interceptor), &error));
  g_assert_error (error, NEBULA_ERROR, NEBULA_ERROR_WRONG_STATE);
}

static void
test_open_report (Fixture *self, gconstpointer data)
{
  g_autoptr (NebulaCallReport) report = NULL;

  g_test_summary ("an open that succeeded is reported as such");
  fixture_open (self);
  report = nebula_interceptor_get_last_report (self->interceptor);
  g_assert_cmpstr (nebula_call_report_get_method (report), ==, "open");
  g_assert_true (nebula_call_report_get_succeeded (report));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  fixture_add ("/traps/every-function", test_every_function);
  fixture_add ("/traps/read-never-zero", test_read_never_zero);
  fixture_add ("/traps/read-end-of-reply", test_read_end_of_reply);
  fixture_add ("/traps/left-over", test_left_over);
  fixture_add ("/traps/second-flush", test_second_flush);
  fixture_add ("/traps/is-open", test_is_open);
  fixture_add ("/traps/configuration", test_configuration);
  fixture_add ("/traps/sizes", test_sizes);
  fixture_add ("/traps/exception-without-error", test_exception_without_error);
  fixture_add ("/traps/flush-without-request", test_flush_without_request);
  fixture_add ("/traps/bad-request", test_bad_request);
  fixture_add ("/traps/nothing-under-it", test_nothing_under_it);
  fixture_add ("/traps/framed-under-it", test_framed_under_it);
  fixture_add ("/traps/callback", test_callback);
  fixture_add ("/traps/set-again", test_set_again);
  fixture_add ("/traps/bare-cluster", test_bare_cluster);
  fixture_add ("/traps/open-report", test_open_report);
  return g_test_run ();
}
