/* SPDX-License-Identifier: Apache-2.0 */
#include <nebula-retry/nebula-error-info.h>

#include <stdlib.h>

/* Every code: number, name, category, cause, effect, pace, gRPC status; "undocumented" where only
 * the IDL knows it. */
static const char *const expected[] = {
  "0 SUCCEEDED OK none APPLIED NONE OK",
  "-1 E_DISCONNECTED RETRYABLE connection MAYBE FAST UNAVAILABLE",
  "-2 E_FAIL_TO_CONNECT RETRYABLE connection NONE FAST UNAVAILABLE",
  "-3 E_RPC_FAILURE RETRYABLE rpc MAYBE SLOW DEADLINE_EXCEEDED",
  "-4 E_LEADER_CHANGED RETRYABLE leader MAYBE FAST UNAVAILABLE",
  "-5 E_SPACE_NOT_FOUND FATAL not-found NONE NONE NOT_FOUND",
  "-6 E_TAG_NOT_FOUND FATAL not-found NONE NONE NOT_FOUND",
  "-7 E_EDGE_NOT_FOUND FATAL not-found NONE NONE NOT_FOUND",
  "-8 E_INDEX_NOT_FOUND FATAL not-found NONE NONE NOT_FOUND",
  "-9 E_EDGE_PROP_NOT_FOUND FATAL not-found NONE NONE NOT_FOUND",
  "-10 E_TAG_PROP_NOT_FOUND FATAL not-found NONE NONE NOT_FOUND",
  "-11 E_ROLE_NOT_FOUND FATAL not-found NONE NONE NOT_FOUND",
  "-12 E_CONFIG_NOT_FOUND FATAL not-found NONE NONE NOT_FOUND",
  "-13 E_MACHINE_NOT_FOUND FATAL not-found NONE NONE NOT_FOUND",
  "-14 E_ZONE_NOT_FOUND FATAL not-found NONE NONE NOT_FOUND undocumented",
  "-15 E_LISTENER_NOT_FOUND FATAL not-found NONE NONE NOT_FOUND",
  "-16 E_PART_NOT_FOUND RETRYABLE partition PART FAST UNAVAILABLE",
  "-17 E_KEY_NOT_FOUND FATAL not-found NONE NONE NOT_FOUND",
  "-18 E_USER_NOT_FOUND FATAL not-found NONE NONE NOT_FOUND",
  "-19 E_STATS_NOT_FOUND FATAL not-found NONE NONE NOT_FOUND",
  "-20 E_SERVICE_NOT_FOUND FATAL not-found NONE NONE NOT_FOUND",
  "-21 E_DRAINER_NOT_FOUND FATAL not-found NONE NONE NOT_FOUND",
  "-22 E_DRAINER_CLIENT_NOT_FOUND FATAL not-found NONE NONE NOT_FOUND",
  "-23 E_PART_STOPPED RETRYABLE partition PART SLOW UNAVAILABLE undocumented",
  "-24 E_BACKUP_FAILED FATAL backup MAYBE NONE INTERNAL",
  "-25 E_BACKUP_EMPTY_TABLE FATAL backup NONE NONE FAILED_PRECONDITION",
  "-26 E_BACKUP_TABLE_FAILED FATAL backup MAYBE NONE INTERNAL",
  "-27 E_PARTIAL_RESULT RETRYABLE partial NONE FAST UNAVAILABLE",
  "-28 E_REBUILD_INDEX_FAILED FATAL job MAYBE NONE INTERNAL",
  "-29 E_INVALID_PASSWORD AUTH credentials NONE NONE UNAUTHENTICATED",
  "-30 E_FAILED_GET_ABS_PATH FATAL internal NONE NONE INTERNAL",
  "-31 E_LISTENER_PROGRESS_FAILED FATAL internal NONE NONE INTERNAL undocumented",
  "-32 E_SYNC_LISTENER_NOT_FOUND FATAL not-found NONE NONE NOT_FOUND undocumented",
  "-33 E_DRAINER_PROGRESS_FAILED FATAL internal NONE NONE INTERNAL undocumented",
  "-34 E_PART_DISABLED RETRYABLE partition PART SLOW UNAVAILABLE undocumented",
  "-35 E_PART_ALREADY_STARTED FATAL state NONE NONE FAILED_PRECONDITION undocumented",
  "-36 E_PART_ALREADY_STOPPED FATAL state NONE NONE FAILED_PRECONDITION undocumented",
  "-1001 E_BAD_USERNAME_PASSWORD AUTH credentials NONE NONE UNAUTHENTICATED",
  "-1002 E_SESSION_INVALID SESSION session NONE INSTANT UNAUTHENTICATED",
  "-1003 E_SESSION_TIMEOUT SESSION session NONE INSTANT UNAUTHENTICATED",
  "-1004 E_SYNTAX_ERROR FATAL statement NONE NONE INVALID_ARGUMENT",
  "-1005 E_EXECUTION_ERROR FATAL execution MAYBE NONE UNKNOWN",
  "-1006 E_STATEMENT_EMPTY FATAL statement NONE NONE INVALID_ARGUMENT",
  "-1008 E_BAD_PERMISSION AUTH permission NONE NONE PERMISSION_DENIED",
  "-1009 E_SEMANTIC_ERROR FATAL statement NONE NONE INVALID_ARGUMENT",
  "-1010 E_TOO_MANY_CONNECTIONS RETRYABLE overload NONE SLOW RESOURCE_EXHAUSTED",
  "-1011 E_PARTIAL_SUCCEEDED RETRYABLE partial NONE FAST UNAVAILABLE",
  "-2001 E_NO_HOSTS FATAL not-found NONE NONE NOT_FOUND",
  "-2002 E_EXISTED FATAL exists NONE NONE ALREADY_EXISTS",
  "-2003 E_INVALID_HOST FATAL argument NONE NONE INVALID_ARGUMENT",
  "-2004 E_UNSUPPORTED FATAL unsupported NONE NONE UNIMPLEMENTED",
  "-2005 E_NOT_DROP FATAL state NONE NONE FAILED_PRECONDITION undocumented",
  "-2006 E_BALANCER_RUNNING FATAL busy NONE NONE FAILED_PRECONDITION undocumented",
  "-2007 E_CONFIG_IMMUTABLE FATAL state NONE NONE FAILED_PRECONDITION",
  "-2008 E_CONFLICT FATAL state NONE NONE FAILED_PRECONDITION",
  "-2009 E_INVALID_PARM FATAL argument NONE NONE INVALID_ARGUMENT",
  "-2010 E_WRONGCLUSTER FATAL incompatible NONE NONE FAILED_PRECONDITION",
  "-2011 E_ZONE_NOT_ENOUGH FATAL state NONE NONE FAILED_PRECONDITION",
  "-2012 E_ZONE_IS_EMPTY FATAL state NONE NONE FAILED_PRECONDITION undocumented",
  "-2013 E_LISTENER_CONFLICT FATAL state NONE NONE FAILED_PRECONDITION undocumented",
  "-2014 E_SCHEMA_NAME_EXISTS FATAL exists NONE NONE ALREADY_EXISTS undocumented",
  "-2015 E_RELATED_INDEX_EXISTS FATAL state NONE NONE FAILED_PRECONDITION undocumented",
  "-2016 E_RELATED_SPACE_EXISTS FATAL state NONE NONE FAILED_PRECONDITION undocumented",
  "-2017 E_RELATED_FULLTEXT_INDEX_EXISTS FATAL state NONE NONE FAILED_PRECONDITION undocumented",
  "-2018 E_HISTORY_CONFLICT FATAL exists NONE NONE ALREADY_EXISTS undocumented",
  "-2021 E_STORE_FAILURE RETRYABLE rpc MAYBE SLOW UNAVAILABLE",
  "-2022 E_STORE_SEGMENT_ILLEGAL FATAL internal MAYBE NONE DATA_LOSS",
  "-2023 E_BAD_BALANCE_PLAN FATAL job NONE NONE FAILED_PRECONDITION",
  "-2024 E_BALANCED FATAL busy NONE NONE FAILED_PRECONDITION",
  "-2025 E_NO_RUNNING_BALANCE_PLAN FATAL job NONE NONE FAILED_PRECONDITION",
  "-2026 E_NO_VALID_HOST FATAL state NONE NONE FAILED_PRECONDITION",
  "-2027 E_CORRUPTED_BALANCE_PLAN FATAL job NONE NONE FAILED_PRECONDITION",
  "-2028 E_NO_INVALID_BALANCE_PLAN FATAL job NONE NONE FAILED_PRECONDITION undocumented",
  "-2029 E_NO_VALID_DRAINER FATAL state NONE NONE FAILED_PRECONDITION",
  "-2030 E_IMPROPER_ROLE FATAL argument NONE NONE INVALID_ARGUMENT",
  "-2031 E_INVALID_PARTITION_NUM FATAL argument NONE NONE INVALID_ARGUMENT",
  "-2032 E_INVALID_REPLICA_FACTOR FATAL argument NONE NONE INVALID_ARGUMENT",
  "-2033 E_INVALID_CHARSET FATAL argument NONE NONE INVALID_ARGUMENT",
  "-2034 E_INVALID_COLLATE FATAL argument NONE NONE INVALID_ARGUMENT",
  "-2035 E_CHARSET_COLLATE_NOT_MATCH FATAL argument NONE NONE INVALID_ARGUMENT",
  "-2036 E_PRIVILEGE_ALL_TAG_EDGE_SETTLED FATAL state NONE NONE FAILED_PRECONDITION undocumented",
  "-2037 E_PRIVILEGE_NOT_EXIST FATAL not-found NONE NONE NOT_FOUND undocumented",
  "-2038 E_PRIVILEGE_NEED_BASIC_ROLE FATAL state NONE NONE FAILED_PRECONDITION undocumented",
  "-2039 E_PRIVILEGE_ACTION_INVALID FATAL argument NONE NONE INVALID_ARGUMENT undocumented",
  "-2040 E_SNAPSHOT_FAILURE FATAL job MAYBE NONE INTERNAL",
  "-2041 E_BLOCK_WRITE_FAILURE FATAL job MAYBE NONE INTERNAL",
  "-2042 E_REBUILD_INDEX_FAILURE FATAL job MAYBE NONE INTERNAL undocumented",
  "-2043 E_INDEX_WITH_TTL FATAL state NONE NONE FAILED_PRECONDITION undocumented",
  "-2044 E_ADD_JOB_FAILURE FATAL job MAYBE NONE INTERNAL",
  "-2045 E_STOP_JOB_FAILURE FATAL job MAYBE NONE INTERNAL",
  "-2046 E_SAVE_JOB_FAILURE FATAL job MAYBE NONE INTERNAL",
  "-2047 E_BALANCER_FAILURE FATAL job MAYBE NONE INTERNAL",
  "-2048 E_JOB_NOT_FINISHED FATAL busy NONE NONE FAILED_PRECONDITION",
  "-2049 E_TASK_REPORT_OUT_DATE FATAL job NONE NONE FAILED_PRECONDITION",
  "-2050 E_JOB_NOT_IN_SPACE FATAL job NONE NONE FAILED_PRECONDITION",
  "-2051 E_JOB_NEED_RECOVER FATAL job NONE NONE FAILED_PRECONDITION",
  "-2052 E_JOB_ALREADY_FINISH FATAL job NONE NONE FAILED_PRECONDITION undocumented",
  "-2053 E_JOB_SUBMITTED FATAL job NONE NONE FAILED_PRECONDITION undocumented",
  "-2054 E_JOB_NOT_STOPPABLE FATAL job NONE NONE FAILED_PRECONDITION undocumented",
  "-2055 E_JOB_HAS_NO_TARGET_STORAGE RETRYABLE starting MAYBE SLOW UNAVAILABLE undocumented",
  "-2056 E_SNAPSHOT_RUNNING_JOBS FATAL busy NONE NONE FAILED_PRECONDITION undocumented",
  "-2057 E_SNAPSHOT_NOT_FOUND FATAL not-found NONE NONE NOT_FOUND undocumented",
  "-2065 E_INVALID_JOB FATAL job NONE NONE FAILED_PRECONDITION",
  "-2066 E_BACKUP_RUNNING_JOBS FATAL busy NONE NONE FAILED_PRECONDITION",
  "-2067 E_BACKUP_SPACE_NOT_FOUND FATAL not-found NONE NONE NOT_FOUND",
  "-2068 E_RESTORE_FAILURE FATAL backup MAYBE NONE INTERNAL",
  "-2069 E_SESSION_NOT_FOUND SESSION session NONE INSTANT UNAUTHENTICATED",
  "-2070 E_LIST_CLUSTER_FAILURE FATAL cluster NONE NONE UNAVAILABLE",
  "-2071 E_LIST_CLUSTER_GET_ABS_PATH_FAILURE FATAL cluster NONE NONE UNAVAILABLE",
  "-2072 E_LIST_CLUSTER_NO_AGENT_FAILURE FATAL cluster NONE NONE UNAVAILABLE",
  "-2073 E_QUERY_NOT_FOUND FATAL not-found NONE NONE NOT_FOUND",
  "-2074 E_AGENT_HB_FAILUE FATAL cluster NONE NONE UNAVAILABLE",
  "-2080 E_INVALID_VARIABLE FATAL argument NONE NONE INVALID_ARGUMENT",
  "-2081 E_VARIABLE_TYPE_VALUE_MISMATCH FATAL argument NONE NONE INVALID_ARGUMENT",
  "-2082 E_HOST_CAN_NOT_BE_ADDED FATAL state NONE NONE FAILED_PRECONDITION undocumented",
  "-2090 E_ACCESS_ES_FAILURE RETRYABLE rpc MAYBE SLOW UNAVAILABLE undocumented",
  "-2600 E_GRAPH_MEMORY_EXCEEDED RETRYABLE memory MAYBE SLOW RESOURCE_EXHAUSTED undocumented",
  "-3001 E_CONSENSUS_ERROR RETRYABLE leader MAYBE FAST UNAVAILABLE",
  "-3002 E_KEY_HAS_EXISTS FATAL exists NONE NONE ALREADY_EXISTS",
  "-3003 E_DATA_TYPE_MISMATCH FATAL data NONE NONE INVALID_ARGUMENT",
  "-3004 E_INVALID_FIELD_VALUE FATAL data NONE NONE INVALID_ARGUMENT",
  "-3005 E_INVALID_OPERATION FATAL unsupported NONE NONE FAILED_PRECONDITION",
  "-3006 E_NOT_NULLABLE FATAL data NONE NONE INVALID_ARGUMENT",
  "-3007 E_FIELD_UNSET FATAL data NONE NONE INVALID_ARGUMENT",
  "-3008 E_OUT_OF_RANGE FATAL data NONE NONE OUT_OF_RANGE",
  "-3010 E_DATA_CONFLICT_ERROR RETRYABLE conflict PART FAST ABORTED",
  "-3011 E_WRITE_STALLED RETRYABLE blocked MAYBE SLOW UNAVAILABLE",
  "-3021 E_IMPROPER_DATA_TYPE FATAL data NONE NONE INVALID_ARGUMENT",
  "-3022 E_INVALID_SPACEVIDLEN FATAL data NONE NONE INVALID_ARGUMENT",
  "-3031 E_INVALID_FILTER FATAL data NONE NONE INVALID_ARGUMENT",
  "-3032 E_INVALID_UPDATER FATAL data NONE NONE INVALID_ARGUMENT",
  "-3033 E_INVALID_STORE FATAL internal MAYBE NONE DATA_LOSS",
  "-3034 E_INVALID_PEER FATAL internal MAYBE NONE INTERNAL",
  "-3035 E_RETRY_EXHAUSTED FATAL exhausted MAYBE NONE UNAVAILABLE",
  "-3036 E_TRANSFER_LEADER_FAILED RETRYABLE leader MAYBE SLOW UNAVAILABLE",
  "-3037 E_INVALID_STAT_TYPE FATAL data NONE NONE INVALID_ARGUMENT",
  "-3038 E_INVALID_VID FATAL data NONE NONE INVALID_ARGUMENT",
  "-3039 E_NO_TRANSFORMED FATAL internal MAYBE NONE INTERNAL undocumented",
  "-3040 E_LOAD_META_FAILED RETRYABLE starting NONE SLOW UNAVAILABLE",
  "-3041 E_FAILED_TO_CHECKPOINT FATAL job MAYBE NONE INTERNAL",
  "-3042 E_CHECKPOINT_BLOCKED RETRYABLE blocked PART SLOW UNAVAILABLE",
  "-3043 E_FILTER_OUT FATAL data NONE NONE FAILED_PRECONDITION",
  "-3044 E_INVALID_DATA FATAL data NONE NONE INVALID_ARGUMENT",
  "-3045 E_MUTATE_EDGE_CONFLICT RETRYABLE conflict PART FAST ABORTED",
  "-3046 E_MUTATE_TAG_CONFLICT RETRYABLE conflict PART FAST ABORTED",
  "-3047 E_OUTDATED_LOCK RETRYABLE conflict MAYBE FAST ABORTED",
  "-3051 E_INVALID_TASK_PARA FATAL argument NONE NONE INVALID_ARGUMENT",
  "-3052 E_USER_CANCEL FATAL killed MAYBE NONE CANCELLED",
  "-3053 E_TASK_EXECUTION_FAILED FATAL job MAYBE NONE INTERNAL",
  "-3060 E_PLAN_IS_KILLED FATAL killed MAYBE NONE CANCELLED",
  "-3061 E_CLIENT_SERVER_INCOMPATIBLE FATAL incompatible NONE NONE FAILED_PRECONDITION",
  "-3062 E_ID_FAILED RETRYABLE rpc NONE SLOW UNAVAILABLE",
  "-3070 E_NO_TERM RETRYABLE leader MAYBE FAST UNAVAILABLE",
  "-3071 E_OUTDATED_TERM RETRYABLE leader MAYBE FAST UNAVAILABLE",
  "-3072 E_OUTDATED_EDGE RETRYABLE conflict MAYBE FAST ABORTED undocumented",
  "-3073 E_WRITE_WRITE_CONFLICT RETRYABLE conflict MAYBE FAST ABORTED",
  "-3500 E_RAFT_UNKNOWN_PART RETRYABLE partition PART FAST UNAVAILABLE",
  "-3501 E_RAFT_LOG_GAP RETRYABLE leader MAYBE FAST UNAVAILABLE",
  "-3502 E_RAFT_LOG_STALE RETRYABLE leader MAYBE FAST UNAVAILABLE",
  "-3503 E_RAFT_TERM_OUT_OF_DATE RETRYABLE leader MAYBE FAST UNAVAILABLE",
  "-3504 E_RAFT_UNKNOWN_APPEND_LOG RETRYABLE leader MAYBE FAST UNAVAILABLE",
  "-3511 E_RAFT_WAITING_SNAPSHOT RETRYABLE leader MAYBE SLOW UNAVAILABLE",
  "-3512 E_RAFT_SENDING_SNAPSHOT RETRYABLE leader MAYBE SLOW UNAVAILABLE",
  "-3513 E_RAFT_INVALID_PEER FATAL internal MAYBE NONE INTERNAL",
  "-3514 E_RAFT_NOT_READY RETRYABLE starting PART SLOW UNAVAILABLE",
  "-3515 E_RAFT_STOPPED RETRYABLE leader MAYBE SLOW UNAVAILABLE",
  "-3516 E_RAFT_BAD_ROLE RETRYABLE leader PART FAST UNAVAILABLE",
  "-3521 E_RAFT_WAL_FAIL FATAL disk PART NONE RESOURCE_EXHAUSTED",
  "-3522 E_RAFT_HOST_STOPPED RETRYABLE leader MAYBE SLOW UNAVAILABLE",
  "-3523 E_RAFT_TOO_MANY_REQUESTS RETRYABLE overload PART SLOW RESOURCE_EXHAUSTED",
  "-3524 E_RAFT_PERSIST_SNAPSHOT_FAILED FATAL internal MAYBE NONE INTERNAL",
  "-3525 E_RAFT_RPC_EXCEPTION RETRYABLE rpc MAYBE SLOW UNAVAILABLE",
  "-3526 E_RAFT_NO_WAL_FOUND FATAL internal MAYBE NONE INTERNAL",
  "-3527 E_RAFT_HOST_PAUSED RETRYABLE leader MAYBE SLOW UNAVAILABLE",
  "-3528 E_RAFT_WRITE_BLOCKED RETRYABLE blocked PART SLOW UNAVAILABLE",
  "-3529 E_RAFT_BUFFER_OVERFLOW RETRYABLE overload PART SLOW RESOURCE_EXHAUSTED",
  "-3530 E_RAFT_ATOMIC_OP_FAILED RETRYABLE conflict PART FAST ABORTED",
  "-3531 E_LEADER_LEASE_FAILED RETRYABLE leader NONE FAST UNAVAILABLE",
  "-3532 E_RAFT_CAUGHT_UP FATAL state NONE NONE FAILED_PRECONDITION",
  "-3600 E_STORAGE_MEMORY_EXCEEDED RETRYABLE memory MAYBE SLOW RESOURCE_EXHAUSTED undocumented",
  "-4001 E_LOG_GAP RETRYABLE leader MAYBE SLOW UNAVAILABLE",
  "-4002 E_LOG_STALE RETRYABLE leader MAYBE SLOW UNAVAILABLE",
  "-4003 E_INVALID_DRAINER_STORE FATAL data MAYBE NONE DATA_LOSS",
  "-4004 E_SPACE_MISMATCH FATAL argument NONE NONE FAILED_PRECONDITION",
  "-4005 E_PART_MISMATCH FATAL argument NONE NONE FAILED_PRECONDITION",
  "-4006 E_DATA_CONFLICT RETRYABLE conflict MAYBE FAST ABORTED",
  "-4007 E_REQ_CONFLICT RETRYABLE conflict MAYBE FAST ABORTED",
  "-4008 E_DATA_ILLEGAL FATAL data MAYBE NONE DATA_LOSS",
  "-5001 E_CACHE_CONFIG_ERROR FATAL argument NONE NONE INVALID_ARGUMENT",
  "-5002 E_NOT_ENOUGH_SPACE FATAL disk NONE NONE RESOURCE_EXHAUSTED",
  "-5003 E_CACHE_MISS FATAL not-found NONE NONE NOT_FOUND",
  "-5004 E_POOL_NOT_FOUND FATAL not-found NONE NONE NOT_FOUND undocumented",
  "-5005 E_CACHE_WRITE_FAILURE FATAL internal MAYBE NONE INTERNAL",
  "-7001 E_NODE_NUMBER_EXCEED_LIMIT FATAL license NONE NONE FAILED_PRECONDITION",
  "-7002 E_PARSING_LICENSE_FAILURE FATAL license NONE NONE FAILED_PRECONDITION",
  "-8000 E_UNKNOWN FATAL unknown MAYBE NONE UNKNOWN",
};

static char *
describe (const NebulaErrorInfo *info)
{
  return g_strdup_printf (
      "%d %s %s %s %s %s %s%s", nebula_error_info_get_code (info),
      nebula_error_info_get_name (info),
      nebula_error_category_to_string (nebula_error_info_get_category (info)),
      nebula_cause_to_string (nebula_error_info_get_cause (info)),
      nebula_effect_to_string (nebula_error_info_get_effect (info)),
      nebula_pace_to_string (nebula_error_info_get_pace (info)),
      nebula_grpc_status_to_string (nebula_error_info_get_grpc_status (info)),
      nebula_error_info_is_documented (info) ? "" : " undocumented");
}

static void
test_rows (void)
{
  g_assert_cmpuint (G_N_ELEMENTS (expected), ==, 196);
  g_assert_cmpuint (nebula_error_info_get_count (), ==, 196);

  for (guint i = 0; i < G_N_ELEMENTS (expected); i++)
    {
      const NebulaErrorInfo *info = nebula_error_info_at (i);
      g_autofree char *found = describe (info);

      g_assert_cmpstr (found, ==, expected[i]);
      g_assert_cmpstr (nebula_error_info_get_meaning (info), !=, "");
    }

  g_assert_null (nebula_error_info_at (196));
  g_assert_null (nebula_error_info_at (G_MAXUINT));
}

/* Each row is found by its number and by its name, and no other number has a row. */
static void
test_lookup (void)
{
  guint n_found = 0;

  for (guint i = 0; i < G_N_ELEMENTS (expected); i++)
    {
      g_auto (GStrv) words = g_strsplit (expected[i], " ", 3);
      const NebulaErrorInfo *info = nebula_error_info_at (i);

      g_assert_true (nebula_error_info_lookup (atoi (words[0])) == info);
      g_assert_true (nebula_error_info_for_code (atoi (words[0])) == info);
      g_assert_true (nebula_error_info_lookup_by_name (words[1]) == info);
    }

  for (gint32 code = -20000; code < 20000; code++)
    n_found += nebula_error_info_lookup (code) != NULL;
  g_assert_cmpuint (n_found, ==, 196);
  g_assert_null (nebula_error_info_lookup (G_MININT32));
  g_assert_null (nebula_error_info_lookup (G_MAXINT32));
}

static void
test_names (void)
{
  static const char *const wrong[] = {
    "", "E_", "e_leader_changed", "E_LEADER_CHANGE", "E_LEADER_CHANGED ", " E_LEADER_CHANGED",
    "LEADER_CHANGED", "E_UNKNOWN_STORAGED", "Succeeded", "E_ZZZ", "A",
  };

  for (gsize i = 0; i < G_N_ELEMENTS (wrong); i++)
    g_assert_null (nebula_error_info_lookup_by_name (wrong[i]));
  g_assert_null (nebula_error_info_lookup_by_name (NULL));
  g_assert_cmpint (
      nebula_error_info_get_code (nebula_error_info_lookup_by_name ("E_LEADER_CHANGED")), ==, -4);
}

/* What nobody knows falls to its range, is never retried, and may have been applied. */
static void
test_unknown (void)
{
  static const struct
  {
    gint32      code;
    const char *expected;
  } cases[] = {
    { -37, "-8000 E_UNKNOWN_GENERAL FATAL unknown MAYBE NONE UNKNOWN undocumented" },
    { -999, "-8000 E_UNKNOWN_GENERAL FATAL unknown MAYBE NONE UNKNOWN undocumented" },
    { -1000, "-8000 E_UNKNOWN_GRAPHD FATAL unknown MAYBE NONE UNKNOWN undocumented" },
    { -1007, "-8000 E_UNKNOWN_GRAPHD FATAL unknown MAYBE NONE UNKNOWN undocumented" },
    { -1999, "-8000 E_UNKNOWN_GRAPHD FATAL unknown MAYBE NONE UNKNOWN undocumented" },
    { -2000, "-8000 E_UNKNOWN_METAD FATAL unknown MAYBE NONE UNKNOWN undocumented" },
    { -2019, "-8000 E_UNKNOWN_METAD FATAL unknown MAYBE NONE UNKNOWN undocumented" },
    { -2999, "-8000 E_UNKNOWN_METAD FATAL unknown MAYBE NONE UNKNOWN undocumented" },
    { -3009, "-8000 E_UNKNOWN_STORAGED FATAL unknown MAYBE NONE UNKNOWN undocumented" },
    { -3499, "-8000 E_UNKNOWN_STORAGED FATAL unknown MAYBE NONE UNKNOWN undocumented" },
    { -3505, "-8000 E_UNKNOWN_RAFT FATAL unknown MAYBE NONE UNKNOWN undocumented" },
    { -3599, "-8000 E_UNKNOWN_RAFT FATAL unknown MAYBE NONE UNKNOWN undocumented" },
    { -3601, "-8000 E_UNKNOWN_STORAGED FATAL unknown MAYBE NONE UNKNOWN undocumented" },
    { -3999, "-8000 E_UNKNOWN_STORAGED FATAL unknown MAYBE NONE UNKNOWN undocumented" },
    { -4000, "-8000 E_UNKNOWN_DRAINER FATAL unknown MAYBE NONE UNKNOWN undocumented" },
    { -5999, "-8000 E_UNKNOWN_CACHE FATAL unknown MAYBE NONE UNKNOWN undocumented" },
    { -6000, "-8000 E_UNKNOWN_NUMBER FATAL unknown MAYBE NONE UNKNOWN undocumented" },
    { -7003, "-8000 E_UNKNOWN_LICENSE FATAL license MAYBE NONE FAILED_PRECONDITION undocumented" },
    { -8001, "-8000 E_UNKNOWN_NUMBER FATAL unknown MAYBE NONE UNKNOWN undocumented" },
    { -9000, "-8000 E_UNKNOWN_NUMBER FATAL unknown MAYBE NONE UNKNOWN undocumented" },
    { 1, "-8000 E_UNKNOWN_NUMBER FATAL unknown MAYBE NONE UNKNOWN undocumented" },
    { 1005, "-8000 E_UNKNOWN_NUMBER FATAL unknown MAYBE NONE UNKNOWN undocumented" },
    { G_MAXINT32, "-8000 E_UNKNOWN_NUMBER FATAL unknown MAYBE NONE UNKNOWN undocumented" },
    { G_MININT32, "-8000 E_UNKNOWN_NUMBER FATAL unknown MAYBE NONE UNKNOWN undocumented" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      const NebulaErrorInfo *info = nebula_error_info_for_code (cases[i].code);
      g_autofree char *found = describe (info);

      g_assert_cmpstr (found, ==, cases[i].expected);
      g_assert_null (nebula_error_info_lookup (cases[i].code));
      g_assert_cmpstr (nebula_error_info_get_meaning (info), !=, "");
    }
}

/* A missing row is read as the most careful one. */
static void
test_null (void)
{
  g_autofree char *found = describe (NULL);

  g_assert_cmpstr (found, ==,
                   "-8000 E_UNKNOWN_NUMBER FATAL unknown MAYBE NONE UNKNOWN undocumented");
  g_assert_nonnull (nebula_error_info_get_meaning (NULL));
}

/* Rows by which a request could be repeated although somebody said no. */
static void
test_never_retried (void)
{
  for (guint i = 0; i < nebula_error_info_get_count (); i++)
    {
      const NebulaErrorInfo *info = nebula_error_info_at (i);
      NebulaErrorCategory category = nebula_error_info_get_category (info);
      NebulaPace pace = nebula_error_info_get_pace (info);

      /* Waiting helps exactly where time or a new session does. */
      g_assert_cmpint (pace != NEBULA_PACE_NONE, ==,
                       category == NEBULA_ERROR_CATEGORY_RETRYABLE ||
                           category == NEBULA_ERROR_CATEGORY_SESSION);
      if (nebula_error_info_get_cause (info) == NEBULA_CAUSE_KILLED)
        g_assert_cmpint (category, ==, NEBULA_ERROR_CATEGORY_FATAL);
      if (nebula_error_info_get_cause (info) == NEBULA_CAUSE_CREDENTIALS)
        g_assert_cmpint (category, ==, NEBULA_ERROR_CATEGORY_AUTH);
    }
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_summary ("The table of codes says what the project decided for each of 196 codes, and "
                  "for the numbers that nobody knows.");

  g_test_add_func ("/error-info/rows", test_rows);
  g_test_add_func ("/error-info/lookup", test_lookup);
  g_test_add_func ("/error-info/names", test_names);
  g_test_add_func ("/error-info/unknown", test_unknown);
  g_test_add_func ("/error-info/null", test_null);
  g_test_add_func ("/error-info/never-retried", test_never_retried);

  return g_test_run ();
}
