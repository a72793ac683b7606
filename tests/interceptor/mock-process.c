/* SPDX-License-Identifier: Apache-2.0 */
#include <nebula-mock/nebula-mock.h>

#include <stdio.h>
#include <string.h>

#include "tls-front.h"

/*
 * A server in a process of its own, for tests of what happens to a process without one. It prints
 * its port and the port on which it speaks TLS, obeys one command a line, each answered by "done",
 * and ends with its standard input.
 *
 *     close              closes all connections
 *     reset NUMBER       the next NUMBER connections that send are closed with their bytes unread
 */

static gboolean
obey (NebulaMockServer *server, const char *command)
{
  g_autoptr (NebulaMockFault) fault = NULL;
  guint number;

  if (strcmp (command, "close\n") == 0)
    {
      nebula_mock_server_close_connections (server);
      return nebula_mock_server_wait_for_connections_closed (server);
    }
  if (sscanf (command, "reset %u", &number) != 1)
    return FALSE;
  nebula_mock_server_clear_faults (server);
  /* As the end of a range 0 would mean for ever. */
  if (number == 0)
    return TRUE;
  fault = nebula_mock_fault_new (NEBULA_MOCK_FAULT_CLOSE_BEFORE_READ, NULL, NULL, 1, number);
  nebula_mock_server_add_fault (server, fault);
  return TRUE;
}

int
main (void)
{
  g_autoptr (NebulaMockServer) server = nebula_mock_server_new ();
  g_autoptr (TlsFront) front = NULL;
  char command[64];

  nebula_mock_server_add_user (server, "root", "nebula");
  nebula_mock_server_add_space (server, "test");
  if (!nebula_mock_server_start (server, NULL, 0, NULL))
    return 1;
  front = tls_front_new (nebula_mock_server_get_port (server));
  printf ("%u %u\n", nebula_mock_server_get_port (server), tls_front_get_port (front));
  fflush (stdout);

  while (fgets (command, sizeof command, stdin) != NULL && obey (server, command))
    {
      puts ("done");
      fflush (stdout);
    }
  nebula_mock_server_stop (server);
  return 0;
}
