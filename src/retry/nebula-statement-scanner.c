/* SPDX-License-Identifier: Apache-2.0 */
#include "nebula-statement-scanner-private.h"

#include "nebula-chunk-private.h"

#include <string.h>

/* The tokens of nGQL, by the rules of graphd's own scanner (NebulaGraph 3.8): keywords in any case,
 * white space also as a no-break space, comments after # and // and between slash-stars, strings in
 * either quote with backslashes, names in back-quotes. Two dashes begin no comment. What graphd
 * would refuse is an error here too. */

typedef enum
{
  CLASS_ERROR, /* a byte that begins no token */
  CLASS_SPACE,
  CLASS_LETTER, /* begins a word; most bytes from 128 too: names may be in any script */
  CLASS_DIGIT,
  CLASS_PUNCTUATION,
  CLASS_QUOTE,
  CLASS_OTHER, /* begins more than one kind of token */
} ByteClass;

typedef struct
{
  const char *text;
  NebulaWord word;
} WordRow;

/* clang-format off */
#define WORD(word) { #word, NEBULA_WORD_##word }
/* clang-format on */

static const WordRow keywords[] = {
  WORD (ADD),      WORD (ALTER),     WORD (AS),       WORD (BALANCE),  WORD (CHANGE),
  WORD (CLEAR),    WORD (CONFIGS),   WORD (CREATE),   WORD (DELETE),   WORD (DESC),
  WORD (DESCRIBE), WORD (DIVIDE),    WORD (DOWNLOAD), WORD (DROP),     WORD (EDGE),
  WORD (EXISTS),   WORD (EXPLAIN),   WORD (FALSE),    WORD (FETCH),    WORD (FIND),
  WORD (FORMAT),   WORD (FULLTEXT),  WORD (GET),      WORD (GO),       WORD (GRANT),
  WORD (GROUP),    WORD (HOSTS),     WORD (IF),       WORD (INDEX),    WORD (INGEST),
  WORD (INSERT),   WORD (INTERSECT), WORD (JOB),      WORD (KILL),     WORD (LIMIT),
  WORD (LISTENER), WORD (LOOKUP),    WORD (MATCH),    WORD (MERGE),    WORD (MINUS),
  WORD (NOT),      WORD (NULL),      WORD (OFFSET),   WORD (OPTIONAL), WORD (ORDER),
  WORD (PASSWORD), WORD (PROFILE),   WORD (QUERY),    WORD (REBUILD),  WORD (RECOVER),
  WORD (REMOVE),   WORD (RENAME),    WORD (RETURN),   WORD (REVOKE),   WORD (SESSION),
  WORD (SESSIONS), WORD (SET),       WORD (SHOW),     WORD (SIGN),     WORD (SNAPSHOT),
  WORD (SPACE),    WORD (STOP),      WORD (SUBMIT),   WORD (TAG),      WORD (TRUE),
  WORD (UNION),    WORD (UNWIND),    WORD (UPDATE),   WORD (UPSERT),   WORD (USE),
  WORD (USER),     WORD (VALUES),    WORD (VERTEX),   WORD (WHEN),     WORD (WITH),
  WORD (YIELD),    WORD (ZONE),
};

/* Functions that give the same for the same arguments. What is not here may differ each time:
 * now, rand, rand32, rand64, uuid, and whatever a later release brings. */
static const char *const pure_functions[] = {
  "ABS",       "ACOS",       "ASIN",     "ATAN",      "CBRT",    "CEIL",      "COALESCE",
  "CONCAT",    "CONCAT_WS",  "COS",      "DURATION",  "EXP",     "EXP2",      "FLOOR",
  "HASH",      "HYPOT",      "LENGTH",   "LOG",       "LOG10",   "LOG2",      "LOWER",
  "LPAD",      "LTRIM",      "POW",      "RADIANS",   "REPLACE", "REVERSE",   "ROUND",
  "RPAD",      "RTRIM",      "SIN",      "SIZE",      "SPLIT",   "SQRT",      "ST_GEOGFROMTEXT",
  "ST_POINT",  "STRCASECMP", "SUBSTR",   "SUBSTRING", "TAN",     "TOBOOLEAN", "TOFLOAT",
  "TOINTEGER", "TOLOWER",    "TOSTRING", "TOUPPER",   "TRIM",    "UPPER",
};

/* Functions that read the clock when they get no argument. */
static const char *const clock_functions[] = { "DATE", "DATETIME", "TIME", "TIMESTAMP" };

/* U+00A0 in UTF-8: white space for graphd, and the only one that is no single byte. */
static const guint8 NO_BREAK_SPACE[] = { 0xc2, 0xa0 };

/* Words are read a chunk at a time, and told apart by their first sixteen, as two numbers with
 * the case of letters taken away: a longer word is none of these. */
#define MAX_WORD (2 * CHUNK - 1)

/* Nearly four times the number of words: most probes end at the first slot. */
#define N_SLOT_BITS 9
#define N_SLOTS (1u << N_SLOT_BITS)

typedef struct
{
  guint64 low; /* 0 for a slot that is free */
  guint64 high;
  guint8 word; /* NebulaWord */
} WordSlot;

struct _NebulaScannerTables
{
  guint8 class[256]; /* ByteClass */
  WordSlot slots[N_SLOTS];
};

typedef struct _NebulaScannerTables Tables;

const NebulaTokenSet nebula_all_tokens = { .others = 1 };

static inline guint64
first_mark (guint64 marks)
{
  return marks & -marks;
}

/* Marks the bytes that do not go on with a word, and those from 128, which may or may not. No sum
 * carries into the next byte: all are below 128 before. */
static inline guint64
mark_ends (guint64 chunk)
{
  guint64 ascii = chunk & ~MARKS;
  guint64 lower = ascii | EACH (0x20);
  guint64 letters = (lower + EACH (0x80 - 'a')) & ~(lower + EACH (0x7f - 'z'));
  guint64 digits = (ascii + EACH (0x80 - '0')) & ~(ascii + EACH (0x7f - '9'));
  guint64 underscores = ~((ascii ^ EACH ('_')) + EACH (0x7f));

  return (~(letters | digits | underscores) | chunk) & MARKS;
}

/* The bytes before the only mark, as they are compared: capitals and small letters are one, and no
 * two other bytes of words are. */
static inline guint64
fold_word (guint64 chunk, guint64 mark)
{
  return chunk & EACH (0xdf) & ((mark >> 7) - 1);
}

/* Odd numbers without a pattern; the highest bits of a product depend on all of the factor. */
static inline guint
hash_word (guint64 low, guint64 high)
{
  return (guint) ((low * G_GUINT64_CONSTANT (0x9e3779b97f4a7c15)
                   + high * G_GUINT64_CONSTANT (0xc2b2ae3d27d4eb4f))
                  >> (64 - N_SLOT_BITS));
}

static void
add_word (Tables *tables, const char *text, NebulaWord word)
{
  gsize length = strlen (text);
  const char *end = text + length;
  guint64 low = load_chunk (text, end) & EACH (0xdf);
  guint64 high = length > CHUNK ? load_chunk (text + CHUNK, end) & EACH (0xdf) : 0;
  guint slot = hash_word (low, high);

  g_assert (length <= MAX_WORD);
  while (tables->slots[slot].low != 0)
    slot = (slot + 1) % N_SLOTS;

  tables->slots[slot] = (WordSlot){ low, high, (guint8) word };
}

static void
fill_classes (Tables *tables)
{
  static const char spaces[] = " \t\r\n";
  static const char punctuation[] = "!%&()*+,-.:;<=>?@[]^{|}~";
  static const char quotes[] = "\"'`";
  static const char others[] = "#/$";

  for (guint c = 0; c < 256; c++)
    {
      gboolean letter = c >= 128 || g_ascii_isalpha (c) || c == '_';

      tables->class[c] = letter ? CLASS_LETTER : g_ascii_isdigit (c) ? CLASS_DIGIT : CLASS_ERROR;
      if (c == 0 || c >= 128)
        continue;
      if (strchr (spaces, (int) c) != NULL)
        tables->class[c] = CLASS_SPACE;
      else if (strchr (punctuation, (int) c) != NULL)
        tables->class[c] = CLASS_PUNCTUATION;
      else if (strchr (quotes, (int) c) != NULL)
        tables->class[c] = CLASS_QUOTE;
      else if (strchr (others, (int) c) != NULL)
        tables->class[c] = CLASS_OTHER;
    }
  tables->class[NO_BREAK_SPACE[0]] = CLASS_OTHER;
}

static const Tables *
get_tables (void)
{
  static Tables tables; /* written once, under @filled */
  static gsize filled = 0;

  if (g_once_init_enter (&filled))
    {
      fill_classes (&tables);
      for (gsize i = 0; i < G_N_ELEMENTS (keywords); i++)
        add_word (&tables, keywords[i].text, keywords[i].word);
      for (gsize i = 0; i < G_N_ELEMENTS (pure_functions); i++)
        add_word (&tables, pure_functions[i], NEBULA_WORD_PURE_FUNCTION);
      for (gsize i = 0; i < G_N_ELEMENTS (clock_functions); i++)
        add_word (&tables, clock_functions[i], NEBULA_WORD_CLOCK_FUNCTION);
      g_once_init_leave (&filled, 1);
    }

  return &tables;
}

static inline NebulaWord
lookup_word (const Tables *tables, guint64 low, guint64 high)
{
  const WordSlot *slot;

  for (guint i = hash_word (low, high);; i = (i + 1) % N_SLOTS)
    {
      slot = &tables->slots[i];
      if (slot->low == low && slot->high == high)
        return (NebulaWord) slot->word;
      if (slot->low == 0)
        return NEBULA_WORD_OTHER;
    }
}

static inline gboolean
is_no_break_space (const char *at, const char *end)
{
  return (guint8) at[0] == NO_BREAK_SPACE[0] && end - at >= 2
         && (guint8) at[1] == NO_BREAK_SPACE[1];
}

/* Answers where a name goes on to that is none of our words. */
static const char *
end_of_name (const char *at, const char *end)
{
  while (at < end)
    {
      guint64 marks = mark_ends (load_chunk (at, end));

      if (marks == 0)
        {
          at += CHUNK;
          continue;
        }
      at += count_to_mark (marks);
      if (at >= end || (guint8) *at < 128 || is_no_break_space (at, end))
        break;
      at++;
    }

  return MIN (at, end);
}

/* Answers where the word at @at ends, and which one it is. What is past the end is 0, and no part
 * of a word. */
static inline const char *
end_of_word (const Tables *tables, const char *at, const char *end, NebulaWord *word)
{
  guint64 chunk = load_chunk (at, end);
  guint64 mark = first_mark (mark_ends (chunk));
  guint64 low = fold_word (chunk, mark);
  guint64 high = 0;

  *word = NEBULA_WORD_OTHER;
  if (G_UNLIKELY (mark == 0))
    {
      low = chunk & EACH (0xdf);
      at += CHUNK;
      chunk = load_chunk (at, end);
      mark = first_mark (mark_ends (chunk));
      high = fold_word (chunk, mark);
      if (mark == 0)
        return end_of_name (at, end);
    }

  at += count_to_mark (mark);
  if (G_UNLIKELY ((chunk & mark) != 0) && !is_no_break_space (at, end))
    return end_of_name (at, end);

  *word = lookup_word (tables, low, high);
  return at;
}

static const char *
end_of_digits (const char *at, const char *end)
{
  while (at < end && g_ascii_isdigit (*at))
    at++;

  return at;
}

/* 12, 1.5, 1e-3, 0x1f. A letter behind it begins a word, as it does for graphd. Two dots are a
 * range, not a fraction. */
static const char *
end_of_number (const char *at, const char *end)
{
  if (end - at >= 3 && at[0] == '0' && (at[1] | 0x20) == 'x' && g_ascii_isxdigit (at[2]))
    {
      at += 2;
      while (at < end && g_ascii_isxdigit (*at))
        at++;
      return at;
    }

  at = end_of_digits (at, end);
  if (end - at >= 2 && at[0] == '.' && g_ascii_isdigit (at[1]))
    at = end_of_digits (at + 1, end);
  if (end - at >= 2 && (at[0] | 0x20) == 'e')
    {
      const char *digits = at[1] == '+' || at[1] == '-' ? at + 2 : at + 1;
      const char *after = end_of_digits (digits, end);

      if (after > digits)
        at = after;
    }

  return at;
}

/* Answers where a string or a quoted name ends, NULL if it does not: a line break ends the scan
 * unless a backslash is before it. */
static const char *
end_of_quoted (const char *at, const char *end)
{
  const char quote = *at++;

  while (at < end)
    {
      guint64 chunk = load_chunk (at, end);
      guint64 marks = mark_byte (chunk, quote) | mark_byte (chunk, '\\') | mark_byte (chunk, '\n');

      if (marks == 0)
        {
          at += MIN (CHUNK, end - at);
          continue;
        }
      at += count_to_mark (marks);
      if (*at == quote)
        return at + 1;
      if (*at == '\n')
        return NULL;
      at += MIN (2, end - at); /* a backslash, and what it hides */
    }

  return NULL;
}

/* Answers where a comment ends, NULL if it does not. */
static const char *
end_of_comment (const char *at, const char *end)
{
  const char *after;

  if (*at == '/' && at[1] == '*')
    {
      after = memmem (at + 2, (gsize) (end - at - 2), "*/", 2);
      return after != NULL ? after + 2 : NULL;
    }

  after = memchr (at, '\n', (gsize) (end - at));
  return after != NULL ? after : end;
}

static gboolean
is_comment (const char *at, const char *end)
{
  return *at == '#' || (*at == '/' && end - at >= 2 && (at[1] == '/' || at[1] == '*'));
}

/* Skips white space and comments. Answers where the next token is, NULL if a comment does not
 * end. */
static const char *
skip_blank (const Tables *tables, const char *at, const char *end)
{
  while (at < end)
    {
      guint8 class = tables->class[(guint8) *at];

      if (class == CLASS_SPACE)
        at++;
      else if (class != CLASS_OTHER)
        return at;
      else if (is_no_break_space (at, end))
        at += 2;
      else if (is_comment (at, end))
        at = end_of_comment (at, end);
      else
        return at;

      if (at == NULL)
        return NULL;
    }

  return at;
}

/* $v, $-, $^, $$. */
static int
scan_dollar (NebulaScanner *self, const char *at)
{
  const char *name = at + 1;
  NebulaWord word;

  if (name >= self->end)
    return NEBULA_TOKEN_ERROR;
  if (*name == '-' || *name == '^' || *name == '$')
    {
      self->at = name + 1;
      return NEBULA_TOKEN_REFERENCE;
    }
  if (g_ascii_isdigit (*name))
    return NEBULA_TOKEN_ERROR;

  self->at = end_of_word (self->tables, name, self->end, &word);
  return self->at > name ? NEBULA_TOKEN_VARIABLE : NEBULA_TOKEN_ERROR;
}

static int
scan_quoted (NebulaScanner *self, const char *at)
{
  const char *after = end_of_quoted (at, self->end);

  if (after == NULL)
    return NEBULA_TOKEN_ERROR;

  self->at = after;
  return *at == '`' ? NEBULA_TOKEN_QUOTED : NEBULA_TOKEN_STRING;
}

static inline int
scan_word (NebulaScanner *self, const char *at)
{
  self->at = end_of_word (self->tables, at, self->end, &self->word);
  return NEBULA_TOKEN_WORD;
}

static inline int
scan_token (NebulaScanner *self)
{
  const char *at = skip_blank (self->tables, self->at, self->end);
  ByteClass class;

  self->before = self->at;
  self->start = at != NULL ? at : self->at;
  self->word = NEBULA_WORD_OTHER;
  if (at == NULL)
    return NEBULA_TOKEN_ERROR;
  if (at >= self->end)
    return NEBULA_TOKEN_END;

  /* Most tokens are words: they do not go through the table of jumps. */
  class = (ByteClass) self->tables->class[(guint8) *at];
  if (class == CLASS_LETTER)
    return scan_word (self, at);

  switch (class)
    {
    case CLASS_PUNCTUATION:
      self->at = at + 1;
      return *at;
    case CLASS_QUOTE:
      return scan_quoted (self, at);
    case CLASS_DIGIT:
      self->at = end_of_number (at, self->end);
      return NEBULA_TOKEN_NUMBER;
    case CLASS_OTHER:
      if (*at == '$')
        return scan_dollar (self, at);
      if ((guint8) *at == NO_BREAK_SPACE[0])
        return scan_word (self, at);
      self->at = at + 1; /* a slash: comments are skipped already */
      return *at;
    case CLASS_LETTER:
    case CLASS_SPACE:
    case CLASS_ERROR:
    default:
      return NEBULA_TOKEN_ERROR;
    }
}

/* @statement is not copied. */
void
nebula_scanner_init (NebulaScanner *self, const char *statement, gsize length)
{
  self->at = statement;
  self->start = statement;
  self->before = statement;
  self->end = statement + length;
  self->tables = get_tables ();
  nebula_scanner_begin_sentence (self);
}

/* Forgets which tokens were before. */
void
nebula_scanner_begin_sentence (NebulaScanner *self)
{
  self->token = NEBULA_TOKEN_END;
  self->word = NEBULA_WORD_OTHER;
  self->previous = NEBULA_TOKEN_END;
  self->previous_word = NEBULA_WORD_OTHER;
}

/* Reads on to the next token of @wanted: a NebulaTokenKind, or a byte of punctuation. After
 * NEBULA_TOKEN_ERROR there is no way on: the rest cannot be understood. */
int
nebula_scanner_next (NebulaScanner *self, const NebulaTokenSet *wanted)
{
  NebulaScanner here = *self; /* the compiler keeps in registers what nobody else sees */

  do
    {
      here.previous = here.token;
      if (here.token != '(' && here.token != ')')
        here.previous_word = here.word;
      here.token = scan_token (&here);
    }
  while (wanted->listed[here.token + here.word] == wanted->others);

  *self = here;
  return here.token;
}
