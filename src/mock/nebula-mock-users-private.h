/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Who may log in, and how often each has tried. Any thread. */
typedef struct _NebulaMockUsers NebulaMockUsers;

NebulaMockUsers *nebula_mock_users_new (void);
void nebula_mock_users_free (NebulaMockUsers *self);
void nebula_mock_users_add (NebulaMockUsers *self, const char *user, const char *password);
char *nebula_mock_users_log_in (NebulaMockUsers *self, const char *user, const char *password);
guint nebula_mock_users_get_logins (NebulaMockUsers *self, const char *user);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (NebulaMockUsers, nebula_mock_users_free)

G_END_DECLS
