/* SPDX-License-Identifier: Apache-2.0 */
#include "nebula-command-private.h"
#include "nebula-graph-client-private.h"
#include "nebula-json-output-private.h"
#include "nebula-password-file-private.h"
#include "nebula-result-private.h"
#include "nebula-statement-display-private.h"
#include "nebula-timeline-private.h"
#include "nebula-tls-options-private.h"
#include "nebula-value-json-private.h"

#include <unistd.h>

/*
 * nebula-interceptor query: runs statements, through the interceptor and graphd's stubs.
 */

static const NebulaCommandUsage usage = {
  "query",
  "STATEMENT…",
  "Runs nGQL statements one after the other, trying again what may be tried again, until one\n"
  "fails for good.",
  "--endpoint takes several graphd, separated by commas: host:port, [IPv6]:port, unix:/path.\n"
  "With which of them it begins is left to chance, unless nebula.endpoints.shuffle of the policy\n"
  "is false.\n"
  "--format json prints an object with code, error, space, columns, rows and attempts; for\n"
  "several statements an array of them, which ends with the one that failed. --format csv\n"
  "prints what has columns, with an empty line between two results.\n"
  "\n"
  "Example:\n"
  "  nebula-interceptor query --endpoint 127.0.0.1:9669 --user root --password-file secret \\\n"
  "    --space garden 'FETCH PROP ON plant \"rose\" YIELD vertex AS v'\n"
  "With TLS, to servers whose certificates are signed by an authority of one's own:\n"
  "  nebula-interceptor query --tls --tls-ca ca.pem --endpoint graphd.example:9669 …",
};

static const char *const formats[] = { "table", "json", "csv", NULL };

enum
{
  FORMAT_TABLE,
  FORMAT_JSON,
  FORMAT_CSV,
};

/* In the order of NebulaFraming. */
static const char *const framings[] = { "framed", "header", "unframed", NULL };

typedef struct
{
  char *endpoint; /* (owned) (nullable), as all texts here */
  char *user;
  char *password_file;
  char *password; /* for nebula_password_free () */
  char *space;
  char *format;
  char *framing;
  char *policy;   /* --policy, or the environment's */
  double timeout; /* in seconds; 0 for the policy's own */
  gboolean trace;
  NebulaTlsOptions tls;
  GStrv statements;
  int format_index;
  int framing_index;
  JsonBuilder *json;       /* (owned) (nullable): what --format json prints in the end */
  NebulaTimeline timeline; /* of --trace */
} Query;

static void
query_clear (Query *self)
{
  g_free (self->endpoint);
  g_free (self->user);
  g_free (self->password_file);
  nebula_password_free (self->password);
  g_free (self->space);
  g_free (self->format);
  g_free (self->framing);
  g_free (self->policy);
  nebula_tls_options_clear (&self->tls);
  g_strfreev (self->statements);
  g_clear_object (&self->json);
  nebula_timeline_clear (&self->timeline);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Query, query_clear)

/* As much of a statement as tells it from the others, mostly. */
#define TRACE_CALL_WIDTH 37

/* Longer than any statement runs, and far from what an integer of microseconds holds. */
#define MAX_TIMEOUT (7 * 24 * 3600.0)

static gboolean
check_options (const Query *self, int *status)
{
  const struct
  {
    const char *option;
    const char *value;
  } required[] = {
    { "--endpoint HOST:PORT", self->endpoint },
    { "--user USER", self->user },
    { "--password-file FILE", self->password_file },
    { "a STATEMENT", self->statements[0] },
  };

  for (guint i = 0; i < G_N_ELEMENTS (required); i++)
    if (required[i].value == NULL)
      {
        *status = nebula_command_misused (usage.name, "%s is missing", required[i].option);
        return FALSE;
      }
  if (self->format_index < 0)
    *status = nebula_command_misused (usage.name, "--format is '%s', expected table, json or csv",
                                      self->format);
  else if (self->framing_index < 0)
    *status = nebula_command_misused (usage.name,
                                      "--framing is '%s', expected framed, header or unframed",
                                      self->framing);
  else if (!(self->timeout >= 0 && self->timeout <= MAX_TIMEOUT))
    *status = nebula_command_misused (usage.name, "--timeout is %g, expected seconds from 0 to %g",
                                      self->timeout, MAX_TIMEOUT);
  else if (self->timeout > 0 && self->policy != NULL)
    *status = nebula_command_misused (usage.name,
                                      "--timeout beside the policy file '%s': say it there, as "
                                      "nebula.timeouts.total",
                                      self->policy);
  else
    return TRUE;
  return FALSE;
}

static gboolean
parse (Query *self, char **argv, int *status)
{
  g_autoptr (GError) error = NULL;
  const char *named;
  const GOptionEntry entries[] = {
    { "endpoint", 0, 0, G_OPTION_ARG_FILENAME, &self->endpoint, "Where graphd is", "HOST:PORT" },
    { "user", 0, 0, G_OPTION_ARG_FILENAME, &self->user, "Who asks", "USER" },
    { "password-file", 0, 0, G_OPTION_ARG_FILENAME, &self->password_file,
      "The password is the first line of this file; - for stdin", "FILE" },
    { "space", 0, 0, G_OPTION_ARG_FILENAME, &self->space, "USE this space first", "SPACE" },
    { "format", 0, 0, G_OPTION_ARG_FILENAME, &self->format,
      "How to print: table (default), json or csv", "FORMAT" },
    { "framing", 0, 0, G_OPTION_ARG_FILENAME, &self->framing,
      "How messages go over the wire: framed (default), header or unframed", "FRAMING" },
    { "policy", 0, 0, G_OPTION_ARG_FILENAME, &self->policy,
      "What is tried again: a policy file; without it the one that NEBULA_RETRY_POLICY names",
      "FILE" },
    { "timeout", 0, 0, G_OPTION_ARG_DOUBLE, &self->timeout,
      "How long one call may take, all attempts together", "SECONDS" },
    { "trace", 0, 0, G_OPTION_ARG_NONE, &self->trace, "Print every attempt to stderr", NULL },
    NEBULA_TLS_OPTION_ENTRIES (&self->tls),
    { 0 },
  };

  if (!nebula_command_parse (&usage, entries, argv, &self->statements, status))
    return FALSE;
  self->format_index = nebula_command_choose (formats, self->format);
  self->framing_index = nebula_command_choose (framings, self->framing);
  named = g_getenv ("NEBULA_RETRY_POLICY");
  if (self->policy == NULL && named != NULL && *named != '\0')
    self->policy = g_strdup (named);
  if (!check_options (self, status))
    return FALSE;
  self->password = nebula_password_file_read (self->password_file, &error);
  if (self->password == NULL)
    *status = nebula_command_misused (usage.name, "%s", error->message);
  return self->password != NULL;
}

/* The policy that was asked for; the default one where nothing was. */
static NebulaRetryPolicy *
make_policy (const Query *self, int *status)
{
  g_autoptr (GError) error = NULL;
  NebulaRetryPolicy *policy;

  if (self->policy == NULL && self->timeout > 0)
    {
      gint64 timeout = self->timeout * G_USEC_PER_SEC;

      return g_object_new (NEBULA_TYPE_RETRY_POLICY, "total-timeout", MAX (timeout, 1), NULL);
    }
  if (self->policy == NULL)
    return nebula_retry_policy_new ();

  policy = nebula_retry_policy_new_from_file (self->policy, &error);
  if (policy == NULL)
    {
      *status = nebula_command_misused (usage.name, "the policy file: %s", error->message);
      return NULL;
    }
  for (guint i = 0; i < nebula_retry_policy_get_warnings (policy)->len; i++)
    fprintf (stderr, "nebula-interceptor query: the policy file: warning: %s\n",
             (char *) nebula_retry_policy_get_warnings (policy)->pdata[i]);
  return policy;
}

static NebulaCluster *
make_cluster (const Query *self, int *status)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (NebulaRetryPolicy) policy = make_policy (self, status);
  g_autoptr (NebulaCluster) cluster = NULL;

  if (policy == NULL)
    return NULL;
  cluster = nebula_cluster_new (self->endpoint, &error);
  if (cluster == NULL)
    {
      *status = nebula_command_misused (usage.name, "--endpoint: %s", error->message);
      return NULL;
    }
  if (!nebula_tls_options_apply (&self->tls, cluster, &error))
    {
      *status = nebula_command_misused (usage.name, "%s", error->message);
      return NULL;
    }
  nebula_cluster_set_policy (cluster, policy);
  return g_steal_pointer (&cluster);
}

static void
begin_call (Query *self, const char *call)
{
  g_autofree char *shown = NULL;

  if (!self->trace)
    return;
  shown = nebula_statement_display (call);
  nebula_timeline_begin (&self->timeline, shown);
}

static gboolean
log_in (Query *self, NebulaGraphClient *client, int *status)
{
  g_autofree char *call = g_strdup_printf ("authenticate %s", self->user);
  g_autoptr (GError) error = NULL;

  begin_call (self, call);
  if (!nebula_graph_client_authenticate (client, self->user, self->password, &error))
    {
      *status = nebula_command_failed (usage.name, "%s", error->message);
      return FALSE;
    }
  if (self->space == NULL)
    return TRUE;

  g_free (call);
  call = g_strdup_printf ("USE %s", self->space);
  begin_call (self, call);
  if (!nebula_graph_client_use (client, self->space, &error))
    *status = nebula_command_failed (usage.name, "cannot use the space '%s': %s", self->space,
                                     error->message);
  return error == NULL;
}

/* graphd quotes the statement in some of its texts, and the statement may hold a password. */
static char *
describe_error (const char *statement, const GError *error)
{
  NebulaOutcome *outcome = nebula_error_get_outcome (error);
  gint32 code;

  if (!nebula_statement_holds_secret (statement, -1) || outcome == NULL)
    return g_utf8_make_valid (error->message, -1);
  code = nebula_outcome_get_real_code (outcome);
  return g_strdup_printf ("failed with code %d %s (the text is withheld: the statement has to do "
                          "with passwords)",
                          code, nebula_error_info_get_name (nebula_error_info_for_code (code)));
}

static void
add_json (Query *self,
          NebulaThriftExecutionResponse *response,
          const GError *error,
          const char *text,
          guint n_attempts)
{
  NebulaThriftDataSet *data = response != NULL ? response->data : NULL;
  GByteArray *space = response != NULL ? response->space_name : NULL;
  NebulaOutcome *outcome = nebula_error_get_outcome (error);
  g_autofree char *name = NULL;

  if (space != NULL)
    name = g_strndup ((const char *) space->data, space->len);
  json_builder_begin_object (self->json);
  if (error == NULL || outcome != NULL)
    nebula_json_add_int (self->json, "code",
                         outcome != NULL ? nebula_outcome_get_wire_code (outcome) : 0);
  else
    nebula_json_add_string (self->json, "code", NULL);
  nebula_json_add_string (self->json, "error", text);
  nebula_json_add_string (self->json, "space", name);
  json_builder_set_member_name (self->json, "columns");
  nebula_value_json_add_columns (self->json, data);
  json_builder_set_member_name (self->json, "rows");
  nebula_value_json_add_rows (self->json, data);
  nebula_json_add_int (self->json, "attempts", n_attempts);
  json_builder_end_object (self->json);
}

static void
print_data (const Query *self, NebulaThriftDataSet *data, guint n_attempts)
{
  const char *plural = n_attempts == 1 ? "" : "s";
  gboolean has_data = data != NULL && data->column_names != NULL && data->column_names->len > 0;

  if (self->format_index == FORMAT_CSV)
    {
      if (has_data)
        nebula_result_print_csv (stdout, data);
    }
  else if (has_data)
    {
      guint n_rows = data->rows != NULL ? data->rows->len : 0;

      nebula_result_print_table (stdout, data);
      printf ("%u row%s, %u attempt%s\n\n", n_rows, n_rows == 1 ? "" : "s", n_attempts, plural);
    }
  else
    {
      printf ("Done, %u attempt%s\n\n", n_attempts, plural);
    }
}

static gboolean
run_statement (Query *self, NebulaGraphClient *client, const char *statement)
{
  NebulaInterceptor *interceptor = nebula_graph_client_get_interceptor (client);
  g_autofree char *shown = nebula_statement_display (statement);
  g_autofree char *text = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (NebulaCallReport) report = NULL;
  NebulaThriftExecutionResponse *response = NULL;
  guint n_attempts;

  begin_call (self, statement);
  nebula_graph_client_execute (client, statement, &response, &error);
  report = nebula_interceptor_get_last_report (interceptor);
  n_attempts = report != NULL ? nebula_call_report_get_n_attempts (report) : 0;
  if (error != NULL)
    text = describe_error (statement, error);

  if (self->json != NULL)
    add_json (self, response, error, text, n_attempts);
  else if (error == NULL || (response != NULL && response->data != NULL))
    print_data (self, response->data, n_attempts);
  if (error != NULL)
    nebula_command_failed (usage.name, "%s: %s", shown, text);
  g_clear_object (&response);
  return error == NULL;
}

static int
run_statements (Query *self, NebulaGraphClient *client)
{
  gboolean is_many = self->statements[1] != NULL;
  gboolean succeeded = TRUE;

  if (self->format_index == FORMAT_JSON)
    {
      self->json = json_builder_new ();
      if (is_many)
        json_builder_begin_array (self->json);
    }
  for (guint i = 0; self->statements[i] != NULL && succeeded; i++)
    {
      /* CSV has no other way to tell two results apart. */
      if (i > 0 && self->format_index == FORMAT_CSV)
        fputs ("\r\n", stdout);
      succeeded = run_statement (self, client, self->statements[i]);
    }
  if (self->json != NULL)
    {
      if (is_many)
        json_builder_end_array (self->json);
      nebula_json_print (self->json);
    }
  return succeeded ? NEBULA_EXIT_OK : NEBULA_EXIT_FAILED;
}

int
nebula_command_query (int argc, char **argv)
{
  g_auto (Query) query = { 0 };
  g_autoptr (NebulaCluster) cluster = NULL;
  g_autoptr (NebulaGraphClient) client = NULL;
  int status = NEBULA_EXIT_OK;

  if (!parse (&query, argv, &status) || (cluster = make_cluster (&query, &status)) == NULL)
    return status;

  client = nebula_graph_client_new (cluster, (NebulaFraming) query.framing_index);
  if (query.trace)
    {
      nebula_timeline_init (&query.timeline, stderr, isatty (STDERR_FILENO), TRACE_CALL_WIDTH);
      nebula_interceptor_set_attempt_func (nebula_graph_client_get_interceptor (client),
                                           nebula_timeline_watch, &query.timeline, NULL);
    }
  if (log_in (&query, client, &status))
    status = run_statements (&query, client);
  /* With the client's end; seen only when it fails. */
  begin_call (&query, "signout");
  return status;
}
