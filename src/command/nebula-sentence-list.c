/* SPDX-License-Identifier: Apache-2.0 */
#include "nebula-sentence-list-private.h"

#include "nebula-json-output-private.h"
#include "nebula-statement-display-private.h"

#include <stdio.h>
#include <string.h>

/*
 * The sentences of a statement, for people and for programs.
 */

/* What the collection needs to know. */
typedef struct
{
  const char *statement;
  GPtrArray *sentences;
} Collection;

static void
shown_sentence_free (gpointer data)
{
  NebulaShownSentence *self = data;

  g_free (self->text);
  g_free (self);
}

static void
collect (const NebulaSentence *sentence, gpointer user_data)
{
  Collection *collection = user_data;
  NebulaShownSentence *shown = g_new0 (NebulaShownSentence, 1);
  /* A NUL would end the text for all that follows; graphd refuses it anyway. */
  g_autofree char *bytes = g_utf8_make_valid (collection->statement + sentence->offset,
                                              (gssize) sentence->length);

  shown->kind = sentence->kind;
  shown->safety = sentence->safety;
  shown->text = nebula_statement_display (bytes);
  g_ptr_array_add (collection->sentences, shown);
}

/**
 * nebula_sentence_list_new:
 * @statement: (array length=length): nGQL, any bytes
 * @length: in bytes
 * @readable: (out): whether all of it could be read
 *
 * Returns: (transfer full) (element-type NebulaShownSentence): its sentences
 */
GPtrArray *
nebula_sentence_list_new (const char *statement, gsize length, gboolean *readable)
{
  Collection collection = { statement, g_ptr_array_new_with_free_func (shown_sentence_free) };

  *readable = nebula_statement_foreach_sentence (statement, (gssize) length, collect, &collection);
  return collection.sentences;
}

/* As the member "sentences" of the object under way. */
void
nebula_sentence_list_add_json (JsonBuilder *builder, GPtrArray *sentences)
{
  json_builder_set_member_name (builder, "sentences");
  json_builder_begin_array (builder);
  for (guint i = 0; i < sentences->len; i++)
    {
      const NebulaShownSentence *sentence = sentences->pdata[i];

      json_builder_begin_object (builder);
      nebula_json_add_string (builder, "kind", sentence->kind);
      nebula_json_add_string (builder, "safety",
                              nebula_statement_safety_to_string (sentence->safety));
      nebula_json_add_string (builder, "text", sentence->text);
      json_builder_end_object (builder);
    }
  json_builder_end_array (builder);
}

/* A line for each. */
void
nebula_sentence_list_print (GPtrArray *sentences)
{
  int width = 0;

  for (guint i = 0; i < sentences->len; i++)
    width = MAX (width, (int) strlen (((NebulaShownSentence *) sentences->pdata[i])->kind));
  for (guint i = 0; i < sentences->len; i++)
    {
      const NebulaShownSentence *sentence = sentences->pdata[i];

      printf ("  %u. %-14s  %-*s  %s\n", i + 1,
              nebula_statement_safety_to_string (sentence->safety), width, sentence->kind,
              sentence->text);
    }
}
