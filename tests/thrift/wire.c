/* SPDX-License-Identifier: Apache-2.0 */

#include "wire.h"

#include <string.h>

#include <thrift/c_glib/protocol/thrift_binary_protocol.h>
#include <thrift/c_glib/transport/thrift_transport.h>

/* G_DECLARE_FINAL_TYPE asks for this of the parent class, which Thrift does not give. */
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ThriftTransport, g_object_unref)

/* WireTransport is memory. Thrift's own ThriftMemoryBuffer leaks a few bytes each, moves all that
 * is left at each read, which makes a big reply quadratic, and answers 0 at the end, which makes
 * read_all wait for ever instead of failing. */
#define WIRE_TYPE_TRANSPORT (wire_transport_get_type ())
G_DECLARE_FINAL_TYPE (WireTransport, wire_transport, WIRE, TRANSPORT, ThriftTransport)

struct _WireTransport
{
  ThriftTransport parent_instance;

  const guint8 *data; /* (unowned): what is read */
  gsize         left;
  GByteArray   *written; /* (unowned) (nullable) */
};

G_DEFINE_TYPE (WireTransport, wire_transport, THRIFT_TYPE_TRANSPORT)

static gboolean
wire_transport_need (ThriftTransport *transport,
                     glong            wanted,
                     GError         **error)
{
  WireTransport *self = WIRE_TRANSPORT (transport);

  if (wanted >= 0 && (gsize) wanted <= self->left)
    return TRUE;

  /* For elements of an unknown type the protocol sets an error, and then asks for -1 bytes. */
  if (wanted < 0 && error != NULL && *error != NULL)
    return FALSE;

  g_set_error (error, THRIFT_TRANSPORT_ERROR, THRIFT_TRANSPORT_ERROR_RECEIVE,
               "%ld bytes wanted, %" G_GSIZE_FORMAT " left", wanted, self->left);
  return FALSE;
}

static gint32
wire_transport_read (ThriftTransport *transport,
                     gpointer         buffer,
                     guint32          length,
                     GError         **error)
{
  WireTransport *self = WIRE_TRANSPORT (transport);

  if (!wire_transport_need (transport, length, error))
    return -1;

  memcpy (buffer, self->data, length);
  self->data += length;
  self->left -= length;
  return (gint32) length;
}

static gboolean
wire_transport_write (ThriftTransport *transport,
                      const gpointer   buffer,
                      const guint32    length,
                      GError         **error)
{
  g_byte_array_append (WIRE_TRANSPORT (transport)->written, buffer, length);
  return TRUE;
}

static gboolean
wire_transport_count (ThriftTransport *transport,
                      glong            length,
                      GError         **error)
{
  return TRUE;
}

/* Nothing is kept back, so that there is nothing to do at the end of a message. */
static gboolean
wire_transport_end (ThriftTransport *transport,
                    GError         **error)
{
  return TRUE;
}

static void
wire_transport_class_init (WireTransportClass *klass)
{
  ThriftTransportClass *transport_class = THRIFT_TRANSPORT_CLASS (klass);

  transport_class->read = wire_transport_read;
  transport_class->read_all = wire_transport_read;
  transport_class->write = wire_transport_write;
  transport_class->read_end = wire_transport_end;
  transport_class->write_end = wire_transport_end;
  transport_class->flush = wire_transport_end;
  transport_class->checkReadBytesAvailable = wire_transport_need;
  transport_class->countConsumedMessageBytes = wire_transport_count;
  transport_class->resetConsumedMessageSize = wire_transport_count;
  transport_class->updateKnownMessageSize = wire_transport_count;
}

static void
wire_transport_init (WireTransport *self)
{
}

/* (transfer full): reads from data, which must outlive it, and appends to an array, if there is
 * one, which must too. */
ThriftProtocol *
wire_protocol_new (const guint8 *data,
                   gsize         length,
                   GByteArray   *written)
{
  g_autoptr (WireTransport) transport = g_object_new (WIRE_TYPE_TRANSPORT, NULL);

  transport->data = data;
  transport->left = length;
  transport->written = written;
  return g_object_new (THRIFT_TYPE_BINARY_PROTOCOL, "transport", transport, NULL);
}

/* (transfer full): the bytes of an object, which must be writable. */
GByteArray *
wire_encode (gpointer object)
{
  g_autoptr (GByteArray) bytes = g_byte_array_new ();
  g_autoptr (GObject) protocol = G_OBJECT (wire_protocol_new (NULL, 0, bytes));
  g_autoptr (GError) error = NULL;
  gint32 length;

  length = thrift_struct_write (object, THRIFT_PROTOCOL (protocol), &error);
  g_assert_no_error (error);
  g_assert_cmpint (length, ==, bytes->len);

  return g_steal_pointer (&bytes);
}

/* Fills an object from bytes. That some are left over is an error. */
gboolean
wire_decode (gpointer       object,
             const guint8  *data,
             gsize          length,
             GError       **error)
{
  g_autoptr (GObject) protocol = G_OBJECT (wire_protocol_new (data, length, NULL));

  WireTransport *transport = WIRE_TRANSPORT (THRIFT_PROTOCOL (protocol)->transport);

  if (thrift_struct_read (object, THRIFT_PROTOCOL (protocol), error) < 0)
    return FALSE;
  if (transport->left > 0)
    {
      g_set_error (error, THRIFT_TRANSPORT_ERROR, THRIFT_TRANSPORT_ERROR_RECEIVE,
                   "%" G_GSIZE_FORMAT " bytes are left over", transport->left);
      return FALSE;
    }
  return TRUE;
}

/* (transfer full): the bytes of hexadecimal digits; blanks between bytes are allowed. */
GByteArray *
wire_from_hex (const char *hex)
{
  GByteArray *bytes = g_byte_array_new ();

  for (const char *p = hex; *p != '\0'; p++)
    {
      guint8 byte;

      if (*p == ' ')
        continue;
      g_assert_true (g_ascii_isxdigit (p[0]) && g_ascii_isxdigit (p[1]));
      byte = (guint8) (g_ascii_xdigit_value (p[0]) * 16 + g_ascii_xdigit_value (p[1]));
      g_byte_array_append (bytes, &byte, 1);
      p++;
    }

  return bytes;
}

/* (transfer full): the reverse, without blanks. */
char *
wire_to_hex (GByteArray *bytes)
{
  GString *hex = g_string_new (NULL);

  for (guint i = 0; i < bytes->len; i++)
    g_string_append_printf (hex, "%02x", bytes->data[i]);

  return g_string_free (hex, FALSE);
}
