/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <nebula-retry/nebula-outcome.h>

G_BEGIN_DECLS

#define NEBULA_TYPE_OVERRIDE (nebula_override_get_type ())

/**
 * NebulaOverride:
 *
 * What one failure means in the eyes of the user, where the tables of this library are wrong for
 * him. Reference counted. It is set up in one thread; from the moment it is given to a policy it
 * must not change, and is safe in any thread.
 *
 * Since: 0.1
 */
typedef struct _NebulaOverride NebulaOverride;

NEBULA_RETRY_API GType nebula_override_get_type (void);

NEBULA_RETRY_API NebulaOverride *nebula_override_new_for_code (gint32 code);
NEBULA_RETRY_API NebulaOverride *nebula_override_new_for_message (const char *text);
NEBULA_RETRY_API NebulaOverride *nebula_override_ref (NebulaOverride *self);
NEBULA_RETRY_API void nebula_override_unref (NebulaOverride *self);

NEBULA_RETRY_API void nebula_override_set_category (NebulaOverride *self,
                                                    NebulaErrorCategory category);
NEBULA_RETRY_API void nebula_override_set_cause (NebulaOverride *self, NebulaCause cause);
NEBULA_RETRY_API void nebula_override_set_effect (NebulaOverride *self, NebulaEffect effect);
NEBULA_RETRY_API void nebula_override_set_pace (NebulaOverride *self, NebulaPace pace);

NEBULA_RETRY_API gboolean nebula_override_matches (const NebulaOverride *self,
                                                   const NebulaOutcome *outcome);
NEBULA_RETRY_API NebulaOutcome *nebula_override_apply (const NebulaOverride *self,
                                                       const NebulaOutcome *outcome);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (NebulaOverride, nebula_override_unref)

G_END_DECLS
