// SPDX-License-Identifier: Apache-2.0
//
// A service like graphd's, as somebody might have written it down for himself: without a namespace,
// with what he needs of it, and with names of his own. Only methods and numbers are as on the wire.

enum Code {
  OK = 0,
  NO_SYNTAX = -1004
}

struct LoginReply {
  1: required i32 code,
  2: optional string text,
  3: optional i64 session
}

struct QueryReply {
  1: required Code code,
  2: required i64 took,
  4: optional string space,
  5: optional string text
}

service Graph {
  LoginReply authenticate (1: string user, 2: string password),
  oneway void signout (1: i64 session),
  QueryReply execute (1: i64 session, 2: string text)
}
