/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <glib.h>

#include "nebula_mock_thrift_common_types.h"

G_BEGIN_DECLS

/* Builds what a reply carries. */

GByteArray *nebula_mock_bytes_new (const char *text);
NebulaMockThriftValue *nebula_mock_value_new_integer (gint64 integer);
NebulaMockThriftValue *nebula_mock_value_new_string (const char *text);
NebulaMockThriftValue *nebula_mock_value_new_null (NebulaMockThriftNullType kind);
NebulaMockThriftValue *nebula_mock_value_new_from_variant (GVariant *variant);
NebulaMockThriftValue *nebula_mock_value_new_vertex (const char *id,
                                                     const char *tag,
                                                     GHashTable *properties);
NebulaMockThriftDataSet *nebula_mock_data_set_new (void);
void nebula_mock_data_set_add_column (NebulaMockThriftDataSet *data, const char *name);
GPtrArray *nebula_mock_data_set_add_row (NebulaMockThriftDataSet *data);
NebulaMockThriftDataSet *nebula_mock_data_set_new_rows (guint count);
NebulaMockThriftDataSet *nebula_mock_data_set_new_everything (void);

G_END_DECLS
