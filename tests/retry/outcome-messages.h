/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <nebula-retry/nebula-retry-enums.h>

/* What graphd says, for the test of NebulaOutcome. Written by hand. */

/* A text as graphd says it, what it means (real code, category, cause, effect, pace), and a text
 * that is nearly it and means nothing. */
typedef struct
{
  const char *text;
  const char *expected;
  const char *near_miss;
} Message;

typedef struct
{
  const char    *name;
  NebulaPhase    phase;
  gint32         code;
  const Message *messages;
  gsize          n_messages;
} Group;

static const Message storage_messages[] = {
  { "Storage Error: Not the leader of 3. Please retry later.", "-4 RETRYABLE leader MAYBE FAST",
    "Storage Error: Not a leader of 3. Please retry later." },
  { "Storage Error: The leader has changed. Try again later", "-4 RETRYABLE leader MAYBE FAST",
    "Storage Error: The leader has changed." },
  { "Storage Error: Term of part 12 is out of date. Please retry later.",
    "-3503 RETRYABLE leader MAYBE FAST", "Storage Error: Term of parts" },
  { "Storage Error: Part 7 raft buffer is full. Please retry later.",
    "-3529 RETRYABLE overload PART SLOW", "Storage Error: Part 7 raft buffer is full." },
  { "Storage Error: Write is blocked when creating snapshot. Please retry later.",
    "-3528 RETRYABLE blocked PART SLOW", "Storage Error: Write is blocked" },
  { "Storage Error: More than one request trying to add/update/delete one edge/vertex at the same "
    "time.",
    "-3010 RETRYABLE conflict PART FAST",
    "Storage Error: More than one request trying to add one vertex" },
  { "Storage Error: Atomic operation failed.", "-3530 RETRYABLE conflict PART FAST",
    "Storage Error: atomic operation failed." },
  { "Storage Error: Write wal failed. Probably disk is almost full.", "-3521 FATAL disk PART NONE",
    "Storage Error: Write wal fail" },
  { "Storage Error: RPC failure, probably timeout.", "-3 RETRYABLE rpc MAYBE SLOW",
    "Storage Error: RPC failure." },
  { "RPC failure in StorageClient with timeout: Timed Out", "-3 RETRYABLE rpc MAYBE SLOW",
    " RPC failure in StorageClient." },
  { "Request to storage failed, without failedCodes.", "-3 RETRYABLE rpc MAYBE SLOW",
    "Request to storage failed." },
  { "Storage Error: Part 12 not found.", "-16 RETRYABLE partition PART FAST",
    "Storage Error: Part x12 not found." },
  { "Storage Error: Part 0 not found", "-16 RETRYABLE partition PART FAST",
    "Storage Error: Part -1 not found" },
  { "PartNotFound: part 3", "-16 RETRYABLE partition PART FAST", "PartNotFound" },
  { "Storage Error: Vertex or edge not found.", "-17 FATAL not-found PART NONE",
    "Storage Error: Vertex not found." },
  { "Storage Error: Space not found.", "-5 FATAL not-found PART NONE",
    "Storage Error: Spaces not found." },
  { "Storage Error: Tag not found.", "-6 FATAL not-found PART NONE",
    "Storage error: Tag not found" },
  { "Storage Error: Tag prop not found.", "-10 FATAL not-found PART NONE",
    "Storage Error: Tag props not found." },
  { "Storage Error: Edge not found.", "-7 FATAL not-found PART NONE",
    "Storage Error:Edge not found." },
  { "Storage Error: Edge prop not found.", "-9 FATAL not-found PART NONE",
    "Storage Error: Edge prop no found." },
  { "Storage Error: Index not found.", "-8 FATAL not-found PART NONE",
    "Storage Error: Index not foun" },
  { "Storage Error: The data type does not meet the requirements. Use the correct type of data.",
    "-3003 FATAL data PART NONE", "Storage Error: The data type does meet the requirements" },
  { "Storage Error: The VID must be a 64-bit integer or a string fitting space vertex id length "
    "limit.",
    "-3038 FATAL data PART NONE", "Storage Error: The VID must be a 32-bit integer" },
  { "Storage Error: Invalid field value: may be the filed without default value or wrong schema.",
    "-3004 FATAL data PART NONE", "Storage Error: Invalid fields" },
  { "Storage Error: Invalid filter.", "-3031 FATAL data PART NONE",
    "Storage Error: Invalid filte" },
  { "Storage Error: Invalid Update col or yield col.", "-3032 FATAL data PART NONE",
    "Storage Error: Invalid update col or yield col." },
  { "Storage Error: Invalid space vid len.", "-3022 FATAL data PART NONE",
    "Storage Error: Invalid space vid." },
  { "Storage Error: Invalid data, may be wrong value type.", "-3044 FATAL data PART NONE",
    "Storage Error: Invalid data." },
  { "Storage Error: The not null field cannot be null.", "-3006 FATAL data PART NONE",
    "Storage Error: The not null field can be null." },
  { "Storage Error: The not null field doesn't have a default value.", "-3007 FATAL data PART NONE",
    "Storage Error: The not null field does not have a default value." },
  { "Storage Error: Out of range value.", "-3008 FATAL data PART NONE",
    "Storage Error: Out of range." },
  { "Storage Error: part: 3, error: E_RAFT_UNKNOWN_APPEND_LOG(-3504).",
    "-3504 RETRYABLE leader MAYBE FAST",
    "Storage Error: part: 3, error: e_RAFT_UNKNOWN_APPEND_LOG(-3504)." },
  { "Storage Error: part: 3, error: E_RPC_FAILURE(-3).", "-3 RETRYABLE rpc MAYBE SLOW",
    "Storage Error: part: 3, error: E_RPC_FAILURE(-)." },
  { "Storage Error: part: 9, error: E_LEADER_LEASE_FAILED(-3531).",
    "-3531 RETRYABLE leader PART FAST", "Storage Error: part: 9, error: E_(-3531)." },
  { "Storage Error: part: 1, error: E_CONSENSUS_ERROR(-3001).",
    "-3001 RETRYABLE leader MAYBE FAST",
    "Storage Error: part: 1, error: E_CONSENSUS_ERROR -3001." },
  { "Storage Error: part: 1, error: E_PLAN_IS_KILLED(-3060).", "-3060 FATAL killed MAYBE NONE",
    "Storage Error: part: 1, error: E_PLAN_IS_KILLED(-3060" },
  { "Storage Error: part: 0, error: E_UNKNOWN(-8000).", "-8000 FATAL unknown MAYBE NONE",
    "Storage Error: part: 0, error: E UNKNOWN(-8000)." },
};

static const Message execution_messages[] = {
  { "GraphMemoryExceeded: (-2600)", "-2600 RETRYABLE memory MAYBE SLOW",
    "GraphMemoryExceeded: (2600)" },
  { "StorageMemoryExceeded: (-3600)", "-3600 RETRYABLE memory MAYBE SLOW",
    "StorageMemoryExceeded: -3600" },
  { "Used memory hits the high watermark(0.800000) of total system memory.",
    "-2600 RETRYABLE memory MAYBE SLOW", "Used memory hits the watermark" },
  { "Execution had been killed", "-3060 FATAL killed MAYBE NONE", "Execution has been killed" },
  { "LeaderChanged: Leader changed!", "-4 RETRYABLE leader MAYBE SLOW", "LeaderChanged: " },
  { "Rpc failure, probably timeout!", "-3 RETRYABLE rpc MAYBE SLOW", "Rpc failure, timeout!" },
  { "Rpc failure!", "-3 RETRYABLE rpc MAYBE SLOW", "A Rpc failure!" },
  { "RPC failure in MetaClient: connection refused", "-3 RETRYABLE rpc MAYBE SLOW",
    "RPC failure in Meta" },
  { "Not ready!", "-3040 RETRYABLE starting NONE SLOW", "It is Not ready!" },
  { "Disconnected!", "-1 RETRYABLE connection MAYBE SLOW", "Disconnected" },
  { "Fail to connect!", "-2 RETRYABLE connection NONE SLOW", "Failed to connect!" },
  { "SpaceNotFound: SpaceName `s`", "-5 FATAL not-found NONE NONE", "SpaceNotFound" },
  { "TagNotFound: Tag not existed!", "-6 FATAL not-found NONE NONE", "TagNotFound:" },
  { "EdgeNotFound: Edge not existed!", "-7 FATAL not-found NONE NONE", "edgeNotFound: x" },
  { "IndexNotFound: Index not existed!", "-8 FATAL not-found NONE NONE", "Index NotFound: x" },
  { "KeyNotFound: k", "-17 FATAL not-found NONE NONE", "KeysNotFound: k" },
  { "UserNotFound: User not existed!", "-18 FATAL not-found NONE NONE", "UserNotFoun" },
  { "ZoneNotFound: z", "-14 FATAL not-found NONE NONE", "ZoneNotFounds: z" },
  { "ListenerNotFoundListener not existed!", "-15 FATAL not-found NONE NONE", "ListenerNotFoun" },
  { "HostNotFound: h", "-13 FATAL not-found NONE NONE", "HostNotfound: h" },
  { "NotSupported: Only support one", "-2004 FATAL unsupported NONE NONE", "NotSupported" },
  { "Unsupported!", "-2004 FATAL unsupported NONE NONE", "unsupported!" },
  { "PermissionError: No permission to read space.", "-1008 AUTH permission NONE NONE",
    "PermissionErr: no" },
  { "Existed!", "-2002 FATAL exists NONE NONE", "Existed" },
  { "Schema exisited before!", "-2018 FATAL exists NONE NONE", "Schema existed before!" },
  { "Schema with same name exists", "-2014 FATAL exists NONE NONE", "Schema with the same name" },
  { "Invalid param!", "-2009 FATAL argument NONE NONE", "Invalid params!" },
  { "Not allowed to drop!", "-2005 FATAL state NONE NONE", "Not allowed to add!" },
  { "Conflict!", "-2008 FATAL state NONE NONE", "Conflicts!" },
  { "No hosts!", "-2001 FATAL not-found NONE NONE", "No host!" },
  { "Host not enough!", "-2011 FATAL state NONE NONE", "Hosts not enough!" },
  { "The balancer is running!", "-2006 FATAL busy NONE NONE", "The balancer is running" },
  { "Job is not finished!", "-2048 FATAL busy NONE NONE", "Job is finished!" },
  { "Snapshot failed encounter running jobs!", "-2056 FATAL busy NONE NONE",
    "Snapshot failed with running jobs!" },
  { "Add job failure!", "-2044 FATAL job MAYBE NONE", "Add job failed!" },
  { "Block write failure!", "-2041 FATAL job MAYBE NONE", "Blocking write failure!" },
  { "Store failure!", "-2021 RETRYABLE rpc MAYBE SLOW", "Store failed!" },
  { "Unknown error -2016!", "-2016 FATAL state NONE NONE", "Unknown error -2016" },
  { "Unknown error -2021!", "-2021 RETRYABLE rpc MAYBE SLOW", "Unknown error!" },
  { "Error found in optimization stage: IndexNotFound: No valid index found",
    "-1009 FATAL statement NONE NONE", "Error found in optimisation stage: x" },
  { "Session not existed!", "-2069 FATAL not-found NONE NONE", "Sessions not existed!" },
  { "SessionNotFoundSession `3' not found", "-2069 FATAL not-found NONE NONE", "SessionNot" },
  { "Invalid password!", "-29 AUTH credentials NONE NONE", "Invalid password" },
  { "User not existed!", "-18 FATAL not-found NONE NONE", "User not exists!" },
};

static const Message metad_messages[] = {
  { "Space not existed!", "-5 FATAL not-found NONE NONE", "The Space not existed!" },
  { "Tag not existed!", "-6 FATAL not-found NONE NONE", "Tags not existed!" },
  { "Edge not existed!", "-7 FATAL not-found NONE NONE", "Edge not existed" },
  { "Index not existed!", "-8 FATAL not-found NONE NONE", "index not existed!" },
  { "There is no any stats info to show, please execute `submit job stats' firstly!",
    "-19 FATAL not-found NONE NONE", "There is no stats info to show, please execute" },
  { "Edge prop not existed!", "-9 FATAL not-found NONE NONE", "Edge props not existed!" },
  { "Tag prop not existed!", "-10 FATAL not-found NONE NONE", "Tag prop not exist!" },
  { "Role not existed!", "-11 FATAL not-found NONE NONE", "Role  not existed!" },
  { "Conf not existed!", "-12 FATAL not-found NONE NONE", "Config not existed!" },
  { "Part not existed!", "-16 RETRYABLE partition PART FAST", "Parts not existed!" },
  { "Machine not existed!", "-13 FATAL not-found NONE NONE", "Machine not existing!" },
  { "Zone not existed!", "-14 FATAL not-found NONE NONE", "Zone not existed?" },
  { "Key not existed!", "-17 FATAL not-found NONE NONE", "Key not existed." },
  { "Invalid host!", "-2003 FATAL argument NONE NONE", "Invalid hosts!" },
  { "Config immutable!", "-2007 FATAL state NONE NONE", "Config mutable!" },
  { "Wrong cluster!", "-2010 FATAL incompatible NONE NONE", "Wrong clusters!" },
  { "Zone not enough!", "-2011 FATAL state NONE NONE", "Zone is not enough!" },
  { "Zone is empty!", "-2012 FATAL state NONE NONE", "Zone was empty!" },
  { "Store segment illegal!", "-2022 FATAL internal MAYBE NONE", "Store segment legal!" },
  { "Bad balance plan!", "-2023 FATAL job NONE NONE", "Bad balance plans!" },
  { "The cluster is balanced!", "-2024 FATAL busy NONE NONE", "The cluster was balanced!" },
  { "No running balance plan!", "-2025 FATAL job NONE NONE", "No balance plan!" },
  { "No valid host hold the partition!", "-2026 FATAL state NONE NONE",
    "No valid host holds the partition!" },
  { "No corrupted balance plan!", "-2027 FATAL job NONE NONE", "A corrupted balance plan!" },
  { "No invalid balance plan!", "-2028 FATAL job NONE NONE", "No valid balance plan!" },
  { "Improper role!", "-2030 FATAL argument NONE NONE", "Improper roles!" },
  { "No valid partition_num!", "-2031 FATAL argument NONE NONE", "No valid partition num!" },
  { "No valid replica_factor!", "-2032 FATAL argument NONE NONE", "No valid replica factor!" },
  { "No valid charset!", "-2033 FATAL argument NONE NONE", "No valid charset" },
  { "No valid collate!", "-2034 FATAL argument NONE NONE", "No valid collation!" },
  { "Charset and collate not match!", "-2035 FATAL argument NONE NONE",
    "Charset and collate do not match!" },
  { "Snapshot failure!", "-2040 FATAL job MAYBE NONE", "Snapshot failed!" },
  { "Rebuild index failed!", "-28 FATAL job MAYBE NONE", "Rebuild indexes failed!" },
  { "Index with ttl!", "-2043 FATAL state NONE NONE", "Index with TTL!" },
  { "Stop job failure!", "-2045 FATAL job MAYBE NONE", "Stop jobs failure!" },
  { "Save job failure!", "-2046 FATAL job MAYBE NONE", "Save job failures!" },
  { "Balance failure!", "-2047 FATAL job MAYBE NONE", "Balancer failure!" },
  { "Task report is out of date!", "-2049 FATAL job NONE NONE", "Task report out of date!" },
  { "Backup failure!", "-24 FATAL backup MAYBE NONE", "Backup failed!" },
  { "Backup building indexes!", "-2066 FATAL busy NONE NONE", "Backup building index!" },
  { "The space is not found when backup!", "-2067 FATAL not-found NONE NONE",
    "The space is not found when backing up!" },
  { "Restore failure!", "-2068 FATAL backup MAYBE NONE", "Restore failed!" },
  { "list cluster failure!", "-2070 FATAL cluster NONE NONE", "List cluster failure!" },
  { "Failed to get the absolute path!", "-2071 FATAL cluster NONE NONE",
    "Failed to get absolute path!" },
  { "There is no agent!", "-2072 FATAL cluster NONE NONE", "There is an agent!" },
  { "No valid job!", "-2065 FATAL job NONE NONE", "No valid jobs!" },
  { "Job not in chosen space!", "-2050 FATAL job NONE NONE", "Job not in the space!" },
  { "Job not existed in chosen space!", "-2050 FATAL job NONE NONE", "Job not existing in space!" },
  { "Backup empty table!", "-25 FATAL backup NONE NONE", "Backup of empty table!" },
  { "Backup table failure!", "-26 FATAL backup MAYBE NONE", "Backup tables failure!" },
  { "Host not exist!", "-2012 FATAL state NONE NONE", "Hosts not exist!" },
  { "Snapshot not found!", "-2057 FATAL not-found NONE NONE", "Snapshots not found!" },
  { "Finished job or failed job can not be stopped, please start another job instead",
    "-2052 FATAL job NONE NONE", "Finished job or failed job can not be stopped" },
  { "The job type do not support stopping, either wait previous job done or restart the cluster to "
    "start another job",
    "-2054 FATAL job NONE NONE", "The job type do not support stopping" },
  { "Backup encounter running or queued jobs!", "-2066 FATAL busy NONE NONE",
    "Backup encounter running jobs!" },
  { "Need to recover or stop failed data balance job firstly!", "-2051 FATAL job NONE NONE",
    "Need to recover failed data balance job firstly!" },
  { "Related index exists, please drop index first", "-2015 FATAL state NONE NONE",
    "Related index exists" },
  { "There are still space on the host", "-2016 FATAL state NONE NONE",
    "There are spaces on the host" },
  { "Related fulltext index exists, please drop it first", "-2017 FATAL state NONE NONE",
    "Related full-text index exists, please drop it first" },
  { "Could not add a host, which is not a storage and not expired either",
    "-2082 FATAL state NONE NONE", "Could not add a host" },
  { "Access elasticsearch failed", "-2090 RETRYABLE rpc MAYBE SLOW",
    "Access to elasticsearch failed" },
};

/* Their near misses are as the code: the session is gone. */
static const Message session_messages[] = {
  { "Get sessionId[3] failed: Session `3' not found: Session not existed!",
    "-2069 SESSION session NONE INSTANT", "Session not existing!" },
  { "Get sessionId[3] failed: SessionNotFound", "-2069 SESSION session NONE INSTANT",
    "SessionNotfound" },
  { "SessionId[1668670128498093] does not exist", "-1002 SESSION session NONE INSTANT",
    "SessionId[] does not exist" },
  { "SessionId[-5] does not exist", "-1002 SESSION session NONE INSTANT",
    "SessionId[12 does not exist" },
  { "SessionId[7] does not exist", "-1002 SESSION session NONE INSTANT",
    "The SessionId[3] does not exist" },
  { "Invalid session id", "-1002 SESSION session NONE INSTANT", "An Invalid session id" },
  { "Get sessionId[3] failed: Get session with unknown space: s",
    "-1002 SESSION session NONE INSTANT", "Get session with unknown space" },
  { "Get sessionId[3] failed: Session `3' not found: LeaderChanged: Leader changed!",
    "-4 RETRYABLE leader NONE SLOW", "LeaderChanged" },
  { "Get sessionId[3] failed: Session `3' not found: RPC failure in MetaClient: x",
    "-3 RETRYABLE rpc NONE SLOW", "RPC failure in Meta" },
  { "Get sessionId[3] failed: Session `3' not found: Rpc failure, probably timeout!",
    "-3 RETRYABLE rpc NONE SLOW", "rpc failure" },
  { "Get sessionId[3] failed: Insert session to local cache failed.",
    "-1002 RETRYABLE conflict NONE FAST", "Insert sessions to local cache failed." },
  { "Get sessionId[3] failed: Insert userIpSessionCount to local cache failed.",
    "-1002 RETRYABLE conflict NONE FAST", "Insert userIpSessionCount to the cache failed." },
  { "Get sessionId[3] failed: Session `3' not found: Store failure!", "-3 RETRYABLE rpc NONE SLOW",
    "Get sessionId[3] failed: Session `3' not found" },
};

static const Message space_messages[] = {
  { "SemanticError: Space was not chosen.", "-1009 FATAL statement NONE NONE",
    "SemanticError: Space was chosen." },
};

static const Message login_messages[] = {
  { "User not exist", "-1001 AUTH credentials NONE NONE", "User not there" },
  { "Invalid password, remaining attempts: 4", "-29 AUTH credentials NONE NONE",
    "Invalid pass word" },
  { "Bad username/password", "-1001 AUTH credentials NONE NONE", "Bad username" },
  { "5 times consecutive incorrect passwords has been input, user name: u has been locked, try "
    "again in 30 seconds",
    "-1001 AUTH locked NONE PUSHBACK", "u has been locked, try again in -30 seconds" },
  /* Behind a long name the number of seconds is cut off. */
  { "5 times consecutive incorrect passwords has been input, user name: aaaaaaaaaaaaaaaaaaaa",
    "-1001 AUTH locked NONE NONE", "5 times consecutive incorrect passwords have been input" },
  { "Unknown auth type: ldap", "-1001 FATAL unsupported NONE NONE", "Unknown auth type" },
  { "Meta Service not ready", "-3040 RETRYABLE starting NONE SLOW", "Meta service not ready" },
  { "curl error(7): refused", "-3 RETRYABLE rpc NONE SLOW", "a curl error(7)" },
  { "Http Post Failed: http://127.0.0.1/login", "-3 RETRYABLE rpc NONE SLOW", "Http Post Failed" },
  { "Invalid json: {", "-3 RETRYABLE rpc NONE SLOW", "invalid json: {" },
  { "The version of the client sending request from 1.2.3.4 is lower than v2.6.0, please update "
    "the client.",
    "-3061 SESSION handshake NONE INSTANT", "is lower than v2.6.0" },
};

/* Without a text that says more, no session could be had and nobody knows why. */
static const Message new_session_messages[] = {
  { "Create Session failed: Too many sessions created from 1.2.3.4 by user u. the "
    "threshold is 300.",
    "-1010 FATAL session-quota NONE NONE", "Too many sessions" },
  { "Create session failed: User not existed!", "-18 AUTH credentials NONE NONE",
    "create session failed: User not existed!" },
  { "Create session failed: Rpc failure, probably timeout!", "-3 RETRYABLE rpc NONE SLOW",
    "Creating session failed: x" },
  { "Insert session to local cache failed.", "-1002 RETRYABLE conflict MAYBE FAST",
    "Cannot Insert session to local cache failed." },
  { "Insert userIpSessionCount to local cache failed.", "-1002 RETRYABLE conflict MAYBE FAST",
    "Insert SessionCount to local cache failed." },
};

static const Message connection_messages[] = {
  { "Too many connections in the cluster", "-1010 RETRYABLE overload NONE SLOW",
    "Too many connections" },
};

static const Message verify_messages[] = {
  { "incompatible version: handshakeKey 2.0 is not accepted", "-3061 FATAL incompatible NONE NONE",
    "is accepted" },
};

#define GROUP(name, phase, code, table) \
  { (name), NEBULA_PHASE_##phase, (code), (table), G_N_ELEMENTS (table) }

static const Group groups[] = {
  GROUP ("storage", EXECUTE, -1005, storage_messages),
  GROUP ("execution", EXECUTE, -1005, execution_messages),
  GROUP ("metad", EXECUTE, -1005, metad_messages),
  GROUP ("session", EXECUTE, -1002, session_messages),
  GROUP ("space", EXECUTE, -1009, space_messages),
  GROUP ("login", AUTHENTICATE, -1001, login_messages),
  GROUP ("new-session", AUTHENTICATE, -1002, new_session_messages),
  GROUP ("connections", AUTHENTICATE, -1010, connection_messages),
  GROUP ("verify", VERIFY, -3061, verify_messages),
};

typedef struct
{
  gint32           code;
  const char      *text;
  NebulaCallTraits traits;
  NebulaEffect     expected;
} EffectCase;

/* What one place says of itself, and what that says of the whole call. */
static const EffectCase effect_cases[] = {
  /* One sentence that never came to storage: nothing was executed. */
  { -1005, "Not ready!", 0, NEBULA_EFFECT_NONE },
  { -1005, "Existed!", 0, NEBULA_EFFECT_NONE },
  { -1008, "PermissionError: no", 0, NEBULA_EFFECT_NONE },
  /* More than one: others may have been. */
  { -1005, "Not ready!", NEBULA_CALL_COMPOUND, NEBULA_EFFECT_PART },
  { -1005, "Existed!", NEBULA_CALL_COMPOUND, NEBULA_EFFECT_PART },
  { -1008, "PermissionError: no", NEBULA_CALL_COMPOUND, NEBULA_EFFECT_PART },
  { -1008, NULL, NEBULA_CALL_COMPOUND, NEBULA_EFFECT_PART },
  { -1005, "Rpc failure!", NEBULA_CALL_COMPOUND, NEBULA_EFFECT_MAYBE },
  /* Storage: other partitions may have been written. */
  { -1005, "KeyNotFound: Storage Error: x", 0, NEBULA_EFFECT_PART },
  { -1005, "KeyNotFound: RPC failure in StorageClient", 0, NEBULA_EFFECT_PART },
  { -1005, "KeyNotFound: StorageMemoryExceeded", 0, NEBULA_EFFECT_PART },
  { -1005, "KeyNotFound: PartNotFound", 0, NEBULA_EFFECT_PART },
  { -1008, "PermissionError: Storage Error: x", 0, NEBULA_EFFECT_PART },
  { -1005, "error: E_LEADER_LEASE_FAILED(-3531)", 0, NEBULA_EFFECT_PART },
  /* One vertex is one write in one partition, so a refusal is one of the whole. */
  { -1005, "error: E_PART_NOT_FOUND(-16)", NEBULA_CALL_VERTEX_UPDATE, NEBULA_EFFECT_NONE },
  { -1005, "error: E_DATA_CONFLICT_ERROR(-3010)", NEBULA_CALL_VERTEX_UPDATE,
    NEBULA_EFFECT_NONE },
  { -1005, "error: E_RAFT_WRITE_BLOCKED(-3528)", NEBULA_CALL_VERTEX_UPDATE, NEBULA_EFFECT_NONE },
  { -1005, "error: E_RAFT_BUFFER_OVERFLOW(-3529)", NEBULA_CALL_VERTEX_UPDATE,
    NEBULA_EFFECT_NONE },
  { -1005, "error: E_RAFT_ATOMIC_OP_FAILED(-3530)", NEBULA_CALL_VERTEX_UPDATE,
    NEBULA_EFFECT_NONE },
  { -1005, "error: E_LEADER_LEASE_FAILED(-3531)", NEBULA_CALL_VERTEX_UPDATE,
    NEBULA_EFFECT_NONE },
  { -1005, "Storage Error: Part 7 raft buffer is full. Please retry later.",
    NEBULA_CALL_VERTEX_UPDATE | NEBULA_CALL_SPACE_KNOWN, NEBULA_EFFECT_NONE },
  /* Only those codes, and only one sentence. */
  { -1005, "error: E_RAFT_TOO_MANY_REQUESTS(-3523)", NEBULA_CALL_VERTEX_UPDATE,
    NEBULA_EFFECT_PART },
  { -1005, "error: E_MUTATE_TAG_CONFLICT(-3046)", NEBULA_CALL_VERTEX_UPDATE,
    NEBULA_EFFECT_PART },
  { -1005, "Storage Error: Not the leader of 3.", NEBULA_CALL_VERTEX_UPDATE,
    NEBULA_EFFECT_MAYBE },
  { -1005, "Storage Error: RPC failure, probably timeout.", NEBULA_CALL_VERTEX_UPDATE,
    NEBULA_EFFECT_MAYBE },
  { -1005, "error: E_DATA_CONFLICT_ERROR(-3010)",
    NEBULA_CALL_VERTEX_UPDATE | NEBULA_CALL_COMPOUND, NEBULA_EFFECT_PART },
  /* An unknown text says nothing; codes that come before a start say it whatever the text. */
  { -1005, "something", NEBULA_CALL_VERTEX_UPDATE, NEBULA_EFFECT_MAYBE },
  { -1005, NULL, 0, NEBULA_EFFECT_MAYBE },
  { -1004, "SyntaxError: Storage Error: x", NEBULA_CALL_COMPOUND, NEBULA_EFFECT_NONE },
  { -1009, "SemanticError: x", NEBULA_CALL_COMPOUND, NEBULA_EFFECT_NONE },
  { -1011, NULL, NEBULA_CALL_COMPOUND, NEBULA_EFFECT_NONE },
  { -1002, "Invalid session id", NEBULA_CALL_COMPOUND, NEBULA_EFFECT_NONE },
};
