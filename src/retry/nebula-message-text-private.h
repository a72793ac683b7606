/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

gboolean nebula_message_text_can_be_kept (const char *text,
                                          gsize       length);
char *nebula_message_text_make_keepable (const char *text,
                                         gsize       length) G_GNUC_WARN_UNUSED_RESULT;
gboolean nebula_message_text_contains (const char        *text,
                                       gsize              length,
                                       const char *const *words);

G_END_DECLS
