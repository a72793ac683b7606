/* SPDX-License-Identifier: Apache-2.0 */
#include "nebula-mock-statement-private.h"

#include <errno.h>
#include <string.h>

#include "nebula-mock-lexer-private.h"

/* printf-built texts of graphd are cut here (Status::format). */
#define MESSAGE_MAX 255

/* One token is looked ahead. A function that reads something answers FALSE where the text is not
 * as it should be; the token there is what the syntax error names. */
typedef struct
{
  NebulaMockLexer lexer;
  NebulaMockToken token;
} Reader;

static void
advance (Reader *reader)
{
  reader->token = nebula_mock_lexer_next (&reader->lexer);
}

static gboolean
at_word (const Reader *reader,
         const char   *word)
{
  const gsize length = reader->token.end - reader->token.start;

  return reader->token.kind == NEBULA_MOCK_TOKEN_WORD && length == strlen (word) &&
         g_ascii_strncasecmp (reader->lexer.text + reader->token.start, word, length) == 0;
}

static gboolean
at_symbol (const Reader *reader,
           char          symbol)
{
  return reader->token.kind == NEBULA_MOCK_TOKEN_SYMBOL &&
         reader->lexer.text[reader->token.start] == symbol;
}

static gboolean
at_sentence_end (const Reader *reader)
{
  return reader->token.kind == NEBULA_MOCK_TOKEN_END || at_symbol (reader, ';');
}

static gboolean
take_word (Reader     *reader,
           const char *word)
{
  if (!at_word (reader, word))
    return FALSE;
  advance (reader);
  return TRUE;
}

static gboolean
take_symbol (Reader *reader,
             char    symbol)
{
  if (!at_symbol (reader, symbol))
    return FALSE;
  advance (reader);
  return TRUE;
}

/* Returns: (transfer full) */
static char *
take_token (Reader *reader)
{
  char *text = nebula_mock_lexer_unquote (&reader->lexer, &reader->token);

  advance (reader);
  return text;
}

static gboolean
take_name (Reader *reader,
           char  **name)
{
  if (reader->token.kind != NEBULA_MOCK_TOKEN_WORD && reader->token.kind != NEBULA_MOCK_TOKEN_NAME)
    return FALSE;
  g_free (*name);
  *name = take_token (reader);
  return TRUE;
}

static gboolean
append_name (Reader    *reader,
             GPtrArray *names)
{
  char *name = NULL;

  if (!take_name (reader, &name))
    return FALSE;
  g_ptr_array_add (names, name);
  return TRUE;
}

/* ---- literals */

static GVariant *
parse_number (const char *text,
              gboolean    negative)
{
  guint64 magnitude;
  char *end;

  errno = 0;
  magnitude = g_ascii_strtoull (text, &end, 10);
  if (*end != '\0')
    return g_variant_new_double (negative ? -g_ascii_strtod (text, NULL)
                                          : g_ascii_strtod (text, NULL));
  if (errno != 0 || magnitude > (guint64) G_MAXINT64 + (negative ? 1 : 0))
    return NULL;
  return g_variant_new_int64 (negative ? (gint64) (0 - magnitude) : (gint64) magnitude);
}

static GVariant *
take_number (Reader *reader)
{
  const gboolean negative = take_symbol (reader, '-');
  g_autofree char *text = NULL;
  GVariant *value;

  if (reader->token.kind != NEBULA_MOCK_TOKEN_NUMBER)
    return NULL;
  text = nebula_mock_lexer_unquote (&reader->lexer, &reader->token);
  value = parse_number (text, negative);
  if (value == NULL)
    return NULL;
  advance (reader);
  return g_variant_ref_sink (value);
}

static GVariant *
take_string (Reader *reader)
{
  g_autofree char *text = take_token (reader);

  return g_variant_ref_sink (
    g_variant_new_fixed_array (G_VARIANT_TYPE_BYTE, text, strlen (text), 1));
}

/* Returns: (transfer full) (nullable) */
static GVariant *
take_literal (Reader *reader)
{
  if (reader->token.kind == NEBULA_MOCK_TOKEN_STRING)
    return take_string (reader);
  if (take_word (reader, "true"))
    return g_variant_ref_sink (g_variant_new_boolean (TRUE));
  if (take_word (reader, "false"))
    return g_variant_ref_sink (g_variant_new_boolean (FALSE));
  if (take_word (reader, "NULL"))
    return g_variant_ref_sink (g_variant_new_tuple (NULL, 0));
  return take_number (reader);
}

/* An id is kept as text, whether the space has string or integer ids. */
static gboolean
append_vertex (Reader    *reader,
               GPtrArray *vertices)
{
  g_autoptr (GVariant) number = NULL;

  if (reader->token.kind == NEBULA_MOCK_TOKEN_STRING)
    {
      g_ptr_array_add (vertices, take_token (reader));
      return TRUE;
    }
  number = take_number (reader);
  if (number == NULL || !g_variant_is_of_type (number, G_VARIANT_TYPE_INT64))
    return FALSE;
  g_ptr_array_add (vertices,
                   g_strdup_printf ("%" G_GINT64_FORMAT, g_variant_get_int64 (number)));
  return TRUE;
}

/* ---- sentences */

/* Takes what a test's statement may say and the mock has no use for: options of a space, WHEN and
 * YIELD of an update, the whole of a traversal. */
static gboolean
skip_to_end (Reader *reader)
{
  while (!at_sentence_end (reader))
    {
      if (reader->token.kind == NEBULA_MOCK_TOKEN_BROKEN)
        return FALSE;
      advance (reader);
    }
  return TRUE;
}

static gboolean
take_condition (Reader             *reader,
                NebulaMockSentence *sentence,
                gboolean            negated)
{
  if (!take_word (reader, "IF"))
    return TRUE;
  sentence->lenient = TRUE;
  return (!negated || take_word (reader, "NOT")) && take_word (reader, "EXISTS");
}

static gboolean
read_use (Reader             *reader,
          NebulaMockSentence *sentence)
{
  sentence->kind = NEBULA_MOCK_SENTENCE_USE;
  return take_name (reader, &sentence->name);
}

static gboolean
read_create (Reader             *reader,
             NebulaMockSentence *sentence)
{
  sentence->kind = NEBULA_MOCK_SENTENCE_CREATE_SPACE;
  return take_word (reader, "SPACE") && take_condition (reader, sentence, TRUE) &&
         take_name (reader, &sentence->name) &&
         (at_sentence_end (reader) || (at_symbol (reader, '(') && skip_to_end (reader)));
}

static gboolean
read_drop (Reader             *reader,
           NebulaMockSentence *sentence)
{
  sentence->kind = NEBULA_MOCK_SENTENCE_DROP_SPACE;
  return take_word (reader, "SPACE") && take_condition (reader, sentence, FALSE) &&
         take_name (reader, &sentence->name);
}

static gboolean
read_show (Reader             *reader,
           NebulaMockSentence *sentence)
{
  sentence->kind = NEBULA_MOCK_SENTENCE_SHOW_SPACES;
  if (take_word (reader, "SPACES"))
    return TRUE;
  sentence->kind = NEBULA_MOCK_SENTENCE_SHOW_SESSIONS;
  return take_word (reader, "SESSIONS");
}

static gboolean
read_property_names (Reader             *reader,
                     NebulaMockSentence *sentence)
{
  if (!take_symbol (reader, '('))
    return FALSE;
  if (take_symbol (reader, ')'))
    return TRUE;
  do
    if (!append_name (reader, sentence->names))
      return FALSE;
  while (take_symbol (reader, ','));
  return take_symbol (reader, ')');
}

/* "v":(1, "x"), with as many values as there are names */
static gboolean
read_vertex_row (Reader             *reader,
                 NebulaMockSentence *sentence)
{
  guint i;

  if (!append_vertex (reader, sentence->vertices) || !take_symbol (reader, ':') ||
      !take_symbol (reader, '('))
    return FALSE;
  for (i = 0; i < sentence->names->len; i++)
    {
      GVariant *value = NULL;

      if (i == 0 || take_symbol (reader, ','))
        value = take_literal (reader);
      if (value == NULL)
        return FALSE;
      g_ptr_array_add (sentence->values, value);
    }
  return take_symbol (reader, ')');
}

static gboolean
read_insert (Reader             *reader,
             NebulaMockSentence *sentence)
{
  sentence->kind = NEBULA_MOCK_SENTENCE_INSERT_VERTEX;
  if (!take_word (reader, "VERTEX") || !take_condition (reader, sentence, TRUE) ||
      !take_name (reader, &sentence->name) || !read_property_names (reader, sentence) ||
      !(take_word (reader, "VALUES") || take_word (reader, "VALUE")))
    return FALSE;
  do
    if (!read_vertex_row (reader, sentence))
      return FALSE;
  while (take_symbol (reader, ','));
  return TRUE;
}

/* `n = 5`, `n = n + 1`, `n = n - 1` */
static gboolean
read_assignment (Reader             *reader,
                 NebulaMockSentence *sentence)
{
  NebulaMockAssignment *assignment = g_new0 (NebulaMockAssignment, 1);

  g_ptr_array_add (sentence->assignments, assignment);
  if (!take_name (reader, &assignment->property) || !take_symbol (reader, '='))
    return FALSE;
  assignment->value = take_literal (reader);
  if (assignment->value != NULL)
    return TRUE;
  if (!take_name (reader, &assignment->base))
    return FALSE;
  /* A minus is the sign of what follows it. */
  if (!take_symbol (reader, '+') && !at_symbol (reader, '-'))
    return FALSE;
  assignment->value = take_literal (reader);
  return assignment->value != NULL;
}

static gboolean
read_update (Reader             *reader,
             NebulaMockSentence *sentence)
{
  sentence->kind = NEBULA_MOCK_SENTENCE_UPDATE_VERTEX;
  if (!take_word (reader, "VERTEX") || !take_word (reader, "ON") ||
      !take_name (reader, &sentence->name) || !append_vertex (reader, sentence->vertices) ||
      !take_word (reader, "SET"))
    return FALSE;
  do
    if (!read_assignment (reader, sentence))
      return FALSE;
  while (take_symbol (reader, ','));
  return at_sentence_end (reader) || (at_word (reader, "YIELD") && skip_to_end (reader));
}

static gboolean
read_upsert (Reader             *reader,
             NebulaMockSentence *sentence)
{
  sentence->lenient = TRUE;
  return read_update (reader, sentence);
}

static gboolean
read_vertices (Reader             *reader,
               NebulaMockSentence *sentence)
{
  do
    if (!append_vertex (reader, sentence->vertices))
      return FALSE;
  while (take_symbol (reader, ','));
  return TRUE;
}

static gboolean
read_delete (Reader             *reader,
             NebulaMockSentence *sentence)
{
  sentence->kind = NEBULA_MOCK_SENTENCE_DELETE_VERTEX;
  return take_word (reader, "VERTEX") && read_vertices (reader, sentence) &&
         (!take_word (reader, "WITH") || take_word (reader, "EDGE"));
}

/* The column's name is what AS says, else the text of the expression. */
static gboolean
take_column_name (Reader             *reader,
                  NebulaMockSentence *sentence,
                  gsize               start,
                  gsize               end)
{
  if (take_word (reader, "AS"))
    return append_name (reader, sentence->names);
  g_ptr_array_add (sentence->names, g_strndup (reader->lexer.text + start, end - start));
  return TRUE;
}

/* `vertex`, `properties(vertex).n` */
static gboolean
read_fetch_column (Reader             *reader,
                   NebulaMockSentence *sentence)
{
  const gsize start = reader->token.start;
  gsize end = reader->token.end;

  if (take_word (reader, "vertex"))
    g_ptr_array_add (sentence->properties, g_strdup (""));
  else
    {
      if (!take_word (reader, "properties") || !take_symbol (reader, '(') ||
          !take_word (reader, "vertex") || !take_symbol (reader, ')') || !take_symbol (reader, '.'))
        return FALSE;
      end = reader->token.end;
      if (!append_name (reader, sentence->properties))
        return FALSE;
    }
  return take_column_name (reader, sentence, start, end);
}

static gboolean
read_fetch (Reader             *reader,
            NebulaMockSentence *sentence)
{
  sentence->kind = NEBULA_MOCK_SENTENCE_FETCH;
  if (!take_word (reader, "PROP") || !take_word (reader, "ON") ||
      !take_name (reader, &sentence->name) || !read_vertices (reader, sentence) ||
      !take_word (reader, "YIELD"))
    return FALSE;
  do
    if (!read_fetch_column (reader, sentence))
      return FALSE;
  while (take_symbol (reader, ','));
  return TRUE;
}

static gboolean
read_rows (Reader             *reader,
           NebulaMockSentence *sentence)
{
  g_autoptr (GVariant) count = NULL;

  sentence->kind = NEBULA_MOCK_SENTENCE_ROWS;
  if (!take_symbol (reader, '('))
    return FALSE;
  count = take_number (reader);
  if (count == NULL || !g_variant_is_of_type (count, G_VARIANT_TYPE_INT64))
    return FALSE;
  sentence->count = g_variant_get_int64 (count);
  return take_symbol (reader, ')');
}

static gboolean
read_yield_column (Reader             *reader,
                   NebulaMockSentence *sentence)
{
  const gsize start = reader->token.start;
  const gboolean is_signed = at_symbol (reader, '-');
  gsize end = reader->token.end;
  GVariant *value;

  if (is_signed)
    {
      /* Looks one token further, only for its end. */
      NebulaMockLexer ahead = reader->lexer;

      end = nebula_mock_lexer_next (&ahead).end;
    }
  value = take_literal (reader);
  if (value == NULL)
    return FALSE;
  g_ptr_array_add (sentence->values, value);
  return take_column_name (reader, sentence, start, end);
}

static gboolean
read_yield (Reader             *reader,
            NebulaMockSentence *sentence)
{
  if (take_word (reader, "rows"))
    return read_rows (reader, sentence);
  if (take_word (reader, "everything"))
    {
      sentence->kind = NEBULA_MOCK_SENTENCE_EVERYTHING;
      return take_symbol (reader, '(') && take_symbol (reader, ')');
    }
  sentence->kind = NEBULA_MOCK_SENTENCE_YIELD;
  do
    if (!read_yield_column (reader, sentence))
      return FALSE;
  while (take_symbol (reader, ','));
  return TRUE;
}

static gboolean
read_traverse (Reader             *reader,
               NebulaMockSentence *sentence)
{
  sentence->kind = NEBULA_MOCK_SENTENCE_TRAVERSE;
  return skip_to_end (reader);
}

static const struct
{
  const char *word;
  gboolean (*read) (Reader *reader, NebulaMockSentence *sentence);
} sentence_readers[] = {
  { "USE", read_use },
  { "CREATE", read_create },
  { "DROP", read_drop },
  { "SHOW", read_show },
  { "INSERT", read_insert },
  { "UPDATE", read_update },
  { "UPSERT", read_upsert },
  { "DELETE", read_delete },
  { "FETCH", read_fetch },
  { "YIELD", read_yield },
  { "RETURN", read_yield },
  { "GO", read_traverse },
  { "MATCH", read_traverse },
};

static gboolean
read_sentence (Reader             *reader,
               NebulaMockSentence *sentence)
{
  gsize i;

  for (i = 0; i < G_N_ELEMENTS (sentence_readers); i++)
    if (take_word (reader, sentence_readers[i].word))
      return sentence_readers[i].read (reader, sentence) && at_sentence_end (reader);
  return FALSE;
}

static char *
syntax_error (const Reader *reader)
{
  g_autofree char *rest = g_strndup (reader->lexer.text + reader->token.start,
                                     reader->lexer.length - reader->token.start);
  g_autofree char *whole = g_strdup_printf ("SyntaxError: syntax error near `%s'", rest);

  return g_strndup (whole, MESSAGE_MAX);
}

/* EXPLAIN and PROFILE stand before the whole statement, never behind a USE; here before one
 * sentence, without braces. */
static gboolean
take_explain (Reader   *reader,
              gboolean *is_explained,
              gboolean *is_single)
{
  *is_explained = take_word (reader, "EXPLAIN");
  *is_single = *is_explained || take_word (reader, "PROFILE");
  if (!*is_single || !take_word (reader, "FORMAT"))
    return TRUE;
  if (!take_symbol (reader, '=') || reader->token.kind != NEBULA_MOCK_TOKEN_STRING)
    return FALSE;
  advance (reader);
  return TRUE;
}

static gboolean
read_sentences (Reader    *reader,
                GPtrArray *sentences)
{
  gboolean is_explained, is_single;

  if (!take_explain (reader, &is_explained, &is_single))
    return FALSE;
  while (reader->token.kind != NEBULA_MOCK_TOKEN_END)
    {
      g_autoptr (NebulaMockSentence) sentence = NULL;

      if (is_single && sentences->len == 1)
        return FALSE;
      if (!is_single && take_symbol (reader, ';'))
        continue;
      sentence = nebula_mock_sentence_new ();
      sentence->is_explained = is_explained;
      if (!read_sentence (reader, sentence))
        return FALSE;
      g_ptr_array_add (sentences, g_steal_pointer (&sentence));
    }
  return !is_single || sentences->len == 1;
}

/* All sentences are read before the first one runs, as graphd does.
 * @error: (out) (transfer full): graphd's text, when NULL is returned
 * Returns: (transfer full) (nullable) (element-type NebulaMockSentence) */
GPtrArray *
nebula_mock_statement_read (const char *text,
                            gsize       length,
                            char      **error)
{
  g_autoptr (GPtrArray) sentences =
    g_ptr_array_new_with_free_func ((GDestroyNotify) nebula_mock_sentence_free);
  Reader reader = { { text, length, 0 }, { NEBULA_MOCK_TOKEN_END, 0, 0 } };

  advance (&reader);
  if (read_sentences (&reader, sentences))
    return g_steal_pointer (&sentences);
  *error = syntax_error (&reader);
  return NULL;
}
