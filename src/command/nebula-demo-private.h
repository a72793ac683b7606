/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "nebula-graph-client-private.h"
#include "nebula-timeline-private.h"

#include <nebula-mock/nebula-mock.h>

G_BEGIN_DECLS

/* One run of the demonstration: a scene at a time, each with a graphd and a client of its own. */
typedef struct
{
  gboolean color;
  guint scene;              /* number of the scene, from 1 */
  NebulaMockServer *server; /* (owned): of the scene */
  NebulaGraphClient *client; /* (owned): of the scene */
  NebulaTimeline timeline;  /* of the scene */
  GString *proof;           /* (owned): what was checked, for the end */
  guint n_checks;
  guint n_wrong;
} NebulaDemo;

/* What is the same in each scene. */
#define NEBULA_DEMO_SPACE "garden"
#define NEBULA_DEMO_USER "root"
#define NEBULA_DEMO_READ "FETCH PROP ON t \"a\" YIELD vertex AS v"

typedef struct
{
  const char *title; /* one line */
  void (*play) (NebulaDemo *demo);
} NebulaDemoScene;

const NebulaDemoScene *nebula_demo_get_scenes (guint *n_scenes);

void nebula_demo_init (NebulaDemo *self, gboolean color);
void nebula_demo_clear (NebulaDemo *self);
gboolean nebula_demo_play (NebulaDemo *self, const NebulaDemoScene *scene, GError **error);
void nebula_demo_print_proof (NebulaDemo *self);

gboolean nebula_demo_log_in (NebulaDemo *self);
void nebula_demo_refuse_log_in (NebulaDemo *self);
void nebula_demo_fault (NebulaDemo *self, NebulaMockFault *fault);
GError *nebula_demo_call (NebulaDemo *self, const char *statement, char **value);
void nebula_demo_expect (NebulaDemo *self, const char *what, gint64 expected, gint64 actual);
void nebula_demo_expect_text (NebulaDemo *self,
                              const char *what,
                              const char *expected,
                              const char *actual);

G_END_DECLS
