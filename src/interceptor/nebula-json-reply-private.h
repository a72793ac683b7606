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

gboolean nebula_json_reply_read (const char *text, gsize length, NebulaJsonReply *reply);
char *nebula_json_unescape (const char *text, gsize length);

G_END_DECLS
