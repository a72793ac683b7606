/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <nebula-retry/nebula-override.h>

G_BEGIN_DECLS

/* A field that says nothing leaves the outcome's own. */
#define NEBULA_UNSAID (-1)

struct _NebulaOverride
{
  char *text;  /* (owned) (nullable): %NULL where the code decides */
  gint32 code;
  char *rule;  /* (owned): what the outcome names as its reason */
  int category;
  int cause;
  int effect;
  int pace;
};

G_END_DECLS
