/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "nebula-mock-state-private.h"
#include "nebula-mock-values-private.h"

G_BEGIN_DECLS

/* What a statement came to. */
typedef struct
{
  gint32 code;
  char  *message;                /* (owned) (nullable) */
  char  *space;                  /* (owned) (nullable): that of the session afterwards */
  NebulaMockThriftDataSet *data; /* (owned) (nullable) */
} NebulaMockResult;

void nebula_mock_result_clear (NebulaMockResult *result);
void nebula_mock_result_fail (NebulaMockResult *result, gint32 code, char *message);
void nebula_mock_execute (NebulaMockState *state,
                          gint64 session,
                          const GByteArray *statement,
                          NebulaMockResult *result);
char *nebula_mock_result_to_json (const NebulaMockResult *result, gint64 latency_us);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (NebulaMockResult, nebula_mock_result_clear)

G_END_DECLS
