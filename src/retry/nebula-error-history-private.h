/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "nebula-error-table-private.h"

G_BEGIN_DECLS

/* What a number meant to servers of some versions, where that is not what it means today. */
typedef struct
{
  gint32              code;
  NebulaServerVersion since;  /* the first version that counted so */
  NebulaServerVersion before; /* the first one that did not any more */
  gint32              today;  /* the number that has the meaning today; 0 when none has */
  NebulaErrorInfo     info;   /* of a meaning without a number of today, else all 0 */
} NebulaCodeChange;

/* In no order; for the tests too. */
extern const NebulaCodeChange nebula_error_history[];
extern const guint nebula_error_history_length;

const NebulaCodeChange *nebula_error_history_find (gint32              code,
                                                   NebulaServerVersion version);

G_END_DECLS
