/* SPDX-License-Identifier: Apache-2.0 */
#include "grpc-client.h"

#include <grpc/grpc_security.h>
#include <grpc/support/time.h>

#include <string.h>

/* What one attempt receives. */
typedef struct
{
  grpc_metadata_array initial;
  grpc_metadata_array trailing;
  grpc_byte_buffer *reply; /* (owned) (nullable) */
  grpc_status_code status;
  grpc_slice details;
} Received;

/* Retries of gRPC's own are switched off: two who retry multiply. */
grpc_channel *
example_channel_new (guint16 port)
{
  grpc_arg arg = {
    .type = GRPC_ARG_INTEGER,
    .key = (char *) GRPC_ARG_ENABLE_RETRIES,
    .value.integer = 0,
  };
  grpc_channel_args args = { 1, &arg };
  grpc_channel_credentials *credentials = grpc_insecure_credentials_create ();
  g_autofree char *target = g_strdup_printf ("127.0.0.1:%u", port);
  grpc_channel *channel = grpc_channel_create (target, credentials, &args);

  grpc_channel_credentials_release (credentials);
  return channel;
}

/* More than one value cannot be obeyed, which is as good as one that cannot be read. */
static gint64
read_pushback (const grpc_metadata_array *trailing)
{
  gint64 pushback = NEBULA_PUSHBACK_NONE;

  for (size_t i = 0; i < trailing->count; i++)
    {
      const grpc_metadata *entry = &trailing->metadata[i];

      if (grpc_slice_str_cmp (entry->key, "grpc-retry-pushback-ms") != 0)
        continue;
      if (pushback != NEBULA_PUSHBACK_NONE)
        return -1;
      pushback = nebula_grpc_parse_pushback ((const char *) GRPC_SLICE_START_PTR (entry->value),
                                             (gssize) GRPC_SLICE_LENGTH (entry->value));
    }

  return pushback;
}

static NebulaOutcome *
classify (const Received *received)
{
  g_autofree char *message = g_strndup ((const char *) GRPC_SLICE_START_PTR (received->details),
                                        GRPC_SLICE_LENGTH (received->details));

  /* The C core does not tell whether the request left. */
  return nebula_outcome_new_from_grpc_status ((NebulaGrpcStatus) received->status,
                                              NEBULA_SEND_STATE_MAYBE, message,
                                              read_pushback (&received->trailing));
}

/* Sends the request and waits for all that comes back. */
static void
run_batch (grpc_call *call,
           grpc_completion_queue *queue,
           grpc_byte_buffer *payload,
           Received *received)
{
  grpc_op ops[6] = { 0 };
  grpc_event event;

  ops[0].op = GRPC_OP_SEND_INITIAL_METADATA;
  ops[1].op = GRPC_OP_SEND_MESSAGE;
  ops[1].data.send_message.send_message = payload;
  ops[2].op = GRPC_OP_SEND_CLOSE_FROM_CLIENT;
  ops[3].op = GRPC_OP_RECV_INITIAL_METADATA;
  ops[3].data.recv_initial_metadata.recv_initial_metadata = &received->initial;
  ops[4].op = GRPC_OP_RECV_MESSAGE;
  ops[4].data.recv_message.recv_message = &received->reply;
  ops[5].op = GRPC_OP_RECV_STATUS_ON_CLIENT;
  ops[5].data.recv_status_on_client.trailing_metadata = &received->trailing;
  ops[5].data.recv_status_on_client.status = &received->status;
  ops[5].data.recv_status_on_client.status_details = &received->details;

  if (grpc_call_start_batch (call, ops, G_N_ELEMENTS (ops), received, NULL) != GRPC_CALL_OK)
    g_error ("gRPC refuses the operations of a unary call");
  event = grpc_completion_queue_next (queue, gpr_inf_future (GPR_CLOCK_REALTIME), NULL);
  g_assert (event.type == GRPC_OP_COMPLETE && event.tag == received);
}

static gpr_timespec
deadline_in (gint64 remaining)
{
  if (remaining == G_MAXINT64)
    return gpr_inf_future (GPR_CLOCK_MONOTONIC);

  return gpr_time_add (gpr_now (GPR_CLOCK_MONOTONIC),
                       gpr_time_from_micros (remaining, GPR_TIMESPAN));
}

static void
destroy_queue (grpc_completion_queue *queue)
{
  grpc_completion_queue_shutdown (queue);
  while (grpc_completion_queue_next (queue, gpr_inf_future (GPR_CLOCK_REALTIME), NULL).type
         != GRPC_QUEUE_SHUTDOWN)
    ;
  grpc_completion_queue_destroy (queue);
}

/* One attempt, which may take @remaining microseconds. */
static NebulaOutcome *
attempt (const ExampleMethod *method,
         const char *request,
         gint64 remaining)
{
  g_autofree char *path = g_strdup_printf ("/%s/%s", method->service, method->method);
  grpc_completion_queue *queue = grpc_completion_queue_create_for_next (NULL);
  grpc_slice path_slice = grpc_slice_from_copied_string (path);
  grpc_slice body = grpc_slice_from_copied_string (request);
  grpc_byte_buffer *payload = grpc_raw_byte_buffer_create (&body, 1);
  grpc_call *call = grpc_channel_create_call (method->channel, NULL, GRPC_PROPAGATE_DEFAULTS, queue,
                                              path_slice, NULL, deadline_in (remaining), NULL);
  Received received = { .details = grpc_empty_slice () };
  NebulaOutcome *outcome;

  grpc_metadata_array_init (&received.initial);
  grpc_metadata_array_init (&received.trailing);
  run_batch (call, queue, payload, &received);
  outcome = classify (&received);

  grpc_metadata_array_destroy (&received.initial);
  grpc_metadata_array_destroy (&received.trailing);
  grpc_slice_unref (received.details);
  if (received.reply != NULL)
    grpc_byte_buffer_destroy (received.reply);
  grpc_byte_buffer_destroy (payload);
  grpc_slice_unref (body);
  grpc_slice_unref (path_slice);
  grpc_call_unref (call);
  destroy_queue (queue);
  return outcome;
}

static gint64
get_remaining (const NebulaRetryState *state,
               gint64 now)
{
  gint64 deadline = nebula_retry_state_get_deadline (state);

  return deadline == G_MAXINT64 ? G_MAXINT64 : deadline - now;
}

/* The whole of retrying: the outcome of an attempt goes in, what to do comes out. */
ExampleResult
example_call (const ExampleMethod *method,
              const char *request)
{
  NebulaRetryPolicy *policy
      = nebula_retry_policy_get_for_method (method->policy, method->service, method->method);
  g_autoptr (NebulaRetryState) state = nebula_retry_state_new (
      policy, NEBULA_PHASE_EXECUTE, nebula_clock_get_now (method->clock));
  ExampleResult result = { 0 };
  NebulaDecision decision;

  do
    {
      g_clear_pointer (&result.outcome, nebula_outcome_unref);
      result.outcome = attempt (method, request,
                                get_remaining (state, nebula_clock_get_now (method->clock)));
      decision = nebula_retry_state_decide (state, result.outcome, method->safety,
                                            nebula_clock_get_now (method->clock),
                                            g_rand_double (method->random));
      nebula_retry_state_record (state, result.outcome, decision);
    }
  while (decision.action == NEBULA_ACTION_RETRY
         && nebula_clock_wait (method->clock, decision.delay, NULL, NULL));

  result.reason = decision.reason;
  result.attempts = nebula_retry_state_get_attempts (state);
  return result;
}

void
example_result_clear (ExampleResult *result)
{
  g_clear_pointer (&result->outcome, nebula_outcome_unref);
}
