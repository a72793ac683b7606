/* SPDX-License-Identifier: Apache-2.0 */
#include "fuzz.h"

#include <nebula-retry/nebula-retry.h>
#include <string.h>

/* An input is a policy file. It is refused with an error, or what it makes prints itself as a file
 * that makes an equal policy and prints the same. */

static void
check_policy (NebulaRetryPolicy *policy)
{
  g_autofree char *json = nebula_retry_policy_to_json (policy);
  g_autofree char *again = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (NebulaRetryPolicy) copy = nebula_retry_policy_new_from_json (json, -1, &error);

  g_assert_no_error (error);
  g_assert_true (nebula_retry_policy_equal (policy, copy));
  again = nebula_retry_policy_to_json (copy);
  g_assert_cmpstr (json, ==, again);
  g_assert_nonnull (nebula_retry_policy_get_for_method (policy, "GraphService", "execute"));
}

int
LLVMFuzzerTestOneInput (const guint8 *data, size_t size)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (NebulaRetryPolicy) policy = nebula_retry_policy_new_from_json (
    size > 0 ? (const char *) data : "", size, &error);

  g_assert_true ((policy == NULL) == (error != NULL));
  g_assert_true (policy != NULL || *error->message != '\0');
  if (policy != NULL)
    check_policy (policy);
  return 0;
}
