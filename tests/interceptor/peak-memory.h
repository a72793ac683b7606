/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* How much memory this process really touched, as the kernel saw it: all threads together. */

void peak_memory_init (void);
gboolean peak_memory_start (void);
gsize peak_memory_stop (void);

G_END_DECLS
