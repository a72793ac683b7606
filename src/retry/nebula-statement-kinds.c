/* SPDX-License-Identifier: Apache-2.0 */
#include "nebula-statement-kinds-private.h"

#include <string.h>

/* The sentences of nGQL, by their first words, and which of them may be run twice. The facts are
 * those of the grammar of NebulaGraph 3.8 and of what its executors do. */

#define NAMED(one, two, how, best, text) \
  { \
    .first = NEBULA_WORD_##one, \
    .second = NEBULA_WORD_##two, \
    .judge = NEBULA_JUDGE_##how, \
    .safety = NEBULA_STATEMENT_##best, \
    .names = { text }, \
  }

#define KIND(one, two, how, best) NAMED (one, two, how, best, #one " " #two)

/* What an index may be of. */
#define INDEXED(one, two, how, best) \
  { \
    .first = NEBULA_WORD_##one, \
    .second = NEBULA_WORD_##two, \
    .judge = NEBULA_JUDGE_##how, \
    .safety = NEBULA_STATEMENT_##best, \
    .names = { #one " " #two }, \
    .index_name = #one " " #two " INDEX", \
  }

/* What may end in a write. */
#define READ_NAMED(one, two, text) \
  { \
    .first = NEBULA_WORD_##one, \
    .second = NEBULA_WORD_##two, \
    .judge = NEBULA_JUDGE_READ, \
    .safety = NEBULA_STATEMENT_READ_ONLY, \
    .names = { \
      [NEBULA_HIDDEN_NONE] = text, \
      [NEBULA_HIDDEN_DELETE_VERTEX] = text " | DELETE VERTEX", \
      [NEBULA_HIDDEN_DELETE_EDGE] = text " | DELETE EDGE", \
      [NEBULA_HIDDEN_DELETE_TAG] = text " | DELETE TAG", \
      [NEBULA_HIDDEN_KILL_QUERY] = text " | KILL QUERY", \
      [NEBULA_HIDDEN_KILL_SESSION] = text " | KILL SESSION", \
    }, \
  }

#define READ(one) READ_NAMED (one, OTHER, #one)

/* The first row that fits counts, of those of a first word, which stand together; no row, no
 * safety. Those that are NOT_IDEMPOTENT are here for their names only. */
/* clang-format off */
static const NebulaStatementKind kinds[] = {
  READ (GO),
  READ (MATCH),
  READ_NAMED (OPTIONAL, MATCH, "OPTIONAL MATCH"),
  READ (UNWIND),
  READ (WITH),
  READ (LOOKUP),
  READ (FETCH),
  READ (FIND),
  READ (GET),
  READ (YIELD),
  READ (RETURN),
  READ (LIMIT),
  READ (OFFSET),
  READ (ORDER),
  READ (GROUP),
  READ_NAMED (DESC, OTHER, "DESCRIBE"),
  READ (DESCRIBE),
  READ (SHOW),
  NAMED (USE, OTHER, FIXED, IDEMPOTENT, "USE"), /* the state of the session only */
  KIND (INSERT, VERTEX, INSERT, IDEMPOTENT),
  KIND (INSERT, EDGE, INSERT, IDEMPOTENT),
  KIND (DELETE, VERTEX, LITERAL, IDEMPOTENT),
  KIND (DELETE, EDGE, LITERAL, IDEMPOTENT),
  KIND (DELETE, TAG, LITERAL, IDEMPOTENT),
  KIND (UPDATE, VERTEX, UPDATE, IDEMPOTENT),
  KIND (UPDATE, EDGE, UPDATE, IDEMPOTENT),
  KIND (UPDATE, CONFIGS, LITERAL, IDEMPOTENT),
  KIND (UPSERT, VERTEX, UPDATE, IDEMPOTENT),
  KIND (UPSERT, EDGE, UPDATE, IDEMPOTENT),
  KIND (CREATE, SPACE, CREATE, IDEMPOTENT),
  INDEXED (CREATE, TAG, CREATE, IDEMPOTENT),
  INDEXED (CREATE, EDGE, CREATE, IDEMPOTENT),
  KIND (CREATE, USER, CREATE, IDEMPOTENT),
  /* Knows no IF NOT EXISTS. */
  NAMED (CREATE, FULLTEXT, FIXED, CONVERGENT, "CREATE FULLTEXT INDEX"),
  KIND (CREATE, SNAPSHOT, FIXED, NOT_IDEMPOTENT),
  KIND (ALTER, TAG, ALTER, CONVERGENT),
  KIND (ALTER, EDGE, ALTER, CONVERGENT),
  KIND (ALTER, SPACE, ALTER, CONVERGENT),
  KIND (ALTER, USER, FIXED, IDEMPOTENT), /* WITH PASSWORD */
  KIND (DROP, SPACE, DROP, CONVERGENT),
  INDEXED (DROP, TAG, DROP, CONVERGENT),
  INDEXED (DROP, EDGE, DROP, CONVERGENT),
  KIND (DROP, USER, DROP, CONVERGENT),
  KIND (DROP, SNAPSHOT, DROP, CONVERGENT),
  KIND (DROP, HOSTS, DROP, CONVERGENT),
  KIND (DROP, ZONE, DROP, CONVERGENT),
  NAMED (DROP, FULLTEXT, DROP, CONVERGENT, "DROP FULLTEXT INDEX"),
  NAMED (DROP, OTHER, DROP, CONVERGENT, "DROP"),
  KIND (CLEAR, SPACE, DROP, CONVERGENT),
  NAMED (GRANT, OTHER, FIXED, IDEMPOTENT, "GRANT"),
  KIND (ADD, HOSTS, FIXED, CONVERGENT),
  KIND (ADD, LISTENER, FIXED, CONVERGENT),
  KIND (REMOVE, LISTENER, FIXED, CONVERGENT),
  KIND (RENAME, ZONE, FIXED, CONVERGENT),
  KIND (STOP, JOB, FIXED, CONVERGENT),
  KIND (RECOVER, JOB, FIXED, CONVERGENT),
  KIND (CHANGE, PASSWORD, FIXED, NOT_IDEMPOTENT),
  KIND (KILL, QUERY, FIXED, NOT_IDEMPOTENT),
  KIND (KILL, SESSION, FIXED, NOT_IDEMPOTENT),
  NAMED (KILL, SESSIONS, FIXED, NOT_IDEMPOTENT, "KILL SESSION"),
  KIND (SUBMIT, JOB, FIXED, NOT_IDEMPOTENT),
  KIND (MERGE, ZONE, FIXED, NOT_IDEMPOTENT),
  KIND (DIVIDE, ZONE, FIXED, NOT_IDEMPOTENT),
  NAMED (REBUILD, TAG, FIXED, NOT_IDEMPOTENT, "REBUILD TAG INDEX"),
  NAMED (REBUILD, EDGE, FIXED, NOT_IDEMPOTENT, "REBUILD EDGE INDEX"),
  NAMED (REBUILD, FULLTEXT, FIXED, NOT_IDEMPOTENT, "REBUILD FULLTEXT INDEX"),
  NAMED (REVOKE, OTHER, FIXED, NOT_IDEMPOTENT, "REVOKE"),
  NAMED (BALANCE, OTHER, FIXED, NOT_IDEMPOTENT, "BALANCE"),
  NAMED (DOWNLOAD, OTHER, FIXED, NOT_IDEMPOTENT, "DOWNLOAD"),
  NAMED (INGEST, OTHER, FIXED, NOT_IDEMPOTENT, "INGEST"),
  NAMED (SIGN, OTHER, FIXED, NOT_IDEMPOTENT, "SIGN"),
};
/* clang-format on */

/* Where the rows of each first word begin. */
static const guint8 *
get_first_rows (void)
{
  static guint8 rows[NEBULA_N_WORDS]; /* written once, under @filled */
  static gsize filled = 0;

  if (g_once_init_enter (&filled))
    {
      memset (rows, G_N_ELEMENTS (kinds), sizeof rows);
      for (gsize i = G_N_ELEMENTS (kinds); i > 0; i--)
        {
          guint8 *row = &rows[kinds[i - 1].first];

          g_assert (*row == G_N_ELEMENTS (kinds) || *row == i);
          *row = (guint8) (i - 1);
        }
      g_once_init_leave (&filled, 1);
    }

  return rows;
}

/* Whether there are sentences that begin with @first. */
gboolean
nebula_statement_kind_exists (NebulaWord first)
{
  return get_first_rows ()[first] < G_N_ELEMENTS (kinds);
}

/* Whether sentences that begin with @first read. */
gboolean
nebula_statement_kind_reads (NebulaWord first)
{
  gsize row = get_first_rows ()[first];

  return row < G_N_ELEMENTS (kinds) && kinds[row].judge == NEBULA_JUDGE_READ;
}

/* Answers NULL for what nobody knows. */
const NebulaStatementKind *
nebula_statement_kind_find (NebulaWord first, NebulaWord second)
{
  for (gsize i = get_first_rows ()[first]; i < G_N_ELEMENTS (kinds) && kinds[i].first == first; i++)
    {
      if (kinds[i].second == second || kinds[i].second == NEBULA_WORD_OTHER)
        return &kinds[i];
    }

  return NULL;
}
