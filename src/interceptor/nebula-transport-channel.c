/* SPDX-License-Identifier: Apache-2.0 */
#include "nebula-transport-channel-private.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <thrift/c_glib/transport/thrift_socket.h>
#include <unistd.h>

#include "nebula-sigpipe-guard-private.h"

/*
 * NebulaTransportChannel:
 *
 * A stream over any ThriftTransport of the user's. How well a limit is kept depends on it:
 *
 * - ThriftSocket: its socket is used directly, since its own read waits until all bytes that were
 *   asked for have come, and knows no time. The limit is kept exactly.
 * - a subclass of ThriftSocket (ThriftSSLSocket): its functions are called. The deadline becomes
 *   the time-out of the socket, that is of each system call: a peer that sends a record in drops
 *   can exceed it. A cancellable shuts the socket down, which wakes the call.
 * - any other: deadline and cancellable are looked at before each call and after one that failed.
 *   A call that blocks cannot be interrupted.
 *
 * Opening is the transport's own for all of them, and cannot be interrupted: ThriftSocket looks up
 * and connects for as long as the kernel lets it, and ThriftSSLSocket then waits for the handshake
 * however long the peer is silent. Its parts are not called one by one to put a time-out between
 * them: only its open closes the socket when the certificate is refused; its write goes on.
 *
 * A transport that is open when the channel is first opened is taken as it is. The channel closes
 * what it opened, also when it is disposed of; a transport that it never opened is closed by
 * nebula_channel_close() only.
 */

/* The most that one foreign call is given: c_glib counts in 32 bits, signed in places; deadline
 * and cancellable are looked at between two calls, so less is better; and a frame of usual size
 * should not need more than one. */
#define CHUNK_BYTES (256 * 1024)

/* The codes of ThriftSSLSocketError, whose header cannot be had without OpenSSL's. The first is the
 * same number as THRIFT_TRANSPORT_ERROR_MAX_MESSAGE_SIZE_REACHED. */
#define SSL_ERROR_TRANSPORT 7
#define SSL_ERROR_CERTIFICATE 11

typedef enum
{
  PHASE_OPEN,
  PHASE_SEND,
  PHASE_RECEIVE,
} Phase;

/* How ThriftSSLSocketClass begins: another reason why its header is missed. */
typedef struct
{
  ThriftSocketClass parent_class;

  gboolean (*handle_handshake) (ThriftTransport *transport, GError **error);
} TlsSocketClass;

struct _NebulaTransportChannel
{
  NebulaChannel parent_instance;

  ThriftTransport *transport; /* (owned) */
  gboolean direct;            /* the transport adds nothing to its socket */
  gboolean in_use;            /* between open and close */
  gboolean opened;            /* by us: ours to close */
  gboolean stuck;             /* it said that it is open still after it was closed */
  gboolean armed;             /* its socket has time-outs from us */
};

/* What must be undone after a call into the transport. */
typedef struct
{
  NebulaSigpipeGuard guard;
  GCancellable *cancellable; /* (unowned) (nullable) */
  gulong handler;            /* 0 for none */
  int fd;                    /* (owned): what the handler shuts down, -1 for none */
} ForeignCall;

G_DEFINE_FINAL_TYPE (NebulaTransportChannel, nebula_transport_channel, NEBULA_TYPE_CHANNEL)

/* The socket under the transport, -1 when there is none that we know of. */
static int
get_fd (NebulaTransportChannel *self)
{
  return THRIFT_IS_SOCKET (self->transport) ? THRIFT_SOCKET (self->transport)->sd : -1;
}

static void
set_timeouts (int fd, gint64 duration)
{
  struct timeval time = { .tv_sec = duration / G_USEC_PER_SEC,
                          .tv_usec = duration % G_USEC_PER_SEC };

  /* Both: a TLS layer may have to write to read, and to read to write. */
  (void) setsockopt (fd, SOL_SOCKET, SO_RCVTIMEO, &time, sizeof time);
  (void) setsockopt (fd, SOL_SOCKET, SO_SNDTIMEO, &time, sizeof time);
}

/* Time-outs that the user has set himself stay until a call has a deadline. */
static void
arm (NebulaTransportChannel *self, int fd, gint64 remaining)
{
  if (remaining != G_MAXINT64)
    set_timeouts (fd, remaining);
  else if (self->armed)
    set_timeouts (fd, 0);
  self->armed = remaining != G_MAXINT64;
}

static void
shut_down (GCancellable *cancellable, gpointer fd)
{
  (void) shutdown (GPOINTER_TO_INT (fd), SHUT_RDWR);
}

/* FALSE with an error when the limit is reached already; then there is nothing to undo. */
static gboolean
foreign_call_begin (ForeignCall *call,
                    NebulaTransportChannel *self,
                    const NebulaLimit *limit,
                    GError **error)
{
  gint64 remaining;
  int fd = get_fd (self);

  if (g_cancellable_set_error_if_cancelled (limit->cancellable, error))
    return FALSE;
  remaining = nebula_limit_get_remaining (limit);
  if (remaining == 0)
    {
      g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_TIMED_OUT, "timed out");
      return FALSE;
    }

  *call = (ForeignCall){ .cancellable = limit->cancellable, .fd = -1 };
  if (fd >= 0)
    arm (self, fd, remaining);
  /* A duplicate, so that a number that the transport gave back and somebody else got is safe. */
  if (fd >= 0 && limit->cancellable != NULL)
    call->fd = fcntl (fd, F_DUPFD_CLOEXEC, 0);
  if (call->fd >= 0)
    call->handler = g_cancellable_connect (limit->cancellable, G_CALLBACK (shut_down),
                                           GINT_TO_POINTER (call->fd), NULL);
  nebula_sigpipe_guard_enter (&call->guard);
  errno = 0;

  return TRUE;
}

/* Returns the errno that the call left behind, 0 for none. */
static int
foreign_call_end (ForeignCall *call)
{
  int number = errno;

  nebula_sigpipe_guard_leave (&call->guard);
  if (call->handler != 0)
    g_cancellable_disconnect (call->cancellable, call->handler);
  if (call->fd >= 0)
    close (call->fd);

  return number;
}

static gboolean
is_tls (NebulaTransportChannel *self)
{
  GType type = g_type_from_name ("ThriftSSLSocket");

  return type != 0 && g_type_is_a (G_OBJECT_TYPE (self->transport), type);
}

/* What is not about the certificate may be about anything, a server that goes away among it. */
static void
set_tls_error (const gchar *name, const GError *cause, GError **error)
{
  gint code = cause->code == SSL_ERROR_CERTIFICATE ? G_TLS_ERROR_BAD_CERTIFICATE
                                                   : G_TLS_ERROR_MISC;

  g_set_error (error, G_TLS_ERROR, code, "%s: %s", name, cause->message);
}

static GIOErrorEnum
code_of_thrift_error (Phase phase, const GError *cause, int number)
{
  gint code = cause != NULL ? cause->code : THRIFT_TRANSPORT_ERROR_UNKNOWN;

  if (phase != PHASE_OPEN)
    return code == THRIFT_TRANSPORT_ERROR_MAX_MESSAGE_SIZE_REACHED ? G_IO_ERROR_MESSAGE_TOO_LARGE
                                                                   : G_IO_ERROR_CONNECTION_CLOSED;
  if (code == THRIFT_TRANSPORT_ERROR_HOST)
    return G_IO_ERROR_HOST_NOT_FOUND;
  if (code == THRIFT_TRANSPORT_ERROR_CONNECT && number != 0)
    return g_io_error_from_errno (number);

  return G_IO_ERROR_FAILED;
}

/* Turns a failure of the transport into one of ours. @cause may be missing: c_glib has ways to fail
 * without an error. */
static void
set_call_error (NebulaTransportChannel *self,
                Phase phase,
                const GError *cause,
                int number,
                const NebulaLimit *limit,
                GError **error)
{
  const gchar *name = G_OBJECT_TYPE_NAME (self->transport);
  gboolean is_broken = number == EPIPE || number == ECONNRESET;

  if (g_cancellable_set_error_if_cancelled (limit->cancellable, error))
    {
      g_prefix_error (error, "%s: ", name);
    }
  else if (number == EAGAIN || number == EWOULDBLOCK || nebula_limit_get_remaining (limit) == 0)
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_TIMED_OUT, "%s: timed out", name);
    }
  else if (cause != NULL && cause->domain != THRIFT_TRANSPORT_ERROR)
    {
      g_set_error (error, cause->domain, cause->code, "%s: %s", name, cause->message);
    }
  else if (cause != NULL && cause->code >= SSL_ERROR_TRANSPORT && is_tls (self) && !is_broken)
    {
      set_tls_error (name, cause, error);
    }
  else
    {
      g_set_error (error, G_IO_ERROR, (gint) code_of_thrift_error (phase, cause, number), "%s: %s",
                   name, cause != NULL ? cause->message : "failed and did not say why");
    }
}

/* Without a farewell: what is below TLS is shut first, so that neither a close_notify nor buffered
 * bytes can leave any more. */
static void
tear_down (NebulaTransportChannel *self)
{
  int fd = get_fd (self);

  if (fd >= 0)
    (void) shutdown (fd, SHUT_RDWR);
  if (thrift_transport_is_open (self->transport))
    {
      g_autoptr (GError) ignored = NULL;
      NebulaSigpipeGuard guard;

      nebula_sigpipe_guard_enter (&guard);
      thrift_transport_close (self->transport, &ignored);
      nebula_sigpipe_guard_leave (&guard);
    }
  self->stuck = thrift_transport_is_open (self->transport);
  self->in_use = FALSE;
  self->opened = FALSE;
  self->armed = FALSE;
}

static void
nebula_transport_channel_close (NebulaChannel *channel)
{
  NebulaTransportChannel *self = NEBULA_TRANSPORT_CHANNEL (channel);

  if (self->in_use || self->stuck)
    tear_down (self);
}

static gboolean
open_step (NebulaTransportChannel *self,
           gboolean (*step) (ThriftTransport *transport, GError **error),
           const NebulaLimit *limit,
           GError **error)
{
  g_autoptr (GError) cause = NULL;
  ForeignCall call;
  gboolean done;
  int number;

  if (!foreign_call_begin (&call, self, limit, error))
    {
      g_prefix_error (error, "%s: ", G_OBJECT_TYPE_NAME (self->transport));
      return FALSE;
    }
  done = step (self->transport, &cause);
  number = foreign_call_end (&call);
  if (done && cause == NULL && thrift_transport_is_open (self->transport))
    return TRUE;

  set_call_error (self, PHASE_OPEN, cause, number, limit, error);
  return FALSE;
}

/* The class of a ThriftSSLSocket whose open has not been overridden. */
static TlsSocketClass *
get_tls_class (NebulaTransportChannel *self)
{
  ThriftTransportClass *klass = THRIFT_TRANSPORT_GET_CLASS (self->transport);
  ThriftTransportClass *base;

  if (!is_tls (self))
    return NULL;
  base = g_type_class_peek (g_type_from_name ("ThriftSSLSocket"));
  return klass->open == base->open ? (TlsSocketClass *) klass : NULL;
}

/* The open of ThriftSSLSocket connects and shakes hands, and would wait for ever for a server that
 * accepts and says nothing: nobody can have set a time-out on a socket that is made and used in one
 * call. So its two halves are called, and the second one is given the limit. */
static gboolean
open_transport (NebulaTransportChannel *self, const NebulaLimit *limit, GError **error)
{
  TlsSocketClass *tls = get_tls_class (self);
  ThriftTransportClass *plain = g_type_class_peek (THRIFT_TYPE_SOCKET);

  if (tls == NULL)
    return open_step (self, thrift_transport_open, limit, error);
  if (!open_step (self, plain->open, limit, error))
    return FALSE;
  if (open_step (self, tls->handle_handshake, limit, error))
    return TRUE;

  tear_down (self);
  return FALSE;
}

static gboolean
nebula_transport_channel_open (NebulaChannel *channel, const NebulaLimit *limit, GError **error)
{
  NebulaTransportChannel *self = NEBULA_TRANSPORT_CHANNEL (channel);

  nebula_transport_channel_close (channel);
  if (self->stuck)
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_FAILED, "%s: the old connection cannot be closed",
                   G_OBJECT_TYPE_NAME (self->transport));
      return FALSE;
    }

  if (!thrift_transport_is_open (self->transport))
    {
      if (!open_transport (self, limit, error))
        return FALSE;
      self->opened = TRUE;
    }
  self->in_use = TRUE;

  return TRUE;
}

/* Whether the peer will send no more than what waits to be read. */
static gboolean
is_closing (int fd)
{
  struct pollfd end = { .fd = fd, .events = POLLRDHUP };

  return poll (&end, 1, 0) != 0;
}

static gboolean
nebula_transport_channel_is_alive (NebulaChannel *channel)
{
  NebulaTransportChannel *self = NEBULA_TRANSPORT_CHANNEL (channel);
  NebulaFdState state;

  if (!self->in_use || !thrift_transport_is_open (self->transport))
    return FALSE;
  if (get_fd (self) < 0)
    return TRUE;

  /* Bytes of a TLS layer need not be anybody's reply: it sends session tickets unasked. It says
   * farewell too, but then the end of the stream follows. */
  state = nebula_fd_look (get_fd (self));
  return state == NEBULA_FD_QUIET
         || (state == NEBULA_FD_WAITING && !self->direct && !is_closing (get_fd (self)));
}

static gboolean
check_open (NebulaTransportChannel *self, GError **error)
{
  if (self->in_use && thrift_transport_is_open (self->transport))
    return TRUE;

  g_set_error (error, G_IO_ERROR, G_IO_ERROR_NOT_CONNECTED, "%s: not connected",
               G_OBJECT_TYPE_NAME (self->transport));
  return FALSE;
}

/* One write or, without bytes, one flush. */
static gboolean
write_or_flush (NebulaTransportChannel *self,
                const guint8 *bytes,
                gsize length,
                const NebulaLimit *limit,
                GError **error)
{
  g_autoptr (GError) cause = NULL;
  ForeignCall call;
  gboolean done;
  int number;

  if (!foreign_call_begin (&call, self, limit, error))
    {
      g_prefix_error (error, "%s: ", G_OBJECT_TYPE_NAME (self->transport));
      return FALSE;
    }
  if (bytes != NULL)
    done = thrift_transport_write (self->transport, (gpointer) bytes, (guint32) length, &cause);
  else
    done = thrift_transport_flush (self->transport, &cause);
  number = foreign_call_end (&call);
  /* An error counts, whatever the answer: ThriftFramedTransport always answers TRUE. */
  if (done && cause == NULL)
    return TRUE;

  set_call_error (self, PHASE_SEND, cause, number, limit, error);
  return FALSE;
}

static gboolean
send_through (NebulaTransportChannel *self,
              const guint8 *bytes,
              gsize length,
              const NebulaLimit *limit,
              GError **error)
{
  gsize done;
  gsize step;

  for (done = 0; done < length; done += step)
    {
      step = MIN (length - done, CHUNK_BYTES);
      if (!write_or_flush (self, bytes + done, step, limit, error))
        return FALSE;
    }

  return write_or_flush (self, NULL, 0, limit, error);
}

/* Through foreign functions @taken is all or nothing, and nothing proves nothing: the transport
 * does not tell how far it came. */
static gboolean
nebula_transport_channel_send (NebulaChannel *channel,
                               const guint8 *bytes,
                               gsize length,
                               gsize *taken,
                               const NebulaLimit *limit,
                               GError **error)
{
  NebulaTransportChannel *self = NEBULA_TRANSPORT_CHANNEL (channel);

  if (!check_open (self, error))
    return FALSE;

  if (self->direct)
    {
      if (nebula_fd_send (get_fd (self), bytes, length, taken, limit, error))
        return TRUE;
      g_prefix_error (error, "%s: ", G_OBJECT_TYPE_NAME (self->transport));
      return FALSE;
    }

  if (!send_through (self, bytes, length, limit, error))
    return FALSE;
  *taken = length;
  return TRUE;
}

static gssize
receive_through (NebulaTransportChannel *self,
                 guint8 *buffer,
                 gsize size,
                 const NebulaLimit *limit,
                 GError **error)
{
  g_autoptr (GError) cause = NULL;
  ForeignCall call;
  gint32 count;
  int number;

  if (!foreign_call_begin (&call, self, limit, error))
    {
      g_prefix_error (error, "%s: ", G_OBJECT_TYPE_NAME (self->transport));
      return -1;
    }
  size = MIN (size, CHUNK_BYTES);
  count = thrift_transport_read (self->transport, buffer, (guint32) size, &cause);
  number = foreign_call_end (&call);
  if (cause == NULL && count > 0 && (gsize) count <= size)
    return count;

  /* Nothing read and no error is how an end looks, for instance ThriftSSLSocket's. */
  if (cause == NULL && count == 0)
    g_set_error_literal (&cause, THRIFT_TRANSPORT_ERROR, THRIFT_TRANSPORT_ERROR_RECEIVE,
                         "the peer closed the connection");
  set_call_error (self, PHASE_RECEIVE, cause, number, limit, error);
  return -1;
}

static gssize
nebula_transport_channel_receive (NebulaChannel *channel,
                                  guint8 *buffer,
                                  gsize size,
                                  const NebulaLimit *limit,
                                  GError **error)
{
  NebulaTransportChannel *self = NEBULA_TRANSPORT_CHANNEL (channel);
  gssize count;

  if (!check_open (self, error))
    return -1;
  if (!self->direct)
    return receive_through (self, buffer, size, limit, error);

  count = nebula_fd_receive (get_fd (self), NEBULA_FD_NONBLOCKING, buffer, size, limit, error);
  if (count < 0)
    g_prefix_error (error, "%s: ", G_OBJECT_TYPE_NAME (self->transport));

  return count;
}

static void
nebula_transport_channel_dispose (GObject *object)
{
  NebulaTransportChannel *self = NEBULA_TRANSPORT_CHANNEL (object);

  if (self->opened)
    nebula_transport_channel_close (NEBULA_CHANNEL (self));
  g_clear_object (&self->transport);

  G_OBJECT_CLASS (nebula_transport_channel_parent_class)->dispose (object);
}

static void
nebula_transport_channel_class_init (NebulaTransportChannelClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  NebulaChannelClass *channel_class = NEBULA_CHANNEL_CLASS (klass);

  object_class->dispose = nebula_transport_channel_dispose;

  channel_class->open = nebula_transport_channel_open;
  channel_class->close = nebula_transport_channel_close;
  channel_class->is_alive = nebula_transport_channel_is_alive;
  channel_class->send = nebula_transport_channel_send;
  channel_class->receive = nebula_transport_channel_receive;
  channel_class->proves_unsent = FALSE;
}

static void
nebula_transport_channel_init (NebulaTransportChannel *self)
{
}

/* Whether the transport does with the bytes what ThriftSocket does: nothing. */
static gboolean
is_direct (ThriftTransport *transport)
{
  ThriftTransportClass *klass = THRIFT_TRANSPORT_GET_CLASS (transport);
  ThriftTransportClass *plain;

  if (!THRIFT_IS_SOCKET (transport))
    return FALSE;

  plain = g_type_class_peek (THRIFT_TYPE_SOCKET);
  return klass->read == plain->read && klass->write == plain->write && klass->flush == plain->flush;
}

/**
 * nebula_transport_channel_new:
 * @transport: whose bytes to use, open or closed. Nobody else may use it meanwhile
 *
 * Creates a channel over @transport. Open it before it is used, also when @transport is open.
 *
 * Returns: (transfer full): a new channel
 */
NebulaChannel *
nebula_transport_channel_new (ThriftTransport *transport)
{
  NebulaTransportChannel *self = g_object_new (NEBULA_TYPE_TRANSPORT_CHANNEL, NULL);

  self->transport = g_object_ref (transport);
  self->direct = is_direct (transport);
  return NEBULA_CHANNEL (self);
}
