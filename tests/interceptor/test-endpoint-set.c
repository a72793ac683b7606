/* SPDX-License-Identifier: Apache-2.0 */
#include "nebula-endpoint-set-private.h"

#include <nebula-interceptor/nebula-endpoint-state.h>
#include <string.h>

#define MS G_GINT64_CONSTANT (1000)
#define S G_GINT64_CONSTANT (1000000)

#define START (1000 * S) /* any does */
#define PROBE (3 * S)    /* how long one may take */

typedef struct
{
  NebulaEndpointSet *set;
  gint64 now;
} Fixture;

/* @data: the endpoints. */
static void
set_up (Fixture *self, gconstpointer data)
{
  g_autoptr (NebulaRetryPolicy) policy
    = g_object_new (NEBULA_TYPE_RETRY_POLICY, "shuffle-endpoints", FALSE, NULL);
  g_autoptr (GError) error = NULL;

  self->set = nebula_endpoint_set_new (policy);
  self->now = START;
  g_assert_true (nebula_endpoint_set_replace (self->set, data, &error));
  g_assert_no_error (error);
}

static void
tear_down (Fixture *self, gconstpointer data)
{
  nebula_endpoint_set_free (self->set);
}

static const char *
name_of (const NebulaEndpointUse *use)
{
  return use->member != NULL ? use->member->endpoint->name : "none";
}

/* Chooses for a connection, and asserts which it is: a name, with a ? behind it for a probe. */
static void
choose (Fixture *self, NebulaEndpointUse *use, GPtrArray *tried, const char *expected)
{
  g_autofree char *got = NULL;

  if (nebula_endpoint_set_choose (self->set, use, tried, self->now, PROBE))
    got = g_strdup_printf ("%s%s", name_of (use), use->is_probe ? "?" : "");
  g_assert_cmpstr (got, ==, expected);
}

/* The same for somebody who has no connection yet. */
static void
choose_new (Fixture *self, const char *expected)
{
  g_auto (NebulaEndpointUse) use = { 0 };

  choose (self, &use, NULL, expected);
}

static void
report (Fixture *self, NebulaEndpointUse *use, NebulaEndpointTrouble kind, guint statement)
{
  NebulaEndpointReport report = { kind, self->now, 0, "it broke", statement };

  nebula_endpoint_set_report (self->set, use, &report);
}

static void
fail (Fixture *self, NebulaEndpointUse *use)
{
  report (self, use, NEBULA_ENDPOINT_TROUBLE_LOST, 0);
}

/* Connects to @name, and fails. */
static void
fail_new (Fixture *self, const char *name)
{
  g_auto (NebulaEndpointUse) use = { 0 };

  choose (self, &use, NULL, name);
  fail (self, &use);
}

/* "name" for what is well, "name:failures:milliseconds" for what is set aside, with a blank between
 * two. */
static void
assert_states (Fixture *self, const char *expected)
{
  g_autoptr (GPtrArray) states = nebula_endpoint_set_get_states (self->set, self->now);
  g_autoptr (GString) got = g_string_new (NULL);

  for (guint i = 0; i < states->len; i++)
    {
      NebulaEndpointState *state = states->pdata[i];
      gint64 pause = nebula_endpoint_state_get_pause (state);

      g_string_append_printf (got, "%s%.1s", i > 0 ? " " : "",
                              nebula_endpoint_state_get_name (state));
      if (nebula_endpoint_state_get_failures (state) > 0)
        g_string_append_printf (got, ":%u:%d", nebula_endpoint_state_get_failures (state),
                                (int) (pause / MS));
      g_assert_true (nebula_endpoint_state_is_set_aside (state) == (pause > 0));
    }
  g_assert_cmpstr (got->str, ==, expected);
}

static void
test_round_robin (Fixture *self, gconstpointer data)
{
  g_test_summary ("new connections go round");
  choose_new (self, "a:9669");
  choose_new (self, "b:9669");
  choose_new (self, "c:9669");
  choose_new (self, "a:9669");
}

static void
test_sticky (Fixture *self, gconstpointer data)
{
  g_auto (NebulaEndpointUse) use = { 0 };

  g_test_summary ("who reconnects stays where it was, while that is well; that takes nobody's turn");
  choose (self, &use, NULL, "a:9669");
  for (guint i = 0; i < 5; i++)
    choose (self, &use, NULL, "a:9669");
  choose_new (self, "b:9669");
  fail (self, &use);
  choose (self, &use, NULL, "c:9669");
}

static void
test_set_aside (Fixture *self, gconstpointer data)
{
  g_test_summary ("what failed gets no connection while others are there");
  fail_new (self, "a:9669");
  assert_states (self, "a:1:1000 b c");
  for (guint i = 0; i < 10; i++)
    choose_new (self, i % 2 == 0 ? "b:9669" : "c:9669");
}

static void
test_least_recently_failed (Fixture *self, gconstpointer data)
{
  NebulaEndpointUse uses[3] = { { 0 } };

  g_test_summary ("of those that have failed lately the one that failed first comes first");
  for (guint i = 0; i < 3; i++)
    choose (self, &uses[i], NULL, ((const char *[]){ "a:9669", "b:9669", "c:9669" })[i]);
  for (guint i = 0; i < 3; i++)
    {
      guint order[] = { 1, 0, 2 };

      fail (self, &uses[order[i]]);
      self->now += 1 * MS;
    }
  /* They answer, but nothing has succeeded yet. */
  self->now += 30 * S;
  for (guint i = 0; i < 3; i++)
    {
      nebula_endpoint_use_clear (&uses[i]);
      g_assert_true (nebula_endpoint_set_choose (self->set, &uses[i], NULL, self->now, PROBE));
      nebula_endpoint_set_note_answer (self->set, &uses[i]);
    }
  for (guint i = 0; i < 4; i++)
    choose_new (self, "b:9669");
  for (guint i = 0; i < 3; i++)
    if (strcmp (name_of (&uses[i]), "b:9669") != 0)
      nebula_endpoint_set_note_success (self->set, &uses[i]);
  choose_new (self, "c:9669");
  choose_new (self, "a:9669");
  choose_new (self, "c:9669");
  for (guint i = 0; i < 3; i++)
    nebula_endpoint_use_clear (&uses[i]);
}

static void
test_tried (Fixture *self, gconstpointer data)
{
  g_autoptr (GPtrArray) tried = g_ptr_array_new ();
  NebulaEndpointUse uses[3] = { { 0 } };

  g_test_summary ("a call that leaves an endpoint goes to one it was not at; else to the oldest");
  for (guint i = 0; i < 3; i++)
    {
      choose (self, &uses[i], tried, ((const char *[]){ "a:9669", "b:9669", "c:9669" })[i]);
      g_ptr_array_add (tried, uses[i].member);
    }
  for (guint i = 0; i < 2; i++)
    {
      g_auto (NebulaEndpointUse) next = { 0 };

      choose (self, &next, tried, i == 0 ? "a:9669" : "b:9669");
      g_ptr_array_remove (tried, next.member);
      g_ptr_array_add (tried, next.member);
    }
  for (guint i = 0; i < 3; i++)
    nebula_endpoint_use_clear (&uses[i]);
}

static void
test_probe (Fixture *self, gconstpointer data)
{
  g_auto (NebulaEndpointUse) probe = { 0 };

  g_test_summary ("after its pause one interceptor probes an endpoint, others go on without it");
  fail_new (self, "a:9669");
  self->now += 1 * S;
  choose (self, &probe, NULL, "a:9669?");
  choose_new (self, "b:9669");
  choose_new (self, "c:9669");

  fail (self, &probe);
  assert_states (self, "a:2:2000 b c");
  choose_new (self, "b:9669");
  nebula_endpoint_use_clear (&probe);

  self->now += 2 * S;
  choose (self, &probe, NULL, "a:9669?");
  nebula_endpoint_set_note_answer (self->set, &probe);
  choose_new (self, "b:9669");
  nebula_endpoint_set_note_success (self->set, &probe);
  assert_states (self, "a b c");
}

static void
test_probe_given_up (Fixture *self, gconstpointer data)
{
  g_auto (NebulaEndpointUse) first = { 0 };
  g_auto (NebulaEndpointUse) second = { 0 };

  g_test_summary ("a probe that is given up, or never ends, is made by somebody else");
  fail_new (self, "a:9669");
  self->now += 1 * S;
  choose (self, &first, NULL, "a:9669?");
  nebula_endpoint_set_give_up_probe (self->set, &first);
  self->now += 1 * S;
  choose (self, &second, NULL, "a:9669?");
  self->now += PROBE - 1;
  choose_new (self, "b:9669");
  self->now += 1;
  choose_new (self, "a:9669?");
}

static void
test_probe_without_limit (Fixture *self, gconstpointer data)
{
  g_auto (NebulaEndpointUse) first = { 0 };
  g_auto (NebulaEndpointUse) second = { 0 };

  g_test_summary ("a probe that may take for ever is not waited for by others for ever");
  fail_new (self, "a:9669");
  self->now += 1 * S;
  g_assert_true (nebula_endpoint_set_choose (self->set, &first, NULL, self->now, 0));
  g_assert_true (first.is_probe);
  self->now += 30 * S - 1;
  choose_new (self, "b:9669");
  self->now += 1;
  choose (self, &second, NULL, "a:9669?");
}

static void
test_news (Fixture *self, gconstpointer data)
{
  NebulaEndpointUse uses[32] = { { 0 } };

  g_test_summary ("32 connections that break with one graphd are one failure, not 32");
  for (guint i = 0; i < 32; i++)
    {
      g_assert_true (nebula_endpoint_set_choose (self->set, &uses[i], NULL, self->now, PROBE));
      nebula_endpoint_set_note_success (self->set, &uses[i]);
    }
  for (guint i = 0; i < 32; i++)
    if (strcmp (name_of (&uses[i]), "a:9669") == 0)
      fail (self, &uses[i]);
  assert_states (self, "a:1:1000 b c");
  for (guint i = 0; i < 32; i++)
    nebula_endpoint_use_clear (&uses[i]);
}

static void
test_news_after_success (Fixture *self, gconstpointer data)
{
  g_auto (NebulaEndpointUse) probe = { 0 };
  g_auto (NebulaEndpointUse) other = { 0 };

  g_test_summary ("what breaks after another's success is news, also on a connection before that");
  choose_new (self, "a:9669");
  choose_new (self, "b:9669");
  fail_new (self, "c:9669");
  self->now += 1 * S;
  choose (self, &probe, NULL, "c:9669?");
  nebula_endpoint_set_note_answer (self->set, &probe);
  choose_new (self, "a:9669");
  fail_new (self, "b:9669");
  fail_new (self, "a:9669");
  choose (self, &other, NULL, "c:9669");
  nebula_endpoint_set_note_success (self->set, &probe);
  assert_states (self, "a:1:1000 b:1:1000 c");
  fail (self, &other);
  assert_states (self, "a:1:1000 b:1:1000 c:1:1000");
}

static void
test_old_success (Fixture *self, gconstpointer data)
{
  g_auto (NebulaEndpointUse) old = { 0 };
  g_auto (NebulaEndpointUse) failing = { 0 };

  g_test_summary ("a connection that was made before the failure does not end the pause");
  choose (self, &old, NULL, "a:9669");
  choose (self, &failing, NULL, "b:9669");
  choose (self, &failing, NULL, "b:9669");
  nebula_endpoint_use_clear (&failing);
  choose_new (self, "c:9669");
  choose (self, &failing, NULL, "a:9669");
  fail (self, &failing);
  nebula_endpoint_set_note_answer (self->set, &old);
  nebula_endpoint_set_note_success (self->set, &old);
  assert_states (self, "a:1:1000 b c");
}

static void
test_all_down (Fixture *self, gconstpointer data)
{
  g_test_summary ("when all are set aside the one that returns first is used");
  fail_new (self, "a:9669");
  self->now += 100 * MS;
  fail_new (self, "b:9669");
  self->now += 100 * MS;
  fail_new (self, "c:9669");
  assert_states (self, "a:1:800 b:1:900 c:1:1000");
  fail_new (self, "a:9669");
  fail_new (self, "b:9669");
  fail_new (self, "c:9669");
  assert_states (self, "a:2:2000 b:2:2000 c:2:2000");
}

static void
test_all_down_tried (Fixture *self, gconstpointer data)
{
  g_autoptr (GPtrArray) tried = g_ptr_array_new ();
  g_auto (NebulaEndpointUse) first = { 0 };
  g_auto (NebulaEndpointUse) second = { 0 };
  g_auto (NebulaEndpointUse) third = { 0 };

  g_test_summary ("a call goes to each of them, also to one whose pause is the longest");
  for (guint i = 0; i < 4; i++)
    {
      fail_new (self, i == 0 ? "a:9669" : "a:9669?");
      self->now += i < 3 ? 20 * S : 500 * MS;
    }
  fail_new (self, "b:9669");
  fail_new (self, "c:9669");
  assert_states (self, "a:4:7500 b:1:1000 c:1:1000");
  self->now += 500 * MS;
  choose (self, &first, tried, "b:9669");
  g_ptr_array_add (tried, first.member);
  choose (self, &second, tried, "c:9669");
  g_ptr_array_add (tried, second.member);
  choose (self, &third, tried, "a:9669");
}

static void
test_circuit (Fixture *self, gconstpointer data)
{
  g_autofree char *why = NULL;

  g_test_summary ("an endpoint that is down is connected to a few times a second, by all together");
  fail_new (self, "a:9669");
  g_assert_cmpint (nebula_endpoint_set_get_next_connect (self->set), ==, START);
  fail_new (self, "a:9669");
  g_assert_cmpint (nebula_endpoint_set_get_next_connect (self->set), ==, START + 250 * MS);
  self->now += 100 * MS;
  for (guint i = 0; i < 1000; i++)
    choose_new (self, NULL);
  why = nebula_endpoint_set_describe (self->set, self->now);
  g_assert_cmpstr (why, ==,
                   "no connection may be made now: a:9669 has been down for 0.100 s (2 failures, the "
                   "last one: it broke), and is tried again in 0.150 s");
  self->now += 150 * MS;
  fail_new (self, "a:9669");
  choose_new (self, NULL);
  self->now += 500 * MS;
  fail_new (self, "a:9669");
  self->now += 1 * S;
  fail_new (self, "a:9669");
  self->now += 1 * S - 1;
  choose_new (self, NULL);
}

static void
test_circuit_of_many (Fixture *self, gconstpointer data)
{
  g_test_summary ("each endpoint has a limit of its own");
  for (guint i = 0; i < 2; i++)
    {
      fail_new (self, "a:9669");
      fail_new (self, "b:9669");
      fail_new (self, "c:9669");
    }
  choose_new (self, NULL);
  self->now += 250 * MS;
  fail_new (self, "a:9669");
  fail_new (self, "b:9669");
  fail_new (self, "c:9669");
  choose_new (self, NULL);
}

static void
test_memory (Fixture *self, gconstpointer data)
{
  g_auto (NebulaEndpointUse) use = { 0 };

  g_test_summary ("the third statement that runs out of memory sets the endpoint aside");
  choose (self, &use, NULL, "a:9669");
  report (self, &use, NEBULA_ENDPOINT_TROUBLE_MEMORY, 1);
  report (self, &use, NEBULA_ENDPOINT_TROUBLE_MEMORY, 1);
  report (self, &use, NEBULA_ENDPOINT_TROUBLE_MEMORY, 2);
  assert_states (self, "a b c");
  report (self, &use, NEBULA_ENDPOINT_TROUBLE_MEMORY, 3);
  assert_states (self, "a:1:1000 b c");
}

static void
test_replace (Fixture *self, gconstpointer data)
{
  g_auto (NebulaEndpointUse) kept = { 0 };
  g_auto (NebulaEndpointUse) removed = { 0 };
  guint version = nebula_endpoint_set_get_version (self->set);

  g_test_summary ("who stays keeps its health; who leaves knows it; who comes is healthy");
  choose (self, &kept, NULL, "a:9669");
  choose (self, &removed, NULL, "b:9669");
  fail (self, &kept);
  fail (self, &removed);
  g_assert_true (nebula_endpoint_set_replace (self->set, "d,a,e", NULL));
  g_assert_cmpuint (nebula_endpoint_set_get_version (self->set), !=, version);
  assert_states (self, "d a:1:1000 e");
  g_assert_false (nebula_endpoint_member_is_removed (kept.member));
  g_assert_true (nebula_endpoint_member_is_removed (removed.member));
  fail (self, &removed);
  choose (self, &removed, NULL, "e:9669");

  g_assert_true (nebula_endpoint_set_replace (self->set, "b,d", NULL));
  assert_states (self, "b d");
}

static void
test_wrong_list (Fixture *self, gconstpointer data)
{
  static const struct
  {
    const char *list;
    const char *message;
  } cases[] = {
    { "", "endpoint \"\": the list is empty" },
    { "d,,e", "endpoint \"\": the host is missing" },
    { "d,a:0", "endpoint \"a:0\": the port is out of range, it has to be from 1 to 65535" },
    { "d,a:65536", "endpoint \"a:65536\": the port is out of range, it has to be from 1 to 65535" },
    { "d,a:12x", "endpoint \"a:12x\": the port is no number from 1 to 65535" },
    { "d,a:", "endpoint \"a:\": the port is no number from 1 to 65535" },
    { "d,e,d:9669", "endpoint \"d:9669\": it is named twice" },
    { "::1:9669", "endpoint \"::1:9669\": more than one colon (an IPv6 address needs brackets)" },
    { "[::1", "endpoint \"[::1\": the bracket is not closed" },
    { "unix:run", "endpoint \"unix:run\": the path after unix: does not begin with /" },
  };
  guint version = nebula_endpoint_set_get_version (self->set);

  g_test_summary ("each mistake has its own message, and changes nothing");
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *message = NULL;
      g_autoptr (GError) error = NULL;

      message = g_strconcat (cases[i].message,
                             "; expected host:port, [IPv6]:port or unix:/path", NULL);
      g_assert_false (nebula_endpoint_set_replace (self->set, cases[i].list, &error));
      g_assert_error (error, NEBULA_ERROR, NEBULA_ERROR_INVALID_ARGUMENT);
      g_assert_cmpstr (error->message, ==, message);
    }
  assert_states (self, "a b c");
  g_assert_cmpuint (nebula_endpoint_set_get_version (self->set), ==, version);
}

static void
set_budget (Fixture *self, NebulaBudgetKind kind, guint capacity)
{
  g_autoptr (NebulaRetryPolicy) policy = NULL;

  policy = g_object_new (NEBULA_TYPE_RETRY_POLICY, "budget", kind, "budget-capacity", capacity,
                         "shuffle-endpoints", FALSE, NULL);
  nebula_endpoint_set_set_policy (self->set, policy);
}

/* Takes @tokens from the budget of the endpoint of @use. */
static void
pay (Fixture *self, const NebulaEndpointUse *use, guint tokens)
{
  g_autoptr (NebulaRetryBudget) budget = nebula_endpoint_set_get_budget (self->set, use->member);
  guint paid;

  for (guint i = 0; i < tokens; i++)
    nebula_retry_budget_charge (budget, NEBULA_CAUSE_LEADER, &paid);
}

static void
assert_level (Fixture *self, const NebulaEndpointUse *use, double level)
{
  g_autoptr (NebulaRetryBudget) budget = nebula_endpoint_set_get_budget (self->set, use->member);

  g_assert_cmpfloat (nebula_retry_budget_get_level (budget), ==, level);
}

static void
test_budgets (Fixture *self, gconstpointer data)
{
  const NebulaEndpointUse foreign = { 0 };
  g_auto (NebulaEndpointUse) first = { 0 };
  g_auto (NebulaEndpointUse) second = { 0 };

  g_test_summary ("a lease is each endpoint's own; it stays as full as it is, and with the endpoint");
  choose (self, &first, NULL, "a:9669");
  choose (self, &second, NULL, "b:9669");
  pay (self, &first, 250);
  assert_level (self, &first, 250);
  assert_level (self, &second, 500);
  assert_level (self, &foreign, 500);

  set_budget (self, NEBULA_BUDGET_LEASE, 100);
  assert_level (self, &first, 50);
  assert_level (self, &second, 100);
  g_assert_true (nebula_endpoint_set_replace (self->set, "c,a,b", NULL));
  assert_level (self, &first, 50);
  set_budget (self, NEBULA_BUDGET_THROTTLE, 10);
  assert_level (self, &foreign, 5);
}

static void
test_throttle (Fixture *self, gconstpointer data)
{
  g_auto (NebulaEndpointUse) first = { 0 };
  g_auto (NebulaEndpointUse) second = { 0 };

  g_test_summary ("gRPC's throttle is one for all; a change of kind does not fill it up");
  choose (self, &first, NULL, "a:9669");
  choose (self, &second, NULL, "b:9669");
  pay (self, &second, 100);
  set_budget (self, NEBULA_BUDGET_THROTTLE, 10);
  assert_level (self, &first, 8);
  pay (self, &first, 3);
  assert_level (self, &second, 5);
  g_assert_true (nebula_endpoint_set_replace (self->set, "d,b", NULL));
  assert_level (self, &second, 5);

  set_budget (self, NEBULA_BUDGET_THROTTLE, 20);
  assert_level (self, &second, 10);
  set_budget (self, NEBULA_BUDGET_LEASE, 500);
  assert_level (self, &second, 250);
  choose (self, &first, NULL, "d:9669");
  assert_level (self, &first, 250);
  pay (self, &first, 50);
  assert_level (self, &second, 250);
}

#define add(path, endpoints, func) \
  g_test_add ("/endpoint-set/" path, Fixture, endpoints, set_up, func, tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  add ("round-robin", "a,b,c", test_round_robin);
  add ("sticky", "a,b,c", test_sticky);
  add ("set-aside", "a,b,c", test_set_aside);
  add ("least-recently-failed", "a,b,c", test_least_recently_failed);
  add ("tried", "a,b,c", test_tried);
  add ("probe", "a,b,c", test_probe);
  add ("probe-given-up", "a,b", test_probe_given_up);
  add ("probe-without-limit", "a,b", test_probe_without_limit);
  add ("news", "a,b,c", test_news);
  add ("old-success", "a,b,c", test_old_success);
  add ("news-after-success", "a,b,c", test_news_after_success);
  add ("all-down", "a,b,c", test_all_down);
  add ("all-down-tried", "a,b,c", test_all_down_tried);
  add ("circuit", "a", test_circuit);
  add ("circuit-of-many", "a,b,c", test_circuit_of_many);
  add ("memory", "a,b,c", test_memory);
  add ("replace", "a,b,c", test_replace);
  add ("wrong-list", "a,b,c", test_wrong_list);
  add ("budgets", "a,b", test_budgets);
  add ("throttle", "a,b", test_throttle);
  return g_test_run ();
}
