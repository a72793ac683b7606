/* SPDX-License-Identifier: Apache-2.0 */
#include "nebula-mock-values-private.h"

#include <string.h>

/* Sets a member of a generated struct, and the flag that says so. */
#define SET(object, member, ...) \
  ((object)->member = (__VA_ARGS__), (object)->__isset_##member = TRUE)

GByteArray *
nebula_mock_bytes_new (const char *text)
{
  return g_byte_array_append (g_byte_array_new (), (const guint8 *) text, strlen (text));
}

static NebulaMockThriftValue *
value_new (void)
{
  return g_object_new (NEBULA_MOCK_THRIFT_TYPE_VALUE, NULL);
}

NebulaMockThriftValue *
nebula_mock_value_new_integer (gint64 integer)
{
  NebulaMockThriftValue *value = value_new ();

  SET (value, iVal, integer);
  return value;
}

static NebulaMockThriftValue *
value_new_double (double number)
{
  NebulaMockThriftValue *value = value_new ();

  SET (value, fVal, number);
  return value;
}

NebulaMockThriftValue *
nebula_mock_value_new_string (const char *text)
{
  NebulaMockThriftValue *value = value_new ();

  SET (value, sVal, nebula_mock_bytes_new (text));
  return value;
}

NebulaMockThriftValue *
nebula_mock_value_new_null (NebulaMockThriftNullType kind)
{
  NebulaMockThriftValue *value = value_new ();

  SET (value, nVal, kind);
  return value;
}

/* @variant: a value as the ledger stores it */
NebulaMockThriftValue *
nebula_mock_value_new_from_variant (GVariant *variant)
{
  NebulaMockThriftValue *value;
  const void *bytes;
  gsize length;

  if (g_variant_is_of_type (variant, G_VARIANT_TYPE_INT64))
    return nebula_mock_value_new_integer (g_variant_get_int64 (variant));
  if (g_variant_is_of_type (variant, G_VARIANT_TYPE_DOUBLE))
    return value_new_double (g_variant_get_double (variant));
  if (g_variant_is_of_type (variant, G_VARIANT_TYPE_UNIT))
    return nebula_mock_value_new_null (NEBULA_MOCK_THRIFT_NULL_TYPE___NULL__);

  value = value_new ();
  if (g_variant_is_of_type (variant, G_VARIANT_TYPE_BOOLEAN))
    {
      SET (value, bVal, g_variant_get_boolean (variant));
      return value;
    }
  bytes = g_variant_get_fixed_array (variant, &length, 1);
  SET (value, sVal, g_byte_array_append (g_byte_array_new (), bytes, length));
  return value;
}

static void
add_tag (NebulaMockThriftVertex *vertex,
         const char             *name,
         GHashTable             *properties)
{
  NebulaMockThriftTag *tag = g_object_new (NEBULA_MOCK_THRIFT_TYPE_TAG, NULL);
  GHashTableIter iter;
  gpointer key, value;

  SET (tag, name, nebula_mock_bytes_new (name));
  g_hash_table_iter_init (&iter, properties);
  while (g_hash_table_iter_next (&iter, &key, &value))
    g_hash_table_insert (tag->props, g_strdup (key), nebula_mock_value_new_from_variant (value));
  tag->__isset_props = TRUE;
  g_ptr_array_add (vertex->tags, tag);
  vertex->__isset_tags = TRUE;
}

static NebulaMockThriftVertex *
vertex_new (const char *id)
{
  NebulaMockThriftVertex *vertex = g_object_new (NEBULA_MOCK_THRIFT_TYPE_VERTEX, NULL);

  g_clear_object (&vertex->vid);
  SET (vertex, vid, nebula_mock_value_new_string (id));
  return vertex;
}

/* @properties: (element-type utf8 GVariant) */
NebulaMockThriftValue *
nebula_mock_value_new_vertex (const char *id,
                              const char *tag,
                              GHashTable *properties)
{
  NebulaMockThriftValue *value = value_new ();

  SET (value, vVal, vertex_new (id));
  add_tag (value->vVal, tag, properties);
  return value;
}

/* ---- data sets */

NebulaMockThriftDataSet *
nebula_mock_data_set_new (void)
{
  NebulaMockThriftDataSet *data = g_object_new (NEBULA_MOCK_THRIFT_TYPE_DATA_SET, NULL);

  data->__isset_column_names = TRUE;
  data->__isset_rows = TRUE;
  return data;
}

void
nebula_mock_data_set_add_column (NebulaMockThriftDataSet *data,
                                 const char              *name)
{
  g_ptr_array_add (data->column_names, nebula_mock_bytes_new (name));
}

/* Returns: (transfer none) (element-type NebulaMockThriftValue): where the row's values go, which
 * it owns */
GPtrArray *
nebula_mock_data_set_add_row (NebulaMockThriftDataSet *data)
{
  NebulaMockThriftRow *row = g_object_new (NEBULA_MOCK_THRIFT_TYPE_ROW, NULL);

  row->__isset_values = TRUE;
  g_ptr_array_add (data->rows, row);
  return row->values;
}

/* Rows of an integer (0, 1, ...), a string ("row 0", ...) and a double (0, 0.5, 1, ...). */
NebulaMockThriftDataSet *
nebula_mock_data_set_new_rows (guint count)
{
  NebulaMockThriftDataSet *data = nebula_mock_data_set_new ();
  guint i;

  nebula_mock_data_set_add_column (data, "i");
  nebula_mock_data_set_add_column (data, "s");
  nebula_mock_data_set_add_column (data, "d");
  for (i = 0; i < count; i++)
    {
      GPtrArray *values = nebula_mock_data_set_add_row (data);
      g_autofree char *text = g_strdup_printf ("row %u", i);

      g_ptr_array_add (values, nebula_mock_value_new_integer (i));
      g_ptr_array_add (values, nebula_mock_value_new_string (text));
      g_ptr_array_add (values, value_new_double (i * 0.5));
    }
  return data;
}

/* ---- a value of each kind */

static void
fill_bool (NebulaMockThriftValue *value)
{
  SET (value, bVal, TRUE);
}

static void
fill_integer (NebulaMockThriftValue *value)
{
  SET (value, iVal, G_MININT64);
}

static void
fill_double (NebulaMockThriftValue *value)
{
  SET (value, fVal, 0.25);
}

/* Bytes that are no text: a string of Nebula may hold any. */
static void
fill_string (NebulaMockThriftValue *value)
{
  SET (value, sVal, g_byte_array_append (g_byte_array_new (), (const guint8 *) "a\0\xff", 3));
}

static void
fill_null (NebulaMockThriftValue *value)
{
  SET (value, nVal, NEBULA_MOCK_THRIFT_NULL_TYPE_DIV_BY_ZERO);
}

static void
fill_date (NebulaMockThriftValue *value)
{
  NebulaMockThriftDate *date = g_object_new (NEBULA_MOCK_THRIFT_TYPE_DATE, NULL);

  SET (date, year, 2024);
  SET (date, month, 2);
  SET (date, day, 29);
  SET (value, dVal, date);
}

static void
fill_time (NebulaMockThriftValue *value)
{
  NebulaMockThriftTime *clock = g_object_new (NEBULA_MOCK_THRIFT_TYPE_TIME, NULL);

  SET (clock, hour, 23);
  SET (clock, minute, 59);
  SET (clock, sec, 58);
  SET (clock, microsec, 999999);
  SET (value, tVal, clock);
}

static void
fill_date_time (NebulaMockThriftValue *value)
{
  NebulaMockThriftDateTime *moment = g_object_new (NEBULA_MOCK_THRIFT_TYPE_DATE_TIME, NULL);

  SET (moment, year, -4712);
  SET (moment, month, 1);
  SET (moment, day, 1);
  SET (moment, hour, 12);
  SET (moment, minute, 0);
  SET (moment, sec, 0);
  SET (moment, microsec, 1);
  SET (value, dtVal, moment);
}

static void
fill_vertex (NebulaMockThriftValue *value)
{
  g_autoptr (GHashTable) properties = g_hash_table_new_full (g_str_hash, g_str_equal, NULL,
                                                             (GDestroyNotify) g_variant_unref);

  g_hash_table_insert (properties, (gpointer) "n", g_variant_ref_sink (g_variant_new_int64 (7)));
  SET (value, vVal, vertex_new ("v"));
  add_tag (value->vVal, "t", properties);
}

static void
fill_edge (NebulaMockThriftValue *value)
{
  NebulaMockThriftEdge *edge = g_object_new (NEBULA_MOCK_THRIFT_TYPE_EDGE, NULL);

  g_clear_object (&edge->src);
  g_clear_object (&edge->dst);
  SET (edge, src, nebula_mock_value_new_string ("v"));
  SET (edge, dst, nebula_mock_value_new_string ("w"));
  SET (edge, type, -3);
  SET (edge, name, nebula_mock_bytes_new ("e"));
  SET (edge, ranking, 4);
  g_hash_table_insert (edge->props, g_strdup ("since"), nebula_mock_value_new_integer (1999));
  edge->__isset_props = TRUE;
  SET (value, eVal, edge);
}

static void
fill_path (NebulaMockThriftValue *value)
{
  NebulaMockThriftPath *path = g_object_new (NEBULA_MOCK_THRIFT_TYPE_PATH, NULL);
  NebulaMockThriftStep *step = g_object_new (NEBULA_MOCK_THRIFT_TYPE_STEP, NULL);

  g_clear_object (&step->dst);
  SET (step, dst, vertex_new ("w"));
  SET (step, type, 3);
  SET (step, name, nebula_mock_bytes_new ("e"));
  SET (step, ranking, 0);
  step->__isset_props = TRUE;
  g_clear_object (&path->src);
  SET (path, src, vertex_new ("v"));
  g_ptr_array_add (path->steps, step);
  path->__isset_steps = TRUE;
  SET (value, pVal, path);
}

static void
fill_list (NebulaMockThriftValue *value)
{
  NebulaMockThriftNList *list = g_object_new (NEBULA_MOCK_THRIFT_TYPE_N_LIST, NULL);

  g_ptr_array_add (list->values, nebula_mock_value_new_integer (1));
  g_ptr_array_add (list->values, nebula_mock_value_new_string ("two"));
  list->__isset_values = TRUE;
  SET (value, lVal, list);
}

static void
fill_map (NebulaMockThriftValue *value)
{
  NebulaMockThriftNMap *map = g_object_new (NEBULA_MOCK_THRIFT_TYPE_N_MAP, NULL);

  g_hash_table_insert (map->kvs, g_strdup ("key"), nebula_mock_value_new_integer (1));
  map->__isset_kvs = TRUE;
  SET (value, mVal, map);
}

static void
fill_set (NebulaMockThriftValue *value)
{
  NebulaMockThriftNSet *set = g_object_new (NEBULA_MOCK_THRIFT_TYPE_N_SET, NULL);

  g_hash_table_add (set->values, nebula_mock_value_new_integer (1));
  set->__isset_values = TRUE;
  SET (value, uVal, set);
}

static void
fill_data_set (NebulaMockThriftValue *value)
{
  SET (value, gVal, nebula_mock_data_set_new_rows (1));
}

static NebulaMockThriftCoordinate *
coordinate_new (double x,
                double y)
{
  NebulaMockThriftCoordinate *coordinate = g_object_new (NEBULA_MOCK_THRIFT_TYPE_COORDINATE, NULL);

  SET (coordinate, x, x);
  SET (coordinate, y, y);
  return coordinate;
}

static void
fill_point (NebulaMockThriftValue *value)
{
  NebulaMockThriftPoint *point = g_object_new (NEBULA_MOCK_THRIFT_TYPE_POINT, NULL);

  g_clear_object (&point->coord);
  SET (point, coord, coordinate_new (1, 2));
  SET (value, ggVal, g_object_new (NEBULA_MOCK_THRIFT_TYPE_GEOGRAPHY, NULL));
  g_clear_object (&value->ggVal->ptVal);
  SET (value->ggVal, ptVal, point);
}

static void
fill_line (NebulaMockThriftValue *value)
{
  NebulaMockThriftLineString *line = g_object_new (NEBULA_MOCK_THRIFT_TYPE_LINE_STRING, NULL);

  g_ptr_array_add (line->coordList, coordinate_new (0, 0));
  g_ptr_array_add (line->coordList, coordinate_new (1, 1));
  line->__isset_coordList = TRUE;
  SET (value, ggVal, g_object_new (NEBULA_MOCK_THRIFT_TYPE_GEOGRAPHY, NULL));
  g_clear_object (&value->ggVal->lsVal);
  SET (value->ggVal, lsVal, line);
}

static void
fill_polygon (NebulaMockThriftValue *value)
{
  static const double corners[][2] = { { 0, 0 }, { 1, 0 }, { 0, 1 }, { 0, 0 } };
  NebulaMockThriftPolygon *polygon = g_object_new (NEBULA_MOCK_THRIFT_TYPE_POLYGON, NULL);
  GPtrArray *ring = g_ptr_array_new_with_free_func (g_object_unref);
  gsize i;

  for (i = 0; i < G_N_ELEMENTS (corners); i++)
    g_ptr_array_add (ring, coordinate_new (corners[i][0], corners[i][1]));
  g_ptr_array_add (polygon->coordListList, ring);
  polygon->__isset_coordListList = TRUE;
  SET (value, ggVal, g_object_new (NEBULA_MOCK_THRIFT_TYPE_GEOGRAPHY, NULL));
  g_clear_object (&value->ggVal->pgVal);
  SET (value->ggVal, pgVal, polygon);
}

static void
fill_duration (NebulaMockThriftValue *value)
{
  NebulaMockThriftDuration *duration = g_object_new (NEBULA_MOCK_THRIFT_TYPE_DURATION, NULL);

  SET (duration, seconds, 86400);
  SET (duration, microseconds, 5);
  SET (duration, months, 13);
  SET (value, duVal, duration);
}

static const struct
{
  const char *column;
  void (*fill) (NebulaMockThriftValue *value);
} everything[] = {
  { "empty", NULL },
  { "null", fill_null },
  { "bool", fill_bool },
  { "int", fill_integer },
  { "float", fill_double },
  { "string", fill_string },
  { "date", fill_date },
  { "time", fill_time },
  { "datetime", fill_date_time },
  { "vertex", fill_vertex },
  { "edge", fill_edge },
  { "path", fill_path },
  { "list", fill_list },
  { "map", fill_map },
  { "set", fill_set },
  { "dataset", fill_data_set },
  { "point", fill_point },
  { "linestring", fill_line },
  { "polygon", fill_polygon },
  { "duration", fill_duration },
};

/* One row with a value of every kind, an empty one too. */
NebulaMockThriftDataSet *
nebula_mock_data_set_new_everything (void)
{
  NebulaMockThriftDataSet *data = nebula_mock_data_set_new ();
  GPtrArray *values = nebula_mock_data_set_add_row (data);
  gsize i;

  for (i = 0; i < G_N_ELEMENTS (everything); i++)
    {
      NebulaMockThriftValue *value = value_new ();

      if (everything[i].fill != NULL)
        everything[i].fill (value);
      nebula_mock_data_set_add_column (data, everything[i].column);
      g_ptr_array_add (values, value);
    }
  return data;
}
