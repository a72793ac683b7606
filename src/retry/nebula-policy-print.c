/* SPDX-License-Identifier: Apache-2.0 */
#include "nebula-policy-reader-private.h"

#include "nebula-override-private.h"

#include <string.h>

/* Prints and compares policies, by the tables that they are read by. */

static void
write_value (JsonBuilder *builder, const NebulaField *field, gconstpointer base)
{
  gconstpointer value = (const char *) base + field->offset;

  json_builder_set_member_name (builder, field->key);
  switch (field->kind)
    {
    case NEBULA_FIELD_BOOLEAN:
      json_builder_add_boolean_value (builder, *(const gboolean *) value);
      break;
    case NEBULA_FIELD_COUNT:
      json_builder_add_int_value (builder, *(const guint *) value);
      break;
    case NEBULA_FIELD_NUMBER:
      json_builder_add_double_value (builder, *(const double *) value);
      break;
    case NEBULA_FIELD_DURATION:
      nebula_policy_write_duration (builder, *(const gint64 *) value);
      break;
    case NEBULA_FIELD_WORD:
      json_builder_add_string_value (builder, field->word (*(const int *) value));
      break;
    case NEBULA_FIELD_OBJECT:
    case NEBULA_FIELD_CUSTOM:
    default:
      json_builder_begin_object (builder);
      nebula_policy_write_fields (builder, field->fields, base);
      json_builder_end_object (builder);
      break;
    }
}

static gboolean
is_unsaid (const NebulaField *field, gconstpointer base)
{
  gconstpointer value = (const char *) base + field->offset;

  return (field->kind == NEBULA_FIELD_DURATION && *(const gint64 *) value < 0)
         || (field->kind == NEBULA_FIELD_WORD && *(const int *) value < 0);
}

/* Private: adds a member for each row of @fields that says something. */
void
nebula_policy_write_fields (JsonBuilder *builder, const NebulaField *fields, gconstpointer base)
{
  for (const NebulaField *field = fields; field->key != NULL; field++)
    if (field->kind == NEBULA_FIELD_CUSTOM)
      field->write (builder, field->key, base);
    else if (!is_unsaid (field, base))
      write_value (builder, field, base);
}

/**
 * nebula_retry_policy_to_json:
 * @self: a policy
 *
 * Prints @self as a file that nebula_retry_policy_new_from_json() reads, defaults included, so that
 * it shows all that can be set. Where a method has a `retryPolicy`, what only that rules (the
 * jitter, the attempts of some causes) is left out unless the file said it: printed it would win
 * over the `retryPolicy`. Of #NebulaRetryPolicy:overrides those for messages come before those for
 * codes.
 *
 * A policy of nebula_retry_policy_get_for_method() becomes a file that says of every method what
 * its own does.
 *
 * Returns: (transfer full): JSON, with a line feed at its end
 *
 * Since: 0.1
 */
char *
nebula_retry_policy_to_json (NebulaRetryPolicy *self)
{
  g_autoptr (JsonBuilder) builder = json_builder_new ();
  g_autoptr (JsonNode) root = NULL;
  g_autofree char *json = NULL;

  g_return_val_if_fail (NEBULA_IS_RETRY_POLICY (self), NULL);

  json_builder_begin_object (builder);
  nebula_policy_write_fields (builder, nebula_policy_file_fields, self);
  json_builder_end_object (builder);
  root = json_builder_get_root (builder);
  json = json_to_string (root, TRUE);

  return g_strconcat (json, "\n", NULL);
}

static gboolean
value_equal (const NebulaField *field, gconstpointer a, gconstpointer b)
{
  switch (field->kind)
    {
    case NEBULA_FIELD_BOOLEAN:
      return !*(const gboolean *) a == !*(const gboolean *) b;
    case NEBULA_FIELD_COUNT:
      return *(const guint *) a == *(const guint *) b;
    case NEBULA_FIELD_NUMBER:
      return *(const double *) a == *(const double *) b;
    case NEBULA_FIELD_DURATION:
      return *(const gint64 *) a == *(const gint64 *) b;
    case NEBULA_FIELD_WORD:
      return *(const int *) a == *(const int *) b;
    case NEBULA_FIELD_OBJECT:
    case NEBULA_FIELD_CUSTOM: /* compared by who knows it */
    default:
      return TRUE;
    }
}

/* Private: leaves out what only `read` and `write` know. */
gboolean
nebula_policy_fields_equal (const NebulaField *fields, gconstpointer a, gconstpointer b)
{
  for (const NebulaField *field = fields; field->key != NULL; field++)
    {
      gconstpointer value_a = (const char *) a + field->offset;
      gconstpointer value_b = (const char *) b + field->offset;

      if (field->kind == NEBULA_FIELD_OBJECT ? !nebula_policy_fields_equal (field->fields, a, b)
                                             : !value_equal (field, value_a, value_b))
        return FALSE;
    }

  return TRUE;
}

static gboolean
backoff_equal (const NebulaBackoff *a, const NebulaBackoff *b)
{
  return nebula_policy_fields_equal (nebula_policy_backoff_fields, a, b);
}

static gboolean
overrides_equal (const GPtrArray *a, const GPtrArray *b)
{
  guint length = a != NULL ? a->len : 0;

  if (length != (b != NULL ? b->len : 0))
    return FALSE;
  for (guint i = 0; i < length; i++)
    {
      const NebulaOverride *one = a->pdata[i];
      const NebulaOverride *other = b->pdata[i];

      if (g_strcmp0 (one->text, other->text) != 0 || one->code != other->code
          || !nebula_policy_fields_equal (nebula_policy_code_fields, one, other))
        return FALSE;
    }

  return TRUE;
}

static gboolean
grpc_equal (const NebulaGrpcPolicy *a, const NebulaGrpcPolicy *b)
{
  if (a->kind == NEBULA_GRPC_POLICY_NONE || a->kind != b->kind)
    return a->kind == b->kind;

  return a->max_attempts == b->max_attempts && backoff_equal (&a->backoff, &b->backoff)
         && a->attempt_timeout == b->attempt_timeout && a->hedging_delay == b->hedging_delay
         && a->statuses == b->statuses;
}

static gboolean
rows_equal (const NebulaMethodRow *a, const NebulaMethodRow *b)
{
  if (a->names->len != b->names->len || a->timeout != b->timeout
      || !grpc_equal (&a->grpc, &b->grpc))
    return FALSE;
  for (guint i = 0; i < a->names->len; i++)
    {
      const NebulaMethodName *one = a->names->pdata[i];
      const NebulaMethodName *other = b->names->pdata[i];

      if (g_strcmp0 (one->service, other->service) != 0
          || g_strcmp0 (one->method, other->method) != 0)
        return FALSE;
    }

  return nebula_retry_policy_equal (a->policy, b->policy);
}

static gboolean
methods_equal (const GPtrArray *a, const GPtrArray *b)
{
  guint length = a != NULL ? a->len : 0;

  if (length != (b != NULL ? b->len : 0))
    return FALSE;
  for (guint i = 0; i < length; i++)
    if (!rows_equal (a->pdata[i], b->pdata[i]))
      return FALSE;

  return TRUE;
}

static gboolean
causes_equal (const NebulaRetryPolicy *a, const NebulaRetryPolicy *b)
{
  for (guint cause = 0; cause < NEBULA_N_CAUSES; cause++)
    if (a->causes[cause].attempts != b->causes[cause].attempts
        || !backoff_equal (&a->causes[cause].fast, &b->causes[cause].fast)
        || !backoff_equal (&a->causes[cause].slow, &b->causes[cause].slow))
      return FALSE;

  return TRUE;
}

/* A file that says nothing but one thing of every method does what that is the policy of. */
static const NebulaRetryPolicy *
get_essence (const NebulaRetryPolicy *self)
{
  const NebulaMethodRow *row;
  const NebulaMethodName *name;

  if (self->methods == NULL || self->methods->len != 1)
    return self;
  row = self->methods->pdata[0];
  name = row->names->pdata[0];
  return row->names->len == 1 && name->service == NULL ? row->policy : self;
}

static gboolean
policies_equal (const NebulaRetryPolicy *a, const NebulaRetryPolicy *b)
{
  return nebula_policy_fields_equal (nebula_policy_nebula_fields, a, b) && a->jitter == b->jitter
         && a->server_version == b->server_version && a->max_attempts == b->max_attempts
         && causes_equal (a, b) && backoff_equal (&a->fast, &b->fast)
         && backoff_equal (&a->slow, &b->slow) && overrides_equal (a->overrides, b->overrides)
         && grpc_equal (&a->grpc, &b->grpc) && methods_equal (a->methods, b->methods);
}

/**
 * nebula_retry_policy_equal:
 * @a: a policy
 * @b: another one
 *
 * Compares what two policies do, for every method; their warnings do not count, nor does the way
 * in which they were made. So a policy of nebula_retry_policy_get_for_method() is equal to a file
 * that says the same of every method.
 *
 * Returns: whether they do the same
 *
 * Since: 0.1
 */
gboolean
nebula_retry_policy_equal (NebulaRetryPolicy *a, NebulaRetryPolicy *b)
{
  g_return_val_if_fail (NEBULA_IS_RETRY_POLICY (a), FALSE);
  g_return_val_if_fail (NEBULA_IS_RETRY_POLICY (b), FALSE);

  return a == b || policies_equal (get_essence (a), get_essence (b));
}
