/* SPDX-License-Identifier: Apache-2.0 */
#include <nebula-mock/nebula-mock-action.h>

/**
 * nebula_mock_action_get_type:
 *
 * The nick names of the actions are those of a scenario file: `restart`, `push-sessions` and so on.
 *
 * Returns: the type of #NebulaMockAction
 * Since: 0.1
 */
G_DEFINE_ENUM_TYPE (NebulaMockAction,
                    nebula_mock_action,
                    G_DEFINE_ENUM_VALUE (NEBULA_MOCK_ACTION_STOP, "stop"),
                    G_DEFINE_ENUM_VALUE (NEBULA_MOCK_ACTION_START, "start"),
                    G_DEFINE_ENUM_VALUE (NEBULA_MOCK_ACTION_RESTART, "restart"),
                    G_DEFINE_ENUM_VALUE (NEBULA_MOCK_ACTION_PARTITION, "partition"),
                    G_DEFINE_ENUM_VALUE (NEBULA_MOCK_ACTION_HEAL, "heal"),
                    G_DEFINE_ENUM_VALUE (NEBULA_MOCK_ACTION_SLOW, "slow"),
                    G_DEFINE_ENUM_VALUE (NEBULA_MOCK_ACTION_RELEASE, "release"),
                    G_DEFINE_ENUM_VALUE (NEBULA_MOCK_ACTION_EXPIRE_SESSIONS, "expire-sessions"),
                    G_DEFINE_ENUM_VALUE (NEBULA_MOCK_ACTION_PUSH_SESSIONS, "push-sessions"),
                    G_DEFINE_ENUM_VALUE (NEBULA_MOCK_ACTION_LOSE_METAD, "lose-metad"),
                    G_DEFINE_ENUM_VALUE (NEBULA_MOCK_ACTION_FIND_METAD, "find-metad"),
                    G_DEFINE_ENUM_VALUE (NEBULA_MOCK_ACTION_DROP_SPACE, "drop-space"),
                    G_DEFINE_ENUM_VALUE (NEBULA_MOCK_ACTION_DRAIN, "drain"))
