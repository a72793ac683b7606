/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <nebula-retry/nebula-retry-enums.h>

/* Statements of nGQL, for the test of their safety. Written by hand, a sentence of each kind. */

typedef struct
{
  const char      *text;
  NebulaCallTraits traits;
} Statement;

typedef struct
{
  const char           *name;
  NebulaStatementSafety safety;
  gboolean              unreadable; /* graphd could not read them either */
  const Statement      *statements;
  gsize                 n_statements;
} StatementGroup;

#define COMPOUND NEBULA_CALL_COMPOUND
#define VERTEX_UPDATE NEBULA_CALL_VERTEX_UPDATE

static const Statement reads[] = {
  { "GO FROM \"player100\" OVER follow", 0 },
  { "GO 1 TO 3 STEPS FROM 1 OVER * YIELD dst(edge)", 0 },
  { "MATCH (v:player{name:\"Tim Duncan\"}) RETURN v", 0 },
  { "OPTIONAL MATCH (v)-[e]->(w) RETURN w", 0 },
  { "MATCH p = (v)-[:follow*1..3]->(w) RETURN p", 0 },
  { "UNWIND [1,2,3] AS x RETURN x", 0 },
  { "WITH 1 AS x RETURN x", 0 },
  { "LOOKUP ON player WHERE player.age > 30 YIELD id(vertex)", 0 },
  { "FETCH PROP ON player \"player100\" YIELD properties(vertex)", 0 },
  { "FIND SHORTEST PATH FROM 1 TO 2 OVER *", 0 },
  { "GET SUBGRAPH 2 STEPS FROM 1 YIELD VERTICES AS v", 0 },
  { "GET CONFIGS graph:v", 0 },
  { "YIELD now()", 0 },
  { "RETURN rand()", 0 },
  { "DESC TAG player", 0 },
  { "DESCRIBE SPACE s", 0 },
  { "SHOW HOSTS", 0 },
  { "SHOW CREATE SPACE s", 0 },
  { "SHOW TAGS;", 0 },
  { ";; SHOW TAGS ;;", 0 },
  { "SHOW JOBS", 0 },
  { "EXPLAIN DELETE VERTEX 1", 0 },
  { "EXPLAIN FORMAT=\"dot\" INSERT VERTEX t(a) VALUES 1:(now())", 0 },
  { "EXPLAIN {GO FROM 1 OVER e; DELETE VERTEX 1;}", COMPOUND },
  { "PROFILE GO FROM 1 OVER e", 0 },
  { "PROFILE FORMAT=\"row\" MATCH (v) RETURN v", 0 },
  { "PROFILE FORMAT=\"row\" {YIELD 1}", 0 },
  { "PROFILE {YIELD 1; YIELD 2;}", COMPOUND },
  { "GO FROM 1 OVER e YIELD dst(edge) AS id | GO FROM $-.id OVER e", COMPOUND },
  { "GO FROM 1 OVER e | LIMIT 3", COMPOUND },
  { "(GO FROM 1 OVER e) UNION ALL (GO FROM 2 OVER e)", COMPOUND },
  { "((GO FROM 1 OVER e)) MINUS GO FROM 2 OVER e", COMPOUND },
  { "$v = GO FROM 1 OVER e YIELD dst(edge) AS id; GO FROM $v.id OVER e", COMPOUND },
  { "$v = GO FROM 1 OVER e", COMPOUND },
  { "YIELD 1; YIELD 2", COMPOUND },
  { "RETURN [x IN [1,2] | x + 1]", COMPOUND }, /* not a pipe, but taken for one: no harm */
  { "YIELD \"; DELETE VERTEX 1\"", 0 },
  { "YIELD 'it\\'s; DELETE VERTEX 1'", 0 },
  { "YIELD \"a\\\\\"", 0 },
  { "MATCH (v) RETURN v.`delete`", 0 },
  { "YIELD `a; DROP SPACE s`", 0 },
  { "YIELD 1 /* ; DELETE VERTEX 1 */", 0 },
  { "YIELD 1 # ; DELETE VERTEX 1", 0 },
  { "YIELD 1 // ; DELETE VERTEX 1\n", 0 },
  { "/* a * b / c **/ YIELD 1", 0 },
  { "MATCH (v) WHERE v.kill == 1 RETURN v", 0 },
  { "MATCH (a)-->(b)<--(c)--(d) RETURN a", 0 },
};

static const Statement idempotent[] = {
  { "USE s", 0 },
  { "USE s; GO FROM 1 OVER e", COMPOUND },
  { "INSERT VERTEX player(name, age) VALUES \"p1\":(\"Tim\", 42)", 0 },
  { "INSERT VERTEX t() VALUES 1:()", 0 },
  { "INSERT VERTEX IF NOT EXISTS t(a) VALUES 1:(NULL), 2:(true)", 0 },
  { "INSERT VERTEX IGNORE_EXISTED_INDEX t(a) VALUES 1:(-1.5e3)", 0 },
  { "INSERT VERTEX now(rand) VALUES 1:(1)", 0 }, /* a tag of that name */
  { "INSERT EDGE e(a) VALUES 1->2@0:(0x1F)", 0 },
  { "INSERT VERTEX t(a) VALUES 1:(date(\"2024-02-29\"))", 0 },
  { "INSERT VERTEX t(a) VALUES 1:(timestamp(1700000000))", 0 },
  { "INSERT VERTEX t(a) VALUES 1:(datetime( \"2024-02-29T00:00:00\" ))", 0 },
  { "INSERT VERTEX t(a) VALUES hash(\"x\"):(toUpper(\"x\"))", 0 },
  { "INSERT VERTEX t(a) VALUES 1:(ST_Point(1.0, 2.0))", 0 },
  { "INSERT VERTEX t(a) VALUES $id:($p)", 0 },
  { "INSERT VERTEX t(a) VALUES 1:(\"now() rand() | ;\")", 0 },
  { "DELETE VERTEX \"p1\", \"p2\"", 0 },
  { "DELETE VERTEX \"p1\" WITH EDGE", 0 },
  { "DELETE VERTEX hash(\"p1\")", 0 },
  { "DELETE TAG * FROM \"p1\"", 0 },
  { "DELETE EDGE follow \"p1\"->\"p2\"@0", 0 },
  { "$v = DELETE VERTEX 1", COMPOUND },
  { "(DELETE VERTEX 1)", 0 },
  { "UPDATE VERTEX ON player \"p1\" SET age = 42", VERTEX_UPDATE },
  { "UPDATE VERTEX \"p1\" SET player.age = 42, player.name = \"Tim\"", VERTEX_UPDATE },
  { "UPDATE VERTEX ON t 1 SET a = -1, b = [1, 2], c = (3 * 4) YIELD a, b", VERTEX_UPDATE },
  { "UPDATE VERTEX ON t 1 SET a = $p YIELD toUpper(a)", VERTEX_UPDATE },
  { "UPDATE VERTEX ON t 1 SET `a` = null, b = True;", VERTEX_UPDATE },
  { "UPSERT VERTEX ON t 1 SET a = 1", VERTEX_UPDATE },
  { "UPDATE EDGE ON e 1 -> 2@0 SET a = 1", 0 },
  { "UPSERT EDGE ON e 1 -> 2 SET a = 1", 0 },
  { "PROFILE UPDATE VERTEX ON t 1 SET a = 1", 0 },
  { "USE s; UPDATE VERTEX ON t 1 SET a = 1", COMPOUND },
  { "UPDATE CONFIGS graph:v = 1", 0 },
  { "CREATE SPACE IF NOT EXISTS s (vid_type = INT64)", 0 },
  { "CREATE TAG IF NOT EXISTS t (a timestamp DEFAULT now())", 0 },
  { "CREATE EDGE IF NOT EXISTS e ()", 0 },
  { "CREATE TAG INDEX IF NOT EXISTS i ON t (a(10))", 0 },
  { "CREATE EDGE INDEX IF NOT EXISTS i ON e ()", 0 },
  { "CREATE USER IF NOT EXISTS u WITH PASSWORD \"p\"", 0 },
  { "ALTER USER u WITH PASSWORD \"p\"", 0 },
  { "GRANT ROLE ADMIN ON s TO u", 0 },
};

static const Statement convergent[] = {
  { "CREATE SPACE s (vid_type = INT64)", 0 },
  { "CREATE SPACE t AS s", 0 },
  { "CREATE SPACE IF NOT EXISTS t AS s", 0 },
  { "CREATE TAG t (a int)", 0 },
  { "CREATE EDGE e ()", 0 },
  { "CREATE TAG INDEX i ON t ()", 0 },
  { "CREATE TAG t (a int COMMENT \"IF NOT EXISTS\")", 0 },
  { "CREATE USER u", 0 },
  { "CREATE FULLTEXT TAG INDEX i ON t (a)", 0 },
  { "ALTER TAG t ADD (b int)", 0 },
  { "ALTER EDGE e CHANGE (b int)", 0 },
  { "ALTER SPACE s ADD ZONE z", 0 },
  { "DROP SPACE IF EXISTS s", 0 },
  { "DROP TAG IF EXISTS t", 0 },
  { "DROP EDGE IF EXISTS e", 0 },
  { "DROP TAG INDEX IF EXISTS i", 0 },
  { "DROP EDGE INDEX IF EXISTS i", 0 },
  { "DROP USER IF EXISTS u", 0 },
  { "CLEAR SPACE IF EXISTS s", 0 },
  { "ADD HOSTS 127.0.0.1:9779", 0 },
  { "ADD LISTENER ELASTICSEARCH 127.0.0.1:9789", 0 },
  { "REMOVE LISTENER ELASTICSEARCH", 0 },
  { "RENAME ZONE a TO b", 0 },
  { "STOP JOB 3", 0 },
  { "RECOVER JOB 3", 0 },
};

static const Statement unsafe[] = {
  { "DROP SPACE s", 0 },
  { "DROP TAG t", 0 },
  { "DROP TAG INDEX i", 0 },
  { "DROP SNAPSHOT x", 0 },
  { "DROP SNAPSHOT IF EXISTS x", 0 },
  { "DROP HOSTS 127.0.0.1:9779", 0 },
  { "DROP ZONE z", 0 },
  { "DROP FULLTEXT INDEX i", 0 },
  { "CLEAR SPACE s", 0 },
  { "ALTER TAG t DROP (b)", 0 },
  { "ALTER TAG t ADD (a int), DROP (b)", 0 },
  { "REVOKE ROLE ADMIN ON s FROM u", 0 },
  { "CHANGE PASSWORD u FROM \"a\" TO \"b\"", 0 },
  { "KILL QUERY (session=1, plan=2)", 0 },
  { "KILL SESSION 1", 0 },
  { "CREATE SNAPSHOT", 0 },
  { "SUBMIT JOB COMPACT", 0 },
  { "SUBMIT JOB BALANCE LEADER", 0 },
  { "BALANCE DATA", 0 },
  { "REBUILD TAG INDEX i", 0 },
  { "DOWNLOAD HDFS \"hdfs://x\"", 0 },
  { "INGEST", 0 },
  { "MERGE ZONE a, b INTO c", 0 },
  { "DIVIDE ZONE a INTO b (127.0.0.1:1) c (127.0.0.1:2)", 0 },
  { "SIGN IN TEXT SERVICE (127.0.0.1:9200)", 0 },
  { "SIGN OUT TEXT SERVICE", 0 },
  { "INSERT VERTEX t(a) VALUES 1:(now())", 0 },
  { "INSERT VERTEX t(a) VALUES 1:(now ( ))", 0 },
  { "INSERT VERTEX t(a) VALUES 1:(timestamp())", 0 },
  { "INSERT VERTEX t(a) VALUES 1:(date())", 0 },
  { "INSERT VERTEX t(a) VALUES 1:(time( ))", 0 },
  { "INSERT VERTEX t(a) VALUES 1:(datetime())", 0 },
  { "INSERT VERTEX t(a) VALUES 1:(datetime(timestamp()))", 0 },
  { "INSERT VERTEX t(a) VALUES 1:(toString(rand32(1, 10)))", 0 },
  { "INSERT VERTEX t(a) VALUES uuid(\"x\"):(1)", 0 },
  { "INSERT VERTEX t(a) VALUES 1:(`now`())", 0 },
  { "INSERT VERTEX t(a) VALUES 1:(some_new_function(1))", 0 },
  { "INSERT VERTEX t(a) VALUES $-.id:(1)", 0 },
  { "INSERT VERTEX t(a) VALUES $v.id:(1)", 0 },
  { "INSERT VERTEX t(a)", 0 },
  { "INSERT t(a) VALUES 1:(1)", 0 },
  { "GO FROM 1 OVER e YIELD dst(edge) AS id | DELETE VERTEX $-.id", COMPOUND },
  { "LOOKUP ON t YIELD id(vertex) AS id | DELETE VERTEX $-.id WITH EDGE", COMPOUND },
  { "(GO FROM 1 OVER e) UNION (DELETE VERTEX 1)", COMPOUND },
  { "$v = GO FROM 1 OVER e YIELD dst(edge) AS id; DELETE VERTEX $v.id", COMPOUND },
  { "DELETE VERTEX $-.id", 0 },
  { "DELETE VERTEX $v.id", 0 },
  { "DELETE VERTEX $id", 0 },
  { "DELETE VERTEX 1 | YIELD 1", COMPOUND },
  { "DELETE VERTEX uuid(\"x\")", 0 },
  { "SHOW QUERIES | YIELD $-.SessionID AS sid | KILL QUERY (session=$-.sid)", COMPOUND },
  { "SHOW SESSIONS | KILL SESSIONS $-.id", COMPOUND },
  { "$x = DELETE VERTEX $y.id", COMPOUND },
  { "MATCH (v) SET v.a = 1", COMPOUND },
  { "MATCH (v) DELETE v", COMPOUND },
  { "YIELD 1 | CREATE TAG t ()", COMPOUND },
  { "UPDATE VERTEX ON t 1 SET a = a + 1", VERTEX_UPDATE },
  { "UPDATE VERTEX ON t 1 SET a = $^.t.a + 1", VERTEX_UPDATE },
  { "UPDATE VERTEX ON t 1 SET a = 1 WHEN a == 0", VERTEX_UPDATE },
  { "UPDATE VERTEX ON t 1 SET a = now()", VERTEX_UPDATE },
  { "UPDATE VERTEX ON t 1 SET a = 1, b = b", VERTEX_UPDATE },
  { "UPDATE VERTEX ON t 1 SET a = $p.x", VERTEX_UPDATE },
  { "UPDATE VERTEX ON t 1 SET a = `b`", VERTEX_UPDATE },
  { "UPDATE VERTEX ON t 1 SET a = CASE WHEN true THEN 1 END", VERTEX_UPDATE },
  { "UPDATE VERTEX ON t 1 SET a == 1", VERTEX_UPDATE },
  { "UPDATE VERTEX ON t 1", VERTEX_UPDATE },
  { "UPDATE VERTEX ON t 1 SET a", VERTEX_UPDATE },
  { "UPDATE VERTEX ON t 1 SET a = 1, b", VERTEX_UPDATE },
  { "UPDATE VERTEX ON t uuid(\"x\") SET a = 1", VERTEX_UPDATE },
  { "UPSERT VERTEX ON t 1 SET a = a + 1 YIELD a", VERTEX_UPDATE },
  { "UPDATE EDGE ON e 1->2 SET a = a + 1", 0 },
  { "UPDATE VERTEX ON t 1 SET a = a + 1; YIELD 1", COMPOUND },
  { "UPDATE t SET a = 1", 0 },
  { "EXPLAIN YIELD 1; DELETE VERTEX $v", COMPOUND },
  { "(EXPLAIN DELETE VERTEX $v)", COMPOUND },
  { "PROFILE LOOKUP ON t | DELETE VERTEX $-.id", COMPOUND },
  { "PROFILE {YIELD 1; CREATE SNAPSHOT}", COMPOUND },
  { "PROFILE", 0 },
  { "$v", 0 },
  { "$v = ", COMPOUND },
  { "$v . x = YIELD 1", COMPOUND },
  { "SELECT 1", 0 },
  { "OPTIONAL x", 0 },
  { "`GO` FROM 1 OVER e", 0 },
  { "\"GO\" FROM 1", 0 },
  { "{YIELD 1}", 0 },
  { "-- YIELD 1", 0 },
  { "YIELD 1 -- ; \n DELETE VERTEX $v", COMPOUND },
  { "YIELD \"a\\\\\"; CREATE SNAPSHOT", COMPOUND },
  { "YIELD 'a\"'; CREATE SNAPSHOT; YIELD \"'\"", COMPOUND },
  { "YIELD 1 /* a /* b */; CREATE SNAPSHOT; YIELD 1 /* c */", COMPOUND },
  { "YIELD 1 /*/ ; YIELD 2 /*/; CREATE SNAPSHOT", COMPOUND },
  { "YIELD 1 # c\n; CREATE SNAPSHOT", COMPOUND },
  { "YIELD 1 // c\n; CREATE SNAPSHOT", COMPOUND },
};

static const Statement unreadable[] = {
  { "YIELD \"a", COMPOUND },
  { "YIELD 'a\\'", COMPOUND },
  { "YIELD `a", COMPOUND },
  { "YIELD \"a\nb\"", COMPOUND },
  { "YIELD 1 /* a", COMPOUND },
  { "YIELD 1 /*/", COMPOUND },
  { "YIELD 1 \\", COMPOUND },
  { "YIELD $", COMPOUND },
  { "YIELD $ v", COMPOUND },
  { "YIELD $1", COMPOUND },
  { "UPDATE VERTEX ON t 1 SET a = \"x", COMPOUND },
};

static const Statement empty[] = {
  { ";", 0 }, { " ", 0 }, { "/* only */", 0 }, { "# only", 0 }, { ";;\n;", 0 },
};

#define GROUP(name, safety, refused, table) \
  { (name), NEBULA_STATEMENT_##safety, (refused), (table), G_N_ELEMENTS (table) }

static const StatementGroup statement_groups[] = {
  GROUP ("read-only", READ_ONLY, FALSE, reads),
  GROUP ("idempotent", IDEMPOTENT, FALSE, idempotent),
  GROUP ("convergent", CONVERGENT, FALSE, convergent),
  GROUP ("not-idempotent", NOT_IDEMPOTENT, FALSE, unsafe),
  GROUP ("unreadable", NOT_IDEMPOTENT, TRUE, unreadable),
  GROUP ("empty", NOT_IDEMPOTENT, TRUE, empty),
};

/* A piece of everything, to be cut anywhere. */
static const char odd_statement[] =
    "/* c */ # d\n // e\n ; PROFILE FORMAT=\"row\" {$v = (GO 0x1f STEPS FROM 1.5e-3, 'a\\'b' OVER "
    "`e` WHERE $$.x == $-.y\302\240AND date(\"x\") | DELETE VERTEX $v.id; USE s; DROP SPACE t}";
