/* SPDX-License-Identifier: Apache-2.0 */
#include "nebula-mock-users-private.h"

static void
assert_log_in (NebulaMockUsers *users,
               const char      *user,
               const char      *password,
               const char      *expected)
{
  g_autofree char *refusal = nebula_mock_users_log_in (users, user, password);

  g_assert_cmpstr (refusal, ==, expected);
}

static void
test_default_user (void)
{
  g_autoptr (NebulaMockUsers) users = nebula_mock_users_new ();

  assert_log_in (users, "root", "nebula", NULL);
  assert_log_in (users, "root", "x", "Invalid password");
  assert_log_in (users, "ann", "nebula", "User not exist");
  g_assert_cmpuint (nebula_mock_users_get_logins (users, "root"), ==, 2);
  g_assert_cmpuint (nebula_mock_users_get_logins (users, "ann"), ==, 1);
  g_assert_cmpuint (nebula_mock_users_get_logins (users, "bob"), ==, 0);
}

static void
test_added_user_replaces_default (void)
{
  g_autoptr (NebulaMockUsers) users = nebula_mock_users_new ();

  nebula_mock_users_add (users, "ann", "secret");
  assert_log_in (users, "ann", "secret", NULL);
  assert_log_in (users, "root", "nebula", "User not exist");
}

static void
test_lock (void)
{
  static const char locked[] = "5 times consecutive incorrect passwords has been input, user name: "
                               "ann has been locked, try again in 300 seconds";
  g_autoptr (NebulaMockUsers) users = nebula_mock_users_new ();
  guint i;

  nebula_mock_users_add (users, "ann", "secret");
  for (i = 0; i < 4; i++)
    assert_log_in (users, "ann", "x", "Invalid password");
  assert_log_in (users, "ann", "secret", NULL);
  for (i = 0; i < 5; i++)
    assert_log_in (users, "ann", "x", "Invalid password");
  assert_log_in (users, "ann", "x", locked);
  assert_log_in (users, "ann", "secret", locked);
  nebula_mock_users_add (users, "ann", "secret");
  assert_log_in (users, "ann", "secret", NULL);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_summary ("Who may log in, and what graphd says to the others.");
  g_test_add_func ("/users/default", test_default_user);
  g_test_add_func ("/users/added", test_added_user_replaces_default);
  g_test_add_func ("/users/lock", test_lock);
  return g_test_run ();
}
