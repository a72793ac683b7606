/* SPDX-License-Identifier: Apache-2.0 */
#include "nebula-value-json-private.h"

#include "nebula-json-output-private.h"
#include "nebula-value-text-private.h"

#include <math.h>

/*
 * Values as JSON. What JSON has no kind for becomes text (dates, geography, numbers that are not
 * finite) or an object (vertices, edges); every NULL becomes null, whatever its reason.
 */

static void
add_bytes (JsonBuilder *builder, const GByteArray *bytes)
{
  if (bytes != NULL && bytes->len > 0)
    nebula_json_add_text (builder, (const char *) bytes->data, bytes->len);
  else
    json_builder_add_string_value (builder, "");
}

static void
add_named_bytes (JsonBuilder *builder, const char *name, const GByteArray *bytes)
{
  json_builder_set_member_name (builder, name);
  add_bytes (builder, bytes);
}

/* JSON knows neither infinity nor "not a number". */
static void
add_number (JsonBuilder *builder, double number)
{
  if (isnan (number))
    json_builder_add_string_value (builder, "NaN");
  else if (isinf (number))
    json_builder_add_string_value (builder, number > 0 ? "Infinity" : "-Infinity");
  else
    json_builder_add_double_value (builder, number);
}

static void
add_list (JsonBuilder *builder, GPtrArray *values)
{
  json_builder_begin_array (builder);
  for (guint i = 0; values != NULL && i < values->len; i++)
    nebula_value_json_add (builder, values->pdata[i]);
  json_builder_end_array (builder);
}

static gint
compare_members (gconstpointer a, gconstpointer b)
{
  g_autofree char *first = nebula_value_text (*(NebulaThriftValue *const *) a);
  g_autofree char *second = nebula_value_text (*(NebulaThriftValue *const *) b);

  return strcmp (first, second);
}

static gint
compare_names (gconstpointer a, gconstpointer b)
{
  return strcmp (*(const char *const *) a, *(const char *const *) b);
}

/* The keys of @table in an order that does not depend on where they lie. */
static GPtrArray *
sort_keys (GHashTable *table, GCompareFunc compare)
{
  GPtrArray *keys = g_ptr_array_new ();
  GHashTableIter iter;
  gpointer key;

  if (table != NULL)
    {
      g_hash_table_iter_init (&iter, table);
      while (g_hash_table_iter_next (&iter, &key, NULL))
        g_ptr_array_add (keys, key);
    }
  g_ptr_array_sort (keys, compare);
  return keys;
}

static void
add_set (JsonBuilder *builder, GHashTable *values)
{
  g_autoptr (GPtrArray) members = sort_keys (values, compare_members);

  add_list (builder, members);
}

static void
add_map (JsonBuilder *builder, GHashTable *map)
{
  g_autoptr (GPtrArray) keys = sort_keys (map, compare_names);

  json_builder_begin_object (builder);
  for (guint i = 0; i < keys->len; i++)
    {
      const char *key = keys->pdata[i];
      g_autofree char *name = g_utf8_make_valid (key, -1);

      json_builder_set_member_name (builder, name);
      nebula_value_json_add (builder, g_hash_table_lookup (map, key));
    }
  json_builder_end_object (builder);
}

static void
add_named_map (JsonBuilder *builder, const char *name, GHashTable *map)
{
  json_builder_set_member_name (builder, name);
  add_map (builder, map);
}

static void
add_vertex (JsonBuilder *builder, NebulaThriftVertex *vertex)
{
  json_builder_begin_object (builder);
  json_builder_set_member_name (builder, "id");
  nebula_value_json_add (builder, vertex->vid);
  json_builder_set_member_name (builder, "tags");
  json_builder_begin_array (builder);
  for (guint i = 0; vertex->tags != NULL && i < vertex->tags->len; i++)
    {
      NebulaThriftTag *tag = vertex->tags->pdata[i];

      json_builder_begin_object (builder);
      add_named_bytes (builder, "name", tag->name);
      add_named_map (builder, "props", tag->props);
      json_builder_end_object (builder);
    }
  json_builder_end_array (builder);
  json_builder_end_object (builder);
}

/* In the edge's own direction, also when it was met from its end (a negative type). */
static void
add_edge (JsonBuilder *builder, NebulaThriftEdge *edge)
{
  gboolean is_reverse = edge->type < 0;

  json_builder_begin_object (builder);
  add_named_bytes (builder, "name", edge->name);
  json_builder_set_member_name (builder, "src");
  nebula_value_json_add (builder, is_reverse ? edge->dst : edge->src);
  json_builder_set_member_name (builder, "dst");
  nebula_value_json_add (builder, is_reverse ? edge->src : edge->dst);
  nebula_json_add_int (builder, "ranking", edge->ranking);
  add_named_map (builder, "props", edge->props);
  json_builder_end_object (builder);
}

static void
add_path (JsonBuilder *builder, NebulaThriftPath *path)
{
  json_builder_begin_object (builder);
  json_builder_set_member_name (builder, "src");
  add_vertex (builder, path->src);
  json_builder_set_member_name (builder, "steps");
  json_builder_begin_array (builder);
  for (guint i = 0; path->steps != NULL && i < path->steps->len; i++)
    {
      NebulaThriftStep *step = path->steps->pdata[i];

      json_builder_begin_object (builder);
      add_named_bytes (builder, "name", step->name);
      nebula_json_add_int (builder, "ranking", step->ranking);
      json_builder_set_member_name (builder, "reverse");
      json_builder_add_boolean_value (builder, step->type < 0);
      add_named_map (builder, "props", step->props);
      json_builder_set_member_name (builder, "dst");
      add_vertex (builder, step->dst);
      json_builder_end_object (builder);
    }
  json_builder_end_array (builder);
  json_builder_end_object (builder);
}

static void
add_data_set (JsonBuilder *builder, NebulaThriftDataSet *data)
{
  json_builder_begin_object (builder);
  json_builder_set_member_name (builder, "columns");
  nebula_value_json_add_columns (builder, data);
  json_builder_set_member_name (builder, "rows");
  nebula_value_json_add_rows (builder, data);
  json_builder_end_object (builder);
}

static gboolean
add_simple (JsonBuilder *builder, NebulaThriftValue *value)
{
  if (value->__isset_nVal)
    json_builder_add_null_value (builder);
  else if (value->__isset_bVal)
    json_builder_add_boolean_value (builder, value->bVal);
  else if (value->__isset_iVal)
    json_builder_add_int_value (builder, value->iVal);
  else if (value->__isset_fVal)
    add_number (builder, value->fVal);
  else if (value->__isset_sVal)
    add_bytes (builder, value->sVal);
  else
    return FALSE;
  return TRUE;
}

static gboolean
add_text (JsonBuilder *builder, NebulaThriftValue *value)
{
  g_autoptr (GString) text = g_string_new (NULL);

  if (value->__isset_ggVal)
    nebula_value_text_append_geography (text, value->ggVal);
  else if (!nebula_value_text_append_time (text, value))
    return FALSE;
  json_builder_add_string_value (builder, text->str);
  return TRUE;
}

/* @value: (nullable): of any kind; nothing at all becomes null */
void
nebula_value_json_add (JsonBuilder *builder, NebulaThriftValue *value)
{
  if (value == NULL)
    json_builder_add_null_value (builder);
  else if (add_simple (builder, value) || add_text (builder, value))
    return;
  else if (value->__isset_vVal)
    add_vertex (builder, value->vVal);
  else if (value->__isset_eVal)
    add_edge (builder, value->eVal);
  else if (value->__isset_pVal)
    add_path (builder, value->pVal);
  else if (value->__isset_lVal)
    add_list (builder, value->lVal->values);
  else if (value->__isset_mVal)
    add_map (builder, value->mVal->kvs);
  else if (value->__isset_uVal)
    add_set (builder, value->uVal->values);
  else if (value->__isset_gVal)
    add_data_set (builder, value->gVal);
  else
    json_builder_add_null_value (builder);
}

/* @data: (nullable) */
void
nebula_value_json_add_columns (JsonBuilder *builder, NebulaThriftDataSet *data)
{
  GPtrArray *names = data != NULL ? data->column_names : NULL;

  json_builder_begin_array (builder);
  for (guint i = 0; names != NULL && i < names->len; i++)
    add_bytes (builder, names->pdata[i]);
  json_builder_end_array (builder);
}

/* @data: (nullable) */
void
nebula_value_json_add_rows (JsonBuilder *builder, NebulaThriftDataSet *data)
{
  GPtrArray *rows = data != NULL ? data->rows : NULL;

  json_builder_begin_array (builder);
  for (guint i = 0; rows != NULL && i < rows->len; i++)
    {
      NebulaThriftRow *row = rows->pdata[i];

      add_list (builder, row->values);
    }
  json_builder_end_array (builder);
}
