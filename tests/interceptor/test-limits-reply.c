/* SPDX-License-Identifier: Apache-2.0 */
#include "nebula-fixture.h"
#include "raw-peer.h"

/* Replies that are larger, slower, deeper or more than anybody would send who means well. */

#define FETCH "FETCH PROP ON t \"v\" YIELD properties(vertex).n"

#define MIB (1024 * 1024)

/* A peer that answers with @func, and the road to it; only one attempt in each call. */
static RawPeer *
start (Fixture *self, RawPeerFunc func, gpointer data)
{
  RawPeer *peer = raw_peer_new (func, data);

  fixture_set_up_client (self, raw_peer_get_address (peer));
  fixture_set_policy (self, "max-attempts", 1u, NULL);
  self->session = 1;
  fixture_open (self);
  return peer;
}

/* Returns: how many connections there were */
static guint
stop (Fixture *self, RawPeer *peer)
{
  fixture_tear_down_client (self);
  return raw_peer_free (peer);
}

static void
expect_error (Fixture *self, NebulaError code, const char *pattern)
{
  g_autoptr (GError) error = NULL;

  g_assert_cmpint (fixture_execute (self, FETCH, &error), ==, FIXTURE_NO_REPLY);
  g_assert_error (error, NEBULA_ERROR, (gint) code);
  if (!g_pattern_match_simple (pattern, error->message))
    g_assert_cmpstr (error->message, ==, pattern);
}

static gboolean
announce_and_leave (int fd, const char *method, gint32 sequence, gpointer data)
{
  const guint32 announced = GUINT32_TO_BE (200 * MIB);
  const guint8 bytes[1000] = { 0x80, 1, 0, 2 };

  raw_peer_send (fd, &announced, sizeof announced);
  raw_peer_send (fd, bytes, sizeof bytes);
  return FALSE;
}

static void
test_cut (void)
{
  Fixture fixture = { 0 };
  RawPeer *peer = start (&fixture, announce_and_leave, NULL);

  g_test_summary ("200 MiB are announced, and 1000 bytes come: the connection is lost");
  expect_error (&fixture, NEBULA_ERROR_RETRYABLE, "*the peer closed the connection*");
  g_assert_cmpint (fixture_get_last_cause (&fixture), ==, NEBULA_CAUSE_CONNECTION);
  stop (&fixture, peer);
}

/* A text of @length bytes where the error_msg is. */
static void
append_text (GByteArray *frame, guint32 length)
{
  const guint32 size = GUINT32_TO_BE (length);
  g_autofree guint8 *text = g_malloc (length);

  memset (text, 'x', length);
  g_byte_array_append (frame, (const guint8 *) "\013\0\005", 3);
  g_byte_array_append (frame, (const guint8 *) &size, 4);
  g_byte_array_append (frame, text, length);
}

#define TRICKLE 20000

static gboolean
trickle (int fd, const char *method, gint32 sequence, gpointer data)
{
  GByteArray *frame = raw_peer_start_reply (method, sequence);
  gboolean sent = TRUE;

  append_text (frame, TRICKLE);
  raw_peer_end_reply (frame);
  for (guint i = 0; i < frame->len && sent; i++)
    sent = raw_peer_send (fd, frame->data + i, 1);
  g_byte_array_unref (frame);
  return sent;
}

static void
test_trickle (void)
{
  Fixture fixture = { 0 };
  g_autoptr (GError) error = NULL;
  g_autoptr (NebulaThriftExecutionResponse) response = NULL;
  RawPeer *peer = start (&fixture, trickle, NULL);

  g_test_summary ("a reply that comes byte by byte is the same reply");
  response = fixture_query (&fixture, FETCH, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (response->error_msg->len, ==, TRICKLE);
  g_assert_cmpint (response->error_msg->data[TRICKLE - 1], ==, 'x');
  g_assert_cmpuint (stop (&fixture, peer), ==, 1);
}

#define N_FRAMES 1000000

/* Frames of one byte behind @bytes, as many as somebody takes. The first ones come with what is in
 * front of them. */
static void
flood (int fd, GByteArray *bytes)
{
  static const guint8 frame[] = { 0, 0, 0, 1, 0 };
  gsize front = bytes->len;

  for (guint i = 0; i < 100; i++)
    g_byte_array_append (bytes, frame, sizeof frame);
  for (guint i = 0; i < N_FRAMES / 100 && raw_peer_send (fd, bytes->data, bytes->len); i++)
    {
      g_byte_array_remove_range (bytes, 0, front);
      front = 0;
    }
}

static gboolean
answer_and_flood (int fd, const char *method, gint32 sequence, gpointer data)
{
  g_autoptr (GByteArray) frame = raw_peer_start_reply (method, sequence);

  raw_peer_end_reply (frame);
  flood (fd, frame);
  return FALSE;
}

static gboolean
flood_only (int fd, const char *method, gint32 sequence, gpointer data)
{
  g_autoptr (GByteArray) nothing = g_byte_array_new ();

  flood (fd, nothing);
  return FALSE;
}

static void
test_flood_behind (void)
{
  Fixture fixture = { 0 };
  g_autoptr (GError) error = NULL;
  RawPeer *peer = start (&fixture, answer_and_flood, NULL);

  g_test_summary ("a million frames behind an answer: it counts, and they end the connection");
  for (guint i = 0; i < 3; i++)
    {
      gint32 code = fixture_execute (&fixture, FETCH, &error);

      g_assert_no_error (error);
      g_assert_cmpint (code, ==, 0);
    }
  g_assert_cmpuint (stop (&fixture, peer), ==, 3);
}

static void
test_flood_instead (void)
{
  Fixture fixture = { 0 };
  RawPeer *peer = start (&fixture, flood_only, NULL);

  g_test_summary ("a million frames instead of an answer: the first is refused, none else is read");
  expect_error (&fixture, NEBULA_ERROR_FATAL, "*ends inside its head*");
  expect_error (&fixture, NEBULA_ERROR_FATAL, "*ends inside its head*");
  g_assert_cmpuint (stop (&fixture, peer), ==, 2);
}

#define N_ROWS 100000

/* A column, and rows of one number each: 0, 1, ... */
static gboolean
answer_rows (int fd, const char *method, gint32 sequence, gpointer data)
{
  static const guint8 start_of_data[]
    = { 12, 0, 3, 15, 0, 1, 11, 0, 0, 0, 1, 0, 0, 0, 1, 'n', 15, 0, 2, 12 };
  static const guint8 row[] = { 15, 0, 1, 12, 0, 0, 0, 1, 10, 0, 3, 0, 0, 0, 0 };
  const guint32 n_rows = GUINT32_TO_BE (N_ROWS);
  GByteArray *frame = raw_peer_start_reply (method, sequence);

  g_byte_array_append (frame, start_of_data, sizeof start_of_data);
  g_byte_array_append (frame, (const guint8 *) &n_rows, sizeof n_rows);
  for (guint i = 0; i < N_ROWS; i++)
    {
      const guint32 number = GUINT32_TO_BE (i);

      g_byte_array_append (frame, row, sizeof row);
      g_byte_array_append (frame, (const guint8 *) &number, sizeof number);
      g_byte_array_append (frame, (const guint8 *) "\0", 2);
    }
  g_byte_array_append (frame, (const guint8 *) "", 1);
  return raw_peer_finish_reply (fd, frame);
}

static void
test_rows (void)
{
  Fixture fixture = { 0 };
  g_autoptr (GError) error = NULL;
  g_autoptr (NebulaThriftExecutionResponse) response = NULL;
  RawPeer *peer = start (&fixture, answer_rows, NULL);

  g_test_summary ("100,000 rows come, each in its place");
  response = fixture_query (&fixture, FETCH, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (response->data->rows->len, ==, N_ROWS);
  for (guint i = 0; i < N_ROWS; i++)
    {
      NebulaThriftRow *row = response->data->rows->pdata[i];
      NebulaThriftValue *value = row->values->pdata[0];

      g_assert_cmpint (value->iVal, ==, i);
    }
  stop (&fixture, peer);
}

#define LEVELS 10000

/* Lists in lists in a row of the result, as a stub would build them. */
static gboolean
answer_deep_values (int fd, const char *method, gint32 sequence, gpointer data)
{
  static const guint8 start_of_data[] = { 12, 0, 3, 15, 0, 2, 12, 0, 0, 0, 1, 15, 0, 1, 12,
                                          0,  0, 0, 1 };
  static const guint8 list[] = { 12, 0, 12, 15, 0, 1, 12, 0, 0, 0, 1 };
  GByteArray *frame = raw_peer_start_reply (method, sequence);

  g_byte_array_append (frame, start_of_data, sizeof start_of_data);
  for (guint i = 0; i < LEVELS; i++)
    g_byte_array_append (frame, list, sizeof list);
  /* The innermost value is empty; then the stops of a list and of the value that it was in. */
  g_byte_array_append (frame, (const guint8 *) "\0", 1);
  for (guint i = 0; i < LEVELS; i++)
    g_byte_array_append (frame, (const guint8 *) "\0", 2);
  /* The row and the data set. */
  g_byte_array_append (frame, (const guint8 *) "\0", 2);
  return raw_peer_finish_reply (fd, frame);
}

/* Structures in structures in a field that no stub knows, and which it skips. */
static gboolean
answer_deep_skip (int fd, const char *method, gint32 sequence, gpointer data)
{
  static const guint8 zeros[LEVELS + 1];
  GByteArray *frame = raw_peer_start_reply (method, sequence);

  g_byte_array_append (frame, (const guint8 *) "\014\0\143", 3);
  for (guint i = 0; i < LEVELS; i++)
    g_byte_array_append (frame, (const guint8 *) "\014\0\001", 3);
  g_byte_array_append (frame, zeros, sizeof zeros);
  return raw_peer_finish_reply (fd, frame);
}

static void
check_depth (RawPeerFunc func)
{
  Fixture fixture = { 0 };
  RawPeer *peer = start (&fixture, func, NULL);

  expect_error (&fixture, NEBULA_ERROR_FATAL, "*nested deeper than 64 levels*");
  g_object_set (fixture.interceptor, "max-depth", 1024u, NULL);
  expect_error (&fixture, NEBULA_ERROR_FATAL, "*nested deeper than 1024 levels*");
  stop (&fixture, peer);
}

static void
test_deep_values (void)
{
  g_test_summary ("10,000 lists in each other are refused before a stub goes down there");
  check_depth (answer_deep_values);
}

static void
test_deep_skip (void)
{
  g_test_summary ("so are 10,000 structures that a stub would skip");
  check_depth (answer_deep_skip);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/limits-reply/cut", test_cut);
  g_test_add_func ("/limits-reply/trickle", test_trickle);
  g_test_add_func ("/limits-reply/flood-behind", test_flood_behind);
  g_test_add_func ("/limits-reply/flood-instead", test_flood_instead);
  g_test_add_func ("/limits-reply/rows", test_rows);
  g_test_add_func ("/limits-reply/deep-values", test_deep_values);
  g_test_add_func ("/limits-reply/deep-skip", test_deep_skip);
  return g_test_run ();
}
