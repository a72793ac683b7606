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
  CLASS_LETTER, /* begins a word; bytes from 128 too, because names may be in any script */
  CLASS_DIGIT,
  CLASS_PUNCTUATION,
  CLASS_QUOTE,
  CLASS_OTHER, /* begins more than one kind of token */
} ByteClass;

typedef struct
{
  const char *text;
  NebulaWord  word;
} WordRow;

#define WORD(word) { #word, NEBULA_WORD_##word }

static const WordRow keywords[] = {
  WORD (ADD), WORD (ALTER), WORD (AS), WORD (BALANCE), WORD (CHANGE), WORD (CLEAR),
  WORD (CONFIGS), WORD (CREATE), WORD (DELETE), WORD (DESC), WORD (DESCRIBE), WORD (DIVIDE),
  WORD (DOWNLOAD), WORD (DROP), WORD (EDGE), WORD (EXISTS), WORD (EXPLAIN), WORD (FALSE),
  WORD (FETCH), WORD (FIND), WORD (FORMAT), WORD (FULLTEXT), WORD (GET), WORD (GO),
  WORD (GRANT), WORD (GROUP), WORD (HOSTS), WORD (IF), WORD (INDEX), WORD (INGEST),
  WORD (INSERT), WORD (INTERSECT), WORD (JOB), WORD (KILL), WORD (LIMIT), WORD (LISTENER),
  WORD (LOOKUP), WORD (MATCH), WORD (MERGE), WORD (MINUS), WORD (NOT), WORD (NULL),
  WORD (OFFSET), WORD (OPTIONAL), WORD (ORDER), WORD (PASSWORD), WORD (PROFILE), WORD (QUERY),
  WORD (REBUILD), WORD (RECOVER), WORD (REMOVE), WORD (RENAME), WORD (RETURN), WORD (REVOKE),
  WORD (SESSION), WORD (SESSIONS), WORD (SET), WORD (SHOW), WORD (SIGN), WORD (SNAPSHOT),
  WORD (SPACE), WORD (STOP), WORD (SUBMIT), WORD (TAG), WORD (TRUE), WORD (UNION),
  WORD (UNWIND), WORD (UPDATE), WORD (UPSERT), WORD (USE), WORD (USER), WORD (VALUES),
  WORD (VERTEX), WORD (WHEN), WORD (WITH), WORD (YIELD), WORD (ZONE),
};

/* Functions that give the same for the same arguments. What is not here may differ each time:
 * now, rand, rand32, rand64, uuid, and whatever a later release brings. */
static const char *const pure_functions[] = {
  "ABS",       "ACOS",      "ASIN",      "ATAN",     "CBRT",     "CEIL",      "COALESCE",
  "CONCAT",    "CONCAT_WS", "COS",       "DURATION", "EXP",      "EXP2",      "FLOOR",
  "HASH",      "HYPOT",     "LENGTH",    "LOG",      "LOG10",    "LOG2",      "LOWER",
  "LPAD",      "LTRIM",     "POW",       "RADIANS",  "REPLACE",  "REVERSE",   "ROUND",
  "RPAD",      "RTRIM",     "SIN",      "SIZE",     "SPLIT",     "SQRT",
  "ST_GEOGFROMTEXT",        "ST_POINT",  "STRCASECMP",           "SUBSTR",    "SUBSTRING",
  "TAN",       "TOBOOLEAN", "TOFLOAT",   "TOINTEGER", "TOLOWER", "TOSTRING",  "TOUPPER",
  "TRIM",      "UPPER",
};

/* Functions that read the clock when they get no argument. */
static const char *const clock_functions[] = { "DATE", "DATETIME", "TIME", "TIMESTAMP" };

/* U+00A0 in UTF-8: white space for graphd, and the only one that is no single byte. */
static const guint8 NO_BREAK_SPACE[] = { 0xc2, 0xa0 };

/* The longest is ST_GEOGFROMTEXT; a longer word is none of these. */
#define MAX_WORD 15

/* Nearly four times the number of words: most probes end at the first slot. A power of two. */
#define N_SLOTS 512

/* Whether a byte goes on with a word. */
typedef enum
{
  WORD_BYTE_NO,
  WORD_BYTE_YES,
  WORD_BYTE_LOOK, /* unless it begins a no-break space */
} WordByte;

struct _NebulaScannerTables
{
  guint8  class[256]; /* ByteClass */
  guint8  in_word[256];   /* WordByte */
  guint8  in_quotes[256]; /* FALSE for the bytes that may end what is quoted, or hide its end */
  char    capital[256];
  guint32 lengths[256]; /* by first capital: a bit for each length that a word of it has */
  WordRow slots[N_SLOTS];
};

typedef struct _NebulaScannerTables Tables;

/* Of a word whose letters are capitals, or become so by the table. */
static guint
hash_word (const Tables *tables,
           const char   *word,
           gsize         length)
{
  return ((guint8) tables->capital[(guint8) word[0]] * 31u +
          (guint8) tables->capital[(guint8) word[length / 2]] * 7u +
          (guint8) tables->capital[(guint8) word[length - 1]] * 131u + (guint) length * 61u) %
         N_SLOTS;
}

static void
add_word (Tables     *tables,
          const char *text,
          NebulaWord  word)
{
  guint slot = hash_word (tables, text, strlen (text));

  g_assert (strlen (text) <= MAX_WORD);
  while (tables->slots[slot].text != NULL)
    slot = (slot + 1) % N_SLOTS;

  tables->slots[slot].text = text;
  tables->slots[slot].word = word;
  tables->lengths[(guint8) text[0]] |= 1u << strlen (text);
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
      gboolean digit = g_ascii_isdigit (c);

      tables->in_word[c] = letter || digit ? WORD_BYTE_YES : WORD_BYTE_NO;
      tables->in_quotes[c] = c == 0 || strchr ("\"'`\\\n", (int) c) == NULL;
      tables->capital[c] = g_ascii_toupper ((char) c);
      tables->class[c] = letter ? CLASS_LETTER : digit ? CLASS_DIGIT : CLASS_ERROR;
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
  tables->in_word[NO_BREAK_SPACE[0]] = WORD_BYTE_LOOK;
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

/* Whether @text is @word, whatever the case of its letters. */
static gboolean
is_word (const Tables *tables,
         const char   *word,
         const char   *text,
         gsize         length)
{
  for (gsize i = 0; i < length; i++)
    {
      if (tables->capital[(guint8) text[i]] != word[i])
        return FALSE;
    }

  return word[length] == '\0';
}

static NebulaWord
lookup_word (const Tables *tables,
             const char   *text,
             gsize         length)
{
  guint8 first = (guint8) tables->capital[(guint8) *text];

  /* Most names need no closer look. */
  if (length > MAX_WORD || ((tables->lengths[first] >> length) & 1) == 0)
    return NEBULA_WORD_OTHER;

  for (guint slot = hash_word (tables, text, length); tables->slots[slot].text != NULL;
       slot = (slot + 1) % N_SLOTS)
    {
      if (is_word (tables, tables->slots[slot].text, text, length))
        return tables->slots[slot].word;
    }

  return NEBULA_WORD_OTHER;
}

static inline gboolean
is_no_break_space (const char *at,
                   const char *end)
{
  return (guint8) at[0] == NO_BREAK_SPACE[0] && end - at >= 2 &&
         (guint8) at[1] == NO_BREAK_SPACE[1];
}

static const char *
end_of_word (const Tables *tables,
             const char   *at,
             const char   *end)
{
  for (; at < end; at++)
    {
      guint8 kind = tables->in_word[(guint8) *at];

      if (kind == WORD_BYTE_NO || (kind == WORD_BYTE_LOOK && is_no_break_space (at, end)))
        break;
    }

  return at;
}

static const char *
end_of_digits (const char *at,
               const char *end)
{
  while (at < end && g_ascii_isdigit (*at))
    at++;

  return at;
}

/* 12, 1.5, 1e-3, 0x1f. A letter behind it begins a word, as it does for graphd. Two dots are a
 * range, not a fraction. */
static const char *
end_of_number (const char *at,
               const char *end)
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
end_of_quoted (const Tables *tables,
               const char   *at,
               const char   *end)
{
  const char quote = *at++;

  for (; at < end; at++)
    {
      const char c = *at;

      if (tables->in_quotes[(guint8) c])
        continue;
      if (c == quote)
        return at + 1;
      if (c == '\\')
        at++;
      else if (c == '\n')
        return NULL;
    }

  return NULL;
}

/* Answers where a comment ends, NULL if it does not. */
static const char *
end_of_comment (const char *at,
                const char *end)
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
is_comment (const char *at,
            const char *end)
{
  return *at == '#' || (*at == '/' && end - at >= 2 && (at[1] == '/' || at[1] == '*'));
}

/* Skips white space and comments. Answers where the next token is, NULL if a comment does not
 * end. */
static const char *
skip_blank (const Tables *tables,
            const char   *at,
            const char   *end)
{
  while (at < end)
    {
      guint8 class = tables->class[(guint8) *at];

      if (class == CLASS_SPACE)
        at++;
      else if (class == CLASS_LETTER && is_no_break_space (at, end))
        at += 2;
      else if (class == CLASS_OTHER && is_comment (at, end))
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
scan_dollar (const Tables  *tables,
             NebulaScanner *self,
             const char    *at)
{
  char next = self->end - at >= 2 ? at[1] : '\0';

  if (next == '-' || next == '^' || next == '$')
    {
      self->at = at + 2;
      return NEBULA_TOKEN_REFERENCE;
    }
  if (tables->class[(guint8) next] != CLASS_LETTER || is_no_break_space (at + 1, self->end))
    return NEBULA_TOKEN_ERROR;

  self->at = end_of_word (tables, at + 1, self->end);
  return NEBULA_TOKEN_VARIABLE;
}

static int
scan_quoted (NebulaScanner *self,
             const char    *at)
{
  const char *after = end_of_quoted (self->tables, at, self->end);

  if (after == NULL)
    return NEBULA_TOKEN_ERROR;

  self->at = after;
  return *at == '`' ? NEBULA_TOKEN_QUOTED : NEBULA_TOKEN_STRING;
}

/* @statement is not copied. */
void
nebula_scanner_init (NebulaScanner *self,
                     const char    *statement,
                     gsize          length)
{
  self->at = statement;
  self->start = statement;
  self->end = statement + length;
  self->word = NEBULA_WORD_OTHER;
  self->tables = get_tables ();
}

/* Reads the next token: a NebulaTokenKind, or a byte of punctuation. After NEBULA_TOKEN_ERROR
 * there is no way on: the rest cannot be understood. */
int
nebula_scanner_next (NebulaScanner *self)
{
  const Tables *tables = self->tables;
  const char *at = skip_blank (tables, self->at, self->end);
  const char *after;

  self->word = NEBULA_WORD_OTHER;
  self->start = at != NULL ? at : self->at;
  if (at == NULL)
    return NEBULA_TOKEN_ERROR;
  if (at >= self->end)
    return NEBULA_TOKEN_END;

  switch ((ByteClass) tables->class[(guint8) *at])
    {
    case CLASS_PUNCTUATION:
      self->at = at + 1;
      return *at;
    case CLASS_QUOTE:
      return scan_quoted (self, at);
    case CLASS_DIGIT:
      self->at = end_of_number (at, self->end);
      return NEBULA_TOKEN_NUMBER;
    case CLASS_LETTER:
      after = end_of_word (tables, at, self->end);
      self->word = lookup_word (tables, at, (gsize) (after - at));
      self->at = after;
      return NEBULA_TOKEN_WORD;
    case CLASS_OTHER:
      if (*at == '$')
        return scan_dollar (tables, self, at);
      self->at = at + 1; /* a slash: comments are skipped already */
      return *at;
    case CLASS_SPACE:
    case CLASS_ERROR:
    default:
      return NEBULA_TOKEN_ERROR;
    }
}
