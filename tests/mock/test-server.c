/* SPDX-License-Identifier: Apache-2.0 */
#include <nebula-mock/nebula-mock.h>

#include <gio/gunixsocketaddress.h>
#include <glib/gstdio.h>
#include <string.h>

#include "wire-client.h"

/* ---- bytes */

/* Written by hand, byte for byte; a session of 0 is the ping of every client. */
static const guint8 framed_ping[] =
  "\0\0\0\x2d\x80\1\0\1\0\0\0\7execute\0\0\0\5\x0a\0\1\0\0\0\0\0\0\0\0\x0b\0\2\0\0\0\7YIELD 1";

/* error_code, latency_in_us, error_msg */
static void
check_ping_reply (const GByteArray *payload)
{
  static const guint8 head[] =
    "\x80\1\0\2\0\0\0\7execute\0\0\0\5\x0c\0\0\x08\0\1\xff\xff\xfc\x16\x0a\0\2";
  static const guint8 tail[] = "\x0b\0\5\0\0\0\x12Invalid session id\0";

  g_assert_cmpmem (payload->data, sizeof head - 1, head, sizeof head - 1);
  g_assert_cmpmem (payload->data + sizeof head - 1 + 8, payload->len - (sizeof head - 1) - 8, tail,
                   sizeof tail);
}

static void
test_framed_bytes (void)
{
  NebulaMockServer *server = wire_start_server ();
  g_autoptr (GByteArray) payload = NULL;
  WireClient client;

  wire_connect (&client, server, TRUE);
  wire_send (&client, framed_ping, sizeof framed_ping);
  payload = wire_receive_frame (&client);
  check_ping_reply (payload);
  g_assert_cmpuint (nebula_mock_server_get_received (server, "YIELD 1"), ==, 1);
  g_assert_cmpuint (nebula_mock_server_get_applied (server, "YIELD 1"), ==, 0);
  wire_close (&client);
  wire_stop_server (server);
}

/* The same without the length, a byte at a time: the server knows where a message ends. */
static void
test_unframed_bytes (void)
{
  NebulaMockServer *server = wire_start_server ();
  g_autoptr (GByteArray) payload = NULL;
  WireClient client;
  gsize i;

  wire_connect (&client, server, FALSE);
  for (i = 4; i < sizeof framed_ping; i++)
    wire_send (&client, framed_ping + i, 1);
  payload = wire_receive (&client, 67);
  check_ping_reply (payload);
  wire_close (&client);
  wire_stop_server (server);
}

/* ---- the listener */

static gpointer
work (gpointer data)
{
  WireClient client;
  gint64 session;
  guint i;

  wire_connect (&client, data, TRUE);
  session = wire_authenticate (&client, "root", "nebula");
  for (i = 0; i < 50; i++)
    {
      WireReply reply;

      wire_execute (&client, session, "USE test; UPSERT VERTEX ON t \"v\" SET n = n + 1", &reply);
      g_assert_cmpint (reply.code, ==, 0);
    }
  wire_close (&client);
  return NULL;
}

static void
test_eight_at_once (void)
{
  NebulaMockServer *server = wire_start_server ();
  GThread *threads[8];
  gint64 number = 0;
  gsize i;

  for (i = 0; i < G_N_ELEMENTS (threads); i++)
    threads[i] = g_thread_new ("client", work, server);
  for (i = 0; i < G_N_ELEMENTS (threads); i++)
    g_thread_join (threads[i]);
  g_assert_true (nebula_mock_server_get_number (server, "test", "v", "n", &number));
  g_assert_cmpint (number, ==, 400);
  g_assert_cmpuint (nebula_mock_server_get_connections (server), ==, 8);
  g_assert_cmpuint (nebula_mock_server_get_sessions (server), ==, 8);
  wire_stop_server (server);
}

static void
assert_connect (NebulaMockServer *server,
                guint16           port,
                gboolean          expected)
{
  g_autoptr (GSocketClient) client = g_socket_client_new ();
  g_autoptr (GError) error = NULL;
  g_autoptr (GSocketConnection) connection =
    g_socket_client_connect_to_host (client, "127.0.0.1", port, NULL, &error);

  g_assert_true ((connection != NULL) == expected);
  if (!expected)
    g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CONNECTION_REFUSED);
}

static void
test_listening (void)
{
  NebulaMockServer *server = wire_start_server ();
  const guint16 port = nebula_mock_server_get_port (server);
  WireClient client;
  WireReply reply;

  wire_connect (&client, server, TRUE);
  wire_execute (&client, 0, "YIELD 1", &reply);
  nebula_mock_server_set_listening (server, FALSE);
  nebula_mock_server_set_listening (server, FALSE);
  assert_connect (server, port, FALSE);
  /* Who is there stays. */
  wire_execute (&client, 0, "YIELD 1", &reply);
  g_assert_cmpint (reply.code, ==, -1002);
  nebula_mock_server_set_listening (server, TRUE);
  g_assert_cmpuint (nebula_mock_server_get_port (server), ==, port);
  assert_connect (server, port, TRUE);
  wire_close (&client);
  wire_stop_server (server);
}

static void
test_close_connections (void)
{
  NebulaMockServer *server = wire_start_server ();
  WireClient client;
  WireReply reply;

  wire_connect (&client, server, TRUE);
  wire_execute (&client, 0, "YIELD 1", &reply);
  nebula_mock_server_close_connections (server);
  g_assert_true (nebula_mock_server_wait_for_connections_closed (server));
  g_assert_true (wire_is_closed (&client));
  wire_close (&client);
  wire_connect (&client, server, TRUE);
  wire_execute (&client, 0, "YIELD 1", &reply);
  wire_close (&client);
  wire_stop_server (server);
}

/* Data and counts outlive a stop; the port may be had again at once. */
static void
test_restart (void)
{
  NebulaMockServer *server = wire_start_server ();
  const guint16 port = nebula_mock_server_get_port (server);
  g_autofree char *address = g_strdup_printf ("127.0.0.1:%u", port);
  g_autoptr (GError) error = NULL;
  WireClient client;
  WireReply reply;

  g_assert_cmpstr (nebula_mock_server_get_address (server), ==, address);
  g_assert_false (nebula_mock_server_start (server, NULL, 0, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_FAILED);
  g_clear_error (&error);
  nebula_mock_server_stop (server);
  nebula_mock_server_stop (server);
  g_assert_cmpuint (nebula_mock_server_get_port (server), ==, 0);
  g_assert_true (nebula_mock_server_start (server, "localhost", port, &error));
  g_assert_no_error (error);
  wire_connect (&client, server, TRUE);
  wire_execute (&client, wire_authenticate (&client, "root", "nebula"), "USE test", &reply);
  g_assert_cmpint (reply.code, ==, 0);
  wire_close (&client);
  wire_stop_server (server);
}

static void
test_start_errors (void)
{
  NebulaMockServer *first = wire_start_server ();
  g_autoptr (NebulaMockServer) second = nebula_mock_server_new ();
  g_autoptr (GError) error = NULL;

  g_assert_null (nebula_mock_server_get_address (second));
  g_assert_false (
    nebula_mock_server_start (second, NULL, nebula_mock_server_get_port (first), &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_ADDRESS_IN_USE);
  g_clear_error (&error);
  g_assert_false (nebula_mock_server_start (second, "192.0.2.1", 0, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT);
  g_clear_error (&error);
  g_assert_false (nebula_mock_server_start (second, "graphd.example", 0, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT);
  wire_stop_server (first);
}

static void
test_unix (void)
{
  NebulaMockServer *server = nebula_mock_server_new ();
  g_autofree char *folder = g_dir_make_tmp ("nebula-mock-XXXXXX", NULL);
  g_autofree char *path = g_build_filename (folder, "graphd", NULL);
  g_autoptr (GSocketClient) client = g_socket_client_new ();
  g_autoptr (GSocketAddress) address = g_unix_socket_address_new (path);
  g_autoptr (GSocketConnection) connection = NULL;
  g_autoptr (GError) error = NULL;

  g_assert_true (nebula_mock_server_start_unix (server, path, &error));
  g_assert_no_error (error);
  g_assert_cmpuint (nebula_mock_server_get_port (server), ==, 0);
  g_assert_true (g_str_has_prefix (nebula_mock_server_get_address (server), "unix:/"));
  connection = g_socket_client_connect (client, G_SOCKET_CONNECTABLE (address), NULL, &error);
  g_assert_no_error (error);
  g_assert_true (g_output_stream_write_all (
    g_io_stream_get_output_stream (G_IO_STREAM (connection)), framed_ping, sizeof framed_ping, NULL,
    NULL, NULL));
  g_assert_true (nebula_mock_server_wait_for_calls (server, "execute", 1));
  wire_stop_server (server);
  g_assert_false (g_file_test (path, G_FILE_TEST_EXISTS));
  g_assert_cmpint (g_rmdir (folder), ==, 0);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_summary ("The mock speaks as graphd does, to many at once, and stops and starts cleanly.");
  g_test_add_func ("/server/bytes/framed", test_framed_bytes);
  g_test_add_func ("/server/bytes/unframed", test_unframed_bytes);
  g_test_add_func ("/server/eight-at-once", test_eight_at_once);
  g_test_add_func ("/server/listening", test_listening);
  g_test_add_func ("/server/close-connections", test_close_connections);
  g_test_add_func ("/server/restart", test_restart);
  g_test_add_func ("/server/start-errors", test_start_errors);
  g_test_add_func ("/server/unix", test_unix);
  return g_test_run ();
}
