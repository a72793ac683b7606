/* SPDX-License-Identifier: Apache-2.0 */

/* Calls of gRPC, decided by the same policy file and the same decider as those of NebulaGraph.
 * The server is in this program too, and answers as it is told. */
#include "grpc-client.h"
#include "grpc-server.h"

static const ExampleAnswer answers[] = {
  { GRPC_STATUS_UNAVAILABLE, NULL },
  { GRPC_STATUS_UNAVAILABLE, "1" },
  { GRPC_STATUS_OK, NULL },
  { GRPC_STATUS_INVALID_ARGUMENT, NULL },
  { GRPC_STATUS_UNAVAILABLE, "-1" },
};

static void
call_and_print (const ExampleMethod *method)
{
  g_auto (ExampleResult) result = example_call (method, "lake");

  g_print ("%s after %u attempt%s: %s\n",
           nebula_grpc_status_to_string (nebula_outcome_get_grpc_status (result.outcome)),
           result.attempts, result.attempts == 1 ? "" : "s",
           nebula_reason_to_string (result.reason));
}

int
main (int argc,
      char **argv)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GRand) random = g_rand_new ();
  g_autoptr (NebulaRetryPolicy) policy = NULL;
  ExampleServer *server;
  ExampleMethod method;

  if (argc == 2)
    policy = nebula_retry_policy_new_from_file (argv[1], &error);
  if (policy == NULL)
    {
      g_printerr ("%s\n", error != NULL ? error->message : "usage: grpc POLICY");
      return 2;
    }

  grpc_init ();
  server = example_server_new (answers, G_N_ELEMENTS (answers));
  method = (ExampleMethod){
    .channel = example_channel_new (example_server_get_port (server)),
    .policy = policy,
    .service = "tour.Guide",
    .method = "Find",
    .safety = NEBULA_STATEMENT_READ_ONLY,
    .clock = nebula_clock_get_system (),
    .random = random,
  };
  for (guint i = 0; i < 3; i++)
    call_and_print (&method);

  grpc_channel_destroy (method.channel);
  example_server_free (server);
  grpc_shutdown ();
  return 0;
}
