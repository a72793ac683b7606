/* SPDX-License-Identifier: Apache-2.0 */
#include <nebula-retry/nebula-retry.h>

typedef struct
{
  gint32 type;
  const char *reason;
  const char *text;
  NebulaErrorCategory category;
  NebulaCause cause;
  NebulaEffect effect;
  NebulaPace pace;
  NebulaGrpcStatus status;
  const char *rule;
} ReasonCase;

#define ROW(type, reason, text, who, why, what, when, status, rule) \
  { type, reason, text, NEBULA_ERROR_CATEGORY_##who, NEBULA_CAUSE_##why, NEBULA_EFFECT_##what, \
    NEBULA_PACE_##when, NEBULA_GRPC_##status, rule }

/* What fbthrift's server sends, and what must not mislead. */
static const ReasonCase cases[] = {
  ROW (11, "1", "loadshedding request", RETRYABLE, OVERLOAD, NONE, SLOW, RESOURCE_EXHAUSTED, "ex 1"),
  ROW (12, "2", "Task expired", RETRYABLE, RPC, MAYBE, SLOW, DEADLINE_EXCEEDED, "ex 2"),
  ROW (12, "15", "Queue Timeout", RETRYABLE, OVERLOAD, NONE, SLOW, RESOURCE_EXHAUSTED, "ex 15"),
  ROW (6, "5", "server shutting down", RETRYABLE, STARTING, NONE, SLOW, UNAVAILABLE, "exception 6"),
  ROW (11, "5", "queue is full", RETRYABLE, OVERLOAD, NONE, SLOW, RESOURCE_EXHAUSTED, "ex 5"),
  ROW (6, "1", "server not ready", RETRYABLE, OVERLOAD, NONE, SLOW, RESOURCE_EXHAUSTED, "ex 1"),
  ROW (0, "21", "Function kind mismatch", FATAL, PROTOCOL, NONE, NONE, INTERNAL, "ex 21"),
  ROW (1, "25", "Method name x not found", FATAL, UNSUPPORTED, NONE, NONE, UNIMPLEMENTED, "ex 25"),
  ROW (7, "28", "parse error", FATAL, PROTOCOL, NONE, NONE, INTERNAL, "ex 28"),
  /* without a reason, or with one that nobody knows, the type counts */
  ROW (12, NULL, "Queue Timeout", RETRYABLE, RPC, MAYBE, SLOW, DEADLINE_EXCEEDED, "exception 12"),
  ROW (12, "", "Task expired", RETRYABLE, RPC, MAYBE, SLOW, DEADLINE_EXCEEDED, "exception 12"),
  ROW (12, "4", "Task expired", RETRYABLE, RPC, MAYBE, SLOW, DEADLINE_EXCEEDED, "exception 12"),
  ROW (12, "15 ", "Task expired", RETRYABLE, RPC, MAYBE, SLOW, DEADLINE_EXCEEDED, "exception 12"),
  ROW (12, "-15", "Task expired", RETRYABLE, RPC, MAYBE, SLOW, DEADLINE_EXCEEDED, "exception 12"),
  ROW (0, "4294967297", NULL, FATAL, UNKNOWN, MAYBE, NONE, UNKNOWN, "exception 0"),
  ROW (0, "one", NULL, FATAL, UNKNOWN, MAYBE, NONE, UNKNOWN, "exception 0"),
};

static void
check (const ReasonCase *row)
{
  g_autoptr (NebulaOutcome) outcome = NULL;

  outcome = nebula_outcome_new_from_server_exception (row->type, row->reason, row->text, -1);
  g_assert_cmpstr (nebula_outcome_get_rule (outcome), ==, row->rule);
  g_assert_cmpint (nebula_outcome_get_category (outcome), ==, row->category);
  g_assert_cmpint (nebula_outcome_get_cause (outcome), ==, row->cause);
  g_assert_cmpint (nebula_outcome_get_effect (outcome), ==, row->effect);
  g_assert_cmpint (nebula_outcome_get_pace (outcome), ==, row->pace);
  g_assert_cmpint (nebula_outcome_get_grpc_status (outcome), ==, row->status);
  g_assert_cmpint (nebula_outcome_get_wire_code (outcome), ==, -3);
  g_assert_cmpstr (nebula_outcome_get_message (outcome), ==,
                   row->text != NULL ? row->text : "");
}

static void
test_reasons (void)
{
  g_test_summary ("a reason tells what was executed where the type of the exception does not");
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_test_message ("type %d, reason %s", cases[i].type, cases[i].reason);
      check (&cases[i]);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/outcome-reason/all", test_reasons);
  return g_test_run ();
}
