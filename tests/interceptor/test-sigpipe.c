/* SPDX-License-Identifier: Apache-2.0 */
#include "foreign-fixture.h"

#include <netinet/in.h>
#include <signal.h>
#include <stdio.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <thrift/c_glib/protocol/thrift_binary_protocol.h>
#include <thrift/c_glib/transport/thrift_framed_transport.h>
#include <thrift/c_glib/transport/thrift_socket.h>
#include <thrift/c_glib/transport/thrift_ssl_socket.h>
#include <unistd.h>

/*
 * A process that has not touched what SIGPIPE does to it, and that nobody has saved by making a
 * GSocket, lives through every way in which a peer can go. Each case is this program again, in a
 * process of its own, with a server in a third one: so a death is seen as what it is.
 */

#define FETCH "FETCH PROP ON t \"v\" YIELD properties(vertex).n"

/* More than the buffers of two sockets hold. */
#define MUCH (16 * 1024 * 1024)

/* The server's process, as the client sees it. */
typedef struct
{
  FILE *commands;
  FILE *answers;
  guint port;
  guint tls_port;
} Server;

static void
start_server (Server *self)
{
  g_autofree char *program = g_build_filename (g_getenv ("G_TEST_BUILDDIR"), "interceptor",
                                               "mock-process", NULL);
  char *arguments[] = { program, NULL };
  g_autoptr (GError) error = NULL;
  char answer[64];
  int commands;
  int answers;

  g_spawn_async_with_pipes (NULL, arguments, NULL, G_SPAWN_DEFAULT, NULL, NULL, NULL, &commands,
                            &answers, NULL, &error);
  g_assert_no_error (error);
  self->commands = fdopen (commands, "w");
  self->answers = fdopen (answers, "r");
  g_assert_nonnull (fgets (answer, sizeof answer, self->answers));
  g_assert_cmpint (sscanf (answer, "%u %u", &self->port, &self->tls_port), ==, 2);
}

static void
tell_server (Server *self, const char *command)
{
  char answer[64];

  g_assert_cmpint (fprintf (self->commands, "%s\n", command), >, 0);
  g_assert_cmpint (fflush (self->commands), ==, 0);
  g_assert_nonnull (fgets (answer, sizeof answer, self->answers));
  g_assert_cmpstr (answer, ==, "done\n");
}

static void
stop_server (Server *self)
{
  fclose (self->commands);
  fclose (self->answers);
}

static void
check_disposition (void)
{
  struct sigaction action;

  g_assert_no_errno (sigaction (SIGPIPE, NULL, &action));
  g_assert_true (action.sa_handler == SIG_DFL);
}

static gboolean
is_connection (int fd)
{
  struct sockaddr_in address;
  socklen_t size = sizeof address;

  return getpeername (fd, (struct sockaddr *) &address, &size) == 0
         && address.sin_family == AF_INET;
}

/* Every connection of the process looks well from now on, but the next byte that is written to it
 * raises SIGPIPE: a peer that is gone, without the luck of seeing it first. */
static void
break_connections (void)
{
  guint broken = 0;

  /* As many as this program can have. */
  for (int fd = 3; fd < 64; fd++)
    {
      int pair[2];

      if (!is_connection (fd))
        continue;
      g_assert_no_errno (socketpair (AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair));
      g_assert_no_errno (shutdown (pair[1], SHUT_RD));
      g_assert_cmpint (dup2 (pair[0], fd), ==, fd);
      close (pair[0]);
      broken++;
    }
  g_assert_cmpuint (broken, ==, 1);
}

static NebulaInterceptor *
make_own (Server *server)
{
  g_autofree char *endpoint = g_strdup_printf ("127.0.0.1:%u", server->port);

  return nebula_interceptor_new_for_endpoints (endpoint, NULL);
}

static NebulaInterceptor *
make_socket (Server *server)
{
  ThriftTransport *socket = g_object_new (THRIFT_TYPE_SOCKET, "hostname", "127.0.0.1", "port",
                                          server->port, NULL);
  NebulaInterceptor *interceptor = nebula_interceptor_new_for_transport (socket);

  g_object_unref (socket);
  return interceptor;
}

static NebulaInterceptor *
make_tls (Server *server)
{
  ThriftTransport *socket = g_object_new (THRIFT_TYPE_SSL_SOCKET, "hostname", "127.0.0.1", "port",
                                          server->tls_port, NULL);
  NebulaInterceptor *interceptor = nebula_interceptor_new_for_transport (socket);
  g_autofree char *file = tls_front_find_file ("test-only-certificate.pem");

  g_assert_true (thrift_ssl_load_cert_from_file (THRIFT_SSL_SOCKET (socket), file));
  g_object_unref (socket);
  return interceptor;
}

static void
check_fetch (Fixture *road, guint attempts)
{
  g_autoptr (GError) error = NULL;

  gint32 code = fixture_execute (road, FETCH, &error);

  g_assert_no_error (error);
  g_assert_cmpint (code, ==, 0);
  g_assert_cmpuint (fixture_get_attempts (road), ==, attempts);
}

static void
play_interceptor (Server *server, NebulaInterceptor *interceptor)
{
  g_autofree char *spaces = g_strnfill (MUCH, ' ');
  g_autofree char *much = g_strconcat (FETCH, spaces, NULL);
  Fixture road = { 0 };

  fixture_connect (&road, interceptor);
  fixture_use_space (&road);

  break_connections ();
  check_fetch (&road, 2);

  /* What the server has not read makes its close a reset. */
  tell_server (server, "reset 2");
  check_fetch (&road, 3);
  tell_server (server, "reset 2");
  g_assert_cmpint (fixture_execute (&road, much, NULL), !=, 0);
  tell_server (server, "reset 0");
  check_fetch (&road, 1);

  tell_server (server, "close");
  g_assert_cmpint (fixture_execute (&road, FETCH, NULL), ==, 0);

  break_connections ();
  g_assert_true (thrift_transport_close (THRIFT_TRANSPORT (road.interceptor), NULL));
  fixture_open (&road);
  check_fetch (&road, 1);

  /* Freed with a dead connection. */
  break_connections ();
  g_object_unref (road.client);
  g_object_unref (road.protocol);
  g_assert_finalize_object (road.interceptor);
}

/* The control group: what stands here without the interceptor. */
static void
play_framed (Server *server)
{
  ThriftTransport *socket = g_object_new (THRIFT_TYPE_SOCKET, "hostname", "127.0.0.1", "port",
                                          server->port, NULL);
  ThriftTransport *framed = g_object_new (THRIFT_TYPE_FRAMED_TRANSPORT, "transport", socket, NULL);
  Fixture road = { 0 };

  g_assert_true (thrift_transport_open (framed, NULL));
  road.protocol = g_object_new (THRIFT_TYPE_BINARY_PROTOCOL, "transport", framed, NULL);
  road.client = g_object_new (NEBULA_THRIFT_TYPE_GRAPH_SERVICE_CLIENT, "input_protocol",
                              road.protocol, "output_protocol", road.protocol, NULL);
  g_assert_cmpint (fixture_authenticate (&road, "nebula", NULL), ==, 0);
  break_connections ();
  fixture_execute (&road, FETCH, NULL);
}

static void
play (const char *name)
{
  Server server;

  check_disposition ();
  foreign_init ();
  start_server (&server);
  if (strcmp (name, "own") == 0)
    play_interceptor (&server, make_own (&server));
  else if (strcmp (name, "socket") == 0)
    play_interceptor (&server, make_socket (&server));
  else if (strcmp (name, "tls") == 0)
    play_interceptor (&server, make_tls (&server));
  else
    play_framed (&server);
  check_disposition ();
  stop_server (&server);
}

static const char *program;

/* Runs a case in a process of its own, and tells how that ended: the status of wait (). */
static int
run_case (const char *name)
{
  char *arguments[] = { (char *) program, (char *) "--play", (char *) name, NULL };
  g_autofree char *complaints = NULL;
  g_autoptr (GError) error = NULL;
  int status;

  g_spawn_sync (NULL, arguments, NULL, G_SPAWN_STDOUT_TO_DEV_NULL, NULL, NULL, NULL, &complaints,
                &status, &error);
  g_assert_no_error (error);
  if (complaints != NULL && *complaints != '\0')
    g_test_message ("%s", complaints);
  return status;
}

static void
test_lives (gconstpointer name)
{
  int status = run_case (name);

  g_test_summary ("a process that does nothing about SIGPIPE lives when its peer dies");
  if (WIFSIGNALED (status) && WTERMSIG (status) == SIGPIPE)
    g_error ("over \"%s\" the process died of SIGPIPE", (const char *) name);
  g_assert_true (WIFEXITED (status));
  g_assert_cmpint (WEXITSTATUS (status), ==, 0);
}

static void
test_control (gconstpointer name)
{
  int status = run_case (name);

  g_test_summary ("the same over ThriftFramedTransport kills the process: so this test can fail");
  g_assert_true (WIFSIGNALED (status));
  g_assert_cmpint (WTERMSIG (status), ==, SIGPIPE);
}

int
main (int argc, char **argv)
{
  if (argc == 3 && strcmp (argv[1], "--play") == 0)
    {
      play (argv[2]);
      return 0;
    }

  program = argv[0];
  g_test_init (&argc, &argv, NULL);
  g_test_add_data_func ("/sigpipe/own", "own", test_lives);
  g_test_add_data_func ("/sigpipe/socket", "socket", test_lives);
  g_test_add_data_func ("/sigpipe/tls", "tls", test_lives);
  g_test_add_data_func ("/sigpipe/framed", "framed", test_control);
  return g_test_run ();
}
