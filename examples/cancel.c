/* SPDX-License-Identifier: Apache-2.0 */

/* A person who has lost patience: the Enter key ends the call that is under way. */

#include "example-client.h"

#include <stdio.h>

static gpointer
cancel_on_enter (gpointer cancellable)
{
  (void) getchar ();
  g_cancellable_cancel (cancellable);
  g_object_unref (cancellable);
  return NULL;
}

static void
query (NebulaThriftGraphServiceIf *client, gint64 session)
{
  g_autoptr (GError) error = NULL;
  NebulaThriftExecutionResponse *reply = example_execute (client, session, "YIELD 1", &error);

  if (reply != NULL)
    g_print ("answered\n");
  else if (g_error_matches (error, NEBULA_ERROR, NEBULA_ERROR_CANCELLED))
    g_print ("cancelled\n");
  else
    g_print ("%s\n", error->message);
  g_clear_object (&reply);
}

int
main (int argc, char **argv)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (NebulaInterceptor) interceptor = NULL;
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  NebulaThriftGraphServiceIf *client;
  gint64 session = 0;

  interceptor = nebula_interceptor_new_for_endpoints (example_endpoints (argc, argv), &error);
  if (interceptor == NULL)
    g_error ("%s", error->message);

  client = example_client_new (interceptor);
  if (thrift_transport_open (THRIFT_TRANSPORT (interceptor), &error))
    session = example_authenticate (client, &error);
  if (session != 0)
    {
      GThread *thread = g_thread_new ("enter", cancel_on_enter, g_object_ref (cancellable));

      g_print ("Enter cancels.\n");
      nebula_interceptor_set_cancellable (interceptor, cancellable);
      query (client, session);
      g_thread_join (thread);
    }
  else
    g_print ("%s\n", error->message);
  g_object_unref (client);
  return session != 0 ? 0 : 1;
}
