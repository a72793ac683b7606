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

/* A partial result is handed over at once: repeating the read loads the healthy servers again. */
#define PARTIAL_ATTEMPTS 1

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
struct _NebulaRetryPolicy
{
  GObject parent_instance;

  gboolean enabled;
  NebulaReplay replay;
  gboolean replay_after_timeout;
  GPtrArray *overrides; /* (owned) (nullable): NebulaOverride, in the order in which they are asked */
  NebulaServerVersion server_version;

  guint max_attempts;
  guint leader_attempts;
  guint memory_attempts;

  NebulaBackoff fast;
  NebulaBackoff slow;

  NebulaBudgetSettings budget;

  gint64 connect_timeout; /* microseconds, like all times here */
  gint64 attempt_timeout;
  gint64 total_timeout;

  /* What holds for each cause: filled when the object is constructed, constant afterwards. */
  struct
  {
    guint attempts;
    NebulaBackoff fast;
    NebulaBackoff slow;
  } causes[NEBULA_N_CAUSES];
};

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
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

/* Of a pace that allows no retry. */
static const NebulaBackoff no_backoff = { 0, 0, 1.0 };

G_DEFINE_ENUM_TYPE (NebulaReplay, nebula_replay,
                    G_DEFINE_ENUM_VALUE (NEBULA_REPLAY_NEVER, "never"),
                    G_DEFINE_ENUM_VALUE (NEBULA_REPLAY_READ_ONLY, "read-only"),
                    G_DEFINE_ENUM_VALUE (NEBULA_REPLAY_IDEMPOTENT, "idempotent"),
                    G_DEFINE_ENUM_VALUE (NEBULA_REPLAY_CONVERGENT, "convergent"),
                    G_DEFINE_ENUM_VALUE (NEBULA_REPLAY_ALWAYS, "always"))

G_DEFINE_FINAL_TYPE (NebulaRetryPolicy, nebula_retry_policy, G_TYPE_OBJECT)

static void
nebula_retry_policy_constructed (GObject *object)
{
  NebulaRetryPolicy *self = NEBULA_RETRY_POLICY (object);

  G_OBJECT_CLASS (nebula_retry_policy_parent_class)->constructed (object);

  for (guint cause = 0; cause < NEBULA_N_CAUSES; cause++)
    {
      self->causes[cause].attempts = self->max_attempts;
      self->causes[cause].fast = self->fast;
      self->causes[cause].slow = self->slow;
    }

  self->causes[NEBULA_CAUSE_LEADER].attempts = self->leader_attempts;
  self->causes[NEBULA_CAUSE_MEMORY].attempts = self->memory_attempts;
  self->causes[NEBULA_CAUSE_PARTIAL].attempts = PARTIAL_ATTEMPTS;
}

static gint64 *
find_time (NebulaRetryPolicy *self,
           guint prop_id)
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
    default:
      return NULL;
    }
}

static guint *
find_count (NebulaRetryPolicy *self,
            guint prop_id)
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
nebula_retry_policy_get_property (GObject *object,
                                  guint prop_id,
                                  GValue *value,
                                  GParamSpec *pspec)
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
  else if (prop_id == PROP_REPLAY)
    g_value_set_enum (value, self->replay);
  else if (prop_id == PROP_BUDGET)
    g_value_set_enum (value, self->budget.kind);
  else if (prop_id == PROP_MULTIPLIER)
    g_value_set_double (value, self->fast.multiplier);
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
  g_clear_pointer (&NEBULA_RETRY_POLICY (object)->overrides, g_ptr_array_unref);
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
  else if (prop_id == PROP_REPLAY)
    self->replay = g_value_get_enum (value);
  else if (prop_id == PROP_BUDGET)
    self->budget.kind = g_value_get_enum (value);
  else if (prop_id == PROP_MULTIPLIER)
    self->fast.multiplier = self->slow.multiplier = g_value_get_double (value);
  else if (prop_id == PROP_OVERRIDES)
    self->overrides = copy_overrides (g_value_get_boxed (value));
  else if (prop_id == PROP_SERVER_VERSION)
    set_server_version (self, g_value_get_string (value));
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
}

#define PROP_FLAGS \
  (G_PARAM_READWRITE | G_PARAM_CONSTRUCT_ONLY | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY)

/* Any time may be asked for: sums with it saturate. */
static GParamSpec *
time_spec (const char *name,
           gint64 default_value)
{
  return g_param_spec_int64 (name, NULL, NULL, 0, G_MAXINT64, default_value, PROP_FLAGS);
}

/* The first attempt counts too, so there is at least one. */
static GParamSpec *
count_spec (const char *name,
            guint default_value)
{
  return g_param_spec_uint (name, NULL, NULL, 1, G_MAXUINT, default_value, PROP_FLAGS);
}

static GParamSpec *
token_spec (const char *name,
            guint default_value)
{
  return g_param_spec_uint (name, NULL, NULL, 1, NEBULA_BUDGET_MAX_TOKENS, default_value,
                            PROP_FLAGS);
}

static void
init_budget_properties (void)
{
  /**
   * NebulaRetryPolicy:budget:
   *
   * How retries are kept from multiplying an outage. Each endpoint has a budget of its own, and
   * pays for what follows its failures.
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
  properties[PROP_MULTIPLIER]
      = g_param_spec_double ("multiplier", NULL, NULL, MIN_MULTIPLIER, MAX_MULTIPLIER,
                             DEFAULT_MULTIPLIER, PROP_FLAGS);

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
  properties[PROP_REPLAY_AFTER_TIMEOUT]
      = g_param_spec_boolean ("replay-after-timeout", NULL, NULL, FALSE, PROP_FLAGS);

  /**
   * NebulaRetryPolicy:overrides: (nullable) (type GPtrArray(NebulaOverride))
   *
   * Failures that mean something else than the tables of this library say; the first one that
   * matches counts.
   *
   * Since: 0.1
   */
  properties[PROP_OVERRIDES]
      = g_param_spec_boxed ("overrides", NULL, NULL, G_TYPE_PTR_ARRAY, PROP_FLAGS);

  /**
   * NebulaRetryPolicy:server-version:
   *
   * How old the servers are, as nebula_server_version_parse() reads it: the numbers of some errors
   * mean something else in old releases. A text that it refuses is a programming error and leaves
   * the default: numbers mean what they mean since 3.4.
   *
   * Since: 0.1
   */
  properties[PROP_SERVER_VERSION]
      = g_param_spec_string ("server-version", NULL, NULL, "3.4+", PROP_FLAGS);

  init_budget_properties ();
  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
nebula_retry_policy_init (NebulaRetryPolicy *self)
{
}

/**
 * nebula_retry_policy_new:
 *
 * Makes a policy with the defaults. For others use g_object_new() with the properties.
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

/**
 * nebula_retry_policy_get_enabled:
 * @self: a policy
 *
 * Gets #NebulaRetryPolicy:enabled. Safe in any thread, like all getters of this type.
 *
 * Returns: %TRUE unless failures are just handed over
 *
 * Since: 0.1
 */
gboolean
nebula_retry_policy_get_enabled (NebulaRetryPolicy *self)
{
  g_return_val_if_fail (NEBULA_IS_RETRY_POLICY (self), FALSE);

  return self->enabled;
}

/**
 * nebula_retry_policy_get_max_attempts:
 * @self: a policy
 * @cause: why the attempts fail
 *
 * Gets how many attempts a call may make that fail for @cause, the first one included. For a
 * value outside #NebulaCause it is what %NEBULA_CAUSE_UNKNOWN has.
 *
 * Returns: the number of attempts, at least 1
 *
 * Since: 0.1
 */
guint
nebula_retry_policy_get_max_attempts (NebulaRetryPolicy *self,
                                      NebulaCause cause)
{
  g_return_val_if_fail (NEBULA_IS_RETRY_POLICY (self), 1);

  return self->causes[MIN ((guint) cause, NEBULA_CAUSE_UNKNOWN)].attempts;
}

/* Private: how the waits of @cause grow at @pace; never NULL, lives as long as @self. INSTANT,
 * after its free try, is FAST. */
const NebulaBackoff *
nebula_retry_policy_get_cause_backoff (NebulaRetryPolicy *self,
                                       NebulaCause cause,
                                       NebulaPace pace)
{
  guint row = MIN ((guint) cause, NEBULA_CAUSE_UNKNOWN);

  switch (pace)
    {
    case NEBULA_PACE_INSTANT:
    case NEBULA_PACE_FAST:
      return &self->causes[row].fast;
    case NEBULA_PACE_SLOW:
      return &self->causes[row].slow;
    default:
      return &no_backoff;
    }
}

/**
 * nebula_retry_policy_get_backoff:
 * @self: a policy
 * @pace: how fast
 * @initial: (out) (optional): the longest first wait, in microseconds
 * @maximum: (out) (optional): the longest wait, in microseconds
 * @multiplier: (out) (optional): by how much the longest wait grows with each retry
 *
 * Gets how the waits at @pace grow where a cause has nothing of its own: before retry n, counted
 * from 0, the wait is a random part of min (@maximum, @initial * @multiplier ^ n). For
 * %NEBULA_PACE_INSTANT it is what holds after the first retry, which does not wait; for
 * %NEBULA_PACE_NONE and %NEBULA_PACE_PUSHBACK nothing: 0, 0 and 1.
 *
 * Since: 0.1
 */
void
nebula_retry_policy_get_backoff (NebulaRetryPolicy *self,
                                 NebulaPace pace,
                                 gint64 *initial,
                                 gint64 *maximum,
                                 double *multiplier)
{
  const NebulaBackoff *backoff;

  g_return_if_fail (NEBULA_IS_RETRY_POLICY (self));
  backoff = nebula_retry_policy_get_cause_backoff (self, NEBULA_CAUSE_NONE, pace);
  if (initial != NULL)
    *initial = backoff->initial;
  if (maximum != NULL)
    *maximum = backoff->maximum;
  if (multiplier != NULL)
    *multiplier = backoff->multiplier;
}

/**
 * nebula_retry_policy_get_connect_timeout:
 * @self: a policy
 *
 * Gets #NebulaRetryPolicy:connect-timeout.
 *
 * Returns: microseconds; 0 for as long as the attempt may take
 *
 * Since: 0.1
 */
gint64
nebula_retry_policy_get_connect_timeout (NebulaRetryPolicy *self)
{
  g_return_val_if_fail (NEBULA_IS_RETRY_POLICY (self), 0);

  return self->connect_timeout;
}

/**
 * nebula_retry_policy_get_attempt_timeout:
 * @self: a policy
 *
 * Gets #NebulaRetryPolicy:attempt-timeout.
 *
 * Returns: microseconds; 0 for as long as the call may still take
 *
 * Since: 0.1
 */
gint64
nebula_retry_policy_get_attempt_timeout (NebulaRetryPolicy *self)
{
  g_return_val_if_fail (NEBULA_IS_RETRY_POLICY (self), 0);

  return self->attempt_timeout;
}

/**
 * nebula_retry_policy_get_total_timeout:
 * @self: a policy
 *
 * Gets #NebulaRetryPolicy:total-timeout.
 *
 * Returns: microseconds; 0 for ever
 *
 * Since: 0.1
 */
gint64
nebula_retry_policy_get_total_timeout (NebulaRetryPolicy *self)
{
  g_return_val_if_fail (NEBULA_IS_RETRY_POLICY (self), 0);

  return self->total_timeout;
}

/**
 * nebula_retry_policy_get_replay:
 * @self: a policy
 *
 * Gets #NebulaRetryPolicy:replay.
 *
 * Returns: which statements may run again
 *
 * Since: 0.1
 */
NebulaReplay
nebula_retry_policy_get_replay (NebulaRetryPolicy *self)
{
  g_return_val_if_fail (NEBULA_IS_RETRY_POLICY (self), NEBULA_REPLAY_NEVER);

  return self->replay;
}

/**
 * nebula_retry_policy_get_replay_after_timeout:
 * @self: a policy
 *
 * Gets #NebulaRetryPolicy:replay-after-timeout.
 *
 * Returns: %TRUE when #NebulaRetryPolicy:replay also holds after the client's own time limit
 *
 * Since: 0.1
 */
gboolean
nebula_retry_policy_get_replay_after_timeout (NebulaRetryPolicy *self)
{
  g_return_val_if_fail (NEBULA_IS_RETRY_POLICY (self), FALSE);

  return self->replay_after_timeout;
}

/**
 * nebula_retry_policy_get_budget:
 * @self: a policy
 * @settings: (out caller-allocates): what the budget of an endpoint is made of
 *
 * Gets #NebulaRetryPolicy:budget and what belongs to it, for nebula_retry_budget_new(). The policy
 * itself holds no budget: it counts for many endpoints, and can be replaced while they run.
 *
 * Since: 0.1
 */
void
nebula_retry_policy_get_budget (NebulaRetryPolicy *self,
                                NebulaBudgetSettings *settings)
{
  g_return_if_fail (NEBULA_IS_RETRY_POLICY (self));
  g_return_if_fail (settings != NULL);

  *settings = self->budget;
}

/**
 * nebula_retry_policy_get_server_version:
 * @self: a policy
 *
 * Gets #NebulaRetryPolicy:server-version.
 *
 * Returns: the version, for #NebulaReplyFacts
 *
 * Since: 0.1
 */
NebulaServerVersion
nebula_retry_policy_get_server_version (NebulaRetryPolicy *self)
{
  g_return_val_if_fail (NEBULA_IS_RETRY_POLICY (self), NEBULA_SERVER_VERSION_DEFAULT);

  return self->server_version;
}

/**
 * nebula_retry_policy_interpret:
 * @self: a policy
 * @outcome: what an attempt came to
 *
 * Gets what @outcome means under this policy: what the first of #NebulaRetryPolicy:overrides that
 * matches makes of it, else @outcome itself.
 *
 * Returns: (transfer full): an outcome
 *
 * Since: 0.1
 */
NebulaOutcome *
nebula_retry_policy_interpret (NebulaRetryPolicy *self,
                               NebulaOutcome *outcome)
{
  g_return_val_if_fail (NEBULA_IS_RETRY_POLICY (self), NULL);
  g_return_val_if_fail (outcome != NULL, NULL);

  for (guint i = 0; self->overrides != NULL && i < self->overrides->len; i++)
    if (nebula_override_matches (self->overrides->pdata[i], outcome))
      return nebula_override_apply (self->overrides->pdata[i], outcome);

  return nebula_outcome_ref (outcome);
}
