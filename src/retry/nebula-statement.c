/* SPDX-License-Identifier: Apache-2.0 */
#include <nebula-retry/nebula-statement.h>

#include "nebula-statement-kinds-private.h"
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

/* Enough for CREATE TAG INDEX IF NOT EXISTS. */
#define N_HEAD 6

typedef enum
{
  STAGE_START,          /* nothing but opening parentheses yet */
  STAGE_AFTER_PROFILE,  /* PROFILE or EXPLAIN: FORMAT or { may follow */
  STAGE_AFTER_FORMAT,   /* "=" and a string follow */
  STAGE_AFTER_VARIABLE, /* "=" has to follow */
  STAGE_BODY,
} Stage;

/* Where in the SET of an UPDATE we are. */
typedef enum
{
  SET_BEFORE, /* no SET yet */
  SET_NAME,   /* left of "=" */
  SET_VALUE,  /* right of it */
  SET_AFTER,  /* YIELD: the row that is given back */
} SetStage;

/* What was seen of one sentence. */
typedef struct
{
  guint8   stage;        /* Stage */
  guint8   set_stage;    /* SetStage */
  guint8   n_head;       /* filled of @head */
  guint8   head[N_HEAD]; /* NebulaWord of its first tokens */
  guint8   judge;        /* NebulaJudge; known with the second word */
  guint8   safety;       /* NebulaStatementSafety, from the row */
  int      previous;     /* token before this one */
  guint8   previous_word; /* NebulaWord of it */
  gboolean explain;      /* EXPLAIN: planned, never executed */
  gboolean profile;
  gboolean assignment; /* $v = … */
  gboolean pipe;
  gboolean operators;  /* UNION, INTERSECT, MINUS */
  gboolean write;      /* a writing word behind the first one */
  gboolean variable;   /* $v: a variable or a parameter */
  gboolean reference;  /* $-, $^, $$ or $v.x: data of another sentence or of the graph */
  gboolean values;     /* VALUES of an INSERT */
  gboolean has_as;
  gboolean has_drop;
  gboolean has_when;
  gboolean not_constant; /* a value of SET is no constant, or SET was not understood */
  gboolean impure;       /* a call that may give something else each time */
  gboolean clock_call;   /* date (, and its argument has not come yet */
  int      depth;        /* of parentheses and brackets in a value of SET */
  int      braces;
} Sentence;

/* Whether a word behind the first one writes. KILL is two, because KILL alone may be a name. */
static gboolean
is_hidden_write (const Sentence *self,
                 NebulaWord      word)
{
  switch (word)
    {
    case NEBULA_WORD_DELETE:
    case NEBULA_WORD_INSERT:
    case NEBULA_WORD_UPDATE:
    case NEBULA_WORD_UPSERT:
      return self->n_head > 1;
    case NEBULA_WORD_QUERY:
    case NEBULA_WORD_SESSION:
    case NEBULA_WORD_SESSIONS:
      return self->n_head > 2 && self->previous_word == NEBULA_WORD_KILL;
    default:
      return FALSE;
    }
}

static void
add_to_head (Sentence  *self,
             NebulaWord word)
{
  const NebulaStatementKind *row;

  self->head[self->n_head++] = (guint8) word;
  if (self->n_head > 2)
    return;

  /* The first word alone may do; the second may be needed. */
  row = nebula_statement_kind_find (self->head[0], self->n_head == 2 ? word : NEBULA_WORD_OTHER);
  self->judge = row != NULL ? row->judge : NEBULA_JUDGE_FIXED;
  self->safety = row != NULL ? row->safety : NEBULA_STATEMENT_NOT_IDEMPOTENT;
}

/* A call is a name before a parenthesis; in an INSERT only behind VALUES, where it is no longer
 * the list of a tag's properties. */
static void
watch_calls (Sentence *self,
             int       token)
{
  if (self->clock_call)
    {
      self->clock_call = FALSE;
      if (token != NEBULA_TOKEN_STRING && token != NEBULA_TOKEN_NUMBER)
        self->impure = TRUE;
    }

  if (token != '(' || (self->judge == NEBULA_JUDGE_INSERT && !self->values))
    return;

  if (self->previous == NEBULA_TOKEN_QUOTED)
    self->impure = TRUE;
  else if (self->previous != NEBULA_TOKEN_WORD)
    return;
  else if (self->previous_word == NEBULA_WORD_CLOCK_FUNCTION)
    self->clock_call = TRUE;
  else if (self->previous_word != NEBULA_WORD_PURE_FUNCTION)
    self->impure = TRUE;
}

static gboolean
is_constant (int        token,
             NebulaWord word)
{
  switch (token)
    {
    case NEBULA_TOKEN_STRING:
    case NEBULA_TOKEN_NUMBER:
    case NEBULA_TOKEN_VARIABLE: /* a parameter; $v.x is found by its dot */
    case '+':
    case '-':
    case '*':
    case '/':
    case '%':
    case '(':
    case ')':
    case '[':
    case ']':
    case ',':
      return TRUE;
    case NEBULA_TOKEN_WORD:
      return word == NEBULA_WORD_TRUE || word == NEBULA_WORD_FALSE || word == NEBULA_WORD_NULL;
    default:
      return FALSE;
    }
}

/* Left of "=": a name, or tag.name. */
static void
watch_set_name (Sentence *self,
                int       token)
{
  if (token == '=' &&
      (self->previous == NEBULA_TOKEN_WORD || self->previous == NEBULA_TOKEN_QUOTED))
    self->set_stage = SET_VALUE;
  else if (token != NEBULA_TOKEN_WORD && token != NEBULA_TOKEN_QUOTED && token != '.')
    self->not_constant = TRUE;
}

/* SET a = 1, b = "x" YIELD …: every value has to be made of constants only. */
static void
watch_set (Sentence  *self,
           int        token,
           NebulaWord word)
{
  switch ((SetStage) self->set_stage)
    {
    case SET_BEFORE:
      if (word == NEBULA_WORD_SET)
        self->set_stage = SET_NAME;
      break;
    case SET_NAME:
      watch_set_name (self, token);
      break;
    case SET_VALUE:
      self->depth += (token == '(' || token == '[') - (token == ')' || token == ']');
      if (token == ',' && self->depth == 0)
        self->set_stage = SET_NAME;
      else if (word == NEBULA_WORD_YIELD && self->depth == 0)
        self->set_stage = SET_AFTER;
      else if (!is_constant (token, word))
        self->not_constant = TRUE;
      break;
    case SET_AFTER:
    default:
      break;
    }
}

static void
watch_word (Sentence  *self,
            NebulaWord word)
{
  if (is_hidden_write (self, word))
    self->write = TRUE;

  switch (word)
    {
    case NEBULA_WORD_UNION:
    case NEBULA_WORD_INTERSECT:
    case NEBULA_WORD_MINUS:
      self->operators = TRUE;
      break;
    case NEBULA_WORD_VALUES:
      self->values = TRUE;
      break;
    case NEBULA_WORD_AS:
      self->has_as = TRUE;
      break;
    case NEBULA_WORD_DROP:
      self->has_drop = TRUE;
      self->write |= self->judge == NEBULA_JUDGE_READ;
      break;
    case NEBULA_WORD_ALTER:
    case NEBULA_WORD_SET:
      /* No release lets a read end in these; one that does must not be taken for a read. */
      self->write |= self->judge == NEBULA_JUDGE_READ;
      break;
    case NEBULA_WORD_CREATE:
      self->write |= self->judge == NEBULA_JUDGE_READ && self->previous_word != NEBULA_WORD_SHOW;
      break;
    case NEBULA_WORD_WHEN:
      self->has_when = TRUE;
      break;
    default:
      break;
    }
}

static void
add_to_body (Sentence  *self,
             int        token,
             NebulaWord word)
{
  self->stage = STAGE_BODY;
  if (self->n_head < N_HEAD)
    add_to_head (self, word);

  if (token == NEBULA_TOKEN_WORD)
    watch_word (self, word);
  else if (token == '|' || token == ';') /* ; comes here inside EXPLAIN { } only */
    self->pipe = TRUE;
  else if (token == NEBULA_TOKEN_VARIABLE)
    self->variable = TRUE;
  else if (token == NEBULA_TOKEN_REFERENCE ||
           (token == '.' && self->previous == NEBULA_TOKEN_VARIABLE))
    self->reference = TRUE;

  watch_calls (self, token);
  if (self->judge == NEBULA_JUDGE_UPDATE)
    watch_set (self, token, word);
}

/* Before the first word: (, $v =, PROFILE, EXPLAIN, FORMAT = "…", {. */
static void
add_to_start (Sentence  *self,
              int        token,
              NebulaWord word)
{
  if (token == '(' || (token == '{' && self->stage == STAGE_AFTER_PROFILE))
    {
      self->stage = STAGE_START;
    }
  else if (token == NEBULA_TOKEN_VARIABLE && self->stage == STAGE_START)
    {
      self->stage = STAGE_AFTER_VARIABLE;
    }
  else if ((word == NEBULA_WORD_PROFILE || word == NEBULA_WORD_EXPLAIN) &&
           self->stage == STAGE_START && self->previous == NEBULA_TOKEN_END)
    {
      self->stage = STAGE_AFTER_PROFILE;
      self->profile = word == NEBULA_WORD_PROFILE;
      self->explain = word == NEBULA_WORD_EXPLAIN;
    }
  else if (word == NEBULA_WORD_FORMAT && self->stage == STAGE_AFTER_PROFILE)
    {
      self->stage = STAGE_AFTER_FORMAT;
    }
  else
    {
      add_to_body (self, token, word);
    }
}

/* Whether a token of a body can change nothing but @previous. These are most of the tokens of a
 * large INSERT. */
static inline gboolean
is_filler (const Sentence *self,
           int             token)
{
  return (token == NEBULA_TOKEN_STRING || token == NEBULA_TOKEN_NUMBER || token == ',' ||
          token == ':' || token == ')') &&
         self->n_head == N_HEAD && self->judge != NEBULA_JUDGE_UPDATE && !self->clock_call;
}

static void
sentence_add (Sentence  *self,
              int        token,
              NebulaWord word)
{
  if (is_filler (self, token))
    {
      self->previous = token;
      self->previous_word = NEBULA_WORD_OTHER;
      return;
    }

  self->braces += (token == '{') - (token == '}');

  switch ((Stage) self->stage)
    {
    case STAGE_START:
    case STAGE_AFTER_PROFILE:
      add_to_start (self, token, word);
      break;
    case STAGE_AFTER_FORMAT:
      if (token == NEBULA_TOKEN_STRING)
        self->stage = STAGE_AFTER_PROFILE;
      else if (token != '=')
        add_to_body (self, token, word);
      break;
    case STAGE_AFTER_VARIABLE:
      self->assignment = TRUE;
      if (token == '=')
        self->stage = STAGE_START;
      else
        add_to_body (self, token, word);
      break;
    case STAGE_BODY:
    default:
      add_to_body (self, token, word);
      break;
    }

  self->previous = token;
  self->previous_word = (guint8) word;
}

/* Whether IF NOT EXISTS (or IF EXISTS) stands where the grammar wants it: behind what is created or
 * dropped, "TAG" or "TAG INDEX". */
static gboolean
has_condition (const Sentence *self,
               gboolean        negated)
{
  guint i = self->head[2] == NEBULA_WORD_INDEX ? 3 : 2;

  if (i >= self->n_head || self->head[i++] != NEBULA_WORD_IF)
    return FALSE;
  if (negated && (i >= self->n_head || self->head[i++] != NEBULA_WORD_NOT))
    return FALSE;

  return i < self->n_head && self->head[i] == NEBULA_WORD_EXISTS;
}

/* The kinds that IF EXISTS is known for. */
static gboolean
is_droppable (NebulaWord word)
{
  return word == NEBULA_WORD_SPACE || word == NEBULA_WORD_TAG || word == NEBULA_WORD_EDGE ||
         word == NEBULA_WORD_USER;
}

static gboolean
sentence_keeps_promise (const Sentence *self)
{
  switch ((NebulaJudge) self->judge)
    {
    case NEBULA_JUDGE_DROP:
      return is_droppable (self->head[1]) && has_condition (self, FALSE);
    case NEBULA_JUDGE_ALTER:
      return !self->has_drop;
    case NEBULA_JUDGE_INSERT:
      return self->values && !self->reference && !self->impure && !self->clock_call;
    case NEBULA_JUDGE_LITERAL:
      return !self->variable && !self->reference && !self->impure && !self->clock_call;
    case NEBULA_JUDGE_UPDATE:
      return self->set_stage >= SET_VALUE && !self->not_constant && !self->has_when &&
             !self->reference && !self->impure && !self->clock_call;
    case NEBULA_JUDGE_FIXED:
    case NEBULA_JUDGE_READ:
    case NEBULA_JUDGE_CREATE:
    default:
      return TRUE;
    }
}

static NebulaStatementSafety
sentence_judge (const Sentence *self)
{
  if (self->explain)
    return NEBULA_STATEMENT_READ_ONLY;
  if (self->stage != STAGE_BODY || self->write)
    return NEBULA_STATEMENT_NOT_IDEMPOTENT;
  if (self->judge == NEBULA_JUDGE_READ)
    return self->safety;

  /* What a write reads from another sentence may be different the second time. */
  if (self->pipe || self->operators || !sentence_keeps_promise (self))
    return NEBULA_STATEMENT_NOT_IDEMPOTENT;

  /* CREATE SPACE x AS y copies what y is by then. */
  if (self->judge == NEBULA_JUDGE_CREATE && (!has_condition (self, TRUE) || self->has_as))
    return NEBULA_STATEMENT_CONVERGENT;

  return self->safety;
}

/* What was seen of all sentences. */
typedef struct
{
  guint                 n_sentences;
  NebulaStatementSafety safety; /* of the worst */
  gboolean              compound;
  gboolean              vertex_update; /* of the last */
} Summary;

static gboolean
sentence_is_vertex_update (const Sentence *self)
{
  return self->judge == NEBULA_JUDGE_UPDATE && self->head[1] == NEBULA_WORD_VERTEX &&
         !self->profile && !self->explain && !self->write;
}

static void
summary_add (Summary        *self,
             const Sentence *sentence)
{
  /* Nothing, or the brace that ends PROFILE { …; }. */
  if (sentence->previous == NEBULA_TOKEN_END)
    return;
  if (sentence->n_head == 1 && sentence->previous == '}' && self->n_sentences > 0)
    return;

  self->n_sentences++;
  self->safety = MAX (self->safety, sentence_judge (sentence));
  self->compound |= self->n_sentences > 1 || sentence->pipe || sentence->operators ||
                    sentence->assignment || sentence->write;
  self->vertex_update = sentence_is_vertex_update (sentence);
}

static void
sentence_init (Sentence *self)
{
  memset (self, 0, sizeof *self);
  self->previous = NEBULA_TOKEN_END;
}

/* Answers whether the statement could be read to its end. */
static gboolean
summarize (NebulaScanner *scanner,
           Summary       *summary)
{
  Sentence sentence;
  int token;

  sentence_init (&sentence);
  do
    {
      token = nebula_scanner_next (scanner);
      if (token == NEBULA_TOKEN_ERROR)
        return FALSE;

      /* EXPLAIN { a; b } is one sentence: nothing of it is executed. */
      if (token == NEBULA_TOKEN_END ||
          (token == ';' && !(sentence.explain && sentence.braces > 0)))
        {
          summary_add (summary, &sentence);
          sentence_init (&sentence);
        }
      else
        {
          sentence_add (&sentence, token, scanner->word);
        }
    }
  while (token != NEBULA_TOKEN_END);

  return TRUE;
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
nebula_statement_get_safety (const char       *statement,
                             gssize            length,
                             NebulaCallTraits *traits)
{
  NebulaCallTraits found = NEBULA_CALL_TRAITS_NONE;
  Summary summary = { 0, NEBULA_STATEMENT_READ_ONLY, FALSE, FALSE };
  NebulaScanner scanner;
  gsize n_bytes;

  if (statement == NULL)
    return nebula_statement_get_safety ("", 0, traits);
  n_bytes = length < 0 ? strlen (statement) : (gsize) length;

  nebula_scanner_init (&scanner, statement, n_bytes);
  if (!summarize (&scanner, &summary))
    {
      /* More sentences may follow. */
      summary.compound = TRUE;
      summary.safety = NEBULA_STATEMENT_NOT_IDEMPOTENT;
    }
  if (summary.n_sentences == 0)
    summary.safety = NEBULA_STATEMENT_NOT_IDEMPOTENT;

  if (summary.compound)
    found = NEBULA_CALL_COMPOUND;
  else if (summary.vertex_update)
    found = NEBULA_CALL_VERTEX_UPDATE;
  if (traits != NULL)
    *traits = found;

  return summary.safety;
}
