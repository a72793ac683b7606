/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Two metads in threads of this process, of which one leads and answers. */
typedef struct _MetaServers MetaServers;

MetaServers *meta_servers_new (void);
const char *meta_servers_get_endpoints (MetaServers *self);
void meta_servers_elect (MetaServers *self);
void meta_servers_free (MetaServers *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (MetaServers, meta_servers_free)

G_END_DECLS
