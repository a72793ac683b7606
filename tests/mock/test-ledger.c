/* SPDX-License-Identifier: Apache-2.0 */
#include "nebula-mock-ledger-private.h"

static void
test_counts (void)
{
  g_autoptr (NebulaMockLedger) ledger = nebula_mock_ledger_new ();

  nebula_mock_ledger_count_call (ledger, "verifyClientVersion", NULL);
  nebula_mock_ledger_count_call (ledger, "execute", "YIELD 1");
  nebula_mock_ledger_count_call (ledger, "executeJson", "YIELD 1");
  nebula_mock_ledger_count_call (ledger, "execute", "YIELD 10");
  nebula_mock_ledger_count_applied (ledger, "YIELD 1");
  g_assert_cmpuint (nebula_mock_ledger_get_calls (ledger, NULL), ==, 4);
  g_assert_cmpuint (nebula_mock_ledger_get_calls (ledger, "execute"), ==, 2);
  g_assert_cmpuint (nebula_mock_ledger_get_calls (ledger, "signout"), ==, 0);
  g_assert_cmpuint (nebula_mock_ledger_get_received (ledger, NULL), ==, 3);
  g_assert_cmpuint (nebula_mock_ledger_get_received (ledger, "YIELD 1"), ==, 2);
  g_assert_cmpuint (nebula_mock_ledger_get_received (ledger, "YIELD"), ==, 0);
  g_assert_cmpuint (nebula_mock_ledger_get_applied (ledger, NULL), ==, 1);
  g_assert_cmpuint (nebula_mock_ledger_get_applied (ledger, "YIELD 1"), ==, 1);
  g_assert_cmpuint (nebula_mock_ledger_get_applied (ledger, "YIELD 10"), ==, 0);
}

static gpointer
call_thrice (gpointer data)
{
  guint i;

  for (i = 0; i < 3; i++)
    {
      nebula_mock_ledger_count_call (data, "execute", "YIELD 1");
      nebula_mock_ledger_count_applied (data, "YIELD 1");
    }
  return NULL;
}

static void
test_wait (void)
{
  g_autoptr (NebulaMockLedger) ledger = nebula_mock_ledger_new ();
  GThread *thread = g_thread_new ("caller", call_thrice, ledger);

  g_assert_true (nebula_mock_ledger_wait_for_calls (ledger, "execute", 3, 10 * G_TIME_SPAN_SECOND));
  g_assert_true (
    nebula_mock_ledger_wait_for_applied (ledger, "YIELD 1", 3, 10 * G_TIME_SPAN_SECOND));
  g_thread_join (thread);
  g_assert_true (nebula_mock_ledger_wait_for_calls (ledger, NULL, 3, 0));
  g_assert_false (nebula_mock_ledger_wait_for_calls (ledger, NULL, 4, 0));
  g_assert_true (nebula_mock_ledger_wait_for_applied (ledger, NULL, 3, 0));
  g_assert_false (nebula_mock_ledger_wait_for_applied (ledger, "YIELD 1", 4, 0));
  g_assert_false (nebula_mock_ledger_wait_for_applied (ledger, "YIELD 2", 1, 0));
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_summary ("The ledger keeps what a server received and what it applied.");
  g_test_add_func ("/ledger/counts", test_counts);
  g_test_add_func ("/ledger/wait", test_wait);
  return g_test_run ();
}
