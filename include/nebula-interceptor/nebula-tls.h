/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <gio/gio.h>
#include <nebula-interceptor/nebula-interceptor-visibility.h>

G_BEGIN_DECLS

#define NEBULA_TYPE_TLS (nebula_tls_get_type ())

/**
 * NebulaTls:
 *
 * How connections are encrypted: whom to trust, what to show, which name to expect. Immutable,
 * reference counted, safe in any thread. See nebula_cluster_set_tls().
 *
 * Since: 0.1
 */
typedef struct _NebulaTls NebulaTls;

NEBULA_INTERCEPTOR_API GType nebula_tls_get_type (void);

NEBULA_INTERCEPTOR_API NebulaTls *nebula_tls_new (const char *ca_file,
                                                  const char *certificate_file,
                                                  const char *key_file,
                                                  const char *server_name,
                                                  GError **error);
NEBULA_INTERCEPTOR_API NebulaTls *nebula_tls_new_insecure (const char *certificate_file,
                                                           const char *key_file,
                                                           const char *server_name,
                                                           GError **error);
NEBULA_INTERCEPTOR_API NebulaTls *nebula_tls_ref (NebulaTls *self);
NEBULA_INTERCEPTOR_API void nebula_tls_unref (NebulaTls *self);

NEBULA_INTERCEPTOR_API const char *nebula_tls_get_server_name (NebulaTls *self);
NEBULA_INTERCEPTOR_API gboolean nebula_tls_get_insecure (NebulaTls *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (NebulaTls, nebula_tls_unref)

G_END_DECLS
