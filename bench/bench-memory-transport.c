/* SPDX-License-Identifier: Apache-2.0 */
#include "bench-memory-transport.h"

#include <string.h>

/* A transport that has the reply already, and does nothing that a transport must not do: what a
 * call takes over it is the stub's, the protocol's and the caller's. */

struct _BenchMemoryTransport
{
  ThriftTransport parent_instance;

  GByteArray *reply; /* (owned) (nullable): a message */
  gsize position;    /* in it */
};

typedef struct
{
  ThriftTransportClass parent_class;
} BenchMemoryTransportClass;

G_DEFINE_FINAL_TYPE (BenchMemoryTransport, bench_memory_transport, THRIFT_TYPE_TRANSPORT)

static gboolean
answer_yes (ThriftTransport *transport, GError **error)
{
  return TRUE;
}

static gboolean
is_open (ThriftTransport *transport)
{
  return TRUE;
}

static gboolean
accept_bytes (ThriftTransport *transport, gpointer bytes, guint32 length, GError **error)
{
  return TRUE;
}

static gboolean
accept_size (ThriftTransport *transport, glong size, GError **error)
{
  return TRUE;
}

/* The next reply is the same. */
static gboolean
start_again (ThriftTransport *transport, GError **error)
{
  ((BenchMemoryTransport *) transport)->position = 0;
  return TRUE;
}

static gint32
copy_bytes (ThriftTransport *transport, gpointer bytes, guint32 length, GError **error)
{
  BenchMemoryTransport *self = (BenchMemoryTransport *) transport;

  g_assert (self->position + length <= self->reply->len);
  memcpy (bytes, self->reply->data + self->position, length);
  self->position += length;
  return (gint32) length;
}

static void
bench_memory_transport_finalize (GObject *object)
{
  bench_memory_transport_set_reply ((BenchMemoryTransport *) object, NULL);
  G_OBJECT_CLASS (bench_memory_transport_parent_class)->finalize (object);
}

static void
bench_memory_transport_class_init (BenchMemoryTransportClass *klass)
{
  ThriftTransportClass *transport_class = (ThriftTransportClass *) klass;

  G_OBJECT_CLASS (klass)->finalize = bench_memory_transport_finalize;
  transport_class->is_open = is_open;
  transport_class->peek = answer_yes;
  transport_class->open = answer_yes;
  transport_class->close = answer_yes;
  transport_class->read = copy_bytes;
  transport_class->read_end = answer_yes;
  transport_class->write = accept_bytes;
  transport_class->write_end = answer_yes;
  transport_class->flush = start_again;
  transport_class->read_all = copy_bytes;
  transport_class->updateKnownMessageSize = accept_size;
  transport_class->checkReadBytesAvailable = accept_size;
  transport_class->resetConsumedMessageSize = accept_size;
  transport_class->countConsumedMessageBytes = accept_size;
}

static void
bench_memory_transport_init (BenchMemoryTransport *self)
{
}

/* @reply: (nullable): the message that answers every request */
void
bench_memory_transport_set_reply (BenchMemoryTransport *self, GByteArray *reply)
{
  g_clear_pointer (&self->reply, g_byte_array_unref);
  self->reply = reply != NULL ? g_byte_array_ref (reply) : NULL;
  self->position = 0;
}
