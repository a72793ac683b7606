/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "nebula-mock-journal-private.h"
#include "nebula-mock-store-private.h"
#include "nebula-mock-users-private.h"

G_BEGIN_DECLS

/* What all graphds of a cluster share: users, spaces with their data, the record of the writes, and
 * the sessions as the graphds last told them. A graphd that is alone has one of its own. Reference
 * counted; any thread. */
typedef struct _NebulaMockMetad NebulaMockMetad;

typedef struct
{
  gint64 id;
  char  *user;  /* (owned) */
  char  *space; /* (owned): "" when none was chosen */
} NebulaMockSession;

NebulaMockSession *nebula_mock_session_copy (const NebulaMockSession *session);
void nebula_mock_session_free (NebulaMockSession *session);

NebulaMockMetad *nebula_mock_metad_new (void);
NebulaMockMetad *nebula_mock_metad_ref (NebulaMockMetad *self);
void nebula_mock_metad_unref (NebulaMockMetad *self);

NebulaMockUsers *nebula_mock_metad_get_users (NebulaMockMetad *self);
NebulaMockStore *nebula_mock_metad_get_store (NebulaMockMetad *self);
NebulaMockJournal *nebula_mock_metad_get_journal (NebulaMockMetad *self);

void nebula_mock_metad_set_reachable (NebulaMockMetad *self, gboolean reachable);
char *nebula_mock_metad_call (NebulaMockMetad *self);

NebulaMockSession *nebula_mock_metad_open_session (NebulaMockMetad *self, const char *user);
NebulaMockSession *nebula_mock_metad_get_session (NebulaMockMetad *self, gint64 id);
gboolean nebula_mock_metad_update_session (NebulaMockMetad *self, const NebulaMockSession *session);
gboolean nebula_mock_metad_close_session (NebulaMockMetad *self, gint64 id);
GPtrArray *nebula_mock_metad_list_sessions (NebulaMockMetad *self);
guint nebula_mock_metad_count_sessions (NebulaMockMetad *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (NebulaMockMetad, nebula_mock_metad_unref)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (NebulaMockSession, nebula_mock_session_free)

G_END_DECLS
