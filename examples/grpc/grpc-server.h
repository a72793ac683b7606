/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <glib.h>
#include <grpc/status.h>

/* An answer of the server. */
typedef struct
{
  grpc_status_code status;
  const char *pushback; /* (nullable): the value of grpc-retry-pushback-ms */
} ExampleAnswer;

typedef struct _ExampleServer ExampleServer;

ExampleServer *example_server_new (const ExampleAnswer *answers, guint n_answers);
void example_server_free (ExampleServer *self);
guint16 example_server_get_port (const ExampleServer *self);
guint example_server_get_calls (ExampleServer *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ExampleServer, example_server_free)
