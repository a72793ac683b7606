/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <glib.h>

/* Where in graphd the texts of version-messages.h are, and which copies of the sources were read.
 *
 * Not every release could be read as it was released. A copy is called a release only where its
 * lines are known to be those of the release; otherwise it is what it is, a commit between two. */

/* The releases of the tables, in the order of the columns. */
static const guint version_numbers[] = { 30, 34, 38 }; /* major * 10 + minor */

#define N_VERSIONS G_N_ELEMENTS (version_numbers)

typedef struct
{
  const char *repository;
  const char *revision; /* a commit, a tag, or "blob " and git's hash of the file */
  guint       after;    /* the copy is newer than this release, */
  guint       before;   /* and older than that; both are the release itself if it is one */
  const char *basis;    /* how that is known */
} VersionSource;

typedef struct
{
  const char   *file;
  const char   *function;
  VersionSource sources[N_VERSIONS];
} VersionPlace;

#define NEBULA "vesoft-inc/nebula"

/* The text was recorded from the tag; there was no copy to count lines in. */
#define TAG(number, tag) { NEBULA, tag, number, number, "recorded from the tag, without a line" }

#define UNSAID { NULL, NULL, 0, 0, NULL }

#define METACLIENT "src/clients/meta/MetaClient.cpp"

#define METACLIENT_3_0 \
  { NEBULA, "011870d4e9194bddf69859206fbd776dc4b53bb1", 26, 34, \
    "it has E_MACHINE_NOT_FOUND and E_LIST_CLUSTER_NO_AGENT_FAILURE of 3.0, and none of the " \
    "codes that came with 3.1 or later" }
#define METACLIENT_3_4 \
  { "codesigner/nebula", "344798369abfd3d07e0e236db63b0b0c8788c5bf", 33, 36, \
    "it has the memory tracker of 3.4, and tells no number of an unknown error, as 3.6 does" }

#define EXECUTOR "src/graph/executor/Executor.cpp"

#define EXECUTOR_3_0 \
  { NEBULA, "blob 2f3044f9abe7f4aa7bdf484f6f48a6240ac9b9d6", 26, 34, \
    "it has ADD HOSTS of 3.0, and DOWNLOAD and INGEST, which are jobs later" }
#define EXECUTOR_3_8 \
  { NEBULA, "v3.8.0", 38, 38, \
    "open () to checkMemoryWatermark () are lines 595 to 637, and as long in a later copy" }

#define QUERY "src/graph/service/QueryInstance.cpp"

#define QUERY_3_0 \
  { NEBULA, "01b239f56c472393b0ac2cd1178122c1b67311a6", 26, 34, \
    "it counts by space, and has no status for memory" }

#define SERVICE "src/graph/service/GraphService.cpp"

#define SERVICE_3_0 \
  { NEBULA, "blob 01d31031c06afecfc61a22773da063d8e39ae5a7", 30, 30, \
    "it asks for verifyClientVersion in lines 210 to 227 and 271 to 275, as only 3.0.1 does" }
#define SERVICE_3_4 \
  { NEBULA, "95edace7800bb31e9239d1d9aa276165cf41df48", 33, 38, \
    "it has the memory tracker of 3.4, and the white list that 3.8 does not tell" }
#define SERVICE_3_8 \
  { NEBULA, "95edace7800bb31e9239d1d9aa276165cf41df48", 38, 38, \
    "its codes are in lines 92, 101, 115, 122, 157, 166 and 174, as in v3.8.0" }

#define SESSIONS "src/graph/session/GraphSessionManager.cpp"

#define SESSIONS_3_0 \
  { NEBULA, "07d14aac7ed5d58e97fd69ebf07f8b0ad55ff815", 26, 31, \
    "it has no limit of sessions, which came with 3.1" }
#define SESSIONS_3_4 \
  { NEBULA, "d910ff560bc400429c782f688db2dbb130c638b1", 33, 38, \
    "it has KILL SESSION of 3.4, and counts sessions otherwise than 3.8 does" }
#define SESSIONS_3_8 \
  { NEBULA, "462ed3ceaaeb04d840581c749c1c519eb4013d50", 38, 38, \
    "findSession () is in lines 25 to 101 and the limit in 114 to 126, as in v3.8.0" }

#define STORAGE "src/graph/executor/StorageAccessExecutor.h"

#define STORAGE_3_0 \
  { NEBULA, "2523b79ef1a78fedb79dbde9d8e60013972119d0", 26, 34, \
    "its commit accepts clients of 3.0.0, and it has no E_RPC_FAILURE, as 3.4 does" }
#define STORAGE_3_4 \
  { NEBULA, "blob d6a684463d4a31e818b8b5800aeadd7215746817", 33, 38, \
    "it has the errors of the memory tracker of 3.4, and not yet what 3.8 has above them" }
#define STORAGE_3_8 \
  { NEBULA, "95edace7800bb31e9239d1d9aa276165cf41df48", 38, 38, \
    "its functions begin in lines 41 and 64, as in v3.8.0" }

static const VersionPlace place_response = {
  METACLIENT, "handleResponse ()",
  { METACLIENT_3_0, METACLIENT_3_4,
    { NEBULA, "v3.8.0", 38, 38, "a copy has it in lines 830 to 997, as v3.8.0 does" } },
};

static const VersionPlace place_meta_call = {
  METACLIENT, "getResponse ()",
  { METACLIENT_3_0, METACLIENT_3_4,
    { NEBULA, "v3.8.0", 38, 38, "a copy has what follows in the line of v3.8.0" } },
};

/* Whatever asks the cache of metad's data. */
static const VersionPlace place_meta_cache = {
  METACLIENT, "getSpaceIdByNameFromCache () and others",
  { METACLIENT_3_0, METACLIENT_3_4, TAG (38, "v3.8.0") },
};

static const VersionPlace place_login = {
  METACLIENT, "authCheckFromCache ()",
  { METACLIENT_3_0, METACLIENT_3_4, TAG (38, "v3.8.0") },
};

static const VersionPlace place_completeness = {
  STORAGE, "handleCompleteness ()", { STORAGE_3_0, STORAGE_3_4, STORAGE_3_8 },
};

static const VersionPlace place_error_code = {
  STORAGE, "handleErrorCode ()", { STORAGE_3_0, STORAGE_3_4, STORAGE_3_8 },
};

static const VersionPlace place_storage_call = {
  "src/clients/storage/StorageClientBase-inl.h", "getResponse ()",
  { { NEBULA, "04306ef6de70f482f48f05b52081eb6d791a8bbc", 26, 34,
      "it knows no memory tracker, and tells no time-out from other failures" },
    TAG (34, "v3.4.0"),
    { NEBULA, "v3.8.0", 38, 38, "a copy has it in lines 157 to 237, as v3.8.0 does" } },
};

static const VersionPlace place_open = {
  EXECUTOR, "open ()", { EXECUTOR_3_0, TAG (34, "v3.4.0"), EXECUTOR_3_8 },
};

static const VersionPlace place_watermark = {
  EXECUTOR, "checkMemoryWatermark ()", { EXECUTOR_3_0, TAG (34, "v3.4.0"), EXECUTOR_3_8 },
};

static const VersionPlace place_query = {
  QUERY, "execute (), what was thrown", { QUERY_3_0, TAG (34, "v3.4.0"), TAG (38, "v3.8.0") },
};

static const VersionPlace place_optimize = {
  QUERY, "validateAndOptimize ()", { UNSAID, TAG (34, "v3.4.0"), TAG (38, "v3.8.0") },
};

static const VersionPlace place_fill = {
  QUERY, "fillRespData ()",
  { QUERY_3_0, TAG (34, "v3.4.0"),
    { NEBULA, "v3.8.0", 38, 38, "the code is set in line 248, the text in the next" } },
};

static const VersionPlace place_authenticate = {
  SERVICE, "future_authenticate ()", { SERVICE_3_0, SERVICE_3_4, SERVICE_3_8 },
};

static const VersionPlace place_execute = {
  SERVICE, "future_executeWithParameter ()", { SERVICE_3_0, SERVICE_3_4, SERVICE_3_8 },
};

static const VersionPlace place_auth = {
  SERVICE, "auth ()", { SERVICE_3_0, SERVICE_3_4, SERVICE_3_8 },
};

/* In 3.8 lines 253 to 273; its code is set in line 265. */
static const VersionPlace place_verify = {
  SERVICE, "future_verifyClientVersion ()", { SERVICE_3_0, SERVICE_3_4, TAG (38, "v3.8.0") },
};

static const VersionPlace place_find_session = {
  SESSIONS, "findSessionFromMetad ()", { SESSIONS_3_0, SESSIONS_3_4, SESSIONS_3_8 },
};

static const VersionPlace place_create_session = {
  SESSIONS, "createSession ()", { SESSIONS_3_0, SESSIONS_3_4, SESSIONS_3_8 },
};

static const VersionPlace place_cloud = {
  "src/graph/service/CloudAuthenticator.cpp", "auth ()",
  { TAG (30, "v3.0.0"), TAG (34, "v3.4.0"), TAG (38, "v3.8.0") },
};

static const VersionPlace place_http = {
  "src/common/http/HttpClient.cpp", "post ()",
  { TAG (30, "v3.0.0"), TAG (34, "v3.4.0"), TAG (38, "v3.8.0") },
};
