/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Times are microseconds of a clock that starts at 0 or later; G_MAXINT64 is never. */

/* The time that is @duration, which is not negative, after @time. */
static inline gint64
nebula_time_after (gint64 time, gint64 duration)
{
  return duration < G_MAXINT64 - time ? time + duration : G_MAXINT64;
}

/* As nebula_time_after (), for a setting: no @duration, 0, means for ever. */
static inline gint64
nebula_time_add (gint64 time, gint64 duration)
{
  return duration > 0 ? nebula_time_after (time, duration) : G_MAXINT64;
}

G_END_DECLS
