/* SPDX-License-Identifier: Apache-2.0 */
#include "grpc-client.h"
#include "grpc-server.h"

#define MS G_GINT64_CONSTANT (1000)

/* A first wait of 50 ms, 20 % more or less: what a push-back chose cannot be mistaken for it. */
static const char policy_json[]
    = "{ \"methodConfig\": ["
      "  { \"name\": [{ \"service\": \"tour.Guide\", \"method\": \"Find\" }],"
      "    \"timeout\": \"30s\","
      "    \"retryPolicy\": { \"maxAttempts\": 4, \"initialBackoff\": \"0.05s\","
      "      \"maxBackoff\": \"1s\", \"backoffMultiplier\": 2,"
      "      \"retryableStatusCodes\": [\"UNAVAILABLE\"] } },"
      "  { \"name\": [{ \"service\": \"tour.Guide\", \"method\": \"Book\" }],"
      "    \"timeout\": \"30s\","
      "    \"retryPolicy\": { \"maxAttempts\": 2, \"initialBackoff\": \"0.05s\","
      "      \"maxBackoff\": \"1s\", \"backoffMultiplier\": 2,"
      "      \"retryableStatusCodes\": [\"UNAVAILABLE\", \"ABORTED\"] } } ] }";

typedef struct
{
  const char *name;
  const char *method;
  NebulaStatementSafety safety;
  ExampleAnswer answers[4];
  guint n_answers;
  guint calls;
  NebulaGrpcStatus status;
  NebulaReason reason;
  gint64 shortest; /* that was waited in all, in microseconds */
  gint64 longest;
} Case;

#define UNAVAILABLE GRPC_STATUS_UNAVAILABLE
#define READ_ONLY NEBULA_STATEMENT_READ_ONLY

static const Case cases[] = {
  { "heals", "Find", READ_ONLY,
    { { UNAVAILABLE, NULL }, { UNAVAILABLE, NULL }, { GRPC_STATUS_OK, NULL } }, 3,
    3, NEBULA_GRPC_OK, NEBULA_REASON_SUCCESS, 120 * MS, 180 * MS },
  { "fatal", "Find", READ_ONLY, { { GRPC_STATUS_INVALID_ARGUMENT, NULL } }, 1,
    1, NEBULA_GRPC_INVALID_ARGUMENT, NEBULA_REASON_NOT_RETRYABLE, 0, 0 },
  { "pushback/stop", "Find", READ_ONLY, { { UNAVAILABLE, "-1" } }, 1,
    1, NEBULA_GRPC_UNAVAILABLE, NEBULA_REASON_PUSHBACK, 0, 0 },
  { "pushback/unreadable", "Find", READ_ONLY, { { UNAVAILABLE, "soon" } }, 1,
    1, NEBULA_GRPC_UNAVAILABLE, NEBULA_REASON_PUSHBACK, 0, 0 },
  { "pushback/exact", "Find", READ_ONLY, { { UNAVAILABLE, "1" }, { GRPC_STATUS_OK, NULL } }, 2,
    2, NEBULA_GRPC_OK, NEBULA_REASON_SUCCESS, 1 * MS, 1 * MS },
  { "pushback/at-once", "Find", READ_ONLY, { { UNAVAILABLE, "0" }, { GRPC_STATUS_OK, NULL } }, 2,
    2, NEBULA_GRPC_OK, NEBULA_REASON_SUCCESS, 0, 0 },
  { "pushback/past-deadline", "Find", READ_ONLY, { { UNAVAILABLE, "30000" } }, 1,
    1, NEBULA_GRPC_UNAVAILABLE, NEBULA_REASON_PUSHBACK, 0, 0 },
  { "pushback/no-licence", "Find", READ_ONLY, { { GRPC_STATUS_INVALID_ARGUMENT, "1" } }, 1,
    1, NEBULA_GRPC_INVALID_ARGUMENT, NEBULA_REASON_NOT_RETRYABLE, 0, 0 },
  { "attempts", "Find", READ_ONLY, { { UNAVAILABLE, "1" } }, 1,
    4, NEBULA_GRPC_UNAVAILABLE, NEBULA_REASON_ATTEMPTS, 3 * MS, 3 * MS },
  { "attempts/other-method", "Book", READ_ONLY, { { UNAVAILABLE, "1" } }, 1,
    2, NEBULA_GRPC_UNAVAILABLE, NEBULA_REASON_ATTEMPTS, 1 * MS, 1 * MS },
  { "narrowed", "Find", READ_ONLY, { { GRPC_STATUS_ABORTED, NULL } }, 1,
    1, NEBULA_GRPC_ABORTED, NEBULA_REASON_NOT_RETRYABLE, 0, 0 },
  { "listed", "Book", READ_ONLY, { { GRPC_STATUS_ABORTED, NULL }, { GRPC_STATUS_OK, NULL } }, 2,
    2, NEBULA_GRPC_OK, NEBULA_REASON_SUCCESS, 40 * MS, 60 * MS },
  { "effect", "Book", NEBULA_STATEMENT_NOT_IDEMPOTENT, { { UNAVAILABLE, NULL } }, 1,
    1, NEBULA_GRPC_UNAVAILABLE, NEBULA_REASON_EFFECT_UNKNOWN, 0, 0 },
};

static void
test_case (gconstpointer data)
{
  const Case *expected = data;
  g_autoptr (GError) error = NULL;
  g_autoptr (NebulaRetryPolicy) policy
      = nebula_retry_policy_new_from_json (policy_json, -1, &error);
  g_autoptr (NebulaManualClock) clock = nebula_manual_clock_new (0);
  g_autoptr (GRand) random = g_rand_new_with_seed (1);
  g_autoptr (ExampleServer) server
      = example_server_new (expected->answers, expected->n_answers);
  ExampleMethod method = {
    .channel = example_channel_new (example_server_get_port (server)),
    .policy = policy,
    .service = "tour.Guide",
    .method = expected->method,
    .safety = expected->safety,
    .clock = NEBULA_CLOCK (clock),
    .random = random,
  };
  g_auto (ExampleResult) result = { 0 };

  g_test_summary ("A server's answers give these calls, waits and this end");
  g_assert_no_error (error);
  result = example_call (&method, "lake");
  grpc_channel_destroy (method.channel);

  g_assert_cmpuint (example_server_get_calls (server), ==, expected->calls);
  g_assert_cmpuint (result.attempts, ==, expected->calls);
  g_assert_cmpint (nebula_outcome_get_grpc_status (result.outcome), ==, expected->status);
  g_assert_cmpint (result.reason, ==, expected->reason);
  g_assert_cmpint (nebula_manual_clock_get_waited (clock), >=, expected->shortest);
  g_assert_cmpint (nebula_manual_clock_get_waited (clock), <=, expected->longest);
}

static void
test_nobody (void)
{
  static const ExampleAnswer answers[] = { { GRPC_STATUS_OK, NULL } };
  g_autoptr (NebulaRetryPolicy) policy
      = nebula_retry_policy_new_from_json (policy_json, -1, NULL);
  g_autoptr (NebulaManualClock) clock = nebula_manual_clock_new (0);
  g_autoptr (GRand) random = g_rand_new_with_seed (1);
  ExampleServer *server = example_server_new (answers, 1);
  ExampleMethod method = {
    .channel = example_channel_new (example_server_get_port (server)),
    .policy = policy,
    .service = "tour.Guide",
    .method = "Find",
    .safety = READ_ONLY,
    .clock = NEBULA_CLOCK (clock),
    .random = random,
  };
  g_auto (ExampleResult) result = { 0 };

  g_test_summary ("Where nobody listens gRPC itself says UNAVAILABLE: tried again as often");
  example_server_free (server);
  result = example_call (&method, "lake");
  grpc_channel_destroy (method.channel);

  g_assert_cmpuint (result.attempts, ==, 4);
  g_assert_cmpint (nebula_outcome_get_grpc_status (result.outcome), ==, NEBULA_GRPC_UNAVAILABLE);
  g_assert_cmpint (result.reason, ==, NEBULA_REASON_ATTEMPTS);
}

int
main (int argc,
      char **argv)
{
  int status;

  g_test_init (&argc, &argv, NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *path = g_strconcat ("/grpc/", cases[i].name, NULL);

      g_test_add_data_func (path, &cases[i], test_case);
    }
  g_test_add_func ("/grpc/nobody-listens", test_nobody);

  grpc_init ();
  status = g_test_run ();
  grpc_shutdown ();
  return status;
}
