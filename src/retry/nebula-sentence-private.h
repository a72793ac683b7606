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
  const char *begin;            /* (unowned) where it begins; unset while it is empty */
  const char *end;              /* (unowned) one past its last token */
  int      previous;            /* token before this one; NEBULA_TOKEN_END for none */
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

int nebula_sentence_reader_read (NebulaSentenceReader *self,
                                 NebulaScanner        *scanner);
NebulaStatementSafety nebula_sentence_reader_judge (const NebulaSentenceReader *self);
const char *nebula_sentence_reader_get_kind (const NebulaSentenceReader *self);
gboolean nebula_sentence_reader_is_vertex_update (const NebulaSentenceReader *self);

G_END_DECLS
