/* SPDX-License-Identifier: Apache-2.0 */
#include "nebula-policy-reader-private.h"

#include "nebula-error-table-private.h"
#include "nebula-override-private.h"

/* What `nebula.messages` and `nebula.codes` say: failures that mean something else. */

#define AT(field) .offset = G_STRUCT_OFFSET (NebulaOverride, field)

/* Private: the words that reports use, "?" behind the last. */
const char *
nebula_policy_category_word (int value)
{
  return nebula_error_category_to_string (value);
}

const char *
nebula_policy_cause_word (int value)
{
  return nebula_cause_to_string (value);
}

const char *
nebula_policy_effect_word (int value)
{
  return nebula_effect_to_string (value);
}

const char *
nebula_policy_pace_word (int value)
{
  return nebula_pace_to_string (value);
}

#define OVERRIDE_FIELDS                                                                            \
  { "category", NEBULA_FIELD_WORD, AT (category), .word = nebula_policy_category_word },           \
    { "cause", NEBULA_FIELD_WORD, AT (cause), .word = nebula_policy_cause_word },                  \
    { "effect", NEBULA_FIELD_WORD, AT (effect), .word = nebula_policy_effect_word },               \
  {                                                                                                \
    "pace", NEBULA_FIELD_WORD, AT (pace), .word = nebula_policy_pace_word                          \
  }

/* The text makes the override, and is read before its fields are. */
static void
skip (NebulaPolicyReader *reader, JsonNode *node, const char *path, gpointer base)
{
}

static void
write_contains (JsonBuilder *builder, const char *key, gconstpointer base)
{
  const NebulaOverride *override = base;

  json_builder_set_member_name (builder, key);
  json_builder_add_string_value (builder, override->text);
}

const NebulaField nebula_policy_code_fields[] = {
  OVERRIDE_FIELDS,
  { .key = NULL },
};

const NebulaField nebula_policy_message_fields[] = {
  { "contains", NEBULA_FIELD_CUSTOM, .read = skip, .write = write_contains },
  OVERRIDE_FIELDS,
  { .key = NULL },
};

static void
check_override (NebulaPolicyReader *reader,
                const NebulaOverride *override,
                const char *path,
                guint n_errors)
{
  /* What was said wrongly was said. */
  if (reader->errors->len > n_errors)
    return;
  if (override->category == NEBULA_UNSAID && override->cause == NEBULA_UNSAID
      && override->effect == NEBULA_UNSAID && override->pace == NEBULA_UNSAID)
    nebula_policy_reader_error (reader, path,
                                "says nothing, expected category, cause, effect or pace");
  if (override->category == NEBULA_ERROR_CATEGORY_OK)
    nebula_policy_reader_error (reader, path,
                                "a failure cannot be OK, expected RETRYABLE, FATAL, AUTH or "
                                "SESSION");
}

/* @n_errors: how many there were before anything of it was read. One whose text or code is wrong is
 * read for what else is: after an error no policy is made. */
static void
read_override (NebulaPolicyReader *reader,
               JsonNode *node,
               const char *path,
               guint n_errors,
               NebulaRetryPolicy *policy,
               NebulaOverride *override)
{
  const NebulaField *fields = override->text != NULL ? nebula_policy_message_fields
                                                     : nebula_policy_code_fields;

  nebula_policy_read_fields (reader, node, path, fields, override);
  check_override (reader, override, path, n_errors);
  if (policy->overrides == NULL)
    policy->overrides = g_ptr_array_new_with_free_func ((GDestroyNotify) nebula_override_unref);
  g_ptr_array_add (policy->overrides, override);
}

/* Returns: (nullable): NULL when it is wrong; that has been said then */
static const char *
read_contains (NebulaPolicyReader *reader, JsonObject *object, const char *path)
{
  g_autofree char *at = nebula_policy_path (path, "contains");
  JsonNode *node = json_object_get_member (object, "contains");

  if (node == NULL)
    nebula_policy_reader_error (reader, at, "is missing, expected a text that is not empty");
  else if (json_node_get_value_type (node) != G_TYPE_STRING || *json_node_get_string (node) == '\0')
    nebula_policy_reader_wrong (reader, at, node, "is wrong", "a text that is not empty");
  else
    return json_node_get_string (node);

  return NULL;
}

static void
read_message (NebulaPolicyReader *reader,
              JsonNode *node,
              const char *path,
              NebulaRetryPolicy *policy)
{
  JsonObject *object = nebula_policy_read_object (reader, node, path, TRUE);
  guint n_errors = reader->errors->len;
  const char *text;

  if (object == NULL)
    return;
  text = read_contains (reader, object, path);
  read_override (reader, node, path, n_errors, policy,
                 nebula_override_new_for_message (text != NULL ? text : "?"));
}

/* Private */
void
nebula_policy_read_messages (NebulaPolicyReader *reader,
                             JsonNode *node,
                             const char *path,
                             gpointer base)
{
  JsonArray *array = nebula_policy_read_array (reader, node, path, "an array of objects");

  for (guint i = 0; array != NULL && i < json_array_get_length (array); i++)
    {
      g_autofree char *at = g_strdup_printf ("%s[%u]", path, i);

      read_message (reader, json_array_get_element (array, i), at, base);
    }
}

/* Answers FALSE for what is neither a name nor a number of 32 bits. */
static gboolean
parse_code (const char *key, gint32 *code)
{
  const NebulaErrorInfo *info = nebula_error_info_lookup_by_name (key);
  gint64 number;

  if (info != NULL)
    *code = info->code;
  else if (g_ascii_string_to_signed (key, 10, G_MININT32, G_MAXINT32, &number, NULL))
    *code = (gint32) number;
  else
    return FALSE;

  return TRUE;
}

static gboolean
is_there (const NebulaRetryPolicy *policy, gint32 code)
{
  for (guint i = 0; policy->overrides != NULL && i < policy->overrides->len; i++)
    {
      const NebulaOverride *override = policy->overrides->pdata[i];

      if (override->text == NULL && override->code == code)
        return TRUE;
    }

  return FALSE;
}

static void
complain_about_code (NebulaPolicyReader *reader, const char *path, const char *key)
{
  g_autoptr (GPtrArray) names = g_ptr_array_new ();

  for (guint i = 0; i < NEBULA_N_CODES; i++)
    g_ptr_array_add (names, (gpointer) nebula_error_table[i].name);
  nebula_policy_reader_unknown (reader, path, key, names,
                                "this is no code, expected a name such as E_LEADER_CHANGED or a "
                                "number such as -3531");
}

/* Private */
void
nebula_policy_read_codes (NebulaPolicyReader *reader,
                          JsonNode *node,
                          const char *path,
                          gpointer base)
{
  JsonObject *object = nebula_policy_read_object (reader, node, path, TRUE);
  g_autoptr (GList) keys = NULL;

  if (object == NULL)
    return;
  keys = json_object_get_members (object);
  for (GList *item = keys; item != NULL; item = item->next)
    {
      g_autofree char *at = nebula_policy_path (path, item->data);
      guint n_errors = reader->errors->len;
      gint32 code = G_MININT32;

      if (!parse_code (item->data, &code))
        complain_about_code (reader, at, item->data);
      else if (code == 0)
        nebula_policy_reader_error (reader, at, "this is success, expected the code of a failure");
      else if (is_there (base, code))
        nebula_policy_reader_error (reader, at, "the code %d is there already, expected each once",
                                    code);
      read_override (reader, json_object_get_member (object, item->data), at, n_errors, base,
                     nebula_override_new_for_code (code));
    }
}

/* Private */
void
nebula_policy_write_messages (JsonBuilder *builder, const char *key, gconstpointer base)
{
  const NebulaRetryPolicy *policy = base;

  json_builder_set_member_name (builder, key);
  json_builder_begin_array (builder);
  for (guint i = 0; policy->overrides != NULL && i < policy->overrides->len; i++)
    {
      const NebulaOverride *override = policy->overrides->pdata[i];

      if (override->text == NULL)
        continue;
      json_builder_begin_object (builder);
      nebula_policy_write_fields (builder, nebula_policy_message_fields, override);
      json_builder_end_object (builder);
    }
  json_builder_end_array (builder);
}

/* Private: by number, because a name may be that of another number in another release. */
void
nebula_policy_write_codes (JsonBuilder *builder, const char *key, gconstpointer base)
{
  const NebulaRetryPolicy *policy = base;

  json_builder_set_member_name (builder, key);
  json_builder_begin_object (builder);
  for (guint i = 0; policy->overrides != NULL && i < policy->overrides->len; i++)
    {
      const NebulaOverride *override = policy->overrides->pdata[i];
      char number[16];

      if (override->text != NULL)
        continue;
      g_snprintf (number, sizeof number, "%d", override->code);
      json_builder_set_member_name (builder, number);
      json_builder_begin_object (builder);
      nebula_policy_write_fields (builder, nebula_policy_code_fields, override);
      json_builder_end_object (builder);
    }
  json_builder_end_object (builder);
}
