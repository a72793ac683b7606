/* SPDX-License-Identifier: Apache-2.0 */
#include <nebula-mock/nebula-mock.h>

#include <string.h>

#include "wire-client.h"

/* What each kind of fault looks like on the wire, and whether the statement was applied. */

#define STATEMENT "UPSERT VERTEX ON t \"v\" SET n = n + 1"

typedef struct
{
  NebulaMockServer *server;
  WireClient        client;
  gint64            session;
} Fixture;

static void
set_up (Fixture      *fixture,
        gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  WireReply reply;

  fixture->server = nebula_mock_server_new ();
  nebula_mock_server_add_space (fixture->server, "test");
  nebula_mock_server_start (fixture->server, NULL, 0, &error);
  g_assert_no_error (error);
  wire_connect (&fixture->client, fixture->server, TRUE);
  fixture->session = wire_authenticate (&fixture->client, "root", "nebula");
  wire_execute (&fixture->client, fixture->session, "USE test", &reply);
  g_assert_cmpint (reply.code, ==, 0);
  g_assert_cmpstr (reply.space, ==, "test");
}

static void
tear_down (Fixture      *fixture,
           gconstpointer data)
{
  wire_close (&fixture->client);
  nebula_mock_server_stop (fixture->server);
  g_assert_true (nebula_mock_server_wait_for_connections_closed (fixture->server));
  g_assert_finalize_object (fixture->server);
}

static void
add_fault (Fixture            *fixture,
           NebulaMockFaultKind kind)
{
  g_autoptr (NebulaMockFault) fault =
    nebula_mock_fault_new (kind, "execute", "UPSERT", 1, 1);

  nebula_mock_server_add_fault (fixture->server, fault);
}

/* ---- faults that answer, with bytes that are wrong from the start of the frame */

/* `\xff` stands for bytes that differ from run to run. */
typedef struct
{
  const char         *name;
  NebulaMockFaultKind kind;
  const char         *bytes;
  gsize               length;
} DamageCase;

#define BYTES(text) text, sizeof text - 1

/* The head of the true reply is  80010002 00000007 execute 00000007.  Sequence numbers of the
 * calls below are 7. */
static const DamageCase damage_cases[] = {
  { "garbage", NEBULA_MOCK_FAULT_GARBAGE,
    BYTES ("HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n") },
  { "wrong-sequence", NEBULA_MOCK_FAULT_WRONG_SEQUENCE,
    BYTES ("\0\0\0\x35\x80\1\0\2\0\0\0\7execute\0\0\0\6\x0c\0\0\x08\0\1\0\0\0\0\x0a\0\2") },
  { "wrong-method", NEBULA_MOCK_FAULT_WRONG_METHOD,
    BYTES ("\0\0\0\x39\x80\1\0\2\0\0\0\x0b" "executeJson\0\0\0\7"
           "\x0c\0\0\x08\0\1\0\0\0\0\x0a\0\2") },
  { "oversize", NEBULA_MOCK_FAULT_OVERSIZE,
    BYTES ("\x7f\xff\xff\xff\x80\1\0\2\0\0\0\7execute\0\0\0\7") },
  { "negative-size", NEBULA_MOCK_FAULT_NEGATIVE_SIZE,
    BYTES ("\xff\xff\xff\xff\x80\1\0\2\0\0\0\7execute\0\0\0\7") },
  { "empty-frame", NEBULA_MOCK_FAULT_EMPTY_FRAME, BYTES ("\0\0\0\0") },
  { "bad-string", NEBULA_MOCK_FAULT_BAD_STRING,
    BYTES ("\0\0\0\x31\x80\1\0\2\0\0\0\7execute\0\0\0\7\x0c\0\0\x08\0\1\0\0\0\0"
           "\x0a\0\2\0\0\0\0\0\0\0\1\x0b\0\5\xff\xff\xff\xff\0\0") },
  { "no-result", NEBULA_MOCK_FAULT_NO_RESULT,
    BYTES ("\0\0\0\x14\x80\1\0\2\0\0\0\7execute\0\0\0\7\0") },
};

static void
test_damage (Fixture      *fixture,
             gconstpointer data)
{
  const DamageCase *test = data;
  g_autoptr (GByteArray) bytes = NULL;
  gint64 number = 0;

  add_fault (fixture, test->kind);
  wire_send_execute (&fixture->client, 7, fixture->session, STATEMENT);
  bytes = wire_receive (&fixture->client, test->length);
  g_assert_cmpmem (bytes->data, bytes->len, test->bytes, test->length);
  g_assert_cmpuint (nebula_mock_server_get_applied (fixture->server, STATEMENT), ==, 1);
  g_assert_true (nebula_mock_server_get_number (fixture->server, "test", "v", "n", &number));
  g_assert_cmpint (number, ==, 1);
}

/* The lists are well typed, so that nothing but their depth is wrong. */
static void
test_deep (Fixture      *fixture,
           gconstpointer data)
{
  static const guint8 level[] = "\x0c\0\x0c\x0f\0\1\x0c\0\0\0\1";
  const gsize size = sizeof level - 1;
  g_autoptr (GByteArray) payload = NULL;
  gsize offset, i;

  add_fault (fixture, NEBULA_MOCK_FAULT_DEEP);
  wire_send_execute (&fixture->client, 7, fixture->session, STATEMENT);
  payload = wire_receive_frame (&fixture->client);
  /* head 19, success 3, code 7, latency 11, data 3, rows 8, values 8 */
  offset = 19 + 3 + 7 + 11 + 3 + 8 + 8;
  g_assert_cmpuint (payload->len, ==, offset + 50000 * (size + 2) + 1 + 4);
  for (i = 0; i < 50000; i++)
    g_assert_cmpmem (payload->data + offset + i * size, size, level, size);
  for (i = offset + 50000 * size; i < payload->len; i++)
    g_assert_cmpuint (payload->data[i], ==, 0);
}

/* ---- faults that end the connection */

typedef struct
{
  const char         *name;
  NebulaMockFaultKind kind;
  guint               applied;
  gsize               bytes; /* of the reply before the end */
} CloseCase;

/* The whole reply to the statement: length 4, head 19, success 3, code 7, latency 11, space_name
 * 11, two ends. */
static const CloseCase close_cases[] = {
  { "before-apply", NEBULA_MOCK_FAULT_CLOSE_BEFORE_APPLY, 0, 0 },
  { "after-apply", NEBULA_MOCK_FAULT_CLOSE_AFTER_APPLY, 1, 0 },
  { "in-reply", NEBULA_MOCK_FAULT_CLOSE_IN_REPLY, 1, 57 / 2 },
};

static void
test_close (Fixture      *fixture,
            gconstpointer data)
{
  const CloseCase *test = data;
  g_autoptr (GByteArray) bytes = NULL;

  add_fault (fixture, test->kind);
  wire_send_execute (&fixture->client, 7, fixture->session, STATEMENT);
  bytes = wire_receive (&fixture->client, test->bytes);
  g_assert_true (wire_is_closed (&fixture->client));
  g_assert_cmpuint (nebula_mock_server_get_received (fixture->server, STATEMENT), ==, 1);
  g_assert_cmpuint (nebula_mock_server_get_applied (fixture->server, STATEMENT), ==,
                    test->applied);
}

/* The call stays in the kernel, which answers with a reset. */
static void
test_close_before_read (Fixture      *fixture,
                        gconstpointer data)
{
  g_autoptr (NebulaMockFault) fault =
    nebula_mock_fault_new (NEBULA_MOCK_FAULT_CLOSE_BEFORE_READ, NULL, NULL, 1, 1);

  nebula_mock_server_add_fault (fixture->server, fault);
  wire_send_execute (&fixture->client, 7, fixture->session, STATEMENT);
  g_assert_true (wire_is_reset (&fixture->client));
  g_assert_cmpuint (nebula_mock_server_get_received (fixture->server, STATEMENT), ==, 0);
}

static void
test_refuse (Fixture      *fixture,
             gconstpointer data)
{
  g_autoptr (NebulaMockFault) fault =
    nebula_mock_fault_new (NEBULA_MOCK_FAULT_REFUSE, NULL, NULL, 1, 1);
  WireClient refused, welcome;
  WireReply reply;

  nebula_mock_server_add_fault (fixture->server, fault);
  wire_connect (&refused, fixture->server, TRUE);
  g_assert_true (wire_is_reset (&refused));
  wire_close (&refused);
  wire_connect (&welcome, fixture->server, TRUE);
  wire_execute (&welcome, fixture->session, "YIELD 1", &reply);
  g_assert_cmpint (reply.code, ==, 0);
  wire_close (&welcome);
  g_assert_cmpuint (nebula_mock_server_get_connections (fixture->server), ==, 3);
}

/* ---- faults that keep still */

typedef struct
{
  const char         *name;
  NebulaMockFaultKind kind;
  guint               applied;
} SilenceCase;

static const SilenceCase silence_cases[] = {
  { "silence", NEBULA_MOCK_FAULT_SILENCE, 1 },
  { "silence-before-apply", NEBULA_MOCK_FAULT_SILENCE_BEFORE_APPLY, 0 },
};

/* Stopping the server ends the silence: not a byte has come before. */
static void
test_silence (Fixture      *fixture,
              gconstpointer data)
{
  const SilenceCase *test = data;

  add_fault (fixture, test->kind);
  wire_send_execute (&fixture->client, 7, fixture->session, STATEMENT);
  g_assert_true (nebula_mock_server_wait_for_calls (fixture->server, "execute", 2));
  nebula_mock_server_stop (fixture->server);
  g_assert_true (wire_is_closed (&fixture->client));
  g_assert_cmpuint (nebula_mock_server_get_applied (fixture->server, STATEMENT), ==,
                    test->applied);
}

/* An hour; the test is over at once, since stopping ends the wait. */
static void
test_stop_in_delay (Fixture      *fixture,
                    gconstpointer data)
{
  g_autoptr (NebulaMockFault) fault =
    nebula_mock_fault_new_delay ("execute", "UPSERT", 1, 0, 3600 * 1000);

  nebula_mock_server_add_fault (fixture->server, fault);
  wire_send_execute (&fixture->client, 7, fixture->session, STATEMENT);
  g_assert_true (nebula_mock_server_wait_for_calls (fixture->server, "execute", 2));
  nebula_mock_server_stop (fixture->server);
  g_assert_true (wire_is_closed (&fixture->client));
  g_assert_cmpuint (nebula_mock_server_get_applied (fixture->server, STATEMENT), ==, 0);
}

/* A delay goes on to the next fault that matches. */
static void
test_delay_then_code (Fixture      *fixture,
                      gconstpointer data)
{
  g_autoptr (NebulaMockFault) delay = nebula_mock_fault_new_delay ("execute", "UPSERT", 1, 1, 1);
  g_autoptr (NebulaMockFault) code =
    nebula_mock_fault_new_code ("UPSERT", 1, 1, -1005, "Not ready!");
  WireReply reply;

  nebula_mock_server_add_fault (fixture->server, delay);
  nebula_mock_server_add_fault (fixture->server, code);
  wire_execute (&fixture->client, fixture->session, STATEMENT, &reply);
  g_assert_cmpint (reply.code, ==, -1005);
  g_assert_cmpstr (reply.message, ==, "Not ready!");
}

/* ---- faults that answer well */

static void
test_code (Fixture      *fixture,
           gconstpointer data)
{
  g_autoptr (NebulaMockFault) fault =
    nebula_mock_fault_new_code ("UPSERT", 2, 2, -1005, "Not ready!");
  WireReply reply;

  nebula_mock_server_add_fault (fixture->server, fault);
  wire_execute (&fixture->client, fixture->session, STATEMENT, &reply);
  g_assert_cmpint (reply.code, ==, 0);
  wire_execute (&fixture->client, fixture->session, STATEMENT, &reply);
  g_assert_cmpint (reply.code, ==, -1005);
  g_assert_cmpstr (reply.message, ==, "Not ready!");
  g_assert_cmpstr (reply.space, ==, "test");
  wire_execute (&fixture->client, fixture->session, STATEMENT, &reply);
  g_assert_cmpint (reply.code, ==, 0);
  g_assert_cmpuint (nebula_mock_server_get_received (fixture->server, STATEMENT), ==, 3);
  g_assert_cmpuint (nebula_mock_server_get_applied (fixture->server, STATEMENT), ==, 2);
}

static void
test_code_after_apply (Fixture      *fixture,
                       gconstpointer data)
{
  g_autoptr (NebulaMockFault) plain =
    nebula_mock_fault_new (NEBULA_MOCK_FAULT_CODE_AFTER_APPLY, NULL, "UPSERT", 1, 1);
  g_autoptr (NebulaMockFault) fault =
    nebula_mock_fault_with_code (plain, -1005, "Storage Error: RPC failure, probably timeout.");
  WireReply reply;

  nebula_mock_server_add_fault (fixture->server, fault);
  wire_execute (&fixture->client, fixture->session, STATEMENT, &reply);
  g_assert_cmpint (reply.code, ==, -1005);
  g_assert_cmpstr (reply.message, ==, "Storage Error: RPC failure, probably timeout.");
  g_assert_cmpuint (nebula_mock_server_get_applied (fixture->server, STATEMENT), ==, 1);
}

static void
test_exception (Fixture      *fixture,
                gconstpointer data)
{
  g_autoptr (NebulaMockFault) fault =
    nebula_mock_fault_new_exception ("execute", 1, 1, 11, "loadshedding request");
  WireReply reply;

  nebula_mock_server_add_fault (fixture->server, fault);
  wire_execute (&fixture->client, fixture->session, STATEMENT, &reply);
  g_assert_cmpuint (reply.type, ==, 3);
  g_assert_cmpint (reply.code, ==, 11);
  g_assert_cmpstr (reply.message, ==, "loadshedding request");
  g_assert_cmpuint (nebula_mock_server_get_applied (fixture->server, STATEMENT), ==, 0);
  wire_execute (&fixture->client, fixture->session, STATEMENT, &reply);
  g_assert_cmpuint (reply.type, ==, 2);
}

static void
test_expire_session (Fixture      *fixture,
                     gconstpointer data)
{
  g_autofree char *expected =
    g_strdup_printf ("Get sessionId[%" G_GINT64_FORMAT "] failed: Session `%" G_GINT64_FORMAT
                     "' not found: Session not existed!", fixture->session, fixture->session);
  WireReply reply;

  add_fault (fixture, NEBULA_MOCK_FAULT_EXPIRE_SESSION);
  wire_execute (&fixture->client, fixture->session, STATEMENT, &reply);
  g_assert_cmpint (reply.code, ==, -1002);
  g_assert_cmpstr (reply.message, ==, expected);
  g_assert_cmpuint (nebula_mock_server_get_sessions (fixture->server), ==, 0);
}

/* A call that the client has sent before it reads is answered too, in order. */
static void
test_pipelined (Fixture      *fixture,
                gconstpointer data)
{
  gint32 i;

  for (i = 1; i <= 3; i++)
    wire_send_execute (&fixture->client, i, fixture->session, STATEMENT);
  for (i = 1; i <= 3; i++)
    {
      g_autoptr (GByteArray) payload = wire_receive_frame (&fixture->client);
      WireReply reply;

      wire_parse_reply (payload, &reply);
      g_assert_cmpint (reply.sequence, ==, i);
    }
  g_assert_cmpuint (nebula_mock_server_get_applied (fixture->server, STATEMENT), ==, 3);
}

/* ---- what clients do wrong */

typedef struct
{
  const char *name;
  const char *bytes;
  gsize       length;
} BrokenCase;

/* All sent on a connection that has spoken in frames before. */
static const BrokenCase broken_cases[] = {
  { "http", BYTES ("GET / HTTP/1.1\r\n\r\n") },
  { "negative-frame", BYTES ("\xff\xff\xff\xff\x80\1\0\1") },
  { "huge-frame", BYTES ("\x40\0\0\0\x80\1\0\1") },
  { "empty-frame", BYTES ("\0\0\0\0") },
  { "compact", BYTES ("\0\0\0\x11\x82\x21\0\7execute\x16\0\x18\0\0\0") },
  { "unframed-after-framed", BYTES ("\x80\1\0\1\0\0\0\7execute\0\0\0\5\0") },
  { "name-too-long", BYTES ("\0\0\0\x0c\x80\1\0\1\0\0\0\x7f\0\0\0\0") },
  { "string-negative",
    BYTES ("\0\0\0\x1b\x80\1\0\1\0\0\0\7execute\0\0\0\5\x0b\0\2\xff\xff\xff\xff\0") },
};

static void
test_broken (Fixture      *fixture,
             gconstpointer data)
{
  const BrokenCase *test = data;
  WireClient client;
  WireReply reply;

  wire_send (&fixture->client, test->bytes, test->length);
  g_assert_true (wire_has_ended (&fixture->client));
  /* Nobody else minds. */
  wire_connect (&client, fixture->server, TRUE);
  wire_execute (&client, fixture->session, "YIELD 1", &reply);
  g_assert_cmpint (reply.code, ==, 0);
  wire_close (&client);
}

static void
test_unknown_method (Fixture      *fixture,
                     gconstpointer data)
{
  g_autoptr (GByteArray) message =
    wire_new_execute ("executeWithTimeout", 4, fixture->session, "YIELD 1");
  g_autoptr (GByteArray) payload = NULL;
  WireReply reply;

  wire_send_message (&fixture->client, message);
  payload = wire_receive_frame (&fixture->client);
  wire_parse_reply (payload, &reply);
  g_assert_cmpuint (reply.type, ==, 3);
  g_assert_cmpint (reply.code, ==, 1);
  g_assert_cmpstr (reply.message, ==, "Method name executeWithTimeout not found");
}

/* A required argument is missing. */
static void
test_invalid_arguments (Fixture      *fixture,
                        gconstpointer data)
{
  static const guint8 verify[] =
    "\0\0\0\x24\x80\1\0\1\0\0\0\x13verifyClientVersion\0\0\0\5\x0c\0\1\0";
  g_autoptr (GByteArray) payload = NULL;
  WireReply reply;

  wire_send (&fixture->client, verify, sizeof verify);
  payload = wire_receive_frame (&fixture->client);
  wire_parse_reply (payload, &reply);
  g_assert_cmpuint (reply.type, ==, 3);
  g_assert_cmpint (reply.code, ==, 2);
  g_assert_cmpstr (reply.message, ==, "invalid message arguments");
}

#define ADD(path, function) \
  g_test_add (path, Fixture, NULL, set_up, function, tear_down)

#define ADD_TABLE(prefix, cases, function)                                                     \
  for (i = 0; i < G_N_ELEMENTS (cases); i++)                                                   \
    {                                                                                          \
      g_autofree char *path = g_strconcat (prefix, cases[i].name, NULL);                       \
                                                                                               \
      g_test_add (path, Fixture, &cases[i], set_up, function, tear_down);                      \
    }

int
main (int   argc,
      char *argv[])
{
  gsize i;

  g_test_init (&argc, &argv, NULL);
  g_test_summary ("Each fault is the real thing on the wire, and broken clients harm nobody.");
  ADD_TABLE ("/connection/damage/", damage_cases, test_damage)
  ADD ("/connection/damage/deep", test_deep);
  ADD_TABLE ("/connection/close/", close_cases, test_close)
  ADD ("/connection/close/before-read", test_close_before_read);
  ADD ("/connection/refuse", test_refuse);
  ADD_TABLE ("/connection/", silence_cases, test_silence)
  ADD ("/connection/delay/stop", test_stop_in_delay);
  ADD ("/connection/delay/then-code", test_delay_then_code);
  ADD ("/connection/code", test_code);
  ADD ("/connection/code-after-apply", test_code_after_apply);
  ADD ("/connection/exception", test_exception);
  ADD ("/connection/expire-session", test_expire_session);
  ADD ("/connection/pipelined", test_pipelined);
  ADD_TABLE ("/connection/broken/", broken_cases, test_broken)
  ADD ("/connection/unknown-method", test_unknown_method);
  ADD ("/connection/invalid-arguments", test_invalid_arguments);
  return g_test_run ();
}
