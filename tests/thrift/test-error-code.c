/* SPDX-License-Identifier: Apache-2.0 */

#include <locale.h>

#include "nebula_thrift_common_types.h"

/* The numbers that NebulaGraph 3.8 uses, first and last of each unbroken run. */
static const struct
{
  int first;
  int last;
} runs[] = {
  { 0, -36 }, { -1001, -1006 }, { -1008, -1011 }, { -2001, -2018 },
  { -2021, -2057 }, { -2065, -2074 }, { -2080, -2082 }, { -2090, -2090 },
  { -2600, -2600 }, { -3001, -3008 }, { -3010, -3011 }, { -3021, -3022 },
  { -3031, -3047 }, { -3051, -3053 }, { -3060, -3062 }, { -3070, -3073 },
  { -3500, -3504 }, { -3511, -3516 }, { -3521, -3532 }, { -3600, -3600 },
  { -4001, -4008 }, { -5001, -5005 }, { -7001, -7002 }, { -8000, -8000 },
};

/* A few that decide what is done about a failure. */
static const struct
{
  int number;
  const char *name;
} names[] = {
  { 0, "SUCCEEDED" },
  { -1, "E_DISCONNECTED" },
  { -3, "E_RPC_FAILURE" },
  { -4, "E_LEADER_CHANGED" },
  { -16, "E_PART_NOT_FOUND" },
  { -23, "E_PART_STOPPED" },
  { -29, "E_INVALID_PASSWORD" },
  { -1001, "E_BAD_USERNAME_PASSWORD" },
  { -1002, "E_SESSION_INVALID" },
  { -1003, "E_SESSION_TIMEOUT" },
  { -1004, "E_SYNTAX_ERROR" },
  { -1005, "E_EXECUTION_ERROR" },
  { -1006, "E_STATEMENT_EMPTY" },
  { -1008, "E_BAD_PERMISSION" },
  { -1009, "E_SEMANTIC_ERROR" },
  { -1010, "E_TOO_MANY_CONNECTIONS" },
  { -1011, "E_PARTIAL_SUCCEEDED" },
  { -2069, "E_SESSION_NOT_FOUND" },
  { -2600, "E_GRAPH_MEMORY_EXCEEDED" },
  { -3001, "E_CONSENSUS_ERROR" },
  { -3531, "E_LEADER_LEASE_FAILED" },
  { -3600, "E_STORAGE_MEMORY_EXCEEDED" },
  { -8000, "E_UNKNOWN" },
};

#define PREFIX "NEBULA_THRIFT_ERROR_CODE_"

static gboolean
is_used (int number)
{
  for (gsize i = 0; i < G_N_ELEMENTS (runs); i++)
    if (number <= runs[i].first && number >= runs[i].last)
      return TRUE;
  return FALSE;
}

/* A number without a name is printed as it is, so the function tells what the enum holds. */
static void
test_numbers (void)
{
  guint n_used = 0;

  for (int number = -10000; number <= 10000; number++)
    {
      const char *name = nebula_thrift_error_code_to_string (number);

      if (is_used (number) != g_str_has_prefix (name, PREFIX))
        g_error ("%d is %s", number, name);
      n_used += is_used (number);
    }

  g_assert_cmpuint (n_used, ==, 196);
}

static void
test_names (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autofree char *expected = g_strconcat (PREFIX, names[i].name, NULL);

      g_assert_cmpstr (nebula_thrift_error_code_to_string (names[i].number), ==, expected);
    }
}

int
main (int   argc,
      char *argv[])
{
  setlocale (LC_ALL, "");
  g_test_init (&argc, &argv, NULL);
  g_test_summary ("The enum of error codes holds every number of NebulaGraph 3.8 and no other.");

  g_test_add_func ("/error-code/numbers", test_numbers);
  g_test_add_func ("/error-code/names", test_names);

  return g_test_run ();
}
