/* SPDX-License-Identifier: Apache-2.0 */
#include "nebula-mock-buffer-private.h"

#include <string.h>

struct _NebulaMockBuffer
{
  ThriftTransport parent_instance;

  GByteArray *bytes; /* (owned) */
  gsize       read;  /* how many have been read */
};

G_DEFINE_FINAL_TYPE (NebulaMockBuffer, nebula_mock_buffer, THRIFT_TYPE_TRANSPORT)

static gboolean
nebula_mock_buffer_is_open (ThriftTransport *transport)
{
  return TRUE;
}

static gboolean
nebula_mock_buffer_peek (ThriftTransport *transport,
                         GError         **error)
{
  NebulaMockBuffer *self = NEBULA_MOCK_BUFFER (transport);

  return self->read < self->bytes->len;
}

/* Open, close, the end of a message: nothing is to be done. */
static gboolean
nebula_mock_buffer_do_nothing (ThriftTransport *transport,
                               GError         **error)
{
  return TRUE;
}

static gint32
nebula_mock_buffer_read (ThriftTransport *transport,
                         gpointer         data,
                         guint32          length,
                         GError         **error)
{
  NebulaMockBuffer *self = NEBULA_MOCK_BUFFER (transport);

  if (length > self->bytes->len - self->read)
    {
      g_set_error_literal (error, THRIFT_TRANSPORT_ERROR, THRIFT_TRANSPORT_ERROR_RECEIVE,
                           "the message is too short");
      return -1;
    }
  if (length > 0)
    memcpy (data, self->bytes->data + self->read, length);
  self->read += length;
  return length;
}

static gboolean
nebula_mock_buffer_write (ThriftTransport *transport,
                          const gpointer   data,
                          const guint32    length,
                          GError         **error)
{
  g_byte_array_append (NEBULA_MOCK_BUFFER (transport)->bytes, data, length);
  return TRUE;
}

static void
nebula_mock_buffer_finalize (GObject *object)
{
  NebulaMockBuffer *self = NEBULA_MOCK_BUFFER (object);

  g_clear_pointer (&self->bytes, g_byte_array_unref);

  G_OBJECT_CLASS (nebula_mock_buffer_parent_class)->finalize (object);
}

static void
nebula_mock_buffer_class_init (NebulaMockBufferClass *klass)
{
  ThriftTransportClass *transport_class = THRIFT_TRANSPORT_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = nebula_mock_buffer_finalize;

  transport_class->is_open = nebula_mock_buffer_is_open;
  transport_class->peek = nebula_mock_buffer_peek;
  transport_class->open = nebula_mock_buffer_do_nothing;
  transport_class->close = nebula_mock_buffer_do_nothing;
  transport_class->read = nebula_mock_buffer_read;
  transport_class->read_all = nebula_mock_buffer_read;
  transport_class->read_end = nebula_mock_buffer_do_nothing;
  transport_class->write = nebula_mock_buffer_write;
  transport_class->write_end = nebula_mock_buffer_do_nothing;
  transport_class->flush = nebula_mock_buffer_do_nothing;
}

static void
nebula_mock_buffer_init (NebulaMockBuffer *self)
{
}

/* @bytes: (transfer none): what is read, or where to write */
NebulaMockBuffer *
nebula_mock_buffer_new (GByteArray *bytes)
{
  NebulaMockBuffer *self = g_object_new (NEBULA_TYPE_MOCK_BUFFER, NULL);

  self->bytes = g_byte_array_ref (bytes);
  return self;
}
