/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "nebula_thrift_common_types.h"

G_BEGIN_DECLS


char *nebula_value_text (NebulaThriftValue *value);
void nebula_value_text_append (GString *text, NebulaThriftValue *value);
const char *nebula_value_text_of_null (NebulaThriftNullType kind);
gboolean nebula_value_text_append_time (GString *text, NebulaThriftValue *value);
void nebula_value_text_append_geography (GString *text, NebulaThriftGeography *geography);
void nebula_value_text_append_number (GString *text, double number);
void nebula_value_text_append_escaped (GString *text, const char *bytes, gsize length);

G_END_DECLS
