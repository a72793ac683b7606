/* SPDX-License-Identifier: Apache-2.0 */
#include "nebula-interceptor-private.h"
#include "nebula-transport-channel-private.h"

/**
 * NebulaInterceptor:
 *
 * A #ThriftTransport that goes where a ThriftFramedTransport went: under a ThriftBinaryProtocol
 * (strict, as it is by default), over sockets of its own or over a transport of yours.
 *
 * Nothing is sent before the stub flushes. The first byte that the stub reads waits for the whole
 * reply, and for all further attempts. A failure that graphd answered reaches the stub as the reply
 * it is, unless #NebulaInterceptor:surface-errors says otherwise; any other is a #GError in
 * %NEBULA_ERROR, with what nebula_error_get_outcome() and nebula_error_get_attempts() tell.
 *
 * One thread at a time; one stub at a time.
 */

/* Frames up to this size by default: far above what a graphd answers sensibly, and what a decoder
 * that builds an object for each value can hold. */
#define FRAME_SIZE_LIMIT (256u * 1024 * 1024)

/* Apache Thrift's own recommendation, and deeper than any value graphd makes. */
#define DEPTH_LIMIT 64

/* Less than any idle limit on the way (graphd closes after 8 hours, firewalls after minutes). */
#define IDLE_LIMIT (5 * 60 * G_TIME_SPAN_SECOND)

enum
{
  PROP_CLUSTER = 1,
  PROP_TRANSPORT,
  PROP_CONFIGURATION,
  PROP_CANCELLABLE,
  PROP_MAX_FRAME_SIZE,
  PROP_MAX_DEPTH,
  PROP_IDLE_TIMEOUT,
  PROP_MAX_CONNECTION_AGE,
  PROP_VALIDATE,
  PROP_SURFACE_ERRORS,
  PROP_SERVICE,
  PROP_SIGN_OUT_ON_CLOSE,
  PROP_FRAMING,
};

G_DEFINE_FINAL_TYPE (NebulaInterceptor, nebula_interceptor, THRIFT_TYPE_TRANSPORT)
G_DEFINE_ENUM_TYPE (NebulaSurfaceErrors, nebula_surface_errors,
                    G_DEFINE_ENUM_VALUE (NEBULA_SURFACE_REPLIES, "replies"),
                    G_DEFINE_ENUM_VALUE (NEBULA_SURFACE_ERRORS, "errors"))
G_DEFINE_ENUM_TYPE (NebulaService, nebula_service,
                    G_DEFINE_ENUM_VALUE (NEBULA_SERVICE_AUTO, "auto"),
                    G_DEFINE_ENUM_VALUE (NEBULA_SERVICE_GRAPH, "graph"),
                    G_DEFINE_ENUM_VALUE (NEBULA_SERVICE_OTHER, "other"))

static NebulaChannel *
make_transport_channel (gpointer user_data)
{
  return nebula_transport_channel_new (user_data);
}

/* The limits of a ThriftConfiguration bind too: the base class only stores it. */
static void
apply_configuration (NebulaInterceptor *self)
{
  ThriftConfiguration *limits = self->configuration;
  NebulaConnection *connection = &self->stream.call.connection;

  if (limits == NULL)
    return;
  connection->framer.max_frame_size = MIN (connection->framer.max_frame_size,
                                    (guint) MAX (limits->maxFrameSize_, 1));
  connection->framer.max_frame_size = MIN (connection->framer.max_frame_size,
                                    (guint) MAX (limits->maxMessageSize_, 1));
  self->stream.call.max_depth = MIN (self->stream.call.max_depth,
                                     (guint) MAX (limits->recursionLimit_, 1));
}

static void
nebula_interceptor_constructed (GObject *object)
{
  NebulaInterceptor *self = NEBULA_INTERCEPTOR (object);
  g_autoptr (NebulaCluster) cluster = g_steal_pointer (&self->stream.call.cluster);

  G_OBJECT_CLASS (nebula_interceptor_parent_class)->constructed (object);

  if (cluster == NULL)
    cluster = nebula_cluster_new_without_endpoints ();
  nebula_call_set_cluster (&self->stream.call, cluster);
  apply_configuration (self);
  if (self->transport != NULL)
    {
      self->stream.call.factory = make_transport_channel;
      self->stream.call.factory_data = self->transport;
      self->stream.call.n_endpoints = 1;
    }
}

static void
nebula_interceptor_dispose (GObject *object)
{
  NebulaInterceptor *self = NEBULA_INTERCEPTOR (object);

  nebula_interceptor_set_attempt_func (self, NULL, NULL, NULL);
  nebula_interceptor_set_outcome_func (self, NULL, NULL, NULL);
  nebula_interceptor_leave (self);
  nebula_stream_close (&self->stream, NULL);
  G_OBJECT_CLASS (nebula_interceptor_parent_class)->dispose (object);
}

static void
nebula_interceptor_finalize (GObject *object)
{
  NebulaInterceptor *self = NEBULA_INTERCEPTOR (object);

  nebula_call_clear (&self->stream.call);
  g_clear_object (&self->transport);
  g_clear_object (&self->configuration);
  G_OBJECT_CLASS (nebula_interceptor_parent_class)->finalize (object);
}

static void
nebula_interceptor_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  NebulaInterceptor *self = NEBULA_INTERCEPTOR (object);

  switch (id)
    {
    case PROP_CLUSTER:
      g_value_set_object (value, self->stream.call.cluster);
      break;
    case PROP_TRANSPORT:
      g_value_set_object (value, self->transport);
      break;
    case PROP_CONFIGURATION:
      g_value_set_object (value, self->configuration);
      break;
    case PROP_CANCELLABLE:
      g_value_set_object (value, self->stream.call.cancellable);
      break;
    case PROP_MAX_FRAME_SIZE:
      g_value_set_uint (value, self->stream.call.connection.framer.max_frame_size);
      break;
    case PROP_MAX_DEPTH:
      g_value_set_uint (value, self->stream.call.max_depth);
      break;
    case PROP_IDLE_TIMEOUT:
      g_value_set_int64 (value, self->stream.call.connection.idle_timeout);
      break;
    case PROP_MAX_CONNECTION_AGE:
      g_value_set_int64 (value, self->stream.call.max_connection_age);
      break;
    case PROP_VALIDATE:
      g_value_set_boolean (value, self->stream.call.validate);
      break;
    case PROP_SURFACE_ERRORS:
      g_value_set_enum (value, self->stream.call.surface);
      break;
    case PROP_SERVICE:
      g_value_set_enum (value, self->stream.call.service);
      break;
    case PROP_SIGN_OUT_ON_CLOSE:
      g_value_set_boolean (value, self->sign_out_on_close);
      break;
    case PROP_FRAMING:
      g_value_set_enum (value, self->stream.call.connection.framer.framing);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
nebula_interceptor_set_property (GObject *object, guint id, const GValue *value, GParamSpec *pspec)
{
  NebulaInterceptor *self = NEBULA_INTERCEPTOR (object);

  switch (id)
    {
    case PROP_CLUSTER:
      self->stream.call.cluster = g_value_dup_object (value);
      break;
    case PROP_TRANSPORT:
      self->transport = g_value_dup_object (value);
      break;
    case PROP_CONFIGURATION:
      self->configuration = g_value_dup_object (value);
      break;
    case PROP_CANCELLABLE:
      g_set_object (&self->stream.call.cancellable, g_value_get_object (value));
      break;
    case PROP_MAX_FRAME_SIZE:
      self->stream.call.connection.framer.max_frame_size = g_value_get_uint (value);
      apply_configuration (self);
      break;
    case PROP_MAX_DEPTH:
      self->stream.call.max_depth = g_value_get_uint (value);
      apply_configuration (self);
      break;
    case PROP_IDLE_TIMEOUT:
      self->stream.call.connection.idle_timeout = g_value_get_int64 (value);
      break;
    case PROP_MAX_CONNECTION_AGE:
      self->stream.call.max_connection_age = g_value_get_int64 (value);
      break;
    case PROP_VALIDATE:
      self->stream.call.validate = g_value_get_boolean (value);
      break;
    case PROP_SURFACE_ERRORS:
      self->stream.call.surface = g_value_get_enum (value);
      break;
    case PROP_SERVICE:
      self->stream.call.service = g_value_get_enum (value);
      break;
    case PROP_SIGN_OUT_ON_CLOSE:
      self->sign_out_on_close = g_value_get_boolean (value);
      break;
    case PROP_FRAMING:
      nebula_framer_set_framing (&self->stream.call.connection.framer, g_value_get_enum (value));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
install_connection_properties (GObjectClass *klass)
{
  const GParamFlags once = G_PARAM_READWRITE | G_PARAM_CONSTRUCT_ONLY | G_PARAM_STATIC_STRINGS;

  /**
   * NebulaInterceptor:cluster: (nullable)
   *
   * Whose endpoints, policy and sessions are used. %NULL makes a private one with the default
   * policy.
   *
   * Since: 0.1
   */
  g_object_class_install_property (
    klass, PROP_CLUSTER,
    g_param_spec_object ("cluster", NULL, NULL, NEBULA_TYPE_CLUSTER, once));

  /**
   * NebulaInterceptor:transport: (nullable)
   *
   * A stream of bytes to graphd that is used instead of own sockets: a ThriftSocket, a
   * ThriftSSLSocket. It is closed and opened again after a failure.
   *
   * Since: 0.1
   */
  g_object_class_install_property (
    klass, PROP_TRANSPORT,
    g_param_spec_object ("transport", NULL, NULL, THRIFT_TYPE_TRANSPORT, once));

  /**
   * NebulaInterceptor:configuration: (nullable)
   *
   * Limits as other Thrift transports take them; the lower of each limit and of the property here
   * counts.
   *
   * Since: 0.1
   */
  g_object_class_install_property (
    klass, PROP_CONFIGURATION,
    g_param_spec_object ("configuration", NULL, NULL, THRIFT_TYPE_CONFIGURATION, once));
}

static void
install_peer_properties (GObjectClass *klass)
{
  /**
   * NebulaInterceptor:service:
   *
   * Which service is at the other end.
   *
   * Since: 0.1
   */
  g_object_class_install_property (
    klass, PROP_SERVICE,
    g_param_spec_enum ("service", NULL, NULL, NEBULA_TYPE_SERVICE, NEBULA_SERVICE_AUTO,
                       G_PARAM_READWRITE | G_PARAM_CONSTRUCT | G_PARAM_STATIC_STRINGS));

  /**
   * NebulaInterceptor:framing:
   *
   * What goes around messages on the wire. The transport under the interceptor, when there is one,
   * must not frame them itself.
   *
   * Since: 0.1
   */
  g_object_class_install_property (
    klass, PROP_FRAMING,
    g_param_spec_enum ("framing", NULL, NULL, NEBULA_TYPE_FRAMING, NEBULA_FRAMING_FRAMED,
                       G_PARAM_READWRITE | G_PARAM_CONSTRUCT_ONLY | G_PARAM_STATIC_STRINGS));
}

static void
install_call_properties (GObjectClass *klass)
{
  const GParamFlags any = G_PARAM_READWRITE | G_PARAM_CONSTRUCT | G_PARAM_STATIC_STRINGS;

  /**
   * NebulaInterceptor:cancellable: (nullable)
   *
   * Ends a call that is under way, from any thread.
   *
   * Since: 0.1
   */
  g_object_class_install_property (
    klass, PROP_CANCELLABLE,
    g_param_spec_object ("cancellable", NULL, NULL, G_TYPE_CANCELLABLE, any));

  /**
   * NebulaInterceptor:max-frame-size:
   *
   * The largest request and reply in bytes; a larger one is an error, and memory for a reply is
   * taken only as its bytes come.
   *
   * Since: 0.1
   */
  g_object_class_install_property (
    klass, PROP_MAX_FRAME_SIZE,
    g_param_spec_uint ("max-frame-size", NULL, NULL, 1, G_MAXINT32, FRAME_SIZE_LIMIT, any));

  /**
   * NebulaInterceptor:max-depth:
   *
   * How deep values in a reply may nest.
   *
   * Since: 0.1
   */
  g_object_class_install_property (
    klass, PROP_MAX_DEPTH,
    g_param_spec_uint ("max-depth", NULL, NULL, 1, NEBULA_REPLY_MAX_DEPTH, DEPTH_LIMIT, any));
}

static void
install_age_properties (GObjectClass *klass)
{
  const GParamFlags any = G_PARAM_READWRITE | G_PARAM_CONSTRUCT | G_PARAM_STATIC_STRINGS;

  /**
   * NebulaInterceptor:idle-timeout:
   *
   * A connection that was idle for so many microseconds is replaced before it is used again.
   *
   * Since: 0.1
   */
  g_object_class_install_property (
    klass, PROP_IDLE_TIMEOUT,
    g_param_spec_int64 ("idle-timeout", NULL, NULL, 1, G_MAXINT64, IDLE_LIMIT, any));

  /**
   * NebulaInterceptor:max-connection-age:
   *
   * After so many microseconds, 10 % more or less by chance, a connection is replaced before the
   * next call sends anything, by one to the endpoint whose turn it is; 0, the default, for never.
   * Connections made from now on have it, but not those of a transport of the user's.
   *
   * Since: 0.1
   */
  g_object_class_install_property (
    klass, PROP_MAX_CONNECTION_AGE,
    g_param_spec_int64 ("max-connection-age", NULL, NULL, 0, G_MAXINT64, 0, any));
}

static void
install_session_properties (GObjectClass *klass)
{
  const GParamFlags any = G_PARAM_READWRITE | G_PARAM_CONSTRUCT | G_PARAM_STATIC_STRINGS;

  /**
   * NebulaInterceptor:sign-out-on-close:
   *
   * Whether to close the transport, or to drop it, signs out the sessions that the stub got through
   * it and nobody signed out. Off by default: an id may be in use elsewhere. Those of
   * nebula_interceptor_sign_in() always are.
   *
   * A session that is not signed out stays at graphd for hours, and a user has 300 of them. Signing
   * out is tried as long as a connect may take, for all sessions together; what fails is not
   * reported. It is a call too, and the last report is of it afterwards.
   *
   * Since: 0.1
   */
  g_object_class_install_property (
    klass, PROP_SIGN_OUT_ON_CLOSE,
    g_param_spec_boolean ("sign-out-on-close", NULL, NULL, FALSE, any));
}

static void
install_reply_properties (GObjectClass *klass)
{
  const GParamFlags any = G_PARAM_READWRITE | G_PARAM_CONSTRUCT | G_PARAM_STATIC_STRINGS;

  /**
   * NebulaInterceptor:validate:
   *
   * Whether each reply is checked before the stub decodes it. Without, a damaged reply can crash
   * the stub.
   *
   * Since: 0.1
   */
  g_object_class_install_property (
    klass, PROP_VALIDATE, g_param_spec_boolean ("validate", NULL, NULL, TRUE, any));

  /**
   * NebulaInterceptor:surface-errors:
   *
   * How a failure that graphd answered is handed over.
   *
   * Since: 0.1
   */
  g_object_class_install_property (
    klass, PROP_SURFACE_ERRORS,
    g_param_spec_enum ("surface-errors", NULL, NULL, NEBULA_TYPE_SURFACE_ERRORS,
                       NEBULA_SURFACE_REPLIES, any));
}

static void
nebula_interceptor_class_init (NebulaInterceptorClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->constructed = nebula_interceptor_constructed;
  object_class->dispose = nebula_interceptor_dispose;
  object_class->finalize = nebula_interceptor_finalize;
  object_class->get_property = nebula_interceptor_get_property;
  object_class->set_property = nebula_interceptor_set_property;
  nebula_interceptor_install_transport (THRIFT_TRANSPORT_CLASS (klass));
  install_connection_properties (object_class);
  install_peer_properties (object_class);
  install_call_properties (object_class);
  install_age_properties (object_class);
  install_session_properties (object_class);
  install_reply_properties (object_class);
}

static void
nebula_interceptor_init (NebulaInterceptor *self)
{
  nebula_call_init (&self->stream.call);
}

/**
 * nebula_interceptor_new:
 * @cluster: (not nullable): whose endpoints, policy and sessions are used
 *
 * Nothing is connected before thrift_transport_open().
 *
 * Returns: (transfer full): a new transport
 *
 * Since: 0.1
 */
NebulaInterceptor *
nebula_interceptor_new (NebulaCluster *cluster)
{
  g_return_val_if_fail (NEBULA_IS_CLUSTER (cluster), NULL);

  return g_object_new (NEBULA_TYPE_INTERCEPTOR, "cluster", cluster, NULL);
}

/**
 * nebula_interceptor_new_for_endpoints:
 * @endpoints: (not nullable): as nebula_cluster_new() takes them
 * @error: return location of a %NEBULA_ERROR_INVALID_ARGUMENT
 *
 * For a program with one interceptor: it gets a cluster of its own.
 *
 * Returns: (transfer full) (nullable): a new transport
 *
 * Since: 0.1
 */
NebulaInterceptor *
nebula_interceptor_new_for_endpoints (const char *endpoints, GError **error)
{
  g_autoptr (NebulaCluster) cluster = nebula_cluster_new (endpoints, error);

  return cluster != NULL ? nebula_interceptor_new (cluster) : NULL;
}

/**
 * nebula_interceptor_new_for_transport:
 * @transport: (not nullable): a stream of bytes to graphd, open or not
 *
 * For a program that makes its own connections. What such a transport has handed on nobody can
 * know: any failure after the first written byte counts as "may have been applied".
 *
 * Returns: (transfer full): a new transport on top of @transport
 *
 * Since: 0.1
 */
NebulaInterceptor *
nebula_interceptor_new_for_transport (ThriftTransport *transport)
{
  g_return_val_if_fail (THRIFT_IS_TRANSPORT (transport), NULL);

  return g_object_new (NEBULA_TYPE_INTERCEPTOR, "transport", transport, NULL);
}

/**
 * nebula_interceptor_get_cluster:
 *
 * Returns: (transfer none): its cluster
 *
 * Since: 0.1
 */
NebulaCluster *
nebula_interceptor_get_cluster (NebulaInterceptor *self)
{
  g_return_val_if_fail (NEBULA_IS_INTERCEPTOR (self), NULL);

  return self->stream.call.cluster;
}

/**
 * nebula_interceptor_set_cancellable:
 * @cancellable: (nullable): ends the calls from now on when it is cancelled
 *
 * To be called between two calls, in the interceptor's thread; cancelling is free in any thread.
 *
 * Since: 0.1
 */
void
nebula_interceptor_set_cancellable (NebulaInterceptor *self, GCancellable *cancellable)
{
  g_return_if_fail (NEBULA_IS_INTERCEPTOR (self));

  g_object_set (self, "cancellable", cancellable, NULL);
}

/**
 * nebula_interceptor_set_deadline:
 * @deadline: when the calls from now on have to end, in microseconds of the cluster's clock, which
 *   is g_get_monotonic_time() unless nebula_cluster_set_clock() was called; %G_MAXINT64 for never
 *
 * For a program that has to answer by a certain time itself: the limits of the policy hold too, and
 * the one that comes first counts. A call that begins after it fails, and sends nothing. It holds
 * until it is set again. To be called between two calls, in the interceptor's thread.
 *
 * Since: 0.1
 */
void
nebula_interceptor_set_deadline (NebulaInterceptor *self, gint64 deadline)
{
  g_return_if_fail (NEBULA_IS_INTERCEPTOR (self));

  self->stream.call.caller_deadline = deadline;
}

/**
 * nebula_interceptor_get_last_report:
 *
 * Returns: (transfer full) (nullable): what happened in the last call; %NULL before the first
 *
 * Since: 0.1
 */
NebulaCallReport *
nebula_interceptor_get_last_report (NebulaInterceptor *self)
{
  g_return_val_if_fail (NEBULA_IS_INTERCEPTOR (self), NULL);

  return nebula_call_get_report (&self->stream.call);
}
