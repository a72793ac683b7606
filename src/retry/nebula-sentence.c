/* SPDX-License-Identifier: Apache-2.0 */
#include "nebula-sentence-private.h"

#include <string.h>

/* One sentence of a statement: what it is, and whether a second run can do harm. Of its tokens only
 * what decides is kept. */

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

/* Where one sentence is joined to another. */
typedef enum
{
  JOINT_NONE,
  JOINT_PIPE,      /* | : a sentence follows, or an expression in a list or in reduce () */
  JOINT_OPERATOR,  /* UNION, INTERSECT, MINUS: a sentence follows */
  JOINT_STRANGER,  /* a word behind | that may begin either */
  JOINT_ARGUMENTS, /* what that has in parentheses */
} Joint;

typedef enum
{
  ENCLOSURE_NONE,
  ENCLOSURE_OPEN,
  ENCLOSURE_CLOSED,
} Enclosure;

/* Whether a word behind the first one writes. KILL is two, because KILL alone may be a name. */
static gboolean
is_hidden_write (const NebulaSentenceReader *self, NebulaWord word)
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
find_kind (NebulaSentenceReader *self, NebulaWord second)
{
  self->row = nebula_statement_kind_find (self->head[0], second);
  if (self->row == NULL)
    return;
  self->judge = self->row->judge;
  self->safety = self->row->safety;
}

/* The second word may be needed to know what the first one means; the others matter only where an
 * IF may be among them. */
static void
add_to_head (NebulaSentenceReader *self, NebulaWord word)
{
  self->head[self->n_head++] = (guint8) word;
  if (self->n_head == 2)
    {
      find_kind (self, word);
      self->head_is_known = self->judge != NEBULA_JUDGE_CREATE && self->judge != NEBULA_JUDGE_DROP;
    }
  self->head_is_known |= self->n_head == NEBULA_N_HEAD;
}

/* Which write it is that @word ends the name of, for the name of the sentence. */
static NebulaHiddenWrite
hidden_write_of (NebulaWord before, NebulaWord word)
{
  switch (word)
    {
    case NEBULA_WORD_VERTEX:
      return before == NEBULA_WORD_DELETE ? NEBULA_HIDDEN_DELETE_VERTEX : NEBULA_HIDDEN_OTHER;
    case NEBULA_WORD_EDGE:
      return before == NEBULA_WORD_DELETE ? NEBULA_HIDDEN_DELETE_EDGE : NEBULA_HIDDEN_OTHER;
    case NEBULA_WORD_TAG:
      return before == NEBULA_WORD_DELETE ? NEBULA_HIDDEN_DELETE_TAG : NEBULA_HIDDEN_OTHER;
    case NEBULA_WORD_QUERY:
      return before == NEBULA_WORD_KILL ? NEBULA_HIDDEN_KILL_QUERY : NEBULA_HIDDEN_OTHER;
    case NEBULA_WORD_SESSION:
    case NEBULA_WORD_SESSIONS:
      return before == NEBULA_WORD_KILL ? NEBULA_HIDDEN_KILL_SESSION : NEBULA_HIDDEN_OTHER;
    default:
      return NEBULA_HIDDEN_OTHER;
    }
}

/* Within arguments no sentence ends. */
static void
join (NebulaSentenceReader *self, Joint joint)
{
  if (self->joint != JOINT_ARGUMENTS)
    self->joint = (guint8) joint;
}

/* Two of them are "or". */
static void
watch_pipe (NebulaSentenceReader *self)
{
  self->pipe = TRUE;
  join (self, self->previous == '|' ? JOINT_NONE : JOINT_PIPE);
}

/* The word that may begin a sentence behind @joint. */
static Joint
watch_joined_word (NebulaSentenceReader *self, Joint joint, int token, NebulaWord word)
{
  if (joint == JOINT_OPERATOR && (word == NEBULA_WORD_ALL || word == NEBULA_WORD_DISTINCT))
    return joint;

  self->write |= (joint == JOINT_OPERATOR || nebula_statement_kind_exists (word))
                 && !nebula_statement_kind_reads (word);
  return token == NEBULA_TOKEN_WORD && word == NEBULA_WORD_OTHER ? JOINT_STRANGER : JOINT_NONE;
}

/* What comes behind a stranger. An expression goes on with neither of these. */
static Joint
watch_stranger (NebulaSentenceReader *self, int token)
{
  self->write |= token == NEBULA_TOKEN_WORD || token == NEBULA_TOKEN_STRING
                 || token == NEBULA_TOKEN_NUMBER || token == NEBULA_TOKEN_VARIABLE || token == '|';
  return JOINT_NONE;
}

/* What a stranger has in parentheses, if it is a function, decides nothing. */
static Joint
watch_arguments (NebulaSentenceReader *self, int token)
{
  self->depth += (token == '(') - (token == ')');
  return self->depth > 0 ? JOINT_ARGUMENTS : JOINT_STRANGER;
}

/* Behind a pipe and a set operator only what reads may follow a read. What no release knows there
 * is none, for one that does must not be taken for a read. */
static void
watch_joint (NebulaSentenceReader *self, int token, NebulaWord word)
{
  Joint joint = (Joint) self->joint;

  if (joint == JOINT_ARGUMENTS || (joint == JOINT_STRANGER && token == '('))
    self->joint = watch_arguments (self, token);
  else if (token == '(' || token == ')')
    return;
  else if (joint == JOINT_STRANGER)
    self->joint = watch_stranger (self, token);
  else
    self->joint = watch_joined_word (self, joint, token, word);
}

/* A call is a name before a parenthesis; in an INSERT only behind VALUES, where it is no longer
 * the list of a tag's properties. */
static void
watch_calls (NebulaSentenceReader *self, int token)
{
  if (self->clock_call)
    {
      self->clock_call = FALSE;
      if (token != NEBULA_TOKEN_STRING && token != NEBULA_TOKEN_NUMBER)
        self->impure = TRUE;
    }

  if (token != '(' || (self->judge == NEBULA_JUDGE_INSERT && !self->values))
    return;

  /* No value has two pairs of parentheses in a row: what it is nobody knows. */
  if (self->previous == NEBULA_TOKEN_QUOTED || self->previous == ')')
    self->impure = TRUE;
  else if (self->previous != NEBULA_TOKEN_WORD)
    return;
  else if (self->previous_word == NEBULA_WORD_CLOCK_FUNCTION)
    self->clock_call = TRUE;
  else if (self->previous_word != NEBULA_WORD_PURE_FUNCTION
           && self->previous_word != NEBULA_WORD_SIGN)
    self->impure = TRUE;
}

static gboolean
is_constant (int token, NebulaWord word)
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
watch_set_name (NebulaSentenceReader *self, int token)
{
  if (token == '='
      && (self->previous == NEBULA_TOKEN_WORD || self->previous == NEBULA_TOKEN_QUOTED))
    self->set_stage = SET_VALUE;
  else if (token != NEBULA_TOKEN_WORD && token != NEBULA_TOKEN_QUOTED && token != '.')
    self->not_constant = TRUE;
}

/* SET a = 1, b = "x" YIELD …: every value has to be made of constants only. */
static void
watch_set (NebulaSentenceReader *self, int token, NebulaWord word)
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

/* MERGE is a name, too: here it is one. */
static gboolean
is_name_position (int previous)
{
  return previous == '.' || previous == ':' || previous == ',';
}

static void
watch_word (NebulaSentenceReader *self, NebulaWord word)
{
  if (is_hidden_write (self, word))
    self->write = TRUE;
  if (self->write && (self->hidden == NEBULA_HIDDEN_NONE || self->hidden == NEBULA_HIDDEN_OTHER))
    self->hidden = hidden_write_of ((NebulaWord) self->previous_word, word);

  switch (word)
    {
    case NEBULA_WORD_UNION:
    case NEBULA_WORD_INTERSECT:
    case NEBULA_WORD_MINUS:
      self->operators = TRUE;
      join (self, JOINT_OPERATOR);
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
    case NEBULA_WORD_REMOVE:
    case NEBULA_WORD_SET:
      /* No release lets a read end in these; one that does must not be taken for a read. */
      self->write |= self->judge == NEBULA_JUDGE_READ;
      break;
    case NEBULA_WORD_MERGE:
      self->write |= self->judge == NEBULA_JUDGE_READ && !is_name_position (self->previous);
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
add_to_body (NebulaSentenceReader *self, int token, NebulaWord word)
{
  self->stage = STAGE_BODY;
  if (self->n_head < NEBULA_N_HEAD)
    add_to_head (self, word);

  if (self->joint != JOINT_NONE)
    watch_joint (self, token, word);
  if (token == NEBULA_TOKEN_WORD)
    watch_word (self, word);
  else if (token == '|' || token == ';') /* ; comes here inside EXPLAIN { } only */
    watch_pipe (self);
  else if (token == NEBULA_TOKEN_VARIABLE)
    self->variable = TRUE;
  else if (token == NEBULA_TOKEN_REFERENCE
           || (token == '.' && self->previous == NEBULA_TOKEN_VARIABLE))
    self->reference = TRUE;

  watch_calls (self, token);
  if (self->judge == NEBULA_JUDGE_UPDATE)
    watch_set (self, token, word);
}

/* Before the first word: (, $v =, PROFILE, EXPLAIN, FORMAT = "…", {. */
static void
add_to_start (NebulaSentenceReader *self, int token, NebulaWord word)
{
  if (token == '(' || (token == '{' && self->stage == STAGE_AFTER_PROFILE))
    {
      self->enclosure = token == '{' ? ENCLOSURE_OPEN : self->enclosure;
      self->stage = STAGE_START;
    }
  else if (token == NEBULA_TOKEN_VARIABLE && self->stage == STAGE_START)
    {
      self->stage = STAGE_AFTER_VARIABLE;
    }
  else if ((word == NEBULA_WORD_PROFILE || word == NEBULA_WORD_EXPLAIN)
           && self->previous == NEBULA_TOKEN_END)
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

static void
watch_braces (NebulaSentenceReader *self, int token)
{
  self->braces += (token == '{') - (token == '}');
  if (self->enclosure == ENCLOSURE_CLOSED)
    self->strange = TRUE;
  else if (self->enclosure == ENCLOSURE_OPEN && token == '}' && self->braces == 0)
    self->enclosure = ENCLOSURE_CLOSED;
}

static void
add_token (NebulaSentenceReader *self, int token, NebulaWord word)
{
  watch_braces (self, token);

  switch ((Stage) self->stage)
    {
    case STAGE_START:
    case STAGE_AFTER_PROFILE:
      add_to_start (self, token, word);
      break;
    case STAGE_AFTER_FORMAT:
      if (token == NEBULA_TOKEN_STRING && self->previous == '=')
        self->stage = STAGE_AFTER_PROFILE;
      else if (token != '=')
        {
          self->strange = TRUE;
          add_to_body (self, token, word);
        }
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
}

#define WORD(word) [NEBULA_SYMBOL (word)] = 1

/* All that can change what a sentence is that reads, until it writes. */
static const NebulaTokenSet tokens_of_reads = {
  .listed = {
    [NEBULA_TOKEN_END] = 1, [NEBULA_TOKEN_ERROR] = 1,
    ['|'] = 1, [';'] = 1, ['{'] = 1, ['}'] = 1,
    WORD (UNION), WORD (INTERSECT), WORD (MINUS),
    WORD (DELETE), WORD (INSERT), WORD (UPDATE), WORD (UPSERT),
    WORD (QUERY), WORD (SESSION), WORD (SESSIONS),
    WORD (DROP), WORD (ALTER), WORD (SET), WORD (CREATE), WORD (REMOVE), WORD (MERGE),
  },
};

/* Most tokens of a large INSERT are none of these: its values. */
static const NebulaTokenSet tokens_of_writes = {
  .listed = {
    [NEBULA_TOKEN_STRING] = 1, [NEBULA_TOKEN_NUMBER] = 1,
    [','] = 1, [':'] = 1, [')'] = 1,
    WORD (OTHER), WORD (PURE_FUNCTION),
  },
  .others = 1,
};

#undef WORD

/* The tokens that can still change what is known: the others are passed over. */
static const NebulaTokenSet *
get_wanted (const NebulaSentenceReader *self)
{
  if (!self->head_is_known || self->judge == NEBULA_JUDGE_UPDATE || self->clock_call || self->write
      || self->joint != JOINT_NONE || self->enclosure == ENCLOSURE_CLOSED)
    return &nebula_all_tokens;

  return self->judge == NEBULA_JUDGE_READ ? &tokens_of_reads : &tokens_of_writes;
}

/* EXPLAIN { a; b } is one sentence: nothing of it is executed. */
static gboolean
is_end (const NebulaSentenceReader *self, int token)
{
  return token == NEBULA_TOKEN_END || token == NEBULA_TOKEN_ERROR
         || (token == ';' && !(self->explain && self->braces > 0));
}

/* Reads a sentence up to its end, and answers what ended it: a semicolon, NEBULA_TOKEN_END or
 * NEBULA_TOKEN_ERROR. */
int
nebula_sentence_reader_read (NebulaSentenceReader *self, NebulaScanner *scanner)
{
  int token;

  memset (self, 0, sizeof *self);
  self->safety = NEBULA_STATEMENT_NOT_IDEMPOTENT;
  nebula_scanner_begin_sentence (scanner);
  while (!is_end (self, token = nebula_scanner_next (scanner, get_wanted (self))))
    {
      if (scanner->previous == NEBULA_TOKEN_END)
        self->begin = scanner->start;
      self->previous = scanner->previous;
      self->previous_word = (guint8) scanner->previous_word;
      add_token (self, token, scanner->word);
    }

  if (self->n_head == 1)
    find_kind (self, NEBULA_WORD_OTHER);
  self->write |= self->judge == NEBULA_JUDGE_READ && self->joint >= JOINT_STRANGER;
  self->previous = scanner->previous;
  self->end = scanner->before;
  if (self->previous == NEBULA_TOKEN_END)
    self->begin = scanner->start;

  return token;
}

/* Whether IF NOT EXISTS (or IF EXISTS) stands where the grammar wants it: behind what is created or
 * dropped, "TAG" or "TAG INDEX". What did not come is NEBULA_WORD_OTHER, and there is room for all
 * of it. */
static gboolean
has_condition (const NebulaSentenceReader *self, gboolean negated)
{
  guint i = self->head[2] == NEBULA_WORD_INDEX ? 3 : 2;

  if (self->head[i++] != NEBULA_WORD_IF)
    return FALSE;
  if (negated && self->head[i++] != NEBULA_WORD_NOT)
    return FALSE;

  return self->head[i] == NEBULA_WORD_EXISTS;
}

/* The kinds that IF EXISTS is known for. */
static gboolean
is_droppable (NebulaWord word)
{
  return word == NEBULA_WORD_SPACE || word == NEBULA_WORD_TAG || word == NEBULA_WORD_EDGE
         || word == NEBULA_WORD_USER;
}

static gboolean
sentence_keeps_promise (const NebulaSentenceReader *self)
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
      return self->set_stage >= SET_VALUE && !self->not_constant && !self->has_when
             && !self->reference && !self->impure && !self->clock_call;
    case NEBULA_JUDGE_FIXED:
    case NEBULA_JUDGE_READ:
    case NEBULA_JUDGE_CREATE:
    default:
      return TRUE;
    }
}

/* EXPLAIN of what nobody knows, or with more around it, may be something else one day. */
static gboolean
is_plan (const NebulaSentenceReader *self)
{
  return self->row != NULL && !self->strange;
}

NebulaStatementSafety
nebula_sentence_reader_judge (const NebulaSentenceReader *self)
{
  if (self->explain)
    return is_plan (self) ? NEBULA_STATEMENT_READ_ONLY : NEBULA_STATEMENT_NOT_IDEMPOTENT;
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

/* What the sentence is, as a static string; see #NebulaSentence. */
const char *
nebula_sentence_reader_get_kind (const NebulaSentenceReader *self)
{
  const NebulaStatementKind *row = self->row;

  if (self->explain)
    return is_plan (self) ? "EXPLAIN" : "unknown";
  if (self->stage != STAGE_BODY || row == NULL)
    return "unknown";
  if (row->index_name != NULL && self->n_head > 2 && self->head[2] == NEBULA_WORD_INDEX)
    return row->index_name;
  if (self->judge != NEBULA_JUDGE_READ || !self->write)
    return row->names[NEBULA_HIDDEN_NONE];

  /* A write that no release knows there has no name. */
  return row->names[self->hidden] != NULL ? row->names[self->hidden] : "unknown";
}

gboolean
nebula_sentence_reader_is_vertex_update (const NebulaSentenceReader *self)
{
  return self->judge == NEBULA_JUDGE_UPDATE && self->head[1] == NEBULA_WORD_VERTEX && !self->profile
         && !self->explain && !self->write;
}
