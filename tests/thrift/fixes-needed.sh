#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# Leaves out one repair of the stubs after the other and shows that a test fails without it. "not
# ok" means that this generator does not need the repair any more, or that no test sees it.
#
# usage: fixes-needed.sh THRIFT STUBS-FOLDER SCRATCH-FOLDER
set -u

THRIFT=$1
stubs=$2
scratch=$3
here=$(cd "$(dirname "$0")" && pwd)
export THRIFT
export G_DEBUG=fatal-warnings
rm -rf "$scratch"
mkdir -p "$scratch"
. "$here/tap.sh"

flags="-std=gnu11 -g -w $(pkg-config --cflags thrift_c_glib)"
libs="$(pkg-config --libs thrift_c_glib)"

memcheck="valgrind -q --leak-check=full --error-exitcode=1
  --suppressions=/usr/share/glib-2.0/valgrind/glib.supp"

# Without the repair $1, makes the stubs that test-$2.c needs.
generate ()
{
  WITHOUT=$1
  export WITHOUT
  rm -rf "$scratch/stubs"
  "$stubs/generate-stubs" NebulaThrift "$scratch/stubs" \
    && "$stubs/generate-stubs" NebulaMockThrift "$scratch/stubs"
}

# $flags and $libs are lists of words.
compile ()
{
  # shellcheck disable=SC2086
  cc $flags -I"$scratch/stubs" "$here/test-$1.c" "$here/values.c" "$here/values-equal.c" \
    "$here/wire.c" "$scratch"/stubs/*.c $libs -o "$scratch/test-$1"
}

does_not_compile ()
{
  generate "$1" "$2" || return 1
  ! compile "$2"
}

# Nothing but the generator's headers is C here: what they declare is not found.
does_not_link_with_cpp ()
{
  generate "$1" "$1" || return 1
  printf '#include <nebula_thrift_graph_service.h>\nint main () { return !%s (); }\n' \
    nebula_thrift_graph_service_client_get_type > "$scratch/program.cpp"
  # shellcheck disable=SC2086
  (cd "$scratch" && cc $flags -c stubs/nebula_thrift_*.c && ! c++ -w -Istubs \
    $(pkg-config --cflags thrift_c_glib) program.cpp nebula_thrift_*.o $libs -o program)
}

# fails REPAIR NAME PATH [TRIES [WRAPPER]]: one test of test-NAME.c fails, or takes for ever.
fails ()
{
  generate "$1" "$2" && compile "$2" || return 1
  tries=${4-1}
  while [ "$tries" -gt 0 ]; do
    # shellcheck disable=SC2086
    timeout 120 ${5-} "$scratch/test-$2" -p "$3" || return 0
    tries=$((tries - 1))
  done
  echo "test-$2 -p $3 passes"
  return 1
}

passes ()
{
  generate "" "$1" && compile "$1" && "$scratch/test-$1"
}

check "with all repairs, test-types passes" passes types
check "with all repairs, test-decoder passes" passes decoder
check "with all repairs, test-value passes" passes value
check "types" does_not_compile types error-code
check "class-macros" does_not_compile class-macros types
check "to-string" does_not_compile to-string error-code
check "linkage" does_not_link_with_cpp linkage
check "finalize" fails finalize types /types/finalize
# The race is lost now and then only.
check "get-type" fails get-type types /types/threads 200
check "unset" fails unset types /types/finalize
check "binary-free" fails binary-free decoder /decoder/repeats
check "binary-length" fails binary-length decoder /decoder/damages
check "locals" fails locals decoder /decoder/truncated 1 "$memcheck"
check "keys" fails keys value /value/big-map
done_testing
