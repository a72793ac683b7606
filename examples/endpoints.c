/* SPDX-License-Identifier: Apache-2.0 */

/* Two graphd, of which one is not there: what the cluster knows of them, and how it is told that
 * the list has changed. */

#include "example-client.h"

static void
print_states (NebulaCluster *cluster)
{
  g_autoptr (GPtrArray) states = nebula_cluster_get_endpoint_states (cluster);

  for (guint i = 0; i < states->len; i++)
    {
      NebulaEndpointState *state = states->pdata[i];

      if (nebula_endpoint_state_is_set_aside (state))
        g_print ("%s is set aside: %s\n", nebula_endpoint_state_get_name (state),
                 nebula_endpoint_state_get_last_error (state));
      else
        g_print ("endpoint %u is well\n", i + 1);
    }
}

int
main (int argc, char **argv)
{
  g_autofree char *list
    = g_strdup_printf ("unix:/nowhere/graphd,%s", example_endpoints (argc, argv));
  g_autoptr (GError) error = NULL;
  g_autoptr (NebulaCluster) cluster = nebula_cluster_new (list, &error);
  g_autoptr (NebulaRetryPolicy) in_order
    = g_object_new (NEBULA_TYPE_RETRY_POLICY, "shuffle-endpoints", FALSE, NULL);
  g_autoptr (NebulaInterceptor) interceptor = NULL;

  if (cluster == NULL)
    g_error ("%s", error->message);

  /* So that it is the missing one that is tried first: by default chance says where to begin. */
  nebula_cluster_set_policy (cluster, in_order);
  interceptor = nebula_interceptor_new (cluster);
  if (!thrift_transport_open (THRIFT_TRANSPORT (interceptor), &error))
    {
      g_print ("%s\n", error->message);
      return 1;
    }
  print_states (cluster);

  if (!nebula_cluster_set_endpoints (cluster, example_endpoints (argc, argv), &error))
    g_error ("%s", error->message);
  print_states (cluster);
  return 0;
}
