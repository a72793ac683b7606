/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <nebula-retry/nebula-message-rule.h>

G_BEGIN_DECLS

/* The rule's real code is a number in the text. 1 is no error code. */
#define NEBULA_CODE_IN_TEXT 1

/* What a text says about the failure that it came with. */
struct _NebulaMessageRule
{
  gint32      wire_code; /* the code it comes with */
  gint32      real_code; /* the code it stands for, or NEBULA_CODE_IN_TEXT */
  const char *stem;      /* (not nullable) static; the constant part */
  const char *name;      /* (not nullable) static; what nebula_outcome_get_rule() says of it */
  const char *source;    /* (not nullable) static; server and releases, "" for all */
  guint8      phase;     /* NebulaPhase */
  guint8      kind;      /* where the stem stands: NebulaStemKind */
  guint8      tail;      /* what must follow the stem: NebulaTailKind */
  guint8      stem_length;
  guint8      category; /* NebulaErrorCategory */
  guint8      cause;    /* NebulaCause */
  guint8      effect;   /* NebulaEffect */
  guint8      pace;     /* NebulaPace */
};

typedef enum
{
  NEBULA_STEM_PREFIX,
  NEBULA_STEM_CONTAINS,
} NebulaStemKind;

typedef enum
{
  NEBULA_TAIL_ANYTHING,
  NEBULA_TAIL_NUMBER_NOT_FOUND,      /* "7 not found" */
  NEBULA_TAIL_NAME_AND_CODE,         /* "RAFT_LOG_GAP(-3501)", with the stem "error: E_" */
  NEBULA_TAIL_CODE_AND_PARENTHESIS,  /* "-2600)" */
  NEBULA_TAIL_CODE_AND_MARK,         /* "-3501!" */
  NEBULA_TAIL_NUMBER_DOES_NOT_EXIST, /* "7] does not exist" */
  NEBULA_TAIL_SECONDS,               /* "7 seconds" */
} NebulaTailKind;

typedef struct
{
  const NebulaMessageRule *rule;   /* (not nullable) */
  gint64                   number; /* the number in the tail, saturated; 0 when it has none */
  const char              *word;   /* (nullable) (unowned) the name in the tail, in the text */
  gsize                    word_length;
} NebulaMessageMatch;

/* One byte for each, and 0 for none. */
#define NEBULA_MAX_MESSAGE_RULES (G_MAXUINT8 - 1)

/* Without its size, for the assertion beside the data. */
extern const NebulaMessageRule nebula_message_rules[];
extern const guint nebula_n_message_rules;

gboolean nebula_message_rules_match (NebulaPhase         phase,
                                     gint32              wire_code,
                                     const char         *text,
                                     gsize               length,
                                     NebulaMessageMatch *match);

const NebulaMessageRule *nebula_message_rules_at (guint i);

G_END_DECLS
