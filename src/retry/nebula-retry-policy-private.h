/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <nebula-retry/nebula-retry-policy.h>

G_BEGIN_DECLS

/* How the waits of one cause grow. */
typedef struct
{
  gint64 initial;    /* microseconds */
  gint64 maximum;    /* microseconds, the cap; it wins where initial is larger */
  double multiplier; /* above 0 */
} NebulaBackoff;

typedef enum
{
  NEBULA_GRPC_POLICY_NONE,
  NEBULA_GRPC_POLICY_RETRY,
  NEBULA_GRPC_POLICY_HEDGING, /* read, checked and printed, not executed */
} NebulaGrpcPolicyKind;

/* What gRPC's service config says of a method: its `retryPolicy` or its `hedgingPolicy`. */
typedef struct
{
  NebulaGrpcPolicyKind kind;
  guint max_attempts;
  NebulaBackoff backoff;  /* of RETRY */
  gint64 attempt_timeout; /* microseconds, of RETRY; -1 where nothing is said */
  gint64 hedging_delay;   /* microseconds, of HEDGING */
  guint32 statuses;       /* a bit for each NebulaGrpcStatus that is listed */
} NebulaGrpcPolicy;

/* All fields are constant once the policy has been given to a caller. */
struct _NebulaRetryPolicy
{
  GObject parent_instance;

  gboolean enabled;
  NebulaReplay replay;
  gboolean replay_after_timeout;
  GPtrArray *overrides; /* (owned) (nullable): NebulaOverride, in the order of asking */
  NebulaServerVersion server_version;

  guint max_attempts;
  guint leader_attempts;
  guint memory_attempts;
  gboolean retry_partial;

  NebulaBackoff fast;
  NebulaBackoff slow;
  NebulaBudgetSettings budget;
  NebulaJitter jitter;
  gboolean jitter_said; /* by the file, so that gRPC's does not replace it */

  gint64 connect_timeout; /* microseconds, like all times here */
  gint64 attempt_timeout;
  gint64 total_timeout;

  gboolean renew_session;
  gboolean replay_space;
  gboolean repeat_handshake;
  gboolean retry_unknown_codes;

  gint64 endpoint_pause;
  gint64 endpoint_maximum_pause;
  gboolean shuffle_endpoints;

  NebulaGrpcPolicy grpc; /* of the method that this policy is for */
  GPtrArray *methods;    /* (owned) (nullable): NebulaMethodRow, in the order of the file */
  GPtrArray *warnings;   /* (owned) (not nullable): strings */

  /* What holds for each cause; settled when the policy is made. */
  struct
  {
    guint said_attempts; /* by the file; 0 for nothing */
    gboolean said_backoff;
    guint attempts;
    NebulaBackoff fast;
    NebulaBackoff slow;
  } causes[NEBULA_N_CAUSES];
};

/* A method whose name is (nullable) stands for every one of its service, a service without a name
 * for every service. */
typedef struct
{
  char *service; /* (owned) (nullable) */
  char *method;  /* (owned) (nullable) */
} NebulaMethodName;

/* An element of `methodConfig`. */
typedef struct
{
  GPtrArray *names; /* (owned): NebulaMethodName */
  gint64 timeout;   /* microseconds; -1 where nothing is said */
  NebulaGrpcPolicy grpc;
  NebulaRetryPolicy *policy; /* (owned): what holds for these methods */
} NebulaMethodRow;

const NebulaBackoff *nebula_retry_policy_get_cause_backoff (NebulaRetryPolicy *self,
                                                            NebulaCause cause,
                                                            NebulaPace pace);
gboolean nebula_retry_policy_has_retry_policy (const NebulaRetryPolicy *self);
void nebula_retry_policy_settle (NebulaRetryPolicy *self);

NebulaMethodRow *nebula_method_row_new (void);
void nebula_method_row_free (gpointer data);
NebulaMethodName *nebula_method_row_add_name (NebulaMethodRow *self);
void nebula_method_row_derive (NebulaMethodRow *self,
                               const NebulaRetryPolicy *base);

G_END_DECLS
