/* SPDX-License-Identifier: Apache-2.0 */
#include "nebula-mock-sessions-private.h"

/* Two graphds with one metad, each with its own cache. */
typedef struct
{
  NebulaMockMetad    *metad;
  NebulaMockSessions *a;
  NebulaMockSessions *b;
} Fixture;

static void
set_up (Fixture      *self,
        gconstpointer data)
{
  self->metad = nebula_mock_metad_new ();
  self->a = nebula_mock_sessions_new (self->metad);
  self->b = nebula_mock_sessions_new (self->metad);
  nebula_mock_store_add_space (nebula_mock_metad_get_store (self->metad), "s");
  nebula_mock_store_add_space (nebula_mock_metad_get_store (self->metad), "t");
}

static void
tear_down (Fixture      *self,
           gconstpointer data)
{
  nebula_mock_sessions_free (self->a);
  nebula_mock_sessions_free (self->b);
  nebula_mock_metad_unref (self->metad);
}

static gint64
open_session (NebulaMockSessions *sessions,
              const char         *user)
{
  g_auto (NebulaMockRefusal) refusal = { 0, NULL };
  const gint64 id = nebula_mock_sessions_open (sessions, user, &refusal);

  g_assert_cmpstr (refusal.message, ==, NULL);
  g_assert_cmpint (refusal.code, ==, 0);
  g_assert_cmpint (id, !=, 0);
  return id;
}

static void
assert_space (NebulaMockSessions *sessions,
              gint64              id,
              const char         *space)
{
  g_auto (NebulaMockRefusal) refusal = { 0, NULL };
  g_autoptr (NebulaMockSession) session = nebula_mock_sessions_lookup (sessions, id, &refusal);

  g_assert_cmpstr (refusal.message, ==, NULL);
  g_assert_cmpint (session->id, ==, id);
  g_assert_cmpstr (session->space, ==, space);
}

/* graphd's text, with the id of the session in place of the two %s. */
static void
assert_gone (NebulaMockSessions *sessions,
             gint64              id,
             const char         *why)
{
  g_auto (NebulaMockRefusal) refusal = { 0, NULL };
  g_autofree char *text = g_strdup_printf ("Get sessionId[%" G_GINT64_FORMAT "] failed: %s", id,
                                           why);

  g_assert_null (nebula_mock_sessions_lookup (sessions, id, &refusal));
  g_assert_cmpint (refusal.code, ==, -1002);
  g_assert_cmpstr (refusal.message, ==, text);
}

static void
assert_unknown (NebulaMockSessions *sessions,
                gint64              id)
{
  g_autofree char *why = g_strdup_printf ("Session `%" G_GINT64_FORMAT
                                          "' not found: Session not existed!", id);

  assert_gone (sessions, id, why);
}

static void
test_life (Fixture      *self,
           gconstpointer data)
{
  const gint64 first = open_session (self->a, "root");
  const gint64 second = open_session (self->a, "ann");
  g_auto (NebulaMockRefusal) refusal = { 0, NULL };
  g_autoptr (NebulaMockSession) before = NULL;

  g_assert_cmpint (first, >, 0);
  g_assert_cmpint (second, >, 0);
  g_assert_cmpint (first, !=, second);
  before = nebula_mock_sessions_lookup (self->a, second, &refusal);
  g_assert_cmpstr (before->user, ==, "ann");
  g_assert_cmpstr (before->space, ==, "");
  nebula_mock_sessions_set_space (self->a, second, "s");
  /* A copy stays what it was. */
  g_assert_cmpstr (before->space, ==, "");
  assert_space (self->a, second, "s");
  g_assert_cmpuint (nebula_mock_sessions_count (self->a), ==, 2);
  nebula_mock_sessions_close (self->a, second);
  nebula_mock_sessions_close (self->a, second);
  nebula_mock_sessions_set_space (self->a, second, "s");
  assert_unknown (self->a, second);
  nebula_mock_sessions_expire_all (self->a);
  g_assert_cmpuint (nebula_mock_sessions_count (self->a), ==, 0);
  g_assert_cmpuint (nebula_mock_metad_count_sessions (self->metad), ==, 0);
}

/* A session made on one is served by the other, whose space for it is as late as metad's. */
static void
test_space_is_late (Fixture      *self,
                    gconstpointer data)
{
  const gint64 id = open_session (self->a, "root");

  nebula_mock_sessions_set_space (self->a, id, "s");
  assert_space (self->b, id, "");
  nebula_mock_sessions_push (self->a);
  /* It is in the cache of the other, and metad is not asked any more. */
  assert_space (self->b, id, "");
  nebula_mock_sessions_forget_all (self->b);
  assert_space (self->b, id, "s");
}

/* A to B to A: the first one has what it had. */
static void
test_space_is_stale (Fixture      *self,
                     gconstpointer data)
{
  const gint64 id = open_session (self->a, "root");

  nebula_mock_sessions_set_space (self->a, id, "s");
  nebula_mock_sessions_push (self->a);
  nebula_mock_sessions_set_space (self->a, id, "t");
  assert_space (self->b, id, "s");
  nebula_mock_sessions_set_space (self->b, id, "s");
  nebula_mock_sessions_push (self->b);
  assert_space (self->a, id, "t");
  nebula_mock_sessions_forget_all (self->a);
  assert_space (self->a, id, "s");
}

static void
test_dropped_space (Fixture      *self,
                    gconstpointer data)
{
  const gint64 id = open_session (self->a, "root");

  nebula_mock_sessions_set_space (self->a, id, "s");
  nebula_mock_sessions_push (self->a);
  nebula_mock_store_drop_space (nebula_mock_metad_get_store (self->metad), "s");
  assert_space (self->a, id, "s");
  assert_gone (self->b, id, "Get session with unknown space: s");
}

/* The others learn late of a sign-out. */
static void
test_sign_out (Fixture      *self,
               gconstpointer data)
{
  const gint64 id = open_session (self->a, "root");

  /* Who does not have it in its cache does nothing about it. */
  nebula_mock_sessions_close (self->b, id);
  assert_space (self->b, id, "");
  nebula_mock_sessions_close (self->a, id);
  assert_unknown (self->a, id);
  assert_space (self->b, id, "");
  nebula_mock_sessions_push (self->b);
  assert_unknown (self->b, id);
}

static void
test_expiry (Fixture      *self,
             gconstpointer data)
{
  const gint64 first = open_session (self->a, "root");
  const gint64 second = open_session (self->b, "root");

  assert_space (self->b, first, "");
  nebula_mock_sessions_expire_all (self->a);
  assert_unknown (self->a, first);
  assert_space (self->b, first, "");
  nebula_mock_sessions_expire (self->a, second);
  assert_unknown (self->a, second);
  assert_space (self->b, second, "");
  g_assert_cmpuint (nebula_mock_metad_count_sessions (self->metad), ==, 0);
}

static void
assert_refused (NebulaMockSessions *sessions,
                const char         *user,
                gint32              code,
                const char         *message)
{
  g_auto (NebulaMockRefusal) refusal = { 0, NULL };

  g_assert_cmpint (nebula_mock_sessions_open (sessions, user, &refusal), ==, 0);
  g_assert_cmpint (refusal.code, ==, code);
  g_assert_cmpstr (refusal.message, ==, message);
}

/* Each graphd counts what is in its own cache. */
static void
test_limits (Fixture      *self,
             gconstpointer data)
{
  nebula_mock_sessions_set_limits (self->a, 1, 2);
  open_session (self->a, "root");
  assert_refused (self->a, "root", -1002,
                  "Create Session failed: Too many sessions created from 127.0.0.1 by user root. "
                  "the threshold is 1. You can change it by modifying "
                  "'max_sessions_per_ip_per_user' in nebula-graphd.conf");
  open_session (self->a, "ann");
  assert_refused (self->a, "bob", -1010, "Too many connections in the cluster");
  open_session (self->b, "root");
  nebula_mock_sessions_set_limits (self->a, 0, 0);
  open_session (self->a, "root");
}

#define UNREACHABLE \
  "RPC failure in MetaClient: apache::thrift::transport::TTransportException: " \
  "AsyncSocketException: connect failed, type = Socket not open, errno = 111 (Connection refused)"

/* Nobody knows whether the session is there; a sign-out is not heard; nothing is learnt. */
static void
test_no_metad (Fixture      *self,
               gconstpointer data)
{
  const gint64 id = open_session (self->a, "root");
  g_autofree char *why = g_strdup_printf ("Session `%" G_GINT64_FORMAT "' not found: " UNREACHABLE,
                                          id);

  nebula_mock_sessions_set_space (self->a, id, "s");
  nebula_mock_metad_set_reachable (self->metad, FALSE);
  assert_space (self->a, id, "s");
  assert_gone (self->b, id, why);
  assert_refused (self->b, "root", -1002, "Create session failed: " UNREACHABLE);
  nebula_mock_sessions_push (self->a);
  nebula_mock_sessions_close (self->a, id);
  nebula_mock_metad_set_reachable (self->metad, TRUE);
  assert_space (self->b, id, "");
}

static void
test_list_is_sorted (void)
{
  g_autoptr (NebulaMockMetad) metad = nebula_mock_metad_new ();
  g_autoptr (GPtrArray) list = NULL;
  guint i;

  for (i = 0; i < 20; i++)
    nebula_mock_session_free (nebula_mock_metad_open_session (metad, "root"));
  list = nebula_mock_metad_list_sessions (metad);
  g_assert_cmpuint (list->len, ==, 20);
  for (i = 1; i < list->len; i++)
    g_assert_cmpint (((NebulaMockSession *) list->pdata[i - 1])->id, <,
                     ((NebulaMockSession *) list->pdata[i])->id);
}

#define add(path, func) g_test_add (path, Fixture, NULL, set_up, func, tear_down)

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_summary ("Sessions have ids that nobody can guess, a user and a space; what a graphd has "
                  "in its cache is as old as in life.");
  add ("/sessions/life", test_life);
  add ("/sessions/space/late", test_space_is_late);
  add ("/sessions/space/stale", test_space_is_stale);
  add ("/sessions/space/dropped", test_dropped_space);
  add ("/sessions/sign-out", test_sign_out);
  add ("/sessions/expiry", test_expiry);
  add ("/sessions/limits", test_limits);
  add ("/sessions/no-metad", test_no_metad);
  g_test_add_func ("/sessions/list", test_list_is_sorted);
  return g_test_run ();
}
