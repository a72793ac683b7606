#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""graphd's service on Apache Thrift's Python library: nothing of this project is in it but the IDL.

README.md says what it answers. usage: server.py STUBS framed|unframed|header|header-zlib
"""

import sys
import threading

sys.path.insert(0, sys.argv[1])

from nebula_thrift.common.ttypes import (  # noqa: E402
    Coordinate, DataSet, Date, DateTime, Duration, Edge, ErrorCode, Geography, LineString, NList,
    NMap, NSet, NullType, Path, Point, Polygon, Row, Step, Tag, Time, Value, Vertex)
from nebula_thrift.graph import GraphService  # noqa: E402
from nebula_thrift.graph.ttypes import (  # noqa: E402
    AuthResponse, ExecutionResponse, VerifyClientVersionResp)
from thrift.protocol import TBinaryProtocol, THeaderProtocol  # noqa: E402
from thrift.server import TServer  # noqa: E402
from thrift.transport import THeaderTransport, TSocket, TTransport  # noqa: E402


def integer(number):
    return Value(iVal=number)


def string(text):
    return Value(sVal=text.encode())


def data_set(columns, rows):
    return DataSet([column.encode() for column in columns], [Row(row) for row in rows])


def vertex(name, *tags):
    props = {'name': string(name), 'age': integer(42)}
    return Vertex(string(name), [Tag(tag, props) for tag in tags])


def points(count):
    return [Coordinate(float(i), -0.5 * i) for i in range(count)]


def every_value():
    step = Step(vertex('bob'), -7, b'like', 3, {'since': Value(dVal=Date(2020, 2, 29))})
    edge = Edge(string('ann'), string('bob'), 7, b'like', -1, {'likeness': integer(95)})
    row = [
        Value(),
        Value(nVal=NullType.BAD_TYPE),
        Value(bVal=True),
        integer(-2**63),
        Value(fVal=-0.5),
        Value(sVal=b'\0\xff caf\xc3\xa9'),
        Value(dVal=Date(2024, 2, 29)),
        Value(tVal=Time(23, 59, 58, 999999)),
        Value(dtVal=DateTime(-44, 3, 17, 12, 45, 59, 1)),
        Value(vVal=vertex('ann', b'person')),
        Value(eVal=edge),
        Value(pVal=Path(vertex('ann', b'person'), [step])),
        Value(lVal=NList([integer(1), string('two')])),
        Value(mVal=NMap({'one': integer(1)})),
        # Values have no hash; the library writes whatever it can go through.
        Value(uVal=NSet([integer(1), integer(2)])),
        Value(gVal=data_set(['n'], [[integer(1)]])),
        Value(ggVal=Geography(ptVal=Point(Coordinate(1.5, -2.5)))),
        Value(ggVal=Geography(lsVal=LineString(points(3)))),
        Value(ggVal=Geography(pgVal=Polygon([points(4)]))),
        Value(duVal=Duration(86400, 500, 13)),
    ]
    return data_set([str(i) for i in range(len(row))], [row])


# The protocol of the connection that the thread serves, when it has headers.
current = threading.local()


def current_header(name):
    protocol = getattr(current, 'protocol', None)
    return protocol.trans.get_headers().get(name, b'') if protocol else b''


class HeaderFactory(THeaderProtocol.THeaderProtocolFactory):
    """Called in the thread of the connection."""

    transforms = ()

    def getProtocol(self, trans):
        current.protocol = super().getProtocol(trans)
        for transform in self.transforms:
            current.protocol.trans.add_transform(transform)
        return current.protocol


class ZlibFactory(HeaderFactory):
    transforms = (THeaderTransport.THeaderTransformID.ZLIB,)


class Graph:
    """Called by one thread for each connection."""

    def __init__(self):
        self.lock = threading.RLock()
        self.spaces = {}  # of each session
        self.last_session = 1000
        self.elections = 2  # still to come

    def authenticate(self, username, password):
        if (username, password) != (b'root', b'nebula'):
            return AuthResponse(ErrorCode.E_BAD_USERNAME_PASSWORD, b'Invalid password')
        with self.lock:
            self.last_session += 1
            self.spaces[self.last_session] = b''
            return AuthResponse(ErrorCode.SUCCEEDED, None, self.last_session, 0, b'UTC')

    def signout(self, sessionId):
        with self.lock:
            self.spaces.pop(sessionId, None)

    def execute(self, sessionId, stmt):
        with self.lock:
            if sessionId not in self.spaces:
                return self.failed(
                    ErrorCode.E_SESSION_INVALID,
                    "Get sessionId[%d] failed: Session `%d' not found: Session not existed!"
                    % (sessionId, sessionId))
            if stmt.startswith(b'USE '):
                self.spaces[sessionId] = stmt[4:].strip(b'`')
            space = self.spaces[sessionId]
            reply = self.run(sessionId, stmt)
            reply.space_name = space
            return reply

    def executeWithParameter(self, sessionId, stmt, parameterMap):
        reply = self.execute(sessionId, stmt)
        if parameterMap:
            names = sorted(parameterMap)
            reply.data = data_set(names, [[parameterMap[name] for name in names]])
        return reply

    def executeJson(self, sessionId, stmt):
        reply = self.execute(sessionId, stmt)
        message = ',"message":"%s"' % reply.error_msg.decode() if reply.error_msg else ''
        space = (reply.space_name or b'').decode()
        return ('{"errors":[{"code":%d%s}],"results":[{"spaceName":"%s"}]}'
                % (reply.error_code, message, space)).encode()

    def executeJsonWithParameter(self, sessionId, stmt, parameterMap):
        return self.executeJson(sessionId, stmt)

    def verifyClientVersion(self, req):
        current.client = current_header(b'client_metadata')
        return VerifyClientVersionResp(ErrorCode.SUCCEEDED if req.version == b'3.0.0'
                                       else ErrorCode.E_CLIENT_SERVER_INCOMPATIBLE)

    @staticmethod
    def failed(code, message):
        return ExecutionResponse(code, 1, error_msg=message.encode())

    def run(self, session, statement):
        if statement == b'RETURN leader' and self.elections > 0:
            self.elections -= 1
            return self.failed(ErrorCode.E_EXECUTION_ERROR,
                               'Storage Error: Not the leader of 7. Please retry later.')
        if statement == b'RETURN vid':
            return self.failed(ErrorCode.E_EXECUTION_ERROR,
                               'Storage Error: The VID must be a 64-bit integer or a string '
                               'fitting space vertex id length limit.')
        reply = ExecutionResponse(ErrorCode.SUCCEEDED, 1)
        if statement == b'RETURN values':
            reply.data = every_value()
        elif statement == b'RETURN rows':
            reply.data = data_set(['n', 'text'], [[integer(i), string('row %d' % i)]
                                                  for i in range(20000)])
        elif statement == b'RETURN session':
            reply.data = data_set(['n'], [[integer(session)]])
        elif statement == b'RETURN timeout':
            reply.data = data_set(['text'], [[Value(sVal=current_header(b'client_timeout'))]])
        elif statement == b'RETURN client':
            text = current.client + b',' + current_header(b'client_metadata')
            reply.data = data_set(['text'], [[Value(sVal=text)]])
        elif statement == b'EXPIRE SESSION':
            del self.spaces[session]
        return reply


class Listener(TSocket.TServerSocket):
    def listen(self):
        super().listen()
        print(self.handle.getsockname()[1], flush=True)


def wire_of(name):
    binary = TBinaryProtocol.TBinaryProtocolAcceleratedFactory()
    return {
        'framed': (TTransport.TFramedTransportFactory(), binary),
        'unframed': (TTransport.TBufferedTransportFactory(), binary),
        # Makes the transport of headers around what it is given.
        'header': (TTransport.TTransportFactoryBase(), HeaderFactory()),
        'header-zlib': (TTransport.TTransportFactoryBase(), ZlibFactory()),
    }[name]


def main():
    transport, protocol = wire_of(sys.argv[2])
    server = TServer.TThreadedServer(GraphService.Processor(Graph()), Listener('127.0.0.1', 0),
                                     transport, protocol, daemon=True)
    threading.Thread(target=server.serve, daemon=True).start()
    # Whoever started this holds the other end, and lets go of it however it ends.
    sys.stdin.read()


if __name__ == '__main__':
    main()
