/* SPDX-License-Identifier: Apache-2.0 */

/* Failures as GErrors: who has to act, what happened, and whether the write may have been made. */

#include "example-client.h"

static const char *
who_must_act (const GError *error)
{
  if (nebula_error_is_retryable (error))
    return "time: try the whole call again later";
  if (nebula_error_is_auth (error))
    return "whoever owns the password or grants the rights";
  if (nebula_error_is_session (error))
    return "the program: authenticate again";
  return "the program: the statement has to change";
}

static void
explain (const char *statement, const GError *error)
{
  GPtrArray *attempts = nebula_error_get_attempts (error);

  g_print ("%s\n", statement);
  g_print ("  code %d, really %d\n", nebula_error_get_code (error),
           nebula_error_get_real_code (error));
  g_print ("  who must act: %s\n", who_must_act (error));
  g_print ("  may have been applied: %s\n",
           nebula_error_may_have_been_applied (error) ? "yes, look before you repeat it" : "no");
  for (guint i = 0; attempts != NULL && i < attempts->len; i++)
    {
      NebulaAttempt *attempt = attempts->pdata[i];
      NebulaOutcome *outcome = nebula_attempt_get_outcome (attempt);

      g_print ("  attempt %u: %s, then %s\n", i + 1,
               nebula_cause_to_string (nebula_outcome_get_cause (outcome)),
               nebula_reason_to_string (nebula_attempt_get_decision (attempt).reason));
    }
}

static void
try_statement (NebulaThriftGraphServiceIf *client, gint64 session, const char *statement)
{
  g_autoptr (GError) error = NULL;
  NebulaThriftExecutionResponse *reply = example_execute (client, session, statement, &error);

  if (reply != NULL)
    g_print ("%s\n  done\n", statement);
  else
    explain (statement, error);
  g_clear_object (&reply);
}

int
main (int argc, char **argv)
{
  static const char *const statements[] = {
    "USE test",
    "INSERT VERTEX n(v) VALUES \"a\":(1)",
    "SELECT 1",
    "UPDATE VERTEX ON n \"a\" SET v = v + 1",
  };
  g_autoptr (GError) error = NULL;
  g_autoptr (NebulaInterceptor) interceptor = NULL;
  NebulaThriftGraphServiceIf *client;
  gint64 session;

  interceptor = nebula_interceptor_new_for_endpoints (example_endpoints (argc, argv), &error);
  if (interceptor == NULL)
    g_error ("%s", error->message);
  /* Without this a failure that graphd answered reaches the program as the answer it is. */
  g_object_set (interceptor, "surface-errors", NEBULA_SURFACE_ERRORS, NULL);

  client = example_client_new (interceptor);
  if (thrift_transport_open (THRIFT_TRANSPORT (interceptor), &error)
      && (session = example_authenticate (client, &error)) != 0)
    for (guint i = 0; i < G_N_ELEMENTS (statements); i++)
      try_statement (client, session, statements[i]);
  else
    explain ("open, authenticate", error);
  g_object_unref (client);
  return error == NULL ? 0 : 1;
}
