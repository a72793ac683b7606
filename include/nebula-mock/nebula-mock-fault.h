/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <glib-object.h>
#include <nebula-mock/nebula-mock-action.h>
#include <nebula-mock/nebula-mock-visibility.h>

G_BEGIN_DECLS

/**
 * NebulaMockFaultKind:
 * @NEBULA_MOCK_FAULT_CODE: answer with a code and a message instead of executing
 * @NEBULA_MOCK_FAULT_CODE_AFTER_APPLY: execute, then answer with a code and a message
 * @NEBULA_MOCK_FAULT_EXCEPTION: answer with a Thrift application exception
 * @NEBULA_MOCK_FAULT_DELAY: wait, then go on as if nothing had been (further faults may match)
 * @NEBULA_MOCK_FAULT_REFUSE: matches connections, not calls: reset the connection as it comes
 * @NEBULA_MOCK_FAULT_CLOSE_BEFORE_READ: close without having read the call
 * @NEBULA_MOCK_FAULT_CLOSE_BEFORE_APPLY: read the call, do nothing, close
 * @NEBULA_MOCK_FAULT_CLOSE_AFTER_APPLY: execute, then close without a reply
 * @NEBULA_MOCK_FAULT_CLOSE_IN_REPLY: execute, send half of the reply, close
 * @NEBULA_MOCK_FAULT_SILENCE: execute, never answer, keep the connection open
 * @NEBULA_MOCK_FAULT_SILENCE_BEFORE_APPLY: do not execute, never answer
 * @NEBULA_MOCK_FAULT_GARBAGE: execute, answer with bytes that are no frame
 * @NEBULA_MOCK_FAULT_WRONG_SEQUENCE: execute, answer with another sequence number
 * @NEBULA_MOCK_FAULT_WRONG_METHOD: execute, answer with another method name
 * @NEBULA_MOCK_FAULT_OVERSIZE: execute, announce a frame of 0x7fffffff bytes
 * @NEBULA_MOCK_FAULT_NEGATIVE_SIZE: execute, announce a frame of -1 bytes
 * @NEBULA_MOCK_FAULT_EMPTY_FRAME: execute, answer with a frame of 0 bytes
 * @NEBULA_MOCK_FAULT_BAD_STRING: execute, answer with a good frame in which a string has length -1
 * @NEBULA_MOCK_FAULT_DEEP: execute, answer with a good frame in which lists nest 50,000 deep
 * @NEBULA_MOCK_FAULT_NO_RESULT: execute, answer with an empty result struct
 * @NEBULA_MOCK_FAULT_EXPIRE_SESSION: forget the call's session, then go on
 * @NEBULA_MOCK_FAULT_HOLD: wait for nebula_mock_server_release(), then go on
 * @NEBULA_MOCK_FAULT_ACT: something happens to a server of the cluster, then go on
 * @NEBULA_MOCK_FAULT_GOAWAY: go on, and let the header of the answer say `connection: goaway`; does
 *   nothing to calls that came without fbthrift's header, whose answers have no place for it
 *
 * What goes wrong.
 *
 * Since: 0.1
 */
typedef enum
{
  NEBULA_MOCK_FAULT_CODE,
  NEBULA_MOCK_FAULT_CODE_AFTER_APPLY,
  NEBULA_MOCK_FAULT_EXCEPTION,
  NEBULA_MOCK_FAULT_DELAY,
  NEBULA_MOCK_FAULT_REFUSE,
  NEBULA_MOCK_FAULT_CLOSE_BEFORE_READ,
  NEBULA_MOCK_FAULT_CLOSE_BEFORE_APPLY,
  NEBULA_MOCK_FAULT_CLOSE_AFTER_APPLY,
  NEBULA_MOCK_FAULT_CLOSE_IN_REPLY,
  NEBULA_MOCK_FAULT_SILENCE,
  NEBULA_MOCK_FAULT_SILENCE_BEFORE_APPLY,
  NEBULA_MOCK_FAULT_GARBAGE,
  NEBULA_MOCK_FAULT_WRONG_SEQUENCE,
  NEBULA_MOCK_FAULT_WRONG_METHOD,
  NEBULA_MOCK_FAULT_OVERSIZE,
  NEBULA_MOCK_FAULT_NEGATIVE_SIZE,
  NEBULA_MOCK_FAULT_EMPTY_FRAME,
  NEBULA_MOCK_FAULT_BAD_STRING,
  NEBULA_MOCK_FAULT_DEEP,
  NEBULA_MOCK_FAULT_NO_RESULT,
  NEBULA_MOCK_FAULT_EXPIRE_SESSION,
  NEBULA_MOCK_FAULT_HOLD,
  NEBULA_MOCK_FAULT_ACT,
  NEBULA_MOCK_FAULT_GOAWAY,
} NebulaMockFaultKind;

#define NEBULA_TYPE_MOCK_FAULT_KIND (nebula_mock_fault_kind_get_type ())
#define NEBULA_TYPE_MOCK_FAULT (nebula_mock_fault_get_type ())

/**
 * NebulaMockFault:
 *
 * One scripted fault: immutable, reference counted.
 *
 * Since: 0.1
 */
typedef struct _NebulaMockFault NebulaMockFault;

NEBULA_MOCK_API GType nebula_mock_fault_kind_get_type (void);
NEBULA_MOCK_API GType nebula_mock_fault_get_type (void);

/* @method: (nullable): only calls of this method; %NULL for any
 * @contains: (nullable): only calls whose statement (for authenticate: whose user) contains this
 * @first, @last: from the n-th to the m-th matching call, counted from 1; @last 0 for ever */
NEBULA_MOCK_API NebulaMockFault *nebula_mock_fault_new (NebulaMockFaultKind kind,
                                                        const char *method,
                                                        const char *contains,
                                                        guint first,
                                                        guint last);
NEBULA_MOCK_API NebulaMockFault *nebula_mock_fault_new_code (const char *contains,
                                                             guint first,
                                                             guint last,
                                                             gint32 code,
                                                             const char *message);
NEBULA_MOCK_API NebulaMockFault *nebula_mock_fault_new_exception (const char *method,
                                                                  guint first,
                                                                  guint last,
                                                                  gint32 type,
                                                                  const char *message);
NEBULA_MOCK_API NebulaMockFault *nebula_mock_fault_new_delay (const char *method,
                                                              const char *contains,
                                                              guint first,
                                                              guint last,
                                                              guint milliseconds);
/* @server: -1 for the one that the call came to; @space: (nullable): of DROP_SPACE only */
NEBULA_MOCK_API NebulaMockFault *nebula_mock_fault_new_action (const char *contains,
                                                               guint first,
                                                               guint last,
                                                               NebulaMockAction action,
                                                               int server,
                                                               const char *space);
NEBULA_MOCK_API NebulaMockFault *nebula_mock_fault_with_code (NebulaMockFault *self,
                                                              gint32 code,
                                                              const char *message);
NEBULA_MOCK_API NebulaMockFaultKind nebula_mock_fault_get_kind (NebulaMockFault *self);
NEBULA_MOCK_API NebulaMockFault *nebula_mock_fault_ref (NebulaMockFault *self);
NEBULA_MOCK_API void nebula_mock_fault_unref (NebulaMockFault *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (NebulaMockFault, nebula_mock_fault_unref)

G_END_DECLS
