/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "nebula-statement-kinds-private.h"
#include "nebula-statement-scanner-private.h"

G_BEGIN_DECLS

/* Enough for CREATE TAG INDEX IF NOT EXISTS. */
#define NEBULA_N_HEAD 6

/* What was seen of one sentence. */
typedef struct
{
  guint8   stage;               /* where in the sentence we are */
  guint8   set_stage;           /* where in the SET of an UPDATE we are */
  guint8   n_head;              /* filled of @head */
  guint8   head[NEBULA_N_HEAD]; /* NebulaWord of its first tokens */
  guint8   judge;               /* NebulaJudge; known with the second word */
  guint8   safety;              /* NebulaStatementSafety, from the row */
  guint8   hidden;              /* NebulaHiddenWrite: the first, when there is a @write */
  const NebulaStatementKind *row; /* (nullable) */
  int      previous;            /* token before this one */
  guint8   previous_word;       /* NebulaWord of it; parentheses between do not count */
  gboolean explain;             /* EXPLAIN: planned, never executed */
  gboolean profile;
  gboolean assignment;   /* $v = … */
  gboolean pipe;
  gboolean operators;    /* UNION, INTERSECT, MINUS */
  gboolean write;        /* a writing word behind the first one */
  gboolean variable;     /* $v: a variable or a parameter */
  gboolean reference;    /* $-, $^, $$ or $v.x: data of another sentence or of the graph */
  gboolean values;       /* VALUES of an INSERT */
  gboolean has_as;
  gboolean has_drop;
  gboolean has_when;
  gboolean not_constant; /* a value of SET is no constant, or SET was not understood */
  gboolean impure;       /* a call that may give something else each time */
  gboolean clock_call;   /* date (, and its argument has not come yet */
  int      depth;        /* of parentheses and brackets in a value of SET */
  int      braces;
} NebulaSentenceReader;

void nebula_sentence_reader_init (NebulaSentenceReader *self);
void nebula_sentence_reader_add_token (NebulaSentenceReader *self,
                                       int                   token,
                                       NebulaWord            word);
NebulaStatementSafety nebula_sentence_reader_judge (const NebulaSentenceReader *self);
const char *nebula_sentence_reader_get_kind (const NebulaSentenceReader *self);
gboolean nebula_sentence_reader_is_vertex_update (const NebulaSentenceReader *self);

/* Whether a token of a body can change nothing but @previous. These are most of the tokens of a
 * large INSERT. */
static inline gboolean
nebula_sentence_reader_is_filler (const NebulaSentenceReader *self,
                                  int                         token)
{
  return (token == NEBULA_TOKEN_STRING || token == NEBULA_TOKEN_NUMBER || token == ',' ||
          token == ':' || token == ')') &&
         self->n_head == NEBULA_N_HEAD && self->judge != NEBULA_JUDGE_UPDATE &&
         !self->clock_call;
}

/* Here, because it is called for each token, and most are done with at once. */
static inline void
nebula_sentence_reader_add (NebulaSentenceReader *self,
                            int                   token,
                            NebulaWord            word)
{
  if (!nebula_sentence_reader_is_filler (self, token))
    {
      nebula_sentence_reader_add_token (self, token, word);
      return;
    }

  self->previous = token;
  if (token != ')')
    self->previous_word = NEBULA_WORD_OTHER;
}

G_END_DECLS
