/* SPDX-License-Identifier: Apache-2.0 */
#include "endpoints-fixture.h"

/* Which graphd a call goes to, and what makes it go to another, on the whole road. */

#define S G_GINT64_CONSTANT (1000000)

#define READ "YIELD 7"

/* For a connection, where that has to run out: it has to be enough for those that stand, on a slow
 * machine too. */
#define CONNECT_TIMEOUT (500 * G_TIME_SPAN_MILLISECOND)
#define QUOTA \
  "Create Session failed: Too many sessions created from 10.0.0.1 by user root. the threshold is " \
  "300. You can change it by modifying 'max_sessions_per_ip_per_user' in nebula-graphd.conf"
#define LOCKED \
  "5 times consecutive incorrect passwords has been input, user name: root has been locked, try " \
  "again in 60 seconds"

/* Another client of the same cluster that logs in. */
static void
log_in_again (EndpointsFixture *self)
{
  endpoints_fixture_reconnect (self);
  fixture_log_in (&self->road);
}

static void
test_round_robin (EndpointsFixture *self, gconstpointer data)
{
  g_test_summary ("new connections are spread over the endpoints, and kept while they work");
  for (guint i = 0; i < 6; i++)
    {
      log_in_again (self);
      for (guint j = 0; j < 5; j++)
        endpoints_fixture_execute (self, "YIELD 1");
    }
  endpoints_fixture_assert_calls (self, "authenticate", "2 2 2");
  endpoints_fixture_assert_calls (self, "execute", "10 10 10");
}

static void
test_connect_failure (EndpointsFixture *self, gconstpointer data)
{
  g_test_summary ("who cannot be connected to is left at once, and nobody else goes there");
  endpoints_fixture_stop_listening (self, 0);
  fixture_log_in (&self->road);
  g_assert_cmpint (nebula_manual_clock_get_waited (self->road.clock), ==, 0);
  endpoints_fixture_assert_states (self, "aside:1 well well");
  for (guint i = 0; i < 5; i++)
    log_in_again (self);
  endpoints_fixture_assert_states (self, "aside:1 well well");
  endpoints_fixture_assert_calls (self, "authenticate", "0 3 3");
}

static void
test_broken_connection (EndpointsFixture *self, gconstpointer data)
{
  g_test_summary ("a connection that breaks sets its endpoint aside; the call goes on elsewhere");
  fixture_log_in (&self->road);
  fixture_fault (&self->road, NEBULA_MOCK_FAULT_CLOSE_BEFORE_APPLY, READ, 1, 1);
  endpoints_fixture_execute (self, READ);
  endpoints_fixture_assert_states (self, "aside:1 well well");
  endpoints_fixture_assert_calls (self, "authenticate", "1 1 0");
}

static void
test_idle_connection (EndpointsFixture *self, gconstpointer data)
{
  g_test_summary ("a connection that was closed while idle says nothing against its endpoint");
  fixture_log_in (&self->road);
  nebula_mock_server_close_connections (self->servers[0]);
  g_assert_true (nebula_mock_server_wait_for_connections_closed (self->servers[0]));
  endpoints_fixture_execute (self, "YIELD 1");
  endpoints_fixture_assert_states (self, "well well well");
  endpoints_fixture_assert_calls (self, "execute", "1 0 0");
}

static void
test_shutdown (EndpointsFixture *self, gconstpointer data)
{
  g_test_summary ("a graphd that says that it stops is left at once, for all of the cluster");
  fixture_log_in (&self->road);
  endpoints_fixture_fault (self, 0,
                           nebula_mock_fault_new_exception ("execute", 1, 0, 6,
                                                            "server shutting down"));
  endpoints_fixture_execute (self, READ);
  g_assert_cmpint (nebula_manual_clock_get_waited (self->road.clock), ==, 0);
  endpoints_fixture_assert_states (self, "aside:1 well well");
  g_assert_cmpuint (nebula_mock_server_get_received (self->servers[1], READ), ==, 2);
}

static void
test_memory (EndpointsFixture *self, gconstpointer data)
{
  static const char *const reads[] = { "YIELD 11", "YIELD 12", "YIELD 13" };

  g_test_summary ("a graphd is set aside when a third statement of its own runs out of memory");
  endpoints_fixture_limit (self, 2);
  fixture_set_policy (&self->road, "memory-attempts", 1u, NULL);
  fixture_log_in (&self->road);
  for (guint i = 0; i < 3; i++)
    fixture_fault_code (&self->road, reads[i], 100, -1005,
                        "GraphMemoryExceeded: (-2600) memory is tight");
  for (guint i = 0; i < 5; i++)
    g_assert_cmpint (fixture_execute (&self->road, reads[0], NULL), ==, -1005);
  g_assert_cmpint (fixture_execute (&self->road, reads[1], NULL), ==, -1005);
  endpoints_fixture_assert_states (self, "well well");
  nebula_manual_clock_advance (self->road.clock, 10 * S);
  g_assert_cmpint (fixture_execute (&self->road, reads[2], NULL), ==, -1005);
  endpoints_fixture_assert_states (self, "well well");
  g_assert_cmpint (fixture_execute (&self->road, reads[1], NULL), ==, -1005);
  g_assert_cmpint (fixture_execute (&self->road, reads[0], NULL), ==, -1005);
  endpoints_fixture_assert_states (self, "aside:1 well");
}

static void
test_reply_is_no_trouble (EndpointsFixture *self, gconstpointer data)
{
  static const struct
  {
    gint32 code;
    const char *message;
  } cases[] = {
    { -1005, "Storage Error: RPC failure, probably timeout." },
    { -1005, "Fail to connect!" },
    { -1005, "Disconnected!" },
    { -1004, "SyntaxError: syntax error near `nonsense'" },
    { -1010, "Too many connections in the cluster" },
    { -1011, "partial" },
  };

  g_test_summary ("a graphd that answers is not set aside, whatever it says of others");
  fixture_set_policy (&self->road, "enabled", FALSE, NULL);
  fixture_log_in (&self->road);
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *statement = g_strdup_printf ("YIELD %d", 100 + (int) i);

      fixture_fault_code (&self->road, statement, 1, cases[i].code, cases[i].message);
      g_assert_cmpint (fixture_execute (&self->road, statement, NULL), ==, cases[i].code);
      endpoints_fixture_assert_states (self, "well well well");
    }
}

static void
test_timeout_is_no_trouble (EndpointsFixture *self, gconstpointer data)
{
  g_test_summary ("a statement that takes too long says nothing against its graphd");
  fixture_use_real_time (&self->road);
  endpoints_fixture_fault (self, 0,
                           nebula_mock_fault_new (NEBULA_MOCK_FAULT_SILENCE, "execute", READ, 1,
                                                  0));
  fixture_log_in (&self->road);
  fixture_set_policy (&self->road, "total-timeout", 50 * G_TIME_SPAN_MILLISECOND, NULL);
  g_assert_cmpint (fixture_execute (&self->road, READ, NULL), ==, FIXTURE_NO_REPLY);
  endpoints_fixture_assert_states (self, "well well well");
}

/* The first server was away, and its pause is over. */
static void
set_aside_first (EndpointsFixture *self)
{
  endpoints_fixture_stop_listening (self, 0);
  fixture_log_in (&self->road);
  nebula_mock_server_set_listening (self->servers[0], TRUE);
  nebula_manual_clock_advance (self->road.clock, 1 * S);
}

static void
test_probe (EndpointsFixture *self, gconstpointer data)
{
  g_test_summary ("after the pause a graphd is asked YIELD 1 without a session first, by one");
  set_aside_first (self);
  log_in_again (self);
  g_assert_cmpuint (nebula_mock_server_get_received (self->servers[0], "YIELD 1"), ==, 1);
  endpoints_fixture_assert_calls (self, "authenticate", "1 1 0");
  endpoints_fixture_assert_states (self, "well well well");
  for (guint i = 0; i < 6; i++)
    log_in_again (self);
  g_assert_cmpuint (nebula_mock_server_get_received (self->servers[0], "YIELD 1"), ==, 1);
}

static void
test_probe_of_dead (EndpointsFixture *self, gconstpointer data)
{
  g_test_summary ("a probe that fails doubles the pause, and the call goes on elsewhere at once");
  set_aside_first (self);
  nebula_mock_server_set_listening (self->servers[0], FALSE);
  log_in_again (self);
  endpoints_fixture_assert_states (self, "aside:2 well well");
  nebula_manual_clock_advance (self->road.clock, 1 * S);
  endpoints_fixture_assert_states (self, "aside:2 well well");
  nebula_manual_clock_advance (self->road.clock, 1 * S);
  endpoints_fixture_assert_states (self, "well:2 well well");
  g_assert_cmpint (nebula_manual_clock_get_waited (self->road.clock), ==, 0);
}

static void
test_probe_of_stopping (EndpointsFixture *self, gconstpointer data)
{
  g_test_summary ("a probe that hears that graphd stops has failed");
  set_aside_first (self);
  endpoints_fixture_fault (self, 0,
                           nebula_mock_fault_new_exception ("execute", 1, 0, 6,
                                                            "server shutting down"));
  log_in_again (self);
  endpoints_fixture_assert_states (self, "aside:2 well well");
  endpoints_fixture_assert_calls (self, "authenticate", "0 2 0");
}

static void
test_probe_of_silent (EndpointsFixture *self, gconstpointer data)
{
  g_test_summary ("a probe that is not answered ends with the time that a connection may take");
  fixture_use_real_time (&self->road);
  fixture_set_policy (&self->road, "connect-timeout", CONNECT_TIMEOUT,
                      "endpoint-pause", G_GINT64_CONSTANT (1), NULL);
  endpoints_fixture_fault (self, 0,
                           nebula_mock_fault_new (NEBULA_MOCK_FAULT_SILENCE, "execute", "YIELD 1",
                                                  1, 0));
  set_aside_first (self);
  log_in_again (self);
  g_assert_cmpuint (nebula_mock_server_get_received (self->servers[0], "YIELD 1"), ==, 1);
  endpoints_fixture_assert_calls (self, "authenticate", "0 2 0");
}

static void
test_silent_handshake (EndpointsFixture *self, gconstpointer data)
{
  g_test_summary ("who takes connections and answers nothing is left when a connection had to stand");
  fixture_use_real_time (&self->road);
  fixture_set_policy (&self->road, "connect-timeout", CONNECT_TIMEOUT, NULL);
  endpoints_fixture_fault (self, 0,
                           nebula_mock_fault_new (NEBULA_MOCK_FAULT_SILENCE, "verifyClientVersion",
                                                  NULL, 1, 0));
  fixture_log_in (&self->road);
  endpoints_fixture_assert_states (self, "aside:1 well well");
  endpoints_fixture_assert_calls (self, "authenticate", "0 1 0");
}

/* Other servers than graphd, as a client sees them. */
static const NebulaMockFaultKind strange_answers[] = {
  NEBULA_MOCK_FAULT_GARBAGE,    NEBULA_MOCK_FAULT_OVERSIZE,       NEBULA_MOCK_FAULT_NEGATIVE_SIZE,
  NEBULA_MOCK_FAULT_BAD_STRING, NEBULA_MOCK_FAULT_WRONG_SEQUENCE, NEBULA_MOCK_FAULT_WRONG_METHOD,
  NEBULA_MOCK_FAULT_NO_RESULT,
};

static void
test_strange_handshake (EndpointsFixture *self, gconstpointer data)
{
  const NebulaMockFaultKind *answer = data;

  g_test_summary ("who answers the handshake with what is no answer is left at once");
  endpoints_fixture_fault (self, 0,
                           nebula_mock_fault_new (*answer, "verifyClientVersion", NULL, 1, 0));
  fixture_log_in (&self->road);
  g_assert_cmpuint (fixture_get_attempts (&self->road), ==, 2);
  endpoints_fixture_assert_states (self, "aside:1 well well");
  endpoints_fixture_assert_calls (self, "authenticate", "0 1 0");
  g_assert_cmpint (nebula_manual_clock_get_waited (self->road.clock), ==, 0);
}

static void
test_strange_everywhere (EndpointsFixture *self, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  g_test_summary ("when all of them do, each is asked once, and the call ends");
  for (guint i = 0; i < ENDPOINTS_N_SERVERS; i++)
    endpoints_fixture_fault (self, i,
                             nebula_mock_fault_new (NEBULA_MOCK_FAULT_GARBAGE,
                                                    "verifyClientVersion", NULL, 1, 0));
  fixture_open (&self->road);
  g_assert_cmpint (fixture_authenticate (&self->road, "nebula", &error), ==, FIXTURE_NO_REPLY);
  g_assert_error (error, NEBULA_ERROR, NEBULA_ERROR_FATAL);
  endpoints_fixture_assert_calls (self, "verifyClientVersion", "1 1 1");
  g_assert_cmpint (nebula_manual_clock_get_waited (self->road.clock), ==, 0);
}

/* As a stub does it, whose program makes the handshake itself. */
static void
shake_hands (EndpointsFixture *self, GError **error)
{
  g_autoptr (GObject) request = NULL;
  NebulaThriftVerifyClientVersionResp *response = NULL;
  g_autoptr (GByteArray) version = g_byte_array_new ();

  g_byte_array_append (version, (const guint8 *) "3.0.0", 5);
  request = g_object_new (NEBULA_THRIFT_TYPE_VERIFY_CLIENT_VERSION_REQ, "version", version, NULL);
  response = g_object_new (NEBULA_THRIFT_TYPE_VERIFY_CLIENT_VERSION_RESP, NULL);
  fixture_open (&self->road);
  nebula_thrift_graph_service_client_verify_client_version (
    self->road.client, &response, NEBULA_THRIFT_VERIFY_CLIENT_VERSION_REQ (request), error);
  g_object_unref (response);
}

static void
test_silent_own_handshake (EndpointsFixture *self, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  g_test_summary ("the same where the stub makes the handshake itself");
  fixture_use_real_time (&self->road);
  fixture_set_policy (&self->road, "connect-timeout", CONNECT_TIMEOUT, NULL);
  endpoints_fixture_fault (self, 0,
                           nebula_mock_fault_new (NEBULA_MOCK_FAULT_SILENCE, "verifyClientVersion",
                                                  NULL, 1, 0));
  shake_hands (self, &error);
  g_assert_no_error (error);
  endpoints_fixture_assert_states (self, "aside:1 well well");
  endpoints_fixture_assert_calls (self, "verifyClientVersion", "1 1 0");
}

static void
test_strange_own_handshake (EndpointsFixture *self, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  g_test_summary ("a stub's own handshake is answered strangely: the stub's next one goes elsewhere");
  endpoints_fixture_fault (self, 0,
                           nebula_mock_fault_new (NEBULA_MOCK_FAULT_GARBAGE, "verifyClientVersion",
                                                  NULL, 1, 0));
  shake_hands (self, &error);
  g_assert_error (error, NEBULA_ERROR, NEBULA_ERROR_FATAL);
  g_clear_error (&error);
  endpoints_fixture_assert_states (self, "aside:1 well well");
  shake_hands (self, &error);
  g_assert_no_error (error);
  endpoints_fixture_assert_calls (self, "verifyClientVersion", "1 1 0");
}

static void
test_hurried (EndpointsFixture *self, gconstpointer data)
{
  g_test_summary ("a call without time enough says nothing against an endpoint that is too slow");
  fixture_use_real_time (&self->road);
  endpoints_fixture_fault (self, 0,
                           nebula_mock_fault_new (NEBULA_MOCK_FAULT_SILENCE, "verifyClientVersion",
                                                  NULL, 1, 0));
  fixture_open (&self->road);
  fixture_set_policy (&self->road, "total-timeout", 50 * G_TIME_SPAN_MILLISECOND, NULL);
  g_assert_cmpint (fixture_authenticate (&self->road, "nebula", NULL), ==, FIXTURE_NO_REPLY);
  endpoints_fixture_assert_states (self, "well well well");
}

static void
test_hurried_probe (EndpointsFixture *self, gconstpointer data)
{
  const char *probe = "YIELD 1";

  g_test_summary ("a probe that ended with its call has shown nothing: the next call makes another");
  fixture_use_real_time (&self->road);
  fixture_set_policy (&self->road, "endpoint-pause", G_GINT64_CONSTANT (1), NULL);
  endpoints_fixture_fault (self, 0,
                           nebula_mock_fault_new (NEBULA_MOCK_FAULT_SILENCE, "execute", probe, 1,
                                                  1));
  set_aside_first (self);
  endpoints_fixture_reconnect (self);
  fixture_open (&self->road);
  fixture_set_policy (&self->road, "endpoint-pause", G_GINT64_CONSTANT (1), "total-timeout",
                      50 * G_TIME_SPAN_MILLISECOND, NULL);
  g_assert_cmpint (fixture_authenticate (&self->road, "nebula", NULL), ==, FIXTURE_NO_REPLY);
  endpoints_fixture_assert_states (self, "well:1 well well");

  fixture_set_policy (&self->road, "enabled", TRUE, NULL);
  log_in_again (self);
  g_assert_cmpuint (nebula_mock_server_get_received (self->servers[0], probe), ==, 2);
  endpoints_fixture_assert_states (self, "well well well");
}

static void
test_probe_of_other_service (EndpointsFixture *self, gconstpointer data)
{
  g_test_summary ("where the service is not graphd's a connection is probe enough");
  set_aside_first (self);
  fixture_connect (&self->road, g_object_new (NEBULA_TYPE_INTERCEPTOR, "cluster",
                                              self->road.cluster, "service",
                                              NEBULA_SERVICE_OTHER, NULL));
  fixture_log_in (&self->road);
  endpoints_fixture_assert_calls (self, "execute", "0 0 0");
  endpoints_fixture_assert_calls (self, "authenticate", "1 1 0");
  endpoints_fixture_assert_states (self, "well well well");
}

static void
test_pauses_of_policy (EndpointsFixture *self, gconstpointer data)
{
  g_test_summary ("the policy says how long an endpoint is set aside");
  fixture_set_policy (&self->road, "endpoint-pause", 8 * S, "endpoint-maximum-pause", 9 * S, NULL);
  endpoints_fixture_stop_listening (self, 0);
  fixture_log_in (&self->road);
  nebula_manual_clock_advance (self->road.clock, 6 * S - 1);
  endpoints_fixture_assert_states (self, "aside:1 well well");
  nebula_manual_clock_advance (self->road.clock, 2 * S + 1);
  endpoints_fixture_assert_states (self, "well:1 well well");
}

static void
test_states (EndpointsFixture *self, gconstpointer data)
{
  g_autoptr (GPtrArray) states = NULL;
  NebulaEndpointState *state;

  g_test_summary ("what is known of an endpoint can be read: its name, its pause, its last error");
  endpoints_fixture_stop_listening (self, 0);
  fixture_log_in (&self->road);
  nebula_manual_clock_advance (self->road.clock, S / 10);
  states = nebula_cluster_get_endpoint_states (self->road.cluster);
  state = states->pdata[0];
  g_assert_cmpstr (nebula_endpoint_state_get_name (state), ==,
                   nebula_mock_server_get_address (self->servers[0]));
  g_assert_true (nebula_endpoint_state_is_set_aside (state));
  g_assert_cmpint (nebula_endpoint_state_get_pause (state), >, S * 6 / 10);
  g_assert_cmpint (nebula_endpoint_state_get_pause (state), <=, S * 9 / 10);
  g_assert_cmpint (nebula_endpoint_state_get_failed_since (state), ==, S / 10);
  g_assert_nonnull (strstr (nebula_endpoint_state_get_last_error (state), "refused"));

  state = states->pdata[1];
  g_assert_false (nebula_endpoint_state_is_set_aside (state));
  g_assert_cmpint (nebula_endpoint_state_get_pause (state), ==, 0);
  g_assert_cmpint (nebula_endpoint_state_get_failed_since (state), ==, 0);
  g_assert_null (nebula_endpoint_state_get_last_error (state));
}

static void
add_login_fault (EndpointsFixture *self, guint server, gint32 code, const char *message)
{
  g_autoptr (NebulaMockFault) plain = NULL;

  plain = nebula_mock_fault_new (NEBULA_MOCK_FAULT_CODE, "authenticate", NULL, 1, 0);
  endpoints_fixture_fault (self, server, nebula_mock_fault_with_code (plain, code, message));
}

static void
test_quota (EndpointsFixture *self, gconstpointer data)
{
  g_test_summary ("too many sessions on one graphd: another one may have room");
  add_login_fault (self, 0, -1002, QUOTA);
  fixture_log_in (&self->road);
  endpoints_fixture_assert_calls (self, "authenticate", "1 1 0");
  endpoints_fixture_assert_states (self, "well well well");
  g_assert_cmpint (nebula_manual_clock_get_waited (self->road.clock), ==, 0);
}

static void
test_quota_everywhere (EndpointsFixture *self, gconstpointer data)
{
  g_test_summary ("too many sessions on all of them: each is asked once, then that is the answer");
  for (guint i = 0; i < ENDPOINTS_N_SERVERS; i++)
    add_login_fault (self, i, -1002, QUOTA);
  fixture_open (&self->road);
  g_assert_cmpint (fixture_authenticate (&self->road, "nebula", NULL), ==, -1002);
  endpoints_fixture_assert_calls (self, "authenticate", "1 1 1");
}

static void
test_quota_of_renewal (EndpointsFixture *self, gconstpointer data)
{
  g_test_summary ("also when it is a lost session that is to be replaced");
  fixture_log_in (&self->road);
  add_login_fault (self, 0, -1002, QUOTA);
  nebula_mock_server_expire_sessions (self->servers[0]);
  endpoints_fixture_execute (self, READ);
  endpoints_fixture_assert_calls (self, "authenticate", "2 1 0");
  g_assert_cmpuint (nebula_mock_server_get_applied (self->servers[1], READ), ==, 1);
}

static void
test_locked (EndpointsFixture *self, gconstpointer data)
{
  g_autoptr (NebulaCallReport) report = NULL;
  GPtrArray *failures;
  NebulaOutcome *outcome;

  g_test_summary ("a locked account is one everywhere: it is handed over, with its time");
  add_login_fault (self, 0, -1001, LOCKED);
  fixture_open (&self->road);
  g_assert_cmpint (fixture_authenticate (&self->road, "nebula", NULL), ==, -1001);
  endpoints_fixture_assert_calls (self, "authenticate", "1 0 0");
  report = nebula_interceptor_get_last_report (self->road.interceptor);
  failures = nebula_call_report_get_failures (report);
  outcome = nebula_attempt_get_outcome (failures->pdata[0]);
  g_assert_cmpint (nebula_outcome_get_cause (outcome), ==, NEBULA_CAUSE_LOCKED);
  g_assert_cmpint (nebula_outcome_get_pushback (outcome), ==, 60 * S);
}

static void
test_throttle (EndpointsFixture *self, gconstpointer data)
{
  g_test_summary ("gRPC's throttle is one for the cluster: failures of one stop retries at another");
  endpoints_fixture_limit (self, 2);
  fixture_set_policy (&self->road, "budget", NEBULA_BUDGET_THROTTLE, "budget-capacity", 8u, NULL);
  for (guint i = 0; i < 2; i++)
    endpoints_fixture_fault (self, i,
                             nebula_mock_fault_new_code (READ, 1, 0, -1005,
                                                         "Storage Error: RPC failure, probably "
                                                         "timeout."));
  fixture_log_in (&self->road);
  g_assert_cmpint (fixture_execute (&self->road, READ, NULL), ==, -1005); /* 4 are left */
  log_in_again (self);
  g_assert_cmpint (fixture_execute (&self->road, READ, NULL), ==, -1005);
  endpoints_fixture_assert_calls (self, "execute", "4 1 0");
  g_assert_cmpint (fixture_get_last_decision (&self->road).reason, ==, NEBULA_REASON_THROTTLED);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  endpoints_fixture_add ("/endpoints/round-robin", test_round_robin);
  endpoints_fixture_add ("/endpoints/connect-failure", test_connect_failure);
  endpoints_fixture_add ("/endpoints/broken-connection", test_broken_connection);
  endpoints_fixture_add ("/endpoints/idle-connection", test_idle_connection);
  endpoints_fixture_add ("/endpoints/shutdown", test_shutdown);
  endpoints_fixture_add ("/endpoints/memory", test_memory);
  endpoints_fixture_add ("/endpoints/reply-is-no-trouble", test_reply_is_no_trouble);
  endpoints_fixture_add ("/endpoints/timeout-is-no-trouble", test_timeout_is_no_trouble);
  endpoints_fixture_add ("/endpoints/probe", test_probe);
  endpoints_fixture_add ("/endpoints/probe-of-dead", test_probe_of_dead);
  endpoints_fixture_add ("/endpoints/probe-of-stopping", test_probe_of_stopping);
  endpoints_fixture_add ("/endpoints/probe-of-silent", test_probe_of_silent);
  for (gsize i = 0; i < G_N_ELEMENTS (strange_answers); i++)
    {
      g_autofree char *path = NULL;

      path = g_strdup_printf ("/endpoints/strange-handshake/%" G_GSIZE_FORMAT, i);
      g_test_add (path, EndpointsFixture, &strange_answers[i], endpoints_fixture_set_up,
                  test_strange_handshake, endpoints_fixture_tear_down);
    }
  endpoints_fixture_add ("/endpoints/strange-everywhere", test_strange_everywhere);
  endpoints_fixture_add ("/endpoints/silent-handshake", test_silent_handshake);
  endpoints_fixture_add ("/endpoints/silent-own-handshake", test_silent_own_handshake);
  endpoints_fixture_add ("/endpoints/strange-own-handshake", test_strange_own_handshake);
  endpoints_fixture_add ("/endpoints/hurried", test_hurried);
  endpoints_fixture_add ("/endpoints/hurried-probe", test_hurried_probe);
  endpoints_fixture_add ("/endpoints/probe-of-other-service", test_probe_of_other_service);
  endpoints_fixture_add ("/endpoints/pauses-of-policy", test_pauses_of_policy);
  endpoints_fixture_add ("/endpoints/states", test_states);
  endpoints_fixture_add ("/endpoints/quota", test_quota);
  endpoints_fixture_add ("/endpoints/quota-everywhere", test_quota_everywhere);
  endpoints_fixture_add ("/endpoints/quota-of-renewal", test_quota_of_renewal);
  endpoints_fixture_add ("/endpoints/locked", test_locked);
  endpoints_fixture_add ("/endpoints/throttle", test_throttle);
  return g_test_run ();
}
