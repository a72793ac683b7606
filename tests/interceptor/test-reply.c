/* SPDX-License-Identifier: Apache-2.0 */
#include "nebula-reply-private.h"

#include <nebula-retry/nebula-error.h>
#include <string.h>

/* The body of a message, written as a C string. */
typedef struct
{
  const char *bytes;
  gsize length;
} Bytes;

#define BYTES(text) { text, sizeof text - 1 }

/* Every message of these tests has a name of 7 bytes: its body begins here. */
#define BODY 19

/* How deep the tests let values nest unless they say otherwise. */
#define DEPTH 64

/* Pieces of bodies: a type and the number of a field, or a type alone in containers. */
#define STOP "\x00"
#define RESULT "\x0c\x00\x00"
#define CODE_0 "\x08\x00\x01\x00\x00\x00\x00"
#define CODE_1005 "\x08\x00\x01\xff\xff\xfc\x13"
#define LATENCY "\x0a\x00\x02\x00\x00\x00\x00\x00\x00\x00\x07"
#define SPACE "\x0b\x00\x04\x00\x00\x00\x03nba"
#define ERROR_MSG "\x0b\x00\x05\x00\x00\x00\x02no"
#define LIST_7 "\x0f\x00\x07" /* field 7, which no response has */
#define MAP_7 "\x0d\x00\x07"
#define SET_7 "\x0e\x00\x07"
#define STRUCT_7 "\x0c\x00\x07"

/* Data of one column "a" and two rows: an integer, and a nest of all the types. */
#define ROW_INTEGER \
  "\x0f\x00\x01\x0c\x00\x00\x00\x01" "\x0a\x00\x03\x00\x00\x00\x00\x00\x00\x00\x2a" STOP STOP
#define NEST \
  "\x0d\x00\x0d\x0b\x0c\x00\x00\x00\x01\x00\x00\x00\x01k" "\x02\x00\x02\x01" STOP \
  "\x0e\x00\x0e\x03\x00\x00\x00\x03" "abc" \
  "\x0f\x00\x0f\x04\x00\x00\x00\x01\x3f\xf0\x00\x00\x00\x00\x00\x00" \
  "\x06\x00\x10\x00\x01" "\x03\x00\x11\x01" "\x04\x00\x12\x00\x00\x00\x00\x00\x00\x00\x00" \
  "\x0d\x00\x13\x00\x00\x00\x00\x00\x00"
#define ROW_NEST "\x0f\x00\x01\x0c\x00\x00\x00\x01" NEST STOP STOP
#define DATA \
  "\x0c\x00\x03\x0f\x00\x01\x0b\x00\x00\x00\x01\x00\x00\x00\x01" "a" \
  "\x0f\x00\x02\x0c\x00\x00\x00\x02" ROW_INTEGER ROW_NEST STOP

#define FULL RESULT CODE_1005 LATENCY DATA SPACE ERROR_MSG STOP STOP

/* A message and what was read of it. */
typedef struct
{
  guint8 *bytes; /* (owned) of just the size, so that a memory checker sees a read past the end */
  gsize length;
  NebulaMessageHead head;
  NebulaReply reply;
  GError *error; /* (owned) (nullable) */
} Reading;

static void
reading_clear (Reading *reading)
{
  g_free (reading->bytes);
  g_clear_error (&reading->error);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Reading, reading_clear)

static void
make_message (Reading *reading, NebulaMessageType type, const Bytes *body)
{
  reading->length = BODY + body->length;
  reading->bytes = g_malloc (reading->length);
  memcpy (reading->bytes, "\x80\x01\x00\x00\x00\x00\x00\x07" "execute" "\x00\x00\x00\x00", BODY);
  reading->bytes[3] = type;
  memcpy (reading->bytes + BODY, body->bytes, body->length);
  g_assert_true (nebula_message_parse_head (reading->bytes, reading->length, &reading->head, NULL));
}

static gboolean
read_message (Reading *reading, NebulaResponse response, guint max_depth, gboolean validate)
{
  const NebulaReplyLayout *layout = &nebula_reply_layouts[response];
  gboolean read;

  g_clear_error (&reading->error);
  memset (&reading->reply, 0xaa, sizeof reading->reply);
  read = nebula_reply_read (reading->bytes, reading->length, &reading->head, layout, max_depth,
                            validate, &reading->reply, &reading->error);
  g_assert_cmpint (read, ==, reading->error == NULL);
  return read;
}

static gboolean
read_body (Reading *reading, const Bytes *body, NebulaResponse response, gboolean validate)
{
  make_message (reading, NEBULA_MESSAGE_REPLY, body);
  return read_message (reading, response, DEPTH, validate);
}

typedef struct
{
  const char *what;
  NebulaResponse response;
  Bytes body;
  gboolean has_result;
  gboolean has_code;
  gint32 code;
  const char *message;
  const char *space;
  gboolean has_session;
  gint64 session;
} Reply;

#define EXECUTION NEBULA_RESPONSE_EXECUTION
#define AUTH NEBULA_RESPONSE_AUTH
#define VERIFY NEBULA_RESPONSE_VERIFY
#define JSON NEBULA_RESPONSE_JSON
#define OTHER NEBULA_RESPONSE_OTHER
#define SESSION_9 "\x0a\x00\x03\x00\x00\x00\x01\x00\x00\x00\x09"

static const Reply replies[] = {
  { "all of an execution", EXECUTION, BYTES (FULL), TRUE, TRUE,
    .code = -1005, .message = "no", .space = "nba" },
  { "success", EXECUTION, BYTES (RESULT CODE_0 LATENCY SPACE STOP STOP), TRUE, TRUE,
    .code = 0, .space = "nba" },
  { "fields backwards", EXECUTION, BYTES (RESULT ERROR_MSG SPACE LATENCY CODE_1005 STOP STOP),
    TRUE, TRUE, .code = -1005, .message = "no", .space = "nba" },
  { "empty texts", EXECUTION,
    BYTES (RESULT CODE_0 "\x0b\x00\x04\x00\x00\x00\x00\x0b\x00\x05\x00\x00\x00\x00" STOP STOP),
    TRUE, TRUE, .code = 0, .message = "", .space = "" },
  { "no code", EXECUTION, BYTES (RESULT SPACE STOP STOP), TRUE, FALSE, .code = 0, .space = "nba" },
  { "a code of 64 bits, texts that are integers", EXECUTION,
    BYTES (RESULT "\x0a\x00\x01\x00\x00\x00\x00\x00\x00\x00\x05\x08\x00\x04\x00\x00\x00\x01"
                  "\x08\x00\x05\x00\x00\x00\x01" STOP STOP), TRUE, FALSE, .code = 0 },
  { "field 257 is not field 1", EXECUTION,
    BYTES (RESULT "\x08\x01\x01\x00\x00\x00\x05\x08\x00\x21\x00\x00\x00\x05" STOP STOP),
    TRUE, FALSE, .code = 0 },
  { "codes inside other structs", EXECUTION,
    BYTES (RESULT STRUCT_7 CODE_1005 ERROR_MSG SPACE STOP CODE_0 STOP STOP), TRUE, TRUE,
    .code = 0 },
  { "a declared exception", EXECUTION, BYTES ("\x0c\x00\x01" CODE_1005 ERROR_MSG STOP STOP),
    FALSE, FALSE, .code = 0 },
  { "an exception behind a result", EXECUTION,
    BYTES (RESULT CODE_0 STOP "\x0c\x00\x01" CODE_1005 ERROR_MSG STOP STOP), TRUE, TRUE,
    .code = 0 },
  { "a result behind an exception", EXECUTION,
    BYTES ("\x0c\x00\x01" CODE_1005 ERROR_MSG STOP RESULT CODE_0 STOP STOP), TRUE, TRUE,
    .code = 0 },
  { "no result at all", EXECUTION, BYTES (STOP), FALSE, FALSE, .code = 0 },
  { "a result that is no struct", EXECUTION, BYTES ("\x08\x00\x00\x00\x00\x00\x05" STOP),
    FALSE, FALSE, .code = 0 },
  { "a list of structs as the result", EXECUTION,
    BYTES ("\x0f\x00\x00\x0c\x00\x00\x00\x01" CODE_1005 STOP STOP), FALSE, FALSE, .code = 0 },
  { "authenticated", AUTH, BYTES (RESULT CODE_0 SESSION_9 STOP STOP), TRUE, TRUE,
    .code = 0, .has_session = TRUE, .session = 0x100000009 },
  { "not authenticated", AUTH,
    BYTES (RESULT CODE_1005 "\x0b\x00\x02\x00\x00\x00\x04what" SPACE STOP STOP), TRUE, TRUE,
    .code = -1005, .message = "what" },
  { "a session of 32 bits", AUTH, BYTES (RESULT CODE_0 "\x08\x00\x03\x00\x00\x00\x09" STOP STOP),
    TRUE, TRUE, .code = 0 },
  { "verified", VERIFY, BYTES (RESULT CODE_0 SESSION_9 STOP STOP), TRUE, TRUE, .code = 0 },
  { "not verified", VERIFY,
    BYTES (RESULT CODE_1005 "\x0b\x00\x02\x00\x00\x00\x04what" SPACE STOP STOP), TRUE, TRUE,
    .code = -1005, .message = "what" },
  { "another service", OTHER, BYTES (RESULT CODE_1005 ERROR_MSG SPACE SESSION_9 STOP STOP),
    TRUE, TRUE, .code = -1005 },
  { "another service without a code", OTHER,
    BYTES (RESULT "\x0b\x00\x01\x00\x00\x00\x00" STOP STOP),
    TRUE, FALSE, .code = 0 },
  { "another service's i32", OTHER, BYTES ("\x08\x00\x00\x00\x00\x00\x05" STOP), TRUE, FALSE,
    .code = 0 },
  { "another service's list of structs", OTHER,
    BYTES ("\x0f\x00\x00\x0c\x00\x00\x00\x01" CODE_1005 STOP STOP), TRUE, FALSE, .code = 0 },
  { "another service's void", OTHER, BYTES (STOP), FALSE, FALSE, .code = 0 },
  { "JSON that is none", JSON, BYTES ("\x0b\x00\x00\x00\x00\x00\x02{]" STOP), TRUE, FALSE,
    .code = 0 },
  { "JSON that is empty", JSON, BYTES ("\x0b\x00\x00\x00\x00\x00\x00" STOP), TRUE, FALSE,
    .code = 0 },
  { "a struct where JSON should be", JSON, BYTES (RESULT CODE_1005 STOP STOP), FALSE, FALSE,
    .code = 0 },
};

static void
assert_text (const char *found, gsize length, const char *expected)
{
  if (expected == NULL)
    {
      g_assert_null (found);
      g_assert_cmpuint (length, ==, 0);
      return;
    }
  g_assert_nonnull (found);
  g_assert_cmpmem (found, length, expected, strlen (expected));
}

static void
check_reply (const Reply *row, gboolean validate)
{
  g_auto (Reading) reading = { 0 };
  const NebulaReply *reply = &reading.reply;

  read_body (&reading, &row->body, row->response, validate);
  g_assert_no_error (reading.error);
  g_assert_cmpint (reply->has_result, ==, row->has_result);
  g_assert_cmpint (reply->has_code, ==, row->has_code);
  g_assert_cmpint (reply->code, ==, row->code);
  assert_text (reply->message, reply->message_length, row->message);
  assert_text (reply->space, reply->space_length, row->space);
  g_assert_false (reply->is_json);
  g_assert_cmpint (reply->has_session, ==, row->has_session);
  g_assert_cmpint (reply->session, ==, row->session);
}

static void
test_found (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (replies); i++)
    {
      g_test_message ("%s", replies[i].what);
      check_reply (&replies[i], TRUE);
      check_reply (&replies[i], FALSE);
    }
}

static void
test_json (void)
{
  static const Bytes body = BYTES (
    "\x0b\x00\x00\x00\x00\x00\x4d"
    "{\"errors\":[{\"code\":-1005,\"message\":\"\\\"x\\\"\"}],"
    "\"results\":[{\"spaceName\":\"nba\"}]}" STOP);
  g_auto (Reading) reading = { 0 };
  const NebulaReply *reply = &reading.reply;

  read_body (&reading, &body, JSON, TRUE);
  g_assert_no_error (reading.error);
  g_assert_true (reply->has_result && reply->has_code && reply->is_json);
  g_assert_cmpint (reply->code, ==, -1005);
  assert_text (reply->message, reply->message_length, "\\\"x\\\"");
  assert_text (reply->space, reply->space_length, "nba");
}

static void
test_exception (void)
{
  static const Bytes body = BYTES ("\x0b\x00\x01\x00\x00\x00\x04" "busy"
                                   "\x08\x00\x02\x00\x00\x00\x0b" RESULT CODE_1005 STOP STOP);
  NebulaResponse responses[] = { EXECUTION, AUTH, VERIFY, JSON, OTHER };

  for (gsize i = 0; i < 2 * G_N_ELEMENTS (responses); i++)
    {
      g_auto (Reading) reading = { 0 };
      const NebulaReply *reply = &reading.reply;

      make_message (&reading, NEBULA_MESSAGE_EXCEPTION, &body);
      read_message (&reading, responses[i / 2], DEPTH, i % 2);
      g_assert_no_error (reading.error);
      g_assert_false (reply->has_result);
      g_assert_true (reply->has_code);
      g_assert_cmpint (reply->code, ==, 11);
      assert_text (reply->message, reply->message_length, "busy");
      g_assert_null (reply->space);
      g_assert_false (reply->has_session);
    }
}

#define UNKNOWN(type) "unknown type " #type ", expected 2, 3, 4, 6, 8 or 10 to 15"

/* Bodies that must be refused, and at which byte of the body what is wrong. */
static const struct
{
  Bytes body;
  gsize at;
  const char *text;
} damaged[] = {
  { BYTES (""), 0, "ends inside a struct, expected a field or a stop" },
  { BYTES (RESULT STOP), 4, "ends inside a struct, expected a field or a stop" },
  { BYTES ("\x0c\x00"), 0, "ends inside the head of a field, expected 3 bytes" },
  { BYTES (STOP STOP), 1, "the message ends here, but 1 bytes are left" },
  { BYTES (RESULT CODE_0 STOP STOP "abc"), 12, "the message ends here, but 3 bytes are left" },
  { BYTES ("\x01\x00\x00" STOP), 0, UNKNOWN (1) },
  { BYTES ("\x07\x00\x00" STOP), 0, UNKNOWN (7) },
  { BYTES (RESULT "\x09\x00\x02" "12345678" STOP STOP), 3, UNKNOWN (9) },
  { BYTES ("\x10\x00\x00\x00\x00\x00\x00" STOP), 0, UNKNOWN (16) },
  { BYTES ("\x11\x00\x00\x00\x00\x00\x00" STOP), 0, UNKNOWN (17) },
  { BYTES ("\xff\x00\x00" STOP), 0, UNKNOWN (255) },
  { BYTES ("\x02\x00\x00"), 3, "type 2 needs at least 1 bytes, only 0 are left" },
  { BYTES ("\x06\x00\x00" "1"), 3, "type 6 needs at least 2 bytes, only 1 are left" },
  { BYTES ("\x08\x00\x00" "123"), 3, "type 8 needs at least 4 bytes, only 3 are left" },
  { BYTES ("\x04\x00\x00" "1234567"), 3, "type 4 needs at least 8 bytes, only 7 are left" },
  { BYTES ("\x0a\x00\x00" "1234567"), 3, "type 10 needs at least 8 bytes, only 7 are left" },
  { BYTES ("\x0b\x00\x00\x00\x00\x00"), 3, "type 11 needs at least 4 bytes, only 3 are left" },
  { BYTES ("\x0b\x00\x00\xff\xff\xff\xff" STOP), 3, "a string of -1 bytes, expected 0 to 1" },
  { BYTES ("\x0b\x00\x00\x80\x00\x00\x00"), 3, "a string of -2147483648 bytes, expected 0 to 0" },
  { BYTES ("\x0b\x00\x00\x7f\xff\xff\xff"), 3, "a string of 2147483647 bytes, expected 0 to 0" },
  { BYTES ("\x0b\x00\x00\x00\x00\x00\x02" STOP), 3, "a string of 2 bytes, expected 0 to 1" },
  { BYTES ("\x0c\x00\x00"), 3, "type 12 needs at least 1 bytes, only 0 are left" },
  { BYTES (LIST_7 "\x02\x00\x00\x00"), 3, "type 15 needs at least 5 bytes, only 4 are left" },
  { BYTES (SET_7 "\x02\x00\x00\x00"), 3, "type 14 needs at least 5 bytes, only 4 are left" },
  { BYTES (MAP_7 "\x02\x02\x00\x00\x00"), 3, "type 13 needs at least 6 bytes, only 5 are left" },
  { BYTES (LIST_7 "\x00\x00\x00\x00\x01" STOP), 3, UNKNOWN (0) },
  { BYTES (LIST_7 "\x01\x7f\xff\xff\xff" STOP), 3, UNKNOWN (1) },
  { BYTES (SET_7 "\x10\x00\x00\x00\x01" STOP), 3, UNKNOWN (16) },
  { BYTES (MAP_7 "\x01\x0c\x00\x00\x00\x01" STOP STOP), 3, UNKNOWN (1) },
  { BYTES (MAP_7 "\x02\x11\x00\x00\x00\x01\x01" STOP), 4, UNKNOWN (17) },
  { BYTES (LIST_7 "\x02\x7f\xff\xff\xff" "123"), 4,
    "a container of 2147483647 elements, expected 0 to 3" },
  { BYTES (LIST_7 "\x0c\xff\xff\xff\xff" STOP), 4, "a container of -1 elements, expected 0 to 1" },
  { BYTES (SET_7 "\x0a\x00\x00\x00\x02" "123456789012345"), 4,
    "a container of 2 elements, expected 0 to 1" },
  { BYTES (SET_7 "\x0b\x00\x00\x00\x02\x00\x00\x00\x00" STOP), 4,
    "a container of 2 elements, expected 0 to 1" },
  { BYTES (MAP_7 "\x0b\x0c\x00\x00\x00\x02\x00\x00\x00\x00\x00\x00\x00\x00" STOP), 5,
    "a container of 2 elements, expected 0 to 1" },
  { BYTES (MAP_7 "\x0d\x0d\x7f\xff\xff\xff" STOP), 5,
    "a container of 2147483647 elements, expected 0 to 0" },
  { BYTES (LIST_7 "\x0b\x00\x00\x00\x02\x00\x00\x00\x00\x00\x00\x00\x09" STOP), 12,
    "a string of 9 bytes, expected 0 to 1" },
  { BYTES (RESULT CODE_0 CODE_0 STOP STOP), 10, "field 1 comes twice in one struct" },
  { BYTES (RESULT CODE_0 STOP RESULT STOP STOP), 11, "field 0 comes twice in one struct" },
  { BYTES (RESULT "\x02\x00\x3f\x01" CODE_0 "\x0a\x00\x3f" STOP STOP), 14,
    "field 63 comes twice in one struct" },
  { BYTES (LIST_7 "\x0c\x00\x00\x00\x02" CODE_0 STOP CODE_0 CODE_0 STOP STOP), 23,
    "field 1 comes twice in one struct" },
};

static void
assert_damaged (const Bytes *body, gsize length, const char *text)
{
  static const NebulaReply zero;
  const Bytes cut = { body->bytes, length };
  g_auto (Reading) reading = { 0 };

  g_assert_false (read_body (&reading, &cut, EXECUTION, TRUE));
  g_assert_error (reading.error, NEBULA_ERROR, NEBULA_ERROR_FATAL);
  if (text != NULL)
    g_assert_cmpstr (reading.error->message, ==, text);
  g_assert_cmpmem (&reading.reply, sizeof zero, &zero, sizeof zero);
}

static void
test_damaged (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (damaged); i++)
    {
      g_autofree char *text = g_strdup_printf ("Reply damaged at byte %" G_GSIZE_FORMAT ": %s",
                                               BODY + damaged[i].at, damaged[i].text);

      assert_damaged (&damaged[i].body, damaged[i].body.length, text);
    }
}

/* What is unusual, and harms nobody. */
static const Bytes allowed[] = {
  BYTES (LIST_7 "\x00\x00\x00\x00\x00" STOP),
  BYTES (LIST_7 "\x01\x00\x00\x00\x00" STOP),
  BYTES (SET_7 "\xff\x00\x00\x00\x00" STOP),
  BYTES (MAP_7 "\x00\x11\x00\x00\x00\x00" STOP),
  BYTES (LIST_7 "\x02\x00\x00\x00\x03\x00\x01\xff" STOP),
  BYTES (LIST_7 "\x0a\x00\x00\x00\x02" "1234567890123456" STOP),
  BYTES (LIST_7 "\x0c\x00\x00\x00\x03" STOP STOP STOP STOP),
  BYTES (LIST_7 "\x0f\x00\x00\x00\x02\x02\x00\x00\x00\x01\x01\x0c\x00\x00\x00\x00" STOP),
  BYTES (MAP_7 "\x08\x03\x00\x00\x00\x02" "12345" "12345" STOP),
  BYTES (MAP_7 "\x03\x0b\x00\x00\x00\x02\x01\x00\x00\x00\x01" "a" "\x02\x00\x00\x00\x00" STOP),
  BYTES (MAP_7 "\x0c\x0d\x00\x00\x00\x01" CODE_0 STOP "\x00\x00\x00\x00\x00\x00" STOP),
  BYTES ("\x02\x00\x40\x01\x02\x00\x40\x01\x02\xff\xff\x01\x02\xff\xff\x01" STOP),
  BYTES (LIST_7 "\x0c\x00\x00\x00\x02" CODE_0 STOP CODE_0 STOP STOP),
};

static void
test_allowed (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (allowed); i++)
    {
      g_auto (Reading) reading = { 0 };

      read_body (&reading, &allowed[i], OTHER, TRUE);
      g_assert_no_error (reading.error);
      g_assert_false (reading.reply.has_result);
    }
}

/* Only replies and exceptions are read. */
static void
test_message_type (void)
{
  static const Bytes body = BYTES (STOP);
  NebulaMessageType types[] = { NEBULA_MESSAGE_CALL, NEBULA_MESSAGE_ONEWAY };

  for (gsize i = 0; i < G_N_ELEMENTS (types); i++)
    {
      g_autofree char *text = g_strdup_printf ("Reply damaged at byte 0: message type %d, expected "
                                               "a reply (2) or an exception (3)",
                                               types[i]);
      g_auto (Reading) reading = { 0 };

      make_message (&reading, types[i], &body);
      g_assert_false (read_message (&reading, OTHER, DEPTH, TRUE));
      g_assert_error (reading.error, NEBULA_ERROR, NEBULA_ERROR_FATAL);
      g_assert_cmpstr (reading.error->message, ==, text);
    }
}

/* The pieces that a body nests: each opens one level more, and @close ends it. */
static const struct
{
  Bytes open;
  Bytes close;
} nests[] = {
  { BYTES ("\x0f\x00\x00\x00\x01"), BYTES ("") },
  { BYTES ("\x0e\x00\x00\x00\x01"), BYTES ("") },
  { BYTES ("\x02\x0d\x00\x00\x00\x01\x01"), BYTES ("") },
  { BYTES ("\x0c\x00\x01"), BYTES ("\x00") },
};

/* A body with field 7 that nests @levels of one kind inside the result struct. */
static GByteArray *
nest_body (guint kind, guint levels)
{
  static const guint8 field_types[] = { 15, 14, 13, 12 };
  static const guint8 empty[] = { 0, 0, 0, 0, 0, 0 };
  static const guint empty_sizes[] = { 5, 5, 6, 1 };
  GByteArray *body = g_byte_array_new ();

  g_byte_array_append (body, (const guint8[]) { field_types[kind], 0, 7 }, 3);
  for (guint i = 1; i < levels; i++)
    g_byte_array_append (body, (const guint8 *) nests[kind].open.bytes, nests[kind].open.length);
  g_byte_array_append (body, empty, empty_sizes[kind]);
  for (guint i = 1; i < levels; i++)
    g_byte_array_append (body, (const guint8 *) nests[kind].close.bytes, nests[kind].close.length);
  g_byte_array_append (body, empty, 1);
  return body;
}

/* The result struct is a level too. */
static void
test_depth (void)
{
  static const struct
  {
    guint levels;
    guint max_depth;
    gboolean accepted;
    guint said;
  } rows[] = {
    { 1, 2, TRUE, 0 },
    { 1, 1, FALSE, 1 },
    { 1, 0, FALSE, 0 },
    { 63, 64, TRUE, 0 },
    { 64, 64, FALSE, 64 },
    { 50000, 64, FALSE, 64 },
    { 1023, 1024, TRUE, 0 },
    { 1024, 1024, FALSE, 1024 },
    { 1023, G_MAXUINT, TRUE, 0 },
    { 1024, G_MAXUINT, FALSE, 1024 },
    { 50000, G_MAXUINT, FALSE, 1024 },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    for (guint kind = 0; kind < G_N_ELEMENTS (nests); kind++)
      {
        g_autoptr (GByteArray) nest = nest_body (kind, rows[i].levels);
        const Bytes body = { (const char *) nest->data, nest->len };
        g_autofree char *text = g_strdup_printf (": nested deeper than %u levels", rows[i].said);
        g_auto (Reading) reading = { 0 };

        make_message (&reading, NEBULA_MESSAGE_REPLY, &body);
        if (rows[i].accepted)
          {
            g_assert_true (read_message (&reading, OTHER, rows[i].max_depth, TRUE));
            continue;
          }
        g_assert_false (read_message (&reading, OTHER, rows[i].max_depth, TRUE));
        g_assert_error (reading.error, NEBULA_ERROR, NEBULA_ERROR_FATAL);
        g_assert_true (g_str_has_suffix (reading.error->message, text));
      }
}

/* Without validation reading ends where all that was asked for is known. */
static void
test_stops_early (void)
{
  static const struct
  {
    NebulaResponse response;
    Bytes body;
    gboolean accepted;
  } rows[] = {
    { EXECUTION, BYTES (RESULT CODE_0 SPACE ERROR_MSG "\xff"), TRUE },
    { EXECUTION, BYTES (RESULT CODE_0 SPACE STOP), TRUE },
    { EXECUTION, BYTES (RESULT CODE_0 SPACE "\xff"), FALSE },
    { EXECUTION, BYTES (RESULT CODE_0 "\x0b\x00\x05\x00\x00\x00\x09" STOP STOP), FALSE },
    { AUTH, BYTES (RESULT CODE_0 "\x0b\x00\x02\x00\x00\x00\x00" SESSION_9), TRUE },
    { AUTH, BYTES (RESULT CODE_0 SESSION_9 STOP), TRUE },
    { AUTH, BYTES (RESULT CODE_0 SESSION_9), FALSE },
    { VERIFY, BYTES (RESULT CODE_0 "\x0b\x00\x02\x00\x00\x00\x00"), TRUE },
    { JSON, BYTES ("\x0b\x00\x00\x00\x00\x00\x02{}"), TRUE },
    { OTHER, BYTES (RESULT CODE_0), TRUE },
    { OTHER, BYTES (RESULT "\x02\x00\x01\x01"), TRUE },
    { OTHER, BYTES (RESULT LATENCY), FALSE },
    { OTHER, BYTES ("\x08\x00\x00" "1234"), TRUE },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_auto (Reading) reading = { 0 };

      g_assert_cmpint (read_body (&reading, &rows[i].body, rows[i].response, FALSE), ==,
                       rows[i].accepted);
      g_assert_false (read_message (&reading, rows[i].response, DEPTH, TRUE));
      g_assert_error (reading.error, NEBULA_ERROR, NEBULA_ERROR_FATAL);
    }
}

static void
test_prefixes (void)
{
  static const Bytes full = BYTES (FULL);
  static const Bytes list = BYTES (LIST_7 "\x0a\x00\x00\x00\x01" "12345678" STOP);

  for (gsize length = 0; length < full.length; length++)
    assert_damaged (&full, length, NULL);
  for (gsize length = 0; length < list.length; length++)
    assert_damaged (&list, length, NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (replies); i++)
    for (gsize length = 0; length < replies[i].body.length; length++)
      assert_damaged (&replies[i].body, length, NULL);
}

static void
assert_within (const Reading *reading, const char *text, gsize length)
{
  const char *end = (const char *) reading->bytes + reading->length;

  if (text != NULL)
    g_assert_true (length <= reading->length && text + length <= end);
}

static void
assert_same_without_validation (Reading *reading)
{
  const NebulaReply expected = reading->reply;

  g_assert_true (read_message (reading, EXECUTION, DEPTH, FALSE));
  g_assert_cmpint (reading->reply.has_result, ==, expected.has_result);
  g_assert_cmpint (reading->reply.has_code, ==, expected.has_code);
  g_assert_cmpint (reading->reply.code, ==, expected.code);
  g_assert_true (reading->reply.message == expected.message);
  g_assert_true (reading->reply.space == expected.space);
}

/* Every byte of a reply replaced by every other: whatever is said of it, texts lie within it. */
static void
test_mutations (void)
{
  static const Bytes full = BYTES (FULL);
  guint accepted = 0;

  for (gsize at = 0; at < full.length; at++)
    for (guint value = 0; value < 256; value++)
      {
        g_auto (Reading) reading = { 0 };

        make_message (&reading, NEBULA_MESSAGE_REPLY, &full);
        reading.bytes[BODY + at] = value;
        if (!read_message (&reading, EXECUTION, DEPTH, TRUE))
          continue;
        accepted++;
        assert_within (&reading, reading.reply.message, reading.reply.message_length);
        assert_within (&reading, reading.reply.space, reading.reply.space_length);
        assert_same_without_validation (&reading);
      }
  /* Plain values and numbers of fields may be anything, types, lengths and counts may not: of each
   * there is at least a quarter. */
  g_assert_cmpuint (accepted, >, 256 * full.length / 4);
  g_assert_cmpuint (accepted, <, 256 * full.length / 4 * 3);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_summary ("Codes and texts are found in replies of every kind, and a reply whose lengths, "
                  "counts, types, fields or depth are wrong is refused at the byte that is wrong.");

  g_test_add_func ("/reply/found", test_found);
  g_test_add_func ("/reply/json", test_json);
  g_test_add_func ("/reply/exception", test_exception);
  g_test_add_func ("/reply/damaged", test_damaged);
  g_test_add_func ("/reply/allowed", test_allowed);
  g_test_add_func ("/reply/message-type", test_message_type);
  g_test_add_func ("/reply/depth", test_depth);
  g_test_add_func ("/reply/stops-early", test_stops_early);
  g_test_add_func ("/reply/prefixes", test_prefixes);
  g_test_add_func ("/reply/mutations", test_mutations);
  return g_test_run ();
}
