/* SPDX-License-Identifier: Apache-2.0 */
#include "call-fixture.h"

/* What a call tells its endpoint, and when it may have a connection. Nothing is connected to. */

#define S G_TIME_SPAN_SECOND
#define NOW CALL_FIXTURE_START

typedef struct
{
  NebulaCall call;
  NebulaManualClock *clock;
} Fixture;

static void
set_up (Fixture *self, gconstpointer data)
{
  g_autoptr (NebulaCluster) cluster = nebula_cluster_new ("a,b", NULL);

  self->clock = nebula_manual_clock_new (NOW);
  nebula_cluster_set_clock (cluster, NEBULA_CLOCK (self->clock));
  nebula_call_init (&self->call);
  nebula_call_set_cluster (&self->call, cluster);
  self->call.attempt_start = NOW;
  self->call.deadline = G_MAXINT64;
}

static void
tear_down (Fixture *self, gconstpointer data)
{
  nebula_call_clear (&self->call);
  g_assert_finalize_object (self->clock);
}

/* Goes to one of the two endpoints. */
static void
choose (Fixture *self)
{
  NebulaEndpointSet *set = nebula_cluster_get_endpoints (self->call.cluster);

  self->call.use.until = 0;
  g_assert_true (nebula_endpoint_set_choose (set, &self->call.use, NULL, NOW, S));
}

/* What is known of the endpoint in use. */
static NebulaEndpointState *
get_state (Fixture *self)
{
  g_autoptr (GPtrArray) states = nebula_cluster_get_endpoint_states (self->call.cluster);
  const char *name = self->call.use.member->endpoint->name;

  for (guint i = 0; i < states->len; i++)
    if (g_strcmp0 (nebula_endpoint_state_get_name (states->pdata[i]), name) == 0)
      return nebula_endpoint_state_ref (states->pdata[i]);
  g_assert_not_reached ();
}

static void
fail (Fixture *self, gint32 code, const char *message)
{
  g_autoptr (NebulaOutcome) outcome = NULL;

  outcome = nebula_outcome_new_from_reply (NEBULA_PHASE_EXECUTE, code, message, -1,
                                           NEBULA_CALL_TRAITS_NONE);
  nebula_call_note_failure (&self->call, outcome);
}

static void
test_without_text (Fixture *self, gconstpointer data)
{
  g_autoptr (NebulaEndpointState) state = NULL;

  g_test_summary ("an endpoint whose failure has no text is known by what caused it");
  choose (self);
  fail (self, -1, NULL);
  state = get_state (self);
  g_assert_true (nebula_endpoint_state_is_set_aside (state));
  g_assert_cmpstr (nebula_endpoint_state_get_last_error (state), ==, "connection");
}

/* A time-out now; when the attempt began and the call had to end are counted from now. An attempt
 * has 3 s for its connection. */
static const struct
{
  gint64 start;
  gint64 deadline;
  gboolean connecting;
  gboolean is_trouble;
} time_outs[] = {
  { 0, 0, TRUE, FALSE },
  { -1 * S, -1, TRUE, FALSE },
  { -3 * S + 1, 0, TRUE, FALSE },
  { -3 * S, 0, TRUE, TRUE },
  { 0, 1, TRUE, TRUE },
  { -3 * S, 60 * S, TRUE, TRUE },
  { -3 * S, 60 * S, FALSE, FALSE },
};

static void
test_hurried (Fixture *self, gconstpointer data)
{
  g_test_summary ("an endpoint that had less time than one that is well may take is not blamed");
  for (gsize i = 0; i < G_N_ELEMENTS (time_outs); i++)
    {
      g_autoptr (NebulaOutcome) outcome = NULL;
      g_autoptr (NebulaEndpointState) state = NULL;
      Fixture fresh = { 0 };

      set_up (&fresh, NULL);
      choose (&fresh);
      fresh.call.attempt_start = NOW + time_outs[i].start;
      fresh.call.deadline = NOW + time_outs[i].deadline;
      fresh.call.is_connecting = time_outs[i].connecting;
      outcome = nebula_outcome_new_from_transport (NEBULA_TRANSPORT_FAILURE_TIMEOUT,
                                                   NEBULA_SEND_STATE_NEVER, "timed out");
      nebula_call_note_failure (&fresh.call, outcome);
      state = get_state (&fresh);
      g_test_message ("row %" G_GSIZE_FORMAT, i);
      g_assert_cmpint (nebula_endpoint_state_is_set_aside (state), ==, time_outs[i].is_trouble);
      tear_down (&fresh, NULL);
    }
}

static void
test_answered (Fixture *self, gconstpointer data)
{
  g_test_summary ("an endpoint that was set aside is not any more when it has answered");
  for (guint i = 0; i < 2; i++)
    {
      choose (self);
      fail (self, -1, "gone");
    }
  choose (self);
  for (guint i = 0; i < 2; i++)
    {
      g_autoptr (NebulaEndpointState) state = get_state (self);

      g_assert_cmpint (nebula_endpoint_state_is_set_aside (state), ==, i == 0);
      nebula_call_note_answer (&self->call);
    }
}

static void
test_next_connect (Fixture *self, gconstpointer data)
{
  g_test_summary ("who has a connection does not wait for endpoints that are set aside");
  g_assert_cmpint (nebula_call_get_next_connect (&self->call), <=, NOW);
  for (guint i = 0; i < 2; i++)
    {
      choose (self);
      fail (self, -1, "gone");
      choose (self);
      fail (self, -1, "gone");
    }
  g_assert_cmpint (nebula_call_get_next_connect (&self->call), >=, NOW);
  self->call.connection.is_open = TRUE;
  g_assert_cmpint (nebula_call_get_next_connect (&self->call), ==, G_MININT64);
  self->call.connection.is_open = FALSE;
}

static void
test_followed (CallFixture *self, gconstpointer data)
{
  g_autoptr (GByteArray) frame = call_fixture_make_statement ("execute", 5, "YIELD 1");
  g_autoptr (NebulaRetryPolicy) policy = nebula_retry_policy_new ();
  NebulaEndpointSet *set = nebula_cluster_get_endpoints (self->call.cluster);

  g_test_summary ("a change of the set is followed by the next call, once");
  nebula_fake_channel_expect_open (self->channel, 0);
  call_fixture_expect_code (self, "verifyClientVersion", 1, 0);
  call_fixture_expect_code (self, "execute", 2, 0);
  g_assert_true (call_fixture_call (self, frame, NULL));
  nebula_cluster_set_policy (self->call.cluster, policy);
  g_assert_cmpuint (self->call.set_version, !=, nebula_endpoint_set_get_version (set));
  call_fixture_expect_code (self, "execute", 3, 0);
  g_assert_true (call_fixture_call (self, frame, NULL));
  g_assert_cmpuint (self->call.set_version, ==, nebula_endpoint_set_get_version (set));
}

#define ADD(path, func) g_test_add (path, Fixture, NULL, set_up, func, tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("/call-endpoint/without-text", test_without_text);
  ADD ("/call-endpoint/hurried", test_hurried);
  ADD ("/call-endpoint/answered", test_answered);
  ADD ("/call-endpoint/next-connect", test_next_connect);
  g_test_add ("/call-endpoint/followed", CallFixture, NULL, call_fixture_set_up, test_followed,
              call_fixture_tear_down);
  return g_test_run ();
}
