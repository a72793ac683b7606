/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

void nebula_json_add_string (JsonBuilder *builder, const char *key, const char *value);
void nebula_json_add_text (JsonBuilder *builder, const char *text, gsize length);
void nebula_json_add_int (JsonBuilder *builder, const char *key, gint64 value);
void nebula_json_print (JsonBuilder *builder);

G_END_DECLS
