// SPDX-License-Identifier: Apache-2.0
//
// What the server in C++ answers: see README.md.

#pragma once

#include "common_types.h"

nebula::thrift::DataSet peerValues ();
nebula::thrift::DataSet peerRows (int count);
nebula::thrift::DataSet peerNumber (int64_t number);
nebula::thrift::DataSet peerText (const std::string &text);
