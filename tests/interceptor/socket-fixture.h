/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "nebula-socket-channel-private.h"

/* Short enough for a test, long enough to be a wait. Nothing here depends on how long it was. */
#define SHORT_WAIT (30 * 1000)
/* Far more than a test needs; it ends a test that would hang. */
#define LONG_WAIT (20 * G_USEC_PER_SEC)

/* A socket channel, and its peer in the same process: a listening socket, and the connection that
 * it accepted. The tear-down proves that the channel leaves nothing behind. */
typedef struct
{
  NebulaLimit limit;
  gchar *folder;           /* (owned) (nullable): where the Unix socket is */
  gchar *path;             /* (owned) (nullable): the Unix socket */
  int listener;            /* (owned): -1 when there is none */
  int peer;                /* (owned): -1 when nothing was accepted */
  GSocketAddress *address; /* (owned) (nullable): of the listener */
  NebulaChannel *channel;  /* (owned) (nullable) */
  guint descriptors;       /* how many were open before */
} SocketFixture;

guint count_descriptors (void);
void set_up (SocketFixture *fixture, gconstpointer data);
void close_if_open (int *fd);
void close_all (SocketFixture *fixture);
void tear_down (SocketFixture *fixture, gconstpointer data);
int bind_any (SocketFixture *fixture, int family, GSocketAddress **address);
gboolean listen_any (SocketFixture *fixture, int family, int backlog);
void make_channel (SocketFixture *fixture);
void accept_peer (SocketFixture *fixture);
void open_channel (SocketFixture *fixture);
void connect_channel (SocketFixture *fixture);
int fd_of (SocketFixture *fixture);
void expire_soon (SocketFixture *fixture);
void reset_peer (SocketFixture *fixture);
void wait_until_readable (int fd);
void send_text (SocketFixture *fixture, const gchar *text);
void receive_text (SocketFixture *fixture, const gchar *expected);
void receive_error (SocketFixture *fixture, GIOErrorEnum code, const gchar *text);
void peer_reads (SocketFixture *fixture, const gchar *expected);
