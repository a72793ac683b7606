/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "nebula-mock-gate-private.h"
#include "nebula-mock-ledger-private.h"
#include "nebula-mock-operator-private.h"
#include "nebula-mock-plan-private.h"
#include "nebula-mock-sessions-private.h"
#include "nebula-mock-tls-private.h"

G_BEGIN_DECLS

/* What all connections of a server share. The server owns it and outlives its connections; each
 * member has a lock of its own or is atomic, and pointers are set for life. */
typedef struct
{
  guint               number;   /* which of its cluster, from 0 */
  NebulaMockMetad    *metad;    /* (owned): shared by the servers of a cluster */
  NebulaMockOperator *operator; /* (owned) (nullable): NULL outside of a cluster */
  NebulaMockLedger   *ledger;   /* (owned) */
  NebulaMockPlan     *plan;     /* (owned) */
  NebulaMockSessions *sessions; /* (owned) */
  NebulaMockGate     *network;  /* (owned): no byte passes while it is closed */
  NebulaMockGate     *worker;   /* (owned): no call is executed while it is closed */
  NebulaMockGate     *hold;     /* (owned): always closed: here wait calls that a fault holds */
  NebulaMockTls      *tls;      /* (owned) (nullable): NULL for plain; set before the start */
  gint                draining; /* atomic: it is being stopped, and takes no more calls */
} NebulaMockState;

G_END_DECLS
