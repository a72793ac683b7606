/* SPDX-License-Identifier: Apache-2.0 */
#include "nebula-interceptor-private.h"

#include <thrift/c_glib/transport/thrift_framed_transport.h>

/* The functions of a ThriftTransport, each one line over the stream. */

static gboolean
interceptor_is_open (ThriftTransport *transport)
{
  return NEBULA_INTERCEPTOR (transport)->stream.is_open;
}

static gboolean
interceptor_peek (ThriftTransport *transport, GError **error)
{
  return NEBULA_INTERCEPTOR (transport)->stream.is_open;
}

/* Whoever puts the interceptor between two transports, instead of in the place of one, would frame
 * each message twice, and a server closes at such a frame without a word. */
static gboolean
check_below (NebulaInterceptor *self, GError **error)
{
  if (!THRIFT_IS_FRAMED_TRANSPORT (self->transport) && !NEBULA_IS_INTERCEPTOR (self->transport))
    return TRUE;
  g_set_error (error, NEBULA_ERROR, NEBULA_ERROR_INVALID_ARGUMENT,
               "the transport is a %s, which makes frames as the interceptor does; expected a plain "
               "stream such as a ThriftSocket",
               G_OBJECT_TYPE_NAME (self->transport));
  return FALSE;
}

static gboolean
interceptor_open (ThriftTransport *transport, GError **error)
{
  NebulaInterceptor *self = NEBULA_INTERCEPTOR (transport);

  return check_below (self, error) && nebula_stream_open (&self->stream, error);
}

static gboolean
interceptor_close (ThriftTransport *transport, GError **error)
{
  NebulaInterceptor *self = NEBULA_INTERCEPTOR (transport);

  nebula_interceptor_leave (self);
  return nebula_stream_close (&self->stream, error);
}

static gboolean
interceptor_write (ThriftTransport *transport,
                   const gpointer bytes,
                   const guint32 length,
                   GError **error)
{
  NebulaInterceptor *self = (NebulaInterceptor *) transport;

  return nebula_stream_write (&self->stream, bytes, length, error);
}

static gboolean
interceptor_flush (ThriftTransport *transport, GError **error)
{
  return nebula_stream_flush (&NEBULA_INTERCEPTOR (transport)->stream, error);
}

static gint32
interceptor_read (ThriftTransport *transport, gpointer bytes, guint32 length, GError **error)
{
  NebulaInterceptor *self = (NebulaInterceptor *) transport;

  return nebula_stream_read (&self->stream, bytes, MIN (length, G_MAXINT32), error);
}

/* The stub comes here once a field: no check of the type, the class has made sure of it. */
static gint32
interceptor_read_all (ThriftTransport *transport, gpointer bytes, guint32 length, GError **error)
{
  NebulaInterceptor *self = (NebulaInterceptor *) transport;

  return nebula_stream_read_all (&self->stream, bytes, length, error) ? (gint32) length : -1;
}

static gboolean
interceptor_end (ThriftTransport *transport, GError **error)
{
  return TRUE;
}

static gboolean
interceptor_check_bytes (ThriftTransport *transport, glong count, GError **error)
{
  NebulaInterceptor *self = (NebulaInterceptor *) transport;

  return nebula_stream_check_rest (&self->stream, count, error);
}

/* What the base class counts the frame itself bounds. */
static gboolean
interceptor_accept_size (ThriftTransport *transport, glong size, GError **error)
{
  return TRUE;
}

/**
 * nebula_interceptor_install_transport:
 * @klass: the class of the interceptor
 *
 * Makes it a transport.
 */
void
nebula_interceptor_install_transport (ThriftTransportClass *klass)
{
  /* Every one of them: those of the base class call themselves for ever. */
  klass->is_open = interceptor_is_open;
  klass->peek = interceptor_peek;
  klass->open = interceptor_open;
  klass->close = interceptor_close;
  klass->read = interceptor_read;
  klass->read_end = interceptor_end;
  klass->write = interceptor_write;
  klass->write_end = interceptor_end;
  klass->flush = interceptor_flush;
  klass->read_all = interceptor_read_all;
  klass->updateKnownMessageSize = interceptor_accept_size;
  klass->checkReadBytesAvailable = interceptor_check_bytes;
  klass->resetConsumedMessageSize = interceptor_accept_size;
  klass->countConsumedMessageBytes = interceptor_accept_size;
}
