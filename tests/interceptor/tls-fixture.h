/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "nebula-tls-channel-private.h"

#include "socket-fixture.h"
#include "tls-peer.h"

/* More than the buffers of two sockets can hold. */
#define MUCH (32 * 1024 * 1024)

/* A TLS channel in @socket, and a peer by OpenSSL. The tear-down proves that nothing is left behind,
 * that no SIGPIPE was raised, and that what becomes of one has not changed. */
typedef struct
{
  SocketFixture socket;
  TlsPeer *peer; /* (owned) (nullable) */
  gint signals;  /* how many SIGPIPE there had been before */
} TlsFixture;

/* Any version of TLS, and 1.2. */
extern const TlsPeerSettings plain_settings;
extern const TlsPeerSettings old_settings;

/* Once, before the first test. */
void tls_fixture_init (void);
void tls_fixture_set_up (TlsFixture *self, gconstpointer data);
void tls_fixture_tear_down (TlsFixture *self, gconstpointer data);

/* All may be NULL. @authority: a file of tests/data/tls; @client: without its ending */
NebulaTls *make_tls (const char *authority, const char *client, const char *name);
void use_tls (TlsFixture *self, NebulaTls *tls);
void start_peer (TlsFixture *self, const TlsPeerSettings *settings);
void connect_both (TlsFixture *self, const TlsPeerSettings *settings);
gboolean is_alive (TlsFixture *self);
gpointer cancel_when_readable (gpointer fixture);

#define ADD(path, data, func) \
  g_test_add (path, TlsFixture, data, tls_fixture_set_up, func, tls_fixture_tear_down)

/* One test for each entry of a table, whose first member is a path. */
#define ADD_TABLE(prefix, table, func) \
  for (gsize i = 0; i < G_N_ELEMENTS (table); i++) \
    { \
      g_autofree char *path = g_strconcat (prefix, table[i].path, NULL); \
      \
      ADD (path, &table[i], func); \
    }
