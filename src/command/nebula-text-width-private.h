/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

guint nebula_text_width (const char *text);
void nebula_text_width_append (GString *line, const char *text, guint width);
char *nebula_text_width_cut (const char *text, guint width);

G_END_DECLS
