/* SPDX-License-Identifier: Apache-2.0 */
#include "nebula-mock-executor-private.h"

#include "nebula-mock-statement-private.h"

/* The codes of an ExecutionResponse. */
#define E_SESSION_INVALID (-1002)
#define E_SYNTAX_ERROR (-1004)
#define E_EXECUTION_ERROR (-1005)
#define E_STATEMENT_EMPTY (-1006)
#define E_SEMANTIC_ERROR (-1009)

/* max_allowed_query_size of graphd. */
#define STATEMENT_MAX (4 * 1024 * 1024)

/* A reply of some 30 MB: enough for any test, not enough to hurt the machine. */
#define ROWS_MAX 1000000

/* What one statement runs on. */
typedef struct
{
  NebulaMockState   *state;   /* (unowned) */
  NebulaMockStore   *store;   /* (unowned): of its metad */
  NebulaMockSession *session; /* (unowned): a copy; its space follows USE */
  const char        *text;    /* (unowned): the whole statement */
  NebulaMockResult  *result;  /* (unowned) */
} Run;

void
nebula_mock_result_clear (NebulaMockResult *result)
{
  g_clear_pointer (&result->message, g_free);
  g_clear_pointer (&result->space, g_free);
  g_clear_object (&result->data);
}

/* @message: (transfer full) (nullable) */
void
nebula_mock_result_fail (NebulaMockResult *result,
                         gint32            code,
                         char             *message)
{
  g_free (result->message);
  result->message = message;
  result->code = code;
  g_clear_object (&result->data);
}

static gboolean
fail (Run   *run,
      gint32 code,
      char  *message)
{
  nebula_mock_result_fail (run->result, code, message);
  return FALSE;
}

static gboolean
fail_space (Run        *run,
            const char *space)
{
  return fail (run, E_EXECUTION_ERROR,
               g_strdup_printf ("SpaceNotFound: SpaceName `%s`", space));
}

static void
enter_space (Run        *run,
             const char *space)
{
  g_free (run->session->space);
  run->session->space = g_strdup (space);
  nebula_mock_sessions_set_space (run->state->sessions, run->session->id, space);
}

static void
note_write (Run *run)
{
  nebula_mock_journal_add (nebula_mock_metad_get_journal (run->state->metad), run->state->number,
                           run->session->space, run->text);
}

/* ---- one function for each sentence; FALSE when it failed */

static gboolean
run_use (Run                      *run,
         const NebulaMockSentence *sentence)
{
  if (!nebula_mock_store_has_space (run->store, sentence->name))
    return fail_space (run, sentence->name);
  enter_space (run, sentence->name);
  return TRUE;
}

static gboolean
run_create_space (Run                      *run,
                  const NebulaMockSentence *sentence)
{
  if (!nebula_mock_store_add_space (run->store, sentence->name) && !sentence->lenient)
    return fail (run, E_EXECUTION_ERROR, g_strdup ("Existed!"));
  return TRUE;
}

static gboolean
run_drop_space (Run                      *run,
                const NebulaMockSentence *sentence)
{
  if (!nebula_mock_store_drop_space (run->store, sentence->name) && !sentence->lenient)
    return fail_space (run, sentence->name);
  if (g_str_equal (run->session->space, sentence->name))
    enter_space (run, "");
  return TRUE;
}

static gboolean
run_show_spaces (Run                      *run,
                 const NebulaMockSentence *sentence)
{
  g_autoptr (GPtrArray) names = nebula_mock_store_list_spaces (run->store);
  guint i;

  nebula_mock_data_set_add_column (run->result->data, "Name");
  for (i = 0; i < names->len; i++)
    g_ptr_array_add (nebula_mock_data_set_add_row (run->result->data),
                     nebula_mock_value_new_string (g_ptr_array_index (names, i)));
  return TRUE;
}

static gboolean
run_show_sessions (Run                      *run,
                   const NebulaMockSentence *sentence)
{
  g_autoptr (GPtrArray) sessions = nebula_mock_metad_list_sessions (run->state->metad);
  guint i;

  nebula_mock_data_set_add_column (run->result->data, "SessionId");
  nebula_mock_data_set_add_column (run->result->data, "UserName");
  nebula_mock_data_set_add_column (run->result->data, "SpaceName");
  for (i = 0; i < sessions->len; i++)
    {
      const NebulaMockSession *session = g_ptr_array_index (sessions, i);
      GPtrArray *values = nebula_mock_data_set_add_row (run->result->data);

      g_ptr_array_add (values, nebula_mock_value_new_integer (session->id));
      g_ptr_array_add (values, nebula_mock_value_new_string (session->user));
      g_ptr_array_add (values, nebula_mock_value_new_string (session->space));
    }
  return TRUE;
}

/* Returns: (transfer full): the properties of the i-th vertex of an INSERT */
static GHashTable *
row_of_insert (const NebulaMockSentence *sentence,
               guint                     row)
{
  GHashTable *properties =
    g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify) g_variant_unref);
  const guint columns = sentence->names->len;
  guint i;

  for (i = 0; i < columns; i++)
    g_hash_table_insert (properties, g_strdup (g_ptr_array_index (sentence->names, i)),
                         g_variant_ref (g_ptr_array_index (sentence->values, row * columns + i)));
  return properties;
}

static gboolean
has_tag (Run        *run,
         const char *vertex,
         const char *tag)
{
  g_autoptr (GHashTable) properties = nebula_mock_store_fetch (run->store, run->session->space,
                                                               vertex, tag);

  return properties != NULL;
}

static gboolean
run_insert (Run                      *run,
            const NebulaMockSentence *sentence)
{
  guint i;

  for (i = 0; i < sentence->vertices->len; i++)
    {
      const char *vertex = g_ptr_array_index (sentence->vertices, i);
      g_autoptr (GHashTable) properties = row_of_insert (sentence, i);

      if (sentence->lenient && has_tag (run, vertex, sentence->name))
        continue;
      if (!nebula_mock_store_insert (run->store, run->session->space, vertex, sentence->name,
                                     properties))
        return fail_space (run, run->session->space);
      note_write (run);
    }
  return TRUE;
}

static gboolean
run_update (Run                      *run,
            const NebulaMockSentence *sentence)
{
  const char *vertex = g_ptr_array_index (sentence->vertices, 0);

  if (!sentence->lenient && !has_tag (run, vertex, sentence->name))
    return fail (run, E_EXECUTION_ERROR, g_strdup ("Storage Error: Vertex or edge not found."));
  if (!nebula_mock_store_update (run->store, run->session->space, vertex, sentence->name,
                                 sentence->assignments))
    return fail_space (run, run->session->space);
  note_write (run);
  return TRUE;
}

/* A vertex that is not there is no failure, as in graphd. */
static gboolean
run_delete (Run                      *run,
            const NebulaMockSentence *sentence)
{
  guint i;

  for (i = 0; i < sentence->vertices->len; i++)
    nebula_mock_store_delete (run->store, run->session->space,
                              g_ptr_array_index (sentence->vertices, i));
  note_write (run);
  return TRUE;
}

static NebulaMockThriftValue *
fetch_value (const char *vertex,
             const char *tag,
             const char *property,
             GHashTable *properties)
{
  GVariant *value;

  if (*property == '\0')
    return nebula_mock_value_new_vertex (vertex, tag, properties);
  value = g_hash_table_lookup (properties, property);
  return value != NULL ? nebula_mock_value_new_from_variant (value)
                       : nebula_mock_value_new_null (NEBULA_MOCK_THRIFT_NULL_TYPE_UNKNOWN_PROP);
}

static void
add_columns (NebulaMockThriftDataSet  *data,
             const NebulaMockSentence *sentence)
{
  guint i;

  for (i = 0; i < sentence->names->len; i++)
    nebula_mock_data_set_add_column (data, g_ptr_array_index (sentence->names, i));
}

static gboolean
run_fetch (Run                      *run,
           const NebulaMockSentence *sentence)
{
  guint i, j;

  add_columns (run->result->data, sentence);
  for (i = 0; i < sentence->vertices->len; i++)
    {
      const char *vertex = g_ptr_array_index (sentence->vertices, i);
      g_autoptr (GHashTable) properties = nebula_mock_store_fetch (run->store, run->session->space,
                                                                   vertex, sentence->name);
      GPtrArray *values;

      if (properties == NULL)
        continue;
      values = nebula_mock_data_set_add_row (run->result->data);
      for (j = 0; j < sentence->properties->len; j++)
        g_ptr_array_add (values, fetch_value (vertex, sentence->name,
                                              g_ptr_array_index (sentence->properties, j),
                                              properties));
    }
  return TRUE;
}

static gboolean
run_yield (Run                      *run,
           const NebulaMockSentence *sentence)
{
  GPtrArray *values = nebula_mock_data_set_add_row (run->result->data);
  guint i;

  add_columns (run->result->data, sentence);
  for (i = 0; i < sentence->values->len; i++)
    g_ptr_array_add (values, nebula_mock_value_new_from_variant (
                               g_ptr_array_index (sentence->values, i)));
  return TRUE;
}

static gboolean
run_rows (Run                      *run,
          const NebulaMockSentence *sentence)
{
  if (sentence->count < 0 || sentence->count > ROWS_MAX)
    return fail (run, E_SEMANTIC_ERROR,
                 g_strdup_printf ("SemanticError: rows() takes 0 to %d.", ROWS_MAX));
  g_clear_object (&run->result->data);
  run->result->data = nebula_mock_data_set_new_rows (sentence->count);
  return TRUE;
}

static gboolean
run_everything (Run                      *run,
                const NebulaMockSentence *sentence)
{
  g_clear_object (&run->result->data);
  run->result->data = nebula_mock_data_set_new_everything ();
  return TRUE;
}

static gboolean
run_traverse (Run                      *run,
              const NebulaMockSentence *sentence)
{
  return TRUE;
}

/* In the order of NebulaMockSentenceKind. */
static gboolean (*const runners[]) (Run *run, const NebulaMockSentence *sentence) = {
  [NEBULA_MOCK_SENTENCE_USE] = run_use,
  [NEBULA_MOCK_SENTENCE_CREATE_SPACE] = run_create_space,
  [NEBULA_MOCK_SENTENCE_DROP_SPACE] = run_drop_space,
  [NEBULA_MOCK_SENTENCE_SHOW_SPACES] = run_show_spaces,
  [NEBULA_MOCK_SENTENCE_SHOW_SESSIONS] = run_show_sessions,
  [NEBULA_MOCK_SENTENCE_INSERT_VERTEX] = run_insert,
  [NEBULA_MOCK_SENTENCE_UPDATE_VERTEX] = run_update,
  [NEBULA_MOCK_SENTENCE_DELETE_VERTEX] = run_delete,
  [NEBULA_MOCK_SENTENCE_FETCH] = run_fetch,
  [NEBULA_MOCK_SENTENCE_YIELD] = run_yield,
  [NEBULA_MOCK_SENTENCE_ROWS] = run_rows,
  [NEBULA_MOCK_SENTENCE_EVERYTHING] = run_everything,
  [NEBULA_MOCK_SENTENCE_TRAVERSE] = run_traverse,
};

/* ---- the whole statement */

/* All sentences are validated before the first one runs, as in graphd: a USE counts for those after
 * it, though nobody knows yet whether it will succeed. */
static gboolean
spaces_are_chosen (const Run *run,
                   GPtrArray *sentences)
{
  gboolean chosen = *run->session->space != '\0';
  guint i;

  for (i = 0; i < sentences->len; i++)
    {
      const NebulaMockSentence *sentence = g_ptr_array_index (sentences, i);

      if (sentence->kind == NEBULA_MOCK_SENTENCE_USE)
        chosen = TRUE;
      else if (nebula_mock_sentence_needs_space (sentence) && !chosen)
        return FALSE;
    }
  return TRUE;
}

/* Whether the sentence is a question to metad. */
static gboolean
needs_metad (const NebulaMockSentence *sentence)
{
  switch (sentence->kind)
    {
    case NEBULA_MOCK_SENTENCE_USE:
    case NEBULA_MOCK_SENTENCE_CREATE_SPACE:
    case NEBULA_MOCK_SENTENCE_DROP_SPACE:
    case NEBULA_MOCK_SENTENCE_SHOW_SPACES:
    case NEBULA_MOCK_SENTENCE_SHOW_SESSIONS:
      return TRUE;
    default:
      return FALSE;
    }
}

static gboolean
metad_answers (Run *run, const NebulaMockSentence *sentence)
{
  char *unreachable = NULL;

  if (needs_metad (sentence))
    unreachable = nebula_mock_metad_call (run->state->metad);
  return unreachable == NULL || fail (run, E_EXECUTION_ERROR, unreachable);
}

/* The last result is answered; what ran before a failure stays. */
static gboolean
run_sentences (Run       *run,
               GPtrArray *sentences)
{
  guint i;

  for (i = 0; i < sentences->len; i++)
    {
      const NebulaMockSentence *sentence = g_ptr_array_index (sentences, i);

      g_clear_object (&run->result->data);
      run->result->data = nebula_mock_data_set_new ();
      /* What the space was when it was validated need not be true any more. */
      if (nebula_mock_sentence_needs_space (sentence)
          && !nebula_mock_store_has_space (run->store, run->session->space))
        return fail_space (run, run->session->space);
      if (!sentence->is_explained &&
          (!metad_answers (run, sentence) || !runners[sentence->kind](run, sentence)))
        return FALSE;
      /* What has no columns has no data in the reply. */
      if (sentence->kind != NEBULA_MOCK_SENTENCE_TRAVERSE &&
          run->result->data->column_names->len == 0)
        g_clear_object (&run->result->data);
    }
  return TRUE;
}

static gboolean
run_statement (Run              *run,
               const GByteArray *statement)
{
  const char *text = (const char *) statement->data;
  g_autoptr (GPtrArray) sentences = NULL;
  char *error = NULL;

  if (statement->len > STATEMENT_MAX)
    return fail (run, E_SYNTAX_ERROR,
                 g_strdup_printf ("SyntaxError: Query is too large (%ld > %ld).",
                                  (long) statement->len, (long) STATEMENT_MAX));
  sentences = nebula_mock_statement_read (text, statement->len, &error);
  if (sentences == NULL)
    return fail (run, E_SYNTAX_ERROR, error);
  if (sentences->len == 0)
    return fail (run, E_STATEMENT_EMPTY, g_strdup ("StatementEmpty: "));
  if (!spaces_are_chosen (run, sentences))
    return fail (run, E_SEMANTIC_ERROR, g_strdup ("SemanticError: Space was not chosen."));
  return run_sentences (run, sentences);
}

static void
run_in_session (NebulaMockState *state,
                NebulaMockSession *session,
                const GByteArray *statement,
                NebulaMockResult *result)
{
  g_autofree char *text = g_strndup ((const char *) statement->data, statement->len);
  Run run = { state, nebula_mock_metad_get_store (state->metad), session, text, result };

  if (run_statement (&run, statement))
    nebula_mock_ledger_count_applied (state->ledger, text);
  result->space = g_strdup (session->space);
}

/* Runs a statement in a session and counts it as applied when all of it succeeded.
 * @session: 0 is answered as a ping
 * @statement: (nullable): NULL counts as empty
 * @result: (out): to be cleared */
void
nebula_mock_execute (NebulaMockState *state,
                     gint64 session,
                     const GByteArray *statement,
                     NebulaMockResult *result)
{
  static const GByteArray empty = { (guint8 *) "", 0 };
  g_auto (NebulaMockRefusal) refusal = { 0, NULL };
  g_autoptr (NebulaMockSession) copy = NULL;

  *result = (NebulaMockResult) { 0, NULL, NULL, NULL };
  if (session == 0)
    nebula_mock_result_fail (result, E_SESSION_INVALID, g_strdup ("Invalid session id"));
  else if ((copy = nebula_mock_sessions_lookup (state->sessions, session, &refusal)) == NULL)
    nebula_mock_result_fail (result, refusal.code, g_steal_pointer (&refusal.message));
  else
    run_in_session (state, copy, statement != NULL ? statement : &empty, result);
}
