/* SPDX-License-Identifier: Apache-2.0 */
#include "nebula-message-private.h"

#include <nebula-retry/nebula-error.h>
#include <string.h>

/* Bytes written as C strings, so that tables can be read beside the format's description. */
typedef struct
{
  const char *bytes;
  gsize length;
} Bytes;

#define BYTES(text) { text, sizeof text - 1 }

#define VERSION_CALL "\x80\x01\x00\x01"
#define EXECUTE_HEAD VERSION_CALL "\x00\x00\x00\x07" "execute" "\x00\x00\x00\x00"

/* The arguments begin here in a message that begins with EXECUTE_HEAD. */
#define EXECUTE_BODY 19

/* A copy of exactly the bytes, so that a memory checker sees a read past their end. */
static guint8 *
exact_copy (const Bytes *bytes, gsize length)
{
  guint8 *copy = g_malloc (MAX (length, 1));

  memcpy (copy, bytes->bytes, length);
  return copy;
}

typedef struct
{
  const char *what;
  Bytes message;
  NebulaMessageType type;
  const char *name;
  gint32 sequence;
  gsize sequence_offset;
} GoodHead;

static const GoodHead good_heads[] = {
  { "call", BYTES (EXECUTE_HEAD "\x00"), NEBULA_MESSAGE_CALL, "execute", 0, 15 },
  { "reply", BYTES ("\x80\x01\x00\x02\x00\x00\x00\x03" "abc" "\x01\x02\x03\x04\x00"),
    NEBULA_MESSAGE_REPLY, "abc", 0x01020304, 11 },
  { "exception", BYTES ("\x80\x01\x00\x03\x00\x00\x00\x01" "x" "\xff\xff\xff\xff\x00"),
    NEBULA_MESSAGE_EXCEPTION, "x", -1, 9 },
  { "one-way", BYTES ("\x80\x01\x00\x04\x00\x00\x00\x01" "y" "\x80\x00\x00\x00\x00"),
    NEBULA_MESSAGE_ONEWAY, "y", G_MININT32, 9 },
  { "empty name, no body", BYTES ("\x80\x01\x00\x01\x00\x00\x00\x00\x00\x00\x00\x05"),
    NEBULA_MESSAGE_CALL, "", 5, 8 },
  { "NUL inside the name", BYTES ("\x80\x01\x00\x01\x00\x00\x00\x02" "\x00" "b" "\x00\x00\x00\x05"),
    NEBULA_MESSAGE_CALL, "\0b", 5, 10 },
};

static void
test_head_good (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (good_heads); i++)
    {
      const GoodHead *row = &good_heads[i];
      g_autofree guint8 *bytes = exact_copy (&row->message, row->message.length);
      g_autoptr (GError) error = NULL;
      NebulaMessageHead head;

      g_test_message ("%s", row->what);
      g_assert_true (nebula_message_parse_head (bytes, row->message.length, &head, &error));
      g_assert_no_error (error);
      g_assert_cmpint (head.type, ==, row->type);
      g_assert_true (head.name == (const char *) bytes + 8);
      g_assert_cmpuint (head.name_length, ==, row->sequence_offset - 8);
      g_assert_cmpmem (head.name, head.name_length, row->name, row->sequence_offset - 8);
      g_assert_cmpint (head.sequence, ==, row->sequence);
      g_assert_cmpuint (head.sequence_offset, ==, row->sequence_offset);
      g_assert_cmpuint (head.body_offset, ==, row->sequence_offset + 4);
    }
}

typedef struct
{
  Bytes message;
  const char *text;
} BadHead;

static const BadHead bad_heads[] = {
  { BYTES (""), "Message at byte 0: ends inside its head, expected at least 12 bytes" },
  { BYTES ("\x80\x01\x00"), "Message at byte 3: ends inside its head, expected at least 12 bytes" },
  { BYTES (VERSION_CALL), "Message at byte 4: ends inside its head, expected at least 12 bytes" },
  { BYTES (VERSION_CALL "\x00\x00\x00\x00\x00\x00\x00"),
    "Message at byte 11: ends inside its head, expected at least 12 bytes" },
  { BYTES ("\x00\x00\x00\x07" "execute" "\x01\x00\x00\x00\x00\x00"),
    "Message at byte 0: not strict binary protocol, expected version 0x8001, found 0x0000" },
  { BYTES ("\x82\x22\x00\x07" "execute\x16\x00"),
    "Message at byte 0: unknown version, expected 0x8001, found 0x8222" },
  { BYTES ("\x80\x02\x00\x01\x00\x00\x00\x00\x00\x00\x00\x00"),
    "Message at byte 0: unknown version, expected 0x8001, found 0x8002" },
  { BYTES ("HTTP/1.1 400"),
    "Message at byte 0: not strict binary protocol, expected version 0x8001, found 0x4854" },
  { BYTES ("\x80\x01\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00"),
    "Message at byte 2: unknown type, expected 1 to 4, found 0" },
  { BYTES ("\x80\x01\x00\x05\x00\x00\x00\x00\x00\x00\x00\x00"),
    "Message at byte 2: unknown type, expected 1 to 4, found 5" },
  { BYTES ("\x80\x01\x01\x01\x00\x00\x00\x00\x00\x00\x00\x00"),
    "Message at byte 2: unknown type, expected 1 to 4, found 257" },
  { BYTES (VERSION_CALL "\x00\x00\x00\x01\x00\x00\x00\x00"),
    "Message at byte 4: a name of 1 bytes, expected 0 to 0" },
  { BYTES (VERSION_CALL "\x00\x00\x00\x05" "abcd" "\x00\x00\x00\x00"),
    "Message at byte 4: a name of 5 bytes, expected 0 to 4" },
  { BYTES (VERSION_CALL "\x7f\xff\xff\xff" "abcd" "\x00\x00\x00\x00"),
    "Message at byte 4: a name of 2147483647 bytes, expected 0 to 4" },
  { BYTES (VERSION_CALL "\xff\xff\xff\xff" "abcd" "\x00\x00\x00\x00"),
    "Message at byte 4: a name of -1 bytes, expected 0 to 4" },
};

static void
test_head_bad (void)
{
  static const NebulaMessageHead zero;

  for (gsize i = 0; i < G_N_ELEMENTS (bad_heads); i++)
    {
      const BadHead *row = &bad_heads[i];
      g_autofree guint8 *bytes = exact_copy (&row->message, row->message.length);
      g_autoptr (GError) error = NULL;
      NebulaMessageHead head;

      memset (&head, 0xaa, sizeof head);
      g_assert_false (nebula_message_parse_head (bytes, row->message.length, &head, &error));
      g_assert_error (error, NEBULA_ERROR, NEBULA_ERROR_FATAL);
      g_assert_cmpstr (error->message, ==, row->text);
      g_assert_cmpmem (&head, sizeof head, &zero, sizeof zero);
    }
}

static void
test_head_prefixes (void)
{
  static const Bytes message = BYTES (EXECUTE_HEAD);

  for (gsize length = 0; length < message.length; length++)
    {
      g_autofree guint8 *bytes = exact_copy (&message, length);
      g_autoptr (GError) error = NULL;
      NebulaMessageHead head;

      g_assert_false (nebula_message_parse_head (bytes, length, &head, &error));
      g_assert_error (error, NEBULA_ERROR, NEBULA_ERROR_FATAL);
    }
}

/* Offsets count from the beginning of the arguments; the lengths of texts that are missing are 0.
 * A row without any of the three is one that must be refused. */
typedef struct
{
  const char *what;
  Bytes body;
  gsize session;
  gint64 session_value;
  gsize statement;
  const char *statement_text;
  gsize user;
  const char *user_text;
  gsize password;
  const char *password_text;
} Request;

#define SESSION_7 "\x0a\x00\x01\x00\x00\x00\x00\x00\x00\x00\x07"
#define NO_TEXT 0, NULL

static const Request requests[] = {
  { "session and statement",
    BYTES (SESSION_7 "\x0b\x00\x02\x00\x00\x00\x07YIELD 1\x00"),
    3, 7, 18, "YIELD 1", NO_TEXT, NO_TEXT },
  { "a third argument is not read",
    BYTES (SESSION_7 "\x0b\x00\x02\x00\x00\x00\x01" "a" "\x0d\x00\x03\xff"),
    3, 7, 18, "a", NO_TEXT, NO_TEXT },
  { "an empty statement",
    BYTES (SESSION_7 "\x0b\x00\x02\x00\x00\x00\x00\x00"), 3, 7, 18, "", NO_TEXT, NO_TEXT },
  { "a negative session",
    BYTES ("\x0a\x00\x01\xff\xff\xff\xff\xff\xff\xff\xfe\x00"),
    3, -2, NO_TEXT, NO_TEXT, NO_TEXT },
  { "session alone", BYTES (SESSION_7 "\x00"), 3, 7, NO_TEXT, NO_TEXT, NO_TEXT },
  { "session, then an argument that is no string",
    BYTES (SESSION_7 "\x08\x00\x02\x00\x00\x00\x01\x00"), 3, 7, NO_TEXT, NO_TEXT, NO_TEXT },
  { "session, then argument 3",
    BYTES (SESSION_7 "\x0b\x00\x03\x00\x00\x00\x01" "a" "\x00"), 3, 7, NO_TEXT, NO_TEXT, NO_TEXT },
  { "session, then argument 258",
    BYTES (SESSION_7 "\x0b\x01\x02\x00\x00\x00\x01" "a" "\x00"), 3, 7, NO_TEXT, NO_TEXT, NO_TEXT },
  { "user and password",
    BYTES ("\x0b\x00\x01\x00\x00\x00\x04root\x0b\x00\x02\x00\x00\x00\x06nebula\x00"),
    0, 0, NO_TEXT, 7, "root", 18, "nebula" },
  { "empty user and password",
    BYTES ("\x0b\x00\x01\x00\x00\x00\x00\x0b\x00\x02\x00\x00\x00\x00\x00"),
    0, 0, NO_TEXT, 7, "", 14, "" },
};

static const Request refused_requests[] = {
  { .what = "nothing at all", .body = BYTES ("") },
  { .what = "no argument", .body = BYTES ("\x00") },
  { .what = "a struct", .body = BYTES ("\x0c\x00\x01\x0b\x00\x01\x00\x00\x00\x01z\x00\x00") },
  { .what = "an i32", .body = BYTES ("\x08\x00\x01\x00\x00\x00\x07\x00\x00\x00\x00\x00") },
  { .what = "argument 2 first", .body = BYTES ("\x0b\x00\x02\x00\x00\x00\x01z" SESSION_7 "\x00") },
  { .what = "argument 257", .body = BYTES ("\x0a\x01\x01\x00\x00\x00\x00\x00\x00\x00\x07\x00") },
  { .what = "session without an end", .body = BYTES (SESSION_7) },
  { .what = "half a session", .body = BYTES ("\x0a\x00\x01\x00\x00\x00\x00\x00") },
  { .what = "user alone", .body = BYTES ("\x0b\x00\x01\x00\x00\x00\x04root\x00") },
  { .what = "user, then a session",
    .body = BYTES ("\x0b\x00\x01\x00\x00\x00\x01r"
                   "\x0a\x00\x02\x00\x00\x00\x00\x00\x00\x00\x07\x00") },
  { .what = "user of -1 bytes",
    .body = BYTES ("\x0b\x00\x01\xff\xff\xff\xff\x0b\x00\x02\x00\x00\x00\x00\x00") },
  { .what = "user longer than the message",
    .body = BYTES ("\x0b\x00\x01\x00\x00\x00\x09\x0b\x00\x02\x00\x00\x00\x00\x00") },
  { .what = "password longer than the message",
    .body = BYTES ("\x0b\x00\x01\x00\x00\x00\x00\x0b\x00\x02\x7f\xff\xff\xff\x00") },
  { .what = "statement of -1 bytes", .body = BYTES (SESSION_7 "\x0b\x00\x02\xff\xff\xff\xff\x00") },
  { .what = "statement longer than the message",
    .body = BYTES (SESSION_7 "\x0b\x00\x02\x00\x00\x00\x03" "ab") },
  { .what = "statement without an end",
    .body = BYTES (SESSION_7 "\x0b\x00\x02\x00\x00\x00\x02" "ab") },
};

/* The message that @body makes, cut to @body_length bytes of it. */
static gboolean
parse_request (const Bytes *body, gsize body_length, guint8 **bytes, NebulaRequest *request)
{
  NebulaMessageHead head;

  *bytes = g_malloc (EXECUTE_BODY + body_length);
  memcpy (*bytes, EXECUTE_HEAD, EXECUTE_BODY);
  memcpy (*bytes + EXECUTE_BODY, body->bytes, body_length);
  memset (request, 0xaa, sizeof *request);
  g_assert_true (nebula_message_parse_head (*bytes, EXECUTE_BODY + body_length, &head, NULL));
  g_assert_cmpuint (head.body_offset, ==, EXECUTE_BODY);
  return nebula_request_parse (*bytes, EXECUTE_BODY + body_length, &head, request);
}

static void
assert_text (const guint8 *bytes,
             const guint8 *found,
             gsize found_length,
             gsize offset,
             const char *text)
{
  if (text == NULL)
    {
      g_assert_null (found);
      g_assert_cmpuint (found_length, ==, 0);
      return;
    }
  g_assert_true (found == bytes + EXECUTE_BODY + offset);
  g_assert_cmpmem (found, found_length, text, strlen (text));
}

static void
test_request_found (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (requests); i++)
    {
      const Request *row = &requests[i];
      g_autofree guint8 *bytes = NULL;
      NebulaRequest request;

      g_test_message ("%s", row->what);
      g_assert_true (parse_request (&row->body, row->body.length, &bytes, &request));
      g_assert_cmpuint (request.session_offset, ==,
                        row->session == 0 ? 0 : EXECUTE_BODY + row->session);
      g_assert_cmpint (request.session, ==, row->session_value);
      assert_text (bytes, request.statement, request.statement_length, row->statement,
                   row->statement_text);
      assert_text (bytes, request.user, request.user_length, row->user, row->user_text);
      assert_text (bytes, request.password, request.password_length, row->password,
                   row->password_text);
    }
}

static void
assert_refused (const Bytes *body, gsize length)
{
  static const NebulaRequest zero;
  g_autofree guint8 *bytes = NULL;
  NebulaRequest request;

  g_assert_false (parse_request (body, length, &bytes, &request));
  g_assert_cmpmem (&request, sizeof request, &zero, sizeof zero);
}

static void
test_request_refused (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (refused_requests); i++)
    {
      g_test_message ("%s", refused_requests[i].what);
      assert_refused (&refused_requests[i].body, refused_requests[i].body.length);
    }
}

static void
test_request_prefixes (void)
{
  static const Bytes user = BYTES (
    "\x0b\x00\x01\x00\x00\x00\x04root\x0b\x00\x02\x00\x00\x00\x06nebula\x00");
  static const Bytes statement = BYTES (SESSION_7 "\x0b\x00\x02\x00\x00\x00\x07YIELD 1\x00");

  for (gsize length = 0; length < user.length; length++)
    assert_refused (&user, length);
  for (gsize length = 0; length < statement.length; length++)
    {
      g_autofree guint8 *bytes = NULL;
      NebulaRequest request;

      /* Cut inside the head of argument 2 it is a session with something unknown behind it. */
      if (length >= 12 && length < 14)
        g_assert_true (parse_request (&statement, length, &bytes, &request));
      else
        assert_refused (&statement, length);
    }
}

static void
test_append_verify (void)
{
  static const Bytes expected = BYTES (
    "\x80\x01\x00\x01\x00\x00\x00\x13" "verifyClientVersion" "\x00\x00\x00\x00"
    "\x0c\x00\x01\x0b\x00\x01\x00\x00\x00\x05" "3.0.0" "\x00\x00");
  g_auto (NebulaBuffer) out = { 0 };

  nebula_message_append_verify (&out, 0, "3.0.0");
  g_assert_cmpmem (out.data, out.length, expected.bytes, expected.length);
}

static void
test_append_authenticate (void)
{
  static const Bytes expected = BYTES (
    "\x80\x01\x00\x01\x00\x00\x00\x0c" "authenticate" "\x00\x00\x01\x02"
    "\x0b\x00\x01\x00\x00\x00\x04" "root" "\x0b\x00\x02\x00\x00\x00\x06" "nebula" "\x00");
  static const Bytes empty = BYTES (
    "\x80\x01\x00\x01\x00\x00\x00\x0c" "authenticate" "\xff\xff\xff\xff"
    "\x0b\x00\x01\x00\x00\x00\x00" "\x0b\x00\x02\x00\x00\x00\x00" "\x00");
  g_autoptr (GBytes) user = g_bytes_new_static ("root", 4);
  g_autoptr (GBytes) password = g_bytes_new_static ("nebula", 6);
  g_autoptr (GBytes) nothing = g_bytes_new (NULL, 0);
  g_auto (NebulaBuffer) out = { 0 };

  nebula_message_append_authenticate (&out, 258, user, password);
  g_assert_cmpmem (out.data, out.length, expected.bytes, expected.length);
  nebula_buffer_wipe (&out);
  nebula_message_append_authenticate (&out, -1, nothing, nothing);
  g_assert_cmpmem (out.data, out.length, empty.bytes, empty.length);
}

static void
test_append_execute (void)
{
  static const Bytes expected = BYTES (
    "\x80\x01\x00\x01\x00\x00\x00\x07" "execute" "\x00\x00\x00\x00"
    "\x0a\x00\x01\x00\x00\x00\x00\x00\x00\x00\x00\x0b\x00\x02\x00\x00\x00\x07" "YIELD 1" "\x00");
  g_auto (NebulaBuffer) out = { 0 };

  nebula_message_append_execute (&out, 0, 0, "YIELD 1");
  g_assert_cmpuint (out.length, ==, 45);
  g_assert_cmpmem (out.data, out.length, expected.bytes, expected.length);
}

/* A message goes behind what is there already. */
static void
test_append_signout (void)
{
  static const Bytes expected = BYTES (
    "ab\x80\x01\x00\x04\x00\x00\x00\x07" "signout" "\x00\x00\x00\x00"
    "\x0a\x00\x01\x00\x00\x00\x00\x00\x00\x00\x07\x00");
  g_auto (NebulaBuffer) out = { 0 };

  nebula_buffer_append (&out, "ab", 2);
  nebula_message_append_signout (&out, 0, 7);
  g_assert_cmpuint (out.length, ==, 2 + 31);
  g_assert_cmpmem (out.data, out.length, expected.bytes, expected.length);
}

/* What is written is read back. */
static void
test_append_parse (void)
{
  g_auto (NebulaBuffer) out = { 0 };
  NebulaMessageHead head;
  NebulaRequest request;

  nebula_message_append_execute (&out, 0x7fffffff, G_MININT64, "USE `s`");
  g_assert_true (nebula_message_parse_head (out.data, out.length, &head, NULL));
  g_assert_cmpint (head.type, ==, NEBULA_MESSAGE_CALL);
  g_assert_cmpint (head.sequence, ==, 0x7fffffff);
  g_assert_true (nebula_request_parse (out.data, out.length, &head, &request));
  g_assert_cmpint (request.session, ==, G_MININT64);
  g_assert_cmpmem (request.statement, request.statement_length, "USE `s`", 7);
  g_assert_null (request.user);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_summary ("The head and the arguments of requests are read within their bounds, and the "
                  "requests of our own are byte for byte what graphd expects.");

  g_test_add_func ("/message/head/good", test_head_good);
  g_test_add_func ("/message/head/bad", test_head_bad);
  g_test_add_func ("/message/head/prefixes", test_head_prefixes);
  g_test_add_func ("/message/request/found", test_request_found);
  g_test_add_func ("/message/request/refused", test_request_refused);
  g_test_add_func ("/message/request/prefixes", test_request_prefixes);
  g_test_add_func ("/message/append/verify", test_append_verify);
  g_test_add_func ("/message/append/authenticate", test_append_authenticate);
  g_test_add_func ("/message/append/execute", test_append_execute);
  g_test_add_func ("/message/append/signout", test_append_signout);
  g_test_add_func ("/message/append/parse", test_append_parse);

  return g_test_run ();
}
