/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "nebula-message-private.h"

G_BEGIN_DECLS

/**
 * NebulaReply:
 * @has_result: whether the reply carries a result (field 0) of the type that the layout has: any
 *   type for NEBULA_RESPONSE_OTHER and NEBULA_RESPONSE_STATEMENT; FALSE for an exception, the
 *   server's or a declared one
 * @has_code: whether the result carries a code
 * @code: the code; for an exception its type
 * @message: (nullable): the error text, not NUL-terminated
 * @is_json: whether texts are still escaped as JSON has them
 * @space: (nullable): space_name, not NUL-terminated
 * @has_session: whether there is a session
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
  gboolean is_json;
  const char *space;
  gsize space_length;
  gboolean has_session;
  gint64 session;
} NebulaReply;

/**
 * NebulaCodeTrust:
 * @NEBULA_CODE_GUESSED: nobody said that it is one
 * @NEBULA_CODE_DECLARED: it is a code, where there is one
 * @NEBULA_CODE_REQUIRED: a reply without one is damaged
 *
 * What it means that a number lies where the code of a reply is looked for.
 */
typedef enum
{
  NEBULA_CODE_GUESSED,
  NEBULA_CODE_DECLARED,
  NEBULA_CODE_REQUIRED,
} NebulaCodeTrust;

/**
 * NebulaReplyLayout:
 * @result_type: the type that a result has in binary protocol; 0: any
 * @is_json: whether a result that is a string is one of JSON
 * @trust: whether the number at @code is a code
 * @code: the number of the field with the code, an i32; 0 for none, as for the others
 * @message: of the error text
 * @space: of the space's name
 * @session: of the session, an i64
 * @schema: the NebulaSchema of the result
 *
 * What to look for in the reply to a method. Numbers of fields are below
 * %NEBULA_REPLY_FIELD_LIMIT.
 */
typedef struct
{
  guint8 result_type;
  gboolean is_json;
  NebulaCodeTrust trust;
  guint8 code;
  guint8 message;
  guint8 space;
  guint8 session;
  guint8 schema;
} NebulaReplyLayout;

/* The fields that are still missed are bits of 32. */
#define NEBULA_REPLY_FIELD_LIMIT 32

/* What graphd answers, and others. */
typedef enum
{
  NEBULA_RESPONSE_EXECUTION, /* 1 code, 4 space_name, 5 error_msg */
  NEBULA_RESPONSE_AUTH,      /* 1 code, 2 error_msg, 3 session_id */
  NEBULA_RESPONSE_VERIFY,    /* 1 code, 2 error_msg */
  NEBULA_RESPONSE_JSON,      /* a string of JSON */
  NEBULA_RESPONSE_STATEMENT, /* as one of EXECUTION or JSON, if it looks like that */
  NEBULA_RESPONSE_OTHER,     /* field 1 is a code when it is an i32 */
  NEBULA_N_RESPONSES,
} NebulaResponse;

extern const NebulaReplyLayout nebula_reply_layouts[NEBULA_N_RESPONSES];

/* What @max_depth is cut to: the stack of a walk is an array of this many frames of 16 bytes. */
#define NEBULA_REPLY_MAX_DEPTH 1024

/**
 * nebula_reply_read:
 * @bytes: the message inside a frame, head included
 * @length: its length
 * @head: its head, already parsed
 * @layout: what to look for
 * @max_depth: how deep structs and containers may nest
 * @validate: whether to walk all of it; otherwise reading stops at what is asked for
 * @reply: (out): what was found
 * @error: return location of a NEBULA_ERROR_FATAL that says what is wrong at which byte
 *
 * One linear walk, no recursion, no allocation. With @validate every length, count, type, repeated
 * field and the depth is checked against the frame, and the message must end where the frame ends:
 * a decoder that looks at the types it is given never meets a length, a count or a depth that it
 * cannot bear. Repeated fields are seen for the numbers 0 to 63.
 *
 * The code generated for c_glib does not look at the types of a container's elements. So in a
 * NEBULA_RESPONSE_EXECUTION these must be what graphd's IDL says. In other responses of graphd's
 * there are no containers; those of other services are not known here.
 *
 * Without @validate what is passed on the way is checked just the same, but what follows is not
 * looked at. A caller that wants the code alone asks for NEBULA_RESPONSE_OTHER, which is done at
 * field 1; the texts of an execution lie behind its data, which must then be walked.
 *
 * A JSON result that cannot be read has no code; that is not an error, a string harms no decoder.
 *
 * Returns: FALSE, with @error set and @reply all zero, when the reply is damaged or is none
 */
gboolean nebula_reply_read (const guint8 *bytes,
                            gsize length,
                            const NebulaMessageHead *head,
                            const NebulaReplyLayout *layout,
                            guint max_depth,
                            gboolean validate,
                            NebulaReply *reply,
                            GError **error);

G_END_DECLS
