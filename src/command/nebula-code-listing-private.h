/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "nebula-listing-private.h"

#include <nebula-retry/nebula-retry.h>

G_BEGIN_DECLS

/* What can be listed, and in what form. */
typedef enum
{
  NEBULA_LISTING_TEXT,
  NEBULA_LISTING_JSON,
  NEBULA_LISTING_MARKDOWN,
} NebulaListingForm;

void nebula_code_listing_print (GPtrArray *infos, NebulaListingForm form);
void nebula_message_listing_print (NebulaListingForm form);

G_END_DECLS
