/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

typedef enum
{
  NEBULA_LISTING_WORD,
  NEBULA_LISTING_NUMBER,   /* of 32 bits; a number in JSON */
  NEBULA_LISTING_VERBATIM, /* marked as code in Markdown */
} NebulaListingStyle;

/* A column of a listing; all strings are static. */
typedef struct
{
  const char *heading;
  NebulaListingStyle style;
} NebulaListingColumn;

/* Rows of facts that are printed in one form or another. */
typedef struct
{
  const NebulaListingColumn *columns; /* (unowned) static */
  guint n_columns;
  GPtrArray *rows; /* (owned): arrays of @n_columns texts; a text may be %NULL */
} NebulaListing;

void nebula_listing_init (NebulaListing *self,
                          const NebulaListingColumn *columns,
                          guint n_columns);
void nebula_listing_clear (NebulaListing *self);
void nebula_listing_add (NebulaListing *self, const char *const *cells);
void nebula_listing_print_text (const NebulaListing *self);
void nebula_listing_print_json (const NebulaListing *self);
void nebula_listing_print_markdown (const NebulaListing *self);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (NebulaListing, nebula_listing_clear)

G_END_DECLS
