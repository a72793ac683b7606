/* SPDX-License-Identifier: Apache-2.0 */
#include "pool-fixture.h"

/* Functions that run in threads of a pool, for a program with a main loop. */

#define INSERT "INSERT VERTEX t(n) VALUES \"v\":(1)"
#define COUNT_UP "UPDATE VERTEX ON t \"v\" SET n = n + 1"

typedef struct
{
  Fixture road;
  NebulaPool *pool;
  GMainContext *context; /* (owned): the caller's, not the default one */
  GThread *thread;       /* (unowned): the caller's */
} RunFixture;

/**
 * Job:
 * @func: what it does, in a thread of the pool
 * @number: which one it is
 * @order: (unowned): who was finished, in order
 * @n_destroyed: (atomic): how often its data was freed
 * @n_results_freed: (atomic): how often its result was freed
 * @is_running: (atomic): it has begun
 * @may_end: (atomic): it may end
 *
 * One function to run, and what came of it.
 */
typedef struct
{
  RunFixture *fixture;
  NebulaPoolRunFunc func;
  guint number;
  GString *order;
  gint n_destroyed;
  gint is_running;
  gint may_end;
  gboolean is_done;
  char *result;  /* (owned) (nullable) */
  GError *error; /* (owned) (nullable) */
} Job;

static gint n_results_freed; /* atomic */

static void
set_up (RunFixture *self, gconstpointer data)
{
  fixture_set_up (&self->road, data);
  nebula_cluster_set_credentials (self->road.cluster, "root", "nebula");
  self->pool = g_object_new (NEBULA_TYPE_POOL, "cluster", self->road.cluster, "stub-type",
                             NEBULA_THRIFT_TYPE_GRAPH_SERVICE_CLIENT, "max-size", 1u, "space",
                             "test", NULL);
  self->context = g_main_context_new ();
  self->thread = g_thread_self ();
  g_main_context_push_thread_default (self->context);
  g_atomic_int_set (&n_results_freed, 0);
}

static void
tear_down (RunFixture *self, gconstpointer data)
{
  if (self->pool != NULL)
    g_assert_finalize_object (self->pool);
  g_assert_false (g_main_context_pending (self->context));
  g_main_context_pop_thread_default (self->context);
  g_main_context_unref (self->context);
  fixture_tear_down (&self->road, data);
}

static void
note_destroyed (gpointer data)
{
  g_atomic_int_inc (&((Job *) data)->n_destroyed);
}

static void
free_result (gpointer result)
{
  g_atomic_int_inc (&n_results_freed);
  g_free (result);
}

static void
on_finished (GObject *source, GAsyncResult *result, gpointer data)
{
  Job *job = data;

  g_assert_true (g_thread_self () == job->fixture->thread);
  job->is_done = TRUE;
  if (job->order != NULL)
    g_string_append_printf (job->order, "%u", job->number);
  job->result = nebula_pool_run_finish (NEBULA_POOL (source), result, &job->error);
}

static void
start (Job *self, RunFixture *fixture, NebulaPoolRunFunc func, GCancellable *cancellable)
{
  self->fixture = fixture;
  nebula_pool_run_async (fixture->pool, func, self, note_destroyed, cancellable, on_finished, self);
  g_assert_false (self->is_done);
}

static void
finish (Job *self)
{
  while (!self->is_done)
    g_main_context_iteration (self->fixture->context, TRUE);
  g_assert_cmpint (g_atomic_int_get (&self->n_destroyed), ==, 1);
}

static gpointer
insert (NebulaPoolLease *lease,
        GCancellable *cancellable,
        gpointer data,
        GDestroyNotify *destroy_result,
        GError **error)
{
  Job *job = data;

  g_assert_true (g_thread_self () != job->fixture->thread);
  g_assert_cmpint (g_atomic_int_get (&job->n_destroyed), ==, 0);
  g_assert_cmpint (pool_fixture_execute (lease, job->number == 0 ? INSERT : COUNT_UP, NULL), ==, 0);
  *destroy_result = free_result;
  return g_strdup ("inserted");
}

static void
test_result (RunFixture *self, gconstpointer data)
{
  Job job = { 0 };

  g_test_summary (
    "a function runs in another thread with a lease; its result comes to the caller's "
    "context when the lease is back");
  start (&job, self, insert, NULL);
  finish (&job);
  g_assert_no_error (job.error);
  g_assert_cmpstr (job.result, ==, "inserted");
  g_assert_cmpint (g_atomic_int_get (&n_results_freed), ==, 0);
  g_free (job.result);
  g_assert_cmpuint (nebula_pool_get_n_idle (self->pool), ==, 1);
  g_assert_cmpint (fixture_get_number (&self->road, "v", "n"), ==, 1);
}

static gpointer
fail (NebulaPoolLease *lease,
      GCancellable *cancellable,
      gpointer data,
      GDestroyNotify *destroy_result,
      GError **error)
{
  g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_BUSY, "of the program's own");
  return NULL;
}

static void
test_error (RunFixture *self, gconstpointer data)
{
  Job job = { 0 };

  g_test_summary ("an error of the function comes as it is");
  start (&job, self, fail, NULL);
  finish (&job);
  g_assert_null (job.result);
  g_assert_error (job.error, G_IO_ERROR, G_IO_ERROR_BUSY);
  g_clear_error (&job.error);
}

static gpointer
fail_with_result (NebulaPoolLease *lease,
                  GCancellable *cancellable,
                  gpointer data,
                  GDestroyNotify *destroy_result,
                  GError **error)
{
  *destroy_result = free_result;
  fail (lease, cancellable, data, NULL, error);
  return g_strdup ("half of it");
}

static void
test_error_with_result (RunFixture *self, gconstpointer data)
{
  Job job = { 0 };

  g_test_summary ("an error goes before a result, which is freed");
  start (&job, self, fail_with_result, NULL);
  finish (&job);
  g_assert_null (job.result);
  g_assert_error (job.error, G_IO_ERROR, G_IO_ERROR_BUSY);
  g_clear_error (&job.error);
  g_assert_cmpint (g_atomic_int_get (&n_results_freed), ==, 1);
}

static gpointer
answer_nothing (NebulaPoolLease *lease,
                GCancellable *cancellable,
                gpointer data,
                GDestroyNotify *destroy_result,
                GError **error)
{
  return NULL;
}

static void
test_nothing (RunFixture *self, gconstpointer data)
{
  Job job = { 0 };

  g_test_summary ("no result and no error is a success");
  start (&job, self, answer_nothing, NULL);
  finish (&job);
  g_assert_null (job.result);
  g_assert_no_error (job.error);
}

static void
test_order (RunFixture *self, gconstpointer data)
{
  g_autoptr (GString) order = g_string_new (NULL);
  Job jobs[5] = { 0 };

  g_test_summary ("functions run in the order in which they were asked for");
  for (guint i = 0; i < G_N_ELEMENTS (jobs); i++)
    {
      jobs[i].number = i;
      jobs[i].order = order;
      start (&jobs[i], self, insert, NULL);
    }
  for (guint i = 0; i < G_N_ELEMENTS (jobs); i++)
    {
      finish (&jobs[i]);
      g_assert_no_error (jobs[i].error);
      g_free (jobs[i].result);
    }
  g_assert_cmpstr (order->str, ==, "01234");
  g_assert_cmpint (fixture_get_number (&self->road, "v", "n"), ==, 5);
  g_assert_cmpuint (nebula_mock_server_get_calls (self->road.server, "authenticate"), ==, 1);
}

/* Runs until it is let go. */
static gpointer
hold (NebulaPoolLease *lease,
      GCancellable *cancellable,
      gpointer data,
      GDestroyNotify *destroy_result,
      GError **error)
{
  Job *job = data;

  g_atomic_int_set (&job->is_running, TRUE);
  while (!g_atomic_int_get (&job->may_end))
    g_thread_yield ();
  *destroy_result = free_result;
  return g_strdup ("held");
}

static void
wait_until_running (Job *self)
{
  while (!g_atomic_int_get (&self->is_running))
    g_thread_yield ();
}

static void
test_parallel (RunFixture *self, gconstpointer data)
{
  Job jobs[2] = { 0 };

  g_test_summary ("as many functions run at the same time as the pool has places");
  g_clear_object (&self->pool);
  self->pool = g_object_new (NEBULA_TYPE_POOL, "cluster", self->road.cluster, "max-size", 2u, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (jobs); i++)
    start (&jobs[i], self, hold, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (jobs); i++)
    wait_until_running (&jobs[i]);
  for (guint i = 0; i < G_N_ELEMENTS (jobs); i++)
    {
      g_atomic_int_set (&jobs[i].may_end, TRUE);
      finish (&jobs[i]);
      g_free (jobs[i].result);
    }
}

static void
test_cancelled_waiting (RunFixture *self, gconstpointer data)
{
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  Job holder = { 0 };
  Job waiter = { 0 };

  g_test_summary ("what is cancelled while it waits ends at once, and never runs");
  start (&holder, self, hold, NULL);
  wait_until_running (&holder);
  start (&waiter, self, insert, cancellable);
  g_assert_cmpuint (nebula_pool_get_n_waiting (self->pool), ==, 1);
  g_cancellable_cancel (cancellable);
  g_assert_false (waiter.is_done);
  finish (&waiter);
  g_assert_error (waiter.error, NEBULA_ERROR, NEBULA_ERROR_CANCELLED);
  g_clear_error (&waiter.error);
  g_assert_cmpuint (nebula_pool_get_n_waiting (self->pool), ==, 0);
  g_assert_false (holder.is_done);

  g_atomic_int_set (&holder.may_end, TRUE);
  finish (&holder);
  g_free (holder.result);
}

static void
test_cancelled_before (RunFixture *self, gconstpointer data)
{
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  Job job = { 0 };

  g_test_summary (
    "what was cancelled before never runs, and the caller is not told before it asked");
  g_cancellable_cancel (cancellable);
  start (&job, self, insert, cancellable);
  finish (&job);
  g_assert_error (job.error, NEBULA_ERROR, NEBULA_ERROR_CANCELLED);
  g_clear_error (&job.error);
  g_assert_cmpuint (nebula_mock_server_get_received (self->road.server, INSERT), ==, 0);
}

static void
test_cancelled_too_late (RunFixture *self, gconstpointer data)
{
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  Job job = { 0 };

  g_test_summary ("what is cancelled when it is done is done: the result is not thrown away");
  start (&job, self, hold, cancellable);
  wait_until_running (&job);
  g_cancellable_cancel (cancellable);
  g_atomic_int_set (&job.may_end, TRUE);
  finish (&job);
  g_assert_no_error (job.error);
  g_assert_cmpstr (job.result, ==, "held");
  g_free (job.result);
}

static void
test_cancelled_after (RunFixture *self, gconstpointer data)
{
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  Job job = { 0 };

  g_test_summary ("what is cancelled after its end is not heard of again");
  start (&job, self, insert, cancellable);
  finish (&job);
  g_assert_no_error (job.error);
  g_free (job.result);
  g_cancellable_cancel (cancellable);
  g_assert_false (g_main_context_iteration (self->context, FALSE));
}

static void
test_not_cancelled (RunFixture *self, gconstpointer data)
{
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  Job holder = { 0 };
  Job waiter = { 0 };

  g_test_summary ("what may be cancelled while it waits, and is not, has its turn");
  start (&holder, self, hold, NULL);
  wait_until_running (&holder);
  start (&waiter, self, insert, cancellable);
  while (g_main_context_iteration (self->context, FALSE))
    ;
  g_assert_cmpuint (nebula_pool_get_n_waiting (self->pool), ==, 1);
  g_atomic_int_set (&holder.may_end, TRUE);
  finish (&holder);
  g_free (holder.result);
  finish (&waiter);
  g_assert_no_error (waiter.error);
  g_free (waiter.result);
}

/* A caller in a thread without a main context of its own, whose results come to the default one. */
typedef struct
{
  NebulaPool *pool; /* (unowned) */
  gint n_finished;  /* in the thread of the default context */
} OtherThread;

#define N_FROM_OTHER_THREAD 500

static void
count_cancelled (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GError) error = NULL;

  g_assert_null (nebula_pool_run_finish (NEBULA_POOL (source), result, &error));
  g_assert_error (error, NEBULA_ERROR, NEBULA_ERROR_CANCELLED);
  ((OtherThread *) data)->n_finished++;
}

static gpointer
ask_cancelled (gpointer data)
{
  OtherThread *self = data;

  for (guint i = 0; i < N_FROM_OTHER_THREAD; i++)
    {
      g_autoptr (GCancellable) cancellable = g_cancellable_new ();

      g_cancellable_cancel (cancellable);
      nebula_pool_run_async (self->pool, answer_nothing, NULL, NULL, cancellable, count_cancelled,
                             self);
    }
  return NULL;
}

static void
test_cancelled_elsewhere (RunFixture *self, gconstpointer data)
{
  OtherThread other = { .pool = self->pool };
  GThread *thread;

  g_test_summary ("the main context may look at a cancellable while a thread is still asking");
  g_main_context_pop_thread_default (self->context);
  thread = g_thread_new ("asking", ask_cancelled, &other);
  while (other.n_finished < N_FROM_OTHER_THREAD)
    g_main_context_iteration (NULL, TRUE);
  g_thread_join (thread);
  g_assert_cmpuint (nebula_pool_get_n_waiting (self->pool), ==, 0);
  g_main_context_push_thread_default (self->context);
}

static gpointer
call (NebulaPoolLease *lease,
      GCancellable *cancellable,
      gpointer data,
      GDestroyNotify *destroy_result,
      GError **error)
{
  g_atomic_int_set (&((Job *) data)->is_running, TRUE);
  pool_fixture_execute (lease, INSERT, error);
  return NULL;
}

static void
test_cancelled_calling (RunFixture *self, gconstpointer data)
{
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  Job job = { 0 };
  Job next = { 0 };

  g_test_summary (
    "a call that waits for the server is cancelled; the next function has no part in it");
  fixture_fault (&self->road, NEBULA_MOCK_FAULT_SILENCE, INSERT, 1, 1);
  start (&job, self, call, cancellable);
  wait_until_running (&job);
  while (nebula_mock_server_get_received (self->road.server, INSERT) == 0)
    g_thread_yield ();
  g_cancellable_cancel (cancellable);
  finish (&job);
  g_assert_error (job.error, NEBULA_ERROR, NEBULA_ERROR_CANCELLED);
  g_assert_true (nebula_error_may_have_been_applied (job.error));
  g_clear_error (&job.error);

  start (&next, self, insert, NULL);
  finish (&next);
  g_assert_no_error (next.error);
  g_free (next.result);
}

static void
test_closed (RunFixture *self, gconstpointer data)
{
  Job holder = { 0 };
  Job waiter = { 0 };
  Job late = { 0 };

  g_test_summary ("a pool that is closed lets what runs end; what waits, and what comes, fails");
  start (&holder, self, hold, NULL);
  wait_until_running (&holder);
  start (&waiter, self, insert, NULL);
  nebula_pool_close (self->pool);
  start (&late, self, insert, NULL);
  g_atomic_int_set (&holder.may_end, TRUE);
  finish (&holder);
  g_assert_cmpstr (holder.result, ==, "held");
  g_free (holder.result);
  finish (&waiter);
  g_assert_error (waiter.error, NEBULA_ERROR, NEBULA_ERROR_WRONG_STATE);
  finish (&late);
  g_assert_error (late.error, NEBULA_ERROR, NEBULA_ERROR_WRONG_STATE);
  g_clear_error (&waiter.error);
  g_clear_error (&late.error);
}

static void
test_sign_in_fails (RunFixture *self, gconstpointer data)
{
  Job jobs[3] = { 0 };

  g_test_summary ("a refused password is told to all who wait, and tried once");
  nebula_mock_server_add_user (self->road.server, "root", "changed");
  for (guint i = 0; i < G_N_ELEMENTS (jobs); i++)
    start (&jobs[i], self, insert, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (jobs); i++)
    {
      finish (&jobs[i]);
      g_assert_error (jobs[i].error, NEBULA_ERROR, NEBULA_ERROR_AUTH);
      g_clear_error (&jobs[i].error);
    }
  g_assert_cmpuint (nebula_mock_server_get_calls (self->road.server, "authenticate"), ==, 1);
}

static void
test_pool_dropped (RunFixture *self, gconstpointer data)
{
  NebulaPool *pool = self->pool;
  Job job = { 0 };

  g_test_summary ("a pool that everybody has dropped lives until its functions are finished");
  g_object_add_weak_pointer (G_OBJECT (pool), (gpointer *) &pool);
  start (&job, self, insert, NULL);
  g_object_unref (g_steal_pointer (&self->pool));
  g_assert_nonnull (pool);
  finish (&job);
  g_assert_no_error (job.error);
  g_free (job.result);
  g_assert_null (pool);
}

static void
test_nobody_asks (RunFixture *self, gconstpointer data)
{
  Job job = { .fixture = self };

  g_test_summary ("a result that nobody asks for is freed");
  nebula_pool_run_async (self->pool, insert, &job, note_destroyed, NULL, NULL, NULL);
  while (g_atomic_int_get (&n_results_freed) == 0)
    g_main_context_iteration (self->context, TRUE);
  g_assert_cmpint (g_atomic_int_get (&job.n_destroyed), ==, 1);
}

#define add(path, func) g_test_add ("/pool-run/" path, RunFixture, NULL, set_up, func, tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  add ("result", test_result);
  add ("error", test_error);
  add ("error-with-result", test_error_with_result);
  add ("nothing", test_nothing);
  add ("order", test_order);
  add ("parallel", test_parallel);
  add ("cancelled/waiting", test_cancelled_waiting);
  add ("cancelled/before", test_cancelled_before);
  add ("cancelled/too-late", test_cancelled_too_late);
  add ("cancelled/after", test_cancelled_after);
  add ("cancelled/not", test_not_cancelled);
  add ("cancelled/elsewhere", test_cancelled_elsewhere);
  add ("cancelled/calling", test_cancelled_calling);
  add ("closed", test_closed);
  add ("sign-in-fails", test_sign_in_fails);
  add ("pool-dropped", test_pool_dropped);
  add ("nobody-asks", test_nobody_asks);
  return g_test_run ();
}
