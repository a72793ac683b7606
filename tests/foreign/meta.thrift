// SPDX-License-Identifier: Apache-2.0
//
// A service like metad's: replies have a code, and the address of who leads. Only for tests.

namespace c_glib Meta

struct HostAddr {
  1: string host,
  2: i32 port
}

// What changes something answers so.
struct ExecReply {
  1: i32 code,
  2: i64 id,
  3: HostAddr leader
}

struct SpacesReply {
  1: i32 code,
  2: HostAddr leader,
  3: list<string> spaces
}

// The code is not where it usually is.
struct HostsReply {
  1: list<HostAddr> hosts,
  2: string reason,
  4: i32 code
}

// Numbers that are no codes.
struct BalanceReply {
  1: i32 difference,
  2: i32 hosts
}

exception Refused {
  1: i32 code,
  2: string why
}

service MetaService {
  ExecReply createSpace (1: string name),
  ExecReply dropSpace (1: string name),
  SpacesReply listSpaces (),
  HostsReply listHosts (),
  BalanceReply balance (),
  i32 count (),
  SpacesReply audit () throws (1: Refused refused),
  // A name that graphd has too.
  ExecReply execute (1: string plan),
  oneway void heartBeat (1: HostAddr host)
}
