/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

gboolean nebula_tls_certificate_check_file (const char *what, const char *file, GError **error);
GTlsCertificate *nebula_tls_certificate_load (const char *certificate_file,
                                              const char *key_file,
                                              GError **error);

G_END_DECLS
