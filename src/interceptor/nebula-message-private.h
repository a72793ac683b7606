/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "nebula-buffer-private.h"

#include <gio/gio.h>

G_BEGIN_DECLS

/* Thrift's message types, as on the wire. */
typedef enum
{
  NEBULA_MESSAGE_CALL = 1,
  NEBULA_MESSAGE_REPLY = 2,
  NEBULA_MESSAGE_EXCEPTION = 3,
  NEBULA_MESSAGE_ONEWAY = 4,
} NebulaMessageType;

/**
 * NebulaMessageHead:
 * @type: what kind of message
 * @name: (not nullable): the method, not NUL-terminated, inside the message
 * @name_length: its length in bytes
 * @sequence: the sequence number
 * @sequence_offset: where the four bytes of the sequence number lie in the message
 * @body_offset: where the struct of arguments or the result begins
 *
 * The head of a message in strict binary protocol.
 */
typedef struct
{
  NebulaMessageType type;
  const char *name;
  gsize name_length;
  gint32 sequence;
  gsize sequence_offset;
  gsize body_offset;
} NebulaMessageHead;

/* What every message has beside its name: version and type, length of the name, sequence number. */
#define NEBULA_MESSAGE_HEAD_SIZE 12

/* Whether @word, the first of a message, is strict binary protocol of a type that there is. */
gboolean nebula_message_check_version (guint32 word, GError **error);

/**
 * nebula_message_parse_head:
 * @bytes: a message, without what a framing puts around it
 * @length: its length in bytes
 * @head: (out): what was found; its name lies inside @bytes
 * @error: return location of a NEBULA_ERROR_FATAL that says what is wrong at which byte
 *
 * Only strict binary protocol is a message here (version 0x8001): graphd accepts no other of the
 * binary kind. The body is not looked at.
 *
 * Returns: %FALSE with @error set, and @head all zero, when the bytes begin no message
 */
gboolean nebula_message_parse_head (const guint8 *bytes,
                                    gsize length,
                                    NebulaMessageHead *head,
                                    GError **error);

/**
 * NebulaRequest:
 * @session_offset: where the eight bytes of argument 1 (i64, the session) lie; 0 when there is none
 * @session: its value
 * @user: (nullable): argument 1 when arguments 1 and 2 are strings: the user of authenticate
 * @password: (nullable): argument 2 then
 * @statement: argument 2 when argument 1 is a session: the statement
 *
 * What the interceptor wants to know of a request's arguments. Pointers lie inside the message.
 */
typedef struct
{
  gsize session_offset;
  gint64 session;
  const guint8 *user;
  gsize user_length;
  const guint8 *password;
  gsize password_length;
  const guint8 *statement;
  gsize statement_length;
} NebulaRequest;

/**
 * nebula_request_parse:
 * @bytes: the message whose head @head is
 * @length: its length in bytes
 * @head: its head
 * @request: (out): what was found
 *
 * Reads the first two arguments and nothing behind them. Arguments count as what they are only in
 * the order that every generated writer keeps: 1, then 2.
 *
 * Returns: %FALSE, and @request all zero, when argument 1 is neither a session nor a user with a
 *   password behind it, or when the bytes end too early
 */
gboolean nebula_request_parse (const guint8 *bytes,
                               gsize length,
                               const NebulaMessageHead *head,
                               NebulaRequest *request);

/* Requests that the interceptor makes itself: each appends a message to @out. */
void nebula_message_append_verify (NebulaBuffer *out, gint32 sequence, const char *version);
void nebula_message_append_authenticate (NebulaBuffer *out,
                                         gint32 sequence,
                                         GBytes *user,
                                         GBytes *password);
void nebula_message_append_execute (NebulaBuffer *out,
                                    gint32 sequence,
                                    gint64 session,
                                    const char *statement);
void nebula_message_append_signout (NebulaBuffer *out, gint32 sequence, gint64 session);

static inline guint32
nebula_read_be32 (const guint8 *bytes)
{
  guint32 value;

  memcpy (&value, bytes, sizeof value);
  return GUINT32_FROM_BE (value);
}

static inline void
nebula_write_be32 (guint8 *bytes, guint32 value)
{
  value = GUINT32_TO_BE (value);
  memcpy (bytes, &value, sizeof value);
}

static inline guint64
nebula_read_be64 (const guint8 *bytes)
{
  guint64 value;

  memcpy (&value, bytes, sizeof value);
  return GUINT64_FROM_BE (value);
}

static inline void
nebula_write_be64 (guint8 *bytes, guint64 value)
{
  value = GUINT64_TO_BE (value);
  memcpy (bytes, &value, sizeof value);
}

G_END_DECLS
