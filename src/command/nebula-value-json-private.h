/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "nebula_thrift_common_types.h"

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

void nebula_value_json_add (JsonBuilder *builder, NebulaThriftValue *value);
void nebula_value_json_add_columns (JsonBuilder *builder, NebulaThriftDataSet *data);
void nebula_value_json_add_rows (JsonBuilder *builder, NebulaThriftDataSet *data);

G_END_DECLS
