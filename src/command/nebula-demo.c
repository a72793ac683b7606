/* SPDX-License-Identifier: Apache-2.0 */
#include "nebula-demo-private.h"

#include "nebula-value-text-private.h"

#include <string.h>

/*
 * The stage of the demonstration: a graphd in this process, a client of it, and a list of what was
 * checked. The scenes are in nebula-demo-scenes.c.
 */

/* Never shown; the graphd of a scene lives as long as the scene. */
#define PASSWORD "correct horse"
#define WRONG_PASSWORD "battery staple"

/* The longest name of what is called: "authenticate". */
#define CALL_WIDTH 12

/* The same waits in each run. */
#define SEED 1

void
nebula_demo_init (NebulaDemo *self, gboolean color)
{
  *self = (NebulaDemo){ .color = color, .proof = g_string_new (NULL) };
}

static void
leave_stage (NebulaDemo *self)
{
  g_clear_pointer (&self->client, nebula_graph_client_free);
  if (self->server != NULL)
    nebula_mock_server_stop (self->server);
  g_clear_object (&self->server);
  nebula_timeline_clear (&self->timeline);
}

void
nebula_demo_clear (NebulaDemo *self)
{
  leave_stage (self);
  g_string_free (self->proof, TRUE);
}

static gboolean
set_stage (NebulaDemo *self, GError **error)
{
  g_autoptr (NebulaCluster) cluster = NULL;

  self->server = nebula_mock_server_new ();
  nebula_mock_server_add_user (self->server, NEBULA_DEMO_USER, PASSWORD);
  nebula_mock_server_add_space (self->server, NEBULA_DEMO_SPACE);
  if (!nebula_mock_server_start (self->server, NULL, 0, error))
    return FALSE;
  cluster = nebula_cluster_new (nebula_mock_server_get_address (self->server), error);
  if (cluster == NULL)
    return FALSE;
  nebula_cluster_set_seed (cluster, SEED);
  self->client = nebula_graph_client_new (cluster, NEBULA_FRAMING_FRAMED);
  return TRUE;
}

static const char *
paint (NebulaDemo *self, const char *color)
{
  return self->color ? color : "";
}

/**
 * nebula_demo_play:
 * @error: set when the scene could not begin
 *
 * Prints the time line of one scene, and keeps what it proves for nebula_demo_print_proof().
 */
gboolean
nebula_demo_play (NebulaDemo *self, const NebulaDemoScene *scene, GError **error)
{
  gboolean is_set;

  self->scene++;
  printf ("\n%s%u. %s%s\n", paint (self, "\033[1m"), self->scene, scene->title,
          paint (self, "\033[0m"));
  g_string_append_printf (self->proof, "%u. %s\n", self->scene, scene->title);
  is_set = set_stage (self, error);
  if (is_set)
    scene->play (self);
  leave_stage (self);
  return is_set;
}

/* From here on attempts are shown, and time counts. */
static void
raise_curtain (NebulaDemo *self)
{
  nebula_timeline_init (&self->timeline, stdout, self->color, CALL_WIDTH);
  nebula_interceptor_set_attempt_func (nebula_graph_client_get_interceptor (self->client),
                                       nebula_timeline_watch, &self->timeline, NULL);
}

/* Shows the call whole, once; the lines of its attempts only name it. */
static void
begin_call (NebulaDemo *self, const char *call)
{
  g_autofree char *name = g_strndup (call, strcspn (call, " "));

  printf ("   %s\n", call);
  nebula_timeline_begin (&self->timeline, name);
}

static void
print_end (const GError *error, const char *value)
{
  if (error != NULL)
    printf ("   The program is told: %s\n", error->message);
  else
    printf ("   The program gets: %s\n", value);
}

/**
 * nebula_demo_log_in:
 *
 * What comes before the scene and is not shown: a session, a space and a vertex with n = 1.
 *
 * Returns: whether all of it worked; if not, that is a wrong result
 */
gboolean
nebula_demo_log_in (NebulaDemo *self)
{
  g_autoptr (GError) error = NULL;
  gboolean ready;

  ready = nebula_graph_client_authenticate (self->client, NEBULA_DEMO_USER, PASSWORD, &error)
          && nebula_graph_client_use (self->client, NEBULA_DEMO_SPACE, &error)
          && nebula_graph_client_execute (self->client, "INSERT VERTEX t(n) VALUES \"a\":(1)", NULL,
                                          &error);
  if (!ready)
    nebula_demo_expect_text (self, "set up", "done", error->message);
  raise_curtain (self);
  return ready;
}

/* A log-in with a password that is not the user's. */
void
nebula_demo_refuse_log_in (NebulaDemo *self)
{
  g_autoptr (GError) error = NULL;

  raise_curtain (self);
  begin_call (self, "authenticate " NEBULA_DEMO_USER);
  nebula_graph_client_authenticate (self->client, NEBULA_DEMO_USER, WRONG_PASSWORD, &error);
  print_end (error, "a session");
  nebula_demo_expect_text (self, "the program is told who must act", "AUTH",
                           nebula_error_get_outcome (error) != NULL
                             ? nebula_error_category_to_string (
                               nebula_outcome_get_category (nebula_error_get_outcome (error)))
                             : "nothing");
}

/* @fault: (transfer full): what goes wrong in this scene */
void
nebula_demo_fault (NebulaDemo *self, NebulaMockFault *fault)
{
  nebula_mock_server_add_fault (self->server, fault);
  nebula_mock_fault_unref (fault);
}

static char *
first_cell (NebulaThriftDataSet *data)
{
  NebulaThriftRow *row;

  if (data == NULL || data->rows == NULL || data->rows->len == 0)
    return g_strdup ("success");
  row = data->rows->pdata[0];
  return nebula_value_text (row->values->pdata[0]);
}

/**
 * nebula_demo_call:
 * @value: (out) (optional) (transfer full) (nullable): the first value of the result
 *
 * Runs @statement as a program would, and shows what the program sees of it.
 *
 * Returns: (transfer full) (nullable): its error
 */
GError *
nebula_demo_call (NebulaDemo *self, const char *statement, char **value)
{
  NebulaThriftExecutionResponse *response = NULL;
  g_autofree char *cell = NULL;
  GError *error = NULL;

  begin_call (self, statement);
  if (nebula_graph_client_execute (self->client, statement, &response, &error))
    cell = first_cell (response->data);
  print_end (error, cell);
  if (value != NULL)
    *value = g_steal_pointer (&cell);
  g_clear_object (&response);
  return error;
}

static void
note (NebulaDemo *self, gboolean is_right, const char *what)
{
  self->n_checks++;
  if (!is_right)
    self->n_wrong++;
  g_string_append_printf (self->proof, "   %s%s%s %s",
                          paint (self, is_right ? "\033[32m" : "\033[31m"), is_right ? "✓" : "✗",
                          paint (self, "\033[0m"), what);
}

/* Keeps for the end that @what came to @actual, and whether that is right. */
void
nebula_demo_expect (NebulaDemo *self, const char *what, gint64 expected, gint64 actual)
{
  note (self, expected == actual, what);
  g_string_append_printf (self->proof, ": %" G_GINT64_FORMAT, actual);
  if (expected != actual)
    g_string_append_printf (self->proof, ", expected %" G_GINT64_FORMAT, expected);
  g_string_append_c (self->proof, '\n');
}

/* @actual: (nullable) */
void
nebula_demo_expect_text (NebulaDemo *self,
                         const char *what,
                         const char *expected,
                         const char *actual)
{
  gboolean is_right = g_strcmp0 (expected, actual) == 0;

  note (self, is_right, what);
  g_string_append_printf (self->proof, ": %s", actual != NULL ? actual : "nothing");
  if (!is_right)
    g_string_append_printf (self->proof, ", expected %s", expected);
  g_string_append_c (self->proof, '\n');
}

void
nebula_demo_print_proof (NebulaDemo *self)
{
  printf ("\n%sThe proof: what each graphd wrote down, and what the program was told.%s\n\n%s\n",
          paint (self, "\033[1m"), paint (self, "\033[0m"), self->proof->str);
  if (self->n_wrong == 0)
    printf ("All %u checks hold.\n", self->n_checks);
  else
    printf ("%u of %u checks FAILED.\n", self->n_wrong, self->n_checks);
}
