/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "nebula-credential-source-private.h"

G_BEGIN_DECLS

/**
 * NebulaSession:
 *
 * A session as the caller knows it: its id never changes, the one behind it may.
 * Reference counted, safe in any thread.
 */
typedef struct _NebulaSession NebulaSession;

/**
 * NebulaSessionState:
 * @NEBULA_SESSION_SOUND: nothing speaks against it
 * @NEBULA_SESSION_TAINTED: a statement got no answer, and may be executed at any time, in the space
 *   that the session has by then: it is good until that changes
 * @NEBULA_SESSION_SPENT: some graphd has another space for it, or may get one at any time
 *
 * How far the space of the current id can be relied on. Where a new one can be had, it takes the
 * place of one that is not good any more.
 */
typedef enum
{
  NEBULA_SESSION_SOUND,
  NEBULA_SESSION_TAINTED,
  NEBULA_SESSION_SPENT,
} NebulaSessionState;

/**
 * NebulaSessionView:
 * @version: changes with every change of the session
 * @id: the current id; 0 when it was signed out: graphd answers -1002 to that at once
 * @space: (owned) (nullable): the space last confirmed by graphd
 * @lost: @id is of no use any more: a new one has to be got before the next statement
 * @state: how good @id is; sound where no new one can be had
 *
 * What a call needs to know of a session, copied out of the table.
 */
typedef struct
{
  guint version;
  gint64 id;
  char *space;
  gboolean lost;
  NebulaSessionState state;
} NebulaSessionView;

void nebula_session_view_clear (NebulaSessionView *view);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (NebulaSessionView, nebula_session_view_clear)

NebulaSession *nebula_session_new (gint64 id,
                                   NebulaCredentialSource *source,
                                   NebulaCredential *credential,
                                   GBytes *user);
NebulaSession *nebula_session_ref (NebulaSession *self);
void nebula_session_unref (NebulaSession *self);
guint nebula_session_get_version (NebulaSession *self);
void nebula_session_view (NebulaSession *self, NebulaSessionView *view);
gint64 nebula_session_get_caller_id (NebulaSession *self);
NebulaCredential *nebula_session_get_credential (NebulaSession *self);
void nebula_session_set_kept (NebulaSession *self, gboolean kept);
gboolean nebula_session_is_used (NebulaSession *self);
gboolean nebula_session_has_ended (NebulaSession *self);
gboolean nebula_session_can_renew (NebulaSession *self);
void nebula_session_set_space (NebulaSession *self,
                               const char *space,
                               gsize length,
                               NebulaSessionView *view);
gboolean nebula_session_confirm_space (NebulaSession *self, NebulaSessionView *view);
void nebula_session_doubt_space (NebulaSession *self, const char *space);
void nebula_session_leave_statement (NebulaSession *self,
                                     const NebulaSessionView *view,
                                     gboolean may_change_space);
void nebula_session_lose (NebulaSession *self, gint64 id);
void nebula_session_lose_space (NebulaSession *self, const NebulaSessionView *view);

gboolean nebula_session_begin_renewal (NebulaSession *self,
                                       const NebulaLimit *limit,
                                       GError **error);
NebulaCredential *nebula_session_claim_credential (NebulaSession *self,
                                                   const NebulaLimit *limit,
                                                   GError **error);
void nebula_session_settle_credential (NebulaSession *self, NebulaCredential *credential);
gint64 nebula_session_end_renewal (NebulaSession *self, NebulaCredential *credential, gint64 id);
gboolean nebula_session_end (NebulaSession *self);
void nebula_session_replace (NebulaSession *self);
gboolean nebula_session_is_replaced (NebulaSession *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (NebulaSession, nebula_session_unref)

G_END_DECLS
