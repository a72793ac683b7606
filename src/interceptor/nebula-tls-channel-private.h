/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <nebula-interceptor/nebula-tls.h>

#include "nebula-channel-private.h"

G_BEGIN_DECLS

#define NEBULA_TYPE_TLS_CHANNEL (nebula_tls_channel_get_type ())
G_DECLARE_FINAL_TYPE (NebulaTlsChannel, nebula_tls_channel, NEBULA, TLS_CHANNEL, NebulaChannel)

NebulaChannel *nebula_tls_channel_new (GSocketConnectable *address, NebulaTls *tls);
int nebula_tls_channel_get_fd (NebulaTlsChannel *self);

G_END_DECLS
