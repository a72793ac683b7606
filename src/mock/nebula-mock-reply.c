/* SPDX-License-Identifier: Apache-2.0 */
#include "nebula-mock-reply-private.h"

#include <string.h>

/* No recursion in a client survives this on a stack of 8 MiB with a few hundred bytes a level. */
#define DEEP_LEVELS 50000

/* What a proxy or a wrong port may answer; as the length of a frame it is larger than allowed. */
static const char garbage[] = "HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n";

/* Of the info headers of fbthrift: pairs of a key and a value. */
#define INFO_PAIRS 1

static void
put (GByteArray *bytes,
     gsize       width,
     guint64     value)
{
  while (width-- > 0)
    {
      const guint8 byte = value >> (8 * width);

      g_byte_array_append (bytes, &byte, 1);
    }
}

static void
put_string (GByteArray *bytes,
            const char *text)
{
  put (bytes, 4, strlen (text));
  g_byte_array_append (bytes, (const guint8 *) text, strlen (text));
}

static void
put_field (GByteArray *bytes,
           guint       type,
           guint       id)
{
  put (bytes, 1, type);
  put (bytes, 2, id);
}

static GByteArray *
message_new (guint       type,
             const char *method,
             gint32      sequence)
{
  GByteArray *bytes = g_byte_array_new ();

  put (bytes, 4, NEBULA_MOCK_VERSION_1 | type);
  put_string (bytes, method);
  put (bytes, 4, (guint32) sequence);
  return bytes;
}

/* @message: (nullable)
 * Returns: (transfer full): a Thrift application exception, not framed */
GByteArray *
nebula_mock_reply_exception (const NebulaMockMessage *call,
                             gint32                   type,
                             const char              *message)
{
  GByteArray *bytes = message_new (NEBULA_MOCK_EXCEPTION, call->method, call->sequence);

  if (message != NULL)
    {
      put_field (bytes, NEBULA_MOCK_TYPE_STRING, 1);
      put_string (bytes, message);
    }
  put_field (bytes, NEBULA_MOCK_TYPE_I32, 2);
  put (bytes, 4, (guint32) type);
  put (bytes, 1, 0);
  return bytes;
}

/* The lengths here are of one byte, as all numbers below 128. */
static void
put_info (GByteArray *block,
          const char *key,
          const char *value)
{
  put (block, 1, strlen (key));
  g_byte_array_append (block, (const guint8 *) key, strlen (key));
  put (block, 1, strlen (value));
  g_byte_array_append (block, (const guint8 *) value, strlen (value));
}

/* Binary, nothing transformed, then what there is to say, in whole words.
 * Returns: (transfer full) */
static GByteArray *
make_block (const NebulaMockMessage *call)
{
  const guint count = call->is_goaway + (call->exception != NULL);
  GByteArray *block = g_byte_array_new ();

  put (block, 2, 0);
  if (count > 0)
    {
      put (block, 1, INFO_PAIRS);
      put (block, 1, count);
    }
  if (call->is_goaway)
    put_info (block, "connection", "goaway");
  if (call->exception != NULL)
    put_info (block, "ex", call->exception);
  put (block, 4 - block->len % 4, 0);
  return block;
}

/* Flags and sequence number are those of the call. */
static void
put_header (GByteArray              *bytes,
            const NebulaMockMessage *call,
            guint                    payload)
{
  g_autoptr (GByteArray) block = make_block (call);

  put (bytes, 4, NEBULA_MOCK_HEADER_SIZE + block->len + payload);
  put (bytes, 4, NEBULA_MOCK_HEADER_MAGIC | call->header_flags);
  put (bytes, 4, call->header_sequence);
  put (bytes, 2, block->len / 4);
  g_byte_array_append (bytes, block->data, block->len);
}

/* Returns: (transfer full): the payload as the client wants it: framed, with a header, or bare */
GByteArray *
nebula_mock_reply_frame (const NebulaMockMessage *call,
                         const GByteArray        *payload)
{
  GByteArray *bytes = g_byte_array_sized_new (payload->len + 4);

  if (call->has_header)
    put_header (bytes, call, payload->len);
  else if (call->framed)
    put (bytes, 4, payload->len);
  g_byte_array_append (bytes, payload->data, payload->len);
  return bytes;
}

/* ---- damage */

/* The true reply, under another head. */
static GByteArray *
with_head (const NebulaMockMessage *call,
           const GByteArray        *payload,
           const char              *method,
           gint32                   sequence)
{
  const gsize head = 4 + 4 + strlen (call->method) + 4;
  g_autoptr (GByteArray) bytes = message_new (payload->data[3], method, sequence);

  g_byte_array_append (bytes, payload->data + head, payload->len - head);
  return nebula_mock_reply_frame (call, bytes);
}

/* A name that begins as the right one does, where there is one: it must be compared whole. */
static const char *
other_method (const char *method)
{
  return g_str_equal (method, "execute") ? "executeJson" : "execute";
}

/* A late reply of the call before is what is met in life. */
static gint32
other_sequence (gint32 sequence)
{
  return (gint32) ((guint32) sequence - 1);
}

/* The true reply after a length that is not its own. Without frames the first length that a client
 * reads is that of the method's name. */
static GByteArray *
with_length (const NebulaMockMessage *call,
             const GByteArray        *payload,
             guint32                  length)
{
  GByteArray *bytes = g_byte_array_new ();

  if (!call->framed)
    g_byte_array_append (bytes, payload->data, 4);
  put (bytes, 4, length);
  if (length == 0)
    return bytes;
  g_byte_array_append (bytes, payload->data + (call->framed ? 0 : 8),
                       payload->len - (call->framed ? 0 : 8));
  return bytes;
}

static gboolean
answers_with_string (const NebulaMockMessage *call)
{
  return g_str_has_prefix (call->method, "executeJson");
}

/* A success with a text of length -1: the result itself for the JSON methods, else error_msg. */
static GByteArray *
bad_string (const NebulaMockMessage *call)
{
  g_autoptr (GByteArray) bytes = message_new (NEBULA_MOCK_REPLY, call->method, call->sequence);
  const gboolean is_execution = g_str_has_prefix (call->method, "execute");

  if (!answers_with_string (call))
    {
      put_field (bytes, NEBULA_MOCK_TYPE_STRUCT, 0);
      put_field (bytes, NEBULA_MOCK_TYPE_I32, 1);
      put (bytes, 4, 0);
      if (is_execution)
        {
          put_field (bytes, NEBULA_MOCK_TYPE_I64, 2);
          put (bytes, 8, 1);
        }
      put_field (bytes, NEBULA_MOCK_TYPE_STRING, is_execution ? 5 : 2);
    }
  else
    put_field (bytes, NEBULA_MOCK_TYPE_STRING, 0);
  put (bytes, 4, 0xffffffffu);
  put (bytes, 2, 0);
  return nebula_mock_reply_frame (call, bytes);
}

static void
put_list (GByteArray *bytes,
          guint       id)
{
  put_field (bytes, NEBULA_MOCK_TYPE_LIST, id);
  put (bytes, 1, NEBULA_MOCK_TYPE_STRUCT);
  put (bytes, 4, 1);
}

/* One row, one value: a list of a list of a list, each well typed, so that a stub follows. */
static GByteArray *
deep (const NebulaMockMessage *call)
{
  g_autoptr (GByteArray) bytes = message_new (NEBULA_MOCK_REPLY, call->method, call->sequence);
  guint i;

  put_field (bytes, NEBULA_MOCK_TYPE_STRUCT, 0);
  put_field (bytes, NEBULA_MOCK_TYPE_I32, 1); /* error_code */
  put (bytes, 4, 0);
  put_field (bytes, NEBULA_MOCK_TYPE_I64, 2); /* latency_in_us */
  put (bytes, 8, 1);
  put_field (bytes, NEBULA_MOCK_TYPE_STRUCT, 3); /* data */
  put_list (bytes, 2);                           /* its rows */
  put_list (bytes, 1);                           /* the values of a row */
  for (i = 0; i < DEEP_LEVELS; i++)
    {
      put_field (bytes, NEBULA_MOCK_TYPE_STRUCT, 12); /* Value.lVal */
      put_list (bytes, 1);                            /* NList.values */
    }
  put (bytes, 1, 0); /* the innermost value is empty */
  for (i = 0; i < DEEP_LEVELS; i++)
    put (bytes, 2, 0); /* the ends of an NList and of its Value */
  put (bytes, 4, 0);   /* the ends of Row, DataSet, ExecutionResponse and result */
  return nebula_mock_reply_frame (call, bytes);
}

static GByteArray *
no_result (const NebulaMockMessage *call)
{
  g_autoptr (GByteArray) bytes = message_new (NEBULA_MOCK_REPLY, call->method, call->sequence);

  put (bytes, 1, 0);
  return nebula_mock_reply_frame (call, bytes);
}

/* What is sent in the place of a true reply.
 * @payload: the true reply, not framed
 * Returns: (transfer full): bytes for the wire */
GByteArray *
nebula_mock_reply_damage (const NebulaMockMessage *call,
                          NebulaMockFaultKind      kind,
                          const GByteArray        *payload)
{
  switch (kind)
    {
    case NEBULA_MOCK_FAULT_GARBAGE:
      return g_byte_array_append (g_byte_array_new (), (const guint8 *) garbage, strlen (garbage));
    case NEBULA_MOCK_FAULT_WRONG_SEQUENCE:
      return with_head (call, payload, call->method, other_sequence (call->sequence));
    case NEBULA_MOCK_FAULT_WRONG_METHOD:
      return with_head (call, payload, other_method (call->method), call->sequence);
    case NEBULA_MOCK_FAULT_OVERSIZE:
      return with_length (call, payload, 0x7fffffffu);
    case NEBULA_MOCK_FAULT_NEGATIVE_SIZE:
      return with_length (call, payload, 0xffffffffu);
    case NEBULA_MOCK_FAULT_EMPTY_FRAME:
      return with_length (call, payload, 0);
    case NEBULA_MOCK_FAULT_BAD_STRING:
      return bad_string (call);
    case NEBULA_MOCK_FAULT_DEEP:
      return deep (call);
    case NEBULA_MOCK_FAULT_NO_RESULT:
      return no_result (call);
    default:
      return nebula_mock_reply_frame (call, payload);
    }
}
