/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef enum
{
  NEBULA_MOCK_TOKEN_END,
  NEBULA_MOCK_TOKEN_WORD,   /* a keyword or a name */
  NEBULA_MOCK_TOKEN_NAME,   /* in back-quotes: never a keyword */
  NEBULA_MOCK_TOKEN_STRING,
  NEBULA_MOCK_TOKEN_NUMBER,
  NEBULA_MOCK_TOKEN_SYMBOL, /* one character */
  NEBULA_MOCK_TOKEN_BROKEN, /* a string, name or comment without an end */
} NebulaMockTokenKind;

typedef struct
{
  NebulaMockTokenKind kind;
  gsize start; /* in the text */
  gsize end;
} NebulaMockToken;

/* Reads nGQL token by token. Lives on the stack; does not own the text. */
typedef struct
{
  const char *text; /* (unowned) */
  gsize length;
  gsize position;
} NebulaMockLexer;

NebulaMockToken nebula_mock_lexer_next (NebulaMockLexer *self);
char *nebula_mock_lexer_unquote (const NebulaMockLexer *self, const NebulaMockToken *token);

G_END_DECLS
