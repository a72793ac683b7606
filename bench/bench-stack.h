/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <nebula-interceptor/nebula-interceptor.h>

G_BEGIN_DECLS

/* What lies between a program and the peer. */
typedef enum
{
  BENCH_RAW,         /* send and recv of the same bytes, nothing is decoded */
  BENCH_STUB,        /* the stub over a copy of the reply in memory: what Thrift itself takes */
  BENCH_STOCK,       /* the stub over ThriftFramedTransport over ThriftSocket */
  BENCH_INTERCEPTOR, /* the stub over NebulaInterceptor */
  BENCH_BARE,        /* NebulaInterceptor without a stub: the reply is read in one piece */
  BENCH_N_STACKS,
} BenchKind;

typedef struct _BenchStack BenchStack;

const char *bench_kind_to_string (BenchKind kind);
gboolean bench_kind_parse (const char *text, BenchKind *kind);

BenchStack *bench_stack_new (BenchKind kind, guint16 port, NebulaCluster *cluster);
void bench_stack_free (BenchStack *self);
void bench_stack_set_statement (BenchStack *self, const char *statement, gsize length);
void bench_stack_call (BenchStack *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (BenchStack, bench_stack_free)

G_END_DECLS
