/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <nebula-retry/nebula-retry.h>

G_BEGIN_DECLS

const char *nebula_wording_of_category (NebulaErrorCategory category);
const char *nebula_wording_of_effect (NebulaEffect effect);
const char *nebula_wording_of_pace (NebulaPace pace);
const char *nebula_wording_of_safety (NebulaStatementSafety safety);
const char *nebula_wording_of_action (NebulaAction action);
const char *nebula_wording_of_reason (NebulaReason reason);
const char *nebula_wording_of_exception (gint32 type);
char *nebula_wording_of_duration (gint64 duration);
char *nebula_wording_of_decision (const NebulaDecision *decision);

G_END_DECLS
