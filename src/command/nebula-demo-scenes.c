/* SPDX-License-Identifier: Apache-2.0 */
#include "nebula-demo-private.h"

/*
 * The scenes of the demonstration. Each sets a fault, makes one call as a program would, and then
 * asks the graphd's ledger what has really happened.
 */

/* What a vertex has before anything happens, and what is in the way of graphd's answer. */
#define VERTEX_AT_FIRST "(\"a\" :t{n: 1})"
#define NOT_LEADER "Storage Error: Not the leader of 3. Please retry later."

static void
expect_received (NebulaDemo *demo, const char *statement, guint expected)
{
  g_autofree char *what = g_strdup_printf ("graphd received %s", statement);

  nebula_demo_expect (demo, what, expected,
                      nebula_mock_server_get_received (demo->server, statement));
}

static void
expect_applied (NebulaDemo *demo, const char *statement, guint expected)
{
  g_autofree char *what = g_strdup_printf ("graphd applied %s", statement);

  nebula_demo_expect (demo, what, expected,
                      nebula_mock_server_get_applied (demo->server, statement));
}

static void
expect_stored (NebulaDemo *demo, gint64 expected)
{
  gint64 value = -1;

  nebula_mock_server_get_number (demo->server, NEBULA_DEMO_SPACE, "a", "n", &value);
  nebula_demo_expect (demo, "n was 1 and is stored as", expected, value);
}

static void
expect_told (NebulaDemo *demo, gboolean expected, const GError *error)
{
  nebula_demo_expect_text (demo, "the program is told \"may have been applied\"",
                           expected ? "yes" : "no",
                           nebula_error_may_have_been_applied (error) ? "yes" : "no");
}

/* A call that must succeed. */
static void
read_vertex (NebulaDemo *demo)
{
  g_autofree char *value = NULL;
  g_autoptr (GError) error = nebula_demo_call (demo, NEBULA_DEMO_READ, &value);

  nebula_demo_expect_text (demo, "the program got", VERTEX_AT_FIRST,
                           error != NULL ? error->message : value);
}

static void
play_leader_moved (NebulaDemo *demo)
{
  if (!nebula_demo_log_in (demo))
    return;
  nebula_demo_fault (demo, nebula_mock_fault_new_code ("FETCH", 1, 2, -1005, NOT_LEADER));
  read_vertex (demo);
  expect_received (demo, NEBULA_DEMO_READ, 3);
  expect_applied (demo, NEBULA_DEMO_READ, 1);
}

static void
play_connection_broken (NebulaDemo *demo)
{
  if (!nebula_demo_log_in (demo))
    return;
  nebula_demo_fault (demo, nebula_mock_fault_new (NEBULA_MOCK_FAULT_CLOSE_BEFORE_APPLY, "execute",
                                                  "FETCH", 1, 1));
  read_vertex (demo);
  expect_received (demo, NEBULA_DEMO_READ, 2);
  nebula_demo_expect (demo, "connections made", 2,
                      nebula_mock_server_get_connections (demo->server));
}

static void
play_session_expired (NebulaDemo *demo)
{
  if (!nebula_demo_log_in (demo))
    return;
  nebula_mock_server_expire_sessions (demo->server);
  read_vertex (demo);
  nebula_demo_expect (demo, "graphd received authenticate", 2,
                      nebula_mock_server_get_calls (demo->server, "authenticate"));
  expect_received (demo, "USE `" NEBULA_DEMO_SPACE "`", 2);
  expect_received (demo, NEBULA_DEMO_READ, 2);
}

static void
play_wrong_password (NebulaDemo *demo)
{
  nebula_demo_refuse_log_in (demo);
  nebula_demo_expect (demo, "graphd received authenticate", 1,
                      nebula_mock_server_get_calls (demo->server, "authenticate"));
}

static void
play_update_unanswered (NebulaDemo *demo)
{
  const char *statement = "UPDATE VERTEX ON t \"a\" SET n = n + 1";
  g_autoptr (GError) error = NULL;

  if (!nebula_demo_log_in (demo))
    return;
  nebula_demo_fault (demo, nebula_mock_fault_new (NEBULA_MOCK_FAULT_CLOSE_AFTER_APPLY, "execute",
                                                  "UPDATE", 1, 1));
  error = nebula_demo_call (demo, statement, NULL);
  expect_told (demo, TRUE, error);
  expect_received (demo, statement, 1);
  expect_applied (demo, statement, 1);
  expect_stored (demo, 2);
}

static void
play_insert_unanswered (NebulaDemo *demo)
{
  const char *statement = "INSERT VERTEX t(n) VALUES \"a\":(30)";
  g_autoptr (GError) error = NULL;

  if (!nebula_demo_log_in (demo))
    return;
  nebula_demo_fault (demo, nebula_mock_fault_new (NEBULA_MOCK_FAULT_CLOSE_AFTER_APPLY, "execute",
                                                  "INSERT", 1, 1));
  error = nebula_demo_call (demo, statement, NULL);
  nebula_demo_expect_text (demo, "the program got", "success",
                           error != NULL ? error->message : "success");
  expect_received (demo, statement, 2);
  expect_applied (demo, statement, 2);
  expect_stored (demo, 30);
}

const NebulaDemoScene *
nebula_demo_get_scenes (guint *n_scenes)
{
  static const NebulaDemoScene scenes[] = {
    { "A leader has moved, which graphd says in a text only: the read is sent again.",
      play_leader_moved },
    { "The connection breaks under a read: connect again, and send it again.",
      play_connection_broken },
    { "The session has expired: log in again, USE the space again, and send the read again.",
      play_session_expired },
    { "The password is wrong: said at once, never tried again, for that would lock the account.",
      play_wrong_password },
    { "The answer to n = n + 1 is lost: never sent twice, and reported as perhaps applied.",
      play_update_unanswered },
    { "The answer to an INSERT is lost: sent again, for twice leaves what once leaves.",
      play_insert_unanswered },
  };

  *n_scenes = G_N_ELEMENTS (scenes);
  return scenes;
}
