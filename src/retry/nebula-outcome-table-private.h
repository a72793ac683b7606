/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <nebula-retry/nebula-retry-enums.h>

G_BEGIN_DECLS

#define NEBULA_N_TRANSPORT_FAILURES (NEBULA_TRANSPORT_FAILURE_CANCELLED + 1)

/* A failure of the transport. */
typedef struct
{
  gint32      code;
  guint8      category; /* NebulaErrorCategory */
  guint8      cause;    /* NebulaCause */
  guint8      pace;     /* NebulaPace */
  const char *rule;     /* (not nullable) static */
} NebulaTransportRow;

/* Exceptions carry no code of NebulaGraph; this is the documented one of a failed call. */
#define NEBULA_EXCEPTION_CODE -3

/* A Thrift application exception. */
typedef struct
{
  gint32      type;     /* or the number of a reason */
  guint8      category; /* NebulaErrorCategory */
  guint8      cause;    /* NebulaCause */
  guint8      effect;   /* NebulaEffect */
  guint8      pace;     /* NebulaPace */
  const char *rule;     /* (not nullable) static */
} NebulaExceptionRow;

/* By NebulaCause: a NebulaGrpcStatus. Without its size, for the assertion beside the data. */
extern const guint8 nebula_status_of_cause[];

/* By NebulaTransportFailure. */
extern const NebulaTransportRow nebula_transport_rows[];

const NebulaExceptionRow *nebula_exception_reason_find (const char *reason,
                                                        const char *message,
                                                        gsize       length);
const NebulaExceptionRow *nebula_exception_row_find (gint32      type,
                                                     const char *message,
                                                     gsize       length);

G_END_DECLS
