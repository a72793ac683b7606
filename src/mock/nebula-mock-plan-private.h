/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "nebula-mock-fault-private.h"

G_BEGIN_DECLS

/* The faults of a server in their order, and how often each has matched. Any thread. */
typedef struct _NebulaMockPlan NebulaMockPlan;

NebulaMockPlan *nebula_mock_plan_new (void);
void nebula_mock_plan_free (NebulaMockPlan *self);
void nebula_mock_plan_add (NebulaMockPlan *self, NebulaMockFault *fault);
void nebula_mock_plan_clear (NebulaMockPlan *self);
GPtrArray *nebula_mock_plan_consult (NebulaMockPlan *self,
                                     NebulaMockMoment moment,
                                     const char *method,
                                     const char *text);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (NebulaMockPlan, nebula_mock_plan_free)

G_END_DECLS
