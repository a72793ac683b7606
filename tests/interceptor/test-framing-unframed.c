/* SPDX-License-Identifier: Apache-2.0 */
#include "framing-fixture.h"

#include <string.h>

/* Calls without frames, and what was never sent in each framing that is not the usual one. */

static void
test_unframed (FramingFixture *self, gconstpointer data)
{
  static const gsize chunks[] = { 1, 2, 3, 5, 7, 11, FRAMING_WHOLE };
  gint32 sequence = 1;

  g_test_summary ("without frames a reply ends where it ends, however its bytes come");
  nebula_fake_channel_expect_open (self->channel, 0);
  framing_expect_message (self, "verifyClientVersion", sequence, 1);
  for (gsize i = 0; i < G_N_ELEMENTS (chunks); i++)
    {
      framing_expect_message (self, "execute", ++sequence, chunks[i]);
      framing_execute_well (self);
      g_assert_null (self->call.failures);
      g_assert_cmpuint (nebula_connection_get_message_length (&self->call.connection), ==, 31);
    }
  framing_assert_sent (self, 0, "", 0, "verifyClientVersion");
  framing_assert_sent (self, 1, "", 0, "execute");
}

static void
test_unframed_surplus (FramingFixture *self, gconstpointer data)
{
  g_autoptr (GByteArray) message = framing_make_reply ("execute", 2);

  g_test_summary ("bytes behind a message belong to nobody: the connection is replaced");
  nebula_fake_channel_expect_open (self->channel, 0);
  framing_expect_message (self, "verifyClientVersion", 1, FRAMING_WHOLE);
  framing_append (message, "!", 1);
  nebula_fake_channel_expect_send (self->channel, 0);
  nebula_fake_channel_expect_receive (self->channel, 0, message->data, message->len, FRAMING_WHOLE);
  framing_execute_well (self);

  nebula_fake_channel_expect_open (self->channel, 0);
  framing_expect_message (self, "verifyClientVersion", 3, FRAMING_WHOLE);
  framing_expect_message (self, "execute", 4, FRAMING_WHOLE);
  framing_execute_well (self);
  g_assert_null (self->call.failures);
}

static void
check_unframed_refused (FramingFixture *self,
                        gint32 sequence,
                        const char *bytes,
                        gsize length,
                        const char *text)
{
  nebula_fake_channel_expect_open (self->channel, 0);
  framing_expect_message (self, "verifyClientVersion", sequence, FRAMING_WHOLE);
  nebula_fake_channel_expect_send (self->channel, 0);
  nebula_fake_channel_expect_receive (self->channel, 0, bytes, length, FRAMING_WHOLE);
  framing_assert_refused (self, text);
}

static void
test_unframed_refused (FramingFixture *self, gconstpointer data)
{
  static const char framed[] = "\0\0\0\x1f";
  static const char large[] = "\x80\1\0\2\0\0\0\7execute\0\0\0\2\x0f\0\1\x0b\x7f\xff\xff\xff";

  g_test_summary ("what is no message, or is too large, is refused with the first bytes of it");
  check_unframed_refused (self, 1, framed, sizeof framed - 1,
                          "transport sent a damaged message: Message at byte 0: not strict binary "
                          "protocol, expected version 0x8001, found 0x0000");
  check_unframed_refused (self, 3, large, sizeof large - 1,
                          "transport sent a message of at least 8589934616 bytes, more than "
                          "max-frame-size (1048576 bytes)");
}

/* A connection, and on it a send of which the kernel takes @taken bytes. */
static void
expect_cut (FramingFixture *self, gint32 sequence, gsize taken)
{
  if (self->call.connection.framer.framing == NEBULA_FRAMING_HEADER)
    {
      framing_expect_connection (self, sequence);
    }
  else
    {
      nebula_fake_channel_expect_open (self->channel, 0);
      framing_expect_message (self, "verifyClientVersion", sequence, FRAMING_WHOLE);
    }
  nebula_fake_channel_expect_send_error (self->channel, 0, taken, G_IO_ERROR_CONNECTION_CLOSED);
}

static void
test_cut (FramingFixture *self, gconstpointer data)
{
  /* The message has 74 bytes, the header with the time that is left 42. */
  gsize whole = GPOINTER_TO_INT (data) == NEBULA_FRAMING_HEADER ? 42 + 74 : 74;
  g_autoptr (GError) error = NULL;

  g_test_summary ("a request that the kernel did not take whole was never sent");
  expect_cut (self, 1, 0);
  expect_cut (self, 3, whole - 1);
  expect_cut (self, 5, whole);
  g_assert_false (framing_execute (self, &error));
  g_assert_true (nebula_error_may_have_been_applied (error));
  g_assert_cmpuint (self->call.failures->len, ==, 3);
  for (guint i = 0; i < 3; i++)
    g_assert_cmpint (
      nebula_outcome_get_effect (nebula_attempt_get_outcome (self->call.failures->pdata[i])), ==,
      i < 2 ? NEBULA_EFFECT_NONE : NEBULA_EFFECT_MAYBE);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  framing_add ("/framing/header/cut", HEADER, test_cut);
  framing_add ("/framing/unframed/cut", UNFRAMED, test_cut);
  framing_add ("/framing/unframed/pieces", UNFRAMED, test_unframed);
  framing_add ("/framing/unframed/surplus", UNFRAMED, test_unframed_surplus);
  framing_add ("/framing/unframed/refused", UNFRAMED, test_unframed_refused);
  return g_test_run ();
}
