/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

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
  gint64      pushback;    /* microseconds, -1 for none */
  const char *rule;        /* (not nullable) static */
  char       *message;     /* (owned) (nullable) valid UTF-8; NULL when there is none */
};

G_END_DECLS
