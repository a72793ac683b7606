/* SPDX-License-Identifier: Apache-2.0 */
#include "nebula-pool-queue-private.h"

/* Items that only write down what is done to them. */

#define START (1000 * G_TIME_SPAN_SECOND)
#define IDLE_TIMEOUT (60 * G_TIME_SPAN_SECOND)

typedef struct
{
  guint number;
  char *space; /* (owned) (nullable) */
} Item;

typedef struct
{
  NebulaManualClock *clock;
  NebulaPoolQueue *queue;
  GMutex lock;
  GString *log;     /* guarded by the lock: "make 1, prepare 1 a, ..." */
  guint n_made;     /* guarded by the lock */
  guint n_alive;    /* guarded by the lock */
  guint n_most;     /* guarded by the lock: what n_alive was at most */
  GError *failure;  /* (nullable), guarded by the lock: what the next prepare comes to */
  gboolean useless; /* guarded by the lock: the next reset says so */
} Fixture;

static Fixture *current;

static void
note (const char *what, Item *item, const char *space)
{
  if (current->log->len > 0)
    g_string_append (current->log, ", ");
  g_string_append_printf (current->log, "%s %u%s%s", what, item->number, space != NULL ? " " : "",
                          space != NULL ? space : "");
}

static gpointer
make (gpointer user_data)
{
  Item *item = g_new0 (Item, 1);

  g_assert_true (user_data == current);
  g_mutex_lock (&current->lock);
  item->number = ++current->n_made;
  current->n_alive++;
  current->n_most = MAX (current->n_most, current->n_alive);
  note ("make", item, NULL);
  g_mutex_unlock (&current->lock);
  return item;
}

static gboolean
prepare (gpointer data, const char *space, const NebulaLimit *limit, GError **error)
{
  Item *item = data;
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&current->lock);

  note ("prepare", item, space);
  if (current->failure != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&current->failure));
      current->useless = TRUE;
      return FALSE;
    }
  g_free (item->space);
  item->space = g_strdup (space);
  return TRUE;
}

static gboolean
suits (gpointer item, const char *space)
{
  return g_strcmp0 (((Item *) item)->space, space) == 0;
}

static gboolean
reset (gpointer item)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&current->lock);
  gboolean useless = current->useless;

  current->useless = FALSE;
  return !useless;
}

static void
retire (gpointer data, gint64 deadline)
{
  Item *item = data;

  g_assert_cmpint (deadline, >, nebula_clock_get_now (NEBULA_CLOCK (current->clock)));
  g_mutex_lock (&current->lock);
  note ("retire", item, NULL);
  current->n_alive--;
  g_mutex_unlock (&current->lock);
  g_free (item->space);
  g_free (item);
}

static const NebulaPoolDriver driver = { make, prepare, suits, reset, retire };

static void
open_queue (Fixture *self, guint min_size, guint max_size)
{
  NebulaPoolBounds bounds = { min_size, max_size, IDLE_TIMEOUT };

  g_clear_pointer (&self->queue, nebula_pool_queue_unref);
  self->queue = nebula_pool_queue_new (&driver, self, NULL, NEBULA_CLOCK (self->clock), &bounds);
}

static void
set_up (Fixture *self, gconstpointer data)
{
  current = self;
  self->log = g_string_new (NULL);
  self->clock = nebula_manual_clock_new (START);
  open_queue (self, 0, 2);
}

static void
tear_down (Fixture *self, gconstpointer data)
{
  g_clear_pointer (&self->queue, nebula_pool_queue_unref);
  g_assert_cmpuint (self->n_alive, ==, 0);
  g_assert_null (self->failure);
  g_string_free (self->log, TRUE);
  g_assert_finalize_object (self->clock);
  current = NULL;
}

static Item *
try_acquire (Fixture *self, const char *space, GError **error)
{
  NebulaLimit limit = { NEBULA_CLOCK (self->clock), 0, NULL };

  return nebula_pool_queue_acquire (self->queue, space, &limit, error);
}

static Item *
acquire (Fixture *self, const char *space)
{
  g_autoptr (GError) error = NULL;
  Item *item = try_acquire (self, space, &error);

  g_assert_no_error (error);
  g_assert_nonnull (item);
  return item;
}

static void
release (Fixture *self, Item *item)
{
  nebula_pool_queue_release (self->queue, item, TRUE);
}

static void
assert_counts (Fixture *self, guint n_idle, guint n_in_use, guint n_waiting)
{
  NebulaPoolCounts counts;

  nebula_pool_queue_count (self->queue, &counts);
  g_assert_cmpuint (counts.n_idle, ==, n_idle);
  g_assert_cmpuint (counts.n_in_use, ==, n_in_use);
  g_assert_cmpuint (counts.n_waiting, ==, n_waiting);
}

static void
assert_log (Fixture *self, const char *expected)
{
  g_assert_cmpstr (self->log->str, ==, expected);
  g_string_truncate (self->log, 0);
}

static void
test_reuse (Fixture *self, gconstpointer data)
{
  Item *first;

  g_test_summary ("an item that came back is handed out again, and no second one is made");
  first = acquire (self, "a");
  assert_counts (self, 0, 1, 0);
  release (self, first);
  assert_counts (self, 1, 0, 0);
  g_assert_true (acquire (self, "a") == first);
  release (self, first);
  assert_log (self, "make 1, prepare 1 a, prepare 1 a");
}

static void
test_bound (Fixture *self, gconstpointer data)
{
  Item *first = acquire (self, "a");
  Item *second = acquire (self, "a");
  g_autoptr (GError) error = NULL;

  g_test_summary ("there are never more than max-size; who may not wait is told who has them");
  g_assert_null (try_acquire (self, "a", &error));
  g_assert_error (error, NEBULA_ERROR, NEBULA_ERROR_RETRYABLE);
  g_assert_cmpstr (error->message, ==,
                   "timed out waiting for an interceptor of the pool: 2 of at "
                   "most 2 in use, 0 waiting before this one");
  assert_counts (self, 0, 2, 0);
  release (self, second);
  g_assert_true (acquire (self, "a") == second);
  release (self, first);
  release (self, second);
}

/* Waiters that are told, in the order in which they were. */
typedef struct
{
  NebulaPoolWaiter waiter;
  char name;
  GString *told; /* (unowned) */
} Caller;

static void
tell (NebulaPoolWaiter *waiter)
{
  Caller *caller = (Caller *) waiter;

  g_string_append_c (caller->told, caller->name);
}

static void
enter (Fixture *self, Caller *callers, gsize n_callers, GString *told)
{
  for (gsize i = 0; i < n_callers; i++)
    {
      callers[i] = (Caller){
        .waiter = { .space = "a", .deadline = G_MAXINT64, .notify = tell },
        .name = (char) ('a' + i),
        .told = told,
      };
      nebula_pool_queue_enter (self->queue, &callers[i].waiter);
    }
}

static Item *
take (Fixture *self, Caller *caller, GError **error)
{
  NebulaLimit limit = { NEBULA_CLOCK (self->clock), G_MAXINT64, NULL };

  return nebula_pool_queue_take (self->queue, &caller->waiter, &limit, error);
}

static void
test_order (Fixture *self, gconstpointer data)
{
  g_autoptr (GString) told = g_string_new (NULL);
  Caller callers[4];
  Item *item;

  g_test_summary ("who came first is served first, and somebody who comes later does not push in");
  open_queue (self, 0, 1);
  item = acquire (self, "a");
  enter (self, callers, G_N_ELEMENTS (callers), told);
  assert_counts (self, 0, 1, 4);
  g_assert_cmpstr (told->str, ==, "");
  for (gsize i = 0; i < G_N_ELEMENTS (callers); i++)
    {
      release (self, item);
      g_assert_null (try_acquire (self, "a", NULL));
      g_assert_cmpuint (told->len, ==, i + 1);
      item = take (self, &callers[i], NULL);
      g_assert_nonnull (item);
    }
  g_assert_cmpstr (told->str, ==, "abcd");
  release (self, item);
}

static void
test_leave (Fixture *self, gconstpointer data)
{
  g_autoptr (GString) told = g_string_new (NULL);
  Caller callers[3];
  Item *item;

  g_test_summary ("who leaves the line is passed over; who was told already has to take its turn");
  open_queue (self, 0, 1);
  item = acquire (self, "a");
  enter (self, callers, G_N_ELEMENTS (callers), told);
  g_assert_true (nebula_pool_queue_leave (self->queue, &callers[0].waiter));
  release (self, item);
  g_assert_cmpstr (told->str, ==, "b");
  g_assert_false (nebula_pool_queue_leave (self->queue, &callers[1].waiter));
  g_assert_true (nebula_pool_queue_leave (self->queue, &callers[2].waiter));
  release (self, take (self, &callers[1], NULL));
  assert_counts (self, 1, 0, 0);
}

static void
test_spaces (Fixture *self, gconstpointer data)
{
  Item *first;
  Item *second;

  g_test_summary ("an idle item of the wanted space goes first, else the one idle for longest");
  open_queue (self, 0, 9);
  first = acquire (self, "a");
  second = acquire (self, "b");
  release (self, first);
  release (self, second);
  g_assert_true (acquire (self, "a") == first);
  release (self, first);
  g_assert_true (acquire (self, "b") == second);
  release (self, second);

  /* Not a new one: that would cost a connection and a session. */
  g_assert_true (acquire (self, "c") == first);
  assert_log (self, "make 1, prepare 1 a, make 2, prepare 2 b, prepare 1 a, prepare 2 b, "
                    "prepare 1 c");
  g_assert_true (acquire (self, NULL) == second);
  release (self, first);
  release (self, second);
}

static void
test_idle (Fixture *self, gconstpointer data)
{
  Item *items[3];

  g_test_summary ("items idle for idle-timeout are retired, the oldest first, down to min-size");
  open_queue (self, 1, 3);
  for (gsize i = 0; i < G_N_ELEMENTS (items); i++)
    items[i] = acquire (self, "a");
  for (gsize i = 0; i < G_N_ELEMENTS (items); i++)
    {
      release (self, items[i]);
      nebula_manual_clock_advance (self->clock, 1);
    }
  g_string_truncate (self->log, 0);

  nebula_manual_clock_advance (self->clock, IDLE_TIMEOUT - 4);
  nebula_pool_queue_tidy (self->queue);
  assert_log (self, "");
  nebula_manual_clock_advance (self->clock, 1);
  nebula_pool_queue_tidy (self->queue);
  assert_log (self, "retire 1");
  nebula_manual_clock_advance (self->clock, IDLE_TIMEOUT);
  nebula_pool_queue_tidy (self->queue);
  assert_log (self, "retire 2");
  assert_counts (self, 1, 0, 0);
}

static void
test_idle_without_tidying (Fixture *self, gconstpointer data)
{
  Item *first = acquire (self, "a");
  Item *second = acquire (self, "a");

  g_test_summary ("giving an item back retires the old ones; asking for one takes an old one");
  release (self, first);
  nebula_manual_clock_advance (self->clock, IDLE_TIMEOUT);
  g_assert_true (acquire (self, "a") == first);
  release (self, first);
  nebula_manual_clock_advance (self->clock, IDLE_TIMEOUT);
  g_string_truncate (self->log, 0);
  release (self, second);
  assert_log (self, "retire 1");
}

static void
test_useless (Fixture *self, gconstpointer data)
{
  Item *item = acquire (self, "a");

  g_test_summary ("what came back and is of no use, or is not to be kept, is retired and replaced");
  self->useless = TRUE;
  release (self, item);
  item = acquire (self, "a");
  nebula_pool_queue_release (self->queue, item, FALSE);
  release (self, acquire (self, "a"));
  assert_log (self, "make 1, prepare 1 a, retire 1, make 2, prepare 2 a, retire 2, make 3, "
                    "prepare 3 a");
}

static GError *
failure_of_code (gint32 code, NebulaPhase phase)
{
  g_autoptr (NebulaOutcome) outcome = NULL;

  outcome = nebula_outcome_new_from_reply (phase, code, NULL, 0, NEBULA_CALL_TRAITS_NONE);
  return nebula_error_new_for_outcome (outcome, NULL, "authenticate");
}

static void
test_failure (Fixture *self, gconstpointer data)
{
  g_autoptr (GString) told = g_string_new (NULL);
  g_autoptr (GError) error = NULL;
  Caller callers[3];

  g_test_summary ("an item that cannot be made ready is a failure of one: the next may try");
  open_queue (self, 0, 1);
  enter (self, callers, G_N_ELEMENTS (callers), told);
  self->failure = failure_of_code (-1010, NEBULA_PHASE_AUTHENTICATE);
  g_assert_null (take (self, &callers[0], &error));
  g_assert_cmpint (nebula_error_get_code (error), ==, -1010);
  g_assert_cmpstr (told->str, ==, "ab");
  assert_log (self, "make 1, prepare 1 a, retire 1");
  release (self, take (self, &callers[1], NULL));
  release (self, take (self, &callers[2], NULL));
}

static void
test_refused (Fixture *self, gconstpointer data)
{
  g_autoptr (GString) told = g_string_new (NULL);
  Caller callers[3];

  g_test_summary ("a refused password is told to all who wait, and nobody tries it again");
  open_queue (self, 0, 1);
  enter (self, callers, G_N_ELEMENTS (callers), told);
  self->failure = failure_of_code (-1001, NEBULA_PHASE_AUTHENTICATE);
  for (gsize i = 0; i < G_N_ELEMENTS (callers); i++)
    {
      g_autoptr (GError) error = NULL;

      g_assert_null (take (self, &callers[i], &error));
      g_assert_error (error, NEBULA_ERROR, NEBULA_ERROR_AUTH);
      g_assert_cmpint (nebula_error_get_code (error), ==, -1001);
    }
  g_assert_cmpstr (told->str, ==, "abc");
  assert_log (self, "make 1, prepare 1 a, retire 1");
  assert_counts (self, 0, 0, 0);
}

static void
test_right_missing (Fixture *self, gconstpointer data)
{
  g_autoptr (GString) told = g_string_new (NULL);
  Caller callers[2];

  g_test_summary ("a right that is missing in one space is not shared: the next wants another one");
  open_queue (self, 0, 1);
  enter (self, callers, G_N_ELEMENTS (callers), told);
  self->failure = failure_of_code (-1008, NEBULA_PHASE_EXECUTE);
  g_assert_null (take (self, &callers[0], NULL));
  release (self, take (self, &callers[1], NULL));
}

static void
test_closed (Fixture *self, gconstpointer data)
{
  g_autoptr (GString) told = g_string_new (NULL);
  g_autoptr (GError) error = NULL;
  Caller callers[1];
  Item *first;
  Item *second;

  g_test_summary (
    "closed: idle ones end at once, those in use when they come back; nobody gets one");
  first = acquire (self, "a");
  second = acquire (self, "a");
  enter (self, callers, 1, told);
  nebula_pool_queue_close (self->queue);
  g_assert_null (take (self, &callers[0], &error));
  g_assert_error (error, NEBULA_ERROR, NEBULA_ERROR_WRONG_STATE);
  g_clear_error (&error);
  release (self, first);
  assert_log (self, "make 1, prepare 1 a, make 2, prepare 2 a, retire 1");
  assert_counts (self, 0, 1, 0);
  g_assert_null (try_acquire (self, "a", &error));
  g_assert_error (error, NEBULA_ERROR, NEBULA_ERROR_WRONG_STATE);
  nebula_pool_queue_close (self->queue);
  release (self, second);
  assert_log (self, "retire 2");
}

static void
test_closed_idle (Fixture *self, gconstpointer data)
{
  Item *first = acquire (self, "a");
  Item *second = acquire (self, "a");

  g_test_summary ("closing ends all idle items, min-size or not");
  release (self, first);
  release (self, second);
  g_string_truncate (self->log, 0);
  nebula_pool_queue_close (self->queue);
  assert_log (self, "retire 2, retire 1");
}

/* A thread that waits for an item, and what it came to. */
typedef struct
{
  Fixture *fixture;
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
  Item *item = nebula_pool_queue_acquire (self->fixture->queue, "a", &limit, &self->error);

  if (item != NULL)
    nebula_pool_queue_release (self->fixture->queue, item, TRUE);
  return NULL;
}

static guint
count_waiting (Fixture *self)
{
  NebulaPoolCounts counts;

  nebula_pool_queue_count (self->queue, &counts);
  return counts.n_waiting;
}

/* Starts a thread that has to wait, and returns when it does. */
static void
start_waiting (Waiting *self, Fixture *fixture, gint64 deadline)
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
test_woken (Fixture *self, gconstpointer data)
{
  Waiting waiting;
  Item *item;

  g_test_summary ("a thread that sleeps is woken by an item that comes back");
  open_queue (self, 0, 1);
  item = acquire (self, "a");
  start_waiting (&waiting, self, G_MAXINT64);
  release (self, item);
  g_thread_join (waiting.thread);
  g_assert_no_error (waiting.error);
  g_assert_finalize_object (waiting.cancellable);
}

static void
test_cancelled (Fixture *self, gconstpointer data)
{
  Waiting first;
  Waiting second;
  Item *item;

  g_test_summary ("a thread that sleeps is woken by being cancelled, the others sleep on");
  open_queue (self, 0, 1);
  item = acquire (self, "a");
  start_waiting (&first, self, G_MAXINT64);
  start_waiting (&second, self, G_MAXINT64);
  g_cancellable_cancel (first.cancellable);
  g_thread_join (first.thread);
  g_assert_error (first.error, NEBULA_ERROR, NEBULA_ERROR_CANCELLED);
  assert_counts (self, 0, 1, 1);
  g_clear_error (&first.error);
  g_assert_finalize_object (first.cancellable);
  release (self, item);
  end_waiting (&second);
}

static void
test_cancelled_before (Fixture *self, gconstpointer data)
{
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  NebulaLimit limit = { NEBULA_CLOCK (self->clock), G_MAXINT64, cancellable };
  g_autoptr (GError) error = NULL;

  g_test_summary ("who was cancelled before gets nothing, even where an item is free");
  release (self, acquire (self, "a"));
  g_cancellable_cancel (cancellable);
  g_assert_null (nebula_pool_queue_acquire (self->queue, "a", &limit, &error));
  g_assert_error (error, NEBULA_ERROR, NEBULA_ERROR_CANCELLED);
  assert_counts (self, 1, 0, 0);
}

static void
test_expired (Fixture *self, gconstpointer data)
{
  Waiting first;
  Waiting second;
  Item *item;

  g_test_summary ("a deadline on the pool's clock ends a wait; the error says who was before");
  open_queue (self, 0, 1);
  item = acquire (self, "a");
  start_waiting (&first, self, G_MAXINT64);
  start_waiting (&second, self, START + G_TIME_SPAN_HOUR);
  nebula_manual_clock_advance (self->clock, G_TIME_SPAN_HOUR - 1);
  nebula_pool_queue_tidy (self->queue);
  assert_counts (self, 0, 1, 2);
  nebula_manual_clock_advance (self->clock, 1);
  nebula_pool_queue_tidy (self->queue);
  g_thread_join (second.thread);
  g_assert_error (second.error, NEBULA_ERROR, NEBULA_ERROR_RETRYABLE);
  g_assert_cmpstr (second.error->message, ==,
                   "timed out waiting for an interceptor of the pool: 1 of at most 1 in use, "
                   "1 waiting before this one");
  g_clear_error (&second.error);
  g_assert_finalize_object (second.cancellable);
  release (self, item);
  end_waiting (&first);
}

static void
test_closed_waiting (Fixture *self, gconstpointer data)
{
  Waiting waiting;
  Item *item;

  g_test_summary ("a thread that sleeps is woken by the end of the pool");
  open_queue (self, 0, 1);
  item = acquire (self, "a");
  start_waiting (&waiting, self, G_MAXINT64);
  nebula_pool_queue_close (self->queue);
  g_thread_join (waiting.thread);
  g_assert_error (waiting.error, NEBULA_ERROR, NEBULA_ERROR_WRONG_STATE);
  g_clear_error (&waiting.error);
  g_assert_finalize_object (waiting.cancellable);
  release (self, item);
}

#define N_THREADS 8
#define N_TURNS 200

static gpointer
use_often (gpointer data)
{
  Fixture *self = data;
  NebulaLimit limit = { NEBULA_CLOCK (self->clock), G_MAXINT64, NULL };

  for (guint i = 0; i < N_TURNS; i++)
    {
      g_autoptr (GError) error = NULL;
      Item *item = nebula_pool_queue_acquire (self->queue, i % 3 == 0 ? "b" : "a", &limit, &error);

      g_assert_no_error (error);
      g_assert_cmpstr (item->space, ==, i % 3 == 0 ? "b" : "a");
      nebula_pool_queue_release (self->queue, item, i % 7 != 0);
    }
  return NULL;
}

static void
test_many_threads (Fixture *self, gconstpointer data)
{
  GThread *threads[N_THREADS];

  g_test_summary ("eight threads share three items, two hundred times each: never a fourth");
  open_queue (self, 0, 3);
  for (guint i = 0; i < N_THREADS; i++)
    threads[i] = g_thread_new ("user", use_often, self);
  for (guint i = 0; i < N_THREADS; i++)
    g_thread_join (threads[i]);
  g_assert_cmpuint (self->n_most, <=, 3);
  g_assert_cmpuint (self->n_made, >=, N_THREADS * N_TURNS / 7);
}

static void
test_kept_alive (Fixture *self, gconstpointer data)
{
  NebulaPoolQueue *kept = nebula_pool_queue_ref (self->queue);
  Item *item = acquire (self, "a");

  g_test_summary ("an item may come back when everybody else has forgotten the queue");
  nebula_pool_queue_close (self->queue);
  g_clear_pointer (&self->queue, nebula_pool_queue_unref);
  nebula_pool_queue_release (kept, item, TRUE);
  nebula_pool_queue_unref (kept);
  assert_log (self, "make 1, prepare 1 a, retire 1");
}

#define add(path, func) g_test_add ("/pool-queue/" path, Fixture, NULL, set_up, func, tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  add ("reuse", test_reuse);
  add ("bound", test_bound);
  add ("order", test_order);
  add ("leave", test_leave);
  add ("spaces", test_spaces);
  add ("idle", test_idle);
  add ("idle/without-tidying", test_idle_without_tidying);
  add ("useless", test_useless);
  add ("failure", test_failure);
  add ("refused", test_refused);
  add ("right-missing", test_right_missing);
  add ("closed", test_closed);
  add ("closed/idle", test_closed_idle);
  add ("closed/waiting", test_closed_waiting);
  add ("woken", test_woken);
  add ("cancelled", test_cancelled);
  add ("cancelled/before", test_cancelled_before);
  add ("expired", test_expired);
  add ("many-threads", test_many_threads);
  add ("kept-alive", test_kept_alive);
  return g_test_run ();
}
