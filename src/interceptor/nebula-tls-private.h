/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <nebula-interceptor/nebula-tls.h>

G_BEGIN_DECLS

GTlsDatabase *nebula_tls_get_authorities (NebulaTls *self);
GTlsCertificate *nebula_tls_get_certificate (NebulaTls *self);

G_END_DECLS
