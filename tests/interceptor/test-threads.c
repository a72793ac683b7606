/* SPDX-License-Identifier: Apache-2.0 */
#include "nebula-fixture.h"

/* Many threads on one cluster: each has an interceptor of its own, all share the rest. */

#define FETCH "FETCH PROP ON t \"v\" YIELD properties(vertex).n"
#define INSERT "INSERT VERTEX t(n) VALUES \"v\":(0)"
#define COUNT_UP "UPDATE VERTEX ON t \"v\" SET n = n + 1"
#define RPC_FAILURE "Storage Error: RPC failure, probably timeout."

#define N_THREADS 6

/* More than any test needs: the outage lasts until it is ended. */
#define FOR_EVER 1000000

typedef struct _Worker Worker;

/* One call of @self, made again and again; FALSE to stop. */
typedef gboolean (*Work) (Worker *self);

/**
 * Worker:
 * @road: what is shared with all others, but for interceptor, protocol, client and session
 * @n_calls: how many have ended
 * @n_good: how many of them with code 0
 * @n_unsure: how many of the others may have been applied
 * @n_of_many: how many calls had %MANY attempts
 *
 * A thread with a stub.
 */
struct _Worker
{
  Fixture road;
  Work work;
  gint *stop;
  guint n_calls;
  guint n_good;
  guint n_unsure;
  guint n_of_many;
  GThread *thread;
};

typedef struct
{
  Worker workers[N_THREADS];
  gint stop; /* atomic */
} Crew;

static gpointer
work (gpointer data)
{
  Worker *self = data;

  while (!g_atomic_int_get (self->stop) && self->work (self))
    continue;
  return NULL;
}

/* Connects a crew; each member is signed in with a session of its own. */
static void
crew_init (Crew *self, Fixture *fixture)
{
  for (guint i = 0; i < N_THREADS; i++)
    {
      Worker *worker = &self->workers[i];

      *worker = (Worker){ .stop = &self->stop };
      worker->road.server = fixture->server;
      worker->road.clock = fixture->clock;
      worker->road.cluster = fixture->cluster;
      fixture_connect (&worker->road, nebula_interceptor_new (fixture->cluster));
      fixture_use_space (&worker->road);
    }
  self->stop = FALSE;
}

static void
crew_start (Crew *self, Work func)
{
  for (guint i = 0; i < N_THREADS; i++)
    self->workers[i].work = func;
  for (guint i = 0; i < N_THREADS; i++)
    self->workers[i].thread = g_thread_new ("worker", work, &self->workers[i]);
}

static void
crew_join (Crew *self)
{
  for (guint i = 0; i < N_THREADS; i++)
    g_thread_join (g_steal_pointer (&self->workers[i].thread));
}

static void
crew_clear (Crew *self)
{
  for (guint i = 0; i < N_THREADS; i++)
    {
      Fixture *road = &self->workers[i].road;

      g_clear_object (&road->client);
      g_clear_object (&road->protocol);
      g_assert_finalize_object (road->interceptor);
    }
}

/* Notes what a call came to. */
static gint32
run (Worker *self, const char *statement)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (NebulaCallReport) report = NULL;
  gint32 code = fixture_execute (&self->road, statement, &error);

  report = nebula_interceptor_get_last_report (self->road.interceptor);
  self->n_calls++;
  self->n_good += code == 0;
  self->n_unsure += code != 0 && nebula_call_report_get_may_have_been_applied (report);
  return code;
}

/* All wait on one clock, where the waits of some are time that passes for the others: short ones,
 * so that nothing runs out. */
#define SHORT_WAITS                                                                                \
  "fast-initial", (gint64) 1, "fast-maximum", (gint64) 1, "slow-initial", (gint64) 1,              \
    "slow-maximum", (gint64) 1

/* The two policies of the test below, told apart by how many attempts they allow. */
#define FEW 2
#define MANY 5

static void
set_attempts (Fixture *self, guint attempts)
{
  fixture_set_policy (self, "max-attempts", attempts, "budget", NEBULA_BUDGET_NONE, SHORT_WAITS,
                      NULL);
}

static gboolean
fail_by_policy (Worker *self)
{
  guint attempts;

  g_assert_cmpint (run (self, FETCH), ==, -1005);
  attempts = fixture_get_attempts (&self->road);
  g_assert_true (attempts == FEW || attempts == MANY);
  self->n_of_many += attempts == MANY;
  g_assert_cmpint (fixture_get_last_decision (&self->road).reason, ==, NEBULA_REASON_ATTEMPTS);
  return TRUE;
}

#define N_SWAPS 100

static void
test_policy (Fixture *self, gconstpointer data)
{
  Crew crew;

  g_test_summary (
    "the policy is swapped while six threads call: each call keeps to one of the two, "
    "and those that begin after a swap to the new one");
  set_attempts (self, FEW);
  crew_init (&crew, self);
  fixture_fault_code (self, FETCH, FOR_EVER, -1005, RPC_FAILURE);
  crew_start (&crew, fail_by_policy);
  for (guint i = 0; i < N_SWAPS; i++)
    {
      guint seen = nebula_mock_server_get_received (self->server, FETCH);

      set_attempts (self, i % 2 == 0 ? MANY : FEW);
      while (nebula_mock_server_get_received (self->server, FETCH) < seen + N_THREADS)
        g_thread_yield ();
    }
  g_atomic_int_set (&crew.stop, TRUE);
  crew_join (&crew);

  set_attempts (self, MANY);
  for (guint i = 0; i < N_THREADS; i++)
    {
      g_assert_cmpuint (crew.workers[i].n_of_many, >, 0);
      g_assert_cmpuint (crew.workers[i].n_of_many, <, crew.workers[i].n_calls);
      fail_by_policy (&crew.workers[i]);
      g_assert_cmpuint (fixture_get_attempts (&crew.workers[i].road), ==, MANY);
    }
  crew_clear (&crew);
}

static gboolean
swap_policy_too (Worker *self)
{
  set_attempts (&self->road, self->n_calls % 2 == 0 ? FEW : MANY);
  return fail_by_policy (self) && self->n_calls < 50;
}

static void
test_policy_by_all (Fixture *self, gconstpointer data)
{
  Crew crew;

  g_test_summary ("six threads swap the policy and call: each call keeps to one of the two");
  set_attempts (self, FEW);
  crew_init (&crew, self);
  fixture_fault_code (self, FETCH, FOR_EVER, -1005, RPC_FAILURE);
  crew_start (&crew, swap_policy_too);
  crew_join (&crew);
  crew_clear (&crew);
}

static gboolean
fail_in_outage (Worker *self)
{
  return run (self, FETCH) == -1005 && self->n_calls < 20;
}

static void
test_budget (Fixture *self, gconstpointer data)
{
  Crew crew;

  g_test_summary (
    "six threads share one budget: of 140 in it there are 10 retries, for all of them");
  fixture_set_policy (self, "budget-capacity", 140u, SHORT_WAITS, NULL);
  crew_init (&crew, self);
  fixture_fault_code (self, FETCH, FOR_EVER, -1005, RPC_FAILURE);
  crew_start (&crew, fail_in_outage);
  crew_join (&crew);
  g_assert_cmpuint (nebula_mock_server_get_received (self->server, FETCH), ==, N_THREADS * 20 + 10);
  crew_clear (&crew);
}

#define N_UPDATES 50

static gboolean
count_up (Worker *self)
{
  run (self, COUNT_UP);
  return self->n_calls < N_UPDATES;
}

static void
crew_sum (Crew *self, guint *n_good, guint *n_unsure)
{
  *n_good = 0;
  *n_unsure = 0;
  for (guint i = 0; i < N_THREADS; i++)
    {
      *n_good += self->workers[i].n_good;
      *n_unsure += self->workers[i].n_unsure;
    }
}

static void
test_sessions (Fixture *self, gconstpointer data)
{
  guint n_good;
  guint n_unsure;
  Crew crew;

  g_test_summary ("six threads with six sessions count up while sessions expire: what succeeded "
                  "counts once, and a call that lost two in a row is known to have done nothing");
  fixture_set_policy (self, SHORT_WAITS, NULL);
  crew_init (&crew, self);
  g_assert_cmpint (run (&crew.workers[0], INSERT), ==, 0);
  crew.workers[0].n_calls = crew.workers[0].n_good = 0;
  for (guint i = 1; i < 10; i++)
    fixture_fault (self, NEBULA_MOCK_FAULT_EXPIRE_SESSION, COUNT_UP, i * 20, i * 20);
  crew_start (&crew, count_up);
  crew_join (&crew);
  crew_sum (&crew, &n_good, &n_unsure);
  g_assert_cmpuint (n_unsure, ==, 0);
  g_assert_cmpuint (n_good, >=, N_THREADS * N_UPDATES - 9);
  g_assert_cmpint (fixture_get_number (self, "v", "n"), ==, n_good);
  g_assert_cmpuint (nebula_mock_server_get_calls (self->server, "authenticate"), >, N_THREADS);
  crew_clear (&crew);
}

static void
test_never_twice (Fixture *self, gconstpointer data)
{
  guint n_good;
  guint n_unsure;
  gint64 n;
  Crew crew;

  g_test_summary (
    "connections break before and after: no update counts twice, and who was told that "
    "it failed was told that it may have been applied");
  fixture_set_policy (self, SHORT_WAITS, NULL);
  crew_init (&crew, self);
  g_assert_cmpint (run (&crew.workers[0], INSERT), ==, 0);
  crew.workers[0].n_calls = crew.workers[0].n_good = 0;
  fixture_fault (self, NEBULA_MOCK_FAULT_CLOSE_BEFORE_APPLY, COUNT_UP, 20, 29);
  fixture_fault (self, NEBULA_MOCK_FAULT_CLOSE_AFTER_APPLY, COUNT_UP, 120, 129);
  crew_start (&crew, count_up);
  crew_join (&crew);
  crew_sum (&crew, &n_good, &n_unsure);
  n = fixture_get_number (self, "v", "n");
  g_assert_cmpuint (n_unsure, ==, 20);
  g_assert_cmpuint (n_good, ==, N_THREADS * N_UPDATES - 20);
  g_assert_cmpint (n, ==, n_good + 10);
  crew_clear (&crew);
}

static gboolean
read_once (Worker *self)
{
  g_assert_cmpint (run (self, FETCH), ==, 0);
  return self->n_calls < 20;
}

static void
test_session (Fixture *self, gconstpointer data)
{
  Crew crew;

  g_test_summary ("six threads with one session: when it is lost, one of them renews it, for all");
  crew_init (&crew, self);
  g_assert_cmpint (run (&crew.workers[0], INSERT), ==, 0);
  crew.workers[0].n_calls = 0;
  for (guint i = 1; i < N_THREADS; i++)
    crew.workers[i].road.session = crew.workers[0].road.session;
  nebula_mock_server_expire_sessions (self->server);
  crew_start (&crew, read_once);
  crew_join (&crew);
  g_assert_cmpuint (nebula_mock_server_get_calls (self->server, "authenticate"), ==, N_THREADS + 1);
  crew_clear (&crew);
}

#define add(path, func)                                                                            \
  g_test_add ("/threads/" path, Fixture, NULL, fixture_set_up, func, fixture_tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  add ("policy", test_policy);
  add ("policy/by-all", test_policy_by_all);
  add ("budget", test_budget);
  add ("sessions", test_sessions);
  add ("never-twice", test_never_twice);
  add ("session", test_session);
  return g_test_run ();
}
