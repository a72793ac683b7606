/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <glib.h>
#include <signal.h>

G_BEGIN_DECLS

/**
 * NebulaSigpipeGuard:
 *
 * What nebula_sigpipe_guard_leave() needs to undo nebula_sigpipe_guard_enter(). The fields are
 * private; it lives on the stack, and needs no freeing.
 */
typedef struct
{
  sigset_t before;      /* the mask of the thread */
  gboolean was_pending; /* a SIGPIPE was waiting already */
} NebulaSigpipeGuard;

void nebula_sigpipe_guard_enter (NebulaSigpipeGuard *guard);
void nebula_sigpipe_guard_leave (NebulaSigpipeGuard *guard);

G_END_DECLS
