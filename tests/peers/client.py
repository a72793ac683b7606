#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""A client on Apache Thrift's Python library against the mock: says what it got, line by line.

usage: client.py STUBS framed|header HOST:PORT PASSWORD STATEMENT...
"""

import json
import sys

sys.path.insert(0, sys.argv[1])

from nebula_thrift.common.ttypes import Value  # noqa: E402
from nebula_thrift.graph import GraphService  # noqa: E402
from thrift.protocol import TBinaryProtocol, THeaderProtocol  # noqa: E402
from thrift.transport import TSocket, TTransport  # noqa: E402
from thrift.transport.THeaderTransport import THeaderClientType  # noqa: E402

# Without one the library cannot hold a set of values.
Value.__hash__ = object.__hash__


def plain(value):
    """What json can write: of a union its member, of a structure the fields that are set."""
    if isinstance(value, bytes):
        return value.decode('latin-1')
    if isinstance(value, (list, set)):
        return [plain(element) for element in value]
    if isinstance(value, dict):
        return {key: plain(element) for key, element in value.items()}
    if not hasattr(value, '__dict__'):
        return value
    fields = {key: plain(field) for key, field in vars(value).items() if field is not None}
    if isinstance(value, Value):
        return next(iter(fields.values()), None)
    return fields


def say(name, value):
    print(name, json.dumps(value, separators=(',', ':')))


def run(client, session, statement):
    reply = client.execute(session, statement.encode())
    if reply.error_code != 0:
        say('error', [reply.error_code, plain(reply.error_msg)])
    elif reply.data is None:
        say('done', plain(reply.space_name))
    else:
        for i, name in enumerate(reply.data.column_names):
            say(name.decode(), [plain(row.values[i]) for row in reply.data.rows])


def main():
    framing, address, password = sys.argv[2:5]
    host, port = address.rsplit(':', 1)
    socket = TSocket.TSocket(host, int(port))
    if framing == 'header':
        protocol = THeaderProtocol.THeaderProtocol(socket, (THeaderClientType.HEADERS,))
    else:
        protocol = TBinaryProtocol.TBinaryProtocol(TTransport.TFramedTransport(socket))
    client = GraphService.Client(protocol)
    socket.open()
    reply = client.authenticate(b'root', password.encode())
    if reply.error_code != 0:
        say('broken', [reply.error_code, plain(reply.error_msg)])
        return
    client.execute(reply.session_id, b'USE garden')
    for statement in sys.argv[5:]:
        run(client, reply.session_id, statement)
    client.signout(reply.session_id)
    socket.close()


if __name__ == '__main__':
    main()
