/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <nebula-interceptor/nebula-interceptor-visibility.h>
#include <nebula-retry/nebula-retry.h>

G_BEGIN_DECLS

#define NEBULA_TYPE_CALL_REPORT (nebula_call_report_get_type ())

/**
 * NebulaCallReport:
 *
 * What happened in one call, attempt by attempt: immutable, reference counted, safe in any thread.
 *
 * Since: 0.1
 */
typedef struct _NebulaCallReport NebulaCallReport;

NEBULA_INTERCEPTOR_API GType nebula_call_report_get_type (void);

NEBULA_INTERCEPTOR_API NebulaCallReport *nebula_call_report_ref (NebulaCallReport *self);
NEBULA_INTERCEPTOR_API void nebula_call_report_unref (NebulaCallReport *self);

NEBULA_INTERCEPTOR_API const char *nebula_call_report_get_method (NebulaCallReport *self);
NEBULA_INTERCEPTOR_API gboolean nebula_call_report_get_succeeded (NebulaCallReport *self);
NEBULA_INTERCEPTOR_API guint nebula_call_report_get_n_attempts (NebulaCallReport *self);
NEBULA_INTERCEPTOR_API GPtrArray *nebula_call_report_get_failures (NebulaCallReport *self);
NEBULA_INTERCEPTOR_API NebulaStatementSafety nebula_call_report_get_safety (NebulaCallReport *self);
NEBULA_INTERCEPTOR_API gboolean
nebula_call_report_get_may_have_been_applied (NebulaCallReport *self);
NEBULA_INTERCEPTOR_API gboolean nebula_call_report_get_own_success (NebulaCallReport *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (NebulaCallReport, nebula_call_report_unref)

G_END_DECLS
