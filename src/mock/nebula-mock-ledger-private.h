/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* What a server received, and what it applied. Any thread. */
typedef struct _NebulaMockLedger NebulaMockLedger;

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
gboolean nebula_mock_ledger_wait_for_applied (NebulaMockLedger *self,
                                              const char *statement,
                                              guint count,
                                              gint64 timeout_us);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (NebulaMockLedger, nebula_mock_ledger_free)

G_END_DECLS
