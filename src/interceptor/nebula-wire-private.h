/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* The types of values in binary protocol. Others have a number in Thrift's headers too (1, 9, 16,
 * 17), but no bytes that any two decoders agree on: they are refused. */
enum
{
  WIRE_STOP = 0,
  WIRE_BOOL = 2,
  WIRE_BYTE = 3,
  WIRE_DOUBLE = 4,
  WIRE_I16 = 6,
  WIRE_I32 = 8,
  WIRE_I64 = 10,
  WIRE_STRING = 11,
  WIRE_STRUCT = 12,
  WIRE_MAP = 13,
  WIRE_SET = 14,
  WIRE_LIST = 15,
};

/* Type and number of a field. */
#define WIRE_FIELD_SIZE 3

/* The fewest bytes that a value of each type takes; 0: no such type. None is without bytes, so a
 * count that fits the bytes that are left bounds a walk by these. In a header, so that the walks
 * know it when they are compiled. */
static const guint8 wire_least_sizes[256] = {
  [WIRE_BOOL] = 1,
  [WIRE_BYTE] = 1,
  [WIRE_DOUBLE] = 8,
  [WIRE_I16] = 2,
  [WIRE_I32] = 4,
  [WIRE_I64] = 8,
  [WIRE_STRING] = 4, /* the length */
  [WIRE_STRUCT] = 1, /* the stop */
  [WIRE_MAP] = 6,    /* two types and the count */
  [WIRE_SET] = 5,    /* the type and the count */
  [WIRE_LIST] = 5,
};

/* Whether all values of the type have the least size. */
static inline gboolean
wire_is_fixed_size (guint8 type)
{
  return type < WIRE_STRING;
}

G_END_DECLS
