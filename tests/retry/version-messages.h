/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <nebula-retry/nebula-retry-enums.h>

/* What graphd of 3.0 to 3.8 says, text by text, and what it means. Written by hand from the sources
 * of graphd; each table names the function, each row the branch of it that the text comes from:
 *
 *   src/clients/meta/MetaClient.cpp:830-997, handleResponse ()
 *   src/graph/executor/StorageAccessExecutor.h:41-62, handleCompleteness (), and :64-155,
 *     handleErrorCode ()
 *   src/graph/executor/Executor.cpp:595-637, the memory watermark
 *   src/graph/service/GraphService.cpp:92-134, authenticate; :155-174, execute; :253-273,
 *     verifyClientVersion
 *   src/graph/service/QueryInstance.cpp:149-200, from a status to a code
 *   src/graph/session/GraphSessionManager.cpp:25-101, findSession (), and :114-126, createSession ()
 *   src/common/base/Status.cpp:44-112, for the prefixes, and :37-41, for the cut at 255 bytes
 *
 * The lines are those of release 3.8.0.
 *
 * Numbers in the texts (partitions, sessions, seconds) are examples. */

typedef struct
{
  guint       since; /* major * 10 + minor of the first release that says so */
  guint       until; /* and of the last one */
  const char *name;  /* (nullable) the code of the branch; "default" for one without */
  const char *text;
  const char *expected; /* real code, category, cause, effect, pace */
} VersionMessage;

typedef struct
{
  const char           *name;
  NebulaPhase           phase;
  gint32                code;
  const VersionMessage *messages;
  gsize                 n_messages;
} VersionGroup;

#define ALL 30, 38
/* 3.4 reworded what metad means, and told time-outs and memory apart. */
#define OLD 30, 33
#define NEW 34, 38
/* 3.6 began to tell the number of a failure that it has no words for. */
#define BEFORE_LAST 30, 35
#define LAST 36, 38
#define SINCE_3_1 31, 38
#define UNTIL_3_6 30, 36
#define V3_0 30, 30
#define V3_8 38, 38

/* MetaClient.cpp, handleResponse () */
static const VersionMessage version_metad[] = {
  { ALL, "E_DISCONNECTED", "Disconnected!", "-1 RETRYABLE connection MAYBE SLOW" },
  { ALL, "E_FAIL_TO_CONNECT", "Fail to connect!", "-2 RETRYABLE connection NONE SLOW" },
  { OLD, "E_RPC_FAILURE", "Rpc failure!", "-3 RETRYABLE rpc MAYBE SLOW" },
  { NEW, "E_RPC_FAILURE", "Rpc failure, probably timeout!", "-3 RETRYABLE rpc MAYBE SLOW" },
  { ALL, "E_LEADER_CHANGED", "LeaderChanged: Leader changed!", "-4 RETRYABLE leader MAYBE SLOW" },
  { ALL, "E_NO_HOSTS", "No hosts!", "-2001 FATAL not-found NONE NONE" },
  { ALL, "E_EXISTED", "Existed!", "-2002 FATAL exists NONE NONE" },
  { NEW, "E_HISTORY_CONFLICT", "Schema exisited before!", "-2018 FATAL exists NONE NONE" },
  { OLD, "E_SPACE_NOT_FOUND", "Space not existed!", "-5 FATAL not-found NONE NONE" },
  { NEW, "E_SPACE_NOT_FOUND", "SpaceNotFound: Space not existed!", "-5 FATAL not-found NONE NONE" },
  { OLD, "E_TAG_NOT_FOUND", "Tag not existed!", "-6 FATAL not-found NONE NONE" },
  { NEW, "E_TAG_NOT_FOUND", "TagNotFound: Tag not existed!", "-6 FATAL not-found NONE NONE" },
  { OLD, "E_EDGE_NOT_FOUND", "Edge not existed!", "-7 FATAL not-found NONE NONE" },
  { NEW, "E_EDGE_NOT_FOUND", "EdgeNotFound: Edge not existed!", "-7 FATAL not-found NONE NONE" },
  { OLD, "E_INDEX_NOT_FOUND", "Index not existed!", "-8 FATAL not-found NONE NONE" },
  { NEW, "E_INDEX_NOT_FOUND", "IndexNotFound: Index not existed!", "-8 FATAL not-found NONE NONE" },
  { ALL, "E_STATS_NOT_FOUND",
    "There is no any stats info to show, please execute `submit job stats' firstly!",
    "-19 FATAL not-found NONE NONE" },
  { ALL, "E_EDGE_PROP_NOT_FOUND", "Edge prop not existed!", "-9 FATAL not-found NONE NONE" },
  { ALL, "E_TAG_PROP_NOT_FOUND", "Tag prop not existed!", "-10 FATAL not-found NONE NONE" },
  { ALL, "E_ROLE_NOT_FOUND", "Role not existed!", "-11 FATAL not-found NONE NONE" },
  { ALL, "E_CONFIG_NOT_FOUND", "Conf not existed!", "-12 FATAL not-found NONE NONE" },
  { ALL, "E_PART_NOT_FOUND", "Part not existed!", "-16 RETRYABLE partition PART FAST" },
  { ALL, "E_USER_NOT_FOUND", "User not existed!", "-18 FATAL not-found NONE NONE" },
  { ALL, "E_MACHINE_NOT_FOUND", "Machine not existed!", "-13 FATAL not-found NONE NONE" },
  { ALL, "E_ZONE_NOT_FOUND", "Zone not existed!", "-14 FATAL not-found NONE NONE" },
  { ALL, "E_KEY_NOT_FOUND", "Key not existed!", "-17 FATAL not-found NONE NONE" },
  { ALL, "E_INVALID_HOST", "Invalid host!", "-2003 FATAL argument NONE NONE" },
  { ALL, "E_UNSUPPORTED", "Unsupported!", "-2004 FATAL unsupported NONE NONE" },
  { ALL, "E_NOT_DROP", "Not allowed to drop!", "-2005 FATAL state NONE NONE" },
  { ALL, "E_BALANCER_RUNNING", "The balancer is running!", "-2006 FATAL busy NONE NONE" },
  { ALL, "E_CONFIG_IMMUTABLE", "Config immutable!", "-2007 FATAL state NONE NONE" },
  { OLD, "E_CONFLICT", "Conflict!", "-2008 FATAL state NONE NONE" },
  { ALL, "E_INVALID_PARM", "Invalid param!", "-2009 FATAL argument NONE NONE" },
  { ALL, "E_WRONGCLUSTER", "Wrong cluster!", "-2010 FATAL incompatible NONE NONE" },
  { OLD, "E_ZONE_NOT_ENOUGH", "Zone not enough!", "-2011 FATAL state NONE NONE" },
  { NEW, "E_ZONE_NOT_ENOUGH", "Host not enough!", "-2011 FATAL state NONE NONE" },
  { OLD, "E_ZONE_IS_EMPTY", "Zone is empty!", "-2012 FATAL state NONE NONE" },
  { NEW, "E_ZONE_IS_EMPTY", "Host not exist!", "-2012 FATAL state NONE NONE" },
  { ALL, "E_STORE_FAILURE", "Store failure!", "-2021 RETRYABLE rpc MAYBE SLOW" },
  { OLD, "E_STORE_SEGMENT_ILLEGAL", "Store segment illegal!", "-2022 FATAL internal MAYBE NONE" },
  { ALL, "E_BAD_BALANCE_PLAN", "Bad balance plan!", "-2023 FATAL job NONE NONE" },
  { ALL, "E_BALANCED", "The cluster is balanced!", "-2024 FATAL busy NONE NONE" },
  { ALL, "E_NO_RUNNING_BALANCE_PLAN", "No running balance plan!", "-2025 FATAL job NONE NONE" },
  { ALL, "E_NO_VALID_HOST", "No valid host hold the partition!", "-2026 FATAL state NONE NONE" },
  { ALL, "E_CORRUPTED_BALANCE_PLAN", "No corrupted balance plan!", "-2027 FATAL job NONE NONE" },
  { ALL, "E_INVALID_PASSWORD", "Invalid password!", "-29 AUTH credentials NONE NONE" },
  { ALL, "E_IMPROPER_ROLE", "Improper role!", "-2030 FATAL argument NONE NONE" },
  { ALL, "E_INVALID_PARTITION_NUM", "No valid partition_num!", "-2031 FATAL argument NONE NONE" },
  { ALL, "E_INVALID_REPLICA_FACTOR", "No valid replica_factor!", "-2032 FATAL argument NONE NONE" },
  { ALL, "E_INVALID_CHARSET", "No valid charset!", "-2033 FATAL argument NONE NONE" },
  { ALL, "E_INVALID_COLLATE", "No valid collate!", "-2034 FATAL argument NONE NONE" },
  { ALL, "E_CHARSET_COLLATE_NOT_MATCH", "Charset and collate not match!",
    "-2035 FATAL argument NONE NONE" },
  { ALL, "E_SNAPSHOT_FAILURE", "Snapshot failure!", "-2040 FATAL job MAYBE NONE" },
  { NEW, "E_SNAPSHOT_RUNNING_JOBS", "Snapshot failed encounter running jobs!",
    "-2056 FATAL busy NONE NONE" },
  { NEW, "E_SNAPSHOT_NOT_FOUND", "Snapshot not found!", "-2057 FATAL not-found NONE NONE" },
  { ALL, "E_BLOCK_WRITE_FAILURE", "Block write failure!", "-2041 FATAL job MAYBE NONE" },
  { ALL, "E_REBUILD_INDEX_FAILED", "Rebuild index failed!", "-28 FATAL job MAYBE NONE" },
  { ALL, "E_INDEX_WITH_TTL", "Index with ttl!", "-2043 FATAL state NONE NONE" },
  { ALL, "E_ADD_JOB_FAILURE", "Add job failure!", "-2044 FATAL job MAYBE NONE" },
  { ALL, "E_STOP_JOB_FAILURE", "Stop job failure!", "-2045 FATAL job MAYBE NONE" },
  { ALL, "E_SAVE_JOB_FAILURE", "Save job failure!", "-2046 FATAL job MAYBE NONE" },
  { NEW, "E_JOB_ALREADY_FINISH",
    "Finished job or failed job can not be stopped, please start another job instead",
    "-2052 FATAL job NONE NONE" },
  { NEW, "E_JOB_NOT_STOPPABLE",
    "The job type do not support stopping, either wait previous job done or restart the "
    "cluster to start another job", "-2054 FATAL job NONE NONE" },
  { ALL, "E_BALANCER_FAILURE", "Balance failure!", "-2047 FATAL job MAYBE NONE" },
  { ALL, "E_NO_INVALID_BALANCE_PLAN", "No invalid balance plan!", "-2028 FATAL job NONE NONE" },
  { ALL, "E_JOB_NOT_FINISHED", "Job is not finished!", "-2048 FATAL busy NONE NONE" },
  { ALL, "E_TASK_REPORT_OUT_DATE", "Task report is out of date!", "-2049 FATAL job NONE NONE" },
  { ALL, "E_BACKUP_FAILED", "Backup failure!", "-24 FATAL backup MAYBE NONE" },
  { OLD, "E_BACKUP_BUILDING_INDEX", "Backup building indexes!", "-2066 FATAL busy NONE NONE" },
  { NEW, "E_BACKUP_RUNNING_JOBS", "Backup encounter running or queued jobs!",
    "-2066 FATAL busy NONE NONE" },
  { ALL, "E_BACKUP_SPACE_NOT_FOUND", "The space is not found when backup!",
    "-2067 FATAL not-found NONE NONE" },
  { ALL, "E_RESTORE_FAILURE", "Restore failure!", "-2068 FATAL backup MAYBE NONE" },
  { ALL, "E_LIST_CLUSTER_FAILURE", "list cluster failure!", "-2070 FATAL cluster NONE NONE" },
  { ALL, "E_LIST_CLUSTER_GET_ABS_PATH_FAILURE", "Failed to get the absolute path!",
    "-2071 FATAL cluster NONE NONE" },
  { ALL, "E_LIST_CLUSTER_NO_AGENT_FAILURE", "There is no agent!", "-2072 FATAL cluster NONE NONE" },
  { ALL, "E_INVALID_JOB", "No valid job!", "-2065 FATAL job NONE NONE" },
  { OLD, "E_JOB_NOT_IN_SPACE", "Job not in chosen space!", "-2050 FATAL job NONE NONE" },
  { NEW, "E_JOB_NOT_IN_SPACE", "Job not existed in chosen space!", "-2050 FATAL job NONE NONE" },
  { NEW, "E_JOB_NEED_RECOVER", "Need to recover or stop failed data balance job firstly!",
    "-2051 FATAL job NONE NONE" },
  { ALL, "E_BACKUP_EMPTY_TABLE", "Backup empty table!", "-25 FATAL backup NONE NONE" },
  { ALL, "E_BACKUP_TABLE_FAILED", "Backup table failure!", "-26 FATAL backup MAYBE NONE" },
  { ALL, "E_SESSION_NOT_FOUND", "Session not existed!", "-2069 FATAL not-found NONE NONE" },
  { NEW, "E_SCHEMA_NAME_EXISTS", "Schema with same name exists", "-2014 FATAL exists NONE NONE" },
  { NEW, "E_RELATED_INDEX_EXISTS", "Related index exists, please drop index first",
    "-2015 FATAL state NONE NONE" },
  { NEW, "E_RELATED_SPACE_EXISTS", "There are still space on the host",
    "-2016 FATAL state NONE NONE" },
  { NEW, "E_RELATED_FULLTEXT_INDEX_EXISTS", "Related fulltext index exists, please drop it first",
    "-2017 FATAL state NONE NONE" },
  { NEW, "E_HOST_CAN_NOT_BE_ADDED",
    "Could not add a host, which is not a storage and not expired either",
    "-2082 FATAL state NONE NONE" },
  { LAST, "E_ACCESS_ES_FAILURE", "Access elasticsearch failed", "-2090 RETRYABLE rpc MAYBE SLOW" },
  /* The number was not told, so nothing is known. */
  { BEFORE_LAST, "default", "Unknown error!", "-1005 FATAL execution MAYBE NONE" },
  { LAST, "E_RAFT_TERM_OUT_OF_DATE", "Unknown error -3503!", "-3503 RETRYABLE leader MAYBE FAST" },
  { LAST, "E_INVALID_VARIABLE", "Unknown error -2080!", "-2080 FATAL argument NONE NONE" },
  { LAST, "default", "Unknown error -2999!", "-2999 FATAL unknown MAYBE NONE" },
};

/* StorageAccessExecutor.h, handleErrorCode () */
static const VersionMessage version_storage[] = {
  { OLD, "E_RPC_FAILURE", "Storage Error: part: 12, error: E_RPC_FAILURE(-3).",
    "-3 RETRYABLE rpc MAYBE SLOW" },
  { NEW, "E_RPC_FAILURE", "Storage Error: RPC failure, probably timeout.",
    "-3 RETRYABLE rpc MAYBE SLOW" },
  { ALL, "E_KEY_NOT_FOUND", "Storage Error: Vertex or edge not found.",
    "-17 FATAL not-found PART NONE" },
  { ALL, "E_DATA_TYPE_MISMATCH",
    "Storage Error: The data type does not meet the requirements. Use the correct type of data.",
    "-3003 FATAL data PART NONE" },
  { ALL, "E_INVALID_VID",
    "Storage Error: The VID must be a 64-bit integer or a string fitting space vertex id "
    "length limit.", "-3038 FATAL data PART NONE" },
  { ALL, "E_INVALID_FIELD_VALUE",
    "Storage Error: Invalid field value: may be the filed is not NULL or without default value "
    "or wrong schema.", "-3004 FATAL data PART NONE" },
  { ALL, "E_LEADER_CHANGED", "Storage Error: Not the leader of 7. Please retry later.",
    "-4 RETRYABLE leader MAYBE FAST" },
  { ALL, "E_INVALID_FILTER", "Storage Error: Invalid filter.", "-3031 FATAL data PART NONE" },
  { ALL, "E_INVALID_UPDATER", "Storage Error: Invalid Update col or yield col.",
    "-3032 FATAL data PART NONE" },
  { ALL, "E_INVALID_SPACEVIDLEN", "Storage Error: Invalid space vid len.",
    "-3022 FATAL data PART NONE" },
  { ALL, "E_SPACE_NOT_FOUND", "Storage Error: Space not found.", "-5 FATAL not-found PART NONE" },
  { ALL, "E_PART_NOT_FOUND", "Storage Error: Part 7 not found.",
    "-16 RETRYABLE partition PART FAST" },
  { ALL, "E_TAG_NOT_FOUND", "Storage Error: Tag not found.", "-6 FATAL not-found PART NONE" },
  { ALL, "E_TAG_PROP_NOT_FOUND", "Storage Error: Tag prop not found.",
    "-10 FATAL not-found PART NONE" },
  { ALL, "E_EDGE_NOT_FOUND", "Storage Error: Edge not found.", "-7 FATAL not-found PART NONE" },
  { ALL, "E_EDGE_PROP_NOT_FOUND", "Storage Error: Edge prop not found.",
    "-9 FATAL not-found PART NONE" },
  { ALL, "E_INDEX_NOT_FOUND", "Storage Error: Index not found.", "-8 FATAL not-found PART NONE" },
  { ALL, "E_INVALID_DATA", "Storage Error: Invalid data, may be wrong value type.",
    "-3044 FATAL data PART NONE" },
  { ALL, "E_NOT_NULLABLE", "Storage Error: The not null field cannot be null.",
    "-3006 FATAL data PART NONE" },
  { ALL, "E_FIELD_UNSET", "Storage Error: The not null field doesn't have a default value.",
    "-3007 FATAL data PART NONE" },
  { ALL, "E_OUT_OF_RANGE", "Storage Error: Out of range value.", "-3008 FATAL data PART NONE" },
  { ALL, "E_DATA_CONFLICT_ERROR",
    "Storage Error: More than one request trying to add/update/delete one edge/vertex at the "
    "same time.", "-3010 RETRYABLE conflict PART FAST" },
  { ALL, "E_RAFT_TERM_OUT_OF_DATE",
    "Storage Error: Term of part 7 is out of date. Please retry later.",
    "-3503 RETRYABLE leader MAYBE FAST" },
  { ALL, "E_RAFT_WAL_FAIL", "Storage Error: Write wal failed. Probably disk is almost full.",
    "-3521 FATAL disk PART NONE" },
  { ALL, "E_RAFT_WRITE_BLOCKED",
    "Storage Error: Write is blocked when creating snapshot. Please retry later.",
    "-3528 RETRYABLE blocked PART SLOW" },
  { ALL, "E_RAFT_BUFFER_OVERFLOW", "Storage Error: Part 7 raft buffer is full. Please retry later.",
    "-3529 RETRYABLE overload PART SLOW" },
  { ALL, "E_RAFT_ATOMIC_OP_FAILED", "Storage Error: Atomic operation failed.",
    "-3530 RETRYABLE conflict PART FAST" },
  { NEW, "E_GRAPH_MEMORY_EXCEEDED", "GraphMemoryExceeded: (-2600)",
    "-2600 RETRYABLE memory MAYBE SLOW" },
  { NEW, "E_STORAGE_MEMORY_EXCEEDED", "StorageMemoryExceeded: (-3600)",
    "-3600 RETRYABLE memory MAYBE SLOW" },
  { ALL, "E_CONSENSUS_ERROR", "Storage Error: part: 12, error: E_CONSENSUS_ERROR(-3001).",
    "-3001 RETRYABLE leader MAYBE FAST" },
  { ALL, "E_LEADER_LEASE_FAILED", "Storage Error: part: 12, error: E_LEADER_LEASE_FAILED(-3531).",
    "-3531 RETRYABLE leader PART FAST" },
  { ALL, "E_WRITE_STALLED", "Storage Error: part: 12, error: E_WRITE_STALLED(-3011).",
    "-3011 RETRYABLE blocked MAYBE SLOW" },
  { ALL, "E_PLAN_IS_KILLED", "Storage Error: part: 12, error: E_PLAN_IS_KILLED(-3060).",
    "-3060 FATAL killed MAYBE NONE" },
  { ALL, "E_UNKNOWN", "Storage Error: part: 0, error: E_UNKNOWN(-8000).",
    "-8000 FATAL unknown MAYBE NONE" },
  /* handleCompleteness: no code at all */
  { ALL, NULL, "Request to storage failed, without failedCodes.", "-3 RETRYABLE rpc MAYBE SLOW" },
};

/* StorageClientBase-inl.h, MetaClient.cpp, Executor.cpp, QueryInstance.cpp */
static const VersionMessage version_graphd[] = {
  { ALL, "E_RPC_FAILURE", "RPC failure in StorageClient: Failed to write to remote endpoint",
    "-3 RETRYABLE rpc MAYBE SLOW" },
  { NEW, "E_RPC_FAILURE", "RPC failure in StorageClient with timeout: Timed Out",
    "-3 RETRYABLE rpc MAYBE SLOW" },
  { ALL, "E_RPC_FAILURE", "RPC failure in MetaClient: connection refused",
    "-3 RETRYABLE rpc MAYBE SLOW" },
  { ALL, "E_LOAD_META_FAILED", "Not ready!", "-3040 RETRYABLE starting NONE SLOW" },
  { ALL, "E_GRAPH_MEMORY_EXCEEDED",
    "Used memory hits the high watermark(0.800000) of total system memory.",
    "-2600 RETRYABLE memory MAYBE SLOW" },
  { ALL, "E_PLAN_IS_KILLED", "Execution had been killed", "-3060 FATAL killed MAYBE NONE" },
  { NEW, "E_SEMANTIC_ERROR",
    "Error found in optimization stage: IndexNotFound: No valid index found",
    "-1009 FATAL statement NONE NONE" },
  /* Nothing but the text is known of what a thrown exception or this one did. */
  { ALL, "default", "Internal error: empty column name list", "-1005 FATAL execution MAYBE NONE" },
  { ALL, "default", "std::bad_alloc", "-1005 FATAL execution MAYBE NONE" },
};

/* GraphService.cpp, future_executeWithParameter (); GraphSessionManager.cpp, findSession () */
static const VersionMessage version_session[] = {
  { ALL, "E_SESSION_INVALID", "Invalid session id", "-1002 SESSION session NONE INSTANT" },
  { ALL, "E_SESSION_INVALID", "SessionId[1668670128498093] does not exist",
    "-1002 SESSION session NONE INSTANT" },
  { ALL, "E_SESSION_NOT_FOUND",
    "Get sessionId[12] failed: Session `12' not found: Session not existed!",
    "-2069 SESSION session NONE INSTANT" },
  { ALL, "E_LEADER_CHANGED",
    "Get sessionId[12] failed: Session `12' not found: LeaderChanged: Leader changed!",
    "-4 RETRYABLE leader NONE SLOW" },
  { OLD, "E_RPC_FAILURE", "Get sessionId[12] failed: Session `12' not found: Rpc failure!",
    "-3 RETRYABLE rpc NONE SLOW" },
  { NEW, "E_RPC_FAILURE",
    "Get sessionId[12] failed: Session `12' not found: Rpc failure, probably timeout!",
    "-3 RETRYABLE rpc NONE SLOW" },
  { ALL, "E_RPC_FAILURE",
    "Get sessionId[12] failed: Session `12' not found: RPC failure in MetaClient: refused",
    "-3 RETRYABLE rpc NONE SLOW" },
  /* metad answered, but not about the session: it may well be alive. */
  { ALL, "E_RPC_FAILURE", "Get sessionId[12] failed: Session `12' not found: Store failure!",
    "-3 RETRYABLE rpc NONE SLOW" },
  { BEFORE_LAST, "E_RPC_FAILURE",
    "Get sessionId[12] failed: Session `12' not found: Unknown error!",
    "-3 RETRYABLE rpc NONE SLOW" },
  { LAST, "E_RPC_FAILURE", "Get sessionId[12] failed: Session `12' not found: Unknown error -3001!",
    "-3 RETRYABLE rpc NONE SLOW" },
  { ALL, "E_SESSION_INVALID",
    "Get sessionId[12] failed: Get session with unknown space: basketballplayer",
    "-1002 SESSION session NONE INSTANT" },
  { ALL, "E_SESSION_INVALID", "Get sessionId[12] failed: Insert session to local cache failed.",
    "-1002 RETRYABLE conflict NONE FAST" },
};

/* GraphService.cpp, auth (); MetaClient.cpp, authCheckFromCache (); CloudAuthenticator.cpp */
static const VersionMessage version_login[] = {
  { ALL, "E_LOAD_META_FAILED", "Meta Service not ready", "-3040 RETRYABLE starting NONE SLOW" },
  { ALL, "E_BAD_USERNAME_PASSWORD", "User not exist", "-1001 AUTH credentials NONE NONE" },
  { ALL, "E_INVALID_PASSWORD", "Invalid password", "-29 AUTH credentials NONE NONE" },
  { ALL, "E_INVALID_PASSWORD", "Invalid password, remaining attempts: 4",
    "-29 AUTH credentials NONE NONE" },
  { ALL, "E_BAD_USERNAME_PASSWORD",
    "5 times consecutive incorrect passwords has been input, user name: user1 has been locked, "
    "try again in 5 seconds", "-1001 AUTH locked NONE PUSHBACK" },
  /* Cloud accounts */
  { ALL, "E_BAD_USERNAME_PASSWORD", "Shadow account not exist",
    "-1001 AUTH credentials NONE NONE" },
  { ALL, "E_BAD_USERNAME_PASSWORD", "Cloud authentication failed, user: user1",
    "-1001 AUTH credentials NONE NONE" },
  { ALL, "E_RPC_FAILURE", "Invalid json: json parse error on line 0: expected json value",
    "-3 RETRYABLE rpc NONE SLOW" },
  { OLD, "E_RPC_FAILURE", "Http Post Failed: http://127.0.0.1/login",
    "-3 RETRYABLE rpc NONE SLOW" },
  { NEW, "E_RPC_FAILURE", "curl error(7):Couldn't connect to server",
    "-3 RETRYABLE rpc NONE SLOW" },
  { ALL, "E_BAD_USERNAME_PASSWORD", "Unknown auth type: ldap",
    "-1001 FATAL unsupported NONE NONE" },
  { V3_0, "E_CLIENT_SERVER_INCOMPATIBLE",
    "The version of the client sending request from \"127.0.0.1\":40300 is lower than v2.6.0, "
    "please update the client.", "-3061 SESSION handshake NONE INSTANT" },
};

/* GraphService.cpp, future_authenticate (); GraphSessionManager.cpp, createSession () */
static const VersionMessage version_new_session[] = {
  { ALL, "E_RPC_FAILURE", "Create session failed: RPC failure in MetaClient: refused",
    "-3 RETRYABLE rpc NONE SLOW" },
  { ALL, "E_RPC_FAILURE", "Create session failed: LeaderChanged: Leader changed!",
    "-3 RETRYABLE rpc NONE SLOW" },
  { ALL, "E_USER_NOT_FOUND", "Create session failed: User not existed!",
    "-18 AUTH credentials NONE NONE" },
  { ALL, "E_SESSION_INVALID", "Insert session to local cache failed.",
    "-1002 RETRYABLE conflict MAYBE FAST" },
  /* Nobody can make a session of it, and a renewal would be a loop. */
  { ALL, "E_SESSION_INVALID", "Get session for sessionId is nullptr",
    "-1002 FATAL session NONE NONE" },
  { SINCE_3_1, "E_TOO_MANY_CONNECTIONS",
    "Create Session failed: Too many sessions created from 127.0.0.1 by user root. the "
    "threshold is 300. You can change it by modifying 'max_sessions_per_ip_per_user' in "
    "nebula-graphd.conf", "-1010 FATAL session-quota NONE NONE" },
};

static const VersionMessage version_connections[] = {
  { ALL, "E_TOO_MANY_CONNECTIONS", "Too many connections in the cluster",
    "-1010 RETRYABLE overload NONE SLOW" },
};

/* GraphService.cpp, future_verifyClientVersion () */
static const VersionMessage version_verify[] = {
  { UNTIL_3_6, "E_CLIENT_SERVER_INCOMPATIBLE",
    "Graph client version(2.0.0) is not accepted, current graph client white list: 3.0.0:3.0.0.",
    "-3061 FATAL incompatible NONE NONE" },
  { V3_8, "E_CLIENT_SERVER_INCOMPATIBLE", "Graph client handshakeKey(2.0.0) is not accepted.",
    "-3061 FATAL incompatible NONE NONE" },
};

#define VERSION_GROUP(name, phase, code, table) \
  { (name), NEBULA_PHASE_##phase, (code), (table), G_N_ELEMENTS (table) }

static const VersionGroup version_groups[] = {
  VERSION_GROUP ("metad", EXECUTE, -1005, version_metad),
  VERSION_GROUP ("storage", EXECUTE, -1005, version_storage),
  VERSION_GROUP ("graphd", EXECUTE, -1005, version_graphd),
  VERSION_GROUP ("session", EXECUTE, -1002, version_session),
  VERSION_GROUP ("login", AUTHENTICATE, -1001, version_login),
  VERSION_GROUP ("new-session", AUTHENTICATE, -1002, version_new_session),
  VERSION_GROUP ("connections", AUTHENTICATE, -1010, version_connections),
  VERSION_GROUP ("verify", VERIFY, -3061, version_verify),
};
