/* SPDX-License-Identifier: Apache-2.0 */
#include "nebula-socket-channel-private.h"

#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

/*
 * NebulaSocketChannel:
 *
 * A stream over a plain socket. GIO resolves the address; the socket itself is a plain file
 * descriptor and never a GSocket, whose first instance makes the whole process ignore SIGPIPE,
 * which is not ours to decide.
 *
 * All addresses of a name are tried in turn. Each gets an even share of the time that is left, so
 * that one that drops packets (an IPv6 route into nowhere) does not use up the time of the others.
 */

/* A dead host is found while a reply is awaited: the first probe after 10 s of silence, then one
 * every 5 s, three in all. Slow queries are silent for longer, but their hosts answer probes. */
#define KEEPALIVE_IDLE_SECONDS 10
#define KEEPALIVE_INTERVAL_SECONDS 5
#define KEEPALIVE_PROBES 3

/* A dead host is found while a request is sent: bytes that stay unacknowledged for 20 s, which is
 * several retransmissions even on a bad line; the kernel's own limit is about 15 minutes. */
#define USER_TIMEOUT_MILLISECONDS 20000

/* How often a Unix socket is asked again whose queue of connections is full: there is nothing to
 * poll for, and a server that lives empties its queue within milliseconds. */
#define UNIX_RETRY_MICROSECONDS (10 * 1000)

struct _NebulaSocketChannel
{
  NebulaChannel parent_instance;

  GSocketConnectable *address; /* (owned): whom to connect to, never changed */
  gchar *peer;                 /* (owned) (nullable): the address connected to, for messages */
  int fd;                      /* (owned): the connected socket, -1 when closed */
  NebulaFdMode mode;
};

G_DEFINE_FINAL_TYPE (NebulaSocketChannel, nebula_socket_channel, NEBULA_TYPE_CHANNEL)

/* Ends a name look-up at the deadline. Only a thread can: the synchronous resolver knows a
 * cancellable but no time, and a library cannot count on somebody running a main loop. */
typedef struct
{
  GMutex mutex;
  GCond cond;
  gboolean done;             /* guarded by mutex: the look-up has ended */
  gboolean expired;          /* guarded by mutex: the deadline came first */
  gint64 end;                /* monotonic time, written before the thread starts */
  GCancellable *cancellable; /* (unowned): ends the look-up */
} Watchdog;

static gpointer
watchdog_run (gpointer data)
{
  Watchdog *dog = data;
  gboolean expired;

  g_mutex_lock (&dog->mutex);
  while (!dog->done && !dog->expired)
    dog->expired = !g_cond_wait_until (&dog->cond, &dog->mutex, dog->end) && !dog->done;
  expired = dog->expired;
  g_mutex_unlock (&dog->mutex);

  if (expired)
    g_cancellable_cancel (dog->cancellable);

  return NULL;
}

static void
pass_cancel_on (GCancellable *from, gpointer to)
{
  g_cancellable_cancel (to);
}

/* Collects all addresses; what came before an error is still worth trying. */
static GPtrArray *
collect_addresses (NebulaSocketChannel *self, GCancellable *cancellable, GError **error)
{
  g_autoptr (GSocketAddressEnumerator) enumerator = g_socket_connectable_enumerate (self->address);
  g_autoptr (GPtrArray) addresses = g_ptr_array_new_with_free_func (g_object_unref);
  g_autoptr (GError) local_error = NULL;
  GSocketAddress *address;

  while ((address = g_socket_address_enumerator_next (enumerator, cancellable, &local_error)))
    g_ptr_array_add (addresses, address);

  if (addresses->len == 0 && local_error == NULL)
    g_set_error_literal (&local_error, G_IO_ERROR, G_IO_ERROR_HOST_NOT_FOUND, "no address");
  if (local_error != NULL
      && (addresses->len == 0
          || g_error_matches (local_error, G_IO_ERROR, G_IO_ERROR_CANCELLED)))
    {
      g_propagate_error (error, g_steal_pointer (&local_error));
      return NULL;
    }

  return g_steal_pointer (&addresses);
}

/* Runs collect_addresses() while the dog watches. */
static GPtrArray *
collect_watched (NebulaSocketChannel *self, Watchdog *dog, GError **error)
{
  GThread *thread = g_thread_try_new ("nebula-lookup", watchdog_run, dog, NULL);
  GPtrArray *addresses;

  if (thread == NULL)
    {
      g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_FAILED, "no thread for the name look-up");
      return NULL;
    }

  addresses = collect_addresses (self, dog->cancellable, error);

  g_mutex_lock (&dog->mutex);
  dog->done = TRUE;
  g_cond_signal (&dog->cond);
  g_mutex_unlock (&dog->mutex);
  g_thread_join (thread);

  return addresses;
}

/* Like collect_addresses(), and ends at the limit's deadline. */
static GPtrArray *
collect_addresses_in_time (NebulaSocketChannel *self, const NebulaLimit *limit, GError **error)
{
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GError) local_error = NULL;
  Watchdog dog = { .cancellable = cancellable };
  GPtrArray *addresses;
  gulong handler = 0;

  dog.end = nebula_limit_get_end (limit);
  g_mutex_init (&dog.mutex);
  g_cond_init (&dog.cond);
  if (limit->cancellable != NULL)
    handler = g_cancellable_connect (limit->cancellable, G_CALLBACK (pass_cancel_on), cancellable,
                                     NULL);
  addresses = collect_watched (self, &dog, &local_error);
  g_cancellable_disconnect (limit->cancellable, handler);
  g_cond_clear (&dog.cond);
  g_mutex_clear (&dog.mutex);

  if (addresses == NULL && dog.expired && !g_cancellable_is_cancelled (limit->cancellable))
    g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_TIMED_OUT, "the name look-up timed out");
  else if (addresses == NULL)
    g_propagate_error (error, g_steal_pointer (&local_error));

  return addresses;
}

/* Whether asking for the addresses can block. */
static gboolean
needs_look_up (GSocketConnectable *address)
{
  if (G_IS_SOCKET_ADDRESS (address))
    return FALSE;
  if (!G_IS_NETWORK_ADDRESS (address))
    return TRUE;

  return !g_hostname_is_ip_address (g_network_address_get_hostname (G_NETWORK_ADDRESS (address)));
}

static GPtrArray *
look_up (NebulaSocketChannel *self, const NebulaLimit *limit, GError **error)
{
  g_autoptr (GPtrArray) addresses = NULL;

  if (limit->deadline != G_MAXINT64 && needs_look_up (self->address))
    addresses = collect_addresses_in_time (self, limit, error);
  else
    addresses = collect_addresses (self, limit->cancellable, error);

  if (addresses == NULL)
    {
      g_autofree gchar *name = g_socket_connectable_to_string (self->address);

      g_prefix_error (error, "%s: ", name);
    }

  return g_steal_pointer (&addresses);
}

static void
set_errno_error (GError **error, int number)
{
  g_set_error_literal (error, G_IO_ERROR, g_io_error_from_errno (number), g_strerror (number));
}

/* A Unix socket never is "in progress": it answers EAGAIN while the queue of the server is full. */
static int
connect_patiently (int fd,
                   const struct sockaddr *native,
                   socklen_t size,
                   const NebulaLimit *limit,
                   GError **error)
{
  while (connect (fd, native, size) != 0)
    {
      gint64 remaining;

      if (errno != EAGAIN || native->sa_family != AF_UNIX)
        return errno;

      remaining = nebula_limit_get_remaining (limit);
      if (remaining == 0)
        {
          g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_TIMED_OUT, "timed out");
          return -1;
        }
      if (!nebula_clock_wait (limit->clock, MIN (remaining, UNIX_RETRY_MICROSECONDS),
                              limit->cancellable, error))
        return -1;
    }

  return 0;
}

static gboolean
connect_fd (int fd,
            const struct sockaddr *native,
            socklen_t size,
            const NebulaLimit *limit,
            GError **error)
{
  int number = connect_patiently (fd, native, size, limit, error);
  socklen_t number_size = sizeof number;

  if (number < 0)
    return FALSE;

  /* After EINTR the kernel goes on connecting, as after EINPROGRESS. */
  if (number == EINPROGRESS || number == EINTR)
    {
      if (!nebula_limit_wait_fd (limit, fd, POLLOUT, NULL, error))
        return FALSE;
      if (getsockopt (fd, SOL_SOCKET, SO_ERROR, &number, &number_size) != 0)
        number = errno;
    }
  if (number != 0)
    set_errno_error (error, number);

  return number == 0;
}

static void
set_int_option (int fd, int level, int name, int value)
{
  /* A kernel that refuses gives a connection that works, only with slower discovery. */
  (void) setsockopt (fd, level, name, &value, sizeof value);
}

static void
set_tcp_options (int fd)
{
  /* A frame goes out in one send; waiting for more to come would only delay its last segment. */
  set_int_option (fd, IPPROTO_TCP, TCP_NODELAY, 1);
  set_int_option (fd, SOL_SOCKET, SO_KEEPALIVE, 1);
  set_int_option (fd, IPPROTO_TCP, TCP_KEEPIDLE, KEEPALIVE_IDLE_SECONDS);
  set_int_option (fd, IPPROTO_TCP, TCP_KEEPINTVL, KEEPALIVE_INTERVAL_SECONDS);
  set_int_option (fd, IPPROTO_TCP, TCP_KEEPCNT, KEEPALIVE_PROBES);
  set_int_option (fd, IPPROTO_TCP, TCP_USER_TIMEOUT, USER_TIMEOUT_MILLISECONDS);
}

/* Returns a connected socket, or -1 with an error. */
static int
connect_address (GSocketAddress *address, const NebulaLimit *limit, GError **error)
{
  struct sockaddr_storage native = { 0 };
  const struct sockaddr *any = (const struct sockaddr *) &native;
  socklen_t size = (socklen_t) g_socket_address_get_native_size (address);
  int fd;

  if (!g_socket_address_to_native (address, &native, sizeof native, error))
    return -1;

  fd = socket (native.ss_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  if (fd < 0)
    {
      set_errno_error (error, errno);
      return -1;
    }
  if (!connect_fd (fd, any, size, limit, error))
    {
      close (fd);
      return -1;
    }
  if (native.ss_family == AF_INET || native.ss_family == AF_INET6)
    set_tcp_options (fd);

  return fd;
}

/* The limit for the next of @left addresses. */
static NebulaLimit
share_of (const NebulaLimit *limit, guint left)
{
  NebulaLimit share = *limit;

  if (limit->deadline != G_MAXINT64)
    share.deadline -= nebula_limit_get_remaining (limit) / left * (left - 1);

  return share;
}

/* The code of the last failure, and the story of all. */
static void
set_tried_error (NebulaSocketChannel *self,
                 GString *tried,
                 guint count,
                 const GError *last,
                 GError **error)
{
  if (count > 1)
    {
      g_autofree gchar *name = g_socket_connectable_to_string (self->address);

      g_set_error (error, last->domain, last->code, "%s: tried %s", name, tried->str);
    }
  else
    {
      g_set_error_literal (error, last->domain, last->code, tried->str);
    }
}

static gboolean
connect_any (NebulaSocketChannel *self,
             GPtrArray *addresses,
             const NebulaLimit *limit,
             GError **error)
{
  g_autoptr (GString) tried = g_string_new (NULL);
  g_autoptr (GError) last = NULL;
  guint i;

  for (i = 0; i < addresses->len; i++)
    {
      GSocketAddress *address = addresses->pdata[i];
      NebulaLimit share = share_of (limit, addresses->len - i);
      g_autofree gchar *peer = g_socket_connectable_to_string (G_SOCKET_CONNECTABLE (address));

      g_clear_error (&last);
      self->fd = connect_address (address, &share, &last);
      if (self->fd >= 0)
        {
          self->mode = nebula_fd_make_patient (self->fd);
          self->peer = g_steal_pointer (&peer);
          return TRUE;
        }

      g_string_append_printf (tried, "%s%s: %s", i > 0 ? "; " : "", peer, last->message);
      if (g_error_matches (last, G_IO_ERROR, G_IO_ERROR_CANCELLED))
        break;
    }

  set_tried_error (self, tried, addresses->len, last, error);
  return FALSE;
}

/* A plain close is enough to be rid of the connection: what the kernel has taken may still leave,
 * and counts as sent anyway; a frame that is cut short can never become whole. */
static void
nebula_socket_channel_close (NebulaChannel *channel)
{
  NebulaSocketChannel *self = NEBULA_SOCKET_CHANNEL (channel);

  if (self->fd >= 0)
    close (self->fd);
  self->fd = -1;
  g_clear_pointer (&self->peer, g_free);
}

static gboolean
nebula_socket_channel_open (NebulaChannel *channel, const NebulaLimit *limit, GError **error)
{
  NebulaSocketChannel *self = NEBULA_SOCKET_CHANNEL (channel);
  g_autoptr (GPtrArray) addresses = NULL;

  nebula_socket_channel_close (channel);
  if (g_cancellable_set_error_if_cancelled (limit->cancellable, error))
    return FALSE;

  addresses = look_up (self, limit, error);
  return addresses != NULL && connect_any (self, addresses, limit, error);
}

static gboolean
nebula_socket_channel_is_alive (NebulaChannel *channel)
{
  NebulaSocketChannel *self = NEBULA_SOCKET_CHANNEL (channel);

  return self->fd >= 0 && nebula_fd_look (self->fd) == NEBULA_FD_QUIET;
}

static gboolean
check_open (NebulaSocketChannel *self, GError **error)
{
  if (self->fd >= 0)
    return TRUE;

  g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_NOT_CONNECTED, "not connected");
  return FALSE;
}

static gboolean
nebula_socket_channel_send (NebulaChannel *channel,
                            const guint8 *bytes,
                            gsize length,
                            gsize *taken,
                            const NebulaLimit *limit,
                            GError **error)
{
  NebulaSocketChannel *self = NEBULA_SOCKET_CHANNEL (channel);

  if (!check_open (self, error))
    return FALSE;
  if (nebula_fd_send (self->fd, bytes, length, taken, limit, error))
    return TRUE;

  g_prefix_error (error, "%s: ", self->peer);
  return FALSE;
}

static gssize
nebula_socket_channel_receive (NebulaChannel *channel,
                               guint8 *buffer,
                               gsize size,
                               const NebulaLimit *limit,
                               GError **error)
{
  NebulaSocketChannel *self = NEBULA_SOCKET_CHANNEL (channel);
  gssize count;

  if (!check_open (self, error))
    return -1;

  count = nebula_fd_receive (self->fd, self->mode, buffer, size, limit, error);
  if (count < 0)
    g_prefix_error (error, "%s: ", self->peer);

  return count;
}

static void
nebula_socket_channel_finalize (GObject *object)
{
  NebulaSocketChannel *self = NEBULA_SOCKET_CHANNEL (object);

  nebula_socket_channel_close (NEBULA_CHANNEL (self));
  g_clear_object (&self->address);

  G_OBJECT_CLASS (nebula_socket_channel_parent_class)->finalize (object);
}

static void
nebula_socket_channel_class_init (NebulaSocketChannelClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  NebulaChannelClass *channel_class = NEBULA_CHANNEL_CLASS (klass);

  object_class->finalize = nebula_socket_channel_finalize;

  channel_class->open = nebula_socket_channel_open;
  channel_class->close = nebula_socket_channel_close;
  channel_class->is_alive = nebula_socket_channel_is_alive;
  channel_class->send = nebula_socket_channel_send;
  channel_class->receive = nebula_socket_channel_receive;
  channel_class->proves_unsent = TRUE;
}

static void
nebula_socket_channel_init (NebulaSocketChannel *self)
{
  self->fd = -1;
}

/**
 * nebula_socket_channel_new:
 * @address: whom to connect to: a name with a port, an IP address, a Unix socket
 *
 * Creates a channel over a plain socket. It is closed.
 *
 * Returns: (transfer full): a new channel
 */
NebulaChannel *
nebula_socket_channel_new (GSocketConnectable *address)
{
  NebulaSocketChannel *self = g_object_new (NEBULA_TYPE_SOCKET_CHANNEL, NULL);

  self->address = g_object_ref (address);
  return NEBULA_CHANNEL (self);
}

/**
 * nebula_socket_channel_get_fd:
 * @self: a channel
 *
 * Returns: the connected socket, which stays the channel's; -1 when it is closed
 */
int
nebula_socket_channel_get_fd (NebulaSocketChannel *self)
{
  return self->fd;
}
