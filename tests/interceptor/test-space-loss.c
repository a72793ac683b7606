/* SPDX-License-Identifier: Apache-2.0 */
#include "cluster-fixture.h"

/* The space of a session after a loss: of a reply, of patience, of the space itself. No write lands
 * in another one than the caller's. The fixture proves that at the end of each test. */

/* ---- a reply that never came */

static void
use_unanswered (ClusterFixture *self, guint stub)
{
  cluster_connect (self, stub);
  cluster_set_retries (self, FALSE);
  g_assert_cmpint (cluster_execute (self, stub, "USE blue"), ==, FIXTURE_NO_REPLY);
  cluster_set_retries (self, TRUE);
}

static void
test_in_doubt (ClusterFixture *self, gconstpointer data)
{
  g_test_summary ("no reply to a USE: the space last confirmed is set first, wherever that is");
  cluster_begin_at (self, 0);
  cluster_fault (self, 0, NEBULA_MOCK_FAULT_CLOSE_AFTER_APPLY, "USE blue", 2);
  use_unanswered (self, 0);
  cluster_assert_write (self, 0, "red");
  cluster_assert_write (self, 1, "red");
  use_unanswered (self, 1);
  cluster_assert_write (self, 0, "red");
  cluster_assert_write (self, 1, "red");
}

static void
test_repeated (ClusterFixture *self, gconstpointer data)
{
  g_test_summary ("where the USE may be sent again, its space is the caller's then");
  cluster_begin_at (self, 0);
  cluster_start_all (self);
  cluster_fault (self, 0, NEBULA_MOCK_FAULT_CLOSE_AFTER_APPLY, "USE blue", 1);
  cluster_assert_good (self, 0, "USE blue");
  cluster_assert_write (self, 0, "blue");
  cluster_assert_write (self, 1, "blue");
}

/* A call that is given up while graphd holds a statement of it. */
typedef struct
{
  ClusterFixture *fixture;
  const char *statement;
} Abandoned;

static gpointer
run_abandoned (gpointer data)
{
  Abandoned *self = data;

  g_assert_cmpint (cluster_execute (self->fixture, 0, self->statement), ==, FIXTURE_NO_REPLY);
  return NULL;
}

/* The first stub sends @statement to the first graphd, which holds what contains @held. */
static void
abandon (ClusterFixture *self, const char *statement, const char *held)
{
  NebulaMockServer *server = nebula_mock_cluster_get_server (self->mock, 0);
  NebulaInterceptor *interceptor = self->stubs[0].interceptor;
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  Abandoned abandoned = { self, statement };
  GThread *thread;

  cluster_fault (self, 0, NEBULA_MOCK_FAULT_HOLD, held, 1);
  nebula_interceptor_set_cancellable (interceptor, cancellable);
  thread = g_thread_new ("abandoned", run_abandoned, &abandoned);
  g_assert_true (nebula_mock_server_wait_for_held (server, 1));
  g_cancellable_cancel (cancellable);
  g_thread_join (thread);
  nebula_interceptor_set_cancellable (interceptor, NULL);
}

/* What was held is executed now; then @held has been so @count times. */
static void
release (ClusterFixture *self, const char *held, guint count)
{
  NebulaMockServer *server = nebula_mock_cluster_get_server (self->mock, 0);

  nebula_mock_server_release (server);
  g_assert_true (nebula_mock_server_wait_for_applied (server, held, count));
}

/* The first graphd takes no connections, but goes on with what it has; the second one stands in. */
static void
make_detour (ClusterFixture *self)
{
  nebula_mock_server_set_listening (nebula_mock_cluster_get_server (self->mock, 0), FALSE);
  cluster_perform (self, NEBULA_MOCK_ACTION_START, 1);
}

static void
come_back (ClusterFixture *self)
{
  nebula_mock_server_set_listening (nebula_mock_cluster_get_server (self->mock, 0), TRUE);
  cluster_perform (self, NEBULA_MOCK_ACTION_STOP, 1);
}

static void
test_late_use (ClusterFixture *self, gconstpointer data)
{
  g_test_summary ("a USE that was given up may still be done: by then nobody is in its session");
  cluster_begin_at (self, 0);
  abandon (self, "USE blue", "USE blue");
  make_detour (self);
  cluster_assert_write (self, 0, "red");
  come_back (self);
  cluster_assert_write (self, 0, "red");
  cluster_assert_write (self, 1, "red");
  release (self, "USE blue", 1);
  cluster_assert_write (self, 0, "red");
  cluster_assert_write (self, 1, "red");
  g_assert_cmpuint (cluster_get_writes (self, "red"), ==, 5);
}

static void
test_late_replay (ClusterFixture *self, gconstpointer data)
{
  g_autofree char *write = cluster_make_write (self, "red");

  g_test_summary ("so may one that the interceptor said, after the caller has chosen another space");
  cluster_begin_at (self, 0);
  cluster_perform (self, NEBULA_MOCK_ACTION_RESTART, 0);
  abandon (self, write, "USE `red`");
  make_detour (self);
  cluster_assert_good (self, 0, "USE blue");
  come_back (self);
  cluster_assert_write (self, 0, "blue");
  release (self, "USE `red`", 1);
  cluster_assert_write (self, 0, "blue");
}

static void
test_late_write (ClusterFixture *self, gconstpointer data)
{
  g_autofree char *write = cluster_make_write (self, "red");

  g_test_summary ("a write that was given up lands in the space that was chosen when it was sent");
  cluster_begin_at (self, 0);
  abandon (self, write, write);
  make_detour (self);
  cluster_assert_write (self, 0, "red");
  cluster_assert_good (self, 0, "USE blue");
  come_back (self);
  cluster_assert_write (self, 0, "blue");
  release (self, write, 1);
  g_assert_cmpuint (cluster_get_writes (self, "red"), ==, 2);
  cluster_assert_write (self, 1, "blue");
}

static void
test_late_and_signed_out (ClusterFixture *self, gconstpointer data)
{
  g_autofree char *write = cluster_make_write (self, "red");

  g_test_summary ("or nowhere, where the session that nobody needs any more is signed out");
  cluster_begin_at (self, 0);
  abandon (self, write, write);
  cluster_assert_good (self, 0, "USE blue");
  cluster_assert_write (self, 0, "blue");
  g_assert_cmpuint (nebula_mock_cluster_get_sessions (self->mock), ==, 1);
  nebula_mock_server_release (nebula_mock_cluster_get_server (self->mock, 0));
  cluster_assert_write (self, 0, "blue");
}

static void
test_late_read (ClusterFixture *self, gconstpointer data)
{
  g_test_summary ("what only reads may be late: the session is kept");
  cluster_begin_at (self, 0);
  abandon (self, "GO FROM \"v\" OVER e", "GO FROM");
  cluster_assert_good (self, 0, "USE blue");
  release (self, "GO FROM \"v\" OVER e", 1);
  cluster_assert_write (self, 0, "blue");
  g_assert_cmpuint (cluster_get_calls (self, "authenticate"), ==, 1);
}

/* ---- a space that is gone */

static void
test_dropped_by_caller (ClusterFixture *self, gconstpointer data)
{
  g_test_summary ("without a space after DROP SPACE: also at graphds that remember one");
  cluster_begin_at (self, 1);
  cluster_assert_good (self, 0, "USE blue");
  cluster_leave_only (self, 0);
  cluster_assert_good (self, 0, "USE red");
  cluster_assert_good (self, 0, "DROP SPACE red");
  g_assert_cmpint (cluster_write (self, 0, CLUSTER_NOWHERE), ==, -1009);
  cluster_leave_only (self, 1);
  g_assert_cmpint (cluster_write (self, 0, CLUSTER_NOWHERE), ==, -1009);
  g_assert_cmpint (cluster_write (self, 1, CLUSTER_NOWHERE), ==, -1009);
  cluster_assert_good (self, 0, "USE green");
  cluster_assert_write (self, 1, "green");
}

static void
test_dropped_other (ClusterFixture *self, gconstpointer data)
{
  g_test_summary ("DROP SPACE of another one changes nothing");
  cluster_begin_at (self, 0);
  cluster_assert_good (self, 0, "DROP SPACE blue");
  cluster_assert_write (self, 0, "red");
  cluster_assert_write (self, 1, "red");
  g_assert_cmpuint (cluster_get_calls (self, "authenticate"), ==, 1);
}

/* A write that belongs nowhere, by a stub whose replay finds that its space is gone. */
static void
assert_reported_once (ClusterFixture *self)
{
  g_autofree char *statement = cluster_make_write (self, CLUSTER_NOWHERE);
  g_autoptr (GError) error = NULL;

  g_assert_cmpint (fixture_execute (&self->stubs[0], statement, &error), ==, FIXTURE_NO_REPLY);
  g_assert_error (error, NEBULA_ERROR, NEBULA_ERROR_FATAL);
  g_assert_cmpint (nebula_error_get_real_code (error), ==, -5);
  for (guint i = 0; i < CLUSTER_STUBS; i++)
    g_assert_cmpint (cluster_write (self, i, CLUSTER_NOWHERE), ==, -1009);
}

static void
test_gone (ClusterFixture *self, gconstpointer data)
{
  g_test_summary ("gone meanwhile: reported once, then a session without a space");
  cluster_begin_at (self, 1);
  cluster_assert_good (self, 0, "USE blue");
  cluster_leave_only (self, 0);
  cluster_assert_good (self, 0, "USE red");
  nebula_mock_cluster_drop_space (self->mock, "red");
  cluster_leave_only (self, 1);
  assert_reported_once (self);
  cluster_assert_good (self, 1, "USE green");
  cluster_assert_write (self, 0, "green");
}

static void
test_gone_and_not_loaded (ClusterFixture *self, gconstpointer data)
{
  g_test_summary ("also where graphd cannot even load the session for its space");
  cluster_begin_at (self, 0);
  cluster_perform (self, NEBULA_MOCK_ACTION_PUSH_SESSIONS, 0);
  nebula_mock_cluster_drop_space (self->mock, "red");
  cluster_leave_only (self, 2);
  assert_reported_once (self);
}

static void
test_gone_and_chosen_anew (ClusterFixture *self, gconstpointer data)
{
  g_test_summary ("a USE of another space is let through at once");
  cluster_begin_at (self, 0);
  nebula_mock_cluster_drop_space (self->mock, "red");
  cluster_leave_only (self, 1);
  cluster_assert_good (self, 0, "USE blue");
  cluster_assert_write (self, 0, "blue");
  cluster_assert_write (self, 1, "blue");
}

static void
test_off (ClusterFixture *self, gconstpointer data)
{
  g_test_summary ("with retries off a session that is given up with its space is replaced too");
  cluster_set_retries (self, FALSE);
  cluster_begin_at (self, 0);
  cluster_assert_good (self, 0, "DROP SPACE red");
  g_assert_cmpint (cluster_write (self, 0, CLUSTER_NOWHERE), ==, -1009);
  g_assert_cmpuint (cluster_get_calls (self, "authenticate"), ==, 2);
}

static const struct
{
  const char *path;
  void (*run) (ClusterFixture *self, gconstpointer data);
} tests[] = {
  { "/space/lost-reply/in-doubt", test_in_doubt },
  { "/space/lost-reply/repeated", test_repeated },
  { "/space/late/use", test_late_use },
  { "/space/late/replay", test_late_replay },
  { "/space/late/write", test_late_write },
  { "/space/late/signed-out", test_late_and_signed_out },
  { "/space/late/read", test_late_read },
  { "/space/gone/dropped-by-caller", test_dropped_by_caller },
  { "/space/gone/off", test_off },
  { "/space/gone/dropped-other", test_dropped_other },
  { "/space/gone/meanwhile", test_gone },
  { "/space/gone/not-loaded", test_gone_and_not_loaded },
  { "/space/gone/chosen-anew", test_gone_and_chosen_anew },
};

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (tests); i++)
    cluster_add (tests[i].path, tests[i].run);
  return g_test_run ();
}
