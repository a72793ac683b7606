/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "nebula-message-private.h"

G_BEGIN_DECLS

/**
 * NebulaReply:
 * @has_result: whether the reply carries a result (field 0)
 * @has_code: whether the result carries a code
 * @code: the code; for an exception its type
 * @message: (nullable): the error text, not NUL-terminated; for JSON still escaped (@message_is_json)
 * @space: (nullable): space_name, not NUL-terminated
 * @session: session_id of an AuthResponse, when @has_session
 *
 * What a reply says, read without building an object. Pointers lie inside the frame.
 */
typedef struct
{
  gboolean has_result;
  gboolean has_code;
  gint32 code;
  const char *message;
  gsize message_length;
  gboolean message_is_json;
  const char *space;
  gsize space_length;
  gboolean has_session;
  gint64 session;
} NebulaReply;

/* Field numbers of the texts differ by response: which of them is which is the caller's to say. */
typedef enum
{
  NEBULA_RESPONSE_EXECUTION, /* 1 code, 4 space_name, 5 error_msg */
  NEBULA_RESPONSE_AUTH,      /* 1 code, 2 error_msg, 3 session_id */
  NEBULA_RESPONSE_VERIFY,    /* 1 code, 2 error_msg */
  NEBULA_RESPONSE_JSON,      /* a string of JSON */
  NEBULA_RESPONSE_OTHER,     /* field 1 is a code when it is an i32 */
} NebulaResponse;

/**
 * nebula_reply_read:
 * @bytes: the message inside a frame, head included
 * @length: its length
 * @head: its head, already parsed
 * @response: what kind of result to expect
 * @max_depth: how deep structs and containers may nest
 * @validate: whether to walk all of it; otherwise reading stops at what is asked for
 * @reply: (out): what was found
 * @error: return location of a NEBULA_ERROR_FATAL that says what is wrong at which byte
 *
 * One linear walk, no recursion, no allocation. With @validate every length, count, type, repeated
 * field and the depth is checked against the frame, so that no decoder built on the same protocol
 * can be made to crash by it, and the message must end where the frame ends.
 */
gboolean nebula_reply_read (const guint8 *bytes,
                            gsize length,
                            const NebulaMessageHead *head,
                            NebulaResponse response,
                            guint max_depth,
                            gboolean validate,
                            NebulaReply *reply,
                            GError **error);

G_END_DECLS
