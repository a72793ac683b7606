// SPDX-License-Identifier: Apache-2.0
//
// A service like metad's: replies have a code, and the address of who leads.

namespace c_glib Meta

struct HostAddr {
  1: string host,
  2: i32 port
}

struct ExecReply {
  1: i32 code,
  2: HostAddr leader
}

struct SpacesReply {
  1: i32 code,
  2: HostAddr leader,
  3: list<string> spaces
}

// The code is not where it is elsewhere, and has a text.
struct HostsReply {
  1: list<HostAddr> hosts,
  2: string reason,
  4: i32 code
}

service MetaService {
  ExecReply createSpace (1: string name),
  ExecReply dropSpace (1: string name),
  SpacesReply listSpaces (),
  HostsReply listHosts ()
}
