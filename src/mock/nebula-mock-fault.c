/* SPDX-License-Identifier: Apache-2.0 */
#include "nebula-mock-fault-private.h"

#include <string.h>

/* E_EXECUTION_ERROR: what graphd answers to nearly every failure. */
#define DEFAULT_CODE (-1005)

/* INTERNAL_ERROR of Thrift: what a graphd that is shutting down answers. */
#define DEFAULT_EXCEPTION_TYPE 6
#define DEFAULT_EXCEPTION_MESSAGE "server shutting down"

/* Long enough to be seen, short enough for a test. */
#define DEFAULT_DELAY_MS 100

/**
 * nebula_mock_fault_kind_get_type:
 *
 * The nick names of the kinds are those of a scenario file: `close-after-apply` and so on.
 *
 * Returns: the type of #NebulaMockFaultKind
 * Since: 0.1
 */
G_DEFINE_ENUM_TYPE (
  NebulaMockFaultKind, nebula_mock_fault_kind,
  G_DEFINE_ENUM_VALUE (NEBULA_MOCK_FAULT_CODE, "code"),
  G_DEFINE_ENUM_VALUE (NEBULA_MOCK_FAULT_CODE_AFTER_APPLY, "code-after-apply"),
  G_DEFINE_ENUM_VALUE (NEBULA_MOCK_FAULT_EXCEPTION, "exception"),
  G_DEFINE_ENUM_VALUE (NEBULA_MOCK_FAULT_DELAY, "delay"),
  G_DEFINE_ENUM_VALUE (NEBULA_MOCK_FAULT_REFUSE, "refuse"),
  G_DEFINE_ENUM_VALUE (NEBULA_MOCK_FAULT_CLOSE_BEFORE_READ, "close-before-read"),
  G_DEFINE_ENUM_VALUE (NEBULA_MOCK_FAULT_CLOSE_BEFORE_APPLY, "close-before-apply"),
  G_DEFINE_ENUM_VALUE (NEBULA_MOCK_FAULT_CLOSE_AFTER_APPLY, "close-after-apply"),
  G_DEFINE_ENUM_VALUE (NEBULA_MOCK_FAULT_CLOSE_IN_REPLY, "close-in-reply"),
  G_DEFINE_ENUM_VALUE (NEBULA_MOCK_FAULT_SILENCE, "silence"),
  G_DEFINE_ENUM_VALUE (NEBULA_MOCK_FAULT_SILENCE_BEFORE_APPLY, "silence-before-apply"),
  G_DEFINE_ENUM_VALUE (NEBULA_MOCK_FAULT_GARBAGE, "garbage"),
  G_DEFINE_ENUM_VALUE (NEBULA_MOCK_FAULT_WRONG_SEQUENCE, "wrong-sequence"),
  G_DEFINE_ENUM_VALUE (NEBULA_MOCK_FAULT_WRONG_METHOD, "wrong-method"),
  G_DEFINE_ENUM_VALUE (NEBULA_MOCK_FAULT_OVERSIZE, "oversize"),
  G_DEFINE_ENUM_VALUE (NEBULA_MOCK_FAULT_NEGATIVE_SIZE, "negative-size"),
  G_DEFINE_ENUM_VALUE (NEBULA_MOCK_FAULT_EMPTY_FRAME, "empty-frame"),
  G_DEFINE_ENUM_VALUE (NEBULA_MOCK_FAULT_BAD_STRING, "bad-string"),
  G_DEFINE_ENUM_VALUE (NEBULA_MOCK_FAULT_DEEP, "deep"),
  G_DEFINE_ENUM_VALUE (NEBULA_MOCK_FAULT_NO_RESULT, "no-result"),
  G_DEFINE_ENUM_VALUE (NEBULA_MOCK_FAULT_EXPIRE_SESSION, "expire-session"),
  G_DEFINE_ENUM_VALUE (NEBULA_MOCK_FAULT_HOLD, "hold"),
  G_DEFINE_ENUM_VALUE (NEBULA_MOCK_FAULT_ACT, "act"),
  G_DEFINE_ENUM_VALUE (NEBULA_MOCK_FAULT_GOAWAY, "goaway"))

/**
 * nebula_mock_fault_get_type:
 *
 * Returns: the boxed type of #NebulaMockFault
 * Since: 0.1
 */
G_DEFINE_BOXED_TYPE (NebulaMockFault, nebula_mock_fault,
                     nebula_mock_fault_ref, nebula_mock_fault_unref)

static void
nebula_mock_fault_clear (gpointer data)
{
  NebulaMockFault *self = data;

  g_free (self->method);
  g_free (self->contains);
  g_free (self->message);
  g_free (self->space);
}

/**
 * nebula_mock_fault_new:
 * @kind: what goes wrong
 * @method: (nullable): only calls of this method; %NULL for any
 * @contains: (nullable): only calls whose statement (for authenticate: whose user) contains this
 *   text; %NULL for any
 * @first: from which matching call on, counted from 1
 * @last: up to which matching call; 0 for ever
 *
 * A fault that happens to the @first to the @last call that matches it. Each fault counts the calls
 * that match it by itself, also those where another fault came first.
 *
 * For %NEBULA_MOCK_FAULT_REFUSE connections are counted. For %NEBULA_MOCK_FAULT_CLOSE_BEFORE_READ
 * every call counts, since it has not been read. Both must have neither @method nor @contains.
 *
 * A code is -1005 without a message unless nebula_mock_fault_with_code() says otherwise; an
 * exception is 6 "server shutting down"; a delay is 100 ms. %NEBULA_MOCK_FAULT_ACT is for
 * nebula_mock_fault_new_action().
 *
 * Returns: (transfer full): a new fault
 * Since: 0.1
 */
NebulaMockFault *
nebula_mock_fault_new (NebulaMockFaultKind kind,
                       const char         *method,
                       const char         *contains,
                       guint               first,
                       guint               last)
{
  NebulaMockFault *self;

  g_return_val_if_fail (first >= 1, NULL);
  g_return_val_if_fail (last == 0 || last >= first, NULL);
  g_return_val_if_fail (nebula_mock_fault_kind_get_moment (kind) == NEBULA_MOCK_MOMENT_CALL ||
                        (method == NULL && contains == NULL), NULL);

  self = g_atomic_rc_box_new0 (NebulaMockFault);
  self->kind = kind;
  self->method = g_strdup (method);
  self->contains = g_strdup (contains);
  self->first = first;
  self->last = last;
  self->milliseconds = DEFAULT_DELAY_MS;
  self->code = DEFAULT_CODE;
  if (kind == NEBULA_MOCK_FAULT_EXCEPTION)
    {
      self->code = DEFAULT_EXCEPTION_TYPE;
      self->message = g_strdup (DEFAULT_EXCEPTION_MESSAGE);
    }
  return self;
}

/**
 * nebula_mock_fault_new_code:
 * @contains: (nullable): only statements that contain this text; %NULL for any
 * @first: from which matching statement on, counted from 1
 * @last: up to which matching statement; 0 for ever
 * @code: the error code of the reply, such as -1005
 * @message: (nullable): the text of the reply
 *
 * A statement, sent by any of the execute methods, that is answered with @code and not executed.
 *
 * Returns: (transfer full): a new fault
 * Since: 0.1
 */
NebulaMockFault *
nebula_mock_fault_new_code (const char *contains,
                            guint       first,
                            guint       last,
                            gint32      code,
                            const char *message)
{
  NebulaMockFault *self =
    nebula_mock_fault_new (NEBULA_MOCK_FAULT_CODE, NULL, contains, first, last);

  if (self == NULL)
    return NULL;
  self->statements_only = TRUE;
  self->code = code;
  self->message = g_strdup (message);
  return self;
}

/**
 * nebula_mock_fault_new_exception:
 * @method: (nullable): only calls of this method; %NULL for any
 * @first: from which matching call on, counted from 1
 * @last: up to which matching call; 0 for ever
 * @type: the type of the exception: 1 unknown method, 6 internal error, 11 load shedding, ...
 * @message: (nullable): its text
 *
 * A call that is answered with a Thrift application exception and not executed.
 *
 * Returns: (transfer full): a new fault
 * Since: 0.1
 */
NebulaMockFault *
nebula_mock_fault_new_exception (const char *method,
                                 guint       first,
                                 guint       last,
                                 gint32      type,
                                 const char *message)
{
  g_autoptr (NebulaMockFault) plain =
    nebula_mock_fault_new (NEBULA_MOCK_FAULT_EXCEPTION, method, NULL, first, last);

  return plain != NULL ? nebula_mock_fault_with_code (plain, type, message) : NULL;
}

/**
 * nebula_mock_fault_new_delay:
 * @method: (nullable): only calls of this method; %NULL for any
 * @contains: (nullable): only calls whose statement (for authenticate: whose user) contains this
 * @first: from which matching call on, counted from 1
 * @last: up to which matching call; 0 for ever
 * @milliseconds: how long
 *
 * A call that is executed only after a while. Stopping the server ends the wait.
 *
 * Returns: (transfer full): a new fault
 * Since: 0.1
 */
NebulaMockFault *
nebula_mock_fault_new_delay (const char *method,
                             const char *contains,
                             guint       first,
                             guint       last,
                             guint       milliseconds)
{
  NebulaMockFault *self =
    nebula_mock_fault_new (NEBULA_MOCK_FAULT_DELAY, method, contains, first, last);

  if (self != NULL)
    self->milliseconds = milliseconds;
  return self;
}

/**
 * nebula_mock_fault_new_action:
 * @contains: (nullable): only calls whose statement (for authenticate: whose user) contains this
 * @first: from which matching call on, counted from 1
 * @last: up to which matching call; 0 for ever
 * @action: what happens
 * @server: the number of the server that it happens to; -1 for the one that the call came to
 * @space: (nullable): the space of %NEBULA_MOCK_ACTION_DROP_SPACE; %NULL for all others
 *
 * Something that happens to a server of a #NebulaMockCluster just before the call is executed.
 * Where it cuts the connection that the call came by, the call is not executed. Nothing happens to
 * a server that is in no cluster.
 *
 * Returns: (transfer full): a new fault
 * Since: 0.1
 */
NebulaMockFault *
nebula_mock_fault_new_action (const char *contains,
                              guint first,
                              guint last,
                              NebulaMockAction action,
                              int server,
                              const char *space)
{
  NebulaMockFault *self;

  g_return_val_if_fail (server >= -1, NULL);
  g_return_val_if_fail ((action == NEBULA_MOCK_ACTION_DROP_SPACE) == (space != NULL), NULL);

  self = nebula_mock_fault_new (NEBULA_MOCK_FAULT_ACT, NULL, contains, first, last);
  if (self == NULL)
    return NULL;
  self->action = action;
  self->server = server;
  self->space = g_strdup (space);
  return self;
}

/**
 * nebula_mock_fault_with_code:
 * @self: a fault
 * @code: the error code of the reply; for %NEBULA_MOCK_FAULT_EXCEPTION the type of the exception
 * @message: (nullable): the text of the reply
 *
 * The same fault with another answer. Of use for %NEBULA_MOCK_FAULT_CODE,
 * %NEBULA_MOCK_FAULT_CODE_AFTER_APPLY and %NEBULA_MOCK_FAULT_EXCEPTION.
 *
 * Returns: (transfer full): a new fault
 * Since: 0.1
 */
NebulaMockFault *
nebula_mock_fault_with_code (NebulaMockFault *self,
                             gint32           code,
                             const char      *message)
{
  NebulaMockFault *copy;

  g_return_val_if_fail (self != NULL, NULL);

  copy = nebula_mock_fault_new (self->kind, self->method, self->contains, self->first, self->last);
  copy->statements_only = self->statements_only;
  copy->milliseconds = self->milliseconds;
  copy->code = code;
  g_free (copy->message);
  copy->message = g_strdup (message);
  return copy;
}

/**
 * nebula_mock_fault_get_kind:
 * @self: a fault
 *
 * Returns: what goes wrong
 * Since: 0.1
 */
NebulaMockFaultKind
nebula_mock_fault_get_kind (NebulaMockFault *self)
{
  g_return_val_if_fail (self != NULL, NEBULA_MOCK_FAULT_CODE);

  return self->kind;
}

/**
 * nebula_mock_fault_ref:
 * @self: a fault
 *
 * Takes a reference. May be called from any thread.
 *
 * Returns: (transfer full): @self
 * Since: 0.1
 */
NebulaMockFault *
nebula_mock_fault_ref (NebulaMockFault *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return g_atomic_rc_box_acquire (self);
}

/**
 * nebula_mock_fault_unref:
 * @self: (transfer full): a fault
 *
 * Gives a reference back; the last one frees the fault. May be called from any thread.
 *
 * Since: 0.1
 */
void
nebula_mock_fault_unref (NebulaMockFault *self)
{
  g_return_if_fail (self != NULL);

  g_atomic_rc_box_release_full (self, nebula_mock_fault_clear);
}

NebulaMockMoment
nebula_mock_fault_kind_get_moment (NebulaMockFaultKind kind)
{
  if (kind == NEBULA_MOCK_FAULT_REFUSE)
    return NEBULA_MOCK_MOMENT_ACCEPT;
  if (kind == NEBULA_MOCK_FAULT_CLOSE_BEFORE_READ)
    return NEBULA_MOCK_MOMENT_READABLE;
  return NEBULA_MOCK_MOMENT_CALL;
}

/* Whether the faults after this one are still looked at. */
gboolean
nebula_mock_fault_goes_on (const NebulaMockFault *self)
{
  switch (self->kind)
    {
    case NEBULA_MOCK_FAULT_DELAY:
    case NEBULA_MOCK_FAULT_EXPIRE_SESSION:
    case NEBULA_MOCK_FAULT_HOLD:
    case NEBULA_MOCK_FAULT_ACT:
    case NEBULA_MOCK_FAULT_GOAWAY:
      return TRUE;
    default:
      return FALSE;
    }
}

/* @method, @text: (nullable): NULL where the moment does not know them */
gboolean
nebula_mock_fault_matches (const NebulaMockFault *self,
                           const char            *method,
                           const char            *text)
{
  if (self->statements_only && (method == NULL || !g_str_has_prefix (method, "execute")))
    return FALSE;
  if (self->method != NULL && g_strcmp0 (self->method, method) != 0)
    return FALSE;
  return self->contains == NULL || (text != NULL && strstr (text, self->contains) != NULL);
}

/* Whether the fault happens to the n-th call that matches it. */
gboolean
nebula_mock_fault_covers (const NebulaMockFault *self,
                          guint                  n)
{
  return n >= self->first && (self->last == 0 || n <= self->last);
}
