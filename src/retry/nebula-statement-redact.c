/* SPDX-License-Identifier: Apache-2.0 */
#include <nebula-retry/nebula-statement.h>

#include "nebula-statement-scanner-private.h"

#include <string.h>

/*
 * Statements, and what graphd says of them, without the passwords that are in them. CREATE USER,
 * ALTER USER and CHANGE PASSWORD have theirs in quotes, and SIGN IN TEXT SERVICE has one too. Who
 * types one of them wrong has typed the password nevertheless: so words count that only resemble
 * PASSWORD, and what stands where it should. Better too much is hidden than one.
 */

/* What stands for a hidden text. */
#define HIDDEN "***"

/* How graphd begins to quote a statement that it does not understand. */
#define ECHO "near `"

typedef struct
{
  const char *at;
  gsize length;
} Span;

static gboolean
span_is (Span span, const char *word)
{
  return span.length == strlen (word) && g_ascii_strncasecmp (span.at, word, span.length) == 0;
}

static gboolean
has_part (Span span, const char *part)
{
  gsize length = strlen (part);

  for (gsize i = 0; i + length <= span.length; i++)
    if (g_ascii_strncasecmp (span.at + i, part, length) == 0)
      return TRUE;
  return FALSE;
}

static gboolean
has_letter (Span span, char letter)
{
  for (gsize i = 0; i < span.length; i++)
    if (g_ascii_toupper (span.at[i]) == letter)
      return TRUE;
  return FALSE;
}

/* PASSWORD with a letter too few, too many or astray, PASSWD, user_password. */
static gboolean
resembles_password (Span word)
{
  if (has_part (word, "PASSW") || has_part (word, "ASSWORD"))
    return TRUE;
  return word.length >= 5 && g_ascii_toupper (word.at[0]) == 'P' && has_letter (word, 'S')
         && has_letter (word, 'W');
}

/* The next run of letters from @at on, whatever it stands in. */
static Span
next_run (const char *at, const char *end)
{
  Span run;

  while (at < end && !g_ascii_isalpha (*at))
    at++;
  run.at = at;
  while (at < end && (g_ascii_isalnum (*at) || *at == '_'))
    at++;
  run.length = (gsize) (at - run.at);
  return run;
}

/* Words count in comments and strings too: who comments a password out has still written it, and
 * what is a string is not sure when a quote is missing. */
static gboolean
has_telling_word (const char *statement, const char *end)
{
  gboolean sign = FALSE;
  gboolean text = FALSE;
  gboolean service = FALSE;

  for (Span run = next_run (statement, end); run.length > 0;
       run = next_run (run.at + run.length, end))
    {
      if (resembles_password (run))
        return TRUE;
      sign = sign || span_is (run, "SIGN");
      text = text || span_is (run, "TEXT");
      service = service || span_is (run, "SERVICE");
      if (service && (sign || text))
        return TRUE;
    }
  return FALSE;
}

static int
next_token (NebulaScanner *scanner)
{
  return nebula_scanner_next (scanner, &nebula_all_tokens);
}

/* Whether users are made or changed, or somebody signs in, by the words that say so. */
static gboolean
has_telling_sentence (const char *statement, gsize length)
{
  NebulaWord before = NEBULA_WORD_OTHER;
  NebulaWord word;
  gboolean begins = TRUE;
  NebulaScanner scanner;
  int token;

  nebula_scanner_init (&scanner, statement, length);
  do
    {
      token = next_token (&scanner);
      word = token == NEBULA_TOKEN_WORD ? scanner.word : NEBULA_WORD_OTHER;
      if (begins && (word == NEBULA_WORD_SIGN || word == NEBULA_WORD_CHANGE))
        return TRUE;
      begins = token == ';';
      if (word == NEBULA_WORD_USER
          && (before == NEBULA_WORD_CREATE || before == NEBULA_WORD_ALTER))
        return TRUE;
      before = word;
    }
  while (token != NEBULA_TOKEN_END && token != NEBULA_TOKEN_ERROR);
  return FALSE;
}

/* Of the sentences so far; the last one may be one that cannot be read. */
typedef struct
{
  const char *statement;
  gboolean is_strange;
  gboolean is_last_strange;
} Strangers;

static void
note_stranger (const NebulaSentence *sentence, gpointer user_data)
{
  Strangers *self = user_data;
  const char *text = self->statement + sentence->offset;

  self->is_strange |= self->is_last_strange;
  self->is_last_strange = strcmp (sentence->kind, "unknown") == 0
                          && (memchr (text, '"', sentence->length) != NULL
                              || memchr (text, '\'', sentence->length) != NULL);
}

/* A sentence that is none, and has a text in quotes, may be about anything: more than one word may
 * be typed wrong. */
static gboolean
has_strange_sentence (const char *statement, gsize length)
{
  Strangers strangers = { .statement = statement };
  gboolean is_readable = nebula_statement_foreach_sentence (statement, (gssize) length,
                                                            note_stranger, &strangers);

  return strangers.is_strange || (is_readable && strangers.is_last_strange);
}

static gsize
length_of (const char *text, gssize length)
{
  return length >= 0 ? (gsize) length : strlen (text);
}

/**
 * nebula_statement_holds_secret:
 * @statement: (nullable) (array length=length) (element-type guint8): an nGQL text; any bytes
 * @length: the length of @statement in bytes, or -1 if a NUL ends it
 *
 * Tells whether a statement has to do with passwords: whether it makes or changes a user, changes a
 * password or signs in to a service, also when it is written wrong or cut off. A sentence that is
 * none of nGQL's may do so if it has a text in quotes.
 *
 * Returns: %TRUE if it has, or may have. Safe in any thread.
 *
 * Since: 0.1
 */
gboolean
nebula_statement_holds_secret (const char *statement,
                               gssize      length)
{
  gsize size;

  if (statement == NULL)
    return FALSE;
  size = length_of (statement, length);
  return has_telling_word (statement, statement + size) || has_telling_sentence (statement, size)
         || has_strange_sentence (statement, size);
}

/* How a statement with secrets is gone through. */
typedef struct
{
  NebulaScanner scanner;
  int token;         /* the last one */
  Span text;         /* of it */
  Span gap;          /* what lies before it */
  gboolean is_after_with; /* the last word was WITH */
  gboolean expects_secret; /* a secret comes next, in quotes or not */
  gboolean in_service;     /* behind the protocol of SIGN IN TEXT SERVICE (…) */
  gboolean is_bare;        /* the last token is a secret without quotes, or what follows one */
} Reading;

static void
reading_init (Reading *self, const char *statement, gsize length)
{
  memset (self, 0, sizeof *self);
  nebula_scanner_init (&self->scanner, statement, length);
  self->text.at = statement;
}

/* Where a secret is expected: behind WITH PASSWORD, FROM and TO, and behind the protocol. */
static void
note_word (Reading *self)
{
  gboolean after_with = self->is_after_with;

  self->expects_secret = (after_with && resembles_password (self->text))
                         || span_is (self->text, "FROM") || span_is (self->text, "TO");
  self->is_after_with = span_is (self->text, "WITH");
  self->in_service = self->in_service || span_is (self->text, "HTTP")
                     || span_is (self->text, "HTTPS");
}

/* What was typed without the quotes, up to the end of the sentence. */
static void
note_bare (Reading *self)
{
  gboolean is_quoted = self->token == NEBULA_TOKEN_STRING;

  if (self->token == ';')
    self->is_bare = self->expects_secret = self->in_service = FALSE;
  else if (self->expects_secret && !is_quoted)
    self->is_bare = TRUE;
  else if (self->in_service && self->token >= NEBULA_TOKEN_END && !is_quoted)
    self->is_bare = TRUE;
}

/* %FALSE at the end, and where nobody can read on. A string that runs into something else is one of
 * those that the quotes around them lie between. */
static gboolean
reading_next (Reading *self)
{
  const char *after = self->text.at + self->text.length;
  gboolean is_behind_string = self->token == NEBULA_TOKEN_STRING;

  self->token = next_token (&self->scanner);
  self->gap.at = after;
  self->gap.length = (gsize) (self->scanner.start - after);
  self->text.at = self->scanner.start;
  self->text.length = (gsize) (self->scanner.at - self->scanner.start);
  if (is_behind_string && self->gap.length == 0 && self->token > NEBULA_TOKEN_END)
    self->token = NEBULA_TOKEN_ERROR;
  if (self->token == NEBULA_TOKEN_END || self->token == NEBULA_TOKEN_ERROR)
    return FALSE;
  note_bare (self);
  if (self->token == NEBULA_TOKEN_WORD && !self->is_bare)
    note_word (self);
  else
    self->expects_secret = self->is_after_with = FALSE;
  return TRUE;
}

static gboolean
begins_comment (char c)
{
  return c == '#' || c == '/';
}

/* White space as it is; a comment becomes a space. */
static void
append_gap (GString *shown, Span gap)
{
  for (gsize i = 0; i < gap.length; i++)
    if (begins_comment (gap.at[i]))
      {
        if (shown->len > 0 && !g_ascii_isspace (shown->str[shown->len - 1]))
          g_string_append_c (shown, ' ');
        return;
      }
    else
      {
        g_string_append_c (shown, gap.at[i]);
      }
}

static void
append_token (GString *shown, const Reading *reading)
{
  static const char hidden[] = HIDDEN;

  if (reading->is_bare && g_str_has_suffix (shown->str, hidden))
    return;
  append_gap (shown, reading->gap);
  if (reading->is_bare)
    g_string_append (shown, hidden);
  else if (reading->token == NEBULA_TOKEN_STRING)
    g_string_append_printf (shown, "%c%s%c", *reading->text.at, hidden, *reading->text.at);
  else
    g_string_append_len (shown, reading->text.at, (gssize) reading->text.length);
}

/* Whether the scan ended in a comment without an end: nothing but that comment is left. */
static gboolean
ends_in_comment (const Reading *reading)
{
  return begins_comment (*reading->text.at);
}

/* Where the strings cannot be told from what is between them, all from the first quote on is
 * hidden, and all behind the word that told: @certain is the length of what comes before. */
static void
append_unreadable (GString *shown, const Reading *reading, gsize certain)
{
  if (reading->token != NEBULA_TOKEN_ERROR || ends_in_comment (reading))
    return;
  g_string_truncate (shown, MIN (certain, strcspn (shown->str, "\"'`")));
  if (shown->len > 0 && !g_ascii_isspace (shown->str[shown->len - 1]))
    g_string_append_c (shown, ' ');
  g_string_append (shown, HIDDEN);
}

static gboolean
is_telling (const Reading *reading)
{
  return reading->token == NEBULA_TOKEN_WORD
         && (resembles_password (reading->text) || span_is (reading->text, "SERVICE"));
}

/**
 * nebula_statement_redact:
 * @statement: (array length=length) (element-type guint8): an nGQL text; any bytes
 * @length: the length of @statement in bytes, or -1 if a NUL ends it
 *
 * Makes a statement fit for a log: where nebula_statement_holds_secret() all its strings are
 * replaced by three stars, and so is what stands where a password should; comments are left out.
 * What cannot be read any more is hidden from its first quote on. Any other statement stays as it
 * is.
 *
 * Returns: (transfer full): the text; bytes of any kind, as @statement. Safe in any thread.
 *
 * Since: 0.1
 */
char *
nebula_statement_redact (const char *statement,
                         gssize      length)
{
  gsize certain = G_MAXSIZE;
  GString *shown;
  Reading reading;
  gsize size;

  g_return_val_if_fail (statement != NULL, NULL);

  size = length_of (statement, length);
  if (!nebula_statement_holds_secret (statement, (gssize) size))
    return g_strndup (statement, size);

  shown = g_string_sized_new (size);
  reading_init (&reading, statement, size);
  while (reading_next (&reading))
    {
      append_token (shown, &reading);
      if (certain == G_MAXSIZE && is_telling (&reading))
        certain = shown->len;
    }
  append_unreadable (shown, &reading, certain);
  return g_string_free (shown, FALSE);
}

/* A string without its backslashes, as graphd would print it. */
static char *
unescape (Span string)
{
  char *text = g_new (char, string.length + 1);
  gsize length = 0;

  for (gsize i = 0; i < string.length; i++)
    {
      if (string.at[i] == '\\' && i + 1 < string.length)
        i++;
      text[length++] = string.at[i];
    }
  text[length] = '\0';
  return text;
}

static gboolean
contains (Span text, const char *part, gsize length)
{
  return length > 0 && memmem (text.at, text.length, part, length) != NULL;
}

/* Whether @text has one of the secrets of the statement in it. @is_readable: (out): whether all of
 * them were found */
static gboolean
tells_secret (Span text, const char *statement, gsize length, gboolean *is_readable)
{
  Reading reading;

  reading_init (&reading, statement, length);
  while (reading_next (&reading))
    {
      gboolean is_string = reading.token == NEBULA_TOKEN_STRING;
      Span secret = reading.text;
      g_autofree char *plain = NULL;

      if (!is_string && !reading.is_bare)
        continue;
      if (is_string)
        secret = (Span) { secret.at + 1, secret.length - 2 };
      plain = unescape (secret);
      if (contains (text, secret.at, secret.length) || contains (text, plain, strlen (plain)))
        return TRUE;
    }
  *is_readable = reading.token != NEBULA_TOKEN_ERROR;
  return FALSE;
}

/* The name of the error that a text begins with, such as "SyntaxError: ". */
static gsize
length_of_title (Span text)
{
  static const char end[] = "Error: ";
  const char *found = memmem (text.at, text.length, end, strlen (end));

  if (found == NULL)
    return 0;
  for (const char *at = text.at; at < found; at++)
    if (!g_ascii_isalpha (*at) && *at != ' ')
      return 0;
  return (gsize) (found - text.at) + strlen (end);
}

/**
 * nebula_statement_redact_message:
 * @statement: (nullable) (array length=length) (element-type guint8): an nGQL text; any bytes
 * @length: the length of @statement in bytes, or -1 if a NUL ends it
 * @message: what graphd says of the statement
 *
 * graphd quotes the statement in some of its texts, for example where it does not understand it,
 * and the statement may hold a password. Then the quotation is replaced by three stars; where the
 * password stands elsewhere, all but the name of the error is.
 *
 * Returns: (transfer full): @message as it may be shown. Safe in any thread.
 *
 * Since: 0.1
 */
char *
nebula_statement_redact_message (const char *statement,
                                 gssize      length,
                                 const char *message)
{
  gboolean is_readable = FALSE;
  const char *echo;
  Span shown;
  gsize size;

  g_return_val_if_fail (message != NULL, NULL);

  if (!nebula_statement_holds_secret (statement, length))
    return g_strdup (message);
  size = length_of (statement, length);
  echo = strstr (message, ECHO);
  shown.at = message;
  shown.length = echo != NULL ? (gsize) (echo - message) : strlen (message);
  if (!tells_secret (shown, statement, size, &is_readable) && is_readable)
    return g_strdup_printf ("%.*s%s", (int) shown.length, message,
                            echo != NULL ? ECHO HIDDEN "'" : "");
  shown.length = length_of_title (shown);
  if (tells_secret (shown, statement, size, &is_readable))
    shown.length = 0;
  return g_strdup_printf ("%.*s" HIDDEN, (int) shown.length, message);
}
