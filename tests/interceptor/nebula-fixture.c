/* SPDX-License-Identifier: Apache-2.0 */
#include "nebula-fixture.h"

#include <thrift/c_glib/protocol/thrift_binary_protocol.h>
#include <thrift/c_glib/thrift_application_exception.h>

/* Any start does, as long as subtracting from it stays positive. */
#define CLOCK_START (1000 * G_TIME_SPAN_SECOND)

/* libthrift's finalizer of exceptions does not chain up, which leaks what GObject holds. */
static void (*finalize_exception_half) (GObject *object);

static void
finalize_exception (GObject *object)
{
  finalize_exception_half (object);
  G_OBJECT_CLASS (g_type_class_peek (G_TYPE_OBJECT))->finalize (object);
}

void
fixture_mend_exceptions (void)
{
  GObjectClass *klass = g_type_class_ref (THRIFT_TYPE_APPLICATION_EXCEPTION);

  if (klass->finalize != finalize_exception)
    finalize_exception_half = klass->finalize;
  klass->finalize = finalize_exception;
}

static GByteArray *
bytes_of (const char *text)
{
  GByteArray *bytes = g_byte_array_new ();

  g_byte_array_append (bytes, (const guint8 *) text, strlen (text));
  return bytes;
}

/* Gives up the interceptor, which nobody else may hold. */
void
fixture_disconnect (Fixture *self)
{
  g_clear_object (&self->client);
  g_clear_object (&self->protocol);
  if (self->interceptor != NULL)
    g_object_add_weak_pointer (G_OBJECT (self->interceptor), (gpointer *) &self->interceptor);
  if (self->interceptor != NULL)
    g_object_unref (self->interceptor);
  g_assert_null (self->interceptor);
}

/**
 * fixture_connect:
 * @interceptor: (transfer full): the transport to use from now on, not open
 */
void
fixture_connect (Fixture *self, NebulaInterceptor *interceptor)
{
  fixture_disconnect (self);
  self->interceptor = interceptor;
  self->protocol = g_object_new (THRIFT_TYPE_BINARY_PROTOCOL, "transport", interceptor, NULL);
  self->client = g_object_new (NEBULA_THRIFT_TYPE_GRAPH_SERVICE_CLIENT, "input_protocol",
                               self->protocol, "output_protocol", self->protocol, NULL);
}

/* The client's half, against servers that somebody else looks after. */
void
fixture_set_up_client (Fixture *self, const char *endpoints)
{
  g_autoptr (GError) error = NULL;

  fixture_mend_exceptions ();
  self->clock = nebula_manual_clock_new (CLOCK_START);
  self->cluster = nebula_cluster_new (endpoints, &error);
  g_assert_no_error (error);
  nebula_cluster_set_clock (self->cluster, NEBULA_CLOCK (self->clock));
  nebula_cluster_set_seed (self->cluster, 1);
  fixture_set_policy (self, NULL);
  fixture_connect (self, nebula_interceptor_new (self->cluster));
}

void
fixture_tear_down_client (Fixture *self)
{
  fixture_disconnect (self);
  g_assert_finalize_object (self->cluster);
  g_clear_object (&self->clock);
}

NebulaMockCluster *
fixture_set_up_graphds (Fixture *self, guint n)
{
  NebulaMockCluster *graphds = nebula_mock_cluster_new (n);
  g_autofree char *endpoints = NULL;
  g_autoptr (GError) error = NULL;

  nebula_mock_cluster_add_user (graphds, "root", "nebula");
  nebula_mock_cluster_add_space (graphds, "test");
  nebula_mock_cluster_start (graphds, NULL, 0, &error);
  g_assert_no_error (error);
  endpoints = nebula_mock_cluster_get_endpoints (graphds);
  fixture_set_up_client (self, endpoints);
  return graphds;
}

/* Takes @graphds. */
void
fixture_tear_down_graphds (Fixture *self, NebulaMockCluster *graphds)
{
  fixture_disconnect (self);
  nebula_mock_cluster_stop (graphds);
  fixture_tear_down_client (self);
  g_assert_finalize_object (graphds);
}

void
fixture_set_up (Fixture *self, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  self->server = nebula_mock_server_new ();
  nebula_mock_server_add_user (self->server, "root", "nebula");
  nebula_mock_server_add_space (self->server, "test");
  nebula_mock_server_add_space (self->server, "other");
  nebula_mock_server_start (self->server, NULL, 0, &error);
  g_assert_no_error (error);
  fixture_set_up_client (self, nebula_mock_server_get_address (self->server));
}

void
fixture_tear_down (Fixture *self, gconstpointer data)
{
  fixture_disconnect (self);
  nebula_mock_server_stop (self->server);
  fixture_tear_down_client (self);
  g_clear_object (&self->server);
}

/* From now on calls follow the default policy but for these properties, which end with NULL. */
void
fixture_set_policy_properties (Fixture *self, const char *first_property, ...)
{
  g_autoptr (NebulaRetryPolicy) policy = NULL;
  va_list arguments;

  va_start (arguments, first_property);
  policy = NEBULA_RETRY_POLICY (
    g_object_new_valist (NEBULA_TYPE_RETRY_POLICY, first_property, arguments));
  va_end (arguments);
  nebula_cluster_set_policy (self->cluster, policy);
}

/* For time-outs that must run out by themselves. */
void
fixture_use_real_time (Fixture *self)
{
  nebula_cluster_set_clock (self->cluster, nebula_clock_get_system ());
  fixture_connect (self, nebula_interceptor_new (self->cluster));
}

void
fixture_fault (Fixture *self,
               NebulaMockFaultKind kind,
               const char *contains,
               guint first,
               guint last)
{
  g_autoptr (NebulaMockFault) fault = NULL;

  fault = nebula_mock_fault_new (kind, contains != NULL ? "execute" : NULL, contains, first, last);
  nebula_mock_server_add_fault (self->server, fault);
}

/* The first @last statements that contain @contains are answered so, and not executed. */
void
fixture_fault_code (Fixture *self,
                    const char *contains,
                    guint last,
                    gint32 code,
                    const char *message)
{
  g_autoptr (NebulaMockFault) fault = NULL;

  fault = nebula_mock_fault_new_code (contains, 1, last, code, message);
  nebula_mock_server_add_fault (self->server, fault);
}

void
fixture_open (Fixture *self)
{
  g_autoptr (GError) error = NULL;

  thrift_transport_open (THRIFT_TRANSPORT (self->interceptor), &error);
  g_assert_no_error (error);
}

gint32
fixture_authenticate (Fixture *self, const char *password, GError **error)
{
  g_autoptr (NebulaThriftAuthResponse) response = NULL;
  g_autoptr (GByteArray) user = bytes_of ("root");
  g_autoptr (GByteArray) secret = bytes_of (password);

  response = g_object_new (NEBULA_THRIFT_TYPE_AUTH_RESPONSE, NULL);
  if (!nebula_thrift_graph_service_client_authenticate (self->client, &response, user, secret,
                                                        error))
    return FIXTURE_NO_REPLY;
  if (response->error_code == 0)
    self->session = response->session_id;
  return response->error_code;
}

void
fixture_log_in (Fixture *self)
{
  g_autoptr (GError) error = NULL;

  fixture_open (self);
  g_assert_cmpint (fixture_authenticate (self, "nebula", &error), ==, 0);
  g_assert_no_error (error);
  g_assert_cmpint (self->session, !=, 0);
}

/* Logged in, and in the space "test". */
void
fixture_use_space (Fixture *self)
{
  g_autoptr (GError) error = NULL;

  fixture_log_in (self);
  g_assert_cmpint (fixture_execute (self, "USE test", &error), ==, 0);
  g_assert_no_error (error);
}

/**
 * fixture_query:
 *
 * Returns: (transfer full) (nullable): the reply as the stub decoded it
 */
NebulaThriftExecutionResponse *
fixture_query (Fixture *self, const char *statement, GError **error)
{
  g_autoptr (NebulaThriftExecutionResponse) response = NULL;
  g_autoptr (GByteArray) text = bytes_of (statement);

  response = g_object_new (NEBULA_THRIFT_TYPE_EXECUTION_RESPONSE, NULL);
  if (!nebula_thrift_graph_service_client_execute (self->client, &response, self->session, text,
                                                   error))
    return NULL;
  return g_steal_pointer (&response);
}

gint32
fixture_execute (Fixture *self, const char *statement, GError **error)
{
  g_autoptr (NebulaThriftExecutionResponse) response = fixture_query (self, statement, error);

  return response != NULL ? response->error_code : FIXTURE_NO_REPLY;
}

/**
 * fixture_execute_json:
 *
 * Returns: (transfer full) (nullable): the JSON that came
 */
char *
fixture_execute_json (Fixture *self, const char *statement, GError **error)
{
  g_autoptr (GByteArray) json = NULL;
  g_autoptr (GByteArray) text = bytes_of (statement);

  if (!nebula_thrift_graph_service_client_execute_json (self->client, &json, self->session, text,
                                                        error))
    return NULL;
  return g_strndup ((const char *) json->data, json->len);
}

guint
fixture_get_attempts (Fixture *self)
{
  g_autoptr (NebulaCallReport) report = nebula_interceptor_get_last_report (self->interceptor);

  return nebula_call_report_get_n_attempts (report);
}

static NebulaAttempt *
last_failure (NebulaCallReport *report)
{
  GPtrArray *failures = nebula_call_report_get_failures (report);

  g_assert_cmpuint (failures->len, >, 0);
  return failures->pdata[failures->len - 1];
}

NebulaDecision
fixture_get_last_decision (Fixture *self)
{
  g_autoptr (NebulaCallReport) report = nebula_interceptor_get_last_report (self->interceptor);

  return nebula_attempt_get_decision (last_failure (report));
}

NebulaCause
fixture_get_last_cause (Fixture *self)
{
  g_autoptr (NebulaCallReport) report = nebula_interceptor_get_last_report (self->interceptor);

  return nebula_outcome_get_cause (nebula_attempt_get_outcome (last_failure (report)));
}

/* Gives the server a vertex "v" with n = 1, in the space "test". */
void
fixture_make_vertex (Fixture *self)
{
  fixture_use_space (self);
  g_assert_cmpint (fixture_execute (self, "INSERT VERTEX t(n) VALUES \"v\":(1)", NULL), ==, 0);
}

/* Breaks the connection twice under @read, in every way that it can break. */
void
fixture_assert_read_survives (Fixture *self, const char *read)
{
  static const NebulaMockFaultKind kinds[] = {
    NEBULA_MOCK_FAULT_CLOSE_BEFORE_APPLY,
    NEBULA_MOCK_FAULT_CLOSE_AFTER_APPLY,
    NEBULA_MOCK_FAULT_CLOSE_IN_REPLY,
  };

  for (gsize i = 0; i < G_N_ELEMENTS (kinds); i++)
    {
      g_autoptr (GError) error = NULL;

      nebula_mock_server_clear_faults (self->server);
      fixture_fault (self, kinds[i], read, 1, 2);
      g_assert_cmpint (fixture_execute (self, read, &error), ==, 0);
      g_assert_no_error (error);
      g_assert_cmpuint (fixture_get_attempts (self), ==, 3);
    }
}

/* What the server has stored in the space "test". */
gint64
fixture_get_number (Fixture *self, const char *vertex, const char *property)
{
  gint64 value = -1;

  g_assert_true (nebula_mock_server_get_number (self->server, "test", vertex, property, &value));
  return value;
}
