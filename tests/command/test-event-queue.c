/* SPDX-License-Identifier: Apache-2.0 */
#include "nebula-event-queue-private.h"

/* The queue of a simulation: by time, and at the same time in the order of pushing. */

static void
push (NebulaEventQueue *queue, double time, guint kind)
{
  /* The order that a caller gives must not matter. */
  NebulaEvent event = { time, 99 - kind, kind, 0, 0 };

  nebula_event_queue_push (queue, &event);
}

static void
test_order (void)
{
  static const double times[] = { 5, 3, 8, 3, 1, 9, 3, 0.5, 8 };
  static const guint kinds[] = { 7, 4, 1, 3, 6, 0, 2, 8, 5 };
  g_auto (NebulaEventQueue) queue = { 0 };
  NebulaEvent event = { 0 };

  g_test_summary ("The earliest comes first, and of equals the one that was pushed first");

  nebula_event_queue_init (&queue);
  for (guint i = 0; i < G_N_ELEMENTS (times); i++)
    push (&queue, times[i], i);
  for (guint i = 0; i < G_N_ELEMENTS (kinds); i++)
    {
      g_assert_true (nebula_event_queue_pop (&queue, &event));
      g_assert_cmpuint (event.kind, ==, kinds[i]);
      g_assert_cmpfloat (event.time, ==, times[kinds[i]]);
    }
  g_assert_false (nebula_event_queue_pop (&queue, &event));
  g_assert_cmpuint (event.kind, ==, 5);
}

static void
test_random (void)
{
  g_autoptr (GRand) rand = g_rand_new_with_seed (7);
  g_auto (NebulaEventQueue) queue = { 0 };
  NebulaEvent event;
  NebulaEvent last = { -1, 0, 0, 0, 0 };

  g_test_summary ("Whatever is pushed and popped by turns, time never runs backwards");

  nebula_event_queue_init (&queue);
  for (guint i = 0; i < 3000; i++)
    {
      /* In the future, as in a simulation; few times, so that many are equal. */
      push (&queue, MAX (last.time, 0) + g_rand_int_range (rand, 0, 20), 0);
      if (g_rand_boolean (rand))
        continue;
      g_assert_true (nebula_event_queue_pop (&queue, &event));
      g_assert_cmpfloat (event.time, >=, last.time);
      g_assert_true (event.time > last.time || event.order > last.order);
      last = event;
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/event-queue/order", test_order);
  g_test_add_func ("/event-queue/random", test_random);
  return g_test_run ();
}
