#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""A small call with Apache Thrift's client for Python: client.py GENERATED PORT CALLS"""

import sys
import time

sys.path.insert(0, sys.argv[1])

from nebula_thrift.graph import GraphService  # noqa: E402
from thrift.protocol.TBinaryProtocol import TBinaryProtocolAccelerated  # noqa: E402
from thrift.transport.TSocket import TSocket  # noqa: E402
from thrift.transport.TTransport import TFramedTransport  # noqa: E402


def main():
    transport = TFramedTransport(TSocket('127.0.0.1', int(sys.argv[2])))
    client = GraphService.Client(TBinaryProtocolAccelerated(transport))
    calls = int(sys.argv[3])
    transport.open()
    session = client.authenticate(b'root', b'nebula').session_id
    best = float('inf')
    for _ in range(11):
        start = time.perf_counter_ns()
        for _ in range(calls):
            client.execute(session, b'YIELD 1')
        best = min(best, (time.perf_counter_ns() - start) / calls)
    print(best)


main()
