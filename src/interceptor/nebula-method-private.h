/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "nebula-reply-private.h"
#include <nebula-retry/nebula-retry.h>

G_BEGIN_DECLS

/**
 * NebulaMethod:
 * @service: (nullable): as policies name it
 * @name: as on the wire
 * @layout: where the code of its reply sits
 * @phase: what its codes mean
 * @has_statement: whether its arguments are a session and a statement
 * @is_oneway: whether it is never answered
 * @ends_session: whether the session that it names is gone afterwards
 * @safety: whether the call may be made twice; for a statement its text says it
 *
 * A method of a service. Those of GraphService are known; of others the user may tell.
 */
typedef struct
{
  const char *service;
  const char *name;
  const NebulaReplyLayout *layout;
  NebulaPhase phase;
  gboolean has_statement;
  gboolean is_oneway;
  gboolean ends_session;
  NebulaStatementSafety safety;
} NebulaMethod;

/* The service of a method that is graphd's own is this text, and not one that equals it. */
extern const char nebula_graph_service[];

/* Of any other service. */
extern const NebulaMethod nebula_method_other;

/* Of GraphService, with a name that is not known here (executeWithTimeout of later releases), whose
 * arguments begin with a session and a statement. */
extern const NebulaMethod nebula_method_statement;

const NebulaMethod *nebula_method_find (const char *name, gsize length);

static inline gboolean
nebula_method_is_graphd (const NebulaMethod *self)
{
  return self->service == nebula_graph_service;
}

G_END_DECLS
