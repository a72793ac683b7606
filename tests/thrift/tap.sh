# SPDX-License-Identifier: Apache-2.0
#
# TAP for tests written in sh: set `scratch` to a folder and source this, call `check` for each
# test, then `done_testing`.

: "${scratch:?}"
tap_count=0
tap_failures=0

# check DESCRIPTION COMMAND...: one test, passed when the command succeeds. What it prints is
# shown only when it fails.
check ()
{
  tap_description=$1
  shift
  tap_count=$((tap_count + 1))
  if "$@" > "$scratch/tap-output" 2>&1; then
    echo "ok $tap_count $tap_description"
  else
    echo "not ok $tap_count $tap_description"
    sed 's/^/# /' "$scratch/tap-output"
    tap_failures=$((tap_failures + 1))
  fi
}

done_testing ()
{
  echo "1..$tap_count"
  [ "$tap_failures" -eq 0 ]
}

# A command that must fail with a status, and say something on standard error.
fails_with ()
{
  wanted=$1
  text=$2
  shift 2
  status=0
  "$@" > "$scratch/stdout" 2> "$scratch/stderr" || status=$?
  cat "$scratch/stderr"
  [ "$status" -eq "$wanted" ] || { echo "status $status, not $wanted"; return 1; }
  grep -F -e "$text" "$scratch/stderr" > /dev/null || { echo "no message: $text"; return 1; }
}
