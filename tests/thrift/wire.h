/* SPDX-License-Identifier: Apache-2.0 */

/* Turns generated objects into the bytes of Thrift's binary protocol, and back. */

#pragma once

#include <thrift/c_glib/protocol/thrift_protocol.h>
#include <thrift/c_glib/thrift_struct.h>

G_BEGIN_DECLS

GByteArray     *wire_encode       (gpointer       object);
gboolean        wire_decode       (gpointer       object,
                                   const guint8  *data,
                                   gsize          length,
                                   GError       **error);
ThriftProtocol *wire_protocol_new (const guint8  *data,
                                   gsize          length,
                                   GByteArray    *written);
GByteArray     *wire_from_hex     (const char    *hex);
char           *wire_to_hex       (GByteArray    *bytes);

G_END_DECLS
