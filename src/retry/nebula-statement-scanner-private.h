/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* The words that decide what a sentence does. All others are NEBULA_WORD_OTHER. */
typedef enum
{
  NEBULA_WORD_OTHER,
  NEBULA_WORD_ADD,
  NEBULA_WORD_ALL,
  NEBULA_WORD_ALTER,
  NEBULA_WORD_AS,
  NEBULA_WORD_BALANCE,
  NEBULA_WORD_CHANGE,
  NEBULA_WORD_CLEAR,
  NEBULA_WORD_CONFIGS,
  NEBULA_WORD_CREATE,
  NEBULA_WORD_DELETE,
  NEBULA_WORD_DESC,
  NEBULA_WORD_DESCRIBE,
  NEBULA_WORD_DISTINCT,
  NEBULA_WORD_DIVIDE,
  NEBULA_WORD_DOWNLOAD,
  NEBULA_WORD_DROP,
  NEBULA_WORD_EDGE,
  NEBULA_WORD_EXISTS,
  NEBULA_WORD_EXPLAIN,
  NEBULA_WORD_FALSE,
  NEBULA_WORD_FETCH,
  NEBULA_WORD_FIND,
  NEBULA_WORD_FORMAT,
  NEBULA_WORD_FULLTEXT,
  NEBULA_WORD_GET,
  NEBULA_WORD_GO,
  NEBULA_WORD_GRANT,
  NEBULA_WORD_GROUP,
  NEBULA_WORD_HOSTS,
  NEBULA_WORD_IF,
  NEBULA_WORD_INDEX,
  NEBULA_WORD_INGEST,
  NEBULA_WORD_INSERT,
  NEBULA_WORD_INTERSECT,
  NEBULA_WORD_JOB,
  NEBULA_WORD_KILL,
  NEBULA_WORD_LIMIT,
  NEBULA_WORD_LISTENER,
  NEBULA_WORD_LOOKUP,
  NEBULA_WORD_MATCH,
  NEBULA_WORD_MERGE,
  NEBULA_WORD_MINUS,
  NEBULA_WORD_NOT,
  NEBULA_WORD_NULL,
  NEBULA_WORD_OFFSET,
  NEBULA_WORD_OPTIONAL,
  NEBULA_WORD_ORDER,
  NEBULA_WORD_PASSWORD,
  NEBULA_WORD_PROFILE,
  NEBULA_WORD_QUERY,
  NEBULA_WORD_REBUILD,
  NEBULA_WORD_RECOVER,
  NEBULA_WORD_REMOVE,
  NEBULA_WORD_RENAME,
  NEBULA_WORD_RETURN,
  NEBULA_WORD_REVOKE,
  NEBULA_WORD_SESSION,
  NEBULA_WORD_SESSIONS,
  NEBULA_WORD_SET,
  NEBULA_WORD_SHOW,
  NEBULA_WORD_SIGN, /* of SIGN IN; the function is pure */
  NEBULA_WORD_SNAPSHOT,
  NEBULA_WORD_SPACE,
  NEBULA_WORD_STOP,
  NEBULA_WORD_SUBMIT,
  NEBULA_WORD_TAG,
  NEBULA_WORD_TRUE,
  NEBULA_WORD_UNION,
  NEBULA_WORD_UNWIND,
  NEBULA_WORD_UPDATE,
  NEBULA_WORD_UPSERT,
  NEBULA_WORD_USE,
  NEBULA_WORD_USER,
  NEBULA_WORD_VALUES,
  NEBULA_WORD_VERTEX,
  NEBULA_WORD_WHEN,
  NEBULA_WORD_WITH,
  NEBULA_WORD_YIELD,
  NEBULA_WORD_ZONE,
  NEBULA_WORD_PURE_FUNCTION,  /* the name of a function that gives the same for the same */
  NEBULA_WORD_CLOCK_FUNCTION, /* date, time, …: the same only for an argument, else the clock */
  NEBULA_N_WORDS,             /* keep last */
} NebulaWord;

/* A token. Punctuation is its own byte; nothing else is below 128. */
typedef enum
{
  NEBULA_TOKEN_END = 128,
  NEBULA_TOKEN_ERROR,     /* a byte that begins nothing, or something unterminated */
  NEBULA_TOKEN_QUOTED,    /* a name in back-quotes */
  NEBULA_TOKEN_STRING,
  NEBULA_TOKEN_NUMBER,
  NEBULA_TOKEN_VARIABLE,  /* $v, a variable or a parameter */
  NEBULA_TOKEN_REFERENCE, /* $-, $^ or $$ */
  NEBULA_TOKEN_WORD,      /* a keyword or a name; keep last */
} NebulaTokenKind;

/* A token and its word as one byte, which sets of tokens are made of. */
#define NEBULA_SYMBOL(word) (NEBULA_TOKEN_WORD + NEBULA_WORD_##word)

/* The tokens that are listed, or all others. NEBULA_TOKEN_END and NEBULA_TOKEN_ERROR have to be in
 * it. */
typedef struct
{
  guint8 listed[256]; /* 1 or 0, by symbol */
  guint8 others;      /* 1 or 0 */
} NebulaTokenSet;

extern const NebulaTokenSet nebula_all_tokens;

typedef struct _NebulaScannerTables NebulaScannerTables;

typedef struct
{
  const char                *at;     /* (unowned) one past the last token */
  const char                *start;  /* (unowned) where the last token begins */
  const char                *before; /* (unowned) one past the token before that */
  const char                *end;    /* (unowned) one past the last byte */
  const NebulaScannerTables *tables; /* static */
  NebulaWord                 word;   /* of the last token, if that was a NEBULA_TOKEN_WORD */

  int        token;         /* the last one; NEBULA_TOKEN_END before the first */
  int        previous;      /* the one before it */
  NebulaWord previous_word; /* of that; parentheses between do not count */
} NebulaScanner;

void nebula_scanner_init (NebulaScanner *scanner,
                          const char    *statement,
                          gsize          length);
void nebula_scanner_begin_sentence (NebulaScanner *scanner);
int nebula_scanner_next (NebulaScanner        *scanner,
                         const NebulaTokenSet *wanted);

G_END_DECLS
