/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <nebula-retry/nebula-error-info.h>

G_BEGIN_DECLS

/* A row of the table of codes. The small facts are bytes, so that a row is one cache line at most;
 * the getters give them their types back. */
struct _NebulaErrorInfo
{
  gint32      code;
  guint8      category;    /* NebulaErrorCategory */
  guint8      cause;       /* NebulaCause */
  guint8      effect;      /* NebulaEffect */
  guint8      pace;        /* NebulaPace */
  guint8      grpc_status; /* NebulaGrpcStatus */
  guint8      documented;  /* gboolean */
  const char *rule;        /* (not nullable) static; what nebula_outcome_get_rule() says of it */
  const char *name;        /* (not nullable) static */
  const char *meaning;     /* (not nullable) static */
};

/* The ranges that NebulaGraph hands out its numbers in; each has a row for the numbers in it
 * that nobody knows. */
typedef enum
{
  NEBULA_CODE_RANGE_GENERAL,
  NEBULA_CODE_RANGE_GRAPHD,
  NEBULA_CODE_RANGE_METAD,
  NEBULA_CODE_RANGE_STORAGED,
  NEBULA_CODE_RANGE_RAFT,
  NEBULA_CODE_RANGE_DRAINER,
  NEBULA_CODE_RANGE_CACHE,
  NEBULA_CODE_RANGE_LICENSE,
  NEBULA_CODE_RANGE_NONE, /* keep last */
} NebulaCodeRange;

#define NEBULA_N_CODE_RANGES (NEBULA_CODE_RANGE_NONE + 1)

/* All values of `enum ErrorCode` in the IDL of NebulaGraph 3.4 to 3.8. */
#define NEBULA_N_CODES 196

/* Falling by number: 0 first, -8000 last. Declared without their sizes, because a size here would
 * make the assertions of completeness beside the data true by definition. */
extern const NebulaErrorInfo nebula_error_table[];
extern const NebulaErrorInfo nebula_error_unknown_table[];

/* As nebula_error_info_lookup_by_name(), for a name that no NUL ends. */
const NebulaErrorInfo *nebula_error_info_lookup_by_name_len (const char *name,
                                                             gsize       length);

const NebulaErrorInfo *nebula_error_info_lookup_in_version (gint32              code,
                                                            NebulaServerVersion version);

/* Whether it is a row for the numbers of a range that nobody knows. */
gboolean nebula_error_info_is_unknown (const NebulaErrorInfo *info);

G_END_DECLS
