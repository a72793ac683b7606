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

typedef struct
{
  guint8 first;  /* NebulaWord */
  guint8 second; /* NebulaWord, or NEBULA_WORD_OTHER for any */
  guint8 judge;  /* NebulaJudge */
  guint8 safety; /* NebulaStatementSafety, the best that the judge can find */
} NebulaStatementKind;

const NebulaStatementKind *nebula_statement_kind_find (NebulaWord first,
                                                       NebulaWord second);

G_END_DECLS
