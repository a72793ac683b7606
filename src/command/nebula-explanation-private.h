/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <nebula-retry/nebula-retry.h>

G_BEGIN_DECLS

/* One failure, and all that is known of it. The first part is the question. */
typedef struct
{
  NebulaPhase phase;
  gint32 code;
  gint32 exception;      /* type of a Thrift exception that came instead of a code, or -1 */
  const char *message;   /* (nullable) (unowned) */
  const char *statement; /* (nullable) (unowned) */
  gboolean guessed;      /* the code was not said, but is the one that such texts come with */
  gboolean mentioned;    /* the code is somewhere in a line, and nothing says that it is one */
  NebulaCause cause;     /* as an error of the library names it; NONE where none did */
  gboolean not_applied;  /* such an error says so */

  NebulaOutcome *outcome;        /* (owned) */
  const NebulaMessageRule *rule; /* (nullable): what decided, if a text did */
  NebulaCallTraits traits;       /* of the statement */
  NebulaStatementSafety safety;  /* of the statement */
  GPtrArray *sentences;          /* (owned) (nullable): of the statement */
  NebulaDecision decision;       /* about the statement, by the default policy */
  guint max_attempts;            /* by the default policy, the first one included */
  gint64 first_wait;             /* microseconds, the longest; 0 when there is no wait */
  gint64 last_wait;              /* microseconds, what waits grow to */
  double multiplier;
  GPtrArray *reasoning; /* (owned): sentences for people, in the order of the reasons */
} NebulaExplanation;

void nebula_explanation_find (NebulaExplanation *self);
void nebula_explanation_clear (NebulaExplanation *self);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (NebulaExplanation, nebula_explanation_clear)

G_END_DECLS
