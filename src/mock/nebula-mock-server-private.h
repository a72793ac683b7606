/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <nebula-mock/nebula-mock-server.h>

#include "nebula-mock-listener-private.h"
#include "nebula-mock-state-private.h"

G_BEGIN_DECLS

/* For the files of the server: what it is, what may happen to it, and what it tells. */
struct _NebulaMockServer
{
  GObject parent_instance;

  NebulaMockState     state;       /* (owned): its members; set for life */
  GMutex              control;     /* held while the listener starts or stops */
  NebulaMockListener *listener;    /* (owned) (nullable): under control */
  char               *address;     /* (owned) (nullable): under control; kept when stopped */
  GMutex              lock;        /* for all below; taken after control */
  GCond               closed;      /* signalled at the end of each connection */
  GPtrArray          *connections; /* (owned) (element-type NebulaMockConnection) */
  guint               open;        /* sockets that are not closed yet */
  guint               accepted;    /* connections that have come, refused ones too */
};

NebulaMockServer *nebula_mock_server_new_with_metad (NebulaMockMetad *metad,
                                                     NebulaMockOperator *operator,
                                                     guint number);

G_END_DECLS
