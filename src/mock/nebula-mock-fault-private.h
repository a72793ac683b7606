/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <nebula-mock/nebula-mock-fault.h>

G_BEGIN_DECLS

/* When a fault is looked for: each kind belongs to one of these moments. */
typedef enum
{
  NEBULA_MOCK_MOMENT_ACCEPT,   /* a connection has come */
  NEBULA_MOCK_MOMENT_READABLE, /* a call is about to be read */
  NEBULA_MOCK_MOMENT_CALL,     /* a call has been read */
} NebulaMockMoment;

struct _NebulaMockFault
{
  NebulaMockFaultKind kind;
  char    *method;          /* (owned) (nullable) */
  char    *contains;        /* (owned) (nullable) */
  guint    first;           /* from 1 */
  guint    last;            /* 0 for ever */
  gboolean statements_only; /* match the execute methods only */
  gint32   code;            /* of the reply; the type of an exception */
  char    *message;         /* (owned) (nullable) */
  guint    milliseconds;    /* of a delay */
  NebulaMockAction action;  /* of ACT, as all below */
  int      server;          /* -1 for the one that the call came to */
  char    *space;           /* (owned) (nullable) */
};

NebulaMockMoment nebula_mock_fault_kind_get_moment (NebulaMockFaultKind kind);
gboolean nebula_mock_fault_goes_on (const NebulaMockFault *self);
gboolean nebula_mock_fault_matches (const NebulaMockFault *self,
                                    const char *method,
                                    const char *text);
gboolean nebula_mock_fault_covers (const NebulaMockFault *self, guint n);

G_END_DECLS
