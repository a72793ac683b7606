/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <nebula-retry/nebula-retry-enums.h>

G_BEGIN_DECLS

/**
 * NebulaMessageRule:
 *
 * A row of the table of texts behind which graphd hides what really failed. Rows are static and
 * constant: never freed, safe in any thread.
 *
 * Since: 0.1
 */
typedef struct _NebulaMessageRule NebulaMessageRule;

NEBULA_RETRY_API const NebulaMessageRule *nebula_message_rule_at (guint index);
NEBULA_RETRY_API guint nebula_message_rule_get_count (void);
NEBULA_RETRY_API const NebulaMessageRule *nebula_message_rule_lookup (NebulaPhase phase,
                                                                      const char *name);

NEBULA_RETRY_API const char *nebula_message_rule_get_name (const NebulaMessageRule *rule);
NEBULA_RETRY_API NebulaPhase nebula_message_rule_get_phase (const NebulaMessageRule *rule);
NEBULA_RETRY_API gint32 nebula_message_rule_get_wire_code (const NebulaMessageRule *rule);
NEBULA_RETRY_API gboolean nebula_message_rule_is_prefix (const NebulaMessageRule *rule);
NEBULA_RETRY_API const char *nebula_message_rule_get_text (const NebulaMessageRule *rule);
NEBULA_RETRY_API const char *nebula_message_rule_get_tail (const NebulaMessageRule *rule);
NEBULA_RETRY_API gint32 nebula_message_rule_get_real_code (const NebulaMessageRule *rule);
NEBULA_RETRY_API NebulaErrorCategory
nebula_message_rule_get_category (const NebulaMessageRule *rule);
NEBULA_RETRY_API NebulaCause nebula_message_rule_get_cause (const NebulaMessageRule *rule);
NEBULA_RETRY_API NebulaEffect nebula_message_rule_get_effect (const NebulaMessageRule *rule);
NEBULA_RETRY_API NebulaPace nebula_message_rule_get_pace (const NebulaMessageRule *rule);
NEBULA_RETRY_API const char *nebula_message_rule_get_source (const NebulaMessageRule *rule);

G_END_DECLS
