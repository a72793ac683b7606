/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <nebula-interceptor/nebula-call-report.h>

G_BEGIN_DECLS

NebulaCallReport *nebula_call_report_new (const char *method,
                                          gboolean succeeded,
                                          GPtrArray *failures,
                                          NebulaStatementSafety safety);

G_END_DECLS
