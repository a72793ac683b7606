/* SPDX-License-Identifier: Apache-2.0 */
#include <nebula-retry/nebula-statement.h>

#include <string.h>

#include "statements.h"

#define MAX_SENTENCES 4

/* A sentence as it has to be reported. */
typedef struct
{
  const char *text;
  const char *kind;
  NebulaStatementSafety safety;
} Expected;

typedef struct
{
  const char *statement;
  gboolean unreadable;
  Expected sentences[MAX_SENTENCES]; /* up to the first without a text */
} Case;

#define READ NEBULA_STATEMENT_READ_ONLY
#define SAME NEBULA_STATEMENT_IDEMPOTENT
#define FAIL NEBULA_STATEMENT_CONVERGENT
#define MORE NEBULA_STATEMENT_NOT_IDEMPOTENT

/* The whole is one sentence. */
#define ONE(text, kind, safety)                                                                    \
  {                                                                                                \
    text, FALSE,                                                                                   \
    {                                                                                              \
      {                                                                                            \
        text, kind, safety                                                                         \
      }                                                                                            \
    }                                                                                              \
  }

static const Case cases[] = {
  { "", FALSE, { { NULL } } },
  { " ; ;\n# x\n; /* y */", FALSE, { { NULL } } },
  { " YIELD 1 ;; USE s; ", FALSE, { { "YIELD 1", "YIELD", READ }, { "USE s", "USE", SAME } } },
  { "/* a */ YIELD /* b */ 1 /* c */; # d\nUSE s // e",
    FALSE,
    { { "YIELD /* b */ 1", "YIELD", READ }, { "USE s", "USE", SAME } } },
  { "yield \"a;b\";go from 1 over e",
    FALSE,
    { { "yield \"a;b\"", "YIELD", READ }, { "go from 1 over e", "GO", READ } } },
  { "$v = GO FROM 1 OVER e YIELD dst(edge) AS id; DELETE VERTEX $v.id",
    FALSE,
    { { "$v = GO FROM 1 OVER e YIELD dst(edge) AS id", "GO", READ },
      { "DELETE VERTEX $v.id", "DELETE VERTEX", MORE } } },
  { "INSERT VERTEX t() VALUES 1:(); UPDATE VERTEX ON t 1 SET a = a + 1;CREATE TAG t(); SHOW TAGS",
    FALSE,
    { { "INSERT VERTEX t() VALUES 1:()", "INSERT VERTEX", SAME },
      { "UPDATE VERTEX ON t 1 SET a = a + 1", "UPDATE VERTEX", MORE },
      { "CREATE TAG t()", "CREATE TAG", FAIL },
      { "SHOW TAGS", "SHOW", READ } } },
  { "PROFILE {YIELD 1; USE s;}",
    FALSE,
    { { "PROFILE {YIELD 1", "YIELD", READ }, { "USE s", "USE", SAME } } },
  { "EXPLAIN {YIELD 1; DELETE VERTEX 1;}; SHOW TAGS",
    FALSE,
    { { "EXPLAIN {YIELD 1; DELETE VERTEX 1;}", "EXPLAIN", READ }, { "SHOW TAGS", "SHOW", READ } } },
  { "YIELD 1; YIELD \"a; USE s",
    TRUE,
    { { "YIELD 1", "YIELD", READ }, { "YIELD \"a; USE s", "unknown", MORE } } },
  { "YIELD 1; \001 ", TRUE, { { "YIELD 1", "YIELD", READ }, { "\001 ", "unknown", MORE } } },
  { "YIELD 1; \302\240/* x", TRUE, { { "YIELD 1", "YIELD", READ }, { "/* x", "unknown", MORE } } },
  { "YIELD 1;/* x", TRUE, { { "YIELD 1", "YIELD", READ }, { "/* x", "unknown", MORE } } },

  ONE ("GO FROM 1 OVER e YIELD dst(edge) AS d | LIMIT 3", "GO", READ),
  ONE ("GO FROM 1 OVER e | DELETE VERTEX $-.id", "GO | DELETE VERTEX", MORE),
  ONE ("LOOKUP ON e YIELD src(edge) AS s | DELETE EDGE e $-.s -> $-.d",
       "LOOKUP | DELETE EDGE",
       MORE),
  ONE ("GO FROM 1 OVER e | DELETE TAG t FROM $-.id", "GO | DELETE TAG", MORE),
  ONE ("(GO FROM 1 OVER e) UNION (DELETE VERTEX 1)", "GO | DELETE VERTEX", MORE),
  ONE ("SHOW QUERIES | YIELD $-.s AS s | KILL QUERY (session=$-.s)", "SHOW | KILL QUERY", MORE),
  ONE ("SHOW SESSIONS | KILL SESSIONS $-.id", "SHOW | KILL SESSION", MORE),
  ONE ("GO FROM 1 OVER e | DELETE $-.id", "unknown", MORE),
  ONE ("MATCH (v) SET v.a = 1", "unknown", MORE),
  ONE ("MATCH (v) WHERE v.kill == 1 RETURN v", "MATCH", READ),
  ONE ("OPTIONAL MATCH (v) RETURN v", "OPTIONAL MATCH", READ),
  ONE ("DESC TAG t", "DESCRIBE", READ),
  ONE ("(DELETE VERTEX 1)", "DELETE VERTEX", SAME),
  ONE ("DELETE VERTEX 1 | YIELD 1", "DELETE VERTEX", MORE),
  ONE ("EXPLAIN DELETE VERTEX 1", "EXPLAIN", READ),
  ONE ("PROFILE FORMAT=\"row\" DELETE VERTEX 1", "DELETE VERTEX", SAME),
  ONE ("CREATE SPACE s(vid_type=INT64)", "CREATE SPACE", FAIL),
  ONE ("CREATE EDGE INDEX IF NOT EXISTS i ON e()", "CREATE EDGE INDEX", SAME),
  ONE ("CREATE FULLTEXT TAG INDEX i ON t(a)", "CREATE FULLTEXT INDEX", FAIL),
  ONE ("DROP TAG INDEX i", "DROP TAG INDEX", MORE),
  ONE ("DROP TAG t", "DROP TAG", MORE),
  ONE ("DROP HOSTS 127.0.0.1:9779", "DROP HOSTS", MORE),
  ONE ("CREATE SNAPSHOT", "CREATE SNAPSHOT", MORE),
  ONE ("CHANGE PASSWORD u FROM \"a\" TO \"b\"", "CHANGE PASSWORD", MORE),
  ONE ("KILL QUERY (session=1, plan=2)", "KILL QUERY", MORE),
  ONE ("KILL SESSIONS 1", "KILL SESSION", MORE),
  ONE ("SUBMIT JOB STATS", "SUBMIT JOB", MORE),
  ONE ("REBUILD FULLTEXT INDEX", "REBUILD FULLTEXT INDEX", MORE),
  ONE ("REVOKE ROLE ADMIN ON s FROM u", "REVOKE", MORE),
  ONE ("SIGN OUT TEXT SERVICE", "SIGN", MORE),
  ONE ("UNWIND [1] AS x RETURN x", "UNWIND", READ),
  ONE ("WITH 1 AS x RETURN x", "WITH", READ),
  ONE ("LOOKUP ON t YIELD 1", "LOOKUP", READ),
  ONE ("FETCH PROP ON t 1 YIELD 1", "FETCH", READ),
  ONE ("FIND SHORTEST PATH FROM 1 TO 2 OVER *", "FIND", READ),
  ONE ("GET SUBGRAPH FROM 1", "GET", READ),
  ONE ("RETURN 1", "RETURN", READ),
  ONE ("LIMIT 1", "LIMIT", READ),
  ONE ("OFFSET 1", "OFFSET", READ),
  ONE ("ORDER BY a", "ORDER", READ),
  ONE ("GROUP BY a YIELD 1", "GROUP", READ),
  ONE ("DESCRIBE TAG t", "DESCRIBE", READ),
  ONE ("INSERT EDGE e() VALUES 1->2:()", "INSERT EDGE", SAME),
  ONE ("DELETE EDGE e 1->2", "DELETE EDGE", SAME),
  ONE ("DELETE TAG * FROM 1", "DELETE TAG", SAME),
  ONE ("UPDATE VERTEX ON t 1 SET a = 1", "UPDATE VERTEX", SAME),
  ONE ("UPDATE EDGE ON e 1->2 SET a = 1", "UPDATE EDGE", SAME),
  ONE ("UPDATE CONFIGS graph:v = 1", "UPDATE CONFIGS", SAME),
  ONE ("UPSERT VERTEX ON t 1 SET a = 1", "UPSERT VERTEX", SAME),
  ONE ("UPSERT EDGE ON e 1->2 SET a = 1", "UPSERT EDGE", SAME),
  ONE ("CREATE TAG INDEX i ON t()", "CREATE TAG INDEX", FAIL),
  ONE ("CREATE EDGE e()", "CREATE EDGE", FAIL),
  ONE ("CREATE USER u", "CREATE USER", FAIL),
  ONE ("ALTER TAG t ADD (a int)", "ALTER TAG", FAIL),
  ONE ("ALTER EDGE e ADD (a int)", "ALTER EDGE", FAIL),
  ONE ("ALTER SPACE s ADD ZONE z", "ALTER SPACE", FAIL),
  ONE ("ALTER USER u WITH PASSWORD \"a\"", "ALTER USER", SAME),
  ONE ("DROP SPACE s", "DROP SPACE", MORE),
  ONE ("DROP EDGE e", "DROP EDGE", MORE),
  ONE ("DROP EDGE INDEX i", "DROP EDGE INDEX", MORE),
  ONE ("DROP USER u", "DROP USER", MORE),
  ONE ("DROP SNAPSHOT x", "DROP SNAPSHOT", MORE),
  ONE ("DROP ZONE z", "DROP ZONE", MORE),
  ONE ("DROP FULLTEXT INDEX i", "DROP FULLTEXT INDEX", MORE),
  ONE ("DROP x", "DROP", MORE),
  ONE ("CLEAR SPACE IF EXISTS s", "CLEAR SPACE", FAIL),
  ONE ("GRANT ROLE ADMIN ON s TO u", "GRANT", SAME),
  ONE ("ADD HOSTS 127.0.0.1:9779", "ADD HOSTS", FAIL),
  ONE ("ADD LISTENER ELASTICSEARCH 127.0.0.1:9789", "ADD LISTENER", FAIL),
  ONE ("REMOVE LISTENER ELASTICSEARCH", "REMOVE LISTENER", FAIL),
  ONE ("RENAME ZONE a TO b", "RENAME ZONE", FAIL),
  ONE ("STOP JOB 3", "STOP JOB", FAIL),
  ONE ("RECOVER JOB 3", "RECOVER JOB", FAIL),
  ONE ("KILL SESSION 1", "KILL SESSION", MORE),
  ONE ("MERGE ZONE a, b INTO c", "MERGE ZONE", MORE),
  ONE ("DIVIDE ZONE a INTO b (127.0.0.1:1)", "DIVIDE ZONE", MORE),
  ONE ("REBUILD TAG INDEX i", "REBUILD TAG INDEX", MORE),
  ONE ("REBUILD EDGE INDEX i", "REBUILD EDGE INDEX", MORE),
  ONE ("BALANCE DATA", "BALANCE", MORE),
  ONE ("DOWNLOAD HDFS \"hdfs://x\"", "DOWNLOAD", MORE),
  ONE ("INGEST", "INGEST", MORE),

  ONE ("SELECT 1", "unknown", MORE),
  ONE ("`GO` FROM 1 OVER e", "unknown", MORE),
  ONE ("PROFILE", "unknown", MORE),
  ONE ("CREATE", "unknown", MORE),
};

/* What was reported so far. */
typedef struct
{
  const Case *data;
  guint n;
} Watch;

static void
compare (const NebulaSentence *sentence, gpointer user_data)
{
  Watch *watch = user_data;
  const Expected *expected = &watch->data->sentences[watch->n++];
  g_autofree char *text = g_strndup (watch->data->statement + sentence->offset, sentence->length);

  g_assert_cmpuint (watch->n, <=, MAX_SENTENCES);
  g_assert_cmpstr (text, ==, expected->text);
  g_assert_cmpstr (sentence->kind, ==, expected->kind);
  g_assert_cmpstr (nebula_statement_safety_to_string (sentence->safety), ==,
                   nebula_statement_safety_to_string (expected->safety));
}

static void
test_table (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      Watch watch = { &cases[i], 0 };
      gboolean readable;

      g_test_message ("%s", cases[i].statement);
      readable = nebula_statement_foreach_sentence (cases[i].statement, -1, compare, &watch);
      g_assert_cmpint (readable, ==, !cases[i].unreadable);
      if (watch.n < MAX_SENTENCES)
        g_assert_null (cases[i].sentences[watch.n].text);
    }
}

/* What is true of all sentences of all statements. */
typedef struct
{
  gsize length; /* of the statement */
  gsize end;    /* of the last sentence */
  guint n;
  NebulaStatementSafety worst;
} Sum;

static void
sum_up (const NebulaSentence *sentence, gpointer user_data)
{
  Sum *sum = user_data;

  g_assert_cmpuint (sentence->length, >, 0);
  g_assert_cmpuint (sentence->offset, >=, sum->end);
  g_assert_cmpuint (sentence->length, <=, sum->length - sentence->offset);
  g_assert_cmpuint (strlen (sentence->kind), >, 0);
  sum->end = sentence->offset + sentence->length;
  sum->worst = MAX (sum->worst, sentence->safety);
  sum->n++;
}

/* Sentences do not overlap, and the worst of them is what the statement is. */
static void
assert_sum (const char *text, gsize length)
{
  Sum sum = { length, 0, 0, NEBULA_STATEMENT_READ_ONLY };

  nebula_statement_foreach_sentence (text, (gssize) length, sum_up, &sum);
  if (sum.n == 0)
    sum.worst = NEBULA_STATEMENT_NOT_IDEMPOTENT;
  g_assert_cmpint (sum.worst, ==, nebula_statement_get_safety (text, (gssize) length, NULL));
}

static void
test_sum (void)
{
  for (gsize g = 0; g < G_N_ELEMENTS (statement_groups); g++)
    for (gsize i = 0; i < statement_groups[g].n_statements; i++)
      {
        const char *text = statement_groups[g].statements[i].text;

        assert_sum (text, strlen (text));
      }
}

/* Every cut of a statement, in memory of its own, where a byte too many is seen. */
static void
test_cuts (void)
{
  for (gsize i = 0; i <= strlen (odd_statement); i++)
    {
      g_autofree char *exact = g_memdup2 (odd_statement, i);

      assert_sum (exact != NULL ? exact : "", i);
    }
}

/* The text may hold a NUL, and need not end with one. */
static void
test_bytes (void)
{
  static const Case with_end = { "YIELD 1", FALSE, { { "YIELD 1", "YIELD", READ } } };
  static const Case with_nul = { "YIELD 1;\0USE s",
                                 TRUE,
                                 { { "YIELD 1", "YIELD", READ }, { "", "unknown", MORE } } };
  Watch watch = { &with_end, 0 };

  g_assert_true (nebula_statement_foreach_sentence ("YIELD 1; USE s", 7, compare, &watch));
  g_assert_cmpuint (watch.n, ==, 1);
  watch = (Watch){ &with_nul, 0 };
  g_assert_false (nebula_statement_foreach_sentence (with_nul.statement, 14, compare, &watch));
  g_assert_cmpuint (watch.n, ==, 2);
  watch = (Watch){ &with_end, 0 };
  g_assert_true (nebula_statement_foreach_sentence (NULL, -1, compare, &watch));
  g_assert_cmpuint (watch.n, ==, 0);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_summary ("The sentences of a statement: where each is, what it is, how safe; and the "
                  "worst of them is the statement's safety.");

  g_test_add_func ("/sentence/table", test_table);
  g_test_add_func ("/sentence/sum", test_sum);
  g_test_add_func ("/sentence/cuts", test_cuts);
  g_test_add_func ("/sentence/bytes", test_bytes);

  return g_test_run ();
}
