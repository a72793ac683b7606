/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * NebulaJsonReply:
 * @has_code: whether errors[0].code of the top-level object is there and a number of 32 bits
 * @code: its value
 * @message: (nullable): errors[0].message, still escaped, inside the text
 * @space: (nullable): results[0].spaceName, still escaped, inside the text
 */
typedef struct
{
  gboolean has_code;
  gint32 code;
  const char *message;
  gsize message_length;
  const char *space;
  gsize space_length;
} NebulaJsonReply;

/**
 * nebula_json_reply_read:
 * @text: the JSON that executeJson answers with, not NUL-terminated
 * @length: its length in bytes
 * @reply: (out): what was found; its texts lie inside @text
 *
 * One pass over the whole text, no recursion, no allocation. Keys count in any order and may be
 * spelt with escapes; of a key that is repeated the first one counts, as does the first element of
 * either array. A code with a fraction or an exponent, or beyond 32 bits, is no code; a message or
 * a space that is no string is none. Nesting is refused beyond 1024 levels.
 *
 * Returns: %FALSE, and @reply all zero, when the text is not one JSON object
 */
gboolean nebula_json_reply_read (const char *text, gsize length, NebulaJsonReply *reply);

/**
 * nebula_json_unescape:
 * @text: (nullable): what stands between the quotes of a JSON string
 * @length: its length in bytes
 *
 * Undoes the escapes. What has no place in a UTF-8 C string (half a surrogate pair, the character
 * zero, bytes that are not UTF-8) becomes U+FFFD; a backslash before anything unknown is dropped.
 *
 * Returns: (transfer full) (nullable): the text in UTF-8, %NULL when @text is
 */
char *nebula_json_unescape (const char *text, gsize length);

G_END_DECLS
