/* SPDX-License-Identifier: Apache-2.0 */
#include <nebula-mock/nebula-mock.h>

#include <string.h>
#include <sys/socket.h>

#include "wire-client.h"

/* A server that wants no more calls, and what it says of it. */

#define WRITE "UPSERT VERTEX ON t \"v\" SET n = n + 1"

/* A word of four bytes behind magic, flags 0x1234 and sequence 0x56789abc: nothing to say. */
#define PLAIN_HEADER "\x0f\xff\x12\x34\x56\x78\x9a\xbc\0\1\0\0\0\0"

#define GOAWAY_HEADER \
  "\x0f\xff\x12\x34\x56\x78\x9a\xbc\0\6\0\0\1\1\x0a" \
  "connection\6goaway\0\0"

#define REFUSAL_HEADER \
  "\x0f\xff\x12\x34\x56\x78\x9a\xbc\0\7\0\0\1\2\x0a" \
  "connection\6goaway\2ex\1" \
  "5\0"

typedef enum
{
  BARE,
  FRAMED,
  HEADER,
} Wrap;

typedef struct
{
  NebulaMockServer *server;
  WireClient client;
  gint64 session;
} Fixture;

static void
set_up (Fixture *fixture, gconstpointer data)
{
  WireReply reply;

  fixture->server = wire_start_server ();
  wire_connect (&fixture->client, fixture->server, TRUE);
  fixture->session = wire_authenticate (&fixture->client, "root", "nebula");
  wire_execute (&fixture->client, fixture->session, "USE test", &reply);
  g_assert_cmpint (reply.code, ==, 0);
  wire_close (&fixture->client);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  wire_stop_server (fixture->server);
}

static void
add_fault (Fixture *fixture, NebulaMockFaultKind kind, guint last)
{
  g_autoptr (NebulaMockFault) fault = nebula_mock_fault_new (kind, "execute", "UPSERT", 1, last);

  nebula_mock_server_add_fault (fixture->server, fault);
}

/* A connection keeps to one framing. */
static void
send_call (Fixture *fixture, Wrap wrap, const char *text)
{
  g_autoptr (GByteArray) message = wire_new_execute ("execute", 7, fixture->session, text);
  g_autoptr (GByteArray) bytes = g_byte_array_new ();

  if (wrap == HEADER)
    {
      wire_put (bytes, 4, sizeof PLAIN_HEADER - 1 + message->len);
      g_byte_array_append (bytes, (const guint8 *) PLAIN_HEADER, sizeof PLAIN_HEADER - 1);
    }
  else if (wrap == FRAMED)
    wire_put (bytes, 4, message->len);
  g_byte_array_append (bytes, message->data, message->len);
  wire_send (&fixture->client, bytes->data, bytes->len);
}

/* A frame whose header is @header, and a message of @type in it that goes on as @reply. */
static void
assert_answered (Fixture *fixture,
                 const char *header,
                 gsize header_length,
                 guint type,
                 WireReply *reply)
{
  g_autoptr (GByteArray) frame = wire_receive_frame (&fixture->client);

  g_assert_cmpuint (frame->len, >, header_length);
  g_assert_cmpmem (frame->data, header_length, header, header_length);
  g_byte_array_remove_range (frame, 0, header_length);
  wire_parse_reply (frame, reply);
  g_assert_cmpuint (reply->type, ==, type);
}

static void
assert_done (Fixture *fixture, const char *header, gsize header_length)
{
  WireReply reply;

  assert_answered (fixture, header, header_length, 2, &reply);
  g_assert_cmpint (reply.code, ==, 0);
}

#define BYTES(text) text, sizeof text - 1

static void
test_header (Fixture *fixture, gconstpointer data)
{
  g_test_summary ("the header of one answer says goaway, and those before and behind it do not");
  add_fault (fixture, NEBULA_MOCK_FAULT_GOAWAY, 1);
  wire_connect (&fixture->client, fixture->server, TRUE);
  send_call (fixture, HEADER, "YIELD 1");
  assert_done (fixture, BYTES (PLAIN_HEADER));
  send_call (fixture, HEADER, WRITE);
  assert_done (fixture, BYTES (GOAWAY_HEADER));
  send_call (fixture, HEADER, WRITE);
  assert_done (fixture, BYTES (PLAIN_HEADER));
  g_assert_cmpuint (nebula_mock_server_get_applied (fixture->server, WRITE), ==, 2);
  wire_close (&fixture->client);
}

static void
test_with_another (Fixture *fixture, gconstpointer data)
{
  WireReply reply;

  g_test_summary ("another fault may decide what the answer is");
  add_fault (fixture, NEBULA_MOCK_FAULT_GOAWAY, 1);
  add_fault (fixture, NEBULA_MOCK_FAULT_EXCEPTION, 1);
  wire_connect (&fixture->client, fixture->server, TRUE);
  send_call (fixture, HEADER, WRITE);
  assert_answered (fixture, BYTES (GOAWAY_HEADER), 3, &reply);
  g_assert_cmpuint (nebula_mock_server_get_applied (fixture->server, WRITE), ==, 0);
  wire_close (&fixture->client);
}

/* @data: FRAMED or BARE */
static void
test_no_header (Fixture *fixture, gconstpointer data)
{
  const Wrap wrap = GPOINTER_TO_INT (data);
  g_autoptr (GByteArray) head = NULL;

  g_test_summary ("without a header the answer is as ever, and a message says why");
  g_test_expect_message ("nebula-mock", G_LOG_LEVEL_MESSAGE,
                         "*goaway does nothing to execute*without a header*");
  add_fault (fixture, NEBULA_MOCK_FAULT_GOAWAY, 1);
  wire_connect (&fixture->client, fixture->server, wrap == FRAMED);
  send_call (fixture, wrap, WRITE);
  head = wire_receive (&fixture->client, wrap == FRAMED ? 8 : 4);
  g_assert_cmpmem (head->data + head->len - 4, 4, "\x80\1\0\2", 4);
  g_test_assert_expected_messages ();
  g_assert_cmpuint (nebula_mock_server_get_applied (fixture->server, WRITE), ==, 1);
  wire_close (&fixture->client);
}

static gboolean
can_connect (guint16 port)
{
  g_autoptr (GSocketClient) client = g_socket_client_new ();
  g_autoptr (GSocketConnection) connection
    = g_socket_client_connect_to_host (client, "127.0.0.1", port, NULL, NULL);

  return connection != NULL;
}

static void
assert_refused (Fixture *fixture)
{
  WireReply reply;

  send_call (fixture, HEADER, WRITE);
  assert_answered (fixture, BYTES (REFUSAL_HEADER), 3, &reply);
}

static void
test_drain (Fixture *fixture, gconstpointer data)
{
  const guint16 port = nebula_mock_server_get_port (fixture->server);

  g_test_summary ("a server that stops answers what it has, refuses what comes, and says goaway");
  add_fault (fixture, NEBULA_MOCK_FAULT_HOLD, 1);
  wire_connect (&fixture->client, fixture->server, TRUE);
  send_call (fixture, HEADER, WRITE);
  g_assert_true (nebula_mock_server_wait_for_held (fixture->server, 1));
  nebula_mock_server_drain (fixture->server);
  g_assert_false (can_connect (port));
  nebula_mock_server_release (fixture->server);
  assert_done (fixture, BYTES (GOAWAY_HEADER));
  assert_refused (fixture);
  assert_refused (fixture);
  g_assert_cmpuint (nebula_mock_server_get_applied (fixture->server, WRITE), ==, 1);
  g_assert_cmpuint (nebula_mock_server_get_received (fixture->server, WRITE), ==, 3);

  g_test_message ("until it listens again, on the connection that it has, too");
  nebula_mock_server_set_listening (fixture->server, TRUE);
  g_assert_true (can_connect (port));
  send_call (fixture, HEADER, WRITE);
  assert_done (fixture, BYTES (PLAIN_HEADER));
  wire_close (&fixture->client);
}

static void
test_drain_framed (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GByteArray) frame = NULL;
  WireReply reply;

  g_test_summary ("to a framed call only the exception says so");
  wire_connect (&fixture->client, fixture->server, TRUE);
  wire_execute (&fixture->client, fixture->session, "YIELD 1", &reply);
  nebula_mock_server_drain (fixture->server);
  send_call (fixture, FRAMED, WRITE);
  frame = wire_receive_frame (&fixture->client);
  wire_parse_reply (frame, &reply);
  g_assert_cmpuint (reply.type, ==, 3);
  g_assert_nonnull (memmem (frame->data, frame->len, "server shutting down", 20));
  wire_close (&fixture->client);
}

static void
test_start_again (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  g_test_summary ("a server that was stopped and started is a new one");
  nebula_mock_server_stop (fixture->server);
  nebula_mock_server_start (fixture->server, NULL, 0, &error);
  g_assert_no_error (error);
  wire_connect (&fixture->client, fixture->server, TRUE);
  send_call (fixture, HEADER, WRITE);
  assert_done (fixture, BYTES (PLAIN_HEADER));
  wire_close (&fixture->client);
}

/* One call after the other until the connection ends. Returns: how many were executed by their
 * answers */
static gpointer
call_on (gpointer data)
{
  Fixture *fixture = data;
  g_autoptr (GByteArray) message = wire_new_execute ("execute", 7, fixture->session, WRITE);
  guint8 reply[4096];
  guint n_done = 0;

  for (;;)
    {
      const guint32 length = GUINT32_TO_BE (sizeof PLAIN_HEADER - 1 + message->len);
      g_autoptr (GByteArray) bytes = g_byte_array_new ();
      gssize got;

      g_byte_array_append (bytes, (const guint8 *) &length, sizeof length);
      g_byte_array_append (bytes, (const guint8 *) PLAIN_HEADER, sizeof PLAIN_HEADER - 1);
      g_byte_array_append (bytes, message->data, message->len);
      if (send (fixture->client.fd, bytes->data, bytes->len, MSG_NOSIGNAL) < 0
          || (got = recv (fixture->client.fd, reply, sizeof reply, 0)) <= 0)
        return GUINT_TO_POINTER (n_done);
      n_done += memmem (reply, got, "\x80\1\0\2", 4) != NULL;
    }
}

static void
test_stop (Fixture *fixture, gconstpointer data)
{
  guint n_done = 0;

  g_test_summary ("a server that is stopped at any time has answered each call that it executed");
  for (guint i = 1; i <= 50; i++)
    {
      g_autoptr (GError) error = NULL;
      GThread *thread;

      wire_connect (&fixture->client, fixture->server, TRUE);
      thread = g_thread_new ("calls", call_on, fixture);
      g_assert_true (nebula_mock_server_wait_for_applied (fixture->server, WRITE, n_done + i % 7));
      nebula_mock_server_stop (fixture->server);
      n_done += GPOINTER_TO_UINT (g_thread_join (thread));
      wire_close (&fixture->client);
      g_assert_cmpuint (nebula_mock_server_get_applied (fixture->server, WRITE), ==, n_done);
      nebula_mock_server_start (fixture->server, NULL, 0, &error);
      g_assert_no_error (error);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
#define add(path, data, func) \
  g_test_add ("/goaway/" path, Fixture, GINT_TO_POINTER (data), set_up, func, tear_down)
  add ("header", HEADER, test_header);
  add ("with-another", HEADER, test_with_another);
  add ("framed", FRAMED, test_no_header);
  add ("bare", BARE, test_no_header);
  add ("drain", HEADER, test_drain);
  add ("drain-framed", FRAMED, test_drain_framed);
  add ("stop", HEADER, test_stop);
  add ("start-again", HEADER, test_start_again);
  return g_test_run ();
}
