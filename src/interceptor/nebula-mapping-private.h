/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Memory of its own from the kernel, for bytes that may become many. A page costs nothing before
 * it is written to, and nobody else ever sees what was in one that was given back. */

guint8 *nebula_mapping_new (gsize size);
guint8 *nebula_mapping_grow (guint8 *bytes, gsize length, gsize size, gsize grown);
void nebula_mapping_prepare (guint8 *bytes, gsize length);
void nebula_mapping_free (guint8 *bytes, gsize size);

G_END_DECLS
