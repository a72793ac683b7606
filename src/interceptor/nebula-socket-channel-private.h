/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "nebula-channel-private.h"

G_BEGIN_DECLS

#define NEBULA_TYPE_SOCKET_CHANNEL (nebula_socket_channel_get_type ())
G_DECLARE_FINAL_TYPE (NebulaSocketChannel,
                      nebula_socket_channel,
                      NEBULA,
                      SOCKET_CHANNEL,
                      NebulaChannel)

NebulaChannel *nebula_socket_channel_new (GSocketConnectable *address);
int nebula_socket_channel_get_fd (NebulaSocketChannel *self);

G_END_DECLS
