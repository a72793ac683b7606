/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <nebula-retry/nebula-override.h>
#include <nebula-retry/nebula-retry-budget.h>
#include <nebula-retry/nebula-retry-enums.h>
#include <nebula-retry/nebula-server-version.h>

G_BEGIN_DECLS

/**
 * NebulaReplay:
 * @NEBULA_REPLAY_NEVER: no statement
 * @NEBULA_REPLAY_READ_ONLY: those that change nothing
 * @NEBULA_REPLAY_IDEMPOTENT: also those that leave the same state when they run twice
 * @NEBULA_REPLAY_CONVERGENT: also those whose second run fails harmlessly
 * @NEBULA_REPLAY_ALWAYS: every statement: the caller answers for what a second run does
 *
 * Which statements may run again when the first run may have been applied, in rising order of
 * daring. An attempt that is known to have done nothing is not concerned.
 *
 * Since: 0.1
 */
typedef enum
{
  NEBULA_REPLAY_NEVER,
  NEBULA_REPLAY_READ_ONLY,
  NEBULA_REPLAY_IDEMPOTENT,
  NEBULA_REPLAY_CONVERGENT,
  NEBULA_REPLAY_ALWAYS,
} NebulaReplay;

#define NEBULA_TYPE_REPLAY (nebula_replay_get_type ())
NEBULA_RETRY_API GType nebula_replay_get_type (void);

/**
 * NebulaJitter:
 * @NEBULA_JITTER_NONE: a wait is as long as back-off says
 * @NEBULA_JITTER_FULL: a random part of it: the fewest calls when many compete
 * @NEBULA_JITTER_EQUAL: half of it, and a random part of the other half
 * @NEBULA_JITTER_PROPORTIONAL: it, 20 % more or less, as gRPC has it: it may exceed the maximum
 * @NEBULA_JITTER_DECORRELATED: between the initial wait and three times the last one, at most the
 *   maximum; the multiplier plays no part
 *
 * How chance changes a wait, so that clients that failed together do not come back together.
 *
 * Since: 0.1
 */
typedef enum
{
  NEBULA_JITTER_NONE,
  NEBULA_JITTER_FULL,
  NEBULA_JITTER_EQUAL,
  NEBULA_JITTER_PROPORTIONAL,
  NEBULA_JITTER_DECORRELATED,
} NebulaJitter;

#define NEBULA_TYPE_JITTER (nebula_jitter_get_type ())
NEBULA_RETRY_API GType nebula_jitter_get_type (void);

#define NEBULA_TYPE_RETRY_POLICY (nebula_retry_policy_get_type ())

NEBULA_RETRY_API
G_DECLARE_FINAL_TYPE (NebulaRetryPolicy, nebula_retry_policy, NEBULA, RETRY_POLICY, GObject)

NEBULA_RETRY_API NebulaRetryPolicy *nebula_retry_policy_new (void);
NEBULA_RETRY_API NebulaRetryPolicy *nebula_retry_policy_new_from_json (const char *json,
                                                                       gssize length,
                                                                       GError **error);
NEBULA_RETRY_API NebulaRetryPolicy *nebula_retry_policy_new_from_file (const char *path,
                                                                       GError **error);
NEBULA_RETRY_API NebulaRetryPolicy *nebula_retry_policy_get_for_method (NebulaRetryPolicy *self,
                                                                        const char *service,
                                                                        const char *method);
NEBULA_RETRY_API char *nebula_retry_policy_to_json (NebulaRetryPolicy *self);
NEBULA_RETRY_API gboolean nebula_retry_policy_equal (NebulaRetryPolicy *a, NebulaRetryPolicy *b);
NEBULA_RETRY_API GPtrArray *nebula_retry_policy_get_warnings (NebulaRetryPolicy *self);
NEBULA_RETRY_API GPtrArray *nebula_retry_policy_lint (NebulaRetryPolicy *self);

NEBULA_RETRY_API gboolean nebula_retry_policy_get_enabled (NebulaRetryPolicy *self);
NEBULA_RETRY_API guint nebula_retry_policy_get_max_attempts (NebulaRetryPolicy *self,
                                                             NebulaCause cause);
NEBULA_RETRY_API void nebula_retry_policy_get_backoff (NebulaRetryPolicy *self,
                                                       NebulaPace pace,
                                                       gint64 *initial,
                                                       gint64 *maximum,
                                                       double *multiplier);
NEBULA_RETRY_API void nebula_retry_policy_get_backoff_for_cause (NebulaRetryPolicy *self,
                                                                 NebulaCause cause,
                                                                 NebulaPace pace,
                                                                 gint64 *initial,
                                                                 gint64 *maximum,
                                                                 double *multiplier);
NEBULA_RETRY_API NebulaJitter nebula_retry_policy_get_jitter (NebulaRetryPolicy *self);
NEBULA_RETRY_API gint64 nebula_retry_policy_get_connect_timeout (NebulaRetryPolicy *self);
NEBULA_RETRY_API gint64 nebula_retry_policy_get_attempt_timeout (NebulaRetryPolicy *self);
NEBULA_RETRY_API gint64 nebula_retry_policy_get_total_timeout (NebulaRetryPolicy *self);
NEBULA_RETRY_API gint64 nebula_retry_policy_get_endpoint_pause (NebulaRetryPolicy *self);
NEBULA_RETRY_API gint64 nebula_retry_policy_get_endpoint_maximum_pause (NebulaRetryPolicy *self);
NEBULA_RETRY_API gboolean nebula_retry_policy_get_shuffle_endpoints (NebulaRetryPolicy *self);
NEBULA_RETRY_API NebulaReplay nebula_retry_policy_get_replay (NebulaRetryPolicy *self);
NEBULA_RETRY_API gboolean nebula_retry_policy_get_replay_after_timeout (NebulaRetryPolicy *self);
NEBULA_RETRY_API void nebula_retry_policy_get_budget (NebulaRetryPolicy *self,
                                                      NebulaBudgetSettings *settings);
NEBULA_RETRY_API NebulaServerVersion
nebula_retry_policy_get_server_version (NebulaRetryPolicy *self);
NEBULA_RETRY_API NebulaOutcome *nebula_retry_policy_interpret (NebulaRetryPolicy *self,
                                                               NebulaOutcome *outcome);

G_END_DECLS
