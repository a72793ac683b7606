/* SPDX-License-Identifier: Apache-2.0 */
#include "nebula-mock-connection-private.h"

#include <errno.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include "nebula-mock-handler-private.h"
#include "nebula-mock-reply-private.h"

/* Large enough for most calls to come in one piece. */
#define CHUNK 65536

/* Types of Thrift's application exceptions. */
#define EXCEPTION_UNKNOWN 0
#define EXCEPTION_UNKNOWN_METHOD 1
#define EXCEPTION_INVALID_MESSAGE_TYPE 2
#define EXCEPTION_INTERNAL_ERROR 6

/* What fbthrift says of calls that it does not take into its queue. */
#define EX_QUEUE_OVERLOADED "5"

struct _NebulaMockConnection
{
  GThread                   *thread;  /* (owned): joined by whoever frees the connection */
  int                        fd;      /* the thread's; -1 once closed */
  int                        wake_fd; /* readable for ever once the connection shall end */
  gint                       closed;  /* atomic: the thread has closed fd and is about to end */
  GIOStream                 *tls;     /* (owned) (nullable): the thread's; NULL for plain */
  GByteArray                *input;   /* (owned): the thread's, as all below */
  gboolean                   is_known; /* the first call has said whether there are frames */
  gboolean                   framed;
  NebulaMockHandler         *handler; /* (owned) */
  NebulaMockState           *state;   /* (unowned) */
  NebulaMockConnectionClosed notify;
  gpointer                   data;    /* (unowned): of notify */
};

/* ---- the socket */

/* Waits until the socket is ready. Returns: FALSE when the connection shall end, or, with a
 * timeout, when the time is over and the connection may go on (*timed_out). */
static gboolean
wait_for (NebulaMockConnection *self,
          short                 events,
          int                   timeout_ms,
          gboolean             *timed_out)
{
  struct pollfd fds[2] = { { self->wake_fd, POLLIN, 0 }, { self->fd, events, 0 } };
  int ready;

  do
    ready = poll (fds, events != 0 ? 2 : 1, timeout_ms);
  while (ready < 0 && errno == EINTR);
  if (timed_out != NULL)
    *timed_out = ready == 0;
  return ready > 0 && fds[0].revents == 0;
}

/* Returns: FALSE when the server stops meanwhile */
static gboolean
pause_for (NebulaMockConnection *self,
           guint                 milliseconds)
{
  gboolean timed_out;

  wait_for (self, 0, MIN (milliseconds, G_MAXINT), &timed_out);
  return timed_out;
}

/* As wait_for () without a limit, and bytes get through the network. Returns: FALSE when the
 * connection shall end */
static gboolean
wait_until_ready (NebulaMockConnection *self, short events)
{
  return wait_for (self, events, -1, NULL)
         && nebula_mock_gate_pass (self->state->network, self->wake_fd);
}

static gssize
fail (GError **error)
{
  g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_CONNECTION_CLOSED, "closed, or to be closed");
  return -1;
}

/* Always waits: nobody here asks for anything else. */
static gssize
receive_plain (gpointer wire,
               guint8  *buffer,
               gsize    size,
               gboolean may_wait,
               GError **error)
{
  NebulaMockConnection *self = wire;
  gssize got;

  do
    {
      if (self->fd < 0 || !wait_until_ready (self, POLLIN))
        return fail (error);
      got = recv (self->fd, buffer, size, MSG_DONTWAIT);
    }
  while (got < 0 && (errno == EAGAIN || errno == EINTR));
  return got >= 0 ? got : fail (error);
}

/* What fits goes out, even when the connection shall end: a call that was executed is answered. */
static gssize
send_plain (gpointer      wire,
            const guint8 *bytes,
            gsize         length,
            gboolean      may_wait,
            GError      **error)
{
  NebulaMockConnection *self = wire;
  gssize sent = -1;

  do
    {
      if (self->fd < 0 || !nebula_mock_gate_pass (self->state->network, self->wake_fd))
        return fail (error);
      sent = send (self->fd, bytes, length, MSG_NOSIGNAL | MSG_DONTWAIT);
    }
  while (sent < 0
         && (errno == EINTR || (errno == EAGAIN && wait_for (self, POLLOUT, -1, NULL))));
  return sent >= 0 ? sent : fail (error);
}

static const NebulaWireFuncs plain_funcs = { receive_plain, send_plain };

static gboolean
send_bytes (NebulaMockConnection *self,
            const guint8         *data,
            gsize                 length)
{
  if (self->tls != NULL)
    return g_output_stream_write_all (g_io_stream_get_output_stream (self->tls), data, length,
                                      NULL, NULL, NULL);
  while (length > 0)
    {
      const gssize sent = send_plain (self, data, length, TRUE, NULL);

      if (sent < 0)
        return FALSE;
      data += sent;
      length -= sent;
    }
  return TRUE;
}

/* Appends what has come to the input. Returns: FALSE at the end, an error, or a stop */
static gboolean
receive_more (NebulaMockConnection *self)
{
  const guint old = self->input->len;
  gssize got;

  g_byte_array_set_size (self->input, old + CHUNK);
  if (self->tls != NULL)
    got = g_input_stream_read (g_io_stream_get_input_stream (self->tls), self->input->data + old,
                               CHUNK, NULL, NULL);
  else
    got = receive_plain (self, self->input->data + old, CHUNK, TRUE, NULL);
  g_byte_array_set_size (self->input, old + MAX (got, 0));
  return got > 0;
}

/* Until the peer goes away or the server stops: what it sends is thrown away. */
static void
stay_silent (NebulaMockConnection *self)
{
  do
    g_byte_array_set_size (self->input, 0);
  while (receive_more (self));
}

/* ---- one call */

/* What may happen while the call is still in the kernel. Returns: FALSE to close */
static gboolean
before_read (NebulaMockConnection *self)
{
  g_autoptr (GPtrArray) faults = NULL;
  char byte;

  if (!wait_until_ready (self, POLLIN) || recv (self->fd, &byte, 1, MSG_PEEK) <= 0)
    return FALSE;
  faults = nebula_mock_plan_consult (self->state->plan, NEBULA_MOCK_MOMENT_READABLE, NULL, NULL);
  return faults->len == 0;
}

static gboolean
is_other_framing (NebulaMockConnection    *self,
                  const NebulaMockMessage *call)
{
  const gboolean differs = self->is_known && self->framed != call->framed;

  self->is_known = TRUE;
  self->framed = call->framed;
  return differs;
}

/* Reads one whole call. Returns: FALSE to close; graphd, too, drops what it cannot make out */
static gboolean
read_call (NebulaMockConnection *self,
           NebulaMockMessage    *call)
{
  const char *reason = NULL;
  NebulaMockRead state;

  if (self->input->len == 0 && !before_read (self))
    return FALSE;
  while ((state = nebula_mock_message_read (self->input->data, self->input->len, call, &reason)) ==
         NEBULA_MOCK_READ_MORE)
    if (!receive_more (self))
      return FALSE;
  if (state == NEBULA_MOCK_READ_BROKEN)
    {
      g_debug ("closing a connection: %s", reason);
      return FALSE;
    }
  g_byte_array_remove_range (self->input, 0, call->size);
  return !is_other_framing (self, call);
}

/* Runs the call. Returns: (transfer full): the true reply, empty when there is none */
static GByteArray *
run_call (NebulaMockConnection    *self,
          const NebulaMockMessage *call)
{
  g_autoptr (GError) error = NULL;
  GByteArray *payload;

  if (!g_strv_contains (nebula_mock_methods, call->method))
    {
      g_autofree char *text = g_strdup_printf ("Method name %s not found", call->method);

      return nebula_mock_reply_exception (call, EXCEPTION_UNKNOWN_METHOD, text);
    }
  payload = nebula_mock_handler_run (self->handler, call, &error);
  if (payload != NULL)
    return payload;
  g_debug ("%s: %s", call->method, error->message);
  return nebula_mock_reply_exception (call, EXCEPTION_INVALID_MESSAGE_TYPE,
                                      "invalid message arguments");
}

static gboolean
send_reply (NebulaMockConnection    *self,
            const NebulaMockMessage *call,
            const GByteArray        *payload)
{
  g_autoptr (GByteArray) bytes = NULL;

  if (nebula_mock_message_is_oneway (call))
    return TRUE;
  bytes = nebula_mock_reply_frame (call, payload);
  return send_bytes (self, bytes->data, bytes->len);
}

static gboolean
run_and_reply (NebulaMockConnection    *self,
               const NebulaMockMessage *call,
               NebulaMockFault         *fault)
{
  g_autoptr (GByteArray) payload = NULL;

  nebula_mock_handler_set_fault (self->handler, fault);
  payload = run_call (self, call);
  nebula_mock_handler_set_fault (self->handler, NULL);
  return send_reply (self, call, payload);
}

static gboolean
send_exception (NebulaMockConnection    *self,
                const NebulaMockMessage *call,
                const NebulaMockFault   *fault)
{
  g_autoptr (GByteArray) payload =
    nebula_mock_reply_exception (call, fault->code, fault->message);

  return send_reply (self, call, payload);
}

/* Half of the reply, then the end. */
static void
send_half (NebulaMockConnection    *self,
           const NebulaMockMessage *call,
           const GByteArray        *payload)
{
  g_autoptr (GByteArray) bytes = nebula_mock_reply_frame (call, payload);

  if (!nebula_mock_message_is_oneway (call))
    send_bytes (self, bytes->data, bytes->len / 2);
}

static gboolean
run_and_damage (NebulaMockConnection    *self,
                const NebulaMockMessage *call,
                const NebulaMockFault   *fault)
{
  g_autoptr (GByteArray) payload = run_call (self, call);
  g_autoptr (GByteArray) bytes = NULL;

  switch (fault->kind)
    {
    case NEBULA_MOCK_FAULT_CLOSE_AFTER_APPLY:
      return FALSE;
    case NEBULA_MOCK_FAULT_CLOSE_IN_REPLY:
      send_half (self, call, payload);
      return FALSE;
    case NEBULA_MOCK_FAULT_SILENCE:
      stay_silent (self);
      return FALSE;
    default:
      if (nebula_mock_message_is_oneway (call))
        return TRUE;
      bytes = nebula_mock_reply_damage (call, fault->kind, payload);
      return send_bytes (self, bytes->data, bytes->len);
    }
}

/* Does what the script says. Returns: FALSE to close */
static gboolean
carry_out (NebulaMockConnection    *self,
           const NebulaMockMessage *call,
           NebulaMockFault         *fault)
{
  switch (fault->kind)
    {
    case NEBULA_MOCK_FAULT_CODE:
    case NEBULA_MOCK_FAULT_CODE_AFTER_APPLY:
      return run_and_reply (self, call, fault);
    case NEBULA_MOCK_FAULT_EXCEPTION:
      return send_exception (self, call, fault);
    case NEBULA_MOCK_FAULT_CLOSE_BEFORE_APPLY:
      return FALSE;
    case NEBULA_MOCK_FAULT_SILENCE_BEFORE_APPLY:
      stay_silent (self);
      return FALSE;
    default:
      return run_and_damage (self, call, fault);
    }
}

/* Returns: FALSE to close */
static gboolean
act (NebulaMockConnection *self, const NebulaMockFault *fault)
{
  const guint server = fault->server >= 0 ? (guint) fault->server : self->state->number;

  return self->state->operator== NULL || nebula_mock_operator_ask (
    self->state->operator, fault->action, server, fault->space, self->wake_fd);
}

static void
say_goaway (NebulaMockMessage *call)
{
  call->is_goaway = TRUE;
  if (!call->has_header)
    g_message ("a fault of kind goaway does nothing to %s: it came without a header, and its "
               "answer has none either", call->method);
}

/* What happens on the way to the execution. Returns: FALSE to close */
static gboolean
go_through (NebulaMockConnection *self, NebulaMockMessage *call, const NebulaMockFault *fault)
{
  switch (fault->kind)
    {
    case NEBULA_MOCK_FAULT_GOAWAY:
      say_goaway (call);
      return TRUE;
    case NEBULA_MOCK_FAULT_EXPIRE_SESSION:
      nebula_mock_sessions_expire (self->state->sessions, call->session);
      return TRUE;
    case NEBULA_MOCK_FAULT_HOLD:
      return nebula_mock_gate_pass (self->state->hold, self->wake_fd);
    case NEBULA_MOCK_FAULT_ACT:
      return act (self, fault);
    default:
      return pause_for (self, fault->milliseconds);
    }
}

static gboolean
is_draining (NebulaMockConnection *self)
{
  return g_atomic_int_get (&self->state->draining);
}

/* The faults that go on come first, at most one that does not comes last. */
static gboolean
answer (NebulaMockConnection *self,
        NebulaMockMessage    *call)
{
  g_autoptr (GPtrArray) faults = nebula_mock_plan_consult (
    self->state->plan, NEBULA_MOCK_MOMENT_CALL, call->method, call->text);
  NebulaMockFault *last = NULL;
  guint i;

  for (i = 0; i < faults->len; i++)
    {
      NebulaMockFault *fault = g_ptr_array_index (faults, i);

      if (!nebula_mock_fault_goes_on (fault))
        last = fault;
      else if (!go_through (self, call, fault))
        return FALSE;
    }
  if (!nebula_mock_gate_pass (self->state->worker, self->wake_fd))
    return FALSE;
  call->is_goaway = call->is_goaway || is_draining (self);
  return last != NULL ? carry_out (self, call, last) : run_and_reply (self, call, NULL);
}

/* A server that is being stopped takes no more calls. */
static gboolean
refuse (NebulaMockConnection *self,
        NebulaMockMessage    *call)
{
  g_autoptr (GByteArray) payload =
    nebula_mock_reply_exception (call, EXCEPTION_INTERNAL_ERROR, "server shutting down");

  call->is_goaway = TRUE;
  call->exception = EX_QUEUE_OVERLOADED;
  return send_reply (self, call, payload);
}

static gboolean
serve_one (NebulaMockConnection *self)
{
  g_auto (NebulaMockMessage) call = { 0 };
  gboolean is_late;

  if (!read_call (self, &call))
    return FALSE;
  /* Before anybody can know that it is here. */
  is_late = is_draining (self);
  nebula_mock_ledger_count_call (self->state->ledger, call.method,
                                 nebula_mock_message_has_statement (&call) ? call.text : NULL);
  return is_late ? refuse (self, &call) : answer (self, &call);
}

/* Returns: FALSE to close */
static gboolean
begin (NebulaMockConnection *self)
{
  g_autoptr (GError) error = NULL;

  if (self->state->tls == NULL)
    return TRUE;
  self->tls = nebula_mock_tls_accept (self->state->tls, &plain_funcs, self, &error);
  if (self->tls == NULL)
    g_debug ("closing a connection: %s", error->message);
  return self->tls != NULL;
}

/* The socket first, so that no farewell of TLS can leave. */
static void
end (NebulaMockConnection *self)
{
  close (self->fd);
  self->fd = -1;
  if (self->tls != NULL)
    g_io_stream_close (self->tls, NULL, NULL);
  g_clear_object (&self->tls);
}

static gpointer
serve (gpointer data)
{
  NebulaMockConnection *self = data;

  if (begin (self))
    while (serve_one (self))
      ;
  end (self);
  g_atomic_int_set (&self->closed, TRUE);
  self->notify (self->data);
  return NULL;
}

/* ---- life */

/* Takes over @fd and serves it at once. @closed must not free the connection. */
NebulaMockConnection *
nebula_mock_connection_new (int                        fd,
                            NebulaMockState           *state,
                            NebulaMockConnectionClosed closed,
                            gpointer                   data)
{
  NebulaMockConnection *self = g_new0 (NebulaMockConnection, 1);

  self->fd = fd;
  self->wake_fd = eventfd (0, EFD_CLOEXEC | EFD_NONBLOCK);
  self->input = g_byte_array_new ();
  self->handler = nebula_mock_handler_new (state);
  self->state = state;
  self->notify = closed;
  self->data = data;
  self->thread = g_thread_new ("nebula-mock", serve, self);
  return self;
}

gboolean
nebula_mock_connection_is_closed (NebulaMockConnection *self)
{
  return g_atomic_int_get (&self->closed);
}

/* Makes the thread end soon, whatever it waits for. */
void
nebula_mock_connection_wake (NebulaMockConnection *self)
{
  const guint64 one = 1;

  /* It cannot fail: the counter is far from its end. */
  (void) !write (self->wake_fd, &one, sizeof one);
}

/* Ends the connection and waits for its thread: to be called without any lock that `closed`
 * takes. */
void
nebula_mock_connection_free (NebulaMockConnection *self)
{
  nebula_mock_connection_wake (self);
  g_thread_join (self->thread);
  close (self->wake_fd);
  g_byte_array_unref (self->input);
  g_object_unref (self->handler);
  g_free (self);
}
