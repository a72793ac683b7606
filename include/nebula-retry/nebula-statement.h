/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <nebula-retry/nebula-retry-enums.h>

G_BEGIN_DECLS

/**
 * NebulaSentence:
 * @offset: where it begins in the statement, in bytes
 * @length: its length in bytes, without the white space and comments around it
 * @kind: its first words in capitals, such as `GO`, `INSERT VERTEX` or `CREATE TAG INDEX`; with
 *   the write that hides behind a pipe or a set operator, `GO | DELETE EDGE`; `EXPLAIN` for all
 *   that is only planned; `unknown` for what graphd would not understand either. A static string
 * @safety: whether it may be run twice
 *
 * One sentence of a statement. PROFILE, an assignment and parentheses do not change its kind.
 *
 * Since: 0.1
 */
typedef struct
{
  gsize offset;
  gsize length;
  const char *kind;
  NebulaStatementSafety safety;
} NebulaSentence;

/**
 * NebulaSentenceFunc:
 * @sentence: a sentence; valid until the function returns
 * @user_data: (nullable): what nebula_statement_foreach_sentence() was given
 *
 * Is told the sentences of a statement.
 *
 * Since: 0.1
 */
typedef void (*NebulaSentenceFunc) (const NebulaSentence *sentence, gpointer user_data);

NEBULA_RETRY_API NebulaStatementSafety nebula_statement_get_safety (const char *statement,
                                                                    gssize length,
                                                                    NebulaCallTraits *traits);
NEBULA_RETRY_API gboolean nebula_statement_foreach_sentence (const char *statement,
                                                             gssize length,
                                                             NebulaSentenceFunc func,
                                                             gpointer user_data);
NEBULA_RETRY_API gboolean nebula_statement_may_change_space (const char *statement, gsize length);
NEBULA_RETRY_API gboolean nebula_statement_starts_with_use (const char *statement, gsize length);
NEBULA_RETRY_API gboolean nebula_statement_chooses_space (const char *statement,
                                                          gsize length,
                                                          const char *space);
NEBULA_RETRY_API gboolean nebula_statement_holds_secret (const char *statement, gssize length);
NEBULA_RETRY_API char *nebula_statement_redact (const char *statement, gssize length);
NEBULA_RETRY_API char *nebula_statement_redact_message (const char *statement,
                                                        gssize length,
                                                        const char *message);

G_END_DECLS
