/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "nebula-fixture.h"
#include "tls-front.h"

G_BEGIN_DECLS

/**
 * ForeignKind:
 * @name: in the names of tests
 * @make: makes a transport to a port of 127.0.0.1, not open
 * @is_tls: whether the server speaks TLS
 * @sees_end: whether the end of an idle connection can be seen before anything is written
 * @keeps_time: whether a read that blocks can be ended
 *
 * A kind of transport that a user may bring.
 */
typedef struct
{
  const char *name;
  ThriftTransport *(*make) (guint16 port);
  gboolean is_tls;
  gboolean sees_end;
  gboolean keeps_time;
} ForeignKind;

/**
 * Foreign:
 * @road: the whole road, with an interceptor over @transport
 * @front: (nullable): what speaks TLS before the server
 *
 * The fixture of tests over transports that are not ours.
 */
typedef struct
{
  Fixture road;
  TlsFront *front;
  ThriftTransport *transport;
} Foreign;

extern const ForeignKind foreign_kinds[];
extern const guint foreign_n_kinds;

/* Once in a program, before the first ThriftSocket: mends its leak, and makes OpenSSL ready. */
void foreign_init (void);

void foreign_set_up (Foreign *self, gconstpointer kind);
void foreign_tear_down (Foreign *self, gconstpointer kind);
void foreign_use_real_time (Foreign *self);
NebulaInterceptor *foreign_make_interceptor (Foreign *self);

G_END_DECLS
