/* SPDX-License-Identifier: Apache-2.0 */
#include "nebula-listing-private.h"

#include "nebula-json-output-private.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/*
 * Tables of facts: in columns for people, as objects for programs, in Markdown for the documents.
 */

/* @columns: static */
void
nebula_listing_init (NebulaListing *self, const NebulaListingColumn *columns, guint n_columns)
{
  self->columns = columns;
  self->n_columns = n_columns;
  self->rows = g_ptr_array_new_with_free_func ((GDestroyNotify) g_ptr_array_unref);
}

void
nebula_listing_clear (NebulaListing *self)
{
  g_clear_pointer (&self->rows, g_ptr_array_unref);
}

/* @cells: as many as there are columns; copied. %NULL is for what does not apply. */
void
nebula_listing_add (NebulaListing *self, const char *const *cells)
{
  GPtrArray *row = g_ptr_array_new_full (self->n_columns, g_free);

  for (guint i = 0; i < self->n_columns; i++)
    g_ptr_array_add (row, g_strdup (cells[i]));
  g_ptr_array_add (self->rows, row);
}

static const char *
get_cell (const NebulaListing *self, guint row, guint column)
{
  const GPtrArray *cells = self->rows->pdata[row];

  return cells->pdata[column];
}

static void
print_cell (const char *cell, int width, gboolean is_last)
{
  if (is_last)
    puts (cell);
  else
    printf ("%-*s  ", width, cell);
}

void
nebula_listing_print_text (const NebulaListing *self)
{
  g_autofree int *widths = g_new0 (int, self->n_columns);

  for (guint i = 0; i < self->n_columns; i++)
    {
      widths[i] = (int) strlen (self->columns[i].heading);
      for (guint row = 0; row < self->rows->len; row++)
        {
          const char *cell = get_cell (self, row, i);

          widths[i] = MAX (widths[i], cell != NULL ? (int) strlen (cell) : 1);
        }
    }

  for (guint i = 0; i < self->n_columns; i++)
    print_cell (self->columns[i].heading, widths[i], i + 1 == self->n_columns);
  for (guint row = 0; row < self->rows->len; row++)
    for (guint i = 0; i < self->n_columns; i++)
      {
        const char *cell = get_cell (self, row, i);

        print_cell (cell != NULL ? cell : "-", widths[i], i + 1 == self->n_columns);
      }
}

void
nebula_listing_print_json (const NebulaListing *self)
{
  g_autoptr (JsonBuilder) builder = json_builder_new ();

  json_builder_begin_array (builder);
  for (guint row = 0; row < self->rows->len; row++)
    {
      json_builder_begin_object (builder);
      for (guint i = 0; i < self->n_columns; i++)
        {
          const char *cell = get_cell (self, row, i);

          if (cell != NULL && self->columns[i].style == NEBULA_LISTING_NUMBER)
            nebula_json_add_int (builder, self->columns[i].heading, atoi (cell));
          else
            nebula_json_add_string (builder, self->columns[i].heading, cell);
        }
      json_builder_end_object (builder);
    }
  json_builder_end_array (builder);
  nebula_json_print (builder);
}

/* A bar would end the cell. None of our texts has a back-quote, which would end the mark. */
static void
print_markdown_cell (const char *cell, NebulaListingStyle style)
{
  const char *mark = cell != NULL && style == NEBULA_LISTING_VERBATIM ? "`" : "";

  printf ("| %s", mark);
  for (const char *at = cell; at != NULL && *at != '\0'; at++)
    printf (*at == '|' ? "\\%c" : "%c", *at);
  printf ("%s ", mark);
}

void
nebula_listing_print_markdown (const NebulaListing *self)
{
  for (guint i = 0; i < self->n_columns; i++)
    print_markdown_cell (self->columns[i].heading, NEBULA_LISTING_WORD);
  puts ("|");
  for (guint i = 0; i < self->n_columns; i++)
    fputs (self->columns[i].style == NEBULA_LISTING_NUMBER ? "|---:" : "|---", stdout);
  puts ("|");
  for (guint row = 0; row < self->rows->len; row++)
    {
      for (guint i = 0; i < self->n_columns; i++)
        print_markdown_cell (get_cell (self, row, i), self->columns[i].style);
      puts ("|");
    }
}
