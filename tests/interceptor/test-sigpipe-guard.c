/* SPDX-License-Identifier: Apache-2.0 */
#include "nebula-sigpipe-guard-private.h"

#include "nebula-transport-channel-private.h"

#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <thrift/c_glib/transport/thrift_fd_transport.h>
#include <thrift/c_glib/transport/thrift_socket.h>
#include <unistd.h>

/* Each test runs in a child of its own, whose SIGPIPE is at its default: what is not caught kills
 * the child, and the parent sees by which signal. */

typedef struct
{
  const gchar *path;
  void (*run) (void);
  int signal; /* which must end the child, 0 for none */
} Case;

static void
provoke (void)
{
  int fds[2];

  g_assert_no_errno (socketpair (AF_UNIX, SOCK_STREAM, 0, fds));
  close (fds[1]);
  g_assert_cmpint (send (fds[0], "x", 1, 0), ==, -1);
  g_assert_cmpint (errno, ==, EPIPE);
  close (fds[0]);
}

static gboolean
is_pending (void)
{
  sigset_t set;

  g_assert_no_errno (sigpending (&set));
  return sigismember (&set, SIGPIPE) == 1;
}

static gboolean
is_blocked (void)
{
  sigset_t set;

  g_assert_cmpint (pthread_sigmask (SIG_BLOCK, NULL, &set), ==, 0);
  return sigismember (&set, SIGPIPE) == 1;
}

static void
change_mask (int how)
{
  sigset_t set;

  sigemptyset (&set);
  sigaddset (&set, SIGPIPE);
  g_assert_cmpint (pthread_sigmask (how, &set, NULL), ==, 0);
}

static void
run_unguarded (void)
{
  provoke ();
}

static void
run_guarded (void)
{
  NebulaSigpipeGuard guard;

  nebula_sigpipe_guard_enter (&guard);
  g_assert_true (is_blocked ());
  provoke ();
  g_assert_true (is_pending ());
  nebula_sigpipe_guard_leave (&guard);

  g_assert_false (is_blocked ());
  g_assert_false (is_pending ());
}

static void
run_unguarded_after (void)
{
  run_guarded ();
  provoke ();
}

static void
run_quiet (void)
{
  NebulaSigpipeGuard guard;

  nebula_sigpipe_guard_enter (&guard);
  errno = EPIPE;
  nebula_sigpipe_guard_leave (&guard);
  g_assert_cmpint (errno, ==, EPIPE);
  g_assert_false (is_blocked ());
}

/* A thread that has SIGPIPE blocked for its own reasons keeps it blocked. */
static void
run_blocked_before (void)
{
  NebulaSigpipeGuard guard;

  change_mask (SIG_BLOCK);
  nebula_sigpipe_guard_enter (&guard);
  provoke ();
  nebula_sigpipe_guard_leave (&guard);
  g_assert_true (is_blocked ());
  g_assert_false (is_pending ());

  change_mask (SIG_UNBLOCK);
}

static void
run_pending_before (void)
{
  NebulaSigpipeGuard guard;

  change_mask (SIG_BLOCK);
  provoke ();
  nebula_sigpipe_guard_enter (&guard);
  provoke ();
  nebula_sigpipe_guard_leave (&guard);
  g_assert_true (is_blocked ());
  g_assert_true (is_pending ());

  /* Here it ends. */
  change_mask (SIG_UNBLOCK);
}

static void
run_nested (void)
{
  NebulaSigpipeGuard outer;
  NebulaSigpipeGuard inner;

  nebula_sigpipe_guard_enter (&outer);
  provoke ();
  nebula_sigpipe_guard_enter (&inner);
  provoke ();
  nebula_sigpipe_guard_leave (&inner);
  g_assert_true (is_blocked ());
  g_assert_true (is_pending ());
  nebula_sigpipe_guard_leave (&outer);

  g_assert_false (is_blocked ());
  g_assert_false (is_pending ());
}

static void
run_nested_inner (void)
{
  NebulaSigpipeGuard outer;
  NebulaSigpipeGuard inner;

  nebula_sigpipe_guard_enter (&outer);
  nebula_sigpipe_guard_enter (&inner);
  provoke ();
  nebula_sigpipe_guard_leave (&inner);
  g_assert_true (is_blocked ());
  g_assert_false (is_pending ());
  nebula_sigpipe_guard_leave (&outer);
  g_assert_false (is_blocked ());
}

/* Writes through a channel over @transport, whose peer is dead. */
static void
send_to_dead_peer (ThriftTransport *transport)
{
  g_autoptr (NebulaChannel) channel = nebula_transport_channel_new (transport);
  NebulaLimit limit = { nebula_clock_get_system (), G_MAXINT64, NULL };
  g_autoptr (GError) error = NULL;
  gsize taken = 999;

  g_assert_true (nebula_channel_open (channel, &limit, &error));
  g_assert_no_error (error);
  g_assert_false (nebula_channel_send (channel, (const guint8 *) "x", 1, &taken, &limit, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CONNECTION_CLOSED);
  g_assert_cmpuint (taken, ==, 0);
  nebula_channel_close (channel);
  g_assert_false (is_blocked ());
  g_assert_false (is_pending ());
}

/* Static, and kept until the end of the child: Thrift's transports leak when they are finalized. */
static ThriftTransport *kept;

static void
run_thrift_socket (void)
{
  int fds[2];

  g_assert_no_errno (socketpair (AF_UNIX, SOCK_STREAM, 0, fds));
  close (fds[1]);
  kept = g_object_new (THRIFT_TYPE_SOCKET, NULL);
  THRIFT_SOCKET (kept)->sd = fds[0];
  send_to_dead_peer (kept);
}

static void
run_thrift_fd_transport (void)
{
  int fds[2];

  g_assert_no_errno (socketpair (AF_UNIX, SOCK_STREAM, 0, fds));
  close (fds[1]);
  kept = g_object_new (THRIFT_TYPE_FD_TRANSPORT, "fd", fds[0], NULL);
  send_to_dead_peer (kept);
}

static void
run_case (gconstpointer data)
{
  const Case *test = data;
  pid_t child;
  int status = 0;

  fflush (stdout);
  child = fork ();
  g_assert_cmpint (child, >=, 0);
  if (child == 0)
    {
      signal (SIGPIPE, SIG_DFL);
      change_mask (SIG_UNBLOCK);
      test->run ();
      _exit (0);
    }

  g_assert_cmpint (waitpid (child, &status, 0), ==, child);
  if (test->signal != 0)
    {
      g_assert_true (WIFSIGNALED (status));
      g_assert_cmpint (WTERMSIG (status), ==, test->signal);
    }
  else
    {
      g_assert_true (WIFEXITED (status));
      g_assert_cmpint (WEXITSTATUS (status), ==, 0);
    }
}

static const Case cases[] = {
  { "/sigpipe-guard/unguarded", run_unguarded, SIGPIPE },
  { "/sigpipe-guard/guarded", run_guarded, 0 },
  { "/sigpipe-guard/unguarded-after", run_unguarded_after, SIGPIPE },
  { "/sigpipe-guard/quiet", run_quiet, 0 },
  { "/sigpipe-guard/blocked-before", run_blocked_before, 0 },
  { "/sigpipe-guard/pending-before", run_pending_before, SIGPIPE },
  { "/sigpipe-guard/nested", run_nested, 0 },
  { "/sigpipe-guard/nested-inner", run_nested_inner, 0 },
  { "/sigpipe-guard/thrift-socket", run_thrift_socket, 0 },
  { "/sigpipe-guard/thrift-fd-transport", run_thrift_fd_transport, 0 },
};

int
main (int argc, char *argv[])
{
  gsize i;

  g_test_init (&argc, &argv, NULL);
  g_test_summary ("A write to a dead peer in foreign code does not kill the process, "
                  "and a SIGPIPE of somebody else's is left alone");
  for (i = 0; i < G_N_ELEMENTS (cases); i++)
    g_test_add_data_func (cases[i].path, &cases[i], run_case);

  return g_test_run ();
}
