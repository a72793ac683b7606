/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "nebula-reply-private.h"
#include <nebula-retry/nebula-retry.h>

G_BEGIN_DECLS

/**
 * NebulaMethod:
 * @name: as on the wire
 * @response: where the code of its reply sits
 * @phase: what its codes mean
 * @has_statement: whether its arguments are a session and a statement
 * @is_oneway: whether it is never answered
 * @safety: whether the call may be made twice; for a statement its text says it
 *
 * A method of GraphService.
 */
typedef struct
{
  const char *name;
  NebulaResponse response;
  NebulaPhase phase;
  gboolean has_statement;
  gboolean is_oneway;
  NebulaStatementSafety safety;
} NebulaMethod;

/* Of any other service. */
extern const NebulaMethod nebula_method_other;

/* Of GraphService, with a name that is not known here (executeWithTimeout of later releases), whose
 * arguments begin with a session and a statement. */
extern const NebulaMethod nebula_method_statement;

const NebulaMethod *nebula_method_find (const char *name, gsize length);

/* Whether it is known what its replies look like. */
static inline gboolean
nebula_method_is_known (const NebulaMethod *self)
{
  return self->response != NEBULA_RESPONSE_OTHER && self->response != NEBULA_RESPONSE_STATEMENT;
}

G_END_DECLS
