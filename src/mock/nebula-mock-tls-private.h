/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "nebula-wire-stream-private.h"

G_BEGIN_DECLS

/* What a server shows to its clients, and asks of them. Immutable, for any thread. */
typedef struct _NebulaMockTls NebulaMockTls;

NebulaMockTls *nebula_mock_tls_new (const char *certificate_file,
                                    const char *key_file,
                                    const char *client_ca_file,
                                    GError **error);
void nebula_mock_tls_free (NebulaMockTls *self);
GIOStream *nebula_mock_tls_accept (NebulaMockTls *self,
                                   const NebulaWireFuncs *funcs,
                                   gpointer wire,
                                   GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (NebulaMockTls, nebula_mock_tls_free)

G_END_DECLS
