/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <glib-object.h>
#include <nebula-interceptor/nebula-interceptor-visibility.h>

G_BEGIN_DECLS

/**
 * NebulaFraming:
 * @NEBULA_FRAMING_FRAMED: four bytes of length before each message, as ThriftFramedTransport has it
 * @NEBULA_FRAMING_HEADER: fbthrift's header before each message, as THeaderTransport has it: the
 *   server learns how long a call will be waited for, and says when it is going away and why it
 *   refuses
 * @NEBULA_FRAMING_UNFRAMED: nothing between messages, as ThriftBufferedTransport has it
 *
 * What goes around messages on the wire. graphd takes all of them; the payload is strict binary
 * protocol always.
 *
 * Since: 0.1
 */
typedef enum
{
  NEBULA_FRAMING_FRAMED,
  NEBULA_FRAMING_HEADER,
  NEBULA_FRAMING_UNFRAMED,
} NebulaFraming;

#define NEBULA_TYPE_FRAMING (nebula_framing_get_type ())
NEBULA_INTERCEPTOR_API GType nebula_framing_get_type (void);

G_END_DECLS
