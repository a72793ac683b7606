# SPDX-License-Identifier: Apache-2.0
#
# Repairs one file that Apache Thrift's c_glib generator wrote (0.17 and alike); README.md says why.
#
#   awk -v namespace=NebulaThrift -f fix-stubs.awk nebula_thrift_common_types.c > repaired.c
#
# With -v without=NAME one repair is left out, to see whether a newer generator still needs it:
# types, class-macros, to-string, linkage, finalize, get-type, unset, binary-free, binary-length,
# locals or keys.
#
# The name of the file decides what is done: *_types.h, any other *.h, *.c. Whatever is expected
# and not found is an error (exit 1): a generator that writes something else must be looked at,
# not passed through.

function fail(message) {
  printf "fix-stubs.awk: %s: %s\n", FILENAME, message > "/dev/stderr"
  failed = 1
  exit 1
}

# NebulaThrift -> nebula_thrift: an underscore before each capital but the first, as the generator.
function underscores(name,   i, c, out) {
  out = ""
  for (i = 1; i <= length(name); i++) {
    c = substr(name, i, 1)
    if (i > 1 && c ~ /[A-Z]/)
      out = out "_"
    out = out tolower(c)
  }
  return out
}

# The first identifier in text at or after a position.
function word_at(text, start,   rest) {
  rest = substr(text, start)
  if (!match(rest, /[A-Za-z_][A-Za-z0-9_]*/))
    return ""
  return substr(rest, RSTART, RLENGTH)
}

# What stands between two literal texts in a line; "" when they do not.
function between(text, left, right,   i, j, rest) {
  i = index(text, left)
  if (i == 0)
    return ""
  rest = substr(text, i + length(left))
  j = index(rest, right)
  return j > 1 ? substr(rest, 1, j - 1) : ""
}

function replace(text, old, new,   i) {
  i = index(text, old)
  return i == 0 ? text : substr(text, 1, i - 1) new substr(text, i + length(old))
}

function indent(text) {
  match(text, /^ */)
  return substr(text, 1, RLENGTH)
}

# toString_Colour -> acme_colour_to_string: the generator forgets the namespace.
function rename_to_string(text,   name) {
  if (without != "to-string" && match(text, /toString_[A-Za-z0-9_]+[(]/)) {
    name = substr(text, RSTART + 9, RLENGTH - 10)
    text = substr(text, 1, RSTART - 1) lower "_" underscores(name) "_to_string (" \
           substr(text, RSTART + RLENGTH)
  }
  return text
}

# ---- headers

# Where what is declared begins and ends: behind the last #include, before the #endif of the guard.
function scan_header(   i) {
  for (i = 1; i <= lines; i++) {
    if (line[i] ~ /^#include /)
      last_include = i
    if (line[i] ~ /^#endif/)
      guard_end = i
  }
  if (!last_include || guard_end < last_include)
    fail("no #endif behind the last #include")
}

# The generator forgets C++, for which each name would have another symbol.
function header_line(i,   text) {
  text = rename_to_string(line[i])
  if (without != "linkage" && i == last_include)
    text = text "\n\nG_BEGIN_DECLS"
  if (without != "linkage" && i == guard_end)
    text = "G_END_DECLS\n\n" text
  # The class cast macros name the type with one underscore too many.
  if (without != "class-macros")
    gsub(upper "__TYPE_", upper "_TYPE_", text)
  return text
}

function scan_types_header(   i, name) {
  for (i = 1; i <= lines; i++) {
    if (line[i] ~ /^struct _[A-Za-z0-9_]+$/)
      structs[word_at(line[i], 9)] = 1
    if (line[i] ~ /^typedef struct _[A-Za-z0-9_]+ [A-Za-z0-9_]+;$/) {
      name = word_at(line[i], 17)
      typedefs[name] = i
      order[++typedef_count] = name
    }
    if (line[i] == "/* begin types */")
      begin_types = i
  }
  if (!begin_types)
    fail("no line \"/* begin types */\"")
  for (name in structs)
    if (!(name in typedefs))
      fail("struct _" name " has no typedef")
}

# All types are declared before the first of them is used, so that they may contain each other.
function write_types_header(   i, j) {
  if (without == "types") {
    write_header()
    return
  }
  scan_types_header()
  for (i = 1; i <= lines; i++) {
    if (line[i] ~ /^typedef struct _/)
      continue
    print header_line(i)
    if (i != begin_types)
      continue
    print ""
    for (j = 1; j <= typedef_count; j++)
      printf "typedef struct _%s %s;\n", order[j], order[j]
  }
}

function write_header(   i) {
  for (i = 1; i <= lines; i++)
    print header_line(i)
}

# ---- sources: what is where

# Numbers the line of the closing brace of each function, and notes what the repairs look for.
function scan_source(   i, name) {
  for (i = 1; i <= lines; i++) {
    name = line[i] ~ /^[A-Za-z]/ && line[i] ~ /[(]/ ? function_name(line[i]) : ""
    if (name != "")
      current = name
    in_function[i] = current
    if (line[i] == "}") {
      closing[current] = i
      current = ""
    } else if (current != "")
      note_line(i)
  }
}

# The name before the parenthesis in the first line of a definition; "" for anything else.
function function_name(text) {
  if (text ~ /;$/ || !match(text, /[a-z_][A-Za-z0-9_]* ?[(]/))
    return ""
  return word_at(text, RSTART)
}

function note_line(i,   name, type) {
  name = current
  if (sub(/_get_type$/, "", name) && line[i] ~ /THRIFT_TYPE_STRUCT/)
    is_registered[name] = 1
  name = current
  if (sub(/_read$/, "", name) && line[i] ~ /[(]ThriftStruct [*]object,/)
    is_struct[name] = 1
  name = current
  if (sub(/_get_type$/, "", name) && line[i] ~ /_get_type [(]void[)]$/)
    has_get_type[name] = i
  name = current
  if (sub(/_finalize$/, "", name) && line[i] ~ /[(]GObject [*]g?object[)]$/)
    finalizer[name] = i
  if (line[i] ~ /->finalize [(]/)
    chains_up[name] = 1
  name = current
  if (sub(/_write$/, "", name) && line[i] ~ /->__isset_/) {
    if (line[i] !~ /^  if [(]this_object->__isset_[A-Za-z0-9_]+ == TRUE[)] [{]$/)
      fail(current "() does not ask for a set member as expected")
    guarded[name, between(line[i], "->__isset_", " ==")] = 1
  }
  name = current
  if (sub(/_instance_init$/, "", name)) {
    has_instance_init[name] = 1
    type = between(line[i], " = g_object_new (", ", NULL);")
    if (type != "")
      member_type[name, between(line[i], "object->", " =")] = type
  }
}

function check_source(   name) {
  for (name in finalizer)
    if (without == "finalize")
      chains_up[name] = 1
  for (name in is_registered)
    if (!(name in is_struct))
      fail(name "_read (ThriftStruct *object, ...) is missing")
  for (name in is_struct) {
    if (!(name in has_instance_init))
      fail(name "_instance_init () is missing")
    if (!(name in finalizer))
      fail(name "_finalize (GObject *object) is missing")
    if (!((name "_class_init") in closing))
      fail(name "_class_init () is missing")
    if (!(name in has_get_type))
      fail(name "_get_type (void) is missing")
  }
}

# ---- sources: the repairs

# A finalizer that does not chain up leaks what GObject keeps for each object.
function fix_finalize(i,   name) {
  name = in_function[i]
  if (sub(/_class_init$/, "", name) && (name in is_struct) && i == closing[name "_class_init"] \
      && !chains_up[name])
    print "\n  " name "_parent_class = g_type_class_peek_parent (cls);"
  name = in_function[i]
  if (!sub(/_finalize$/, "", name) || !(name in finalizer) || chains_up[name])
    return
  if (!(name in is_struct))
    fail(name "_finalize () does not chain up and is not that of a struct")
  if (i == closing[name "_finalize"]) {
    print "\n  G_OBJECT_CLASS (" name "_parent_class)->finalize (object);"
    finalizers_fixed++
  }
}

# The storage class of a finalizer stands on a line of its own, before its name.
function declare_parent_class(i,   name) {
  name = i < lines ? in_function[i + 1] : ""
  if (sub(/_finalize$/, "", name) && (name in is_struct) && finalizer[name] == i + 1 \
      && !chains_up[name])
    print "static gpointer " name "_parent_class = NULL;\n"
}

# Two threads may ask for a type at the same time.
function fix_get_type(i, text,   name) {
  name = in_function[i]
  if (without == "get-type" || !sub(/_get_type$/, "", name))
    return text
  if (text ~ /^  static GType type = 0;$/) {
    get_type_step[name] = 1
    return "  static gsize registered = 0;"
  }
  if (text ~ /^  if [(]type == 0[)] ?$/) {
    get_type_step[name]++
    return "  if (g_once_init_enter (&registered))"
  }
  if (text ~ /^    type = g_type_register_static [(]/) {
    get_type_step[name]++
    return replace(text, "type = ", "GType type = ")
  }
  if (text == "  }") {
    get_type_step[name]++
    return "\n    g_once_init_leave (&registered, type);\n  }"
  }
  if (text == "  return type;") {
    get_type_step[name]++
    return "  return (GType) registered;"
  }
  if (i == closing[name "_get_type"] && get_type_step[name] != 5)
    fail(name "_get_type () is not written as expected")
  return text
}

# A member that is written only when it is set needs no object until then; with one, a type that
# contains itself would never stop creating members. The generated processor, however, asks the
# result of a method for an object to fill.
function fix_instance_init(i, text,   name, member) {
  name = in_function[i]
  if (without == "unset" || !sub(/_instance_init$/, "", name) || text !~ / = g_object_new [(]/)
    return text
  member = between(text, "object->", " =")
  if (!((name, member) in guarded) || (member == "success" && name ~ /_result$/))
    return text
  return "  object->" member " = NULL;"
}

function fix_struct_read(i, text,   name, member, space) {
  name = in_function[i]
  member = between(text, "thrift_struct_read (THRIFT_STRUCT (this_object->", "), protocol")
  if (member == "" || !sub(/_read$/, "", name))
    return text
  if (!((name, member) in member_type)) {
    # An exception is created by the generated code, each time.
    if (line[i - 1] !~ ("this_object->" member " = g_object_new [(]"))
      fail(name "_read () reads " member ", which nothing creates")
    return text
  }
  space = indent(text)
  return space "if (this_object->" member " == NULL)\n" \
         space "  this_object->" member " = g_object_new (" member_type[name, member] ", NULL);\n" \
         text
}

# A binary member that comes a second time is a GByteArray, not a string.
function fix_binary_free(i, text,   what, j) {
  what = between(text, "g_free(", ");")
  if (without == "binary-free" || what == "" || text !~ /^ *g_free[(]/)
    return text
  for (j = i + 1; j <= i + 5 && j <= lines; j++)
    if (line[j] ~ /thrift_protocol_read_binary [(]/)
      return indent(text) "g_byte_array_unref (" what ");"
  return text
}

function is_decoder(name) {
  return name ~ /_read$/ || name ~ /_client_recv_/
}

# An element, key or value that was being read when the reply broke off is freed; a complete one
# is handed over to its container.
function fix_local(i, text,   name, variable) {
  name = in_function[i]
  if (without == "locals" || !is_decoder(name))
    return text
  if (match(text, /^ *[A-Za-z0-9_]+ ?[*] ?(_elem|key|val)[0-9]+ = /)) {
    variable = text
    sub(/ = .*/, "", variable)
    sub(/^.*[* ]/, "", variable)
    return own_local(name, variable, text)
  }
  if (match(text, /^ *g_free [(](_elem)[0-9]+[)];$/)) {
    owned[name, between(text, "(", ")")] = 2
    return ""
  }
  if (match(text, /g_ptr_array_add [(].*, (_elem)[0-9]+[)];$/)) {
    variable = text
    sub(/^.*, /, "", variable)
    sub(/[)];$/, "", variable)
    return hand_over(name, variable, text, ", " variable ")", ", ")
  }
  return text ~ / g_hash_table_insert [(].*[(]gpointer[)]/ ? fix_insert(name, text) : text
}

function own_local(name, variable, text,   space, type) {
  space = indent(text)
  type = word_at(text, 1)
  if (text ~ /^ *gchar [*] / || text ~ / = g_new [(]/)
    text = space "g_autofree " substr(text, length(space) + 1)
  else if (type ~ /^(GPtrArray|GHashTable|GArray|GByteArray)$/)
    text = space "g_autoptr (" type ") " variable substr(text, index(text, " = "))
  else
    return text
  owned[name, variable] = 1
  return text
}

function hand_over(name, variable, text, old, left) {
  if (!((name, variable) in owned))
    return text
  owned[name, variable] = 2
  return replace(text, old, left "g_steal_pointer (&" variable "))")
}

function fix_insert(name, text,   key, value) {
  key = word_at(text, index(text, ", (gpointer) ") + 13)
  value = text
  sub(/^.*[(]gpointer[)] /, "", value)
  sub(/[)];$/, "", value)
  if (key == value) {
    # A set: one pointer, in both places.
    if (!((name, key) in owned))
      return text
    text = replace(text, "g_hash_table_insert", "g_hash_table_add")
    sub(/, [(]gpointer[)] .*$/, ", " key ");", text)
    return hand_over(name, key, text, ", " key ")", ", ")
  }
  if ((name, key) in owned) {
    text = replace(text, "(gpointer) " key ",", "(gpointer) g_steal_pointer (&" key "),")
    owned[name, key] = 2
  }
  return hand_over(name, value, text, "(gpointer) " value ")", "(gpointer) ")
}

# read_binary answers a negative length with no data and that length, which no array can take.
function fix_binary_length(i, text,   space, value) {
  if (without == "binary-length" || !is_decoder(in_function[i]) \
      || line[i - 1] !~ /thrift_protocol_read_binary [(]/)
    return text
  if (text !~ /^ *return (-1|0);$/ || line[i - 1] !~ /[(]protocol, &data, &len, error[)]/)
    fail(in_function[i] "() does not read a binary as expected")
  value = between(text, "return ", ";")
  space = substr(indent(text), 3)
  return text "\n" space "if (data == NULL && len > 0)\n" space "{\n" \
         space "  g_set_error_literal (error, THRIFT_PROTOCOL_ERROR,\n" \
         space "                       THRIFT_PROTOCOL_ERROR_NEGATIVE_SIZE,\n" \
         space "                       \"negative length of a binary\");\n" \
         space "  return " value ";\n" space "}"
}

# The keys of a map or set that is written are collected by walking a list for each, and then on
# the stack, however many there are.
function fix_keys(i, text,   map) {
  if (without == "keys" || is_decoder(in_function[i]))
    return text
  if (text ~ /^ *[A-Za-z0-9_]+ ?[*]+ ?[*]* ?keys;$/) {
    keys_declared++
    sub(/keys;$/, "keys = NULL;", text)
    return indent(text) "g_autofree " substr(text, length(indent(text)) + 1)
  }
  map = between(text, "g_hash_table_foreach (", ", thrift_hash_table_get_keys, &key_list);")
  if (map != "") {
    keys_listed++
    return indent(text) "key_list = g_hash_table_get_keys (" map ");"
  }
  if (text ~ /^ *keys = g_newa [(]/) {
    keys_allocated++
    return replace(text, "g_newa (", "g_new (")
  }
  return text
}

function write_source(   i, text) {
  scan_source()
  check_source()
  for (i = 1; i <= lines; i++) {
    declare_parent_class(i)
    fix_finalize(i)
    text = rename_to_string(line[i])
    if (in_function[i] != "") {
      text = fix_get_type(i, text)
      text = fix_instance_init(i, text)
      text = fix_binary_free(i, text)
      text = fix_binary_length(i, text)
      text = fix_struct_read(i, text)
      text = fix_local(i, text)
      text = fix_keys(i, text)
    }
    print text
  }
  check_repairs()
}

function check_repairs(   name, part) {
  for (name in is_struct)
    if (!chains_up[name])
      finalizers_expected++
  if (finalizers_fixed != finalizers_expected)
    fail("not every finalizer was repaired")
  for (name in has_get_type)
    if (get_type_step[name] != 5 && without != "get-type")
      fail(name "_get_type () is not written as expected")
  for (name in owned)
    if (owned[name] != 2) {
      split(name, part, SUBSEP)
      fail(part[1] "(): nothing takes over " part[2])
    }
  if (keys_declared != keys_allocated || keys_declared != keys_listed)
    fail("the keys of a map are not collected as expected")
}

BEGIN {
  repairs = " types class-macros to-string linkage finalize get-type unset binary-free" \
            " binary-length locals keys "
}

{ line[++lines] = $0 }

END {
  if (failed)
    exit 1
  if (namespace == "")
    fail("no namespace: use -v namespace=NAME")
  if (without != "" && index(repairs, " " without " ") == 0)
    fail("no such repair: " without)
  if (lines == 0)
    fail("the file is empty")
  lower = underscores(namespace)
  upper = toupper(lower)
  if (FILENAME ~ /[.]h$/)
    scan_header()
  if (FILENAME ~ /_types[.]h$/)
    write_types_header()
  else if (FILENAME ~ /[.]h$/)
    write_header()
  else if (FILENAME ~ /[.]c$/)
    write_source()
  else
    fail("neither a .c nor a .h file")
}
