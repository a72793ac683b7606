/* SPDX-License-Identifier: Apache-2.0 */
#include "peer.h"

struct _Peer
{
  GSubprocess *process; /* (owned) */
  char *first_line;     /* (owned) */
};

/**
 * peer_is_missing:
 * @variable: the environment variable that has the peer's command
 * @what: what has to be installed for it
 *
 * Returns: whether there is no such peer: then the test is over, skipped, or failed in continuous
 *   integration, where what was left out would be taken for what passed
 */
gboolean
peer_is_missing (const char *variable, const char *what)
{
  const char *command = g_getenv (variable);

  if (command != NULL && *command != '\0')
    return FALSE;
  if (g_getenv ("CI") != NULL)
    g_test_fail_printf ("there is no %s, which continuous integration must have", what);
  else
    {
      g_autofree char *reason = g_strdup_printf ("there is no %s: scripts/setup --for-tests", what);

      g_test_skip (reason);
    }
  return TRUE;
}

static char *
read_line (GSubprocess *process)
{
  g_autoptr (GDataInputStream) lines
    = g_data_input_stream_new (g_subprocess_get_stdout_pipe (process));
  g_autoptr (GError) error = NULL;
  char *line;

  g_filter_input_stream_set_close_base_stream (G_FILTER_INPUT_STREAM (lines), FALSE);
  line = g_data_input_stream_read_line (lines, NULL, NULL, &error);
  g_assert_no_error (error);
  return line;
}

/**
 * peer_start:
 * @variable: the environment variable that has the peer's command, as a shell would read it
 * @argument: (nullable): what is added to it
 *
 * Returns: (transfer full): the peer, which listens; for peer_stop ()
 */
Peer *
peer_start (const char *variable, const char *argument)
{
  g_autofree char *command = g_strdup_printf ("%s %s", g_getenv (variable),
                                              argument != NULL ? argument : "");
  g_autoptr (GError) error = NULL;
  g_auto (GStrv) argv = NULL;
  Peer *self = g_new0 (Peer, 1);

  g_shell_parse_argv (command, NULL, &argv, &error);
  g_assert_no_error (error);
  self->process = g_subprocess_newv ((const char *const *) argv,
                                     G_SUBPROCESS_FLAGS_STDIN_PIPE | G_SUBPROCESS_FLAGS_STDOUT_PIPE,
                                     &error);
  g_assert_no_error (error);
  self->first_line = read_line (self->process);
  g_assert_nonnull (self->first_line);
  return self;
}

const char *
peer_get_first_line (Peer *self)
{
  return self->first_line;
}

/**
 * peer_stop:
 *
 * Waits for the peer to end, which it must do well: a server that a client has upset does not.
 */
void
peer_stop (Peer *self)
{
  g_autoptr (GError) error = NULL;

  g_output_stream_close (g_subprocess_get_stdin_pipe (self->process), NULL, &error);
  g_assert_no_error (error);
  g_subprocess_wait_check (self->process, NULL, &error);
  g_assert_no_error (error);
  g_object_unref (self->process);
  g_free (self->first_line);
  g_free (self);
}
