/* SPDX-License-Identifier: Apache-2.0 */
#include "nebula-fixture.h"

#include <string.h>

/* A password goes through all that the library says, and must not be seen in any of it. */

#define CANARY "qjzv0xk7"

/* Four letters of it would be too many. */
static gboolean
shows_canary (const char *text)
{
  for (const char *part = CANARY; strlen (part) >= 4; part++)
    {
      g_autofree char *four = g_strndup (part, 4);

      if (strstr (text, four) != NULL)
        return TRUE;
    }
  return FALSE;
}

static void
assert_clean (const char *text)
{
  if (shows_canary (text))
    g_error ("the password is shown in: %s", text);
}

static void
check_outcome (NebulaOutcome *outcome)
{
  assert_clean (nebula_outcome_get_message (outcome));
  assert_clean (nebula_outcome_get_rule (outcome));
}

static void
check_attempts (GPtrArray *attempts)
{
  for (guint i = 0; attempts != NULL && i < attempts->len; i++)
    {
      assert_clean (nebula_attempt_get_endpoint (attempts->pdata[i]));
      check_outcome (nebula_attempt_get_outcome (attempts->pdata[i]));
    }
}

static guint n_watched;

static void
watch (NebulaInterceptor *interceptor, NebulaAttempt *attempt, gpointer user_data)
{
  n_watched++;
  assert_clean (nebula_attempt_get_endpoint (attempt));
  check_outcome (nebula_attempt_get_outcome (attempt));
}

static NebulaOutcome *
judge (NebulaInterceptor *interceptor, NebulaOutcome *outcome, gpointer user_data)
{
  n_watched++;
  check_outcome (outcome);
  return NULL;
}

static GLogWriterOutput
check_log (GLogLevelFlags level, const GLogField *fields, gsize n_fields, gpointer user_data)
{
  for (gsize i = 0; i < n_fields; i++)
    if (fields[i].length < 0 && shows_canary (fields[i].value))
      g_log_writer_standard_streams (G_LOG_LEVEL_ERROR, fields, n_fields, NULL), abort ();
  return G_LOG_WRITER_HANDLED;
}

static void
watch_all (Fixture *self)
{
  n_watched = 0;
  nebula_interceptor_set_attempt_func (self->interceptor, watch, NULL, NULL);
  nebula_interceptor_set_outcome_func (self->interceptor, judge, NULL, NULL);
}

/* All that is said of a call that failed. */
static void
check_call (Fixture *self, const GError *error)
{
  g_autoptr (NebulaCallReport) report = nebula_interceptor_get_last_report (self->interceptor);

  assert_clean (nebula_call_report_get_method (report));
  check_attempts (nebula_call_report_get_failures (report));
  g_assert_cmpuint (n_watched, >, 0);
  if (error == NULL)
    return;
  assert_clean (error->message);
  check_attempts (nebula_error_get_attempts (error));
  if (nebula_error_get_outcome (error) != NULL)
    check_outcome (nebula_error_get_outcome (error));
}

typedef struct
{
  const char *statement;
  const char *message; /* what graphd says */
  gint32 code;
} Said;

#define NEAR(text) "SyntaxError: syntax error near `" text "'"

static const Said said[] = {
  { "CREATE USER u WITH PASSWORD \"" CANARY "\" x", NEAR ("x"), -1004 },
  { "CREATE USER u WITH PASSWORD " CANARY, NEAR (CANARY), -1004 },
  { "CREATE USER u WITH PASSWROD \"" CANARY "\"", NEAR ("PASSWROD \"" CANARY "\""), -1004 },
  { "ALTER USER u PASSWORD \"" CANARY "\"", NEAR ("PASSWORD \"qjzv0x"), -1004 },
  { "ALTER USER u WITH PASSWORD \"" CANARY, "SyntaxError: Unterminated string: `\"" CANARY "'",
    -1004 },
  { "change password u from '" CANARY "' to '" CANARY "' now", NEAR ("now"), -1004 },
  { "CHANGE PASSWORD u FROM \"" CANARY "\" \"" CANARY "\"", NEAR ("\"" CANARY "\""), -1004 },
  { "CHANGE PASSWORD u FROM \"" CANARY "\" TO \"x\"", "Wrong: " CANARY, -1005 },
  { "SIGN IN TEXT SERVICE (1.1.1.1:1, HTTP, \"u\", \"" CANARY "\"))", NEAR (")"), -1004 },
  { "SIGN IN TEXT (\"u\", \"" CANARY "\")", NEAR ("(\"u\", \"" CANARY "\")"), -1004 },
  { "YIELD 1; /* " CANARY " */ CREATE USER u WITH PASSWORD '" CANARY "'",
    "SemanticError: " CANARY " is too simple", -1009 },
};

static void
check_statement (Fixture *self, const Said *row, const char *statement)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *json = NULL;

  fixture_fault_code (self, NULL, 0, row->code, row->message);
  watch_all (self);
  fixture_execute (self, statement, &error);
  check_call (self, error);
  g_clear_error (&error);
  json = fixture_execute_json (self, statement, &error);
  check_call (self, error);
  nebula_mock_server_clear_faults (self->server);
}

static void
test_statements (Fixture *self, gconstpointer data)
{
  g_test_summary ("no error, attempt, report or log shows a password that a statement has");
  fixture_use_space (self);
  for (NebulaSurfaceErrors surface = NEBULA_SURFACE_REPLIES; surface <= NEBULA_SURFACE_ERRORS;
       surface++)
    {
      g_object_set (self->interceptor, "surface-errors", surface, NULL);
      for (gsize i = 0; i < G_N_ELEMENTS (said); i++)
        check_statement (self, &said[i], said[i].statement);
    }
}

static void
test_reply_unchanged (Fixture *self, gconstpointer data)
{
  g_autoptr (NebulaThriftExecutionResponse) response = NULL;
  const Said *row = &said[1];

  g_test_summary ("the reply that the stub gets stays as graphd sent it");
  fixture_use_space (self);
  fixture_fault_code (self, NULL, 0, row->code, row->message);
  response = fixture_query (self, row->statement, NULL);
  g_assert_cmpmem (response->error_msg->data, response->error_msg->len, row->message,
                   strlen (row->message));
}

static void
test_exception (Fixture *self, gconstpointer data)
{
  g_autoptr (NebulaMockFault) fault = NULL;
  g_autoptr (GError) error = NULL;

  g_test_summary ("nor does what is said of an exception");
  fixture_use_space (self);
  fault = nebula_mock_fault_new_exception ("execute", 1, 0, 6, "cannot do near `" CANARY "'");
  nebula_mock_server_add_fault (self->server, fault);
  g_object_set (self->interceptor, "surface-errors", NEBULA_SURFACE_ERRORS, NULL);
  watch_all (self);
  fixture_execute (self, said[0].statement, &error);
  check_call (self, error);
}

/* Every answer to authenticate tells the password. */
static void
answer_with_password (Fixture *self, gint32 code, const char *message)
{
  g_autoptr (NebulaMockFault) plain = NULL;
  g_autoptr (NebulaMockFault) fault = NULL;

  plain = nebula_mock_fault_new (NEBULA_MOCK_FAULT_CODE, "authenticate", NULL, 1, 0);
  fault = nebula_mock_fault_with_code (plain, code, message);
  nebula_mock_server_add_fault (self->server, fault);
}

static void
test_authenticate (Fixture *self, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  gint64 id;

  g_test_summary ("nor does what is said when somebody signs in, the stub or the interceptor");
  fixture_open (self);
  g_object_set (self->interceptor, "surface-errors", NEBULA_SURFACE_ERRORS, NULL);
  watch_all (self);
  answer_with_password (self, -1001, "Invalid password " CANARY);
  fixture_authenticate (self, CANARY, &error);
  check_call (self, error);
  g_clear_error (&error);

  nebula_cluster_set_credentials (self->cluster, "root", CANARY);
  g_assert_false (nebula_interceptor_sign_in (self->interceptor, NULL, &id, &error));
  check_call (self, error);
  g_clear_error (&error);
  g_assert_false (nebula_interceptor_sign_in (self->interceptor, NULL, &id, &error));
  assert_clean (error->message);
}

static void
test_renewal (Fixture *self, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  g_test_summary ("nor does what is said of a renewal");
  nebula_mock_server_add_user (self->server, "root", CANARY);
  fixture_open (self);
  g_assert_cmpint (fixture_authenticate (self, CANARY, NULL), ==, 0);
  nebula_mock_server_expire_sessions (self->server);
  watch_all (self);
  answer_with_password (self, -1005, "metad has " CANARY);
  fixture_execute (self, "YIELD 1", &error);
  g_assert_nonnull (error);
  check_call (self, error);
}

static void
test_lost (Fixture *self, gconstpointer data)
{
  g_autoptr (NebulaMockFault) fault = NULL;
  g_autoptr (GError) error = NULL;

  g_test_summary ("nor does what is said when no answer comes");
  fixture_use_space (self);
  fixture_set_policy (self, "enabled", FALSE, NULL);
  watch_all (self);
  fixture_fault (self, NEBULA_MOCK_FAULT_CLOSE_BEFORE_APPLY, NULL, 1, 0);
  fixture_execute (self, said[0].statement, &error);
  check_call (self, error);
}

static void
test_shown (Fixture *self, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  g_test_summary ("what is no password is shown: the test would see it");
  fixture_use_space (self);
  g_object_set (self->interceptor, "surface-errors", NEBULA_SURFACE_ERRORS, NULL);
  fixture_fault_code (self, NULL, 0, -1004, NEAR ("qjzv"));
  fixture_execute (self, "YIELD \"qjzv\" x", &error);
  g_assert_true (shows_canary (error->message));
}

int
main (int argc, char **argv)
{
  g_setenv ("G_MESSAGES_DEBUG", "all", TRUE);
  g_test_init (&argc, &argv, NULL);
  g_log_set_writer_func (check_log, NULL, NULL);
  fixture_add ("/canary/statements", test_statements);
  fixture_add ("/canary/reply-unchanged", test_reply_unchanged);
  fixture_add ("/canary/exception", test_exception);
  fixture_add ("/canary/authenticate", test_authenticate);
  fixture_add ("/canary/renewal", test_renewal);
  fixture_add ("/canary/lost", test_lost);
  fixture_add ("/canary/shown", test_shown);
  return g_test_run ();
}
