/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "nebula-buffer-private.h"

G_BEGIN_DECLS

/* The transforms of a header that can be undone here, in words. */
extern const char nebula_inflate_known[];

gboolean nebula_inflate_knows (guint32 transform);
gboolean nebula_inflate (guint32 transform,
                         const guint8 *bytes,
                         gsize length,
                         gsize max_size,
                         NebulaBuffer *out,
                         GError **error);

G_END_DECLS
