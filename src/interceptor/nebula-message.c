/* SPDX-License-Identifier: Apache-2.0 */
#include "nebula-message-private.h"

#include <nebula-retry/nebula-error.h>
#include <string.h>

/* Strict binary protocol: the first two bytes of a message are its version, 0x8001. The high bit
 * tells it from the old protocol, which began with the length of the name. */
#define MESSAGE_VERSION 0x80010000u
#define MESSAGE_VERSION_MASK 0xffff0000u
#define MESSAGE_STRICT_BIT 0x80000000u

/* A field begins with its type and its number. */
#define MESSAGE_FIELD_SIZE 3

/* The types of fields that requests of graphd's begin with. */
#define MESSAGE_TYPE_STOP 0
#define MESSAGE_TYPE_I64 10
#define MESSAGE_TYPE_STRING 11
#define MESSAGE_TYPE_STRUCT 12

gboolean
nebula_message_check_version (guint32 word, GError **error)
{
  guint32 type = word & ~MESSAGE_VERSION_MASK;

  if ((word & MESSAGE_STRICT_BIT) == 0)
    g_set_error (error, NEBULA_ERROR, NEBULA_ERROR_FATAL,
                 "Message at byte 0: not strict binary protocol, expected version 0x8001, "
                 "found 0x%04x",
                 word >> 16);
  else if ((word & MESSAGE_VERSION_MASK) != MESSAGE_VERSION)
    g_set_error (error, NEBULA_ERROR, NEBULA_ERROR_FATAL,
                 "Message at byte 0: unknown version, expected 0x8001, found 0x%04x", word >> 16);
  else if (type < NEBULA_MESSAGE_CALL || type > NEBULA_MESSAGE_ONEWAY)
    g_set_error (error, NEBULA_ERROR, NEBULA_ERROR_FATAL,
                 "Message at byte 2: unknown type, expected 1 to 4, found %u", type);
  else
    return TRUE;
  return FALSE;
}

static gboolean
check_name_length (gint32 name_length, gsize left, GError **error)
{
  if (name_length >= 0 && (gsize) name_length <= left)
    return TRUE;
  g_set_error (error, NEBULA_ERROR, NEBULA_ERROR_FATAL,
               "Message at byte 4: a name of %d bytes, expected 0 to %" G_GSIZE_FORMAT, name_length,
               left);
  return FALSE;
}

gboolean
nebula_message_parse_head (const guint8 *bytes,
                           gsize length,
                           NebulaMessageHead *head,
                           GError **error)
{
  gint32 name_length;

  memset (head, 0, sizeof *head);
  /* The version is looked at first: what is not this protocol at all should be called so, however
   * short it is. */
  if (length >= 4 && !nebula_message_check_version (nebula_read_be32 (bytes), error))
    return FALSE;
  if (length < NEBULA_MESSAGE_HEAD_SIZE)
    {
      g_set_error (error, NEBULA_ERROR, NEBULA_ERROR_FATAL,
                   "Message at byte %" G_GSIZE_FORMAT ": ends inside its head, expected at least "
                   "%d bytes",
                   length, NEBULA_MESSAGE_HEAD_SIZE);
      return FALSE;
    }
  name_length = (gint32) nebula_read_be32 (bytes + 4);
  if (!check_name_length (name_length, length - NEBULA_MESSAGE_HEAD_SIZE, error))
    return FALSE;
  head->type = bytes[3];
  head->name = (const char *) bytes + 8;
  head->name_length = name_length;
  head->sequence_offset = 8 + (gsize) name_length;
  head->sequence = (gint32) nebula_read_be32 (bytes + head->sequence_offset);
  head->body_offset = head->sequence_offset + 4;
  return TRUE;
}

/* Where in a request's arguments the reading has got to. */
typedef struct
{
  const guint8 *at;
  const guint8 *end;
} RequestCursor;

/* The type of the next field when it has the number @id, else MESSAGE_TYPE_STOP. */
static guint8
cursor_field (RequestCursor *cursor, guint8 id)
{
  guint8 type;

  if (cursor->end - cursor->at < MESSAGE_FIELD_SIZE || cursor->at[1] != 0 || cursor->at[2] != id)
    return MESSAGE_TYPE_STOP;
  type = cursor->at[0];
  cursor->at += MESSAGE_FIELD_SIZE;
  return type;
}

static gboolean
cursor_string (RequestCursor *cursor, const guint8 **text, gsize *length)
{
  gint32 size;

  if (cursor->end - cursor->at < 4)
    return FALSE;
  size = (gint32) nebula_read_be32 (cursor->at);
  if (size < 0 || size > cursor->end - cursor->at - 4)
    return FALSE;
  *text = cursor->at + 4;
  *length = size;
  cursor->at += 4 + size;
  return TRUE;
}

static gboolean
parse_session (RequestCursor *cursor, const guint8 *bytes, NebulaRequest *request)
{
  if (cursor->end - cursor->at < 8)
    return FALSE;
  request->session_offset = cursor->at - bytes;
  request->session = (gint64) nebula_read_be64 (cursor->at);
  cursor->at += 8;
  if (cursor_field (cursor, 2) != MESSAGE_TYPE_STRING)
    return TRUE;
  return cursor_string (cursor, &request->statement, &request->statement_length);
}

static gboolean
parse_user (RequestCursor *cursor, NebulaRequest *request)
{
  return cursor_string (cursor, &request->user, &request->user_length) &&
         cursor_field (cursor, 2) == MESSAGE_TYPE_STRING &&
         cursor_string (cursor, &request->password, &request->password_length);
}

gboolean
nebula_request_parse (const guint8 *bytes,
                      gsize length,
                      const NebulaMessageHead *head,
                      NebulaRequest *request)
{
  RequestCursor cursor;
  gboolean found;

  g_assert (head->body_offset <= length);

  memset (request, 0, sizeof *request);
  cursor.at = bytes + head->body_offset;
  cursor.end = bytes + length;
  switch (cursor_field (&cursor, 1))
    {
    case MESSAGE_TYPE_I64:
      found = parse_session (&cursor, bytes, request);
      break;
    case MESSAGE_TYPE_STRING:
      found = parse_user (&cursor, request);
      break;
    default:
      found = FALSE;
      break;
    }
  /* At least the end of the struct must follow. */
  found = found && cursor.at < cursor.end;
  if (!found)
    memset (request, 0, sizeof *request);
  return found;
}

/* Makes room for a message with @body_size bytes of arguments, writes all that comes before these,
 * and returns where they go. */
static guint8 *
append_head (NebulaBuffer *out,
             NebulaMessageType type,
             const char *name,
             gint32 sequence,
             gsize body_size)
{
  gsize name_size = strlen (name);
  gsize size = NEBULA_MESSAGE_HEAD_SIZE + name_size + body_size;
  guint8 *at;

  /* Lengths are signed on the wire. */
  g_assert (size <= G_MAXINT32);

  nebula_buffer_reserve (out, out->length + size);
  at = out->data + out->length;
  out->length += size;
  nebula_write_be32 (at, MESSAGE_VERSION | type);
  nebula_write_be32 (at + 4, name_size);
  memcpy (at + 8, name, name_size);
  nebula_write_be32 (at + 8 + name_size, sequence);
  return at + NEBULA_MESSAGE_HEAD_SIZE + name_size;
}

static guint8 *
put_field (guint8 *at, guint8 type, guint8 id)
{
  at[0] = type;
  at[1] = 0;
  at[2] = id;
  return at + MESSAGE_FIELD_SIZE;
}

static guint8 *
put_session (guint8 *at, gint64 session)
{
  at = put_field (at, MESSAGE_TYPE_I64, 1);
  nebula_write_be64 (at, session);
  return at + 8;
}

static guint8 *
put_string (guint8 *at, guint8 id, gconstpointer text, gsize length)
{
  at = put_field (at, MESSAGE_TYPE_STRING, id);
  nebula_write_be32 (at, length);
  /* An empty GBytes may have no data at all. */
  if (length > 0)
    memcpy (at + 4, text, length);
  return at + 4 + length;
}

/* What put_string() writes beside the text; and put_session() in all. */
#define STRING_FIELD_SIZE (MESSAGE_FIELD_SIZE + 4)
#define SESSION_FIELD_SIZE (MESSAGE_FIELD_SIZE + 8)

void
nebula_message_append_verify (NebulaBuffer *out, gint32 sequence, const char *version)
{
  gsize length = strlen (version);
  guint8 *at;

  at = append_head (out, NEBULA_MESSAGE_CALL, "verifyClientVersion", sequence,
                    MESSAGE_FIELD_SIZE + STRING_FIELD_SIZE + length + 2);
  at = put_field (at, MESSAGE_TYPE_STRUCT, 1);
  at = put_string (at, 1, version, length);
  at[0] = MESSAGE_TYPE_STOP;
  at[1] = MESSAGE_TYPE_STOP;
}

void
nebula_message_append_authenticate (NebulaBuffer *out,
                                    gint32 sequence,
                                    GBytes *user,
                                    GBytes *password)
{
  gsize user_length, password_length;
  gconstpointer user_data = g_bytes_get_data (user, &user_length);
  gconstpointer password_data = g_bytes_get_data (password, &password_length);
  guint8 *at;

  at = append_head (out, NEBULA_MESSAGE_CALL, "authenticate", sequence,
                    2 * STRING_FIELD_SIZE + user_length + password_length + 1);
  at = put_string (at, 1, user_data, user_length);
  at = put_string (at, 2, password_data, password_length);
  at[0] = MESSAGE_TYPE_STOP;
}

void
nebula_message_append_execute (NebulaBuffer *out,
                               gint32 sequence,
                               gint64 session,
                               const char *statement)
{
  gsize length = strlen (statement);
  guint8 *at;

  at = append_head (out, NEBULA_MESSAGE_CALL, "execute", sequence,
                    SESSION_FIELD_SIZE + STRING_FIELD_SIZE + length + 1);
  at = put_session (at, session);
  at = put_string (at, 2, statement, length);
  at[0] = MESSAGE_TYPE_STOP;
}

void
nebula_message_append_signout (NebulaBuffer *out, gint32 sequence, gint64 session)
{
  guint8 *at;

  /* graphd takes signout as a call too, but answers neither: one-way is what it is. */
  at = append_head (out, NEBULA_MESSAGE_ONEWAY, "signout", sequence, SESSION_FIELD_SIZE + 1);
  at = put_session (at, session);
  at[0] = MESSAGE_TYPE_STOP;
}
