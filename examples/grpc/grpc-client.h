/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <grpc/grpc.h>
#include <nebula-retry/nebula-retry.h>

/* What a call came to. */
typedef struct
{
  NebulaOutcome *outcome; /* (owned) (not nullable): of the last attempt */
  NebulaReason reason;    /* why there was no other */
  guint attempts;
} ExampleResult;

/* A method that may be called, and by what its calls are decided. */
typedef struct
{
  grpc_channel *channel;        /* (unowned): from example_channel_new() */
  NebulaRetryPolicy *policy;    /* (unowned): a policy file, of all methods */
  const char *service;          /* with its package: "tour.Guide" */
  const char *method;
  NebulaStatementSafety safety; /* whether the method may run twice: only its author knows */
  NebulaClock *clock;           /* (unowned) */
  GRand *random;                /* (unowned) */
} ExampleMethod;

grpc_channel *example_channel_new (guint16 port);
ExampleResult example_call (const ExampleMethod *method, const char *request);
void example_result_clear (ExampleResult *result);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (ExampleResult, example_result_clear)
