/* SPDX-License-Identifier: Apache-2.0 */
#include "nebula-timeline-private.h"

#include "nebula-text-width-private.h"
#include "nebula-wording-private.h"

/* Widths of the columns: the usual fits in, and a line in 125 columns when the call is short. */
#define TIME_WIDTH 7
#define ENDPOINT_WIDTH 15
#define OUTCOME_WIDTH 29

/* @call_width: how much of a call is shown, in columns */
void
nebula_timeline_init (NebulaTimeline *self, FILE *stream, gboolean color, guint call_width)
{
  self->stream = stream;
  self->color = color;
  self->call_width = call_width;
  self->start = g_get_monotonic_time ();
  self->call_start = 0;
  self->call = NULL;
}

void
nebula_timeline_clear (NebulaTimeline *self)
{
  g_clear_pointer (&self->call, g_free);
}

/* @call: (not nullable): what is called from now on, fit to be shown */
void
nebula_timeline_begin (NebulaTimeline *self, const char *call)
{
  g_free (self->call);
  self->call = nebula_text_width_cut (call, self->call_width);
  self->call_start = g_get_monotonic_time () - self->start;
}

static char *
describe_outcome (NebulaOutcome *outcome)
{
  gint32 code = nebula_outcome_get_real_code (outcome);

  if (nebula_outcome_get_category (outcome) == NEBULA_ERROR_CATEGORY_OK)
    return g_strdup ("ok");
  return g_strdup_printf ("%s (%s)", nebula_error_info_get_name (nebula_error_info_for_code (code)),
                          nebula_cause_to_string (nebula_outcome_get_cause (outcome)));
}

/* Green for what is good, yellow for what goes on, red for what is over. */
static const char *
color_of (NebulaOutcome *outcome, NebulaDecision decision)
{
  if (nebula_outcome_get_category (outcome) == NEBULA_ERROR_CATEGORY_OK)
    return "\033[32m";
  return decision.action != NEBULA_ACTION_RETURN ? "\033[33m" : "\033[31m";
}

/**
 * nebula_timeline_watch:
 * @timeline: a #NebulaTimeline
 *
 * A #NebulaAttemptFunc: prints the time since the start, the endpoint, the call, its outcome and
 * cause, what was decided and why.
 */
void
nebula_timeline_watch (NebulaInterceptor *interceptor, NebulaAttempt *attempt, gpointer timeline)
{
  NebulaTimeline *self = timeline;
  NebulaDecision decision = nebula_attempt_get_decision (attempt);
  NebulaOutcome *outcome = nebula_attempt_get_outcome (attempt);
  const char *endpoint = nebula_attempt_get_endpoint (attempt);
  g_autofree char *result = describe_outcome (outcome);
  g_autofree char *decided = nebula_wording_of_decision (&decision);
  g_autofree char *time = NULL;
  g_autoptr (GString) line = g_string_new (NULL);

  time = nebula_wording_of_duration (self->call_start + nebula_attempt_get_end (attempt));
  g_string_append_printf (line, "  %*s  ", TIME_WIDTH, time);
  nebula_text_width_append (line, endpoint != NULL ? endpoint : "-", ENDPOINT_WIDTH);
  g_string_append (line, "  ");
  nebula_text_width_append (line, self->call != NULL ? self->call : "connect", self->call_width);
  g_string_append (line, "  ");
  if (self->color)
    g_string_append (line, color_of (outcome, decision));
  nebula_text_width_append (line, result, OUTCOME_WIDTH);
  if (self->color)
    g_string_append (line, "\033[0m");
  fprintf (self->stream, "%s  → %s\n", line->str, decided);
}
