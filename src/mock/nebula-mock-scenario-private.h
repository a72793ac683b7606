/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <gio/gio.h>
#include <nebula-mock/nebula-mock-server.h>

#include "nebula-mock-fault-private.h"

G_BEGIN_DECLS

typedef struct
{
  char *name;     /* (owned) */
  char *password; /* (owned) */
} NebulaMockScenarioUser;

typedef struct
{
  GPtrArray *faults;   /* (owned) (element-type NebulaMockFault): of this server alone */
  gint64     for_user; /* how many sessions; 0 for no limit, as below */
  gint64     for_all;
} NebulaMockScenarioServer;

/* What a scenario file says. */
typedef struct
{
  GPtrArray *users;   /* (owned) (element-type NebulaMockScenarioUser) */
  GPtrArray *spaces;  /* (owned) (element-type utf8) */
  GPtrArray *faults;  /* (owned) (element-type NebulaMockFault): of each server */
  GPtrArray *servers; /* (owned) (element-type NebulaMockScenarioServer): all that there are */
} NebulaMockScenario;

/* How many servers a scenario is for: as many as it says, one in no cluster, or any number. */
#define NEBULA_MOCK_SCENARIO_AS_IT_SAYS 0
#define NEBULA_MOCK_SCENARIO_ALONE G_MAXUINT

/* More than anybody needs on one machine. */
#define NEBULA_MOCK_SERVERS_MAX 100

NebulaMockScenario *nebula_mock_scenario_new_from_json (const char *json,
                                                        gssize length,
                                                        guint n_servers,
                                                        GError **error);
void nebula_mock_scenario_apply (const NebulaMockScenario *self, GPtrArray *servers);
void nebula_mock_scenario_free (NebulaMockScenario *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (NebulaMockScenario, nebula_mock_scenario_free)

G_END_DECLS
