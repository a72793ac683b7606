/* SPDX-License-Identifier: Apache-2.0 */
#include "nebula-statement-scanner-private.h"

#include <string.h>

/* The tokens of nGQL, by the rules of graphd's own scanner (NebulaGraph 3.8): keywords in any case,
 * white space also as a no-break space, comments after # and // and between slash-stars, strings in
 * either quote with backslashes, names in back-quotes. Two dashes begin no comment. What graphd
 * would refuse is an error here too. */

typedef enum
{
  CLASS_ERROR, /* a byte that begins no token */
  CLASS_SPACE,
  CLASS_PUNCTUATION,
  CLASS_QUOTE,
  CLASS_OTHER,  /* begins more than one kind of token */
  CLASS_LETTER, /* begins a word, as all from here may go on with one; most bytes from 128 too:
                   names may be in any script */
  CLASS_DIGIT,
  CLASS_NO_BREAK, /* begins a no-break space, or a letter */
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
  WORD (ADD),      WORD (ALL),      WORD (ALTER),    WORD (AS),        WORD (BALANCE),
  WORD (CHANGE),   WORD (CLEAR),    WORD (CONFIGS),  WORD (CREATE),    WORD (DELETE),
  WORD (DESC),     WORD (DESCRIBE), WORD (DISTINCT), WORD (DIVIDE),    WORD (DOWNLOAD),
  WORD (DROP),     WORD (EDGE),     WORD (EXISTS),   WORD (EXPLAIN),   WORD (FALSE),
  WORD (FETCH),    WORD (FIND),     WORD (FORMAT),   WORD (FULLTEXT),  WORD (GET),
  WORD (GO),       WORD (GRANT),    WORD (GROUP),    WORD (HOSTS),     WORD (IF),
  WORD (INDEX),    WORD (INGEST),   WORD (INSERT),   WORD (INTERSECT), WORD (JOB),
  WORD (KILL),     WORD (LIMIT),    WORD (LISTENER), WORD (LOOKUP),    WORD (MATCH),
  WORD (MERGE),    WORD (MINUS),    WORD (NOT),      WORD (NULL),      WORD (OFFSET),
  WORD (OPTIONAL), WORD (ORDER),    WORD (PASSWORD), WORD (PROFILE),   WORD (QUERY),
  WORD (REBUILD),  WORD (RECOVER),  WORD (REMOVE),   WORD (RENAME),    WORD (RETURN),
  WORD (REVOKE),   WORD (SESSION),  WORD (SESSIONS), WORD (SET),       WORD (SHOW),
  WORD (SIGN),     WORD (SNAPSHOT), WORD (SPACE),    WORD (STOP),      WORD (SUBMIT),
  WORD (TAG),      WORD (TRUE),     WORD (UNION),    WORD (UNWIND),    WORD (UPDATE),
  WORD (UPSERT),   WORD (USE),      WORD (USER),     WORD (VALUES),    WORD (VERTEX),
  WORD (WHEN),     WORD (WITH),     WORD (YIELD),    WORD (ZONE),
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

/* Words are read eight bytes at a time, and told apart by their first sixteen, as two numbers with
 * the case of letters taken away: a longer word is none of these. */
#define CHUNK 8
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

/* A word that was read. Passed by value, as pointers to ends are: what the scanner knows can then
 * stay in registers. */
typedef struct
{
  const char *end; /* (unowned) one past it */
  NebulaWord word;
} Word;

/* In every byte of a chunk. */
#define EACH(byte) (G_GUINT64_CONSTANT (0x0101010101010101) * (byte))

/* Of the bytes of a chunk: a mark is the highest bit of a byte. */
#define MARKS EACH (0x80)

/* Fewer bytes than a chunk, of which some are read twice: one of each pair has to be there. */
static inline guint64
load_rest (const guint8 *at, gsize length)
{
  gsize last = length - 1, middle = length / 2;
  guint32 low, high;

  if (length < 4)
    return at[0] | (guint64) at[middle] << (8 * middle) | (guint64) at[last] << (8 * last);

  memcpy (&low, at, 4);
  memcpy (&high, at + length - 4, 4);
  return GUINT32_FROM_LE (low) | (guint64) GUINT32_FROM_LE (high) << (8 * (length - 4));
}

/* The bytes from @at, the first one lowest, and 0 for what lies past @end. */
static inline guint64
load_chunk (const char *at, const char *end)
{
  guint64 chunk;

  if (G_UNLIKELY (end - at < CHUNK))
    return at < end ? load_rest ((const guint8 *) at, (gsize) (end - at)) : 0;

  memcpy (&chunk, at, CHUNK);
  return GUINT64_FROM_LE (chunk);
}

/* How many bytes are before the first mark; @marks is not 0. */
static inline guint
count_to_mark (guint64 marks)
{
  return (guint) __builtin_ctzll (marks) / 8;
}

/* Marks the bytes that are no letters of ASCII, and perhaps others behind the first one. */
static inline guint64
mark_others (guint64 chunk)
{
  guint64 letters = (chunk | EACH (0x20)) + EACH (0x80 - 'a');

  return (((letters & ~MARKS) + EACH (0x80 - 26)) | chunk) & MARKS;
}

/* Marks the bytes that do not go on with a word, and those from 128, which may or may not; perhaps
 * also others behind the first one. */
static inline guint64
mark_ends (guint64 chunk)
{
  guint64 digits = ((chunk + EACH (0x80 - '0')) & ~MARKS) + EACH (0x80 - 10);
  guint64 underscores = (chunk ^ EACH ('_')) + EACH (0x7f);

  return mark_others (chunk) & ((digits & underscores) | chunk);
}

/* Marks the bytes that are @byte. Marks behind the first one may be wrong. */
static inline guint64
mark_byte (guint64 chunk, char byte)
{
  guint64 difference = chunk ^ EACH ((guint8) byte);

  return (difference - EACH (1)) & ~difference & MARKS;
}

/* The bytes before the first mark, as they are compared: capitals and small letters are one, and no
 * two other bytes of words are. */
static inline guint64
fold_word (guint64 chunk, guint64 marks)
{
  return chunk & EACH (0xdf) & ((marks ^ (marks - 1)) >> 8);
}

/* An odd number without a pattern; the highest bits of a product depend on all of the factor. The
 * few words that begin alike for eight bytes stand one behind the other. */
static inline guint
hash_word (guint64 low)
{
  return (guint) ((low * G_GUINT64_CONSTANT (0x9e3779b97f4a7c15)) >> (64 - N_SLOT_BITS));
}

static void
add_word (Tables *tables, const char *text, NebulaWord word)
{
  gsize length = strlen (text);
  const char *end = text + length;
  guint64 low = load_chunk (text, end) & EACH (0xdf);
  guint64 high = length > CHUNK ? load_chunk (text + CHUNK, end) & EACH (0xdf) : 0;
  guint slot = hash_word (low);

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
  tables->class[NO_BREAK_SPACE[0]] = CLASS_NO_BREAK;
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

  for (guint i = hash_word (low);; i = (i + 1) % N_SLOTS)
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

/* As read_word(), for what is not letters only, or more than a few. */
static Word
read_long_word (const Tables *tables, const char *at, const char *end)
{
  guint64 chunk = load_chunk (at, end);
  guint64 marks = mark_ends (chunk);
  guint64 low = marks != 0 ? fold_word (chunk, marks) : chunk & EACH (0xdf);
  guint64 high = 0;

  if (marks == 0)
    {
      at += CHUNK;
      chunk = load_chunk (at, end);
      marks = mark_ends (chunk);
      if (marks == 0)
        return (Word){ end_of_name (at, end), NEBULA_WORD_OTHER };
      high = fold_word (chunk, marks);
    }

  at += count_to_mark (marks);
  if (at < end && (guint8) *at >= 128 && !is_no_break_space (at, end))
    return (Word){ end_of_name (at, end), NEBULA_WORD_OTHER };

  return (Word){ at, lookup_word (tables, low, high) };
}

/* Reads the word at @at, if one is there. What is past the end is 0, and no part of a word. */
static inline Word
read_word (const Tables *tables, const char *at, const char *end)
{
  guint64 chunk = load_chunk (at, end);
  guint64 marks = mark_others (chunk);
  const char *after;

  if (G_UNLIKELY (marks == 0))
    return read_long_word (tables, at, end);

  after = at + count_to_mark (marks);
  if (G_UNLIKELY (after < end && tables->class[(guint8) *after] >= CLASS_LETTER))
    return read_long_word (tables, at, end);

  return (Word){ after, lookup_word (tables, fold_word (chunk, marks), 0) };
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
static inline const char *
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

/* A byte that begins more than one kind of token, at @at. Answers where what separates tokens ends,
 * @at itself if a token begins there, NULL if a comment does not end. */
static const char *
skip_other (const char *at, const char *end)
{
  if (is_no_break_space (at, end))
    return at + 2;

  return is_comment (at, end) ? end_of_comment (at, end) : at;
}

static inline gboolean
is_reference (char c)
{
  return c == '-' || c == '^' || c == '$';
}

/* $v, $-, $^, $$. Answers where it ends, NULL if it is none of these. */
static const char *
end_of_dollar (const Tables *tables, const char *at, const char *end)
{
  const char *name = at + 1;
  const char *after;

  if (name >= end || g_ascii_isdigit (*name))
    return NULL;
  if (is_reference (*name))
    return name + 1;

  after = read_word (tables, name, end).end;
  return after > name ? after : NULL;
}

static inline int
scan_dollar (NebulaScanner *self, const char *at)
{
  const char *after = end_of_dollar (self->tables, at, self->end);

  if (after == NULL)
    return NEBULA_TOKEN_ERROR;

  self->at = after;
  return is_reference (at[1]) ? NEBULA_TOKEN_REFERENCE : NEBULA_TOKEN_VARIABLE;
}

static inline int
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
  Word word = read_word (self->tables, at, self->end);

  self->at = word.end;
  self->word = word.word;
  return NEBULA_TOKEN_WORD;
}

/* What is no word and no white space, at @at. */
static inline int
scan_symbol (NebulaScanner *self, const char *at, ByteClass class)
{
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
      self->at = at + 1; /* a slash: comments are skipped already */
      return *at;
    case CLASS_NO_BREAK: /* a letter: such a space is skipped already */
      return scan_word (self, at);
    case CLASS_LETTER:
    case CLASS_SPACE:
    case CLASS_ERROR:
    default:
      return NEBULA_TOKEN_ERROR;
    }
}

static inline int
scan_token (NebulaScanner *self)
{
  const char *at = self->at;

  self->before = at;
  self->word = NEBULA_WORD_OTHER;
  for (self->start = at; at < self->end; self->start = at)
    {
      ByteClass class = (ByteClass) self->tables->class[(guint8) *at];
      const char *after;

      if (class == CLASS_SPACE)
        {
          at++;
          continue;
        }
      /* Most tokens are words: they do not go through the table of jumps. */
      if (class == CLASS_LETTER)
        return scan_word (self, at);
      if (class != CLASS_OTHER && class != CLASS_NO_BREAK)
        return scan_symbol (self, at, class);
      after = skip_other (at, self->end);
      if (after == NULL)
        return NEBULA_TOKEN_ERROR;
      if (after == at)
        return scan_symbol (self, at, class);
      at = after;
    }

  return NEBULA_TOKEN_END;
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
