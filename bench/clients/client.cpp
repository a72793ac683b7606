// SPDX-License-Identifier: Apache-2.0
//
// A small call with Apache Thrift's client for C++: client PORT CALLS

#include "GraphService.h"

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <iostream>
#include <limits>
#include <memory>
#include <thrift/protocol/TBinaryProtocol.h>
#include <thrift/transport/TBufferTransports.h>
#include <thrift/transport/TSocket.h>

using namespace apache::thrift;

// Thrift declares it for sets and leaves it to the program. No set comes here.
bool
nebula::thrift::Value::operator< (const Value &) const
{
  return false;
}

int
main (int, char **argv)
{
  auto socket = std::make_shared<transport::TSocket> ("127.0.0.1", std::atoi (argv[1]));
  auto framed = std::make_shared<transport::TFramedTransport> (socket);
  auto protocol = std::make_shared<protocol::TBinaryProtocol> (framed);
  nebula::thrift::GraphServiceClient client (protocol);
  nebula::thrift::AuthResponse login;
  const int calls = std::atoi (argv[2]);
  double best = std::numeric_limits<double>::max ();

  framed->open ();
  client.authenticate (login, "root", "nebula");
  for (int round = 0; round < 11; round++)
    {
      const auto start = std::chrono::steady_clock::now ();

      for (int i = 0; i < calls; i++)
        {
          nebula::thrift::ExecutionResponse reply;

          client.execute (reply, login.session_id, "YIELD 1");
        }
      const std::chrono::duration<double, std::nano> took
        = std::chrono::steady_clock::now () - start;
      best = std::min (best, took.count () / calls);
    }
  std::cout << best << std::endl;
}
