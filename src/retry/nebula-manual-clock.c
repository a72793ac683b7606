/* SPDX-License-Identifier: Apache-2.0 */
#include <nebula-retry/nebula-clock.h>
#include <stdatomic.h>

/**
 * NebulaManualClock:
 *
 * A #NebulaClock that moves only when it is told to, for tests. Waiting on it does not sleep: the
 * clock jumps to the end of the wait and remembers how much was waited. Time never goes back and
 * stops at %G_MAXINT64 instead of wrapping.
 *
 * Safe in any thread: waits of several threads add up.
 *
 * Since: 0.1
 */
struct _NebulaManualClock
{
  GObject parent_instance;

  _Atomic gint64 now;    /* microseconds */
  _Atomic gint64 waited; /* microseconds, the sum of all waits */
};

static void nebula_manual_clock_init_clock (NebulaClockInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (NebulaManualClock,
                               nebula_manual_clock,
                               G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (NEBULA_TYPE_CLOCK,
                                                      nebula_manual_clock_init_clock))

/* GLib has no 64-bit atomics, and a fetch-and-add could not stop at the end of the range. */
static void
add_saturating (_Atomic gint64 *counter, gint64 amount)
{
  gint64 before = atomic_load (counter);
  gint64 after;

  do
    {
      if (__builtin_add_overflow (before, amount, &after))
        after = G_MAXINT64;
    }
  while (!atomic_compare_exchange_weak (counter, &before, after));
}

static gint64
nebula_manual_clock_get_now (NebulaClock *clock)
{
  return atomic_load (&NEBULA_MANUAL_CLOCK (clock)->now);
}

static gboolean
nebula_manual_clock_wait (NebulaClock *clock,
                          gint64 duration,
                          GCancellable *cancellable,
                          GError **error)
{
  NebulaManualClock *self = NEBULA_MANUAL_CLOCK (clock);

  add_saturating (&self->waited, duration);
  add_saturating (&self->now, duration);

  return TRUE;
}

static void
nebula_manual_clock_class_init (NebulaManualClockClass *klass)
{
}

static void
nebula_manual_clock_init (NebulaManualClock *self)
{
}

static void
nebula_manual_clock_init_clock (NebulaClockInterface *iface)
{
  iface->get_now = nebula_manual_clock_get_now;
  iface->wait = nebula_manual_clock_wait;
}

/**
 * nebula_manual_clock_new:
 * @start: the time that it shows first, in microseconds
 *
 * Makes a clock that stands still.
 *
 * Returns: (transfer full): a new clock
 *
 * Since: 0.1
 */
NebulaManualClock *
nebula_manual_clock_new (gint64 start)
{
  NebulaManualClock *self = g_object_new (NEBULA_TYPE_MANUAL_CLOCK, NULL);

  atomic_init (&self->now, start);

  return self;
}

/**
 * nebula_manual_clock_advance:
 * @self: a clock
 * @duration: how far, in microseconds, not negative
 *
 * Moves the clock forward. This is not counted as waited.
 *
 * Safe in any thread.
 *
 * Since: 0.1
 */
void
nebula_manual_clock_advance (NebulaManualClock *self, gint64 duration)
{
  g_return_if_fail (NEBULA_IS_MANUAL_CLOCK (self));
  g_return_if_fail (duration >= 0);

  add_saturating (&self->now, duration);
}

/**
 * nebula_manual_clock_get_waited:
 * @self: a clock
 *
 * Gets how much was waited with nebula_clock_wait() since the clock was made. A cancelled wait
 * counts for nothing.
 *
 * Safe in any thread.
 *
 * Returns: the sum, in microseconds
 *
 * Since: 0.1
 */
gint64
nebula_manual_clock_get_waited (NebulaManualClock *self)
{
  g_return_val_if_fail (NEBULA_IS_MANUAL_CLOCK (self), 0);

  return atomic_load (&self->waited);
}
