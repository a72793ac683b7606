/* SPDX-License-Identifier: Apache-2.0 */

/* Where a program knows better than the tables what a failure means, and a failure that is none. */

#include "example-client.h"

#include <string.h>

/* A new tag is not known to every storaged at once, so "Tag not found" is worth another attempt
 * where tags are made and filled by the same program. */
static GPtrArray *
make_overrides (void)
{
  GPtrArray *overrides = g_ptr_array_new_with_free_func ((GDestroyNotify) nebula_override_unref);
  NebulaOverride *override = nebula_override_new_for_message ("Storage Error: Tag not found");

  nebula_override_set_category (override, NEBULA_ERROR_CATEGORY_RETRYABLE);
  nebula_override_set_pace (override, NEBULA_PACE_FAST);
  g_ptr_array_add (overrides, override);
  return overrides;
}

/* What no table can know: a proxy before graphd, which refuses before anything is executed. */
static NebulaOutcome *
judge (NebulaInterceptor *interceptor, NebulaOutcome *outcome, gpointer user_data)
{
  if (!g_str_has_prefix (nebula_outcome_get_message (outcome), "Proxy: maintenance"))
    return NULL;
  return nebula_outcome_reclassify (outcome, NEBULA_ERROR_CATEGORY_RETRYABLE, NEBULA_CAUSE_OVERLOAD,
                                    NEBULA_EFFECT_NONE, NEBULA_PACE_FAST, "our proxy: maintenance");
}

static void
print_attempt (NebulaInterceptor *interceptor, NebulaAttempt *attempt, gpointer user_data)
{
  NebulaOutcome *outcome = nebula_attempt_get_outcome (attempt);
  NebulaDecision decision = nebula_attempt_get_decision (attempt);

  g_print ("  %s, by %s: %s\n", nebula_cause_to_string (nebula_outcome_get_cause (outcome)),
           nebula_outcome_get_rule (outcome), nebula_action_to_string (decision.action));
}

static void
try_statement (NebulaInterceptor *interceptor,
               NebulaThriftGraphServiceIf *client,
               gint64 session,
               const char *statement)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (NebulaCallReport) report = NULL;
  NebulaThriftExecutionResponse *reply;

  g_print ("%s\n", statement);
  reply = example_execute (client, session, statement, &error);
  report = nebula_interceptor_get_last_report (interceptor);
  if (reply == NULL)
    g_print ("  %s\n", error->message);
  else if (report != NULL && nebula_call_report_get_own_success (report))
    g_print ("  code %d, but it was probably us who made it\n", reply->error_code);
  else
    g_print ("  code %d\n", reply->error_code);
  g_clear_object (&reply);
}

int
main (int argc, char **argv)
{
  static const char *const statements[] = {
    "USE test",
    "INSERT VERTEX n(v) VALUES \"a\":(1)",
    "YIELD 1",
    "CREATE TAG m(v int)",
  };
  g_autoptr (GPtrArray) overrides = make_overrides ();
  g_autoptr (GError) error = NULL;
  g_autoptr (NebulaCluster) cluster = nebula_cluster_new (example_endpoints (argc, argv), &error);
  g_autoptr (NebulaInterceptor) interceptor = NULL;
  g_autoptr (NebulaRetryPolicy) policy = NULL;
  NebulaThriftGraphServiceIf *client;
  gint64 session = 0;

  if (cluster == NULL)
    g_error ("%s", error->message);
  /* A CREATE whose answer was lost is sent again: it can only fail harmlessly. */
  policy = g_object_new (NEBULA_TYPE_RETRY_POLICY, "overrides", overrides, "replay",
                         NEBULA_REPLAY_CONVERGENT, NULL);
  nebula_cluster_set_policy (cluster, policy);
  interceptor = nebula_interceptor_new (cluster);
  nebula_interceptor_set_outcome_func (interceptor, judge, NULL, NULL);

  client = example_client_new (interceptor);
  if (thrift_transport_open (THRIFT_TRANSPORT (interceptor), &error))
    session = example_authenticate (client, &error);
  nebula_interceptor_set_attempt_func (interceptor, print_attempt, NULL, NULL);
  for (guint i = 0; session != 0 && i < G_N_ELEMENTS (statements); i++)
    try_statement (interceptor, client, session, statements[i]);
  g_object_unref (client);
  return session != 0 ? 0 : 1;
}
