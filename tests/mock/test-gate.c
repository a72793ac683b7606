/* SPDX-License-Identifier: Apache-2.0 */
#include "nebula-mock-gate-private.h"

#include <sys/eventfd.h>
#include <unistd.h>

#define THREADS 4

typedef struct
{
  NebulaMockGate *gate;
  int             wake_fd;
  gint            passed; /* atomic */
} Walk;

static void
walk_init (Walk    *walk,
           gboolean is_open)
{
  walk->gate = nebula_mock_gate_new (is_open);
  walk->wake_fd = eventfd (0, EFD_CLOEXEC | EFD_NONBLOCK);
  walk->passed = 0;
}

static void
walk_clear (Walk *walk)
{
  nebula_mock_gate_unref (walk->gate);
  close (walk->wake_fd);
}

static void
wake (Walk *walk)
{
  const guint64 one = 1;

  g_assert_cmpint (write (walk->wake_fd, &one, sizeof one), ==, sizeof one);
}

static gpointer
go (gpointer data)
{
  Walk *walk = data;

  if (nebula_mock_gate_pass (walk->gate, walk->wake_fd))
    g_atomic_int_inc (&walk->passed);
  return NULL;
}

static void
start (Walk     *walk,
       GThread **threads)
{
  guint i;

  for (i = 0; i < THREADS; i++)
    threads[i] = g_thread_new ("walker", go, walk);
}

static void
join (GThread **threads)
{
  guint i;

  for (i = 0; i < THREADS; i++)
    g_thread_join (threads[i]);
}

static void
test_open (void)
{
  Walk walk;

  walk_init (&walk, TRUE);
  g_assert_true (nebula_mock_gate_pass (walk.gate, walk.wake_fd));
  g_assert_true (nebula_mock_gate_pass (walk.gate, walk.wake_fd));
  nebula_mock_gate_set_open (walk.gate, FALSE);
  wake (&walk);
  g_assert_false (nebula_mock_gate_pass (walk.gate, walk.wake_fd));
  walk_clear (&walk);
}

static void
test_opening_lets_all_through (void)
{
  GThread *threads[THREADS];
  Walk walk;

  walk_init (&walk, FALSE);
  start (&walk, threads);
  nebula_mock_gate_set_open (walk.gate, TRUE);
  join (threads);
  g_assert_cmpint (walk.passed, ==, THREADS);
  walk_clear (&walk);
}

/* So many as were let through, and no more: the rest ends when it is woken. */
static void
test_permits (void)
{
  GThread *threads[THREADS];
  Walk walk;

  walk_init (&walk, FALSE);
  nebula_mock_gate_let_through (walk.gate, 1);
  g_assert_true (nebula_mock_gate_pass (walk.gate, walk.wake_fd));
  nebula_mock_gate_let_through (walk.gate, THREADS + 2);
  start (&walk, threads);
  join (threads);
  g_assert_cmpint (walk.passed, ==, THREADS);
  /* Closing takes back the two that are left. */
  nebula_mock_gate_set_open (walk.gate, FALSE);
  start (&walk, threads);
  wake (&walk);
  join (threads);
  g_assert_cmpint (walk.passed, ==, THREADS);
  walk_clear (&walk);
}

/* Somebody who comes later waits, though all before were let through. */
static void
test_waiting (void)
{
  GThread *threads[THREADS];
  Walk walk;

  walk_init (&walk, FALSE);
  nebula_mock_gate_let_waiting_through (walk.gate);
  g_assert_false (nebula_mock_gate_wait_for_waiting (walk.gate, 1, 0));
  start (&walk, threads);
  g_assert_true (
    nebula_mock_gate_wait_for_waiting (walk.gate, THREADS, 10 * G_TIME_SPAN_SECOND));
  nebula_mock_gate_let_waiting_through (walk.gate);
  join (threads);
  wake (&walk);
  g_assert_false (nebula_mock_gate_pass (walk.gate, walk.wake_fd));
  walk_clear (&walk);
}

/* Who was let through has passed, though the gate is closed again before it wakes up; who comes
 * then does not take its place. */
static void
test_no_overtaking (void)
{
  guint i;

  for (i = 0; i < 200; i++)
    {
      GThread *thread;
      Walk walk;

      walk_init (&walk, FALSE);
      thread = g_thread_new ("walker", go, &walk);
      g_assert_true (
        nebula_mock_gate_wait_for_waiting (walk.gate, 1, 10 * G_TIME_SPAN_SECOND));
      nebula_mock_gate_set_open (walk.gate, TRUE);
      nebula_mock_gate_set_open (walk.gate, FALSE);
      wake (&walk);
      g_assert_false (nebula_mock_gate_pass (walk.gate, walk.wake_fd));
      g_thread_join (thread);
      g_assert_cmpint (walk.passed, ==, 1);
      walk_clear (&walk);
    }
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_summary ("A gate holds all, lets some through, or all.");
  g_test_add_func ("/gate/open", test_open);
  g_test_add_func ("/gate/opening", test_opening_lets_all_through);
  g_test_add_func ("/gate/permits", test_permits);
  g_test_add_func ("/gate/waiting", test_waiting);
  g_test_add_func ("/gate/no-overtaking", test_no_overtaking);
  return g_test_run ();
}
