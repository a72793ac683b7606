/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "nebula-method-private.h"
#include <nebula-interceptor/nebula-method-info.h>

G_BEGIN_DECLS

/*
 * NebulaMethodTable:
 *
 * The methods that a user has told of. It grows until it is closed, before the first call that
 * looks something up; then it never changes, and is read without a lock.
 */
typedef struct _NebulaMethodTable NebulaMethodTable;

NebulaMethodTable *nebula_method_table_new (void);
void nebula_method_table_free (NebulaMethodTable *self);

gboolean nebula_method_table_add (NebulaMethodTable *self,
                                  const NebulaMethodInfo *methods,
                                  gsize n_methods,
                                  GError **error);
void nebula_method_table_close (NebulaMethodTable *self);
const NebulaMethod *nebula_method_table_find (const NebulaMethodTable *self,
                                              const char *name,
                                              gsize length);

G_END_DECLS
