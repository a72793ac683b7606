/* SPDX-License-Identifier: Apache-2.0 */
#include "grpc-server.h"

#include <grpc/byte_buffer.h>
#include <grpc/grpc.h>
#include <grpc/grpc_security.h>

/* A server of gRPC that says what it was told to say, whatever it is asked: answer by answer, the
 * last one for ever. */
struct _ExampleServer
{
  grpc_server *server;            /* (owned) */
  grpc_completion_queue *queue;   /* (owned) */
  GThread *thread;                /* (owned) */
  const ExampleAnswer *answers;   /* (unowned) */
  guint n_answers;
  int port;
  guint calls; /* atomic */

  /* Of the call that is being answered: the thread's own. */
  grpc_call *call;
  grpc_call_details details;
  grpc_metadata_array metadata;
  grpc_byte_buffer *reply;
  int cancelled;
};

/* Tags: what an event is about is told by an address. */
static char asked_tag, answered_tag, stopped_tag;

static void
await_call (ExampleServer *self)
{
  grpc_call_details_init (&self->details);
  grpc_metadata_array_init (&self->metadata);
  self->call = NULL;
  /* Refused only when the server stops: then another event ends the thread. */
  grpc_server_request_call (self->server, &self->call, &self->details, &self->metadata,
                            self->queue, self->queue, &asked_tag);
}

static void
forget_call (ExampleServer *self)
{
  g_clear_pointer (&self->reply, grpc_byte_buffer_destroy);
  g_clear_pointer (&self->call, grpc_call_unref);
  grpc_metadata_array_destroy (&self->metadata);
  grpc_call_details_destroy (&self->details);
}

static void
answer (ExampleServer *self)
{
  guint n = g_atomic_int_add (&self->calls, 1);
  const ExampleAnswer *told = &self->answers[MIN (n, self->n_answers - 1)];
  grpc_slice text = grpc_slice_from_static_string (told->status == GRPC_STATUS_OK ? "" : "told so");
  grpc_slice body = grpc_slice_from_static_string ("hello");
  grpc_metadata pushback = { .key = grpc_slice_from_static_string ("grpc-retry-pushback-ms") };
  grpc_op ops[4] = { 0 };
  size_t n_ops = 0;

  ops[n_ops++].op = GRPC_OP_SEND_INITIAL_METADATA;
  ops[n_ops].op = GRPC_OP_RECV_CLOSE_ON_SERVER;
  ops[n_ops++].data.recv_close_on_server.cancelled = &self->cancelled;
  ops[n_ops].op = GRPC_OP_SEND_STATUS_FROM_SERVER;
  ops[n_ops].data.send_status_from_server.status = told->status;
  ops[n_ops].data.send_status_from_server.status_details = &text;
  if (told->pushback != NULL)
    {
      pushback.value = grpc_slice_from_static_string (told->pushback);
      ops[n_ops].data.send_status_from_server.trailing_metadata = &pushback;
      ops[n_ops].data.send_status_from_server.trailing_metadata_count = 1;
    }
  n_ops++;
  if (told->status == GRPC_STATUS_OK)
    {
      self->reply = grpc_raw_byte_buffer_create (&body, 1);
      ops[n_ops].op = GRPC_OP_SEND_MESSAGE;
      ops[n_ops++].data.send_message.send_message = self->reply;
    }
  if (grpc_call_start_batch (self->call, ops, n_ops, &answered_tag, NULL) != GRPC_CALL_OK)
    g_error ("gRPC refuses the operations of an answer");
}

static gpointer
serve (gpointer data)
{
  ExampleServer *self = data;
  grpc_event event;

  await_call (self);
  for (;;)
    {
      event = grpc_completion_queue_next (self->queue, gpr_inf_future (GPR_CLOCK_REALTIME), NULL);
      if (event.type == GRPC_QUEUE_SHUTDOWN)
        return NULL;
      if (event.tag == &stopped_tag)
        {
          grpc_completion_queue_shutdown (self->queue);
        }
      else if (event.tag == &asked_tag && event.success)
        {
          answer (self);
        }
      else
        {
          forget_call (self);
          if (event.tag == &answered_tag)
            await_call (self);
        }
    }
}

/* @answers must outlive the server. The port is one that is free. */
ExampleServer *
example_server_new (const ExampleAnswer *answers,
                    guint n_answers)
{
  ExampleServer *self = g_new0 (ExampleServer, 1);
  grpc_server_credentials *credentials = grpc_insecure_server_credentials_create ();

  g_assert (n_answers > 0);
  self->answers = answers;
  self->n_answers = n_answers;
  self->queue = grpc_completion_queue_create_for_next (NULL);
  self->server = grpc_server_create (NULL, NULL);
  grpc_server_register_completion_queue (self->server, self->queue, NULL);
  self->port = grpc_server_add_http2_port (self->server, "127.0.0.1:0", credentials);
  grpc_server_credentials_release (credentials);
  if (self->port == 0)
    g_error ("gRPC finds no free port");
  grpc_server_start (self->server);
  self->thread = g_thread_new ("grpc-server", serve, self);
  return self;
}

void
example_server_free (ExampleServer *self)
{
  grpc_server_shutdown_and_notify (self->server, self->queue, &stopped_tag);
  grpc_server_cancel_all_calls (self->server);
  g_thread_join (self->thread);
  grpc_server_destroy (self->server);
  grpc_completion_queue_destroy (self->queue);
  g_free (self);
}

guint16
example_server_get_port (const ExampleServer *self)
{
  return (guint16) self->port;
}

/* How many calls came in. */
guint
example_server_get_calls (ExampleServer *self)
{
  return (guint) g_atomic_int_get (&self->calls);
}
