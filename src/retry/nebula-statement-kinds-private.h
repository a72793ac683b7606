/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <nebula-retry/nebula-retry-enums.h>

#include "nebula-statement-scanner-private.h"

G_BEGIN_DECLS

/* How the safety of a sentence is found, once its first words are known. */
typedef enum
{
  NEBULA_JUDGE_FIXED,   /* the row says it */
  NEBULA_JUDGE_READ,    /* read-only, if no write hides behind a pipe or an operator */
  NEBULA_JUDGE_CREATE,  /* idempotent with IF NOT EXISTS, else convergent */
  NEBULA_JUDGE_DROP,    /* convergent with IF EXISTS */
  NEBULA_JUDGE_ALTER,   /* convergent, unless it drops something */
  NEBULA_JUDGE_INSERT,  /* idempotent, unless a value differs each time */
  NEBULA_JUDGE_LITERAL, /* idempotent, if all keys and values are written out */
  NEBULA_JUDGE_UPDATE,  /* idempotent, if all new values are constants */
} NebulaJudge;

/* A write behind the first words of a sentence that reads: it follows a pipe or a set operator. */
typedef enum
{
  NEBULA_HIDDEN_NONE,
  NEBULA_HIDDEN_DELETE_VERTEX,
  NEBULA_HIDDEN_DELETE_EDGE,
  NEBULA_HIDDEN_DELETE_TAG,
  NEBULA_HIDDEN_KILL_QUERY,
  NEBULA_HIDDEN_KILL_SESSION,
  NEBULA_HIDDEN_OTHER, /* no release knows it; keep last */
} NebulaHiddenWrite;

typedef struct
{
  guint8      first;  /* NebulaWord */
  guint8      second; /* NebulaWord, or NEBULA_WORD_OTHER for any */
  guint8      judge;  /* NebulaJudge */
  guint8      safety; /* NebulaStatementSafety, the best that the judge can find */
  const char *names[NEBULA_HIDDEN_OTHER + 1]; /* (nullable) static; by NebulaHiddenWrite */
  const char *index_name; /* (nullable) static; its name when it is about an index */
} NebulaStatementKind;

gboolean nebula_statement_kind_exists (NebulaWord first);
gboolean nebula_statement_kind_reads (NebulaWord first);
const NebulaStatementKind *nebula_statement_kind_find (NebulaWord first,
                                                       NebulaWord second);

G_END_DECLS
