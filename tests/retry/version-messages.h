/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <nebula-retry/nebula-retry-enums.h>

#include "version-sources.h"

/* What graphd of 3.0 to 3.8 says, text by text, and what it means. Written by hand from the sources
 * of graphd: each row is a branch of a function; see version-sources.h for the files, and for the
 * copies of them that the lines are those of. Status.cpp puts its prefixes before the texts (lines
 * 44 to 112 in 3.8.0) and cuts them at 255 bytes (37 to 41).
 *
 * Numbers in the texts (partitions, sessions, seconds) are examples. */

typedef struct
{
  guint               since; /* major * 10 + minor of the first release that says so */
  guint               until; /* and of the last one */
  const char         *name;  /* (nullable) the code of the branch; "default" for one without */
  const char         *text;
  const char         *expected; /* real code, category, cause, effect, pace */
  const VersionPlace *place;
  guint16             lines[N_VERSIONS]; /* where the text stands; 0 where it is not said */
} VersionMessage;

/* Said there, but the line is not known. */
#define SOMEWHERE G_MAXUINT16

#define AT(place, ...) &place_##place, { __VA_ARGS__ }

typedef struct
{
  const char           *name;
  NebulaPhase           phase;
  gint32                code;
  const VersionMessage *messages;
  gsize                 n_messages;
} VersionGroup;

#define ALL 30, 38
/* What lies between two of the releases above is as release notes and neighbours have it.
 *
 * 3.4 reworded what metad means, and told time-outs and memory apart. */
#define OLD 30, 33
#define NEW 34, 38
/* 3.6 began to tell the number of a failure that it has no words for. */
#define BEFORE_LAST 30, 35
#define LAST 36, 38
#define SINCE_3_1 31, 38
#define V3_0 30, 30
#define V3_4 34, 34
#define V3_4_TO_3_6 34, 36
#define V3_8 38, 38

/* MetaClient.cpp, handleResponse () */
static const VersionMessage version_metad[] = {
  { ALL, "E_DISCONNECTED", "Disconnected!", "-1 RETRYABLE connection MAYBE SLOW",
    AT (response, 791, 836, 836) },
  { ALL, "E_FAIL_TO_CONNECT", "Fail to connect!", "-2 RETRYABLE connection NONE SLOW",
    AT (response, 793, 838, 838) },
  { OLD, "E_RPC_FAILURE", "Rpc failure!", "-3 RETRYABLE rpc MAYBE SLOW",
    AT (response, 795, 0, 0) },
  { NEW, "E_RPC_FAILURE", "Rpc failure, probably timeout!", "-3 RETRYABLE rpc MAYBE SLOW",
    AT (response, 0, 840, 840) },
  { ALL, "E_LEADER_CHANGED", "LeaderChanged: Leader changed!", "-4 RETRYABLE leader MAYBE SLOW",
    AT (response, 797, 842, 842) },
  { ALL, "E_NO_HOSTS", "No hosts!", "-2001 FATAL not-found NONE NONE",
    AT (response, 799, 844, 844) },
  { ALL, "E_EXISTED", "Existed!", "-2002 FATAL exists NONE NONE", AT (response, 801, 846, 846) },
  { NEW, "E_HISTORY_CONFLICT", "Schema exisited before!", "-2018 FATAL exists NONE NONE",
    AT (response, 0, 848, 848) },
  { OLD, "E_SPACE_NOT_FOUND", "Space not existed!", "-5 FATAL not-found NONE NONE",
    AT (response, 803, 0, 0) },
  { NEW, "E_SPACE_NOT_FOUND", "SpaceNotFound: Space not existed!", "-5 FATAL not-found NONE NONE",
    AT (response, 0, 850, 850) },
  { OLD, "E_TAG_NOT_FOUND", "Tag not existed!", "-6 FATAL not-found NONE NONE",
    AT (response, 805, 0, 0) },
  { NEW, "E_TAG_NOT_FOUND", "TagNotFound: Tag not existed!", "-6 FATAL not-found NONE NONE",
    AT (response, 0, 852, 852) },
  { OLD, "E_EDGE_NOT_FOUND", "Edge not existed!", "-7 FATAL not-found NONE NONE",
    AT (response, 807, 0, 0) },
  { NEW, "E_EDGE_NOT_FOUND", "EdgeNotFound: Edge not existed!", "-7 FATAL not-found NONE NONE",
    AT (response, 0, 854, 854) },
  { OLD, "E_INDEX_NOT_FOUND", "Index not existed!", "-8 FATAL not-found NONE NONE",
    AT (response, 809, 0, 0) },
  { NEW, "E_INDEX_NOT_FOUND", "IndexNotFound: Index not existed!", "-8 FATAL not-found NONE NONE",
    AT (response, 0, 856, 856) },
  { ALL, "E_STATS_NOT_FOUND",
    "There is no any stats info to show, please execute `submit job stats' firstly!",
    "-19 FATAL not-found NONE NONE", AT (response, 812, 859, 859) },
  { ALL, "E_EDGE_PROP_NOT_FOUND", "Edge prop not existed!", "-9 FATAL not-found NONE NONE",
    AT (response, 815, 862, 862) },
  { ALL, "E_TAG_PROP_NOT_FOUND", "Tag prop not existed!", "-10 FATAL not-found NONE NONE",
    AT (response, 817, 864, 864) },
  { ALL, "E_ROLE_NOT_FOUND", "Role not existed!", "-11 FATAL not-found NONE NONE",
    AT (response, 819, 866, 866) },
  { ALL, "E_CONFIG_NOT_FOUND", "Conf not existed!", "-12 FATAL not-found NONE NONE",
    AT (response, 821, 868, 868) },
  { ALL, "E_PART_NOT_FOUND", "Part not existed!", "-16 RETRYABLE partition PART FAST",
    AT (response, 823, 870, 870) },
  { ALL, "E_USER_NOT_FOUND", "User not existed!", "-18 FATAL not-found NONE NONE",
    AT (response, 825, 872, 872) },
  { ALL, "E_MACHINE_NOT_FOUND", "Machine not existed!", "-13 FATAL not-found NONE NONE",
    AT (response, 827, 874, 874) },
  { ALL, "E_ZONE_NOT_FOUND", "Zone not existed!", "-14 FATAL not-found NONE NONE",
    AT (response, 829, 876, 876) },
  { ALL, "E_KEY_NOT_FOUND", "Key not existed!", "-17 FATAL not-found NONE NONE",
    AT (response, 831, 878, 878) },
  { ALL, "E_INVALID_HOST", "Invalid host!", "-2003 FATAL argument NONE NONE",
    AT (response, 833, 880, 880) },
  { ALL, "E_UNSUPPORTED", "Unsupported!", "-2004 FATAL unsupported NONE NONE",
    AT (response, 835, 882, 882) },
  { ALL, "E_NOT_DROP", "Not allowed to drop!", "-2005 FATAL state NONE NONE",
    AT (response, 837, 884, 884) },
  { ALL, "E_BALANCER_RUNNING", "The balancer is running!", "-2006 FATAL busy NONE NONE",
    AT (response, 839, 886, 886) },
  { ALL, "E_CONFIG_IMMUTABLE", "Config immutable!", "-2007 FATAL state NONE NONE",
    AT (response, 841, 888, 888) },
  { OLD, "E_CONFLICT", "Conflict!", "-2008 FATAL state NONE NONE",
    AT (response, 843, 0, 0) },
  { ALL, "E_INVALID_PARM", "Invalid param!", "-2009 FATAL argument NONE NONE",
    AT (response, 845, 890, 890) },
  { ALL, "E_WRONGCLUSTER", "Wrong cluster!", "-2010 FATAL incompatible NONE NONE",
    AT (response, 847, 892, 892) },
  { OLD, "E_ZONE_NOT_ENOUGH", "Zone not enough!", "-2011 FATAL state NONE NONE",
    AT (response, 849, 0, 0) },
  { NEW, "E_ZONE_NOT_ENOUGH", "Host not enough!", "-2011 FATAL state NONE NONE",
    AT (response, 0, 894, 894) },
  { OLD, "E_ZONE_IS_EMPTY", "Zone is empty!", "-2012 FATAL state NONE NONE",
    AT (response, 851, 0, 0) },
  { NEW, "E_ZONE_IS_EMPTY", "Host not exist!", "-2012 FATAL state NONE NONE",
    AT (response, 0, 896, 896) },
  { ALL, "E_STORE_FAILURE", "Store failure!", "-2021 RETRYABLE rpc MAYBE SLOW",
    AT (response, 853, 898, 898) },
  { OLD, "E_STORE_SEGMENT_ILLEGAL", "Store segment illegal!", "-2022 FATAL internal MAYBE NONE",
    AT (response, 855, 0, 0) },
  { ALL, "E_BAD_BALANCE_PLAN", "Bad balance plan!", "-2023 FATAL job NONE NONE",
    AT (response, 857, 900, 900) },
  { ALL, "E_BALANCED", "The cluster is balanced!", "-2024 FATAL busy NONE NONE",
    AT (response, 859, 902, 902) },
  { ALL, "E_NO_RUNNING_BALANCE_PLAN", "No running balance plan!", "-2025 FATAL job NONE NONE",
    AT (response, 861, 904, 904) },
  { ALL, "E_NO_VALID_HOST", "No valid host hold the partition!", "-2026 FATAL state NONE NONE",
    AT (response, 863, 906, 906) },
  { ALL, "E_CORRUPTED_BALANCE_PLAN", "No corrupted balance plan!", "-2027 FATAL job NONE NONE",
    AT (response, 865, 908, 908) },
  { ALL, "E_INVALID_PASSWORD", "Invalid password!", "-29 AUTH credentials NONE NONE",
    AT (response, 867, 910, 910) },
  { ALL, "E_IMPROPER_ROLE", "Improper role!", "-2030 FATAL argument NONE NONE",
    AT (response, 869, 912, 912) },
  { ALL, "E_INVALID_PARTITION_NUM", "No valid partition_num!", "-2031 FATAL argument NONE NONE",
    AT (response, 871, 914, 914) },
  { ALL, "E_INVALID_REPLICA_FACTOR", "No valid replica_factor!", "-2032 FATAL argument NONE NONE",
    AT (response, 873, 916, 916) },
  { ALL, "E_INVALID_CHARSET", "No valid charset!", "-2033 FATAL argument NONE NONE",
    AT (response, 875, 918, 918) },
  { ALL, "E_INVALID_COLLATE", "No valid collate!", "-2034 FATAL argument NONE NONE",
    AT (response, 877, 920, 920) },
  { ALL, "E_CHARSET_COLLATE_NOT_MATCH", "Charset and collate not match!",
    "-2035 FATAL argument NONE NONE", AT (response, 879, 922, 922) },
  { ALL, "E_SNAPSHOT_FAILURE", "Snapshot failure!", "-2040 FATAL job MAYBE NONE",
    AT (response, 881, 924, 924) },
  { NEW, "E_SNAPSHOT_RUNNING_JOBS", "Snapshot failed encounter running jobs!",
    "-2056 FATAL busy NONE NONE", AT (response, 0, 926, 926) },
  { NEW, "E_SNAPSHOT_NOT_FOUND", "Snapshot not found!", "-2057 FATAL not-found NONE NONE",
    AT (response, 0, 928, 928) },
  { ALL, "E_BLOCK_WRITE_FAILURE", "Block write failure!", "-2041 FATAL job MAYBE NONE",
    AT (response, 883, 930, 930) },
  { ALL, "E_REBUILD_INDEX_FAILED", "Rebuild index failed!", "-28 FATAL job MAYBE NONE",
    AT (response, 885, 932, 932) },
  { ALL, "E_INDEX_WITH_TTL", "Index with ttl!", "-2043 FATAL state NONE NONE",
    AT (response, 887, 934, 934) },
  { ALL, "E_ADD_JOB_FAILURE", "Add job failure!", "-2044 FATAL job MAYBE NONE",
    AT (response, 889, 936, 936) },
  { ALL, "E_STOP_JOB_FAILURE", "Stop job failure!", "-2045 FATAL job MAYBE NONE",
    AT (response, 891, 938, 938) },
  { ALL, "E_SAVE_JOB_FAILURE", "Save job failure!", "-2046 FATAL job MAYBE NONE",
    AT (response, 893, 940, 940) },
  { NEW, "E_JOB_ALREADY_FINISH",
    "Finished job or failed job can not be stopped, please start another job instead",
    "-2052 FATAL job NONE NONE", AT (response, 0, 943, 943) },
  { NEW, "E_JOB_NOT_STOPPABLE",
    "The job type do not support stopping, either wait previous job done or restart the "
    "cluster to start another job", "-2054 FATAL job NONE NONE", AT (response, 0, 946, 946) },
  { ALL, "E_BALANCER_FAILURE", "Balance failure!", "-2047 FATAL job MAYBE NONE",
    AT (response, 895, 949, 949) },
  { ALL, "E_NO_INVALID_BALANCE_PLAN", "No invalid balance plan!", "-2028 FATAL job NONE NONE",
    AT (response, 897, 951, 951) },
  { ALL, "E_JOB_NOT_FINISHED", "Job is not finished!", "-2048 FATAL busy NONE NONE",
    AT (response, 899, 953, 953) },
  { ALL, "E_TASK_REPORT_OUT_DATE", "Task report is out of date!", "-2049 FATAL job NONE NONE",
    AT (response, 901, 955, 955) },
  { ALL, "E_BACKUP_FAILED", "Backup failure!", "-24 FATAL backup MAYBE NONE",
    AT (response, 903, 957, 957) },
  { OLD, "E_BACKUP_BUILDING_INDEX", "Backup building indexes!", "-2066 FATAL busy NONE NONE",
    AT (response, 905, 0, 0) },
  { NEW, "E_BACKUP_RUNNING_JOBS", "Backup encounter running or queued jobs!",
    "-2066 FATAL busy NONE NONE", AT (response, 0, 959, 959) },
  { ALL, "E_BACKUP_SPACE_NOT_FOUND", "The space is not found when backup!",
    "-2067 FATAL not-found NONE NONE", AT (response, 907, 961, 961) },
  { ALL, "E_RESTORE_FAILURE", "Restore failure!", "-2068 FATAL backup MAYBE NONE",
    AT (response, 909, 963, 963) },
  { ALL, "E_LIST_CLUSTER_FAILURE", "list cluster failure!", "-2070 FATAL cluster NONE NONE",
    AT (response, 911, 965, 965) },
  { ALL, "E_LIST_CLUSTER_GET_ABS_PATH_FAILURE", "Failed to get the absolute path!",
    "-2071 FATAL cluster NONE NONE", AT (response, 913, 967, 967) },
  { ALL, "E_LIST_CLUSTER_NO_AGENT_FAILURE", "There is no agent!", "-2072 FATAL cluster NONE NONE",
    AT (response, 915, 969, 969) },
  { ALL, "E_INVALID_JOB", "No valid job!", "-2065 FATAL job NONE NONE",
    AT (response, 917, 971, 971) },
  { OLD, "E_JOB_NOT_IN_SPACE", "Job not in chosen space!", "-2050 FATAL job NONE NONE",
    AT (response, 919, 0, 0) },
  { NEW, "E_JOB_NOT_IN_SPACE", "Job not existed in chosen space!", "-2050 FATAL job NONE NONE",
    AT (response, 0, 973, 973) },
  { NEW, "E_JOB_NEED_RECOVER", "Need to recover or stop failed data balance job firstly!",
    "-2051 FATAL job NONE NONE", AT (response, 0, 975, 975) },
  { ALL, "E_BACKUP_EMPTY_TABLE", "Backup empty table!", "-25 FATAL backup NONE NONE",
    AT (response, 921, 977, 977) },
  { ALL, "E_BACKUP_TABLE_FAILED", "Backup table failure!", "-26 FATAL backup MAYBE NONE",
    AT (response, 923, 979, 979) },
  { ALL, "E_SESSION_NOT_FOUND", "Session not existed!", "-2069 FATAL not-found NONE NONE",
    AT (response, 925, 981, 981) },
  { NEW, "E_SCHEMA_NAME_EXISTS", "Schema with same name exists", "-2014 FATAL exists NONE NONE",
    AT (response, 0, 983, 983) },
  { NEW, "E_RELATED_INDEX_EXISTS", "Related index exists, please drop index first",
    "-2015 FATAL state NONE NONE", AT (response, 0, 985, 985) },
  { NEW, "E_RELATED_SPACE_EXISTS", "There are still space on the host",
    "-2016 FATAL state NONE NONE", AT (response, 0, 987, 987) },
  { NEW, "E_RELATED_FULLTEXT_INDEX_EXISTS", "Related fulltext index exists, please drop it first",
    "-2017 FATAL state NONE NONE", AT (response, 0, 989, 989) },
  { NEW, "E_HOST_CAN_NOT_BE_ADDED",
    "Could not add a host, which is not a storage and not expired either",
    "-2082 FATAL state NONE NONE", AT (response, 0, 991, 991) },
  { V3_8, "E_ACCESS_ES_FAILURE", "Access elasticsearch failed", "-2090 RETRYABLE rpc MAYBE SLOW",
    AT (response, 0, 0, 993) },
  /* The number was not told, so nothing is known. */
  { BEFORE_LAST, "default", "Unknown error!", "-1005 FATAL execution MAYBE NONE",
    AT (response, 927, 993, 0) },
  { LAST, "E_RAFT_TERM_OUT_OF_DATE", "Unknown error -3503!", "-3503 RETRYABLE leader MAYBE FAST",
    AT (response, 0, 0, 995) },
  { LAST, "E_INVALID_VARIABLE", "Unknown error -2080!", "-2080 FATAL argument NONE NONE",
    AT (response, 0, 0, 995) },
  { LAST, "default", "Unknown error -2999!", "-2999 FATAL unknown MAYBE NONE",
    AT (response, 0, 0, 995) },
};

/* StorageAccessExecutor.h, handleErrorCode () */
static const VersionMessage version_storage[] = {
  { OLD, "E_RPC_FAILURE", "Storage Error: part: 12, error: E_RPC_FAILURE(-3).",
    "-3 RETRYABLE rpc MAYBE SLOW", AT (error_code, 134, 0, 0) },
  { NEW, "E_RPC_FAILURE", "Storage Error: RPC failure, probably timeout.",
    "-3 RETRYABLE rpc MAYBE SLOW", AT (error_code, 0, 60, 67) },
  { ALL, "E_KEY_NOT_FOUND", "Storage Error: Vertex or edge not found.",
    "-17 FATAL not-found PART NONE", AT (error_code, 61, 62, 69) },
  { ALL, "E_DATA_TYPE_MISMATCH",
    "Storage Error: The data type does not meet the requirements. Use the correct type of data.",
    "-3003 FATAL data PART NONE", AT (error_code, 64, 65, 72) },
  { ALL, "E_INVALID_VID",
    "Storage Error: The VID must be a 64-bit integer or a string fitting space vertex id "
    "length limit.", "-3038 FATAL data PART NONE", AT (error_code, 70, 71, 78) },
  { ALL, "E_INVALID_FIELD_VALUE",
    "Storage Error: Invalid field value: may be the filed is not NULL or without default "
    "value or wrong schema.", "-3004 FATAL data PART NONE", AT (error_code, 76, 77, 84) },
  { ALL, "E_LEADER_CHANGED", "Storage Error: Not the leader of 7. Please retry later.",
    "-4 RETRYABLE leader MAYBE FAST", AT (error_code, 83, 84, 91) },
  { ALL, "E_INVALID_FILTER", "Storage Error: Invalid filter.", "-3031 FATAL data PART NONE",
    AT (error_code, 85, 86, 93) },
  { ALL, "E_INVALID_UPDATER", "Storage Error: Invalid Update col or yield col.",
    "-3032 FATAL data PART NONE", AT (error_code, 87, 88, 95) },
  { ALL, "E_INVALID_SPACEVIDLEN", "Storage Error: Invalid space vid len.",
    "-3022 FATAL data PART NONE", AT (error_code, 89, 90, 97) },
  { ALL, "E_SPACE_NOT_FOUND", "Storage Error: Space not found.", "-5 FATAL not-found PART NONE",
    AT (error_code, 91, 92, 99) },
  { ALL, "E_PART_NOT_FOUND", "Storage Error: Part 7 not found.",
    "-16 RETRYABLE partition PART FAST", AT (error_code, 93, 94, 101) },
  { ALL, "E_TAG_NOT_FOUND", "Storage Error: Tag not found.", "-6 FATAL not-found PART NONE",
    AT (error_code, 95, 96, 103) },
  { ALL, "E_TAG_PROP_NOT_FOUND", "Storage Error: Tag prop not found.",
    "-10 FATAL not-found PART NONE", AT (error_code, 97, 98, 105) },
  { ALL, "E_EDGE_NOT_FOUND", "Storage Error: Edge not found.", "-7 FATAL not-found PART NONE",
    AT (error_code, 99, 100, 107) },
  { ALL, "E_EDGE_PROP_NOT_FOUND", "Storage Error: Edge prop not found.",
    "-9 FATAL not-found PART NONE", AT (error_code, 101, 102, 109) },
  { ALL, "E_INDEX_NOT_FOUND", "Storage Error: Index not found.", "-8 FATAL not-found PART NONE",
    AT (error_code, 103, 104, 111) },
  { ALL, "E_INVALID_DATA", "Storage Error: Invalid data, may be wrong value type.",
    "-3044 FATAL data PART NONE", AT (error_code, 105, 106, 113) },
  { ALL, "E_NOT_NULLABLE", "Storage Error: The not null field cannot be null.",
    "-3006 FATAL data PART NONE", AT (error_code, 107, 108, 115) },
  { ALL, "E_FIELD_UNSET", "Storage Error: The not null field doesn't have a default value.",
    "-3007 FATAL data PART NONE", AT (error_code, 110, 111, 118) },
  { ALL, "E_OUT_OF_RANGE", "Storage Error: Out of range value.", "-3008 FATAL data PART NONE",
    AT (error_code, 113, 114, 121) },
  { ALL, "E_DATA_CONFLICT_ERROR",
    "Storage Error: More than one request trying to add/update/delete one edge/vertex at the "
    "same time.", "-3010 RETRYABLE conflict PART FAST", AT (error_code, 116, 117, 124) },
  { ALL, "E_RAFT_TERM_OUT_OF_DATE",
    "Storage Error: Term of part 7 is out of date. Please retry later.",
    "-3503 RETRYABLE leader MAYBE FAST", AT (error_code, 122, 123, 130) },
  { ALL, "E_RAFT_WAL_FAIL", "Storage Error: Write wal failed. Probably disk is almost full.",
    "-3521 FATAL disk PART NONE", AT (error_code, 124, 125, 132) },
  { ALL, "E_RAFT_WRITE_BLOCKED",
    "Storage Error: Write is blocked when creating snapshot. Please retry later.",
    "-3528 RETRYABLE blocked PART SLOW", AT (error_code, 127, 128, 135) },
  { ALL, "E_RAFT_BUFFER_OVERFLOW", "Storage Error: Part 7 raft buffer is full. Please retry later.",
    "-3529 RETRYABLE overload PART SLOW", AT (error_code, 130, 131, 138) },
  { ALL, "E_RAFT_ATOMIC_OP_FAILED", "Storage Error: Atomic operation failed.",
    "-3530 RETRYABLE conflict PART FAST", AT (error_code, 132, 133, 140) },
  { NEW, "E_GRAPH_MEMORY_EXCEEDED", "GraphMemoryExceeded: (-2600)",
    "-2600 RETRYABLE memory MAYBE SLOW", AT (error_code, 0, 136, 143) },
  { NEW, "E_STORAGE_MEMORY_EXCEEDED", "StorageMemoryExceeded: (-3600)",
    "-3600 RETRYABLE memory MAYBE SLOW", AT (error_code, 0, 139, 145) },
  { ALL, "E_CONSENSUS_ERROR", "Storage Error: part: 12, error: E_CONSENSUS_ERROR(-3001).",
    "-3001 RETRYABLE leader MAYBE FAST", AT (error_code, 134, 141, 147) },
  { ALL, "E_LEADER_LEASE_FAILED", "Storage Error: part: 12, error: E_LEADER_LEASE_FAILED(-3531).",
    "-3531 RETRYABLE leader PART FAST", AT (error_code, 134, 141, 147) },
  { ALL, "E_WRITE_STALLED", "Storage Error: part: 12, error: E_WRITE_STALLED(-3011).",
    "-3011 RETRYABLE blocked MAYBE SLOW", AT (error_code, 134, 141, 147) },
  { ALL, "E_PLAN_IS_KILLED", "Storage Error: part: 12, error: E_PLAN_IS_KILLED(-3060).",
    "-3060 FATAL killed MAYBE NONE", AT (error_code, 134, 141, 147) },
  { ALL, "E_UNKNOWN", "Storage Error: part: 0, error: E_UNKNOWN(-8000).",
    "-8000 FATAL unknown MAYBE NONE", AT (error_code, 134, 141, 147) },
  /* handleCompleteness: no code at all */
  { ALL, NULL, "Request to storage failed, without failedCodes.", "-3 RETRYABLE rpc MAYBE SLOW",
    AT (completeness, 49, 48, 55) },
};

/* StorageClientBase-inl.h, MetaClient.cpp, Executor.cpp, QueryInstance.cpp */
static const VersionMessage version_graphd[] = {
  { ALL, "E_RPC_FAILURE", "RPC failure in StorageClient: Failed to write to remote endpoint",
    "-3 RETRYABLE rpc MAYBE SLOW", AT (storage_call, SOMEWHERE, SOMEWHERE, 228) },
  { NEW, "E_RPC_FAILURE", "RPC failure in StorageClient with timeout: Timed Out",
    "-3 RETRYABLE rpc MAYBE SLOW", AT (storage_call, 0, SOMEWHERE, 225) },
  { NEW, "E_RPC_FAILURE", "RPC failure in StorageClient.", "-3 RETRYABLE rpc MAYBE SLOW",
    AT (storage_call, 0, SOMEWHERE, 234) },
  { ALL, "E_RPC_FAILURE", "RPC failure in MetaClient: connection refused",
    "-3 RETRYABLE rpc MAYBE SLOW", AT (meta_call, 732, 774, 774) },
  { ALL, "E_LOAD_META_FAILED", "Not ready!", "-3040 RETRYABLE starting NONE SLOW",
    AT (meta_cache, SOMEWHERE, SOMEWHERE, SOMEWHERE) },
  /* What graphd itself looked for in vain: the prefix of a status without words, mostly. */
  { ALL, "E_SPACE_NOT_FOUND", "SpaceNotFound: ", "-5 FATAL not-found NONE NONE",
    AT (meta_cache, SOMEWHERE, SOMEWHERE, SOMEWHERE) },
  { ALL, "E_TAG_NOT_FOUND", "TagNotFound: ", "-6 FATAL not-found NONE NONE",
    AT (meta_cache, SOMEWHERE, SOMEWHERE, SOMEWHERE) },
  { ALL, "E_EDGE_NOT_FOUND", "EdgeNotFound: ", "-7 FATAL not-found NONE NONE",
    AT (meta_cache, SOMEWHERE, SOMEWHERE, SOMEWHERE) },
  { ALL, "E_INDEX_NOT_FOUND", "IndexNotFound: ", "-8 FATAL not-found NONE NONE",
    AT (meta_cache, SOMEWHERE, SOMEWHERE, SOMEWHERE) },
  { ALL, "E_GRAPH_MEMORY_EXCEEDED",
    "Used memory hits the high watermark(0.800000) of total system memory.",
    "-2600 RETRYABLE memory MAYBE SLOW", AT (watermark, 619, SOMEWHERE, 633) },
  { ALL, "E_PLAN_IS_KILLED", "Execution had been killed", "-3060 FATAL killed MAYBE NONE",
    AT (open, 587, SOMEWHERE, 599) },
  { NEW, "E_SEMANTIC_ERROR",
    "Error found in optimization stage: IndexNotFound: No valid index found",
    "-1009 FATAL statement NONE NONE", AT (optimize, 0, SOMEWHERE, SOMEWHERE) },
  /* Nothing but the text is known of what a thrown exception or this one did. */
  { ALL, "default", "Internal error: empty column name list", "-1005 FATAL execution MAYBE NONE",
    AT (fill, 241, SOMEWHERE, 249) },
  { ALL, "default", "std::bad_alloc", "-1005 FATAL execution MAYBE NONE",
    AT (query, 65, SOMEWHERE, SOMEWHERE) },
};

/* GraphService.cpp, future_executeWithParameter (); GraphSessionManager.cpp, findSession () */
static const VersionMessage version_session[] = {
  { ALL, "E_SESSION_INVALID", "Invalid session id", "-1002 SESSION session NONE INSTANT",
    AT (execute, 147, 158, 158) },
  { ALL, "E_SESSION_INVALID", "SessionId[1668670128498093] does not exist",
    "-1002 SESSION session NONE INSTANT", AT (execute, 165, 176, 176) },
  { ALL, "E_SESSION_NOT_FOUND",
    "Get sessionId[12] failed: Session `12' not found: Session not existed!",
    "-2069 SESSION session NONE INSTANT", AT (find_session, 47, 51, 51) },
  { ALL, "E_LEADER_CHANGED",
    "Get sessionId[12] failed: Session `12' not found: LeaderChanged: Leader changed!",
    "-4 RETRYABLE leader NONE SLOW", AT (find_session, 47, 51, 51) },
  { OLD, "E_RPC_FAILURE", "Get sessionId[12] failed: Session `12' not found: Rpc failure!",
    "-3 RETRYABLE rpc NONE SLOW", AT (find_session, 47, 0, 0) },
  { NEW, "E_RPC_FAILURE",
    "Get sessionId[12] failed: Session `12' not found: Rpc failure, probably timeout!",
    "-3 RETRYABLE rpc NONE SLOW", AT (find_session, 0, 51, 51) },
  { ALL, "E_RPC_FAILURE",
    "Get sessionId[12] failed: Session `12' not found: RPC failure in MetaClient: refused",
    "-3 RETRYABLE rpc NONE SLOW", AT (find_session, 47, 51, 51) },
  /* metad answered, but not about the session: it may well be alive. */
  { ALL, "E_RPC_FAILURE", "Get sessionId[12] failed: Session `12' not found: Store failure!",
    "-3 RETRYABLE rpc NONE SLOW", AT (find_session, 47, 51, 51) },
  { BEFORE_LAST, "E_RPC_FAILURE",
    "Get sessionId[12] failed: Session `12' not found: Unknown error!",
    "-3 RETRYABLE rpc NONE SLOW", AT (find_session, 47, 51, 0) },
  { LAST, "E_RPC_FAILURE", "Get sessionId[12] failed: Session `12' not found: Unknown error -3001!",
    "-3 RETRYABLE rpc NONE SLOW", AT (find_session, 0, 0, 51) },
  { ALL, "E_SESSION_INVALID",
    "Get sessionId[12] failed: Get session with unknown space: basketballplayer",
    "-1002 SESSION session NONE INSTANT", AT (find_session, 59, 63, 63) },
  { ALL, "E_SESSION_INVALID", "Get sessionId[12] failed: Insert session to local cache failed.",
    "-1002 RETRYABLE conflict NONE FAST", AT (find_session, 80, 84, 84) },
  { V3_4, "E_SESSION_INVALID",
    "Get sessionId[12] failed: Insert userIpSessionCount to local cache failed.",
    "-1002 RETRYABLE conflict NONE FAST", AT (find_session, 0, 89, 0) },
};

/* GraphService.cpp, auth (); MetaClient.cpp, authCheckFromCache (); CloudAuthenticator.cpp */
static const VersionMessage version_login[] = {
  { ALL, "E_LOAD_META_FAILED", "Meta Service not ready", "-3040 RETRYABLE starting NONE SLOW",
    AT (login, SOMEWHERE, SOMEWHERE, SOMEWHERE) },
  { ALL, "E_BAD_USERNAME_PASSWORD", "User not exist", "-1001 AUTH credentials NONE NONE",
    AT (login, SOMEWHERE, SOMEWHERE, SOMEWHERE) },
  { ALL, "E_INVALID_PASSWORD", "Invalid password", "-29 AUTH credentials NONE NONE",
    AT (login, SOMEWHERE, SOMEWHERE, SOMEWHERE) },
  { ALL, "E_INVALID_PASSWORD", "Invalid password, remaining attempts: 4",
    "-29 AUTH credentials NONE NONE", AT (login, SOMEWHERE, SOMEWHERE, SOMEWHERE) },
  { ALL, "E_BAD_USERNAME_PASSWORD",
    "5 times consecutive incorrect passwords has been input, user name: user1 has been "
    "locked, try again in 5 seconds", "-1001 AUTH locked NONE PUSHBACK",
    AT (login, SOMEWHERE, SOMEWHERE, SOMEWHERE) },
  /* Cloud accounts */
  { ALL, "E_BAD_USERNAME_PASSWORD", "Shadow account not exist", "-1001 AUTH credentials NONE NONE",
    AT (cloud, SOMEWHERE, SOMEWHERE, SOMEWHERE) },
  { ALL, "E_BAD_USERNAME_PASSWORD", "Cloud authentication failed, user: user1",
    "-1001 AUTH credentials NONE NONE", AT (cloud, SOMEWHERE, SOMEWHERE, SOMEWHERE) },
  { ALL, "E_RPC_FAILURE", "Invalid json: json parse error on line 0: expected json value",
    "-3 RETRYABLE rpc NONE SLOW", AT (cloud, SOMEWHERE, SOMEWHERE, SOMEWHERE) },
  { OLD, "E_RPC_FAILURE", "Http Post Failed: http://127.0.0.1/login", "-3 RETRYABLE rpc NONE SLOW",
    AT (http, SOMEWHERE, 0, 0) },
  { NEW, "E_RPC_FAILURE", "curl error(7):Couldn't connect to server", "-3 RETRYABLE rpc NONE SLOW",
    AT (http, 0, SOMEWHERE, SOMEWHERE) },
  { ALL, "E_BAD_USERNAME_PASSWORD", "Unknown auth type: ldap", "-1001 FATAL unsupported NONE NONE",
    AT (auth, 249, 250, 250) },
  { V3_0, "E_CLIENT_SERVER_INCOMPATIBLE",
    "The version of the client sending request from \"127.0.0.1\":40300 is lower than "
    "v2.6.0, please update the client.", "-3061 SESSION handshake NONE INSTANT",
    AT (auth, 223, 0, 0) },
};

/* GraphService.cpp, future_authenticate (); GraphSessionManager.cpp, createSession () */
static const VersionMessage version_new_session[] = {
  { ALL, "E_RPC_FAILURE", "Create session failed: RPC failure in MetaClient: refused",
    "-3 RETRYABLE rpc NONE SLOW", AT (create_session, 103, 135, 131) },
  { ALL, "E_RPC_FAILURE", "Create session failed: LeaderChanged: Leader changed!",
    "-3 RETRYABLE rpc NONE SLOW", AT (create_session, 103, 135, 131) },
  { ALL, "E_USER_NOT_FOUND", "Create session failed: User not existed!",
    "-18 AUTH credentials NONE NONE", AT (create_session, 103, 135, 131) },
  { ALL, "E_SESSION_INVALID", "Insert session to local cache failed.",
    "-1002 RETRYABLE conflict MAYBE FAST", AT (create_session, 116, 148, 144) },
  { V3_4, "E_SESSION_INVALID", "Insert userIpSessionCount to local cache failed.",
    "-1002 RETRYABLE conflict MAYBE FAST", AT (create_session, 0, 153, 0) },
  /* Nobody can make a session of it, and a renewal would be a loop. */
  { ALL, "E_SESSION_INVALID", "Get session for sessionId is nullptr",
    "-1002 FATAL session NONE NONE", AT (authenticate, 111, 123, 123) },
  { SINCE_3_1, "E_TOO_MANY_CONNECTIONS",
    "Create Session failed: Too many sessions created from 127.0.0.1 by user root. the "
    "threshold is 300. You can change it by modifying 'max_sessions_per_ip_per_user' in "
    "nebula-graphd.conf", "-1010 FATAL session-quota NONE NONE",
    AT (create_session, 0, 124, 120) },
};

static const VersionMessage version_connections[] = {
  { ALL, "E_TOO_MANY_CONNECTIONS", "Too many connections in the cluster",
    "-1010 RETRYABLE overload NONE SLOW", AT (authenticate, 90, 102, 102) },
};

/* GraphService.cpp, future_verifyClientVersion () */
static const VersionMessage version_verify[] = {
  { OLD, "E_CLIENT_SERVER_INCOMPATIBLE",
    "Graph client version(2.0.0) is not accepted, current graph client white list: 3.0.0:3.0.0.",
    "-3061 FATAL incompatible NONE NONE", AT (verify, 262, 0, 0) },
  { V3_4_TO_3_6, "E_CLIENT_SERVER_INCOMPATIBLE",
    "Graph client version(2.0.0) is not accepted, current graph client white list: 3.4.03.0.0.",
    "-3061 FATAL incompatible NONE NONE", AT (verify, 0, 267, 0) },
  { V3_8, "E_CLIENT_SERVER_INCOMPATIBLE", "Graph client handshakeKey(2.0.0) is not accepted.",
    "-3061 FATAL incompatible NONE NONE", AT (verify, 0, 0, SOMEWHERE) },
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
