/* SPDX-License-Identifier: Apache-2.0 */
#include <nebula-mock/nebula-mock.h>

#include <string.h>

#include "wire-client.h"

typedef struct
{
  const char *statement;
  gint32      code;
  const char *message;
  const char *space;
} StatementCase;

#define SYNTAX_ERROR "UPDATE VERTEX ON t \"v\" SET n = n + 1; HELLO"
#define HALF_DONE "UPDATE VERTEX ON t \"v\" SET n = n + 1; USE nowhere"

/* One session, from top to bottom. */
static const StatementCase statement_cases[] = {
  { "", -1006, "StatementEmpty: ", "" },
  { "INSERT VERTEX t(n) VALUES \"v\":(1)", -1009, "SemanticError: Space was not chosen.", "" },
  { "GO FROM \"v\" OVER e YIELD 1", -1009, "SemanticError: Space was not chosen.", "" },
  { "USE nowhere", -1005, "SpaceNotFound: SpaceName `nowhere`", "" },
  { "CREATE SPACE s", 0, "", "" },
  { "CREATE SPACE s", -1005, "Existed!", "" },
  { "CREATE SPACE IF NOT EXISTS s", 0, "", "" },
  { "use `s`", 0, "", "s" },
  { "UPDATE VERTEX ON t \"v\" SET n = n + 1", -1005, "Storage Error: Vertex or edge not found.",
    "s" },
  { "UPSERT VERTEX ON t \"v\" SET n = n + 1", 0, "", "s" },
  { SYNTAX_ERROR, -1004,
    "SyntaxError: syntax error near `HELLO'", "s" },
  { HALF_DONE, -1005,
    "SpaceNotFound: SpaceName `nowhere`", "s" },
  { "INSERT VERTEX IF NOT EXISTS t(n) VALUES \"v\":(100)", 0, "", "s" },
  { "DELETE VERTEX \"gone\"", 0, "", "s" },
  { "YIELD rows(1000001)", -1009, "SemanticError: rows() takes 0 to 1000000.", "s" },
  { "USE test", 0, "", "test" },
  { "DROP SPACE test", 0, "", "" },
  { "DROP SPACE test", -1005, "SpaceNotFound: SpaceName `test`", "" },
  { "DROP SPACE IF EXISTS test", 0, "", "" },
};

static void
test_statements (void)
{
  NebulaMockServer *server = wire_start_server ();
  WireClient client;
  gint64 session, number = 0;
  gsize i;

  wire_connect (&client, server, TRUE);
  session = wire_authenticate (&client, "root", "nebula");
  for (i = 0; i < G_N_ELEMENTS (statement_cases); i++)
    {
      const StatementCase *test = &statement_cases[i];
      WireReply reply;

      g_test_message ("%s", test->statement);
      wire_execute (&client, session, test->statement, &reply);
      g_assert_cmpint (reply.code, ==, test->code);
      g_assert_cmpstr (reply.message, ==, test->message);
      g_assert_cmpstr (reply.space, ==, test->space);
    }
  /* The sentence before the one that failed is applied; nothing of a syntax error is. */
  g_assert_true (nebula_mock_server_get_number (server, "s", "v", "n", &number));
  g_assert_cmpint (number, ==, 2);
  g_assert_cmpuint (nebula_mock_server_get_applied (server, SYNTAX_ERROR), ==, 0);
  g_assert_cmpuint (nebula_mock_server_get_applied (server, HALF_DONE), ==, 0);
  g_assert_cmpuint (nebula_mock_server_get_applied (server, "DROP SPACE test"), ==, 1);
  g_assert_cmpuint (nebula_mock_server_get_received (server, "DROP SPACE test"), ==, 2);
  wire_close (&client);
  wire_stop_server (server);
}

static void
test_too_large (void)
{
  NebulaMockServer *server = wire_start_server ();
  g_autofree char *statement = g_strnfill (4 * 1024 * 1024 + 1, ' ');
  WireClient client;
  WireReply reply;
  gint64 session;

  wire_connect (&client, server, TRUE);
  session = wire_authenticate (&client, "root", "nebula");
  wire_execute (&client, session, statement, &reply);
  g_assert_cmpint (reply.code, ==, -1004);
  g_assert_cmpstr (reply.message, ==, "SyntaxError: Query is too large (4194305 > 4194304).");
  wire_close (&client);
  wire_stop_server (server);
}

static void
assert_login (WireClient *client,
              const char *user,
              const char *password,
              const char *message)
{
  g_autoptr (GByteArray) call = wire_new_authenticate (1, user, password);
  g_autoptr (GByteArray) payload = NULL;
  WireReply reply;

  wire_send_message (client, call);
  payload = wire_receive_frame (client);
  wire_parse_reply (payload, &reply);
  g_assert_cmpint (reply.code, ==, -1001);
  g_assert_cmpstr (reply.message, ==, message);
}

static void
test_logins (void)
{
  NebulaMockServer *server = wire_start_server ();
  WireClient client;

  wire_connect (&client, server, TRUE);
  assert_login (&client, "ann", "x", "User not exist");
  assert_login (&client, "root", "x", "Invalid password");
  assert_login (&client, "", "x", "User not exist");
  assert_login (&client, "root", "", "Invalid password");
  nebula_mock_server_add_user (server, "ann", "x");
  assert_login (&client, "root", "nebula", "User not exist");
  g_assert_cmpint (wire_authenticate (&client, "ann", "x"), >, 0);
  g_assert_cmpuint (nebula_mock_server_get_logins (server, "ann"), ==, 2);
  g_assert_cmpuint (nebula_mock_server_get_logins (server, "root"), ==, 3);
  g_assert_cmpuint (nebula_mock_server_get_calls (server, "authenticate"), ==, 6);
  wire_close (&client);
  wire_stop_server (server);
}

static void
assert_version (WireClient *client,
                const char *version,
                gint32      code,
                const char *message)
{
  g_autoptr (GByteArray) call = g_byte_array_new ();
  g_autoptr (GByteArray) payload = NULL;
  WireReply reply;

  wire_put (call, 4, 0x80010001);
  wire_put_string (call, "verifyClientVersion");
  wire_put (call, 4, 1);
  wire_put (call, 3, 0x0c0001);
  wire_put (call, 3, 0x0b0001);
  wire_put_string (call, version);
  wire_put (call, 2, 0);
  wire_send_message (client, call);
  payload = wire_receive_frame (client);
  wire_parse_reply (payload, &reply);
  g_assert_cmpint (reply.code, ==, code);
  g_assert_cmpstr (reply.message, ==, message);
}

static void
test_versions (void)
{
  NebulaMockServer *server = wire_start_server ();
  WireClient client;

  wire_connect (&client, server, TRUE);
  assert_version (&client, "3.0.0", 0, "");
  assert_version (&client, "2.6.0", 0, "");
  assert_version (&client, "2.5.0", -3061,
                  "Graph client version(2.5.0) is not accepted, current graph client white list: "
                  "3.0.0:2.6.0.");
  wire_close (&client);
  wire_stop_server (server);
}

/* Not a byte comes back: the next reply on the connection is that of the next call. */
static void
test_signout_is_silent (void)
{
  NebulaMockServer *server = wire_start_server ();
  g_autoptr (GByteArray) signout = g_byte_array_new ();
  WireClient client;
  WireReply reply;
  gint64 session;

  wire_connect (&client, server, TRUE);
  session = wire_authenticate (&client, "root", "nebula");
  wire_put (signout, 4, 0x80010001);
  wire_put_string (signout, "signout");
  wire_put (signout, 4, 1);
  wire_put (signout, 3, 0x0a0001);
  wire_put (signout, 8, session);
  wire_put (signout, 1, 0);
  wire_send_message (&client, signout);
  wire_execute (&client, session, "YIELD 1", &reply);
  g_assert_cmpint (reply.code, ==, -1002);
  g_assert_cmpuint (nebula_mock_server_get_calls (server, "signout"), ==, 1);
  wire_close (&client);
  wire_stop_server (server);
}

/* Sessions belong to the server, not to a connection. */
static void
test_sessions_are_shared (void)
{
  NebulaMockServer *server = wire_start_server ();
  WireClient first, second;
  WireReply reply;
  gint64 session;

  wire_connect (&first, server, TRUE);
  session = wire_authenticate (&first, "root", "nebula");
  wire_execute (&first, session, "USE test", &reply);
  wire_close (&first);
  wire_connect (&second, server, TRUE);
  wire_execute (&second, session, "DELETE VERTEX \"v\"", &reply);
  g_assert_cmpint (reply.code, ==, 0);
  g_assert_cmpstr (reply.space, ==, "test");
  nebula_mock_server_expire_sessions (server);
  wire_execute (&second, session, "DELETE VERTEX \"v\"", &reply);
  g_assert_cmpint (reply.code, ==, -1002);
  wire_close (&second);
  wire_stop_server (server);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_summary ("Each method answers as graphd does.");
  g_test_add_func ("/handler/statements", test_statements);
  g_test_add_func ("/handler/too-large", test_too_large);
  g_test_add_func ("/handler/logins", test_logins);
  g_test_add_func ("/handler/versions", test_versions);
  g_test_add_func ("/handler/signout", test_signout_is_silent);
  g_test_add_func ("/handler/sessions", test_sessions_are_shared);
  return g_test_run ();
}
