/* SPDX-License-Identifier: Apache-2.0 */
#include "nebula-message-rules-private.h"

/* graphd answers nearly every failure with -1005 and hides the cause in a text. These rules find
 * it again; nebula-message-match.c applies them. The first rule that matches wins, so their order
 * is part of their meaning: what graphd says of storaged comes before what it says of metad.
 *
 * Texts are matched by a constant part (the stem) and, for a few, by a number behind it. graphd
 * cuts its formatted texts at 255 bytes and puts prefixes before them, so equality would never do.
 *
 * Sources: the texts of NebulaGraph 2.6 to 3.8. Where a rule names releases only these speak so. */

/* The last argument may be left out: the server that says so and the releases that do. */
#define RULE(call, code, where, text, real, who, why, what, when, ...) \
  TAIL (call, code, where, text, ANYTHING, real, who, why, what, when, __VA_ARGS__)

#define TAIL(call, code, where, text, rest, real, who, why, what, when, ...) \
  { \
    .wire_code = (code), \
    .real_code = (real), \
    .stem = (text), \
    .name = "message " #code ": " text, \
    .source = "" __VA_ARGS__, \
    .phase = NEBULA_PHASE_##call, \
    .kind = NEBULA_STEM_##where, \
    .tail = NEBULA_TAIL_##rest, \
    .stem_length = sizeof (text) - 1, \
    .category = NEBULA_ERROR_CATEGORY_##who, \
    .cause = NEBULA_CAUSE_##why, \
    .effect = NEBULA_EFFECT_##what, \
    .pace = NEBULA_PACE_##when, \
  }

#define IN_TEXT NEBULA_CODE_IN_TEXT

/* Rules of one (phase, code) stand together. */
const NebulaMessageRule nebula_message_rules[] = {
  /* execute, -1005 */
  RULE (EXECUTE, -1005, CONTAINS, "Storage Error: Not the leader of ",
        -4, RETRYABLE, LEADER, MAYBE, FAST, "3.0+"),
  RULE (EXECUTE, -1005, CONTAINS, "Storage Error: The leader has changed. Try again later",
        -4, RETRYABLE, LEADER, MAYBE, FAST, "2.x"),
  RULE (EXECUTE, -1005, CONTAINS, "Storage Error: Term of part ",
        -3503, RETRYABLE, LEADER, MAYBE, FAST),
  RULE (EXECUTE, -1005, CONTAINS, "raft buffer is full. Please retry later",
        -3529, RETRYABLE, OVERLOAD, PART, SLOW),
  RULE (EXECUTE, -1005, CONTAINS, "Storage Error: Write is blocked when creating snapshot",
        -3528, RETRYABLE, BLOCKED, PART, SLOW),
  RULE (EXECUTE, -1005, CONTAINS,
        "Storage Error: More than one request trying to add/update/delete one edge/vertex "
        "at the same time",
        -3010, RETRYABLE, CONFLICT, PART, FAST),
  RULE (EXECUTE, -1005, CONTAINS, "Storage Error: Atomic operation failed",
        -3530, RETRYABLE, CONFLICT, PART, FAST),
  RULE (EXECUTE, -1005, CONTAINS, "Storage Error: Write wal failed",
        -3521, FATAL, DISK, PART, NONE),
  /* An UPDATE that was answered so has been seen applied. */
  RULE (EXECUTE, -1005, CONTAINS, "Storage Error: RPC failure, probably timeout",
        -3, RETRYABLE, RPC, MAYBE, SLOW, "3.4+"),
  RULE (EXECUTE, -1005, PREFIX, "RPC failure in StorageClient", -3, RETRYABLE, RPC, MAYBE, SLOW),
  RULE (EXECUTE, -1005, CONTAINS, "Request to storage failed, without failedCodes",
        -3, RETRYABLE, RPC, MAYBE, SLOW),
  TAIL (EXECUTE, -1005, CONTAINS, "Storage Error: Part ", NUMBER_NOT_FOUND,
        -16, RETRYABLE, PARTITION, PART, FAST),
  RULE (EXECUTE, -1005, PREFIX, "PartNotFound: ", -16, RETRYABLE, PARTITION, PART, FAST),
  RULE (EXECUTE, -1005, CONTAINS, "Storage Error: Vertex or edge not found",
        -17, FATAL, NOT_FOUND, PART, NONE),
  /* The next six may be storaged's schema lagging behind a recent change: two heartbeats, 20 s. */
  RULE (EXECUTE, -1005, CONTAINS, "Storage Error: Space not found",
        -5, FATAL, NOT_FOUND, PART, NONE),
  RULE (EXECUTE, -1005, CONTAINS, "Storage Error: Tag not found", -6, FATAL, NOT_FOUND, PART, NONE),
  RULE (EXECUTE, -1005, CONTAINS, "Storage Error: Tag prop not found",
        -10, FATAL, NOT_FOUND, PART, NONE),
  RULE (EXECUTE, -1005, CONTAINS, "Storage Error: Edge not found",
        -7, FATAL, NOT_FOUND, PART, NONE),
  RULE (EXECUTE, -1005, CONTAINS, "Storage Error: Edge prop not found",
        -9, FATAL, NOT_FOUND, PART, NONE),
  RULE (EXECUTE, -1005, CONTAINS, "Storage Error: Index not found",
        -8, FATAL, NOT_FOUND, PART, NONE),
  RULE (EXECUTE, -1005, CONTAINS, "Storage Error: The data type does not meet the requirements",
        -3003, FATAL, DATA, PART, NONE),
  RULE (EXECUTE, -1005, CONTAINS, "Storage Error: The VID must be a 64-bit integer",
        -3038, FATAL, DATA, PART, NONE),
  RULE (EXECUTE, -1005, CONTAINS, "Storage Error: Invalid field value",
        -3004, FATAL, DATA, PART, NONE),
  RULE (EXECUTE, -1005, CONTAINS, "Storage Error: Invalid filter", -3031, FATAL, DATA, PART, NONE),
  RULE (EXECUTE, -1005, CONTAINS, "Storage Error: Invalid Update col or yield col",
        -3032, FATAL, DATA, PART, NONE),
  RULE (EXECUTE, -1005, CONTAINS, "Storage Error: Invalid space vid len",
        -3022, FATAL, DATA, PART, NONE),
  RULE (EXECUTE, -1005, CONTAINS, "Storage Error: Invalid data, may be wrong value type",
        -3044, FATAL, DATA, PART, NONE),
  RULE (EXECUTE, -1005, CONTAINS, "Storage Error: The not null field cannot be null",
        -3006, FATAL, DATA, PART, NONE),
  RULE (EXECUTE, -1005, CONTAINS, "Storage Error: The not null field doesn't have a default value",
        -3007, FATAL, DATA, PART, NONE),
  RULE (EXECUTE, -1005, CONTAINS, "Storage Error: Out of range value",
        -3008, FATAL, DATA, PART, NONE),
  /* storaged's default branch, "part: 3, error: E_RAFT_LOG_GAP(-3501).": all facts are those of the
   * code that it names, but for the effect, which is at least PART. */
  TAIL (EXECUTE, -1005, CONTAINS, "error: E_", NAME_AND_CODE,
        IN_TEXT, FATAL, UNKNOWN, PART, NONE),
  TAIL (EXECUTE, -1005, PREFIX, "GraphMemoryExceeded: (", CODE_AND_PARENTHESIS,
        IN_TEXT, RETRYABLE, MEMORY, MAYBE, SLOW, "3.4+"),
  TAIL (EXECUTE, -1005, PREFIX, "StorageMemoryExceeded: (", CODE_AND_PARENTHESIS,
        IN_TEXT, RETRYABLE, MEMORY, MAYBE, SLOW, "3.4+"),
  RULE (EXECUTE, -1005, CONTAINS, "Used memory hits the high watermark",
        -2600, RETRYABLE, MEMORY, MAYBE, SLOW),
  /* Somebody asked for it. */
  RULE (EXECUTE, -1005, CONTAINS, "Execution had been killed", -3060, FATAL, KILLED, MAYBE, NONE),
  /* metad, from here on. graphd itself has tried three times, a second apart. */
  RULE (EXECUTE, -1005, CONTAINS, "LeaderChanged: Leader changed!",
        -4, RETRYABLE, LEADER, MAYBE, SLOW, "metad"),
  RULE (EXECUTE, -1005, CONTAINS, "Rpc failure, probably timeout!",
        -3, RETRYABLE, RPC, MAYBE, SLOW, "metad, 3.4+"),
  RULE (EXECUTE, -1005, PREFIX, "Rpc failure!",
        -3, RETRYABLE, RPC, MAYBE, SLOW, "metad, up to 3.3"),
  RULE (EXECUTE, -1005, CONTAINS, "RPC failure in MetaClient", -3, RETRYABLE, RPC, MAYBE, SLOW),
  RULE (EXECUTE, -1005, PREFIX, "Not ready!", -3040, RETRYABLE, STARTING, NONE, SLOW, "graphd"),
  RULE (EXECUTE, -1005, PREFIX, "Disconnected!",
        -1, RETRYABLE, CONNECTION, MAYBE, SLOW, "graphd to metad"),
  RULE (EXECUTE, -1005, PREFIX, "Fail to connect!",
        -2, RETRYABLE, CONNECTION, NONE, SLOW, "graphd to metad"),
  RULE (EXECUTE, -1005, PREFIX, "SpaceNotFound: ", -5, FATAL, NOT_FOUND, NONE, NONE),
  RULE (EXECUTE, -1005, PREFIX, "TagNotFound: ", -6, FATAL, NOT_FOUND, NONE, NONE),
  RULE (EXECUTE, -1005, PREFIX, "EdgeNotFound: ", -7, FATAL, NOT_FOUND, NONE, NONE),
  RULE (EXECUTE, -1005, PREFIX, "IndexNotFound: ", -8, FATAL, NOT_FOUND, NONE, NONE),
  RULE (EXECUTE, -1005, PREFIX, "KeyNotFound: ", -17, FATAL, NOT_FOUND, NONE, NONE),
  RULE (EXECUTE, -1005, PREFIX, "UserNotFound: ", -18, FATAL, NOT_FOUND, NONE, NONE),
  RULE (EXECUTE, -1005, PREFIX, "ZoneNotFound: ", -14, FATAL, NOT_FOUND, NONE, NONE),
  RULE (EXECUTE, -1005, PREFIX, "ListenerNotFound", -15, FATAL, NOT_FOUND, NONE, NONE),
  RULE (EXECUTE, -1005, PREFIX, "HostNotFound: ", -13, FATAL, NOT_FOUND, NONE, NONE),
  RULE (EXECUTE, -1005, PREFIX, "NotSupported: ", -2004, FATAL, UNSUPPORTED, NONE, NONE),
  RULE (EXECUTE, -1005, PREFIX, "Unsupported!", -2004, FATAL, UNSUPPORTED, NONE, NONE),
  RULE (EXECUTE, -1005, PREFIX, "PermissionError: ", -1008, AUTH, PERMISSION, NONE, NONE),
  /* After an earlier try of the same statement with an unknown effect, probably our own success. */
  RULE (EXECUTE, -1005, PREFIX, "Existed!", -2002, FATAL, EXISTS, NONE, NONE),
  /* (spelled so) */
  RULE (EXECUTE, -1005, PREFIX, "Schema exisited before!",
        -2018, FATAL, EXISTS, NONE, NONE, "metad, 3.4+"),
  RULE (EXECUTE, -1005, PREFIX, "Schema with same name exists",
        -2014, FATAL, EXISTS, NONE, NONE, "metad, 3.4+"),
  RULE (EXECUTE, -1005, PREFIX, "Invalid param!", -2009, FATAL, ARGUMENT, NONE, NONE),
  RULE (EXECUTE, -1005, PREFIX, "Not allowed to drop!", -2005, FATAL, STATE, NONE, NONE),
  RULE (EXECUTE, -1005, PREFIX, "Conflict!", -2008, FATAL, STATE, NONE, NONE, "metad, up to 3.3"),
  RULE (EXECUTE, -1005, PREFIX, "No hosts!", -2001, FATAL, NOT_FOUND, NONE, NONE),
  RULE (EXECUTE, -1005, PREFIX, "Host not enough!",
        -2011, FATAL, STATE, NONE, NONE, "metad, 3.4+"),
  RULE (EXECUTE, -1005, PREFIX, "The balancer is running!", -2006, FATAL, BUSY, NONE, NONE),
  RULE (EXECUTE, -1005, PREFIX, "Job is not finished!", -2048, FATAL, BUSY, NONE, NONE),
  RULE (EXECUTE, -1005, PREFIX, "Snapshot failed encounter running jobs!",
        -2056, FATAL, BUSY, NONE, NONE, "metad, 3.4+"),
  RULE (EXECUTE, -1005, PREFIX, "Add job failure!", -2044, FATAL, JOB, MAYBE, NONE),
  RULE (EXECUTE, -1005, PREFIX, "Block write failure!", -2041, FATAL, JOB, MAYBE, NONE),
  RULE (EXECUTE, -1005, PREFIX, "Store failure!", -2021, RETRYABLE, RPC, MAYBE, SLOW),
  /* All facts are those of the code that it names. */
  TAIL (EXECUTE, -1005, PREFIX, "Unknown error ", CODE_AND_MARK,
        IN_TEXT, FATAL, UNKNOWN, NONE, NONE, "metad, 3.6+"),
  RULE (EXECUTE, -1005, PREFIX, "Error found in optimization stage",
        -1009, FATAL, STATEMENT, NONE, NONE, "3.4+"),
  RULE (EXECUTE, -1005, PREFIX, "Space not existed!",
        -5, FATAL, NOT_FOUND, NONE, NONE, "metad, up to 3.3"),
  RULE (EXECUTE, -1005, PREFIX, "Tag not existed!",
        -6, FATAL, NOT_FOUND, NONE, NONE, "metad, up to 3.3"),
  RULE (EXECUTE, -1005, PREFIX, "Edge not existed!",
        -7, FATAL, NOT_FOUND, NONE, NONE, "metad, up to 3.3"),
  RULE (EXECUTE, -1005, PREFIX, "Index not existed!",
        -8, FATAL, NOT_FOUND, NONE, NONE, "metad, up to 3.3"),
  RULE (EXECUTE, -1005, PREFIX, "There is no any stats info to show, please execute",
        -19, FATAL, NOT_FOUND, NONE, NONE, "metad"),
  RULE (EXECUTE, -1005, PREFIX, "Edge prop not existed!",
        -9, FATAL, NOT_FOUND, NONE, NONE, "metad"),
  RULE (EXECUTE, -1005, PREFIX, "Tag prop not existed!",
        -10, FATAL, NOT_FOUND, NONE, NONE, "metad"),
  RULE (EXECUTE, -1005, PREFIX, "Role not existed!", -11, FATAL, NOT_FOUND, NONE, NONE, "metad"),
  RULE (EXECUTE, -1005, PREFIX, "Conf not existed!", -12, FATAL, NOT_FOUND, NONE, NONE, "metad"),
  RULE (EXECUTE, -1005, PREFIX, "Part not existed!",
        -16, RETRYABLE, PARTITION, PART, FAST, "metad"),
  RULE (EXECUTE, -1005, PREFIX, "Machine not existed!", -13, FATAL, NOT_FOUND, NONE, NONE, "metad"),
  RULE (EXECUTE, -1005, PREFIX, "Zone not existed!", -14, FATAL, NOT_FOUND, NONE, NONE, "metad"),
  RULE (EXECUTE, -1005, PREFIX, "Key not existed!", -17, FATAL, NOT_FOUND, NONE, NONE, "metad"),
  RULE (EXECUTE, -1005, PREFIX, "Invalid host!", -2003, FATAL, ARGUMENT, NONE, NONE, "metad"),
  RULE (EXECUTE, -1005, PREFIX, "Config immutable!", -2007, FATAL, STATE, NONE, NONE, "metad"),
  RULE (EXECUTE, -1005, PREFIX, "Wrong cluster!", -2010, FATAL, INCOMPATIBLE, NONE, NONE, "metad"),
  RULE (EXECUTE, -1005, PREFIX, "Zone not enough!",
        -2011, FATAL, STATE, NONE, NONE, "metad, up to 3.3"),
  RULE (EXECUTE, -1005, PREFIX, "Zone is empty!",
        -2012, FATAL, STATE, NONE, NONE, "metad, up to 3.3"),
  RULE (EXECUTE, -1005, PREFIX, "Store segment illegal!",
        -2022, FATAL, INTERNAL, MAYBE, NONE, "metad, up to 3.3"),
  RULE (EXECUTE, -1005, PREFIX, "Bad balance plan!", -2023, FATAL, JOB, NONE, NONE, "metad"),
  RULE (EXECUTE, -1005, PREFIX, "The cluster is balanced!",
        -2024, FATAL, BUSY, NONE, NONE, "metad"),
  RULE (EXECUTE, -1005, PREFIX, "No running balance plan!", -2025, FATAL, JOB, NONE, NONE, "metad"),
  RULE (EXECUTE, -1005, PREFIX, "No valid host hold the partition!",
        -2026, FATAL, STATE, NONE, NONE, "metad"),
  RULE (EXECUTE, -1005, PREFIX, "No corrupted balance plan!",
        -2027, FATAL, JOB, NONE, NONE, "metad"),
  RULE (EXECUTE, -1005, PREFIX, "Improper role!", -2030, FATAL, ARGUMENT, NONE, NONE, "metad"),
  RULE (EXECUTE, -1005, PREFIX, "No valid partition_num!",
        -2031, FATAL, ARGUMENT, NONE, NONE, "metad"),
  RULE (EXECUTE, -1005, PREFIX, "No valid replica_factor!",
        -2032, FATAL, ARGUMENT, NONE, NONE, "metad"),
  RULE (EXECUTE, -1005, PREFIX, "No valid charset!", -2033, FATAL, ARGUMENT, NONE, NONE, "metad"),
  RULE (EXECUTE, -1005, PREFIX, "No valid collate!", -2034, FATAL, ARGUMENT, NONE, NONE, "metad"),
  RULE (EXECUTE, -1005, PREFIX, "Charset and collate not match!",
        -2035, FATAL, ARGUMENT, NONE, NONE, "metad"),
  RULE (EXECUTE, -1005, PREFIX, "Snapshot failure!", -2040, FATAL, JOB, MAYBE, NONE, "metad"),
  RULE (EXECUTE, -1005, PREFIX, "Rebuild index failed!", -28, FATAL, JOB, MAYBE, NONE, "metad"),
  RULE (EXECUTE, -1005, PREFIX, "Index with ttl!", -2043, FATAL, STATE, NONE, NONE, "metad"),
  RULE (EXECUTE, -1005, PREFIX, "Stop job failure!", -2045, FATAL, JOB, MAYBE, NONE, "metad"),
  RULE (EXECUTE, -1005, PREFIX, "Save job failure!", -2046, FATAL, JOB, MAYBE, NONE, "metad"),
  RULE (EXECUTE, -1005, PREFIX, "Balance failure!", -2047, FATAL, JOB, MAYBE, NONE, "metad"),
  RULE (EXECUTE, -1005, PREFIX, "No invalid balance plan!", -2028, FATAL, JOB, NONE, NONE, "metad"),
  RULE (EXECUTE, -1005, PREFIX, "Task report is out of date!",
        -2049, FATAL, JOB, NONE, NONE, "metad"),
  RULE (EXECUTE, -1005, PREFIX, "Backup failure!", -24, FATAL, BACKUP, MAYBE, NONE, "metad"),
  RULE (EXECUTE, -1005, PREFIX, "Backup building indexes!",
        -2066, FATAL, BUSY, NONE, NONE, "metad, up to 3.3"),
  RULE (EXECUTE, -1005, PREFIX, "The space is not found when backup!",
        -2067, FATAL, NOT_FOUND, NONE, NONE, "metad"),
  RULE (EXECUTE, -1005, PREFIX, "Restore failure!", -2068, FATAL, BACKUP, MAYBE, NONE, "metad"),
  RULE (EXECUTE, -1005, PREFIX, "list cluster failure!",
        -2070, FATAL, CLUSTER, NONE, NONE, "metad"),
  RULE (EXECUTE, -1005, PREFIX, "Failed to get the absolute path!",
        -2071, FATAL, CLUSTER, NONE, NONE, "metad"),
  RULE (EXECUTE, -1005, PREFIX, "There is no agent!", -2072, FATAL, CLUSTER, NONE, NONE, "metad"),
  RULE (EXECUTE, -1005, PREFIX, "No valid job!", -2065, FATAL, JOB, NONE, NONE, "metad"),
  RULE (EXECUTE, -1005, PREFIX, "Job not in chosen space!",
        -2050, FATAL, JOB, NONE, NONE, "metad, up to 3.3"),
  RULE (EXECUTE, -1005, PREFIX, "Backup empty table!", -25, FATAL, BACKUP, NONE, NONE, "metad"),
  RULE (EXECUTE, -1005, PREFIX, "Backup table failure!", -26, FATAL, BACKUP, MAYBE, NONE, "metad"),
  RULE (EXECUTE, -1005, PREFIX, "Host not exist!", -2012, FATAL, STATE, NONE, NONE, "metad, 3.4+"),
  RULE (EXECUTE, -1005, PREFIX, "Snapshot not found!",
        -2057, FATAL, NOT_FOUND, NONE, NONE, "metad, 3.4+"),
  RULE (EXECUTE, -1005, PREFIX,
        "Finished job or failed job can not be stopped, please start another job instead",
        -2052, FATAL, JOB, NONE, NONE, "metad, 3.4+"),
  RULE (EXECUTE, -1005, PREFIX,
        "The job type do not support stopping, either wait previous job done or restart the",
        -2054, FATAL, JOB, NONE, NONE, "metad, 3.4+"),
  RULE (EXECUTE, -1005, PREFIX, "Backup encounter running or queued jobs!",
        -2066, FATAL, BUSY, NONE, NONE, "metad, 3.4+"),
  RULE (EXECUTE, -1005, PREFIX, "Job not existed in chosen space!",
        -2050, FATAL, JOB, NONE, NONE, "metad, 3.4+"),
  RULE (EXECUTE, -1005, PREFIX, "Need to recover or stop failed data balance job firstly!",
        -2051, FATAL, JOB, NONE, NONE, "metad, 3.4+"),
  RULE (EXECUTE, -1005, PREFIX, "Related index exists, please drop index first",
        -2015, FATAL, STATE, NONE, NONE, "metad, 3.4+"),
  RULE (EXECUTE, -1005, PREFIX, "There are still space on the host",
        -2016, FATAL, STATE, NONE, NONE, "metad, 3.4+"),
  RULE (EXECUTE, -1005, PREFIX, "Related fulltext index exists, please drop it first",
        -2017, FATAL, STATE, NONE, NONE, "metad, 3.4+"),
  RULE (EXECUTE, -1005, PREFIX,
        "Could not add a host, which is not a storage and not expired either",
        -2082, FATAL, STATE, NONE, NONE, "metad, 3.4+"),
  RULE (EXECUTE, -1005, PREFIX, "Access elasticsearch failed",
        -2090, RETRYABLE, RPC, MAYBE, SLOW, "metad, 3.8"),
  /* Answers to KILL SESSION and SHOW SESSION: about the session that the statement named, not about
   * the caller's own. */
  RULE (EXECUTE, -1005, PREFIX, "Session not existed!",
        -2069, FATAL, NOT_FOUND, NONE, NONE, "metad"),
  RULE (EXECUTE, -1005, PREFIX, "SessionNotFound", -2069, FATAL, NOT_FOUND, NONE, NONE, "metad"),
  /* Answer to CHANGE PASSWORD: it says nothing about the login. */
  RULE (EXECUTE, -1005, PREFIX, "Invalid password!", -29, AUTH, CREDENTIALS, NONE, NONE, "metad"),
  RULE (EXECUTE, -1005, PREFIX, "User not existed!", -18, FATAL, NOT_FOUND, NONE, NONE, "metad"),
  /* execute, -1002 */
  RULE (EXECUTE, -1002, CONTAINS, "Session not existed!", -2069, SESSION, SESSION, NONE, INSTANT),
  RULE (EXECUTE, -1002, CONTAINS, "SessionNotFound", -2069, SESSION, SESSION, NONE, INSTANT),
  TAIL (EXECUTE, -1002, PREFIX, "SessionId[", NUMBER_DOES_NOT_EXIST,
        -1002, SESSION, SESSION, NONE, INSTANT),
  RULE (EXECUTE, -1002, PREFIX, "Invalid session id", -1002, SESSION, SESSION, NONE, INSTANT),
  RULE (EXECUTE, -1002, CONTAINS, "Get session with unknown space: ",
        -1002, SESSION, SESSION, NONE, INSTANT),
  /* metad could not be asked, so the session is probably alive: keep it. */
  RULE (EXECUTE, -1002, CONTAINS, "LeaderChanged: ", -4, RETRYABLE, LEADER, NONE, SLOW, "metad"),
  RULE (EXECUTE, -1002, CONTAINS, "RPC failure in MetaClient",
        -3, RETRYABLE, RPC, NONE, SLOW, "metad"),
  RULE (EXECUTE, -1002, CONTAINS, "Rpc failure", -3, RETRYABLE, RPC, NONE, SLOW, "metad"),
  /* Two requests brought the same session from metad at once, or counted it: it is there now. */
  RULE (EXECUTE, -1002, CONTAINS, "Insert session to local cache failed",
        -1002, RETRYABLE, CONFLICT, NONE, FAST),
  RULE (EXECUTE, -1002, CONTAINS, "Insert userIpSessionCount to local cache failed",
        -1002, RETRYABLE, CONFLICT, NONE, FAST, "3.4"),
  /* Whatever else metad said when it was asked for the session. */
  RULE (EXECUTE, -1002, CONTAINS, "' not found: ",
        -3, RETRYABLE, RPC, NONE, SLOW, "metad"),
  /* execute, -1009 */
  /* Only when the caller knows a space for the session; see nebula-outcome-reply.c. */
  RULE (EXECUTE, -1009, CONTAINS, "Space was not chosen",
        -1009, SESSION, SPACE_LOST, NONE, INSTANT),
  /* authenticate, -1001 */
  RULE (AUTHENTICATE, -1001, CONTAINS, "User not exist", -1001, AUTH, CREDENTIALS, NONE, NONE),
  RULE (AUTHENTICATE, -1001, CONTAINS, "Invalid password", -29, AUTH, CREDENTIALS, NONE, NONE),
  RULE (AUTHENTICATE, -1001, CONTAINS, "Bad username/password",
        -1001, AUTH, CREDENTIALS, NONE, NONE),
  TAIL (AUTHENTICATE, -1001, CONTAINS, "has been locked, try again in ", SECONDS,
        -1001, AUTH, LOCKED, NONE, PUSHBACK),
  /* The same, behind a name so long that the number of seconds was cut off. */
  RULE (AUTHENTICATE, -1001, CONTAINS, "times consecutive incorrect passwords has been input",
        -1001, AUTH, LOCKED, NONE, NONE),
  /* The configuration of graphd, not the credentials. */
  RULE (AUTHENTICATE, -1001, PREFIX, "Unknown auth type: ",
        -1001, FATAL, UNSUPPORTED, NONE, NONE),
  /* Not a bad password. */
  RULE (AUTHENTICATE, -1001, CONTAINS, "Meta Service not ready",
        -3040, RETRYABLE, STARTING, NONE, SLOW),
  RULE (AUTHENTICATE, -1001, PREFIX, "curl error",
        -3, RETRYABLE, RPC, NONE, SLOW, "cloud authentication, 3.4+"),
  RULE (AUTHENTICATE, -1001, PREFIX, "Http Post Failed: ",
        -3, RETRYABLE, RPC, NONE, SLOW, "cloud authentication, up to 3.3"),
  RULE (AUTHENTICATE, -1001, PREFIX, "Invalid json",
        -3, RETRYABLE, RPC, NONE, SLOW, "cloud authentication"),
  /* It wants verifyClientVersion on each connection. */
  RULE (AUTHENTICATE, -1001, CONTAINS, "is lower than v2.6.0, please update the client",
        -3061, SESSION, HANDSHAKE, NONE, INSTANT, "3.0.1"),
  /* authenticate, -1002 */
  /* The limit (max_sessions_per_ip_per_user, 300) is each graphd's own; another try makes it
   * worse. */
  RULE (AUTHENTICATE, -1002, CONTAINS, "Too many sessions created from ",
        -1010, FATAL, SESSION_QUOTA, NONE, NONE, "3.1+"),
  /* Without enable_authorize metad is the first to look at the name. */
  RULE (AUTHENTICATE, -1002, PREFIX, "Create session failed: User not existed!",
        -18, AUTH, CREDENTIALS, NONE, NONE, "metad"),
  RULE (AUTHENTICATE, -1002, PREFIX, "Create session failed: ",
        -3, RETRYABLE, RPC, NONE, SLOW, "metad"),
  /* The session was made, and is lost: each further try leaves another one behind. */
  RULE (AUTHENTICATE, -1002, PREFIX, "Insert session to local cache failed",
        -1002, RETRYABLE, CONFLICT, MAYBE, FAST),
  RULE (AUTHENTICATE, -1002, PREFIX, "Insert userIpSessionCount to local cache failed",
        -1002, RETRYABLE, CONFLICT, MAYBE, FAST, "3.4"),
  /* authenticate, -1010 */
  RULE (AUTHENTICATE, -1010, CONTAINS, "Too many connections in the cluster",
        -1010, RETRYABLE, OVERLOAD, NONE, SLOW),
  /* verifyClientVersion, -3061 */
  RULE (VERIFY, -3061, CONTAINS, "is not accepted", -3061, FATAL, INCOMPATIBLE, NONE, NONE),
};

/* A rule plus 1 fits in a byte of the index; 0 ends a chain. */
G_STATIC_ASSERT (G_N_ELEMENTS (nebula_message_rules) <= NEBULA_MAX_MESSAGE_RULES);

const guint nebula_n_message_rules = G_N_ELEMENTS (nebula_message_rules);
