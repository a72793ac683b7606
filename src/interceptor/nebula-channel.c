/* SPDX-License-Identifier: Apache-2.0 */
#include "nebula-channel-private.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sys/socket.h>

#include "nebula-time-private.h"

/*
 * NebulaChannel:
 *
 * The class says what a channel is (see the header); here are its dispatchers, and the blocking
 * primitives over a connected socket that the channels share. The primitives try first and poll
 * only when the kernel has nothing to give, so that a call that need not block makes no file
 * descriptor for the cancellable.
 */

G_DEFINE_ABSTRACT_TYPE (NebulaChannel, nebula_channel, G_TYPE_OBJECT)

static void
nebula_channel_class_init (NebulaChannelClass *klass)
{
}

static void
nebula_channel_init (NebulaChannel *self)
{
}

/**
 * nebula_limit_get_remaining:
 * @limit: a limit
 *
 * Reads the limit's clock, unless there is no deadline.
 *
 * Returns: the microseconds left until the deadline, 0 when it has passed, %G_MAXINT64 for never
 */
gint64
nebula_limit_get_remaining (const NebulaLimit *limit)
{
  gint64 now;

  if (limit->deadline == G_MAXINT64)
    return G_MAXINT64;

  now = nebula_clock_get_now (limit->clock);
  if (now >= limit->deadline)
    return 0;

  /* The true difference fits into 64 bits without a sign, whatever the two signs are. */
  return (gint64) MIN ((guint64) limit->deadline - (guint64) now, (guint64) G_MAXINT64 - 1);
}

/**
 * nebula_limit_get_end:
 * @limit: a limit
 *
 * What GLib's conditions wait for is not the clock of a limit.
 *
 * Returns: when the deadline comes, as g_get_monotonic_time() counts, as far as can be foreseen;
 *   %G_MAXINT64 for never
 */
gint64
nebula_limit_get_end (const NebulaLimit *limit)
{
  return nebula_time_after (g_get_monotonic_time (), nebula_limit_get_remaining (limit));
}

/**
 * nebula_limit_check:
 * @limit: a limit
 * @error: return location of a %G_IO_ERROR_TIMED_OUT or %G_IO_ERROR_CANCELLED
 *
 * Returns: %FALSE with @error set when the limit has come
 */
gboolean
nebula_limit_check (const NebulaLimit *limit, GError **error)
{
  if (g_cancellable_set_error_if_cancelled (limit->cancellable, error))
    return FALSE;
  if (nebula_limit_get_remaining (limit) > 0)
    return TRUE;
  g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_TIMED_OUT, "timed out");
  return FALSE;
}

/* The longest wait for one poll: @remaining in milliseconds rounded up, so that a poll that ran its
 * time has reached the deadline. @whole says whether the time fits into the argument of poll. */
static int
poll_timeout (gint64 remaining, gboolean *whole)
{
  gint64 milliseconds;

  if (remaining == G_MAXINT64)
    {
      *whole = FALSE;
      return -1;
    }

  milliseconds = remaining / 1000 + (remaining % 1000 != 0);
  *whole = milliseconds <= G_MAXINT;
  return (int) MIN (milliseconds, G_MAXINT);
}

/* fds[0] is what is waited for, fds[1] the cancellable when @count is 2. */
static gboolean
wait_fds (const NebulaLimit *limit, GPollFD *fds, guint count, GError **error)
{
  while (TRUE)
    {
      gboolean whole;
      int timeout;
      int ready;

      if (g_cancellable_set_error_if_cancelled (limit->cancellable, error))
        return FALSE;

      timeout = poll_timeout (nebula_limit_get_remaining (limit), &whole);
      ready = timeout == 0 ? 0 : g_poll (fds, count, timeout);
      if (ready < 0 && errno != EINTR)
        {
          int saved = errno;

          g_set_error_literal (error, G_IO_ERROR, g_io_error_from_errno (saved),
                               g_strerror (saved));
          return FALSE;
        }
      /* The clock is not asked again: a clock that is moved by hand would never get there. */
      if (ready == 0 && whole)
        {
          g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_TIMED_OUT, "timed out");
          return FALSE;
        }
      if (ready > 0 && fds[0].revents != 0 && !g_cancellable_is_cancelled (limit->cancellable))
        return TRUE;
    }
}

/**
 * nebula_limit_wait_fd:
 * @limit: how long to wait
 * @fd: the file descriptor to wait for
 * @events: what to wait for, flags of poll(2)
 * @revents: (out) (optional): what happened, flags of poll(2); errors are among them
 * @error: return location
 *
 * Waits until @fd is ready. Signals do not end the wait.
 *
 * Returns: %FALSE with %G_IO_ERROR_TIMED_OUT or %G_IO_ERROR_CANCELLED when the limit came first
 */
gboolean
nebula_limit_wait_fd (const NebulaLimit *limit,
                      int fd,
                      short events,
                      short *revents,
                      GError **error)
{
  GPollFD fds[2] = { { .fd = fd, .events = (gushort) events }, { .fd = -1 } };
  gboolean watched = g_cancellable_make_pollfd (limit->cancellable, &fds[1]);
  gboolean ready = wait_fds (limit, fds, watched ? 2 : 1, error);

  if (watched)
    g_cancellable_release_fd (limit->cancellable);
  if (revents != NULL)
    *revents = (short) fds[0].revents;

  return ready;
}

/* An established connection that the network broke is lost, whatever the kernel calls it. Above
 * all ETIMEDOUT, which is the verdict of keep-alive or TCP_USER_TIMEOUT that the host is dead: it
 * must not be taken for the deadline of a call. */
static GIOErrorEnum
code_of_broken_connection (int number)
{
  switch (number)
    {
    case EPIPE:
    case ECONNRESET:
    case ECONNABORTED:
    case ECONNREFUSED:
    case ENOTCONN:
    case ETIMEDOUT:
    case EHOSTUNREACH:
    case EHOSTDOWN:
    case ENETUNREACH:
    case ENETDOWN:
    case ENETRESET:
      return G_IO_ERROR_CONNECTION_CLOSED;
    default:
      return g_io_error_from_errno (number);
    }
}

static void
set_broken_error (GError **error, int number)
{
  g_set_error_literal (error, G_IO_ERROR, code_of_broken_connection (number), g_strerror (number));
}

/* POLLRDHUP too: a peer that sends no more will never answer, so the rest of the request need not
 * wait until a full buffer runs into the deadline. */
static gboolean
wait_writable (int fd, const NebulaLimit *limit, GError **error)
{
  short revents = 0;
  int number = 0;
  socklen_t size = sizeof number;

  if (!nebula_limit_wait_fd (limit, fd, POLLOUT | POLLRDHUP, &revents, error))
    return FALSE;
  if ((revents & (POLLERR | POLLHUP | POLLRDHUP | POLLNVAL)) == 0)
    return TRUE;

  if (getsockopt (fd, SOL_SOCKET, SO_ERROR, &number, &size) != 0)
    number = errno;
  set_broken_error (error, number != 0 ? number : EPIPE);
  return FALSE;
}

/**
 * nebula_fd_send:
 * @fd: a connected socket; its blocking mode does not matter
 * @bytes: (array length=length): what to send
 * @length: the number of bytes
 * @taken: (out): how many bytes the kernel has taken, on failure too
 * @limit: how long it may take
 * @error: return location
 *
 * Sends all of @bytes and never raises SIGPIPE.
 *
 * Returns: %FALSE with %G_IO_ERROR_CONNECTION_CLOSED, %G_IO_ERROR_TIMED_OUT,
 *   %G_IO_ERROR_CANCELLED or the code of another errno
 */
gboolean
nebula_fd_send (int fd,
                const guint8 *bytes,
                gsize length,
                gsize *taken,
                const NebulaLimit *limit,
                GError **error)
{
  *taken = 0;
  if (g_cancellable_set_error_if_cancelled (limit->cancellable, error))
    return FALSE;

  while (*taken < length)
    {
      gssize count = send (fd, bytes + *taken, length - *taken, MSG_NOSIGNAL | MSG_DONTWAIT);

      if (count >= 0)
        {
          *taken += (gsize) count;
        }
      else if (errno == EAGAIN || errno == EWOULDBLOCK)
        {
          if (!wait_writable (fd, limit, error))
            return FALSE;
        }
      else if (errno != EINTR)
        {
          set_broken_error (error, errno);
          return FALSE;
        }
    }

  return TRUE;
}

/* What to do after a receive that brought no byte: %FALSE with @error when it is over. */
static gboolean
settle_empty_receive (int fd, gssize count, int number, const NebulaLimit *limit, GError **error)
{
  if (count == 0)
    {
      g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_CONNECTION_CLOSED,
                           "the peer closed the connection");
      return FALSE;
    }
  if (number == EAGAIN || number == EWOULDBLOCK)
    return nebula_limit_wait_fd (limit, fd, POLLIN, NULL, error);
  if (number == EINTR)
    return TRUE;

  set_broken_error (error, number);
  return FALSE;
}

/* Whether the first receive may sleep in the kernel for NEBULA_FD_PATIENCE. Nothing wakes it for a
 * cancellable. */
static int
first_flags (NebulaFdMode mode, const NebulaLimit *limit)
{
  if (mode == NEBULA_FD_PATIENT && limit->cancellable == NULL
      && nebula_limit_get_remaining (limit) >= NEBULA_FD_PATIENCE)
    return 0;
  return MSG_DONTWAIT;
}

/**
 * nebula_fd_receive:
 * @fd: a connected socket
 * @mode: whether @fd was prepared with nebula_fd_make_patient()
 * @buffer: (array length=size): where the bytes go
 * @size: how many bytes fit, at least 1
 * @limit: how long it may take
 * @error: return location
 *
 * Waits for at least one byte. Bytes that have arrived are handed over even when the deadline has
 * passed.
 *
 * Returns: how many bytes came, or -1 with %G_IO_ERROR_CONNECTION_CLOSED, %G_IO_ERROR_TIMED_OUT,
 *   %G_IO_ERROR_CANCELLED or the code of another errno
 */
gssize
nebula_fd_receive (int fd,
                   NebulaFdMode mode,
                   guint8 *buffer,
                   gsize size,
                   const NebulaLimit *limit,
                   GError **error)
{
  int flags;

  if (g_cancellable_set_error_if_cancelled (limit->cancellable, error))
    return -1;

  flags = first_flags (mode, limit);
  while (TRUE)
    {
      gssize count = recv (fd, buffer, size, flags);

      if (count > 0)
        return count;
      if (!settle_empty_receive (fd, count, errno, limit, error))
        return -1;
      flags = MSG_DONTWAIT;
    }
}

/**
 * nebula_fd_make_patient:
 * @fd: a connected socket of our own
 *
 * Lets one receive wait inside the kernel, for %NEBULA_FD_PATIENCE at most: a call whose reply
 * comes within that time needs no poll.
 *
 * Returns: the mode for nebula_fd_receive()
 */
NebulaFdMode
nebula_fd_make_patient (int fd)
{
  struct timeval patience = { .tv_sec = NEBULA_FD_PATIENCE / G_USEC_PER_SEC };
  int flags = fcntl (fd, F_GETFL);

  if (flags >= 0 && setsockopt (fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience) == 0
      && fcntl (fd, F_SETFL, flags & ~O_NONBLOCK) == 0)
    return NEBULA_FD_PATIENT;
  return NEBULA_FD_NONBLOCKING;
}

/**
 * nebula_fd_look:
 * @fd: a connected socket
 *
 * Looks at an idle connection without blocking and without reading from it.
 *
 * Returns: what there is
 */
NebulaFdState
nebula_fd_look (int fd)
{
  guint8 byte;
  gssize count;

  do
    count = recv (fd, &byte, 1, MSG_PEEK | MSG_DONTWAIT);
  while (count < 0 && errno == EINTR);

  if (count > 0)
    return NEBULA_FD_WAITING;
  if (count < 0 && (errno == EAGAIN || errno == EWOULDBLOCK))
    return NEBULA_FD_QUIET;

  return NEBULA_FD_DEAD;
}

/**
 * nebula_channel_open:
 * @self: a channel
 * @limit: how long it may take
 * @error: return location
 *
 * Connects; a channel that is open is closed first.
 *
 * Returns: %FALSE with an error of %G_IO_ERROR, %G_RESOLVER_ERROR or %G_TLS_ERROR
 */
gboolean
nebula_channel_open (NebulaChannel *self, const NebulaLimit *limit, GError **error)
{
  return NEBULA_CHANNEL_GET_CLASS (self)->open (self, limit, error);
}

/**
 * nebula_channel_close:
 * @self: a channel
 *
 * Tears the connection down at once, without a farewell. May be repeated.
 */
void
nebula_channel_close (NebulaChannel *self)
{
  NEBULA_CHANNEL_GET_CLASS (self)->close (self);
}

/**
 * nebula_channel_is_alive:
 * @self: a channel on which no reply is owed
 *
 * Looks without blocking at an idle connection.
 *
 * Returns: %FALSE when it is closed, reset, or has bytes that nobody asked for
 */
gboolean
nebula_channel_is_alive (NebulaChannel *self)
{
  return NEBULA_CHANNEL_GET_CLASS (self)->is_alive (self);
}

/**
 * nebula_channel_send:
 * @self: a channel
 * @bytes: (array length=length): what to send
 * @length: the number of bytes
 * @taken: (out): how many bytes the layer below took, on failure too
 * @limit: how long it may take
 * @error: return location
 *
 * Sends all of @bytes.
 *
 * Returns: %FALSE with %G_IO_ERROR_NOT_CONNECTED, %G_IO_ERROR_CONNECTION_CLOSED,
 *   %G_IO_ERROR_TIMED_OUT, %G_IO_ERROR_CANCELLED or another error
 */
gboolean
nebula_channel_send (NebulaChannel *self,
                     const guint8 *bytes,
                     gsize length,
                     gsize *taken,
                     const NebulaLimit *limit,
                     GError **error)
{
  *taken = 0;
  return NEBULA_CHANNEL_GET_CLASS (self)->send (self, bytes, length, taken, limit, error);
}

/**
 * nebula_channel_receive:
 * @self: a channel
 * @buffer: (array length=size): where the bytes go
 * @size: how many bytes are wanted at most, at least 1. Not more than the peer still owes: a
 *   channel over a foreign transport may wait until all of them have come
 * @limit: how long it may take
 * @error: return location
 *
 * Waits for at least one byte.
 *
 * Returns: how many bytes came, never 0; -1 with the errors of nebula_channel_send()
 */
gssize
nebula_channel_receive (NebulaChannel *self,
                        guint8 *buffer,
                        gsize size,
                        const NebulaLimit *limit,
                        GError **error)
{
  g_assert (size > 0);

  return NEBULA_CHANNEL_GET_CLASS (self)->receive (self, buffer, size, limit, error);
}

/**
 * nebula_channel_proves_unsent:
 * @self: a channel
 *
 * Returns: whether fewer bytes taken than a frame has prove that the peer cannot have all of it
 */
gboolean
nebula_channel_proves_unsent (NebulaChannel *self)
{
  return NEBULA_CHANNEL_GET_CLASS (self)->proves_unsent;
}
