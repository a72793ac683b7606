/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <glib-object.h>
#include <nebula-interceptor/nebula-interceptor-visibility.h>

G_BEGIN_DECLS

/**
 * NebulaMethodFlags:
 * @NEBULA_METHOD_NONE: it may do anything, and a second call does it again
 * @NEBULA_METHOD_READ_ONLY: it changes nothing
 * @NEBULA_METHOD_IDEMPOTENT: a second call changes nothing that the first did not
 * @NEBULA_METHOD_ONEWAY: it is never answered, although the stub may send it as a call
 *
 * What is known about a method.
 *
 * Since: 0.1
 */
typedef enum
{
  NEBULA_METHOD_NONE = 0,
  NEBULA_METHOD_READ_ONLY = 1 << 0,
  NEBULA_METHOD_IDEMPOTENT = 1 << 1,
  NEBULA_METHOD_ONEWAY = 1 << 2,
} NebulaMethodFlags;

#define NEBULA_TYPE_METHOD_FLAGS (nebula_method_flags_get_type ())
NEBULA_INTERCEPTOR_API GType nebula_method_flags_get_type (void);

/**
 * NebulaMethodInfo:
 * @service: (nullable): the service as policies name it; %NULL for the policy without a service
 * @name: (not nullable): the method as it is on the wire
 * @flags: what is known about it
 * @code_field: the number of the field of the reply's structure, an i32, that holds a code of
 *   NebulaGraph's: 0 is success; 0 when there is none, otherwise 1 to 31
 * @message_field: the number of the field, a string, with the text that goes with the code; 0 when
 *   there is none
 *
 * A method of a service that is not graphd's, for nebula_cluster_add_methods().
 *
 * Since: 0.1
 */
typedef struct
{
  const char *service;
  const char *name;
  NebulaMethodFlags flags;
  guint code_field;
  guint message_field;
} NebulaMethodInfo;

G_END_DECLS
