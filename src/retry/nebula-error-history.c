/* SPDX-License-Identifier: Apache-2.0 */
#include "nebula-error-history-private.h"

/* NebulaGraph has renumbered its codes three times: 2.1 began one list for all servers, 3.0 dropped
 * what 2.x had of its own, 3.4 moved the four numbers from -2013 on by one. A number that was only
 * added later is not here: an older server never sends it.
 *
 * Sources: `enum ErrorCode` in the IDL of each release from 1.0 to 3.8. */

#define V(major, minor) NEBULA_SERVER_VERSION (major, minor, 0)

/* The first version that is told apart at all. */
#define BEGINNING V (1, 0)

/* From the version of the number's birth to the one of its change. */
#define MOVED(number, from, until, now) \
  { .code = (number), .since = (from), .before = (until), .today = (now) }

/* Did not exist, and exists today. */
#define ABSENT(number, from, until) { .code = (number), .since = (from), .before = (until) }

#define OTHER(number, from, until, word, who, why, what, when, grpc, text) \
  { \
    .code = (number), .since = (from), .before = (until), \
    .info = { \
      .code = (number), \
      .category = NEBULA_ERROR_CATEGORY_##who, \
      .cause = NEBULA_CAUSE_##why, \
      .effect = NEBULA_EFFECT_##what, \
      .pace = NEBULA_PACE_##when, \
      .grpc_status = NEBULA_GRPC_##grpc, \
      .rule = "old code " #number, \
      .name = (word), \
      .meaning = (text), \
    }, \
  }

const NebulaCodeChange nebula_error_history[] = {
  /* graphd's own list, up to 2.0. */
  MOVED (-4, BEGINNING, V (2, 1), -1001),  /* E_BAD_USERNAME_PASSWORD */
  MOVED (-5, BEGINNING, V (2, 1), -1002),  /* E_SESSION_INVALID */
  MOVED (-6, BEGINNING, V (2, 1), -1003),  /* E_SESSION_TIMEOUT */
  MOVED (-7, BEGINNING, V (2, 1), -1004),  /* E_SYNTAX_ERROR */
  MOVED (-8, BEGINNING, V (2, 1), -1005),  /* E_EXECUTION_ERROR */
  MOVED (-9, BEGINNING, V (2, 1), -1006),  /* E_STATEMENT_EMPTY */
  MOVED (-10, BEGINNING, V (2, 1), -18),   /* E_USER_NOT_FOUND */
  MOVED (-11, BEGINNING, V (2, 1), -1008), /* E_BAD_PERMISSION */
  ABSENT (-12, BEGINNING, V (2, 0)),
  MOVED (-12, V (2, 0), V (2, 1), -1009),  /* E_SEMANTIC_ERROR */
  ABSENT (-13, BEGINNING, V (2, 0)),
  MOVED (-13, V (2, 0), V (2, 1), -1010),  /* E_TOO_MANY_CONNECTIONS */
  ABSENT (-14, BEGINNING, V (2, 0)),
  MOVED (-14, V (2, 0), V (2, 1), -1011),  /* E_PARTIAL_SUCCEEDED */

  /* 2.x: hosts were in groups, storaged had the failed atomic operation among its own. */
  OTHER (-13, V (2, 1), V (3, 0), "E_GROUP_NOT_FOUND", FATAL, NOT_FOUND, NONE, NONE, NOT_FOUND,
         "The group does not exist"),
  OTHER (-2072, V (2, 1), V (3, 0), "E_GET_META_DIR_FAILURE", FATAL, CLUSTER, NONE, NONE,
         UNAVAILABLE, "Unable to get the data folders of metad"),
  MOVED (-3009, V (2, 1), V (3, 0), -3530), /* E_ATOMIC_OP_FAILED */

  OTHER (-3062, V (3, 0), V (3, 1), "E_WORKER_ID_FAILED", RETRYABLE, RPC, NONE, SLOW, UNAVAILABLE,
         "Failed to get a worker ID"),

  /* 3.3 had three of the four numbers, each one higher than today. */
  ABSENT (-2013, BEGINNING, V (3, 3)),
  MOVED (-2013, V (3, 3), V (3, 4), -2014), /* E_SCHEMA_NAME_EXISTS */
  ABSENT (-2014, BEGINNING, V (3, 3)),
  MOVED (-2014, V (3, 3), V (3, 4), -2015), /* E_RELATED_INDEX_EXISTS */
  ABSENT (-2015, BEGINNING, V (3, 3)),
  MOVED (-2015, V (3, 3), V (3, 4), -2016), /* E_RELATED_SPACE_EXISTS */
  ABSENT (-2016, BEGINNING, V (3, 4)),
  OTHER (-2066, V (2, 1), V (3, 4), "E_BACKUP_BUILDING_INDEX", FATAL, BUSY, NONE, NONE,
         FAILED_PRECONDITION, "Backup terminated (index being created)"),
};

const guint nebula_error_history_length = G_N_ELEMENTS (nebula_error_history);

/* Answers NULL when the number meant then what it means today. */
const NebulaCodeChange *
nebula_error_history_find (gint32              code,
                           NebulaServerVersion version)
{
  /* Since 3.4 nothing has changed. */
  if (version == NEBULA_SERVER_VERSION_DEFAULT || version >= V (3, 4))
    return NULL;

  for (guint i = 0; i < nebula_error_history_length; i++)
    {
      const NebulaCodeChange *change = &nebula_error_history[i];

      if (change->code == code && version >= change->since && version < change->before)
        return change;
    }

  return NULL;
}
