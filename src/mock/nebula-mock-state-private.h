/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "nebula-mock-ledger-private.h"
#include "nebula-mock-plan-private.h"
#include "nebula-mock-sessions-private.h"
#include "nebula-mock-tls-private.h"
#include "nebula-mock-users-private.h"

G_BEGIN_DECLS

/* What all connections of a server share. The server owns it and outlives its connections; each
 * member has a lock of its own. */
typedef struct
{
  NebulaMockLedger   *ledger;   /* (owned) */
  NebulaMockPlan     *plan;     /* (owned) */
  NebulaMockSessions *sessions; /* (owned) */
  NebulaMockUsers    *users;    /* (owned) */
  NebulaMockTls      *tls;      /* (owned) (nullable): NULL for plain; set before the start */
} NebulaMockState;

G_END_DECLS
