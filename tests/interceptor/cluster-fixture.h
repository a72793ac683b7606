/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "nebula-fixture.h"

G_BEGIN_DECLS

#define CLUSTER_SERVERS 3
#define CLUSTER_STUBS 3

/* The space of writes that must not land anywhere. */
#define CLUSTER_NOWHERE "nowhere"

/**
 * ClusterFixture:
 * @mock: three graphds on loopback, with the user root (nebula) and the spaces red, blue and green
 * @clock: turns waits between attempts into nothing; the time stands still otherwise
 * @cluster: what the stubs share
 * @stubs: the first one is logged in, the others use its session
 * @serial: of the last write
 *
 * The whole road, to several graphds. Every write says in a comment which space it is for; at the
 * end none may be in another one.
 */
typedef struct
{
  NebulaMockCluster *mock;
  NebulaManualClock *clock;
  NebulaCluster *cluster;
  Fixture stubs[CLUSTER_STUBS];
  gint serial; /* atomic */
} ClusterFixture;

void cluster_set_up (ClusterFixture *self, gconstpointer data);
void cluster_tear_down (ClusterFixture *self, gconstpointer data);

void cluster_set_retries (ClusterFixture *self, gboolean enabled);
void cluster_connect (ClusterFixture *self, guint stub);
void cluster_log_in (ClusterFixture *self, guint stub);
void cluster_perform (ClusterFixture *self, NebulaMockAction action, guint server);
void cluster_leave_only (ClusterFixture *self, guint server);
void cluster_begin_at (ClusterFixture *self, guint server);
void cluster_start_all (ClusterFixture *self);
void cluster_fault (ClusterFixture *self,
                    guint server,
                    NebulaMockFaultKind kind,
                    const char *contains,
                    guint last);
void cluster_act (ClusterFixture *self,
                  guint server,
                  const char *contains,
                  NebulaMockAction action,
                  int target);
guint cluster_get_calls (ClusterFixture *self, const char *method);

/* The code of the reply; FIXTURE_NO_REPLY when there was none. */
gint32 cluster_execute (ClusterFixture *self, guint stub, const char *statement);
char *cluster_make_write (ClusterFixture *self, const char *space);
gint32 cluster_write (ClusterFixture *self, guint stub, const char *space);
guint cluster_get_writes (ClusterFixture *self, const char *space);
void cluster_assert_in_place (ClusterFixture *self);

#define cluster_assert_good(self, stub, statement) \
  g_assert_cmpint (cluster_execute (self, stub, statement), ==, 0)
#define cluster_assert_write(self, stub, space) \
  g_assert_cmpint (cluster_write (self, stub, space), ==, 0)

#define cluster_add(path, func) \
  g_test_add (path, ClusterFixture, NULL, cluster_set_up, func, cluster_tear_down)

G_END_DECLS
