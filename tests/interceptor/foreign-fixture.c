/* SPDX-License-Identifier: Apache-2.0 */
#include "foreign-fixture.h"

#include <netinet/in.h>
#include <sys/socket.h>
#include <thrift/c_glib/transport/thrift_socket.h>
#include <thrift/c_glib/transport/thrift_ssl_socket.h>
#include <unistd.h>

/*
 * OddTransport:
 *
 * A transport as a user may have written it: no ThriftSocket; it hands over few bytes at a time,
 * collects what is written until flush, and its flush answers TRUE whatever happened, as that of
 * ThriftFramedTransport does.
 */
typedef struct
{
  ThriftTransport parent_instance;

  guint16 port;
  int fd;          /* (owned): -1 for none */
  GByteArray *out; /* (owned) */
  guint turn;
} OddTransport;

typedef ThriftTransportClass OddTransportClass;

GType odd_transport_get_type (void);
G_DEFINE_TYPE (OddTransport, odd_transport, THRIFT_TYPE_TRANSPORT)

static gboolean
odd_is_open (ThriftTransport *transport)
{
  return ((OddTransport *) transport)->fd >= 0;
}

static gboolean
odd_peek (ThriftTransport *transport, GError **error)
{
  return odd_is_open (transport);
}

static gboolean
odd_open (ThriftTransport *transport, GError **error)
{
  OddTransport *self = (OddTransport *) transport;
  struct sockaddr_in address = { .sin_family = AF_INET,
                                 .sin_port = g_htons (self->port),
                                 .sin_addr.s_addr = g_htonl (INADDR_LOOPBACK) };

  self->fd = socket (AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (connect (self->fd, (struct sockaddr *) &address, sizeof address) == 0)
    return TRUE;
  g_set_error_literal (error, THRIFT_TRANSPORT_ERROR, THRIFT_TRANSPORT_ERROR_CONNECT, "no way");
  close (self->fd);
  self->fd = -1;
  return FALSE;
}

static gboolean
odd_close (ThriftTransport *transport, GError **error)
{
  OddTransport *self = (OddTransport *) transport;

  if (self->fd >= 0)
    close (self->fd);
  self->fd = -1;
  g_byte_array_set_size (self->out, 0);
  return TRUE;
}

static gint32
odd_read (ThriftTransport *transport, gpointer bytes, guint32 length, GError **error)
{
  OddTransport *self = (OddTransport *) transport;
  /* Single bytes mostly, and enough now and then for a large reply to come to an end. */
  guint32 wanted = self->turn++ % 4 == 0 ? 1000 : 1;
  gssize count = recv (self->fd, bytes, MIN (length, wanted), 0);

  if (count > 0)
    return (gint32) count;
  g_set_error_literal (error, THRIFT_TRANSPORT_ERROR, THRIFT_TRANSPORT_ERROR_RECEIVE, "no more");
  return -1;
}

static gboolean
odd_write (ThriftTransport *transport, const gpointer bytes, const guint32 length, GError **error)
{
  g_byte_array_append (((OddTransport *) transport)->out, bytes, length);
  return TRUE;
}

static gboolean
odd_flush (ThriftTransport *transport, GError **error)
{
  OddTransport *self = (OddTransport *) transport;
  guint done = 0;

  while (done < self->out->len)
    {
      gssize count = write (self->fd, self->out->data + done, self->out->len - done);

      if (count < 0)
        {
          g_set_error_literal (error, THRIFT_TRANSPORT_ERROR, THRIFT_TRANSPORT_ERROR_SEND, "broke");
          break;
        }
      done += count;
    }
  g_byte_array_set_size (self->out, 0);
  return TRUE;
}

static gboolean
odd_end (ThriftTransport *transport, GError **error)
{
  return TRUE;
}

static void
odd_transport_finalize (GObject *object)
{
  OddTransport *self = (OddTransport *) object;

  odd_close (THRIFT_TRANSPORT (object), NULL);
  g_byte_array_unref (self->out);
  G_OBJECT_CLASS (odd_transport_parent_class)->finalize (object);
}

static void
odd_transport_class_init (OddTransportClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = odd_transport_finalize;
  klass->is_open = odd_is_open;
  klass->peek = odd_peek;
  klass->open = odd_open;
  klass->close = odd_close;
  klass->read = odd_read;
  klass->read_end = odd_end;
  klass->write = odd_write;
  klass->write_end = odd_end;
  klass->flush = odd_flush;
}

static void
odd_transport_init (OddTransport *self)
{
  self->fd = -1;
  self->out = g_byte_array_new ();
}

static ThriftTransport *
make_odd (guint16 port)
{
  OddTransport *self = g_object_new (odd_transport_get_type (), NULL);

  self->port = port;
  return THRIFT_TRANSPORT (self);
}

static ThriftTransport *
make_socket (guint16 port)
{
  return g_object_new (THRIFT_TYPE_SOCKET, "hostname", "127.0.0.1", "port", (guint) port, NULL);
}

/* Nobody compares the name of the host with the certificate: trust in the issuer is all. */
static ThriftTransport *
trust (ThriftSSLSocket *socket)
{
  g_autofree char *file = tls_front_find_file ("test-only-certificate.pem");

  g_assert_true (thrift_ssl_load_cert_from_file (socket, file));
  return THRIFT_TRANSPORT (socket);
}

/* Whatever both sides speak best: TLS 1.3, which sends tickets that nobody asked for. */
static ThriftTransport *
make_tls (guint16 port)
{
  return trust (g_object_new (THRIFT_TYPE_SSL_SOCKET, "hostname", "127.0.0.1", "port", (guint) port,
                              NULL));
}

static ThriftTransport *
make_tls_1_2 (guint16 port)
{
  char host[] = "127.0.0.1";
  g_autoptr (GError) error = NULL;
  ThriftSSLSocket *socket = thrift_ssl_socket_new_with_host (TLSv1_2, host, port, &error);

  g_assert_no_error (error);
  return trust (socket);
}

const ForeignKind foreign_kinds[] = {
  { "socket", make_socket, FALSE, TRUE, TRUE },
  { "tls", make_tls, TRUE, TRUE, TRUE },
  { "tls-1.2", make_tls_1_2, TRUE, TRUE, TRUE },
  { "odd", make_odd, FALSE, FALSE, FALSE },
};

const guint foreign_n_kinds = G_N_ELEMENTS (foreign_kinds);

static void (*finalize_socket) (GObject *object);

static void
finalize_socket_whole (GObject *object)
{
  finalize_socket (object);
  G_OBJECT_CLASS (g_type_class_peek (G_TYPE_OBJECT))->finalize (object);
}

void
foreign_init (void)
{
  /* Kept for ever, as every class is. */
  GObjectClass *klass = g_type_class_ref (THRIFT_TYPE_SOCKET);

  thrift_ssl_socket_initialize_openssl ();
  /* ThriftSocket does not chain up when it is finalized, which leaks what GObject holds of it. */
  finalize_socket = klass->finalize;
  klass->finalize = finalize_socket_whole;
}

NebulaInterceptor *
foreign_make_interceptor (Foreign *self)
{
  return g_object_new (NEBULA_TYPE_INTERCEPTOR, "cluster", self->road.cluster, "transport",
                       self->transport, NULL);
}

void
foreign_set_up (Foreign *self, gconstpointer data)
{
  const ForeignKind *kind = data;
  guint16 port;

  fixture_set_up (&self->road, NULL);
  port = nebula_mock_server_get_port (self->road.server);
  if (kind->is_tls)
    self->front = tls_front_new (port);
  self->transport = kind->make (kind->is_tls ? tls_front_get_port (self->front) : port);
  fixture_connect (&self->road, foreign_make_interceptor (self));
}

void
foreign_tear_down (Foreign *self, gconstpointer data)
{
  fixture_tear_down (&self->road, NULL);
  g_assert_false (thrift_transport_is_open (self->transport));
  g_assert_finalize_object (self->transport);
  g_clear_pointer (&self->front, tls_front_free);
}

/* For limits of time that must run out by themselves. */
void
foreign_use_real_time (Foreign *self)
{
  nebula_cluster_set_clock (self->road.cluster, nebula_clock_get_system ());
  fixture_connect (&self->road, foreign_make_interceptor (self));
}
