/* SPDX-License-Identifier: Apache-2.0 */
#include "cluster-fixture.h"

/* Stubs choose spaces and write, while graphds lose connections, replies, sessions and themselves,
 * in an order that chance has chosen once. Whatever comes of a call, no write lands in another
 * space than its caller's. */

#define STEPS 600

/* The first two stubs share a session, the third has its own. */
#define SESSIONS 2

typedef struct
{
  ClusterFixture *fixture;
  GRand *random;
  const char *spaces[SESSIONS];    /* what the caller has chosen, NOWHERE for none */
  gboolean settings_change;        /* the time, the endpoints, the policy and the sessions, too */
  gboolean is_up[CLUSTER_SERVERS];
} Walk;

static const char *const spaces[] = { "red", "blue", "green" };

static guint
draw (Walk *self, guint end)
{
  return g_rand_int_range (self->random, 0, end);
}

static const char *
draw_space (Walk *self)
{
  return spaces[draw (self, G_N_ELEMENTS (spaces))];
}

static guint
session_of (guint stub)
{
  return stub / 2;
}

/* ---- what the callers do */

static void
write_one (Walk *self, guint stub)
{
  cluster_write (self->fixture, stub, self->spaces[session_of (stub)]);
}

/* Whether the USE of a statement of several sentences was done, though another one failed: then the
 * reply says so. */
static gboolean
is_half_done (NebulaThriftExecutionResponse *response, const char *space)
{
  return response->error_code != -1009 && response->space_name != NULL
         && response->space_name->len == strlen (space)
         && memcmp (response->space_name->data, space, strlen (space)) == 0;
}

/* @statement chooses @space. */
static void
choose (Walk *self, guint stub, const char *space, const char *statement)
{
  const gboolean is_compound = strchr (statement, ';') != NULL;
  g_autoptr (NebulaThriftExecutionResponse) response =
    fixture_query (&self->fixture->stubs[stub], statement, NULL);

  g_test_message ("stub %u: %s: %d", stub, statement,
                  response != NULL ? response->error_code : FIXTURE_NO_REPLY);
  if (response != NULL
      && (response->error_code == 0 || (is_compound && is_half_done (response, space))))
    self->spaces[session_of (stub)] = space;
}

static void
use (Walk *self, guint stub)
{
  const char *space = draw_space (self);
  g_autofree char *statement = g_strdup_printf ("USE %s", space);

  choose (self, stub, space, statement);
}

static void
use_and_write (Walk *self, guint stub)
{
  const char *space = draw_space (self);
  g_autofree char *write = cluster_make_write (self->fixture, space);
  g_autofree char *statement = g_strdup_printf ("USE %s; %s", space, write);

  choose (self, stub, space, statement);
}

static void
write_and_use (Walk *self, guint stub)
{
  const char *space = draw_space (self);
  g_autofree char *write = cluster_make_write (self->fixture, self->spaces[session_of (stub)]);
  g_autofree char *statement = g_strdup_printf ("%s; USE %s", write, space);

  choose (self, stub, space, statement);
}

static void
use_nothing (Walk *self, guint stub)
{
  g_autofree char *write = cluster_make_write (self->fixture, CLUSTER_NOWHERE);
  g_autofree char *statement = g_strdup_printf ("USE nothing; %s", write);

  const char *chosen = draw (self, 2) ? statement : "USE nothing";

  g_assert_cmpint (cluster_execute (self->fixture, stub, chosen), !=, 0);
}

/* Without an answer nobody knows whether it was done, and the space may or may not be chosen. */
static void
drop (Walk *self, guint stub)
{
  const char **own = &self->spaces[session_of (stub)];
  const char *space = draw_space (self);
  g_autofree char *statement = g_strdup_printf ("DROP SPACE %s", space);

  if (cluster_execute (self->fixture, stub, statement) == 0 && g_str_equal (*own, space))
    *own = CLUSTER_NOWHERE;
  nebula_mock_cluster_add_space (self->fixture->mock, space);
}

/* ---- what happens to them */

static void
stop_or_start (Walk *self, guint server)
{
  guint n_up = 0;

  for (guint i = 0; i < CLUSTER_SERVERS; i++)
    n_up += self->is_up[i];
  if (self->is_up[server] && n_up == 1)
    return;
  self->is_up[server] = !self->is_up[server];
  cluster_perform (self->fixture,
                   self->is_up[server] ? NEBULA_MOCK_ACTION_START : NEBULA_MOCK_ACTION_STOP,
                   server);
}

static void
start_all (Walk *self)
{
  cluster_start_all (self->fixture);
  for (guint i = 0; i < CLUSTER_SERVERS; i++)
    self->is_up[i] = TRUE;
}

static void
happen (Walk *self, guint server)
{
  static const NebulaMockAction actions[] = {
    NEBULA_MOCK_ACTION_RESTART,         NEBULA_MOCK_ACTION_PUSH_SESSIONS,
    NEBULA_MOCK_ACTION_EXPIRE_SESSIONS, NEBULA_MOCK_ACTION_LOSE_METAD,
    NEBULA_MOCK_ACTION_FIND_METAD,      NEBULA_MOCK_ACTION_FIND_METAD,
    NEBULA_MOCK_ACTION_RELEASE,
  };

  if (self->is_up[server])
    cluster_perform (self->fixture, actions[draw (self, G_N_ELEMENTS (actions))], server);
}

/* The next statement to a server goes wrong. */
static void
fail_next (Walk *self, guint server)
{
  static const NebulaMockFaultKind kinds[] = {
    NEBULA_MOCK_FAULT_CLOSE_BEFORE_APPLY, NEBULA_MOCK_FAULT_CLOSE_AFTER_APPLY,
    NEBULA_MOCK_FAULT_CLOSE_IN_REPLY,     NEBULA_MOCK_FAULT_CODE,
    NEBULA_MOCK_FAULT_CODE_AFTER_APPLY,   NEBULA_MOCK_FAULT_WRONG_SEQUENCE,
  };
  const char *contains = draw (self, 2) ? "USE" : "INSERT";

  if (self->settings_change && draw (self, 3) == 0)
    contains = "UPSERT";

  cluster_fault (self->fixture, server, kinds[draw (self, G_N_ELEMENTS (kinds))], contains, 1);
}

/* As it was in the beginning. */
static void
change_nothing (Walk *self, guint stub)
{
  g_autofree char *all = nebula_mock_cluster_get_endpoints (self->fixture->mock);

  g_assert_true (nebula_cluster_set_endpoints (self->fixture->cluster, all, NULL));
  cluster_set_retries (self->fixture, TRUE);
  nebula_manual_clock_advance (self->fixture->clock, G_TIME_SPAN_SECOND);
  thrift_transport_open (THRIFT_TRANSPORT (self->fixture->stubs[stub].interceptor), NULL);
}

typedef struct
{
  Walk *walk;
  guint stub;
  void (*step) (Walk *self, guint stub);
} Abandoned;

static gpointer
run_abandoned (gpointer data)
{
  Abandoned *self = data;

  self->step (self->walk, self->stub);
  return NULL;
}

/* A call that is given up while graphd holds a statement of it, to be executed any time later. */
static void
abandon (Walk *self, guint stub)
{
  void (*const steps[]) (Walk *, guint) = { write_one, use, use_and_write, write_and_use };
  const guint server = draw (self, CLUSTER_SERVERS);
  NebulaMockServer *holder = nebula_mock_cluster_get_server (self->fixture->mock, server);
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  Abandoned abandoned = { self, stub, steps[draw (self, G_N_ELEMENTS (steps))] };
  GThread *thread;

  cluster_perform (self->fixture, NEBULA_MOCK_ACTION_FIND_METAD, server);
  cluster_leave_only (self->fixture, server);
  nebula_mock_server_clear_faults (holder);
  nebula_mock_server_release (holder);
  if (self->settings_change)
    change_nothing (self, stub);
  cluster_connect (self->fixture, stub);
  cluster_fault (self->fixture, server, NEBULA_MOCK_FAULT_HOLD, NULL, 1);
  nebula_interceptor_set_cancellable (self->fixture->stubs[stub].interceptor, cancellable);
  thread = g_thread_new ("abandoned", run_abandoned, &abandoned);
  g_assert_true (nebula_mock_server_wait_for_held (holder, 1));
  g_cancellable_cancel (cancellable);
  g_thread_join (thread);
  nebula_interceptor_set_cancellable (self->fixture->stubs[stub].interceptor, NULL);
  start_all (self);
}

/* ---- what else changes meanwhile */

/* A write that must not be done twice, and whose answer must not deny that it was done. */
static void
write_once (Walk *self, guint stub)
{
  ClusterFixture *fixture = self->fixture;
  g_autofree char *statement = NULL;
  g_autoptr (GError) error = NULL;
  gint32 code;
  guint applied;

  statement = g_strdup_printf ("UPSERT VERTEX ON t \"u%d\" SET n = n + 1 /* %s */",
                               g_atomic_int_add (&fixture->serial, 1),
                               self->spaces[session_of (stub)]);
  code = fixture_execute (&fixture->stubs[stub], statement, &error);
  applied = nebula_mock_cluster_get_applied (fixture->mock, statement);
  g_test_message ("stub %u: %s: %d, applied %u times", stub, statement, code, applied);
  g_assert_cmpuint (applied, <=, 1);
  if (code == 0)
    g_assert_cmpuint (applied, ==, 1);
  if (code == FIXTURE_NO_REPLY && applied > 0)
    g_assert_true (nebula_error_may_have_been_applied (error));
}

/* Nothing, a pause, a deadline, an idle time-out, an idle session. */
static void
pass_time (Walk *self)
{
  static const gint64 seconds[] = { 0, 1, 121, 301, 30000 };

  nebula_manual_clock_advance (self->fixture->clock, seconds[draw (self, G_N_ELEMENTS (seconds))]
                                                       * G_TIME_SPAN_SECOND);
}

/* Some of the servers, beginning with any. */
static void
change_endpoints (Walk *self)
{
  g_autoptr (GString) list = g_string_new (NULL);
  guint first = draw (self, CLUSTER_SERVERS);
  guint n = draw (self, CLUSTER_SERVERS) + 1;

  for (guint i = 0; i < n; i++)
    g_string_append_printf (list, "%s%s", i > 0 ? "," : "",
                            nebula_mock_server_get_address (nebula_mock_cluster_get_server (
                              self->fixture->mock, (first + i) % CLUSTER_SERVERS)));
  g_assert_true (nebula_cluster_set_endpoints (self->fixture->cluster, list->str, NULL));
}

/* Anything but to replay what is not safe. */
static void
change_policy (Walk *self)
{
  g_autoptr (NebulaRetryPolicy) policy = NULL;

  policy = g_object_new (NEBULA_TYPE_RETRY_POLICY, "enabled", draw (self, 5) > 0, "replay",
                         draw (self, NEBULA_REPLAY_ALWAYS), "replay-after-timeout", draw (self, 2),
                         "budget", draw (self, 3), "endpoint-pause", (gint64) 1000,
                         "endpoint-maximum-pause", (gint64) 1000, NULL);
  nebula_cluster_set_policy (self->fixture->cluster, policy);
}

/* The third stub signs in anew, or has no session for a while. */
static void
change_session (Walk *self)
{
  Fixture *stub = &self->fixture->stubs[CLUSTER_STUBS - 1];

  if (draw (self, 2))
    nebula_thrift_graph_service_client_signout (stub->client, stub->session, NULL);
  self->spaces[SESSIONS - 1] = CLUSTER_NOWHERE;
  if (fixture_authenticate (stub, "nebula", NULL) != 0)
    stub->session = 0;
}

static void
close_transport (Walk *self, guint stub)
{
  thrift_transport_close (THRIFT_TRANSPORT (self->fixture->stubs[stub].interceptor), NULL);
}

static void
change_something (Walk *self, guint stub)
{
  const guint what = draw (self, 12);

  if (what == 0)
    pass_time (self);
  else if (what == 1)
    change_endpoints (self);
  else if (what == 2)
    change_policy (self);
  else if (what == 3)
    change_session (self);
  else if (what == 4)
    close_transport (self, stub);
  else
    write_once (self, stub);
}

/* ---- the walk */

static void
step (Walk *self)
{
  const guint stub = draw (self, CLUSTER_STUBS);
  const guint server = draw (self, CLUSTER_SERVERS);
  const guint what = draw (self, 100);

  if (self->settings_change)
    thrift_transport_open (THRIFT_TRANSPORT (self->fixture->stubs[stub].interceptor), NULL);
  if (self->settings_change && draw (self, 3) == 0)
    change_something (self, stub);
  else if (what < 35)
    write_one (self, stub);
  else if (what < 55)
    use (self, stub);
  else if (what < 60)
    use_and_write (self, stub);
  else if (what < 65)
    write_and_use (self, stub);
  else if (what < 68)
    use_nothing (self, stub);
  else if (what < 70)
    drop (self, stub);
  else if (what < 78)
    stop_or_start (self, server);
  else if (what < 88)
    happen (self, server);
  else if (what < 96)
    fail_next (self, server);
  else
    abandon (self, stub);
}

/* When all is well again, all works again. */
static void
assert_recovers (Walk *self)
{
  start_all (self);
  nebula_mock_cluster_set_metad_reachable (self->fixture->mock, TRUE);
  for (guint i = 0; i < CLUSTER_SERVERS; i++)
    {
      nebula_mock_server_clear_faults (nebula_mock_cluster_get_server (self->fixture->mock, i));
      cluster_perform (self->fixture, NEBULA_MOCK_ACTION_RELEASE, i);
    }
  /* With a budget that nobody has drawn from. */
  cluster_set_retries (self->fixture, TRUE);
  for (guint stub = 0; stub < CLUSTER_STUBS; stub++)
    {
      cluster_assert_good (self->fixture, stub, "USE green");
      cluster_assert_write (self->fixture, stub, "green");
    }
}

static void
assert_much_happened (Walk *self)
{
  for (gsize i = 0; i < G_N_ELEMENTS (spaces); i++)
    g_assert_cmpuint (cluster_get_writes (self->fixture, spaces[i]), >, STEPS / 80);
  for (guint i = 0; i < CLUSTER_SERVERS; i++)
    g_assert_cmpuint (nebula_mock_cluster_get_writes (self->fixture->mock, i, NULL, NULL), >,
                      STEPS / 80);
}

static void
test_walk (ClusterFixture *fixture, gconstpointer seed)
{
  g_autoptr (GRand) random = g_rand_new_with_seed (GPOINTER_TO_UINT (seed));
  Walk walk = {
    fixture, random, { CLUSTER_NOWHERE, CLUSTER_NOWHERE }, FALSE, { TRUE, TRUE, TRUE }
  };

  g_test_summary ("whatever happens, no write lands in another space than its caller's");
  cluster_log_in (fixture, CLUSTER_STUBS - 1);
  for (guint i = 0; i < STEPS; i++)
    {
      g_test_message ("step %u: %s, %s", i, walk.spaces[0], walk.spaces[1]);
      step (&walk);
      cluster_assert_in_place (fixture);
    }
  assert_recovers (&walk);
  assert_much_happened (&walk);
}

static void
test_changes (ClusterFixture *fixture, gconstpointer seed)
{
  g_autoptr (GRand) random = g_rand_new_with_seed (GPOINTER_TO_UINT (seed));
  Walk walk = {
    fixture, random, { CLUSTER_NOWHERE, CLUSTER_NOWHERE }, TRUE, { TRUE, TRUE, TRUE }
  };

  g_test_summary ("nor when endpoints, policy, sessions and the time change; n + 1 is done once");
  cluster_log_in (fixture, CLUSTER_STUBS - 1);
  for (guint i = 0; i < STEPS; i++)
    {
      step (&walk);
      cluster_assert_in_place (fixture);
    }
  start_all (&walk);
  nebula_mock_cluster_set_metad_reachable (fixture->mock, TRUE);
  for (guint stub = 0; stub < CLUSTER_STUBS; stub++)
    change_nothing (&walk, stub);
  if (fixture->stubs[CLUSTER_STUBS - 1].session == 0)
    cluster_log_in (fixture, CLUSTER_STUBS - 1);
  assert_recovers (&walk);
  g_assert_cmpuint (nebula_mock_cluster_get_writes (fixture->mock, -1, NULL, "UPSERT"), >,
                    STEPS / 80);
}

/* ---- at the same time */

#define STEPS_OF_THREAD 300

typedef struct
{
  Walk walk;
  guint stub;
} Walker;

static gpointer
run_walker (gpointer data)
{
  void (*const steps[]) (Walk *, guint) = { write_one, use, use_and_write, write_and_use };
  Walker *self = data;

  for (guint i = 0; i < STEPS_OF_THREAD; i++)
    steps[draw (&self->walk, G_N_ELEMENTS (steps))](&self->walk, self->stub);
  return NULL;
}

/* Each stub in its own thread, with its own session; only the order within each is fixed. */
static void
test_threads (ClusterFixture *fixture, gconstpointer data)
{
  g_autoptr (GRand) random = g_rand_new_with_seed (1);
  Walk walk = { fixture, random, { NULL, NULL }, FALSE, { TRUE, TRUE, TRUE } };
  Walker walkers[CLUSTER_STUBS];
  GThread *threads[CLUSTER_STUBS];

  g_test_summary ("so it is when the stubs do so at the same time, each in its own session");
  for (guint i = 0; i < CLUSTER_STUBS; i++)
    {
      cluster_log_in (fixture, i);
      walkers[i].walk = walk;
      walkers[i].walk.random = g_rand_new_with_seed (i);
      walkers[i].walk.spaces[session_of (i)] = CLUSTER_NOWHERE;
      walkers[i].stub = i;
      threads[i] = g_thread_new ("walker", run_walker, &walkers[i]);
    }
  for (guint i = 0; i < 100; i++)
    {
      stop_or_start (&walk, draw (&walk, CLUSTER_SERVERS));
      happen (&walk, draw (&walk, CLUSTER_SERVERS));
      fail_next (&walk, draw (&walk, CLUSTER_SERVERS));
    }
  for (guint i = 0; i < CLUSTER_STUBS; i++)
    {
      g_thread_join (threads[i]);
      g_rand_free (walkers[i].walk.random);
    }
  cluster_assert_in_place (fixture);
  assert_recovers (&walk);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  for (guint seed = 1; seed <= 6; seed++)
    {
      g_autofree char *path = g_strdup_printf ("/space/random/%u", seed);
      g_autofree char *changes = g_strdup_printf ("/space/random/changes/%u", seed);

      g_test_add (path, ClusterFixture, GUINT_TO_POINTER (seed), cluster_set_up, test_walk,
                  cluster_tear_down);
      g_test_add (changes, ClusterFixture, GUINT_TO_POINTER (seed), cluster_set_up, test_changes,
                  cluster_tear_down);
    }
  cluster_add ("/space/random/threads", test_threads);
  return g_test_run ();
}
