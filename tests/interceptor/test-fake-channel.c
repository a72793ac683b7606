/* SPDX-License-Identifier: Apache-2.0 */
#include "nebula-fake-channel.h"

/* The fake is what other tests stand on, so it is tested itself. */

typedef struct
{
  NebulaManualClock *clock; /* (owned) */
  NebulaFakeChannel *fake;  /* (owned) */
  NebulaChannel *channel;   /* (unowned): the fake */
  NebulaLimit limit;
} Fixture;

static void
set_up (Fixture *fixture, gconstpointer data)
{
  fixture->clock = nebula_manual_clock_new (1000);
  fixture->fake = nebula_fake_channel_new (fixture->clock);
  fixture->channel = NEBULA_CHANNEL (fixture->fake);
  fixture->limit.clock = NEBULA_CLOCK (fixture->clock);
  fixture->limit.deadline = 1500;
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  g_assert_true (nebula_fake_channel_is_done (fixture->fake));
  g_assert_finalize_object (fixture->fake);
  g_assert_finalize_object (fixture->clock);
  g_clear_object (&fixture->limit.cancellable);
}

static void
open_fake (Fixture *fixture)
{
  g_autoptr (GError) error = NULL;

  nebula_fake_channel_expect_open (fixture->fake, 0);
  g_assert_true (nebula_channel_open (fixture->channel, &fixture->limit, &error));
  g_assert_no_error (error);
}

static void
assert_now (Fixture *fixture, gint64 now)
{
  g_assert_cmpint (nebula_clock_get_now (fixture->limit.clock), ==, now);
}

static void
test_open (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  g_assert_false (nebula_channel_is_alive (fixture->channel));
  nebula_fake_channel_expect_open_error (fixture->fake, 100, G_IO_ERROR,
                                         G_IO_ERROR_CONNECTION_REFUSED);
  g_assert_false (nebula_channel_open (fixture->channel, &fixture->limit, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CONNECTION_REFUSED);
  assert_now (fixture, 1100);
  g_assert_false (nebula_fake_channel_is_open (fixture->fake));

  open_fake (fixture);
  open_fake (fixture);
  assert_now (fixture, 1100);
  g_assert_true (nebula_channel_is_alive (fixture->channel));
  nebula_fake_channel_set_alive (fixture->fake, FALSE);
  g_assert_false (nebula_channel_is_alive (fixture->channel));
  nebula_channel_close (fixture->channel);
  nebula_channel_close (fixture->channel);
  g_assert_cmpuint (nebula_fake_channel_get_n_opens (fixture->fake), ==, 3);
  g_assert_cmpuint (nebula_fake_channel_get_n_closes (fixture->fake), ==, 2);
}

static void
test_send (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  const guint8 *bytes = (const guint8 *) "request";
  GBytes *sent;
  gsize taken = 0;

  g_assert_false (nebula_channel_send (fixture->channel, bytes, 7, &taken, &fixture->limit,
                                       &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_NOT_CONNECTED);
  g_clear_error (&error);

  open_fake (fixture);
  nebula_fake_channel_expect_send (fixture->fake, 100);
  nebula_fake_channel_expect_send_error (fixture->fake, 0, 3, G_IO_ERROR_CONNECTION_CLOSED);
  g_assert_true (nebula_channel_send (fixture->channel, bytes, 7, &taken, &fixture->limit,
                                      &error));
  g_assert_cmpuint (taken, ==, 7);
  assert_now (fixture, 1100);
  g_assert_false (nebula_channel_send (fixture->channel, bytes, 7, &taken, &fixture->limit,
                                       &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CONNECTION_CLOSED);
  g_assert_cmpuint (taken, ==, 3);

  g_assert_cmpuint (nebula_fake_channel_get_n_sends (fixture->fake), ==, 2);
  sent = nebula_fake_channel_get_sent (fixture->fake, 0);
  g_assert_cmpmem (g_bytes_get_data (sent, NULL), g_bytes_get_size (sent), "request", 7);
  sent = nebula_fake_channel_get_sent (fixture->fake, 1);
  g_assert_cmpmem (g_bytes_get_data (sent, NULL), g_bytes_get_size (sent), "req", 3);
}

static void
test_receive (Fixture *fixture, gconstpointer data)
{
  static const gchar *const expected[] = { "re", "p", "ly", NULL };
  static const gsize sizes[] = { 9, 1, 9 };
  g_autoptr (GError) error = NULL;
  guint8 buffer[9];
  guint i;

  open_fake (fixture);
  nebula_fake_channel_expect_receive (fixture->fake, 100, "reply", 5, 2);
  nebula_fake_channel_expect_receive_error (fixture->fake, 0, G_IO_ERROR_CONNECTION_CLOSED);
  for (i = 0; expected[i] != NULL; i++)
    {
      gssize count = nebula_channel_receive (fixture->channel, buffer, sizes[i], &fixture->limit,
                                             &error);

      g_assert_no_error (error);
      g_assert_cmpmem (buffer, count, expected[i], strlen (expected[i]));
      assert_now (fixture, 1100);
    }
  g_assert_cmpint (nebula_channel_receive (fixture->channel, buffer, 1, &fixture->limit, &error),
                   ==, -1);
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CONNECTION_CLOSED);
}

static void
test_limit (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  guint8 byte;

  open_fake (fixture);
  fixture->limit.cancellable = g_cancellable_new ();
  nebula_fake_channel_expect_receive (fixture->fake, 0, "x", 1, 1);
  nebula_fake_channel_cancel_last_step (fixture->fake);
  nebula_fake_channel_expect_receive_error (fixture->fake, NEBULA_FAKE_FOREVER, G_IO_ERROR_FAILED);

  g_assert_cmpint (nebula_channel_receive (fixture->channel, &byte, 1, &fixture->limit, &error), ==,
                   -1);
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  assert_now (fixture, 1000);
  g_clear_error (&error);

  g_cancellable_reset (fixture->limit.cancellable);
  g_assert_cmpint (nebula_channel_receive (fixture->channel, &byte, 1, &fixture->limit, &error), ==,
                   -1);
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_TIMED_OUT);
  assert_now (fixture, 1500);
}

static void
test_opaque (void)
{
  g_autoptr (NebulaManualClock) clock = nebula_manual_clock_new (0);
  g_autoptr (NebulaFakeChannel) fake = nebula_fake_channel_new (clock);
  g_autoptr (NebulaFakeChannel) opaque = nebula_fake_channel_new_opaque (clock);

  g_assert_true (nebula_channel_proves_unsent (NEBULA_CHANNEL (fake)));
  g_assert_false (nebula_channel_proves_unsent (NEBULA_CHANNEL (opaque)));
}

static void
test_off_script (void)
{
  g_autoptr (NebulaManualClock) clock = nebula_manual_clock_new (0);
  g_autoptr (NebulaFakeChannel) fake = nebula_fake_channel_new (clock);
  NebulaLimit limit = { NEBULA_CLOCK (clock), G_MAXINT64, NULL };

  if (g_test_subprocess ())
    {
      nebula_fake_channel_expect_send (fake, 0);
      nebula_channel_open (NEBULA_CHANNEL (fake), &limit, NULL);
      return;
    }

  g_test_trap_subprocess (NULL, 0, 0);
  g_test_trap_assert_failed ();
  g_test_trap_assert_stderr ("*open was not expected, but send*");
}

#define ADD(path, function)                                                                        \
  g_test_add ("/fake-channel/" path, Fixture, NULL, set_up, function, tear_down)

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_summary ("The fake channel follows its script to the letter, on the clock it was given");

  ADD ("open", test_open);
  ADD ("send", test_send);
  ADD ("receive", test_receive);
  ADD ("limit", test_limit);
  g_test_add_func ("/fake-channel/opaque", test_opaque);
  g_test_add_func ("/fake-channel/off-script", test_off_script);
  return g_test_run ();
}
