/* SPDX-License-Identifier: Apache-2.0 */
#include "nebula-call-private.h"
#include "nebula-credential-source-private.h"

#include <string.h>

/* Where credentials come from, which one is tried, and by whom. */

typedef struct
{
  NebulaCredentialSource *source;
  NebulaManualClock *clock;
  NebulaLimit limit;

  /* what the function answers */
  const char *user;
  const char *password;
  const char *asked_for; /* (nullable): whose session it was for the last time */
  guint n_asked;
  gboolean comes_back; /* the function asks for a credential itself */
  guint n_destroyed;
} Fixture;

static void
set_up (Fixture *self, gconstpointer data)
{
  self->source = nebula_credential_source_new (NULL);
  self->clock = nebula_manual_clock_new (G_TIME_SPAN_SECOND);
  self->limit.clock = NEBULA_CLOCK (self->clock);
  self->limit.deadline = G_MAXINT64;
}

static void
tear_down (Fixture *self, gconstpointer data)
{
  nebula_credential_source_unref (self->source);
  g_assert_finalize_object (self->clock);
}

static gboolean
answer (NebulaCluster *cluster,
        const char *session_user,
        char **user,
        char **password,
        gpointer user_data)
{
  Fixture *self = user_data;

  self->n_asked++;
  self->asked_for = g_intern_string (session_user);
  if (self->comes_back)
    g_assert_null (nebula_credential_source_claim (self->source, NULL, NULL, &self->limit, NULL));
  *user = g_strdup (self->user);
  *password = g_strdup (self->password);
  return self->user != NULL;
}

static void
note_destroyed (gpointer user_data)
{
  ((Fixture *) user_data)->n_destroyed++;
}

static void
set_answer (Fixture *self, const char *user, const char *password)
{
  self->user = user;
  self->password = password;
  nebula_credential_source_set_func (self->source, answer, self, note_destroyed);
}

static NebulaCredential *
make (const char *user, const char *password)
{
  return nebula_credential_new (user, strlen (user), password, strlen (password));
}

static void
assert_password (NebulaCredential *credential, const char *password)
{
  GBytes *bytes = nebula_credential_get_password (credential);

  g_assert_cmpmem (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes), password,
                   strlen (password));
}

/* What is tried for @own, a credential of "root", and that it is @expected; %NULL for nothing. */
static void
try (Fixture *self, NebulaCredential *own, const char *expected, gboolean refused)
{
  g_autoptr (GBytes) root = g_bytes_new_static ("root", 4);
  g_autoptr (GError) error = NULL;
  NebulaCredential *chosen;

  chosen = nebula_credential_source_claim (self->source, own, root, &self->limit, &error);
  g_assert_no_error (error);
  if (expected == NULL)
    {
      g_assert_null (chosen);
      return;
    }
  g_assert_nonnull (chosen);
  assert_password (chosen, expected);
  if (refused)
    nebula_credential_refuse (chosen, self->limit.clock, 0);
  nebula_credential_source_settle (self->source, chosen);
}

static void
test_nothing (Fixture *self, gconstpointer data)
{
  g_test_summary ("without anything there is nothing to try, and nobody to ask");
  g_assert_false (nebula_credential_source_may_have (self->source, NULL, NULL));
  try (self, NULL, NULL, FALSE);
}

static void
test_newest (Fixture *self, gconstpointer data)
{
  g_autoptr (NebulaCredential) old = make ("root", "old");
  g_autoptr (NebulaCredential) set = make ("root", "set");
  g_autoptr (NebulaCredential) seen = make ("root", "seen");

  g_test_summary ("what is known last is tried first, and the other when that was refused");
  nebula_credential_source_set (self->source, set);
  try (self, old, "set", FALSE);
  try (self, seen, "seen", TRUE);
  try (self, seen, "set", TRUE);
  try (self, seen, NULL, FALSE);
  try (self, old, "old", FALSE);
}

static NebulaOutcome *
make_tls_refusal (void)
{
  g_autoptr (GError) error = NULL;

  error = g_error_new_literal (G_TLS_ERROR, G_TLS_ERROR_CERTIFICATE_REQUIRED, "no certificate");
  return nebula_outcome_new_from_error (error, NEBULA_SEND_STATE_NEVER);
}

static void
test_refusals (Fixture *self, gconstpointer data)
{
  g_autoptr (NebulaCredential) credential = make ("root", "set");
  g_autoptr (NebulaOutcome) of_client = make_tls_refusal ();
  g_autoptr (NebulaOutcome) of_user = NULL;
  NebulaCall call = { .clock = self->limit.clock };

  g_test_summary ("a server that refuses the client's certificate has not seen the password");
  g_assert_cmpint (nebula_outcome_get_cause (of_client), ==, NEBULA_CAUSE_CREDENTIALS);
  g_assert_false (nebula_call_note_refusal (&call, credential, of_client));
  g_assert_false (nebula_credential_is_refused (credential));

  of_user = nebula_outcome_new_from_reply (NEBULA_PHASE_AUTHENTICATE, -1001, "Invalid password", -1,
                                           NEBULA_CALL_TRAITS_NONE);
  g_assert_true (nebula_call_note_refusal (&call, credential, of_user));
  g_assert_true (nebula_credential_is_refused (credential));
}

static void
test_other_user (Fixture *self, gconstpointer data)
{
  g_autoptr (NebulaCredential) set = make ("admin", "set");

  g_test_summary ("a session of one user is not renewed as another, whoever says so");
  nebula_credential_source_set (self->source, set);
  try (self, NULL, NULL, FALSE);
  set_answer (self, "admin", "answer");
  try (self, NULL, NULL, FALSE);
  g_assert_cmpstr (self->asked_for, ==, "root");
  set_answer (self, "rootkit", "answer");
  try (self, NULL, NULL, FALSE);
}

static void
test_asked (Fixture *self, gconstpointer data)
{
  g_autoptr (NebulaCredential) own = make ("root", "own");

  g_test_summary ("the function is asked when nothing good is known, and its answer is kept");
  set_answer (self, "root", "answer");
  try (self, own, "own", FALSE);
  g_assert_cmpuint (self->n_asked, ==, 0);
  try (self, own, "own", TRUE);
  g_assert_true (nebula_credential_source_may_have (self->source, own, NULL));
  try (self, own, "answer", FALSE);
  try (self, own, "answer", FALSE);
  g_assert_cmpuint (self->n_asked, ==, 1);
}

static void
test_stale_answer (Fixture *self, gconstpointer data)
{
  g_autoptr (NebulaCredential) own = make ("root", "stale");

  g_test_summary ("an answer that was refused before is not tried; another one is, once");
  set_answer (self, "root", "stale");
  try (self, own, "stale", TRUE);
  try (self, own, NULL, FALSE);
  self->password = "wrong";
  try (self, own, "wrong", TRUE);
  try (self, own, NULL, FALSE);
  self->password = "right";
  try (self, own, "right", FALSE);
  g_assert_cmpuint (self->n_asked, ==, 4);
}

static void
test_no_answer (Fixture *self, gconstpointer data)
{
  g_test_summary ("no answer, or half of one, is none");
  set_answer (self, NULL, NULL);
  try (self, NULL, NULL, FALSE);
  set_answer (self, "root", NULL);
  try (self, NULL, NULL, FALSE);
  g_assert_cmpuint (self->n_asked, ==, 2);
}

static void
test_not_kept (Fixture *self, gconstpointer data)
{
  g_test_summary ("where nothing is kept an answer is forgotten when it was accepted, not when refused");
  nebula_credential_source_set_keep (self->source, FALSE);
  set_answer (self, "root", "answer");
  try (self, NULL, "answer", FALSE);
  g_assert_null (nebula_credential_source_get (self->source));
  try (self, NULL, "answer", TRUE);
  try (self, NULL, NULL, FALSE);
  g_assert_cmpuint (self->n_asked, ==, 3);
}

static void
test_comes_back (Fixture *self, gconstpointer data)
{
  g_test_summary ("a function that needs credentials itself gets none, and does not wait for itself");
  set_answer (self, "root", "answer");
  self->comes_back = TRUE;
  try (self, NULL, "answer", FALSE);
  g_assert_cmpuint (self->n_asked, ==, 1);
}

static gboolean
answer_and_go (NebulaCluster *cluster,
               const char *session_user,
               char **user,
               char **password,
               gpointer user_data)
{
  Fixture *self = user_data;

  nebula_credential_source_set_func (self->source, NULL, NULL, NULL);
  g_assert_cmpuint (self->n_destroyed, ==, 0);
  return FALSE;
}

static void
test_destroyed (Fixture *self, gconstpointer data)
{
  g_test_summary ("its data lives until the last call has returned, and is freed once");
  set_answer (self, "root", "answer");
  set_answer (self, "root", "answer");
  g_assert_cmpuint (self->n_destroyed, ==, 1);
  nebula_credential_source_set_func (self->source, NULL, NULL, NULL);
  g_assert_cmpuint (self->n_destroyed, ==, 2);

  self->n_destroyed = 0;
  nebula_credential_source_set_func (self->source, answer_and_go, self, note_destroyed);
  try (self, NULL, NULL, FALSE);
  g_assert_cmpuint (self->n_destroyed, ==, 1);
}

static void
test_locked (Fixture *self, gconstpointer data)
{
  g_autoptr (NebulaCredential) own = make ("root", "own");

  g_test_summary ("while an account is locked its password is not tried, after that it is");
  nebula_credential_refuse (own, self->limit.clock, 300 * G_TIME_SPAN_SECOND);
  try (self, own, NULL, FALSE);
  nebula_manual_clock_advance (self->clock, 300 * G_TIME_SPAN_SECOND - 1);
  try (self, own, NULL, FALSE);
  nebula_manual_clock_advance (self->clock, 1);
  try (self, own, "own", FALSE);

  /* What a server says of the time is not believed for ever. */
  nebula_credential_refuse (own, self->limit.clock, G_MAXINT64);
  nebula_manual_clock_advance (self->clock, 24 * 3600 * G_TIME_SPAN_SECOND);
  try (self, own, "own", FALSE);
}

static void
test_hide (void)
{
  static const struct
  {
    const char *text;
    const char *password;
    const char *shown;
  } rows[] = {
    { "Invalid password", "canary", "Invalid password" },
    { "canary is wrong: canary", "canary", "*** is wrong: ***" },
    { "aaa", "aa", "***a" },
    { "aaa", "", "aaa" },
    { "", "a", "" },
    { "can", "canary", "can" },
  };

  g_test_summary ("a password in a text of the server's is hidden wherever it stands");
  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autofree char *shown = nebula_password_hide (rows[i].text, rows[i].password,
                                                     strlen (rows[i].password));

      g_assert_cmpstr (shown, ==, rows[i].shown);
    }
}

typedef struct
{
  Fixture *fixture;
  NebulaCredential *own;
  gint attempts; /* atomic */
} Race;

static gpointer
try_stale (gpointer data)
{
  Race *race = data;
  Fixture *self = race->fixture;
  NebulaCredential *chosen;

  chosen = nebula_credential_source_claim (self->source, race->own, NULL, &self->limit, NULL);
  if (chosen == NULL)
    return NULL;
  g_atomic_int_inc (&race->attempts);
  nebula_credential_refuse (chosen, self->limit.clock, 0);
  nebula_credential_source_settle (self->source, chosen);
  return NULL;
}

/* How many of 32 threads try @own. */
static gint
count_attempts (Fixture *self, NebulaCredential *own)
{
  Race race = { self, own, 0 };
  GThread *threads[32];

  for (gsize i = 0; i < G_N_ELEMENTS (threads); i++)
    threads[i] = g_thread_new ("try", try_stale, &race);
  for (gsize i = 0; i < G_N_ELEMENTS (threads); i++)
    g_thread_join (threads[i]);
  return race.attempts;
}

static void
test_single_flight (Fixture *self, gconstpointer data)
{
  g_autoptr (NebulaCredential) own = make ("root", "own");

  g_test_summary ("of 32 who have a stale password one tries it; and one what the function answers");
  g_assert_cmpint (count_attempts (self, own), ==, 1);
  set_answer (self, "root", "wrong");
  g_assert_cmpint (count_attempts (self, own), ==, 1);
}

#define ADD(path, func) g_test_add (path, Fixture, NULL, set_up, func, tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("/credential/nothing", test_nothing);
  ADD ("/credential/newest", test_newest);
  ADD ("/credential/refusals", test_refusals);
  ADD ("/credential/other-user", test_other_user);
  ADD ("/credential/asked", test_asked);
  ADD ("/credential/stale-answer", test_stale_answer);
  ADD ("/credential/no-answer", test_no_answer);
  ADD ("/credential/not-kept", test_not_kept);
  ADD ("/credential/comes-back", test_comes_back);
  ADD ("/credential/destroyed", test_destroyed);
  ADD ("/credential/locked", test_locked);
  ADD ("/credential/single-flight", test_single_flight);
  g_test_add_func ("/credential/hide", test_hide);
  return g_test_run ();
}
