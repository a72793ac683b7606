/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* The spaces and the data in them: what storaged and metad keep for all graphds. Any thread.
 *
 * Stored values are variants: x (integer), d (double), b (boolean), ay (string), () (null). */
typedef struct _NebulaMockStore NebulaMockStore;

/* One `property = value`, or `property = base + value` when there is a base. */
typedef struct
{
  char     *property; /* (owned) */
  char     *base;     /* (owned) (nullable) */
  GVariant *value;    /* (owned) */
} NebulaMockAssignment;

void nebula_mock_assignment_free (NebulaMockAssignment *assignment);

NebulaMockStore *nebula_mock_store_new (void);
void nebula_mock_store_free (NebulaMockStore *self);

gboolean nebula_mock_store_add_space (NebulaMockStore *self, const char *space);
gboolean nebula_mock_store_drop_space (NebulaMockStore *self, const char *space);
gboolean nebula_mock_store_has_space (NebulaMockStore *self, const char *space);
GPtrArray *nebula_mock_store_list_spaces (NebulaMockStore *self);

gboolean nebula_mock_store_insert (NebulaMockStore *self,
                                    const char *space,
                                    const char *vertex,
                                    const char *tag,
                                    GHashTable *properties);
gboolean nebula_mock_store_update (NebulaMockStore *self,
                                    const char *space,
                                    const char *vertex,
                                    const char *tag,
                                    GPtrArray *assignments);
gboolean nebula_mock_store_delete (NebulaMockStore *self, const char *space, const char *vertex);
GHashTable *nebula_mock_store_fetch (NebulaMockStore *self,
                                      const char *space,
                                      const char *vertex,
                                      const char *tag);
gboolean nebula_mock_store_get_number (NebulaMockStore *self,
                                        const char *space,
                                        const char *vertex,
                                        const char *property,
                                        gint64 *value);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (NebulaMockStore, nebula_mock_store_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (NebulaMockAssignment, nebula_mock_assignment_free)

G_END_DECLS
