/* SPDX-License-Identifier: Apache-2.0 */
#include "nebula-mock-handler-private.h"

#include <thrift/c_glib/processor/thrift_processor.h>
#include <thrift/c_glib/protocol/thrift_binary_protocol.h>

#include "nebula-mock-buffer-private.h"
#include "nebula-mock-executor-private.h"

/* Thrift's headers have none. */
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ThriftProtocol, g_object_unref)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ThriftProcessor, g_object_unref)

#define E_BAD_USERNAME_PASSWORD (-1001)
#define E_CLIENT_SERVER_INCOMPATIBLE (-3061)

/* What clients of 2.6 and of all 3.x send. */
static const char *const accepted_versions[] = { "3.0.0", "2.6.0", NULL };

struct _NebulaMockHandler
{
  NebulaMockThriftGraphServiceHandler parent_instance;

  NebulaMockState *state; /* (unowned) */
  NebulaMockFault *fault; /* (owned) (nullable): CODE or CODE_AFTER_APPLY for the call at hand */
};

G_DEFINE_FINAL_TYPE (NebulaMockHandler, nebula_mock_handler,
                     NEBULA_MOCK_THRIFT_TYPE_GRAPH_SERVICE_HANDLER)

/* Whether the scripted answer stands in the place of the call. */
static gboolean
is_replaced (const NebulaMockHandler *self)
{
  return self->fault != NULL && self->fault->kind == NEBULA_MOCK_FAULT_CODE;
}

/* Sets the scripted code and text, if there are any. Returns: whether there are */
static gboolean
override (const NebulaMockHandler *self,
          gint32                  *code,
          char                   **message)
{
  if (self->fault == NULL)
    return FALSE;
  *code = self->fault->code;
  g_free (*message);
  *message = g_strdup (self->fault->message);
  return TRUE;
}

/* Returns: (transfer full): "" for NULL; an empty array has no data either */
static char *
bytes_to_text (const GByteArray *bytes)
{
  if (bytes == NULL || bytes->len == 0)
    return g_strdup ("");
  return g_strndup ((const char *) bytes->data, bytes->len);
}

static void
set_bytes (GByteArray **member,
           gboolean    *is_set,
           const char  *text)
{
  if (text == NULL)
    return;
  g_clear_pointer (member, g_byte_array_unref);
  *member = nebula_mock_bytes_new (text);
  *is_set = TRUE;
}

/* ---- methods */

static gboolean
handle_verify_client_version (NebulaMockThriftGraphServiceIf                *iface,
                              NebulaMockThriftVerifyClientVersionResp      **reply,
                              const NebulaMockThriftVerifyClientVersionReq  *request,
                              GError                                       **error)
{
  NebulaMockHandler *self = NEBULA_MOCK_HANDLER (iface);
  g_autofree char *version = bytes_to_text (request->version);
  g_autofree char *message = NULL;
  gint32 code = 0;

  if (!g_strv_contains (accepted_versions, version))
    {
      code = E_CLIENT_SERVER_INCOMPATIBLE;
      message = g_strdup_printf ("Graph client version(%s) is not accepted, current graph client "
                                 "white list: 3.0.0:2.6.0.", version);
    }
  override (self, &code, &message);
  (*reply)->error_code = code;
  set_bytes (&(*reply)->error_msg, &(*reply)->__isset_error_msg, message);
  return TRUE;
}

static gint64
open_session (NebulaMockHandler *self, const char *user, gint32 *code, char **message)
{
  NebulaMockRefusal refusal = { 0, NULL };
  const gint64 session = nebula_mock_sessions_open (self->state->sessions, user, &refusal);

  *code = refusal.code;
  *message = refusal.message;
  return session;
}

static gboolean
handle_authenticate (NebulaMockThriftGraphServiceIf *iface,
                     NebulaMockThriftAuthResponse  **reply,
                     const GByteArray               *user,
                     const GByteArray               *password,
                     GError                        **error)
{
  NebulaMockHandler *self = NEBULA_MOCK_HANDLER (iface);
  g_autofree char *user_text = bytes_to_text (user);
  g_autofree char *password_text = bytes_to_text (password);
  g_autofree char *message = NULL;
  gint64 session = 0;
  gint32 code = 0;

  if (!is_replaced (self))
    {
      message = nebula_mock_users_log_in (nebula_mock_metad_get_users (self->state->metad),
                                          user_text, password_text);
      if (message != NULL)
        code = E_BAD_USERNAME_PASSWORD;
      else
        session = open_session (self, user_text, &code, &message);
    }
  override (self, &code, &message);
  (*reply)->error_code = code;
  set_bytes (&(*reply)->error_msg, &(*reply)->__isset_error_msg, message);
  if (code != 0 || session == 0)
    return TRUE;
  (*reply)->session_id = session;
  (*reply)->__isset_session_id = TRUE;
  (*reply)->time_zone_offset_seconds = 0;
  (*reply)->__isset_time_zone_offset_seconds = TRUE;
  set_bytes (&(*reply)->time_zone_name, &(*reply)->__isset_time_zone_name, "UTC");
  return TRUE;
}

static gboolean
handle_signout (NebulaMockThriftGraphServiceIf *iface,
                const gint64                    session,
                GError                        **error)
{
  NebulaMockHandler *self = NEBULA_MOCK_HANDLER (iface);

  if (!is_replaced (self))
    nebula_mock_sessions_close (self->state->sessions, session);
  return TRUE;
}

/* What all execute methods have in common. Returns: the time it took, in microseconds */
static gint64
run (NebulaMockHandler *self,
     gint64             session,
     const GByteArray  *statement,
     NebulaMockResult  *result)
{
  const gint64 begin = g_get_monotonic_time ();
  g_autofree char *message = NULL;
  gint32 code;

  if (is_replaced (self))
    {
      g_auto (NebulaMockRefusal) refusal = { 0, NULL };
      g_autoptr (NebulaMockSession) copy = nebula_mock_sessions_lookup (self->state->sessions,
                                                                        session, &refusal);

      *result = (NebulaMockResult) { 0, NULL, NULL, NULL };
      result->space = copy != NULL ? g_strdup (copy->space) : NULL;
    }
  else
    nebula_mock_execute (self->state, session, statement, result);
  if (override (self, &code, &message))
    nebula_mock_result_fail (result, code, g_steal_pointer (&message));
  return g_get_monotonic_time () - begin;
}

static gboolean
handle_execute (NebulaMockThriftGraphServiceIf     *iface,
                NebulaMockThriftExecutionResponse **reply,
                const gint64                        session,
                const GByteArray                   *statement,
                GError                            **error)
{
  g_auto (NebulaMockResult) result = { 0, NULL, NULL, NULL };
  NebulaMockThriftExecutionResponse *response = *reply;

  response->latency_in_us = run (NEBULA_MOCK_HANDLER (iface), session, statement, &result);
  response->error_code = result.code;
  set_bytes (&response->error_msg, &response->__isset_error_msg, result.message);
  set_bytes (&response->space_name, &response->__isset_space_name, result.space);
  if (result.data != NULL)
    {
      g_clear_object (&response->data);
      response->data = g_steal_pointer (&result.data);
      response->__isset_data = TRUE;
    }
  return TRUE;
}

static gboolean
handle_execute_with_parameter (NebulaMockThriftGraphServiceIf     *iface,
                               NebulaMockThriftExecutionResponse **reply,
                               const gint64                        session,
                               const GByteArray                   *statement,
                               const GHashTable                   *parameters,
                               GError                            **error)
{
  return handle_execute (iface, reply, session, statement, error);
}

static gboolean
handle_execute_json (NebulaMockThriftGraphServiceIf *iface,
                     GByteArray                    **reply,
                     const gint64                    session,
                     const GByteArray               *statement,
                     GError                        **error)
{
  g_auto (NebulaMockResult) result = { 0, NULL, NULL, NULL };
  const gint64 latency = run (NEBULA_MOCK_HANDLER (iface), session, statement, &result);
  g_autofree char *json = nebula_mock_result_to_json (&result, latency);

  g_clear_pointer (reply, g_byte_array_unref);
  *reply = nebula_mock_bytes_new (json);
  return TRUE;
}

static gboolean
handle_execute_json_with_parameter (NebulaMockThriftGraphServiceIf *iface,
                                    GByteArray                    **reply,
                                    const gint64                    session,
                                    const GByteArray               *statement,
                                    const GHashTable               *parameters,
                                    GError                        **error)
{
  return handle_execute_json (iface, reply, session, statement, error);
}

/* ---- the type */

static void
nebula_mock_handler_finalize (GObject *object)
{
  NebulaMockHandler *self = NEBULA_MOCK_HANDLER (object);

  g_clear_pointer (&self->fault, nebula_mock_fault_unref);

  G_OBJECT_CLASS (nebula_mock_handler_parent_class)->finalize (object);
}

static void
nebula_mock_handler_class_init (NebulaMockHandlerClass *klass)
{
  NebulaMockThriftGraphServiceHandlerClass *methods =
    NEBULA_MOCK_THRIFT_GRAPH_SERVICE_HANDLER_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = nebula_mock_handler_finalize;

  methods->authenticate = handle_authenticate;
  methods->signout = handle_signout;
  methods->execute = handle_execute;
  methods->execute_with_parameter = handle_execute_with_parameter;
  methods->execute_json = handle_execute_json;
  methods->execute_json_with_parameter = handle_execute_json_with_parameter;
  methods->verify_client_version = handle_verify_client_version;
}

static void
nebula_mock_handler_init (NebulaMockHandler *self)
{
}

NebulaMockHandler *
nebula_mock_handler_new (NebulaMockState *state)
{
  NebulaMockHandler *self = g_object_new (NEBULA_TYPE_MOCK_HANDLER, NULL);

  self->state = state;
  return self;
}

/* @fault: (nullable): a scripted answer for the calls from now on */
void
nebula_mock_handler_set_fault (NebulaMockHandler *self,
                               NebulaMockFault   *fault)
{
  g_clear_pointer (&self->fault, nebula_mock_fault_unref);
  if (fault != NULL)
    self->fault = nebula_mock_fault_ref (fault);
}

static ThriftProtocol *
protocol_new (NebulaMockBuffer *buffer)
{
  return g_object_new (THRIFT_TYPE_BINARY_PROTOCOL, "transport", buffer, NULL);
}

/* Runs the generated processor over the checked message.
 * Returns: (transfer full) (nullable): the payload of the reply, empty for a one-way call; NULL
 * with an error when the arguments are not those of the method */
GByteArray *
nebula_mock_handler_run (NebulaMockHandler       *self,
                         const NebulaMockMessage *call,
                         GError                 **error)
{
  g_autoptr (GByteArray) reply = g_byte_array_new ();
  g_autoptr (NebulaMockBuffer) input = nebula_mock_buffer_new (call->checked);
  g_autoptr (NebulaMockBuffer) output = nebula_mock_buffer_new (reply);
  g_autoptr (ThriftProtocol) reader = protocol_new (input);
  g_autoptr (ThriftProtocol) writer = protocol_new (output);
  g_autoptr (ThriftProcessor) processor =
    g_object_new (NEBULA_MOCK_THRIFT_TYPE_GRAPH_SERVICE_PROCESSOR, "handler", self, NULL);
  g_autoptr (GError) local = NULL;

  /* The processor looks into *error, so there must be one. */
  if (thrift_processor_process (processor, reader, writer, &local))
    return g_steal_pointer (&reply);
  if (local == NULL)
    g_set_error_literal (&local, G_IO_ERROR, G_IO_ERROR_INVALID_DATA, "invalid message");
  g_propagate_error (error, g_steal_pointer (&local));
  return NULL;
}
