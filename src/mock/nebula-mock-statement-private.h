/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "nebula-mock-store-private.h"

G_BEGIN_DECLS

typedef enum
{
  NEBULA_MOCK_SENTENCE_USE,
  NEBULA_MOCK_SENTENCE_CREATE_SPACE,
  NEBULA_MOCK_SENTENCE_DROP_SPACE,
  NEBULA_MOCK_SENTENCE_SHOW_SPACES,
  NEBULA_MOCK_SENTENCE_SHOW_SESSIONS,
  NEBULA_MOCK_SENTENCE_INSERT_VERTEX,
  NEBULA_MOCK_SENTENCE_UPDATE_VERTEX,
  NEBULA_MOCK_SENTENCE_DELETE_VERTEX,
  NEBULA_MOCK_SENTENCE_FETCH,
  NEBULA_MOCK_SENTENCE_YIELD,
  NEBULA_MOCK_SENTENCE_ROWS,
  NEBULA_MOCK_SENTENCE_EVERYTHING,
  NEBULA_MOCK_SENTENCE_TRAVERSE, /* GO, MATCH: answered with nothing */
} NebulaMockSentenceKind;

typedef struct
{
  NebulaMockSentenceKind kind;
  char      *name;        /* (owned) (nullable): the space, or the tag */
  gboolean   lenient;     /* IF [NOT] EXISTS, UPSERT */
  GPtrArray *vertices;    /* (owned) (element-type utf8) */
  GPtrArray *names;       /* (owned) (element-type utf8): properties of INSERT, columns of YIELD */
  GPtrArray *values;      /* (owned) (element-type GVariant): of INSERT (a row for each vertex), of
                           * YIELD */
  GPtrArray *assignments; /* (owned) (element-type NebulaMockAssignment) */
  GPtrArray *properties;  /* (owned) (element-type utf8): of FETCH, "" for the whole vertex */
  gint64     count;       /* of YIELD rows() */
  gboolean   is_explained; /* only validated */
} NebulaMockSentence;

GPtrArray *nebula_mock_statement_read (const char *text, gsize length, char **error);
NebulaMockSentence *nebula_mock_sentence_new (void);
gboolean nebula_mock_sentence_needs_space (const NebulaMockSentence *sentence);
void nebula_mock_sentence_free (NebulaMockSentence *sentence);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (NebulaMockSentence, nebula_mock_sentence_free)

G_END_DECLS
