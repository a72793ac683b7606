/* SPDX-License-Identifier: Apache-2.0 */
#include "nebula-policy-reader-private.h"

#include <math.h>
#include <string.h>

/* gRPC's own part of the file: what its C-core or its Go reads is read, with a warning where the
 * other one does not. */

/* gRPC counts anything above as this. */
#define MAX_GRPC_ATTEMPTS 5

/* Go's limit for `maxTokens`. */
#define MAX_GRPC_TOKENS 1000

#define STATUSES "an array of gRPC's status codes"

#define N_STATUSES (NEBULA_GRPC_UNAUTHENTICATED + 1)

static gboolean
find_status (NebulaPolicyReader *reader,
             JsonNode *node,
             const char *path,
             guint *status)
{
  if (json_node_get_value_type (node) == G_TYPE_INT64)
    {
      gint64 number = json_node_get_int (node);

      if (number < 0 || number >= N_STATUSES)
        return FALSE;
      nebula_policy_reader_warn (reader, path, "gRPC's C-core takes no numbers here");
      *status = number;
      return TRUE;
    }

  if (json_node_get_value_type (node) != G_TYPE_STRING)
    return FALSE;
  for (guint i = 0; i < N_STATUSES; i++)
    {
      const char *name = nebula_grpc_status_to_string (i);

      if (g_ascii_strcasecmp (name, json_node_get_string (node)) != 0)
        continue;
      if (strcmp (name, json_node_get_string (node)) != 0)
        nebula_policy_reader_warn (reader, path, "gRPC's C-core and Go take only %s", name);
      *status = i;
      return TRUE;
    }

  return FALSE;
}

static void
read_statuses (NebulaPolicyReader *reader,
               JsonNode *node,
               const char *path,
               gpointer base)
{
  NebulaGrpcPolicy *policy = base;
  JsonArray *array = nebula_policy_read_array (reader, node, path, STATUSES);

  for (guint i = 0; array != NULL && i < json_array_get_length (array); i++)
    {
      JsonNode *element = json_array_get_element (array, i);
      g_autofree char *at = g_strdup_printf ("%s[%u]", path, i);
      guint status;

      if (find_status (reader, element, at, &status))
        policy->statuses |= 1u << status;
      else
        nebula_policy_reader_wrong (reader, at, element, "is no status code",
                                    "one of gRPC's, such as \"UNAVAILABLE\"");
    }
}

static void
read_some_statuses (NebulaPolicyReader *reader,
                    JsonNode *node,
                    const char *path,
                    gpointer base)
{
  read_statuses (reader, node, path, base);
  if (JSON_NODE_HOLDS_ARRAY (node) && json_array_get_length (json_node_get_array (node)) == 0)
    nebula_policy_reader_error (reader, path,
                                "the array is empty, expected at least one status code");
}

static void
write_statuses (JsonBuilder *builder,
                const char *key,
                gconstpointer base)
{
  const NebulaGrpcPolicy *policy = base;

  json_builder_set_member_name (builder, key);
  json_builder_begin_array (builder);
  for (guint i = 0; i < N_STATUSES; i++)
    if ((policy->statuses >> i & 1) != 0)
      json_builder_add_string_value (builder, nebula_grpc_status_to_string (i));
  json_builder_end_array (builder);
}

#define GRPC .flags = NEBULA_FIELD_GRPC
#define REQUIRED .flags = NEBULA_FIELD_GRPC | NEBULA_FIELD_REQUIRED
#define AT(field) .offset = G_STRUCT_OFFSET (NebulaGrpcPolicy, field)

const NebulaField nebula_policy_retry_fields[] = {
  { "maxAttempts", NEBULA_FIELD_COUNT, AT (max_attempts), REQUIRED, .minimum = 2 },
  { "initialBackoff", NEBULA_FIELD_DURATION, AT (backoff.initial), REQUIRED, .minimum = 1 },
  { "maxBackoff", NEBULA_FIELD_DURATION, AT (backoff.maximum), REQUIRED, .minimum = 1 },
  { "backoffMultiplier", NEBULA_FIELD_NUMBER, AT (backoff.multiplier), REQUIRED },
  { "retryableStatusCodes", NEBULA_FIELD_CUSTOM, REQUIRED, .expected = STATUSES,
    .read = read_some_statuses, .write = write_statuses },
  { "perAttemptRecvTimeout", NEBULA_FIELD_DURATION, AT (attempt_timeout), GRPC, .minimum = 1 },
  { .key = NULL },
};

const NebulaField nebula_policy_hedging_fields[] = {
  { "maxAttempts", NEBULA_FIELD_COUNT, AT (max_attempts), REQUIRED, .minimum = 2 },
  { "hedgingDelay", NEBULA_FIELD_DURATION, AT (hedging_delay), GRPC },
  { "nonFatalStatusCodes", NEBULA_FIELD_CUSTOM, GRPC, .read = read_statuses,
    .write = write_statuses },
  { .key = NULL },
};

#undef AT

static void
limit_attempts (NebulaPolicyReader *reader,
                const char *path,
                NebulaGrpcPolicy *policy)
{
  g_autofree char *at = nebula_policy_path (path, "maxAttempts");

  if (policy->max_attempts <= MAX_GRPC_ATTEMPTS)
    return;
  nebula_policy_reader_warn (reader, at,
                             "gRPC counts %u as %d, and so does this; nebula.attempts may be more",
                             policy->max_attempts, MAX_GRPC_ATTEMPTS);
  policy->max_attempts = MAX_GRPC_ATTEMPTS;
}

static void
begin_policy (NebulaPolicyReader *reader,
              const char *path,
              NebulaMethodRow *row,
              NebulaGrpcPolicyKind kind)
{
  if (row->grpc.kind != NEBULA_GRPC_POLICY_NONE)
    nebula_policy_reader_error (reader, path,
                                "stands beside retryPolicy, expected one of the two");
  row->grpc.kind = kind;
}

static void
read_retry (NebulaPolicyReader *reader,
            JsonNode *node,
            const char *path,
            gpointer base)
{
  NebulaMethodRow *row = base;

  begin_policy (reader, path, row, NEBULA_GRPC_POLICY_RETRY);
  nebula_policy_read_fields (reader, node, path, nebula_policy_retry_fields, &row->grpc);
  limit_attempts (reader, path, &row->grpc);
  if (row->grpc.backoff.initial > row->grpc.backoff.maximum && row->grpc.backoff.maximum > 0)
    nebula_policy_reader_warn (reader, path,
                               "maxBackoff is below initialBackoff: old versions of gRPC's "
                               "C-core wait longer the first time");
  if (row->grpc.attempt_timeout >= 0)
    nebula_policy_reader_warn (reader, path,
                               "only gRPC's C-core knows perAttemptRecvTimeout, as an experiment");
}

static void
read_hedging (NebulaPolicyReader *reader,
              JsonNode *node,
              const char *path,
              gpointer base)
{
  NebulaMethodRow *row = base;

  begin_policy (reader, path, row, NEBULA_GRPC_POLICY_HEDGING);
  nebula_policy_read_fields (reader, node, path, nebula_policy_hedging_fields, &row->grpc);
  limit_attempts (reader, path, &row->grpc);
  nebula_policy_reader_warn (reader, path, "is read and checked, but not executed yet");
}

static void
write_grpc (JsonBuilder *builder,
            const char *key,
            const NebulaMethodRow *row,
            NebulaGrpcPolicyKind kind,
            const NebulaField *fields)
{
  if (row->grpc.kind != kind)
    return;
  json_builder_set_member_name (builder, key);
  json_builder_begin_object (builder);
  nebula_policy_write_fields (builder, fields, &row->grpc);
  json_builder_end_object (builder);
}

static void
write_retry (JsonBuilder *builder,
             const char *key,
             gconstpointer base)
{
  write_grpc (builder, key, base, NEBULA_GRPC_POLICY_RETRY, nebula_policy_retry_fields);
}

static void
write_hedging (JsonBuilder *builder,
               const char *key,
               gconstpointer base)
{
  write_grpc (builder, key, base, NEBULA_GRPC_POLICY_HEDGING, nebula_policy_hedging_fields);
}

/* In names "" is as good as nothing. */
static void
read_name_part (NebulaPolicyReader *reader,
                JsonNode *node,
                const char *path,
                char **part)
{
  if (json_node_get_value_type (node) != G_TYPE_STRING)
    nebula_policy_reader_wrong (reader, path, node, "is wrong", "a text");
  else if (*json_node_get_string (node) != '\0')
    *part = json_node_dup_string (node);
}

static void
read_service (NebulaPolicyReader *reader,
              JsonNode *node,
              const char *path,
              gpointer base)
{
  read_name_part (reader, node, path, &((NebulaMethodName *) base)->service);
}

static void
read_method (NebulaPolicyReader *reader,
             JsonNode *node,
             const char *path,
             gpointer base)
{
  read_name_part (reader, node, path, &((NebulaMethodName *) base)->method);
}

static void
write_name_part (JsonBuilder *builder,
                 const char *key,
                 const char *part)
{
  if (part == NULL)
    return;
  json_builder_set_member_name (builder, key);
  json_builder_add_string_value (builder, part);
}

static void
write_service (JsonBuilder *builder,
               const char *key,
               gconstpointer base)
{
  write_name_part (builder, key, ((const NebulaMethodName *) base)->service);
}

static void
write_method (JsonBuilder *builder,
              const char *key,
              gconstpointer base)
{
  write_name_part (builder, key, ((const NebulaMethodName *) base)->method);
}

const NebulaField nebula_policy_name_fields[] = {
  { "service", NEBULA_FIELD_CUSTOM, GRPC, .read = read_service, .write = write_service },
  { "method", NEBULA_FIELD_CUSTOM, GRPC, .read = read_method, .write = write_method },
  { .key = NULL },
};

static void
read_names (NebulaPolicyReader *reader,
            JsonNode *node,
            const char *path,
            gpointer base)
{
  NebulaMethodRow *row = base;
  JsonArray *array = nebula_policy_read_array (reader, node, path, "an array of objects");

  for (guint i = 0; array != NULL && i < json_array_get_length (array); i++)
    {
      g_autofree char *at = g_strdup_printf ("%s[%u]", path, i);
      NebulaMethodName *name = nebula_method_row_add_name (row);

      nebula_policy_read_fields (reader, json_array_get_element (array, i), at,
                                 nebula_policy_name_fields, name);
      if (name->service == NULL && name->method != NULL)
        nebula_policy_reader_error (reader, at, "the method \"%s\" has no service, expected both",
                                    name->method);
    }
}

static void
write_names (JsonBuilder *builder,
             const char *key,
             gconstpointer base)
{
  const NebulaMethodRow *row = base;

  json_builder_set_member_name (builder, key);
  json_builder_begin_array (builder);
  for (guint i = 0; i < row->names->len; i++)
    {
      json_builder_begin_object (builder);
      nebula_policy_write_fields (builder, nebula_policy_name_fields, row->names->pdata[i]);
      json_builder_end_object (builder);
    }
  json_builder_end_array (builder);
}

const NebulaField nebula_policy_method_fields[] = {
  { "name", NEBULA_FIELD_CUSTOM, GRPC, .read = read_names, .write = write_names },
  { "timeout", NEBULA_FIELD_DURATION, .offset = G_STRUCT_OFFSET (NebulaMethodRow, timeout), GRPC },
  { "retryPolicy", NEBULA_FIELD_CUSTOM, GRPC, .read = read_retry, .write = write_retry },
  { "hedgingPolicy", NEBULA_FIELD_CUSTOM, GRPC, .read = read_hedging, .write = write_hedging },
  { .key = NULL },
};

static gboolean
is_named (const NebulaMethodRow *row,
          const NebulaMethodName *name,
          guint before)
{
  for (guint i = 0; i < before; i++)
    {
      const NebulaMethodName *other = row->names->pdata[i];

      if (g_strcmp0 (other->service, name->service) == 0
          && g_strcmp0 (other->method, name->method) == 0)
        return TRUE;
    }

  return FALSE;
}

static void
complain_about_names (NebulaPolicyReader *reader,
                      const char *path,
                      const NebulaRetryPolicy *policy,
                      const NebulaMethodRow *row)
{
  for (guint i = 0; i < row->names->len; i++)
    {
      const NebulaMethodName *name = row->names->pdata[i];
      gboolean twice = is_named (row, name, i);

      for (guint j = 0; j < policy->methods->len && !twice; j++)
        {
          const NebulaMethodRow *other = policy->methods->pdata[j];

          twice = is_named (other, name, other->names->len);
        }
      if (twice)
        nebula_policy_reader_error (reader, path,
                                    "name[%u], %s/%s, is there already, expected each once", i,
                                    name->service != NULL ? name->service : "*",
                                    name->method != NULL ? name->method : "*");
    }
}

static void
read_method_config (NebulaPolicyReader *reader,
                    JsonNode *node,
                    const char *path,
                    NebulaRetryPolicy *policy)
{
  NebulaMethodRow *row = nebula_method_row_new ();

  nebula_policy_read_fields (reader, node, path, nebula_policy_method_fields, row);
  complain_about_names (reader, path, policy, row);
  if (row->names->len == 0)
    nebula_policy_reader_warn (reader, path, "has no name, so that it is for no method");
  if (row->timeout == 0)
    {
      nebula_policy_reader_warn (reader, path, "with this timeout every call ends at once");
      /* 0 is for ever elsewhere. */
      row->timeout = 1;
    }
  if (row->names->len > 0)
    g_ptr_array_add (policy->methods, row);
  else
    nebula_method_row_free (row);
}

static void
read_method_configs (NebulaPolicyReader *reader,
                     JsonNode *node,
                     const char *path,
                     gpointer base)
{
  NebulaRetryPolicy *policy = base;
  JsonArray *array = nebula_policy_read_array (reader, node, path, "an array of objects");

  policy->methods = g_ptr_array_new_with_free_func (nebula_method_row_free);
  for (guint i = 0; array != NULL && i < json_array_get_length (array); i++)
    {
      g_autofree char *at = g_strdup_printf ("%s[%u]", path, i);

      read_method_config (reader, json_array_get_element (array, i), at, policy);
    }
}

static void
write_method_config (JsonBuilder *builder,
                     const NebulaMethodRow *row)
{
  json_builder_begin_object (builder);
  nebula_policy_write_fields (builder, nebula_policy_method_fields, row);
  json_builder_end_object (builder);
}

/* The policy of a method is a file that says the same of every method. */
static void
write_own_config (JsonBuilder *builder,
                  const NebulaRetryPolicy *policy)
{
  NebulaMethodRow *row = nebula_method_row_new ();

  nebula_method_row_add_name (row);
  row->grpc = policy->grpc;
  write_method_config (builder, row);
  nebula_method_row_free (row);
}

static void
write_method_configs (JsonBuilder *builder,
                      const char *key,
                      gconstpointer base)
{
  const NebulaRetryPolicy *policy = base;

  json_builder_set_member_name (builder, key);
  json_builder_begin_array (builder);
  if (policy->grpc.kind != NEBULA_GRPC_POLICY_NONE)
    write_own_config (builder, policy);
  for (guint i = 0; policy->methods != NULL && i < policy->methods->len; i++)
    write_method_config (builder, policy->methods->pdata[i]);
  json_builder_end_array (builder);
}

typedef struct
{
  double max_tokens;
  double token_ratio;
} NebulaThrottling;

#define AT(field) .offset = G_STRUCT_OFFSET (NebulaThrottling, field)

const NebulaField nebula_policy_throttling_fields[] = {
  { "maxTokens", NEBULA_FIELD_NUMBER, AT (max_tokens), REQUIRED },
  { "tokenRatio", NEBULA_FIELD_NUMBER, AT (token_ratio), REQUIRED },
  { .key = NULL },
};

#undef AT

static void
read_max_tokens (NebulaPolicyReader *reader,
                 const char *path,
                 double tokens,
                 NebulaBudgetSettings *budget)
{
  if (tokens > NEBULA_BUDGET_MAX_TOKENS)
    {
      nebula_policy_reader_error (reader, path, "is too large, expected at most %d",
                                  NEBULA_BUDGET_MAX_TOKENS);
      return;
    }
  if (tokens > MAX_GRPC_TOKENS)
    nebula_policy_reader_warn (reader, path, "gRPC's Go takes at most %d", MAX_GRPC_TOKENS);
  if (floor (tokens) != tokens)
    nebula_policy_reader_warn (reader, path,
                               "gRPC's C-core takes only integers; this counts as %.0f",
                               ceil (tokens));
  budget->capacity = (guint) ceil (tokens);
}

static void
read_token_ratio (NebulaPolicyReader *reader,
                  const char *path,
                  double ratio,
                  NebulaBudgetSettings *budget)
{
  /* What is written as 0.546 must not become 545 on its way through a double. */
  double thousandths = floor (ratio * 1000 + 1e-6);

  if (thousandths > NEBULA_BUDGET_MAX_TOKENS)
    nebula_policy_reader_error (reader, path, "is too large, expected at most %d",
                                NEBULA_BUDGET_MAX_TOKENS / 1000);
  else if (thousandths < 1)
    nebula_policy_reader_error (reader, path, "is too small, expected 0.001 or more");
  else
    budget->refill = (guint) thousandths;
  if (floor (ratio) == ratio)
    nebula_policy_reader_warn (reader, path,
                               "gRPC's C-core reads a ratio without a point as thousandths");
}

static void
read_throttling (NebulaPolicyReader *reader,
                 JsonNode *node,
                 const char *path,
                 gpointer base)
{
  NebulaRetryPolicy *policy = base;
  NebulaThrottling throttling = { 0, 0 };
  g_autofree char *tokens = nebula_policy_path (path, "maxTokens");
  g_autofree char *ratio = nebula_policy_path (path, "tokenRatio");

  nebula_policy_read_fields (reader, node, path, nebula_policy_throttling_fields, &throttling);
  policy->budget.kind = NEBULA_BUDGET_THROTTLE;
  if (throttling.max_tokens > 0)
    read_max_tokens (reader, tokens, throttling.max_tokens, &policy->budget);
  if (throttling.token_ratio > 0)
    read_token_ratio (reader, ratio, throttling.token_ratio, &policy->budget);
}

static void
write_throttling (JsonBuilder *builder,
                  const char *key,
                  gconstpointer base)
{
  const NebulaRetryPolicy *policy = base;

  if (policy->budget.kind != NEBULA_BUDGET_THROTTLE)
    return;
  json_builder_set_member_name (builder, key);
  json_builder_begin_object (builder);
  json_builder_set_member_name (builder, "maxTokens");
  json_builder_add_int_value (builder, policy->budget.capacity);
  json_builder_set_member_name (builder, "tokenRatio");
  json_builder_add_double_value (builder, policy->budget.refill / 1000.0);
  json_builder_end_object (builder);
}

static void
read_nebula (NebulaPolicyReader *reader,
             JsonNode *node,
             const char *path,
             gpointer base)
{
  nebula_policy_read_fields (reader, node, path, nebula_policy_nebula_fields, base);
}

static void
write_nebula (JsonBuilder *builder,
              const char *key,
              gconstpointer base)
{
  json_builder_set_member_name (builder, key);
  json_builder_begin_object (builder);
  nebula_policy_write_fields (builder, nebula_policy_nebula_fields, base);
  json_builder_end_object (builder);
}

/* In this order: what `nebula` says of the budget counts more than `retryThrottling`. */
const NebulaField nebula_policy_file_fields[] = {
  { "methodConfig", NEBULA_FIELD_CUSTOM, GRPC, .read = read_method_configs,
    .write = write_method_configs },
  { "retryThrottling", NEBULA_FIELD_CUSTOM, GRPC, .read = read_throttling,
    .write = write_throttling },
  { "nebula", NEBULA_FIELD_CUSTOM, .read = read_nebula, .write = write_nebula },
  { .key = NULL },
};
