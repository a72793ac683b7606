/* SPDX-License-Identifier: Apache-2.0 */
#include <nebula-retry/nebula-clock.h>

/**
 * NebulaClock:
 *
 * Where time comes from: the system's monotonic clock in production, a #NebulaManualClock in
 * tests. Code that waits asks a clock, so that no test has to sleep.
 *
 * Since: 0.1
 */
G_DEFINE_INTERFACE (NebulaClock, nebula_clock, G_TYPE_OBJECT)

static void
nebula_clock_default_init (NebulaClockInterface *iface)
{
}

/* The system's clock has no state, so one object serves the whole process. */
#define NEBULA_TYPE_SYSTEM_CLOCK (nebula_system_clock_get_type ())
G_DECLARE_FINAL_TYPE (NebulaSystemClock, nebula_system_clock, NEBULA, SYSTEM_CLOCK, GObject)

struct _NebulaSystemClock
{
  GObject parent_instance;
};

static NebulaClock *system_clock; /* (owned): made when first asked for, and never freed */

static void nebula_system_clock_init_clock (NebulaClockInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (NebulaSystemClock,
                               nebula_system_clock,
                               G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (NEBULA_TYPE_CLOCK,
                                                      nebula_system_clock_init_clock))

/* One sleep is never longer than an hour: g_usleep() counts in gulong, which holds little more
 * than an hour on a 32-bit machine, and g_poll() in int milliseconds. Longer waits loop. */
#define MAX_SLICE (G_TIME_SPAN_HOUR)

/* Without a descriptor to poll (the process has none left) cancellation is looked for this often:
 * soon enough for a person, seldom enough to cost nothing. */
#define BLIND_SLICE (10 * G_TIME_SPAN_MILLISECOND)

static gint64
saturating_add (gint64 a, gint64 b)
{
  gint64 sum;

  if (__builtin_add_overflow (a, b, &sum))
    return b > 0 ? G_MAXINT64 : G_MININT64;

  return sum;
}

/* A timed-out g_poll() may be early by its rounding and a signal ends either call early, so
 * callers look at the clock again. */
static void
sleep_slice (gint64 duration, GPollFD *fd)
{
  if (fd != NULL)
    g_poll (fd, 1, (int) ((duration + G_TIME_SPAN_MILLISECOND - 1) / G_TIME_SPAN_MILLISECOND));
  else
    g_usleep ((gulong) duration);
}

static void
sleep_until (gint64 end, GPollFD *fd, gint64 slice, GCancellable *cancellable)
{
  gint64 now = g_get_monotonic_time ();

  while (now < end && !g_cancellable_is_cancelled (cancellable))
    {
      sleep_slice (MIN (end - now, slice), fd);
      now = g_get_monotonic_time ();
    }
}

static gint64
nebula_system_clock_get_now (NebulaClock *clock)
{
  return g_get_monotonic_time ();
}

static gboolean
nebula_system_clock_wait (NebulaClock *clock,
                          gint64 duration,
                          GCancellable *cancellable,
                          GError **error)
{
  gint64 end = saturating_add (g_get_monotonic_time (), duration);
  GPollFD fd;

  if (cancellable == NULL)
    {
      sleep_until (end, NULL, MAX_SLICE, NULL);
    }
  else if (g_cancellable_make_pollfd (cancellable, &fd))
    {
      sleep_until (end, &fd, MAX_SLICE, cancellable);
      g_cancellable_release_fd (cancellable);
    }
  else
    {
      sleep_until (end, NULL, BLIND_SLICE, cancellable);
    }

  return !g_cancellable_set_error_if_cancelled (cancellable, error);
}

static void
nebula_system_clock_class_init (NebulaSystemClockClass *klass)
{
}

static void
nebula_system_clock_init (NebulaSystemClock *self)
{
}

static void
nebula_system_clock_init_clock (NebulaClockInterface *iface)
{
  iface->get_now = nebula_system_clock_get_now;
  iface->wait = nebula_system_clock_wait;
}

/**
 * nebula_clock_get_system:
 *
 * Gets the clock of the system: monotonic, counted from an arbitrary start, and its waits
 * really sleep, never shorter than asked. The object lives as long as the process.
 *
 * Safe in any thread.
 *
 * Returns: (transfer none): the system's clock
 *
 * Since: 0.1
 */
NebulaClock *
nebula_clock_get_system (void)
{
  if (g_once_init_enter (&system_clock))
    g_once_init_leave (&system_clock, g_object_new (NEBULA_TYPE_SYSTEM_CLOCK, NULL));

  return system_clock;
}

/**
 * nebula_clock_get_now:
 * @self: a clock
 *
 * Gets the time. Only differences between two times of the same clock mean something.
 *
 * Safe in any thread.
 *
 * Returns: the time in microseconds, never less than an earlier answer
 *
 * Since: 0.1
 */
gint64
nebula_clock_get_now (NebulaClock *self)
{
  /* Nearly always, and in every call: to ask an object for its interface takes longer than to read
   * the clock. */
  if (G_LIKELY (self != NULL && self == g_atomic_pointer_get (&system_clock)))
    return g_get_monotonic_time ();

  g_return_val_if_fail (NEBULA_IS_CLOCK (self), 0);

  return NEBULA_CLOCK_GET_IFACE (self)->get_now (self);
}

/**
 * nebula_clock_wait:
 * @self: a clock
 * @duration: how long, in microseconds; nothing is waited for when it is 0 or less
 * @cancellable: (nullable): ends the wait early
 * @error: return location for a #GError
 *
 * Lets @duration pass. When @cancellable is cancelled, before or during the wait, the error is
 * %G_IO_ERROR_CANCELLED; there is no other.
 *
 * Safe in any thread. With the system's clock the calling thread sleeps.
 *
 * Returns: %TRUE when the whole @duration has passed, %FALSE when it was cancelled
 *
 * Since: 0.1
 */
gboolean
nebula_clock_wait (NebulaClock *self, gint64 duration, GCancellable *cancellable, GError **error)
{
  g_return_val_if_fail (NEBULA_IS_CLOCK (self), FALSE);
  g_return_val_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable), FALSE);
  g_return_val_if_fail (error == NULL || *error == NULL, FALSE);

  if (g_cancellable_set_error_if_cancelled (cancellable, error))
    return FALSE;
  if (duration <= 0)
    return TRUE;

  return NEBULA_CLOCK_GET_IFACE (self)->wait (self, duration, cancellable, error);
}
