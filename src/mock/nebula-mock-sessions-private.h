/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "nebula-mock-metad-private.h"

G_BEGIN_DECLS

/* The sessions that one graphd has in its cache. As graphd's own, it asks metad for a session once
 * and never again, whatever other graphds do to it. Any thread. */
typedef struct _NebulaMockSessions NebulaMockSessions;

/* Why there is no session: 0 when there is one. */
typedef struct
{
  gint32 code;
  char  *message; /* (owned) (nullable) */
} NebulaMockRefusal;

void nebula_mock_refusal_clear (NebulaMockRefusal *refusal);

NebulaMockSessions *nebula_mock_sessions_new (NebulaMockMetad *metad);
void nebula_mock_sessions_free (NebulaMockSessions *self);
void nebula_mock_sessions_set_limits (NebulaMockSessions *self, guint for_user, guint for_all);
gint64 nebula_mock_sessions_open (NebulaMockSessions *self,
                                  const char *user,
                                  NebulaMockRefusal *refusal);
NebulaMockSession *nebula_mock_sessions_lookup (NebulaMockSessions *self,
                                                gint64 id,
                                                NebulaMockRefusal *refusal);
void nebula_mock_sessions_set_space (NebulaMockSessions *self, gint64 id, const char *space);
void nebula_mock_sessions_close (NebulaMockSessions *self, gint64 id);
void nebula_mock_sessions_expire (NebulaMockSessions *self, gint64 id);
void nebula_mock_sessions_expire_all (NebulaMockSessions *self);
void nebula_mock_sessions_forget_all (NebulaMockSessions *self);
void nebula_mock_sessions_push (NebulaMockSessions *self);
guint nebula_mock_sessions_count (NebulaMockSessions *self);
gboolean nebula_mock_sessions_wait (NebulaMockSessions *self, guint count, gint64 timeout_us);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (NebulaMockSessions, nebula_mock_sessions_free)
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (NebulaMockRefusal, nebula_mock_refusal_clear)

G_END_DECLS
