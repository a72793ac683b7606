/* SPDX-License-Identifier: Apache-2.0 */
#include "fake-pool.h"

/* Who gets which item of a pool, and what becomes of it. */

static void
test_reuse (FakePool *self, gconstpointer data)
{
  FakeItem *first;

  g_test_summary ("an item that came back is handed out again, and no second one is made");
  first = fake_pool_acquire (self, "a");
  fake_pool_assert_counts (self, 0, 1, 0);
  fake_pool_release (self, first);
  fake_pool_assert_counts (self, 1, 0, 0);
  g_assert_true (fake_pool_acquire (self, "a") == first);
  fake_pool_release (self, first);
  fake_pool_assert_log (self, "make 1, prepare 1 a, prepare 1 a");
}

static void
test_bound (FakePool *self, gconstpointer data)
{
  FakeItem *first = fake_pool_acquire (self, "a");
  FakeItem *second = fake_pool_acquire (self, "a");
  g_autoptr (GError) error = NULL;

  g_test_summary ("there are never more than max-size; who may not wait is told who has them");
  g_assert_null (fake_pool_try_acquire (self, "a", &error));
  g_assert_error (error, NEBULA_ERROR, NEBULA_ERROR_RETRYABLE);
  g_assert_cmpstr (error->message, ==,
                   "timed out waiting for an interceptor of the pool: 2 of at "
                   "most 2 in use, 0 waiting before this one");
  fake_pool_assert_counts (self, 0, 2, 0);
  fake_pool_release (self, second);
  g_assert_true (fake_pool_acquire (self, "a") == second);
  fake_pool_release (self, first);
  fake_pool_release (self, second);
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
enter (FakePool *self, Caller *callers, gsize n_callers, GString *told)
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

static FakeItem *
take (FakePool *self, Caller *caller, GError **error)
{
  NebulaLimit limit = { NEBULA_CLOCK (self->clock), G_MAXINT64, NULL };

  return nebula_pool_queue_take (self->queue, &caller->waiter, &limit, error);
}

static void
test_order (FakePool *self, gconstpointer data)
{
  g_autoptr (GString) told = g_string_new (NULL);
  Caller callers[4];
  FakeItem *item;

  g_test_summary ("who came first is served first, and somebody who comes later does not push in");
  fake_pool_open (self, 0, 1);
  item = fake_pool_acquire (self, "a");
  enter (self, callers, G_N_ELEMENTS (callers), told);
  fake_pool_assert_counts (self, 0, 1, 4);
  g_assert_cmpstr (told->str, ==, "");
  for (gsize i = 0; i < G_N_ELEMENTS (callers); i++)
    {
      fake_pool_release (self, item);
      g_assert_null (fake_pool_try_acquire (self, "a", NULL));
      g_assert_cmpuint (told->len, ==, i + 1);
      item = take (self, &callers[i], NULL);
      g_assert_nonnull (item);
    }
  g_assert_cmpstr (told->str, ==, "abcd");
  fake_pool_release (self, item);
}

static void
test_leave (FakePool *self, gconstpointer data)
{
  g_autoptr (GString) told = g_string_new (NULL);
  Caller callers[3];
  FakeItem *item;

  g_test_summary ("who leaves the line is passed over; who was told already has to take its turn");
  fake_pool_open (self, 0, 1);
  item = fake_pool_acquire (self, "a");
  enter (self, callers, G_N_ELEMENTS (callers), told);
  g_assert_true (nebula_pool_queue_leave (self->queue, &callers[0].waiter));
  fake_pool_release (self, item);
  g_assert_cmpstr (told->str, ==, "b");
  g_assert_false (nebula_pool_queue_leave (self->queue, &callers[1].waiter));
  g_assert_true (nebula_pool_queue_leave (self->queue, &callers[2].waiter));
  fake_pool_release (self, take (self, &callers[1], NULL));
  fake_pool_assert_counts (self, 1, 0, 0);
}

static void
test_leave_before (FakePool *self, gconstpointer data)
{
  g_autoptr (GString) told = g_string_new (NULL);
  Caller caller = {
    .waiter = { .space = "a", .deadline = G_MAXINT64, .notify = tell }, .name = 'a', .told = told
  };

  g_test_summary ("who left before he came never stands in the line");
  g_assert_true (nebula_pool_queue_leave (self->queue, &caller.waiter));
  fake_pool_assert_counts (self, 0, 0, 0);
  nebula_pool_queue_enter (self->queue, &caller.waiter);
  fake_pool_assert_counts (self, 0, 0, 0);
  g_assert_cmpstr (told->str, ==, "");
}

static void
test_spaces (FakePool *self, gconstpointer data)
{
  FakeItem *first;
  FakeItem *second;

  g_test_summary ("an idle item of the wanted space goes first, else the one idle for longest");
  fake_pool_open (self, 0, 9);
  first = fake_pool_acquire (self, "a");
  second = fake_pool_acquire (self, "b");
  fake_pool_release (self, first);
  fake_pool_release (self, second);
  g_assert_true (fake_pool_acquire (self, "a") == first);
  fake_pool_release (self, first);
  g_assert_true (fake_pool_acquire (self, "b") == second);
  fake_pool_release (self, second);

  /* Not a new one: that would cost a connection and a session. */
  g_assert_true (fake_pool_acquire (self, "c") == first);
  fake_pool_assert_log (self, "make 1, prepare 1 a, make 2, prepare 2 b, prepare 1 a, prepare 2 b, "
                              "prepare 1 c");
  g_assert_true (fake_pool_acquire (self, NULL) == second);
  fake_pool_release (self, first);
  fake_pool_release (self, second);
}

static void
test_idle (FakePool *self, gconstpointer data)
{
  FakeItem *items[3];

  g_test_summary ("items idle for idle-timeout are retired, the oldest first, down to min-size");
  fake_pool_open (self, 1, 3);
  for (gsize i = 0; i < G_N_ELEMENTS (items); i++)
    items[i] = fake_pool_acquire (self, "a");
  for (gsize i = 0; i < G_N_ELEMENTS (items); i++)
    {
      fake_pool_release (self, items[i]);
      nebula_manual_clock_advance (self->clock, 1);
    }
  g_string_truncate (self->log, 0);

  nebula_manual_clock_advance (self->clock, FAKE_POOL_IDLE_TIMEOUT - 4);
  nebula_pool_queue_tidy (self->queue);
  fake_pool_assert_log (self, "");
  nebula_manual_clock_advance (self->clock, 1);
  nebula_pool_queue_tidy (self->queue);
  fake_pool_assert_log (self, "retire 1");
  nebula_manual_clock_advance (self->clock, FAKE_POOL_IDLE_TIMEOUT);
  nebula_pool_queue_tidy (self->queue);
  fake_pool_assert_log (self, "retire 2");
  fake_pool_assert_counts (self, 1, 0, 0);
}

static void
test_idle_without_tidying (FakePool *self, gconstpointer data)
{
  FakeItem *first = fake_pool_acquire (self, "a");
  FakeItem *second = fake_pool_acquire (self, "a");

  g_test_summary ("giving an item back retires the old ones; asking for one takes an old one");
  fake_pool_release (self, first);
  nebula_manual_clock_advance (self->clock, FAKE_POOL_IDLE_TIMEOUT);
  g_assert_true (fake_pool_acquire (self, "a") == first);
  fake_pool_release (self, first);
  nebula_manual_clock_advance (self->clock, FAKE_POOL_IDLE_TIMEOUT);
  g_string_truncate (self->log, 0);
  fake_pool_release (self, second);
  fake_pool_assert_log (self, "retire 1");
}

static void
test_fill (FakePool *self, gconstpointer data)
{
  NebulaLimit limit = { NEBULA_CLOCK (self->clock), G_MAXINT64, NULL };
  g_autoptr (GError) error = NULL;
  FakeItem *item;

  g_test_summary ("filling makes what is missing of min-size, never more than max-size, and ends "
                  "with the first failure");
  fake_pool_open (self, 3, 9);
  item = fake_pool_acquire (self, "a");
  g_assert_true (nebula_pool_queue_fill (self->queue, "a", &limit, &error));
  g_assert_no_error (error);
  fake_pool_assert_counts (self, 2, 1, 0);
  g_assert_true (nebula_pool_queue_fill (self->queue, "a", &limit, &error));
  fake_pool_assert_counts (self, 2, 1, 0);
  fake_pool_release (self, item);

  fake_pool_open (self, 9, 2);
  g_assert_true (nebula_pool_queue_fill (self->queue, "a", &limit, &error));
  fake_pool_assert_counts (self, 2, 0, 0);

  fake_pool_open (self, 2, 2);
  self->failure = g_error_new_literal (NEBULA_ERROR, NEBULA_ERROR_FATAL, "not today");
  g_assert_false (nebula_pool_queue_fill (self->queue, "a", &limit, &error));
  g_assert_error (error, NEBULA_ERROR, NEBULA_ERROR_FATAL);
  g_clear_error (&error);
  fake_pool_assert_counts (self, 0, 0, 0);
  nebula_pool_queue_close (self->queue);
  g_assert_false (nebula_pool_queue_fill (self->queue, "a", &limit, &error));
  g_assert_error (error, NEBULA_ERROR, NEBULA_ERROR_WRONG_STATE);
}

static void
test_useless (FakePool *self, gconstpointer data)
{
  FakeItem *item = fake_pool_acquire (self, "a");

  g_test_summary ("what came back and is of no use, or is not to be kept, is retired and replaced");
  self->useless = TRUE;
  fake_pool_release (self, item);
  item = fake_pool_acquire (self, "a");
  nebula_pool_queue_release (self->queue, item, FALSE);
  fake_pool_release (self, fake_pool_acquire (self, "a"));
  fake_pool_assert_log (self,
                        "make 1, prepare 1 a, retire 1, make 2, prepare 2 a, retire 2, make 3, "
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
test_failure (FakePool *self, gconstpointer data)
{
  g_autoptr (GString) told = g_string_new (NULL);
  g_autoptr (GError) error = NULL;
  Caller callers[3];

  g_test_summary ("an item that cannot be made ready is a failure of one: the next may try");
  fake_pool_open (self, 0, 1);
  enter (self, callers, G_N_ELEMENTS (callers), told);
  self->failure = failure_of_code (-1010, NEBULA_PHASE_AUTHENTICATE);
  g_assert_null (take (self, &callers[0], &error));
  g_assert_cmpint (nebula_error_get_code (error), ==, -1010);
  g_assert_cmpstr (told->str, ==, "ab");
  fake_pool_assert_log (self, "make 1, prepare 1 a, retire 1");
  fake_pool_release (self, take (self, &callers[1], NULL));
  fake_pool_release (self, take (self, &callers[2], NULL));
}

static void
test_refused (FakePool *self, gconstpointer data)
{
  g_autoptr (GString) told = g_string_new (NULL);
  Caller callers[3];

  g_test_summary ("a refused password is told to all who wait, and nobody tries it again");
  fake_pool_open (self, 0, 1);
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
  fake_pool_assert_log (self, "make 1, prepare 1 a, retire 1");
  fake_pool_assert_counts (self, 0, 0, 0);
}

static void
test_right_missing (FakePool *self, gconstpointer data)
{
  g_autoptr (GString) told = g_string_new (NULL);
  Caller callers[2];

  g_test_summary ("a right that is missing in one space is not shared: the next wants another one");
  fake_pool_open (self, 0, 1);
  enter (self, callers, G_N_ELEMENTS (callers), told);
  self->failure = failure_of_code (-1008, NEBULA_PHASE_EXECUTE);
  g_assert_null (take (self, &callers[0], NULL));
  fake_pool_release (self, take (self, &callers[1], NULL));
}

static void
test_closed (FakePool *self, gconstpointer data)
{
  g_autoptr (GString) told = g_string_new (NULL);
  g_autoptr (GError) error = NULL;
  Caller callers[1];
  FakeItem *first;
  FakeItem *second;

  g_test_summary (
    "closed: idle ones end at once, those in use when they come back; nobody gets one");
  first = fake_pool_acquire (self, "a");
  second = fake_pool_acquire (self, "a");
  enter (self, callers, 1, told);
  nebula_pool_queue_close (self->queue);
  g_assert_null (take (self, &callers[0], &error));
  g_assert_error (error, NEBULA_ERROR, NEBULA_ERROR_WRONG_STATE);
  g_clear_error (&error);
  fake_pool_release (self, first);
  fake_pool_assert_log (self, "make 1, prepare 1 a, make 2, prepare 2 a, retire 1");
  fake_pool_assert_counts (self, 0, 1, 0);
  g_assert_null (fake_pool_try_acquire (self, "a", &error));
  g_assert_error (error, NEBULA_ERROR, NEBULA_ERROR_WRONG_STATE);
  nebula_pool_queue_close (self->queue);
  fake_pool_release (self, second);
  fake_pool_assert_log (self, "retire 2");
}

static void
test_closed_idle (FakePool *self, gconstpointer data)
{
  FakeItem *first = fake_pool_acquire (self, "a");
  FakeItem *second = fake_pool_acquire (self, "a");

  g_test_summary ("closing ends all idle items, min-size or not");
  fake_pool_release (self, first);
  fake_pool_release (self, second);
  g_string_truncate (self->log, 0);
  nebula_pool_queue_close (self->queue);
  fake_pool_assert_log (self, "retire 2, retire 1");
}

static void
test_kept_alive (FakePool *self, gconstpointer data)
{
  NebulaPoolQueue *kept = nebula_pool_queue_ref (self->queue);
  FakeItem *item = fake_pool_acquire (self, "a");

  g_test_summary ("an item may come back when everybody else has forgotten the queue");
  nebula_pool_queue_close (self->queue);
  g_clear_pointer (&self->queue, nebula_pool_queue_unref);
  nebula_pool_queue_release (kept, item, TRUE);
  nebula_pool_queue_unref (kept);
  fake_pool_assert_log (self, "make 1, prepare 1 a, retire 1");
}

#define add(path, func)                                                                            \
  g_test_add ("/pool-queue/" path, FakePool, NULL, fake_pool_set_up, func, fake_pool_tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  add ("reuse", test_reuse);
  add ("bound", test_bound);
  add ("order", test_order);
  add ("leave", test_leave);
  add ("leave-before", test_leave_before);
  add ("spaces", test_spaces);
  add ("idle", test_idle);
  add ("idle/without-tidying", test_idle_without_tidying);
  add ("fill", test_fill);
  add ("useless", test_useless);
  add ("failure", test_failure);
  add ("refused", test_refused);
  add ("right-missing", test_right_missing);
  add ("closed", test_closed);
  add ("closed/idle", test_closed_idle);
  add ("kept-alive", test_kept_alive);
  return g_test_run ();
}
