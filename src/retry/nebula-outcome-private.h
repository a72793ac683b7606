/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "nebula-error-table-private.h"

#include <nebula-retry/nebula-outcome.h>

G_BEGIN_DECLS

/* All fields are constant after construction. */
struct _NebulaOutcome
{
  gint32      wire_code;
  gint32      real_code;
  guint8      category;    /* NebulaErrorCategory */
  guint8      cause;       /* NebulaCause */
  guint8      effect;      /* NebulaEffect */
  guint8      pace;        /* NebulaPace */
  guint8      grpc_status; /* NebulaGrpcStatus */
  guint8      never_sent;  /* gboolean */
  guint8      own_success; /* gboolean: an earlier attempt of ours is probably why */
  guint16     message_length;
  gint64      pushback;    /* microseconds, -1 for none */
  const char *rule;        /* (not nullable) static */
  char        message[];   /* valid UTF-8, without a NUL but for the one behind its end */
};

/* All successes are this one. */
extern const NebulaOutcome nebula_outcome_success;

NebulaOutcome *nebula_outcome_alloc (gint32      wire_code,
                                     const char *message,
                                     gsize       length) G_GNUC_WARN_UNUSED_RESULT;
NebulaOutcome *nebula_outcome_dup (const NebulaOutcome *outcome) G_GNUC_WARN_UNUSED_RESULT;
void nebula_outcome_apply_status (NebulaOutcome         *self,
                                  const NebulaErrorInfo *info);

G_END_DECLS
