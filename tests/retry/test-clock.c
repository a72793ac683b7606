/* SPDX-License-Identifier: Apache-2.0 */
#include <nebula-retry/nebula-clock.h>
#include <pthread.h>
#include <signal.h>

#define N_THREADS 4
#define N_STEPS 1000

/* Never reached: every wait for it is cancelled. */
#define A_LONG_TIME (G_TIME_SPAN_HOUR)

static void
test_manual_stands_still (void)
{
  g_test_summary ("A manual clock moves only when it is told to, and by as much");

  static const struct
  {
    gint64 start;
    gint64 step;
    gint64 then;
  } cases[] = {
    { 0, 0, 0 },
    { 0, 1, 1 },
    { 1000, 250, 1250 },
    { -500, 500, 0 },
    { G_MININT64, 1, G_MININT64 + 1 },
    { G_MAXINT64 - 1, 1, G_MAXINT64 },
    { G_MAXINT64 - 1, 2, G_MAXINT64 },
    { G_MAXINT64, G_MAXINT64, G_MAXINT64 },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (NebulaManualClock) clock = nebula_manual_clock_new (cases[i].start);

      g_assert_cmpint (nebula_clock_get_now (NEBULA_CLOCK (clock)), ==, cases[i].start);
      g_assert_cmpint (nebula_clock_get_now (NEBULA_CLOCK (clock)), ==, cases[i].start);
      nebula_manual_clock_advance (clock, cases[i].step);
      g_assert_cmpint (nebula_clock_get_now (NEBULA_CLOCK (clock)), ==, cases[i].then);
      g_assert_cmpint (nebula_manual_clock_get_waited (clock), ==, 0);
    }
}

static void
test_manual_wait (void)
{
  g_test_summary ("A wait on a manual clock advances it at once and is summed");

  static const struct
  {
    gint64 duration;
    gint64 now;
    gint64 waited;
  } steps[] = {
    { 10, 110, 10 },
    { 0, 110, 10 },
    { -7, 110, 10 },
    { 1000000, 1000110, 1000010 },
    { G_MAXINT64, G_MAXINT64, G_MAXINT64 },
    { 1, G_MAXINT64, G_MAXINT64 },
  };
  g_autoptr (NebulaManualClock) clock = nebula_manual_clock_new (100);

  for (gsize i = 0; i < G_N_ELEMENTS (steps); i++)
    {
      g_autoptr (GError) error = NULL;

      g_assert_true (
          nebula_clock_wait (NEBULA_CLOCK (clock), steps[i].duration, NULL, &error));
      g_assert_no_error (error);
      g_assert_cmpint (nebula_clock_get_now (NEBULA_CLOCK (clock)), ==, steps[i].now);
      g_assert_cmpint (nebula_manual_clock_get_waited (clock), ==, steps[i].waited);
    }
}

static void
test_manual_cancelled (void)
{
  g_test_summary ("A cancelled wait fails with G_IO_ERROR_CANCELLED and moves nothing");

  g_autoptr (NebulaManualClock) clock = nebula_manual_clock_new (5);
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GError) error = NULL;

  g_assert_true (nebula_clock_wait (NEBULA_CLOCK (clock), 1, cancellable, &error));
  g_cancellable_cancel (cancellable);
  g_assert_false (nebula_clock_wait (NEBULA_CLOCK (clock), 1, cancellable, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_clear_error (&error);
  g_assert_false (nebula_clock_wait (NEBULA_CLOCK (clock), 0, cancellable, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_false (nebula_clock_wait (NEBULA_CLOCK (clock), 1, cancellable, NULL));

  g_assert_cmpint (nebula_clock_get_now (NEBULA_CLOCK (clock)), ==, 6);
  g_assert_cmpint (nebula_manual_clock_get_waited (clock), ==, 1);
}

static void
test_manual_backwards (void)
{
  g_test_summary ("A manual clock cannot be turned back");

  g_autoptr (NebulaManualClock) clock = nebula_manual_clock_new (5);

  g_test_expect_message ("nebula-retry", G_LOG_LEVEL_CRITICAL, "*duration >= 0*");
  nebula_manual_clock_advance (clock, -1);
  g_test_assert_expected_messages ();
  g_assert_cmpint (nebula_clock_get_now (NEBULA_CLOCK (clock)), ==, 5);
}

static gpointer
wait_and_advance (gpointer data)
{
  NebulaManualClock *clock = data;

  for (guint i = 0; i < N_STEPS; i++)
    {
      gint64 before = nebula_clock_get_now (NEBULA_CLOCK (clock));

      g_assert_true (nebula_clock_wait (NEBULA_CLOCK (clock), 3, NULL, NULL));
      nebula_manual_clock_advance (clock, 2);
      g_assert_cmpint (nebula_clock_get_now (NEBULA_CLOCK (clock)), >=, before + 5);
    }

  return NULL;
}

static void
test_manual_threads (void)
{
  g_test_summary ("No step is lost when several threads use one manual clock");

  g_autoptr (NebulaManualClock) clock = nebula_manual_clock_new (0);
  GThread *threads[N_THREADS];

  for (guint i = 0; i < N_THREADS; i++)
    threads[i] = g_thread_new ("clock", wait_and_advance, clock);
  for (guint i = 0; i < N_THREADS; i++)
    g_thread_join (threads[i]);

  g_assert_cmpint (nebula_clock_get_now (NEBULA_CLOCK (clock)), ==, N_THREADS * N_STEPS * 5);
  g_assert_cmpint (nebula_manual_clock_get_waited (clock), ==, N_THREADS * N_STEPS * 3);
}

static void
test_system_singleton (void)
{
  g_test_summary ("There is one system clock; it shows GLib's monotonic time");

  NebulaClock *clock = nebula_clock_get_system ();
  gint64 before = g_get_monotonic_time ();
  gint64 now = nebula_clock_get_now (clock);
  gint64 after = g_get_monotonic_time ();

  g_assert_true (NEBULA_IS_CLOCK (clock));
  g_assert_true (clock == nebula_clock_get_system ());
  g_assert_cmpint (before, <=, now);
  g_assert_cmpint (now, <=, after);
}

static void
test_system_never_shorter (void)
{
  g_test_summary ("A wait on the system clock is never shorter than asked");

  static const gint64 durations[] = { 1, 999, 1001 };
  NebulaClock *clock = nebula_clock_get_system ();

  for (gsize i = 0; i < 2 * G_N_ELEMENTS (durations); i++)
    {
      g_autoptr (GCancellable) cancellable = i % 2 == 0 ? g_cancellable_new () : NULL;
      g_autoptr (GError) error = NULL;
      gint64 start = g_get_monotonic_time ();

      g_assert_true (nebula_clock_wait (clock, durations[i / 2], cancellable, &error));
      g_assert_no_error (error);
      g_assert_cmpint (g_get_monotonic_time () - start, >=, durations[i / 2]);
    }
}

typedef struct
{
  pthread_t target;
  gint done; /* atomic */
} Disturber;

static void
ignore (int number)
{
}

static gpointer
disturb (gpointer data)
{
  Disturber *disturber = data;

  while (!g_atomic_int_get (&disturber->done))
    {
      pthread_kill (disturber->target, SIGUSR1);
      g_thread_yield ();
    }

  return NULL;
}

static void
test_system_signals (void)
{
  g_test_summary ("Signals that interrupt a wait on the system clock do not shorten it");

  struct sigaction action = { .sa_handler = ignore };
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  Disturber disturber = { .target = pthread_self () };
  GThread *thread;
  gint64 start;

  g_assert_cmpint (sigaction (SIGUSR1, &action, NULL), ==, 0);
  thread = g_thread_new ("disturb", disturb, &disturber);
  start = g_get_monotonic_time ();
  g_assert_true (nebula_clock_wait (nebula_clock_get_system (), 5000, cancellable, NULL));
  g_assert_cmpint (g_get_monotonic_time () - start, >=, 5000);
  g_atomic_int_set (&disturber.done, TRUE);
  g_thread_join (thread);
}

static void
test_system_cancelled_before (void)
{
  g_test_summary ("A wait that was cancelled before it began returns at once");

  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GError) error = NULL;

  g_cancellable_cancel (cancellable);
  g_assert_false (
      nebula_clock_wait (nebula_clock_get_system (), A_LONG_TIME, cancellable, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

static gpointer
cancel (gpointer cancellable)
{
  g_cancellable_cancel (cancellable);

  return NULL;
}

static void
test_system_cancelled_by_thread (void)
{
  g_test_summary ("Another thread ends a wait on the system clock, even one without end");

  static const gint64 durations[] = { A_LONG_TIME, G_MAXINT64 };

  for (gsize i = 0; i < G_N_ELEMENTS (durations); i++)
    {
      g_autoptr (GCancellable) cancellable = g_cancellable_new ();
      g_autoptr (GError) error = NULL;
      GThread *thread = g_thread_new ("cancel", cancel, cancellable);

      g_assert_false (
          nebula_clock_wait (nebula_clock_get_system (), durations[i], cancellable, &error));
      g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
      g_thread_join (thread);
    }
}

static gpointer
get_system (gpointer data)
{
  return nebula_clock_get_system ();
}

static void
test_system_threads (void)
{
  g_test_summary ("Threads that ask for the system clock at once get the same one");

  GThread *threads[N_THREADS];

  for (guint i = 0; i < N_THREADS; i++)
    threads[i] = g_thread_new ("clock", get_system, NULL);
  for (guint i = 0; i < N_THREADS; i++)
    g_assert_true (g_thread_join (threads[i]) == nebula_clock_get_system ());
}

int
main (int argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/clock/system/threads", test_system_threads);
  g_test_add_func ("/clock/system/singleton", test_system_singleton);
  g_test_add_func ("/clock/system/never-shorter", test_system_never_shorter);
  g_test_add_func ("/clock/system/signals", test_system_signals);
  g_test_add_func ("/clock/system/cancelled-before", test_system_cancelled_before);
  g_test_add_func ("/clock/system/cancelled-by-thread", test_system_cancelled_by_thread);
  g_test_add_func ("/clock/manual/stands-still", test_manual_stands_still);
  g_test_add_func ("/clock/manual/wait", test_manual_wait);
  g_test_add_func ("/clock/manual/cancelled", test_manual_cancelled);
  g_test_add_func ("/clock/manual/backwards", test_manual_backwards);
  g_test_add_func ("/clock/manual/threads", test_manual_threads);

  return g_test_run ();
}
