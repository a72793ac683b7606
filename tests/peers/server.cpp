// SPDX-License-Identifier: Apache-2.0
//
// graphd's service on Apache Thrift's C++ library: nothing of this project is in it but the IDL.
// README.md says what it answers. usage: peer-server-cpp framed|unframed|header|header-zlib

#include <algorithm>
#include <iostream>
#include <map>
#include <mutex>
#include <thread>

#include <thrift/protocol/TBinaryProtocol.h>
#include <thrift/protocol/THeaderProtocol.h>
#include <thrift/server/TThreadedServer.h>
#include <thrift/transport/TBufferTransports.h>
#include <thrift/transport/THeaderTransport.h>
#include <thrift/transport/TServerSocket.h>

#include "GraphService.h"
#include "peer-values.hpp"

using namespace apache::thrift;
using namespace nebula::thrift;

namespace {

// Of the connection that the thread serves; null when its protocol has no headers.
thread_local const protocol::THeaderProtocol *current = nullptr;

// What the first request of the connection said of the client.
thread_local std::string firstClient;

std::string
currentHeader (const char *name)
{
  if (current == nullptr)
    return "";
  auto found = current->getHeaders ().find (name);

  return found != current->getHeaders ().end () ? found->second : "";
}

std::string
notFound (int64_t session)
{
  const std::string id = std::to_string (session);

  return "Get sessionId[" + id + "] failed: Session `" + id + "' not found: Session not existed!";
}

std::string
unquoted (std::string name)
{
  name.erase (std::remove (name.begin (), name.end (), '`'), name.end ());
  return name;
}

// Called by one thread for each connection.
class Graph : public GraphServiceIf
{
public:
  void
  authenticate (AuthResponse &reply, const std::string &user, const std::string &password) override
  {
    std::lock_guard<std::mutex> guard (lock);

    if (user != "root" || password != "nebula")
      {
        reply.error_code = ErrorCode::E_BAD_USERNAME_PASSWORD;
        reply.__set_error_msg ("Invalid password");
        return;
      }
    spaces[++lastSession] = "";
    reply.error_code = ErrorCode::SUCCEEDED;
    reply.__set_session_id (lastSession);
    reply.__set_time_zone_offset_seconds (0);
    reply.__set_time_zone_name ("UTC");
  }

  void
  signout (const int64_t session) override
  {
    std::lock_guard<std::mutex> guard (lock);

    spaces.erase (session);
  }

  void
  execute (ExecutionResponse &reply, const int64_t session, const std::string &statement) override
  {
    std::lock_guard<std::mutex> guard (lock);
    auto found = spaces.find (session);

    reply.latency_in_us = 1;
    if (found == spaces.end ())
      return fail (reply, ErrorCode::E_SESSION_INVALID, notFound (session));
    reply.error_code = ErrorCode::SUCCEEDED;
    if (statement.compare (0, 4, "USE ") == 0)
      found->second = unquoted (statement.substr (4));
    reply.__set_space_name (found->second);
    run (reply, session, statement);
  }

  void
  executeWithParameter (ExecutionResponse &reply,
                        const int64_t session,
                        const std::string &statement,
                        const std::map<std::string, Value> &parameters) override
  {
    execute (reply, session, statement);
    for (const auto &parameter : parameters)
      {
        reply.data.column_names.push_back (parameter.first);
        reply.data.rows.resize (1);
        reply.data.rows[0].values.push_back (parameter.second);
      }
    reply.__isset.data = !parameters.empty ();
  }

  void
  executeJson (std::string &reply, const int64_t session, const std::string &statement) override
  {
    ExecutionResponse response;

    execute (response, session, statement);
    reply = "{\"errors\":[{\"code\":" + std::to_string (response.error_code);
    if (response.__isset.error_msg)
      reply += ",\"message\":\"" + response.error_msg + "\"";
    reply += "}],\"results\":[{\"spaceName\":\"" + response.space_name + "\"}]}";
  }

  void
  executeJsonWithParameter (std::string &reply,
                            const int64_t session,
                            const std::string &statement,
                            const std::map<std::string, Value> &) override
  {
    executeJson (reply, session, statement);
  }

  void
  verifyClientVersion (VerifyClientVersionResp &reply, const VerifyClientVersionReq &request) override
  {
    firstClient = currentHeader ("client_metadata");
    reply.error_code = request.version == "3.0.0" ? ErrorCode::SUCCEEDED
                                                  : ErrorCode::E_CLIENT_SERVER_INCOMPATIBLE;
  }

private:
  static void
  fail (ExecutionResponse &reply, ErrorCode::type code, const std::string &message)
  {
    reply.error_code = code;
    reply.__set_error_msg (message);
  }

  void
  run (ExecutionResponse &reply, int64_t session, const std::string &statement)
  {
    if (statement == "RETURN values")
      reply.__set_data (peerValues ());
    else if (statement == "RETURN rows")
      reply.__set_data (peerRows (20000));
    else if (statement == "RETURN session")
      reply.__set_data (peerNumber (session));
    else if (statement == "RETURN timeout")
      reply.__set_data (peerText (currentHeader ("client_timeout")));
    else if (statement == "RETURN client")
      reply.__set_data (peerText (firstClient + "," + currentHeader ("client_metadata")));
    else if (statement == "EXPIRE SESSION")
      spaces.erase (session);
    else if (statement == "RETURN leader" && elections-- > 0)
      fail (reply, ErrorCode::E_EXECUTION_ERROR,
            "Storage Error: Not the leader of 7. Please retry later.");
    else if (statement == "RETURN vid")
      fail (reply, ErrorCode::E_EXECUTION_ERROR,
            "Storage Error: The VID must be a 64-bit integer or a string fitting space vertex id "
            "length limit.");
  }

  std::mutex lock; // guards what follows
  std::map<int64_t, std::string> spaces; // of each session
  int64_t lastSession = 1000;
  int elections = 2; // still to come
};

// Knows when the port can be told: after listening, before the first connection. Sees connections, and
// compresses what they send when it is told to.
class Announcer : public server::TServerEventHandler
{
public:
  Announcer (std::shared_ptr<transport::TServerSocket> listener, bool compress)
    : socket (std::move (listener)), compresses (compress)
  {
  }

  void *
  createContext (std::shared_ptr<protocol::TProtocol> input,
                 std::shared_ptr<protocol::TProtocol> output) override
  {
    auto wire = std::dynamic_pointer_cast<transport::THeaderTransport> (output->getTransport ());

    if (wire != nullptr && compresses)
      wire->setTransform (transport::THeaderTransport::ZLIB_TRANSFORM);
    return dynamic_cast<protocol::THeaderProtocol *> (input.get ());
  }

  void
  processContext (void *context, std::shared_ptr<transport::TTransport>) override
  {
    current = static_cast<protocol::THeaderProtocol *> (context);
  }

  void
  preServe () override
  {
    std::cout << socket->getPort () << std::endl;
  }

private:
  std::shared_ptr<transport::TServerSocket> socket;
  bool compresses;
};

struct Wire
{
  std::shared_ptr<transport::TTransportFactory> transport;
  std::shared_ptr<protocol::TProtocolFactory> protocol;
};

bool
chooseWire (const std::string &name, Wire &wire)
{
  wire.protocol = std::make_shared<protocol::TBinaryProtocolFactory> ();
  if (name == "framed")
    wire.transport = std::make_shared<transport::TFramedTransportFactory> ();
  else if (name == "unframed")
    wire.transport = std::make_shared<transport::TBufferedTransportFactory> ();
  else if (name == "header" || name == "header-zlib")
    {
      // Makes the transport of headers around what it is given.
      wire.transport = std::make_shared<transport::TTransportFactory> ();
      wire.protocol = std::make_shared<protocol::THeaderProtocolFactory> ();
    }
  return wire.transport != nullptr;
}

} // namespace

int
main (int argc, char **argv)
{
  auto socket = std::make_shared<transport::TServerSocket> ("127.0.0.1", 0);
  auto processor = std::make_shared<GraphServiceProcessor> (std::make_shared<Graph> ());
  Wire wire;

  if (argc != 2 || !chooseWire (argv[1], wire))
    {
      std::cerr << "usage: peer-server-cpp framed|unframed|header|header-zlib\n";
      return 2;
    }
  server::TThreadedServer server (processor, socket, wire.transport, wire.protocol);
  server.setServerEventHandler (std::make_shared<Announcer> (socket, argv[1] == std::string ("header-zlib")));
  std::thread serving ([&server] { server.serve (); });

  // Whoever started this holds the other end, and lets go of it however it ends.
  while (std::cin.get () != EOF)
    ;
  server.stop ();
  serving.join ();
  return 0;
}
