/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

char *nebula_message_text_keep (const char *text,
                                gsize       length) G_GNUC_WARN_UNUSED_RESULT;
gboolean nebula_message_text_contains (const char        *text,
                                       gsize              length,
                                       const char *const *words);

G_END_DECLS
