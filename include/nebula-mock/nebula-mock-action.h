/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <glib-object.h>
#include <nebula-mock/nebula-mock-visibility.h>

G_BEGIN_DECLS

/**
 * NebulaMockAction:
 * @NEBULA_MOCK_ACTION_STOP: cut the server's connections and refuse new ones; the port stays
 * @NEBULA_MOCK_ACTION_START: take connections again
 * @NEBULA_MOCK_ACTION_RESTART: cut its connections and forget the sessions in its cache
 * @NEBULA_MOCK_ACTION_PARTITION: let no byte through, in either direction
 * @NEBULA_MOCK_ACTION_HEAL: let bytes through again, those that waited first
 * @NEBULA_MOCK_ACTION_SLOW: take calls, and execute none
 * @NEBULA_MOCK_ACTION_RELEASE: execute calls again, those that waited first, and those on hold
 * @NEBULA_MOCK_ACTION_EXPIRE_SESSIONS: let the sessions in its cache expire, in metad too
 * @NEBULA_MOCK_ACTION_PUSH_SESSIONS: tell metad the spaces of the sessions in its cache, as graphd
 *   does once in a minute, and learn which sessions are gone
 * @NEBULA_MOCK_ACTION_LOSE_METAD: make metad unreachable, for all servers
 * @NEBULA_MOCK_ACTION_FIND_METAD: make it reachable again
 * @NEBULA_MOCK_ACTION_DROP_SPACE: drop a space in metad, for all servers
 * @NEBULA_MOCK_ACTION_DRAIN: stop as a graphd does: refuse connections and calls, answer those calls
 *   that it has, and say `connection: goaway` where there is a header
 *
 * What may happen to a server of a #NebulaMockCluster.
 *
 * Since: 0.1
 */
typedef enum
{
  NEBULA_MOCK_ACTION_STOP,
  NEBULA_MOCK_ACTION_START,
  NEBULA_MOCK_ACTION_RESTART,
  NEBULA_MOCK_ACTION_PARTITION,
  NEBULA_MOCK_ACTION_HEAL,
  NEBULA_MOCK_ACTION_SLOW,
  NEBULA_MOCK_ACTION_RELEASE,
  NEBULA_MOCK_ACTION_EXPIRE_SESSIONS,
  NEBULA_MOCK_ACTION_PUSH_SESSIONS,
  NEBULA_MOCK_ACTION_LOSE_METAD,
  NEBULA_MOCK_ACTION_FIND_METAD,
  NEBULA_MOCK_ACTION_DROP_SPACE,
  NEBULA_MOCK_ACTION_DRAIN,
} NebulaMockAction;

#define NEBULA_TYPE_MOCK_ACTION (nebula_mock_action_get_type ())

NEBULA_MOCK_API GType nebula_mock_action_get_type (void);

G_END_DECLS
