#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# generate-stubs serves other namespaces and other IDL, and says so when it cannot.
#
# usage: test-generate-stubs.sh THRIFT STUBS-FOLDER SCRATCH-FOLDER
set -u

thrift=$1
stubs=$2
scratch=$3
here=$(cd "$(dirname "$0")" && pwd)
generate=$stubs/generate-stubs
THRIFT=$thrift
export THRIFT
rm -rf "$scratch"
mkdir -p "$scratch"
. "$here/tap.sh"

# ---- generate-stubs

another_namespace ()
{
  "$generate" OtherThrift "$scratch/other" || return 1
  [ "$(ls -A "$scratch/other" | tr '\n' ' ')" = "other_thrift_common_types.c \
other_thrift_common_types.h other_thrift_graph_service.c other_thrift_graph_service.h \
other_thrift_graph_types.c other_thrift_graph_types.h " ] \
    || { ls -A "$scratch/other"; return 1; }
  ! grep -il 'nebula_\{0,1\}thrift' "$scratch"/other/*
}

# Files in other folders are found from the file that includes them, and generated too.
included_files ()
{
  mkdir -p "$scratch/idl/shared" "$scratch/idl/main"
  printf 'include "../shared/inner.thrift"\nstruct Outer { 1: inner.Inner inner }\n' \
    > "$scratch/idl/main/outer.thrift"
  printf 'namespace c_glib wrong.one\nstruct Inner { 1: i32 n }\n' \
    > "$scratch/idl/shared/inner.thrift"
  "$generate" Mine "$scratch/included" "$scratch/idl/main/outer.thrift" || return 1
  grep -q 'typedef struct _MineInner MineInner;' "$scratch/included/mine_inner_types.h" \
    && grep -q 'MineInner \* inner;' "$scratch/included/mine_outer_types.h"
}

# In C++ a name that is declared without it is another symbol, and cannot be linked.
c_linkage ()
{
  for header in "$scratch"/included/*.h; do
    awk '/^#include / { open = 0; includes++ }
         $0 == "G_BEGIN_DECLS" { open = 1; begin++ }
         $0 == "G_END_DECLS" { open = 0; end++ }
         /^(GType|struct|typedef) / && !open { print; outside++ }
         END { exit !(includes && begin == 1 && end == 1 && !outside) }' "$header" \
      || { echo "$header"; return 1; }
  done
}

same_name_twice ()
{
  mkdir -p "$scratch/idl/elsewhere"
  printf 'struct Inner { 1: i32 n }\n' > "$scratch/idl/elsewhere/inner.thrift"
  fails_with 1 "two files are called inner.thrift" "$generate" Mine "$scratch/twice" \
    "$scratch/idl/main/outer.thrift" "$scratch/idl/elsewhere/inner.thrift"
}

bad_idl ()
{
  printf '\n\nstruct {\n' > "$scratch/idl/bad.thrift"
  fails_with 1 "bad.thrift:3" "$generate" Mine "$scratch/bad" "$scratch/idl/bad.thrift"
}

nothing_left_behind ()
{
  [ -z "$(ls -A "$scratch/bad")" ]
}

no_compiler ()
{
  (THRIFT=no-such-thrift && fails_with 1 "cannot find no-such-thrift" \
    "$generate" Mine "$scratch/none")
}

prints_help ()
{
  "$generate" --help | grep -q '^usage: generate-stubs NAMESPACE OUTDIR'
}

check "another namespace" another_namespace
check "included files" included_files
check "headers for C++, too" c_linkage
check "two files of one name" same_name_twice
check "IDL that does not parse, with its line" bad_idl
check "nothing is left behind" nothing_left_behind
check "no compiler" no_compiler
check "no arguments" fails_with 2 "usage: generate-stubs" "$generate"
check "one argument" fails_with 2 "usage: generate-stubs" "$generate" Mine
check "a lower case namespace" fails_with 1 "not a CamelCase name: mine" \
  "$generate" mine "$scratch/none"
check "a dotted namespace" fails_with 1 "not a CamelCase name: My.Own" \
  "$generate" My.Own "$scratch/none"
check "a missing file" fails_with 1 "no such file: nothing.thrift" \
  "$generate" Mine "$scratch/none" nothing.thrift
check "help" prints_help

# ---- fix-stubs.awk: a generator that writes something else is noticed

mkdir "$scratch/raw" "$scratch/changed"
sed 's/^namespace c_glib .*/namespace c_glib Garden/' "$here/garden.thrift" \
  > "$scratch/raw/garden.thrift"
"$thrift" --gen c_glib -out "$scratch/raw" "$scratch/raw/garden.thrift" 2> /dev/null
types_c=garden_garden_types.c
types_h=garden_garden_types.h

fix ()
{
  awk -v namespace=Garden -f "$stubs/fix-stubs.awk" "$1"
}

# notices MESSAGE FILE SED-SCRIPT: the change is one, and is refused with that message.
notices ()
{
  changed=$scratch/changed/$2
  sed "$3" "$scratch/raw/$2" > "$changed"
  ! cmp -s "$scratch/raw/$2" "$changed" || { echo "nothing was changed"; return 1; }
  fails_with 1 "$1" fix "$changed"
}

for file in "$scratch"/raw/*.[ch]; do
  check "$(basename "$file") as it is" fix "$file"
done
check "no finalizer" notices "garden_leaf_finalize (GObject *object) is missing" $types_c \
  's/garden_leaf_finalize (GObject \*object)/garden_leaf_end (GObject *object)/'
check "no instance_init" notices "garden_tree_instance_init () is missing" $types_c \
  's/garden_tree_instance_init/garden_tree_init/'
check "no class_init" notices "garden_tree_class_init () is missing" $types_c \
  's/garden_tree_class_init/garden_tree_class_start/'
check "no get_type" notices "garden_tree_get_type (void) is missing" $types_c \
  's/^garden_tree_get_type (void)/garden_tree_type (void)/'
check "no read" notices "garden_tree_read (ThriftStruct *object, ...) is missing" $types_c \
  's/^garden_tree_read (ThriftStruct \*object/garden_tree_read (GObject *object/'
check "another way to ask for a set member" notices \
  "does not ask for a set member as expected" $types_c \
  's/this_object->__isset_left == TRUE/this_object->__isset_left/'
check "another get_type" notices "get_type () is not written as expected" $types_c \
  's/static GType type = 0;/static volatile GType type = 0;/'
check "another get_type of an interface" notices \
  "garden_garden_if_get_type () is not written as expected" garden_garden.c \
  's/  if (type == 0)/  if (!type)/'
check "a member that nothing creates" notices "reads left, which nothing creates" $types_c \
  's/object->left = g_object_new (.*/object->left = garden_tree_new ();/'
check "an element that nothing takes over" notices "nothing takes over _elem" $types_c \
  's/g_ptr_array_add (this_object->words,/words_add (this_object,/'
check "an item that nothing takes over" notices "nothing takes over key" $types_c \
  's/g_hash_table_insert ((GHashTable \*)this_object->notes/notes_insert (this_object/'
check "another read of a binary" notices "does not read a binary as expected" $types_c \
  's/read_binary (protocol, &data, &len, error)/read_binary (protocol, \&bytes, error)/'
check "another way to collect keys" notices "the keys of a map are not collected" $types_c \
  's/keys = g_newa (/keys = g_alloca (/'
check "no place for the types" notices "no line \"/* begin types */\"" $types_h \
  's/begin types/the types/'
check "a header without an end" notices "no #endif behind the last #include" $types_h \
  's/^#endif.*//'
check "a structure without a name" notices "struct _GardenTree has no typedef" $types_h \
  's/^typedef struct _GardenTree GardenTree;$//'
check "no namespace" fails_with 1 "no namespace" \
  awk -f "$stubs/fix-stubs.awk" "$scratch/raw/$types_c"
check "no such repair" fails_with 1 "no such repair: everything" \
  awk -v namespace=Garden -v without=everything -f "$stubs/fix-stubs.awk" "$scratch/raw/$types_c"
: > "$scratch/changed/empty.c"
check "an empty file" fails_with 1 "the file is empty" fix "$scratch/changed/empty.c"
check "some other file" fails_with 1 "neither a .c nor a .h file" fix "$scratch/raw/garden.thrift"
done_testing
