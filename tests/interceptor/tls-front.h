/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * TlsFront:
 *
 * Speaks TLS on a port of its own, and passes the bytes on to a plain port on 127.0.0.1. It shows
 * the certificate of tests/data. Runs in threads of its own.
 */
typedef struct _TlsFront TlsFront;

TlsFront *tls_front_new (guint16 target);
void tls_front_free (TlsFront *self);
guint16 tls_front_get_port (TlsFront *self);

/* Whether the end of the plain side is announced with a close_notify. Off at first. */
void tls_front_set_farewell (TlsFront *self, gboolean farewell);

/* Returns when every connection that came has been closed. */
void tls_front_wait_until_idle (TlsFront *self);

/* (transfer full): the path of a file in tests/data */
char *tls_front_find_file (const char *name);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (TlsFront, tls_front_free)

G_END_DECLS
