/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "nebula-wire-private.h"

G_BEGIN_DECLS

/* The structs of an ExecutionResponse that hold containers, at any depth. */
typedef enum
{
  NEBULA_SCHEMA_UNKNOWN, /* any other struct: its containers may hold anything */
  NEBULA_SCHEMA_EXECUTION_RESPONSE,
  NEBULA_SCHEMA_DATA_SET,
  NEBULA_SCHEMA_ROW,
  NEBULA_SCHEMA_VALUE,
  NEBULA_SCHEMA_LIST,
  NEBULA_SCHEMA_MAP,
  NEBULA_SCHEMA_SET,
  NEBULA_SCHEMA_TAG,
  NEBULA_SCHEMA_VERTEX,
  NEBULA_SCHEMA_EDGE,
  NEBULA_SCHEMA_STEP,
  NEBULA_SCHEMA_PATH,
  NEBULA_SCHEMA_GEOGRAPHY,
  NEBULA_SCHEMA_LINE_STRING,
  NEBULA_SCHEMA_POLYGON,
  NEBULA_SCHEMA_COORDINATES, /* no struct: the lists inside a polygon's list */
  NEBULA_SCHEMA_PLAN,
  NEBULA_SCHEMA_PLAN_NODE,
  NEBULA_SCHEMA_PROFILING_STATS,
  NEBULA_N_SCHEMAS,
} NebulaSchema;

/* A Value has the most fields: 17. */
#define NEBULA_SCHEMA_FIELDS 18

/* What a field holds. The rule of field 0, which no struct has, is that of the elements of a
 * container of such structs. */
typedef struct
{
  guint8 type;    /* of the field; one of another type is skipped by whoever decodes it */
  guint8 key;     /* the type of a map's keys */
  guint8 element; /* the type of elements, or of a map's values; 0: any */
  guint8 next;    /* the NebulaSchema of the struct, or of the elements */
} NebulaSchemaRule;

extern const NebulaSchemaRule nebula_schema_rules[NEBULA_N_SCHEMAS][NEBULA_SCHEMA_FIELDS];

G_END_DECLS
