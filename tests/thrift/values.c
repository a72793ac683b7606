/* SPDX-License-Identifier: Apache-2.0 */

#include "values.h"

#include <string.h>

NebulaThriftValue *
value_empty (void)
{
  return g_object_new (NEBULA_THRIFT_TYPE_VALUE, NULL);
}

NebulaThriftValue *
value_null (NebulaThriftNullType kind)
{
  NebulaThriftValue *value = value_empty ();

  value->nVal = kind;
  value->__isset_nVal = TRUE;
  return value;
}

NebulaThriftValue *
value_bool (gboolean truth)
{
  NebulaThriftValue *value = value_empty ();

  value->bVal = truth;
  value->__isset_bVal = TRUE;
  return value;
}

NebulaThriftValue *
value_int (gint64 number)
{
  NebulaThriftValue *value = value_empty ();

  value->iVal = number;
  value->__isset_iVal = TRUE;
  return value;
}

NebulaThriftValue *
value_float (double number)
{
  NebulaThriftValue *value = value_empty ();

  value->fVal = number;
  value->__isset_fVal = TRUE;
  return value;
}

NebulaThriftValue *
value_binary (const char *data,
              guint       length)
{
  NebulaThriftValue *value = value_empty ();

  value->sVal = g_byte_array_append (g_byte_array_new (), (const guint8 *) data, length);
  value->__isset_sVal = TRUE;
  return value;
}

NebulaThriftValue *
value_string (const char *text)
{
  return value_binary (text, (guint) strlen (text));
}

NebulaThriftValue *
value_date (gint16 year,
            gint8  month,
            gint8  day)
{
  NebulaThriftValue *value = value_empty ();

  value->dVal = g_object_new (NEBULA_THRIFT_TYPE_DATE, "year", year, "month", month, "day", day,
                              NULL);
  value->__isset_dVal = TRUE;
  return value;
}

NebulaThriftValue *
value_time (gint8  hour,
            gint8  minute,
            gint8  sec,
            gint32 microsec)
{
  NebulaThriftValue *value = value_empty ();

  value->tVal = g_object_new (NEBULA_THRIFT_TYPE_TIME, "hour", hour, "minute", minute, "sec", sec,
                              "microsec", microsec, NULL);
  value->__isset_tVal = TRUE;
  return value;
}

/* The other parts of the instant are fixed and differ from each other. */
NebulaThriftValue *
value_date_time (gint16 year,
                 gint8  month,
                 gint8  hour,
                 gint32 microsec)
{
  NebulaThriftValue *value = value_empty ();

  value->dtVal = g_object_new (NEBULA_THRIFT_TYPE_DATE_TIME, "year", year, "month", month,
                               "day", 17, "hour", hour, "minute", 45, "sec", 59,
                               "microsec", microsec, NULL);
  value->__isset_dtVal = TRUE;
  return value;
}

NebulaThriftValue *
value_duration (gint64 seconds,
                gint32 microseconds,
                gint32 months)
{
  NebulaThriftValue *value = value_empty ();

  value->duVal = g_object_new (NEBULA_THRIFT_TYPE_DURATION, "seconds", seconds,
                               "microseconds", microseconds, "months", months, NULL);
  value->__isset_duVal = TRUE;
  return value;
}

NebulaThriftValue *
value_vertex (NebulaThriftVertex *vertex)
{
  NebulaThriftValue *value = value_empty ();

  value->vVal = vertex;
  value->__isset_vVal = TRUE;
  return value;
}

static void
replace_value (NebulaThriftValue **member,
               NebulaThriftValue  *value)
{
  g_clear_object (member);
  *member = value;
}

/* An edge "like" of type 7 with one property. */
NebulaThriftValue *
value_edge (const char *src,
            const char *dst,
            gint64      ranking)
{
  NebulaThriftValue *value = value_empty ();
  NebulaThriftEdge *edge = g_object_new (NEBULA_THRIFT_TYPE_EDGE, "type", 7, "ranking", ranking,
                                         NULL);

  replace_value (&edge->src, value_string (src));
  replace_value (&edge->dst, value_string (dst));
  edge->name = bytes_new ("like");
  g_hash_table_insert (edge->props, g_strdup ("likeness"), value_int (95));
  value->eVal = edge;
  value->__isset_eVal = TRUE;
  return value;
}

/* Each further vertex is the end of one step along an edge "like". */
NebulaThriftValue *
value_path (NebulaThriftVertex *src,
            ...)
{
  NebulaThriftValue *value = value_empty ();
  NebulaThriftVertex *dst;
  va_list args;

  value->pVal = g_object_new (NEBULA_THRIFT_TYPE_PATH, NULL);
  g_clear_object (&value->pVal->src);
  value->pVal->src = src;
  value->__isset_pVal = TRUE;

  va_start (args, src);
  while ((dst = va_arg (args, NebulaThriftVertex *)) != NULL)
    {
      NebulaThriftStep *step = g_object_new (NEBULA_THRIFT_TYPE_STEP, "type", -7,
                                             "ranking", G_GINT64_CONSTANT (3), NULL);

      g_clear_object (&step->dst);
      step->dst = dst;
      step->name = bytes_new ("like");
      g_hash_table_insert (step->props, g_strdup ("since"), value_date (2020, 2, 29));
      g_ptr_array_add (value->pVal->steps, step);
    }
  va_end (args);

  return value;
}

NebulaThriftValue *
value_list (gpointer first,
            ...)
{
  NebulaThriftValue *value = value_empty ();
  va_list args;

  value->lVal = g_object_new (NEBULA_THRIFT_TYPE_N_LIST, NULL);
  value->__isset_lVal = TRUE;

  va_start (args, first);
  for (gpointer item = first; item != NULL; item = va_arg (args, gpointer))
    g_ptr_array_add (value->lVal->values, item);
  va_end (args);

  return value;
}

NebulaThriftValue *
value_map (const char *key,
           ...)
{
  NebulaThriftValue *value = value_empty ();
  va_list args;

  value->mVal = g_object_new (NEBULA_THRIFT_TYPE_N_MAP, NULL);
  value->__isset_mVal = TRUE;

  va_start (args, key);
  for (; key != NULL; key = va_arg (args, const char *))
    g_hash_table_insert (value->mVal->kvs, g_strdup (key), va_arg (args, gpointer));
  va_end (args);

  return value;
}

NebulaThriftValue *
value_set (gpointer first,
           ...)
{
  NebulaThriftValue *value = value_empty ();
  va_list args;

  value->uVal = g_object_new (NEBULA_THRIFT_TYPE_N_SET, NULL);
  value->__isset_uVal = TRUE;

  va_start (args, first);
  for (gpointer item = first; item != NULL; item = va_arg (args, gpointer))
    g_hash_table_add (value->uVal->values, item);
  va_end (args);

  return value;
}

NebulaThriftValue *
value_data_set (NebulaThriftDataSet *data_set)
{
  NebulaThriftValue *value = value_empty ();

  value->gVal = data_set;
  value->__isset_gVal = TRUE;
  return value;
}

static NebulaThriftCoordinate *
coordinate_new (double x,
                double y)
{
  return g_object_new (NEBULA_THRIFT_TYPE_COORDINATE, "x", x, "y", y, NULL);
}

/* (0, 0), (1, -0.5), (2, -1) ... */
static void
add_points (GPtrArray *points,
            guint      n_points)
{
  for (guint i = 0; i < n_points; i++)
    g_ptr_array_add (points, coordinate_new (i, -0.5 * i));
}

static NebulaThriftValue *
value_geography (void)
{
  NebulaThriftValue *value = value_empty ();

  value->ggVal = g_object_new (NEBULA_THRIFT_TYPE_GEOGRAPHY, NULL);
  value->__isset_ggVal = TRUE;
  return value;
}

NebulaThriftValue *
value_point (double x,
             double y)
{
  NebulaThriftValue *value = value_geography ();
  NebulaThriftPoint *point = g_object_new (NEBULA_THRIFT_TYPE_POINT, NULL);

  g_clear_object (&point->coord);
  point->coord = coordinate_new (x, y);
  value->ggVal->ptVal = point;
  value->ggVal->__isset_ptVal = TRUE;
  return value;
}

NebulaThriftValue *
value_line (guint n_points)
{
  NebulaThriftValue *value = value_geography ();

  value->ggVal->lsVal = g_object_new (NEBULA_THRIFT_TYPE_LINE_STRING, NULL);
  value->ggVal->__isset_lsVal = TRUE;
  add_points (value->ggVal->lsVal->coordList, n_points);
  return value;
}

NebulaThriftValue *
value_polygon (guint n_rings,
               guint n_points)
{
  NebulaThriftValue *value = value_geography ();

  value->ggVal->pgVal = g_object_new (NEBULA_THRIFT_TYPE_POLYGON, NULL);
  value->ggVal->__isset_pgVal = TRUE;
  for (guint i = 0; i < n_rings; i++)
    {
      GPtrArray *ring = g_ptr_array_new_with_free_func (g_object_unref);

      add_points (ring, n_points);
      g_ptr_array_add (value->ggVal->pgVal->coordListList, ring);
    }
  return value;
}

/* Each further argument is the name of a tag, which has the properties name and age. */
NebulaThriftVertex *
vertex_new (const char *vid,
            ...)
{
  NebulaThriftVertex *vertex = g_object_new (NEBULA_THRIFT_TYPE_VERTEX, NULL);
  const char *name;
  va_list args;

  replace_value (&vertex->vid, value_string (vid));

  va_start (args, vid);
  while ((name = va_arg (args, const char *)) != NULL)
    {
      NebulaThriftTag *tag = g_object_new (NEBULA_THRIFT_TYPE_TAG, NULL);

      tag->name = bytes_new (name);
      g_hash_table_insert (tag->props, g_strdup ("name"), value_string (vid));
      g_hash_table_insert (tag->props, g_strdup ("age"), value_int (42));
      g_ptr_array_add (vertex->tags, tag);
    }
  va_end (args);

  return vertex;
}

GByteArray *
bytes_new (const char *text)
{
  return g_byte_array_append (g_byte_array_new (), (const guint8 *) text, (guint) strlen (text));
}

void
data_set_column (NebulaThriftDataSet *data_set,
                 const char          *name)
{
  g_ptr_array_add (data_set->column_names, bytes_new (name));
}

void
data_set_row (NebulaThriftDataSet *data_set,
              gpointer             first,
              ...)
{
  NebulaThriftRow *row = g_object_new (NEBULA_THRIFT_TYPE_ROW, NULL);
  va_list args;

  va_start (args, first);
  for (gpointer item = first; item != NULL; item = va_arg (args, gpointer))
    g_ptr_array_add (row->values, item);
  va_end (args);

  g_ptr_array_add (data_set->rows, row);
}
