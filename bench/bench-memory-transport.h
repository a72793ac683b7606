/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <thrift/c_glib/transport/thrift_transport.h>

G_BEGIN_DECLS

#define BENCH_TYPE_MEMORY_TRANSPORT (bench_memory_transport_get_type ())

typedef struct _BenchMemoryTransport BenchMemoryTransport;

GType bench_memory_transport_get_type (void);
void bench_memory_transport_set_reply (BenchMemoryTransport *self, GByteArray *reply);

G_END_DECLS
