/* SPDX-License-Identifier: Apache-2.0 */
#include "nebula-method-private.h"

#include <string.h>

#define UNSAFE NEBULA_STATEMENT_NOT_IDEMPOTENT

#define LAYOUT(response) .layout = &nebula_reply_layouts[NEBULA_RESPONSE_##response]

#define STATEMENT(method, response) \
  { .service = nebula_graph_service, .name = method, LAYOUT (response), \
    .phase = NEBULA_PHASE_EXECUTE, .has_statement = TRUE, .safety = UNSAFE }

const char nebula_graph_service[] = "GraphService";

/* authenticate is bounded by its phase, not by its safety; a second signout finds nothing to do. */
static const NebulaMethod methods[] = {
  STATEMENT ("execute", EXECUTION),
  STATEMENT ("executeWithParameter", EXECUTION),
  STATEMENT ("executeJson", JSON),
  STATEMENT ("executeJsonWithParameter", JSON),
  { nebula_graph_service, "authenticate", LAYOUT (AUTH), .phase = NEBULA_PHASE_AUTHENTICATE,
    .safety = NEBULA_STATEMENT_IDEMPOTENT },
  { nebula_graph_service, "verifyClientVersion", LAYOUT (VERIFY), .phase = NEBULA_PHASE_VERIFY,
    .safety = NEBULA_STATEMENT_READ_ONLY },
  { nebula_graph_service, "signout", LAYOUT (OTHER), .phase = NEBULA_PHASE_EXECUTE,
    .is_oneway = TRUE, .ends_session = TRUE, .safety = NEBULA_STATEMENT_IDEMPOTENT },
};

const NebulaMethod nebula_method_statement = STATEMENT ("(statement)", STATEMENT);

/* Nobody knows what the calls of another service do. */
const NebulaMethod nebula_method_other = {
  NULL, "(other)", LAYOUT (OTHER), .phase = NEBULA_PHASE_EXECUTE, .safety = UNSAFE,
};

/**
 * nebula_method_find:
 * @name: a method's whole name, not NUL-terminated
 * @length: its length
 *
 * Returns: (nullable): %NULL when GraphService has no such method
 */
const NebulaMethod *
nebula_method_find (const char *name, gsize length)
{
  for (gsize i = 0; i < G_N_ELEMENTS (methods); i++)
    if (strlen (methods[i].name) == length && memcmp (methods[i].name, name, length) == 0)
      return &methods[i];
  return NULL;
}
