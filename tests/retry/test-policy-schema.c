/* SPDX-License-Identifier: Apache-2.0 */
#include "nebula-policy-reader-private.h"

#include <string.h>

/* The schema and the tables that files are read by have the same keys and words. */

typedef struct
{
  JsonParser *parser; /* (owned) */
  JsonObject *root;   /* (unowned) */
} Schema;

static void
schema_init (Schema *schema)
{
  g_autofree char *path = g_test_build_filename (G_TEST_DIST, "..", "data",
                                                 "nebula-retry-policy.schema.json", NULL);
  g_autoptr (GError) error = NULL;

  schema->parser = json_parser_new ();
  json_parser_load_from_file (schema->parser, path, &error);
  g_assert_no_error (error);
  schema->root = json_node_get_object (json_parser_get_root (schema->parser));
}

/* The object at @path, whose steps are separated by slashes. */
static JsonObject *
get (JsonObject *from,
     const char *path)
{
  g_auto (GStrv) steps = g_strsplit (path, "/", -1);

  for (guint i = 0; steps[i] != NULL; i++)
    {
      g_test_message ("%s", steps[i]);
      g_assert_true (json_object_has_member (from, steps[i]));
      from = json_object_get_object_member (from, steps[i]);
    }

  return from;
}

static void
assert_words (JsonArray *array,
              guint from,
              const char *(*word) (int value),
              int first)
{
  guint i = from;

  for (int value = first; strcmp (word (value), "?") != 0; value++, i++)
    g_assert_cmpstr (json_array_get_string_element (array, i), ==, word (value));
  g_assert_cmpuint (json_array_get_length (array), ==, i);
}

static void
assert_required (JsonObject *schema,
                 const NebulaField *field)
{
  gboolean required = FALSE;

  if (json_object_has_member (schema, "required"))
    {
      JsonArray *array = json_object_get_array_member (schema, "required");

      for (guint i = 0; i < json_array_get_length (array); i++)
        required |= strcmp (json_array_get_string_element (array, i), field->key) == 0;
    }
  g_assert_cmpint (required, ==, (field->flags & NEBULA_FIELD_REQUIRED) != 0);
}

/* What the schema says a value is, or a reference to it. */
static void
assert_kind (JsonObject *member,
             const NebulaField *field)
{
  static const char *const types[] = {
    [NEBULA_FIELD_BOOLEAN] = "boolean",
    [NEBULA_FIELD_COUNT] = "integer",
    [NEBULA_FIELD_NUMBER] = "number",
    [NEBULA_FIELD_OBJECT] = "object",
  };

  if (field->kind == NEBULA_FIELD_DURATION)
    g_assert_cmpstr (json_object_get_string_member (member, "$ref"), ==, "#/definitions/duration");
  else if (field->kind < G_N_ELEMENTS (types) && types[field->kind] != NULL)
    g_assert_cmpstr (json_object_get_string_member (member, "type"), ==, types[field->kind]);
  if (field->kind == NEBULA_FIELD_COUNT)
    g_assert_cmpint (json_object_get_int_member (member, "minimum"), ==, field->minimum);
  if (field->kind == NEBULA_FIELD_COUNT && field->maximum > 0)
    g_assert_cmpint (json_object_get_int_member (member, "maximum"), ==, field->maximum);
}

static void
assert_fields (JsonObject *schema,
               const NebulaField *fields,
               gboolean required)
{
  JsonObject *properties = get (schema, "properties");
  guint n_fields = 0;

  for (const NebulaField *field = fields; field->key != NULL; field++, n_fields++)
    {
      JsonObject *member = get (properties, field->key);

      assert_kind (member, field);
      if (required)
        assert_required (schema, field);
      if (field->kind == NEBULA_FIELD_WORD)
        /* No failure is OK. */
        assert_words (json_object_get_array_member (member, "enum"), 0, field->word,
                      strcmp (field->key, "category") == 0 ? 1 : 0);
      if (field->kind == NEBULA_FIELD_OBJECT)
        assert_fields (member, field->fields, required);
    }
  g_assert_cmpuint (json_object_get_size (properties), ==, n_fields);
  /* What is under `nebula` is closed, the rest is as open as gRPC's. */
  g_assert_true (((fields[0].flags & NEBULA_FIELD_GRPC) == 0)
                 == json_object_has_member (schema, "additionalProperties"));
}

static void
test_keys (void)
{
  g_test_summary ("Every key of the parser is in the schema, with its kind, and no other");

  static const struct
  {
    const char *path;
    const NebulaField *fields;
  } cases[] = {
    { "properties/methodConfig/items", nebula_policy_method_fields },
    { "properties/methodConfig/items/properties/name/items", nebula_policy_name_fields },
    { "properties/methodConfig/items/properties/retryPolicy", nebula_policy_retry_fields },
    { "properties/methodConfig/items/properties/hedgingPolicy", nebula_policy_hedging_fields },
    { "properties/retryThrottling", nebula_policy_throttling_fields },
    { "properties/nebula", nebula_policy_nebula_fields },
    { "definitions/backoff", nebula_policy_backoff_fields },
    { "definitions/code", nebula_policy_code_fields },
  };
  Schema schema;

  schema_init (&schema);
  assert_fields (schema.root, nebula_policy_file_fields, TRUE);
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    assert_fields (get (schema.root, cases[i].path), cases[i].fields, TRUE);
  /* `contains` is required by who reads it. */
  assert_fields (get (schema.root, "definitions/message"), nebula_policy_message_fields, FALSE);
  g_object_unref (schema.parser);
}

static const char *
status_word (int value)
{
  return nebula_grpc_status_to_string (value);
}

static void
test_words (void)
{
  g_test_summary ("Causes, statuses and jitters are the same words in both");

  Schema schema;
  JsonArray *array;

  schema_init (&schema);
  array = json_object_get_array_member (
      get (schema.root, "properties/nebula/properties/attempts/propertyNames"), "enum");
  g_assert_cmpstr (json_array_get_string_element (array, 0), ==, "default");
  assert_words (array, 1, nebula_policy_cause_word, 1);

  array = json_object_get_array_member (
      get (schema.root, "properties/nebula/properties/backoff/propertyNames"), "enum");
  g_assert_cmpstr (json_array_get_string_element (array, 0), ==, "fast");
  g_assert_cmpstr (json_array_get_string_element (array, 1), ==, "slow");
  assert_words (array, 2, nebula_policy_cause_word, 1);

  array = json_object_get_array_member (get (schema.root, "definitions/status"), "enum");
  assert_words (array, 0, status_word, 0);

  array = json_object_get_array_member (
      get (schema.root, "properties/nebula/properties/jitter"), "enum");
  g_assert_cmpuint (json_array_get_length (array), ==, 5);
  for (guint i = 0; i < json_array_get_length (array); i++)
    {
      g_autofree char *json = g_strdup_printf ("{\"nebula\": {\"jitter\": \"%s\"}}",
                                               json_array_get_string_element (array, i));
      g_autoptr (NebulaRetryPolicy) policy = nebula_retry_policy_new_from_json (json, -1, NULL);

      g_assert_cmpuint (nebula_retry_policy_get_jitter (policy), ==, i);
    }
  g_object_unref (schema.parser);
}

int
main (int argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/policy-schema/keys", test_keys);
  g_test_add_func ("/policy-schema/words", test_words);

  return g_test_run ();
}
