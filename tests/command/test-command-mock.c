/* SPDX-License-Identifier: Apache-2.0 */
#include "command-run.h"

#include <signal.h>

/* nebula-interceptor mock: starts, answers, ends. */

/* Returns: (transfer full): HOST:PORT, from the first line of @process */
static char *
read_address (GSubprocess *process)
{
  g_autoptr (GDataInputStream) out = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *line = NULL;

  out = g_data_input_stream_new (g_subprocess_get_stdout_pipe (process));
  g_filter_input_stream_set_close_base_stream (G_FILTER_INPUT_STREAM (out), FALSE);
  line = g_data_input_stream_read_line (out, NULL, NULL, &error);
  g_assert_no_error (error);
  g_assert_nonnull (line);
  g_assert_true (g_str_has_prefix (line, "listening on 127.0.0.1:"));
  return g_strdup (line + strlen ("listening on "));
}

/* @signal ends @process, which says nothing more. */
static void
end (GSubprocess *process, int signal)
{
  g_autoptr (GBytes) nothing = g_bytes_new (NULL, 0);
  g_autoptr (GBytes) out = NULL;
  g_autoptr (GBytes) err = NULL;
  g_autoptr (GError) error = NULL;

  g_subprocess_send_signal (process, signal);
  g_subprocess_communicate (process, nothing, NULL, &out, &err, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (g_bytes_get_size (out), ==, 0);
  g_assert_cmpuint (g_bytes_get_size (err), ==, 0);
  g_assert_true (g_subprocess_get_if_exited (process));
  g_assert_cmpint (g_subprocess_get_exit_status (process), ==, 0);
}

static void
query (CommandRun *run, const char *address, const char *password, const char *statement)
{
  const char *const arguments[] = {
    "query", "--endpoint", address, "--user", "root", "--password-file", "-", "--space", "garden",
    "--format", "csv", statement, NULL,
  };

  command_run (run, password, arguments);
}

/* With everything on the command line; ended by SIGTERM. */
static void
test_options (void)
{
  const char *const arguments[] = {
    "mock", "--host", "127.0.0.1", "--port", "0", "--user", "root", "--password-file",
    command_file ("password", CANARY), "--space", "meadow", "--space", "garden", NULL,
  };
  g_autoptr (GSubprocess) process = command_spawn (arguments);
  g_autofree char *address = read_address (process);
  g_auto (CommandRun) run = { 0 };
  g_auto (CommandRun) refused = { 0 };

  query (&run, address, CANARY, "YIELD 1 AS a");
  g_assert_cmpstr (command_run_out (&run), ==, "a\r\n1\r\n");
  query (&refused, address, "nebula", "YIELD 1 AS a");
  g_assert_cmpint (refused.status, ==, 1);
  end (process, SIGTERM);
  command_files_remove ();
}

/* With a scenario; ended by SIGINT. */
static void
test_scenario (void)
{
  const char *scenario = "{ \"users\": { \"root\": \"" CANARY "\" }, \"spaces\": [ \"garden\" ],\n"
                         "  \"faults\": [ { \"kind\": \"code\", \"contains\": \"YIELD\",\n"
                         "    \"calls\": 1, \"code\": -1004, \"message\": \"scripted\" } ] }";
  const char *const arguments[] = {
    "mock", "--scenario", command_file ("scenario.json", scenario), NULL,
  };
  g_autoptr (GSubprocess) process = command_spawn (arguments);
  g_autofree char *address = read_address (process);
  g_auto (CommandRun) first = { 0 };
  g_auto (CommandRun) second = { 0 };

  query (&first, address, CANARY, "YIELD 1 AS a");
  g_assert_cmpint (first.status, ==, 1);
  assert_contains (command_run_err (&first), "scripted");
  query (&second, address, CANARY, "YIELD 1 AS a");
  g_assert_cmpstr (command_run_out (&second), ==, "a\r\n1\r\n");
  end (process, SIGINT);
  command_files_remove ();
}

static char *
find (const char *name)
{
  return g_build_filename (g_getenv ("G_TEST_SRCDIR"), "data", "tls", name, NULL);
}

/* What a query over TLS comes to; files are those of tests/data/tls. */
static const struct
{
  const char *options[9];
  int status;
  const char *out;
  const char *err; /* (nullable): %NULL for nothing */
} tls_queries[] = {
  { { "--tls", "--tls-ca", "ca.pem", "--tls-certificate", "client.pem", "--tls-key", "client.key" },
    0, "a\r\n1\r\n", NULL },
  { { "--tls", "--tls-ca", "ca.pem", "--tls-certificate", "client.pem", "--tls-key", "client.key",
      "--tls-server-name=graphd.test" },
    0, "a\r\n1\r\n", NULL },
  { { "--tls", "--tls-ca", "ca.pem", "--tls-certificate", "client.pem", "--tls-key", "client.key",
      "--tls-server-name=other.test" },
    1, "", "it is for another name" },
  { { "--tls", "--tls-ca", "ca.pem" }, 1, "", "the server wants a client certificate" },
  { { "--tls", "--tls-ca", "other-ca.pem" }, 1, "", "not signed by a known authority" },
  { { "--tls", "--tls-insecure", "--tls-certificate", "client.pem", "--tls-key", "client.key" },
    0, "a\r\n1\r\n", "TLS without verification: whoever answers is taken for the server" },
  { { "--tls", "--tls-ca", "broken.pem" }, 2, "", "broken.pem': no certificate in it" },
  { { "--tls", "--tls-key", "client.key" }, 2, "", "no certificate file beside it" },
  { { "--tls", "--tls-insecure", "--tls-ca", "ca.pem" }, 2, "", "--tls-ca beside --tls-insecure" },
  { { "--tls-ca", "ca.pem" }, 2, "", "--tls-ca without --tls" },
  { { "--tls-insecure" }, 2, "", "--tls-insecure without --tls" },
  { { NULL }, 1, "", "127.0.0.1:" },
};

static void
query_tls (CommandRun *run, const char *address, const char *const *options)
{
  const char *const first[] = { "query", "--endpoint", address, "--user", "root",
                                "--password-file", "-", "--format", "csv", "YIELD 1 AS a" };
  g_autoptr (GPtrArray) all = g_ptr_array_new ();
  g_autoptr (GPtrArray) files = g_ptr_array_new_with_free_func (g_free);

  for (guint i = 0; i < G_N_ELEMENTS (first); i++)
    g_ptr_array_add (all, (gpointer) first[i]);
  for (guint i = 0; options[i] != NULL; i++)
    {
      g_ptr_array_add (files, options[i][0] == '-' ? g_strdup (options[i]) : find (options[i]));
      g_ptr_array_add (all, files->pdata[i]);
    }
  g_ptr_array_add (all, NULL);
  command_run (run, CANARY, (const char *const *) all->pdata);
}

/* With TLS, for clients that are known. */
static void
test_tls (void)
{
  g_autofree char *certificate = find ("server.pem");
  g_autofree char *key = find ("server.key");
  g_autofree char *ca = find ("ca.pem");
  const char *const arguments[] = {
    "mock", "--user", "root", "--password-file", command_file ("password", CANARY),
    "--tls-certificate", certificate, "--tls-key", key, "--tls-client-ca", ca, NULL,
  };
  g_autoptr (GSubprocess) process = command_spawn (arguments);
  g_autofree char *address = read_address (process);

  for (guint i = 0; i < G_N_ELEMENTS (tls_queries); i++)
    {
      g_auto (CommandRun) run = { 0 };

      query_tls (&run, address, tls_queries[i].options);
      assert_contains (command_run_err (&run), tls_queries[i].err);
      g_assert_cmpstr (command_run_out (&run), ==, tls_queries[i].out);
      g_assert_cmpint (run.status, ==, tls_queries[i].status);
    }
  end (process, SIGTERM);
  command_files_remove ();
}

/* A space that was made on one is there on the other. */
static void
test_servers (void)
{
  const char *const arguments[] = { "mock", "--servers", "2", "--space", "garden", NULL };
  g_autoptr (GSubprocess) process = command_spawn (arguments);
  g_autofree char *addresses = read_address (process);
  g_auto (GStrv) each = g_strsplit (addresses, ",", -1);
  g_auto (CommandRun) first = { 0 };
  g_auto (CommandRun) second = { 0 };
  g_auto (CommandRun) both = { 0 };

  g_assert_cmpuint (g_strv_length (each), ==, 2);
  query (&first, each[0], "nebula", "CREATE SPACE meadow");
  g_assert_cmpint (first.status, ==, 0);
  query (&second, each[1], "nebula", "SHOW SPACES");
  g_assert_cmpstr (command_run_out (&second), ==, "Name\r\ngarden\r\nmeadow\r\n");
  query (&both, addresses, "nebula", "YIELD 1 AS a");
  g_assert_cmpstr (command_run_out (&both), ==, "a\r\n1\r\n");
  end (process, SIGTERM);
}

/* A file for other servers than there are. */
static void
test_other_servers (void)
{
  const char *const arguments[] = {
    "mock", "--servers", "2", "--scenario", command_file ("three.json", "{ \"servers\": 3 }"), NULL,
  };
  g_auto (CommandRun) run = { 0 };

  command_run (&run, NULL, arguments);
  g_assert_cmpint (run.status, ==, 2);
  assert_contains (command_run_err (&run), "servers: are 3, expected 2 as there are");
  command_files_remove ();
}

/* Whose port is taken. */
static void
test_port_taken (void)
{
  g_autoptr (NebulaMockServer) server = nebula_mock_server_new ();
  g_autofree char *port = NULL;
  g_auto (CommandRun) run = { 0 };

  g_assert_true (nebula_mock_server_start (server, NULL, 0, NULL));
  port = g_strdup_printf ("%u", nebula_mock_server_get_port (server));
  {
    const char *const arguments[] = { "mock", "--port", port, NULL };

    command_run (&run, NULL, arguments);
  }
  g_assert_cmpint (run.status, ==, 1);
  assert_contains (command_run_err (&run), "mock: cannot listen: ");
  nebula_mock_server_stop (server);
}

static const struct
{
  const char *arguments[6];
  const char *err;
} misuses[] = {
  { { "mock", "here" }, "'here' is not expected: there are only options" },
  { { "mock", "--port", "65536" }, "--port is 65536, expected 0 to 65535" },
  { { "mock", "--port", "-1" }, "--port is -1, expected 0 to 65535" },
  { { "mock", "--port", "x" }, "Cannot parse integer value" },
  { { "mock", "--servers", "101" }, "--servers is 101, expected 0 to 100" },
  { { "mock", "--servers", "-1" }, "--servers is -1, expected 0 to 100" },
  { { "mock", "--user", "root" }, "--user and --password-file are given together" },
  { { "mock", "--user", "root", "--password-file", "-" }, "the password file '-' is empty" },
  { { "mock", "--scenario", "/nowhere" }, "No such file or directory" },
  { { "mock", "--tls-key", "/nowhere" }, "--tls-certificate and --tls-key are given together" },
  { { "mock", "--tls-client-ca", "/nowhere" }, "--tls-client-ca without --tls-certificate" },
  { { "mock", "--tls-certificate", "/nowhere", "--tls-key", "/nowhere" },
    "TLS cannot be set up: Failed to open file" },
};

static void
test_misuses (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (misuses); i++)
    {
      g_auto (CommandRun) run = { 0 };

      command_run (&run, NULL, misuses[i].arguments);
      assert_contains (command_run_err (&run), misuses[i].err);
      assert_contains (command_run_err (&run), "Try 'nebula-interceptor mock --help'.\n");
      g_assert_cmpstr (command_run_out (&run), ==, "");
      g_assert_cmpint (run.status, ==, 2);
    }
}

/* All problems of a scenario are said at once. */
static void
test_wrong_scenario (void)
{
  const char *scenario = "{ \"spaces\": [ 5 ], \"faults\": [ { \"kind\": \"clode\" } ] }";
  const char *const arguments[] = {
    "mock", "--scenario", command_file ("wrong.json", scenario), NULL,
  };
  g_auto (CommandRun) run = { 0 };

  command_run (&run, NULL, arguments);
  g_assert_cmpint (run.status, ==, 2);
  assert_contains (command_run_err (&run), "spaces[0]");
  assert_contains (command_run_err (&run), "faults[0].kind");
  command_files_remove ();
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_summary ("The graphd for tests as a command: its first line, its answers, its end, and "
                  "wrong calls.");
  g_test_add_func ("/mock/options", test_options);
  g_test_add_func ("/mock/scenario", test_scenario);
  g_test_add_func ("/mock/tls", test_tls);
  g_test_add_func ("/mock/servers", test_servers);
  g_test_add_func ("/mock/other-servers", test_other_servers);
  g_test_add_func ("/mock/port-taken", test_port_taken);
  g_test_add_func ("/mock/misuses", test_misuses);
  g_test_add_func ("/mock/wrong-scenario", test_wrong_scenario);
  return g_test_run ();
}
