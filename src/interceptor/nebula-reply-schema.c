/* SPDX-License-Identifier: Apache-2.0 */
#include "nebula-reply-schema-private.h"

/* The code that Apache Thrift generates for c_glib reads the types of a container's elements and
 * takes no notice of them: it decodes what its IDL says. A list of integers where strings should be
 * passes every check of lengths, and then has an integer taken for a length. So the elements of
 * what graphd sends have to be of the types that graph.thrift and common.thrift give them. */

#define STRUCT(schema) { WIRE_STRUCT, .next = NEBULA_SCHEMA_##schema }
#define LIST(element_type) { WIRE_LIST, .element = WIRE_##element_type }
#define LIST_OF(schema) \
  { WIRE_LIST, .element = WIRE_STRUCT, .next = NEBULA_SCHEMA_##schema }
#define SET_OF(schema) \
  { WIRE_SET, .element = WIRE_STRUCT, .next = NEBULA_SCHEMA_##schema }
#define MAP(key_type, element_type) \
  { WIRE_MAP, .key = WIRE_##key_type, .element = WIRE_##element_type }
#define MAP_OF(schema) \
  { WIRE_MAP, .key = WIRE_STRING, .element = WIRE_STRUCT, .next = NEBULA_SCHEMA_##schema }

/* The elements of a container of these structs are these structs. */
#define ELEMENTS(schema) [0] = { .next = NEBULA_SCHEMA_##schema }

const NebulaSchemaRule nebula_schema_rules[NEBULA_N_SCHEMAS][NEBULA_SCHEMA_FIELDS] = {
  [NEBULA_SCHEMA_EXECUTION_RESPONSE] = { [3] = STRUCT (DATA_SET), [6] = STRUCT (PLAN) },
  [NEBULA_SCHEMA_DATA_SET] = { [1] = LIST (STRING), [2] = LIST_OF (ROW) },
  [NEBULA_SCHEMA_ROW] = { ELEMENTS (ROW), [1] = LIST_OF (VALUE) },
  [NEBULA_SCHEMA_VALUE] = {
    ELEMENTS (VALUE),
    [9] = STRUCT (VERTEX),
    [10] = STRUCT (EDGE),
    [11] = STRUCT (PATH),
    [12] = STRUCT (LIST),
    [13] = STRUCT (MAP),
    [14] = STRUCT (SET),
    [15] = STRUCT (DATA_SET),
    [16] = STRUCT (GEOGRAPHY),
  },
  [NEBULA_SCHEMA_LIST] = { [1] = LIST_OF (VALUE) },
  [NEBULA_SCHEMA_MAP] = { [1] = MAP_OF (VALUE) },
  [NEBULA_SCHEMA_SET] = { [1] = SET_OF (VALUE) },
  [NEBULA_SCHEMA_TAG] = { ELEMENTS (TAG), [2] = MAP_OF (VALUE) },
  [NEBULA_SCHEMA_VERTEX] = { [1] = STRUCT (VALUE), [2] = LIST_OF (TAG) },
  [NEBULA_SCHEMA_EDGE] = { [1] = STRUCT (VALUE), [2] = STRUCT (VALUE), [6] = MAP_OF (VALUE) },
  [NEBULA_SCHEMA_STEP] = { ELEMENTS (STEP), [1] = STRUCT (VERTEX), [5] = MAP_OF (VALUE) },
  [NEBULA_SCHEMA_PATH] = { [1] = STRUCT (VERTEX), [2] = LIST_OF (STEP) },
  [NEBULA_SCHEMA_GEOGRAPHY] = { [2] = STRUCT (LINE_STRING), [3] = STRUCT (POLYGON) },
  [NEBULA_SCHEMA_LINE_STRING] = { [1] = LIST (STRUCT) },
  [NEBULA_SCHEMA_POLYGON] = {
    [1] = { WIRE_LIST, .element = WIRE_LIST, .next = NEBULA_SCHEMA_COORDINATES },
  },
  [NEBULA_SCHEMA_COORDINATES] = { [0] = { .element = WIRE_STRUCT } },
  [NEBULA_SCHEMA_PLAN] = { [1] = LIST_OF (PLAN_NODE), [2] = MAP (I64, I64) },
  [NEBULA_SCHEMA_PLAN_NODE] = {
    ELEMENTS (PLAN_NODE),
    [4] = LIST (STRUCT),
    [5] = LIST_OF (PROFILING_STATS),
    [7] = LIST (I64),
  },
  [NEBULA_SCHEMA_PROFILING_STATS] = { ELEMENTS (PROFILING_STATS), [4] = MAP (STRING, STRING) },
};
