/* SPDX-License-Identifier: Apache-2.0 */
#include "fuzz.h"

#include "nebula-endpoint-private.h"

/* An input is a list of endpoints. What is read must come out as names that are read the same. */

static char *
join_names (GPtrArray *list)
{
  GString *names = g_string_new (NULL);

  for (guint i = 0; i < list->len; i++)
    g_string_append_printf (names, "%s%s", i > 0 ? "," : "",
                            ((NebulaEndpoint *) list->pdata[i])->name);
  return g_string_free (names, FALSE);
}

int
LLVMFuzzerTestOneInput (const guint8 *data, size_t size)
{
  g_autofree char *text = g_strndup ((const char *) data, size);
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) list = nebula_endpoint_parse_list (text, &error);
  g_autoptr (GPtrArray) again = NULL;
  g_autofree char *names = NULL;
  g_autofree char *names_again = NULL;

  g_assert ((list == NULL) == (error != NULL));
  if (list == NULL)
    return 0;

  names = join_names (list);
  again = nebula_endpoint_parse_list (names, NULL);
  g_assert (again != NULL);
  names_again = join_names (again);
  g_assert_cmpstr (names, ==, names_again);
  return 0;
}
