/* SPDX-License-Identifier: Apache-2.0 */
#include "nebula-cluster-private.h"

#include <gio/gunixsocketaddress.h>

#include "nebula-socket-channel-private.h"
#include "nebula-tls-channel-private.h"

/**
 * NebulaCluster:
 *
 * One per process or per database; make it first and give it to each interceptor.
 */
struct _NebulaCluster
{
  GObject parent_instance;

  GPtrArray *endpoints;                /* (owned), constant */
  NebulaCredentialSource *credentials; /* (owned), safe by itself */
  NebulaSessionTable *sessions;        /* (owned), safe by itself */
  guint policy_version;                /* atomic; written under the lock */
  guint tls_version;                   /* atomic; written under the lock */

  GMutex lock;
  NebulaRetryPolicy *policy; /* (owned), guarded by the lock */
  GPtrArray *budgets;        /* (owned): NebulaRetryBudget by endpoint, guarded by the lock */
  NebulaClock *clock;        /* (owned), guarded by the lock */
  guint64 seed;              /* guarded by the lock */
  NebulaTls *tls;            /* (owned) (nullable): NULL for plain, guarded by the lock */
  gboolean has_warned;       /* of connections that anybody may answer, guarded by the lock */
};

G_DEFINE_FINAL_TYPE (NebulaCluster, nebula_cluster, G_TYPE_OBJECT)

static void
nebula_cluster_finalize (GObject *object)
{
  NebulaCluster *self = NEBULA_CLUSTER (object);

  g_clear_pointer (&self->endpoints, g_ptr_array_unref);
  g_clear_pointer (&self->budgets, g_ptr_array_unref);
  g_clear_pointer (&self->sessions, nebula_session_table_free);
  g_clear_pointer (&self->credentials, nebula_credential_source_unref);
  g_clear_object (&self->policy);
  g_clear_object (&self->clock);
  g_clear_pointer (&self->tls, nebula_tls_unref);
  g_mutex_clear (&self->lock);
  G_OBJECT_CLASS (nebula_cluster_parent_class)->finalize (object);
}

static void
nebula_cluster_class_init (NebulaClusterClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = nebula_cluster_finalize;
}

/* Each endpoint pays for its own failures, so that one that is down does not stop what another can
 * still do. A transport that the user brings is one endpoint too. */
static void
set_endpoints (NebulaCluster *self, GPtrArray *endpoints)
{
  NebulaBudgetSettings settings;

  g_clear_pointer (&self->endpoints, g_ptr_array_unref);
  g_clear_pointer (&self->budgets, g_ptr_array_unref);
  self->endpoints = endpoints;
  self->budgets = g_ptr_array_new_with_free_func ((GDestroyNotify) nebula_retry_budget_unref);
  nebula_retry_policy_get_budget (self->policy, &settings);
  for (guint i = 0; i < MAX (endpoints->len, 1); i++)
    g_ptr_array_add (self->budgets, nebula_retry_budget_new (&settings));
}

static void
nebula_cluster_init (NebulaCluster *self)
{
  g_mutex_init (&self->lock);
  self->credentials = nebula_credential_source_new (self);
  self->sessions = nebula_session_table_new (self->credentials);
  self->policy = nebula_retry_policy_new ();
  set_endpoints (self, g_ptr_array_new ());
  self->clock = g_object_ref (nebula_clock_get_system ());
  self->seed = ((guint64) g_random_int () << 32) | g_random_int ();
}

/**
 * nebula_cluster_new:
 * @endpoints: (not nullable): one or more graphd, separated by commas: "host:port", "[IPv6]:port",
 *   "unix:/path"; without a port 9669
 * @error: return location of a %NEBULA_ERROR_INVALID_ARGUMENT that names the wrong entry
 *
 * Nothing is resolved or connected yet.
 *
 * Returns: (transfer full) (nullable): a new cluster with the default policy
 *
 * Since: 0.1
 */
NebulaCluster *
nebula_cluster_new (const char *endpoints, GError **error)
{
  g_autoptr (GPtrArray) list = NULL;
  NebulaCluster *self;

  g_return_val_if_fail (endpoints != NULL, NULL);
  g_return_val_if_fail (error == NULL || *error == NULL, NULL);

  list = nebula_endpoint_parse_list (endpoints, error);
  if (list == NULL)
    return NULL;
  self = g_object_new (NEBULA_TYPE_CLUSTER, NULL);
  set_endpoints (self, g_steal_pointer (&list));
  return self;
}

NebulaCluster *
nebula_cluster_new_without_endpoints (void)
{
  return g_object_new (NEBULA_TYPE_CLUSTER, NULL);
}

/**
 * nebula_cluster_get_policy:
 *
 * Returns: (transfer full): the policy in force. Any thread.
 *
 * Since: 0.1
 */
NebulaRetryPolicy *
nebula_cluster_get_policy (NebulaCluster *self)
{
  NebulaRetryPolicy *policy;

  g_return_val_if_fail (NEBULA_IS_CLUSTER (self), NULL);

  g_mutex_lock (&self->lock);
  policy = g_object_ref (self->policy);
  g_mutex_unlock (&self->lock);
  return policy;
}

/* The buckets stay as full as they are. */
static void
replace_budgets (NebulaCluster *self, NebulaRetryPolicy *policy)
{
  NebulaBudgetSettings settings;

  nebula_retry_policy_get_budget (policy, &settings);
  for (guint i = 0; i < self->budgets->len; i++)
    {
      NebulaRetryBudget *old = self->budgets->pdata[i];

      self->budgets->pdata[i] = nebula_retry_budget_new_replacing (old, &settings);
      nebula_retry_budget_unref (old);
    }
}

/**
 * nebula_cluster_set_policy:
 * @policy: (not nullable): the new policy
 *
 * Calls that begin from now on follow it; a call that is under way keeps the old one, but pays for
 * its retries by the new one. Any thread.
 *
 * Since: 0.1
 */
void
nebula_cluster_set_policy (NebulaCluster *self, NebulaRetryPolicy *policy)
{
  g_return_if_fail (NEBULA_IS_CLUSTER (self));
  g_return_if_fail (NEBULA_IS_RETRY_POLICY (policy));

  g_mutex_lock (&self->lock);
  g_set_object (&self->policy, policy);
  replace_budgets (self, policy);
  g_atomic_int_inc (&self->policy_version);
  g_mutex_unlock (&self->lock);
}

/**
 * nebula_cluster_get_clock:
 *
 * Returns: (transfer full): where calls read the time. Any thread.
 *
 * Since: 0.1
 */
NebulaClock *
nebula_cluster_get_clock (NebulaCluster *self)
{
  NebulaClock *clock;

  g_return_val_if_fail (NEBULA_IS_CLUSTER (self), NULL);

  g_mutex_lock (&self->lock);
  clock = g_object_ref (self->clock);
  g_mutex_unlock (&self->lock);
  return clock;
}

/**
 * nebula_cluster_set_clock:
 * @clock: (not nullable): where calls read the time and wait; for tests
 *
 * Interceptors that are made from now on use it.
 *
 * Since: 0.1
 */
void
nebula_cluster_set_clock (NebulaCluster *self, NebulaClock *clock)
{
  g_return_if_fail (NEBULA_IS_CLUSTER (self));
  g_return_if_fail (NEBULA_IS_CLOCK (clock));

  g_mutex_lock (&self->lock);
  g_set_object (&self->clock, clock);
  g_mutex_unlock (&self->lock);
}

/**
 * nebula_cluster_set_seed:
 * @seed: any number
 *
 * Interceptors that are made from now on draw the same random numbers in each run; for tests.
 *
 * Since: 0.1
 */
void
nebula_cluster_set_seed (NebulaCluster *self, guint64 seed)
{
  g_return_if_fail (NEBULA_IS_CLUSTER (self));

  g_mutex_lock (&self->lock);
  self->seed = seed;
  g_mutex_unlock (&self->lock);
}

/* The path of a Unix socket is no name that a certificate could have. */
static gboolean
check_server_names (NebulaCluster *self, NebulaTls *tls, GError **error)
{
  if (nebula_tls_get_server_name (tls) != NULL || nebula_tls_get_insecure (tls))
    return TRUE;
  for (guint i = 0; i < self->endpoints->len; i++)
    {
      NebulaEndpoint *endpoint = self->endpoints->pdata[i];

      if (G_IS_UNIX_SOCKET_ADDRESS (endpoint->address))
        {
          g_set_error (error, NEBULA_ERROR, NEBULA_ERROR_INVALID_ARGUMENT,
                       "TLS to the endpoint \"%s\": a Unix socket has no name for a certificate, "
                       "expected a server name in the settings of TLS",
                       endpoint->name);
          return FALSE;
        }
    }
  return TRUE;
}

/**
 * nebula_cluster_set_tls:
 * @tls: (nullable): how connections are encrypted; %NULL for plain ones, the default
 * @error: return location of a %NEBULA_ERROR_INVALID_ARGUMENT when the cluster has a Unix socket,
 *   and @tls no server name
 *
 * Connections that are made from now on are encrypted so; those that are there stay as they are
 * until they end. So it is called before the first interceptor is opened, and again when
 * certificates change. A transport that a program brings is not touched. Settings that accept any
 * certificate are reported in GLib's log, as a message, once for the cluster. Any thread.
 *
 * Returns: whether @tls is in force; %FALSE leaves all as it was
 *
 * Since: 0.1
 */
gboolean
nebula_cluster_set_tls (NebulaCluster *self, NebulaTls *tls, GError **error)
{
  NebulaTls *old;
  gboolean warns;

  g_return_val_if_fail (NEBULA_IS_CLUSTER (self), FALSE);
  g_return_val_if_fail (error == NULL || *error == NULL, FALSE);

  if (tls != NULL && !check_server_names (self, tls, error))
    return FALSE;

  g_mutex_lock (&self->lock);
  old = self->tls;
  self->tls = tls != NULL ? nebula_tls_ref (tls) : NULL;
  warns = tls != NULL && nebula_tls_get_insecure (tls) && !self->has_warned;
  self->has_warned |= warns;
  g_atomic_int_inc (&self->tls_version);
  g_mutex_unlock (&self->lock);

  g_clear_pointer (&old, nebula_tls_unref);
  if (warns)
    g_message ("TLS without verification: whoever answers is taken for the server, and told user "
               "and password");
  return TRUE;
}

/* Changes whenever connections are to be made in another way. */
guint
nebula_cluster_get_tls_version (NebulaCluster *self)
{
  return g_atomic_int_get (&self->tls_version);
}

/* (transfer full): a closed channel to one of the endpoints */
NebulaChannel *
nebula_cluster_make_channel (NebulaCluster *self, NebulaEndpoint *endpoint)
{
  NebulaChannel *channel;

  g_mutex_lock (&self->lock);
  channel = self->tls != NULL ? nebula_tls_channel_new (endpoint->address, self->tls)
                              : nebula_socket_channel_new (endpoint->address);
  g_mutex_unlock (&self->lock);
  return channel;
}

GPtrArray *
nebula_cluster_get_endpoints (NebulaCluster *self)
{
  return self->endpoints;
}

NebulaSessionTable *
nebula_cluster_get_sessions (NebulaCluster *self)
{
  return self->sessions;
}

NebulaCredentialSource *
nebula_cluster_get_credentials (NebulaCluster *self)
{
  return self->credentials;
}

/**
 * nebula_cluster_get_budget:
 * @endpoint: the number of an endpoint; those that are not known share the last one's
 *
 * Returns: (transfer full): what pays for retries after its failures
 */
NebulaRetryBudget *
nebula_cluster_get_budget (NebulaCluster *self, guint endpoint)
{
  NebulaRetryBudget *budget;

  g_mutex_lock (&self->lock);
  budget = nebula_retry_budget_ref (self->budgets->pdata[MIN (endpoint, self->budgets->len - 1)]);
  g_mutex_unlock (&self->lock);
  return budget;
}

guint
nebula_cluster_get_policy_version (NebulaCluster *self)
{
  return g_atomic_int_get (&self->policy_version);
}

/* A seed for one interceptor: each draws from a sequence of its own, so that none waits. */
guint64
nebula_cluster_draw_seed (NebulaCluster *self)
{
  guint64 seed;

  g_mutex_lock (&self->lock);
  /* The step of splitmix64: an odd constant that reaches every 64-bit number. */
  self->seed += G_GUINT64_CONSTANT (0x9e3779b97f4a7c15);
  seed = self->seed;
  g_mutex_unlock (&self->lock);
  return seed;
}
