/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "nebula_thrift_common_types.h"

#include <stdio.h>

G_BEGIN_DECLS

void nebula_result_print_table (FILE *stream, NebulaThriftDataSet *data);
void nebula_result_print_csv (FILE *stream, NebulaThriftDataSet *data);

G_END_DECLS
