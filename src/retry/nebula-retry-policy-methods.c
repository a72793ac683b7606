/* SPDX-License-Identifier: Apache-2.0 */
#include "nebula-retry-policy-private.h"

#include <string.h>

/* How what gRPC says of a method and what NebulaGraph needs become one policy. */

/* A partial result is handed over at once: repeating the read loads the healthy servers again. */
#define PARTIAL_ATTEMPTS 1

/* An application that wrote `maxAttempts` for its methods meant it for all failures. Only memory
 * stays below: one heavy statement must not visit every host. */
static guint
settle_attempts (const NebulaRetryPolicy *self, NebulaCause cause)
{
  gboolean rules = self->grpc.kind == NEBULA_GRPC_POLICY_RETRY;
  guint attempts = rules ? self->grpc.max_attempts : self->max_attempts;

  if (self->causes[cause].said_attempts > 0)
    return self->causes[cause].said_attempts;

  switch ((guint) cause)
    {
    case NEBULA_CAUSE_LEADER:
      return rules ? attempts : self->leader_attempts;
    case NEBULA_CAUSE_MEMORY:
      return rules ? MIN (attempts, self->memory_attempts) : self->memory_attempts;
    case NEBULA_CAUSE_PARTIAL:
      return self->retry_partial ? attempts : PARTIAL_ATTEMPTS;
    default:
      return attempts;
    }
}

/* Private: works out what holds for each cause. */
void
nebula_retry_policy_settle (NebulaRetryPolicy *self)
{
  gboolean rules = self->grpc.kind == NEBULA_GRPC_POLICY_RETRY;

  for (guint cause = 0; cause < NEBULA_N_CAUSES; cause++)
    {
      self->causes[cause].attempts = settle_attempts (self, cause);
      if (self->causes[cause].said_backoff)
        continue;
      self->causes[cause].fast = rules ? self->grpc.backoff : self->fast;
      self->causes[cause].slow = rules ? self->grpc.backoff : self->slow;
    }

  if (rules && !self->jitter_said)
    self->jitter = NEBULA_JITTER_PROPORTIONAL;
  if (rules && self->grpc.attempt_timeout >= 0)
    self->attempt_timeout = self->grpc.attempt_timeout;
}

static void
free_name (gpointer data)
{
  NebulaMethodName *name = data;

  g_free (name->service);
  g_free (name->method);
  g_free (name);
}

/* Private */
NebulaMethodRow *
nebula_method_row_new (void)
{
  NebulaMethodRow *self = g_new0 (NebulaMethodRow, 1);

  self->names = g_ptr_array_new_with_free_func (free_name);
  self->timeout = -1;
  self->grpc.attempt_timeout = -1;

  return self;
}

/* Private */
void
nebula_method_row_free (gpointer data)
{
  NebulaMethodRow *self = data;

  g_ptr_array_unref (self->names);
  g_clear_object (&self->policy);
  g_free (self);
}

/* Private: a new name that says nothing yet, owned by @self */
NebulaMethodName *
nebula_method_row_add_name (NebulaMethodRow *self)
{
  NebulaMethodName *name = g_new0 (NebulaMethodName, 1);

  g_ptr_array_add (self->names, name);

  return name;
}

/* Private: makes the policy of the row from @base, which is settled, and what the row says. */
void
nebula_method_row_derive (NebulaMethodRow *self, const NebulaRetryPolicy *base)
{
  NebulaRetryPolicy *policy = nebula_retry_policy_new ();
  GObject parent = policy->parent_instance;
  GPtrArray *warnings = policy->warnings;

  *policy = *base;
  policy->parent_instance = parent;
  policy->warnings = warnings;
  policy->methods = NULL;
  if (base->overrides != NULL)
    g_ptr_array_ref (policy->overrides);
  policy->grpc = self->grpc;
  if (self->timeout >= 0)
    policy->total_timeout = self->timeout;
  /* Nothing replaces it here, so that it can be printed. */
  policy->jitter_said |= self->grpc.kind != NEBULA_GRPC_POLICY_RETRY;
  nebula_retry_policy_settle (policy);
  self->policy = policy;
}

/* Private: whether any method has a `retryPolicy`, or the one that @self is for. */
gboolean
nebula_retry_policy_has_retry_policy (const NebulaRetryPolicy *self)
{
  if (self->grpc.kind == NEBULA_GRPC_POLICY_RETRY)
    return TRUE;
  for (guint i = 0; self->methods != NULL && i < self->methods->len; i++)
    {
      const NebulaMethodRow *row = self->methods->pdata[i];

      if (row->grpc.kind == NEBULA_GRPC_POLICY_RETRY)
        return TRUE;
    }

  return FALSE;
}

/* How well a row fits, a better one being larger; 0 for not at all. */
typedef enum
{
  FIT_NONE,
  FIT_ALL,          /* {} */
  FIT_SHORT,        /* the service, one of the two names without its package */
  FIT_SERVICE,      /* the service */
  FIT_SHORT_METHOD, /* service and method, as above */
  FIT_METHOD,       /* service and method */
} Fit;

static const char *
without_package (const char *service)
{
  const char *dot = strrchr (service, '.');

  return dot != NULL ? dot + 1 : service;
}

/* c_glib's stubs know a service without its package, gRPC's files name it with one. */
static gboolean
is_short_for (const char *a, const char *b)
{
  return (strchr (a, '.') == NULL || strchr (b, '.') == NULL)
         && g_strcmp0 (without_package (a), without_package (b)) == 0;
}

static Fit
fit (const NebulaMethodName *name, const char *service, const char *method)
{
  gboolean exact;

  if (name->service == NULL)
    return FIT_ALL;
  exact = g_strcmp0 (name->service, service) == 0;
  if (!exact && !is_short_for (name->service, service))
    return FIT_NONE;
  if (name->method == NULL)
    return exact ? FIT_SERVICE : FIT_SHORT;
  if (strcmp (name->method, method) != 0)
    return FIT_NONE;
  return exact ? FIT_METHOD : FIT_SHORT_METHOD;
}

/**
 * nebula_retry_policy_get_for_method:
 * @self: a policy
 * @service: (not nullable): the service, with its package or without, such as "GraphService"
 * @method: (not nullable): the method, such as "execute"
 *
 * Gets the policy for calls of one method: what the `methodConfig` of a file says about it on top
 * of the rest of the file. As in gRPC the entry with the method wins over one with only the
 * service, and that one over an entry for everything. Where nothing is said, @self answers for
 * itself. Give the answer to nebula_retry_state_new().
 *
 * Returns: (transfer none) (not nullable): a policy that lives as long as @self
 *
 * Since: 0.1
 */
NebulaRetryPolicy *
nebula_retry_policy_get_for_method (NebulaRetryPolicy *self,
                                    const char *service,
                                    const char *method)
{
  NebulaRetryPolicy *best = self;
  Fit best_fit = FIT_NONE;

  g_return_val_if_fail (NEBULA_IS_RETRY_POLICY (self), NULL);
  g_return_val_if_fail (service != NULL && method != NULL, self);

  for (guint i = 0; self->methods != NULL && i < self->methods->len; i++)
    {
      const NebulaMethodRow *row = self->methods->pdata[i];

      for (guint j = 0; j < row->names->len; j++)
        {
          Fit this_fit = fit (row->names->pdata[j], service, method);

          if (this_fit > best_fit)
            {
              best_fit = this_fit;
              best = row->policy;
            }
        }
    }

  return best;
}
