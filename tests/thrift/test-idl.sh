#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# The IDL is good for other languages of Apache Thrift too, not only for c_glib.
#
# usage: test-idl.sh THRIFT IDL-FOLDER SCRATCH-FOLDER
set -u

thrift=$1
idl=$2
scratch=$3
rm -rf "$scratch"
mkdir -p "$scratch"
. "$(dirname "$0")/tap.sh"

# generates LANGUAGE FILE...: the generator succeeds and writes each of these files.
generates ()
{
  language=$1
  shift
  mkdir -p "$scratch/$language"
  "$thrift" -r --gen "$language" -out "$scratch/$language" "$idl/graph.thrift" || return 1
  for file in "$@"; do
    [ -s "$scratch/$language/$file" ] || { echo "$file is not written"; return 1; }
  done
}

# Without `&` a C++ Value would have to contain itself.
points_to_vertex ()
{
  grep -q 'shared_ptr<Vertex>  *vVal;' "$scratch/cpp/common_types.h"
}

# Where a value of a binary has a default, c_glib writes a string into an array of bytes.
has_no_binary_default ()
{
  ! grep -n 'binary [A-Za-z_]* *=' "$idl/common.thrift" "$idl/graph.thrift"
}

has_no_binary_keys ()
{
  ! grep -n 'map<binary' "$idl/common.thrift" "$idl/graph.thrift"
}

check "C++" generates cpp common_types.h graph_types.h GraphService.h
check "C++ holds a recursive member by pointer" points_to_vertex
check "Python" generates py nebula_thrift/common/ttypes.py nebula_thrift/graph/GraphService.py
check "JSON" generates json common.json graph.json
check "no default of a binary" has_no_binary_default
check "no binary keys" has_no_binary_keys
done_testing
