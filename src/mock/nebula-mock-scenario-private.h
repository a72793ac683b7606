/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <gio/gio.h>

#include "nebula-mock-fault-private.h"

G_BEGIN_DECLS

typedef struct
{
  char *name;     /* (owned) */
  char *password; /* (owned) */
} NebulaMockScenarioUser;

/* What a scenario file says. */
typedef struct
{
  GPtrArray *users;  /* (owned) (element-type NebulaMockScenarioUser) */
  GPtrArray *spaces; /* (owned) (element-type utf8) */
  GPtrArray *faults; /* (owned) (element-type NebulaMockFault) */
} NebulaMockScenario;

NebulaMockScenario *nebula_mock_scenario_new_from_json (const char *json,
                                                        gssize length,
                                                        GError **error);
void nebula_mock_scenario_free (NebulaMockScenario *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (NebulaMockScenario, nebula_mock_scenario_free)

G_END_DECLS
