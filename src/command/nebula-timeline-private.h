/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <nebula-interceptor/nebula-interceptor.h>
#include <stdio.h>

G_BEGIN_DECLS

/* Prints each attempt of each call as a line. Used by one thread. */
typedef struct
{
  FILE *stream;      /* (unowned) */
  gboolean color;
  guint call_width;  /* of the column, in characters of a terminal */
  gint64 start;      /* g_get_monotonic_time () of time 0 */
  gint64 call_start; /* of the call under way, since @start */
  char *call;        /* (owned) (nullable): what is being called */
} NebulaTimeline;

void nebula_timeline_init (NebulaTimeline *self,
                           FILE *stream,
                           gboolean color,
                           guint call_width);
void nebula_timeline_clear (NebulaTimeline *self);
void nebula_timeline_begin (NebulaTimeline *self, const char *call);
void nebula_timeline_watch (NebulaInterceptor *interceptor,
                            NebulaAttempt *attempt,
                            gpointer timeline);

G_END_DECLS
