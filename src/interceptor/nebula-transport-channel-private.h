/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "nebula-channel-private.h"
#include <thrift/c_glib/transport/thrift_transport.h>

G_BEGIN_DECLS

#define NEBULA_TYPE_TRANSPORT_CHANNEL (nebula_transport_channel_get_type ())
G_DECLARE_FINAL_TYPE (NebulaTransportChannel,
                      nebula_transport_channel,
                      NEBULA,
                      TRANSPORT_CHANNEL,
                      NebulaChannel)

NebulaChannel *nebula_transport_channel_new (ThriftTransport *transport);

G_END_DECLS
