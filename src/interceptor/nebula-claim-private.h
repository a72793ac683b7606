/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "nebula-channel-private.h"

G_BEGIN_DECLS

/**
 * NebulaClaim:
 * @changed: it was released, or somebody who waits was cancelled
 * @owner: (unowned) (nullable): the thread that has it, guarded by @lock
 *
 * The right to do what only one may do at a time, and what may take long: whoever has it holds no
 * lock. The others wait as long as their calls may.
 */
typedef struct
{
  GMutex lock;
  GCond changed;
  GThread *owner;
} NebulaClaim;

void nebula_claim_init (NebulaClaim *self);
void nebula_claim_clear (NebulaClaim *self);
gboolean nebula_claim_take (NebulaClaim *self, const NebulaLimit *limit, GError **error);
gboolean nebula_claim_is_mine (NebulaClaim *self);
void nebula_claim_release (NebulaClaim *self);

G_END_DECLS
