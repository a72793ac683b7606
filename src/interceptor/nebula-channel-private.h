/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <gio/gio.h>
#include <nebula-retry/nebula-retry.h>

G_BEGIN_DECLS

/**
 * NebulaLimit:
 * @clock: (not nullable): where @deadline is read from
 * @deadline: the time on @clock at which the operation must have ended, G_MAXINT64 for never
 * @cancellable: (nullable): ends the operation at once
 *
 * How long a blocking operation may take. @clock is read only when the operation has to block.
 */
typedef struct
{
  NebulaClock *clock;
  gint64 deadline;
  GCancellable *cancellable;
} NebulaLimit;

/**
 * NebulaFdState:
 * @NEBULA_FD_QUIET: connected, and nothing to read
 * @NEBULA_FD_WAITING: bytes are waiting to be read
 * @NEBULA_FD_DEAD: closed or reset by the peer, or not a connected socket
 *
 * What a look at an idle socket shows.
 */
typedef enum
{
  NEBULA_FD_QUIET,
  NEBULA_FD_WAITING,
  NEBULA_FD_DEAD,
} NebulaFdState;

/* How long a receive may sleep inside the kernel, in microseconds. Long enough for nearly every
 * reply; a deadline that is nearer is watched by poll, to the millisecond. */
#define NEBULA_FD_PATIENCE G_USEC_PER_SEC

/**
 * NebulaFdMode:
 * @NEBULA_FD_NONBLOCKING: a receive returns at once
 * @NEBULA_FD_PATIENT: a receive that is asked to may sleep for %NEBULA_FD_PATIENCE
 *
 * What the owner of a socket has set on it.
 */
typedef enum
{
  NEBULA_FD_NONBLOCKING,
  NEBULA_FD_PATIENT,
} NebulaFdMode;

gint64 nebula_limit_get_remaining (const NebulaLimit *limit);
gint64 nebula_limit_get_end (const NebulaLimit *limit);
gboolean nebula_limit_check (const NebulaLimit *limit, GError **error);
gboolean nebula_limit_wait_fd (const NebulaLimit *limit,
                               int fd,
                               short events,
                               short *revents,
                               GError **error);

gboolean nebula_fd_send (int fd,
                         const guint8 *bytes,
                         gsize length,
                         gsize *taken,
                         const NebulaLimit *limit,
                         GError **error);
NebulaFdMode nebula_fd_make_patient (int fd);
gssize nebula_fd_receive (int fd,
                          NebulaFdMode mode,
                          guint8 *buffer,
                          gsize size,
                          const NebulaLimit *limit,
                          GError **error);
NebulaFdState nebula_fd_look (int fd);

#define NEBULA_TYPE_CHANNEL (nebula_channel_get_type ())
G_DECLARE_DERIVABLE_TYPE (NebulaChannel, nebula_channel, NEBULA, CHANNEL, GObject)

/**
 * NebulaChannelClass:
 * @open: connects; a channel that is open is closed first. Errors are of %G_IO_ERROR
 *   (CONNECTION_REFUSED, HOST_UNREACHABLE, TIMED_OUT, CANCELLED, …), %G_RESOLVER_ERROR or
 *   %G_TLS_ERROR
 * @close: tears the connection down at once, without a farewell; never fails, may be repeated
 * @is_alive: looks without blocking whether the peer has closed or reset the connection, or sent
 *   bytes that nobody asked for; %FALSE then
 * @send: sends all of @bytes; on failure @taken says how many bytes the layer below took
 * @receive: waits for at least one byte and answers how many came; never 0. The end of the stream
 *   is %G_IO_ERROR_CONNECTION_CLOSED
 * @proves_unsent: whether @taken below the length of a frame proves that the peer cannot have the
 *   whole frame: only so where the bytes go straight to the kernel
 *
 * The seam under the interceptor: a stream of bytes that can be opened again. No function raises
 * SIGPIPE. Used by one thread at a time.
 */
struct _NebulaChannelClass
{
  GObjectClass parent_class;

  gboolean (*open) (NebulaChannel *self, const NebulaLimit *limit, GError **error);
  void (*close) (NebulaChannel *self);
  gboolean (*is_alive) (NebulaChannel *self);
  gboolean (*send) (NebulaChannel *self,
                    const guint8 *bytes,
                    gsize length,
                    gsize *taken,
                    const NebulaLimit *limit,
                    GError **error);
  gssize (*receive) (NebulaChannel *self,
                     guint8 *buffer,
                     gsize size,
                     const NebulaLimit *limit,
                     GError **error);
  gboolean proves_unsent;
};

gboolean nebula_channel_open (NebulaChannel *self, const NebulaLimit *limit, GError **error);
void nebula_channel_close (NebulaChannel *self);
gboolean nebula_channel_is_alive (NebulaChannel *self);
gboolean nebula_channel_send (NebulaChannel *self,
                              const guint8 *bytes,
                              gsize length,
                              gsize *taken,
                              const NebulaLimit *limit,
                              GError **error);
gssize nebula_channel_receive (NebulaChannel *self,
                               guint8 *buffer,
                               gsize size,
                               const NebulaLimit *limit,
                               GError **error);
gboolean nebula_channel_proves_unsent (NebulaChannel *self);

G_END_DECLS
