/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <gio/gio.h>
#include <nebula-retry/nebula-retry-visibility.h>

G_BEGIN_DECLS

#define NEBULA_TYPE_CLOCK (nebula_clock_get_type ())
NEBULA_RETRY_API G_DECLARE_INTERFACE (NebulaClock, nebula_clock, NEBULA, CLOCK, GObject)

/**
 * NebulaClockInterface:
 * @get_now: the time in microseconds, from any start, never going back
 * @wait: let @duration microseconds pass; %FALSE and %G_IO_ERROR_CANCELLED when @cancellable
 *   is cancelled before
 *
 * Where time comes from. Both functions may be called from any thread.
 *
 * Since: 0.1
 */
struct _NebulaClockInterface
{
  GTypeInterface parent_iface;

  gint64 (*get_now) (NebulaClock *self);
  gboolean (*wait) (NebulaClock *self, gint64 duration, GCancellable *cancellable, GError **error);
};

NEBULA_RETRY_API NebulaClock *nebula_clock_get_system (void);
NEBULA_RETRY_API gint64 nebula_clock_get_now (NebulaClock *self);
NEBULA_RETRY_API gboolean nebula_clock_wait (NebulaClock *self,
                                             gint64 duration,
                                             GCancellable *cancellable,
                                             GError **error);

#define NEBULA_TYPE_MANUAL_CLOCK (nebula_manual_clock_get_type ())
NEBULA_RETRY_API
G_DECLARE_FINAL_TYPE (NebulaManualClock, nebula_manual_clock, NEBULA, MANUAL_CLOCK, GObject)

NEBULA_RETRY_API NebulaManualClock *nebula_manual_clock_new (gint64 start);
NEBULA_RETRY_API void nebula_manual_clock_advance (NebulaManualClock *self, gint64 duration);
NEBULA_RETRY_API gint64 nebula_manual_clock_get_waited (NebulaManualClock *self);

G_END_DECLS
