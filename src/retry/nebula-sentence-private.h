/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "nebula-statement-kinds-private.h"
#include "nebula-statement-scanner-private.h"

G_BEGIN_DECLS

/* Enough for CREATE TAG INDEX IF NOT EXISTS. */
#define NEBULA_N_HEAD 6

/* What was seen of one sentence. Small, because it is cleared for each: flags are bytes. */
typedef struct
{
  const NebulaStatementKind *row; /* (nullable) */
  const char *begin;       /* (unowned) where it begins; unset while it is empty */
  const char *end;         /* (unowned) one past its last token */
  int previous;            /* token before this one; NEBULA_TOKEN_END for none */
  int depth;               /* of parentheses and brackets in a value of SET, or behind a pipe */
  int braces;
  guint8 stage;            /* where in the sentence we are */
  guint8 set_stage;        /* where in the SET of an UPDATE we are */
  guint8 n_head;           /* filled of @head */
  guint8 head[NEBULA_N_HEAD]; /* NebulaWord of its first tokens */
  guint8 judge;            /* NebulaJudge; known with the second word */
  guint8 safety;           /* NebulaStatementSafety, from the row */
  guint8 hidden;           /* NebulaHiddenWrite: the first, when there is a @write */
  guint8 previous_word;    /* NebulaWord of it; parentheses between do not count */
  guint8 joint;            /* of what reads: what another sentence may follow right now */
  guint8 enclosure;        /* the braces of EXPLAIN { … } */

  /* gboolean */
  guint8 head_is_known;    /* whatever comes, @head is of no more use */
  guint8 explain;          /* EXPLAIN: planned, never executed */
  guint8 strange;          /* more stands there than EXPLAIN may have */
  guint8 profile;
  guint8 assignment;       /* $v = … */
  guint8 pipe;
  guint8 operators;        /* UNION, INTERSECT, MINUS */
  guint8 write;            /* a writing word behind the first one */
  guint8 variable;         /* $v: a variable or a parameter */
  guint8 reference;        /* $-, $^, $$ or $v.x: data of another sentence or of the graph */
  guint8 values;           /* VALUES of an INSERT */
  guint8 has_as;
  guint8 has_drop;
  guint8 has_when;
  guint8 not_constant;     /* a value of SET is no constant, or SET was not understood */
  guint8 impure;           /* a call that may give something else each time */
  guint8 clock_call;       /* date (, and its argument has not come yet */
} NebulaSentenceReader;

int nebula_sentence_reader_read (NebulaSentenceReader *self,
                                 NebulaScanner        *scanner);
NebulaStatementSafety nebula_sentence_reader_judge (const NebulaSentenceReader *self);
const char *nebula_sentence_reader_get_kind (const NebulaSentenceReader *self);
gboolean nebula_sentence_reader_is_vertex_update (const NebulaSentenceReader *self);

G_END_DECLS
