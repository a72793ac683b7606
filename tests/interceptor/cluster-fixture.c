/* SPDX-License-Identifier: Apache-2.0 */
#include "cluster-fixture.h"

/* Any start does, as long as subtracting from it stays positive. */
#define CLOCK_START (1000 * G_TIME_SPAN_SECOND)

/* An endpoint that failed is set aside no longer than this, so that which graphd a call goes to is
 * for the test to say: it is the one that is there. */
#define PAUSE G_TIME_SPAN_MILLISECOND

static const char *const spaces[] = { "red", "blue", "green" };

static void
set_up_mock (ClusterFixture *self)
{
  g_autoptr (GError) error = NULL;

  self->mock = nebula_mock_cluster_new (CLUSTER_SERVERS);
  for (gsize i = 0; i < G_N_ELEMENTS (spaces); i++)
    {
      g_autofree char *mark = g_strdup_printf ("/* %s */", spaces[i]);

      nebula_mock_cluster_add_space (self->mock, spaces[i]);
      nebula_mock_cluster_expect_space (self->mock, mark, spaces[i]);
    }
  nebula_mock_cluster_expect_space (self->mock, "/* " CLUSTER_NOWHERE " */", "(none)");
  nebula_mock_cluster_start (self->mock, NULL, 0, &error);
  g_assert_no_error (error);
}

void
cluster_set_retries (ClusterFixture *self, gboolean enabled)
{
  g_autoptr (NebulaRetryPolicy) policy =
    g_object_new (NEBULA_TYPE_RETRY_POLICY, "enabled", enabled, "endpoint-pause", PAUSE,
                  "endpoint-maximum-pause", PAUSE, "shuffle-endpoints", FALSE, NULL);

  nebula_cluster_set_policy (self->cluster, policy);
}

void
cluster_set_up (ClusterFixture *self, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *endpoints = NULL;

  fixture_mend_exceptions ();
  set_up_mock (self);
  self->clock = nebula_manual_clock_new (CLOCK_START);
  endpoints = nebula_mock_cluster_get_endpoints (self->mock);
  self->cluster = nebula_cluster_new (endpoints, &error);
  g_assert_no_error (error);
  nebula_cluster_set_clock (self->cluster, NEBULA_CLOCK (self->clock));
  nebula_cluster_set_seed (self->cluster, 1);
  cluster_set_retries (self, TRUE);
  for (guint i = 0; i < CLUSTER_STUBS; i++)
    {
      fixture_connect (&self->stubs[i], nebula_interceptor_new (self->cluster));
      fixture_open (&self->stubs[i]);
    }
  cluster_log_in (self, 0);
  for (guint i = 1; i < CLUSTER_STUBS; i++)
    self->stubs[i].session = self->stubs[0].session;
}

void
cluster_tear_down (ClusterFixture *self, gconstpointer data)
{
  for (guint i = 0; i < CLUSTER_STUBS; i++)
    fixture_disconnect (&self->stubs[i]);
  cluster_assert_in_place (self);
  nebula_mock_cluster_stop (self->mock);
  g_assert_finalize_object (self->cluster);
  g_clear_object (&self->clock);
  g_assert_finalize_object (self->mock);
}

/* A session of its own for @stub. */
void
cluster_log_in (ClusterFixture *self, guint stub)
{
  g_autoptr (GError) error = NULL;

  g_assert_cmpint (fixture_authenticate (&self->stubs[stub], "nebula", &error), ==, 0);
  g_assert_no_error (error);
}

void
cluster_perform (ClusterFixture *self, NebulaMockAction action, guint server)
{
  nebula_mock_cluster_perform (self->mock, action, server);
}

/* All calls go to @server from now on: nobody else is there. */
void
cluster_leave_only (ClusterFixture *self, guint server)
{
  cluster_perform (self, NEBULA_MOCK_ACTION_START, server);
  for (guint i = 0; i < CLUSTER_SERVERS; i++)
    if (i != server)
      cluster_perform (self, NEBULA_MOCK_ACTION_STOP, i);
}

/* In the space red, at @server, with all other graphds gone. */
void
cluster_begin_at (ClusterFixture *self, guint server)
{
  cluster_leave_only (self, server);
  cluster_assert_good (self, 0, "USE red");
}

void
cluster_start_all (ClusterFixture *self)
{
  for (guint i = 0; i < CLUSTER_SERVERS; i++)
    cluster_perform (self, NEBULA_MOCK_ACTION_START, i);
}

static void
add_fault (ClusterFixture *self, guint server, NebulaMockFault *fault)
{
  nebula_mock_server_add_fault (nebula_mock_cluster_get_server (self->mock, server), fault);
  nebula_mock_fault_unref (fault);
}

/* For the first @last statements that contain @contains; 0 for all. */
void
cluster_fault (ClusterFixture *self,
               guint server,
               NebulaMockFaultKind kind,
               const char *contains,
               guint last)
{
  add_fault (self, server, nebula_mock_fault_new (kind, "execute", contains, 1, last));
}

/* Before the next statement at @server that contains @contains. */
void
cluster_act (ClusterFixture *self,
             guint server,
             const char *contains,
             NebulaMockAction action,
             int target)
{
  add_fault (self, server, nebula_mock_fault_new_action (contains, 1, 1, action, target, NULL));
}

guint
cluster_get_calls (ClusterFixture *self, const char *method)
{
  guint calls = 0;

  for (guint i = 0; i < CLUSTER_SERVERS; i++)
    calls += nebula_mock_server_get_calls (nebula_mock_cluster_get_server (self->mock, i), method);
  return calls;
}

gint32
cluster_execute (ClusterFixture *self, guint stub, const char *statement)
{
  gint32 code;

  nebula_manual_clock_advance (self->clock, PAUSE);
  code = fixture_execute (&self->stubs[stub], statement, NULL);
  g_test_message ("stub %u: %s: %d", stub, statement, code);
  return code;
}

/* @stub is connected afterwards, and no space was set on the connection: graphd knows no session 0,
 * and does not ask what there is to do. */
void
cluster_connect (ClusterFixture *self, guint stub)
{
  const gint64 session = self->stubs[stub].session;

  self->stubs[stub].session = 0;
  g_assert_cmpint (cluster_execute (self, stub, "YIELD 1"), ==, -1002);
  self->stubs[stub].session = session;
}

/**
 * cluster_make_write:
 * @space: where it belongs
 *
 * Returns: (transfer full): a write as no other. May be called from any thread
 */
char *
cluster_make_write (ClusterFixture *self, const char *space)
{
  return g_strdup_printf ("INSERT VERTEX t(n) VALUES \"v\":(%d) /* %s */",
                          g_atomic_int_add (&self->serial, 1) + 1, space);
}

gint32
cluster_write (ClusterFixture *self, guint stub, const char *space)
{
  g_autofree char *statement = cluster_make_write (self, space);

  return cluster_execute (self, stub, statement);
}

guint
cluster_get_writes (ClusterFixture *self, const char *space)
{
  return nebula_mock_cluster_get_writes (self->mock, -1, space, NULL);
}

void
cluster_assert_in_place (ClusterFixture *self)
{
  g_autofree char *misplaced = nebula_mock_cluster_find_misplaced_write (self->mock);

  g_assert_cmpstr (misplaced, ==, NULL);
}
