/* SPDX-License-Identifier: Apache-2.0 */
#include "nebula-graph-client-private.h"

#include <string.h>
#include <thrift/c_glib/protocol/thrift_binary_protocol.h>

struct _NebulaGraphClient
{
  NebulaInterceptor *interceptor;      /* (owned) */
  ThriftProtocol *protocol;            /* (owned) */
  NebulaThriftGraphServiceIf *service; /* (owned) */
  gint64 session;                      /* 0 for none */
};

NebulaGraphClient *
nebula_graph_client_new (NebulaCluster *cluster, NebulaFraming framing)
{
  NebulaGraphClient *self = g_new0 (NebulaGraphClient, 1);

  self->interceptor = g_object_new (NEBULA_TYPE_INTERCEPTOR, "cluster", cluster, "framing", framing,
                                    NULL);
  self->protocol = g_object_new (THRIFT_TYPE_BINARY_PROTOCOL, "transport", self->interceptor, NULL);
  self->service = g_object_new (NEBULA_THRIFT_TYPE_GRAPH_SERVICE_CLIENT, "input_protocol",
                                self->protocol, "output_protocol", self->protocol, NULL);
  return self;
}

/* Ends the session too, as far as that is possible: nobody answers a sign-out. */
void
nebula_graph_client_free (NebulaGraphClient *self)
{
  if (self->session != 0)
    nebula_thrift_graph_service_client_signout (self->service, self->session, NULL);
  thrift_transport_close (THRIFT_TRANSPORT (self->interceptor), NULL);
  g_object_unref (self->service);
  g_object_unref (self->protocol);
  g_object_unref (self->interceptor);
  g_free (self);
}

/* Returns: (transfer none) */
NebulaInterceptor *
nebula_graph_client_get_interceptor (NebulaGraphClient *self)
{
  return self->interceptor;
}

static GByteArray *
bytes_of (const char *text)
{
  GByteArray *bytes = g_byte_array_new ();

  return g_byte_array_append (bytes, (const guint8 *) text, strlen (text));
}

/* What the last attempt of the last call came to. */
static NebulaOutcome *
last_outcome (GPtrArray *failures)
{
  NebulaAttempt *last;

  if (failures == NULL || failures->len == 0)
    return NULL;
  last = failures->pdata[failures->len - 1];
  return nebula_attempt_get_outcome (last);
}

/* The reply that was handed over, as an error that says all that is known. */
static void
set_error_of_failures (NebulaCallReport *report, GError **error)
{
  GPtrArray *failures = nebula_call_report_get_failures (report);
  NebulaOutcome *outcome = last_outcome (failures);

  if (outcome != NULL)
    g_propagate_error (error, nebula_error_new_for_outcome (
                                outcome, failures, nebula_call_report_get_method (report)));
  else
    g_set_error (error, NEBULA_ERROR, NEBULA_ERROR_FAILED, "%s failed, and nothing says why",
                 nebula_call_report_get_method (report));
}

static void
set_error_of_reply (NebulaGraphClient *self, GError **error)
{
  g_autoptr (NebulaCallReport) report = nebula_interceptor_get_last_report (self->interceptor);

  set_error_of_failures (report, error);
}

/* A stub has no more to say of an exception than its text, and may fail without any error. Takes
 * @cause. */
static gboolean
fail (NebulaGraphClient *self, GError *cause, GError **error)
{
  g_autoptr (NebulaCallReport) report = nebula_interceptor_get_last_report (self->interceptor);
  g_autoptr (GError) failure = cause;

  if (cause != NULL && cause->domain == NEBULA_ERROR)
    g_propagate_error (error, g_steal_pointer (&failure));
  else if (report != NULL && !nebula_call_report_get_succeeded (report))
    set_error_of_failures (report, error);
  else
    g_set_error (error, NEBULA_ERROR, NEBULA_ERROR_FAILED, "the reply could not be decoded: %s",
                 cause != NULL ? cause->message : "the stub does not say why");
  return FALSE;
}

gboolean
nebula_graph_client_authenticate (NebulaGraphClient *self,
                                  const char *user,
                                  const char *password,
                                  GError **error)
{
  g_autoptr (GByteArray) user_bytes = bytes_of (user);
  g_autoptr (GByteArray) password_bytes = bytes_of (password);
  g_autoptr (GObject) reply = g_object_new (NEBULA_THRIFT_TYPE_AUTH_RESPONSE, NULL);
  NebulaThriftAuthResponse *response = NEBULA_THRIFT_AUTH_RESPONSE (reply);
  GError *cause = NULL;
  gboolean answered;

  answered = thrift_transport_open (THRIFT_TRANSPORT (self->interceptor), &cause)
             && nebula_thrift_graph_service_client_authenticate (
               self->service, &response, user_bytes, password_bytes, &cause);
  explicit_bzero (password_bytes->data, password_bytes->len);
  if (!answered)
    return fail (self, cause, error);
  if (response->error_code != NEBULA_THRIFT_ERROR_CODE_SUCCEEDED)
    {
      set_error_of_reply (self, error);
      return FALSE;
    }
  self->session = response->session_id;
  return TRUE;
}

/**
 * nebula_graph_client_execute:
 * @response: (out) (optional) (transfer full) (nullable): what graphd answered, also when that is
 *   a failure; %NULL when there was no answer
 * @error: return location of a %NEBULA_ERROR or an error of Thrift
 *
 * Returns: whether the statement succeeded
 */
gboolean
nebula_graph_client_execute (NebulaGraphClient *self,
                             const char *statement,
                             NebulaThriftExecutionResponse **response,
                             GError **error)
{
  g_autoptr (GByteArray) bytes = bytes_of (statement);
  g_autoptr (GObject) reply = g_object_new (NEBULA_THRIFT_TYPE_EXECUTION_RESPONSE, NULL);
  NebulaThriftExecutionResponse *result = NEBULA_THRIFT_EXECUTION_RESPONSE (reply);
  GError *cause = NULL;
  gboolean succeeded;

  if (response != NULL)
    *response = NULL;
  if (!nebula_thrift_graph_service_client_execute (self->service, &result, self->session, bytes,
                                                   &cause))
    return fail (self, cause, error);

  succeeded = result->error_code == NEBULA_THRIFT_ERROR_CODE_SUCCEEDED;
  if (!succeeded)
    set_error_of_reply (self, error);
  if (response != NULL)
    *response = NEBULA_THRIFT_EXECUTION_RESPONSE (g_steal_pointer (&reply));
  return succeeded;
}

/* @space: its name, as it is, without quotes */
gboolean
nebula_graph_client_use (NebulaGraphClient *self, const char *space, GError **error)
{
  g_auto (GStrv) parts = NULL;
  g_autofree char *escaped = NULL;
  g_autofree char *statement = NULL;

  parts = g_strsplit (space, "\\", -1);
  escaped = g_strjoinv ("\\\\", parts);
  g_strfreev (g_steal_pointer (&parts));
  parts = g_strsplit (escaped, "`", -1);
  g_free (escaped);
  escaped = g_strjoinv ("\\`", parts);
  statement = g_strdup_printf ("USE `%s`", escaped);
  return nebula_graph_client_execute (self, statement, NULL, error);
}
