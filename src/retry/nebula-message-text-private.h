/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Long enough for every text of graphd (it cuts most at 255 bytes), short enough to keep a few of
 * them for each call, whatever a server sends. In bytes, with the mark that says it was cut. */
#define NEBULA_MAX_MESSAGE 4096

gsize nebula_message_text_count_valid (const char *text,
                                       gsize       length);
gsize nebula_message_text_make_keepable (const char *text,
                                         gsize       length,
                                         gsize       valid,
                                         char        made[NEBULA_MAX_MESSAGE]);
gboolean nebula_message_text_contains (const char        *text,
                                       gsize              length,
                                       const char *const *words);

G_END_DECLS
