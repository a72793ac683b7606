/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* The sessions of a server, shared by all its connections. Any thread. */
typedef struct _NebulaMockSessions NebulaMockSessions;

typedef struct
{
  gint64 id;
  char  *user;  /* (owned) */
  char  *space; /* (owned): "" when none was chosen */
} NebulaMockSession;

NebulaMockSessions *nebula_mock_sessions_new (void);
void nebula_mock_sessions_free (NebulaMockSessions *self);
gint64 nebula_mock_sessions_open (NebulaMockSessions *self, const char *user);
NebulaMockSession *nebula_mock_sessions_lookup (NebulaMockSessions *self, gint64 id);
void nebula_mock_sessions_set_space (NebulaMockSessions *self, gint64 id, const char *space);
gboolean nebula_mock_sessions_close (NebulaMockSessions *self, gint64 id);
void nebula_mock_sessions_close_all (NebulaMockSessions *self);
GPtrArray *nebula_mock_sessions_list (NebulaMockSessions *self);
guint nebula_mock_sessions_count (NebulaMockSessions *self);
void nebula_mock_session_free (NebulaMockSession *session);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (NebulaMockSessions, nebula_mock_sessions_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (NebulaMockSession, nebula_mock_session_free)

G_END_DECLS
