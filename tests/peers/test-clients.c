/* SPDX-License-Identifier: Apache-2.0 */
#include "command-run.h"
#include "peer.h"

#include <signal.h>

/* The mock, as the command runs it, under clients that others wrote. What they print is what they
 * made of the mock's bytes; what follows was written down by hand. */

#define SCENARIO \
  "{ \"users\": { \"root\": \"nebula\" }, \"spaces\": [\"garden\"]," \
  "  \"faults\": [{ \"kind\": \"expire-session\", \"contains\": \"YIELD 7\", \"calls\": 1 }] }"

/* What both print alike. */
#define DATES \
  "date [{\"year\":2024,\"month\":2,\"day\":29}]\n" \
  "time [{\"hour\":23,\"minute\":59,\"sec\":58,\"microsec\":999999}]\n" \
  "datetime [{\"year\":-4712,\"month\":1,\"day\":1,\"hour\":12,\"minute\":0,\"sec\":0," \
  "\"microsec\":1}]\n"
#define GRAPH \
  "vertex [{\"vid\":\"v\",\"tags\":[{\"name\":\"t\",\"props\":{\"n\":7}}]}]\n" \
  "edge [{\"src\":\"v\",\"dst\":\"w\",\"type\":-3,\"name\":\"e\",\"ranking\":4," \
  "\"props\":{\"since\":1999}}]\n" \
  "path [{\"src\":{\"vid\":\"v\",\"tags\":[]},\"steps\":[{\"dst\":{\"vid\":\"w\",\"tags\":[]}," \
  "\"type\":3,\"name\":\"e\",\"ranking\":0,\"props\":{}}]}]\n"

/* Numbers that JavaScript cannot hold come as texts; bytes that are no text as U+FFFD. */
#define NODE_VALUES \
  "empty [null]\n" \
  "null [6]\n" \
  "bool [true]\n" \
  "int [\"-9223372036854775808\"]\n" \
  "float [0.25]\n" \
  "string [\"a\\u0000\xef\xbf\xbd\"]\n" \
  DATES GRAPH \
  "list [[1,\"two\"]]\n" \
  "map [{\"key\":1}]\n" \
  "set [[1]]\n" \
  "dataset [{\"column_names\":[\"i\",\"s\",\"d\"],\"rows\":[{\"values\":[0,\"row 0\",0]}]}]\n" \
  "point [{\"ggVal\":{\"ptVal\":{\"coord\":{\"x\":1,\"y\":2}},\"lsVal\":null,\"pgVal\":null}}]\n" \
  "linestring [{\"ggVal\":{\"ptVal\":null,\"lsVal\":{\"coordList\":[{\"x\":0,\"y\":0}," \
  "{\"x\":1,\"y\":1}]},\"pgVal\":null}}]\n" \
  "polygon [{\"ggVal\":{\"ptVal\":null,\"lsVal\":null,\"pgVal\":{\"coordListList\":" \
  "[[{\"x\":0,\"y\":0},{\"x\":1,\"y\":0},{\"x\":0,\"y\":1},{\"x\":0,\"y\":0}]]}}}]\n" \
  "duration [{\"duVal\":{\"seconds\":86400,\"microseconds\":5,\"months\":13}}]\n"

/* Bytes are printed one by one, as Latin-1. */
#define PYTHON_VALUES \
  "empty [null]\n" \
  "null [6]\n" \
  "bool [true]\n" \
  "int [-9223372036854775808]\n" \
  "float [0.25]\n" \
  "string [\"a\\u0000\\u00ff\"]\n" \
  DATES GRAPH \
  "list [{\"values\":[1,\"two\"]}]\n" \
  "map [{\"kvs\":{\"key\":1}}]\n" \
  "set [{\"values\":[1]}]\n" \
  "dataset [{\"column_names\":[\"i\",\"s\",\"d\"],\"rows\":[{\"values\":[0,\"row 0\",0.0]}]}]\n" \
  "point [{\"ptVal\":{\"coord\":{\"x\":1.0,\"y\":2.0}}}]\n" \
  "linestring [{\"lsVal\":{\"coordList\":[{\"x\":0.0,\"y\":0.0},{\"x\":1.0,\"y\":1.0}]}}]\n" \
  "polygon [{\"pgVal\":{\"coordListList\":[[{\"x\":0.0,\"y\":0.0},{\"x\":1.0,\"y\":0.0}," \
  "{\"x\":0.0,\"y\":1.0},{\"x\":0.0,\"y\":0.0}]]}}]\n" \
  "duration [{\"seconds\":86400,\"microseconds\":5,\"months\":13}]\n"

/* A client; its command is in an environment variable. */
typedef struct
{
  const char *name;
  const char *variable;
  const char *package;
  const char *framing; /* (nullable): how it is told to speak, when it can speak in several ways */
  gboolean is_python;
} Client;

static const Client clients[] = {
  { "node", "PEER_NODE_CLIENT", "client in JavaScript (nodejs, npm)", NULL, FALSE },
  { "python-framed", "PEER_PYTHON_CLIENT", "client in Python (python3-thrift)", "framed", TRUE },
  { "python-header", "PEER_PYTHON_CLIENT", "client in Python (python3-thrift)", "header", TRUE },
};

typedef struct
{
  const char *name;
  const char *summary;
  const char *statements[4];
  const char *expected; /* a pattern as g_pattern_match_simple () has it */
  const char *python;   /* (nullable): what Python prints, when it is something else */
} Case;

static const Case cases[] = {
  { "values", "a value of every kind is read as it was sent", { "YIELD everything()" },
    NODE_VALUES, PYTHON_VALUES },
  { "space", "it is in the space that it asked for", { "YIELD 1; USE garden" },
    "done \"garden\"\n", NULL },
  { "written", "what it writes is there to be read",
    { "INSERT VERTEX t(n, s) VALUES \"v\":(7, \"x\")",
      "FETCH PROP ON t \"v\" YIELD properties(vertex).n AS n, properties(vertex).s AS s",
      "FETCH PROP ON t \"v\" YIELD properties(vertex).missing AS missing" },
    "done \"garden\"\nn [7]\ns [\"x\"]\nmissing [5]\n", NULL },
  { "rows", "several rows", { "YIELD rows(3)" },
    "i [0,1,2]\ns [\"row 0\",\"row 1\",\"row 2\"]\nd [0,0.5,1]\n",
    "i [0,1,2]\ns [\"row 0\",\"row 1\",\"row 2\"]\nd [0.0,0.5,1.0]\n" },
  { "refused", "a failure has its number and its text, and the connection goes on",
    { "NONSENSE", "YIELD 1 AS one" },
    "error [-1004,\"SyntaxError: syntax error near `NONSENSE'\"]\none [1]\n", NULL },
  { "expired", "a session that is gone stays gone: these clients take no new one",
    { "YIELD 1 AS one", "YIELD 7 AS seven", "YIELD 1 AS one" },
    "one [1]\n"
    "error [-1002,\"Get sessionId[?*] failed: Session `?*' not found: Session not existed!\"]\n"
    "error [-1002,\"Get sessionId[?*] failed: Session `?*' not found: Session not existed!\"]\n",
    NULL },
};

/* A case with a client. */
typedef struct
{
  const Client *client;
  const Case *what; /* (nullable): %NULL for the wrong password */
} Run;

static GSubprocess *
start_mock (char **address)
{
  const char *const arguments[] = {
    "mock", "--scenario", command_file ("scenario", SCENARIO), NULL,
  };
  g_autoptr (GError) error = NULL;
  g_autoptr (GDataInputStream) lines = NULL;
  g_autofree char *line = NULL;
  GSubprocess *mock = command_spawn (arguments);

  lines = g_data_input_stream_new (g_subprocess_get_stdout_pipe (mock));
  g_filter_input_stream_set_close_base_stream (G_FILTER_INPUT_STREAM (lines), FALSE);
  line = g_data_input_stream_read_line (lines, NULL, NULL, &error);
  g_assert_no_error (error);
  g_assert_true (g_str_has_prefix (line, "listening on "));
  *address = g_strdup (line + strlen ("listening on "));
  return mock;
}

static void
stop_mock (GSubprocess *mock)
{
  g_autoptr (GError) error = NULL;

  g_subprocess_send_signal (mock, SIGTERM);
  g_subprocess_wait_check (mock, NULL, &error);
  g_assert_no_error (error);
  g_object_unref (mock);
  command_files_remove ();
}

/* Returns: (transfer full): what the client printed */
static char *
run_client (const Client *self,
            const char *address,
            const char *password,
            const char *const *statements)
{
  g_autoptr (GStrvBuilder) argv = g_strv_builder_new ();
  g_autoptr (GSubprocess) process = NULL;
  g_autoptr (GError) error = NULL;
  g_auto (GStrv) command = NULL;
  g_auto (GStrv) words = NULL;
  char *out = NULL;

  g_shell_parse_argv (g_getenv (self->variable), NULL, &command, &error);
  g_assert_no_error (error);
  g_strv_builder_addv (argv, (const char **) command);
  if (self->framing != NULL)
    g_strv_builder_add (argv, self->framing);
  g_strv_builder_add_many (argv, address, password, NULL);
  g_strv_builder_addv (argv, (const char **) statements);
  words = g_strv_builder_end (argv);
  process = g_subprocess_newv ((const char *const *) words, G_SUBPROCESS_FLAGS_STDOUT_PIPE, &error);
  g_assert_no_error (error);
  g_subprocess_communicate_utf8 (process, NULL, NULL, &out, NULL, &error);
  g_assert_no_error (error);
  g_assert_true (g_subprocess_get_successful (process));
  return out;
}

static void
test_case (gconstpointer data)
{
  const Run *self = data;
  const Case *what = self->what;
  const char *expected = self->client->is_python && what->python != NULL ? what->python
                                                                         : what->expected;
  g_autofree char *address = NULL;
  g_autofree char *out = NULL;
  GSubprocess *mock;

  if (peer_is_missing (self->client->variable, self->client->package))
    return;
  g_test_summary (what->summary);
  mock = start_mock (&address);
  out = run_client (self->client, address, "nebula", what->statements);
  if (!g_pattern_match_simple (expected, out))
    g_assert_cmpstr (out, ==, expected);
  stop_mock (mock);
}

static void
test_password (gconstpointer data)
{
  const Run *self = data;
  const char *const statements[] = { "YIELD 1", NULL };
  g_autofree char *address = NULL;
  g_autofree char *out = NULL;
  GSubprocess *mock;

  if (peer_is_missing (self->client->variable, self->client->package))
    return;
  g_test_summary ("a wrong password is refused, and says so");
  mock = start_mock (&address);
  out = run_client (self->client, address, "wrong", statements);
  g_assert_true (g_str_has_prefix (out, "broken [-1001,\"Invalid password"));
  stop_mock (mock);
}

static void
add (const Client *client, const char *name, const Case *what)
{
  g_autofree char *path = g_strdup_printf ("/clients/%s/%s", client->name, name);
  Run *run = g_new0 (Run, 1);

  run->client = client;
  run->what = what;
  g_test_add_data_func_full (path, run, what != NULL ? test_case : test_password, g_free);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (clients); i++)
    {
      for (gsize j = 0; j < G_N_ELEMENTS (cases); j++)
        add (&clients[i], cases[j].name, &cases[j]);
      add (&clients[i], "password", NULL);
    }
  return g_test_run ();
}
