/* SPDX-License-Identifier: Apache-2.0 */
#include "nebula-cluster-private.h"
#include <nebula-interceptor/nebula-endpoint-state.h>

static void
assert_names (NebulaCluster *cluster, const char *names)
{
  g_autoptr (GPtrArray) states = nebula_cluster_get_endpoint_states (cluster);
  g_autoptr (GString) found = g_string_new (NULL);

  for (guint i = 0; i < states->len; i++)
    g_string_append_printf (found, "%s%s", i > 0 ? " " : "",
                            nebula_endpoint_state_get_name (states->pdata[i]));
  g_assert_cmpstr (found->str, ==, names);
}

static void
test_endpoints (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (NebulaCluster) cluster = nebula_cluster_new ("a:1,[::1]:2", &error);
  g_autoptr (NebulaCluster) none = nebula_cluster_new_without_endpoints ();

  g_test_summary ("a cluster knows the endpoints of its list, in order; a wrong list makes none");
  g_assert_no_error (error);
  assert_names (cluster, "a:1 [::1]:2");
  assert_names (none, "");

  g_assert_null (nebula_cluster_new ("a:1,b:c", &error));
  g_assert_error (error, NEBULA_ERROR, NEBULA_ERROR_INVALID_ARGUMENT);
}

static void
test_set_endpoints (void)
{
  g_autoptr (NebulaCluster) cluster = nebula_cluster_new ("a:1,b:2", NULL);
  g_autoptr (GError) error = NULL;

  g_test_summary ("the list can be replaced; a wrong one changes nothing");
  g_assert_true (nebula_cluster_set_endpoints (cluster, " c:3 , a:1", &error));
  g_assert_no_error (error);
  assert_names (cluster, "c:3 a:1");

  g_assert_false (nebula_cluster_set_endpoints (cluster, "d:4,c:99999", &error));
  g_assert_error (error, NEBULA_ERROR, NEBULA_ERROR_INVALID_ARGUMENT);
  assert_names (cluster, "c:3 a:1");
}

static void
test_policy (void)
{
  g_autoptr (NebulaCluster) cluster = nebula_cluster_new ("a", NULL);
  g_autoptr (NebulaRetryPolicy) by_default = nebula_cluster_get_policy (cluster);
  g_autoptr (NebulaRetryPolicy) policy = NULL;
  g_autoptr (NebulaRetryPolicy) found = NULL;
  guint version = nebula_cluster_get_policy_version (cluster);

  g_test_summary ("a policy is the default one until it is set, which every call can see");
  g_assert_cmpuint (nebula_retry_policy_get_max_attempts (by_default, NEBULA_CAUSE_RPC), ==, 4);

  policy = g_object_new (NEBULA_TYPE_RETRY_POLICY, "max-attempts", 7u, NULL);
  nebula_cluster_set_policy (cluster, policy);
  found = nebula_cluster_get_policy (cluster);
  g_assert_true (found == policy);
  g_assert_cmpuint (nebula_cluster_get_policy_version (cluster), !=, version);
}

static void
test_clock (void)
{
  g_autoptr (NebulaCluster) cluster = nebula_cluster_new ("a", NULL);
  g_autoptr (NebulaClock) by_default = nebula_cluster_get_clock (cluster);
  g_autoptr (NebulaManualClock) manual = nebula_manual_clock_new (1);
  g_autoptr (NebulaClock) found = NULL;

  g_test_summary ("the clock is the system's until another one is set");
  g_assert_true (by_default == nebula_clock_get_system ());
  nebula_cluster_set_clock (cluster, NEBULA_CLOCK (manual));
  found = nebula_cluster_get_clock (cluster);
  g_assert_true (found == NEBULA_CLOCK (manual));
}

/* Whoever watches the last reference of @old go may use the cluster. */
static void
use_cluster (gpointer data, GObject *old)
{
  NebulaCluster *cluster = data;
  g_autoptr (NebulaRetryPolicy) policy = nebula_cluster_get_policy (cluster);
  g_autoptr (NebulaClock) clock = nebula_cluster_get_clock (cluster);

  g_assert_true (G_OBJECT (policy) != old);
  g_assert_true (G_OBJECT (clock) != old);
}

static void
test_last_reference (void)
{
  g_autoptr (NebulaCluster) cluster = nebula_cluster_new ("a", NULL);
  g_autoptr (NebulaRetryPolicy) policy = nebula_retry_policy_new ();
  NebulaManualClock *old = nebula_manual_clock_new (0);
  NebulaRetryPolicy *by_default = nebula_cluster_get_policy (cluster);

  g_test_summary ("what is replaced goes without a lock being held");
  g_object_weak_ref (G_OBJECT (by_default), use_cluster, cluster);
  g_object_unref (by_default);
  nebula_cluster_set_policy (cluster, policy);

  nebula_cluster_set_clock (cluster, NEBULA_CLOCK (old));
  g_object_weak_ref (G_OBJECT (old), use_cluster, cluster);
  g_object_unref (old);
  nebula_cluster_set_clock (cluster, nebula_clock_get_system ());
}

static void
test_seed (void)
{
  g_autoptr (NebulaCluster) cluster = nebula_cluster_new ("a", NULL);
  guint64 first;
  guint64 second;

  g_test_summary ("each interceptor draws a seed of its own, the same ones after the same start");
  nebula_cluster_set_seed (cluster, 42);
  first = nebula_cluster_draw_seed (cluster);
  second = nebula_cluster_draw_seed (cluster);
  g_assert_cmpuint (first, !=, second);
  nebula_cluster_set_seed (cluster, 42);
  g_assert_cmpuint (nebula_cluster_draw_seed (cluster), ==, first);
}

static void
test_credentials (void)
{
  g_autoptr (NebulaCluster) cluster = nebula_cluster_new ("a", NULL);

  g_test_summary ("credentials are kept until somebody says no");
  g_assert_true (nebula_credential_source_get_keep (nebula_cluster_get_credentials (cluster)));
  nebula_cluster_set_keep_credentials (cluster, FALSE);
  g_assert_false (nebula_credential_source_get_keep (nebula_cluster_get_credentials (cluster)));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/cluster/endpoints", test_endpoints);
  g_test_add_func ("/cluster/set-endpoints", test_set_endpoints);
  g_test_add_func ("/cluster/policy", test_policy);
  g_test_add_func ("/cluster/clock", test_clock);
  g_test_add_func ("/cluster/last-reference", test_last_reference);
  g_test_add_func ("/cluster/seed", test_seed);
  g_test_add_func ("/cluster/credentials", test_credentials);
  return g_test_run ();
}
