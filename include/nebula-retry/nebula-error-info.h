/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <nebula-retry/nebula-retry-enums.h>
#include <nebula-retry/nebula-server-version.h>

G_BEGIN_DECLS

/**
 * NebulaErrorInfo:
 *
 * A row of the table of NebulaGraph's error codes. Rows are static and constant: never freed,
 * safe in any thread.
 *
 * Since: 0.1
 */
typedef struct _NebulaErrorInfo NebulaErrorInfo;

NEBULA_RETRY_API const NebulaErrorInfo *nebula_error_info_lookup (gint32 code);
NEBULA_RETRY_API const NebulaErrorInfo *nebula_error_info_lookup_by_name (const char *name);
NEBULA_RETRY_API const NebulaErrorInfo *nebula_error_info_for_code (gint32 code);
NEBULA_RETRY_API const NebulaErrorInfo *
nebula_error_info_for_code_in_version (gint32 code, NebulaServerVersion version);
NEBULA_RETRY_API const NebulaErrorInfo *nebula_error_info_at (guint index);
NEBULA_RETRY_API guint nebula_error_info_get_count (void);

NEBULA_RETRY_API gint32 nebula_error_info_get_code (const NebulaErrorInfo *info);
NEBULA_RETRY_API const char *nebula_error_info_get_name (const NebulaErrorInfo *info);
NEBULA_RETRY_API NebulaErrorCategory nebula_error_info_get_category (const NebulaErrorInfo *info);
NEBULA_RETRY_API NebulaCause nebula_error_info_get_cause (const NebulaErrorInfo *info);
NEBULA_RETRY_API NebulaEffect nebula_error_info_get_effect (const NebulaErrorInfo *info);
NEBULA_RETRY_API NebulaPace nebula_error_info_get_pace (const NebulaErrorInfo *info);
NEBULA_RETRY_API NebulaGrpcStatus nebula_error_info_get_grpc_status (const NebulaErrorInfo *info);
NEBULA_RETRY_API gboolean nebula_error_info_is_documented (const NebulaErrorInfo *info);
NEBULA_RETRY_API const char *nebula_error_info_get_meaning (const NebulaErrorInfo *info);

G_END_DECLS
