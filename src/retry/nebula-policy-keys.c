/* SPDX-License-Identifier: Apache-2.0 */
#include "nebula-policy-reader-private.h"

#include <string.h>

/* What may stand under `nebula`, but for overrides. */

#define AT(field) .offset = G_STRUCT_OFFSET (NebulaRetryPolicy, field)

static const char *
jitter_word (int value)
{
  static const char *const words[] = { "none", "full", "equal", "proportional", "decorrelated" };

  return (guint) value < G_N_ELEMENTS (words) ? words[value] : "?";
}

static const char *
replay_word (int value)
{
  static const char *const words[] = { "never", "read-only", "idempotent", "convergent", "always" };

  return (guint) value < G_N_ELEMENTS (words) ? words[value] : "?";
}

static const char *
budget_word (int value)
{
  static const char *const words[] = { "none", "lease", "throttle" };

  return (guint) value < G_N_ELEMENTS (words) ? words[value] : "?";
}

static const char *
partial_word (int value)
{
  static const char *const words[] = { "return", "retry" };

  return (guint) value < G_N_ELEMENTS (words) ? words[value] : "?";
}

static const char *
unknown_code_word (int value)
{
  static const char *const words[] = { "FATAL", "RETRYABLE" };

  return (guint) value < G_N_ELEMENTS (words) ? words[value] : "?";
}

static const NebulaField jitter_field = { "jitter", NEBULA_FIELD_WORD, AT (jitter),
                                          .word = jitter_word };

static void
read_jitter (NebulaPolicyReader *reader, JsonNode *node, const char *path, gpointer base)
{
  NebulaRetryPolicy *policy = base;

  nebula_policy_read_value (reader, node, path, &jitter_field, policy);
  policy->jitter_said = TRUE;
}

static void
write_jitter (JsonBuilder *builder, const char *key, gconstpointer base)
{
  const NebulaRetryPolicy *policy = base;

  /* To print what nobody said would replace gRPC's jitter when it is read again. */
  if (!policy->jitter_said)
    return;
  json_builder_set_member_name (builder, key);
  json_builder_add_string_value (builder, jitter_word (policy->jitter));
}

static void
read_version (NebulaPolicyReader *reader, JsonNode *node, const char *path, gpointer base)
{
  NebulaRetryPolicy *policy = base;
  const char *text = json_node_get_value_type (node) == G_TYPE_STRING ? json_node_get_string (node)
                                                                      : NULL;

  if (text == NULL || !nebula_server_version_parse (text, &policy->server_version, NULL))
    nebula_policy_reader_wrong (reader, path, node, "is no version",
                                "\"MAJOR.MINOR\", \"MAJOR.MINOR.PATCH\" or \"3.4+\"");
}

static void
write_version (JsonBuilder *builder, const char *key, gconstpointer base)
{
  const NebulaRetryPolicy *policy = base;
  g_autofree char *text = nebula_server_version_to_string (policy->server_version);

  json_builder_set_member_name (builder, key);
  json_builder_add_string_value (builder, text);
}

/* Calls @read for each member of @node that @general has or that is a cause, general ones first. */
static void
read_by_cause (NebulaPolicyReader *reader,
               JsonNode *node,
               const char *path,
               const char *const *general,
               void (*read) (NebulaPolicyReader *reader,
                             JsonNode *node,
                             const char *path,
                             const char *key,
                             NebulaRetryPolicy *policy),
               NebulaRetryPolicy *policy)
{
  JsonObject *object = nebula_policy_read_object (reader, node, path, TRUE);
  g_autoptr (GPtrArray) known = g_ptr_array_new ();

  if (object == NULL)
    return;
  for (guint i = 0; general[i] != NULL; i++)
    g_ptr_array_add (known, (gpointer) general[i]);
  /* No failure has the cause "none". */
  for (int cause = 1; cause < NEBULA_N_CAUSES; cause++)
    g_ptr_array_add (known, (gpointer) nebula_policy_cause_word (cause));
  for (guint i = 0; i < known->len; i++)
    {
      JsonNode *member = json_object_get_member (object, known->pdata[i]);
      g_autofree char *at = nebula_policy_path (path, known->pdata[i]);

      if (member != NULL)
        read (reader, member, at, known->pdata[i], policy);
    }

  nebula_policy_reader_check_keys (reader, object, path, known, "this is no cause");
}

static void
read_count_of_cause (NebulaPolicyReader *reader,
                     JsonNode *node,
                     const char *path,
                     const char *key,
                     NebulaRetryPolicy *policy)
{
  static const NebulaField field = { "attempts", NEBULA_FIELD_COUNT, .minimum = 1 };
  int cause = nebula_policy_find_word (nebula_policy_cause_word, key);
  guint count = 0;

  nebula_policy_read_value (reader, node, path, &field, &count);
  if (count == 0)
    return;
  if (cause < 0)
    policy->max_attempts = count;
  else
    policy->causes[cause].said_attempts = count;
  if (cause == NEBULA_CAUSE_LEADER)
    policy->leader_attempts = count;
  if (cause == NEBULA_CAUSE_MEMORY)
    policy->memory_attempts = count;
}

static void
read_attempts (NebulaPolicyReader *reader, JsonNode *node, const char *path, gpointer base)
{
  static const char *const general[] = { "default", NULL };

  read_by_cause (reader, node, path, general, read_count_of_cause, base);
}

static void
write_attempts (JsonBuilder *builder, const char *key, gconstpointer base)
{
  const NebulaRetryPolicy *policy = base;
  gboolean rules = nebula_retry_policy_has_retry_policy (policy);

  json_builder_set_member_name (builder, key);
  json_builder_begin_object (builder);
  json_builder_set_member_name (builder, "default");
  json_builder_add_int_value (builder, policy->max_attempts);
  for (int cause = 1; cause < NEBULA_N_CAUSES; cause++)
    {
      /* To print what nobody said would replace gRPC's when it is read again. */
      gboolean own = !rules && (cause == NEBULA_CAUSE_LEADER || cause == NEBULA_CAUSE_MEMORY);

      if (policy->causes[cause].said_attempts == 0 && !own)
        continue;
      json_builder_set_member_name (builder, nebula_policy_cause_word (cause));
      json_builder_add_int_value (builder, policy->causes[cause].attempts);
    }
  json_builder_end_object (builder);
}

static void
read_backoff_of_cause (NebulaPolicyReader *reader,
                       JsonNode *node,
                       const char *path,
                       const char *key,
                       NebulaRetryPolicy *policy)
{
  int cause = nebula_policy_find_word (nebula_policy_cause_word, key);
  NebulaBackoff backoff = policy->fast;

  if (cause < 0)
    {
      nebula_policy_read_fields (reader, node, path, nebula_policy_backoff_fields,
                                 strcmp (key, "slow") == 0 ? &policy->slow : &policy->fast);
      return;
    }
  nebula_policy_read_fields (reader, node, path, nebula_policy_backoff_fields, &backoff);
  policy->causes[cause].said_backoff = TRUE;
  policy->causes[cause].fast = backoff;
  policy->causes[cause].slow = backoff;
}

static void
read_backoff (NebulaPolicyReader *reader, JsonNode *node, const char *path, gpointer base)
{
  static const char *const general[] = { "fast", "slow", NULL };

  read_by_cause (reader, node, path, general, read_backoff_of_cause, base);
}

static void
write_one_backoff (JsonBuilder *builder, const char *key, const NebulaBackoff *backoff)
{
  json_builder_set_member_name (builder, key);
  json_builder_begin_object (builder);
  nebula_policy_write_fields (builder, nebula_policy_backoff_fields, backoff);
  json_builder_end_object (builder);
}

static void
write_backoff (JsonBuilder *builder, const char *key, gconstpointer base)
{
  const NebulaRetryPolicy *policy = base;

  json_builder_set_member_name (builder, key);
  json_builder_begin_object (builder);
  write_one_backoff (builder, "fast", &policy->fast);
  write_one_backoff (builder, "slow", &policy->slow);
  for (int cause = 1; cause < NEBULA_N_CAUSES; cause++)
    if (policy->causes[cause].said_backoff)
      write_one_backoff (builder, nebula_policy_cause_word (cause), &policy->causes[cause].fast);
  json_builder_end_object (builder);
}

const NebulaField nebula_policy_backoff_fields[] = {
  { "initial", NEBULA_FIELD_DURATION, .offset = G_STRUCT_OFFSET (NebulaBackoff, initial) },
  { "maximum", NEBULA_FIELD_DURATION, .offset = G_STRUCT_OFFSET (NebulaBackoff, maximum) },
  { "multiplier", NEBULA_FIELD_NUMBER, .offset = G_STRUCT_OFFSET (NebulaBackoff, multiplier) },
  { .key = NULL },
};

static const NebulaField timeouts_fields[] = {
  { "connect", NEBULA_FIELD_DURATION, AT (connect_timeout) },
  { "attempt", NEBULA_FIELD_DURATION, AT (attempt_timeout) },
  { "total", NEBULA_FIELD_DURATION, AT (total_timeout) },
  { .key = NULL },
};

static const NebulaField session_fields[] = {
  { "renew", NEBULA_FIELD_BOOLEAN, AT (renew_session) },
  { "replaySpace", NEBULA_FIELD_BOOLEAN, AT (replay_space) },
  { "handshake", NEBULA_FIELD_BOOLEAN, AT (repeat_handshake) },
  { .key = NULL },
};

#define TOKENS .minimum = 1, .maximum = NEBULA_BUDGET_MAX_TOKENS

static const NebulaField budget_fields[] = {
  { "kind", NEBULA_FIELD_WORD, AT (budget.kind), .word = budget_word },
  { "capacity", NEBULA_FIELD_COUNT, AT (budget.capacity), TOKENS },
  { "cost", NEBULA_FIELD_COUNT, AT (budget.cost), TOKENS },
  { "refill", NEBULA_FIELD_COUNT, AT (budget.refill), TOKENS },
  { .key = NULL },
};

static const NebulaField endpoints_fields[] = {
  { "pause", NEBULA_FIELD_DURATION, AT (endpoint_pause) },
  { "maximumPause", NEBULA_FIELD_DURATION, AT (endpoint_maximum_pause) },
  { "shuffle", NEBULA_FIELD_BOOLEAN, AT (shuffle_endpoints) },
  { .key = NULL },
};

const NebulaField nebula_policy_nebula_fields[] = {
  { "enabled", NEBULA_FIELD_BOOLEAN, AT (enabled) },
  { "serverVersion", NEBULA_FIELD_CUSTOM, .read = read_version, .write = write_version },
  { "replay", NEBULA_FIELD_WORD, AT (replay), .word = replay_word },
  { "replayAfterTimeout", NEBULA_FIELD_BOOLEAN, AT (replay_after_timeout) },
  { "partial", NEBULA_FIELD_WORD, AT (retry_partial), .word = partial_word },
  { "unknownCode", NEBULA_FIELD_WORD, AT (retry_unknown_codes), .word = unknown_code_word },
  { "timeouts", NEBULA_FIELD_OBJECT, .fields = timeouts_fields },
  { "attempts", NEBULA_FIELD_CUSTOM, .read = read_attempts, .write = write_attempts },
  { "backoff", NEBULA_FIELD_CUSTOM, .read = read_backoff, .write = write_backoff },
  { "jitter", NEBULA_FIELD_CUSTOM, .read = read_jitter, .write = write_jitter },
  { "session", NEBULA_FIELD_OBJECT, .fields = session_fields },
  { "budget", NEBULA_FIELD_OBJECT, .fields = budget_fields },
  { "endpoints", NEBULA_FIELD_OBJECT, .fields = endpoints_fields },
  { "messages", NEBULA_FIELD_CUSTOM, .read = nebula_policy_read_messages,
    .write = nebula_policy_write_messages },
  { "codes", NEBULA_FIELD_CUSTOM, .read = nebula_policy_read_codes,
    .write = nebula_policy_write_codes },
  { .key = NULL },
};
