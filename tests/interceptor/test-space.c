/* SPDX-License-Identifier: Apache-2.0 */
#include "cluster-fixture.h"

/* The space of a session, where several graphds have it in their caches: no write lands in another
 * one than the caller's. The fixture proves that at the end of each test. */

static guint
received (ClusterFixture *self, const char *statement)
{
  return nebula_mock_cluster_get_received (self->mock, statement);
}

/* ---- when it is set again */

static void
test_per_connection (ClusterFixture *self, gconstpointer data)
{
  g_test_summary ("before the first statement on each new connection, and not again");
  cluster_begin_at (self, 0);
  cluster_assert_write (self, 0, "red");
  g_assert_cmpuint (received (self, "USE `red`"), ==, 0);
  /* Another connection to the same graphd, which knows the space well. */
  cluster_assert_write (self, 1, "red");
  cluster_assert_write (self, 1, "red");
  g_assert_cmpuint (received (self, "USE `red`"), ==, 1);
  cluster_perform (self, NEBULA_MOCK_ACTION_STOP, 0);
  cluster_perform (self, NEBULA_MOCK_ACTION_START, 0);
  cluster_assert_write (self, 0, "red");
  g_assert_cmpuint (received (self, "USE `red`"), ==, 2);
  g_assert_cmpuint (cluster_get_writes (self, "red"), ==, 4);
}

static void
test_two_stubs (ClusterFixture *self, gconstpointer data)
{
  g_test_summary ("two stubs on one session: what the one has chosen is the other's");
  cluster_begin_at (self, 0);
  cluster_assert_write (self, 1, "red");
  cluster_assert_good (self, 0, "USE blue");
  cluster_assert_write (self, 1, "blue");
  cluster_assert_good (self, 1, "USE green");
  cluster_assert_write (self, 0, "green");
  cluster_assert_write (self, 1, "green");
  cluster_assert_write (self, 2, "green");
}

static void
test_two_stubs_at_two (ClusterFixture *self, gconstpointer data)
{
  g_test_summary ("so it is when they are at different graphds, each with its own cache");
  cluster_begin_at (self, 0);
  cluster_start_all (self);
  cluster_assert_good (self, 0, "USE blue");
  cluster_perform (self, NEBULA_MOCK_ACTION_STOP, 0);
  cluster_assert_write (self, 1, "blue");
  cluster_perform (self, NEBULA_MOCK_ACTION_START, 0);
  for (guint i = 0; i < 3; i++)
    {
      cluster_assert_good (self, i, "USE red");
      cluster_assert_write (self, (i + 1) % 3, "red");
      cluster_assert_good (self, (i + 2) % 3, "USE green");
      cluster_assert_write (self, i, "green");
    }
}

/* ---- what other graphds remember */

static void
test_failover (ClusterFixture *self, gconstpointer data)
{
  g_test_summary ("a graphd that has not seen the session yet has no space for it");
  cluster_begin_at (self, 0);
  cluster_leave_only (self, 1);
  cluster_assert_write (self, 0, "red");
  g_assert_cmpuint (nebula_mock_cluster_get_writes (self->mock, 1, "red", NULL), ==, 1);
  g_assert_cmpuint (cluster_get_calls (self, "authenticate"), ==, 1);
}

static void
test_there_and_back (ClusterFixture *self, gconstpointer data)
{
  g_test_summary ("from A to B to A, each of which has an older space in its cache");
  cluster_begin_at (self, 0);
  cluster_leave_only (self, 1);
  cluster_assert_write (self, 0, "red");
  cluster_assert_good (self, 0, "USE blue");
  cluster_leave_only (self, 0);
  cluster_assert_write (self, 0, "blue");
  cluster_assert_good (self, 0, "USE green");
  cluster_leave_only (self, 1);
  cluster_assert_write (self, 0, "green");
  cluster_leave_only (self, 0);
  cluster_assert_write (self, 0, "green");
}

static void
test_stale_metad (ClusterFixture *self, gconstpointer data)
{
  g_test_summary ("a graphd that loads the session finds the space that metad was told last");
  cluster_begin_at (self, 0);
  cluster_perform (self, NEBULA_MOCK_ACTION_PUSH_SESSIONS, 0);
  cluster_assert_good (self, 0, "USE blue");
  cluster_leave_only (self, 2);
  cluster_assert_write (self, 0, "blue");
}

static void
test_restart (ClusterFixture *self, gconstpointer data)
{
  g_test_summary ("the address proves nothing: behind it is a graphd that has forgotten");
  cluster_begin_at (self, 0);
  cluster_perform (self, NEBULA_MOCK_ACTION_PUSH_SESSIONS, 0);
  cluster_assert_good (self, 0, "USE blue");
  cluster_perform (self, NEBULA_MOCK_ACTION_RESTART, 0);
  cluster_assert_write (self, 0, "blue");
  cluster_assert_write (self, 1, "blue");
}

static void
test_restart_between (ClusterFixture *self, gconstpointer data)
{
  g_autofree char *statement = cluster_make_write (self, "blue");

  g_test_summary ("also when it is restarted between the USE and the statement");
  cluster_begin_at (self, 0);
  cluster_perform (self, NEBULA_MOCK_ACTION_PUSH_SESSIONS, 0);
  cluster_assert_good (self, 0, "USE blue");
  cluster_act (self, 0, statement, NEBULA_MOCK_ACTION_RESTART, 0);
  cluster_assert_good (self, 0, statement);
  g_assert_cmpuint (cluster_get_writes (self, "blue"), ==, 1);
}

static void
test_expired (ClusterFixture *self, gconstpointer data)
{
  g_test_summary ("a session that is renewed gets its space before the statement");
  cluster_begin_at (self, 0);
  cluster_assert_write (self, 1, "red");
  cluster_perform (self, NEBULA_MOCK_ACTION_EXPIRE_SESSIONS, 0);
  cluster_assert_write (self, 0, "red");
  cluster_assert_write (self, 1, "red");
  g_assert_cmpuint (cluster_get_calls (self, "authenticate"), ==, 2);
}

static void
test_metad_unreachable (ClusterFixture *self, gconstpointer data)
{
  g_test_summary ("where metad cannot be asked the session is kept, and so is its space");
  cluster_begin_at (self, 0);
  cluster_perform (self, NEBULA_MOCK_ACTION_LOSE_METAD, 0);
  cluster_assert_write (self, 0, "red");
  cluster_leave_only (self, 1);
  g_assert_cmpint (cluster_write (self, 0, CLUSTER_NOWHERE), !=, 0);
  cluster_perform (self, NEBULA_MOCK_ACTION_FIND_METAD, 0);
  cluster_assert_write (self, 0, "red");
  g_assert_cmpuint (cluster_get_calls (self, "authenticate"), ==, 1);
}

static void
test_not_chosen (ClusterFixture *self, gconstpointer data)
{
  g_autoptr (NebulaMockFault) fault =
    nebula_mock_fault_new_code ("FETCH", 1, 3, -1009, "SemanticError: Space was not chosen.");

  g_test_summary ("\"Space was not chosen\" in a known space: USE once, then the statement, once");
  cluster_begin_at (self, 0);
  nebula_mock_server_add_fault (nebula_mock_cluster_get_server (self->mock, 0), fault);
  g_assert_cmpint (cluster_execute (self, 0, "FETCH PROP ON t \"v\" YIELD vertex"), ==, -1009);
  g_assert_cmpuint (received (self, "USE `red`"), ==, 1);
  g_assert_cmpuint (received (self, NULL), ==, 4);
  cluster_assert_write (self, 0, "red");
}

/* ---- USE of the caller's */

static const char *const beginnings[] = {
  "USE blue", "use `blue`", ";; USE blue;", "/* first */ USE blue; YIELD 1", "# x\nUSE blue",
};

static void
test_begins_with_use (ClusterFixture *self, gconstpointer data)
{
  g_test_summary ("a statement whose first sentence is USE needs no replay");
  cluster_begin_at (self, 0);
  for (gsize i = 0; i < G_N_ELEMENTS (beginnings); i++)
    {
      g_autofree char *write = cluster_make_write (self, "blue");
      g_autofree char *statement = g_strdup_printf ("%s; %s", beginnings[i], write);

      cluster_assert_good (self, 0, "USE red");
      cluster_leave_only (self, (i + 1) % 2);
      cluster_assert_good (self, 0, statement);
      cluster_assert_write (self, 0, "blue");
    }
  g_assert_cmpuint (received (self, "USE `red`"), ==, 0);
  g_assert_cmpuint (received (self, "USE `blue`"), ==, 0);
}

static void
test_use_in_the_middle (ClusterFixture *self, gconstpointer data)
{
  g_autofree char *red = cluster_make_write (self, "red");
  g_autofree char *statement = g_strdup_printf ("%s; USE blue", red);

  g_test_summary ("one that comes to USE later needs one, and is followed to where it leads");
  cluster_begin_at (self, 0);
  cluster_leave_only (self, 1);
  cluster_assert_good (self, 0, statement);
  g_assert_cmpuint (received (self, "USE `red`"), ==, 1);
  cluster_assert_write (self, 0, "blue");
  cluster_leave_only (self, 0);
  cluster_assert_write (self, 0, "blue");
}

static void
test_use_fails (ClusterFixture *self, gconstpointer data)
{
  g_test_summary ("a USE that fails changes nothing, whatever the graphd had in its cache");
  cluster_begin_at (self, 0);
  g_assert_cmpint (cluster_execute (self, 0, "USE nothing"), ==, -1005);
  cluster_assert_write (self, 0, "red");
  cluster_leave_only (self, 1);
  cluster_assert_good (self, 0, "USE blue");
  cluster_leave_only (self, 0);
  cluster_assert_good (self, 0, "USE green");
  cluster_leave_only (self, 1);
  g_assert_cmpint (cluster_execute (self, 0, "USE nothing"), ==, -1005);
  cluster_assert_write (self, 0, "green");
}

/* At a graphd with blue in its cache, while the session's space is green. */
static void
begin_at_stale (ClusterFixture *self)
{
  cluster_begin_at (self, 1);
  cluster_assert_good (self, 0, "USE blue");
  cluster_leave_only (self, 0);
  cluster_assert_good (self, 0, "USE green");
  cluster_leave_only (self, 1);
}

static const struct
{
  const char *statement;
  gint32 code;
  const char *space; /* afterwards */
} failures[] = {
  { "USE nothing; YIELD 1", -1005, "green" },
  { "USE nothing; USE red", -1005, "green" },
  { "USE red; USE nothing", -1005, "red" },
  { "USE red; UPDATE VERTEX ON t \"none\" SET n = 1", -1005, "red" },
  { "USE `red`; USE blue; UPDATE VERTEX ON t \"none\" SET n = 1", -1005, "blue" },
  { "USE red; HELLO", -1004, "green" },
  { "USE blue; HELLO", -1004, "green" },
  { "YIELD 1; USE nothing", -1005, "green" },
  { "YIELD 1; USE red; USE nothing", -1005, "red" },
};

static void
test_half_a_statement (ClusterFixture *self, gconstpointer data)
{
  g_test_summary ("of a statement that failed half-way, the USE that was done counts, and no other");
  for (gsize i = 0; i < G_N_ELEMENTS (failures); i++)
    {
      g_test_message ("%s", failures[i].statement);
      begin_at_stale (self);
      g_assert_cmpint (cluster_execute (self, 0, failures[i].statement), ==, failures[i].code);
      cluster_assert_write (self, 0, failures[i].space);
      cluster_leave_only (self, 0);
      cluster_assert_write (self, 0, failures[i].space);
    }
}

static void
test_json (ClusterFixture *self, gconstpointer data)
{
  g_autofree char *json = NULL;

  g_test_summary ("the space is learnt from a reply in JSON, too");
  cluster_begin_at (self, 0);
  json = fixture_execute_json (&self->stubs[0], "USE `blue`", NULL);
  g_assert_nonnull (strstr (json, "\"spaceName\":\"blue\""));
  cluster_leave_only (self, 1);
  cluster_assert_write (self, 0, "blue");
}

/* ---- names, and statements that a USE cannot stand before */

/* nGQL as people write it, by hand and not by the code that is tested. */
static const struct
{
  const char *name;
  const char *quoted;
} names[] = {
  { "with space", "`with space`" },   { "a;b", "`a;b`" },
  { "USE", "`USE`" },                 { "back`quote", "`back\\`quote`" },
  { "`", "`\\``" },                   { "back\\slash", "`back\\\\slash`" },
  { "\\", "`\\\\`" },                 { "\\`", "`\\\\\\``" },
  { "--", "`--`" },                   { "/*", "`/*`" },
  { "\"", "`\"`" },                   { "K\303\244se", "`K\303\244se`" },
};

static void
test_names (ClusterFixture *self, gconstpointer data)
{
  g_test_summary ("names are quoted with back-quotes, and what is odd in them is escaped");
  cluster_begin_at (self, 0);
  for (gsize i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autofree char *create = g_strdup_printf ("CREATE SPACE %s", names[i].quoted);
      g_autofree char *use = g_strdup_printf ("USE %s", names[i].quoted);
      g_autofree char *mark = g_strdup_printf ("/* no. %" G_GSIZE_FORMAT " */", i);
      g_autofree char *write = g_strdup_printf ("INSERT VERTEX t(n) VALUES \"v\":(1) %s", mark);

      nebula_mock_cluster_expect_space (self->mock, mark, names[i].name);
      cluster_assert_good (self, 0, create);
      cluster_assert_good (self, 0, use);
      cluster_leave_only (self, (i + 1) % 2);
      cluster_assert_good (self, 0, write);
      g_assert_cmpuint (cluster_get_writes (self, names[i].name), ==, 1);
    }
}

static const char *const explained[] = {
  "PROFILE INSERT VERTEX t(n) VALUES \"v\":(1) /* red */",
  "PROFILE FORMAT=\"row\" INSERT VERTEX t(n) VALUES \"v\":(1) /* red */",
  "EXPLAIN INSERT VERTEX t(n) VALUES \"v\":(1) /* " CLUSTER_NOWHERE " */",
  "EXPLAIN FORMAT=\"dot\" GO FROM \"v\" OVER e",
};

static void
test_explain (ClusterFixture *self, gconstpointer data)
{
  g_test_summary ("EXPLAIN and PROFILE cannot follow a USE in one statement: it is one of its own");
  cluster_begin_at (self, 0);
  for (gsize i = 0; i < G_N_ELEMENTS (explained); i++)
    {
      g_test_message ("%s", explained[i]);
      cluster_leave_only (self, (i + 1) % 2);
      cluster_assert_good (self, 0, explained[i]);
    }
  g_assert_cmpuint (cluster_get_writes (self, "red"), ==, 2);
  g_assert_cmpint (cluster_execute (self, 0, "USE blue; PROFILE YIELD 1"), ==, -1004);
  cluster_assert_write (self, 0, "red");
}

static const struct
{
  const char *path;
  void (*run) (ClusterFixture *self, gconstpointer data);
} tests[] = {
  { "/space/per-connection", test_per_connection },
  { "/space/two-stubs", test_two_stubs },
  { "/space/two-stubs/at-two", test_two_stubs_at_two },
  { "/space/failover", test_failover },
  { "/space/there-and-back", test_there_and_back },
  { "/space/stale-metad", test_stale_metad },
  { "/space/restart", test_restart },
  { "/space/restart/between", test_restart_between },
  { "/space/expired", test_expired },
  { "/space/metad-unreachable", test_metad_unreachable },
  { "/space/not-chosen", test_not_chosen },
  { "/space/use/begins", test_begins_with_use },
  { "/space/use/in-the-middle", test_use_in_the_middle },
  { "/space/use/fails", test_use_fails },
  { "/space/use/half-a-statement", test_half_a_statement },
  { "/space/use/json", test_json },
  { "/space/names", test_names },
  { "/space/explain", test_explain },
};

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (tests); i++)
    cluster_add (tests[i].path, tests[i].run);
  return g_test_run ();
}
