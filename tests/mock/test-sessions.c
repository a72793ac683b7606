/* SPDX-License-Identifier: Apache-2.0 */
#include "nebula-mock-sessions-private.h"

static void
test_life (void)
{
  g_autoptr (NebulaMockSessions) sessions = nebula_mock_sessions_new ();
  const gint64 first = nebula_mock_sessions_open (sessions, "root");
  const gint64 second = nebula_mock_sessions_open (sessions, "ann");
  g_autoptr (NebulaMockSession) before = NULL;
  g_autoptr (NebulaMockSession) after = NULL;

  g_assert_cmpint (first, >, 0);
  g_assert_cmpint (second, >, 0);
  g_assert_cmpint (first, !=, second);
  before = nebula_mock_sessions_lookup (sessions, second);
  g_assert_cmpstr (before->user, ==, "ann");
  g_assert_cmpstr (before->space, ==, "");
  nebula_mock_sessions_set_space (sessions, second, "s");
  /* A copy stays what it was. */
  g_assert_cmpstr (before->space, ==, "");
  after = nebula_mock_sessions_lookup (sessions, second);
  g_assert_cmpstr (after->space, ==, "s");
  g_assert_cmpuint (nebula_mock_sessions_count (sessions), ==, 2);
  g_assert_true (nebula_mock_sessions_close (sessions, second));
  g_assert_false (nebula_mock_sessions_close (sessions, second));
  nebula_mock_sessions_set_space (sessions, second, "s");
  g_assert_null (nebula_mock_sessions_lookup (sessions, second));
  nebula_mock_sessions_close_all (sessions);
  g_assert_cmpuint (nebula_mock_sessions_count (sessions), ==, 0);
}

static void
test_list_is_sorted (void)
{
  g_autoptr (NebulaMockSessions) sessions = nebula_mock_sessions_new ();
  g_autoptr (GPtrArray) list = NULL;
  guint i;

  for (i = 0; i < 20; i++)
    nebula_mock_sessions_open (sessions, "root");
  list = nebula_mock_sessions_list (sessions);
  g_assert_cmpuint (list->len, ==, 20);
  for (i = 1; i < list->len; i++)
    g_assert_cmpint (((NebulaMockSession *) list->pdata[i - 1])->id, <,
                     ((NebulaMockSession *) list->pdata[i])->id);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_summary ("Sessions have ids that nobody can guess, a user and a space.");
  g_test_add_func ("/sessions/life", test_life);
  g_test_add_func ("/sessions/list", test_list_is_sorted);
  return g_test_run ();
}
