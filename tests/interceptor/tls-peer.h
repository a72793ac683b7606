/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <glib.h>
#include <openssl/ssl.h>

G_BEGIN_DECLS

/* (transfer full): the path of a file in tests/data/tls; NULL for NULL */
char *tls_peer_find_file (const char *name);

/**
 * TlsPeerSettings:
 * @certificate: what the server shows: the name of a file in tests/data/tls without ".pem"
 * @client_ca: (nullable): whose clients are let in
 * @version: the only version of TLS that is spoken; 0 for any
 */
typedef struct
{
  const char *certificate;
  const char *client_ca;
  int version;
} TlsPeerSettings;

/**
 * TlsPeer:
 *
 * The other end of a connection, by OpenSSL: so that ours is not tested against itself.
 */
typedef struct _TlsPeer TlsPeer;

/* Accepts one connection on @listener and shakes hands on it, in a thread. */
TlsPeer *tls_peer_new (int listener, const TlsPeerSettings *settings);
void tls_peer_free (TlsPeer *self);

/* Waits for the handshake. NULL when it failed. */
SSL *tls_peer_get (TlsPeer *self);
void tls_peer_write (TlsPeer *self, const char *text);
void tls_peer_read (TlsPeer *self, const char *expected);

/* Without a farewell. */
void tls_peer_close (TlsPeer *self);

/* Sends @size bytes, all equal to @byte, from a thread, which ends with them or the connection. */
void tls_peer_write_much (TlsPeer *self, guint8 byte, gsize size);

G_END_DECLS
