/* SPDX-License-Identifier: Apache-2.0 */
#include "fuzz.h"

#include <nebula-mock/nebula-mock.h>

/* An input is a scenario for the mock, alone and as a cluster. It is taken whole, or refused with
 * an error. */
static void
load_cluster (const char *json, size_t size)
{
  g_autoptr (NebulaMockCluster) cluster = NULL;
  g_autoptr (GError) error = NULL;

  cluster = nebula_mock_cluster_new_from_scenario (json, size, 0, &error);
  g_assert ((cluster != NULL) == (error == NULL));
  g_assert (cluster != NULL || *error->message != '\0');
}

int
LLVMFuzzerTestOneInput (const guint8 *data, size_t size)
{
  const char *json = size > 0 ? (const char *) data : "";
  g_autoptr (NebulaMockServer) server = nebula_mock_server_new ();
  g_autoptr (GError) error = NULL;
  gboolean taken;

  taken = nebula_mock_server_load_scenario (server, json, size, &error);
  g_assert (taken == (error == NULL));
  g_assert (taken || *error->message != '\0');
  load_cluster (json, size);
  return 0;
}
