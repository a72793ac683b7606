/* SPDX-License-Identifier: Apache-2.0 */
#include "nebula-session-table-private.h"

#include <string.h>

#define NOW (7 * G_TIME_SPAN_SECOND)
#define HOUR (3600 * G_TIME_SPAN_SECOND)

typedef struct
{
  NebulaCredentialSource *source;
  NebulaSessionTable *table;
  NebulaManualClock *clock;
  NebulaLimit limit; /* on the clock, which stands still */
} Fixture;

static void
set_up (Fixture *fixture, gconstpointer data)
{
  fixture->source = nebula_credential_source_new (NULL);
  fixture->table = nebula_session_table_new (fixture->source);
  fixture->clock = nebula_manual_clock_new (G_TIME_SPAN_SECOND);
  fixture->limit.clock = NEBULA_CLOCK (fixture->clock);
  fixture->limit.deadline = G_MAXINT64;
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  nebula_session_table_free (fixture->table);
  nebula_credential_source_unref (fixture->source);
  g_assert_finalize_object (fixture->clock);
}

static NebulaSession *
learn (Fixture *fixture, gint64 id)
{
  g_autoptr (NebulaCredential) credential = nebula_credential_new ("root", 4, "nebula", 6);

  return nebula_session_table_learn (fixture->table, id, credential, NOW);
}

static void
assert_bytes (GBytes *bytes, const char *text)
{
  g_assert_cmpmem (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes), text, strlen (text));
}

static void
renew_as (Fixture *fixture, NebulaSession *session, gint64 id)
{
  g_autoptr (NebulaCredential) credential = nebula_session_get_credential (session);

  g_assert_true (nebula_session_begin_renewal (session, &fixture->limit, NULL));
  nebula_session_end_renewal (session, credential, id);
}

static void
test_unknown (Fixture *fixture, gconstpointer data)
{
  g_test_summary ("an id that no authenticate answered is nobody's");
  g_assert_null (nebula_session_table_find (fixture->table, 7));
  nebula_session_table_end (fixture->table, 7);
}

static void
test_renewal (Fixture *fixture, gconstpointer data)
{
  g_autoptr (NebulaSession) session = learn (fixture, 7);
  g_auto (NebulaSessionView) view = { 0 };
  NebulaCredential *credential;
  guint version = nebula_session_get_version (session);

  g_test_summary ("a lost session gets a new id behind the caller's, and every change a new version");
  g_assert_true (nebula_session_can_renew (session));
  nebula_session_lose (session, 7);
  g_assert_cmpuint (nebula_session_get_version (session), !=, version);
  version = nebula_session_get_version (session);
  g_assert_true (nebula_session_begin_renewal (session, &fixture->limit, NULL));
  credential = nebula_session_claim_credential (session, &fixture->limit, NULL);
  assert_bytes (nebula_credential_get_user (credential), "root");
  assert_bytes (nebula_credential_get_password (credential), "nebula");
  g_assert_cmpint (nebula_session_end_renewal (session, credential, 8), ==, 0);
  nebula_session_settle_credential (session, credential);

  nebula_session_view (session, &view);
  g_assert_cmpuint (view.version, !=, version);
  g_assert_cmpint (view.id, ==, 8);
  g_assert_false (view.lost);
  nebula_session_lose (session, 7);
  nebula_session_view (session, &view);
  g_assert_false (view.lost);
}

static void
test_no_credentials (Fixture *fixture, gconstpointer data)
{
  g_autoptr (NebulaSession) session = NULL;

  g_test_summary ("without a password nothing is renewed");
  session = nebula_session_table_learn (fixture->table, 7, NULL, NOW);
  nebula_session_lose (session, 7);
  g_assert_false (nebula_session_can_renew (session));
  g_assert_null (nebula_session_claim_credential (session, &fixture->limit, NULL));
}

static void
test_end (Fixture *fixture, gconstpointer data)
{
  g_autoptr (NebulaSession) session = learn (fixture, 7);
  g_autoptr (NebulaSession) found = NULL;
  g_auto (NebulaSessionView) view = { 0 };

  g_test_summary ("a session that was signed out is dead to all: no id, no space, no password");
  nebula_session_set_space (session, "test", 4, &view);
  nebula_session_lose (session, 7);
  nebula_session_table_end (fixture->table, 7);
  found = nebula_session_table_find (fixture->table, 7);
  g_assert_true (found == session);
  nebula_session_view (session, &view);
  g_assert_cmpint (view.id, ==, 0);
  g_assert_null (view.space);
  g_assert_false (view.lost);
  g_assert_null (nebula_session_get_credential (session));

  nebula_session_lose (session, 7);
  nebula_session_set_space (session, "test", 4, &view);
  g_assert_false (view.lost);
  g_assert_null (view.space);
  g_assert_false (nebula_session_can_renew (session));
  g_assert_false (nebula_session_begin_renewal (session, &fixture->limit, NULL));
}

static void
test_many_dead (Fixture *fixture, gconstpointer data)
{
  g_autoptr (NebulaSession) first = learn (fixture, 1);
  g_autoptr (NebulaSession) again = NULL;
  g_autoptr (NebulaSession) last = NULL;

  g_test_summary ("of the dead ids the last thousand are known; one that was given anew stays");
  nebula_session_table_end (fixture->table, 1);
  again = learn (fixture, 1);
  for (gint64 id = 2; id < 1030; id++)
    {
      g_autoptr (NebulaSession) session = learn (fixture, id);

      nebula_session_table_end (fixture->table, id);
      nebula_session_table_end (fixture->table, id);
    }
  g_clear_pointer (&first, nebula_session_unref);
  first = nebula_session_table_find (fixture->table, 1);
  last = nebula_session_table_find (fixture->table, 1029);
  g_assert_true (first == again);
  g_assert_true (nebula_session_has_ended (last));
  g_assert_null (nebula_session_table_find (fixture->table, 2));
}

static void
test_abandoned (Fixture *fixture, gconstpointer data)
{
  g_autoptr (NebulaSession) used = learn (fixture, 7);
  g_autoptr (NebulaSession) left = NULL;

  g_test_summary ("a session that nobody has used for 8 hours is forgotten, with its password");
  nebula_session_unref (learn (fixture, 8));
  nebula_session_unref (nebula_session_table_learn (fixture->table, 9, NULL, NOW + 1));
  nebula_session_unref (nebula_session_table_learn (fixture->table, 10, NULL, NOW + 8 * HOUR - 1));
  left = nebula_session_table_find (fixture->table, 8);
  g_assert_nonnull (left);
  g_clear_pointer (&left, nebula_session_unref);

  /* To be looked for counts as use. */
  nebula_session_unref (nebula_session_table_learn (fixture->table, 11, NULL, NOW + 9 * HOUR));
  nebula_session_unref (nebula_session_table_learn (fixture->table, 12, NULL, NOW + 16 * HOUR));
  g_assert_null (nebula_session_table_find (fixture->table, 9));
  left = nebula_session_table_find (fixture->table, 8);
  g_assert_nonnull (left);
  g_clear_pointer (&left, nebula_session_unref);

  nebula_session_unref (nebula_session_table_learn (fixture->table, 13, NULL, NOW + 18 * HOUR));
  nebula_session_unref (nebula_session_table_learn (fixture->table, 14, NULL, NOW + 26 * HOUR));
  g_assert_null (nebula_session_table_find (fixture->table, 8));
  left = nebula_session_table_find (fixture->table, 7);
  g_assert_true (left == used);
}

static void
test_looked_for (Fixture *fixture, gconstpointer data)
{
  g_autoptr (NebulaSession) left = NULL;

  g_test_summary ("sessions that nobody uses are looked for once a minute, however many are made");
  for (gint64 id = 7; id < 60; id++)
    nebula_session_unref (nebula_session_table_learn (fixture->table, id, NULL, NOW + id - 7));
  nebula_session_unref (nebula_session_table_learn (fixture->table, 60, NULL, NOW + 9 * HOUR));
  left = nebula_session_table_find (fixture->table, 7);
  g_assert_nonnull (left);
}

static void
test_shared_password (Fixture *fixture, gconstpointer data)
{
  g_autoptr (NebulaCredential) set = nebula_credential_new ("root", 4, "nebula", 6);
  g_autoptr (NebulaSession) session = NULL;
  g_autoptr (NebulaCredential) shared = NULL;

  g_test_summary ("what a session was got with is the same as what is set, where they are equal");
  nebula_credential_source_set (fixture->source, set);
  session = learn (fixture, 7);
  shared = nebula_session_get_credential (session);
  g_assert_true (shared == set);
}

static void
test_needless_id (Fixture *fixture, gconstpointer data)
{
  g_autoptr (NebulaSession) session = learn (fixture, 7);
  g_auto (NebulaSessionView) view = { 0 };
  NebulaCredential *credential;

  g_test_summary ("an id that graphd still has and nobody needs is told: replaced, or come too late");
  nebula_session_set_space (session, "test", 4, &view);
  nebula_session_lose_space (session, &view);
  g_assert_true (nebula_session_begin_renewal (session, &fixture->limit, NULL));
  credential = nebula_session_get_credential (session);
  g_assert_cmpint (nebula_session_end_renewal (session, credential, 8), ==, 7);

  nebula_session_lose (session, 8);
  g_assert_true (nebula_session_begin_renewal (session, &fixture->limit, NULL));
  nebula_session_table_end (fixture->table, 7);
  g_assert_cmpint (nebula_session_end_renewal (session, credential, 9), ==, 9);
  nebula_session_view (session, &view);
  g_assert_cmpint (view.id, ==, 0);
  g_assert_null (nebula_session_get_credential (session));
  nebula_credential_unref (credential);
}

static void
test_replaced (Fixture *fixture, gconstpointer data)
{
  g_autoptr (NebulaSession) old = learn (fixture, 7);
  g_autoptr (NebulaSession) session = learn (fixture, 7);

  g_test_summary ("an id that is answered again is a new session");
  g_assert_true (old != session);
  g_assert_true (nebula_session_is_replaced (old));
  g_assert_false (nebula_session_is_replaced (session));
}

static void
test_space (Fixture *fixture, gconstpointer data)
{
  g_autoptr (NebulaSession) session = learn (fixture, 7);
  g_auto (NebulaSessionView) view = { 0 };
  guint version;

  g_test_summary ("the space last confirmed is kept through doubt, and gone with the space");
  nebula_session_set_space (session, "testing", 4, &view);
  version = view.version;
  nebula_session_doubt_space (session, "other");
  nebula_session_view (session, &view);
  g_assert_cmpstr (view.space, ==, "test");
  g_assert_cmpuint (view.version, !=, version);

  nebula_session_set_space (session, "other", 5, &view);
  g_assert_cmpstr (view.space, ==, "other");
  nebula_session_set_space (session, "", 0, &view);
  g_assert_null (view.space);

  nebula_session_set_space (session, "other", 5, &view);
  nebula_session_lose_space (session, &view);
  nebula_session_view (session, &view);
  g_assert_null (view.space);
  g_assert_true (view.lost);
}

/* What a session comes to by an event, and whether a new one takes its place. */
static void
assert_state (NebulaSession *session, NebulaSessionState state)
{
  g_auto (NebulaSessionView) view = { 0 };

  nebula_session_view (session, &view);
  g_assert_cmpint (view.state, ==, state);
}

static void
test_late_statement (Fixture *fixture, gconstpointer data)
{
  g_autoptr (NebulaSession) session = learn (fixture, 7);
  g_auto (NebulaSessionView) view = { 0 };
  g_auto (NebulaSessionView) old = { 0 };

  g_test_summary ("a session in which a statement may come late is good until its space changes");
  nebula_session_set_space (session, "test", 4, &view);
  nebula_session_set_space (session, "test", 4, &old);
  nebula_session_leave_statement (session, &view, FALSE);
  g_assert_cmpuint (nebula_session_get_version (session), !=, old.version);
  assert_state (session, NEBULA_SESSION_TAINTED);
  nebula_session_set_space (session, "test", 4, &view);
  assert_state (session, NEBULA_SESSION_TAINTED);
  nebula_session_set_space (session, "other", 5, &view);
  assert_state (session, NEBULA_SESSION_SPENT);
  renew_as (fixture, session, 8);
  assert_state (session, NEBULA_SESSION_SOUND);

  /* Of one that was sent before the renewal, or before the space changed. */
  nebula_session_leave_statement (session, &old, TRUE);
  assert_state (session, NEBULA_SESSION_SOUND);
  nebula_session_view (session, &view);
  nebula_session_set_space (session, "test", 4, &old);
  nebula_session_leave_statement (session, &view, FALSE);
  assert_state (session, NEBULA_SESSION_SPENT);
  renew_as (fixture, session, 9);
  nebula_session_view (session, &view);
  nebula_session_leave_statement (session, &view, TRUE);
  assert_state (session, NEBULA_SESSION_SPENT);
}

static void
test_space_given_up (Fixture *fixture, gconstpointer data)
{
  g_autoptr (NebulaSession) session = learn (fixture, 7);
  g_auto (NebulaSessionView) view = { 0 };

  g_test_summary ("no space cannot be said to a graphd: a session that has none any more is spent");
  nebula_session_set_space (session, "", 0, &view);
  nebula_session_doubt_space (session, "");
  nebula_session_doubt_space (session, NULL);
  assert_state (session, NEBULA_SESSION_SOUND);
  nebula_session_doubt_space (session, "test");
  assert_state (session, NEBULA_SESSION_SPENT);
  renew_as (fixture, session, 8);
  nebula_session_set_space (session, "test", 4, &view);
  nebula_session_doubt_space (session, "other");
  assert_state (session, NEBULA_SESSION_SOUND);
  nebula_session_set_space (session, "", 0, &view);
  assert_state (session, NEBULA_SESSION_SPENT);
}

static void
test_no_other_session (Fixture *fixture, gconstpointer data)
{
  g_autoptr (NebulaSession) session = NULL;
  g_auto (NebulaSessionView) view = { 0 };

  g_test_summary ("where no new session can be had, the old one has to do");
  session = nebula_session_table_learn (fixture->table, 7, NULL, NOW);
  nebula_session_view (session, &view);
  nebula_session_leave_statement (session, &view, TRUE);
  assert_state (session, NEBULA_SESSION_SOUND);
}

static void
test_space_chosen_again (Fixture *fixture, gconstpointer data)
{
  g_autoptr (NebulaSession) renewable = learn (fixture, 7);
  g_autoptr (NebulaSession) other = NULL;
  g_auto (NebulaSessionView) view = { 0 };

  g_test_summary ("a USE of the caller's brings a session back only where nothing else can");
  nebula_session_lose (renewable, 7);
  nebula_session_set_space (renewable, "test", 4, &view);
  g_assert_true (view.lost);

  other = nebula_session_table_learn (fixture->table, 8, NULL, NOW);
  nebula_session_lose (other, 8);
  nebula_session_set_space (other, "test", 4, &view);
  g_assert_false (view.lost);
}

static void
test_space_meanwhile (Fixture *fixture, gconstpointer data)
{
  g_autoptr (NebulaSession) session = learn (fixture, 7);
  g_auto (NebulaSessionView) view = { 0 };
  g_auto (NebulaSessionView) caller = { 0 };
  guint version;

  g_test_summary ("a USE of ours that another stub's has overtaken confirms nothing, for nobody");
  nebula_session_set_space (session, "test", 4, &view);
  version = view.version;
  g_assert_true (nebula_session_confirm_space (session, &view));
  g_assert_cmpuint (nebula_session_get_version (session), ==, version);

  nebula_session_set_space (session, "other", 5, &caller);
  nebula_session_lose_space (session, &view);
  g_assert_false (nebula_session_confirm_space (session, &view));
  g_assert_cmpstr (view.space, ==, "other");
  g_assert_false (view.lost);
  g_assert_cmpuint (view.version, !=, caller.version);
  g_assert_true (nebula_session_confirm_space (session, &view));

  /* What others did beside the space is seen too. */
  nebula_session_lose (session, 7);
  g_assert_true (nebula_session_confirm_space (session, &view));
  g_assert_true (view.lost);
}

typedef struct
{
  NebulaSession *session;
  const NebulaLimit *limit;
  gint renewals; /* atomic */
} Race;

static gpointer
renew (gpointer data)
{
  Race *race = data;

  if (nebula_session_begin_renewal (race->session, race->limit, NULL))
    {
      g_autoptr (NebulaCredential) credential = nebula_session_get_credential (race->session);

      g_atomic_int_inc (&race->renewals);
      nebula_session_end_renewal (race->session, credential, 8);
    }
  return NULL;
}

static void
test_single_flight (Fixture *fixture, gconstpointer data)
{
  g_autoptr (NebulaSession) session = learn (fixture, 7);
  Race race = { session, &fixture->limit, 0 };
  GThread *threads[16];

  g_test_summary ("however many notice the loss, one authenticates");
  nebula_session_lose (session, 7);
  for (gsize i = 0; i < G_N_ELEMENTS (threads); i++)
    threads[i] = g_thread_new ("renew", renew, &race);
  for (gsize i = 0; i < G_N_ELEMENTS (threads); i++)
    g_thread_join (threads[i]);
  g_assert_cmpint (race.renewals, ==, 1);
}

static gpointer
take_and_wait (gpointer data)
{
  Race *race = data;

  g_assert_true (nebula_session_begin_renewal (race->session, race->limit, NULL));
  g_atomic_int_set (&race->renewals, 1);
  while (g_atomic_int_get (&race->renewals) == 1)
    g_thread_yield ();
  nebula_session_end_renewal (race->session, NULL, 0);
  return NULL;
}

static void
test_wait_ends (Fixture *fixture, gconstpointer data)
{
  g_autoptr (NebulaSession) session = learn (fixture, 7);
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GError) error = NULL;
  NebulaLimit limit = { fixture->limit.clock, G_TIME_SPAN_SECOND, NULL };
  Race race = { session, &fixture->limit, 0 };
  GThread *thread;

  g_test_summary ("the wait for another's renewal ends at the deadline, or when it is cancelled");
  nebula_session_lose (session, 7);
  thread = g_thread_new ("renew", take_and_wait, &race);
  while (g_atomic_int_get (&race.renewals) == 0)
    g_thread_yield ();
  g_assert_false (nebula_session_begin_renewal (session, &limit, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_TIMED_OUT);
  g_clear_error (&error);

  limit.deadline = G_MAXINT64;
  limit.cancellable = cancellable;
  g_cancellable_cancel (cancellable);
  g_assert_false (nebula_session_begin_renewal (session, &limit, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_atomic_int_set (&race.renewals, 2);
  g_thread_join (thread);
}

static void
test_came_back (Fixture *fixture, gconstpointer data)
{
  g_autoptr (NebulaSession) session = learn (fixture, 7);
  g_autoptr (GError) error = NULL;

  g_test_summary ("a thread that renews does not wait for itself");
  nebula_session_lose (session, 7);
  g_assert_true (nebula_session_begin_renewal (session, &fixture->limit, NULL));
  g_assert_false (nebula_session_begin_renewal (session, &fixture->limit, &error));
  g_assert_no_error (error);
  nebula_session_end_renewal (session, NULL, 0);
}

static void
test_refused (Fixture *fixture, gconstpointer data)
{
  g_autoptr (NebulaSession) session = learn (fixture, 7);
  g_autoptr (NebulaSession) same = learn (fixture, 8);
  g_autoptr (NebulaSession) again = NULL;
  NebulaCredential *credential;

  g_test_summary ("a password that was refused is so for all its sessions, until it is accepted");
  nebula_session_lose (session, 7);
  nebula_session_lose (same, 8);
  credential = nebula_session_claim_credential (session, &fixture->limit, NULL);
  nebula_credential_refuse (credential, NULL, 0);
  nebula_session_settle_credential (session, credential);
  g_assert_false (nebula_session_can_renew (session));
  g_assert_false (nebula_session_can_renew (same));
  g_assert_null (nebula_session_claim_credential (same, &fixture->limit, NULL));

  again = learn (fixture, 9);
  g_assert_true (nebula_session_can_renew (again));
  g_assert_true (nebula_session_can_renew (same));
}

typedef struct
{
  NebulaSession *session;
  const NebulaLimit *limit;
  guint n_asked;
} Asked;

static gboolean
begin_another (NebulaCluster *cluster,
               const char *session_user,
               char **user,
               char **password,
               gpointer user_data)
{
  Asked *asked = user_data;

  asked->n_asked++;
  g_assert_false (nebula_session_begin_renewal (asked->session, asked->limit, NULL));
  return FALSE;
}

static void
test_asked (Fixture *fixture, gconstpointer data)
{
  g_autoptr (NebulaSession) session = learn (fixture, 7);
  g_autoptr (NebulaSession) other = nebula_session_table_learn (fixture->table, 8, NULL, NOW);
  Asked asked = { session, &fixture->limit, 0 };

  g_test_summary ("who is being asked for credentials renews nothing: others may wait for the answer");
  nebula_credential_source_set_func (fixture->source, begin_another, &asked, NULL);
  nebula_session_lose (session, 7);
  nebula_session_lose (other, 8);
  g_assert_true (nebula_session_begin_renewal (other, &fixture->limit, NULL));
  g_assert_null (nebula_session_claim_credential (other, &fixture->limit, NULL));
  nebula_session_end_renewal (other, NULL, 0);
  g_assert_cmpuint (asked.n_asked, ==, 1);
}

#define ADD(path, func) g_test_add (path, Fixture, NULL, set_up, func, tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("/session/unknown", test_unknown);
  ADD ("/session/renewal", test_renewal);
  ADD ("/session/no-credentials", test_no_credentials);
  ADD ("/session/end", test_end);
  ADD ("/session/many-dead", test_many_dead);
  ADD ("/session/abandoned", test_abandoned);
  ADD ("/session/looked-for", test_looked_for);
  ADD ("/session/shared-password", test_shared_password);
  ADD ("/session/needless-id", test_needless_id);
  ADD ("/session/replaced", test_replaced);
  ADD ("/session/space", test_space);
  ADD ("/session/late-statement", test_late_statement);
  ADD ("/session/space-given-up", test_space_given_up);
  ADD ("/session/no-other-session", test_no_other_session);
  ADD ("/session/space-chosen-again", test_space_chosen_again);
  ADD ("/session/space-meanwhile", test_space_meanwhile);
  ADD ("/session/single-flight", test_single_flight);
  ADD ("/session/wait-ends", test_wait_ends);
  ADD ("/session/came-back", test_came_back);
  ADD ("/session/asked", test_asked);
  ADD ("/session/refused", test_refused);
  return g_test_run ();
}
