/* SPDX-License-Identifier: Apache-2.0 */
#include "nebula-retry-policy-private.h"

/* Three retries outlast a blip; a fault that outlasts them is an outage, where more attempts only
 * add load. */
#define DEFAULT_MAX_ATTEMPTS 4

/* graphd corrects its leader cache one partition a failed try, and a space commonly has 10
 * partitions or more on a host that went away: four attempts would give up half way. */
#define DEFAULT_LEADER_ATTEMPTS 10

/* A server that is out of memory may be so because of this very statement. Once more, in case it
 * was another's; not a third time, or one heavy query visits every host. */
#define DEFAULT_MEMORY_ATTEMPTS 2

/* FAST: a raft election or a broken connection is over within milliseconds to a second. */
#define DEFAULT_FAST_INITIAL (10 * G_TIME_SPAN_MILLISECOND)
#define DEFAULT_FAST_MAXIMUM (1 * G_TIME_SPAN_SECOND)

/* SLOW: an overloaded or starting server needs seconds; asking sooner makes it worse. The cap
 * is the interval of the heartbeat by which NebulaGraph's servers learn about each other. */
#define DEFAULT_SLOW_INITIAL (1 * G_TIME_SPAN_SECOND)
#define DEFAULT_SLOW_MAXIMUM (10 * G_TIME_SPAN_SECOND)

/* Doubling: the usual compromise; the time lost is at most the time the fault lasted anyway. */
#define DEFAULT_MULTIPLIER 2.0

/* From a microsecond to a second in one step, or back: beyond that a step says nothing new. */
#define MIN_MULTIPLIER 1e-6
#define MAX_MULTIPLIER 1e6

/* One lost SYN is sent again after 1 s, a second one after 3 s: a host that has not answered by
 * then will most likely not answer at all. */
#define DEFAULT_CONNECT_TIMEOUT (3 * G_TIME_SPAN_SECOND)

/* 0: an attempt may take what is left of the call. A limit of its own would end slow but healthy
 * statements, which then still run on the server. */
#define DEFAULT_ATTEMPT_TIMEOUT 0

/* One storage time-out inside graphd alone costs 60 s: twice that leaves room for a retry. */
#define DEFAULT_TOTAL_TIMEOUT (120 * G_TIME_SPAN_SECOND)

/* An endpoint that failed is left alone for about as long as a process needs to start again, and
 * at most so long that a host that is back is used again within half a minute. */
#define DEFAULT_ENDPOINT_PAUSE (1 * G_TIME_SPAN_SECOND)
#define DEFAULT_ENDPOINT_MAXIMUM_PAUSE (30 * G_TIME_SPAN_SECOND)

/* The figures of the AWS SDKs' standard retries: 35 retries for the start of a fault, and
 * afterwards one for 14 successes; up to 1 failure in 5 nothing is refused. */
#define DEFAULT_BUDGET_CAPACITY 500
#define DEFAULT_BUDGET_COST 14

/* Of the throttle: the tokenRatio 0.1 that gRPC's own examples have. */
#define DEFAULT_BUDGET_REFILL 100

/**
 * NebulaRetryPolicy:
 *
 * What may be tried again, how often and how fast. All properties are set when the object is
 * made and never change: to change a policy, make another. The defaults are meant to be used.
 *
 * Every cause has a limit of attempts of its own, #NebulaRetryPolicy:max-attempts where nothing
 * else is said, and a call ends at the latest after the largest limit among the causes it met.
 *
 * Safe in any thread.
 *
 * Since: 0.1
 */

enum
{
  PROP_0,
  PROP_ENABLED,
  PROP_MAX_ATTEMPTS,
  PROP_LEADER_ATTEMPTS,
  PROP_MEMORY_ATTEMPTS,
  PROP_FAST_INITIAL,
  PROP_FAST_MAXIMUM,
  PROP_SLOW_INITIAL,
  PROP_SLOW_MAXIMUM,
  PROP_MULTIPLIER,
  PROP_JITTER,
  PROP_CONNECT_TIMEOUT,
  PROP_ATTEMPT_TIMEOUT,
  PROP_TOTAL_TIMEOUT,
  PROP_REPLAY,
  PROP_REPLAY_AFTER_TIMEOUT,
  PROP_OVERRIDES,
  PROP_BUDGET,
  PROP_BUDGET_CAPACITY,
  PROP_BUDGET_COST,
  PROP_BUDGET_REFILL,
  PROP_SERVER_VERSION,
  PROP_ENDPOINT_PAUSE,
  PROP_ENDPOINT_MAXIMUM_PAUSE,
  PROP_SHUFFLE_ENDPOINTS,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

G_DEFINE_FINAL_TYPE (NebulaRetryPolicy, nebula_retry_policy, G_TYPE_OBJECT)

static void
nebula_retry_policy_constructed (GObject *object)
{
  NebulaRetryPolicy *self = NEBULA_RETRY_POLICY (object);

  G_OBJECT_CLASS (nebula_retry_policy_parent_class)->constructed (object);

  self->renew_session = TRUE;
  self->replay_space = TRUE;
  self->repeat_handshake = TRUE;
  self->jitter_said = TRUE;
  nebula_retry_policy_settle (self);
}

static gint64 *
find_time (NebulaRetryPolicy *self, guint prop_id)
{
  switch (prop_id)
    {
    case PROP_FAST_INITIAL:
      return &self->fast.initial;
    case PROP_FAST_MAXIMUM:
      return &self->fast.maximum;
    case PROP_SLOW_INITIAL:
      return &self->slow.initial;
    case PROP_SLOW_MAXIMUM:
      return &self->slow.maximum;
    case PROP_CONNECT_TIMEOUT:
      return &self->connect_timeout;
    case PROP_ATTEMPT_TIMEOUT:
      return &self->attempt_timeout;
    case PROP_TOTAL_TIMEOUT:
      return &self->total_timeout;
    case PROP_ENDPOINT_PAUSE:
      return &self->endpoint_pause;
    case PROP_ENDPOINT_MAXIMUM_PAUSE:
      return &self->endpoint_maximum_pause;
    default:
      return NULL;
    }
}

static guint *
find_count (NebulaRetryPolicy *self, guint prop_id)
{
  switch (prop_id)
    {
    case PROP_MAX_ATTEMPTS:
      return &self->max_attempts;
    case PROP_LEADER_ATTEMPTS:
      return &self->leader_attempts;
    case PROP_MEMORY_ATTEMPTS:
      return &self->memory_attempts;
    case PROP_BUDGET_CAPACITY:
      return &self->budget.capacity;
    case PROP_BUDGET_COST:
      return &self->budget.cost;
    case PROP_BUDGET_REFILL:
      return &self->budget.refill;
    default:
      return NULL;
    }
}

static void
nebula_retry_policy_get_property (GObject *object, guint prop_id, GValue *value, GParamSpec *pspec)
{
  NebulaRetryPolicy *self = NEBULA_RETRY_POLICY (object);
  gint64 *time = find_time (self, prop_id);
  guint *count = find_count (self, prop_id);

  if (time != NULL)
    g_value_set_int64 (value, *time);
  else if (count != NULL)
    g_value_set_uint (value, *count);
  else if (prop_id == PROP_ENABLED)
    g_value_set_boolean (value, self->enabled);
  else if (prop_id == PROP_REPLAY_AFTER_TIMEOUT)
    g_value_set_boolean (value, self->replay_after_timeout);
  else if (prop_id == PROP_SHUFFLE_ENDPOINTS)
    g_value_set_boolean (value, self->shuffle_endpoints);
  else if (prop_id == PROP_REPLAY)
    g_value_set_enum (value, self->replay);
  else if (prop_id == PROP_BUDGET)
    g_value_set_enum (value, self->budget.kind);
  else if (prop_id == PROP_MULTIPLIER)
    g_value_set_double (value, self->fast.multiplier);
  else if (prop_id == PROP_JITTER)
    g_value_set_enum (value, self->jitter);
  else if (prop_id == PROP_OVERRIDES)
    g_value_set_boxed (value, self->overrides);
  else if (prop_id == PROP_SERVER_VERSION)
    g_value_take_string (value, nebula_server_version_to_string (self->server_version));
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
}

/* A copy, so that what the caller does to his array changes no policy. */
static GPtrArray *
copy_overrides (GPtrArray *overrides)
{
  GPtrArray *copy;

  if (overrides == NULL)
    return NULL;
  copy = g_ptr_array_new_with_free_func ((GDestroyNotify) nebula_override_unref);
  for (guint i = 0; i < overrides->len; i++)
    g_ptr_array_add (copy, nebula_override_ref (overrides->pdata[i]));
  return copy;
}

/* Properties cannot fail: who takes the text from somewhere else parses it first. */
static void
set_server_version (NebulaRetryPolicy *self, const char *text)
{
  g_autoptr (GError) error = NULL;

  if (text != NULL && !nebula_server_version_parse (text, &self->server_version, &error))
    g_critical ("server-version: %s", error->message);
}

static void
nebula_retry_policy_finalize (GObject *object)
{
  NebulaRetryPolicy *self = NEBULA_RETRY_POLICY (object);

  g_clear_pointer (&self->overrides, g_ptr_array_unref);
  g_clear_pointer (&self->methods, g_ptr_array_unref);
  g_clear_pointer (&self->warnings, g_ptr_array_unref);
  G_OBJECT_CLASS (nebula_retry_policy_parent_class)->finalize (object);
}

static void
nebula_retry_policy_set_property (GObject *object,
                                  guint prop_id,
                                  const GValue *value,
                                  GParamSpec *pspec)
{
  NebulaRetryPolicy *self = NEBULA_RETRY_POLICY (object);
  gint64 *time = find_time (self, prop_id);
  guint *count = find_count (self, prop_id);

  if (time != NULL)
    *time = g_value_get_int64 (value);
  else if (count != NULL)
    *count = g_value_get_uint (value);
  else if (prop_id == PROP_ENABLED)
    self->enabled = g_value_get_boolean (value);
  else if (prop_id == PROP_REPLAY_AFTER_TIMEOUT)
    self->replay_after_timeout = g_value_get_boolean (value);
  else if (prop_id == PROP_SHUFFLE_ENDPOINTS)
    self->shuffle_endpoints = g_value_get_boolean (value);
  else if (prop_id == PROP_REPLAY)
    self->replay = g_value_get_enum (value);
  else if (prop_id == PROP_BUDGET)
    self->budget.kind = g_value_get_enum (value);
  else if (prop_id == PROP_MULTIPLIER)
    self->fast.multiplier = self->slow.multiplier = g_value_get_double (value);
  else if (prop_id == PROP_JITTER)
    self->jitter = g_value_get_enum (value);
  else if (prop_id == PROP_OVERRIDES)
    self->overrides = copy_overrides (g_value_get_boxed (value));
  else if (prop_id == PROP_SERVER_VERSION)
    set_server_version (self, g_value_get_string (value));
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
}

#define PROP_FLAGS                                                                                 \
  (G_PARAM_READWRITE | G_PARAM_CONSTRUCT_ONLY | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY)

/* Any time may be asked for: sums with it saturate. */
static GParamSpec *
time_spec (const char *name, gint64 default_value)
{
  return g_param_spec_int64 (name, NULL, NULL, 0, G_MAXINT64, default_value, PROP_FLAGS);
}

/* The first attempt counts too, so there is at least one. */
static GParamSpec *
count_spec (const char *name, guint default_value)
{
  return g_param_spec_uint (name, NULL, NULL, 1, G_MAXUINT, default_value, PROP_FLAGS);
}

static GParamSpec *
token_spec (const char *name, guint default_value)
{
  return g_param_spec_uint (name, NULL, NULL, 1, NEBULA_BUDGET_MAX_TOKENS, default_value,
                            PROP_FLAGS);
}

static void
init_endpoint_properties (void)
{
  /**
   * NebulaRetryPolicy:endpoint-pause:
   *
   * How long an endpoint that failed is set aside the first time, in microseconds; each failure
   * that follows without a success between doubles it. 0 sets no endpoint aside.
   *
   * Since: 0.1
   */
  properties[PROP_ENDPOINT_PAUSE] = time_spec ("endpoint-pause", DEFAULT_ENDPOINT_PAUSE);

  /**
   * NebulaRetryPolicy:endpoint-maximum-pause:
   *
   * The longest time that an endpoint is set aside, in microseconds; it wins over a larger first
   * one.
   *
   * Since: 0.1
   */
  properties[PROP_ENDPOINT_MAXIMUM_PAUSE] = time_spec ("endpoint-maximum-pause",
                                                       DEFAULT_ENDPOINT_MAXIMUM_PAUSE);

  /**
   * NebulaRetryPolicy:shuffle-endpoints:
   *
   * Whether chance says where in the list of endpoints a cluster begins, so that many processes
   * that have the same list do not all begin with its first endpoint. From there on endpoints take
   * turns in the order of the list, and chance says again where the next round begins. Without it a
   * cluster begins with the first, and goes on with the next.
   *
   * Since: 0.1
   */
  properties[PROP_SHUFFLE_ENDPOINTS]
    = g_param_spec_boolean ("shuffle-endpoints", NULL, NULL, TRUE, PROP_FLAGS);
}

static void
init_budget_properties (void)
{
  /**
   * NebulaRetryPolicy:budget:
   *
   * How retries are kept from multiplying an outage. With %NEBULA_BUDGET_LEASE each endpoint has a
   * budget of its own, and pays for what follows its failures; %NEBULA_BUDGET_THROTTLE is one for
   * all endpoints of a cluster.
   *
   * Since: 0.1
   */
  properties[PROP_BUDGET] = g_param_spec_enum ("budget", NULL, NULL, NEBULA_TYPE_BUDGET_KIND,
                                               NEBULA_BUDGET_LEASE, PROP_FLAGS);

  /**
   * NebulaRetryPolicy:budget-capacity:
   *
   * How many tokens the bucket holds; gRPC's `maxTokens`.
   *
   * Since: 0.1
   */
  properties[PROP_BUDGET_CAPACITY] = token_spec ("budget-capacity", DEFAULT_BUDGET_CAPACITY);

  /**
   * NebulaRetryPolicy:budget-cost:
   *
   * What a retry costs under %NEBULA_BUDGET_LEASE, in tokens. For %NEBULA_CAUSE_LEADER and
   * %NEBULA_CAUSE_PARTITION it is always 1.
   *
   * Since: 0.1
   */
  properties[PROP_BUDGET_COST] = token_spec ("budget-cost", DEFAULT_BUDGET_COST);

  /**
   * NebulaRetryPolicy:budget-refill:
   *
   * What a success adds under %NEBULA_BUDGET_THROTTLE, in thousandths of a token: gRPC's
   * `tokenRatio`, times 1000.
   *
   * Since: 0.1
   */
  properties[PROP_BUDGET_REFILL] = token_spec ("budget-refill", DEFAULT_BUDGET_REFILL);
}

static void
nebula_retry_policy_class_init (NebulaRetryPolicyClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->constructed = nebula_retry_policy_constructed;
  object_class->finalize = nebula_retry_policy_finalize;
  object_class->get_property = nebula_retry_policy_get_property;
  object_class->set_property = nebula_retry_policy_set_property;

  /**
   * NebulaRetryPolicy:enabled:
   *
   * Whether anything is done about a failure. If not, a lost session is not renewed either.
   *
   * Since: 0.1
   */
  properties[PROP_ENABLED] = g_param_spec_boolean ("enabled", NULL, NULL, TRUE, PROP_FLAGS);

  /**
   * NebulaRetryPolicy:max-attempts:
   *
   * How many attempts one cause may take, the first included, those never sent left out.
   *
   * Since: 0.1
   */
  properties[PROP_MAX_ATTEMPTS] = count_spec ("max-attempts", DEFAULT_MAX_ATTEMPTS);

  /**
   * NebulaRetryPolicy:leader-attempts:
   *
   * Instead of #NebulaRetryPolicy:max-attempts for %NEBULA_CAUSE_LEADER.
   *
   * Since: 0.1
   */
  properties[PROP_LEADER_ATTEMPTS] = count_spec ("leader-attempts", DEFAULT_LEADER_ATTEMPTS);

  /**
   * NebulaRetryPolicy:memory-attempts:
   *
   * Instead of #NebulaRetryPolicy:max-attempts for %NEBULA_CAUSE_MEMORY.
   *
   * Since: 0.1
   */
  properties[PROP_MEMORY_ATTEMPTS] = count_spec ("memory-attempts", DEFAULT_MEMORY_ATTEMPTS);

  /**
   * NebulaRetryPolicy:fast-initial:
   *
   * The longest wait before the first retry of a cause at %NEBULA_PACE_FAST, in microseconds.
   *
   * Since: 0.1
   */
  properties[PROP_FAST_INITIAL] = time_spec ("fast-initial", DEFAULT_FAST_INITIAL);

  /**
   * NebulaRetryPolicy:fast-maximum:
   *
   * The longest wait at %NEBULA_PACE_FAST, in microseconds; it wins over a larger initial one.
   *
   * Since: 0.1
   */
  properties[PROP_FAST_MAXIMUM] = time_spec ("fast-maximum", DEFAULT_FAST_MAXIMUM);

  /**
   * NebulaRetryPolicy:slow-initial:
   *
   * The longest wait before the first retry of a cause at %NEBULA_PACE_SLOW, in microseconds.
   *
   * Since: 0.1
   */
  properties[PROP_SLOW_INITIAL] = time_spec ("slow-initial", DEFAULT_SLOW_INITIAL);

  /**
   * NebulaRetryPolicy:slow-maximum:
   *
   * The longest wait at %NEBULA_PACE_SLOW, in microseconds; it wins over a larger initial one.
   *
   * Since: 0.1
   */
  properties[PROP_SLOW_MAXIMUM] = time_spec ("slow-maximum", DEFAULT_SLOW_MAXIMUM);

  /**
   * NebulaRetryPolicy:multiplier:
   *
   * By how much a wait may be longer than the one before. Below 1 waits become shorter.
   *
   * Since: 0.1
   */
  properties[PROP_MULTIPLIER] = g_param_spec_double (
    "multiplier", NULL, NULL, MIN_MULTIPLIER, MAX_MULTIPLIER, DEFAULT_MULTIPLIER, PROP_FLAGS);

  /**
   * NebulaRetryPolicy:jitter:
   *
   * How chance changes a wait.
   *
   * Since: 0.1
   */
  properties[PROP_JITTER] = g_param_spec_enum ("jitter", NULL, NULL, NEBULA_TYPE_JITTER,
                                               NEBULA_JITTER_FULL, PROP_FLAGS);

  /**
   * NebulaRetryPolicy:connect-timeout:
   *
   * How long making a connection may take, in microseconds; 0 for as long as the attempt may.
   *
   * Since: 0.1
   */
  properties[PROP_CONNECT_TIMEOUT] = time_spec ("connect-timeout", DEFAULT_CONNECT_TIMEOUT);

  /**
   * NebulaRetryPolicy:attempt-timeout:
   *
   * How long one attempt may take, in microseconds; 0 for as long as the call may still take.
   *
   * Since: 0.1
   */
  properties[PROP_ATTEMPT_TIMEOUT] = time_spec ("attempt-timeout", DEFAULT_ATTEMPT_TIMEOUT);

  /**
   * NebulaRetryPolicy:total-timeout:
   *
   * How long a call may take with all its attempts and waits, in microseconds; 0 for ever.
   *
   * Since: 0.1
   */
  properties[PROP_TOTAL_TIMEOUT] = time_spec ("total-timeout", DEFAULT_TOTAL_TIMEOUT);

  /**
   * NebulaRetryPolicy:replay:
   *
   * Which statements may run again when the first run may have been applied. Memory exhaustion
   * always needs a statement that is %NEBULA_STATEMENT_READ_ONLY.
   *
   * Since: 0.1
   */
  properties[PROP_REPLAY] = g_param_spec_enum ("replay", NULL, NULL, NEBULA_TYPE_REPLAY,
                                               NEBULA_REPLAY_IDEMPOTENT, PROP_FLAGS);

  /**
   * NebulaRetryPolicy:replay-after-timeout:
   *
   * Whether #NebulaRetryPolicy:replay also holds after the client's own time limit ended an
   * attempt. That attempt may still run on the server and land after the caller's next write, so
   * that without this only what is %NEBULA_STATEMENT_READ_ONLY runs again.
   *
   * Since: 0.1
   */
  properties[PROP_REPLAY_AFTER_TIMEOUT] = g_param_spec_boolean ("replay-after-timeout", NULL, NULL,
                                                                FALSE, PROP_FLAGS);

  /**
   * NebulaRetryPolicy:overrides: (type GPtrArray(NebulaOverride))
   *
   * Failures that mean something else than the tables of this library say; the first one that
   * matches counts. %NULL for none.
   *
   * Since: 0.1
   */
  properties[PROP_OVERRIDES] = g_param_spec_boxed ("overrides", NULL, NULL, G_TYPE_PTR_ARRAY,
                                                   PROP_FLAGS);

  /**
   * NebulaRetryPolicy:server-version:
   *
   * How old the servers are, as nebula_server_version_parse() reads it: the numbers of some errors
   * mean something else in old releases. A text that it refuses is a programming error and leaves
   * the default: numbers mean what they mean since 3.4.
   *
   * Since: 0.1
   */
  properties[PROP_SERVER_VERSION] = g_param_spec_string ("server-version", NULL, NULL, "3.4+",
                                                         PROP_FLAGS);

  init_budget_properties ();
  init_endpoint_properties ();
  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
nebula_retry_policy_init (NebulaRetryPolicy *self)
{
  self->warnings = g_ptr_array_new_with_free_func (g_free);
}

/**
 * nebula_retry_policy_new:
 *
 * Makes a policy with the defaults. For others use g_object_new() with the properties, or
 * nebula_retry_policy_new_from_file().
 *
 * Returns: (transfer full): a new policy
 *
 * Since: 0.1
 */
NebulaRetryPolicy *
nebula_retry_policy_new (void)
{
  return g_object_new (NEBULA_TYPE_RETRY_POLICY, NULL);
}
