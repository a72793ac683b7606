/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <json-glib/json-glib.h>
#include <nebula-retry/nebula-retry.h>

G_BEGIN_DECLS

/* A sentence as it may be shown. */
typedef struct
{
  const char *kind; /* static */
  NebulaStatementSafety safety;
  char *text; /* (owned): valid UTF-8 on one line, without passwords */
} NebulaShownSentence;

GPtrArray *nebula_sentence_list_new (const char *statement, gsize length, gboolean *readable);
void nebula_sentence_list_add_json (JsonBuilder *builder, GPtrArray *sentences);
void nebula_sentence_list_print (GPtrArray *sentences);

G_END_DECLS
