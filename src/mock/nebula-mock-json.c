/* SPDX-License-Identifier: Apache-2.0 */
#include "nebula-mock-executor-private.h"

#include <json-glib/json-glib.h>

/* The JSON of executeJson. Kinds of values that JSON lacks are null. */

static void
add_bytes (JsonBuilder      *builder,
           const GByteArray *bytes)
{
  g_autofree char *text = NULL;

  /* An empty array has no data. */
  text = g_utf8_make_valid (bytes->len > 0 ? (const char *) bytes->data : "", bytes->len);
  json_builder_add_string_value (builder, text);
}

static void
add_properties (JsonBuilder *builder,
                GHashTable  *properties);

static void
add_vertex (JsonBuilder                  *builder,
            const NebulaMockThriftVertex *vertex)
{
  guint i;

  json_builder_begin_object (builder);
  for (i = 0; i < vertex->tags->len; i++)
    add_properties (builder, ((NebulaMockThriftTag *) vertex->tags->pdata[i])->props);
  json_builder_end_object (builder);
}

static void
add_value (JsonBuilder                 *builder,
           const NebulaMockThriftValue *value)
{
  guint i;

  if (value->__isset_bVal)
    json_builder_add_boolean_value (builder, value->bVal);
  else if (value->__isset_iVal)
    json_builder_add_int_value (builder, value->iVal);
  else if (value->__isset_fVal)
    json_builder_add_double_value (builder, value->fVal);
  else if (value->__isset_sVal)
    add_bytes (builder, value->sVal);
  else if (value->__isset_vVal)
    add_vertex (builder, value->vVal);
  else if (value->__isset_lVal)
    {
      json_builder_begin_array (builder);
      for (i = 0; i < value->lVal->values->len; i++)
        add_value (builder, value->lVal->values->pdata[i]);
      json_builder_end_array (builder);
    }
  else
    json_builder_add_null_value (builder);
}

static void
add_properties (JsonBuilder *builder,
                GHashTable  *properties)
{
  GHashTableIter iter;
  gpointer key, value;

  g_hash_table_iter_init (&iter, properties);
  while (g_hash_table_iter_next (&iter, &key, &value))
    {
      json_builder_set_member_name (builder, key);
      add_value (builder, value);
    }
}

static void
add_row (JsonBuilder               *builder,
         const NebulaMockThriftRow *row)
{
  guint i;

  json_builder_begin_object (builder);
  json_builder_set_member_name (builder, "row");
  json_builder_begin_array (builder);
  for (i = 0; i < row->values->len; i++)
    add_value (builder, row->values->pdata[i]);
  json_builder_end_array (builder);
  json_builder_set_member_name (builder, "meta");
  json_builder_begin_array (builder);
  for (i = 0; i < row->values->len; i++)
    json_builder_add_null_value (builder);
  json_builder_end_array (builder);
  json_builder_end_object (builder);
}

static void
add_data (JsonBuilder                   *builder,
          const NebulaMockThriftDataSet *data)
{
  guint i;

  json_builder_set_member_name (builder, "columns");
  json_builder_begin_array (builder);
  for (i = 0; i < data->column_names->len; i++)
    add_bytes (builder, data->column_names->pdata[i]);
  json_builder_end_array (builder);
  json_builder_set_member_name (builder, "data");
  json_builder_begin_array (builder);
  for (i = 0; i < data->rows->len; i++)
    add_row (builder, data->rows->pdata[i]);
  json_builder_end_array (builder);
}

/* {"code": N, "message": "..."}, without a message on success */
static void
add_error (JsonBuilder            *builder,
           const NebulaMockResult *result)
{
  json_builder_begin_object (builder);
  json_builder_set_member_name (builder, "code");
  json_builder_add_int_value (builder, result->code);
  if (result->message != NULL)
    {
      g_autofree char *message = g_utf8_make_valid (result->message, -1);

      json_builder_set_member_name (builder, "message");
      json_builder_add_string_value (builder, message);
    }
  json_builder_end_object (builder);
}

/* {"errors": [ERROR], "results": [{"columns": ..., "data": ..., "errors": ERROR, ...}]}
 * Returns: (transfer full) */
char *
nebula_mock_result_to_json (const NebulaMockResult *result,
                            gint64                  latency_us)
{
  g_autoptr (JsonBuilder) builder = json_builder_new ();
  g_autofree char *space = g_utf8_make_valid (result->space != NULL ? result->space : "", -1);
  g_autoptr (JsonNode) root = NULL;

  json_builder_begin_object (builder);
  json_builder_set_member_name (builder, "errors");
  json_builder_begin_array (builder);
  add_error (builder, result);
  json_builder_end_array (builder);
  json_builder_set_member_name (builder, "results");
  json_builder_begin_array (builder);
  json_builder_begin_object (builder);
  if (result->data != NULL)
    add_data (builder, result->data);
  json_builder_set_member_name (builder, "errors");
  add_error (builder, result);
  json_builder_set_member_name (builder, "latencyInUs");
  json_builder_add_int_value (builder, latency_us);
  json_builder_set_member_name (builder, "spaceName");
  json_builder_add_string_value (builder, space);
  json_builder_end_object (builder);
  json_builder_end_array (builder);
  json_builder_end_object (builder);
  root = json_builder_get_root (builder);
  return json_to_string (root, FALSE);
}
