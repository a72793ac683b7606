/* SPDX-License-Identifier: Apache-2.0 */
#include "nebula-fixture.h"

#include <thrift/c_glib/thrift_application_exception.h>

/* What can come back instead of an answer, and what the caller is told. */

#define COUNT_UP "UPDATE VERTEX ON t \"v\" SET n = n + 1"
#define FETCH "FETCH PROP ON t \"v\" YIELD properties(vertex).n"

static void
test_damaged (Fixture *self, gconstpointer data)
{
  static const struct
  {
    NebulaMockFaultKind kind;
    const char *text; /* what the error says of it */
  } cases[] = {
    { NEBULA_MOCK_FAULT_GARBAGE, "" },
    { NEBULA_MOCK_FAULT_WRONG_SEQUENCE, "sequence number" },
    { NEBULA_MOCK_FAULT_WRONG_METHOD, "another method" },
    { NEBULA_MOCK_FAULT_OVERSIZE, "max-frame-size" },
    { NEBULA_MOCK_FAULT_NEGATIVE_SIZE, "-1 bytes" },
    { NEBULA_MOCK_FAULT_EMPTY_FRAME, "empty frame" },
    { NEBULA_MOCK_FAULT_BAD_STRING, "byte" },
    { NEBULA_MOCK_FAULT_DEEP, "deep" },
    { NEBULA_MOCK_FAULT_NO_RESULT, "no result" },
  };

  g_test_summary ("a damaged answer is a clear error, is not repeated, and closes the connection");
  fixture_make_vertex (self);
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GError) error = NULL;
      guint received = nebula_mock_server_get_received (self->server, FETCH);

      nebula_mock_server_clear_faults (self->server);
      fixture_fault (self, cases[i].kind, FETCH, 1, 1);
      g_assert_cmpint (fixture_execute (self, FETCH, &error), ==, FIXTURE_NO_REPLY);
      g_assert_error (error, NEBULA_ERROR, NEBULA_ERROR_FATAL);
      g_assert_nonnull (strstr (error->message, cases[i].text));
      g_assert_true (nebula_error_may_have_been_applied (error));
      g_assert_cmpint (nebula_error_get_code (error), ==, -3);
      g_assert_cmpuint (nebula_mock_server_get_received (self->server, FETCH), ==, received + 1);
      g_assert_cmpint (fixture_execute (self, FETCH, NULL), ==, 0);
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
test_all_attempts (Fixture *self, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  g_test_summary ("when no attempt helps, the error tells of all of them");
  fixture_make_vertex (self);
  fixture_fault (self, NEBULA_MOCK_FAULT_CLOSE_BEFORE_APPLY, FETCH, 1, 0);
  g_assert_cmpint (fixture_execute (self, FETCH, &error), ==, FIXTURE_NO_REPLY);
  g_assert_error (error, NEBULA_ERROR, NEBULA_ERROR_RETRYABLE);
  g_assert_cmpuint (nebula_error_get_attempts (error)->len, ==, 4);
  g_assert_cmpint (fixture_get_last_decision (self).reason, ==, NEBULA_REASON_ATTEMPTS);
  g_assert_cmpint (nebula_manual_clock_get_waited (self->clock), >, 0);
}

static void
test_refused (Fixture *self, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  g_test_summary ("an endpoint that refuses costs at most two tries more than there are endpoints");
  nebula_mock_server_set_listening (self->server, FALSE);
  g_assert_false (thrift_transport_open (THRIFT_TRANSPORT (self->interceptor), &error));
  g_assert_error (error, NEBULA_ERROR, NEBULA_ERROR_RETRYABLE);
  g_assert_cmpint (nebula_error_get_code (error), ==, -2);
  g_assert_false (nebula_error_may_have_been_applied (error));
  g_assert_cmpuint (nebula_error_get_attempts (error)->len, ==, 4);
  g_assert_nonnull (strstr (error->message, "refused"));
  g_assert_false (thrift_transport_is_open (THRIFT_TRANSPORT (self->interceptor)));

  nebula_mock_server_set_listening (self->server, TRUE);
  fixture_make_vertex (self);
}

static void
test_restart (Fixture *self, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  g_test_summary ("a call that meets a server that is gone fails without effect, the next one works");
  fixture_make_vertex (self);
  nebula_mock_server_set_listening (self->server, FALSE);
  nebula_mock_server_close_connections (self->server);
  g_assert_true (nebula_mock_server_wait_for_connections_closed (self->server));
  g_assert_cmpint (fixture_execute (self, COUNT_UP, &error), ==, FIXTURE_NO_REPLY);
  g_assert_false (nebula_error_may_have_been_applied (error));
  g_assert_true (thrift_transport_is_open (THRIFT_TRANSPORT (self->interceptor)));

  nebula_mock_server_set_listening (self->server, TRUE);
  g_assert_cmpint (fixture_execute (self, COUNT_UP, NULL), ==, 0);
  g_assert_cmpint (fixture_get_number (self, "v", "n"), ==, 2);
}

static void
test_codes (Fixture *self, gconstpointer data)
{
  static const struct
  {
    const char *statement;
    gint32 code;
    const char *message;
    guint received;
    NebulaReason reason;
  } cases[] = {
    { FETCH, -1004, "SyntaxError: syntax error near `x'", 1, NEBULA_REASON_NOT_RETRYABLE },
    { FETCH, -1005, "Storage Error: Not the leader of 3. Please retry later.", 10,
      NEBULA_REASON_ATTEMPTS },
    { FETCH, -1005, "Storage Error: RPC failure, probably timeout.", 4, NEBULA_REASON_ATTEMPTS },
    { COUNT_UP, -1005, "Storage Error: Not the leader of 3. Please retry later.", 1,
      NEBULA_REASON_EFFECT_UNKNOWN },
    { FETCH, -1005, "Execution had been killed", 1, NEBULA_REASON_KILLED },
    { FETCH, -1005, "nobody knows this text", 1, NEBULA_REASON_NOT_RETRYABLE },
    { FETCH, -1008, "PermissionError: No permission", 1, NEBULA_REASON_NOT_RETRYABLE },
    { COUNT_UP, -1005, "Not ready!", 4, NEBULA_REASON_ATTEMPTS },
  };

  g_test_summary ("a reply is handed over as it came, after as many attempts as its meaning is worth");
  fixture_make_vertex (self);
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (NebulaThriftExecutionResponse) response = NULL;
      guint before = nebula_mock_server_get_received (self->server, cases[i].statement);

      nebula_mock_server_clear_faults (self->server);
      fixture_fault_code (self, cases[i].statement, 0, cases[i].code, cases[i].message);
      response = fixture_query (self, cases[i].statement, &error);
      g_assert_no_error (error);
      g_assert_cmpint (response->error_code, ==, cases[i].code);
      g_assert_cmpmem (response->error_msg->data, response->error_msg->len, cases[i].message,
                       strlen (cases[i].message));
      g_assert_cmpuint (nebula_mock_server_get_received (self->server, cases[i].statement) - before,
                        ==, cases[i].received);
      g_assert_cmpint (fixture_get_last_decision (self).reason, ==, cases[i].reason);
    }
  g_assert_cmpint (fixture_get_number (self, "v", "n"), ==, 1);
}

static void
test_surface_errors (Fixture *self, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  g_test_summary ("with surface-errors set, a code other than 0 is a GError");
  fixture_make_vertex (self);
  g_object_set (self->interceptor, "surface-errors", NEBULA_SURFACE_ERRORS, NULL);
  fixture_fault_code (self, FETCH, 1, -1005, "Storage Error: Vertex or edge not found.");
  g_assert_cmpint (fixture_execute (self, FETCH, &error), ==, FIXTURE_NO_REPLY);
  g_assert_error (error, NEBULA_ERROR, NEBULA_ERROR_FATAL);
  g_assert_cmpint (nebula_error_get_code (error), ==, -1005);
  g_assert_cmpint (nebula_error_get_real_code (error), ==, -17);
  g_assert_cmpint (fixture_execute (self, FETCH, NULL), ==, 0);
}

static void
test_exception (Fixture *self, gconstpointer data)
{
  static const struct
  {
    gint32 type;
    const char *message;
    guint received;
  } cases[] = {
    { 11, "loadshedding request", 2 },
    { 6, "server shutting down", 2 },
    { 0, "something", 1 },
    { 1, "Method name execute not found", 1 },
  };

  g_test_summary ("an application exception is repeated when nothing was executed, else handed over");
  fixture_make_vertex (self);
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (NebulaMockFault) fault = NULL;
      guint before = nebula_mock_server_get_calls (self->server, "execute");

      nebula_mock_server_clear_faults (self->server);
      fault = nebula_mock_fault_new_exception ("execute", 1, 1, cases[i].type, cases[i].message);
      nebula_mock_server_add_fault (self->server, fault);
      fixture_execute (self, COUNT_UP, &error);
      g_assert_cmpuint (nebula_mock_server_get_calls (self->server, "execute") - before, ==,
                        cases[i].received);
      if (cases[i].received == 1)
        g_assert_cmpint (error->code, ==, cases[i].type);
      else
        g_assert_no_error (error);
    }
  g_assert_cmpint (fixture_get_number (self, "v", "n"), ==, 3);
}

static void
test_json (Fixture *self, gconstpointer data)
{
  static const char decoy[] = "YIELD '\"errors\":[{\"code\":-1005}]'";
  g_autofree char *retried = NULL;
  g_autofree char *given_up = NULL;
  g_autofree char *fooled = NULL;

  g_test_summary ("a JSON reply is judged by its own code, not by what its rows say");
  fixture_make_vertex (self);
  fixture_fault_code (self, FETCH, 1, -1005, "Storage Error: Not the leader of 1. Please \"retry\".");
  retried = fixture_execute_json (self, FETCH, NULL);
  g_assert_nonnull (strstr (retried, "\"code\":0"));
  g_assert_cmpuint (fixture_get_attempts (self), ==, 2);

  nebula_mock_server_clear_faults (self->server);
  fixture_fault_code (self, FETCH, 0, -1004, "SyntaxError: x");
  given_up = fixture_execute_json (self, FETCH, NULL);
  g_assert_nonnull (strstr (given_up, "-1004"));
  g_assert_cmpuint (fixture_get_attempts (self), ==, 1);

  fooled = fixture_execute_json (self, decoy, NULL);
  g_assert_nonnull (strstr (fooled, "-1005"));
  g_assert_cmpuint (nebula_mock_server_get_received (self->server, decoy), ==, 1);
}

static void
test_signout (Fixture *self, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  g_test_summary ("signout waits for nothing, and what follows is not confused by it");
  fixture_make_vertex (self);
  g_assert_true (nebula_thrift_graph_service_client_signout (self->client, self->session, &error));
  g_assert_no_error (error);
  g_assert_cmpint (fixture_execute (self, FETCH, &error), ==, -1002);
  g_assert_cmpuint (nebula_mock_server_get_calls (self->server, "authenticate"), ==, 1);
  g_assert_true (nebula_mock_server_wait_for_sessions (self->server, 0));
}

static void
test_big (Fixture *self, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (NebulaThriftExecutionResponse) response = NULL;

  g_test_summary ("20,000 rows arrive whole");
  fixture_make_vertex (self);
  response = fixture_query (self, "YIELD rows(20000)", &error);
  g_assert_no_error (error);
  g_assert_cmpint (response->error_code, ==, 0);
  g_assert_cmpuint (response->data->rows->len, ==, 20000);
}

static void
test_frame_limit (Fixture *self, gconstpointer data)
{
  g_autoptr (GError) reply_error = NULL;
  g_autoptr (GError) request_error = NULL;
  g_autofree char *spaces = g_strnfill (100000, ' ');
  g_autofree char *statement = g_strconcat ("YIELD 1", spaces, NULL);

  g_test_summary ("a reply or a request above max-frame-size is refused; one below is not");
  fixture_make_vertex (self);
  g_object_set (self->interceptor, "max-frame-size", 100000, NULL);
  g_assert_cmpint (fixture_execute (self, "YIELD rows(100)", NULL), ==, 0);
  g_assert_cmpint (fixture_execute (self, "YIELD rows(20000)", &reply_error), ==, FIXTURE_NO_REPLY);
  g_assert_error (reply_error, NEBULA_ERROR, NEBULA_ERROR_FATAL);
  g_assert_nonnull (strstr (reply_error->message, "max-frame-size (100000 bytes)"));
  g_assert_cmpint (fixture_execute (self, statement, &request_error), ==, FIXTURE_NO_REPLY);
  g_assert_error (request_error, NEBULA_ERROR, NEBULA_ERROR_FATAL);
  g_assert_nonnull (strstr (request_error->message, "max-frame-size (100000 bytes)"));
  g_assert_cmpint (fixture_execute (self, FETCH, NULL), ==, 0);
}

static NebulaOutcome *
say_nothing_was_done (NebulaInterceptor *interceptor, NebulaOutcome *outcome, gpointer user_data)
{
  guint *asked = user_data;

  (*asked)++;
  if (strstr (nebula_outcome_get_message (outcome), "nobody knows") == NULL)
    return NULL;
  return nebula_outcome_reclassify (outcome, NEBULA_ERROR_CATEGORY_RETRYABLE, NEBULA_CAUSE_OVERLOAD,
                                    NEBULA_EFFECT_NONE, NEBULA_PACE_FAST, "mine");
}

static void
test_outcome_func (Fixture *self, gconstpointer data)
{
  guint asked = 0;

  g_test_summary ("who knows better may change an outcome; it is asked for failures only");
  fixture_make_vertex (self);
  nebula_interceptor_set_outcome_func (self->interceptor, say_nothing_was_done, &asked, NULL);
  fixture_fault_code (self, COUNT_UP, 2, -1005, "nobody knows this text");
  g_assert_cmpint (fixture_execute (self, COUNT_UP, NULL), ==, 0);
  g_assert_cmpint (fixture_get_last_cause (self), ==, NEBULA_CAUSE_OVERLOAD);
  g_assert_cmpuint (asked, ==, 2);
  g_assert_cmpint (fixture_execute (self, "nonsense", NULL), ==, -1004);
  g_assert_cmpuint (asked, ==, 3);
  g_assert_cmpint (fixture_get_number (self, "v", "n"), ==, 2);
}

static void
test_override (Fixture *self, gconstpointer data)
{
  g_autoptr (GPtrArray) overrides = NULL;
  NebulaOverride *override = nebula_override_new_for_message ("nobody knows");

  g_test_summary ("an override of the policy decides whether a failure is worth another attempt");
  fixture_make_vertex (self);
  nebula_override_set_category (override, NEBULA_ERROR_CATEGORY_RETRYABLE);
  nebula_override_set_pace (override, NEBULA_PACE_FAST);
  overrides = g_ptr_array_new_with_free_func ((GDestroyNotify) nebula_override_unref);
  g_ptr_array_add (overrides, override);
  fixture_set_policy (self, "overrides", overrides, NULL);
  fixture_fault_code (self, FETCH, 1, -1005, "nobody knows this text");
  g_assert_cmpint (fixture_execute (self, FETCH, NULL), ==, 0);
  g_assert_cmpuint (fixture_get_attempts (self), ==, 2);
}

static void
stop_server (NebulaInterceptor *interceptor, NebulaAttempt *attempt, gpointer user_data)
{
  Fixture *self = user_data;

  nebula_mock_server_close_connections (self->server);
  nebula_mock_server_stop (self->server);
  g_assert_true (nebula_mock_server_wait_for_connections_closed (self->server));
  nebula_interceptor_set_attempt_func (interceptor, NULL, NULL, NULL);
}

static void
test_old_reply (Fixture *self, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  g_test_summary ("when the next attempt does not reach graphd, the last reply is not its answer");
  fixture_make_vertex (self);
  fixture_fault_code (self, FETCH, 1, -1005, "Storage Error: Not the leader of 1. Please retry.");
  nebula_interceptor_set_attempt_func (self->interceptor, stop_server, self, NULL);
  g_assert_cmpint (fixture_execute (self, FETCH, &error), ==, FIXTURE_NO_REPLY);
  g_assert_error (error, NEBULA_ERROR, NEBULA_ERROR_RETRYABLE);
  g_assert_cmpuint (nebula_error_get_attempts (error)->len, >, 1);
  g_assert_cmpint (fixture_get_last_cause (self), ==, NEBULA_CAUSE_CONNECTION);
}

static NebulaOutcome *
say_success (NebulaInterceptor *interceptor, NebulaOutcome *outcome, gpointer user_data)
{
  return nebula_outcome_reclassify (outcome, NEBULA_ERROR_CATEGORY_OK, NEBULA_CAUSE_NONE,
                                    NEBULA_EFFECT_APPLIED, NEBULA_PACE_NONE, NULL);
}

static void
test_judged_success (Fixture *self, gconstpointer data)
{
  g_autoptr (NebulaCallReport) report = NULL;
  g_autoptr (GError) error = NULL;

  g_test_summary ("a reply that somebody calls a success is handed over; a lost one cannot be");
  fixture_make_vertex (self);
  g_object_set (self->interceptor, "surface-errors", NEBULA_SURFACE_ERRORS, NULL);
  nebula_interceptor_set_outcome_func (self->interceptor, say_success, NULL, NULL);
  g_assert_cmpint (fixture_execute (self, "nonsense", &error), ==, -1004);
  g_assert_no_error (error);
  report = nebula_interceptor_get_last_report (self->interceptor);
  g_assert_true (nebula_call_report_get_succeeded (report));
  g_assert_cmpuint (nebula_call_report_get_n_attempts (report), ==, 1);

  fixture_fault (self, NEBULA_MOCK_FAULT_CLOSE_BEFORE_APPLY, COUNT_UP, 1, 1);
  g_assert_cmpint (fixture_execute (self, COUNT_UP, &error), ==, FIXTURE_NO_REPLY);
  g_assert_error (error, NEBULA_ERROR, NEBULA_ERROR_RETRYABLE);
}

static void
test_own_success (Fixture *self, gconstpointer data)
{
  static const char create[] = "CREATE SPACE third";
  g_autoptr (NebulaCallReport) report = NULL;
  g_autoptr (NebulaCallReport) second = NULL;

  g_test_summary ("\"Existed!\" after a lost answer is probably our own success, and reported so");
  fixture_make_vertex (self);
  fixture_set_policy (self, "replay", NEBULA_REPLAY_CONVERGENT, NULL);
  fixture_fault (self, NEBULA_MOCK_FAULT_CLOSE_AFTER_APPLY, create, 1, 1);
  g_assert_cmpint (fixture_execute (self, create, NULL), ==, -1005);
  report = nebula_interceptor_get_last_report (self->interceptor);
  g_assert_true (nebula_call_report_get_own_success (report));
  g_assert_true (nebula_call_report_get_may_have_been_applied (report));

  g_assert_cmpint (fixture_execute (self, create, NULL), ==, -1005);
  second = nebula_interceptor_get_last_report (self->interceptor);
  g_assert_false (nebula_call_report_get_own_success (second));
}

/* In answer to the statement only: not to the USE before it, on a new connection. */
static void
refuse_inserts (Fixture *self)
{
  static const char scenario[] = "{\"faults\": [{\"kind\": \"exception\", \"contains\": \"INSERT\", "
                                 "\"code\": 11, \"message\": \"loadshedding request\"}]}";

  g_assert_true (nebula_mock_server_load_scenario (self->server, scenario, -1, NULL));
}

static void
test_exception_at_last (Fixture *self, gconstpointer data)
{
  static const char insert[] = "INSERT VERTEX t(n) VALUES \"b\":(1)";
  g_autoptr (GError) alone = NULL;
  g_autoptr (GError) error = NULL;

  g_test_summary ("an exception that did nothing does not speak for an attempt that may have");
  fixture_make_vertex (self);
  refuse_inserts (self);
  g_assert_cmpint (fixture_execute (self, insert, &alone), ==, FIXTURE_NO_REPLY);
  g_assert_error (alone, THRIFT_APPLICATION_EXCEPTION_ERROR, 11);
  g_assert_false (nebula_error_may_have_been_applied (alone));

  nebula_mock_server_clear_faults (self->server);
  fixture_fault (self, NEBULA_MOCK_FAULT_CLOSE_AFTER_APPLY, insert, 1, 1);
  refuse_inserts (self);
  g_assert_cmpint (fixture_execute (self, insert, &error), ==, FIXTURE_NO_REPLY);
  g_assert_error (error, NEBULA_ERROR, NEBULA_ERROR_RETRYABLE);
  g_assert_true (nebula_error_may_have_been_applied (error));
  g_assert_cmpint (fixture_get_last_cause (self), ==, NEBULA_CAUSE_OVERLOAD);
  nebula_mock_server_clear_faults (self->server);
  g_assert_cmpint (fixture_get_number (self, "b", "n"), ==, 1);
}

static void
test_own_part (Fixture *self, gconstpointer data)
{
  static const char create[] = "CREATE SPACE third; CREATE SPACE fourth";
  g_autoptr (NebulaCallReport) report = NULL;

  g_test_summary ("of several sentences the lost attempt may have run some: that is no success");
  fixture_make_vertex (self);
  fixture_set_policy (self, "replay", NEBULA_REPLAY_CONVERGENT, NULL);
  fixture_fault (self, NEBULA_MOCK_FAULT_CLOSE_AFTER_APPLY, create, 1, 1);
  g_assert_cmpint (fixture_execute (self, create, NULL), ==, -1005);
  report = nebula_interceptor_get_last_report (self->interceptor);
  g_assert_cmpuint (nebula_call_report_get_n_attempts (report), ==, 2);
  g_assert_cmpint (fixture_get_last_cause (self), ==, NEBULA_CAUSE_EXISTS);
  g_assert_false (nebula_call_report_get_own_success (report));
  g_assert_true (nebula_call_report_get_may_have_been_applied (report));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  fixture_add ("/faults/damaged", test_damaged);
  fixture_add ("/faults/broken", test_broken);
  fixture_add ("/faults/all-attempts", test_all_attempts);
  fixture_add ("/faults/refused", test_refused);
  fixture_add ("/faults/restart", test_restart);
  fixture_add ("/faults/codes", test_codes);
  fixture_add ("/faults/surface-errors", test_surface_errors);
  fixture_add ("/faults/exception", test_exception);
  fixture_add ("/faults/json", test_json);
  fixture_add ("/faults/signout", test_signout);
  fixture_add ("/faults/big", test_big);
  fixture_add ("/faults/frame-limit", test_frame_limit);
  fixture_add ("/faults/outcome-func", test_outcome_func);
  fixture_add ("/faults/override", test_override);
  fixture_add ("/faults/old-reply", test_old_reply);
  fixture_add ("/faults/judged-success", test_judged_success);
  fixture_add ("/faults/own-success", test_own_success);
  fixture_add ("/faults/own-part", test_own_part);
  fixture_add ("/faults/exception-at-last", test_exception_at_last);
  return g_test_run ();
}
