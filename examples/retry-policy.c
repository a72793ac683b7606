/* SPDX-License-Identifier: Apache-2.0 */

/* A policy of one's own, shared by all interceptors of a cluster, and a look at each attempt. */

#include "example-client.h"

static void
print_attempt (NebulaInterceptor *interceptor, NebulaAttempt *attempt, gpointer user_data)
{
  NebulaOutcome *outcome = nebula_attempt_get_outcome (attempt);
  NebulaDecision decision = nebula_attempt_get_decision (attempt);

  g_print ("%s -> %s (%s)\n", nebula_cause_to_string (nebula_outcome_get_cause (outcome)),
           nebula_action_to_string (decision.action), nebula_reason_to_string (decision.reason));
}

int
main (int argc, char **argv)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (NebulaCluster) cluster = NULL;
  g_autoptr (NebulaInterceptor) interceptor = NULL;
  g_autoptr (NebulaRetryPolicy) policy = NULL;
  NebulaThriftGraphServiceIf *client;
  NebulaThriftExecutionResponse *reply = NULL;
  gint64 session = 0;

  /* Read-only statements alone run twice when the first run may have been applied; two attempts
   * at most, ten seconds for the whole call. */
  /* clang-format off */
  policy = g_object_new (NEBULA_TYPE_RETRY_POLICY,
                         "max-attempts", 2,
                         "total-timeout", (gint64) 10 * G_TIME_SPAN_SECOND,
                         "replay", NEBULA_REPLAY_READ_ONLY,
                         NULL);
  /* clang-format on */
  cluster = nebula_cluster_new (example_endpoints (argc, argv), &error);
  if (cluster == NULL)
    g_error ("%s", error->message);
  nebula_cluster_set_policy (cluster, policy);

  interceptor = nebula_interceptor_new (cluster);
  client = example_client_new (interceptor);
  if (thrift_transport_open (THRIFT_TRANSPORT (interceptor), &error))
    session = example_authenticate (client, &error);

  nebula_interceptor_set_attempt_func (interceptor, print_attempt, NULL, NULL);
  if (session != 0)
    reply = example_execute (client, session, "YIELD 1", &error);
  if (reply != NULL)
    g_print ("code %d\n", reply->error_code);
  else
    g_print ("%s\n", error->message);

  g_clear_object (&reply);
  g_object_unref (client);
  return error == NULL ? 0 : 1;
}
