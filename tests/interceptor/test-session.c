/* SPDX-License-Identifier: Apache-2.0 */
#include "nebula-session-private.h"

#include <string.h>

typedef struct
{
  NebulaSessionTable *table;
  GBytes *user;
  GBytes *password;
} Fixture;

static void
set_up (Fixture *fixture, gconstpointer data)
{
  fixture->table = nebula_session_table_new ();
  fixture->user = nebula_secret_new ("root", 4);
  fixture->password = nebula_secret_new ("nebula", 6);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  nebula_session_table_free (fixture->table);
  g_bytes_unref (fixture->user);
  g_bytes_unref (fixture->password);
}

static NebulaSession *
learn (Fixture *fixture, gint64 id)
{
  nebula_session_table_learn (fixture->table, id, fixture->user, fixture->password);
  return nebula_session_table_find (fixture->table, id);
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
  g_autoptr (GBytes) user = NULL;
  g_autoptr (GBytes) password = NULL;
  guint version = nebula_session_get_version (session);

  g_test_summary ("a lost session gets a new id behind the caller's, and every change a new version");
  g_assert_true (nebula_session_can_renew (session));
  nebula_session_lose (session, 7);
  g_assert_cmpuint (nebula_session_get_version (session), !=, version);
  g_assert_true (nebula_session_begin_renewal (session, &user, &password));
  g_assert_cmpmem (g_bytes_get_data (user, NULL), g_bytes_get_size (user), "root", 4);
  g_assert_cmpmem (g_bytes_get_data (password, NULL), g_bytes_get_size (password), "nebula", 6);
  nebula_session_end_renewal (session, 8);

  nebula_session_view (session, &view);
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
  g_autoptr (GBytes) user = NULL;
  g_autoptr (GBytes) password = NULL;

  g_test_summary ("without a password nothing is renewed");
  nebula_session_table_learn (fixture->table, 7, NULL, NULL);
  session = nebula_session_table_find (fixture->table, 7);
  nebula_session_lose (session, 7);
  g_assert_false (nebula_session_can_renew (session));
  g_assert_false (nebula_session_begin_renewal (session, &user, &password));
}

static void
test_end (Fixture *fixture, gconstpointer data)
{
  g_autoptr (NebulaSession) session = learn (fixture, 7);

  g_test_summary ("a session that was signed out is never renewed again");
  nebula_session_table_end (fixture->table, 7);
  g_assert_null (nebula_session_table_find (fixture->table, 7));
  g_assert_false (nebula_session_can_renew (session));
}

static void
test_replaced (Fixture *fixture, gconstpointer data)
{
  g_autoptr (NebulaSession) old = learn (fixture, 7);
  g_autoptr (NebulaSession) session = learn (fixture, 7);

  g_test_summary ("an id that is answered again is a new session");
  g_assert_true (old != session);
}

static void
test_space (Fixture *fixture, gconstpointer data)
{
  g_autoptr (NebulaSession) session = learn (fixture, 7);
  g_auto (NebulaSessionView) view = { 0 };

  g_test_summary ("the space last confirmed is kept through doubt, and gone with the space");
  nebula_session_set_space (session, "testing", 4);
  nebula_session_doubt_space (session);
  nebula_session_view (session, &view);
  g_assert_cmpstr (view.space, ==, "test");
  g_assert_true (view.in_doubt);

  nebula_session_set_space (session, "other", 5);
  nebula_session_view (session, &view);
  g_assert_cmpstr (view.space, ==, "other");
  g_assert_false (view.in_doubt);

  nebula_session_set_space (session, "", 0);
  nebula_session_view (session, &view);
  g_assert_null (view.space);

  nebula_session_set_space (session, "other", 5);
  nebula_session_lose_space (session);
  nebula_session_view (session, &view);
  g_assert_null (view.space);
  g_assert_true (view.lost);
}

typedef struct
{
  NebulaSession *session;
  gint renewals; /* atomic */
} Race;

static gpointer
renew (gpointer data)
{
  Race *race = data;
  g_autoptr (GBytes) user = NULL;
  g_autoptr (GBytes) password = NULL;

  if (nebula_session_begin_renewal (race->session, &user, &password))
    {
      g_atomic_int_inc (&race->renewals);
      nebula_session_end_renewal (race->session, 8);
    }
  return NULL;
}

static void
test_single_flight (Fixture *fixture, gconstpointer data)
{
  g_autoptr (NebulaSession) session = learn (fixture, 7);
  Race race = { session, 0 };
  GThread *threads[16];

  g_test_summary ("however many notice the loss, one authenticates");
  nebula_session_lose (session, 7);
  for (gsize i = 0; i < G_N_ELEMENTS (threads); i++)
    threads[i] = g_thread_new ("renew", renew, &race);
  for (gsize i = 0; i < G_N_ELEMENTS (threads); i++)
    g_thread_join (threads[i]);
  g_assert_cmpint (race.renewals, ==, 1);
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
  ADD ("/session/replaced", test_replaced);
  ADD ("/session/space", test_space);
  ADD ("/session/single-flight", test_single_flight);
  return g_test_run ();
}
