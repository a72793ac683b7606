/* SPDX-License-Identifier: Apache-2.0 */
#include "nebula-pool-private.h"

#include "nebula-cluster-private.h"
#include "nebula-interceptor-private.h"

/**
 * NebulaPool:
 *
 * Interceptors that are connected and signed in with the credentials of a cluster, each handed out
 * to one thread at a time. They are made when somebody asks for one, up to
 * #NebulaPool:max-size; beyond that callers wait, and are served in the order in which they came.
 *
 * |[<!-- language="C" -->
 * g_autoptr (NebulaPoolLease) lease = nebula_pool_acquire (pool, G_TIME_SPAN_SECOND, NULL, &error);
 *
 * if (lease != NULL)
 *   my_graph_service_if_execute (nebula_pool_lease_get_stub (lease), &reply,
 *                                nebula_pool_lease_get_session_id (lease), statement, &error);
 * ]|
 *
 * All functions may be called from any thread. Disposing the pool closes it; leases that are out
 * stay good.
 */

/* As many as the connection pools of NebulaGraph's clients for other languages have. */
#define DEFAULT_MAX_SIZE 10

/* By then the interceptor would replace the connection anyway: NebulaInterceptor:idle-timeout. */
#define DEFAULT_IDLE_TIMEOUT (5 * 60 * G_TIME_SPAN_SECOND)

struct _NebulaPool
{
  GObject parent_instance;

  NebulaCluster *cluster;     /* (owned), constant */
  GType stub_type;            /* constant */
  char *space;                /* (owned) (nullable), constant */
  NebulaFraming framing;      /* constant */
  gint64 max_connection_age;  /* constant */
  NebulaPoolBounds bounds;    /* constant */
  NebulaPoolFactory *factory; /* (unowned): the queue's, constant */
  NebulaPoolQueue *queue;     /* (owned), safe by itself */
  GThreadPool *threads;       /* (owned), safe by itself: for functions that run, not for leases */
};

enum
{
  PROP_CLUSTER = 1,
  PROP_STUB_TYPE,
  PROP_SPACE,
  PROP_FRAMING,
  PROP_MIN_SIZE,
  PROP_MAX_SIZE,
  PROP_IDLE_TIMEOUT,
  PROP_MAX_CONNECTION_AGE,
};

G_DEFINE_FINAL_TYPE (NebulaPool, nebula_pool, G_TYPE_OBJECT)

static void
nebula_pool_constructed (GObject *object)
{
  NebulaPool *self = NEBULA_POOL (object);
  g_autoptr (NebulaClock) clock = NULL;

  G_OBJECT_CLASS (nebula_pool_parent_class)->constructed (object);

  /* Without one there is nothing to connect to, which is what acquiring then says. */
  if (self->cluster == NULL)
    self->cluster = nebula_cluster_new_without_endpoints ();
  clock = nebula_cluster_get_clock (self->cluster);
  self->factory = nebula_pool_factory_new (self->cluster, self->framing, self->max_connection_age,
                                           self->stub_type);
  self->queue = nebula_pool_queue_new (&nebula_pool_entry_driver, self->factory,
                                       (GDestroyNotify) nebula_pool_factory_free, clock,
                                       &self->bounds);
  /* Not exclusive: no thread is started before there is something to run, and so nothing can
   * fail. */
  self->threads = g_thread_pool_new (nebula_pool_run_work, NULL, (int) self->bounds.max_size, FALSE,
                                     NULL);
}

static void
nebula_pool_dispose (GObject *object)
{
  NebulaPool *self = NEBULA_POOL (object);

  nebula_pool_queue_close (self->queue);
  G_OBJECT_CLASS (nebula_pool_parent_class)->dispose (object);
}

static void
nebula_pool_finalize (GObject *object)
{
  NebulaPool *self = NEBULA_POOL (object);

  /* What runs holds a reference of the pool: the threads have nothing to do any more. */
  g_thread_pool_free (self->threads, FALSE, FALSE);
  g_clear_pointer (&self->queue, nebula_pool_queue_unref);
  g_clear_object (&self->cluster);
  g_free (self->space);
  G_OBJECT_CLASS (nebula_pool_parent_class)->finalize (object);
}

static void
nebula_pool_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  NebulaPool *self = NEBULA_POOL (object);

  switch (id)
    {
    case PROP_CLUSTER:
      g_value_set_object (value, self->cluster);
      break;
    case PROP_STUB_TYPE:
      g_value_set_gtype (value, self->stub_type);
      break;
    case PROP_SPACE:
      g_value_set_string (value, self->space);
      break;
    case PROP_FRAMING:
      g_value_set_enum (value, self->framing);
      break;
    case PROP_MIN_SIZE:
      g_value_set_uint (value, self->bounds.min_size);
      break;
    case PROP_MAX_SIZE:
      g_value_set_uint (value, self->bounds.max_size);
      break;
    case PROP_IDLE_TIMEOUT:
      g_value_set_int64 (value, self->bounds.idle_timeout);
      break;
    case PROP_MAX_CONNECTION_AGE:
      g_value_set_int64 (value, self->max_connection_age);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

/* No name is no space. */
static char *
dup_space (const char *space)
{
  return space != NULL && *space != '\0' ? g_strdup (space) : NULL;
}

static void
nebula_pool_set_property (GObject *object, guint id, const GValue *value, GParamSpec *pspec)
{
  NebulaPool *self = NEBULA_POOL (object);

  switch (id)
    {
    case PROP_CLUSTER:
      self->cluster = g_value_dup_object (value);
      break;
    case PROP_STUB_TYPE:
      self->stub_type = g_value_get_gtype (value);
      break;
    case PROP_SPACE:
      self->space = dup_space (g_value_get_string (value));
      break;
    case PROP_FRAMING:
      self->framing = g_value_get_enum (value);
      break;
    case PROP_MIN_SIZE:
      self->bounds.min_size = g_value_get_uint (value);
      break;
    case PROP_MAX_SIZE:
      self->bounds.max_size = g_value_get_uint (value);
      break;
    case PROP_IDLE_TIMEOUT:
      self->bounds.idle_timeout = g_value_get_int64 (value);
      break;
    case PROP_MAX_CONNECTION_AGE:
      self->max_connection_age = g_value_get_int64 (value);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
install_content_properties (GObjectClass *klass)
{
  const GParamFlags once = G_PARAM_READWRITE | G_PARAM_CONSTRUCT_ONLY | G_PARAM_STATIC_STRINGS;

  /**
   * NebulaPool:cluster: (not nullable)
   *
   * Whose endpoints, policy, credentials and clock are used.
   *
   * Since: 0.1
   */
  g_object_class_install_property (
    klass, PROP_CLUSTER, g_param_spec_object ("cluster", NULL, NULL, NEBULA_TYPE_CLUSTER, once));

  /**
   * NebulaPool:stub-type:
   *
   * The type of the stubs: a client that Thrift's c_glib generator wrote, with the properties
   * `input_protocol` and `output_protocol`. %G_TYPE_NONE for none.
   *
   * Since: 0.1
   */
  g_object_class_install_property (klass, PROP_STUB_TYPE,
                                   g_param_spec_gtype ("stub-type", NULL, NULL, G_TYPE_NONE, once));

  /**
   * NebulaPool:space: (nullable)
   *
   * The space in which nebula_pool_acquire() hands sessions out; %NULL or empty for none.
   *
   * Since: 0.1
   */
  g_object_class_install_property (klass, PROP_SPACE,
                                   g_param_spec_string ("space", NULL, NULL, NULL, once));

  /**
   * NebulaPool:framing:
   *
   * #NebulaInterceptor:framing of the interceptors.
   *
   * Since: 0.1
   */
  g_object_class_install_property (
    klass, PROP_FRAMING,
    g_param_spec_enum ("framing", NULL, NULL, NEBULA_TYPE_FRAMING, NEBULA_FRAMING_FRAMED, once));

  /**
   * NebulaPool:max-connection-age:
   *
   * #NebulaInterceptor:max-connection-age of the interceptors. Only the connection is replaced:
   * interceptor and session stay.
   *
   * Since: 0.1
   */
  g_object_class_install_property (
    klass, PROP_MAX_CONNECTION_AGE,
    g_param_spec_int64 ("max-connection-age", NULL, NULL, 0, G_MAXINT64, 0, once));
}

static void
install_size_properties (GObjectClass *klass)
{
  const GParamFlags once = G_PARAM_READWRITE | G_PARAM_CONSTRUCT_ONLY | G_PARAM_STATIC_STRINGS;

  /**
   * NebulaPool:min-size:
   *
   * So many interceptors are kept however long they are idle. None is made before somebody asks for
   * it, or for all of them with nebula_pool_fill(). More than #NebulaPool:max-size keeps all.
   *
   * Since: 0.1
   */
  g_object_class_install_property (
    klass, PROP_MIN_SIZE, g_param_spec_uint ("min-size", NULL, NULL, 0, G_MAXINT, 0, once));

  /**
   * NebulaPool:max-size:
   *
   * There are never more interceptors, nor sessions, at the same time.
   *
   * Since: 0.1
   */
  g_object_class_install_property (klass, PROP_MAX_SIZE,
                                   g_param_spec_uint ("max-size", NULL, NULL, 1, G_MAXINT,
                                                      DEFAULT_MAX_SIZE, once));

  /**
   * NebulaPool:idle-timeout:
   *
   * An interceptor that was idle for so many microseconds is signed out and closed, if there are
   * more than #NebulaPool:min-size. It is looked for when a lease is given back, and by
   * nebula_pool_retire_idle(): the pool has no thread for it.
   *
   * Since: 0.1
   */
  g_object_class_install_property (klass, PROP_IDLE_TIMEOUT,
                                   g_param_spec_int64 ("idle-timeout", NULL, NULL, 1, G_MAXINT64,
                                                       DEFAULT_IDLE_TIMEOUT, once));
}

static void
nebula_pool_class_init (NebulaPoolClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->constructed = nebula_pool_constructed;
  object_class->dispose = nebula_pool_dispose;
  object_class->finalize = nebula_pool_finalize;
  object_class->get_property = nebula_pool_get_property;
  object_class->set_property = nebula_pool_set_property;
  install_content_properties (object_class);
  install_size_properties (object_class);
}

static void
nebula_pool_init (NebulaPool *self)
{
}

/**
 * nebula_pool_new:
 * @cluster: (not nullable): with credentials: see nebula_cluster_set_credentials()
 *
 * Makes a pool without stubs, with the default sizes and no space. For others use g_object_new()
 * with the properties. Nothing is connected yet.
 *
 * Returns: (transfer full): a new pool
 *
 * Since: 0.1
 */
NebulaPool *
nebula_pool_new (NebulaCluster *cluster)
{
  g_return_val_if_fail (NEBULA_IS_CLUSTER (cluster), NULL);

  return g_object_new (NEBULA_TYPE_POOL, "cluster", cluster, NULL);
}

/* Whether it is a client as Thrift's generator writes them. */
static gboolean
takes_protocols (GType stub_type)
{
  g_autoptr (GTypeClass) klass = NULL;
  GObjectClass *object_class;

  if (!G_TYPE_IS_OBJECT (stub_type) || G_TYPE_IS_ABSTRACT (stub_type))
    return FALSE;
  klass = g_type_class_ref (stub_type);
  object_class = G_OBJECT_CLASS (klass);
  return g_object_class_find_property (object_class, "input_protocol") != NULL
         && g_object_class_find_property (object_class, "output_protocol") != NULL;
}

/**
 * nebula_pool_new_for_stub_type:
 * @cluster: (not nullable): with credentials: see nebula_cluster_set_credentials()
 * @stub_type: see #NebulaPool:stub-type; anything without the two properties is a critical
 *
 * As nebula_pool_new(), and each interceptor carries a stub.
 *
 * Returns: (transfer full): a new pool
 *
 * Since: 0.1
 */
NebulaPool *
nebula_pool_new_for_stub_type (NebulaCluster *cluster, GType stub_type)
{
  g_return_val_if_fail (NEBULA_IS_CLUSTER (cluster), NULL);
  g_return_val_if_fail (takes_protocols (stub_type), NULL);

  return g_object_new (NEBULA_TYPE_POOL, "cluster", cluster, "stub-type", stub_type, NULL);
}

/**
 * nebula_pool_get_cluster:
 *
 * Returns: (transfer none): its cluster
 *
 * Since: 0.1
 */
NebulaCluster *
nebula_pool_get_cluster (NebulaPool *self)
{
  g_return_val_if_fail (NEBULA_IS_POOL (self), NULL);

  return self->cluster;
}

/**
 * nebula_pool_set_stub_func:
 * @func: (nullable): makes stubs; %NULL for those of #NebulaPool:stub-type
 * @user_data: for @func
 * @destroy: (nullable): frees @user_data when no thread uses it any more
 *
 * Interceptors that are made from now on get their stub from @func; those that exist keep theirs.
 *
 * Since: 0.1
 */
void
nebula_pool_set_stub_func (NebulaPool *self,
                           NebulaPoolStubFunc func,
                           gpointer user_data,
                           GDestroyNotify destroy)
{
  g_return_if_fail (NEBULA_IS_POOL (self));

  nebula_pool_factory_set_stub_func (self->factory, func, user_data, destroy);
}

/**
 * nebula_pool_retire_idle:
 *
 * Signs out and closes interceptors that have been idle for #NebulaPool:idle-timeout, and ends
 * waits whose time is over by the cluster's clock. A program that may stop using the pool for hours
 * calls it now and then, for example by g_timeout_add_seconds(). Takes up to 3 seconds when a
 * server does not answer.
 *
 * Since: 0.1
 */
void
nebula_pool_retire_idle (NebulaPool *self)
{
  g_return_if_fail (NEBULA_IS_POOL (self));

  nebula_pool_queue_tidy (self->queue);
}

/**
 * nebula_pool_close:
 *
 * Ends the pool: whoever waits gets %NEBULA_ERROR_WRONG_STATE, and so does who asks from now on.
 * Idle sessions are signed out, which takes up to 3 seconds when a server does not answer. Leases
 * that are out stay good; their sessions are signed out when they are freed. May be repeated.
 *
 * Since: 0.1
 */
void
nebula_pool_close (NebulaPool *self)
{
  g_return_if_fail (NEBULA_IS_POOL (self));

  nebula_pool_queue_close (self->queue);
}

/**
 * nebula_pool_get_n_idle:
 *
 * Returns: how many interceptors can be handed out at once
 *
 * Since: 0.1
 */
guint
nebula_pool_get_n_idle (NebulaPool *self)
{
  NebulaPoolCounts counts;

  g_return_val_if_fail (NEBULA_IS_POOL (self), 0);

  nebula_pool_queue_count (self->queue, &counts);
  return counts.n_idle;
}

/**
 * nebula_pool_get_n_in_use:
 *
 * Returns: how many interceptors are leased, or just being connected or closed
 *
 * Since: 0.1
 */
guint
nebula_pool_get_n_in_use (NebulaPool *self)
{
  NebulaPoolCounts counts;

  g_return_val_if_fail (NEBULA_IS_POOL (self), 0);

  nebula_pool_queue_count (self->queue, &counts);
  return counts.n_in_use;
}

/**
 * nebula_pool_get_n_waiting:
 *
 * Returns: how many callers wait for an interceptor, nebula_pool_run_async() included
 *
 * Since: 0.1
 */
guint
nebula_pool_get_n_waiting (NebulaPool *self)
{
  NebulaPoolCounts counts;

  g_return_val_if_fail (NEBULA_IS_POOL (self), 0);

  nebula_pool_queue_count (self->queue, &counts);
  return counts.n_waiting;
}

NebulaPoolQueue *
nebula_pool_get_queue (NebulaPool *self)
{
  return self->queue;
}

const char *
nebula_pool_get_space (NebulaPool *self)
{
  return self->space;
}

void
nebula_pool_push_run (NebulaPool *self, gpointer run)
{
  g_thread_pool_push (self->threads, run, NULL);
}
