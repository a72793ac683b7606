/* SPDX-License-Identifier: Apache-2.0 */
#include "nebula-mock-message-private.h"
#include "nebula-mock-reply-private.h"

#include <string.h>

#define BYTES(text) (const guint8 *) text, sizeof text - 1

static const guint8 execute[] =
  "\x80\1\0\1\0\0\0\7execute\0\0\0\5\x0a\0\1\0\0\0\0\0\0\0\x2a\x0b\0\2\0\0\0\7YIELD 1";

static const guint8 framed_execute[] =
  "\0\0\0\x2d"
  "\x80\1\0\1\0\0\0\7execute\0\0\0\5\x0a\0\1\0\0\0\0\0\0\0\x2a\x0b\0\2\0\0\0\7YIELD 1";

static void
assert_execute (const NebulaMockMessage *call)
{
  g_assert_cmpstr (call->method, ==, "execute");
  g_assert_cmpuint (call->type, ==, NEBULA_MOCK_CALL);
  g_assert_cmpint (call->sequence, ==, 5);
  g_assert_cmpint (call->session, ==, 42);
  g_assert_cmpstr (call->text, ==, "YIELD 1");
  g_assert_cmpmem (call->checked->data, call->checked->len, execute, sizeof execute);
  g_assert_true (nebula_mock_message_has_statement (call));
  g_assert_false (nebula_mock_message_is_oneway (call));
}

static void
test_execute (void)
{
  g_auto (NebulaMockMessage) framed = { 0 };
  g_auto (NebulaMockMessage) plain = { 0 };
  const char *reason = NULL;

  g_assert_cmpint (nebula_mock_message_read (framed_execute, sizeof framed_execute, &framed,
                                             &reason), ==, NEBULA_MOCK_READ_WHOLE);
  g_assert_true (framed.framed);
  g_assert_cmpuint (framed.size, ==, 49);
  assert_execute (&framed);
  g_assert_cmpint (nebula_mock_message_read (execute, sizeof execute, &plain, &reason), ==,
                   NEBULA_MOCK_READ_WHOLE);
  g_assert_false (plain.framed);
  g_assert_cmpuint (plain.size, ==, 45);
  assert_execute (&plain);
}

static void
test_header (void)
{
  static const guint8 bytes[] =
    "\0\0\0\x43\x0f\xff\0\1\1\2\3\4\0\3\0\0\1\1\3key\1v\0\0"
    "\x80\1\0\1\0\0\0\7execute\0\0\0\5\x0a\0\1\0\0\0\0\0\0\0\x2a\x0b\0\2\0\0\0\7YIELD 1";
  static const guint8 reply[] = "\0\0\0\x11\x0f\xff\0\1\1\2\3\4\0\1\0\0\0\0abc";
  g_autoptr (GByteArray) payload = g_byte_array_new ();
  g_autoptr (GByteArray) framed = NULL;
  g_auto (NebulaMockMessage) call = { 0 };
  const char *reason = NULL;

  g_assert_cmpint (nebula_mock_message_read (bytes, sizeof bytes, &call, &reason), ==,
                   NEBULA_MOCK_READ_WHOLE);
  g_assert_true (call.framed);
  g_assert_true (call.has_header);
  g_assert_cmpuint (call.size, ==, sizeof bytes);
  assert_execute (&call);

  g_byte_array_append (payload, (const guint8 *) "abc", 3);
  framed = nebula_mock_reply_frame (&call, payload);
  g_assert_cmpmem (framed->data, framed->len, reply, sizeof reply - 1);
}

/* Every part of a call asks for more, and looks at nothing behind its end. */
static void
test_parts_ask_for_more (void)
{
  gsize length;

  for (length = 0; length < sizeof framed_execute; length++)
    {
      g_autofree guint8 *framed = g_memdup2 (framed_execute, MAX (length, 1));
      g_autofree guint8 *plain = g_memdup2 (execute, MIN (MAX (length, 1), sizeof execute - 1));
      NebulaMockMessage call;
      const char *reason = NULL;

      g_assert_cmpint (nebula_mock_message_read (framed, length, &call, &reason), ==,
                       NEBULA_MOCK_READ_MORE);
      g_assert_cmpint (nebula_mock_message_read (plain, MIN (length, sizeof execute - 1), &call,
                                                 &reason), ==, NEBULA_MOCK_READ_MORE);
    }
}

/* The second call stays in the input. */
static void
test_two_calls (void)
{
  g_autoptr (GByteArray) bytes = g_byte_array_new ();
  g_auto (NebulaMockMessage) call = { 0 };
  const char *reason = NULL;

  g_byte_array_append (bytes, execute, sizeof execute);
  g_byte_array_append (bytes, execute, sizeof execute);
  g_assert_cmpint (nebula_mock_message_read (bytes->data, bytes->len, &call, &reason), ==,
                   NEBULA_MOCK_READ_WHOLE);
  g_assert_cmpuint (call.size, ==, sizeof execute);
}

/* Of the parameters nothing reaches the processor, whatever they are. */
static void
test_parameters_are_dropped (void)
{
  static const guint8 bytes[] =
    "\x80\1\0\1\0\0\0\x14" "executeWithParameter\0\0\0\1"
    "\x0d\0\3\x08\x02\0\0\0\1\xff\xff\xff\xff\1" /* {-1: true}: not what the IDL says */
    "\x0b\0\2\0\0\0\1x";
  g_auto (NebulaMockMessage) call = { 0 };
  const char *reason = NULL;

  g_assert_cmpint (nebula_mock_message_read (bytes, sizeof bytes, &call, &reason), ==,
                   NEBULA_MOCK_READ_WHOLE);
  g_assert_cmpuint (call.size, ==, sizeof bytes);
  g_assert_cmpstr (call.text, ==, "x");
  g_assert_cmpint (call.session, ==, 0);
  g_assert_cmpmem (call.checked->data + 32, call.checked->len - 32, "\x0b\0\2\0\0\0\1x", 9);
}

static void
test_other_methods (void)
{
  static const guint8 authenticate[] =
    "\x80\1\0\1\0\0\0\x0c" "authenticate\0\0\0\1\x0b\0\1\0\0\0\4root\x0b\0\2\0\0\0\1p";
  static const guint8 signout[] =
    "\x80\1\0\1\0\0\0\7signout\0\0\0\1\x0a\0\1\0\0\0\0\0\0\0\7";
  g_auto (NebulaMockMessage) login = { 0 };
  g_auto (NebulaMockMessage) leave = { 0 };
  const char *reason = NULL;

  g_assert_cmpint (nebula_mock_message_read (authenticate, sizeof authenticate, &login, &reason),
                   ==, NEBULA_MOCK_READ_WHOLE);
  g_assert_cmpstr (login.text, ==, "root");
  g_assert_false (nebula_mock_message_has_statement (&login));
  /* fbthrift's clients send signout as a call. */
  g_assert_cmpint (nebula_mock_message_read (signout, sizeof signout, &leave, &reason), ==,
                   NEBULA_MOCK_READ_WHOLE);
  g_assert_cmpint (leave.session, ==, 7);
  g_assert_true (nebula_mock_message_is_oneway (&leave));
}

typedef struct
{
  const char   *reason;
  const guint8 *bytes;
  gsize         length;
} BrokenCase;

static const BrokenCase broken_cases[] = {
  { "the frame is too large", BYTES ("\x40\0\0\0") },
  { "the frame is too large", BYTES ("\xff\xff\xff\xff") },
  { "the frame is too small for a message", BYTES ("\0\0\0\3") },
  { "no strict binary message in the frame", BYTES ("\0\0\0\x10\x82\x21\0\7") },
  { "no strict binary message in the frame", BYTES ("\0\0\0\x10\x0f\xfe\0\0") },
  { "the frame is too small for its header", BYTES ("\0\0\0\x09\x0f\xff\0\0\0\0\0\0\0") },
  { "the header is larger than its frame, or empty",
    BYTES ("\0\0\0\x0d\x0f\xff\0\0\0\0\0\1\0\1\0\0\0") },
  { "the header is larger than its frame, or empty",
    BYTES ("\0\0\0\x0d\x0f\xff\0\0\0\0\0\1\0\0\0\0\0") },
  { "the payload is transformed, or not of binary protocol",
    BYTES ("\0\0\0\x0e\x0f\xff\0\0\0\0\0\1\0\1\2\0\0\0") },
  { "the payload is transformed, or not of binary protocol",
    BYTES ("\0\0\0\x0e\x0f\xff\0\0\0\0\0\1\0\1\0\1\1\0") },
  { "the message is longer than its frame", BYTES ("\0\0\0\4\x80\1\0\1") },
  { "the message is longer than its frame", BYTES ("\0\0\0\x0d\x80\1\0\1\0\0\0\1x\0\0\0\5") },
  { "not a call", BYTES ("\x80\1\0\2") },
  { "not a call", BYTES ("\x80\1\0\3") },
  { "a length or count is negative or too large", BYTES ("\x80\1\0\1\xff\xff\xff\xff") },
  { "a length or count is negative or too large",
    BYTES ("\x80\1\0\1\0\0\0\1x\0\0\0\5\x0b\0\2\xff\xff\xff\xff") },
  { "a length or count is negative or too large",
    BYTES ("\x80\1\0\1\0\0\0\1x\0\0\0\5\x0f\0\2\x08\x80\0\0\0") },
  { "a type is unknown", BYTES ("\x80\1\0\1\0\0\0\1x\0\0\0\5\x01\0\2") },
  { "a type is unknown", BYTES ("\x80\1\0\1\0\0\0\1x\0\0\0\5\x10\0\2") },
  { "a type is unknown", BYTES ("\x80\1\0\1\0\0\0\1x\0\0\0\5\x0f\0\2\x05\0\0\0\1") },
};

static void
test_broken (void)
{
  gsize i;

  for (i = 0; i < G_N_ELEMENTS (broken_cases); i++)
    {
      NebulaMockMessage call;
      const char *reason = NULL;

      g_test_message ("case %" G_GSIZE_FORMAT, i);
      g_assert_cmpint (nebula_mock_message_read (broken_cases[i].bytes, broken_cases[i].length,
                                                 &call, &reason), ==, NEBULA_MOCK_READ_BROKEN);
      g_assert_cmpstr (reason, ==, broken_cases[i].reason);
    }
}

/* 64 lists in each other are taken, one more is not; the stack never notices. */
static void
test_depth (void)
{
  const guint depths[] = { 64, 65, 100000 };
  gsize i;
  guint j;

  for (i = 0; i < G_N_ELEMENTS (depths); i++)
    {
      g_autoptr (GByteArray) bytes = g_byte_array_new ();
      NebulaMockMessage call;
      const char *reason = NULL;
      NebulaMockRead state;

      g_byte_array_append (bytes, BYTES ("\x80\1\0\1\0\0\0\1x\0\0\0\5\x0f\0\2"));
      for (j = 1; j < depths[i]; j++)
        g_byte_array_append (bytes, BYTES ("\x0f\0\0\0\1"));
      g_byte_array_append (bytes, BYTES ("\x0f\0\0\0\0\0"));
      state = nebula_mock_message_read (bytes->data, bytes->len, &call, &reason);
      g_assert_cmpint (state, ==, i == 0 ? NEBULA_MOCK_READ_WHOLE : NEBULA_MOCK_READ_BROKEN);
      g_assert_cmpstr (reason, ==, i == 0 ? NULL : "too deep");
      if (state == NEBULA_MOCK_READ_WHOLE)
        nebula_mock_message_clear (&call);
    }
}

/* Any one byte changed to anything: an answer comes, and nothing behind the end is read. */
static void
test_mangled (void)
{
  gsize i;
  guint value;

  for (i = 0; i < sizeof framed_execute; i++)
    for (value = 0; value < 256; value++)
      {
        g_autofree guint8 *copy = g_memdup2 (framed_execute, sizeof framed_execute);
        NebulaMockMessage call;
        const char *reason = NULL;

        copy[i] = value;
        if (nebula_mock_message_read (copy, sizeof framed_execute, &call, &reason) ==
            NEBULA_MOCK_READ_WHOLE)
          {
            g_assert_cmpuint (call.size, <=, sizeof framed_execute);
            nebula_mock_message_clear (&call);
          }
      }
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_summary ("Calls are told apart, framed, with a header, or bare, and damaged ones are "
                  "found out.");
  g_test_add_func ("/message/execute", test_execute);
  g_test_add_func ("/message/header", test_header);
  g_test_add_func ("/message/parts", test_parts_ask_for_more);
  g_test_add_func ("/message/two", test_two_calls);
  g_test_add_func ("/message/parameters", test_parameters_are_dropped);
  g_test_add_func ("/message/other-methods", test_other_methods);
  g_test_add_func ("/message/broken", test_broken);
  g_test_add_func ("/message/depth", test_depth);
  g_test_add_func ("/message/mangled", test_mangled);
  return g_test_run ();
}
