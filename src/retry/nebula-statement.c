/* SPDX-License-Identifier: Apache-2.0 */
#include <nebula-retry/nebula-statement.h>

#include "nebula-sentence-private.h"
#include "nebula-statement-scanner-private.h"

#include <string.h>

/**
 * SECTION:nebula-statement
 * @title: Statements
 * @short_description: whether a statement may be run twice
 *
 * Reads nGQL far enough to know whether a second run can do harm. Whatever is not understood
 * is not safe: a wrong "no" costs a retry, a wrong "yes" costs data.
 */

/* A walk over the sentences of a statement, and what was seen of all of them. */
typedef struct
{
  NebulaScanner scanner;
  const char *text;        /* (unowned) the statement */
  NebulaSentenceFunc func; /* (nullable) who wants to hear of each */
  gpointer user_data;      /* (nullable) (unowned) for @func */
  guint n_sentences;
  NebulaStatementSafety safety; /* of the worst */
  gboolean compound;
  gboolean vertex_update; /* of the last */
} Walk;

static void
walk_init (Walk *self, const char *statement, gsize length)
{
  self->text = statement;
  self->func = NULL;
  self->user_data = NULL;
  self->n_sentences = 0;
  self->safety = NEBULA_STATEMENT_READ_ONLY;
  self->compound = FALSE;
  self->vertex_update = FALSE;
  nebula_scanner_init (&self->scanner, statement, length);
}

static void
walk_report (Walk *self,
             const char *begin,
             const char *end,
             const char *kind,
             NebulaStatementSafety safety)
{
  const NebulaSentence sentence = {
    .offset = (gsize) (begin - self->text),
    .length = (gsize) (end - begin),
    .kind = kind,
    .safety = safety,
  };

  self->func (&sentence, self->user_data);
}

static void
walk_add (Walk *self, const NebulaSentenceReader *sentence)
{
  NebulaStatementSafety safety;

  /* Nothing, or the brace that ends PROFILE { …; }. */
  if (sentence->previous == NEBULA_TOKEN_END)
    return;
  if (sentence->n_head == 1 && sentence->previous == '}' && self->n_sentences > 0)
    return;

  safety = nebula_sentence_reader_judge (sentence);
  self->n_sentences++;
  self->safety = MAX (self->safety, safety);
  self->compound |= self->n_sentences > 1 || sentence->pipe || sentence->operators
                    || sentence->assignment || sentence->write;
  self->vertex_update = nebula_sentence_reader_is_vertex_update (sentence);
  if (self->func != NULL)
    walk_report (self, sentence->begin, sentence->end, nebula_sentence_reader_get_kind (sentence),
                 safety);
}

/* What cannot be read: more sentences may be in it. */
static void
walk_give_up (Walk *self, const NebulaSentenceReader *sentence)
{
  self->compound = TRUE;
  self->safety = NEBULA_STATEMENT_NOT_IDEMPOTENT;
  if (self->func != NULL)
    walk_report (self, sentence->begin, self->scanner.end, "unknown",
                 NEBULA_STATEMENT_NOT_IDEMPOTENT);
}

/* Answers whether the statement could be read to its end. */
static gboolean
walk (Walk *self)
{
  NebulaSentenceReader sentence;
  int token;

  do
    {
      token = nebula_sentence_reader_read (&sentence, &self->scanner);
      if (token == NEBULA_TOKEN_ERROR)
        walk_give_up (self, &sentence);
      else
        walk_add (self, &sentence);
    }
  while (token == ';');

  return token == NEBULA_TOKEN_END;
}

/**
 * nebula_statement_get_safety:
 * @statement: (nullable) (array length=length) (element-type guint8): an nGQL text; any bytes
 * @length: the length of @statement in bytes, or -1 if a NUL ends it
 * @traits: (out) (optional): what a failure of this statement has to be judged by:
 *   %NEBULA_CALL_COMPOUND, %NEBULA_CALL_VERTEX_UPDATE
 *
 * Tells whether a statement may be run a second time when nobody knows what the first run did.
 * A sequence is as safe as its worst sentence. Empty, unknown and unreadable statements are
 * %NEBULA_STATEMENT_NOT_IDEMPOTENT.
 *
 * A second run of an %NEBULA_STATEMENT_IDEMPOTENT statement leaves the same state, if nobody else
 * wrote in between.
 *
 * Linear in @length, without allocating.
 *
 * Returns: the safety. Safe in any thread.
 *
 * Since: 0.1
 */
NebulaStatementSafety
nebula_statement_get_safety (const char *statement, gssize length, NebulaCallTraits *traits)
{
  NebulaCallTraits found = NEBULA_CALL_TRAITS_NONE;
  Walk self;

  if (statement == NULL)
    return nebula_statement_get_safety ("", 0, traits);

  walk_init (&self, statement, length < 0 ? strlen (statement) : (gsize) length);
  walk (&self);
  if (self.n_sentences == 0)
    self.safety = NEBULA_STATEMENT_NOT_IDEMPOTENT;

  if (self.compound)
    found = NEBULA_CALL_COMPOUND;
  else if (self.vertex_update)
    found = NEBULA_CALL_VERTEX_UPDATE;
  if (traits != NULL)
    *traits = found;

  return self.safety;
}

/**
 * nebula_statement_foreach_sentence:
 * @statement: (nullable) (array length=length) (element-type guint8): an nGQL text; any bytes
 * @length: the length of @statement in bytes, or -1 if a NUL ends it
 * @func: (scope call) (closure user_data): is told each sentence, in their order
 * @user_data: (nullable): for @func
 *
 * Tells the sentences of a statement apart, and says of each what nebula_statement_get_safety()
 * says of the whole: that is the worst of them. What is empty between two semicolons is not
 * reported. What cannot be read is reported last, as one sentence of the kind `unknown` that goes
 * on to the end of @statement.
 *
 * Linear in @length, without allocating.
 *
 * Returns: %TRUE if @statement could be read to its end. Safe in any thread.
 *
 * Since: 0.1
 */
gboolean
nebula_statement_foreach_sentence (const char *statement,
                                   gssize length,
                                   NebulaSentenceFunc func,
                                   gpointer user_data)
{
  Walk self;

  g_return_val_if_fail (func != NULL, FALSE);

  if (statement == NULL)
    return TRUE;

  walk_init (&self, statement, length < 0 ? strlen (statement) : (gsize) length);
  self.func = func;
  self.user_data = user_data;
  return walk (&self);
}
