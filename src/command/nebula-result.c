/* SPDX-License-Identifier: Apache-2.0 */
#include "nebula-result-private.h"

#include "nebula-text-width-private.h"
#include "nebula-value-text-private.h"

#include <string.h>

/*
 * The rows that a statement gave, as a table for people and as CSV (RFC 4180) for programs.
 */

static guint
count_columns (NebulaThriftDataSet *data)
{
  return data->column_names != NULL ? data->column_names->len : 0;
}

static guint
count_rows (NebulaThriftDataSet *data)
{
  return data->rows != NULL ? data->rows->len : 0;
}

/* (nullable): a row may be shorter than the names of the columns say */
static NebulaThriftValue *
get_cell (NebulaThriftDataSet *data, guint row, guint column)
{
  NebulaThriftRow *values = data->rows->pdata[row];

  return values->values != NULL && column < values->values->len ? values->values->pdata[column]
                                                                : NULL;
}

static char *
name_of_column (NebulaThriftDataSet *data, guint column)
{
  const GByteArray *name = data->column_names->pdata[column];
  GString *text = g_string_new (NULL);

  if (name != NULL)
    nebula_value_text_append_escaped (text, (const char *) name->data, name->len);
  return g_string_free (text, FALSE);
}

/* All texts of the table, names first, row after row. */
static GPtrArray *
collect_texts (NebulaThriftDataSet *data)
{
  GPtrArray *texts = g_ptr_array_new_with_free_func (g_free);
  guint n_columns = count_columns (data);

  for (guint column = 0; column < n_columns; column++)
    g_ptr_array_add (texts, name_of_column (data, column));
  for (guint row = 0; row < count_rows (data); row++)
    for (guint column = 0; column < n_columns; column++)
      g_ptr_array_add (texts, nebula_value_text (get_cell (data, row, column)));
  return texts;
}

static void
print_rule (FILE *stream, const guint *widths, guint n_columns)
{
  g_autoptr (GString) line = g_string_new ("+");

  for (guint column = 0; column < n_columns; column++)
    {
      for (guint i = 0; i < widths[column] + 2; i++)
        g_string_append_c (line, '-');
      g_string_append_c (line, '+');
    }
  fprintf (stream, "%s\n", line->str);
}

static void
print_line (FILE *stream, gpointer *texts, const guint *widths, guint n_columns)
{
  g_autoptr (GString) line = g_string_new ("|");

  for (guint column = 0; column < n_columns; column++)
    {
      g_string_append_c (line, ' ');
      nebula_text_width_append (line, texts[column], widths[column]);
      g_string_append (line, " |");
    }
  fprintf (stream, "%s\n", line->str);
}

void
nebula_result_print_table (FILE *stream, NebulaThriftDataSet *data)
{
  guint n_columns = count_columns (data);
  g_autoptr (GPtrArray) texts = collect_texts (data);
  g_autofree guint *widths = g_new0 (guint, n_columns + 1);

  for (guint i = 0; i < texts->len; i++)
    widths[i % n_columns] = MAX (widths[i % n_columns], nebula_text_width (texts->pdata[i]));

  print_rule (stream, widths, n_columns);
  for (guint i = 0; i < texts->len; i += n_columns)
    {
      print_line (stream, texts->pdata + i, widths, n_columns);
      if (i == 0)
        print_rule (stream, widths, n_columns);
    }
  print_rule (stream, widths, n_columns);
}

/* A field is quoted when it must be, and when it is an empty text: NULL is the one without. */
static void
print_field (FILE *stream, const char *bytes, gsize length, gboolean is_text)
{
  gboolean quote = is_text && length == 0;

  for (gsize i = 0; i < length && !quote; i++)
    quote = bytes[i] == '\0' || strchr (",\"\r\n", bytes[i]) != NULL;
  if (!quote)
    {
      fwrite (bytes, 1, length, stream);
      return;
    }
  fputc ('"', stream);
  for (gsize i = 0; i < length; i++)
    {
      if (bytes[i] == '"')
        fputc ('"', stream);
      fputc (bytes[i], stream);
    }
  fputc ('"', stream);
}

/* Texts are printed as they are, without the quotes of nGQL; what is inside another value has
 * them. */
static void
print_value (FILE *stream, NebulaThriftValue *value)
{
  g_autofree char *text = NULL;

  if (value == NULL || (value->__isset_nVal && value->nVal == NEBULA_THRIFT_NULL_TYPE___NULL__))
    return;
  if (value->__isset_sVal)
    {
      print_field (stream, value->sVal != NULL ? (const char *) value->sVal->data : "",
                   value->sVal != NULL ? value->sVal->len : 0, TRUE);
      return;
    }
  text = nebula_value_text (value);
  print_field (stream, text, strlen (text), FALSE);
}

static void
end_field (FILE *stream, guint column, guint n_columns)
{
  fputs (column + 1 < n_columns ? "," : "\r\n", stream);
}

void
nebula_result_print_csv (FILE *stream, NebulaThriftDataSet *data)
{
  guint n_columns = count_columns (data);

  for (guint column = 0; column < n_columns; column++)
    {
      const GByteArray *name = data->column_names->pdata[column];

      print_field (stream, name != NULL ? (const char *) name->data : "",
                   name != NULL ? name->len : 0, TRUE);
      end_field (stream, column, n_columns);
    }
  for (guint row = 0; row < count_rows (data); row++)
    for (guint column = 0; column < n_columns; column++)
      {
        print_value (stream, get_cell (data, row, column));
        end_field (stream, column, n_columns);
      }
}
