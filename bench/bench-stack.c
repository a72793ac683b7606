/* SPDX-License-Identifier: Apache-2.0 */
#include "bench-stack.h"

#include "bench-frame.h"
#include "bench-memory-transport.h"
#include "nebula-message-private.h"

#include <nebula_thrift_graph_service.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <string.h>
#include <sys/socket.h>
#include <thrift/c_glib/protocol/thrift_binary_protocol.h>
#include <thrift/c_glib/transport/thrift_framed_transport.h>
#include <thrift/c_glib/transport/thrift_socket.h>
#include <unistd.h>

/* Ways from a program to the peer, each ready to make the same call again and again. */

/* What a recv asks for at least. */
#define ROOM (64 * 1024)

struct _BenchStack
{
  BenchKind kind;
  GByteArray *request;                /* (owned): a frame */
  GByteArray *reply;                  /* (owned): a frame, of RAW, STUB and BARE */
  GByteArray *statement;              /* (owned) */
  GObject *socket;                    /* (owned) (nullable) */
  ThriftTransport *transport;         /* (owned) (nullable) */
  GObject *protocol;                  /* (owned) (nullable): no stub keeps it alive */
  NebulaThriftGraphServiceIf *client; /* (owned) (nullable) */
  guint16 port;
  int fd;         /* (owned): of RAW; -1 for none */
  gint64 session; /* as the peer said */
};

static const char *const names[] = { "raw", "stub", "stock", "interceptor", "bare" };

const char *
bench_kind_to_string (BenchKind kind)
{
  return names[kind];
}

gboolean
bench_kind_parse (const char *text, BenchKind *kind)
{
  for (guint i = 0; i < BENCH_N_STACKS; i++)
    if (strcmp (names[i], text) == 0)
      {
        *kind = (BenchKind) i;
        return TRUE;
      }
  return FALSE;
}

static void
check (gboolean done, GError **error)
{
  if (!done)
    g_error ("%s", *error != NULL ? (*error)->message : "failed without an error");
}

static int
connect_raw (guint16 port)
{
  struct sockaddr_in address = { .sin_family = AF_INET, .sin_port = htons (port) };
  int fd = socket (AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  int on = 1;

  address.sin_addr.s_addr = htonl (INADDR_LOOPBACK);
  g_assert_cmpint (connect (fd, (struct sockaddr *) &address, sizeof address), ==, 0);
  setsockopt (fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  return fd;
}

static void
call_raw (BenchStack *self)
{
  gsize sent = 0, have = 0, size = 4;

  while (sent < self->request->len)
    sent += send (self->fd, self->request->data + sent, self->request->len - sent, MSG_NOSIGNAL);
  while (have < size)
    {
      gssize count;

      if (self->reply->len < MAX (size, ROOM))
        g_byte_array_set_size (self->reply, MAX (size, ROOM));
      count = recv (self->fd, self->reply->data + have, self->reply->len - have, 0);
      g_assert_cmpint (count, >, 0);
      have += count;
      if (have >= 4)
        size = 4 + (gsize) nebula_read_be32 (self->reply->data);
    }
}

/* The reply to the statement, so that the stub alone can be given it. */
static GByteArray *
fetch_message (BenchStack *self)
{
  g_autoptr (BenchStack) raw = bench_stack_new (BENCH_RAW, self->port, NULL);
  GByteArray *message = g_byte_array_new ();

  bench_stack_set_statement (raw, (const char *) self->statement->data, self->statement->len);
  call_raw (raw);
  return g_byte_array_append (message, raw->reply->data + 4, nebula_read_be32 (raw->reply->data));
}

static ThriftTransport *
new_transport (BenchStack *self, NebulaCluster *cluster)
{
  if (self->kind == BENCH_STUB)
    return g_object_new (BENCH_TYPE_MEMORY_TRANSPORT, NULL);
  if (self->kind != BENCH_STOCK)
    return THRIFT_TRANSPORT (nebula_interceptor_new (cluster));
  self->socket = g_object_new (THRIFT_TYPE_SOCKET, "hostname", "127.0.0.1", "port", self->port,
                               NULL);
  return g_object_new (THRIFT_TYPE_FRAMED_TRANSPORT, "transport", self->socket, NULL);
}

static void
open_client (BenchStack *self)
{
  g_autoptr (GError) error = NULL;

  self->protocol = g_object_new (THRIFT_TYPE_BINARY_PROTOCOL, "transport", self->transport, NULL);
  check (thrift_transport_open (self->transport, &error), &error);
  self->client = g_object_new (NEBULA_THRIFT_TYPE_GRAPH_SERVICE_CLIENT, "input_protocol",
                               self->protocol, "output_protocol", self->protocol, NULL);
}

/* The session is one that the interceptor has seen, as in every program. */
static void
log_in (BenchStack *self)
{
  g_autoptr (GByteArray) user = g_byte_array_new ();
  g_autoptr (GByteArray) password = g_byte_array_new ();
  g_autoptr (GError) error = NULL;
  NebulaThriftAuthResponse *reply = g_object_new (NEBULA_THRIFT_TYPE_AUTH_RESPONSE, NULL);

  g_byte_array_append (user, (const guint8 *) "root", 4);
  g_byte_array_append (password, (const guint8 *) "nebula", 6);
  check (nebula_thrift_graph_service_if_authenticate (self->client, &reply, user, password, &error),
         &error);
  self->session = reply->session_id;
  g_object_unref (reply);
}

BenchStack *
bench_stack_new (BenchKind kind, guint16 port, NebulaCluster *cluster)
{
  BenchStack *self = g_new0 (BenchStack, 1);

  self->kind = kind;
  self->request = g_byte_array_new ();
  self->reply = g_byte_array_new ();
  self->statement = g_byte_array_new ();
  self->port = port;
  self->fd = kind == BENCH_RAW ? connect_raw (port) : -1;
  if (kind != BENCH_RAW)
    {
      self->transport = new_transport (self, cluster);
      open_client (self);
    }
  if (kind != BENCH_RAW && kind != BENCH_STUB)
    log_in (self);
  bench_stack_set_statement (self, "YIELD 1", strlen ("YIELD 1"));
  return self;
}

void
bench_stack_free (BenchStack *self)
{
  g_clear_object (&self->client);
  g_clear_object (&self->protocol);
  g_clear_object (&self->transport);
  g_clear_object (&self->socket);
  g_byte_array_unref (self->request);
  g_byte_array_unref (self->reply);
  g_byte_array_unref (self->statement);
  if (self->fd >= 0)
    close (self->fd);
  g_free (self);
}

/* What bench_stack_call() says. */
void
bench_stack_set_statement (BenchStack *self, const char *statement, gsize length)
{
  g_byte_array_set_size (self->statement, 0);
  g_byte_array_append (self->statement, (const guint8 *) statement, length);
  bench_frame_execute (self->request, self->session, self->statement->data, length);
  if (self->kind == BENCH_STUB)
    {
      g_autoptr (GByteArray) message = fetch_message (self);

      bench_memory_transport_set_reply ((BenchMemoryTransport *) self->transport, message);
    }
}

static void
call_stub (BenchStack *self)
{
  NebulaThriftExecutionResponse *reply = g_object_new (NEBULA_THRIFT_TYPE_EXECUTION_RESPONSE, NULL);
  g_autoptr (GError) error = NULL;

  check (nebula_thrift_graph_service_if_execute (self->client, &reply, self->session,
                                                 self->statement, &error),
         &error);
  g_assert_cmpint (reply->error_code, ==, 0);
  g_object_unref (reply);
}

static void
call_bare (BenchStack *self)
{
  g_autoptr (GError) error = NULL;

  if (self->reply->len < ROOM)
    g_byte_array_set_size (self->reply, ROOM);
  check (thrift_transport_write (self->transport, self->request->data + 4, self->request->len - 4,
                                 &error),
         &error);
  check (thrift_transport_flush (self->transport, &error), &error);
  check (thrift_transport_read (self->transport, self->reply->data, self->reply->len, &error) > 0,
         &error);
}

/* Makes one call and reads its reply, or ends the program. */
void
bench_stack_call (BenchStack *self)
{
  if (self->kind == BENCH_RAW)
    call_raw (self);
  else if (self->kind == BENCH_BARE)
    call_bare (self);
  else
    call_stub (self);
}
