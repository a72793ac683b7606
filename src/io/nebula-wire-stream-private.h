/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/**
 * NebulaWireFuncs:
 * @receive: reads at least one byte; 0 at the end of the stream, -1 with an error
 * @send: writes at least one byte; -1 with an error
 *
 * What moves the bytes. With @may_wait %FALSE a function answers at once, with
 * %G_IO_ERROR_WOULD_BLOCK when there is nothing to be had. May be called from any thread, one call
 * at a time in each direction.
 */
typedef struct
{
  gssize (*receive) (gpointer wire,
                     guint8 *buffer,
                     gsize size,
                     gboolean may_wait,
                     GError **error);
  gssize (*send) (gpointer wire,
                  const guint8 *bytes,
                  gsize length,
                  gboolean may_wait,
                  GError **error);
} NebulaWireFuncs;

GIOStream *nebula_wire_stream_new (const NebulaWireFuncs *funcs, gpointer wire);

G_END_DECLS
