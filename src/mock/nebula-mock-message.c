/* SPDX-License-Identifier: Apache-2.0 */
#include "nebula-mock-message-private.h"

#include <string.h>

/* What graphd takes as the longest frame; also a bound for any length or count inside. */
#define SIZE_MAX_ACCEPTED 0x3fffffffu

/* Deeper than any value that a client builds, far from what a recursion can carry. */
#define DEPTH_MAX 64

const char *const nebula_mock_methods[] = {
  "authenticate", "signout", "execute", "executeWithParameter",
  "executeJson", "executeJsonWithParameter", "verifyClientVersion", NULL
};

/* Walks over a message without decoding it. `state` says why a step failed. */
typedef struct
{
  const guint8  *data; /* (unowned) */
  gsize          length;
  gsize          position;
  NebulaMockRead state;
  const char    *reason;
} Cursor;

static gboolean
broken (Cursor     *cursor,
        const char *reason)
{
  cursor->state = NEBULA_MOCK_READ_BROKEN;
  cursor->reason = reason;
  return FALSE;
}

static gboolean
need (Cursor *cursor,
      gsize   count)
{
  if (cursor->length - cursor->position >= count)
    return TRUE;
  cursor->state = NEBULA_MOCK_READ_MORE;
  return FALSE;
}

static gboolean
take (Cursor  *cursor,
      gsize    width,
      guint64 *value)
{
  gsize i;

  if (!need (cursor, width))
    return FALSE;
  *value = 0;
  for (i = 0; i < width; i++)
    *value = (*value << 8) | cursor->data[cursor->position++];
  return TRUE;
}

static gboolean
skip (Cursor *cursor,
      gsize   count)
{
  if (!need (cursor, count))
    return FALSE;
  cursor->position += count;
  return TRUE;
}

/* A length or a count: signed on the wire. */
static gboolean
take_size (Cursor *cursor,
           gsize  *size)
{
  guint64 value;

  if (!take (cursor, 4, &value))
    return FALSE;
  if (value > SIZE_MAX_ACCEPTED)
    return broken (cursor, "a length or count is negative or too large");
  *size = value;
  return TRUE;
}

static gboolean
skip_string (Cursor *cursor)
{
  gsize length;

  return take_size (cursor, &length) && skip (cursor, length);
}

static gboolean skip_value (Cursor *cursor, guint type, guint depth);

static gboolean
skip_struct (Cursor *cursor,
             guint   depth)
{
  guint64 type;

  for (;;)
    {
      if (!take (cursor, 1, &type))
        return FALSE;
      if (type == 0)
        return TRUE;
      if (!skip (cursor, 2) || !skip_value (cursor, type, depth))
        return FALSE;
    }
}

/* @types: 2 for a map */
static gboolean
skip_container (Cursor *cursor,
                guint   types,
                guint   depth)
{
  guint64 type[2] = { 0, 0 };
  gsize count, i;
  guint j;

  for (j = 0; j < types; j++)
    if (!take (cursor, 1, &type[j]))
      return FALSE;
  if (!take_size (cursor, &count))
    return FALSE;
  for (i = 0; i < count; i++)
    for (j = 0; j < types; j++)
      if (!skip_value (cursor, type[j], depth))
        return FALSE;
  return TRUE;
}

static gboolean
skip_value (Cursor *cursor,
            guint   type,
            guint   depth)
{
  /* bool, byte, (unused), double, (unused), i16, (unused), i32, (unused), i64: types 2 to 10 */
  static const guint8 widths[] = { 0, 0, 1, 1, 8, 0, 2, 0, 4, 0, 8 };

  if (depth >= DEPTH_MAX)
    return broken (cursor, "too deep");
  switch (type)
    {
    case NEBULA_MOCK_TYPE_STRING:
      return skip_string (cursor);
    case NEBULA_MOCK_TYPE_STRUCT:
      return skip_struct (cursor, depth + 1);
    case 13: /* map */
      return skip_container (cursor, 2, depth + 1);
    case 14: /* set */
    case NEBULA_MOCK_TYPE_LIST:
      return skip_container (cursor, 1, depth + 1);
    default:
      if (type >= G_N_ELEMENTS (widths) || widths[type] == 0)
        return broken (cursor, "a type is unknown");
      return skip (cursor, widths[type]);
    }
}

/* ---- the message */

static gboolean
read_head (Cursor            *cursor,
           NebulaMockMessage *message)
{
  guint64 word, sequence;
  gsize name, length;

  if (!take (cursor, 4, &word))
    return FALSE;
  if ((word & 0xffff0000u) != NEBULA_MOCK_VERSION_1)
    return broken (cursor, "no strict binary message");
  message->type = word & 0xff;
  if (message->type != NEBULA_MOCK_CALL && message->type != NEBULA_MOCK_ONEWAY)
    return broken (cursor, "not a call");
  if (!take_size (cursor, &length))
    return FALSE;
  name = cursor->position;
  if (!skip (cursor, length) || !take (cursor, 4, &sequence))
    return FALSE;
  message->method = g_strndup ((const char *) cursor->data + name, length);
  message->sequence = (gint32) (guint32) sequence;
  return TRUE;
}

/* The session is the i64 1; the text is the string 1 of authenticate, 2 of the others. */
static void
note_argument (NebulaMockMessage *message,
               guint              type,
               guint              id,
               const guint8      *value,
               gsize              length)
{
  const guint text_id = g_str_equal (message->method, "authenticate") ? 1 : 2;
  gsize i;

  if (type == NEBULA_MOCK_TYPE_I64 && id == 1)
    {
      guint64 session = 0;

      for (i = 0; i < 8; i++)
        session = (session << 8) | value[i];
      message->session = (gint64) session;
    }
  else if (type == NEBULA_MOCK_TYPE_STRING && id == text_id)
    {
      g_free (message->text);
      message->text = g_strndup ((const char *) value + 4, length - 4);
    }
}

/* Fields 1 and 2 are copied for the processor, the parameters of field 3 are not: no statement here
 * uses them, and generated code takes the types inside a map or list for what the IDL says. */
static gboolean
read_arguments (Cursor            *cursor,
                NebulaMockMessage *message)
{
  guint64 type, id;

  for (;;)
    {
      const gsize field = cursor->position;
      gsize value;

      if (!take (cursor, 1, &type))
        return FALSE;
      if (type == 0)
        break;
      if (!take (cursor, 2, &id))
        return FALSE;
      value = cursor->position;
      if (!skip_value (cursor, type, 0))
        return FALSE;
      note_argument (message, type, id, cursor->data + value, cursor->position - value);
      if (id == 1 || id == 2)
        g_byte_array_append (message->checked, cursor->data + field, cursor->position - field);
    }
  g_byte_array_append (message->checked, (const guint8 *) "", 1);
  return TRUE;
}

static gboolean
read_payload (Cursor            *cursor,
              NebulaMockMessage *message)
{
  const gsize start = cursor->position;

  if (!read_head (cursor, message))
    return FALSE;
  message->checked = g_byte_array_new ();
  g_byte_array_append (message->checked, cursor->data + start, cursor->position - start);
  return read_arguments (cursor, message);
}

/* The header that fbthrift puts before a message. Nothing is learnt from its info headers. */
static gboolean
read_header (Cursor            *cursor,
             NebulaMockMessage *message)
{
  guint64 flags = 0, sequence = 0, words = 0, block = 0;

  if (cursor->length - cursor->position < NEBULA_MOCK_HEADER_SIZE)
    return broken (cursor, "the frame is too small for its header");
  take (cursor, 4, &flags);
  take (cursor, 4, &sequence);
  take (cursor, 2, &words);
  if (words == 0 || words * 4 > cursor->length - cursor->position)
    return broken (cursor, "the header is larger than its frame, or empty");
  take (cursor, 2, &block);
  if (block != 0)
    return broken (cursor, "the payload is transformed, or not of binary protocol");
  cursor->position += words * 4 - 2;
  message->has_header = TRUE;
  message->header_flags = flags & 0xffff;
  message->header_sequence = sequence;
  return TRUE;
}

static gboolean
read_frame (Cursor            *cursor,
            NebulaMockMessage *message,
            gsize              size)
{
  guint64 magic;

  if (size > SIZE_MAX_ACCEPTED)
    return broken (cursor, "the frame is too large");
  if (size < 4)
    return broken (cursor, "the frame is too small for a message");
  if (!take (cursor, 4, &magic))
    return FALSE;
  magic &= 0xffff0000u;
  if (magic != NEBULA_MOCK_VERSION_1 && magic != NEBULA_MOCK_HEADER_MAGIC)
    return broken (cursor, "no strict binary message in the frame");
  cursor->position -= 4;
  if (!need (cursor, size))
    return FALSE;
  cursor->length = cursor->position + size;
  message->framed = TRUE;
  if (magic == NEBULA_MOCK_HEADER_MAGIC && !read_header (cursor, message))
    return FALSE;
  if (read_payload (cursor, message))
    return TRUE;
  if (cursor->state == NEBULA_MOCK_READ_MORE)
    broken (cursor, "the message is longer than its frame");
  return FALSE;
}

static gboolean
read_any (Cursor            *cursor,
          NebulaMockMessage *message)
{
  guint64 word;

  if (!take (cursor, 4, &word))
    return FALSE;
  if ((word & 0xffff0000u) != NEBULA_MOCK_VERSION_1)
    return read_frame (cursor, message, word);
  cursor->position -= 4;
  return read_payload (cursor, message);
}

/* Takes one call from the start of @data, framed or not, as the first word says.
 * @message: (out): to be cleared; filled only when the call is whole
 * @reason: (out): why it is broken */
NebulaMockRead
nebula_mock_message_read (const guint8      *data,
                          gsize              length,
                          NebulaMockMessage *message,
                          const char       **reason)
{
  Cursor cursor = { data, length, 0, NEBULA_MOCK_READ_WHOLE, NULL };

  memset (message, 0, sizeof *message);
  if (!read_any (&cursor, message))
    {
      nebula_mock_message_clear (message);
      *reason = cursor.reason;
      return cursor.state;
    }
  message->size = message->framed ? cursor.length : cursor.position;
  return NEBULA_MOCK_READ_WHOLE;
}

void
nebula_mock_message_clear (NebulaMockMessage *message)
{
  g_clear_pointer (&message->method, g_free);
  g_clear_pointer (&message->text, g_free);
  g_clear_pointer (&message->checked, g_byte_array_unref);
}

/* signout has no reply, whichever type the client gave it. */
gboolean
nebula_mock_message_is_oneway (const NebulaMockMessage *message)
{
  return message->type == NEBULA_MOCK_ONEWAY || g_str_equal (message->method, "signout");
}

gboolean
nebula_mock_message_has_statement (const NebulaMockMessage *message)
{
  return g_str_has_prefix (message->method, "execute") && message->text != NULL;
}
