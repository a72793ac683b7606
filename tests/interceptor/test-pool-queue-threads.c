/* SPDX-License-Identifier: Apache-2.0 */
#include "fake-pool.h"

/* Threads that sleep until it is their turn. */

/* A thread that waits for an item, and what it came to. */
typedef struct
{
  FakePool *fixture;
  GCancellable *cancellable; /* (owned) */
  gint64 deadline;
  GThread *thread;
  GError *error; /* (owned) (nullable) */
} Waiting;

static gpointer
wait_in_thread (gpointer data)
{
  Waiting *self = data;
  NebulaLimit limit = { NEBULA_CLOCK (self->fixture->clock), self->deadline, self->cancellable };
  FakeItem *item = nebula_pool_queue_acquire (self->fixture->queue, "a", &limit, &self->error);

  if (item != NULL)
    nebula_pool_queue_release (self->fixture->queue, item, TRUE);
  return NULL;
}

static guint
count_waiting (FakePool *self)
{
  NebulaPoolCounts counts;

  nebula_pool_queue_count (self->queue, &counts);
  return counts.n_waiting;
}

/* Starts a thread that has to wait, and returns when it does. */
static void
start_waiting (Waiting *self, FakePool *fixture, gint64 deadline)
{
  guint before = count_waiting (fixture);

  *self = (Waiting){ fixture, g_cancellable_new (), deadline, NULL, NULL };
  self->thread = g_thread_new ("waiting", wait_in_thread, self);
  while (count_waiting (fixture) == before)
    g_thread_yield ();
}

static void
end_waiting (Waiting *self)
{
  g_thread_join (self->thread);
  g_clear_error (&self->error);
  g_assert_finalize_object (self->cancellable);
}

static void
test_woken (FakePool *self, gconstpointer data)
{
  Waiting waiting;
  FakeItem *item;

  g_test_summary ("a thread that sleeps is woken by an item that comes back");
  fake_pool_open (self, 0, 1);
  item = fake_pool_acquire (self, "a");
  start_waiting (&waiting, self, G_MAXINT64);
  fake_pool_release (self, item);
  g_thread_join (waiting.thread);
  g_assert_no_error (waiting.error);
  g_assert_finalize_object (waiting.cancellable);
}

static void
test_cancelled (FakePool *self, gconstpointer data)
{
  Waiting first;
  Waiting second;
  FakeItem *item;

  g_test_summary ("a thread that sleeps is woken by being cancelled, the others sleep on");
  fake_pool_open (self, 0, 1);
  item = fake_pool_acquire (self, "a");
  start_waiting (&first, self, G_MAXINT64);
  start_waiting (&second, self, G_MAXINT64);
  g_cancellable_cancel (first.cancellable);
  g_thread_join (first.thread);
  g_assert_error (first.error, NEBULA_ERROR, NEBULA_ERROR_CANCELLED);
  fake_pool_assert_counts (self, 0, 1, 1);
  g_clear_error (&first.error);
  g_assert_finalize_object (first.cancellable);
  fake_pool_release (self, item);
  end_waiting (&second);
}

static void
test_cancelled_before (FakePool *self, gconstpointer data)
{
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  NebulaLimit limit = { NEBULA_CLOCK (self->clock), G_MAXINT64, cancellable };
  g_autoptr (GError) error = NULL;

  g_test_summary ("who was cancelled before gets nothing, even where an item is free");
  fake_pool_release (self, fake_pool_acquire (self, "a"));
  g_cancellable_cancel (cancellable);
  g_assert_null (nebula_pool_queue_acquire (self->queue, "a", &limit, &error));
  g_assert_error (error, NEBULA_ERROR, NEBULA_ERROR_CANCELLED);
  fake_pool_assert_counts (self, 1, 0, 0);
}

static void
test_expired (FakePool *self, gconstpointer data)
{
  Waiting first;
  Waiting second;
  FakeItem *item;

  g_test_summary ("a deadline on the pool's clock ends a wait; the error says who was before");
  fake_pool_open (self, 0, 1);
  item = fake_pool_acquire (self, "a");
  start_waiting (&first, self, G_MAXINT64);
  start_waiting (&second, self, FAKE_POOL_START + G_TIME_SPAN_HOUR);
  /* What is left is waited for in real time: more than a test takes. */
  nebula_manual_clock_advance (self->clock, G_TIME_SPAN_HOUR - G_TIME_SPAN_MINUTE);
  nebula_pool_queue_tidy (self->queue);
  fake_pool_assert_counts (self, 0, 1, 2);
  nebula_manual_clock_advance (self->clock, G_TIME_SPAN_MINUTE);
  nebula_pool_queue_tidy (self->queue);
  g_thread_join (second.thread);
  g_assert_error (second.error, NEBULA_ERROR, NEBULA_ERROR_RETRYABLE);
  g_assert_cmpstr (second.error->message, ==,
                   "timed out waiting for an interceptor of the pool: 1 of at most 1 in use, "
                   "1 waiting before this one");
  g_clear_error (&second.error);
  g_assert_finalize_object (second.cancellable);
  fake_pool_release (self, item);
  end_waiting (&first);
}

static void
test_closed_waiting (FakePool *self, gconstpointer data)
{
  Waiting waiting;
  FakeItem *item;

  g_test_summary ("a thread that sleeps is woken by the end of the pool");
  fake_pool_open (self, 0, 1);
  item = fake_pool_acquire (self, "a");
  start_waiting (&waiting, self, G_MAXINT64);
  nebula_pool_queue_close (self->queue);
  g_thread_join (waiting.thread);
  g_assert_error (waiting.error, NEBULA_ERROR, NEBULA_ERROR_WRONG_STATE);
  g_clear_error (&waiting.error);
  g_assert_finalize_object (waiting.cancellable);
  fake_pool_release (self, item);
}

#define N_THREADS 8
#define N_TURNS 200

static gpointer
use_often (gpointer data)
{
  FakePool *self = data;
  NebulaLimit limit = { NEBULA_CLOCK (self->clock), G_MAXINT64, NULL };

  for (guint i = 0; i < N_TURNS; i++)
    {
      g_autoptr (GError) error = NULL;
      FakeItem *item = nebula_pool_queue_acquire (self->queue, i % 3 == 0 ? "b" : "a", &limit,
                                                  &error);

      g_assert_no_error (error);
      g_assert_cmpstr (item->space, ==, i % 3 == 0 ? "b" : "a");
      nebula_pool_queue_release (self->queue, item, i % 7 != 0);
    }
  return NULL;
}

static void
test_many_threads (FakePool *self, gconstpointer data)
{
  GThread *threads[N_THREADS];

  g_test_summary ("eight threads share three items, two hundred times each: never a fourth");
  fake_pool_open (self, 0, 3);
  for (guint i = 0; i < N_THREADS; i++)
    threads[i] = g_thread_new ("user", use_often, self);
  for (guint i = 0; i < N_THREADS; i++)
    g_thread_join (threads[i]);
  g_assert_cmpuint (self->n_most, <=, 3);
  g_assert_cmpuint (self->n_made, >=, N_THREADS * N_TURNS / 7);
}

#define add(path, func)                                                                            \
  g_test_add ("/pool-queue-threads/" path, FakePool, NULL, fake_pool_set_up, func,                 \
              fake_pool_tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  add ("closed/waiting", test_closed_waiting);
  add ("woken", test_woken);
  add ("cancelled", test_cancelled);
  add ("cancelled/before", test_cancelled_before);
  add ("expired", test_expired);
  add ("many-threads", test_many_threads);
  return g_test_run ();
}
