/* SPDX-License-Identifier: Apache-2.0 */
#include "nebula-value-text-private.h"

#include <math.h>
#include <string.h>

/*
 * Values as NebulaGraph's console shows them: 1, "text", [1, 2], ("id" :tag{n: 1}). Keys of maps
 * and members of sets come in order, so that one value always gives one text. Nesting is bounded:
 * the interceptor lets no deeper reply through to the stub.
 */

/* Enough digits that a double reads back as the same double: 15 nearly always, 17 always. */
#define MIN_DIGITS 15
#define MAX_DIGITS 17

static void
append_bytes (GString *text, const GByteArray *bytes)
{
  if (bytes != NULL)
    nebula_value_text_append_escaped (text, (const char *) bytes->data, bytes->len);
}

static void
append_character (GString *text, gunichar c)
{
  if (c == '"' || c == '\\')
    g_string_append_printf (text, "\\%c", (char) c);
  else if (c == '\n')
    g_string_append (text, "\\n");
  else if (c == '\r')
    g_string_append (text, "\\r");
  else if (c == '\t')
    g_string_append (text, "\\t");
  else if (g_unichar_iscntrl (c))
    g_string_append_printf (text, "\\u%04x", c);
  else
    g_string_append_unichar (text, c);
}

/* Puts what would end a string, act on a terminal or is no UTF-8 behind a backslash. */
void
nebula_value_text_append_escaped (GString *text, const char *bytes, gsize length)
{
  const char *end = bytes + length;

  for (const char *at = bytes; at < end;)
    {
      gunichar c = *at != '\0' ? g_utf8_get_char_validated (at, end - at) : 0;

      if (c == (gunichar) -1 || c == (gunichar) -2)
        {
          g_string_append_printf (text, "\\x%02x", (guchar) *at);
          at++;
          continue;
        }
      append_character (text, c);
      at = g_utf8_next_char (at);
    }
}

static void
append_quoted (GString *text, const GByteArray *bytes)
{
  g_string_append_c (text, '"');
  append_bytes (text, bytes);
  g_string_append_c (text, '"');
}

/* The shortest text that reads back as @number, and that shows that it is no integer. */
void
nebula_value_text_append_number (GString *text, double number)
{
  char digits[G_ASCII_DTOSTR_BUF_SIZE];
  char format[8];

  for (int precision = MIN_DIGITS; precision <= MAX_DIGITS; precision++)
    {
      g_snprintf (format, sizeof format, "%%.%dg", precision);
      g_ascii_formatd (digits, sizeof digits, format, number);
      if (g_ascii_strtod (digits, NULL) == number)
        break;
    }
  g_string_append (text, digits);
  if (isfinite (number) && strpbrk (digits, ".e") == NULL)
    g_string_append (text, ".0");
}

const char *
nebula_value_text_of_null (NebulaThriftNullType kind)
{
  static const char *const names[] = {
    [NEBULA_THRIFT_NULL_TYPE___NULL__] = "__NULL__",
    [NEBULA_THRIFT_NULL_TYPE_NaN] = "NaN",
    [NEBULA_THRIFT_NULL_TYPE_BAD_DATA] = "BAD_DATA",
    [NEBULA_THRIFT_NULL_TYPE_BAD_TYPE] = "BAD_TYPE",
    [NEBULA_THRIFT_NULL_TYPE_ERR_OVERFLOW] = "ERR_OVERFLOW",
    [NEBULA_THRIFT_NULL_TYPE_UNKNOWN_PROP] = "UNKNOWN_PROP",
    [NEBULA_THRIFT_NULL_TYPE_DIV_BY_ZERO] = "DIV_BY_ZERO",
    [NEBULA_THRIFT_NULL_TYPE_OUT_OF_RANGE] = "OUT_OF_RANGE",
  };

  return (guint) kind < G_N_ELEMENTS (names) ? names[kind] : "__NULL__";
}

/* The parts are independent, so the sign of each is its own; but seconds and microseconds, which
 * are one number. */
static void
append_duration (GString *text, NebulaThriftDuration *duration)
{
  gint64 whole = duration->microseconds / G_USEC_PER_SEC;
  gint64 rest = duration->microseconds % G_USEC_PER_SEC;
  gint64 seconds;

  /* Half an hour more or less does not matter after 292 thousand million years. */
  if (__builtin_add_overflow (duration->seconds, whole, &seconds))
    seconds = whole > 0 ? G_MAXINT64 : G_MININT64;
  if (seconds > 0 && rest < 0)
    {
      seconds--;
      rest += G_USEC_PER_SEC;
    }
  else if (seconds < 0 && rest > 0)
    {
      seconds++;
      rest -= G_USEC_PER_SEC;
    }
  g_string_append_printf (text, "P%dMT%s%" G_GINT64_FORMAT ".%06" G_GINT64_FORMAT "S",
                          duration->months, seconds == 0 && rest < 0 ? "-" : "", seconds,
                          ABS (rest));
}

/* Dates, times and durations: whether @value is one of them. */
gboolean
nebula_value_text_append_time (GString *text, NebulaThriftValue *value)
{
  if (value->__isset_dVal)
    g_string_append_printf (text, "%04d-%02d-%02d", value->dVal->year, value->dVal->month,
                            value->dVal->day);
  else if (value->__isset_tVal)
    g_string_append_printf (text, "%02d:%02d:%02d.%06d", value->tVal->hour, value->tVal->minute,
                            value->tVal->sec, value->tVal->microsec);
  else if (value->__isset_dtVal)
    g_string_append_printf (text, "%04d-%02d-%02dT%02d:%02d:%02d.%06d", value->dtVal->year,
                            value->dtVal->month, value->dtVal->day, value->dtVal->hour,
                            value->dtVal->minute, value->dtVal->sec, value->dtVal->microsec);
  else if (value->__isset_duVal)
    append_duration (text, value->duVal);
  else
    return FALSE;
  return TRUE;
}

static void
append_coordinate (GString *text, NebulaThriftCoordinate *coordinate)
{
  char digits[G_ASCII_DTOSTR_BUF_SIZE];

  if (coordinate == NULL)
    return;
  g_string_append (text, g_ascii_formatd (digits, sizeof digits, "%.15g", coordinate->x));
  g_string_append_c (text, ' ');
  g_string_append (text, g_ascii_formatd (digits, sizeof digits, "%.15g", coordinate->y));
}

static void
append_coordinates (GString *text, GPtrArray *coordinates)
{
  g_string_append_c (text, '(');
  for (guint i = 0; coordinates != NULL && i < coordinates->len; i++)
    {
      if (i > 0)
        g_string_append (text, ", ");
      append_coordinate (text, coordinates->pdata[i]);
    }
  g_string_append_c (text, ')');
}

/* As well-known text. */
void
nebula_value_text_append_geography (GString *text, NebulaThriftGeography *geography)
{
  if (geography->__isset_ptVal)
    {
      g_string_append (text, "POINT(");
      append_coordinate (text, geography->ptVal->coord);
      g_string_append_c (text, ')');
    }
  else if (geography->__isset_lsVal)
    {
      g_string_append (text, "LINESTRING");
      append_coordinates (text, geography->lsVal->coordList);
    }
  else if (geography->__isset_pgVal)
    {
      GPtrArray *rings = geography->pgVal->coordListList;

      g_string_append (text, "POLYGON(");
      for (guint i = 0; rings != NULL && i < rings->len; i++)
        {
          if (i > 0)
            g_string_append (text, ", ");
          append_coordinates (text, rings->pdata[i]);
        }
      g_string_append_c (text, ')');
    }
  else
    {
      g_string_append (text, "GEOMETRYCOLLECTION EMPTY");
    }
}

static void
append_list (GString *text, GPtrArray *values)
{
  g_string_append_c (text, '[');
  for (guint i = 0; values != NULL && i < values->len; i++)
    {
      if (i > 0)
        g_string_append (text, ", ");
      nebula_value_text_append (text, values->pdata[i]);
    }
  g_string_append_c (text, ']');
}

static gint
compare_texts (gconstpointer a, gconstpointer b)
{
  return strcmp (*(const char *const *) a, *(const char *const *) b);
}

static void
append_set (GString *text, GHashTable *values)
{
  g_autoptr (GPtrArray) members = g_ptr_array_new_with_free_func (g_free);
  GHashTableIter iter;
  gpointer member;

  if (values != NULL)
    {
      g_hash_table_iter_init (&iter, values);
      while (g_hash_table_iter_next (&iter, &member, NULL))
        g_ptr_array_add (members, nebula_value_text (member));
    }
  g_ptr_array_sort (members, compare_texts);

  g_string_append_c (text, '{');
  for (guint i = 0; i < members->len; i++)
    g_string_append_printf (text, "%s%s", i > 0 ? ", " : "", (char *) members->pdata[i]);
  g_string_append_c (text, '}');
}

static void
append_map (GString *text, GHashTable *map)
{
  g_autoptr (GPtrArray) keys = g_ptr_array_new ();
  GHashTableIter iter;
  gpointer key;

  if (map != NULL)
    {
      g_hash_table_iter_init (&iter, map);
      while (g_hash_table_iter_next (&iter, &key, NULL))
        g_ptr_array_add (keys, key);
    }
  g_ptr_array_sort (keys, compare_texts);

  g_string_append_c (text, '{');
  for (guint i = 0; i < keys->len; i++)
    {
      const char *name = keys->pdata[i];

      if (i > 0)
        g_string_append (text, ", ");
      nebula_value_text_append_escaped (text, name, strlen (name));
      g_string_append (text, ": ");
      nebula_value_text_append (text, g_hash_table_lookup (map, name));
    }
  g_string_append_c (text, '}');
}

static void
append_vertex (GString *text, NebulaThriftVertex *vertex)
{
  g_string_append_c (text, '(');
  nebula_value_text_append (text, vertex->vid);
  for (guint i = 0; vertex->tags != NULL && i < vertex->tags->len; i++)
    {
      NebulaThriftTag *tag = vertex->tags->pdata[i];

      g_string_append (text, " :");
      append_bytes (text, tag->name);
      append_map (text, tag->props);
    }
  g_string_append_c (text, ')');
}

/* A negative type is the edge seen from its end: shown in its own direction. */
static void
append_edge (GString *text, NebulaThriftEdge *edge)
{
  gboolean is_reverse = edge->type < 0;

  g_string_append (text, "[:");
  append_bytes (text, edge->name);
  g_string_append_c (text, ' ');
  nebula_value_text_append (text, is_reverse ? edge->dst : edge->src);
  g_string_append (text, "->");
  nebula_value_text_append (text, is_reverse ? edge->src : edge->dst);
  g_string_append_printf (text, " @%" G_GINT64_FORMAT " ", edge->ranking);
  append_map (text, edge->props);
  g_string_append_c (text, ']');
}

static void
append_path (GString *text, NebulaThriftPath *path)
{
  g_string_append_c (text, '<');
  append_vertex (text, path->src);
  for (guint i = 0; path->steps != NULL && i < path->steps->len; i++)
    {
      NebulaThriftStep *step = path->steps->pdata[i];

      g_string_append (text, step->type < 0 ? "<-[:" : "-[:");
      append_bytes (text, step->name);
      g_string_append_printf (text, "@%" G_GINT64_FORMAT " ", step->ranking);
      append_map (text, step->props);
      g_string_append (text, step->type < 0 ? "]-" : "]->");
      append_vertex (text, step->dst);
    }
  g_string_append_c (text, '>');
}

static void
append_data_set (GString *text, NebulaThriftDataSet *data)
{
  g_string_append_c (text, '(');
  for (guint i = 0; data->column_names != NULL && i < data->column_names->len; i++)
    {
      if (i > 0)
        g_string_append (text, ", ");
      append_bytes (text, data->column_names->pdata[i]);
    }
  g_string_append (text, "): [");
  for (guint i = 0; data->rows != NULL && i < data->rows->len; i++)
    {
      NebulaThriftRow *row = data->rows->pdata[i];

      if (i > 0)
        g_string_append (text, ", ");
      append_list (text, row->values);
    }
  g_string_append_c (text, ']');
}

static gboolean
append_simple (GString *text, NebulaThriftValue *value)
{
  if (value->__isset_nVal)
    g_string_append (text, nebula_value_text_of_null (value->nVal));
  else if (value->__isset_bVal)
    g_string_append (text, value->bVal ? "true" : "false");
  else if (value->__isset_iVal)
    g_string_append_printf (text, "%" G_GINT64_FORMAT, value->iVal);
  else if (value->__isset_fVal)
    nebula_value_text_append_number (text, value->fVal);
  else if (value->__isset_sVal)
    append_quoted (text, value->sVal);
  else
    return nebula_value_text_append_time (text, value);
  return TRUE;
}

/**
 * nebula_value_text_append:
 * @value: (nullable): of any kind
 *
 * Appends @value as the console shows it, in UTF-8, on one line.
 */
void
nebula_value_text_append (GString *text, NebulaThriftValue *value)
{
  if (value == NULL)
    g_string_append (text, "__EMPTY__");
  else if (append_simple (text, value))
    return;
  else if (value->__isset_vVal)
    append_vertex (text, value->vVal);
  else if (value->__isset_eVal)
    append_edge (text, value->eVal);
  else if (value->__isset_pVal)
    append_path (text, value->pVal);
  else if (value->__isset_lVal)
    append_list (text, value->lVal->values);
  else if (value->__isset_mVal)
    append_map (text, value->mVal->kvs);
  else if (value->__isset_uVal)
    append_set (text, value->uVal->values);
  else if (value->__isset_gVal)
    append_data_set (text, value->gVal);
  else if (value->__isset_ggVal)
    nebula_value_text_append_geography (text, value->ggVal);
  else
    g_string_append (text, "__EMPTY__");
}

/* Returns: (transfer full) */
char *
nebula_value_text (NebulaThriftValue *value)
{
  GString *text = g_string_new (NULL);

  nebula_value_text_append (text, value);
  return g_string_free (text, FALSE);
}
