/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <nebula-retry/nebula-retry-enums.h>

G_BEGIN_DECLS

NEBULA_RETRY_API NebulaStatementSafety nebula_statement_get_safety (const char *statement,
                                                                    gssize length,
                                                                    NebulaCallTraits *traits);
NEBULA_RETRY_API gboolean nebula_statement_may_change_space (const char *statement, gsize length);
NEBULA_RETRY_API gboolean nebula_statement_starts_with_use (const char *statement, gsize length);

G_END_DECLS
