/* SPDX-License-Identifier: Apache-2.0 */
#include "nebula-transport-channel-private.h"

#include <errno.h>
#include <string.h>
#include <thrift/c_glib/transport/thrift_framed_transport.h>

/* A transport that is no socket, and does what the test says. */

typedef struct
{
  ThriftTransport parent_instance;

  gboolean is_open;
  gboolean cannot_open;
  gboolean cannot_close;
  gboolean answer;       /* of write and flush */
  gint32 count;          /* answer of read */
  int number;            /* errno after each call */
  const GError *error;   /* (unowned) (nullable): of each call */
  NebulaManualClock *clock; /* (unowned) (nullable): a call takes a second of it */
  GCancellable *cancels; /* (unowned) (nullable): somebody cancels during the call */
  GString *calls;        /* (owned): what was called */
} TestScript;

typedef ThriftTransportClass TestScriptClass;

GType test_script_get_type (void);
G_DEFINE_TYPE (TestScript, test_script, THRIFT_TYPE_TRANSPORT)

static TestScript *
test_script_call (ThriftTransport *transport, const gchar *name, GError **error)
{
  TestScript *self = (TestScript *) transport;

  g_string_append_printf (self->calls, "%s ", name);
  if (self->clock != NULL)
    nebula_manual_clock_advance (self->clock, G_USEC_PER_SEC);
  if (self->cancels != NULL)
    g_cancellable_cancel (self->cancels);
  if (self->error != NULL)
    g_propagate_error (error, g_error_copy (self->error));
  errno = self->number;

  return self;
}

static gboolean
test_script_is_open (ThriftTransport *transport)
{
  return ((TestScript *) transport)->is_open;
}

static gboolean
test_script_open (ThriftTransport *transport, GError **error)
{
  TestScript *self = test_script_call (transport, "open", error);

  self->is_open = !self->cannot_open;
  return self->is_open;
}

static gboolean
test_script_close (ThriftTransport *transport, GError **error)
{
  TestScript *self = test_script_call (transport, "close", error);

  self->is_open = self->cannot_close;
  return !self->cannot_close;
}

static gint32
test_script_read (ThriftTransport *transport, gpointer buffer, guint32 size, GError **error)
{
  TestScript *self = test_script_call (transport, "read", error);

  if (self->count > 0)
    memset (buffer, 'r', MIN ((guint32) self->count, size));
  return self->count;
}

static gboolean
test_script_write (ThriftTransport *transport,
                   const gpointer bytes,
                   const guint32 length,
                   GError **error)
{
  return test_script_call (transport, "write", NULL) != NULL;
}

static gboolean
test_script_flush (ThriftTransport *transport, GError **error)
{
  return test_script_call (transport, "flush", error)->answer;
}

static void
test_script_finalize (GObject *object)
{
  g_string_free (((TestScript *) object)->calls, TRUE);
  G_OBJECT_CLASS (g_type_class_peek (G_TYPE_OBJECT))->finalize (object);
}

static void
test_script_class_init (TestScriptClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = test_script_finalize;
  klass->is_open = test_script_is_open;
  klass->open = test_script_open;
  klass->close = test_script_close;
  klass->read = test_script_read;
  klass->write = test_script_write;
  klass->flush = test_script_flush;
}

static void
test_script_init (TestScript *self)
{
  self->calls = g_string_new (NULL);
  self->answer = TRUE;
}

/* Tests of how failures are told: what the transport does, and what must come of it */

typedef struct
{
  const gchar *name;
  const gchar *domain; /* NULL for no error */
  gint code;
  int number;
  GIOErrorEnum opening;
  GIOErrorEnum sending;
  GIOErrorEnum receiving;
} FailureRow;

#define THRIFT "thrift-transport-error-quark"

static const FailureRow failure_rows[] = {
  { "nothing-said", NULL, 0, 0, G_IO_ERROR_FAILED, G_IO_ERROR_CONNECTION_CLOSED,
    G_IO_ERROR_CONNECTION_CLOSED },
  { "again", NULL, 0, EAGAIN, G_IO_ERROR_TIMED_OUT, G_IO_ERROR_TIMED_OUT, G_IO_ERROR_TIMED_OUT },
  { "unknown", THRIFT, THRIFT_TRANSPORT_ERROR_UNKNOWN, 0, G_IO_ERROR_FAILED,
    G_IO_ERROR_CONNECTION_CLOSED, G_IO_ERROR_CONNECTION_CLOSED },
  { "host", THRIFT, THRIFT_TRANSPORT_ERROR_HOST, 0, G_IO_ERROR_HOST_NOT_FOUND,
    G_IO_ERROR_CONNECTION_CLOSED, G_IO_ERROR_CONNECTION_CLOSED },
  { "refused", THRIFT, THRIFT_TRANSPORT_ERROR_CONNECT, ECONNREFUSED, G_IO_ERROR_CONNECTION_REFUSED,
    G_IO_ERROR_CONNECTION_CLOSED, G_IO_ERROR_CONNECTION_CLOSED },
  { "connect", THRIFT, THRIFT_TRANSPORT_ERROR_CONNECT, 0, G_IO_ERROR_FAILED,
    G_IO_ERROR_CONNECTION_CLOSED, G_IO_ERROR_CONNECTION_CLOSED },
  { "send", THRIFT, THRIFT_TRANSPORT_ERROR_SEND, EPIPE, G_IO_ERROR_FAILED,
    G_IO_ERROR_CONNECTION_CLOSED, G_IO_ERROR_CONNECTION_CLOSED },
  { "send-again", THRIFT, THRIFT_TRANSPORT_ERROR_SEND, EAGAIN, G_IO_ERROR_TIMED_OUT,
    G_IO_ERROR_TIMED_OUT, G_IO_ERROR_TIMED_OUT },
  { "receive", THRIFT, THRIFT_TRANSPORT_ERROR_RECEIVE, 0, G_IO_ERROR_FAILED,
    G_IO_ERROR_CONNECTION_CLOSED, G_IO_ERROR_CONNECTION_CLOSED },
  { "too-large", THRIFT, THRIFT_TRANSPORT_ERROR_MAX_MESSAGE_SIZE_REACHED, 0, G_IO_ERROR_FAILED,
    G_IO_ERROR_MESSAGE_TOO_LARGE, G_IO_ERROR_MESSAGE_TOO_LARGE },
  { "foreign", "g-io-error-quark", G_IO_ERROR_PROXY_FAILED, 0, G_IO_ERROR_PROXY_FAILED,
    G_IO_ERROR_PROXY_FAILED, G_IO_ERROR_PROXY_FAILED },
};

static NebulaChannel *
make_script (TestScript **script)
{
  NebulaChannel *channel;

  *script = g_object_new (test_script_get_type (), NULL);
  channel = nebula_transport_channel_new (THRIFT_TRANSPORT (*script));
  g_object_unref (*script);
  return channel;
}

static void
assert_failure (const FailureRow *row, GIOErrorEnum code, GError **error)
{
  g_assert_error (*error, G_IO_ERROR, (gint) code);
  g_assert_true (g_str_has_prefix ((*error)->message, "TestScript: "));
  if (row->domain == NULL && row->number == 0)
    g_assert_cmpstr ((*error)->message, ==, "TestScript: failed and did not say why");
  else if (row->number != EAGAIN)
    g_assert_cmpstr ((*error)->message, ==, "TestScript: because");
  g_clear_error (error);
}

static void
test_failure (gconstpointer data)
{
  const FailureRow *row = data;
  NebulaLimit limit = { nebula_clock_get_system (), G_MAXINT64, NULL };
  g_autoptr (GError) error = NULL;
  g_autoptr (GError) given = NULL;
  g_autoptr (NebulaChannel) channel = NULL;
  TestScript *script;
  guint8 byte = 0;
  gsize taken = 999;

  if (row->domain != NULL)
    given = g_error_new_literal (g_quark_from_string (row->domain), row->code, "because");
  channel = make_script (&script);
  script->error = given;
  script->number = row->number;
  script->cannot_open = TRUE;
  g_assert_false (nebula_channel_open (channel, &limit, &error));
  assert_failure (row, row->opening, &error);

  script->cannot_open = FALSE;
  script->error = NULL;
  g_assert_true (nebula_channel_open (channel, &limit, &error));
  script->error = given;
  script->answer = FALSE;
  g_assert_false (nebula_channel_send (channel, &byte, 1, &taken, &limit, &error));
  g_assert_cmpuint (taken, ==, 0);
  assert_failure (row, row->sending, &error);

  script->count = -1;
  g_assert_cmpint (nebula_channel_receive (channel, &byte, 1, &limit, &error), ==, -1);
  assert_failure (row, row->receiving, &error);
}

/* A flush that answers TRUE with an error set, and a read that answers bytes with one. */
static void
test_error_despite_success (void)
{
  NebulaLimit limit = { nebula_clock_get_system (), G_MAXINT64, NULL };
  g_autoptr (GError) error = NULL;
  g_autoptr (GError) given = g_error_new_literal (THRIFT_TRANSPORT_ERROR,
                                                  THRIFT_TRANSPORT_ERROR_SEND, "because");
  g_autoptr (NebulaChannel) channel = NULL;
  TestScript *script;
  guint8 byte = 0;
  gsize taken;

  channel = make_script (&script);
  g_assert_true (nebula_channel_open (channel, &limit, &error));
  script->error = given;
  g_assert_false (nebula_channel_send (channel, &byte, 1, &taken, &limit, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CONNECTION_CLOSED);
  g_clear_error (&error);

  script->count = 1;
  g_assert_cmpint (nebula_channel_receive (channel, &byte, 1, &limit, &error), ==, -1);
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CONNECTION_CLOSED);
  g_clear_error (&error);

  /* More bytes than fit cannot be true. */
  script->error = NULL;
  script->count = 2;
  g_assert_cmpint (nebula_channel_receive (channel, &byte, 1, &limit, &error), ==, -1);
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CONNECTION_CLOSED);
}

/* The same trap in the wild. */
static void
test_framed_transport (void)
{
  NebulaLimit limit = { nebula_clock_get_system (), G_MAXINT64, NULL };
  g_autoptr (GError) error = NULL;
  g_autoptr (GError) given = g_error_new_literal (THRIFT_TRANSPORT_ERROR,
                                                  THRIFT_TRANSPORT_ERROR_SEND, "because");
  TestScript *script = g_object_new (test_script_get_type (), NULL);
  static ThriftTransport *volatile kept; /* until the end: it leaks when it is finalized */
  g_autoptr (NebulaChannel) channel = NULL;
  gsize taken = 999;

  kept = g_object_new (THRIFT_TYPE_FRAMED_TRANSPORT, "transport", script, NULL);
  channel = nebula_transport_channel_new (kept);
  g_assert_true (nebula_channel_open (channel, &limit, &error));
  script->error = given;
  script->answer = FALSE;
  g_assert_false (nebula_channel_send (channel, (const guint8 *) "x", 1, &taken, &limit, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CONNECTION_CLOSED);
  g_assert_cmpstr (error->message, ==, "ThriftFramedTransport: because");
  g_assert_cmpuint (taken, ==, 0);

  /* The framed transport does not own the other. */
  g_clear_object (&channel);
  g_object_unref (script);
}

static void
test_script_limit (void)
{
  g_autoptr (NebulaManualClock) clock = nebula_manual_clock_new (0);
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  NebulaLimit limit = { NEBULA_CLOCK (clock), 2500 * 1000, cancellable };
  g_autoptr (GError) error = NULL;
  g_autoptr (NebulaChannel) channel = NULL;
  TestScript *script;
  guint8 byte = 0;
  gsize taken;

  channel = make_script (&script);
  script->clock = clock;
  g_assert_true (nebula_channel_open (channel, &limit, &error));

  /* Each call takes a second: the flush begins in time, and fails too late. */
  script->answer = FALSE;
  g_assert_false (nebula_channel_send (channel, &byte, 1, &taken, &limit, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_TIMED_OUT);
  g_assert_cmpstr (script->calls->str, ==, "open write flush ");
  g_clear_error (&error);

  /* Nothing is begun after the deadline. */
  g_assert_cmpint (nebula_channel_receive (channel, &byte, 1, &limit, &error), ==, -1);
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_TIMED_OUT);
  g_assert_cmpstr (script->calls->str, ==, "open write flush ");
  g_clear_error (&error);

  /* Bytes that came are handed over; a failure of a call that was cancelled is that. */
  limit.deadline = G_MAXINT64;
  script->cancels = cancellable;
  script->count = 1;
  g_assert_cmpint (nebula_channel_receive (channel, &byte, 1, &limit, &error), ==, 1);
  g_assert_no_error (error);
  g_cancellable_reset (cancellable);
  script->count = -1;
  g_assert_cmpint (nebula_channel_receive (channel, &byte, 1, &limit, &error), ==, -1);
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_cmpstr (script->calls->str, ==, "open write flush read read ");
}

/* A connection that cannot be closed is not taken for a new one. */
static void
test_stuck (void)
{
  NebulaLimit limit = { nebula_clock_get_system (), G_MAXINT64, NULL };
  g_autoptr (GError) error = NULL;
  g_autoptr (NebulaChannel) channel = NULL;
  TestScript *script;

  channel = make_script (&script);
  g_assert_true (nebula_channel_open (channel, &limit, &error));
  g_assert_true (nebula_channel_is_alive (channel));
  script->cannot_close = TRUE;
  nebula_channel_close (channel);
  g_assert_false (nebula_channel_is_alive (channel));
  g_assert_false (nebula_channel_open (channel, &limit, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_FAILED);
  g_assert_cmpstr (error->message, ==, "TestScript: the old connection cannot be closed");
  g_clear_error (&error);

  script->cannot_close = FALSE;
  g_assert_true (nebula_channel_open (channel, &limit, &error));
  g_assert_no_error (error);
  g_assert_cmpstr (script->calls->str, ==, "open close close close open ");
}

static void
add_script_tests (void)
{
  gsize i;

  for (i = 0; i < G_N_ELEMENTS (failure_rows); i++)
    {
      g_autofree gchar *path = NULL;

      path = g_strdup_printf ("/transport-channel-failure/%s", failure_rows[i].name);
      g_test_add_data_func (path, &failure_rows[i], test_failure);
    }
  g_test_add_func ("/transport-channel-failure/error-despite-success", test_error_despite_success);
  g_test_add_func ("/transport-channel-failure/framed-transport", test_framed_transport);
  g_test_add_func ("/transport-channel-failure/limit", test_script_limit);
  g_test_add_func ("/transport-channel-failure/stuck", test_stuck);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_summary ("A channel over any transport tells each failure, "
                  "also those that the transport hides");

  add_script_tests ();
  return g_test_run ();
}
