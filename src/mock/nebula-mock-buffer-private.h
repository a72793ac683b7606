/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <thrift/c_glib/transport/thrift_transport.h>

G_BEGIN_DECLS

/* The macro below asks for it, and Thrift's headers have none. */
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ThriftTransport, g_object_unref)

#define NEBULA_TYPE_MOCK_BUFFER (nebula_mock_buffer_get_type ())

/* A transport over memory, used by one thread: what is written goes to its end, what is read comes
 * from its start. ThriftMemoryBuffer will not do: it leaks what GObject keeps for each object,
 * moves all its bytes at each read, and reads for ever past its end. */
G_DECLARE_FINAL_TYPE (NebulaMockBuffer, nebula_mock_buffer, NEBULA, MOCK_BUFFER, ThriftTransport)

NebulaMockBuffer *nebula_mock_buffer_new (GByteArray *bytes);

G_END_DECLS
