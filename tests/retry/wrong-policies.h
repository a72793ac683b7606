/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* Policy files that are wrong, and all that is said about each. */

#define RETRY_POLICY(members) "{\"methodConfig\": [{\"name\": [{}], \"retryPolicy\": {" members "}}]}"
#define RULE "\"maxAttempts\": 3, \"initialBackoff\": \"1s\", \"maxBackoff\": \"2s\","
#define CODES ", \"retryableStatusCodes\": [\"UNAVAILABLE\"]"
#define NEBULA(members) "{\"nebula\": {" members "}}"

static const struct
{
  const char *name;
  const char *json;
  const char *message;
} wrong_policies[] = {
  { "syntax/empty", "", "line 1, column 1: the file ends, expected a value" },
  { "syntax/comment", "{\n  // no\n}", "line 2, column 3: expected a key in double quotes" },
  { "syntax/comma", "{\"nebula\": {\n  \"jitter\": \"full\",\n}}",
    "line 3, column 1: expected a key in double quotes" },
  { "syntax/twice", "{\"nebula\": {},\n \"nebula\": {}}",
    "line 2, column 2: the key \"nebula\" is there already" },
  { "syntax/twice-within", "{\"nebula\": {\"codes\": {\"-4\": {}, \"-4\": {}}}}",
    "line 1, column 33: the key \"-4\" is there already" },
  { "root/array", "[]", "the file: an array is wrong, expected an object" },
  { "root/text", "\"x\"", "the file: \"x\" is wrong, expected an object" },

  { "method/no-array", "{\"methodConfig\": {}}",
    "methodConfig: an object is wrong, expected an array of objects" },
  { "method/no-object", "{\"methodConfig\": [7]}",
    "methodConfig[0]: 7 is wrong, expected an object" },
  { "method/name", "{\"methodConfig\": [{\"name\": \"x\"}]}",
    "methodConfig[0].name: \"x\" is wrong, expected an array of objects" },
  { "method/service", "{\"methodConfig\": [{\"name\": [{\"service\": 1}]}]}",
    "methodConfig[0].name[0].service: 1 is wrong, expected a text" },
  { "method/without-service", "{\"methodConfig\": [{\"name\": [{\"method\": \"m\"}]}]}",
    "methodConfig[0].name[0]: the method \"m\" has no service, expected both" },
  { "method/twice", "{\"methodConfig\": [{\"name\": [{\"service\": \"a\", \"method\": \"m\"}]},"
                    " {\"name\": [{}, {\"service\": \"a\", \"method\": \"m\"}]}]}",
    "methodConfig[1]: name[1], a/m, is there already, expected each once" },
  { "method/twice-within", "{\"methodConfig\": [{\"name\": [{}, {\"service\": \"\"}]}]}",
    "methodConfig[0]: name[1], */*, is there already, expected each once" },
  { "method/timeout", "{\"methodConfig\": [{\"timeout\": 3}]}",
    "methodConfig[0].timeout: 3 is no duration, expected a duration such as \"0.25s\"" },
  { "method/timeout-below-0", "{\"methodConfig\": [{\"timeout\": \"-1s\"}]}",
    "methodConfig[0].timeout: \"-1s\" is below 0, expected a duration such as \"0.25s\"" },

  { "retry/too-few", RETRY_POLICY ("\"maxAttempts\": 1, \"initialBackoff\": \"1s\","
                                   " \"maxBackoff\": \"2s\", \"backoffMultiplier\": 2" CODES),
    "methodConfig[0].retryPolicy.maxAttempts: 1 is too small, expected an integer of 2 or more" },
  { "retry/fraction", RETRY_POLICY ("\"maxAttempts\": 2.5, \"initialBackoff\": \"1s\","
                                    " \"maxBackoff\": \"2s\", \"backoffMultiplier\": 2" CODES),
    "methodConfig[0].retryPolicy.maxAttempts: 2.5 is no integer, expected an integer of 2 or "
    "more" },
  { "retry/empty", RETRY_POLICY (""),
    "methodConfig[0].retryPolicy.maxAttempts: is missing, expected an integer of 2 or more\n"
    "methodConfig[0].retryPolicy.initialBackoff: is missing, expected a duration above 0 such as "
    "\"0.25s\"\n"
    "methodConfig[0].retryPolicy.maxBackoff: is missing, expected a duration above 0 such as "
    "\"0.25s\"\n"
    "methodConfig[0].retryPolicy.backoffMultiplier: is missing, expected a number above 0\n"
    "methodConfig[0].retryPolicy.retryableStatusCodes: is missing, expected an array of gRPC's "
    "status codes" },
  { "retry/multiplier", RETRY_POLICY (RULE "\"backoffMultiplier\": 0" CODES),
    "methodConfig[0].retryPolicy.backoffMultiplier: 0 is too small, expected a number above 0" },
  { "retry/multiplier-too-large", RETRY_POLICY (RULE "\"backoffMultiplier\": 1e999" CODES),
    "methodConfig[0].retryPolicy.backoffMultiplier: the number is too large, expected a number above 0" },
  { "retry/backoff-0", RETRY_POLICY ("\"maxAttempts\": 3, \"initialBackoff\": \"0s\","
                                     " \"maxBackoff\": \"2s\", \"backoffMultiplier\": 2" CODES),
    "methodConfig[0].retryPolicy.initialBackoff: \"0s\" is too short, expected a duration above 0 "
    "such as \"0.25s\"" },
  { "retry/no-codes", RETRY_POLICY (RULE "\"backoffMultiplier\": 2,"
                                         " \"retryableStatusCodes\": []"),
    "methodConfig[0].retryPolicy.retryableStatusCodes: the array is empty, expected at least one "
    "status code" },
  { "retry/code", RETRY_POLICY (RULE "\"backoffMultiplier\": 2, \"retryableStatusCodes\":"
                                     " [\"CANCELED\", 17, null]"),
    "methodConfig[0].retryPolicy.retryableStatusCodes[0]: \"CANCELED\" is no status code, "
    "expected one of gRPC's, such as \"UNAVAILABLE\"\n"
    "methodConfig[0].retryPolicy.retryableStatusCodes[1]: 17 is no status code, expected one of "
    "gRPC's, such as \"UNAVAILABLE\"\n"
    "methodConfig[0].retryPolicy.retryableStatusCodes[2]: null is no status code, expected one of "
    "gRPC's, such as \"UNAVAILABLE\"" },
  { "hedging/both", "{\"methodConfig\": [{\"name\": [{}], \"retryPolicy\": {" RULE
                    "\"backoffMultiplier\": 2" CODES "}, \"hedgingPolicy\": {\"maxAttempts\": 2}}]}",
    "methodConfig[0].hedgingPolicy: stands beside retryPolicy, expected one of the two" },
  { "hedging/attempts", "{\"methodConfig\": [{\"hedgingPolicy\": {\"hedgingDelay\": \"1\"}}]}",
    "methodConfig[0].hedgingPolicy.maxAttempts: is missing, expected an integer of 2 or more\n"
    "methodConfig[0].hedgingPolicy.hedgingDelay: \"1\" is no duration, expected a duration such as "
    "\"0.25s\"" },
  { "throttling/empty", "{\"retryThrottling\": {}}",
    "retryThrottling.maxTokens: is missing, expected a number above 0\n"
    "retryThrottling.tokenRatio: is missing, expected a number above 0" },
  { "throttling/too-much", "{\"retryThrottling\": {\"maxTokens\": 2e6, \"tokenRatio\": 0.0004}}",
    "retryThrottling.maxTokens: is too large, expected at most 1000000\n"
    "retryThrottling.tokenRatio: is too small, expected 0.001 or more" },

  { "nebula/no-object", "{\"nebula\": null}", "nebula: null is wrong, expected an object" },
  { "nebula/key", NEBULA ("\"jiter\": \"full\""),
    "nebula.jiter: nobody knows this key, did you mean \"jitter\"?" },
  { "nebula/case", NEBULA ("\"Jitter\": \"full\""),
    "nebula.Jitter: nobody knows this key, did you mean \"jitter\"?" },
  { "nebula/no-key", NEBULA ("\"\": 1, \"a b\\n\": 2"),
    "nebula[\"\"]: nobody knows this key\nnebula[\"a b\\n\"]: nobody knows this key" },
  { "nebula/boolean", NEBULA ("\"enabled\": 1"),
    "nebula.enabled: 1 is wrong, expected true or false" },
  { "nebula/word", NEBULA ("\"replay\": \"idempotence\""),
    "nebula.replay: \"idempotence\" is not known, expected never, read-only, idempotent, "
    "convergent or always, did you mean \"idempotent\"?" },
  { "nebula/word-type", NEBULA ("\"partial\": true"),
    "nebula.partial: true is wrong, expected return or retry" },
  { "nebula/unknown-code", NEBULA ("\"unknownCode\": \"retryable\""),
    "nebula.unknownCode: \"retryable\" is not known, expected FATAL or RETRYABLE" },
  { "nebula/version", NEBULA ("\"serverVersion\": \"three\""),
    "nebula.serverVersion: \"three\" is no version, expected \"MAJOR.MINOR\", "
    "\"MAJOR.MINOR.PATCH\" or \"3.4+\"" },
  { "nebula/duration", NEBULA ("\"timeouts\": {\"connect\": \"1 s\", \"attempt\": \".5s\","
                               " \"total\": \"1m\"}"),
    "nebula.timeouts.connect: \"1 s\" is no duration, expected a duration such as \"0.25s\"\n"
    "nebula.timeouts.attempt: \".5s\" is no duration, expected a duration such as \"0.25s\"\n"
    "nebula.timeouts.total: \"1m\" is no duration, expected a duration such as \"0.25s\"" },
  { "nebula/duration-length", NEBULA ("\"timeouts\": {\"connect\": \"0.0000000001s\","
                                      " \"total\": \"9223372036854.775808s\"}"),
    "nebula.timeouts.connect: \"0.0000000001s\" has more than nine digits behind the point, "
    "expected a duration such as \"0.25s\"\n"
    "nebula.timeouts.total: \"9223372036854.775808s\" is too long, expected a duration such as "
    "\"0.25s\"" },
  { "nebula/attempts", NEBULA ("\"attempts\": {\"default\": 0, \"leader\": \"3\","
                               " \"ledaer\": 3, \"none\": 3, \"rpc\": 4294967296}"),
    "nebula.attempts.default: 0 is too small, expected an integer of 1 or more\n"
    "nebula.attempts.rpc: 4294967296 is too large, expected at most 4294967295\n"
    "nebula.attempts.leader: \"3\" is no integer, expected an integer of 1 or more\n"
    "nebula.attempts.ledaer: this is no cause, did you mean \"leader\"?\n"
    "nebula.attempts.none: this is no cause" },
  { "nebula/backoff", NEBULA ("\"backoff\": {\"fast\": {\"multiplier\": -1},"
                              " \"leader\": {\"inital\": \"1s\"}, \"conflict\": []}"),
    "nebula.backoff.fast.multiplier: -1 is too small, expected a number above 0\n"
    "nebula.backoff.leader.inital: nobody knows this key, did you mean \"initial\"?\n"
    "nebula.backoff.conflict: an array is wrong, expected an object" },
  { "nebula/budget", NEBULA ("\"budget\": {\"kind\": \"leese\", \"capacity\": 1000001}"),
    "nebula.budget.kind: \"leese\" is not known, expected none, lease or throttle, did you mean "
    "\"lease\"?\n"
    "nebula.budget.capacity: 1000001 is too large, expected at most 1000000" },
  { "nebula/messages", NEBULA ("\"messages\": [{}, {\"contains\": \"\"}, {\"contains\": \"a\"},"
                               " {\"contains\": \"b\", \"category\": \"OK\"}, 3]"),
    "nebula.messages[0].contains: is missing, expected a text that is not empty\n"
    "nebula.messages[1].contains: \"\" is wrong, expected a text that is not empty\n"
    "nebula.messages[2]: says nothing, expected category, cause, effect or pace\n"
    "nebula.messages[3]: a failure cannot be OK, expected RETRYABLE, FATAL, AUTH or SESSION\n"
    "nebula.messages[4]: 3 is wrong, expected an object" },
  { "nebula/codes", NEBULA ("\"codes\": {\"0\": {}, \"E_LEADER_CHANGE\": {}, \"x\": {},"
                            " \"-4\": {\"pace\": \"SLOWER\"}, \"E_LEADER_CHANGED\": {}}"),
    "nebula.codes[\"0\"]: this is success, expected the code of a failure\n"
    "nebula.codes.E_LEADER_CHANGE: this is no code, expected a name such as E_LEADER_CHANGED or a "
    "number such as -3531, did you mean \"E_LEADER_CHANGED\"?\n"
    "nebula.codes.x: this is no code, expected a name such as E_LEADER_CHANGED or a number such as "
    "-3531\n"
    "nebula.codes[\"-4\"].pace: \"SLOWER\" is not known, expected NONE, INSTANT, FAST, SLOW or "
    "PUSHBACK\n"
    "nebula.codes.E_LEADER_CHANGED: the code -4 is there already, expected each once" },
  { "nebula/overrides-twice-wrong",
    NEBULA ("\"messages\": [{\"contains\": \"\", \"category\": \"RETRY\"}],"
            " \"codes\": {\"x\": {\"pace\": \"fast\"}}"),
    "nebula.messages[0].contains: \"\" is wrong, expected a text that is not empty\n"
    "nebula.messages[0].category: \"RETRY\" is not known, expected OK, RETRYABLE, FATAL, AUTH or "
    "SESSION\n"
    "nebula.codes.x: this is no code, expected a name such as E_LEADER_CHANGED or a number such as "
    "-3531\n"
    "nebula.codes.x.pace: \"fast\" is not known, expected NONE, INSTANT, FAST, SLOW or PUSHBACK" },
  { "nebula/code-twice", NEBULA ("\"codes\": {\"-3531\": {\"cause\": \"rpc\"},"
                                 " \"E_LEADER_LEASE_FAILED\": {\"cause\": \"rpc\"}}"),
    "nebula.codes.E_LEADER_LEASE_FAILED: the code -3531 is there already, expected each once" },
  { "all/at-once", "{\"methodConfig\": 1, \"retryThrottling\": 2, \"nebula\": 3}",
    "methodConfig: 1 is wrong, expected an array of objects\n"
    "retryThrottling: 2 is wrong, expected an object\n"
    "nebula: 3 is wrong, expected an object" },
};
