/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <nebula-retry/nebula-retry-policy.h>

G_BEGIN_DECLS

/* How the waits of one cause grow. */
typedef struct
{
  gint64 initial;    /* microseconds */
  gint64 maximum;    /* microseconds, the cap; it wins where initial is larger */
  double multiplier; /* above 0 */
} NebulaBackoff;

const NebulaBackoff *nebula_retry_policy_get_cause_backoff (NebulaRetryPolicy *self,
                                                            NebulaCause cause,
                                                            NebulaPace pace);

G_END_DECLS
