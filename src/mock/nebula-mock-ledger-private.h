/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* What was received, what was applied, and the data. Any thread.
 *
 * Stored values are variants: x (integer), d (double), b (boolean), ay (string), () (null). */
typedef struct _NebulaMockLedger NebulaMockLedger;

/* One `property = value`, or `property = base + value` when there is a base. */
typedef struct
{
  char     *property; /* (owned) */
  char     *base;     /* (owned) (nullable) */
  GVariant *value;    /* (owned) */
} NebulaMockAssignment;

void nebula_mock_assignment_free (NebulaMockAssignment *assignment);

NebulaMockLedger *nebula_mock_ledger_new (void);
void nebula_mock_ledger_free (NebulaMockLedger *self);

void nebula_mock_ledger_count_call (NebulaMockLedger *self,
                                    const char *method,
                                    const char *statement);
void nebula_mock_ledger_count_applied (NebulaMockLedger *self, const char *statement);
guint nebula_mock_ledger_get_calls (NebulaMockLedger *self, const char *method);
guint nebula_mock_ledger_get_received (NebulaMockLedger *self, const char *statement);
guint nebula_mock_ledger_get_applied (NebulaMockLedger *self, const char *statement);
gboolean nebula_mock_ledger_wait_for_calls (NebulaMockLedger *self,
                                            const char *method,
                                            guint count,
                                            gint64 timeout_us);

gboolean nebula_mock_ledger_add_space (NebulaMockLedger *self, const char *space);
gboolean nebula_mock_ledger_drop_space (NebulaMockLedger *self, const char *space);
gboolean nebula_mock_ledger_has_space (NebulaMockLedger *self, const char *space);
GPtrArray *nebula_mock_ledger_list_spaces (NebulaMockLedger *self);

gboolean nebula_mock_ledger_insert (NebulaMockLedger *self,
                                    const char *space,
                                    const char *vertex,
                                    const char *tag,
                                    GHashTable *properties);
gboolean nebula_mock_ledger_update (NebulaMockLedger *self,
                                    const char *space,
                                    const char *vertex,
                                    const char *tag,
                                    GPtrArray *assignments);
gboolean nebula_mock_ledger_delete (NebulaMockLedger *self, const char *space, const char *vertex);
GHashTable *nebula_mock_ledger_fetch (NebulaMockLedger *self,
                                      const char *space,
                                      const char *vertex,
                                      const char *tag);
gboolean nebula_mock_ledger_get_number (NebulaMockLedger *self,
                                        const char *space,
                                        const char *vertex,
                                        const char *property,
                                        gint64 *value);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (NebulaMockLedger, nebula_mock_ledger_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (NebulaMockAssignment, nebula_mock_assignment_free)

G_END_DECLS
