/* SPDX-License-Identifier: Apache-2.0 */
#include "nebula-cluster-private.h"

#include <nebula-interceptor/nebula-endpoint-state.h>

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

  NebulaEndpointSet *endpoints;        /* (owned), safe by itself */
  NebulaCredentialSource *credentials; /* (owned), safe by itself */
  NebulaSessionTable *sessions;        /* (owned), safe by itself */
  NebulaMethodTable *methods;          /* (owned), safe by itself */
  guint policy_version;                /* atomic; written under the lock */
  guint tls_version;                   /* atomic; written under the lock */

  GMutex lock;
  NebulaRetryPolicy *policy; /* (owned), guarded by the lock */
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

  g_clear_pointer (&self->endpoints, nebula_endpoint_set_free);
  g_clear_pointer (&self->sessions, nebula_session_table_free);
  g_clear_pointer (&self->methods, nebula_method_table_free);
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

static void
nebula_cluster_init (NebulaCluster *self)
{
  g_mutex_init (&self->lock);
  self->credentials = nebula_credential_source_new (self);
  self->sessions = nebula_session_table_new (self->credentials);
  self->methods = nebula_method_table_new ();
  self->policy = nebula_retry_policy_new ();
  self->endpoints = nebula_endpoint_set_new (self->policy);
  self->clock = g_object_ref (nebula_clock_get_system ());
  nebula_cluster_set_seed (self, ((guint64) g_random_int () << 32) | g_random_int ());
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
  g_autoptr (NebulaCluster) self = NULL;

  g_return_val_if_fail (endpoints != NULL, NULL);
  g_return_val_if_fail (error == NULL || *error == NULL, NULL);

  self = g_object_new (NEBULA_TYPE_CLUSTER, NULL);
  return nebula_endpoint_set_replace (self->endpoints, endpoints, error) ? g_steal_pointer (&self)
                                                                         : NULL;
}

/* The path of a Unix socket is no name that a certificate could have. */
static gboolean
check_server_name (NebulaTls *tls, const char *endpoint, GError **error)
{
  if (tls == NULL || nebula_tls_get_server_name (tls) != NULL || nebula_tls_get_insecure (tls)
      || !g_str_has_prefix (endpoint, "unix:"))
    return TRUE;
  g_set_error (error, NEBULA_ERROR, NEBULA_ERROR_INVALID_ARGUMENT,
               "TLS to the endpoint \"%s\": a Unix socket has no name for a certificate, "
               "expected a server name in the settings of TLS",
               endpoint);
  return FALSE;
}

/* Whether TLS, where it is on, will do for @endpoints. */
static gboolean
check_new_names (NebulaCluster *self, const char *endpoints, GError **error)
{
  g_autoptr (GPtrArray) list = nebula_endpoint_parse_list (endpoints, error);
  gboolean fit = list != NULL;

  g_mutex_lock (&self->lock);
  for (guint i = 0; fit && i < list->len; i++)
    fit = check_server_name (self->tls, ((NebulaEndpoint *) list->pdata[i])->name, error);
  g_mutex_unlock (&self->lock);
  return fit;
}

/**
 * nebula_cluster_set_endpoints:
 * @endpoints: (not nullable): the new list, as nebula_cluster_new() takes it
 * @error: return location of a %NEBULA_ERROR_INVALID_ARGUMENT that names the wrong entry
 *
 * Replaces the endpoints while calls are under way. What is known of an endpoint that is in both
 * lists, and its retry budget, stay. An interceptor that is connected to one that is not finishes
 * its call, and goes to another before the next. When the list is wrong nothing changes.
 *
 * Any thread.
 *
 * Returns: %FALSE with @error set when the list is wrong
 *
 * Since: 0.1
 */
gboolean
nebula_cluster_set_endpoints (NebulaCluster *self, const char *endpoints, GError **error)
{
  g_return_val_if_fail (NEBULA_IS_CLUSTER (self), FALSE);
  g_return_val_if_fail (endpoints != NULL, FALSE);
  g_return_val_if_fail (error == NULL || *error == NULL, FALSE);

  return check_new_names (self, endpoints, error)
         && nebula_endpoint_set_replace (self->endpoints, endpoints, error);
}

/**
 * nebula_cluster_get_endpoint_states:
 *
 * Tells what is known of the endpoints now: for a status page, a log, a health check. Any thread.
 *
 * Returns: (transfer full) (element-type NebulaEndpointState): one for each endpoint, in the order
 *   of the list
 *
 * Since: 0.1
 */
GPtrArray *
nebula_cluster_get_endpoint_states (NebulaCluster *self)
{
  g_autoptr (NebulaClock) clock = NULL;

  g_return_val_if_fail (NEBULA_IS_CLUSTER (self), NULL);

  clock = nebula_cluster_get_clock (self);
  return nebula_endpoint_set_get_states (self->endpoints, nebula_clock_get_now (clock));
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
  g_autoptr (NebulaRetryPolicy) old = NULL;

  g_return_if_fail (NEBULA_IS_CLUSTER (self));
  g_return_if_fail (NEBULA_IS_RETRY_POLICY (policy));

  g_mutex_lock (&self->lock);
  old = self->policy;
  self->policy = g_object_ref (policy);
  nebula_endpoint_set_set_policy (self->endpoints, policy);
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
  g_autoptr (NebulaClock) old = NULL;

  g_return_if_fail (NEBULA_IS_CLUSTER (self));
  g_return_if_fail (NEBULA_IS_CLOCK (clock));

  g_mutex_lock (&self->lock);
  old = self->clock;
  self->clock = g_object_ref (clock);
  g_mutex_unlock (&self->lock);
}

/**
 * nebula_cluster_set_seed:
 * @seed: any number
 *
 * Interceptors that are made from now on draw the same random numbers in each run, and the same
 * endpoints are chosen by chance; for tests. See #NebulaRetryPolicy:shuffle-endpoints.
 *
 * Since: 0.1
 */
void
nebula_cluster_set_seed (NebulaCluster *self, guint64 seed)
{
  g_return_if_fail (NEBULA_IS_CLUSTER (self));

  g_mutex_lock (&self->lock);
  self->seed = seed;
  nebula_endpoint_set_set_seed (self->endpoints, seed);
  g_mutex_unlock (&self->lock);
}

/* Whether @tls will do for all of the endpoints that there are. */
static gboolean
check_server_names (NebulaCluster *self, NebulaTls *tls, GError **error)
{
  g_autoptr (GPtrArray) states = nebula_endpoint_set_get_states (self->endpoints, 0);

  for (guint i = 0; i < states->len; i++)
    if (!check_server_name (tls, nebula_endpoint_state_get_name (states->pdata[i]), error))
      return FALSE;
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

  if (!check_server_names (self, tls, error))
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

/**
 * nebula_cluster_add_methods:
 * @methods: (not nullable) (array length=n_methods): copied
 * @n_methods: how many they are
 * @error: return location of a %NEBULA_ERROR_INVALID_ARGUMENT that says which method is wrong and
 *   why, or of a %NEBULA_ERROR_WRONG_STATE
 *
 * Tells of the methods of another service than graphd's: where their replies have a code, and which
 * of them may be called twice. All of them are added or none. Without it a negative number that is
 * a code of NebulaGraph's counts as one where field 1 of the reply has it, and nothing that may
 * have reached the server is called twice.
 *
 * To be called before the first call over this cluster; any thread.
 *
 * Returns: %FALSE with @error set
 *
 * Since: 0.1
 */
gboolean
nebula_cluster_add_methods (NebulaCluster *self,
                            const NebulaMethodInfo *methods,
                            gsize n_methods,
                            GError **error)
{
  g_return_val_if_fail (NEBULA_IS_CLUSTER (self), FALSE);
  g_return_val_if_fail (methods != NULL || n_methods == 0, FALSE);
  g_return_val_if_fail (error == NULL || *error == NULL, FALSE);

  return nebula_method_table_add (self->methods, methods, n_methods, error);
}

NebulaMethodTable *
nebula_cluster_get_methods (NebulaCluster *self)
{
  return self->methods;
}

NebulaEndpointSet *
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
