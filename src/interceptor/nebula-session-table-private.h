/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "nebula-session-private.h"

G_BEGIN_DECLS

/**
 * NebulaSessionTable:
 *
 * The sessions of a cluster, by the ids that their callers know. Safe in any thread.
 */
typedef struct _NebulaSessionTable NebulaSessionTable;

NebulaSessionTable *nebula_session_table_new (NebulaCredentialSource *source);
void nebula_session_table_free (NebulaSessionTable *self);

NebulaSession *nebula_session_table_learn (NebulaSessionTable *self,
                                           gint64 id,
                                           NebulaCredential *credential,
                                           gint64 now);
NebulaSession *nebula_session_table_find (NebulaSessionTable *self, gint64 id);
void nebula_session_table_end (NebulaSessionTable *self, gint64 id);
NebulaCredential *nebula_session_table_share (NebulaSessionTable *self,
                                              NebulaCredential *credential);

G_END_DECLS
