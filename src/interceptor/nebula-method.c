/* SPDX-License-Identifier: Apache-2.0 */
#include "nebula-method-private.h"

#include <string.h>

#define UNSAFE NEBULA_STATEMENT_NOT_IDEMPOTENT

/* authenticate is bounded by its phase, not by its safety; a second signout finds nothing to do. */
static const NebulaMethod methods[] = {
  { "execute", NEBULA_RESPONSE_EXECUTION, NEBULA_PHASE_EXECUTE, TRUE, FALSE, UNSAFE },
  { "executeWithParameter", NEBULA_RESPONSE_EXECUTION, NEBULA_PHASE_EXECUTE, TRUE, FALSE, UNSAFE },
  { "executeJson", NEBULA_RESPONSE_JSON, NEBULA_PHASE_EXECUTE, TRUE, FALSE, UNSAFE },
  { "executeJsonWithParameter", NEBULA_RESPONSE_JSON, NEBULA_PHASE_EXECUTE, TRUE, FALSE, UNSAFE },
  { "authenticate", NEBULA_RESPONSE_AUTH, NEBULA_PHASE_AUTHENTICATE, FALSE, FALSE,
    NEBULA_STATEMENT_IDEMPOTENT },
  { "verifyClientVersion", NEBULA_RESPONSE_VERIFY, NEBULA_PHASE_VERIFY, FALSE, FALSE,
    NEBULA_STATEMENT_READ_ONLY },
  { "signout", NEBULA_RESPONSE_OTHER, NEBULA_PHASE_EXECUTE, FALSE, TRUE,
    NEBULA_STATEMENT_IDEMPOTENT },
};

/* Nobody knows what the calls of another service do. */
const NebulaMethod nebula_method_other = {
  "(other)", NEBULA_RESPONSE_OTHER, NEBULA_PHASE_EXECUTE, FALSE, FALSE, UNSAFE,
};

const NebulaMethod nebula_method_statement = {
  "(statement)", NEBULA_RESPONSE_STATEMENT, NEBULA_PHASE_EXECUTE, TRUE, FALSE, UNSAFE,
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
