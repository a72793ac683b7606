/* SPDX-License-Identifier: Apache-2.0 */
#include "fuzz.h"

#include <nebula-mock/nebula-mock.h>

/* An input is a scenario for the mock. It is taken whole, or refused with an error. */
int
LLVMFuzzerTestOneInput (const guint8 *data, size_t size)
{
  g_autoptr (NebulaMockServer) server = nebula_mock_server_new ();
  g_autoptr (GError) error = NULL;
  gboolean taken;

  taken = nebula_mock_server_load_scenario (server, size > 0 ? (const char *) data : "", size,
                                            &error);
  g_assert (taken == (error == NULL));
  g_assert (taken || *error->message != '\0');
  return 0;
}
